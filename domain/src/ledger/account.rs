//! Accounts, classes of credits, and blocks as they are held.

use serde::{Deserialize, Serialize};

use crate::id::{ClassId, OrganisationId, ProjectId};
use crate::serial::SerialBlock;

macro_rules! account_kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal;)+) => {
        /// What an account is for: the state of the credits in it. Every change of state is a posting between two accounts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AccountKind {
            $($(#[$doc])* $variant,)+
        }

        impl AccountKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable text in the database and in the interface catalogue.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

account_kinds! {
    /// The source of a class: its balance is minus what was issued. Belongs to the registry operator.
    Issuance = "issuance";
    /// 一般持有: the general sub-account. Credits that may be transferred, retired or moved to the trading sub-account.
    Holding = "holding";
    /// 交易: the trading sub-account. Credits that may be offered, or moved back.
    Trading = "trading";
    /// Reserved for a buyer until both have confirmed the payment.
    Reserved = "reserved";
    /// On the way to a receiver who has not accepted yet.
    InTransfer = "in_transfer";
    /// 待抵销: frozen for surrender in an emissions trading scheme.
    PendingOffset = "pending_offset";
    /// Frozen by order of a court or a state supervision organ (registration rules art. 16).
    Frozen = "frozen";
    /// Suspended by order of an authority (Measures art. 43).
    Suspended = "suspended";
    /// Retired credits: what enters never leaves.
    Retired = "retired";
}

impl AccountKind {
    /// The kind with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether the holder may use what is in it by itself.
    pub const fn is_free(self) -> bool {
        matches!(self, Self::Holding | Self::Trading)
    }

    /// Whether what is in it belongs to a hold and leaves only when the hold ends.
    pub const fn is_set_aside(self) -> bool {
        matches!(
            self,
            Self::Reserved
                | Self::InTransfer
                | Self::PendingOffset
                | Self::Frozen
                | Self::Suspended
        )
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

/// A block in one of somebody's accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct HeldBlock {
    /// The class whose numbers these are.
    pub class: ClassId,
    /// The year of generation of that class: the oldest goes first when no class is asked for.
    pub vintage: i32,
    /// The numbers.
    pub block: SerialBlock,
}
