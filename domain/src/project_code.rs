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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::{PROJECT_TYPES, project_type_of};

    #[test]
    fn codes_follow_the_observed_pattern() {
        let wind = project_type_of("CCER-01-002-V01").expect("offshore wind");
        let thermal = project_type_of("CCER-01-001-V01").expect("solar thermal");
        for (kind, sequence, code) in [
            (wind, 1, "A210001"),
            (wind, 27, "A210027"),
            (thermal, 9, "A110009"),
            (wind, 9999, "A219999"),
        ] {
            assert_eq!(
                ProjectCode::allocate(kind, sequence).map(|code| code.to_string()),
                Ok(code.to_owned())
            );
        }
    }

    #[test]
    fn a_type_has_no_more_than_9999_codes() {
        for sequence in [0, -1, 10_000, i64::MAX] {
            let code =
                ProjectCode::allocate(&PROJECT_TYPES[0], sequence).map_err(|refusal| refusal.code);
            assert_eq!(code, Err(codes::PROJECT_CODES_EXHAUSTED), "{sequence}");
        }
    }

    #[test]
    fn anything_but_the_pattern_is_refused() {
        for text in [
            "",
            "A21000",
            "A2100011",
            "a210001",
            "A220001",
            "AA10001",
            "A21000x",
            "Ａ210001",
            "碳碳a",
        ] {
            assert_eq!(
                ProjectCode::parse(text).map_err(|refusal| refusal.code),
                Err(codes::PROJECT_CODE_INVALID),
                "{text}"
            );
        }
    }
}
