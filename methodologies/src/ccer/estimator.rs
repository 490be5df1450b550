//! What the estimators share: one typical year by assumed formulas, spread over the crediting period, and a plain warning.

use rust_decimal::Decimal;
use time::Date;

use super::fields as f;
use super::grid_factor::FactorChoice;
use super::period::Period;
use super::working::{StepText, Working, negative_years};
use super::year_line::rounding_step;
use crate::catalogue::Methodology;
use crate::day;
use crate::exact::{self, Exact};
use crate::factors::Factor;
use crate::input::{InputError, Reader};
use crate::quantity::TonnesCo2e;
use crate::schema::{Field, Kind};
use crate::text::{Text, text};
use crate::trace::{NoteLevel, Outcome, YearLine};

/// Whole tonnes a year that a document declares, to be held against the estimate.
pub(super) const DECLARED: Field = f::optional(
    "declared_t_per_year",
    Kind::Number {
        unit: "tCO2e",
        min: "0",
        max: "100000000",
        decimals: 0,
    },
    text("文件申报的年减排量", "Reductions per year as declared"),
    text(
        "可选。填写后与估算结果比较，超出时提示。",
        "Optional. It is compared with the estimate, with a warning where it is more.",
    ),
);

/// Period and day of an estimate.
pub(super) struct Frame {
    pub period: Period,
    /// The day on which numbers are looked up.
    pub on: Date,
}

impl Frame {
    /// Reads `crediting_from`, `crediting_to` and `as_of`.
    pub fn read(reader: &mut Reader<'_>, methodology: &Methodology) -> Option<Self> {
        let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
        let as_of = reader.date("as_of");
        let (from, to) = (from?, to?);
        if from < methodology.in_force_from {
            reader.error(
                InputError::new("crediting_from", "methodology_not_in_force")
                    .with("code", methodology.code)
                    .with("from", day::to_text(methodology.in_force_from)),
            );
        }
        let on = as_of.unwrap_or(from);
        let names = ("crediting_from", "crediting_to");
        match Period::checked(from, to, methodology.crediting_years_max, on, names) {
            Ok(period) => Some(Self { period, on }),
            Err(error) => {
                reader.error(error);
                None
            }
        }
    }
}

/// The factor of the first energy year, explained; reductions of these two methods start after 2025, so that one set serves all years.
pub(super) fn grid_factor(
    choice: &FactorChoice,
    frame: &Frame,
    code: &str,
    working: &mut Working<'_>,
) -> Result<Factor, InputError> {
    let factor = choice.factor(working.set, frame.period.from.year())?;
    choice.explain(std::slice::from_ref(&factor), code, working)?;
    Ok(factor)
}

/// What a typical year avoids and what it emits, tCO2e.
pub(super) struct Typical {
    pub be: Decimal,
    pub pe: Decimal,
    /// The grid factor used, if any.
    pub factor: Option<Factor>,
}

/// Says in every outcome that it is an estimate and nothing more.
pub(super) fn warn(working: &mut Working<'_>, why: Text) {
    working.note(
        NoteLevel::Warning,
        "estimate_only",
        "",
        text(
            "仅为粗略估算，不得用于申报：{why_zh}",
            "A rough estimate, not to be used in a filing: {why_en}",
        ),
        &[("why_zh", why.zh.to_owned()), ("why_en", why.en.to_owned())],
    );
}

/// Project years of a typical year, each rounded down, and their sum.
pub(super) fn outcome(
    methodology: &Methodology,
    calculator: &str,
    frame: &Frame,
    typical: &Typical,
    mut working: Working<'_>,
) -> Result<Outcome, InputError> {
    let mut year_lines = Vec::new();
    for part in frame.period.project_years() {
        let share = |amount: Decimal| {
            Exact::new(amount, 1).times(u32::from(part.days), u32::from(part.days_in_year))
        };
        let (be, pe) = (share(typical.be)?, share(typical.pe)?);
        let er = be.minus(pe)?;
        let er_t = er.round_down()?.max(0);
        let line = part.year.to_string();
        let by_days = if part.days == part.days_in_year {
            ""
        } else {
            " × d / D"
        };
        working.step(
            &line,
            StepText {
                symbol: "ER_y",
                title: text("减排量，取整前", "reductions before rounding").into(),
                clause: format!("{}（公式未见，估算）", methodology.code),
                formula: format!("(BE − PE){by_days}"),
                unit: "tCO2e",
            },
            &[("BE", typical.be, "tCO2e"), ("PE", typical.pe, "tCO2e")],
            er.to_decimal(),
        );
        rounding_step(&line, er, er_t, &mut working);
        year_lines.push(YearLine {
            year: part.year,
            from: part.from,
            to: part.to,
            days: part.days,
            days_in_year: part.days_in_year,
            eg: None,
            ef: typical.factor.as_ref().map(|factor| factor.cm),
            factor_label: typical.factor.as_ref().map(|factor| factor.label),
            sink: None,
            stale: typical.factor.as_ref().is_some_and(|factor| factor.stale),
            assumed: true,
            be: Some(TonnesCo2e::new(be.to_decimal())),
            pe: TonnesCo2e::new(pe.to_decimal()),
            le: TonnesCo2e::ZERO,
            er: TonnesCo2e::new(er.to_decimal()),
            er_t,
        });
    }
    negative_years(&year_lines, &mut working);
    let total_t = year_lines.iter().map(|line| line.er_t).sum();
    Ok(Outcome {
        calculator: calculator.to_owned(),
        methodology_version: methodology.code.to_owned(),
        parameter_set: working.set.set,
        rounding: "project_year_lines".to_owned(),
        from: frame.period.from,
        to: frame.period.to,
        annual_t: frame.period.per_year(total_t),
        total_t,
        year_lines,
        parameters: working.parameters,
        steps: working.steps,
        notes: working.notes,
    })
}

/// Warns where a document declares more than can be.
pub(super) fn check_declared(
    declared: Option<TonnesCo2e>,
    most: Decimal,
    working: &mut Working<'_>,
) {
    let Some(declared) = declared.filter(|declared| declared.value() > most) else {
        return;
    };
    working.note(
        NoteLevel::Warning,
        "declared_above_estimate",
        "declared_t_per_year",
        text(
            "申报的年减排量 {declared} t 超过按这些输入可能达到的上限 {most} t，请核对。",
            "The {declared} t a year declared are more than these inputs can give, {most} t. Check them.",
        ),
        &[
            ("declared", declared.to_string()),
            ("most", most.trunc().normalize().to_string()),
        ],
    );
}

/// The sum of amounts without losing a digit.
pub(super) fn sum(amounts: &[Decimal]) -> Result<Decimal, InputError> {
    let mut total = Decimal::ZERO;
    for amount in amounts {
        total = exact::add(total, *amount)?;
    }
    Ok(total)
}
