//! What is refused: by role, by ownership, by state, by each guard, and what is typed wrong.

use std::collections::BTreeSet;

use domain::id::ReportId;
use domain::{Act, Role};
use registry::{Fields, RecordKind, Visitor};
use time::macros::date;

use crate::acts::{ELSEWHERE, perform};
use crate::harness::*;

both_databases! {
    /// Every act with a session, tried by each role that the table of acts does not name, and by strangers of the right role.
    async fn nobody_does_what_is_not_theirs(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let report = world.report_in_publicity(&project).await;
        let registry = &world.registry;
        let visitor = Visitor { at: noon(date!(2025 - 04 - 16)), key: key() };
        let comment = fields(&[("author", "某人"), ("text", "意见")]);
        let opinion = registry.opinion_submit(&visitor, RecordKind::Report, report.as_str(), &comment).await.expect("opinion").id;
        let strangers = [
            sign_up(registry, "别的业主", Role::ProjectOwner).await,
            Actor { organisation: "another-vvb".into(), ..world.verifier.clone() },
        ];
        let form = fields(&[
            ("reason", "理由"), ("reply", "答复"), ("methodology", "CCER-01-002-V01"), ("contract", "1"), ("impartiality", "yes"), ("report", "x"), ("commitment", "yes"),
            // what acts about events read before they look for the event
            ("name", "演示会议"), ("kind", "meeting"), ("starts_on", "2025-06-20"), ("ends_on", "2025-06-21"), ("province", "湖北"), ("city", "武汉"), ("people", "50"), ("stages.hold", "yes"),
            ("line.stage", "hold"), ("line.activity", "柴油发电机"), ("line.quantity", "1"), ("line.unit", "l"), ("line.factor", "diesel_l"), ("line.quality", "invoiced"), ("attendees", "reference,mode,origin,km,nights,meals\nR1,metro,,12,0,1\n"), ("statement", "yes"), ("evaluation", "self"), ("evaluation_text", "声明"), ("opinion", "意见"), ("classes.electricity", "yes"), ("decision", "decline"), ("line", "x"), ("subject", "lodging"), ("counts", "both"), ("lines", "x"),
        ]);
        let before = registry.audit().await.expect("audit").acts;
        let day = date!(2025 - 04 - 16);
        let mut tried = 0;
        for act in Act::ALL.iter().filter(|act| !ELSEWHERE.contains(act)) {
            let about = match act.name() {
                name if name.starts_with("opinion") => opinion.as_str(),
                name if name.starts_with("project") || name == "report_create" => project.as_str(),
                "engagement_save" | "engagement_member_add" | "engagement_visit_add" | "finding_raise" => project.as_str(),
                _ => report.as_str(),
            };
            for actor in [&world.owner, &world.verifier, &world.operator, &world.organiser] {
                if !act.roles().allows(Some(actor.role)) {
                    assert_eq!(codes(perform(registry, *act, &actor.on(day), about, &form).await), ["forbidden"], "{}", act.name());
                    tried += 1;
                }
            }
            let holds = matches!(act, Act::ClaimEnter | Act::EventCreate | Act::NeutralCreate | Act::CreditsMove | Act::BeneficiaryAdd | Act::CreditsRetireMany | Act::CreditsOffer | Act::CreditsOffset | Act::CreditsFreeze | Act::CreditsSuspend | Act::CreditsAssign | Act::CreditsTransfer | Act::CreditsRetire | Act::AccountApply | Act::AccountChange | Act::AccountRequestRestore | Act::AccountRequestClosing | Act::MemberInvite | Act::ProjectCreate | Act::TieAdd | Act::ExpertAdd | Act::ParametersPropose | Act::RulePropose);
            for stranger in strangers.iter().filter(|stranger| !holds && act.roles().allows(Some(stranger.role))) {
                assert_eq!(codes(perform(registry, *act, &stranger.on(day), about, &form).await), ["not found"], "{}", act.name());
                tried += 1;
            }
            // What is not there and what is somebody else's look the same.
            if !holds {
                let someone = [&world.owner, &world.verifier, &world.operator].into_iter().find(|actor| act.roles().allows(Some(actor.role)));
                let someone = someone.expect("some role may do it");
                assert_eq!(codes(perform(registry, *act, &someone.on(day), "nothing\u{0}", &form).await), ["not found"], "{}", act.name());
            }
        }
        assert!(tried > 100, "{tried}");
        assert_eq!(registry.audit().await.expect("audit").acts, before, "a refused act leaves no entry");
        for stranger in &strangers {
            assert_eq!(codes(registry.project_get(&stranger.on(day), &project).await), ["not found"]);
            assert_eq!(codes(registry.report_get(&stranger.on(day), &report).await), ["not found"]);
            assert_eq!(codes(registry.opinion_get(&stranger.on(day), &opinion).await), ["not found"]);
            assert!(registry.project_list(&stranger.on(day), &registry::ListFilter::default()).await.expect("list").rows.is_empty());
        }
        assert_eq!(codes(registry.organisation_get(&strangers[0].on(day), &world.owner.organisation).await), ["not found"]);
    }

    /// Each guard of the document, by one field that breaks it; nothing of the refused request is kept.
    async fn a_document_that_breaks_a_rule_is_not_published(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        let project = world.project_drafted(DAY_ONE).await;
        registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &contract).await.expect("confirm");
        let good = design(&world.validator);
        let mut revision = 3;
        let broken = [
            ("name", "", "required"),
            ("construction_start", "2012-11-08", "commenced_too_early"),
            ("construction_start", "昨天", "date_invalid"),
            ("crediting_to", "2022-09-30", "end_before_start"),
            ("crediting_to", "2033-10-01", "crediting_period_too_long"),
            ("legally_obliged", "yes", "legally_obliged"),
            ("in_emissions_trading", "yes", "under_quota_management"),
            ("in_other_mechanism", "yes", "not_unique"),
            ("green_certificate_choice", "certificates", "green_certificates_chosen"),
            ("longitude", "22.500000", "coordinates_swapped"),
            ("export_mwh_per_year", "-1", "number_out_of_range"),
        ];
        for (field, value, code) in broken {
            let mut form = fields(&[(field, value)]);
            if code == "coordinates_swapped" {
                form.insert("latitude".to_owned(), "116.100000".to_owned());
            }
            revision = registry.project_save(&world.owner.on(DAY_ONE), &project, revision, &form).await.expect(field).revision;
            let refused = codes(registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await);
            assert!(refused.iter().any(|found| found == code || (field.starts_with("export") && found.starts_with("number"))), "{field} = {value}: {refused:?}");
            let view = registry.project_get(&world.owner.on(DAY_ONE), &project).await.expect("get");
            assert_eq!((view.row.state.as_str(), view.row.revision, view.calculations.len()), ("vvb_confirmed", revision, 0));
            assert!(!view.open_points.is_empty());
            let back: Fields = form.keys().map(|name| (name.clone(), good[name].clone())).collect();
            revision = registry.project_save(&world.owner.on(DAY_ONE), &project, revision, &back).await.expect(field).revision;
        }
        // Without the statement; with an old form; with the validator changed behind its back.
        assert_eq!(codes(registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &none).await), ["statement_required"]);
        let stale = registry.project_save(&world.owner.on(DAY_ONE), &project, revision - 1, &fields(&[("name", "x")])).await;
        assert_eq!(codes(stale), ["stale_form"]);
        let other = fields(&[("validator", world.verifier.organisation.as_str())]);
        assert_eq!(codes(registry.project_save(&world.owner.on(DAY_ONE), &project, revision, &other).await), ["vvb_locked"]);
        registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await.expect("complete now");
        assert_eq!(codes(registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await), ["state_does_not_allow"]);
        assert_eq!(codes(registry.project_return(&world.operator.on(DAY_ONE), &project, &none).await), ["reason_required"]);
        // A window that reaches a year without a published calendar names the year.
        let refused = registry.project_approve_publicity(&world.operator.on(date!(2026 - 12 - 14)), &project, &none).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!((refused[0].code, refused[0].param("year")), ("calendar_year_unpublished", Some("2027")));
        registry.project_approve_publicity(&world.operator.on(date!(2026 - 11 - 30)), &project, &none).await.expect("in time");
    }

    async fn a_body_without_approval_gets_no_mandate(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let early = date!(2024 - 06 - 13);
        let project = world.project_drafted(early).await;
        let none = Fields::new();
        assert_eq!(codes(registry.project_request_mandate(&world.owner.on(early), &project, &none).await), ["vvb_not_approved"]);
        let choices = registry.vvb_choices(domain::Sector::Energy, early).await.expect("choices");
        assert!(choices.iter().all(|choice| !choice.approved) && choices.len() == 2);
        registry.project_request_mandate(&world.owner.on(date!(2024 - 06 - 14)), &project, &none).await.expect("from that day on");
        let choices = registry.vvb_choices(domain::Sector::Transport, DAY_ONE).await.expect("choices");
        assert!(choices.is_empty());
    }

    /// Validator is not verifier, amounts are those of the calculation, periods do not overlap and are not too old.
    async fn a_report_that_breaks_a_rule_is_not_published(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_registered().await;
        let day = REGISTERED;
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        let draft = monitoring(&world.validator);
        let report = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("create").id.into();
        assert_eq!(codes(registry.report_request_mandate(&world.owner.on(day), &report, &none).await), ["verifier_is_validator"]);

        let first = world.report_in_publicity(&project).await;
        let view = registry.report_get(&world.verifier.on(AFTER_REPORT), &first).await.expect("get");
        let outcome = &view.calculations[0].outcome;
        let mut verification = report_fields(outcome);
        let applied: i64 = verification["amounts.1.tonnes"].parse().expect("tonnes");
        verification.insert("amounts.1.tonnes".to_owned(), (applied - 1).to_string());
        let refused = registry.report_verify(&world.verifier.on(AFTER_REPORT), &first, &verification).await;
        assert_eq!(codes(refused), ["applied_differs_from_verified"]);
        verification.insert("amounts.1.tonnes".to_owned(), "many".to_owned());
        verification.remove("commitment");
        let refused = codes(registry.report_verify(&world.verifier.on(AFTER_REPORT), &first, &verification).await);
        assert_eq!(refused, ["statement_required", "number_not_a_number"]);
        assert!(registry.report_get(&world.owner.on(AFTER_REPORT), &first).await.expect("get").assessment.is_none());

        // A second report for the same months.
        let second = registry.report_create(&world.owner.on(AFTER_REPORT), &project, &monitoring(&world.verifier)).await.expect("create").id.into();
        registry.report_request_mandate(&world.owner.on(AFTER_REPORT), &second, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(AFTER_REPORT), &second, &contract).await.expect("confirm");
        let refused = codes(registry.report_request_publicity(&world.owner.on(AFTER_REPORT), &second, &yes).await);
        assert!(refused.contains(&"period_overlaps".to_owned()), "{refused:?}");
        // Nothing is issued before it is registered, and not twice.
        assert_eq!(codes(registry.report_issue(&world.operator.on(AFTER_REPORT), &first, &none).await), ["state_does_not_allow"]);
        world.assert_audit_clean().await;
    }

    /// The next year is handed in before the last one is registered: both arrive.
    async fn a_report_is_not_held_up_by_the_next_one(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_registered().await;
        let (none, yes, day) = (Fields::new(), fields(&[("statement", "yes")]), AFTER_REPORT);
        let first = world.report_in_publicity(&project).await;
        let mut draft = monitoring(&world.verifier);
        draft.retain(|name, _| !name.starts_with("lines.1."));
        draft.extend(fields(&[
            ("period_from", "2025-01-01"),
            ("period_to", "2025-03-31"),
            ("lines.0.from", "2025-01-01"),
            ("lines.0.to", "2025-03-31"),
            ("electricity_months", &months(&[(2025, 1, 3, &draft["lines.0.export_mwh"])])),
        ]));
        let second = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("create").id.into();
        registry.report_request_mandate(&world.owner.on(day), &second, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(day), &second, &contract).await.expect("confirm");
        registry.report_request_publicity(&world.owner.on(day), &second, &yes).await.expect("request");

        let view = registry.report_get(&world.verifier.on(day), &first).await.expect("get");
        let verification = report_fields(&view.calculations[0].outcome);
        registry.report_verify(&world.verifier.on(day), &first, &verification).await.expect("verify");
        registry.report_apply_registration(&world.owner.on(day), &first, &yes).await.expect("apply");
        registry.report_register(&world.operator.on(ISSUED), &first, &none).await.expect("register");
        registry.report_issue(&world.operator.on(ISSUED), &first, &none).await.expect("issue");
        world.assert_audit_clean().await;
    }

    /// A set named by hand reproduces an existing document; it cannot be used to gain tonnes.
    async fn a_named_factor_set_never_gives_more_than_the_rule_of_the_day(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_registered().await;
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        let (day, after) = (date!(2025 - 12 - 15), date!(2026 - 01 - 14));
        let mut draft = monitoring(&world.verifier);
        draft.insert("factor_choice".to_owned(), "named".to_owned());
        draft.insert("factor_set".to_owned(), "2019".to_owned());
        let report = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("create").id.into();
        registry.report_request_mandate(&world.owner.on(day), &report, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(day), &report, &contract).await.expect("confirm");
        registry.report_request_publicity(&world.owner.on(day), &report, &yes).await.expect("request");
        registry.report_approve_publicity(&world.operator.on(day), &report, &none).await.expect("approve");
        let view = registry.report_get(&world.verifier.on(after), &report).await.expect("get");
        let verification = report_fields(&view.calculations[0].outcome);
        let refused = registry.report_verify(&world.verifier.on(after), &report, &verification).await;
        assert_eq!(codes(refused), ["factor_set_too_high"]);
    }

    /// The set of 2026-01-13 comes between the request and the verification: the tonnes applied for are no longer right.
    async fn a_report_is_verified_with_the_factors_of_the_day_of_its_verification(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_registered().await;
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        let (day, after) = (date!(2025 - 12 - 15), date!(2026 - 01 - 14));
        let mut draft = monitoring(&world.verifier);
        draft.remove("factor_set");
        draft.insert("factor_choice".to_owned(), "by_rule".to_owned());
        let report = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("create").id.into();
        registry.report_request_mandate(&world.owner.on(day), &report, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(day), &report, &contract).await.expect("confirm");
        registry.report_request_publicity(&world.owner.on(day), &report, &yes).await.expect("request");
        registry.report_approve_publicity(&world.operator.on(day), &report, &none).await.expect("approve");
        let view = registry.report_get(&world.verifier.on(after), &report).await.expect("get");
        let verification = report_fields(&view.calculations[0].outcome);
        let refused = registry.report_verify(&world.verifier.on(after), &report, &verification).await;
        assert_eq!(codes(refused), ["factors_changed"]);
        let negative = fields(&[("report", "因子已更新。"), ("commitment", "yes")]);
        registry.report_reject(&world.verifier.on(after), &report, &negative).await.expect("reject");
        // Handed in anew it has the new factors, and the stored verification says of which day.
        let again: ReportId = registry.report_create(&world.owner.on(after), &project, &draft).await.expect("create").id.into();
        registry.report_request_mandate(&world.owner.on(after), &again, &none).await.expect("ask");
        registry.report_confirm_mandate(&world.verifier.on(after), &again, &contract).await.expect("confirm");
        registry.report_request_publicity(&world.owner.on(after), &again, &yes).await.expect("request");
        registry.report_approve_publicity(&world.operator.on(after), &again, &none).await.expect("approve");
        let later = date!(2026 - 03 - 02);
        let view = registry.report_get(&world.verifier.on(later), &again).await.expect("get");
        let renewed = report_fields(&view.calculations[0].outcome);
        assert_ne!(renewed["amounts.1.tonnes"], verification["amounts.1.tonnes"]);
        desk_work(registry, &world.verifier, RecordKind::Report, again.as_str(), date!(2026 - 02 - 10)).await;
        registry.report_verify(&world.verifier.on(later), &again, &renewed).await.expect("verify");
        let view = registry.report_get(&world.verifier.on(later), &again).await.expect("get");
        assert_eq!(view.calculations[1].input["as_of"], "2026-03-02");
        world.assert_audit_clean().await;
    }

    async fn an_opinion_is_heard_in_publicity_only_and_decided_once(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let draft = world.project_drafted(DAY_ONE).await;
        let comment = fields(&[("author", "某人"), ("text", "意见")]);
        let on = |day| Visitor { at: noon(day), key: key() };
        let hidden = registry.opinion_submit(&on(DAY_ONE), RecordKind::Project, draft.as_str(), &comment).await;
        assert_eq!(codes(hidden), ["not found"]);
        let project = world.project_in_publicity().await;
        let day = date!(2025 - 03 - 05);
        let empty = registry.opinion_submit(&on(day), RecordKind::Project, project.as_str(), &Fields::new()).await;
        assert_eq!(codes(empty), ["required", "required"]);
        let opinion = registry.opinion_submit(&on(day), RecordKind::Project, project.as_str(), &comment).await.expect("opinion").id;
        let validation = world.validation(&project).await;
        let refused = registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation).await;
        assert_eq!(codes(refused), ["opinions_undecided"]);
        registry.opinion_publish(&world.operator.on(day), &opinion).await.expect("publish");
        let again = registry.opinion_refuse(&world.operator.on(day), &opinion, &fields(&[("reason", "晚了")])).await;
        assert_eq!(codes(again), ["stale_form"]);
        let reply = fields(&[("reply", "答复")]);
        registry.opinion_reply(&world.owner.on(day), &opinion, &reply).await.expect("reply");
        assert_eq!(codes(registry.opinion_reply(&world.owner.on(day), &opinion, &reply).await), ["stale_form"]);
        let late = registry.opinion_submit(&on(AFTER_PUBLICITY), RecordKind::Project, project.as_str(), &comment).await;
        assert_eq!(codes(late), ["state_does_not_allow"]);
    }

    async fn quantities_and_receivers_typed_wrong_are_refused_at_their_fields(database) {
        let world = World::new(database).await;
        let (class, held) = world.credits_issued().await;
        let registry = &world.registry;
        let too_many = (held + 1).to_string();
        let mut wrong_digit = world.organiser.account.clone();
        let check = wrong_digit.pop().expect("a digit");
        wrong_digit.push(if check == '0' { '1' } else { '0' });
        for (to, quantity, expected) in [
            (world.organiser.account.as_str(), "", "required at quantity"),
            (&world.organiser.account, "0", "quantity_not_positive at quantity"),
            (&world.organiser.account, "-5", "quantity_not_positive at quantity"),
            (&world.organiser.account, "1.5", "quantity_not_whole at quantity"),
            (&world.organiser.account, "1,00", "number_ambiguous_separator at quantity"),
            (&world.organiser.account, "99999999999999999999", "number_too_many_digits at quantity"),
            (&world.organiser.account, "2000000000000", "quantity_out_of_range at quantity"),
            (&world.organiser.account, &too_many, "credits_insufficient at quantity"),
            (&world.owner.account, "5", "transfer_to_oneself at to"),
            (&wrong_digit, "5", "receiver_invalid at to"),
            (&world.validator.account, "5", "receiver_invalid at to"),
            ("", "5", "required at to"),
        ] {
            let form = fields(&[("to", to), ("quantity", quantity), ("class", class.as_str())]);
            let refused = registry.credits_transfer(&world.owner.on(ISSUED), &form).await;
            let Err(registry::Error::Refused(refused)) = refused else { panic!("{to} {quantity}: {refused:?}") };
            let shown = format!("{} at {}", refused[0].code, refused[0].field.as_deref().unwrap_or("-"));
            assert_eq!(shown, expected);
        }
        // Full-width digits are digits, and a class that is not held gives nothing.
        let wide = fields(&[("to", &world.organiser.account), ("quantity", "１０"), ("class", class.as_str())]);
        assert_eq!(registry.credits_transfer(&world.owner.on(ISSUED), &wide).await.expect("ten").quantity, 10);
        let unknown = fields(&[("quantity", "5"), ("class", "nothing"), ("purpose", "national_ets"), ("beneficiary", "x"), ("beneficiary_kind", "organisation")]);
        assert_eq!(codes(registry.credits_retire(&world.owner.on(ISSUED), &unknown).await), ["purpose_not_offered"]);
        let unknown = fields(&[("quantity", "5"), ("class", "nothing"), ("purpose", "voluntary"), ("beneficiary", "x"), ("beneficiary_kind", "organisation")]);
        assert_eq!(codes(registry.credits_retire(&world.owner.on(ISSUED), &unknown).await), ["credits_insufficient"]);
        let target = registry.account_lookup(&world.owner.on(ISSUED), &world.organiser.account.replace('-', "")).await.expect("account");
        assert_eq!((target.name.as_str(), target.may_hold_credits), ("演示赛事组委会", true));
        world.assert_audit_clean().await;
    }

    /// Dates move records once, each step entered under its own key, by the tick or by the act that comes first.
    async fn a_date_moves_a_record_once(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_in_publicity().await;
        assert_eq!(registry.clock_tick(noon(date!(2025 - 03 - 31))).await.expect("tick"), registry::Tick::default());
        // The owner's act on the day after finds the window over before any tick.
        let why = fields(&[("reason", "撤回")]);
        let late = registry.project_request_recall(&world.owner.on(AFTER_PUBLICITY), &project, &why).await;
        assert_eq!(codes(late), ["state_does_not_allow"]);
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let registry = registry.clone();
                tokio::spawn(async move { registry.clock_tick(noon(AFTER_PUBLICITY)).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic").expect("tick");
        }
        let view = registry.project_get(&world.owner.on(AFTER_PUBLICITY), &project).await.expect("get");
        assert_eq!(view.row.state, "publicity_ended");
        let steps: Vec<_> = view.timeline.iter().map(|entry| entry.act.as_str()).filter(|act| act.contains("publicity_")).collect();
        let once: BTreeSet<_> = steps.iter().collect();
        assert_eq!((steps.len(), once.len()), (2, 2), "{steps:?}");
        // Years later the crediting period is over; the demo clock walks there.
        let registered = world.project_registered().await;
        assert_eq!(codes(registry.clock_advance(&world.owner.on(REGISTERED), 401).await), ["clock_step_out_of_range"]);
        assert_eq!(registry.clock_advance(&world.owner.on(REGISTERED), 400).await.expect("advance"), 400 * 86_400);
        assert_eq!(registry.clock_offset().await.expect("offset"), 400 * 86_400);
        assert_eq!(registry.clock_tick(noon(date!(2032 - 10 - 01))).await.expect("tick").expired, 1);
        let view = registry.project_get(&world.owner.on(REGISTERED), &registered).await.expect("get");
        assert_eq!(view.row.state, "expired");
        world.assert_audit_clean().await;
    }
}
