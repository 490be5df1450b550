//! Which numbers an operator may replace, in which unit, from which day and within which bounds.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;
use time::macros::date;

use crate::day;
use crate::event;
use crate::factors::{self, Publication};
use crate::fuels;
use crate::inclusion::{SceneNumber, has_tier};
use crate::input::InputError;
use crate::parameter::{Parameter, Parameters, Replacement, parameter, parameters};
use crate::text::{Message, Text, text};
use crate::trace::ParameterUse;

/// Longest text of a source, characters.
const SOURCE_MAX: usize = 600;
/// More numbers than the tables of one publication have.
const REPLACEMENTS_MAX: usize = 10_000;
/// More scenes than there will be.
const SCENES_MAX: usize = 1_000;
/// The last day a replacement may begin on.
pub(crate) const LAST_DAY: Date = date!(2100 - 01 - 01);
/// The first day a scene may begin on: no act is of an earlier one.
pub(crate) const FIRST_SCENE_DAY: Date = date!(2024 - 01 - 01);

/// A number that can be replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replaceable {
    /// Its id, for example `sink.k_risk`, `grid.South.2024.om` or `fuel.diesel.ncv`.
    pub id: String,
    /// What it is.
    pub title: Message,
    /// Its unit.
    pub unit: String,
    /// The clause that states it or asks for it.
    pub clause: String,
    /// The first day a replacement may hold on; `None`: it comes with its day (a grid table with a new label).
    #[serde(with = "day_or_none")]
    pub first: Option<Date>,
    /// Lowest value taken.
    #[serde(with = "rust_decimal::serde::str")]
    pub min: Decimal,
    /// Highest value taken.
    #[serde(with = "rust_decimal::serde::str")]
    pub max: Decimal,
}

/// The number with this id as it may be replaced in a set; `None`: there is no such number.
pub fn replaceable(id: &str, set: &Parameters) -> Option<Replaceable> {
    if let Some(known) = of_versions(id, set) {
        return Some(known);
    }
    if let Some(parameter) = parameter(id) {
        return Some(of_parameter(parameter));
    }
    of_grid(id).or_else(|| of_fuel(id)).or_else(|| of_event(id))
}

/// A number as it holds on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// What a calculation would list.
    #[serde(flatten)]
    pub used: ParameterUse,
    /// Since when.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// An operator put it in the place of a built-in one.
    pub replaced: bool,
}

/// Every number as it holds on a day under a set, in the order: rules, grid factors (newest label first), fuels, factors for events.
pub fn in_force(set: &Parameters, on: Date) -> Vec<InForce> {
    let of_id = |id: &str| {
        let origin = set.origin(id, on)?;
        Some(InForce {
            used: set.on(id, on)?,
            from: origin.from,
            replaced: origin.is_entered(),
        })
    };
    let rules = parameters().iter();
    let mut all: Vec<InForce> = rules.filter_map(|rule| of_id(rule.id)).collect();
    let of_scenes = set.own_numbers_on(on);
    all.extend(of_scenes.iter().filter_map(|id| of_id(id)));
    for release in factors::publications(set).iter().rev() {
        if release.published_on <= on {
            for grid in factors::grids() {
                all.extend(of_factor(set, grid.code, release, on));
            }
        }
    }
    for fuel in fuels::fuels() {
        for (name, assumed) in [("ncv", &fuel.ncv), ("cc", &fuel.cc), ("of", &fuel.of)] {
            let Some(known) = of_fuel(&format!("fuel.{}.{name}", fuel.code)) else {
                continue;
            };
            let entered = set.replacement(&known.id, on);
            let source =
                entered.map_or_else(|| assumed.source.into(), |entered| entered.source.clone());
            all.push(InForce {
                from: entered.map_or(fuel.from, |entered| entered.from),
                replaced: entered.is_some(),
                used: use_of(
                    known,
                    entered.map_or(assumed.value, |entered| entered.value),
                    source,
                    entered.is_none_or(|entered| entered.assumed),
                ),
            });
        }
    }
    all.extend(of_event_factors(set, on));
    all
}

/// The newest edition of every factor for events, as it holds on a day; of flights also without radiative forcing.
fn of_event_factors(set: &Parameters, on: Date) -> Vec<InForce> {
    let mut found = Vec::new();
    for factor in event::factor::all() {
        for radiative_forcing in [true, false] {
            let wanted = event::factor::Wanted {
                year: i32::MAX,
                named: None,
                on,
                radiative_forcing,
            };
            let Some(chosen) = factor.choose(wanted, set) else {
                continue;
            };
            let id = &chosen.used.id;
            if id.ends_with(event::factor::NO_RF) == radiative_forcing {
                continue;
            }
            let entered = set.replacement(id, on).map(|entered| entered.from);
            let built_in = factor.edition_of(chosen.year);
            let Some(from) = entered.or(built_in.map(|edition| edition.published_on)) else {
                continue;
            };
            found.push(InForce {
                used: ParameterUse {
                    stale: false,
                    ..chosen.used
                },
                from,
                replaced: entered.is_some(),
            });
        }
    }
    found
}

fn use_of(known: Replaceable, value: Decimal, source: Message, assumed: bool) -> ParameterUse {
    ParameterUse {
        id: known.id,
        title: known.title,
        value,
        unit: known.unit,
        source,
        clause: known.clause,
        assumed,
        stale: false,
    }
}

/// The numbers of one grid in one release, as they hold on a day.
fn of_factor(set: &Parameters, grid: &str, release: &Publication, on: Date) -> Vec<InForce> {
    let label = release.label;
    let Ok(factor) = factors::ef_named_with(set, grid, label - 2, label, Some(on)) else {
        return Vec::new();
    };
    let margins = match (factor.om, factor.bm) {
        (Some(om), Some(bm)) => vec![("om", om), ("bm", bm)],
        _ => vec![("cm", factor.cm.value())],
    };
    let numbers = margins.into_iter().filter_map(|(margin, value)| {
        let known = of_grid(&format!("grid.{grid}.{label}.{margin}"))?;
        let entered = set.replacement(&known.id, on).filter(|_| factor.entered);
        Some(InForce {
            from: entered.map_or(release.published_on, |entered| entered.from),
            replaced: entered.is_some(),
            used: use_of(known, value, factor.source.clone(), factor.assumed),
        })
    });
    numbers.collect()
}

impl Parameters {
    /// Whether every replacement names a known number, in its unit, within its bounds and from a day on which it may begin, whether every
    /// scene is whole and limited, and whether they fit together. The paths of the errors are `replacements.0.value`,
    /// `scenes.0.limits.1.value` and so on.
    pub fn check(&self) -> Result<(), Vec<InputError>> {
        if self.replacements.len() > REPLACEMENTS_MAX {
            let error = InputError::new("replacements", "list_too_long");
            return Err(vec![error.with("max", REPLACEMENTS_MAX)]);
        }
        let mut errors: Vec<InputError> = self
            .replacements
            .iter()
            .enumerate()
            .flat_map(|(at, replacement)| replacement.check(&format!("replacements.{at}"), self))
            .collect();
        if self.scenes.len() > SCENES_MAX {
            errors.push(InputError::new("scenes", "list_too_long").with("max", SCENES_MAX));
        } else {
            let scenes = self.scenes.iter().enumerate();
            errors.extend(
                scenes.flat_map(|(at, scene)| {
                    scene.check(&format!("scenes.{at}"), &self.scenes[..at])
                }),
            );
        }
        if errors.is_empty() {
            errors.extend(self.margins_without_partner());
            errors.extend(self.weights_that_do_not_add_up());
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// An operating margin needs its build margin, of the same grid, label and day, and the other way round.
    fn margins_without_partner(&self) -> Vec<InputError> {
        let entered: BTreeSet<(&str, Date)> = self
            .replacements
            .iter()
            .map(|replacement| (replacement.id.as_str(), replacement.from))
            .collect();
        let alone = self
            .replacements
            .iter()
            .enumerate()
            .filter_map(|(at, one)| {
                let (grid, label, margin) = factors::parts_of_id(&one.id)?;
                let partner = match margin {
                    "om" => "bm",
                    "bm" => "om",
                    _ => return None,
                };
                let partner = format!("grid.{}.{label}.{partner}", grid.code);
                (!entered.contains(&(partner.as_str(), one.from))).then(|| {
                    InputError::new(format!("replacements.{at}.id"), "parameter_margin_alone")
                        .with("id", &one.id)
                        .with("other", partner)
                })
            });
        alone.collect()
    }

    /// The weights of the two margins are parts of one whole on every day on which one of them changes.
    fn weights_that_do_not_add_up(&self) -> Vec<InputError> {
        let changed = self.replacements.iter().enumerate();
        let changed = changed.filter(|(_, one)| ["w_om", "w_bm"].contains(&one.id.as_str()));
        let wrong = changed.filter_map(|(at, one)| {
            let sum = self.on("w_om", one.from)?.value + self.on("w_bm", one.from)?.value;
            (sum != Decimal::ONE).then(|| {
                InputError::new(format!("replacements.{at}.value"), "parameter_weights_sum")
                    .with("sum", sum.normalize())
                    .with("on", day::to_text(one.from))
            })
        });
        wrong.collect()
    }
}

impl Replacement {
    /// What is wrong with this replacement alone; paths begin with `path`.
    fn check(&self, path: &str, set: &Parameters) -> Vec<InputError> {
        let at = |field: &str| format!("{path}.{field}");
        let Some(known) = replaceable(&self.id, set) else {
            let id: String = self.id.chars().take(100).collect();
            return vec![InputError::new(at("id"), "parameter_unknown").with("id", id)];
        };
        let mut errors = Vec::new();
        if self.unit != known.unit {
            let given: String = self.unit.chars().take(40).collect();
            errors.push(
                InputError::new(at("unit"), "parameter_unit_wrong")
                    .with("unit", given)
                    .with("expected", &known.unit),
            );
        }
        if self.value < known.min || self.value > known.max || self.value.scale() > 12 {
            errors.push(
                InputError::new(at("value"), "parameter_out_of_range")
                    .with("id", &known.id)
                    .with("min", known.min.normalize())
                    .with("max", known.max.normalize())
                    .with("unit", &known.unit),
            );
        }
        if let Some(tier) = self.tier {
            if !has_tier(&self.id, set) {
                errors.push(InputError::new(at("tier"), "parameter_tier_unwanted"));
            } else if tier.is_official() == self.assumed {
                errors.push(
                    InputError::new(at("tier"), "parameter_tier_contradicts")
                        .with("tier", tier.code()),
                );
            }
        }
        if let Some(first) = known.first.filter(|first| self.from < *first) {
            errors.push(
                InputError::new(at("from"), "parameter_from_too_early")
                    .with("first", day::to_text(first)),
            );
        }
        if self.from > LAST_DAY {
            errors.push(InputError::new(at("from"), "parameter_from_too_late"));
        }
        let length = self
            .source
            .zh
            .chars()
            .count()
            .max(self.source.en.chars().count());
        if self.source.zh.trim().is_empty() || self.source.en.trim().is_empty() {
            errors.push(InputError::new(at("source"), "required"));
        } else if length > SOURCE_MAX {
            errors.push(
                InputError::new(at("source"), "parameter_source_too_long").with("max", SOURCE_MAX),
            );
        }
        errors
    }
}

/// Bounds from what is known of the number: a fraction stays one, a percentage too, and nothing moves by more than a factor of
/// ten, which is how a value in another unit is found out. A number that is 0 today has no such measure.
fn of_parameter(parameter: &'static Parameter<Decimal>) -> Replaceable {
    let values = parameter.values.iter().map(|value| value.basis.value());
    let (min, max) = bounds(parameter.unit, &values.collect::<Vec<_>>());
    Replaceable {
        id: parameter.id.to_owned(),
        title: parameter.title.into(),
        unit: parameter.unit.to_owned(),
        clause: parameter.clause.to_owned(),
        first: parameter.values.first().map(|value| value.from),
        min,
        max,
    }
}

/// What a number may be: `values` are those it has had.
fn bounds(unit: &str, values: &[Decimal]) -> (Decimal, Decimal) {
    let sizes = || values.iter().map(Decimal::abs);
    let largest = sizes().max().unwrap_or_default();
    let smallest = sizes().min().unwrap_or_default();
    let has_negative = values.iter().any(|value| *value < Decimal::ZERO);
    let has_positive = values.iter().any(|value| *value > Decimal::ZERO);
    let ten = Decimal::TEN;
    let mut high = if largest.is_zero() {
        Decimal::from(1_000_000)
    } else {
        largest * ten
    };
    if unit == "1" && largest <= Decimal::ONE && !largest.is_zero() {
        high = Decimal::ONE;
    } else if unit == "%" {
        high = Decimal::ONE_HUNDRED;
    }
    let low = if unit == "1" || unit == "%" {
        Decimal::ZERO
    } else {
        smallest / ten
    };
    match (has_negative, has_positive) {
        (false, _) => (low, high),
        (true, false) => (-high, Decimal::ZERO),
        (true, true) => (-high, high),
    }
}

/// A number of a scene that operators defined, with the values of all definitions and the built-in ones.
fn of_versions(id: &str, set: &Parameters) -> Option<Replaceable> {
    let numbers: Vec<_> = set.numbers_of_versions(id).collect();
    let newest = numbers.last()?;
    let built_in = parameter(id).map_or(&[][..], |parameter| parameter.values);
    let of_built_in = built_in.iter().map(|value| value.basis.value());
    let values: Vec<Decimal> = numbers
        .iter()
        .map(SceneNumber::value)
        .chain(of_built_in)
        .collect();
    let unit = newest.unit();
    let (min, max) = bounds(&unit, &values);
    let days = numbers.iter().map(|number| number.version.from);
    Some(Replaceable {
        id: id.to_owned(),
        title: newest.title(),
        clause: newest.clause(),
        first: days.chain(built_in.first().map(|value| value.from)).min(),
        unit,
        min,
        max,
    })
}

/// A factor of a grid: of a release that is built in from its publication on, or of a new label, not before the year it is named after.
fn of_grid(id: &str) -> Option<Replaceable> {
    let (grid, label, margin) = factors::parts_of_id(id)?;
    let built_in = factors::releases()
        .iter()
        .find(|release| release.label == label);
    let newest = factors::releases()
        .last()
        .map_or(0, |release| release.label);
    if built_in.is_none() && !(newest..=2100).contains(&label) {
        return None;
    }
    let title = match margin {
        "om" => text(
            "{grid} {label}年度 电量边际 EF_OM",
            "{grid}, set of {label}, operating margin EF_OM",
        ),
        "bm" => text(
            "{grid} {label}年度 容量边际 EF_BM",
            "{grid}, set of {label}, build margin EF_BM",
        ),
        _ => text(
            "{grid} {label}年度 组合边际 EF_CM",
            "{grid}, set of {label}, combined margin EF_CM",
        ),
    };
    let title = title.naming("grid", grid.name);
    let label_text = label.to_string();
    Some(Replaceable {
        id: id.to_owned(),
        title: Message {
            zh: title.zh.replace("{label}", &label_text),
            en: title.en.replace("{label}", &label_text),
        },
        unit: "tCO2/MWh".to_owned(),
        clause: crate::generated::FACTOR_CLAUSE.to_owned(),
        first: match built_in {
            Some(release) => Some(release.published_on),
            None => Date::from_calendar_date(label, time::Month::January, 1).ok(),
        },
        min: Decimal::ZERO,
        max: Decimal::new(15, 1),
    })
}

/// An edition of a factor for events: a built-in one from its publication on, or one of a newer year, not before that year.
fn of_event(id: &str) -> Option<Replaceable> {
    let rest = id.strip_prefix("event.")?;
    let (rest, without_rf) = match rest.strip_suffix(event::factor::NO_RF) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (code, year) = rest.rsplit_once('.')?;
    let year: i32 = year.parse().ok()?;
    let factor = event::factor::find(code)?;
    let newest = factor.editions.last()?;
    let built_in = factor.edition_of(year);
    if (built_in.is_none() && !(newest.year..=2100).contains(&year))
        || (without_rf && newest.without_rf.is_none())
        || factor.id(year, without_rf) != id
    {
        return None;
    }
    let title = factor.titled(year);
    Some(Replaceable {
        id: id.to_owned(),
        title,
        unit: factor.value_unit(),
        clause: event::factor::CLAUSE.to_owned(),
        first: match built_in {
            Some(edition) => Some(edition.published_on),
            None => Date::from_calendar_date(year, time::Month::January, 1).ok(),
        },
        min: Decimal::ZERO,
        max: newest.value.value() * Decimal::TEN,
    })
}

const FUEL_TITLES: [(&str, Text); 3] = [
    (
        "ncv",
        text("{fuel}：低位发热量", "{fuel}: net calorific value"),
    ),
    (
        "cc",
        text("{fuel}：单位热值含碳量", "{fuel}: carbon content"),
    ),
    ("of", text("{fuel}：碳氧化率", "{fuel}: oxidation rate")),
];

fn of_fuel(id: &str) -> Option<Replaceable> {
    let (code, name) = id.strip_prefix("fuel.")?.split_once('.')?;
    let fuel = fuels::fuel(code)?;
    let (_, title) = FUEL_TITLES.iter().find(|(known, _)| *known == name)?;
    let (value, unit) = match name {
        "ncv" if fuel.unit == "t" => (fuel.ncv.value, "GJ/t"),
        "ncv" => (fuel.ncv.value, "GJ/10^4 Nm3"),
        "cc" => (fuel.cc.value, "tC/GJ"),
        _ => (fuel.of.value, "1"),
    };
    let (min, max) = if name == "of" {
        (Decimal::ZERO, Decimal::ONE)
    } else {
        (value / Decimal::TEN, value * Decimal::TEN)
    };
    Some(Replaceable {
        id: id.to_owned(),
        title: title.naming("fuel", fuel.name),
        unit: unit.to_owned(),
        clause: crate::generated::FUEL_CLAUSE.to_owned(),
        first: Some(fuel.from),
        min,
        max,
    })
}

mod day_or_none {
    use serde::Serializer;
    use time::Date;

    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // the shape serde calls
    pub fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.serialize_some(&crate::day::to_text(*day)),
            None => serializer.serialize_none(),
        }
    }
}
