//! What people see.
//!
//! Every page is an axum route whose handler loads what it needs from `registry` and renders a Leptos view to a
//! complete HTML document (feature `ssr`, inside the server). Links are links, forms are forms. Only the small
//! components of [`islands`] also run in the browser as WebAssembly (feature `hydrate`); a page without one
//! ships none.
//!
//! Start reading at `routes.rs` (what there is), `acts/mod.rs` (the only door for changes) and `parts/mod.rs`
//! (the pieces pages are made of).

pub mod format;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod islands;
pub mod lang;
pub mod live;
pub mod result;

#[cfg(feature = "ssr")]
pub mod acts;
#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
mod picture;
#[cfg(feature = "ssr")]
pub mod print;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod visitor;

#[cfg(all(test, feature = "ssr"))]
mod catalogue_tests;

#[cfg(feature = "ssr")]
rust_i18n::i18n!("locales");

/// Starts the WebAssembly module: `islands.js` calls it once, before it hydrates the first island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
