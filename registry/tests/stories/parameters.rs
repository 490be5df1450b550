//! Numbers of the methodologies that the operator replaces: four eyes, numbered sets, and calculations that keep theirs.

use domain::{Act, Role};
use registry::{Error, Fields, ParameterReceipt, Registry};
use time::Date;
use time::macros::date;

use crate::harness::*;

const DAY: Date = date!(2025 - 05 - 06);

/// A proposal to replace one number.
fn proposal(id: &str, value: &str) -> Fields {
    fields(&[
        ("document", "关于公布区域电网基准线排放因子的公告"),
        ("document_number", "2024年第9号"),
        ("effective_from", "2024-09-01"),
        ("basis", "published"),
        ("reason", "取得官方原表"),
        ("values.0.id", id),
        ("values.0.value", value),
    ])
}

async fn proposed(registry: &Registry, by: &Actor, value: &str) -> String {
    let form = proposal("grid.South.2023.cm", value);
    let receipt = registry.parameters_propose(&by.on(DAY), &form).await;
    receipt.expect("a proposal").id
}

async fn approve(registry: &Registry, by: &Actor, id: &str) -> Result<ParameterReceipt, Error> {
    registry.parameters_approve(&by.on(DAY), id).await
}

both_databases! {
    async fn another_operator_decides_and_the_approved_change_makes_the_next_set(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let first = &world.operator;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let why = fields(&[("reason", "理由")]);
        assert_eq!(registry.parameters_in_force().await.expect("set"), methodologies::Parameters::default());

        let id = proposed(registry, first, "0.4").await;
        assert_eq!(codes(approve(registry, first, &id).await), ["four_eyes"]);
        assert_eq!(codes(registry.parameters_reject(&first.on(DAY), &id, &why).await), ["four_eyes"]);
        assert_eq!(codes(registry.parameters_withdraw(&second.on(DAY), &id, &why).await), ["only_proposer_withdraws"]);
        assert_eq!(codes(registry.parameters_reject(&second.on(DAY), &id, &Fields::new()).await), ["reason_required"]);
        assert_eq!(registry.parameters_in_force().await.expect("set").set, 0, "a proposal changes nothing");
        let seen = registry.parameter_change(&first.on(DAY), &id).await.expect("change");
        assert_eq!((seen.status.as_str(), seen.allowed.as_slice()), ("proposed", [Act::ParametersWithdraw].as_slice()));
        let seen = registry.parameter_change(&second.on(DAY), &id).await.expect("change");
        assert_eq!(seen.allowed, [Act::ParametersApprove, Act::ParametersReject]);

        let receipt = approve(registry, &second, &id).await.expect("approved");
        assert_eq!((receipt.status.as_str(), receipt.set), ("approved", Some(1)));
        let set = registry.parameters_in_force().await.expect("set");
        assert_eq!((set.set, set.replacements.len()), (1, 1));
        assert_eq!(set.replacements[0].source.zh, "关于公布区域电网基准线排放因子的公告（2024年第9号）");
        for decided in [
            approve(registry, &second, &id).await,
            registry.parameters_reject(&second.on(DAY), &id, &why).await,
            registry.parameters_withdraw(&first.on(DAY), &id, &why).await,
        ] {
            assert_eq!(codes(decided), ["parameters_decided"]);
        }

        let rejected = proposed(registry, first, "0.41").await;
        registry.parameters_reject(&second.on(DAY), &rejected, &why).await.expect("rejected");
        let withdrawn = proposed(registry, first, "0.42").await;
        registry.parameters_withdraw(&first.on(DAY), &withdrawn, &why).await.expect("withdrawn");
        assert_eq!(registry.parameters_in_force().await.expect("set"), set);
        let statuses: Vec<_> = registry.parameter_changes(&first.on(DAY)).await.expect("changes").into_iter().map(|change| change.status).collect();
        assert_eq!(statuses, ["withdrawn", "rejected", "approved"]);

        let again = proposed(registry, &second, "0.43").await;
        assert_eq!(approve(registry, first, &again).await.expect("approved").set, Some(2));
        let number = |set: &methodologies::Parameters| {
            let on = set.replacement("grid.South.2023.cm", DAY).expect("a replacement");
            on.value.to_string()
        };
        let (one, two) = (registry.parameters_of_set(1).await.expect("set 1"), registry.parameters_of_set(2).await.expect("set 2"));
        assert_eq!((number(&one), number(&two)), ("0.4".to_owned(), "0.43".to_owned()), "of the same day the later set holds");
        assert_eq!(registry.parameters_of_set(0).await.expect("set 0").replacements, []);
        assert_eq!(codes(registry.parameters_of_set(3).await), ["not found"]);
        let public = registry.public().parameter_sets().await.expect("public");
        assert_eq!(public.iter().map(|set| set.number).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((public[1].document_number.as_str(), public[1].replacements.len()), ("2024年第9号", 1));
        world.assert_audit_clean().await;
    }

    async fn a_proposal_that_makes_no_sense_is_refused_at_its_field(database) {
        let world = World::new(database).await;
        let refused = async |form: Fields| {
            let answer = world.registry.parameters_propose(&world.operator.on(DAY), &form).await;
            let Err(Error::Refused(refusals)) = answer else { panic!("{answer:?}") };
            refusals.into_iter().map(|refusal| format!("{} {}", refusal.field.unwrap_or_default(), refusal.code)).collect::<Vec<_>>()
        };
        assert_eq!(refused(proposal("nothing", "1")).await, ["values.0.id parameter_unknown"]);
        assert_eq!(refused(proposal("grid.South.2023.cm", "48.6")).await, ["values.0.value parameter_out_of_range"]);
        let mut early = proposal("grid.South.2023.cm", "0.4");
        early.insert("effective_from".to_owned(), "2024-08-31".to_owned());
        assert_eq!(refused(early).await, ["effective_from parameter_from_too_early"]);
        assert!(world.registry.parameter_changes(&world.operator.on(DAY)).await.expect("changes").is_empty());
        for other in [&world.owner, &world.validator, &world.organiser] {
            assert_eq!(codes(world.registry.parameter_changes(&other.on(DAY)).await), ["forbidden"]);
        }
    }

    /// What was handed in and verified keeps its digits; what is handed in afterwards is computed with the new set; the audit runs each
    /// calculation with its own.
    async fn a_stored_calculation_keeps_its_set(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let project = world.project_registered().await;
        let before = world.report_in_publicity(&project).await;
        let day = AFTER_REPORT;
        let old = registry.report_get(&world.owner.on(day), &before).await.expect("report");
        let id = proposed(registry, &world.operator, "0.3").await;
        approve(registry, &second, &id).await.expect("approved");

        // in publicity before the replacement: verified with the numbers it was handed in with
        let same = registry.report_get(&world.owner.on(day), &before).await.expect("report");
        assert_eq!(same.calculations, old.calculations);
        assert_eq!(same.parameters.set, 0);
        let stored = &same.calculations.last().expect("a calculation").outcome;
        assert_eq!(stored["parameter_set"], 0);
        registry.report_verify(&world.verifier.on(day), &before, &report_fields(stored)).await.expect("verified as applied for");
        let verified = registry.report_get(&world.owner.on(day), &before).await.expect("report");
        let verification = verified.calculations.last().expect("a calculation");
        assert_eq!((verification.stage.as_str(), &verification.outcome["parameter_set"]), ("verification", &serde_json::json!(0)));

        // handed in after it: the new number, named with its document
        let other = world.project_in_publicity().await;
        let view = registry.project_get(&world.owner.on(day), &other).await.expect("project");
        let after = view.calculations.last().expect("a calculation");
        assert_eq!((after.parameters.set, &after.outcome["parameter_set"]), (1, &serde_json::json!(1)));
        let used = after.outcome["parameters"].as_array().expect("parameters");
        let factor = used.iter().find(|used| used["id"] == "grid.South.2023.cm").expect("the factor");
        assert_eq!((&factor["value"], &factor["assumed"]), (&serde_json::json!("0.3"), &serde_json::json!(false)));
        let registered = registry.project_get(&world.owner.on(day), &project).await.expect("project");
        let total = |view: &registry::ProjectView| view.row.expected_total_tonnes.expect("a total");
        assert!(total(&view) < total(&registered), "{} {}", total(&view), total(&registered));
        assert_eq!(registered.calculations.last().expect("one").outcome["parameter_set"], 0);
        world.assert_audit_clean().await;
    }

    /// A better number that is not official is entered with its tier, and the scene can still be certified.
    async fn a_factor_keeps_the_tier_it_was_entered_with(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let mut form = proposal("inclusion.metro.CN.reduction", "40");
        form.insert("basis".to_owned(), "assumed".to_owned());
        let answer = registry.parameters_propose(&world.operator.on(DAY), &form).await;
        let Err(Error::Refused(refusals)) = answer else { panic!("{answer:?}") };
        assert_eq!((refusals[0].field.as_deref(), refusals[0].code), (Some("values.0.tier"), "required"));
        form.insert("values.0.tier".to_owned(), "D".to_owned());
        let id = registry.parameters_propose(&world.operator.on(DAY), &form).await.expect("a proposal").id;
        approve(registry, &second, &id).await.expect("approved");
        let set = registry.parameters_in_force().await.expect("set");
        let tier = methodologies::inclusion::tier_of("inclusion.metro.CN.reduction", DAY, &set);
        assert_eq!(tier.map(methodologies::inclusion::Tier::code), Some("D"));
        let lost = methodologies::inclusion::certifiable_changes(methodologies::Parameters::BUILT_IN, &set, DAY);
        assert!(lost.is_empty(), "{lost:?}");
        let public = registry.public().parameter_sets().await.expect("public");
        assert_eq!(public[0].replacements, set.replacements);
        world.assert_audit_clean().await;
    }

    /// Two operators approve two changes, and one change, at once on several copies of the server: each set number is given once.
    async fn approvals_at_once_make_one_set_each(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let third = seed(registry, "演示登记机构三", Role::RegistryOperator).await;
        let mut copies = Vec::new();
        for _ in 0..4 {
            copies.push(world.database.connect().await);
        }
        for round in 0..6_u64 {
            let one = proposed(registry, &world.operator, "0.4").await;
            let two = proposed(registry, &world.operator, "0.5").await;
            let tasks: Vec<_> = [(&second, &one), (&third, &one), (&second, &two), (&third, &two)]
                .into_iter()
                .zip(&copies)
                .map(|((by, id), copy)| {
                    let (copy, by, id) = (copy.clone(), by.on(DAY), id.clone());
                    tokio::spawn(async move { copy.parameters_approve(&by, &id).await })
                })
                .collect();
            let mut sets = Vec::new();
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(receipt) => sets.extend(receipt.set),
                    refused => assert_eq!(codes(refused), ["parameters_decided"]),
                }
            }
            sets.sort_unstable();
            assert_eq!(sets, [round * 2 + 1, round * 2 + 2]);
        }
        assert_eq!(registry.parameters_in_force().await.expect("set").replacements.len(), 12);
        world.assert_audit_clean().await;
    }

    /// The tables themselves refuse what the acts would never write.
    async fn the_database_keeps_four_eyes_and_changes_nothing(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let id = proposed(registry, &world.operator, "0.4").await;
        let mut raw = world.database.raw().await;
        let own = format!(
            "INSERT INTO parameter_decision (change_id, proposed_by, outcome, decided_by, decided_at, act_id) \
             SELECT '{id}', '{user}', 'approved', '{user}', 1, act_id FROM parameter_change",
            user = world.operator.user.as_str()
        );
        let refused = sqlx::query(sqlx::AssertSqlSafe(own)).execute(&mut raw).await;
        assert!(refused.expect_err("four eyes").to_string().contains("parameter_decision_four_eyes"));
        approve(registry, &second, &id).await.expect("approved");
        for (sql, name) in [
            ("UPDATE parameter_change SET reason = 'x'", "parameter_change_never_updated"),
            ("DELETE FROM parameter_set", "parameter_set_never_deleted"),
            ("UPDATE parameter_decision SET outcome = 'rejected'", "parameter_decision_never_updated"),
        ] {
            let refused = sqlx::query(sql).execute(&mut raw).await.expect_err(sql);
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }
}
