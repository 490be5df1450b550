//! The yearly rating of a personal carbon account (碳账户评价). A province asks for such a rating without saying how it is made
//! (Hubei, plan for the centre of the national carbon market, task 12); its parts and weights are a design of this platform: parameters
//! with a day, replaced by two operators. It is shown to its person only and feeds no other decision (PIPL art. 24).

use std::collections::BTreeSet;

use methodologies::Parameters;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use time::Date;

use super::guard::number;
use crate::refusal::Refusal;

/// What a rating is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingPart {
    /// 数量: verified grams of the year.
    Amount,
    /// 持续: weeks with a verified act.
    Regularity,
    /// 多样: kinds of scenes with a verified act.
    Variety,
}

impl RatingPart {
    /// Every part, in the order in which it is shown.
    pub const ALL: &[Self] = &[Self::Amount, Self::Regularity, Self::Variety];

    /// The stable text in parameters and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Regularity => "regularity",
            Self::Variety => "variety",
        }
    }
}

/// What happened in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct YearFacts {
    /// Verified milligrams.
    pub mg: i64,
    /// Those of them that were assigned: in the pool, given to events, in batches or issued. Told beside the rating and no part of it:
    /// who keeps the own grams is rated no lower.
    pub assigned_mg: i64,
    /// Calendar weeks with a verified act.
    pub weeks: i64,
    /// Kinds of scenes with a verified act.
    pub families: i64,
}

/// How many calendar weeks (ISO 8601) the days lie in; a week over the turn of the year counts once.
pub fn weeks_of(days: &[Date]) -> i64 {
    let weeks: BTreeSet<(i32, u8)> = days
        .iter()
        .map(|day| {
            let (year, week, _) = day.to_iso_week_date();
            (year, week)
        })
        .collect();
    i64::try_from(weeks.len()).unwrap_or(i64::MAX)
}

/// One part of a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RatedPart {
    /// Which.
    pub part: RatingPart,
    /// What there is: milligrams, weeks or kinds.
    pub have: i64,
    /// What the full points take, in the same unit.
    pub full: i64,
    /// The most points of this part.
    pub weight: Decimal,
    /// Points, with one decimal, rounded down.
    pub points: Decimal,
}

/// The grades, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 起步.
    Seed,
    /// 良好.
    Sprout,
    /// 优秀.
    Tree,
    /// 卓越.
    Forest,
}

impl Grade {
    /// The stable text in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Sprout => "sprout",
            Self::Tree => "tree",
            Self::Forest => "forest",
        }
    }
}

/// The rating of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// Its parts.
    pub parts: Vec<RatedPart>,
    /// The sum of their points.
    pub points: Decimal,
    /// The most that can be reached: the sum of the weights.
    pub whole: Decimal,
    /// The grade.
    pub grade: Grade,
}

/// Rates a year by the weights as they hold on `day`: the last of the year, or today in a year that runs. Every part is what there is
/// over what the full points take, never more than all of it. Refused `inclusion_rule_not_in_force` where a number has no value.
pub fn rate(set: &Parameters, day: Date, facts: &YearFacts) -> Result<Rating, Refusal> {
    let named = |name: &str| number(set, &format!("rating.{name}"), day);
    let whole = |name: &str| Ok::<_, Refusal>(to_whole(named(name)?));
    let mut parts = Vec::new();
    for part in RatingPart::ALL {
        let (have, full) = match part {
            RatingPart::Amount => (
                facts.mg,
                whole("reference_grams")?.saturating_mul(super::MG_PER_POINT),
            ),
            RatingPart::Regularity => (facts.weeks, whole("weeks")?),
            RatingPart::Variety => (facts.families, whole("families")?),
        };
        let weight = named(&format!("weight_{}", part.code()))?;
        parts.push(RatedPart {
            part: *part,
            have,
            full,
            weight,
            points: points(weight, have, full),
        });
    }
    let points: Decimal = parts.iter().map(|part| part.points).sum();
    let grade = if points >= named("grade_forest")? {
        Grade::Forest
    } else if points >= named("grade_tree")? {
        Grade::Tree
    } else if points >= named("grade_sprout")? {
        Grade::Sprout
    } else {
        Grade::Seed
    };
    Ok(Rating {
        points,
        whole: parts.iter().map(|part| part.weight).sum(),
        parts,
        grade,
    })
}

fn points(weight: Decimal, have: i64, full: i64) -> Decimal {
    if full < 1 || have < 1 {
        return Decimal::ZERO;
    }
    // multiplied before it is divided, so that a third of the way is not lost to rounding twice
    weight
        .saturating_mul(Decimal::from(have.min(full)))
        .checked_div(Decimal::from(full))
        .unwrap_or_default()
        .round_dp_with_strategy(1, RoundingStrategy::ToZero)
}

fn to_whole(number: Decimal) -> i64 {
    rust_decimal::prelude::ToPrimitive::to_i64(&number).unwrap_or(i64::MAX)
}
