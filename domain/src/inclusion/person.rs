//! Who opens a personal account, and where it stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, codes};
use crate::text::required_text;

/// The longest name, characters.
pub const NAME_MAX: usize = 60;

/// Where a personal account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// 待监护人同意: of somebody younger than 14, until the guardian has answered. Nothing is credited and no consent lives.
    Waiting,
    /// 正常.
    Open,
    /// 暂停: nothing is credited until a day.
    Suspended,
    /// 已销户, for good.
    Closed,
}

impl AccountState {
    /// Every state.
    pub const ALL: &[Self] = &[Self::Waiting, Self::Open, Self::Suspended, Self::Closed];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

/// What somebody gives who opens a personal account; the e-mail address is read beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewPerson {
    /// The name to be called by.
    pub name: String,
    /// Code of the region, as the scenes use it.
    pub region: String,
    /// Younger than 14: everything about them is sensitive and needs the guardian's consent (PIPL art. 28, 31).
    pub is_minor: bool,
    /// The guardian who will be asked, for a minor.
    pub guardian: Option<String>,
}

impl NewPerson {
    /// Reads `name`, `region`, `age` (`adult`: 14 or older, `minor`), `guardian` (of a minor), `agrees`. Every
    /// mistake at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let name = required_text("name", typed("name"), NAME_MAX)
            .map_err(|refusal| refusals.push(refusal))
            .unwrap_or_default();
        let region = read_region(typed("region"))
            .map_err(|refusal| refusals.push(refusal))
            .unwrap_or_default();
        let is_minor = match typed("age") {
            "adult" => false,
            "minor" => true,
            "" => {
                refusals.push(Refusal::new(codes::REQUIRED).at("age"));
                false
            }
            other => {
                let shown: String = other.chars().take(40).collect();
                refusals.push(
                    Refusal::new(codes::CHOICE_INVALID)
                        .at("age")
                        .with("value", shown),
                );
                false
            }
        };
        let mut guardian = None;
        if is_minor {
            match required_text("guardian", typed("guardian"), NAME_MAX) {
                Ok(name) => guardian = Some(name),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if typed("agrees") != "yes" {
            refusals.push(Refusal::new(codes::CONSENT_REQUIRED).at("agrees"));
        }
        if refusals.is_empty() {
            Ok(Self {
                name,
                region,
                is_minor,
                guardian,
            })
        } else {
            Err(refusals)
        }
    }
}

/// A region by its code.
pub fn read_region(typed: &str) -> Result<String, Refusal> {
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at("region"));
    }
    methodologies::grid_average::region(typed)
        .map(|region| region.code.to_owned())
        .ok_or_else(|| {
            let shown: String = typed.chars().take(40).collect();
            Refusal::new(codes::CHOICE_INVALID)
                .at("region")
                .with("value", shown)
        })
}
