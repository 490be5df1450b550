//! The only components that also run in the browser. Each renders on the server first and is useful without a
//! script; each gets its texts as props, because the catalogue stays on the server.
//!
//! `islands.js` loads the WebAssembly only on pages that hold one of these.

// the #[island] macro makes a struct for the props without passing documentation on to it
#![allow(missing_docs)]

pub mod autosave;
pub mod calculator;

#[cfg(feature = "hydrate")]
mod browser;
