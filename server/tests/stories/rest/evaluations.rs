//! Files of lines and the confirmation of a body, from the upload to the public page: pages, archives, documents and REST.

use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::own_events::{Program, form, organiser};
use super::{assert_envelope, items, printed, text_of, without_spaces};
use crate::support::{self, Answer, Browser, Database, House, both_databases};

const CLOSED: &[u8] = b"%PDF-1.7\n1 0 obj\n(only for those who evaluate)\nendobj\n%%EOF\n";
const OPEN: &[u8] = b"meter,kWh\nvenue,1234\n";
const BODY: &str = "演示·东海审定与核查中心";

/// A demo server whose files lie in a folder of their own.
struct Place {
    house: House,
    folder: PathBuf,
}

impl Place {
    async fn new(database: &Database) -> Self {
        let world = House::demo(database).await;
        world.registry.close().await;
        let folder = std::env::temp_dir().join(format!("huitan_evaluations_{}", support::unique()));
        let files = folder.display().to_string();
        let house = House::with(database, &[("HUITAN_DEMO", "1"), ("HUITAN_FILES", &files)]).await;
        Self { house, folder }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // only tidiness
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Sends a file for a line by the form of the page.
async fn upload(
    browser: &mut Browser,
    event: &str,
    fields: &[(&str, &str)],
    name: &str,
    content: &[u8],
) -> Answer {
    let page = format!("/desk/events/{event}/files");
    let shown = browser.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let (csrf, key) = (shown.hidden("csrf"), support::unique());
    let mut all = vec![
        ("csrf", csrf.as_str()),
        ("key", &key),
        ("back", &page),
        ("event", event),
    ];
    all.extend_from_slice(fields);
    let mut body = Vec::new();
    for (name, value) in all {
        let head =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    let head = format!(
        "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=line")];
    browser
        .send(
            Method::POST,
            "/acts/event_file_add",
            &kind,
            Body::from(body),
        )
        .await
}

/// Whether a file is packed in an archive as it is.
fn contains(archive: &Answer, content: &[u8]) -> bool {
    assert_eq!(
        archive.header("content-type"),
        "application/zip",
        "{}",
        archive.status
    );
    archive
        .bytes
        .windows(content.len())
        .any(|part| part == content)
}

/// Whether a cell of a workbook contains a text.
fn contains_in_workbook(book: &Answer, text: &str) -> bool {
    let bytes = std::io::Cursor::new(book.bytes.clone());
    let mut book = calamine::open_workbook_auto_from_rs(bytes).expect("a workbook");
    calamine::Reader::worksheets(&mut book)
        .iter()
        .any(|(_, sheet)| {
            sheet
                .cells()
                .any(|(_, _, cell)| cell.to_string().contains(text))
        })
}

/// An event of twenty people that is over: its id and number.
async fn meeting(house: &House) -> (String, String) {
    let by = organiser(house).await;
    let day = (by.at.beijing_date() - time::Duration::days(30)).to_string();
    let meeting = form(&[
        ("quick", "yes"),
        ("name", "演示待评价会议"),
        ("kind", "meeting"),
        ("starts_on", &day),
        ("ends_on", &day),
        ("province", "湖北"),
        ("city", "武汉"),
        ("people", "20"),
    ]);
    let event = house.registry.event_create(&by, &meeting).await;
    let event = event.expect("an event");
    (event.id, event.number)
}

/// Accounted for, and covered by units of another registry.
async fn cover(house: &House, event: &str) {
    let registry = &house.registry;
    let by = organiser(house).await;
    let day = (by.at.beijing_date() - time::Duration::days(30)).to_string();
    registry.event_account(&by, event).await.expect("account");
    let unit = form(&[
        ("kind", "allowance"),
        ("registry", "某地方登记系统"),
        ("reference", "A 1-100"),
        ("quantity", "100"),
        ("cancelled_on", &day),
        ("evidence", "注销证明"),
    ]);
    let by = organiser(house).await;
    let added = registry.event_unit_add(&by, event, &unit).await;
    added.expect("a unit");
    retire(house, event).await;
}

async fn retire(house: &House, event: &str) {
    let by = organiser(house).await;
    let yes = form(&[("statement", "yes")]);
    let covered = house.registry.event_retire(&by, event, &yes).await;
    covered.expect("covered");
}

async fn publish(house: &House, event: &str) {
    let by = organiser(house).await;
    let published = house.registry.event_publish(&by, event).await;
    published.expect("published");
}

both_databases! {
    /// Upload, list, download and archive: each file for those who may have it, named by its hash to everybody else.
    async fn a_file_of_a_line_is_given_to_those_who_may_have_it(database) {
        let place = Box::pin(Place::new(&database)).await;
        let house = &place.house;
        let (id, number) = meeting(house).await;
        let mut own = house.browser_of("events").await;
        let page = format!("/desk/events/{id}/files");

        let refused = upload(&mut own, &id, &[("line", "2"), ("title", "网页")], "a.pdf", b"<html><script>alert(1)</script></html>").await;
        assert!(own.get(refused.location()).await.text.contains("不是可以上传的类型"), "{}", refused.location());
        let refused = upload(&mut own, &id, &[("line", "999"), ("title", "账单")], "a.pdf", CLOSED).await;
        assert!(own.get(refused.location()).await.text.contains("清单中没有这一行"), "{}", refused.location());
        for (title, name, content, is_public) in [("合同", "合同<b>.pdf", CLOSED, ""), ("电表读数", "meter.csv", OPEN, "yes")] {
            let done = upload(&mut own, &id, &[("line", "2"), ("title", title), ("is_public", is_public)], name, content).await;
            assert_eq!(done.location(), page, "{}", done.text);
        }
        let shown = own.get(&page).await.text;
        assert!(shown.contains("合同") && shown.contains("电表读数") && !shown.contains("<b>.pdf"), "escaped");
        let mut program = Program::of(house, "events").await;
        let files = format!("/api/v1/events/{number}/files");
        let listed = program.read(&files).await.json();
        let listed = listed["items"].as_array().expect("files");
        assert_eq!((listed.len(), listed[0]["public"].as_bool(), listed[1]["public"].as_bool()), (2, Some(false), Some(true)));
        assert!(listed[0]["published_version"].is_null() && listed[0]["number"] == 2);
        let (closed, open) = (text_of(&listed[0], "id"), text_of(&listed[1], "id"));
        assert_envelope(&Program::of(house, "owner").await.read(&files).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&Program::of(house, "vvb1").await.read(&files).await, StatusCode::FORBIDDEN, "role_not_allowed");

        // before publication: for the organisers only
        let mut stranger = house.browser();
        for file in [closed, open] {
            let address = format!("/attachments/{file}");
            assert_eq!(own.get(&address).await.status, StatusCode::OK);
            assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
            for other in ["owner", "vvb1", "operator"] {
                assert_eq!(house.browser_of(other).await.get(&address).await.status, StatusCode::NOT_FOUND, "{other}");
            }
        }
        assert_eq!(house.browser_of("owner").await.get(&page).await.status, StatusCode::NOT_FOUND);
        let pack = format!("/desk/events/{id}/evidence.zip");
        assert_eq!(own.get(&pack).await.status, StatusCode::NOT_FOUND, "nothing to pack yet");
        cover(house, &id).await;
        let declare = form(&[("evaluation", "self"), ("evaluation_text", "声明"), ("statement", "yes")]);
        house.registry.event_evaluate(&organiser(house).await, &id, &declare).await.expect("declared");
        let whole = own.get(&pack).await;
        assert!(contains(&whole, CLOSED) && contains(&whole, OPEN), "everything, before it is published");
        publish(house, &id).await;

        // after it: named to everybody, and given as its organiser chose
        let (public, archive) = (format!("/events/{number}"), format!("/events/{number}/evidence.zip"));
        let text = stranger.get(&public).await.text;
        for hash in [text_of(&listed[0], "sha256"), text_of(&listed[1], "sha256")] {
            assert!(text.contains(hash), "{hash}");
        }
        assert!(text.contains(&format!("/attachments/{open}")) && !text.contains(&format!("/attachments/{closed}")));
        let given = stranger.get(&format!("/attachments/{open}")).await;
        assert_eq!((given.status, given.bytes.as_slice()), (StatusCode::OK, OPEN));
        assert_eq!(stranger.get(&format!("/attachments/{closed}")).await.status, StatusCode::NOT_FOUND);
        let part = stranger.get(&archive).await;
        assert!(contains(&part, OPEN) && !contains(&part, CLOSED), "what is not public is not in the archive for anyone");
        assert!(part.bytes == stranger.get(&format!("/api/v1{archive}").replace(".zip", "")).await.bytes, "REST and page give the same archive");
        let whole = own.get(&pack).await;
        assert!(contains(&whole, CLOSED) && contains(&whole, OPEN));
        let version = stranger.get(&format!("/api/v1{public}")).await.json()["versions"][0].clone();
        let named: Vec<_> = version["files"].as_array().expect("files").iter().map(|file| (text_of(file, "title"), file["public"].as_bool())).collect();
        assert_eq!(named, [("合同", Some(false)), ("电表读数", Some(true))]);
        assert_eq!((&version["files"][0]["id"], text_of(&version["files"][1], "id")), (&Value::Null, open), "nothing leads to what is not public");
        let report = printed(&stranger.get(&format!("{public}/report.pdf")).await);
        assert!(report.contains("证据文件") && report.contains("不公开，仅列哈希"), "{report}");

        // published files have no button and no way out
        let gone = own.act(&format!("/desk/events/{id}"), "event_file_remove", &[("event", &id), ("file", open)]).await;
        assert!(own.get(gone.location()).await.text.contains("不能移除"), "{}", gone.location());
        assert!(!own.get(&page).await.text.contains("/acts/event_file_remove"));
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
    }

    /// A body of the platform is named, reads everything, and confirms: until then, and of a corrected version, the label says that it has not.
    async fn a_body_confirms_what_it_has_read_and_the_label_says_so(database) {
        let place = Box::pin(Place::new(&database)).await;
        let house = &place.house;
        let (id, number) = meeting(house).await;
        let mut own = house.browser_of("events").await;
        let added = upload(&mut own, &id, &[("line", "2"), ("title", "合同")], "contract.pdf", CLOSED).await;
        assert!(!added.location().contains("again="), "{}", added.location());
        cover(house, &id).await;
        let (mut program, mut body, mut other) = (Program::of(house, "events").await, Program::of(house, "vvb1").await, Program::of(house, "vvb2").await);
        let (state, list, asked) = (format!("/api/v1/events/{number}/evaluation"), "/api/v1/evaluations", format!("/api/v1/evaluations/{number}"));
        let says = |named: &str| json!({ "evaluation": "body", "evaluator_body": named, "evaluation_text": "已委托评价。", "statement": true });

        // before it is named it sees nothing
        assert_envelope(&body.read(&asked).await, StatusCode::NOT_FOUND, "not_found");
        assert!(body.read(list).await.json()["items"].as_array().is_some_and(Vec::is_empty));
        assert_envelope(&program.read(list).await, StatusCode::FORBIDDEN, "role_not_allowed");
        assert_envelope(&house.browser().get(list).await, StatusCode::UNAUTHORIZED, "token_invalid");
        assert_eq!(program.refused_at(&state, "w1", &says("没有这个机构")).await, ("evaluator_body".to_owned(), "event_evaluator_unknown".to_owned()));
        assert_envelope(&body.act(&state, "w2", &says(BODY)).await, StatusCode::FORBIDDEN, "role_not_allowed");
        let shown = own.get(&format!("/desk/events/{id}")).await.text;
        assert!(shown.contains("name=\"evaluator_body\"") && shown.contains(BODY));
        let named = program.act(&state, "name", &says(BODY)).await;
        assert_eq!((named.status, text_of(&named.json(), "state")), (StatusCode::OK, "evaluated"), "{}", named.text);
        assert_eq!(program.act(&state, "name", &says(BODY)).await.text, named.text);

        // its task, its page, its archive; another body's is not there
        let mut desk = house.browser_of("vvb1").await;
        let page = format!("/desk/evaluations/{id}");
        assert!(desk.get("/inbox").await.text.contains(&page), "among its tasks");
        let read = desk.get(&page).await.text;
        for told in ["合同", "已委托评价。", "某地方登记系统", "/acts/event_evaluation_confirm", "/acts/event_evaluation_decline"] {
            assert!(read.contains(told), "{told}");
        }
        assert!(contains(&desk.get(&format!("{page}/evidence.zip")).await, CLOSED));
        assert!(contains(&body.read(&format!("{asked}/evidence")).await, CLOSED));
        let mut others = house.browser_of("vvb2").await;
        for address in [page.clone(), format!("{page}/evidence.zip")] {
            assert_eq!(others.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        assert_envelope(&other.read(&asked).await, StatusCode::NOT_FOUND, "not_found");
        let basis = body.read(&asked).await.json();
        assert_eq!((basis["may_answer"].as_bool(), &basis["basis"]["published_on"]), (Some(true), &Value::Null));
        assert!(text_of(&basis["basis"], "inventory").lines().count() > 3 && basis["basis"]["files"].as_array().map(Vec::len) == Some(1));
        let seen = text_of(&basis["basis"], "seen").to_owned();

        // published before it answers: the label says that it has not
        publish(house, &id).await;
        let address = format!("/events/{number}");
        let mut stranger = house.browser();
        let labels = async |stranger: &mut Browser| -> Vec<String> {
            let certificate = stranger.get(&format!("{address}/certificate")).await.text;
            let report = printed(&stranger.get(&format!("{address}/report.pdf")).await);
            vec![stranger.get(&address).await.text, certificate, report]
        };
        for text in labels(&mut stranger).await {
            assert!(text.contains("该机构未在本平台确认"), "{text}");
        }
        let version = stranger.get(&format!("/api/v1{address}")).await.json()["versions"][0].clone();
        assert_eq!((&version["evaluator_confirmed"], &version["answer"]["state"]), (&json!(false), &json!("asked")));

        let confirm = format!("{asked}/confirmation");
        let answer = |seen: &str, opinion: &str, statement: bool| json!({ "seen": seen, "opinion": opinion, "statement": statement });
        assert_envelope(&body.act(&confirm, "w1", &answer("x", "同意", true)).await, StatusCode::UNPROCESSABLE_ENTITY, "stale_form");
        assert_eq!(body.refused_at(&confirm, "w2", &answer(&seen, "同意", false)).await, ("statement".to_owned(), "statement_required".to_owned()));
        assert_eq!(body.refused_at(&confirm, "w3", &answer(&seen, " ", true)).await, ("opinion".to_owned(), "required".to_owned()));
        assert_envelope(&other.act(&confirm, "w4", &answer(&seen, "同意", true)).await, StatusCode::NOT_FOUND, "not_found");
        assert_envelope(&program.act(&confirm, "w5", &answer(&seen, "同意", true)).await, StatusCode::FORBIDDEN, "role_not_allowed");
        let done = body.act(&confirm, "confirm", &answer(&seen, "凭证齐全，同意。", true)).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(body.act(&confirm, "confirm", &answer(&seen, "凭证齐全，同意。", true)).await.text, done.text);
        assert_envelope(&body.act(&confirm, "again", &answer(&seen, "同意", true)).await, StatusCode::UNPROCESSABLE_ENTITY, "event_evaluation_decided");
        let refusal = format!("{asked}/refusal");
        assert_envelope(&body.act(&refusal, "after", &answer(&seen, "不同意", false)).await, StatusCode::UNPROCESSABLE_ENTITY, "event_evaluation_decided");

        let label = without_spaces(&format!("{BODY}于"));
        for text in labels(&mut stranger).await {
            let text = without_spaces(&text);
            assert!(text.contains(&label) && text.contains("在本平台确认）") && !text.contains("该机构未在本平台确认"), "{text}");
        }
        let english = stranger.get(&format!("{address}?lang=en")).await.text;
        assert!(english.contains("confirmed on this platform by"), "{english}");
        let version = stranger.get(&format!("/api/v1{address}")).await.json()["versions"][0].clone();
        assert_eq!((&version["evaluator_confirmed"], &version["answer"]["opinion"]), (&json!(true), &json!("凭证齐全，同意。")));
        assert!(own.get(&format!("/desk/events/{id}")).await.text.contains("凭证齐全，同意。"));
        assert!(!desk.get("/inbox").await.text.contains(&page), "its task is done");
        assert!(desk.get("/desk/evaluations").await.text.contains("已确认"));

        // a correction is a version that nobody has evaluated yet
        let why = form(&[("reason", "漏计一行")]);
        let registry = &house.registry;
        registry.event_correct(&organiser(house).await, &id, &why).await.expect("correct");
        registry.event_account(&organiser(house).await, &id).await.expect("account");
        retire(house, &id).await;
        let again = program.act(&state, "second", &says(BODY)).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        publish(house, &id).await;
        // the labels stand in the language that the visitor chose
        let mut stranger = house.browser();
        for text in labels(&mut stranger).await {
            assert!(text.contains("该机构未在本平台确认"), "{text}");
        }
        assert!(stranger.get(&address).await.text.contains("更正后的本版尚未评价"));
        let versions = stranger.get(&format!("/api/v1{address}")).await.json()["versions"].clone();
        assert_eq!((&versions[0]["evaluator_confirmed"], &versions[1]["evaluator_confirmed"]), (&json!(false), &json!(true)));
        let rows = body.read(list).await.json();
        let states: Vec<_> = rows["items"].as_array().expect("rows").iter().map(|row| (row["version"].as_i64(), text_of(row, "state"))).collect();
        assert_eq!(states, [(Some(2), "asked"), (Some(1), "confirmed")]);

        // declined after publication: said in public, without the reason
        let seen = body.read(&asked).await.json()["basis"]["seen"].as_str().expect("a hash").to_owned();
        let declined = body.act(&refusal, "decline", &answer(&seen, "更正未附凭证", false)).await;
        assert_eq!(declined.status, StatusCode::OK, "{}", declined.text);
        let text = stranger.get(&address).await.text;
        assert!(text.contains("拒绝确认该声明") && !text.contains("更正未附凭证"), "{text}");
        let label = without_spaces(&format!("（{BODY}于"));
        for text in labels(&mut stranger).await {
            let text = without_spaces(&text);
            assert!(text.contains(&label) && text.contains("拒绝确认）") && !text.contains("该机构未在本平台确认"), "{text}");
        }
        assert!(contains_in_workbook(&stranger.get(&format!("{address}/report.xlsx")).await, "拒绝确认）"));
        let desk = own.get(&format!("/desk/events/{id}")).await.text;
        assert!(desk.contains("更正未附凭证") && desk.contains("请更正结果") && !desk.contains("公布前请改用其他评价方式"), "it is published already");
        assert!(!items(&mut stranger, "/api/v1/events").await.is_empty());
        assert!(registry.audit().await.expect("an audit").differences.is_empty());
    }
}
