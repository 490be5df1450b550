//! One's own holdings and what is set aside of them, and the acts about it: the same methods of the registry as behind the pages. A transfer
//! that is no trade needs its document and is entered on the page.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{CreditHold, Holding, HoldingBlock};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::credit::{Tonnes, fields};
use super::offer::Hold;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::{Json as JsonBody, List, Query, moment, page_request};
use crate::state::State;

/// What one's organisation has of one class, tonnes CO2e by where they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnHolding {
    /// The class: one project and one year of generation.
    pub class: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    #[schema(example = "A210001")]
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    #[schema(example = 2024)]
    pub vintage: i32,
    /// `ccer`, or `inclusion`: carbon inclusion.
    #[schema(example = "ccer")]
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`.
    #[schema(example = "national")]
    pub recognition: String,
    /// In the general sub-account: can be moved or retired.
    pub held: i64,
    /// In the trading sub-account: can be offered, or moved back.
    pub trading: i64,
    /// Reserved for a buyer, or offered.
    pub reserved: i64,
    /// On the way to a receiver who has not accepted yet.
    pub in_transfer: i64,
    /// Waiting for surrender in an emissions trading scheme.
    pub pending_offset: i64,
    /// Frozen by order of a court.
    pub frozen: i64,
    /// Suspended by order of an authority.
    pub suspended: i64,
    /// Retired by this organisation.
    pub retired: i64,
}

impl From<Holding> for OwnHolding {
    fn from(holding: Holding) -> Self {
        Self {
            class: holding.class.to_string(),
            project: holding.project.to_string(),
            project_code: holding.project_code,
            project_name: holding.project_name,
            vintage: holding.vintage,
            unit_kind: holding.unit_kind,
            recognition: holding.recognition,
            held: holding.held,
            trading: holding.trading,
            reserved: holding.reserved,
            in_transfer: holding.in_transfer,
            pending_offset: holding.pending_offset,
            frozen: holding.frozen,
            suspended: holding.suspended,
            retired: holding.retired,
        }
    }
}

/// A block of serial numbers of a holding.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnBlock {
    /// The numbers.
    #[schema(example = "HT-A210001-2024-1-500")]
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// Where they are: `holding`, `trading`, `reserved`, `in_transfer`, `pending_offset`, `frozen`, `suspended`.
    #[schema(example = "holding")]
    pub state: String,
}

impl From<HoldingBlock> for OwnBlock {
    fn from(block: HoldingBlock) -> Self {
        Self {
            serial: block.serial,
            start: block.start,
            end: block.end,
            quantity: block.quantity,
            state: block.state,
        }
    }
}

/// Credits that are, or were, set aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// Its id.
    pub id: String,
    /// Why: `transfer`, `reservation`, `offer`, `offset`, `freeze` or `suspension`.
    #[schema(example = "transfer")]
    pub kind: String,
    /// `waiting`, or how it ended.
    #[schema(example = "waiting")]
    pub state: String,
    /// Whose credits they are.
    pub holder: String,
    /// The holder's account number.
    #[schema(example = "HT-1000-0001-7")]
    pub holder_account: String,
    /// The receiver or buyer.
    pub other: Option<String>,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The numbers; only where one hold is asked for.
    pub serials: Vec<String>,
    /// The court or authority that ordered it; empty for what parties agreed.
    pub authority: String,
    /// The number of the order.
    pub document_number: String,
    /// The day of the order, `YYYY-MM-DD`.
    pub document_date: String,
    /// Legal ground and reason.
    pub ground: String,
    /// Of a suspension with an order to cancel: the last day for doing so, `YYYY-MM-DD`.
    pub cancel_by: Option<String>,
    /// Of a surrender: `national` or `local`.
    pub market: Option<String>,
    /// Of a surrender: the compliance year.
    pub year: Option<i64>,
    /// Of a surrender: allowances due.
    pub due: Option<i64>,
    /// Of a surrender: the account in the scheme's registry.
    pub account: Option<String>,
    /// Of an offer or a reservation: yuan for one tonne, two decimals.
    pub price: Option<String>,
    /// The last day on which the other side can act, `YYYY-MM-DD`.
    pub last_day: Option<String>,
    /// Who set them aside.
    pub placed_by: String,
    /// When.
    pub placed_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// The reason of the end.
    pub end_reason: Option<String>,
    /// The document of the end.
    pub end_document: Option<String>,
    /// The acts that are open to the caller now; only where one hold is asked for.
    pub allowed: Vec<String>,
}

impl HoldView {
    fn of_list(hold: CreditHold) -> Self {
        Self {
            allowed: Vec::new(),
            ..Self::from(hold)
        }
    }
}

impl From<CreditHold> for HoldView {
    fn from(hold: CreditHold) -> Self {
        let price = hold
            .price_fen
            .map(|fen| domain::ledger::yuan_text(i128::from(fen)));
        Self {
            id: hold.id,
            kind: hold.kind.code().to_owned(),
            state: hold
                .outcome
                .map_or("waiting", domain::ledger::HoldOutcome::code)
                .to_owned(),
            holder: hold.holder,
            holder_account: hold.holder_account,
            other: hold.other,
            quantity: hold.quantity,
            serials: hold.serials,
            authority: hold.authority,
            document_number: hold.document_number,
            document_date: hold.document_date,
            ground: hold.ground,
            cancel_by: hold.cancel_by,
            market: hold.offset_market,
            year: hold.offset_year,
            due: hold.offset_due,
            account: hold.offset_account,
            price,
            last_day: hold.last_day,
            placed_by: hold.placed_by,
            placed_at: moment(hold.placed_at),
            ended_at: hold.ended_at.map(moment),
            end_reason: hold.end_reason,
            end_document: hold.end_document,
            allowed: hold
                .allowed
                .iter()
                .map(|act| act.name().to_owned())
                .collect(),
        }
    }
}

/// Which holds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HoldQuery {
    /// Also those that have ended.
    #[serde(default)]
    pub all: bool,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A move between one's own sub-accounts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveRequest {
    /// Out of which: `holding` (the general sub-account) or `trading`.
    #[schema(example = "holding")]
    pub from: String,
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Only credits of this class.
    pub class: Option<String>,
    /// Only credits of this project, oldest vintage first.
    pub project: Option<String>,
}

/// A request to surrender in an emissions trading scheme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffsetRequest {
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Only credits of this class.
    pub class: Option<String>,
    /// Only credits of this project, oldest vintage first.
    pub project: Option<String>,
    /// `national` or `local`.
    #[schema(example = "national")]
    pub market: String,
    /// The compliance year.
    #[schema(example = 2025)]
    pub year: i32,
    /// Allowances due for that year, whole tonnes.
    #[schema(value_type = i64, example = 100_000)]
    pub due: Tonnes,
    /// The account in the scheme's registry.
    pub account: String,
}

/// An order of a court or authority about credits of a holder.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// The holder's account number.
    #[schema(example = "HT-1000-0001-7")]
    pub holder: String,
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Only credits of this class.
    pub class: Option<String>,
    /// Only credits of this project, oldest vintage first.
    pub project: Option<String>,
    /// The court or authority.
    pub authority: String,
    /// The number of its document.
    pub document_number: String,
    /// The day of the document, `YYYY-MM-DD`.
    #[schema(example = "2026-01-27")]
    pub document_date: String,
    /// Legal ground and reason.
    pub ground: String,
    /// Of a suspension: the last day for cancelling, where the holder is ordered to cancel, `YYYY-MM-DD`.
    pub cancel_by: Option<String>,
}

/// The paper on which the registry ends a hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRequest {
    /// Of what was ordered: the court or authority, the same one that ordered it.
    pub authority: Option<String>,
    /// The number of the document.
    pub document_number: String,
    /// The reason.
    pub reason: String,
    /// Of a judgment that hands frozen credits over: the account number of who gets them.
    #[schema(example = "HT-1000-0002-5")]
    pub to: Option<String>,
}

impl OrderRequest {
    fn fields(self) -> registry::Fields {
        fields([
            ("holder", Some(self.holder)),
            ("quantity", Some(self.quantity.as_typed())),
            ("class", self.class),
            ("project", self.project),
            ("authority", Some(self.authority)),
            ("document_number", Some(self.document_number)),
            ("document_date", Some(self.document_date)),
            ("ground", Some(self.ground)),
            ("cancel_by", self.cancel_by),
        ])
    }
}

impl EndRequest {
    fn fields(self) -> registry::Fields {
        fields([
            ("authority", self.authority),
            ("document_number", Some(self.document_number)),
            ("reason", Some(self.reason)),
            ("to", self.to),
        ])
    }
}

/// What one's organisation holds or has retired, class by class.
#[utoipa::path(
    get, path = "/credits/holdings", tag = "credits", security(("token" = [])),
    responses((status = 200, body = List<OwnHolding>), (status = 401, description = "No valid token", body = Envelope))
)]
pub async fn credits_holdings(
    Shared(state): Shared<State>,
    Reader(by): Reader,
) -> Result<Json<List<OwnHolding>>, Failure> {
    let holdings = state.registry.holdings(&by).await?;
    let rows = holdings.into_iter().map(OwnHolding::from).collect();
    Ok(Json(List::complete(rows)))
}

/// The serial numbers that one's organisation has of a class, by where they are; none of a class that it never had.
#[utoipa::path(
    get, path = "/credits/holdings/{class}", tag = "credits", security(("token" = [])),
    params(("class" = String, Path, description = "The class")),
    responses((status = 200, body = List<OwnBlock>), (status = 401, description = "No valid token", body = Envelope))
)]
pub async fn credits_holding_blocks(
    Shared(state): Shared<State>,
    Path(class): Path<String>,
    Reader(by): Reader,
) -> Result<Json<List<OwnBlock>>, Failure> {
    let class = domain::id::ClassId::from(class.as_str());
    let blocks = state.registry.holding_blocks(&by, &class).await?;
    let rows = blocks.into_iter().map(OwnBlock::from).collect();
    Ok(Json(List::complete(rows)))
}

/// What is set aside that one's organisation is a party of; for the registry every freeze, suspension and request to surrender. Newest first.
#[utoipa::path(
    get, path = "/credits/holds", tag = "credits", security(("token" = [])), params(HoldQuery),
    responses(
        (status = 200, body = List<HoldView>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope)
    )
)]
pub async fn credits_holds(
    Shared(state): Shared<State>,
    Reader(by): Reader,
    Query(query): Query<HoldQuery>,
) -> Result<Json<List<HoldView>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let holds = state.registry.hold_list(&by, !query.all, &page).await?;
    Ok(Json(List::of(holds, HoldView::of_list)))
}

/// One of them, with its numbers and what the caller may do about it.
#[utoipa::path(
    get, path = "/credits/holds/{id}", tag = "credits", security(("token" = [])),
    params(("id" = String, Path, description = "The hold's id")),
    responses(
        (status = 200, body = HoldView),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such hold of yours", body = Envelope)
    )
)]
pub async fn credits_hold(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Reader(by): Reader,
) -> Result<Json<HoldView>, Failure> {
    Ok(Json(state.registry.hold_get(&by, &id).await?.into()))
}

/// Moves credits between one's general and trading sub-account. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/credits/moves", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = MoveRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_move(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<MoveRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = fields([
        ("from", Some(request.from)),
        ("quantity", Some(request.quantity.as_typed())),
        ("class", request.class),
        ("project", request.project),
    ]);
    let done = state.registry.credits_move(&by, &fields).await?;
    Ok(Json(done.into()))
}

/// Sets credits aside for surrender in an emissions trading scheme; they are retired once the registry enters that the scheme took them. Where
/// the organisation has a confirming member, only that one asks.
#[utoipa::path(
    post, path = "/credits/offsets", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = OffsetRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_offset(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OffsetRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = fields([
        ("quantity", Some(request.quantity.as_typed())),
        ("class", request.class),
        ("project", request.project),
        ("market", Some(request.market)),
        ("year", Some(request.year.to_string())),
        ("due", Some(request.due.as_typed())),
        ("account", Some(request.account)),
    ]);
    let done = state.registry.credits_offset(&by, &fields).await?;
    Ok(Json(done.into()))
}

/// Cancels suspended credits that an authority ordered the holder to cancel. Final.
#[utoipa::path(
    post, path = "/credits/holds/{id}/cancel", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such suspension of yours", body = Envelope),
        (status = 422, description = "Refused", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_cancel(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
) -> Result<Json<Hold>, Failure> {
    Ok(Json(state.registry.credits_cancel(&by, &id).await?.into()))
}

/// The registry freezes credits by order of a court.
#[utoipa::path(
    post, path = "/credits/freezes", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = OrderRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_freeze(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state.registry.credits_freeze(&by, &fields).await?;
    Ok(Json(done.into()))
}

/// The registry suspends credits by order of an authority.
#[utoipa::path(
    post, path = "/credits/suspensions", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = OrderRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_suspend(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state.registry.credits_suspend(&by, &fields).await?;
    Ok(Json(done.into()))
}

/// The registry releases what was frozen or suspended, on paper of the same authority.
#[utoipa::path(
    post, path = "/credits/holds/{id}/release", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EndRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 404, description = "No such hold", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_release(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EndRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state.registry.credits_release(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// The registry hands frozen credits to somebody else by a judgment of the court that froze them: `to` is needed.
#[utoipa::path(
    post, path = "/credits/holds/{id}/enforce", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EndRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 404, description = "No such hold", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_enforce(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EndRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state.registry.credits_enforce(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// The registry cancels what the holder did not cancel in time, on paper of the same authority. Final.
#[utoipa::path(
    post, path = "/credits/holds/{id}/force-cancel", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EndRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 404, description = "No such hold", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_force_cancel(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EndRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state
        .registry
        .credits_force_cancel(&by, &id, &fields)
        .await?;
    Ok(Json(done.into()))
}

/// The registry enters that the scheme has taken the credits: they are retired. Final.
#[utoipa::path(
    post, path = "/credits/holds/{id}/surrender", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EndRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 404, description = "No such hold", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_surrender(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EndRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state.registry.credits_surrender(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// The registry enters that the scheme has not taken the credits: they are free again.
#[utoipa::path(
    post, path = "/credits/holds/{id}/refuse", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = EndRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account is none of the registry", body = Envelope),
        (status = 404, description = "No such hold", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_refuse_offset(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<EndRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = request.fields();
    let done = state
        .registry
        .credits_refuse_offset(&by, &id, &fields)
        .await?;
    Ok(Json(done.into()))
}
