//! Groups of friends and communities of neighbours: who founds one, and how one comes in. Membership shows nothing by itself; who agreed
//! to the boards is shown there under a nickname.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::person::read_region;
use crate::refusal::{Refusal, codes};
use crate::text::{narrow, required_text};

/// The longest name, characters.
const NAME_MAX: usize = 30;
/// The letters and digits of a code: none that is easily taken for another.
pub const CODE_LETTERS: &[u8; 30] = b"ABCDEFGHJKMNPQRSTUVWXYZ2345679";
/// Letters of a code.
pub const CODE_LENGTH: usize = 10;

/// What kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// 小组: friends, a family, colleagues.
    Group,
    /// 社区: neighbours, a school, a workplace.
    Community,
}

impl GroupKind {
    /// Both.
    pub const ALL: &[Self] = &[Self::Group, Self::Community];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Community => "community",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A group to be founded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// What kind.
    pub kind: GroupKind,
    /// Code of the region where it is at home.
    pub region: String,
}

impl NewGroup {
    /// Reads `name`, `kind`, `region`. Every mistake at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let name = required_text("name", typed("name"), NAME_MAX);
        let kind = match typed("kind") {
            "" => Err(Refusal::new(codes::REQUIRED).at("kind")),
            code => GroupKind::from_code(code).ok_or_else(|| {
                let shown: String = code.chars().take(40).collect();
                Refusal::new(codes::CHOICE_INVALID)
                    .at("kind")
                    .with("value", shown)
            }),
        };
        let region = read_region(typed("region"));
        match (name, kind, region) {
            (Ok(name), Ok(kind), Ok(region)) => Ok(Self { name, kind, region }),
            (name, kind, region) => Err([name.err(), kind.err(), region.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }
}

/// A code as typed: blanks and hyphens left out, upper case. Refused at `code`: empty, or not shaped like one (`group_code_unknown`, the
/// same answer as for one that nobody has).
pub fn read_code(typed: &str) -> Result<String, Refusal> {
    let code: String = narrow(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .flat_map(char::to_uppercase)
        .collect();
    if code.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("code"));
    }
    let shaped = code.len() == CODE_LENGTH && code.bytes().all(|one| CODE_LETTERS.contains(&one));
    if shaped {
        Ok(code)
    } else {
        Err(Refusal::new(codes::GROUP_CODE_UNKNOWN).at("code"))
    }
}

/// A code from random bytes, one letter for each.
pub fn code_from(random: &[u8; CODE_LENGTH]) -> String {
    random
        .iter()
        .map(|byte| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()]))
        .collect()
}
