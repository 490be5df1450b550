//! The way in from the script of a page: texts in, texts out.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{CheckWords, Evidence};

/// What to ask the registry about a file, as JSON (`number`, `size`); `undefined` if it is no certificate file.
#[wasm_bindgen]
pub fn asks(file: &str) -> Option<String> {
    serde_json::to_string(&crate::asks(file)?).ok()
}

/// Checks a certificate file with what the registry answered (JSON of `Evidence`) and gives the report as HTML with these texts (JSON of
/// `CheckWords`).
#[wasm_bindgen]
pub fn check(file: &str, evidence: &str, words: &str) -> String {
    let evidence: Evidence = serde_json::from_str(evidence).unwrap_or_default();
    let words: CheckWords = serde_json::from_str(words).unwrap_or_default();
    crate::html(&crate::check(file, &evidence), &words)
}
