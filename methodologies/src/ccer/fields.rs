//! The inputs that the power methodologies share.

use crate::schema::{Choice, Field, Kind};
use crate::text::{Text, text};

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

/// A field that must be filled in.
pub(crate) const fn required(path: &'static str, kind: Kind, label: Text, help: Text) -> Field {
    Field {
        path,
        kind,
        label,
        help,
        required: true,
    }
}

/// A field that may be left empty.
pub(crate) const fn optional(path: &'static str, kind: Kind, label: Text, help: Text) -> Field {
    Field {
        path,
        kind,
        label,
        help,
        required: false,
    }
}

/// Electricity of a year or a line: up to 100 TWh, to the watt-hour.
pub(super) const ENERGY: Kind = Kind::Number {
    unit: "MWh",
    min: "0",
    max: "100000000",
    decimals: 6,
};

/// Amount of a fuel of a year or a line.
pub(super) const FUEL_AMOUNT: Kind = Kind::Number {
    unit: "t | 10^4 Nm3",
    min: "0",
    max: "1000000",
    decimals: 4,
};

const METER_ERROR: Kind = Kind::Number {
    unit: "%",
    min: "-100",
    max: "100",
    decimals: 3,
};

static GRIDS: [Choice; 7] = [
    choice("North", "华北", "North China"),
    choice("Northeast", "东北", "Northeast China"),
    choice("East", "华东", "East China"),
    choice("Central", "华中", "Central China"),
    choice("Northwest", "西北", "Northwest China"),
    choice("South", "南方", "South China"),
    choice("Southwest", "西南", "Southwest China"),
];

static FACTOR_SETS: [Choice; 5] = [
    choice("2019", "2019年度", "set labelled 2019"),
    choice("2021", "2021年度", "set labelled 2021"),
    choice("2022", "2022年度", "set labelled 2022"),
    choice("2023", "2023年度", "set labelled 2023"),
    choice("2024", "2024年度", "set labelled 2024"),
];

static ROUNDINGS: [Choice; 3] = [
    choice(
        "project_year_lines",
        "按项目年度取整（每年向下取整后相加）",
        "per project year (each year rounded down, then added)",
    ),
    choice(
        "calendar_year_lines",
        "按自然年取整（首尾年按天数折算）",
        "per calendar year (first and last year weighted by days)",
    ),
    choice(
        "period_total",
        "计入期合计后一次取整",
        "once, for the whole period",
    ),
];

static METER_STATUSES: [Choice; 4] = [
    choice(
        "in_order",
        "按期校准且合格",
        "calibrated in time, within its class",
    ),
    choice(
        "outside_class",
        "按期校准但误差超出等级",
        "calibrated in time, error outside its class",
    ),
    choice("not_calibrated", "未校准", "not calibrated"),
    choice(
        "calibrated_late",
        "延迟校准（延迟期间）",
        "calibrated late (the interval of delay)",
    ),
];

static METER_CLASSES: [Choice; 3] = [
    choice("0.2S", "0.2S 级", "class 0.2S"),
    choice("0.5S", "0.5S 级", "class 0.5S"),
    choice("1.0", "1.0 级", "class 1.0"),
];

static DIRECTIONS: [Choice; 2] = [
    choice("export", "上网", "export to the grid"),
    choice("import", "下网", "import"),
];

static FUELS: [Choice; 6] = [
    choice("natural_gas", "天然气（10⁴ Nm³）", "natural gas (10⁴ Nm³)"),
    choice("diesel", "柴油（t）", "diesel (t)"),
    choice("gasoline", "汽油（t）", "gasoline (t)"),
    choice("fuel_oil", "燃料油（t）", "fuel oil (t)"),
    choice("lpg", "液化石油气（t）", "liquefied petroleum gas (t)"),
    choice("lng", "液化天然气（t）", "liquefied natural gas (t)"),
];

pub(super) const GRID: Field = required(
    "grid",
    Kind::Choice(&GRIDS),
    text("区域电网", "Regional grid"),
    text(
        "项目接入的区域电网，决定排放因子。",
        "The regional grid the project feeds; it decides the emission factor.",
    ),
);

pub(super) const CAPACITY: Field = required(
    "capacity_mw",
    Kind::Number {
        unit: "MW",
        min: "0.001",
        max: "100000",
        decimals: 6,
    },
    text("装机容量", "Installed capacity"),
    text(
        "仅用于合理性检查：电量不应超过容量乘以小时数。",
        "Only for a check: energy cannot exceed capacity times hours.",
    ),
);

pub(super) const AS_OF: Field = optional(
    "as_of",
    Kind::Date,
    text("文件提交日期", "Date of the document"),
    text(
        "上传核查报告（事后）或项目设计文件定稿（事前）的日期，决定可用的排放因子版本。未指定版本时必填。",
        "Day on which the verification report (ex post) or the final design document (ex ante) is uploaded; it decides which factor sets may be used. Needed unless a set is named.",
    ),
);

pub(super) const FACTOR_SET: Field = optional(
    "factor_set",
    Kind::Choice(&FACTOR_SETS),
    text("指定排放因子版本", "Factor set, named"),
    text(
        "通常留空，由规则按年份选择；仅在重现已有文件时指定。",
        "Usually empty: the rules choose by year. Name a set only to reproduce an existing document.",
    ),
);

pub(super) const FACTOR_SET_BY_YEAR: Field = optional(
    "factor_set_by_year",
    Kind::List { max: 20 },
    text("个别年份指定的版本", "Sets named for single years"),
    text("通常留空。", "Usually empty."),
);

pub(super) const FACTOR_SET_BY_YEAR_YEAR: Field = required(
    "factor_set_by_year.*.year",
    Kind::Year,
    text("发电年份", "Energy year"),
    text("该版本适用的年份。", "The year the set is used for."),
);

pub(super) const FACTOR_SET_BY_YEAR_LABEL: Field = required(
    "factor_set_by_year.*.label",
    Kind::Choice(&FACTOR_SETS),
    text("版本", "Set"),
    text("排放因子的年度版本。", "The label of the factor set."),
);

pub(super) const CREDITING_FROM: Field = required(
    "crediting_from",
    Kind::Date,
    text("计入期首日", "First day of the crediting period"),
    text(
        "含当日；最早 2020-09-23。",
        "Included; 2020-09-23 at the earliest.",
    ),
);

pub(super) const CREDITING_TO: Field = required(
    "crediting_to",
    Kind::Date,
    text("计入期末日", "Last day of the crediting period"),
    text("含当日；计入期最长十年。", "Included; ten years at most."),
);

pub(super) const ROUNDING: Field = required(
    "rounding",
    Kind::Choice(&ROUNDINGS),
    text("取整方式", "Rounding"),
    text(
        "方法学未规定；已登记项目中可见这三种方式。",
        "The methodology does not say; registered projects use these three forms.",
    ),
);

pub(super) const EXPORT_PER_YEAR: Field = required(
    "export_mwh_per_year",
    ENERGY,
    text("年上网电量", "Electricity exported per year"),
    text(
        "按可行性研究报告估算；若只知净上网电量，请填在此处。",
        "As estimated in the feasibility study. If only the net amount is known, enter it here.",
    ),
);

pub(super) const IMPORT_PER_YEAR: Field = optional(
    "import_mwh_per_year",
    ENERGY,
    text("年下网电量", "Electricity imported per year"),
    text(
        "含备用线路；事前无数据可留空，按 0 计。",
        "With standby lines; may be left empty ex ante where there are no data, then it counts as 0.",
    ),
);

pub(super) const PERIOD_FROM: Field = required(
    "period_from",
    Kind::Date,
    text("核算期首日", "First day of the monitoring period"),
    text(
        "含当日；最早 2020-09-23。",
        "Included; 2020-09-23 at the earliest.",
    ),
);

pub(super) const PERIOD_TO: Field = required(
    "period_to",
    Kind::Date,
    text("核算期末日", "Last day of the monitoring period"),
    text("含当日。", "Included."),
);

pub(super) const LINES: Field = required(
    "lines",
    Kind::List { max: 400 },
    text("计量记录", "Metering lines"),
    text(
        "连续覆盖整个核算期、互不重叠，每行不跨年。",
        "They cover the whole period without gap or overlap; none crosses the end of a year.",
    ),
);

pub(super) const LINE_FROM: Field = required(
    "lines.*.from",
    Kind::Date,
    text("自", "From"),
    text("含当日。", "Included."),
);

pub(super) const LINE_TO: Field = required(
    "lines.*.to",
    Kind::Date,
    text("至", "To"),
    text(
        "含当日，与首日同年。",
        "Included; in the same year as the first day.",
    ),
);

pub(super) const LINE_EXPORT: Field = required(
    "lines.*.export_mwh",
    ENERGY,
    text("上网电量", "Electricity exported"),
    text(
        "并网协议约定计量点的读数，修正前。",
        "Reading at the metering point of the grid agreement, before correction.",
    ),
);

pub(super) const LINE_IMPORT: Field = required(
    "lines.*.import_mwh",
    ENERGY,
    text("下网电量", "Electricity imported"),
    text(
        "含 10/35 kV 备用线路，修正前；没有则填 0。",
        "With 10/35 kV standby lines, before correction; 0 if none.",
    ),
);

/// Status of the meter of a reading.
pub(super) const fn meter_status(path: &'static str, needed: bool) -> Field {
    Field {
        path,
        kind: Kind::Choice(&METER_STATUSES),
        label: text("计量器具状态", "State of the meter"),
        help: text(
            "决定是否按 §7.3.4 保守修正。",
            "It decides whether the reading is corrected by §7.3.4.",
        ),
        required: needed,
    }
}

/// Accuracy class of an electricity meter.
pub(super) const fn meter_class(path: &'static str) -> Field {
    optional(
        path,
        Kind::Choice(&METER_CLASSES),
        text("准确度等级", "Accuracy class"),
        text(
            "未校准或延迟校准时必填。",
            "Needed where the meter was not calibrated, or late.",
        ),
    )
}

/// Actual basic error of a meter.
pub(super) const fn meter_error(path: &'static str) -> Field {
    optional(
        path,
        METER_ERROR,
        text("实际基本误差", "Actual basic error"),
        text(
            "校准报告中的误差；误差超出等级时必填。",
            "From the calibration report; needed where the error is outside the class.",
        ),
    )
}

pub(super) const MORE_METERS: Field = optional(
    "lines.*.more_meters",
    Kind::List { max: 50 },
    text("其他电能表", "Further meters"),
    text(
        "同一时段的其他计量点，各自修正后计入。",
        "Other metering points in the same interval, each corrected on its own.",
    ),
);

pub(super) const MORE_METER_DIRECTION: Field = required(
    "lines.*.more_meters.*.direction",
    Kind::Choice(&DIRECTIONS),
    text("方向", "Direction"),
    text("上网或下网。", "Export or import."),
);

pub(super) const MORE_METER_READING: Field = required(
    "lines.*.more_meters.*.mwh",
    ENERGY,
    text("电量", "Electricity"),
    text("修正前的读数。", "Reading before correction."),
);

/// The fuel of a list item.
pub(super) const fn fuel(path: &'static str) -> Field {
    required(
        path,
        Kind::Choice(&FUELS),
        text("燃料", "Fuel"),
        text("项目消耗的化石燃料。", "The fossil fuel the project burns."),
    )
}

/// Values of a fuel that the design document fixed, in place of the defaults: heat value, carbon content, oxidation.
pub(super) const fn fuel_values(
    ncv: &'static str,
    cc: &'static str,
    of: &'static str,
) -> [Field; 3] {
    let help = text(
        "留空用缺省值；填写则用设计文件审定时确定的数值。",
        "Empty: the default. Otherwise the value fixed in the validated design document.",
    );
    [
        optional(
            ncv,
            Kind::Number {
                unit: "GJ/t | GJ/10^4 Nm3",
                min: "0.001",
                max: "1000",
                decimals: 4,
            },
            text("低位发热量", "Net calorific value"),
            help,
        ),
        optional(
            cc,
            Kind::Number {
                unit: "tC/GJ",
                min: "0.0001",
                max: "0.1",
                decimals: 6,
            },
            text("单位热值含碳量", "Carbon content"),
            help,
        ),
        optional(
            of,
            Kind::Number {
                unit: "1",
                min: "0.01",
                max: "1",
                decimals: 4,
            },
            text("碳氧化率", "Oxidation rate"),
            help,
        ),
    ]
}
