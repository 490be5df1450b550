//! What the public says about a record in publicity, and the form to say it.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{Fields, PublicOpinion, RecordKind};

use super::shown::{is_open_to_opinions, opinions, period_text, project_address};
use crate::acts::see_other;
use crate::form::Form;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{ActForm, Field, Heading, Hidden, Kind, Section};
use crate::visitor::{Visitor, encode};

/// `GET /projects/{id}/opinions/new`.
pub async fn project_opinion_new(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let row = host
        .registry
        .public()
        .project(&id)
        .await
        .or_failed(&host, &visitor)?
        .row;
    let window = period_text(
        visitor.lang,
        row.publicity_start.as_deref(),
        row.publicity_end.as_deref(),
    );
    let about = About {
        kind: RecordKind::Project,
        address: project_address(row.code.as_deref(), &row.id),
        id: row.id,
        name: row.name,
        state: row.state,
        window,
    };
    opinion_page(&host, &visitor, about).await
}

/// `GET /reports/{id}/opinions/new`.
pub async fn report_opinion_new(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let row = host
        .registry
        .public()
        .report(&id)
        .await
        .or_failed(&host, &visitor)?
        .row;
    let window = period_text(
        visitor.lang,
        row.publicity_start.as_deref(),
        row.publicity_end.as_deref(),
    );
    let name = tp(
        visitor.lang,
        "public.report_title",
        &[
            ("name", &row.project_name),
            ("number", &row.number.to_string()),
        ],
    );
    let about = About {
        kind: RecordKind::Report,
        address: format!("/reports/{}", encode(&row.id)),
        id: row.id,
        name,
        state: row.state,
        window,
    };
    opinion_page(&host, &visitor, about).await
}

/// The record that the opinion is about.
struct About {
    kind: RecordKind,
    id: String,
    name: String,
    state: String,
    address: String,
    window: String,
}

async fn opinion_page(host: &Host, visitor: &Visitor, about: About) -> PageResult {
    if !is_open_to_opinions(about.kind, &about.state) {
        return Ok(see_other(&about.address));
    }
    let form = Form::open(host, visitor, Act::OpinionSubmit, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(host, visitor, t(lang, "public.opinion_write")).crumb(about.name.clone(), about.address.clone()).view(move || {
        view! {
            <Heading above=about.name title=t(lang, "public.opinion_write") lead=tp(lang, "public.opinion_window", &[("window", &about.window)])/>
            {opinion_form(lang, about.kind, &about.id, form)}
        }
    }))
}

/// The published opinions and, during publicity, the form for a new one.
pub fn opinion_section(
    lang: Lang,
    list: &[PublicOpinion],
    open: bool,
    write: Option<AnyView>,
) -> AnyView {
    let lead = open.then(|| view! { <p>{t(lang, "public.opinions_open")}</p> });
    let list = opinions(lang, list);
    view! {
        <Section title=t(lang, "public.opinions_title") id="opinions">
            {lead}
            {list}
            {write.map(|form| view! { <div id="write-opinion"><h3>{t(lang, "public.opinion_write")}</h3>{form}</div> })}
        </Section>
    }
    .into_any()
}

/// The form for an opinion: what becomes public is said before it is sent.
pub fn opinion_form(lang: Lang, kind: RecordKind, record: &str, form: Form) -> AnyView {
    let record = record.to_owned();
    view! {
        <ActForm act=Act::OpinionSubmit form submit=t(lang, "public.opinion_submit")>
            <Hidden name="kind" value=kind.code()/>
            <Hidden name="record" value=record/>
            <p>{t(lang, "public.opinion_becomes_public")}</p>
            <Field name="author" label=t(lang, "public.opinion_author") hint=t(lang, "public.opinion_author_hint") autocomplete="name"/>
            <Field name="contact" label=t(lang, "public.opinion_contact") hint=t(lang, "public.opinion_contact_hint") autocomplete="email"/>
            <Field name="text" label=t(lang, "public.opinion_text") hint=t(lang, "public.opinion_text_hint") kind=Kind::Lines rows=6/>
        </ActForm>
    }
    .into_any()
}
