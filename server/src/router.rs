//! What there is, and what every request passes on its way in and out.

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::failure::Failure;
use crate::layers::aside::{self, Places};
use crate::layers::client_address::{self, TrustProxy};
use crate::layers::limits::{self, Limits};
use crate::layers::security_headers::{self, PromiseTls};
use crate::layers::{body, explain, progress, request_id, time_limit};
use crate::state::State;
use crate::{account, health, rest, site, visitor};

/// Answers smaller than this gain nothing from compression.
const COMPRESSED_FROM_BYTES: u16 = 1024;

/// The whole server as one service.
pub fn router(state: State, limits: &Limits) -> Router {
    let people = pages(&state);
    let static_or_page = {
        let (state, people) = (state.clone(), people.clone());
        async move |request: Request| static_or_page(state, people, request).await
    };
    let routes = Router::new()
        .merge(rest::router(limits))
        .route("/healthz", get(health::process))
        .route("/readyz", get(health::ready))
        .with_state(state.clone())
        .fallback(static_or_page);
    layered(routes, state, limits)
}

/// What every request passes, innermost first.
fn layered(routes: Router, state: State, limits: &Limits) -> Router {
    let production = !state.config.demo;
    routes
        .layer(from_fn_with_state(Places::default(), aside::calculate))
        .layer(from_fn_with_state(limits.clone(), limits::limit_acts))
        .layer(from_fn(body::limit))
        .layer(from_fn(time_limit::limit))
        .layer(CatchPanicLayer::custom(|panic| panicked(&panic)))
        .layer(from_fn_with_state(state.clone(), explain::failures))
        .layer(
            CompressionLayer::new().br(true).gzip(true).compress_when(
                SizeAbove::new(COMPRESSED_FROM_BYTES)
                    .and(NotForContentType::IMAGES)
                    .and(NotForContentType::const_new("application/wasm")),
            ),
        )
        .layer(from_fn_with_state(
            TrustProxy(state.config.trust_proxy),
            client_address::find,
        ))
        .layer(from_fn_with_state(
            PromiseTls(production),
            security_headers::add,
        ))
        .layer(from_fn(request_id::name_and_log))
}

/// What people see and do: pages and acts, with the visitor behind the cookie.
fn pages(state: &State) -> Router {
    let of_app = app::routes::router(state.host.clone());
    account::router()
        .route("/api", get(async || Redirect::permanent("/api/docs")))
        .route("/api/docs", get(rest::documentation))
        .with_state(state.clone())
        .fallback_service(of_app)
        .layer(from_fn_with_state(state.clone(), visitor::identify))
        .layer(from_fn(progress::tell))
}

async fn static_or_page(state: State, people: Router, request: Request) -> Response {
    let path = request.uri().path();
    if state.site.has(path) {
        return site::serve(Shared(state), request).await;
    }
    if path.starts_with("/api/") && path != "/api/docs" {
        // programs get the envelope, not a page
        return Failure::not_found().into_response();
    }
    people
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {})
}

/// A handler panicked: say so in the log, not to the person.
fn panicked(panic: &(dyn std::any::Any + Send)) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words");
    Failure::internal(format!("panic: {reason}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request as HttpRequest, StatusCode};
    use registry::{Options, Registry};

    use crate::config::Config;

    async fn panics() {
        panic!("a bug in a handler");
    }

    async fn server_that_panics(folder: &std::path::Path) -> Router {
        let url = format!("sqlite://{}", folder.join("panic.db").display());
        let config = Config::from_lookup(|name| match name {
            "DATABASE_URL" => Some(url.clone()),
            "HUITAN_SECRET" => Some("0123456789abcdef0123456789abcdef".to_owned()),
            "HUITAN_SITE" => Some(folder.display().to_string()),
            _ => None,
        })
        .expect("a valid configuration");
        let registry = Registry::connect(&url, Options::default())
            .await
            .expect("connect");
        registry.migrate().await.expect("migrate");
        let limits = Limits::new(&config);
        let routes = Router::new()
            .route("/panic", get(panics))
            .route("/api/v1/panic", get(panics));
        layered(routes, State::new(config, registry), &limits)
    }

    #[tokio::test]
    async fn a_bug_in_a_handler_is_answered_with_a_page_or_an_envelope_and_tells_nothing() {
        let folder = std::env::temp_dir().join(format!("huitan_panic_test_{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let server = server_that_panics(&folder).await;
        for (path, kind) in [
            ("/panic", "text/html"),
            ("/api/v1/panic", "application/json"),
        ] {
            let request = HttpRequest::builder()
                .uri(path)
                .body(Body::empty())
                .expect("a request");
            let answer = server.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            let found = answer.headers()["content-type"]
                .to_str()
                .expect("readable")
                .to_owned();
            assert!(found.starts_with(kind), "{path}: {found}");
            assert!(answer.headers().contains_key("x-request-id"));
            let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
            let text = String::from_utf8_lossy(&body);
            assert!(!text.contains("a bug in a handler"), "{text}");
        }
        std::fs::remove_dir_all(&folder).expect("tidied");
    }
}
