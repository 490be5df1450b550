//! Bodies are small here: forms and JSON. A larger one is read to its end, thrown away and answered with 413, so that the
//! browser shows the answer instead of a broken connection. Forms with a file are let through as they arrive: their door
//! counts the bytes (`app::acts::multipart`) and reads nothing for those who may not do the act; so do the calculators.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use domain::refusal::codes;
use http_body_util::BodyExt;

use crate::failure::Failure;

/// Largest body.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Of a larger body at most this much is read before the connection is given up.
const THROWN_AWAY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads the whole body, or answers 413.
pub async fn limit(request: Request, next: Next) -> Response {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return next.run(request).await;
    }
    if is_form_with_file(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let announced = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > THROWN_AWAY_BYTES_MAX) {
        return too_large();
    }
    match read(body).await {
        Ok(Some(body)) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Ok(None) => too_large(),
        Err(error) => Failure::of_status(StatusCode::BAD_REQUEST)
            .with_detail(error.to_string())
            .into_response(),
    }
}

/// Whether a request is a form with a file at the door of an act, or at a calculator.
pub fn is_form_with_file(request: &Request) -> bool {
    let path = request.uri().path();
    let takes_files = path.starts_with("/acts/")
        || path.starts_with("/calculators/")
        || path == "/compare"
        || path == "/check";
    takes_files && app::acts::multipart::is_multipart(request.headers())
}

/// The body; `None` if it is larger than allowed.
async fn read(mut body: Body) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen > THROWN_AWAY_BYTES_MAX {
            return Ok(None);
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    Ok((seen <= BODY_BYTES_MAX).then_some(kept))
}

fn too_large() -> Response {
    let mut failure = Failure::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    failure.refusals = vec![Refusal::new(codes::BODY_TOO_LARGE).with("limit", "1 MiB")];
    failure.into_response()
}
