//! Published projects.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use registry::{
    Error, ProjectTab, PublicAct, PublicAssessment, PublicOpinion, PublicProject,
    PublicProjectFilter, PublicProjectRow, PublicScheme, YearAmount,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::class::Class;
use super::inclusion_batch::InclusionBatchRow;
use super::report::ReportRow;
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, moment, page_request};
use crate::state::State;

/// Which projects.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProjectQuery {
    /// `in_publicity`, `publicity_ended`, `registered` or `deregistered`.
    pub tab: Option<String>,
    /// A methodology code.
    #[param(example = "CCER-01-002-V01")]
    pub methodology: Option<String>,
    /// A province, exactly as published.
    pub province: Option<String>,
    /// A part of the name, code or owner.
    pub q: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A project in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectRow {
    /// Opaque id; stays the same for ever.
    pub id: String,
    /// The project code; `null` before registration.
    #[schema(example = "A210001")]
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// The owner.
    pub owner: String,
    /// The methodology.
    #[schema(example = "CCER-01-002-V01")]
    pub methodology: String,
    /// The project type.
    #[schema(example = "A0201")]
    pub project_type: String,
    /// The province.
    pub province: String,
    /// The state.
    #[schema(example = "registered")]
    pub state: String,
    /// Expected tonnes CO2e a year.
    pub expected_year_tonnes: Option<i64>,
    /// First day of publicity.
    pub publicity_start: Option<String>,
    /// Last day of publicity.
    pub publicity_end: Option<String>,
    /// When it was registered.
    pub registered_at: Option<String>,
    /// How its registration ended; `null` while it holds.
    pub ending: Option<ProjectEnding>,
}

/// How the registration of a project ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectEnding {
    /// `deregistered` or `revoked`.
    #[schema(example = "deregistered")]
    pub kind: String,
    /// The day.
    pub on: String,
    /// `owner_request`, `owner_extinct`, `project_gone`, `falsified_data`, `false_credits` or `failure_to_cancel`.
    pub ground: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// The clause.
    pub legal_ground: String,
}

impl From<PublicProjectRow> for ProjectRow {
    fn from(row: PublicProjectRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            owner: row.owner,
            methodology: row.methodology,
            project_type: row.project_type,
            province: row.province,
            state: row.state,
            expected_year_tonnes: row.expected_year_tonnes,
            publicity_start: row.publicity_start,
            publicity_end: row.publicity_end,
            registered_at: row.registered_at.map(moment),
            ending: row.ending.map(|ending| ProjectEnding {
                kind: ending.kind,
                on: ending.on,
                ground: ending.ground,
                reason: ending.reason,
                legal_ground: ending.legal_ground,
            }),
        }
    }
}

/// A published project with everything public about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Project {
    /// As in the list.
    #[serde(flatten)]
    pub row: ProjectRow,
    /// The published document's fields.
    pub fields: BTreeMap<String, String>,
    /// The validating body.
    pub validator: Option<String>,
    /// First day of the crediting period.
    pub crediting_start: Option<String>,
    /// Last day of the crediting period.
    pub crediting_end: Option<String>,
    /// Expected tonnes CO2e in the crediting period.
    pub expected_total_tonnes: Option<i64>,
    /// Published calculations, oldest first.
    pub calculations: Vec<Calculation>,
    /// The validation report.
    pub assessment: Option<Assessment>,
    /// Published opinions, oldest first.
    pub opinions: Vec<Opinion>,
    /// Its credits, oldest vintage first.
    pub classes: Vec<Class>,
    /// What happened since publication, oldest first.
    pub timeline: Vec<Entry>,
}

impl From<PublicProject> for Project {
    fn from(project: PublicProject) -> Self {
        Self {
            row: project.row.into(),
            fields: project.fields,
            validator: project.validator,
            crediting_start: project.crediting_start,
            crediting_end: project.crediting_end,
            expected_total_tonnes: project.expected_total_tonnes,
            calculations: project
                .calculations
                .into_iter()
                .map(Calculation::from)
                .collect(),
            assessment: project.assessment.map(Assessment::from),
            opinions: project.opinions.into_iter().map(Opinion::from).collect(),
            classes: project.classes.into_iter().map(Class::from).collect(),
            timeline: project.timeline.into_iter().map(Entry::from).collect(),
        }
    }
}

/// A scheme of carbon inclusion: what its classes and serial numbers name where those of others name a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scheme {
    /// Opaque id; stays the same for ever.
    pub id: String,
    /// Its code, as in the serial numbers.
    #[schema(example = "P910001")]
    pub code: String,
    /// Its name.
    pub name: String,
    /// `inclusion`: carbon inclusion.
    #[schema(example = "inclusion")]
    pub methodology: String,
    /// The region.
    pub region: String,
    /// By whom its tonnes are recognised: `provincial`, `municipal` or `none`.
    #[schema(example = "municipal")]
    pub recognition: String,
    /// Its credits, oldest vintage first.
    pub classes: Vec<Class>,
    /// The latest batches that they were issued from, newest first.
    pub batches: Vec<InclusionBatchRow>,
}

impl From<PublicScheme> for Scheme {
    fn from(scheme: PublicScheme) -> Self {
        Self {
            id: scheme.id,
            code: scheme.code,
            name: scheme.name,
            methodology: "inclusion".to_owned(),
            region: scheme.region,
            recognition: scheme.recognition,
            classes: scheme.classes.into_iter().map(Class::from).collect(),
            batches: scheme
                .batches
                .into_iter()
                .map(InclusionBatchRow::from)
                .collect(),
        }
    }
}

/// What a project's id or code names: a project, or the scheme of carbon inclusion that stands in its place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ProjectOrScheme {
    /// A project.
    Project(Box<Project>),
    /// A scheme of carbon inclusion: its `methodology` is `inclusion`.
    Scheme(Scheme),
}

/// A calculation as it was stored: `POST` its input to its calculator to run it again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Calculation {
    /// `publicity`, `validation` or `verification`.
    pub stage: String,
    /// The calculator.
    #[schema(example = "CCER-01-002-V01/ex-ante")]
    pub calculator: String,
    /// The methodology version.
    pub version: String,
    /// The complete input.
    #[schema(value_type = Object)]
    pub input: serde_json::Value,
    /// Result, year lines and steps with their clauses.
    #[schema(value_type = Object)]
    pub outcome: serde_json::Value,
    /// When it was stored.
    pub at: String,
}

impl From<registry::CalculationView> for Calculation {
    fn from(calculation: registry::CalculationView) -> Self {
        Self {
            stage: calculation.stage,
            calculator: calculation.calculator,
            version: calculation.version,
            input: calculation.input,
            outcome: calculation.outcome,
            at: moment(calculation.at),
        }
    }
}

/// Tonnes of one year.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearTonnes {
    /// The calendar year (below 1000: the year of the crediting period).
    pub year: i32,
    /// Whole tonnes CO2e.
    pub tonnes: i64,
}

impl From<YearAmount> for YearTonnes {
    fn from(amount: YearAmount) -> Self {
        Self {
            year: amount.year,
            tonnes: amount.tonnes,
        }
    }
}

/// A validation or verification report.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    /// The body.
    pub vvb: String,
    /// `positive` or `negative`.
    pub conclusion: String,
    /// The text.
    pub text: String,
    /// The amounts.
    pub amounts: Vec<YearTonnes>,
    /// When it was uploaded.
    pub at: String,
}

impl From<PublicAssessment> for Assessment {
    fn from(assessment: PublicAssessment) -> Self {
        Self {
            vvb: assessment.vvb,
            conclusion: assessment.conclusion,
            text: assessment.text,
            amounts: assessment
                .amounts
                .into_iter()
                .map(YearTonnes::from)
                .collect(),
            at: moment(assessment.at),
        }
    }
}

/// A published opinion.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opinion {
    /// The name the author gave.
    pub author: String,
    /// The text.
    pub text: String,
    /// When.
    pub at: String,
    /// The owner's answer.
    pub reply: Option<String>,
    /// How the body says it was handled.
    pub handled: Option<String>,
}

impl From<PublicOpinion> for Opinion {
    fn from(opinion: PublicOpinion) -> Self {
        Self {
            author: opinion.author,
            text: opinion.text,
            at: moment(opinion.at),
            reply: opinion.reply,
            handled: opinion.handled,
        }
    }
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// When.
    pub at: String,
    /// The act.
    #[schema(example = "project_register")]
    pub act: String,
    /// The state after it, if it changed the state.
    pub state: Option<String>,
    /// The entry's hash in the chain of its subject.
    pub hash: String,
}

impl From<PublicAct> for Entry {
    fn from(act: PublicAct) -> Self {
        Self {
            at: moment(act.at),
            act: act.act,
            state: act.state,
            hash: act.hash,
        }
    }
}

/// Published projects, newest first.
#[utoipa::path(
    get, path = "/projects", tag = "projects", params(ProjectQuery),
    responses((status = 200, body = List<ProjectRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn project_list(
    Shared(state): Shared<State>,
    Query(query): Query<ProjectQuery>,
) -> Result<Json<List<ProjectRow>>, Failure> {
    let tab = query.tab.as_deref().map(read_tab).transpose()?;
    let filter = PublicProjectFilter {
        tab,
        methodology: query.methodology,
        province: query.province,
        text: query.q,
        page: page_request(query.after, query.limit)?,
    };
    Ok(Json(List::of(
        state.registry.public().projects(&filter).await?,
        ProjectRow::from,
    )))
}

fn read_tab(text: &str) -> Result<ProjectTab, Failure> {
    Ok(match text {
        "in_publicity" => ProjectTab::InPublicity,
        "publicity_ended" => ProjectTab::PublicityEnded,
        "registered" => ProjectTab::Registered,
        "deregistered" => ProjectTab::Deregistered,
        _ => {
            let detail = "tab must be in_publicity, publicity_ended, registered or deregistered";
            return Err(
                Failure::new(StatusCode::BAD_REQUEST, "query_malformed").with_detail(detail)
            );
        }
    })
}

/// One published project, or the scheme of carbon inclusion that credits name in its place.
#[utoipa::path(
    get, path = "/projects/{id}", tag = "projects",
    params(("id" = String, Path, description = "Id or code of a project or a scheme", example = "A210001")),
    responses((status = 200, body = ProjectOrScheme), (status = 404, description = "No such published project or scheme", body = Envelope))
)]
pub async fn project_get(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<Json<ProjectOrScheme>, Failure> {
    let public = state.registry.public();
    Ok(Json(match public.project(&id).await {
        Err(Error::NotFound) => ProjectOrScheme::Scheme(public.scheme(&id).await?.into()),
        found => ProjectOrScheme::Project(Box::new(found?.into())),
    }))
}

/// The published monitoring reports of one project, oldest first. A scheme of carbon inclusion has none.
#[utoipa::path(
    get, path = "/projects/{id}/reports", tag = "projects", params(("id" = String, Path, description = "The project's id or code")),
    responses((status = 200, body = List<ReportRow>), (status = 404, description = "No such published project", body = Envelope))
)]
pub async fn project_reports(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<Json<List<ReportRow>>, Failure> {
    let public = state.registry.public();
    let reports = match public.project(&id).await {
        Err(Error::NotFound) => public.scheme(&id).await.map(|_| Vec::new())?,
        found => found?.reports,
    };
    Ok(Json(List::complete(
        reports.into_iter().map(ReportRow::from).collect(),
    )))
}

/// The boundary of one published project, as a GeoJSON feature (RFC 7946). Its properties say the geodesic area in whole square metres.
#[utoipa::path(
    get, path = "/projects/{id}/boundary", tag = "projects", params(("id" = String, Path, description = "The project's id or code")),
    responses(
        (status = 200, description = "A GeoJSON feature; coordinates with seven decimals", body = serde_json::Value, content_type = "application/geo+json"),
        (status = 404, description = "No such published project, or it has no boundary", body = Envelope)
    )
)]
pub async fn project_boundary(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let found = state.registry.public().boundary(&id).await?;
    Ok((
        [(header::CONTENT_TYPE, "application/geo+json")],
        found.feature(),
    ))
}
