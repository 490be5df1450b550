//! Groups of friends and communities of neighbours: who founds one, and how one comes in. Membership shows nothing by itself; who agreed
//! to the boards is shown there under a nickname.

use std::collections::BTreeMap;

use methodologies::text::{Text, text};
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

/// The version of [`STAFF_TEXT`]; another text has the next one.
pub const STAFF_TEXT_VERSION: i64 = 1;
/// What somebody agrees to who joins a group of an organisation's staff.
pub const STAFF_TEXT: Text = text(
    "您加入所在单位的团体后，单位只能看到整月的合计数：人数、行为次数、已核实的减排量，按情景大类列出。看不到您的姓名、昵称、是否加入、某一天或某一次行为，也没有个人排名。人数少于规定人数的数字一律不显示，能由其他数字推算出来的也不显示。从加入后的下一个整月开始计入。是否加入由您自己决定。随时可以退出，退出后以后公布的月份不再包含您；已公布的合计数不变，其中认不出任何人。",
    "When you join the group of the organisation you work for, it sees sums of whole months only: people, acts and verified reductions, by kind of act. It does not see your name or nickname, whether you joined, any one day or any one act, and there is no ranking of people. A figure with too few people behind it is never shown, nor one from which such a figure could be worked out. You are counted from the first whole month after you join. Joining is your own decision. You can leave at any time and are then in no month published later; sums already published stay, and nobody can be recognised in them.",
);

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

/// The group of an organisation's staff, to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewStaffGroup {
    /// Its name.
    pub name: String,
    /// Code of the region where it is at home.
    pub region: String,
}

impl NewStaffGroup {
    /// Reads `name`, `region`. Every mistake at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let name = required_text("name", typed("name"), NAME_MAX);
        match (name, read_region(typed("region"))) {
            (Ok(name), Ok(region)) => Ok(Self { name, region }),
            (name, region) => Err([name.err(), region.err()].into_iter().flatten().collect()),
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
