//! Correcting the words of a certificate: a further version, an entry of its own in the log, and nothing else changes.

use domain::Role;
use proofs::{Finding, Found};
use registry::{Certificate, Fields, Registry};
use sqlx::AssertSqlSafe;

use crate::harness::*;

/// A world with one certificate.
async fn certified(database: Database) -> (World, String) {
    let world = World::new(database).await;
    let (class, _) = world.credits_issued().await;
    let form = fields(&[
        ("class", class.as_str()),
        ("quantity", "7"),
        ("purpose", "event"),
        ("purpose_text", "演示马拉松"),
        ("beneficiary_kind", "organisation"),
        ("beneficiary", "演示受益人"),
    ]);
    let done = world
        .registry
        .credits_retire(&world.owner.on(ISSUED), &form)
        .await;
    let number = done.expect("retired").number;
    (world, number)
}

fn correction(changes: &[(&str, &str)]) -> Fields {
    let mut form = fields(&[
        ("beneficiary_kind", "organisation"),
        ("beneficiary", "演示受益人有限公司"),
        ("purpose_text", "演示马拉松"),
        ("reason", "名称不全"),
        ("request_number", "函〔2025〕7号"),
        ("request_date", &ISSUED.to_string()),
        ("version", "1"),
    ]);
    form.extend(fields(changes));
    form
}

async fn shown(registry: &Registry, number: &str) -> Certificate {
    registry
        .public()
        .certificate(number)
        .await
        .expect("a certificate")
}

/// What a check with a connection fails in the file of a version, and which version supersedes it.
async fn checked(registry: &Registry, number: &str, version: u32) -> (Vec<Finding>, Option<u32>) {
    let public = registry.public();
    let file = public
        .certificate_file_of(number, version, "http://127.0.0.1")
        .await;
    let file = file.expect("a file").text();
    let asked = proofs::asks(&file).expect("a certificate file");
    assert_eq!(asked.version, version);
    let evidence = public
        .certificate_evidence(number, asked.size, Some(asked.version))
        .await;
    let report = proofs::check(&file, &evidence.expect("evidence"));
    let failed = report
        .findings
        .iter()
        .filter(|(_, found)| *found == Found::Fails);
    (
        failed.map(|(finding, _)| *finding).collect(),
        report.superseded_by,
    )
}

async fn differences(registry: &Registry) -> Vec<&'static str> {
    let report = registry.audit().await.expect("audit");
    report.differences.iter().map(|one| one.check).collect()
}

both_databases! {
    async fn a_correction_changes_words_only_and_the_earlier_file_is_superseded(database) {
        let (world, number) = certified(database).await;
        let (registry, operator) = (&world.registry, &world.operator);
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let before = shown(registry, &number).await;
        let old_file = registry.public().certificate_file(&number, "").await.expect("a file");
        assert_eq!((before.version, before.versions.len()), (1, 1));
        let done = registry.certificate_correct(&operator.on(ISSUED), &number, &correction(&[])).await.expect("corrected");
        assert_eq!((done.number.as_str(), done.version), (number.as_str(), 2));
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let after = shown(registry, &number).await;
        assert_eq!(after.beneficiary, "演示受益人有限公司");
        let unchanged = |one: &Certificate| (one.lines.clone(), one.quantity, one.purpose.clone(), one.holder.clone(), one.at, one.act.clone(), one.act_hash.clone());
        assert_eq!(unchanged(&after), unchanged(&before));
        let reasons: Vec<_> = after.versions.iter().map(|one| (one.version, one.beneficiary.as_str(), one.reason.as_deref())).collect();
        assert_eq!(reasons, [(1, "演示受益人", None), (2, "演示受益人有限公司", Some("名称不全"))]);
        // the newest one holds, the first one is true and superseded: nothing of it was altered
        assert_eq!(checked(registry, &number, 2).await, (vec![], None));
        assert_eq!(checked(registry, &number, 1).await, (vec![Finding::Current], Some(2)));
        let evidence = registry.public().certificate_evidence(&number, 1, Some(1)).await.expect("evidence");
        assert_eq!(proofs::check(&old_file.text(), &evidence).found(Finding::Current), Found::Fails);
        // from the file alone nobody can know
        let offline = proofs::check(&old_file.text(), &proofs::Evidence::default());
        assert_eq!(offline.verdict(), proofs::Verdict::Undecided, "whose key it is cannot be known from the file alone");
        assert_eq!((offline.found(Finding::Current), offline.superseded_by), (Found::NotChecked, None));
        // lists and the search follow the words in force, the earlier name still finds it
        for text in ["演示受益人有限公司", "演示受益人"] {
            let rows = registry.public().retirements(Some(text), &registry::PageRequest::default()).await.expect("list").rows;
            assert_eq!((rows.len(), rows[0].beneficiary.as_str()), (1, "演示受益人有限公司"), "{text}");
        }
        let own = registry.retirements(&world.owner.on(ISSUED), &registry::PageRequest::default()).await.expect("list").rows;
        assert_eq!(own[0].beneficiary, "演示受益人有限公司");
        // a second one follows the first
        let second = correction(&[("version", "2"), ("purpose_text", "演示半程马拉松"), ("reason", "赛事名称")]);
        assert_eq!(registry.certificate_correct(&operator.on(ISSUED), &number, &second).await.expect("corrected").version, 3);
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        assert_eq!(checked(registry, &number, 1).await, (vec![Finding::Current], Some(3)));
        assert_eq!(checked(registry, &number, 2).await, (vec![Finding::Current], Some(3)));
        assert_eq!(checked(registry, &number, 3).await, (vec![], None));
        assert_eq!(codes(registry.public().certificate_file_of(&number, 4, "").await), ["not found"]);
        assert_eq!(codes(registry.public().certificate_file_of(&number, 0, "").await), ["not found"]);
        world.assert_audit_clean().await;
    }

    async fn a_wrong_correction_leaves_everything_as_it_was(database) {
        let (world, number) = certified(database).await;
        let registry = &world.registry;
        let before = (shown(registry, &number).await, registry.audit().await.expect("audit").acts);
        for actor in [&world.owner, &world.verifier, &world.organiser] {
            assert_eq!(codes(registry.certificate_correct(&actor.on(ISSUED), &number, &correction(&[])).await), ["forbidden"]);
        }
        let operator = &world.operator;
        let tomorrow = ISSUED.next_day().expect("a day").to_string();
        for (changes, expected) in [
            (vec![("reason", " ")], "required"),
            (vec![("request_number", "")], "required"),
            (vec![("request_date", tomorrow.as_str())], "day_in_future"),
            (vec![("beneficiary", "演示受益人")], "nothing_changed"),
            (vec![("beneficiary_kind", "person")], "personal_not_confirmed"),
            (vec![("purpose_text", "")], "event_not_named"),
            (vec![("version", "2")], "stale_form"),
        ] {
            let refused = registry.certificate_correct(&operator.on(ISSUED), &number, &correction(&changes)).await;
            assert_eq!(codes(refused), [expected], "{changes:?}");
        }
        assert_eq!(codes(registry.certificate_correct(&operator.on(ISSUED), "HTR-2025-999999-0", &correction(&[])).await), ["not found"]);
        assert_eq!((shown(registry, &number).await, registry.audit().await.expect("audit").acts), before);
        world.assert_audit_clean().await;
    }

    async fn the_same_key_corrects_once_and_of_many_at_once_one_does(database) {
        let (world, number) = certified(database).await;
        let (registry, operator) = (&world.registry, &world.operator);
        let by = operator.with_key(ISSUED, "once");
        let first = registry.certificate_correct(&by, &number, &correction(&[])).await.expect("corrected");
        assert_eq!(registry.certificate_correct(&by, &number, &correction(&[])).await.expect("replayed"), first);
        assert_eq!(codes(registry.certificate_correct(&by, &number, &correction(&[("reason", "别的")])).await), ["key_reused"]);
        let other = seed(registry, "演示登记机构乙", Role::RegistryOperator).await;
        let mut tasks = Vec::new();
        for round in 0..8 {
            let registry = world.database.connect().await;
            let (actor, number) = (if round % 2 == 0 { operator.clone() } else { other.clone() }, number.clone());
            tasks.push(tokio::spawn(async move {
                let form = correction(&[("version", "2"), ("beneficiary", &format!("演示{round}"))]);
                registry.certificate_correct(&actor.on(ISSUED), &number, &form).await.is_ok()
            }));
        }
        let mut done = 0;
        for task in tasks {
            done += u32::from(task.await.expect("a task"));
        }
        assert_eq!((done, shown(registry, &number).await.versions.len()), (1, 3));
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        world.assert_audit_clean().await;
    }

    async fn a_version_that_is_altered_or_taken_out_is_found(database) {
        let (world, number) = certified(database).await;
        let registry = &world.registry;
        registry.certificate_correct(&world.operator.on(ISSUED), &number, &correction(&[])).await.expect("corrected");
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let mut connection = world.database.raw().await;
        for (sql, name) in [
            ("UPDATE certificate_version SET reason = 'x'", "certificate_version_never_updated"),
            ("DELETE FROM certificate_version", "certificate_version_never_deleted"),
            ("INSERT INTO certificate_version SELECT retirement_id, 4, 3, beneficiary, beneficiary_uscc, purpose_text, reason, request_number, request_date, search, at, 'x' FROM certificate_version", "FOREIGN KEY|certificate_version_follows"),
        ] {
            let refused = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
            let error = refused.expect_err(sql).to_string();
            assert!(name.split('|').any(|name| error.contains(name)), "{sql}: {error}");
        }
        drop(connection);
        assert_eq!(differences(registry).await, Vec::<&str>::new());
        past_the_guards(&world.database, "UPDATE certificate_version SET beneficiary = '别人'").await;
        assert_eq!(checked(registry, &number, 2).await.0, [Finding::Ledger]);
        assert!(differences(registry).await.contains(&"certificate"));
        past_the_guards(&world.database, "UPDATE certificate_version SET beneficiary = '演示受益人有限公司'").await;
        assert_eq!(checked(registry, &number, 2).await.0, []);
        past_the_guards(&world.database, "DELETE FROM certificate_version").await;
        let found = differences(registry).await;
        assert!(found.contains(&"certificate_version") && found.contains(&"log_entry"), "{found:?}");
    }

    async fn the_holder_is_told_and_the_request_is_not_public(database) {
        let (world, number) = certified(database).await;
        let registry = &world.registry;
        registry.certificate_correct(&world.operator.on(ISSUED), &number, &correction(&[])).await.expect("corrected");
        let told = registry.notifications(&world.owner.on(ISSUED), &registry::PageRequest::default()).await.expect("messages").rows;
        assert!(told.iter().any(|one| one.kind == "certificate_correct"), "{told:?}");
        registry.log_sequence(noon(ISSUED)).await.expect("sequence");
        let file = registry.public().certificate_file(&number, "").await.expect("a file");
        assert!(file.statement.contains("名称不全") && !file.text().contains("函〔2025〕7号"));
        assert!(!file.entry.contains("演示") && file.entry.contains("\"version\":2"), "{}", file.entry);
        world.assert_audit_clean().await;
    }
}
