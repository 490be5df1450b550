//! The inventory: lines typed or brought in a table, kept in one form.

use domain::event::{EventStep, append_inventory, at_line_fields, typed_line};
use domain::{Act, Refusal};
use methodologies::table::Table;

use crate::perform::{Deed, perform};
use crate::store::event::{self as store};
use crate::{By, Error, Fields, Registry, parameter_set};

use super::footprint::{compute, input_of};
pub(super) use domain::event::{
    inventory_header as header, read_inventory as read_lines, write_inventory as write_lines,
};

use super::organiser::{check_reopening, open_shared};
use super::{EventReceipt, bare_facts, done, profile_of, step};

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
        let single = typed_line(fields);
        let added = match &single {
            Some(line) => read_lines(line).map_err(at_line_fields)?,
            None => read_lines(typed)?,
        };
        let append = single.is_some() || fields.get("append").is_some_and(|text| text == "yes");
        let rows = i64::try_from(added.rows.len()).unwrap_or(i64::MAX);
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            check_reopening(&row, by)?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            row.inventory = if append {
                append_inventory(&row.inventory, &added)
            } else {
                write_lines(&added, false)
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
