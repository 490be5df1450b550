//! A server that is killed in the middle of its work: everything answered is there once, nothing is half there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use sqlx::Row as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::harness::*;

/// How often the child is killed on each database; `HUITAN_TEST_KILLS=100 cargo test -p registry --test stories -- crash` for more.
const KILLS: u64 = 16;

fn kills() -> u64 {
    std::env::var("HUITAN_TEST_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS)
}

/// The child's program, built by `cargo test` beside this one.
fn program() -> PathBuf {
    let mut folder = std::env::current_exe().expect("this program's path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let program = folder.join("examples").join("act_until_killed");
    assert!(
        program.exists(),
        "{} is missing: build it with `cargo build -p registry --examples`",
        program.display()
    );
    program
}

both_databases! {
    async fn what_was_answered_before_the_kill_is_there_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let mut answered: Vec<String> = Vec::new();
        let mut connection = world.database.raw().await;
        let kills = kills();
        for kill in 0..kills {
            let mut child = Command::new(program())
                .args([&world.database.url, world.owner.organisation.as_str(), world.owner.user.as_str()])
                .args([&world.organiser.account, &format!("run{kill}")])
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
                .expect("the child");
            let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
            // Wait for the first answer, then kill at a moment that differs from time to time, in the middle of an act or between.
            let first = lines.next_line().await.expect("a line").expect("an answer");
            answered.push(first);
            tokio::time::sleep(Duration::from_micros((kill % 17) * (kill % 17) * 1_500 + 300)).await;
            child.start_kill().expect("SIGKILL");
            while let Some(line) = lines.next_line().await.expect("the rest of its output") {
                answered.push(line);
            }
            let status = child.wait().await.expect("the end of the child");
            assert!(!status.success(), "the child was killed, it did not end by itself");
            // Opened again, as after a crash.
            let registry = world.database.connect().await;
            assert_audit_clean(&registry).await;
            registry.close().await;
        }
        let refused: Vec<_> = answered.iter().filter(|line| line.starts_with('!')).collect();
        assert!(refused.is_empty(), "{refused:?}");
        let rows = sqlx::query("SELECT act.key, COUNT(*) AS times FROM act WHERE kind LIKE 'credits_%' GROUP BY act.key")
            .fetch_all(&mut connection)
            .await
            .expect("the acts");
        let kept: BTreeMap<String, i64> = rows.iter().map(|row| (row.get("key"), row.get("times"))).collect();
        for key in &answered {
            assert_eq!(kept.get(key), Some(&1), "{key} was answered");
        }
        assert!(answered.len() as u64 > kills, "the child was killed while it worked, not before: {}", answered.len());
        // Each transfer that is there told its receiver once and put one mail into the outbox; what is not there told nobody.
        let told = "SELECT COUNT(*) FROM act WHERE kind = 'credits_transfer' AND (1 <> (SELECT COUNT(*) FROM notification \
             JOIN mail ON mail.notification_id = notification.id WHERE notification.act_id = act.id AND notification.organisation_id = $1))";
        let untold: i64 = sqlx::query_scalar(told)
            .bind(world.organiser.organisation.as_str())
            .fetch_one(&mut connection)
            .await
            .expect("the messages");
        assert_eq!(untold, 0, "transfers that did not tell their receiver exactly once");
        let unfounded: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM notification WHERE act_id NOT IN (SELECT id FROM act)")
            .fetch_one(&mut connection)
            .await
            .expect("the messages");
        assert_eq!(unfounded, 0);
        // What was in flight at each kill may be there or not, but at most one act of each of the four lanes.
        let in_flight = kept.len() - answered.len();
        let lanes = usize::try_from(kills).expect("small") * 4;
        assert!(in_flight <= lanes, "{in_flight} acts that nobody was told of");
        // Each retirement that is there has its certificate in the public log, once, in one order.
        world.registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let unlogged: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM retirement WHERE 1 <> (SELECT COUNT(*) FROM log_entry WHERE certificate = retirement.number AND log_entry.number IS NOT NULL)",
        )
        .fetch_one(&mut connection)
        .await
        .expect("the entries");
        assert_eq!(unlogged, 0);
        world.assert_audit_clean().await;
    }
}

/// A server of PostgreSQL that begins anew cuts every connection: who acts next does not notice, and nothing happens twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acts_go_on_after_postgresql_has_cut_every_connection() {
    let world = World::new(Database::postgres().await).await;
    let (class, _) = world.credits_issued().await;
    let registry = &world.registry;
    let transfer = fields(&[
        ("to", &world.organiser.account),
        ("class", class.as_str()),
        ("quantity", "1"),
    ]);
    let retirement = fields(&[
        ("class", class.as_str()),
        ("quantity", "1"),
        ("purpose", "voluntary"),
        ("beneficiary", "演示"),
        ("beneficiary_kind", "organisation"),
    ]);
    let mut raw = world.database.raw().await;
    let (mut moved, mut retired) = (0, 0);
    for _ in 0..6 {
        // several at once, so that several connections have just been used
        let tasks: Vec<_> = (0..6)
            .map(|number| {
                let (registry, by) = (registry.clone(), world.owner.on(ISSUED));
                let (transfer, retirement) = (transfer.clone(), retirement.clone());
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        registry.credits_transfer(&by, &transfer).await.map(|_| ())
                    } else {
                        registry.credits_retire(&by, &retirement).await.map(|_| ())
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("a task").expect("done");
        }
        (moved, retired) = (moved + 3, retired + 3);
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(&mut raw)
        .await
        .expect("cut");
    }
    let counts: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM act WHERE kind = 'credits_transfer'), (SELECT COUNT(*) FROM retirement)",
    )
    .fetch_one(&mut raw)
    .await
    .expect("counts");
    assert_eq!(counts, (moved, retired));
    assert_eq!(registry.retirement_counts().failed, 0);
}
