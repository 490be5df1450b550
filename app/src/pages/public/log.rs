//! The public log: where it is now, its keys, its latest entries, and how to follow it.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use proofs::Leaf;
use registry::{LogHead, LogItem, LogPublicKey};

use super::retirements::certificate_address;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::desk::record::act_label;
use crate::parts::{Column, CopyableId, DataTable, Heading, Section, SummaryList, SummaryRow};
use crate::visitor::{Visitor, encode};

/// Entries on the page.
const ENTRIES: u64 = 20;
/// The script that follows the log: a part of the program, so that it fits this release.
const SCRIPT: &str = include_str!("../../../../docs/follow-log.mjs");

/// `GET /log`.
pub async fn log(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let public = host.registry.public();
    let head = public.log_head().await.or_failed(&host, &visitor)?;
    let keys = public.log_keys().await.or_failed(&host, &visitor)?;
    let from = head
        .as_ref()
        .map_or(0, |head| head.size.saturating_sub(ENTRIES));
    let entries = public.log_entries(from, 200).await;
    let mut entries = entries.or_failed(&host, &visitor)?.rows;
    entries.reverse();
    let lang = visitor.lang;
    let title = t(lang, "log.title");
    let page = Page::new(&host, &visitor, title.clone())
        .description(t(lang, "log.lead"))
        .wide();
    Ok(page.view(move || {
        view! {
            <Heading title lead=t(lang, "log.lead")/>
            {head_view(lang, head.as_ref())}
            <Section title=t(lang, "log.follow_title") id="follow">
                <p>{t(lang, "log.follow_lead")}</p>
                <ul class="plain-list">
                    <li><a href="/log/follow-log.mjs">{t(lang, "log.follow_script")}</a></li>
                    <li><a href="/api/docs">{t(lang, "log.api")}</a></li>
                    <li><a href="/check">{t(lang, "log.check")}</a></li>
                </ul>
            </Section>
            {entries_view(lang, &entries)}
            {keys_view(lang, &keys)}
        }
    }))
}

/// `GET /log/follow-log.mjs`.
pub async fn script() -> Response {
    let mut response = SCRIPT.into_response();
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    let name = HeaderValue::from_static("attachment; filename=\"follow-log.mjs\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}

/// The head of the log: also on the operator's audit page.
pub fn head_view(lang: Lang, head: Option<&LogHead>) -> AnyView {
    let Some(head) = head else {
        return view! { <p>{t(lang, "log.empty")}</p> }.into_any();
    };
    let rows = vec![
        SummaryRow::new(t(lang, "log.size"), head.size.to_string()),
        SummaryRow::new(
            t(lang, "log.root"),
            view! { <CopyableId text=head.root.clone()/> },
        ),
        SummaryRow::new(t(lang, "log.signed_at"), head.at.to_string()),
        SummaryRow::new(
            t(lang, "log.key"),
            view! { <CopyableId text=head.key.clone()/> },
        ),
    ];
    let note = head.note.clone();
    view! {
        <Section title=t(lang, "log.head_title") id="head">
            <SummaryList rows/>
            <details class="how">
                <summary class="how__summary">{t(lang, "log.note")}</summary>
                <pre class="log__note">{note}</pre>
            </details>
        </Section>
    }
    .into_any()
}

fn entries_view(lang: Lang, entries: &[LogItem]) -> AnyView {
    let rows = entries.iter().map(|item| entry_row(lang, item)).collect();
    let columns = vec![
        Column::number(t(lang, "log.number")),
        Column::text(t(lang, "log.at")),
        Column::text(t(lang, "log.act")),
        Column::text(t(lang, "log.subject")),
        Column::text(t(lang, "log.hash")),
    ];
    view! {
        <Section title=t(lang, "log.entries_title") id="entries">
            <p>{t(lang, "log.contents")}</p>
            <DataTable caption=t(lang, "log.entries_caption") columns rows empty=t(lang, "log.empty")/>
        </Section>
    }
    .into_any()
}

fn entry_row(lang: Lang, item: &LogItem) -> Vec<AnyView> {
    let leaf = Leaf::read(&item.leaf);
    let at = leaf.as_ref().map(|leaf| domain::Instant(leaf.at));
    let act = leaf.as_ref().map(|leaf| act_label(lang, &leaf.act));
    let address = leaf.as_ref().and_then(|leaf| {
        let id = encode(&leaf.subject);
        match leaf.subject_kind.as_str() {
            "project" => Some(format!("/projects/{id}")),
            "report" => Some(format!("/reports/{id}")),
            "retirement" => Some(certificate_address(&leaf.subject)),
            _ => None,
        }
    });
    let subject = leaf.map(|leaf| leaf.subject).unwrap_or_default();
    let subject = match address {
        Some(address) => view! { <a href=address>{subject}</a> }.into_any(),
        None => subject.into_any(),
    };
    vec![
        item.number.to_string().into_any(),
        at.map(|at| at.to_string()).unwrap_or_default().into_any(),
        act.unwrap_or_default().into_any(),
        subject,
        view! { <code class="log__hash">{item.hash.clone()}</code> }.into_any(),
    ]
}

fn keys_view(lang: Lang, keys: &[LogPublicKey]) -> AnyView {
    let rows = keys.iter().map(|key| {
        let since = key.since_size.to_string();
        SummaryRow::new(
            tp(lang, "log.key_since", &[("size", &since)]),
            view! { <CopyableId text=key.key.clone()/> },
        )
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <Section title=t(lang, "log.keys_title") id="keys">
            <p>{t(lang, "log.keys_lead")}</p>
            <SummaryList rows/>
        </Section>
    }
    .into_any()
}
