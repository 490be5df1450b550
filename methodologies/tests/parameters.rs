//! The tables in `parameters/` and the Rust made from them; the days on which a value changes.
#![cfg(not(target_arch = "wasm32"))]

use methodologies::factors::{self, FactorError};
use methodologies::{fuels, parameter};
use time::Date;
use time::macros::date;

#[path = "../examples/generate_parameters.rs"]
mod generator;

#[test]
fn the_generated_file_is_what_the_tables_give() {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = generator::generate(&home.join("parameters")).unwrap();
    let kept = std::fs::read_to_string(home.join("src/generated.rs")).unwrap();
    assert!(
        fresh == kept,
        "src/generated.rs is stale: run `cargo run -p methodologies --example generate_parameters`"
    );
}

/// The label chosen for an energy year on a day, for a grid whose recent sets are all known.
fn label(grid: &str, energy_year: i32, as_of: Date) -> i32 {
    factors::ef(grid, energy_year, as_of).unwrap().label
}

#[test]
fn around_each_publication_exactly_one_set_applies() {
    for release in factors::releases() {
        let day = release.published_on;
        let (before, after) = (day.previous_day().unwrap(), day.next_day().unwrap());
        for energy_year in 2020..=2027 {
            let due = |on| factors::label_due(energy_year, Some(on));
            assert_eq!(
                due(day),
                due(after),
                "{energy_year} on {day} and the day after"
            );
            // the newest published set whose data year is not later than the energy year, and no other
            for on in [before, day, after] {
                let candidates: Vec<i32> = factors::releases()
                    .iter()
                    .filter(|release| {
                        release.published_on <= on && release.data_year() <= energy_year
                    })
                    .map(|release| release.label)
                    .collect();
                assert_eq!(
                    due(on),
                    candidates.iter().copied().max(),
                    "{energy_year} on {on}"
                );
            }
        }
    }
}

#[test]
fn the_2024_set_serves_2022_and_later_from_the_day_of_its_publication() {
    let (before, on, after) = (
        date!(2026 - 01 - 12),
        date!(2026 - 01 - 13),
        date!(2026 - 01 - 14),
    );
    for year in 2022..=2026 {
        assert_eq!(label("South", year, before), 2023);
        assert_eq!(label("South", year, on), 2024);
        assert_eq!(label("South", year, after), 2024);
    }
    assert_eq!(label("South", 2021, before), 2023);
    assert_eq!(label("South", 2021, on), 2023);
    assert_eq!(
        factors::ef("South", 2024, before).unwrap().cm.to_string(),
        "0.48595"
    );
    assert_eq!(
        factors::ef("South", 2024, on).unwrap().cm.to_string(),
        "0.4861"
    );
}

#[test]
fn the_2023_set_replaces_the_2022_set_from_2021_on() {
    let (before, on) = (date!(2024 - 08 - 31), date!(2024 - 09 - 01));
    assert_eq!(label("East", 2021, before), 2022);
    assert_eq!(label("East", 2021, on), 2023);
    assert_eq!(label("East", 2020, before), 2022);
    assert_eq!(label("East", 2020, on), 2022);
}

#[test]
fn energy_years_of_one_document_take_different_sets() {
    let as_of = date!(2026 - 01 - 20);
    let chosen: Vec<(i32, String)> = [2020, 2021, 2022, 2030]
        .into_iter()
        .map(|year| factors::ef("Northwest", year, as_of).unwrap())
        .map(|factor| (factor.label, factor.cm.to_string()))
        .collect();
    let expected = [
        (2022, "0.6742"),
        (2023, "0.63055"),
        (2024, "0.62155"),
        (2024, "0.62155"),
    ];
    assert_eq!(chosen, expected.map(|(label, cm)| (label, cm.to_owned())));
}

#[test]
fn a_set_whose_values_are_unknown_is_replaced_by_an_earlier_one_marked_stale() {
    let factor = factors::ef("Northeast", 2024, date!(2026 - 03 - 01)).unwrap();
    assert_eq!(
        (factor.label, factor.data_year, factor.stale, factor.assumed),
        (2019, 2017, true, false)
    );
    assert_eq!(factor.cm.to_string(), "0.66125");
    let fresh = factors::ef("South", 2024, date!(2026 - 03 - 01)).unwrap();
    assert_eq!(
        (fresh.stale, fresh.assumed, fresh.is_of_earlier_year()),
        (false, true, true)
    );
}

#[test]
fn there_is_no_default_factor() {
    let on = date!(2026 - 03 - 01);
    assert_eq!(
        factors::ef("Atlantis", 2024, on),
        Err(FactorError::UnknownGrid)
    );
    assert_eq!(
        factors::ef("Southwest", 2024, on),
        Err(FactorError::NotPublished)
    );
    assert_eq!(
        factors::ef("South", 2016, on),
        Err(FactorError::NotPublished)
    );
    assert_eq!(
        factors::ef("South", 2024, date!(2020 - 12 - 28)),
        Err(FactorError::NotPublished)
    );
    assert_eq!(
        factors::ef_named("South", 2024, 2022, None),
        Err(FactorError::UnknownSet(vec![2019, 2023, 2024]))
    );
}

#[test]
fn naming_an_old_set_is_marked_stale_only_where_the_rules_would_choose_another() {
    let stale = |year, label, as_of| factors::ef_named("East", year, label, as_of).unwrap().stale;
    assert!(!stale(2024, 2023, Some(date!(2025 - 12 - 31))));
    assert!(stale(2024, 2023, Some(date!(2026 - 01 - 13))));
    assert!(stale(2024, 2023, None));
    assert!(!stale(2021, 2023, None));
}

#[test]
fn every_solved_factor_lies_on_the_lattice_of_two_four_decimal_margins() {
    for value in factors::values() {
        if let factors::Margins::Solved { cm, .. } = value.margins {
            let steps = cm * rust_decimal::Decimal::from(20_000);
            assert!(
                steps.fract().is_zero(),
                "{} {}: {cm}",
                value.grid,
                value.label
            );
        }
    }
}

#[test]
fn the_margins_of_the_2019_set_give_the_combined_margins_of_the_table() {
    let expected = [
        ("North", "0.7119"),
        ("Northeast", "0.66125"),
        ("East", "0.58955"),
        ("Central", "0.57205"),
        ("Northwest", "0.66645"),
        ("South", "0.50885"),
    ];
    for (grid, cm) in expected {
        assert_eq!(
            factors::ef_named(grid, 2017, 2019, None)
                .unwrap()
                .cm
                .to_string(),
            cm,
            "{grid}"
        );
    }
}

#[test]
fn provinces_are_in_one_grid_and_two_moved_with_the_2024_set() {
    let grid = |province, label| factors::grid_of_province(province, label).map(|grid| grid.code);
    assert_eq!(grid("广东省", 2024), Some("South"));
    assert_eq!(grid("内蒙古自治区", 2023), Some("North"));
    assert_eq!(grid("Jiangsu", 2023), Some("East"));
    assert_eq!(grid("四川省", 2023), Some("Central"));
    assert_eq!(grid("四川省", 2024), Some("Southwest"));
    assert_eq!(grid("西藏自治区", 2023), None);
    assert_eq!(grid("Atlantis", 2024), None);
    for row in factors::memberships() {
        for label in 2019..=2024 {
            let grids = factors::memberships()
                .iter()
                .filter(|other| other.province == row.province)
                .filter(|other| {
                    other.from_label.is_none_or(|from| from <= label)
                        && other.to_label.is_none_or(|to| label <= to)
                })
                .count();
            assert!(grids <= 1, "{} under {label}", row.province.en);
        }
    }
}

#[test]
fn a_parameter_has_no_value_before_its_first_day() {
    let weight = parameter::parameter("w_om").unwrap();
    assert!(weight.on(date!(2023 - 10 - 23)).is_none());
    assert!(weight.on(date!(2023 - 10 - 24)).is_some());
    assert!(weight.on(date!(2026 - 11 - 21)).is_some());
    assert_eq!(
        parameter::day("first_creditable_day", date!(2023 - 10 - 18)),
        None
    );
    assert_eq!(
        parameter::day("first_creditable_day", date!(2023 - 10 - 19)),
        Some(date!(2020 - 09 - 23))
    );
}

#[test]
fn fuel_coefficients_are_those_of_the_table() {
    let expected = [
        ("natural_gas", "21.650152"),
        ("diesel", "3.095910"),
        ("gasoline", "2.925056"),
        ("fuel_oil", "3.170461"),
        ("lpg", "3.101330"),
        ("lng", "2.828068"),
    ];
    for (code, coefficient) in expected {
        let fuel = fuels::fuel(code).unwrap();
        let per_unit =
            fuel.ncv.value * fuel.cc.value * fuel.of.value * rust_decimal::Decimal::from(44)
                / rust_decimal::Decimal::from(12);
        assert_eq!(per_unit.round_dp(6).to_string(), coefficient, "{code}");
    }
}
