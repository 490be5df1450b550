//! Every formula of the four complete methodologies as data: where it stands, what its symbols mean, how it is typeset, and a
//! form of it that can be computed alone.
//!
//! The calculators compute by their own code. A test takes every step of every worked case, finds its formula here, computes
//! it with the inputs of the step and compares: the two can not drift apart.

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use time::Date;
use time::macros::date;

use crate::input::InputError;
use crate::parameter::{Confidence, Parameters};
use crate::quantity::{Fraction, NumberError};
use crate::schema::{Field, Kind};
use crate::text::{Text, text};
use crate::trace::{Step, StepInput};

mod afforestation;
mod expression;
mod mangrove;
mod power;
mod sink;

/// One formula of one methodology.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Formula {
    /// The methodology version.
    pub methodology: &'static str,
    /// Its name within the methodology, as in addresses: `baseline-emissions`.
    pub id: &'static str,
    /// The clause it stands in, as steps cite it: `CCER-01-002-V01 (1)`.
    pub clause: &'static str,
    /// What it gives.
    pub title: Text,
    /// The formula in LaTeX notation.
    pub latex: &'static str,
    /// Every symbol of it, the result first.
    pub symbols: &'static [Symbol],
    /// Where it is from, and whether that is the text of the methodology.
    pub basis: FormulaBasis,
    /// The symbols of the steps that follow it (some are corrected, summed or per line).
    pub steps: &'static [&'static str],
    /// What it computes, over the names of its symbols.
    #[serde(skip)]
    expression: &'static str,
    /// A value for each input, to try it with.
    pub example: &'static [(&'static str, &'static str)],
}

/// Where a formula is from.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FormulaBasis {
    /// The document.
    pub source: Text,
    /// `None`: read in the text of the methodology. Otherwise it is assumed, and how sure one may be.
    pub confidence: Option<Confidence>,
}

impl FormulaBasis {
    /// It was not read in the text of the methodology.
    pub const fn is_assumed(&self) -> bool {
        self.confidence.is_some()
    }
}

/// A symbol of a formula.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Symbol {
    /// Its name in inputs: `eg`.
    pub name: &'static str,
    /// As steps write it: `EG_PJ,y`.
    pub plain: &'static str,
    /// In LaTeX notation.
    pub latex: &'static str,
    /// Its unit; `1` for a plain number.
    pub unit: &'static str,
    /// What it means.
    pub meaning: Text,
    /// Its part in the formula.
    pub role: Role,
}

/// The part of a symbol in its formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What is computed.
    Result,
    /// A number that must be given, not negative.
    Input,
    /// A number that must be given and may be negative.
    SignedInput,
    /// A number that is 1 unless given: shares of a year.
    OneUnlessGiven,
    /// A number that is 0 unless given.
    ZeroUnlessGiven,
    /// A published or assumed number with this id, unless another one is given.
    Parameter(&'static str),
    /// An index: it only tells amounts apart.
    Index,
}

/// Every formula, in the order of the methodologies and their clauses.
pub fn formulas() -> impl Iterator<Item = &'static Formula> {
    power::FORMULAS
        .iter()
        .chain(afforestation::FORMULAS)
        .chain(mangrove::FORMULAS)
}

/// The formulas of one methodology.
pub fn of(methodology: &str) -> impl Iterator<Item = &'static Formula> {
    formulas().filter(move |formula| formula.methodology == methodology)
}

/// The formula with this id: `CCER-01-002-V01/baseline-emissions`.
pub fn find(id: &str) -> Option<&'static Formula> {
    let (methodology, name) = id.rsplit_once('/')?;
    of(methodology).find(|formula| formula.id == name)
}

/// Computes one formula alone with the built-in numbers; leaves may be strings as typed. On refusal every error, each at its
/// field.
pub fn evaluate(id: &str, input: &Value) -> Result<(Decimal, Vec<Step>), Vec<InputError>> {
    evaluate_with(id, input, Parameters::BUILT_IN)
}

/// The same with the numbers of a set.
pub fn evaluate_with(
    id: &str,
    input: &Value,
    set: &Parameters,
) -> Result<(Decimal, Vec<Step>), Vec<InputError>> {
    let Some(formula) = find(id) else {
        let shown: String = id.chars().take(100).collect();
        return Err(vec![
            InputError::new("", "formula_unknown").with("value", shown),
        ]);
    };
    formula.evaluate(input, set)
}

/// Parameters are looked up as they stand last: a formula tried alone belongs to no document with a day.
const NEWEST: Date = date!(2100 - 01 - 01);

impl Formula {
    /// `CCER-01-002-V01/baseline-emissions`.
    pub fn full_id(&self) -> String {
        format!("{}/{}", self.methodology, self.id)
    }

    /// What must or may be given to compute it alone, in the order of its symbols.
    pub fn fields(&self) -> Vec<Field> {
        self.symbols
            .iter()
            .filter_map(|symbol| {
                let (min, required) = match symbol.role {
                    Role::Result | Role::Index => return None,
                    Role::Input => ("0", true),
                    Role::SignedInput => (LEAST, true),
                    Role::ZeroUnlessGiven => (LEAST, false),
                    Role::OneUnlessGiven | Role::Parameter(_) => ("0", false),
                };
                let kind = Kind::Number {
                    unit: symbol.unit,
                    min,
                    max: MOST,
                    decimals: 10,
                };
                Some(Field {
                    path: symbol.name,
                    kind,
                    label: symbol.meaning,
                    help: text("", ""),
                    required,
                })
            })
            .collect()
    }

    /// The symbol that is computed.
    pub fn result(&self) -> Option<&'static Symbol> {
        self.symbols
            .iter()
            .find(|symbol| symbol.role == Role::Result)
    }

    /// Reads the input, computes, and says how in one step.
    fn evaluate(
        &self,
        input: &Value,
        set: &Parameters,
    ) -> Result<(Decimal, Vec<Step>), Vec<InputError>> {
        let mut errors = Vec::new();
        let Some(members) = input.as_object() else {
            return Err(vec![InputError::new("", "input_not_an_object")]);
        };
        let fields = self.fields();
        for name in members.keys() {
            if !fields.iter().any(|field| field.path == name) {
                let shown: String = name.chars().take(100).collect();
                errors.push(InputError::new(shown.clone(), "unknown_field").with("field", shown));
            }
        }
        let mut values: Vec<(&Symbol, Decimal)> = Vec::new();
        for symbol in self.symbols {
            match read(symbol, members.get(symbol.name), set) {
                Ok(Some(value)) => values.push((symbol, value)),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let value = self.value(&values)?;
        Ok((value, vec![self.step(&values, value)]))
    }

    fn value(&self, values: &[(&Symbol, Decimal)]) -> Result<Decimal, Vec<InputError>> {
        let value_of = |name: &str| {
            values
                .iter()
                .find(|(symbol, _)| symbol.name == name)
                .map(|(_, value)| *value)
        };
        expression::value(self.expression, &value_of).map_err(|error| {
            vec![match error {
                expression::NoValue::DividedByZero => InputError::new("", "divided_by_zero"),
                expression::NoValue::TooLarge => InputError::new("", "amount_too_large"),
                expression::NoValue::Malformed(word) => {
                    InputError::new("", "formula_unknown").with("value", word)
                }
            }]
        })
    }

    /// The value of this formula with the inputs of a step, if the step has just the symbols of this formula.
    #[doc(hidden)]
    pub fn value_of_step(&self, step: &Step) -> Option<Decimal> {
        let values: Option<Vec<(&Symbol, Decimal)>> = step
            .inputs
            .iter()
            .map(|input| {
                let symbol = self
                    .symbols
                    .iter()
                    .find(|symbol| symbol.plain == input.symbol)?;
                Some((symbol, input.value))
            })
            .collect();
        let mut values = values?;
        for (at, (symbol, _)) in values.iter().enumerate() {
            // several meters added up: another form of the formula
            if values[..at]
                .iter()
                .any(|(known, _)| known.name == symbol.name)
            {
                return None;
            }
        }
        for symbol in self.symbols {
            let given = values.iter().any(|(known, _)| known.name == symbol.name);
            match symbol.role {
                _ if given => {}
                Role::Result | Role::Index => {}
                Role::OneUnlessGiven => values.push((symbol, Decimal::ONE)),
                Role::ZeroUnlessGiven => values.push((symbol, Decimal::ZERO)),
                Role::Input | Role::SignedInput | Role::Parameter(_) => return None,
            }
        }
        self.value(&values).ok()
    }

    fn step(&self, values: &[(&Symbol, Decimal)], value: Decimal) -> Step {
        let result = self.result();
        let given = |symbol: &Symbol, value: Decimal| match symbol.role {
            Role::OneUnlessGiven => value != Decimal::ONE,
            Role::ZeroUnlessGiven => !value.is_zero(),
            _ => true,
        };
        Step {
            symbol: result.map_or("", |symbol| symbol.plain).to_owned(),
            title: self.title.into(),
            clause: self.clause.to_owned(),
            line: String::new(),
            formula: self.plain(),
            inputs: values
                .iter()
                .filter(|(symbol, value)| given(symbol, *value))
                .map(|(symbol, value)| StepInput {
                    symbol: symbol.plain.to_owned(),
                    value: value.normalize(),
                    unit: symbol.unit.to_owned(),
                })
                .collect(),
            value,
            unit: result.map_or("1", |symbol| symbol.unit).to_owned(),
        }
    }

    /// The right-hand side in plain characters, with the symbols as steps write them.
    fn plain(&self) -> String {
        let mut plain = String::new();
        let mut word = String::new();
        for character in self.expression.chars().chain([' ']) {
            if character.is_ascii_alphanumeric() || character == '_' || character == '.' {
                word.push(character);
                continue;
            }
            let symbol = self.symbols.iter().find(|symbol| symbol.name == word);
            plain.push_str(symbol.map_or(word.as_str(), |symbol| symbol.plain));
            word.clear();
            plain.push(match character {
                '*' => '×',
                '-' => '−',
                other => other,
            });
        }
        plain.trim_end().to_owned()
    }
}

const LEAST: &str = "-1000000000000";
const MOST: &str = "1000000000000";

/// The value of a symbol: given, from the set, or what it is unless given. `None`: it is not an input.
fn read(
    symbol: &Symbol,
    given: Option<&Value>,
    set: &Parameters,
) -> Result<Option<Decimal>, InputError> {
    let given = given.filter(|value| {
        !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
    });
    let Some(given) = given else {
        return match symbol.role {
            Role::Result | Role::Index => Ok(None),
            Role::OneUnlessGiven => Ok(Some(Decimal::ONE)),
            Role::ZeroUnlessGiven => Ok(Some(Decimal::ZERO)),
            Role::Input | Role::SignedInput => Err(InputError::new(symbol.name, "required")),
            Role::Parameter(id) => set
                .on(id, NEWEST)
                .map(|used| Some(used.value))
                .ok_or_else(|| InputError::new(symbol.name, "required")),
        };
    };
    // the symbol's own unit behind the number is tolerated
    let number = match given {
        Value::String(text) => {
            let plain = text.trim();
            let plain = plain.strip_suffix(symbol.unit).unwrap_or(plain);
            let plain = if plain.trim().is_empty() { text } else { plain };
            plain.parse::<Fraction>()
        }
        other => Fraction::from_json(other),
    };
    let wrong = |error: &NumberError| InputError {
        path: symbol.name.to_owned(),
        code: error.code(),
        params: error.params(),
    };
    let value = number.map_err(|error| wrong(&error))?.value();
    let signed = matches!(symbol.role, Role::SignedInput | Role::ZeroUnlessGiven);
    let least = if signed { LEAST } else { "0" };
    let bound = |text: &str| text.parse::<Decimal>().unwrap_or_default();
    if value < bound(least) || value > bound(MOST) {
        return Err(InputError::new(symbol.name, "number_out_of_range")
            .with("min", least)
            .with("max", MOST));
    }
    Ok(Some(value))
}

const fn symbol(
    role: Role,
    name: &'static str,
    plain: &'static str,
    latex: &'static str,
    unit: &'static str,
    meaning: Text,
) -> Symbol {
    Symbol {
        name,
        plain,
        latex,
        unit,
        meaning,
        role,
    }
}

const IN_THE_TEXT: FormulaBasis = FormulaBasis {
    source: text("方法学正文", "Text of the methodology"),
    confidence: None,
};
