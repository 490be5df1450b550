//! Green certificates: the months of a report, and the requests that registrations make (国能综通新能〔2024〕124号).

use domain::id::ProjectId;
use registry::{Error, Fields};
use time::macros::date;

use crate::harness::*;

/// Asks for the publicity of a report with this table of months.
async fn asked(world: &World, project: &ProjectId, table: &str) -> Result<(), Error> {
    let (registry, day) = (&world.registry, REGISTERED);
    let mut draft = monitoring(&world.verifier);
    draft.insert("electricity_months".to_owned(), table.to_owned());
    let report = registry
        .report_create(&world.owner.on(day), project, &draft)
        .await?
        .id
        .into();
    registry
        .report_request_mandate(&world.owner.on(day), &report, &Fields::new())
        .await?;
    let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
    registry
        .report_confirm_mandate(&world.verifier.on(day), &report, &contract)
        .await?;
    let yes = fields(&[("statement", "yes")]);
    let asked = registry
        .report_request_publicity(&world.owner.on(day), &report, &yes)
        .await;
    if asked.is_err() {
        let why = fields(&[("reason", "重来")]);
        registry
            .report_withdraw(&world.owner.on(day), &report, &why)
            .await?;
    }
    asked.map(drop)
}

both_databases! {
    /// R10: in no month more is claimed and sold than was settled; each refusal is at the line of its month.
    async fn a_month_that_is_claimed_twice_is_refused_at_its_line(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let good = monitoring(&world.verifier)["electricity_months"].clone();
        for (table, code, field) in [
            (String::new(), "required", "electricity_months"),
            (good.replace("2024-05,0,0,0", "2024-05,10,0,11"), "month_overclaimed", "electricity_months.8.claimed_mwh"),
            (good.replace("2024-12,0,0,0\n", ""), "months_missing", "electricity_months"),
            (format!("{good}2025-01,0,0,0\n"), "month_outside_period", "electricity_months.16.month"),
            (good.replace("2024-02,0,0,0", "2024-02,50,50,0"), "months_differ_from_export", "electricity_months.15.claimed_mwh"),
        ] {
            let refused = asked(&world, &project, &table).await.expect_err(code).refusals();
            let found: Vec<_> = refused.iter().map(|refusal| (refusal.code, refusal.field.as_deref().unwrap_or_default())).collect();
            assert_eq!(found, [(code, field)]);
        }
        // certificates of electricity that is not claimed may be sold
        asked(&world, &project, &good.replace("2024-05,0,0,0", "2024-05,900,0,900")).await.expect("sold and claimed apart");
        world.assert_audit_clean().await;
    }

    /// A month that two reports share is settled once.
    async fn a_month_of_two_reports_is_not_claimed_for_more_than_was_settled(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let registry = &world.registry;
        let report = |from: &str, to: &str, month: &str, settled: &str| {
            let mut draft = monitoring(&world.verifier);
            draft.retain(|name, _| !name.starts_with("lines.1."));
            draft.extend(fields(&[
                ("period_from", from), ("period_to", to), ("lines.0.from", from), ("lines.0.to", to), ("lines.0.export_mwh", "60"),
                ("lines.0.import_mwh", "0"),
                ("electricity_months", &format!("month,settled_mwh,claimed_mwh,certificates_mwh\n{month},{settled},60,0\n")),
            ]));
            draft
        };
        let mut outcomes = Vec::new();
        for draft in [
            report("2023-11-01", "2023-11-15", "2023-11", "100"),
            report("2023-11-16", "2023-11-30", "2023-11", "100"),
            report("2023-11-16", "2023-11-30", "2023-11", "120"),
        ] {
            let day = REGISTERED;
            let report = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("report").id.into();
            registry.report_request_mandate(&world.owner.on(day), &report, &Fields::new()).await.expect("ask");
            let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
            registry.report_confirm_mandate(&world.verifier.on(day), &report, &contract).await.expect("confirm");
            let yes = fields(&[("statement", "yes")]);
            let asked = registry.report_request_publicity(&world.owner.on(day), &report, &yes).await;
            outcomes.push(asked.err().map(|error| error.refusals()[0].code));
        }
        assert_eq!(outcomes, [None, Some("month_claimed_before"), None]);
    }

    /// Registration asks to freeze, the registration of reductions to cancel; the registry notes what it did by hand.
    async fn registrations_make_requests_that_the_registry_keeps_by_hand(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let operator = |day| world.operator.on(day);
        let project = world.project_registered().await;
        world.report_registered(&project).await;
        let requests = registry.certificate_requests(&operator(ISSUED)).await.expect("requests");
        let kinds: Vec<_> = requests.iter().map(|request| (request.kind.as_str(), request.first_day.as_str(), request.last_day.as_str(), request.months.len())).collect();
        assert_eq!(kinds, [("cancel", "2023-11-01", "2024-12-31", 14), ("freeze", "2022-10-01", "2032-09-30", 0)]);
        let freeze = &requests[1];
        let code = &registry.project_get(&world.owner.on(ISSUED), &project).await.expect("project").fields["archive_code"];
        assert_eq!(&freeze.archive_code, code);
        let step = |date: &'static str, text: &'static str| fields(&[("date", date), ("reference", text), ("answer", text)]);
        let early = registry.certificate_answer(&operator(ISSUED), &freeze.id, &step("2025-05-01", "x")).await;
        assert_eq!(codes(early), ["stale_form"]);
        let future = registry.certificate_send(&operator(ISSUED), &freeze.id, &step("2025-06-04", "1号")).await;
        assert_eq!(codes(future), ["end_before_start"]);
        let empty = registry.certificate_send(&operator(ISSUED), &freeze.id, &step("", "")).await;
        assert_eq!(codes(empty), ["required", "required"]);
        registry.certificate_send(&operator(ISSUED), &freeze.id, &step("2025-05-01", "1号")).await.expect("sent");
        let before = registry.certificate_answer(&operator(ISSUED), &freeze.id, &step("2025-04-30", "已冻结")).await;
        assert_eq!(codes(before), ["end_before_start"]);
        registry.certificate_answer(&operator(ISSUED), &freeze.id, &step("2025-05-20", "已冻结")).await.expect("answered");
        let kept = registry.certificate_request(&operator(ISSUED), &freeze.id).await.expect("request");
        assert_eq!((kept.state.as_str(), kept.reference.as_deref(), kept.answer.as_deref()), ("answered", Some("1号"), Some("已冻结")));
        // anyone sees that it was asked and answered, not the letters
        let public = registry.public().certificate_requests(project.as_str()).await.expect("public");
        let states: Vec<_> = public.iter().map(|request| (request.kind.as_str(), request.state.as_str())).collect();
        assert_eq!(states, [("freeze", "answered"), ("cancel", "to_send")]);
        assert_eq!(codes(registry.certificate_requests(&world.owner.on(ISSUED)).await), ["forbidden"]);
        assert_eq!(codes(registry.certificate_request(&world.verifier.on(ISSUED), &freeze.id).await), ["forbidden"]);
        world.assert_audit_clean().await;
    }

    /// A report begun before the rule was in force is not asked for months.
    async fn the_months_are_asked_from_the_first_day_of_the_rule(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let mut draft = monitoring(&world.verifier);
        draft.remove("electricity_months");
        let report = world.registry.report_create(&world.owner.on(REGISTERED), &project, &draft).await.expect("report").id.into();
        let view = world.registry.report_get(&world.owner.on(REGISTERED), &report).await.expect("view");
        let open: Vec<_> = view.open_points.iter().map(|refusal| refusal.field.clone().unwrap_or_default()).collect();
        assert_eq!(open, ["electricity_months"]);
        let mut basis = view.basis.expect("a basis");
        basis.created_on = date!(2024 - 09 - 30);
        let read = domain::project::MonitoringReport::read(&view.fields, &basis, REGISTERED, &view.parameters);
        assert_eq!(read.expect("complete without months").months, []);
    }
}
