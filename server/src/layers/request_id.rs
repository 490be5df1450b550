//! A name for every request: in each line of the log that it causes, and in its answer.

use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// The header that carries the name to the client.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of the request, found in its extensions. Always ours: a name from outside could be made to collide.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Names the request, logs how it ended and how long it took.
pub async fn name_and_log(mut request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    // the path only: a query may hold what somebody searched for
    let span = tracing::info_span!("request", request_id = %id, method = %request.method(), path = %request.uri().path());
    async move {
        let begun = Instant::now();
        let mut response = next.run(request).await;
        let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        if status >= 500 {
            tracing::error!(status, latency_ms, "answered");
        } else {
            tracing::info!(status, latency_ms, "answered");
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}
