//! What an organisation sees of its staff, by REST, as a page and as a table: sums of whole months, and for nobody else.

use axum::http::StatusCode;
use serde_json::json;

use super::own_events::Program;
use super::{assert_envelope, items};
use crate::support::{self, House, both_databases};

const MONTHS: &str = "/api/v1/staff/months";

both_databases! {
    async fn an_organisation_reads_the_sums_of_its_staff_and_no_person(database) {
        let house = House::demo(&database).await;
        let answer = Program::of(&house, "events").await.read(MONTHS).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let months = answer.json()["items"].clone();
        assert_eq!(months.as_array().map(Vec::len), Some(1), "{months}");
        let month = &months[0];
        assert_eq!((&month["month"], &month["members"], &month["people_min"]), (&json!("2026-02"), &json!(12), &json!(10)));
        let total = &month["total"];
        assert_eq!(total["people"], json!(12));
        assert!(total["mg"].as_i64().is_some_and(|mg| mg > 0), "{month}");
        assert_eq!(month["families"], json!([{ "family": "travel", "sum": total }]));
        assert!(!answer.text.contains("员工0"), "{}", answer.text);
        // the page and the table say the same
        let mut browser = house.browser_of("events").await;
        let page = browser.get("/desk/staff").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("演示·会展公司员工") && !page.text.contains("演示·员工0"), "{}", page.text);
        let table = browser.get("/desk/staff.csv").await;
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        let lines: Vec<&str> = table.text.lines().collect();
        assert_eq!(lines.len(), 3, "{}", table.text);
        assert!(lines[1].starts_with("2026-02,travel,,12,") && lines[2].starts_with("2026-02,,12,12,"), "{}", table.text);
    }

    async fn nobody_else_reads_the_sums_of_an_organisations_staff(database) {
        let house = House::demo(&database).await;
        let mut nobody = house.browser();
        assert_envelope(&nobody.get(MONTHS).await, StatusCode::UNAUTHORIZED, "token_invalid");
        for other in ["vvb1", "operator"] {
            let answer = Program::of(&house, other).await.read(MONTHS).await;
            assert_envelope(&answer, StatusCode::FORBIDDEN, "role_not_allowed");
        }
        // another organisation sees its own: none
        let answer = Program::of(&house, "owner").await.read(MONTHS).await;
        assert_eq!(answer.json()["items"], json!([]), "{}", answer.text);
        assert_eq!(house.browser_of("commuter").await.get("/desk/staff").await.status, StatusCode::FORBIDDEN);
        assert!(!items(&mut nobody, "/api/v1/events").await.is_empty());
    }

    async fn staff_are_told_what_the_organisation_sees_and_join_by_agreeing(database) {
        let house = House::demo(&database).await;
        let mut owner = house.browser_of("owner").await;
        let refused = owner.act("/desk/staff", "staff_group_open", &[("name", ""), ("region", "CN-GD-SZ")]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER);
        assert!(refused.location().contains("again=") && refused.location().ends_with("#errors"), "{}", refused.location());
        let done = owner.act("/desk/staff", "staff_group_open", &[("name", "演示·风电员工"), ("region", "CN-GD-SZ")]).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/desk/staff"));
        let page = owner.get("/desk/staff").await.text;
        let code = page.split("class=\"group-code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code").to_owned();
        let mut commuter = house.browser_of("commuter").await;
        let refused = commuter.act("/me/boards", "group_join", &[("code", &code)]).await;
        assert!(refused.location().contains("again="), "{}", refused.location());
        let again = commuter.get(refused.location().split('#').next().expect("an address")).await;
        assert!(again.text.contains("单位只能看到整月的合计数"), "the words are on the page");
        let joined = commuter.act("/me/boards", "group_join", &[("code", &code), ("agrees_to_sums", "yes"), ("text_version", "1")]).await;
        assert!(joined.location().starts_with("/me/groups/"), "{}", joined.location());
        let group = commuter.get(joined.location()).await;
        assert!(group.text.contains("单位只能看到整月的合计数"), "the member sees what was agreed to");
    }
}
