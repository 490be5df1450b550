//! The public log: what enters it, in one order however many write, what can be proven by it, and that every alteration is found.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::Role;
use proofs::{Finding, Found, Leaf, check_consistency, check_inclusion};
use registry::{AUDIT_LEASE_SECONDS, DailyAudit, Registry};
use sqlx::AssertSqlSafe;

use crate::harness::*;

/// A world in which credits were issued and some retired; the number of the certificate.
async fn retired(database: Database) -> (World, String) {
    let world = World::new(database).await;
    let (class, _) = world.credits_issued().await;
    let number = retire(&world.registry, &world.owner, class.as_str(), 7).await;
    (world, number)
}

async fn retire(registry: &Registry, holder: &Actor, class: &str, quantity: i64) -> String {
    let form = fields(&[
        ("class", class),
        ("quantity", &quantity.to_string()),
        ("purpose", "event"),
        ("purpose_text", "演示马拉松"),
        ("beneficiary", "演示受益人"),
        ("beneficiary_kind", "organisation"),
    ]);
    let done = registry.credits_retire(&holder.on(ISSUED), &form).await;
    done.expect("retired").number
}

async fn leaves(registry: &Registry) -> Vec<Leaf> {
    let (public, mut from, mut leaves) = (registry.public(), 0, Vec::new());
    loop {
        let page = public.log_entries(from, 3).await.expect("entries");
        for item in page.rows {
            assert_eq!(item.number, u64::try_from(leaves.len()).expect("small"));
            leaves.push(Leaf::read(&item.leaf).expect("a canonical entry"));
        }
        match page.next {
            Some(next) => from = next.parse().expect("a number"),
            None => return leaves,
        }
    }
}

async fn differences(registry: &Registry) -> BTreeSet<&'static str> {
    let report = registry.audit().await.expect("audit");
    report.differences.iter().map(|one| one.check).collect()
}

async fn failed(registry: &Registry, number: &str) -> Vec<Finding> {
    let public = registry.public();
    let file = public
        .certificate_file(number, "http://127.0.0.1")
        .await
        .expect("a file")
        .text();
    let asked = proofs::asks(&file).expect("a certificate file");
    let evidence = public
        .certificate_evidence(&asked.number, asked.size, Some(asked.version))
        .await
        .expect("evidence");
    let report = proofs::check(&file, &evidence);
    let failed = report
        .findings
        .iter()
        .filter(|(_, found)| *found == Found::Fails);
    failed.map(|(finding, _)| *finding).collect()
}

both_databases! {
    async fn every_public_act_is_in_the_log_once_and_nothing_private_is(database) {
        let (world, number) = retired(database).await;
        let (registry, public) = (&world.registry, world.registry.public());
        // what waits for its number is no part of a tree yet
        assert_eq!(public.log_head().await.expect("head"), None);
        let numbered = registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        assert_eq!(registry.log_sequence(noon(ISSUED)).await.expect("sequence"), 0);
        let leaves = leaves(registry).await;
        assert_eq!(numbered, u64::try_from(leaves.len()).expect("small"));
        let ids: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.id.as_str()).collect();
        assert_eq!(ids.len(), leaves.len());
        // exactly what the public timelines show, the certificate, and what else is public
        let kinds: Vec<&str> = leaves.iter().map(|leaf| leaf.act.as_str()).collect();
        for kind in ["project_publicity_starts", "project_register", "report_register", "report_issue", "credits_retire"] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
        for kind in ["project_create", "project_save", "user_sign_up", "credits_transfer"] {
            assert!(!kinds.contains(&kind), "{kind}");
        }
        let issued: Vec<_> = leaves.iter().flat_map(|leaf| &leaf.issued).collect();
        assert_eq!(issued.len(), 2, "{issued:?}");
        let certificate = leaves.iter().find_map(|leaf| leaf.certificate.as_ref()).expect("the certificate");
        assert_eq!((certificate.number.as_str(), certificate.quantity), (number.as_str(), 7));
        let all: String = leaves.iter().map(Leaf::canonical).collect();
        for private in [world.owner.user.as_str(), world.owner.organisation.as_str(), "演示", "key-"] {
            assert!(!all.contains(private), "{private} is in the log");
        }
        world.assert_audit_clean().await;
    }

    async fn a_refused_act_and_a_repeated_one_add_nothing(database) {
        let (world, _) = retired(database).await;
        let registry = &world.registry;
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let before = registry.public().log_head().await.expect("head");
        let too_much = fields(&[("quantity", "99999999"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        assert_eq!(codes(registry.credits_retire(&world.owner.on(ISSUED), &too_much).await), ["credits_insufficient"]);
        let form = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        let by = world.owner.with_key(ISSUED, "once");
        let first = registry.credits_retire(&by, &form).await.expect("retired");
        assert_eq!(registry.credits_retire(&by, &form).await.expect("replayed"), first);
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let after = registry.public().log_head().await.expect("head");
        assert_eq!(after.map(|head| head.size), before.map(|head| head.size + 1));
        world.assert_audit_clean().await;
    }

    async fn entries_and_heads_are_proven_to_a_stranger(database) {
        let (world, _) = retired(database).await;
        let (registry, public) = (&world.registry, world.registry.public());
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let old = public.log_head().await.expect("head").expect("a head");
        for _ in 0..3 {
            let form = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
            registry.credits_retire(&world.owner.on(ISSUED), &form).await.expect("retired");
            registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        }
        let keys: Vec<String> = public.log_keys().await.expect("keys").into_iter().map(|key| key.key).collect();
        let heads = public.log_heads(None, 2).await.expect("heads");
        assert_eq!((heads.rows.len(), heads.rows[0].size), (2, old.size + 3));
        let older = public.log_heads(heads.next.and_then(|next| next.parse().ok()), 200).await.expect("heads");
        assert_eq!(older.rows.last().map(|head| head.size), Some(old.size));
        let new = proofs::Head::verify(&heads.rows[0].note, keys.iter().map(String::as_str)).expect("signed");
        for number in 0..new.size {
            let proven = public.log_inclusion(number, None).await.expect("a proof");
            let leaf = proofs::leaf_digest(&proven.item.leaf);
            assert_eq!(leaf.to_string(), proven.item.hash);
            assert_eq!(check_inclusion(&proven.proof, new.size, new.root, number, leaf), Ok(()));
        }
        let (to, proof) = public.log_consistency(old.size, None).await.expect("a proof");
        let root = old.root.parse().expect("a hash");
        assert_eq!(to, new.size);
        assert_eq!(check_consistency(&proof, (old.size, root), (new.size, new.root)), Ok(()));
        assert_eq!(public.log_head_of(old.size).await.expect("the old head"), old);
        // what there is not
        assert_eq!(codes(public.log_head_of(9999).await), ["not found"]);
        assert_eq!(codes(public.log_inclusion(new.size, None).await), ["not found"]);
        assert_eq!(codes(public.log_inclusion(0, Some(new.size + 1)).await), ["not found"]);
        assert_eq!(codes(public.log_inclusion(u64::MAX, Some(u64::MAX)).await), ["not found"]);
        assert_eq!(codes(public.log_consistency(0, None).await), ["not found"]);
        assert_eq!(codes(public.log_consistency(1, Some(u64::MAX)).await), ["not found"]);
        assert!(public.log_entries(u64::MAX / 2, 10).await.expect("none").rows.is_empty());
    }

    /// Four copies of the server write and number at once; one of them is stopped in the middle of its turns.
    async fn several_copies_give_one_order(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let mut tasks = Vec::new();
        for copy in 0..4_u64 {
            let registry = world.database.connect().await;
            let holder = sign_up(&registry, "演示持有人", Role::EventOrganiser).await;
            let form = fields(&[("to", &holder.account), ("class", class.as_str()), ("quantity", "100")]);
            world.registry.credits_transfer(&world.owner.on(ISSUED), &form).await.expect("a block of 100");
            let sequencer = registry.clone();
            tasks.push(tokio::spawn(async move {
                for round in 0..40_u64 {
                    let turn = sequencer.log_sequence(noon(ISSUED));
                    // a turn that is given up leaves nothing half done
                    let _ = tokio::time::timeout(Duration::from_micros((copy + 1) * round * 150 + 500), turn).await;
                }
            }));
            let class = class.as_str().to_owned();
            tasks.push(tokio::spawn(async move {
                for quantity in 1..=10 {
                    retire(&registry, &holder, &class, quantity).await;
                }
            }));
        }
        for task in tasks {
            task.await.expect("a task");
        }
        world.registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let leaves = leaves(&world.registry).await;
        let certificates = leaves.iter().filter(|leaf| leaf.certificate.is_some()).count();
        assert_eq!(certificates, 40);
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for leaf in &leaves {
            *times.entry(leaf.id.as_str()).or_default() += 1;
        }
        assert!(times.values().all(|times| *times == 1));
        world.assert_audit_clean().await;
    }

    async fn a_certificate_passes_until_its_row_its_file_or_its_entry_is_altered(database) {
        let (world, number) = retired(database).await;
        let registry = &world.registry;
        assert_eq!(codes(registry.public().certificate_file(&number, "").await), ["not found"]);
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        assert_eq!(failed(registry, &number).await, []);
        assert!(differences(registry).await.is_empty());
        let row = "UPDATE retirement SET beneficiary = '别人'";
        past_the_guards(&world.database, row).await;
        assert_eq!(failed(registry, &number).await, [Finding::Ledger]);
        assert!(differences(registry).await.contains("certificate"));
        past_the_guards(&world.database, "UPDATE retirement SET beneficiary = '演示受益人'").await;
        assert_eq!(failed(registry, &number).await, []);
        // the statement, then the entry, then the tree, then the head
        past_the_guards(&world.database, "UPDATE log_entry SET statement = replace(statement, '演示受益人', '别人') WHERE certificate IS NOT NULL").await;
        assert_eq!(failed(registry, &number).await, [Finding::Entry, Finding::Ledger]);
        assert_eq!(differences(registry).await, BTreeSet::from(["certificate"]));
        past_the_guards(&world.database, "UPDATE log_entry SET statement = replace(statement, '别人', '演示受益人') WHERE certificate IS NOT NULL").await;
        past_the_guards(&world.database, "UPDATE log_entry SET leaf = replace(leaf, '\"quantity\":7', '\"quantity\":8') WHERE certificate IS NOT NULL").await;
        assert_eq!(failed(registry, &number).await, [Finding::Entry, Finding::Inclusion]);
        let found = differences(registry).await;
        assert!(["log_entry", "log_tree", "log_head"].iter().all(|check| found.contains(check)), "{found:?}");
        past_the_guards(&world.database, "UPDATE log_entry SET leaf = replace(leaf, '\"quantity\":8', '\"quantity\":7') WHERE certificate IS NOT NULL").await;
        assert!(differences(registry).await.is_empty());
        past_the_guards(&world.database, "UPDATE log_head SET note = replace(note, 'time ', 'time 1')").await;
        assert_eq!(failed(registry, &number).await, [Finding::Signature, Finding::Consistency]);
        assert_eq!(differences(registry).await, BTreeSet::from(["log_head"]));
    }

    async fn what_is_taken_out_of_the_log_or_put_over_it_is_found(database) {
        let (world, number) = retired(database).await;
        let registry = &world.registry;
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        // a later entry about the same certificate takes its place
        past_the_guards(
            &world.database,
            "INSERT INTO log_entry (act_id, position, leaf, certificate, statement) SELECT act_id, 1, leaf, certificate, statement \
             FROM log_entry WHERE certificate IS NOT NULL",
        )
        .await;
        let file = registry.public().certificate_file(&number, "").await.expect("a file");
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let size = proofs::Head::read(&file.head).expect("a head").size;
        let evidence = registry.public().certificate_evidence(&number, size, None).await.expect("evidence");
        let report = proofs::check(&file.text(), &evidence);
        assert_eq!(report.found(Finding::Current), Found::Fails);
        assert_eq!(report.found(Finding::Consistency), Found::Holds);
        past_the_guards(&world.database, "DELETE FROM log_entry WHERE certificate IS NOT NULL").await;
        let found = differences(registry).await;
        assert!(["log_missing", "log_tree", "log_head"].iter().all(|check| found.contains(check)), "{found:?}");
    }

    async fn the_database_refuses_to_change_the_log(database) {
        let (world, _) = retired(database).await;
        world.registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let mut connection = world.database.raw().await;
        for (sql, name) in [
            ("UPDATE log_entry SET leaf = 'x'", "log_entry_only_numbered"),
            ("UPDATE log_entry SET number = number + 1000", "log_entry_only_numbered"),
            ("UPDATE log_entry SET number = NULL", "log_entry_only_numbered"),
            ("DELETE FROM log_entry", "log_entry_never_deleted"),
            ("UPDATE log_node SET hash = 'x'", "log_node_never_updated"),
            ("DELETE FROM log_node", "log_node_never_deleted"),
            ("UPDATE log_head SET note = 'x'", "log_head_never_updated"),
            ("DELETE FROM log_head", "log_head_never_deleted"),
            ("UPDATE log_key SET since_size = 1", "log_key_never_updated"),
            ("DELETE FROM log_key", "log_key_never_deleted"),
            ("DELETE FROM log_sequencer", "log_sequencer_never_deleted"),
        ] {
            let refused = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
            let error = refused.expect_err(sql).to_string();
            assert!(error.contains(name), "{sql}: {error}");
        }
        world.assert_audit_clean().await;
    }

    /// A database from before the log: its public acts are entered once, and the proofs are the same as for others.
    async fn a_database_that_is_older_than_the_log_is_entered_afterwards(database) {
        let (world, number) = retired(database).await;
        past_the_guards(&world.database, "DELETE FROM log_entry").await;
        assert!(differences(&world.registry).await.contains("log_missing"));
        for _ in 0..2 {
            world.registry.migrate().await.expect("migrate");
        }
        world.registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        assert_eq!(failed(&world.registry, &number).await, []);
        world.assert_audit_clean().await;
    }

    async fn issued_is_what_the_accounts_hold_by_their_kinds(database) {
        let (world, _) = retired(database).await;
        let by = world.operator.on(ISSUED);
        let page = world.registry.conservation(&by, &registry::PageRequest::default()).await.expect("classes");
        assert_eq!(page.rows.len(), 2);
        assert!(page.rows.iter().all(registry::ClassConservation::holds));
        let retired: i64 = page.rows.iter().flat_map(|row| &row.kinds).filter(|kind| kind.kind == "retired").map(|kind| kind.tonnes).sum();
        assert_eq!(retired, 7);
        assert_eq!(codes(world.registry.conservation(&world.owner.on(ISSUED), &registry::PageRequest::default()).await), ["forbidden"]);
        let report = world.registry.audit().await.expect("audit");
        world.registry.audit_keep(&report, noon(ISSUED)).await.expect("kept");
        let runs = world.registry.audit_runs(&by, 5).await.expect("runs");
        assert_eq!((runs.len(), runs[0].differences, runs[0].at), (1, 0, noon(ISSUED)));
        assert_eq!(codes(world.registry.audit_runs(&world.owner.on(ISSUED), 5).await), ["forbidden"]);
    }

    async fn the_audit_of_a_day_is_run_once_and_tells_the_operators_of_what_differs(database) {
        let (world, _) = retired(database).await;
        let other = world.database.connect().await;
        let told = async || {
            let page = registry::PageRequest { size: 200, ..registry::PageRequest::default() };
            let messages = world.registry.notifications(&world.operator.on(ISSUED), &page).await.expect("messages").rows;
            messages.into_iter().filter(|one| one.kind == "audit_failed").count()
        };
        // two copies at once: one of them runs it
        let at = noon(ISSUED);
        let (one, two) = tokio::join!(world.registry.audit_daily(at), other.audit_daily(at));
        let outcomes = [one.expect("one"), two.expect("two")];
        assert!(outcomes.contains(&DailyAudit::Ran(0)) && outcomes.contains(&DailyAudit::Taken), "{outcomes:?}");
        assert_eq!(other.audit_daily(at.plus_seconds(3_600)).await.expect("later"), DailyAudit::Taken);
        let by = world.operator.on(ISSUED);
        assert_eq!((world.registry.audit_runs(&by, 5).await.expect("runs").len(), told().await), (1, 0));
        // before three in the morning it is still the day before
        let midnight = at.plus_seconds(13 * 3_600);
        assert_eq!(world.registry.audit_daily(midnight).await.expect("one in the morning"), DailyAudit::Taken);
        // the next day something differs
        past_the_guards(&world.database, "UPDATE retirement SET quantity = quantity + 1").await;
        let next = at.plus_seconds(86_400);
        let DailyAudit::Ran(found) = other.audit_daily(next).await.expect("the next day") else { panic!("it was not run") };
        assert!(found > 0);
        assert_eq!(world.registry.audit_daily(next).await.expect("again"), DailyAudit::Taken);
        let runs = world.registry.audit_runs(&by, 5).await.expect("runs");
        assert_eq!((runs.len(), runs[0].at, usize::try_from(runs[0].differences).expect("small")), (2, next, found));
        assert!(runs[0].found.contains("retirement"), "{}", runs[0].found);
        assert_eq!(told().await, 1, "once");
        // a copy that died at it is taken over, not before its time is over
        past_the_guards(&world.database, "UPDATE audit_day SET ended_at = NULL").await;
        assert_eq!(other.audit_daily(next.plus_seconds(AUDIT_LEASE_SECONDS - 1)).await.expect("at it"), DailyAudit::Taken);
        assert_eq!(other.audit_daily(next.plus_seconds(AUDIT_LEASE_SECONDS)).await.expect("over"), DailyAudit::Ran(found));
        assert_eq!(told().await, 1, "of one day once");
        other.close().await;
    }
}
