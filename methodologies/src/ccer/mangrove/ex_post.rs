//! The accounting of a monitoring period: stocks by plots and trees, growth linear between two measurements.

use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;

use super::ex_ante::{as_of, plausible};
use super::plots::{self, Plot};
use super::soil::SoilChoice;
use super::strata::{self, Stratum};
use super::{CODE, EX_POST, EX_POST_FIELDS};
use crate::catalogue::MANGROVE;
use crate::ccer::period::Period;
use crate::ccer::sink::uncertainty::{self, Estimate, Labels};
use crate::ccer::sink::year_lines::{self, SinkLines, share_of_days};
use crate::ccer::sink::{amount, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::quantity::TonnesCo2e;
use crate::table::Table;
use crate::text::text;
use crate::trace::Outcome;

const LABELS: Labels = Labels {
    code: CODE,
    per_hectare: "tCO2e/ha",
    total: "tCO2e",
    path: "plots",
};

/// The stock of the previous accounting, after the deduction for uncertainty.
struct Previous {
    on: Date,
    stock: Decimal,
}

struct Monitoring {
    period: Period,
    on: Date,
    measured_on: Date,
    previous: Option<Previous>,
    soil: SoilChoice,
    acknowledged: bool,
    strata: Vec<Stratum>,
    plots: Vec<Plot>,
    trees: Option<Table>,
    stated_total: Option<TonnesCo2e>,
    stated_annual: Option<TonnesCo2e>,
}

/// Runs the ex-post calculator.
pub(super) fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, &EX_POST_FIELDS);
    let monitoring = read(&mut reader);
    let monitoring = reader.finish(monitoring)?;
    compute(&monitoring, set)
}

fn read(reader: &mut Reader<'_>) -> Option<Monitoring> {
    let (from, to) = (reader.date("period_from"), reader.date("period_to"));
    let on = as_of(reader);
    let measured_on = reader.date("measured_on");
    let previous = read_previous(reader);
    let soil = SoilChoice::read(reader);
    let acknowledged = reader.choice("implausible_equations") == Some("acknowledged");
    let strata = strata::read(reader);
    let plots = plots::read_plots(reader, &strata);
    let trees = reader.table("trees");
    let stated_total = reader.quantity("stated_total_t");
    let stated_annual = reader.quantity("stated_annual_t");
    let (from, to, on, measured_on) = (from?, to?, on?, measured_on?);
    let names = ("period_from", "period_to");
    let period = match Period::checked(from, to, MANGROVE.crediting_years_max, on, names) {
        Ok(period) => period,
        Err(error) => {
            reader.error(error);
            return None;
        }
    };
    if to > measured_on {
        reader.error(
            InputError::new("period_to", "period_after_measurement")
                .with("date", day::to_text(measured_on)),
        );
    }
    // a period may begin on the days between the end of the last one and its measurement: they bring no growth
    if let Some(previous) = &previous
        && to <= previous.on
    {
        reader.error(
            InputError::new("period_to", "period_before_stock")
                .with("date", day::to_text(previous.on)),
        );
    }
    Some(Monitoring {
        period,
        on,
        measured_on,
        previous,
        soil: soil?,
        acknowledged,
        strata,
        plots,
        trees,
        stated_total,
        stated_annual,
    })
}

fn read_previous(reader: &mut Reader<'_>) -> Option<Previous> {
    let on = reader.date("previous_measured_on");
    let stock: Option<TonnesCo2e> = reader.quantity("previous_stock_t");
    for (one, other) in [
        ("previous_measured_on", "previous_stock_t"),
        ("previous_stock_t", "previous_measured_on"),
    ] {
        if reader.has(one) && !reader.has(other) {
            reader.error(InputError::new(other, "previous_stock_incomplete"));
        }
    }
    Some(Previous {
        on: on?,
        stock: stock?.value(),
    })
}

fn compute(monitoring: &Monitoring, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut working = Working::new(set);
    let one = |error: InputError| vec![error];
    let soil = monitoring
        .soil
        .load(monitoring.on, &mut working)
        .map_err(one)?;
    for stratum in &monitoring.strata {
        stratum.explain(&mut working);
    }
    let sampled = plots::measured(
        &monitoring.strata,
        &monitoring.plots,
        monitoring.trees.as_ref(),
        monitoring.acknowledged,
        monitoring.on,
        &mut working,
    )?;
    let estimate = uncertainty::estimate(&sampled, LABELS, monitoring.on, &mut working)?;
    outcome(monitoring, &soil, &estimate, working).map_err(one)
}

fn outcome(
    monitoring: &Monitoring,
    soil: &super::soil::Soil,
    estimate: &Estimate,
    mut working: Working<'_>,
) -> Result<Outcome, InputError> {
    let strata: Vec<&Stratum> = monitoring.strata.iter().collect();
    let area = strata::net_area(&strata)?;
    let k_risk = working.number("mangrove.k_risk", monitoring.on, "as_of")?;
    stock_step(monitoring, estimate, &mut working)?;
    let growth = growth(monitoring, estimate)?;
    let mut years = Vec::new();
    for part in monitoring.period.calendar_years() {
        let (mut change, mut deducted) = (Decimal::ZERO, Decimal::ZERO);
        for grown in &growth {
            let of_part =
                |amount| share_of_days(amount, &part, grown.after, monitoring.measured_on);
            change = sum(change, of_part(grown.change)?)?;
            deducted = sum(deducted, of_part(grown.deducted)?)?;
        }
        years.push(soil.sink_year(&strata, &part, [change, deducted], &mut working)?);
    }
    let lines = SinkLines {
        code: CODE,
        calculator: EX_POST.code,
        period: monitoring.period,
        k_risk,
        equation: "(1)",
        stated_total: monitoring.stated_total.map(TonnesCo2e::value),
        stated_annual: monitoring.stated_annual.map(TonnesCo2e::value),
        plausible: Some((area, plausible(monitoring.on, &mut working)?)),
    };
    year_lines::outcome(&lines, &years, working)
}

/// A change of stock that happened evenly after a day.
struct Growth {
    after: Date,
    change: Decimal,
    /// The part of the stock that is deducted for its uncertainty.
    deducted: Decimal,
}

/// Since the previous accounting for the whole project; at the first one since planting, stratum by stratum.
fn growth(monitoring: &Monitoring, estimate: &Estimate) -> Result<Vec<Growth>, TooManyDigits> {
    if let Some(previous) = &monitoring.previous {
        return Ok(vec![Growth {
            after: previous.on,
            change: sum(estimate.total, -previous.stock)?,
            deducted: amount(product(&[estimate.total, estimate.deduction])?),
        }]);
    }
    monitoring
        .strata
        .iter()
        .zip(&estimate.means)
        .map(|(stratum, mean)| {
            let stock = amount(product(&[stratum.net_area, *mean])?);
            Ok(Growth {
                after: stratum.planted_by().unwrap_or(monitoring.measured_on),
                change: stock,
                deducted: amount(product(&[stock, estimate.deduction])?),
            })
        })
        .collect()
}

/// The stock that the next accounting starts from.
fn stock_step(
    monitoring: &Monitoring,
    estimate: &Estimate,
    working: &mut Working<'_>,
) -> Result<(), InputError> {
    let counted = amount(product(&[
        estimate.total,
        Decimal::ONE - estimate.deduction,
    ])?);
    working.step(
        "",
        StepText {
            symbol: "C_BIO",
            title: text(
                "{day} 的生物质碳储量，已扣减不确定性（下次核算时填作上次的碳储量）",
                "carbon stock of the biomass on {day} after the deduction for uncertainty (the previous stock of the next accounting)",
            )
            .fill(&[("day", day::to_text(monitoring.measured_on))]),
            clause: format!("{CODE} (3)"),
            formula: "Σ A_i × c_i × (1 − DR)".to_owned(),
            unit: "tCO2e",
        },
        &[
            ("Σ A_i × c_i", estimate.total, "tCO2e"),
            ("DR", estimate.deduction, "1"),
        ],
        counted,
    );
    Ok(())
}
