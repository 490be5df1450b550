//! Suppliers of events: the organiser asks, reads what they gave and decides; a supplier answers by its link, without an account.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{Fields, SupplierLineView, SupplierView, SupplyForm};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::credit::fields;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader, Stranger};
use crate::rest::extract::{Json as JsonBody, Query};
use crate::state::State;

/// A line as a supplier gave it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierLine {
    /// Its id.
    pub id: String,
    /// Class of the inventory.
    #[schema(example = "lodging")]
    pub class: String,
    /// What it is.
    pub activity: String,
    /// A decimal in a string.
    #[schema(example = "120")]
    pub quantity: String,
    /// Its unit.
    #[schema(example = "room_night")]
    pub unit: String,
    /// The voucher or meter it rests on.
    pub evidence: String,
    /// `sent`, `accepted` or `declined`.
    pub state: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// The line of the inventory with the same class and name, counted from 1 for the header: taking both in would count twice.
    pub double: Option<usize>,
}

impl From<SupplierLineView> for SupplierLine {
    fn from(line: SupplierLineView) -> Self {
        Self {
            id: line.id,
            class: line.class,
            activity: line.activity,
            quantity: line.quantity,
            unit: line.unit,
            evidence: line.note,
            state: line.state,
            reason: line.reason,
            double: line.double,
        }
    }
}

/// A supplier that was asked, for the organisers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Supplier {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Classes that it is asked for.
    pub classes: Vec<String>,
    /// Address of its form: whoever has it may answer. Null: the form is closed.
    pub address: Option<String>,
    /// What it gave, oldest first.
    pub lines: Vec<SupplierLine>,
}

/// Every supplier of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suppliers {
    /// In the order in which they were asked.
    pub items: Vec<Supplier>,
}

/// Whom to ask, and for what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierRequest {
    /// The supplier's name, at most 120 characters.
    #[schema(example = "会议酒店")]
    pub name: String,
    /// Classes of the inventory, at least one.
    #[schema(example = json!(["lodging", "catering"]))]
    pub classes: Vec<String>,
}

/// What became of an act on a supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierDone {
    /// The event's number.
    pub event: String,
    /// The supplier's id.
    pub supplier: String,
    /// Address of its form at the time of the act; null: it was closed.
    pub address: Option<String>,
}

/// What to do with a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyDecision {
    /// `accept` or `decline`.
    pub decision: String,
    /// Why it is declined; the supplier reads it.
    pub reason: Option<String>,
    /// Stage of the inventory: `prepare`, `hold` or `close`; for what is accepted.
    pub stage: Option<String>,
    /// Factor of the line; for what is accepted.
    #[schema(example = "hotel_china")]
    pub factor: Option<String>,
    /// How the quantity is known; for what is accepted.
    #[schema(example = "invoiced")]
    pub quality: Option<String>,
    /// Take it in although the inventory has a line of that name.
    #[serde(default)]
    pub despite: bool,
}

/// What became of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplyDecided {
    /// The event's number.
    pub event: String,
    /// The line.
    pub line: String,
    /// Whether it is in the inventory now.
    pub accepted: bool,
}

/// What a supplier is asked, as anyone with its link sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplyAsked {
    /// Number of the event.
    pub event: String,
    /// Its name.
    pub event_name: String,
    /// Who organises it.
    pub organiser: String,
    /// The supplier that is asked.
    pub supplier: String,
    /// First day of the event.
    pub starts_on: String,
    /// Its last day.
    pub ends_on: String,
    /// Classes that are asked for.
    pub classes: Vec<String>,
    /// The lines that were given with the same secret.
    pub lines: Vec<SupplierLine>,
}

/// Whose lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplyQuery {
    /// The secret that the lines were given with; without it none are shown.
    pub secret: Option<String>,
}

/// A line to give, to change, or to take back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyLineRequest {
    /// Made by the supplier and kept by it: only with it the line is seen and changed. 1 to 100 characters that nobody can guess.
    pub secret: String,
    /// The line to change or to take back; a new one without it.
    pub line: Option<String>,
    /// Takes the line back, as long as nothing was decided about it.
    #[serde(default)]
    pub remove: bool,
    /// One of the classes that are asked for.
    pub class: Option<String>,
    /// What it is.
    pub activity: Option<String>,
    /// A decimal in a string.
    pub quantity: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// The voucher or meter it rests on.
    pub evidence: Option<String>,
}

/// A line that was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct Supplied {
    /// Its id.
    pub line: String,
}

/// The suppliers of an event of one's own organisation, or one that it organises with another, with everything they gave.
#[utoipa::path(
    get, path = "/events/{number}/suppliers", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = Suppliers),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_suppliers(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<Suppliers>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let suppliers = state.registry.event_suppliers(&by, &event).await?;
    let items = suppliers.into_iter().map(|one| supplier(&state, one));
    Ok(Json(Suppliers {
        items: items.collect(),
    }))
}

/// Asks a supplier: opens a form under a link. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/suppliers", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = SupplierRequest,
    responses(
        (status = 200, body = SupplierDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_supplier_add(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<SupplierRequest>,
) -> Result<Json<SupplierDone>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let mut form = fields([("name", Some(request.name))]);
    for class in request.classes {
        form.insert(format!("classes.{class}"), "yes".to_owned());
    }
    let token = uuid::Uuid::new_v4().simple().to_string();
    let asked = state
        .registry
        .event_supplier_add(&by, &event, &form, &token);
    let done = asked.await?;
    Ok(Json(SupplierDone {
        event: done.number,
        supplier: done.supplier.unwrap_or_default(),
        address: done.form.map(|token| address(&state, &token)),
    }))
}

/// Withdraws what a supplier was asked: its form is closed, what it gave stays. The same key gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/suppliers/{supplier}/close", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("supplier" = String, Path, description = "The supplier's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = SupplierDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such supplier of an event of yours", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_supplier_close(
    Shared(state): Shared<State>,
    Path((number, supplier)): Path<(String, String)>,
    Caller(by): Caller,
) -> Result<Json<SupplierDone>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let done = registry
        .event_supplier_close(&by, &event, &supplier)
        .await?;
    Ok(Json(SupplierDone {
        event: done.number,
        supplier,
        address: None,
    }))
}

/// Takes a line of a supplier into the inventory, or declines it. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/suppliers/lines/{line}/decision", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("line" = String, Path, description = "The line's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = SupplyDecision,
    responses(
        (status = 200, body = SupplyDecided),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such line of an event of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_supply_decide(
    Shared(state): Shared<State>,
    Path((number, line)): Path<(String, String)>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<SupplyDecision>,
) -> Result<Json<SupplyDecided>, Failure> {
    let registry = &state.registry;
    let event = registry.event_of_number(&by, &number).await?;
    let form = fields([
        ("line", Some(line.clone())),
        ("decision", Some(request.decision)),
        ("reason", request.reason),
        ("stage", request.stage),
        ("factor", request.factor),
        ("quality", request.quality),
        ("despite", request.despite.then(|| "yes".to_owned())),
    ]);
    let done = registry.event_supply_decide(&by, &event, &form).await?;
    Ok(Json(SupplyDecided {
        event: done.number,
        line,
        accepted: done.rows.is_some(),
    }))
}

/// What a supplier is asked, by the last part of its link.
#[utoipa::path(
    get, path = "/supply/{token}", tag = "events",
    params(("token" = String, Path, description = "The last part of the link"), SupplyQuery),
    responses(
        (status = 200, body = SupplyAsked),
        (status = 404, description = "No such form, or it is closed", body = Envelope)
    )
)]
pub async fn event_supply_form(
    Shared(state): Shared<State>,
    Path(token): Path<String>,
    Query(query): Query<SupplyQuery>,
) -> Result<Json<SupplyAsked>, Failure> {
    let now = state.now().await?;
    let secret = query.secret.as_deref();
    let form = state.registry.event_supply_form(now, &token, secret);
    Ok(Json(form.await?.into()))
}

/// A supplier gives a line, changes one or takes one back. Needs no account: the link is enough, and the secret for what was given before. The
/// same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/supply/{token}/lines", tag = "events",
    params(
        ("token" = String, Path, description = "The last part of the link"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = SupplyLineRequest,
    responses(
        (status = 200, body = Supplied),
        (status = 404, description = "No such line of yours", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field; `event_form_closed`: there is no such form any more", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_supply(
    Shared(state): Shared<State>,
    Path(token): Path<String>,
    Stranger(visitor): Stranger,
    JsonBody(request): JsonBody<SupplyLineRequest>,
) -> Result<Json<Supplied>, Failure> {
    // two strangers may choose the same key: it is theirs within what only they know
    let theirs = format!("{token}\n{}\n{}", request.secret, visitor.key);
    let key = hex::encode(Sha256::digest(theirs));
    let visitor = registry::Visitor { key, ..visitor };
    let form: Fields = fields([
        ("secret", Some(request.secret)),
        ("line", request.line),
        ("remove", request.remove.then(|| "yes".to_owned())),
        ("line.class", request.class),
        ("line.activity", request.activity),
        ("line.quantity", request.quantity),
        ("line.unit", request.unit),
        ("line.evidence", request.evidence),
    ]);
    let done = state.registry.event_supply(&visitor, &token, &form).await?;
    Ok(Json(Supplied { line: done.line }))
}

impl From<SupplyForm> for SupplyAsked {
    fn from(form: SupplyForm) -> Self {
        Self {
            event: form.number,
            event_name: form.event,
            organiser: form.organiser,
            supplier: form.supplier,
            starts_on: form.starts_on,
            ends_on: form.ends_on,
            classes: form.classes,
            lines: form.lines.into_iter().map(SupplierLine::from).collect(),
        }
    }
}

fn supplier(state: &State, one: SupplierView) -> Supplier {
    Supplier {
        id: one.id,
        name: one.name,
        classes: one.classes,
        address: one.form.map(|token| address(state, &token)),
        lines: one.lines.into_iter().map(SupplierLine::from).collect(),
    }
}

fn address(state: &State, token: &str) -> String {
    format!("{}/supply/{token}", state.config.public_url)
}
