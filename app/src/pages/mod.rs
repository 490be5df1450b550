//! The pages, by area. A page is a handler that loads and a view that shows; rules live in `domain`.

pub mod account;
pub mod api_docs;
pub mod attachment;
pub mod boundary_map;
pub mod credits;
pub mod design;
pub mod desk;
pub mod event;
pub mod inclusion;
pub mod message;
pub mod neutral;
pub mod print;
pub mod public;
