//! The estimate of a design document: strata on growth curves, year by year.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;

use super::pools::{
    Fire, OtherPools, Richards, Shrubs, Woods, between, carbon, crediting_years_min,
    fire_emissions, from_volume, k_risk, plain, read_fires, soil_growth, soil_years, usual,
    with_roots,
};
use super::species::{SHRUB, Species, species};
use super::{CODE, EX_ANTE, fields};
use crate::catalogue::AFFORESTATION;
use crate::ccer::period::Period;
use crate::ccer::sink::year_lines::{SinkLines, SinkYear, outcome};
use crate::ccer::sink::{amount, divide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::progress::{self, Phase};
use crate::text::{Text, text};
use crate::trace::{NoteLevel, Outcome};

/// Up to so many strata × years each stratum's stock is a step of its own; beyond it only the sums are.
const STEPS_OF_STRATA_MAX: usize = 1_000;

/// How the trees of a stratum grow.
enum Growth {
    BuiltIn(&'static str),
    /// A curve of one's own: `biomass_per_ha`, `volume_per_ha` or `volume_per_tree`, and its points (age, value).
    Own(&'static str, Vec<(Decimal, Decimal)>),
}

struct Stratum {
    name: String,
    area: Decimal,
    species: &'static Species,
    planting_year: i32,
    density: Option<Decimal>,
    growth: Growth,
    shrub_cover: Decimal,
    baseline_cover: Decimal,
    removed_percent: Decimal,
}

struct Plan {
    on: Date,
    period: Period,
    start: Option<Date>,
    strata: Vec<Stratum>,
    others: OtherPools,
    fires: Vec<Fire>,
    stated_total: Option<Decimal>,
    stated_annual: Option<Decimal>,
}

/// Stocks of the whole project at the end of a year, tCO2e.
#[derive(Clone, Copy, Default)]
struct Stocks {
    /// Trees that have dead wood and litter.
    trees: Decimal,
    /// Planted shrubs and the shrubs between the trees.
    shrubs: Decimal,
}

pub(super) fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, fields::EX_ANTE);
    let plan = read(&mut reader, set);
    let plan = reader.finish(plan)?;
    compute(&plan, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>, set: &Parameters) -> Option<Plan> {
    let on = reader.date("as_of");
    let from = reader.date("crediting_from");
    let to = reader.date("crediting_to");
    let start = reader.date("project_start");
    let mut period = None;
    if let (Some(on), Some(from), Some(to)) = (on, from, to) {
        let names = ("crediting_from", "crediting_to");
        let years_max = AFFORESTATION.crediting_years_max;
        let checked = Period::checked(from, to, years_max, on, names)
            .and_then(|period| period.at_least(crediting_years_min(set, on)?, names.1));
        match checked {
            Ok(checked) => period = Some(checked),
            Err(error) => reader.error(error),
        }
    }
    let others = OtherPools::read(reader);
    let strata = read_strata(reader);
    let climate = others.map(OtherPools::climate);
    let years = period.map(|period| (period.from.year(), period.to.year()));
    let fires = read_fires(reader, climate, years);
    let stated_total = plain(reader, "stated_total_t");
    let stated_annual = plain(reader, "stated_annual_t");
    Some(Plan {
        on: on?,
        period: period?,
        start,
        strata,
        others: others?,
        fires,
        stated_total,
        stated_annual,
    })
}

fn read_strata(reader: &mut Reader<'_>) -> Vec<Stratum> {
    let mut strata: Vec<Stratum> = Vec::new();
    let mut names = BTreeSet::new();
    for path in reader.items("strata") {
        let at = |name: &str| join(&path, name);
        let name = reader.text(&at("name"));
        let area = plain(reader, &at("area_ha"));
        let species = reader.choice(&at("species")).and_then(species);
        let planting_year = reader.year(&at("planting_year"));
        let density = plain(reader, &at("density_per_ha"));
        let curve = reader.choice(&at("curve"));
        let growth = match (curve, species) {
            (Some(curve), Some(species)) => read_growth(reader, &path, curve, species),
            _ => None,
        };
        let shrub_cover = plain(reader, &at("shrub_cover_percent"));
        let baseline_cover = plain(reader, &at("baseline_shrub_cover_percent"));
        let removed = plain(reader, &at("removed_area_percent"));
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            reader.error(InputError::new(at("name"), "stratum_twice").with("name", name));
        }
        if let (Some(name), Some(area), Some(species), Some(planting_year), Some(growth)) =
            (name, area, species, planting_year, growth)
        {
            strata.push(Stratum {
                name,
                area,
                species,
                planting_year,
                density,
                growth,
                shrub_cover: shrub_cover.unwrap_or_default(),
                baseline_cover: baseline_cover.unwrap_or_default(),
                removed_percent: removed.unwrap_or_default(),
            });
        }
    }
    strata
}

fn read_growth(
    reader: &mut Reader<'_>,
    path: &str,
    curve: &'static str,
    species: &'static Species,
) -> Option<Growth> {
    let at = |name: &str| join(path, name);
    if curve == "built_in" {
        if species.curve.is_none() {
            reader.error(InputError::new(at("curve"), "curve_not_built_in"));
        }
        return species.curve.map(Growth::BuiltIn);
    }
    if species.code == SHRUB && curve != "biomass_per_ha" {
        reader.error(InputError::new(at("curve"), "curve_volume_of_shrubs"));
        return None;
    }
    if curve == "volume_per_tree" && !reader.has(&at("density_per_ha")) {
        reader.error(InputError::new(at("density_per_ha"), "density_required"));
    }
    if !reader.has(&at("points")) {
        reader.error(InputError::new(at("points"), "points_required"));
        return None;
    }
    let table = reader.table(&at("points"))?;
    let (age, value) = (table.place("age"), table.place("value"));
    let mut points: Vec<(Decimal, Decimal)> = Vec::new();
    for row in &table.rows {
        let (Some(age), Some(value)) = (row.number(age), row.number(value)) else {
            continue;
        };
        if points.last().is_some_and(|(last, _)| *last >= age) {
            let path = format!("{}.{}.age", at("points"), row.line);
            reader.error(InputError::new(path, "points_not_ascending"));
            return None;
        }
        points.push((age, value));
    }
    Some(Growth::Own(curve, points))
}

fn compute(plan: &Plan, set: &Parameters) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    check(plan, &mut working);
    let k_risk = k_risk(plan.on, &mut working)?;
    let (dead_wood, litter) = plan.others.dead_shares(plan.on, &mut working)?;
    let has_shrubs = plan
        .strata
        .iter()
        .any(|stratum| !(stratum.shrub_cover.is_zero() && stratum.baseline_cover.is_zero()));
    let shrubs = if has_shrubs {
        Some(Shrubs::new(
            plan.others.forest_biomass,
            plan.on,
            &mut working,
        )?)
    } else {
        None
    };
    let soil_years = soil_years(&plan.others, plan.on, &mut working)?;
    let years: Vec<i32> = (plan.period.from.year() - 1..=plan.period.to.year()).collect();
    let stocks = stocks(plan, &years, shrubs, &mut working)?;
    let mut lines = Vec::new();
    for (index, part) in plan.period.calendar_years().into_iter().enumerate() {
        let (Some(before), Some(after)) = (stocks.get(index), stocks.get(index + 1)) else {
            continue;
        };
        let line = part.year.to_string();
        let weigh = |change: Decimal| -> Result<Decimal, TooManyDigits> {
            Ok(amount(divide(
                product(&[change, Decimal::from(part.days)])?,
                Decimal::from(part.days_in_year),
            )?))
        };
        let trees = weigh(sum(after.trees, -before.trees)?)?;
        let shrub = weigh(sum(after.shrubs, -before.shrubs)?)?;
        let dead = amount(product(&[trees, sum(dead_wood, litter)?])?);
        let days = (part.days, part.days_in_year);
        let soil = soil(plan, part.year, soil_years, days)?;
        let removals = [trees, shrub, dead, soil]
            .iter()
            .try_fold(Decimal::ZERO, |all, pool| sum(all, *pool))?;
        year_step(
            &line,
            &[
                ("C_TREE,t", after.trees, "tCO2e"),
                ("C_TREE,t−1", before.trees, "tCO2e"),
                ("d", Decimal::from(part.days), "d"),
                ("D", Decimal::from(part.days_in_year), "d"),
                ("ΔC_TREE", trees, "tCO2e"),
                ("DF_DW + DF_LI", sum(dead_wood, litter)?, "1"),
                ("ΔC_SHRUB", shrub, "tCO2e"),
                ("ΔSOC", soil, "tCO2e"),
            ],
            removals,
            &mut working,
        );
        let mut emissions = Decimal::ZERO;
        for fire in plan.fires.iter().filter(|fire| fire.year == part.year) {
            emissions = sum(
                emissions,
                fire_emissions(fire, &plan.others, plan.on, &mut working)?,
            )?;
        }
        let baseline = removed_shrubs(plan, part.year, shrubs, &mut working)?;
        lines.push(SinkYear {
            part,
            removals,
            uncertainty: Decimal::ZERO,
            emissions,
            baseline,
            leakage: Decimal::ZERO,
        });
        progress::report(Phase::Years, index + 1, years.len() - 1);
    }
    let area = plan
        .strata
        .iter()
        .try_fold(Decimal::ZERO, |area, stratum| sum(area, stratum.area))?;
    let plausible = Some((area, usual(plan.on, &mut working)?));
    let header = SinkLines {
        code: CODE,
        calculator: EX_ANTE.code,
        period: plan.period,
        k_risk,
        equation: "(A)",
        stated_total: plan.stated_total,
        stated_annual: plan.stated_annual,
        plausible,
    };
    outcome(&header, &lines, working)
}

fn year_step(
    line: &str,
    inputs: &[(&str, Decimal, &str)],
    removals: Decimal,
    working: &mut Working<'_>,
) {
    working.step(
        line,
        StepText {
            symbol: "ΔC_PROJ,t",
            title: text(
                "项目各碳库碳储量变化",
                "change of all carbon pools of the project",
            )
            .into(),
            clause: format!("{CODE} (B) (C) (G)"),
            formula: "(C_TREE,t − C_TREE,t−1) × d / D × (1 + DF_DW + DF_LI) + ΔC_SHRUB + ΔSOC"
                .to_owned(),
            unit: "tCO2e",
        },
        inputs,
        removals,
    );
}

/// The stocks at the end of each year.
fn stocks(
    plan: &Plan,
    years: &[i32],
    shrubs: Option<Shrubs>,
    working: &mut Working<'_>,
) -> Result<Vec<Stocks>, InputError> {
    let detail = plan.strata.len() * years.len() <= STEPS_OF_STRATA_MAX;
    if !detail {
        working.note(
            NoteLevel::Remark,
            "steps_of_strata_left_out",
            "",
            text(
                "碳层较多，未逐层逐年列出碳储量的步骤，只列合计。",
                "There are many strata: their stocks are not listed one by one, only the sums.",
            ),
            &[],
        );
    }
    let mut woods = Woods::new(plan.on);
    let mut curves = BTreeMap::new();
    let shrub_years = match shrubs {
        Some(_) => working.number("afforestation.shrub_years", plan.on, "as_of")?,
        None => Decimal::ONE,
    };
    let mut totals = vec![Stocks::default(); years.len()];
    for (index, stratum) in plan.strata.iter().enumerate() {
        let curve = match &stratum.growth {
            Growth::BuiltIn(group) => Some(built_in(group, plan.on, &mut curves, working)?),
            Growth::Own(..) => None,
        };
        if let Growth::Own(_, points) = &stratum.growth {
            curve_ends(stratum, points, plan.period.to.year(), working);
        }
        for (year, total) in years.iter().zip(&mut totals) {
            let age = Decimal::from((year - stratum.planting_year).max(0));
            let step = detail && !age.is_zero();
            let stock = stratum_stock(stratum, age, *year, curve, step, &mut woods, working)?;
            if stratum.species.code == SHRUB {
                total.shrubs = sum(total.shrubs, stock)?;
            } else {
                total.trees = sum(total.trees, stock)?;
            }
            if let Some(shrubs) = shrubs.filter(|_| !stratum.shrub_cover.is_zero()) {
                let grown = divide(age.min(shrub_years), shrub_years)?;
                let cover = product(&[stratum.shrub_cover, grown])?;
                total.shrubs = sum(total.shrubs, shrubs.stock(stratum.area, cover)?)?;
            }
        }
        progress::report(Phase::Strata, index + 1, plan.strata.len());
    }
    Ok(totals)
}

/// (D) with (E2) or (E3): the tree stock of a stratum at an age, tCO2e.
fn stratum_stock(
    stratum: &Stratum,
    age: Decimal,
    year: i32,
    curve: Option<Richards>,
    step: bool,
    woods: &mut Woods,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let wood = woods.wood(stratum.species, working)?;
    let mut inputs: Vec<(&str, Decimal, &str)> = Vec::new();
    let (biomass, formula, clause) = match &stratum.growth {
        Growth::BuiltIn(_) => {
            let above = curve.map_or(Ok(Decimal::ZERO), |curve| curve.at(age))?;
            inputs.push(("f(a)", above, "t/ha"));
            (with_roots(above, wood)?, "f(a)", "(D) (E3)")
        }
        Growth::Own("biomass_per_ha", points) => {
            let above = between(points, age)?;
            inputs.push(("f(a)", above, "t/ha"));
            (with_roots(above, wood)?, "f(a)", "(D) (E3)")
        }
        Growth::Own(kind, points) => {
            let mut volume = between(points, age)?;
            let expansion = woods.expansion(stratum.species, working)?;
            let formula = if *kind == "volume_per_tree" {
                let density = stratum.density.unwrap_or_default();
                inputs.push(("V(a)", volume, "m3"));
                inputs.push(("N", density, "1/ha"));
                volume = product(&[volume, density])?;
                "V(a) × N × WD × BEF"
            } else {
                inputs.push(("V(a)", volume, "m3/ha"));
                "V(a) × WD × BEF"
            };
            inputs.push(("WD", expansion.wd, "t/m3"));
            inputs.push(("BEF", expansion.bef, "1"));
            (from_volume(volume, expansion, wood)?, formula, "(D) (E2)")
        }
    };
    let stock = carbon(product(&[biomass, stratum.area])?, wood)?;
    if step {
        inputs.extend([
            ("a", age, "a"),
            ("R", wood.r, "1"),
            ("CF", wood.cf, "tC/t"),
            ("A_i", stratum.area, "ha"),
        ]);
        let title = text(
            "碳层 {stratum} 年末林木碳储量",
            "tree stock of stratum {stratum} at the end of the year",
        )
        .fill(&[("stratum", stratum.name.clone())]);
        let step = StepText {
            symbol: "C_TREE,i,t",
            title,
            clause: format!("{CODE} {clause}"),
            formula: format!("44/12 × {formula} × (1 + R) × CF × A_i"),
            unit: "tCO2e",
        };
        working.step(&year.to_string(), step, &inputs, stock);
    }
    Ok(stock)
}

fn built_in(
    group: &'static str,
    on: Date,
    curves: &mut BTreeMap<&'static str, Richards>,
    working: &mut Working<'_>,
) -> Result<Richards, InputError> {
    if let Some(curve) = curves.get(group) {
        return Ok(*curve);
    }
    let mut number =
        |name: &str| working.number(&format!("afforestation.curve.{group}.{name}"), on, "as_of");
    let curve = Richards {
        limit: number("limit")?,
        rate: number("rate")?,
        shape: number("shape")?,
    };
    working.note(
        NoteLevel::Warning,
        "curve_assumed",
        "",
        text(
            "采用了内置的假定生长曲线，可信度低，只能用于估算。请以当地收获表或生长方程替换。",
            "A built-in assumed growth curve of low confidence was used: good for a rough estimate only. Replace it by a local yield table or growth equation.",
        ),
        &[],
    );
    curves.insert(group, curve);
    Ok(curve)
}

/// Remarks that a curve ends before the crediting period does.
fn curve_ends(
    stratum: &Stratum,
    points: &[(Decimal, Decimal)],
    last_year: i32,
    working: &mut Working<'_>,
) {
    let Some((last, _)) = points.last() else {
        return;
    };
    if *last < Decimal::from(last_year - stratum.planting_year) {
        working.note(
            NoteLevel::Remark,
            "curve_ends",
            stratum.name.clone(),
            text(
                "碳层 {stratum} 的曲线止于 {age} 年，此后按不再增长计（偏保守）。",
                "The curve of stratum {stratum} ends at {age} years; no growth is counted after it, which is on the safe side.",
            ),
            &[
                ("stratum", stratum.name.clone()),
                ("age", last.normalize().to_string()),
            ],
        );
    }
}

/// Growth of soil carbon in a year, of the strata planted no longer ago than it lasts.
fn soil(
    plan: &Plan,
    year: i32,
    soil_years: Decimal,
    (days, days_in_year): (u16, u16),
) -> Result<Decimal, TooManyDigits> {
    let Some(rate) = plan.others.soil else {
        return Ok(Decimal::ZERO);
    };
    let mut area = Decimal::ZERO;
    for stratum in &plan.strata {
        let age = Decimal::from(year - stratum.planting_year);
        if age >= Decimal::ONE && age <= soil_years {
            area = sum(area, stratum.area)?;
        }
    }
    soil_growth(rate, area, days, days_in_year)
}

/// Shrubs that stood before and were cleared: counted against the year of planting, or the first year if that was earlier.
fn removed_shrubs(
    plan: &Plan,
    year: i32,
    shrubs: Option<Shrubs>,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let Some(shrubs) = shrubs else {
        return Ok(Decimal::ZERO);
    };
    let mut removed = Decimal::ZERO;
    let mut area = Decimal::ZERO;
    for stratum in &plan.strata {
        if stratum.planting_year.max(plan.period.from.year()) != year {
            continue;
        }
        let cleared = divide(
            product(&[stratum.area, stratum.removed_percent])?,
            Decimal::ONE_HUNDRED,
        )?;
        area = sum(area, cleared)?;
        removed = sum(removed, shrubs.stock(cleared, stratum.baseline_cover)?)?;
    }
    if removed.is_zero() {
        return Ok(removed);
    }
    let step = StepText {
        symbol: "ΔC_BSL,t",
        title: REMOVED_SHRUBS.into(),
        clause: format!("{CODE} (F)"),
        formula: "Σ c_S × A_removed,i × CC_i".to_owned(),
        unit: "tCO2e",
    };
    Ok(working.step(
        &year.to_string(),
        step,
        &[("Σ A_removed,i", amount(area), "ha")],
        amount(removed),
    ))
}

pub(super) const REMOVED_SHRUBS: Text = text(
    "整地清除的原有灌木碳储量",
    "stock of the shrubs removed at site preparation",
);

/// Planting before the project's start, and planting after the crediting period.
fn check(plan: &Plan, working: &mut Working<'_>) {
    for stratum in &plan.strata {
        if let Some(start) = plan
            .start
            .filter(|start| stratum.planting_year < start.year())
        {
            working.note(
                NoteLevel::Warning,
                "planted_before_start",
                stratum.name.clone(),
                text(
                    "碳层 {stratum} 的造林年份 {year} 早于项目开工日期 {start}。",
                    "Stratum {stratum} was planted in {year}, before the start of the project on {start}.",
                ),
                &[
                    ("stratum", stratum.name.clone()),
                    ("year", stratum.planting_year.to_string()),
                    ("start", day::to_text(start)),
                ],
            );
        }
        if stratum.planting_year > plan.period.to.year() {
            working.note(
                NoteLevel::Warning,
                "planted_after_period",
                stratum.name.clone(),
                text(
                    "碳层 {stratum} 的造林年份 {year} 晚于计入期，不产生减排量。",
                    "Stratum {stratum} is planted in {year}, after the crediting period: it removes nothing.",
                ),
                &[
                    ("stratum", stratum.name.clone()),
                    ("year", stratum.planting_year.to_string()),
                ],
            );
        }
    }
}
