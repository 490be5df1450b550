//! Calls of providers: signed messages with many records, each answered by itself.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use domain::Refusal;
use domain::refusal::codes;
use hmac::{Hmac, Mac};
use registry::{CallRow, ProviderKey};
use serde_json::Value;
use sha2::Sha256;

use crate::failure::{Envelope, Failure};
use crate::state::{State, system_now};

/// Seconds by which the clock of a provider may differ from ours.
const CLOCK_SECONDS_MAX: i64 = 300;
/// Characters of a moment in unix seconds.
const TIMESTAMP_MAX: usize = 20;
/// Characters of a nonce.
const NONCE_MAX: usize = 200;

/// Takes records of a provider in. The signature is the HMAC-SHA256, in hexadecimal digits, of the moment, the nonce and the body with a
/// line feed between them, under a key that the registry handed over. When a new key is made, those of before count for seven days more,
/// unless one of them leaked; a call that is signed with a key that has ended is refused as `call_key_ended`. The same nonce with the same
/// body gives the same answer, however often and under whichever key it is sent, and an order counts once under all of them. Each row is
/// answered by itself: taken in, known from before, or refused with its reasons.
#[utoipa::path(
    post, path = "/provider-calls", tag = "providers",
    params(
        ("X-Huitan-Provider" = String, Header, description = "The provider's id"),
        ("X-Huitan-Timestamp" = i64, Header, description = "Now, unix seconds; at most five minutes off"),
        ("X-Huitan-Nonce" = String, Header, description = "Chosen by the provider, 1 to 200 characters, once for each message"),
        ("X-Huitan-Signature" = String, Header, description = "HMAC-SHA256 of timestamp, nonce and body, lines, hexadecimal"),
        ("X-Huitan-Key" = Option<String>, Header, description = "The id of the key; without it, every key of the provider that counts is tried")
    ),
    request_body(
        content = Object,
        description = "A list of at most 2,000 rows: order, reference, scene, day or started_at and ended_at (both for a trip that counts), region, \
            meter (scenes about a meter or its bill), item (scenes about a thing with a number of its own), campaign (the number of an event \
            that asks for grams), amounts (the fields of the scene, as texts). See docs/providers.md",
        example = json!([{
            "order": "A-2026-0310-000001", "reference": "4f1c…", "scene": "metro", "started_at": 1_773_100_800, "ended_at": 1_773_102_600,
            "region": "CN-GD-SZ", "amounts": { "distance_km": "12.4" }
        }])
    ),
    responses(
        (status = 200, description = "Counts, and one answer for each row", body = Object),
        (status = 401, description = "Not signed as agreed, or with a key that has ended", body = Envelope),
        (status = 409, description = "The nonce was used with another body", body = Envelope),
        (status = 422, description = "Refused as a whole", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn provider_call(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Failure> {
    let not_signed = || Failure::new(StatusCode::UNAUTHORIZED, codes::CALL_NOT_SIGNED);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let provider = header("x-huitan-provider").ok_or_else(not_signed)?;
    let timestamp = header("x-huitan-timestamp").ok_or_else(not_signed)?;
    let nonce = header("x-huitan-nonce").ok_or_else(not_signed)?;
    let signature = header("x-huitan-signature")
        .and_then(|text| hex::decode(text).ok())
        .ok_or_else(not_signed)?;
    let at: i64 = timestamp.parse().map_err(|_| not_signed())?;
    let off = system_now().0.saturating_sub(at).saturating_abs();
    // what no key could make right costs no key a look
    if off > CLOCK_SECONDS_MAX || timestamp.len() > TIMESTAMP_MAX || nonce.len() > NONCE_MAX {
        return Err(not_signed());
    }
    let now = state.now().await?;
    // an unknown provider, an unknown key and a wrong signature get the same answer
    let named = header("x-huitan-key");
    let fits = |key: &ProviderKey| {
        mac(&key.secret, timestamp, nonce, &body)
            .verify_slice(&signature)
            .is_ok()
    };
    let key = state
        .registry
        .provider_keys(provider, now)
        .await?
        .into_iter()
        .filter(|key| named.is_none_or(|named| named == key.id))
        .find(fits)
        .ok_or_else(not_signed)?;
    if let Some(ended) = key.ended_at {
        // told to nobody but who has the key
        let refusal = Refusal::new(codes::CALL_KEY_ENDED).with("ended", ended);
        return Err(Failure {
            refusals: vec![refusal],
            ..Failure::new(StatusCode::UNAUTHORIZED, codes::CALL_KEY_ENDED)
        });
    }
    let rows: Vec<CallRow> = serde_json::from_slice(&body).map_err(|error| {
        Failure::new(StatusCode::BAD_REQUEST, "json_malformed").with_detail(error.to_string())
    })?;
    let registry = &state.registry;
    let answer = registry.call_in(&key.provider, nonce, now, &rows).await?;
    if let Err(error) = registry.provider_key_used(&key.id, now).await {
        // the call is taken in, whatever becomes of the note
        tracing::warn!(%error, key = key.id, "the use of a key could not be noted");
    }
    let orders: Vec<String> = answer.rows.iter().map(|row| row.order.clone()).collect();
    let mut answer = serde_json::to_value(answer).map_err(Failure::internal)?;
    // the order is told and not kept
    let told = answer.get_mut("rows").and_then(Value::as_array_mut);
    for (row, order) in told.into_iter().flatten().zip(orders) {
        if let Some(row) = row.as_object_mut() {
            row.insert("order".to_owned(), Value::String(order));
        }
    }
    Ok(Json(answer))
}

/// What the signature is made over.
fn mac(secret: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    for part in [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body] {
        mac.update(part);
    }
    mac
}

/// The signature of a message, in hexadecimal digits: for providers of the demo and of tests.
pub fn sign(secret: &str, timestamp: i64, nonce: &str, body: &[u8]) -> String {
    let mac = mac(secret, &timestamp.to_string(), nonce, body);
    hex::encode(mac.finalize().into_bytes())
}
