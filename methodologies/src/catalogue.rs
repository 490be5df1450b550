//! The methodologies this crate knows.

use serde::Serialize;
use time::Date;

use crate::text::{Text, text};

mod listed;

pub use listed::{Consultation, Listed, ListedStatus, RECORDS_AS_OF, consultations, listed};

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
    /// Shortest crediting period in years; 0 where any length will do.
    pub crediting_years_min: u16,
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
    crediting_years_min: 0,
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
    crediting_years_min: 0,
    crediting_years_max: 10,
    additionality_exempt: true,
    calculators: &["CCER-01-002-V01/ex-ante", "CCER-01-002-V01/ex-post"],
};

/// CCER-14-001-V01. Only the opening of its text was at hand; the length of the crediting period is that of all its records.
pub(crate) const AFFORESTATION: Methodology = Methodology {
    code: "CCER-14-001-V01",
    title: text("造林碳汇", "Afforestation carbon sink"),
    publisher: text("生态环境部", "Ministry of Ecology and Environment"),
    in_force_from: time::macros::date!(2023 - 10 - 24),
    sector: 'N',
    project_type: "N0101",
    crediting_years_min: 20,
    crediting_years_max: 40,
    additionality_exempt: false,
    calculators: &["CCER-14-001-V01/ex-ante", "CCER-14-001-V01/ex-post"],
};

/// CCER-14-002-V01. Only two conditions of its text were at hand; the length of the crediting period is that of all its records.
pub(crate) const MANGROVE: Methodology = Methodology {
    code: "CCER-14-002-V01",
    title: text("红树林营造", "Mangrove creation"),
    publisher: text("生态环境部", "Ministry of Ecology and Environment"),
    in_force_from: time::macros::date!(2023 - 10 - 24),
    sector: 'N',
    project_type: "N0201",
    crediting_years_min: 20,
    crediting_years_max: 40,
    additionality_exempt: true,
    calculators: &["CCER-14-002-V01/ex-ante", "CCER-14-002-V01/ex-post"],
};

/// CCER-10-001-V01. Only the opening of its text was at hand: it has a check of its scope and an estimator, so it is on the
/// list and not in the catalogue.
pub(crate) const COAL_MINE_GAS: Methodology = Methodology {
    code: "CCER-10-001-V01",
    title: text(
        "甲烷体积浓度低于8%的煤矿低浓度瓦斯和风排瓦斯利用",
        "Use of low-concentration coal-mine gas (below 8 % methane) and ventilation air methane",
    ),
    publisher: text(
        "生态环境部、国家能源局、国家矿山安全监察局",
        "Ministry of Ecology and Environment, National Energy Administration, National Mine Safety Administration",
    ),
    in_force_from: time::macros::date!(2025 - 01 - 03),
    sector: 'J',
    project_type: "J0101",
    crediting_years_min: 0,
    crediting_years_max: 10,
    additionality_exempt: true,
    calculators: &["CCER-10-001-V01/estimate"],
};

/// CCER-07-001-V01. Its text was not at hand: on the list like the one above. Published in January 2025, the day was not found.
pub(crate) const TUNNEL_LIGHTING: Methodology = Methodology {
    code: "CCER-07-001-V01",
    title: text(
        "公路隧道照明系统节能",
        "Energy saving in highway tunnel lighting",
    ),
    publisher: text(
        "生态环境部、交通运输部",
        "Ministry of Ecology and Environment, Ministry of Transport",
    ),
    in_force_from: time::macros::date!(2025 - 01 - 31),
    sector: 'G',
    project_type: "G0101",
    crediting_years_min: 0,
    crediting_years_max: 10,
    additionality_exempt: true,
    calculators: &["CCER-07-001-V01/estimate"],
};

static CATALOGUE: &[Methodology] = &[SOLAR_THERMAL, OFFSHORE_WIND, AFFORESTATION, MANGROVE];

/// Every methodology version, by code.
pub fn catalogue() -> &'static [Methodology] {
    CATALOGUE
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
