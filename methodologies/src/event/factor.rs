//! Emission factors with their editions: which one applies, and what was used where the right one does not exist.

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::factors;
use crate::grid_average::{self, Region};
use crate::parameter::{Basis, Parameters};
use crate::text::{Message, Text, text};
use crate::trace::ParameterUse;

/// What the factor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Gas {
    /// Carbon dioxide only.
    #[serde(rename = "CO2")]
    Co2,
    /// All greenhouse gases as carbon dioxide equivalent.
    #[serde(rename = "CO2e")]
    Co2e,
}

impl Gas {
    /// As written: `CO2` or `CO2e`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Co2 => "CO2",
            Self::Co2e => "CO2e",
        }
    }
}

/// Where a source stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Tier {
    /// An official Chinese document.
    A,
    /// An official document of another country.
    B,
    /// A scientific paper.
    C,
    /// What a running service uses.
    D,
    /// Derived from other values.
    E,
    /// Only seen in unverified third-party tables.
    X,
}

impl Tier {
    /// The parameter with the default uncertainty of such a factor.
    pub const fn uncertainty(self) -> &'static str {
        match self {
            Self::A => "event.uncertainty.tier_a",
            Self::B => "event.uncertainty.tier_b",
            Self::C => "event.uncertainty.tier_c",
            Self::D => "event.uncertainty.tier_d",
            Self::E => "event.uncertainty.tier_e",
            Self::X => "event.uncertainty.tier_x",
        }
    }
}

/// Which part of the life of a product or service a factor covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// Fuel burnt.
    Combustion,
    /// At the power plants.
    Generation,
    /// Fuel burnt in a vehicle: tank to wheel or wake.
    Direct,
    /// Energy that a service uses.
    Energy,
    /// Treatment of waste, leaks.
    Process,
    /// Supply of a fuel; added to [`Boundary::Direct`].
    WellToTank,
    /// Direct emissions with fuel supply and infrastructure.
    Extended,
    /// Making a material.
    CradleToGate,
    /// The whole life.
    Lifecycle,
}

/// What may be compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Emissions of operation.
    Operation,
    /// Emissions of a life, or of more of it than operation.
    Life,
    /// An addition to operation that is a line of its own.
    Addition,
}

impl Boundary {
    /// Every boundary.
    pub const ALL: [Self; 9] = [
        Self::Combustion,
        Self::Generation,
        Self::Direct,
        Self::Energy,
        Self::Process,
        Self::WellToTank,
        Self::Extended,
        Self::CradleToGate,
        Self::Lifecycle,
    ];

    /// Its code, for example `cradle_to_gate`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Combustion => "combustion",
            Self::Generation => "generation",
            Self::Direct => "direct",
            Self::Energy => "energy",
            Self::Process => "process",
            Self::WellToTank => "well_to_tank",
            Self::Extended => "extended",
            Self::CradleToGate => "cradle_to_gate",
            Self::Lifecycle => "lifecycle",
        }
    }

    /// In words.
    pub const fn text(self) -> Text {
        match self {
            Self::Combustion => text("燃料燃烧", "fuel burnt"),
            Self::Generation => text("发电环节", "at the power plants"),
            Self::Direct => text("行驶中直接排放", "direct, tank to wheel or wake"),
            Self::Energy => text("运行用能", "energy used in operation"),
            Self::Process => text("处理过程", "process"),
            Self::WellToTank => text("燃料上游（附加项）", "fuel supply, an addition"),
            Self::Extended => text(
                "直接排放、燃料上游与设施",
                "direct, fuel supply and infrastructure",
            ),
            Self::CradleToGate => text("从原料到出厂", "cradle to gate"),
            Self::Lifecycle => text("全生命周期", "whole life"),
        }
    }

    /// What it may be compared with.
    pub const fn family(self) -> Family {
        match self {
            Self::Combustion | Self::Generation | Self::Direct | Self::Energy | Self::Process => {
                Family::Operation
            }
            Self::WellToTank => Family::Addition,
            Self::Extended | Self::CradleToGate | Self::Lifecycle => Family::Life,
        }
    }

    /// The boundary with this code.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|boundary| boundary.code() == code)
    }
}

/// An emission factor with all its editions.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Factor {
    /// Its code, for example `hotel_china` or `grid.CN-HB`.
    pub code: &'static str,
    /// What it is for.
    pub title: Text,
    /// The class of the inventory it belongs to.
    pub class: &'static str,
    /// What is measured, for example `rail`: factors of one subject can stand in for each other.
    pub subject: &'static str,
    /// The unit of the activity.
    pub unit: &'static str,
    /// What it counts.
    pub gas: Gas,
    /// What it covers.
    pub boundary: Boundary,
    /// Country or province: `CN`, `CN-HB`, `GB`, `GLO`.
    pub place: &'static str,
    /// Its uncertainty, assumed; `None`: the default of its tier.
    #[serde(with = "decimal_or_none")]
    pub u_percent: Option<Decimal>,
    /// Its values by the year of the data, oldest first.
    pub editions: &'static [Edition],
}

/// The value of a factor for the data of one year, kg per unit.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Edition {
    /// The year of the data, or of the document where it names none.
    pub year: i32,
    /// First day on which it was public.
    #[serde(with = "crate::day::as_text")]
    pub published_on: Date,
    /// That day is inferred, not read.
    pub published_on_assumed: bool,
    /// Where its source stands.
    pub tier: Tier,
    /// The value; for flights with radiative forcing.
    pub value: Basis<Decimal>,
    /// The value of a flight without radiative forcing.
    #[serde(with = "decimal_or_none")]
    pub without_rf: Option<Decimal>,
    /// Table, row or calculation in the document.
    pub row: Option<Text>,
}

/// Every factor.
pub fn all() -> &'static [Factor] {
    crate::generated::EVENT_FACTORS
}

/// The factor with this code.
pub fn find(code: &str) -> Option<&'static Factor> {
    all().iter().find(|factor| factor.code == code)
}

/// The province, city or nation with this code or name: `CN-HB`, `湖北`, `湖北省`, `Hubei`.
pub fn place(written: &str) -> Option<&'static Region> {
    let written = written.trim();
    grid_average::regions().iter().find(|region| {
        written.eq_ignore_ascii_case(region.code)
            || written.eq_ignore_ascii_case(region.name.en)
            || written
                .strip_prefix(region.name.zh)
                .is_some_and(|rest| ENDINGS.contains(&rest))
    })
}

/// What may follow the short name of a place.
const ENDINGS: [&str; 9] = [
    "",
    "省",
    "市",
    "自治区",
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "特别行政区",
    "地区",
];

/// What a person may choose for electricity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calibre {
    /// Average of a province.
    Province,
    /// Average of a regional grid.
    Region,
    /// National average.
    Nation,
    /// National average without market-traded non-fossil electricity.
    Residual,
    /// National, electricity from fossil fuels.
    Fossil,
}

impl Calibre {
    /// The calibre a choice of the column `factor` stands for.
    pub fn of_choice(choice: &str) -> Option<Self> {
        Some(match choice {
            "grid_province" => Self::Province,
            "grid_region" => Self::Region,
            "grid_nation" => Self::Nation,
            "grid_residual" => Self::Residual,
            "grid_fossil" => Self::Fossil,
            _ => return None,
        })
    }
}

/// Why the national factor stands in for a province or region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandIn {
    /// Nothing was written.
    Missing,
    /// No place of this name is known.
    Unknown,
    /// The place has no published factor.
    WithoutFactor,
}

/// The electricity factor of a place in a calibre, and why it is not the place's own.
pub fn electricity(calibre: Calibre, written: &str) -> (Option<&'static Factor>, Option<StandIn>) {
    let nation = || find("grid.CN");
    let stand_in = match calibre {
        Calibre::Nation => return (nation(), None),
        Calibre::Residual => return (find("grid.residual"), None),
        Calibre::Fossil => return (find("grid.fossil"), None),
        Calibre::Province | Calibre::Region if written.is_empty() => StandIn::Missing,
        Calibre::Province => match place(written) {
            None => StandIn::Unknown,
            Some(place) if place.code == grid_average::NATION => return (nation(), None),
            Some(place) => {
                let own = grid_average::within(place.code)
                    .filter(|code| *code != grid_average::NATION)
                    .find_map(|code| find(&format!("grid.{code}")));
                if own.is_some() {
                    return (own, None);
                }
                StandIn::WithoutFactor
            }
        },
        Calibre::Region => {
            let named = factors::grids().iter().find(|grid| {
                written.eq_ignore_ascii_case(grid.code) || written.starts_with(grid.name.zh)
            });
            let place = place(written);
            let grid = named.or_else(|| place.and_then(grid_around));
            let own = grid.and_then(|grid| find(&format!("grid.{}", grid.code)));
            if own.is_some() {
                return (own, None);
            }
            match place {
                Some(_) => StandIn::WithoutFactor,
                None => StandIn::Unknown,
            }
        }
    };
    (nation(), Some(stand_in))
}

/// The regional grid of a province, or of the province a city lies in.
fn grid_around(place: &Region) -> Option<&'static factors::Grid> {
    grid_average::within(place.code)
        .filter_map(grid_average::region)
        .find_map(|region| factors::grid_of_province(region.name.zh, NEWEST_GRIDS))
}

/// The membership of provinces in grids that the tables of 2021 to 2023 follow: seven grids, Southwest apart.
const NEWEST_GRIDS: i32 = 2024;

/// The edition chosen for a year, with its value as the set of parameters has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The number with its source, ready to be listed.
    pub used: ParameterUse,
    /// The year of the data.
    pub year: i32,
    /// Where its source stands.
    pub tier: Tier,
    /// Its uncertainty; `None`: the default of the tier.
    pub u_percent: Option<Decimal>,
    /// Radiative forcing was to be left out, but the document gives no such value.
    pub rf_not_separable: bool,
    /// Why the year is not the one wanted.
    pub other_year: Option<OtherYear>,
}

/// Why an edition of another year was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherYear {
    /// The year that was named has no edition.
    NamedMissing(i32),
    /// All editions are of later years than the activity; the oldest was used.
    OnlyLater,
    /// The newest edition is of an earlier year.
    Earlier,
}

/// Which edition is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The year of the activity.
    pub year: i32,
    /// An edition named by its year.
    pub named: Option<i32>,
    /// Editions published later are not looked at.
    pub on: Date,
    /// Flights with radiative forcing.
    pub radiative_forcing: bool,
}

/// What the id of a value without radiative forcing ends with.
pub(crate) const NO_RF: &str = ".no_rf";

impl Factor {
    /// The built-in edition of a year.
    pub fn edition_of(&self, year: i32) -> Option<&'static Edition> {
        self.editions.iter().find(|edition| edition.year == year)
    }

    /// The title with the year of an edition.
    pub(crate) fn titled(&self, year: i32) -> Message {
        Message {
            zh: format!("{}（{year}）", self.title.zh),
            en: format!("{} ({year})", self.title.en),
        }
    }

    /// The unit of its values, for example `kgCO2/kWh`.
    pub(crate) fn value_unit(&self) -> String {
        format!("kg{}/{}", self.gas.code(), self.unit)
    }

    /// The id of an edition, as it is listed and replaced: `event.grid.CN-HB.2023`, `event.air_long_economy.2025.no_rf`.
    pub fn id(&self, year: i32, without_rf: bool) -> String {
        let ending = if without_rf { NO_RF } else { "" };
        format!("event.{}.{year}{ending}", self.code)
    }

    /// Years with an edition on the day, oldest first; also those that an operator entered.
    pub fn years(&self, on: Date, set: &Parameters) -> Vec<i32> {
        let mut years: Vec<i32> = self
            .editions
            .iter()
            .filter(|edition| edition.published_on <= on)
            .map(|edition| edition.year)
            .collect();
        let prefix = format!("event.{}.", self.code);
        for replacement in &set.replacements {
            let year = replacement
                .id
                .strip_prefix(&prefix)
                .and_then(|year| year.parse().ok());
            if let Some(year) = year.filter(|year| replacement.from <= on && !years.contains(year))
            {
                years.push(year);
            }
        }
        years.sort_unstable();
        years
    }

    /// The newest edition that is not of a later year than the activity, of those published by the day; where all are of later
    /// years, the oldest. A named year comes first. `None`: nothing was published by then.
    pub fn choose(&self, wanted: Wanted, set: &Parameters) -> Option<Chosen> {
        let years = self.years(wanted.on, set);
        let by_rule = years
            .iter()
            .rev()
            .find(|year| **year <= wanted.year)
            .or(years.first())
            .copied()?;
        let (year, other_year) = match wanted.named {
            Some(named) if years.contains(&named) => (named, None),
            Some(named) => (by_rule, Some(OtherYear::NamedMissing(named))),
            None if by_rule > wanted.year => (by_rule, Some(OtherYear::OnlyLater)),
            None if by_rule < wanted.year => (by_rule, Some(OtherYear::Earlier)),
            None => (by_rule, None),
        };
        self.edition(year, other_year, wanted, set)
    }

    fn edition(
        &self,
        year: i32,
        other_year: Option<OtherYear>,
        wanted: Wanted,
        set: &Parameters,
    ) -> Option<Chosen> {
        let built_in = self.edition_of(year);
        let has_both = built_in.is_some_and(|edition| edition.without_rf.is_some())
            || set.replacement(&self.id(year, true), wanted.on).is_some();
        let without_rf = has_both && !wanted.radiative_forcing;
        let flight = self.subject.starts_with("air_") && self.gas == Gas::Co2e;
        let id = self.id(year, without_rf);
        let replacement = set.replacement(&id, wanted.on);
        let (value, source, assumed, tier) = match (replacement, built_in) {
            (Some(entered), known) => (
                entered.value,
                entered.source.clone(),
                entered.assumed,
                known.map_or(Tier::A, |edition| edition.tier),
            ),
            (None, Some(edition)) => (
                edition
                    .without_rf
                    .filter(|_| without_rf)
                    .unwrap_or(edition.value.value()),
                edition.document(),
                edition.value.is_assumed(),
                edition.tier,
            ),
            (None, None) => return None,
        };
        Some(Chosen {
            used: ParameterUse {
                id,
                title: self.titled(year),
                value,
                unit: self.value_unit(),
                source,
                clause: CLAUSE.to_owned(),
                assumed,
                stale: matches!(
                    other_year,
                    Some(OtherYear::NamedMissing(_) | OtherYear::OnlyLater)
                ),
            },
            year,
            tier,
            u_percent: self.u_percent,
            rf_not_separable: flight
                && !wanted.radiative_forcing
                && !has_both
                && self.boundary == Boundary::Direct,
            other_year,
        })
    }
}

/// The clause of the guide that asks for factors and names where to take them from.
pub(crate) const CLAUSE: &str = "大型活动碳中和实施指南（试行）附录";

impl Edition {
    /// The document with the place in it.
    pub fn document(&self) -> Message {
        let source = self.value.source();
        match self.row {
            None => source.into(),
            Some(row) => Message {
                zh: format!("{}：{}", source.zh, row.zh),
                en: format!("{}: {}", source.en, row.en),
            },
        }
    }
}

mod decimal_or_none {
    use rust_decimal::Decimal;
    use serde::Serializer;

    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // the shape serde calls
    pub fn serialize<S: Serializer>(
        value: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const LATE: Date = date!(2026 - 11 - 21);

    fn chosen(code: &str, year: i32, named: Option<i32>, on: Date) -> Chosen {
        let wanted = Wanted {
            year,
            named,
            on,
            radiative_forcing: true,
        };
        find(code)
            .unwrap()
            .choose(wanted, Parameters::BUILT_IN)
            .unwrap()
    }

    #[test]
    fn the_newest_table_that_is_not_of_a_later_year_applies_from_its_day() {
        let year = |year, on| chosen("grid.CN-HB", year, None, on).year;
        assert_eq!(year(2023, date!(2024 - 12 - 22)), 2021);
        assert_eq!(year(2023, date!(2024 - 12 - 23)), 2022);
        assert_eq!(year(2023, date!(2025 - 12 - 30)), 2022);
        assert_eq!(year(2023, date!(2025 - 12 - 31)), 2023);
        assert_eq!(year(2022, LATE), 2022);
        assert_eq!(year(2026, LATE), 2023);
        let old = chosen("grid.CN-HB", 2019, None, LATE);
        assert_eq!(
            (old.year, old.other_year),
            (2021, Some(OtherYear::OnlyLater))
        );
        let named = chosen("grid.CN-HB", 2023, Some(2024), LATE);
        assert_eq!(
            (named.year, named.other_year),
            (2023, Some(OtherYear::NamedMissing(2024)))
        );
        let before = Wanted {
            year: 2023,
            named: None,
            on: date!(2024 - 04 - 11),
            radiative_forcing: true,
        };
        let factor = find("grid.CN").unwrap();
        assert_eq!(factor.choose(before, Parameters::BUILT_IN), None);
    }

    #[test]
    fn thirty_provinces_seven_regions_and_three_national_calibres_have_three_years() {
        let of_grid = || {
            all()
                .iter()
                .filter(|factor| factor.code.starts_with("grid."))
        };
        assert_eq!(of_grid().count(), 40);
        for factor in of_grid() {
            let years: Vec<i32> = factor.editions.iter().map(|edition| edition.year).collect();
            assert_eq!(years, [2021, 2022, 2023], "{}", factor.code);
        }
        let provincial = |code: &str| code.starts_with("grid.CN-");
        let moved = |rising: bool| {
            of_grid()
                .filter(|factor| provincial(factor.code))
                .filter(|factor| {
                    let value = |place: usize| factor.editions[place].value.value();
                    (value(2) > value(1)) == rising
                })
                .count()
        };
        // as announced with the table of 2023
        assert_eq!((moved(false), moved(true)), (20, 10));
    }

    #[test]
    fn a_place_is_found_by_code_and_name_and_an_unknown_one_gets_the_national_factor() {
        let of = |calibre, written| {
            let (factor, stand_in) = electricity(calibre, written);
            (factor.unwrap().code, stand_in)
        };
        for written in ["CN-HB", "湖北", "湖北省", "hubei", " Hubei "] {
            assert_eq!(of(Calibre::Province, written), ("grid.CN-HB", None));
        }
        assert_eq!(of(Calibre::Province, "广西壮族自治区").0, "grid.CN-GX");
        assert_eq!(
            of(Calibre::Province, "西藏"),
            ("grid.CN", Some(StandIn::WithoutFactor))
        );
        // a city lies in its province
        assert_eq!(of(Calibre::Province, "武汉市"), ("grid.CN-HB", None));
        assert_eq!(of(Calibre::Region, "武汉市"), ("grid.Central", None));
        assert_eq!(of(Calibre::Province, "全国"), ("grid.CN", None));
        assert_eq!(
            of(Calibre::Province, "襄阳市"),
            ("grid.CN", Some(StandIn::Unknown))
        );
        assert_eq!(
            of(Calibre::Province, ""),
            ("grid.CN", Some(StandIn::Missing))
        );
        assert_eq!(of(Calibre::Region, "湖北"), ("grid.Central", None));
        assert_eq!(of(Calibre::Region, "华东"), ("grid.East", None));
        assert_eq!(of(Calibre::Region, "重庆市"), ("grid.Southwest", None));
        assert_eq!(
            of(Calibre::Region, "香港"),
            ("grid.CN", Some(StandIn::WithoutFactor))
        );
        assert_eq!(of(Calibre::Residual, "湖北"), ("grid.residual", None));
    }

    #[test]
    fn every_factor_is_plausible_and_says_where_it_is_from() {
        for factor in all() {
            let editions = factor.editions;
            assert!(!editions.is_empty(), "{}", factor.code);
            assert!(
                editions.windows(2).all(|pair| pair[0].year < pair[1].year),
                "{}",
                factor.code
            );
            let (low, high) = super::super::unit::plausible(factor.unit).unwrap();
            for edition in editions {
                let value = edition.value.value();
                assert!(value >= low && value <= high, "{} {value}", factor.code);
                let document = edition.document();
                assert!(!document.zh.is_empty() && !document.en.is_empty());
                // what is neither Chinese nor foreign official text is assumed
                assert!(
                    edition.value.is_assumed() || edition.tier <= Tier::B,
                    "{}",
                    factor.code
                );
                if let Some(without) = edition.without_rf {
                    assert!(without < value, "{}", factor.code);
                }
            }
        }
    }

    #[test]
    fn flights_have_a_value_without_radiative_forcing_where_the_document_gives_one() {
        let wanted = Wanted {
            year: 2025,
            named: None,
            on: LATE,
            radiative_forcing: false,
        };
        let of = |code: &str| {
            find(code)
                .unwrap()
                .choose(wanted, Parameters::BUILT_IN)
                .unwrap()
        };
        let long = of("air_long_economy");
        assert_eq!(long.used.id, "event.air_long_economy.2025.no_rf");
        assert_eq!(long.used.value.to_string(), "0.06926");
        assert!(!long.rf_not_separable);
        let world = of("air_world_economy");
        assert_eq!(world.used.value.to_string(), "0.10916");
        assert!(world.rf_not_separable);
        assert!(!of("air_china_full").rf_not_separable);
    }
}
