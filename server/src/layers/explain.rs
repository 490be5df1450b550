//! Every refusal is explained: an error page for people, the one JSON envelope under `/api/`.
//!
//! This is the place where a [`Failure`] from a handler, a bare status from the framework (404, 405, 413, 415, …) and a
//! panic become something to read.

use app::page::error_page;
use app::visitor::Visitor;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request_id::RequestId;
use crate::failure::Failure;
use crate::state::State;
use crate::visitor;

/// Turns what went wrong further inside into an answer.
pub async fn failures(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let failure = match response.extensions_mut().remove::<Failure>() {
        Some(failure) => failure,
        None if is_bare(&response) => Failure::of_status(response.status()),
        None => return response,
    };
    let mut explained = if asked.uri.path().starts_with("/api/") {
        let request_id = asked.extensions.get::<RequestId>().map_or("", |id| &id.0);
        (failure.status, axum::Json(failure.envelope(request_id))).into_response()
    } else {
        page(&state, asked, &failure).await
    };
    keep_headers(response.headers(), explained.headers_mut());
    explained
}

/// A refusal without anything to read.
fn is_bare(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let refused = response.status().is_client_error() || response.status().is_server_error();
    refused && !kind.starts_with("text/html") && !kind.starts_with("application/json")
}

async fn page(state: &State, mut asked: Parts, failure: &Failure) -> Response {
    let found = visitor::find(state, &asked.headers).await;
    asked.extensions.insert(found.visitor);
    match Visitor::from_request_parts(&mut asked, &state.host).await {
        Ok(visitor) => error_page(&state.host, &visitor, failure.status),
        Err(status) => status.into_response(),
    }
}

/// `Allow`, `Retry-After` and the like belong to the refusal, not to its empty body.
fn keep_headers(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if *name != header::CONTENT_TYPE
            && *name != header::CONTENT_LENGTH
            && *name != header::SET_COOKIE
        {
            to.insert(name, value.clone());
        }
    }
}
