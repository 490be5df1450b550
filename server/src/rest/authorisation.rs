//! Who calls an act of the REST interface: a personal access token in the `Authorization` header.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use domain::Refusal;
use domain::refusal::codes;
use registry::{By, Visitor};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::state::{State, system_now};

/// The header with the caller's key of an act.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest key.
const KEY_CHARACTERS_MAX: usize = 200;
/// What every token begins with, so that a leaked one is recognised.
pub const TOKEN_PREFIX: &str = "huitan_";

/// An authorised caller with the key of the act.
pub struct Caller(pub By);

/// An authorised caller who only reads: no key is needed.
pub struct Reader(pub By);

/// A caller without an account, with the key of the act.
pub struct Stranger(pub Visitor);

impl FromRequestParts<State> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let by = who(parts, state).await?;
        let key = key(parts)?;
        Ok(Self(By { key, ..by }))
    }
}

impl FromRequestParts<State> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        Ok(Self(who(parts, state).await?))
    }
}

impl FromRequestParts<State> for Stranger {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let (key, at) = (key(parts)?, state.now().await?);
        Ok(Self(Visitor { at, key }))
    }
}

/// The person of the token, without a key.
async fn who(parts: &Parts, state: &State) -> Result<By, Failure> {
    let token = bearer(parts).ok_or_else(token_invalid)?;
    let user = state
        .registry
        .token_user(&hash(token), system_now())
        .await?
        .ok_or_else(token_invalid)?;
    Ok(By {
        user: user.id,
        organisation: user.organisation,
        role: user.role,
        at: state.now().await?,
        key: String::new(),
    })
}

/// The key that the caller chose for an act.
fn key(parts: &Parts) -> Result<String, Failure> {
    let key = parts
        .headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if (1..=KEY_CHARACTERS_MAX).contains(&key.chars().count()) {
        return Ok(key.to_owned());
    }
    Err(Failure::refused(vec![
        Refusal::new(codes::KEY_MISSING).at("Idempotency-Key"),
    ]))
}

/// What the database keeps of a token.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(format!("token:{token}")))
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, token) = parts
        .headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(TOKEN_PREFIX)).then_some(token)
}

fn token_invalid() -> Failure {
    let mut failure = Failure::new(StatusCode::UNAUTHORIZED, "token_invalid");
    failure.headers.push((
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"huitan\""),
    ));
    failure
}
