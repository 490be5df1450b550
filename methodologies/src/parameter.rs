//! Numbers from documents: value, unit, start date, clause, source. Assumed numbers are another type.

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::text::Text;
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
