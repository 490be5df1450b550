//! Reading requests: every mistake becomes a [`Failure`] with a code.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use registry::{Page, PageRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::Failure;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(Failure::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
            }
            Err(JsonRejection::JsonSyntaxError(error)) => {
                Err(Failure::new(StatusCode::BAD_REQUEST, "json_malformed")
                    .with_detail(error.body_text()))
            }
            Err(JsonRejection::JsonDataError(error)) => Err(Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "json_malformed",
            )
            .with_detail(error.body_text())),
            Err(other) => Err(Failure::of_status(other.status())),
        }
    }
}

/// The parameters after the question mark.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                Err(Failure::new(StatusCode::BAD_REQUEST, "query_malformed")
                    .with_detail(error.body_text()))
            }
            Err(other) => Err(Failure::of_status(other.status())),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// The `next` of the page before; leave out for the first page.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// The registry's form of a page request; a limit outside 1..=200 is refused rather than changed silently.
pub fn page_request(after: Option<String>, limit: Option<i64>) -> Result<PageRequest, Failure> {
    match limit {
        Some(limit) if !(1..=200).contains(&limit) => {
            Err(Failure::new(StatusCode::BAD_REQUEST, "query_malformed")
                .with_detail("limit must be 1 to 200"))
        }
        limit => Ok(PageRequest {
            after,
            size: limit.unwrap_or(50),
        }),
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give this as `after` for the next page; `null` when there is none.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// The rows of a registry page, each in its public form.
    pub fn of<R>(page: Page<R>, form: impl Fn(R) -> T) -> Self {
        Self {
            items: page.rows.into_iter().map(form).collect(),
            next: page.next,
        }
    }

    /// A list that is always complete.
    pub fn complete(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// A moment in the form of RFC 3339, Beijing time: `2026-11-21T19:40:05+08:00`.
pub fn moment(instant: domain::Instant) -> String {
    format!("{}+08:00", instant.to_string().replacen(' ', "T", 1))
}
