//! The accounting of a monitoring period: trees of plots, means of strata, stocks at two dates.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;

use super::ex_ante::REMOVED_SHRUBS;
use super::pools::{
    Fire, OtherPools, Shrubs, fire_emissions, k_risk, plain, read_fires, soil_growth, soil_years,
    usual,
};
use super::species::{Species, species};
use super::trees::{Equation, TreeCarbon, read_equations};
use super::{CODE, EX_POST, fields};
use crate::catalogue::AFFORESTATION;
use crate::ccer::period::{Part, Period};
use crate::ccer::sink::uncertainty::{self, Estimate, Labels, Sampled};
use crate::ccer::sink::year_lines::{SinkLines, SinkYear, outcome, share_of_days};
use crate::ccer::sink::{amount, divide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::day;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::progress::{self, Phase};
use crate::table::Table;
use crate::text::text;
use crate::trace::{NoteLevel, Outcome};

/// Up to so many plots each is a step of its own.
const STEPS_OF_PLOTS_MAX: usize = 2_000;
/// Most errors of plots and trees that do not fit together.
const ERRORS_MAX: usize = 200;

struct Stratum {
    name: String,
    area: Decimal,
    species: &'static Species,
    planting_year: i32,
    baseline_cover: Decimal,
    removed_percent: Decimal,
}

/// A plot and where its trees are in the table.
struct Plot {
    name: String,
    stratum: usize,
    hectares: Decimal,
    shrub_cover: Decimal,
}

/// What is known of the stocks before the period.
struct Before {
    /// The stocks are those of the end of this day.
    on: Date,
    trees: Decimal,
    shrubs: Decimal,
    /// Nothing was verified before: stocks are 0.
    first: bool,
}

struct Monitoring {
    on: Date,
    period: Period,
    measured_on: Date,
    before: Before,
    others: OtherPools,
    strata: Vec<Stratum>,
    plots: Vec<Plot>,
    trees: Table,
    /// The plot of each tree, in the order of the table.
    plot_of_tree: Vec<usize>,
    equations: Vec<Equation>,
    fires: Vec<Fire>,
    stated_total: Option<Decimal>,
    stated_annual: Option<Decimal>,
}

pub(super) fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, fields::EX_POST);
    let monitoring = read(&mut reader);
    let monitoring = reader.finish(monitoring)?;
    compute(&monitoring, set)
}

fn read(reader: &mut Reader<'_>) -> Option<Monitoring> {
    let on = reader.date("as_of");
    let from = reader.date("period_from");
    let to = reader.date("period_to");
    let measured_on = reader.date("measured_on");
    let before = read_before(reader);
    let mut period = None;
    if let (Some(on), Some(from), Some(to)) = (on, from, to) {
        let names = ("period_from", "period_to");
        match Period::checked(from, to, AFFORESTATION.crediting_years_max, on, names) {
            Ok(checked) => period = Some(checked),
            Err(error) => reader.error(error),
        }
    }
    if let (Some(period), Some(measured_on)) = (period, measured_on)
        && period.to > measured_on
    {
        reader.error(
            InputError::new("period_to", "period_after_measurement")
                .with("date", day::to_text(measured_on)),
        );
    }
    if let (Some(period), Some(before)) = (period, &before)
        && period.to <= before.on
    {
        reader.error(
            InputError::new("period_to", "period_before_stock")
                .with("date", day::to_text(before.on)),
        );
    }
    let others = OtherPools::read(reader);
    let (strata, names) = read_strata(reader);
    let equations = read_equations(reader);
    let plots = reader.table("plots");
    let trees = reader.table("trees");
    let climate = others.map(OtherPools::climate);
    let years = period.map(|period| (period.from.year(), period.to.year()));
    let fires = read_fires(reader, climate, years);
    let stated_total = plain(reader, "stated_total_t");
    let stated_annual = plain(reader, "stated_annual_t");
    let (plots, trees) = (plots?, trees?);
    let (plots, listed) = place_plots(reader, &plots, &strata, &names);
    let plot_of_tree = place_trees(reader, &trees, &plots, &listed);
    Some(Monitoring {
        on: on?,
        period: period?,
        measured_on: measured_on?,
        before: before?,
        others: others?,
        strata,
        plots,
        trees,
        plot_of_tree,
        equations,
        fires,
        stated_total,
        stated_annual,
    })
}

fn read_before(reader: &mut Reader<'_>) -> Option<Before> {
    let start = reader.date("project_start");
    let previous = reader.date("previous_on");
    let trees = plain(reader, "previous_tree_stock_t");
    let shrubs = plain(reader, "previous_shrub_stock_t");
    let (has_day, has_stock) = (
        reader.has("previous_on"),
        reader.has("previous_tree_stock_t"),
    );
    if has_day != has_stock {
        let missing = if has_day {
            "previous_tree_stock_t"
        } else {
            "previous_on"
        };
        reader.error(InputError::new(missing, "previous_stock_incomplete"));
        return None;
    }
    if has_day {
        return Some(Before {
            on: previous?,
            trees: trees?,
            shrubs: shrubs.unwrap_or_default(),
            first: false,
        });
    }
    if !reader.has("project_start") {
        reader.error(InputError::new("project_start", "start_required"));
    }
    Some(Before {
        on: start?,
        trees: Decimal::ZERO,
        shrubs: Decimal::ZERO,
        first: true,
    })
}

/// The strata, and every name given, also of strata that are wrong otherwise: their plots are not to blame.
fn read_strata(reader: &mut Reader<'_>) -> (Vec<Stratum>, BTreeSet<String>) {
    let mut strata: Vec<Stratum> = Vec::new();
    let mut names = BTreeSet::new();
    for path in reader.items("strata") {
        let at = |name: &str| join(&path, name);
        let name = reader.text(&at("name"));
        let area = plain(reader, &at("area_ha"));
        let species = reader.choice(&at("species")).and_then(species);
        let planting_year = reader.year(&at("planting_year"));
        // shown beside the plots' own density; it takes no part in the accounting
        let _density = plain(reader, &at("density_per_ha"));
        let cover = plain(reader, &at("baseline_shrub_cover_percent"));
        let removed = plain(reader, &at("removed_area_percent"));
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            reader.error(InputError::new(at("name"), "stratum_twice").with("name", name));
        }
        if let (Some(name), Some(area), Some(species), Some(planting_year)) =
            (name, area, species, planting_year)
        {
            strata.push(Stratum {
                name,
                area,
                species,
                planting_year,
                baseline_cover: cover.unwrap_or_default(),
                removed_percent: removed.unwrap_or_default(),
            });
        }
    }
    (strata, names)
}

/// The plots with their strata, and every plot's name. A plot whose stratum is unknown, and a name used twice, are errors at their line.
fn place_plots(
    reader: &mut Reader<'_>,
    table: &Table,
    strata: &[Stratum],
    strata_names: &BTreeSet<String>,
) -> (Vec<Plot>, BTreeSet<String>) {
    let by_name: BTreeMap<&str, usize> = strata
        .iter()
        .enumerate()
        .map(|(index, stratum)| (stratum.name.as_str(), index))
        .collect();
    let (plot, stratum) = (table.place("plot"), table.place("stratum"));
    let (area, cover) = (table.place("area_m2"), table.place("shrub_cover_percent"));
    let mut names = BTreeSet::new();
    let mut plots = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let name = row.text(plot).to_owned();
        if !names.insert(name.clone()) {
            reader.error(
                InputError::new(format!("plots.{}.plot", row.line), "plot_twice")
                    .with("name", &name),
            );
        }
        let Some(index) = by_name.get(row.text(stratum)) else {
            if !strata_names.contains(row.text(stratum)) {
                let path = format!("plots.{}.stratum", row.line);
                reader.error(
                    InputError::new(path, "stratum_unknown").with("name", row.text(stratum)),
                );
            }
            continue;
        };
        let square_metres = row.number(area).unwrap_or_default();
        plots.push(Plot {
            name,
            stratum: *index,
            hectares: square_metres * Decimal::new(1, 4),
            shrub_cover: row.number(cover).unwrap_or_default(),
        });
    }
    (plots, names)
}

/// The plot of each tree.
fn place_trees(
    reader: &mut Reader<'_>,
    trees: &Table,
    plots: &[Plot],
    listed: &BTreeSet<String>,
) -> Vec<usize> {
    let by_name: BTreeMap<&str, usize> = plots
        .iter()
        .enumerate()
        .map(|(index, plot)| (plot.name.as_str(), index))
        .collect();
    let plot = trees.place("plot");
    let mut places = Vec::with_capacity(trees.rows.len());
    let mut unknown = 0;
    // trees stand plot by plot: the last answer is usually the next one
    let mut last: Option<(&str, usize)> = None;
    for row in &trees.rows {
        let name = row.text(plot);
        let found = match last {
            Some((known, index)) if known == name => Some(index),
            _ => by_name.get(name).copied(),
        };
        if let Some(index) = found {
            last = Some((name, index));
            places.push(index);
        } else if !listed.contains(name) {
            unknown += 1;
            if unknown <= ERRORS_MAX && reader.errors.len() < ERRORS_MAX {
                let path = format!("trees.{}.plot", row.line);
                reader.error(InputError::new(path, "plot_unknown").with("name", name));
            }
        }
    }
    places
}

/// Stocks of the measurement, before deductions.
struct Measured {
    estimate: Estimate,
    shrubs: Decimal,
    /// Shrubs that stood before and were not removed: in both scenarios.
    kept_shrubs: Decimal,
    /// Shrubs removed at site preparation.
    removed_shrubs: Decimal,
}

fn compute(monitoring: &Monitoring, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let one = |error: InputError| vec![error];
    let mut working = Working::new(set);
    let k_risk = k_risk(monitoring.on, &mut working).map_err(one)?;
    let shares = monitoring
        .others
        .dead_shares(monitoring.on, &mut working)
        .map_err(one)?;
    let per_plot = plot_stocks(monitoring, &mut working)?;
    let estimate = sample(monitoring, &per_plot, &mut working)?;
    finish(monitoring, k_risk, shares, estimate, working).map_err(one)
}

/// Carbon of the trees of each plot, tCO2e per hectare.
fn plot_stocks(
    monitoring: &Monitoring,
    working: &mut Working<'_>,
) -> Result<Vec<Decimal>, Vec<InputError>> {
    let trees = &monitoring.trees;
    let mut carbon_of = TreeCarbon::new(trees, &monitoring.equations, monitoring.on);
    let mut sums = vec![Decimal::ZERO; monitoring.plots.len()];
    let mut counts = vec![0_usize; monitoring.plots.len()];
    let mut errors = Vec::new();
    for (row, (tree, plot)) in trees.rows.iter().zip(&monitoring.plot_of_tree).enumerate() {
        if row % 1_024 == 0 {
            progress::report(Phase::Measurements, row, trees.rows.len());
        }
        let Some(stratum) = monitoring
            .plots
            .get(*plot)
            .and_then(|plot| monitoring.strata.get(plot.stratum))
        else {
            continue;
        };
        match carbon_of.tree(tree, stratum.species, working) {
            Ok(None) => {}
            Ok(Some(carbon)) => {
                sums[*plot] = sum(sums[*plot], carbon).map_err(|error| vec![error.into()])?;
                counts[*plot] += 1;
            }
            Err(error) => {
                if errors.len() < ERRORS_MAX {
                    errors.push(error);
                }
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    carbon_of.explain(working);
    plot_steps(monitoring, &sums, &counts, working).map_err(|error| vec![error])
}

fn plot_steps(
    monitoring: &Monitoring,
    sums: &[Decimal],
    counts: &[usize],
    working: &mut Working<'_>,
) -> Result<Vec<Decimal>, InputError> {
    let detail = monitoring.plots.len() <= STEPS_OF_PLOTS_MAX;
    let mut per_hectare = Vec::with_capacity(sums.len());
    for ((plot, carbon), count) in monitoring.plots.iter().zip(sums).zip(counts) {
        let stock = amount(divide(*carbon, plot.hectares)?);
        per_hectare.push(stock);
        if detail {
            let step = StepText {
                symbol: "c_p",
                title: text("样地每公顷林木碳储量", "tree stock of the plot per hectare").into(),
                clause: format!("{CODE} (D)"),
                formula: "Σ C_tree / A_p".to_owned(),
                unit: "tCO2e/ha",
            };
            working.step(
                &plot.name,
                step,
                &[
                    ("n_trees", Decimal::from(*count), "1"),
                    ("Σ C_tree", *carbon, "tCO2e"),
                    ("A_p", plot.hectares, "ha"),
                ],
                stock,
            );
        }
    }
    let empty = counts.iter().filter(|count| **count == 0).count();
    if empty > 0 {
        working.note(
            NoteLevel::Warning,
            "plots_without_trees",
            "plots",
            text(
                "{count} 个样地没有计入的林木，碳储量按 0 计。请核对是否漏填。",
                "{count} plots have no tree that counts; their stock is 0. Check that none was forgotten.",
            ),
            &[("count", empty.to_string())],
        );
    }
    Ok(per_hectare)
}

fn sample(
    monitoring: &Monitoring,
    per_plot: &[Decimal],
    working: &mut Working<'_>,
) -> Result<Estimate, Vec<InputError>> {
    let mut sampled: Vec<Sampled<'_>> = monitoring
        .strata
        .iter()
        .map(|stratum| Sampled {
            name: &stratum.name,
            area: stratum.area,
            plots: Vec::new(),
        })
        .collect();
    for (plot, stock) in monitoring.plots.iter().zip(per_plot) {
        if let Some(stratum) = sampled.get_mut(plot.stratum) {
            stratum.plots.push(*stock);
        }
    }
    let labels = Labels {
        code: CODE,
        per_hectare: "tCO2e/ha",
        total: "tCO2e",
        path: "plots",
    };
    uncertainty::estimate(&sampled, labels, monitoring.on, working)
}

/// (F): shrub stocks by the mean cover of each stratum's plots.
fn measured(
    monitoring: &Monitoring,
    estimate: Estimate,
    working: &mut Working<'_>,
) -> Result<Measured, InputError> {
    let mut covers = vec![(Decimal::ZERO, 0_u32); monitoring.strata.len()];
    for plot in &monitoring.plots {
        if let Some((cover, count)) = covers.get_mut(plot.stratum) {
            *cover = sum(*cover, plot.shrub_cover)?;
            *count += 1;
        }
    }
    let mut measured = Measured {
        estimate,
        shrubs: Decimal::ZERO,
        kept_shrubs: Decimal::ZERO,
        removed_shrubs: Decimal::ZERO,
    };
    let any = covers.iter().any(|(cover, _)| !cover.is_zero())
        || monitoring
            .strata
            .iter()
            .any(|stratum| !stratum.baseline_cover.is_zero());
    if !any {
        return Ok(measured);
    }
    let shrubs = Shrubs::new(monitoring.others.forest_biomass, monitoring.on, working)?;
    for (stratum, (cover, count)) in monitoring.strata.iter().zip(&covers) {
        let mean = divide(*cover, Decimal::from((*count).max(1)))?;
        measured.shrubs = sum(measured.shrubs, shrubs.stock(stratum.area, mean)?)?;
        let cleared = divide(
            product(&[stratum.area, stratum.removed_percent])?,
            Decimal::ONE_HUNDRED,
        )?;
        let kept = sum(stratum.area, -cleared)?;
        let stock = |area| shrubs.stock(area, stratum.baseline_cover);
        measured.kept_shrubs = sum(measured.kept_shrubs, stock(kept)?)?;
        measured.removed_shrubs = sum(measured.removed_shrubs, stock(cleared)?)?;
    }
    Ok(measured)
}

/// Changes between the two dates, tCO2e.
struct Change {
    /// Trees, dead wood and litter, shrubs.
    stocks: Decimal,
    /// What is deducted from them for the uncertainty of the measurement.
    uncertainty: Decimal,
}

fn finish(
    monitoring: &Monitoring,
    k_risk: Decimal,
    (dead_wood, litter): (Decimal, Decimal),
    estimate: Estimate,
    mut working: Working<'_>,
) -> Result<Outcome, InputError> {
    let measured = measured(monitoring, estimate, &mut working)?;
    let change = change(monitoring, &measured, (dead_wood, litter), &mut working)?;
    let soil_years = soil_years(&monitoring.others, monitoring.on, &mut working)?;
    let mut lines = Vec::new();
    for (index, part) in monitoring.period.calendar_years().into_iter().enumerate() {
        let share = |all| share_of_days(all, &part, monitoring.before.on, monitoring.measured_on);
        let soil = soil(monitoring, &part, soil_years)?;
        let stocks = share(change.stocks)?;
        let removals = sum(stocks, soil)?;
        let uncertainty = share(change.uncertainty)?;
        year_step(monitoring, &part, &change, soil, removals, &mut working);
        let mut emissions = Decimal::ZERO;
        for fire in monitoring
            .fires
            .iter()
            .filter(|fire| fire.year == part.year)
        {
            emissions = sum(
                emissions,
                fire_emissions(fire, &monitoring.others, monitoring.on, &mut working)?,
            )?;
        }
        let mut baseline = Decimal::ZERO;
        if index == 0 && monitoring.before.first && !measured.removed_shrubs.is_zero() {
            let step = StepText {
                symbol: "ΔC_BSL,t",
                title: REMOVED_SHRUBS.into(),
                clause: format!("{CODE} (F)"),
                formula: "Σ c_S × A_removed,i × CC_i".to_owned(),
                unit: "tCO2e",
            };
            let kept = [("C_SHRUB,kept", measured.kept_shrubs, "tCO2e")];
            baseline = working.step(
                &part.year.to_string(),
                step,
                &kept,
                amount(measured.removed_shrubs),
            );
        }
        lines.push(SinkYear {
            part,
            removals,
            uncertainty,
            emissions,
            baseline,
            leakage: Decimal::ZERO,
        });
        progress::report(Phase::Years, index + 1, lines.len());
    }
    let area = monitoring
        .strata
        .iter()
        .try_fold(Decimal::ZERO, |area, stratum| sum(area, stratum.area))?;
    let plausible = Some((area, usual(monitoring.on, &mut working)?));
    let header = SinkLines {
        code: CODE,
        calculator: EX_POST.code,
        period: monitoring.period,
        k_risk,
        equation: "(A)",
        stated_total: monitoring.stated_total,
        stated_annual: monitoring.stated_annual,
        plausible,
    };
    outcome(&header, &lines, working)
}

/// The change of the stocks between the two dates, and what is deducted for the uncertainty: a share of the measured stock, so that
/// a loss grows by it and a gain shrinks.
fn change(
    monitoring: &Monitoring,
    measured: &Measured,
    (dead_wood, litter): (Decimal, Decimal),
    working: &mut Working<'_>,
) -> Result<Change, InputError> {
    let before = &monitoring.before;
    let dead = sum(dead_wood, litter)?;
    let with_dead = sum(Decimal::ONE, dead)?;
    let trees = measured.estimate.total;
    // shrubs that were there before and stayed belong to both scenarios
    let new_shrubs = if before.first {
        sum(measured.shrubs, -measured.kept_shrubs)?
    } else {
        sum(measured.shrubs, -before.shrubs)?
    };
    let stocks = amount(sum(
        product(&[sum(trees, -before.trees)?, with_dead])?,
        new_shrubs,
    )?);
    let uncertainty = amount(product(&[trees, with_dead, measured.estimate.deduction])?);
    let step = |symbol, zh, en, formula: &str, clause: &str| StepText {
        symbol,
        title: text(zh, en).into(),
        clause: format!("{CODE} {clause}"),
        formula: formula.to_owned(),
        unit: "tCO2e",
    };
    working.step(
        "",
        step(
            "C_TREE,t2",
            "测量日的林木碳储量",
            "tree stock on the day of the measurement",
            "Σ A_i × c_i",
            "(D)",
        ),
        &[("u", measured.estimate.uncertainty_percent, "%")],
        trees,
    );
    working.step(
        "",
        step(
            "ΔC",
            "两次测量之间的碳储量变化",
            "change of the stocks between the two dates",
            "(C_TREE,t2 − C_TREE,t1) × (1 + DF_DW + DF_LI) + ΔC_SHRUB",
            "(B) (C) (G)",
        ),
        &[
            ("C_TREE,t2", trees, "tCO2e"),
            ("C_TREE,t1", before.trees, "tCO2e"),
            ("DF_DW", dead_wood, "1"),
            ("DF_LI", litter, "1"),
            ("ΔC_SHRUB", amount(new_shrubs), "tCO2e"),
        ],
        stocks,
    );
    working.step(
        "",
        step(
            "U",
            "不确定性扣减量",
            "deducted for the uncertainty",
            "C_TREE,t2 × (1 + DF_DW + DF_LI) × DR",
            "抽样 sampling",
        ),
        &[
            ("C_TREE,t2", trees, "tCO2e"),
            ("DF_DW + DF_LI", dead, "1"),
            ("DR", measured.estimate.deduction, "1"),
        ],
        uncertainty,
    );
    // what the next accounting begins with: it must not count again what this one counted
    let certain = sum(Decimal::ONE, -measured.estimate.deduction)?;
    working.step(
        "",
        step(
            "C_TREE,next",
            "下次核算起算的林木碳储量",
            "tree stock from which the next accounting starts",
            "C_TREE,t2 × (1 − DR)",
            "(C)",
        ),
        &[
            ("C_TREE,t2", trees, "tCO2e"),
            ("DR", measured.estimate.deduction, "1"),
        ],
        amount(product(&[trees, certain])?),
    );
    working.step(
        "",
        step(
            "C_SHRUB,next",
            "下次核算起算的灌木碳储量",
            "shrub stock from which the next accounting starts",
            "Σ c_S,i × A_i",
            "(C)",
        ),
        &[("ΔC_SHRUB", amount(new_shrubs), "tCO2e")],
        amount(measured.shrubs),
    );
    if sum(stocks, -uncertainty)? < Decimal::ZERO {
        working.note(
            NoteLevel::Warning,
            "stock_decreased",
            "",
            text(
                "碳储量较上次减少：不确定性扣减使损失加大，非持久性扣减不再使其减小。已登记的减排量可能需要补偿。",
                "The stock has shrunk: the deduction for uncertainty makes the loss larger, that for non-permanence does not make it smaller. Registered reductions may have to be made good.",
            ),
            &[],
        );
    }
    Ok(Change {
        stocks,
        uncertainty,
    })
}

fn year_step(
    monitoring: &Monitoring,
    part: &Part,
    change: &Change,
    soil: Decimal,
    removals: Decimal,
    working: &mut Working<'_>,
) {
    let all = monitoring.measured_on.to_julian_day() - monitoring.before.on.to_julian_day();
    working.step(
        &part.year.to_string(),
        StepText {
            symbol: "ΔC_PROJ,t",
            title: text(
                "项目各碳库碳储量变化",
                "change of all carbon pools of the project",
            )
            .into(),
            clause: format!("{CODE} (B) (C)"),
            formula: "ΔC × d / (t2 − t1) + ΔSOC".to_owned(),
            unit: "tCO2e",
        },
        &[
            ("ΔC", change.stocks, "tCO2e"),
            ("d", Decimal::from(part.days), "d"),
            ("t2 − t1", Decimal::from(all), "d"),
            ("ΔSOC", soil, "tCO2e"),
        ],
        removals,
    );
}

fn soil(monitoring: &Monitoring, part: &Part, soil_years: Decimal) -> Result<Decimal, InputError> {
    let Some(rate) = monitoring.others.soil else {
        return Ok(Decimal::ZERO);
    };
    let mut area = Decimal::ZERO;
    for stratum in &monitoring.strata {
        let age = Decimal::from(part.year - stratum.planting_year);
        if age >= Decimal::ONE && age <= soil_years {
            area = sum(area, stratum.area)?;
        }
    }
    Ok(soil_growth(rate, area, part.days, part.days_in_year)?)
}
