//! Boundaries of projects: who sets them, what is public of them, and that no land is applied for twice.

use domain::Role;
use domain::id::ProjectId;
use registry::{BoundaryFile, Fields};
use time::macros::date;

use crate::harness::*;

/// A square with its south-west corner and its side in 1e-6 degrees, as GeoJSON.
fn square(west: i64, south: i64, side: i64) -> BoundaryFile {
    let degrees = |micro: i64| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    let corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)];
    let points: Vec<String> = corners
        .iter()
        .map(|(east, north)| format!("[{},{}]", degrees(west + east), degrees(south + north)))
        .collect();
    BoundaryFile {
        name: "边界.geojson".to_owned(),
        bytes: format!(
            r#"{{"type":"Polygon","coordinates":[[{}]]}}"#,
            points.join(",")
        )
        .into_bytes(),
    }
}

/// A project of an owner, up to the point at which it can be submitted.
async fn ready(world: &World, owner: &Actor, name: &str) -> ProjectId {
    let mut draft = design(&world.validator);
    draft.insert("name".to_owned(), name.to_owned());
    let registry = &world.registry;
    let project: ProjectId = registry
        .project_create(&owner.on(DAY_ONE), &draft)
        .await
        .expect("create")
        .id
        .into();
    registry
        .project_request_mandate(&owner.on(DAY_ONE), &project, &Fields::new())
        .await
        .expect("ask");
    let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
    registry
        .project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &contract)
        .await
        .expect("confirm");
    project
}

/// Submits it and publishes it on 2025-03-04.
async fn publish(world: &World, owner: &Actor, project: &ProjectId) {
    let (yes, none) = (fields(&[("statement", "yes")]), Fields::new());
    world
        .registry
        .project_request_publicity(&owner.on(DAY_ONE), project, &yes)
        .await
        .expect("request");
    world
        .registry
        .project_approve_publicity(&world.operator.on(DAY_ONE), project, &none)
        .await
        .expect("approve");
    world
        .registry
        .clock_tick(noon(date!(2025 - 03 - 04)))
        .await
        .expect("tick");
}

both_databases! {
    async fn a_boundary_is_kept_replaced_and_removed_by_its_owner_and_public_with_the_project(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = world.project_drafted(DAY_ONE).await;
        let (owner, none) = (&world.owner, Fields::new());
        assert_eq!(registry.project_boundary(&owner.on(DAY_ONE), &project).await.expect("own"), None);
        assert_eq!(codes(registry.project_boundary_remove(&owner.on(DAY_ONE), &project).await), ["boundary_missing"]);

        let first = registry.project_boundary_set(&owner.with_key(DAY_ONE, "boundary-1"), &project, square(116_000_000, 22_500_000, 10_000)).await;
        let again = registry.project_boundary_set(&owner.with_key(DAY_ONE, "boundary-1"), &project, square(116_000_000, 22_500_000, 10_000)).await;
        assert_eq!(first.expect("set"), again.expect("the same key gives the same answer"));
        let other = registry.project_boundary_set(&owner.with_key(DAY_ONE, "boundary-1"), &project, square(116_000_000, 22_500_000, 20_000)).await;
        assert_eq!(codes(other), ["key_reused"]);
        let view = registry.project_boundary(&owner.on(DAY_ONE), &project).await.expect("own").expect("set");
        // 1029.5 m by 1107.4 m at 22.505 degrees north
        assert_eq!((view.area_m2 / 1000, view.plots, view.points, view.file_kind.as_str()), (1_139, 1, 5, "GeoJSON"));
        assert_eq!((view.file_name.as_str(), view.file_sha256.len(), view.overlaps.len()), ("边界.geojson", 64, 0));
        registry.project_boundary_set(&owner.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 20_000)).await.expect("replace");
        let larger = registry.project_boundary(&owner.on(DAY_ONE), &project).await.expect("own").expect("set");
        assert!(larger.area_m2 > 3 * view.area_m2);
        registry.project_boundary_remove(&owner.on(DAY_ONE), &project).await.expect("remove");
        assert_eq!(registry.project_boundary(&owner.on(DAY_ONE), &project).await.expect("own"), None);

        // what is wrong with a file is refused at its field, and nothing of it is kept
        let bad = BoundaryFile { name: "x".to_owned(), bytes: br#"{"type":"Polygon","coordinates":[[[22.500000,116.000000],[22.510000,116.000000],[22.510000,116.010000],[22.500000,116.000000]]]}"#.to_vec() };
        let refused = registry.project_boundary_set(&owner.on(DAY_ONE), &project, bad).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!((refused[0].code, refused[0].field.as_deref()), ("swapped", Some("file")));
        assert_eq!(registry.project_boundary(&owner.on(DAY_ONE), &project).await.expect("own"), None);

        // neither a stranger nor the public sees the boundary of a draft
        registry.project_boundary_set(&owner.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 10_000)).await.expect("set");
        let stranger = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        assert_eq!(codes(registry.project_boundary(&stranger.on(DAY_ONE), &project).await), ["not found"]);
        assert_eq!(codes(registry.project_boundary_set(&stranger.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 10_000)).await), ["not found"]);
        assert_eq!(codes(registry.project_boundary_remove(&stranger.on(DAY_ONE), &project).await), ["not found"]);
        assert_eq!(codes(registry.project_boundary_set(&world.operator.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 10_000)).await), ["forbidden"]);
        assert_eq!(codes(registry.public().boundary(project.as_str()).await), ["not found"]);

        registry.project_request_mandate(&owner.on(DAY_ONE), &project, &none).await.expect("ask");
        let contract = fields(&[("contract", "DEMO"), ("impartiality", "yes")]);
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &contract).await.expect("confirm");
        assert_eq!(registry.project_boundary(&world.validator.on(DAY_ONE), &project).await.expect("the validator").map(|kept| kept.area_m2), Some(view.area_m2));
        publish(&world, owner, &project).await;
        let public = registry.public().boundary(project.as_str()).await.expect("public now");
        assert_eq!((public.area_m2, public.bounding_box), (view.area_m2, [116_000_000, 22_500_000, 116_010_000, 22_510_000]));
        assert!(public.feature().contains(r#""area_m2":"#) && public.feature().contains("116.0000000"));
        // what is published stays
        let late = registry.project_boundary_set(&owner.on(date!(2025 - 03 - 05)), &project, square(116_000_000, 22_500_000, 20_000)).await;
        assert_eq!(codes(late), ["state_does_not_allow"]);
        assert_eq!(codes(registry.project_boundary_remove(&owner.on(date!(2025 - 03 - 05)), &project).await), ["state_does_not_allow"]);
        world.assert_audit_clean().await;
    }

    async fn land_that_is_applied_for_cannot_be_applied_for_again(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let rival = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        let first = ready(&world, &world.owner, "甲项目").await;
        let second = ready(&world, &rival, "乙项目").await;
        let yes = fields(&[("statement", "yes")]);
        registry.project_boundary_set(&world.owner.on(DAY_ONE), &first, square(116_000_000, 22_500_000, 10_000)).await.expect("first");
        registry.project_boundary_set(&rival.on(DAY_ONE), &second, square(116_005_000, 22_500_000, 10_000)).await.expect("second");
        // drafts of others hold no land
        let seen = registry.project_boundary(&rival.on(DAY_ONE), &second).await.expect("own").expect("set");
        assert_eq!(seen.overlaps, []);

        // submitted but not public: that there is another application, and nothing of it
        registry.project_request_publicity(&world.owner.on(DAY_ONE), &first, &yes).await.expect("first come");
        let refused = registry.project_request_publicity(&rival.on(DAY_ONE), &second, &yes).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.iter().map(|refusal| refusal.code).collect::<Vec<_>>(), ["boundary_overlaps_application"]);
        assert_eq!(refused[0].param("name"), None);
        let seen = registry.project_boundary(&rival.on(DAY_ONE), &second).await.expect("own").expect("set");
        assert_eq!((seen.overlaps.len(), seen.overlaps[0].other.is_none()), (1, true));
        assert_eq!(registry.project_get(&rival.on(DAY_ONE), &second).await.expect("get").row.state, "vvb_confirmed");

        // public: by name, with its boundary and the shared land
        registry.project_approve_publicity(&world.operator.on(DAY_ONE), &first, &Fields::new()).await.expect("approve");
        let day = date!(2025 - 03 - 04);
        registry.clock_tick(noon(day)).await.expect("tick");
        let refused = registry.project_request_publicity(&rival.on(day), &second, &yes).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!((refused[0].code, refused[0].param("name")), ("boundary_overlaps", Some("甲项目")));
        let seen = registry.project_boundary(&rival.on(day), &second).await.expect("own").expect("set");
        let other = seen.overlaps[0].other.as_ref().expect("public");
        assert_eq!((other.id.as_str(), other.name.as_str()), (first.as_str(), "甲项目"));
        let half = seen.area_m2 / 2;
        assert!((seen.overlaps[0].area_m2 - half).abs() < 5, "{} {half}", seen.overlaps[0].area_m2);
        assert!(other.geojson.contains("116.0000000") && other.shared.contains("116.0050000"));

        // beside it, sharing an edge, is no overlap
        registry.project_boundary_set(&rival.on(day), &second, square(116_010_000, 22_500_000, 10_000)).await.expect("moved");
        registry.project_request_publicity(&rival.on(day), &second, &yes).await.expect("an edge is shared, no land");

        // who gives up gives the land back
        let third = ready(&world, &rival, "丙项目").await;
        registry.project_boundary_set(&rival.on(day), &third, square(116_012_000, 22_502_000, 1_000)).await.expect("third");
        assert_eq!(codes(registry.project_request_publicity(&rival.on(day), &third, &yes).await), ["boundary_overlaps_application"]);
        let reason = fields(&[("reason", "放弃")]);
        registry.project_return(&world.operator.on(day), &second, &reason).await.expect("return");
        registry.project_withdraw(&rival.on(day), &second, &reason).await.expect("withdraw");
        registry.project_request_publicity(&rival.on(day), &third, &yes).await.expect("free again");
        world.assert_audit_clean().await;
    }

    async fn of_two_that_submit_the_same_land_at_once_one_is_refused(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let rival = sign_up(registry, "别的业主", Role::ProjectOwner).await;
        let yes = fields(&[("statement", "yes")]);
        for round in 0..4 {
            let west = 116_000_000 + round * 100_000;
            let one = ready(&world, &world.owner, "甲项目").await;
            let two = ready(&world, &rival, "乙项目").await;
            registry.project_boundary_set(&world.owner.on(DAY_ONE), &one, square(west, 22_500_000, 10_000)).await.expect("one");
            registry.project_boundary_set(&rival.on(DAY_ONE), &two, square(west + 2_000, 22_502_000, 10_000)).await.expect("two");
            let (by_owner, by_rival) = (world.owner.on(DAY_ONE), rival.on(DAY_ONE));
            let (first, second) = tokio::join!(
                registry.project_request_publicity(&by_owner, &one, &yes),
                registry.project_request_publicity(&by_rival, &two, &yes),
            );
            assert!(first.is_ok() != second.is_ok(), "round {round}: {first:?} {second:?}");
            let refused = if first.is_ok() { codes(second) } else { codes(first) };
            assert_eq!(refused, ["boundary_overlaps_application"]);
        }
        world.assert_audit_clean().await;
    }

    async fn plots_of_planted_land_have_the_size_that_the_methodology_asks_for(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        for (methodology, minimum) in [("CCER-14-001-V01", "400"), ("CCER-14-002-V01", "400")] {
            let draft = fields(&[("methodology", methodology), ("name", "演示林地"), ("construction_start", "2021-03-01")]);
            let project: ProjectId = registry.project_create(&world.owner.on(DAY_ONE), &draft).await.expect("create").id.into();
            // 0.00018 degrees: 18.5 m by 19.9 m
            let refused = registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 180)).await;
            let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
            assert_eq!((refused[0].code, refused[0].param("minimum")), ("plot_too_small", Some(minimum)), "{methodology}");
            registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 200)).await.expect("20.6 m by 22.1 m");
        }
        // begun in 2019 or earlier: 667
        let draft = fields(&[("methodology", "CCER-14-001-V01"), ("name", "演示林地"), ("construction_start", "2019-12-31")]);
        let project: ProjectId = registry.project_create(&world.owner.on(DAY_ONE), &draft).await.expect("create").id.into();
        let refused = registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, square(116_000_000, 22_500_000, 200)).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused[0].param("minimum"), Some("667"));
    }
}
