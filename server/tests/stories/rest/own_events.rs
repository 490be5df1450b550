//! What organisers do with their events through the REST interface besides suppliers, blocks and overlaps; and what the registry does with
//! the certificates that cover them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{NOBODY, assert_envelope, items, planned_event, text_of, token};
use crate::support::{self, Browser, House, both_databases};

/// A program that calls with the token of a demo person.
pub struct Program {
    pub browser: Browser,
    bearer: String,
}

impl Program {
    pub async fn of(house: &House, name: &str) -> Self {
        let token = token(&mut house.browser_of(name).await).await;
        Self {
            browser: house.browser(),
            bearer: format!("Bearer {token}"),
        }
    }

    pub async fn read(&mut self, path: &str) -> support::Answer {
        let headers = [("authorization", self.bearer.as_str())];
        self.browser
            .send(Method::GET, path, &headers, Body::empty())
            .await
    }

    pub async fn act(&mut self, path: &str, key: &str, body: &Value) -> support::Answer {
        let headers = [
            ("authorization", self.bearer.as_str()),
            ("idempotency-key", key),
        ];
        self.browser.json(path, &headers, body).await
    }

    /// The first field at which a request is refused.
    pub async fn refused_at(&mut self, path: &str, key: &str, body: &Value) -> (String, String) {
        let answer = self.act(path, key, body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.text
        );
        let error = answer.json()["error"]["fields"][0].clone();
        (
            text_of(&error, "field").to_owned(),
            text_of(&error, "code").to_owned(),
        )
    }
}

pub async fn organiser(house: &House) -> registry::By {
    demo_person(house, "events").await
}

/// Somebody of the demo world, about to act.
pub async fn demo_person(house: &House, name: &str) -> registry::By {
    let address = format!("{name}@demo.huitan");
    let user = house.registry.user_by_email(&address).await;
    let user = user.expect("a read").expect("a demo person").user;
    registry::By {
        user: user.id,
        organisation: user.organisation,
        role: user.role,
        at: server::seed::demo_now(),
        key: support::unique(),
    }
}

pub fn form(pairs: &[(&str, &str)]) -> registry::Fields {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Opens the form for attendees and answers it so often.
async fn answered(house: &House, event: &str, times: usize) {
    let by = organiser(house).await;
    let open = form(&[("open", "yes")]);
    let opened = house
        .registry
        .event_form_set(&by, event, &open, "rest-form")
        .await;
    opened.expect("an open form");
    for at in 0..times {
        let visitor = registry::Visitor {
            at: server::seed::demo_now(),
            key: support::unique(),
        };
        let answer = form(&[
            ("mode", "metro"),
            ("km", "12"),
            ("secret", &format!("s{at}")),
        ]);
        let given = house
            .registry
            .event_attend(&visitor, None, "rest-form", &answer);
        given.await.expect("an answer");
    }
}

both_databases! {
    /// Answers of the form are read in pages, struck out with a reason, and taken in again; each mistake has its field, a repeated request
    /// its first answer, and nobody else sees any of it.
    async fn answers_are_struck_out_and_taken_in_again(database) {
        let house = House::demo(&database).await;
        let (number, id) = planned_event(&house).await;
        answered(&house, &id, 3).await;
        let mut own = Program::of(&house, "events").await;
        let path = format!("/api/v1/events/{number}/answers");
        assert_envelope(&own.browser.get(&path).await, StatusCode::UNAUTHORIZED, "token_invalid");
        for (other, status, code) in [("owner", StatusCode::NOT_FOUND, "not_found"), ("vvb1", StatusCode::FORBIDDEN, "role_not_allowed")] {
            let mut other = Program::of(&house, other).await;
            assert_envelope(&other.read(&path).await, status, code);
            let theirs = json!({ "decision": "strike", "answers": [NOBODY], "reason": "重复" });
            assert_envelope(&other.act(&path, "theirs", &theirs).await, status, code);
        }
        let first = own.read(&format!("{path}?limit=2")).await.json();
        assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
        let next = text_of(&first, "next").to_owned();
        let last = own.read(&format!("{path}?limit=2&after={next}")).await.json();
        assert_eq!((last["items"].as_array().map(Vec::len), last["next"].is_null()), (Some(1), true));
        let answer = text_of(&last["items"][0], "id").to_owned();
        assert!(last["items"][0]["struck"].is_null());
        assert_envelope(&own.read(&format!("{path}?limit=0")).await, StatusCode::BAD_REQUEST, "query_malformed");

        let strike = |decision: &str, answers: &[&str], reason: &str| json!({ "decision": decision, "answers": answers, "reason": reason });
        assert_eq!(own.refused_at(&path, "w1", &strike("delete", &[&answer], "重复")).await, ("decision".to_owned(), "choice_invalid".to_owned()));
        assert_eq!(own.refused_at(&path, "w2", &strike("strike", &[&answer], "")).await, ("reason".to_owned(), "reason_required".to_owned()));
        for (key, wrong) in [("w3", strike("strike", &[], "重复")), ("w4", strike("strike", &[NOBODY], "重复"))] {
            assert_envelope(&own.act(&path, key, &wrong).await, StatusCode::UNPROCESSABLE_ENTITY, "event_answers_none");
        }
        let keyless = [("authorization", own.bearer.as_str())];
        let keyless = house.browser().json(&path, &keyless, &strike("strike", &[&answer], "重复")).await;
        assert_envelope(&keyless, StatusCode::UNPROCESSABLE_ENTITY, "key_missing");

        let done = own.act(&path, "strike", &strike("strike", &[&answer], "重复")).await;
        assert_eq!((done.status, done.json()["changed"].as_i64()), (StatusCode::OK, Some(1)), "{}", done.text);
        assert_eq!(own.act(&path, "strike", &strike("strike", &[&answer], "重复")).await.text, done.text);
        assert_envelope(&own.act(&path, "strike", &strike("strike", &[&answer], "误填")).await, StatusCode::CONFLICT, "key_reused");
        let sources = format!("/api/v1/events/{number}/attendee-sources");
        assert_eq!(own.read(&sources).await.json()["form"], 2);
        let back = own.act(&path, "restore", &strike("restore", &[&answer], "核实过")).await;
        assert_eq!(back.status, StatusCode::OK, "{}", back.text);
        assert_eq!(own.read(&sources).await.json()["form"], 3);
    }

    /// Which of table and form counts is read and decided.
    async fn table_or_form_is_decided(database) {
        let house = House::demo(&database).await;
        let (number, id) = planned_event(&house).await;
        answered(&house, &id, 2).await;
        let table = form(&[("attendees", "reference,mode,origin,km,nights,meals\nR1,metro,,12,0,1\n")]);
        let by = organiser(&house).await;
        house.registry.event_attendees_import(&by, &id, &table).await.expect("a table");
        let mut own = Program::of(&house, "events").await;
        let path = format!("/api/v1/events/{number}/attendee-sources");
        let told = own.read(&path).await.json();
        assert_eq!((&told["table"], &told["form"], &told["counts"]), (&json!(1), &json!(2), &Value::Null));
        let say = |counts: &str, reason: &str| json!({ "counts": counts, "reason": reason });
        assert_eq!(own.refused_at(&path, "w1", &say("form", "登记即全部")).await, ("counts".to_owned(), "choice_invalid".to_owned()));
        assert_eq!(own.refused_at(&path, "w2", &say("import", " ")).await, ("reason".to_owned(), "reason_required".to_owned()));
        let mut other = Program::of(&house, "owner").await;
        assert_envelope(&other.act(&path, "theirs", &say("import", "登记即全部")).await, StatusCode::NOT_FOUND, "not_found");
        let done = own.act(&path, "say", &say("import", "登记即全部")).await;
        assert_eq!((done.status, text_of(&done.json(), "event")), (StatusCode::OK, number.as_str()), "{}", done.text);
        assert_eq!(own.act(&path, "say", &say("import", "登记即全部")).await.text, done.text);
        assert_eq!(own.read(&path).await.json()["counts"], "import");
    }

    /// A published result is opened for a correction, and that is given up again while nothing was changed.
    async fn a_correction_is_opened_and_given_up(database) {
        let house = House::demo(&database).await;
        let mut own = Program::of(&house, "events").await;
        let events = items(&mut own.browser, "/api/v1/events").await;
        let neutral = events.iter().find(|event| event["neutral"] == true).expect("a neutral event");
        let number = text_of(neutral, "number").to_owned();
        let (open, withdraw) = (format!("/api/v1/events/{number}/correction"), format!("/api/v1/events/{number}/correction/withdraw"));
        assert_envelope(&own.act(&withdraw, "early", &Value::Null).await, StatusCode::UNPROCESSABLE_ENTITY, "state_does_not_allow");
        assert_eq!(own.refused_at(&open, "w1", &json!({})).await, ("reason".to_owned(), "reason_required".to_owned()));
        let why = json!({ "reason": "漏计发电机用油" });
        let mut other = Program::of(&house, "owner").await;
        assert_envelope(&other.act(&open, "theirs", &why).await, StatusCode::NOT_FOUND, "not_found");
        let (planned, _) = planned_event(&house).await;
        let planned = own.act(&format!("/api/v1/events/{planned}/correction"), "planned", &why).await;
        assert_envelope(&planned, StatusCode::UNPROCESSABLE_ENTITY, "state_does_not_allow");

        let done = own.act(&open, "open", &why).await;
        assert_eq!((done.status, text_of(&done.json(), "state")), (StatusCode::OK, "corrected"), "{}", done.text);
        assert_eq!(own.act(&open, "open", &why).await.text, done.text);
        let shown = own.browser.get(&format!("/api/v1/events/{number}")).await.json();
        assert_eq!((&shown["neutral"], &shown["correction"]["reason"]), (&json!(false), &why["reason"]));
        assert_envelope(&other.act(&withdraw, "theirs", &Value::Null).await, StatusCode::NOT_FOUND, "not_found");
        let back = own.act(&withdraw, "back", &Value::Null).await;
        assert_eq!((back.status, text_of(&back.json(), "state")), (StatusCode::OK, "neutral"), "{}", back.text);
        assert_eq!(own.browser.get(&format!("/api/v1/events/{number}")).await.json()["neutral"], true);
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// The registry corrects the words of a certificate, nobody else does; every version stays readable by anyone.
    async fn the_words_of_a_certificate_are_corrected_by_the_registry_only(database) {
        let house = House::demo(&database).await;
        let mut registry = Program::of(&house, "operator").await;
        // one that covers nothing that is published
        let mut owner = Program::of(&house, "owner").await;
        let given = json!({ "quantity": 3, "purpose": "public_benefit", "beneficiary": "演示受益人", "beneficiary_kind": "organisation" });
        let given = owner.act("/api/v1/credits/retirements", "given", &given).await;
        let number = text_of(&given.json(), "number").to_owned();
        let (shown, path) = (format!("/api/v1/retirements/{number}"), format!("/api/v1/retirements/{number}/corrections"));
        let before = registry.browser.get(&shown).await.json();
        let today = server::seed::demo_now().beijing_date().to_string();
        let words = |version: u32, beneficiary: &str| json!({
            "version": version, "beneficiary": beneficiary, "beneficiary_kind": "organisation", "purpose_text": before["purpose_text"],
            "reason": "名称不全", "request_number": "函〔2026〕7号", "request_date": today,
        });
        for other in ["owner", "events", "vvb1"] {
            let mut other = Program::of(&house, other).await;
            assert_envelope(&other.act(&path, "theirs", &words(1, "某公司")).await, StatusCode::FORBIDDEN, "role_not_allowed");
        }
        assert_envelope(&registry.act("/api/v1/retirements/HTR-2026-999999-9/corrections", "none", &words(1, "某公司")).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&registry.act(&path, "stale", &words(2, "某公司")).await, StatusCode::UNPROCESSABLE_ENTITY, "stale_form");
        let mut unasked = words(1, "某公司");
        unasked["request_number"] = Value::Null;
        assert_eq!(registry.refused_at(&path, "unasked", &unasked).await, ("request_number".to_owned(), "required".to_owned()));
        let mut unknown = words(1, "某公司");
        unknown["quantity"] = json!(1);
        assert_envelope(&registry.act(&path, "unknown", &unknown).await, StatusCode::UNPROCESSABLE_ENTITY, "json_malformed");
        assert_eq!(registry.browser.get(&shown).await.json(), before, "nothing was changed");

        let done = registry.act(&path, "correct", &words(1, "演示受益人有限公司")).await;
        assert_eq!((done.status, done.json()), (StatusCode::OK, json!({ "number": number, "version": 2 })), "{}", done.text);
        assert_eq!(registry.act(&path, "correct", &words(1, "演示受益人有限公司")).await.text, done.text);
        let after = house.browser().get(&shown).await.json();
        assert_eq!((&after["beneficiary"], &after["quantity"], &after["lines"]), (&json!("演示受益人有限公司"), &before["quantity"], &before["lines"]));
        let versions = after["versions"].as_array().expect("versions");
        assert_eq!((versions.len(), &versions[0]["beneficiary"], &versions[1]["reason"]), (2, &before["beneficiary"], &json!("名称不全")));
        assert!(!after.to_string().contains("函〔2026〕7号"), "the request is between holder and registry");
        for version in [1, 2] {
            let file = house.browser().get(&format!("{shown}/certificate?version={version}")).await;
            assert_eq!(file.status, StatusCode::OK, "{}", file.text);
        }
        // what covers something public is not reworded to be for somebody else, and the refusal stands at its field
        let rows = items(&mut registry.browser, "/api/v1/retirements").await;
        let covering = rows.iter().find(|row| row["purpose"] == "product").expect("a retirement for a product");
        let (covering, path) = (text_of(covering, "number"), format!("/api/v1/retirements/{}/corrections", text_of(covering, "number")));
        let mut away = words(1, "某公司");
        away["purpose_text"] = registry.browser.get(&format!("/api/v1/retirements/{covering}")).await.json()["purpose_text"].clone();
        assert_eq!(registry.refused_at(&path, "away", &away).await, ("beneficiary".to_owned(), "certificate_covers".to_owned()));
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// Where credits of carbon inclusion name a project there is a scheme: its number leads somewhere, as on the pages.
    async fn the_number_of_a_scheme_leads_to_the_scheme(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let found = browser.get("/api/v1/projects/P910001").await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        let scheme = found.json();
        assert_eq!((&scheme["code"], &scheme["methodology"], &scheme["recognition"]), (&json!("P910001"), &json!("inclusion"), &json!("provincial")));
        let batch = &scheme["batches"][0];
        assert_eq!(batch["tonnes"], scheme["classes"][0]["issued"]);
        assert!(batch["recognition_title"].as_str().is_some_and(|title| title.starts_with("演示")), "{batch}");
        for same in [text_of(&scheme, "id"), "p910001", "%EF%BC%B0910001"] {
            assert_eq!(browser.get(&format!("/api/v1/projects/{same}")).await.json(), scheme, "{same}");
            let page = browser.get(&format!("/projects/{same}")).await;
            assert_eq!(page.status, StatusCode::OK, "{same}");
            assert!(page.text.contains(text_of(batch, "number")), "{same} names its batches");
        }
        assert!(items(&mut browser, "/api/v1/projects/P910001/reports").await.is_empty());
        assert_envelope(&browser.get("/api/v1/projects/P910002").await, StatusCode::NOT_FOUND, "not_found");
        let listed = items(&mut browser, "/api/v1/projects?limit=200").await;
        assert!(listed.iter().all(|row| row["code"] != "P910001"), "it is no project");
    }
}
