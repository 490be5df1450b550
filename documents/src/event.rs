//! The report of an event: boundary, inventory, factors, units and statement of one published version.

use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::document::{Block, Column, Document, Fact, Section, Table};
use crate::workbook::WorkbookError;

/// Lines that the PDF lists; the spreadsheet has every line.
const LINES_PRINTED: usize = 300;

/// What a report is made of. Texts are Chinese.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventReport {
    /// Whether it shows data of a demonstration.
    pub demo: bool,
    /// Number of the event.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who organises it.
    pub organiser: String,
    /// From when until when.
    pub days: String,
    /// Where.
    pub place: String,
    /// People expected.
    pub people: String,
    /// The state on the day of printing.
    pub state: String,
    /// When the plan was published, or that it was not.
    pub plan: String,
    /// Stages within the boundary.
    pub stages: String,
    /// Classes left out, with reasons.
    pub left_out: Vec<(String, String)>,
    /// Measures.
    pub measures: String,
    /// How it was meant to be neutralised.
    pub method: String,
    /// Exact kilograms.
    pub total_kg: String,
    /// Whole tonnes.
    pub tonnes: i64,
    /// Percent.
    pub uncertainty: String,
    /// Name, kilograms and percent of each class.
    pub by_class: Vec<(String, String, String)>,
    /// Name, id with its year, value with its unit, and source of each factor.
    pub factors: Vec<(String, String, String, String)>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Every line of the inventory.
    pub lines: Vec<ReportLine>,
    /// Every unit.
    pub units: Vec<ReportUnit>,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// Tonnes among them that the organiser typed in and that this platform has not checked.
    pub unchecked_tonnes: i64,
    /// Own declaration, or a body.
    pub evaluation: String,
    /// Who.
    pub evaluator: String,
    /// The statement.
    pub statement: String,
    /// What a body of this platform says that has confirmed it; may be empty.
    pub opinion: String,
    /// Files that prove lines of the inventory.
    pub files: Vec<ReportFile>,
    /// The day of publication.
    pub published_on: String,
    /// The version.
    pub version: i64,
    /// Why the version before was not right; may be empty.
    pub correction: String,
    /// Address of the public page.
    pub address: String,
    /// The result in one line.
    pub summary: String,
}

/// A line of the inventory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportLine {
    /// Its stage.
    pub stage: String,
    /// What it is.
    pub activity: String,
    /// How much.
    pub quantity: Decimal,
    /// Of what.
    pub unit: String,
    /// The factor with its year.
    pub factor: String,
    /// Kilograms per unit of the factor.
    pub value: Decimal,
    /// How the quantity is known.
    pub quality: String,
    /// Kilograms.
    pub kg: Decimal,
}

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportUnit {
    /// Which kind.
    pub kind: String,
    /// Registry and number.
    pub reference: String,
    /// Tonnes.
    pub tonnes: i64,
    /// Day of the cancellation.
    pub day: String,
    /// Project and recognition.
    pub about: String,
    /// Whether it counts, or why not.
    pub counts: String,
}

/// A file that proves a line of the inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFile {
    /// The line.
    pub line: String,
    /// Title and name of the file.
    pub name: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Whether anyone may have it.
    pub access: String,
}

/// The report as a document.
pub fn event_report(report: &EventReport) -> Document {
    let mut neutralised = format!("{} tCO2e", report.counted_tonnes);
    if report.unchecked_tonnes > 0 {
        neutralised += &format!(
            "，其中 {} tCO2e 由主办方填报，本平台未核验",
            report.unchecked_tonnes
        );
    }
    Document {
        kind: "大型活动碳中和报告".to_owned(),
        title: report.name.clone(),
        subtitle: report.days.clone(),
        demo: report.demo,
        facts: vec![
            Fact::new("活动编号", &report.number),
            Fact::new("主办方", &report.organiser),
            Fact::new("地点", &report.place),
            Fact::new("参加人数", &report.people),
            Fact::new("实施计划", &report.plan),
            Fact::new("排放总量", format!("{} kgCO2e", report.total_kg)),
            Fact::new("应抵销量", format!("{} tCO2e（向上取整）", report.tonnes)),
            Fact::new("已抵销量", neutralised),
            Fact::new("状态", &report.state),
            Fact::new(
                "版本",
                format!("{}（{}）", report.version, report.published_on),
            ),
        ],
        remarks: remarks(report),
        sections: [
            Some(boundary(report)),
            Some(inventory(report)),
            Some(factors(report)),
            Some(units(report)),
            Some(statement(report)),
            evidence(report),
        ]
        .into_iter()
        .flatten()
        .collect(),
        foot: format!("{} · {}", report.summary, report.address),
    }
}

fn remarks(report: &EventReport) -> Vec<String> {
    let mut remarks = vec![
        "本报告由本平台依据已公布的数据生成，不是官方文件；抵销凭证以登记系统的记录为准。"
            .to_owned(),
    ];
    if !report.correction.is_empty() {
        remarks.push(format!("本版更正了上一版：{}", report.correction));
    }
    remarks
}

fn boundary(report: &EventReport) -> Section {
    let mut blocks = vec![Block::Facts {
        facts: vec![
            Fact::new("核算阶段", &report.stages),
            Fact::new("减排措施", or_none(&report.measures)),
            Fact::new("抵销方式", or_none(&report.method)),
        ],
    }];
    if !report.left_out.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "未纳入的排放源及理由".to_owned(),
            columns: vec![Column::text("类别", 2), Column::text("理由", 5)],
            rows: report
                .left_out
                .iter()
                .map(|(class, reason)| vec![class.clone(), reason.clone()])
                .collect(),
            total: Vec::new(),
        }));
    }
    Section::new("1", "边界与计划", blocks)
}

fn or_none(text: &str) -> String {
    if text.is_empty() {
        "未填写".to_owned()
    } else {
        text.to_owned()
    }
}

fn inventory(report: &EventReport) -> Section {
    let classes = Block::Table(Table {
        caption: "按类别".to_owned(),
        columns: vec![
            Column::text("类别", 4),
            Column::number("排放量", "kgCO2e", 3),
            Column::number("占比", "%", 2),
        ],
        rows: report
            .by_class
            .iter()
            .map(|(class, kg, share)| vec![class.clone(), kg.clone(), share.clone()])
            .collect(),
        total: vec!["合计".to_owned(), report.total_kg.clone(), "100".to_owned()],
    });
    let lines = Block::Table(Table {
        caption: "排放清单".to_owned(),
        columns: vec![
            Column::text("活动", 4),
            Column::number("数量", "", 2),
            Column::text("单位", 2),
            Column::text("因子", 4),
            Column::text("数据质量", 2),
            Column::number("排放量", "kgCO2e", 3),
        ],
        rows: report
            .lines
            .iter()
            .take(LINES_PRINTED)
            .map(|line| {
                vec![
                    line.activity.clone(),
                    line.quantity.normalize().to_string(),
                    line.unit.clone(),
                    line.factor.clone(),
                    line.quality.clone(),
                    line.kg.normalize().to_string(),
                ]
            })
            .collect(),
        total: Vec::new(),
    });
    let mut blocks = vec![
        Block::paragraph(format!(
            "排放总量 {} kgCO2e，不确定度 ±{} %（IPCC 方法一）。每行向上取整到毫克，总量向上取整到整吨：{} tCO2e。",
            report.total_kg, report.uncertainty, report.tonnes
        )),
        classes,
        lines,
    ];
    if report.lines.len() > LINES_PRINTED {
        blocks.push(Block::remark(format!(
            "另有 {} 行，见电子表格。",
            report.lines.len() - LINES_PRINTED
        )));
    }
    Section::new("2", "排放清单", blocks)
}

fn factors(report: &EventReport) -> Section {
    let table = Block::Table(Table {
        caption: "采用的排放因子".to_owned(),
        columns: vec![
            Column::text("因子", 3),
            Column::text("编号与年份", 3),
            Column::text("数值", 3),
            Column::text("来源", 5),
        ],
        rows: report
            .factors
            .iter()
            .map(|(title, id, value, source)| {
                vec![title.clone(), id.clone(), value.clone(), source.clone()]
            })
            .collect(),
        total: Vec::new(),
    });
    let mut blocks = vec![table];
    blocks.extend(report.notes.iter().map(Block::remark));
    Section::new("3", "排放因子与说明", blocks)
}

fn units(report: &EventReport) -> Section {
    let table = Block::Table(Table {
        caption: "用于抵销的单位".to_owned(),
        columns: vec![
            Column::text("种类", 2),
            Column::text("登记与编号", 4),
            Column::number("数量", "tCO2e", 2),
            Column::text("注销日期", 2),
            Column::text("项目与认可", 4),
            Column::text("是否计入", 2),
        ],
        rows: report
            .units
            .iter()
            .map(|unit| {
                vec![
                    unit.kind.clone(),
                    unit.reference.clone(),
                    unit.tonnes.to_string(),
                    unit.day.clone(),
                    unit.about.clone(),
                    unit.counts.clone(),
                ]
            })
            .collect(),
        total: vec![
            "计入合计".to_owned(),
            String::new(),
            report.counted_tonnes.to_string(),
            String::new(),
            String::new(),
            String::new(),
        ],
    });
    Section::new("4", "抵销", vec![table])
}

fn statement(report: &EventReport) -> Section {
    let mut blocks = vec![
        Block::Facts {
            facts: vec![
                Fact::new("方式", &report.evaluation),
                Fact::new("评价方", &report.evaluator),
                Fact::new("公开页面", &report.address),
            ],
        },
        Block::paragraph(&report.statement),
    ];
    if !report.opinion.is_empty() {
        blocks.push(Block::paragraph(format!("评价意见：{}", report.opinion)));
    }
    Section::new("5", "评价与声明", blocks)
}

/// The files that prove lines, if there are any: each by its hash.
fn evidence(report: &EventReport) -> Option<Section> {
    if report.files.is_empty() {
        return None;
    }
    let table = Table {
        caption: "清单各行的证据文件".to_owned(),
        columns: vec![
            Column::text("清单行", 3),
            Column::text("文件", 3),
            Column::number("大小", "字节", 2),
            Column::text("SHA-256", 5),
            Column::text("获取", 2),
        ],
        rows: report.files.iter().map(file_cells).collect(),
        total: Vec::new(),
    };
    Some(Section::new("6", "证据文件", vec![Block::Table(table)]))
}

fn file_cells(file: &ReportFile) -> Vec<String> {
    vec![
        file.line.clone(),
        file.name.clone(),
        file.bytes.to_string(),
        file.sha256.clone(),
        file.access.clone(),
    ]
}

/// The report as a spreadsheet: one sheet of results, one of every line, one of factors, one of units, one of files if there are any. Exact
/// amounts are texts, so that no digit is lost.
pub fn event_workbook(report: &EventReport) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    // a fixed day: the time of writing would make two files of one version differ
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let bold = Format::new().set_bold();
    let mut sheet =
        |name: &str, head: &[&str], rows: Vec<Vec<String>>| -> Result<(), WorkbookError> {
            let sheet = book.add_worksheet();
            sheet.set_name(name)?;
            for (column, title) in (0_u16..).zip(head) {
                sheet.write_string_with_format(0, column, *title, &bold)?;
            }
            for (row, cells) in (1_u32..).zip(&rows) {
                for (column, cell) in (0_u16..).zip(cells) {
                    sheet.write_string(row, column, cell)?;
                }
            }
            Ok(())
        };
    let document = event_report(report);
    let facts = document
        .facts
        .into_iter()
        .map(|fact| vec![fact.label, fact.value]);
    let evaluated = [
        ("评价方式", &report.evaluation),
        ("评价方", &report.evaluator),
    ]
    .map(|(label, value)| vec![label.to_owned(), value.clone()]);
    sheet("结果", &["项目", "内容"], facts.chain(evaluated).collect())?;
    let lines = report.lines.iter().map(|line| {
        vec![
            line.stage.clone(),
            line.activity.clone(),
            line.quantity.normalize().to_string(),
            line.unit.clone(),
            line.factor.clone(),
            line.value.normalize().to_string(),
            line.quality.clone(),
            line.kg.normalize().to_string(),
        ]
    });
    let head = [
        "阶段",
        "活动",
        "数量",
        "单位",
        "因子",
        "因子数值",
        "数据质量",
        "kgCO2e",
    ];
    sheet("排放清单", &head, lines.collect())?;
    let factors = report.factors.iter().map(|(title, id, value, source)| {
        vec![title.clone(), id.clone(), value.clone(), source.clone()]
    });
    sheet(
        "排放因子",
        &["因子", "编号与年份", "数值", "来源"],
        factors.collect(),
    )?;
    let units = report.units.iter().map(|unit| {
        vec![
            unit.kind.clone(),
            unit.reference.clone(),
            unit.tonnes.to_string(),
            unit.day.clone(),
            unit.about.clone(),
            unit.counts.clone(),
        ]
    });
    let head = [
        "种类",
        "登记与编号",
        "tCO2e",
        "注销日期",
        "项目与认可",
        "是否计入",
    ];
    sheet("抵销", &head, units.collect())?;
    if !report.files.is_empty() {
        let files = report.files.iter().map(file_cells);
        let head = ["清单行", "文件", "字节", "SHA-256", "获取"];
        sheet("证据文件", &head, files.collect())?;
    }
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_the_same_numbers_in_both_forms() {
        let report = EventReport {
            name: "演示会议".to_owned(),
            total_kg: "66713.203664".to_owned(),
            tonnes: 67,
            counted_tonnes: 67,
            lines: vec![ReportLine::default(); LINES_PRINTED + 1],
            ..EventReport::default()
        };
        let text = format!("{:?}", event_report(&report));
        assert!(text.contains("66713.203664") && text.contains("67 tCO2e"));
        assert!(text.contains("另有 1 行"));
        let book = event_workbook(&report).expect("a workbook");
        assert!(book.starts_with(b"PK"));
        assert!(!text.contains("未核验"));
        let stated = EventReport {
            unchecked_tonnes: 20,
            ..report
        };
        let text = format!("{:?}", event_report(&stated));
        assert!(text.contains("其中 20 tCO2e 由主办方填报，本平台未核验"));
    }

    #[test]
    fn files_are_named_by_their_hashes_and_an_opinion_is_printed_if_there_is_one() {
        let bare = format!("{:?}", event_report(&EventReport::default()));
        assert!(!bare.contains("证据文件") && !bare.contains("评价意见"));
        let report = EventReport {
            opinion: "数据与凭证一致".to_owned(),
            files: vec![ReportFile {
                line: "会场用电".to_owned(),
                sha256: "ab".repeat(32),
                ..ReportFile::default()
            }],
            ..EventReport::default()
        };
        let text = format!("{:?}", event_report(&report));
        assert!(text.contains(&"ab".repeat(32)) && text.contains("评价意见：数据与凭证一致"));
        let (with, without) = (
            event_workbook(&report),
            event_workbook(&EventReport::default()),
        );
        assert!(with.expect("a workbook").len() > without.expect("a workbook").len());
    }
}
