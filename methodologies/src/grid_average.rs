//! Average emission factors of grid electricity by province, for personal acts and footprints.
//!
//! Location-based, CO2 only, kgCO2/kWh. Reduction projects do not use them: they have the margins of [`crate::factors`].
//! On every day the newest published value holds; a region without values of its own takes those of the nation, and says so.

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::parameter::Parameters;
use crate::text::Text;
use crate::trace::ParameterUse;

/// The nation, whose values serve regions without their own.
pub const NATION: &str = "CN";

/// The nation, a province, or a city with a scheme of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// ISO 3166-2 code of a province (`CN-GD`), with three letters more for a city (`CN-GD-SZ`), or `CN`.
    pub code: &'static str,
    /// Its name.
    pub name: Text,
}

/// Every region: the nation, the provinces, some cities.
pub fn regions() -> &'static [Region] {
    crate::generated::REGIONS
}

/// The region with this code.
pub fn region(code: &str) -> Option<&'static Region> {
    regions().iter().find(|region| region.code == code)
}

/// The region itself and what it lies in, the narrowest first: `CN-GD-SZ`, `CN-GD`, `CN`.
pub fn within(code: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(code), |code| {
        code.rsplit_once('-').map(|(wider, _)| wider)
    })
}

/// The grid factor of a region on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GridAverage {
    /// The code whose value it is.
    pub region: &'static str,
    /// Value in kgCO2/kWh with title, source and id.
    pub used: ParameterUse,
    /// Since when it holds.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// The year the value describes; `None` for one that an operator entered.
    pub data_year: Option<u16>,
    /// The region has no value of its own.
    pub of_nation: bool,
}

impl GridAverage {
    /// The bare value, kgCO2/kWh.
    pub const fn value(&self) -> Decimal {
        self.used.value
    }
}

/// The factor in force in a region on a day. `None`: no such region, or nothing was published by that day.
pub fn grid_average(code: &str, on: Date, set: &Parameters) -> Option<GridAverage> {
    region(code)?;
    within(code).find_map(|code| {
        let region = region(code)?;
        let id = format!("grid_average.{code}");
        let used = set.on(&id, on)?;
        let built_in = crate::parameter::parameter(&id)?.on(on)?;
        let entered = set
            .replacement(&id, on)
            .filter(|entered| built_in.from <= entered.from);
        let from = entered.map_or(built_in.from, |entered| entered.from);
        let data_year = crate::generated::GRID_YEARS
            .iter()
            .find(|(published, _)| entered.is_none() && *published == from)
            .map(|(_, year)| *year);
        Some(GridAverage {
            region: region.code,
            used,
            from,
            data_year,
            of_nation: region.code == NATION,
        })
    })
}
