//! The documents made from data: design document and accounting report as PDF and as spreadsheet, for the parties of a
//! record at the desk and for anyone once it is public. In Chinese whatever the language of the pages is.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use documents::{Answer, Attached, Record, accounting_report, design_document};
use domain::Role;
use domain::id::{ProjectId, ReportId};
use domain::project::{DesignSection, MonitoringReport, ProjectDesign, ReportBasis, ReportSection};
use domain::sector::{Family, project_type_of};
use leptos::prelude::*;
use methodologies::{Outcome, Parameters};
use registry::{AttachmentView, By, CalculationView, RecordKind};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::Date;

use super::attachment::disposition;
use super::desk::document::Document;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, error_page, require};
use crate::parts::{Section, state_label};
use crate::print::Form;
use crate::visitor::Visitor;

/// Documents are Chinese.
const LANG: Lang = Lang::Zh;

/// `GET /desk/projects/{id}/design.pdf`.
pub async fn desk_design_pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    desk_design(&host, &visitor, &id, Form::Pdf).await
}

/// `GET /desk/projects/{id}/design.xlsx`.
pub async fn desk_design_workbook(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    desk_design(&host, &visitor, &id, Form::Workbook).await
}

/// `GET /desk/reports/{id}/accounting.pdf`.
pub async fn desk_accounting_pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    desk_accounting(&host, &visitor, &id, Form::Pdf).await
}

/// `GET /desk/reports/{id}/accounting.xlsx`.
pub async fn desk_accounting_workbook(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    desk_accounting(&host, &visitor, &id, Form::Workbook).await
}

/// `GET /projects/{id}/design.pdf`.
pub async fn public_design_pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    public_design(&host, &visitor, &id, Form::Pdf).await
}

/// `GET /projects/{id}/design.xlsx`.
pub async fn public_design_workbook(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    public_design(&host, &visitor, &id, Form::Workbook).await
}

/// `GET /reports/{id}/accounting.pdf`.
pub async fn public_accounting_pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    public_accounting(&host, &visitor, &id, Form::Pdf).await
}

/// `GET /reports/{id}/accounting.xlsx`.
pub async fn public_accounting_workbook(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    public_accounting(&host, &visitor, &id, Form::Workbook).await
}

/// Links to the generated documents of a record. `base` is the address of its page.
pub fn print_links(lang: Lang, kind: RecordKind, base: &str) -> AnyView {
    let name = match kind {
        RecordKind::Project => "design",
        RecordKind::Report => "accounting",
    };
    let link = |ending: &str| {
        let label = t(lang, &format!("attachment.print_{name}_{ending}"));
        let address = format!("{base}/{name}.{ending}");
        view! { <a href=address>{label}</a> }
    };
    let (as_pdf, as_workbook) = (link("pdf").into_any(), link("xlsx").into_any());
    view! {
        <Section title=t(lang, "attachment.print_title") id="documents">
            <ul class="plain-list"><li>{as_pdf}</li><li>{as_workbook}</li></ul>
            <p class="remark">{t(lang, "attachment.print_remark")}</p>
        </Section>
    }
    .into_any()
}

async fn desk_design(
    host: &Host,
    visitor: &Visitor,
    id: &str,
    form: Form,
) -> Result<Response, Failed> {
    let by = desk_visitor(host, visitor)?;
    let registry = &host.registry;
    let view = registry.project_get(&by, &ProjectId::new(id)).await;
    let view = view.or_failed(host, visitor)?;
    let files = registry.attachment_list(&by, RecordKind::Project, id).await;
    let files = files.or_failed(host, visitor)?;
    let today = visitor.now.beijing_date();
    let draft = is_draft(&view.row.state);
    let live = || live_estimate(&view.fields, today, &view.parameters);
    let calculated = calculated(&view.calculations, draft, live);
    let document = Document::design(
        LANG,
        &view.row.methodology,
        Vec::new(),
        view.row.validator.clone(),
    );
    let period = period(
        view.crediting_start.as_deref(),
        view.crediting_end.as_deref(),
    );
    let stored = registry.project_boundary(&by, &view.row.id).await;
    let stored = stored.or_failed(host, visitor)?;
    let mut answers = design_answers(&document, &view.row.methodology, &view.fields);
    answers.extend(stored.iter().flat_map(|stored| {
        let counts = (stored.area_m2, stored.plots, stored.points);
        boundary_answers(counts, &stored.file_sha256)
    }));
    let record = Record {
        name: view.row.name.clone(),
        code: view.row.code.clone().unwrap_or_default(),
        owner: view.row.owner.clone(),
        body: view.row.validator.clone().unwrap_or_default(),
        state: state_label(LANG, &view.row.state),
        version: version(draft),
        period,
        answers,
        attached: files.iter().map(attached).collect(),
        ..base(host, &view.row.methodology, &view.fields, calculated)
    };
    print(host, visitor, record, design_document, form).await
}

async fn desk_accounting(
    host: &Host,
    visitor: &Visitor,
    id: &str,
    form: Form,
) -> Result<Response, Failed> {
    let by = desk_visitor(host, visitor)?;
    let registry = &host.registry;
    let view = registry.report_get(&by, &ReportId::new(id)).await;
    let view = view.or_failed(host, visitor)?;
    let files = registry.attachment_list(&by, RecordKind::Report, id).await;
    let files = files.or_failed(host, visitor)?;
    // the verifier is no party to the project: then there is no draft to calculate and nothing to compare with
    let project_id = ProjectId::new(view.row.project.as_str());
    let project = registry.project_get(&by, &project_id).await.ok();
    let today = visitor.now.beijing_date();
    let draft = is_draft(&view.row.state);
    let live = || {
        let project = project.as_ref()?;
        let design = project.published_fields.as_ref().unwrap_or(&project.fields);
        let created_on = view
            .timeline
            .first()
            .map_or(today, |entry| entry.at.beijing_date());
        let basis = ReportBasis::of_design(design, created_on)
            .filter(|basis| basis.kind.family != Family::Land)?;
        let (code, input) = MonitoringReport::accounting_input(&view.fields, &basis, today)?;
        let outcome = methodologies::calculate_with(code, &input, &view.parameters).ok()?;
        Some((input, outcome))
    };
    let calculated = calculated(&view.calculations, draft, live);
    let document = Document::report(
        LANG,
        &view.row.methodology,
        Vec::new(),
        view.row.verifier.clone(),
    );
    let record = Record {
        name: view.row.project_name.clone(),
        code: view.row.project_code.clone(),
        number: Some(view.row.number),
        owner: view.row.owner.clone(),
        body: view.row.verifier.clone().unwrap_or_default(),
        state: state_label(LANG, &view.row.state),
        version: version(draft),
        period: period(
            view.row.period_start.as_deref(),
            view.row.period_end.as_deref(),
        ),
        answers: report_answers(&document, &view.row.methodology, &view.fields),
        expected: project.map_or_else(Vec::new, |project| expected(&project.calculations)),
        attached: files.iter().map(attached).collect(),
        ..base(host, &view.row.methodology, &view.fields, calculated)
    };
    print(host, visitor, record, accounting_report, form).await
}

async fn public_design(
    host: &Host,
    visitor: &Visitor,
    id: &str,
    form: Form,
) -> Result<Response, Failed> {
    let public = host.registry.public();
    let project = public.project(id).await.or_failed(host, visitor)?;
    let files = public.attachments(&project.row.id).await;
    let files = files.or_failed(host, visitor)?;
    let calculated = calculated(&project.calculations, false, || None);
    let document = Document::design(
        LANG,
        &project.row.methodology,
        Vec::new(),
        project.validator.clone(),
    );
    let stored = match public.boundary(&project.row.id).await {
        Err(registry::Error::NotFound) => None,
        other => Some(other.or_failed(host, visitor)?),
    };
    let mut answers = design_answers(&document, &project.row.methodology, &project.fields);
    answers.extend(stored.iter().flat_map(|stored| {
        let counts = (stored.area_m2, stored.plots, stored.points);
        boundary_answers(counts, &stored.file_sha256)
    }));
    let record = Record {
        name: project.row.name.clone(),
        code: project.row.code.clone().unwrap_or_default(),
        owner: project.row.owner.clone(),
        body: project.validator.clone().unwrap_or_default(),
        state: state_label(LANG, &project.row.state),
        version: version(false),
        period: period(
            project.crediting_start.as_deref(),
            project.crediting_end.as_deref(),
        ),
        answers,
        attached: files.iter().map(attached).collect(),
        ..base(host, &project.row.methodology, &project.fields, calculated)
    };
    print(host, visitor, record, design_document, form).await
}

async fn public_accounting(
    host: &Host,
    visitor: &Visitor,
    id: &str,
    form: Form,
) -> Result<Response, Failed> {
    let public = host.registry.public();
    let report = public.report(id).await.or_failed(host, visitor)?;
    let project = public.project(&report.row.project).await;
    let project = project.or_failed(host, visitor)?;
    let files = public.attachments(&report.row.id).await;
    let files = files.or_failed(host, visitor)?;
    let calculated = calculated(&report.calculations, false, || None);
    let methodology = project.row.methodology.clone();
    let document = Document::report(LANG, &methodology, Vec::new(), report.verifier.clone());
    let record = Record {
        name: report.row.project_name.clone(),
        code: report.row.project_code.clone(),
        number: Some(report.row.number),
        owner: project.row.owner.clone(),
        body: report.verifier.clone().unwrap_or_default(),
        state: state_label(LANG, &report.row.state),
        version: version(false),
        period: period(Some(&report.row.period_start), Some(&report.row.period_end)),
        answers: report_answers(&document, &methodology, &report.fields),
        expected: expected(&project.calculations),
        attached: files.iter().map(attached).collect(),
        ..base(host, &methodology, &report.fields, calculated)
    };
    print(host, visitor, record, accounting_report, form).await
}

fn desk_visitor(host: &Host, visitor: &Visitor) -> Result<By, Failed> {
    require(
        host,
        visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )
}

/// What every record has: methodology, conditions, calculation, and the hash of what it was made from.
fn base(
    host: &Host,
    methodology: &str,
    fields: &BTreeMap<String, String>,
    calculated: Option<(Value, Outcome)>,
) -> Record {
    let facts = methodologies::fields_to_json(fields);
    let (input, outcome) = calculated.unzip();
    let hashed = serde_json::json!({ "fields": fields, "calculation": input });
    Record {
        methodology: methodology.to_owned(),
        methodology_title: methodologies::catalogue()
            .iter()
            .find(|known| known.code == methodology)
            .map_or_else(String::new, |known| known.title.zh.to_owned()),
        demo: host.demo,
        findings: methodologies::applicability(methodology, &facts).unwrap_or_default(),
        input_hash: hex::encode(Sha256::digest(hashed.to_string())),
        input,
        outcome,
        ..Record::default()
    }
}

/// Whether the owner may still change everything, so that the stored calculation may be out of date.
fn is_draft(state: &str) -> bool {
    matches!(state, "draft" | "mandate_requested" | "vvb_confirmed")
}

fn version(draft: bool) -> String {
    if draft {
        "编制中的版本，尚未提交".to_owned()
    } else {
        "已提交的版本".to_owned()
    }
}

/// The stored calculation; of a draft the one that its fields give now.
fn calculated(
    stored: &[CalculationView],
    draft: bool,
    live: impl FnOnce() -> Option<(Value, Outcome)>,
) -> Option<(Value, Outcome)> {
    if draft && let Some(now) = live() {
        return Some(now);
    }
    let last = stored.last()?;
    let outcome = serde_json::from_value(last.outcome.clone()).ok()?;
    Some((last.input.clone(), outcome))
}

fn live_estimate(
    fields: &BTreeMap<String, String>,
    today: Date,
    parameters: &Parameters,
) -> Option<(Value, Outcome)> {
    let (code, input) = ProjectDesign::estimate_input(fields, today)?;
    let outcome = methodologies::calculate_with(code, &input, parameters).ok()?;
    Some((input, outcome))
}

/// What the design document expected of each calendar year; nothing where its lines are not those of calendar years.
fn expected(calculations: &[CalculationView]) -> Vec<(i32, i64)> {
    let outcome = calculations
        .last()
        .and_then(|stored| serde_json::from_value::<Outcome>(stored.outcome.clone()).ok());
    let Some(outcome) = outcome.filter(|outcome| outcome.rounding == "calendar_year_lines") else {
        return Vec::new();
    };
    let lines = outcome.year_lines.iter();
    lines.map(|line| (line.year, line.er_t)).collect()
}

fn period(from: Option<&str>, to: Option<&str>) -> String {
    match (
        from.and_then(format::parse_date),
        to.and_then(format::parse_date),
    ) {
        (Some(from), Some(to)) => format::period(LANG, from, to),
        _ => String::new(),
    }
}

fn design_answers(
    document: &Document,
    methodology: &str,
    fields: &BTreeMap<String, String>,
) -> Vec<Answer> {
    let kind = project_type_of(methodology.trim());
    let sections = DesignSection::ALL
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    answers(document, sections, fields)
}

/// The boundary as answers: area in square metres, polygons and points, and the hash of the file it came from.
fn boundary_answers((area, plots, points): (i64, i64, i64), hash: &str) -> Vec<Answer> {
    let hectares = format::decimal(&boundary::hectares_text(area));
    let rows = [
        (
            "area",
            format!("{hectares} ha（{} m²）", format::whole(area)),
        ),
        ("plots", format::whole(plots)),
        ("points", format::whole(points)),
    ];
    let mut answers: Vec<_> = rows
        .into_iter()
        .map(|(name, value)| Answer {
            name: format!("boundary_{name}"),
            page: "boundary".to_owned(),
            label: t(LANG, &format!("boundary.{name}")),
            value,
        })
        .collect();
    answers.push(Answer {
        name: "boundary_sha256".to_owned(),
        page: "boundary".to_owned(),
        label: "SHA-256".to_owned(),
        value: hash.to_owned(),
    });
    answers
}

fn report_answers(
    document: &Document,
    methodology: &str,
    fields: &BTreeMap<String, String>,
) -> Vec<Answer> {
    let kind = project_type_of(methodology.trim());
    let sections = ReportSection::of_kind(kind)
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    answers(document, sections, fields)
}

/// Every answer with what was asked, in the order of the form.
fn answers(
    document: &Document,
    sections: impl Iterator<Item = (&'static str, Vec<&'static str>)>,
    fields: &BTreeMap<String, String>,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (page, names) in sections {
        for name in names {
            let mut own: Vec<_> = fields
                .iter()
                .filter(|(field, value)| belongs(field, name) && !value.trim().is_empty())
                .collect();
            own.sort_by_key(|(field, _)| document.order(field));
            answers.extend(own.into_iter().map(|(field, value)| Answer {
                name: field.clone(),
                page: page.to_owned(),
                label: document.label(field),
                value: document.value(field, value),
            }));
        }
    }
    answers
}

/// `lines.2.from` belongs to `lines`.
fn belongs(field: &str, name: &str) -> bool {
    let rest = field.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn attached(file: &AttachmentView) -> Attached {
    Attached {
        kind: t(LANG, &format!("attachment.kind_{}", file.kind)),
        title: file.title.clone(),
        file_name: file.file_name.clone(),
        bytes: file.bytes,
        hash: file.hash.clone(),
        added_on: file.at.beijing_date().to_string(),
    }
}

async fn print(
    host: &Host,
    visitor: &Visitor,
    record: Record,
    document: fn(&Record) -> documents::Document,
    form: Form,
) -> Result<Response, Failed> {
    let kind = document(&Record::default()).kind;
    let name = format!("{}_{kind}.{}", record.name, form.ending());
    match host.printer.print(record, document, form).await {
        Ok(bytes) => {
            let mut response = bytes.into_response();
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(form.media_type()),
            );
            if let Ok(value) = HeaderValue::from_str(&disposition("attachment", &name)) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-cache"),
            );
            Ok(response)
        }
        Err(error) => {
            tracing::error!(error, "a document could not be made");
            Ok(error_page(host, visitor, StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}
