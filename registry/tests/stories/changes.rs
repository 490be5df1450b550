//! Changes of registered projects: this platform's own procedure (no official one was found).

use domain::Role;
use domain::id::ProjectId;
use registry::Fields;

use crate::harness::*;

/// An application for a change.
fn change(kind: &str, more: &[(&str, &str)]) -> Fields {
    let mut form = fields(&[("kind", kind), ("reason", "理由"), ("evidence", "批复 1号")]);
    form.extend(fields(more));
    form
}

async fn capacity(world: &World, project: &ProjectId, mw: &str) -> String {
    let body = world.validator.organisation.as_str();
    let form = change("capacity", &[("capacity_mw", mw), ("vvb", body)]);
    world
        .registry
        .change_request(&world.owner.on(REGISTERED), project, &form)
        .await
        .expect("request")
        .id
}

both_databases! {
    /// Capacity: a body speaks first, reductions wait until it is decided, later reports count with the new one, and both values stay public.
    async fn a_change_of_capacity_blocks_reductions_until_it_is_decided(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, REGISTERED);
        let project = world.project_registered().await;
        let draft = monitoring(&world.verifier);
        let waiting = registry.report_create(&world.owner.on(day), &project, &draft).await.expect("begun before").id.into();
        registry.report_request_mandate(&world.owner.on(day), &waiting, &Fields::new()).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(day), &waiting, &contract).await.expect("confirm");

        let asked = capacity(&world, &project, "520").await;
        let new = registry.report_create(&world.owner.on(day), &project, &draft).await;
        assert_eq!(codes(new), ["capacity_change_pending"]);
        let yes = fields(&[("statement", "yes")]);
        let sent = registry.report_request_publicity(&world.owner.on(day), &waiting, &yes).await;
        assert_eq!(codes(sent), ["capacity_change_pending"]);
        let again = change("capacity", &[("capacity_mw", "530"), ("vvb", world.validator.organisation.as_str())]);
        assert_eq!(codes(registry.change_request(&world.owner.on(day), &project, &again).await), ["change_pending"]);

        let why = fields(&[("reason", "材料齐全")]);
        assert_eq!(codes(registry.change_approve(&world.operator.on(day), &asked, &why).await), ["change_needs_opinion"]);
        let opinion = fields(&[("positive", "yes"), ("opinion", "现场核实为520兆瓦")]);
        assert_eq!(codes(registry.change_assess(&world.verifier.on(day), &asked, &opinion).await), ["not found"]);
        registry.change_assess(&world.validator.on(day), &asked, &opinion).await.expect("opinion");
        registry.change_approve(&world.operator.on(day), &asked, &why).await.expect("approve");
        assert_eq!(codes(registry.change_withdraw(&world.owner.on(day), &asked).await), ["change_decided"]);

        let view = registry.project_get(&world.owner.on(day), &project).await.expect("project");
        assert_eq!(view.published_fields.expect("published")["capacity_mw"], "520");
        assert_eq!(view.fields["capacity_mw"], "500", "the document as it was registered stays");
        let public = registry.public().changes(project.as_str()).await.expect("changes");
        assert_eq!((public[0].before.as_str(), public[0].after.as_str(), public[0].state.as_str()), ("500 MW", "520 MW", "approved"));
        assert_eq!(public[0].opinion.as_deref(), Some("现场核实为520兆瓦"));
        registry.report_request_publicity(&world.owner.on(day), &waiting, &yes).await.expect("free again");
        world.assert_audit_clean().await;
    }

    /// A refused and a withdrawn change leave the project as it was, and reductions free.
    async fn what_is_refused_or_withdrawn_changes_nothing(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, REGISTERED);
        let project = world.project_registered().await;
        let why = fields(&[("reason", "证据不足")]);
        let refused = capacity(&world, &project, "520").await;
        registry.change_refuse(&world.operator.on(day), &refused, &why).await.expect("refused without an opinion");
        let withdrawn = capacity(&world, &project, "520").await;
        registry.change_withdraw(&world.owner.on(day), &withdrawn).await.expect("withdrawn");
        let view = registry.project_get(&world.owner.on(day), &project).await.expect("project");
        assert_eq!(view.published_fields.expect("published")["capacity_mw"], "500");
        registry.report_create(&world.owner.on(day), &project, &monitoring(&world.verifier)).await.expect("free");
        let states: Vec<_> = registry.change_list(&world.owner.on(day)).await.expect("list").into_iter().map(|change| (change.number, change.state)).collect();
        assert_eq!(states, [(2, "withdrawn".to_owned()), (1, "refused".to_owned())]);
    }

    /// Every kind: what is asked, what is refused at its field, and what an approval does.
    async fn each_kind_of_change_asks_what_it_needs(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, REGISTERED);
        let draft = world.project_drafted(DAY_ONE).await;
        let early = registry.change_request(&world.owner.on(DAY_ONE), &draft, &change("owner_name", &[("after", "新名")])).await;
        assert_eq!(codes(early), ["project_not_registered"]);
        let project = world.project_registered().await;
        let body = world.validator.organisation.to_string();
        for (form, expected) in [
            (fields(&[]), vec!["required"]),
            (change("colour", &[]), vec!["choice_invalid"]),
            (fields(&[("kind", "owner_name"), ("after", "新名")]), vec!["required", "required"]),
            (change("owner_name", &[("after", "演示海上风电有限公司")]), vec!["change_without_difference"]),
            (change("owner_transfer", &[("account_number", "HT-0")]), vec!["change_owner_unknown"]),
            (change("owner_transfer", &[("account_number", &world.organiser.account)]), vec!["change_owner_unknown"]),
            (change("owner_transfer", &[("account_number", &world.owner.account)]), vec!["change_owner_unknown"]),
            (change("location_correction", &[("location", "海域"), ("longitude", "22.500000"), ("latitude", "116.100000")]), vec!["coordinates_swapped"]),
            (change("monitoring_plan", &[("after", "新计划")]), vec!["required"]),
            (change("capacity", &[("capacity_mw", "0"), ("vvb", &body)]), vec!["number_out_of_range"]),
            (change("capacity", &[("capacity_mw", "520")]), vec!["required"]),
            (change("capacity", &[("capacity_mw", "520"), ("vvb", world.owner.organisation.as_str())]), vec!["vvb_not_approved"]),
            (change("capacity", &[("capacity_mw", "500.0"), ("vvb", &body)]), vec!["change_without_difference"]),
        ] {
            let refused = registry.change_request(&world.owner.on(day), &project, &form).await;
            let found = codes(refused);
            if expected == ["coordinates_swapped"] {
                assert!(found.iter().all(|code| code == "coordinates_swapped"), "{found:?}");
            } else {
                assert_eq!(found, expected, "{form:?}");
            }
        }
        let why = fields(&[("reason", "同意")]);
        let place = change("location_correction", &[("location", "更正后的海域"), ("longitude", "116.200000"), ("latitude", "22.600000")]);
        let place = registry.change_request(&world.owner.on(day), &project, &place).await.expect("place").id;
        registry.change_approve(&world.operator.on(day), &place, &why).await.expect("approve");
        let public = registry.public().project(project.as_str()).await.expect("public");
        assert_eq!((public.fields["location"].as_str(), public.fields["longitude"].as_str()), ("更正后的海域", "116.200000"));

        // the project goes to its new owner once no report is on its way
        let heir = sign_up(registry, "演示承继有限公司", Role::ProjectOwner).await;
        let report = registry.report_create(&world.owner.on(day), &project, &monitoring(&world.verifier)).await.expect("report").id.into();
        let transfer = change("owner_transfer", &[("account_number", &heir.account)]);
        let transfer = registry.change_request(&world.owner.on(day), &project, &transfer).await.expect("transfer").id;
        assert_eq!(codes(registry.change_approve(&world.operator.on(day), &transfer, &why).await), ["change_reports_open"]);
        registry.report_withdraw(&world.owner.on(day), &report, &why).await.expect("withdraw the report");
        registry.change_approve(&world.operator.on(day), &transfer, &why).await.expect("approve");
        assert_eq!(codes(registry.project_get(&world.owner.on(day), &project).await), ["not found"]);
        let view = registry.project_get(&heir.on(day), &project).await.expect("the heir has it");
        assert_eq!(view.row.owner, "演示承继有限公司");
        let public = registry.public().changes(project.as_str()).await.expect("changes");
        assert_eq!((public[1].before.as_str(), public[1].after.as_str()), ("演示海上风电有限公司", "演示承继有限公司"));
        world.assert_audit_clean().await;
    }

    /// A change is seen by the owner, the body that is asked and the registry, and by nobody else.
    async fn a_change_is_seen_by_its_parties(database) {
        let world = World::new(database).await;
        let (registry, day) = (&world.registry, REGISTERED);
        let project = world.project_registered().await;
        let asked = capacity(&world, &project, "520").await;
        let stranger = sign_up(registry, "演示别的业主", Role::ProjectOwner).await;
        for party in [&world.owner, &world.validator, &world.operator] {
            assert_eq!(registry.change_get(&party.on(day), &asked).await.expect("a party").id, asked);
            assert_eq!(registry.change_list(&party.on(day)).await.expect("list").len(), 1);
        }
        for other in [&stranger, &world.verifier] {
            assert_eq!(codes(registry.change_get(&other.on(day), &asked).await), ["not found"]);
            assert!(registry.change_list(&other.on(day)).await.expect("list").is_empty());
        }
        assert_eq!(codes(registry.change_list(&world.organiser.on(day)).await), ["forbidden"]);
    }
}
