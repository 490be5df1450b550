//! What an event says about itself, its boundary, and what is left out of it.

use std::collections::BTreeMap;

use methodologies::event::checklist;
use serde::Serialize;
use time::{Date, Duration};

use crate::refusal::{Refusal, codes};
use crate::text::{date, narrow, optional_text, required_text};

/// What the guide counts as a large event (art. 2), and everything else.
pub const EVENT_KINDS: &[&str] = &["meeting", "forum", "exhibition", "show", "sports", "other"];

/// The columns that lines made here have, a part of those of the inventory.
pub const LINES_HEADER: &str =
    "reference,stage,class,activity,quantity,unit,factor,quality,origin,evidence";

/// Most people of an event.
const PEOPLE_MAX: i64 = 10_000_000;
/// Longest event, days.
const DAYS_MAX: i64 = 366;

/// A class of the checklist that is not accounted for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The class.
    pub class: &'static str,
    /// Why.
    pub reason: String,
}

/// The profile, read without a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventProfile {
    /// Its name.
    pub name: String,
    /// One of [`EVENT_KINDS`].
    pub kind: &'static str,
    /// First day.
    pub starts_on: Date,
    /// Last day, included.
    pub ends_on: Date,
    /// Province, for the electricity.
    pub province: String,
    /// City, for distances; may be empty.
    pub city: String,
    /// Venue.
    pub place: String,
    /// People expected.
    pub people: i64,
    /// Stages within the boundary: `prepare`, `hold`, `close`.
    pub stages: Vec<&'static str>,
    /// Classes left out, with reasons.
    pub left_out: Vec<Exclusion>,
    /// Measures to reduce.
    pub measures: String,
    /// How it is meant to be neutralised.
    pub method: String,
}

/// How the source of an entry of the checklist begins that the guide itself has; the others come from practice.
const GUIDE: &str = "《大型活动碳中和实施指南";

/// The classes that the guide's checklist asks for, each once, in its order.
pub fn required_classes() -> Vec<&'static str> {
    let mut classes = Vec::new();
    let of_guide = checklist()
        .iter()
        .filter(|item| item.source.zh.starts_with(GUIDE));
    for item in of_guide {
        if !classes.contains(&item.class) {
            classes.push(item.class);
        }
    }
    classes
}

impl EventProfile {
    /// Reads `name`, `kind`, `starts_on`, `ends_on`, `province`, `city`, `place`, `people`, `stages.<stage>`, `left_out.<class>`,
    /// `measures`, `method`; everything wrong is said at once, each at its field.
    pub fn read(fields: &BTreeMap<String, String>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let mut refusals = Vec::new();
        let mut keep = |result: Result<String, Refusal>| {
            result.unwrap_or_else(|refusal| {
                refusals.push(refusal);
                String::new()
            })
        };
        let optional = |field: &str, max| {
            optional_text(field, typed(field), max).map(Option::unwrap_or_default)
        };
        let name = keep(required_text("name", typed("name"), 100));
        let province = keep(required_text("province", typed("province"), 40));
        let city = keep(optional("city", 40));
        let place = keep(optional("place", 200));
        let measures = keep(optional("measures", 4000));
        let method = keep(optional("method", 2000));
        let mut left_out = Vec::new();
        for class in required_classes() {
            let reason = keep(optional(&format!("left_out.{class}"), 300));
            if !reason.is_empty() {
                left_out.push(Exclusion { class, reason });
            }
        }
        let kind = EVENT_KINDS.iter().find(|kind| **kind == typed("kind"));
        if kind.is_none() {
            let code = if typed("kind").is_empty() {
                codes::REQUIRED
            } else {
                codes::CHOICE_INVALID
            };
            refusals.push(
                Refusal::new(code)
                    .at("kind")
                    .with("choices", EVENT_KINDS.join(", ")),
            );
        }
        let people = whole("people", typed("people"), 1, PEOPLE_MAX);
        let days = (
            date("starts_on", typed("starts_on")),
            date("ends_on", typed("ends_on")),
        );
        if let (Ok(start), Ok(end)) = &days {
            if end < start {
                refusals.push(
                    Refusal::new(codes::END_BEFORE_START)
                        .at("ends_on")
                        .with("start", start)
                        .with("end", end),
                );
            } else if *end - *start >= Duration::days(DAYS_MAX) {
                refusals.push(
                    Refusal::new(codes::NUMBER_OUT_OF_RANGE)
                        .at("ends_on")
                        .with("min", 1)
                        .with("max", DAYS_MAX),
                );
            }
        }
        let stages: Vec<&'static str> = ["prepare", "hold", "close"]
            .into_iter()
            .filter(|stage| typed(&format!("stages.{stage}")) == "yes")
            .collect();
        refusals.extend(people.as_ref().err().cloned());
        refusals.extend(days.0.as_ref().err().cloned());
        refusals.extend(days.1.as_ref().err().cloned());
        match (people, days, kind) {
            (Ok(people), (Ok(starts_on), Ok(ends_on)), Some(kind)) if refusals.is_empty() => {
                Ok(Self {
                    name,
                    kind,
                    starts_on,
                    ends_on,
                    province,
                    city,
                    place,
                    people,
                    stages,
                    left_out,
                    measures,
                    method,
                })
            }
            _ => Err(refusals),
        }
    }

    /// Days of the event, both ends counted.
    pub fn days(&self) -> i64 {
        (self.ends_on - self.starts_on).whole_days() + 1
    }

    /// Classes of the checklist that are neither among `used` nor left out with a reason.
    pub fn open_classes(&self, used: &[String]) -> Vec<&'static str> {
        required_classes()
            .into_iter()
            .filter(|class| {
                !used.iter().any(|known| known == class)
                    && !self.left_out.iter().any(|left| left.class == *class)
            })
            .collect()
    }
}

/// A whole number within its range.
pub(super) fn whole(field: &str, typed: &str, min: i64, max: i64) -> Result<i64, Refusal> {
    let text = narrow(typed);
    if text.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let plain: String = text.chars().filter(|c| *c != ',').collect();
    let number = plain.parse::<i64>().map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        Refusal::new(codes::NUMBER_INVALID)
            .at(field)
            .with("value", shown)
    })?;
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Refusal::new(codes::NUMBER_OUT_OF_RANGE)
            .at(field)
            .with("min", min)
            .with("max", max))
    }
}

/// One line of the inventory under [`LINES_HEADER`]: cells that hold a comma, a quotation mark or a line break are quoted.
pub fn line_of(cells: [&str; 10]) -> String {
    let quoted = cells.map(|cell| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    });
    quoted.join(",") + "\n"
}
