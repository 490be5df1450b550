//! Messages by their routes: the inbox, reading, the choice about mail, the outbox, the places in the queue, and how long steps take.

use crate::support::{self, House, both_databases};
use axum::http::StatusCode;

/// The ids of the messages on an inbox page, in their order.
fn messages(text: &str) -> Vec<String> {
    text.split("id=\"message-")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

both_databases! {
    /// The demo world's owner reads, page by page, and marks; nobody marks what is another organisation's.
    async fn the_inbox_shows_messages_and_marks_them_as_read(database) {
        let house = House::demo(&database).await;
        let mut owner = house.browser_of("owner").await;
        let page = owner.get("/inbox").await;
        let first = messages(&page.text);
        assert_eq!(first.len(), 20, "a page of messages");
        assert!(page.text.contains("class=\"nav__count\""), "the number of unread ones is in the navigation");
        assert!(page.text.contains("3 条未读"), "{}", page.text);
        let next = page.text.split("/inbox?after=").nth(1).and_then(|rest| rest.split('#').next()).expect("another page");
        let second = messages(&owner.get(&format!("/inbox?after={next}")).await.text);
        assert!(!second.is_empty() && second.iter().all(|id| !first.contains(id)));

        let mut other = house.browser_of("owner2").await;
        let foreign = other.act("/inbox", "notification_read", &[("notification", &first[0])]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let one = owner.act("/inbox", "notification_read", &[("notification", &first[0])]).await;
        assert_eq!((one.status, one.location()), (StatusCode::SEE_OTHER, "/inbox"));
        assert!(owner.get("/inbox?lang=en").await.text.contains("2 unread"));
        owner.act("/inbox", "notification_read", &[("up_to", &first[0])]).await;
        let page = owner.get("/inbox").await;
        assert!(page.text.contains("0 unread") && !page.text.contains("class=\"nav__count\""));
    }

    async fn mail_is_a_choice_of_each_person(database) {
        let house = House::demo(&database).await;
        let mut body = house.browser_of("vvb1").await;
        let wrong = body.act("/account/notifications", "user_set_mail", &[("wants_mail", "maybe"), ("language", "en")]).await;
        assert!(wrong.location().contains("again="), "{}", wrong.location());
        let done = body.act("/account/notifications", "user_set_mail", &[("wants_mail", "yes"), ("language", "en")]).await;
        assert_eq!(done.location(), "/account/notifications");
        let email = "vvb1@demo.huitan";
        let user = house.registry.user_by_email(email).await.expect("a read").expect("a user").user;
        let by = registry::By { user: user.id, organisation: user.organisation, role: user.role, at: server::seed::demo_now(), key: String::new() };
        let choice = house.registry.mail_choice(&by).await.expect("a read");
        assert_eq!((choice.wants_mail, choice.language.as_str()), (true, "en"));
    }

    async fn the_operator_sees_the_outbox_and_the_queue(database) {
        let house = House::demo(&database).await;
        let mut operator = house.browser_of("operator").await;
        assert_eq!(operator.get("/desk/mail").await.status, StatusCode::OK);
        let list = operator.get("/desk/projects?state=registration_review").await;
        assert_eq!(list.status, StatusCode::OK);
        assert!(list.text.contains("前面还有 1 件"), "the paused one came earlier: {}", list.text);
        let paused = operator.get("/desk/projects?state=registration_paused").await;
        assert!(paused.text.contains("审查暂停，期限不计 · 排在最前"), "{}", paused.text);
        let mut owner = house.browser_of("owner").await;
        assert_eq!(owner.get("/desk/mail").await.status, StatusCode::FORBIDDEN);
    }

    async fn anyone_sees_how_long_steps_take_beside_the_limits(database) {
        let house = House::demo(&database).await;
        let mut browser = house.browser();
        assert!(browser.get("/statistics").await.text.contains("href=\"/statistics/steps\""));
        let page = browser.get("/statistics/steps").await;
        for shown in ["登记审查", "20 个工作日", "Measures art. 15, 22", "CNCA-CCER-01:2023"] {
            assert!(page.text.contains(shown), "{shown}");
        }
        let json = browser.get("/api/v1/statistics/steps").await.json();
        let items = json["items"].as_array().expect("a list");
        let publicity = items.iter().find(|row| row["step"] == "publicity" && row["year"].is_null()).expect("publicity");
        assert_eq!((publicity["median_days"].as_i64(), publicity["unit"].as_str()), (Some(20), Some("working_days")));
        assert!(items.iter().any(|row| row["step"] == "registration" && row["kind"] == "report"));
    }
}
