//! What attendees and the inventory of an event both told, and which of them counts.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::EventOverlapView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::credit::fields;
use super::event::EventOverlap;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::Json as JsonBody;
use crate::state::State;

/// Lines of two sources about the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldTwice {
    /// A class of the inventory; for travel with its factor.
    #[schema(example = "lodging")]
    pub subject: String,
    /// The lines of the attendees.
    pub attendees: Vec<String>,
    /// The lines of the inventory.
    pub inventory: Vec<InventoryLine>,
    /// Whether a supplier gave one of them: then the event is accounted for only once it is decided which counts.
    pub of_supplier: bool,
    /// SHA-256 of the lines of both sources, hex. A decision names it: it is about these lines.
    pub lines: String,
    /// What was decided about these lines.
    pub decision: Option<EventOverlap>,
}

/// A line of the inventory.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryLine {
    /// Its number as a spreadsheet counts it.
    pub line: usize,
    /// Activity, quantity and unit.
    pub text: String,
}

/// Everything that two sources told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldTwiceList {
    /// By subject.
    pub items: Vec<ToldTwice>,
}

/// Which of two sources counts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverlapRequest {
    /// A class of the inventory; for travel with its factor.
    #[schema(example = "lodging")]
    pub subject: String,
    /// `attendees`, `inventory` or `both`.
    #[schema(example = "inventory")]
    pub counts: String,
    /// Why; it is published with the result.
    pub reason: String,
    /// The `lines` that were read: if one of them changed since, the decision is refused (`stale_form`).
    pub lines: String,
}

/// A decision that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverlapDecided {
    /// The event's number.
    pub event: String,
    /// Its state.
    pub state: String,
}

impl From<EventOverlapView> for ToldTwice {
    fn from(told: EventOverlapView) -> Self {
        let lines = told.inventory.into_iter();
        Self {
            subject: told.subject,
            attendees: told.attendees,
            inventory: lines
                .map(|(line, text)| InventoryLine { line, text })
                .collect(),
            of_supplier: told.of_supplier,
            lines: told.lines_hash,
            decision: told.decision.map(EventOverlap::from),
        }
    }
}

/// What attendees and the inventory of an event of one's own both told, with what was decided about it.
#[utoipa::path(
    get, path = "/events/{number}/overlaps", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = ToldTwiceList),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_overlaps(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<ToldTwiceList>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let view = state.registry.event_get(&by, &event).await?;
    Ok(Json(ToldTwiceList {
        items: view.overlaps.into_iter().map(ToldTwice::from).collect(),
    }))
}

/// Decides which of two sources counts, about the lines that were read. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/overlaps", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = OverlapRequest,
    responses(
        (status = 200, body = OverlapDecided),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused; `stale_form`: one of the lines changed since", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_overlap_decide(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OverlapRequest>,
) -> Result<Json<OverlapDecided>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let form = fields([
        ("subject", Some(request.subject)),
        ("counts", Some(request.counts)),
        ("reason", Some(request.reason)),
        ("lines", Some(request.lines)),
    ]);
    let done = registry.event_overlap_decide(&by, &event, &form).await?;
    Ok(Json(OverlapDecided {
        event: done.number,
        state: done.state,
    }))
}
