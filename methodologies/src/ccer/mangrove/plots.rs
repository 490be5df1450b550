//! From the tables of plots and trees to the carbon of each plot per hectare.
//!
//! C_plot = 44/12 × Σ trees (AGB + BGB) × CF / 1000 / A_p; a plot without trees holds nothing and counts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;

use super::CODE;
use super::species::{Model, Tree, TreeError, species};
use super::strata::Stratum;
use crate::ccer::sink::uncertainty::Sampled;
use crate::ccer::sink::{amount, carbon_dioxide, divide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::input::{InputError, Reader};
use crate::progress::{Phase, report};
use crate::table::Table;
use crate::text::text;
use crate::trace::NoteLevel;

/// Most errors of the tables that are reported.
const ERRORS_MAX: usize = 100;
/// Most plots that get a step of their own.
const PLOT_STEPS_MAX: usize = 500;

/// A plot that was laid out.
pub(super) struct Plot {
    name: String,
    /// Number of its stratum in the list.
    stratum: usize,
    area_m2: Decimal,
}

/// Reads the plots; each must lie in a stratum.
pub(super) fn read_plots(reader: &mut Reader<'_>, strata: &[Stratum]) -> Vec<Plot> {
    let Some(table) = reader.table("plots") else {
        return Vec::new();
    };
    let (name, stratum, area) = (
        table.place("plot"),
        table.place("stratum"),
        table.place("area_m2"),
    );
    let known: BTreeMap<&str, usize> = strata
        .iter()
        .enumerate()
        .map(|(index, stratum)| (stratum.name.as_str(), index))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut plots = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let at = |column: &str| format!("plots.{}.{column}", row.line);
        if !seen.insert(row.text(name)) {
            reader.error(InputError::new(at("plot"), "plot_twice").with("name", row.text(name)));
        }
        match known.get(row.text(stratum)) {
            Some(index) => plots.push(Plot {
                name: row.text(name).to_owned(),
                stratum: *index,
                area_m2: row.number(area).unwrap_or(Decimal::ONE),
            }),
            // strata that could not be read have their own errors
            None if strata.is_empty() => {}
            None => reader.error(
                InputError::new(at("stratum"), "stratum_unknown").with("name", row.text(stratum)),
            ),
        }
    }
    plots
}

/// What was noticed about the trees of a species.
#[derive(Default)]
struct Noticed {
    trees: usize,
    outside_guard: usize,
    unusual_ratio: usize,
    above: Decimal,
    below: Decimal,
}

/// The carbon of every plot, tCO2e/ha, grouped by stratum in the order of the strata.
pub(super) fn measured<'a>(
    strata: &'a [Stratum],
    plots: &[Plot],
    trees: Option<&Table>,
    acknowledged: bool,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Vec<Sampled<'a>>, Vec<InputError>> {
    let carbon = match trees {
        Some(trees) => carbon_of_trees(plots, trees, acknowledged, on, working)?,
        None => vec![Decimal::ZERO; plots.len()],
    };
    let one = |error: InputError| vec![error];
    let mut sampled: Vec<Sampled<'a>> = strata
        .iter()
        .map(|stratum| Sampled {
            name: &stratum.name,
            area: stratum.net_area,
            plots: Vec::new(),
        })
        .collect();
    for (plot, carbon_kg) in plots.iter().zip(carbon) {
        let per_hectare =
            per_hectare(plot, carbon_kg).map_err(|error| one(InputError::from(error)))?;
        if plots.len() <= PLOT_STEPS_MAX {
            plot_step(plot, strata, carbon_kg, per_hectare, working);
        }
        sampled[plot.stratum].plots.push(per_hectare);
    }
    Ok(sampled)
}

/// kg of carbon of each plot.
fn carbon_of_trees(
    plots: &[Plot],
    trees: &Table,
    acknowledged: bool,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Vec<Decimal>, Vec<InputError>> {
    let places: BTreeMap<&str, usize> = plots
        .iter()
        .enumerate()
        .map(|(index, plot)| (plot.name.as_str(), index))
        .collect();
    let [plot, kind, diameter, height, basal] =
        ["plot", "species", "dbh_cm", "height_m", "basal_cm"].map(|code| trees.place(code));
    let mut models: BTreeMap<&'static str, (Model, Noticed)> = BTreeMap::new();
    let mut carbon = vec![Decimal::ZERO; plots.len()];
    let mut errors = Vec::new();
    for (done, row) in trees.rows.iter().enumerate() {
        if done % 1_000 == 0 {
            report(Phase::Measurements, done, trees.rows.len());
        }
        if errors.len() >= ERRORS_MAX {
            break;
        }
        let at = |column: &str| format!("trees.{}.{column}", row.line);
        let Some(place) = places.get(row.text(plot)) else {
            errors.push(InputError::new(at("plot"), "plot_unknown").with("name", row.text(plot)));
            continue;
        };
        let Some(code) = row.choice(kind) else {
            continue;
        };
        if !models.contains_key(code)
            && let Some(species) = species(code)
        {
            let model =
                Model::load(species, acknowledged, on, working).map_err(|error| vec![error])?;
            models.insert(code, (model, Noticed::default()));
        }
        let Some((model, noticed)) = models.get_mut(code) else {
            continue;
        };
        let tree = Tree {
            diameter_cm: row.number(diameter),
            basal_cm: row.number(basal),
            height_m: row.number(height),
        };
        let counted =
            counted(model, noticed, tree).and_then(|kilograms| Ok(sum(carbon[*place], kilograms)?));
        match counted {
            Ok(kilograms) => carbon[*place] = kilograms,
            Err(TreeError::Missing(column)) => {
                errors.push(InputError::new(at(column), "required"));
            }
            Err(TreeError::TooLarge) => {
                errors.push(InputError::new(at("dbh_cm"), "amount_too_large"));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for (model, noticed) in models.values() {
        explain(model, noticed, working).map_err(|error| vec![InputError::from(error)])?;
    }
    Ok(carbon)
}

/// kg of carbon of a tree; what is unusual about it is counted.
fn counted(model: &Model, noticed: &mut Noticed, tree: Tree) -> Result<Decimal, TreeError> {
    let biomass = model.biomass(tree)?;
    noticed.trees += 1;
    noticed.outside_guard += usize::from(biomass.outside_guard);
    noticed.unusual_ratio += usize::from(biomass.unusual_ratio);
    noticed.above = sum(noticed.above, biomass.above)?;
    noticed.below = sum(noticed.below, biomass.below)?;
    Ok(product(&[sum(biomass.above, biomass.below)?, model.cf])?)
}

fn per_hectare(plot: &Plot, carbon_kg: Decimal) -> Result<Decimal, crate::exact::TooManyDigits> {
    // kg per m² × 10 = t per ha
    let tonnes = divide(
        product(&[carbon_dioxide(carbon_kg)?, Decimal::TEN])?,
        plot.area_m2,
    )?;
    Ok(amount(tonnes))
}

fn plot_step(
    plot: &Plot,
    strata: &[Stratum],
    carbon_kg: Decimal,
    per_hectare: Decimal,
    working: &mut Working<'_>,
) {
    working.step(
        &strata[plot.stratum].name,
        StepText {
            symbol: "c_p",
            title: text(
                "样地 {plot} 的单位面积碳储量",
                "carbon of the plot {plot} per hectare",
            )
            .fill(&[("plot", plot.name.clone())]),
            clause: format!("{CODE} (3)"),
            formula: "44/12 × ΣC / 1000 / (A_p / 10000)".to_owned(),
            unit: "tCO2e/ha",
        },
        &[("ΣC", amount(carbon_kg), "kg"), ("A_p", plot.area_m2, "m2")],
        per_hectare,
    );
}

/// The sum of a species, and what was unusual about its trees.
fn explain(
    model: &Model,
    noticed: &Noticed,
    working: &mut Working<'_>,
) -> Result<(), crate::exact::TooManyDigits> {
    let species = model.species;
    working.step(
        "",
        StepText {
            symbol: "B_j",
            title: text(
                "{zh}：样木生物量合计",
                "{en}: biomass of the trees together",
            )
            .fill(&[
                ("zh", species.name.zh.to_owned()),
                ("en", species.name.en.to_owned()),
            ]),
            clause: format!("{CODE} 单株生物量 tree biomass"),
            formula: "Σ (AGB + BGB)".to_owned(),
            unit: "kg",
        },
        &[
            ("n", Decimal::from(noticed.trees), "1"),
            ("Σ AGB", amount(noticed.above), "kg"),
            ("Σ BGB", amount(noticed.below), "kg"),
        ],
        amount(sum(noticed.above, noticed.below)?),
    );
    let params = |count: usize| {
        [
            ("zh", species.name.zh.to_owned()),
            ("en", species.name.en.to_owned()),
            ("count", count.to_string()),
        ]
    };
    if noticed.outside_guard > 0 {
        working.note(
            NoteLevel::Warning,
            "diameter_outside_equation",
            species.code,
            text(
                "{zh}：{count} 株的径级超出方程的适用范围。",
                "{en}: {count} trees lie outside the diameters of the equation.",
            ),
            &params(noticed.outside_guard),
        );
    }
    if noticed.unusual_ratio > 0 {
        working.note(
            NoteLevel::Warning,
            "root_ratio_unusual",
            species.code,
            text(
                "{zh}：{count} 株的地下与地上生物量之比不合常理，请核对方程。",
                "{en}: the ratio of biomass below and above ground of {count} trees is unusual. Check the equation.",
            ),
            &params(noticed.unusual_ratio),
        );
    }
    Ok(())
}
