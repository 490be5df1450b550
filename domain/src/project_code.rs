//! The code a project receives at registration, in the pattern of the public records: sector letter, type
//! number, `1`, and a four-digit sequence within the type (`A210001`: the first offshore wind project).

use std::fmt;

use serde::Serialize;

use crate::refusal::{Refusal, codes};
use crate::sector::ProjectType;

/// A project code, `^[A-Z]\d1\d{4}$`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProjectCode(String);

impl ProjectCode {
    /// The code of the `sequence`-th project of a type, 1..=9999; `project_codes_exhausted` beyond that.
    pub fn allocate(kind: &ProjectType, sequence: i64) -> Result<Self, Refusal> {
        if !(1..=9999).contains(&sequence) {
            return Err(Refusal::new(codes::PROJECT_CODES_EXHAUSTED).with("type", kind.code));
        }
        // A0201 -> A2: the number of the type without its zero, as in the observed codes
        let number = kind.code.chars().nth(2).unwrap_or('0');
        Self::parse(&format!("{}{number}1{sequence:04}", kind.sector.letter()))
    }

    /// Reads a code, `project_code_invalid` if it does not have the pattern.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bytes = text.as_bytes();
        let fits = bytes.len() == 7
            && bytes[0].is_ascii_uppercase()
            && bytes[1].is_ascii_digit()
            && bytes[2] == b'1'
            && bytes[3..].iter().all(u8::is_ascii_digit);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::new(codes::PROJECT_CODE_INVALID).with("value", text))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
