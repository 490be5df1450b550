//! The footprint of an event: what it promises besides its cases.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use methodologies::event::{self, Footprint, factor, footprint};
use methodologies::replaceable::{in_force, replaceable};
use methodologies::text::Message;
use methodologies::{
    INPUT_ERRORS, InputError, Parameters, Replacement, calculators, catalogue, example,
    fields_to_json, json_to_fields, schema,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use time::macros::date;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn computed(input: &Value) -> Footprint {
    footprint(input, Parameters::BUILT_IN).unwrap()
}

fn refused(input: &Value) -> Vec<InputError> {
    footprint(input, Parameters::BUILT_IN).unwrap_err()
}

/// A day in Wuhan with these lines.
fn with_lines(lines: &str) -> Value {
    json!({
        "from": "2025-10-18",
        "to": "2025-10-19",
        "accounted_on": "2026-01-15",
        "province": "湖北",
        "lines": format!("stage,activity,quantity,unit,factor,quality\n{lines}"),
    })
}

#[test]
fn a_footprint_is_no_calculator_of_the_reduction_programme() {
    assert!(
        calculators()
            .iter()
            .all(|one| one.code != event::CALCULATOR)
    );
    assert!(
        catalogue()
            .iter()
            .all(|methodology| !methodology.code.starts_with("event"))
    );
}

#[test]
fn its_schema_and_example_are_found_by_its_code() {
    let schema = schema(event::CALCULATOR).unwrap();
    let fields = schema["fields"].as_array().unwrap();
    assert_eq!(fields.len(), event::inputs().len());
    let said = |text: &Value| {
        ["zh", "en"]
            .iter()
            .all(|language| text[language].as_str().is_some_and(|text| !text.is_empty()))
    };
    for field in fields {
        assert!(said(&field["label"]) && said(&field["help"]), "{field}");
        for column in field["columns"].as_array().into_iter().flatten() {
            assert!(said(&column["label"]) && said(&column["help"]), "{column}");
            if column["type"] == "choice" {
                assert!(!column["choices"].as_array().unwrap().is_empty());
            }
        }
    }
    // every factor that can be chosen is listed with value, source, tier, boundary and gas
    assert_eq!(
        schema["factors"].as_array().unwrap().len(),
        factor::all().len()
    );
    let first = &schema["factors"][0];
    for name in ["code", "unit", "gas", "boundary", "place", "editions"] {
        assert!(!first[name].is_null(), "{name}");
    }
    assert_eq!(first["editions"][0]["tier"], "A");

    let input = example(event::CALCULATOR).unwrap();
    let form = json_to_fields(&input);
    assert_eq!(fields_to_json(&form), input);
    let result = computed(&input);
    assert!(result.neutralise_t > 0 && result.people == Some(200));
    for path in form.keys() {
        let pattern = path.replace(".0.", ".*.");
        assert!(event::inputs().iter().any(|field| field.path == pattern));
    }
}

#[test]
fn every_step_names_its_clause_and_every_parameter_its_source() {
    let result = computed(&example(event::CALCULATOR).unwrap());
    assert!(!result.steps.is_empty() && !result.parameters.is_empty());
    for step in &result.steps {
        assert!(!step.clause.is_empty() && !step.unit.is_empty() && !step.inputs.is_empty());
        assert!(!step.title.zh.is_empty() && !step.title.en.is_empty());
    }
    for parameter in &result.parameters {
        assert!(!parameter.source.zh.is_empty() && !parameter.source.en.is_empty());
    }
    // the year of each factor can be read
    for source in &result.sources {
        assert!(source.title.en.contains("(20"), "{}", source.title.en);
    }
    let largest = &result.sources[0];
    assert_eq!(largest.factor, "event.air_long_economy.2025");
    assert!(largest.advice.is_some());
}

#[test]
fn a_line_cut_into_thousands_has_the_same_uncertainty_of_its_factor() {
    let whole = computed(&with_lines(
        "hold,住宿,30000,room_night,hotel_china,invoiced\n",
    ));
    let parts = "hold,住宿,1,room_night,hotel_china,invoiced\n".repeat(30_000);
    let cut = computed(&with_lines(&parts));
    assert_eq!(cut.total_kg, whole.total_kg);
    assert_eq!(cut.lines.len(), 30_000);
    assert_eq!(cut.sources.len(), 1);
    assert_eq!(whole.uncertainty_percent, number("30.42"));
    // quantities are independent: their part shrinks, that of the factor stays
    assert_eq!(cut.uncertainty_percent, number("30.01"));
    assert_eq!(cut.steps[0].inputs[0].value, number("30000"));
}

#[test]
fn thirty_thousand_attendees_with_an_own_factor_share_its_error() {
    let mut lines = String::new();
    for number in 1..=30_000 {
        lines.push_str(&format!(
            "R-{number},hold,travel,参会者 {number},{},pkm,own,registered,0.032,运营方年报 2024,CO2,energy\n",
            number % 900 + 1
        ));
    }
    let mut input = with_lines("");
    input["lines"] = json!(format!(
        "reference,stage,class,activity,quantity,unit,factor,quality,own_factor,own_source,own_gas,own_boundary\n{lines}"
    ));
    let result = computed(&input);
    assert_eq!(
        (
            result.sources.len(),
            result
                .parameters
                .iter()
                .filter(|number| number.id.starts_with("own."))
                .count()
        ),
        (1, 1)
    );
    assert_eq!(result.sources[0].title.zh, "运营方年报 2024");
    let kilometres: i64 = (1..=30_000).map(|number| number % 900 + 1).sum();
    assert_eq!(result.total_kg, Decimal::from(kilometres) * number("0.032"));
    assert!(
        result.uncertainty_percent > number("50") && result.uncertainty_percent < number("50.1")
    );
}

#[test]
fn ten_thousand_mistakes_are_two_hundred_and_a_count() {
    let lines = "hold,出租车,1,pkm,taxi,surveyed\n".repeat(10_000);
    let errors = refused(&with_lines(&lines));
    assert_eq!(errors.len(), 201);
    let last = errors
        .iter()
        .find(|error| error.code == "table_more_errors")
        .unwrap();
    assert!(last.text().en.contains("9800 more"), "{}", last.text().en);
}

#[test]
fn one_line_too_many_is_refused() {
    let lines = "hold,住宿,1,room_night,hotel_china,invoiced\n".repeat(30_001);
    let errors = refused(&with_lines(&lines));
    assert_eq!(
        (errors[0].path.as_str(), errors[0].code),
        ("lines", "list_too_long")
    );
}

#[test]
fn any_field_left_empty_or_filled_with_rubbish_is_an_answer_never_a_panic() {
    let rubbish = [
        "",
        " ",
        "0",
        "-1",
        "99999999999999999999",
        "NaN",
        "１２",
        "2024-02-30",
        "own",
        "<b>",
        "😀",
    ];
    for field in event::inputs() {
        for text in rubbish {
            let mut form: BTreeMap<String, String> =
                json_to_fields(&example(event::CALCULATOR).unwrap());
            form.insert(field.path.replace('*', "0"), text.to_owned());
            match footprint(&fields_to_json(&form), Parameters::BUILT_IN) {
                Ok(result) => assert!(result.neutralise_t >= 0),
                Err(errors) => check_texts(&errors),
            }
        }
    }
    let columns = "reference,stage,class,activity,quantity,unit,factor,factor_year,activity_year,province,share_percent,\
        certificate_kwh,certificate_proof,quality,u_activity,u_factor,own_factor,own_source,own_gas,own_boundary,origin,evidence";
    let good = "R-1,hold,electricity,a,10,kWh,own,,2025,湖北,50,,,measured,5,5,0.5,s,CO2,generation,organiser,e";
    let cells: Vec<&str> = good.split(',').collect();
    let base = with_lines("");
    for place in 0..cells.len() {
        for text in rubbish {
            let mut changed = cells.clone();
            changed[place] = text;
            let mut input = base.clone();
            input["lines"] = json!(format!("{columns}\n{}\n", changed.join(",")));
            if let Err(errors) = footprint(&input, Parameters::BUILT_IN) {
                check_texts(&errors);
            }
        }
    }
    for input in [
        Value::Null,
        json!([]),
        json!({ "lines": [1] }),
        json!({ "lines": 7, "left_out": "x" }),
    ] {
        check_texts(&refused(&input));
    }
}

fn check_texts(errors: &[InputError]) {
    assert!(!errors.is_empty());
    for error in errors {
        assert!(INPUT_ERRORS.iter().any(|known| known.code == error.code));
        let text = error.text();
        assert!(
            !text.en.contains('{') && !text.zh.contains('{'),
            "{}",
            text.en
        );
    }
}

fn replacement(id: &str, value: &str, from: time::Date) -> Replacement {
    Replacement {
        id: id.to_owned(),
        value: number(value),
        unit: replaceable(id, Parameters::BUILT_IN).unwrap().unit,
        from,
        source: Message {
            zh: "公告（2026年第60号）".to_owned(),
            en: "Notice (No. 60 of 2026)".to_owned(),
        },
        assumed: false,
        tier: None,
    }
}

#[test]
fn an_operator_enters_the_table_of_a_new_year_and_it_serves_from_its_day() {
    let day = date!(2026 - 12 - 20);
    let set = Parameters {
        set: 1,
        replacements: vec![
            replacement("event.grid.CN-HB.2024", "0.3950", day),
            replacement("event.hotel_china.2025", "50", day),
        ],
        scenes: Vec::new(),
    };
    assert_eq!(set.check(), Ok(()));
    let run = |accounted_on: &str, set: &Parameters| {
        let mut input = with_lines(
            "hold,用电,1000,kWh,grid_province,measured\nhold,住宿,1,room_night,hotel_china,invoiced\n",
        );
        input["accounted_on"] = json!(accounted_on);
        footprint(&input, set).unwrap()
    };
    let before = run("2026-12-19", &set);
    let after = run("2026-12-20", &set);
    assert_eq!(before.total_kg, number("457.9"));
    assert_eq!(
        run("2026-12-20", Parameters::BUILT_IN).total_kg,
        before.total_kg
    );
    assert_eq!(after.total_kg, number("445"));
    assert_eq!(after.lines[0].factor, "event.grid.CN-HB.2024");
    assert_eq!(after.parameter_set, 1);
    let listed = in_force(&set, day);
    let shown = |id: &str| listed.iter().find(|number| number.used.id == id);
    let entered = shown("event.grid.CN-HB.2024").unwrap();
    assert!(entered.replaced && entered.from == day);
    assert!(shown("event.grid.CN-HB.2023").is_none());
    assert!(shown("event.air_long_economy.2025").is_some());
    assert!(shown("event.air_long_economy.2025.no_rf").is_some());
    assert!(shown("event.hotel_china.2025.no_rf").is_none());
}

#[test]
fn only_editions_that_can_be_are_replaceable_and_within_bounds() {
    for id in [
        "event.grid.CN-HB.2022",
        "event.grid.CN-HB.2024",
        "event.air_long_economy.2025.no_rf",
    ] {
        let known = replaceable(id, Parameters::BUILT_IN).unwrap();
        assert_eq!(known.id, id);
        assert!(known.first.is_some() && known.min < known.max);
    }
    for id in [
        "event.grid.CN-HB.2020",
        "event.grid.CN-XZ.2023",
        "event.hotel_china.2025.no_rf",
        "event.hotel_china.02025",
        "event.hotel_china",
        "event.moon.2025",
    ] {
        assert_eq!(replaceable(id, Parameters::BUILT_IN), None, "{id}");
    }
    let mut wrong = replacement("event.grid.CN-HB.2024", "395", date!(2026 - 12 - 20));
    let set = |one: &Replacement| Parameters {
        set: 1,
        replacements: vec![one.clone()],
        scenes: Vec::new(),
    };
    assert_eq!(
        set(&wrong).check().unwrap_err()[0].code,
        "parameter_out_of_range"
    );
    wrong.value = number("0.395");
    wrong.unit = "tCO2/MWh".to_owned();
    assert_eq!(
        set(&wrong).check().unwrap_err()[0].code,
        "parameter_unit_wrong"
    );
}

#[test]
fn the_guide_names_a_class_for_every_scope() {
    let checklist = event::checklist();
    for scope in 1..=3 {
        assert!(checklist.iter().any(|item| item.scope == scope));
    }
    for item in checklist {
        assert!(!item.source.zh.is_empty() && !item.standard.zh.is_empty());
    }
    // what was read in the table of the guide and what was not are told apart
    assert!(checklist.iter().any(|item| item.confidence.is_none()));
    assert!(checklist.iter().any(|item| item.confidence.is_some()));
}

#[test]
fn two_inventories_in_one_form_differ_only_by_the_year_of_their_factors() {
    let mut input = with_lines("hold,用电,1000,kWh,grid_province,measured\n");
    let of_2023 = computed(&input);
    input["factor_year"] = json!("2021");
    let of_2021 = computed(&input);
    assert_eq!(of_2023.lines[0].value, number("0.4044"));
    assert_eq!(of_2021.lines[0].value, number("0.3672"));
    assert!(!of_2021.parameters.iter().any(|number| number.stale));
}
