//! The soil of a mangrove: organic carbon gained by default values, methane and nitrous oxide lost.
//!
//! dSOC_t = Σ A_i × r_SOC × 44/12, counted at most for a number of years from planting;
//! GHG_t = Σ A_i × (EF_CH4 × GWP_CH4 + EF_N2O × GWP_N2O). None of the defaults of the methodology was found.

use rust_decimal::Decimal;
use time::Date;

use super::strata::{self, Stratum};
use crate::ccer::period::Part;
use crate::ccer::sink::year_lines::SinkYear;
use crate::ccer::sink::{amount, carbon_dioxide, product, sum};
use crate::ccer::working::{StepText, Working};
use crate::input::{InputError, Reader};
use crate::quantity::{Quantity, unit};
use crate::text::{Text, text};
use crate::trace::NoteLevel;

/// What was chosen for the soil.
pub(super) struct SoilChoice {
    /// Name of the default for r_SOC.
    r_soc: &'static str,
    /// Name of the salinity class, or `own`.
    salinity: &'static str,
    own_ef_ch4: Option<Decimal>,
}

/// The numbers of the soil, per hectare and year.
pub(super) struct Soil {
    /// Carbon gained, tCO2e/ha/a.
    pub gain: Decimal,
    /// Methane and nitrous oxide, tCO2e/ha/a.
    pub loss: Decimal,
    /// For how many years from planting the gain counts.
    pub years: Decimal,
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

    /// The numbers, with their steps.
    pub fn load(
        &self,
        code: &str,
        on: Date,
        working: &mut Working<'_>,
    ) -> Result<Soil, InputError> {
        let r_soc = working.number(&format!("mangrove.r_soc.{}", self.r_soc), on, "as_of")?;
        let years = working.number("mangrove.soc_years_max", on, "as_of")?;
        let (ef_ch4, symbol) = match (self.salinity, self.own_ef_ch4) {
            ("own", Some(own)) => (own, "EF_CH4 (own)"),
            (class, _) => (
                working.number(&format!("mangrove.ef_ch4.{class}"), on, "as_of")?,
                "EF_CH4",
            ),
        };
        let gwp_ch4 = working.number("sink.gwp_ch4", on, "as_of")?;
        let ef_n2o = working.number("mangrove.ef_n2o", on, "as_of")?;
        let gwp_n2o = working.number("sink.gwp_n2o", on, "as_of")?;
        let gain = carbon_dioxide(r_soc)?;
        step(
            code,
            working,
            "dSOC",
            text(
                "每公顷每年土壤有机碳增量",
                "soil carbon gained per hectare and year",
            ),
            "r_SOC × 44/12",
            &[("r_SOC", r_soc, "tC/ha/a")],
            amount(gain),
        );
        let loss = step(
            code,
            working,
            "GHG_soil",
            text(
                "每公顷每年土壤甲烷和氧化亚氮排放",
                "methane and nitrous oxide of the soil per hectare and year",
            ),
            "EF_CH4 × GWP_CH4 + EF_N2O × GWP_N2O",
            &[
                (symbol, ef_ch4, "tCH4/ha/a"),
                ("GWP_CH4", gwp_ch4, "tCO2e/t"),
                ("EF_N2O", ef_n2o, "tN2O/ha/a"),
                ("GWP_N2O", gwp_n2o, "tCO2e/t"),
            ],
            sum(product(&[ef_ch4, gwp_ch4])?, product(&[ef_n2o, gwp_n2o])?)?,
        );
        self.remarks(working);
        Ok(Soil { gain, loss, years })
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
        let line = part.year.to_string();
        let (gaining, giving_off) = strata::soil_areas(strata, part.year, self.years)?;
        let carbon = amount(strata::of_days(product(&[gaining, self.gain])?, part)?);
        let gases = amount(strata::of_days(product(&[giving_off, self.loss])?, part)?);
        let by_days = if part.days == part.days_in_year {
            ""
        } else {
            " × d / D"
        };
        let text_of = |symbol, title: Text, formula: String| StepText {
            symbol,
            title: title.into(),
            clause: format!("{} 土壤 soil", super::CODE),
            formula,
            unit: "tCO2e",
        };
        let days = [
            ("d", Decimal::from(part.days), "d"),
            ("D", Decimal::from(part.days_in_year), "d"),
        ];
        let days = if by_days.is_empty() { &[] } else { &days[..] };
        working.step(
            &line,
            text_of(
                "dSOC_t",
                text("土壤有机碳增量", "soil organic carbon gained"),
                format!("A_SOC × dSOC{by_days}"),
            ),
            &[
                &[
                    ("A_SOC", gaining, "ha"),
                    ("dSOC", amount(self.gain), "tCO2e/ha/a"),
                ],
                days,
            ]
            .concat(),
            carbon,
        );
        working.step(
            &line,
            text_of(
                "GHG_soil,t",
                text(
                    "土壤甲烷和氧化亚氮排放",
                    "methane and nitrous oxide of the soil",
                ),
                format!("A_GHG × GHG_soil{by_days}"),
            ),
            &[
                &[
                    ("A_GHG", giving_off, "ha"),
                    ("GHG_soil", self.loss, "tCO2e/ha/a"),
                ],
                days,
            ]
            .concat(),
            gases,
        );
        let removals = working.step(
            &line,
            text_of(
                "dC_PROJ,t",
                text(
                    "项目碳储量变化",
                    "change of the carbon stocks of the project",
                ),
                "dC_BIO,t + dSOC_t".to_owned(),
            ),
            &[("dC_BIO,t", biomass, "tCO2e"), ("dSOC_t", carbon, "tCO2e")],
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
}

fn step(
    code: &str,
    working: &mut Working<'_>,
    symbol: &'static str,
    title: Text,
    formula: &str,
    inputs: &[(&str, Decimal, &str)],
    value: Decimal,
) -> Decimal {
    let step = StepText {
        symbol,
        title: title.into(),
        clause: format!("{code} 土壤 soil"),
        formula: formula.to_owned(),
        unit: "tCO2e/ha/a",
    };
    working.step("", step, inputs, value)
}
