//! No request holds a connection for ever.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::body::is_form_with_file;
use crate::failure::Failure;

/// Longest time for one answer. An act that is given up here has happened completely or not at all, and its key tells.
const ANSWER_SECONDS_MAX: u64 = 30;

/// The same with a file to receive first: 20 MB over a slow line.
const UPLOAD_SECONDS_MAX: u64 = 300;

/// Answers 503 when the handler takes too long.
pub async fn limit(request: Request, next: Next) -> Response {
    let seconds_max = if is_form_with_file(&request) {
        UPLOAD_SECONDS_MAX
    } else {
        ANSWER_SECONDS_MAX
    };
    let longest = Duration::from_secs(seconds_max);
    if let Ok(response) = tokio::time::timeout(longest, next.run(request)).await {
        return response;
    }
    tracing::error!(seconds_max, "given up");
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, "timeout")
        .retry_after(5)
        .into_response()
}
