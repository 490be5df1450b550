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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_formula_is_the_calculator() {
        assert_eq!(run_formula(40), run_calculator(40));
    }
}
