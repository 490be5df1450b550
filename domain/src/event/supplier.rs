//! What a supplier tells by link, and the line of the inventory that it becomes once the organiser takes it in. No contact is asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use methodologies::event::fields::{CLASSES, COLUMNS};
use methodologies::schema::Column;
use methodologies::table::{Table, parse};
use serde::Serialize;

use super::inventory::{at_line_fields, inventory_header, read_inventory};
use crate::refusal::{Refusal, codes};
use crate::text::required_text;

/// Most lines of one supplier: far more than one gives by hand.
pub const SUPPLIER_LINES_MAX: i64 = 200;
/// Most lines of one supplier within an hour.
pub const SUPPLIER_LINES_PER_HOUR: i64 = 60;
/// Most suppliers of one event.
pub const SUPPLIERS_MAX: i64 = 200;
/// What a supplier fills in, in the columns of the inventory.
const TOLD: [&str; 5] = ["class", "activity", "quantity", "unit", "evidence"];

/// Whom the organiser asks, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplierRequest {
    /// The supplier's name, 1..=120 characters.
    pub name: String,
    /// Classes of the inventory, in their order; at least one.
    pub classes: Vec<&'static str>,
}

impl SupplierRequest {
    /// Reads `name` and a box `classes.<class>` (`yes`) for each class.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let classes: Vec<&'static str> = CLASSES
            .iter()
            .map(|class| class.value)
            .filter(|class| typed(&format!("classes.{class}")) == "yes")
            .collect();
        let mut refusals = Vec::new();
        if classes.is_empty() {
            let first = format!("classes.{}", CLASSES[0].value);
            refusals.push(Refusal::new(codes::REQUIRED).at(first));
        }
        match required_text("name", typed("name"), 120) {
            Ok(name) if refusals.is_empty() => Ok(Self { name, classes }),
            Ok(_) => Err(refusals),
            Err(refusal) => {
                refusals.insert(0, refusal);
                Err(refusals)
            }
        }
    }
}

/// A line as a supplier tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplierLine {
    /// Class of the inventory.
    pub class: String,
    /// What it is.
    pub activity: String,
    /// A decimal number, not negative.
    pub quantity: String,
    /// Its unit.
    pub unit: String,
    /// Which voucher or meter it rests on; may be empty.
    pub note: String,
}

fn told_columns() -> &'static [Column] {
    static COLUMNS_TOLD: OnceLock<Vec<Column>> = OnceLock::new();
    COLUMNS_TOLD.get_or_init(|| {
        let told = COLUMNS.iter().filter(|column| TOLD.contains(&column.code));
        told.map(|column| Column {
            required: column.code != "evidence",
            ..*column
        })
        .collect()
    })
}

impl SupplierLine {
    /// Reads `line.class` (one of those asked for), `line.activity`, `line.quantity`, `line.unit` and `line.evidence`.
    pub fn read(
        fields: &BTreeMap<String, String>,
        classes: &[String],
    ) -> Result<Self, Vec<Refusal>> {
        let columns = told_columns();
        let codes_of: Vec<&str> = columns.iter().map(|column| column.code).collect();
        let cells: Vec<String> = codes_of
            .iter()
            .map(|code| {
                quoted(
                    fields
                        .get(&format!("line.{code}"))
                        .map_or("", |text| text.trim()),
                )
            })
            .collect();
        let text = format!("{}\n{}\n", codes_of.join(","), cells.join(","));
        let table = parse(&text, "lines", columns, 1)
            .map_err(|errors| at_line_fields(errors.into_iter().map(Refusal::from).collect()))?;
        let Some(row) = table.rows.first() else {
            return Err(vec![Refusal::new(codes::REQUIRED).at("line.activity")]);
        };
        let text = |code: &str| row.text(table.place(code)).to_owned();
        let class = text("class");
        if !classes.contains(&class) {
            return Err(vec![
                Refusal::new(codes::CHOICE_INVALID)
                    .at("line.class")
                    .with("choices", classes.join(", ")),
            ]);
        }
        let quantity = row.number(table.place("quantity")).unwrap_or_default();
        Ok(Self {
            class,
            activity: text("activity"),
            quantity: quantity.normalize().to_string(),
            unit: text("unit"),
            note: text("evidence"),
        })
    }

    /// The line of the inventory that it becomes, as a table. Reads what the organiser adds: `stage`, `factor` and `quality`; what is wrong
    /// is said at these fields. `reference` names the line, so that it cannot be taken in twice.
    pub fn inventory_line(
        &self,
        reference: &str,
        fields: &BTreeMap<String, String>,
    ) -> Result<Table, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let cells: Vec<String> = COLUMNS
            .iter()
            .map(|column| {
                quoted(match column.code {
                    "reference" => reference,
                    "class" => &self.class,
                    "activity" => &self.activity,
                    "quantity" => &self.quantity,
                    "unit" => &self.unit,
                    "evidence" => &self.note,
                    "origin" => "supplier",
                    added @ ("stage" | "factor" | "quality") => typed(added),
                    _ => "",
                })
            })
            .collect();
        let text = format!("{}\n{}\n", inventory_header(), cells.join(","));
        read_inventory(&text).map_err(at_decision)
    }

    /// The line of a table, as a spreadsheet counts it, that has the same class and the same name: what may be counted twice.
    pub fn same_in(&self, inventory: &Table) -> Option<usize> {
        let places = ["class", "activity"].map(|code| inventory.place(code));
        let own = plain(&self.activity);
        let same = inventory.rows.iter().find(|row| {
            let class = row.text(places[0]);
            // a line without a class has that of its factor
            (class.is_empty() || class == self.class) && plain(row.text(places[1])) == own
        });
        same.map(|row| row.line)
    }
}

/// What is wrong with an accepted line, at the fields of the decision.
pub fn at_decision(refusals: Vec<Refusal>) -> Vec<Refusal> {
    at_line_fields(refusals)
        .into_iter()
        .map(|mut refusal| {
            let field = refusal.field.take().unwrap_or_default();
            let column = field.trim_start_matches("line.");
            let known = ["stage", "factor", "quality"].contains(&column);
            refusal.field = Some(if known { column } else { "factor" }.to_owned());
            refusal
        })
        .collect()
}

/// Whether one more line may come.
pub fn check_supplier_limits(in_all: i64, in_last_hour: i64) -> Result<(), Refusal> {
    if in_all >= SUPPLIER_LINES_MAX {
        return Err(Refusal::new(codes::EVENT_FORM_FULL).with("max", SUPPLIER_LINES_MAX));
    }
    if in_last_hour >= SUPPLIER_LINES_PER_HOUR {
        return Err(Refusal::new(codes::EVENT_FORM_FLOODED).with("max", SUPPLIER_LINES_PER_HOUR));
    }
    Ok(())
}

/// What a decision says: `accept`, or `decline` with a reason.
pub fn read_decision(fields: &BTreeMap<String, String>) -> Result<Option<String>, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    match typed("decision") {
        "accept" => Ok(None),
        "decline" => required_text("reason", typed("reason"), 500)
            .map(Some)
            .map_err(|refusal| vec![refusal]),
        "" => Err(vec![Refusal::new(codes::REQUIRED).at("decision")]),
        _ => Err(vec![
            Refusal::new(codes::CHOICE_INVALID)
                .at("decision")
                .with("choices", "accept, decline"),
        ]),
    }
}

/// A name without what does not tell two names apart: blanks and the case of letters.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn told(changed: (&str, &str)) -> Result<SupplierLine, Vec<(String, &'static str)>> {
        let mut typed = fields(&[
            ("line.class", "waste"),
            ("line.activity", "厨余 \"湿\" 垃圾, 清运"),
            ("line.quantity", "1.50"),
            ("line.unit", "t"),
            ("line.evidence", "过磅单 12"),
        ]);
        typed.insert(changed.0.to_owned(), changed.1.to_owned());
        let classes = ["waste".to_owned(), "water".to_owned()];
        SupplierLine::read(&typed, &classes).map_err(|refusals| {
            refusals
                .into_iter()
                .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
                .collect()
        })
    }

    #[test]
    fn a_line_is_read_or_refused_at_its_field() {
        let line = told(("", "")).expect("a line");
        assert_eq!(line.activity, "厨余 \"湿\" 垃圾, 清运");
        assert_eq!(line.quantity, "1.5");
        for (changed, field) in [
            (("line.class", "travel"), "line.class"),
            (("line.class", "nonsense"), "line.class"),
            (("line.class", ""), "line.class"),
            (("line.activity", ""), "line.activity"),
            (("line.quantity", "-1"), "line.quantity"),
            (("line.quantity", "many"), "line.quantity"),
            (("line.quantity", ""), "line.quantity"),
            (("line.unit", "bushel"), "line.unit"),
        ] {
            let refused = told(changed).expect_err(field);
            assert!(
                refused.iter().any(|(at, _)| at == field),
                "{changed:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn the_same_source_is_found_whatever_its_blanks_and_case() {
        let line = told(("line.activity", "LED 大屏")).expect("a line");
        for (kept, expected) in [
            ("hold,waste,led大屏,1,t", Some(2)),
            ("hold,,Led  大屏,1,t", Some(2)),
            ("hold,water,led大屏,1,t", None),
            ("hold,waste,led大屏二,1,t", None),
        ] {
            let columns: Vec<Column> = COLUMNS
                .iter()
                .filter(|column| {
                    ["stage", "class", "activity", "quantity", "unit"].contains(&column.code)
                })
                .copied()
                .collect();
            let text = format!("stage,class,activity,quantity,unit\n{kept}\n");
            let table = parse(&text, "lines", columns.leak(), 9).expect("a table");
            assert_eq!(line.same_in(&table), expected, "{kept}");
        }
    }

    #[test]
    fn a_supplier_is_asked_for_something_and_a_refusal_has_a_reason() {
        assert!(SupplierRequest::read(&fields(&[("name", "甲")])).is_err());
        assert!(SupplierRequest::read(&fields(&[("classes.waste", "yes")])).is_err());
        let asked = SupplierRequest::read(&fields(&[
            ("name", "甲"),
            ("classes.waste", "yes"),
            ("classes.heat", "yes"),
            ("classes.nonsense", "yes"),
        ]));
        assert_eq!(asked.expect("asked").classes, ["heat", "waste"]);
        assert_eq!(read_decision(&fields(&[("decision", "accept")])), Ok(None));
        assert!(read_decision(&fields(&[("decision", "decline")])).is_err());
        assert!(read_decision(&fields(&[])).is_err());
    }

    #[test]
    fn lines_stop_at_their_limits() {
        for (in_all, in_hour, code) in [
            (0, 0, None),
            (199, 59, None),
            (199, 60, Some("event_form_flooded")),
            (200, 0, Some("event_form_full")),
        ] {
            let found = check_supplier_limits(in_all, in_hour)
                .err()
                .map(|found| found.code);
            assert_eq!(found, code);
        }
    }
}
