//! Moving and retiring one's own credits. The same methods of the registry as behind the pages; the caller's key in a header.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use registry::{RetiredCredits, TransferredCredits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::Caller;
use crate::rest::extract::Json as JsonBody;
use crate::state::State;

/// Whole tonnes: a JSON number or a text. Read by the registry, which says what is wrong with it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Tonnes {
    /// A number.
    Number(serde_json::Number),
    /// A text.
    Text(String),
}

impl Tonnes {
    /// As a form would send it.
    pub(super) fn as_typed(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A transfer to another holder.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    /// The receiver's account number.
    #[schema(example = "HT-1000-0001-7")]
    pub to: String,
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Only credits of this class.
    pub class: Option<String>,
    /// Only credits of this project, oldest vintage first. Without class and project: everything held, oldest vintage first.
    pub project: Option<String>,
}

/// A retirement: final.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetirementRequest {
    /// Whole tonnes CO2e.
    #[schema(value_type = i64, example = 500)]
    pub quantity: Tonnes,
    /// Only credits of this class.
    pub class: Option<String>,
    /// Only credits of this project, oldest vintage first.
    pub project: Option<String>,
    /// `event`, `organisation`, `product`, `public_benefit`, `judicial` or `voluntary`.
    #[schema(example = "event")]
    pub purpose: String,
    /// For what: the event's name and dates, the product and its batch, the period and the report of an organisation's emissions, issuer, number
    /// and day of a judgment. May
    /// be left out for `public_benefit` and `voluntary`.
    pub purpose_text: Option<String>,
    /// For whom.
    pub beneficiary: String,
    /// The beneficiary's unified social credit code.
    pub beneficiary_uscc: Option<String>,
    /// `organisation` or `person`; needed. A person's name becomes public only with `personal`.
    #[schema(required = true, value_type = String, example = "organisation")]
    pub beneficiary_kind: Option<String>,
    /// Whether the person agrees that the name becomes public.
    #[serde(default)]
    pub personal: bool,
}

/// What was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transferred {
    /// The act's id in the record of acts.
    pub act: String,
    /// The receiver's name.
    pub to: String,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The blocks that moved; none while the order waits.
    pub serials: Vec<String>,
    /// The order that waits for the confirming member of the organisation; `null` once the credits have moved.
    pub order: Option<String>,
    /// The hold in which the credits wait for the receiver to accept them; `null` if they moved at once.
    pub hold: Option<String>,
    /// The last day for accepting, `YYYY-MM-DD`.
    pub last_day: Option<String>,
}

impl From<TransferredCredits> for Transferred {
    fn from(done: TransferredCredits) -> Self {
        Self {
            act: done.act,
            to: done.to,
            quantity: done.quantity,
            serials: done.serials,
            order: done.order,
            hold: done.hold,
            last_day: done.last_day,
        }
    }
}

/// What was retired.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retired {
    /// The certificate's number: see `/retirements/{number}`. Empty while the order waits.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// Tonnes CO2e.
    pub quantity: i64,
    /// The blocks that were retired; none while the order waits.
    pub serials: Vec<String>,
    /// The order that waits for the confirming member of the organisation; `null` once the credits are retired.
    pub order: Option<String>,
}

impl From<RetiredCredits> for Retired {
    fn from(done: RetiredCredits) -> Self {
        Self {
            number: done.number,
            quantity: done.quantity,
            serials: done.serials,
            order: done.order,
        }
    }
}

/// Moves credits to another holder. The same key with the same body gives the same answer, however often it is sent.
#[utoipa::path(
    post, path = "/credits/transfers", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = TransferRequest,
    responses(
        (status = 200, body = Transferred),
        (status = 202, description = "It waits: for the organisation's confirming member (`order`), or for the receiver to accept it (`hold`)", body = Transferred),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_transfer(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<TransferRequest>,
) -> Result<(StatusCode, Json<Transferred>), Failure> {
    let fields = fields([
        ("to", Some(request.to)),
        ("quantity", Some(request.quantity.as_typed())),
        ("class", request.class),
        ("project", request.project),
    ]);
    let done = state.registry.credits_transfer(&by, &fields).await?;
    let waits = done.order.as_ref().or(done.hold.as_ref());
    Ok((status_of(waits), Json(done.into())))
}

/// Retires credits for one purpose and one beneficiary. Final. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/credits/retirements", tag = "credits", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = RetirementRequest,
    responses(
        (status = 200, body = Retired),
        (status = 202, description = "An order that waits for the organisation's confirming member; nothing moved yet", body = Retired),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role holds no credits", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn credits_retire(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<RetirementRequest>,
) -> Result<(StatusCode, Json<Retired>), Failure> {
    let fields = fields([
        ("quantity", Some(request.quantity.as_typed())),
        ("class", request.class),
        ("project", request.project),
        ("purpose", Some(request.purpose)),
        ("purpose_text", request.purpose_text),
        ("beneficiary", Some(request.beneficiary)),
        ("beneficiary_uscc", request.beneficiary_uscc),
        ("beneficiary_kind", request.beneficiary_kind),
        ("personal", request.personal.then(|| "yes".to_owned())),
    ]);
    let done = state.registry.credits_retire(&by, &fields).await?;
    Ok((status_of(done.order.as_ref()), Json(done.into())))
}

/// 202 for what waits for another member or for the receiver.
pub(super) fn status_of(order: Option<&String>) -> StatusCode {
    if order.is_some() {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    }
}

/// The fields as a form would send them.
pub(super) fn fields<const N: usize>(
    pairs: [(&str, Option<String>); N],
) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
        .collect()
}
