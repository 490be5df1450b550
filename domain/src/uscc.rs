//! 统一社会信用代码, the unified social credit code of a legal person (GB 32100-2015): 17 characters and a check character.

use std::fmt;

use serde::Serialize;

use crate::refusal::{Refusal, codes};
use crate::text::narrow;

/// A code whose check character is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Uscc(String);

/// The 31 characters by their values 0..=30: digits, then capitals without I, O, S, V, Z (GB 32100-2015 table 2).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weight of each of the first 17 positions: 3^(i-1) mod 31 (GB 32100-2015 4.2).
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

impl Uscc {
    /// Reads a code; full-width and small letters are understood. Refused: `uscc_invalid` for the wrong length
    /// or a character outside the alphabet, `uscc_check_character` for a wrong last character.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let code = narrow(text).to_ascii_uppercase();
        let invalid = || Refusal::new(codes::USCC_INVALID).at(field);
        let (body, check) = code
            .split_at_checked(17)
            .filter(|(_, check)| check.len() == 1)
            .ok_or_else(invalid)?;
        let expected = check_character(body).ok_or_else(invalid)?;
        if !check.bytes().all(|c| ALPHABET.contains(&c)) {
            return Err(invalid());
        }
        if check.starts_with(expected) {
            Ok(Self(code))
        } else {
            Err(Refusal::new(codes::USCC_CHECK_CHARACTER)
                .at(field)
                .with("expected", expected))
        }
    }

    /// The valid code that begins with these 17 characters: for invented organisations of a demo world.
    pub fn from_first_seventeen(body: &str) -> Result<Self, Refusal> {
        let body = body.to_ascii_uppercase();
        match check_character(&body) {
            Some(check) => Ok(Self(format!("{body}{check}"))),
            None => Err(Refusal::new(codes::USCC_INVALID)),
        }
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The check character of 17 characters: value 31 - (sum of value x weight mod 31), with 31 written as 0.
fn check_character(body: &str) -> Option<char> {
    if body.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (character, weight) in body.bytes().zip(WEIGHTS) {
        sum += ALPHABET.iter().position(|known| *known == character)? * weight;
    }
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_real_public_bodies_pass() {
        // three large companies, as printed on their public pages
        for code in [
            "91110000710926094P",
            "9144030071526726XG",
            "91330100799655058B",
        ] {
            assert_eq!(
                Uscc::parse("uscc", code).map(|uscc| uscc.to_string()),
                Ok(code.to_owned())
            );
        }
    }

    #[test]
    fn every_single_wrong_character_is_found() {
        let good = "91110000710926094P";
        for at in 0..18 {
            for character in ALPHABET.iter().map(|c| char::from(*c)) {
                let mut changed: Vec<char> = good.chars().collect();
                changed[at] = character;
                let changed: String = changed.into_iter().collect();
                assert_eq!(
                    Uscc::parse("uscc", &changed).is_ok(),
                    changed == good,
                    "{changed}"
                );
            }
        }
    }

    #[test]
    fn length_foreign_letters_and_emptiness_are_refused_at_the_field() {
        for text in [
            "",
            "9111",
            "91110000710926094PX",
            "9111000071092609IP",
            "911100007109260945上",
            "９１",
        ] {
            let refusal = Uscc::parse("uscc", text).err();
            assert_eq!(
                refusal.as_ref().map(|r| r.code),
                Some(codes::USCC_INVALID),
                "{text}"
            );
            assert_eq!(refusal.and_then(|r| r.field).as_deref(), Some("uscc"));
        }
        let wrong = Uscc::parse("uscc", "91110000710926094A");
        assert_eq!(
            wrong
                .err()
                .and_then(|r| r.param("expected").map(str::to_owned))
                .as_deref(),
            Some("P")
        );
    }

    #[test]
    fn full_width_and_small_letters_are_understood() {
        assert!(Uscc::parse("uscc", " ９１１１００００７１０９２６０９４ｐ ").is_ok());
    }

    #[test]
    fn the_maker_gives_codes_that_the_reader_accepts() {
        for number in 0..500 {
            let body = format!("91DEM0{number:011}");
            let made = Uscc::from_first_seventeen(&body).map(|uscc| uscc.to_string());
            assert!(
                made.is_ok_and(|code| Uscc::parse("uscc", &code).is_ok()),
                "{body}"
            );
        }
        assert!(Uscc::from_first_seventeen("91DEMO").is_err());
    }
}
