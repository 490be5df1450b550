//! What `huitan calc --schema` and REST say about the inputs of every calculator.

use methodologies::{calculators, example, json_to_fields, schema};
use serde_json::Value;

fn is_said(text: &Value) -> bool {
    ["zh", "en"]
        .iter()
        .all(|language| text[language].as_str().is_some_and(|text| !text.is_empty()))
}

/// What is missing from the description of a field or column.
fn missing(input: &Value) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if !is_said(&input["label"]) {
        missing.push("label in both languages");
    }
    if !input["required"].is_boolean() {
        missing.push("whether it is required");
    }
    let has = |name: &str| !input[name].is_null();
    let complete = match input["type"].as_str() {
        Some("number") => ["unit", "min", "max", "decimals"]
            .iter()
            .all(|name| has(name)),
        Some("choice") => input["choices"]
            .as_array()
            .is_some_and(|all| !all.is_empty()),
        Some("date" | "year" | "text") => true,
        Some("list") => has("max_items"),
        Some("table") => {
            has("max_rows")
                && input["columns"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty())
        }
        _ => false,
    };
    if !complete {
        missing.push("what may be written");
    }
    missing
}

#[test]
fn every_input_of_every_calculator_is_described_and_so_is_every_column_of_a_table() {
    for calculator in calculators() {
        let schema = schema(calculator.code).expect("each has a schema");
        let fields = schema["fields"].as_array().expect("a list of fields");
        assert_eq!(fields.len(), calculator.fields.len());
        for field in fields {
            let path = field["path"].as_str().expect("a path");
            assert!(
                missing(field).is_empty(),
                "{} {path}: {:?} in {field}",
                calculator.code,
                missing(field)
            );
            for column in field["columns"].as_array().into_iter().flatten() {
                assert!(column["code"].is_string(), "{path}: {column}");
                assert!(
                    missing(column).is_empty(),
                    "{} {path}: {:?} in {column}",
                    calculator.code,
                    missing(column)
                );
            }
        }
    }
}

#[test]
fn every_field_of_an_example_is_in_the_schema() {
    for calculator in calculators() {
        let example = example(calculator.code).expect("each has an example");
        for name in json_to_fields(&example).into_keys() {
            let pattern: Vec<_> = name
                .split('.')
                .map(|part| {
                    if part.parse::<usize>().is_ok() {
                        "*"
                    } else {
                        part
                    }
                })
                .collect();
            let pattern = pattern.join(".");
            assert!(
                calculator.fields.iter().any(|field| field.path == pattern),
                "{}: {name} is not in its schema",
                calculator.code
            );
        }
    }
}
