//! What the footprint takes: a few facts about the event and the table of its inventory.

use super::unit;
use crate::generated::EVENT_FACTOR_CHOICES;
use crate::schema::{Choice, Column, Field, Kind};
use crate::text::{Text, text};

/// Most lines of an inventory.
pub const LINES_MAX: usize = 30_000;

const fn choice(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        text: text(zh, en),
    }
}

/// The stages of an event.
pub static STAGES: [Choice; 3] = [
    choice("prepare", "筹备阶段", "preparation"),
    choice("hold", "举办阶段", "holding"),
    choice("close", "收尾阶段", "closing"),
];

/// The classes of sources, those of the guide first.
pub static CLASSES: [Choice; 12] = [
    choice("fossil_fixed", "化石燃料：固定设施", "Fossil fuel, fixed"),
    choice("fossil_mobile", "化石燃料：移动设施", "Fossil fuel, mobile"),
    choice("electricity", "净购入电力", "Purchased electricity"),
    choice("heat", "净购入热力", "Purchased heat"),
    choice("travel", "人员交通", "Transport of people"),
    choice("lodging", "住宿", "Lodging"),
    choice("catering", "餐饮", "Catering"),
    choice("goods", "会议用品隐含的碳排放", "Goods (embodied)"),
    choice("freight", "货物运输", "Freight"),
    choice("water", "用水", "Water"),
    choice("waste", "废弃物处理", "Waste"),
    choice("other", "其他", "Other"),
];

/// How a quantity is known.
pub static QUALITIES: [Choice; 5] = [
    choice("measured", "计量", "measured"),
    choice("invoiced", "票据", "invoiced"),
    choice("registered", "登记", "registered"),
    choice("surveyed", "问卷", "surveyed"),
    choice("estimated", "估计", "estimated"),
];

/// Who gave a line.
static ORIGINS: [Choice; 4] = [
    choice("organiser", "主办方", "organiser"),
    choice("attendee", "参会者", "attendee"),
    choice("supplier", "供应商", "supplier"),
    choice("import", "导入文件", "imported file"),
];

static GASES: [Choice; 2] = [
    choice("CO2", "仅二氧化碳", "CO2 only"),
    choice("CO2e", "二氧化碳当量", "CO2 equivalent"),
];

static BOUNDARIES: [Choice; 9] = [
    choice("combustion", "燃料燃烧", "fuel burnt"),
    choice("generation", "发电环节", "at the power plants"),
    choice("direct", "行驶中直接排放", "direct, tank to wheel or wake"),
    choice("energy", "运行用能", "energy used in operation"),
    choice("process", "处理过程", "process"),
    choice(
        "well_to_tank",
        "燃料上游（附加项）",
        "fuel supply, an addition",
    ),
    choice(
        "extended",
        "直接排放、燃料上游与设施",
        "direct, fuel supply and infrastructure",
    ),
    choice("cradle_to_gate", "从原料到出厂", "cradle to gate"),
    choice("lifecycle", "全生命周期", "whole life"),
];

static METHODS: [Choice; 2] = [
    choice("location", "基于位置", "location-based"),
    choice("market", "基于市场（绿证）", "market-based (certificates)"),
];

static FORCING: [Choice; 2] = [
    choice("include", "计入", "included"),
    choice("exclude", "不计入", "left out"),
];

static MIXING: [Choice; 2] = [
    choice("refuse", "不允许", "not allowed"),
    choice(
        "acknowledged",
        "已知悉，分别列示",
        "acknowledged, shown apart",
    ),
];

const fn number(unit: &'static str, min: &'static str, max: &'static str, decimals: u32) -> Kind {
    Kind::Number {
        unit,
        min,
        max,
        decimals,
    }
}

const fn column(code: &'static str, kind: Kind, label: Text, help: Text, required: bool) -> Column {
    Column {
        code,
        kind,
        label,
        help,
        required,
    }
}

/// The columns of the inventory.
pub static COLUMNS: [Column; 22] = [
    column(
        "reference",
        Kind::Text { max: 60 },
        text("编号", "Reference"),
        text(
            "凭证、报名或订单的编号。同一编号不得出现两次，用于防止重复计入。",
            "Number of the voucher, registration or order. The same one must not appear twice: that is how double counting is found.",
        ),
        false,
    ),
    column(
        "stage",
        Kind::Choice(&STAGES),
        text("阶段", "Stage"),
        text(
            "排放发生的阶段。核算边界至少包括举办阶段。",
            "When it happens. The boundary holds at least the holding stage.",
        ),
        true,
    ),
    column(
        "class",
        Kind::Choice(&CLASSES),
        text("类别", "Class"),
        text(
            "排放源类别。留空则采用所选排放因子的类别；采用自有因子时须填写。",
            "Class of the source. Empty: that of the factor; needed with an own factor.",
        ),
        false,
    ),
    column(
        "activity",
        Kind::Text { max: 120 },
        text("活动", "Activity"),
        text("排放源的名称。", "Name of the source."),
        true,
    ),
    column(
        "quantity",
        number("1", "0", "1000000000", 6),
        text("数量", "Quantity"),
        text("活动数据，不得为负。", "Activity data, never negative."),
        true,
    ),
    column(
        "unit",
        Kind::Choice(&unit::CHOICES),
        text("单位", "Unit"),
        text(
            "数量的单位。同类单位（如千克与吨）自动换算，不同类的单位会被拒绝。",
            "Unit of the quantity. Units of one kind are converted (kg and t), others refused.",
        ),
        true,
    ),
    column(
        "factor",
        Kind::Choice(&EVENT_FACTOR_CHOICES),
        text("排放因子", "Factor"),
        text(
            "从因子表中选择，或填“own”使用自有因子。",
            "Choose from the table, or “own” for an own one.",
        ),
        true,
    ),
    column(
        "factor_year",
        number("year", "1990", "2100", 0),
        text("因子年份", "Factor year"),
        text(
            "留空则采用不晚于活动年份的最新一版；没有更早版本时采用最早一版并说明。",
            "Empty: the newest edition not later than the activity, else the oldest, which is said.",
        ),
        false,
    ),
    column(
        "activity_year",
        number("year", "1990", "2100", 0),
        text("活动年份", "Year of the activity"),
        text(
            "留空则为活动首日所在年份。",
            "Empty: the year of the first day of the event.",
        ),
        false,
    ),
    column(
        "province",
        Kind::Text { max: 40 },
        text("省份", "Province"),
        text(
            "电力排放因子所在省份或区域。留空则采用举办地。",
            "Province or region of the electricity. Empty: the place of the event.",
        ),
        false,
    ),
    column(
        "share_percent",
        number("%", "0.01", "100", 2),
        text("计入比例", "Share counted"),
        text(
            "数量中归于本活动的比例，例如两人合乘为 50。留空为 100。",
            "Share of the quantity that belongs to the event: 50 for a car shared by two. Empty: 100.",
        ),
        false,
    ),
    column(
        "certificate_kwh",
        number("kWh", "0", "1000000000000", 6),
        text("绿证电量", "Green certificates"),
        text(
            "已注销绿色电力证书对应的电量；基于市场的方法按零排放计。",
            "Electricity of cancelled green certificates; zero in the market-based method.",
        ),
        false,
    ),
    column(
        "certificate_proof",
        Kind::Text { max: 120 },
        text("绿证凭证", "Proof of certificates"),
        text(
            "绿证编号或注销证明；填写绿证电量时必填。",
            "Numbers or proof of cancellation; needed with an amount.",
        ),
        false,
    ),
    column(
        "quality",
        Kind::Choice(&QUALITIES),
        text("数据质量", "Data quality"),
        text(
            "数量的来源，决定缺省的不确定度。",
            "How the quantity is known: gives the default uncertainty.",
        ),
        true,
    ),
    column(
        "u_activity",
        number("%", "0", "500", 2),
        text("活动数据不确定度", "Uncertainty of the quantity"),
        text(
            "95 % 置信区间的半宽。留空则按数据质量取缺省值（假定）。",
            "Half the 95 % interval. Empty: the default of the data quality (assumed).",
        ),
        false,
    ),
    column(
        "u_factor",
        number("%", "0", "500", 2),
        text("因子不确定度", "Uncertainty of the factor"),
        text(
            "留空则取因子表或其来源等级的缺省值（假定）。",
            "Empty: that of the table, or the default of its tier (assumed).",
        ),
        false,
    ),
    column(
        "own_factor",
        number("kg per unit", "0", "100000", 8),
        text("自有因子", "Own factor"),
        text(
            "每单位千克数；仅在因子为“own”时填写。",
            "Kilograms per unit; only with the factor “own”.",
        ),
        false,
    ),
    column(
        "own_source",
        Kind::Text { max: 200 },
        text("自有因子出处", "Source of the own factor"),
        text(
            "文件、年份与页码；采用自有因子时必填。",
            "Document, year and page; needed with an own factor.",
        ),
        false,
    ),
    column(
        "own_gas",
        Kind::Choice(&GASES),
        text("自有因子的气体", "Gas of the own factor"),
        text("采用自有因子时必填。", "Needed with an own factor."),
        false,
    ),
    column(
        "own_boundary",
        Kind::Choice(&BOUNDARIES),
        text("自有因子的边界", "Boundary of the own factor"),
        text(
            "采用自有因子时必填：燃烧因子与全生命周期因子不得混用。",
            "Needed with an own factor: those of combustion and of a whole life are not mixed.",
        ),
        false,
    ),
    column(
        "origin",
        Kind::Choice(&ORIGINS),
        text("数据提供方", "Given by"),
        text(
            "用于发现参会者与供应商重复填报。",
            "Shows where attendees and suppliers report the same.",
        ),
        false,
    ),
    column(
        "evidence",
        Kind::Text { max: 200 },
        text("证据", "Evidence"),
        text("凭证的名称或链接。", "Name or address of the proof."),
        false,
    ),
];

const fn field(path: &'static str, kind: Kind, label: Text, help: Text, required: bool) -> Field {
    Field {
        path,
        kind,
        label,
        help,
        required,
    }
}

/// The inputs, in the order of a form.
pub(super) static FIELDS: [Field; 13] = [
    field(
        "from",
        Kind::Date,
        text("活动首日", "First day of the event"),
        text(
            "其年份为缺省的活动年份。",
            "Its year is the default year of the activities.",
        ),
        true,
    ),
    field(
        "to",
        Kind::Date,
        text("活动末日", "Last day of the event"),
        text("包括这一天。", "Included."),
        true,
    ),
    field(
        "accounted_on",
        Kind::Date,
        text("核算日期", "Day of accounting"),
        text(
            "只采用当日及以前公布的排放因子。",
            "Only factors published by that day are used.",
        ),
        true,
    ),
    field(
        "province",
        Kind::Text { max: 40 },
        text("举办地省份", "Province of the event"),
        text(
            "未填写省份的电力按此取因子。",
            "Electricity without a province takes the factor of this one.",
        ),
        false,
    ),
    field(
        "people",
        number("person", "1", "100000000", 0),
        text("参加人数", "People"),
        text("用于计算人均排放。", "For the figure per head."),
        false,
    ),
    field(
        "factor_year",
        Kind::Year,
        text("全部采用此年份的因子", "One factor year for all"),
        text(
            "可选，用于比较不同年份的因子；逐行填写的年份优先。没有该年份时说明改用了哪一年。",
            "Optional, to compare factor years; the year of a line comes first. Where there is no such year it is said what was used.",
        ),
        false,
    ),
    field(
        "electricity_method",
        Kind::Choice(&METHODS),
        text("电力核算方法", "Method for electricity"),
        text(
            "两种方法的结果都会给出；此处选择计入总量的一种。留空为基于位置。",
            "Both results are given; this one goes into the total. Empty: location-based.",
        ),
        false,
    ),
    field(
        "radiative_forcing",
        Kind::Choice(&FORCING),
        text("航空辐射强迫", "Radiative forcing of flights"),
        text(
            "国际航班的非二氧化碳效应。留空为计入。",
            "Effects of international flights other than CO2. Empty: included.",
        ),
        false,
    ),
    field(
        "mixed_boundaries",
        Kind::Choice(&MIXING),
        text("同一对象混用不同边界", "Mixed boundaries for one subject"),
        text(
            "同一对象（如电力）同时采用运行排放因子与全生命周期因子时，须明确知悉。留空为不允许。",
            "Where factors of operation and of a whole life meet in one subject, such as electricity, it must be acknowledged. Empty: not allowed.",
        ),
        false,
    ),
    field(
        "left_out",
        Kind::List { max: 50 },
        text("未纳入的排放源", "Sources left out"),
        text(
            "清单中未核算的类别及理由。",
            "Classes of the checklist that are not accounted for, with the reason.",
        ),
        false,
    ),
    field(
        "left_out.*.class",
        Kind::Choice(&CLASSES),
        text("类别", "Class"),
        text("未纳入的类别。", "The class that is left out."),
        true,
    ),
    field(
        "left_out.*.reason",
        Kind::Text { max: 300 },
        text("理由", "Reason"),
        text(
            "为何未纳入，例如未使用。",
            "Why, for example because it was not used.",
        ),
        true,
    ),
    field(
        "lines",
        Kind::Table {
            columns: &COLUMNS,
            max_rows: LINES_MAX,
        },
        text("排放清单", "Inventory"),
        text(
            "每行一项活动，首行为列名；可从电子表格粘贴。",
            "One activity per line under a header; may be pasted from a spreadsheet.",
        ),
        true,
    ),
];

/// The text of a choice.
pub(super) fn text_of(choices: &'static [Choice], value: &str) -> Text {
    choices
        .iter()
        .find(|choice| choice.value == value)
        .map_or(text("", ""), |choice| choice.text)
}
