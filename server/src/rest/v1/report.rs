//! Published monitoring reports.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{PublicReport, PublicReportRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::project::{Assessment, Calculation, Entry, Opinion, YearTonnes};
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, page_request};
use crate::state::State;

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// Only reports in this state.
    #[param(example = "issued")]
    pub state: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A monitoring report in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportRow {
    /// Opaque id; stays the same for ever.
    pub id: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    #[schema(example = "A210001")]
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// 1, 2, 3, … within the project.
    pub number: i64,
    /// First day of the period.
    #[schema(example = "2024-01-01")]
    pub period_start: String,
    /// Last day of the period.
    #[schema(example = "2024-12-31")]
    pub period_end: String,
    /// The state.
    pub state: String,
    /// Tonnes CO2e applied for.
    pub applied_tonnes: i64,
    /// Tonnes CO2e verified.
    pub verified_tonnes: Option<i64>,
    /// Tonnes CO2e issued.
    pub issued_tonnes: Option<i64>,
    /// First day of publicity.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
}

impl From<PublicReportRow> for ReportRow {
    fn from(row: PublicReportRow) -> Self {
        Self {
            id: row.id,
            project: row.project,
            project_code: row.project_code,
            project_name: row.project_name,
            number: row.number,
            period_start: row.period_start,
            period_end: row.period_end,
            state: row.state,
            applied_tonnes: row.applied_tonnes,
            verified_tonnes: row.verified_tonnes,
            issued_tonnes: row.issued_tonnes,
            publicity_start: row.publicity_start,
            publicity_end: row.publicity_end,
        }
    }
}

/// A monitoring report with everything public about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// As in the list.
    #[serde(flatten)]
    pub row: ReportRow,
    /// The published report's fields.
    pub fields: BTreeMap<String, String>,
    /// The verifying body.
    pub verifier: Option<String>,
    /// Tonnes per calendar year.
    pub lines: Vec<YearTonnes>,
    /// Published calculations, oldest first.
    pub calculations: Vec<Calculation>,
    /// The verification report.
    pub assessment: Option<Assessment>,
    /// Published opinions, oldest first.
    pub opinions: Vec<Opinion>,
    /// What happened since publication, oldest first.
    pub timeline: Vec<Entry>,
}

impl From<PublicReport> for Report {
    fn from(report: PublicReport) -> Self {
        Self {
            row: report.row.into(),
            fields: report.fields,
            verifier: report.verifier,
            lines: report
                .lines
                .into_iter()
                .map(|line| YearTonnes {
                    year: line.year,
                    tonnes: line.applied,
                })
                .collect(),
            calculations: report
                .calculations
                .into_iter()
                .map(Calculation::from)
                .collect(),
            assessment: report.assessment.map(Assessment::from),
            opinions: report.opinions.into_iter().map(Opinion::from).collect(),
            timeline: report.timeline.into_iter().map(Entry::from).collect(),
        }
    }
}

/// Published monitoring reports, newest first.
#[utoipa::path(
    get, path = "/reports", tag = "projects", params(ReportQuery),
    responses((status = 200, body = List<ReportRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn report_list(
    Shared(state): Shared<State>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<List<ReportRow>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    Ok(Json(List::of(
        state
            .registry
            .public()
            .reports(query.state.as_deref(), &page)
            .await?,
        ReportRow::from,
    )))
}

/// One published monitoring report.
#[utoipa::path(
    get, path = "/reports/{id}", tag = "projects", params(("id" = String, Path, description = "The report's id")),
    responses((status = 200, body = Report), (status = 404, description = "No such published report", body = Envelope))
)]
pub async fn report_get(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<Json<Report>, Failure> {
    Ok(Json(state.registry.public().report(&id).await?.into()))
}
