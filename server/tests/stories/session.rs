//! Signing up, in and out; what the cookie is worth; what guessing is worth.

use crate::support::{self, Browser, House, both_databases, encode};
use axum::http::StatusCode;

const SIGN_UP: &[(&str, &str)] = &[
    ("organisation_name", "测试·海风有限公司"),
    ("uscc", "91440300MA5FTEST0X"),
    ("role", "project_owner"),
    ("name", "王五"),
    ("email", "wang@example.cn"),
    ("password", "correct horse battery"),
    ("password_again", "correct horse battery"),
];

fn sign_up_fields() -> Vec<(&'static str, String)> {
    let uscc = domain::Uscc::from_first_seventeen("91440300HT9999999")
        .expect("a valid code")
        .to_string();
    SIGN_UP
        .iter()
        .map(|(name, value)| {
            (
                *name,
                if *name == "uscc" {
                    uscc.clone()
                } else {
                    (*value).to_owned()
                },
            )
        })
        .collect()
}

async fn sign_up(browser: &mut support::Browser) -> support::Answer {
    let fields = sign_up_fields();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.act("/sign-up", "user_sign_up", &fields).await
}

both_databases! {
    /// The demo clock may be far from the system's, by which what is over is swept up.
    async fn what_was_typed_and_refused_outlives_a_sweep_in_a_demo_of_another_year(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let typed = [("organisation_name", "测试·打错字有限公司"), ("password", "short")];
        let refused = browser.act("/sign-up", "user_sign_up", &typed).await;
        house.registry.session_delete_expired(server::state::system_now()).await.expect("sweep");
        let page = browser.get(refused.location()).await;
        assert!(page.text.contains("测试·打错字有限公司"), "{}", page.text);
        assert!(page.text.contains(r#"id="errors""#));
    }

    /// The whole life of an account.
    async fn an_account_from_sign_up_to_sign_out(database) {
        let house = House::empty(&database).await;
        let mut browser = house.browser();
        let answer = sign_up(&mut browser).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/inbox"), "{}", answer.text);
        assert_eq!(browser.get("/account").await.status, StatusCode::OK);

        let answer = browser.act("/account", "user_sign_out", &[]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
        assert!(browser.get("/account").await.location().starts_with("/sign-in"));

        let answer = browser.sign_in(" WANG@example.CN ", "correct horse battery").await;
        assert_eq!(answer.location(), "/inbox", "an address is the same in any case");
    }

    /// A token planted before the sign-in is worth nothing after it, and every sign-in gives another.
    async fn the_token_changes_at_sign_in_and_an_old_one_opens_nothing(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        browser.get("/sign-in").await;
        let planted = browser.cookies["huitan"].clone();
        let answer = browser.sign_in("owner@demo.huitan", server::seed::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let first = browser.cookies["huitan"].clone();
        assert_ne!(planted, first);

        let mut attacker = house.browser();
        attacker.cookies.insert("huitan".to_owned(), planted);
        assert!(attacker.get("/inbox").await.location().starts_with("/sign-in"));
        attacker.cookies.insert("huitan".to_owned(), "not a token".to_owned());
        assert!(attacker.get("/inbox").await.location().starts_with("/sign-in"));

        // signing in again in the same browser ends the session before
        let answer = browser.sign_in_again().await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let second = browser.cookies["huitan"].clone();
        assert_ne!(first, second);
        attacker.cookies.insert("huitan".to_owned(), first);
        assert!(attacker.get("/inbox").await.location().starts_with("/sign-in"));
        assert_eq!(browser.get("/inbox").await.status, StatusCode::OK);
    }

    /// Everywhere means everywhere, and one can sign in again at once.
    async fn sign_out_everywhere_ends_every_session(database) {
        let house = House::demo(&database).await;
        let (mut here, mut there) = (house.browser_of("owner").await, house.browser_of("owner").await);
        let mut other = house.browser_of("owner2").await;
        let answer = here.act("/account", "user_sign_out_everywhere", &[]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert!(here.get("/inbox").await.location().starts_with("/sign-in"));
        assert!(there.get("/inbox").await.location().starts_with("/sign-in"));
        assert_eq!(other.get("/inbox").await.status, StatusCode::OK, "somebody else's session stays");
        assert_eq!(here.sign_in("owner@demo.huitan", server::seed::PASSWORD).await.location(), "/inbox");
        assert_eq!(here.get("/inbox").await.status, StatusCode::OK);
    }

    /// The old password stops working, other sessions end, this one goes on.
    async fn a_password_change_ends_the_other_sessions(database) {
        let house = House::demo(&database).await;
        let (mut here, mut there) = (house.browser_of("events").await, house.browser_of("events").await);
        let change = |current: &'static str, new: &'static str| {
            [("current_password", current), ("password", new), ("password_again", new)]
        };
        let wrong = here.act("/account", "user_change_password", &change("wrong", "a new passphrase")).await;
        let page = here.get(wrong.location()).await;
        assert!(page.text.contains("field-current_password"), "{}", page.text);
        assert!(!page.text.contains("a new passphrase"), "a password is never shown again");

        let answer = here.act("/account", "user_change_password", &change(server::seed::PASSWORD, "a new passphrase")).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account"));
        assert_eq!(here.get("/inbox").await.status, StatusCode::OK);
        assert!(there.get("/inbox").await.location().starts_with("/sign-in"));
        let old = there.sign_in("events@demo.huitan", server::seed::PASSWORD).await;
        assert!(old.location().contains("again="));
        assert_eq!(there.sign_in("events@demo.huitan", "a new passphrase").await.location(), "/inbox");
    }

    /// Unknown address and wrong password: the same words; what was typed stays, the password does not.
    async fn a_failed_sign_in_says_the_same_for_both_reasons(database) {
        let house = House::demo(&database).await;
        let mut pages = Vec::new();
        for email in ["nobody@demo.huitan", "owner@demo.huitan"] {
            let mut browser = house.browser();
            let answer = browser.sign_in(email, "not the password").await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            let page = browser.get(answer.location()).await;
            assert!(page.text.contains(email), "the address typed stays");
            assert!(!page.text.contains("not the password"));
            let summary = page.text.split("id=\"errors\"").nth(1).expect("an error summary");
            pages.push(summary.split("</ul>").next().expect("a list of errors").to_owned());
        }
        assert_eq!(pages[0], pages[1]);
    }

    /// Guessing one account's password stops, from wherever it comes; other accounts are not touched.
    async fn after_eight_failures_an_account_rests_even_with_the_right_password(database) {
        let house = House::demo(&database).await;
        for attempt in 0..8_u16 {
            let mut browser = house.browser();
            browser.address = format!("198.51.100.{}:4000", attempt + 1).parse().expect("an address");
            assert!(browser.sign_in("vvb1@demo.huitan", "guess").await.location().contains("again="));
        }
        let mut browser = house.browser();
        let answer = browser.sign_in("vvb1@demo.huitan", server::seed::PASSWORD).await;
        let page = browser.get(&format!("{}&lang=en", answer.location().replace("#errors", ""))).await;
        assert!(page.text.contains("15 min"), "{}", page.text);
        assert_eq!(house.browser_of("vvb2").await.get("/inbox").await.status, StatusCode::OK);
    }

    /// A form for attendees that one address floods: it is told when to come back and finds what it typed, other addresses go on answering.
    async fn an_address_that_floods_a_form_for_attendees_waits_and_loses_nothing(database) {
        let house = House::demo(&database).await;
        let user = house.registry.user_by_email("events@demo.huitan").await.expect("a read").expect("a demo person").user;
        let at = server::seed::demo_now();
        let by = || registry::By { user: user.id.clone(), organisation: user.organisation.clone(), role: user.role, at, key: support::unique() };
        let form = |pairs: &[(&str, &str)]| -> registry::Fields {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let day = (at.beijing_date() + time::Duration::days(30)).to_string();
        let meeting = form(&[
            ("quick", "yes"), ("name", "演示公开课"), ("kind", "meeting"), ("starts_on", &day), ("ends_on", &day), ("province", "湖北"),
            ("city", "武汉"), ("people", "50"),
        ]);
        let event = house.registry.event_create(&by(), &meeting).await.expect("an event");
        house.registry.event_form_set(&by(), &event.id, &form(&[("open", "yes")]), "a-form").await.expect("an open form");
        let answer = async |browser: &mut Browser, km: &str| {
            let secret = support::unique();
            let fields = [("token", "a-form"), ("secret", secret.as_str()), ("mode", "metro"), ("km", km), ("nights", "0"), ("meals", "1")];
            browser.act("/attend/a-form", "event_attend", &fields).await
        };
        let from = |address: &str| {
            let mut browser = house.browser();
            browser.address = format!("{address}:4000").parse().expect("an address");
            browser
        };
        // each answer with a browser of its own: only the address is the same
        for _ in 0..30 {
            let given = answer(&mut from("198.51.100.7"), "12").await;
            assert!(given.location().contains("answer="), "{}", given.location());
        }
        let mut flooding = from("198.51.100.7");
        let refused = answer(&mut flooding, "1234").await;
        assert!(refused.location().contains("again="), "{}", refused.location());
        let page = flooding.get(&refused.location().replace("#errors", "")).await;
        assert!(page.text.contains("从您所在的网络已收到 30 份填报") && page.text.contains("60 分钟"), "{}", page.text);
        assert!(page.text.contains("value=\"1234\""), "what was typed is still there");
        for address in ["198.51.100.8", "[2001:db8::1]", "127.0.0.1"] {
            assert!(answer(&mut from(address), "12").await.location().contains("answer="), "{address}");
        }
        assert_eq!(house.registry.event_get(&by(), &event.id).await.expect("the event").told_by, (0, 33));
    }

    /// Each weak password is refused at its field; everything else typed stays.
    async fn a_weak_password_is_refused_and_the_rest_of_the_form_stays(database) {
        let house = House::empty(&database).await;
        for weak in ["short", "wang@example.cn", "password123"] {
            let mut browser = house.browser();
            let mut fields = sign_up_fields();
            for field in &mut fields {
                if field.0.starts_with("password") {
                    weak.clone_into(&mut field.1);
                }
            }
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = browser.act("/sign-up", "user_sign_up", &fields).await;
            let page = browser.get(answer.location()).await;
            assert!(page.text.contains("#field-password"), "{weak}: {}", page.text);
            assert!(page.text.contains("测试·海风有限公司"));
            assert!(weak == "wang@example.cn" || !page.text.contains(&format!("value=\"{weak}\"")));
        }
        assert!(house.registry.user_by_email("wang@example.cn").await.expect("a read").is_none());
    }

    /// Twice the same form (a double click): one account.
    async fn signing_up_twice_with_one_form_makes_one_account(database) {
        let house = House::empty(&database).await;
        let mut browser = house.browser();
        let form = browser.get("/sign-up").await;
        let (csrf, key) = (form.hidden("csrf"), form.hidden("key"));
        let mut fields = sign_up_fields();
        fields.extend([("csrf", csrf), ("key", key), ("back", "/sign-up".to_owned())]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let first_cookies = browser.cookies.clone();
        let first = browser.post("/acts/user_sign_up", &fields).await;
        assert_eq!(first.location(), "/inbox", "{}", first.text);
        browser.cookies = first_cookies;
        let second = browser.post("/acts/user_sign_up", &fields).await;
        assert_eq!(second.location(), "/inbox", "{}", second.text);
    }
}

impl support::Browser {
    /// Signs in while being signed in, as a form that was left open in another window does.
    async fn sign_in_again(&mut self) -> support::Answer {
        let page = self.get("/account").await;
        let (csrf, key) = (page.hidden("csrf"), page.hidden("key"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("key", key.as_str()),
            ("email", "owner@demo.huitan"),
            ("password", server::seed::PASSWORD),
        ];
        self.post("/acts/user_sign_in", &fields).await
    }
}

#[tokio::test]
async fn the_cookie_has_its_flags_in_production_and_in_demo_mode() {
    let database = support::Database::sqlite();
    let house = House::production(&database).await;
    let cookies = house.browser().get("/sign-in").await.set_cookies();
    let cookie = cookies
        .iter()
        .find(|cookie| cookie.contains("huitan="))
        .expect("a session cookie");
    assert!(cookie.starts_with("__Host-huitan="), "{cookie}");
    for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert!(!cookie.contains("Domain"));

    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let cookies = house.browser().get("/sign-in").await.set_cookies();
    let cookie = cookies
        .iter()
        .find(|cookie| cookie.contains("huitan="))
        .expect("a session cookie");
    assert!(
        cookie.starts_with("huitan=")
            && !cookie.contains("Secure")
            && cookie.contains("; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
}

#[tokio::test]
async fn looking_at_pages_writes_no_session() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    browser.get("/").await;
    browser.get("/sign-in").await;
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&database.url)
        .await
        .expect("a look past the registry");
    let sessions: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM session")
        .fetch_one(&mut connection)
        .await
        .expect("a count");
    assert_eq!(sessions, 0);
    assert!(browser.cookies.contains_key("huitan"));
}

#[tokio::test]
async fn the_database_never_holds_a_token_as_the_browser_does() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let browser = house.browser_of("owner").await;
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&database.url)
        .await
        .expect("a look past the registry");
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, data FROM session")
        .fetch_all(&mut connection)
        .await
        .expect("rows");
    assert_eq!(rows.len(), 1);
    let token = &browser.cookies["huitan"];
    assert!(!rows[0].0.contains(token) && !rows[0].1.contains(token));
}

#[tokio::test]
async fn a_form_without_the_right_token_does_nothing() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("owner").await;
    let form = browser.get("/account").await;
    let key = form.hidden("key");
    let foreign = house
        .browser_of("owner2")
        .await
        .get("/account")
        .await
        .hidden("csrf");
    for csrf in ["", "0000", foreign.as_str()] {
        let answer = browser
            .post(
                "/acts/user_sign_out",
                &[("csrf", csrf), ("key", &key), ("back", "/account")],
            )
            .await;
        assert!(
            answer.location().contains("again=") || answer.status == StatusCode::FORBIDDEN,
            "{}",
            answer.status
        );
        assert_eq!(
            browser.get("/inbox").await.status,
            StatusCode::OK,
            "still signed in"
        );
    }
}

#[tokio::test]
async fn after_signing_in_one_lands_where_one_wanted_to_go_and_never_elsewhere() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser();
    let refused = browser.get("/account").await;
    assert_eq!(
        refused.location(),
        format!("/sign-in?next={}", encode("/account"))
    );
    for (next, lands) in [
        ("/account", "/account"),
        ("https://evil.example", "/inbox"),
        ("//evil.example", "/inbox"),
    ] {
        let mut browser = house.browser();
        let fields = [
            ("email", "owner@demo.huitan"),
            ("password", server::seed::PASSWORD),
            ("next", next),
        ];
        assert_eq!(
            browser
                .act("/sign-in", "user_sign_in", &fields)
                .await
                .location(),
            lands
        );
    }
}

both_databases! {
    /// A second person joins by a link that works once; a token's retirement then waits for that person; removed, the session is over.
    async fn a_member_joins_once_confirms_and_is_out_at_once_when_removed(database) {
        let house = House::demo(&database).await;
        let mut events = house.browser_of("events").await;
        let invite = [("email", "second@example.cn"), ("member_role", "confirmer")];
        let page = events.act("/account/members", "member_invite", &invite).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let (_, rest) = page.text.split_once("/join?token=").expect("the link is shown");
        let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let join = format!("/join?token={token}");

        let mut second = house.browser();
        let short = [("name", "演示·钱程"), ("password", "short"), ("password_again", "short")];
        let refused = second.act(&join, "member_accept", &short).await;
        assert!(refused.location().contains("again="), "{}", refused.location());
        let fields = [("name", "演示·钱程"), ("password", "correct horse battery"), ("password_again", "correct horse battery")];
        let answer = second.act(&join, "member_accept", &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/inbox"), "{}", answer.text);
        assert_eq!(second.get("/account").await.status, StatusCode::OK);
        let mut third = house.browser();
        assert!(third.get(&join).await.text.contains("邀请链接无效"));

        // the interface for programs follows the same rule: 202, and nothing is retired
        let made = events.act("/account", "user_create_token", &[("name", "test")]).await;
        let start = made.text.find("huitan_").expect("the token is shown");
        let secret: String = made.text[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "waits")];
        let body = serde_json::json!({ "quantity": 1, "purpose": "voluntary", "beneficiary": "测试", "beneficiary_kind": "organisation" });
        let waits = house.browser().json("/api/v1/credits/retirements", &headers, &body).await;
        assert_eq!(waits.status, StatusCode::ACCEPTED, "{}", waits.text);
        let order = waits.json()["order"].as_str().expect("an order").to_owned();
        let confirmed = second.act(&format!("/desk/orders/{order}"), "credits_confirm", &[("order", &order)]).await;
        assert!(!confirmed.location().contains("again="), "{}", confirmed.location());

        // somebody else has to confirm before the last one may go
        let next = [("email", "third@example.cn"), ("member_role", "confirmer")];
        let page = events.act("/account/members", "member_invite", &next).await;
        let (_, rest) = page.text.split_once("/join?token=").expect("the link is shown");
        let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let joined = third.act(&format!("/join?token={token}"), "member_accept", &fields).await;
        assert_eq!(joined.location(), "/inbox", "{}", joined.text);

        let user = house.registry.user_by_email("second@example.cn").await.expect("a read").expect("the member").user.id;
        let answer = events.act(&format!("/account/members/{user}"), "member_remove", &[("member", user.as_str())]).await;
        assert_eq!(answer.location(), "/account/members", "{}", answer.text);
        assert!(second.get("/account").await.location().starts_with("/sign-in"));
    }
}
