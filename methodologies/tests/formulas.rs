//! The catalogue of formulas: every formula computes, gives the known figures, and agrees with the calculators step by step.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use methodologies::formula::{self, Formula, Role};
use methodologies::parameter::parameter;
use methodologies::{Outcome, Step, calculate, calculators, example, precheck};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

const COMPLETE: [&str; 4] = [
    "CCER-01-001-V01",
    "CCER-01-002-V01",
    "CCER-14-001-V01",
    "CCER-14-002-V01",
];

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn example_of(formula: &Formula) -> Value {
    formula
        .example
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The value of the example, to six decimals.
fn value(id: &str) -> String {
    let formula = formula::find(id).unwrap_or_else(|| panic!("no formula {id}"));
    let (value, steps) = formula::evaluate(id, &example_of(formula)).unwrap();
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].value, value);
    assert_eq!(steps[0].clause, formula.clause);
    value.round_dp(6).normalize().to_string()
}

#[test]
fn the_examples_give_the_known_figures() {
    for (id, expected) in [
        ("CCER-01-001-V01/fuel-coefficient", "21.650152"),
        ("CCER-01-001-V01/project-emissions", "4330.0304"),
        ("CCER-01-001-V01/emission-reductions", "86727.0446"),
        ("CCER-01-001-V01/rounding", "86727"),
        ("CCER-01-001-V01/net-electricity", "146500"),
        ("CCER-01-001-V01/export-correction", "149700"),
        ("CCER-01-002-V01/combined-margin", "0.50885"),
        ("CCER-01-002-V01/baseline-emissions", "804345.4119"),
        ("CCER-14-001-V01/tree-biomass-volume", "468.780711"),
        ("CCER-14-001-V01/tree-carbon", "893.808556"),
        ("CCER-14-001-V01/fire-emissions", "92.0295"),
        ("CCER-14-001-V01/sample-size", "30.066944"),
        ("CCER-14-001-V01/relative-uncertainty", "11.682705"),
        ("CCER-14-002-V01/kandelia-biomass", "3.77043"),
        ("CCER-14-002-V01/common-biomass-above", "29.684753"),
        ("CCER-14-002-V01/common-biomass-below", "14.790883"),
    ] {
        assert_eq!(value(id), expected, "{id}");
    }
}

#[test]
fn every_formula_computes_says_what_its_symbols_mean_and_where_it_is_from() {
    let mut ids = BTreeSet::new();
    for formula in formula::formulas() {
        let id = formula.full_id();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        value(&id);
        assert!(formula.result().is_some(), "{id}");
        assert!(!formula.title.zh.is_empty() && !formula.title.en.is_empty());
        assert!(!formula.basis.source.zh.is_empty() && !formula.basis.source.en.is_empty());
        assert_eq!(
            formula.latex.matches('{').count(),
            formula.latex.matches('}').count(),
            "{id}"
        );
        let mut names = BTreeSet::new();
        for symbol in formula.symbols {
            assert!(names.insert(symbol.name), "{id} {}", symbol.name);
            assert!(!symbol.meaning.zh.is_empty() && !symbol.meaning.en.is_empty());
            if let Role::Parameter(known) = symbol.role {
                assert!(parameter(known).is_some(), "{id}: no parameter {known}");
            }
        }
        let fields = formula.fields();
        for (name, _) in formula.example {
            assert!(
                fields.iter().any(|field| field.path == *name),
                "{id} {name}"
            );
        }
    }
    let of: BTreeSet<&str> = formula::formulas()
        .map(|formula| formula.methodology)
        .collect();
    assert_eq!(of, BTreeSet::from(COMPLETE));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let refused = |id: &str, input: Value| -> Vec<(String, &'static str)> {
        formula::evaluate(id, &input)
            .unwrap_err()
            .into_iter()
            .map(|error| (error.path, error.code))
            .collect()
    };
    let baseline = "CCER-01-002-V01/baseline-emissions";
    assert_eq!(
        refused(baseline, json!({ "eg": "a lot", "wrong": "1" })),
        [
            ("wrong".to_owned(), "unknown_field"),
            ("eg".to_owned(), "number_not_a_number"),
            ("ef_cm".to_owned(), "required"),
        ]
    );
    assert_eq!(
        refused(baseline, json!({ "eg": "1", "ef_cm": "-0.1" })),
        [("ef_cm".to_owned(), "number_out_of_range")]
    );
    assert_eq!(
        refused(
            baseline,
            json!({ "eg": "1", "ef_cm": "0.5", "days_in_year": "0" })
        ),
        [(String::new(), "divided_by_zero")]
    );
    assert_eq!(
        refused(
            "CCER-14-002-V01/common-biomass-above",
            json!({ "rho": "999999999999", "d": "999999999999" })
        ),
        [(String::new(), "amount_too_large")]
    );
    assert_eq!(
        refused("CCER-99/x", json!({})),
        [(String::new(), "formula_unknown")]
    );
    assert_eq!(
        refused(baseline, json!([])),
        [(String::new(), "input_not_an_object")]
    );
}

#[test]
fn a_number_may_carry_its_own_unit_and_a_parameter_is_taken_from_the_table_unless_given() {
    let (value, _) = formula::evaluate(
        "CCER-01-002-V01/baseline-emissions",
        &json!({ "eg": "1,655,202 MWh", "ef_cm": "0.48595 tCO2/MWh", "days": "183", "days_in_year": "366" }),
    )
    .unwrap();
    assert_eq!(value, number("402172.70595"));
    let margin = |input: Value| {
        formula::evaluate("CCER-01-002-V01/combined-margin", &input)
            .unwrap()
            .0
    };
    assert_eq!(
        margin(json!({ "ef_om": "1", "ef_bm": "0.5" })),
        number("0.75")
    );
    assert_eq!(
        margin(json!({ "ef_om": "1", "ef_bm": "0.5", "w_om": "0.75", "w_bm": "0.25" })),
        number("0.875")
    );
}

#[derive(Deserialize)]
struct Case {
    calculator: String,
    input: Value,
}

/// The outcome of every example and of every case that is not refused, for the complete methodologies.
fn outcomes() -> Vec<(String, Outcome)> {
    fn walk(folder: &Path, found: &mut Vec<(String, Outcome)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let case: Case = toml::from_str(&text).unwrap();
                if let Ok(outcome) = calculate(&case.calculator, &case.input) {
                    found.push((path.display().to_string(), outcome));
                }
            }
        }
    }
    let mut found: Vec<(String, Outcome)> = calculators()
        .iter()
        .map(|calculator| {
            let outcome = calculate(calculator.code, &example(calculator.code).unwrap()).unwrap();
            (calculator.code.to_owned(), outcome)
        })
        .collect();
    walk(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")),
        &mut found,
    );
    found.retain(|(_, outcome)| COMPLETE.contains(&outcome.methodology_version.as_str()));
    found
}

/// `CCER-14-001-V01 (D) (E2)` cites two clauses.
fn clauses_in(clause: &str) -> Vec<String> {
    let mut parts = clause.split(" (");
    let code = parts.next().unwrap_or_default();
    let numbered: Vec<String> = parts.map(|part| format!("{code} ({part}")).collect();
    if numbered.len() > 1 {
        numbered
    } else {
        vec![clause.to_owned()]
    }
}

/// The formulas that a step may follow.
fn candidates<'a>(
    methodology: &'a str,
    step: &'a Step,
) -> impl Iterator<Item = &'static Formula> + use<'a> {
    formula::of(methodology).filter(move |formula| {
        clauses_in(&step.clause)
            .iter()
            .any(|clause| clause == formula.clause)
            && formula.steps.contains(&step.symbol.as_str())
    })
}

#[test]
fn every_step_of_every_case_follows_a_formula_and_has_its_value() {
    let mut without = BTreeSet::new();
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, outcome) in outcomes() {
        for step in &outcome.steps {
            let mut any = false;
            let mut values = Vec::new();
            for formula in candidates(&outcome.methodology_version, step) {
                any = true;
                if let Some(value) = formula.value_of_step(step) {
                    values.push((formula.full_id(), value));
                }
            }
            if !any {
                without.insert(format!(
                    "{} {} {}",
                    outcome.methodology_version, step.symbol, step.clause
                ));
            }
            // inputs and value of a step may each be rounded where they are kept
            let near = |value: Decimal| {
                (value - step.value).abs()
                    <= Decimal::new(1, 6) * step.value.abs().max(Decimal::ONE)
            };
            if let Some((id, _)) = values.iter().find(|(_, value)| near(*value)) {
                *compared.entry(id.clone()).or_default() += 1;
            } else if !values.is_empty() {
                wrong.push(format!(
                    "{name}: {} {:?} {} is not {values:?}",
                    step.symbol, step.inputs, step.value
                ));
            }
        }
    }
    assert!(without.is_empty(), "steps without a formula: {without:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    for id in [
        "CCER-01-001-V01/baseline-emissions",
        "CCER-01-001-V01/net-electricity",
        "CCER-01-001-V01/project-emissions",
        "CCER-01-001-V01/fuel-coefficient",
        "CCER-01-001-V01/emission-reductions",
        "CCER-01-001-V01/rounding",
        "CCER-01-002-V01/baseline-emissions",
        "CCER-01-002-V01/combined-margin",
        "CCER-01-002-V01/emission-reductions",
    ] {
        assert!(
            compared.contains_key(id),
            "no step was compared with {id}: {compared:?}"
        );
    }
}

#[derive(Deserialize)]
struct Clauses {
    /// How many clauses are excluded. It may only shrink.
    excluded_at_most: usize,
    clause: Vec<Clause>,
}

#[derive(Deserialize)]
struct Clause {
    id: String,
    about: String,
    excluded: Option<String>,
}

fn clauses_of(methodology: &str) -> Clauses {
    let path = format!("{}/clauses/{methodology}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path}"))).unwrap()
}

/// Every clause of a methodology that a formula, a condition, a parameter or a step cites.
fn cited(methodology: &str) -> BTreeSet<String> {
    let mut cited: BTreeSet<String> = formula::of(methodology)
        .map(|formula| formula.clause.to_owned())
        .collect();
    for finding in precheck(methodology, &json!({})).unwrap() {
        cited.insert(finding.clause);
    }
    for parameter in methodologies::parameter::parameters() {
        cited.extend(parameter.clause.split(" / ").map(str::to_owned));
    }
    for (_, outcome) in outcomes() {
        if outcome.methodology_version == methodology {
            cited.extend(
                outcome
                    .steps
                    .iter()
                    .flat_map(|step| clauses_in(&step.clause)),
            );
            cited.extend(
                outcome
                    .parameters
                    .iter()
                    .flat_map(|used| used.clause.split(" / "))
                    .map(str::to_owned),
            );
        }
    }
    // "CCER-01-001-V01 / CCER-14-001-V01 …" cites one clause of several methodologies; only ours are looked at
    cited.retain(|clause| clause.starts_with(methodology) && clause.len() > methodology.len());
    cited
}

#[test]
fn every_clause_is_cited_or_excluded_with_a_reason_and_the_exclusions_may_only_shrink() {
    for methodology in COMPLETE {
        let clauses = clauses_of(methodology);
        let cited = cited(methodology);
        let known: BTreeSet<String> = clauses
            .clause
            .iter()
            .map(|clause| clause.id.clone())
            .collect();
        assert_eq!(
            known.len(),
            clauses.clause.len(),
            "{methodology}: a clause is there twice"
        );
        let unknown: Vec<&String> = cited.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "{methodology}: cited, but not in clauses/: {unknown:?}"
        );
        let mut excluded = 0;
        for clause in &clauses.clause {
            assert!(clause.about.len() > 5, "{}", clause.id);
            match (&clause.excluded, cited.contains(&clause.id)) {
                (None, true) => {}
                (None, false) => panic!("{} is neither cited nor excluded", clause.id),
                (Some(_), true) => panic!("{} is cited: remove its exclusion", clause.id),
                (Some(reason), false) => {
                    assert!(reason.len() > 20, "{}: say why", clause.id);
                    excluded += 1;
                }
            }
        }
        assert!(
            excluded <= clauses.excluded_at_most,
            "{methodology}: {excluded} exclusions, {} allowed: the list may only shrink",
            clauses.excluded_at_most
        );
        assert_eq!(
            excluded, clauses.excluded_at_most,
            "{methodology}: lower excluded_at_most"
        );
    }
}
