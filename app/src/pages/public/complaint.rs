//! Reporting wrongdoing about a public project, and what became of earlier reports.

use axum::extract::{Path, State};
use domain::Act;
use domain::complaint::ComplaintKind;
use leptos::prelude::*;
use registry::{Fields, PublicComplaint};

use super::shown::project_address;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::desk::complaint::{kind_label, state_tag};
use crate::parts::{ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Section};
use crate::visitor::{Visitor, encode};

/// `GET /projects/{id}/complaints/new`.
pub async fn project_complaint_new(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let found = host.registry.public().project(&id).await;
    let row = found.or_failed(&host, &visitor)?.row;
    let form = Form::open(&host, &visitor, Act::ComplaintSubmit, Fields::new()).await;
    let lang = visitor.lang;
    let address = project_address(row.code.as_deref(), &row.id);
    Ok(Page::new(&host, &visitor, t(lang, "complaint.write"))
        .crumb(row.name.clone(), address)
        .view(move || {
            let kinds: Vec<_> = ComplaintKind::ALL
                .iter()
                .map(|kind| Choice::new(kind.code(), kind_label(lang, kind.code())))
                .collect();
            view! {
                <Heading above=row.name.clone() title=t(lang, "complaint.write") lead=t(lang, "complaint.write_lead")/>
                <ActForm act=Act::ComplaintSubmit form submit=t(lang, "complaint.submit")>
                    <Hidden name="record" value=row.id.clone()/>
                    <Field name="kind" label=t(lang, "complaint.kind") kind=Kind::Radios choices=kinds/>
                    <Field name="text" label=t(lang, "complaint.text") hint=t(lang, "complaint.text_hint") kind=Kind::Lines rows=8/>
                    <Field name="author" label=t(lang, "complaint.author") hint=t(lang, "complaint.author_hint") autocomplete="name"/>
                    <Field name="contact" label=t(lang, "complaint.contact") hint=t(lang, "complaint.contact_hint") autocomplete="email"/>
                </ActForm>
            }
        }))
}

/// The section of a project's page: earlier complaints without their authors and texts, and the way to a new one.
pub fn complaint_section(lang: Lang, project: &str, complaints: &[PublicComplaint]) -> AnyView {
    let rows: Vec<Vec<AnyView>> = complaints
        .iter()
        .map(|complaint| {
            vec![
                kind_label(lang, &complaint.kind).into_any(),
                format::moment(lang, complaint.at).into_any(),
                state_tag(lang, &complaint.state),
                complaint.reply.clone().unwrap_or_default().into_any(),
            ]
        })
        .collect();
    let columns = [
        "complaint.kind",
        "complaint.at",
        "complaint.state",
        "complaint.reply",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    let table = (!rows.is_empty()).then(
        || view! { <DataTable caption=t(lang, "complaint.public_title") columns rows empty=""/> },
    );
    let address = format!("/projects/{}/complaints/new", encode(project));
    view! {
        <Section title=t(lang, "complaint.public_title") id="complaints">
            <p>{t(lang, "complaint.public_lead")}</p>
            {table}
            <p><a href=address>{t(lang, "complaint.write")}</a></p>
        </Section>
    }
    .into_any()
}
