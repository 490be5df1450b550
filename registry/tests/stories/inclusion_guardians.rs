//! The guardian of somebody younger than 14: asked by mail, heard without an account, and nothing counts before.

use domain::Instant;
use domain::inclusion::RequestState;
use registry::{Fields, GuardianLetter, Options, OutgoingMail, Registry, Visitor};
use sqlx::AssertSqlSafe;
use time::Date;
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

const PARENT: &str = "parent@example.cn";
/// Seven days later.
const LATER: Date = date!(2026 - 03 - 17);

fn visitor(day: Date) -> Visitor {
    Visitor {
        at: noon(day),
        key: key(),
    }
}

fn child_form() -> Fields {
    let mut form = person_form("演示少年", &format!("{}@example.cn", unique()));
    form.extend(fields(&[
        ("age", "minor"),
        ("guardian", "演示家长"),
        ("guardian_email", PARENT),
    ]));
    form
}

async fn child(registry: &Registry) -> Person {
    let receipt = registry
        .person_sign_up(&visitor(DAY), &child_form(), "hash")
        .await
        .expect("person_sign_up");
    Actor {
        user: receipt.user,
        organisation: receipt.account,
        role: domain::Role::Individual,
        account: String::new(),
    }
}

/// Everything in the outbox, each taken once.
async fn post(registry: &Registry) -> Vec<OutgoingMail> {
    let mut mails = Vec::new();
    let now = Instant(4_000_000_000);
    while let Some(mail) = registry.mail_claim("the story", now).await.expect("a look") {
        registry
            .mail_sent(&mail.id, "the story", now)
            .await
            .expect("sent");
        mails.push(mail);
    }
    mails
}

/// The only letter in the outbox.
async fn letter(registry: &Registry) -> GuardianLetter {
    let mut mails = post(registry).await;
    mails.retain(|mail| mail.letter.is_some());
    assert_eq!(mails.len(), 1, "one letter");
    assert_eq!(mails[0].address, PARENT);
    mails.remove(0).letter.expect("a letter")
}

fn agrees() -> Fields {
    fields(&[("answer", "agree"), ("is_guardian", "yes")])
}

fn refuses() -> Fields {
    fields(&[("answer", "refuse")])
}

/// A child whose guardian has agreed to the account, and the letter that asked.
async fn opened(registry: &Registry) -> (Person, GuardianLetter) {
    let young = child(registry).await;
    let letter = letter(registry).await;
    registry
        .guardian_answer(&visitor(DAY), &letter.answer_token, &agrees())
        .await
        .expect("agreed");
    (young, letter)
}

async fn live(registry: &Registry, young: &Person) -> Vec<String> {
    let consents = registry.consents(&young.on(DAY)).await.expect("consents");
    let live = consents.into_iter().filter(|one| one.revoked_at.is_none());
    live.map(|one| {
        assert_eq!(one.by_guardian.as_deref(), Some("演示家长"));
        one.purpose.code().to_owned()
    })
    .collect()
}

async fn texts(world: &World, sql: &str) -> Vec<String> {
    let mut raw = world.database.raw().await;
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_all(&mut raw)
        .await
        .expect("rows")
}

both_databases! {
    async fn the_form_of_a_child_says_what_is_wrong_about_the_guardian_and_that_of_an_adult_ignores_it(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        for (field, value, refused) in [
            ("guardian", "", "required"),
            ("guardian_email", "", "required"),
            ("guardian_email", "no address", "email_invalid"),
        ] {
            let mut form = child_form();
            form.insert(field.to_owned(), value.to_owned());
            let Err(registry::Error::Refused(refusals)) = registry.person_sign_up(&visitor(DAY), &form, "hash").await else { panic!("{field}") };
            assert_eq!(refusals.len(), 1);
            assert_eq!((refusals[0].code, refusals[0].field.as_deref()), (refused, Some(field)));
        }
        let mut form = child_form();
        let own = form["email"].to_uppercase();
        form.insert("guardian_email".to_owned(), own);
        assert_eq!(codes(registry.person_sign_up(&visitor(DAY), &form, "hash").await), ["guardian_email_own"]);
        form.insert("age".to_owned(), "adult".to_owned());
        registry.person_sign_up(&visitor(DAY), &form, "hash").await.expect("nobody asks an adult for a guardian");
        assert!(post(registry).await.iter().all(|mail| mail.letter.is_none()));
        assert_eq!(texts(&world, "SELECT id FROM inclusion_account WHERE guardian IS NOT NULL OR guardian_email IS NOT NULL").await.len(), 0);
    }

    async fn until_the_guardian_agrees_nothing_lives_and_nothing_is_taken_in(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let registry = &world.registry;
        let young = child(registry).await;
        let by = || young.on(DAY);
        assert_eq!(registry.person(&by()).await.expect("person").state, "waiting");
        assert!(registry.consents(&by()).await.expect("consents").is_empty());
        assert!(registry.user_get(&young.user).await.expect("user").expect("a user").waits_for_guardian);
        let source = fields(&[("purpose", "source"), ("provider", &transit), ("scene", "metro"), ("agrees", "yes")]);
        let act = fields(&[("scene", "bus"), ("day", "2026-03-10"), ("distance_km", "2"), ("started", "10:00"), ("ended", "10:20")]);
        let group = fields(&[("name", "团体"), ("kind", "group"), ("region", "CN-GD-SZ")]);
        let change = fields(&[("region", "CN-GD-SZ"), ("nickname", "小演")]);
        for refused in [
            codes(registry.consent_give(&by(), &source).await),
            codes(registry.activity_record(&by(), &act, None).await),
            codes(registry.group_create(&by(), &group).await),
            codes(registry.person_change(&by(), &change).await),
            codes(registry.goods_order(&by(), "no-goods").await),
        ] {
            assert!(refused == ["person_not_open"] || refused == ["not found"], "{refused:?}");
        }
        assert!(registry.links(&by()).await.expect("links").is_empty());
        let letter = letter(registry).await;
        assert_eq!((letter.child.as_str(), letter.guardian.as_str(), letter.purpose.code()), ("演示少年", "演示家长", "account"));
        assert!(registry.guardian_account(&letter.stays_token).await.expect("a look").is_none(), "nobody has agreed yet");

        // wrong answers first: nothing of them opens anything
        let answer = async |token: &str, form: &Fields| registry.guardian_answer(&visitor(DAY), token, form).await;
        assert_eq!(codes(answer(&letter.answer_token, &Fields::new()).await), ["required"]);
        assert_eq!(codes(answer(&letter.answer_token, &fields(&[("answer", "perhaps")])).await), ["choice_invalid"]);
        assert_eq!(codes(answer(&letter.answer_token, &fields(&[("answer", "agree")])).await), ["statement_required"]);
        let mut earlier = agrees();
        earlier.insert("text_version".to_owned(), "1".to_owned());
        assert_eq!(codes(answer(&letter.answer_token, &earlier).await), ["stale_form"]);
        assert_eq!(codes(answer(&letter.stays_token, &agrees()).await), ["guardian_link_invalid"]);
        assert_eq!(codes(answer("", &agrees()).await), ["guardian_link_invalid"]);
        assert_eq!(registry.person(&by()).await.expect("person").state, "waiting");

        // exactly once: the same key has the same answer, another one finds the link used
        let once = visitor(DAY);
        let first = registry.guardian_answer(&once, &letter.answer_token, &agrees()).await.expect("agreed");
        assert_eq!(first.state, Some(RequestState::Agreed));
        assert_eq!(registry.guardian_answer(&once, &letter.answer_token, &agrees()).await.expect("again"), first);
        assert_eq!(codes(registry.guardian_answer(&once, &letter.answer_token, &refuses()).await), ["key_reused"]);
        assert_eq!(codes(answer(&letter.answer_token, &refuses()).await), ["guardian_link_invalid"]);
        let question = registry.guardian_question(&letter.answer_token, noon(DAY)).await.expect("a look").expect("a question");
        assert!(!question.is_open && question.request.state == RequestState::Agreed);
        let person = registry.person(&by()).await.expect("person");
        assert_eq!((person.state.as_str(), person.has_confirmed_guardian), ("open", true));
        assert_eq!(live(registry, &young).await, ["account"]);
        assert!(!registry.user_get(&young.user).await.expect("user").expect("a user").waits_for_guardian);
        assert!(texts(&world, &format!("SELECT token_hash FROM inclusion_guardian_request WHERE token_hash = '{}'", letter.answer_token)).await.is_empty());
        world.assert_audit_clean().await;
    }

    async fn a_guardian_who_refuses_closes_the_account_and_leaves_nothing_behind(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let young = child(registry).await;
        let letter = letter(registry).await;
        registry.guardian_answer(&visitor(DAY), &letter.answer_token, &refuses()).await.expect("refused");
        assert_eq!(registry.person(&young.on(DAY)).await.expect("person").state, "closed");
        let kept = "SELECT COALESCE(guardian_email, '') || COALESCE(guardian, '') FROM inclusion_account WHERE is_minor = 1";
        assert_eq!(texts(&world, kept).await, [""]);
        assert!(texts(&world, &format!("SELECT id FROM mail WHERE address = '{PARENT}'")).await.is_empty());
        assert!(texts(&world, "SELECT id FROM user_account WHERE name = '演示少年'").await.is_empty());
        assert_eq!(codes(registry.guardian_ask(&young.on(DAY), &fields(&[("guardian", "甲"), ("guardian_email", PARENT)])).await), ["not found"]);
        world.assert_audit_clean().await;
    }

    async fn without_an_answer_in_seven_days_the_account_that_waits_is_closed(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let young = child(registry).await;
        let letter = letter(registry).await;
        assert_eq!(registry.guardians_tick(noon(LATER).plus_seconds(-1)).await.expect("a tick"), 0);
        assert_eq!(codes(registry.guardian_answer(&visitor(LATER), &letter.answer_token, &agrees()).await), ["guardian_link_invalid"], "too late");
        registry.inclusion_tick(noon(LATER)).await.expect("a tick");
        assert_eq!(registry.guardians_tick(noon(LATER)).await.expect("a tick"), 0, "once");
        assert_eq!(registry.person(&young.on(LATER)).await.expect("person").state, "closed");
        let question = registry.guardian_question(&letter.answer_token, noon(LATER)).await.expect("a look").expect("a question");
        assert_eq!(question.request.state, RequestState::Expired);
        world.assert_audit_clean().await;
    }

    async fn a_corrected_address_gets_a_letter_and_the_earlier_link_is_worth_nothing(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let young = child(registry).await;
        let wrong = letter(registry).await;
        let own = registry.user_get(&young.user).await.expect("user").expect("a user").email;
        assert_eq!(codes(registry.guardian_ask(&young.on(DAY), &Fields::new()).await), ["required", "required"]);
        assert_eq!(codes(registry.guardian_ask(&young.on(DAY), &fields(&[("guardian", "甲"), ("guardian_email", &own)])).await), ["guardian_email_own"]);
        let corrected = fields(&[("guardian", "演示母亲"), ("guardian_email", "mother@example.cn")]);
        let by = young.on(date!(2026 - 03 - 12));
        let asked = registry.guardian_ask(&by, &corrected).await.expect("asked");
        assert_eq!(registry.guardian_ask(&by, &corrected).await.expect("the same key"), asked);
        let view = registry.guardian(&young.on(DAY)).await.expect("guardian");
        assert_eq!((view.name.as_str(), view.email.as_deref(), view.requests.len()), ("演示母亲", Some("mother@example.cn"), 2));
        assert_eq!(view.waits_until, Some(noon(date!(2026 - 03 - 19))), "seven days again");
        assert_eq!(codes(registry.guardian_answer(&visitor(DAY), &wrong.answer_token, &agrees()).await), ["guardian_link_invalid"]);
        let mails = post(registry).await;
        assert_eq!(mails.iter().map(|mail| mail.address.as_str()).collect::<Vec<_>>(), ["mother@example.cn"]);
        let right = mails[0].letter.clone().expect("a letter");
        registry.guardian_answer(&visitor(LATER), &right.answer_token, &agrees()).await.expect("in time");
        assert_eq!(codes(registry.guardian_ask(&young.on(LATER), &corrected).await), ["guardian_confirmed"], "the child names no other guardian now");
        // of a stranger's mailbox only so much
        let other = child(registry).await;
        let again = fields(&[("guardian", "演示家长"), ("guardian_email", PARENT)]);
        for _ in 1..10 {
            registry.guardian_ask(&other.on(DAY), &again).await.expect("asked again");
        }
        assert_eq!(codes(registry.guardian_ask(&other.on(DAY), &again).await), ["guardian_asked_often"]);
        let adult = person(registry, "演示成人").await;
        assert_eq!(codes(registry.guardian_ask(&adult.on(DAY), &again).await), ["not found"]);
        assert_eq!(codes(registry.guardian_ask(&world.owner.on(DAY), &again).await), ["forbidden"]);
    }

    async fn every_further_consent_of_a_child_waits_for_the_guardian(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let registry = &world.registry;
        let (young, first) = opened(registry).await;
        let source = fields(&[("purpose", "source"), ("provider", &transit), ("scene", "metro"), ("agrees", "yes")]);
        let unknown = fields(&[("purpose", "source"), ("provider", "nobody"), ("scene", "metro"), ("agrees", "yes")]);
        assert_eq!(codes(registry.consent_give(&young.on(DAY), &unknown).await), ["provider_unknown"], "no letter about what cannot be given");
        let receipt = registry.consent_give(&young.on(DAY), &source).await.expect("asked");
        assert!(receipt.asks_guardian && receipt.reference.is_none());
        assert_eq!(codes(registry.consent_give(&young.on(DAY), &source).await), ["guardian_asked"]);
        assert_eq!(live(registry, &young).await, ["account"]);
        assert!(registry.links(&young.on(DAY)).await.expect("links").is_empty(), "no provider knows the child");
        // asked again: the newer letter counts
        let old = letter(registry).await;
        assert_eq!((old.provider_name.as_str(), old.stays_token == first.stays_token), ("演示深圳公交地铁", true));
        registry.guardian_ask(&young.on(DAY), &fields(&[("request", &receipt.id)])).await.expect("again");
        let new = letter(registry).await;
        assert_eq!(codes(registry.guardian_answer(&visitor(DAY), &old.answer_token, &agrees()).await), ["guardian_link_invalid"]);
        registry.guardian_answer(&visitor(DAY), &new.answer_token, &agrees()).await.expect("agreed");
        assert_eq!(live(registry, &young).await, ["source", "account"]);
        assert_eq!(registry.links(&young.on(DAY)).await.expect("links").len(), 1);
        assert_eq!(codes(registry.consent_give(&young.on(DAY), &source).await), ["consent_given"]);
        // refused: nothing changes, and it may be asked again
        let assignment = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
        registry.consent_give(&young.on(DAY), &assignment).await.expect("asked");
        let asked = letter(registry).await;
        registry.guardian_answer(&visitor(DAY), &asked.answer_token, &refuses()).await.expect("refused");
        assert_eq!(registry.person(&young.on(DAY)).await.expect("person").state, "open");
        registry.consent_give(&young.on(DAY), &assignment).await.expect("asked once more");
        letter(registry).await;
        // nobody answers: the question ends, the account stays
        registry.guardians_tick(noon(LATER)).await.expect("a tick");
        assert_eq!(registry.person(&young.on(LATER)).await.expect("person").state, "open");
        assert_eq!(live(registry, &young).await, ["source", "account"]);
        let export = registry.person_export(&young.on(LATER)).await.expect("export").guardian.expect("the guardian");
        assert_eq!((export.email.as_deref(), export.requests.len()), (Some(PARENT), 5));
        // boards: with a nickname, and only after the answer
        let board = fields(&[("purpose", "board"), ("agrees", "yes"), ("nickname", "小演")]);
        registry.consent_give(&young.on(LATER), &board).await.expect("asked");
        let asked = letter(registry).await;
        registry.guardian_answer(&visitor(LATER), &asked.answer_token, &agrees()).await.expect("agreed");
        assert_eq!(live(registry, &young).await, ["board", "source", "account"]);
        world.assert_audit_clean().await;
    }

    async fn by_the_link_that_stays_the_guardian_withdraws_and_closes_at_any_time(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let (young, letter_of_account) = opened(registry).await;
        let token = letter_of_account.stays_token;
        registry.consent_give(&young.on(DAY), &fields(&[("purpose", "assignment"), ("agrees", "yes")])).await.expect("asked");
        let asked = letter(registry).await;
        registry.guardian_answer(&visitor(DAY), &asked.answer_token, &agrees()).await.expect("agreed");
        let account = registry.guardian_account(&token).await.expect("a look").expect("an account");
        assert_eq!((account.child.as_str(), account.consents.len()), ("演示少年", 2));
        let id = |purpose: &str| account.consents.iter().find(|one| one.purpose.code() == purpose).expect("it lives").id.clone();
        assert_eq!(codes(registry.guardian_revoke(&visitor(DAY), &asked.answer_token, &id("assignment")).await), ["guardian_link_invalid"]);
        assert_eq!(codes(registry.guardian_revoke(&visitor(DAY), &token, "nothing").await), ["not found"]);
        assert_eq!(codes(registry.guardian_revoke(&visitor(DAY), &token, &id("account")).await), ["consent_of_account"]);
        let once = visitor(DAY);
        let first = registry.guardian_revoke(&once, &token, &id("assignment")).await.expect("withdrawn");
        assert_eq!(registry.guardian_revoke(&once, &token, &id("assignment")).await.expect("the same key"), first);
        assert_eq!(live(registry, &young).await, ["account"]);
        assert_eq!(codes(registry.guardian_close(&visitor(DAY), &token, &Fields::new()).await), ["statement_required"]);
        let yes = fields(&[("statement", "yes")]);
        assert_eq!(codes(registry.guardian_close(&visitor(DAY), "guessed", &yes).await), ["guardian_link_invalid"]);
        registry.guardian_close(&visitor(DAY), &token, &yes).await.expect("closed");
        assert_eq!(registry.person(&young.on(DAY)).await.expect("person").state, "closed");
        assert!(registry.guardian_account(&token).await.expect("a look").is_none());
        assert_eq!(texts(&world, "SELECT DISTINCT by_guardian FROM inclusion_consent WHERE by_guardian IS NOT NULL").await, [""], "nobody's name is left");
        assert!(texts(&world, &format!("SELECT id FROM mail WHERE address = '{PARENT}'")).await.is_empty());
        world.assert_audit_clean().await;
    }

    async fn where_no_mail_is_sent_no_account_of_a_child_is_opened(database) {
        let world = World::new(database).await;
        let options = Options { demo: true, sends_mail: false, ..Options::default() };
        let mute = Registry::connect(&world.database.url, options).await.expect("connect");
        let Err(registry::Error::Refused(refusals)) = mute.person_sign_up(&visitor(DAY), &child_form(), "hash").await else { panic!("opened") };
        assert_eq!((refusals[0].code, refusals[0].field.as_deref()), ("guardian_mail_off", Some("guardian_email")));
        let (young, _) = opened(&world.registry).await;
        let assignment = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
        assert_eq!(codes(mute.consent_give(&young.on(DAY), &assignment).await), ["guardian_mail_off"]);
        mute.close().await;
    }

    async fn an_account_opened_before_keeps_its_consents_and_its_guardian_is_asked_now(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let older = |name: &'static str| async move { person(registry, name).await };
        let (kept, refused) = (older("演示甲").await, older("演示乙").await);
        assign(&world, &kept).await;
        let mut raw = world.database.raw().await;
        sqlx::raw_sql("UPDATE inclusion_account SET is_minor = 1, guardian = '演示家长'").execute(&mut raw).await.expect("as it was");
        drop(raw);
        let assignment = fields(&[("purpose", "board"), ("agrees", "yes"), ("nickname", "小演")]);
        assert_eq!(codes(registry.consent_give(&kept.on(DAY), &assignment).await), ["guardian_required"]);
        assert!(!registry.person(&kept.on(DAY)).await.expect("person").has_confirmed_guardian);
        let named = fields(&[("guardian", "演示家长"), ("guardian_email", PARENT)]);
        registry.guardian_ask(&kept.on(DAY), &named).await.expect("asked");
        let asked = letter(registry).await;
        assert_eq!(registry.person(&kept.on(DAY)).await.expect("person").state, "open", "everything goes on meanwhile");
        registry.guardian_answer(&visitor(DAY), &asked.answer_token, &agrees()).await.expect("agreed");
        assert!(registry.person(&kept.on(DAY)).await.expect("person").has_confirmed_guardian);
        assert_eq!(registry.consents(&kept.on(DAY)).await.expect("consents").len(), 2, "as they were recorded");
        assert!(registry.guardian_account(&asked.stays_token).await.expect("a look").is_some());
        // nobody answers: it stays as it is; refused: it is closed
        registry.guardian_ask(&refused.on(DAY), &named).await.expect("asked");
        letter(registry).await;
        registry.guardians_tick(noon(LATER)).await.expect("a tick");
        assert_eq!(registry.person(&refused.on(LATER)).await.expect("person").state, "open");
        registry.guardian_ask(&refused.on(LATER), &named).await.expect("asked again");
        let asked = letter(registry).await;
        registry.guardian_answer(&visitor(LATER), &asked.answer_token, &refuses()).await.expect("refused");
        assert_eq!(registry.person(&refused.on(LATER)).await.expect("person").state, "closed");
        world.assert_audit_clean().await;
    }

    async fn no_order_stands_in_the_way_of_a_guardian_who_closes_the_account(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let young = commuter(&world, &provider).await;
        let registry = &world.registry;
        let mut raw = world.database.raw().await;
        sqlx::raw_sql("UPDATE inclusion_account SET is_minor = 1, guardian = '演示家长'").execute(&mut raw).await.expect("as it was");
        drop(raw);
        let named = fields(&[("guardian", "演示家长"), ("guardian_email", PARENT)]);
        registry.guardian_ask(&young.on(SETTLED), &named).await.expect("asked");
        let asked = letter(registry).await;
        registry.guardian_answer(&visitor(SETTLED), &asked.answer_token, &agrees()).await.expect("agreed");
        let id = goods(&world, "200", "green", "marketing").await;
        registry.goods_order(&young.on(SETTLED), &id).await.expect("order");
        let yes = fields(&[("statement", "yes")]);
        assert_eq!(codes(registry.person_close(&young.on(SETTLED), &yes).await), ["orders_wait"]);
        registry.guardian_close(&visitor(SETTLED), &asked.stays_token, &yes).await.expect("closed");
        let person = registry.person(&young.on(SETTLED)).await.expect("person");
        assert_eq!((person.state.as_str(), person.points.available, person.points.frozen), ("closed", 0, 0));
        let orders = registry.goods_orders(&young.on(SETTLED)).await.expect("orders");
        assert_eq!(orders[0].state, "cancelled");
        world.assert_audit_clean().await;
    }

    /// Two browsers of the guardian, and the day on which the time is over: one of them counts.
    async fn a_link_answered_twice_at_once_is_answered_once(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let young = child(registry).await;
        let letter = letter(registry).await;
        let (yes, no) = (agrees(), refuses());
        let (one, other) = (visitor(DAY), visitor(DAY));
        let (agreed, refused, _) = tokio::join!(
            registry.guardian_answer(&one, &letter.answer_token, &yes),
            registry.guardian_answer(&other, &letter.answer_token, &no),
            registry.guardians_tick(noon(DAY)),
        );
        let expected = if agreed.is_ok() { "open" } else { "closed" };
        assert_ne!(agreed.is_ok(), refused.is_ok(), "{agreed:?} {refused:?}");
        assert_eq!(registry.person(&young.on(DAY)).await.expect("person").state, expected);
        world.assert_audit_clean().await;
    }

    async fn the_audit_finds_a_consent_of_a_child_that_no_guardian_gave(database) {
        let world = World::new(database).await;
        let (young, _) = opened(&world.registry).await;
        world.assert_audit_clean().await;
        let mut raw = world.database.raw().await;
        sqlx::raw_sql("UPDATE inclusion_account SET guardian_confirmed_at = NULL, guardian_until = 1 WHERE is_minor = 1").execute(&mut raw).await.expect("forged");
        let report = world.registry.audit().await.expect("an audit");
        let found: Vec<_> = report.differences.iter().map(|one| one.subject.as_str()).collect();
        assert_eq!(found, [young.organisation.as_str()]);
    }

    async fn the_database_itself_lets_no_account_wait_without_somebody_who_is_asked(database) {
        let world = World::new(database).await;
        person(&world.registry, "演示成人").await;
        child(&world.registry).await;
        let mut raw = world.database.raw().await;
        for (sql, name) in [
            ("UPDATE inclusion_account SET guardian_until = 1 WHERE is_minor = 0", "inclusion_account_waits_for_a_guardian"),
            ("UPDATE inclusion_account SET guardian_email = NULL WHERE is_minor = 1", "inclusion_account_waits_for_a_guardian"),
            ("UPDATE inclusion_consent SET by_guardian = 'another' WHERE revoked_at IS NULL", "inclusion_consent_only_ends"),
            ("UPDATE inclusion_consent SET revoked_at = granted_at, by_guardian = '' WHERE revoked_at IS NULL; \
              UPDATE inclusion_consent SET by_guardian = 'another'", "inclusion_consent_only_ends"),
            ("UPDATE inclusion_guardian_request SET state = 'agreed'", "inclusion_guardian_request_ends_once"),
            ("UPDATE inclusion_guardian_request SET purpose = 'source'", "inclusion_guardian_request_of_a_source"),
        ] {
            let refused = sqlx::raw_sql(sql).execute(&mut raw).await.expect_err(sql).to_string();
            assert!(refused.contains(name), "{refused}");
        }
    }
}
