//! CCER-01-001-V01 并网光热发电, grid-connected solar thermal power.
//!
//! (1) to (3) as for offshore wind; (4) PE_y = Σ FC_i,y × COEF_i,y;
//! (5) COEF_i,y = NCV_i,y × CC_i,y × OF_i,y × 44/12; LE_y = 0; (6) ER_y = BE_y − PE_y.
//! Electricity from the wind or PV part of an integrated project to the molten-salt heater counts as import.

use serde_json::{Value, json};

use super::fields as f;
use super::sink::fields::{STATED_ANNUAL, STATED_TOTAL};
use super::year_line::Method;
use super::{estimate, monitoring};
use crate::parameter::Parameters;
use crate::schema::{Field, Kind};
use crate::text::text;
use crate::trace::Outcome;
use crate::{Calculator, InputError, Stage, catalogue};

const CODE: &str = "CCER-01-001-V01";

const METHOD: Method = Method {
    code: CODE,
    reduction_equation: "6",
    fuels: true,
};

/// Ex ante: the estimate of the design document.
pub const EX_ANTE: Calculator = Calculator {
    code: "CCER-01-001-V01/ex-ante",
    methodology: CODE,
    stage: Stage::ExAnte,
    title: text(
        "光热发电：减排量事前估算",
        "Solar thermal: estimate of reductions",
    ),
    fields: &EX_ANTE_FIELDS,
    run: ex_ante,
    example: ex_ante_example,
};

/// Ex post: the accounting of a monitoring period.
pub const EX_POST: Calculator = Calculator {
    code: "CCER-01-001-V01/ex-post",
    methodology: CODE,
    stage: Stage::ExPost,
    title: text(
        "光热发电：减排量事后核算",
        "Solar thermal: accounting of reductions",
    ),
    fields: &EX_POST_FIELDS,
    run: ex_post,
    example: ex_post_example,
};

const FUELS_PER_YEAR: Field = f::optional(
    "fuels",
    Kind::List { max: 20 },
    text("每年消耗的化石燃料", "Fossil fuels burnt per year"),
    text(
        "防凝、化盐等用途。没有则留空。",
        "For freeze protection, melting and the like. Empty if none.",
    ),
);

const FUELS_OF_LINE: Field = f::optional(
    "lines.*.fuels",
    Kind::List { max: 20 },
    text(
        "本时段消耗的化石燃料",
        "Fossil fuels burnt in this interval",
    ),
    text(
        "防凝、化盐等用途。没有则留空。",
        "For freeze protection, melting and the like. Empty if none.",
    ),
);

const FUEL_VALUES_PER_YEAR: [Field; 3] = f::fuel_values("fuels.*.ncv", "fuels.*.cc", "fuels.*.of");

const FUEL_VALUES_OF_LINE: [Field; 3] = f::fuel_values(
    "lines.*.fuels.*.ncv",
    "lines.*.fuels.*.cc",
    "lines.*.fuels.*.of",
);

static EX_ANTE_FIELDS: [Field; 21] = [
    f::CAPACITY,
    f::GRID,
    f::EXPORT_PER_YEAR,
    f::IMPORT_PER_YEAR,
    f::optional(
        "heater_mwh_per_year",
        f::ENERGY,
        text(
            "风光部分每年供电加热器电量",
            "Electricity from the wind or PV part to the heater, per year",
        ),
        text(
            "一体化项目的电加热器用电，计入下网电量。",
            "Used by the electric heater of an integrated project; counts as import.",
        ),
    ),
    FUELS_PER_YEAR,
    f::fuel("fuels.*.fuel"),
    f::required(
        "fuels.*.amount_per_year",
        f::FUEL_AMOUNT,
        text("年消耗量", "Amount per year"),
        text(
            "固体、液体按 t，气体按 10⁴ Nm³。",
            "Solid and liquid fuels in t, gas in 10⁴ Nm³.",
        ),
    ),
    FUEL_VALUES_PER_YEAR[0],
    FUEL_VALUES_PER_YEAR[1],
    FUEL_VALUES_PER_YEAR[2],
    f::CREDITING_FROM,
    f::CREDITING_TO,
    f::ROUNDING,
    f::AS_OF,
    f::FACTOR_SET,
    f::FACTOR_SET_BY_YEAR,
    f::FACTOR_SET_BY_YEAR_YEAR,
    f::FACTOR_SET_BY_YEAR_LABEL,
    STATED_TOTAL,
    STATED_ANNUAL,
];

static EX_POST_FIELDS: [Field; 38] = [
    f::CAPACITY,
    f::GRID,
    f::PERIOD_FROM,
    f::PERIOD_TO,
    f::AS_OF,
    f::FACTOR_SET,
    f::FACTOR_SET_BY_YEAR,
    f::FACTOR_SET_BY_YEAR_YEAR,
    f::FACTOR_SET_BY_YEAR_LABEL,
    f::LINES,
    f::LINE_FROM,
    f::LINE_TO,
    f::LINE_EXPORT,
    f::meter_status("lines.*.export_meter", true),
    f::meter_class("lines.*.export_meter_class"),
    f::meter_error("lines.*.export_meter_error_percent"),
    f::LINE_IMPORT,
    f::meter_status("lines.*.import_meter", true),
    f::meter_class("lines.*.import_meter_class"),
    f::meter_error("lines.*.import_meter_error_percent"),
    f::optional(
        "lines.*.heater_mwh",
        f::ENERGY,
        text(
            "风光部分供电加热器电量",
            "Electricity from the wind or PV part to the heater",
        ),
        text(
            "计入下网电量；独立光热项目留空。",
            "Counts as import; empty for a stand-alone plant.",
        ),
    ),
    f::meter_status("lines.*.heater_meter", false),
    f::meter_class("lines.*.heater_meter_class"),
    f::meter_error("lines.*.heater_meter_error_percent"),
    f::MORE_METERS,
    f::MORE_METER_DIRECTION,
    f::MORE_METER_READING,
    f::meter_status("lines.*.more_meters.*.meter", true),
    f::meter_class("lines.*.more_meters.*.meter_class"),
    f::meter_error("lines.*.more_meters.*.meter_error_percent"),
    FUELS_OF_LINE,
    f::fuel("lines.*.fuels.*.fuel"),
    f::required(
        "lines.*.fuels.*.amount",
        f::FUEL_AMOUNT,
        text("消耗量", "Amount"),
        text(
            "固体、液体按 t，气体按 10⁴ Nm³；修正前的读数。",
            "Solid and liquid fuels in t, gas in 10⁴ Nm³; reading before correction.",
        ),
    ),
    FUEL_VALUES_OF_LINE[0],
    FUEL_VALUES_OF_LINE[1],
    FUEL_VALUES_OF_LINE[2],
    f::meter_status("lines.*.fuels.*.meter", true),
    f::meter_error("lines.*.fuels.*.meter_error_percent"),
];

fn ex_ante(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    estimate::run(
        METHOD,
        &catalogue::SOLAR_THERMAL,
        EX_ANTE.code,
        &EX_ANTE_FIELDS,
        input,
        set,
    )
}

fn ex_post(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    monitoring::run(
        METHOD,
        &catalogue::SOLAR_THERMAL,
        EX_POST.code,
        &EX_POST_FIELDS,
        input,
        set,
    )
}

/// 哈密 50 MW, public disclosure: 112,562 t a year, 1,125,620 t in ten years. The set is named as in the published
/// document; its date is one on which that set was the newest.
fn ex_ante_example() -> Value {
    json!({
        "capacity_mw": "50",
        "grid": "Northwest",
        "export_mwh_per_year": "178515",
        "import_mwh_per_year": "0",
        "crediting_from": "2023-08-01",
        "crediting_to": "2033-07-31",
        "rounding": "project_year_lines",
        "as_of": "2025-06-30",
        "factor_set": "2023",
    })
}

/// Hand-checked, synthetic: 150,000 MWh out, 3,500 MWh in, 2,000,000 Nm³ of gas give 86,727 t.
fn ex_post_example() -> Value {
    json!({
        "capacity_mw": "50",
        "grid": "Northwest",
        "period_from": "2024-01-01",
        "period_to": "2024-12-31",
        "as_of": "2026-03-20",
        "lines": [{
            "from": "2024-01-01",
            "to": "2024-12-31",
            "export_mwh": "150000",
            "export_meter": "in_order",
            "import_mwh": "3500",
            "import_meter": "in_order",
            "fuels": [{ "fuel": "natural_gas", "amount": "200", "meter": "in_order" }],
        }],
    })
}
