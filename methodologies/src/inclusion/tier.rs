//! How good a number and a piece of evidence are, and what may be certified. A tier X factor has no place in
//! [`Standing::Certifiable`]: the type holds a [`Grade`], and X is none.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::parameter::{Parameters, Place, Replacement};
use crate::text::{Text, text};

/// Quality of a number with a source, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Official Chinese document.
    A,
    /// Official foreign document.
    B,
    /// Academic, or quoted by a newspaper.
    C,
    /// Shown by a live platform to its users.
    D,
    /// Derived from other numbers.
    E,
}

/// Quality of a number: graded, or X.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// Seen only in unverified third-party material: may be tried, never certified.
    #[serde(rename = "X")]
    Unvetted,
    /// A to E: may be used for certified reductions.
    #[serde(untagged)]
    Graded(Grade),
}

impl Tier {
    /// All tiers, best first.
    pub const ALL: [Self; 6] = [
        Self::Graded(Grade::A),
        Self::Graded(Grade::B),
        Self::Graded(Grade::C),
        Self::Graded(Grade::D),
        Self::Graded(Grade::E),
        Self::Unvetted,
    ];

    /// `A` to `E`, `X`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Graded(Grade::A) => "A",
            Self::Graded(Grade::B) => "B",
            Self::Graded(Grade::C) => "C",
            Self::Graded(Grade::D) => "D",
            Self::Graded(Grade::E) => "E",
            Self::Unvetted => "X",
        }
    }

    /// The tier with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.code() == code)
    }

    /// Where a number of this tier is from.
    pub const fn title(self) -> Text {
        match self {
            Self::Graded(Grade::A) => text("中国官方文件", "Official Chinese document"),
            Self::Graded(Grade::B) => text("境外官方文件", "Official foreign document"),
            Self::Graded(Grade::C) => text(
                "学术论文，或报刊转引的文件",
                "Academic work, or a document quoted by a newspaper",
            ),
            Self::Graded(Grade::D) => text(
                "在运行的平台向用户展示的数值",
                "Shown by a live platform to its users",
            ),
            Self::Graded(Grade::E) => text("由其他数值推算", "Derived from other numbers"),
            Self::Unvetted => text(
                "未经核实的第三方材料：只能试算，不能核证",
                "Unverified third-party material: for trying only, never certified",
            ),
        }
    }

    /// Whether a number of this tier is quoted from an official document; all others are assumed.
    pub const fn is_official(self) -> bool {
        matches!(self, Self::Graded(Grade::A | Grade::B))
    }
}

/// The tier of a value from a day on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatedTier {
    pub id: &'static str,
    pub from: Date,
    pub tier: Tier,
}

/// Whether the number with this id has a tier: a factor of a scene or of a grid, not a limit or rule of this platform.
pub fn has_tier(id: &str, set: &Parameters) -> bool {
    if id.starts_with("grid_average.") {
        return crate::parameter::parameter(id).is_some();
    }
    crate::generated::TIERS.iter().any(|dated| dated.id == id)
        || set
            .numbers_of_versions(id)
            .any(|number| number.tier().is_some())
}

/// The tier of the number with this id as it holds on the day. Of what an operator entered it is the one that was entered with it; where
/// none was, a number from an official document is A, and an assumed one was graded by nobody and is X. `None`: the number is a limit or
/// rule of this platform and has no tier.
pub fn tier_of(id: &str, on: Date, set: &Parameters) -> Option<Tier> {
    let origin = set.origin(id, on)?;
    let tier = match origin.place {
        Place::Version(number) => number.tier()?,
        Place::BuiltIn(..) if id.starts_with("grid_average.") => Tier::Graded(Grade::A),
        Place::BuiltIn(..) => {
            crate::generated::TIERS
                .iter()
                .filter(|dated| dated.id == id && dated.from <= on)
                .max_by_key(|dated| dated.from)?
                .tier
        }
    };
    Some(match origin.entered {
        Some(Replacement {
            tier: Some(tier), ..
        }) => *tier,
        Some(entered) if entered.assumed => Tier::Unvetted,
        Some(_) => Tier::Graded(Grade::A),
        None => tier,
    })
}

/// How an act is shown to have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Evidence {
    /// Record of an operator or reading of a meter: counts in full.
    T1,
    /// Record of a payment or merchant: counts in full, with the conservative factor.
    T2,
    /// Photo or receipt: counts by a share, never certified.
    T3,
    /// Self-report: 0 g.
    T4,
}

impl Evidence {
    /// All tiers, strongest first.
    pub const ALL: [Self; 4] = [Self::T1, Self::T2, Self::T3, Self::T4];

    /// `T1` to `T4`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::T1 => "T1",
            Self::T2 => "T2",
            Self::T3 => "T3",
            Self::T4 => "T4",
        }
    }

    /// What it is.
    pub const fn title(self) -> Text {
        match self {
            Self::T1 => text("运营方或计量记录", "Record of an operator or meter"),
            Self::T2 => text("支付或商户记录", "Record of a payment or merchant"),
            Self::T3 => text("照片或小票", "Photo or receipt"),
            Self::T4 => text("本人申报", "Self-report"),
        }
    }

    /// The tier if it is strong enough for certified reductions.
    pub const fn strong(self) -> Option<StrongEvidence> {
        match self {
            Self::T1 => Some(StrongEvidence::T1),
            Self::T2 => Some(StrongEvidence::T2),
            Self::T3 | Self::T4 => None,
        }
    }
}

/// Evidence that is strong enough for certified reductions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StrongEvidence {
    /// Operator or meter.
    T1,
    /// Payment or merchant.
    T2,
}

/// What a scene can earn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// Grams that can become certified reductions, given good evidence and factors.
    Certifiable,
    /// Grams that are shown and never certified.
    Counted {
        /// Why.
        why: Text,
    },
    /// Activity points only: 0 g whatever is done.
    Engagement {
        /// Why.
        why: Text,
    },
}

/// What the grams of one act may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Standing {
    /// They may be put into a batch and certified.
    Certifiable {
        /// The worst grade of the factors used. There is no X here.
        factors: Grade,
        /// The evidence. There is no photo and no self-report here.
        evidence: StrongEvidence,
    },
    /// They are shown and counted, and can never be certified.
    NotCertifiable {
        /// Every reason.
        reasons: Vec<Reason>,
    },
    /// There are none.
    Engagement,
}

/// Why grams are not certifiable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The scene is counted only.
    SceneOnlyCounted,
    /// A factor is of tier X.
    FactorUnvetted,
    /// A photo, a receipt or a self-report.
    EvidenceWeak,
}

impl Reason {
    /// The reason as a sentence.
    pub const fn text(self) -> Text {
        match self {
            Self::SceneOnlyCounted => text(
                "此情景只计数，不核证。",
                "This scene is counted, not certified.",
            ),
            Self::FactorUnvetted => text(
                "所用因子未经核实（X 级），只能试算。",
                "A factor is not verified (tier X): for trying only.",
            ),
            Self::EvidenceWeak => text(
                "照片、小票或本人申报不能用于核证。",
                "A photo, a receipt or a self-report cannot be certified.",
            ),
        }
    }
}

/// The standing of an act: the only place where it is decided.
pub(super) fn standing(credit: Credit, tiers: &[Tier], evidence: Evidence) -> Standing {
    if matches!(credit, Credit::Engagement { .. }) {
        return Standing::Engagement;
    }
    let worst = tiers.iter().try_fold(Grade::A, |worst, tier| match tier {
        Tier::Graded(grade) => Some(worst.max(*grade)),
        Tier::Unvetted => None,
    });
    match (credit, worst, evidence.strong()) {
        (Credit::Certifiable, Some(factors), Some(evidence)) => {
            Standing::Certifiable { factors, evidence }
        }
        _ => Standing::NotCertifiable {
            reasons: [
                (
                    !matches!(credit, Credit::Certifiable),
                    Reason::SceneOnlyCounted,
                ),
                (worst.is_none(), Reason::FactorUnvetted),
                (evidence.strong().is_none(), Reason::EvidenceWeak),
            ]
            .into_iter()
            .filter_map(|(holds, reason)| holds.then_some(reason))
            .collect(),
        },
    }
}
