//! What carbon inclusion promises: nothing unverified is certified, no limit is passed, one rate is many acts.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use methodologies::grid_average::{grid_average, regions, within};
use methodologies::inclusion::{
    Act, Before, Counts, Credit, Evidence, Formula, Grade, Scene, Standing, Tally, Tier, act,
    act_after, certifiable_changes, example, families, has_tier, points_due, rate,
    rate_without_amount, scene, scene_fields, scenes, schema,
};
use methodologies::parameter::parameter;
use methodologies::{
    INPUT_ERRORS, Message, Parameters, Replacement, fields_to_json, json_to_fields,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use time::Date;
use time::macros::date;

const BUILT_IN: &Parameters = Parameters::BUILT_IN;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn codes(outcome: Result<Act, Vec<methodologies::InputError>>) -> Vec<(String, &'static str)> {
    outcome
        .unwrap_err()
        .into_iter()
        .map(|error| (error.path, error.code))
        .collect()
}

fn replaced(entries: &[(&str, &str, bool)], from: Date) -> Parameters {
    let replacements = entries.iter().map(|(id, value, assumed)| Replacement {
        id: (*id).to_owned(),
        value: number(value),
        unit: parameter(id).unwrap().unit.to_owned(),
        from,
        source: Message {
            zh: "测试".to_owned(),
            en: "Test".to_owned(),
        },
        assumed: *assumed,
        tier: None,
    });
    Parameters {
        set: 7,
        replacements: replacements.collect(),
        scenes: Vec::new(),
    }
}

/// The example of a scene with other values.
fn changed(scene: &Scene, changes: &[(&str, Value)]) -> Value {
    let mut input = example(scene.code, BUILT_IN).unwrap();
    for (name, value) in changes {
        input[*name] = value.clone();
    }
    input
}

#[test]
fn every_scene_is_complete() {
    let mut seen = BTreeSet::new();
    for scene in scenes() {
        assert!(seen.insert(scene.code), "{} is there twice", scene.code);
        assert_eq!(scene.calculator, format!("inclusion/{}", scene.code));
        assert!(
            families().iter().any(|family| family.code == scene.family),
            "{}",
            scene.code
        );
        for text in [scene.name, scene.evidence] {
            assert!(!text.zh.is_empty() && !text.en.is_empty());
        }
        let ids = scene
            .factors
            .iter()
            .map(|place| place.id)
            .chain(scene.limits.iter().map(|limit| limit.id))
            .chain(scene.max_per_act);
        for id in ids {
            let known = parameter(id).unwrap_or_else(|| panic!("{id}"));
            assert!(!known.values.is_empty() && !known.unit.is_empty(), "{id}");
        }
        let engagement = matches!(scene.credit, Credit::Engagement { .. });
        assert_eq!(
            engagement,
            scene.formula == Formula::Engagement,
            "{}",
            scene.code
        );
        assert!(!engagement || scene.factors.is_empty(), "{}", scene.code);
    }
    assert!(seen.len() >= 40, "{} scenes", seen.len());
    for family in families() {
        assert!(
            scenes().iter().any(|scene| scene.family == family.code),
            "{}",
            family.code
        );
    }
}

#[test]
fn scenes_are_not_among_the_methodologies_and_their_calculators() {
    assert!(
        methodologies::calculators()
            .iter()
            .all(|calculator| scene(calculator.code).is_none())
    );
    assert!(
        methodologies::catalogue()
            .iter()
            .all(|methodology| scene(methodology.code).is_none())
    );
    assert!(methodologies::calculator("inclusion/metro").is_none());
}

#[test]
fn every_example_computes_and_shows_its_working() {
    for scene in scenes() {
        let input = example(scene.code, BUILT_IN).unwrap();
        assert_eq!(
            methodologies::example(scene.calculator).as_ref(),
            Some(&input)
        );
        let done = act(scene.code, &input, BUILT_IN).unwrap_or_else(|errors| {
            panic!("{}: {errors:?}", scene.code);
        });
        let by_form = fields_to_json(&json_to_fields(&input));
        assert_eq!(act(scene.calculator, &by_form, BUILT_IN).unwrap(), done);
        assert_eq!(
            methodologies::answer(scene.calculator, &input, BUILT_IN).unwrap(),
            json!(done)
        );
        if scene.formula == Formula::Engagement {
            assert_eq!((done.mg, done.standing), (0, Standing::Engagement));
            continue;
        }
        assert!(done.mg > 0, "{}", scene.code);
        assert!(!done.factors.is_empty() && !done.steps.is_empty());
        let last = done.steps.last().unwrap();
        assert_eq!(
            (last.value, last.unit.as_str()),
            (Decimal::from(done.mg), "mgCO2e")
        );
        for step in &done.steps {
            assert_eq!(step.clause, scene.calculator);
            assert!(!step.inputs.is_empty() && !step.formula.is_empty() && !step.unit.is_empty());
            assert!(!step.title.zh.is_empty() && !step.title.en.is_empty());
        }
        for factor in &done.factors {
            assert!(factor.version.is_some_and(|version| version > 0));
            assert!(factor.from <= done.day && !factor.source.en.is_empty());
            assert!(
                done.parameters
                    .iter()
                    .any(|used| used.id == factor.id && used.value == factor.value)
            );
        }
    }
}

#[test]
fn every_field_of_every_scene_is_described() {
    for scene in scenes() {
        let described = schema(scene.code, BUILT_IN).unwrap();
        assert_eq!(methodologies::schema(scene.calculator).unwrap(), described);
        let listed = described["fields"].as_array().unwrap();
        assert_eq!(listed.len(), scene_fields(scene).len());
        let paths: BTreeSet<&str> = listed
            .iter()
            .map(|field| field["path"].as_str().unwrap())
            .collect();
        assert_eq!(paths.len(), listed.len(), "{}", scene.code);
        for field in listed {
            for (part, language) in [
                ("label", "zh"),
                ("label", "en"),
                ("help", "zh"),
                ("help", "en"),
            ] {
                assert!(
                    field[part][language]
                        .as_str()
                        .is_some_and(|text| !text.is_empty()),
                    "{field}"
                );
            }
        }
        assert_eq!(described["scene"]["code"], scene.code);
        assert_eq!(
            described["scene"]["limits"].as_array().unwrap().len(),
            scene.limits.len()
        );
    }
    assert!(
        schema("teleport", BUILT_IN).is_none()
            && methodologies::schema("inclusion/teleport").is_none()
    );
}

#[test]
fn a_tier_x_factor_or_weak_evidence_cannot_even_be_written_as_certifiable() {
    let read = |text: Value| serde_json::from_value::<Standing>(text);
    assert!(read(json!({ "kind": "certifiable", "factors": "E", "evidence": "T2" })).is_ok());
    for (factors, evidence) in [("X", "T1"), ("A", "T3"), ("A", "T4")] {
        let forged = json!({ "kind": "certifiable", "factors": factors, "evidence": evidence });
        assert!(read(forged).is_err());
    }
    assert_eq!(json!(Tier::Unvetted), "X");
    assert_eq!(json!(Tier::Graded(Grade::C)), "C");
}

#[test]
fn no_scene_in_no_region_certifies_a_tier_x_factor_or_weak_evidence() {
    let mut tried = 0;
    for scene in scenes() {
        for region in regions() {
            for evidence in Evidence::ALL {
                for unvetted in ["no", "yes"] {
                    let mut input = changed(
                        scene,
                        &[
                            ("region", json!(region.code)),
                            ("evidence", json!(evidence.code())),
                            ("unvetted", json!(unvetted)),
                        ],
                    );
                    let Ok(done) = act(scene.code, &input, BUILT_IN) else {
                        continue;
                    };
                    let has_x = done
                        .factors
                        .iter()
                        .any(|factor| factor.tier == Tier::Unvetted);
                    let certifiable = matches!(done.standing, Standing::Certifiable { .. });
                    let should = matches!(scene.credit, Credit::Certifiable)
                        && !has_x
                        && evidence.strong().is_some();
                    assert_eq!(certifiable, should, "{} {}", scene.code, region.code);
                    assert!(!has_x || unvetted == "yes", "{}: X by default", scene.code);
                    input["purpose"] = json!("certified");
                    let asked = act(scene.code, &input, BUILT_IN);
                    assert_eq!(asked.is_ok(), should, "{} {}", scene.code, region.code);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 5_000, "only {tried} combinations computed");
}

#[test]
fn a_number_entered_without_an_official_text_is_never_certified() {
    let scene = scene("metro").unwrap();
    let input = changed(scene, &[("unvetted", json!("yes"))]);
    let id = "inclusion.metro.CN-GD-SZ.reduction";
    let day = date!(2026 - 01 - 01);
    let assumed = act("metro", &input, &replaced(&[(id, "60", true)], day)).unwrap();
    assert!(matches!(assumed.standing, Standing::NotCertifiable { .. }));
    assert_eq!(assumed.factors[0].version, None);
    let official = act("metro", &input, &replaced(&[(id, "60", false)], day)).unwrap();
    assert_eq!(official.mg, 192_000);
    assert!(matches!(
        official.standing,
        Standing::Certifiable {
            factors: Grade::A,
            ..
        }
    ));
    // the day before it the built-in value holds
    let before = changed(scene, &[("day", json!("2025-12-31"))]);
    let before = act("metro", &before, &replaced(&[(id, "60", false)], day)).unwrap();
    assert_eq!((before.mg, before.parameter_set), (149_440, 7));
}

#[test]
fn self_reports_and_taking_part_never_count_a_gram() {
    for scene in scenes() {
        let input = changed(scene, &[("evidence", json!("T4"))]);
        assert_eq!(
            act(scene.code, &input, BUILT_IN).unwrap().mg,
            0,
            "{}",
            scene.code
        );
        let full = act(
            scene.code,
            &example(scene.code, BUILT_IN).unwrap(),
            BUILT_IN,
        )
        .unwrap();
        let photo = changed(scene, &[("evidence", json!("T3"))]);
        let photo = act(scene.code, &photo, BUILT_IN).unwrap();
        assert!(
            (0..=1).contains(&(full.mg - 2 * photo.mg)),
            "{}",
            scene.code
        );
        assert!(!matches!(photo.standing, Standing::Certifiable { .. }));
    }
}

#[test]
fn whatever_earns_grams_is_limited_over_a_time() {
    for scene in scenes() {
        let earns = !matches!(scene.credit, Credit::Engagement { .. });
        assert!(!earns || !scene.limits.is_empty(), "{}", scene.code);
    }
}

#[test]
fn acts_one_after_another_never_pass_a_limit() {
    for scene in scenes() {
        let input = example(scene.code, BUILT_IN).unwrap();
        let mut before = Before::default();
        let mut total = 0;
        let mut bitten = false;
        for _ in 0..60 {
            let done = act_after(scene.code, &input, &before, BUILT_IN).unwrap();
            bitten |= done.cap.is_some();
            if done.counted.is_zero() {
                assert_eq!(done.mg, 0, "{}", scene.code);
                continue;
            }
            total += done.mg;
            for tally in [
                &mut before.day,
                &mut before.week,
                &mut before.month,
                &mut before.year,
            ] {
                tally.acts += 1;
                tally.quantity += done.counted;
            }
        }
        for limit in scene.limits {
            let most = parameter(limit.id).unwrap().values[0].basis.value();
            let tally = before.of(limit.period);
            let counted = match limit.counts {
                Counts::Acts => Decimal::from(tally.acts),
                Counts::Quantity => tally.quantity,
            };
            assert!(counted <= most, "{}: {counted} of {most}", limit.id);
        }
        let alone = act_after(scene.code, &input, &Before::default(), BUILT_IN).unwrap();
        let is_passed = scene.limits.iter().any(|limit| {
            let most = parameter(limit.id).unwrap().values[0].basis.value();
            let all = match limit.counts {
                Counts::Acts => Decimal::from(60),
                Counts::Quantity => Decimal::from(60) * alone.counted,
            };
            all > most
        });
        assert_eq!(bitten, is_passed, "{}", scene.code);
        assert!(total >= 0);
    }
}

#[test]
fn what_is_cut_by_a_limit_is_never_more_than_the_part_that_counts() {
    let bike = |kilometres: &str, before: &str| {
        let input = json!({
            "distance_km": kilometres, "day": "2026-03-10", "region": "CN", "evidence": "T1",
        });
        let before = Before {
            day: Tally {
                acts: 1,
                quantity: number(before),
            },
            ..Before::default()
        };
        act_after("shared_bike", &input, &before, BUILT_IN).unwrap()
    };
    // 7.003 km of which 1/3 km or so is left: rounded down once
    let cut = bike("7.003", "19.667");
    assert_eq!((cut.counted, cut.mg), (number("0.333"), 13_320));
    let cap = cut.cap.unwrap();
    assert_eq!(
        (cap.limit, cap.before, cap.allowed),
        (number("20"), number("19.667"), number("0.333"))
    );
    // more than the limit counted before, by an older, wider limit
    assert_eq!(bike("7", "25").mg, 0);
    assert!(bike("7", "13").cap.is_none());
}

#[test]
fn one_rate_gives_the_milligrams_of_every_act() {
    let day = date!(2026 - 03 - 10);
    let mut compared = 0;
    for scene in scenes() {
        for region in ["CN", "CN-GD-SZ", "CN-BJ", "CN-XZ"] {
            for evidence in Evidence::ALL {
                let Ok(found) = rate(scene.code, region, day, evidence, BUILT_IN) else {
                    continue;
                };
                let Some(rate) = found else {
                    assert!(!scene.formula.is_linear());
                    continue;
                };
                for amount in ["0.001", "1", "3.2", "7.777", "19"] {
                    let amount = if matches!(scene.formula, Formula::PerAct | Formula::SharedDeal) {
                        Decimal::ONE
                    } else if ["sheets", "steps"].contains(&scene_fields(scene)[0].path) {
                        number("19")
                    } else {
                        number(amount)
                    };
                    let mut input = changed(
                        scene,
                        &[
                            ("region", json!(region)),
                            ("evidence", json!(evidence.code())),
                        ],
                    );
                    if !matches!(scene.formula, Formula::PerAct | Formula::SharedDeal) {
                        let path = scene_fields(scene)[0].path;
                        input[path] = json!(amount.to_string());
                    }
                    let done = act(scene.code, &input, BUILT_IN);
                    assert_eq!(
                        rate.is_plausible(amount),
                        done.is_ok(),
                        "{} {amount}",
                        scene.code
                    );
                    let Ok(done) = done else { continue };
                    let counted = rate.allowed(amount, &Before::default()).unwrap();
                    assert_eq!(rate.milligrams(counted), Ok(done.mg), "{}", scene.code);
                    assert_eq!(rate.standing, done.standing);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 500, "only {compared} compared");
}

#[test]
fn a_ride_without_a_distance_has_a_rate_of_its_own() {
    let day = date!(2026 - 03 - 10);
    let of = |code| rate_without_amount(code, "CN", day, Evidence::T2, BUILT_IN).unwrap();
    let input = json!({ "day": "2026-03-10", "region": "CN", "evidence": "T2" });
    let ride = act("bus", &input, BUILT_IN).unwrap();
    let bus = of("bus").unwrap();
    assert!(bus.is_plausible(Decimal::ONE));
    assert_eq!(bus.milligrams(Decimal::ONE), Ok(ride.mg));
    assert_eq!((ride.mg, bus.standing), (80_000, ride.standing));
    assert!(of("metro").is_none() && of("sign_in").is_none());
}

#[test]
fn a_rate_refuses_what_an_act_refuses_and_overflow_is_an_error() {
    let day = date!(2026 - 03 - 10);
    let refused = |code: &str, region: &str, day| {
        rate(code, region, day, Evidence::T1, BUILT_IN)
            .unwrap_err()
            .code
    };
    assert_eq!(refused("teleport", "CN", day), "scene_unknown");
    assert_eq!(refused("metro", "CN-ZZ", day), "choice_invalid");
    assert_eq!(refused("walking", "CN-BJ", day), "factor_unvetted");
    assert_eq!(refused("walking", "CN-GD", day), "factor_not_for_region");
    assert_eq!(
        refused("metro", "CN", date!(2023 - 12 - 31)),
        "scene_not_in_force"
    );
    let metro = rate("metro", "CN", day, Evidence::T1, BUILT_IN)
        .unwrap()
        .unwrap();
    assert!(metro.milligrams(Decimal::MAX).is_err());
    assert!(metro.milligrams(number("900000000000000")).is_err());
    assert_eq!(metro.milligrams(number("-5")), Ok(0));
    assert!(!metro.is_plausible(number("-5")) && !metro.is_plausible(number("120.001")));
}

#[test]
fn points_follow_the_cumulative_sum_so_that_no_trip_loses_its_milligrams() {
    assert_eq!(points_due(579_080, 0), Some(579));
    assert_eq!(points_due(665_160, 579), Some(86));
    assert_eq!(points_due(665_160, 665), Some(0));
    assert_eq!(points_due(500_000, 665), Some(-165));
    assert_eq!(points_due(i64::MAX, i64::MIN), None);
}

#[test]
fn on_every_day_the_newest_published_grid_factor_holds() {
    let value = |code, on| {
        grid_average(code, on, BUILT_IN)
            .map(|factor| (factor.value().to_string(), factor.data_year))
    };
    let of = |text: &str, year| Some((text.to_owned(), Some(year)));
    assert_eq!(value("CN-GD", date!(2024 - 04 - 11)), None);
    assert_eq!(value("CN-GD", date!(2024 - 04 - 12)), of("0.4715", 2021));
    assert_eq!(value("CN-GD", date!(2024 - 12 - 22)), of("0.4715", 2021));
    assert_eq!(value("CN-GD", date!(2024 - 12 - 23)), of("0.4403", 2022));
    assert_eq!(value("CN-GD", date!(2025 - 12 - 30)), of("0.4403", 2022));
    assert_eq!(value("CN-GD-SZ", date!(2025 - 12 - 31)), of("0.4419", 2023));
    assert_eq!(value("CN-ZZ", date!(2026 - 01 - 01)), None);
    let tibet = grid_average("CN-XZ", date!(2026 - 01 - 01), BUILT_IN).unwrap();
    assert!(tibet.of_nation && tibet.region == "CN" && tibet.value() == number("0.5306"));
    assert_eq!(
        within("CN-GD-SZ").collect::<Vec<_>>(),
        ["CN-GD-SZ", "CN-GD", "CN"]
    );
}

#[test]
fn between_the_two_last_publications_twenty_provinces_fell_and_ten_rose() {
    let (old, new) = (date!(2025 - 12 - 30), date!(2025 - 12 - 31));
    let own: Vec<_> = regions()
        .iter()
        .filter(|region| region.code.len() == 5)
        .filter_map(|region| {
            let old = grid_average(region.code, old, BUILT_IN).filter(|old| !old.of_nation)?;
            let new = grid_average(region.code, new, BUILT_IN)?;
            Some((old.value(), new.value()))
        })
        .collect();
    assert_eq!(own.len(), 30);
    assert_eq!(own.iter().filter(|(old, new)| new < old).count(), 20);
    assert_eq!(own.iter().filter(|(old, new)| new > old).count(), 10);
}

#[test]
fn a_limit_that_an_operator_replaced_bites_from_its_day() {
    let set = replaced(
        &[("inclusion.metro.limit.day_acts", "2", true)],
        date!(2026 - 03 - 10),
    );
    let metro = scene("metro").unwrap();
    let before = Before {
        day: Tally {
            acts: 2,
            quantity: number("6.4"),
        },
        ..Before::default()
    };
    let on = |day: &str| {
        act_after(
            "metro",
            &changed(metro, &[("day", json!(day))]),
            &before,
            &set,
        )
        .unwrap()
    };
    assert!(on("2026-03-09").cap.is_none());
    let cut = on("2026-03-10");
    assert_eq!((cut.mg, cut.cap.unwrap().limit), (0, number("2")));
    // a limit is a rule of the platform, not a factor: it does not change what may be certified
    assert!(matches!(cut.standing, Standing::Certifiable { .. }));
}

#[test]
fn rubbish_in_any_field_is_an_answer_never_a_panic() {
    let long = "9".repeat(100_000);
    let rubbish = [
        "",
        " ",
        "0",
        "-1",
        "99999999999999999999",
        "NaN",
        "１２",
        "2024-02-30",
        "CN",
        "T1",
        "😀",
        &long,
    ];
    for scene in scenes() {
        for field in scene_fields(scene) {
            for text in rubbish {
                let mut form = json_to_fields(&example(scene.code, BUILT_IN).unwrap());
                form.insert(field.path.replace('*', "0"), text.to_owned());
                match act(scene.code, &fields_to_json(&form), BUILT_IN) {
                    Ok(done) => assert!(done.mg >= 0),
                    Err(errors) => {
                        for error in errors {
                            assert!(INPUT_ERRORS.iter().any(|known| known.code == error.code));
                            assert!(!error.text().en.contains('{'), "{}", error.text().en);
                        }
                    }
                }
            }
        }
    }
    for input in [
        Value::Null,
        json!([]),
        json!("text"),
        json!({ "before": "x" }),
    ] {
        assert!(!codes(act("metro", &input, BUILT_IN)).is_empty());
    }
    assert_eq!(
        codes(act("teleport", &json!({}), BUILT_IN)),
        [("scene".to_owned(), "scene_unknown")]
    );
}

/// A factor as an operator enters it with its tier.
fn graded(id: &str, value: &str, tier: Tier, from: Date) -> Parameters {
    let mut set = replaced(&[(id, value, !tier.is_official())], from);
    set.replacements[0].tier = Some(tier);
    set
}

#[test]
fn a_better_number_that_is_not_official_keeps_a_scene_certifiable() {
    let day = date!(2026 - 03 - 10);
    let id = "inclusion.metro.CN.reduction";
    let standing = |set: &Parameters| {
        let rate = rate("metro", "CN", day, Evidence::T1, set).unwrap();
        rate.unwrap().standing
    };
    for tier in Tier::ALL {
        let set = graded(id, "40", tier, date!(2026 - 01 - 01));
        assert_eq!(set.check(), Ok(()), "{tier:?}");
        let Tier::Graded(grade) = tier else {
            let refused = rate("metro", "CN", day, Evidence::T1, &set).unwrap_err();
            assert_eq!(refused.code, "factor_unvetted");
            continue;
        };
        let Standing::Certifiable { factors, .. } = standing(&set) else {
            panic!("{tier:?} stops the scene");
        };
        assert_eq!(factors, grade);
    }
    // entered before the tier was asked for: as it was read then
    let old = replaced(&[(id, "40", true)], date!(2026 - 01 - 01));
    assert!(rate("metro", "CN", day, Evidence::T1, &old).is_err());
    let json = serde_json::to_string(&old).unwrap();
    assert!(!json.contains("tier"), "{json}");
    let with = graded(id, "40", Tier::Graded(Grade::C), day);
    let json = serde_json::to_string(&with).unwrap();
    assert!(json.contains(r#""tier":"C""#), "{json}");
    assert_eq!(serde_json::from_str::<Parameters>(&json).unwrap(), with);
}

#[test]
fn a_tier_is_refused_where_there_is_none_and_where_it_contradicts() {
    let day = date!(2026 - 03 - 10);
    let refused = |id: &str, value: &str, assumed: bool, tier: Tier| {
        let mut set = replaced(&[(id, value, assumed)], day);
        set.replacements[0].tier = Some(tier);
        let errors = set.check().unwrap_err();
        (errors[0].path.clone(), errors[0].code)
    };
    let at = |code| ("replacements.0.tier".to_owned(), code);
    let factor = "inclusion.metro.CN.reduction";
    assert_eq!(
        refused(factor, "40", false, Tier::Graded(Grade::C)),
        at("parameter_tier_contradicts")
    );
    assert_eq!(
        refused(factor, "40", false, Tier::Unvetted),
        at("parameter_tier_contradicts")
    );
    assert_eq!(
        refused(factor, "40", true, Tier::Graded(Grade::B)),
        at("parameter_tier_contradicts")
    );
    assert_eq!(
        refused("w_om", "0.5", false, Tier::Graded(Grade::A)),
        at("parameter_tier_unwanted")
    );
    assert!(has_tier("grid_average.CN", BUILT_IN) && !has_tier("grid_average.XX", BUILT_IN));
    assert!(!has_tier("inclusion.settlement.days", BUILT_IN));
}

#[test]
fn what_a_change_makes_certifiable_or_no_longer_so_is_told() {
    let day = date!(2026 - 03 - 10);
    let told = |set: &Parameters| -> Vec<(&str, bool, bool)> {
        certifiable_changes(BUILT_IN, set, day)
            .iter()
            .map(|change| {
                (
                    change.scene.code,
                    change.certifiable,
                    change.is_everywhere(),
                )
            })
            .collect()
    };
    assert_eq!(told(BUILT_IN), []);
    let metro = "inclusion.metro.CN.reduction";
    let from = date!(2026 - 01 - 01);
    assert_eq!(told(&graded(metro, "40", Tier::Graded(Grade::D), from)), []);
    let lost = certifiable_changes(BUILT_IN, &graded(metro, "40", Tier::Unvetted, from), day);
    assert!(
        lost.iter()
            .all(|change| change.scene.code == "metro" && !change.certifiable)
    );
    assert!(!lost.is_empty() && !lost[0].regions.is_empty());
    // before its day nothing changes
    let later = graded(metro, "40", Tier::Unvetted, date!(2026 - 04 - 01));
    assert_eq!(told(&later), []);
    let won = told(&graded(
        "inclusion.carpool.CN-BJ.baseline",
        "50",
        Tier::Graded(Grade::A),
        from,
    ));
    assert!(
        won.iter()
            .all(|(scene, won, everywhere)| *scene == "carpool" && *won && !everywhere)
    );
    assert!(!won.is_empty());
}
