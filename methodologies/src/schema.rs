//! What a calculator takes, as data: the same table reads the input, makes the form and documents the API.

use serde_json::{Value, json};

use crate::text::Text;

/// One input of a calculator. `*` in the path stands for the number of a list item: `lines.*.export_mwh`.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Dotted path, which is the form field's name.
    pub path: &'static str,
    /// What may be written.
    pub kind: Kind,
    /// Short label.
    pub label: Text,
    /// What it means, where to find it, what leaving it empty means.
    pub help: Text,
    /// The calculation is refused without it.
    pub required: bool,
}

/// What may be written in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A decimal number.
    Number {
        /// Unit as shown.
        unit: &'static str,
        /// Smallest value allowed.
        min: &'static str,
        /// Largest value allowed.
        max: &'static str,
        /// Most decimals allowed.
        decimals: u32,
    },
    /// A day, `2026-01-31`, Beijing time.
    Date,
    /// One of a few values.
    Choice(&'static [Choice]),
    /// A calendar year.
    Year,
    /// A list of groups or values; the fields inside have paths that begin with this path and `.*`.
    List {
        /// Most items allowed.
        max: usize,
    },
    /// A short text: a name, a source.
    Text {
        /// Most characters allowed.
        max: usize,
    },
    /// A table in one text: lines of cells with a header, see [`crate::table`].
    Table {
        /// Its columns; the text may name them by code or title and in any order.
        columns: &'static [Column],
        /// Most lines allowed, the header not counted.
        max_rows: usize,
    },
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Its name in headers and error paths.
    pub code: &'static str,
    /// What may be written in a cell: a number, a choice, a day or a text.
    pub kind: Kind,
    /// Its title, in headers too.
    pub label: Text,
    /// What it means; what leaving it empty means.
    pub help: Text,
    /// No cell may be empty, and the header must name it.
    pub required: bool,
}

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// What is stored and sent.
    pub value: &'static str,
    /// What is shown.
    pub text: Text,
}

impl Field {
    /// The field as JSON: path, type, unit, label, help, required, range, choices, columns.
    pub fn to_json(&self) -> Value {
        let mut field = json!({
            "path": self.path,
            "label": self.label,
            "help": self.help,
            "required": self.required,
        });
        self.kind.describe(&mut field);
        field
    }
}

impl Column {
    fn to_json(self) -> Value {
        let mut column = json!({
            "code": self.code,
            "label": self.label,
            "help": self.help,
            "required": self.required,
        });
        self.kind.describe(&mut column);
        column
    }
}

impl Kind {
    /// Adds the type and what belongs to it.
    fn describe(self, field: &mut Value) {
        field["type"] = json!(match self {
            Self::Number { .. } => "number",
            Self::Date => "date",
            Self::Choice(_) => "choice",
            Self::Year => "year",
            Self::List { .. } => "list",
            Self::Text { .. } => "text",
            Self::Table { .. } => "table",
        });
        match self {
            Self::Number {
                unit,
                min,
                max,
                decimals,
            } => {
                field["unit"] = json!(unit);
                field["min"] = json!(min);
                field["max"] = json!(max);
                field["decimals"] = json!(decimals);
            }
            Self::Choice(choices) => {
                field["choices"] = choices
                    .iter()
                    .map(|choice| json!({ "value": choice.value, "zh": choice.text.zh, "en": choice.text.en }))
                    .collect();
            }
            Self::List { max } => field["max_items"] = json!(max),
            Self::Date => field["format"] = json!("YYYY-MM-DD"),
            Self::Year => {
                field["min"] = json!("2000");
                field["max"] = json!("2100");
            }
            Self::Text { max } => field["max_characters"] = json!(max),
            Self::Table { columns, max_rows } => {
                field["format"] = json!("CSV");
                field["max_rows"] = json!(max_rows);
                field["columns"] = columns.iter().map(|column| column.to_json()).collect();
            }
        }
    }
}
