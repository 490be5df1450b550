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
#[derive(Clone, Copy, Debug)]
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
}

/// One choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// What is stored and sent.
    pub value: &'static str,
    /// What is shown.
    pub text: Text,
}

impl Field {
    /// The field as JSON: path, type, unit, label, help, required, range, choices.
    pub fn to_json(&self) -> Value {
        let mut field = json!({
            "path": self.path,
            "type": match self.kind {
                Kind::Number { .. } => "number",
                Kind::Date => "date",
                Kind::Choice(_) => "choice",
                Kind::Year => "year",
                Kind::List { .. } => "list",
            },
            "label": self.label,
            "help": self.help,
            "required": self.required,
        });
        match self.kind {
            Kind::Number {
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
            Kind::Choice(choices) => {
                field["choices"] = choices
                    .iter()
                    .map(|choice| json!({ "value": choice.value, "zh": choice.text.zh, "en": choice.text.en }))
                    .collect();
            }
            Kind::List { max } => field["max_items"] = json!(max),
            Kind::Date => field["format"] = json!("YYYY-MM-DD"),
            Kind::Year => {
                field["min"] = json!("2000");
                field["max"] = json!("2100");
            }
        }
        field
    }
}
