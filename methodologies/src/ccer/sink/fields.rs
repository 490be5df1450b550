//! The inputs that the sinks share.

use crate::ccer::fields::{optional, required};
use crate::schema::{Choice, Column, Field, Kind};
use crate::text::{Text, text};

/// One choice.
pub(in crate::ccer) const fn choice(
    value: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

/// A column that every line must fill in.
pub(in crate::ccer) const fn needed(
    code: &'static str,
    kind: Kind,
    label: Text,
    help: Text,
) -> Column {
    Column {
        code,
        kind,
        label,
        help,
        required: true,
    }
}

/// A column that may be missing or left empty.
pub(in crate::ccer) const fn extra(
    code: &'static str,
    kind: Kind,
    label: Text,
    help: Text,
) -> Column {
    Column {
        code,
        kind,
        label,
        help,
        required: false,
    }
}

/// A number.
pub(in crate::ccer) const fn number(
    unit: &'static str,
    min: &'static str,
    max: &'static str,
    decimals: u32,
) -> Kind {
    Kind::Number {
        unit,
        min,
        max,
        decimals,
    }
}

/// Yes or no.
pub(in crate::ccer) static YES_NO: [Choice; 2] =
    [choice("yes", "是", "yes"), choice("no", "否", "no")];

/// Most strata of a project.
pub(in crate::ccer) const STRATA_MAX: usize = 1_000;

pub(in crate::ccer) const AS_OF: Field = required(
    "as_of",
    Kind::Date,
    text("文件提交日期", "Date of the document"),
    text(
        "上传核查报告（事后）或项目设计文件定稿（事前）的日期；计算采用当日有效的参数。",
        "Day on which the verification report (ex post) or the final design document (ex ante) is uploaded; the parameters in force on that day are used.",
    ),
);

pub(in crate::ccer) const CREDITING_FROM: Field = required(
    "crediting_from",
    Kind::Date,
    text("计入期首日", "First day of the crediting period"),
    text(
        "含当日；最早 2020-09-23。",
        "Included; 2020-09-23 at the earliest.",
    ),
);

pub(in crate::ccer) const CREDITING_TO: Field = required(
    "crediting_to",
    Kind::Date,
    text("计入期末日", "Last day of the crediting period"),
    text(
        "含当日；计入期为 20 至 40 年。",
        "Included; a crediting period lasts 20 to 40 years.",
    ),
);

pub(in crate::ccer) const PERIOD_FROM: Field = required(
    "period_from",
    Kind::Date,
    text("核算期首日", "First day of the monitoring period"),
    text(
        "含当日；最早 2020-09-23。",
        "Included; 2020-09-23 at the earliest.",
    ),
);

pub(in crate::ccer) const PERIOD_TO: Field = required(
    "period_to",
    Kind::Date,
    text("核算期末日", "Last day of the monitoring period"),
    text(
        "含当日；不晚于样地测量日。",
        "Included; not after the day on which the plots were measured.",
    ),
);

pub(in crate::ccer) const STRATA: Field = required(
    "strata",
    Kind::List { max: STRATA_MAX },
    text("碳层", "Strata"),
    text(
        "按造林年份、树种组成和密度划分，最多 1,000 层。",
        "Divided by planting year, species and density; at most 1,000.",
    ),
);

pub(in crate::ccer) const STRATUM_NAME: Field = required(
    "strata.*.name",
    Kind::Text { max: 60 },
    text("碳层名称", "Name of the stratum"),
    text(
        "例如 PROJ-1；各碳层不得重名。样地表以此名称引用碳层。",
        "For example PROJ-1; no two alike. The table of plots names the stratum so.",
    ),
);

pub(in crate::ccer) const STRATUM_AREA: Field = required(
    "strata.*.area_ha",
    number("ha", "0.0001", "1000000", 4),
    text("面积", "Area"),
    text(
        "水平投影面积；1 公顷 = 15 亩。",
        "Horizontal area; 1 ha = 15 mu.",
    ),
);

pub(in crate::ccer) const STRATUM_PLANTING_YEAR: Field = required(
    "strata.*.planting_year",
    Kind::Year,
    text("造林年份", "Planting year"),
    text(
        "林龄自造林年的年末为 0 岁起算。",
        "The stand has the age 0 at the end of this year.",
    ),
);

pub(in crate::ccer) const STRATUM_DENSITY: Field = optional(
    "strata.*.density_per_ha",
    number("1/ha", "1", "100000", 2),
    text("密度", "Density"),
    text(
        "每公顷株数；仅按单株材积曲线估算时参与计算。",
        "Trees per hectare; used in the calculation only with a curve of volume per tree.",
    ),
);

pub(in crate::ccer) const STATED_TOTAL: Field = optional(
    "stated_total_t",
    number("t", "0", "1000000000", 0),
    text("文本所写减排总量", "Total stated in the text"),
    text(
        "文件正文写明的总量；与计算结果不一致时提示。",
        "The total the document itself states; a difference from the calculation is pointed out.",
    ),
);

pub(in crate::ccer) const STATED_ANNUAL: Field = optional(
    "stated_annual_t",
    number("t", "0", "1000000000", 0),
    text("文本所写年均减排量", "Yearly figure stated in the text"),
    text(
        "文件正文写明的年均量；与计算结果不一致时提示。",
        "The yearly figure the document itself states; a difference from the calculation is pointed out.",
    ),
);
