//! What every answer carries and what every refusal says: headers, sizes, limits, health.

use crate::support::{self, House, both_databases};
use axum::body::Body;
use axum::http::{Method, StatusCode};

both_databases! {
    /// Alive is alive; ready needs the database and the static files.
    async fn health_and_readiness(database) {
        let house = House::production(&database).await;
        let mut browser = house.browser();
        assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
        let ready = browser.get("/readyz").await;
        assert_eq!((ready.status, ready.json()["status"].as_str()), (StatusCode::OK, Some("ready")), "{}", ready.text);
        house.registry.close().await;
        assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
        let gone = browser.get("/readyz").await;
        assert_eq!(gone.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(gone.json()["database"], "not ready");
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_security_headers_and_a_name() {
    let database = support::Database::sqlite();
    let house = House::production(&database).await;
    let mut browser = house.browser();
    for path in [
        "/",
        "/nowhere",
        "/huitan.css",
        "/api/v1/statistics",
        "/api/v1/nowhere",
        "/healthz",
        "/inbox",
    ] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part} at {path}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert!(
            answer
                .header("strict-transport-security")
                .contains("max-age=63072000"),
            "{path}"
        );
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
    let first = browser.get("/").await.header("x-request-id").to_owned();
    assert_ne!(first, browser.get("/").await.header("x-request-id"));
}

#[tokio::test]
async fn a_demo_makes_no_promise_of_tls() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    assert_eq!(
        house
            .browser()
            .get("/")
            .await
            .header("strict-transport-security"),
        ""
    );
}

#[tokio::test]
async fn pages_have_no_inline_script_or_style_that_the_policy_would_block() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("owner").await;
    for path in [
        "/",
        "/projects",
        "/inbox",
        "/desk/holdings",
        "/account",
        "/api/docs",
        "/calculators/CCER-01-002-V01/ex-ante",
        "/design",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains(" style=\""), "inline style at {path}");
        assert!(
            !page.text.contains(" onclick=") && !page.text.contains("<style"),
            "inline code at {path}"
        );
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains("src="), "inline script at {path}: {tag}");
        }
    }
}

#[tokio::test]
async fn a_paste_of_ten_megabytes_gets_its_page_or_its_envelope() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("owner").await;
    let big = vec![b'x'; 10 * 1024 * 1024];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let page = browser
        .send(
            Method::POST,
            "/acts/project_create",
            &form,
            Body::from(big.clone()),
        )
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{}",
        page.text
    );
    let json = [("content-type", "application/json")];
    let envelope = browser
        .send(
            Method::POST,
            "/api/v1/calculators/CCER-01-002-V01/ex-ante",
            &json,
            Body::from(big),
        )
        .await;
    assert_eq!(envelope.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(envelope.json()["error"]["code"], "body_too_large");
}

#[tokio::test]
async fn a_form_of_another_kind_is_answered_with_415() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("owner").await;
    let answer = browser
        .send(
            Method::POST,
            "/acts/project_create",
            &[("content-type", "text/plain")],
            Body::from("a=b"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answer.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_visitors_language() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser();
    let chinese = browser.get("/nowhere").await;
    assert_eq!(chinese.status, StatusCode::NOT_FOUND);
    assert!(chinese.text.contains("lang=\"zh-Hans\""));
    let english = browser.get("/nowhere?lang=en").await;
    assert_eq!(english.status, StatusCode::NOT_FOUND);
    assert!(english.text.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn static_files_are_kept_by_their_version_and_nothing_else_is_served() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    let versioned = browser.get("/huitan.css?v=0123456789ab").await;
    assert_eq!(versioned.status, StatusCode::OK);
    assert_eq!(
        versioned.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(versioned.header("content-type").starts_with("text/css"));
    assert!(versioned.set_cookies().is_empty());
    assert_eq!(
        browser.get("/huitan.css").await.header("cache-control"),
        "public, no-cache"
    );
    assert_eq!(
        browser
            .get("/huitan.css?v=ffffffffffff")
            .await
            .header("cache-control"),
        "public, no-cache"
    );
    for path in [
        "/assets.json",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/huitan.css/../assets.json",
    ] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert_eq!(
        browser.post("/huitan.css", &[]).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn pages_are_compressed_and_small_answers_are_not() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser();
    let page = browser
        .send(
            Method::GET,
            "/projects",
            &[("accept-encoding", "br, gzip")],
            Body::empty(),
        )
        .await;
    assert_eq!(page.header("content-encoding"), "br");
    let small = browser
        .send(
            Method::GET,
            "/healthz",
            &[("accept-encoding", "br, gzip")],
            Body::empty(),
        )
        .await;
    assert_eq!(small.header("content-encoding"), "");
}

#[tokio::test]
async fn a_flood_from_one_address_is_stopped_and_another_address_is_not() {
    let database = support::Database::sqlite();
    let house = House::production(&database).await;
    let mut flood = house.browser();
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(flood.post("/acts/user_sign_in", &[]).await);
    }
    let refused = statuses
        .iter()
        .find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS)
        .expect("the flood is stopped");
    assert!(
        refused
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds >= 1)
    );
    assert!(refused.header("content-type").starts_with("text/html"));
    assert_eq!(
        flood.get("/sign-in").await.status,
        StatusCode::OK,
        "reading goes on"
    );
    let mut other = house.browser();
    other.address = "203.0.113.7:5000".parse().expect("an address");
    assert_ne!(
        other.post("/acts/user_sign_in", &[]).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn behind_a_proxy_the_forwarded_address_counts() {
    let database = support::Database::sqlite();
    let secret = ("HUITAN_SECRET", "0123456789abcdef0123456789abcdef");
    let house = House::with(&database, &[secret, ("HUITAN_TRUST_PROXY", "1")]).await;
    let mut browser = house.browser();
    let form = "application/x-www-form-urlencoded";
    for number in 0..60 {
        let forwarded = format!("6.6.6.6, 203.0.113.{number}");
        let headers = [
            ("content-type", form),
            ("x-forwarded-for", forwarded.as_str()),
        ];
        let answer = browser
            .send(Method::POST, "/acts/user_sign_in", &headers, Body::empty())
            .await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{number}");
    }
}
