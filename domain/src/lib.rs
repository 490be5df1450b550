//! What is allowed: ids, ledger amounts, state machines, the working-day calendar, posting rules, refusals.
//!
//! No IO, no clock, no randomness: the same source runs in the browser and on the server. Whoever
//! calls brings the day, the ids and the facts; this crate answers with the next state, the
//! postings, or a [`Refusal`] that says what the person can do about it.

pub mod account;
pub mod act;
pub mod attachment;
pub mod calendar;
pub mod claim;
pub mod complaint;
pub mod engagement;
pub mod event;
pub mod green_certificate;
pub mod id;
pub mod inclusion;
pub mod instant;
pub mod ledger;
pub mod neutral;
pub mod notification;
pub mod parameter_change;
pub mod place;
pub mod project;
pub mod project_change;
pub mod project_code;
pub mod refusal;
pub mod role;
pub mod rulebook;
pub mod sector;
pub mod serial;
pub mod text;
pub mod uscc;

pub use act::Act;
pub use calendar::Calendar;
pub use instant::Instant;
pub use refusal::{REFUSALS, Refusal};
pub use role::Role;
pub use sector::Sector;
pub use serial::SerialBlock;
pub use uscc::Uscc;
