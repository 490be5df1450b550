//! The same data as a spreadsheet: results with live formulas, every step, every parameter, every answer.

use methodologies::{Outcome, YearLine};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use crate::common::confidence;
use crate::record::Record;
use crate::words::{judged, zh};

/// Why a spreadsheet could not be written: more rows or longer texts than the format holds.
#[derive(Debug, thiserror::Error)]
#[error("the spreadsheet could not be written: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// Longest text of a cell, characters (a limit of the format).
const CELL_CHARACTERS_MAX: usize = 32_000;
/// Most rows of a sheet that are written (the format holds 1,048,576).
const ROWS_MAX: usize = 1_000_000;

/// The record as XLSX with the sheets 结果, 步骤, 参数, 输入, 条件. The same record gives the same bytes.
pub fn workbook(record: &Record) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    // a fixed day: the time of writing would make two files of one record differ
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(shortened(&record.name, 200))
        .set_comment("由惠碳（Huitan）依据所存数据生成，不是主管部门的正式文本。")
        .set_creation_datetime(&day);
    book.set_properties(&properties);
    let bold = Format::new().set_bold();
    results(Sheet::new(book.add_worksheet(), "结果", &bold)?, record)?;
    steps(Sheet::new(book.add_worksheet(), "步骤", &bold)?, record)?;
    parameters(Sheet::new(book.add_worksheet(), "参数", &bold)?, record)?;
    inputs(Sheet::new(book.add_worksheet(), "输入", &bold)?, record)?;
    conditions(Sheet::new(book.add_worksheet(), "条件", &bold)?, record)?;
    Ok(book.save_to_buffer()?)
}

/// A sheet that is written from top to bottom.
struct Sheet<'a> {
    page: &'a mut Worksheet,
    bold: &'a Format,
    row: u32,
}

/// What stands in a cell. A text is never read as a formula.
enum Cell {
    Text(String),
    Number(Decimal),
    /// A formula and the value it has now.
    Formula(String, Decimal),
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Option<Decimal>> for Cell {
    fn from(number: Option<Decimal>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl<'a> Sheet<'a> {
    fn new(sheet: &'a mut Worksheet, name: &str, bold: &'a Format) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        Ok(Self {
            page: sheet,
            bold,
            row: 0,
        })
    }

    fn widths(&mut self, characters: &[u8]) -> Result<(), XlsxError> {
        for (column, width) in (0_u16..).zip(characters) {
            self.page.set_column_width(column, f64::from(*width))?;
        }
        Ok(())
    }

    /// The titles of the columns; they stay in sight while scrolling.
    fn head(&mut self, titles: &[&str]) -> Result<(), XlsxError> {
        for (column, title) in (0_u16..).zip(titles) {
            self.page
                .write_string_with_format(self.row, column, *title, self.bold)?;
        }
        self.row += 1;
        self.page.set_freeze_panes(self.row, 0)?;
        Ok(())
    }

    fn line(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), XlsxError> {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let text = shortened(&text, CELL_CHARACTERS_MAX);
                    self.page.write_string(self.row, column, text)?;
                }
                Cell::Number(number) => match number.to_f64() {
                    Some(number) => {
                        self.page.write_number(self.row, column, number)?;
                    }
                    None => {
                        self.page
                            .write_string(self.row, column, number.to_string())?;
                    }
                },
                Cell::Formula(formula, now) => {
                    let formula = Formula::new(formula).set_result(now.normalize().to_string());
                    self.page.write_formula(self.row, column, formula)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// The number of the row written next, as the spreadsheet counts: from 1.
    fn next(&self) -> u32 {
        self.row + 1
    }
}

/// Without control characters, which the format cannot hold, and not longer than the format holds.
fn shortened(text: &str, most: usize) -> String {
    text.chars()
        .filter(|character| !character.is_control() || matches!(character, '\n' | '\t'))
        .take(most)
        .collect()
}

fn results(mut sheet: Sheet<'_>, record: &Record) -> Result<(), XlsxError> {
    sheet.widths(&[16, 14, 14, 8, 18, 18, 18, 18, 18, 18, 18, 14])?;
    let facts = [
        ("项目", record.name.clone()),
        ("项目编号", record.code.clone()),
        ("业主", record.owner.clone()),
        (
            "方法学",
            format!("{} {}", record.methodology, record.methodology_title),
        ),
        ("期间", record.period.clone()),
        ("记录状态", record.state.clone()),
        ("数据 SHA-256", record.input_hash.clone()),
        (
            "说明",
            "由惠碳（Huitan）依据所存数据生成，不是主管部门的正式文本。表格软件用浮点数计算，末位可能与“步骤”中的精确值不同。"
                .to_owned(),
        ),
    ];
    for (label, value) in facts {
        sheet.line([label.into(), value.into()])?;
    }
    if record.demo {
        sheet.line(["演示数据".into(), "不作任何申请之用".into()])?;
    }
    sheet.row += 1;
    let Some(outcome) = &record.outcome else {
        return sheet.line(["数据尚不完整，没有计算结果。".into()]);
    };
    if outcome.year_lines.iter().any(|line| line.sink.is_some()) {
        sink_results(&mut sheet, outcome)
    } else {
        power_results(&mut sheet, outcome)
    }
}

fn power_results(sheet: &mut Sheet<'_>, outcome: &Outcome) -> Result<(), XlsxError> {
    sheet.head(&[
        "年度",
        "起",
        "止",
        "天数",
        "净上网电量 MWh",
        "排放因子 tCO2/MWh",
        "基准线排放 tCO2e",
        "项目排放 tCO2e",
        "泄漏 tCO2e",
        "减排量 tCO2e",
        "取整后 tCO2e",
        "因子",
    ])?;
    let first = sheet.next();
    for line in &outcome.year_lines {
        let row = sheet.next();
        let mut cells = line_days(line);
        cells.extend([
            line.eg.map(methodologies::quantity::Quantity::value).into(),
            line.ef.map(methodologies::quantity::Quantity::value).into(),
            line.be.map(methodologies::quantity::Quantity::value).into(),
            line.pe.value().into(),
            line.le.value().into(),
            Cell::Formula(format!("=G{row}-H{row}-I{row}"), line.er.value()),
            rounded(&format!("J{row}"), line.er_t),
            marks(line).into(),
        ]);
        sheet.line(cells)?;
    }
    let last = sheet.row;
    let mut total = vec!["合计".into(), Cell::Empty, Cell::Empty];
    total.push(sum("D", first, last, days(outcome)));
    let of = |part: fn(&YearLine) -> Option<Decimal>| added(outcome, part);
    total.push(sum(
        "E",
        first,
        last,
        of(|line| line.eg.map(methodologies::quantity::Quantity::value)),
    ));
    total.push(Cell::Empty);
    total.push(sum(
        "G",
        first,
        last,
        of(|line| line.be.map(methodologies::quantity::Quantity::value)),
    ));
    total.push(sum("H", first, last, of(|line| Some(line.pe.value()))));
    total.push(sum("I", first, last, of(|line| Some(line.le.value()))));
    total.push(sum("J", first, last, of(|line| Some(line.er.value()))));
    total.push(total_tonnes(outcome, "J", "K", first, last));
    sheet.line(total)?;
    declared(sheet, outcome)
}

fn sink_results(sheet: &mut Sheet<'_>, outcome: &Outcome) -> Result<(), XlsxError> {
    sheet.head(&[
        "年度",
        "起",
        "止",
        "天数",
        "碳储量变化 tCO2e",
        "不确定性扣减 tCO2e",
        "项目排放 tCO2e",
        "基准线 tCO2e",
        "泄漏 tCO2e",
        "非持久性扣减 tCO2e",
        "清除量 tCO2e",
        "取整后 tCO2e",
    ])?;
    let first = sheet.next();
    for line in &outcome.year_lines {
        let row = sheet.next();
        let sink = line.sink.as_ref();
        let mut cells = line_days(line);
        cells.extend([
            sink.map(|sink| sink.removals.value()).into(),
            sink.map(|sink| sink.uncertainty.value()).into(),
            line.pe.value().into(),
            sink.map(|sink| sink.baseline.value()).into(),
            line.le.value().into(),
            sink.map(|sink| sink.non_permanence.value()).into(),
            Cell::Formula(
                format!("=E{row}-F{row}-G{row}-H{row}-I{row}-J{row}"),
                line.er.value(),
            ),
            rounded(&format!("K{row}"), line.er_t),
        ]);
        sheet.line(cells)?;
    }
    let last = sheet.row;
    let mut total = vec!["合计".into(), Cell::Empty, Cell::Empty];
    total.push(sum("D", first, last, days(outcome)));
    let sink = |part: fn(&methodologies::trace::SinkLine) -> Decimal| {
        outcome
            .year_lines
            .iter()
            .filter_map(|line| line.sink.as_ref())
            .fold(Decimal::ZERO, |sum, line| sum.saturating_add(part(line)))
    };
    total.push(sum("E", first, last, sink(|line| line.removals.value())));
    total.push(sum("F", first, last, sink(|line| line.uncertainty.value())));
    total.push(sum(
        "G",
        first,
        last,
        added(outcome, |line| Some(line.pe.value())),
    ));
    total.push(sum("H", first, last, sink(|line| line.baseline.value())));
    total.push(sum(
        "I",
        first,
        last,
        added(outcome, |line| Some(line.le.value())),
    ));
    total.push(sum(
        "J",
        first,
        last,
        sink(|line| line.non_permanence.value()),
    ));
    total.push(sum(
        "K",
        first,
        last,
        added(outcome, |line| Some(line.er.value())),
    ));
    total.push(total_tonnes(outcome, "K", "L", first, last));
    sheet.line(total)?;
    declared(sheet, outcome)
}

/// What is declared: the calculation's own figures, for comparison with those of the spreadsheet.
fn declared(sheet: &mut Sheet<'_>, outcome: &Outcome) -> Result<(), XlsxError> {
    sheet.row += 1;
    sheet.line([
        "计算所得合计 tCO2e".into(),
        Decimal::from(outcome.total_t).into(),
    ])?;
    sheet.line(["年均 tCO2e".into(), Decimal::from(outcome.annual_t).into()])?;
    sheet.line(["计算器".into(), outcome.calculator.clone().into()])?;
    sheet.line(["参数集".into(), Decimal::from(outcome.parameter_set).into()])
}

fn line_days(line: &YearLine) -> Vec<Cell> {
    vec![
        Cell::Number(Decimal::from(line.year)),
        line.from.to_string().into(),
        line.to.to_string().into(),
        Cell::Number(Decimal::from(line.days)),
    ]
}

fn marks(line: &YearLine) -> String {
    match (line.assumed, line.stale) {
        (true, true) => "假定值；已有更新的公布值",
        (true, false) => "假定值",
        (false, true) => "已有更新的公布值",
        (false, false) => "",
    }
    .to_owned()
}

fn days(outcome: &Outcome) -> Decimal {
    added(outcome, |line| Some(Decimal::from(line.days)))
}

fn added(outcome: &Outcome, part: fn(&YearLine) -> Option<Decimal>) -> Decimal {
    outcome
        .year_lines
        .iter()
        .filter_map(part)
        .fold(Decimal::ZERO, Decimal::saturating_add)
}

fn sum(column: &str, first: u32, last: u32, now: Decimal) -> Cell {
    Cell::Formula(format!("=SUM({column}{first}:{column}{last})"), now)
}

/// Down to whole tonnes, never below 0. Rounded to eight decimals first: the spreadsheet's floats may lie just below a
/// whole number that is reached exactly.
fn rounded(cell: &str, now: i64) -> Cell {
    Cell::Formula(
        format!("=MAX(0,ROUNDDOWN(ROUND({cell},8),0))"),
        Decimal::from(now),
    )
}

/// The total as the calculation rounds it: the sum of the rounded lines, or the rounded sum of the lines. Where the
/// outcome is neither (a share of a year in the first and last line), the figure itself.
fn total_tonnes(outcome: &Outcome, er: &str, er_t: &str, first: u32, last: u32) -> Cell {
    let of_lines: i64 = outcome.year_lines.iter().map(|line| line.er_t).sum();
    let of_sum = added(outcome, |line| Some(line.er.value())).floor();
    let total = Decimal::from(outcome.total_t);
    if outcome.rounding != "period_total" && of_lines == outcome.total_t {
        sum(er_t, first, last, total)
    } else if of_sum.max(Decimal::ZERO) == total {
        rounded(&format!("SUM({er}{first}:{er}{last})"), outcome.total_t)
    } else {
        Cell::Number(total)
    }
}

fn steps(mut sheet: Sheet<'_>, record: &Record) -> Result<(), XlsxError> {
    sheet.widths(&[10, 14, 30, 26, 40, 60, 20, 30, 14])?;
    sheet.head(&[
        "行",
        "符号",
        "含义",
        "条款",
        "公式",
        "代入",
        "数值",
        "精确值",
        "单位",
    ])?;
    let taken = record.outcome.iter().flat_map(|outcome| &outcome.steps);
    for step in taken.take(ROWS_MAX) {
        let inputs: Vec<_> = step
            .inputs
            .iter()
            .map(|input| format!("{} = {} {}", input.symbol, input.value, input.unit))
            .collect();
        sheet.line([
            step.line.clone().into(),
            step.symbol.clone().into(),
            zh(&step.title).into(),
            step.clause.clone().into(),
            step.formula.clone().into(),
            inputs.join("; ").into(),
            step.value.into(),
            step.value.to_string().into(),
            step.unit.clone().into(),
        ])?;
    }
    Ok(())
}

fn parameters(mut sheet: Sheet<'_>, record: &Record) -> Result<(), XlsxError> {
    sheet.widths(&[28, 34, 20, 24, 14, 10, 12, 60, 26])?;
    sheet.head(&[
        "代号",
        "参数",
        "数值",
        "精确值",
        "单位",
        "性质",
        "可信度",
        "来源",
        "条款",
    ])?;
    let used = record
        .outcome
        .iter()
        .flat_map(|outcome| &outcome.parameters);
    for parameter in used.take(ROWS_MAX) {
        let sure = if parameter.assumed {
            confidence(parameter)
        } else {
            ""
        };
        sheet.line([
            parameter.id.clone().into(),
            zh(&parameter.title).into(),
            parameter.value.into(),
            parameter.value.to_string().into(),
            parameter.unit.clone().into(),
            crate::words::standing(parameter).into(),
            sure.into(),
            zh(&parameter.source).into(),
            parameter.clause.clone().into(),
        ])?;
    }
    Ok(())
}

fn inputs(mut sheet: Sheet<'_>, record: &Record) -> Result<(), XlsxError> {
    sheet.widths(&[30, 40, 80])?;
    sheet.head(&["字段", "问题", "回答"])?;
    for answer in record.answers.iter().take(ROWS_MAX) {
        sheet.line([
            answer.name.clone().into(),
            answer.label.clone().into(),
            answer.value.clone().into(),
        ])?;
    }
    Ok(())
}

fn conditions(mut sheet: Sheet<'_>, record: &Record) -> Result<(), XlsxError> {
    sheet.widths(&[12, 50, 12, 50, 40, 30])?;
    sheet.head(&["编号", "条件", "判断", "理由", "证明材料", "条款"])?;
    for finding in &record.findings {
        sheet.line([
            finding.id.clone().into(),
            zh(&finding.question).into(),
            judged(finding).into(),
            zh(&finding.reason).into(),
            zh(&finding.evidence).into(),
            finding.clause.clone().into(),
        ])?;
    }
    Ok(())
}
