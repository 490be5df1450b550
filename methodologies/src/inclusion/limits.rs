//! Limits by day, week, month and year: what is left of an act after what was counted before it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::scene::{Counts, Limit, Period};
use crate::exact::{self, TooManyDigits};

/// What an account had counted in a scene before an act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// On the same Beijing day.
    #[serde(default)]
    pub day: Tally,
    /// In the same week, which begins on Monday.
    #[serde(default)]
    pub week: Tally,
    /// In the same calendar month.
    #[serde(default)]
    pub month: Tally,
    /// In the same calendar year.
    #[serde(default)]
    pub year: Tally,
}

/// Acts and amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Acts that counted.
    pub acts: u32,
    /// Their amount after limits, in the unit of the scene.
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
}

impl Before {
    /// The tally of a period.
    pub const fn of(&self, period: Period) -> &Tally {
        match period {
            Period::Day => &self.day,
            Period::Week => &self.week,
            Period::Month => &self.month,
            Period::Year => &self.year,
        }
    }

    /// The tally of a period, to be changed.
    pub(super) const fn of_mut(&mut self, period: Period) -> &mut Tally {
        match period {
            Period::Day => &mut self.day,
            Period::Week => &mut self.week,
            Period::Month => &mut self.month,
            Period::Year => &mut self.year,
        }
    }

    /// As the fields `before.day.acts` and so on of an input.
    pub fn to_json(&self) -> Value {
        let tally = |tally: &Tally| {
            json!({
                "acts": tally.acts.to_string(),
                "quantity": tally.quantity.normalize().to_string(),
            })
        };
        json!({
            "day": tally(&self.day),
            "week": tally(&self.week),
            "month": tally(&self.month),
            "year": tally(&self.year),
        })
    }
}

/// The limit that cut an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapBite {
    /// Id of the limit among the parameters.
    pub id: String,
    /// Over what time.
    pub period: Period,
    /// What it counts.
    pub counts: Counts,
    /// The limit.
    #[serde(with = "rust_decimal::serde::str")]
    pub limit: Decimal,
    /// What was counted before.
    #[serde(with = "rust_decimal::serde::str")]
    pub before: Decimal,
    /// What is left for this act, in the unit of the scene; 0 where nothing is.
    #[serde(with = "rust_decimal::serde::str")]
    pub allowed: Decimal,
}

/// The amount that counts under all limits, and the limit that left the least.
pub(super) fn allowed(
    quantity: Decimal,
    limits: &[(Limit, Decimal)],
    before: &Before,
) -> Result<(Decimal, Option<CapBite>), TooManyDigits> {
    let mut allowed = quantity;
    let mut bite = None;
    for (limit, most) in limits {
        let tally = before.of(limit.period);
        let (counted, left) = match limit.counts {
            Counts::Acts => {
                let acts = Decimal::from(tally.acts);
                // an act counts as a whole or not at all
                let left = if exact::subtract(*most, acts)? >= Decimal::ONE {
                    quantity
                } else {
                    Decimal::ZERO
                };
                (acts, left)
            }
            Counts::Quantity => {
                let left = exact::subtract(*most, tally.quantity)?.max(Decimal::ZERO);
                (tally.quantity, left)
            }
        };
        if left < allowed {
            allowed = left;
            bite = Some(CapBite {
                id: limit.id.to_owned(),
                period: limit.period,
                counts: limit.counts,
                limit: most.normalize(),
                before: counted.normalize(),
                allowed: left.normalize(),
            });
        }
    }
    Ok((allowed.normalize(), bite))
}
