//! The inputs of the afforestation calculators.

use super::species;
use crate::ccer::fields::{optional, required};
use crate::ccer::sink::fields::{self as s, YES_NO, choice, extra, needed, number};
use crate::schema::{Choice, Column, Field, Kind};
use crate::text::text;

static CLIMATES: [Choice; 6] = [
    choice(
        "temperate",
        "温带（含亚热带）",
        "temperate, subtropical included",
    ),
    choice("boreal", "北方（寒温带）", "boreal"),
    choice(
        "tropical_dry",
        "热带，年降水 < 1000 mm",
        "tropical, below 1,000 mm of rain a year",
    ),
    choice(
        "tropical_moist",
        "热带，年降水 1000–1600 mm",
        "tropical, 1,000 to 1,600 mm of rain a year",
    ),
    choice(
        "tropical_wet",
        "热带，年降水 > 1600 mm",
        "tropical, above 1,600 mm of rain a year",
    ),
    choice(
        "tropical_mountain",
        "热带，海拔 2000 m 以上",
        "tropical, above 2,000 m",
    ),
];

static REGIONS: [Choice; 5] = [
    choice("northeast", "东北和内蒙古", "Northeast and Inner Mongolia"),
    choice("north", "华北和中原", "North and central plain"),
    choice("northwest", "西北", "Northwest"),
    choice("central_south", "华中和华南", "Central and South"),
    choice("southwest", "西南", "Southwest"),
];

static CURVES: [Choice; 4] = [
    choice(
        "built_in",
        "内置假定曲线（可信度低）",
        "built-in assumed curve (low confidence)",
    ),
    choice(
        "biomass_per_ha",
        "自有曲线：单位面积地上生物量（t/ha）",
        "own curve: above-ground biomass, t/ha",
    ),
    choice(
        "volume_per_ha",
        "自有曲线：单位面积蓄积（m³/ha）",
        "own curve: volume, m³/ha",
    ),
    choice(
        "volume_per_tree",
        "自有曲线：单株材积（m³）",
        "own curve: volume per tree, m³",
    ),
];

static EQUATION_KINDS: [Choice; 2] = [
    choice("volume", "材积方程（m³/株）", "volume, m³ per tree"),
    choice(
        "biomass",
        "地上生物量方程（kg/株）",
        "above-ground biomass, kg per tree",
    ),
];

static POINTS: [Column; 2] = [
    needed(
        "age",
        number("a", "0", "300", 1),
        text("林龄", "Age"),
        text("年，逐行增大。", "Years, growing from line to line."),
    ),
    needed(
        "value",
        number("t/ha | m3/ha | m3", "0", "10000", 6),
        text("数值", "Value"),
        text(
            "单位由所选曲线决定。",
            "Its unit is that of the chosen curve.",
        ),
    ),
];

static PLOTS: [Column; 5] = [
    needed(
        "plot",
        Kind::Text { max: 60 },
        text("样地号", "Plot"),
        text("不得重复。", "No two alike."),
    ),
    needed(
        "stratum",
        Kind::Text { max: 60 },
        text("碳层", "Stratum"),
        text("与碳层名称一致。", "As the stratum is named above."),
    ),
    needed(
        "area_m2",
        number("m2", "10", "100000", 2),
        text("样地面积（m²）", "Area (m²)"),
        text("水平面积，平方米。", "Horizontal area in square metres."),
    ),
    extra(
        "shrub_cover_percent",
        number("%", "0", "100", 2),
        text("灌木盖度（%）", "Shrub cover (%)"),
        text("留空视为 0。", "Empty counts as 0."),
    ),
    extra(
        "remark",
        Kind::Text { max: 300 },
        text("备注", "Remark"),
        text("不参与计算。", "Not used in the calculation."),
    ),
];

static TREES: [Column; 8] = [
    needed(
        "plot",
        Kind::Text { max: 60 },
        text("样地号", "Plot"),
        text("须在样地表中。", "One of the table of plots."),
    ),
    extra(
        "tree",
        Kind::Text { max: 60 },
        text("树号", "Tree"),
        text("不参与计算。", "Not used in the calculation."),
    ),
    extra(
        "species",
        Kind::Choice(&species::CHOICES),
        text("树种", "Species"),
        text(
            "代码或名称；留空即为碳层的树种。",
            "Code or name; empty means that of the stratum.",
        ),
    ),
    extra(
        "dbh_cm",
        number("cm", "0.1", "300", 2),
        text("胸径（cm）", "Diameter (cm)"),
        text(
            "离地 1.3 m 处的直径。幼树不足 1.3 m 时留空，其碳储量按 0 计（偏保守）。",
            "At 1.3 m above the ground. Empty for trees below that height: they count as 0, which is on the safe side.",
        ),
    ),
    extra(
        "height_m",
        number("m", "0.1", "100", 2),
        text("树高（m）", "Height (m)"),
        text(
            "使用含树高的方程时必填。",
            "Needed where the equation contains the height.",
        ),
    ),
    extra(
        "volume_m3",
        number("m3", "0", "100", 6),
        text("材积（m³）", "Volume (m³)"),
        text(
            "如填写，优先于方程。",
            "Where it is filled in, it goes before any equation.",
        ),
    ),
    extra(
        "existing",
        Kind::Choice(&YES_NO),
        text("项目前已有", "Existed before"),
        text(
            "项目开始前已有的树填“是”，不计入。",
            "“yes” for a tree that stood before the project; it is not counted.",
        ),
    ),
    extra(
        "remark",
        Kind::Text { max: 300 },
        text("备注", "Remark"),
        text("不参与计算。", "Not used in the calculation."),
    ),
];

const SPECIES: Field = required(
    "strata.*.species",
    Kind::Choice(&species::CHOICES),
    text("树种（组）", "Species"),
    text(
        "按优势树种选择；决定含碳率、木材密度、扩展因子和根茎比。",
        "The main species; it decides carbon fraction, wood density, expansion and roots.",
    ),
);

const CLIMATE: Field = required(
    "climate",
    Kind::Choice(&CLIMATES),
    text("气候区", "Climate"),
    text(
        "决定枯死木、枯落物缺省比例和燃烧系数。",
        "It decides the defaults for dead wood and litter, and the combustion factor.",
    ),
);

const REGION: Field = optional(
    "dead_wood_region",
    Kind::Choice(&REGIONS),
    text("枯死木比例按区域", "Dead wood by region"),
    text(
        "如填写，枯死木采用该区域的缺省比例。",
        "If chosen, dead wood follows the default of the region.",
    ),
);

const DEAD_WOOD: Field = required(
    "include_dead_wood",
    Kind::Choice(&YES_NO),
    text("计入枯死木", "Include dead wood"),
    text(
        "按林木生物质碳储量的缺省比例计算。",
        "As a default share of the carbon in trees.",
    ),
);

const LITTER: Field = required(
    "include_litter",
    Kind::Choice(&YES_NO),
    text("计入枯落物", "Include litter"),
    text(
        "按林木生物质碳储量的缺省比例计算。",
        "As a default share of the carbon in trees.",
    ),
);

const SOIL: Field = required(
    "include_soc_project",
    Kind::Choice(&YES_NO),
    text("计入土壤有机碳", "Include soil carbon"),
    text(
        "方法学正文是否计入未能确认；选“否”偏保守。",
        "Whether the methodology counts it could not be confirmed; “no” is on the safe side.",
    ),
);

const SOIL_RATE: Field = optional(
    "soc_tc_per_ha_per_year",
    number("tC/(ha·a)", "0", "0.8", 4),
    text("土壤有机碳年增量", "Yearly growth of soil carbon"),
    text(
        "仅在计入时填写，须有自己的依据；造林后最多计 20 年。",
        "Only if it is included, with your own evidence; counted for 20 years after planting at most.",
    ),
);

const FOREST_BIOMASS: Field = optional(
    "forest_biomass_t_per_ha",
    number("t/ha", "1", "1000", 4),
    text(
        "当地森林平均地上生物量",
        "Mean above-ground biomass of local forest",
    ),
    text(
        "用于灌木计算；留空采用假定的全国均值。",
        "Used for shrubs; empty means an assumed national mean.",
    ),
);

const BASELINE_COVER: Field = optional(
    "strata.*.baseline_shrub_cover_percent",
    number("%", "0", "100", 2),
    text("造林前灌木盖度", "Shrub cover before planting"),
    text("留空视为 0。", "Empty counts as 0."),
);

const REMOVED: Field = optional(
    "strata.*.removed_area_percent",
    number("%", "0", "100", 2),
    text("清除灌木的面积比例", "Share of the area cleared of shrubs"),
    text(
        "整地时清除的原有灌木，其碳储量在第一年扣除。",
        "Shrubs removed at site preparation; their carbon is deducted in the first year.",
    ),
);

const FIRES: Field = optional(
    "fires",
    Kind::List { max: 100 },
    text("火烧", "Fires"),
    text(
        "火灾，或为防治病虫害而焚烧的疫木；没有则不填。",
        "Wildfire, or burning of diseased wood; leave empty if none.",
    ),
);

const FIRE_YEAR: Field = required(
    "fires.*.year",
    Kind::Year,
    text("年份", "Year"),
    text(
        "发生的年份，须在期内。",
        "Year of the fire, within the period.",
    ),
);

const FIRE_AREA: Field = required(
    "fires.*.area_ha",
    number("ha", "0.0001", "1000000", 4),
    text("过火面积", "Burnt area"),
    text("公顷。", "Hectares."),
);

const FIRE_BIOMASS: Field = required(
    "fires.*.biomass_t_per_ha",
    number("t/ha", "0", "2000", 4),
    text("火烧前地上生物量", "Above-ground biomass before the fire"),
    text("每公顷干物质吨数。", "Tonnes of dry matter per hectare."),
);

const FIRE_AGE: Field = optional(
    "fires.*.stand_age",
    number("a", "0", "300", 0),
    text("林龄", "Age of the stand"),
    text(
        "热带必填，决定燃烧系数。",
        "Needed in the tropics, where the combustion factor depends on it.",
    ),
);

const FIRE_DEAD: Field = optional(
    "fires.*.dead_matter_t_per_ha",
    number("tCO2e/ha", "0", "2000", 4),
    text("枯死木和枯落物碳储量", "Carbon in dead wood and litter"),
    text(
        "火烧前每公顷吨二氧化碳当量；留空视为 0。",
        "Tonnes of CO2e per hectare before the fire; empty counts as 0.",
    ),
);

/// Ex ante.
pub(super) const EX_ANTE: &[Field] = &[
    s::AS_OF,
    s::CREDITING_FROM,
    s::CREDITING_TO,
    CLIMATE,
    DEAD_WOOD,
    REGION,
    LITTER,
    SOIL,
    SOIL_RATE,
    FOREST_BIOMASS,
    s::STRATA,
    s::STRATUM_NAME,
    s::STRATUM_AREA,
    SPECIES,
    s::STRATUM_PLANTING_YEAR,
    s::STRATUM_DENSITY,
    required(
        "strata.*.curve",
        Kind::Choice(&CURVES),
        text("生长曲线", "Growth curve"),
        text(
            "内置曲线为假定值，仅供估算；有当地收获表或生长方程时请填自有曲线。",
            "The built-in curves are assumed; use your own where there is a yield table or growth equation.",
        ),
    ),
    optional(
        "strata.*.points",
        Kind::Table {
            columns: &POINTS,
            max_rows: 200,
        },
        text("曲线的点", "Points of the curve"),
        text(
            "首行为 age,value；两点之间线性内插，第一点之前自 0 起，最后一点之后不再增长。",
            "First line age,value; straight lines between points, from 0 before the first, no growth after the last.",
        ),
    ),
    optional(
        "strata.*.shrub_cover_percent",
        number("%", "0", "100", 2),
        text("项目灌木预期盖度", "Expected cover of project shrubs"),
        text(
            "项目新增灌木的最终盖度；留空视为 0。",
            "Final cover of the shrubs the project adds; empty counts as 0.",
        ),
    ),
    BASELINE_COVER,
    REMOVED,
    FIRES,
    FIRE_YEAR,
    FIRE_AREA,
    FIRE_BIOMASS,
    FIRE_AGE,
    FIRE_DEAD,
    s::STATED_TOTAL,
    s::STATED_ANNUAL,
    optional(
        "project_start",
        Kind::Date,
        text("项目开工日期", "Start of the project"),
        text(
            "最早的整地日期；早于它的造林年份会被提示。",
            "The earliest site preparation; planting years before it are pointed out.",
        ),
    ),
];

/// Ex post.
pub(super) const EX_POST: &[Field] = &[
    s::AS_OF,
    s::PERIOD_FROM,
    s::PERIOD_TO,
    required(
        "measured_on",
        Kind::Date,
        text("样地测量日", "Day of the measurement"),
        text(
            "外业调查完成之日；碳储量为该日的数值。",
            "Day on which the field work was finished; stocks are those of that day.",
        ),
    ),
    optional(
        "project_start",
        Kind::Date,
        text("项目开工日期", "Start of the project"),
        text(
            "首次核算时必填：当日碳储量为 0，其后按时间线性增长。",
            "Needed for the first accounting: stocks are 0 on that day and grow evenly from it.",
        ),
    ),
    optional(
        "previous_on",
        Kind::Date,
        text("上次测量日", "Day of the previous measurement"),
        text(
            "已核查过的项目填写，与上次碳储量同时填写。",
            "For a project verified before, together with the stock.",
        ),
    ),
    optional(
        "previous_tree_stock_t",
        number("tCO2e", "0", "1000000000", 6),
        text("上次林木碳储量", "Tree stock of the previous measurement"),
        text(
            "上次核查采用的林木（含地下）碳储量，不确定性扣减之后。",
            "Trees with roots as used at the previous verification, after its deduction for uncertainty.",
        ),
    ),
    optional(
        "previous_shrub_stock_t",
        number("tCO2e", "0", "1000000000", 6),
        text("上次灌木碳储量", "Shrub stock of the previous measurement"),
        text("留空视为 0。", "Empty counts as 0."),
    ),
    CLIMATE,
    DEAD_WOOD,
    REGION,
    LITTER,
    SOIL,
    SOIL_RATE,
    FOREST_BIOMASS,
    s::STRATA,
    s::STRATUM_NAME,
    s::STRATUM_AREA,
    SPECIES,
    s::STRATUM_PLANTING_YEAR,
    s::STRATUM_DENSITY,
    BASELINE_COVER,
    REMOVED,
    required(
        "plots",
        Kind::Table {
            columns: &PLOTS,
            max_rows: 20_000,
        },
        text("样地表", "Plots"),
        text(
            "每行一个样地；首行为列名，可从表格软件粘贴。",
            "One plot per line; the first line names the columns. May be pasted from a spreadsheet.",
        ),
    ),
    required(
        "trees",
        Kind::Table {
            columns: &TREES,
            max_rows: 100_000,
        },
        text("每木检尺表", "Trees"),
        text(
            "每行一株；首行为列名，最多 100,000 株。",
            "One tree per line; the first line names the columns. At most 100,000.",
        ),
    ),
    optional(
        "equations",
        Kind::List { max: 100 },
        text("自有方程", "Own equations"),
        text(
            "单株方程 y = a·D^b·H^c，须注明出处。",
            "Equations per tree, y = a·D^b·H^c, with their source.",
        ),
    ),
    required(
        "equations.*.species",
        Kind::Choice(&species::CHOICES),
        text("树种（组）", "Species"),
        text("适用的树种。", "The species it is for."),
    ),
    required(
        "equations.*.kind",
        Kind::Choice(&EQUATION_KINDS),
        text("方程类型", "Kind"),
        text(
            "材积，或地上生物量（优先于材积）。",
            "Volume, or above-ground biomass, which goes before volume.",
        ),
    ),
    required(
        "equations.*.a_millionths",
        number("10^-6", "0.000001", "100000000", 9),
        text("系数 a（百万分之一）", "Coefficient a, in millionths"),
        text(
            "a × 1,000,000，例如 0.000058777042 填 58.777042。",
            "a × 1,000,000; for 0.000058777042 enter 58.777042.",
        ),
    ),
    required(
        "equations.*.b",
        number("1", "-5", "5", 10),
        text("胸径指数 b", "Exponent b of the diameter"),
        text("D 以厘米计。", "The diameter is in cm."),
    ),
    required(
        "equations.*.c",
        number("1", "-5", "5", 10),
        text("树高指数 c", "Exponent c of the height"),
        text(
            "H 以米计；一元方程填 0。",
            "The height is in m; 0 for an equation of the diameter alone.",
        ),
    ),
    required(
        "equations.*.source",
        Kind::Text { max: 300 },
        text("出处", "Source"),
        text(
            "标准号、文献，或经审定的建模报告。",
            "Number of the standard, publication, or validated report.",
        ),
    ),
    FIRES,
    FIRE_YEAR,
    FIRE_AREA,
    FIRE_BIOMASS,
    FIRE_AGE,
    FIRE_DEAD,
    s::STATED_TOTAL,
    s::STATED_ANNUAL,
];
