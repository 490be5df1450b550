//! The footprint beside the forms of an inventory: computed by the server for the page, and again in the browser while somebody types.

use std::collections::BTreeMap;

use leptos::prelude::*;
use methodologies::Parameters;
use registry::EventView;
use serde_json::Value;

use super::show::FACTOR_YEARS;
use crate::islands::calculator::LiveResult;
use crate::lang::{Lang, t};
use crate::live::event::{EventSetup, EventTexts, FACTOR_YEAR, LIVE_BYTES_MAX};
use crate::parts::{Choice, Field, Kind, Section};
use crate::result::footprint::FootprintTexts;

/// Id of the form of one line.
pub const LINE_FORM: &str = "line-form";
/// Id of the form of a table.
pub const TABLE_FORM: &str = "table-form";
/// Id of the form with the year to compare with.
const YEAR_FORM: &str = "year-form";

/// The result with what is in the forms; `basis` is what the registry gives the calculator besides lines, `year` the factor year to
/// compare with.
pub fn result(
    lang: Lang,
    event: &EventView,
    (event_input, parameters): (Value, Parameters),
    typed: &BTreeMap<String, String>,
    year: Option<String>,
) -> AnyView {
    let setup = EventSetup {
        event_input,
        kept: event.inventory.clone(),
        attendee_lines: event.attendee_lines.clone(),
        parameters,
        lang,
        texts: EventTexts::load(lang),
        result_texts: FootprintTexts::load(lang),
    };
    let mut fields = typed.clone();
    let year = year.unwrap_or_default();
    fields.insert(FACTOR_YEAR.to_owned(), year.clone());
    let shown = setup.show(&fields);
    let is_short = setup.kept.len() + setup.attendee_lines.len() <= LIVE_BYTES_MAX;
    let result = if is_short {
        let setup = serde_json::to_string(&setup).unwrap_or_default();
        let form_id = [YEAR_FORM, LINE_FORM, TABLE_FORM].join(" ");
        view! { <LiveResult setup module="event" form_id lang shown/> }.into_any()
    } else {
        view! {
            <p class="live__hint">{t(lang, "live_event.too_long")}</p>
            <div class="result" inner_html=shown.pieces.concat()></div>
        }
        .into_any()
    };
    let years = year_form(lang, &event.row.id, &year);
    view! {
        <Section title=t(lang, "live_event.title") id="result">
            <div class="live">
                {years}
                {result}
            </div>
        </Section>
    }
    .into_any()
}

/// Chooses the year; without a script its button shows the page again.
fn year_form(lang: Lang, event: &str, year: &str) -> AnyView {
    let choices = FACTOR_YEARS.map(|year| Choice::new(year, year)).to_vec();
    let action = format!("/desk/events/{event}/inventory#result");
    view! {
        <form id=YEAR_FORM class="filter" method="get" action=action>
            <Field name=FACTOR_YEAR label=t(lang, "live_event.year") hint=t(lang, "event.years_lead") kind=Kind::Select choices default=year optional=true/>
            <button class="button button--secondary" type="submit">{t(lang, "live_event.show")}</button>
        </form>
    }
    .into_any()
}
