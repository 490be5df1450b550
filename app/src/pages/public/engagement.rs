//! What a body did before its report, as anyone may read it once the report is there: team, visits, findings.

use leptos::prelude::*;
use registry::{PublicEngagement, PublicFinding, RecordKind};

use crate::format;
use crate::lang::{Lang, t, tp};
use crate::pages::desk::document::Document;
use crate::pages::desk::engagement::{finding_name, history, sector_names};
use crate::parts::{Column, DataTable, Section, SummaryList, SummaryRow};

/// The section of a record's page; nothing before the report.
pub fn engagement_section(
    lang: Lang,
    kind: RecordKind,
    methodology: &str,
    work: Option<&PublicEngagement>,
) -> Option<AnyView> {
    let work = work?;
    let document = match kind {
        RecordKind::Project => Document::design(lang, methodology, Vec::new(), None),
        RecordKind::Report => Document::report(lang, methodology, Vec::new(), None),
    };
    let closed: Vec<_> = work
        .closed
        .iter()
        .map(|finding| one(lang, &document, finding))
        .collect();
    let list = (!closed.is_empty()).then(|| view! { <ol class="opinions">{closed}</ol> });
    let (rows, team, visits) = (rows(lang, work), team(lang, work), visits(lang, work));
    let counts = counts(lang, work);
    Some(
        view! {
            <Section title=t(lang, &format!("engagement.public_{}", kind.code())) id="engagement">
                <SummaryList rows/>
                {team}
                {visits}
                <p>{counts}</p>
                {list}
            </Section>
        }
        .into_any(),
    )
}

fn rows(lang: Lang, work: &PublicEngagement) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add(
        "engagement.impartiality_title",
        work.impartial_at.map(|at| format::moment(lang, at)),
    );
    add(
        "engagement.field_document_reviewed_on",
        work.document_reviewed_on
            .as_deref()
            .map(|day| format::date_text(lang, day)),
    );
    add(
        "engagement.field_sites_total",
        work.sites_total.map(format::whole),
    );
    add("engagement.field_sampling", work.sampling.clone());
    add("engagement.field_reviewer", work.reviewer.clone());
    add(
        "engagement.field_decision_maker",
        work.decision_maker.clone(),
    );
    rows
}

fn team(lang: Lang, work: &PublicEngagement) -> AnyView {
    let columns = vec![
        Column::text(t(lang, "engagement.field_name")),
        Column::text(t(lang, "engagement.field_duty")),
        Column::text(t(lang, "engagement.field_full_time")),
        Column::text(t(lang, "engagement.field_sectors")),
    ];
    let rows = work.members.iter().map(|member| {
        let yes_no = if member.full_time {
            "field.yes"
        } else {
            "field.no"
        };
        vec![
            member.name.clone().into_any(),
            t(lang, &format!("engagement.duty_{}", member.duty.code())).into_any(),
            t(lang, yes_no).into_any(),
            sector_names(lang, &member.sectors).into_any(),
        ]
    });
    let rows = rows.collect();
    view! { <DataTable caption=t(lang, "engagement.team_title") columns rows empty=t(lang, "engagement.team_none")/> }.into_any()
}

fn visits(lang: Lang, work: &PublicEngagement) -> AnyView {
    let columns = vec![
        Column::text(t(lang, "engagement.field_site")),
        Column::text(t(lang, "engagement.field_visited_on")),
        Column::text(t(lang, "engagement.field_persons")),
    ];
    let rows = work.visits.iter().map(|visit| {
        vec![
            visit.site.clone().into_any(),
            format::date_text(lang, &visit.on).into_any(),
            visit.persons.join(lang.choose("、", ", ")).into_any(),
        ]
    });
    let rows = rows.collect();
    view! { <DataTable caption=t(lang, "engagement.visits_title") columns rows empty=t(lang, "engagement.visits_none")/> }.into_any()
}

fn counts(lang: Lang, work: &PublicEngagement) -> String {
    tp(
        lang,
        "engagement.public_counts",
        &[
            ("requests", &work.requests.to_string()),
            ("observations", &work.observations.to_string()),
            ("closed", &work.closed.len().to_string()),
            ("open", &work.open.to_string()),
        ],
    )
}

fn one(lang: Lang, document: &Document, finding: &PublicFinding) -> AnyView {
    let place = finding
        .field
        .as_deref()
        .map(|field| view! { <p class="opinion__label">{document.label(field)}</p> });
    view! {
        <li class="opinion">
            <p class="opinion__who">
                <strong>{finding_name(lang, finding.kind, finding.number)}</strong>" · "{format::moment(lang, finding.at)}
            </p>
            {place}
            <p class="prose">{finding.text.clone()}</p>
            {history(lang, &finding.steps)}
        </li>
    }
    .into_any()
}
