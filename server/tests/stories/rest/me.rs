//! One's own carbon account through the REST interface: what the pages show, to its person alone.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::own_events::{Program, demo_person, form};
use super::{assert_envelope, text_of};
use crate::support::{self, House, both_databases};

const PATHS: &[&str] = &[
    "/api/v1/me",
    "/api/v1/me/acts",
    "/api/v1/me/days",
    "/api/v1/me/consents",
    "/api/v1/me/points",
    "/api/v1/me/orders",
    "/api/v1/me/gifts",
    "/api/v1/me/expiries",
    "/api/v1/me/rating",
    "/api/v1/me/export",
];

async fn listed(program: &mut Program, path: &str) -> Vec<Value> {
    let answer = program.read(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()["items"].as_array().expect("a list").clone()
}

/// The sum of a field.
fn sum(rows: &[Value], field: &str) -> i64 {
    rows.iter().filter_map(|row| row[field].as_i64()).sum()
}

both_databases! {
    async fn a_person_reads_by_program_what_the_pages_show(database) {
        let house = House::demo(&database).await;
        let mut person = Program::of(&house, "commuter").await;
        let account = person.read("/api/v1/me").await.json();
        assert_eq!((text_of(&account, "state"), text_of(&account, "region")), ("open", "CN-GD-SZ"));
        let held = account["mg"]["held"].as_i64().expect("held");
        assert!(held > 0, "{account}");

        // the pages of a month are the month, whatever their size; its days are the same grams
        let whole = listed(&mut person, "/api/v1/me/acts?month=2026-03").await;
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let answer = person.read(&format!("/api/v1/me/acts?month=2026-03&limit=3{after}")).await.json();
            paged.extend(answer["items"].as_array().expect("items").clone());
            match answer["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert!(whole.len() > 3);
        assert_eq!(paged, whole);
        let days = listed(&mut person, "/api/v1/me/days?month=2026-03").await;
        let counted: Vec<Value> = whole.iter().filter(|act| act["state"] != "void").cloned().collect();
        assert_eq!(sum(&days, "mg"), sum(&counted, "mg"));
        assert_eq!(account["month_mg"].as_i64(), Some(sum(&days, "mg")));

        // an act: its last step is its grams, every factor has a tier and a source, and every gram has an owner
        let ride = whole.iter().find(|act| act["scene"] == "metro").expect("a ride");
        let act = person.read(&format!("/api/v1/me/acts/{}", text_of(ride, "id"))).await.json();
        let steps = act["working"]["steps"].as_array().expect("steps");
        assert_eq!(steps.last().expect("a step")["value"].as_str(), Some(act["mg"].to_string().as_str()));
        let factors = act["working"]["factors"].as_array().expect("factors");
        assert!(!factors.is_empty() && factors.iter().all(|factor| factor["tier"].is_string() && factor["source"]["en"].is_string()));
        assert_eq!(sum(act["places"].as_array().expect("places"), "mg"), act["mg"].as_i64().expect("mg"));

        assert!(listed(&mut person, "/api/v1/me/consents").await.iter().any(|one| one["purpose"] == "assignment"));
        let orders = listed(&mut person, "/api/v1/me/orders").await;
        assert!(orders.iter().any(|order| order["state"] == "frozen"), "{orders:?}");
        assert_eq!(sum(&listed(&mut person, "/api/v1/me/gifts").await, "points"), 300);
        let rating = person.read("/api/v1/me/rating").await.json();
        assert_eq!((rating["year"].as_i64(), rating["runs"].as_bool()), (Some(2026), Some(true)));
        assert_eq!(rating["rating"]["parts"].as_array().map(Vec::len), Some(3));
        let export = person.read("/api/v1/me/export").await.json();
        assert!(export["activities"].as_array().expect("acts").len() >= whole.len());
        assert!(!listed(&mut person, "/api/v1/me/points").await.is_empty());
    }

    async fn acts_of_a_person_by_program_happen_once_and_are_refused_at_their_fields(database) {
        let house = House::demo(&database).await;
        let mut person = Program::of(&house, "commuter").await;
        let ride = json!({"scene": "own_cup", "day": "2026-03-08"});
        let first = person.act("/api/v1/me/acts", "cup", &ride).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        assert_eq!(first.json()["mg"], 0, "by hand, without a photo");
        assert_eq!(person.act("/api/v1/me/acts", "cup", &ride).await.json(), first.json());
        let other = json!({"scene": "own_cup", "day": "2026-03-07"});
        assert_eq!(person.act("/api/v1/me/acts", "cup", &other).await.status, StatusCode::CONFLICT);
        let ahead = json!({"scene": "own_cup", "day": "2027-03-07"});
        assert_eq!(person.refused_at("/api/v1/me/acts", "ahead", &ahead).await, ("day".to_owned(), "activity_ahead".to_owned()));

        let consents = listed(&mut person, "/api/v1/me/consents").await;
        let board = consents.iter().find(|one| one["purpose"] == "board").expect("on boards");
        let path = format!("/api/v1/me/consents/{}/withdrawal", text_of(board, "id"));
        assert_eq!(person.act(&path, "off the boards", &json!({})).await.status, StatusCode::OK);
        let again = json!({"purpose": "board", "nickname": "小满", "agrees": "yes"});
        assert_eq!(person.act("/api/v1/me/consents", "on the boards", &again).await.status, StatusCode::OK);
        assert_envelope(&person.act("/api/v1/me/consents", "twice", &again).await, StatusCode::UNPROCESSABLE_ENTITY, "consent_given");
        let none = json!({"goods": "none"});
        assert_envelope(&person.act("/api/v1/me/orders", "nothing", &none).await, StatusCode::UNPROCESSABLE_ENTITY, "goods_not_offered");
        let points = person.read("/api/v1/me").await.json()["points"].as_i64().expect("points");
        let campaign = listed(&mut person, "/api/v1/me/gifts").await[0]["campaign"].clone();
        let gift = json!({"campaign": campaign, "points": "7"});
        for _ in 0..2 {
            assert_eq!(person.act("/api/v1/me/gifts", "seven", &gift).await.json()["points"], 7);
        }
        assert_eq!(person.read("/api/v1/me").await.json()["points"], points - 7);
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    async fn nobody_else_reads_a_personal_account(database) {
        let house = House::demo(&database).await;
        let mut person = Program::of(&house, "commuter").await;
        let acts = listed(&mut person, "/api/v1/me/acts?month=2026-03").await;
        let act = format!("/api/v1/me/acts/{}", text_of(&acts[0], "id"));
        let mut stranger = house.browser();
        let mut others = Vec::new();
        for name in ["operator", "events", "vvb1"] {
            others.push(Program::of(&house, name).await);
        }
        for path in PATHS.iter().copied().chain([act.as_str()]) {
            assert_envelope(&stranger.get(path).await, StatusCode::UNAUTHORIZED, "token_invalid");
            for other in &mut others {
                assert_envelope(&other.read(path).await, StatusCode::FORBIDDEN, "role_not_allowed");
            }
        }
        let mut neighbour = Program::of(&house, "household01").await;
        assert_envelope(&neighbour.read(&act).await, StatusCode::NOT_FOUND, "not_found");
        let own = listed(&mut neighbour, "/api/v1/me/acts?month=2025-08").await;
        assert!(!own.is_empty() && own.iter().all(|one| one["scene"] == "rooftop_solar"));
        for wrong in ["/api/v1/me/acts?month=2026-13", "/api/v1/me/acts?month=now", "/api/v1/me/days?limit=0x", "/api/v1/me/acts?limit=0"] {
            assert_envelope(&person.read(wrong).await, StatusCode::BAD_REQUEST, "query_malformed");
        }
        // a closed account's token opens nothing any more
        let closed = neighbour.read("/api/v1/me").await;
        assert_eq!(closed.status, StatusCode::OK);
        let by = demo_person(&house, "household01").await;
        let yes = form(&[("statement", "yes")]);
        house.registry.person_close(&by, &yes).await.expect("closed");
        assert_envelope(&neighbour.read("/api/v1/me").await, StatusCode::UNAUTHORIZED, "token_invalid");
    }
}
