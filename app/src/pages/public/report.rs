//! One published monitoring report: the year lines, how they were calculated, what was verified and issued.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{Fields, PublicReport, RecordKind};

use super::document::report_document;
use super::engagement::engagement_section;
use super::opinion::{opinion_form, opinion_section};
use super::rules::extensions_section;
use super::shown::{
    TONNES, assessment, calculations, is_open_to_opinions, period_text, project_address, timeline,
    turn_text, working_days_left,
};
use crate::form::Form;
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::attachment::public_files;
use crate::pages::desk::green_certificate::months_of_report;
use crate::pages::print::print_links;
use crate::parts::{
    Column, CopyableId, DataTable, Heading, NumberHero, Section, StatusHeader, SummaryList,
    SummaryRow, state_label,
};
use crate::visitor::{Visitor, encode};

/// `GET /reports/{id}`.
pub async fn report(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let report = host
        .registry
        .public()
        .report(&id)
        .await
        .or_failed(&host, &visitor)?;
    let files = host.registry.public().attachments(&report.row.id).await;
    let files = files.or_failed(&host, &visitor)?;
    let work = host.registry.public().engagement(&report.row.id).await;
    let work = work.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::OpinionSubmit, Fields::new()).await;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let book = host.registry.rule_book().await.or_failed(&host, &visitor)?;
    let extensions = host
        .registry
        .public()
        .publicity_extensions(&report.row.id)
        .await
        .or_failed(&host, &visitor)?;
    let last = report.row.publicity_end.clone().unwrap_or_default();
    let left = is_open_to_opinions(RecordKind::Report, &report.row.state)
        .then(|| working_days_left(&book.calendar, today, &last))
        .flatten();
    let title = tp(
        lang,
        "public.report_title",
        &[
            ("name", &report.row.project_name),
            ("number", &report.row.number.to_string()),
        ],
    );
    let project = project_address(Some(&report.row.project_code), &report.row.project);
    Ok(Page::new(&host, &visitor, title.clone())
        .description(title.clone())
        .crumb(t(lang, "public.projects_title"), "/projects")
        .crumb(report.row.project_name.clone(), project)
        .wide()
        .view(move || {
            let base = format!("/reports/{}", encode(&report.row.id));
            let page = report_view(lang, left, title, &report, form);
            view! {
                {page}
                {engagement_section(lang, RecordKind::Report, report_methodology(&report), work.as_ref())}
                {extensions_section(lang, &extensions)}
                {print_links(lang, RecordKind::Report, &base)}
                {public_files(lang, &files)}
            }
        }))
}

fn report_view(
    lang: Lang,
    left: Option<i64>,
    title: String,
    report: &PublicReport,
    form: Form,
) -> AnyView {
    let row = &report.row;
    let open = is_open_to_opinions(RecordKind::Report, &row.state);
    let write = open.then(|| opinion_form(lang, RecordKind::Report, &row.id, form));
    let due_on = row
        .publicity_end
        .clone()
        .filter(|_| open)
        .unwrap_or_default();
    let (next_label, next_address) = if open {
        (t(lang, "public.opinion_write"), "#write-opinion".to_owned())
    } else {
        Default::default()
    };
    let (lines, facts) = (lines(lang, report), facts(lang, report));
    let document = report_document(
        lang,
        report_methodology(report),
        report.verifier.as_deref(),
        &report.fields,
    );
    let json = format!("/api/v1/reports/{}", encode(&row.id));
    view! {
        <Heading above=row.project_code.clone() title lead=period_text(lang, Some(&row.period_start), Some(&row.period_end))/>
        <StatusHeader state=state_label(lang, &row.state) turn=turn_text(lang, RecordKind::Report, &row.state) due_on working_days_left=left
            next_label next_address/>
        {number(lang, report)}
        <Section title=t(lang, "public.lines_title") id="lines">{lines}</Section>
        {months_of_report(lang, &report.fields)}
        {calculations(lang, &report.calculations)}
        <Section title=t(lang, "public.facts_title") id="facts">
            <SummaryList rows=facts/>
            {document}
        </Section>
        {opinion_section(lang, &report.opinions, open, write)}
        {assessment(lang, RecordKind::Report, report.verifier.as_deref(), report.assessment.as_ref())}
        {timeline(lang, &report.timeline)}
        <p class="remark">{t(lang, "part.same_data")}" "<a href=json>"JSON"</a></p>
    }
    .into_any()
}

fn number(lang: Lang, report: &PublicReport) -> AnyView {
    let row = &report.row;
    let (label, tonnes) = match (row.issued_tonnes, row.verified_tonnes) {
        (Some(tonnes), _) => ("public.issued", tonnes),
        (None, Some(tonnes)) => ("public.verified", tonnes),
        (None, None) => ("public.applied", row.applied_tonnes),
    };
    let note = tp(
        lang,
        "public.report_note",
        &[
            ("applied", &whole(row.applied_tonnes)),
            ("lines", &report.lines.len().to_string()),
        ],
    );
    view! {
        <div class="hero-numbers">
            <NumberHero label=t(lang, label) value=whole(tonnes) unit=TONNES note>
                <p>{t(lang, "public.report_how")}</p>
                <p><a href="#lines">{t(lang, "public.lines_title")}</a>" · "<a href="#calculation">{t(lang, "public.see_calculation")}</a></p>
            </NumberHero>
        </div>
    }
    .into_any()
}

fn lines(lang: Lang, report: &PublicReport) -> AnyView {
    let dash = |tonnes: Option<i64>| tonnes.map_or_else(|| "–".to_owned(), whole).into_any();
    let rows = report
        .lines
        .iter()
        .map(|line| {
            vec![
                line.year.into_any(),
                whole(line.applied).into_any(),
                dash(line.verified),
                dash(line.issued),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.year")),
        Column::number(format!("{} {TONNES}", t(lang, "public.applied"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.verified"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
    ];
    view! { <DataTable caption=t(lang, "public.lines_caption") columns rows empty=t(lang, "public.lines_none")/> }.into_any()
}

fn facts(lang: Lang, report: &PublicReport) -> Vec<SummaryRow> {
    let row = &report.row;
    let address = project_address(Some(&row.project_code), &row.project);
    vec![
        SummaryRow::new(
            t(lang, "public.project"),
            view! { <a href=address>{row.project_name.clone()}</a> },
        ),
        SummaryRow::new(
            t(lang, "public.verifier"),
            report.verifier.clone().unwrap_or_else(|| "–".to_owned()),
        ),
        SummaryRow::new(
            t(lang, "public.period"),
            period_text(lang, Some(&row.period_start), Some(&row.period_end)),
        ),
        SummaryRow::new(
            t(lang, "public.publicity"),
            period_text(
                lang,
                row.publicity_start.as_deref(),
                row.publicity_end.as_deref(),
            ),
        ),
        SummaryRow::new(
            t(lang, "public.record_id"),
            view! { <CopyableId text=row.id.clone()/> },
        ),
    ]
}

/// The methodology version of the report's calculation, which names the fields of its document.
fn report_methodology(report: &PublicReport) -> &str {
    report.calculations.last().map_or("", |calculation| {
        calculation.calculator.split('/').next().unwrap_or_default()
    })
}
