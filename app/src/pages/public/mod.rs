//! What anyone may visit.

pub mod calculators;
pub mod home;
