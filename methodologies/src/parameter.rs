//! Numbers from documents: value, unit, start date, clause, source. Assumed numbers are another type.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::inclusion::Tier;
use crate::text::{Message, Text};
use crate::trace::ParameterUse;

/// A number or day that a document states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Published<T> {
    /// The value.
    pub value: T,
    /// The document.
    pub source: Text,
}

/// A value that no official text at hand gives. It is shown as assumed wherever its results go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Assumed<T> {
    /// The value.
    pub value: T,
    /// How sure one may be.
    pub confidence: Confidence,
    /// Where it comes from and why it is believed.
    pub source: Text,
}

/// How sure one may be of an assumed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// One weak piece of evidence.
    Low,
    /// Likely.
    Medium,
    /// Several independent pieces of evidence.
    High,
}

/// Where a value stands: quoted from a document, or assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis<T> {
    /// Quoted.
    Published(Published<T>),
    /// Assumed.
    Assumed(Assumed<T>),
}

impl<T: Copy> Basis<T> {
    /// The bare value.
    pub const fn value(&self) -> T {
        match self {
            Self::Published(published) => published.value,
            Self::Assumed(assumed) => assumed.value,
        }
    }

    /// Where it is from.
    pub const fn source(&self) -> Text {
        match self {
            Self::Published(published) => published.source,
            Self::Assumed(assumed) => assumed.source,
        }
    }

    /// Whether it is assumed.
    pub const fn is_assumed(&self) -> bool {
        matches!(self, Self::Assumed(_))
    }
}

/// A parameter with all its values, each from a day on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Parameter<T: 'static> {
    /// Stable id, for example `w_om`.
    pub id: &'static str,
    /// What it is.
    pub title: Text,
    /// Its unit; `1` for a plain number, `date` for a day.
    pub unit: &'static str,
    /// The clause that states it or asks for it.
    pub clause: &'static str,
    /// Values by their first day, oldest first.
    pub values: &'static [DatedValue<T>],
}

/// A value and the first day on which it holds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct DatedValue<T> {
    /// First day.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// The value.
    pub basis: Basis<T>,
}

impl<T: Copy> Parameter<T> {
    /// The value in force on the day; `None` before its first day. There is no default.
    pub fn on(&self, day: Date) -> Option<&'static DatedValue<T>> {
        self.values.iter().rev().find(|value| value.from <= day)
    }
}

impl Parameter<Decimal> {
    /// How this value is listed in an outcome.
    pub(crate) fn used(&self, value: &DatedValue<Decimal>) -> ParameterUse {
        ParameterUse {
            id: self.id.to_owned(),
            title: self.title.into(),
            value: value.basis.value(),
            unit: self.unit.to_owned(),
            source: value.basis.source().into(),
            clause: self.clause.to_owned(),
            assumed: value.basis.is_assumed(),
            stale: false,
        }
    }
}

/// The numbers a calculation reads: the built-in tables, and what the registry operator has put in their place.
///
/// A stored calculation keeps the whole set, so that it can be run again to the same digits after later replacements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// Number of the set; 0 is the built-in one, without replacements.
    pub set: u64,
    /// What is replaced; of several for one id the one with the latest `from` that is not after the day asked for holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replacements: Vec<Replacement>,
}

/// A number that takes the place of a built-in one from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// Id of the parameter, for example `sink.k_risk`.
    pub id: String,
    /// The value, in the unit of the parameter.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// The unit it is given in; [`Parameters::check`] refuses another one than the parameter's.
    pub unit: String,
    /// First day on which it holds.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// The document that gives it.
    pub source: Message,
    /// No official text gives it.
    pub assumed: bool,
    /// How good it is, of a number that has a tier ([`crate::inclusion::has_tier`]). `None`: it was entered before the tier was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
}

impl Parameters {
    /// The built-in tables and nothing else.
    pub const BUILT_IN: &'static Self = &Self {
        set: 0,
        replacements: Vec::new(),
    };

    /// The number with this id as it holds on the day, with what an outcome says about it. `None`: no such parameter, or no
    /// value in force yet. There is no default.
    pub fn on(&self, id: &str, day: Date) -> Option<ParameterUse> {
        let parameter = parameter(id)?;
        let built_in = parameter.on(day);
        let replacement = self.replacement(id, day).filter(|replacement| {
            built_in.is_none_or(|built_in| built_in.from <= replacement.from)
        });
        match replacement {
            Some(replacement) => Some(ParameterUse {
                id: id.to_owned(),
                title: parameter.title.into(),
                value: replacement.value,
                unit: parameter.unit.to_owned(),
                source: replacement.source.clone(),
                clause: parameter.clause.to_owned(),
                assumed: replacement.assumed,
                stale: false,
            }),
            None => built_in.map(|value| parameter.used(value)),
        }
    }

    /// The replacement of any number by its id (also of grid factors and fuels), as it holds on the day. Of two that begin
    /// on the same day the later one in the list holds: it was entered later.
    pub fn replacement(&self, id: &str, day: Date) -> Option<&Replacement> {
        self.replacements
            .iter()
            .filter(|replacement| replacement.id == id && replacement.from <= day)
            .max_by_key(|replacement| replacement.from)
    }
}

/// Every number stated by the rules, by id.
pub fn parameters() -> &'static [Parameter<Decimal>] {
    crate::generated::PARAMETERS
}

/// Every day stated by the rules, by id.
pub fn days() -> &'static [Parameter<Date>] {
    crate::generated::DAYS
}

/// The parameter with this id.
pub fn parameter(id: &str) -> Option<&'static Parameter<Decimal>> {
    parameters().iter().find(|parameter| parameter.id == id)
}

/// The day stated by the rules with this id, as in force on `on`.
pub fn day(id: &str, on: Date) -> Option<Date> {
    days()
        .iter()
        .find(|parameter| parameter.id == id)?
        .on(on)
        .map(|value| value.basis.value())
}
