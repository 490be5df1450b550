//! Calculations may take seconds: a hundred thousand trees, a thousand strata over forty years. They run beside the threads that
//! answer everybody else, a few at a time; the others wait their turn.

use std::sync::Arc;

use axum::extract::{Request, State as Shared};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tracing::Span;

use crate::failure::Failure;

/// Fewest long answers that may be in the making at once, however small the machine.
const PLACES_MIN: usize = 2;

/// The places for long answers of this process.
#[derive(Clone)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    /// As many as the machine has cores.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(PLACES_MIN, usize::from);
        Self(Arc::new(Semaphore::new(cores.max(PLACES_MIN))))
    }
}

/// Answers what may calculate for long on a thread of its own. One that its sender has given up still runs to its end, so an act
/// is never cut in half, and keeps its place until then.
pub async fn calculate(Shared(places): Shared<Places>, request: Request, next: Next) -> Response {
    if !may_take_long(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(place) = places.0.acquire_owned().await else {
        return Failure::internal("the places for long answers are closed").into_response();
    };
    let (runtime, span) = (Handle::current(), Span::current());
    let work = move || {
        let _place = place;
        span.in_scope(|| runtime.block_on(next.run(request)))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            // for the layer that answers panics
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Failure::internal(error).into_response(),
        },
    }
}

/// Calculators with long inputs are posted; the document of a report is calculated whenever it is shown or kept.
fn may_take_long(method: &Method, path: &str) -> bool {
    let posted = [
        "/calculators/",
        "/compare",
        "/api/v1/calculators/",
        "/acts/report_",
        "/acts/project_",
    ];
    path.starts_with("/desk/reports/")
        || (method == Method::POST && posted.iter().any(|start| path.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_calculates_stands_aside_and_reading_does_not() {
        for path in [
            "/calculators/CCER-14-001-V01/ex-post",
            "/compare",
            "/api/v1/calculators/CCER-14-001-V01/ex-post",
            "/acts/report_save",
        ] {
            assert!(may_take_long(&Method::POST, path), "{path}");
            assert!(!may_take_long(&Method::GET, path), "{path}");
        }
        assert!(may_take_long(&Method::GET, "/desk/reports/a/check"));
        assert!(!may_take_long(&Method::GET, "/healthz"));
    }
}
