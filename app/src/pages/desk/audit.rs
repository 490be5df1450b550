//! The audit page of the registry: where every tonne is now, what the last audits found, how far the public log is.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use domain::{Instant, Role};
use leptos::prelude::*;
use registry::{AuditRun, ClassConservation, Page as Rows, PageRequest};
use serde::Deserialize;

use crate::format::{moment, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::log::head_view;
use crate::parts::{Column, DataTable, Heading, Notice, Section, Tag};
use crate::visitor::{Tone, Visitor, encode};

/// Audits shown.
const RUNS: i64 = 5;
/// An audit that is older than this is not today's, seconds: a day, and time for the run itself.
const RECENT_SECONDS: i64 = 30 * 3_600;
/// The kinds of account that this release names; another one is shown by its code.
const KINDS: &[&str] = &[
    "holding",
    "trading",
    "reserved",
    "in_transfer",
    "pending_offset",
    "frozen",
    "suspended",
    "retired",
];

/// Which page of the classes.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    after: Option<String>,
}

/// `GET /desk/audit`.
pub async fn audit(
    State(host): State<Host>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let page = PageRequest {
        after: asked.after,
        size: 100,
    };
    let registry = &host.registry;
    let classes = registry.conservation(&by, &page).await;
    let classes = classes.or_failed(&host, &visitor)?;
    let runs = registry.audit_runs(&by, RUNS).await;
    let runs = runs.or_failed(&host, &visitor)?;
    let head = registry.public().log_head().await;
    let head = head.or_failed(&host, &visitor)?;
    let (lang, now) = (visitor.lang, visitor.now);
    let title = t(lang, "log.audit_title");
    Ok(Page::new(&host, &visitor, title.clone())
        .wide()
        .crumb(t(lang, "desk.inbox_title"), "/inbox")
        .view(move || {
            view! {
                <Heading title lead=t(lang, "log.audit_lead")/>
                {conservation(lang, &classes)}
                {runs_view(lang, &runs, now)}
                {head_view(lang, head.as_ref())}
                <p><a href="/log">{t(lang, "log.title")}</a></p>
            }
        }))
}

fn conservation(lang: Lang, classes: &Rows<ClassConservation>) -> AnyView {
    let found: BTreeSet<&str> = classes
        .rows
        .iter()
        .flat_map(|class| &class.kinds)
        .map(|kind| kind.kind.as_str())
        .collect();
    // in the order of a tonne's life, then what this release does not know
    let known = KINDS.iter().copied().filter(|kind| found.contains(kind));
    let other = found.iter().copied().filter(|kind| !KINDS.contains(kind));
    let kinds: Vec<&str> = known.chain(other).collect();
    let rows = classes.rows.iter().map(|class| row(lang, class, &kinds));
    let rows = rows.collect();
    let mut columns = vec![
        Column::text(t(lang, "log.project")),
        // beside the name: on a phone the other columns are reached by scrolling
        Column::text(t(lang, "log.outcome")),
        Column::number(t(lang, "log.vintage")),
        Column::number(t(lang, "log.issued")),
    ];
    columns.extend(
        kinds
            .iter()
            .map(|kind| Column::number(kind_label(lang, kind))),
    );
    let address = |next: &String| format!("/desk/audit?after={}", encode(next));
    let next = classes.next.as_ref().map(address).unwrap_or_default();
    view! {
        <Section title=t(lang, "log.conservation_title") id="conservation">
            <p>{t(lang, "log.conservation_lead")}</p>
            <DataTable caption=t(lang, "log.conservation_caption") columns rows empty=t(lang, "log.none_issued") next/>
        </Section>
    }
    .into_any()
}

fn kind_label(lang: Lang, kind: &str) -> String {
    if KINDS.contains(&kind) {
        t(lang, &format!("log.kind_{kind}"))
    } else {
        kind.to_owned()
    }
}

fn row(lang: Lang, class: &ClassConservation, kinds: &[&str]) -> Vec<AnyView> {
    let address = format!("/projects/{}", encode(&class.project_code));
    let outcome = if class.holds() {
        view! { <Tag text=t(lang, "log.conserved") tone=Tone::Done/> }.into_any()
    } else {
        let difference = whole(class.issued - class.found());
        let text = tp(lang, "log.broken", &[("difference", &difference)]);
        view! { <Tag text tone=Tone::Refused/> }.into_any()
    };
    let mut cells = vec![
        view! { <a href=address>{class.project_name.clone()}</a><span class="table__sub">{class.project_code.clone()}</span> }.into_any(),
        outcome,
        class.vintage.to_string().into_any(),
        whole(class.issued).into_any(),
    ];
    for kind in kinds {
        let held = class.kinds.iter().find(|one| one.kind == *kind);
        cells.push(whole(held.map_or(0, |one| one.tonnes)).into_any());
    }
    cells
}

fn runs_view(lang: Lang, runs: &[AuditRun], now: Instant) -> AnyView {
    let recent = now.plus_seconds(-RECENT_SECONDS);
    let old = runs.first().is_none_or(|newest| newest.at < recent);
    let old = old.then(|| {
        view! { <Notice tone=Tone::Attention title=t(lang, "log.runs_old_title")><p>{t(lang, "log.runs_old")}</p></Notice> }
    });
    let rows = runs.iter().map(|run| run_row(lang, run)).collect();
    let columns = vec![
        Column::text(t(lang, "log.at")),
        Column::text(t(lang, "log.outcome")),
        Column::text(t(lang, "log.run_counts")),
    ];
    view! {
        <Section title=t(lang, "log.runs_title") id="runs">
            <p>{t(lang, "log.runs_lead")}</p>
            {old}
            <DataTable caption=t(lang, "log.runs_caption") columns rows empty=t(lang, "log.runs_none")/>
        </Section>
    }
    .into_any()
}

fn run_row(lang: Lang, run: &AuditRun) -> Vec<AnyView> {
    let outcome = if run.differences == 0 {
        view! { <Tag text=t(lang, "log.run_clean") tone=Tone::Done/> }.into_any()
    } else {
        let count = whole(run.differences);
        let text = tp(lang, "log.run_differs", &[("count", &count)]);
        view! { <Tag text tone=Tone::Refused/><pre class="log__note">{run.found.clone()}</pre> }
            .into_any()
    };
    let counted = tp(
        lang,
        "log.run_counted",
        &[
            ("accounts", &whole(run.accounts)),
            ("transfers", &whole(run.transfers)),
            ("blocks", &whole(run.blocks)),
            ("calculations", &whole(run.calculations)),
            ("acts", &whole(run.acts)),
            ("entries", &whole(run.log_entries)),
        ],
    );
    vec![moment(lang, run.at).into_any(), outcome, counted.into_any()]
}
