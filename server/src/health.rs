//! For whoever watches the server: is the process alive, and can it answer?

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::State;

/// `/healthz`: the process answers. Nothing else is asked, so that a slow database does not restart the server.
pub async fn process() -> Response {
    Json(json!({ "status": "alive", "version": env!("CARGO_PKG_VERSION") })).into_response()
}

/// `/readyz`: the database answers with the schema of this release, and the static files are there. 503 otherwise.
pub async fn ready(Shared(state): Shared<State>) -> Response {
    let database = state.registry.ping().await;
    if let Err(error) = &database {
        tracing::error!(%error, "not ready: the database");
    }
    let site = state.site.is_complete();
    let ready = database.is_ok() && site;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let word = |good: bool| if good { "ready" } else { "not ready" };
    let parts = json!({
        "status": word(ready),
        "engine": state.registry.engine_name(),
        "database": word(database.is_ok()),
        "site": word(site),
    });
    (status, Json(parts)).into_response()
}
