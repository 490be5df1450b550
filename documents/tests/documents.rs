//! What the documents promise.

mod records;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use documents::{Block, Document, Record, Section, design_document, workbook};
use records::{answer, solar_report, wind};

fn sheet_texts(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("the sheet");
    let rows = range.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

#[test]
fn the_same_record_gives_the_same_spreadsheet() {
    for record in [wind(), solar_report()] {
        let first = workbook(&record).expect("a workbook");
        assert_eq!(first, workbook(&record).expect("a workbook"));
    }
}

#[test]
fn an_empty_record_is_a_document_that_says_what_is_missing() {
    let record = Record {
        methodology: "CCER-14-001-V01".to_owned(),
        ..Record::default()
    };
    let document = design_document(&record);
    assert!(
        document
            .remarks
            .iter()
            .any(|remark| remark.contains("没有计算结果"))
    );
    workbook(&record).expect("a workbook");
}

fn numbers(document: &Document) -> Vec<&str> {
    let sections = document.sections.iter();
    sections.map(|section| section.number.as_str()).collect()
}

#[test]
fn a_sink_has_the_sections_of_the_template_of_2023() {
    let record = Record {
        methodology: "CCER-14-002-V01".to_owned(),
        ..Record::default()
    };
    assert_eq!(
        numbers(&design_document(&record)),
        [
            "A",
            "A.1",
            "A.2",
            "A.3",
            "A.4",
            "A.5",
            "A.6",
            "A.7",
            "A.8",
            "B",
            "B.1",
            "B.2",
            "B.3",
            "B.4",
            "B.5",
            "B.6",
            "B.6.1",
            "B.6.2",
            "B.6.3",
            "B.6.4",
            "B.7",
            "B.7.1",
            "B.7.2",
            "B.7.3",
            "C",
            "C.1",
            "C.2",
            "C.3",
            "D",
            "D.1",
            "D.2",
            "附件一",
            "附件二",
            "附件三"
        ]
    );
}

#[test]
fn demo_data_is_marked_and_real_data_is_not() {
    let mut record = wind();
    assert!(design_document(&record).demo);
    let first = |record: &Record| sheet_texts(&workbook(record).expect("a workbook"), "结果");
    assert!(first(&record).iter().any(|row| row[0] == "演示数据"));
    record.demo = false;
    assert!(!design_document(&record).demo);
    assert!(!first(&record).iter().any(|row| row[0] == "演示数据"));
}

fn annex<'a>(document: &'a Document, number: &str) -> &'a Section {
    let mut sections = document.sections.iter();
    sections
        .find(|section| section.number == number)
        .expect("the annex")
}

#[test]
fn every_assumed_value_is_listed_with_value_source_and_confidence() {
    let mut record = wind();
    let outcome = record.outcome.as_mut().expect("an outcome");
    let mut used = outcome.parameters[0].clone();
    used.id = "grid.South.2023.cm".to_owned();
    used.assumed = true;
    used.value = "0.4321".parse().expect("a number");
    outcome.parameters = vec![used];
    let document = design_document(&record);
    let annex = annex(&document, "附件一");
    let Some(Block::Table(table)) = annex.blocks.last() else {
        panic!("a table of assumed values");
    };
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0][1], "0.4321");
    assert!(!table.rows[0][3].is_empty() && !table.rows[0][4].is_empty());
    assert!(
        document
            .remarks
            .iter()
            .any(|text| text.contains("1 个假定值"))
    );
}

#[test]
fn the_spreadsheet_sums_the_years_itself_and_states_the_calculated_total() {
    for record in [wind(), solar_report()] {
        let outcome = record.outcome.clone().expect("an outcome");
        let bytes = workbook(&record).expect("a workbook");
        let mut book: Xlsx<_> =
            calamine::open_workbook_from_rs(Cursor::new(&bytes)).expect("a workbook");
        let formulas = book.worksheet_formula("结果").expect("formulas");
        let written: Vec<_> = formulas
            .rows()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        assert!(
            written.iter().any(|text| text.starts_with("SUM(")),
            "{written:?}"
        );
        let lines = outcome.year_lines.len();
        let differences = written
            .iter()
            .filter(|text| text.starts_with('G') && text.contains('-'));
        assert_eq!(differences.count(), lines);
        let shown = sheet_texts(&bytes, "结果");
        let total = shown.iter().find(|row| row[0].starts_with("计算所得合计"));
        assert_eq!(total.expect("a total")[1], outcome.total_t.to_string());
        let sum = shown.iter().find(|row| row[0] == "合计").expect("a sum");
        assert_eq!(sum[10], outcome.total_t.to_string());
        assert_eq!(sheet_texts(&bytes, "步骤").len(), outcome.steps.len() + 1);
        assert_eq!(
            sheet_texts(&bytes, "参数").len(),
            outcome.parameters.len() + 1
        );
    }
}

#[test]
fn a_name_that_begins_like_a_formula_stays_a_text() {
    let mut record = wind();
    for start in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=HYPERLINK(\"http://x\")",
        "\t=1",
    ] {
        record.name = start.to_owned();
        record.answers = vec![answer("name", "basics", start, start)];
        let bytes = workbook(&record).expect("a workbook");
        let mut book: Xlsx<_> =
            calamine::open_workbook_from_rs(Cursor::new(&bytes)).expect("a workbook");
        let formulas = book.worksheet_formula("输入").expect("formulas");
        assert!(formulas.rows().flatten().all(String::is_empty), "{start}");
        let range = book.worksheet_range("输入").expect("the sheet");
        assert_eq!(
            range.get((1, 2)),
            Some(&Data::String(start.to_owned())),
            "{start}"
        );
        let results = book.worksheet_formula("结果").expect("formulas");
        assert!(
            !results
                .rows()
                .flatten()
                .any(|text| text.contains("HYPERLINK"))
        );
    }
}
