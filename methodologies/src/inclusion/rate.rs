//! One rate for many acts: what a batch of the same scene, region, day and evidence needs, without steps.

use rust_decimal::Decimal;
use time::Date;

use super::formulas::{self, Inputs};
use super::limits::{self, Before};
use super::scene::{Formula, Limit};
use super::tier::{Evidence, Standing, standing};
use super::working::{Calculation, Ratio};
use crate::exact::TooManyDigits;
use crate::grid_average;
use crate::input::InputError;
use crate::parameter::Parameters;

/// Grams per unit for acts whose amount alone decides. Built once per scene, region, day and evidence, it gives the same milligrams
/// as [`super::act`].
#[derive(Clone, Debug)]
pub struct Rate {
    /// Milligrams of one unit.
    per_unit: Ratio,
    /// What the grams may become.
    pub standing: Standing,
    /// The amount above which one act is not believed.
    pub max_per_act: Option<Decimal>,
    /// The smallest amount that counts.
    pub min_per_act: Decimal,
    /// The limits with their values on the day.
    pub limits: Vec<(Limit, Decimal)>,
    /// The set of parameters it was built with.
    pub parameter_set: u64,
}

impl Rate {
    /// Milligrams of an amount, rounded down once; 0 where the rate is negative. An act of a scene that counts acts has the amount 1.
    pub fn milligrams(&self, quantity: Decimal) -> Result<i64, TooManyDigits> {
        let exact = self.per_unit.times(quantity, Decimal::ONE)?;
        Ok(exact.round_down()?.max(0))
    }

    /// Whether one act of this amount is believed: above zero, not too short, not above what can be.
    pub fn is_plausible(&self, quantity: Decimal) -> bool {
        quantity > Decimal::ZERO
            && quantity >= self.min_per_act
            && self.max_per_act.is_none_or(|most| quantity <= most)
    }

    /// What is left of an amount under the limits after what was counted before.
    pub fn allowed(&self, quantity: Decimal, before: &Before) -> Result<Decimal, TooManyDigits> {
        limits::allowed(quantity, &self.limits, before).map(|(allowed, _)| allowed)
    }
}

/// The rate of a scene in a region on a day, with vetted factors only. Refused like an act is; `Ok(None)` where more than the amount
/// decides (an own car, a household) and where nothing is counted but taking part.
pub fn rate(
    code: &str,
    region: &str,
    day: Date,
    evidence: Evidence,
    set: &Parameters,
) -> Result<Option<Rate>, InputError> {
    let one = |formula: Formula| match formula {
        Formula::PerAct | Formula::SharedDeal => Some(Inputs::Acts),
        _ if formula.is_linear() => Some(Inputs::Amount(Some(Decimal::ONE))),
        _ => None,
    };
    build(code, region, day, evidence, set, one)
}

/// The rate of an act whose amount is not known: a bus ride without its distance. Its amount is 1. `Ok(None)` where a scene has none.
pub fn rate_without_amount(
    code: &str,
    region: &str,
    day: Date,
    evidence: Evidence,
    set: &Parameters,
) -> Result<Option<Rate>, InputError> {
    let one = |formula| (formula == Formula::PerUnitOrAct).then_some(Inputs::Amount(None));
    build(code, region, day, evidence, set, one)
}

fn build(
    code: &str,
    region: &str,
    day: Date,
    evidence: Evidence,
    set: &Parameters,
    one: impl Fn(Formula) -> Option<Inputs>,
) -> Result<Option<Rate>, InputError> {
    let scene = super::scene_at(set, code, day)?;
    let region = grid_average::region(region).ok_or_else(|| {
        let names: Vec<&str> = grid_average::regions()
            .iter()
            .map(|region| region.code)
            .collect();
        InputError::new("region", "choice_invalid").with("choices", names.join(", "))
    })?;
    let Some(one) = one(scene.formula) else {
        return Ok(None);
    };
    let mut calculation = Calculation::new(scene, day, region.code, false, set)?;
    let (mut max_per_act, mut min_per_act) = (None, Decimal::ZERO);
    if !matches!(one, Inputs::Amount(None)) {
        if let Some(id) = scene.max_per_act {
            max_per_act = Some(calculation.number(id)?);
        }
        min_per_act = formulas::min_per_act(&mut calculation)?;
    }
    let limits = calculation.limits()?;
    let grams = formulas::gross(&mut calculation, &one)?;
    let credit = formulas::credit(&mut calculation, evidence)?;
    Ok(Some(Rate {
        per_unit: grams
            .times(credit, Decimal::ONE)?
            .times(Decimal::ONE_THOUSAND, Decimal::ONE)?,
        standing: standing(scene.credit, &calculation.tiers, evidence),
        max_per_act,
        min_per_act,
        limits,
        parameter_set: set.set,
    }))
}
