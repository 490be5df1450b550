//! What the two documents share: reading flat draft fields one by one, noting every refusal, and telling
//! how far a section is.

use std::collections::BTreeMap;

use methodologies::quantity::{NumberError, Quantity, Unit};
use methodologies::schema::{Field, Kind};
use methodologies::{Calculator, InputError, Stage};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use time::Date;

use crate::refusal::{Refusal, codes};
use crate::sector::ProjectType;
use crate::text;

/// The draft of a document: field names as in the form (dotted for nested ones) and what was typed.
pub type Fields = BTreeMap<String, String>;

/// How far a section of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionStatus {
    /// Nothing is typed.
    NotStarted,
    /// Something is typed, and something is missing or wrong.
    InProgress,
    /// Nothing is missing or wrong.
    Complete,
}

impl SectionStatus {
    /// The stable text in the interface catalogue (`section_status.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Complete => "complete",
        }
    }

    /// From what is typed in a section's fields and what is refused in them.
    pub(super) fn of(names: &[&str], fields: &Fields, refusals: &[Refusal]) -> Self {
        let belongs = |field: &str| names.contains(&root(field));
        let typed = fields
            .iter()
            .any(|(field, value)| belongs(field) && !value.trim().is_empty());
        let refused = refusals
            .iter()
            .any(|refusal| refusal.field.as_deref().is_some_and(belongs));
        match (typed, refused) {
            (false, _) => Self::NotStarted,
            (true, true) => Self::InProgress,
            (true, false) => Self::Complete,
        }
    }
}

/// The first part of a dotted name: `lines.0.to` belongs to `lines`.
pub(super) fn root(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

/// The calculator of a project type for a stage, of whatever version: for the names of its fields.
pub(super) fn calculator_for(kind: &ProjectType, stage: Stage) -> Option<&'static Calculator> {
    methodologies::calculators()
        .iter()
        .find(|calculator| calculator.methodology == kind.methodology && calculator.stage == stage)
}

/// The first parts of the paths of schema fields, once each, in their order, without those that are `elsewhere`.
pub(super) fn roots_without(
    fields: &'static [Field],
    elsewhere: impl Fn(&str) -> bool,
) -> Vec<&'static str> {
    let mut roots = Vec::new();
    for field in fields {
        let name = root(field.path);
        if !roots.contains(&name) && !elsewhere(name) {
            roots.push(name);
        }
    }
    roots
}

/// Reads fields and collects what is wrong; at most one refusal per field, the first.
pub(super) struct Reading<'a> {
    fields: &'a Fields,
    refusals: Vec<Refusal>,
}

impl<'a> Reading<'a> {
    pub fn new(fields: &'a Fields) -> Self {
        Self {
            fields,
            refusals: Vec::new(),
        }
    }

    pub fn typed(&self, field: &str) -> &'a str {
        self.fields.get(field).map_or("", |text| text.trim())
    }

    pub fn fields(&self) -> &'a Fields {
        self.fields
    }

    /// Whether anything is typed in a field or in the dotted fields below it.
    pub fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|(field, value)| root(field) == name && !value.trim().is_empty())
    }

    /// Keeps the value, or notes the refusal.
    pub fn keep<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse(refusal);
                None
            }
        }
    }

    pub fn refuse(&mut self, refusal: Refusal) {
        let known = refusal.field.is_some()
            && self
                .refusals
                .iter()
                .any(|earlier| earlier.field == refusal.field);
        if !known {
            self.refusals.push(refusal);
        }
    }

    pub fn text(&mut self, field: &str, max: usize) -> Option<String> {
        let result = text::required_text(field, self.typed(field), max);
        self.keep(result)
    }

    /// `None` if empty, which is allowed, or refused.
    pub fn optional_text(&mut self, field: &str, max: usize) -> Option<String> {
        let result = text::optional_text(field, self.typed(field), max);
        self.keep(result).flatten()
    }

    pub fn date(&mut self, field: &str) -> Option<Date> {
        let result = text::date(field, self.typed(field));
        self.keep(result)
    }

    /// An amount in a unit, `min..=max`.
    pub fn amount<U: Unit>(&mut self, field: &str, min: i64, max: i64) -> Option<Decimal> {
        let result = match self.typed(field).parse::<Quantity<U>>() {
            Ok(amount)
                if amount.value() < Decimal::from(min) || amount.value() > Decimal::from(max) =>
            {
                Err(Refusal::new(codes::NUMBER_OUT_OF_RANGE)
                    .at(field)
                    .with("min", min)
                    .with("max", max))
            }
            Ok(amount) => Ok(amount.value()),
            Err(NumberError::Empty) => Err(Refusal::new(codes::REQUIRED).at(field)),
            Err(error) => Err(Refusal::from(error).at(field)),
        };
        self.keep(result)
    }

    /// `None` if empty, which is allowed, or refused.
    pub fn optional_amount<U: Unit>(&mut self, field: &str, min: i64, max: i64) -> Option<Decimal> {
        if self.typed(field).is_empty() {
            None
        } else {
            self.amount::<U>(field, min, max)
        }
    }

    /// One of a list of codes.
    pub fn choice<'c>(&mut self, field: &str, choices: &[&'c str]) -> Option<&'c str> {
        let typed = self.typed(field);
        let result = match choices.iter().find(|choice| **choice == typed) {
            Some(choice) => Ok(*choice),
            None if typed.is_empty() => Err(Refusal::new(codes::REQUIRED).at(field)),
            None => Err(Refusal::new(codes::CHOICE_INVALID)
                .at(field)
                .with("choices", choices.join(", "))),
        };
        self.keep(result)
    }

    /// A question that must be answered with `no`; `yes` is refused with the code given.
    pub fn denied(&mut self, field: &str, otherwise: &'static str) {
        if self.choice(field, &["yes", "no"]) == Some("yes") {
            self.refuse(Refusal::new(otherwise).at(field));
        }
    }

    /// Notes what a calculator refuses. An error in a field that the document does not have (a day or a grid that it did not
    /// ask for) is noted at `otherwise`, so that no error is without a section.
    pub fn refuse_calculation(
        &mut self,
        errors: Vec<InputError>,
        has_field: impl Fn(&str) -> bool,
        otherwise: &str,
    ) {
        for refusal in errors.into_iter().map(Refusal::from) {
            let known = refusal.field.as_deref().is_some_and(&has_field);
            self.refuse(if known {
                refusal
            } else {
                refusal.at(otherwise)
            });
        }
    }

    /// Whether something was refused in a field or in the dotted fields below it.
    pub fn is_refused(&self, name: &str) -> bool {
        let mut fields = self
            .refusals
            .iter()
            .filter_map(|refusal| refusal.field.as_deref());
        fields.any(|field| root(field) == name)
    }

    pub fn finish(self) -> Vec<Refusal> {
        self.refusals
    }
}

/// The calculator's input: those draft fields that the calculator has, by the same names, with `set` on top (an empty
/// text there leaves the field out) and dates in the one form calculators read, nested as JSON.
pub(super) fn calculator_input(
    calculator: &Calculator,
    fields: &Fields,
    set: &[(&str, String)],
) -> Value {
    let known = |path: &str| calculator.fields.iter().any(|field| field.path == path);
    // one by one: collecting into a map would bring a sorting algorithm into the browser
    let mut input = Fields::new();
    for (name, value) in fields.iter().filter(|(name, _)| known(&pattern(name))) {
        input.insert(name.clone(), value.clone());
    }
    for (name, value) in set.iter().filter(|(name, _)| known(name)) {
        input.retain(|field, _| root(field) != *name);
        if !value.is_empty() {
            input.insert((*name).to_owned(), value.clone());
        }
    }
    for field in calculator
        .fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Date))
    {
        for (name, value) in input
            .iter_mut()
            .filter(|(name, _)| pattern(name) == field.path)
        {
            if let Ok(day) = text::date(name, value) {
                *value = methodologies::day::to_text(day);
            }
        }
    }
    methodologies::fields_to_json(&input)
}

/// `lines.0.to` -> `lines.*.to`.
fn pattern(name: &str) -> String {
    let parts: Vec<&str> = name
        .split('.')
        .map(|part| {
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                "*"
            } else {
                part
            }
        })
        .collect();
    parts.join(".")
}
