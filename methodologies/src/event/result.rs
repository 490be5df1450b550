//! What a footprint says.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::day;
use crate::text::Message;
use crate::trace::{Note, ParameterUse, Step};

/// The footprint of an event: every amount in kg, exact to the milligram. Stored as JSON it can be compared with a later run digit
/// for digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// The calculation that ran: `event/footprint`.
    pub calculator: String,
    /// The set of parameters it was computed with: 0 is the built-in one.
    pub parameter_set: u64,
    /// First day of the event.
    #[serde(with = "day::as_text")]
    pub from: Date,
    /// Last day of the event.
    #[serde(with = "day::as_text")]
    pub to: Date,
    /// Factors published later were not looked at.
    #[serde(with = "day::as_text")]
    pub accounted_on: Date,
    /// The sum of the lines.
    #[serde(with = "rust_decimal::serde::str")]
    pub total_kg: Decimal,
    /// Whole tonnes to neutralise: the total, rounded up.
    pub neutralise_t: i64,
    /// Per head, rounded up to the gram; only where the number of people is known.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub per_head_kg: Option<Decimal>,
    /// Number of people, if given.
    pub people: Option<i64>,
    /// Combined uncertainty of the total in percent, rounded up to two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub uncertainty_percent: Decimal,
    /// Whole tonnes that cover the upper end of that range, for whoever wants to be sure.
    pub upper_t: i64,
    /// Electricity by both methods.
    pub electricity: Electricity,
    /// By stage, in the order of the stages; those without an amount are left out.
    pub by_stage: Vec<Part>,
    /// By class.
    pub by_class: Vec<Part>,
    /// By the guide's scope 1, 2 and 3.
    pub by_scope: Vec<Part>,
    /// By boundary of the factors.
    pub by_boundary: Vec<Part>,
    /// By what the factors count: `CO2` or `CO2e`.
    pub by_gas: Vec<Part>,
    /// By data quality.
    pub by_quality: Vec<Part>,
    /// Every source, largest first: lines of one class with one factor.
    pub sources: Vec<Source>,
    /// What the smallest sources are together.
    pub de_minimis: DeMinimis,
    /// One entry per line of the inventory, in its order.
    pub lines: Vec<Line>,
    /// Every published, assumed or own number that was used, once each.
    pub parameters: Vec<ParameterUse>,
    /// Every step in the order it was taken: one per source, then the sums.
    pub steps: Vec<Step>,
    /// What a reader should know: warnings and remarks. Never an error.
    pub notes: Vec<Note>,
}

/// An amount of a part of the inventory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its code.
    pub code: String,
    /// Its name.
    pub title: Message,
    /// Its amount.
    #[serde(with = "rust_decimal::serde::str")]
    pub kg: Decimal,
    /// Its share of the total in percent, two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub share_percent: Decimal,
}

/// Purchased electricity by both methods. Own factors are the same in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Electricity {
    /// The method that went into the total: `location` or `market`.
    pub method: String,
    /// Electricity with a factor of a grid.
    #[serde(with = "rust_decimal::serde::str")]
    pub kwh: Decimal,
    /// Of it covered by cancelled green certificates.
    #[serde(with = "rust_decimal::serde::str")]
    pub certificates_kwh: Decimal,
    /// With the factors of the places.
    #[serde(with = "rust_decimal::serde::str")]
    pub location_kg: Decimal,
    /// What is not covered by certificates, with the residual factor.
    #[serde(with = "rust_decimal::serde::str")]
    pub market_kg: Decimal,
}

/// Lines of one class with one factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its class.
    pub class: String,
    /// Id of the parameter, `event.hotel_china.2025`; of an own factor `own` and the activity.
    pub factor: String,
    /// What it is.
    pub title: Message,
    /// How many lines.
    pub lines: usize,
    /// Its amount.
    #[serde(with = "rust_decimal::serde::str")]
    pub kg: Decimal,
    /// Its share of the total in percent, two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub share_percent: Decimal,
    /// Its uncertainty in percent, rounded up to two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub uncertainty_percent: Decimal,
    /// This source and all smaller ones together, in percent of the total, two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub cumulative_percent: Decimal,
    /// Small enough that an estimate will do; it is counted all the same.
    pub may_be_estimated: bool,
    /// What would reduce it; only for the largest sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Message>,
}

/// The smallest sources: nothing is left out of the total because it is small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeMinimis {
    /// A source must be below this share to be estimated, percent.
    #[serde(with = "rust_decimal::serde::str")]
    pub source_limit_percent: Decimal,
    /// All of them together at most, percent.
    #[serde(with = "rust_decimal::serde::str")]
    pub total_limit_percent: Decimal,
    /// How many sources may be estimated.
    pub sources: usize,
    /// Their amount.
    #[serde(with = "rust_decimal::serde::str")]
    pub kg: Decimal,
    /// Their share of the total in percent, two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub share_percent: Decimal,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the table; the header is line 1.
    pub line: usize,
    /// Its amount, rounded up to the milligram.
    #[serde(with = "rust_decimal::serde::str")]
    pub kg: Decimal,
    /// Id of the parameter, or `own`.
    pub factor: String,
    /// Its value, kg per unit of the factor.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// Its uncertainty in percent, rounded up to two decimals.
    #[serde(with = "rust_decimal::serde::str")]
    pub uncertainty_percent: Decimal,
}
