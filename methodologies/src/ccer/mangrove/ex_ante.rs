//! The estimate of a design document: biomass by age from a curve per hectare, soil by default values.

use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;

use super::soil::SoilChoice;
use super::strata::{self, Stratum};
use super::{CODE, EX_ANTE, EX_ANTE_FIELDS};
use crate::catalogue::MANGROVE;
use crate::ccer::period::{Part, Period};
use crate::ccer::sink::year_lines::{self, SinkLines};
use crate::ccer::sink::{amount, carbon_dioxide, divide, product, real, sum};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::progress::{Phase, report};
use crate::quantity::{Quantity, TonnesCo2e, Years, unit};
use crate::text::text;
use crate::trace::{NoteLevel, Outcome};

/// Most steps that show single strata; beyond them only their sums are shown.
const STRATUM_STEPS_MAX: usize = 2_000;

/// Biomass per hectare by age.
enum Curve {
    /// a × (1 − e^(−k × age))^p
    Generic,
    /// Age and t d.m./ha, by age.
    Points(Vec<(Decimal, Decimal)>),
}

struct Planted {
    stratum: Stratum,
    curve: Curve,
}

struct Estimate {
    period: Period,
    on: Date,
    soil: SoilChoice,
    planted: Vec<Planted>,
    own_curve_without_source: bool,
    stated_total: Option<TonnesCo2e>,
    stated_annual: Option<TonnesCo2e>,
}

/// Runs the ex-ante calculator.
pub(super) fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, &EX_ANTE_FIELDS);
    let estimate = read(&mut reader);
    let estimate = reader.finish(estimate)?;
    compute(&estimate, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>) -> Option<Estimate> {
    let (from, to) = (reader.date("crediting_from"), reader.date("crediting_to"));
    let on = as_of(reader);
    let soil = SoilChoice::read(reader);
    let strata = strata::read(reader);
    let planted: Vec<Planted> = strata
        .into_iter()
        .filter_map(|stratum| {
            let curve = curve(reader, &stratum.path)?;
            Some(Planted { stratum, curve })
        })
        .collect();
    let stated_total = reader.quantity("stated_total_t");
    let stated_annual = reader.quantity("stated_annual_t");
    let sourced = reader
        .text("growth_curve_source")
        .is_some_and(|source| !source.is_empty());
    let names = ("crediting_from", "crediting_to");
    let on = on?;
    let checked = Period::checked(from?, to?, MANGROVE.crediting_years_max, on, names)
        .and_then(|period| period.at_least(MANGROVE.crediting_years_min, "crediting_to"));
    let period = match checked {
        Ok(period) => period,
        Err(error) => {
            reader.error(error);
            return None;
        }
    };
    let own_curve_without_source = !sourced
        && planted
            .iter()
            .any(|planted| matches!(planted.curve, Curve::Points(_)));
    Some(Estimate {
        period,
        on,
        soil: soil?,
        planted,
        own_curve_without_source,
        stated_total,
        stated_annual,
    })
}

/// The day on which parameters are looked up; refused before the methodology was in force.
pub(super) fn as_of(reader: &mut Reader<'_>) -> Option<Date> {
    let as_of = reader.date("as_of")?;
    if as_of < MANGROVE.in_force_from {
        reader.error(
            InputError::new("as_of", "methodology_not_in_force")
                .with("code", CODE)
                .with("from", day::to_text(MANGROVE.in_force_from)),
        );
    }
    Some(as_of)
}

fn curve(reader: &mut Reader<'_>, path: &str) -> Option<Curve> {
    let kind = reader.choice(&join(path, "curve"));
    let list = join(path, "points");
    let mut points: Vec<(Decimal, Decimal)> = Vec::new();
    for item in reader.items(&list) {
        let age: Option<Years> = reader.quantity(&join(&item, "age"));
        let biomass: Option<Quantity<unit::One>> =
            reader.quantity(&join(&item, "biomass_t_per_ha"));
        let (Some(age), Some(biomass)) = (age, biomass) else {
            continue;
        };
        if points.last().is_some_and(|(last, _)| *last >= age.value()) {
            reader.error(InputError::new(join(&item, "age"), "points_not_ascending"));
        }
        points.push((age.value(), biomass.value()));
    }
    match kind? {
        "points" if points.is_empty() => {
            reader.error(InputError::new(list, "points_required"));
            None
        }
        "points" => Some(Curve::Points(points)),
        _ => Some(Curve::Generic),
    }
}

fn compute(estimate: &Estimate, set: &Parameters) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    let soil = estimate.soil.load(estimate.on, &mut working)?;
    let k_risk = working.number("mangrove.k_risk", estimate.on, "as_of")?;
    let parts = estimate.period.calendar_years();
    let detailed = estimate.planted.len() * parts.len() <= STRATUM_STEPS_MAX;
    let mut change = vec![Decimal::ZERO; parts.len()];
    for (index, planted) in estimate.planted.iter().enumerate() {
        report(Phase::Strata, index, estimate.planted.len());
        planted.stratum.explain(&mut working);
        let grown = grown(planted, &parts, estimate.on, &mut working)?;
        for (year, part) in parts.iter().enumerate() {
            let (before, after) = (grown.biomass[year], grown.biomass[year + 1]);
            let carbon = product(&[after - before, grown.cf, planted.stratum.net_area])?;
            let of_part = amount(strata::of_days(carbon_dioxide(carbon)?, part)?);
            change[year] = sum(change[year], of_part)?;
            if detailed && before != after {
                stratum_step(
                    planted,
                    part,
                    &grown,
                    [before, after],
                    of_part,
                    &mut working,
                );
            }
        }
    }
    let strata: Vec<&Stratum> = estimate
        .planted
        .iter()
        .map(|planted| &planted.stratum)
        .collect();
    let area = strata::net_area(&strata)?;
    let mut years = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        report(Phase::Years, index, parts.len());
        years.push(soil.sink_year(&strata, part, [change[index], Decimal::ZERO], &mut working)?);
    }
    if estimate.own_curve_without_source {
        working.note(
            NoteLevel::Warning,
            "curve_without_source",
            "growth_curve_source",
            text(
                "使用了自有生长曲线，但未填写出处。",
                "Own growth curves are used, but their source is not given.",
            ),
            &[],
        );
    }
    let lines = SinkLines {
        code: CODE,
        calculator: EX_ANTE.code,
        period: estimate.period,
        k_risk,
        equation: "(1)",
        stated_total: estimate.stated_total.map(TonnesCo2e::value),
        stated_annual: estimate.stated_annual.map(TonnesCo2e::value),
        plausible: Some((area, plausible(estimate.on, &mut working)?)),
    };
    year_lines::outcome(&lines, &years, working)
}

/// The usual removals per hectare and year.
pub(super) fn plausible(
    on: Date,
    working: &mut Working<'_>,
) -> Result<(Decimal, Decimal), InputError> {
    Ok((
        working.number("mangrove.removals_per_hectare.min", on, "as_of")?,
        working.number("mangrove.removals_per_hectare.max", on, "as_of")?,
    ))
}

/// The growth of a stratum.
struct Grown {
    /// t d.m./ha at the end of the year before the first part and of each part's year.
    biomass: Vec<Decimal>,
    /// Carbon fraction.
    cf: Decimal,
}

fn grown(
    planted: &Planted,
    parts: &[Part],
    on: Date,
    working: &mut Working<'_>,
) -> Result<Grown, InputError> {
    let stratum = &planted.stratum;
    let mut number = |id: &str| working.number(id, on, "as_of");
    let cf = number(&format!("species.{}.cf", stratum.species.code))?;
    let generic = match planted.curve {
        Curve::Generic => [
            number("mangrove.curve.generic.a")?,
            number("mangrove.curve.generic.k")?,
            number("mangrove.curve.generic.p")?,
        ],
        Curve::Points(_) => [Decimal::ZERO; 3],
    };
    let first = parts.first().map_or(0, |part| part.year);
    let mut biomass = Vec::with_capacity(parts.len() + 1);
    for year in std::iter::once(first - 1).chain(parts.iter().map(|part| part.year)) {
        biomass.push(amount(planted.curve.biomass(stratum.age(year), generic)?));
    }
    let last_age = stratum.age(parts.last().map_or(0, |part| part.year));
    curve_step(planted, generic, last_age, biomass.last().copied(), working);
    Ok(Grown { biomass, cf })
}

/// Shows the curve at its last age.
fn curve_step(
    planted: &Planted,
    [a, k, p]: [Decimal; 3],
    age: i32,
    biomass: Option<Decimal>,
    working: &mut Working<'_>,
) {
    let stratum = &planted.stratum;
    let age = ("age", Decimal::from(age), "a");
    let (formula, inputs) = match &planted.curve {
        Curve::Generic => (
            "a × (1 − e^(−k × age))^p",
            vec![("a", a, "t d.m./ha"), ("k", k, "1/a"), ("p", p, "1"), age],
        ),
        Curve::Points(_) => ("B(age)", vec![age]),
    };
    working.step(
        &stratum.path,
        StepText {
            symbol: "B_i",
            title: text(
                "碳层“{name}”在计入期末的单位面积总生物量",
                "total biomass per hectare of the stratum {name} at the end of the period",
            )
            .fill(&[("name", stratum.name.clone())]),
            clause: format!("{CODE} (3)"),
            formula: formula.to_owned(),
            unit: "t d.m./ha",
        },
        &inputs,
        biomass.unwrap_or(Decimal::ZERO),
    );
}

impl Curve {
    /// Total biomass in t d.m./ha at an age in years.
    fn biomass(&self, age: i32, [a, k, p]: [Decimal; 3]) -> Result<Decimal, TooManyDigits> {
        if age <= 0 {
            return Ok(Decimal::ZERO);
        }
        let age = Decimal::from(age);
        match self {
            Self::Generic => {
                let decay = real::exponential(-product(&[k, age])?)?;
                product(&[a, real::power(Decimal::ONE - decay, p)?])
            }
            Self::Points(points) => interpolated(points, age),
        }
    }
}

/// Linear between the points, from zero at age 0, level after the last one.
fn interpolated(points: &[(Decimal, Decimal)], age: Decimal) -> Result<Decimal, TooManyDigits> {
    let mut before = (Decimal::ZERO, Decimal::ZERO);
    for &point in points {
        if age <= point.0 {
            let rise = product(&[point.1 - before.1, age - before.0])?;
            return sum(before.1, divide(rise, point.0 - before.0)?);
        }
        before = point;
    }
    Ok(before.1)
}

fn stratum_step(
    planted: &Planted,
    part: &Part,
    grown: &Grown,
    [before, after]: [Decimal; 2],
    change: Decimal,
    working: &mut Working<'_>,
) {
    let stratum = &planted.stratum;
    let mut inputs = vec![
        ("B_t2", after, "t d.m./ha"),
        ("B_t1", before, "t d.m./ha"),
        ("CF", grown.cf, "tC/t d.m."),
        ("A_i", stratum.net_area, "ha"),
    ];
    let by_days = if part.days == part.days_in_year {
        ""
    } else {
        inputs.push(("d", Decimal::from(part.days), "d"));
        inputs.push(("D", Decimal::from(part.days_in_year), "d"));
        " × d / D"
    };
    working.step(
        &part.year.to_string(),
        StepText {
            symbol: "ΔC_BIO,i,t",
            title: text(
                "碳层“{name}”的生物质碳储量变化",
                "change of the biomass carbon of the stratum {name}",
            )
            .fill(&[("name", stratum.name.clone())]),
            clause: format!("{CODE} (2)"),
            formula: format!("(B_t2 − B_t1) × CF × 44/12 × A_i{by_days}"),
            unit: "tCO2e",
        },
        &inputs,
        change,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn own_points_are_joined_by_straight_lines_and_level_off() {
        let points = [(number("2"), number("10")), (number("6"), number("50"))];
        for (age, biomass) in [
            ("1", "5"),
            ("2", "10"),
            ("3", "20"),
            ("6", "50"),
            ("9", "50"),
        ] {
            assert_eq!(interpolated(&points, number(age)), Ok(number(biomass)));
        }
    }

    #[test]
    fn before_the_end_of_the_year_of_planting_there_is_no_biomass() {
        let numbers = [number("300"), number("0.08"), number("2.5")];
        assert_eq!(Curve::Generic.biomass(0, numbers), Ok(Decimal::ZERO));
        assert_eq!(Curve::Generic.biomass(-3, numbers), Ok(Decimal::ZERO));
        // 300 × (1 − e^−0.8)^2.5
        let tenth = Curve::Generic.biomass(10, numbers).unwrap();
        assert_eq!(tenth.round_dp(6), number("67.507471"));
    }

    #[test]
    fn the_usual_range_holds_every_public_record() {
        let mut working = Working::new(Parameters::BUILT_IN);
        let day = time::macros::date!(2026 - 01 - 01);
        let (least, most) = plausible(day, &mut working).unwrap();
        // 霞浦, 龙海, 湛江: tonnes a year as declared, hectares
        for (annual, area) in [("812", "47.86"), ("1648", "83.34"), ("620", "37.1608")] {
            let per_hectare = number(annual) / number(area);
            assert!(least < per_hectare && per_hectare < most, "{per_hectare}");
        }
        // 霞浦, its first period of 58 months, the sum of what was registered for each calendar year
        let registered: i64 = [139, 287, 318, 348, 351, 88].iter().sum();
        assert_eq!(registered, 1531);
        let per_hectare = Decimal::from(registered * 12) / number("58") / number("47.86");
        assert!(least < per_hectare && per_hectare < most, "{per_hectare}");
    }

    #[test]
    fn the_generic_curve_stays_below_what_public_projects_declare() {
        let outcome =
            crate::calculate(EX_ANTE.code, &crate::example(EX_ANTE.code).unwrap()).unwrap();
        // 龙海, the same area and period: 1,648 t a year
        assert!(outcome.annual_t > 0 && outcome.annual_t < 1648);
    }
}
