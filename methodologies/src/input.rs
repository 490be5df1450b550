//! Reading input that people or machines wrote: every mistake becomes an [`InputError`] at its path.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};
use time::Date;

use crate::day;
use crate::quantity::{self, NumberError, Quantity, Unit};
use crate::schema::{Field, Kind};
use crate::table::{self, Table};
use crate::text::{Message, Text, text};

/// One reason why an input was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// Dotted path of the field (`lines.0.export_mwh`), or empty for the input as a whole.
    pub path: String,
    /// One of [`INPUT_ERRORS`].
    pub code: &'static str,
    /// Values for the placeholders of the text.
    pub params: Vec<(&'static str, String)>,
}

impl InputError {
    /// An error at a path.
    pub fn new(path: impl Into<String>, code: &'static str) -> Self {
        Self {
            path: path.into(),
            code,
            params: Vec::new(),
        }
    }

    /// The same with one more value for its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// What went wrong and what to do, in both languages.
    pub fn text(&self) -> Message {
        INPUT_ERRORS
            .iter()
            .find(|error| error.code == self.code)
            .map_or_else(
                || text(self.code, self.code).into(),
                |error| error.text.fill(&self.params),
            )
    }
}

/// The sentence for an input error code; `{name}` stands for a parameter.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ErrorText {
    /// Stable code.
    pub code: &'static str,
    /// The sentence in both languages.
    pub text: Text,
}

macro_rules! input_errors {
    ($($code:literal: $zh:literal, $en:literal;)+) => {
        /// Every code an [`InputError`] can carry, with its text.
        pub const INPUT_ERRORS: &[ErrorText] = &[$(ErrorText { code: $code, text: text($zh, $en) }),+];
    };
}

input_errors! {
    "calculator_unknown": "没有名为“{value}”的计算器。", "There is no calculator named “{value}”.";
    "formula_unknown": "没有名为“{value}”的公式。", "There is no formula named “{value}”.";
    "divided_by_zero": "分母为零，无法计算。", "The denominator is zero: there is no value.";
    "methodology_unknown": "没有编号为“{value}”的方法学。", "There is no methodology with the code “{value}”.";
    "input_not_an_object": "输入必须是一个 JSON 对象。", "The input must be a JSON object.";
    "unknown_field": "“{field}”不是此计算的输入项。请检查拼写，或删除它。", "“{field}” is not an input of this calculation. Check its spelling or remove it.";
    "required": "请填写此项。", "Fill this in.";
    "value_expected": "此处应为单个值，而不是列表或对象。", "A single value belongs here, not a list or an object.";
    "list_expected": "此处应为列表。", "A list belongs here.";
    "list_empty": "请至少填写一行。", "Fill in at least one line.";
    "list_too_long": "最多可填 {max} 行。", "At most {max} lines can be entered.";
    "text_too_long": "最多 {max} 个字符。", "At most {max} characters.";
    "table_column_missing": "首行缺少“{zh}”（{en}，{column}）一列。", "The first line has no column “{en}” ({zh}, {column}).";
    "table_column_unknown": "首行的“{column}”不是此表的列。可用的列：{titles}（{codes}）。", "“{column}” in the first line is not a column of this table. There are: {codes} ({titles}).";
    "table_column_twice": "首行两次出现 {column} 一列。", "The first line names the column {column} twice.";
    "table_too_many_cells": "此行有 {found} 格，首行只有 {expected} 格。", "This line has {found} cells, the first line only {expected}.";
    "table_line": "第 {line} 行 {column}：{text}", "Line {line} {column}: {text}";
    "table_line_unreadable": "此行过长或格式无法读取。", "This line is too long or cannot be read.";
    "table_more_errors": "此表另有 {more} 处错误未列出（各列错误数：{columns}）。请先改正已列出的错误。", "There are {more} more errors in this table (by column: {columns}). Correct those listed first.";
    "number_empty": "请填写一个数。", "Enter a number.";
    "number_too_long": "内容过长：一个数不会超过 {max} 个字符。", "Too long: no number needs more than {max} characters.";
    "number_not_a_number": "请填写一个数，例如 1655202 或 178515.25。", "Enter a number, for example 1655202 or 178515.25.";
    "number_ambiguous_separator": "逗号、点或空格的位置不明确。请写成 1655202.5 或 1,655,202.5。", "The commas, points or spaces can mean two things. Write 1655202.5 or 1,655,202.5.";
    "number_exponent": "请写出完整的数，不用指数，例如 1000000。", "Write the number in full, without exponent, for example 1000000.";
    "number_too_many_digits": "小数点前最多 {max} 位。", "At most {max} digits before the decimal point.";
    "number_too_many_decimals": "小数点后最多 {max} 位。", "At most {max} digits after the decimal point.";
    "number_wrong_unit": "单位不符：此处应为 {unit}。请换算后填写。", "Wrong unit: this is entered in {unit}. Convert it first.";
    "number_imprecise_json": "此数位数过多，JSON 数字无法准确表示。请以字符串发送。", "This number has more digits than a JSON number keeps. Send it as a string.";
    "number_out_of_range": "应在 {min} 与 {max} 之间。", "It must be between {min} and {max}.";
    "number_must_be_positive": "应大于零。", "It must be more than zero.";
    "date_invalid": "请按 2026-01-31 的格式填写日期。", "Write the date as 2026-01-31.";
    "year_invalid": "请填写四位年份，例如 2024。", "Enter a year with four digits, for example 2024.";
    "choice_invalid": "请从以下选项中选择：{choices}。", "Choose one of: {choices}.";
    "end_before_start": "结束日期 {end} 早于开始日期 {start}。", "The end, {end}, is before the start, {start}.";
    "period_before_first_creditable_day": "减排量最早可自 {date} 起计算。", "Reductions count from {date} at the earliest.";
    "crediting_too_long": "计入期最长 {years} 年：从 {start} 起，最晚到 {last}（含首尾两天）。", "A crediting period is at most {years} years: from {start} to {last} at the latest, first and last day included.";
    "crediting_too_short": "计入期最短 {years} 年：从 {start} 起，最早到 {earliest}（含首尾两天）。", "A crediting period is at least {years} years: from {start} to {earliest} at the earliest, first and last day included.";
    "event_unit_mismatch": "单位“{unit}”与因子的单位“{expected}”不是同一类，无法换算。", "The unit “{unit}” cannot be converted to that of the factor, “{expected}”.";
    "event_reference_twice": "编号“{reference}”已在第 {first} 行出现，不得重复计入。", "The reference “{reference}” is already in line {first}: nothing is counted twice.";
    "event_own_not_chosen": "填写了自有因子的内容，但因子不是“own”。请选择“own”，或清空此格。", "This belongs to an own factor, but the factor is not “own”. Choose “own” or empty the cell.";
    "event_factor_not_published": "截至 {on}，“{zh}”（{en}）尚无已公布的数值。请换用其他因子或自有因子。", "No value of “{en}” ({zh}) had been published by {on}. Use another factor or an own one.";
    "event_boundary_mixed": "边界为“{other_zh}”（{other_en}），而第 {first} 行同一对象的边界为“{zh}”（{en}）。请采用同一边界的因子，或选择“已知悉”。", "Its boundary is “{other_en}” ({other_zh}), that of the same subject in line {first} is “{en}” ({zh}). Use factors of one boundary, or choose to acknowledge it.";
    "event_certificates_exceed": "绿证电量不得超过此行的用电量 {max} kWh。", "Certificates cannot cover more than the electricity of the line, {max} kWh.";
    "event_certificates_not_grid": "绿证只用于采用电网因子的用电。", "Certificates only cover electricity with a factor of the grid.";
    "event_no_holding": "核算边界至少包括举办阶段：请至少填写一行举办阶段的排放。", "The boundary holds at least the holding stage: enter a line of it.";
    "event_left_out_counted": "“{zh}”（{en}）已有数据，不应再列为未纳入。", "“{en}” ({zh}) has lines in the inventory: do not list it as left out.";
    "year_outside_period": "{year} 年不在 {from} 至 {to} 之内。", "{year} is not within {from} to {to}.";
    "density_required": "按单株材积估算时请填写每公顷株数。", "With volumes per tree, enter the number of trees per hectare.";
    "points_required": "请填写曲线的点（林龄与数值），或选用内置的假定曲线。", "Enter the points of the curve (age and value), or choose the built-in assumed curve.";
    "points_not_ascending": "林龄须逐行增大。", "Ages must grow from line to line.";
    "curve_not_built_in": "此树种没有内置曲线，请填写自己的曲线。", "There is no built-in curve for this species: enter your own.";
    "curve_volume_of_shrubs": "灌木没有材积，请填写单位面积生物量曲线。", "Shrubs have no volume: enter a curve of biomass per hectare.";
    "stand_age_required": "热带的燃烧系数取决于林龄，请填写林龄。", "The tropical combustion factor depends on the age of the stand: enter it.";
    "soil_rate_required": "计入土壤有机碳时，请填写年增量。", "Enter the yearly rate if soil carbon is included.";
    "stratum_without_area": "须扣除的面积 {excluded} ha 不小于碳层面积 {area} ha。", "The area to be cut out, {excluded} ha, is not less than that of the stratum, {area} ha.";
    "stratum_twice": "碳层名称“{name}”重复。", "The stratum “{name}” is listed twice.";
    "stratum_unknown": "没有名为“{name}”的碳层。", "There is no stratum “{name}”.";
    "plot_twice": "样地“{name}”重复。", "The plot “{name}” is listed twice.";
    "plot_unknown": "样地表中没有“{name}”。", "The table of plots has no plot “{name}”.";
    "plots_too_few": "碳层“{stratum}”只有 {found} 个样地，至少需要 {min} 个。", "The stratum “{stratum}” has {found} plots; at least {min} are needed.";
    "more_plots_needed": "相对不确定性为 {found} %，超过 {max} %：须增加样地。", "The relative uncertainty is {found} %, above {max} %: more plots are needed.";
    "height_required": "按材积式或形数计算时请填写树高，或直接填写单株材积。", "Enter the height for the volume equation, or the volume of the tree itself.";
    "equation_twice": "“{species}”已有同类方程。", "There is already an equation for {species}.";
    "volume_not_for_shrubs": "灌木不按单株材积计算：请填写盖度，或提供生物量方程。", "Shrubs have no volume per tree: enter their cover, or a biomass equation.";
    "previous_stock_incomplete": "上次核查的日期和碳储量须同时填写。", "Enter both the date and the stock of the previous verification.";
    "start_required": "首次核算时请填写项目开工日期。", "For the first accounting, enter the start of the project.";
    "period_before_stock": "核算期须在 {date}（起算碳储量之日）之后结束。", "The period must end after {date}, the day of the stock it starts from.";
    "period_after_measurement": "核算期须在测量日 {date} 或之前结束。", "The period must end on the day of the measurement, {date}, or before.";
    "methodology_not_in_force": "{code} 自 {from} 起施行，此日期在其之前。", "{code} is in force from {from}; this day is earlier.";
    "line_crosses_year_end": "一行不能跨年：请在 {year_end} 处拆分。", "A line must not cross the end of a year: split it after {year_end}.";
    "line_outside_period": "此行超出核算期 {from} 至 {to}。", "This line is outside the monitoring period, {from} to {to}.";
    "lines_overlap": "与另一行重叠：上一行到 {previous_to} 为止。", "It overlaps another line, which ends on {previous_to}.";
    "lines_gap": "各行须连续覆盖整个核算期：此处应为 {expected}。", "The lines must cover the whole period without a gap: {expected} is expected here.";
    "meter_class_required": "请填写电能表的准确度等级：修正按等级的最大允许误差计算。", "Enter the meter's accuracy class: the correction uses the largest error the class allows.";
    "meter_error_required": "请填写校准报告中的实际基本误差。", "Enter the actual basic error from the calibration report.";
    "factor_date_or_set_required": "请填写提交日期，或指定排放因子的年度版本。", "Enter the date of the document, or name the factor set.";
    "factor_not_published": "截至 {as_of}，没有可用于 {grid} 电网 {year} 年的排放因子。", "No emission factor for the {grid} grid that could serve {year} had been published by {as_of}.";
    "parameter_unknown": "没有编号为“{id}”的参数。请从参数列表中选择。", "There is no parameter “{id}”. Choose one from the list of parameters.";
    "parameter_unit_wrong": "单位“{unit}”不对：此参数的单位是 {expected}。请先换算。", "The unit “{unit}” is not the one of this parameter, which is {expected}. Convert the value first.";
    "parameter_out_of_range": "{id} 须在 {min} 至 {max} {unit} 之间。差异如此之大通常是单位不同。", "{id} must be between {min} and {max} {unit}. A difference that large mostly means another unit.";
    "parameter_from_too_early": "不能早于 {first}：此参数自该日起才有数值。", "Not before {first}: this parameter has values from that day on.";
    "parameter_from_too_late": "日期过远，请检查年份。", "That is too far away. Check the year.";
    "parameter_tier_unwanted": "此参数没有等级，请留空。", "This number has no tier: leave it empty.";
    "parameter_tier_contradicts": "等级 {tier} 与“性质”不符：A、B 级引自官方文件，C、D、E、X 级仍为假定。请改其一，或分开提出。", "Tier {tier} contradicts the kind of numbers: A and B are quoted from an official document, C, D, E and X are still assumed. Change one of them, or propose them apart.";
    "parameter_source_too_long": "出处最多 {max} 个字符。", "The source has at most {max} characters.";
    "parameter_margin_alone": "电量边际与容量边际须成对、同日替换：{id} 缺少 {other}。", "Operating and build margin are replaced together, from the same day: {id} lacks {other}.";
    "parameter_weights_sum": "自 {on} 起两个边际权重之和为 {sum}，须为 1。请同时替换 w_om 与 w_bm。", "From {on} the weights of the two margins add up to {sum}, not to 1. Replace w_om and w_bm together.";
    "factor_set_unknown": "没有 {grid} 电网“{label}年度”的排放因子。现有：{labels}。", "There is no factor set labelled {label} for the {grid} grid. There are: {labels}.";
    "factor_year_twice": "{year} 年的排放因子版本指定了两次。", "The factor set of {year} is named twice.";
    "parameter_not_in_force": "参数“{parameter}”在 {on} 尚无现行值。", "The parameter {parameter} had no value in force on {on}.";
    "scene_unknown": "没有名为“{value}”的情景。", "There is no scene named “{value}”.";
    "scene_not_in_force": "情景“{scene}”自 {from} 起计入，此日期在其之前。", "The scene {scene} counts from {from}; this day is earlier.";
    "scene_ended": "此情景已结束，{until} 是最后一天；之前各日的行为仍可补交。", "This scene has ended: {until} was its last day. Acts of days before may still be handed in.";
    "scene_code_invalid": "编号须为 2 至 40 个小写英文字母、数字或下划线。", "The code has 2 to 40 small letters, digits or underscores.";
    "scene_code_taken": "此编号已用于其他参数，请另取一个。", "This code belongs to other numbers. Choose another one.";
    "scene_why_unwanted": "可核证的情景不需要此项，请留空。", "A scene that can be certified needs no reason: leave it empty.";
    "scene_unit_changed": "此情景已按 {unit} 计量，不能更改：此前计入的数量仍占用上限。如须更改，请新建情景。", "This scene is measured in {unit}, which cannot change: what was counted still uses up its limits. Make a new scene instead.";
    "scene_family_changed": "情景的类别不能更改：此前的记录按原类别合计。", "The kind of a scene cannot change: what was counted is summed by it.";
    "scene_formula_of_another": "此公式要用到只属于某一内置情景的参数，不能用于此情景。", "This formula reads numbers that only one built-in scene has: it cannot be used here.";
    "scene_measure_unfit": "此公式不能用这种计量方式。", "This formula does not go with this measure.";
    "scene_credit_unfit": "“只计活力分”须与“只计活力分”的公式同时选择。", "Activity points only: choose it for the formula and for what the scene earns, or for neither.";
    "scene_limit_twice": "同一时段、同一计法只能有一个上限。", "There is another limit over the same time and of the same kind.";
    "scene_without_limit": "计克数的情景至少要有一个按日或按月的上限。", "A scene that earns grams needs at least one limit by day or month.";
    "scene_speed_of_nothing": "只有按公里计的出行情景才有最高速度，请清空。", "Only travel that counts kilometres has a highest speed: leave it empty.";
    "scene_without_speed": "按公里计的出行情景须有最高平均速度（公里/小时），更快的记录不予接收。", "Travel that counts kilometres needs a highest mean speed in km/h; a faster trip is not taken in.";
    "scene_unlimited": "按数量计的情景须有单次上限，或按数量的上限。", "A scene that counts an amount needs a most for one act, or a limit of the amount.";
    "scene_most_of_nothing": "按次计的情景没有数量可限，请留空。", "A scene that counts acts has no amount to bound: leave it empty.";
    "scene_role_unfit": "此公式不用这种因子，或此情景不按里程计。", "This formula does not read such a factor, or the scene is not measured in kilometres.";
    "scene_project_alone": "项目排放须与同一地区的基准线排放成对。", "Project emissions need the baseline emissions of the same region.";
    "scene_factor_twice": "同一地区、同一种因子只能有一个数值。", "There is another factor of the same kind for this region.";
    "scene_without_factor": "请填写此公式要用的因子。", "Enter the factors that this formula needs.";
    "scene_not_certifiable": "情景“{scene}”不产生可核证的减排量。", "The scene {scene} gives nothing that can be certified.";
    "factor_not_for_region": "情景“{scene}”在 {region} 没有可用的因子。", "The scene {scene} has no factor for {region}.";
    "factor_unvetted": "情景“{scene}”在 {region} 只有未经核实的因子（X 级）：可选择允许后试算，但不能核证。", "For {scene} in {region} there are only unverified factors (tier X). Allow them to try; the result cannot be certified.";
    "factor_not_certifiable": "未经核实的因子（X 级）不能用于核证：{scene}。", "An unverified factor (tier X) cannot be used for certified reductions: {scene}.";
    "evidence_not_certifiable": "证据等级 {evidence} 不能用于核证：须有运营方、计量、支付或商户的记录。", "Evidence {evidence} cannot be certified: a record of an operator, meter, payment or merchant is needed.";
    "act_implausible": "一次 {found} 超过可信上限 {max}。请核对单位，或分次填写。", "{found} in one act is above what is believed, {max}. Check the unit, or enter several acts.";
    "act_too_small": "{found} 低于计入的最小值 {min}。", "{found} is below the least that counts, {min}.";
    "driven_less_than_direct": "实际里程不能小于车主直达里程 {min}。", "The distance driven cannot be less than the driver's direct distance, {min}.";
    "part_not_less_than_whole": "须小于总量 {whole}。", "It must be less than the whole, {whole}.";
    "history_too_short": "至少需要 {min} 天的历史数据。", "At least {min} days of history are needed.";
    "energy_above_capacity": "电量超过该装机在一次读数内可能发出的 {max} kWh，请核对读数与装机。", "More than the {max} kWh that this capacity can give in one reading: check the reading and the capacity.";
    "capacity_too_large": "单个并网点装机须小于 {max} MW。", "The capacity at one connection must be below {max} MW.";
    "amount_too_large": "数值过大，无法精确计算。", "The amounts are too large to be computed exactly.";
}

/// Most form fields that are read.
const FIELDS_MAX: usize = 20_000;
/// Deepest nesting of dotted names.
const DEPTH_MAX: usize = 8;
/// Largest list index.
const INDEX_MAX: usize = 999;
/// Most empty places that skipped list indices may cause in total.
const PADDING_MAX: usize = 20_000;
/// Longest form field name in characters.
const NAME_MAX: usize = 100;
/// Most errors reported at once.
const ERRORS_MAX: usize = 300;

/// Turns form fields with dotted names into nested JSON: `lines.0.to` becomes `{"lines":[{"to":…}]}`.
///
/// Empty values are left out, as if the field were missing. A skipped list index becomes `null`, so that
/// paths of errors stay the names of the fields. Names that cannot be nested (too deep, too long, an index
/// above 999, in conflict with another name) stay flat at the top, where a calculator refuses them by name.
pub fn fields_to_json(fields: &BTreeMap<String, String>) -> Value {
    let mut root = Node::default();
    let mut flat = Map::new();
    let mut padding = 0;
    for (name, value) in fields
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .take(FIELDS_MAX)
    {
        if !nestable(name) || !root.insert(&mut name.split('.'), value, &mut padding) {
            flat.insert(
                name.chars().take(NAME_MAX).collect(),
                Value::String(value.clone()),
            );
        }
    }
    let mut json = match root.into_json() {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    json.extend(flat);
    Value::Object(json)
}

fn nestable(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.split('.').count() <= DEPTH_MAX
        && name.split('.').all(|segment| {
            !segment.is_empty() && (!is_digits(segment) || list_index(segment).is_some())
        })
        && !name.split('.').next().is_some_and(is_digits)
}

fn is_digits(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
}

fn list_index(segment: &str) -> Option<usize> {
    let canonical = segment == "0" || (is_digits(segment) && !segment.starts_with('0'));
    segment
        .parse()
        .ok()
        .filter(|index| canonical && *index <= INDEX_MAX)
}

/// A form being nested: a value, a list, or a group.
#[derive(Default)]
enum Node {
    #[default]
    Empty,
    Value(String),
    List(BTreeMap<usize, Node>),
    Group(BTreeMap<String, Node>),
}

impl Node {
    /// Puts a value at its place; `false` if the place is taken by something of another shape.
    fn insert<'a>(
        &mut self,
        segments: &mut impl Iterator<Item = &'a str>,
        value: &str,
        padding: &mut usize,
    ) -> bool {
        let Some(segment) = segments.next() else {
            if matches!(self, Self::Empty) {
                *self = Self::Value(value.to_owned());
                return true;
            }
            return false;
        };
        if let Some(index) = list_index(segment) {
            if matches!(self, Self::Empty) {
                *self = Self::List(BTreeMap::new());
            }
            let Self::List(items) = self else {
                return false;
            };
            let last = items.last_key_value().map_or(0, |(last, _)| last + 1);
            let skipped = index.saturating_sub(last);
            if *padding + skipped > PADDING_MAX {
                return false;
            }
            *padding += skipped;
            items
                .entry(index)
                .or_default()
                .insert(segments, value, padding)
        } else {
            if matches!(self, Self::Empty) {
                *self = Self::Group(BTreeMap::new());
            }
            let Self::Group(members) = self else {
                return false;
            };
            members
                .entry(segment.to_owned())
                .or_default()
                .insert(segments, value, padding)
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Value(value) => Value::String(value),
            Self::List(items) => {
                let length = items.last_key_value().map_or(0, |(last, _)| last + 1);
                let mut list = vec![Value::Null; length];
                for (index, item) in items {
                    list[index] = item.into_json();
                }
                Value::Array(list)
            }
            // one by one: collecting into a map would bring a sorting algorithm into the browser
            Self::Group(members) => {
                let mut object = Map::new();
                for (name, member) in members {
                    object.insert(name, member.into_json());
                }
                Value::Object(object)
            }
        }
    }
}

/// Turns nested JSON back into form fields; `null` and anything nested deeper than 8 are left out.
pub fn json_to_fields(json: &Value) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    flatten(json, "", 0, &mut fields);
    fields
}

fn flatten(value: &Value, path: &str, depth: usize, fields: &mut BTreeMap<String, String>) {
    if depth > DEPTH_MAX || fields.len() >= FIELDS_MAX {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                flatten(member, &join(path, name), depth + 1, fields);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, &join(path, &index.to_string()), depth + 1, fields);
            }
        }
        Value::String(text) => {
            fields.insert(path.to_owned(), text.clone());
        }
        other => {
            fields.insert(path.to_owned(), other.to_string());
        }
    }
}

pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Reads an input by the table of its fields and collects what is wrong with it.
pub(crate) struct Reader<'a> {
    fields: &'static [Field],
    json: &'a Value,
    /// What was refused so far.
    pub errors: Vec<InputError>,
}

impl<'a> Reader<'a> {
    /// Starts reading; names that the table does not have are refused at once.
    pub fn new(json: &'a Value, fields: &'static [Field]) -> Self {
        let mut reader = Self {
            fields,
            json,
            errors: Vec::new(),
        };
        if json.is_object() {
            reader.refuse_unknown(json, String::new(), String::new());
        } else {
            reader.error(InputError::new("", "input_not_an_object"));
        }
        reader
    }

    /// Starts reading an input that may hold more than the table; the rest is left alone.
    pub fn lenient(json: &'a Value, fields: &'static [Field]) -> Self {
        let mut reader = Self {
            fields,
            json,
            errors: Vec::new(),
        };
        if !json.is_object() {
            reader.error(InputError::new("", "input_not_an_object"));
        }
        reader
    }

    /// The table it reads by.
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Notes an error, up to the most that is reported.
    pub fn error(&mut self, error: InputError) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(error);
        }
    }

    /// The value if nothing was refused, else every error.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<InputError>> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }

    fn refuse_unknown(&mut self, value: &Value, path: String, pattern: String) {
        if is_missing(value) || self.errors.len() >= ERRORS_MAX {
            return;
        }
        let known = pattern.is_empty()
            || self.fields.iter().any(|field| {
                field.path == pattern
                    || field
                        .path
                        .strip_prefix(&pattern)
                        .is_some_and(|rest| rest.starts_with('.'))
            });
        if !known {
            let shown: String = path.chars().take(NAME_MAX).collect();
            self.error(InputError::new(shown.clone(), "unknown_field").with("field", shown));
            return;
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.refuse_unknown(member, join(&path, name), join(&pattern, name));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.refuse_unknown(item, join(&path, &index.to_string()), join(&pattern, "*"));
                }
            }
            _ => {}
        }
    }

    fn field(&self, path: &str) -> Option<&'static Field> {
        let pattern = pattern_of(path);
        self.fields.iter().find(|field| field.path == pattern)
    }

    fn at(&self, path: &str) -> Option<&'a Value> {
        let mut value = self.json;
        for segment in path.split('.') {
            value = match value {
                Value::Object(members) => members.get(segment)?,
                Value::Array(items) => items.get(list_index(segment)?)?,
                _ => return None,
            };
        }
        if is_missing(value) { None } else { Some(value) }
    }

    /// The single value at a path; a missing one is an error if the field is required.
    fn single(&mut self, path: &str) -> Option<&'a Value> {
        let Some(value) = self.at(path) else {
            if self.field(path).is_some_and(|field| field.required) {
                self.error(InputError::new(path, "required"));
            }
            return None;
        };
        if value.is_object() || value.is_array() {
            self.error(InputError::new(path, "value_expected"));
            return None;
        }
        Some(value)
    }

    /// An amount, within the range of its field.
    pub fn quantity<U: Unit>(&mut self, path: &str) -> Option<Quantity<U>> {
        let value = self.single(path)?;
        match Quantity::<U>::from_json(value) {
            Ok(quantity) => self.in_range(path, quantity),
            Err(error) => {
                self.number_error(path, &error);
                None
            }
        }
    }

    fn number_error(&mut self, path: &str, error: &NumberError) {
        self.error(InputError {
            path: path.to_owned(),
            code: error.code(),
            params: error.params(),
        });
    }

    fn in_range<U: Unit>(&mut self, path: &str, quantity: Quantity<U>) -> Option<Quantity<U>> {
        let Some(Kind::Number {
            min, max, decimals, ..
        }) = self.field(path).map(|field| field.kind)
        else {
            return Some(quantity);
        };
        let bound = |text: &str| text.parse::<Decimal>().ok();
        let number = quantity.value();
        if number.scale() > decimals {
            self.error(InputError::new(path, "number_too_many_decimals").with("max", decimals));
            return None;
        }
        if bound(min).is_some_and(|min| number < min) || bound(max).is_some_and(|max| number > max)
        {
            self.error(
                InputError::new(path, "number_out_of_range")
                    .with("min", min)
                    .with("max", max),
            );
            return None;
        }
        Some(quantity)
    }

    /// A day.
    pub fn date(&mut self, path: &str) -> Option<Date> {
        let value = self.single(path)?;
        let date = value.as_str().and_then(day::parse);
        if date.is_none() {
            self.error(InputError::new(path, "date_invalid"));
        }
        date
    }

    /// A calendar year, 2000 to 2100.
    pub fn year(&mut self, path: &str) -> Option<i32> {
        let value = self.single(path)?;
        let text = match value {
            Value::String(text) if text.len() <= quantity::TEXT_MAX_BYTES => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let plain: String = text.chars().map(quantity::half_width).collect();
        let year = plain
            .parse()
            .ok()
            .filter(|year| (2000..=2100).contains(year) && plain.len() == 4);
        if year.is_none() {
            self.error(InputError::new(path, "year_invalid"));
        }
        year
    }

    /// A short text without spaces around it.
    pub fn text(&mut self, path: &str) -> Option<String> {
        let value = self.single(path)?;
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        match self.field(path).map(|field| field.kind) {
            Some(Kind::Text { max }) if text.chars().take(max + 1).count() > max => {
                self.error(InputError::new(path, "text_too_long").with("max", max));
                None
            }
            _ => Some(text),
        }
    }

    /// A table. Its errors have paths below the field's.
    pub fn table(&mut self, path: &str) -> Option<Table> {
        let value = self.single(path)?;
        let Some(Kind::Table { columns, max_rows }) = self.field(path).map(|field| field.kind)
        else {
            return None;
        };
        let text = value.as_str().unwrap_or("");
        match table::parse(text, path, columns, max_rows) {
            Ok(table) => Some(table),
            Err(errors) => {
                for error in errors {
                    self.error(error);
                }
                None
            }
        }
    }

    /// One of the choices of the field.
    pub fn choice(&mut self, path: &str) -> Option<&'static str> {
        let value = self.single(path)?;
        let Some(Kind::Choice(choices)) = self.field(path).map(|field| field.kind) else {
            return None;
        };
        let plain = match value {
            Value::String(text) if text.len() <= quantity::TEXT_MAX_BYTES => text.trim().to_owned(),
            Value::String(_) => String::new(),
            other => other.to_string(),
        };
        let found = choices
            .iter()
            .find(|choice| choice.value == plain)
            .map(|choice| choice.value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
            self.error(InputError::new(path, "choice_invalid").with("choices", names.join(", ")));
        }
        found
    }

    /// The paths of the items of a list (`lines.0`, `lines.2`), skipping empty ones.
    pub fn items(&mut self, path: &str) -> Vec<String> {
        let required = self.field(path).is_some_and(|field| field.required);
        let Some(value) = self.at(path) else {
            if required {
                self.error(InputError::new(path, "list_empty"));
            }
            return Vec::new();
        };
        let Value::Array(items) = value else {
            self.error(InputError::new(path, "list_expected"));
            return Vec::new();
        };
        let paths: Vec<String> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| !is_missing(item))
            .map(|(index, _)| join(path, &index.to_string()))
            .collect();
        if let Some(Kind::List { max }) = self.field(path).map(|field| field.kind)
            && (paths.len() > max || items.len() > INDEX_MAX + 1)
        {
            self.error(InputError::new(path, "list_too_long").with("max", max));
            return Vec::new();
        }
        if required && paths.is_empty() {
            self.error(InputError::new(path, "list_empty"));
        }
        paths
    }

    /// Whether something is written at a path.
    pub fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }
}

/// `lines.0.to` -> `lines.*.to`.
fn pattern_of(path: &str) -> String {
    path.split('.')
        .map(|segment| if is_digits(segment) { "*" } else { segment })
        .collect::<Vec<_>>()
        .join(".")
}

/// Missing: `null`, an empty text, an empty group or list.
fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
