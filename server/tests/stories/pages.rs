//! Every page and every door: with no session, and with each role. A page that is not listed here fails the walk.

use std::collections::BTreeSet;

use crate::support::{self, Browser, House, both_databases};
use app::acts::{ACTS, ACTS_OF_THE_SERVER};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::act::Access;
use domain::{Act, Role};

/// Who may open a page.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Open {
    Anyone,
    SignedIn,
    Only(&'static [Role]),
}

use Role::{EventOrganiser, ProjectOwner, RegistryOperator, Vvb};

const HOLDERS: Open = Open::Only(&[ProjectOwner, EventOrganiser]);
const ACCOUNTS: Open = Open::Only(&[ProjectOwner, EventOrganiser, Vvb]);
const PERSON: Open = Open::Only(&[Role::Individual]);
const BATCHES: Open = Open::Only(&[Vvb, RegistryOperator]);
const OPERATOR: Open = Open::Only(&[RegistryOperator]);
const LEDGER: Open = Open::Only(&[ProjectOwner, EventOrganiser, RegistryOperator]);
const OWNERS: Open = Open::Only(&[ProjectOwner]);
const PARTIES: Open = Open::Only(&[ProjectOwner, Vvb, RegistryOperator]);

include!("pages/table.rs");

const PEOPLE: &[(&str, Role)] = &[
    ("owner", ProjectOwner),
    ("vvb1", Vvb),
    ("operator", RegistryOperator),
    ("events", EventOrganiser),
    ("commuter", Role::Individual),
];

/// The addresses in the sources of the pages: `.route("…"`.
fn addresses_in_the_sources() -> BTreeSet<String> {
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../app/src"
    ))];
    let mut addresses = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources of the pages") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                // rustfmt may break the line after the parenthesis
                let joined = text
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .replace(".route( ", ".route(");
                addresses.extend(
                    joined
                        .split(".route(\"")
                        .skip(1)
                        .filter_map(|rest| rest.split('"').next())
                        .map(str::to_owned),
                );
            }
        }
    }
    addresses
}

/// An address with something in its places: ids that nobody has.
fn filled(address: &str) -> String {
    address
        .split('/')
        .map(|part| match part {
            "{methodology}" => "CCER-01-002-V01",
            "{code}" if address.starts_with("/methodologies") => "CCER-01-002-V01",
            "{stage}" => "ex-ante",
            "{section}" if address.starts_with("/desk/reports") => "period",
            "{section}" => "basics",
            "{verb}" => "withdraw",
            "{area}" => "calendar",
            part if part.starts_with('{') => "00000000-0000-7000-8000-000000000000",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn every_page_is_in_the_table_and_the_table_has_no_other() {
    let mut sources = addresses_in_the_sources();
    assert!(sources.remove("/acts/{name}"), "the door for acts");
    let table: BTreeSet<String> = PAGES
        .iter()
        .map(|(address, _)| (*address).to_owned())
        .collect();
    assert_eq!(table.len(), PAGES.len(), "no page twice");
    let missing: Vec<_> = sources.difference(&table).collect();
    let gone: Vec<_> = table.difference(&sources).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not in the table: {missing:?}; no longer there: {gone:?}"
    );
}

#[test]
fn every_act_has_exactly_one_door() {
    let mut doors: Vec<Act> = ACTS
        .iter()
        .map(|door| door.act)
        .chain(ACTS_OF_THE_SERVER.iter().copied())
        .collect();
    doors.sort();
    let mut acts = Act::ALL.to_vec();
    acts.sort();
    assert_eq!(doors, acts);
}

/// Posts to the door of an act with everything a form brings, except what the act itself needs.
async fn knock(browser: &mut Browser, act: Act, csrf: &str) -> support::Answer {
    let key = format!("knock {} {}", act.name(), support::unique());
    browser
        .post(
            &format!("/acts/{}", act.name()),
            &[("csrf", csrf), ("key", &key), ("back", "/help")],
        )
        .await
}

both_databases! {
    async fn without_a_session_only_public_pages_open_and_the_others_ask_for_the_sign_in(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        for (address, open) in PAGES {
            let answer = browser.get(&filled(address)).await;
            if *open == Open::Anyone {
                let found = [StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.status)
                    || answer.status.is_redirection();
                assert!(found, "{address}: {}", answer.status);
                assert!(
                    !answer.location().starts_with("/sign-in"),
                    "{address} is public"
                );
            } else {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}");
                assert!(
                    answer.location().starts_with("/sign-in?next="),
                    "{address}: {}",
                    answer.location()
                );
            }
        }
    }

    async fn a_page_of_another_role_is_refused_and_nobody_sees_what_is_not_theirs(database) {
        let house = House::demo(&database).await;
        for (name, role) in PEOPLE {
            let mut browser = house.browser_of(name).await;
            for (address, open) in PAGES {
                let answer = browser.get(&filled(address)).await;
                let allowed = match open {
                    Open::Anyone | Open::SignedIn => true,
                    Open::Only(roles) => roles.contains(role),
                };
                if allowed {
                    assert_ne!(answer.status, StatusCode::FORBIDDEN, "{name} at {address}");
                    assert!(
                        answer.status.as_u16() < 500,
                        "{name} at {address}: {}",
                        answer.status
                    );
                } else {
                    assert!(
                        [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status),
                        "{name} at {address}: {}",
                        answer.status
                    );
                }
            }
        }
    }

    async fn without_a_session_every_door_but_the_public_ones_asks_for_the_sign_in(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let csrf = browser.get("/sign-in").await.hidden("csrf");
        for act in Act::ALL {
            let answer = knock(&mut browser, *act, &csrf).await;
            if act.roles() == Access::Public {
                assert!(
                    answer.location().contains("again=") || answer.status == StatusCode::NOT_FOUND,
                    "{}: {}",
                    act.name(),
                    answer.status
                );
            } else {
                assert!(
                    answer.location().starts_with("/sign-in"),
                    "{}: {} {}",
                    act.name(),
                    answer.status,
                    answer.location()
                );
            }
            let fetched = browser
                .send(
                    Method::POST,
                    &format!("/acts/{}", act.name()),
                    &[
                        ("content-type", "application/x-www-form-urlencoded"),
                        ("accept", "application/json"),
                    ],
                    Body::from("key=k"),
                )
                .await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&fetched.status);
            assert!(refused, "{} as JSON: {}", act.name(), fetched.status);
        }
    }

    async fn every_door_refuses_every_wrong_role_and_a_wrong_token(database) {
        let house = House::demo(&database).await;
        for (name, role) in PEOPLE {
            let mut browser = house.browser_of(name).await;
            for act in Act::ALL {
                if browser.get("/account").await.status != StatusCode::OK {
                    // the act before ended the session
                    browser = house.browser_of(name).await;
                }
                let csrf = browser.get("/account").await.hidden("csrf");
                if act.roles().allows(Some(*role)) {
                    let forged = knock(&mut browser, *act, "0123").await;
                    assert!(
                        forged.location().contains("again=") || forged.status == StatusCode::FORBIDDEN,
                        "{name}: {} with a wrong token: {}",
                        act.name(),
                        forged.status
                    );
                    let answer = knock(&mut browser, *act, &csrf).await;
                    assert_ne!(
                        answer.status,
                        StatusCode::FORBIDDEN,
                        "{name}: {}",
                        act.name()
                    );
                    assert!(
                        answer.status.as_u16() < 500,
                        "{name}: {}: {}",
                        act.name(),
                        answer.status
                    );
                } else {
                    let answer = knock(&mut browser, *act, &csrf).await;
                    assert_eq!(
                        answer.status,
                        StatusCode::FORBIDDEN,
                        "{name}: {}",
                        act.name()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn an_act_that_does_not_exist_has_no_door() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("operator").await;
    assert_eq!(
        browser.post("/acts/project_delete", &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        browser.get("/acts/user_sign_out").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn the_demo_clock_has_no_door_in_production() {
    let database = support::Database::sqlite();
    let house = House::production(&database).await;
    let mut browser = house.browser();
    let csrf = browser.get("/sign-in").await.hidden("csrf");
    assert_eq!(
        knock(&mut browser, Act::ClockAdvance, &csrf).await.status,
        StatusCode::NOT_FOUND
    );
}

/// Brings the consents of everybody back to the first texts, as of accounts that are older than those of now.
async fn first_texts_again(url: &str) {
    use sqlx::Connection as _;
    let mut raw = sqlx::AnyConnection::connect(url).await.expect("connect");
    let put = "UPDATE inclusion_consent SET text_version = 1, text_hash = 'of the first text' WHERE purpose IN ('account', 'source')";
    let guard = "SELECT sql FROM sqlite_master WHERE name = 'inclusion_consent_only_ends'";
    let steps = if url.starts_with("sqlite") {
        let guard: String = sqlx::query_scalar(guard)
            .fetch_one(&mut raw)
            .await
            .expect("the trigger");
        let drop = "DROP TRIGGER inclusion_consent_only_ends".to_owned();
        vec![drop, put.to_owned(), guard]
    } else {
        let past = "SET session_replication_role = replica".to_owned();
        vec![past, put.to_owned()]
    };
    for sql in steps {
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut raw);
        done.await.expect("sql");
    }
}

both_databases! {
    /// Both texts are shown with what differs, and the box is gone once one agreed.
    async fn who_agreed_to_an_earlier_text_sees_what_changed_and_is_asked_again(database) {
        let house = House::demo(&database).await;
        let mut commuter = house.browser_of("commuter").await;
        let asks = "同意书有了新版本";
        for page in ["/me", "/me/consents"] {
            assert!(!commuter.get(page).await.text.contains(asks), "{page}: the texts of now were agreed to");
        }
        first_texts_again(&database.url).await;
        let today = commuter.get("/me").await.text;
        assert!(today.contains("份同意书有了新版本") && today.contains("在等您决定") && today.contains("/me/consents"), "{today}");
        let consents = commuter.get("/me/consents").await.text;
        for shown in [asks, "您同意的第 1 版", "现在的第 3 版", "<del>", "<ins>", "先收下，不结算"] {
            assert!(consents.contains(shown), "{shown}: {consents}");
        }
        let first = domain::inclusion::Purpose::Account.text_of(1).expect("a first text").text.zh;
        assert!(consents.contains("（第 1 版）") && consents.contains(first), "the words that were agreed to: {consents}");
        let count = consents.matches(asks).count();
        assert!(count > 2, "the account and its sources: {count}");
        let version = domain::inclusion::Purpose::Account.text().version.to_string();
        assert!(consents.contains(&format!("name=\"text_version\" value=\"{version}\"")), "the form says what the page shows: {consents}");
        let (agrees, now) = (("agrees", "yes"), ("text_version", version.as_str()));
        // without the tick, without the text that was shown, and after another one was
        for refused in [vec![now], vec![agrees], vec![agrees, ("text_version", "2")]] {
            let mut form = vec![("purpose", "account")];
            form.extend_from_slice(&refused);
            let answer = commuter.act("/me/consents", "consent_give", &form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            assert!(commuter.get("/me/consents").await.text.contains("现在的第 3 版"), "{refused:?}");
        }
        let agreed = commuter.act("/me/consents", "consent_give", &[("purpose", "account"), agrees, now]).await;
        assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
        let after = commuter.get("/me/consents").await.text;
        assert_eq!((after.matches(asks).count(), after.contains("现在的第 3 版")), (count - 1, false));
        assert!(after.contains("（第 3 版）") && after.contains(first), "what stood and what stands can both be read: {after}");
        // what waits is offered also where its source has ended
        let registry = &house.registry;
        let operator = registry.user_by_email("operator@demo.huitan").await.expect("a read").expect("an operator").user;
        for provider in registry.providers().await.expect("providers").into_iter().filter(|one| one.is_active) {
            let by = registry::By {
                user: operator.id.clone(),
                organisation: operator.organisation.clone(),
                role: RegistryOperator,
                at: house.state.now().await.expect("the demo clock"),
                key: support::unique(),
            };
            registry.provider_end(&by, &provider.id).await.expect("ended");
        }
        let ended = commuter.get("/me/consents").await.text;
        assert_eq!(ended.matches(asks).count(), count - 1, "{ended}");
        assert_eq!(ended.matches("此来源已不再发送记录").count(), count - 1, "{ended}");
        // in English as well
        let english = commuter.get("/me?lang=en").await.text;
        assert!(english.contains("Texts that you agreed to have changed"), "{english}");
    }
}

#[tokio::test]
async fn a_scene_is_chosen_by_its_family_where_its_region_has_factors_and_a_list_has_rows() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut commuter = house.browser_of("commuter").await;
    let choice = commuter.get("/me/record").await.text;
    assert!(choice.contains("<optgroup label=\"行\">"), "{choice}");
    assert!(choice.contains("value=\"metro\""));
    assert!(!choice.contains("value=\"carpool\""), "no factor here");
    assert!(choice.contains("合乘出行"), "named as not yet there");
    let car = commuter.get("/me/record?scene=carpool").await.text;
    for row in 0..4 {
        assert!(car.contains(&format!("name=\"passengers.{row}.distance_km\"")));
    }
    assert!(car.contains("type=\"time\""));
}
