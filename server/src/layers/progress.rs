//! A script that shows how much of a file has been sent cannot see where a redirection leads. It asks to be told, and goes there itself:
//! so the page that shows what was done, or what was wrong, is opened once, by the person.

use axum::extract::Request;
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Asks to be told.
const ASKS: HeaderName = HeaderName::from_static("x-huitan-progress");
/// Where to go.
const TO: HeaderName = HeaderName::from_static("x-huitan-to");

/// Answers a form that asks so with the address instead of the redirection.
pub async fn tell(request: Request, next: Next) -> Response {
    let asks = request.method() == Method::POST && request.headers().contains_key(ASKS);
    let mut response = next.run(request).await;
    if asks
        && response.status() == StatusCode::SEE_OTHER
        && let Some(to) = response.headers_mut().remove(header::LOCATION)
    {
        response.headers_mut().insert(TO, to);
        *response.status_mut() = StatusCode::OK;
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::response::Redirect;
    use axum::routing::post;
    use tower::ServiceExt as _;

    async fn answer(asks: bool) -> Response {
        let router = Router::new()
            .route("/acts/any", post(async || Redirect::to("/there?again=1")))
            .layer(from_fn(tell));
        let mut request = Request::post("/acts/any");
        if asks {
            request = request.header(ASKS, "1");
        }
        let request = request.body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn who_asks_is_told_where_to_go_and_others_are_sent() {
        let told = answer(true).await;
        assert_eq!(told.status(), StatusCode::OK);
        assert_eq!(told.headers()[TO], "/there?again=1");
        assert!(!told.headers().contains_key(header::LOCATION));
        let sent = answer(false).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
        assert_eq!(sent.headers()[header::LOCATION], "/there?again=1");
    }
}
