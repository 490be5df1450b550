//! Sectors (行业领域) and project types, by the letters and numbers of the national registry's public records.

use serde::{Deserialize, Serialize};

/// The sector in which a VVB is approved and to which a project type belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// `A` 能源产业.
    Energy,
    /// `G` 交通运输业、能源需求.
    Transport,
    /// `J` 燃料逸散性排放.
    Fugitive,
    /// `N` 林业和其他碳汇.
    Forestry,
}

impl Sector {
    /// Every sector, in the order of the letters.
    pub const ALL: &[Self] = &[
        Self::Energy,
        Self::Transport,
        Self::Fugitive,
        Self::Forestry,
    ];

    /// The letter used in project types and project codes.
    pub const fn letter(self) -> char {
        match self {
            Self::Energy => 'A',
            Self::Transport => 'G',
            Self::Fugitive => 'J',
            Self::Forestry => 'N',
        }
    }

    /// The stable text in the database and in the interface catalogue (`sector.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Transport => "transport",
            Self::Fugitive => "fugitive",
            Self::Forestry => "forestry",
        }
    }

    /// The sector with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|sector| sector.code() == code)
    }
}

/// A project type: what the public record calls `projectType`, and the methodology that serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectType {
    /// Letter and four digits, as in the public record: `A0201`.
    pub code: &'static str,
    /// Its sector.
    pub sector: Sector,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// The methodology in this system, `CCER-SS-NNN-VVV`.
    pub methodology: &'static str,
    /// Which fields its documents have.
    pub family: Family,
    /// The shortest crediting period, whole years; 0 if there is no such limit.
    pub crediting_years_min: i32,
    /// The longest crediting period, whole years (the methodology's own time limit).
    pub crediting_years_max: i32,
}

/// What a project is made of, which decides what its documents ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// A power plant with a grid, a capacity and meters.
    Power,
    /// Planted land or tidal flat with strata and plots.
    Land,
}

/// The project types whose methodologies this release carries.
pub const PROJECT_TYPES: &[ProjectType] = &[
    ProjectType {
        code: "A0101",
        sector: Sector::Energy,
        name_zh: "并网光热发电",
        name_en: "Grid-connected solar thermal power",
        methodology: "CCER-01-001-V01",
        family: Family::Power,
        crediting_years_min: 0,
        crediting_years_max: 10,
    },
    ProjectType {
        code: "A0201",
        sector: Sector::Energy,
        name_zh: "并网海上风力发电",
        name_en: "Grid-connected offshore wind power",
        methodology: "CCER-01-002-V01",
        family: Family::Power,
        crediting_years_min: 0,
        crediting_years_max: 10,
    },
    ProjectType {
        code: "N0101",
        sector: Sector::Forestry,
        name_zh: "造林碳汇",
        name_en: "Afforestation carbon sink",
        methodology: "CCER-14-001-V01",
        family: Family::Land,
        crediting_years_min: 20,
        crediting_years_max: 40,
    },
    ProjectType {
        code: "N0201",
        sector: Sector::Forestry,
        name_zh: "红树林营造",
        name_en: "Mangrove creation",
        methodology: "CCER-14-002-V01",
        family: Family::Land,
        crediting_years_min: 20,
        crediting_years_max: 40,
    },
];

/// The project type served by a methodology code, if this release carries it.
pub fn project_type_of(methodology: &str) -> Option<&'static ProjectType> {
    PROJECT_TYPES
        .iter()
        .find(|kind| kind.methodology == methodology)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_type_begins_with_the_letter_of_its_sector() {
        for kind in PROJECT_TYPES {
            assert!(kind.code.starts_with(kind.sector.letter()));
            assert_eq!(project_type_of(kind.methodology), Some(kind));
        }
        assert_eq!(project_type_of("CCER-99-999-V01"), None);
        for sector in Sector::ALL {
            assert_eq!(Sector::from_code(sector.code()), Some(*sector));
        }
    }
}
