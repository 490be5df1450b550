//! The footprint of an event beside the forms of its inventory: what is kept, with what is being typed.

use std::collections::BTreeMap;

use domain::Refusal;
use domain::event::{
    append_inventory, at_line_fields, event_footprint, inventory_header, read_inventory,
    typed_line, write_inventory,
};
use methodologies::event::Footprint;
use methodologies::{InputError, Parameters};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Shown;
use crate::lang::{Lang, texts};
use crate::result::footprint::{FootprintTexts, footprint_pieces, years_html};
use crate::result::html::Html;

texts! {
    /// What is said around the live footprint.
    EventTexts {
        /// Label of the total of what is kept.
        as_kept = "live_event.as_kept",
        /// Label of the total with what is typed.
        as_typed = "live_event.as_typed",
        /// What is typed is not complete and not counted.
        not_counted = "live_event.not_counted",
        /// There is no line yet.
        nothing = "live_event.nothing",
        /// What is kept cannot be computed, for these reasons.
        problems = "live_event.problems",
    }
}

/// The field with the year of the factors to compare with.
pub const FACTOR_YEAR: &str = "factor_year";

/// Longest inventory that is sent along for the browser, bytes; a longer one is computed by the server when it is saved.
pub const LIVE_BYTES_MAX: usize = 400_000;

/// Most problems that are listed.
const PROBLEMS_SHOWN_MAX: usize = 20;

/// Everything the footprint needs besides the forms. The server writes it into the page as text; only the worker reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventSetup {
    /// The input of the calculator, without its lines.
    pub event_input: Value,
    /// The organiser's inventory as it is kept; may be empty.
    pub kept: String,
    /// Lines of the attendees' answers, without a header.
    pub attendee_lines: String,
    /// The numbers it computes with.
    pub parameters: Parameters,
    /// The language of units, dates and errors.
    pub lang: Lang,
    /// What is said around the result.
    pub texts: EventTexts,
    /// The words of the result.
    pub result_texts: FootprintTexts,
}

/// What is wrong with what is being typed, by the name of the form field.
type Errors = BTreeMap<String, String>;

impl EventSetup {
    /// The footprint with what is in the forms: a table (`lines`, `append`), a line (`line.<column>`), a year to compare with
    /// ([`FACTOR_YEAR`]). What is not complete is not counted, and what is wrong in it is said at its field.
    pub fn show(&self, form: &BTreeMap<String, String>) -> Shown {
        let typed = |name: &str| form.get(name).map_or("", |text| text.trim());
        let mut errors = Errors::new();
        let mut inventory = self.kept.clone();
        let (mut counted, mut left_out) = (false, false);
        if !typed("lines").is_empty() {
            let append = typed("append") == "yes";
            match self.with_table(&inventory, typed("lines"), append) {
                Ok(more) => (inventory, counted) = (more, true),
                Err(refusals) => {
                    left_out = true;
                    self.say_of_table(refusals, &mut errors);
                }
            }
        }
        if ["line.activity", "line.quantity", "line.factor"]
            .iter()
            .any(|name| !typed(name).is_empty())
        {
            match self.with_line(&inventory, form) {
                Ok(more) => (inventory, counted) = (more, true),
                Err(refusals) => {
                    left_out = true;
                    self.say_of_line(refusals, form, &mut errors);
                }
            }
        }
        let mut html = Html::default();
        if left_out {
            html.raw("<p class=\"live__hint\">")
                .text(&self.texts.not_counted)
                .raw("</p>");
        }
        let label = if counted {
            &self.texts.as_typed
        } else {
            &self.texts.as_kept
        };
        let mut pieces = vec![html];
        match self.footprint(&inventory, None) {
            Ok(footprint) => {
                let [result, how] =
                    footprint_pieces(self.lang, &self.result_texts, label, &footprint);
                pieces.push(result);
                pieces.extend(self.beside(&inventory, typed(FACTOR_YEAR), &footprint));
                pieces.push(how);
            }
            Err(refusals) => pieces.push(self.problems(&inventory, refusals)),
        }
        Shown {
            pieces: pieces.into_iter().map(Html::into_string).collect(),
            errors,
        }
    }

    /// The footprint of an inventory, with the factors of a year if one is given.
    fn footprint(&self, inventory: &str, year: Option<&str>) -> Result<Footprint, Vec<Refusal>> {
        let mut input = self.event_input.clone();
        let lines = if inventory.is_empty() {
            inventory_header() + "\n" + &self.attendee_lines
        } else {
            inventory.to_owned() + &self.attendee_lines
        };
        input["lines"] = Value::String(lines);
        if let Some(year) = year {
            input[FACTOR_YEAR] = Value::String(year.to_owned());
        }
        event_footprint(&mut input, &self.parameters)
    }

    /// The same with the factors of another year, beside it.
    fn beside(&self, inventory: &str, year: &str, own: &Footprint) -> Option<Html> {
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let other = is_year.then(|| self.footprint(inventory, Some(year)).ok())??;
        Some(years_html(
            self.lang,
            &self.result_texts,
            own,
            (year, &other),
        ))
    }

    /// An inventory with the lines of a table, or the table in its place.
    fn with_table(
        &self,
        inventory: &str,
        text: &str,
        append: bool,
    ) -> Result<String, Vec<Refusal>> {
        let table = read_inventory(text)?;
        let more = if append {
            append_inventory(inventory, &table)
        } else {
            write_inventory(&table, false)
        };
        self.accept(more)
    }

    /// An inventory with the line that is in the fields.
    fn with_line(
        &self,
        inventory: &str,
        form: &BTreeMap<String, String>,
    ) -> Result<String, Vec<Refusal>> {
        let line = typed_line(form).unwrap_or_default();
        let line = read_inventory(&line).map_err(at_line_fields)?;
        self.accept(append_inventory(inventory, &line))
            .map_err(at_line_fields)
    }

    /// As in `registry`: lines that cannot be computed are not kept. That lines of holding are missing is said elsewhere.
    fn accept(&self, inventory: String) -> Result<String, Vec<Refusal>> {
        let Err(refusals) = self.footprint(&inventory, None) else {
            return Ok(inventory);
        };
        let mut of_lines = refusals;
        of_lines.retain(|refusal| {
            let field = refusal.field.as_deref().unwrap_or_default();
            refusal.code != "event_no_holding" && (field == "lines" || field.starts_with("lines."))
        });
        if of_lines.is_empty() {
            Ok(inventory)
        } else {
            Err(of_lines)
        }
    }

    /// Errors of a pasted table go to its field, the first of them by line and column.
    fn say_of_table(&self, refusals: Vec<Refusal>, errors: &mut Errors) {
        if let Some(first) = refusals.into_iter().next() {
            errors.insert("lines".to_owned(), self.text_of(first));
        }
    }

    /// Errors of a line go to its fields; a field that is still empty is not a mistake while somebody types.
    fn say_of_line(
        &self,
        refusals: Vec<Refusal>,
        form: &BTreeMap<String, String>,
        errors: &mut Errors,
    ) {
        for refusal in refusals {
            let field = refusal.field.clone().unwrap_or_default();
            let is_filled = form
                .get(&field)
                .is_some_and(|value| !value.trim().is_empty());
            if is_filled {
                let text = self.said(refusal);
                errors.entry(field).or_insert(text);
            }
        }
    }

    /// What a refusal says, with the line of the table it is in.
    fn text_of(&self, refusal: Refusal) -> String {
        let place = refusal.field.clone().unwrap_or_default();
        let text = self.said(refusal);
        match place.strip_prefix("lines.") {
            Some(place) => {
                let (line, column) = place.split_once('.').unwrap_or((place, ""));
                let error = InputError::new("", "table_line")
                    .with("line", line)
                    .with("column", column)
                    .with("text", text);
                self.lang.message(&error.text()).to_owned()
            }
            None => text,
        }
    }

    fn said(&self, refusal: Refusal) -> String {
        let error = InputError {
            path: String::new(),
            code: refusal.code,
            params: refusal.params,
        };
        self.lang.message(&error.text()).to_owned()
    }

    /// Why what is kept has no result.
    fn problems(&self, inventory: &str, refusals: Vec<Refusal>) -> Html {
        let mut html = Html::default();
        let empty = inventory.is_empty() && self.attendee_lines.is_empty();
        html.raw("<p class=\"live__hint\">")
            .text(if empty {
                &self.texts.nothing
            } else {
                &self.texts.problems
            })
            .raw("</p>");
        if !empty {
            html.raw("<ul class=\"live__errors\">");
            for refusal in refusals.into_iter().take(PROBLEMS_SHOWN_MAX) {
                html.raw("<li>").text(&self.text_of(refusal)).raw("</li>");
            }
            html.raw("</ul>");
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the calculator, its lines kept by the organiser.
    fn setup() -> EventSetup {
        let mut input = methodologies::event::example(methodologies::event::CALCULATOR)
            .expect("there is an example");
        let lines = input["lines"].take();
        let table =
            read_inventory(lines.as_str().unwrap_or_default()).expect("its lines are right");
        EventSetup {
            event_input: input,
            kept: write_inventory(&table, false),
            attendee_lines: String::new(),
            parameters: Parameters::default(),
            lang: Lang::En,
            texts: EventTexts {
                as_kept: "as kept".to_owned(),
                as_typed: "as typed".to_owned(),
                not_counted: "not counted".to_owned(),
                ..EventTexts::default()
            },
            result_texts: FootprintTexts {
                years: "other years".to_owned(),
                ..FootprintTexts::default()
            },
        }
    }

    fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    const METRO: [(&str, &str); 6] = [
        ("line.activity", "Metro"),
        ("line.stage", "hold"),
        ("line.quantity", "1000"),
        ("line.unit", "pkm"),
        ("line.factor", "metro"),
        ("line.quality", "estimated"),
    ];

    #[test]
    fn what_is_kept_is_shown_until_something_is_typed() {
        let shown = setup().show(&BTreeMap::new());
        let html = shown.pieces.concat();
        assert!(
            html.contains("as kept") && !html.contains("not counted"),
            "{html}"
        );
        assert!(shown.errors.is_empty());
    }

    #[test]
    fn half_a_line_is_not_counted_and_only_what_is_wrong_in_it_is_said() {
        let whole = setup().show(&BTreeMap::new()).pieces.concat();
        let shown = setup().show(&form(&[
            ("line.activity", "Bus"),
            ("line.quantity", "many"),
        ]));
        let html = shown.pieces.concat();
        assert!(html.contains("not counted") && html.contains("as kept"));
        assert!(html.ends_with(&whole), "the result itself is unchanged");
        let fields: Vec<_> = shown.errors.keys().map(String::as_str).collect();
        assert_eq!(fields, ["line.quantity"]);
    }

    #[test]
    fn a_table_takes_the_place_of_what_is_kept_or_follows_it() {
        let setup = setup();
        let lines = setup.kept.clone();
        let replaced = setup.show(&form(&[("lines", &lines), ("append", "no")]));
        let kept = setup.show(&BTreeMap::new()).pieces.concat();
        assert_eq!(
            replaced.pieces.concat().replace("as typed", "as kept"),
            kept
        );
        let wrong = setup.show(&form(&[("lines", "activity\nx"), ("append", "yes")]));
        assert!(wrong.pieces.concat().contains("not counted"));
        assert_eq!(wrong.errors.keys().collect::<Vec<_>>(), ["lines"]);
    }

    #[test]
    fn a_complete_line_is_counted_as_the_registry_would() {
        let factor = methodologies::event::factor::all()
            .iter()
            .find(|factor| factor.unit == "pkm")
            .expect("there is a factor per person and kilometre");
        let mut line = form(&METRO);
        line.insert("line.factor".to_owned(), factor.code.to_owned());
        let shown = setup().show(&line);
        assert!(shown.errors.is_empty(), "{:?}", shown.errors);
        assert!(shown.pieces.concat().contains("as typed"));
    }

    #[test]
    fn another_factor_year_stands_beside_the_own_one() {
        let shown = setup().show(&form(&[(FACTOR_YEAR, "2022")]));
        assert!(shown.pieces.concat().contains("other years"));
        for nothing in ["", "22", "two0", "20222"] {
            let shown = setup().show(&form(&[(FACTOR_YEAR, nothing)]));
            assert!(!shown.pieces.concat().contains("other years"), "{nothing}");
        }
    }
}
