//! Points: from settled milligrams, on the cumulative sum, and back.

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, codes};

/// The two kinds of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointUnit {
    /// 绿分: one for every full gram that was settled.
    Green,
    /// 活力分: for taking part; never carbon.
    Activity,
}

impl PointUnit {
    /// Both.
    pub const ALL: &[Self] = &[Self::Green, Self::Activity];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Activity => "activity",
        }
    }

    /// The unit with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|unit| unit.code() == code)
    }
}

/// Where a point can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointPlace {
    /// Where points come from; its balance is minus what was issued.
    Mint,
    /// 可用.
    Available,
    /// 冻结: an order waits.
    Frozen,
    /// 已兑换.
    SpentShop,
    /// 已赠予活动.
    SpentGift,
    /// 已过期.
    Expired,
    /// 已追回.
    Clawback,
    /// 待扣回: taken back beyond what was available; the next points fill it first. Never above zero.
    Debt,
}

impl PointPlace {
    /// Every place.
    pub const ALL: &[Self] = &[
        Self::Mint,
        Self::Available,
        Self::Frozen,
        Self::SpentShop,
        Self::SpentGift,
        Self::Expired,
        Self::Clawback,
        Self::Debt,
    ];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mint => "mint",
            Self::Available => "available",
            Self::Frozen => "frozen",
            Self::SpentShop => "spent_shop",
            Self::SpentGift => "spent_gift",
            Self::Expired => "expired",
            Self::Clawback => "clawback",
            Self::Debt => "debt",
        }
    }

    /// The place with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|place| place.code() == code)
    }
}

/// One movement of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PointMove {
    /// The place that has fewer afterwards.
    pub from: PointPlace,
    /// The place that has more afterwards.
    pub to: PointPlace,
    /// How many; above zero.
    pub points: i64,
}

/// The green points of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Available.
    pub available: i64,
    /// Frozen for orders.
    pub frozen: i64,
    /// Spent in the shop and given to events.
    pub spent: i64,
    /// Not above zero: to be filled first.
    pub debt: i64,
}

impl Standing {
    /// Points issued and not taken back.
    pub const fn issued(&self) -> i64 {
        self.available + self.frozen + self.spent + self.debt
    }
}

/// What must move so that the points issued are one for every full gram of `settled_mg` again: new points after a settlement (a debt is
/// filled first), or points taken back into `back_to` ([`PointPlace::Expired`] or [`PointPlace::Clawback`]) after milligrams became void.
/// What is taken back beyond the available points becomes debt. `number_out_of_range` beyond whole numbers.
pub fn follow(
    settled_mg: i64,
    standing: &Standing,
    back_to: PointPlace,
) -> Result<Vec<PointMove>, Refusal> {
    let due = methodologies::inclusion::points_due(settled_mg, standing.issued())
        .ok_or_else(|| Refusal::new(codes::POINTS_OUT_OF_RANGE))?;
    let (first, second) = if due >= 0 {
        let fills = due.min(-standing.debt);
        (
            (PointPlace::Mint, PointPlace::Debt, fills),
            (PointPlace::Mint, PointPlace::Available, due - fills),
        )
    } else {
        let from_available = (-due).min(standing.available);
        (
            (PointPlace::Available, back_to, from_available),
            (
                PointPlace::Debt,
                PointPlace::Clawback,
                -due - from_available,
            ),
        )
    };
    Ok([first, second]
        .into_iter()
        .filter(|(_, _, points)| *points > 0)
        .map(|(from, to, points)| PointMove { from, to, points })
        .collect())
}

/// A number of points as typed: whole, above zero. Refused at `field`: empty, not whole, zero or below, beyond nine digits.
pub fn read_points(field: &str, typed: &str) -> Result<i64, Refusal> {
    let typed = crate::text::narrow(typed);
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let number = typed
        .parse::<i64>()
        .ok()
        .filter(|points| (1..=999_999_999).contains(points));
    number.ok_or_else(|| Refusal::new(codes::POINTS_INVALID).at(field))
}
