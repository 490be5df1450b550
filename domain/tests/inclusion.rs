//! The personal account's rules without a database; what must not be comes first.

use domain::inclusion::batch::{SHARE_WHOLE, verdict};
use domain::inclusion::guard::{TravelRecord, check_speed, overlap, travel_record};
use domain::inclusion::lot::{givable, take};
use domain::inclusion::points::{follow, read_points};
use domain::inclusion::*;
use methodologies::Parameters;
use proptest::prelude::*;
use rust_decimal::Decimal;
use time::macros::date;

const DAY: time::Date = date!(2026 - 03 - 10);

fn part(lot: &str, day: time::Date, mg: i64) -> LotPart {
    LotPart {
        lot: lot.to_owned(),
        day,
        certifiable: true,
        campaign: String::new(),
        mg,
    }
}

#[test]
fn what_is_final_never_moves_and_nothing_enters_the_source() {
    let finals = [
        Place::Haircut,
        Place::Issued,
        Place::Unassigned,
        Place::Void,
        Place::VoidExpired,
        Place::VoidClosed,
    ];
    for place in Place::ALL {
        assert_eq!(place.is_final(), finals.contains(place), "{place:?}");
        assert!(!place.moves_to(Place::Source));
        assert!(!place.moves_to(*place));
        assert_eq!(Place::from_code(place.code()), Some(*place));
    }
    assert!(
        !Place::Pending.moves_to(Place::Pool),
        "nothing unsettled is assigned"
    );
    assert!(
        !Place::Pool.moves_to(Place::Held),
        "what was assigned does not come back"
    );
    assert!(!Place::Batch.moves_to(Place::Held));
    assert!(!Place::Unassigned.moves_to(Place::Batch));
}

#[test]
fn lots_are_taken_oldest_first_and_never_more_than_there_is() {
    let parts = [
        part("b", DAY, 86_080),
        part("a", date!(2026 - 03 - 09), 579_080),
    ];
    let taken = take(&parts, 500_000).expect("enough");
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].part.lot.as_str(), taken[0].mg), ("a", 500_000));
    let refused = take(&parts, 665_161).expect_err("more than there is");
    assert_eq!(
        (refused.code, refused.param("available")),
        ("grams_insufficient", Some("665"))
    );
    assert!(take(&parts, 0).is_err());
    let mut own = part("c", DAY, 1);
    own.campaign = "event".to_owned();
    let mut weak = part("d", DAY, 1);
    weak.certifiable = false;
    assert!(
        givable(
            &[own.clone(), weak.clone()],
            &["event".to_owned(), "other".to_owned()]
        )
        .is_empty(),
        "its own trips and photos are not given to an event"
    );
    assert_eq!(givable(&[own, weak], &["other".to_owned()]).len(), 1);
}

#[test]
fn points_follow_the_cumulative_sum_and_a_debt_is_filled_first() {
    let none = Standing::default();
    let moves = follow(665_160, &none, PointPlace::Clawback).expect("points");
    assert_eq!(
        moves,
        [PointMove {
            from: PointPlace::Mint,
            to: PointPlace::Available,
            points: 665
        }]
    );
    let standing = Standing {
        available: 100,
        frozen: 0,
        spent: 565,
        debt: 0,
    };
    let back = follow(86_080, &standing, PointPlace::Clawback).expect("points");
    assert_eq!(
        back,
        [
            PointMove {
                from: PointPlace::Available,
                to: PointPlace::Clawback,
                points: 100
            },
            PointMove {
                from: PointPlace::Debt,
                to: PointPlace::Clawback,
                points: 479
            },
        ]
    );
    let in_debt = Standing {
        available: 0,
        frozen: 0,
        spent: 565,
        debt: -479,
    };
    let filled = follow(586_080, &in_debt, PointPlace::Clawback).expect("points");
    assert_eq!(
        filled,
        [
            PointMove {
                from: PointPlace::Mint,
                to: PointPlace::Debt,
                points: 479
            },
            PointMove {
                from: PointPlace::Mint,
                to: PointPlace::Available,
                points: 21
            },
        ]
    );
    for wrong in ["", "0", "-1", "1.5", "ten", "1000000000"] {
        assert!(read_points("points", wrong).is_err(), "{wrong}");
    }
    assert_eq!(read_points("points", " ５０ "), Ok(50));
}

#[test]
fn trips_at_the_same_time_are_one_trip_and_the_better_record_stays() {
    let trip = |from, to, precedence| Trip {
        activity: format!("{from}"),
        from,
        to,
        precedence,
        replaceable: true,
        kind: TripKind::Counted,
    };
    let ride = trip(1_000, 2_000, 2);
    assert_eq!(
        overlap(&trip(1_880, 3_000, 2), std::slice::from_ref(&ride), 120),
        Overlap::Free,
        "two minutes are allowed"
    );
    assert_eq!(
        overlap(&trip(1_879, 3_000, 2), std::slice::from_ref(&ride), 120),
        Overlap::Refused
    );
    assert_eq!(
        overlap(&trip(1_500, 1_560, 5), std::slice::from_ref(&ride), 120),
        Overlap::Refused,
        "however short, inside a ride"
    );
    assert_eq!(
        overlap(&trip(900, 2_100, 1), std::slice::from_ref(&ride), 120),
        Overlap::Replaces(vec!["1000".to_owned()])
    );
    let settled = Trip {
        replaceable: false,
        ..ride
    };
    assert_eq!(
        overlap(&trip(900, 2_100, 1), &[settled], 120),
        Overlap::Refused,
        "what is settled stays"
    );
}

#[test]
fn steps_give_way_to_every_trip_that_counts_and_to_nothing_else() {
    let record = |name: &str, from, to, kind, replaceable| Trip {
        activity: name.to_owned(),
        from,
        to,
        precedence: if kind == TripKind::Steps { 1 } else { 5 },
        replaceable,
        kind,
    };
    let steps = record("steps", 1_000, 4_600, TripKind::Steps, true);
    let ride = record("ride", 2_000, 3_000, TripKind::Counted, true);
    let told = record("told", 2_000, 3_000, TripKind::Uncounted, true);
    let meets = |new: &Trip, other: &Trip| overlap(new, std::slice::from_ref(other), 120);
    let gives_way = || Overlap::Replaces(vec!["steps".to_owned()]);
    // whoever reports them, whichever comes first, settled or not
    assert_eq!(meets(&steps, &ride), Overlap::StepsInTrip);
    assert_eq!(meets(&ride, &steps), gives_way());
    let settled = record("steps", 1_000, 4_600, TripKind::Steps, false);
    assert_eq!(meets(&ride, &settled), gives_way());
    // two minutes at its end are no walk inside it
    let after = record("steps", 2_880, 4_600, TripKind::Steps, true);
    assert_eq!(
        (meets(&after, &ride), meets(&ride, &after)),
        (Overlap::Free, Overlap::Free)
    );
    // what has no gram takes nothing away, and is not taken away
    assert_eq!(
        (meets(&steps, &told), meets(&told, &steps)),
        (Overlap::Free, Overlap::Free)
    );
    // the same interval twice is one
    let again = record("again", 1_500, 2_000, TripKind::Steps, true);
    assert_eq!(meets(&again, &steps), Overlap::Refused);
    // a ride that is refused for another one takes no steps away
    let better = Trip {
        precedence: 1,
        ..record("gate", 2_500, 3_500, TripKind::Counted, true)
    };
    assert_eq!(overlap(&ride, &[steps, better], 120), Overlap::Refused);
}

#[test]
fn a_trip_without_a_gram_takes_none_away_and_is_in_no_ones_way() {
    let record = |name: &str, precedence, kind, replaceable| Trip {
        activity: name.to_owned(),
        from: 1_000,
        to: 2_000,
        precedence,
        replaceable,
        kind,
    };
    let meets = |new: &Trip, others: &[Trip]| overlap(new, others, 120);
    // told by hand and settled, or not yet: the record of the gate counts, and so does one that is no better
    for precedence in [1, 6] {
        let gate = record("gate", precedence, TripKind::Counted, true);
        let settled = record("told", 6, TripKind::Uncounted, false);
        assert_eq!(meets(&gate, std::slice::from_ref(&settled)), Overlap::Free);
        let waiting = record("waiting", 1, TripKind::Uncounted, true);
        assert_eq!(
            meets(&gate, &[settled, waiting]),
            Overlap::Replaces(vec!["waiting".to_owned()])
        );
    }
    // the other way round the gram stays, however good the record of what has none
    let counted = record("ride", 4, TripKind::Counted, true);
    for precedence in [1, 4, 6] {
        let none = record("none", precedence, TripKind::Uncounted, true);
        assert_eq!(
            meets(&none, std::slice::from_ref(&counted)),
            Overlap::Refused
        );
    }
    // between two that have none, the better record stays
    let weak = record("weak", 6, TripKind::Uncounted, true);
    let better = record("better", 1, TripKind::Uncounted, true);
    assert_eq!(
        (
            meets(&better, std::slice::from_ref(&weak)),
            meets(&weak, std::slice::from_ref(&better))
        ),
        (Overlap::Replaces(vec!["weak".to_owned()]), Overlap::Refused)
    );
}

#[test]
fn a_record_of_travel_is_what_its_scene_its_evidence_and_its_grams_say() {
    for (scene, is_proven, mg, kind) in [
        ("metro", true, 1, Some(TripKind::Counted)),
        ("metro", true, 0, Some(TripKind::Uncounted)),
        ("walking", true, 1, Some(TripKind::Counted)),
        ("own_ev", true, 1, Some(TripKind::Counted)),
        ("steps", true, 1, Some(TripKind::Steps)),
        ("steps", true, 0, Some(TripKind::Steps)),
        ("steps", false, 0, Some(TripKind::Uncounted)),
        ("metro", false, 0, Some(TripKind::Uncounted)),
        ("stop_driving", true, 0, None),
        ("stop_driving", false, 0, None),
        ("online_ticket", true, 0, None),
        ("old_clothes", true, 1, None),
    ] {
        let scene = methodologies::inclusion::scene(scene).expect("a scene");
        let found = TripKind::of(scene, is_proven, mg);
        assert_eq!(found, kind, "{} {is_proven} {mg}", scene.code);
    }
}

#[test]
fn nobody_rides_faster_than_the_vehicle() {
    let set = Parameters::BUILT_IN;
    let ride = |scene: &str, km: i64, seconds| {
        check_speed(set, scene, DAY, Decimal::from(km), seconds).is_ok()
    };
    assert!(ride("shared_bike", 3, 600));
    assert!(!ride("shared_bike", 20, 600));
    assert!(!ride("metro", 1, 0));
    assert!(ride("old_clothes", 1000, 0), "no trip");
    let guards = Guards::on(set, DAY).expect("every threshold has a value");
    assert_eq!(
        (
            guards.settlement_days,
            guards.overlap_seconds,
            guards.new_account_mg
        ),
        (2, 120, 5_000_000)
    );
    assert!(
        Guards::on(set, date!(2020 - 01 - 01)).is_err(),
        "before the first day there is no default"
    );
}

#[test]
fn every_scene_of_travel_with_grams_is_a_trip_with_times_or_the_record_of_a_day() {
    for scene in methodologies::inclusion::scenes() {
        let expected = match scene.code {
            "metro" | "bus" | "shared_bike" | "shared_ebike" | "walking" | "ride_hailing_ev"
            | "carpool" | "etc_pass" => TravelRecord::Trip,
            "own_ev" | "steps" => TravelRecord::Day,
            _ => TravelRecord::NotCounted,
        };
        assert_eq!(travel_record(scene), expected, "{}", scene.code);
    }
}

#[test]
fn a_sample_with_too_many_errors_rejects_the_batch() {
    let judge = |sample, errors| verdict(Parameters::BUILT_IN, DAY, sample, errors);
    assert_eq!(judge(400, 0), Ok(SampleVerdict::Deducted(500)));
    assert_eq!(judge(400, 8), Ok(SampleVerdict::Deducted(500)));
    assert_eq!(judge(400, 16), Ok(SampleVerdict::Deducted(800)));
    assert_eq!(judge(400, 40), Ok(SampleVerdict::Deducted(2000)));
    assert_eq!(judge(400, 41), Ok(SampleVerdict::Rejected));
    for (sample, errors) in [(0, 0), (10, 11), (10, -1)] {
        assert!(judge(sample, errors).is_err());
    }
}

/// A line with its items, cut one after the other.
fn cut(items: &[LineItem], share: i64) -> Result<(Line, Vec<CutItem>), domain::Refusal> {
    let mut origins: Vec<LineItem> = Vec::new();
    for item in items {
        match origins.last_mut() {
            Some(last) if last.origin == item.origin => last.mg += item.mg,
            _ => origins.push(item.clone()),
        }
    }
    let line = Line::of(&origins, share)?;
    let mut cutter = line.cutter();
    let cuts: Result<_, _> = items.iter().map(|item| cutter.cut(item)).collect();
    Ok((line, cuts?))
}

/// Vector L-6.
#[test]
fn a_batch_issues_whole_tonnes_and_gives_the_rest_back() {
    let items = [LineItem {
        origin: Origin::Pool,
        mg: 2_389_412_345_678_901,
    }];
    let (line, _) = cut(&items, 500).expect("a cut");
    assert_eq!(line.haircut_mg, 119_470_617_283_945);
    assert_eq!((line.tonnes, line.returned_mg), (2_269_941, 728_394_956));
}

#[test]
fn events_stand_before_the_pool_and_their_deduction_is_rounded_up() {
    let event = |mg| LineItem {
        origin: Origin::Earmark("e".to_owned()),
        mg,
    };
    let pool = |mg| LineItem {
        origin: Origin::Pool,
        mg,
    };
    assert!(cut(&[pool(1), event(1)], 500).is_err());
    let (line, cuts) = cut(&[event(1_600_000_001), pool(500_000_000)], 500).expect("a cut");
    let mut cutter = line.cutter();
    cutter.cut(&pool(1)).expect("the pool");
    assert!(
        cutter.cut(&event(1)).is_err(),
        "an event never stands behind the pool"
    );
    assert!(line.cutter().cut(&pool(0)).is_err());
    assert_eq!(line.entitlements, [("e".to_owned(), 1_520_000_000)]);
    assert_eq!(line.tonnes, 1);
    assert_eq!(cuts[1].line_start, 1_520_000_000);
    assert_eq!(
        cuts[1].returned_mg, 475_000_000,
        "the pool fills up last, and gives back first"
    );
    assert_eq!(cuts[0].returned_mg, 520_000_000);
}

proptest! {
    #[test]
    fn a_cut_loses_no_milligram(pool in prop::collection::vec(1_i64..5_000_000_000, 1..40), event in prop::collection::vec(1_i64..5_000_000_000, 0..10), share in 0..=SHARE_WHOLE) {
        let mut items: Vec<LineItem> = event.iter().map(|mg| LineItem { origin: Origin::Earmark("e".to_owned()), mg: *mg }).collect();
        items.extend(pool.iter().map(|mg| LineItem { origin: Origin::Pool, mg: *mg }));
        let (line, cuts) = cut(&items, share).expect("a cut");
        let mut at = 0;
        for (item, cut) in items.iter().zip(&cuts) {
            prop_assert_eq!(item.mg, cut.haircut_mg + cut.issued_mg + cut.returned_mg);
            prop_assert!(cut.haircut_mg >= 0 && cut.issued_mg >= 0 && cut.returned_mg >= 0);
            prop_assert_eq!(cut.line_start, at);
            at += cut.issued_mg + cut.returned_mg;
        }
        let issued: i64 = cuts.iter().map(|cut| cut.issued_mg).sum();
        prop_assert_eq!(issued, line.tonnes * 1_000_000_000);
        prop_assert_eq!(line.haircut_mg, cuts.iter().map(|cut| cut.haircut_mg).sum::<i64>());
        prop_assert_eq!(line.returned_mg, cuts.iter().map(|cut| cut.returned_mg).sum::<i64>());
        prop_assert!(line.returned_mg < 1_000_000_000);
    }

    #[test]
    fn points_are_always_one_for_every_full_gram(steps in prop::collection::vec((0_i64..3_000_000, 0_i64..2_000_000), 1..60)) {
        let (mut settled, mut standing) = (0_i64, Standing::default());
        for (more, void) in steps {
            for change in [more, -void.min(settled + more)] {
                settled += change;
                for step in follow(settled, &standing, PointPlace::Clawback).expect("points") {
                    for (place, points) in [(step.from, -step.points), (step.to, step.points)] {
                        match place {
                            PointPlace::Available => standing.available += points,
                            PointPlace::Debt => standing.debt += points,
                            _ => {}
                        }
                    }
                }
                prop_assert!(standing.available >= 0 && standing.debt <= 0);
                prop_assert_eq!(standing.issued(), settled / 1000);
                // half of what is there is spent
                let spent = standing.available / 2;
                standing.available -= spent;
                standing.spent += spent;
            }
        }
    }
}

fn count(scene: &str, acts: i64, mg: i64) -> domain::inclusion::SceneCount {
    domain::inclusion::SceneCount {
        scene: scene.to_owned(),
        acts,
        mg,
    }
}

#[test]
fn badges_count_verified_acts_only_and_no_kind_that_has_no_gram() {
    let none = domain::inclusion::Badges::of(&[], methodologies::Parameters::BUILT_IN);
    assert_eq!((none.level.step, none.variety.step), (0, 0));
    assert!(none.families.iter().all(|one| one.progress.step == 0));
    assert!(
        none.families
            .iter()
            .all(|one| one.family != "participation")
    );
    let some = domain::inclusion::Badges::of(
        &[
            count("metro", 19, 9_000_000),
            count("bus", 1, 999_999),
            count("no_such_scene", 5, 0),
            count("no_cutlery", 0, 0),
        ],
        methodologies::Parameters::BUILT_IN,
    );
    let of = |family: &str| {
        let found = some.families.iter().find(|one| one.family == family);
        found.map(|one| (one.progress.step, one.progress.have, one.progress.next))
    };
    assert_eq!(
        of("travel"),
        Some((2, 20, Some(100))),
        "metro and bus are both travel"
    );
    assert_eq!(
        of("food"),
        Some((0, 0, Some(1))),
        "nothing verified is no badge"
    );
    assert_eq!(
        (some.level.step, some.level.have, some.level.next),
        (0, 9_999_999, Some(10_000_000)),
        "a milligram short is short"
    );
    let tonne = domain::inclusion::Badges::of(
        &[count("metro", 1, 1_000_000_000)],
        methodologies::Parameters::BUILT_IN,
    );
    assert_eq!((tonne.level.step, tonne.level.next), (4, None));
}

fn half_a_year() -> domain::inclusion::YearFacts {
    domain::inclusion::YearFacts {
        mg: 75_000_000,
        assigned_mg: 25_000_000,
        weeks: 13,
        families: 1,
    }
}

#[test]
fn a_rating_is_the_sum_of_its_parts_and_no_part_exceeds_its_weight() {
    use domain::inclusion::rating::{YearFacts, rate, weeks_of};
    let set = Parameters::BUILT_IN;
    let at = |facts: YearFacts| rate(set, DAY, &facts).expect("in force");
    let nothing = at(YearFacts::default());
    assert_eq!(
        nothing.points,
        Decimal::ZERO,
        "no gram, no point, no division by zero"
    );
    assert_eq!(nothing.whole, Decimal::from(100));
    assert_eq!(nothing.grade, Grade::Seed);
    let half = at(half_a_year());
    let points: Vec<String> = half
        .parts
        .iter()
        .map(|part| part.points.normalize().to_string())
        .collect();
    // 60 x 75 / 150, 25 x 13 / 52, 15 x 1 / 5
    assert_eq!(points, ["30", "6.2", "3"]);
    assert_eq!(half.points.normalize().to_string(), "39.2");
    assert_eq!(half.grade, Grade::Seed);
    let kept = at(YearFacts {
        assigned_mg: 0,
        ..half_a_year()
    });
    assert_eq!(
        kept.points, half.points,
        "who keeps the own grams is rated no lower"
    );
    let more_than_full = at(YearFacts {
        mg: i64::MAX,
        assigned_mg: i64::MAX,
        weeks: 53,
        families: 7,
    });
    assert_eq!(
        (more_than_full.points, more_than_full.grade),
        (Decimal::from(100), Grade::Forest)
    );
    assert!(
        rate(set, date!(2023 - 12 - 31), &YearFacts::default()).is_err(),
        "before the rules there is no rating"
    );
    let days = [
        date!(2025 - 12 - 29),
        date!(2026 - 01 - 01),
        date!(2026 - 01 - 05),
    ];
    assert_eq!(
        weeks_of(&days),
        2,
        "a week over the turn of the year is one"
    );
}

#[test]
fn nothing_expires_without_its_days_of_notice() {
    use domain::inclusion::expiry::plan;
    assert_eq!(plan(DAY, 0, 30), None, "0 months is never");
    let in_time = plan(date!(2028 - 03 - 02), 24, 30).expect("a plan");
    assert_eq!(
        (in_time.period.as_str(), in_time.before, in_time.expires_on),
        ("2028-04", date!(2026 - 04 - 01), date!(2028 - 04 - 01))
    );
    let late = plan(date!(2028 - 03 - 20), 24, 30).expect("a plan");
    assert_eq!(
        (late.period.as_str(), late.expires_on),
        ("2028-04", date!(2028 - 04 - 19)),
        "who is told late keeps it longer"
    );
    let turn = plan(date!(2026 - 12 - 02), 12, 30).expect("a plan");
    assert_eq!(
        (turn.period.as_str(), turn.before),
        ("2027-01", date!(2026 - 01 - 01))
    );
}

#[test]
fn only_a_mobile_number_of_the_mainland_is_one() {
    use domain::inclusion::phone::{masked, read};
    for wrong in [
        "",
        "12800138000",
        "1380013800",
        "138001380000",
        "+8513800138000",
        "a@b.cn",
        "1380013800x",
        "+1 415 555 0100",
        "+8602112345678",
    ] {
        assert!(read("phone", wrong).is_err(), "{wrong}");
    }
    for typed in [
        "13800138000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "8613800138000",
        "１３８００１３８０００",
    ] {
        assert_eq!(
            read("phone", typed).as_deref(),
            Ok("+8613800138000"),
            "{typed}"
        );
    }
    assert_eq!(masked("+8613800138000"), "138****8000");
}

#[test]
fn a_group_code_is_read_as_people_type_it() {
    use domain::inclusion::group::{CODE_LENGTH, code_from, read_code};
    let code = code_from(&[0, 1, 2, 29, 30, 255, 7, 8, 9, 10]);
    assert_eq!(code.len(), CODE_LENGTH);
    let spoken = format!(" {}-{} ", code[..5].to_lowercase(), &code[5..]);
    assert_eq!(read_code(&spoken).as_deref(), Ok(code.as_str()));
    for wrong in ["", "short", "0000000000", "ABCDEFGHJKM"] {
        assert!(read_code(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_drawn_by_mass_misses_nothing_large_and_weighs_as_the_mass() {
    use domain::inclusion::batch::Draw;
    for seed in [
        "0",
        "1",
        "abcdef0123456789",
        "fffffffffffffff",
        "7b00000000000ff",
    ] {
        // a thousand small ones, and one that is as large as all of them
        let mut lots = vec![5_000_i64; 1_000];
        lots.insert(617, 5_000_000);
        let mg: i64 = lots.iter().sum();
        let count = i64::try_from(lots.len()).unwrap();
        let mut draw = Draw::new(count, mg, 40, seed);
        assert_eq!(draw.points(), 40);
        let hits: Vec<i64> = lots.iter().map(|mg| draw.hits(*mg)).collect();
        assert_eq!(hits.iter().sum::<i64>(), 40, "every point lies somewhere");
        assert_eq!(hits[617], 20, "half of the mass, half of the points");
        assert!(hits.iter().filter(|hits| **hits > 0).count() <= 40);
        // few lots: all are looked at, by their mass
        let few = [579_080, 86_080, 1];
        let mut draw = Draw::new(3, 665_161, 400, seed);
        assert_eq!(few.map(|mg| draw.hits(mg)), few);
        assert_eq!(draw.hits(5), 0, "nothing beyond the line");
    }
}

#[test]
fn what_was_not_confirmed_is_read_line_by_line() {
    use domain::inclusion::batch::read_findings;
    let read = |typed: &str| {
        read_findings(typed, 12)
            .map(|found| found.into_iter().collect::<Vec<_>>())
            .map_err(|refusal| (refusal.code, refusal.params[0].1.clone()))
    };
    assert_eq!(read(" \n"), Ok(vec![]));
    let fine = read("3 订单已取消\n\n12：重量不符");
    let expected = [(3, "订单已取消"), (12, "重量不符")];
    assert_eq!(
        fine,
        Ok(expected.map(|(at, why)| (at, why.to_owned())).to_vec())
    );
    for (typed, line) in [
        ("订单已取消", "1"),
        ("1 好的\n0 没有", "2"),
        ("13 太大了", "1"),
        ("4", "1"),
        ("4 错", "1"),
        ("4 订单\n4 又一次", "2"),
        ("99999999999999999999999 大", "1"),
    ] {
        let refused = Err((domain::refusal::codes::FINDING_INVALID, line.to_owned()));
        assert_eq!(read(typed), refused, "{typed}");
    }
}
