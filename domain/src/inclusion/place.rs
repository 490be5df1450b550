//! Where a milligram can be, and the movements there are. The database holds the same list in a constraint.

use serde::{Deserialize, Serialize};

/// Where a milligram is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The act itself: every lot comes from here once.
    Source,
    /// 待结算: accepted, waiting for the checks.
    Pending,
    /// 持有: settled, the person's own.
    Held,
    /// 归集池: assigned to the platform with the person's consent, in return for a benefit.
    Pool,
    /// 活动预留: given to an event.
    Earmark,
    /// 核证批次: in a batch that is being certified.
    Batch,
    /// 核证扣减: deducted by the verifier; final.
    Haircut,
    /// 已签发: part of a tonne with a serial number; what becomes of that, the ledger of credits says. Final here.
    Issued,
    /// 未归集: points were spent without assignment; can never be certified. Final.
    Unassigned,
    /// 作废: the act did not happen as recorded, or a better record took its place. Final.
    Void,
    /// 已过期. Final.
    VoidExpired,
    /// 销户作废. Final.
    VoidClosed,
}

impl Place {
    /// Every place.
    pub const ALL: &[Self] = &[
        Self::Source,
        Self::Pending,
        Self::Held,
        Self::Pool,
        Self::Earmark,
        Self::Batch,
        Self::Haircut,
        Self::Issued,
        Self::Unassigned,
        Self::Void,
        Self::VoidExpired,
        Self::VoidClosed,
    ];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Pool => "pool",
            Self::Earmark => "earmark",
            Self::Batch => "batch",
            Self::Haircut => "haircut",
            Self::Issued => "issued",
            Self::Unassigned => "unassigned",
            Self::Void => "void",
            Self::VoidExpired => "void_expired",
            Self::VoidClosed => "void_closed",
        }
    }

    /// The place with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|place| place.code() == code)
    }

    /// Whether nothing ever leaves it again.
    pub fn is_final(self) -> bool {
        MOVEMENTS.iter().all(|(from, _)| *from != self)
    }

    /// Whether its milligrams were settled: points were issued for them.
    pub const fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Held
                | Self::Pool
                | Self::Earmark
                | Self::Batch
                | Self::Haircut
                | Self::Issued
                | Self::Unassigned
        )
    }

    /// Whether only milligrams that can be certified may enter it.
    pub const fn only_certifiable(self) -> bool {
        matches!(
            self,
            Self::Pool | Self::Earmark | Self::Batch | Self::Issued
        )
    }

    /// Whether a movement from here to there exists.
    pub fn moves_to(self, to: Self) -> bool {
        MOVEMENTS.contains(&(self, to))
    }
}

use Place::{
    Batch, Earmark, Haircut, Held, Issued, Pending, Pool, Source, Unassigned, Void, VoidClosed,
    VoidExpired,
};

/// Every movement there is.
pub const MOVEMENTS: &[(Place, Place)] = &[
    (Source, Pending),
    (Pending, Held),
    (Pending, Void),
    (Pending, VoidClosed),
    (Held, Pool),
    (Held, Earmark),
    (Held, Unassigned),
    (Held, Void),
    (Held, VoidExpired),
    (Held, VoidClosed),
    (Pool, Void),
    (Pool, Batch),
    (Earmark, Held),
    (Earmark, Void),
    (Earmark, Batch),
    (Batch, Haircut),
    (Batch, Issued),
    (Batch, Pool),
    (Batch, Earmark),
    (Batch, Void),
];
