//! The keys that providers sign with: a new one takes over, the one before it counts for some days or ends at once, and no record counts twice
//! because of it.

use registry::{Error, KEY_OVERLAP_DAYS, ProviderReceipt, Registry};
use sqlx::AssertSqlSafe;
use time::{Date, Duration};

use crate::harness::*;
use crate::inclusion::*;

fn reason(code: &str) -> registry::Fields {
    fields(&[("reason", code)])
}

async fn rekey(world: &World, provider: &str, day: Date, code: &str) -> ProviderReceipt {
    let by = world.operator.on(day);
    let made = world
        .registry
        .provider_rekey(&by, provider, &reason(code))
        .await;
    made.expect("a new key")
}

/// The keys that count at noon of a day, and those that have ended.
async fn keys(registry: &Registry, provider: &str, day: Date) -> (Vec<String>, Vec<String>) {
    let keys = registry
        .provider_keys(provider, noon(day))
        .await
        .expect("keys");
    let (ended, valid): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.ended_at.is_some());
    let secrets =
        |keys: Vec<registry::ProviderKey>| keys.into_iter().map(|key| key.secret).collect();
    (secrets(valid), secrets(ended))
}

async fn refused_by_the_database(world: &World, sql: &str) -> String {
    let mut raw = world.database.raw().await;
    let error = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut raw)
        .await;
    error.expect_err(sql).to_string()
}

both_databases! {
    async fn only_an_operator_makes_or_ends_a_key_and_says_why(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        let first = registry.provider_keys_listed(&world.operator.on(DAY), &transit).await.expect("keys").remove(0);
        for actor in [&world.owner, &world.verifier, &world.organiser] {
            let by = actor.on(DAY);
            assert!(matches!(registry.provider_rekey(&by, &transit, &reason("planned")).await, Err(Error::Forbidden)));
            assert!(matches!(registry.provider_key_end(&by, &first.id).await, Err(Error::Forbidden)));
            assert!(matches!(registry.provider_keys_listed(&by, &transit).await, Err(Error::Forbidden)));
        }
        let by = || world.operator.on(DAY);
        for code in ["", "lost", "leaked\0"] {
            assert_eq!(codes(registry.provider_rekey(&by(), &transit, &reason(code)).await), ["choice_invalid"], "{code:?}");
        }
        assert!(matches!(registry.provider_rekey(&by(), "nobody", &reason("planned")).await, Err(Error::NotFound)));
        assert!(matches!(registry.provider_key_end(&by(), "no key").await, Err(Error::NotFound)));
        registry.provider_key_end(&by(), &first.id).await.expect("ended");
        assert_eq!(codes(registry.provider_key_end(&by(), &first.id).await), ["provider_key_ended"]);
        assert_eq!(keys(registry, &transit, DAY).await.0.len(), 0, "who has no key cannot sign");
        assert_eq!(rekey(&world, &transit, DAY, "planned").await.secret.map(|key| key.len()), Some(64));
        registry.provider_end(&by(), &transit).await.expect("end");
        assert_eq!(codes(registry.provider_rekey(&by(), &transit, &reason("planned")).await), ["provider_unknown"]);
        assert_eq!(keys(registry, &transit, DAY).await, (vec![], vec![]), "a provider that ended has no key");
    }

    async fn a_new_key_is_told_once_and_the_one_before_it_counts_seven_days_more(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        let (first, _) = keys(registry, &transit, DAY).await;
        let by = world.operator.with_key(DAY, "rekey-once");
        let made = registry.provider_rekey(&by, &transit, &reason("planned")).await.expect("a new key");
        let secret = made.secret.clone().expect("told");
        assert_eq!((secret.len(), secret == first[0]), (64, false));
        // the same form again shows the same key; another body with its key is refused
        assert_eq!(registry.provider_rekey(&by, &transit, &reason("planned")).await.expect("again"), made);
        assert_eq!(codes(registry.provider_rekey(&by, &transit, &reason("leaked")).await), ["key_reused"]);
        // nothing that is kept of the act tells it
        let mut raw = world.database.raw().await;
        let answers: Vec<String> = sqlx::query_scalar("SELECT answer FROM act WHERE kind IN ('provider_rekey', 'provider_add')")
            .fetch_all(&mut raw).await.expect("answers");
        assert_eq!(answers.len(), 2);
        assert!(answers.iter().all(|answer| !answer.contains(&secret) && !answer.contains(&first[0])), "{answers:?}");
        let listed = registry.provider_keys_listed(&world.operator.on(DAY), &transit).await.expect("keys");
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0].valid_until, listed[0].is_valid), (None, true));
        assert_eq!(listed[1].valid_until, Some(noon(DAY + Duration::days(KEY_OVERLAP_DAYS))));
        assert_eq!((listed[1].ended_for.as_deref(), listed[1].is_valid), (Some("replaced"), true));
        assert_eq!(KEY_OVERLAP_DAYS, 7);
        assert_eq!(keys(registry, &transit, DAY + Duration::days(6)).await, (vec![secret.clone(), first[0].clone()], vec![]));
        assert_eq!(keys(registry, &transit, DAY + Duration::days(7)).await, (vec![secret], first), "from this moment on");
    }

    async fn a_key_that_leaked_ends_at_once_with_all_before_it(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        rekey(&world, &transit, DAY, "planned").await;
        let third = rekey(&world, &transit, DAY.next_day().expect("a day"), "leaked").await;
        let (valid, ended) = keys(registry, &transit, DAY.next_day().expect("a day")).await;
        assert_eq!((valid, ended.len()), (vec![third.secret.expect("told")], 2));
        // the one that was to count for a week had its reason before: it is that it leaked
        let listed = registry.provider_keys_listed(&world.operator.on(SETTLED), &transit).await.expect("keys");
        assert!(listed[1..].iter().all(|key| key.ended_for.as_deref() == Some("leaked") && !key.is_valid));
    }

    async fn a_later_planned_key_gives_no_older_one_more_days(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        for number in 0..4 {
            rekey(&world, &transit, DAY + Duration::days(number), "planned").await;
        }
        let listed = registry.provider_keys_listed(&world.operator.on(SETTLED), &transit).await.expect("keys");
        let ends: Vec<_> = listed.iter().map(|key| key.valid_until).collect();
        let on = |days| Some(noon(DAY + Duration::days(days)));
        assert_eq!(ends, [None, on(10), on(9), on(8), on(7)]);
        let fifth = registry.provider_rekey(&world.operator.on(DAY + Duration::days(4)), &transit, &reason("planned")).await;
        assert_eq!(codes(fifth), ["provider_keys_too_many"]);
        assert_eq!(registry.provider_keys_listed(&world.operator.on(SETTLED), &transit).await.expect("keys"), listed, "and nothing ended for it");
        rekey(&world, &transit, DAY + Duration::days(4), "leaked").await;
        assert_eq!(keys(registry, &transit, DAY + Duration::days(4)).await.0.len(), 1, "a leak is never refused");
    }

    /// What was counted is known by the order, not by the key; a message is known by its nonce.
    async fn no_record_counts_twice_under_two_keys(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        let person = person(registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let rows = [ride("one", &reference, "metro", "5", DAY)];
        let at = noon(DAY).plus_seconds(11 * 3600);
        let first = registry.call_in(&transit, "nonce-1", at, &rows).await.expect("a call");
        assert_eq!(first.accepted, 1);
        rekey(&world, &transit, DAY, "leaked").await;
        assert_eq!(registry.call_in(&transit, "nonce-1", at, &rows).await.expect("replayed"), first);
        let again = registry.call_in(&transit, "nonce-2", at, &rows).await.expect("another message");
        assert_eq!((again.accepted, again.known), (0, 1));
        registry.provider_end(&world.operator.on(DAY), &transit).await.expect("end");
        let form = fields(&[
            ("name", "演示深圳公交地铁"), ("precedence", "1"), ("evidence", "T1"), ("scenes", "metro,bus"), ("agreement", "DEMO-DATA-2026-02"),
        ]);
        let added = registry.provider_add(&world.operator.on(DAY), &form).await.expect("admitted again");
        let (valid, ended) = keys(registry, &transit, DAY).await;
        assert_eq!((valid, ended.len()), (vec![added.secret.expect("told")], 2), "no key of before counts again");
        let again = registry.call_in(&transit, "nonce-3", at, &rows).await.expect("another message");
        assert_eq!((again.accepted, again.known), (0, 1));
    }

    async fn the_use_of_a_key_is_noted_to_the_hour(database) {
        let world = World::new(database).await;
        let (registry, transit) = (&world.registry, transit(&world).await);
        let key = registry.provider_keys(&transit, noon(DAY)).await.expect("keys").remove(0);
        let used = || async { registry.provider_keys_listed(&world.operator.on(DAY), &transit).await.expect("keys")[0].last_used_at };
        assert_eq!(used().await, None);
        for (seconds, noted) in [(0, 0), (3_599, 0), (3_600, 3_600), (10, 3_600)] {
            registry.provider_key_used(&key.id, noon(DAY).plus_seconds(seconds)).await.expect("noted");
            assert_eq!(used().await, Some(noon(DAY).plus_seconds(noted)));
        }
    }

    async fn the_database_itself_refuses_to_change_or_revive_a_key(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        rekey(&world, &transit, DAY, "leaked").await;
        for sql in [
            "UPDATE inclusion_provider_key SET valid_until = NULL, ended_for = NULL WHERE valid_until IS NOT NULL",
            "UPDATE inclusion_provider_key SET valid_until = valid_until + 1 WHERE valid_until IS NOT NULL",
            "UPDATE inclusion_provider_key SET secret = '0123456789012345678901234567890123456789012345678901234567890123'",
        ] {
            assert!(refused_by_the_database(&world, sql).await.contains("inclusion_provider_key_only_ends"), "{sql}");
        }
        let deleted = refused_by_the_database(&world, "DELETE FROM inclusion_provider_key").await;
        assert!(deleted.contains("inclusion_provider_key_never_deleted"));
        let short = "UPDATE inclusion_provider_key SET valid_until = 1, ended_for = 'ended' WHERE valid_until IS NULL";
        assert!(refused_by_the_database(&world, short).await.contains("inclusion_provider_key_order"));
    }
}
