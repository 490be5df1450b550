//! Retirement for a beneficiary of the holder's book, and by file: all rows or none, one certificate each, once.

use domain::ledger::BeneficiaryKind;
use domain::{Act, Role};
use registry::{Error, Fields, PageRequest, Registry};

use crate::acts::perform;
use crate::harness::*;

const HEADER: &str = "project,vintage,serial,quantity,purpose,purpose_text,beneficiary,beneficiary_kind,beneficiary_uscc\n";

/// The project's code, and held and retired tonnes of 2024.
async fn of_2024(registry: &Registry, actor: &Actor) -> (String, i64, i64) {
    let holdings = registry.holdings(&actor.on(ASKED)).await.expect("holdings");
    let of_2024 = holdings.into_iter().find(|one| one.vintage == 2024);
    of_2024.map_or((String::new(), 0, 0), |one| {
        assert_eq!(one.trading, 0, "nothing stays in the other sub-account");
        (one.project_code, one.held, one.retired)
    })
}

fn file(lines: &str) -> Fields {
    fields(&[("rows", &[HEADER, lines].concat())])
}

both_databases! {
    async fn a_file_retires_every_row_under_its_own_certificate_or_none(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let (code, held, _) = of_2024(registry, owner).await;
        let good = format!(
            "{code},2024,,5,voluntary,,甲公司,organisation,\n\
             ,,HT-{code}-2024-11-20,,event,马拉松 2026-03-01,乙公司,organisation,\n\
             {code},2024,,7,product,瓶装水,丙公司,organisation,\n"
        );
        // One mistake in one row, and nothing happens: everything that is wrong is told, at its line.
        let bad = format!("{good}{code},2024,,{held},voluntary,,丁公司,organisation,\n");
        let by = owner.on(ASKED);
        let Err(Error::Refused(refused)) = registry.credits_retire_many(&by, &file(&bad)).await else { panic!("accepted") };
        assert_eq!((refused[0].code, refused[0].field.as_deref()), ("credits_insufficient", Some("rows.5.quantity")));
        let bad = format!("{good}{code},2020,,1,voluntary,,丁公司,organisation,\n,,HT-{code}-2024-15-16,,voluntary,,戊公司,organisation,\n");
        let Err(Error::Refused(refused)) = registry.credits_retire_many(&by, &file(&bad)).await else { panic!("accepted") };
        let told: Vec<_> = refused.iter().map(|one| (one.code, one.field.as_deref().unwrap_or_default())).collect();
        assert_eq!(told, [("bulk_class_unknown", "rows.5.project"), ("numbers_not_held", "rows.6.serial")]);
        assert_eq!(of_2024(registry, owner).await, (code.clone(), held, 0));
        let shown = registry.retirement_file_check(&by, &file(&good)).await.expect("a preview");
        assert_eq!((shown.len(), shown[1].line, shown[1].quantity), (3, 3, 10));
        assert_eq!(of_2024(registry, owner).await, (code.clone(), held, 0), "a preview moves nothing");
        // The same key twice: the first answer.
        let done = registry.credits_retire_many(&by, &file(&good)).await.expect("retired");
        assert_eq!(registry.credits_retire_many(&by, &file(&good)).await.expect("again"), done);
        assert_eq!(codes(registry.credits_retire_many(&by, &file(&bad)).await), ["key_reused"]);
        assert_eq!((done.rows.len(), done.quantity, done.order.clone()), (3, 22, None));
        assert_eq!(of_2024(registry, owner).await, (code.clone(), held - 22, 22));
        let expected = [("甲公司", 5, "voluntary"), ("乙公司", 10, "event"), ("丙公司", 7, "product")];
        for (row, (beneficiary, quantity, purpose)) in done.rows.iter().zip(expected) {
            let certificate = registry.public().certificate(&row.number).await.expect("a certificate");
            assert_eq!((certificate.beneficiary.as_str(), certificate.quantity, certificate.purpose.as_str()), (beneficiary, quantity, purpose));
            assert_eq!(row.quantity, quantity);
        }
        // The database itself refuses a certificate in the place of another.
        let again = "INSERT INTO retirement (id, number, holder_id, purpose, purpose_text, beneficiary, quantity, at, search, act_id, position) \
             SELECT 'forged', 'forged', holder_id, purpose, purpose_text, beneficiary, quantity, at, search, act_id, position FROM retirement \
             WHERE position = 2";
        let error = sqlx::raw_sql(again).execute(&mut world.database.raw().await).await.expect_err("a second one").to_string();
        let name = if world.database.is_sqlite() { "retirement_never_replaced" } else { "retirement_once" };
        assert!(error.contains(name), "{error}");
        let range = registry.public().serial(&format!("HT-{code}-2024-11-20"), &registry::SerialPages::default()).await.expect("the numbers");
        assert_eq!(range.retired, 10, "exactly the numbers of the row");
        world.assert_audit_clean().await;
    }

    async fn two_thousand_rows_are_one_act(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let (code, held, _) = of_2024(registry, owner).await;
        let row = format!("{code},2024,,1,public_benefit,,某社区,organisation,\n");
        assert_eq!(codes(registry.credits_retire_many(&owner.on(ASKED), &file(&row.repeat(2_001))).await), ["list_too_long"]);
        let done = registry.credits_retire_many(&owner.on(ASKED), &file(&row.repeat(2_000))).await.expect("retired");
        assert_eq!((done.rows.len(), done.rows[1_999].line), (2_000, 2_001));
        assert_eq!(of_2024(registry, owner).await, (code, held - 2_000, 2_000));
        let acts: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM act WHERE kind = 'credits_retire_many'")
            .fetch_one(&mut world.database.raw().await).await.expect("acts");
        assert_eq!(acts, 1);
        world.assert_audit_clean().await;
    }

    /// The same file under one key from four copies of the server, and a second file that wants the same numbers.
    async fn files_that_come_at_once_retire_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let (code, held, _) = of_2024(registry, owner).await;
        let first = file(&format!(",,HT-{code}-2024-5-9,,voluntary,,甲公司,organisation,\n{code},2024,,3,voluntary,,甲公司,organisation,\n"));
        let second = file(&format!(",,HT-{code}-2024-7-7,,voluntary,,乙公司,organisation,\n"));
        let (one, other) = (owner.on(ASKED), owner.on(ASKED));
        let mut tasks = Vec::new();
        for at in 0..6 {
            let copy = world.database.connect().await;
            let (by, form) = if at < 4 { (one.clone(), first.clone()) } else { (other.clone(), second.clone()) };
            tasks.push(tokio::spawn(async move { (at < 4, copy.credits_retire_many(&by, &form).await) }));
        }
        let mut answers = Vec::new();
        for task in tasks {
            match task.await.expect("no panic") {
                (is_first, Ok(answer)) => answers.push((is_first, answer)),
                (_, Err(Error::Refused(refused))) => assert_eq!(refused[0].code, "numbers_not_held"),
                (_, Err(error)) => panic!("{error}"),
            }
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
        let tonnes = answers[0].1.quantity;
        assert_eq!(tonnes, if answers[0].0 { 8 } else { 1 });
        assert_eq!(of_2024(registry, owner).await, (code, held - tonnes, tonnes));
        world.assert_audit_clean().await;
    }

    async fn a_file_waits_for_the_confirming_member(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let confirmer = joins(registry, owner, "confirmer").await;
        let (code, held, _) = of_2024(registry, owner).await;
        let rows = file(&format!("{code},2024,,5,voluntary,,甲公司,organisation,\n{code},2024,,6,voluntary,,乙公司,organisation,\n"));
        let waits = registry.credits_retire_many(&owner.on(ASKED), &rows).await.expect("an order");
        assert_eq!((waits.rows.len(), waits.quantity), (0, 11));
        assert_eq!(of_2024(registry, owner).await.1, held);
        let order = waits.order.expect("it waits");
        assert_eq!(codes(registry.credits_confirm(&owner.on(ASKED), &order).await).len(), 1);
        let confirmed = registry.credits_confirm(&confirmer.on(ASKED), &order).await.expect("confirmed");
        assert_eq!((confirmed.number, confirmed.quantity), (None, 11));
        assert_eq!(of_2024(registry, owner).await, (code, held - 11, 11));
        let listed = registry.retirements(&owner.on(ASKED), &PageRequest::default()).await.expect("retirements");
        assert_eq!(listed.rows.len(), 2);
        world.assert_audit_clean().await;
    }

    async fn the_book_fills_the_form_and_never_changes_what_is_public(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let person = fields(&[("kind", "person"), ("name", "张三"), ("note", "员工")]);
        let kept = registry.beneficiary_add(&owner.on(ASKED), &person).await.expect("kept").id;
        let wrong = fields(&[("kind", "person"), ("name", ""), ("uscc", "91110000710926094P")]);
        assert_eq!(codes(registry.beneficiary_add(&owner.on(ASKED), &wrong).await), ["required", "person_has_no_uscc"]);
        // A person becomes public only when the holder says so.
        let mut retire = fields(&[("quantity", "3"), ("purpose", "voluntary"), ("beneficiary_id", &kept)]);
        assert_eq!(codes(registry.credits_retire(&owner.on(ASKED), &retire).await), ["personal_not_confirmed"]);
        retire.insert("personal".to_owned(), "yes".to_owned());
        let by = owner.on(ASKED);
        let retired = registry.credits_retire(&by, &retire).await.expect("retired");
        // Nobody else chooses, reads or changes it.
        let stranger = sign_up(registry, "别的单位", Role::EventOrganiser).await;
        assert_eq!(codes(registry.beneficiary_get(&stranger.on(ASKED), &kept).await), ["not found"]);
        assert_eq!(codes(registry.beneficiary_change(&stranger.on(ASKED), &kept, &person).await), ["not found"]);
        assert_eq!(codes(registry.credits_retire(&stranger.on(ASKED), &retire).await), ["choice_invalid"]);
        assert!(registry.beneficiary_list(&stranger.on(ASKED), &PageRequest::default()).await.expect("list").rows.is_empty());
        let renamed = fields(&[("kind", "organisation"), ("name", "惠碳示范"), ("uscc", "91110000710926094P")]);
        registry.beneficiary_change(&owner.on(ASKED), &kept, &renamed).await.expect("changed");
        let view = registry.beneficiary_get(&owner.on(ASKED), &kept).await.expect("the entry");
        assert_eq!((view.kind, view.name.as_str(), view.note.as_str()), (BeneficiaryKind::Organisation, "惠碳示范", ""));
        let certificate = registry.public().certificate(&retired.number).await.expect("a certificate");
        assert_eq!(certificate.beneficiary, "张三", "what is public stays");
        registry.beneficiary_remove(&owner.on(ASKED), &kept).await.expect("removed");
        assert_eq!(codes(registry.beneficiary_get(&owner.on(ASKED), &kept).await), ["not found"]);
        assert_eq!(codes(registry.beneficiary_remove(&owner.on(ASKED), &kept).await), ["not found"]);
        // The same key still gives the first answer; a new one finds no entry.
        assert_eq!(registry.credits_retire(&by, &retire).await.expect("the first answer"), retired);
        assert_eq!(codes(registry.credits_retire(&owner.on(ASKED), &retire).await), ["choice_invalid"]);
        let typed = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "李四"), ("beneficiary_kind", "person")]);
        assert_eq!(codes(perform(registry, Act::CreditsRetire, &owner.on(ASKED), "", &typed).await), ["personal_not_confirmed"]);
        world.assert_audit_clean().await;
    }
}
