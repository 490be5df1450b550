//! What the doors of projects and monitoring reports share: reading which record, which draft, and a report written in parts.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, Fields};

use super::ActCall;
use crate::lang::{Lang, t};

/// The parts a validation report must have (Measures art. 13; CNCA-CCER-01:2023 4.6): each is a field `parts.<code>`.
pub const VALIDATION_PARTS: &[&str] = &[
    "legality",
    "methodology",
    "uniqueness",
    "sustainability",
    "process",
];
/// The parts a verification report must have (Measures art. 20; CNCA-CCER-01:2023 5.6).
pub const VERIFICATION_PARTS: &[&str] = &[
    "conformity",
    "implementation",
    "data",
    "conservativeness",
    "process",
];

/// The value of the hidden field that names the record, and the other fields.
pub fn record_of(call: &ActCall, name: &str) -> (String, Fields) {
    let mut fields = call.fields.clone();
    let id = fields.remove(name).unwrap_or_default();
    (id.trim().to_owned(), fields)
}

/// Takes `revision` out of the fields; one that is not a number matches no draft.
pub fn revision_of(fields: &mut Fields) -> i64 {
    fields
        .remove("revision")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(-1)
}

/// Puts the parts of a report together into the one text `report` that the registry keeps, each under its heading.
/// Refused: a part that is empty, at its field.
pub fn join_parts(lang: Lang, parts: &[&str], fields: &mut Fields) -> Result<(), Error> {
    let mut refusals = Vec::new();
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let name = format!("parts.{part}");
        let written = fields.remove(&name).unwrap_or_default();
        if written.trim().is_empty() {
            refusals.push(Refusal::new(codes::REQUIRED).at(name));
        } else {
            let heading = t(lang, &format!("desk.part_{part}"));
            let gap = if text.is_empty() { "" } else { "\n\n" };
            text.push_str(&format!("{gap}{}. {heading}\n{}", at + 1, written.trim()));
        }
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    fields.insert("report".to_owned(), text);
    Ok(())
}
