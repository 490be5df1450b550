//! The accounting report of a monitoring period (减排量核算报告).

use crate::answers::Answers;
use crate::common::{annexes, cover, foot, formulas, notes, or_empty, parameters, years};
use crate::document::{Block, Column, Document, Section, Table};
use crate::record::Record;
use crate::words::tonnes;

/// The accounting report of a monitoring period.
pub fn accounting_report(record: &Record) -> Document {
    let mut answers = Answers::of(record);
    let (facts, remarks) = cover(record);
    let implementation = answers.take(&["implementation"]);
    let monitoring = answers.take(&["monitoring"]);
    let period = [
        answers.take(&["period_from", "period_to"]),
        answers.take_pages(&["period"]),
    ]
    .concat();
    let declared = answers.take_pages(&["declarations"]);
    let verifier = [
        answers.take(&["verifier"]),
        answers.take_pages(&["verifier"]),
    ]
    .concat();
    let described = answers.take_pages(&["description"]);
    let chosen = answers.take_pages(&["factors"]);

    let mut sections = Vec::new();
    let mut part = |number, title, blocks| sections.push(Section::new(number, title, blocks));
    part("A", "项目与核算期", Vec::new());
    part(
        "A.1",
        "项目",
        vec![Block::Facts {
            facts: facts.clone(),
        }],
    );
    part("A.2", "核算期", or_empty(period));
    part("B", "项目实施", Vec::new());
    part(
        "B.1",
        "核算期内的实施情况",
        or_empty([implementation, described].concat()),
    );
    part("B.2", "声明", or_empty(declared));
    part("C", "监测", Vec::new());
    part("C.1", "监测的实施", or_empty(monitoring));
    part("C.2", "监测数据", or_empty(answers.take_rest()));
    part("D", "数据与参数", Vec::new());
    let mut years_of_outcome = record
        .outcome
        .iter()
        .flat_map(|outcome| &outcome.year_lines);
    if chosen.is_empty() && years_of_outcome.any(|line| line.sink.is_some()) {
        // planted land chooses no factors
        part("D.1", "采用的参数", or_empty(parameters(record)));
    } else {
        part("D.1", "参数的选用", chosen);
        part("D.2", "采用的参数", or_empty(parameters(record)));
    }
    part("E", "减排量核算", Vec::new());
    part("E.1", "计算公式", or_empty(formulas(record)));
    part(
        "E.2",
        "逐年核算结果",
        [years(record), notes(record)].concat(),
    );
    part("E.3", "与事前估算的比较", compared(record));
    if !verifier.is_empty() {
        part("F", "核查机构", verifier);
    }
    sections.extend(annexes(record));
    let number = record
        .number
        .map_or_else(String::new, |number| format!("第 {number} 份核算报告"));
    Document {
        kind: "减排量核算报告".to_owned(),
        title: record.name.clone(),
        subtitle: [number, record.period.clone()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        demo: record.demo,
        facts,
        remarks,
        sections,
        foot: foot(record),
    }
}

/// What the design document expected for the same years, where it says so.
fn compared(record: &Record) -> Vec<Block> {
    let lines = record
        .outcome
        .iter()
        .flat_map(|outcome| &outcome.year_lines);
    let rows: Vec<Vec<String>> = lines
        .filter_map(|line| {
            let expected = record
                .expected
                .iter()
                .find(|(year, _)| *year == line.year)?
                .1;
            Some(vec![
                line.year.to_string(),
                format!("{} / {}", line.days, line.days_in_year),
                tonnes(expected),
                tonnes(line.er_t),
                tonnes(line.er_t.saturating_sub(expected)),
            ])
        })
        .collect();
    if rows.is_empty() {
        return vec![Block::paragraph("没有同年度的事前估算可供比较。")];
    }
    vec![
        Block::Table(Table {
            caption: String::new(),
            columns: vec![
                Column::text("年度", 2),
                Column::text("核算天数 / 全年", 3),
                Column::number("事前估算", "tCO2e", 3),
                Column::number("核算结果", "tCO2e", 3),
                Column::number("差", "tCO2e", 3),
            ],
            rows,
            total: Vec::new(),
        }),
        Block::paragraph(
            "事前估算为该行所列期间的数值；核算天数不足全年时，两者不能直接相减评价。",
        ),
    ]
}
