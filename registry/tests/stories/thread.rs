//! The whole thread: from signing up to the certificate that anyone can check.

use domain::{Act, Role};
use registry::{Fields, MovementDirection, ProjectTab, PublicProjectFilter, RecordKind, Visitor};
use time::macros::date;

use crate::harness::*;

both_databases! {
    async fn a_tonne_goes_from_the_form_to_the_certificate(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let public = registry.public();
        registry.ping().await.expect("ping");

        // A draft is nobody else's business.
        let project = world.project_in_publicity().await;
        let stranger = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        assert_eq!(codes(registry.project_get(&stranger.on(DAY_ONE), &project).await), ["not found"]);

        // In publicity it is public, and anyone may comment.
        let row = public.project(project.as_str()).await.expect("public project").row;
        assert_eq!((row.state.as_str(), row.expected_year_tonnes), ("in_publicity", Some(804_345)));
        assert_eq!((row.publicity_start.as_deref(), row.publicity_end.as_deref()), (Some("2025-03-04"), Some("2025-03-31")));
        let visitor = Visitor { at: noon(date!(2025 - 03 - 10)), key: key() };
        let comment = fields(&[("author", "某人"), ("contact", "a@b.example"), ("text", "噪声有多大？")]);
        let opinion = registry.opinion_submit(&visitor, RecordKind::Project, project.as_str(), &comment).await.expect("opinion").id;
        assert!(public.opinions(RecordKind::Project, project.as_str()).await.expect("opinions").is_empty());
        let inbox = registry.inbox(&world.operator.on(date!(2025 - 03 - 10))).await.expect("inbox");
        assert!(inbox.iter().any(|item| item.opinion.as_deref() == Some(&*opinion) && item.next == Act::OpinionPublish));
        registry.opinion_publish(&world.operator.on(date!(2025 - 03 - 11)), &opinion).await.expect("publish");
        registry.opinion_reply(&world.owner.on(date!(2025 - 03 - 12)), &opinion, &fields(&[("reply", "低于标准。")])).await.expect("reply");

        // The validator says how each opinion was handled.
        registry.clock_tick(noon(AFTER_PUBLICITY)).await.expect("tick");
        let mut validation = world.validation(&project).await;
        let refused = registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation).await;
        assert_eq!(codes(refused), ["required"]);
        validation.insert(format!("opinions.{opinion}"), "业主已答复，结论合理。".to_owned());
        registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation).await.expect("validate");
        let statement = fields(&[("statement", "yes")]);
        registry.project_apply_registration(&world.owner.on(AFTER_PUBLICITY), &project, &statement).await.expect("apply");

        // A pause stops the clock of 15 working days.
        let due = |view: registry::ProjectView| view.row.turn.due_on;
        let view = registry.project_get(&world.operator.on(AFTER_PUBLICITY), &project).await.expect("get");
        assert_eq!(view.allowed.first(), Some(&Act::ProjectRegister));
        assert_eq!(due(view).as_deref(), Some("2025-04-23"));
        registry.project_pause(&world.operator.on(date!(2025 - 04 - 02)), &project, &fields(&[("reason", "请补充。")])).await.expect("pause");
        registry.project_resume(&world.operator.on(date!(2025 - 04 - 08)), &project, &Fields::new()).await.expect("resume");
        let view = registry.project_get(&world.operator.on(AFTER_PUBLICITY), &project).await.expect("get");
        assert_eq!(due(view).as_deref(), Some("2025-04-27"));
        let receipt = registry.project_register(&world.operator.on(REGISTERED), &project, &Fields::new()).await.expect("register");
        assert_eq!(receipt.code.as_deref(), Some("A210001"));

        // Reductions, verified by another body, and issued.
        let report = world.report_registered(&project).await;
        registry.report_issue(&world.operator.on(ISSUED), &report, &Fields::new()).await.expect("issue");
        let view = registry.report_get(&world.owner.on(ISSUED), &report).await.expect("report");
        assert_eq!(view.row.state, "issued");
        assert_eq!(view.row.issued_tonnes, view.row.applied_tonnes);
        let issued: i64 = view.lines.iter().filter_map(|line| line.issued).sum();
        assert!(issued > 900_000, "{issued}");

        // The owner transfers, the organiser retires: across two blocks.
        let to_organiser = fields(&[("to", &world.organiser.account), ("quantity", "200000"), ("project", project.as_str())]);
        let moved = registry.credits_transfer(&world.owner.on(ISSUED), &to_organiser).await.expect("transfer");
        assert_eq!((moved.quantity, moved.serials.len()), (200_000, 2));
        let retire = fields(&[
            ("quantity", "160000"), ("purpose", "event"), ("purpose_text", "演示马拉松"), ("beneficiary", "演示赛事"), ("beneficiary_kind", "organisation"),
        ]);
        let retired = registry.credits_retire(&world.organiser.on(ISSUED), &retire).await.expect("retire");
        assert!(retired.number.starts_with("HTR-2025-000001-"), "{}", retired.number);
        let holdings = registry.holdings(&world.organiser.on(ISSUED)).await.expect("holdings");
        assert_eq!(holdings.iter().map(|one| (one.held, one.retired)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)), (40_000, 160_000));
        let movements = registry.movements(&world.organiser.on(ISSUED), &registry::PageRequest::default()).await.expect("movements");
        let directions: Vec<_> = movements.rows.iter().map(|row| row.direction).collect();
        use MovementDirection::{Received, Retired};
        assert_eq!(directions, [Retired, Retired, Received, Received]);

        // Anyone checks the certificate and each number on it.
        let certificate = public.certificate(&retired.number.to_lowercase()).await.expect("certificate");
        assert_eq!((certificate.quantity, certificate.lines.len()), (160_000, 2));
        assert_eq!((certificate.holder.as_str(), certificate.beneficiary.as_str()), ("演示赛事组委会", "演示赛事"));
        for line in &certificate.lines {
            let answer = public.serial(&line.serial, &registry::SerialPages::default()).await.expect("serial");
            assert_eq!((answer.parts.rows.len(), answer.parts.next, answer.retired), (1, None, line.quantity));
            assert_eq!(answer.parts.rows[0].retirement.as_deref(), Some(&*retired.number));
            let history: Vec<_> = answer.history.rows.iter().map(|step| step.movement.as_str()).collect();
            assert_eq!(history, ["issued", "transferred", "retired"]);
        }
        let statistics = public.statistics().await.expect("statistics");
        assert_eq!((statistics.issued, statistics.retired, statistics.held), (issued, 160_000, issued - 160_000));
        let acts = public.recent_acts(100).await.expect("acts");
        assert!(acts.iter().any(|act| act.act == "credits_retire" && act.subject == retired.number));
        let filter = PublicProjectFilter { tab: Some(ProjectTab::Registered), text: Some("海上风电".into()), ..Default::default() };
        assert_eq!(public.projects(&filter).await.expect("projects").rows.len(), 1);
        let page = public.project("a210001").await.expect("by code");
        assert_eq!((page.opinions.len(), page.reports.len(), page.classes.len(), page.calculations.len()), (1, 1, 2, 2));
        world.assert_audit_clean().await;
    }
}
