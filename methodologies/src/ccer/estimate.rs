//! The estimate of a design document: one typical year, projected over the crediting period.

use rust_decimal::Decimal;
use serde_json::Value;

use super::fuel_use::FuelUse;
use super::grid_factor::FactorChoice;
use super::period::{Part, Period};
use super::sink::year_lines::stated;
use super::working::{StepText, Working};
use super::year_line::{Method, YearAmounts, rounding_step, year_line};
use crate::catalogue::Methodology;
use crate::exact::{self, Exact};
use crate::factors::Factor;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::quantity::{MegawattHours, Megawatts, Quantity, TonnesCo2e};
use crate::schema::Field;
use crate::text::text;
use crate::trace::{NoteLevel, Outcome};

/// What was read.
struct Estimate {
    capacity: Megawatts,
    export: MegawattHours,
    import: MegawattHours,
    heater: MegawattHours,
    fuels: Vec<FuelUse>,
    period: Period,
    rounding: &'static str,
    factors: FactorChoice,
    /// What the document itself says, in whole tonnes.
    stated_total: Option<TonnesCo2e>,
    stated_annual: Option<TonnesCo2e>,
}

/// Runs an ex-ante calculator.
pub(super) fn run(
    method: Method,
    methodology: &Methodology,
    calculator: &'static str,
    fields: &'static [Field],
    input: &Value,
    set: &Parameters,
) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, fields);
    let estimate = read(&mut reader, method, methodology);
    let estimate = reader.finish(estimate)?;
    compute(&estimate, method, calculator, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>, method: Method, methodology: &Methodology) -> Option<Estimate> {
    let factors = FactorChoice::read(reader, methodology);
    let capacity = reader.quantity("capacity_mw");
    let export = reader.quantity("export_mwh_per_year");
    let import = reader.quantity("import_mwh_per_year");
    let (heater, fuels) = if method.fuels {
        (
            reader.quantity("heater_mwh_per_year"),
            FuelUse::read_list(reader, "fuels", "amount_per_year", false),
        )
    } else {
        (None, Vec::new())
    };
    let from = reader.date("crediting_from");
    let to = reader.date("crediting_to");
    let rounding = reader.choice("rounding");
    let stated_total = reader.quantity("stated_total_t");
    let stated_annual = reader.quantity("stated_annual_t");
    let factors = factors?;
    let names = ("crediting_from", "crediting_to");
    let period = match Period::checked(
        from?,
        to?,
        methodology.crediting_years_max,
        factors.on(),
        names,
    ) {
        Ok(period) => period,
        Err(error) => {
            reader.error(error);
            return None;
        }
    };
    Some(Estimate {
        capacity: capacity?,
        export: export?,
        import: import.unwrap_or(MegawattHours::ZERO),
        heater: heater.unwrap_or(MegawattHours::ZERO),
        fuels,
        period,
        rounding: rounding?,
        factors,
        stated_total,
        stated_annual,
    })
}

fn compute(
    estimate: &Estimate,
    method: Method,
    calculator: &str,
    set: &Parameters,
) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    let by_project_year = estimate.rounding == "project_year_lines";
    let parts = if by_project_year {
        estimate.period.project_years()
    } else {
        estimate.period.calendar_years()
    };
    let factors = parts
        .iter()
        .map(|part| {
            if by_project_year {
                lowest(estimate, part, &mut working)
            } else {
                estimate.factors.factor(set, part.year)
            }
        })
        .collect::<Result<Vec<Factor>, InputError>>()?;

    let eg = net_electricity(estimate, method, &mut working)?;
    let mut carbon = Decimal::ZERO;
    for fuel in &estimate.fuels {
        carbon = exact::add(
            carbon,
            fuel.carbon("", method.code, estimate.factors.on(), &mut working)?,
        )?;
    }
    estimate
        .factors
        .explain(&factors, method.code, &mut working)?;
    check(estimate, &mut working)?;

    let period_total = estimate.rounding == "period_total";
    let mut year_lines = Vec::new();
    let mut unrounded = Exact::ZERO;
    for (part, factor) in parts.iter().zip(&factors) {
        let amounts = YearAmounts {
            eg,
            carbon,
            weight: Some((part.days, part.days_in_year)),
            rounded: !period_total,
        };
        let (line, er) = year_line(method, part, factor, &amounts, &mut working)?;
        unrounded = unrounded.plus(er)?;
        year_lines.push(line);
    }
    let total_t = if period_total {
        let total_t = unrounded.round_down()?.max(0);
        rounding_step("", unrounded, total_t, &mut working);
        total_t
    } else {
        year_lines.iter().map(|line| line.er_t).sum()
    };
    super::working::negative_years(&year_lines, &mut working);
    let annual_t = estimate.period.per_year(total_t);
    for (field, said, computed) in [
        ("stated_total_t", estimate.stated_total, total_t),
        ("stated_annual_t", estimate.stated_annual, annual_t),
    ] {
        stated(field, said.map(Quantity::value), computed, &mut working);
    }
    Ok(Outcome {
        calculator: calculator.to_owned(),
        methodology_version: method.code.to_owned(),
        parameter_set: set.set,
        rounding: estimate.rounding.to_owned(),
        from: estimate.period.from,
        to: estimate.period.to,
        annual_t,
        total_t,
        year_lines,
        parameters: working.parameters,
        steps: working.steps,
        notes: working.notes,
    })
}

/// A project year touches two energy years; where their factors differ the lower one is used.
fn lowest(
    estimate: &Estimate,
    part: &Part,
    working: &mut Working<'_>,
) -> Result<Factor, InputError> {
    let first = estimate.factors.factor(working.set, part.from.year())?;
    let last = estimate.factors.factor(working.set, part.to.year())?;
    if first.cm == last.cm {
        return Ok(first);
    }
    let lower = if last.cm < first.cm { last } else { first };
    working.note(
        NoteLevel::Remark,
        "project_year_spans_factors",
        part.year.to_string(),
        text(
            "自 {from} 起的项目年度跨两个因子不同的年份，取较低的 {ef}（偏保守）。",
            "The project year from {from} spans two years with different factors; the lower one, {ef}, is used, which is on the safe side.",
        ),
        &[("from", crate::day::to_text(part.from)), ("ef", lower.cm.to_string())],
    );
    Ok(lower)
}

fn net_electricity(
    estimate: &Estimate,
    method: Method,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let (export, import, heater) = (
        estimate.export.value(),
        estimate.import.value(),
        estimate.heater.value(),
    );
    let net = exact::subtract(exact::subtract(export, import)?, heater)?;
    let mut inputs = vec![
        ("EG_export,y", export, "MWh"),
        ("EG_import,y", import, "MWh"),
    ];
    let mut formula = "EG_export,y − EG_import,y".to_owned();
    if method.fuels && !heater.is_zero() {
        inputs.push(("EG_heater,y", heater, "MWh"));
        formula.push_str(" − EG_heater,y");
    }
    let step = StepText {
        symbol: "EG_PJ,y",
        title: text("项目净上网电量", "net electricity supplied by the project").into(),
        clause: format!("{} (2)", method.code),
        formula,
        unit: "MWh",
    };
    Ok(working.step("", step, &inputs, net))
}

/// Plausibility: energy against capacity, import against export.
fn check(estimate: &Estimate, working: &mut Working<'_>) -> Result<(), InputError> {
    let possible = exact::multiply(estimate.capacity.value(), Decimal::from(365 * 24))?;
    super::working::check_energy(
        "export_mwh_per_year",
        estimate.export.value(),
        exact::add(estimate.import.value(), estimate.heater.value())?,
        possible,
        working,
    );
    Ok(())
}
