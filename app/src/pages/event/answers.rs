//! The answers of the form for attendees, for the organisers: what is struck out, and how the form relates to an imported table.

use domain::Act;
use leptos::prelude::*;
use registry::{EventAnswerView, EventView, Fields, PageRequest};

use super::ORGANISERS;
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, require};
use crate::parts::{ActForm, Choice, Field, Fieldset, Hidden, Kind, Notice, Section};
use crate::visitor::{Tone, Visitor, encode, query_value};

/// Answers of a page.
const ANSWERS_SHOWN: i64 = 50;

/// A page of answers and the forms about them.
pub struct Answers {
    page: registry::Page<EventAnswerView>,
    strike: Form,
    sources: Form,
}

/// Reads a page of answers; `?after=` is the key of the page before.
pub async fn load(
    host: &Host,
    visitor: &Visitor,
    event: &str,
    query: Option<&str>,
) -> Result<Answers, Failed> {
    let by = require(host, visitor, ORGANISERS)?;
    let after = query_value(query.unwrap_or_default(), "after");
    let asked = PageRequest {
        after,
        size: ANSWERS_SHOWN,
    };
    let page = host.registry.event_answers(&by, event, &asked).await;
    Ok(Answers {
        page: page.or_failed(host, visitor)?,
        strike: Form::open(host, visitor, Act::EventAnswersStrike, Fields::new()).await,
        sources: Form::open(host, visitor, Act::EventAttendeeSources, Fields::new()).await,
    })
}

/// What is to be said of table and form, if both tell of attendees, and the list of answers, if there are any.
pub fn sections(
    lang: Lang,
    event: &EventView,
    answers: Answers,
) -> (Option<AnyView>, Option<AnyView>) {
    let Answers {
        page,
        strike,
        sources,
    } = answers;
    let (table, form) = event.told_by;
    let sources = (table > 0 && form > 0).then(|| sources_section(lang, event, sources));
    let list = (!page.rows.is_empty()).then(|| list_section(lang, event, page, strike));
    (sources, list)
}

fn sources_section(lang: Lang, event: &EventView, form: Form) -> AnyView {
    let (table, answers) = event.told_by;
    let text = tp(
        lang,
        "event.sources_text",
        &[("table", &whole(table)), ("form", &whole(answers))],
    );
    let label = move |counts: &str| t(lang, &format!("event.sources_{counts}"));
    let now = event.attendee_sources.as_deref().map(|counts| {
        let text = tp(lang, "event.sources_now", &[("counts", &label(counts))]);
        view! { <p><strong>{text}</strong></p> }
    });
    let tone = if now.is_some() {
        Tone::Note
    } else {
        Tone::Attention
    };
    let may = event.allowed.contains(&Act::EventAttendeeSources);
    let id = event.row.id.clone();
    let chosen = event.attendee_sources.clone().unwrap_or_default();
    let fields = move || {
        let choices = ["import", "both"].map(|counts| Choice::new(counts, label(counts)));
        view! {
            <Field name="counts" label=t(lang, "event.sources_counts") kind=Kind::Radios choices=choices.to_vec() default=chosen.clone()/>
            <Field name="reason" label=t(lang, "event.reason") kind=Kind::Lines/>
        }
    };
    let form = may.then(|| {
        view! {
            <ActForm act=Act::EventAttendeeSources form submit=t(lang, "act.event_attendee_sources") quiet=true>
                <Hidden name="event" value=id/>
                {fields()}
            </ActForm>
        }
    });
    view! {
        <Section title=t(lang, "act.event_attendee_sources") id="sources">
            <Notice tone title=t(lang, "event.sources_title")><p>{text}</p></Notice>
            {now}
            {form}
        </Section>
    }
    .into_any()
}

fn list_section(
    lang: Lang,
    event: &EventView,
    page: registry::Page<EventAnswerView>,
    form: Form,
) -> AnyView {
    let id = event.row.id.clone();
    let more = page.next.as_deref().map(|next| {
        let address = format!("/desk/events/{id}/attendees?after={}#answers", encode(next));
        view! { <p><a href=address>{t(lang, "event.answers_more")}</a></p> }
    });
    let may = event.allowed.contains(&Act::EventAnswersStrike);
    let body = if may {
        let rows = page.rows;
        let fields = move || {
            let boxes: Vec<_> = rows
                .iter()
                .map(|answer| {
                    let name = format!("answer.{}", answer.id);
                    view! { <Field name label=line(lang, answer) kind=Kind::Checkbox optional=true/> }
                })
                .collect();
            let decisions = ["strike", "restore"]
                .map(|one| Choice::new(one, t(lang, &format!("event.answers_{one}"))));
            view! {
                <Fieldset legend=t(lang, "event.form_answers")>{boxes}</Fieldset>
                <Field name="decision" label=t(lang, "event.answers_decision") kind=Kind::Radios choices=decisions.to_vec() default="strike"/>
                <Field name="reason" label=t(lang, "event.reason") kind=Kind::Lines/>
            }
        };
        view! {
            <ActForm act=Act::EventAnswersStrike form submit=t(lang, "act.event_answers_strike") quiet=true>
                <Hidden name="event" value=id/>
                {fields()}
            </ActForm>
        }
        .into_any()
    } else {
        let rows: Vec<_> = page
            .rows
            .iter()
            .map(|answer| view! { <li>{line(lang, answer)}</li> })
            .collect();
        view! { <ul class="plain-list">{rows}</ul> }.into_any()
    };
    view! {
        <Section title=t(lang, "event.form_answers") id="answers">
            <p>{t(lang, "event.form_answers_lead")}</p>
            {body}
            {more}
        </Section>
    }
    .into_any()
}

/// An answer in one line, and why it was struck out.
fn line(lang: Lang, answer: &EventAnswerView) -> String {
    let said = tp(
        lang,
        "event.answer_line",
        &[
            ("moment", &format::moment(lang, answer.at)),
            ("mode", &t(lang, &format!("event.mode_{}", answer.mode))),
            ("origin", &answer.origin),
            ("km", &whole(answer.km)),
            ("nights", &whole(answer.nights)),
            ("meals", &whole(answer.meals)),
        ],
    );
    let struck = answer.struck.as_deref().map(|reason| {
        let text = tp(lang, "event.answer_struck", &[("reason", reason)]);
        format!("{}{text}", lang.choose("。", ". "))
    });
    said + &struck.unwrap_or_default()
}
