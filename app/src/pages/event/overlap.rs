//! What attendees and the inventory both told: shown side by side, with the choice which of them counts.

use domain::Act;
use domain::event::OverlapCounts;
use leptos::prelude::*;
use registry::{EventOverlapView, EventView, Fields, OverlapDecision};

use super::desk::class_label;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::parts::{
    ActForm, Choice, Field, Hidden, Kind, Notice, Section, SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

/// The forms of the decisions, each with what was typed into it.
pub async fn forms(host: &Host, visitor: &Visitor, event: &EventView) -> Vec<Form> {
    let mut forms = Vec::new();
    for one in &event.overlaps {
        let which = Some(("subject", one.subject.as_str()));
        let mut stored = Fields::new();
        if let Some(decision) = &one.decision {
            stored.insert("counts".to_owned(), decision.counts.clone());
            stored.insert("reason".to_owned(), decision.reason.clone());
        }
        let act = Act::EventOverlapDecide;
        forms.push(Form::open_one_of(host, visitor, act, which, stored).await);
    }
    forms
}

/// Everything that was told twice; nothing if nothing was.
pub fn section(lang: Lang, event: &EventView, forms: Vec<Form>) -> Option<AnyView> {
    if event.overlaps.is_empty() {
        return None;
    }
    let may = event.allowed.contains(&Act::EventOverlapDecide);
    let shown: Vec<_> = event
        .overlaps
        .iter()
        .zip(forms)
        .map(|(one, form)| overlap(lang, &event.row.id, one, may.then_some(form)))
        .collect();
    Some(
        view! {
            <Section title=t(lang, "event_overlap.title") id="overlaps">
                <p>{t(lang, "event_overlap.lead")}</p>
                {shown}
            </Section>
        }
        .into_any(),
    )
}

fn overlap(lang: Lang, event: &str, one: &EventOverlapView, form: Option<Form>) -> AnyView {
    let title = subject_label(lang, &one.subject);
    let list = |lines: Vec<String>| {
        let lines: Vec<_> = lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        view! { <ul class="plain-list">{lines}</ul> }
    };
    let numbered = one.inventory.iter().map(|(line, text)| {
        let at = line.to_string();
        tp(lang, "event_overlap.line", &[("line", &at), ("text", text)])
    });
    let rows = vec![
        SummaryRow::new(
            t(lang, "event_overlap.by_attendees"),
            list(one.attendees.clone()),
        ),
        SummaryRow::new(
            t(lang, "event_overlap.by_inventory"),
            list(numbered.collect()),
        ),
    ];
    let state = match &one.decision {
        Some(decision) => {
            let text = decision_text(lang, decision);
            view! { <p>{text}</p> }.into_any()
        }
        None => {
            view! { <Notice tone=Tone::Attention title=t(lang, "event_overlap.open")/> }.into_any()
        }
    };
    let form = form.map(|form| {
        let (event, subject) = (event.to_owned(), one.subject.clone());
        let lines = one.lines_hash.clone();
        let choices = OverlapCounts::ALL
            .iter()
            .map(|counts| Choice::new(counts.code(), counts_label(lang, counts.code())))
            .collect();
        view! {
            <ActForm act=Act::EventOverlapDecide form submit=t(lang, "event_overlap.submit") quiet=true>
                <Hidden name="event" value=event/>
                <Hidden name="subject" value=subject/>
                <Hidden name="lines" value=lines/>
                <Field name="counts" label=t(lang, "event_overlap.counts") kind=Kind::Radios choices/>
                <Field name="reason" label=t(lang, "event_overlap.reason") kind=Kind::Lines rows=2/>
            </ActForm>
        }
    });
    view! { <h3>{title}</h3><SummaryList rows/>{state}{form} }.into_any()
}

/// The decisions of a published version, for everybody.
pub fn decided(lang: Lang, decisions: &[OverlapDecision]) -> Option<AnyView> {
    if decisions.is_empty() {
        return None;
    }
    let lines: Vec<_> = decisions
        .iter()
        .map(|decision| {
            let subject = subject_label(lang, &decision.subject);
            let text = decision_text(lang, decision);
            view! { <li>{subject}{lang.choose("：", ": ")}{text}</li> }
        })
        .collect();
    Some(view! { <h3>{t(lang, "event_overlap.public")}</h3><ul>{lines}</ul> }.into_any())
}

fn decision_text(lang: Lang, decision: &OverlapDecision) -> String {
    let counts = counts_label(lang, &decision.counts);
    tp(
        lang,
        "event_overlap.decided",
        &[("counts", &counts), ("reason", &decision.reason)],
    )
}

fn counts_label(lang: Lang, code: &str) -> String {
    t(lang, &format!("event_overlap.counts_{code}"))
}

/// A class, for travel with its means.
fn subject_label(lang: Lang, subject: &str) -> String {
    let Some((class, factor)) = subject.split_once(':') else {
        return class_label(lang, subject);
    };
    let means = methodologies::event::factor::find(factor)
        .map_or(factor, |found| lang.choose(found.title.zh, found.title.en));
    format!("{} · {means}", class_label(lang, class))
}
