//! The formulas of the carbon pools: (D) to (H).
//!
//! Their structure follows the predecessor AR-CM-001-V01; of the text of CCER-14-001-V01 only the opening was at hand.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use time::Date;

use super::CODE;
use super::species::Species;
use crate::ccer::sink::{amount, carbon_dioxide, divide, product, real, sum};
use crate::ccer::working::{StepText, Working};
use crate::exact::TooManyDigits;
use crate::input::{InputError, Reader, join};
use crate::parameter::Parameters;
use crate::quantity::{Fraction, Quantity, unit};
use crate::text::text;
use crate::trace::NoteLevel;

/// Numbers of one species.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wood {
    /// Carbon fraction.
    pub cf: Decimal,
    /// Root to shoot ratio.
    pub r: Decimal,
}

/// Numbers that turn volume into biomass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expansion {
    /// Wood density, t/m³.
    pub wd: Decimal,
    /// Biomass expansion factor.
    pub bef: Decimal,
}

/// The numbers of species, each asked for once.
pub(super) struct Woods {
    on: Date,
    factors: BTreeMap<&'static str, Wood>,
    expansions: BTreeMap<&'static str, Expansion>,
}

impl Woods {
    /// None asked for yet; the numbers are those in force on the day.
    pub fn new(on: Date) -> Self {
        Self {
            on,
            factors: BTreeMap::new(),
            expansions: BTreeMap::new(),
        }
    }

    /// Carbon fraction and root ratio.
    pub fn wood(
        &mut self,
        species: &'static Species,
        working: &mut Working<'_>,
    ) -> Result<Wood, InputError> {
        if let Some(wood) = self.factors.get(species.code) {
            return Ok(*wood);
        }
        let wood = Wood {
            cf: working.number(&format!("species.{}.cf", species.code), self.on, "as_of")?,
            r: working.number(&format!("species.{}.r", species.code), self.on, "as_of")?,
        };
        self.factors.insert(species.code, wood);
        Ok(wood)
    }

    /// Wood density and expansion factor.
    pub fn expansion(
        &mut self,
        species: &'static Species,
        working: &mut Working<'_>,
    ) -> Result<Expansion, InputError> {
        if let Some(expansion) = self.expansions.get(species.code) {
            return Ok(*expansion);
        }
        let expansion = Expansion {
            wd: working.number(&format!("species.{}.wd", species.code), self.on, "as_of")?,
            bef: working.number(&format!("species.{}.bef", species.code), self.on, "as_of")?,
        };
        self.expansions.insert(species.code, expansion);
        Ok(expansion)
    }
}

/// (E1), (E3): biomass with roots from above-ground biomass, any unit.
pub(super) fn with_roots(above_ground: Decimal, wood: Wood) -> Result<Decimal, TooManyDigits> {
    product(&[above_ground, sum(Decimal::ONE, wood.r)?])
}

/// (E2): biomass with roots in t from volume in m³.
pub(super) fn from_volume(
    volume: Decimal,
    expansion: Expansion,
    wood: Wood,
) -> Result<Decimal, TooManyDigits> {
    with_roots(product(&[volume, expansion.wd, expansion.bef])?, wood)
}

/// (D): tCO2e from biomass in t.
pub(super) fn carbon(biomass: Decimal, wood: Wood) -> Result<Decimal, TooManyDigits> {
    Ok(amount(carbon_dioxide(product(&[biomass, wood.cf])?)?))
}

/// A growth curve of the Richards form: M × (1 − exp(−k × age))^p, t/ha.
#[derive(Clone, Copy, Debug)]
pub(super) struct Richards {
    pub limit: Decimal,
    pub rate: Decimal,
    pub shape: Decimal,
}

impl Richards {
    pub fn at(self, age: Decimal) -> Result<Decimal, TooManyDigits> {
        if age <= Decimal::ZERO {
            return Ok(Decimal::ZERO);
        }
        let decay = real::exponential(product(&[-self.rate, age])?)?;
        let grown = real::power(sum(Decimal::ONE, -decay)?, self.shape)?;
        Ok(amount(product(&[self.limit, grown])?))
    }
}

/// The value at an age on straight lines between points: from 0 at age 0 to the first, flat after the last.
pub(super) fn between(
    points: &[(Decimal, Decimal)],
    age: Decimal,
) -> Result<Decimal, TooManyDigits> {
    if age <= Decimal::ZERO {
        return Ok(Decimal::ZERO);
    }
    let after = points.partition_point(|(point, _)| *point < age);
    let Some(&(age_after, value_after)) = points.get(after) else {
        return Ok(points.last().map_or(Decimal::ZERO, |(_, value)| *value));
    };
    let (age_before, value_before) = after
        .checked_sub(1)
        .and_then(|before| points.get(before))
        .copied()
        .unwrap_or_default();
    let rise = divide(
        product(&[sum(value_after, -value_before)?, sum(age, -age_before)?])?,
        sum(age_after, -age_before)?,
    )?;
    Ok(amount(sum(value_before, rise)?))
}

/// What stands in the formulas of shrubs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shrubs {
    /// tCO2e per hectare of closed shrub: 44/12 × CF_S × (1 + R_S) × BDR × B_FOREST.
    per_closed_hectare: Decimal,
    /// Cover in percent below which shrubs count as none.
    cover_min: Decimal,
}

impl Shrubs {
    /// Reads the numbers and shows the stock of a hectare of closed shrub.
    pub fn new(
        forest_biomass: Option<Decimal>,
        on: Date,
        working: &mut Working<'_>,
    ) -> Result<Self, InputError> {
        let forest = match forest_biomass {
            Some(own) => own,
            None => working.number("afforestation.forest_biomass", on, "as_of")?,
        };
        let ratio = working.number("afforestation.shrub_ratio", on, "as_of")?;
        let cover_min = working.number("afforestation.shrub_cover_min", on, "as_of")?;
        let wood = Wood {
            cf: working.number("species.shrub.cf", on, "as_of")?,
            r: working.number("species.shrub.r", on, "as_of")?,
        };
        let per_closed_hectare = carbon(with_roots(product(&[ratio, forest])?, wood)?, wood)?;
        working.step(
            "",
            StepText {
                symbol: "c_S",
                title: text("郁闭灌木每公顷碳储量", "stock of a hectare of closed shrub").into(),
                clause: format!("{CODE} (F)"),
                formula: "44/12 × CF_S × (1 + R_S) × BDR × B_FOREST".to_owned(),
                unit: "tCO2e/ha",
            },
            &[
                ("CF_S", wood.cf, "tC/t"),
                ("R_S", wood.r, "1"),
                ("BDR", ratio, "1"),
                ("B_FOREST", forest, "t/ha"),
            ],
            per_closed_hectare,
        );
        Ok(Self {
            per_closed_hectare,
            cover_min,
        })
    }

    /// (F): tCO2e of an area with this cover in percent.
    pub fn stock(self, area: Decimal, cover_percent: Decimal) -> Result<Decimal, TooManyDigits> {
        if cover_percent < self.cover_min {
            return Ok(Decimal::ZERO);
        }
        Ok(amount(divide(
            product(&[self.per_closed_hectare, area, cover_percent])?,
            Decimal::ONE_HUNDRED,
        )?))
    }
}

/// How dead wood, litter and soil are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct OtherPools {
    climate: &'static str,
    region: Option<&'static str>,
    dead_wood: bool,
    litter: bool,
    /// Yearly growth of soil carbon in tC/ha; `None`: not counted.
    pub soil: Option<Decimal>,
    /// Own value of the local forest biomass.
    pub forest_biomass: Option<Decimal>,
}

impl OtherPools {
    /// Reads the choices.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let climate = reader.choice("climate");
        let dead_wood = reader.choice("include_dead_wood");
        let region = reader.choice("dead_wood_region");
        let litter = reader.choice("include_litter");
        let soil = reader.choice("include_soc_project");
        let rate: Option<Fraction> = reader.quantity("soc_tc_per_ha_per_year");
        let forest: Option<Fraction> = reader.quantity("forest_biomass_t_per_ha");
        let soil_counted = soil == Some("yes");
        if soil_counted && !reader.has("soc_tc_per_ha_per_year") {
            reader.error(InputError::new(
                "soc_tc_per_ha_per_year",
                "soil_rate_required",
            ));
            return None;
        }
        soil?;
        Some(Self {
            climate: climate?,
            region,
            dead_wood: dead_wood? == "yes",
            litter: litter? == "yes",
            soil: rate.map(Quantity::value).filter(|_| soil_counted),
            forest_biomass: forest.map(Quantity::value),
        })
    }

    /// The climate, for the combustion factor.
    pub fn climate(self) -> &'static str {
        self.climate
    }

    /// (G): dead wood and litter as shares of the tree stock, 0 to 1.
    pub fn dead_shares(
        self,
        on: Date,
        working: &mut Working<'_>,
    ) -> Result<(Decimal, Decimal), InputError> {
        let zone = match self.climate {
            "temperate" | "boreal" => "temperate_boreal",
            tropical => tropical,
        };
        let mut share = |counted: bool, id: String| -> Result<Decimal, InputError> {
            if !counted {
                return Ok(Decimal::ZERO);
            }
            let percent = working.number(&id, on, "as_of")?;
            Ok(divide(percent, Decimal::ONE_HUNDRED)?)
        };
        let dead_wood = share(
            self.dead_wood,
            format!("afforestation.dead_wood.{}", self.region.unwrap_or(zone)),
        )?;
        let litter = share(self.litter, format!("afforestation.litter.{zone}"))?;
        Ok((dead_wood, litter))
    }
}

/// A fire of one year.
#[derive(Clone, Debug)]
pub(super) struct Fire {
    pub year: i32,
    area: Decimal,
    biomass: Decimal,
    stand_age: Option<Decimal>,
    dead_matter: Decimal,
}

/// Reads the list of fires; each must lie in the years of the period.
pub(super) fn read_fires(
    reader: &mut Reader<'_>,
    climate: Option<&'static str>,
    years: Option<(i32, i32)>,
) -> Vec<Fire> {
    let mut fires = Vec::new();
    for path in reader.items("fires") {
        let year = reader.year(&join(&path, "year"));
        let area: Option<Fraction> = reader.quantity(&join(&path, "area_ha"));
        let biomass: Option<Fraction> = reader.quantity(&join(&path, "biomass_t_per_ha"));
        let age: Option<Fraction> = reader.quantity(&join(&path, "stand_age"));
        let dead: Option<Fraction> = reader.quantity(&join(&path, "dead_matter_t_per_ha"));
        if climate.is_some_and(|climate| climate.starts_with("tropical"))
            && !reader.has(&join(&path, "stand_age"))
        {
            reader.error(InputError::new(
                join(&path, "stand_age"),
                "stand_age_required",
            ));
        }
        if let (Some(year), Some((from, to))) = (year, years)
            && !(from..=to).contains(&year)
        {
            reader.error(
                InputError::new(join(&path, "year"), "year_outside_period")
                    .with("year", year)
                    .with("from", from)
                    .with("to", to),
            );
        }
        if let (Some(year), Some(area), Some(biomass)) = (year, area, biomass) {
            fires.push(Fire {
                year,
                area: area.value(),
                biomass: biomass.value(),
                stand_age: age.map(Quantity::value),
                dead_matter: dead.map_or(Decimal::ZERO, Quantity::value),
            });
        }
    }
    fires
}

/// (H): methane and nitrous oxide of a fire, tCO2e.
pub(super) fn fire_emissions(
    fire: &Fire,
    pools: &OtherPools,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let factor = if pools.climate.starts_with("tropical") {
        let age = fire.stand_age.unwrap_or(Decimal::ZERO);
        // the oldest class that the stand has reached; a younger stand burns like the youngest class
        let class = [18, 11, 6]
            .into_iter()
            .find(|class| age >= Decimal::from(*class))
            .unwrap_or(3);
        format!("afforestation.combustion.tropical.{class}")
    } else {
        format!("afforestation.combustion.{}", pools.climate)
    };
    let combustion = working.number(&factor, on, "as_of")?;
    let methane = working.number("afforestation.fire_ch4", on, "as_of")?;
    let nitrous_oxide = working.number("afforestation.fire_n2o", on, "as_of")?;
    let gwp_ch4 = working.number("sink.gwp_ch4", on, "as_of")?;
    let gwp_n2o = working.number("sink.gwp_n2o", on, "as_of")?;
    let per_kilogram = sum(
        product(&[methane, gwp_ch4])?,
        product(&[nitrous_oxide, gwp_n2o])?,
    )?;
    let burnt = product(&[
        Decimal::new(1, 3),
        fire.area,
        fire.biomass,
        combustion,
        per_kilogram,
    ])?;
    let mut inputs = vec![
        ("A_BURN", fire.area, "ha"),
        ("b", fire.biomass, "t/ha"),
        ("COMF", combustion, "1"),
        ("EF_CH4", methane, "g/kg"),
        ("GWP_CH4", gwp_ch4, "1"),
        ("EF_N2O", nitrous_oxide, "g/kg"),
        ("GWP_N2O", gwp_n2o, "1"),
    ];
    let mut formula =
        "0.001 × A_BURN × b × COMF × (EF_CH4 × GWP_CH4 + EF_N2O × GWP_N2O)".to_owned();
    let mut emissions = burnt;
    if !fire.dead_matter.is_zero() {
        let share = working.number("afforestation.fire_dead_matter", on, "as_of")?;
        emissions = sum(emissions, product(&[share, fire.area, fire.dead_matter])?)?;
        inputs.push(("DOM", share, "1"));
        inputs.push(("c_DW + c_LI", fire.dead_matter, "tCO2e/ha"));
        formula.push_str(" + DOM × A_BURN × (c_DW + c_LI)");
    }
    let step = StepText {
        symbol: "GHG_E,t",
        title: text(
            "火烧的甲烷和氧化亚氮排放",
            "methane and nitrous oxide of a fire",
        )
        .into(),
        clause: format!("{CODE} (H)"),
        formula,
        unit: "tCO2e",
    };
    Ok(working.step(&fire.year.to_string(), step, &inputs, amount(emissions)))
}

/// Growth of soil carbon in tCO2e: the yearly rate over the area, for the days of a part.
pub(super) fn soil_growth(
    rate: Decimal,
    area: Decimal,
    days: u16,
    days_in_year: u16,
) -> Result<Decimal, TooManyDigits> {
    let year = carbon_dioxide(product(&[rate, area])?)?;
    Ok(amount(divide(
        product(&[year, Decimal::from(days)])?,
        Decimal::from(days_in_year),
    )?))
}

/// How long soil carbon grows after planting, in years; warns where it is counted at all.
pub(super) fn soil_years(
    pools: &OtherPools,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    if pools.soil.is_none() {
        return Ok(Decimal::ZERO);
    }
    working.note(
        NoteLevel::Warning,
        "soil_not_confirmed",
        "include_soc_project",
        text(
            "计入了土壤有机碳：方法学是否允许未能确认，年增量由填写者自行举证。",
            "Soil carbon was counted: whether the methodology allows it could not be confirmed, and the rate is for the owner to prove.",
        ),
        &[],
    );
    working.number("sink.soil_years", on, "as_of")
}

/// The rate of the deduction for non-permanence.
pub(super) fn k_risk(on: Date, working: &mut Working<'_>) -> Result<Decimal, InputError> {
    working.number("sink.k_risk", on, "as_of")
}

/// The usual removals per hectare and year.
pub(super) fn usual(on: Date, working: &mut Working<'_>) -> Result<(Decimal, Decimal), InputError> {
    Ok((
        working.number("afforestation.removals_per_ha_min", on, "as_of")?,
        working.number("afforestation.removals_per_ha_max", on, "as_of")?,
    ))
}

/// The shortest crediting period in whole years, as in force on the day.
pub(super) fn crediting_years_min(set: &Parameters, on: Date) -> Result<u16, InputError> {
    let id = "condition.sink_crediting_years_min";
    set.on(id, on)
        .and_then(|used| u16::try_from(used.value.ceil().mantissa()).ok())
        .ok_or_else(|| {
            InputError::new("as_of", "parameter_not_in_force")
                .with("parameter", id)
                .with("on", crate::day::to_text(on))
        })
}

/// A number of the input without its unit.
pub(super) fn plain(reader: &mut Reader<'_>, path: &str) -> Option<Decimal> {
    reader.quantity::<unit::One>(path).map(Quantity::value)
}

#[cfg(test)]
mod tests {
    use super::super::species::species;
    use super::*;
    use time::macros::date;

    const ON: Date = date!(2026 - 06 - 30);

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn volume_becomes_biomass_and_carbon_as_in_the_example_of_chinese_fir() {
        // 0.05 m3 × 0.307 × 1.634 × 1.246 × 1,500 trees/ha × 10 ha = 468.780711 t; × 0.520 × 44/12 = 893.808556 tCO2e
        let mut working = Working::new(Parameters::BUILT_IN);
        let mut woods = Woods::new(ON);
        let fir = species("chinese_fir").unwrap();
        let wood = woods.wood(fir, &mut working).unwrap();
        let expansion = woods.expansion(fir, &mut working).unwrap();
        let volume = product(&[number("0.05"), number("1500"), number("10")]).unwrap();
        let biomass = from_volume(volume, expansion, wood).unwrap();
        assert_eq!(biomass.round_dp(6), number("468.780711"));
        let carbon = carbon(biomass, wood).unwrap();
        assert_eq!(carbon.round_dp(6), number("893.808556"));
        assert!(working.parameters.iter().all(|used| used.assumed));
    }

    #[test]
    fn a_fire_emits_what_the_example_says() {
        // 0.001 × 12 × 85 × 0.45 × (4.7 × 28 + 0.26 × 265) = 92.0295
        let mut working = Working::new(Parameters::BUILT_IN);
        let mut fire = Fire {
            year: 2024,
            area: number("12"),
            biomass: number("85"),
            stand_age: None,
            dead_matter: Decimal::ZERO,
        };
        let mut pools = OtherPools {
            climate: "temperate",
            region: None,
            dead_wood: true,
            litter: true,
            soil: None,
            forest_biomass: None,
        };
        let emitted = |fire: &Fire, pools: &OtherPools, working: &mut Working<'_>| {
            fire_emissions(fire, pools, ON, working)
                .unwrap()
                .to_string()
        };
        assert_eq!(emitted(&fire, &pools, &mut working), "92.0295");
        // dead matter: 0.07 × 12 × 20 = 16.8 more
        fire.dead_matter = number("20");
        assert_eq!(emitted(&fire, &pools, &mut working), "108.8295");
        // tropical: the factor turns with the age of the stand
        pools.climate = "tropical_wet";
        fire.dead_matter = Decimal::ZERO;
        for (age, wanted) in [
            ("5", "94.0746"),
            ("6", "137.0217"),
            ("10", "137.0217"),
            ("11", "102.255"),
            ("17", "102.255"),
            ("18", "65.4432"),
        ] {
            fire.stand_age = Some(number(age));
            assert_eq!(emitted(&fire, &pools, &mut working), wanted, "{age}");
        }
    }

    #[test]
    fn straight_lines_run_between_the_points_and_no_growth_follows_the_last() {
        let points = [
            (number("5"), number("10")),
            (number("10"), number("40")),
            (number("20"), number("60")),
        ];
        for (age, wanted) in [
            ("-1", "0"),
            ("0", "0"),
            ("1", "2"),
            ("5", "10"),
            ("7.5", "25"),
            ("10", "40"),
            ("15", "50"),
            ("20", "60"),
            ("90", "60"),
        ] {
            let found = between(&points, number(age)).unwrap();
            assert_eq!(found, number(wanted), "{age}");
        }
        assert_eq!(between(&[], number("3")), Ok(Decimal::ZERO));
    }

    #[test]
    fn the_built_in_curve_starts_at_nothing_and_stays_below_its_limit() {
        let curve = Richards {
            limit: number("80"),
            rate: number("0.06"),
            shape: number("3"),
        };
        assert_eq!(curve.at(Decimal::ZERO), Ok(Decimal::ZERO));
        // 80 × (1 − e^(−1.2))^3
        let at_20 = curve.at(number("20")).unwrap();
        assert_eq!(at_20.round_dp(6), number("27.299800"));
        assert!(curve.at(number("200")).unwrap() < number("80"));
    }

    #[test]
    fn shrubs_below_five_percent_cover_count_as_none() {
        // 44/12 × 0.47 × 1.4 × 0.10 × 61 = 14.717267 tCO2e per closed hectare
        let mut working = Working::new(Parameters::BUILT_IN);
        let shrubs = Shrubs::new(None, ON, &mut working).unwrap();
        let stock = |cover: &str| shrubs.stock(number("10"), number(cover)).unwrap();
        assert_eq!(stock("4.99"), Decimal::ZERO);
        assert_eq!(stock("5").round_dp(6), number("7.358633"));
        assert_eq!(stock("100").round_dp(6), number("147.172667"));
    }
}
