//! CCER-10-001-V01 甲烷体积浓度低于8%的煤矿低浓度瓦斯和风排瓦斯利用: an estimator, because only the opening of the text was at hand.
//!
//! Structure after ACM0008: BE = BE_CH4 + BE_EL + BE_HEAT; PE = PE_EL + PE_FUEL + PE_CO2 + PE_CH4; ER = BE − PE. Every number is
//! assumed. The upper bound holds for complete destruction and no emissions of the project but those of the oxidation.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::estimator::{self, DECLARED, Frame, Typical};
use super::fields as f;
use super::grid_factor::FactorChoice;
use super::working::{StepText, Working};
use crate::catalogue::COAL_MINE_GAS;
use crate::exact;
use crate::input::{InputError, Reader};
use crate::parameter::Parameters;
use crate::quantity::{
    Gigajoules, Hours, MegawattHours, NormalCubicMetresPerHour, Percent, TonnesCo2e,
};
use crate::schema::{Field, Kind};
use crate::text::{Text, text};
use crate::trace::{NoteLevel, Outcome};
use crate::{Calculator, Stage};

const CODE: &str = "CCER-10-001-V01";

/// The estimator.
pub const ESTIMATE: Calculator = Calculator {
    code: "CCER-10-001-V01/estimate",
    methodology: CODE,
    stage: Stage::Estimate,
    title: text(
        "煤矿低浓度瓦斯和风排瓦斯利用：粗略估算",
        "Coal-mine gas and ventilation air methane: rough estimate",
    ),
    fields: &FIELDS,
    run,
    example,
};

static FIELDS: [Field; 14] = [
    f::required(
        "flow_nm3_per_h",
        Kind::Number {
            unit: "Nm3/h",
            min: "0",
            max: "10000000",
            decimals: 3,
        },
        text("氧化装置处理气量", "Gas through the oxidisers"),
        text(
            "全部氧化装置的设计处理气量之和，标准状态。",
            "Design flow of all oxidisers together, at normal conditions.",
        ),
    ),
    f::required(
        "hours_per_year",
        Kind::Number {
            unit: "h",
            min: "0",
            max: "8784",
            decimals: 1,
        },
        text("年运行小时数", "Hours of operation per year"),
        text("按可行性研究报告。", "As in the feasibility study."),
    ),
    f::optional(
        "methane_percent",
        PERCENT,
        text("进气甲烷体积浓度", "Methane at the inlet, by volume"),
        text(
            "留空时按常见设计值 1.2% 计（假定值）。",
            "Left empty: the usual design value of 1.2 %, which is assumed.",
        ),
    ),
    f::optional(
        "destroyed_percent",
        PERCENT,
        text("甲烷销毁率", "Share of methane destroyed"),
        text(
            "留空时按全部销毁计，结果为上限（假定值）。",
            "Left empty: all of it, so the result is an upper bound; assumed.",
        ),
    ),
    f::optional(
        "supplied_mwh_per_year",
        f::ENERGY,
        text("年对外供电量", "Electricity supplied per year"),
        text(
            "氧化余热发电扣除自用后的供电量；无发电时留空。",
            "Power from the heat after own use; empty if there is none.",
        ),
    ),
    f::optional(
        "imported_mwh_per_year",
        f::ENERGY,
        text("年外购用电量", "Electricity bought per year"),
        text(
            "项目设施外购的电量；无则留空。",
            "Electricity the project buys; empty if there is none.",
        ),
    ),
    f::optional(
        "heat_gj_per_year",
        Kind::Number {
            unit: "GJ",
            min: "0",
            max: "100000000",
            decimals: 3,
        },
        text("年供热量", "Heat supplied per year"),
        text(
            "替代原有或规划供热的热量；无则留空。",
            "Heat that replaces an existing or planned supply; empty if there is none.",
        ),
    ),
    f::optional(
        "fuel_tco2_per_year",
        Kind::Number {
            unit: "tCO2",
            min: "0",
            max: "10000000",
            decimals: 3,
        },
        text("年燃料排放", "Emissions of fuel per year"),
        text(
            "启动或补燃所用化石燃料的二氧化碳；无则留空。",
            "Carbon dioxide of fossil fuel for starting or support; empty if there is none.",
        ),
    ),
    f::CREDITING_FROM,
    f::CREDITING_TO,
    Field {
        required: false,
        ..f::GRID
    },
    f::AS_OF,
    f::FACTOR_SET,
    DECLARED,
];

const PERCENT: Kind = Kind::Number {
    unit: "%",
    min: "0",
    max: "100",
    decimals: 3,
};

struct Plant {
    flow: Decimal,
    hours: Decimal,
    methane_percent: Option<Decimal>,
    destroyed_percent: Option<Decimal>,
    supplied: Decimal,
    imported: Decimal,
    heat: Decimal,
    fuel: Decimal,
    declared: Option<TonnesCo2e>,
    grid: Option<FactorChoice>,
    frame: Frame,
}

fn run(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    let mut reader = Reader::new(input, &FIELDS);
    let plant = read(&mut reader);
    let plant = reader.finish(plant)?;
    compute(&plant, set).map_err(|error| vec![error])
}

fn read(reader: &mut Reader<'_>) -> Option<Plant> {
    let flow = reader.quantity::<crate::quantity::unit::NormalCubicMetrePerHour>("flow_nm3_per_h");
    let hours: Option<Hours> = reader.quantity("hours_per_year");
    let methane: Option<Percent> = reader.quantity("methane_percent");
    let destroyed: Option<Percent> = reader.quantity("destroyed_percent");
    let supplied: Option<MegawattHours> = reader.quantity("supplied_mwh_per_year");
    let imported: Option<MegawattHours> = reader.quantity("imported_mwh_per_year");
    let heat: Option<Gigajoules> = reader.quantity("heat_gj_per_year");
    let fuel: Option<TonnesCo2e> = reader.quantity("fuel_tco2_per_year");
    let declared = reader.quantity("declared_t_per_year");
    let frame = Frame::read(reader, &COAL_MINE_GAS);
    let electricity = [supplied, imported]
        .into_iter()
        .flatten()
        .any(|amount| amount.value() > Decimal::ZERO);
    let grid = if electricity || reader.has("grid") {
        FactorChoice::read(reader, &COAL_MINE_GAS)
    } else {
        None
    };
    if electricity && !reader.has("grid") {
        reader.error(InputError::new("grid", "required"));
    }
    let flow: NormalCubicMetresPerHour = flow?;
    Some(Plant {
        flow: flow.value(),
        hours: hours?.value(),
        methane_percent: methane.map(Percent::value),
        destroyed_percent: destroyed.map(Percent::value),
        supplied: supplied.unwrap_or(MegawattHours::ZERO).value(),
        imported: imported.unwrap_or(MegawattHours::ZERO).value(),
        heat: heat.unwrap_or(Gigajoules::ZERO).value(),
        fuel: fuel.unwrap_or(TonnesCo2e::ZERO).value(),
        declared,
        grid,
        frame: frame?,
    })
}

fn compute(plant: &Plant, set: &Parameters) -> Result<Outcome, InputError> {
    let mut working = Working::new(set);
    estimator::warn(
        &mut working,
        text(
            "CCER-10-001-V01 的公式未取得，结构参照 ACM0008，数值均为假定。",
            "the formulas of CCER-10-001-V01 were not at hand; the structure is that of ACM0008 and every number is assumed.",
        ),
    );
    let factor = match &plant.grid {
        Some(choice) => Some(estimator::grid_factor(
            choice,
            &plant.frame,
            CODE,
            &mut working,
        )?),
        None => None,
    };
    let ef = factor
        .as_ref()
        .map_or(Decimal::ZERO, |factor| factor.cm.value());
    let methane = methane(plant, &mut working)?;
    let gwp = number("coal_mine_gas.gwp_ch4", plant, &mut working)?;
    let per_methane = number("coal_mine_gas.co2_per_methane", plant, &mut working)?;

    let be_ch4 = step(
        &mut working,
        "BE_CH4",
        text("基准线下排空的甲烷", "methane vented without the project"),
        "M_CH4 × GWP_CH4",
        "tCO2e",
        &[("M_CH4", methane.into, "t"), ("GWP_CH4", gwp, "tCO2e/t")],
        exact::multiply(methane.into, gwp)?,
    );
    let be_el = electricity(
        &mut working,
        "BE_EL",
        text("供电替代的电网排放", "grid electricity displaced"),
        plant.supplied,
        ef,
    )?;
    let be_heat = heat(plant, &mut working)?;
    let be = estimator::sum(&[be_ch4, be_el, be_heat])?;
    let pe_el = electricity(
        &mut working,
        "PE_EL",
        text("外购电的排放", "emissions of electricity bought"),
        plant.imported,
        ef,
    )?;
    let pe_co2 = step(
        &mut working,
        "PE_CO2",
        text("甲烷氧化生成的二氧化碳", "carbon dioxide of the oxidation"),
        "M_destroyed × F_CO2",
        "tCO2e",
        &[
            ("M_destroyed", methane.destroyed, "t"),
            ("F_CO2", per_methane, "tCO2/t"),
        ],
        exact::multiply(methane.destroyed, per_methane)?,
    );
    let left = exact::subtract(methane.into, methane.destroyed)?;
    let pe_ch4 = step(
        &mut working,
        "PE_CH4",
        text("未被氧化的甲烷", "methane that was not oxidised"),
        "(M_CH4 − M_destroyed) × GWP_CH4",
        "tCO2e",
        &[
            ("M_CH4", methane.into, "t"),
            ("M_destroyed", methane.destroyed, "t"),
            ("GWP_CH4", gwp, "tCO2e/t"),
        ],
        exact::multiply(left, gwp)?,
    );
    let pe = estimator::sum(&[pe_el, plant.fuel, pe_co2, pe_ch4])?;
    totals(
        plant,
        [be_ch4, be_el, be_heat, be],
        [pe_el, pe_co2, pe_ch4, pe],
        &mut working,
    );
    let most = upper_bound(&methane, gwp, per_methane, [be_el, be_heat], &mut working)?;
    estimator::check_declared(plant.declared, most, &mut working);
    check_concentration(plant, &mut working)?;
    let typical = Typical { be, pe, factor };
    estimator::outcome(
        &COAL_MINE_GAS,
        ESTIMATE.code,
        &plant.frame,
        &typical,
        working,
    )
}

/// Methane of a year, t: into the oxidisers, and destroyed in them.
struct Methane {
    into: Decimal,
    destroyed: Decimal,
}

fn methane(plant: &Plant, working: &mut Working<'_>) -> Result<Methane, InputError> {
    let percent = match plant.methane_percent {
        Some(percent) => percent,
        None => number("coal_mine_gas.inlet_methane_percent", plant, working)?,
    };
    let destroyed_percent = match plant.destroyed_percent {
        Some(percent) => percent,
        None => number("coal_mine_gas.destroyed_percent", plant, working)?,
    };
    let density = number("coal_mine_gas.methane_density", plant, working)?;
    let hundredth = Decimal::new(1, 2);
    let gas = exact::multiply(plant.flow, plant.hours)?;
    let volume = exact::multiply(exact::multiply(gas, percent)?, hundredth)?;
    let volume = step(
        working,
        "V_CH4",
        text(
            "进入氧化装置的甲烷体积",
            "volume of methane into the oxidisers",
        ),
        "Q × h × c / 100",
        "Nm3",
        &[
            ("Q", plant.flow, "Nm3/h"),
            ("h", plant.hours, "h"),
            ("c", percent, "%"),
        ],
        volume,
    );
    let into = step(
        working,
        "M_CH4",
        text(
            "进入氧化装置的甲烷质量",
            "mass of methane into the oxidisers",
        ),
        "V_CH4 × ρ_CH4",
        "t",
        &[("V_CH4", volume, "Nm3"), ("ρ_CH4", density, "t/Nm3")],
        exact::multiply(volume, density)?,
    );
    let destroyed = exact::multiply(exact::multiply(into, destroyed_percent)?, hundredth)?;
    let destroyed = step(
        working,
        "M_destroyed",
        text("被销毁的甲烷质量", "mass of methane destroyed"),
        "M_CH4 × η / 100",
        "t",
        &[("M_CH4", into, "t"), ("η", destroyed_percent, "%")],
        destroyed,
    );
    Ok(Methane { into, destroyed })
}

fn electricity(
    working: &mut Working<'_>,
    symbol: &'static str,
    title: Text,
    energy: Decimal,
    ef: Decimal,
) -> Result<Decimal, InputError> {
    if energy.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let amount = exact::multiply(energy, ef)?;
    let inputs = [("EG", energy, "MWh"), ("EF_CM", ef, "tCO2/MWh")];
    Ok(step(
        working,
        symbol,
        title,
        "EG × EF_CM",
        "tCO2e",
        &inputs,
        amount,
    ))
}

fn heat(plant: &Plant, working: &mut Working<'_>) -> Result<Decimal, InputError> {
    if plant.heat.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let ef = number("coal_mine_gas.ef_heat", plant, working)?;
    let amount = exact::multiply(plant.heat, ef)?;
    Ok(step(
        working,
        "BE_HEAT",
        text("供热替代的排放", "heat displaced"),
        "HG × EF_HEAT",
        "tCO2e",
        &[("HG", plant.heat, "GJ"), ("EF_HEAT", ef, "tCO2/GJ")],
        amount,
    ))
}

fn totals(
    plant: &Plant,
    [be_ch4, be_el, be_heat, be]: [Decimal; 4],
    [pe_el, pe_co2, pe_ch4, pe]: [Decimal; 4],
    working: &mut Working<'_>,
) {
    step(
        working,
        "BE",
        text("年基准线排放", "baseline emissions of a year"),
        "BE_CH4 + BE_EL + BE_HEAT",
        "tCO2e",
        &[
            ("BE_CH4", be_ch4, "tCO2e"),
            ("BE_EL", be_el, "tCO2e"),
            ("BE_HEAT", be_heat, "tCO2e"),
        ],
        be,
    );
    step(
        working,
        "PE",
        text("年项目排放", "project emissions of a year"),
        "PE_EL + PE_FUEL + PE_CO2 + PE_CH4",
        "tCO2e",
        &[
            ("PE_EL", pe_el, "tCO2e"),
            ("PE_FUEL", plant.fuel, "tCO2e"),
            ("PE_CO2", pe_co2, "tCO2e"),
            ("PE_CH4", pe_ch4, "tCO2e"),
        ],
        pe,
    );
}

/// What complete destruction would give, with the credit for power and heat and no other emissions.
fn upper_bound(
    methane: &Methane,
    gwp: Decimal,
    per_methane: Decimal,
    [be_el, be_heat]: [Decimal; 2],
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let net = exact::subtract(gwp, per_methane)?;
    let most = estimator::sum(&[exact::multiply(methane.into, net)?, be_el, be_heat])?;
    Ok(step(
        working,
        "ER_max",
        text("年减排量上限", "upper bound of the reductions of a year"),
        "M_CH4 × (GWP_CH4 − F_CO2) + BE_EL + BE_HEAT",
        "tCO2e",
        &[
            ("M_CH4", methane.into, "t"),
            ("GWP_CH4", gwp, "tCO2e/t"),
            ("F_CO2", per_methane, "tCO2/t"),
            ("BE_EL", be_el, "tCO2e"),
            ("BE_HEAT", be_heat, "tCO2e"),
        ],
        most,
    ))
}

/// Gas of 8 % or more at the inlet is outside the methodology.
fn check_concentration(plant: &Plant, working: &mut Working<'_>) -> Result<(), InputError> {
    let Some(percent) = plant.methane_percent else {
        return Ok(());
    };
    let below = number("coal_mine_gas.methane_limit_percent", plant, working)?;
    if percent >= below {
        working.note(
            NoteLevel::Warning,
            "methane_not_below_limit",
            "methane_percent",
            text(
                "进气甲烷浓度 {percent}% 不低于 {limit}%，超出本方法学范围。",
                "{percent} % methane at the inlet is not less than {limit} %: outside the scope of this methodology.",
            ),
            &[
                ("percent", percent.normalize().to_string()),
                ("limit", below.normalize().to_string()),
            ],
        );
    }
    Ok(())
}

fn number(id: &str, plant: &Plant, working: &mut Working<'_>) -> Result<Decimal, InputError> {
    working.number(id, plant.frame.on, "as_of")
}

fn step(
    working: &mut Working<'_>,
    symbol: &'static str,
    title: Text,
    formula: &str,
    unit: &'static str,
    inputs: &[(&str, Decimal, &str)],
    value: Decimal,
) -> Decimal {
    let step = StepText {
        symbol,
        title: title.into(),
        clause: format!("{CODE}（公式未见，结构参照 ACM0008）"),
        formula: formula.to_owned(),
        unit,
    };
    working.step("", step, inputs, value)
}

/// 大贤, public disclosure: 60,000 Nm³/h, 7,200 h, 139,800 GJ of heat, 86,137 t a year as declared.
fn example() -> Value {
    json!({
        "flow_nm3_per_h": "60000",
        "hours_per_year": "7200",
        "heat_gj_per_year": "139800",
        "crediting_from": "2026-07-01",
        "crediting_to": "2036-06-30",
        "declared_t_per_year": "86137",
    })
}
