//! The footprint of an event: inventory, factors with their editions, uncertainty, what to neutralise.
//!
//! It follows the accounting part of the guide to carbon neutrality of large events (trial, 2019), which names standards and
//! gives no factors. A footprint is what was emitted, so every rounding goes up; it is no reduction and no methodology of the
//! reduction programme.

//!
//! * [`footprint`]: from form fields or JSON to a [`Footprint`] with its working;
//! * [`schema`], [`example`]: what it takes; the inventory is a table in one text, up to [`fields::LINES_MAX`] lines;
//! * [`checklist`](fn@checklist): the sources that the guide asks to look at;
//! * [`factor`]: the factors with their editions, and which one applies.

pub mod checklist;
pub mod factor;
pub mod fields;
pub mod result;

mod advice;
mod footprint;
mod notes;
mod read;
mod unit;

use serde_json::{Value, json};

use crate::schema::Field;
use crate::text::text;

pub use checklist::checklist;
pub use footprint::footprint;
pub use result::Footprint;

/// The code of the calculation.
pub const CALCULATOR: &str = "event/footprint";

/// The inputs, in the order of a form.
pub fn inputs() -> &'static [Field] {
    &fields::FIELDS
}

/// What the calculation with this code takes, as JSON: every field, and the factors that can be chosen. `None`: no such
/// calculation.
pub fn schema(code: &str) -> Option<Value> {
    (code == CALCULATOR).then(|| {
        json!({
            "calculator": CALCULATOR,
            "methodology": "event",
            "title": text("活动碳足迹", "Footprint of an event"),
            "fields": inputs().iter().map(Field::to_json).collect::<Vec<_>>(),
            "factors": factor::all(),
            "checklist": checklist(),
        })
    })
}

/// A complete input. `None`: no such calculation.
pub fn example(code: &str) -> Option<Value> {
    (code == CALCULATOR).then(footprint::example)
}
