//! A batch has as many lots as there are: they are read, entered and moved page by page, and everything about them is what it would be in one.
//!
//! `HUITAN_TEST_LOTS=1000000` tells the story with so many; it prints how long each step took and what it needed of memory.

use std::time::Instant;

use registry::Registry;
use sha2::Digest as _;
use sqlx::{AnyConnection, AssertSqlSafe};
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

/// Lots of the story: more than two pages, and no round number.
fn lots() -> i64 {
    let wanted = std::env::var("HUITAN_TEST_LOTS").ok();
    wanted.map_or(10_007, |lots| lots.parse().expect("a number of lots"))
}

/// SHA-256 of parts, each with its length before it.
fn plain(parts: &[&str]) -> String {
    let mut sha = sha2::Sha256::new();
    for part in parts {
        sha.update(format!("{}:{part}", part.len()).as_bytes());
    }
    hex::encode(sha.finalize())
}

/// The root of a tree as RFC 6962 says it: the left side has the largest power of two below the number of leaves.
fn root(leaves: &[String]) -> String {
    match leaves {
        [leaf] => leaf.clone(),
        leaves => {
            let left = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(left);
            plain(&["node", &root(left), &root(right)])
        }
    }
}

async fn run(raw: &mut AnyConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql.clone()))
        .execute(raw)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn number(raw: &mut AnyConnection, sql: String) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.clone()))
        .fetch_one(raw)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The same settled act so many times more, assigned to the pool: as if its person had done it again and again.
async fn again_and_again(raw: &mut AnyConnection, lot: &str, consent: &str, from: i64, to: i64) {
    let step = 50_000;
    for from in (from..to).step_by(50_000) {
        let to = (from + step).min(to) - 1;
        let count = format!(
            "WITH RECURSIVE n (i) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to}) INSERT INTO"
        );
        let id = "substr(a.id, 1, 24) || substr(CAST(1000000000000 + n.i AS TEXT), 2)";
        run(raw, format!(
            "{count} inclusion_activity (account_id, id, scene, source, provider_id, fingerprint, body_hash, evidence, day, precedence, region, \
               quantity, counted, certifiable, mg, activity_points, campaign_id, consent_id, parameter_set, input, state, settle_on, \
               received_at, act_id) SELECT account_id, {id}, scene, source, provider_id, a.fingerprint || n.i, body_hash, evidence, day, \
               precedence, region, quantity, counted, certifiable, mg, activity_points, campaign_id, consent_id, parameter_set, input, 'pending', \
               settle_on, received_at, act_id FROM inclusion_activity a, n WHERE a.id = '{lot}'"
        )).await;
        for (number, steps) in [
            (1, "'source', '', 'pending', '', a.mg, ''"),
            (2, "'pending', '', 'held', '', a.mg, ''"),
            (3, "'held', '', 'pool', '', a.mg, CONSENT"),
        ] {
            let steps = steps.replace("CONSENT", &format!("'{consent}'"));
            run(raw, format!(
                "{count} inclusion_transfer (account_id, id, lot_id, lot_day, certifiable, campaign_id, debit_place, debit_ref, credit_place, \
                   credit_ref, mg, consent_id, shard, at, act_id, position) SELECT a.account_id, {id} || '-{number}', {id}, a.day, a.certifiable, \
                   a.campaign_id, {steps}, t.shard, {at}, a.act_id, 4000000 + 3 * n.i + {number} FROM inclusion_activity a \
                 JOIN inclusion_transfer t ON t.account_id = a.account_id AND t.lot_id = a.id AND t.debit_place = 'source', n WHERE a.id = '{lot}'",
                at = noon(SETTLED).0,
            )).await;
        }
    }
}

/// Ends what was done past the registry: acts are settled, and points follow the grams.
async fn settled(raw: &mut AnyConnection, person: &Person) {
    let account = &person.organisation;
    run(raw, format!("UPDATE inclusion_tally SET acts = 100000000, quantity = 100000000000000 WHERE account_id = '{account}'")).await;
    run(raw, format!("UPDATE inclusion_activity SET state = 'settled' WHERE account_id = '{account}' AND state = 'pending'")).await;
    let mg = number(raw, format!(
        "SELECT CAST(SUM(mg) AS BIGINT) FROM inclusion_balance WHERE account_id = '{account}' AND place IN ('held', 'pool', 'earmark')"
    )).await;
    let points = number(raw, format!(
        "SELECT CAST(SUM(points) AS BIGINT) FROM inclusion_point_balance WHERE account_id = '{account}' AND unit = 'green' AND place <> 'mint'"
    )).await;
    run(raw, format!(
        "INSERT INTO inclusion_point_transfer (account_id, id, unit, debit_place, credit_place, points, about, at, act_id, position) \
         SELECT account_id, 'more', unit, debit_place, credit_place, {}, about, at, act_id, 1000000 FROM inclusion_point_transfer \
         WHERE account_id = '{account}' AND debit_place = 'mint' ORDER BY id LIMIT 1",
        mg / 1000 - points
    )).await;
}

/// Milligrams in a place, in all.
async fn total(raw: &mut AnyConnection, place: &str) -> i64 {
    number(raw, format!("SELECT CAST(COALESCE(SUM(mg), 0) AS BIGINT) FROM inclusion_total WHERE place = '{place}'")).await
}

/// Tells how long a step took, and the most memory that this process had meanwhile above what it has always.
struct Told(Instant, i64);

impl Told {
    fn begin() -> Self {
        // the system forgets the highest mark
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self(Instant::now(), Self::memory("VmRSS:"))
    }

    fn memory(which: &str) -> i64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(which));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .unwrap_or(0)
    }

    fn end(self, what: &str) {
        let (seconds, more) = (
            self.0.elapsed().as_secs_f64(),
            Self::memory("VmHWM:") - self.1,
        );
        println!("{what}: {seconds:.1} s, {} MB more at most", more / 1024);
    }
}

fn order(world: &World) -> registry::Fields {
    fields(&[
        ("region", "CN-GD"),
        ("period_start", "2026-03-01"),
        ("period_end", "2026-03-31"),
        ("holder", &world.organiser.account),
        ("vvb", world.verifier.organisation.as_str()),
        ("recognition", "provincial"),
        ("recognition_title", "演示认可文件"),
        ("recognition_number", "演示〔2026〕1号"),
        ("recognised_by", "演示省级主管部门"),
        ("recognised_on", "2026-01-30"),
        ("exclusive", "yes"),
        ("statement", "未在其他机制主张"),
    ])
}

/// Three people with a gift to an event, and many lots of theirs in the pool, on two days. Answers with how many lots a batch has.
async fn many_lots(world: &World, lots: i64) -> i64 {
    let provider = transit(world).await;
    let registry = &world.registry;
    let event = campaign(world).await;
    let mut raw = world.database.raw().await;
    let (mut made, mut next) = (0, 1);
    for number in 0..3 {
        let person = person(registry, "演示乘客").await;
        let reference = connect(world, &person, &provider, "metro").await;
        let consent = assign(world, &person).await;
        let rides = [DAY, DAY.next_day().expect("a day")]
            .map(|day| ride(&format!("{number} {day}"), &reference, "metro", "12.4", day));
        let answer = call(world, &provider, SETTLED, &rides).await;
        assert_eq!(answer.accepted, 2, "{answer:?}");
        registry
            .inclusion_tick(noon(date!(2026 - 03 - 14)))
            .await
            .expect("settle");
        give(world, &person, &event, "100").await.expect("gift");
        made += 1;
        for (receipt, share) in answer.rows.iter().zip([lots / 9, lots / 4]) {
            let lot = &receipt.accepted.as_ref().expect("accepted").activity;
            again_and_again(&mut raw, lot, &consent, next, next + share).await;
            (next, made) = (next + share, made + share);
        }
        settled(&mut raw, &person).await;
    }
    made
}

/// Position, origin, the event it was given to, day, account, lot, milligrams, hash of the record, leaf.
type Item = (
    i64,
    String,
    String,
    String,
    String,
    String,
    i64,
    String,
    String,
);

/// The items as they should be: in the order of gifts before the pool, event, day, account, lot; with their leaves.
async fn leaves(raw: &mut AnyConnection, batch: &str) -> Vec<String> {
    let rows: Vec<Item> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT i.position, i.origin_place, i.origin_ref, a.day, i.account_id, i.lot_id, i.mg, a.body_hash, i.leaf FROM inclusion_batch_item i \
         JOIN inclusion_activity a ON a.account_id = i.account_id AND a.id = i.lot_id WHERE i.batch_id = '{batch}' ORDER BY i.position"
    )))
    .fetch_all(raw)
    .await
    .expect("items");
    let key = |row: &(
        i64,
        String,
        String,
        String,
        String,
        String,
        i64,
        String,
        String,
    )| {
        (
            row.1.clone(),
            row.2.clone(),
            row.3.clone(),
            row.4.clone(),
            row.5.clone(),
        )
    };
    assert!(
        rows.windows(2).all(|two| key(&two[0]) < key(&two[1])),
        "the order of the line"
    );
    (0..)
        .zip(rows)
        .map(
            |(at, (position, place, of, _, account, lot, mg, body, leaf))| {
                assert_eq!(position, at);
                let again = plain(&[
                    "leaf",
                    &plain(&[&account]),
                    &lot,
                    &place,
                    &of,
                    &mg.to_string(),
                    &body,
                ]);
                assert_eq!(leaf, again);
                leaf
            },
        )
        .collect()
}

async fn assess(world: &World, batch: &str) {
    let fine = fields(&[
        ("checked", "yes"),
        ("independent", "yes"),
        ("opinion", "一致。"),
    ]);
    let by = world.verifier.on(SETTLED);
    let assessed = world.registry.batch_assess(&by, batch, &fine).await;
    assert_eq!(assessed.expect("assess").state, "in_notice");
}

async fn rejected(registry: &Registry, world: &World, batch: &str) {
    let reason = fields(&[("reason", "演示")]);
    let by = world.operator.on(SETTLED);
    registry
        .batch_reject(&by, batch, &reason)
        .await
        .expect("reject");
}

both_databases! {
    async fn a_batch_has_any_number_of_lots(database) {
        let world = World::new(database).await;
        let lots = many_lots(&world, lots()).await;
        let (registry, mut raw) = (&world.registry, world.database.raw().await);
        let (given, pool) = (total(&mut raw, "earmark").await, total(&mut raw, "pool").await);
        let form = order(&world);
        println!("{lots} lots");

        // frozen: once, whole, in the order of the line, under the root of its leaves
        let told = Told::begin();
        let by = world.operator.with_key(SETTLED, "freeze-once");
        let batch = registry.batch_freeze(&by, &form).await.expect("freeze");
        told.end("frozen");
        assert_eq!(registry.batch_freeze(&by, &form).await.expect("the same key"), batch);
        assert_eq!(codes(registry.batch_freeze(&world.operator.on(SETTLED), &form).await), ["batch_empty"]);
        assert_eq!(batch.mg, given + pool);
        let view = registry.batches(&world.operator.on(SETTLED)).await.expect("batches").remove(0);
        assert_eq!((view.lots, view.accounts, view.mg), (lots, 3, given + pool));
        let leaves = leaves(&mut raw, &batch.id).await;
        assert_eq!(leaves.len(), usize::try_from(lots).expect("lots"));
        assert_eq!(view.merkle_root, root(&leaves));
        assert_eq!((total(&mut raw, "pool").await, total(&mut raw, "earmark").await, total(&mut raw, "batch").await), (0, 0, batch.mg));

        // the sample is that of the root, whatever page an act is on
        let told = Told::begin();
        let sample = registry.batch_sample(&world.verifier.on(SETTLED), &batch.id).await.expect("sample");
        told.end("sample drawn");
        // four hundred points at equal distances on the line, the first where the root says
        let masses: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT mg FROM inclusion_batch_item WHERE batch_id = '{}' ORDER BY position", batch.id
        ))).fetch_all(&mut raw).await.expect("masses");
        let points = if lots <= 400 { batch.mg } else { 400 };
        let seed = plain(&["sample", &view.merkle_root]);
        let first = i64::from_str_radix(&seed[..15], 16).expect("digits") % batch.mg;
        let mut expected: Vec<(&String, i64)> = Vec::new();
        let (mut line, mut at) = (0, 0);
        for point in (0..points).map(|number| (first + number * batch.mg) / points) {
            while line + masses[at] <= point {
                line += masses[at];
                at += 1;
            }
            match expected.last_mut() {
                Some(last) if last.0 == &leaves[at] => last.1 += 1,
                _ => expected.push((&leaves[at], 1)),
            }
        }
        assert_eq!(sample.acts.iter().map(|act| (&act.leaf, act.points)).collect::<Vec<_>>(), expected);
        assert!(sample.acts.iter().all(|act| act.leaf_holds && !act.provider.is_empty() && !act.factors.is_empty()));
        assert_eq!((sample.differ, sample.without_consent), (0, 0));

        // rejected, everything is back where it came from; frozen again, it is the same batch of lots
        let told = Told::begin();
        rejected(registry, &world, &batch.id).await;
        told.end("rejected");
        assert_eq!((total(&mut raw, "pool").await, total(&mut raw, "earmark").await, total(&mut raw, "batch").await), (pool, given, 0));
        let batch = registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze");
        let view = registry.batches(&world.operator.on(SETTLED)).await.expect("batches").remove(0);
        assert_eq!((view.lots, view.merkle_root), (lots, root(&leaves)));

        // deducted, issued, the rest given back: no milligram more or less
        assess(&world, &batch.id).await;
        let told = Told::begin();
        let late = date!(2026 - 03 - 24);
        let by = second_operator(&world).await.with_key(late, "issue-once");
        let issued = registry.batch_issue(&by, &batch.id).await.expect("issue");
        told.end("issued");
        assert_eq!(registry.batch_issue(&by, &batch.id).await.expect("the same key"), issued);
        let tonnes = issued.tonnes.expect("tonnes");
        let deducted = total(&mut raw, "haircut").await;
        let back = total(&mut raw, "pool").await + total(&mut raw, "earmark").await;
        assert_eq!(total(&mut raw, "issued").await, tonnes * 1_000_000_000);
        assert_eq!(deducted + tonnes * 1_000_000_000 + back, batch.mg);
        assert_eq!(deducted, pool * 5 / 100 + (given * 5 + 99) / 100, "down for the pool, up for an event");
        assert!(tonnes > 0 && back < 1_000_000_000);
        let gaps = number(&mut raw, format!(
            "SELECT COUNT(*) FROM inclusion_batch_item i JOIN inclusion_batch_item n ON n.batch_id = i.batch_id AND n.position = i.position + 1 \
             WHERE i.batch_id = '{}' AND n.line_start <> i.line_start + i.issued_mg + i.returned_mg", batch.id
        )).await;
        assert_eq!(gaps, 0, "the line has no gap");
        let told = Told::begin();
        world.assert_audit_clean().await;
        told.end("audited");
    }

    /// Two operators who freeze at once: each lot is in one batch.
    async fn two_who_freeze_at_once_share_no_lot(database) {
        let world = World::new(database).await;
        let lots = many_lots(&world, 600).await;
        let (one, other) = (&world.registry, &world.database.connect().await);
        let form = order(&world);
        let (by, and) = (world.operator.on(SETTLED), world.operator.on(SETTLED));
        let (first, second) = tokio::join!(one.batch_freeze(&by, &form), other.batch_freeze(&and, &form));
        let frozen: Vec<_> = [first, second].into_iter().flatten().collect();
        assert_eq!(frozen.len(), 1, "the other one found nothing");
        let mut raw = world.database.raw().await;
        assert_eq!(number(&mut raw, "SELECT COUNT(*) FROM inclusion_batch_item".to_owned()).await, lots);
        world.assert_audit_clean().await;
    }
}
