//! The answers of the form, taken out one after the other and put where the document wants them.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Block, Column, Fact, Table};
use crate::record::{Answer, Record};

/// Rows of a list that are printed; the spreadsheet has all of them.
const ROWS_MAX: usize = 200;
/// An answer of more characters, or of several lines, is printed as running text.
const SHORT_CHARACTERS_MAX: usize = 120;

/// The answers that are not yet placed.
pub(crate) struct Answers<'a> {
    left: Vec<&'a Answer>,
}

impl<'a> Answers<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        let answered = record.answers.iter();
        Self {
            left: answered
                .filter(|answer| !answer.value.trim().is_empty())
                .collect(),
        }
    }

    /// The answers of these fields, in this order, as blocks. A name stands for its dotted fields too.
    pub(crate) fn take(&mut self, names: &[&str]) -> Vec<Block> {
        let mut taken = Vec::new();
        for name in names {
            let (own, left) = self
                .left
                .drain(..)
                .partition::<Vec<_>, _>(|answer| root(&answer.name) == *name);
            self.left = left;
            taken.extend(own);
        }
        blocks(&taken)
    }

    /// All answers of these pages of the form that are still left.
    pub(crate) fn take_pages(&mut self, pages: &[&str]) -> Vec<Block> {
        let (own, left) = self
            .left
            .drain(..)
            .partition::<Vec<_>, _>(|answer| pages.contains(&answer.page.as_str()));
        self.left = left;
        blocks(&own)
    }

    /// Everything that is left.
    pub(crate) fn take_rest(&mut self) -> Vec<Block> {
        blocks(&std::mem::take(&mut self.left))
    }
}

fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Short answers in one table of facts, long ones as text below their label, lists as tables.
fn blocks(answers: &[&Answer]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lists: BTreeSet<&str> = BTreeSet::new();
    for answer in answers {
        if answer.name.contains('.') {
            let list = root(&answer.name);
            if lists.insert(list) {
                blocks.extend(list_table(list, answers));
            }
        } else if answer.value.contains('\n') || answer.value.chars().count() > SHORT_CHARACTERS_MAX
        {
            blocks.push(Block::paragraph(format!("【{}】", answer.label)));
            let lines = answer.value.split('\n').map(str::trim);
            blocks.extend(lines.filter(|line| !line.is_empty()).map(Block::paragraph));
        } else {
            let fact = Fact::new(&answer.label, &answer.value);
            match blocks.last_mut() {
                Some(Block::Facts { facts }) => facts.push(fact),
                _ => blocks.push(Block::Facts { facts: vec![fact] }),
            }
        }
    }
    blocks
}

/// `lines.0.to`, `lines.0.export_mwh`, `lines.1.to`, … as a table: one row per number, one column per last part.
fn list_table(list: &str, answers: &[&Answer]) -> Vec<Block> {
    let mut columns: Vec<(String, String)> = Vec::new();
    let mut rows: BTreeMap<(usize, String), BTreeMap<String, String>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| root(&answer.name) == list) {
        let mut parts = answer.name.splitn(3, '.').skip(1);
        let row = parts.next().unwrap_or_default();
        let column = without_numbers(parts.next().unwrap_or_default());
        if !columns.iter().any(|(known, _)| *known == column) {
            columns.push((column.clone(), answer.label.clone()));
        }
        let order = row.parse().unwrap_or(usize::MAX);
        let cell = rows.entry((order, row.to_owned())).or_default();
        cell.entry(column)
            .and_modify(|text| *text = format!("{text}；{}", answer.value))
            .or_insert_with(|| answer.value.clone());
    }
    let mut head = vec![Column::text("序号", 1)];
    head.extend(columns.iter().map(|(_, label)| Column::text(label, 2)));
    let count = rows.len();
    let shown = rows
        .into_iter()
        .take(ROWS_MAX)
        .map(|((order, row), cells)| {
            let name = if order == usize::MAX {
                row
            } else {
                (order + 1).to_string()
            };
            let mut texts = vec![name];
            texts.extend(
                columns
                    .iter()
                    .map(|(column, _)| cells.get(column).cloned().unwrap_or_default()),
            );
            texts
        });
    let mut blocks = vec![Block::Table(Table {
        caption: String::new(),
        columns: head,
        rows: shown.collect(),
        total: Vec::new(),
    })];
    if count > ROWS_MAX {
        blocks.push(Block::remark(format!(
            "共 {count} 行，此处列出前 {ROWS_MAX} 行；全部数据见同一记录的电子表格。"
        )));
    }
    blocks
}

/// `fuels.0.amount` below a line -> `fuels.amount`: all entries of an inner list share a column.
fn without_numbers(path: &str) -> String {
    path.split('.')
        .filter(|part| part.parse::<usize>().is_err())
        .collect::<Vec<_>>()
        .join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(name: &str, value: &str) -> Answer {
        Answer {
            name: name.to_owned(),
            page: "page".to_owned(),
            label: format!("«{name}»"),
            value: value.to_owned(),
        }
    }

    #[test]
    fn every_answer_is_printed_exactly_once() {
        let record = Record {
            answers: vec![
                answer("name", "甲"),
                answer("empty", "  "),
                answer("summary", "一\n二"),
                answer("lines.0.to", "2024-12-31"),
                answer("lines.10.to", "x"),
                answer("lines.2.to", "y"),
            ],
            ..Record::default()
        };
        let mut answers = Answers::of(&record);
        let first = answers.take(&["summary", "name"]);
        assert_eq!(first.len(), 4, "{first:?}");
        assert!(answers.take(&["summary"]).is_empty());
        let Block::Table(table) = &answers.take_pages(&["page"])[0] else {
            panic!("a list is a table");
        };
        let order: Vec<_> = table.rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(order, ["1", "3", "11"]);
        assert!(answers.take_rest().is_empty());
    }

    #[test]
    fn a_long_list_says_that_it_is_shortened() {
        let answers = (0..=ROWS_MAX).map(|at| answer(&format!("trees.{at}.dbh"), "12"));
        let record = Record {
            answers: answers.collect(),
            ..Record::default()
        };
        let blocks = Answers::of(&record).take_rest();
        assert!(matches!(&blocks[1], Block::Remark { text } if text.contains("共 201 行")));
    }
}
