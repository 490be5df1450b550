//! The benchmark's work, the same natively and in WebAssembly: ten thousand projects, ten years each.
//!
//! Every project is given as texts (energy per year, grid factor). Ten years from 2022-04-01 are eleven calendar-year
//! lines; each is `floor(EG × EF × days / days in the year)`, and the total is their sum. `bench.mjs` does the same in
//! JavaScript and compares the totals.

use methodologies::exact::{Exact, multiply};
use methodologies::quantity::{MegawattHours, TonnesPerMegawattHour};
use serde_json::json;

/// Grids with the combined margin of their 2023 set, in turn.
const GRIDS: [(&str, &str); 4] = [
    ("East", "0.48665"),
    ("North", "0.6185"),
    ("Northwest", "0.63055"),
    ("South", "0.48595"),
];

/// Days counted and days of the year, 2022-04-01 to 2032-03-31.
const WEIGHTS: [(u32, u32); 11] = [
    (275, 365),
    (365, 365),
    (366, 366),
    (365, 365),
    (365, 365),
    (365, 365),
    (366, 366),
    (365, 365),
    (365, 365),
    (365, 365),
    (91, 366),
];

/// Energy per year of project `number`, as text: 1,000,000.000 MWh and 7.919 MWh more for each.
pub fn energy(number: u32) -> String {
    let kilowatt_hours = 1_000_000_000 + u64::from(number) * 7_919;
    format!("{}.{:03}", kilowatt_hours / 1000, kilowatt_hours % 1000)
}

/// The bare formula: from texts to whole tonnes. `None` if a text cannot be read.
pub fn formula(energy: &str, factor: &str) -> Option<i64> {
    let energy: MegawattHours = energy.parse().ok()?;
    let factor: TonnesPerMegawattHour = factor.parse().ok()?;
    let year = Exact::new(multiply(energy.value(), factor.value()).ok()?, 1);
    WEIGHTS
        .iter()
        .map(|(days, of)| year.times(*days, *of).and_then(Exact::round_down).ok())
        .sum()
}

/// The bare formula for `count` projects: the sum of their totals.
pub fn run_formula(count: u32) -> i64 {
    let grids = GRIDS.iter().cycle();
    (0..count)
        .zip(grids)
        .filter_map(|(number, (_, factor))| formula(&energy(number), factor))
        .sum()
}

/// The complete calculator, with checks, factor tables, steps and notes, for `count` projects: the sum of their totals.
pub fn run_calculator(count: u32) -> i64 {
    let grids = GRIDS.iter().cycle();
    (0..count)
        .zip(grids)
        .filter_map(|(number, (grid, _))| {
            let input = json!({
                "capacity_mw": "500",
                "grid": grid,
                "export_mwh_per_year": energy(number),
                "crediting_from": "2022-04-01",
                "crediting_to": "2032-03-31",
                "rounding": "calendar_year_lines",
                "factor_set": "2023",
            });
            methodologies::calculate("CCER-01-002-V01/ex-ante", &input).ok()
        })
        .map(|outcome| outcome.total_t)
        .sum()
}

/// Strata of the long estimate.
pub const STRATA: u32 = 1_000;
/// Trees of the long accounting.
pub const TREES: u32 = 100_000;
/// Trees in each of its plots.
const TREES_IN_PLOT: u32 = 500;

/// The estimate of an afforestation project with this many strata over forty years, as JSON text.
pub fn strata_input(count: u32) -> String {
    let strata: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "name": format!("S{number}"),
                "area_ha": format!("{}.{:02}", 5 + number % 90, number % 100),
                "species": "chinese_pine",
                "planting_year": (2012 + number % 9).to_string(),
                "density_per_ha": "1650",
                "curve": "built_in",
            })
        })
        .collect();
    json!({
        "as_of": "2026-06-30",
        "climate": "temperate",
        "crediting_from": "2021-01-01",
        "crediting_to": "2060-12-31",
        "project_start": "2012-03-10",
        "include_dead_wood": "no",
        "include_litter": "no",
        "include_soc_project": "no",
        "strata": strata,
    })
    .to_string()
}

/// The accounting of an afforestation project with this many measured trees, as JSON text.
pub fn trees_input(count: u32) -> String {
    let mut trees = String::from("plot,species,dbh_cm,height_m\n");
    let mut plots = String::from("plot,stratum,area_m2\n");
    for number in 0..count {
        if number % TREES_IN_PLOT == 0 {
            plots.push_str(&format!("P{},S1,10000\n", number / TREES_IN_PLOT));
        }
        let (diameter, height) = (50 + number * 7 % 251, 30 + number * 13 % 171);
        trees.push_str(&format!(
            "P{},masson_pine,{}.{},{}.{}\n",
            number / TREES_IN_PLOT,
            diameter / 10,
            diameter % 10,
            height / 10,
            height % 10
        ));
    }
    json!({
        "as_of": "2026-06-30",
        "climate": "temperate",
        "equations": [{
            "species": "masson_pine", "kind": "volume", "source": "DB52/T 703-2011",
            "a_millionths": "62.341803", "b": "1.8551497", "c": "0.95682492",
        }],
        "include_dead_wood": "no",
        "include_litter": "no",
        "include_soc_project": "no",
        "period_from": "2021-06-08",
        "period_to": "2026-03-24",
        "measured_on": "2026-03-24",
        "project_start": "2015-02-20",
        "strata": [{
            "name": "S1", "area_ha": "5000", "species": "masson_pine",
            "planting_year": "2015", "density_per_ha": "1667",
        }],
        "plots": plots,
        "trees": trees,
    })
    .to_string()
}

/// Reads a long input, runs its calculator, writes the outcome as JSON, and gives the value of one step: what a browser or
/// a program that calls the registry waits for. What was refused is given in words.
fn run_long(
    code: &str,
    input: &str,
    wanted: impl Fn(&methodologies::Step) -> Option<String>,
) -> String {
    let Ok(input) = serde_json::from_str(input) else {
        return "not JSON".to_owned();
    };
    match methodologies::calculate(code, &input) {
        Ok(outcome) => {
            let written = serde_json::to_string(&outcome).map_or(0, |text| text.len());
            let value = outcome.steps.iter().rev().find_map(wanted);
            value.filter(|_| written > 0).unwrap_or_default()
        }
        Err(errors) => format!("{:?}", errors.first()),
    }
}

/// Runs [`strata_input`]: the stock of all trees at the end of the fortieth year, tCO2e.
pub fn run_strata(input: &str) -> String {
    run_long("CCER-14-001-V01/ex-ante", input, |step| {
        let stock = step
            .inputs
            .iter()
            .find(|input| input.symbol == "C_TREE,t")?;
        Some(stock.value.to_string())
    })
}

/// Runs [`trees_input`]: the stock of all measured trees, tCO2e.
pub fn run_trees(input: &str) -> String {
    run_long("CCER-14-001-V01/ex-post", input, |step| {
        (step.symbol == "Σ C_tree,j").then(|| step.value.to_string())
    })
}

/// Every number that the two long calculations took from the tables, by id, as JSON text: JavaScript computes with them.
pub fn numbers() -> String {
    let mut numbers = serde_json::Map::new();
    for (code, input) in [
        ("CCER-14-001-V01/ex-ante", strata_input(1)),
        ("CCER-14-001-V01/ex-post", trees_input(3_000)),
    ] {
        let input = serde_json::from_str(&input).unwrap_or_default();
        let used = methodologies::calculate(code, &input).map(|outcome| outcome.parameters);
        for parameter in used.unwrap_or_default() {
            numbers.insert(parameter.id, json!(parameter.value.to_string()));
        }
    }
    serde_json::Value::Object(numbers).to_string()
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// [`super::run_formula`] for JavaScript.
    #[wasm_bindgen]
    pub fn formula(count: u32) -> i64 {
        super::run_formula(count)
    }

    /// [`super::run_calculator`] for JavaScript.
    #[wasm_bindgen]
    pub fn calculator(count: u32) -> i64 {
        super::run_calculator(count)
    }

    /// [`super::strata_input`] for JavaScript.
    #[wasm_bindgen]
    pub fn strata_input() -> String {
        super::strata_input(super::STRATA)
    }

    /// [`super::run_strata`] for JavaScript.
    #[wasm_bindgen]
    pub fn strata(input: &str) -> String {
        super::run_strata(input)
    }

    /// [`super::trees_input`] for JavaScript.
    #[wasm_bindgen]
    pub fn trees_input() -> String {
        super::trees_input(super::TREES)
    }

    /// [`super::run_trees`] for JavaScript.
    #[wasm_bindgen]
    pub fn trees(input: &str) -> String {
        super::run_trees(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_formula_is_the_calculator() {
        assert_eq!(run_formula(40), run_calculator(40));
    }

    #[test]
    fn the_long_inputs_are_right_and_give_stocks() {
        for stock in [run_strata(&strata_input(3)), run_trees(&trees_input(3_000))] {
            let Ok(stock) = stock.parse::<rust_decimal::Decimal>() else {
                panic!("not a stock: {stock}")
            };
            assert!(stock > rust_decimal::Decimal::ONE);
        }
        assert!(
            numbers().contains("species.masson_pine.wd"),
            "{}",
            numbers()
        );
    }
}
