//! Retirements that arrive at the same time: each is what it would have been alone, whatever becomes of those that arrived with it.

use std::time::Duration;

use domain::Role;
use domain::id::ClassId;
use registry::{By, Error, Fields, Registry, RetiredCredits};
use serde_json::Value;

use crate::harness::*;

fn form(class: &ClassId, quantity: &str) -> Fields {
    fields(&[
        ("class", class.as_str()),
        ("quantity", quantity),
        ("purpose", "voluntary"),
        ("purpose_text", "演示"),
        ("beneficiary", "演示受益人"),
        ("beneficiary_kind", "organisation"),
    ])
}

/// A new holder with so many tonnes.
async fn holder(world: &World, class: &ClassId, tonnes: &str) -> Actor {
    let holder = sign_up(&world.registry, "演示持有人", Role::EventOrganiser).await;
    give(world, &holder, class, tonnes).await;
    holder
}

async fn give(world: &World, to: &Actor, class: &ClassId, tonnes: &str) {
    let form = fields(&[
        ("to", &to.account),
        ("class", class.as_str()),
        ("quantity", tonnes),
    ]);
    world
        .registry
        .credits_transfer(&world.owner.on(ISSUED), &form)
        .await
        .expect("a block");
}

/// All at once, the answers in their order.
async fn at_once(
    registry: &Registry,
    asked: Vec<(By, Fields)>,
) -> Vec<Result<RetiredCredits, Error>> {
    let tasks: Vec<_> = asked
        .into_iter()
        .map(|(by, form)| {
            let registry = registry.clone();
            tokio::spawn(async move { registry.credits_retire(&by, &form).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("a task"));
    }
    answers
}

/// What is kept of a certificate, without what is another's by nature: ids, times, numbers.
async fn kept(world: &World, number: &str) -> [Value; 3] {
    let mut raw = world.database.raw().await;
    let (act, statement, leaf): (String, String, String) =
        sqlx::query_as("SELECT act_id, statement, leaf FROM log_entry WHERE certificate = $1")
            .bind(number)
            .fetch_one(&mut raw)
            .await
            .expect("an entry of the log");
    let mut statement: Value = serde_json::from_str(&statement).expect("a statement");
    for member in ["act", "number"] {
        statement[member] = Value::Null;
    }
    for line in statement["lines"].as_array_mut().expect("lines") {
        for member in ["start", "end", "serial"] {
            line[member] = Value::Null;
        }
    }
    let mut leaf: Value = serde_json::from_str(&leaf).expect("a leaf");
    for member in ["id", "hash", "subject"] {
        leaf[member] = Value::Null;
    }
    for member in ["digest", "number", "serials"] {
        leaf["certificate"][member] = Value::Null;
    }
    let row: (String, String, String, String, i64, i64, i64, i64) = sqlx::query_as(
        "SELECT act.kind, act.subject_kind, COALESCE(act.state, '-') || COALESCE(act.note, '-'), retirement.search, retirement.position, \
         act.is_public, (SELECT COUNT(*) FROM notification WHERE notification.act_id = act.id), \
         (SELECT COUNT(*) FROM ledger_transfer WHERE ledger_transfer.act_id = act.id AND ledger_transfer.retirement_id = retirement.id) \
         FROM act JOIN retirement ON retirement.act_id = act.id WHERE act.id = $1",
    )
    .bind(act)
    .fetch_one(&mut raw)
    .await
    .expect("an act");
    [statement, leaf, serde_json::json!(row)]
}

/// Nobody acts until this is taken back.
async fn nobody_acts(world: &World) -> sqlx::AnyConnection {
    let mut raw = world.database.raw().await;
    let stop = if world.database.is_sqlite() {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN; LOCK TABLE act_turn IN EXCLUSIVE MODE"
    };
    sqlx::raw_sql(stop).execute(&mut raw).await.expect("stop");
    raw
}

/// Two wait in line, one behind the other, while nobody acts; then what has come of it is done in one go.
async fn in_one_go(world: &World, asked: Vec<(By, Fields)>) -> Vec<Result<RetiredCredits, Error>> {
    let mut stop = nobody_acts(world).await;
    let registry = world.registry.clone();
    // the first one is taken at once and waits at the door; the others gather behind it
    let answers = tokio::spawn(async move { at_once(&registry, asked).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut stop)
        .await
        .expect("go on");
    answers.await.expect("answers")
}

/// The certificates' running numbers, in order.
async fn numbers(world: &World) -> Vec<i64> {
    let found: Vec<String> = sqlx::query_scalar("SELECT number FROM retirement ORDER BY number")
        .fetch_all(&mut world.database.raw().await)
        .await
        .expect("numbers");
    let running = found.iter().map(|number| {
        let part = number.split('-').nth(2).expect("HTR-2025-000001-5");
        part.parse().expect("a number")
    });
    running.collect()
}

both_databases! {
    async fn done_together_each_is_what_it_would_have_been_alone(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let mut holders = Vec::new();
        for _ in 0..6 {
            let one = holder(&world, &class, "30").await;
            // blocks of one and of two tonnes, and one that is cut
            give(&world, &one, &class, "1").await;
            give(&world, &one, &class, "2").await;
            holders.push(one);
        }
        // seven of each holder: the numbers of one are taken before the next looks
        let quantities = ["1", "3", "2", "5", "4", "1", "7"];
        let asked: Vec<_> = quantities
            .iter()
            .flat_map(|quantity| holders.iter().map(|one| (one.on(ISSUED), form(&class, quantity))))
            .collect();
        let answers = at_once(registry, asked.clone()).await;
        let mut taken = std::collections::BTreeSet::new();
        for ((by, form), answer) in asked.iter().zip(&answers) {
            let answer = answer.as_ref().expect("retired");
            assert_eq!(answer.quantity.to_string(), form["quantity"]);
            assert!(answer.serials.iter().all(|serial| taken.insert(serial.clone())), "numbers twice: {answer:?}");
            let certificate = registry.public().certificate(&answer.number).await.expect("a certificate");
            let serials: Vec<_> = certificate.lines.iter().map(|line| line.serial.clone()).collect();
            assert_eq!((certificate.quantity, serials), (answer.quantity, answer.serials.clone()));
            let again = registry.credits_retire(by, form).await.expect("the first answer");
            assert_eq!(&again, answer);
        }
        assert_eq!(numbers(&world).await, (1..=42).collect::<Vec<_>>(), "no number twice, none left out");
        let counts = registry.retirement_counts();
        assert!(counts.together > 0, "all were done alone: this test does not test what it says: {counts:?}");
        assert_eq!((counts.failed, counts.left_out), (0, 0));
        for one in &holders {
            let held = registry.holdings(&one.on(ISSUED)).await.expect("holdings");
            assert_eq!((held[0].held, held[0].retired), (10, 23));
        }
        // who names the project is done alone
        let project = registry.holdings(&holders[0].on(ISSUED)).await.expect("holdings")[0].project.clone();
        let alone = [form(&class, "1"), fields(&[("project", project.as_str())])].into_iter().flatten().collect();
        let alone = registry.credits_retire(&holders[0].on(ISSUED), &alone).await.expect("retired");
        let one = answers[0].as_ref().expect("retired");
        assert_eq!(kept(&world, &one.number).await, kept(&world, &alone.number).await);
        world.assert_audit_clean().await;
        registry.log_sequence(noon(ISSUED)).await.expect("numbered");
        world.assert_audit_clean().await;
    }

    async fn who_is_refused_or_needs_more_stops_nobody(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let (plain, poor, guarded) =
            (holder(&world, &class, "50").await, holder(&world, &class, "3").await, holder(&world, &class, "20").await);
        let gone = joins(registry, &plain, "initiator").await;
        registry.member_remove(&plain.on(ISSUED), &gone.user).await.expect("removed");
        joins(registry, &guarded, "confirmer").await;
        // more blocks than one look shows
        let scattered = holder(&world, &class, "1").await;
        for _ in 0..24 {
            give(&world, &plain, &class, "1").await;
            give(&world, &scattered, &class, "1").await;
        }
        let used = plain.on(ISSUED);
        let first = registry.credits_retire(&used, &form(&class, "2")).await.expect("retired");
        let twice = plain.on(ISSUED);
        let offset = [form(&class, "1"), fields(&[("purpose", "national_ets")])].into_iter().flatten().collect();
        let answers = at_once(registry, vec![
            (plain.on(ISSUED), form(&class, "1")),
            (poor.on(ISSUED), form(&class, "4")),
            (plain.on(ISSUED), form(&class, "1")),
            (used.clone(), form(&class, "2")),
            (used, form(&class, "3")),
            (twice.clone(), form(&class, "5")),
            (twice, form(&class, "5")),
            (gone.on(ISSUED), form(&class, "1")),
            (guarded.on(ISSUED), form(&class, "6")),
            (scattered.on(ISSUED), form(&class, "25")),
            (plain.on(ISSUED), offset),
            (poor.on(ISSUED), form(&class, "3")),
            (plain.on(ISSUED), form(&"no-such-class".into(), "1")),
            (plain.on(ISSUED), form(&class, "1")),
        ]).await;
        let mut answers = answers.into_iter();
        let mut next = || answers.next().expect("an answer");
        assert_eq!(next().expect("retired").quantity, 1);
        assert_eq!(codes(next()), ["credits_insufficient"]);
        assert_eq!(next().expect("retired").quantity, 1);
        assert_eq!(next().expect("the first answer"), first);
        assert_eq!(codes(next()), ["key_reused"]);
        let (one, other) = (next().expect("retired"), next().expect("retired"));
        assert_eq!(one, other, "one key is one act");
        assert!(matches!(next(), Err(Error::Forbidden)), "no longer a member");
        let order = next().expect("an order");
        assert!(order.order.is_some() && order.number.is_empty(), "a second member confirms: {order:?}");
        let all = next().expect("retired");
        assert_eq!((all.quantity, all.serials.len()), (25, 25));
        assert_eq!(codes(next()), ["purpose_not_offered"]);
        assert_eq!(next().expect("retired").quantity, 3);
        assert_eq!(codes(next()), ["credits_insufficient"]);
        assert_eq!(next().expect("retired").quantity, 1);
        let held = async |of: &Actor| registry.holdings(&of.on(ISSUED)).await.expect("holdings").iter().map(|one| one.held).sum::<i64>();
        assert_eq!([held(&plain).await, held(&poor).await, held(&guarded).await, held(&scattered).await], [64, 0, 20, 0]);
        world.assert_audit_clean().await;
    }

    /// Several copies of the program on one database, each with its own line.
    async fn copies_that_retire_at_once_count_every_tonne_once(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let mut holders = Vec::new();
        for _ in 0..8 {
            holders.push(holder(&world, &class, "40").await);
        }
        let mut copies = Vec::new();
        for _ in 0..3 {
            copies.push(world.database.connect().await);
        }
        let mut tasks = Vec::new();
        for _ in 0..5 {
            for copy in &copies {
                // three times five tonnes of each holder, and once more than is left
                let asked: Vec<_> = holders.iter().map(|one| (one.on(ISSUED), form(&class, "3"))).collect();
                let copy = copy.clone();
                tasks.push(tokio::spawn(async move { at_once(&copy, asked).await }));
            }
        }
        let mut done = 0;
        for task in tasks {
            for answer in task.await.expect("a task") {
                match answer {
                    Ok(answer) => done += answer.quantity,
                    refused => assert_eq!(codes(refused), ["credits_insufficient"]),
                }
            }
        }
        assert_eq!(done, 8 * 39, "thirteen times three of forty");
        assert_eq!(numbers(&world).await, (1..=8 * 13).collect::<Vec<_>>());
        world.assert_audit_clean().await;
    }

    /// The same rules as for who comes alone, asked of those who come in a row.
    async fn what_is_refused_alone_is_refused_in_a_row(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let plain = holder(&world, &class, "30").await;
        let (restricted, reads) = (holder(&world, &class, "9").await, holder(&world, &class, "9").await);
        let reader = joins(registry, &reads, "reader").await;
        let restrict = fields(&[("ground", "change_unreported"), ("reason", "法定代表人已变更")]);
        registry.account_restrict(&world.operator.on(ISSUED), &restricted.organisation, &restrict).await.expect("restricted");
        sqlx::query("UPDATE credit_class SET unit_kind = 'inclusion', recognition = 'municipal' WHERE id = $1")
            .bind(class.as_str())
            .execute(&mut world.database.raw().await)
            .await
            .expect("another class");
        let event = [form(&class, "1"), fields(&[("purpose", "event")])].into_iter().flatten().collect::<Fields>();
        let mut control = form(&class, "1");
        control.insert("class".to_owned(), "a\0b".to_owned());
        let next_year = ISSUED.replace_year(2026).expect("a day");
        let asked = vec![
            (plain.on(ISSUED), form(&class, "1")),
            (plain.on(ISSUED), form(&class, "1")),
            (restricted.on(ISSUED), form(&class, "1")),
            (reader.on(ISSUED), form(&class, "1")),
            (plain.on(ISSUED), event),
            (plain.on(ISSUED), control),
            (plain.on(next_year), form(&class, "1")),
            (plain.on(ISSUED), form(&class, "1")),
        ];
        let mut answers = in_one_go(&world, asked).await.into_iter();
        let mut next = || answers.next().expect("an answer");
        let number = |answer: Result<RetiredCredits, Error>| answer.expect("retired").number;
        let mut of_the_year = vec![number(next()), number(next())];
        assert_eq!(codes(next()), ["account_state_does_not_allow"]);
        assert_eq!(codes(next()), ["member_role_not_allowed"]);
        assert_eq!(codes(next()), ["class_not_for_events"]);
        assert_eq!(codes(next()), ["text_control_character"]);
        assert!(number(next()).starts_with("HTR-2026-000001"), "each year counts for itself");
        of_the_year.push(number(next()));
        of_the_year.sort();
        for (number, expected) in of_the_year.iter().zip(["HTR-2025-000001", "HTR-2025-000002", "HTR-2025-000003"]) {
            assert!(number.starts_with(expected), "{number}");
        }
        let held = registry.holdings(&plain.on(ISSUED)).await.expect("holdings");
        assert_eq!((held[0].held, held[0].retired), (26, 4));
        assert_eq!(registry.retirement_counts().failed, 0);
        world.assert_audit_clean().await;
    }

    async fn one_that_the_database_refuses_stops_nobody(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let plain = holder(&world, &class, "30").await;
        let guard = if world.database.is_sqlite() {
            "CREATE TRIGGER refused BEFORE INSERT ON retirement WHEN NEW.beneficiary = '演示拒绝' BEGIN SELECT RAISE(ABORT, 'refused'); END"
        } else {
            "ALTER TABLE retirement ADD CONSTRAINT refused CHECK (beneficiary <> '演示拒绝')"
        };
        sqlx::raw_sql(guard).execute(&mut world.database.raw().await).await.expect("a guard");
        let refused = [form(&class, "1"), fields(&[("beneficiary", "演示拒绝")])].into_iter().flatten().collect::<Fields>();
        let asked = [form(&class, "1"), form(&class, "2"), refused, form(&class, "3"), form(&class, "4")];
        let asked = asked.into_iter().map(|form| (plain.on(ISSUED), form)).collect();
        let answers = in_one_go(&world, asked).await;
        let told: Vec<_> = answers.iter().map(|answer| answer.as_ref().map(|one| one.quantity).ok()).collect();
        assert_eq!(told, [Some(1), Some(2), None, Some(3), Some(4)]);
        assert_eq!(registry.retirement_counts().failed, 1, "one transaction failed, and each in it was done alone");
        assert_eq!(numbers(&world).await, [1, 2, 3, 4]);
        world.assert_audit_clean().await;
    }

    /// A retirement is final: it does not happen after the one who asked for it has turned away.
    async fn who_has_gone_before_it_began_retires_nothing(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let (gone, stays) = (holder(&world, &class, "10").await, holder(&world, &class, "10").await);
        let mut stop = nobody_acts(&world).await;
        let waits = |who: &Actor| {
            let (registry, by, form) = (registry.clone(), who.on(ISSUED), form(&class, "4"));
            tokio::spawn(async move { registry.credits_retire(&by, &form).await })
        };
        // one at the door, two in line behind it
        let at_the_door = waits(&gone);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let (in_line, other) = (waits(&gone), waits(&stays));
        tokio::time::sleep(Duration::from_millis(100)).await;
        for one in [at_the_door, in_line] {
            one.abort();
            assert!(one.await.is_err(), "gone");
        }
        sqlx::raw_sql("ROLLBACK").execute(&mut stop).await.expect("go on");
        assert_eq!(other.await.expect("an answer").expect("retired").quantity, 4);
        let held = async |who: &Actor| {
            let held = registry.holdings(&who.on(ISSUED)).await.expect("holdings").remove(0);
            (held.held, held.retired)
        };
        assert_eq!([held(&gone).await, held(&stays).await], [(10, 0), (6, 4)]);
        assert_eq!(registry.retirement_counts().left_out, 2);
        assert_eq!(numbers(&world).await, [1]);
        world.assert_audit_clean().await;
    }

    /// A transfer takes the rows of two accounts in the order of their ids, and so does a transaction of many retirements.
    async fn retirements_in_a_row_and_transfers_never_wait_for_each_other_in_a_circle(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let registry = &world.registry;
        let mut holders = Vec::new();
        for _ in 0..6 {
            holders.push(holder(&world, &class, "60").await);
        }
        for _ in 0..6 {
            let retired: Vec<_> = holders.iter().rev().map(|one| (one.on(ISSUED), form(&class, "1"))).collect();
            let moved = holders.iter().zip(holders.iter().cycle().skip(1)).map(|(from, to)| {
                let form = fields(&[("to", &to.account), ("class", class.as_str()), ("quantity", "1")]);
                let (registry, by) = (registry.clone(), from.on(ISSUED));
                tokio::spawn(async move { registry.credits_transfer(&by, &form).await })
            });
            let moved: Vec<_> = moved.collect();
            for answer in at_once(registry, retired).await {
                answer.expect("retired");
            }
            for one in moved {
                one.await.expect("a task").expect("moved");
            }
        }
        if !world.database.is_sqlite() {
            let circles: i64 = sqlx::query_scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                .fetch_one(&mut world.database.raw().await)
                .await
                .expect("a count");
            assert_eq!(circles, 0);
        }
        world.assert_audit_clean().await;
    }
}
