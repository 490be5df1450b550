//! One year of reductions: baseline, project emissions, difference, and the only rounding.

use rust_decimal::Decimal;

use super::fuel_use::carbon_dioxide;
use super::period::Part;
use super::working::{StepText, Working};
use crate::exact::{self, Exact};
use crate::factors::Factor;
use crate::input::InputError;
use crate::quantity::{MegawattHours, TonnesCo2e};
use crate::text::text;
use crate::trace::YearLine;

/// What differs between the two methodologies.
#[derive(Clone, Copy)]
pub(super) struct Method {
    /// Code with version.
    pub code: &'static str,
    /// Number of the equation ER = BE - PE.
    pub reduction_equation: &'static str,
    /// Fossil fuel is part of it.
    pub fuels: bool,
}

/// What goes into a year line, before weighting by days.
pub(super) struct YearAmounts {
    /// Net electricity, MWh.
    pub eg: Decimal,
    /// Carbon burnt, tC.
    pub carbon: Decimal,
    /// Days counted and days of the year, if the amounts are those of a whole year.
    pub weight: Option<(u16, u16)>,
    /// The rounded figure of this line is what counts (not so where only the period is rounded).
    pub rounded: bool,
}

/// A year line and its exact reductions.
pub(super) fn year_line(
    method: Method,
    part: &Part,
    factor: &Factor,
    amounts: &YearAmounts,
    working: &mut Working<'_>,
) -> Result<(YearLine, Exact), InputError> {
    let line = part.year.to_string();
    let ef = factor.cm.value();
    let weighted = |amount: Exact| match amounts.weight {
        Some((days, of)) => amount.times(u32::from(days), u32::from(of)),
        None => Ok(amount),
    };
    let eg = weighted(Exact::new(amounts.eg, 1))?;
    let be = weighted(Exact::new(exact::multiply(amounts.eg, ef)?, 1))?;
    let pe = weighted(carbon_dioxide(amounts.carbon)?)?;
    let er = be.minus(pe)?;
    let days: &[(&str, Decimal, &str)] = &match amounts.weight {
        Some((days, of)) if days != of => {
            vec![
                ("d", Decimal::from(days), "d"),
                ("D", Decimal::from(of), "d"),
            ]
        }
        _ => Vec::new(),
    };
    let by_days = if days.is_empty() { "" } else { " × d / D" };
    let step = |symbol, title, equation: &str, formula| StepText {
        symbol,
        title,
        clause: format!("{} ({equation})", method.code),
        formula,
        unit: "tCO2e",
    };
    working.step(
        &line,
        step(
            "BE_y",
            text("基准线排放", "baseline emissions").into(),
            "1",
            format!("EG_PJ,y × EF_CM,y{by_days}"),
        ),
        &[
            &[("EG_PJ,y", amounts.eg, "MWh"), ("EF_CM,y", ef, "tCO2/MWh")],
            days,
        ]
        .concat(),
        be.to_decimal(),
    );
    if method.fuels {
        let burnt = carbon_dioxide(amounts.carbon)?.to_decimal();
        working.step(
            &line,
            step(
                "PE_y",
                text("项目排放", "project emissions").into(),
                "4",
                format!("Σ PE_i,y{by_days}"),
            ),
            &[&[("Σ PE_i,y", burnt, "tCO2")], days].concat(),
            pe.to_decimal(),
        );
    }
    working.step(
        &line,
        step(
            "ER_y",
            text("减排量，取整前", "reductions before rounding").into(),
            method.reduction_equation,
            "BE_y − PE_y".to_owned(),
        ),
        &[
            ("BE_y", be.to_decimal(), "tCO2e"),
            ("PE_y", pe.to_decimal(), "tCO2e"),
        ],
        er.to_decimal(),
    );
    let er_t = er.round_down()?.max(0);
    if amounts.rounded {
        rounding_step(&line, er, er_t, working);
    }
    let year_line = YearLine {
        year: part.year,
        from: part.from,
        to: part.to,
        days: part.days,
        days_in_year: part.days_in_year,
        eg: Some(MegawattHours::new(eg.to_decimal())),
        ef: Some(factor.cm),
        factor_label: Some(factor.label),
        sink: None,
        stale: factor.stale,
        assumed: factor.assumed,
        be: Some(TonnesCo2e::new(be.to_decimal())),
        pe: TonnesCo2e::new(pe.to_decimal()),
        le: TonnesCo2e::ZERO,
        er: TonnesCo2e::new(er.to_decimal()),
        er_t,
    };
    Ok((year_line, er))
}

/// The step that rounds: down to whole tonnes, and to 0 where the result is negative.
pub(super) fn rounding_step(line: &str, er: Exact, er_t: i64, working: &mut Working<'_>) {
    working.step(
        line,
        StepText {
            symbol: "ER_t",
            title: text(
                "减排量，向下取整为整吨；负值登记为 0",
                "reductions in whole tonnes, rounded down; a negative value is registered as 0",
            )
            .into(),
            clause: "取整惯例 rounding practice".to_owned(),
            formula: "max(0, ⌊ER⌋)".to_owned(),
            unit: "tCO2e",
        },
        &[("ER", er.to_decimal(), "tCO2e")],
        Decimal::from(er_t),
    );
}
