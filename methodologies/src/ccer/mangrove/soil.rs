//! The soil of a mangrove: organic carbon gained by default values, methane and nitrous oxide lost.
//!
//! dSOC_t = Σ A_i × r_SOC × 44/12, counted at most for a number of years from planting;
//! GHG_t = Σ A_i × (EF_CH4 × GWP_CH4 + EF_N2O × GWP_N2O). None of the defaults of the methodology was found.

use rust_decimal::Decimal;
use time::Date;

use super::CODE;
use super::strata::{self, Stratum};
use crate::ccer::period::Part;
use crate::ccer::sink::year_lines::SinkYear;
use crate::ccer::sink::{amount, carbon_dioxide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::input::{InputError, Reader};
use crate::quantity::{Quantity, unit};
use crate::text::text;
use crate::trace::NoteLevel;

/// What was chosen for the soil.
pub(super) struct SoilChoice {
    /// Name of the default for r_SOC.
    r_soc: &'static str,
    /// Name of the salinity class, or `own`.
    salinity: &'static str,
    own_ef_ch4: Option<Decimal>,
}

/// The numbers of the soil.
pub(super) struct Soil {
    /// Carbon gained, tC/ha/a.
    r_soc: Decimal,
    /// For how many years from planting the gain counts.
    years: Decimal,
    /// Methane, tCH4/ha/a, and its global warming potential.
    methane: [Decimal; 2],
    /// Nitrous oxide, tN2O/ha/a, and its global warming potential.
    nitrous_oxide: [Decimal; 2],
}

impl SoilChoice {
    /// Reads `r_soc`, `salinity` and `ef_ch4_t_per_ha`.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let r_soc = reader.choice("r_soc").unwrap_or("ar_am0014");
        let salinity = reader.choice("salinity");
        let own: Option<Quantity<unit::One>> = reader.quantity("ef_ch4_t_per_ha");
        if salinity == Some("own") && !reader.has("ef_ch4_t_per_ha") {
            reader.error(InputError::new("ef_ch4_t_per_ha", "required"));
        }
        Some(Self {
            r_soc,
            salinity: salinity?,
            own_ef_ch4: own.map(Quantity::value),
        })
    }

    /// The numbers, by the choices.
    pub fn load(&self, on: Date, working: &mut Working<'_>) -> Result<Soil, InputError> {
        let mut number = |id: &str| working.number(id, on, "as_of");
        let r_soc = number(&format!("mangrove.r_soc.{}", self.r_soc))?;
        let years = number("mangrove.soc_years_max")?;
        let ef_ch4 = match (self.salinity, self.own_ef_ch4) {
            ("own", Some(own)) => own,
            (class, _) => number(&format!("mangrove.ef_ch4.{class}"))?,
        };
        let methane = [ef_ch4, number("sink.gwp_ch4")?];
        let nitrous_oxide = [number("mangrove.ef_n2o")?, number("sink.gwp_n2o")?];
        self.remarks(working);
        Ok(Soil {
            r_soc,
            years,
            methane,
            nitrous_oxide,
        })
    }

    fn remarks(&self, working: &mut Working<'_>) {
        if self.r_soc == "ipcc_wetlands" {
            working.note(
                NoteLevel::Warning,
                "r_soc_above_evidence",
                "r_soc",
                text(
                    "所选土壤碳缺省值高于已登记项目早期数据所能支持的水平，请改用较低的值或说明理由。",
                    "This default for soil carbon is more than the early years of a registered project support. Take a lower one or give the reason.",
                ),
                &[],
            );
        }
    }
}

impl Soil {
    /// The amounts of a year line: `biomass` is the change of its stock in the days of the part and the deduction for the
    /// uncertainty of that.
    pub fn sink_year(
        &self,
        strata: &[&Stratum],
        part: &Part,
        [biomass, uncertainty]: [Decimal; 2],
        working: &mut Working<'_>,
    ) -> Result<SinkYear, InputError> {
        let (gaining, giving_off) = strata::soil_areas(strata, part.year, self.years)?;
        let carbon = self.carbon(gaining, part, working)?;
        let gases = self.gases(giving_off, part, working)?;
        let removals = working.step(
            &part.year.to_string(),
            StepText {
                symbol: "ΔC_PROJ,t",
                title: text(
                    "项目碳储量变化",
                    "change of the carbon stocks of the project",
                )
                .into(),
                clause: format!("{CODE} (1)"),
                formula: "ΔC_BIO,t + ΔSOC_t".to_owned(),
                unit: "tCO2e",
            },
            &[("ΔC_BIO,t", biomass, "tCO2e"), ("ΔSOC_t", carbon, "tCO2e")],
            sum(biomass, carbon)?,
        );
        Ok(SinkYear {
            part: *part,
            removals,
            uncertainty,
            emissions: gases,
            baseline: Decimal::ZERO,
            leakage: Decimal::ZERO,
        })
    }

    /// ΔSOC_t of the days of a part, tCO2e.
    fn carbon(
        &self,
        area: Decimal,
        part: &Part,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        let of_year = carbon_dioxide(product(&[area, self.r_soc])?)?;
        let value = amount(strata::of_days(of_year, part)?);
        let inputs = [("A_i", area, "ha"), ("r_SOC", self.r_soc, "tC/ha/a")];
        Ok(working.step(
            &part.year.to_string(),
            StepText {
                symbol: "ΔSOC_t",
                title: text("土壤有机碳增量", "soil organic carbon gained").into(),
                clause: format!("{CODE} (4)"),
                formula: format!("Σ A_i × r_SOC × 44/12{}", by_days(part)),
                unit: "tCO2e",
            },
            &with_days(&inputs, part),
            value,
        ))
    }

    /// GHG_soil,t of the days of a part, tCO2e.
    fn gases(
        &self,
        area: Decimal,
        part: &Part,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        let per_hectare = sum(product(&self.methane)?, product(&self.nitrous_oxide)?)?;
        let value = amount(strata::of_days(product(&[area, per_hectare])?, part)?);
        let inputs = [
            ("A_i", area, "ha"),
            ("EF_CH4", self.methane[0], "tCH4/ha/a"),
            ("GWP_CH4", self.methane[1], "1"),
            ("EF_N2O", self.nitrous_oxide[0], "tN2O/ha/a"),
            ("GWP_N2O", self.nitrous_oxide[1], "1"),
        ];
        Ok(working.step(
            &part.year.to_string(),
            StepText {
                symbol: "GHG_SOIL,t",
                title: text(
                    "土壤甲烷和氧化亚氮排放",
                    "methane and nitrous oxide of the soil",
                )
                .into(),
                clause: format!("{CODE} (5)"),
                formula: format!(
                    "Σ A_i × (EF_CH4 × GWP_CH4 + EF_N2O × GWP_N2O){}",
                    by_days(part)
                ),
                unit: "tCO2e",
            },
            &with_days(&inputs, part),
            value,
        ))
    }
}

fn by_days(part: &Part) -> &'static str {
    if part.days == part.days_in_year {
        ""
    } else {
        " × d / D"
    }
}

/// The inputs of a step, with the days where the part is not a whole year.
fn with_days<'a>(
    inputs: &[(&'a str, Decimal, &'a str)],
    part: &Part,
) -> Vec<(&'a str, Decimal, &'a str)> {
    let mut inputs = inputs.to_vec();
    if part.days != part.days_in_year {
        inputs.push(("d", Decimal::from(part.days), "d"));
        inputs.push(("D", Decimal::from(part.days_in_year), "d"));
    }
    inputs
}
