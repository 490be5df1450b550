//! The report of an event as PDF and as spreadsheet: the numbers of the newest published version, nothing else.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use documents::event::{EventReport, ReportFile, ReportLine, ReportUnit};
use methodologies::event::fields::{COLUMNS, LINES_MAX};
use methodologies::table::parse;
use registry::{EventEvidence, PublicEvent, PublicEventVersion};

use super::desk::class_label;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, refusal_text, t};
use crate::page::{Failed, OrFailed, error_page};
use crate::pages::attachment::disposition;
use crate::print::Form;
use crate::visitor::Visitor;

/// Documents are Chinese.
const LANG: Lang = Lang::Zh;

/// `GET /events/{number}/report.pdf`.
pub async fn pdf(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Failed> {
    report(&host, &visitor, &number, Form::Pdf).await
}

/// `GET /events/{number}/report.xlsx`.
pub async fn workbook(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Failed> {
    report(&host, &visitor, &number, Form::Workbook).await
}

async fn report(
    host: &Host,
    visitor: &Visitor,
    number: &str,
    form: Form,
) -> Result<Response, Failed> {
    let today = visitor.now.beijing_date();
    let event = host.registry.public().event(number, today).await;
    let event = event.or_failed(host, visitor)?;
    let version = event.versions.first().or_failed(host, visitor)?;
    let name = format!("{}.{}", event.row.number, form.ending());
    match host
        .printer
        .print_event(contents(host, &event, version), form)
        .await
    {
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
            tracing::error!(error, "the report of an event could not be made");
            Ok(error_page(host, visitor, StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}

/// What the report of a version says.
pub fn contents(host: &Host, event: &PublicEvent, version: &PublicEventVersion) -> EventReport {
    let (row, content, footprint) = (&event.row, &version.content, &version.footprint);
    let field = |name: &str| content.profile.get(name).cloned().unwrap_or_default();
    let left_out = domain::event::required_classes()
        .into_iter()
        .map(|class| {
            (
                class_label(LANG, class),
                field(&format!("left_out.{class}")),
            )
        })
        .filter(|(_, reason)| !reason.is_empty())
        .collect();
    let stages: Vec<_> = ["prepare", "hold", "close"]
        .into_iter()
        .filter(|stage| field(&format!("stages.{stage}")) == "yes")
        .map(|stage| t(LANG, &format!("event.stage_{stage}")))
        .collect();
    EventReport {
        demo: host.demo,
        number: row.number.clone(),
        name: row.name.clone(),
        organiser: row.organiser.clone(),
        days: super::shown::days(LANG, &row.starts_on, &row.ends_on),
        place: format!("{} {} {}", field("province"), field("city"), field("place")),
        people: field("people"),
        state: super::shown::state_label(LANG, row.state),
        plan: row.plan_published_on.as_deref().map_or_else(
            || t(LANG, "event.no_plan"),
            |day| format::date_text(LANG, day),
        ),
        stages: stages.join("、"),
        left_out,
        measures: field("measures"),
        method: field("method"),
        total_kg: version.total_kg.clone(),
        tonnes: version.tonnes,
        uncertainty: footprint.uncertainty_percent.to_string(),
        by_class: footprint
            .by_class
            .iter()
            .map(|part| {
                (
                    part.title.zh.clone(),
                    part.kg.to_string(),
                    part.share_percent.to_string(),
                )
            })
            .collect(),
        factors: footprint
            .parameters
            .iter()
            .map(|used| {
                let value = format!("{} {}", used.value.normalize(), used.unit);
                (
                    used.title.zh.clone(),
                    used.id.clone(),
                    value,
                    used.source.zh.clone(),
                )
            })
            .collect(),
        notes: footprint
            .notes
            .iter()
            .map(|note| note.text.zh.clone())
            .collect(),
        lines: lines(version),
        units: content
            .units
            .iter()
            .map(|unit| ReportUnit {
                kind: t(LANG, &format!("event.unit_{}", unit.kind)),
                reference: format!("{} {}", unit.registry, unit.reference),
                tonnes: unit.tonnes,
                day: unit.cancelled_on.clone().unwrap_or_default(),
                about: format!("{} {}", unit.project, unit.recognised_by),
                counts: match &unit.not_counted {
                    None if unit.here => t(LANG, "event.counts"),
                    None => format!(
                        "{}；{}",
                        t(LANG, "event.counts"),
                        t(LANG, "event.unit_unchecked")
                    ),
                    Some(code) => refusal_text(LANG, code, &[]),
                },
            })
            .collect(),
        counted_tonnes: content.counted_tonnes,
        unchecked_tonnes: content.unchecked_tonnes(),
        evaluation: super::shown::evaluation_label(LANG, version),
        evaluator: content.evaluator.clone(),
        statement: content.evaluation_text.clone(),
        opinion: version
            .confirmed()
            .and_then(|confirmed| confirmed.opinion.clone())
            .unwrap_or_default(),
        files: content.files.iter().map(file).collect(),
        published_on: if version.published_on.is_empty() {
            t(LANG, "event_evaluation.not_published")
        } else {
            version.published_on.clone()
        },
        version: version.version,
        correction: version.correction.clone().unwrap_or_default(),
        address: format!("{}/events/{}", host.public_url, row.number),
        summary: format!(
            "{} kgCO2e；{} tCO2e",
            version.total_kg,
            whole(version.tonnes)
        ),
    }
}

fn file(file: &EventEvidence) -> ReportFile {
    let access = if file.is_public {
        "event_file.public"
    } else {
        "event_file.private"
    };
    ReportFile {
        line: file.line.clone(),
        name: format!("{}（{}）", file.title, file.file_name),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        access: t(LANG, access),
    }
}

/// Each line of the inventory with what it emits.
fn lines(version: &PublicEventVersion) -> Vec<ReportLine> {
    let lines = evidence_lines(version).into_iter();
    lines.map(|(line, _)| line).collect()
}

/// The same with what each line says that it rests on.
pub fn evidence_lines(version: &PublicEventVersion) -> Vec<(ReportLine, String)> {
    let text = version.input["lines"].as_str().unwrap_or_default();
    let Ok(table) = parse(text, "lines", &COLUMNS, LINES_MAX) else {
        return Vec::new();
    };
    let place = |code: &str| table.place(code);
    let (stage, activity, quantity, unit, quality, evidence) = (
        place("stage"),
        place("activity"),
        place("quantity"),
        place("unit"),
        place("quality"),
        place("evidence"),
    );
    table
        .rows
        .iter()
        .zip(&version.footprint.lines)
        .map(|(row, line)| {
            let line = ReportLine {
                stage: row.text(stage).to_owned(),
                activity: row.text(activity).to_owned(),
                quantity: row.number(quantity).unwrap_or_default(),
                unit: row.text(unit).to_owned(),
                factor: line.factor.clone(),
                value: line.value,
                quality: row.text(quality).to_owned(),
                kg: line.kg,
            };
            (line, row.text(evidence).to_owned())
        })
        .collect()
}
