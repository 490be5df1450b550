//! The REST interface by route: what it gives, what it refuses, in which form.

mod evaluations;
mod me;
mod own_events;
mod plan_event;
mod staff;
use crate::support::{self, Browser, House, both_databases};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// An error must have the one form, whatever it is about.
fn assert_envelope(answer: &support::Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let envelope = answer.json();
    let error = &envelope["error"];
    assert_eq!(error["code"], code, "{envelope}");
    for text in ["message_zh", "message_en"] {
        assert!(
            error[text].as_str().is_some_and(|text| !text.is_empty()
                && !text.contains("refusal.")
                && !text.contains("%{")),
            "{envelope}"
        );
    }
    assert!(error["fields"].is_array(), "{envelope}");
    assert_eq!(
        error["request_id"],
        answer.header("x-request-id"),
        "{envelope}"
    );
    assert_eq!(envelope.as_object().map(serde_json::Map::len), Some(1));
}

/// Reads with a token.
async fn read(program: &mut Browser, path: &str, bearer: &str) -> support::Answer {
    let headers = [("authorization", bearer)];
    program
        .send(Method::GET, path, &headers, Body::empty())
        .await
}

/// Makes an access token on the account page, as a person does.
async fn token(browser: &mut Browser) -> String {
    let page = browser
        .act("/account", "user_create_token", &[("name", "test")])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let start = page.text.find("huitan_").expect("the token is shown");
    page.text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

async fn account_number(house: &House, name: &str) -> String {
    let user = house
        .registry
        .user_by_email(&format!("{name}@demo.huitan"))
        .await
        .expect("a read")
        .expect("a demo person");
    user.user.account_number
}

/// The event of the demo world that is being planned: its number and its id.
async fn planned_event(house: &House) -> (String, String) {
    let user = house.registry.user_by_email("events@demo.huitan").await;
    let user = user.expect("a read").expect("a demo person").user;
    let by = registry::By {
        user: user.id,
        organisation: user.organisation,
        role: user.role,
        at: server::seed::demo_now(),
        key: String::new(),
    };
    let page = registry::PageRequest {
        after: None,
        size: 50,
    };
    let events = house.registry.event_list(&by, &page).await;
    let mut events = events.expect("events").rows.into_iter();
    let event = events.find(|event| event.name.contains("五十人"));
    let event = event.expect("the meeting of fifty people");
    (event.number, event.id)
}

async fn items(browser: &mut Browser, path: &str) -> Vec<Value> {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()["items"].as_array().expect("a list").clone()
}

/// What a PDF says, read by the maps of its fonts as a reader's search reads it: the signs one after the other, without the breaks of lines
/// and cells.
fn printed(document: &support::Answer) -> String {
    assert_eq!(
        document.header("content-type"),
        "application/pdf",
        "{}",
        document.status
    );
    let text = pdf_extract::extract_text_from_mem(&document.bytes).expect("a PDF with a text");
    without_spaces(&text)
}

fn without_spaces(text: &str) -> String {
    let sign = |sign: &char| !sign.is_whitespace() && *sign != '\u{200b}';
    text.chars().filter(sign).collect()
}

/// What must be printed, and the same with another last digit, which must not.
fn assert_printed(document: &str, told: &[String]) {
    for told in told {
        let told = without_spaces(told);
        assert!(
            document.contains(&told),
            "{told} is not printed in {document}"
        );
        let last = told
            .rfind(|sign: char| sign.is_ascii_digit())
            .expect("a number");
        let other = (told.as_bytes()[last] - b'0' + 1) % 10;
        let wrong = format!("{}{other}{}", &told[..last], &told[last + 1..]);
        assert!(
            !document.contains(&wrong),
            "{wrong} is printed beside {told}"
        );
    }
}

/// Every number that stands before a unit, and not before a unit of something else (`kgCO2e/kWh`).
fn numbers_before<'a>(document: &'a str, unit: &str) -> std::collections::BTreeSet<&'a str> {
    let found = document.match_indices(unit);
    let whole = found.filter(|(at, _)| !document[at + unit.len()..].starts_with('/'));
    let parts = whole.map(|(at, _)| &document[..at]);
    parts
        .map(|before| {
            let number = |sign: char| sign.is_ascii_digit() || ".,".contains(sign);
            &before[before.trim_end_matches(number).len()..]
        })
        .filter(|number| !number.is_empty())
        .collect()
}

/// A text of a JSON value.
fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

both_databases! {
    /// Everything that is public, route by route.
    async fn what_is_public_can_be_read(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();

        let all = items(&mut browser, "/api/v1/projects?limit=200").await;
        assert!(all.len() > 10);
        let registered = items(&mut browser, "/api/v1/projects?tab=registered&methodology=CCER-01-001-V01").await;
        assert!(!registered.is_empty());
        assert!(registered.iter().all(|row| row["state"] == "registered" && row["methodology"] == "CCER-01-001-V01"));
        assert_eq!(items(&mut browser, &format!("/api/v1/projects?q={}", support::encode("甲子湾"))).await.len(), 1);
        assert!(items(&mut browser, "/api/v1/projects?q=nothing-like-this").await.is_empty());

        let code = registered[0]["code"].as_str().expect("a code").to_owned();
        let id = registered[0]["id"].as_str().expect("an id").to_owned();
        let by_code = browser.get(&format!("/api/v1/projects/{code}")).await.json();
        let by_id = browser.get(&format!("/api/v1/projects/{id}")).await.json();
        assert_eq!(by_code, by_id);
        assert_eq!(by_code["name"], registered[0]["name"]);
        assert!(by_code["timeline"].as_array().is_some_and(|entries| entries.iter().any(|entry| entry["act"] == "project_register")));
        assert_envelope(&browser.get(&format!("/api/v1/projects/{NOBODY}")).await, StatusCode::NOT_FOUND, "not_found");

        let reports = items(&mut browser, "/api/v1/reports?state=issued").await;
        assert_eq!(reports.len(), 5);
        let report = browser.get(&format!("/api/v1/reports/{}", reports[0]["id"].as_str().expect("an id"))).await.json();
        let lines: i64 = report["lines"].as_array().expect("lines").iter().filter_map(|line| line["tonnes"].as_i64()).sum();
        assert_eq!(report["issued_tonnes"], lines);
        let of_project = format!("/api/v1/projects/{}/reports", reports[0]["project"].as_str().expect("an id"));
        assert!(items(&mut browser, &of_project).await.iter().any(|row| row["id"] == reports[0]["id"]));
        assert_envelope(&browser.get(&format!("/api/v1/reports/{NOBODY}")).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&browser.get(&format!("/api/v1/projects/{NOBODY}/reports")).await, StatusCode::NOT_FOUND, "not_found");

        let classes = items(&mut browser, "/api/v1/classes").await;
        assert!(classes.len() >= 9);
        let class = browser.get(&format!("/api/v1/classes/{}", classes[0]["id"].as_str().expect("an id"))).await.json();
        assert_eq!(class, classes[0]);
        assert_envelope(&browser.get("/api/v1/classes/none").await, StatusCode::NOT_FOUND, "not_found");

        let serial = classes[0]["serial"].as_str().expect("a serial");
        let found = browser.get(&format!("/api/v1/serials/{serial}")).await.json();
        let sum: i64 = found["parts"].as_array().expect("parts").iter().map(|part| part["end"].as_i64().unwrap_or(0) - part["start"].as_i64().unwrap_or(0) + 1).sum();
        assert_eq!(classes[0]["issued"], sum);
        assert_envelope(&browser.get("/api/v1/serials/nonsense").await, StatusCode::UNPROCESSABLE_ENTITY, "serial_invalid");

        let statistics = browser.get("/api/v1/statistics").await.json();
        let of_classes = |name: &str| classes.iter().filter_map(|class| class[name].as_i64()).sum::<i64>();
        for name in ["issued", "held", "retired"] {
            assert_eq!(statistics[name], of_classes(name), "{name}");
        }
    }

    /// A certificate's digest is that of its canonical text, and its blocks add up.
    async fn a_certificate_can_be_checked(database) {
        use sha2::Digest;
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let retirements = items(&mut browser, "/api/v1/retirements").await;
        assert_eq!(retirements.len(), 7);
        assert_eq!(items(&mut browser, &format!("/api/v1/retirements?q={}", support::encode("马拉松"))).await.len(), 5);
        for row in &retirements {
            let page = browser.get(&format!("/retirements/{}", row["number"].as_str().expect("a number"))).await;
            assert_eq!(page.status, StatusCode::OK, "{row}");
            let certificate = browser.get(&format!("/api/v1/retirements/{}", row["number"].as_str().expect("a number"))).await.json();
            let canonical = certificate["canonical"].as_str().expect("a canonical text");
            assert_eq!(certificate["digest"], hex::encode(sha2::Sha256::digest(canonical)));
            let facts: Value = serde_json::from_str(canonical).expect("JSON");
            assert_eq!(facts["number"], row["number"]);
            let sum: i64 = certificate["lines"].as_array().expect("lines").iter().filter_map(|line| line["quantity"].as_i64()).sum();
            assert_eq!(certificate["quantity"], sum);
            assert_eq!(facts["quantity"], sum);
        }
        assert_envelope(&browser.get("/api/v1/retirements/HTR-2026-999999-9").await, StatusCode::NOT_FOUND, "not_found");
    }

    /// Walking a list by key meets every row once.
    async fn lists_are_read_in_pages(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let whole = items(&mut browser, "/api/v1/projects?limit=200").await;
        let (mut walked, mut after) = (Vec::new(), String::new());
        loop {
            let answer = browser.get(&format!("/api/v1/projects?limit=3{after}")).await.json();
            let rows = answer["items"].as_array().expect("rows").clone();
            assert!(rows.len() <= 3);
            walked.extend(rows);
            match answer["next"].as_str() {
                Some(next) => after = format!("&after={}", support::encode(next)),
                None => break,
            }
        }
        assert_eq!(walked, whole);
        for wrong in ["limit=0", "limit=201", "limit=many", "tab=all", "unknown=1"] {
            assert_envelope(&browser.get(&format!("/api/v1/projects?{wrong}")).await, StatusCode::BAD_REQUEST, "query_malformed");
        }
    }

    /// The published event of the demo world: page, certificate, badge, spreadsheet, evidence, REST and ledger say the same numbers.
    async fn the_numbers_of_an_event_agree_everywhere(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let events = items(&mut browser, "/api/v1/events").await;
        let number = events.iter().find(|event| event["neutral"] == true).expect("a neutral event")["number"].as_str().expect("a number").to_owned();
        let event = browser.get(&format!("/api/v1/events/{number}")).await.json();
        let version = &event["versions"][0];
        let (kg, tonnes) = (version["total_kg"].as_str().expect("kilograms"), version["tonnes"].as_i64().expect("tonnes"));
        assert_eq!((kg, tonnes), ("66713.203664", 67));
        assert!(event["organisers"].is_array() && version["overlaps"].is_array());
        for page in ["", "/certificate"] {
            let page = browser.get(&format!("/events/{number}{page}")).await.text;
            assert!(page.contains("66,713.203664") && page.contains("67"), "{page}");
        }
        assert!(browser.get(&format!("/events/{number}/badge.svg")).await.text.contains("67"));
        // the ledger behind the units
        let mut retired = 0;
        for unit in version["units"].as_array().expect("units") {
            assert!(unit["not_counted"].is_null(), "{unit}");
            let certificate = browser.get(&format!("/api/v1/retirements/{}", unit["reference"].as_str().expect("a number"))).await.json();
            assert_eq!(certificate["purpose"], "event");
            retired += certificate["quantity"].as_i64().expect("tonnes");
        }
        assert_eq!((version["counted_tonnes"].as_i64(), retired), (Some(67), 67));
        // every cell of the spreadsheet, as text
        let book = browser.get(&format!("/events/{number}/report.xlsx")).await.bytes;
        let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(book)).expect("a workbook");
        let cells: Vec<String> = calamine::Reader::worksheets(&mut book)
            .iter()
            .flat_map(|(_, sheet)| sheet.cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>())
            .collect();
        assert!(cells.iter().any(|cell| cell.contains(kg)), "{cells:?}");
        assert!(cells.iter().any(|cell| cell == "67" || cell.contains("67 t")), "{cells:?}");
        // the evidence is the same archive by both ways
        let pack = browser.get(&format!("/api/v1/events/{number}/evidence")).await;
        assert_eq!((pack.status, pack.header("content-type")), (StatusCode::OK, "application/zip"));
        assert!(pack.header("content-disposition").contains(&format!("{number}-v1.zip")));
        assert!(pack.bytes == browser.get(&format!("/events/{number}/evidence.zip")).await.bytes, "the same bytes");
        for missing in [format!("/api/v1/events/{number}/evidence?version=99"), "/api/v1/events/E2026-999999-1/evidence".to_owned()] {
            assert_envelope(&browser.get(&missing).await, StatusCode::NOT_FOUND, "not_found");
        }
        assert_envelope(&browser.get(&format!("/api/v1/events/{number}/evidence?form=pdf")).await, StatusCode::BAD_REQUEST, "query_malformed");
    }

    /// Units and an evaluating body that the organiser only typed in are told apart from the ledger on page, certificate, badge, PDF and REST.
    async fn what_an_organiser_states_is_nowhere_shown_as_checked(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let user = house.registry.user_by_email("events@demo.huitan").await.expect("a read").expect("a demo person").user;
        let at = server::seed::demo_now();
        let by = || registry::By {
            user: user.id.clone(),
            organisation: user.organisation.clone(),
            role: user.role,
            at,
            key: support::unique(),
        };
        let form = |pairs: &[(&str, &str)]| -> registry::Fields {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let day = (at.beijing_date() - time::Duration::days(30)).to_string();
        let meeting = form(&[
            ("quick", "yes"), ("name", "演示未核验会议"), ("kind", "meeting"), ("starts_on", &day), ("ends_on", &day), ("province", "湖北"),
            ("city", "武汉"), ("people", "20"),
        ]);
        let event = house.registry.event_create(&by(), &meeting).await.expect("an event");
        house.registry.event_account(&by(), &event.id).await.expect("account");
        let unit = form(&[
            ("kind", "allowance"), ("registry", "某地方登记系统"), ("reference", "A 1-100"), ("quantity", "100"), ("cancelled_on", &day),
            ("evidence", "注销证明"),
        ]);
        house.registry.event_unit_add(&by(), &event.id, &unit).await.expect("a unit");
        house.registry.event_retire(&by(), &event.id, &form(&[("statement", "yes")])).await.expect("covered");
        let body = form(&[("evaluation", "body"), ("evaluator", "某评价机构"), ("evaluation_text", "通过"), ("statement", "yes")]);
        house.registry.event_evaluate(&by(), &event.id, &body).await.expect("evaluated");
        house.registry.event_publish(&by(), &event.id).await.expect("published");

        let address = format!("/events/{}", event.number);
        for page in [address.clone(), format!("{address}/certificate")] {
            let text = browser.get(&page).await.text;
            for said in ["其中 100 tCO2e 由主办方填报", "主办方填报，本平台未核验", "该机构未在本平台确认", "碳中和为主办方的声明"] {
                assert!(text.contains(said), "{page}: {said}");
            }
        }
        let badge = browser.get(&format!("{address}/badge.svg")).await.text;
        assert!(badge.contains("主办方声明碳中和") && badge.contains("其中 100 t 未经平台核验") && !badge.contains("#0b5d3b"), "{badge}");
        let report = printed(&browser.get(&format!("{address}/report.pdf")).await);
        for said in ["其中 100 tCO2e 由主办方填报，本平台未核验", "该机构未在本平台确认"] {
            assert!(report.contains(&without_spaces(said)), "{said}: {report}");
        }
        let version = browser.get(&format!("/api/v1{address}")).await.json()["versions"][0].clone();
        assert_eq!((&version["unchecked_tonnes"], &version["evaluator_confirmed"]), (&json!(100), &json!(false)));
        assert_eq!(version["units"][0]["checked"], false);
        // what is in the ledger is green
        let events = items(&mut browser, "/api/v1/events").await;
        let mut others = events.iter().filter(|other| other["neutral"] == true && other["number"] != event.number.as_str());
        let checked = text_of(others.next_back().expect("the event of the demo world"), "number").to_owned();
        assert!(browser.get(&format!("/events/{checked}/badge.svg")).await.text.contains("#0b5d3b"));
    }

    /// The PDF of the report and of each certificate, read sign by sign: total, classes, every line, factors, units and serial numbers are
    /// those that the ledger tells, and no other amount is printed.
    async fn the_printed_numbers_of_an_event_are_those_of_the_ledger(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        let events = items(&mut browser, "/api/v1/events").await;
        let number = text_of(events.iter().find(|event| event["neutral"] == true).expect("a neutral event"), "number").to_owned();
        let event = browser.get(&format!("/api/v1/events/{number}")).await.json();
        let version = &event["versions"][0];
        let (kg, tonnes, footprint) = (text_of(version, "total_kg"), version["tonnes"].to_string(), &version["footprint"]);
        let report = printed(&browser.get(&format!("/events/{number}/report.pdf")).await);

        let mut told = vec![
            format!("活动编号{number}"),
            format!("排放总量{kg} kgCO2e"),
            format!("应抵销量{tonnes} tCO2e"),
            format!("已抵销量{} tCO2e", version["counted_tonnes"]),
            format!("合计{kg}100"),
            format!("不确定度±{}%", text_of(footprint, "uncertainty_percent")),
        ];
        for part in footprint["by_class"].as_array().expect("classes") {
            told.push(format!("{}{}{}", text_of(&part["title"], "zh"), text_of(part, "kg"), text_of(part, "share_percent")));
        }
        for factor in footprint["parameters"].as_array().expect("factors") {
            let value = text_of(factor, "value").parse::<rust_decimal::Decimal>().expect("a number").normalize();
            told.push(format!("{}{}{value} {}", text_of(&factor["title"], "zh"), text_of(factor, "id"), text_of(factor, "unit")));
        }
        // each line with its activity, its quantity and what it emits, as the organiser brought it
        let case = include_str!("../../../methodologies/cases/event/ev_1.toml");
        let lines = case.split("lines = \"\"\"\n").nth(1).and_then(|rest| rest.split("\"\"\"").next()).expect("the inventory");
        let brought: Vec<Vec<&str>> = lines.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let computed = footprint["lines"].as_array().expect("lines");
        assert_eq!((brought.len(), computed.len()), (19, 19));
        let mut sum = rust_decimal::Decimal::ZERO;
        for (brought, line) in brought.iter().zip(computed) {
            let line_kg = text_of(line, "kg").parse::<rust_decimal::Decimal>().expect("a number");
            sum += line_kg;
            told.push(format!("{}{}{}{}{}{}", brought[2], brought[3], brought[4], text_of(line, "factor"), brought[6], line_kg.normalize()));
        }
        assert_eq!(sum.to_string(), kg, "the lines come to the total");

        // the ledger behind the units: certificates, blocks, and each block by its serial numbers
        let mut retired = 0;
        for unit in version["units"].as_array().expect("units") {
            let reference = text_of(unit, "reference");
            let certificate = browser.get(&format!("/api/v1/retirements/{reference}")).await.json();
            let quantity = certificate["quantity"].as_i64().expect("tonnes");
            assert_eq!(unit["tonnes"].as_i64(), Some(quantity));
            retired += quantity;
            let blocks = certificate["lines"].as_array().expect("blocks");
            let serials: Vec<&str> = blocks.iter().map(|block| text_of(block, "serial")).collect();
            told.push(format!("{} {reference}{quantity}{}{}", text_of(unit, "registry"), text_of(unit, "cancelled_on"), serials.join(", ")));
            let sheet = printed(&browser.get(&format!("/retirements/{reference}/certificate.pdf")).await);
            assert_printed(&sheet, &[format!("{reference}{quantity}")]);
            let mut of_blocks = 0;
            for block in blocks {
                assert_printed(&sheet, &[format!("{}{}{}", text_of(block, "serial"), block["quantity"], text_of(block, "project_name"))]);
                let serial = browser.get(&format!("/api/v1/serials/{}", text_of(block, "serial"))).await.json();
                assert_eq!((&serial["retired"], &serial["parts"][0]["retirement"]), (&block["quantity"], &certificate["number"]));
                of_blocks += block["quantity"].as_i64().expect("tonnes");
            }
            assert_eq!(of_blocks, quantity);
        }
        told.push(format!("计入合计{retired}"));
        assert_printed(&report, &told);
        assert_eq!(numbers_before(&report, "kgCO2e"), [kg].into());
        assert_eq!(numbers_before(&report, "tCO2e"), [retired.to_string().as_str()].into());
        assert_eq!(report.matches("HTR-").count(), version["units"].as_array().map_or(0, Vec::len), "no other certificate is named");
        // the page that is printed for the wall names the same
        let page = browser.get(&format!("/events/{number}/certificate")).await.text;
        assert!(page.contains(&format!("<span class=\"certificate__quantity\">{retired}</span>")), "{page}");
        for unit in version["units"].as_array().expect("units") {
            assert!(page.contains(&format!("{} t · {}", unit["tonnes"], text_of(unit, "reference"))), "{page}");
        }
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// An organiser asks a supplier, the supplier answers by its link alone, the organiser decides; whoever is somebody else sees none of it.
    async fn a_supplier_is_asked_answers_and_is_decided_about(database) {
        let house = House::demo(&database).await;
        let (mut browser, mut program) = (house.browser_of("events").await, house.browser());
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let (number, _) = planned_event(&house).await;
        let suppliers = format!("/api/v1/events/{number}/suppliers");
        let headers = |key: &'static str| [("authorization", bearer.as_str()), ("idempotency-key", key)];
        assert_envelope(&program.get(&suppliers).await, StatusCode::UNAUTHORIZED, "token_invalid");
        let asked = json!({ "name": "测试·会议酒店", "classes": ["lodging"] });
        let first = program.json(&suppliers, &headers("ask"), &asked).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        assert_eq!(program.json(&suppliers, &headers("ask"), &asked).await.text, first.text, "asked once");
        let other = json!({ "name": "测试·另一酒店", "classes": ["lodging"] });
        assert_envelope(&program.json(&suppliers, &headers("ask"), &other).await, StatusCode::CONFLICT, "key_reused");
        for (wrong, field) in [(json!({ "name": "", "classes": ["lodging"] }), "name"), (json!({ "name": "甲", "classes": ["nonsense"] }), "classes.fossil_fixed")] {
            let refused = program.json(&suppliers, &headers("wrong"), &wrong).await;
            assert_eq!((refused.status, refused.json()["error"]["fields"][0]["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some(field)), "{}", refused.text);
        }
        let first = first.json();
        let supplier = text_of(&first, "supplier").to_owned();
        let link = text_of(&first, "address").rsplit('/').next().expect("a link").to_owned();

        // the supplier: no account, a secret of its own
        let form = format!("/api/v1/supply/{link}");
        let shown = program.get(&form).await.json();
        assert_eq!((text_of(&shown, "event"), shown["classes"][0].as_str(), shown["lines"].as_array().map(Vec::len)), (number.as_str(), Some("lodging"), Some(0)));
        let line = json!({ "secret": "only mine", "class": "lodging", "activity": "会议酒店", "quantity": "12", "unit": "room_night", "evidence": "账单" });
        let lines = format!("{form}/lines");
        assert_envelope(&program.json(&lines, &[], &line).await, StatusCode::UNPROCESSABLE_ENTITY, "key_missing");
        let key = [("idempotency-key", "1")];
        let given = program.json(&lines, &key, &line).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text);
        assert_eq!(program.json(&lines, &key, &line).await.text, given.text, "given once");
        let theirs = json!({ "secret": "of somebody else", "class": "lodging", "activity": "另一酒店", "quantity": "3", "unit": "room_night" });
        assert_eq!(program.json(&lines, &key, &theirs).await.status, StatusCode::OK, "the same key of another stranger is another key");
        let told = |secret: &str| format!("{form}?secret={}", support::encode(secret));
        assert_eq!(program.get(&told("only mine")).await.json()["lines"].as_array().map(Vec::len), Some(1));
        let wrong = json!({ "secret": "only mine", "class": "lodging", "activity": "会议酒店", "quantity": "many", "unit": "room_night" });
        let refused = program.json(&lines, &[("idempotency-key", "2")], &wrong).await;
        assert_eq!(refused.json()["error"]["fields"][0]["field"], "line.quantity", "{}", refused.text);

        // the organiser reads and decides
        let own = [("authorization", bearer.as_str())];
        let seen = program.send(Method::GET, &suppliers, &own, Body::empty()).await.json();
        let seen = seen["items"].as_array().expect("suppliers").iter().find(|one| one["id"] == supplier.as_str()).expect("the hotel").clone();
        assert_eq!((seen["lines"].as_array().map(Vec::len), seen["address"].as_str()), (Some(2), first["address"].as_str()));
        let given = given.json();
        let given = text_of(&given, "line");
        let decision = |line: &str| format!("{suppliers}/lines/{line}/decision");
        let accept = json!({ "decision": "accept", "stage": "hold", "factor": "hotel_china", "quality": "invoiced" });
        let decided = program.json(&decision(given), &headers("accept"), &accept).await;
        assert_eq!((decided.status, decided.json()["accepted"].as_bool()), (StatusCode::OK, Some(true)), "{}", decided.text);
        assert_envelope(&program.json(&decision(given), &headers("decline"), &json!({ "decision": "decline", "reason": "重复" })).await, StatusCode::UNPROCESSABLE_ENTITY, "event_supply_decided");
        assert_envelope(&program.json(&decision(NOBODY), &headers("nobody"), &accept).await, StatusCode::NOT_FOUND, "not_found");
        let withdrawn = json!({ "secret": "only mine", "line": given, "remove": true });
        assert_envelope(&program.json(&lines, &[("idempotency-key", "3")], &withdrawn).await, StatusCode::UNPROCESSABLE_ENTITY, "event_supply_decided");

        // closed, and nothing more is taken
        let close = format!("{suppliers}/{supplier}/close");
        let closed = program.json(&close, &headers("close"), &Value::Null).await;
        assert_eq!((closed.status, closed.json()["address"].is_null()), (StatusCode::OK, true), "{}", closed.text);
        assert_envelope(&program.get(&form).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&program.json(&lines, &[("idempotency-key", "4")], &line).await, StatusCode::UNPROCESSABLE_ENTITY, "event_form_closed");

        // somebody else's token sees no event
        let bearer = format!("Bearer {}", token(&mut house.browser_of("owner").await).await);
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "theirs")];
        let list = program.send(Method::GET, &suppliers, &headers[..1], Body::empty()).await;
        assert_envelope(&list, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&program.json(&suppliers, &headers, &asked).await, StatusCode::NOT_FOUND, "not_found");
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// What could be retired for an event is read by blocks; a block that is not held as it was read is refused, and so is retiring without
    /// the statement, or before there is an account.
    async fn blocks_are_read_and_chosen_for_an_event(database) {
        let house = House::demo(&database).await;
        let (mut browser, mut program) = (house.browser_of("events").await, house.browser());
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let (number, id) = planned_event(&house).await;
        let own = [("authorization", bearer.as_str())];
        let blocks = program.send(Method::GET, &format!("/api/v1/events/{number}/blocks"), &own, Body::empty()).await.json();
        let block = &blocks["items"][0];
        let (start, end) = (block["start"].as_i64().expect("a number"), block["end"].as_i64().expect("a number"));
        assert_eq!(block["quantity"].as_i64(), Some(end - start + 1), "{blocks}");
        let retire = format!("/api/v1/events/{number}/retirements");
        let headers = |key: &'static str| [("authorization", bearer.as_str()), ("idempotency-key", key)];
        let body = |end: i64, statement: bool| json!({
            "classes": [{ "class": block["class"], "quantity": 1, "blocks": [{ "start": start, "end": end }] }], "statement": statement,
        });
        assert_envelope(&program.json(&retire, &headers("1"), &body(end, false)).await, StatusCode::UNPROCESSABLE_ENTITY, "statement_required");
        let early = program.json(&retire, &headers("2"), &body(end, true)).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
        assert_eq!(program.get(&format!("/api/v1/events/{number}/blocks")).await.status, StatusCode::UNAUTHORIZED);
        let page = browser.get(&format!("/desk/events/{id}/cover")).await;
        assert_eq!(page.status, StatusCode::OK);
    }

    /// What two sources told is decided about the lines that were read: when one of them changes meanwhile, the decision is refused.
    async fn a_decision_between_sources_names_the_lines_that_were_read(database) {
        let house = House::demo(&database).await;
        let (mut browser, mut program) = (house.browser_of("events").await, house.browser());
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let (number, id) = planned_event(&house).await;
        let page = format!("/desk/events/{id}/attendees");
        let runners = "reference,mode,origin,km,nights,meals\nR1,coach,,30,2,1\n";
        let brought = browser.act(&page, "event_attendees_import", &[("event", id.as_str()), ("attendees", runners)]).await;
        assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.text);
        let overlaps = format!("/api/v1/events/{number}/overlaps");
        let own = [("authorization", bearer.as_str())];
        let read = program.send(Method::GET, &overlaps, &own, Body::empty()).await.json();
        let lodging = read["items"].as_array().expect("subjects").iter().find(|one| one["subject"] == "lodging").expect("nights").clone();
        assert!(lodging["decision"].is_null() && !lodging["inventory"].as_array().expect("lines").is_empty());
        let shown = browser.get(&format!("/desk/events/{id}/inventory")).await.text;
        assert!(shown.contains(&format!("value=\"{}\"", text_of(&lodging, "lines"))), "the form of the page carries the same");
        // a supplier's answer, another attendee: the lines are others now
        let runners = format!("{runners}R2,coach,,30,1,1\n");
        browser.act(&page, "event_attendees_import", &[("event", id.as_str()), ("attendees", &runners)]).await;
        let decide = |lines: &str| json!({ "subject": "lodging", "counts": "attendees", "reason": "以参会者填报为准", "lines": lines });
        let headers = |key: &'static str| [("authorization", bearer.as_str()), ("idempotency-key", key)];
        let stale = program.json(&overlaps, &headers("stale"), &decide(text_of(&lodging, "lines"))).await;
        assert_envelope(&stale, StatusCode::UNPROCESSABLE_ENTITY, "stale_form");
        let lines_now = async |program: &mut Browser| -> Value {
            let read = program.send(Method::GET, &overlaps, &own, Body::empty()).await.json();
            let found = read["items"].as_array().expect("subjects").iter().find(|one| one["subject"] == "lodging").cloned();
            found.expect("nights")
        };
        let now = lines_now(&mut program).await;
        let decided = program.json(&overlaps, &headers("decide"), &decide(text_of(&now, "lines"))).await;
        assert_eq!(decided.status, StatusCode::OK, "{}", decided.text);
        assert_eq!(program.json(&overlaps, &headers("decide"), &decide(text_of(&now, "lines"))).await.text, decided.text);
        assert_eq!(lines_now(&mut program).await["decision"]["counts"], "attendees");
    }

    /// Transfer and retirement: the same key gives the same answer, another body is refused, nothing happens twice.
    async fn credits_move_once_for_each_key(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser_of("owner").await;
        let token = token(&mut browser).await;
        let bearer = format!("Bearer {token}");
        let to = account_number(&house, "events").await;
        let held = |statistics: &Value| (statistics["held"].as_i64(), statistics["retired"].as_i64());
        let before = held(&browser.get("/api/v1/statistics").await.json());

        let mut program = house.browser();
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "transfer-1")];
        let body = json!({ "to": to, "quantity": 250 });
        let first = program.json("/api/v1/credits/transfers", &headers, &body).await;
        assert_eq!(first.status, StatusCode::ACCEPTED, "it waits for the receiver: {}", first.text);
        assert_eq!((first.json()["quantity"].as_i64(), first.json()["hold"].is_string()), (Some(250), true));
        let again = program.json("/api/v1/credits/transfers", &headers, &body).await;
        assert_eq!((again.status, again.text.clone()), (StatusCode::ACCEPTED, first.text.clone()));
        let other = program.json("/api/v1/credits/transfers", &headers, &json!({ "to": to, "quantity": 251 })).await;
        assert_envelope(&other, StatusCode::CONFLICT, "key_reused");
        assert_eq!(held(&browser.get("/api/v1/statistics").await.json()), before, "a transfer changes no sum");

        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "retirement-1")];
        let body = json!({ "quantity": "40", "purpose": "public_benefit", "purpose_text": "", "beneficiary": "测试·社区", "beneficiary_kind": "organisation" });
        let first = program.json("/api/v1/credits/retirements", &headers, &body).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        let again = program.json("/api/v1/credits/retirements", &headers, &body).await;
        assert_eq!(first.text, again.text);
        let after = held(&browser.get("/api/v1/statistics").await.json());
        assert_eq!((after.0, after.1), (before.0.map(|held| held - 40), before.1.map(|retired| retired + 40)));
        let number = first.json()["number"].as_str().expect("a number").to_owned();
        assert_eq!(program.get(&format!("/api/v1/retirements/{number}")).await.json()["beneficiary"], "测试·社区");
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// A table of retirements: all rows or none, each mistake at its line, the same key the same answer; a person only with consent.
    async fn a_table_retires_all_of_its_rows_or_none(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser_of("owner").await;
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let classes = items(&mut browser, "/api/v1/classes").await;
        let before = browser.get("/api/v1/statistics").await.json();
        let mut program = house.browser();
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "table-1")];
        let header = "project,vintage,quantity,purpose,beneficiary,beneficiary_kind\n";
        let class = classes.iter().find(|class| class["held"].as_i64() > Some(10)).expect("a class");
        let row = |tonnes: i64, name: &str, kind: &str| {
            format!("{},{},{tonnes},voluntary,{name},{kind}\n", class["project_code"].as_str().expect("a code"), class["vintage"])
        };
        let wrong = json!({ "rows": ([header, &row(2, "甲公司", "organisation"), &row(0, "乙公司", "organisation")].concat()) });
        let answer = program.json("/api/v1/credits/retirements/table", &headers, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["error"]["fields"][0]["field"], "rows.3.quantity");
        let person = json!({ "rows": ([header, &row(2, "张三", "person")].concat()) });
        let answer = program.json("/api/v1/credits/retirements/table", &headers, &person).await;
        assert_envelope(&answer, StatusCode::UNPROCESSABLE_ENTITY, "personal_not_confirmed");
        assert_eq!(browser.get("/api/v1/statistics").await.json(), before, "nothing is retired");
        assert_envelope(&browser.get("/api/v1/offers/none").await, StatusCode::NOT_FOUND, "not_found");
    }

    /// From a placed offer to the second confirmation, and taking one back; the list follows, filtered by methodology and vintage.
    async fn an_offer_is_placed_reserved_paid_and_withdrawn(database) {
        let house = House::demo(&database).await;
        let mut seller = house.browser_of("owner").await;
        let sells = format!("Bearer {}", token(&mut seller).await);
        let mut buyer = house.browser_of("events").await;
        let buys = format!("Bearer {}", token(&mut buyer).await);
        let mut program = house.browser();
        // the demo world has two
        let open = items(&mut program, "/api/v1/offers").await;
        assert_eq!(open.len(), 2, "{open:?}");
        let wind = items(&mut program, "/api/v1/offers?methodology=CCER-01-002-V01").await;
        assert_eq!((wind.len(), wind[0]["price"].as_str()), (1, Some("83.00")), "{wind:?}");
        let class = wind[0]["class"].as_str().expect("a class");
        let vintage = wind[0]["vintage"].as_i64().expect("a year");
        assert!(items(&mut program, "/api/v1/offers?vintage=1999").await.is_empty());
        let same = items(&mut program, &format!("/api/v1/offers?methodology=CCER-01-002-V01&vintage={vintage}")).await;
        assert_eq!(same, wind);
        // what is wrong is said at its field, and nothing is offered
        let seller_says = |key: &'static str| [("authorization", sells.clone()), ("idempotency-key", key.to_owned())];
        let offer = |quantity: Value, price: &str| json!({ "class": class, "from": "holding", "quantity": quantity, "price": price, "last_day": "2026-04-01" });
        for (key, body, field) in [("wrong-1", offer(json!(0), "80"), "quantity"), ("wrong-2", offer(json!(5), "80.001"), "price")] {
            let headers = seller_says(key);
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = program.json("/api/v1/offers", &headers, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
            assert_eq!(answer.json()["error"]["fields"][0]["field"], field);
        }
        let headers = [("authorization", sells.as_str()), ("idempotency-key", "offer-1")];
        let placed = program.json("/api/v1/offers", &headers, &offer(json!(30), "80.25")).await;
        assert_eq!(placed.status, StatusCode::OK, "{}", placed.text);
        let again = program.json("/api/v1/offers", &headers, &offer(json!(30), "80.25")).await;
        assert_eq!(again.json(), placed.json());
        let id = placed.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(items(&mut program, "/api/v1/offers").await.len(), 3);
        assert_eq!(program.get(&format!("/api/v1/offers/{id}")).await.json()["quantity"], 30);
        // the buyer takes a part, both confirm
        let headers = [("authorization", buys.as_str()), ("idempotency-key", "reserve-1")];
        let reserved = program.json(&format!("/api/v1/offers/{id}/reservations"), &headers, &json!({ "quantity": 12 })).await;
        assert_eq!(reserved.status, StatusCode::OK, "{}", reserved.text);
        let hold = reserved.json()["id"].as_str().expect("a hold").to_owned();
        let paid = format!("/api/v1/credits/holds/{hold}/payment");
        let headers = [("authorization", buys.as_str()), ("idempotency-key", "paid-1")];
        assert_eq!(program.json(&paid, &headers, &json!({})).await.json()["state"], "waiting");
        let headers = [("authorization", sells.as_str()), ("idempotency-key", "paid-2")];
        let delivered = program.json(&paid, &headers, &json!({})).await.json();
        assert_eq!((delivered["state"].as_str(), delivered["quantity"].as_i64()), (Some("delivered"), Some(12)), "{delivered}");
        // the rest is taken back; nobody but the seller can
        assert_eq!(program.get(&format!("/api/v1/offers/{id}")).await.json()["quantity"], 18);
        let withdraw = format!("/api/v1/offers/{id}/withdraw");
        let headers = [("authorization", buys.as_str()), ("idempotency-key", "not-mine")];
        let stranger = program.json(&withdraw, &headers, &json!({})).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND, "{}", stranger.text);
        let headers = [("authorization", sells.as_str()), ("idempotency-key", "back-1")];
        let back = program.json(&withdraw, &headers, &json!({})).await;
        assert_eq!((back.json()["state"].as_str(), back.json()["quantity"].as_i64()), (Some("withdrawn"), Some(18)), "{}", back.text);
        assert_eq!(program.json(&withdraw, &headers, &json!({})).await.json(), back.json());
        assert_eq!(items(&mut program, "/api/v1/offers").await.len(), 2);
    }

    /// What one holds and what is set aside of it is read by whoever is a party; what the registry orders is an act of the registry alone.
    async fn what_is_held_and_set_aside_is_read_and_ended_by_its_parties(database) {
        let house = House::demo(&database).await;
        let bearer = async |role: &str| format!("Bearer {}", token(&mut house.browser_of(role).await).await);
        let (owner, events, operator) = (bearer("owner").await, bearer("events").await, bearer("operator").await);
        let account = account_number(&house, "owner").await;
        let mut program = house.browser();
        assert_envelope(&program.get("/api/v1/credits/holdings").await, StatusCode::UNAUTHORIZED, "token_invalid");
        let held = async |program: &mut Browser, who: &str, class: Option<&str>| -> i64 {
            let answer = read(program, "/api/v1/credits/holdings", who).await.json();
            let rows = answer["items"].as_array().expect("holdings").clone();
            let of = rows.iter().filter(|row| class.is_none_or(|class| row["class"] == class));
            of.map(|row| row["held"].as_i64().expect("tonnes")).sum()
        };
        let before = held(&mut program, &owner, None).await;
        assert!(before > 20);
        let list = read(&mut program, "/api/v1/credits/holdings", &owner).await.json();
        let rows = list["items"].as_array().expect("holdings");
        let class = rows.iter().find(|row| row["held"].as_i64() > Some(20)).expect("a class")["class"].as_str().expect("an id").to_owned();
        let blocks = read(&mut program, &format!("/api/v1/credits/holdings/{class}"), &owner).await.json();
        assert!(blocks["items"][0]["serial"].as_str().expect("a number").starts_with("HT-"), "{blocks}");
        let none = read(&mut program, &format!("/api/v1/credits/holdings/{class}"), &operator).await.json();
        assert_eq!(none["items"].as_array().map(Vec::len), Some(0), "nobody sees those of others");
        // to the trading sub-account and back
        for (key, from, left) in [("move-1", "holding", before - 5), ("move-2", "trading", before)] {
            let headers = [("authorization", owner.as_str()), ("idempotency-key", key)];
            let body = json!({ "from": from, "quantity": 5, "class": class });
            let moved = program.json("/api/v1/credits/moves", &headers, &body).await;
            assert_eq!((moved.status, moved.json()["state"].as_str()), (StatusCode::OK, Some("moved")), "{}", moved.text);
            assert_eq!(held(&mut program, &owner, None).await, left);
        }
        // an order of the registry: a class that the account never had is refused at its field
        let order = |quantity: i64, class: &str| json!({ "holder": account, "quantity": quantity, "class": class, "authority": "演示市中级人民法院",
            "document_number": "（2026）演01执9号", "document_date": "2025-06-01", "ground": "财产保全" });
        let headers = [("authorization", operator.as_str()), ("idempotency-key", "freeze-0")];
        let wrong = program.json("/api/v1/credits/freezes", &headers, &order(3, "none")).await;
        assert_envelope(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "choice_invalid");
        assert_eq!(wrong.json()["error"]["fields"][0]["field"], "class");
        let headers = [("authorization", owner.as_str()), ("idempotency-key", "freeze-1")];
        assert_eq!(program.json("/api/v1/credits/freezes", &headers, &order(3, &class)).await.status, StatusCode::FORBIDDEN);
        let headers = [("authorization", operator.as_str()), ("idempotency-key", "freeze-2")];
        let frozen = program.json("/api/v1/credits/freezes", &headers, &order(3, &class)).await;
        assert_eq!(frozen.status, StatusCode::OK, "{}", frozen.text);
        assert_eq!(program.json("/api/v1/credits/freezes", &headers, &order(3, &class)).await.json(), frozen.json());
        let hold = frozen.json()["id"].as_str().expect("a hold").to_owned();
        assert_eq!(held(&mut program, &owner, None).await, before - 3);
        // its parties read it, nobody else
        let address = format!("/api/v1/credits/holds/{hold}");
        let seen = read(&mut program, &address, &owner).await.json();
        assert_eq!((seen["kind"].as_str(), seen["state"].as_str(), seen["quantity"].as_i64()), (Some("freeze"), Some("waiting"), Some(3)), "{seen}");
        assert_eq!(seen["allowed"], json!([]), "the holder only reads");
        let seen = read(&mut program, &address, &operator).await.json();
        assert_eq!(seen["allowed"], json!(["credits_release", "credits_enforce"]));
        assert_envelope(&read(&mut program, &address, &events).await, StatusCode::NOT_FOUND, "not_found");
        let listed = async |program: &mut Browser, all: &str| -> bool {
            let list = read(program, &format!("/api/v1/credits/holds?limit=200{all}"), &owner).await.json();
            list["items"].as_array().expect("holds").iter().any(|one| one["id"] == hold.as_str())
        };
        assert!(listed(&mut program, "").await);
        // only the authority that ordered it releases
        let release = |authority: &str| json!({ "authority": authority, "document_number": "（2026）演01执10号", "reason": "解除" });
        let path = format!("{address}/release");
        let headers = [("authorization", operator.as_str()), ("idempotency-key", "release-1")];
        assert_envelope(&program.json(&path, &headers, &release("别的法院")).await, StatusCode::UNPROCESSABLE_ENTITY, "authority_differs");
        let headers = [("authorization", owner.as_str()), ("idempotency-key", "release-2")];
        assert_eq!(program.json(&path, &headers, &release("演示市中级人民法院")).await.status, StatusCode::FORBIDDEN);
        let headers = [("authorization", operator.as_str()), ("idempotency-key", "release-3")];
        let released = program.json(&path, &headers, &release("演示市中级人民法院")).await;
        assert_eq!((released.status, released.json()["state"].as_str()), (StatusCode::OK, Some("released")), "{}", released.text);
        assert_eq!(held(&mut program, &owner, None).await, before);
        assert!(!listed(&mut program, "").await && listed(&mut program, "&all=true").await);
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// Each wrong request has its own answer, and nothing is written.
    async fn acts_refuse_what_is_wrong_at_its_field(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser_of("owner").await;
        let bearer = format!("Bearer {}", token(&mut browser).await);
        let to = account_number(&house, "events").await;
        let own = account_number(&house, "owner").await;
        let before = browser.get("/api/v1/statistics").await.json();
        let mut program = house.browser();
        for (number, (body, field)) in [
            (json!({ "to": to, "quantity": 0 }), "quantity"),
            (json!({ "to": to, "quantity": -5 }), "quantity"),
            (json!({ "to": to, "quantity": 1.5 }), "quantity"),
            (json!({ "to": to, "quantity": "1,00" }), "quantity"),
            (json!({ "to": to, "quantity": "99999999999999999999999" }), "quantity"),
            (json!({ "to": to, "quantity": 999_999_999 }), "quantity"),
            (json!({ "to": "HT-0000-0000-0", "quantity": 1 }), "to"),
            (json!({ "to": own, "quantity": 1 }), "to"),
        ]
        .into_iter()
        .enumerate()
        {
            let key = format!("wrong-{number}");
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", key.as_str())];
            let answer = program.json("/api/v1/credits/transfers", &headers, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.text);
            let envelope = answer.json();
            let fields = envelope["error"]["fields"].as_array().expect("fields");
            assert!(fields.iter().any(|error| error["field"] == field), "{body}: {envelope}");
        }
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "purpose")];
        let body = json!({ "quantity": 1, "purpose": "national_ets", "beneficiary": "x", "beneficiary_kind": "organisation" });
        let answer = program.json("/api/v1/credits/retirements", &headers, &body).await;
        assert_envelope(&answer, StatusCode::UNPROCESSABLE_ENTITY, "purpose_not_offered");
        for (key, body, field, code) in [
            ("no-kind", json!({ "quantity": 1, "purpose": "voluntary", "beneficiary": "x" }), "beneficiary_kind", "required"),
            ("no-event", json!({ "quantity": 1, "purpose": "event", "beneficiary": "x", "beneficiary_kind": "organisation" }), "purpose_text", "event_not_named"),
        ] {
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
            let answer = program.json("/api/v1/credits/retirements", &headers, &body).await;
            assert_envelope(&answer, StatusCode::UNPROCESSABLE_ENTITY, code);
            assert_eq!(answer.json()["error"]["fields"][0]["field"], field);
        }
        let unknown = json!({ "to": to, "quantity": 1, "colour": "green" });
        let answer = program.json("/api/v1/credits/transfers", &headers, &unknown).await;
        assert_envelope(&answer, StatusCode::UNPROCESSABLE_ENTITY, "json_malformed");
        assert_eq!(browser.get("/api/v1/statistics").await.json(), before);
    }

    /// No token, a wrong one, a revoked one, a role without credits, no key.
    async fn acts_need_a_token_a_role_and_a_key(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser_of("owner").await;
        let token = token(&mut browser).await;
        let body = json!({ "to": "HT-1000-0001-7", "quantity": 1 });
        let mut program = house.browser();
        let invalid = "Bearer huitan_0000".to_owned();
        for authorization in [None, Some("Basic abc".to_owned()), Some(invalid), Some(token.clone())] {
            let mut headers = vec![("idempotency-key", "k")];
            if let Some(authorization) = &authorization {
                headers.push(("authorization", authorization));
            }
            let answer = program.json("/api/v1/credits/transfers", &headers, &body).await;
            assert_envelope(&answer, StatusCode::UNAUTHORIZED, "token_invalid");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
        let bearer = format!("Bearer {token}");
        let no_key = program.json("/api/v1/credits/transfers", &[("authorization", bearer.as_str())], &body).await;
        assert_envelope(&no_key, StatusCode::UNPROCESSABLE_ENTITY, "key_missing");

        // a session's cookie is no token: another site's form cannot act
        let with_cookie = browser.json("/api/v1/credits/transfers", &[("idempotency-key", "k")], &body).await;
        assert_envelope(&with_cookie, StatusCode::UNAUTHORIZED, "token_invalid");

        let account = browser.get("/account").await;
        let id = account.hidden("token");
        let answer = browser.act("/account", "user_revoke_token", &[("token", &id)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let revoked = program.json("/api/v1/credits/transfers", &[("authorization", bearer.as_str()), ("idempotency-key", "k")], &body).await;
        assert_envelope(&revoked, StatusCode::UNAUTHORIZED, "token_invalid");
    }
}

#[tokio::test]
async fn somebody_elses_token_cannot_be_revoked() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut owner = house.browser_of("owner").await;
    let bearer = format!("Bearer {}", token(&mut owner).await);
    let id = owner.get("/account").await.hidden("token");
    let mut other = house.browser_of("owner2").await;
    let answer = other
        .act("/account", "user_revoke_token", &[("token", &id)])
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let body = json!({ "to": account_number(&house, "events").await, "quantity": 1 });
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
    assert_eq!(
        house
            .browser()
            .json("/api/v1/credits/transfers", &headers, &body)
            .await
            .status,
        StatusCode::ACCEPTED
    );
}

#[tokio::test]
async fn the_token_is_kept_by_its_hash_only() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser_of("owner").await;
    let token = token(&mut browser).await;
    assert_eq!(token.len(), "huitan_".len() + 64);
    assert!(
        !browser.get("/account").await.text.contains(&token),
        "shown once"
    );
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&database.url)
        .await
        .expect("a look past the registry");
    let kept: Vec<String> = sqlx::query_scalar("SELECT hash FROM access_token")
        .fetch_all(&mut connection)
        .await
        .expect("rows");
    assert_eq!(kept, [server::rest::authorisation::hash(&token)]);
    let answers: Vec<String> = sqlx::query_scalar("SELECT answer FROM act")
        .fetch_all(&mut connection)
        .await
        .expect("rows");
    assert!(answers.iter().all(|answer| !answer.contains(&token)));
}

#[tokio::test]
async fn calculators_say_what_they_take_and_run() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    let calculators = items(&mut browser, "/api/v1/calculators").await;
    assert_eq!(calculators.len(), methodologies::calculators().len());
    for calculator in &calculators {
        let path = format!(
            "/api/v1/calculators/{}",
            calculator["code"].as_str().expect("a code")
        );
        let about = browser.get(&path).await.json();
        let outcome = browser.json(&path, &[], &about["example"]).await;
        assert_eq!(outcome.status, StatusCode::OK, "{}", outcome.text);
        assert_eq!(outcome.json()["calculator"], calculator["code"]);
        assert!(
            outcome.json()["steps"]
                .as_array()
                .is_some_and(|steps| !steps.is_empty())
        );
    }
    let path = "/api/v1/calculators/CCER-01-002-V01/ex-ante";
    let example = browser.get(path).await.json()["example"].clone();
    assert_eq!(
        browser.json(path, &[], &example).await.json()["annual_t"],
        804_345
    );
    let mut wrong = example;
    wrong["crediting_to"] = json!("2020-01-01");
    let refused = browser.json(path, &[], &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.json()["error"]["fields"]
            .as_array()
            .is_some_and(|fields| fields.iter().any(|field| field["field"] == "crediting_to"))
    );

    assert_envelope(
        &browser.get("/api/v1/calculators/none/at-all").await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    assert_envelope(
        &browser
            .json("/api/v1/calculators/none/at-all", &[], &json!({}))
            .await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    let broken = browser
        .send(
            Method::POST,
            path,
            &[("content-type", "application/json")],
            Body::from("{\"a\":"),
        )
        .await;
    assert_envelope(&broken, StatusCode::BAD_REQUEST, "json_malformed");
    let text = browser
        .send(
            Method::POST,
            path,
            &[("content-type", "text/plain")],
            Body::from("{}"),
        )
        .await;
    assert_envelope(
        &text,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "media_type_unsupported",
    );
    assert_envelope(
        &browser.json(path, &[], &json!([1, 2])).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "input_not_an_object",
    );
}

#[tokio::test]
async fn methodologies_are_listed_with_their_calculators() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    for methodology in items(&mut browser, "/api/v1/methodologies").await {
        let code = methodology["code"].as_str().expect("a code");
        assert_eq!(
            browser
                .get(&format!("/api/v1/methodologies/{code}"))
                .await
                .json(),
            methodology
        );
        for calculator in methodology["calculators"].as_array().expect("calculators") {
            let path = format!(
                "/api/v1/calculators/{}",
                calculator.as_str().expect("a code")
            );
            assert_eq!(browser.get(&path).await.status, StatusCode::OK);
        }
    }
    assert_envelope(
        &browser.get("/api/v1/methodologies/CCER-99-999-V01").await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
}

#[tokio::test]
async fn what_is_not_there_or_not_that_way_is_answered_in_the_envelope() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    assert_envelope(
        &browser.get("/api/v1/nowhere").await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    assert_envelope(
        &browser.get("/api/v2/projects").await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    let wrong = browser
        .send(Method::DELETE, "/api/v1/projects", &[], Body::empty())
        .await;
    assert_envelope(&wrong, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    assert!(wrong.header("allow").contains("GET"));
}

#[tokio::test]
async fn a_flood_of_acts_is_answered_with_429_in_the_envelope() {
    let database = support::Database::sqlite();
    let house = House::production(&database).await;
    let mut program = house.browser();
    let mut last = None;
    for _ in 0..80 {
        let answer = program
            .json("/api/v1/credits/transfers", &[], &json!({}))
            .await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            last = Some(answer);
            break;
        }
    }
    let answer = last.expect("the flood is stopped");
    assert_envelope(&answer, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(
        program.get("/api/v1/statistics").await.status,
        StatusCode::OK,
        "reading goes on"
    );
}

#[tokio::test]
async fn other_sites_scripts_may_read_and_may_not_act() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    let origin = ("origin", "https://elsewhere.example");
    let read = browser
        .send(Method::GET, "/api/v1/statistics", &[origin], Body::empty())
        .await;
    assert_eq!(read.header("access-control-allow-origin"), "*");
    assert_eq!(read.header("access-control-allow-credentials"), "");
    let ask = [
        origin,
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    let preflight = browser
        .send(
            Method::OPTIONS,
            "/api/v1/credits/transfers",
            &ask,
            Body::empty(),
        )
        .await;
    assert_eq!(preflight.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_document_describes_every_route_and_the_page_shows_it() {
    let database = support::Database::sqlite();
    let house = House::empty(&database).await;
    let mut browser = house.browser();
    let document = browser.get("/api/v1/openapi.json").await.json();
    assert_eq!(
        document,
        serde_json::to_value(server::rest::openapi()).expect("JSON")
    );
    let page = browser.get("/api/docs?lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            operations += 1;
            assert!(path.starts_with("/api/v1/"), "{path}");
            assert!(
                operation["summary"].is_string() || operation["description"].is_string(),
                "{method} {path} says what it does"
            );
            assert!(operation["operationId"].is_string());
            assert!(
                page.text
                    .contains(&format!("{} {path}", method.to_uppercase())),
                "{method} {path} is on the page"
            );
        }
    }
    assert_eq!(operations, 110);
    assert_eq!(browser.get("/api").await.location(), "/api/docs");
}

#[tokio::test]
async fn the_parameter_set_in_force_is_told_and_used() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut browser = house.browser();
    assert_eq!(
        items(&mut browser, "/api/v1/parameters").await,
        Vec::<Value>::new()
    );
    let built_in = browser.get("/api/v1/parameters/0").await.json();
    assert_eq!(built_in["parameters"], json!({ "set": 0 }));
    assert!(
        built_in["in_force"]
            .as_array()
            .is_some_and(|numbers| numbers.len() > 30)
    );
    for missing in [
        "/api/v1/parameters/1",
        "/api/v1/parameters/18446744073709551615",
    ] {
        assert_envelope(
            &browser.get(missing).await,
            StatusCode::NOT_FOUND,
            "not_found",
        );
    }

    let mut first = house.browser_of("operator").await;
    let proposed = first
        .act(
            "/desk/parameters/new",
            "parameters_propose",
            &[
                ("document", "测试公告"),
                ("document_number", "第1号"),
                ("effective_from", "2026-01-02"),
                ("basis", "published"),
                ("reason", "测试"),
                ("values.0.id", "meter_mpe_0_5s"),
                ("values.0.value", "0.6"),
            ],
        )
        .await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let list = first.get("/desk/parameters").await;
    let at = list
        .text
        .find("/desk/parameters/0")
        .expect("the proposal is listed");
    let address: String = list.text[at..].chars().take_while(|c| *c != '"').collect();
    let own = first.get(&address).await;
    assert!(!own.text.contains("/acts/parameters_approve"), "four eyes");
    let change = address.rsplit('/').next().unwrap_or_default().to_owned();
    let mut second = house.browser_of("operator2").await;
    let approved = second
        .act(&address, "parameters_approve", &[("change", &change)])
        .await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);

    let sets = items(&mut browser, "/api/v1/parameters").await;
    assert_eq!((sets.len(), &sets[0]["number"]), (1, &json!(1)));
    assert_eq!(sets[0]["replacements"][0]["value"], "0.6");
    let whole = browser.get("/api/v1/parameters/1").await.json();
    let number = whole["in_force"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["id"] == "meter_mpe_0_5s"))
        .expect("the number");
    assert_eq!(
        (&number["value"], &number["replaced"], &number["assumed"]),
        (&json!("0.6"), &json!(true), &json!(false))
    );
    let input = methodologies::example("CCER-01-002-V01/ex-ante").expect("an example");
    let path = "/api/v1/calculators/CCER-01-002-V01/ex-ante";
    let outcome = browser.json(path, &[], &input).await;
    assert_eq!(outcome.json()["parameter_set"], 1);
    let public = browser.get("/parameters").await;
    assert!(public.text.contains("测试公告") && public.text.contains("meter_mpe_0_5s"));
}

#[tokio::test]
async fn a_factor_that_is_replaced_says_its_tier_and_what_it_does_to_its_scene() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut first = house.browser_of("operator").await;
    let mut form = vec![
        ("document", "测试材料"),
        ("document_number", "第2号"),
        ("effective_from", "2026-01-02"),
        ("basis", "assumed"),
        ("reason", "测试"),
        ("values.0.id", "inclusion.metro.CN.reduction"),
        ("values.0.value", "40"),
    ];
    let new = "/desk/parameters/new";
    let refused = first.act(new, "parameters_propose", &form).await;
    assert!(refused.location().contains("again="), "a tier is needed");
    form.push(("values.0.tier", "X"));
    let proposed = first.act(new, "parameters_propose", &form).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let list = first.get("/desk/parameters").await;
    let at = list.text.find("/desk/parameters/0").expect("the proposal");
    let address: String = list.text[at..].chars().take_while(|c| *c != '"').collect();
    let warning = "下列情景不再能核证";
    assert!(first.get(&address).await.text.contains(warning));
    let change = address.rsplit('/').next().unwrap_or_default().to_owned();
    let mut second = house.browser_of("operator2").await;
    let approved = second
        .act(&address, "parameters_approve", &[("change", &change)])
        .await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
    let mut browser = house.browser();
    let sets = items(&mut browser, "/api/v1/parameters").await;
    assert_eq!(sets[0]["replacements"][0]["tier"], "X");
    assert!(browser.get("/parameters").await.text.contains(warning));
}

#[tokio::test]
async fn a_scene_that_two_operators_define_is_offered_described_and_public() {
    let database = support::Database::sqlite();
    let house = House::demo(&database).await;
    let mut first = house.browser_of("operator").await;
    assert!(first.get("/desk/scenes").await.text.contains("乘坐地铁"));
    let prefilled = first.get("/desk/scenes/new?scene=metro").await;
    assert!(prefilled.text.contains("scenes.0.limits.0.value"));
    let missing = first.get("/desk/scenes/new?scene=teleport").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let mut form = vec![
        ("document", "测试情景公告"),
        ("document_number", "第3号"),
        ("effective_from", "2026-01-02"),
        ("reason", "测试"),
        ("scenes.0.code", "tray_returned"),
        ("scenes.0.open", "yes"),
        ("scenes.0.family", "food"),
        ("scenes.0.name_zh", "餐盘归还"),
        ("scenes.0.name_en", "Tray returned"),
        ("scenes.0.formula", "per_act"),
        ("scenes.0.measure", "acts"),
        ("scenes.0.unit", "tray"),
        ("scenes.0.credit", "certifiable"),
        ("scenes.0.evidence_zh", "食堂记录"),
        ("scenes.0.evidence_en", "Record of the canteen"),
        ("scenes.0.factors.0.region", "CN"),
        ("scenes.0.factors.0.role", "reduction"),
        ("scenes.0.factors.0.value", "50"),
        ("scenes.0.factors.0.tier", "D"),
    ];
    let new = "/desk/scenes/new";
    let refused = first.act(new, "parameters_propose", &form).await;
    let back = first.get(refused.location()).await;
    assert!(back.text.contains("至少要有一个按日或按月的上限"));
    form.extend([
        ("scenes.0.limits.0.period", "day"),
        ("scenes.0.limits.0.counts", "acts"),
        ("scenes.0.limits.0.value", "2"),
    ]);
    let proposed = first.act(new, "parameters_propose", &form).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let address = proposed.location().to_owned();
    assert!(address.starts_with("/desk/parameters/"), "{address}");
    assert!(first.get(&address).await.text.contains("餐盘归还"));
    let change = address.rsplit('/').next().unwrap_or_default().to_owned();
    let mut second = house.browser_of("operator2").await;
    let approved = second
        .act(&address, "parameters_approve", &[("change", &change)])
        .await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);

    let mut browser = house.browser();
    let sets = items(&mut browser, "/api/v1/parameters").await;
    let scene = &sets[0]["scenes"][0];
    assert_eq!(
        (&scene["code"], &scene["limits"][0]["value"]),
        (&json!("tray_returned"), &json!("2"))
    );
    let whole = browser.get("/api/v1/parameters/1").await.json();
    let id = "inclusion.tray_returned.CN.reduction";
    let listed = whole["in_force"].as_array().expect("numbers");
    assert!(listed.iter().any(|one| one["id"] == id));
    let described = browser.get("/api/v1/calculators/inclusion/tray_returned");
    assert_eq!(
        described.await.json()["schema"]["title"]["en"],
        "Tray returned"
    );
    assert!(browser.get("/parameters").await.text.contains("餐盘归还"));
    let mut person = house.browser_of("commuter").await;
    let record = person.get("/me/record").await;
    assert!(record.text.contains("餐盘归还"));
    let chosen = person.get("/me/record?scene=tray_returned").await;
    assert!(chosen.text.contains("食堂记录"));
}

/// A provider of the demo world with its key, and the name under which it knows the commuter.
async fn metro(house: &House) -> (registry::ProviderKey, String) {
    let providers = house.registry.providers().await.expect("providers");
    let metro = providers
        .iter()
        .find(|one| one.scenes.contains(&"metro".to_owned()));
    let metro = metro.expect("a metro").id.clone();
    let now = house.state.now().await.expect("the demo clock");
    let keys = house
        .registry
        .provider_keys(&metro, now)
        .await
        .expect("a read");
    let key = keys.into_iter().next();
    let mut commuter = house.browser_of("commuter").await;
    let page = commuter.get("/me/export.json").await.json();
    let reference = page["consents"].as_array().into_iter().flatten();
    let linked = reference
        .filter(|one| one["provider"] == metro.as_str())
        .count();
    assert!(linked > 0, "the commuter agreed to the metro");
    let user = house
        .registry
        .user_by_email("commuter@demo.huitan")
        .await
        .expect("a read");
    let user = user.expect("the commuter").user;
    let by = registry::By {
        user: user.id.clone(),
        organisation: user.organisation.clone(),
        role: domain::Role::Individual,
        at: server::state::system_now(),
        key: "links".to_owned(),
    };
    let links = house.registry.links(&by).await.expect("links");
    let link = links.into_iter().find(|one| one.provider == metro);
    (key.expect("a key"), link.expect("a link").reference)
}

/// A call that is signed at a moment, off by so many seconds from now.
async fn signed(
    house: &House,
    (key, secret): (&registry::ProviderKey, &str),
    (nonce, off): (&str, i64),
    body: &Value,
) -> support::Answer {
    let at = server::state::system_now().0 + off;
    let text = body.to_string();
    let signature = server::rest::v1::provider::sign(secret, at, nonce, text.as_bytes());
    let at = at.to_string();
    let headers = [
        ("x-huitan-provider", key.provider.as_str()),
        ("x-huitan-timestamp", &at),
        ("x-huitan-nonce", nonce),
        ("x-huitan-signature", &signature),
    ];
    house
        .browser()
        .json("/api/v1/provider-calls", &headers, body)
        .await
}

fn trip(order: &str, reference: &str, day: &str, km: &str) -> Value {
    // by night, when nobody else of the demo world rides: each order at an hour of its own
    let day_begins = domain::Instant::at_start_of(domain::text::date("day", day).expect("a day")).0;
    let hour = order.bytes().map(i64::from).sum::<i64>() % 5;
    let from = day_begins + hour * 3_600;
    json!({
        "order": order, "reference": reference, "scene": "metro", "day": day, "started_at": from, "ended_at": from + 1_800,
        "region": "CN-GD-SZ", "meter": null, "campaign": null, "amounts": { "distance_km": km }
    })
}

both_databases! {
    /// The clock of a provider may be five minutes off; a signature is of the key, the moment, the nonce and the body.
    async fn a_call_of_a_provider_is_taken_only_as_it_was_signed(database) {
        let house = House::demo(&database).await;
        let (key, reference) = metro(&house).await;
        let secret = (&key, key.secret.as_str());
        let rows = json!([trip("REST-1", &reference, "2026-03-08", "5")]);
        for off in [-400, 400, -86_400, 86_400] {
            let answer = signed(&house, secret, ("skewed", off), &rows).await;
            assert_envelope(&answer, StatusCode::UNAUTHORIZED, "call_not_signed");
        }
        let wrong = signed(&house, (&key, "another key"), ("wrong", 0), &rows).await;
        assert_envelope(&wrong, StatusCode::UNAUTHORIZED, "call_not_signed");
        let stranger = registry::ProviderKey { provider: NOBODY.to_owned(), ..key.clone() };
        let unknown = signed(&house, (&stranger, &key.secret), ("unknown", 0), &rows).await;
        assert_envelope(&unknown, StatusCode::UNAUTHORIZED, "call_not_signed");
        let unsigned = house.browser().json("/api/v1/provider-calls", &[("x-huitan-provider", &key.provider)], &rows).await;
        assert_envelope(&unsigned, StatusCode::UNAUTHORIZED, "call_not_signed");
        // signed for one body, sent with another one
        let at = server::state::system_now().0;
        let other = json!([trip("REST-1", &reference, "2026-03-08", "50")]);
        let signature = server::rest::v1::provider::sign(&key.secret, at, "swapped", other.to_string().as_bytes());
        let at = at.to_string();
        let headers = [("x-huitan-provider", key.provider.as_str()), ("x-huitan-timestamp", &at), ("x-huitan-nonce", "swapped"), ("x-huitan-signature", &signature)];
        let swapped = house.browser().json("/api/v1/provider-calls", &headers, &rows).await;
        assert_envelope(&swapped, StatusCode::UNAUTHORIZED, "call_not_signed");
        // nothing of all that was taken in; within the window it is
        for (nonce, off) in [("early", -240), ("late", 240)] {
            let answer = signed(&house, secret, (nonce, off), &rows).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
        let first = signed(&house, secret, ("early", -200), &rows).await.json();
        assert_eq!((&first["accepted"], &first["known"]), (&json!(1), &json!(0)), "the first one took it in");
    }

    /// A call may name its key; one that has ended is told to whoever has it, and to nobody else.
    async fn a_call_is_taken_under_every_key_that_counts_and_under_no_other(database) {
        let house = House::demo(&database).await;
        let (first, reference) = metro(&house).await;
        let operator = house.registry.user_by_email("operator@demo.huitan").await.expect("a read").expect("an operator").user;
        let rekey = async |key: &str, reason: &str| {
            let by = registry::By {
                user: operator.id.clone(),
                organisation: operator.organisation.clone(),
                role: domain::Role::RegistryOperator,
                at: house.state.now().await.expect("the demo clock"),
                key: key.to_owned(),
            };
            let fields = registry::Fields::from([("reason".to_owned(), reason.to_owned())]);
            let made = house.registry.provider_rekey(&by, &first.provider, &fields).await.expect("a new key");
            (made.key.expect("an id"), made.secret.expect("told"), by)
        };
        let rows = json!([trip("KEY-1", &reference, "2026-03-08", "5")]);
        let (second_id, second, by) = rekey("second", "planned").await;
        // both count, and the order is one
        let old = signed(&house, (&first, &first.secret), ("old", 0), &rows).await;
        assert_eq!((old.status, &old.json()["accepted"]), (StatusCode::OK, &json!(1)), "{}", old.text);
        let new = signed(&house, (&first, &second), ("new", 0), &rows).await.json();
        assert_eq!((&new["accepted"], &new["known"]), (&json!(0), &json!(1)), "{new}");
        let replayed = signed(&house, (&first, &second), ("old", 1), &rows).await;
        assert_eq!(replayed.json(), old.json(), "the same message under another key");
        // named, a key is the only one that is tried
        let nobodys = "no-such-key".to_owned();
        for (id, secret, status) in [
            (&second_id, &second, StatusCode::OK), (&second_id, &first.secret, StatusCode::UNAUTHORIZED),
            (&first.id, &first.secret, StatusCode::OK), (&nobodys, &second, StatusCode::UNAUTHORIZED),
        ] {
            let nonce = format!("named {id} {}", &secret[..8]);
            let (at, text) = (server::state::system_now().0, rows.to_string());
            let signature = server::rest::v1::provider::sign(secret, at, &nonce, text.as_bytes());
            let at = at.to_string();
            let headers = [
                ("x-huitan-provider", first.provider.as_str()), ("x-huitan-timestamp", at.as_str()), ("x-huitan-nonce", nonce.as_str()),
                ("x-huitan-signature", signature.as_str()), ("x-huitan-key", id.as_str()),
            ];
            let answer = house.browser().json("/api/v1/provider-calls", &headers, &rows).await;
            assert_eq!(answer.status, status, "{nonce}: {}", answer.text);
        }
        let listed = house.registry.provider_keys_listed(&by, &first.provider).await.expect("keys");
        assert!(listed.iter().all(|key| key.last_used_at.is_some()), "{listed:?}");
        // seven days later the first one has ended, and says so to who has it
        let days = registry::By { key: "a week".to_owned(), ..by };
        house.registry.clock_advance(&days, 7).await.expect("a week");
        let ended = signed(&house, (&first, &first.secret), ("week", 0), &rows).await;
        assert_envelope(&ended, StatusCode::UNAUTHORIZED, "call_key_ended");
        let skewed = signed(&house, (&first, &first.secret), ("week", 400), &rows).await;
        assert_envelope(&skewed, StatusCode::UNAUTHORIZED, "call_not_signed");
        let wrong = signed(&house, (&first, "another key"), ("week", 0), &rows).await;
        assert_envelope(&wrong, StatusCode::UNAUTHORIZED, "call_not_signed");
        assert_eq!(signed(&house, (&first, &second), ("week", 0), &rows).await.status, StatusCode::OK);
        // one that leaked ends at once
        let (_, third, _) = rekey("third", "leaked").await;
        let leaked = signed(&house, (&first, &second), ("leaked", 0), &rows).await;
        assert_envelope(&leaked, StatusCode::UNAUTHORIZED, "call_key_ended");
        assert_eq!(signed(&house, (&first, &third), ("leaked", 0), &rows).await.status, StatusCode::OK);
    }

    /// The same nonce gives the same answer; an order is one record whatever the message; each row is answered by itself.
    async fn a_repeated_late_or_misordered_call_counts_once(database) {
        let house = House::demo(&database).await;
        let (key, reference) = metro(&house).await;
        let secret = (&key, key.secret.as_str());
        let rows = json!([trip("REST-A", &reference, "2026-03-08", "5")]);
        let first = signed(&house, secret, ("nonce-a", 0), &rows).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        let replayed = signed(&house, secret, ("nonce-a", 1), &rows).await;
        assert_eq!((replayed.status, replayed.json()), (StatusCode::OK, first.json()), "signed anew, the same message");
        let others = json!([trip("REST-B", &reference, "2026-03-08", "5")]);
        let reused = signed(&house, secret, ("nonce-a", 0), &others).await;
        assert_envelope(&reused, StatusCode::CONFLICT, "key_reused");
        // the same order in another message is known, and with another body refused
        let known = signed(&house, secret, ("nonce-b", 0), &rows).await.json();
        assert_eq!((&known["accepted"], &known["known"]), (&json!(0), &json!(1)));
        let changed = json!([trip("REST-A", &reference, "2026-03-08", "6")]);
        let changed = signed(&house, secret, ("nonce-c", 0), &changed).await.json();
        assert_eq!((&changed["accepted"], &changed["refused"]), (&json!(0), &json!(1)), "{changed}");
        assert_eq!(changed["rows"][0]["refused"][0]["code"], "activity_duplicate", "{changed}");
        // days in any order; too late and ahead by themselves
        let mixed = json!([
            trip("REST-E", &reference, "2026-03-07", "5"), trip("REST-D", &reference, "2026-03-05", "5"),
            trip("REST-F", &reference, "2025-09-01", "5"), trip("REST-G", &reference, "2026-03-20", "5"),
            trip("REST-H", "nobody", "2026-03-07", "5"),
        ]);
        let mixed = signed(&house, secret, ("nonce-d", 0), &mixed).await.json();
        assert_eq!((&mixed["accepted"], &mixed["refused"]), (&json!(2), &json!(3)), "{mixed}");
        let why = |row: usize| mixed["rows"][row]["refused"][0]["code"].as_str().unwrap_or_default().to_owned();
        assert_eq!([why(2), why(3), why(4)], ["activity_too_late", "activity_ahead", "link_unknown"]);
        // no list, and too long a nonce
        let answer = signed(&house, secret, ("nonce-e", 0), &json!({ "order": 1 })).await;
        assert_envelope(&answer, StatusCode::BAD_REQUEST, "json_malformed");
        let audit = house.registry.audit().await.expect("audit");
        assert!(audit.differences.is_empty(), "{:#?}", audit.differences);
    }
}
