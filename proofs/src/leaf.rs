//! An entry of the public log: the public record of one act, as one canonical line of JSON.

use serde::{Deserialize, Serialize};

/// The version of the form below.
pub const LEAF_VERSION: u8 = 1;

/// The public record of an act. Nothing private is in it: no person, no key, no reason, no field of a form, and of a holding nothing but
/// what was issued to or retired by it. Members are written in alphabetical order, absent ones are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The act's name: `project_register`.
    pub act: String,
    /// When, unix seconds.
    pub at: i64,
    /// The certificate, if the act retired credits or corrected the wording of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<LeafCertificate>,
    /// The hash of the act in the chain of its subject; it covers also what is not public about the act. 64 hexadecimal digits.
    pub hash: String,
    /// The act's id.
    pub id: String,
    /// The serial numbers that were issued, `HT-A210001-2024-1-500`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<String>,
    /// The state after it, if it changed the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What it was about: the id of a record, the number of a certificate.
    pub subject: String,
    /// `project`, `report`, `retirement`, `opinion`, …
    pub subject_kind: String,
    /// [`LEAF_VERSION`].
    pub v: u8,
}

/// A certificate in the log: its statement is named by its digest, so that a person's name never enters the log itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafCertificate {
    /// SHA-256 of the statement, 64 hexadecimal digits.
    pub digest: String,
    /// Its number.
    pub number: String,
    /// Tonnes.
    pub quantity: i64,
    /// The serial numbers, in the order of the statement.
    pub serials: Vec<String>,
    /// Which version of the wording this is, from 2; absent: the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

impl Leaf {
    /// The text that is in the log: JSON without blanks.
    pub fn canonical(&self) -> String {
        // a struct of texts and numbers always has a JSON form
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads an entry; `None` if it has another form, or is not written canonically.
    pub fn read(text: &str) -> Option<Self> {
        let leaf: Self = serde_json::from_str(text).ok()?;
        (leaf.v == LEAF_VERSION && leaf.canonical() == text).then_some(leaf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_sorted_compact_and_read_in_this_form_only() {
        let leaf = Leaf {
            act: "report_issue".to_owned(),
            at: 5,
            certificate: None,
            hash: "ab".to_owned(),
            id: "i".to_owned(),
            issued: vec!["HT-A210001-2024-1-5".to_owned()],
            state: Some("issued".to_owned()),
            subject: "s".to_owned(),
            subject_kind: "report".to_owned(),
            v: LEAF_VERSION,
        };
        let text = r#"{"act":"report_issue","at":5,"hash":"ab","id":"i","issued":["HT-A210001-2024-1-5"],"state":"issued","subject":"s","subject_kind":"report","v":1}"#;
        assert_eq!(leaf.canonical(), text);
        assert_eq!(Leaf::read(text), Some(leaf));
        for other in [
            text.replace(":1}", ":2}"),
            text.replace("\"v\"", " \"v\""),
            text.replace("\"state\":\"issued\",", "\"private\":1,"),
            String::new(),
        ] {
            assert_eq!(Leaf::read(&other), None, "{other}");
        }
    }
}
