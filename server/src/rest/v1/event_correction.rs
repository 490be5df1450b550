//! Opening a published result for a corrected version, and giving that up again.

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use utoipa::ToSchema;

use super::credit::fields;
use super::event_answer::EventDone;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::Caller;
use crate::rest::extract::Json as JsonBody;
use crate::state::State;

/// Why a published result is opened for a corrected version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// Why; anyone can read it.
    #[schema(example = "漏计发电机用油")]
    pub reason: Option<String>,
}

/// Opens a published result for a corrected version: until that one is published, the event claims nothing. The same key with the same body
/// gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/correction", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = CorrectionRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_correct(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<CorrectionRequest>,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let form = fields([("reason", request.reason)]);
    let done = registry.event_correct(&by, &event, &form).await?;
    Ok(Json(done.into()))
}

/// Gives a correction up that was opened by mistake, as long as nothing was changed: the published version stands. The same key gives the
/// same answer.
#[utoipa::path(
    post, path = "/events/{number}/correction/withdraw", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 422, description = "Refused; `event_correction_begun`: something was changed", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_correct_withdraw(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
) -> Result<Json<EventDone>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let done = registry.event_correct_withdraw(&by, &event).await?;
    Ok(Json(done.into()))
}
