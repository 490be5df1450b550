//! The inventory: lines typed or brought in a table, kept in one form.

use domain::event::EventStep;
use domain::{Act, Refusal};
use methodologies::event::fields::{COLUMNS, LINES_MAX};
use methodologies::table::{Cell, Table, parse};

use crate::perform::{Deed, perform};
use crate::store::event::{self as store};
use crate::{By, Error, Fields, Registry, parameter_set};

use super::footprint::{compute, input_of};
use super::{EventReceipt, bare_facts, done, open, profile_of, step};

impl Registry {
    /// Changes the inventory. Reads `lines` (a table; replaces the inventory, or is added to it with `append` = `yes`) or one line in
    /// `line.<column>`. Every mistake is said by line and column, and then nothing is kept.
    pub async fn event_inventory_save(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventInventorySave, by, &(event, fields))?;
        Deed::check_role(Act::EventInventorySave, by)?;
        let typed = fields.get("lines").map_or("", String::as_str);
        let single = single_line(fields);
        let added = match &single {
            Some(line) => read_lines(line).map_err(at_line_fields)?,
            None => read_lines(typed)?,
        };
        let append = single.is_some() || fields.get("append").is_some_and(|text| text == "yes");
        let rows = i64::try_from(added.rows.len()).unwrap_or(i64::MAX);
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            let new = write_lines(&added, false);
            let before = std::mem::take(&mut row.inventory);
            row.inventory = if append && !before.is_empty() {
                before + new.split_once('\n').map_or("", |(_, lines)| lines)
            } else {
                new
            };
            row.revision += 1;
            // what cannot be computed is not kept
            let set = parameter_set::in_force(tx.connection()).await?;
            let profile = profile_of(&row)?;
            let mut input = input_of(&row, &profile, "", tx.at.beijing_date())?;
            if let Err(refusals) = compute(&mut input, &set) {
                // that lines of holding are missing, or left out beside lines, is said where the plan or the account asks
                let of_lines: Vec<Refusal> = refusals
                    .into_iter()
                    .filter(|refusal| refusal.code != "event_no_holding")
                    .filter(|refusal| {
                        let field = refusal.field.as_deref().unwrap_or_default();
                        field == "lines" || field.starts_with("lines.")
                    })
                    .collect();
                if !of_lines.is_empty() {
                    let of_lines = if single.is_some() {
                        at_line_fields(of_lines)
                    } else {
                        of_lines
                    };
                    return Err(of_lines.into());
                }
            }
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.rows = Some(rows);
            Ok(done)
        })
    }
}

/// The classes of the lines of a table.
pub(super) fn table_classes(table: &Table) -> Vec<String> {
    let (class, factor) = (table.place("class"), table.place("factor"));
    table
        .rows
        .iter()
        .map(|row| match row.choice(class) {
            Some(class) => class.to_owned(),
            None => class_of_factor(row.choice(factor).unwrap_or_default()),
        })
        .collect()
}

fn class_of_factor(code: &str) -> String {
    if code.starts_with("grid_") {
        return "electricity".to_owned();
    }
    methodologies::event::factor::find(code)
        .map_or("", |found| found.class)
        .to_owned()
}

pub(super) fn header() -> String {
    COLUMNS
        .iter()
        .map(|column| column.code)
        .collect::<Vec<_>>()
        .join(",")
}

/// A table of the inventory, every mistake by line and column.
pub(super) fn read_lines(text: &str) -> Result<Table, Vec<Refusal>> {
    parse(text, "lines", &COLUMNS, LINES_MAX)
        .map_err(|errors| errors.into_iter().map(Refusal::from).collect())
}

/// A table in the one form in which it is kept: every column, named by its code. `as_estimate`: for another event, so that what proves
/// the quantities of this one stays behind.
pub(super) fn write_lines(table: &Table, as_estimate: bool) -> String {
    let mut text = header();
    text.push('\n');
    for row in &table.rows {
        for (at, (cell, column)) in row.cells().iter().zip(&COLUMNS).enumerate() {
            if at > 0 {
                text.push(',');
            }
            let left_behind = [
                "reference",
                "evidence",
                "certificate_kwh",
                "certificate_proof",
                "activity_year",
                "u_activity",
            ];
            let value = match (as_estimate, column.code) {
                (true, "quality") => "estimated".to_owned(),
                (true, code) if left_behind.contains(&code) => String::new(),
                _ => cell_text(cell),
            };
            if value.contains([',', '"', '\n', '\r', ';', '\t']) {
                text.push('"');
                text += &value.replace('"', "\"\"");
                text.push('"');
            } else {
                text += &value;
            }
        }
        text.push('\n');
    }
    text
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(number) => number.normalize().to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Choice(choice) => (*choice).to_owned(),
        Cell::Day(day) => day.to_string(),
    }
}

/// One line typed into fields, as a table.
fn single_line(fields: &Fields) -> Option<String> {
    fields.keys().find(|name| name.starts_with("line."))?;
    let values: Vec<String> = COLUMNS
        .iter()
        .map(|column| {
            let typed = fields.get(&format!("line.{}", column.code));
            format!(
                "\"{}\"",
                typed.map_or("", |text| text.trim()).replace('"', "\"\"")
            )
        })
        .collect();
    Some(format!("{}\n{}\n", header(), values.join(",")))
}

/// What is wrong with a line typed into fields, at those fields.
fn at_line_fields(refusals: Vec<Refusal>) -> Vec<Refusal> {
    refusals
        .into_iter()
        .map(|mut refusal| {
            let column = refusal
                .field
                .as_deref()
                .and_then(|field| field.rsplit('.').next())
                .filter(|column| *column != "lines");
            refusal.field = Some(column.map_or_else(
                || "line.activity".to_owned(),
                |column| format!("line.{column}"),
            ));
            refusal
        })
        .collect()
}
