//! The forms about credits without a script: what they offer to choose, whom they ask, and what they say when something is wrong.

use axum::http::StatusCode;
use registry::{By, Fields, Visitor};

use crate::support::{self, Browser, House, both_databases, encode};

async fn by(house: &House, name: &str, key: &str) -> (By, String) {
    let email = format!("{name}@demo.huitan");
    let found = house.registry.user_by_email(&email).await.expect("a read");
    let user = found.expect("a demo person").user;
    let by = By {
        user: user.id,
        organisation: user.organisation,
        role: user.role,
        at: server::seed::demo_now(),
        key: key.to_owned(),
    };
    (by, user.account_number)
}

/// What the form shows after it was refused.
async fn shown_again(browser: &mut Browser, answer: &support::Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(
        answer.location().contains("again="),
        "{}",
        answer.location()
    );
    let again = answer.location().to_owned();
    browser.get(&again).await.text
}

fn form(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

both_databases! {
    async fn an_order_first_asks_whose_credits_and_then_lists_what_the_account_holds(database) {
        let house = House::demo(&database).await;
        let (owner, account) = by(&house, "owner", "").await;
        let mut operator = house.browser_of("operator").await;
        let holdings = house.registry.holdings(&owner).await.expect("holdings");
        let held = holdings.iter().find(|one| one.held > 1).expect("something is held");
        for act in ["freeze", "suspend", "assign"] {
            let first = format!("/desk/holds/{act}");
            let page = operator.get(&first).await.text;
            assert!(page.contains("name=\"account\"") && !page.contains("name=\"holder\""), "{page}");
            for wrong in ["", "HT-0000-0000-0", "<b>"] {
                let page = operator.get(&format!("{first}?account={}", encode(wrong))).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(page.text.contains("field--wrong") && !page.text.contains("name=\"holder\"") && !page.text.contains("<b>"), "{}", page.text);
            }
            let page = operator.get(&format!("{first}?account={account}")).await;
            assert_eq!(page.hidden("holder"), account);
            assert!(page.text.contains("name=\"class\""), "{}", page.text);
            assert!(page.text.contains(&format!("value=\"{}\"", held.class)), "{}", page.text);
        }
        // the choices are no more than an offer: another class is refused at its field, on the second step
        let second = format!("/desk/holds/freeze?account={account}");
        let order = |class: &'static str| [("holder", account.clone()), ("quantity", "1".to_owned()), ("class", class.to_owned()),
            ("authority", "演示市中级人民法院".to_owned()), ("document_number", "（2026）演01执7号".to_owned()),
            ("document_date", "2025-06-01".to_owned()), ("ground", "财产保全".to_owned())];
        let sent = order("none");
        let sent: Vec<_> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = operator.act(&second, "credits_freeze", &sent).await;
        let page = shown_again(&mut operator, &answer).await;
        assert!(page.contains("name=\"holder\"") && page.contains("data-error-for=\"class\" class=") && page.contains("财产保全"), "{page}");
        let class = held.class.to_string();
        let mut sent = sent;
        sent[2].1 = &class;
        let answer = operator.act(&second, "credits_freeze", &sent).await;
        assert!(answer.location().starts_with("/desk/holds/") && !answer.location().contains("again"), "{}", answer.location());
        let now = house.registry.holdings(&owner).await.expect("holdings");
        assert_eq!(now.iter().find(|one| one.class == held.class).map(|one| one.frozen - held.frozen), Some(1));
    }

    async fn where_somebody_confirms_the_others_are_told_who_asks_for_surrender(database) {
        let house = House::demo(&database).await;
        let mut owner = house.browser_of("owner").await;
        let page = owner.get("/desk/offsets/new").await.text;
        assert!(page.contains("/acts/credits_offset"), "{page}");
        let (by, _) = by(&house, "owner", "invite").await;
        let invitation = form(&[("email", "confirms@demo.example"), ("member_role", "confirmer")]);
        house.registry.member_invite(&by, &invitation, "token-of-a-confirmer").await.expect("invited");
        let visitor = Visitor { at: by.at, key: "accept".to_owned() };
        let name = form(&[("name", "林确认")]);
        house.registry.member_accept(&visitor, "token-of-a-confirmer", &name, "hash").await.expect("accepted");
        let page = owner.get("/desk/offsets/new").await.text;
        assert!(!page.contains("/acts/credits_offset") && page.contains("林确认") && page.contains("抵销申请由确认代表提交"), "{page}");
    }

    async fn the_evidence_of_a_retirement_is_asked_field_by_field(database) {
        let house = House::demo(&database).await;
        let mut owner = house.browser_of("owner").await;
        let new = owner.get("/desk/retirements/new").await;
        for name in ["paper_authority", "paper_number", "paper_date", "product_name", "product_batch", "period_from", "period_to", "period_report"] {
            assert!(new.text.contains(&format!("name=\"{name}\"")), "{name}: {}", new.text);
        }
        let check = async |browser: &mut Browser, more: &[(&str, &str)]| {
            let page = browser.get("/desk/retirements/new").await;
            let (csrf, key) = (page.hidden("csrf"), page.hidden("key"));
            let mut all = vec![("csrf", csrf.as_str()), ("key", key.as_str()), ("back", "/desk/retirements/new"), ("source", "oldest"), ("quantity", "1"),
                ("purpose", "judicial"), ("purpose_text", ""), ("beneficiary", "演示市人民检察院"), ("beneficiary_kind", "organisation")];
            all.extend_from_slice(more);
            browser.post("/desk/retirements/check", &all).await
        };
        let answer = check(&mut owner, &[("paper_authority", "演示市中级人民法院"), ("paper_number", ""), ("paper_date", "昨天")]).await;
        let page = shown_again(&mut owner, &answer).await;
        for field in ["paper_number", "paper_date"] {
            assert!(page.contains(&format!("data-error-for=\"{field}\" class=")), "{field}: {page}");
        }
        assert!(page.contains("value=\"昨天\""), "{page}");
        let answer = check(&mut owner, &[("paper_authority", "演示市中级人民法院"), ("paper_number", "（2025）演01民初3号"), ("paper_date", "2025-03-01")]).await;
        let address = answer.location().to_owned();
        let page = owner.get(&address).await;
        let words = "演示市中级人民法院 · （2025）演01民初3号 · 2025-03-01";
        assert_eq!(page.hidden("purpose_text"), words, "{}", page.text);
        let (csrf, key) = (page.hidden("csrf"), page.hidden("key"));
        let act = [("csrf", csrf.as_str()), ("key", key.as_str()), ("back", address.as_str()), ("source", "oldest"), ("quantity", "1"), ("purpose", "judicial"),
            ("purpose_text", words), ("beneficiary", "演示市人民检察院"), ("beneficiary_kind", "organisation"), ("confirm", "yes")];
        let done = owner.post("/acts/credits_retire", &act).await;
        assert!(!done.location().contains("again"), "{}", done.location());
        let newest = owner.get("/api/v1/retirements").await.json();
        let number = newest["items"][0]["number"].as_str().expect("a certificate").to_owned();
        let certificate = owner.get(&format!("/retirements/{number}")).await.text;
        assert!(certificate.contains(words), "{certificate}");
    }
}
