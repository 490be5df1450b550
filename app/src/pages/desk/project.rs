//! The desk page of one project: for its owner, its validator and the registry.

use axum::extract::{Path, State};
use domain::Role;
use domain::id::ProjectId;
use leptos::prelude::*;
use registry::{ProjectView, RecordKind, ReportRow};

use super::document::{design_rows, findings};
use super::ends;
use super::engagement::desk_section;
use super::opinions::{open_forms, opinions};
use super::queue::{Queue, standing_line};
use super::record::{
    Record, assessment, calculation, next_acts, outcome_of, reason, status, timeline,
};
use super::{act_page, projects, reports};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::attachment::file_section;
use crate::pages::print::print_links;
use crate::parts::{Heading, Section, SummaryList, SummaryRow};
use crate::visitor::Visitor;

/// `GET /desk/projects/{id}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(
        &host,
        &visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )?;
    let view = host
        .registry
        .project_get(&by, &ProjectId::new(id))
        .await
        .or_failed(&host, &visitor)?;
    let (lang, viewer) = (visitor.lang, by.role);
    let record = Record::of_project(lang, &view);
    let files = host
        .registry
        .attachment_list(&by, RecordKind::Project, &record.id)
        .await
        .or_failed(&host, &visitor)?;
    let queue = host
        .registry
        .queue_positions(&by, std::slice::from_ref(&record.id))
        .await
        .or_failed(&host, &visitor)?;
    let desk = host
        .registry
        .engagement_get(&by, RecordKind::Project, &record.id)
        .await
        .or_failed(&host, &visitor)?;
    let forms = open_forms(&host, &visitor, &view.opinions).await;
    let again = ends::Again::offered(&host, &visitor, &record, None).await;
    let page = Page::new(&host, &visitor, record.name.clone())
        .crumb(projects::list_title(lang, viewer), "/desk/projects");
    Ok(page.view(move || {
        let judges = matches!(viewer, Role::Vvb | Role::RegistryOperator);
        let comparison = judges.then(|| {
            let stored = record.latest_calculation();
            let again = stored.map(|stored| {
                methodologies::calculate_with(&stored.calculator, &stored.input, &stored.parameters)
            });
            act_page::comparison(lang, stored.and_then(outcome_of).as_ref(), again.as_ref())
        });
        let report = record
            .assessment
            .as_ref()
            .map(|report| assessment(lang, report));
        view! {
            <Heading title=record.name.clone() above=record.above(lang)/>
            {status(lang, &record, viewer)}
            {standing_line(lang, &queue, &record.id, view.row.paused)}
            {reason(lang, &record)}
            {next_acts(lang, &record)}
            {desk_section(lang, &desk)}
            {facts(lang, &record, &view, viewer)}
            {ends::section(lang, &record, again)}
            {print_links(lang, RecordKind::Project, &record.address())}
            {file_section(lang, &record, &files)}
            {calculation(lang, &record)}
            {comparison}
            {report}
            {opinions(lang, &record, forms, viewer)}
            {report_section(lang, &record, &view.reports, viewer)}
            {timeline(lang, &record)}
        }
    }))
}

/// What the project is: the parties, the days, and the document folded.
fn facts(lang: Lang, record: &Record, view: &ProjectView, viewer: Role) -> AnyView {
    let row = &view.row;
    let mut rows = vec![SummaryRow::new(t(lang, "desk.owner"), row.owner.clone())];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add("desk.validator", row.validator.clone());
    add("desk.code", row.code.clone());
    let tonnes =
        |number: Option<i64>| number.map(|number| format!("{} tCO₂e", format::whole(number)));
    add("desk.expected_year", tonnes(row.expected_year_tonnes));
    add("desk.expected_total", tonnes(row.expected_total_tonnes));
    let period = |from: &Option<String>, to: &Option<String>| {
        let (from, to) = (
            format::parse_date(from.as_deref()?)?,
            format::parse_date(to.as_deref()?)?,
        );
        Some(format::period(lang, from, to))
    };
    add(
        "desk.crediting",
        period(&view.crediting_start, &view.crediting_end),
    );
    add(
        "desk.publicity",
        period(&row.publicity_start, &row.publicity_end),
    );
    add(
        "desk.registered_at",
        view.registered_at.map(|at| format::moment(lang, at)),
    );
    let published = row.publicity_start.is_some();
    let public = published.then(|| {
        let address = format!(
            "/projects/{}",
            row.code.clone().unwrap_or_else(|| row.id.to_string())
        );
        view! { <p><a href=address>{t(lang, "desk.public_page")}</a></p> }
    });
    let change = (viewer == Role::ProjectOwner
        && matches!(record.state.as_str(), "registered" | "expired"))
    .then(|| {
        let address = format!("{}/changes/new", record.address());
        view! { <p><a href=address>{t(lang, "project_change.new_title")}</a></p> }
    });
    let boundary = format!("{}/boundary", record.address());
    let document = folded(lang, design_rows(lang, &view.fields, record.body.clone()));
    let conditions = findings(lang, &view.fields);
    view! {
        <Section title=t(lang, "desk.facts_title") id="facts">
            <SummaryList rows/>
            <p><a href=boundary>{t(lang, "boundary.see")}</a></p>
            {public}
            {change}
            {document}
            <details class="how">
                <summary class="how__summary">{t(lang, "desk.findings_title")}</summary>
                <div class="how__body">{conditions}</div>
            </details>
        </Section>
    }
    .into_any()
}

/// A whole document, folded.
pub fn folded(lang: Lang, sections: Vec<(String, Vec<SummaryRow>)>) -> AnyView {
    let sections: Vec<_> = sections
        .into_iter()
        .map(|(title, rows)| view! { <h3>{title}</h3><SummaryList rows/> })
        .collect();
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "desk.whole_document")}</summary>
            <div class="how__body">{sections}</div>
        </details>
    }
    .into_any()
}

/// The project's monitoring reports, and the way to a new one.
fn report_section(
    lang: Lang,
    record: &Record,
    rows: &[ReportRow],
    viewer: Role,
) -> Option<AnyView> {
    let may_create =
        viewer == Role::ProjectOwner && matches!(record.state.as_str(), "registered" | "expired");
    if rows.is_empty() && !may_create {
        return None;
    }
    let new = may_create.then(|| {
        let address = format!("{}/reports/new", record.address());
        view! { <p><a class="button button--secondary" href=address>{t(lang, "desk.new_report")}</a></p> }
    });
    let table = reports::table(
        lang,
        None,
        rows,
        &Queue::new(),
        String::new(),
        String::new(),
    );
    Some(
        view! { <Section title=t(lang, "desk.reports_title") id="reports">{table}{new}</Section> }
            .into_any(),
    )
}
