//! Strata: what is planted where and since when, and what must be cut out of the area.

use rust_decimal::Decimal;
use time::Date;

use super::CODE;
use super::species::{Species, species};
use crate::ccer::period::Part;
use crate::ccer::sink::sum;
use crate::ccer::working::{StepText, Working};
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::quantity::{Hectares, Quantity};
use crate::text::text;

/// A stratum as it counts.
pub(super) struct Stratum {
    pub path: String,
    pub name: String,
    pub area: Decimal,
    gaps: Decimal,
    prior_cover: Decimal,
    /// What is left after gaps and what was already mangrove.
    pub net_area: Decimal,
    pub species: &'static Species,
    pub planting_year: i32,
}

/// Reads every stratum; names may not repeat, and something must be left of each.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Stratum> {
    let mut strata: Vec<Stratum> = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for path in reader.items("strata") {
        let Some(stratum) = read_one(reader, path) else {
            continue;
        };
        if !names.insert(stratum.name.clone()) {
            reader.error(
                InputError::new(join(&stratum.path, "name"), "stratum_twice")
                    .with("name", &stratum.name),
            );
            continue;
        }
        strata.push(stratum);
    }
    strata
}

fn read_one(reader: &mut Reader<'_>, path: String) -> Option<Stratum> {
    let at = |name: &str| join(&path, name);
    let name = reader.text(&at("name"));
    let area: Option<Hectares> = reader.quantity(&at("area_ha"));
    let gaps: Option<Hectares> = reader.quantity(&at("gap_area_ha"));
    let prior_cover: Option<Hectares> = reader.quantity(&at("prior_cover_area_ha"));
    let code = reader.choice(&at("species"));
    let year = reader.year(&at("planting_year"));
    // read for its range only
    let _density: Option<Quantity<crate::quantity::unit::One>> =
        reader.quantity(&at("density_per_ha"));
    let (area, gaps, prior_cover) = (
        area?.value(),
        gaps.map_or(Decimal::ZERO, Hectares::value),
        prior_cover.map_or(Decimal::ZERO, Hectares::value),
    );
    let net_area = area - gaps - prior_cover;
    if net_area <= Decimal::ZERO {
        reader.error(
            InputError::new(at("area_ha"), "stratum_without_area")
                .with("area", area)
                .with("excluded", gaps + prior_cover),
        );
        return None;
    }
    Some(Stratum {
        name: name?,
        area,
        gaps,
        prior_cover,
        net_area,
        species: species(code?)?,
        planting_year: year?,
        path,
    })
}

impl Stratum {
    /// Shows how the area came about.
    pub fn explain(&self, working: &mut Working<'_>) {
        working.step(
            &self.path,
            StepText {
                symbol: "A_i",
                title: text(
                    "碳层“{name}”的计算面积",
                    "area of the stratum {name} that counts",
                )
                .fill(&[("name", self.name.clone())]),
                clause: format!("{CODE} 适用条件 c"),
                formula: "A − A_gap − A_cover".to_owned(),
                unit: "ha",
            },
            &[
                ("A", self.area, "ha"),
                ("A_gap", self.gaps, "ha"),
                ("A_cover", self.prior_cover, "ha"),
            ],
            self.net_area,
        );
    }

    /// Whole years from the end of the year of planting to the end of a year; 0 and less before there is growth.
    pub fn age(&self, year: i32) -> i32 {
        year - self.planting_year
    }

    /// The last day without growth: the end of the year of planting.
    pub fn planted_by(&self) -> Option<Date> {
        Date::from_calendar_date(self.planting_year, time::Month::December, 31).ok()
    }
}

/// The area that counts of all strata.
pub(super) fn net_area(strata: &[&Stratum]) -> Result<Decimal, TooManyDigits> {
    strata
        .iter()
        .try_fold(Decimal::ZERO, |total, stratum| sum(total, stratum.net_area))
}

/// An amount of a whole year as the share of the part's days.
pub(super) fn of_days(amount: Decimal, part: &Part) -> Result<Decimal, TooManyDigits> {
    if part.days == part.days_in_year {
        return Ok(amount);
    }
    crate::ccer::sink::divide(
        crate::ccer::sink::product(&[amount, Decimal::from(part.days)])?,
        Decimal::from(part.days_in_year),
    )
}

/// Areas of strata whose soil gains carbon in a year, and of those that give off gas: planted in that year or before.
pub(super) fn soil_areas(
    strata: &[&Stratum],
    year: i32,
    years_max: Decimal,
) -> Result<(Decimal, Decimal), TooManyDigits> {
    let (mut gaining, mut giving_off) = (Decimal::ZERO, Decimal::ZERO);
    for stratum in strata {
        let age = stratum.age(year);
        if age >= 1 && Decimal::from(age) <= years_max {
            gaining = sum(gaining, stratum.net_area)?;
        }
        if age >= 0 {
            giving_off = sum(giving_off, stratum.net_area)?;
        }
    }
    Ok((gaining, giving_off))
}
