//! Eight at once: of the cases of `tests/data/concurrency_invariant.json` at most one may be accepted, whatever the order.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::Role;
use domain::id::ClassId;
use registry::{Error, Fields, Registry};
use tokio::sync::Barrier;

use crate::harness::*;

/// How often each case is raced on each database, unless more is asked for: four cases make more than 200 rounds.
const ROUNDS: usize = 60;

/// What each of the requests of a case does, and how much.
fn requests(case: &str) -> (bool, Vec<i64>) {
    match case {
        "transfer-60x8" => (false, vec![60; 8]),
        "transfer-51..58" => (false, (51..=58).collect()),
        "retire-60x8" => (true, vec![60; 8]),
        "sequential-control" => (false, vec![60; 3]),
        other => panic!("the file has a case {other} that this test does not know"),
    }
}

/// One request by the holder, on one copy of the server.
async fn request(
    registry: Registry,
    holder: Actor,
    to: String,
    class: ClassId,
    retire: bool,
    quantity: i64,
) -> Result<(), Error> {
    let quantity = quantity.to_string();
    let mut form = fields(&[("class", class.as_str()), ("quantity", &quantity)]);
    if retire {
        form.extend(fields(&[
            ("purpose", "voluntary"),
            ("beneficiary", "演示"),
            ("beneficiary_kind", "organisation"),
        ]));
        registry
            .credits_retire(&holder.on(ISSUED), &form)
            .await
            .map(drop)
    } else {
        form.insert("to".to_owned(), to);
        registry
            .credits_transfer(&holder.on(ISSUED), &form)
            .await
            .map(drop)
    }
}

both_databases! {
    async fn at_most_one_of_eight_is_accepted(database) {
        let cases: serde_json::Value = serde_json::from_str(include_str!("../data/concurrency_invariant.json")).expect("cases");
        let cases = cases["cases"].as_array().expect("a list of cases");
        assert_eq!(cases.len(), 4);
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        // Eight copies of the server, so that nothing within one process can keep the requests apart.
        let mut copies = Vec::new();
        for _ in 0..8 {
            copies.push(world.database.connect().await);
        }
        let receiver = sign_up(&world.registry, "演示受让方", Role::EventOrganiser).await;
        for case in cases {
            let id = case["id"].as_str().expect("an id");
            let (retire, amounts) = requests(id);
            for round in 0..rounds(ROUNDS) {
                let holder = sign_up(&world.registry, "演示持有人", Role::EventOrganiser).await;
                let hundred = fields(&[("to", &holder.account), ("class", class.as_str()), ("quantity", "100")]);
                world.registry.credits_transfer(&world.owner.on(ISSUED), &hundred).await.expect("a block of 100");
                let outcomes = if id == "sequential-control" {
                    let mut outcomes = Vec::new();
                    for amount in &amounts {
                        let (registry, to) = (copies[0].clone(), receiver.account.clone());
                        outcomes.push(request(registry, holder.clone(), to, class.clone(), retire, *amount).await);
                    }
                    assert!(outcomes[0].is_ok(), "{id}: the first of a sequence must be accepted");
                    outcomes
                } else {
                    race(&copies, &holder, &receiver, &class, retire, &amounts).await
                };
                let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
                assert_eq!(accepted, 1, "{id}, round {round}: {outcomes:?}");
                for outcome in outcomes.into_iter().filter(Result::is_err) {
                    assert_eq!(codes(outcome), ["credits_insufficient"], "{id}, round {round}");
                }
                let held = world.registry.holdings(&holder.on(ISSUED)).await.expect("holdings");
                let (held, retired) = held.iter().fold((0, 0), |sum, one| (sum.0 + one.held, sum.1 + one.retired));
                let moved = 100 - held - retired;
                assert!((0..50).contains(&held) && (retired == 60) == retire && (moved > 50) != retire, "{held} {retired} {moved}");
            }
        }
        world.assert_audit_clean().await;
    }

    /// Acts that arrive together share a commit on SQLite. Some are refused, some are given up in the middle: the others happen all the same,
    /// and what was given up happens once when it is asked for again.
    async fn who_hangs_up_takes_nobody_along(database) {
        const HOLDERS: usize = 12;
        const TIMES: i64 = 30;
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let mut holders = Vec::new();
        for _ in 0..HOLDERS {
            let holder = sign_up(&world.registry, "演示持有人", Role::EventOrganiser).await;
            let hundred = fields(&[("to", &holder.account), ("class", class.as_str()), ("quantity", "100")]);
            world.registry.credits_transfer(&world.owner.on(ISSUED), &hundred).await.expect("a block of 100");
            holders.push(holder);
        }
        for round in 0..TIMES {
            let tasks: Vec<_> = holders
                .iter()
                .enumerate()
                .map(|(number, holder)| {
                    let by = registry::By { key: key(), ..holder.on(ISSUED) };
                    // every fourth asks for more than there is
                    let quantity = if number % 4 == 2 { "101" } else { "1" };
                    let form = fields(&[("to", &world.organiser.account), ("class", class.as_str()), ("quantity", quantity)]);
                    let registry = world.registry.clone();
                    let asked = (by.clone(), form.clone());
                    let task = tokio::spawn(async move { registry.credits_transfer(&by, &form).await });
                    (asked, task)
                })
                .collect();
            // every fourth hangs up, each time at another moment
            tokio::time::sleep(std::time::Duration::from_micros(u64::try_from(round * 397 % 9_000).expect("small"))).await;
            for (_, task) in tasks.iter().skip(3).step_by(4) {
                task.abort();
            }
            for (number, ((by, form), task)) in tasks.into_iter().enumerate() {
                match task.await {
                    Ok(answer) if number % 4 == 2 => assert_eq!(codes(answer.map(drop)), ["credits_insufficient"]),
                    Ok(answer) => drop(answer.expect("an act that nobody gave up")),
                    Err(gone) => {
                        assert!(number % 4 == 3 && gone.is_cancelled(), "{number}: {gone}");
                        world.registry.credits_transfer(&by, &form).await.expect("asked for again");
                    }
                }
            }
        }
        for (number, holder) in holders.iter().enumerate() {
            let held: i64 = world.registry.holdings(&holder.on(ISSUED)).await.expect("holdings").iter().map(|one| one.held).sum();
            assert_eq!(held, if number % 4 == 2 { 100 } else { 100 - TIMES }, "holder {number}");
        }
        world.assert_audit_clean().await;
    }

    /// Somebody presses twice and the first request is given up: the answer to the second one is of what is on the disk, whoever else acts.
    async fn an_answer_to_the_same_key_is_of_what_is_kept(database) {
        let world = World::new(database).await;
        let mut kept = world.database.raw().await;
        for round in 0..40_u64 {
            let email = format!("{}@example.cn", unique());
            let form = fields(&[("name", "演示"), ("email", &email), ("region", "CN-GD-SZ"), ("age", "adult"), ("agrees", "yes")]);
            let visitor = registry::Visitor { at: noon(ISSUED), key: key() };
            let sign_up = || {
                let (registry, visitor, form) = (world.registry.clone(), visitor.clone(), form.clone());
                tokio::spawn(async move { registry.person_sign_up(&visitor, &form, "hash").await })
            };
            let others: Vec<_> = (0..3)
                .map(|_| {
                    let registry = world.registry.clone();
                    let form = fields(&[("name", "演示"), ("email", &format!("{}@example.cn", unique())), ("region", "CN-GD-SZ"), ("age", "adult"), ("agrees", "yes")]);
                    let visitor = registry::Visitor { at: noon(ISSUED), key: key() };
                    tokio::spawn(async move { registry.person_sign_up(&visitor, &form, "hash").await })
                })
                .collect();
            let (first, second) = (sign_up(), sign_up());
            tokio::time::sleep(std::time::Duration::from_micros(round * 311 % 7_000)).await;
            first.abort();
            let answer = second.await.expect("a task").expect("an answer to the second");
            let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM user_account WHERE id = $1")
                .bind(answer.user.as_str())
                .fetch_one(&mut kept)
                .await
                .expect("the users");
            assert_eq!(there, 1, "round {round}: answered, and not there");
            for other in others {
                other.await.expect("a task").expect("an act of somebody else");
            }
        }
        world.assert_audit_clean().await;
    }

    /// The same request with the same key, eight times at once: it happens once, and everybody gets its answer.
    async fn one_key_at_once_is_one_act(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let mut copies = Vec::new();
        for _ in 0..8 {
            copies.push(world.database.connect().await);
        }
        for round in 0_i64..25 {
            let form = fields(&[("to", &world.organiser.account), ("class", class.as_str()), ("quantity", "7")]);
            let key = key();
            let tasks: Vec<_> = copies
                .iter()
                .map(|copy| {
                    let (copy, by, form) = (copy.clone(), world.owner.with_key(ISSUED, &key), form.clone());
                    tokio::spawn(async move { copy.credits_transfer(&by, &form).await })
                })
                .collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.expect("no panic").expect("the answer"));
            }
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
            let held = world.registry.holdings(&world.organiser.on(ISSUED)).await.expect("holdings");
            assert_eq!(held.iter().map(|one| one.held).sum::<i64>(), 7 * (round + 1));
        }
        world.assert_audit_clean().await;
    }

    /// Eight people at the registry issue one report, and eight register a project each: once, and eight different codes.
    async fn what_can_happen_once_happens_once(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let report = world.report_registered(&project).await;
        let mut copies = Vec::new();
        for _ in 0..8 {
            copies.push(world.database.connect().await);
        }
        let issues: Vec<_> = copies
            .iter()
            .map(|copy| {
                let (copy, by, report) = (copy.clone(), world.operator.on(ISSUED), report.clone());
                tokio::spawn(async move { copy.report_issue(&by, &report, &Fields::new()).await })
            })
            .collect();
        let mut accepted = 0;
        for issue in issues {
            match issue.await.expect("no panic") {
                Ok(_) => accepted += 1,
                refused => assert_eq!(codes(refused), ["state_does_not_allow"]),
            }
        }
        assert_eq!(accepted, 1);
        let mut waiting = Vec::new();
        for _ in 0..8 {
            let project = world.project_in_publicity().await;
            let validation = world.validation(&project).await;
            let statement = fields(&[("statement", "yes")]);
            let registry = &world.registry;
            registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation).await.expect("validate");
            registry.project_apply_registration(&world.owner.on(AFTER_PUBLICITY), &project, &statement).await.expect("apply");
            waiting.push(project);
        }
        let registrations: Vec<_> = copies
            .iter()
            .zip(waiting)
            .map(|(copy, project)| {
                let (copy, by) = (copy.clone(), world.operator.on(REGISTERED));
                tokio::spawn(async move { copy.project_register(&by, &project, &Fields::new()).await })
            })
            .collect();
        let mut allocated = BTreeSet::new();
        for registration in registrations {
            allocated.insert(registration.await.expect("no panic").expect("register").code.expect("a code"));
        }
        let expected: BTreeSet<String> = (2..=9).map(|number| format!("A21000{number}")).collect();
        assert_eq!(allocated, expected, "no code twice, none left out");
        world.assert_audit_clean().await;
    }
}

/// All requests at the same moment, each in a task of its own, spread over the copies of the server.
async fn race(
    copies: &[Registry],
    holder: &Actor,
    receiver: &Actor,
    class: &ClassId,
    retire: bool,
    amounts: &[i64],
) -> Vec<Result<(), Error>> {
    let together = Arc::new(Barrier::new(amounts.len()));
    let tasks: Vec<_> = amounts
        .iter()
        .enumerate()
        .map(|(at, amount)| {
            let (registry, together) = (copies[at % copies.len()].clone(), together.clone());
            let (holder, to, class, amount) = (
                holder.clone(),
                receiver.account.clone(),
                class.clone(),
                *amount,
            );
            tokio::spawn(async move {
                together.wait().await;
                request(registry, holder, to, class, retire, amount).await
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("a request that does not panic"));
    }
    outcomes
}
