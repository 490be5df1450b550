//! Year lines of a sink: `er = (removals − uncertainty − pe − baseline − le) − non_permanence`, and the only rounding.

use rust_decimal::Decimal;

use super::{amount, divide, non_permanence, product, sum};
use crate::ccer::period::{Part, Period};
use crate::ccer::working::{StepText, Working, negative_years};
use crate::day;
use crate::exact::{Exact, TooManyDigits};
use crate::input::InputError;
use crate::quantity::TonnesCo2e;
use crate::text::text;
use crate::trace::{NoteLevel, Outcome, SinkLine, YearLine};

/// Digits behind the point that count when a line is rounded down to whole tonnes: what divisions leave behind the ninth
/// must not cost a tonne.
const DECIMALS: u32 = 9;

/// The amounts of one year line in tCO2e, already those of the line's days.
pub(in crate::ccer) struct SinkYear {
    /// Which days.
    pub part: Part,
    /// Change of all carbon stocks of the project.
    pub removals: Decimal,
    /// Deducted for the uncertainty of sampling, not negative.
    pub uncertainty: Decimal,
    /// Emissions of the project: fire, soil.
    pub emissions: Decimal,
    /// Removals without the project, and what site preparation removed.
    pub baseline: Decimal,
    /// Leakage.
    pub leakage: Decimal,
}

/// What is the same for all lines.
pub(in crate::ccer) struct SinkLines<'a> {
    /// Code of the methodology with version.
    pub code: &'static str,
    /// Code of the calculator.
    pub calculator: &'static str,
    /// The period of the lines.
    pub period: Period,
    /// Rate of the deduction for non-permanence, 0 to 1.
    pub k_risk: Decimal,
    /// Number of the equation of the net removals.
    pub equation: &'a str,
    /// What the document itself says the total is, if it does, and the path of that field.
    pub stated_total: Option<Decimal>,
    /// What the document itself says per year.
    pub stated_annual: Option<Decimal>,
    /// The area in ha and the usual least and largest removals per hectare and year; outside them a warning is noted.
    pub plausible: Option<(Decimal, (Decimal, Decimal))>,
}

/// Turns the amounts into year lines and the outcome.
pub(in crate::ccer) fn outcome(
    lines: &SinkLines<'_>,
    years: &[SinkYear],
    mut working: Working<'_>,
) -> Result<Outcome, InputError> {
    let assumed = working.parameters.iter().any(|used| used.assumed);
    let mut year_lines = Vec::with_capacity(years.len());
    // a loss of one line is made good by the next ones before they count; never above zero
    let mut loss = Decimal::ZERO;
    for year in years {
        year_lines.push(year_line(lines, year, assumed, &mut loss, &mut working)?);
    }
    loss_left(loss, &mut working);
    negative_years(&year_lines, &mut working);
    let total_t: i64 = year_lines.iter().map(|line| line.er_t).sum();
    let annual_t = lines.period.per_year(total_t);
    stated("stated_total_t", lines.stated_total, total_t, &mut working);
    stated(
        "stated_annual_t",
        lines.stated_annual,
        annual_t,
        &mut working,
    );
    if let Some((area, limits)) = lines.plausible {
        plausible_per_hectare(annual_t, area, limits, &mut working);
    }
    Ok(Outcome {
        calculator: lines.calculator.to_owned(),
        methodology_version: lines.code.to_owned(),
        parameter_set: working.set.set,
        rounding: "calendar_year_lines".to_owned(),
        from: lines.period.from,
        to: lines.period.to,
        annual_t,
        total_t,
        year_lines,
        parameters: working.parameters,
        steps: working.steps,
        notes: working.notes,
    })
}

fn year_line(
    lines: &SinkLines<'_>,
    year: &SinkYear,
    assumed: bool,
    loss: &mut Decimal,
    working: &mut Working<'_>,
) -> Result<YearLine, InputError> {
    let part = &year.part;
    let line = part.year.to_string();
    let deducted = [
        year.uncertainty,
        year.emissions,
        year.baseline,
        year.leakage,
    ];
    let net = deducted
        .iter()
        .try_fold(year.removals, |net, deducted| sum(net, -*deducted))?
        .round_dp(DECIMALS);
    let step = |symbol, zh, en, formula: &str| StepText {
        symbol,
        title: text(zh, en).into(),
        clause: format!("{} {}", lines.code, lines.equation),
        formula: formula.to_owned(),
        unit: "tCO2e",
    };
    working.step(
        &line,
        step(
            "ΔC_NET,t",
            "净碳汇量，扣减非持久性风险前",
            "net removals before the deduction for non-permanence",
            "ΔC_PROJ,t − U_t − GHG_t − ΔC_BSL,t − LK_t",
        ),
        &[
            ("ΔC_PROJ,t", year.removals.round_dp(DECIMALS), "tCO2e"),
            ("U_t", year.uncertainty.round_dp(DECIMALS), "tCO2e"),
            ("GHG_t", year.emissions.round_dp(DECIMALS), "tCO2e"),
            ("ΔC_BSL,t", year.baseline.round_dp(DECIMALS), "tCO2e"),
            ("LK_t", year.leakage.round_dp(DECIMALS), "tCO2e"),
        ],
        net,
    );
    let risk = non_permanence::deduction(net, lines.k_risk)?.round_dp(DECIMALS);
    let er = sum(net, -risk)?.round_dp(DECIMALS);
    working.step(
        &line,
        step(
            "CDR_t",
            "减排量，取整前",
            "reductions before rounding",
            if net < Decimal::ZERO {
                "ΔC_NET,t"
            } else {
                "ΔC_NET,t × (1 − K_RISK)"
            },
        ),
        &[("ΔC_NET,t", net, "tCO2e"), ("K_RISK", lines.k_risk, "1")],
        er,
    );
    let er_t = whole_tonnes(&line, er, loss, working)?;
    let tonnes = |value: Decimal| TonnesCo2e::new(value.round_dp(DECIMALS).normalize());
    Ok(YearLine {
        year: part.year,
        from: part.from,
        to: part.to,
        days: part.days,
        days_in_year: part.days_in_year,
        eg: None,
        ef: None,
        factor_label: None,
        sink: Some(SinkLine {
            removals: tonnes(year.removals),
            uncertainty: tonnes(year.uncertainty),
            baseline: tonnes(year.baseline),
            non_permanence: tonnes(risk),
        }),
        stale: false,
        assumed,
        be: None,
        pe: tonnes(year.emissions),
        le: tonnes(year.leakage),
        er: tonnes(er),
        er_t,
    })
}

/// The only rounding: whole tonnes of a line after the loss of earlier lines is made good; what is left of the loss stays in `loss`.
fn whole_tonnes(
    line: &str,
    er: Decimal,
    loss: &mut Decimal,
    working: &mut Working<'_>,
) -> Result<i64, InputError> {
    let before = *loss;
    let counted = sum(er, before)?.round_dp(DECIMALS);
    *loss = counted.min(Decimal::ZERO);
    let exact = Exact::new(counted, 1);
    let er_t = exact.round_down()?.max(0);
    if before.is_zero() {
        crate::ccer::year_line::rounding_step(line, exact, er_t, working);
        return Ok(er_t);
    }
    let step = StepText {
        symbol: "ER_t",
        title: text(
            "抵补此前年份的损失后，向下取整为整吨",
            "reductions in whole tonnes, rounded down, after the loss of earlier years is made good",
        )
        .into(),
        clause: "保守处理 conservative treatment".to_owned(),
        formula: "max(0, ⌊ER + L⌋)".to_owned(),
        unit: "tCO2e",
    };
    let inputs = [("ER", er, "tCO2e"), ("L", before, "tCO2e")];
    working.step(line, step, &inputs, Decimal::from(er_t));
    Ok(er_t)
}

/// Warns where a loss is left at the end of the period.
fn loss_left(loss: Decimal, working: &mut Working<'_>) {
    if loss < Decimal::ZERO {
        working.note(
            NoteLevel::Warning,
            "loss_left",
            "",
            text(
                "期末仍有 {loss} t 的损失未被抵补，应在以后的核算中先行抵补。",
                "A loss of {loss} t is left at the end of the period: it has to be made good in later periods first.",
            ),
            &[("loss", (-loss).normalize().to_string())],
        );
    }
}

/// Warns where the document says another figure than the one computed.
pub(in crate::ccer) fn stated(
    field: &'static str,
    stated: Option<Decimal>,
    computed: i64,
    working: &mut Working<'_>,
) {
    if let Some(stated) = stated.filter(|stated| *stated != Decimal::from(computed)) {
        working.note(
            NoteLevel::Warning,
            "stated_differs",
            field,
            text(
                "文本所写为 {stated} t，计算结果为 {computed} t。请更正文本，或检查输入。",
                "The text says {stated} t, the calculation gives {computed} t. Correct the text or check the inputs.",
            ),
            &[
                ("stated", stated.normalize().to_string()),
                ("computed", computed.to_string()),
            ],
        );
    }
}

/// The days of a part on which a stock changed: those after a day; `None` if there is none.
pub(in crate::ccer) fn days_after(part: &Part, after: time::Date) -> Option<Part> {
    let from = part.from.max(after.next_day()?);
    let days = u16::try_from(day::inclusive(from, part.to)).ok()?;
    (days > 0).then_some(Part {
        from,
        days,
        ..*part
    })
}

/// The share of a change between two days that falls on the days of a part, linear in time. The change happens from the end
/// of `after` to the end of `until`; days of the part up to `after` have none of it.
pub(in crate::ccer) fn share_of_days(
    change: Decimal,
    part: &Part,
    after: time::Date,
    until: time::Date,
) -> Result<Decimal, TooManyDigits> {
    let all = i64::from(until.to_julian_day()) - i64::from(after.to_julian_day());
    if all <= 0 {
        return Ok(Decimal::ZERO);
    }
    let Some(part) = days_after(part, after) else {
        return Ok(Decimal::ZERO);
    };
    let days = Decimal::from(part.days);
    Ok(amount(divide(
        product(&[change, days])?,
        Decimal::from(all),
    )?))
}

/// Warns where the yearly removals per hectare are outside what registered projects declare. It never blocks.
fn plausible_per_hectare(
    annual_t: i64,
    area: Decimal,
    limits: (Decimal, Decimal),
    working: &mut Working<'_>,
) {
    let Ok(per_hectare) = divide(Decimal::from(annual_t), area) else {
        return;
    };
    let per_hectare = per_hectare.round_dp(2);
    if per_hectare < limits.0 || per_hectare > limits.1 {
        working.note(
            NoteLevel::Warning,
            "removals_per_hectare_unusual",
            "",
            text(
                "每公顷每年 {found} t，超出已公示项目的常见范围 {min}–{max} t。请核对面积、生长曲线和样地数据。",
                "{found} t per hectare and year lie outside the usual range of published projects, {min} to {max} t. Check areas, growth curves and plots.",
            ),
            &[
                ("found", per_hectare.normalize().to_string()),
                ("min", limits.0.normalize().to_string()),
                ("max", limits.1.normalize().to_string()),
            ],
        );
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_period_that_begins_before_the_earlier_stock_counts_only_the_days_after_it() {
        let part = Part {
            year: 2026,
            from: date!(2026 - 01 - 01),
            to: date!(2026 - 12 - 31),
            days: 365,
            days_in_year: 365,
        };
        let share = |after, until| share_of_days(Decimal::from(365), &part, after, until).unwrap();
        // 365 t in the 365 days from 2026-07-01 to 2027-06-30, of which 184 lie in 2026
        assert_eq!(
            share(date!(2026 - 06 - 30), date!(2027 - 06 - 30)),
            Decimal::from(184)
        );
        assert_eq!(
            share(date!(2025 - 12 - 31), date!(2026 - 12 - 31)),
            Decimal::from(365)
        );
        assert_eq!(
            share(date!(2026 - 12 - 31), date!(2027 - 12 - 31)),
            Decimal::ZERO
        );
    }
}
