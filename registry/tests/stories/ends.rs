//! How lives end before their time, and what follows: aborted, refused, cancelled, revoked, expired, begun again; experts; pauses.

use domain::Role;
use domain::id::{ProjectId, ReportId};
use domain::project::ending::draw_experts;
use registry::{Fields, ProjectTab, PublicProjectFilter};
use time::Date;
use time::macros::date;

use crate::harness::*;

/// A reason, and nothing else.
fn why() -> Fields {
    fields(&[("reason", "演示理由")])
}

fn request() -> Fields {
    fields(&[
        ("reason", "风机提前退役"),
        ("outstanding", "没有尚未申请的减排量"),
    ])
}

fn notice(ground: &str, on: &str) -> Fields {
    fields(&[
        ("ground", ground),
        ("reason", "监测数据造假"),
        ("authority", "演示省生态环境厅"),
        ("document_number", "演环罚〔2025〕1号"),
        ("document_date", on),
    ])
}

/// The states of a project's list row and of its page, by the registry's eyes.
async fn state(world: &World, project: &ProjectId, day: Date) -> String {
    let view = world
        .registry
        .project_get(&world.operator.on(day), project)
        .await
        .expect("project_get");
    view.row.state
}

async fn report_state(world: &World, report: &ReportId, day: Date) -> String {
    let view = world
        .registry
        .report_get(&world.owner.on(day), report)
        .await
        .expect("report_get");
    view.row.state
}

/// Draws on the register: three experts of the sector, one of another sector, one of the owner's own house.
async fn experts(world: &World) {
    let people = [
        ("甲", "演示研究院", "sector.energy"),
        ("乙", "演示大学", "sector.energy"),
        ("丙", "演示设计院", "sector.energy"),
        ("丁", "演示林科院", "sector.forestry"),
        ("戊", "演示海上风电有限公司", "sector.energy"),
    ];
    for (name, employer, sector) in people {
        let form = fields(&[("name", name), ("employer", employer), (sector, "yes")]);
        world
            .registry
            .expert_add(&world.operator.on(DAY_ONE), &form)
            .await
            .expect("expert_add");
    }
}

both_databases! {
    /// The owner gives up after publicity: final, public, with its reason; and begins again with the same content.
    async fn an_aborted_application_stays_public_and_can_be_begun_again(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_PUBLICITY);
        let project = world.project_in_publicity().await;
        let early = date!(2025 - 03 - 10);
        assert_eq!(codes(registry.project_abort(&world.owner.on(early), &project, &why()).await), ["state_does_not_allow"]);
        assert_eq!(codes(registry.project_abort(&world.owner.on(day), &project, &Fields::new()).await), ["reason_required"]);
        assert_eq!(codes(registry.project_abort(&world.operator.on(day), &project, &why()).await), ["forbidden"]);
        let again = fields(&[("source", project.as_str())]);
        assert_eq!(codes(registry.project_create(&world.owner.on(day), &again).await), ["source_not_ended"]);
        let receipt = registry.project_abort(&world.owner.on(day), &project, &why()).await.expect("abort");
        assert_eq!(receipt.state, "terminated");
        let view = registry.project_get(&world.owner.on(day), &project).await.expect("get");
        let ending = view.ends.ending.expect("an ending");
        assert_eq!((ending.kind.as_str(), ending.reason.as_str(), ending.on.as_str()), ("aborted", "演示理由", "2025-04-01"));
        assert!(view.allowed.is_empty());
        let public = registry.public().project(project.as_str()).await.expect("still public");
        assert_eq!((public.row.state.as_str(), public.row.ending), ("terminated", None), "the owner's reason is not announced");

        let stranger = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        assert_eq!(codes(registry.project_create(&stranger.on(day), &again).await), ["not found"]);
        let mut again = again.clone();
        again.insert("name".to_owned(), "演示海上风电一期（重新申请）".to_owned());
        let new: ProjectId = registry.project_create(&world.owner.on(day), &again).await.expect("again").id.into();
        let new = registry.project_get(&world.owner.on(day), &new).await.expect("get");
        assert_eq!(new.row.name, "演示海上风电一期（重新申请）");
        assert_eq!(new.ends.source.as_deref(), Some(project.as_str()));
        assert!(!new.fields.contains_key("source"));
        for field in ["construction_start", "archive_code", "export_mwh_per_year", "crediting_from"] {
            assert_eq!(new.fields.get(field), view.fields.get(field), "{field}");
        }
        assert!(new.open_points.is_empty(), "{:?}", new.open_points);
        world.assert_audit_clean().await;
    }

    /// A report given up after publicity frees its period; begun again it has the same content and the next number.
    async fn an_aborted_report_frees_its_period(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_REPORT);
        let project = world.project_registered().await;
        let report = world.report_in_publicity(&project).await;
        let receipt = registry.report_abort(&world.owner.on(day), &report, &why()).await.expect("abort");
        assert_eq!(receipt.state, "terminated");
        let again = fields(&[("source", report.as_str())]);
        let new: ReportId = registry.report_create(&world.owner.on(day), &project, &again).await.expect("again").id.into();
        let (old, new) = (
            registry.report_get(&world.owner.on(day), &report).await.expect("old"),
            registry.report_get(&world.owner.on(day), &new).await.expect("new"),
        );
        assert_eq!((new.row.number, &new.fields), (old.row.number + 1, &old.fields));
        assert_eq!(new.ends.source.as_deref(), Some(report.as_str()));
        world.report_registered(&project).await;
        world.assert_audit_clean().await;
    }

    /// Refusal to register names its ground; experts are drawn by a seed anyone can use again, and registration waits for them.
    async fn experts_are_drawn_by_a_recorded_seed_and_registration_waits_for_them(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_PUBLICITY);
        experts(&world).await;
        let project = world.project_applied().await;
        let count = |many: &str| fields(&[("count", many)]);
        let operator = &world.operator;
        assert_eq!(codes(registry.project_appoint_experts(&operator.on(day), &project, &count("4")).await), ["experts_too_few"]);
        assert_eq!(codes(registry.project_appoint_experts(&operator.on(day), &project, &count("0")).await), ["number_out_of_range"]);
        assert_eq!(codes(registry.project_appoint_experts(&world.owner.on(day), &project, &count("1")).await), ["forbidden"]);
        let before = registry.project_get(&operator.on(day), &project).await.expect("get");
        let last = before.timeline.last().expect("an entry").hash.clone();
        registry.project_appoint_experts(&operator.on(day), &project, &count("2")).await.expect("drawn");
        let view = registry.project_get(&operator.on(day), &project).await.expect("get");
        let drawn = &view.ends.experts;
        assert_eq!(drawn.len(), 2);
        assert!(drawn.iter().all(|one| one.seed == last && one.candidates == 3), "{drawn:?}");
        let everybody = registry.experts(&operator.on(day)).await.expect("the register");
        assert_eq!(codes(registry.experts(&world.owner.on(day)).await), ["forbidden"]);
        let candidates: Vec<String> = everybody.iter().take(3).map(|one| one.id.clone()).collect();
        let again = draw_experts(&last, &candidates, 2).expect("the same draw");
        let mut names: Vec<&str> = everybody.iter().filter(|one| again.contains(&one.id)).map(|one| one.name.as_str()).collect();
        let mut found: Vec<&str> = drawn.iter().map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        found.sort_unstable();
        assert_eq!(names, found);
        // nobody else sees who judges
        for other in [&world.owner, &world.validator] {
            let seen = registry.project_get(&other.on(day), &project).await.expect("get");
            assert!(seen.ends.experts.is_empty());
        }
        assert_eq!(codes(registry.project_register(&operator.on(day), &project, &Fields::new()).await), ["experts_unanswered"]);
        let answer = |one: &str, conclusion: &str, stated: &str| {
            fields(&[("appointment", one), ("conclusion", conclusion), ("opinion", "意见"), ("no_conflict", stated)])
        };
        let (first, second) = (drawn[0].id.clone(), drawn[1].id.clone());
        let refused = registry.project_record_expert(&operator.on(day), &project, &answer(&first, "favourable", "no")).await;
        assert_eq!(codes(refused), ["statement_required"]);
        let refused = registry.project_record_expert(&operator.on(day), &project, &answer("nobody", "favourable", "yes")).await;
        assert_eq!(codes(refused), ["choice_invalid"]);
        // also while the review is paused, and without losing the question it is paused for
        registry.project_pause(&operator.on(day), &project, &why()).await.expect("pause");
        registry.project_record_expert(&operator.on(day), &project, &answer(&first, "favourable", "yes")).await.expect("entered");
        let paused = registry.project_get(&operator.on(day), &project).await.expect("get");
        assert_eq!(paused.reason.as_deref(), Some("演示理由"));
        registry.project_resume(&operator.on(day), &project, &Fields::new()).await.expect("resume");
        let refused = registry.project_record_expert(&operator.on(day), &project, &answer(&first, "questions", "yes")).await;
        assert_eq!(codes(refused), ["expert_answered"]);
        // a conflict of interest: no statement, no opinion, and another one can be drawn
        registry.project_record_expert(&operator.on(day), &project, &answer(&second, "declined", "no")).await.expect("declined");
        registry.project_appoint_experts(&operator.on(day), &project, &count("1")).await.expect("the third");
        let third = registry.project_get(&operator.on(day), &project).await.expect("get").ends.experts[2].id.clone();
        registry.project_record_expert(&operator.on(day), &project, &answer(&third, "favourable", "yes")).await.expect("entered");
        registry.project_register(&operator.on(REGISTERED), &project, &Fields::new()).await.expect("register");
        // who left the register is not drawn
        for one in everybody.iter().take(3) {
            registry.expert_end(&operator.on(REGISTERED), &one.id).await.expect("end");
        }
        assert_eq!(codes(registry.expert_end(&operator.on(REGISTERED), &everybody[0].id).await), ["not found"]);
        world.assert_audit_clean().await;
    }

    /// The registry refuses registration, with reasons and the clause.
    async fn a_refused_registration_names_its_ground(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_PUBLICITY);
        let project = world.project_applied().await;
        let refused = registry.project_refuse_registration(&world.operator.on(day), &project, &why()).await;
        assert_eq!(codes(refused), ["required"]);
        let form = fields(&[("reason", "材料不真实"), ("legal_ground", "《管理办法》第十五条")]);
        registry.project_refuse_registration(&world.operator.on(day), &project, &form).await.expect("refuse");
        assert_eq!(state(&world, &project, day).await, "terminated");
        let ending = registry.project_get(&world.owner.on(day), &project).await.expect("get").ends.ending.expect("an ending");
        assert_eq!((ending.kind.as_str(), ending.legal_ground.as_str()), ("registration_refused", "《管理办法》第十五条"));
        let again = registry.project_refuse_registration(&world.operator.on(day), &project, &form).await;
        assert_eq!(codes(again), ["state_does_not_allow"]);
        // the reductions of another project
        let project = world.project_registered().await;
        let report = world.report_applied(&project).await;
        registry.report_refuse_registration(&world.operator.on(AFTER_REPORT), &report, &form).await.expect("refuse");
        assert_eq!(report_state(&world, &report, AFTER_REPORT).await, "terminated");
        world.assert_audit_clean().await;
    }

    /// The owner asks, the registry first refuses and then cancels: the open report ends in the same act, what was issued stays,
    /// the public sees day and ground, and the project is never registered again.
    async fn a_cancelled_registration_ends_its_reports_and_is_never_given_again(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, ISSUED);
        let (class, held) = world.credits_issued().await;
        let class = registry.public().class(class.as_str()).await.expect("class");
        let project: ProjectId = class.project.clone().into();
        let draft: ReportId = registry
            .report_create(&world.owner.on(day), &project, &monitoring(&world.verifier)).await.expect("create").id.into();
        assert_eq!(codes(registry.project_request_deregistration(&world.owner.on(day), &project, &why()).await), ["required"]);
        registry.project_request_deregistration(&world.owner.on(day), &project, &request()).await.expect("ask");
        assert_eq!(state(&world, &project, day).await, "deregistration_review");
        let public = registry.public().project(project.as_str()).await.expect("public");
        assert_eq!(public.row.ending, None, "the registration still holds");
        registry.project_refuse_deregistration(&world.operator.on(day), &project, &why()).await.expect("refuse");
        let view = registry.project_get(&world.owner.on(day), &project).await.expect("get");
        assert_eq!((view.row.state.as_str(), view.ends.request.expect("the request").decision.as_deref()), ("registered", Some("refused")));
        registry.project_request_deregistration(&world.owner.on(day), &project, &request()).await.expect("ask again");
        let form = fields(&[("ground", "owner_request"), ("reason", "同意注销")]);
        registry.project_deregister(&world.operator.on(day), &project, &form).await.expect("cancel");
        assert_eq!(report_state(&world, &draft, day).await, "discarded");
        let ended = registry.report_get(&world.owner.on(day), &draft).await.expect("get").ends.ending.expect("an ending");
        assert_eq!(ended.kind, "project_lost");
        // only the owner knew of the draft; what was issued stays
        let holdings = registry.holdings(&world.owner.on(day)).await.expect("holdings");
        assert_eq!(holdings.iter().find(|one| one.vintage == 2024).expect("2024").held, held);

        let filter = PublicProjectFilter { tab: Some(ProjectTab::Deregistered), ..PublicProjectFilter::default() };
        let list = registry.public().projects(&filter).await.expect("the tab");
        let ending = list.rows[0].ending.clone().expect("an ending");
        assert_eq!((list.rows.len(), ending.on.as_str()), (1, "2025-06-03"));
        assert_eq!((ending.kind.as_str(), ending.ground.as_deref(), ending.legal_ground.as_str()), ("deregistered", Some("owner_request"), "Measures art. 16"));
        let public = registry.public().project(project.as_str()).await.expect("public");
        assert_eq!(public.retain_until.as_deref(), Some("2035-06-03"), "ten years after the last registration of reductions");

        // its plant stays taken
        let claims = registry.claims(&world.operator.on(day)).await.expect("claims");
        let own = claims.iter().find(|claim| claim.project.as_ref().is_some_and(|(id, ..)| id == project.as_str()));
        assert!(own.expect("the claim of the project").active);

        let again = fields(&[("source", project.as_str())]);
        assert_eq!(codes(registry.project_create(&world.owner.on(day), &again).await), ["deregistered_before"]);
        assert_eq!(codes(registry.report_create(&world.owner.on(day), &project, &monitoring(&world.verifier)).await), ["project_not_registered"]);
        let new = world.project_drafted(day).await;
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        registry.project_request_mandate(&world.owner.on(day), &new, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.project_confirm_mandate(&world.validator.on(day), &new, &contract).await.expect("confirm");
        let refused = codes(registry.project_request_publicity(&world.owner.on(day), &new, &yes).await);
        assert!(refused.contains(&"deregistered_before".to_owned()), "{refused:?}");
        world.assert_audit_clean().await;
    }

    /// The registry cancels by itself only with what its investigation found.
    async fn a_registration_is_cancelled_ex_officio_with_the_result_of_an_investigation(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, REGISTERED);
        let project = world.project_registered().await;
        let mut form = fields(&[("ground", "owner_request"), ("reason", "业主已注销")]);
        assert_eq!(codes(registry.project_deregister(&world.operator.on(day), &project, &form).await), ["choice_invalid"]);
        form.insert("ground".to_owned(), "owner_extinct".to_owned());
        assert_eq!(codes(registry.project_deregister(&world.operator.on(day), &project, &form).await), ["required"]);
        form.insert("investigation".to_owned(), "市场监管部门登记信息显示该公司已注销。".to_owned());
        assert_eq!(codes(registry.project_deregister(&world.owner.on(day), &project, &form).await), ["forbidden"]);
        registry.project_deregister(&world.operator.on(day), &project, &form).await.expect("cancel");
        let public = registry.public().project(project.as_str()).await.expect("public");
        let ending = public.row.ending.expect("an ending");
        assert_eq!(ending.investigation.as_deref(), Some("市场监管部门登记信息显示该公司已注销。"));
        assert_eq!(public.retain_until.as_deref(), Some("2035-04-14"));
        world.assert_audit_clean().await;
    }

    /// A revocation names the authority's document, ends open reports, and bars the owner for three years to the day.
    async fn a_revocation_bars_the_owner_for_three_years(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, date!(2025 - 04 - 16));
        let project = world.project_registered().await;
        let report = world.report_in_publicity(&project).await;
        let operator = &world.operator;
        let refused = registry.project_revoke(&operator.on(day), &project, &notice("false_credits", "2025-04-15")).await;
        assert_eq!(codes(refused), ["no_credits_issued"]);
        let refused = registry.project_revoke(&operator.on(day), &project, &notice("falsified_data", "2025-04-17")).await;
        assert_eq!(codes(refused), ["day_in_future"]);
        let empty = codes(registry.project_revoke(&operator.on(day), &project, &Fields::new()).await);
        assert_eq!(empty, ["required", "reason_required", "required", "required", "required"]);
        registry.project_revoke(&operator.on(day), &project, &notice("falsified_data", "2025-04-15")).await.expect("revoke");
        assert_eq!(state(&world, &project, day).await, "revoked");
        assert_eq!(report_state(&world, &report, day).await, "terminated");
        let public = registry.public().project(project.as_str()).await.expect("public");
        let ending = public.row.ending.expect("an ending");
        assert_eq!((ending.kind.as_str(), ending.document_number.as_deref()), ("revoked", Some("演环罚〔2025〕1号")));
        let lost = registry.public().report(report.as_str()).await.expect("public");
        assert!(lost.timeline.iter().any(|entry| entry.act == "report_project_lost"));

        // another project of the owner
        let mut other = design(&world.validator);
        other.insert("name".to_owned(), "演示海上风电二期".to_owned());
        other.insert("archive_code".to_owned(), "PWS1812320699991L".to_owned());
        let other: ProjectId = registry.project_create(&world.owner.on(day), &other).await.expect("create").id.into();
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        registry.project_request_mandate(&world.owner.on(day), &other, &none).await.expect("ask");
        registry.project_confirm_mandate(&world.validator.on(day), &other, &fields(&[("contract", "DEMO"), ("impartiality", "yes")])).await.expect("confirm");
        for (day, barred) in [(day, true), (date!(2028 - 04 - 15), true), (date!(2028 - 04 - 16), false)] {
            let answer = match registry.project_request_publicity(&world.owner.on(day), &other, &yes).await {
                Err(registry::Error::Refused(refusals)) => refusals,
                _ => Vec::new(),
            };
            let bar = answer.iter().find(|refusal| refusal.code == "owner_barred");
            assert_eq!(bar.is_some(), barred, "{day}: {answer:?}");
            assert!(bar.is_none_or(|bar| bar.param("until") == Some("2028-04-16")));
        }
        let bans = registry.project_get(&world.owner.on(day), &other).await.expect("get").ends.bans;
        assert_eq!((bans.len(), bans[0].free_on.as_deref(), bans[0].in_force), (1, Some("2028-04-16"), true));
        world.assert_audit_clean().await;
    }

    /// With credits issued on false data the bar has no end, and it also stops the reductions of other projects (R11).
    async fn a_revocation_with_issued_credits_bars_for_good(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, ISSUED);
        let (class, _) = world.credits_issued().await;
        let project: ProjectId = registry.public().class(class.as_str()).await.expect("class").project.into();
        let other = world.project_registered().await;
        let report: ReportId = registry
            .report_create(&world.owner.on(day), &other, &monitoring(&world.verifier)).await.expect("create").id.into();
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        registry.report_request_mandate(&world.owner.on(day), &report, &none).await.expect("ask");
        registry.report_confirm_mandate(&world.verifier.on(day), &report, &fields(&[("contract", "DEMO"), ("impartiality", "yes")])).await.expect("confirm");
        registry.project_revoke(&world.operator.on(day), &project, &notice("false_credits", "2025-06-02")).await.expect("revoke");
        let late = date!(2026 - 06 - 02);
        let refused = codes(registry.report_request_publicity(&world.owner.on(late), &report, &yes).await);
        assert!(refused.contains(&"owner_barred_for_good".to_owned()), "{refused:?}");
        let bans = registry.project_get(&world.operator.on(day), &project).await.expect("get").ends.bans;
        assert_eq!((bans[0].free_on.as_deref(), bans[0].ground.as_str()), (None, "false_credits"));
        let validator = registry.project_get(&world.validator.on(day), &project).await.expect("get");
        assert!(validator.ends.bans.is_empty(), "a body does not see the owner's bars");
        world.assert_audit_clean().await;
    }

    /// The crediting period ends by its date: on the page at once, in the records by the background work, and again after a refused
    /// request to cancel.
    async fn the_crediting_period_ends_by_its_date(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_registered().await;
        let end = registry.project_get(&world.owner.on(REGISTERED), &project).await.expect("get").crediting_end.expect("an end");
        let last = domain::text::date("end", &end).expect("a day");
        let next = last.next_day().expect("a day");
        assert_eq!(state(&world, &project, last).await, "registered");
        assert_eq!(state(&world, &project, next).await, "expired", "the page does not wait for the background work");
        assert_eq!(registry.clock_tick(noon(next)).await.expect("tick").expired, 1);
        assert_eq!(registry.clock_tick(noon(next)).await.expect("tick").expired, 0);
        registry.project_request_deregistration(&world.owner.on(next), &project, &request()).await.expect("ask");
        registry.project_refuse_deregistration(&world.operator.on(next), &project, &why()).await.expect("refuse");
        assert_eq!(registry.clock_tick(noon(next)).await.expect("tick").expired, 1);
        assert_eq!(state(&world, &project, next).await, "expired");
        world.assert_audit_clean().await;
    }

    /// A pause over New Year counts the make-up Sunday and not the holidays; one that reaches a year without a calendar is not counted as
    /// nothing: the review cannot go on before the year is known.
    async fn a_pause_is_counted_in_working_days_and_never_guessed(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_applied().await;
        let (operator, none) = (&world.operator, Fields::new());
        registry.project_return_registration(&operator.on(AFTER_PUBLICITY), &project, &why()).await.expect("return");
        let yes = fields(&[("statement", "yes")]);
        registry.project_apply_registration(&world.owner.on(date!(2025 - 12 - 30)), &project, &yes).await.expect("apply");
        registry.project_pause(&operator.on(date!(2025 - 12 - 31)), &project, &why()).await.expect("pause");
        registry.project_resume(&operator.on(date!(2026 - 01 - 05)), &project, &none).await.expect("resume");
        // Sunday the 4th works, Monday the 5th is lost too: 15 and 2 working days after 30 December
        let due = |view: registry::ProjectView| view.row.turn.due_on;
        let seen = registry.project_get(&operator.on(date!(2026 - 01 - 05)), &project).await.expect("get");
        let expected = domain::Calendar::embedded().add_working_days(date!(2025 - 12 - 30), 17).expect("known");
        assert_eq!(due(seen), Some(expected.to_string()));

        registry.project_pause(&operator.on(date!(2026 - 12 - 30)), &project, &why()).await.expect("pause");
        let Err(registry::Error::Refused(refused)) = registry.project_resume(&operator.on(date!(2027 - 01 - 05)), &project, &none).await
        else {
            panic!("2027 is not published");
        };
        assert_eq!((refused[0].code, refused[0].param("year")), ("calendar_year_unpublished", Some("2027")));
        assert_eq!(state(&world, &project, date!(2027 - 01 - 05)).await, "registration_paused");
        world.assert_audit_clean().await;
    }
}
