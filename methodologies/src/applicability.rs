//! May this project use the methodology? A list of checks with reasons; missing facts leave a check open.

use serde::{Deserialize, Serialize};

use crate::text::Message;

/// One condition, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id, for example `W-A2` or `P-START`.
    pub id: String,
    /// Where the condition is written.
    pub clause: String,
    /// The condition as a question.
    pub question: Message,
    /// `Some(true)` met, `Some(false)` not met, `None` facts are missing.
    pub passed: Option<bool>,
    /// Stable code of the reason, for example `distance_over_30_km`.
    pub reason_code: String,
    /// The reason.
    pub reason: Message,
    /// Which documents show it.
    pub evidence: Message,
    /// The input fields it was judged by (dotted paths).
    pub fields: Vec<String>,
}
