//! The real-name level of a personal account: which document a person names, and why an operator refuses it.
//!
//! The number of a resident's identity card has 17 digits and a check character over them with modulus 11 (MOD 11-2 of ISO 7064), as GB
//! 11643-1999 (公民身份号码) says; its text was not at hand, the rule is as generally known. A passport's number is letters and digits. No
//! official rule was found that asks for this level: what it changes is a design of this platform, as a parameter with a day
//! (`inclusion.guard.real_name_grams`).

use crate::refusal::{Refusal, codes};
use crate::text::{narrow, required_text};

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// The identity card of a resident (居民身份证).
    ResidentId,
    /// A passport.
    Passport,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::ResidentId, Self::Passport];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::Passport => "passport",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A document as a person names it. The number leaves this value only as a digest and as its last two characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub kind: DocumentKind,
    /// The name in it.
    pub name: String,
    number: String,
}

impl Document {
    /// Reads `identity_kind`, `identity_name` (1 to 40 characters) and `identity_number`. Refuses `choice_invalid`, `required` and
    /// `identity_number_invalid` at their fields.
    pub fn read(typed: impl Fn(&str) -> String) -> Result<Self, Vec<Refusal>> {
        let kind = DocumentKind::from_code(typed("identity_kind").trim()).ok_or_else(|| {
            let value: String = typed("identity_kind").trim().chars().take(40).collect();
            Refusal::new(codes::CHOICE_INVALID)
                .at("identity_kind")
                .with("value", value)
        });
        let name = required_text("identity_name", &typed("identity_name"), 40);
        let number: String = narrow(&typed("identity_number"))
            .chars()
            .filter(|one| !one.is_whitespace() && *one != '-')
            .map(|one| one.to_ascii_uppercase())
            .collect();
        let number = if number.is_empty() {
            Err(Refusal::new(codes::REQUIRED).at("identity_number"))
        } else {
            match &kind {
                Ok(kind) if !is_number(*kind, &number) => {
                    Err(Refusal::new(codes::IDENTITY_NUMBER_INVALID).at("identity_number"))
                }
                _ => Ok(number),
            }
        };
        match (kind, name, number) {
            (Ok(kind), Ok(name), Ok(number)) => Ok(Self { kind, name, number }),
            (kind, name, number) => Err([kind.err(), name.err(), number.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }

    /// What the digest is made of: kind and number.
    pub fn to_digest(&self) -> String {
        format!("{}:{}", self.kind.code(), self.number)
    }

    /// The last two characters of the number, by which a person knows it again.
    pub fn last_two(&self) -> &str {
        self.number
            .get(self.number.len().saturating_sub(2)..)
            .unwrap_or_default()
    }
}

fn is_number(kind: DocumentKind, number: &str) -> bool {
    match kind {
        DocumentKind::ResidentId => is_resident_id(number),
        DocumentKind::Passport => {
            (6..=12).contains(&number.len())
                && number.bytes().all(|one| one.is_ascii_alphanumeric())
                && number.bytes().any(|one| one.is_ascii_digit())
        }
    }
}

fn is_resident_id(number: &str) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let birth = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
    if methodologies::day::parse(&birth).is_none() {
        return false;
    }
    // MOD 11-2: each digit doubles what was summed before it
    let sum = bytes[..17]
        .iter()
        .fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = match (12 - sum) % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    bytes[17] == check
}

/// The codes for which an operator refuses the level; the last one needs words.
pub const REFUSE_REASONS: &[&str] = &["name_differs", "check_failed", "document_expired", "other"];

/// The code that was chosen, and the words. Refuses `choice_invalid` at `code`, and `required` at `reason` where the code is `other`.
pub fn read_refusal(code: &str, note: &str) -> Result<(&'static str, String), Refusal> {
    let found = REFUSE_REASONS.iter().find(|one| **one == code.trim());
    let code = found.ok_or_else(|| {
        Refusal::new(codes::CHOICE_INVALID)
            .at("code")
            .with("value", code.trim().chars().take(40).collect::<String>())
    })?;
    if *code == "other" {
        return Ok((code, required_text("reason", note, 300)?));
    }
    let note = crate::text::optional_text("reason", note, 300)?;
    Ok((code, note.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, name: &str, number: &str) -> Result<Document, Vec<&'static str>> {
        Document::read(|field| {
            match field {
                "identity_kind" => kind,
                "identity_name" => name,
                _ => number,
            }
            .to_owned()
        })
        .map_err(|refusals| refusals.into_iter().map(|one| one.code).collect())
    }

    #[test]
    fn a_document_is_taken_with_a_right_check_character_only() {
        // invented: there is no region 990000
        let good = [
            "99000019900307003X",
            "９９００００19900307003x",
            " 990000 19900307 003X ",
        ];
        for number in good {
            let document = read("resident_id", "演示", number).map(|one| one.to_digest());
            assert_eq!(
                document.as_deref(),
                Ok("resident_id:99000019900307003X"),
                "{number}"
            );
        }
        for number in [
            "990000199003070031",
            "990000199013070030",
            "99000019900307003",
            "A9000019900307003X",
            "演示演示演示",
        ] {
            let refused = read("resident_id", "演示", number).err();
            assert_eq!(
                refused.as_deref(),
                Some(&[codes::IDENTITY_NUMBER_INVALID][..]),
                "{number}"
            );
        }
        assert!(read("passport", "Demo", "e12345678").is_ok_and(|one| one.last_two() == "78"));
        assert!(read("passport", "Demo", "ABCDEFG").is_err());
        assert_eq!(
            read("", " ", "").err(),
            Some(vec![
                codes::CHOICE_INVALID,
                codes::REQUIRED,
                codes::REQUIRED
            ])
        );
    }

    #[test]
    fn a_refusal_has_a_code_and_other_needs_words() {
        assert_eq!(
            read_refusal("name_differs", ""),
            Ok(("name_differs", String::new()))
        );
        assert_eq!(
            read_refusal("other", " ").map_err(|one| one.code),
            Err(codes::REQUIRED)
        );
        assert_eq!(
            read_refusal("x", "").map_err(|one| one.code),
            Err(codes::CHOICE_INVALID)
        );
    }
}
