//! What the public functions promise to forms, pages and machines.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use methodologies::{
    INPUT_ERRORS, applicability, applicability_schema, calculate, calculators, catalogue, example,
    fields_to_json, find, json_to_fields, schema,
};
use serde_json::{Value, json};
use time::macros::date;

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn every_example_is_complete_and_calculates() {
    for calculator in calculators() {
        let input = example(calculator.code).unwrap();
        let outcome = calculate(calculator.code, &input).unwrap();
        assert_eq!(outcome.calculator, calculator.code);
        assert!(outcome.total_t > 0);
        assert!(!outcome.steps.is_empty() && !outcome.parameters.is_empty());
    }
}

#[test]
fn the_offshore_wind_example_gives_the_published_figures() {
    let outcome = calculate(
        "CCER-01-002-V01/ex-ante",
        &example("CCER-01-002-V01/ex-ante").unwrap(),
    )
    .unwrap();
    assert_eq!((outcome.annual_t, outcome.total_t), (804_345, 8_043_450));
}

#[test]
fn an_example_goes_through_form_fields_and_back_unchanged() {
    for calculator in calculators() {
        let input = example(calculator.code).unwrap();
        let form = json_to_fields(&input);
        assert_eq!(fields_to_json(&form), input, "{}", calculator.code);
        let by_form = calculate(calculator.code, &fields_to_json(&form)).unwrap();
        assert_eq!(by_form, calculate(calculator.code, &input).unwrap());
    }
}

#[test]
fn every_step_names_its_clause_and_every_parameter_its_source() {
    for calculator in calculators() {
        let outcome = calculate(calculator.code, &example(calculator.code).unwrap()).unwrap();
        for step in &outcome.steps {
            assert!(!step.clause.is_empty() && !step.unit.is_empty() && !step.formula.is_empty());
            assert!(!step.title.zh.is_empty() && !step.title.en.is_empty());
            assert!(!step.inputs.is_empty(), "{} has no inputs", step.symbol);
        }
        for parameter in &outcome.parameters {
            assert!(!parameter.source.zh.is_empty() && !parameter.source.en.is_empty());
            assert!(!parameter.clause.is_empty());
        }
    }
}

#[test]
fn a_schema_describes_every_field_in_both_languages() {
    for calculator in calculators() {
        let schema = schema(calculator.code).unwrap();
        let listed = schema["fields"].as_array().unwrap();
        assert_eq!(listed.len(), calculator.fields.len());
        let paths: BTreeSet<&str> = listed
            .iter()
            .map(|field| field["path"].as_str().unwrap())
            .collect();
        assert_eq!(
            paths.len(),
            listed.len(),
            "{}: a path is listed twice",
            calculator.code
        );
        for field in listed {
            for language in ["zh", "en"] {
                assert!(
                    !field["label"][language].as_str().unwrap().is_empty(),
                    "{field}"
                );
                assert!(
                    !field["help"][language].as_str().unwrap().is_empty(),
                    "{field}"
                );
            }
        }
    }
}

#[test]
fn every_factor_set_and_grid_that_has_values_can_be_chosen() {
    let schema = schema("CCER-01-002-V01/ex-ante").unwrap();
    let choices = |path: &str| -> BTreeSet<String> {
        let field = schema["fields"]
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["path"] == path)
            .unwrap();
        field["choices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|choice| choice["value"].as_str().unwrap().to_owned())
            .collect()
    };
    let labels: BTreeSet<String> = methodologies::factors::values()
        .iter()
        .map(|value| value.label.to_string())
        .collect();
    let grids: BTreeSet<String> = methodologies::factors::grids()
        .iter()
        .map(|grid| grid.code.to_owned())
        .collect();
    assert_eq!(choices("factor_set"), labels);
    assert_eq!(choices("grid"), grids);
}

#[test]
fn every_error_code_has_both_texts_once() {
    let mut codes = BTreeSet::new();
    for error in INPUT_ERRORS {
        assert!(codes.insert(error.code), "{} is listed twice", error.code);
        assert!(!error.text.zh.is_empty() && !error.text.en.is_empty());
        let placeholders = |text: &str| -> BTreeSet<String> {
            text.split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect()
        };
        assert_eq!(
            placeholders(error.text.zh),
            placeholders(error.text.en),
            "{}",
            error.code
        );
    }
}

#[test]
fn an_error_reads_as_a_sentence_with_its_values() {
    let mut input = example("CCER-01-002-V01/ex-ante").unwrap();
    input["crediting_to"] = json!("2032-10-01");
    let errors = calculate("CCER-01-002-V01/ex-ante", &input).unwrap_err();
    let text = errors[0].text();
    assert_eq!(
        text.en,
        "A crediting period is at most 10 years: from 2022-10-01 to 2032-09-30 at the latest, first and last day included."
    );
    assert!(text.zh.contains("2032-09-30") && !text.zh.contains('{'));
}

#[test]
fn hostile_field_names_are_refused_by_name_and_cost_nothing() {
    let deep = vec!["a"; 1000].join(".");
    let long = "x".repeat(10_000);
    let form = fields(&[
        ("lines.4000000000.x", "1"),
        ("lines.99999999999999999999999999.x", "1"),
        ("lines.007.x", "1"),
        (deep.as_str(), "1"),
        (long.as_str(), "1"),
        ("..", "1"),
        ("", "1"),
        ("0.x", "1"),
        ("grid", "South"),
        ("grid.deeper", "1"),
    ]);
    let json = fields_to_json(&form);
    assert_eq!(json["grid"], "South");
    assert!(json["lines.4000000000.x"].is_string());
    let errors = calculate("CCER-01-002-V01/ex-ante", &json).unwrap_err();
    assert!(
        errors
            .iter()
            .any(|error| error.path == "lines.4000000000.x" && error.code == "unknown_field")
    );
    assert!(
        errors
            .iter()
            .any(|error| error.path == "grid.deeper" && error.code == "unknown_field")
    );
}

#[test]
fn many_sparse_lists_do_not_fill_the_memory() {
    let form: BTreeMap<String, String> = (0..9_000)
        .map(|index| (format!("f{index}.999.999.999.x"), "1".to_owned()))
        .collect();
    let text = fields_to_json(&form).to_string();
    assert!(text.len() < 2_000_000, "{} bytes", text.len());
}

#[test]
fn a_skipped_line_number_keeps_the_field_names_of_errors() {
    let form = fields(&[
        ("lines.0.from", "2024-01-01"),
        ("lines.2.from", "never"),
        ("lines.2.to", ""),
    ]);
    let json = fields_to_json(&form);
    assert_eq!(
        json,
        json!({ "lines": [{ "from": "2024-01-01" }, null, { "from": "never" }] })
    );
    let errors = calculate("CCER-01-002-V01/ex-post", &json).unwrap_err();
    assert!(
        errors
            .iter()
            .any(|error| error.path == "lines.2.from" && error.code == "date_invalid")
    );
    assert!(!errors.iter().any(|error| error.path.starts_with("lines.1")));
}

#[test]
fn inputs_of_the_wrong_shape_are_refused_not_feared() {
    let long = "9".repeat(10_000_000);
    for input in [
        Value::Null,
        json!([]),
        json!("text"),
        json!({ "grid": ["South"], "capacity_mw": {}, "lines": "x" }),
        json!({ "lines": [1, "x", [], { "from": { "a": 1 }, "fuels": {}, "more_meters": [[]] }] }),
        json!({ "export_mwh_per_year": long, "crediting_from": long, "grid": long, "factor_set": true }),
        json!({ "export_mwh_per_year": 1e300, "capacity_mw": 0.123_456_789_012_345_68 }),
    ] {
        for calculator in calculators() {
            let errors = calculate(calculator.code, &input).unwrap_err();
            assert!(!errors.is_empty() && errors.len() <= 100);
            for error in errors {
                assert!(
                    INPUT_ERRORS.iter().any(|known| known.code == error.code),
                    "{}",
                    error.code
                );
                assert!(error.path.len() <= 400);
                assert!(error.params.iter().all(|(_, value)| value.len() <= 1_000));
                assert!(
                    !error.text().en.contains('{'),
                    "{}: {}",
                    error.code,
                    error.text().en
                );
            }
        }
    }
}

#[test]
fn numbers_may_come_as_json_numbers_or_as_text() {
    let mut input = example("CCER-01-002-V01/ex-ante").unwrap();
    let by_text = calculate("CCER-01-002-V01/ex-ante", &input).unwrap();
    input["export_mwh_per_year"] = json!(1_655_202);
    input["capacity_mw"] = json!(500.0);
    assert_eq!(
        calculate("CCER-01-002-V01/ex-ante", &input).unwrap(),
        by_text
    );
    input["export_mwh_per_year"] = json!("１，６５５，２０２ 兆瓦时");
    assert_eq!(
        calculate("CCER-01-002-V01/ex-ante", &input).unwrap(),
        by_text
    );
}

#[test]
fn amounts_that_cannot_be_exact_are_refused() {
    let mut input = example("CCER-01-001-V01/ex-post").unwrap();
    let line = &mut input["lines"][0];
    line["export_mwh"] = json!("99999999.999999");
    line["export_meter"] = json!("outside_class");
    line["export_meter_error_percent"] = json!("12.345");
    line["fuels"][0]["amount"] = json!("999999.9999");
    line["fuels"][0]["meter"] = json!("outside_class");
    line["fuels"][0]["meter_error_percent"] = json!("12.345");
    line["fuels"][0]["ncv"] = json!("389.3121");
    line["fuels"][0]["cc"] = json!("0.015321");
    line["fuels"][0]["of"] = json!("0.9911");
    let errors = calculate("CCER-01-001-V01/ex-post", &input).unwrap_err();
    assert_eq!(errors[0].code, "amount_too_large");
}

#[test]
fn a_methodology_is_found_by_code_and_day() {
    assert_eq!(catalogue().len(), 4);
    let day = date!(2023 - 10 - 24);
    assert_eq!(find("CCER-01-002-V01", day).unwrap().project_type, "A0201");
    assert_eq!(find("CCER-01-001", day).unwrap().code, "CCER-01-001-V01");
    assert!(find("CCER-01-002-V01", date!(2023 - 10 - 23)).is_none());
    assert!(find("CCER-01-002-V02", day).is_none());
    for methodology in catalogue() {
        for code in methodology.calculators {
            assert!(
                calculators()
                    .iter()
                    .any(|calculator| calculator.code == *code)
            );
        }
        assert!(applicability_schema(methodology.code).is_some());
    }
}

/// The verdict on one condition: passed and the code of the reason.
fn verdict(code: &str, id: &str, facts: Value) -> (Option<bool>, String) {
    let findings = applicability(code, &facts).unwrap();
    let finding = findings
        .into_iter()
        .find(|finding| finding.id == id)
        .unwrap();
    (finding.passed, finding.reason_code)
}

#[test]
fn offshore_wind_needs_thirty_kilometres_or_thirty_metres_strictly() {
    let check = |distance: &str, depth: &str| {
        let facts = json!({ "distance_to_shore_km": distance, "water_depth_m": depth });
        verdict("CCER-01-002-V01", "W-A2", facts).0
    };
    assert_eq!(check("30", "30"), Some(false));
    assert_eq!(check("30.001", "5"), Some(true));
    assert_eq!(check("12", "30.01"), Some(true));
    assert_eq!(check("", "30.01"), Some(true));
    assert_eq!(check("12", ""), None);
    let facts = json!({ "distance_to_shore_km": "30.2", "water_depth_m": "12" });
    assert_eq!(
        verdict("CCER-01-002-V01", "W-A2", facts).1,
        "distance_barely_over_limit"
    );
}

#[test]
fn the_programme_rules_turn_on_their_day() {
    let start = |day: &str| {
        verdict(
            "CCER-01-001-V01",
            "P-START",
            json!({ "construction_start": day }),
        )
        .0
    };
    assert_eq!(start("2012-11-08"), Some(false));
    assert_eq!(start("2012-11-09"), Some(true));
    let first = |day: &str| {
        verdict(
            "CCER-01-001-V01",
            "P-FIRST-DAY",
            json!({ "crediting_from": day }),
        )
        .0
    };
    assert_eq!(first("2020-09-22"), Some(false));
    assert_eq!(first("2020-09-23"), Some(true));
    let length = |to: &str| {
        let facts = json!({ "crediting_from": "2022-04-01", "crediting_to": to });
        verdict("CCER-01-001-V01", "P-PERIOD", facts).0
    };
    assert_eq!(length("2032-03-31"), Some(true));
    assert_eq!(length("2032-04-01"), Some(false));
    let life = |from: &str, to: &str| {
        let facts = json!({
            "crediting_from": "2022-04-01", "crediting_to": "2032-03-31",
            "grid_connection_date": from, "retirement_date": to,
        });
        verdict("CCER-01-002-V01", "P-LIFE", facts).0
    };
    assert_eq!(life("2022-04-01", "2032-03-31"), Some(true));
    assert_eq!(life("2022-04-02", "2047-03-31"), Some(false));
    assert_eq!(life("2022-04-01", "2032-03-30"), Some(false));
}

#[test]
fn without_facts_every_condition_stays_open_and_with_all_facts_none_does() {
    for methodology in catalogue() {
        let open = applicability(methodology.code, &json!({})).unwrap();
        assert!(open.iter().all(|finding| finding.passed.is_none()));
        let ids: BTreeSet<&str> = open.iter().map(|finding| finding.id.as_str()).collect();
        assert_eq!(ids.len(), open.len());
    }
    let wind = json!({
        "grid_connected": "yes", "seaward_of_high_water_line": "yes", "distance_to_shore_km": "62.75",
        "water_depth_m": "14", "lawful": "yes", "in_emissions_trading": "no", "legally_obliged": "no",
        "construction_start": "2020-06-16", "crediting_from": "2022-10-01", "crediting_to": "2032-09-30",
        "grid_connection_date": "2021-11-01", "retirement_date": "2046-10-31",
        "green_certificate_choice": "reductions", "project_name": "left alone",
    });
    let findings = applicability("CCER-01-002-V01", &wind).unwrap();
    assert_eq!(findings.len(), 9);
    assert!(
        findings.iter().all(|finding| finding.passed == Some(true)),
        "{findings:#?}"
    );
    let solar = json!({
        "solar_kind": "part_of_integrated", "metered_separately": "no", "lawful": "yes",
        "in_emissions_trading": "yes", "legally_obliged": "no", "green_certificate_choice": "certificates",
    });
    let failed: Vec<String> = applicability("CCER-01-001-V01", &solar)
        .unwrap()
        .into_iter()
        .filter(|finding| finding.passed == Some(false))
        .map(|finding| finding.id)
        .collect();
    assert_eq!(failed, ["C-A2", "P-ETS", "P-GREEN"]);
}

#[test]
fn unreadable_facts_are_errors_at_their_field() {
    let errors = applicability(
        "CCER-01-002-V01",
        &json!({ "distance_to_shore_km": "30 m" }),
    )
    .unwrap_err();
    assert_eq!(
        (errors[0].path.as_str(), errors[0].code),
        ("distance_to_shore_km", "number_wrong_unit")
    );
    assert_eq!(
        applicability("CCER-99", &json!({})).unwrap_err()[0].code,
        "methodology_unknown"
    );
}

#[test]
fn the_source_knows_no_floats_but_in_one_file() {
    fn walk(folder: &std::path::Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path);
            } else if !path.ends_with("ccer/sink/real.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let floats = ["f64", "f32"]
                    .into_iter()
                    .find(|float| source.contains(float));
                assert_eq!(floats, None, "{}", path.display());
            }
        }
    }
    walk(std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    )));
}

#[test]
fn any_line_of_a_schema_left_empty_or_filled_with_rubbish_is_an_error_never_a_panic() {
    let rubbish = [
        "",
        " ",
        "0",
        "-1",
        "99999999999999999999",
        "NaN",
        "１２",
        "2024-02-30",
        "in_order",
        "<b>",
        "😀",
    ];
    for calculator in calculators() {
        for field in calculator.fields {
            for text in rubbish {
                let mut form = json_to_fields(&example(calculator.code).unwrap());
                form.insert(field.path.replace('*', "0"), text.to_owned());
                // a wrong value is refused; a harmless one calculates: both are answers
                match calculate(calculator.code, &fields_to_json(&form)) {
                    Ok(outcome) => assert!(outcome.total_t >= 0),
                    Err(errors) => assert!(!errors.is_empty()),
                }
            }
        }
    }
}
