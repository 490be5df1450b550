//! Claims across mechanisms, for the registry: what is claimed, what conflicts, and entering what other mechanisms have.

use axum::extract::State;
use domain::claim::{KeyKind, Mechanism};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{ClaimView, Fields};

use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Section, Tag,
};
use crate::visitor::{Tone, Visitor};

/// The name of a mechanism.
pub fn mechanism_label(lang: Lang, code: &str) -> String {
    t(lang, &format!("claim.mechanism_{code}"))
}

/// The name of what a claim is on.
pub fn key_kind_label(lang: Lang, code: &str) -> String {
    t(lang, &format!("claim.key_{code}"))
}

/// From when until when.
pub fn days(lang: Lang, from: &str, to: Option<&str>) -> String {
    let from = format::date_text(lang, from);
    match to {
        Some(to) => format!("{from} – {}", format::date_text(lang, to)),
        None => tp(lang, "claim.since", &[("day", &from)]),
    }
}

/// `GET /desk/claims`.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let claims = host.registry.claims(&by).await.or_failed(&host, &visitor)?;
    let enter = Form::open(&host, &visitor, Act::ClaimEnter, Fields::new()).await;
    let mut ends = Vec::new();
    for claim in claims.iter().filter(|claim| may_end(claim)) {
        let which = Some(("claim", claim.id.as_str()));
        let form = Form::open_one_of(&host, &visitor, Act::ClaimEnd, which, Fields::new()).await;
        ends.push((claim.clone(), form));
    }
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "claim.desk_title"))
        .wide()
        .view(move || {
            let ends: Vec<_> = ends
                .into_iter()
                .map(|(claim, form)| end_form(lang, &claim, form))
                .collect();
            view! {
                <Heading title=t(lang, "claim.desk_title") lead=t(lang, "claim.desk_lead")/>
                <p><a href="/uniqueness">{t(lang, "claim.public_link")}</a></p>
                <Section title=t(lang, "claim.all") id="claims">{table(lang, &claims)}{ends}</Section>
                <Section title=t(lang, "act.claim_enter") id="enter">{enter_form(lang, enter)}</Section>
            }
        }))
}

/// Claims of projects here end with the project.
fn may_end(claim: &ClaimView) -> bool {
    claim.active && claim.project.is_none()
}

fn table(lang: Lang, claims: &[ClaimView]) -> AnyView {
    let rows: Vec<Vec<AnyView>> = claims
        .iter()
        .map(|claim| {
            let who = match &claim.project {
                Some((id, code, name)) => {
                    let address = format!("/desk/projects/{id}");
                    let name = format!("{} {name}", code.as_deref().unwrap_or_default());
                    view! { <a href=address>{name}</a> }.into_any()
                }
                None => claim.reference.clone().into_any(),
            };
            let (key, tone) = match (claim.active, claim.conflicts.is_empty()) {
                (false, _) => ("claim.ended", Tone::Note),
                (true, true) => ("claim.active", Tone::Done),
                (true, false) => ("claim.conflict", Tone::Refused),
            };
            let note = claim
                .ended_reason
                .clone()
                .unwrap_or_else(|| claim.conflicts.join(", "));
            vec![
                mechanism_label(lang, &claim.mechanism).into_any(),
                format!("{} {}", key_kind_label(lang, &claim.key_kind), claim.key).into_any(),
                who,
                claim.family.clone().into_any(),
                days(lang, &claim.from, claim.to.as_deref()).into_any(),
                claim.source.clone().into_any(),
                view! { <Tag text=t(lang, key) tone/>" "{note} }.into_any(),
            ]
        })
        .collect();
    let columns = [
        "claim.mechanism",
        "claim.key",
        "claim.who",
        "claim.family",
        "claim.days",
        "claim.source",
        "claim.status",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    view! { <DataTable caption=t(lang, "claim.all") columns rows empty=t(lang, "claim.none")/> }
        .into_any()
}

fn end_form(lang: Lang, claim: &ClaimView, form: Form) -> AnyView {
    let open = !form.problems().is_empty();
    let id = claim.id.clone();
    let title = tp(
        lang,
        "claim.end_title",
        &[
            ("mechanism", &mechanism_label(lang, &claim.mechanism)),
            ("key", &claim.key),
        ],
    );
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <ActForm act=Act::ClaimEnd form submit=t(lang, "act.claim_end") ends=true>
                    <Hidden name="claim" value=id/>
                    <Field name="reason" label=t(lang, "claim.end_reason") kind=Kind::Lines/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn enter_form(lang: Lang, form: Form) -> AnyView {
    let elsewhere = Mechanism::ALL.iter().filter(|one| **one != Mechanism::Ccer);
    let mechanisms: Vec<_> = elsewhere
        .map(|one| Choice::new(one.code(), mechanism_label(lang, one.code())))
        .collect();
    let kinds: Vec<_> = KeyKind::ALL
        .iter()
        .map(|one| Choice::new(one.code(), key_kind_label(lang, one.code())))
        .collect();
    view! {
        <ActForm act=Act::ClaimEnter form submit=t(lang, "act.claim_enter")>
            <Field name="mechanism" label=t(lang, "claim.mechanism") kind=Kind::Select choices=mechanisms/>
            <Field name="key_kind" label=t(lang, "claim.key_kind") kind=Kind::Radios choices=kinds/>
            <Field name="activity_key" label=t(lang, "claim.key") hint=t(lang, "claim.key_hint")/>
            <Field name="boundary" label=t(lang, "claim.boundary") hint=t(lang, "claim.boundary_hint") kind=Kind::Lines optional=true/>
            <Field name="family" label=t(lang, "claim.family") hint=t(lang, "claim.family_hint")/>
            <Field name="from" label=t(lang, "claim.from") kind=Kind::Date/>
            <Field name="to" label=t(lang, "claim.to") hint=t(lang, "claim.to_hint") kind=Kind::Date optional=true/>
            <Field name="reference" label=t(lang, "claim.reference") hint=t(lang, "claim.reference_hint") optional=true/>
            <Field name="source" label=t(lang, "claim.source") hint=t(lang, "claim.source_hint")/>
        </ActForm>
    }
    .into_any()
}
