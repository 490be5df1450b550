//! The operator's dated rule book: four eyes, an imported year, windows that a correction moves and the operator extends, approvals,
//! admission of methodologies and time limits.

use domain::id::ProjectId;
use domain::rulebook::{RuleBook, RuleContent};
use domain::{Act, Role, Sector};
use registry::{Error, Fields, Registry, RuleReceipt, WindowKind};
use time::Date;
use time::macros::date;

use crate::harness::*;

const DAY: Date = date!(2026 - 12 - 16);
/// A made-up year, not the real notice.
const YEAR_2027: &str = include_str!("../../../domain/tests/data/made_up_2027.csv");

fn change(area: &str, more: &[(&str, &str)]) -> Fields {
    let mut form = fields(&[
        ("area", area),
        ("document", "测试通知"),
        ("document_number", "第1号"),
        ("document_address", "https://example.org/1"),
        ("effective_from", "2026-12-01"),
        ("basis", "official_text"),
        ("reason", "取得官方文件"),
    ]);
    form.extend(fields(more));
    form
}

fn year_2027() -> Fields {
    change("calendar", &[("year", "2027"), ("table", YEAR_2027)])
}

/// The same year with Monday 2027-01-04 off.
fn corrected() -> Fields {
    let table = format!("{YEAR_2027}2027-01-04,holiday,x,s\n");
    change(
        "calendar",
        &[("year", "2027"), ("table", &table), ("correction", "yes")],
    )
}

async fn approve(registry: &Registry, by: &Actor, id: &str) -> Result<RuleReceipt, Error> {
    registry.rule_approve(&by.on(DAY), id).await
}

/// Proposed by the world's operator and approved by another one.
async fn decided(world: &World, second: &Actor, form: &Fields) -> RuleReceipt {
    let proposed = world
        .registry
        .rule_propose(&world.operator.on(DAY), form)
        .await
        .expect("proposed");
    approve(&world.registry, second, &proposed.id)
        .await
        .expect("approved")
}

/// A project whose request for publicity waits on a day.
async fn requested(world: &World, day: Date) -> ProjectId {
    let (registry, none) = (&world.registry, Fields::new());
    let project = world.project_drafted(day).await;
    registry
        .project_request_mandate(&world.owner.on(day), &project, &none)
        .await
        .expect("mandate");
    let contract = fields(&[("contract", "DEMO-2026-01"), ("impartiality", "yes")]);
    registry
        .project_confirm_mandate(&world.validator.on(day), &project, &contract)
        .await
        .expect("confirmed");
    let statement = fields(&[("statement", "yes")]);
    registry
        .project_request_publicity(&world.owner.on(day), &project, &statement)
        .await
        .expect("requested");
    project
}

both_databases! {
    async fn another_operator_decides_on_a_rule_and_each_approval_makes_the_next_version(database) {
        let world = World::new(database).await;
        let (registry, first) = (&world.registry, &world.operator);
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let why = fields(&[("reason", "理由")]);
        assert_eq!(&registry.rule_book().await.expect("book"), RuleBook::initial());

        let by = first.on(DAY);
        let proposed = registry.rule_propose(&by, &year_2027()).await.expect("proposed");
        assert_eq!(registry.rule_propose(&by, &year_2027()).await.expect("again"), proposed, "the same key gives the first answer");
        assert_eq!(codes(registry.rule_propose(&by, &corrected()).await), ["key_reused"]);
        let id = &proposed.id;
        assert_eq!(codes(approve(registry, first, id).await), ["four_eyes"]);
        assert_eq!(codes(registry.rule_reject(&first.on(DAY), id, &why).await), ["four_eyes"]);
        assert_eq!(codes(registry.rule_withdraw(&second.on(DAY), id, &why).await), ["only_proposer_withdraws"]);
        assert_eq!(codes(registry.rule_reject(&second.on(DAY), id, &Fields::new()).await), ["reason_required"]);
        assert_eq!(registry.rule_book().await.expect("book").version, 0, "a proposal changes nothing");
        let seen = registry.rule_change(&first.on(DAY), id).await.expect("change");
        assert_eq!((seen.status.as_str(), seen.allowed.as_slice()), ("proposed", [Act::RuleWithdraw].as_slice()));
        let seen = registry.rule_change(&second.on(DAY), id).await.expect("change");
        assert_eq!(seen.allowed, [Act::RuleApprove, Act::RuleReject]);

        let by = second.on(DAY);
        let receipt = registry.rule_approve(&by, id).await.expect("approved");
        assert_eq!((receipt.status.as_str(), receipt.version), ("approved", Some(1)));
        assert_eq!(registry.rule_approve(&by, id).await.expect("again"), receipt);
        let book = registry.rule_book().await.expect("book");
        assert_eq!((book.version, book.calendar.version()), (1, "cn-2027-1"));
        let copy = world.database.connect().await;
        assert_eq!(copy.rule_book().await.expect("book"), book, "another copy of the server reads the same");
        for done in [
            approve(registry, &second, id).await,
            registry.rule_reject(&second.on(DAY), id, &why).await,
            registry.rule_withdraw(&first.on(DAY), id, &why).await,
        ] {
            assert_eq!(codes(done), ["rule_decided"]);
        }
        assert_eq!(registry.rule_book_of(0).await.expect("version 0").calendar.version(), "cn-2026-1");
        assert_eq!(codes(registry.rule_book_of(2).await), ["not found"]);

        let rejected = registry.rule_propose(&first.on(DAY), &corrected()).await.expect("proposed").id;
        registry.rule_reject(&second.on(DAY), &rejected, &why).await.expect("rejected");
        let withdrawn = registry.rule_propose(&first.on(DAY), &corrected()).await.expect("proposed").id;
        registry.rule_withdraw(&first.on(DAY), &withdrawn, &why).await.expect("withdrawn");
        assert_eq!(registry.rule_book().await.expect("book"), book);
        let statuses: Vec<_> = registry.rule_changes(&first.on(DAY)).await.expect("changes").into_iter().map(|one| one.status).collect();
        assert_eq!(statuses, ["withdrawn", "rejected", "approved"]);
        let public = registry.public().rule_versions().await.expect("public");
        assert_eq!(public.len(), 1, "only what was approved is public");
        assert_eq!((public[0].number, public[0].change.source.number.as_str()), (1, "第1号"));
        for other in [&world.owner, &world.validator, &world.organiser] {
            assert_eq!(codes(registry.rule_changes(&other.on(DAY)).await), ["forbidden"]);
            assert_eq!(codes(registry.rule_windows(&other.on(DAY), &book).await), ["forbidden"]);
            assert_eq!(codes(registry.rule_propose(&other.on(DAY), &year_2027()).await), ["forbidden"]);
        }
        world.assert_audit_clean().await;
    }

    /// A year is published once: of two proposals that import it at once, on several copies of the server, one is approved.
    async fn two_approvals_of_one_year_at_once_publish_it_once(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let third = seed(registry, "演示登记机构三", Role::RegistryOperator).await;
        let one = registry.rule_propose(&world.operator.on(DAY), &year_2027()).await.expect("one").id;
        let two = registry.rule_propose(&world.operator.on(DAY), &year_2027()).await.expect("two").id;
        let mut tasks = Vec::new();
        for (by, id) in [(&second, &one), (&third, &one), (&second, &two), (&third, &two)] {
            let (copy, by, id) = (world.database.connect().await, by.on(DAY), id.clone());
            tasks.push(tokio::spawn(async move { copy.rule_approve(&by, &id).await }));
        }
        let mut versions = Vec::new();
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(receipt) => versions.extend(receipt.version),
                refused => {
                    let refused = codes(refused);
                    assert!(refused == ["rule_decided"] || refused == ["calendar_year_published"], "{refused:?}");
                }
            }
        }
        assert_eq!(versions, [1]);
        assert_eq!(registry.rule_book().await.expect("book").calendar.version(), "cn-2027-1");
        world.assert_audit_clean().await;
    }

    /// The trap of j.3: a window fixed by one edition of the calendar stays as it is under the next one, is listed with both days, and
    /// the operator extends it as an act that is public.
    async fn a_window_across_new_year_waits_for_the_year_and_is_extended_when_it_is_corrected(database) {
        let world = World::new(database).await;
        let (registry, operator, none) = (&world.registry, &world.operator, Fields::new());
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let project = requested(&world, DAY).await;
        let refused = registry.project_approve_publicity(&operator.on(DAY), &project, &none).await;
        assert_eq!(codes(refused), ["calendar_year_unpublished"]);

        decided(&world, &second, &year_2027()).await;
        registry.project_approve_publicity(&operator.on(DAY), &project, &none).await.expect("scheduled");
        let view = registry.project_get(&operator.on(DAY), &project).await.expect("project");
        assert_eq!((view.row.publicity_start.as_deref(), view.row.publicity_end.as_deref()), (Some("2026-12-17"), Some("2027-01-14")));
        let book = registry.rule_book().await.expect("book");
        assert!(registry.rule_windows(&operator.on(DAY), &book).await.expect("windows").is_empty());

        // what would move is shown before the approval, and nothing moves by itself
        let id = registry.rule_propose(&operator.on(DAY), &corrected()).await.expect("proposed").id;
        let proposal = registry.rule_change(&second.on(DAY), &id).await.expect("change");
        let after = registry::book_after(&book, &proposal.change);
        let moved = registry.rule_windows(&second.on(DAY), &after).await.expect("windows");
        assert_eq!(moved.len(), 1);
        let window = &moved[0];
        assert_eq!((window.before.as_deref(), window.after.as_str()), (Some("2027-01-14"), "2027-01-15"));
        assert_eq!((window.calendar.as_deref(), window.window, window.act), (Some("cn-2027-1"), WindowKind::Publicity, Some(Act::ProjectExtendPublicity)));
        approve(registry, &second, &id).await.expect("approved");
        registry.clock_tick(noon(date!(2026 - 12 - 17))).await.expect("tick");
        let today = date!(2026 - 12 - 18);
        let view = registry.project_get(&operator.on(today), &project).await.expect("project");
        assert_eq!((view.row.state.as_str(), view.row.publicity_end.as_deref()), ("in_publicity", Some("2027-01-14")));
        assert_eq!(view.row.turn.due_on.as_deref(), Some("2027-01-14"));

        let extend = async |by: &Actor, end: &str, why: &str| {
            let form = fields(&[("publicity_end", end), ("reason", why)]);
            registry.project_extend_publicity(&by.on(today), &project, &form).await
        };
        assert_eq!(codes(extend(operator, "2027-01-14", "日历更正").await), ["publicity_not_later"]);
        assert_eq!(codes(extend(operator, "2027-01-13", "日历更正").await), ["publicity_not_later"]);
        assert_eq!(codes(extend(operator, "2027-01-16", "日历更正").await), ["calendar_not_a_working_day"]);
        assert_eq!(codes(extend(operator, "2028-01-04", "日历更正").await), ["calendar_year_unpublished"]);
        assert_eq!(codes(extend(operator, "", "").await), ["reason_required", "required"]);
        assert_eq!(codes(extend(&world.owner, "2027-01-15", "日历更正").await), ["forbidden"]);
        assert!(registry.public().publicity_extensions(project.as_str()).await.expect("public").is_empty());
        let by = operator.on(today);
        let form = fields(&[("publicity_end", "2027-01-15"), ("reason", "日历更正")]);
        let receipt = registry.project_extend_publicity(&by, &project, &form).await.expect("extended");
        assert_eq!(registry.project_extend_publicity(&by, &project, &form).await.expect("again"), receipt, "once");
        assert_eq!(receipt.state, "in_publicity");
        let public = registry.public().publicity_extensions(project.as_str()).await.expect("public");
        assert_eq!(public.len(), 1);
        let said = (&*public[0].end_before, &*public[0].calendar_before, &*public[0].end_after, &*public[0].calendar_after, &*public[0].reason);
        assert_eq!(said, ("2027-01-14", "cn-2027-1", "2027-01-15", "cn-2027-2", "日历更正"));
        let book = registry.rule_book().await.expect("book");
        assert!(registry.rule_windows(&operator.on(today), &book).await.expect("windows").is_empty());

        // it ends after its new last day and not after the old one
        registry.clock_tick(noon(date!(2027 - 01 - 15))).await.expect("tick");
        let state = async |day| registry.project_get(&operator.on(day), &project).await.expect("project").row.state;
        assert_eq!(state(date!(2027 - 01 - 15)).await, "in_publicity");
        registry.clock_tick(noon(date!(2027 - 01 - 16))).await.expect("tick");
        assert_eq!(state(date!(2027 - 01 - 16)).await, "publicity_ended");
        let late = registry.project_extend_publicity(&operator.on(date!(2027 - 01 - 18)), &project, &fields(&[("publicity_end", "2027-01-20"), ("reason", "x")])).await;
        assert_eq!(codes(late), ["state_does_not_allow"]);
        world.assert_audit_clean().await;
    }

    /// Approvals are added, ended and corrected by four eyes; the guard asks for the day of the appointment.
    async fn an_approval_that_operators_ended_admits_no_new_mandate(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let body = world.validator.organisation.as_str();
        let energy = format!("{body}|energy|2024-06-14");
        let twice = change("vvb_approval", &[("action", "add"), ("organisation", body), ("sector", "energy"), ("approval_number", "X"), ("valid_from", "2026-01-01")]);
        assert_eq!(codes(registry.rule_propose(&world.operator.on(DAY), &twice).await), ["approval_overlaps"]);
        let end = change("vvb_approval", &[("action", "end"), ("approval", &energy), ("valid_to", "2026-12-15")]);
        decided(&world, &second, &end).await;
        let listed = registry.vvb_approval_list().await.expect("approvals");
        let ended = listed.iter().find(|one| one.organisation.as_str() == body && one.sector == Sector::Energy).expect("the approval");
        assert_eq!((ended.to.as_deref(), ended.source.as_str()), (Some("2026-12-15"), "测试通知 第1号"));
        let approved = async |day| {
            let choices = registry.vvb_choices(Sector::Energy, day).await.expect("choices");
            choices.into_iter().find(|one| one.organisation.as_str() == body).expect("the body").approved
        };
        assert!(approved(date!(2026 - 12 - 15)).await && !approved(DAY).await);
        let project = world.project_drafted(DAY).await;
        let refused = registry.project_request_mandate(&world.owner.on(DAY), &project, &Fields::new()).await;
        assert_eq!(codes(refused), ["vvb_not_approved"]);
        let add = change("vvb_approval", &[("action", "add"), ("organisation", body), ("sector", "energy"), ("approval_number", "DEMO-R-0009"), ("valid_from", "2026-12-16")]);
        decided(&world, &second, &add).await;
        registry.project_request_mandate(&world.owner.on(DAY), &project, &Fields::new()).await.expect("approved again");
        assert_eq!(registry.vvb_approval_list().await.expect("approvals").iter().filter(|one| one.organisation.as_str() == body && one.sector == Sector::Energy).count(), 2, "nothing is deleted");
        world.assert_audit_clean().await;
    }

    /// Guard G2 asks for the methodology's own dates and for those of the operators.
    async fn a_methodology_whose_admission_ended_takes_no_new_application(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let end = change("methodology", &[("methodology", "CCER-01-002-V01"), ("admitted_to", "2026-11-30")]);
        decided(&world, &second, &end).await;
        let project = {
            let (none, day) = (Fields::new(), date!(2026 - 11 - 30));
            let project = world.project_drafted(day).await;
            registry.project_request_mandate(&world.owner.on(day), &project, &none).await.expect("mandate");
            let contract = fields(&[("contract", "DEMO-2026-01"), ("impartiality", "yes")]);
            registry.project_confirm_mandate(&world.validator.on(day), &project, &contract).await.expect("confirmed");
            project
        };
        let statement = fields(&[("statement", "yes")]);
        let late = registry.project_request_publicity(&world.owner.on(date!(2026 - 12 - 01)), &project, &statement).await;
        assert_eq!(codes(late), ["methodology_not_in_force"]);
        registry.project_request_publicity(&world.owner.on(date!(2026 - 11 - 30)), &project, &statement).await.expect("on the last day");
        world.assert_audit_clean().await;
    }

    /// Publicity, review and report clocks read the entry of the day on which they begin.
    async fn a_new_time_limit_holds_for_what_begins_from_its_day_on(database) {
        let world = World::new(database).await;
        let (registry, none) = (&world.registry, Fields::new());
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let before = requested(&world, date!(2026 - 10 - 09)).await;
        registry.project_approve_publicity(&world.operator.on(date!(2026 - 10 - 09)), &before, &none).await.expect("scheduled");
        let mut shorter = change("time_limit", &[("limit", "publicity"), ("value", "12")]);
        shorter.insert("effective_from".to_owned(), "2026-10-12".to_owned());
        let receipt = decided(&world, &second, &shorter).await;
        let stored = registry.rule_change(&world.operator.on(DAY), &receipt.id).await.expect("change");
        assert!(matches!(stored.change.content, RuleContent::TimeLimit { value: 12, .. }));
        let window = async |project: &ProjectId| {
            let row = registry.project_get(&world.operator.on(date!(2026 - 10 - 10)), project).await.expect("project").row;
            (row.publicity_start.unwrap_or_default(), row.publicity_end.unwrap_or_default())
        };
        // began on Saturday 2026-10-10, a make-up workday: 20 days
        assert_eq!(window(&before).await, ("2026-10-10".to_owned(), "2026-11-05".to_owned()));
        let after = requested(&world, date!(2026 - 10 - 10)).await;
        registry.project_approve_publicity(&world.operator.on(date!(2026 - 10 - 10)), &after, &none).await.expect("scheduled");
        assert_eq!(window(&after).await, ("2026-10-12".to_owned(), "2026-10-27".to_owned()));
        world.assert_audit_clean().await;
    }

    /// The tables themselves refuse what the acts would never write.
    async fn the_database_keeps_four_eyes_of_rules_and_changes_nothing(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let second = seed(registry, "演示登记机构二", Role::RegistryOperator).await;
        let id = registry.rule_propose(&world.operator.on(DAY), &year_2027()).await.expect("proposed").id;
        let mut raw = world.database.raw().await;
        let own = format!(
            "INSERT INTO rule_decision (change_id, proposed_by, outcome, decided_by, decided_at, act_id) \
             SELECT '{id}', '{user}', 'approved', '{user}', 1, act_id FROM rule_change",
            user = world.operator.user.as_str()
        );
        let refused = sqlx::query(sqlx::AssertSqlSafe(own)).execute(&mut raw).await;
        assert!(refused.expect_err("four eyes").to_string().contains("rule_decision_four_eyes"));
        approve(registry, &second, &id).await.expect("approved");
        for (sql, name) in [
            ("UPDATE rule_change SET reason = 'x'", "rule_change_never_updated"),
            ("DELETE FROM rule_version", "rule_version_never_deleted"),
            ("UPDATE rule_decision SET outcome = 'rejected'", "rule_decision_never_updated"),
        ] {
            let refused = sqlx::query(sql).execute(&mut raw).await.expect_err(sql);
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }
}
