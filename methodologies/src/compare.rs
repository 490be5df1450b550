//! Two outcomes side by side: what is the same, what is not, and where the difference begins.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::text::Message;
use crate::trace::{Note, Outcome, ParameterUse, Step, StepInput, YearLine};

/// What differs between two outcomes. Without differences every list is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Whole tonnes of the whole period.
    pub total_t: Pair<i64>,
    /// Whole tonnes per year.
    pub annual_t: Pair<i64>,
    /// Every year line of either outcome, matched by year, oldest first; also those that are the same.
    pub years: Vec<YearPair>,
    /// Steps that differ, in the order of the second outcome; those that only the first has come at the end.
    pub steps: Vec<StepDifference>,
    /// How many steps are the same in both.
    pub steps_same: usize,
    /// Published or assumed numbers that differ, by id.
    pub parameters: Vec<ParameterDifference>,
    /// Notes that only the second outcome has.
    pub notes_added: Vec<Note>,
    /// Notes that only the first outcome has.
    pub notes_removed: Vec<Note>,
}

/// A value of the first and of the second outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair<T> {
    /// Of the first outcome.
    pub first: T,
    /// Of the second outcome.
    pub second: T,
}

impl Pair<i64> {
    /// Second minus first; the nearest that fits if it would not.
    pub const fn difference(self) -> i64 {
        self.second.saturating_sub(self.first)
    }
}

/// A year line of both outcomes, or of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearPair {
    /// The calendar year; for a project-year line the calendar year in which it starts.
    pub year: i32,
    /// Of the first outcome, if it has this year.
    pub first: Option<YearLine>,
    /// Of the second outcome, if it has this year.
    pub second: Option<YearLine>,
}

impl YearPair {
    /// Whether the two lines say the same.
    pub fn is_same(&self) -> bool {
        self.first == self.second
    }

    /// Registered tonnes of both; 0 where there is no line.
    pub fn tonnes(&self) -> Pair<i64> {
        let of = |line: &Option<YearLine>| line.as_ref().map_or(0, |line| line.er_t);
        Pair {
            first: of(&self.first),
            second: of(&self.second),
        }
    }
}

/// A step that differs: in its value, in what went in, in its formula, or in being there at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDifference {
    /// The symbol.
    pub symbol: String,
    /// The line it belongs to, or empty for the whole calculation.
    pub line: String,
    /// The clause without the name of its version, so that two versions of a methodology can be compared.
    pub clause: String,
    /// What it is.
    pub title: Message,
    /// The unit of its value.
    pub unit: String,
    /// As the first outcome has it.
    pub first: Option<Step>,
    /// As the second outcome has it.
    pub second: Option<Step>,
}

impl StepDifference {
    /// Whether the result of the step itself differs, and not only what went in.
    pub fn changes_value(&self) -> bool {
        self.first.as_ref().map(|step| step.value) != self.second.as_ref().map(|step| step.value)
    }

    /// The inputs whose value differs, as the second outcome has them; those that only the first has come last.
    pub fn changed_inputs(&self) -> Vec<InputDifference> {
        let of = |step: &Option<Step>| {
            step.as_ref()
                .map_or_else(Vec::new, |step| step.inputs.clone())
        };
        let (first, second) = (of(&self.first), of(&self.second));
        let mut changed = Vec::new();
        for pair in matched(&first, &second, |input: &StepInput| input.symbol.clone()) {
            let value = |input: Option<&StepInput>| input.map(|input| input.value);
            if value(pair.first) != value(pair.second)
                && let Some(shown) = pair.second.or(pair.first)
            {
                changed.push(InputDifference {
                    symbol: shown.symbol.clone(),
                    unit: shown.unit.clone(),
                    first: value(pair.first),
                    second: value(pair.second),
                });
            }
        }
        changed
    }
}

/// An input of a step that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputDifference {
    /// The symbol.
    pub symbol: String,
    /// Its unit.
    pub unit: String,
    /// Of the first outcome.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub first: Option<Decimal>,
    /// Of the second outcome.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub second: Option<Decimal>,
}

/// A published or assumed number that differs: in its value, its source, its marks, or in being used at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterDifference {
    /// Its id.
    pub id: String,
    /// As the first outcome used it.
    pub first: Option<ParameterUse>,
    /// As the second outcome used it.
    pub second: Option<ParameterUse>,
}

/// Puts two outcomes side by side. They may be of different inputs, of different sets of numbers, or of different versions
/// of a methodology; the comparison says nothing about which one is right.
pub fn compare(first: &Outcome, second: &Outcome) -> Comparison {
    let (steps, steps_same) = steps(first, second);
    Comparison {
        total_t: Pair {
            first: first.total_t,
            second: second.total_t,
        },
        annual_t: Pair {
            first: first.annual_t,
            second: second.annual_t,
        },
        years: years(first, second),
        steps,
        steps_same,
        parameters: parameters(first, second),
        notes_added: missing_in(&second.notes, &first.notes),
        notes_removed: missing_in(&first.notes, &second.notes),
    }
}

impl Comparison {
    /// Whether the two outcomes say the same in everything that is compared.
    pub fn is_same(&self) -> bool {
        self.total_t.difference() == 0
            && self.annual_t.difference() == 0
            && self.years.iter().all(YearPair::is_same)
            && self.steps.is_empty()
            && self.parameters.is_empty()
            && self.notes_added.is_empty()
            && self.notes_removed.is_empty()
    }
}

fn years(first: &Outcome, second: &Outcome) -> Vec<YearPair> {
    let mut years: Vec<_> = matched(&first.year_lines, &second.year_lines, |line: &YearLine| {
        line.year
    })
    .into_iter()
    .filter_map(|pair| {
        Some(YearPair {
            year: pair.second.or(pair.first)?.year,
            first: pair.first.cloned(),
            second: pair.second.cloned(),
        })
    })
    .collect();
    years.sort_by_key(|pair| pair.year);
    years
}

fn steps(first: &Outcome, second: &Outcome) -> (Vec<StepDifference>, usize) {
    let versions = [
        first.methodology_version.as_str(),
        second.methodology_version.as_str(),
    ];
    let key = |step: &Step| {
        (
            clause_within(&step.clause, versions).to_owned(),
            step.symbol.clone(),
            step.line.clone(),
        )
    };
    let mut same = 0;
    let mut different = Vec::new();
    for pair in matched(&first.steps, &second.steps, key) {
        if let (Some(one), Some(other)) = (pair.first, pair.second)
            && (&one.value, &one.unit, &one.inputs, &one.formula)
                == (&other.value, &other.unit, &other.inputs, &other.formula)
        {
            same += 1;
        } else if let Some(shown) = pair.second.or(pair.first) {
            different.push(StepDifference {
                symbol: shown.symbol.clone(),
                line: shown.line.clone(),
                clause: clause_within(&shown.clause, versions).to_owned(),
                title: shown.title.clone(),
                unit: shown.unit.clone(),
                first: pair.first.cloned(),
                second: pair.second.cloned(),
            });
        }
    }
    (different, same)
}

fn parameters(first: &Outcome, second: &Outcome) -> Vec<ParameterDifference> {
    let mut different: Vec<_> = matched(
        &first.parameters,
        &second.parameters,
        |used: &ParameterUse| used.id.clone(),
    )
    .into_iter()
    .filter(|pair| pair.first != pair.second)
    .filter_map(|pair| {
        Some(ParameterDifference {
            id: pair.second.or(pair.first)?.id.clone(),
            first: pair.first.cloned(),
            second: pair.second.cloned(),
        })
    })
    .collect();
    different.sort_by(|one, other| one.id.cmp(&other.id));
    different
}

/// `CCER-01-002-V01 (1)` -> `(1)`: the clause without the version, which the outcome names already.
fn clause_within<'a>(clause: &'a str, versions: [&str; 2]) -> &'a str {
    let rest = versions
        .into_iter()
        .find_map(|version| clause.strip_prefix(version)?.strip_prefix(' '));
    rest.unwrap_or(clause)
}

fn missing_in(notes: &[Note], others: &[Note]) -> Vec<Note> {
    notes
        .iter()
        .filter(|note| !others.contains(note))
        .cloned()
        .collect()
}

/// Two things with the same key, or one without its counterpart.
struct Matched<'a, T> {
    first: Option<&'a T>,
    second: Option<&'a T>,
}

/// Pairs the items of two lists by key, in the order of the second; what only the first has comes at the end. The n-th item
/// with a key is paired with the n-th of the other list.
fn matched<'a, T, K: Ord>(
    first: &'a [T],
    second: &'a [T],
    key: impl Fn(&T) -> K,
) -> Vec<Matched<'a, T>> {
    let mut waiting: BTreeMap<K, std::collections::VecDeque<usize>> = BTreeMap::new();
    for (at, item) in first.iter().enumerate() {
        waiting.entry(key(item)).or_default().push_back(at);
    }
    let mut taken = vec![false; first.len()];
    let mut pairs = Vec::with_capacity(second.len());
    for item in second {
        let at = waiting
            .get_mut(&key(item))
            .and_then(std::collections::VecDeque::pop_front);
        if let Some(at) = at {
            taken[at] = true;
        }
        pairs.push(Matched {
            first: at.map(|at| &first[at]),
            second: Some(item),
        });
    }
    let left = first.iter().zip(&taken).filter(|(_, taken)| !**taken);
    pairs.extend(left.map(|(item, _)| Matched {
        first: Some(item),
        second: None,
    }));
    pairs
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn outcome(changes: Value) -> Outcome {
        let mut input = json!({
            "capacity_mw": "500",
            "grid": "East",
            "export_mwh_per_year": "1000000",
            "crediting_from": "2022-04-01",
            "crediting_to": "2032-03-31",
            "rounding": "calendar_year_lines",
            "factor_set": "2023",
        });
        if let (Some(input), Value::Object(changes)) = (input.as_object_mut(), changes) {
            input.extend(changes);
        }
        crate::calculate("CCER-01-002-V01/ex-ante", &input).expect("a complete input")
    }

    #[test]
    fn the_same_input_shows_no_difference() {
        for calculator in crate::calculators() {
            let input = crate::example(calculator.code).expect("each has an example");
            let outcome = crate::calculate(calculator.code, &input).expect("the example is right");
            let comparison = compare(&outcome, &outcome);
            assert!(comparison.is_same(), "{}: {comparison:?}", calculator.code);
            assert_eq!(comparison.steps_same, outcome.steps.len());
            assert_eq!(comparison.years.len(), outcome.year_lines.len());
        }
    }

    #[test]
    fn another_factor_set_shows_exactly_the_steps_that_depend_on_it() {
        let (first, second) = (outcome(json!({})), outcome(json!({ "factor_set": "2022" })));
        let comparison = compare(&first, &second);
        assert!(!comparison.is_same());
        assert!(comparison.total_t.difference() != 0);
        assert!(
            comparison
                .parameters
                .iter()
                .all(|parameter| parameter.id.starts_with("grid.")),
            "{:?}",
            comparison.parameters
        );
        assert!(!comparison.parameters.is_empty());
        // a step differs if and only if a factor, or something computed with one, went into it
        for step in &comparison.steps {
            assert!(
                step.first.is_none() || step.second.is_none() || !step.changed_inputs().is_empty(),
                "{} {} has the same inputs",
                step.symbol,
                step.line
            );
        }
        let names: std::collections::BTreeSet<&str> = comparison
            .steps
            .iter()
            .map(|step| step.symbol.as_str())
            .collect();
        assert!(
            names.contains("BE_y") && names.contains("ER_y"),
            "{names:?}"
        );
        assert!(
            !names.iter().any(|name| name.starts_with("EG_")),
            "the electricity does not depend on the factor: {names:?}"
        );
        let of_second = comparison.steps.iter().filter(|step| step.second.is_some());
        assert_eq!(
            of_second.count() + comparison.steps_same,
            second.steps.len()
        );
    }

    #[test]
    fn the_other_way_round_is_the_same_difference_with_the_other_sign() {
        let (first, second) = (
            outcome(json!({})),
            outcome(json!({ "crediting_to": "2031-03-31", "export_mwh_per_year": "5000000" })),
        );
        let (there, back) = (compare(&first, &second), compare(&second, &first));
        assert_eq!(there.total_t.difference(), -back.total_t.difference());
        assert_eq!(there.notes_added, back.notes_removed);
        assert!(
            !there.notes_added.is_empty(),
            "five million megawatt hours of 500 MW are remarked on"
        );
        let last = there.years.last().expect("there are years");
        assert_eq!((last.year, last.second.is_none()), (2032, true));
        assert_eq!(last.tonnes().second, 0);
        assert_eq!(there.years.len(), back.years.len());
    }

    #[test]
    fn a_comparison_can_be_stored_and_read_again() {
        let comparison = compare(
            &outcome(json!({})),
            &outcome(json!({ "factor_set": "2022" })),
        );
        let text = serde_json::to_string(&comparison).expect("it can be written");
        assert_eq!(
            serde_json::from_str::<Comparison>(&text).expect("it can be read"),
            comparison
        );
    }

    #[test]
    fn the_version_in_a_clause_is_no_difference() {
        let versions = ["CCER-01-002-V01", "CCER-01-002-V02"];
        assert_eq!(clause_within("CCER-01-002-V01 (1)", versions), "(1)");
        assert_eq!(clause_within("CCER-01-002-V02 (1)", versions), "(1)");
        assert_eq!(
            clause_within("GB/T 2589 table A", versions),
            "GB/T 2589 table A"
        );
    }
}
