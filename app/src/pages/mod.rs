//! The pages, by area. A page is a handler that loads and a view that shows; rules live in `domain`.

pub mod design;
pub mod public;
