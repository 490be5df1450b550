//! Emission factors of the regional grids as dated sets.
//!
//! A set labelled L rests on data up to the year L-2 and serves that energy year; energy years after the newest data
//! year use the newest set published by the as-of date. The as-of date is the upload of the verification report (ex
//! post) or of the final design document (ex ante).

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::parameter::Confidence;
use crate::quantity::TonnesPerMegawattHour;
use crate::text::Text;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
    pub source: Text,
    /// `published table` or `solved from public records`.
    pub origin: Text,
    /// The value is not quoted from the official table.
    pub assumed: bool,
    /// How sure one may be of an assumed value.
    pub confidence: Option<Confidence>,
    /// A newer set that should serve this year had been published by the as-of date.
    pub stale: bool,
    /// The set was named by the user.
    pub named: bool,
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
    if grid(grid_code).is_none() {
        return Err(FactorError::UnknownGrid);
    }
    releases()
        .iter()
        .rev()
        .filter(|release| release.published_on <= as_of && release.data_year() <= energy_year)
        .find_map(|release| {
            value(grid_code, release.label)
                .map(|value| chosen(release, value, energy_year, Some(as_of), false))
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
    if grid(grid_code).is_none() {
        return Err(FactorError::UnknownGrid);
    }
    let release = releases().iter().find(|release| release.label == label);
    match (release, value(grid_code, label)) {
        (Some(release), Some(value)) => Ok(chosen(release, value, energy_year, as_of, true)),
        _ => Err(FactorError::UnknownSet(labels(grid_code))),
    }
}

/// The labels that have a value for the grid, oldest first.
pub fn labels(grid_code: &str) -> Vec<i32> {
    values()
        .iter()
        .filter(|value| value.grid == grid_code)
        .map(|value| value.label)
        .collect()
}

/// The label the rules choose for an energy year on the as-of date, whether or not its values are known here.
pub fn label_due(energy_year: i32, as_of: Option<Date>) -> Option<i32> {
    releases()
        .iter()
        .rev()
        .find(|release| {
            as_of.is_none_or(|as_of| release.published_on <= as_of)
                && release.data_year() <= energy_year
        })
        .map(|release| release.label)
}

fn value(grid_code: &str, label: i32) -> Option<&'static FactorValue> {
    values()
        .iter()
        .find(|value| value.grid == grid_code && value.label == label)
}

fn chosen(
    release: &Release,
    value: &FactorValue,
    energy_year: i32,
    as_of: Option<Date>,
    named: bool,
) -> Factor {
    let (om, bm, cm, confidence) = match value.margins {
        // both weights are 0.5, so the combined margin is the mean
        Margins::Table { om, bm } => (Some(om), Some(bm), (om + bm) * Decimal::new(5, 1), None),
        Margins::Solved { cm, confidence, .. } => (None, None, cm, Some(confidence)),
    };
    Factor {
        grid: value.grid,
        energy_year,
        label: release.label,
        data_year: release.data_year(),
        om,
        bm,
        cm: TonnesPerMegawattHour::new(cm.normalize()),
        published_on: release.published_on,
        source: release.source,
        origin: match value.margins {
            Margins::Table { .. } => {
                crate::text::text("公布表中的 OM 与 BM", "OM and BM of the published table")
            }
            Margins::Solved { .. } => crate::text::text(
                "由公开项目记录反推的组合边际值",
                "combined margin solved from public project records",
            ),
        },
        assumed: confidence.is_some(),
        confidence,
        stale: label_due(energy_year, as_of).is_some_and(|due| due != release.label),
        named,
    }
}
