//! Numbers that an operator put in the place of built-in ones: from their day on, of their unit, within their bounds.

use methodologies::factors::{self, FactorError};
use methodologies::replaceable::{in_force, replaceable};
use methodologies::text::Message;
use methodologies::{Outcome, Parameters, Replacement, calculate, calculate_with, example};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use time::Date;
use time::macros::date;

const WIND: &str = "CCER-01-002-V01/ex-ante";
const SOLAR: &str = "CCER-01-001-V01/ex-ante";

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn replacement(id: &str, value: &str, from: Date) -> Replacement {
    Replacement {
        id: id.to_owned(),
        value: number(value),
        unit: replaceable(id, Parameters::BUILT_IN).map_or_else(String::new, |known| known.unit),
        from,
        source: Message {
            zh: "公告（2027年第1号）".to_owned(),
            en: "Notice (No. 1 of 2027)".to_owned(),
        },
        assumed: false,
        tier: None,
    }
}

fn set(replacements: Vec<Replacement>) -> Parameters {
    Parameters {
        set: 1,
        replacements,
        scenes: Vec::new(),
    }
}

/// An official table of 2025 for the South, published on 2027-01-15.
fn table_of_2025() -> Parameters {
    let day = date!(2027 - 01 - 15);
    set(vec![
        replacement("grid.South.2025.om", "0.70", day),
        replacement("grid.South.2025.bm", "0.10", day),
    ])
}

fn codes(set: &Parameters) -> Vec<(String, &'static str)> {
    let errors = set.check().err().unwrap_or_default();
    errors
        .into_iter()
        .map(|error| (error.path, error.code))
        .collect()
}

fn run(code: &str, changes: Value, set: &Parameters) -> Outcome {
    let mut input = example(code).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            input.as_object_mut().unwrap().remove(name);
        } else {
            input[name] = value.clone();
        }
    }
    calculate_with(code, &input, set).unwrap()
}

#[test]
fn without_replacements_every_example_gives_the_same_digits() {
    for calculator in methodologies::calculators() {
        let input = example(calculator.code).unwrap();
        assert_eq!(
            calculate(calculator.code, &input),
            calculate_with(calculator.code, &input, &Parameters::default())
        );
    }
}

#[test]
fn a_new_table_serves_its_data_year_from_the_day_of_its_publication() {
    let set = table_of_2025();
    assert_eq!(codes(&set), []);
    let published = date!(2027 - 01 - 15);
    let label = |year, day| factors::ef_with(&set, "South", year, day).unwrap().label;
    for energy_year in 2023..=2027 {
        let before = label(energy_year, published.previous_day().unwrap());
        assert_ne!(before, 2025, "{energy_year}");
        assert_eq!(
            before,
            factors::ef("South", energy_year, published).unwrap().label
        );
        for day in [published, published.next_day().unwrap()] {
            // set L serves energy year L-2 and, being the newest, the years after it
            assert_eq!(
                label(energy_year, day),
                label(energy_year, date!(2030 - 01 - 01))
            );
        }
    }
    for energy_year in [2023, 2024, 2025, 2026] {
        assert_eq!(label(energy_year, published) == 2025, energy_year >= 2023);
    }
    assert_eq!(label(2022, published), 2024);
}

#[test]
fn a_new_table_gives_the_combined_margin_with_its_document() {
    let set = table_of_2025();
    let factor = factors::ef_with(&set, "South", 2025, date!(2027 - 02 - 01)).unwrap();
    assert_eq!(factor.cm.value(), number("0.4"));
    assert_eq!(
        (factor.om, factor.bm),
        (Some(number("0.70")), Some(number("0.10")))
    );
    assert!(factor.entered && !factor.assumed && !factor.stale);
    assert_eq!(factor.source.zh, "公告（2027年第1号）");
    assert_eq!(factor.published_on, date!(2027 - 01 - 15));
    // a grid that the table does not name keeps its newest set, marked stale
    let east = factors::ef_with(&set, "East", 2025, date!(2027 - 02 - 01)).unwrap();
    assert_eq!((east.label, east.stale), (2024, true));
    assert_eq!(factors::labels_with(&set, "South").last(), Some(&2025));
    assert_eq!(
        factors::ef_named("South", 2025, 2025, None),
        Err(FactorError::UnknownSet(factors::labels("South")))
    );
}

#[test]
fn an_official_table_takes_the_place_of_a_solved_factor_on_its_day_and_not_before() {
    let day = date!(2026 - 06 - 01);
    let set = set(vec![
        replacement("grid.South.2024.om", "0.80", day),
        replacement("grid.South.2024.bm", "0.20", day),
    ]);
    assert_eq!(codes(&set), []);
    let cm = |as_of| factors::ef_with(&set, "South", 2024, as_of).unwrap();
    let built_in = factors::ef("South", 2024, day).unwrap();
    assert_eq!(cm(day.previous_day().unwrap()), built_in);
    for on in [day, day.next_day().unwrap()] {
        assert_eq!(cm(on).cm.value(), number("0.5"));
        assert!(!cm(on).assumed);
    }
    assert!(built_in.assumed);
}

#[test]
fn an_outcome_names_its_set_and_lists_the_replaced_number_with_its_document() {
    let set = table_of_2025();
    let changes = json!({
        "grid": "South", "as_of": "2027-02-01", "factor_set": null, "factor_set_by_year": null,
        "crediting_from": "2026-01-01", "crediting_to": "2030-12-31",
    });
    let outcome = run(WIND, changes, &set);
    assert_eq!(outcome.parameter_set, 1);
    let om = outcome
        .parameters
        .iter()
        .find(|used| used.id == "grid.South.2025.om")
        .unwrap();
    assert_eq!(om.value, number("0.70"));
    assert!(
        om.source.en.starts_with("Notice (No. 1 of 2027)"),
        "{}",
        om.source.en
    );
    assert!(!om.assumed);
    assert!(
        outcome
            .year_lines
            .iter()
            .all(|line| line.factor_label == Some(2025) && !line.assumed)
    );
    assert!(
        outcome
            .steps
            .iter()
            .any(|step| step.symbol == "EF_CM,y" && step.value == number("0.4"))
    );
}

#[test]
fn weights_that_were_replaced_enter_the_combined_margin() {
    let from = date!(2027 - 01 - 01);
    let mut set = table_of_2025();
    set.replacements.push(replacement("w_om", "0.75", from));
    set.replacements.push(replacement("w_bm", "0.25", from));
    assert_eq!(codes(&set), []);
    let factor = factors::ef_with(&set, "South", 2025, date!(2027 - 02 - 01)).unwrap();
    assert_eq!(factor.cm.value(), number("0.55"));
}

#[test]
fn a_replaced_fuel_default_is_used_from_its_day_and_no_longer_called_assumed() {
    let input = |as_of: &str| {
        json!({ "as_of": as_of, "factor_set": null, "factor_set_by_year": null,
        "fuels": [{ "fuel": "diesel", "amount_per_year": "100" }] })
    };
    let set = set(vec![replacement(
        "fuel.diesel.ncv",
        "43.33",
        date!(2026 - 06 - 01),
    )]);
    assert_eq!(codes(&set), []);
    let ncv = |as_of: &str| {
        let outcome = run(SOLAR, input(as_of), &set);
        let used = outcome
            .parameters
            .into_iter()
            .find(|used| used.id == "fuel.diesel.ncv.default")
            .unwrap();
        (used.value, used.assumed)
    };
    assert_eq!(ncv("2026-05-31"), (number("42.652"), true));
    assert_eq!(ncv("2026-06-01"), (number("43.33"), false));
    assert_eq!(ncv("2026-06-02"), (number("43.33"), false));
}

#[test]
fn of_two_replacements_the_later_day_holds_and_on_the_same_day_the_one_entered_later() {
    let mut set = set(vec![
        replacement("meter_mpe_0_5s", "0.6", date!(2026 - 01 - 01)),
        replacement("meter_mpe_0_5s", "0.7", date!(2026 - 06 - 01)),
        replacement("meter_mpe_0_5s", "0.65", date!(2026 - 03 - 01)),
    ]);
    let on = |set: &Parameters, day| set.on("meter_mpe_0_5s", day).unwrap().value;
    assert_eq!(on(&set, date!(2025 - 12 - 31)), number("0.5"));
    assert_eq!(on(&set, date!(2026 - 01 - 01)), number("0.6"));
    assert_eq!(on(&set, date!(2026 - 02 - 28)), number("0.6"));
    assert_eq!(on(&set, date!(2026 - 03 - 01)), number("0.65"));
    assert_eq!(on(&set, date!(2026 - 05 - 31)), number("0.65"));
    assert_eq!(on(&set, date!(2026 - 06 - 01)), number("0.7"));
    set.replacements
        .push(replacement("meter_mpe_0_5s", "0.55", date!(2026 - 06 - 01)));
    assert_eq!(on(&set, date!(2026 - 06 - 01)), number("0.55"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let day = date!(2026 - 06 - 01);
    let one = |replacement: Replacement| codes(&set(vec![replacement]));
    let at = |field: &str, code| vec![(format!("replacements.0.{field}"), code)];
    for id in [
        "",
        "nothing",
        "grid.South.2024",
        "grid.Moon.2024.cm",
        "grid.South.2011.cm",
        "grid.South.2024.xm",
        "grid.South.2024.cm.x",
        "fuel.coal.ncv",
        "fuel.diesel.xx",
    ] {
        assert_eq!(
            one(replacement(id, "0.5", day)),
            at("id", "parameter_unknown"),
            "{id}"
        );
    }
    let mut wrong_unit = replacement("fuel.diesel.ncv", "43", day);
    wrong_unit.unit = "MJ/t".to_owned();
    assert_eq!(one(wrong_unit), at("unit", "parameter_unit_wrong"));
    for (id, value) in [
        ("grid.South.2024.cm", "1.51"),
        ("grid.South.2024.cm", "-0.1"),
        ("fuel.diesel.ncv", "42652"),
        ("fuel.diesel.of", "98"),
        ("w_om", "50"),
        ("meter_mpe_0_5s", "101"),
    ] {
        assert_eq!(
            one(replacement(id, value, day)),
            at("value", "parameter_out_of_range"),
            "{id} {value}"
        );
    }
    assert_eq!(
        one(replacement(
            "grid.South.2024.cm",
            "0.5",
            date!(2026 - 01 - 12)
        )),
        at("from", "parameter_from_too_early")
    );
    assert_eq!(
        one(replacement(
            "grid.South.2024.cm",
            "0.5",
            date!(2026 - 01 - 13)
        )),
        []
    );
    assert_eq!(
        one(replacement("fuel.diesel.ncv", "43", date!(2023 - 10 - 23))),
        at("from", "parameter_from_too_early")
    );
    assert_eq!(
        one(replacement("fuel.diesel.ncv", "43", date!(2100 - 01 - 02))),
        at("from", "parameter_from_too_late")
    );
    let mut no_source = replacement("fuel.diesel.ncv", "43", day);
    no_source.source.zh = " ".to_owned();
    assert_eq!(one(no_source), at("source", "required"));
    assert_eq!(
        one(replacement("grid.South.2024.om", "0.5", day)),
        at("id", "parameter_margin_alone")
    );
    assert_eq!(
        one(replacement("w_om", "0.6", day)),
        at("value", "parameter_weights_sum")
    );
}

#[test]
fn every_number_in_force_can_be_replaced_by_its_own_value() {
    let on = date!(2026 - 11 - 21);
    let numbers = in_force(Parameters::BUILT_IN, on);
    assert!(numbers.len() > 30, "{}", numbers.len());
    let replacements: Vec<Replacement> = numbers
        .iter()
        .map(|number| Replacement {
            id: number.used.id.clone(),
            value: number.used.value,
            unit: number.used.unit.clone(),
            from: on,
            source: number.used.source.clone(),
            assumed: number.used.assumed,
            tier: None,
        })
        .collect();
    let set = set(replacements);
    assert_eq!(set.check(), Ok(()));
    let again = in_force(&set, on);
    assert_eq!(again.len(), numbers.len());
    for (again, before) in again.iter().zip(&numbers) {
        assert_eq!(
            (&again.used.id, again.used.value),
            (&before.used.id, before.used.value)
        );
        assert!(again.replaced && !before.replaced, "{}", before.used.id);
        assert_eq!(again.from, on);
    }
}

#[test]
fn a_set_comes_back_from_json_as_it_went() {
    let set = table_of_2025();
    let text = serde_json::to_string(&set).unwrap();
    assert_eq!(serde_json::from_str::<Parameters>(&text).unwrap(), set);
    assert_eq!(
        serde_json::to_string(&Parameters::default()).unwrap(),
        r#"{"set":0}"#
    );
}
