//! The statement about an event that names a body of the platform, and what that body reads and answers.

use app::pages::event::{dossier_pack, zip_response};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use registry::{
    EvaluationListRow, EvaluationView, EventDossier, EventEvidence, EventFileView, Fields,
    PublicEvaluation,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::credit::fields;
use super::event::{EventOverlap, EventUnit};
use super::event_answer::EventDone;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::{Json as JsonBody, List, Paging, Query, moment, page_request};
use crate::state::State;

/// A file that proves a line of the inventory, as a version names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceFile {
    /// Its id; null: the file is not for whoever reads this.
    pub id: Option<String>,
    /// The line that it proves: what it is, with its reference.
    pub line: String,
    /// Its title.
    pub title: String,
    /// Its name on the machine it came from.
    pub file_name: String,
    /// What its content is.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub sha256: String,
    /// Whether anyone may have the file itself, at `/attachments/{id}` of the site.
    pub public: bool,
}

impl From<EventEvidence> for EvidenceFile {
    fn from(file: EventEvidence) -> Self {
        Self {
            id: Some(file.id).filter(|id| !id.is_empty()),
            line: file.line,
            title: file.title,
            file_name: file.file_name,
            media_type: file.media_type,
            bytes: file.bytes,
            sha256: file.sha256,
            public: file.is_public,
        }
    }
}

/// A file of a line, for the organisers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnEvidenceFile {
    /// Its id.
    pub id: String,
    /// The line that it proves; null: the inventory has no such line any more, and no version will name the file.
    pub line: Option<String>,
    /// The number of the line, as a spreadsheet counts it.
    pub number: Option<usize>,
    /// Its title.
    pub title: String,
    /// Its name on the machine it came from.
    pub file_name: String,
    /// What its content is.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub sha256: String,
    /// Whether anyone may have the file itself once a version names it.
    pub public: bool,
    /// When it was added.
    pub at: String,
    /// The first published version that names it: it stays. Null: it may still be removed.
    pub published_version: Option<i64>,
}

impl From<EventFileView> for OwnEvidenceFile {
    fn from(one: EventFileView) -> Self {
        Self {
            id: one.file.id,
            line: one.line,
            number: one.number,
            title: one.file.title,
            file_name: one.file.file_name,
            media_type: one.file.media_type,
            bytes: one.file.bytes,
            sha256: one.file.hash,
            public: one.file.is_public,
            at: moment(one.file.at),
            published_version: one.published_version,
        }
    }
}

/// What a body of this platform says about a version whose statement names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BodysAnswer {
    /// The body.
    pub body: String,
    /// `asked`, `confirmed` or `declined`.
    #[schema(example = "confirmed")]
    pub state: String,
    /// The day of its answer.
    pub decided_on: Option<String>,
    /// What it says; null unless it confirms.
    pub opinion: Option<String>,
    /// SHA-256 over what it had before it.
    pub seen: Option<String>,
}

impl From<PublicEvaluation> for BodysAnswer {
    fn from(said: PublicEvaluation) -> Self {
        Self {
            body: said.body,
            state: said.state,
            decided_on: said.decided_on,
            opinion: said.opinion,
            seen: said.seen,
        }
    }
}

/// The statement about a covered event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementRequest {
    /// `self`: an own declaration; `body`: evaluation by a body.
    #[schema(example = "body")]
    pub evaluation: String,
    /// A body of this platform: its whole name or the number of its account. It is asked to confirm.
    pub evaluator_body: Option<String>,
    /// The name of a body that is not on this platform: shown as stated by the organiser.
    pub evaluator: Option<String>,
    /// The statement.
    pub evaluation_text: String,
    /// That this is true.
    #[serde(default)]
    pub statement: bool,
}

/// An event that one's body was asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evaluation {
    /// The event's number.
    #[schema(example = "E2026-000001-0")]
    pub event: String,
    /// Its name.
    pub name: String,
    /// Who organises it.
    pub organiser: String,
    /// The version of the result that is asked about.
    pub version: i64,
    /// `asked`, `confirmed`, `declined`, or `outdated`: not answered, and no longer to be answered.
    pub state: String,
    /// When the body was asked.
    pub asked_at: String,
    /// The day of its answer.
    pub decided_on: Option<String>,
    /// What it said.
    pub opinion: Option<String>,
}

impl From<EvaluationListRow> for Evaluation {
    fn from(row: EvaluationListRow) -> Self {
        Self {
            event: row.event.number,
            name: row.event.name,
            organiser: row.organiser,
            version: row.status.version,
            state: row.status.state,
            asked_at: moment(row.asked_at),
            decided_on: row.status.decided_on,
            opinion: row.status.opinion,
        }
    }
}

/// An event that one's body was asked about, with everything that the statement rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationBasis {
    /// The row of the list.
    #[serde(flatten)]
    pub row: Evaluation,
    /// Whether it may be answered now.
    pub may_answer: bool,
    /// The version in question; null: it never came to be published.
    pub basis: Option<Basis>,
}

/// What a statement rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Basis {
    /// SHA-256 over all of this: an answer names it, and is refused if something changed since (`stale_form`).
    pub seen: String,
    /// The day of its publication; null: it is not published yet.
    pub published_on: Option<String>,
    /// The statement.
    pub text: String,
    /// Profile and plan, by the names of the form's fields.
    pub profile: std::collections::BTreeMap<String, String>,
    /// Kilograms CO2e as a decimal in a string.
    #[schema(example = "66713.203664")]
    pub total_kg: String,
    /// Whole tonnes to neutralise.
    pub tonnes: i64,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// The inventory with the lines of the attendees, a table as text.
    pub inventory: String,
    /// The files that prove lines.
    pub files: Vec<EvidenceFile>,
    /// The units.
    pub units: Vec<EventUnit>,
    /// Where attendees and the inventory told the same: which counts, and why.
    pub overlaps: Vec<EventOverlap>,
    /// The footprint with every line, factor and step.
    #[schema(value_type = Object)]
    pub footprint: serde_json::Value,
}

impl From<EventDossier> for Basis {
    fn from(dossier: EventDossier) -> Self {
        let version = dossier.version;
        let content = version.content;
        Self {
            seen: dossier.seen,
            published_on: Some(version.published_on).filter(|day| !day.is_empty()),
            text: content.evaluation_text,
            profile: content.profile,
            total_kg: version.total_kg,
            tonnes: version.tonnes,
            counted_tonnes: content.counted_tonnes,
            inventory: version.input["lines"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            files: content.files.into_iter().map(EvidenceFile::from).collect(),
            units: content.units.into_iter().map(EventUnit::from).collect(),
            overlaps: content
                .overlaps
                .into_iter()
                .map(EventOverlap::from)
                .collect(),
            footprint: serde_json::to_value(&version.footprint).unwrap_or_default(),
        }
    }
}

impl From<EvaluationView> for EvaluationBasis {
    fn from(view: EvaluationView) -> Self {
        Self {
            row: view.row.into(),
            may_answer: view.may_answer,
            basis: view.dossier.map(Basis::from),
        }
    }
}

/// An answer of a body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// `seen` of what was read.
    pub seen: String,
    /// The opinion. Of a confirmation it is public with the result; of a refusal the organisers read it.
    pub opinion: Option<String>,
    /// To confirm: that inventory, evidence and units were read.
    #[serde(default)]
    pub statement: bool,
}

impl AnswerRequest {
    fn form(self) -> Fields {
        fields([
            ("seen", Some(self.seen)),
            ("opinion", self.opinion),
            ("statement", self.statement.then(|| "yes".to_owned())),
        ])
    }
}

/// The files that prove lines of the inventory of an event of one's own, oldest first.
#[utoipa::path(
    get, path = "/events/{number}/files", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = List<OwnEvidenceFile>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_files(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<List<OwnEvidenceFile>>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let files = state.registry.event_files(&by, &event).await?;
    let files = files.into_iter().map(OwnEvidenceFile::from);
    Ok(Json(List::complete(files.collect())))
}

/// States that a covered event is neutral, by oneself or with a body; a body of this platform is asked to confirm. Before publication a new
/// statement takes the place of the former one. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/evaluation", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = StatementRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_evaluate(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<StatementRequest>,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let form = fields([
        ("evaluation", Some(request.evaluation)),
        ("evaluator_body", request.evaluator_body),
        ("evaluator", request.evaluator),
        ("evaluation_text", Some(request.evaluation_text)),
        ("statement", request.statement.then(|| "yes".to_owned())),
    ]);
    let done = registry.event_evaluate(&by, &event, &form).await?;
    Ok(Json(done.into()))
}

/// The events that one's body was asked about, newest first.
#[utoipa::path(
    get, path = "/evaluations", tag = "events", security(("token" = [])), params(Paging),
    responses(
        (status = 200, body = List<Evaluation>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of a validation and verification body", body = Envelope)
    )
)]
pub async fn evaluation_list(
    Shared(state): Shared<State>,
    Reader(by): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Evaluation>>, Failure> {
    let page = page_request(paging.after, paging.limit)?;
    let evaluations = state.registry.evaluations(&by, &page).await?;
    Ok(Json(List::of(evaluations, Evaluation::from)))
}

/// An event that one's body was asked about: statement, inventory, evidence and units of the version in question.
#[utoipa::path(
    get, path = "/evaluations/{number}", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = EvaluationBasis),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of a validation and verification body", body = Envelope),
        (status = 404, description = "Your body was not asked about such an event", body = Envelope)
    )
)]
pub async fn evaluation_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<EvaluationBasis>, Failure> {
    let event = state.registry.evaluation_of_number(&by, &number).await?;
    let read = state.registry.event_evaluation(&by, &event).await?;
    Ok(Json(read.into()))
}

/// The same as one ZIP archive with every file, also those that are not public.
#[utoipa::path(
    get, path = "/evaluations/{number}/evidence", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of a validation and verification body", body = Envelope),
        (status = 404, description = "Your body was not asked about such an event", body = Envelope)
    )
)]
pub async fn evaluation_evidence(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Response, Failure> {
    let event = state.registry.evaluation_of_number(&by, &number).await?;
    let read = state.registry.event_evaluation(&by, &event).await?;
    let dossier = read.dossier.ok_or_else(Failure::not_found)?;
    let pack = dossier_pack(&state.host, by.at, &dossier).await?;
    Ok(zip_response(pack))
}

/// Confirms the statement about the version that was read; once. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/evaluations/{number}/confirmation", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = AnswerRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of a validation and verification body", body = Envelope),
        (status = 404, description = "Your body was not asked about such an event", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `stale_form`: something changed since it was read", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_evaluation_confirm(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.evaluation_of_number(&by, &number).await?;
    let done = registry
        .event_evaluation_confirm(&by, &event, &request.form())
        .await?;
    Ok(Json(done.into()))
}

/// Declines to confirm the statement about the version that was read; once. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/evaluations/{number}/refusal", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = AnswerRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of a validation and verification body", body = Envelope),
        (status = 404, description = "Your body was not asked about such an event", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `stale_form`: something changed since it was read", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_evaluation_decline(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.evaluation_of_number(&by, &number).await?;
    let done = registry
        .event_evaluation_decline(&by, &event, &request.form())
        .await?;
    Ok(Json(done.into()))
}
