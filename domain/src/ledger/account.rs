//! Accounts, classes of credits, and blocks as they are held.

use serde::{Deserialize, Serialize};

use crate::id::{ClassId, OrganisationId, ProjectId};
use crate::serial::SerialBlock;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// The source of a class: its balance is minus what was issued. Belongs to the registry operator.
    Issuance,
    /// Credits that may be transferred or retired.
    Holding,
    /// Retired credits: what enters never leaves.
    Retired,
}

impl AccountKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Issuance, Self::Holding, Self::Retired];

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issuance => "issuance",
            Self::Holding => "holding",
            Self::Retired => "retired",
        }
    }

    /// The kind with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// What makes an account one of a kind: its holder, its class and its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AccountKey {
    /// Whose account it is.
    pub holder: OrganisationId,
    /// The only class it can hold.
    pub class: ClassId,
    /// What it is for.
    pub kind: AccountKind,
}

/// A class of interchangeable credits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct CreditClass {
    /// Its id.
    pub id: ClassId,
    /// The registered project.
    pub project: ProjectId,
    /// The calendar year of generation.
    pub vintage: i32,
}

/// A block in somebody's holding account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct HeldBlock {
    /// The class whose numbers these are.
    pub class: ClassId,
    /// The year of generation of that class: the oldest goes first when no class is asked for.
    pub vintage: i32,
    /// The numbers.
    pub block: SerialBlock,
}
