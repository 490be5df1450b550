//! The REST interface: thin doors to the registry. Parse, call, return.

pub mod authorisation;
pub mod extract;
pub mod v1;

use app::pages::api_docs::api_docs;
use app::visitor::Visitor;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::state::State;

pub use v1::{openapi, router};

/// `GET /api/docs`: the OpenAPI document as a page.
pub async fn documentation(Shared(state): Shared<State>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let visitor = match Visitor::from_request_parts(&mut parts, &state.host).await {
        Ok(visitor) => visitor,
        Err(status) => return status.into_response(),
    };
    match serde_json::to_value(openapi()) {
        Ok(document) => api_docs(&state.host, &visitor, &document),
        Err(error) => Failure::internal(error).into_response(),
    }
}
