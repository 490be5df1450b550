//! Retirements that arrive at the same time: each is what it would have been alone, whatever becomes of those that arrived with it.

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

/// How many retirements began before the rows of an earlier one were written.
async fn interleaved(world: &World) -> i64 {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM retirement later WHERE EXISTS (SELECT 1 FROM retirement earlier JOIN ledger_transfer \
         ON ledger_transfer.retirement_id = earlier.id WHERE earlier.id < later.id AND ledger_transfer.id > later.id)",
    )
    .fetch_one(&mut world.database.raw().await)
    .await
    .expect("a count")
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
        if world.database.is_sqlite() {
            assert!(interleaved(&world).await > 0, "all were done alone: this test does not test what it says");
        }
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
}
