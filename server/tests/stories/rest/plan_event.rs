//! A program takes an event from its plan to a published result, and every number it meets on the way is the same.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::own_events::Program;
use super::{assert_envelope, text_of};
use crate::support::{self, House, both_databases};

/// A month before the demo world's today: the event took place.
fn day() -> String {
    (server::seed::demo_now().beijing_date() - time::Duration::days(30)).to_string()
}

fn plan(people: &str) -> Value {
    json!({ "fields": {
        "template": "meeting", "name": "演示接口会议", "kind": "meeting", "starts_on": day(), "ends_on": day(), "province": "湖北", "city": "武汉",
        "people": people,
    } })
}

both_databases! {
    /// From nothing to a public version: desk, account, units and result agree, a repeated step gives its first answer, and each mistake has
    /// its field.
    async fn a_program_plans_accounts_for_and_publishes_an_event(database) {
        let house = House::demo(&database).await;
        let mut own = Program::of(&house, "events").await;
        assert_eq!(own.refused_at("/api/v1/events", "p0", &plan("nobody")).await.0, "people");
        let made = own.act("/api/v1/events", "p1", &plan("50")).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        assert_eq!(own.act("/api/v1/events", "p1", &plan("50")).await.text, made.text, "once");
        assert_envelope(&own.act("/api/v1/events", "p1", &plan("51")).await, StatusCode::CONFLICT, "key_reused");
        let number = text_of(&made.json(), "event").to_owned();
        let desk = format!("/api/v1/events/{number}/desk");
        let step = |name: &str| format!("/api/v1/events/{number}/steps/{name}");
        let none = json!({});

        for (other, status, code) in [("owner", StatusCode::NOT_FOUND, "not_found"), ("vvb1", StatusCode::FORBIDDEN, "role_not_allowed")] {
            let mut other = Program::of(&house, other).await;
            assert_envelope(&other.read(&desk).await, status, code);
            assert_envelope(&other.read(&format!("/api/v1/events/{number}/units-in-reach")).await, status, code);
            assert_envelope(&other.act(&step("account"), "theirs", &none).await, status, code);
        }
        assert_envelope(&own.browser.get(&desk).await, StatusCode::UNAUTHORIZED, "token_invalid");
        assert_envelope(&own.act(&step("everything"), "s0", &none).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&own.act(&step("credits_retire"), "s0", &none).await, StatusCode::NOT_FOUND, "not_found");
        assert_eq!(own.refused_at(&step("unit_remove"), "s1", &none).await, ("unit".to_owned(), "required".to_owned()));
        // a plan is published before the event or not at all
        assert_eq!(own.act(&step("plan_publish"), "s2", &none).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        let seen = own.read(&desk).await.json();
        assert_eq!((text_of(&seen["fields"], "people"), &seen["accounted"]), ("50", &Value::Null), "{seen}");
        assert!(seen["problems"].as_array().is_some_and(Vec::is_empty) && seen["open_classes"].as_array().is_some_and(Vec::is_empty));
        let kilograms = text_of(&seen, "footprint_kg").to_owned();
        let changed = json!({ "fields": { "lines": text_of(&seen, "inventory") } });
        let kept = own.act(&step("inventory_save"), "s3", &changed).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
        assert_eq!(kept.json()["rows"].as_i64(), Some(i64::try_from(text_of(&seen, "inventory").lines().count() - 1).expect("few")));
        let accounted = own.act(&step("account"), "s4", &none).await;
        assert_eq!(accounted.status, StatusCode::OK, "{}", accounted.text);
        assert_eq!(own.act(&step("account"), "s4", &none).await.text, accounted.text);
        let seen = own.read(&desk).await.json();
        assert_eq!((text_of(&seen["accounted"], "total_kg"), &seen["accounted"]["current"]), (kilograms.as_str(), &json!(true)));
        let tonnes = seen["accounted"]["tonnes"].as_i64().expect("tonnes");
        let reach = own.read(&format!("/api/v1/events/{number}/units-in-reach")).await.json();
        assert_eq!(reach["missing"].as_i64(), Some(tonnes), "{reach}");
        assert!(reach["offers"].as_array().is_some_and(|offers| offers.iter().all(|offer| offer["quantity"].as_i64() >= Some(tonnes))));
        let early = own.act(&step("publish"), "s5", &none).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing covers it: {}", early.text);

        let unit = |quantity: i64| json!({ "fields": {
            "kind": "allowance", "registry": "某地方登记系统", "reference": format!("A 1-{quantity}"), "quantity": quantity.to_string(),
            "cancelled_on": day(), "evidence": "注销证明",
        } });
        let wrong = own.act(&step("unit_add"), "u1", &unit(tonnes + 5)).await;
        assert_eq!(wrong.status, StatusCode::OK, "{}", wrong.text);
        let entered = own.read(&desk).await.json()["units"][0].clone();
        assert_eq!((text_of(&entered, "kind"), entered["tonnes"].as_i64()), ("allowance", Some(tonnes + 5)));
        let back = json!({ "fields": { "unit": text_of(&entered, "id") } });
        assert_eq!(own.act(&step("unit_remove"), "u2", &back).await.status, StatusCode::OK);
        assert_eq!(own.act(&step("unit_add"), "u3", &unit(tonnes)).await.status, StatusCode::OK);
        let covered = json!({ "classes": [], "statement": true });
        let covered = own.act(&format!("/api/v1/events/{number}/retirements"), "u4", &covered).await;
        assert_eq!((covered.status, text_of(&covered.json(), "state")), (StatusCode::OK, "covered"), "{}", covered.text);
        let declared = json!({ "evaluation": "self", "evaluation_text": "自我声明", "statement": true });
        assert_eq!(own.act(&format!("/api/v1/events/{number}/evaluation"), "u5", &declared).await.status, StatusCode::OK);
        let published = own.act(&step("publish"), "u6", &none).await;
        assert_eq!((published.status, text_of(&published.json(), "state")), (StatusCode::OK, "neutral"), "{}", published.text);
        let public = house.browser().get(&format!("/api/v1/events/{number}")).await.json();
        let version = &public["versions"][0];
        assert_eq!((text_of(version, "total_kg"), version["tonnes"].as_i64(), version["counted_tonnes"].as_i64()), (kilograms.as_str(), Some(tonnes), Some(tonnes)));
        assert_eq!(own.read(&desk).await.json()["version"].as_i64(), Some(1));

        // next year's: the inventory is taken over, by the number of this one
        let again = |from: &str| json!({ "fields": {
            "from": from, "name": "演示接口会议（次年）", "kind": "meeting", "starts_on": "2027-02-07", "ends_on": "2027-02-07", "province": "湖北", "people": "50",
        } });
        assert_eq!(own.refused_at("/api/v1/events", "n0", &again("E2026-999999-9")).await, ("from".to_owned(), "choice_invalid".to_owned()));
        let copy = own.act("/api/v1/events", "n1", &again(&number)).await;
        assert_eq!(copy.status, StatusCode::OK, "{}", copy.text);
        assert_eq!(own.act("/api/v1/events", "n1", &again(&number)).await.text, copy.text, "once");
        let copy = own.read(&format!("/api/v1/events/{}/desk", text_of(&copy.json(), "event"))).await.json();
        assert_eq!(text_of(&copy, "inventory").lines().count(), text_of(&seen, "inventory").lines().count());
    }

    /// The form for attendees opens under an address that is given once for one key; a table that is no table says so at its field.
    async fn a_program_opens_the_form_for_attendees(database) {
        let house = House::demo(&database).await;
        let mut own = Program::of(&house, "events").await;
        let made = own.act("/api/v1/events", "p1", &plan("50")).await;
        let number = text_of(&made.json(), "event").to_owned();
        let step = |name: &str| format!("/api/v1/events/{number}/steps/{name}");
        let open = json!({ "fields": { "open": "yes" } });
        let opened = own.act(&step("form_set"), "f1", &open).await;
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
        assert_eq!(own.act(&step("form_set"), "f1", &open).await.text, opened.text);
        let form = text_of(&opened.json(), "form").to_owned();
        assert_eq!(house.browser().get(&format!("/attend/{form}")).await.status, StatusCode::OK);
        assert_eq!(text_of(&own.read(&format!("/api/v1/events/{number}/desk")).await.json(), "form"), form);
        let table = json!({ "fields": { "attendees": "no table" } });
        let (field, _) = own.refused_at(&step("attendees_import"), "f2", &table).await;
        assert!(field.starts_with("attendees"), "{field}");
        let closed = own.act(&step("form_set"), "f3", &json!({})).await;
        assert_eq!((closed.status, &closed.json()["form"]), (StatusCode::OK, &Value::Null), "{}", closed.text);
        assert_eq!(house.browser().get(&format!("/attend/{form}")).await.status, StatusCode::NOT_FOUND);
    }

    /// Codes, cities and their mistakes: what the page beside the inventory says, for anyone.
    async fn a_flight_is_measured_for_anyone(database) {
        let house = House::demo(&database).await;
        let mut anyone = house.browser();
        let one = anyone.get("/api/v1/flights?from=PEK&to=SZX").await.json();
        let all = anyone.get("/api/v1/flights?from=PEK&to=SZX&people=12&ways=return").await.json();
        let km = one["km"].as_i64().expect("kilometres");
        assert!((1_900..2_000).contains(&km), "{one}");
        assert_eq!((one["passenger_km"].as_i64(), all["passenger_km"].as_i64()), (Some(km), Some(km * 24)));
        for (query, field) in [("from=PEK&to=XXQ", "to"), ("to=PEK", "from"), ("from=PEK&to=PEK", "to"), ("from=PEK&to=SZX&people=0", "people"), ("from=PEK&to=SZX&ways=thrice", "ways")] {
            let refused = anyone.get(&format!("/api/v1/flights?{query}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", refused.text);
            assert_eq!(text_of(&refused.json()["error"]["fields"][0], "field"), field, "{query}");
        }
        assert_envelope(&anyone.get("/api/v1/flights?class=first").await, StatusCode::BAD_REQUEST, "query_malformed");
    }
}
