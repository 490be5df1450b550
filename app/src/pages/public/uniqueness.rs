//! Uniqueness, for anyone: which rule holds for green certificates, who claims which activity, and what a project's page says about its changes and
//! its certificates.

use axum::extract::State;
use leptos::prelude::*;
use registry::{PublicCertificateRequest, PublicChange, PublicClaim};

use super::shown::project_address;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::desk::{claim, green_certificate, project_change};
use crate::parts::{Column, DataTable, Heading, Section, state_label};
use crate::visitor::Visitor;

/// `GET /uniqueness`.
pub async fn uniqueness(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let claims = host.registry.public().claims().await;
    let claims = claims.or_failed(&host, &visitor)?;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let title = t(lang, "claim.public_title");
    Ok(Page::new(&host, &visitor, title)
        .wide()
        .description(t(lang, "claim.public_lead"))
        .view(move || {
            view! {
                <Heading title=t(lang, "claim.public_title") lead=t(lang, "claim.public_lead")/>
                <Section title=t(lang, "claim.how_title") id="how">
                    <p>{t(lang, "claim.how_text")}</p>
                    <p>{t(lang, "claim.how_own")}</p>
                </Section>
                <Section title=t(lang, "green_certificate.rule_title") id="certificates">
                    {green_certificate::regime_notice(lang, today)}
                    {green_certificate::regime_table(lang)}
                </Section>
                <Section title=t(lang, "claim.all") id="claims">{table(lang, &claims)}</Section>
            }
        }))
}

fn table(lang: Lang, claims: &[PublicClaim]) -> AnyView {
    let rows: Vec<Vec<AnyView>> = claims
        .iter()
        .map(|one| {
            let who = match (&one.project_name, &one.project_code) {
                (Some(name), Some(code)) => {
                    let address = project_address(Some(code), "");
                    view! { <a href=address>{format!("{code} {name}")}</a> }.into_any()
                }
                (Some(name), None) => name.clone().into_any(),
                (None, _) => one.reference.clone().into_any(),
            };
            let state = match (&one.project_state, &one.ended_reason) {
                (Some(state), _) => state_label(lang, state),
                (None, Some(reason)) => reason.clone(),
                (None, None) => t(lang, "claim.active"),
            };
            vec![
                claim::mechanism_label(lang, &one.mechanism).into_any(),
                format!("{} {}", claim::key_kind_label(lang, &one.key_kind), one.key).into_any(),
                who,
                claim::days(lang, &one.from, one.to.as_deref()).into_any(),
                one.source.clone().into_any(),
                state.into_any(),
            ]
        })
        .collect();
    let columns = [
        "claim.mechanism",
        "claim.key",
        "claim.who",
        "claim.days",
        "claim.source",
        "claim.status",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    view! { <DataTable caption=t(lang, "claim.all") columns rows empty=t(lang, "claim.none")/> }
        .into_any()
}

/// The changes of a project after its registration, each with what was before and after; nothing without any.
pub fn change_section(lang: Lang, changes: &[PublicChange]) -> Option<AnyView> {
    if changes.is_empty() {
        return None;
    }
    let rows: Vec<Vec<AnyView>> = changes
        .iter()
        .map(|change| {
            let opinion = change.opinion.clone().map(|opinion| {
                let word = change
                    .positive
                    .map(|positive| project_change::opinion_word(lang, positive));
                format!(
                    "{} {}: {opinion}",
                    change.vvb.clone().unwrap_or_default(),
                    word.unwrap_or_default()
                )
            });
            let decided = change
                .decided_at
                .map(|at| format::moment(lang, at))
                .unwrap_or_default();
            let decision = change.decision_reason.clone().unwrap_or_default();
            vec![
                project_change::kind_label(lang, &change.kind).into_any(),
                change.before.clone().into_any(),
                change.after.clone().into_any(),
                change.reason.clone().into_any(),
                opinion.unwrap_or_default().into_any(),
                view! { {project_change::state_tag(lang, &change.state)}" "{decided}" "{decision} }
                    .into_any(),
            ]
        })
        .collect();
    let columns = [
        "project_change.kind",
        "project_change.before",
        "project_change.after",
        "project_change.reason",
        "project_change.opinion",
        "project_change.state",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    let caption = t(lang, "project_change.public_title");
    Some(
        view! {
            <Section title=caption.clone() id="changes">
                <p>{t(lang, "project_change.own_rule_text")}</p>
                <DataTable caption columns rows empty=""/>
            </Section>
        }
        .into_any(),
    )
}

/// What was asked of the certificate authority because of a project; nothing without any.
pub fn certificate_section(lang: Lang, requests: &[PublicCertificateRequest]) -> Option<AnyView> {
    if requests.is_empty() {
        return None;
    }
    let rows: Vec<Vec<AnyView>> = requests
        .iter()
        .map(|request| {
            let sent = request
                .sent_on
                .as_deref()
                .map(|day| format::date_text(lang, day));
            let answered = request
                .answered_on
                .as_deref()
                .map(|day| format::date_text(lang, day));
            vec![
                green_certificate::kind_label(lang, &request.kind).into_any(),
                request.archive_code.clone().into_any(),
                claim::days(lang, &request.first_day, Some(&request.last_day)).into_any(),
                green_certificate::state_tag(lang, &request.state),
                sent.unwrap_or_default().into_any(),
                answered.unwrap_or_default().into_any(),
            ]
        })
        .collect();
    let columns = [
        "green_certificate.kind",
        "green_certificate.archive_code",
        "green_certificate.electricity",
        "green_certificate.state",
        "green_certificate.sent_on",
        "green_certificate.answered_on",
    ];
    let columns = columns.map(|key| Column::text(t(lang, key))).to_vec();
    let caption = t(lang, "green_certificate.public_title");
    Some(
        view! {
            <Section title=caption.clone() id="certificates">
                <p>{t(lang, "green_certificate.public_lead")}" "<a href="/uniqueness">{t(lang, "green_certificate.rule_title")}</a></p>
                <DataTable caption columns rows empty=""/>
            </Section>
        }
        .into_any(),
    )
}
