//! Sampling: from plots to strata to the project, how sure the mean is, and what is deducted for it.
//!
//! c_i = Σ c_p / n_i; S_i² = (n_i·Σc² − (Σc)²) / (n_i·(n_i − 1)); c = Σ w_i·c_i; S² = Σ w_i²·S_i² / n_i;
//! u = t(90 %, n − M)·S / c. The text of the methodologies' own table was not found: the deductions are assumed.

use rust_decimal::Decimal;
use time::Date;

use super::real;
use super::{amount, divide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::exact::TooManyDigits;
use crate::input::InputError;
use crate::text::text;

/// The plots of one stratum.
pub(in crate::ccer) struct Sampled<'a> {
    /// The stratum's name, for steps and errors.
    pub name: &'a str,
    /// Its area, ha.
    pub area: Decimal,
    /// What was measured in each plot, per hectare.
    pub plots: Vec<Decimal>,
}

/// What sampling says about the whole project.
pub(in crate::ccer) struct Estimate {
    /// Mean of each stratum per hectare, in the order of the strata.
    pub means: Vec<Decimal>,
    /// The project's total: Σ area × mean.
    pub total: Decimal,
    /// Relative uncertainty at 90 % confidence, percent.
    pub uncertainty_percent: Decimal,
    /// The share of the total that is deducted, 0 to 1.
    pub deduction: Decimal,
}

/// How the steps of an estimate are labelled.
#[derive(Clone, Copy)]
pub(in crate::ccer) struct Labels {
    /// Code of the methodology.
    pub code: &'static str,
    /// Unit of a plot's value, for example `tCO2e/ha`.
    pub per_hectare: &'static str,
    /// Unit of the total, for example `tCO2e`.
    pub total: &'static str,
    /// The field to which errors belong, for example `plots`.
    pub path: &'static str,
}

/// Mean, total, relative uncertainty and deduction of a stratified sample. Refused: fewer plots in a stratum than the least
/// number, and an uncertainty above the limit ("more plots").
pub(in crate::ccer) fn estimate(
    strata: &[Sampled<'_>],
    labels: Labels,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Estimate, Vec<InputError>> {
    let one = |error: InputError| vec![error];
    let least = working
        .number("sink.plots_per_stratum_min", on, "as_of")
        .map_err(one)?;
    let few: Vec<InputError> = strata
        .iter()
        .filter(|stratum| Decimal::from(stratum.plots.len()) < least.max(Decimal::TWO))
        .take(100)
        .map(|stratum| {
            InputError::new(labels.path, "plots_too_few")
                .with("stratum", stratum.name)
                .with("found", stratum.plots.len())
                .with("min", least.normalize())
        })
        .collect();
    if !few.is_empty() {
        return Err(few);
    }
    measured(strata, labels, on, working).map_err(one)
}

fn measured(
    strata: &[Sampled<'_>],
    labels: Labels,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Estimate, InputError> {
    let area = strata
        .iter()
        .try_fold(Decimal::ZERO, |area, stratum| sum(area, stratum.area))?;
    let (mut means, mut mean, mut total, mut variance) =
        (Vec::new(), Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    let mut plots = 0_usize;
    for stratum in strata {
        let (stratum_mean, stratum_variance) = mean_and_variance(&stratum.plots)?;
        let count = Decimal::from(stratum.plots.len());
        let weight = divide(stratum.area, area)?;
        plots += stratum.plots.len();
        means.push(stratum_mean);
        mean = sum(mean, product(&[weight, stratum_mean])?)?;
        total = sum(total, product(&[stratum.area, stratum_mean])?)?;
        variance = sum(
            variance,
            divide(product(&[weight, weight, stratum_variance])?, count)?,
        )?;
        stratum_steps(stratum, labels, stratum_mean, stratum_variance, working);
    }
    let freedom = plots.saturating_sub(strata.len()).max(1);
    let t = t_value(freedom, on, working)?;
    let deviation = real::square_root(variance)?;
    let uncertainty_percent = if mean.is_zero() {
        Decimal::ZERO
    } else {
        divide(product(&[t, deviation, Decimal::ONE_HUNDRED])?, mean.abs())?.round_dp(6)
    };
    let step = |symbol, zh, en, formula: &str, unit| StepText {
        symbol,
        title: text(zh, en).into(),
        clause: format!("{} 抽样 sampling", labels.code),
        formula: formula.to_owned(),
        unit,
    };
    working.step(
        "",
        step(
            "c",
            "单位面积平均值",
            "mean per hectare",
            "Σ w_i × c_i",
            labels.per_hectare,
        ),
        &[("Σ A_i × c_i", total, labels.total), ("Σ A_i", area, "ha")],
        amount(mean),
    );
    working.step(
        "",
        step(
            "u",
            "相对不确定性（90 % 置信水平）",
            "relative uncertainty at 90 % confidence",
            "t × S / c × 100",
            "%",
        ),
        &[
            ("t", t, "1"),
            ("n − M", Decimal::from(freedom), "1"),
            ("S", deviation, labels.per_hectare),
            ("c", amount(mean), labels.per_hectare),
        ],
        uncertainty_percent,
    );
    let deduction = deduction(uncertainty_percent, labels, on, working)?;
    Ok(Estimate {
        means,
        total: amount(total),
        uncertainty_percent,
        deduction,
    })
}

fn stratum_steps(
    stratum: &Sampled<'_>,
    labels: Labels,
    mean: Decimal,
    variance: Decimal,
    working: &mut Working<'_>,
) {
    let count = Decimal::from(stratum.plots.len());
    working.step(
        stratum.name,
        StepText {
            symbol: "c_i",
            title: text("碳层样地平均值", "mean of the stratum's plots").into(),
            clause: format!("{} 抽样 sampling", labels.code),
            formula: "Σ c_p / n_i".to_owned(),
            unit: labels.per_hectare,
        },
        &[
            ("n_i", count, "1"),
            ("S_i²", amount(variance), "1"),
            ("A_i", stratum.area, "ha"),
        ],
        mean,
    );
}

/// Mean and variance of the values of one stratum, n ≥ 2.
fn mean_and_variance(values: &[Decimal]) -> Result<(Decimal, Decimal), TooManyDigits> {
    let count = Decimal::from(values.len().max(1));
    let total = values
        .iter()
        .try_fold(Decimal::ZERO, |total, value| sum(total, *value))?;
    let mean = divide(total, count)?;
    if values.len() < 2 {
        return Ok((amount(mean), Decimal::ZERO));
    }
    // the squares of the differences from the mean: the same as the formula above, and never below zero
    let squares = values.iter().try_fold(Decimal::ZERO, |squares, value| {
        let difference = sum(*value, -mean)?;
        sum(squares, product(&[difference, difference])?)
    })?;
    Ok((amount(mean), divide(squares, count - Decimal::ONE)?))
}

/// Student's t for a two-sided confidence of 90 %. Between two published degrees of freedom the lower one is taken, whose t is
/// larger, which is on the safe side.
pub(in crate::ccer) fn t_value(
    freedom: usize,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let published = match freedom {
        0..=1 => 1,
        2..=30 => freedom,
        31..=39 => 30,
        40..=59 => 40,
        60..=119 => 60,
        _ => 120,
    };
    working.number(&format!("sink.t_90.{published}"), on, "as_of")
}

/// The share that is deducted for this uncertainty; refused above the highest step.
pub(in crate::ccer) fn deduction(
    uncertainty_percent: Decimal,
    labels: Labels,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let mut percent = None;
    for step in ["low", "medium", "high"] {
        let up_to = working.number(&format!("sink.uncertainty.{step}.up_to"), on, "as_of")?;
        if uncertainty_percent <= up_to {
            percent = Some((
                working.number(&format!("sink.uncertainty.{step}.deduction"), on, "as_of")?,
                up_to,
            ));
            break;
        }
        if step == "high" {
            return Err(InputError::new(labels.path, "more_plots_needed")
                .with("found", uncertainty_percent.round_dp(2).normalize())
                .with("max", up_to.normalize())
                .with("on", day::to_text(on)));
        }
    }
    let (percent, up_to) = percent.unwrap_or_default();
    let share = divide(percent, Decimal::ONE_HUNDRED)?;
    working.step(
        "",
        StepText {
            symbol: "DR",
            title: text("不确定性扣减率", "share deducted for the uncertainty").into(),
            clause: format!("{} 抽样 sampling", labels.code),
            formula: "DR(u)".to_owned(),
            unit: "1",
        },
        &[("u", uncertainty_percent, "%"), ("u_max", up_to, "%")],
        share,
    );
    Ok(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::Parameters;
    use time::macros::date;

    const ON: Date = date!(2026 - 06 - 30);
    const LABELS: Labels = Labels {
        code: "CCER-14-001-V01",
        per_hectare: "tCO2e/ha",
        total: "tCO2e",
        path: "plots",
    };

    fn plots(mean: i64, deviations: &[i64]) -> Vec<Decimal> {
        deviations
            .iter()
            .map(|deviation| Decimal::from(mean + deviation))
            .collect()
    }

    /// Twelve plots whose variance is 400, and twelve whose variance is 900.
    const TWENTY: [i64; 12] = [40, -40, 20, -20, 10, -10, 10, -10, 0, 0, 0, 0];
    const THIRTY: [i64; 12] = [60, -60, 30, -30, 20, -20, 5, -5, 5, -5, 0, 0];

    #[test]
    fn twelve_and_twelve_plots_give_an_uncertainty_of_11_68_percent_and_6_percent_less() {
        let strata = [
            Sampled {
                name: "PROJ-1",
                area: Decimal::from(600),
                plots: plots(72, &TWENTY),
            },
            Sampled {
                name: "PROJ-2",
                area: Decimal::from(400),
                plots: plots(72, &THIRTY),
            },
        ];
        let mut working = Working::new(Parameters::BUILT_IN);
        let Ok(estimate) = estimate(&strata, LABELS, ON, &mut working) else {
            panic!("it was refused");
        };
        // S² = 0.6² × 400 / 12 + 0.4² × 900 / 12 = 24; u = 1.717 × √24 / 72
        assert_eq!(
            estimate.uncertainty_percent.round_dp(2).to_string(),
            "11.68"
        );
        assert_eq!(estimate.deduction, Decimal::new(6, 2));
        assert_eq!(estimate.total, Decimal::from(72_000));
        assert_eq!(estimate.means, [Decimal::from(72), Decimal::from(72)]);
        assert!(
            working
                .parameters
                .iter()
                .any(|used| used.id == "sink.t_90.22")
        );
    }

    #[test]
    fn the_deduction_turns_just_above_each_limit() {
        let share = |percent: &str| {
            let mut working = Working::new(Parameters::BUILT_IN);
            deduction(percent.parse().unwrap(), LABELS, ON, &mut working)
                .map(|share| share.normalize().to_string())
                .map_err(|error| error.code)
        };
        for (percent, wanted) in [
            ("0", Ok("0")),
            ("10", Ok("0")),
            ("10.000001", Ok("0.06")),
            ("20", Ok("0.06")),
            ("20.000001", Ok("0.11")),
            ("30", Ok("0.11")),
            ("30.000001", Err("more_plots_needed")),
        ] {
            assert_eq!(share(percent), wanted.map(str::to_owned), "{percent}");
        }
    }

    #[test]
    fn between_published_degrees_of_freedom_the_larger_t_is_taken() {
        let mut working = Working::new(Parameters::BUILT_IN);
        let mut t = |freedom| {
            t_value(freedom, ON, &mut working)
                .map(|t| t.to_string())
                .unwrap_or_default()
        };
        for (freedom, wanted) in [
            (0, "6.314"),
            (1, "6.314"),
            (2, "2.920"),
            (22, "1.717"),
            (30, "1.697"),
            (39, "1.697"),
            (40, "1.684"),
            (59, "1.684"),
            (60, "1.671"),
            (119, "1.671"),
            (120, "1.658"),
            (9_999, "1.658"),
        ] {
            assert_eq!(t(freedom), wanted, "{freedom}");
        }
    }

    #[test]
    fn plots_that_are_all_alike_are_certain_and_empty_ones_too() {
        let mut working = Working::new(Parameters::BUILT_IN);
        for mean in [0, 50] {
            let strata = [Sampled {
                name: "PROJ-1",
                area: Decimal::from(10),
                plots: plots(mean, &[0, 0, 0]),
            }];
            let found = estimate(&strata, LABELS, ON, &mut working)
                .map(|estimate| (estimate.uncertainty_percent, estimate.deduction));
            assert_eq!(found, Ok((Decimal::ZERO, Decimal::ZERO)));
        }
    }
}
