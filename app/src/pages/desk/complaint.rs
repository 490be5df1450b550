//! Complaints and suspended authors, for the registry.

use axum::extract::{Path, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{ComplaintView, Fields, SuspendedAuthor};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Column, DataTable, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/desk/complaints";

/// The name of a kind of complaint.
pub fn kind_label(lang: Lang, kind: &str) -> String {
    t(lang, &format!("complaint.kind_{kind}"))
}

/// How far the registry is.
pub fn state_tag(lang: Lang, state: &str) -> AnyView {
    let tone = match state {
        "answered" => Tone::Done,
        "received" => Tone::Attention,
        _ => Tone::Note,
    };
    view! { <Tag text=t(lang, &format!("complaint.state_{state}")) tone/> }.into_any()
}

/// `GET /desk/complaints`.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let complaints = host.registry.complaints(&by).await;
    let complaints = complaints.or_failed(&host, &visitor)?;
    let authors = host.registry.suspended_authors(&by).await;
    let authors = authors.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let title = t(lang, "complaint.desk_title");
    Ok(Page::new(&host, &visitor, title).wide().view(move || {
        let rows: Vec<Vec<AnyView>> = complaints.iter().map(|complaint| {
            let address = format!("{LIST}/{}", complaint.id);
            let code = complaint.project_code.clone().unwrap_or_default();
            vec![
                view! { <a href=address>{kind_label(lang, &complaint.kind)}</a> }.into_any(),
                format!("{code} {}", complaint.project_name).into_any(),
                format::moment(lang, complaint.at).into_any(),
                state_tag(lang, &complaint.state),
            ]
        }).collect();
        let columns = [
            "complaint.kind",
            "complaint.project",
            "complaint.at",
            "complaint.state",
        ];
        let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
        view! {
            <Heading title=t(lang, "complaint.desk_title") lead=t(lang, "complaint.desk_lead")/>
            <DataTable caption=t(lang, "complaint.desk_title") columns rows empty=t(lang, "complaint.none")/>
            <Section title=t(lang, "complaint.authors") id="authors">{suspended(lang, &authors)}</Section>
        }
    }))
}

fn suspended(lang: Lang, authors: &[SuspendedAuthor]) -> AnyView {
    let rows: Vec<Vec<AnyView>> = authors
        .iter()
        .map(|author| {
            let until = format::date_text(lang, &author.until);
            let state = if let Some(at) = author.restored_at {
                tp(
                    lang,
                    "complaint.restored",
                    &[("at", &format::moment(lang, at))],
                )
                .into_any()
            } else {
                let id = author.id.clone();
                view! {
                    <ActForm act=Act::AuthorRestore submit=t(lang, "act.author_restore") quiet=true>
                        <Hidden name="suspension" value=id/>
                    </ActForm>
                }
                .into_any()
            };
            vec![
                author.contact.clone().into_any(),
                until.into_any(),
                author.reason.clone().into_any(),
                state,
            ]
        })
        .collect();
    let columns = [
        "complaint.contact",
        "complaint.until",
        "complaint.reason",
        "complaint.state",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    view! { <DataTable caption=t(lang, "complaint.authors") columns rows empty=t(lang, "complaint.authors_none")/> }.into_any()
}

/// `GET /desk/complaints/{id}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let complaint = host.registry.complaint_get(&by, &id).await;
    let complaint = complaint.or_failed(&host, &visitor)?;
    let investigate = Form::open(&host, &visitor, Act::ComplaintInvestigate, Fields::new()).await;
    let answer = Form::open(&host, &visitor, Act::ComplaintAnswer, Fields::new()).await;
    let lang = visitor.lang;
    let title = kind_label(lang, &complaint.kind);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "complaint.desk_title"), LIST)
        .view(move || {
            let received = (complaint.state == "received")
                .then(|| investigate_form(lang, &complaint.id, investigate));
            let open =
                (complaint.state != "answered").then(|| answer_form(lang, &complaint.id, answer));
            view! {
                <Heading title above=complaint.project_name.clone()/>
                <SummaryList rows=rows(lang, &complaint)/>
                {received}
                {open}
            }
        }))
}

fn rows(lang: Lang, complaint: &ComplaintView) -> Vec<SummaryRow> {
    let address = format!("/desk/projects/{}", complaint.project);
    let code = complaint.project_code.clone().unwrap_or_default();
    let name = format!("{code} {}", complaint.project_name);
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "complaint.state"),
            state_tag(lang, &complaint.state),
        ),
        SummaryRow::new(
            t(lang, "complaint.project"),
            view! { <a href=address>{name}</a> },
        ),
        SummaryRow::new(t(lang, "complaint.author"), complaint.author.clone()),
        SummaryRow::new(t(lang, "complaint.contact"), complaint.contact.clone()),
        SummaryRow::new(t(lang, "complaint.text"), complaint.text.clone()),
        SummaryRow::new(t(lang, "complaint.at"), format::moment(lang, complaint.at)),
    ];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add("complaint.note", complaint.note.clone());
    add("complaint.reply", complaint.reply.clone());
    add(
        "complaint.replied_at",
        complaint.replied_at.map(|at| format::moment(lang, at)),
    );
    rows
}

fn investigate_form(lang: Lang, complaint: &str, form: Form) -> AnyView {
    let complaint = complaint.to_owned();
    view! {
        <Section title=t(lang, "act.complaint_investigate") id="investigate">
            <ActForm act=Act::ComplaintInvestigate form submit=t(lang, "act.complaint_investigate") quiet=true>
                <Hidden name="complaint" value=complaint/>
                <Field name="note" label=t(lang, "complaint.note") hint=t(lang, "complaint.note_hint") kind=Kind::Lines optional=true/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn answer_form(lang: Lang, complaint: &str, form: Form) -> AnyView {
    let complaint = complaint.to_owned();
    view! {
        <Section title=t(lang, "act.complaint_answer") id="answer">
            <ActForm act=Act::ComplaintAnswer form submit=t(lang, "act.complaint_answer")>
                <Hidden name="complaint" value=complaint/>
                <Field name="reply" label=t(lang, "complaint.reply") hint=t(lang, "complaint.reply_hint") kind=Kind::Lines rows=6/>
            </ActForm>
        </Section>
    }
    .into_any()
}
