//! Scenes that operators define: four eyes, offered and counted from their day, ended without losing late records, recomputed with their set.

use domain::Act;
use domain::parameter_change::scene_form;
use methodologies::inclusion::{
    Counts, Earning, Formula, Measure, Period, Role, SceneFactor, SceneLimit, SceneVersion, Tier,
    scene_at, scene_known,
};
use methodologies::text::Message;
use registry::{CallRow, Error, Fields, PageRequest, Registry};
use time::Date;
use time::macros::date;

use super::inclusion::{
    DAY, SETTLED, call, connect, person, provider, refused, second_operator, timed, untimed,
};
use crate::harness::*;

const CODE: &str = "tray_returned";
const FROM: Date = date!(2026 - 03 - 01);

fn message(zh: &str, en: &str) -> Message {
    Message {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// A tray that is brought back: 50 g each, two a day.
fn tray() -> SceneVersion {
    SceneVersion {
        code: CODE.to_owned(),
        from: FROM,
        open: true,
        family: "food".to_owned(),
        name: message("餐盘归还", "Tray returned"),
        formula: Formula::PerAct,
        measure: Measure::Acts,
        unit: "tray".to_owned(),
        credit: Earning::Certifiable,
        why: None,
        evidence: message("食堂记录", "Record of the canteen"),
        unique: None,
        max_per_act: None,
        speed_max: None,
        limits: vec![SceneLimit {
            period: Period::Day,
            counts: Counts::Acts,
            value: "2".parse().expect("a number"),
        }],
        factors: vec![SceneFactor {
            region: "CN".to_owned(),
            role: Role::Reduction,
            value: "50".parse().expect("a number"),
            tier: Tier::from_code("D").expect("a tier"),
            source: message("平台展示", "Shown by a platform"),
        }],
        source: message("", ""),
        after: 0,
    }
}

fn proposal(version: &SceneVersion, from: &str) -> Fields {
    let mut form = scene_form(version);
    form.extend(fields(&[
        ("document", "关于餐盘归还的公告"),
        ("document_number", "2026年第3号"),
        ("effective_from", from),
        ("reason", "新增情景"),
    ]));
    form
}

async fn propose(registry: &Registry, by: &Actor, form: &Fields) -> Result<String, Error> {
    let receipt = registry.parameters_propose(&by.on(FROM), form).await;
    receipt.map(|receipt| receipt.id)
}

/// Proposed by the world's operator, approved by another one.
async fn define(world: &World, version: &SceneVersion, from: &str) -> Option<u64> {
    let id = propose(&world.registry, &world.operator, &proposal(version, from)).await;
    let second = second_operator(world).await;
    let approved = world
        .registry
        .parameters_approve(&second.on(FROM), &id.expect("a proposal"))
        .await;
    approved.expect("approved").set
}

fn returned(order: &str, reference: &str, day: Date) -> CallRow {
    CallRow {
        amounts: Fields::new(),
        ..untimed(order, reference, CODE, "1", day)
    }
}

fn ended() -> SceneVersion {
    SceneVersion {
        open: false,
        ..tray()
    }
}

both_databases! {
    async fn a_scene_is_defined_by_two_operators_and_its_acts_count(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let form = fields(&[("name", "演示食堂"), ("precedence", "2"), ("evidence", "T1"), ("scenes", CODE), ("agreement", "DEMO-1")]);
        let unknown = registry.provider_add(&world.operator.on(FROM), &form).await;
        assert_eq!(codes(unknown), ["choice_invalid"], "there is no such scene yet");
        let id = propose(registry, &world.operator, &proposal(&tray(), "2026-03-01")).await.expect("a proposal");
        let own = registry.parameters_approve(&world.operator.on(FROM), &id).await;
        assert_eq!(codes(own), ["four_eyes"]);
        let seen = registry.parameter_change(&world.operator.on(FROM), &id).await.expect("change");
        assert_eq!((seen.scenes.len(), seen.allowed.as_slice()), (1, [Act::ParametersWithdraw].as_slice()));
        assert!(scene_known(&registry.parameters_in_force().await.expect("set"), CODE).is_none(), "a proposal changes nothing");
        let second = second_operator(&world).await;
        registry.parameters_approve(&second.on(FROM), &id).await.expect("approved");
        let set = registry.parameters_in_force().await.expect("set");
        assert_eq!(scene_at(&set, CODE, FROM).expect("the scene").name.zh, "餐盘归还");
        let public = registry.public().parameter_sets().await.expect("public");
        assert_eq!(public[0].scenes[0].code, CODE);

        let canteen = provider(&world, "演示食堂", "2", CODE).await;
        let person = person(registry, "演示食客").await;
        let reference = connect(&world, &person, &canteen, CODE).await;
        let rows = ["a", "b", "c"].map(|order| returned(order, &reference, DAY));
        let answer = call(&world, &canteen, DAY, &rows).await;
        assert_eq!(answer.refused, 0, "{answer:?}");
        let mg = answer.rows.iter().map(|row| row.accepted.as_ref().map_or(0, |one| one.mg));
        assert_eq!(mg.collect::<Vec<_>>(), [50_000, 50_000, 0], "two a day count");
        let early = call(&world, &canteen, DAY, &[returned("d", &reference, date!(2026 - 02 - 28))]).await;
        assert_eq!(refused(&early), ["scene_not_in_force"]);
        // by hand too
        let by_hand = fields(&[("scene", CODE), ("day", "2026-03-11"), ("region", "CN-GD-SZ")]);
        registry.activity_record(&person.on(date!(2026 - 03 - 11)), &by_hand, None).await.expect("recorded");
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let export = registry.person_export(&person.on(SETTLED)).await.expect("export");
        assert_eq!(export.activities.iter().filter(|act| act.scene == CODE).count(), 4);
        assert!(export.activities.iter().any(|act| act.is_certifiable && act.mg == 50_000));
        let badges = registry.badges(&person.on(SETTLED)).await.expect("badges");
        let food = badges.families.iter().find(|badge| badge.family == "food").expect("food");
        assert!(food.progress.have >= 2, "{food:?}");
        world.assert_audit_clean().await;
    }

    async fn an_ended_scene_takes_late_records_and_old_acts_are_recomputed_with_their_set(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        assert_eq!(define(&world, &tray(), "2026-03-01").await, Some(1));
        let canteen = provider(&world, "演示食堂", "2", CODE).await;
        let person = person(registry, "演示食客").await;
        let reference = connect(&world, &person, &canteen, CODE).await;
        let first = call(&world, &canteen, DAY, &[returned("a", &reference, DAY)]).await;
        assert_eq!(first.accepted, 1, "{first:?}");
        // half as much from the same day on, by a set of its own
        let mut less = tray();
        less.factors[0].value = "25".parse().expect("a number");
        assert_eq!(define(&world, &less, "2026-03-10").await, Some(2));
        let second = call(&world, &canteen, DAY, &[returned("b", &reference, DAY)]).await;
        assert_eq!(second.rows[0].accepted.as_ref().map(|one| one.mg), Some(25_000));
        assert_eq!(define(&world, &ended(), "2026-03-11").await, Some(3));
        let next = date!(2026 - 03 - 11);
        let rows = [returned("c", &reference, next), returned("d", &reference, date!(2026 - 03 - 09))];
        let answer = call(&world, &canteen, next, &rows).await;
        assert_eq!(refused(&answer), ["scene_ended", ""], "{answer:?}");
        assert_eq!(answer.rows[1].accepted.as_ref().map(|one| one.mg), Some(50_000), "a late record, by the definition of its day");
        let by_hand = fields(&[("scene", CODE), ("day", "2026-03-11"), ("region", "CN-GD-SZ")]);
        let refused = registry.activity_record(&person.on(next), &by_hand, None).await;
        assert_eq!(codes(refused), ["scene_ended"]);
        registry.inclusion_tick(noon(date!(2026 - 03 - 13))).await.expect("settle");
        let acts = registry.activities(&person.on(next), (FROM, next), &PageRequest::default()).await.expect("acts");
        let mut mg: Vec<i64> = acts.rows.iter().map(|act| act.mg).collect();
        mg.sort_unstable();
        assert_eq!(mg, [25_000, 50_000, 50_000]);
        world.assert_audit_clean().await;
    }

    async fn a_trip_of_a_defined_scene_is_no_faster_than_its_definition_says(database) {
        let world = World::new(database).await;
        let mut ferry = tray();
        "ferry".clone_into(&mut ferry.code);
        "travel".clone_into(&mut ferry.family);
        (ferry.formula, ferry.measure, ferry.unit) = (Formula::PerUnit, Measure::Kilometres, "km".to_owned());
        ferry.limits[0].counts = Counts::Quantity;
        ferry.limits[0].value = "40".parse().expect("a number");
        let without = propose(&world.registry, &world.operator, &proposal(&ferry, "2026-03-01")).await;
        assert_eq!(codes(without), ["scene_without_speed"]);
        ferry.speed_max = "60".parse().ok();
        assert_eq!(define(&world, &ferry, "2026-03-01").await, Some(1));
        let pier = provider(&world, "演示码头", "2", "ferry").await;
        let person = person(&world.registry, "演示乘船人").await;
        let reference = connect(&world, &person, &pier, "ferry").await;
        let crossing = |order: &str, minutes: i64| timed(untimed(order, &reference, "ferry", "20", DAY), DAY, 8, minutes);
        let answer = call(&world, &pier, DAY, &[crossing("a", 19), crossing("b", 20)]).await;
        assert_eq!(refused(&answer), ["trip_too_fast", ""], "20 km in 19 minutes is above 60 km/h: {answer:?}");
        world.assert_audit_clean().await;
    }

    async fn a_scene_that_makes_no_sense_is_refused_at_its_field_and_nothing_is_written(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let refused = async |form: &Fields| {
            let Err(Error::Refused(refusals)) = propose(registry, &world.operator, form).await else { panic!("taken") };
            refusals.into_iter().map(|one| format!("{} {}", one.field.unwrap_or_default(), one.code)).collect::<Vec<_>>()
        };
        let mut form = proposal(&tray(), "2026-03-01");
        form.insert("scenes.0.limits.0.value".to_owned(), String::new());
        assert_eq!(refused(&form).await, ["scenes.0.limits.0.value scene_without_limit"]);
        let mut form = proposal(&tray(), "2026-03-01");
        form.insert("scenes.0.measure".to_owned(), "kilometres".to_owned());
        assert!(refused(&form).await.contains(&"scenes.0.measure scene_measure_unfit".to_owned()));
        assert!(registry.parameter_changes(&world.operator.on(FROM)).await.expect("changes").is_empty());
        for other in [&world.owner, &world.validator, &world.organiser] {
            let form = proposal(&tray(), "2026-03-01");
            assert_eq!(codes(propose(registry, other, &form).await), ["forbidden"]);
        }
    }
}
