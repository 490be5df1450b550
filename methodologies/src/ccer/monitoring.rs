//! The accounting of a monitoring period: metering lines, corrected, netted and grouped by calendar year.

use rust_decimal::Decimal;
use serde_json::Value;

use super::grid_factor::FactorChoice;
use super::lines::{self, Line};
use super::meter::{self, Side};
use super::period::Period;
use super::working::{self, StepText, Working};
use super::year_line::{Method, YearAmounts, year_line};
use crate::catalogue::Methodology;
use crate::day;
use crate::exact;
use crate::factors::Factor;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::quantity::Megawatts;
use crate::schema::Field;
use crate::text::text;
use crate::trace::Outcome;

/// What was read.
struct Monitoring {
    capacity: Megawatts,
    period: Period,
    lines: Vec<Line>,
    factors: FactorChoice,
}

/// Runs an ex-post calculator.
pub(super) fn run(
    method: Method,
    methodology: &Methodology,
    calculator: &'static str,
    fields: &'static [Field],
    input: &Value,
    set: &Parameters,
) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, fields);
    let monitoring = read(&mut reader, method, methodology);
    let monitoring = reader.finish(monitoring)?;
    compute(&monitoring, method, calculator, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>, method: Method, methodology: &Methodology) -> Option<Monitoring> {
    let factors = FactorChoice::read(reader, methodology);
    let capacity = reader.quantity("capacity_mw");
    let from = reader.date("period_from");
    let to = reader.date("period_to");
    let mut period = None;
    if let (Some(from), Some(to), Some(factors)) = (from, to, &factors) {
        let names = ("period_from", "period_to");
        match Period::checked(
            from,
            to,
            methodology.crediting_years_max,
            factors.on(),
            names,
        ) {
            Ok(checked) => period = Some(checked),
            Err(error) => reader.error(error),
        }
    }
    let lines = lines::read(reader, period, method.fuels);
    Some(Monitoring {
        capacity: capacity?,
        period: period?,
        lines,
        factors: factors?,
    })
}

fn compute(
    monitoring: &Monitoring,
    method: Method,
    calculator: &str,
    set: &Parameters,
) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    let mut amounts = Vec::new();
    for line in lines::by_date(monitoring.lines.iter()) {
        check(monitoring, line, &mut working)?;
        let eg = net_of_line(monitoring, line, method, &mut working)?;
        let mut carbon = Decimal::ZERO;
        for fuel in &line.fuels {
            let burnt = fuel.carbon(
                &line.path,
                method.code,
                monitoring.factors.on(),
                &mut working,
            )?;
            carbon = exact::add(carbon, burnt)?;
        }
        amounts.push((line.from.year(), eg, carbon));
    }
    let parts = monitoring.period.calendar_years();
    let factors = parts
        .iter()
        .map(|part| monitoring.factors.factor(set, part.year))
        .collect::<Result<Vec<Factor>, InputError>>()?;
    monitoring
        .factors
        .explain(&factors, method.code, &mut working)?;

    let mut year_lines = Vec::new();
    for (part, factor) in parts.iter().zip(&factors) {
        let (mut eg, mut carbon) = (Decimal::ZERO, Decimal::ZERO);
        let mut inputs = Vec::new();
        for (_, line_eg, line_carbon) in amounts.iter().filter(|(year, ..)| *year == part.year) {
            eg = exact::add(eg, *line_eg)?;
            carbon = exact::add(carbon, *line_carbon)?;
            inputs.push(("EG_PJ,l", *line_eg, "MWh"));
        }
        working.step(
            &part.year.to_string(),
            StepText {
                symbol: "EG_PJ,y",
                title: text("全年净上网电量", "net electricity of the year").into(),
                clause: format!("{} (2)", method.code),
                formula: "Σ EG_PJ,l".to_owned(),
                unit: "MWh",
            },
            &inputs,
            eg,
        );
        let amounts = YearAmounts {
            eg,
            carbon,
            weight: None,
            rounded: true,
        };
        year_lines.push(year_line(method, part, factor, &amounts, &mut working)?.0);
    }
    working::negative_years(&year_lines, &mut working);
    let total_t = year_lines.iter().map(|line| line.er_t).sum();
    Ok(Outcome {
        calculator: calculator.to_owned(),
        methodology_version: method.code.to_owned(),
        parameter_set: set.set,
        rounding: "calendar_year_lines".to_owned(),
        from: monitoring.period.from,
        to: monitoring.period.to,
        annual_t: monitoring.period.per_year(total_t),
        total_t,
        year_lines,
        parameters: working.parameters,
        steps: working.steps,
        notes: working.notes,
    })
}

/// Net electricity of a line: every reading corrected on its own, then exports less imports.
fn net_of_line(
    monitoring: &Monitoring,
    line: &Line,
    method: Method,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let mut net = Decimal::ZERO;
    let mut inputs = Vec::new();
    let mut formula = String::new();
    for reading in &line.readings {
        let counted = meter::corrected(
            reading,
            &line.path,
            method.code,
            monitoring.factors.on(),
            working,
        )?;
        let (sign, sum) = match reading.side {
            Side::Credit => (" + ", exact::add(net, counted)?),
            Side::Debit => (" − ", exact::subtract(net, counted)?),
        };
        if !formula.is_empty() || reading.side == Side::Debit {
            formula.push_str(sign);
        }
        formula.push_str(reading.symbol);
        inputs.push((reading.symbol, counted, reading.unit));
        net = sum;
    }
    let step = StepText {
        symbol: "EG_PJ,l",
        title: text("{days}的净上网电量", "net electricity of {days}").fill(&[(
            "days",
            format!("{} – {}", day::to_text(line.from), day::to_text(line.to)),
        )]),
        clause: format!("{} (2)", method.code),
        formula,
        unit: "MWh",
    };
    Ok(working.step(&line.path, step, &inputs, net))
}

/// Plausibility of a line: energy against capacity and time, import against export.
fn check(
    monitoring: &Monitoring,
    line: &Line,
    working: &mut Working<'_>,
) -> Result<(), InputError> {
    let hours = Decimal::from(day::inclusive(line.from, line.to)) * Decimal::from(24);
    let possible = exact::multiply(monitoring.capacity.value(), hours)?;
    let (export, import) = (
        lines::sum(line, Side::Credit),
        lines::sum(line, Side::Debit),
    );
    working::check_energy(
        &format!("{}.export_mwh", line.path),
        export,
        import,
        possible,
        working,
    );
    Ok(())
}
