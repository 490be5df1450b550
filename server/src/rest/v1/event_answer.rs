//! The answers of the form for attendees: which there are, which are struck out, and how they relate to an imported table.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{EventAnswerView, EventReceipt, Fields};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::credit::fields;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::{Json as JsonBody, List, Paging, Query, moment, page_request};
use crate::state::State;

/// An answer of the form for attendees. There is no name and no contact in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// When it was first given.
    pub at: String,
    /// The way to the event.
    #[schema(example = "rail")]
    pub mode: String,
    /// City of origin; may be empty.
    pub origin: String,
    /// Kilometres one way.
    pub km: i64,
    /// Nights.
    pub nights: i64,
    /// Meals.
    pub meals: i64,
    /// Why it was struck out; null: it counts.
    pub struck: Option<String>,
}

impl From<EventAnswerView> for Answer {
    fn from(answer: EventAnswerView) -> Self {
        Self {
            id: answer.id,
            at: moment(answer.at),
            mode: answer.mode,
            origin: answer.origin,
            km: answer.km,
            nights: answer.nights,
            meals: answer.meals,
            struck: answer.struck,
        }
    }
}

/// Answers to strike out, or to take in again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeRequest {
    /// `strike` or `restore`.
    #[schema(example = "strike")]
    pub decision: String,
    /// Ids of answers, 1 to 200.
    pub answers: Vec<String>,
    /// Why; it stays with the answers and in the record of acts.
    pub reason: Option<String>,
}

/// What became of answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Struck {
    /// The event's number.
    pub event: String,
    /// Its state: an account of other answers is to be made again.
    pub state: String,
    /// How many answers were changed.
    pub changed: i64,
}

/// Who told of attendees, and which of the two is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sources {
    /// People that an imported table tells of.
    pub table: i64,
    /// Answers of the form that are not struck out.
    pub form: i64,
    /// `import`: the table stands for everybody; `both`: the form tells of others; null: nobody decided.
    #[schema(example = "both")]
    pub counts: Option<String>,
}

/// Which source of attendees is counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcesRequest {
    /// `import`: the table stands for everybody; `both`: the form tells of others.
    #[schema(example = "import")]
    pub counts: String,
    /// Why.
    pub reason: Option<String>,
}

/// What became of an event by an act of its organisers.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventDone {
    /// The event's number.
    pub event: String,
    /// Its state.
    #[schema(example = "held")]
    pub state: String,
}

impl From<EventReceipt> for EventDone {
    fn from(done: EventReceipt) -> Self {
        Self {
            event: done.number,
            state: done.state,
        }
    }
}

/// The answers of the form for attendees of an event of one's own, newest first.
#[utoipa::path(
    get, path = "/events/{number}/answers", tag = "events", security(("token" = [])),
    params(Paging, ("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = List<Answer>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_answers(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Answer>>, Failure> {
    let page = page_request(paging.after, paging.limit)?;
    let event = state.registry.event_of_number(&by, &number).await?;
    let answers = state.registry.event_answers(&by, &event, &page).await?;
    Ok(Json(List::of(answers, Answer::from)))
}

/// Strikes answers of the form out, or takes them in again. What is struck out is kept and counts nowhere. The same key with the same body
/// gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/answers", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = StrikeRequest,
    responses(
        (status = 200, body = Struck),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `event_answers_none`: none of these answers could be changed", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_answers_strike(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<StrikeRequest>,
) -> Result<Json<Struck>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let mut form: Fields = fields([
        ("decision", Some(request.decision)),
        ("reason", request.reason),
    ]);
    for answer in request.answers {
        form.insert(format!("answer.{answer}"), "yes".to_owned());
    }
    let done = registry.event_answers_strike(&by, &event, &form).await?;
    Ok(Json(Struck {
        changed: done.rows.unwrap_or_default(),
        event: done.number,
        state: done.state,
    }))
}

/// Who told of the attendees of an event of one's own, and which of the two is counted.
#[utoipa::path(
    get, path = "/events/{number}/attendee-sources", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = Sources),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_attendee_sources_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<Sources>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let view = state.registry.event_get(&by, &event).await?;
    Ok(Json(Sources {
        table: view.told_by.0,
        form: view.told_by.1,
        counts: view.attendee_sources,
    }))
}

/// Says whether an imported table stands for everybody, or the form tells of others. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/attendee-sources", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = SourcesRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_attendee_sources(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<SourcesRequest>,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let form = fields([("counts", Some(request.counts)), ("reason", request.reason)]);
    let done = registry.event_attendee_sources(&by, &event, &form).await?;
    Ok(Json(done.into()))
}
