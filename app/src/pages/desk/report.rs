//! The desk page of one monitoring report: for the owner, the verifier and the registry.

use axum::extract::{Path, State};
use domain::Role;
use domain::id::ReportId;
use leptos::prelude::*;
use registry::{RecordKind, ReportLine, ReportView};

use super::act_page;
use super::document::report_rows;
use super::ends;
use super::engagement::desk_section;
use super::green_certificate::months_of_report;
use super::opinions::{open_forms, opinions};
use super::project::folded;
use super::queue::standing_line;
use super::record::{
    Record, assessment, calculation, next_acts, outcome_of, reason, status, timeline,
};
use super::reports::{list_title, period};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::attachment::file_section;
use crate::pages::print::print_links;
use crate::parts::{Column, DataTable, Heading, Section, SummaryList, SummaryRow};
use crate::visitor::Visitor;

/// `GET /desk/reports/{id}`.
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
        .report_get(&by, &ReportId::new(id))
        .await
        .or_failed(&host, &visitor)?;
    let (lang, viewer) = (visitor.lang, by.role);
    let record = Record::of_report(lang, &view);
    let files = host
        .registry
        .attachment_list(&by, RecordKind::Report, &record.id)
        .await
        .or_failed(&host, &visitor)?;
    let queue = host
        .registry
        .queue_positions(&by, std::slice::from_ref(&record.id))
        .await
        .or_failed(&host, &visitor)?;
    let desk = host
        .registry
        .engagement_get(&by, RecordKind::Report, &record.id)
        .await
        .or_failed(&host, &visitor)?;
    let forms = open_forms(&host, &visitor, &view.opinions).await;
    let again =
        ends::Again::offered(&host, &visitor, &record, Some(view.row.project.to_string())).await;
    let page = Page::new(&host, &visitor, record.title(lang))
        .crumb(list_title(lang, viewer), "/desk/reports");
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
            <Heading title=record.title(lang) above=record.above(lang)/>
            {status(lang, &record, viewer)}
            {standing_line(lang, &queue, &record.id, view.row.paused)}
            {reason(lang, &record)}
            {next_acts(lang, &record)}
            {desk_section(lang, &desk)}
            {facts(lang, &record, &view, viewer)}
            {ends::section(lang, &record, again)}
            {print_links(lang, RecordKind::Report, &record.address())}
            {file_section(lang, &record, &files)}
            {lines(lang, &view.lines)}
            {months_of_report(lang, &view.fields)}
            {calculation(lang, &record)}
            {comparison}
            {report}
            {opinions(lang, &record, forms, viewer)}
            {timeline(lang, &record)}
        }
    }))
}

fn facts(lang: Lang, record: &Record, view: &ReportView, viewer: Role) -> AnyView {
    let row = &view.row;
    // the verifier is no party to the project: its public page is the way there
    let project = match viewer {
        Role::Vvb => format!("/projects/{}", row.project_code),
        _ => format!("/desk/projects/{}", row.project),
    };
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "desk.column_project"),
            view! { <a href=project>{row.project_code.clone()}" "{row.project_name.clone()}</a> },
        ),
        SummaryRow::new(t(lang, "desk.owner"), row.owner.clone()),
    ];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty() && value != "–") {
            rows.push(SummaryRow::new(t(lang, key), value));
        }
    };
    add("desk.verifier", row.verifier.clone());
    add(
        "desk.column_period",
        Some(period(
            lang,
            row.period_start.as_deref(),
            row.period_end.as_deref(),
        )),
    );
    add(
        "desk.publicity",
        Some(period(
            lang,
            row.publicity_start.as_deref(),
            row.publicity_end.as_deref(),
        )),
    );
    let tonnes =
        |number: Option<i64>| number.map(|number| format!("{} tCO₂e", format::whole(number)));
    add("desk.applied", tonnes(row.applied_tonnes));
    add("desk.verified", tonnes(row.verified_tonnes));
    add("desk.issued", tonnes(row.issued_tonnes));
    let public = row.publicity_start.is_some().then(|| {
        let address = format!("/reports/{}", row.id);
        view! { <p><a href=address>{t(lang, "desk.public_page")}</a></p> }
    });
    let document = folded(
        lang,
        report_rows(lang, &row.methodology, &view.fields, record.body.clone()),
    );
    view! {
        <Section title=t(lang, "desk.facts_title") id="facts">
            <SummaryList rows/>
            {public}
            {document}
        </Section>
    }
    .into_any()
}

/// Tonnes per calendar year.
fn lines(lang: Lang, lines: &[ReportLine]) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let dash = |number: Option<i64>| {
        number
            .map_or_else(|| "–".to_owned(), format::whole)
            .into_any()
    };
    let rows = lines
        .iter()
        .map(|line| {
            vec![
                line.year.to_string().into_any(),
                format::whole(line.applied).into_any(),
                dash(line.verified),
                dash(line.issued),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "desk.column_year")),
        Column::number(t(lang, "desk.column_applied")),
        Column::number(t(lang, "desk.column_verified")),
        Column::number(t(lang, "desk.column_issued")),
    ];
    Some(
        view! {
            <Section title=t(lang, "desk.lines_title") id="years"><DataTable caption=t(lang, "desk.lines_caption") columns rows empty=""/></Section>
        }
        .into_any(),
    )
}
