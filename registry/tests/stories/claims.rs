//! Uniqueness: who has a plant or a piece of land, in this registry and in other mechanisms (Measures art. 10, 48).

use domain::id::ProjectId;
use domain::{Act, Role};
use registry::{BoundaryFile, Error, Fields, Receipt, Registry};
use time::Date;
use time::macros::date;

use crate::harness::*;

/// A document of an owner with this plant code, taken on by the validator, so that publicity can be asked for.
async fn with_mandate(world: &World, owner: &Actor, plant: &str, day: Date) -> ProjectId {
    let registry = &world.registry;
    let mut draft = design(&world.validator);
    draft.insert("archive_code".to_owned(), plant.to_owned());
    let project: ProjectId = registry
        .project_create(&owner.on(day), &draft)
        .await
        .expect("create")
        .id
        .into();
    let none = Fields::new();
    registry
        .project_request_mandate(&owner.on(day), &project, &none)
        .await
        .expect("ask");
    let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
    registry
        .project_confirm_mandate(&world.validator.on(day), &project, &contract)
        .await
        .expect("confirm");
    project
}

async fn ask_publicity(
    registry: &Registry,
    owner: &Actor,
    project: &ProjectId,
    day: Date,
) -> Result<Receipt, Error> {
    let yes = fields(&[("statement", "yes")]);
    registry
        .project_request_publicity(&owner.on(day), project, &yes)
        .await
}

/// A claim of another mechanism on a plant.
fn elsewhere(plant: &str, from: &str, to: &str) -> Fields {
    fields(&[
        ("mechanism", "vcs"),
        ("key_kind", "plant"),
        ("activity_key", plant),
        ("family", "并网发电"),
        ("from", from),
        ("to", to),
        ("reference", "VCS 1234"),
        ("source", "公开登记簿，2025-03-01"),
    ])
}

/// The values of a refusal's text.
fn told(error: Error) -> String {
    format!("{:?}", error.refusals())
}

both_databases! {
    /// The other project is named once it is public; before that it is another application, and nothing of it is told.
    async fn the_same_plant_is_refused_and_the_other_project_named_if_it_is_public(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let rival = sign_up(registry, "演示别的业主", Role::ProjectOwner).await;
        let plant = archive_code();
        let first = with_mandate(&world, &world.owner, &plant, DAY_ONE).await;
        let spaced = format!(" {}-{} ", &plant[..3], &plant[3..].to_lowercase());
        let second = with_mandate(&world, &rival, &plant, DAY_ONE).await;
        ask_publicity(registry, &world.owner, &first, DAY_ONE).await.expect("the first has it");
        let refused = ask_publicity(registry, &rival, &second, DAY_ONE).await.expect_err("taken");
        let text = told(refused);
        assert!(text.contains("plant_of_other_application") && !text.contains("演示海上风电一期"), "{text}");
        registry.project_approve_publicity(&world.operator.on(DAY_ONE), &first, &Fields::new()).await.expect("approve");
        let day = date!(2025 - 03 - 05);
        registry.clock_tick(noon(day)).await.expect("tick");
        let text = told(ask_publicity(registry, &rival, &second, day).await.expect_err("taken"));
        assert!(text.contains("plant_of_other_project") && text.contains("演示海上风电一期"), "{text}");
        // a code is the same however it is written
        assert_eq!(domain::claim::comparable_key(&spaced), plant);
        // given up, it is free again
        let recall = fields(&[("reason", "撤回")]);
        registry.project_request_recall(&world.owner.on(day), &first, &recall).await.expect("recall");
        registry.project_approve_recall(&world.operator.on(day), &first, &Fields::new()).await.expect("recalled");
        ask_publicity(registry, &rival, &second, day).await.expect("free again");
        let claims = registry.claims(&world.operator.on(day)).await.expect("claims");
        let holds: Vec<_> = claims.iter().map(|claim| (claim.key.as_str(), claim.active)).collect();
        assert_eq!(holds, [(plant.as_str(), true), (plant.as_str(), false)]);
        world.assert_audit_clean().await;
    }

    /// A claim of another mechanism refuses publicity and registration while its time overlaps; ended, or at another time, it does not.
    async fn a_claim_of_another_mechanism_refuses_what_overlaps_in_time(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let operator = |day| world.operator.on(day);
        let plant = archive_code();
        let project = with_mandate(&world, &world.owner, &plant, DAY_ONE).await;
        // the crediting period is 2022-10-01 to 2032-09-30
        registry.claim_enter(&operator(DAY_ONE), &elsewhere(&plant, "2015-01-01", "2022-09-30")).await.expect("before it");
        let written = format!("{} {}", &plant[..3], plant[3..].to_lowercase());
        let meets = registry.claim_enter(&operator(DAY_ONE), &elsewhere(&written, "2015-01-01", "2022-10-01")).await.expect("enter");
        let refused = ask_publicity(registry, &world.owner, &project, DAY_ONE).await.expect_err("claimed");
        let text = told(refused);
        assert!(text.contains("claimed_elsewhere") && text.contains("VCS 1234"), "{text}");
        let why = fields(&[("reason", "已在该机制注销")]);
        registry.claim_end(&operator(DAY_ONE), &meets.id, &why).await.expect("end");
        assert_eq!(codes(registry.claim_end(&operator(DAY_ONE), &meets.id, &why).await), ["claim_ended"]);
        ask_publicity(registry, &world.owner, &project, DAY_ONE).await.expect("nothing in the way");

        // entered while the application is on its way: the registration is refused
        let project = world.project_in_publicity().await;
        let key = registry.project_get(&world.owner.on(DAY_ONE), &project).await.expect("project").fields["archive_code"].clone();
        let validation = world.validation(&project).await;
        registry.project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation).await.expect("validate");
        let yes = fields(&[("statement", "yes")]);
        registry.project_apply_registration(&world.owner.on(AFTER_PUBLICITY), &project, &yes).await.expect("apply");
        let late = registry.claim_enter(&operator(AFTER_PUBLICITY), &elsewhere(&key, "2024-01-01", "")).await.expect("enter");
        let register = registry.project_register(&operator(REGISTERED), &project, &Fields::new()).await;
        assert_eq!(codes(register), ["claimed_elsewhere"]);
        registry.claim_end(&operator(REGISTERED), &late.id, &why).await.expect("end");
        registry.project_register(&operator(REGISTERED), &project, &Fields::new()).await.expect("register");

        // reductions too: of the months that the other mechanism has
        registry.claim_enter(&operator(REGISTERED), &elsewhere(&key, "2024-12-31", "")).await.expect("enter");
        let draft = monitoring(&world.verifier);
        let report = registry.report_create(&world.owner.on(REGISTERED), &project, &draft).await.expect("report").id.into();
        registry.report_request_mandate(&world.owner.on(REGISTERED), &report, &Fields::new()).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.report_confirm_mandate(&world.verifier.on(REGISTERED), &report, &contract).await.expect("confirm");
        let asked = registry.report_request_publicity(&world.owner.on(REGISTERED), &report, &yes).await;
        assert_eq!(codes(asked), ["claimed_elsewhere"]);
        world.assert_audit_clean().await;
    }

    /// Land that another mechanism has is found by its polygon, whatever its name.
    async fn land_of_another_mechanism_is_found_by_overlap(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let plant = archive_code();
        let project = with_mandate(&world, &world.owner, &plant, DAY_ONE).await;
        let square = |west: &str, east: &str| {
            format!(r#"{{"type":"Polygon","coordinates":[[[{west},22.500000],[{east},22.500000],[{east},22.510000],[{west},22.510000],[{west},22.500000]]]}}"#)
        };
        let file = BoundaryFile { name: "own.geojson".to_owned(), bytes: square("116.100000", "116.110000").into_bytes() };
        registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, file).await.expect("boundary");
        let mut claim = elsewhere("示范林地", "2020-01-01", "");
        claim.extend(fields(&[("key_kind", "boundary"), ("boundary", &square("116.105000", "116.120000"))]));
        let theirs = registry.claim_enter(&world.operator.on(DAY_ONE), &claim).await.expect("enter");
        let asked = ask_publicity(registry, &world.owner, &project, DAY_ONE).await;
        assert_eq!(codes(asked), ["claimed_elsewhere"]);
        registry.claim_end(&world.operator.on(DAY_ONE), &theirs.id, &fields(&[("reason", "更正")])).await.expect("end");
        claim.extend(fields(&[("boundary", &square("116.200000", "116.210000"))]));
        registry.claim_enter(&world.operator.on(DAY_ONE), &claim).await.expect("elsewhere");
        ask_publicity(registry, &world.owner, &project, DAY_ONE).await.expect("no land is shared");
        claim.insert("boundary".to_owned(), "nonsense".to_owned());
        let wrong = registry.claim_enter(&world.operator.on(DAY_ONE), &claim).await.expect_err("no boundary");
        assert!(wrong.refusals().iter().all(|refusal| refusal.field.as_deref() == Some("boundary")), "{wrong:?}");
    }

    /// What is typed wrong is said at its field, and the claims of projects are not entered or ended by hand.
    async fn a_claim_is_complete_or_refused(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let good = elsewhere("PWS-1", "2024-01-01", "2024-12-31");
        for (field, value, code) in [
            ("mechanism", "", "required"),
            ("mechanism", "ccer", "choice_invalid"),
            ("key_kind", "tree", "choice_invalid"),
            ("activity_key", " ", "required"),
            ("source", "", "required"),
            ("from", "昨天", "date_invalid"),
            ("to", "2023-12-31", "end_before_start"),
        ] {
            let mut form = good.clone();
            form.insert(field.to_owned(), value.to_owned());
            let refused = registry.claim_enter(&world.operator.on(DAY_ONE), &form).await;
            assert_eq!(codes(refused), [code], "{field}={value}");
        }
        world.project_in_publicity().await;
        let own = registry.claims(&world.operator.on(DAY_ONE)).await.expect("claims").remove(0);
        let ended = registry.claim_end(&world.operator.on(DAY_ONE), &own.id, &fields(&[("reason", "x")])).await;
        assert_eq!(codes(ended), ["not found"]);
        assert_eq!(codes(registry.claims(&world.owner.on(DAY_ONE)).await), ["forbidden"]);
    }

    /// Anyone sees the claims of other mechanisms and of published projects, and none of an application.
    async fn the_public_sees_published_claims_only(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        registry.claim_enter(&world.operator.on(DAY_ONE), &elsewhere("PWS-9", "2024-01-01", "")).await.expect("enter");
        let plant = archive_code();
        let project = with_mandate(&world, &world.owner, &plant, DAY_ONE).await;
        ask_publicity(registry, &world.owner, &project, DAY_ONE).await.expect("handed in");
        let shown = |claims: Vec<registry::PublicClaim>| claims.into_iter().map(|claim| claim.key).collect::<Vec<_>>();
        assert_eq!(shown(registry.public().claims().await.expect("claims")), ["PWS9"]);
        registry.project_approve_publicity(&world.operator.on(DAY_ONE), &project, &Fields::new()).await.expect("approve");
        registry.clock_tick(noon(date!(2025 - 03 - 05))).await.expect("tick");
        assert_eq!(shown(registry.public().claims().await.expect("claims")), [plant.as_str(), "PWS9"]);
    }

    /// Two owners hand in the same plant at once, on copies of the server: one has it.
    async fn two_projects_that_claim_a_plant_at_once_make_one(database) {
        let world = World::new(database).await;
        let rival = sign_up(&world.registry, "演示别的业主", Role::ProjectOwner).await;
        let copies = [world.database.connect().await, world.database.connect().await];
        for _ in 0..8 {
            let plant = archive_code();
            let mut tasks = Vec::new();
            for (owner, copy) in [&world.owner, &rival].into_iter().zip(&copies) {
                let project = with_mandate(&world, owner, &plant, DAY_ONE).await;
                let (owner, copy) = (owner.clone(), copy.clone());
                tasks.push((owner, copy, project));
            }
            let tasks: Vec<_> = tasks
                .into_iter()
                .map(|(owner, copy, project)| {
                    tokio::spawn(async move { ask_publicity(&copy, &owner, &project, DAY_ONE).await })
                })
                .collect();
            let mut done = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(_) => done += 1,
                    refused => assert_eq!(codes(refused), ["plant_of_other_application"]),
                }
            }
            assert_eq!(done, 1, "{plant}");
        }
        assert!(Act::ClaimEnter.roles().allows(Some(Role::RegistryOperator)));
        world.assert_audit_clean().await;
    }
}
