//! Looking numbers up for one act: by region, day, tier and set, each listed where it was used.

use rust_decimal::Decimal;
use time::Date;

use super::outcome::FactorUse;
use super::scene::{FactorPlace, Limit, Role, Scene};
use super::tier::{Tier, tier_of};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::exact::{TooManyDigits, multiply};
use crate::grid_average::{self, grid_average};
use crate::input::InputError;
use crate::parameter::{Parameters, Place};
use crate::text::{Text, text};
use crate::trace::NoteLevel;

/// An amount that need not be a finite decimal: `numerator / denominator`, the denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    pub numerator: Decimal,
    pub denominator: Decimal,
}

impl Ratio {
    /// A plain number.
    pub const fn of(numerator: Decimal) -> Self {
        Self {
            numerator,
            denominator: Decimal::ONE,
        }
    }

    /// The product with `numerator / denominator`, exact.
    pub fn times(self, numerator: Decimal, denominator: Decimal) -> Result<Self, TooManyDigits> {
        if numerator == denominator {
            return Ok(self);
        }
        Ok(Self {
            numerator: multiply(self.numerator, numerator)?,
            denominator: multiply(self.denominator, denominator)?,
        })
    }

    /// The largest whole number that is not larger: the one rounding of an act.
    pub fn round_down(self) -> Result<i64, TooManyDigits> {
        let (numerator, denominator) = (self.numerator.normalize(), self.denominator.normalize());
        let power = |scale: u32| 10_i128.checked_pow(scale).ok_or(TooManyDigits);
        let scale = numerator.scale().min(denominator.scale());
        let above = numerator
            .mantissa()
            .checked_mul(power(denominator.scale() - scale)?);
        let below = denominator
            .mantissa()
            .checked_mul(power(numerator.scale() - scale)?);
        let whole = above
            .zip(below)
            .and_then(|(above, below)| above.checked_div_euclid(below));
        i64::try_from(whole.ok_or(TooManyDigits)?).map_err(|_| TooManyDigits)
    }

    /// To 28 digits, for display.
    pub fn to_decimal(self) -> Decimal {
        self.numerator
            .checked_div(self.denominator)
            .unwrap_or(self.numerator)
            .normalize()
    }
}

/// One act being computed.
pub(super) struct Calculation<'a> {
    pub scene: &'static Scene,
    pub day: Date,
    pub region: &'static str,
    /// Tier X factors may be used.
    pub unvetted: bool,
    pub working: Working<'a>,
    pub factors: Vec<FactorUse>,
    pub tiers: Vec<Tier>,
}

/// A factor that was found; a baseline comes with the project's value where the table has one.
pub(super) struct Found {
    pub value: Decimal,
    pub project: Option<Decimal>,
}

impl<'a> Calculation<'a> {
    /// Nothing used yet; refused before the first day of the scene.
    pub fn new(
        scene: &'static Scene,
        day: Date,
        region: &'static str,
        unvetted: bool,
        set: &'a Parameters,
    ) -> Result<Self, InputError> {
        if day < scene.from {
            return Err(InputError::new("day", "scene_not_in_force")
                .with("scene", scene.code)
                .with("from", day::to_text(scene.from)));
        }
        Ok(Self {
            scene,
            day,
            region,
            unvetted,
            working: Working::new(set),
            factors: Vec::new(),
            tiers: Vec::new(),
        })
    }

    /// A number of the rules or a factor by its id, as it holds on the day.
    pub fn number(&mut self, id: &str) -> Result<Decimal, InputError> {
        let value = self.working.number(id, self.day, "day")?;
        if let Some(tier) = tier_of(id, self.day, self.working.set) {
            if tier == Tier::Unvetted && !self.unvetted {
                return Err(self.unvetted_only());
            }
            self.uses(id, tier);
        }
        Ok(value)
    }

    /// A number of this scene: `inclusion.<scene>.<name>`.
    pub fn own(&mut self, name: &str) -> Result<Decimal, InputError> {
        self.number(&format!("inclusion.{}.{name}", self.scene.code))
    }

    /// The average factor of the grid, kgCO2/kWh.
    pub fn grid(&mut self) -> Result<Decimal, InputError> {
        let Some(factor) = grid_average(self.region, self.day, self.working.set) else {
            return Err(InputError::new("day", "parameter_not_in_force")
                .with("parameter", "grid_average")
                .with("on", day::to_text(self.day)));
        };
        if factor.of_nation && self.region != grid_average::NATION {
            self.remark(
                "grid_of_nation",
                "region",
                text(
                    "此地区没有自己的电网因子，采用全国平均。",
                    "This region has no grid factor of its own: the national average is used.",
                ),
                &[],
            );
        }
        let id = factor.used.id.clone();
        self.number(&id)
    }

    /// The limits of the scene as they hold on the day.
    pub fn limits(&mut self) -> Result<Vec<(Limit, Decimal)>, InputError> {
        let mut limits = Vec::new();
        for limit in self.scene.limits {
            limits.push((*limit, self.number(limit.id)?));
        }
        Ok(limits)
    }

    /// The factor of the narrowest region that has one of these roles, in force on the day and good enough.
    pub fn factor(&mut self, roles: &[Role]) -> Result<Found, InputError> {
        let mut refusal = InputError::new("region", "factor_not_for_region")
            .with("scene", self.scene.code)
            .with("region", self.region);
        for region in grid_average::within(self.region) {
            for role in roles {
                let place = |role: Role| -> Option<&'static FactorPlace> {
                    self.scene
                        .factors
                        .iter()
                        .find(|place| place.region == region && place.role == role)
                };
                let Some(main) = place(*role) else { continue };
                let partner = place(Role::Project).filter(|_| *role == Role::Baseline);
                let tiers = [Some(main), partner]
                    .into_iter()
                    .flatten()
                    .map(|place| tier_of(place.id, self.day, self.working.set));
                match tiers.collect::<Option<Vec<Tier>>>() {
                    None => {
                        refusal = InputError::new("day", "parameter_not_in_force")
                            .with("parameter", main.id)
                            .with("on", day::to_text(self.day));
                    }
                    Some(tiers) if tiers.contains(&Tier::Unvetted) && !self.unvetted => {
                        refusal = self.unvetted_only();
                    }
                    Some(_) => {
                        let value = self.number(main.id)?;
                        let project = match partner {
                            Some(partner) => Some(self.number(partner.id)?),
                            None => None,
                        };
                        return Ok(Found { value, project });
                    }
                }
            }
        }
        Err(refusal)
    }

    fn unvetted_only(&self) -> InputError {
        InputError::new("unvetted", "factor_unvetted")
            .with("scene", self.scene.code)
            .with("region", self.region)
    }

    /// Lists a factor with its tier and version.
    fn uses(&mut self, id: &str, tier: Tier) {
        let (Some(used), Some(origin)) = (
            self.working.parameters.iter().find(|used| used.id == id),
            self.working.set.origin(id, self.day),
        ) else {
            return;
        };
        let version = match origin.place {
            Place::BuiltIn(known, _) if origin.entered.is_none() => {
                let values = known.values.iter();
                let so_far = values.filter(|value| value.from <= self.day).count();
                u32::try_from(so_far).ok()
            }
            _ => None,
        };
        if self.factors.iter().all(|factor| factor.id != id) {
            self.factors.push(FactorUse {
                id: id.to_owned(),
                version,
                from: origin.from,
                tier,
                value: used.value,
                unit: used.unit.clone(),
                source: used.source.clone(),
            });
            self.tiers.push(tier);
        }
    }

    /// Adds a step of this scene and hands its value back.
    pub fn step(
        &mut self,
        symbol: &'static str,
        title: Text,
        formula: &str,
        unit: &'static str,
        inputs: &[(&str, Decimal, &str)],
        value: Decimal,
    ) -> Decimal {
        let step = StepText {
            symbol,
            title: title.into(),
            clause: self.scene.calculator.to_owned(),
            formula: formula.to_owned(),
            unit,
        };
        self.working.step("", step, inputs, value)
    }

    /// Adds a warning.
    pub fn warn(
        &mut self,
        code: &'static str,
        at: &'static str,
        text: Text,
        params: &[(&'static str, String)],
    ) {
        self.working
            .note(NoteLevel::Warning, code, at, text, params);
    }

    /// Adds a remark.
    pub fn remark(
        &mut self,
        code: &'static str,
        at: &'static str,
        text: Text,
        params: &[(&'static str, String)],
    ) {
        self.working.note(NoteLevel::Remark, code, at, text, params);
    }
}
