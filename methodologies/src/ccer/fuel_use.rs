//! Fossil fuel that a solar thermal project burns: equations (4) and (5) of CCER-01-001.

use rust_decimal::Decimal;
use time::Date;

use super::meter::{self, Meter, MeterPaths, Reading, Side};
use super::working::{StepText, Working};
use crate::day;
use crate::exact::{self, Exact};
use crate::fuels::{self, Fuel};
use crate::input::{InputError, Reader, join};
use crate::parameter::Assumed;
use crate::quantity::{
    Fraction, GigajoulesPerFuelUnit, TenThousandNormalCubicMetres, TonnesCarbonPerGigajoule,
    TonnesFuel,
};
use crate::text::{Message, Text, text};
use crate::trace::{NoteLevel, ParameterUse};

/// One fuel of a year or a line.
pub(super) struct FuelUse {
    fuel: &'static Fuel,
    amount: Decimal,
    meter: Meter,
    ncv: Option<Decimal>,
    cc: Option<Decimal>,
    of: Option<Decimal>,
}

impl FuelUse {
    /// Reads the fuels of the list at `path`; `amount` is the name of the amount field. Ex post each has a meter.
    pub fn read_list(
        reader: &mut Reader<'_>,
        path: &str,
        amount: &str,
        metered: bool,
    ) -> Vec<Self> {
        let items = reader.items(path);
        items
            .iter()
            .filter_map(|item| Self::read(reader, item, amount, metered))
            .collect()
    }

    fn read(reader: &mut Reader<'_>, item: &str, amount: &str, metered: bool) -> Option<Self> {
        let fuel = reader.choice(&join(item, "fuel")).and_then(fuels::fuel);
        let amount_path = join(item, amount);
        let amount = match fuel.map(|fuel| fuel.unit) {
            Some("t") => reader
                .quantity::<crate::quantity::unit::TonneFuel>(&amount_path)
                .map(TonnesFuel::value),
            _ => reader
                .quantity::<crate::quantity::unit::TenThousandNormalCubicMetre>(&amount_path)
                .map(TenThousandNormalCubicMetres::value),
        };
        let ncv: Option<GigajoulesPerFuelUnit> = reader.quantity(&join(item, "ncv"));
        let cc: Option<TonnesCarbonPerGigajoule> = reader.quantity(&join(item, "cc"));
        let of: Option<Fraction> = reader.quantity(&join(item, "of"));
        let meter = if metered {
            let paths = MeterPaths {
                status: join(item, "meter"),
                class: String::new(),
                error: join(item, "meter_error_percent"),
            };
            meter::read_flow_meter(reader, &paths, true)
        } else {
            Some(Meter::InOrder)
        };
        Some(Self {
            fuel: fuel?,
            amount: amount?,
            meter: meter?,
            ncv: ncv.map(GigajoulesPerFuelUnit::value),
            cc: cc.map(TonnesCarbonPerGigajoule::value),
            of: of.map(Fraction::value),
        })
    }

    /// Tonnes of carbon burnt, with the steps of COEF and PE. Carbon times 11/3 is carbon dioxide.
    pub fn carbon(
        &self,
        line: &str,
        methodology: &str,
        on: Date,
        working: &mut Working<'_>,
    ) -> Result<Decimal, InputError> {
        if on < self.fuel.from {
            return Err(InputError::new("as_of", "methodology_not_in_force")
                .with("code", methodology)
                .with("from", day::to_text(self.fuel.from)));
        }
        let ncv_unit = if self.fuel.unit == "t" {
            "GJ/t"
        } else {
            "GJ/10^4 Nm3"
        };
        let ncv = self.value(
            self.ncv,
            &self.fuel.ncv,
            ("ncv", NCV, ncv_unit),
            on,
            working,
        );
        let cc = self.value(self.cc, &self.fuel.cc, ("cc", CC, "tC/GJ"), on, working);
        let of = self.value(self.of, &self.fuel.of, ("of", OF, "1"), on, working);
        let reading = Reading {
            symbol: "FC_i,y",
            title: text("化石燃料消耗量", "fossil fuel burnt"),
            side: Side::Debit,
            amount: self.amount,
            unit: self.fuel.unit,
            meter: self.meter,
        };
        let amount = meter::corrected(&reading, line, methodology, on, working)?;
        let per_unit = exact::multiply(exact::multiply(ncv, cc)?, of)?;
        let carbon = exact::multiply(amount, per_unit)?;
        let coefficient = carbon_dioxide(per_unit)?.to_decimal();
        working.step(
            line,
            StepText {
                symbol: "COEF_i,y",
                title: text(
                    "{name}的二氧化碳排放系数",
                    "carbon dioxide coefficient: {name}",
                )
                .naming("name", self.fuel.name),
                clause: format!("{methodology} (5)"),
                formula: "NCV_i,y × CC_i,y × OF_i,y × 44/12".to_owned(),
                unit: if self.fuel.unit == "t" {
                    "tCO2/t"
                } else {
                    "tCO2/10^4 Nm3"
                },
            },
            &[
                ("NCV_i,y", ncv, ncv_unit),
                ("CC_i,y", cc, "tC/GJ"),
                ("OF_i,y", of, "1"),
            ],
            coefficient,
        );
        working.step(
            line,
            StepText {
                symbol: "PE_i,y",
                title: text("{name}的项目排放", "project emissions: {name}")
                    .naming("name", self.fuel.name),
                clause: format!("{methodology} (4)"),
                formula: "FC_i,y × COEF_i,y".to_owned(),
                unit: "tCO2",
            },
            &[
                ("FC_i,y", amount, self.fuel.unit),
                ("COEF_i,y", coefficient, "tCO2"),
            ],
            carbon_dioxide(carbon)?.to_decimal(),
        );
        Ok(carbon)
    }

    /// The value fixed in the design document, else what the operator put in force by the day, else the default.
    fn value(
        &self,
        fixed: Option<Decimal>,
        default: &Assumed<Decimal>,
        (name, title, unit): (&str, Text, &str),
        on: Date,
        working: &mut Working<'_>,
    ) -> Decimal {
        let id = format!("fuel.{}.{name}", self.fuel.code);
        let entered = working.set.replacement(&id, on);
        let (value, source, kind, assumed): (_, Message, _, _) = if let Some(fixed) = fixed {
            let source = text(
                "项目设计文件审定时确定的数值",
                "value fixed in the validated design document",
            );
            (fixed, source.into(), "fixed", false)
        } else if let Some(entered) = entered {
            (
                entered.value,
                entered.source.clone(),
                "default",
                entered.assumed,
            )
        } else {
            (default.value, default.source.into(), "default", true)
        };
        if assumed {
            working.note(
                NoteLevel::Remark,
                "fuel_default_assumed",
                self.fuel.code,
                text(
                    "{name_zh}的缺省值未见官方原表，按推定值计算。",
                    "{name_en}: the defaults were not read in the official table; assumed values are used.",
                ),
                &[("name_zh", self.fuel.name.zh.to_owned()), ("name_en", self.fuel.name.en.to_owned())],
            );
        }
        working.uses(ParameterUse {
            id: format!("{id}.{kind}"),
            title: Message {
                zh: format!("{}：{}", self.fuel.name.zh, title.zh),
                en: format!("{}: {}", self.fuel.name.en, title.en),
            },
            value,
            unit: unit.to_owned(),
            source,
            clause: crate::generated::FUEL_CLAUSE.to_owned(),
            assumed,
            stale: false,
        });
        value
    }
}

const NCV: Text = text("低位发热量", "net calorific value");
const CC: Text = text("单位热值含碳量", "carbon content");
const OF: Text = text("碳氧化率", "oxidation rate");

/// Tonnes of carbon to tonnes of carbon dioxide: times 44/12.
pub(super) fn carbon_dioxide(carbon: Decimal) -> Result<Exact, InputError> {
    Ok(Exact::new(carbon, 1).times(11, 3)?)
}
