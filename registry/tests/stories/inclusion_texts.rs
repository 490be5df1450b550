//! Whoever agreed to an earlier text is asked again; what the new text asks for beyond it waits until the person decides.

use domain::inclusion::{ConsentStanding, Place, Purpose};
use registry::{ActivityStatus, ActivityView, ConsentView, PageRequest};
use sqlx::AssertSqlSafe;
use time::Date;
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

/// Before every act of these stories.
const LATER: Date = date!(2026 - 03 - 16);
/// When what was renewed on the day before it is settled.
const AFTER: Date = date!(2026 - 03 - 18);

/// The consents of a person for a purpose are to the first text: as if the account were older than the text of now.
async fn older(world: &World, person: &Person, purpose: Purpose) {
    let mut raw = world.database.raw().await;
    let account = &person.organisation;
    let put = format!(
        "UPDATE inclusion_consent SET text_version = 1, text_hash = 'of the first text' WHERE account_id = '{account}' AND purpose = '{}'",
        purpose.code()
    );
    let trigger = "SELECT sql FROM sqlite_master WHERE name = 'inclusion_consent_only_ends'";
    let steps = if world.database.is_sqlite() {
        let guard: String = sqlx::query_scalar(trigger)
            .fetch_one(&mut raw)
            .await
            .expect("the trigger");
        vec![
            "DROP TRIGGER inclusion_consent_only_ends".to_owned(),
            put,
            guard,
        ]
    } else {
        vec!["SET session_replication_role = replica".to_owned(), put]
    };
    for sql in steps {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut raw)
            .await
            .expect("sql");
    }
}

async fn live(world: &World, person: &Person, purpose: Purpose) -> ConsentView {
    let all = world
        .registry
        .consents(&person.on(SETTLED))
        .await
        .expect("consents");
    let found = all
        .into_iter()
        .find(|one| one.purpose == purpose && one.revoked_at.is_none());
    found.expect("a live consent")
}

async fn agree_again(
    world: &World,
    person: &Person,
    consent: &ConsentView,
    day: Date,
) -> Result<String, registry::Error> {
    let form = fields(&[
        ("purpose", consent.purpose.code()),
        ("provider", &consent.provider),
        ("scene", &consent.scene),
        ("agrees", "yes"),
    ]);
    world
        .registry
        .consent_give(&person.on(day), &form)
        .await
        .map(|receipt| receipt.id)
}

async fn acts(world: &World, person: &Person) -> Vec<ActivityView> {
    let days = (date!(2026 - 01 - 01), date!(2026 - 12 - 31));
    world
        .registry
        .activities(&person.on(SETTLED), days, &PageRequest::default())
        .await
        .expect("acts")
        .rows
}

async fn held(world: &World, person: &Person) -> i64 {
    world
        .registry
        .person(&person.on(SETTLED))
        .await
        .expect("person")
        .in_place(Place::Held)
}

both_databases! {
    async fn records_of_a_source_wait_until_its_person_agrees_to_the_new_text(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示老用户").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let before = call(&world, &transit, DAY, &[ride("before", &reference, "metro", "5", DAY)]).await;
        assert_eq!(before.accepted, 1);
        older(&world, &person, Purpose::Source).await;
        let first = live(&world, &person, Purpose::Source).await;
        assert_eq!((first.text_version, first.standing), (1, ConsentStanding::Waits));
        let waits = call(&world, &transit, DAY, &[ride("waits", &reference, "metro", "6", DAY)]).await;
        let receipt = waits.rows[0].accepted.as_ref().expect("taken in");
        assert_eq!((receipt.status, receipt.reason.as_deref()), (ActivityStatus::Pending, Some("consent_renewal")));
        // what was taken in before is settled; what waits is not, however many days pass
        for day in [SETTLED, LATER, date!(2026 - 06 - 01)] {
            world.registry.inclusion_tick(noon(day)).await.expect("settle");
        }
        let of_before = before.rows[0].accepted.as_ref().expect("accepted").mg;
        assert_eq!(held(&world, &person).await, of_before);
        let shown = acts(&world, &person).await.into_iter().find(|act| act.id == receipt.activity).expect("shown");
        assert_eq!((shown.settle_on, shown.reason.as_deref()), (None, Some("consent_renewal")));
        // agreed: settled as if it came in that day; the earlier consent stays recorded
        let id = agree_again(&world, &person, &first, LATER).await.expect("agreed");
        let now = live(&world, &person, Purpose::Source).await;
        assert_eq!((now.id.as_str(), now.standing, now.covered_from), (id.as_str(), ConsentStanding::Current, first.granted_at));
        assert_eq!(codes(agree_again(&world, &person, &now, LATER).await), ["consent_given"]);
        let all = world.registry.consents(&person.on(LATER)).await.expect("consents");
        let kept = all.iter().find(|one| one.id == first.id).expect("kept");
        assert_eq!((kept.text_version, kept.revoked_at), (1, Some(noon(LATER))));
        world.registry.inclusion_tick(noon(LATER)).await.expect("settle");
        assert_eq!(held(&world, &person).await, of_before);
        world.registry.inclusion_tick(noon(AFTER)).await.expect("settle");
        assert_eq!(held(&world, &person).await, of_before + receipt.mg);
        // a record of a day on which the earlier one stood still counts
        let late = call(&world, &transit, LATER, &[ride("late", &reference, "metro", "3", date!(2026 - 03 - 11))]).await;
        assert_eq!(late.accepted, 1, "{late:?}");
        world.assert_audit_clean().await;
    }

    async fn who_withdraws_instead_leaves_nothing_that_waits(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示老用户").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        older(&world, &person, Purpose::Source).await;
        let first = live(&world, &person, Purpose::Source).await;
        let waits = call(&world, &transit, DAY, &[ride("1", &reference, "metro", "6", DAY), ride("2", &reference, "metro", "3", DAY)]).await;
        assert_eq!(waits.accepted, 2);
        world.registry.consent_revoke(&person.on(LATER), &first.id).await.expect("withdrawn");
        let shown = acts(&world, &person).await;
        assert!(shown.iter().all(|act| act.status == ActivityStatus::Void && act.reason.as_deref() == Some("consent_withdrawn")), "{shown:?}");
        world.registry.inclusion_tick(noon(AFTER)).await.expect("settle");
        assert_eq!(held(&world, &person).await, 0);
        // given anew, it covers no day before itself
        agree_again(&world, &person, &first, LATER).await.expect("given");
        let early = call(&world, &transit, LATER, &[ride("3", &reference, "metro", "3", date!(2026 - 03 - 11))]).await;
        assert_eq!(refused(&early), ["activity_before_consent"]);
        world.assert_audit_clean().await;
    }

    /// The grams that wait are the person's, whatever became of whoever sent them.
    async fn what_waits_is_released_also_where_its_provider_has_ended(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let (one, other) = (person(&world.registry, "演示老用户").await, person(&world.registry, "演示新用户").await);
        let reference = connect(&world, &one, &transit, "metro").await;
        older(&world, &one, Purpose::Source).await;
        let first = live(&world, &one, Purpose::Source).await;
        let waits = call(&world, &transit, DAY, &[ride("1", &reference, "metro", "6", DAY)]).await;
        let mg = waits.rows[0].accepted.as_ref().expect("taken in").mg;
        world.registry.provider_end(&world.operator.on(SETTLED), &transit).await.expect("ended");
        // who never agreed to it cannot begin now, and neither can who agreed to another scene of it
        assert_eq!(codes(agree_again(&world, &other, &first, LATER).await), ["provider_unknown"]);
        let of_bus = ConsentView { scene: "bus".to_owned(), ..first.clone() };
        assert_eq!(codes(agree_again(&world, &one, &of_bus, LATER).await), ["provider_unknown"]);
        agree_again(&world, &one, &first, LATER).await.expect("agreed");
        let now = live(&world, &one, Purpose::Source).await;
        assert_eq!((now.standing, now.covered_from), (ConsentStanding::Current, first.granted_at));
        assert_eq!(codes(agree_again(&world, &one, &now, LATER).await), ["provider_unknown"], "there is nothing to renew any more");
        world.registry.inclusion_tick(noon(AFTER)).await.expect("settle");
        assert_eq!(held(&world, &one).await, mg);
        world.assert_audit_clean().await;
    }

    /// A page that was opened before the text changed shows an old one: nobody has agreed to the text of now by it.
    async fn nobody_agrees_to_a_text_that_was_not_shown(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let transit = transit(&world).await;
        let person = person(registry, "演示老用户").await;
        let form = |version: &str| fields(&[
            ("purpose", "source"), ("provider", &transit), ("scene", "metro"), ("agrees", "yes"), ("text_version", version),
        ]);
        let now = Purpose::Source.text().version;
        for other in [(now - 1).to_string(), (now + 1).to_string(), "x".to_owned(), format!("{now}\u{0}")] {
            match registry.consent_give(&person.on(DAY), &form(&other)).await {
                Err(registry::Error::Refused(refused)) => {
                    assert_eq!((refused[0].code, refused[0].field.as_deref()), ("stale_form", Some("agrees")), "{other}");
                }
                answer => panic!("{other}: {answer:?}"),
            }
        }
        let by = person.with_key(DAY, "shown-once");
        let given = registry.consent_give(&by, &form(&now.to_string())).await.expect("given");
        assert_eq!(live(&world, &person, Purpose::Source).await.text_version, now);
        assert_eq!(registry.consent_give(&by, &form(&now.to_string())).await.expect("again"), given);
        assert_eq!(codes(registry.consent_give(&by, &form("1")).await), ["key_reused"], "what was shown is part of the act");
        // opening an account is agreeing to one
        let visitor = || registry::Visitor { at: noon(DAY), key: key() };
        let mut form = person_form("演示新户", &format!("{}@example.cn", unique()));
        form.insert("text_version".to_owned(), "1".to_owned());
        assert_eq!(codes(registry.person_sign_up(&visitor(), &form, "hash").await), ["stale_form"]);
        form.insert("text_version".to_owned(), Purpose::Account.text().version.to_string());
        registry.person_sign_up(&visitor(), &form, "hash").await.expect("signed up");
    }

    async fn what_an_operator_lets_count_still_waits_for_its_person(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person_on(&world.registry, "演示新用户", date!(2026 - 03 - 08)).await;
        let form = fields(&[("purpose", "source"), ("provider", &transit), ("scene", "metro"), ("agrees", "yes")]);
        let given = world.registry.consent_give(&person.on(date!(2026 - 03 - 09)), &form).await.expect("given");
        let reference = given.reference.expect("a reference");
        older(&world, &person, Purpose::Source).await;
        let first = live(&world, &person, Purpose::Source).await;
        // beyond what a new account may have without a look
        let long: Vec<_> = (0..4).map(|at| timed(ride(&format!("l{at}"), &reference, "metro", "50", DAY), DAY, 2 + 3 * at, 120)).collect();
        let answer = call(&world, &transit, DAY, &long).await;
        let in_review = answer.rows.iter().filter_map(|row| row.accepted.as_ref()).find(|one| one.status == ActivityStatus::Review);
        let in_review = in_review.expect("one above the limit").clone();
        let about = format!("{}.{}", person.organisation, in_review.activity);
        let why = fields(&[("code", "plausible")]);
        let released = world.registry.activity_release(&world.operator.on(SETTLED), &about, &why).await.expect("released");
        assert_eq!((released.status, released.reason.as_deref()), (ActivityStatus::Pending, Some("consent_renewal")));
        world.registry.inclusion_tick(noon(LATER)).await.expect("settle");
        assert_eq!(held(&world, &person).await, 0);
        agree_again(&world, &person, &first, LATER).await.expect("agreed");
        world.registry.inclusion_tick(noon(AFTER)).await.expect("settle");
        assert!(held(&world, &person).await >= in_review.mg);
        world.assert_audit_clean().await;
    }

    async fn what_a_person_records_waits_for_the_text_of_the_account(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let person = person(registry, "演示老用户").await;
        // the text of now was agreed to: there is nothing to agree to again
        let now = live(&world, &person, Purpose::Account).await;
        assert_eq!(codes(agree_again(&world, &person, &now, DAY).await), ["consent_given"]);
        older(&world, &person, Purpose::Account).await;
        let told = fields(&[("scene", "clean_plate"), ("day", "2026-03-10")]);
        let recorded = registry.activity_record(&person.on(DAY), &told, None).await.expect("recorded");
        assert_eq!(recorded.reason.as_deref(), Some("consent_renewal"));
        registry.inclusion_tick(noon(LATER)).await.expect("settle");
        assert_eq!(registry.person(&person.on(LATER)).await.expect("person").points.activity, 0);
        let first = live(&world, &person, Purpose::Account).await;
        let form = fields(&[("purpose", "account")]);
        assert_eq!(codes(registry.consent_give(&person.on(LATER), &form).await), ["consent_required"]);
        // twice with one key is once
        let by = person.with_key(LATER, "agree-once");
        let form = fields(&[("purpose", "account"), ("agrees", "yes")]);
        let agreed = registry.consent_give(&by, &form).await.expect("agreed");
        assert_eq!(registry.consent_give(&by, &form).await.expect("again"), agreed);
        assert_ne!(agreed.id, first.id);
        registry.inclusion_tick(noon(AFTER)).await.expect("settle");
        assert!(registry.person(&person.on(AFTER)).await.expect("person").points.activity > 0);
        assert_eq!(codes(registry.consent_revoke(&person.on(AFTER), &agreed.id).await), ["consent_of_account"]);
        world.assert_audit_clean().await;
    }
}
