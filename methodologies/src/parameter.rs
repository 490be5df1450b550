//! Numbers from documents: value, unit, start date, clause, source. Assumed numbers are another type.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::inclusion::{SceneNumber, SceneVersion, Tier};
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
    /// Scenes that operators defined, in the order they were entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<SceneVersion>,
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
        scenes: Vec::new(),
    };

    /// The set that an approved change makes: everything so far, and what is new after it.
    #[must_use]
    pub fn next(&self, replacements: &[Replacement], scenes: &[SceneVersion]) -> Self {
        let mut next = self.clone();
        next.set += 1;
        next.add(replacements.to_vec(), scenes.to_vec());
        next
    }

    /// Adds what a change says after everything that is there.
    pub fn add(&mut self, replacements: Vec<Replacement>, scenes: Vec<SceneVersion>) {
        self.replacements.extend(replacements);
        let after = self.replacements.len();
        let scenes = scenes.into_iter();
        self.scenes
            .extend(scenes.map(|scene| SceneVersion { after, ..scene }));
    }

    /// The number with this id as it holds on the day, with what an outcome says about it. `None`: no such parameter, or no
    /// value in force yet. There is no default.
    pub fn on(&self, id: &str, day: Date) -> Option<ParameterUse> {
        self.origin(id, day)?.used(id)
    }

    /// The number with this id as it holds on the day, and who put it there.
    pub(crate) fn origin(&self, id: &str, day: Date) -> Option<Origin<'_>> {
        let place = match self.version_of_number(id, day) {
            Some(version) => Place::Version(version.number_with(id)?),
            None => Place::BuiltIn(parameter(id)?, parameter(id)?.on(day)),
        };
        let entered = self.replacement(id, day).filter(|entered| match &place {
            Place::BuiltIn(_, Some(built_in)) => built_in.from <= entered.from,
            // whether a definition or a replacement was entered later was compared already
            Place::BuiltIn(_, None) | Place::Version(_) => true,
        });
        let from = match (&entered, &place) {
            (Some(entered), _) => entered.from,
            (None, Place::Version(number)) => number.version.from,
            (None, Place::BuiltIn(_, built_in)) => built_in.as_ref()?.from,
        };
        Some(Origin {
            from,
            entered,
            place,
        })
    }

    /// The replacement of any number by its id (also of grid factors and fuels), as it holds on the day. Of two that begin
    /// on the same day the later one in the list holds: it was entered later. `None` also where an operator defined the scene of the
    /// number anew after it.
    pub fn replacement(&self, id: &str, day: Date) -> Option<&Replacement> {
        let (number, entered) = self
            .replacements
            .iter()
            .enumerate()
            .filter(|(_, replacement)| replacement.id == id && replacement.from <= day)
            .max_by_key(|(_, replacement)| replacement.from)?;
        let is_newer = self.version_of_number(id, day).is_none_or(|version| {
            version.number_with(id).is_some()
                && (entered.from, number) >= (version.from, version.after)
        });
        is_newer.then_some(entered)
    }
}

/// A number as it holds on a day, and who put it there.
pub(crate) struct Origin<'a> {
    /// Since when it holds.
    pub from: Date,
    /// What an operator replaced it by.
    pub entered: Option<&'a Replacement>,
    /// What is replaced, or holds.
    pub place: Place<'a>,
}

/// Where a number stands.
pub(crate) enum Place<'a> {
    /// In the built-in tables.
    BuiltIn(
        &'static Parameter<Decimal>,
        Option<&'static DatedValue<Decimal>>,
    ),
    /// In an operator's definition of a scene.
    Version(SceneNumber<'a>),
}

impl Origin<'_> {
    /// Whether an operator entered it, alone or with a scene.
    pub const fn is_entered(&self) -> bool {
        self.entered.is_some() || matches!(self.place, Place::Version(_))
    }

    /// What an outcome says about it.
    fn used(self, id: &str) -> Option<ParameterUse> {
        let (value, source, assumed) = match (self.entered, &self.place) {
            (Some(entered), _) => (entered.value, entered.source.clone(), entered.assumed),
            (None, Place::Version(number)) => {
                (number.value(), number.source().clone(), number.assumed())
            }
            (None, Place::BuiltIn(_, value)) => {
                let basis = value.as_ref()?.basis;
                (basis.value(), basis.source().into(), basis.is_assumed())
            }
        };
        let (title, unit, clause) = match self.place {
            Place::BuiltIn(parameter, _) => (
                parameter.title.into(),
                parameter.unit.to_owned(),
                parameter.clause.to_owned(),
            ),
            Place::Version(number) => (number.title(), number.unit(), number.clause()),
        };
        Some(ParameterUse {
            id: id.to_owned(),
            title,
            value,
            unit,
            source,
            clause,
            assumed,
            stale: false,
        })
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
