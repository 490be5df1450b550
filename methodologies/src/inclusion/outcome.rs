//! What one act comes to.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use super::limits::CapBite;
use super::tier::{Evidence, Standing, Tier};
use crate::day;
use crate::text::Message;
use crate::trace::{Note, ParameterUse, Step};

/// One act: its milligrams, and everything that decided them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The calculator, for example `inclusion/metro`.
    pub calculator: String,
    /// Code of the scene.
    pub scene: String,
    /// The set of parameters: 0 is the built-in one.
    pub parameter_set: u64,
    /// Beijing day of the act.
    #[serde(with = "day::as_text")]
    pub day: Date,
    /// Code of the region of the act.
    pub region: String,
    /// The evidence given.
    pub evidence: Evidence,
    /// The amount as entered; 1 where the act itself is counted.
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
    /// The amount that counts after the limits: add it to the tallies of later acts.
    #[serde(with = "rust_decimal::serde::str")]
    pub counted: Decimal,
    /// Unit of both.
    pub unit: String,
    /// Reductions in mgCO2e, rounded down once; never negative.
    pub mg: i64,
    /// What they may become.
    pub standing: Standing,
    /// The limit that cut the act, if one did.
    pub cap: Option<CapBite>,
    /// The factors used, with tier and version.
    pub factors: Vec<FactorUse>,
    /// Every number used, factors, rules and limits, once each.
    pub parameters: Vec<ParameterUse>,
    /// Every step in the order it was taken.
    pub steps: Vec<Step>,
    /// Warnings and remarks.
    pub notes: Vec<Note>,
}

/// A factor as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorUse {
    /// Its id among the parameters.
    pub id: String,
    /// How many values it has had up to this one, this one included; `None` for one that an operator entered.
    pub version: Option<u32>,
    /// First day of this value.
    #[serde(with = "day::as_text")]
    pub from: Date,
    /// Its tier.
    pub tier: Tier,
    /// Its value.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
    /// Where it is from.
    pub source: Message,
}
