//! An afforestation project from the first draft to credits, and what only planted land is asked: a boundary, tables of plots and trees, and the stock of
//! the report before.

use domain::id::{ProjectId, ReportId};
use domain::project::monitoring::BasisSite;
use registry::{BoundaryFile, Fields, RecordKind};
use time::Date;
use time::macros::date;

use crate::harness::*;

/// A square of about 940 ha in the hills of nobody.
fn boundary(side: i64) -> BoundaryFile {
    let (west, south) = (117_000_000_i64, 32_000_000_i64);
    let degrees = |micro: i64| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    let corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)];
    let points: Vec<String> = corners
        .iter()
        .map(|(east, north)| format!("[{},{}]", degrees(west + east), degrees(south + north)))
        .collect();
    BoundaryFile {
        name: "林班.geojson".to_owned(),
        bytes: format!(
            r#"{{"type":"Polygon","coordinates":[[{}]]}}"#,
            points.join(",")
        )
        .into_bytes(),
    }
}

/// The strata of both documents: 500 ha planted in 2015.
fn strata() -> Fields {
    fields(&[
        ("climate", "temperate"),
        ("include_dead_wood", "yes"),
        ("include_litter", "yes"),
        ("include_soc_project", "no"),
        ("strata.0.name", "PROJ-1"),
        ("strata.0.area_ha", "310.5"),
        ("strata.0.species", "chinese_fir"),
        ("strata.0.planting_year", "2015"),
        ("strata.0.density_per_ha", "1667"),
        ("strata.1.name", "PROJ-2"),
        ("strata.1.area_ha", "189.5"),
        ("strata.1.species", "chinese_fir"),
        ("strata.1.planting_year", "2015"),
        ("strata.1.density_per_ha", "1667"),
    ])
}

/// A complete design document of an afforestation project.
fn forest(validator: &Actor) -> Fields {
    let mut draft = strata();
    draft.extend(fields(&[
        ("name", "演示造林一期"),
        ("methodology", "CCER-14-001-V01"),
        ("summary", "演示：荒山造林 500 公顷。"),
        ("technology", "穴状整地，两年生苗，每公顷 1667 株。"),
        ("sampling", "按树种分层，每层四块固定样地。"),
        ("monitoring_plan", "每五年每木检尺。"),
        ("sustainability", "涵养水源。"),
        ("environmental_impact", "无须环评。"),
        ("province", "340000"),
        ("location", "演示县林场"),
        ("longitude", "117.015000"),
        ("latitude", "32.015000"),
        ("construction_start", "2015-02-20"),
        ("project_end", "2055-02-19"),
        ("crediting_from", "2021-01-01"),
        ("crediting_to", "2040-12-31"),
        ("strata.0.curve", "built_in"),
        ("strata.1.curve", "built_in"),
        ("forest_kind", "protection"),
        ("years_without_forest", "8"),
        ("planned_afforestation_land", "yes"),
        ("tenure_clear", "yes"),
        ("tenure_until", "2060-12-31"),
        ("tenure_renewal_statement", "no"),
        ("smallest_plot_m2", "12000"),
        ("on_wetland", "no"),
        ("trees_removed", "no"),
        ("removed_vegetation_percent", "10"),
        ("repeated_soil_disturbance", "no"),
        ("burning", "no"),
        ("displacement", "no"),
        ("additionality", "public_welfare"),
        ("additionality_documented", "yes"),
        ("lawful", "yes"),
        ("legally_obliged", "no"),
        ("in_emissions_trading", "no"),
        ("in_other_mechanism", "no"),
        ("validator", validator.organisation.as_str()),
    ]));
    draft
}

/// Eight plots of 100 m2 with twelve trees each.
fn tables() -> (String, String) {
    let mut plots = String::from("样地号,碳层,样地面积（m²）\n");
    let mut trees = String::from("plot,dbh_cm,height_m\n");
    for plot in 1..=8_u32 {
        let stratum = if plot <= 4 { "PROJ-1" } else { "PROJ-2" };
        plots += &format!("P{plot},{stratum},100\n");
        for tree in 1..=12_u32 {
            let (diameter, height) = (
                92 + (plot * 7 + tree * 5) % 30,
                68 + (plot * 5 + tree * 3) % 20,
            );
            trees += &format!(
                "P{plot},{}.{},{}.{}\n",
                diameter / 10,
                diameter % 10,
                height / 10,
                height % 10
            );
        }
    }
    (plots, trees)
}

/// A complete monitoring report from 2021-06-08 to a day.
fn survey(verifier: &Actor, from: &str, to: &str) -> Fields {
    let (plots, trees) = tables();
    let mut draft = strata();
    draft.extend(fields(&[
        ("period_from", from),
        ("period_to", to),
        ("measured_on", to),
        ("plots", &plots),
        ("trees", &trees),
        ("implementation", "演示：按设计造林、抚育。"),
        ("monitoring", "演示：八块固定样地，每木检尺。"),
        ("in_other_mechanism", "no"),
        ("verifier", verifier.organisation.as_str()),
    ]));
    draft
}

/// Asks the validator, who takes it on.
async fn mandated(world: &World, draft: &Fields) -> ProjectId {
    let registry = &world.registry;
    let project: ProjectId = registry
        .project_create(&world.owner.on(DAY_ONE), draft)
        .await
        .expect("create")
        .id
        .into();
    registry
        .project_request_mandate(&world.owner.on(DAY_ONE), &project, &Fields::new())
        .await
        .expect("ask");
    let contract = fields(&[("contract", "DEMO-LAND"), ("impartiality", "yes")]);
    registry
        .project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &contract)
        .await
        .expect("confirm");
    project
}

/// From the mandate to registration on 2025-04-14.
async fn registered(world: &World) -> ProjectId {
    let (registry, none, yes) = (
        &world.registry,
        Fields::new(),
        fields(&[("statement", "yes")]),
    );
    let project = mandated(world, &forest(&world.validator)).await;
    registry
        .project_boundary_set(&world.owner.on(DAY_ONE), &project, boundary(30_000))
        .await
        .expect("boundary");
    registry
        .project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes)
        .await
        .expect("request");
    registry
        .project_approve_publicity(&world.operator.on(DAY_ONE), &project, &none)
        .await
        .expect("approve");
    registry
        .clock_tick(noon(AFTER_PUBLICITY))
        .await
        .expect("tick");
    desk_work(
        registry,
        &world.validator,
        RecordKind::Project,
        project.as_str(),
        date!(2025 - 03 - 10),
    )
    .await;
    let validation = world.validation(&project).await;
    registry
        .project_validate(&world.validator.on(AFTER_PUBLICITY), &project, &validation)
        .await
        .expect("validate");
    registry
        .project_apply_registration(&world.owner.on(AFTER_PUBLICITY), &project, &yes)
        .await
        .expect("apply");
    let receipt = registry
        .project_register(&world.operator.on(REGISTERED), &project, &none)
        .await
        .expect("register");
    assert_eq!(receipt.code.as_deref(), Some("N110001"));
    project
}

async fn begun(world: &World, project: &ProjectId, day: Date, draft: &Fields) -> ReportId {
    world
        .registry
        .report_create(&world.owner.on(day), project, draft)
        .await
        .expect("report")
        .id
        .into()
}

both_databases! {
    async fn a_planting_goes_from_the_blank_form_to_credits_of_each_calendar_year(database) {
        let world = World::new(database).await;
        let (registry, none, yes) = (&world.registry, Fields::new(), fields(&[("statement", "yes")]));
        let project = registered(&world).await;
        let report = begun(&world, &project, REGISTERED, &survey(&world.verifier, "2021-06-08", "2024-12-31")).await;
        let view = registry.report_get(&world.owner.on(REGISTERED), &report).await.expect("report");
        assert_eq!(view.open_points, []);
        let basis = view.basis.expect("a basis");
        assert!(matches!(&basis.site, BasisSite::Land { planted_on, previous: None } if *planted_on == date!(2015 - 02 - 20)), "{basis:?}");

        registry.report_request_mandate(&world.owner.on(REGISTERED), &report, &none).await.expect("ask");
        registry.report_confirm_mandate(&world.verifier.on(REGISTERED), &report, &fields(&[("contract", "DEMO-LAND-2"), ("impartiality", "yes")])).await.expect("confirm");
        registry.report_request_publicity(&world.owner.on(REGISTERED), &report, &yes).await.expect("request");
        registry.report_approve_publicity(&world.operator.on(REGISTERED), &report, &none).await.expect("approve");
        registry.clock_tick(noon(AFTER_REPORT)).await.expect("tick");
        let view = registry.report_get(&world.verifier.on(AFTER_REPORT), &report).await.expect("report");
        let verification = report_fields(&view.calculations.last().expect("a calculation").outcome);
        desk_work(registry, &world.verifier, RecordKind::Report, report.as_str(), date!(2025 - 04 - 20)).await;
        registry.report_verify(&world.verifier.on(AFTER_REPORT), &report, &verification).await.expect("verify");
        registry.report_apply_registration(&world.owner.on(AFTER_REPORT), &report, &yes).await.expect("apply");
        registry.report_register(&world.operator.on(ISSUED), &report, &none).await.expect("register");
        registry.report_issue(&world.operator.on(ISSUED), &report, &none).await.expect("issue");

        let holdings = registry.holdings(&world.owner.on(ISSUED)).await.expect("holdings");
        let years: Vec<i32> = holdings.iter().map(|holding| holding.vintage).collect();
        assert_eq!(years.len(), 4, "{years:?}");
        assert!((2021..=2024).all(|year| years.contains(&year)), "{years:?}");
        let issued = registry.report_get(&world.owner.on(ISSUED), &report).await.expect("report").row.issued_tonnes;
        assert_eq!(issued, Some(holdings.iter().map(|holding| holding.held).sum()));
        world.assert_audit_clean().await;

        // the next report begins with the stock of this one: it is known, and nobody may type another
        let mut next = survey(&world.verifier, "2025-01-01", "2025-05-31");
        next.insert("previous_tree_stock_t".to_owned(), "1".to_owned());
        let next = begun(&world, &project, ISSUED, &next).await;
        let view = registry.report_get(&world.owner.on(ISSUED), &next).await.expect("report");
        let basis = view.basis.expect("a basis");
        let BasisSite::Land { previous: Some(previous), .. } = &basis.site else { panic!("{basis:?}") };
        assert_eq!(previous.on, date!(2024 - 12 - 31));
        let stock = previous.fields.get("previous_tree_stock_t").expect("a stock");
        assert_ne!(stock, "1");
        let (_, input) = domain::project::MonitoringReport::accounting_input(&view.fields, &basis, ISSUED).expect("an input");
        assert_eq!((input["previous_on"].as_str(), input["previous_tree_stock_t"].as_str()), (Some("2024-12-31"), Some(stock.as_str())));
    }

    async fn planted_land_is_not_submitted_without_a_boundary_that_has_room_for_it(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let yes = fields(&[("statement", "yes")]);
        let project = mandated(&world, &forest(&world.validator)).await;
        let refused = registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await;
        assert_eq!(codes(refused), ["boundary_missing"]);
        registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, boundary(20_000)).await.expect("a boundary of 418 ha");
        let refused = registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!((refused[0].code, refused[0].param("strata")), ("strata_exceed_boundary", Some("500")));
        registry.project_boundary_set(&world.owner.on(DAY_ONE), &project, boundary(30_000)).await.expect("a boundary of 940 ha");
        registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await.expect("room enough");
    }

    async fn a_table_with_mistakes_is_refused_by_line_and_nothing_of_it_is_kept(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let project = registered(&world).await;
        let report = begun(&world, &project, REGISTERED, &fields(&[("period_from", "2021-06-08"), ("period_to", "2024-12-31")])).await;
        let save = |text: &str, revision: i64| (fields(&[("trees", text), ("implementation", "半份")]), revision);
        let (typed, revision) = save("plot,dbh_cm,height_m\nP1,12.4,8\nP1,twelve,8\n,9.1,7\n", 1);
        let refused = registry.report_save(&world.owner.on(REGISTERED), &report, revision, &typed).await;
        let Err(registry::Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        let places: Vec<_> = refused.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
        assert_eq!(places, ["trees.3.dbh_cm", "trees.4.plot"]);
        let kept = registry.report_get(&world.owner.on(REGISTERED), &report).await.expect("report").fields;
        assert!(!kept.contains_key("trees") && !kept.contains_key("implementation"), "{kept:?}");

        // a hundred thousand trees are kept, and lists stay light
        let mut large = String::from("plot,dbh_cm,height_m\n");
        for tree in 0..100_000_u32 {
            large += &format!("P{},{}.{},{}.5\n", tree % 400, 8 + tree % 9, tree % 10, 6 + tree % 5);
        }
        let (typed, revision) = save(&large, 1);
        registry.report_save(&world.owner.on(REGISTERED), &report, revision, &typed).await.expect("a large table");
        let kept = registry.report_get(&world.owner.on(REGISTERED), &report).await.expect("report");
        assert_eq!(kept.fields.get("trees").map(String::len), Some(large.len()));
        let list = registry.report_list(&world.owner.on(REGISTERED), &registry::ListFilter::default()).await.expect("list");
        assert_eq!(list.rows[0].period_end.as_deref(), Some("2024-12-31"));
        let longer = format!("{large}P1,8.8,7.5\n");
        let (typed, revision) = save(&longer, 2);
        let refused = registry.report_save(&world.owner.on(REGISTERED), &report, revision, &typed).await;
        assert_eq!(codes(refused), ["list_too_long"]);
    }
}
