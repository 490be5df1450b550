//! What may be counted at all: nothing from before a consent, nothing twice under another key, nothing in a batch whose consent did not
//! stand; and what is taken back when an act is declared void.

use domain::inclusion::Place;
use registry::{CallRow, Registry};
use sha2::Digest as _;
use sqlx::AssertSqlSafe;
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

async fn run(world: &World, sql: &str) {
    let mut raw = world.database.raw().await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut raw)
        .await
        .expect("sql");
}

async fn texts(world: &World, sql: &str) -> Vec<String> {
    let mut raw = world.database.raw().await;
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_all(&mut raw)
        .await
        .expect("rows")
}

/// A digest without a key, as they were made before.
fn plain(parts: &[&str]) -> String {
    let mut sha = sha2::Sha256::new();
    for part in parts {
        sha.update(format!("{}:{part}", part.len()).as_bytes());
    }
    hex::encode(sha.finalize())
}

async fn assess(registry: &Registry, world: &World, batch: &str) -> registry::BatchReceipt {
    let fine = fields(&[
        ("checked", "yes"),
        ("independent", "yes"),
        ("opinion", "一致。"),
    ]);
    let by = world.verifier.on(SETTLED);
    registry
        .batch_assess(&by, batch, &fine)
        .await
        .expect("assess")
}

both_databases! {
    /// An order is one order, whatever key its provider signs with, and however often the provider was admitted.
    async fn another_key_makes_no_old_order_new(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let row = ride("one", &reference, "metro", "5", DAY);
        let again = || async { call(&world, &transit, DAY, std::slice::from_ref(&row)).await };
        assert_eq!(again().await.accepted, 1);
        let leaked = fields(&[("reason", "leaked")]);
        world.registry.provider_rekey(&world.operator.on(DAY), &transit, &leaked).await.expect("another key");
        let answer = again().await;
        assert_eq!((answer.accepted, answer.known), (0, 1), "{answer:?}");
        // ended and admitted again: the same provider
        let registry = &world.registry;
        registry.provider_end(&world.operator.on(DAY), &transit).await.expect("end");
        let mut form = fields(&[
            ("name", "演示深圳公交地铁"), ("precedence", "1"), ("evidence", "T1"), ("scenes", "metro,bus"), ("agreement", "DEMO-DATA-2026-02"),
        ]);
        let admitted = registry.provider_add(&world.operator.on(DAY), &form).await.expect("admitted again");
        assert_eq!(admitted.id, transit);
        assert_eq!(codes(registry.provider_add(&world.operator.on(DAY), &form).await), ["provider_taken"]);
        form.insert("name".to_owned(), "演示另一家".to_owned());
        assert_eq!(admitted.secret.map(|key| key.len()), Some(64), "a key of its own");
        let answer = again().await;
        assert_eq!((answer.accepted, answer.known), (0, 1), "{answer:?}");
        // what was counted before there was a key of the installation is known by the digest of then
        run(&world, "UPDATE inclusion_provider SET earlier_secret = 'the first key'").await;
        let older = plain(&["the first key", "metro", &transit, "one"]);
        run(&world, &format!("UPDATE inclusion_fingerprint SET fingerprint = '{older}'")).await;
        let answer = again().await;
        assert_eq!((answer.accepted, answer.known), (0, 1), "{answer:?}");
    }

    /// Nobody who has the rows finds out a meter or a device by trying; what there was before is replaced and still meant.
    async fn meters_and_devices_are_known_by_a_digest_with_a_key(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "water_saved").await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示甲户").await, person(registry, "演示乙户").await);
        let of_one = connect(&world, &one, &grid, "water_saved").await;
        let of_other = connect(&world, &other, &grid, "water_saved").await;
        let meter = |order: &str, reference: &str, day| CallRow {
            meter: Some("W-7".to_owned()),
            amounts: fields(&[("water_t", "1")]),
            ..ride(order, reference, "water_saved", "0", day)
        };
        // a row that is refused takes nobody's meter
        let ahead = meter("ahead", &of_other, DAY + time::Duration::days(1));
        assert_eq!(refused(&call(&world, &grid, DAY, &[ahead]).await), ["activity_ahead"]);
        assert_eq!(texts(&world, "SELECT meter FROM inclusion_meter").await, [""; 0]);
        let first = meter("a", &of_one, DAY);
        assert_eq!(call(&world, &grid, DAY, std::slice::from_ref(&first)).await.accepted, 1);
        let told = fields(&[("scene", "shared_bike"), ("day", "2026-03-10"), ("distance_km", "3"), ("device", "phone-1")]);
        registry.activity_record(&one.on(DAY), &told, None).await.expect("record");
        let (of_meter, of_device) = (plain(&["meter", "water_saved", "W-7"]), plain(&["device", "phone-1"]));
        assert_ne!(texts(&world, "SELECT meter FROM inclusion_meter").await, std::slice::from_ref(&of_meter));
        assert_ne!(texts(&world, "SELECT device FROM inclusion_device").await, std::slice::from_ref(&of_device));
        // a database of before: digests without a key, and none kept
        run(&world, "DELETE FROM installation_key").await;
        run(&world, &format!("UPDATE inclusion_meter SET meter = '{of_meter}'")).await;
        run(&world, &format!("UPDATE inclusion_device SET device = '{of_device}'")).await;
        let older = plain(&["meter", "water_saved", &of_meter, "2026-03-10"]);
        run(&world, &format!("UPDATE inclusion_fingerprint SET fingerprint = '{older}' WHERE activity_id IN (SELECT id FROM inclusion_activity WHERE scene = 'water_saved')")).await;
        registry.migrate().await.expect("migrate");
        assert_ne!(texts(&world, "SELECT meter FROM inclusion_meter").await, [of_meter]);
        assert_ne!(texts(&world, "SELECT device FROM inclusion_device").await, [of_device]);
        let key = texts(&world, "SELECT secret FROM installation_key").await;
        registry.migrate().await.expect("again");
        assert_eq!(texts(&world, "SELECT secret FROM installation_key").await, key, "made once");
        let answer = call(&world, &grid, DAY, &[first]).await;
        assert_eq!((answer.accepted, answer.known), (0, 1), "the same day of the same meter: {answer:?}");
        let before = DAY - time::Duration::days(1);
        assert_eq!(refused(&call(&world, &grid, DAY, &[meter("b", &of_other, before)]).await), ["meter_taken"]);
        registry.activity_record(&one.on(DAY), &told, None).await.expect("the same device");
        assert_eq!(texts(&world, "SELECT device FROM inclusion_device").await.len(), 1);
        world.assert_audit_clean().await;
    }

    async fn nothing_from_before_a_consent_or_an_account_is_counted(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let opened = date!(2026 - 03 - 05);
        let person = person_on(&world.registry, "演示新户", opened).await;
        let registry = &world.registry;
        let form = fields(&[("purpose", "source"), ("provider", &transit), ("scene", "metro"), ("agrees", "yes")]);
        let agree = async |day| registry.consent_give(&person.on(day), &form).await;
        let given = agree(date!(2026 - 03 - 08)).await.expect("consent");
        let reference = given.reference.expect("a reference");
        let at = |order: &str, day| ride(order, &reference, "metro", "5", day);
        let rows = [at("a", date!(2026 - 03 - 04)), at("b", date!(2026 - 03 - 07)), at("c", date!(2026 - 03 - 08)), at("d", DAY)];
        let answer = call(&world, &transit, DAY, &rows).await;
        assert_eq!(refused(&answer), ["activity_before_consent", "activity_before_consent", "", ""]);
        let param = &answer.rows[1].refused[0].params[0];
        assert_eq!((param.0.as_str(), param.1.as_str()), ("since", "2026-03-08"), "the row says from when on");
        // withdrawn and given again: from the new consent on
        registry.consent_revoke(&person.on(DAY), &given.id).await.expect("revoke");
        agree(SETTLED).await.expect("again");
        let answer = call(&world, &transit, SETTLED, &[at("e", DAY), at("f", SETTLED)]).await;
        assert_eq!(refused(&answer), ["activity_before_consent", ""]);
        // by hand: from the opening on
        let told = |day: &str| fields(&[("scene", "clean_plate"), ("day", day)]);
        assert_eq!(codes(registry.activity_record(&person.on(DAY), &told("2026-03-04"), None).await), ["activity_before_consent"]);
        registry.activity_record(&person.on(DAY), &told("2026-03-05"), None).await.expect("on the day of the opening");
        world.assert_audit_clean().await;
    }

    /// What the consents say is kept, is what is kept: no number of an order, neither of a call nor of a file.
    async fn no_number_of_an_order_is_kept(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let row = ride("ORDER-IN-A-CALL", &reference, "metro", "5", DAY);
        let at = noon(DAY).plus_seconds(11 * 3600);
        let registry = &world.registry;
        let first = registry.call_in(&transit, "nonce", at, std::slice::from_ref(&row)).await.expect("call");
        assert_eq!(first.rows[0].order, "ORDER-IN-A-CALL", "the answer names it");
        let again = registry.call_in(&transit, "nonce", at, std::slice::from_ref(&row)).await.expect("call");
        assert_eq!(again, first, "and so does the answer to the same call again");
        let text = format!("order,reference,scene,day,started,ended,region,amount\nORDER-IN-A-FILE,{reference},metro,2026-03-10,09:00,09:30,CN-GD-SZ,5\n");
        let file = registry.provider_import(&world.operator.on(DAY), &transit, "rides.csv", &text).await.expect("import");
        assert_eq!((file.accepted, file.refused), (1, 0));
        for column in ["answer FROM act", "body_hash FROM act", "order_number FROM inclusion_import_row", "input FROM inclusion_activity"] {
            let rows = texts(&world, &format!("SELECT COALESCE({column}").replacen(" FROM", ", '') FROM", 1)).await;
            assert!(rows.iter().all(|kept| !kept.contains("ORDER-IN-A")), "{column}");
        }
    }

    /// An export leaves nothing out, however many there are; closing the account forgets hours and photos.
    async fn everything_is_taken_along_and_hours_and_photos_go_with_the_account(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = commuter(&world, &transit).await;
        assign(&world, &person).await;
        let registry = &world.registry;
        let event = campaign(&world).await;
        for _ in 0..101 {
            give(&world, &person, &event, "1").await.expect("gift");
        }
        let told = fields(&[("scene", "clean_plate"), ("day", "2026-03-10"), ("device", "phone-1")]);
        let photo = registry::StoredFile { hash: "ef".repeat(32), bytes: 900, media_type: "image/png".to_owned(), file_name: "a.png".to_owned() };
        let by_hand = registry.activity_record(&person.on(SETTLED), &told, Some(&photo.clone().into())).await.expect("record").activity;
        let acts = registry.activities(&person.on(SETTLED), (DAY, SETTLED), &registry::PageRequest::default()).await.expect("acts").rows;
        let metro = acts.iter().find(|act| act.scene == "metro").expect("metro").id.clone();
        // whose photo it is: the person's, and the operator's only while there is something to decide
        assert_eq!(registry.activity_photo(&person.on(SETTLED), &by_hand).await.expect("own"), "ef".repeat(32));
        assert!(matches!(registry.activity_photo(&person.on(SETTLED), &metro).await, Err(registry::Error::NotFound)));
        let other = self::person(registry, "演示他人").await;
        assert!(matches!(registry.activity_photo(&other.on(SETTLED), &by_hand).await, Err(registry::Error::NotFound)));
        let about = format!("{}.{by_hand}", person.organisation);
        assert!(matches!(registry.activity_photo(&world.operator.on(SETTLED), &about).await, Err(registry::Error::NotFound)));
        let void = fields(&[("code", "not_own_act")]);
        registry.activity_void(&world.operator.on(SETTLED), &about, &void).await.expect("void");
        let text = fields(&[("text", "是我本人。")]);
        registry.activity_appeal(&person.on(SETTLED), &by_hand, &text).await.expect("appeal");
        assert_eq!(registry.activity_photo(&world.operator.on(SETTLED), &about).await.expect("to decide"), "ef".repeat(32));
        let export = registry.person_export(&person.on(SETTLED)).await.expect("export");
        assert_eq!((export.gifts.len(), export.activities.len(), export.links.len()), (101, 3, 1));
        assert_eq!((export.devices, export.meters.len(), export.appeals.len(), export.decisions.len()), (1, 0, 1, 1));
        assert!(export.moves.len() >= 104, "source, settlement and every gift: {}", export.moves.len());
        assert!(export.activities.iter().all(|act| act.started_at.is_some() == (act.scene != "clean_plate")));
        let later = noon(SETTLED).plus_seconds(3_600);
        assert!(registry.files_to_remove(later).await.expect("files").is_empty(), "an open account keeps its photos");
        registry.person_close(&person.on(SETTLED), &fields(&[("statement", "yes")])).await.expect("close");
        assert_eq!(texts(&world, "SELECT id FROM inclusion_activity WHERE started_at IS NOT NULL OR evidence_file IS NOT NULL").await.len(), 0);
        // named until somebody says that the bytes are gone: a crash in between loses none
        for _ in 0..2 {
            assert_eq!(registry.files_to_remove(later).await.expect("files"), ["ef".repeat(32)]);
        }
        registry.file_removed(&"ef".repeat(32)).await.expect("removed");
        assert!(registry.files_to_remove(later).await.expect("files").is_empty());
        world.assert_audit_clean().await;
    }

    /// The bytes of a photo are there before its act: whether that was refused or is still on its way, nobody knows before an hour.
    async fn the_photo_of_an_act_that_was_refused_goes_an_hour_later_unless_something_names_it(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let person = person(registry, "演示居民").await;
        let by = person.on(DAY);
        let after = |seconds| by.at.plus_seconds(seconds);
        let removed = async |at| registry.files_to_remove(at).await.expect("files");
        registry.photo_unused(&by, &"ab".repeat(32)).await.expect("noted");
        assert!(removed(after(3_599)).await.is_empty());
        assert_eq!(removed(after(3_600)).await, ["ab".repeat(32)]);
        // the same photo again, refused again: its hour begins again
        let again = registry::By { at: after(3_000), ..person.on(DAY) };
        registry.photo_unused(&again, &"ab".repeat(32)).await.expect("noted");
        assert!(removed(after(3_600)).await.is_empty());
        // once an act names it, it stays
        let told = fields(&[("scene", "clean_plate"), ("day", "2026-03-10")]);
        let photo = registry::StoredFile { hash: "ab".repeat(32), bytes: 900, media_type: "image/png".to_owned(), file_name: "a.png".to_owned() };
        registry.activity_record(&person.on(DAY), &told, Some(&photo.clone().into())).await.expect("record");
        for _ in 0..2 {
            assert!(removed(after(90_000)).await.is_empty());
        }
        assert!(texts(&world, "SELECT hash FROM file_to_remove").await.is_empty());
    }

    /// From the first day of its notice everybody sees a batch: sums, and no count of few; its beginning is in the public log.
    async fn a_batch_in_notice_is_public_and_says_nothing_of_few(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let event = campaign(&world).await;
        give(&world, &person, &event, "600").await.expect("gift");
        let body = world.verifier.organisation.to_string();
        let form = fields(&[
            ("region", "CN-GD-SZ"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &body), ("recognition", "none"), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let registry = &world.registry;
        let public = registry.public();
        let page = registry::PageRequest::default();
        let batch = registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze");
        assert!(public.inclusion_batches(&page).await.expect("list").rows.is_empty(), "nothing before the notice");
        assert!(matches!(public.inclusion_batch(&batch.number).await, Err(registry::Error::NotFound)));
        assess(registry, &world, &batch.id).await;
        let rows = public.inclusion_batches(&page).await.expect("list").rows;
        let row = &rows[0];
        assert_eq!((row.state.as_str(), row.mg, row.tonnes), ("in_notice", None, None));
        assert_eq!((row.notice_first.as_str(), row.notice_last.as_str()), ("2026-03-13", "2026-03-23"));
        assert_eq!((row.people, row.acts, row.sample), (None, None, None), "one person is no crowd");
        let found = public.inclusion_batch(&batch.number.to_lowercase()).await.expect("one");
        assert_eq!((&found.batch, found.campaigns.len()), (row, 0));
        let logged = texts(&world, &format!("SELECT leaf FROM log_entry WHERE leaf LIKE '%{}%'", batch.id)).await;
        assert_eq!(logged.len(), 1, "the beginning of the notice is in the log: {logged:?}");
        // rejected in its notice, it stays in the list
        let reason = fields(&[("reason", "异议成立")]);
        registry.batch_reject(&world.operator.on(SETTLED), &batch.id, &reason).await.expect("reject");
        assert_eq!(public.inclusion_batches(&page).await.expect("list").rows[0].state, "rejected");
        world.assert_audit_clean().await;
    }

    /// The sample looks at the consent of the moment, to the source and to the assignment; whatever the body finds, such acts are errors.
    async fn a_batch_without_consents_is_rejected_by_its_sample(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let event = campaign(&world).await;
        give(&world, &person, &event, "600").await.expect("gift");
        let body = world.verifier.organisation.to_string();
        let form = fields(&[
            ("region", "CN-GD-SZ"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &body), ("recognition", "none"), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let registry = &world.registry;
        let freeze = || async { registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze").id };
        let batch = freeze().await;
        let drawn = || async { registry.batch_sample(&world.verifier.on(SETTLED), &batch).await.expect("sample") };
        let sample = drawn().await;
        assert_eq!((sample.acts.len(), sample.without_consent, sample.wrong), (2, 0, 0));
        // withdrawn later: what was taken in before stays
        let consents = registry.consents(&person.on(SETTLED)).await.expect("consents");
        let bus = consents.iter().find(|one| one.scene == "bus").expect("bus");
        registry.consent_revoke(&person.on(SETTLED), &bus.id).await.expect("revoke");
        assert_eq!(drawn().await.without_consent, 0);
        // withdrawn before the call came
        run(&world, "UPDATE inclusion_consent SET revoked_at = granted_at WHERE purpose = 'source' AND scene = 'metro'").await;
        let sample = drawn().await;
        assert_eq!((sample.differ, sample.without_consent, sample.wrong), (0, 1, 1));
        assert!(sample.acts.iter().all(|act| act.has_consent == (act.scene == "bus") && act.is_assigned));
        assert_eq!(assess(registry, &world, &batch).await.state, "rejected", "half of the sample");
        // assigned without a consent that stood
        run(&world, "UPDATE inclusion_consent SET revoked_at = granted_at WHERE purpose = 'assignment'").await;
        let batch = freeze().await;
        let sample = registry.batch_sample(&world.verifier.on(SETTLED), &batch).await.expect("sample");
        assert!(sample.acts.iter().all(|act| !act.is_assigned));
        assert_eq!(sample.without_consent, 2);
        assert_eq!(assess(registry, &world, &batch).await.state, "rejected");
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!(view.in_place(Place::Earmark), 600_000, "everything is back");
    }

    async fn a_void_act_takes_its_points_of_taking_part_back(database) {
        let world = World::new(database).await;
        let person = person(&world.registry, "演示居民").await;
        let registry = &world.registry;
        let mut acts = Vec::new();
        for day in ["2026-03-09", "2026-03-10"] {
            let told = fields(&[("scene", "clean_plate"), ("day", day)]);
            acts.push(registry.activity_record(&person.on(DAY), &told, None).await.expect("record").activity);
        }
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let points = || async { registry.person(&person.on(SETTLED)).await.expect("person").points };
        assert_eq!(points().await.activity, 2);
        let void = async |id: &str| {
            let about = format!("{}.{id}", person.organisation);
            registry.activity_void(&world.operator.on(SETTLED), &about, &fields(&[("code", "not_own_act")])).await
        };
        void(&acts[0]).await.expect("void");
        assert_eq!(points().await.activity, 1, "taken back");
        // an appeal that is granted gives it again, once
        let text = fields(&[("text", "是我本人。")]);
        registry.activity_appeal(&person.on(SETTLED), &acts[0], &text).await.expect("appeal");
        let about = format!("{}.{}", person.organisation, acts[0]);
        let restore = fields(&[("code", "decided_wrongly")]);
        registry.activity_restore(&world.operator.on(SETTLED), &about, &restore).await.expect("restore");
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        assert_eq!(points().await.activity, 2);
        // frozen for an order: there is nothing to take, and nothing falls below zero
        let goods = goods(&world, "2", "activity", "marketing").await;
        registry.goods_order(&person.on(SETTLED), &goods).await.expect("order");
        void(&acts[1]).await.expect("void");
        let left = points().await;
        assert_eq!((left.activity, left.activity_frozen), (0, 2));
        world.assert_audit_clean().await;
    }
}
