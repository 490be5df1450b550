//! The guardian of somebody younger than 14, by the pages: the form, the page of the one who waits, and the links of the letter.

use axum::http::StatusCode;
use domain::Instant;
use registry::{GuardianLetter, Registry};

use crate::support::{self, Browser, House, both_databases};

const PASSWORD: &str = "a-long-enough-password";

async fn sign_up(browser: &mut Browser, age: &str, guardian: &str) -> support::Answer {
    let email = format!("{}@example.cn", support::unique());
    let fields = [
        ("name", "演示少年"),
        ("email", email.as_str()),
        ("region", "CN-GD-SZ"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("age", age),
        ("guardian", "演示家长"),
        ("guardian_email", guardian),
        ("agrees", "yes"),
        ("text_version", "3"),
    ];
    browser
        .act("/sign-up/person", "person_sign_up", &fields)
        .await
}

/// The letter that waits in the outbox.
async fn letter(registry: &Registry) -> GuardianLetter {
    let now = Instant(4_000_000_000);
    while let Some(mail) = registry.mail_claim("the story", now).await.expect("a look") {
        registry
            .mail_sent(&mail.id, "the story", now)
            .await
            .expect("sent");
        if let Some(letter) = mail.letter {
            return letter;
        }
    }
    panic!("no letter");
}

both_databases! {
    async fn a_child_waits_on_one_page_until_the_guardian_has_agreed_by_the_link(database) {
        let house = House::demo(&database).await;
        let mut child = house.browser();
        let form = child.get("/sign-up/person").await.text;
        assert!(form.contains("name=\"guardian_email\"") && !form.contains("guardian_agrees"), "the box of the child is gone");
        let refused = sign_up(&mut child, "minor", "no address").await;
        assert!(refused.location().contains("again=") && refused.location().ends_with("#errors"), "{}", refused.location());
        let page = child.get(refused.location()).await.text;
        assert!(page.contains("name=\"guardian_email\"") && page.contains("value=\"no address\""), "{page}");
        let answer = sign_up(&mut child, "minor", "parent@example.cn").await;
        assert_eq!(answer.location(), "/me");
        // every page of a person leads to the one that says what it waits for
        for address in ["/me", "/me/record", "/me/month", "/me/consents", "/me/boards", "/me/shop", "/me/give", "/me/rating", "/me/identity"] {
            let answer = child.get(address).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/me/guardian"), "{address}");
        }
        let page = child.get("/me/guardian").await;
        assert_eq!(page.status, StatusCode::OK);
        for said in ["parent@example.cn", "演示家长", "正在等监护人同意", "/acts/guardian_ask", "/acts/person_close"] {
            assert!(page.text.contains(said), "{said}");
        }
        assert!(child.get("/me/export.json").await.text.contains("parent@example.cn"));
        let again = child.act("/me/guardian", "guardian_ask", &[("guardian", "演示家长"), ("guardian_email", "")]).await;
        assert!(again.location().ends_with("#errors"), "{}", again.location());

        let letter = letter(&house.registry).await;
        let mut guardian = house.browser();
        let link = format!("/guardian?token={}", letter.answer_token);
        let stays = format!("/guardian/account?token={}", letter.stays_token);
        assert!(guardian.get(&stays).await.text.contains("还没有用另一个链接表示同意"));
        let page = guardian.get(&link).await;
        let text = domain::inclusion::Purpose::Account.text().text.zh;
        for said in ["演示少年", text, "我是孩子的父母或其他监护人"] {
            assert!(page.text.contains(said), "{said}");
        }
        let forgotten = guardian.act(&link, "guardian_answer", &[("answer", "agree"), ("text_version", "3")]).await;
        assert!(forgotten.location().starts_with(&link) && forgotten.location().ends_with("#errors"), "{}", forgotten.location());
        assert!(guardian.get(forgotten.location()).await.text.contains("data-error-for=\"is_guardian\""));
        let agreed = guardian.act(&link, "guardian_answer", &[("answer", "agree"), ("text_version", "3"), ("is_guardian", "yes")]).await;
        assert_eq!(agreed.location(), link);
        let page = guardian.get(&link).await.text;
        assert!(page.contains("同意，谢谢") && !page.contains("/acts/guardian_answer"), "a link is used once: {page}");
        assert_eq!(child.get("/me").await.status, StatusCode::OK, "the account is open");

        // a further consent: the child asks, and sees that it waits
        let asked = child.act("/me/consents", "consent_give", &[("purpose", "assignment"), ("text_version", "1"), ("agrees", "yes")]).await;
        assert_eq!(asked.location(), "/me/consents");
        let page = child.get("/me/consents").await.text;
        assert!(page.contains("正在等监护人同意的各项"), "{page}");
        let page = guardian.get(&stays).await.text;
        assert!(page.contains("演示少年") && page.contains("/acts/guardian_close"));
        let closed = guardian.act(&stays, "guardian_close", &[("statement", "yes")]).await;
        assert_eq!(closed.location(), stays);
        assert!(guardian.get(&stays).await.text.contains("账户已经注销"));
        assert!(child.get("/me").await.location().starts_with("/sign-in"), "the child is signed out");
    }

    async fn a_guardian_without_an_account_refuses_and_nobody_else_opens_anything(database) {
        let house = House::demo(&database).await;
        let mut child = house.browser();
        sign_up(&mut child, "minor", "parent@example.cn").await;
        let letter = letter(&house.registry).await;
        let mut guardian = house.browser();
        for address in ["/guardian", "/guardian?token=", "/guardian?token=guessed"] {
            let page = guardian.get(address).await;
            assert!(page.status == StatusCode::OK && page.text.contains("这个链接打不开任何内容"), "{address}");
        }
        let link = format!("/guardian?token={}&lang=en", letter.answer_token);
        let page = guardian.get(&link).await.text;
        assert!(page.contains("the account is closed, and your name and address are deleted"), "{page}");
        let refused = guardian.act(&link, "guardian_answer", &[("answer", "refuse")]).await;
        assert_eq!(refused.location(), link);
        assert!(guardian.get(&link).await.text.contains("You refused on"));
        assert!(child.get("/me").await.location().starts_with("/sign-in"));
    }

    async fn an_adult_is_not_asked_for_a_guardian_and_without_mail_no_child_is_taken_in(database) {
        let house = House::with(&database, &[("HUITAN_DEMO", "1"), ("HUITAN_MAIL", "off")]).await;
        let mut adult = house.browser();
        assert_eq!(sign_up(&mut adult, "adult", "no address").await.location(), "/me");
        assert_eq!(adult.get("/me").await.status, StatusCode::OK);
        assert_eq!(adult.get("/me/guardian").await.status, StatusCode::NOT_FOUND);
        let mut child = house.browser();
        let refused = sign_up(&mut child, "minor", "parent@example.cn").await;
        let page = child.get(refused.location()).await.text;
        assert!(page.contains("这里现在不能发送邮件"), "{page}");
    }
}
