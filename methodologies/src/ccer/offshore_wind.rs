//! CCER-01-002-V01 并网海上风力发电, grid-connected offshore wind power.
//!
//! (1) BE_y = EG_PJ,y × EF_CM,y; (2) EG_PJ,y = EG_export,y − EG_import,y;
//! (3) EF_CM,y = EF_OM,y × w_OM + EF_BM,y × w_BM; PE_y = 0; LE_y = 0; (4) ER_y = BE_y − PE_y.
//! Project sources (standby generators, ships, vehicles) and upstream leakage count as 0 by the methodology.

use serde_json::{Value, json};

use super::fields as f;
use super::sink::fields::{STATED_ANNUAL, STATED_TOTAL};
use super::year_line::Method;
use super::{estimate, monitoring};
use crate::parameter::Parameters;
use crate::schema::Field;
use crate::text::text;
use crate::trace::Outcome;
use crate::{Calculator, InputError, Stage, catalogue};

const CODE: &str = "CCER-01-002-V01";

const METHOD: Method = Method {
    code: CODE,
    reduction_equation: "4",
    fuels: false,
};

/// Ex ante: the estimate of the design document.
pub const EX_ANTE: Calculator = Calculator {
    code: "CCER-01-002-V01/ex-ante",
    methodology: CODE,
    stage: Stage::ExAnte,
    title: text(
        "海上风电：减排量事前估算",
        "Offshore wind: estimate of reductions",
    ),
    fields: &EX_ANTE_FIELDS,
    run: ex_ante,
    example: ex_ante_example,
};

/// Ex post: the accounting of a monitoring period.
pub const EX_POST: Calculator = Calculator {
    code: "CCER-01-002-V01/ex-post",
    methodology: CODE,
    stage: Stage::ExPost,
    title: text(
        "海上风电：减排量事后核算",
        "Offshore wind: accounting of reductions",
    ),
    fields: &EX_POST_FIELDS,
    run: ex_post,
    example: ex_post_example,
};

static EX_ANTE_FIELDS: [Field; 14] = [
    f::CAPACITY,
    f::GRID,
    f::EXPORT_PER_YEAR,
    f::IMPORT_PER_YEAR,
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

static EX_POST_FIELDS: [Field; 26] = [
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
    f::MORE_METERS,
    f::MORE_METER_DIRECTION,
    f::MORE_METER_READING,
    f::meter_status("lines.*.more_meters.*.meter", true),
    f::meter_class("lines.*.more_meters.*.meter_class"),
    f::meter_error("lines.*.more_meters.*.meter_error_percent"),
];

fn ex_ante(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    estimate::run(
        METHOD,
        &catalogue::OFFSHORE_WIND,
        EX_ANTE.code,
        &EX_ANTE_FIELDS,
        input,
        set,
    )
}

fn ex_post(input: &Value, set: &Parameters) -> Result<Outcome, Vec<InputError>> {
    monitoring::run(
        METHOD,
        &catalogue::OFFSHORE_WIND,
        EX_POST.code,
        &EX_POST_FIELDS,
        input,
        set,
    )
}

/// 汕尾甲子一期, public disclosure: 804,345 t a year, 8,043,450 t in ten years. The set is named as in the published
/// document; its date is one on which that set was the newest.
fn ex_ante_example() -> Value {
    json!({
        "capacity_mw": "500",
        "grid": "South",
        "export_mwh_per_year": "1655202",
        "import_mwh_per_year": "0",
        "crediting_from": "2022-10-01",
        "crediting_to": "2032-09-30",
        "rounding": "project_year_lines",
        "as_of": "2025-06-30",
        "factor_set": "2023",
    })
}

/// The same project over its first fifteen months, with synthetic meter readings; one meter was calibrated late.
fn ex_post_example() -> Value {
    let in_order = "in_order";
    json!({
        "capacity_mw": "500",
        "grid": "South",
        "period_from": "2022-10-01",
        "period_to": "2023-12-31",
        "as_of": "2026-03-20",
        "lines": [
            { "from": "2022-10-01", "to": "2022-12-31", "export_mwh": "541230.4", "export_meter": in_order,
              "export_meter_class": "0.2S", "import_mwh": "655.2", "import_meter": in_order },
            { "from": "2023-01-01", "to": "2023-09-30", "export_mwh": "958114.72", "export_meter": in_order,
              "export_meter_class": "0.2S", "import_mwh": "1904.16", "import_meter": in_order },
            { "from": "2023-10-01", "to": "2023-12-31", "export_mwh": "463870.08", "export_meter": "calibrated_late",
              "export_meter_class": "0.2S", "import_mwh": "601.92", "import_meter": in_order },
        ],
    })
}
