//! The desk of carbon inclusion: files of rows, the queue, appeals, figures of many, and calls that come late, twice, out of order, too fast.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::inclusion::Place;
use domain::inclusion::crowd::Cell;
use registry::{ActivityStatus, By, CallRow, ImportLine, PageRequest};
use sqlx::{AssertSqlSafe, Connection as _};
use time::macros::date;
use tokio::sync::Barrier;

use crate::harness::*;
use crate::inclusion::*;

pub fn all() -> PageRequest {
    PageRequest {
        after: None,
        size: 200,
    }
}

/// Lines of a file: heading and rows.
fn file(rows: &[&str]) -> String {
    let mut text = "订单号,用户标识,场景,日期,开始时刻,结束时刻,地区,数量,表号\n".to_owned();
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

async fn lines(world: &World, id: &str) -> Vec<ImportLine> {
    let (_, lines) = world
        .registry
        .import(&world.operator.on(DAY), id, "", &all())
        .await
        .expect("import");
    lines.rows
}

/// Two operators replace a number from the day after on.
async fn replace_parameter(world: &World, id: &str, value: &str) {
    replace_on(world, DAY, id, value).await;
}

/// Two operators replace a number on a day, from the day after on.
async fn replace_on(world: &World, day: time::Date, id: &str, value: &str) {
    let from = day.next_day().expect("a day").to_string();
    let form = fields(&[
        ("document", "演示决定"),
        ("document_number", "演示第1号"),
        ("effective_from", &from),
        ("basis", "published"),
        ("reason", "演示"),
        ("values.0.id", id),
        ("values.0.value", value),
    ]);
    let registry = &world.registry;
    let by = world.operator.on(day);
    let proposed = registry.parameters_propose(&by, &form).await;
    let id = proposed.expect("proposed").id;
    let alone = registry
        .parameters_approve(&world.operator.on(day), &id)
        .await;
    assert_eq!(codes(alone), ["four_eyes"]);
    let second = seed(registry, "演示登记机构二", domain::Role::RegistryOperator).await;
    let approved = registry.parameters_approve(&second.on(day), &id).await;
    approved.expect("approved");
}

/// What a line was answered.
fn told(line: &ImportLine) -> (i64, &str, &str) {
    let why = line.refused.first().map_or("", |one| one.code.as_str());
    (line.line, line.outcome.as_str(), why)
}

both_databases! {
    async fn a_file_is_answered_row_by_row_and_counts_once(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let text = file(&[
            &format!("F-1,{reference},metro,2026-03-10,08:10,08:38,CN-GD-SZ,12.4,"),
            "F-2,nobody,metro,2026-03-10,,,CN-GD-SZ,3,",
            &format!("F-3,{reference},bus,2026-03-10,,,CN-GD-SZ,3,"),
            &format!("F-4,{reference},metro,2026-02-31,,,CN-GD-SZ,3,"),
            &format!("F-5,{reference},metro,2026-03-10,25:00,26:00,CN-GD-SZ,3,"),
            &format!("F-6,{reference},metro,2026-03-10,08:15,08:30,CN-GD-SZ,3,"),
            &format!("F-1,{reference},metro,2026-03-10,08:10,08:38,CN-GD-SZ,12.4,"),
            &format!("F-7,{reference},metro,2025-12-01,,,CN-GD-SZ,3,"),
            &format!("F-8,{reference},metro,2026-03-11,,,CN-GD-SZ,3,"),
            &format!("F-9,{reference},metro,2026-03-10,09:00,09:05,CN-GD-SZ,60,"),
        ]);
        let registry = &world.registry;
        let by = || By { at: noon(DAY).plus_seconds(11 * 3600), ..world.operator.on(DAY) };
        let taken = registry.provider_import(&by(), &transit, "三月十日.csv", &text).await.expect("import");
        assert_eq!((taken.accepted, taken.known, taken.refused), (1, 1, 8));
        let told_now: Vec<_> = lines(&world, &taken.id).await;
        assert_eq!(told_now.iter().map(told).collect::<Vec<_>>(), [
            (2, "accepted", ""), (3, "refused", "link_unknown"), (4, "refused", "consent_not_live"), (5, "refused", "date_invalid"),
            (6, "refused", "choice_invalid"), (7, "refused", "trip_overlaps"), (8, "known", ""), (9, "refused", "activity_too_late"),
            (10, "refused", "activity_ahead"), (11, "refused", "trip_too_fast"),
        ]);
        assert_eq!((told_now[0].mg, told_now[6].mg), (579_080, 579_080), "what is known says what was counted");
        // the same file again, and the same record by a call: nothing happens twice
        let again = registry.provider_import(&by(), &transit, "三月十日.csv", &text).await.expect("again");
        assert_eq!((again.accepted, again.known, again.refused), (0, 2, 8));
        let row = timed(ride("F-1", &reference, "metro", "12.4", DAY), DAY, 8, 28);
        let row = CallRow { started_at: row.started_at.map(|at| at + 600), ended_at: row.ended_at.map(|at| at + 600), ..row };
        let called = call(&world, &transit, DAY, &[row]).await;
        assert_eq!((called.known, called.rows[0].accepted.as_ref().map(|one| one.mg)), (1, Some(579_080)));
        // the same key gives the same report, another file under it is refused
        let keyed = || world.operator.with_key(DAY, "file-1");
        let first = registry.provider_import(&keyed(), &transit, "a.csv", &text).await.expect("first");
        assert_eq!(registry.provider_import(&keyed(), &transit, "a.csv", &text).await.expect("replay"), first);
        assert_eq!(codes(registry.provider_import(&keyed(), &transit, "a.csv", &file(&["X,,,,,,,,"])).await), ["key_reused"]);
        // a table that is none, a provider that is none, somebody who may not
        assert_eq!(codes(registry.provider_import(&by(), &transit, "a.csv", "").await), ["list_empty"]);
        assert_eq!(codes(registry.provider_import(&by(), &transit, "a.csv", "颜色\n红\n").await), ["table_column_unknown"]);
        assert_eq!(codes(registry.provider_import(&by(), "nobody", "a.csv", &text).await), ["provider_unknown"]);
        assert!(registry.provider_import(&person.on(DAY), &transit, "a.csv", &text).await.is_err());
        assert!(registry.import(&person.on(DAY), &taken.id, "", &all()).await.is_err());
        // the report by outcome, and in pages
        let (view, refused) = registry.import(&by(), &taken.id, "refused", &PageRequest { after: None, size: 5 }).await.expect("report");
        assert_eq!((view.refused, refused.rows.len(), refused.next.as_deref()), (8, 5, Some("7")));
        let rest = PageRequest { after: refused.next, size: 5 };
        let (_, rest) = registry.import(&by(), &taken.id, "refused", &rest).await.expect("rest");
        assert_eq!((rest.rows.len(), rest.next), (3, None));
        assert_eq!(registry.imports(&by(), &all()).await.expect("files").rows.len(), 3);
        world.assert_audit_clean().await;
    }

    async fn an_appeal_that_is_granted_credits_the_act_anew_and_once(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = commuter(&world, &transit).await;
        let registry = &world.registry;
        let acts = registry.activities(&person.on(SETTLED), (DAY, DAY), &all()).await.expect("acts").rows;
        let metro = acts.iter().find(|act| act.scene == "metro").expect("metro");
        let about = format!("{}.{}", person.organisation, metro.id);
        let void = fields(&[("code", "not_possible"), ("reason", "与闸机不符"), ("suspend", "yes")]);
        let restore = fields(&[("code", "provider_confirmed"), ("lift", "yes")]);
        let by = || world.operator.on(SETTLED);
        assert_eq!(codes(registry.activity_restore(&by(), &about, &restore).await), ["appeal_not_open"], "nothing is void");
        assert_eq!(codes(registry.activity_void(&by(), &about, &fields(&[("code", "plausible")])).await), ["choice_invalid"]);
        assert_eq!(codes(registry.activity_void(&by(), &about, &fields(&[("code", "other")])).await), ["required"]);
        registry.activity_void(&by(), &about, &void).await.expect("void");
        assert_eq!(codes(registry.activity_restore(&by(), &about, &restore).await), ["appeal_not_open"], "nobody objected");
        let text = fields(&[("text", "我有乘车凭证。")]);
        registry.activity_appeal(&person.on(SETTLED), &metro.id, &text).await.expect("appeal");
        assert_eq!(codes(registry.activity_appeal(&person.on(SETTLED), &metro.id, &text).await), ["appeal_made"]);
        let queue = registry.activities_appealed(&by(), &all()).await.expect("queue").rows;
        assert_eq!(queue.iter().map(|act| act.about.clone()).collect::<Vec<_>>(), std::slice::from_ref(&about));
        assert_eq!(queue[0].reason.as_deref(), Some("not_possible: 与闸机不符"));
        assert!(registry.activities_in_review(&by(), &all()).await.expect("queue").rows.is_empty());
        assert_eq!(codes(registry.activity_restore(&by(), &about, &fields(&[("code", "provider_confirmed")])).await), ["person_not_open"], "still suspended");
        assert!(registry.activity_restore(&person.on(SETTLED), &about, &restore).await.is_err());
        // four clicks at once: one act more
        let mut copies = Vec::new();
        for _ in 0..4 {
            copies.push(world.database.connect().await);
        }
        let together = Arc::new(Barrier::new(4));
        let clicks: Vec<_> = copies.iter().map(|copy| {
            let (copy, by, about, restore, together) = (copy.clone(), by(), about.clone(), restore.clone(), together.clone());
            tokio::spawn(async move {
                together.wait().await;
                copy.activity_restore(&by, &about, &restore).await
            })
        }).collect();
        let mut restored = Vec::new();
        for click in clicks {
            match click.await.expect("no panic") {
                Ok(receipt) => restored.push(receipt),
                refused => assert_eq!(codes(refused), ["appeal_not_open"]),
            }
        }
        assert_eq!(restored.len(), 1, "one of them");
        let anew = restored.remove(0);
        assert_eq!((anew.mg, anew.status), (579_080, ActivityStatus::Pending));
        assert_ne!(anew.activity, metro.id);
        registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        assert_eq!(standing(&world, &person).await, (665_160, 0, 665, 0), "as before the void");
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::Void), view.points.debt, view.state.as_str()), (579_080, 0, "open"));
        let appeal = registry.activity_appeal_of(&person.on(SETTLED), &metro.id).await.expect("appeal");
        assert_eq!(appeal, Some(("granted".to_owned(), Some(anew.activity.clone()))));
        assert!(registry.activities_appealed(&by(), &all()).await.expect("queue").rows.is_empty());
        // the database itself takes neither a second decision nor a changed one
        let mut raw = world.database.raw().await;
        for (sql, name) in [
            ("UPDATE inclusion_appeal SET state = 'upheld', restored_id = NULL", "inclusion_appeal_decided_once"),
            ("DELETE FROM inclusion_appeal", "inclusion_appeal_never_deleted"),
            ("UPDATE inclusion_decision SET code = 'other'", "inclusion_decision_never_updated"),
            ("DELETE FROM inclusion_decision", "inclusion_decision_never_deleted"),
            ("UPDATE inclusion_activity SET state = 'pending' WHERE state = 'void'", "inclusion_activity_void_is_final"),
        ] {
            let mut transaction = raw.begin().await.expect("begin");
            let error = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await.expect_err(name).to_string();
            assert!(error.contains(name), "{error}");
        }
        // one that is refused stays void
        let bus = acts.iter().find(|act| act.scene == "bus").expect("bus");
        let about = format!("{}.{}", person.organisation, bus.id);
        registry.activity_void(&by(), &about, &fields(&[("code", "recorded_twice")])).await.expect("void");
        registry.activity_appeal(&person.on(SETTLED), &bus.id, &text).await.expect("appeal");
        registry.activity_uphold(&by(), &about, &fields(&[("code", "no_new_evidence")])).await.expect("uphold");
        assert_eq!(codes(registry.activity_uphold(&by(), &about, &fields(&[("code", "no_new_evidence")])).await), ["appeal_not_open"]);
        assert_eq!(codes(registry.activity_restore(&by(), &about, &restore).await), ["appeal_not_open"]);
        assert_eq!(standing(&world, &person).await.0, 579_080);
        world.assert_audit_clean().await;
    }

    async fn an_appeal_counts_from_the_decision_and_does_not_pass_the_limits(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let first = call(&world, &transit, DAY, &[ride("a", &reference, "metro", "10", DAY)]).await;
        let id = first.rows[0].accepted.as_ref().expect("taken").activity.clone();
        let registry = &world.registry;
        registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        // sixty days later an operator finds out, and the person has thirty days from then on
        let late = date!(2026 - 05 - 10);
        let about = format!("{}.{id}", person.organisation);
        registry.activity_void(&world.operator.on(late), &about, &fields(&[("code", "not_own_act")])).await.expect("void");
        let text = fields(&[("text", "是我本人。")]);
        assert_eq!(codes(registry.activity_appeal(&person.on(date!(2026-06-10)), &id, &text).await), ["appeal_too_late"]);
        registry.activity_appeal(&person.on(date!(2026-06-09)), &id, &text).await.expect("in time");
        // meanwhile six other rides of that day took the limit of six
        let others: Vec<CallRow> = (0..6).map(|at| ride(&format!("o{at}"), &reference, "metro", "1", DAY)).collect();
        let answer = call(&world, &transit, date!(2026 - 03 - 12), &others).await;
        assert_eq!(answer.accepted, 6);
        let restore = fields(&[("code", "decided_wrongly")]);
        let anew = registry.activity_restore(&world.operator.on(date!(2026-06-09)), &about, &restore).await.expect("restore");
        assert_eq!(anew.mg, 0, "the day's limit is used by others");
        registry.inclusion_tick(noon(date!(2026-06-09))).await.expect("tick");
        world.assert_audit_clean().await;
    }

    /// What the body was shown is what its opinion is about, also where the rule asks for another sample by then.
    async fn the_verdict_is_about_the_sample_that_was_shown(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = commuter(&world, &transit).await;
        assign(&world, &person).await;
        let event = campaign(&world).await;
        give(&world, &person, &event, "600").await.expect("gift");
        let body = world.verifier.organisation.to_string();
        let form = fields(&[
            ("region", "CN-GD-SZ"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &body), ("recognition", "none"), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let registry = &world.registry;
        let batch = registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze").id;
        replace_on(&world, SETTLED, "inclusion.batch.sample", "1").await;
        let later = date!(2026 - 03 - 16);
        let shown = registry.batch_sample(&world.verifier.on(later), &batch).await.expect("sample").acts.len();
        let opinion = fields(&[("checked", "yes"), ("independent", "yes"), ("opinion", "一致。")]);
        registry.batch_assess(&world.verifier.on(later), &batch, &opinion).await.expect("assess");
        let view = registry.batches(&world.operator.on(later)).await.expect("batches").remove(0);
        assert_eq!((shown, view.sample), (2, Some((2, 0))));
    }

    /// What waits is read in pages after a key: every act once, whatever is decided between two pages.
    async fn the_queue_is_read_by_key(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let newcomer = person_on(&world.registry, "演示新户", date!(2026 - 03 - 05)).await;
        let reference = connect(&world, &newcomer, &transit, "metro").await;
        let rows: Vec<CallRow> = (0..5).map(|at| {
            let day = DAY - time::Duration::days(at);
            ride(&format!("far-{at}"), &reference, "metro", "110", day)
        }).collect();
        let answer = call(&world, &transit, DAY, &rows).await;
        assert_eq!(answer.accepted, 5, "{answer:?}");
        let registry = &world.registry;
        let by = || world.operator.on(DAY);
        let mut seen = BTreeSet::new();
        let mut page = PageRequest { after: None, size: 2 };
        loop {
            let read = registry.activities_in_review(&by(), &page).await.expect("queue");
            let first = read.rows.first().expect("a row").about.clone();
            for act in &read.rows {
                assert!(seen.insert(act.id.clone()));
            }
            registry.activity_release(&by(), &first, &fields(&[("code", "evidence_seen")])).await.expect("release");
            match read.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(registry.activities_in_review(&newcomer.on(DAY), &all()).await.is_err());
        world.assert_audit_clean().await;
    }

    async fn late_out_of_order_twice_and_withdrawn_are_answered_row_by_row(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        // yesterday's ride comes after today's, and both count
        let yesterday = date!(2026 - 03 - 09);
        let today = call(&world, &transit, DAY, &[timed(ride("n2", &reference, "metro", "8", DAY), DAY, 8, 20)]).await;
        let before = call(&world, &transit, DAY, &[timed(ride("n1", &reference, "metro", "8", yesterday), yesterday, 8, 20)]).await;
        assert_eq!((today.accepted, before.accepted), (1, 1));
        // the same twice in one call, and again in another
        let row = ride("n3", &reference, "metro", "2", DAY);
        let twice = call(&world, &transit, DAY, &[row.clone(), row.clone()]).await;
        assert_eq!((twice.accepted, twice.known), (1, 1));
        assert_eq!(call(&world, &transit, DAY, std::slice::from_ref(&row)).await.known, 1);
        // too late, ahead, a clock that is ahead by more than five minutes
        let soon = noon(DAY).plus_seconds(11 * 3600 + 600).0;
        let ahead = CallRow { started_at: Some(soon), ended_at: Some(soon + 60), ..ride("n5", &reference, "metro", "1", DAY) };
        let old = date!(2025 - 11 - 01);
        let answer = call(&world, &transit, DAY, &[ride("n4", &reference, "metro", "2", old), ahead]).await;
        assert_eq!(refused(&answer), ["activity_too_late", "activity_ahead"]);
        // what was sent before the consent ended stays, what comes afterwards is refused
        let registry = &world.registry;
        let consents = registry.consents(&person.on(DAY)).await.expect("consents");
        let metro = consents.iter().find(|one| one.scene == "metro").expect("metro");
        registry.consent_revoke(&person.on(DAY), &metro.id).await.expect("revoke");
        let after = call(&world, &transit, DAY, &[ride("n6", &reference, "metro", "2", DAY), row.clone()]).await;
        assert_eq!(refused(&after), ["consent_not_live", "consent_not_live"]);
        registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        assert_eq!(standing(&world, &person).await.0, 18 * 46_700);
        // a closed account takes nothing in
        connect(&world, &person, &transit, "metro").await;
        registry.person_close(&person.on(SETTLED), &fields(&[("statement", "yes")])).await.expect("close");
        let closed = call(&world, &transit, SETTLED, &[ride("n7", &reference, "metro", "2", SETTLED)]).await;
        assert_eq!(closed.accepted, 0);
        assert!(["person_not_open", "consent_not_live", "link_unknown"].contains(&refused(&closed)[0]), "{closed:?}");
        world.assert_audit_clean().await;
    }

    /// Without times nobody sees that two operators report one trip: such rows are refused, a photo without times as well, and of what
    /// covers a whole day one source counts.
    async fn what_has_no_times_cannot_be_counted_by_two_sources(database) {
        let world = World::new(database).await;
        let gates = provider(&world, "演示闸机", "1", "metro,own_ev,etc_pass").await;
        let wallet = provider(&world, "演示钱包", "3", "metro,own_ev").await;
        let person = person(&world.registry, "演示乘客").await;
        let of_gates = connect(&world, &person, &gates, "metro").await;
        let of_wallet = connect(&world, &person, &wallet, "metro").await;
        for provider in [&gates, &wallet] {
            connect(&world, &person, provider, "own_ev").await;
        }
        connect(&world, &person, &gates, "etc_pass").await;
        let pass = CallRow { amounts: registry::Fields::new(), ..untimed("g-2", &of_gates, "etc_pass", "0", DAY) };
        let first = call(&world, &gates, DAY, &[untimed("g-1", &of_gates, "metro", "12", DAY), pass]).await;
        let second = call(&world, &wallet, DAY, &[untimed("w-1", &of_wallet, "metro", "12", DAY)]).await;
        assert_eq!((refused(&first), refused(&second)), (vec!["trip_times_required"; 2], vec!["trip_times_required"]));
        assert_eq!(first.rows[0].refused[0].field.as_deref(), Some("started_at"), "the row says what is missing");
        // the same ride with its times is counted once
        let trip = |order: &str, reference: &str| timed(untimed(order, reference, "metro", "12", DAY), DAY, 8, 30);
        assert_eq!(call(&world, &gates, DAY, &[trip("g-1", &of_gates)]).await.accepted, 1);
        assert_eq!(refused(&call(&world, &wallet, DAY, &[trip("w-1", &of_wallet)]).await), ["trip_overlaps"]);
        // what a car was driven in a day: two charges at one operator are one source, the other operator is another
        let charged = |order: &str, reference: &str, day| CallRow {
            amounts: fields(&[("distance_km", "10"), ("kwh_per_100km", "14.5")]),
            ..untimed(order, reference, "own_ev", "10", day)
        };
        let before = DAY - time::Duration::days(1);
        let rows = [charged("c-1", &of_gates, DAY), charged("c-2", &of_gates, DAY)];
        assert_eq!(call(&world, &gates, DAY, &rows).await.accepted, 2);
        let rows = [charged("d-1", &of_wallet, DAY), charged("d-2", &of_wallet, before)];
        let other = call(&world, &wallet, DAY, &rows).await;
        assert_eq!(refused(&other), ["day_of_another_source", ""]);
        // by hand: with a photo it has grams, so it needs times; without it has none
        let mut form = fields(&[("scene", "shared_bike"), ("day", "2026-03-10"), ("distance_km", "3")]);
        let photo = registry::StoredFile { hash: "cd".repeat(32), bytes: 900, media_type: "image/png".to_owned(), file_name: "a.png".to_owned() };
        let registry = &world.registry;
        assert_eq!(codes(registry.activity_record(&person.on(DAY), &form, Some(&photo.clone().into())).await), ["trip_times_required"]);
        assert_eq!(registry.activity_record(&person.on(DAY), &form, None).await.expect("self-report").mg, 0);
        form.extend(fields(&[("started", "08:10"), ("ended", "08:40")]));
        assert_eq!(codes(registry.activity_record(&person.on(DAY), &form, Some(&photo.clone().into())).await), ["trip_overlaps"]);
        form.extend(fields(&[("started", "09:10"), ("ended", "09:40")]));
        assert!(registry.activity_record(&person.on(DAY), &form, Some(&photo.clone().into())).await.expect("with its times").mg > 0);
        world.assert_audit_clean().await;
    }

    /// Two providers at once for one person: the limit of a day is used once.
    async fn two_calls_at_once_share_one_limit(database) {
        let world = World::new(database).await;
        let one = provider(&world, "演示甲地铁", "1", "metro").await;
        let other = provider(&world, "演示乙地铁", "2", "metro").await;
        let person = person(&world.registry, "演示乘客").await;
        let names = [(&one, connect(&world, &person, &one, "metro").await), (&other, connect(&world, &person, &other, "metro").await)];
        let copies = [world.database.connect().await, world.database.connect().await];
        let together = Arc::new(Barrier::new(2));
        let at = noon(DAY).plus_seconds(11 * 3600);
        let calls: Vec<_> = copies.iter().zip(&names).map(|(copy, (provider, reference))| {
            let hours = if *provider == &one { 8..13 } else { 13..18 };
            let rows: Vec<CallRow> = hours.map(|hour| timed(ride(&format!("r{hour}"), reference, "metro", "1", DAY), DAY, hour, 10)).collect();
            let (copy, provider, together) = (copy.clone(), (*provider).clone(), together.clone());
            tokio::spawn(async move {
                together.wait().await;
                copy.call_in(&provider, &key(), at, &rows).await
            })
        }).collect();
        let mut mg = 0;
        for call in calls {
            let answer = call.await.expect("no panic").expect("an answer");
            assert_eq!(answer.accepted, 5);
            mg += answer.rows.iter().filter_map(|row| row.accepted.as_ref()).map(|row| row.mg).sum::<i64>();
        }
        assert_eq!(mg, 6 * 46_700, "six rides a day, whoever sends them");
        world.assert_audit_clean().await;
    }

    /// A thousand rows of a call: each answered, none twice, meters of a household claimed once.
    async fn a_thousand_rows_are_one_call(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "metro,water_saved").await;
        let mut references = Vec::new();
        for at in 0..10 {
            let person = person(&world.registry, &format!("演示住户{at}")).await;
            connect(&world, &person, &grid, "metro").await;
            references.push(connect(&world, &person, &grid, "water_saved").await);
        }
        let mut rows: Vec<CallRow> = (0..980_i64).map(|at| {
            let day = DAY - time::Duration::days(at / 70);
            let reference = &references[usize::try_from(at % 10).expect("small")];
            ride(&format!("row-{at}"), reference, "metro", "1.5", day)
        }).collect();
        for at in 0..20 {
            let meter = format!("W-{}", at % 15);
            let row = ride(&format!("water-{at}"), &references[at % 10], "water_saved", "0", DAY);
            rows.push(CallRow { meter: Some(meter), amounts: fields(&[("water_t", "1")]), ..row });
        }
        let nonce = key();
        let at = noon(DAY).plus_seconds(11 * 3600);
        let first = world.registry.call_in(&grid, &nonce, at, &rows).await.expect("call");
        assert_eq!(first.rows.len(), 1_000);
        assert!(first.rows.iter().zip(&rows).all(|(answer, row)| answer.order == row.order), "in their order");
        assert_eq!(first.accepted + first.known + first.refused, 1_000);
        assert!(first.accepted >= 980, "{}", first.accepted);
        // meters 0 to 4 are named by two households each: the second one is refused
        assert_eq!(refused(&first).iter().filter(|code| !code.is_empty()).collect::<BTreeSet<_>>().len(), 1, "{:?}", refused(&first).last());
        assert_eq!(first.refused, 5);
        assert_eq!(world.registry.call_in(&grid, &nonce, at, &rows).await.expect("replay"), first);
        let again = world.registry.call_in(&grid, &key(), at, &rows).await.expect("again");
        assert_eq!((again.accepted, again.refused), (0, first.refused));
        for (answer, before) in again.rows.iter().zip(&first.rows) {
            let (Some(answer), Some(before)) = (&answer.accepted, &before.accepted) else { continue };
            assert_eq!((&answer.activity, answer.mg), (&before.activity, before.mg));
        }
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        world.assert_audit_clean().await;
    }

    /// Settlement days and a limit are numbers that two operators replace; what came before keeps its version.
    async fn rules_of_scenes_are_replaced_by_two_operators(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let old = call(&world, &transit, DAY, &[ride("v1", &reference, "metro", "1", DAY)]).await;
        replace_parameter(&world, "inclusion.settlement.days", "5").await;
        let next = date!(2026 - 03 - 11);
        let new = call(&world, &transit, next, &[ride("v2", &reference, "metro", "1", next)]).await;
        let day_of = |answer: &registry::CallAnswer| answer.rows[0].accepted.as_ref().expect("taken").activity.clone();
        let registry = &world.registry;
        let (before, outcome) = registry.activity(&person.on(next), &day_of(&old)).await.expect("act");
        assert_eq!((before.settle_on.as_deref(), outcome.is_some()), (Some("2026-03-12"), true));
        let (after, _) = registry.activity(&person.on(next), &day_of(&new)).await.expect("act");
        assert_eq!(after.settle_on.as_deref(), Some("2026-03-16"));
        registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        assert_eq!(standing(&world, &person).await.0, 46_700, "the first one only");
        world.assert_audit_clean().await;
    }

    async fn figures_of_a_city_hide_the_few_and_say_what_is_owed(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        for _ in 0..10 {
            commuter(&world, &transit).await;
        }
        let registry = &world.registry;
        // an eleventh one rides in another city
        let other = person(&world.registry, "演示旅客").await;
        let reference = connect(&world, &other, &transit, "metro").await;
        let row = CallRow { region: "CN-GD-GZ".to_owned(), ..ride("gz", &reference, "metro", "5", DAY) };
        assert_eq!(call(&world, &transit, DAY, &[row]).await.accepted, 1);
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let early = registry.inclusion_crowd(noon(date!(2026-03-31))).await.expect("table");
        assert!(early.scenes.is_empty(), "the month is not over");
        let table = registry.inclusion_crowd(noon(date!(2026-04-01))).await.expect("table");
        assert_eq!((table.scenes.as_slice(), table.regions.as_slice()), (&["bus".to_owned(), "metro".to_owned()][..], &["CN-GD-GZ".to_owned(), "CN-GD-SZ".to_owned()][..]));
        let metro = &table.cells[1];
        assert_eq!(metro[0], None, "one person");
        assert!(metro[1].is_none() || metro[2].is_none(), "nor by the difference");
        assert_eq!(table.cells[0][1], Some(Cell { people: 10, acts: 10, mg: 860_800 }));
        // what is owed
        let by = || world.operator.on(date!(2026-04-01));
        let cost = |month: &str, kind: &str, yuan: &str| fields(&[("month", month), ("kind", kind), ("yuan", yuan), ("note", "演示")]);
        for (wrong, code) in [
            (cost("2026-05", "goods", "1"), "month_invalid"), (cost("2026-13", "goods", "1"), "month_invalid"),
            (cost("2026-03", "bribes", "1"), "choice_invalid"), (cost("2026-03", "goods", "0"), "cost_invalid"),
            (cost("2026-03", "goods", "1.005"), "cost_invalid"), (cost("2026-03", "goods", "many"), "cost_invalid"),
        ] {
            assert_eq!(codes(registry.cost_enter(&by(), &wrong).await), [code]);
        }
        registry.cost_enter(&by(), &cost("2026-03", "goods", "120.50")).await.expect("cost");
        registry.cost_enter(&by(), &cost("2026-03", "operation", "1000")).await.expect("cost");
        registry.cost_enter(&by(), &cost("2026-03", "operation", "-200")).await.expect("taken back");
        let owed = registry.inclusion_economics(&by()).await.expect("economics");
        assert_eq!((owed.points_outstanding, owed.cost_fen, owed.liability_fen, owed.fen_per_issued_tonne), (6_650 + 233, 92_050, None, None));
        assert_eq!(registry.costs(&by(), &all()).await.expect("costs").rows.len(), 3);
        assert!(registry.inclusion_economics(&other.on(DAY)).await.is_err());
        assert!(registry.cost_enter(&other.on(DAY), &cost("2026-03", "goods", "1")).await.is_err());
    }
}
