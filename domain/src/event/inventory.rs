//! The inventory of an event as text: a table of lines in the one form in which it is kept, and the footprint of it. The registry
//! computes with it, and so does the browser while somebody types.

use std::collections::BTreeMap;

use methodologies::event::fields::{COLUMNS, LINES_MAX};
use methodologies::event::{Footprint, footprint};
use methodologies::table::{Cell, Table, parse};
use methodologies::{InputError, Parameters};
use serde_json::Value;

use crate::Refusal;

/// What a class is left out with on the quick path: honest about nobody having looked yet.
pub const QUICK_REASON: &str =
    "快速估算未涉及，待主办方核实 / not part of the quick estimate, to be checked by the organiser";

/// The code of every column, with commas between them: the first line of every table that is kept.
pub fn inventory_header() -> String {
    COLUMNS
        .iter()
        .map(|column| column.code)
        .collect::<Vec<_>>()
        .join(",")
}

/// A table of the inventory, every mistake by line and column.
pub fn read_inventory(text: &str) -> Result<Table, Vec<Refusal>> {
    parse(text, "lines", &COLUMNS, LINES_MAX)
        .map_err(|errors| errors.into_iter().map(Refusal::from).collect())
}

/// A table in the one form in which it is kept: every column, named by its code. `as_estimate`: for another event, so that what proves
/// the quantities of this one stays behind.
pub fn write_inventory(table: &Table, as_estimate: bool) -> String {
    let mut text = inventory_header();
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

/// The lines of a table after those that are kept; `kept` may be empty.
pub fn append_inventory(kept: &str, added: &Table) -> String {
    let new = write_inventory(added, false);
    if kept.is_empty() {
        return new;
    }
    kept.to_owned() + new.split_once('\n').map_or("", |(_, lines)| lines)
}

/// One line typed into the fields `line.<code of the column>`, as a table. `None`: there are no such fields.
pub fn typed_line(fields: &BTreeMap<String, String>) -> Option<String> {
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
    Some(format!("{}\n{}\n", inventory_header(), values.join(",")))
}

/// What is wrong with a line typed into fields, at those fields.
pub fn at_line_fields(refusals: Vec<Refusal>) -> Vec<Refusal> {
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

/// The footprint of an input of the calculator; what is wrong, at the fields of the forms.
/// What the quick path left out because nobody had looked yet gives way to lines that are counted.
pub fn event_footprint(input: &mut Value, set: &Parameters) -> Result<Footprint, Vec<Refusal>> {
    let refusals = |errors: Vec<InputError>, input: &Value| -> Vec<Refusal> {
        errors
            .into_iter()
            .map(|error| at_form_field(error, input))
            .collect()
    };
    let errors = match footprint(input, set) {
        Ok(footprint) => return Ok(footprint),
        Err(errors) => refusals(errors, input),
    };
    let counted: Vec<&str> = errors
        .iter()
        .filter(|refusal| refusal.code == "event_left_out_counted")
        .filter_map(|refusal| refusal.field.as_deref()?.strip_prefix("left_out."))
        .collect();
    let Some(left_out) = input["left_out"].as_array_mut() else {
        return Err(errors);
    };
    let before = left_out.len();
    left_out.retain(|entry| {
        let class = entry["class"].as_str().unwrap_or_default();
        entry["reason"] != QUICK_REASON || !counted.contains(&class)
    });
    if left_out.len() == before {
        return Err(errors);
    }
    footprint(input, set).map_err(|errors| refusals(errors, input))
}

/// The list of what is left out has the class in its place: the field of the form is named after the class.
fn at_form_field(error: InputError, input: &Value) -> Refusal {
    let mut refusal = Refusal::from(error);
    let field = refusal.field.clone().unwrap_or_default();
    if let Some(at) = field
        .strip_prefix("left_out.")
        .and_then(|rest| rest.split('.').next())
    {
        let class = at
            .parse::<usize>()
            .ok()
            .and_then(|at| input["left_out"][at]["class"].as_str());
        if let Some(class) = class {
            refusal.field = Some(format!("left_out.{class}"));
        }
    }
    refusal
}
