//! How much: every formula and every published number, each with its clause, its source and its dates.
//!
//! No IO, no clock, no randomness, no floats: the same source gives the same digits natively and in
//! WebAssembly. Everything a caller needs is on this page:
//!
//! * [`catalogue`], [`find`]: the methodologies and their versions;
//! * [`applicability`](fn@applicability), [`applicability_schema`]: may a project use one, check by check;
//! * [`calculators`], [`calculate`], [`schema`], [`example`]: formulas with JSON in (leaves may be strings)
//!   and an [`Outcome`] out, or [`InputError`]s whose paths are the names of the form fields;
//! * [`fields_to_json`], [`json_to_fields`]: between form fields and that JSON;
//! * [`event`]: the footprint of an event, which is no reduction and has an outcome of its own;
//! * [`sampling`]: how many plots a sink project needs;
//! * [`table`]: tables in one text, for fields that take many rows;
//! * [`inclusion`]: what one act of a person reduces, in whole milligrams;
//! * [`factors`]: grid emission factors as dated sets; [`grid_average`](mod@grid_average): average factors by province;
//! * [`exact`]: fractions that lose no digit before the one rounding;
//! * [`quantity`]: amounts with their unit in the type.

pub mod applicability;
pub mod catalogue;
pub mod ccer;
pub mod compare;
pub mod day;
pub mod event;
pub mod exact;
pub mod factors;
pub mod formula;
pub mod fuels;
pub mod grid_average;
#[rustfmt::skip]
#[allow(clippy::unreadable_literal, reason = "written by a program, read in parameters/*.toml")]
mod generated;
pub mod inclusion;
pub mod input;
pub mod parameter;
pub mod progress;
pub mod quantity;
pub mod replaceable;
pub mod schema;
pub mod table;
pub mod text;
pub mod trace;

use serde_json::{Value, json};

pub use applicability::{
    Finding, applicability, applicability_fields, applicability_schema, precheck, precheck_fields,
};
pub use catalogue::{Methodology, catalogue, find};
pub use ccer::sampling;
pub use compare::{Comparison, compare};
pub use input::{ErrorText, INPUT_ERRORS, InputError, fields_to_json, json_to_fields};
pub use parameter::{Parameters, Replacement};
pub use text::{Message, Text};
pub use trace::{Note, NoteLevel, Outcome, ParameterUse, Step, StepInput, YearLine};

/// Before the project runs, after it has been measured, or a mere estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Estimate for the design document.
    ExAnte,
    /// Accounting of a monitoring period.
    ExPost,
    /// A rough figure by assumed formulas where the text of the methodology was not at hand: never for a filing.
    Estimate,
}

/// One calculator.
#[derive(Clone, Copy, Debug)]
pub struct Calculator {
    /// Its code, for example `CCER-01-002-V01/ex-ante`.
    pub code: &'static str,
    /// The methodology version.
    pub methodology: &'static str,
    /// Before or after.
    pub stage: Stage,
    /// What it computes.
    pub title: Text,
    /// Its inputs, in the order of a form.
    pub fields: &'static [schema::Field],
    pub(crate) run: fn(&Value, &Parameters) -> Result<Outcome, Vec<InputError>>,
    pub(crate) example: fn() -> Value,
}

/// Every calculator.
pub fn calculators() -> &'static [Calculator] {
    CALCULATORS
}

/// The calculator with this code.
pub fn calculator(code: &str) -> Option<&'static Calculator> {
    calculators()
        .iter()
        .find(|calculator| calculator.code == code)
}

/// Runs a calculator with the built-in parameters. Leaves of the input may be strings as typed. On refusal every error found, each at the
/// dotted path of its field; fields the calculator does not have are refused too.
pub fn calculate(code: &str, input: &Value) -> Result<Outcome, Vec<InputError>> {
    calculate_with(code, input, Parameters::BUILT_IN)
}

/// The same with the numbers of a set: the built-in ones and what has been put in their place.
pub fn calculate_with(
    code: &str,
    input: &Value,
    set: &Parameters,
) -> Result<Outcome, Vec<InputError>> {
    match calculator(code) {
        Some(calculator) => (calculator.run)(input, set),
        None => Err(vec![unknown_calculator(code)]),
    }
}

/// The answer of any calculator as JSON: an [`Outcome`] of a methodology, an [`inclusion::Act`] of a scene, an [`event::Footprint`].
pub fn answer(code: &str, input: &Value, set: &Parameters) -> Result<Value, Vec<InputError>> {
    if code.starts_with(inclusion::PREFIX) {
        inclusion::act(code, input, set).map(|act| json!(act))
    } else if code == event::CALCULATOR {
        event::footprint(input, set).map(|footprint| json!(footprint))
    } else {
        calculate_with(code, input, set).map(|outcome| json!(outcome))
    }
}

/// What a calculator takes: code, titles and every field with path, type, unit, label, help, range. `None`: no such calculator.
/// The scenes of [`inclusion`] are calculators too (`inclusion/metro`), and so is the footprint of an [`event`] (`event/footprint`);
/// for what they answer see [`answer`].
pub fn schema(code: &str) -> Option<Value> {
    schema_with(code, Parameters::BUILT_IN)
}

/// The same with the scenes of a set.
pub fn schema_with(code: &str, set: &Parameters) -> Option<Value> {
    if code.starts_with(inclusion::PREFIX) {
        return inclusion::schema(code, set);
    }
    if code == event::CALCULATOR {
        return event::schema(code);
    }
    calculator(code).map(|calculator| {
        json!({
            "calculator": calculator.code,
            "methodology": calculator.methodology,
            "title": calculator.title,
            "fields": calculator.fields.iter().map(schema::Field::to_json).collect::<Vec<_>>(),
        })
    })
}

/// A complete real input of a calculator. `None`: no such calculator.
pub fn example(code: &str) -> Option<Value> {
    example_with(code, Parameters::BUILT_IN)
}

/// The same with the scenes of a set.
pub fn example_with(code: &str, set: &Parameters) -> Option<Value> {
    if code.starts_with(inclusion::PREFIX) {
        return inclusion::example(code, set);
    }
    if code == event::CALCULATOR {
        return event::example(code);
    }
    calculator(code).map(|calculator| (calculator.example)())
}

macro_rules! calculators {
    ($($feature:tt: $($calculator:path)+;)+) => {
        static CALCULATORS: &[Calculator] = &[$($(#[cfg(feature = $feature)] $calculator,)+)+];

        /// Every calculator and the feature of this crate that brings it, whether it is there or not.
        const FEATURES: &[(&str, &str)] = &[$($(($calculator.code, $feature),)+)+];
    };
}

calculators! {
    "energy":
        ccer::offshore_wind::EX_ANTE
        ccer::offshore_wind::EX_POST
        ccer::solar_thermal::EX_ANTE
        ccer::solar_thermal::EX_POST
    ;
    "afforestation":
        ccer::afforestation::EX_ANTE
        ccer::afforestation::EX_POST
    ;
    "mangrove":
        ccer::mangrove::EX_ANTE
        ccer::mangrove::EX_POST
    ;
    "energy":
        ccer::coal_mine_gas::ESTIMATE
        ccer::tunnel_lighting::ESTIMATE
    ;
}

/// The feature of this crate that brings a calculator, by the code of the calculator or of its methodology version: what a program
/// with a part of the calculators must be built with. `None`: there is no such calculator.
pub fn feature_of(code: &str) -> Option<&'static str> {
    let methodology = |code: &'static str| code.split('/').next().unwrap_or_default();
    FEATURES
        .iter()
        .find(|(known, _)| *known == code || methodology(known) == code)
        .map(|(_, feature)| *feature)
}

fn unknown_calculator(code: &str) -> InputError {
    InputError::new("", "calculator_unknown")
        .with("value", code.chars().take(100).collect::<String>())
}
