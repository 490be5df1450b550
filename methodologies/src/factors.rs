//! Emission factors of the regional grids as dated sets.
//!
//! A set labelled L rests on data up to the year L-2 and serves that energy year; energy years after the newest data
//! year use the newest set published by the as-of date. The as-of date is the upload of the verification report (ex
//! post) or of the final design document (ex ante).
//!
//! A table that the registry operator entered (`grid.<Grid>.<label>.om|bm|cm` in a [`Parameters`] set) takes the place of
//! the built-in value from its day on; one with a label that is not built in is a release of its own, published on the
//! first day of its values.

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::parameter::{Confidence, Parameters, Replacement, parameter};
use crate::quantity::TonnesPerMegawattHour;
use crate::text::{Message, Text, text};

/// A regional grid.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Grid {
    /// Its code, for example `South`.
    pub code: &'static str,
    /// Its name.
    pub name: Text,
}

/// A province in a grid.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Membership {
    /// Short name without 省, 市 or 自治区.
    pub province: Text,
    /// Code of the grid.
    pub grid: &'static str,
    /// First set label for which it holds, if it changed.
    pub from_label: Option<i32>,
    /// Last set label for which it holds, if it changed.
    pub to_label: Option<i32>,
}

/// One publication of factors for all grids.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Release {
    /// Its label, for example 2023.
    pub label: i32,
    /// Day of publication.
    #[serde(with = "crate::day::as_text")]
    pub published_on: Date,
    /// The day is inferred, not read.
    pub published_on_assumed: bool,
    /// The document.
    pub source: Text,
}

impl Release {
    /// The energy year the set serves.
    pub const fn data_year(&self) -> i32 {
        self.label - 2
    }
}

/// The factor of one grid in one release.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FactorValue {
    /// Code of the grid.
    pub grid: &'static str,
    /// Label of the release.
    pub label: i32,
    /// What is known.
    pub margins: Margins,
}

/// What is known of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Margins {
    /// Operating and build margin from the table; the combined margin follows.
    Table {
        /// Operating margin.
        om: Decimal,
        /// Build margin.
        bm: Decimal,
    },
    /// Only the combined margin, solved from public project records: assumed.
    Solved {
        /// Combined margin.
        cm: Decimal,
        /// How sure one may be.
        confidence: Confidence,
        /// How many records carry it.
        records: u16,
    },
}

/// A factor chosen for an energy year.
#[allow(clippy::struct_excessive_bools)] // four independent marks that a reader sees, not a state
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Code of the grid.
    pub grid: &'static str,
    /// The year in which the energy was produced.
    pub energy_year: i32,
    /// Label of the set used.
    pub label: i32,
    /// The energy year that set serves: label - 2.
    pub data_year: i32,
    /// Operating margin, if known.
    pub om: Option<Decimal>,
    /// Build margin, if known.
    pub bm: Option<Decimal>,
    /// Combined margin with the default weights.
    pub cm: TonnesPerMegawattHour,
    /// When the set was published.
    #[serde(with = "crate::day::as_text")]
    pub published_on: Date,
    /// Where the set is from.
    pub source: Message,
    /// `published table`, `solved from public records` or `entered by the registry operator`.
    pub origin: Text,
    /// The value is not quoted from the official table.
    pub assumed: bool,
    /// How sure one may be of an assumed value.
    pub confidence: Option<Confidence>,
    /// A newer set that should serve this year had been published by the as-of date.
    pub stale: bool,
    /// The set was named by the user.
    pub named: bool,
    /// The value was entered by the registry operator; it is not one that the program brings along.
    pub entered: bool,
}

impl Factor {
    /// The set rests on an earlier year than the energy year.
    pub const fn is_of_earlier_year(&self) -> bool {
        self.data_year < self.energy_year
    }
}

/// Why there is no factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorError {
    /// No such grid.
    UnknownGrid,
    /// No set that could serve the year had been published by the day.
    NotPublished,
    /// The grid has no set with this label; those it has.
    UnknownSet(Vec<i32>),
}

/// Every grid.
pub fn grids() -> &'static [Grid] {
    crate::generated::GRIDS
}

/// The grid with this code.
pub fn grid(code: &str) -> Option<&'static Grid> {
    grids().iter().find(|grid| grid.code == code)
}

/// Every province with its grid.
pub fn memberships() -> &'static [Membership] {
    crate::generated::MEMBERSHIPS
}

/// The grid of a province (`广东`, `广东省`, `Guangdong`) under the set with this label.
pub fn grid_of_province(province: &str, label: i32) -> Option<&'static Grid> {
    let province = province.trim();
    memberships()
        .iter()
        .filter(|row| {
            province.starts_with(row.province.zh) || province.eq_ignore_ascii_case(row.province.en)
        })
        .find(|row| {
            row.from_label.is_none_or(|from| from <= label)
                && row.to_label.is_none_or(|to| label <= to)
        })
        .and_then(|row| grid(row.grid))
}

/// Every release, oldest first.
pub fn releases() -> &'static [Release] {
    crate::generated::RELEASES
}

/// Every factor of every release.
pub fn values() -> &'static [FactorValue] {
    crate::generated::FACTOR_VALUES
}

/// The factor of a grid for the energy year as the rules chose it on the as-of date.
///
/// The set whose data year is the energy year if it was published by then, else the newest published set with an
/// earlier data year. Where this crate has no value of that set for the grid, the nearest earlier set is used and
/// marked `stale`.
pub fn ef(grid_code: &str, energy_year: i32, as_of: Date) -> Result<Factor, FactorError> {
    ef_with(Parameters::BUILT_IN, grid_code, energy_year, as_of)
}

/// The same with the tables of a set of parameters.
pub fn ef_with(
    set: &Parameters,
    grid_code: &str,
    energy_year: i32,
    as_of: Date,
) -> Result<Factor, FactorError> {
    let grid = grid(grid_code).ok_or(FactorError::UnknownGrid)?;
    publications(set)
        .iter()
        .rev()
        .filter(|release| release.published_on <= as_of && release.label - 2 <= energy_year)
        .find_map(|release| {
            let value = value_on(set, grid.code, release, as_of)?;
            let due = label_due_with(set, energy_year, Some(as_of));
            let weights = weights(set, as_of);
            Some(chosen(
                grid,
                release,
                value,
                weights,
                energy_year,
                due,
                false,
            ))
        })
        .ok_or(FactorError::NotPublished)
}

/// The factor of a set that the user names, to reproduce an existing document. It is marked stale if the rules would
/// have chosen another set on the as-of date (without a date: today's table is the yardstick).
pub fn ef_named(
    grid_code: &str,
    energy_year: i32,
    label: i32,
    as_of: Option<Date>,
) -> Result<Factor, FactorError> {
    ef_named_with(Parameters::BUILT_IN, grid_code, energy_year, label, as_of)
}

/// The same with the tables of a set of parameters.
pub fn ef_named_with(
    set: &Parameters,
    grid_code: &str,
    energy_year: i32,
    label: i32,
    as_of: Option<Date>,
) -> Result<Factor, FactorError> {
    let grid = grid(grid_code).ok_or(FactorError::UnknownGrid)?;
    let publications = publications(set);
    let release = publications.iter().find(|release| release.label == label);
    let found = release.and_then(|release| {
        let value = value_on(set, grid.code, release, as_of.unwrap_or(Date::MAX))?;
        let due = label_due_with(set, energy_year, as_of);
        let weights = weights(set, as_of.unwrap_or(Date::MAX));
        Some(chosen(
            grid,
            release,
            value,
            weights,
            energy_year,
            due,
            true,
        ))
    });
    found.ok_or_else(|| FactorError::UnknownSet(labels_with(set, grid_code)))
}

/// The labels that have a value for the grid, oldest first.
pub fn labels(grid_code: &str) -> Vec<i32> {
    labels_with(Parameters::BUILT_IN, grid_code)
}

/// The same with the tables of a set of parameters.
pub fn labels_with(set: &Parameters, grid_code: &str) -> Vec<i32> {
    publications(set)
        .iter()
        .filter(|release| value_on(set, grid_code, release, Date::MAX).is_some())
        .map(|release| release.label)
        .collect()
}

/// The label the rules choose for an energy year on the as-of date, whether or not its values are known here.
pub fn label_due(energy_year: i32, as_of: Option<Date>) -> Option<i32> {
    label_due_with(Parameters::BUILT_IN, energy_year, as_of)
}

/// The same with the tables of a set of parameters.
pub fn label_due_with(set: &Parameters, energy_year: i32, as_of: Option<Date>) -> Option<i32> {
    publications(set)
        .iter()
        .rev()
        .find(|release| {
            as_of.is_none_or(|as_of| release.published_on <= as_of)
                && release.label - 2 <= energy_year
        })
        .map(|release| release.label)
}

/// A release, built in or entered by the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// Its label.
    pub label: i32,
    /// Day of publication.
    #[serde(with = "crate::day::as_text")]
    pub published_on: Date,
    /// The document.
    pub source: Message,
    /// It came with the set, not with the program.
    pub entered: bool,
}

/// Every release of a set of parameters, oldest label first.
pub fn publications(set: &Parameters) -> Vec<Publication> {
    let mut all: Vec<Publication> = releases()
        .iter()
        .map(|release| Publication {
            label: release.label,
            published_on: release.published_on,
            source: release.source.into(),
            entered: false,
        })
        .collect();
    for replacement in &set.replacements {
        let Some((_, label, _)) = parts_of_id(&replacement.id) else {
            continue;
        };
        match all.binary_search_by_key(&label, |release| release.label) {
            Ok(at) if all[at].entered => {
                all[at].published_on = all[at].published_on.min(replacement.from);
            }
            Ok(_) => {}
            Err(at) => all.insert(
                at,
                Publication {
                    label,
                    published_on: replacement.from,
                    source: replacement.source.clone(),
                    entered: true,
                },
            ),
        }
    }
    all
}

/// Grid, label and margin of an id `grid.<Grid>.<label>.<om|bm|cm>`; `None` if it is no such id of a known grid.
pub fn parts_of_id(id: &str) -> Option<(&'static Grid, i32, &str)> {
    let mut parts = id.strip_prefix("grid.")?.split('.');
    let found = (
        grid(parts.next()?)?,
        parts
            .next()
            .filter(|label| label.len() == 4)?
            .parse()
            .ok()?,
        parts
            .next()
            .filter(|margin| ["om", "bm", "cm"].contains(margin))?,
    );
    parts.next().is_none().then_some(found)
}

/// What a grid has in a release on a day.
struct Value {
    margins: Margins,
    source: Message,
    origin: Text,
    assumed: bool,
}

/// What the operator entered for the grid and label if it is in force on the day, else what is built in.
fn value_on(set: &Parameters, grid: &str, release: &Publication, day: Date) -> Option<Value> {
    let built_in = values()
        .iter()
        .find(|value| value.grid == grid && value.label == release.label);
    let entered = |margin: &str| {
        (!set.replacements.is_empty())
            .then(|| set.replacement(&format!("grid.{grid}.{}.{margin}", release.label), day))
            .flatten()
    };
    let (om, bm, cm) = (entered("om"), entered("bm"), entered("cm"));
    let margins = match (om, bm, cm) {
        (Some(om), Some(bm), cm) if cm.is_none_or(|cm| cm.from <= om.from.max(bm.from)) => Some((
            Margins::Table {
                om: om.value,
                bm: bm.value,
            },
            om,
        )),
        (_, _, Some(cm)) => Some((
            Margins::Solved {
                cm: cm.value,
                confidence: Confidence::Medium,
                records: 0,
            },
            cm,
        )),
        _ => None,
    };
    if let Some((margins, replacement)) = margins {
        return Some(Value {
            margins,
            source: replacement.source.clone(),
            origin: ENTERED,
            assumed: is_assumed([om, bm].into_iter().flatten().chain([replacement])),
        });
    }
    built_in.map(|value| Value {
        margins: value.margins,
        source: release.source.clone(),
        origin: match value.margins {
            Margins::Table { .. } => {
                text("公布表中的 OM 与 BM", "OM and BM of the published table")
            }
            Margins::Solved { .. } => text(
                "由公开项目记录反推的组合边际值",
                "combined margin solved from public project records",
            ),
        },
        assumed: matches!(value.margins, Margins::Solved { .. }),
    })
}

const ENTERED: Text = text("由登记机构录入", "entered by the registry operator");

/// The weights of the operating and the build margin on a day; on a day before the methodologies those they began with.
fn weights(set: &Parameters, day: Date) -> (Decimal, Decimal) {
    let weight = |id: &str| {
        let first = parameter(id).and_then(|parameter| parameter.values.first());
        let day = first.map_or(day, |value| day.max(value.from));
        set.on(id, day)
            .map_or(Decimal::new(5, 1), |used| used.value)
    };
    (weight("w_om"), weight("w_bm"))
}

fn is_assumed<'a>(mut used: impl Iterator<Item = &'a Replacement>) -> bool {
    used.any(|replacement| replacement.assumed)
}

fn chosen(
    grid: &'static Grid,
    release: &Publication,
    value: Value,
    (w_om, w_bm): (Decimal, Decimal),
    energy_year: i32,
    due: Option<i32>,
    named: bool,
) -> Factor {
    let (om, bm, cm, confidence) = match value.margins {
        Margins::Table { om, bm } => (Some(om), Some(bm), om * w_om + bm * w_bm, None),
        Margins::Solved { cm, confidence, .. } => (None, None, cm, Some(confidence)),
    };
    Factor {
        grid: grid.code,
        energy_year,
        label: release.label,
        data_year: release.label - 2,
        om,
        bm,
        cm: TonnesPerMegawattHour::new(cm.normalize()),
        published_on: release.published_on,
        source: value.source,
        origin: value.origin,
        assumed: value.assumed,
        confidence: confidence.filter(|_| value.assumed),
        stale: due.is_some_and(|due| due != release.label),
        named,
        entered: value.origin == ENTERED,
    }
}
