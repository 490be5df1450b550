//! What both documents have: conditions, parameters, year lines, steps, files, notes.

use methodologies::factors::Margins;
use methodologies::parameter::{Basis, Confidence, parameter};
use methodologies::{NoteLevel, Outcome, ParameterUse, Step, YearLine};

use crate::document::{Block, Column, Fact, Formula, Quantity, Section, Table};
use crate::record::Record;
use crate::words::{in_step, in_table, judged, size, standing, tonnes, zh};

/// Steps that are printed one by one; the spreadsheet has all of them.
const STEPS_MAX: usize = 400;
/// The unit of every result.
const TONNES: &str = "tCO2e";

/// What a section says when nothing for it was filled in.
pub(crate) fn or_empty(blocks: Vec<Block>) -> Vec<Block> {
    if blocks.is_empty() {
        vec![Block::paragraph("（未填写）")]
    } else {
        blocks
    }
}

/// The facts of the first page, and what must be known before reading.
pub(crate) fn cover(record: &Record) -> (Vec<Fact>, Vec<String>) {
    let mut facts = vec![
        Fact::new("项目业主", &record.owner),
        Fact::new(
            "方法学",
            format!("{} {}", record.methodology, record.methodology_title),
        ),
    ];
    let mut add = |label: &str, value: &str| {
        if !value.is_empty() {
            facts.push(Fact::new(label, value));
        }
    };
    add("项目编号", &record.code);
    add("期间", &record.period);
    add("审定与核查机构", &record.body);
    add("记录状态", &record.state);
    add("内容版本", &record.version);
    if let Some(outcome) = &record.outcome {
        facts.push(Fact::new(
            "减排量合计",
            format!("{} {TONNES}", tonnes(outcome.total_t)),
        ));
    }
    let mut remarks = vec![
        "本文件由惠碳（Huitan）依据记录中所存的数据自动生成，供阅读和核对；结构参照温室气体自愿减排项目文件的通行做法，不是主管部门发布的正式文本，不含任何印章。"
            .to_owned(),
    ];
    if record.demo {
        remarks.push("演示数据：项目、机构和数字均为演示而设，不作任何申请之用。".to_owned());
    }
    let parameters = record
        .outcome
        .iter()
        .flat_map(|outcome| &outcome.parameters);
    let assumed = parameters.clone().filter(|used| used.assumed).count();
    let stale = parameters.filter(|used| used.stale).count();
    if assumed > 0 {
        remarks.push(format!(
            "本次计算用到 {assumed} 个假定值：没有可引用的正式文本给出这些数值。它们在文中标注“假定值”，来源和可信度列于附件一。"
        ));
    }
    if stale > 0 {
        remarks.push(format!(
            "本次计算用到 {stale} 个已有更新公布值的参数，文中标注“已有更新的公布值”。"
        ));
    }
    if record.outcome.is_none() {
        remarks.push("数据尚不完整，本文件没有计算结果。".to_owned());
    }
    (facts, remarks)
}

/// What stands at the foot of every page.
pub(crate) fn foot(record: &Record) -> String {
    format!("数据 SHA-256：{}", record.input_hash)
}

/// The conditions of the methodology, row by row.
pub(crate) fn conditions(record: &Record) -> Vec<Block> {
    let rows = record.findings.iter().map(|finding| {
        vec![
            finding.id.clone(),
            zh(&finding.question),
            judged(finding).to_owned(),
            zh(&finding.reason),
            zh(&finding.evidence),
            finding.clause.clone(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![Block::Table(Table {
        caption: "适用条件逐条判断".to_owned(),
        columns: vec![
            Column::text("编号", 4),
            Column::text("条件", 5),
            Column::text("判断", 2),
            Column::text("理由", 5),
            Column::text("证明材料", 4),
            Column::text("条款", 4),
        ],
        rows,
        total: Vec::new(),
    })]
}

/// The formulas that were applied, each once, without values.
pub(crate) fn formulas(record: &Record) -> Vec<Block> {
    let Some(outcome) = &record.outcome else {
        return Vec::new();
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for step in &outcome.steps {
        let row = vec![
            step.symbol.clone(),
            zh(&step.title),
            format!("{} = {}", step.symbol, step.formula),
            step.unit.clone(),
            step.clause.clone(),
        ];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    vec![Block::Table(Table {
        caption: "本次计算采用的公式".to_owned(),
        columns: vec![
            Column::text("符号", 3),
            Column::text("含义", 4),
            Column::text("公式", 6),
            Column::text("单位", 2),
            Column::text("条款", 4),
        ],
        rows,
        total: Vec::new(),
    })]
}

/// Every published or assumed number that was used.
pub(crate) fn parameters(record: &Record) -> Vec<Block> {
    let Some(outcome) = &record.outcome else {
        return Vec::new();
    };
    let rows = outcome.parameters.iter().map(|used| {
        vec![
            zh(&used.title),
            in_step(used.value, ""),
            used.unit.clone(),
            standing(used),
            zh(&used.source),
            used.clause.clone(),
        ]
    });
    vec![Block::Table(Table {
        caption: format!("计算采用的参数（参数集 {}）", outcome.parameter_set),
        columns: vec![
            Column::text("参数", 4),
            Column::number("数值", "", 3),
            Column::text("单位", 2),
            Column::text("性质", 2),
            Column::text("来源", 5),
            Column::text("条款", 4),
        ],
        rows: rows.collect(),
        total: Vec::new(),
    })]
}

/// The reductions of each year.
pub(crate) fn years(record: &Record) -> Vec<Block> {
    let Some(outcome) = &record.outcome else {
        return vec![Block::paragraph("数据尚不完整，没有计算结果。")];
    };
    let table = if outcome.year_lines.iter().any(|line| line.sink.is_some()) {
        sink_years(outcome)
    } else {
        power_years(outcome)
    };
    let rounding = match outcome.rounding.as_str() {
        "project_year_lines" => "按项目年度逐行向下取整",
        "period_total" => "只对整个期间的合计向下取整，各行取整值仅供阅读",
        _ => "按日历年逐行向下取整",
    };
    let facts = vec![
        Fact::new(
            "计算期间",
            format!("{} 至 {}（首尾两日均计入）", outcome.from, outcome.to),
        ),
        Fact::new("合计", format!("{} {TONNES}", tonnes(outcome.total_t))),
        Fact::new("年均", format!("{} {TONNES}", tonnes(outcome.annual_t))),
        Fact::new("取整方式", rounding),
        Fact::new("计算器", &outcome.calculator),
    ];
    vec![Block::Facts { facts }, Block::Table(table)]
}

fn marks(line: &YearLine) -> String {
    match (line.assumed, line.stale) {
        (true, true) => "假定；过时",
        (true, false) => "假定",
        (false, true) => "过时",
        (false, false) => "",
    }
    .to_owned()
}

fn power_years(outcome: &Outcome) -> Table {
    let rows = outcome.year_lines.iter().map(|line| {
        vec![
            line.year.to_string(),
            line.days.to_string(),
            line.eg
                .map_or_else(String::new, |value| in_table(value.value())),
            line.ef
                .map_or_else(String::new, |value| in_step(value.value(), "")),
            line.be
                .map_or_else(String::new, |value| in_table(value.value())),
            in_table(line.pe.value()),
            in_table(line.le.value()),
            in_table(line.er.value()),
            tonnes(line.er_t),
            marks(line),
        ]
    });
    let mut total = vec![String::new(); 10];
    "合计".clone_into(&mut total[0]);
    total[8] = tonnes(outcome.total_t);
    Table {
        caption: "逐年减排量".to_owned(),
        columns: vec![
            Column::text("年度", 2),
            Column::number("天数", "d", 2),
            Column::number("净上网电量", "MWh", 4),
            Column::number("排放因子", "tCO2/MWh", 3),
            Column::number("基准线排放", TONNES, 4),
            Column::number("项目排放", TONNES, 3),
            Column::number("泄漏", TONNES, 2),
            Column::number("减排量", TONNES, 4),
            Column::number("取整后", TONNES, 3),
            Column::text("因子", 2),
        ],
        rows: rows.collect(),
        total,
    }
}

fn sink_years(outcome: &Outcome) -> Table {
    let rows = outcome.year_lines.iter().map(|line| {
        let part = |value: Option<rust_decimal::Decimal>| value.map_or_else(String::new, in_table);
        let sink = line.sink.as_ref();
        vec![
            line.year.to_string(),
            line.days.to_string(),
            part(sink.map(|sink| sink.removals.value())),
            part(sink.map(|sink| sink.uncertainty.value())),
            in_table(line.pe.value()),
            part(sink.map(|sink| sink.baseline.value())),
            in_table(line.le.value()),
            part(sink.map(|sink| sink.non_permanence.value())),
            in_table(line.er.value()),
            tonnes(line.er_t),
        ]
    });
    let mut total = vec![String::new(); 10];
    "合计".clone_into(&mut total[0]);
    total[9] = tonnes(outcome.total_t);
    Table {
        caption: "逐年清除量".to_owned(),
        columns: vec![
            Column::text("年度", 2),
            Column::number("天数", "d", 2),
            Column::number("碳储量变化", TONNES, 4),
            Column::number("不确定性扣减", TONNES, 3),
            Column::number("项目排放", TONNES, 3),
            Column::number("基准线", TONNES, 3),
            Column::number("泄漏", TONNES, 2),
            Column::number("非持久性扣减", TONNES, 3),
            Column::number("清除量", TONNES, 4),
            Column::number("取整后", TONNES, 3),
        ],
        rows: rows.collect(),
        total,
    }
}

/// Warnings and remarks of the calculation.
pub(crate) fn notes(record: &Record) -> Vec<Block> {
    let notes = record.outcome.iter().flat_map(|outcome| &outcome.notes);
    notes
        .map(|note| {
            let kind = match note.level {
                NoteLevel::Warning => "提醒",
                NoteLevel::Remark => "说明",
            };
            let at = if note.at.is_empty() {
                String::new()
            } else {
                format!("（{}）", note.at)
            };
            Block::remark(format!("{kind}{at}：{}", zh(&note.text)))
        })
        .collect()
}

/// The annexes: assumed values, files, the working.
pub(crate) fn annexes(record: &Record) -> Vec<Section> {
    vec![
        annex("附件一", "假定值清单", assumed(record)),
        annex("附件二", "附件材料清单", attached(record)),
        annex("附件三", "计算过程", steps(record)),
    ]
}

fn annex(number: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section::new(number, title, blocks).on_new_page()
}

/// Every assumed value with its value, source and confidence.
fn assumed(record: &Record) -> Vec<Block> {
    let used: Vec<&ParameterUse> = record
        .outcome
        .iter()
        .flat_map(|outcome| &outcome.parameters)
        .filter(|used| used.assumed)
        .collect();
    if used.is_empty() {
        return vec![Block::paragraph("本次计算没有采用假定值。")];
    }
    let rows = used.iter().map(|used| {
        vec![
            zh(&used.title),
            in_step(used.value, ""),
            used.unit.clone(),
            zh(&used.source),
            confidence(used).to_owned(),
            used.clause.clone(),
            breakable(&used.id),
        ]
    });
    vec![
        Block::paragraph(
            "下列数值没有可引用的正式文本。注册登记机构可以用附有文件依据的新参数集替换它们；已经核查的结果不受影响。",
        ),
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::text("参数", 4),
                Column::number("数值", "", 3),
                Column::text("单位", 2),
                Column::text("来源", 7),
                Column::text("可信度", 2),
                Column::text("条款", 5),
                Column::text("代号", 5),
            ],
            rows: rows.collect(),
            total: Vec::new(),
        }),
    ]
}

/// A code with invisible places to break after its dots, for a narrow column.
fn breakable(code: &str) -> String {
    code.replace('.', ".\u{200b}")
}

/// How sure one may be of an assumed value, as the tables of `methodologies` state it.
pub(crate) fn confidence(used: &ParameterUse) -> &'static str {
    match confidence_of_factor(&used.id).or_else(|| confidence_of_parameter(used)) {
        Some(Confidence::High) => "较高",
        Some(Confidence::Medium) => "中等",
        Some(Confidence::Low) => "较低",
        None => "见来源",
    }
}

/// Of a grid factor: `grid.South.2023.cm`.
fn confidence_of_factor(id: &str) -> Option<Confidence> {
    let mut parts = id.strip_prefix("grid.")?.split('.');
    let grid = parts.next()?;
    let label = parts.next()?.parse::<i32>().ok()?;
    let mut values = methodologies::factors::values().iter();
    match values
        .find(|value| value.grid == grid && value.label == label)?
        .margins
    {
        Margins::Solved { confidence, .. } => Some(confidence),
        Margins::Table { .. } => None,
    }
}

/// Of any other number with an entry in the tables.
fn confidence_of_parameter(used: &ParameterUse) -> Option<Confidence> {
    let mut values = parameter(&used.id)?.values.iter();
    match values
        .find(|value| value.basis.value() == used.value)?
        .basis
    {
        Basis::Assumed(assumed) => Some(assumed.confidence),
        Basis::Published(_) => None,
    }
}

fn attached(record: &Record) -> Vec<Block> {
    if record.attached.is_empty() {
        return vec![Block::paragraph("没有上传附件材料。")];
    }
    let rows = record.attached.iter().map(|file| {
        vec![
            file.kind.clone(),
            file.title.clone(),
            file.file_name.clone(),
            size(file.bytes),
            file.added_on.clone(),
            file.hash.clone(),
        ]
    });
    vec![Block::Table(Table {
        caption: String::new(),
        columns: vec![
            Column::text("类别", 3),
            Column::text("标题", 4),
            Column::text("文件名", 4),
            Column::number("大小", "", 2),
            Column::text("日期", 3),
            Column::text("SHA-256", 6),
        ],
        rows: rows.collect(),
        total: Vec::new(),
    })]
}

fn steps(record: &Record) -> Vec<Block> {
    let Some(outcome) = &record.outcome else {
        return vec![Block::paragraph("数据尚不完整，没有计算过程。")];
    };
    let mut blocks: Vec<Block> = outcome.steps.iter().take(STEPS_MAX).map(step).collect();
    if outcome.steps.len() > STEPS_MAX {
        blocks.push(Block::remark(format!(
            "共 {} 步，此处列出前 {STEPS_MAX} 步；全部步骤见同一记录的电子表格。",
            outcome.steps.len()
        )));
    }
    blocks
}

fn step(step: &Step) -> Block {
    let inputs = step.inputs.iter().map(|input| Quantity {
        symbol: input.symbol.clone(),
        value: in_step(input.value, &input.unit),
    });
    Block::Formula(Formula {
        symbol: step.symbol.clone(),
        title: zh(&step.title),
        clause: step.clause.clone(),
        formula: step.formula.clone(),
        line: step.line.clone(),
        inputs: inputs.collect(),
        value: in_step(step.value, &step.unit),
    })
}
