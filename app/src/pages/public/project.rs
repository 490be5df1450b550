//! One published project: where it stands, what it states, how its number came about, what people said, what it has issued.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{Fields, PublicBoundary, PublicProject, RecordKind};

use super::complaint::complaint_section;
use super::document::design_document;
use super::engagement::engagement_section;
use super::opinion::{opinion_form, opinion_section};
use super::rules::extensions_section;
use super::shown::{
    TONNES, assessment, calculations, class_table, is_open_to_opinions, methodology_link,
    outcome_of, period_text, project_type_name, province_name, report_table, serial_remark,
    timeline, turn_text, working_days_left,
};
use super::uniqueness::{certificate_section, change_section};
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::attachment::public_files;
use crate::pages::boundary_map;
use crate::pages::desk::ends::ending_rows;
use crate::pages::print::print_links;
use crate::parts::{
    CopyableId, Heading, NumberHero, Section, StatusHeader, SummaryList, SummaryRow, state_label,
};
use crate::visitor::{Visitor, encode};

/// `GET /projects/{code or id}`.
pub async fn project(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let project = match host.registry.public().project(&id).await {
        // what stands where a project stands for carbon inclusion
        Err(registry::Error::NotFound) => return super::scheme::scheme(host, visitor, &id).await,
        found => found.or_failed(&host, &visitor)?,
    };
    let boundary = match host.registry.public().boundary(&project.row.id).await {
        Err(registry::Error::NotFound) => None,
        found => Some(found.or_failed(&host, &visitor)?),
    };
    let files = host.registry.public().attachments(&project.row.id).await;
    let files = files.or_failed(&host, &visitor)?;
    let changes = host.registry.public().changes(&project.row.id).await;
    let changes = changes.or_failed(&host, &visitor)?;
    let complaints = host.registry.public().complaints(&project.row.id).await;
    let complaints = complaints.or_failed(&host, &visitor)?;
    let public = host.registry.public();
    let requests = public.certificate_requests(&project.row.id).await;
    let requests = requests.or_failed(&host, &visitor)?;
    let work = host.registry.public().engagement(&project.row.id).await;
    let work = work.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::OpinionSubmit, Fields::new()).await;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let book = host.registry.rule_book().await.or_failed(&host, &visitor)?;
    let extensions = host
        .registry
        .public()
        .publicity_extensions(&project.row.id)
        .await
        .or_failed(&host, &visitor)?;
    let last = project.row.publicity_end.clone().unwrap_or_default();
    let left = is_open_to_opinions(RecordKind::Project, &project.row.state)
        .then(|| working_days_left(&book.calendar, today, &last))
        .flatten();
    let description = tp(
        lang,
        "public.project_description",
        &[("name", &project.row.name), ("owner", &project.row.owner)],
    );
    Ok(Page::new(&host, &visitor, project.row.name.clone())
        .description(description)
        .crumb(t(lang, "public.projects_title"), "/projects")
        .wide()
        .view(move || {
            let base = format!(
                "/projects/{}",
                encode(project.row.code.as_deref().unwrap_or(&project.row.id))
            );
            let page = project_view(lang, left, &project, boundary.as_ref(), form);
            view! {
                {page}
                {engagement_section(lang, RecordKind::Project, &project.row.methodology, work.as_ref())}
                {extensions_section(lang, &extensions)}
                {print_links(lang, RecordKind::Project, &base)}
                {public_files(lang, &files)}
                {change_section(lang, &changes)}
                {certificate_section(lang, &requests)}
                {complaint_section(lang, &project.row.id, &complaints)}
            }
        }))
}

/// `GET /projects/{code or id}/boundary.geojson`.
pub async fn boundary_file(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let found = host
        .registry
        .public()
        .boundary(&id)
        .await
        .or_failed(&host, &visitor)?;
    Ok(boundary_map::download(found.feature(), "boundary"))
}

fn project_view(
    lang: Lang,
    left: Option<i64>,
    project: &PublicProject,
    boundary: Option<&PublicBoundary>,
    form: Form,
) -> AnyView {
    let row = &project.row;
    let open = is_open_to_opinions(RecordKind::Project, &row.state);
    let write = open.then(|| opinion_form(lang, RecordKind::Project, &row.id, form));
    let (facts, reports, classes) = (
        facts(lang, project),
        report_table(lang, &project.reports),
        class_table(lang, &project.classes),
    );
    let remark = (!project.classes.is_empty()).then(|| serial_remark(lang));
    let document = design_document(
        lang,
        &row.methodology,
        project.validator.as_deref(),
        &project.fields,
    );
    let json = format!(
        "/api/v1/projects/{}",
        encode(row.code.as_deref().unwrap_or(&row.id))
    );
    view! {
        <Heading
            above=row.code.clone().unwrap_or_else(|| t(lang, "public.no_code"))
            title=row.name.clone()
            lead=format!("{} · {} · {}", row.owner, province_name(lang, &row.province), project_type_name(lang, &row.project_type))
        />
        {status(lang, left, project)}
        {ending_section(lang, project)}
        {numbers(lang, project)}
        <Section title=t(lang, "public.facts_title") id="facts">
            <SummaryList rows=facts/>
            {document}
        </Section>
        {boundary.map(|found| boundary_section(lang, project, found))}
        {calculations(lang, &project.calculations)}
        {opinion_section(lang, &project.opinions, open, write)}
        {assessment(lang, RecordKind::Project, project.validator.as_deref(), project.assessment.as_ref())}
        <Section title=t(lang, "public.reports_title") id="reports">{reports}</Section>
        <Section title=t(lang, "public.classes_title") id="credits">{classes}{remark}</Section>
        {timeline(lang, &project.timeline)}
        {kept(lang, project)}
        <p class="remark">{t(lang, "part.same_data")}" "<a href=json>"JSON"</a></p>
    }
    .into_any()
}

/// The map, the area, and the file.
fn boundary_section(lang: Lang, project: &PublicProject, found: &PublicBoundary) -> AnyView {
    let map =
        boundary_map::reopen(&found.geojson).map(|own| boundary_map::boundary_map(lang, &own, &[]));
    let mut rows = boundary_map::rows(lang, found.area_m2, found.plots, found.points);
    rows.push(SummaryRow::new(
        "SHA-256".to_owned(),
        view! { <CopyableId text=found.file_sha256.clone()/> },
    ));
    let id = project.row.code.as_deref().unwrap_or(&project.row.id);
    let address = format!("/projects/{}/boundary.geojson", encode(id));
    view! {
        <Section title=t(lang, "boundary.map_title") id="boundary">
            {map}
            <SummaryList rows/>
            <p><a href=address>{t(lang, "boundary.download")}</a></p>
            <p class="remark">{t(lang, "boundary.area_how")}</p>
        </Section>
    }
    .into_any()
}

/// Until when the files are kept.
fn kept(lang: Lang, project: &PublicProject) -> Option<AnyView> {
    let day = format::date_text(lang, project.retain_until.as_deref()?);
    let text = tp(lang, "ends.retain_until", &[("date", &day)]);
    Some(view! { <p class="remark">{text}</p> }.into_any())
}

/// How the registration ended: when, by what, on what ground.
fn ending_section(lang: Lang, project: &PublicProject) -> Option<AnyView> {
    let rows = ending_rows(lang, project.row.ending.as_ref()?);
    Some(
        view! { <Section title=t(lang, "ends.ending_title") id="ending"><SummaryList rows/></Section> }
            .into_any(),
    )
}

fn status(lang: Lang, left: Option<i64>, project: &PublicProject) -> AnyView {
    let row = &project.row;
    let open = is_open_to_opinions(RecordKind::Project, &row.state);
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
    view! {
        <StatusHeader state=state_label(lang, &row.state) turn=turn_text(lang, RecordKind::Project, &row.state) due_on working_days_left=left
            next_label next_address/>
    }
    .into_any()
}

fn numbers(lang: Lang, project: &PublicProject) -> AnyView {
    let sum = |of: fn(&registry::PublicClass) -> i64| project.classes.iter().map(of).sum::<i64>();
    let expected = project.row.expected_year_tonnes.map(|tonnes| {
        let note = project
            .expected_total_tonnes
            .map(|total| {
                let period = period_text(
                    lang,
                    project.crediting_start.as_deref(),
                    project.crediting_end.as_deref(),
                );
                tp(
                    lang,
                    "public.expected_total",
                    &[("total", &whole(total)), ("period", &period)],
                )
            })
            .unwrap_or_default();
        let unit = tp(lang, "public.unit_per_year", &[("unit", TONNES)]);
        let how = project
            .calculations
            .last()
            .and_then(outcome_of)
            .map(|outcome| {
                let clauses = outcome
                    .steps
                    .iter()
                    .map(|step| step.clause.clone())
                    .collect::<std::collections::BTreeSet<_>>()
                    .len()
                    .to_string();
                tp(
                    lang,
                    "public.expected_how",
                    &[
                        ("version", &outcome.methodology_version),
                        ("steps", &outcome.steps.len().to_string()),
                        ("clauses", &clauses),
                    ],
                )
            });
        view! {
            <NumberHero label=t(lang, "public.expected_year") value=whole(tonnes) unit note>
                <p>{how.unwrap_or_else(|| t(lang, "public.calculation_none"))}</p>
                <p><a href="#calculation">{t(lang, "public.see_calculation")}</a></p>
            </NumberHero>
        }
    });
    let issued = (!project.classes.is_empty()).then(|| {
        view! {
            <NumberHero label=t(lang, "public.issued") value=whole(sum(|class| class.issued)) unit=TONNES
                note=tp(lang, "public.held_and_retired", &[("held", &whole(sum(|class| class.held))), ("retired", &whole(sum(|class| class.retired)))])>
                <p>{t(lang, "public.issued_how")}</p>
                <p><a href="#reports">{t(lang, "public.reports_title")}</a>" · "<a href="#credits">{t(lang, "public.classes_title")}</a></p>
            </NumberHero>
        }
    });
    view! { <div class="hero-numbers">{expected}{issued}</div> }.into_any()
}

fn facts(lang: Lang, project: &PublicProject) -> Vec<SummaryRow> {
    let row = &project.row;
    let registered = row
        .registered_at
        .map_or_else(|| "–".to_owned(), |at| format::moment(lang, at));
    vec![
        SummaryRow::new(t(lang, "public.owner"), row.owner.clone()),
        SummaryRow::new(
            t(lang, "public.methodology"),
            methodology_link(lang, &row.methodology),
        ),
        SummaryRow::new(
            t(lang, "public.validator"),
            project.validator.clone().unwrap_or_else(|| "–".to_owned()),
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
            t(lang, "public.crediting_period"),
            period_text(
                lang,
                project.crediting_start.as_deref(),
                project.crediting_end.as_deref(),
            ),
        ),
        SummaryRow::new(t(lang, "public.registered_at"), registered),
        SummaryRow::new(
            t(lang, "public.record_id"),
            view! { <CopyableId text=row.id.clone()/> },
        ),
    ]
}
