//! The methodologies this crate knows.

use serde::Serialize;
use time::Date;

use crate::text::{Text, text};

/// One version of a methodology.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Methodology {
    /// Its code with the version, for example `CCER-01-002-V01`.
    pub code: &'static str,
    /// Its title.
    pub title: Text,
    /// Who publishes it.
    pub publisher: Text,
    /// First day in force.
    #[serde(with = "crate::day::as_text")]
    pub in_force_from: Date,
    /// Sector letter of the registry's project types (A: energy industries).
    pub sector: char,
    /// Project type of the registry, for example `A0201`.
    pub project_type: &'static str,
    /// Longest crediting period in years.
    pub crediting_years_max: u16,
    /// Additionality need not be argued.
    pub additionality_exempt: bool,
    /// The calculators of this methodology: ex ante, ex post.
    pub calculators: &'static [&'static str],
}

/// CCER-01-001-V01.
pub(crate) const SOLAR_THERMAL: Methodology = Methodology {
    code: "CCER-01-001-V01",
    title: text("并网光热发电", "Grid-connected solar thermal power"),
    publisher: text("生态环境部", "Ministry of Ecology and Environment"),
    in_force_from: time::macros::date!(2023 - 10 - 24),
    sector: 'A',
    project_type: "A0101",
    crediting_years_max: 10,
    additionality_exempt: true,
    calculators: &["CCER-01-001-V01/ex-ante", "CCER-01-001-V01/ex-post"],
};

/// CCER-01-002-V01.
pub(crate) const OFFSHORE_WIND: Methodology = Methodology {
    code: "CCER-01-002-V01",
    title: text("并网海上风力发电", "Grid-connected offshore wind power"),
    publisher: text("生态环境部", "Ministry of Ecology and Environment"),
    in_force_from: time::macros::date!(2023 - 10 - 24),
    sector: 'A',
    project_type: "A0201",
    crediting_years_max: 10,
    additionality_exempt: true,
    calculators: &["CCER-01-002-V01/ex-ante", "CCER-01-002-V01/ex-post"],
};

static CATALOGUE: [Methodology; 2] = [SOLAR_THERMAL, OFFSHORE_WIND];

/// Every methodology version, by code.
pub fn catalogue() -> &'static [Methodology] {
    &CATALOGUE
}

/// The methodology with this code if it is in force on the day. Without a version
/// (`CCER-01-002`) the newest version in force on the day.
pub fn find(code: &str, on: Date) -> Option<&'static Methodology> {
    CATALOGUE
        .iter()
        .filter(|methodology| methodology.in_force_from <= on)
        .filter(|methodology| {
            methodology.code == code
                || methodology
                    .code
                    .rsplit_once("-V")
                    .is_some_and(|(without_version, _)| without_version == code)
        })
        .max_by_key(|methodology| methodology.in_force_from)
}
