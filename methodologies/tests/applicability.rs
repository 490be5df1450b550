//! May a project apply: every condition around its limit, the side that refuses first, and the days on which an answer changes.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use methodologies::{Finding, applicability, applicability_fields, precheck, precheck_fields};
use serde_json::{Value, json};

const FOREST: &str = "CCER-14-001-V01";
const MANGROVE: &str = "CCER-14-002-V01";
const WIND: &str = "CCER-01-002-V01";
const ALL: [&str; 6] = [
    "CCER-01-001-V01",
    WIND,
    FOREST,
    MANGROVE,
    "CCER-10-001-V01",
    "CCER-07-001-V01",
];

fn forest() -> Value {
    json!({
        "forest_kind": "protection", "years_without_forest": "12", "planned_afforestation_land": "yes",
        "tenure_clear": "yes", "smallest_plot_m2": "667", "on_wetland": "no", "trees_removed": "no",
        "removed_vegetation_percent": "8", "repeated_soil_disturbance": "no", "burning": "no", "displacement": "no",
        "lawful": "yes", "in_emissions_trading": "no", "legally_obliged": "no", "construction_start": "2017-03-20",
        "crediting_from": "2020-09-23", "crediting_to": "2060-09-22", "project_end": "2066-12-31",
        "tenure_until": "2066-12-31", "additionality": "public_welfare", "additionality_documented": "yes",
        "in_other_mechanism": "no", "was_deregistered": "no", "reductions_from": "2021-06-04",
        "application_date": "2026-06-04",
    })
}

fn mangrove() -> Value {
    json!({
        "site_kind": "bare_flat", "suits_mangroves": "yes", "artificial_planting": "yes", "tenure_clear": "yes",
        "smallest_plot_m2": "400", "largest_gap_m2": "400", "cover_before_percent": "5", "intertidal_kept": "yes",
        "fertilised": "no", "alien_invasive_species": "no", "lawful": "yes", "hydrology_years": "5",
        "site_described": "yes", "in_emissions_trading": "no", "legally_obliged": "no",
        "construction_start": "2020-05-01", "crediting_from": "2021-01-01", "crediting_to": "2060-12-31",
        "project_end": "2060-12-31", "tenure_until": "2060-12-31", "in_other_mechanism": "no",
        "was_deregistered": "no", "reductions_from": "2021-06-01", "application_date": "2026-06-01",
    })
}

/// The finding with this id, with some facts changed.
fn finding(code: &str, id: &str, mut facts: Value, changes: &[(&str, &str)]) -> Finding {
    for (field, value) in changes {
        facts[*field] = json!(value);
    }
    precheck(code, &facts)
        .unwrap()
        .into_iter()
        .find(|finding| finding.id == id)
        .unwrap_or_else(|| panic!("{code} has no {id}"))
}

/// Facts that meet every condition, one changed at a time: the condition, the changes, the verdict and its reason.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Option<bool>,
    &'static str,
);

fn check(code: &str, facts: &Value, rows: &[Row]) {
    for (id, changes, passed, reason) in rows {
        let found = finding(code, id, facts.clone(), changes);
        assert_eq!(
            (found.passed, found.reason_code.as_str()),
            (*passed, *reason),
            "{id} {changes:?}"
        );
        assert_eq!(found.remedy.is_none(), *passed == Some(true), "{id}");
    }
}

#[test]
fn afforestation_turns_at_each_limit() {
    check(
        FOREST,
        &forest(),
        &[
            (
                "F-SCOPE",
                &[("forest_kind", "economic")],
                Some(false),
                "economic_forest",
            ),
            (
                "F-SCOPE",
                &[("forest_kind", "greening")],
                Some(false),
                "greening",
            ),
            (
                "F-SCOPE",
                &[("forest_kind", "timber")],
                Some(true),
                "forest_kind_in_scope",
            ),
            (
                "F-a",
                &[("years_without_forest", "2.9")],
                Some(false),
                "forest_too_recent",
            ),
            (
                "F-a",
                &[("years_without_forest", "3")],
                Some(true),
                "bare_and_planned",
            ),
            (
                "F-a",
                &[("planned_afforestation_land", "no")],
                Some(false),
                "not_planned_land",
            ),
            (
                "F-b",
                &[("tenure_clear", "no")],
                Some(false),
                "tenure_unclear",
            ),
            ("F-b", &[], Some(true), "tenure_clear"),
            ("F-d", &[("on_wetland", "yes")], Some(false), "wetland"),
            ("F-d", &[], Some(true), "not_wetland"),
            (
                "F-e",
                &[("trees_removed", "yes")],
                Some(false),
                "trees_removed",
            ),
            (
                "F-e",
                &[("removed_vegetation_percent", "20.01")],
                Some(false),
                "too_much_removed",
            ),
            (
                "F-e",
                &[("removed_vegetation_percent", "20")],
                Some(true),
                "vegetation_kept",
            ),
            (
                "F-f",
                &[("repeated_soil_disturbance", "yes")],
                Some(false),
                "soil_disturbed",
            ),
            ("F-f", &[], Some(true), "soil_left_alone"),
            ("F-g", &[("burning", "yes")], Some(false), "burning"),
            ("F-g", &[], Some(true), "no_burning"),
            (
                "F-h",
                &[("displacement", "yes")],
                Some(false),
                "displacement",
            ),
            ("F-h", &[], Some(true), "no_displacement"),
            ("F-i", &[("lawful", "no")], Some(false), "not_lawful"),
            ("F-i", &[], Some(true), "lawful"),
            (
                "P-ADDITIONAL",
                &[("additionality", "none")],
                Some(false),
                "not_additional",
            ),
            (
                "P-ADDITIONAL",
                &[("additionality_documented", "no")],
                Some(false),
                "evidence_missing",
            ),
            (
                "P-ADDITIONAL",
                &[("additionality", "general_demonstration")],
                Some(true),
                "general_demonstration",
            ),
            ("P-ADDITIONAL", &[], Some(true), "exempt"),
        ],
    );
}

#[test]
fn the_smallest_plot_of_afforestation_depends_on_the_day_the_project_started() {
    check(
        FOREST,
        &forest(),
        &[
            (
                "F-c",
                &[
                    ("construction_start", "2019-12-31"),
                    ("smallest_plot_m2", "666.99"),
                ],
                Some(false),
                "plot_too_small",
            ),
            (
                "F-c",
                &[
                    ("construction_start", "2019-12-31"),
                    ("smallest_plot_m2", "667"),
                ],
                Some(true),
                "plots_large_enough",
            ),
            (
                "F-c",
                &[
                    ("construction_start", "2020-01-01"),
                    ("smallest_plot_m2", "399.99"),
                ],
                Some(false),
                "plot_too_small",
            ),
            (
                "F-c",
                &[
                    ("construction_start", "2020-01-01"),
                    ("smallest_plot_m2", "400"),
                ],
                Some(true),
                "plots_large_enough",
            ),
            (
                "F-c",
                &[("construction_start", ""), ("smallest_plot_m2", "399.99")],
                Some(false),
                "plot_too_small",
            ),
            (
                "F-c",
                &[("construction_start", ""), ("smallest_plot_m2", "400")],
                None,
                "facts_missing",
            ),
            (
                "F-c",
                &[("construction_start", ""), ("smallest_plot_m2", "667")],
                Some(true),
                "plots_large_enough",
            ),
        ],
    );
}

#[test]
fn mangrove_creation_turns_at_each_limit() {
    check(
        MANGROVE,
        &mangrove(),
        &[
            ("M-a", &[("site_kind", "other")], Some(false), "other_site"),
            (
                "M-a",
                &[("suits_mangroves", "no")],
                Some(false),
                "unsuitable",
            ),
            (
                "M-a",
                &[("artificial_planting", "no")],
                Some(false),
                "not_planted",
            ),
            (
                "M-a",
                &[("site_kind", "retired_pond")],
                Some(true),
                "suitable_and_planted",
            ),
            (
                "M-b",
                &[("tenure_clear", "no")],
                Some(false),
                "tenure_unclear",
            ),
            ("M-b", &[], Some(true), "tenure_clear"),
            (
                "M-c",
                &[("smallest_plot_m2", "399.99")],
                Some(false),
                "plot_too_small",
            ),
            (
                "M-c",
                &[("largest_gap_m2", "400.01")],
                Some(false),
                "gap_too_large",
            ),
            (
                "M-c",
                &[("cover_before_percent", "5.01")],
                Some(false),
                "covered_before",
            ),
            ("M-c", &[], Some(true), "plots_fit"),
            (
                "M-d",
                &[("intertidal_kept", "no")],
                Some(false),
                "not_intertidal",
            ),
            ("M-d", &[], Some(true), "intertidal"),
            ("M-e", &[("fertilised", "yes")], Some(false), "fertilised"),
            ("M-e", &[], Some(true), "not_fertilised"),
            (
                "M-f",
                &[("alien_invasive_species", "yes")],
                Some(false),
                "alien_species",
            ),
            ("M-f", &[], Some(true), "native_species"),
            ("M-g", &[("lawful", "no")], Some(false), "not_lawful"),
            (
                "M-g",
                &[("site_described", "no")],
                Some(false),
                "site_not_described",
            ),
            (
                "M-g",
                &[("hydrology_years", "4.9")],
                Some(false),
                "hydrology_too_short",
            ),
            ("M-g", &[], Some(true), "lawful_and_described"),
            (
                "P-ADDITIONAL",
                &[("fertilised", "yes")],
                Some(false),
                "conditions_not_met",
            ),
            ("P-ADDITIONAL", &[], Some(true), "exempt"),
        ],
    );
}

#[test]
fn the_programme_turns_on_its_days() {
    check(
        FOREST,
        &forest(),
        &[
            (
                "P-START",
                &[("construction_start", "2012-11-08")],
                Some(false),
                "started_too_early",
            ),
            (
                "P-START",
                &[("construction_start", "2012-11-09")],
                Some(true),
                "started_after_limit",
            ),
            (
                "P-FIRST-DAY",
                &[("crediting_from", "2020-09-22")],
                Some(false),
                "before_first_day",
            ),
            (
                "P-FIRST-DAY",
                &[("crediting_from", "2020-09-23")],
                Some(true),
                "not_before_first_day",
            ),
            (
                "P-PERIOD",
                &[("crediting_to", "2020-09-22")],
                Some(false),
                "end_before_start",
            ),
            (
                "P-PERIOD",
                &[("crediting_to", "2040-09-21")],
                Some(false),
                "crediting_too_short",
            ),
            (
                "P-PERIOD",
                &[("crediting_to", "2040-09-22")],
                Some(true),
                "crediting_within_limit",
            ),
            (
                "P-PERIOD",
                &[("crediting_to", "2060-09-23")],
                Some(false),
                "crediting_too_long",
            ),
            (
                "P-PERIOD",
                &[("crediting_to", "2060-09-22")],
                Some(true),
                "crediting_within_limit",
            ),
            (
                "P-LIFE",
                &[("construction_start", "2020-09-24")],
                Some(false),
                "before_start",
            ),
            (
                "P-LIFE",
                &[("construction_start", "2020-09-23")],
                Some(true),
                "inside_life",
            ),
            (
                "P-LIFE",
                &[("project_end", "2060-09-21")],
                Some(false),
                "after_life",
            ),
            (
                "P-LIFE",
                &[("project_end", "2060-09-22")],
                Some(true),
                "inside_life",
            ),
            (
                "P-TENURE",
                &[("tenure_until", "2060-09-21")],
                None,
                "facts_missing",
            ),
            (
                "P-TENURE",
                &[
                    ("tenure_until", "2060-09-21"),
                    ("tenure_renewal_statement", "no"),
                ],
                Some(false),
                "tenure_too_short",
            ),
            (
                "P-TENURE",
                &[
                    ("tenure_until", "2060-09-21"),
                    ("tenure_renewal_statement", "yes"),
                ],
                Some(true),
                "tenure_renewed_by_statement",
            ),
            (
                "P-TENURE",
                &[("tenure_until", "2060-09-22")],
                Some(true),
                "tenure_covers_period",
            ),
            (
                "P-ETS",
                &[("in_emissions_trading", "yes")],
                Some(false),
                "in_emissions_trading",
            ),
            (
                "P-ETS",
                &[("legally_obliged", "yes")],
                Some(false),
                "legally_obliged",
            ),
            ("P-ETS", &[], Some(true), "outside_trading_and_voluntary"),
            (
                "P-UNIQUE",
                &[("in_other_mechanism", "yes")],
                Some(false),
                "in_other_mechanism",
            ),
            ("P-UNIQUE", &[], Some(true), "unique"),
            (
                "P-AGAIN",
                &[("was_deregistered", "yes")],
                Some(false),
                "deregistered",
            ),
            ("P-AGAIN", &[], Some(true), "never_deregistered"),
            (
                "P-FIVE-YEARS",
                &[("reductions_from", "2021-06-03")],
                Some(false),
                "older_than_five_years",
            ),
            (
                "P-FIVE-YEARS",
                &[("reductions_from", "2021-06-04")],
                Some(true),
                "within_five_years",
            ),
            (
                "P-FIVE-YEARS",
                &[("reductions_from", "2026-06-05")],
                Some(false),
                "not_arisen_yet",
            ),
            (
                "P-FIVE-YEARS",
                &[("application_date", "")],
                None,
                "facts_missing",
            ),
        ],
    );
}

#[test]
fn only_power_is_asked_about_green_certificates() {
    for code in ALL {
        let asked = precheck(code, &json!({}))
            .unwrap()
            .iter()
            .any(|finding| finding.id == "P-GREEN");
        assert_eq!(asked, code.starts_with("CCER-01-"), "{code}");
    }
    let facts = json!({ "green_certificate_choice": "certificates" });
    let found = finding(WIND, "P-GREEN", facts, &[]);
    assert_eq!(found.passed, Some(false));
    assert!(found.remedy.unwrap().en.contains("not traded yet"));
}

#[test]
fn an_open_condition_names_the_facts_that_are_missing_and_only_those() {
    let facts = json!({ "crediting_to": "2060-09-22" });
    let remedy = finding(FOREST, "P-TENURE", facts, &[]).remedy.unwrap();
    assert!(remedy.zh.contains("权属或承包的到期日"), "{}", remedy.zh);
    assert!(!remedy.zh.contains("计入期末日"), "{}", remedy.zh);
    assert!(remedy.en.starts_with("Fill in: "));
}

#[test]
fn nothing_filled_in_leaves_every_condition_open_and_everything_filled_in_none() {
    for code in ALL {
        let open = precheck(code, &json!({})).unwrap();
        let ids: BTreeSet<&str> = open.iter().map(|finding| finding.id.as_str()).collect();
        assert_eq!(ids.len(), open.len(), "{code}");
        for finding in &open {
            assert_eq!(finding.passed, None, "{code} {}", finding.id);
            assert!(finding.remedy.is_some() && !finding.clause.is_empty());
            assert!(!finding.evidence.zh.is_empty() && !finding.evidence.en.is_empty());
        }
    }
    for (code, facts) in [(FOREST, forest()), (MANGROVE, mangrove())] {
        let all = precheck(code, &facts).unwrap();
        assert!(
            all.iter().all(|finding| finding.passed == Some(true)),
            "{all:#?}"
        );
        assert!(all.len() > applicability(code, &facts).unwrap().len());
    }
}

#[test]
fn every_fact_that_is_asked_decides_something_and_every_condition_asks_for_facts_it_has() {
    for code in ALL {
        let asked: BTreeSet<&str> = precheck_fields(code)
            .unwrap()
            .iter()
            .map(|field| field.path)
            .collect();
        assert_eq!(
            asked.len(),
            precheck_fields(code).unwrap().len(),
            "{code}: a fact is asked twice"
        );
        let findings = precheck(code, &json!({})).unwrap();
        let used: BTreeSet<&str> = findings
            .iter()
            .flat_map(|finding| finding.fields.iter().map(String::as_str))
            .collect();
        assert_eq!(asked, used, "{code}");
    }
}

#[test]
fn conditions_that_were_not_read_in_a_text_say_so() {
    let assumed = |code: &str, id: &str| finding(code, id, json!({}), &[]).assumed;
    for id in ["F-f", "F-g", "F-h", "F-i", "P-PERIOD", "P-TENURE"] {
        assert!(assumed(FOREST, id), "{id}");
    }
    for id in ["F-a", "F-b", "F-c", "F-d", "F-e", "P-START"] {
        assert!(!assumed(FOREST, id), "{id}");
    }
    for id in ["M-c", "M-d", "M-e", "M-f", "M-g"] {
        assert!(assumed(MANGROVE, id), "{id}");
    }
    assert!(!assumed(MANGROVE, "M-a") && !assumed(MANGROVE, "M-b"));
    assert!(!assumed(WIND, "P-PERIOD"));
}

#[test]
fn a_fact_that_cannot_be_read_is_one_error_at_its_field() {
    for (code, field) in [
        (FOREST, "crediting_from"),
        (WIND, "crediting_to"),
        (MANGROVE, "tenure_until"),
    ] {
        let errors = precheck(code, &json!({ field: "2020-02-30" })).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            (errors[0].path.as_str(), errors[0].code),
            (field, "date_invalid")
        );
    }
    let errors = precheck(
        FOREST,
        &json!({ "smallest_plot_m2": "0.5 ha", "application_date": "soon" }),
    );
    let paths: Vec<String> = errors
        .unwrap_err()
        .into_iter()
        .map(|error| error.path)
        .collect();
    assert_eq!(paths, ["smallest_plot_m2", "application_date"]);
    assert!(applicability_fields("CCER-99").is_empty());
    assert_eq!(
        precheck("CCER-99", &json!({})).unwrap_err()[0].code,
        "methodology_unknown"
    );
}
