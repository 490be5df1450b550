//! What a calculation returns: the result, its year lines, and every step on the way.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::day;
use crate::quantity::{MegawattHours, TonnesCo2e, TonnesPerMegawattHour};
use crate::text::Message;

/// The complete answer of a calculator. Stored as JSON it can be compared with a later run digit for digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The calculator that ran, for example `CCER-01-002-V01/ex-ante`.
    pub calculator: String,
    /// The methodology version, for example `CCER-01-002-V01`.
    pub methodology_version: String,
    /// The set of parameters it was computed with: 0 is the built-in one, see [`crate::Parameters`].
    #[serde(default)]
    pub parameter_set: u64,
    /// How the result was rounded: `project_year_lines`, `calendar_year_lines` or `period_total`.
    pub rounding: String,
    /// First day counted.
    #[serde(with = "day::as_text")]
    pub from: Date,
    /// Last day counted.
    #[serde(with = "day::as_text")]
    pub to: Date,
    /// Whole tonnes per year (ex ante: the declared annual figure; ex post: total divided by the length of the period, rounded down).
    pub annual_t: i64,
    /// Whole tonnes of the whole period: what may be declared or registered.
    pub total_t: i64,
    /// One line per calendar year (per project year in the form `project_year_lines`), oldest first.
    pub year_lines: Vec<YearLine>,
    /// Every published or assumed number that was used, once each.
    pub parameters: Vec<ParameterUse>,
    /// Every step in the order it was taken.
    pub steps: Vec<Step>,
    /// What a reader should know: warnings and remarks. Never an error.
    pub notes: Vec<Note>,
}

/// The reductions of one calendar year, or of one project year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearLine {
    /// The calendar year; for a project-year line the calendar year in which it starts.
    pub year: i32,
    /// First day of the line.
    #[serde(with = "day::as_text")]
    pub from: Date,
    /// Last day of the line.
    #[serde(with = "day::as_text")]
    pub to: Date,
    /// Days counted, both ends included.
    pub days: u16,
    /// Days of the whole year: 365 or 366.
    pub days_in_year: u16,
    /// Net electricity of the line (EG_PJ,y); only for methodologies that supply electricity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eg: Option<MegawattHours>,
    /// Combined margin factor of the line (EF_CM,y); only where electricity is displaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ef: Option<TonnesPerMegawattHour>,
    /// Label of the published factor set, for example 2023. It is not the energy year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor_label: Option<i32>,
    /// What a sink removed and what was deducted from it; only for sinks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<SinkLine>,
    /// A newer set that should have served this year had been published (or there is no value of it here).
    pub stale: bool,
    /// The factor is not quoted from an official table.
    pub assumed: bool,
    /// Baseline emissions; a sink has a baseline removal instead, in `sink`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub be: Option<TonnesCo2e>,
    /// Project emissions; of a sink those of fire, soil and the like.
    pub pe: TonnesCo2e,
    /// Leakage.
    pub le: TonnesCo2e,
    /// Reductions before rounding; negative when the project emitted more than it avoided.
    pub er: TonnesCo2e,
    /// Reductions registered for this line: rounded down, and 0 where `er` is negative.
    /// In the form `period_total` lines are shown rounded down but only the period counts.
    pub er_t: i64,
}

/// The part of a year line that only sinks have: `er = (removals − uncertainty − pe − baseline − le) − non_permanence`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkLine {
    /// Change of all carbon stocks of the project in the line; negative when they shrank.
    pub removals: TonnesCo2e,
    /// Deducted because stocks are measured by sampling; never negative.
    pub uncertainty: TonnesCo2e,
    /// Removals that would have happened without the project.
    pub baseline: TonnesCo2e,
    /// Deducted because the stored carbon may be lost again; never negative.
    pub non_permanence: TonnesCo2e,
}

/// One step of the working: symbol = f(inputs), by a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The symbol of the methodology, for example `BE_y`.
    pub symbol: String,
    /// What it is.
    pub title: Message,
    /// The clause or equation it follows, for example `CCER-01-002-V01 (1)`.
    pub clause: String,
    /// The line it belongs to (`2024`, `lines.3`), or empty for the whole calculation.
    pub line: String,
    /// How it is computed, with the symbols of `inputs`, for example `EG_PJ,y × EF_CM,y`.
    pub formula: String,
    /// What went in, in the order of the formula.
    pub inputs: Vec<StepInput>,
    /// What came out.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
}

/// One input of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepInput {
    /// The symbol.
    pub symbol: String,
    /// Its value.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
}

/// A published or assumed number as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterUse {
    /// Stable id, for example `grid.South.2023.cm` or `fuel.natural_gas.ncv`.
    pub id: String,
    /// What it is.
    pub title: Message,
    /// Its value.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
    /// Where it is from.
    pub source: Message,
    /// The clause that asks for it.
    pub clause: String,
    /// No official text was quoted for it.
    pub assumed: bool,
    /// A newer published value should have been used, or there is none here.
    pub stale: bool,
}

/// A warning or remark with its text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code, for example `energy_exceeds_capacity`.
    pub code: String,
    /// `warning`: look at it before using the result; `remark`: good to know.
    pub level: NoteLevel,
    /// The input or line it belongs to (dotted path or year), or empty.
    pub at: String,
    /// The text.
    pub text: Message,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteLevel {
    /// Look at it before using the result.
    Warning,
    /// Good to know.
    Remark,
}
