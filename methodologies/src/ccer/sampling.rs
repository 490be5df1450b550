//! How many plots a sink project needs, before anybody walks into the forest.
//!
//! n = (t / E)² × (Σ w_i·s_i)²; n_i = n × w_i·s_i / Σ w_i·s_i, each rounded up; E is the error allowed of the expected mean, t that of a
//! 90 % confidence before the number of plots is known. The mean and its spread come from earlier inventories or trial plots.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde_json::{Value, json};

use super::sink::fields::{AS_OF, STRATA, STRATUM_AREA, STRATUM_NAME, number};
use super::sink::{amount, divide, product, sum};
use super::working::{StepText, Working};
use crate::ccer::fields::{optional, required};
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::quantity::{Quantity, unit};
use crate::schema::Field;
use crate::text::text;
use crate::trace::{ParameterUse, Step};

/// How many plots, in all and in each stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// n before rounding.
    #[serde(with = "rust_decimal::serde::str")]
    pub exact: Decimal,
    /// n rounded up.
    pub plots: u32,
    /// Plots of each stratum, in the order of the input; their sum is usually a little more than n.
    pub strata: Vec<PlannedStratum>,
    /// Sum of the plots of all strata: what has to be laid out.
    pub plots_of_strata: u32,
    /// The numbers it rests on.
    pub parameters: Vec<ParameterUse>,
    /// Every step.
    pub steps: Vec<Step>,
}

/// The plots of one stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedStratum {
    /// Its name.
    pub name: String,
    /// Its share of the area, 0 to 1.
    #[serde(with = "rust_decimal::serde::str")]
    pub weight: Decimal,
    /// n_i before rounding.
    #[serde(with = "rust_decimal::serde::str")]
    pub exact: Decimal,
    /// n_i rounded up, at least the least number of plots per stratum.
    pub plots: u32,
}

const CLAUSE: &str = "CCER-14-001-V01 / CCER-14-002-V01 抽样 sampling";

/// What [`plan`] takes, in the order of a form.
pub const FIELDS: &[Field] = &[
    AS_OF,
    required(
        "expected_mean",
        number("t/ha", "0.0001", "100000", 6),
        text("预期的单位面积平均值", "Expected mean per hectare"),
        text(
            "生物量或碳储量均可，与各碳层标准差的单位一致。",
            "Of biomass or carbon, in the unit of the deviations below.",
        ),
    ),
    optional(
        "error_percent",
        number("%", "1", "50", 2),
        text("允许误差", "Error allowed"),
        text(
            "相对于均值；留空采用缺省值。",
            "Relative to the mean; empty means the default.",
        ),
    ),
    STRATA,
    STRATUM_NAME,
    STRATUM_AREA,
    required(
        "strata.*.deviation",
        number("t/ha", "0", "100000", 6),
        text("预期标准差", "Expected standard deviation"),
        text(
            "该碳层样地值的标准差，取自以往调查或预设样地。",
            "Of the plots of this stratum, from an earlier inventory or trial plots.",
        ),
    ),
];

struct Stratum {
    name: String,
    area: Decimal,
    deviation: Decimal,
}

/// Plans with the built-in numbers. Leaves of the input may be strings as typed; on refusal every error found, at its path.
pub fn plan(input: &Value) -> Result<Plan, Vec<InputError>> {
    plan_with(input, Parameters::BUILT_IN)
}

/// The same with the numbers of a set.
pub fn plan_with(input: &Value, set: &Parameters) -> Result<Plan, Vec<InputError>> {
    let mut reader = Reader::new(input, FIELDS);
    let on = reader.date("as_of");
    let mean = plain(&mut reader, "expected_mean");
    let error = plain(&mut reader, "error_percent");
    let strata = read_strata(&mut reader);
    let read = on.zip(mean);
    let (on, mean) = reader.finish(read)?;
    let mut working = Working::new(set);
    let inner = |working: &mut Working<'_>| -> Result<Plan, InputError> {
        let error = match error {
            Some(own) => own,
            None => working.number("sink.sampling_error_percent", on, "as_of")?,
        };
        let t = working.number("sink.t_90.large", on, "as_of")?;
        let least = working.number("sink.plots_per_stratum_min", on, "as_of")?;
        Ok(compute(&strata, mean, error, t, least, working)?)
    };
    let mut plan = inner(&mut working).map_err(|error| vec![error])?;
    plan.parameters = working.parameters;
    plan.steps = working.steps;
    Ok(plan)
}

/// What [`plan`] takes, as JSON.
pub fn schema() -> Value {
    json!({
        "title": text("样地数量设计", "Number of plots"),
        "fields": FIELDS.iter().map(Field::to_json).collect::<Vec<_>>(),
    })
}

/// A complete input: two strata of 60 and 40 %.
pub fn example() -> Value {
    json!({
        "as_of": "2026-06-30",
        "expected_mean": "72",
        "strata": [
            { "name": "PROJ-1", "area_ha": "600", "deviation": "20" },
            { "name": "PROJ-2", "area_ha": "400", "deviation": "30" },
        ],
    })
}

fn plain(reader: &mut Reader<'_>, path: &str) -> Option<Decimal> {
    reader.quantity::<unit::One>(path).map(Quantity::value)
}

fn read_strata(reader: &mut Reader<'_>) -> Vec<Stratum> {
    let mut strata = Vec::new();
    let mut names = BTreeSet::new();
    for path in reader.items("strata") {
        let name = reader.text(&join(&path, "name"));
        let area = plain(reader, &join(&path, "area_ha"));
        let deviation = plain(reader, &join(&path, "deviation"));
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            let at = join(&path, "name");
            reader.error(InputError::new(at, "stratum_twice").with("name", name));
        }
        if let (Some(name), Some(area), Some(deviation)) = (name, area, deviation) {
            strata.push(Stratum {
                name,
                area,
                deviation,
            });
        }
    }
    strata
}

fn compute(
    strata: &[Stratum],
    mean: Decimal,
    error_percent: Decimal,
    t: Decimal,
    least: Decimal,
    working: &mut Working<'_>,
) -> Result<Plan, TooManyDigits> {
    let area = strata
        .iter()
        .try_fold(Decimal::ZERO, |area, stratum| sum(area, stratum.area))?;
    let mut spread = Decimal::ZERO;
    let mut weighted = Vec::with_capacity(strata.len());
    for stratum in strata {
        let weight = divide(stratum.area, area)?;
        let share = product(&[weight, stratum.deviation])?;
        spread = sum(spread, share)?;
        weighted.push((weight, share));
    }
    let error = divide(product(&[mean, error_percent])?, Decimal::ONE_HUNDRED)?;
    let ratio = divide(product(&[t, spread])?, error)?;
    let exact = amount(product(&[ratio, ratio])?);
    let step = |symbol, zh, en, formula: &str| StepText {
        symbol,
        title: text(zh, en).into(),
        clause: CLAUSE.to_owned(),
        formula: formula.to_owned(),
        unit: "1",
    };
    working.step(
        "",
        step(
            "n",
            "样地总数",
            "number of plots",
            "(t / E)² × (Σ w_i × s_i)²",
        ),
        &[
            ("t", t, "1"),
            ("E", error, "t/ha"),
            ("Σ w_i × s_i", amount(spread), "t/ha"),
        ],
        exact,
    );
    let mut planned = Vec::with_capacity(strata.len());
    for (stratum, (weight, share)) in strata.iter().zip(&weighted) {
        let own = if spread.is_zero() {
            Decimal::ZERO
        } else {
            amount(divide(product(&[exact, *share])?, spread)?)
        };
        let plots = whole(own.max(least));
        working.step(
            &stratum.name,
            step(
                "n_i",
                "碳层样地数，向上取整",
                "plots of the stratum, rounded up",
                "max(n_min, ⌈n × w_i × s_i / Σ w_i × s_i⌉)",
            ),
            &[
                ("n", exact, "1"),
                ("w_i", amount(*weight), "1"),
                ("s_i", stratum.deviation, "t/ha"),
                ("n_min", least, "1"),
            ],
            Decimal::from(plots),
        );
        planned.push(PlannedStratum {
            name: stratum.name.clone(),
            weight: amount(*weight),
            exact: own,
            plots,
        });
    }
    Ok(Plan {
        exact,
        plots: whole(exact),
        plots_of_strata: planned.iter().map(|stratum| stratum.plots).sum(),
        strata: planned,
        parameters: Vec::new(),
        steps: Vec::new(),
    })
}

/// Rounded up; what divisions leave behind the ninth decimal is no plot.
fn whole(number: Decimal) -> u32 {
    number
        .round_dp(9)
        .ceil()
        .to_u32()
        .unwrap_or(u32::MAX / 2_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_needs_thirty_one_plots_sixteen_in_each_stratum() {
        // (1.645 / 7.2)² × (0.6 × 20 + 0.4 × 30)² = 30.0669…; half of it in each stratum
        let plan = plan(&example()).unwrap();
        assert_eq!(plan.exact.round_dp(4).to_string(), "30.0669");
        assert_eq!(plan.plots, 31);
        let of_strata: Vec<u32> = plan.strata.iter().map(|stratum| stratum.plots).collect();
        assert_eq!(of_strata, [16, 16]);
        assert_eq!(plan.strata[0].exact.round_dp(2).to_string(), "15.03");
        assert_eq!(plan.plots_of_strata, 32);
        assert_eq!(plan.steps.len(), 3);
        assert_eq!(plan.parameters.len(), 3);
    }

    #[test]
    fn a_small_stratum_gets_its_three_plots_and_no_spread_needs_no_more() {
        let mut input = example();
        input["strata"][1] = json!({ "name": "PROJ-2", "area_ha": "1", "deviation": "0" });
        let plan_of = |input: &Value| plan(input).unwrap();
        assert_eq!(plan_of(&input).strata[1].plots, 3);
        input["strata"][0]["deviation"] = json!("0");
        let nothing = plan_of(&input);
        assert_eq!((nothing.plots, nothing.plots_of_strata), (0, 6));
    }

    #[test]
    fn a_wider_error_needs_fewer_plots() {
        let mut input = example();
        input["error_percent"] = json!("15");
        // 30.0669 / 2.25
        assert_eq!(plan(&input).unwrap().plots, 14);
    }

    #[test]
    fn what_is_missing_is_named() {
        let errors =
            plan(&json!({ "strata": [{ "name": "A", "area_ha": "0", "deviation": "x" }] }))
                .unwrap_err();
        let found: Vec<(&str, &str)> = errors
            .iter()
            .map(|error| (error.path.as_str(), error.code))
            .collect();
        assert_eq!(
            found,
            [
                ("as_of", "required"),
                ("expected_mean", "required"),
                ("strata.0.area_ha", "number_out_of_range"),
                ("strata.0.deviation", "number_not_a_number"),
            ]
        );
    }

    #[test]
    fn the_schema_lists_every_input() {
        let schema = schema();
        assert_eq!(
            schema["fields"].as_array().map(Vec::len),
            Some(FIELDS.len())
        );
    }
}
