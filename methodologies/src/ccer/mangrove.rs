//! CCER-14-002-V01 红树林营造, mangrove creation.
//!
//! CDR_t = (dC_BIO,t + dSOC_t − GHG_soil,t − 0 − 0) × (1 − K_RISK); baseline removals and leakage are 0. Only conditions a and b of the
//! text were at hand: the structure is inferred from registered projects and parallel methods, and every number is assumed.

mod ex_ante;
mod ex_post;
mod plots;
mod soil;
pub(crate) mod species;
mod strata;

use serde_json::{Value, json};

use super::fields as f;
use super::sink::fields::{
    AS_OF, CREDITING_FROM, CREDITING_TO, PERIOD_FROM, PERIOD_TO, STATED_ANNUAL, STATED_TOTAL,
    STRATA, STRATUM_AREA, STRATUM_NAME, choice, extra, needed,
};
use crate::schema::{Choice, Column, Field, Kind};
use crate::text::text;
use crate::{Calculator, Stage};

const CODE: &str = "CCER-14-002-V01";

/// Ex ante: the estimate of the design document.
pub const EX_ANTE: Calculator = Calculator {
    code: "CCER-14-002-V01/ex-ante",
    methodology: CODE,
    stage: Stage::ExAnte,
    title: text(
        "红树林营造：减排量事前估算",
        "Mangrove creation: estimate of removals",
    ),
    fields: &EX_ANTE_FIELDS,
    run: ex_ante::run,
    example: ex_ante_example,
};

/// Ex post: the accounting of a monitoring period from plots and trees.
pub const EX_POST: Calculator = Calculator {
    code: "CCER-14-002-V01/ex-post",
    methodology: CODE,
    stage: Stage::ExPost,
    title: text(
        "红树林营造：减排量事后核算",
        "Mangrove creation: accounting of removals",
    ),
    fields: &EX_POST_FIELDS,
    run: ex_post::run,
    example: ex_post_example,
};

const AREA: Kind = Kind::Number {
    unit: "ha",
    min: "0",
    max: "1000000",
    decimals: 4,
};

const NAME: Kind = Kind::Text { max: 60 };

static R_SOC: [Choice; 3] = [
    choice(
        "ar_am0014",
        "0.50 tC/ha/年（AR-AM0014，最保守）",
        "0.50 tC/ha/a (AR-AM0014, the safest)",
    ),
    choice("vm0033", "1.46 tC/ha/年（VM0033）", "1.46 tC/ha/a (VM0033)"),
    choice(
        "ipcc_wetlands",
        "1.62 tC/ha/年（IPCC 湿地增补指南）",
        "1.62 tC/ha/a (IPCC Wetlands Supplement)",
    ),
];

static SALINITIES: [Choice; 3] = [
    choice("over_20", "盐度大于 20 ppt", "Salinity over 20 ppt"),
    choice(
        "over_18",
        "盐度大于 18 ppt，不超过 20 ppt",
        "Salinity over 18 ppt, up to 20 ppt",
    ),
    choice(
        "own",
        "其他：填写甲烷排放因子",
        "Other: enter the emission factor of methane",
    ),
];

static CURVES: [Choice; 2] = [
    choice(
        "generic",
        "内置通用曲线（假定，可信度低）",
        "Built-in generic curve (assumed, low confidence)",
    ),
    choice("points", "自有曲线的点", "Points of an own curve"),
];

static EQUATIONS: [Choice; 2] = [
    choice(
        "common",
        "改用通用方程（推荐）",
        "Replace them by the common equation (recommended)",
    ),
    choice(
        "acknowledged",
        "确认仍按原方程计算",
        "Use them as they are; this is acknowledged",
    ),
];

const R_SOC_FIELD: Field = f::optional(
    "r_soc",
    Kind::Choice(&R_SOC),
    text("土壤有机碳年增量", "Yearly gain of soil organic carbon"),
    text(
        "方法学的缺省值未查到；留空时用最保守的 0.50。",
        "The default of the methodology was not found; left empty the safest is taken, 0.50.",
    ),
);

const SALINITY: Field = f::required(
    "salinity",
    Kind::Choice(&SALINITIES),
    text("土壤盐度", "Salinity of the soil"),
    text(
        "决定甲烷排放因子。盐度更低时甲烷可能大得多，须填写有依据的数值。",
        "Decides on the methane factor. Where it is less salty methane may be far more: enter a value with its basis.",
    ),
);

const EF_CH4: Field = f::optional(
    "ef_ch4_t_per_ha",
    Kind::Number {
        unit: "tCH4/ha/a",
        min: "0",
        max: "100",
        decimals: 6,
    },
    text("自有甲烷排放因子", "Own emission factor of methane"),
    text(
        "仅在盐度选“其他”时填写。",
        "Only where the salinity is “other”.",
    ),
);

const STRATUM_GAPS: Field = f::optional(
    "strata.*.gap_area_ha",
    AREA,
    text("须扣除的空地面积", "Area of gaps to be cut out"),
    text(
        "单块超过 400 平方米的空地之和；没有则留空。",
        "All gaps of more than 400 m² together; empty if there is none.",
    ),
);
const STRATUM_PRIOR_COVER: Field = f::optional(
    "strata.*.prior_cover_area_ha",
    AREA,
    text(
        "种植前已有红树林的面积",
        "Area with mangroves before planting",
    ),
    text(
        "种植前红树林盖度超过 5% 的地块面积之和；没有则留空。",
        "All plots with more than 5 % mangrove cover before planting; empty if there is none.",
    ),
);
const STRATUM_SPECIES: Field = f::required(
    "strata.*.species",
    Kind::Choice(&crate::generated::MANGROVE_CHOICES),
    text("主要树种", "Main species"),
    text(
        "事前估算按该树种的含碳率计算。",
        "The estimate takes the carbon fraction of this species.",
    ),
);
const STRATUM_YEAR: Field = f::required(
    "strata.*.planting_year",
    Kind::Year,
    text("种植年份", "Year of planting"),
    text(
        "林龄自种植当年年末起算（偏保守）。",
        "The age counts from the end of this year, which is on the safe side.",
    ),
);
const STRATUM_DENSITY: Field = f::optional(
    "strata.*.density_per_ha",
    Kind::Number {
        unit: "1/ha",
        min: "0",
        max: "1000000",
        decimals: 0,
    },
    text("种植密度", "Density of planting"),
    text(
        "每公顷株数，用于说明分层，不参与计算。",
        "Trees per hectare. It explains the strata and is not part of the calculation.",
    ),
);
const STRATUM_CURVE: Field = f::required(
    "strata.*.curve",
    Kind::Choice(&CURVES),
    text("生长曲线", "Growth curve"),
    text(
        "单位面积总生物量随林龄的变化。",
        "Total biomass per hectare by age.",
    ),
);
const POINTS: Field = f::optional(
    "strata.*.points",
    Kind::List { max: 60 },
    text("曲线的点", "Points of the curve"),
    text(
        "自 0 年 0 t 起线性插值；最后一点之后不再增长。",
        "Linear between them, from 0 t at age 0; no growth after the last one.",
    ),
);
const POINT_AGE: Field = f::required(
    "strata.*.points.*.age",
    Kind::Number {
        unit: "a",
        min: "1",
        max: "100",
        decimals: 0,
    },
    text("林龄", "Age"),
    text(
        "整年，逐行增大。",
        "Whole years, growing from line to line.",
    ),
);
const POINT_BIOMASS: Field = f::required(
    "strata.*.points.*.biomass_t_per_ha",
    Kind::Number {
        unit: "t d.m./ha",
        min: "0",
        max: "2000",
        decimals: 4,
    },
    text("总生物量", "Total biomass"),
    text(
        "地上与地下之和，干物质。",
        "Above and below ground together, dry matter.",
    ),
);
static EX_ANTE_FIELDS: [Field; 21] = [
    CREDITING_FROM,
    CREDITING_TO,
    AS_OF,
    R_SOC_FIELD,
    SALINITY,
    EF_CH4,
    STRATA,
    STRATUM_NAME,
    STRATUM_AREA,
    STRATUM_GAPS,
    STRATUM_PRIOR_COVER,
    STRATUM_SPECIES,
    STRATUM_YEAR,
    STRATUM_DENSITY,
    STRATUM_CURVE,
    POINTS,
    POINT_AGE,
    POINT_BIOMASS,
    STATED_TOTAL,
    STATED_ANNUAL,
    f::optional(
        "growth_curve_source",
        Kind::Text { max: 300 },
        text("自有曲线的出处", "Source of own curves"),
        text(
            "文献、调查报告或本地生长方程；使用自有曲线时请填写。",
            "Literature, survey or local growth equation; fill it in where own curves are used.",
        ),
    ),
];

static EX_POST_FIELDS: [Field; 22] = [
    PERIOD_FROM,
    PERIOD_TO,
    AS_OF,
    f::required(
        "measured_on",
        Kind::Date,
        text("样地调查日", "Day of the measurement"),
        text(
            "跨数日时填最后一天；最好就是核算期末日，因为两者之间的生长不计入任何核算期。",
            "The last one if it took several days; best the last day of the period, since growth between the two counts in no period.",
        ),
    ),
    f::optional(
        "previous_measured_on",
        Kind::Date,
        text("上次调查日", "Day of the previous measurement"),
        text(
            "首次核算时留空：生物量自种植年份年末的 0 起计。",
            "Empty at the first accounting: the stock is then 0 at the end of the first year of planting.",
        ),
    ),
    f::optional(
        "previous_stock_t",
        Kind::Number {
            unit: "tCO2e",
            min: "0",
            max: "10000000000",
            decimals: 6,
        },
        text(
            "上次核算的生物质碳储量",
            "Carbon stock of the biomass at the previous accounting",
        ),
        text(
            "全项目，已扣减不确定性；首次核算时留空。",
            "Of the whole project, after the deduction for uncertainty; empty at the first accounting.",
        ),
    ),
    R_SOC_FIELD,
    SALINITY,
    EF_CH4,
    f::optional(
        "implausible_equations",
        Kind::Choice(&EQUATIONS),
        text(
            "地下生物量不合理的树种方程",
            "Equations with implausible roots",
        ),
        text(
            "木榄、海莲、尖瓣海莲、木果楝、拉关木的方程算出的根比树还重；留空时改用通用方程。",
            "Those of Bruguiera, Xylocarpus and Laguncularia give roots heavier than the tree; left empty the common equation is used.",
        ),
    ),
    STRATA,
    STRATUM_NAME,
    STRATUM_AREA,
    STRATUM_GAPS,
    STRATUM_PRIOR_COVER,
    STRATUM_SPECIES,
    STRATUM_YEAR,
    STRATUM_DENSITY,
    f::required(
        "plots",
        Kind::Table {
            columns: &PLOT_COLUMNS,
            max_rows: 20_000,
        },
        text("样地", "Plots"),
        text("每个样地一行。", "One line per plot."),
    ),
    f::optional(
        "trees",
        Kind::Table {
            columns: &TREE_COLUMNS,
            max_rows: 100_000,
        },
        text("样木", "Trees"),
        text(
            "每株一行；没有活树的样地不必列出样木，按 0 计入平均值。",
            "One line per tree. A plot without living trees has no line here and counts as 0 in the mean.",
        ),
    ),
    STATED_TOTAL,
    STATED_ANNUAL,
];

static PLOT_COLUMNS: [Column; 3] = [
    needed(
        "plot",
        NAME,
        text("样地号", "Plot"),
        text("每个样地唯一。", "Unique."),
    ),
    needed(
        "stratum",
        NAME,
        text("碳层", "Stratum"),
        text("与碳层名称一致。", "The name of a stratum."),
    ),
    needed(
        "area_m2",
        Kind::Number {
            unit: "m2",
            min: "1",
            max: "100000",
            decimals: 2,
        },
        text("样地面积 m2", "Plot area m2"),
        text("水平面积。", "Horizontal area."),
    ),
];

static TREE_COLUMNS: [Column; 5] = [
    needed(
        "plot",
        NAME,
        text("样地号", "Plot"),
        text("样地表中的样地。", "A plot of the table of plots."),
    ),
    needed(
        "species",
        Kind::Choice(&crate::generated::MANGROVE_CHOICES),
        text("树种", "Species"),
        text("名称或代码。", "Name or code."),
    ),
    extra(
        "dbh_cm",
        Kind::Number {
            unit: "cm",
            min: "0.1",
            max: "200",
            decimals: 2,
        },
        text("胸径 cm", "Diameter at breast height cm"),
        text(
            "除用基径的小树外必填。",
            "Needed except for small trees measured at the base.",
        ),
    ),
    extra(
        "height_m",
        Kind::Number {
            unit: "m",
            min: "0.1",
            max: "60",
            decimals: 2,
        },
        text("树高 m", "Height m"),
        text(
            "方程含树高或按树高分段时必填。",
            "Needed where the equation asks for it.",
        ),
    ),
    extra(
        "basal_cm",
        Kind::Number {
            unit: "cm",
            min: "0.1",
            max: "200",
            decimals: 2,
        },
        text("基径 cm", "Basal diameter cm"),
        text(
            "桐花树高度不足 2 m 时必填。",
            "Needed for Aegiceras below 2 m.",
        ),
    ),
];

/// Built from the public record of the mangrove project at Longhai: 83.34 ha, 2023-12-01 to 2043-11-30; strata and curve are
/// assumed, so the figures are not those of the record.
fn ex_ante_example() -> Value {
    json!({
        "crediting_from": "2023-12-01",
        "crediting_to": "2043-11-30",
        "as_of": "2026-03-20",
        "r_soc": "ar_am0014",
        "salinity": "over_20",
        "strata": [
            { "name": "MZ-1", "area_ha": "52.10", "gap_area_ha": "0.26", "species": "kandelia_obovata",
              "planting_year": "2022", "density_per_ha": "10000", "curve": "generic" },
            { "name": "MZ-2", "area_ha": "31.50", "species": "aegiceras_corniculatum",
              "planting_year": "2023", "density_per_ha": "10000", "curve": "generic" },
        ],
    })
}

/// Synthetic: two strata with three small plots each.
fn ex_post_example() -> Value {
    json!({
        "period_from": "2023-12-01",
        "period_to": "2026-03-31",
        "as_of": "2026-05-20",
        "measured_on": "2026-04-02",
        "r_soc": "ar_am0014",
        "salinity": "over_20",
        "strata": [
            { "name": "MZ-1", "area_ha": "52.10", "gap_area_ha": "0.26", "species": "kandelia_obovata",
              "planting_year": "2022", "density_per_ha": "10000" },
            { "name": "MZ-2", "area_ha": "31.50", "species": "other_mangrove",
              "planting_year": "2023", "density_per_ha": "10000" },
        ],
        "plots": "plot,stratum,area_m2\nA1,MZ-1,10\nA2,MZ-1,10\nA3,MZ-1,10\nB1,MZ-2,10\nB2,MZ-2,10\nB3,MZ-2,10\n",
        "trees": concat!(
            "plot,species,dbh_cm,height_m\n",
            "A1,kandelia_obovata,4.1,2.4\nA1,kandelia_obovata,3.9,2.3\nA1,kandelia_obovata,4.4,2.5\n",
            "A2,kandelia_obovata,4.0,2.4\nA2,kandelia_obovata,4.2,2.3\nA2,kandelia_obovata,4.1,2.5\n",
            "A3,kandelia_obovata,4.3,2.5\nA3,kandelia_obovata,3.8,2.3\nA3,kandelia_obovata,4.2,2.4\n",
            "B1,other_mangrove,2.6,\nB1,other_mangrove,2.5,\nB2,other_mangrove,2.7,\nB2,other_mangrove,2.4,\n",
            "B3,other_mangrove,2.5,\nB3,other_mangrove,2.6,\n",
        ),
    })
}
