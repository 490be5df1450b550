//! Offers and what is set aside: the same methods of the registry as behind the pages.

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use registry::{Fields, HoldReceipt, OfferFilter, OfferReceipt, PublicOffer, RetiredMany};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::credit::{Tonnes, fields, status_of};
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::Caller;
use crate::rest::extract::{Json as JsonBody, List, Query, page_request};
use crate::state::State;

/// An open offer. This is no exchange: nothing is matched, no price is formed, and the payment is between the parties.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    /// Opaque id.
    pub id: String,
    /// Who offers.
    pub holder: String,
    /// The class.
    pub class: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    #[schema(example = "A210001")]
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// `ccer`, or `inclusion`: carbon inclusion.
    #[schema(example = "ccer")]
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`. An event is neutralised with the first two only.
    #[schema(example = "national")]
    pub recognition: String,
    /// The year of generation.
    #[schema(example = 2024)]
    pub vintage: i32,
    /// Tonnes CO2e that nobody has reserved.
    pub quantity: i64,
    /// Price of one tonne, yuan with two decimals.
    #[schema(example = "40.25")]
    pub price: String,
    /// The last day on which it can be reserved, `YYYY-MM-DD`.
    pub last_day: String,
}

impl From<PublicOffer> for Offer {
    fn from(offer: PublicOffer) -> Self {
        Self {
            price: domain::ledger::yuan_text(i128::from(offer.price_fen)),
            id: offer.id,
            holder: offer.holder,
            class: offer.class.to_string(),
            project: offer.project.to_string(),
            project_code: offer.project_code,
            project_name: offer.project_name,
            unit_kind: offer.unit_kind,
            recognition: offer.recognition,
            vintage: offer.vintage,
            quantity: offer.quantity,
            last_day: offer.last_day,
        }
    }
}

/// Which offers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OfferQuery {
    /// Only credits of projects of this methodology.
    #[param(example = "CCER-01-002-V01")]
    pub methodology: Option<String>,
    /// Only credits of this year of generation.
    #[param(example = 2024)]
    pub vintage: Option<i32>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// An offer to place. The class, the quantity, the price and the name of the organisation become public.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferRequest {
    /// The class: one project and one year of generation.
    pub class: String,
    /// `holding` (the general sub-account) or `trading`.
    #[schema(example = "holding")]
    pub from: String,
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Yuan for one tonne, at most two decimals, as a text.
    #[schema(example = "40.25")]
    pub price: String,
    /// The last day on which it can be reserved, `YYYY-MM-DD`.
    #[schema(example = "2026-12-31")]
    pub last_day: String,
}

/// An offer that was placed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferPlaced {
    /// The offer's id.
    pub id: String,
    /// The hold of all of it; a reservation begins another one for the rest.
    pub hold: String,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The numbers that are set aside.
    pub serials: Vec<String>,
}

impl From<OfferReceipt> for OfferPlaced {
    fn from(done: OfferReceipt) -> Self {
        Self {
            id: done.id,
            hold: done.hold,
            quantity: done.quantity,
            serials: done.serials,
        }
    }
}

/// How much of an offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationRequest {
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
}

/// Why something that waits is declined or taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    /// The reason; may be left out.
    pub reason: Option<String>,
}

/// Credits that are set aside, after the act.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// `waiting`, or how it ended.
    #[schema(example = "delivered")]
    pub state: String,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The numbers that moved.
    pub serials: Vec<String>,
    /// The certificate's number, if the credits were retired.
    pub number: Option<String>,
}

impl From<HoldReceipt> for Hold {
    fn from(done: HoldReceipt) -> Self {
        Self {
            id: done.id,
            state: done.state,
            quantity: done.quantity,
            serials: done.serials,
            number: done.number,
        }
    }
}

/// Retirements as a table.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRequest {
    /// The table as CSV with a header: `project`, `vintage`, `serial`, `quantity`, `purpose`, `purpose_text`, `beneficiary`,
    /// `beneficiary_kind`, `beneficiary_uscc`; up to 2,000 rows.
    pub rows: String,
    /// Whether the persons in it agree that their names become public.
    #[serde(default)]
    pub personal: bool,
}

/// A certificate that a row gave.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileRow {
    /// The row's line in the table; the header is line 1.
    pub line: usize,
    /// The certificate's number.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// Tonnes CO2e.
    pub quantity: i64,
}

/// What was retired by a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileRetired {
    /// The certificates in the order of the table; none while the order waits.
    pub rows: Vec<FileRow>,
    /// Tonnes CO2e of all rows together.
    pub quantity: i64,
    /// The order that waits for the confirming member of the organisation; `null` once the credits are retired.
    pub order: Option<String>,
}

impl From<RetiredMany> for FileRetired {
    fn from(done: RetiredMany) -> Self {
        let rows = done.rows.into_iter().map(|row| FileRow {
            line: row.line,
            number: row.number,
            quantity: row.quantity,
        });
        Self {
            rows: rows.collect(),
            quantity: done.quantity,
            order: done.order,
        }
    }
}

/// The open offers, newest first.
#[utoipa::path(
    get, path = "/offers", tag = "credits", params(OfferQuery),
    responses((status = 200, body = List<Offer>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn offer_list(
    Shared(state): Shared<State>,
    Query(query): Query<OfferQuery>,
) -> Result<Json<List<Offer>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let filter = OfferFilter {
        methodology: query.methodology,
        vintage: query.vintage,
    };
    let now = state.now().await?;
    let offers = state.registry.public().offers(now, &filter, &page).await?;
    Ok(Json(List::of(offers, Offer::from)))
}

/// One open offer.
#[utoipa::path(
    get, path = "/offers/{id}", tag = "credits", params(("id" = String, Path, description = "The offer's id")),
    responses((status = 200, body = Offer), (status = 404, description = "No such open offer", body = Envelope))
)]
pub async fn offer_get(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<Json<Offer>, Failure> {
    let now = state.now().await?;
    Ok(Json(state.registry.public().offer(now, &id).await?.into()))
}

/// Places an offer. This is no exchange: nothing is matched, no price is formed, and the payment is between the parties. The same key with
/// the same body gives the same answer.
#[utoipa::path(
    post, path = "/offers", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = OfferRequest,
    responses(
        (status = 200, body = OfferPlaced),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_offer(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OfferRequest>,
) -> Result<Json<OfferPlaced>, Failure> {
    let fields = fields([
        ("class", Some(request.class)),
        ("from", Some(request.from)),
        ("quantity", Some(request.quantity.as_typed())),
        ("price", Some(request.price)),
        ("last_day", Some(request.last_day)),
    ]);
    Ok(Json(
        state.registry.credits_offer(&by, &fields).await?.into(),
    ))
}

/// Reserves from an offer. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/offers/{id}/reservations", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The offer's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = ReservationRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such offer", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_reserve(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<ReservationRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = fields([("quantity", Some(request.quantity.as_typed()))]);
    let done = state.registry.credits_reserve(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// The seller takes back what is left of an offer: nobody has reserved it. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/offers/{id}/withdraw", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The offer's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = HoldRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such offer of yours", body = Envelope),
        (status = 422, description = "Refused: nothing is left of it", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn offer_withdraw(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<HoldRequest>,
) -> Result<Json<Hold>, Failure> {
    let hold = state.registry.offer_hold(&by, &id).await?;
    let fields = reason(request);
    let done = state.registry.credits_withdraw(&by, &hold, &fields).await?;
    Ok(Json(done.into()))
}

/// Buyer or seller confirms that the payment was made outside; the second confirmation moves the credits.
#[utoipa::path(
    post, path = "/credits/holds/{id}/payment", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such reservation of yours", body = Envelope),
        (status = 422, description = "Refused", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_confirm_payment(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
) -> Result<Json<Hold>, Failure> {
    let done = state.registry.credits_confirm_payment(&by, &id).await?;
    Ok(Json(done.into()))
}

/// The receiver accepts a transfer that waits.
#[utoipa::path(
    post, path = "/credits/holds/{id}/accept", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such transfer to you", body = Envelope),
        (status = 422, description = "Refused", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_accept(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
) -> Result<Json<Hold>, Failure> {
    Ok(Json(state.registry.credits_accept(&by, &id).await?.into()))
}

/// The receiver declines a transfer that waits.
#[utoipa::path(
    post, path = "/credits/holds/{id}/decline", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = HoldRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "No such transfer to you", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_decline(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<HoldRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = reason(request);
    let done = state.registry.credits_decline(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// Takes back what waits: the sender a transfer, the holder a surrender or what is left of an offer, the buyer a reservation.
#[utoipa::path(
    post, path = "/credits/holds/{id}/withdraw", tag = "credits", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The hold's id"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = HoldRequest,
    responses(
        (status = 200, body = Hold),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 404, description = "Nothing of yours waits under this id", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_withdraw(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<HoldRequest>,
) -> Result<Json<Hold>, Failure> {
    let fields = reason(request);
    let done = state.registry.credits_withdraw(&by, &id, &fields).await?;
    Ok(Json(done.into()))
}

/// Retires credits by a table: each row a certificate, all of them or none. Final.
#[utoipa::path(
    post, path = "/credits/retirements/table", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = FileRequest,
    responses(
        (status = 200, body = FileRetired),
        (status = 202, description = "An order that waits for the organisation's confirming member; nothing moved yet", body = FileRetired),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its line (`rows.17.quantity`)", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_retire_many(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<FileRequest>,
) -> Result<(StatusCode, Json<FileRetired>), Failure> {
    let personal = request.personal.then(|| "yes".to_owned());
    let fields = fields([("rows", Some(request.rows)), ("personal", personal)]);
    let done = state.registry.credits_retire_many(&by, &fields).await?;
    Ok((status_of(done.order.as_ref()), Json(done.into())))
}

fn reason(request: HoldRequest) -> Fields {
    fields([("reason", request.reason)])
}
