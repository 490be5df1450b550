//! A body's desk: what a positive report needs, findings that both sides close, ties that keep a body away, and who sees what of it.

use domain::engagement::{FindingKind, FindingState};
use domain::id::{ProjectId, ReportId};
use domain::{Act, Role};
use registry::{EngagementView, Fields, RecordKind, Registry};
use time::macros::date;

use crate::acts::perform;
use crate::harness::*;

const PROJECT: RecordKind = RecordKind::Project;

/// Everything that a validator of a project lacks before it has done anything.
const ALL_MISSING: [&str; 7] = [
    "team_too_small",
    "team_not_competent",
    "team_leader_missing",
    "sites_not_counted",
    "reviewer_missing",
    "decision_maker_missing",
    "document_review_missing",
];

fn finding(kind: &str, place: &str, text: &str) -> Fields {
    fields(&[("kind", kind), ("place", place), ("text", text)])
}

async fn raise(world: &World, project: &ProjectId, kind: &str, text: &str) -> String {
    let form = finding(kind, "", text);
    world
        .registry
        .finding_raise(
            &world.validator.on(AFTER_PUBLICITY),
            PROJECT,
            project.as_str(),
            &form,
        )
        .await
        .expect("raise")
        .id
}

async fn seen(registry: &Registry, viewer: &Actor, project: &ProjectId) -> EngagementView {
    registry
        .engagement_get(&viewer.on(AFTER_PUBLICITY), PROJECT, project.as_str())
        .await
        .expect("the desk")
}

pub fn tie(body: &Actor, uscc: &str) -> Fields {
    fields(&[
        ("vvb", body.organisation.as_str()),
        ("uscc", uscc),
        ("company", "演示海上风电有限公司"),
        ("kind", "assets"),
        ("since", "2025-01-01"),
        ("source", "演示公告 1 号"),
    ])
}

/// The owner's credit code, as the registry knows it.
pub async fn code_of(world: &World, owner: &Actor) -> String {
    let known = world
        .registry
        .organisation_get(&owner.on(DAY_ONE), &owner.organisation)
        .await;
    known.expect("the organisation").uscc
}

both_databases! {
    async fn a_positive_report_waits_for_the_whole_work_and_names_what_is_missing(database) {
        let world = World::new(database).await;
        let (registry, by) = (&world.registry, &world.validator);
        let project = world.project_not_examined().await;
        let day = AFTER_PUBLICITY;
        let validation = world.validation(&project).await;
        let validate = async || codes(registry.project_validate(&by.on(day), &project, &validation).await);
        assert_eq!(validate().await, ALL_MISSING);
        let view = seen(registry, by, &project).await;
        assert!(view.at_work && view.may_change && view.impartial_at.is_some());
        assert_eq!(view.missing.iter().map(|one| one.code).collect::<Vec<_>>(), ALL_MISSING);

        desk_work(registry, by, PROJECT, project.as_str(), date!(2025 - 03 - 10)).await;
        let request = raise(&world, &project, "request", "装机容量与核准文件不一致。").await;
        let observation = raise(&world, &project, "observation", "电能表校准证书将于明年到期。").await;
        assert_eq!(validate().await, ["requests_open"], "an observation keeps nobody waiting");
        let answer = fields(&[("answer", "核准文件为 500 MW。"), ("corrected", "500"), ("evidence", "机密证据编号")]);
        registry.finding_answer(&world.owner.on(day), &request, &answer).await.expect("answer");
        assert_eq!(validate().await, ["requests_open"], "the owner alone closes nothing");
        registry.finding_close(&by.on(day), &request, &Fields::new()).await.expect("close");

        // nothing of it is public before the report
        registry.clock_tick(noon(day)).await.expect("tick");
        assert_eq!(registry.public().engagement(project.as_str()).await.expect("read"), None);
        assert_eq!(registry.project_validate(&by.on(day), &project, &validation).await.expect("validate").state, "validated");
        let public = registry.public().engagement(project.as_str()).await.expect("read").expect("public with the report");
        assert_eq!((public.members.len(), public.visits.len(), public.requests, public.observations, public.open), (2, 1, 1, 1, 1));
        assert_eq!(public.closed.len(), 1);
        assert_eq!(public.closed[0].steps[0].corrected.as_deref(), Some("500"));
        let text = serde_json::to_string(&public).expect("JSON");
        assert!(text.contains("装机容量与核准文件不一致。") && text.contains("演示复核人"));
        for hidden in ["机密证据编号", "电能表校准证书将于明年到期。", &observation] {
            assert!(!text.contains(hidden), "{hidden} is not public");
        }
        // and the desk is closed with the report
        let late = registry.finding_raise(&by.on(day), PROJECT, project.as_str(), &finding("request", "", "晚了")).await;
        assert_eq!(codes(late), ["engagement_not_at_work"]);
        let late = registry.finding_answer(&world.owner.on(day), &observation, &answer).await;
        assert_eq!(codes(late), ["engagement_not_at_work"]);
        world.assert_audit_clean().await;
    }

    async fn a_negative_report_needs_no_finished_work(database) {
        let world = World::new(database).await;
        let project = world.project_not_examined().await;
        raise(&world, &project, "request", "业主未提供资料。").await;
        let negative = fields(&[("report", "不符合。"), ("commitment", "yes")]);
        let ended = world.registry.project_reject(&world.validator.on(AFTER_PUBLICITY), &project, &negative).await;
        assert_eq!(ended.expect("reject").state, "terminated");
        let public = world.registry.public().engagement(project.as_str()).await.expect("read").expect("public");
        assert_eq!((public.requests, public.open, public.closed.len()), (1, 1, 0), "an open request is counted, not shown");
    }

    async fn a_finding_goes_back_and_forth_and_is_closed_by_both_only(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_PUBLICITY);
        let (owner, body) = (&world.owner, &world.validator);
        let project = world.project_in_publicity().await;
        let request = raise(&world, &project, "request", "请说明。").await;
        let answer = fields(&[("answer", "说明如下。")]);
        let why = fields(&[("reason", "没有回答问题。")]);
        let none = Fields::new();
        assert_eq!(codes(registry.finding_close(&body.on(day), &request, &none).await), ["finding_does_not_allow"]);
        assert_eq!(codes(registry.finding_return(&body.on(day), &request, &why).await), ["finding_does_not_allow"]);
        assert_eq!(codes(registry.finding_answer(&owner.on(day), &request, &none).await), ["required"]);
        assert_eq!(codes(registry.finding_answer(&body.on(day), &request, &answer).await), ["forbidden"]);
        assert_eq!(codes(registry.finding_close(&owner.on(day), &request, &none).await), ["forbidden"]);
        registry.finding_answer(&owner.on(day), &request, &answer).await.expect("answer");
        assert_eq!(codes(registry.finding_answer(&owner.on(day), &request, &answer).await), ["finding_does_not_allow"]);
        assert_eq!(codes(registry.finding_return(&body.on(day), &request, &none).await), ["reason_required"]);
        registry.finding_return(&body.on(day), &request, &why).await.expect("send back");
        assert_eq!(seen(registry, owner, &project).await.waiting_for_owner(), 1);
        registry.finding_answer(&owner.on(day), &request, &answer).await.expect("answer again");
        assert_eq!(seen(registry, owner, &project).await.waiting_for_body(), 1);
        let remark = fields(&[("remark", "已核对原件。")]);
        registry.finding_close(&body.on(day), &request, &remark).await.expect("close");
        let found = seen(registry, owner, &project).await.findings.remove(0);
        assert_eq!((found.number, found.kind, found.state), (1, FindingKind::Request, FindingState::Closed));
        let events: Vec<_> = found.steps.iter().map(|step| step.event.as_str()).collect();
        assert_eq!(events, ["answer", "return", "answer", "close"]);
        for again in [
            registry.finding_close(&body.on(day), &request, &none).await,
            registry.finding_answer(&owner.on(day), &request, &answer).await,
        ] {
            assert_eq!(codes(again), ["finding_does_not_allow"]);
        }
        // the database itself keeps what was said
        let mut raw = world.database.raw().await;
        for sql in ["DELETE FROM finding_step", "UPDATE finding_step SET body = 'x'", "DELETE FROM finding"] {
            let refused = sqlx::query(sql).execute(&mut raw).await;
            assert!(refused.is_err_and(|error| error.to_string().contains("never_")), "{sql}");
        }
        let alone = sqlx::query("UPDATE finding SET answered_at = NULL").execute(&mut raw).await;
        assert!(alone.is_err_and(|error| error.to_string().contains("finding_closed_by_both")));
        world.assert_audit_clean().await;
    }

    async fn what_is_typed_wrong_is_refused_at_its_field(database) {
        let world = World::new(database).await;
        let (registry, by, day) = (&world.registry, &world.validator, date!(2025 - 03 - 10));
        let project = world.project_not_examined().await;
        let id = project.as_str();
        for (field, value, expected) in [
            ("document_reviewed_on", "2025-03-11", "day_ahead"),
            ("document_reviewed_on", "2025-03-02", "day_before_mandate"),
            ("document_reviewed_on", "yesterday", "date_invalid"),
            ("sites_total", "0", "number_out_of_range"),
            ("sites_total", "five", "number_out_of_range"),
            ("reviewer", &"长".repeat(101), "text_too_long"),
        ] {
            let answer = registry.engagement_save(&by.on(day), PROJECT, id, &fields(&[(field, value)])).await;
            assert_eq!(codes(answer), [expected], "{field} {value}");
        }
        let member = fields(&[("name", "甲"), ("duty", "leader"), ("full_time", "yes"), ("sectors.energy", "yes")]);
        let leader = registry.engagement_member_add(&by.on(day), PROJECT, id, &member).await.expect("member").id;
        for (form, expected) in [
            (fields(&[]), vec!["required", "required"]),
            (fields(&[("name", " 甲 "), ("duty", "member")]), vec!["member_twice"]),
            (fields(&[("name", "乙"), ("duty", "king")]), vec!["choice_invalid"]),
        ] {
            assert_eq!(codes(registry.engagement_member_add(&by.on(day), PROJECT, id, &form).await), expected);
        }
        let persons = format!("persons.{leader}");
        for (form, expected) in [
            (fields(&[]), vec!["required", "required", "required"]),
            (fields(&[("site", "风场"), ("visited_on", "2025-03-05"), ("persons.somebody", "yes")]), vec!["required"]),
            (fields(&[("site", "风场"), ("visited_on", "2025-03-12"), (&persons, "yes")]), vec!["day_ahead"]),
            (fields(&[("site", "风场"), ("visited_on", "2025-03-01"), (&persons, "yes")]), vec!["day_before_mandate"]),
        ] {
            assert_eq!(codes(registry.engagement_visit_add(&by.on(day), PROJECT, id, &form).await), expected);
        }
        for (form, expected) in [
            (finding("", "", ""), vec!["required", "required"]),
            (finding("remark", "", "x"), vec!["choice_invalid"]),
            (finding("request", "field:csrf", "x"), vec!["choice_invalid"]),
            (finding("request", "field:lines.0.to", "x"), vec!["choice_invalid"]),
            (finding("request", "attachment:nothing", "x"), vec!["choice_invalid"]),
            (finding("request", "somewhere", "x"), vec!["choice_invalid"]),
        ] {
            assert_eq!(codes(registry.finding_raise(&by.on(day), PROJECT, id, &form).await), expected);
        }
        assert!(seen(registry, by, &project).await.findings.is_empty());
        registry.finding_raise(&by.on(day), PROJECT, id, &finding("request", "field:capacity_mw", "x")).await.expect("a field of the document");
        assert_eq!(seen(registry, by, &project).await.findings[0].field.as_deref(), Some("capacity_mw"));
    }

    async fn nobody_else_sees_or_touches_a_desk(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, AFTER_PUBLICITY);
        let project = world.project_in_publicity().await;
        let request = raise(&world, &project, "request", "请说明。").await;
        let view = seen(registry, &world.validator, &project).await;
        let (member, visit) = (view.members[0].id.clone(), view.visits[0].id.clone());
        // another owner, a body without the mandate, an organiser
        let other = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        for stranger in [&other, &world.verifier, &world.organiser] {
            let by = stranger.on(day);
            assert_eq!(codes(registry.engagement_get(&by, PROJECT, project.as_str()).await), ["not found"]);
            // the record under the other kind is not found either
            assert_eq!(codes(registry.engagement_get(&by, RecordKind::Report, project.as_str()).await), ["not found"]);
            for (act, about) in [
                (Act::EngagementSave, project.as_str()),
                (Act::EngagementMemberAdd, project.as_str()),
                (Act::EngagementMemberRemove, &member),
                (Act::EngagementVisitAdd, project.as_str()),
                (Act::EngagementVisitRemove, &visit),
                (Act::FindingRaise, project.as_str()),
                (Act::FindingAnswer, &request),
                (Act::FindingClose, &request),
                (Act::FindingReturn, &request),
            ] {
                let expected = if act.roles().allows(Some(stranger.role)) { "not found" } else { "forbidden" };
                let refused = perform(registry, act, &stranger.on(day), about, &Fields::new()).await;
                assert_eq!(codes(refused), [expected], "{} by {}", act.name(), stranger.role.code());
            }
        }
        // the parties see it; how to reach the people of the team is for the body and the registry
        let contact = fields(&[("name", "联系人"), ("duty", "expert"), ("contact", "13800000000")]);
        registry.engagement_member_add(&world.validator.on(day), PROJECT, project.as_str(), &contact).await.expect("member");
        for (viewer, sees) in [(&world.owner, false), (&world.validator, true), (&world.operator, true)] {
            let text = serde_json::to_string(&seen(registry, viewer, &project).await).expect("JSON");
            assert_eq!(text.contains("13800000000"), sees, "{}", viewer.role.code());
        }
        let validation = world.validation(&project).await;
        let answer = fields(&[("answer", "说明。")]);
        registry.finding_answer(&world.owner.on(day), &request, &answer).await.expect("answer");
        registry.finding_close(&world.validator.on(day), &request, &Fields::new()).await.expect("close");
        registry.project_validate(&world.validator.on(day), &project, &validation).await.expect("validate");
        let public = registry.public().engagement(project.as_str()).await.expect("read").expect("public");
        assert!(!serde_json::to_string(&public).expect("JSON").contains("13800000000"));
        world.assert_audit_clean().await;
    }

    async fn a_mandate_is_taken_with_a_statement_of_impartiality_only(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_drafted(DAY_ONE).await;
        registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &Fields::new()).await.expect("ask");
        for (form, expected) in [
            (fields(&[("contract", "DEMO")]), vec!["statement_required"]),
            (fields(&[("impartiality", "no")]), vec!["required", "statement_required"]),
        ] {
            assert_eq!(codes(registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &form).await), expected);
        }
        let form = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &form).await.expect("confirm");
        assert_eq!(seen(registry, &world.owner, &project).await.impartial_at, Some(noon(DAY_ONE)));
    }

    async fn a_known_tie_keeps_a_body_from_the_mandate_and_from_its_report(database) {
        let world = World::new(database).await;
        let (registry, none) = (&world.registry, Fields::new());
        let code = code_of(&world, &world.owner).await;
        let own = tie(&world.validator, &code);
        for (actor, expected) in [(&world.owner, "forbidden"), (&world.organiser, "forbidden")] {
            assert_eq!(codes(registry.tie_add(&actor.on(DAY_ONE), &own).await), [expected]);
            assert_eq!(codes(registry.tie_list(&actor.on(DAY_ONE)).await), [expected]);
        }
        assert_eq!(codes(registry.tie_add(&world.operator.on(DAY_ONE), &none).await), ["uscc_invalid", "required", "required", "required", "required"]);
        let mut nobody = own.clone();
        nobody.insert("vvb".to_owned(), world.owner.organisation.to_string());
        assert_eq!(codes(registry.tie_add(&world.operator.on(DAY_ONE), &nobody).await), ["choice_invalid"]);
        let mut backwards = own.clone();
        backwards.insert("until".to_owned(), "2024-12-31".to_owned());
        assert_eq!(codes(registry.tie_add(&world.operator.on(DAY_ONE), &backwards).await), ["end_before_start"]);

        // a project that was asked for before the tie is known: refused at the mandate, and at asking anew
        let project = world.project_drafted(DAY_ONE).await;
        registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &none).await.expect("ask");
        let entered = registry.tie_add(&world.operator.on(DAY_ONE), &own).await.expect("a tie").id;
        let confirm = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        let refused = registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &confirm).await;
        assert_eq!(codes(refused), ["vvb_not_independent"]);
        let other = world.project_drafted(DAY_ONE).await;
        let refused = registry.project_request_mandate(&world.owner.on(DAY_ONE), &other, &none).await;
        assert_eq!(codes(refused), ["vvb_not_independent"]);

        // the body sees it and cannot end what the registry has entered; another body does not see it
        let list = registry.tie_list(&world.validator.on(DAY_ONE)).await.expect("list");
        assert_eq!((list.len(), list[0].may_end, list[0].uscc.as_str()), (1, false, code.as_str()));
        assert!(registry.tie_list(&world.verifier.on(DAY_ONE)).await.expect("list").is_empty());
        let end = fields(&[("until", "2025-03-02"), ("reason", "股份已转让")]);
        for body in [&world.validator, &world.verifier] {
            assert_eq!(codes(registry.tie_end(&body.on(DAY_ONE), &entered, &end).await), ["not found"]);
        }
        let early = fields(&[("until", "2024-12-31"), ("reason", "x")]);
        assert_eq!(codes(registry.tie_end(&world.operator.on(DAY_ONE), &entered, &early).await), ["end_before_start"]);
        registry.tie_end(&world.operator.on(DAY_ONE), &entered, &end).await.expect("ended");
        assert_eq!(codes(registry.tie_end(&world.operator.on(DAY_ONE), &entered, &end).await), ["stale_form"]);
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &confirm).await.expect("no longer tied");
        world.assert_audit_clean().await;
    }

    async fn a_tie_during_the_work_stops_the_report_and_one_after_it_does_not(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let code = code_of(&world, &world.owner).await;
        let (during, after) = (world.project_in_publicity().await, world.project_in_publicity().await);
        let validation = world.validation(&after).await;
        registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &after, &validation).await.expect("before the tie");
        // a body enters its own tie, whatever body the form names
        let mut form = tie(&world.verifier, &code);
        form.insert("since".to_owned(), AFTER_PUBLICITY.to_string());
        registry.tie_add(&world.validator.on(AFTER_PUBLICITY), &form).await.expect("its own tie");
        assert_eq!(registry.tie_list(&world.validator.on(AFTER_PUBLICITY)).await.expect("list").len(), 1);
        let validation = world.validation(&during).await;
        let refused = codes(registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &during, &validation).await);
        assert!(refused.contains(&"vvb_not_independent".to_owned()), "{refused:?}");
        let statement = fields(&[("statement", "yes")]);
        registry.project_apply_registration(&world.owner.on(AFTER_PUBLICITY), &after, &statement).await.expect("the report stands");
        registry.project_register(&world.operator.on(REGISTERED), &after, &Fields::new()).await.expect("register");
    }

    async fn open_observations_go_to_the_next_verification_once(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_in_publicity().await;
        let day = AFTER_PUBLICITY;
        let settled = raise(&world, &project, "observation", "已解决的观察项。").await;
        let open = raise(&world, &project, "observation", "电能表校准证书将于明年到期。").await;
        let answer = fields(&[("answer", "将按期校准。"), ("evidence", "机密证据")]);
        for finding in [&settled, &open] {
            registry.finding_answer(&world.owner.on(day), finding, &answer).await.expect("answer");
        }
        registry.finding_close(&world.validator.on(day), &settled, &Fields::new()).await.expect("close");
        let validation = world.validation(&project).await;
        registry.project_validate(&world.validator.on(day), &project, &validation).await.expect("validate");
        registry.project_apply_registration(&world.owner.on(day), &project, &fields(&[("statement", "yes")])).await.expect("apply");
        registry.project_register(&world.operator.on(REGISTERED), &project, &Fields::new()).await.expect("register");

        let desk_of = async |report: &ReportId| {
            registry.engagement_get(&world.verifier.on(AFTER_REPORT), RecordKind::Report, report.as_str()).await.expect("the desk")
        };
        let first = world.report_in_publicity(&project).await;
        let mut desk = desk_of(&first).await;
        assert_eq!(desk.findings.len(), 1, "the closed one stays where it was");
        let carried = desk.findings.remove(0);
        assert_eq!((carried.text.as_str(), carried.carried, carried.state), ("电能表校准证书将于明年到期。", true, FindingState::Raised));
        assert_eq!(carried.earlier.len(), 1);
        assert_eq!((carried.earlier[0].text.as_str(), carried.earlier[0].evidence.as_deref()), ("将按期校准。", None));
        // the verifier has no door to the validator's own finding
        assert_eq!(codes(registry.finding_close(&world.verifier.on(AFTER_REPORT), &open, &Fields::new()).await), ["not found"]);
        let negative = fields(&[("report", "不符合。"), ("commitment", "yes")]);
        registry.report_reject(&world.verifier.on(AFTER_REPORT), &first, &negative).await.expect("reject");

        // the next verification gets it from the last one, with everything that was said, and only once
        let second = world.report_in_publicity(&project).await;
        let desk = desk_of(&second).await;
        assert_eq!((desk.findings.len(), desk.findings[0].earlier.len()), (1, 1));
        let number = desk.findings[0].id.clone();
        registry.finding_answer(&world.owner.on(AFTER_REPORT), &number, &answer).await.expect("answer");
        registry.finding_close(&world.verifier.on(AFTER_REPORT), &number, &Fields::new()).await.expect("close");
        world.assert_audit_clean().await;
    }
}
