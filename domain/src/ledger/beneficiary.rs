//! For whom credits are retired: an organisation or a person. A person's name becomes public only after the holder has said so.

use std::collections::BTreeMap;

use serde::Serialize;

use super::retirement::BENEFICIARY_MAX;
use crate::Uscc;
use crate::refusal::{Refusal, codes};
use crate::text::{optional_text, required_text};

/// The longest note on a beneficiary, characters.
pub const BENEFICIARY_NOTE_MAX: usize = 500;

/// What a beneficiary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BeneficiaryKind {
    /// A company, an authority, an association.
    Organisation,
    /// A natural person: the name is personal information.
    Person,
}

impl BeneficiaryKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Organisation, Self::Person];

    /// The stable text in the database, in forms and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Person => "person",
        }
    }

    /// The kind with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// An entry of a holder's book of beneficiaries, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BeneficiaryEntry {
    /// What it is.
    pub kind: BeneficiaryKind,
    /// Its name: 1..=200 characters.
    pub name: String,
    /// The unified social credit code of an organisation, if it is known.
    pub uscc: Option<Uscc>,
    /// For the holder only: at most [`BENEFICIARY_NOTE_MAX`] characters.
    pub note: String,
}

impl BeneficiaryEntry {
    /// Reads `kind`, `name`, `uscc` and `note`, or says everything that is wrong.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let kind = read_kind("kind", typed("kind"));
        let name = required_text("name", typed("name"), BENEFICIARY_MAX);
        let uscc = match typed("uscc").trim() {
            "" => Ok(None),
            _ if kind == Ok(BeneficiaryKind::Person) => {
                Err(Refusal::new(codes::PERSON_HAS_NO_USCC).at("uscc"))
            }
            code => Uscc::parse("uscc", code).map(Some),
        };
        let note = optional_text("note", typed("note"), BENEFICIARY_NOTE_MAX);
        match (kind, name, uscc, note) {
            (Ok(kind), Ok(name), Ok(uscc), Ok(note)) => Ok(Self {
                kind,
                name,
                uscc,
                note: note.unwrap_or_default(),
            }),
            (kind, name, uscc, note) => Err([kind.err(), name.err(), uscc.err(), note.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }
}

/// Before a name becomes public for good: for a beneficiary that is a person (`beneficiary_kind`), the holder says with `personal` = `yes`
/// that the person agrees, and gives no code of an organisation. Without `beneficiary_kind` it is `required`: nobody's name becomes public
/// because nobody asked.
pub fn check_personal(fields: &BTreeMap<String, String>) -> Result<BeneficiaryKind, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let kind = read_kind("beneficiary_kind", typed("beneficiary_kind"));
    let kind = kind.map_err(|refusal| vec![refusal])?;
    let person = kind == BeneficiaryKind::Person;
    let mut refusals = Vec::new();
    if person && typed("personal") != "yes" {
        refusals.push(Refusal::new(codes::PERSONAL_NOT_CONFIRMED).at("personal"));
    }
    if person && !typed("beneficiary_uscc").is_empty() {
        refusals.push(Refusal::new(codes::PERSON_HAS_NO_USCC).at("beneficiary_uscc"));
    }
    if refusals.is_empty() {
        Ok(kind)
    } else {
        Err(refusals)
    }
}

fn read_kind(field: &str, typed: &str) -> Result<BeneficiaryKind, Refusal> {
    match typed.trim() {
        "" => Err(Refusal::new(codes::REQUIRED).at(field)),
        code => BeneficiaryKind::from_code(code).ok_or_else(|| {
            Refusal::new(codes::CHOICE_INVALID)
                .at(field)
                .with("choices", "organisation, person")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn shown<T: std::fmt::Debug>(result: Result<T, Vec<Refusal>>) -> Vec<(&'static str, String)> {
        let refusals = result.expect_err("a refusal");
        refusals
            .into_iter()
            .map(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_person_becomes_public_only_when_the_holder_says_so() {
        let person = [("beneficiary_kind", "person"), ("beneficiary", "张三")];
        let expected = [(codes::PERSONAL_NOT_CONFIRMED, "personal".to_owned())];
        assert_eq!(shown(check_personal(&fields(&person))), expected);
        let mut said = fields(&person);
        said.insert("personal".to_owned(), "yes".to_owned());
        assert_eq!(check_personal(&said), Ok(BeneficiaryKind::Person));
        said.insert(
            "beneficiary_uscc".to_owned(),
            "91110000710926094P".to_owned(),
        );
        let expected = [(codes::PERSON_HAS_NO_USCC, "beneficiary_uscc".to_owned())];
        assert_eq!(shown(check_personal(&said)), expected);
        let unknown = fields(&[("beneficiary_kind", "dog")]);
        let expected = [(codes::CHOICE_INVALID, "beneficiary_kind".to_owned())];
        assert_eq!(shown(check_personal(&unknown)), expected);
        let unsaid = fields(&[("beneficiary", "惠碳")]);
        let expected = [(codes::REQUIRED, "beneficiary_kind".to_owned())];
        assert_eq!(shown(check_personal(&unsaid)), expected);
    }

    #[test]
    fn everything_wrong_with_an_entry_is_said_at_once() {
        let nothing = [
            (codes::REQUIRED, "kind".to_owned()),
            (codes::REQUIRED, "name".to_owned()),
        ];
        assert_eq!(shown(BeneficiaryEntry::read(&fields(&[]))), nothing);
        let long = "长".repeat(501);
        let wrong = [
            ("kind", "person"),
            ("name", "张三"),
            ("uscc", "91110000710926094P"),
            ("note", long.as_str()),
        ];
        let expected = [
            (codes::PERSON_HAS_NO_USCC, "uscc".to_owned()),
            (codes::TEXT_TOO_LONG, "note".to_owned()),
        ];
        assert_eq!(shown(BeneficiaryEntry::read(&fields(&wrong))), expected);
        let entry = BeneficiaryEntry::read(&fields(&[
            ("kind", "organisation"),
            ("name", " 惠碳示范 "),
            ("uscc", "91110000710926094P"),
        ]));
        let entry = entry.expect("an entry");
        assert_eq!((entry.name.as_str(), entry.note.as_str()), ("惠碳示范", ""));
    }
}
