//! Scenes that operators define: from their day on, with numbers of their own, within limits, and the same again for every stored act.
#![cfg(not(target_arch = "wasm32"))]

use methodologies::inclusion::{
    Act, Counts, Credit, Earning, Evidence, Formula, Grade, Measure, Period, Role, SceneFactor,
    SceneLimit, SceneVersion, Standing, Tier, act, certifiable_changes, definition, has_tier, rate,
    scene, scene_at, scene_known, scenes, scenes_on, tier_of,
};
use methodologies::replaceable::{in_force, replaceable};
use methodologies::{INPUT_ERRORS, Message, Parameters, Replacement};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use time::Date;
use time::macros::date;

const FROM: Date = date!(2026 - 03 - 01);

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn message(zh: &str, en: &str) -> Message {
    Message {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

fn limit(period: Period, counts: Counts, value: &str) -> SceneLimit {
    SceneLimit {
        period,
        counts,
        value: number(value),
    }
}

fn factor(region: &str, role: Role, value: &str, tier: Tier) -> SceneFactor {
    SceneFactor {
        region: region.to_owned(),
        role,
        value: number(value),
        tier,
        source: message("某市方法学", "Method of a city"),
    }
}

/// Glass that is brought back: 120 g for a kilogram, 10 kg a month.
fn glass() -> SceneVersion {
    SceneVersion {
        code: "glass_returned".to_owned(),
        from: FROM,
        open: true,
        family: "goods".to_owned(),
        name: message("玻璃瓶回收", "Glass returned"),
        formula: Formula::PerUnit,
        measure: Measure::Kilograms,
        unit: "kg".to_owned(),
        credit: Earning::Certifiable,
        why: None,
        evidence: message("称重单", "Weight ticket"),
        unique: None,
        max_per_act: Some(number("20")),
        speed_max: None,
        limits: vec![limit(Period::Month, Counts::Quantity, "10")],
        factors: vec![factor("CN", Role::Reduction, "120", Tier::Graded(Grade::C))],
        source: message("公告（第1号）", "Notice (No. 1)"),
        after: 0,
    }
}

fn with(scenes: Vec<SceneVersion>) -> Parameters {
    Parameters::BUILT_IN.next(&[], &scenes)
}

fn replaced(set: &Parameters, id: &str, value: &str, from: Date) -> Parameters {
    let known = replaceable(id, set).unwrap();
    let tier = has_tier(id, set).then_some(Tier::Graded(Grade::A));
    let one = Replacement {
        id: id.to_owned(),
        value: number(value),
        unit: known.unit,
        from,
        source: message("文件", "Document"),
        assumed: false,
        tier,
    };
    set.next(&[one], &[])
}

fn returned(set: &Parameters, day: &str, kg: &str) -> Result<Act, Vec<methodologies::InputError>> {
    let input = json!({ "day": day, "region": "CN-GD", "evidence": "T1", "mass_kg": kg });
    act("inclusion/glass_returned", &input, set)
}

fn first(outcome: Result<Act, Vec<methodologies::InputError>>) -> (String, &'static str) {
    let error = outcome.unwrap_err().remove(0);
    (error.path, error.code)
}

fn wrong(version: SceneVersion) -> Vec<(String, &'static str)> {
    let errors = with(vec![version]).check().err().unwrap_or_default();
    for error in &errors {
        assert!(INPUT_ERRORS.iter().any(|known| known.code == error.code));
        let text = error.text();
        assert!(
            !text.zh.contains('{') && !text.en.contains('{'),
            "{}",
            text.en
        );
    }
    let path = |error: &methodologies::InputError| error.path.replace("scenes.0.", "");
    errors
        .iter()
        .map(|error| (path(error), error.code))
        .collect()
}

#[test]
fn a_new_scene_counts_from_its_first_day_with_its_own_numbers() {
    let set = with(vec![glass()]);
    assert_eq!(set.check(), Ok(()));
    let done = returned(&set, "2026-03-10", "2.5").unwrap();
    assert_eq!((done.mg, done.unit.as_str()), (300_000, "kg"));
    assert_eq!(
        (done.parameter_set, done.scene.as_str()),
        (1, "glass_returned")
    );
    assert!(matches!(
        done.standing,
        Standing::Certifiable {
            factors: Grade::C,
            ..
        }
    ));
    let used = &done.factors[0];
    assert_eq!(used.id, "inclusion.glass_returned.CN.reduction");
    assert_eq!(
        (used.version, used.from, used.unit.as_str()),
        (None, FROM, "gCO2e/kg")
    );
    // the limit of the month, and the most in one act
    let mut input =
        json!({ "day": "2026-03-10", "region": "CN", "evidence": "T1", "mass_kg": "5" });
    input["before"] = json!({ "month": { "acts": "3", "quantity": "8" } });
    let done = act("glass_returned", &input, &set).unwrap();
    assert_eq!(done.mg, 240_000);
    let cap = done.cap.unwrap();
    assert_eq!(cap.id, "inclusion.glass_returned.limit.month_quantity");
    assert_eq!(
        first(returned(&set, "2026-03-10", "21")),
        ("mass_kg".to_owned(), "act_implausible")
    );
    assert_eq!(
        first(returned(&set, "2026-02-28", "1")),
        ("day".to_owned(), "scene_not_in_force")
    );
    assert_eq!(
        first(returned(Parameters::BUILT_IN, "2026-03-10", "1")),
        ("scene".to_owned(), "scene_unknown")
    );
    let rate = rate("glass_returned", "CN-BJ", FROM, Evidence::T1, &set);
    assert_eq!(rate.unwrap().unwrap().milligrams(number("1")), Ok(120_000));
    assert_eq!(scenes_on(&set, FROM).len(), scenes().len() + 1);
    assert_eq!(
        scenes_on(&set, FROM.previous_day().unwrap()).len(),
        scenes().len()
    );
    assert_eq!(
        scene_known(&set, "glass_returned").unwrap().name.zh,
        "玻璃瓶回收"
    );
    let listed = in_force(&set, FROM);
    let ours = |one: &&methodologies::replaceable::InForce| one.used.id.contains("glass_returned");
    assert_eq!(listed.iter().filter(ours).count(), 3);
    // kept once, however often it is asked for
    let kept = scene_known(&set, "glass_returned").unwrap();
    assert!(std::ptr::eq(
        kept,
        scene_at(&set, "glass_returned", FROM).unwrap()
    ));
}

#[test]
fn a_definition_takes_the_place_of_a_built_in_scene_from_its_day_and_not_before() {
    let metro = scene("metro").unwrap();
    let mut version = definition(Parameters::BUILT_IN, metro, FROM).unwrap();
    version.source = message("公告", "Notice");
    version.limits = vec![
        limit(Period::Day, Counts::Acts, "1"),
        limit(Period::Week, Counts::Quantity, "30"),
    ];
    version.factors = vec![
        factor("CN", Role::Reduction, "10", Tier::Graded(Grade::B)),
        factor("CN-SC", Role::Reduction, "20", Tier::Unvetted),
    ];
    let set = with(vec![version]);
    assert_eq!(set.check(), Ok(()));
    let ride = |set: &Parameters, day: &str, region: &str| {
        let input = json!({ "day": day, "region": region, "evidence": "T1", "distance_km": "10" });
        act("metro", &input, set)
    };
    let mg = |set: &Parameters, day: &str, region: &str| ride(set, day, region).unwrap().mg;
    assert_eq!(mg(&set, "2026-03-01", "CN-GD-SZ"), 100_000);
    let before = mg(&set, "2026-02-28", "CN-GD-SZ");
    assert_eq!(before, mg(Parameters::BUILT_IN, "2026-03-01", "CN-GD-SZ"));
    assert_ne!(before, 100_000);
    // factors that the definition leaves out are not there any more
    let old = "inclusion.metro.CN-GD-SZ.reduction";
    assert!(set.on(old, FROM).is_none() && set.on(old, date!(2026 - 02 - 28)).is_some());
    assert_eq!(
        tier_of("inclusion.metro.CN-SC.reduction", FROM, &set),
        Some(Tier::Unvetted)
    );
    // where the narrowest is not verified the next wider one serves
    assert_eq!(mg(&set, "2026-03-01", "CN-SC"), 100_000);
    let limits = scene_at(&set, "metro", FROM).unwrap().limits;
    assert_eq!(limits.len(), 2);
    assert!(certifiable_changes(Parameters::BUILT_IN, &set, FROM).is_empty());
    let mut unvetted = set.scenes[0].clone();
    unvetted.factors[0].tier = Tier::Unvetted;
    let unvetted = with(vec![unvetted]);
    assert_eq!(
        first(ride(&unvetted, "2026-03-01", "CN")),
        ("unvetted".to_owned(), "factor_unvetted")
    );
    let lost = certifiable_changes(Parameters::BUILT_IN, &unvetted, FROM);
    assert!(
        lost.iter()
            .any(|change| !change.certifiable && change.is_everywhere())
    );
}

#[test]
fn an_ended_scene_takes_acts_of_the_days_before_only() {
    let mut end = definition(Parameters::BUILT_IN, scene("own_cup").unwrap(), FROM).unwrap();
    end.open = false;
    end.source = message("公告", "Notice");
    let set = with(vec![end.clone()]);
    assert_eq!(set.check(), Ok(()));
    let cup = |set: &Parameters, day: &str| {
        act(
            "own_cup",
            &json!({ "day": day, "region": "CN", "evidence": "T1" }),
            set,
        )
    };
    assert!(cup(&set, "2026-02-28").is_ok());
    let error = cup(&set, "2026-03-05").unwrap_err().remove(0);
    assert_eq!((error.path.as_str(), error.code), ("day", "scene_ended"));
    assert!(error.params.contains(&("until", "2026-02-28".to_owned())));
    assert!(
        scenes_on(&set, FROM)
            .iter()
            .all(|scene| scene.code != "own_cup")
    );
    assert!(scene_known(&set, "own_cup").is_some());
    // and it may begin again
    let again = SceneVersion {
        from: date!(2026 - 04 - 01),
        open: true,
        ..end
    };
    let set = set.next(&[], &[again]);
    assert!(cup(&set, "2026-04-01").is_ok() && cup(&set, "2026-03-31").is_err());
    assert!(cup(&set, "2026-02-28").is_ok());
}

#[test]
fn a_number_of_a_scene_is_replaced_later_and_of_one_day_what_was_entered_later_holds() {
    let id = "inclusion.glass_returned.CN.reduction";
    let set = with(vec![glass()]);
    let value = |set: &Parameters, day: Date| set.on(id, day).unwrap().value;
    let later = replaced(&set, id, "90", date!(2026 - 03 - 15));
    assert_eq!(later.check(), Ok(()));
    assert_eq!(value(&later, date!(2026 - 03 - 14)), number("120"));
    assert_eq!(value(&later, date!(2026 - 03 - 15)), number("90"));
    assert_eq!(returned(&later, "2026-03-20", "1").unwrap().mg, 90_000);
    let same_day = replaced(&set, id, "100", FROM);
    assert_eq!(value(&same_day, FROM), number("100"));
    // a definition entered after it, from the same day, is a whole one
    let mut anew = glass();
    anew.factors[0].value = number("110");
    let anew = same_day.next(&[], &[anew]);
    assert_eq!(value(&anew, FROM), number("110"));
    // what was stored with an earlier set gives the same digits with that set
    assert_eq!(returned(&same_day, "2026-03-20", "1").unwrap().mg, 100_000);
    assert_eq!(replaceable(id, Parameters::BUILT_IN), None);
    let unknown = replaced(&set, id, "90", FROM);
    let alone = Parameters::BUILT_IN.next(&unknown.replacements, &[]);
    assert_eq!(alone.check().unwrap_err()[0].code, "parameter_unknown");
    let early = replaced(&set, id, "90", date!(2026 - 02 - 28));
    assert_eq!(
        early.check().unwrap_err()[0].code,
        "parameter_from_too_early"
    );
    let other_unit = replaced(&set, id, "1201", FROM);
    assert_eq!(
        other_unit.check().unwrap_err()[0].code,
        "parameter_out_of_range"
    );
}

#[test]
fn every_built_in_scene_defined_as_it_is_gives_the_same_digits() {
    for scene in scenes() {
        let input = methodologies::example(scene.calculator).unwrap();
        let day = methodologies::day::parse(input["day"].as_str().unwrap()).unwrap();
        let mut version = definition(Parameters::BUILT_IN, scene, day).unwrap();
        version.source = message("公告", "Notice");
        let set = with(vec![version.clone()]);
        let errors = set.check().err().unwrap_or_default();
        // those that count by the year need a limit by day or month beside it
        assert!(
            errors
                .iter()
                .all(|error| error.code == "scene_without_limit"),
            "{}: {errors:?}",
            scene.code
        );
        let old = act(scene.code, &input, Parameters::BUILT_IN).unwrap();
        let new = act(scene.code, &input, &set).unwrap();
        assert_eq!(
            (old.mg, &old.counted, &old.standing),
            (new.mg, &new.counted, &new.standing)
        );
        assert_eq!(old.steps, new.steps, "{}", scene.code);
        let again = scene_at(&set, scene.code, day).unwrap();
        assert_eq!(
            definition(&set, again, day).map(|one| (one.factors, one.limits)),
            Some((version.factors, version.limits))
        );
        assert_eq!(
            matches!(again.credit, Credit::Certifiable),
            matches!(scene.credit, Credit::Certifiable)
        );
    }
}

#[test]
fn a_definition_that_makes_no_sense_is_refused_with_its_place() {
    assert_eq!(wrong(glass()), []);
    let changed = |change: fn(&mut SceneVersion)| {
        let mut version = glass();
        change(&mut version);
        wrong(version)
    };
    let at = |path: &str, code| vec![(path.to_owned(), code)];
    for code in ["", "x", "Glass", "glass returned", "玻璃", &"g".repeat(41)] {
        let version = SceneVersion {
            code: code.to_owned(),
            ..glass()
        };
        assert_eq!(wrong(version), at("code", "scene_code_invalid"), "{code}");
    }
    assert_eq!(
        changed(|one| one.code = "guard".to_owned()),
        at("code", "scene_code_taken")
    );
    assert_eq!(
        changed(|one| one.family = "moon".to_owned()),
        at("family", "required")
    );
    assert_eq!(
        changed(|one| one.name.en = " ".to_owned()),
        at("name_en", "required")
    );
    assert_eq!(
        changed(|one| one.name.zh = "名".repeat(61)),
        at("name_zh", "text_too_long")
    );
    assert_eq!(
        changed(|one| one.evidence.zh = String::new()),
        at("evidence_zh", "required")
    );
    assert_eq!(
        changed(|one| one.unit = String::new()),
        at("unit", "required")
    );
    assert_eq!(
        changed(|one| one.from = date!(2023 - 12 - 31)),
        at("from", "parameter_from_too_early")
    );
    assert_eq!(
        changed(|one| one.from = date!(2100 - 01 - 02)),
        at("from", "parameter_from_too_late")
    );
    assert_eq!(
        changed(|one| one.measure = Measure::Acts)[0],
        ("measure".to_owned(), "scene_measure_unfit")
    );
    assert_eq!(
        changed(|one| one.formula = Formula::Carpool)[0],
        ("formula".to_owned(), "scene_formula_of_another")
    );
    assert_eq!(
        changed(|one| one.why = Some(message("因", "why"))),
        at("why_zh", "scene_why_unwanted")
    );
    assert_eq!(
        changed(|one| one.credit = Earning::Counted),
        [at("why_zh", "required"), at("why_en", "required")].concat()
    );
    assert!(
        changed(|one| one.credit = Earning::Engagement)
            .contains(&("credit".to_owned(), "scene_credit_unfit"))
    );
    assert_eq!(
        changed(|one| one.max_per_act = Some(Decimal::ZERO)),
        at("max_per_act", "number_out_of_range")
    );
    assert_eq!(
        changed(|one| one.limits[0].value = number("-1")),
        at("limits.0.value", "number_out_of_range")
    );
    assert_eq!(
        changed(|one| one.limits.clear()),
        at("limits.0.value", "scene_without_limit")
    );
    assert_eq!(
        changed(|one| one.limits[0].period = Period::Year),
        at("limits.0.value", "scene_without_limit")
    );
    assert_eq!(
        changed(|one| {
            one.limits = vec![limit(Period::Day, Counts::Acts, "3")];
            one.max_per_act = None;
        }),
        at("max_per_act", "scene_unlimited")
    );
    assert_eq!(
        changed(|one| one.speed_max = Some(number("60"))),
        at("speed_max", "scene_speed_of_nothing"),
        "a thing that is brought back has no speed"
    );
    let ferry = |speed: Option<Decimal>| {
        let mut ferry = glass();
        ferry.code = "ferry".to_owned();
        ferry.family = "travel".to_owned();
        ferry.measure = Measure::Kilometres;
        ferry.unit = "km".to_owned();
        ferry.speed_max = speed;
        ferry
    };
    assert_eq!(wrong(ferry(None)), at("speed_max", "scene_without_speed"));
    assert_eq!(
        wrong(ferry(Some(Decimal::ZERO))),
        at("speed_max", "number_out_of_range")
    );
    assert_eq!(wrong(ferry(Some(number("60")))), []);
    let bus = definition(Parameters::BUILT_IN, scene("bus").unwrap(), FROM).unwrap();
    assert!(
        bus.speed_max.is_some(),
        "a known scene brings its speed along"
    );
    let carpool = definition(Parameters::BUILT_IN, scene("carpool").unwrap(), FROM).unwrap();
    let boundless = SceneVersion {
        source: message("公告", "Notice"),
        max_per_act: None,
        ..carpool
    };
    assert_eq!(wrong(boundless), at("max_per_act", "scene_unlimited"));
    let cup = definition(Parameters::BUILT_IN, scene("own_bag").unwrap(), FROM).unwrap();
    let of_nothing = SceneVersion {
        source: message("公告", "Notice"),
        max_per_act: Some(Decimal::ONE),
        ..cup
    };
    assert_eq!(
        wrong(of_nothing),
        at("max_per_act", "scene_most_of_nothing")
    );
    assert_eq!(
        changed(|one| one.limits.push(limit(Period::Day, Counts::Acts, "1.5"))),
        at("limits.1.value", "number_too_many_decimals")
    );
    assert_eq!(
        changed(|one| one.limits.push(one.limits[0].clone())),
        at("limits.1.period", "scene_limit_twice")
    );
    assert_eq!(
        changed(|one| one.factors.clear()),
        at("factors.0.value", "scene_without_factor")
    );
    assert_eq!(
        changed(|one| one.factors.push(one.factors[0].clone())),
        at("factors.1.region", "scene_factor_twice")
    );
    assert_eq!(
        changed(|one| one.factors[0].region = "CN-ZZ".to_owned()),
        at("factors.0.region", "required")
    );
    assert_eq!(
        changed(|one| one.factors[0].value = Decimal::ZERO),
        at("factors.0.value", "number_out_of_range")
    );
    assert_eq!(
        changed(|one| one.factors[0].source.zh = String::new()),
        at("factors.0.source_zh", "required")
    );
    assert_eq!(
        changed(|one| one
            .factors
            .push(factor("CN", Role::PerAct, "5", Tier::Unvetted))),
        at("factors.1.role", "scene_role_unfit")
    );
    // what was counted before is counted in the same unit and sum
    let moved = |change: fn(&mut SceneVersion)| {
        let mut later = glass();
        change(&mut later);
        let set = with(vec![glass()]).next(&[], &[later]);
        let error = set.check().unwrap_err().remove(0);
        (error.path, error.code)
    };
    let second = |field: &str, code| (format!("scenes.1.{field}"), code);
    assert_eq!(
        moved(|one| one.unit = "t".to_owned()),
        second("unit", "scene_unit_changed")
    );
    assert_eq!(
        moved(|one| one.family = "food".to_owned()),
        second("family", "scene_family_changed")
    );
    let metro = definition(Parameters::BUILT_IN, scene("metro").unwrap(), FROM).unwrap();
    let alone = SceneVersion {
        source: message("公告", "Notice"),
        factors: vec![
            factor("CN", Role::Reduction, "10", Tier::Unvetted),
            factor("CN-BJ", Role::Project, "10", Tier::Unvetted),
        ],
        ..metro
    };
    assert_eq!(wrong(alone), at("factors.1.role", "scene_project_alone"));
}

#[test]
fn a_set_with_scenes_comes_back_from_json_as_it_went() {
    let set = replaced(
        &with(vec![glass()]),
        "inclusion.glass_returned.limit.month_quantity",
        "12",
        FROM,
    );
    let text = serde_json::to_string(&set).unwrap();
    assert_eq!(serde_json::from_str::<Parameters>(&text).unwrap(), set);
    let input: Value =
        json!({ "day": "2026-03-10", "region": "CN", "evidence": "T1", "mass_kg": "11" });
    let back: Parameters = serde_json::from_str(&text).unwrap();
    assert_eq!(
        act("glass_returned", &input, &back),
        act("glass_returned", &input, &set)
    );
    assert!(
        !serde_json::to_string(Parameters::BUILT_IN)
            .unwrap()
            .contains("scenes")
    );
}
