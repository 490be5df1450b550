//! The desk's list of monitoring reports, and the first step of a new one.

use axum::extract::{Path, Query, State};
use domain::id::ProjectId;
use domain::project::ReportState;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{Fields, RecordKind, ReportRow};
use time::Date;

use super::projects::{ListQuery, state_cell, state_filter, turn_cell};
use super::queue::{Queue, standing_cell};
use super::record::{Record, name_or_unnamed};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Column, DataTable, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow,
    Term,
};
use crate::visitor::Visitor;

/// `GET /desk/reports`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let by = require(
        &host,
        &visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )?;
    let page = host
        .registry
        .report_list(&by, &query.filter())
        .await
        .or_failed(&host, &visitor)?;
    let ids: Vec<String> = page.rows.iter().map(|row| row.id.to_string()).collect();
    let queue = host
        .registry
        .queue_positions(&by, &ids)
        .await
        .or_failed(&host, &visitor)?;
    let (lang, role) = (visitor.lang, by.role);
    let title = list_title(lang, role);
    Ok(Page::new(&host, &visitor, title.clone())
        .wide()
        .view(move || {
            let here = "/desk/reports";
            let states = ReportState::ALL.iter().map(|state| state.code()).collect();
            let next = page
                .next
                .as_ref()
                .map(|key| query.address(here, Some(key)))
                .unwrap_or_default();
            let first = if query.after.is_empty() {
                String::new()
            } else {
                query.address(here, None)
            };
            view! {
                <Heading title lead=t(lang, "desk.reports_lead")/>
                {state_filter(lang, RecordKind::Report, here, &query, states)}
                {table(lang, Some(role), &page.rows, &queue, next, first)}
            }
        }))
}

/// The title of the list for a role.
pub fn list_title(lang: Lang, role: Role) -> String {
    let key = match role {
        Role::Vvb => "desk.reports_vvb",
        Role::RegistryOperator => "desk.reports_operator",
        Role::ProjectOwner | Role::EventOrganiser | Role::Individual => "desk.reports_owner",
    };
    t(lang, key)
}

/// Reports as a table; without a viewer, those of one project.
pub fn table(
    lang: Lang,
    viewer: Option<Role>,
    reports: &[ReportRow],
    queue: &Queue,
    next: String,
    first: String,
) -> AnyView {
    let dash = |number: Option<i64>| {
        number
            .map_or_else(|| "–".to_owned(), format::whole)
            .into_any()
    };
    let rows = reports
        .iter()
        .map(|row| {
            let address = format!("/desk/reports/{}", row.id);
            let number = tp(
                lang,
                "desk.report_number",
                &[("number", &row.number.to_string())],
            );
            let project = viewer.is_some().then(|| {
                let name = name_or_unnamed(lang, &row.project_name);
                view! { <br/><span class="quiet">{row.project_code.clone()}" · "{name}</span> }
            });
            vec![
                view! { <a href=address>{number}</a>{project} }.into_any(),
                period(lang, row.period_start.as_deref(), row.period_end.as_deref()).into_any(),
                state_cell(
                    lang,
                    viewer.unwrap_or(Role::EventOrganiser),
                    RecordKind::Report,
                    &row.state,
                    &row.turn,
                ),
                {
                    let standing = standing_cell(lang, queue, row.id.as_str(), row.paused);
                    view! { {turn_cell(lang, &row.turn)}{standing} }.into_any()
                },
                dash(row.applied_tonnes),
                dash(row.verified_tonnes),
                dash(row.issued_tonnes),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "desk.column_report")),
        Column::text(t(lang, "desk.column_period")),
        Column::text(t(lang, "desk.column_state")),
        Column::text(t(lang, "desk.column_turn")),
        Column::number(t(lang, "desk.column_applied")),
        Column::number(t(lang, "desk.column_verified")),
        Column::number(t(lang, "desk.column_issued")),
    ];
    view! { <DataTable caption=t(lang, "desk.reports_caption") columns rows empty=t(lang, "desk.reports_empty") next first/> }.into_any()
}

/// A period given as two days, or a dash.
pub fn period(lang: Lang, from: Option<&str>, to: Option<&str>) -> String {
    match (
        from.and_then(format::parse_date),
        to.and_then(format::parse_date),
    ) {
        (Some(from), Some(to)) => format::period(lang, from, to),
        _ => "–".to_owned(),
    }
}

/// `GET /desk/projects/{id}/reports/new`: the period.
pub async fn new(State(host): State<Host>, visitor: Visitor, Path(id): Path<String>) -> PageResult {
    let by = require(&host, &visitor, &[Role::ProjectOwner])?;
    let view = host
        .registry
        .project_get(&by, &ProjectId::new(id))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let record = Record::of_project(lang, &view);
    let form = Form::open(&host, &visitor, Act::ReportCreate, Fields::new()).await;
    let form = form.labelled(|field| {
        field
            .starts_with("period_")
            .then(|| t(lang, &format!("desk.field_{field}")))
    });
    let page = Page::new(&host, &visitor, t(lang, "desk.new_report"))
        .crumb(t(lang, "desk.projects_owner"), "/desk/projects")
        .crumb(record.name.clone(), record.address());
    let earliest = earliest_start(&view, visitor.now.beijing_date());
    Ok(page.view(move || {
        let earlier: Vec<_> = view
            .reports
            .iter()
            .map(|report| {
                let label = tp(lang, "desk.report_number", &[("number", &report.number.to_string())]);
                SummaryRow::new(label, period(lang, report.period_start.as_deref(), report.period_end.as_deref()))
            })
            .collect();
        let earlier = (!earlier.is_empty()).then(|| view! { <Section title=t(lang, "desk.earlier_periods")><SummaryList rows=earlier/></Section> });
        let crediting = period(lang, view.crediting_start.as_deref(), view.crediting_end.as_deref());
        let hint = earliest.map(|day| tp(lang, "desk.field_period_from_earliest", &[("day", &format::date(lang, day))])).unwrap_or_default();
        let start = earliest.map(methodologies::day::to_text).unwrap_or_default();
        let cancel = record.address();
        view! {
            <Heading title=t(lang, "desk.new_report") above=record.title(lang) lead=t(lang, "desk.new_report_lead")/>
            <SummaryList rows=vec![SummaryRow::new(t(lang, "desk.crediting"), crediting)]/>
            {earlier}
            <Term term=t(lang, "desk.section_period_term") meaning=t(lang, "desk.section_period_meaning")/>
            <ActForm act=Act::ReportCreate form submit=t(lang, "desk.new_report_submit") cancel>
                <Hidden name="project" value=record.id.clone()/>
                <Field name="period_from" label=t(lang, "desk.field_period_from") hint kind=Kind::Date default=start/>
                <Field name="period_to" label=t(lang, "desk.field_period_to") hint=t(lang, "desk.field_period_to_hint") kind=Kind::Date/>
            </ActForm>
        }
    }))
}

/// The first day a new period may begin: after the last one, inside the crediting period, not older than five years.
fn earliest_start(view: &registry::ProjectView, today: Date) -> Option<Date> {
    let crediting = view
        .crediting_start
        .as_deref()
        .and_then(format::parse_date)?;
    let ended = ["discarded", "withdrawn", "terminated"];
    let others = view
        .reports
        .iter()
        .filter(|report| !ended.contains(&report.state.as_str()));
    let last = others
        .filter_map(|report| format::parse_date(report.period_end.as_deref()?))
        .max();
    let back = domain::project::guard::years_before(today, domain::project::guard::LOOK_BACK_YEARS);
    [Some(crediting), last.and_then(Date::next_day), Some(back)]
        .into_iter()
        .flatten()
        .max()
}
