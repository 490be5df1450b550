//! Retiring one's own credits for an event: which blocks there are, and which of them are used.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::EventBlock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::credit::Tonnes;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::Json as JsonBody;
use crate::state::State;

/// A block of serial numbers of one's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct Block {
    /// The class whose numbers these are.
    pub class: String,
    /// The block as a serial number of this platform.
    #[schema(example = "HT-A210001-2024-1-500")]
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// Of them whole tonnes that persons gave to this event.
    pub given: i64,
}

/// What could be retired for an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Blocks {
    /// Oldest vintage and lowest numbers first; of each class at most 50.
    pub items: Vec<Block>,
}

/// Tonnes of one class.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfClass {
    /// The class.
    pub class: String,
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 40)]
    pub quantity: Tonnes,
    /// The blocks that are used, as they were read; without them the oldest.
    #[serde(default)]
    pub blocks: Vec<Numbers>,
}

/// The first and the last number of a block.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
}

/// What is retired for an event: all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRetirementRequest {
    /// Of each class.
    pub classes: Vec<OfClass>,
    /// That retiring is final.
    #[serde(default)]
    pub statement: bool,
}

/// What was retired for an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventRetired {
    /// The event's number.
    pub event: String,
    /// Its state.
    #[schema(example = "covered")]
    pub state: String,
    /// The certificate's number; null: units that were entered before cover the event, and nothing was retired.
    pub number: Option<String>,
}

impl From<EventBlock> for Block {
    fn from(block: EventBlock) -> Self {
        Self {
            class: block.class,
            serial: block.serial,
            start: block.start,
            end: block.end,
            quantity: block.tonnes,
            given: block.given,
        }
    }
}

/// The blocks of one's own organisation that could be retired for an event.
#[utoipa::path(
    get, path = "/events/{number}/blocks", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = Blocks),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_blocks(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<Blocks>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let blocks = state.registry.event_blocks(&by, &event).await?;
    Ok(Json(Blocks {
        items: blocks.into_iter().map(Block::from).collect(),
    }))
}

/// Retires credits for an event, of several classes and chosen blocks together. Final. With the units that were entered they must cover the
/// footprint that was accounted for. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/retirements", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EventRetirementRequest,
    responses(
        (status = 200, body = EventRetired),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `stale_form`: a block is no longer held as it was read", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_retire(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EventRetirementRequest>,
) -> Result<Json<EventRetired>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let mut form = registry::Fields::new();
    for one in request.classes {
        let name = format!("class.{}", one.class);
        form.insert(name, one.quantity.as_typed());
        for block in one.blocks {
            let name = format!("block.{}.{}-{}", one.class, block.start, block.end);
            form.insert(name, "yes".to_owned());
        }
    }
    if request.statement {
        form.insert("statement".to_owned(), "yes".to_owned());
    }
    let done = registry.event_retire(&by, &event, &form).await?;
    Ok(Json(EventRetired {
        event: done.number,
        state: done.state,
        number: done.retirement,
    }))
}
