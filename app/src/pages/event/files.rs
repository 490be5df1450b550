//! Files that prove lines of an event's inventory: the organisers' page, and the tables of every other page.

use axum::extract::{Path, State};
use domain::Act;
use domain::event::EvidenceLine;
use leptos::prelude::*;
use registry::{EventEvidence, EventFileView, EventView, Fields};

use super::ORGANISERS;
use crate::files::KINDS_ACCEPTED;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::attachment::{FileLine, file_table};
use crate::parts::{ActForm, Choice, Field, Heading, Hidden, Kind, Notice, Section};
use crate::visitor::{Tone, Visitor};

/// Lines that a list of choices shows; in a longer inventory a line is named by its reference or its number.
const LINES_CHOSEN_MAX: usize = 300;

/// `GET /desk/events/{id}/files`.
pub async fn files(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let registry = &host.registry;
    let event = registry.event_get(&by, &id).await;
    let event = event.or_failed(&host, &visitor)?;
    let list = registry.event_files(&by, &id).await;
    let list = list.or_failed(&host, &visitor)?;
    let lines = registry.event_evidence_lines(&by, &id).await;
    let lines = lines.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::EventFileAdd, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "event_file.title"))
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .crumb(event.row.name.clone(), format!("/desk/events/{id}"))
        .wide()
        .view(move || {
            let open = event.allowed.contains(&Act::EventFileAdd);
            let closed = (!open).then(|| view! { <Notice tone=Tone::Note title=t(lang, "event_file.closed")/> });
            let add = (open && !lines.is_empty()).then(|| add_form(lang, &event, &lines, form));
            let none = (open && lines.is_empty()).then(|| {
                let address = format!("/desk/events/{}/inventory", event.row.id);
                view! {
                    <Notice tone=Tone::Note title=t(lang, "event_file.no_lines")><p><a href=address>{t(lang, "event.task_inventory")}</a></p></Notice>
                }
            });
            let orphans = list.iter().any(|file| file.line.is_none() && file.published_version.is_none());
            let orphans = (open && orphans).then(|| view! { <Notice tone=Tone::Attention title=t(lang, "event_file.orphans")/> });
            let pack = pack_link(lang, &event);
            view! {
                <Heading above=event.row.number.clone() title=t(lang, "event_file.title") lead=t(lang, "event_file.lead")/>
                {closed}
                {orphans}
                {own_table(lang, &event.row.id, &list, open)}
                {none}
                {add}
                {pack}
            }
        }))
}

/// The evidence of what is about to be published, or is: with every file.
fn pack_link(lang: Lang, event: &EventView) -> Option<AnyView> {
    let address = format!("/desk/events/{}/evidence.zip", event.row.id);
    let there = event.version > 0 || event.row.state == domain::event::EventState::Evaluated;
    there.then(|| view! { <p><a href=address>{t(lang, "event_file.pack")}</a></p> }.into_any())
}

fn own_table(lang: Lang, event: &str, list: &[EventFileView], open: bool) -> AnyView {
    let lines = list.iter().map(|one| {
        let line = one
            .line
            .clone()
            .unwrap_or_else(|| t(lang, "event_file.no_line"));
        let published = one.published_version.map(|version| {
            let text = tp(
                lang,
                "event_file.published",
                &[("version", &version.to_string())],
            );
            view! { <br/><span class="quiet">{text}</span> }
        });
        let removable = open && one.published_version.is_none();
        let (id, event) = (one.file.id.clone(), event.to_owned());
        let remove = removable.then(|| {
            view! {
                <ActForm act=Act::EventFileRemove submit=t(lang, "attachment.remove") quiet=true>
                    <Hidden name="event" value=event/>
                    <Hidden name="file" value=id/>
                </ActForm>
            }
            .into_any()
        });
        FileLine {
            about: view! { {line}{published} }.into_any(),
            remove,
            ..FileLine::of(&one.file)
        }
    });
    file_table(lang, t(lang, "event_file.line"), lines.collect(), open)
}

fn add_form(lang: Lang, event: &EventView, lines: &[EvidenceLine], form: Form) -> AnyView {
    let label = move |field: &str| {
        let key = match field {
            "line" => "event_file.line",
            "title" => "attachment.name",
            "file" => "attachment.file",
            _ => return None,
        };
        Some(t(lang, key))
    };
    let line = if lines.len() > LINES_CHOSEN_MAX {
        view! { <Field name="line" label=t(lang, "event_file.line") hint=t(lang, "event_file.line_hint")/> }.into_any()
    } else {
        let choices = lines
            .iter()
            .map(|line| Choice::new(line.key.clone(), format!("{} {}", line.line, line.label)))
            .collect();
        view! { <Field name="line" label=t(lang, "event_file.line") kind=Kind::Select choices/> }
            .into_any()
    };
    let event = event.row.id.clone();
    view! {
        <Section title=t(lang, "act.event_file_add") id="add">
            <ActForm act=Act::EventFileAdd form=form.labelled(label) submit=t(lang, "attachment.add")>
                <Hidden name="event" value=event/>
                {line}
                <Field name="title" label=t(lang, "attachment.name") hint=t(lang, "event_file.title_hint")/>
                <Field name="file" label=t(lang, "attachment.file") hint=t(lang, "attachment.file_hint") kind=Kind::File autocomplete=KINDS_ACCEPTED/>
                <Field name="is_public" label=t(lang, "event_file.is_public") hint=t(lang, "event_file.is_public_hint") kind=Kind::Checkbox optional=true/>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// The files that a version names; `all`: whoever looks may have each of them, not only those that anyone may have.
pub fn named_files(lang: Lang, files: &[EventEvidence], all: bool) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let lines = files.iter().map(|file| FileLine {
        id: (all || file.is_public).then(|| file.id.clone()),
        title: file.title.clone(),
        file_name: file.file_name.clone(),
        about: file.line.clone().into_any(),
        is_public: file.is_public,
        bytes: file.bytes,
        on: None,
        hash: file.sha256.clone(),
        remove: None,
    });
    let table = file_table(lang, t(lang, "event_file.line"), lines.collect(), false);
    let lead = if all {
        "event_file.named_all"
    } else {
        "event_file.named"
    };
    Some(
        view! {
            <Section title=t(lang, "event_file.title") id="evidence">
                <p>{t(lang, lead)}</p>
                {table}
            </Section>
        }
        .into_any(),
    )
}
