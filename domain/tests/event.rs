//! The life of an event, walked through every pair of state and step; its boundary, its units, its attendees.

use std::collections::BTreeMap;

use domain::Refusal;
use domain::event::{
    AttendeeSums, EVENT_ROWS, EVENT_TEMPLATES, EventFacts, EventProfile, EventState, EventStep,
    EventTemplate, Flight, FlightEnd, FlightLine, FlightProblem, FormLimits, LINES_HEADER, Per,
    SenderCount, UnitKind, attendee_lines, check, city_distance_km, city_names, counted_tonnes,
    deadline, order_of_preference, read_answer, read_attendees, read_unit, required_classes,
    settled,
};
use domain::refusal::codes;
use methodologies::Parameters;
use methodologies::event::footprint;
use serde_json::json;
use time::Date;
use time::macros::date;

const START: Date = date!(2026 - 06 - 01);
const END: Date = date!(2026 - 06 - 02);

/// Everything in order, on a day.
fn facts(today: Date) -> EventFacts {
    EventFacts {
        today,
        starts_on: START,
        ends_on: END,
        holding: true,
        open_classes: Vec::new(),
        estimated: true,
        accounted_tonnes: Some(67),
        counted_tonnes: 67,
        forest: false,
        published: false,
        unchanged: true,
    }
}

fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn codes_of<T: std::fmt::Debug>(result: Result<T, Vec<Refusal>>) -> Vec<String> {
    result
        .expect_err("a refusal")
        .into_iter()
        .map(|refusal| {
            format!(
                "{}:{}",
                refusal.field.as_deref().unwrap_or(""),
                refusal.code
            )
        })
        .collect()
}

/// The day on which a state is met in its ordinary life.
fn usual_day(state: EventState) -> Date {
    match state {
        EventState::Planned | EventState::Published | EventState::Withdrawn => {
            date!(2026 - 05 - 01)
        }
        EventState::Lapsed => date!(2027 - 06 - 03),
        _ => date!(2026 - 06 - 10),
    }
}

#[test]
fn what_the_table_does_not_hold_is_refused_with_every_fact_in_order() {
    let mut refused = 0;
    for state in EventState::ALL {
        for step in EventStep::ALL {
            let row = EVENT_ROWS
                .iter()
                .find(|row| row.from == *state && row.step == *step);
            let result = check(*state, *step, &facts(usual_day(*state)));
            if let Some(row) = row {
                assert_eq!(result, Ok(row.to), "{state:?} {step:?}");
            } else {
                let refusals = result.expect_err("refused");
                assert_eq!(refusals.len(), 1, "{state:?} {step:?}");
                refused += 1;
            }
        }
    }
    assert_eq!(
        refused,
        EventState::ALL.len() * EventStep::ALL.len() - EVENT_ROWS.len()
    );
    for (at, row) in EVENT_ROWS.iter().enumerate() {
        assert!(
            EVENT_ROWS[..at]
                .iter()
                .all(|earlier| (earlier.from, earlier.step) != (row.from, row.step)),
            "{row:?} twice"
        );
        assert!(!row.source.is_empty());
    }
}

#[test]
fn nothing_leads_to_a_claim_but_the_publication_of_a_covered_and_evaluated_result() {
    let to_neutral: Vec<_> = EVENT_ROWS
        .iter()
        .filter(|row| row.to == EventState::Neutral)
        .map(|row| (row.from, row.step))
        .collect();
    assert_eq!(
        to_neutral,
        [
            (EventState::Evaluated, EventStep::PublishResult),
            // the version that stood before, as long as nothing was changed
            (EventState::Corrected, EventStep::KeepVersion),
        ]
    );
    for state in EventState::ALL {
        assert_eq!(state.may_claim(), *state == EventState::Neutral);
        assert_eq!(EventState::from_code(state.code()), Some(*state));
    }
    // and nothing leaves what is final
    for end in [EventState::Lapsed, EventState::Withdrawn] {
        assert!(EVENT_ROWS.iter().all(|row| row.from != end));
    }
}

#[test]
fn each_guard_refuses_alone_and_says_what_is_missing() {
    use EventState::{Accounted, Covered, Evaluated, Held, Planned};
    use EventStep::{Account, Evaluate, PublishPlan, PublishResult, Retire};
    let before = facts(date!(2026 - 05 - 01));
    let after = facts(date!(2026 - 06 - 10));
    let refuse = |state, step, facts: EventFacts, expected: &[&str]| {
        let found: Vec<_> = check(state, step, &facts)
            .expect_err("refused")
            .into_iter()
            .map(|refusal| refusal.code)
            .collect();
        assert_eq!(found, expected, "{state:?} {step:?}");
    };
    let without = |facts: &EventFacts| EventFacts {
        holding: false,
        open_classes: vec!["waste"],
        estimated: false,
        ..facts.clone()
    };
    refuse(
        Planned,
        PublishPlan,
        without(&before),
        &[
            codes::EVENT_WITHOUT_HOLDING,
            codes::EVENT_SOURCE_OPEN,
            codes::EVENT_ESTIMATE_MISSING,
        ],
    );
    refuse(
        Planned,
        PublishPlan,
        facts(END),
        &[codes::EVENT_PLAN_TOO_LATE],
    );
    refuse(
        Planned,
        PublishPlan,
        facts(date!(2026 - 06 - 03)),
        &[codes::EVENT_PLAN_TOO_LATE],
    );
    assert!(check(Planned, PublishPlan, &facts(START)).is_ok());
    refuse(Planned, Account, facts(END), &[codes::EVENT_NOT_OVER]);
    refuse(
        Held,
        Account,
        without(&after),
        &[codes::EVENT_WITHOUT_HOLDING, codes::EVENT_SOURCE_OPEN],
    );
    refuse(Held, Retire, after.clone(), &[codes::EVENT_NOT_ACCOUNTED]);
    let short = EventFacts {
        counted_tonnes: 66,
        ..after.clone()
    };
    for (state, step) in [
        (Accounted, Retire),
        (Accounted, Evaluate),
        (Accounted, PublishResult),
        (Covered, Evaluate),
        (Evaluated, PublishResult),
    ] {
        refuse(state, step, short.clone(), &[codes::EVENT_NOT_COVERED]);
    }
    let stale = EventFacts {
        accounted_tonnes: None,
        ..after
    };
    for (state, step) in [
        (Accounted, Retire),
        (Covered, Evaluate),
        (Evaluated, PublishResult),
    ] {
        refuse(state, step, stale.clone(), &[codes::EVENT_NOT_ACCOUNTED]);
    }
    for step in [Account, Retire, Evaluate, PublishResult] {
        refuse(
            Accounted,
            step,
            facts(date!(2027 - 06 - 03)),
            &[codes::EVENT_TOO_LATE],
        );
    }
}

#[test]
fn one_year_for_units_and_six_for_new_forest_to_the_day() {
    assert_eq!(deadline(END, false), date!(2027 - 06 - 02));
    assert_eq!(deadline(END, true), date!(2032 - 06 - 02));
    assert_eq!(
        deadline(date!(2028 - 02 - 29), false),
        date!(2029 - 02 - 28)
    );
    assert_eq!(deadline(date!(2024 - 02 - 29), true), date!(2030 - 02 - 28));
    use EventState::{Accounted, Covered, Held, Lapsed, Neutral, Planned, Published};
    let table = [
        (Planned, END, false, Planned),
        (Planned, date!(2026 - 06 - 03), false, Held),
        (Published, date!(2026 - 06 - 03), false, Held),
        (Published, date!(2027 - 06 - 03), false, Lapsed),
        (Accounted, date!(2027 - 06 - 02), false, Accounted),
        (Accounted, date!(2027 - 06 - 03), false, Lapsed),
        (Accounted, date!(2027 - 06 - 03), true, Accounted),
        (Held, date!(2032 - 06 - 03), true, Lapsed),
        // what is covered stays covered
        (Covered, date!(2040 - 01 - 01), false, Covered),
        (Neutral, date!(2040 - 01 - 01), false, Neutral),
    ];
    for (state, today, forest, expected) in table {
        assert_eq!(
            settled(state, today, END, forest, false),
            expected,
            "{state:?} {today}"
        );
    }
}

#[test]
fn a_correction_does_not_lapse_and_is_given_up_only_while_nothing_was_changed() {
    use EventState::{Accounted, Corrected, Covered, Held, Lapsed, Neutral};
    let late = date!(2028 - 01 - 01);
    for (state, published, expected) in [
        (Held, false, Lapsed),
        (Accounted, false, Lapsed),
        (Held, true, Corrected),
        (Accounted, true, Accounted),
        (Corrected, true, Corrected),
    ] {
        assert_eq!(
            settled(state, late, END, false, published),
            expected,
            "{state:?}"
        );
    }
    let correction = EventFacts {
        published: true,
        ..facts(late)
    };
    let short = EventFacts {
        counted_tonnes: 66,
        ..correction.clone()
    };
    let changed = EventFacts {
        unchanged: false,
        ..correction.clone()
    };
    let codes = |state, step, facts: &EventFacts| -> Vec<_> {
        let refusals = check(state, step, facts).expect_err("refused");
        refusals.into_iter().map(|refusal| refusal.code).collect()
    };
    // not covered is said, and nothing is too late
    for step in [EventStep::Retire, EventStep::PublishResult] {
        assert_eq!(codes(Accounted, step, &short), [codes::EVENT_NOT_COVERED]);
    }
    assert_eq!(
        codes(Corrected, EventStep::KeepVersion, &changed),
        [codes::EVENT_CORRECTION_BEGUN]
    );
    for (state, step, expected) in [
        (Corrected, EventStep::KeepVersion, Neutral),
        (Corrected, EventStep::Attendees, Corrected),
        (Corrected, EventStep::Account, Accounted),
        (Accounted, EventStep::Retire, Covered),
        (Accounted, EventStep::Inventory, Corrected),
        (Covered, EventStep::Inventory, Corrected),
    ] {
        assert_eq!(check(state, step, &correction), Ok(expected), "{state:?}");
    }
}

fn profile() -> BTreeMap<String, String> {
    form(&[
        ("name", "五十人工作会议"),
        ("kind", "meeting"),
        ("starts_on", "2026-06-01"),
        ("ends_on", "2026-06-02"),
        ("province", "湖北"),
        ("city", "武汉"),
        ("people", "50"),
        ("stages.hold", "yes"),
    ])
}

#[test]
fn a_profile_says_everything_that_is_wrong_each_at_its_field() {
    assert_eq!(
        codes_of(EventProfile::read(&form(&[]))),
        [
            "name:required",
            "province:required",
            "kind:required",
            "people:required",
            "starts_on:required",
            "ends_on:required"
        ]
    );
    for (field, value, expected) in [
        ("kind", "party", "kind:choice_invalid"),
        ("people", "0", "people:number_out_of_range"),
        ("people", "五十", "people:number_invalid"),
        ("ends_on", "2026-05-31", "ends_on:end_before_start"),
        ("ends_on", "2027-06-02", "ends_on:number_out_of_range"),
        ("starts_on", "6月1日", "starts_on:date_invalid"),
    ] {
        let mut typed = profile();
        typed.insert(field.to_owned(), value.to_owned());
        assert_eq!(
            codes_of(EventProfile::read(&typed)),
            [expected],
            "{field}={value}"
        );
    }
    let read = EventProfile::read(&profile()).expect("a profile");
    assert_eq!((read.days(), read.people), (2, 50));
}

#[test]
fn every_class_of_the_checklist_is_counted_or_left_out_with_a_reason() {
    let mut typed = profile();
    let read = EventProfile::read(&typed).expect("a profile");
    assert_eq!(read.open_classes(&[]), required_classes());
    for class in required_classes().iter().skip(1) {
        typed.insert(format!("left_out.{class}"), "未发生".to_owned());
    }
    // spaces are no reason
    let first = required_classes()[0];
    assert_eq!(required_classes().len(), 9, "the classes of the guide");
    typed.insert(format!("left_out.{first}"), "  ".to_owned());
    let read = EventProfile::read(&typed).expect("a profile");
    assert_eq!(read.open_classes(&[]), [first]);
    assert!(read.open_classes(&[first.to_owned()]).is_empty());
}

/// The lines of the five-minute path.
fn meeting(
    profile: &EventProfile,
    typed: &BTreeMap<String, String>,
) -> Result<String, Vec<Refusal>> {
    let template = EventTemplate::find("meeting").expect("the five-minute path");
    template.lines_of(profile, typed, false)
}

#[test]
fn the_quick_inventory_is_accepted_by_the_calculator_and_all_of_it_is_an_estimate() {
    let read = EventProfile::read(&profile()).expect("a profile");
    let typed = form(&[
        ("rail_people", "20"),
        ("rail_km", "500"),
        ("air_people", "5"),
        ("air_km", "1200"),
        ("nights", "25"),
    ]);
    let lines = meeting(&read, &typed).expect("lines");
    assert!(lines.starts_with(LINES_HEADER));
    assert_eq!(
        lines.matches(",estimated,").count(),
        lines.lines().count() - 1
    );
    let input = json!({"from": "2026-06-01", "to": "2026-06-02", "accounted_on": "2026-06-10", "province": "湖北", "people": "50", "lines": lines});
    let result = footprint(&input, &Parameters::default()).expect("a footprint");
    // 20 × 2 × 500 × 0.03048 by rail, 5 × 2 × 1,200 × 0.1129 by air
    let of = |factor: &str| {
        result
            .sources
            .iter()
            .find(|source| source.factor.starts_with(factor))
            .map(|source| source.kg.to_string())
    };
    assert_eq!(of("event.rail_full").as_deref(), Some("609.6"));
    assert_eq!(of("event.air_china_full").as_deref(), Some("1354.8"));
    assert!(result.neutralise_t >= 4, "{}", result.total_kg);
    // nobody from away and no nights: those lines are not there, rather than lines of nothing
    let at_home = meeting(&read, &form(&[])).expect("lines");
    assert!(!at_home.contains("rail_full") && !at_home.contains("hotel_china"));
    assert_eq!(
        codes_of(meeting(
            &read,
            &form(&[("rail_people", "30"), ("air_people", "21")])
        )),
        ["air_people:number_out_of_range"]
    );
    assert_eq!(
        codes_of(meeting(&read, &form(&[("rail_km", "-1")]))),
        ["rail_km:number_out_of_range"]
    );
}

/// An event as a template begins, of so many people and days.
fn event_of(template: &EventTemplate, people: i64, days: i64) -> EventProfile {
    let mut typed = profile();
    let ends_on = (START + time::Duration::days(days - 1)).to_string();
    typed.extend(form(&[
        ("kind", template.kind),
        ("people", &people.to_string()),
        ("ends_on", &ends_on),
    ]));
    EventProfile::read(&typed).expect("a profile")
}

/// The quantities of an inventory by activity, in thousandths.
fn quantities(lines: &str) -> BTreeMap<String, i64> {
    let table = domain::event::read_inventory(lines).expect("an inventory");
    let (activity, quantity) = (table.place("activity"), table.place("quantity"));
    let rows = table.rows.iter().map(|row| {
        let number = row.number(quantity).expect("a number");
        let thousandths = number.normalize().to_string();
        let (whole, rest) = thousandths.split_once('.').unwrap_or((&thousandths, ""));
        let text = format!("{whole}{rest:0<3}");
        (
            row.text(activity).to_owned(),
            text.parse().expect("thousandths"),
        )
    });
    rows.collect()
}

#[test]
fn every_line_of_a_template_has_a_factor_of_its_class_in_its_unit() {
    for template in EVENT_TEMPLATES {
        assert!(domain::event::EVENT_KINDS.contains(&template.kind));
        for line in template.lines {
            assert!(["prepare", "hold", "close"].contains(&line.stage));
            assert!(line.thousandths > 0);
            if line.factor == "grid_province" {
                assert_eq!((line.class, line.unit), ("electricity", "kWh"));
                continue;
            }
            let factor = methodologies::event::factor::find(line.factor).expect(line.factor);
            assert_eq!(factor.class, line.class, "{}", line.activity.zh);
        }
        let travel = template.travel;
        assert!(travel.rail_permille + travel.air_permille <= 1000);
        assert!((1..=366).contains(&template.days));
    }
}

#[test]
fn every_template_gives_a_footprint_of_estimates_only() {
    // kilograms for each person and day that nobody would call absurd
    for (template, least, most) in [
        ("meeting", 1, 50),
        ("conference", 50, 400),
        ("marathon", 10, 200),
        ("exhibition", 5, 150),
        ("show", 5, 150),
    ] {
        let template = EventTemplate::find(template).expect("a template");
        let event = event_of(template, template.people, template.days);
        let lines = template.lines_of(&event, &form(&[]), false).expect("lines");
        assert!(lines.starts_with(LINES_HEADER));
        let count = lines.lines().count() - 1;
        assert_eq!(lines.matches(",estimated,organiser,").count(), count);
        assert_eq!(lines.matches("default estimate").count(), count);
        let to = event.ends_on.to_string();
        let input = json!({"from": "2026-06-01", "to": to, "accounted_on": "2026-06-10", "province": "湖北", "people": event.people.to_string(), "lines": lines});
        let result = footprint(&input, &Parameters::default()).expect(template.code);
        let each = result.neutralise_t * 1_000 / (event.people * event.days());
        assert!(
            (least..=most).contains(&each),
            "{}: {each} kg",
            template.code
        );
        // in English the same quantities under other names
        let english = template.lines_of(&event, &form(&[]), true).expect("lines");
        let (zh, en) = (quantities(&lines), quantities(&english));
        let sorted = |all: &BTreeMap<String, i64>| {
            let mut values: Vec<_> = all.values().copied().collect();
            values.sort_unstable();
            values
        };
        assert_eq!(sorted(&zh), sorted(&en));
        assert!(en.keys().all(|name| name.is_ascii()), "{en:?}");
    }
}

#[test]
fn a_template_grows_with_people_and_days_and_what_is_typed_goes_before_what_is_assumed() {
    for template in EVENT_TEMPLATES {
        let of = |people, days, typed: &[(&str, &str)]| {
            let event = event_of(template, people, days);
            quantities(
                &template
                    .lines_of(&event, &form(typed), false)
                    .expect("lines"),
            )
        };
        let none = [("rail_people", "0"), ("air_people", "0"), ("nights", "0")];
        let (one, many, long) = (of(100, 1, &none), of(300, 1, &none), of(100, 4, &none));
        for line in template.lines {
            let name = line.activity.zh;
            let (by_people, by_days) = match line.per {
                Per::Person => (3, 1),
                Per::PersonDay | Per::LocalPersonDay => (3, 4),
                Per::Event => (1, 1),
            };
            assert_eq!(many[name], one[name] * by_people, "{name}");
            assert_eq!(long[name], one[name] * by_days, "{name}");
        }
        assert!(!one.contains_key("高铁往返") && !one.contains_key("住宿"));
        let away = of(
            100,
            2,
            &[
                ("rail_people", "60"),
                ("rail_km", "500"),
                ("air_people", "40"),
                ("nights", "7"),
            ],
        );
        assert_eq!(away["高铁往返"], 2 * 60 * 500 * 1_000);
        assert_eq!(
            away["国内航班往返"],
            2 * 40 * template.travel.air_km * 1_000
        );
        assert_eq!(away["住宿"], 7_000);
        assert!(
            !away.contains_key("市内交通（地铁）"),
            "nobody is from the city"
        );
    }
    let conference = EventTemplate::find("conference").expect("a template");
    let event = event_of(conference, 200, 2);
    let assumed = quantities(
        &conference
            .lines_of(&event, &form(&[]), false)
            .expect("lines"),
    );
    assert_eq!(assumed["高铁往返"], 2 * 80 * 600 * 1_000);
    assert_eq!(assumed["国内航班往返"], 2 * 50 * 1_200 * 1_000);
    assert_eq!(assumed["住宿"], 280_000);
    // most come by rail: no more fly than are left
    let typed = form(&[("rail_people", "190")]);
    let most = quantities(&conference.lines_of(&event, &typed, false).expect("lines"));
    assert_eq!(most["国内航班往返"], 2 * 10 * 1_200 * 1_000);
    assert!(!most.contains_key("市内交通（地铁）"));
    for (field, value) in [("rail_people", "201"), ("air_km", "many"), ("nights", "-1")] {
        let refused = conference.lines_of(&event, &form(&[(field, value)]), false);
        assert_eq!(
            refused.expect_err("a mistake")[0].field.as_deref(),
            Some(field)
        );
    }
    assert_eq!(EventTemplate::find("wedding"), None);
}

fn unit(kind: &str, more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut unit = form(&[
        ("kind", kind),
        ("registry", "演示登记系统"),
        ("reference", "SN 1-20"),
        ("quantity", "20"),
        ("cancelled_on", "2026-07-01"),
        ("project", "演示项目"),
        ("evidence", "注销证明 1"),
    ]);
    unit.extend(form(more));
    unit
}

fn read(typed: &BTreeMap<String, String>) -> Result<domain::event::EventUnit, Vec<Refusal>> {
    read_unit(typed, &facts(date!(2026 - 08 - 01)))
}

#[test]
fn units_that_the_guide_does_not_know_are_refused() {
    assert_eq!(codes_of(read(&form(&[]))), ["kind:required"]);
    for kind in ["vcs", "ccer"] {
        assert_eq!(codes_of(read(&unit(kind, &[]))), ["kind:choice_invalid"]);
    }
    assert_eq!(
        codes_of(read(&unit("other_mechanism", &[]))),
        ["in_china:event_unit_outside_china"]
    );
    assert_eq!(
        codes_of(read(&unit("inclusion", &[]))),
        ["no_self_claim:event_unit_self_claim"]
    );
    assert_eq!(
        codes_of(read(&unit("allowance", &[("cancelled_on", "2026-08-02")]))),
        ["cancelled_on:event_unit_not_cancelled_yet"]
    );
    assert_eq!(
        codes_of(read(&unit("allowance", &[("cancelled_on", "2027-06-03")]))),
        ["cancelled_on:event_too_late"]
    );
    assert_eq!(
        codes_of(read(&unit("allowance", &[("quantity", "2.5")]))),
        ["quantity:quantity_not_whole"]
    );
    assert_eq!(
        codes_of(read(&unit("new_forest", &[]))),
        [
            "forest:required",
            "boundary:required",
            "planted_on:required"
        ]
    );
    let old = [
        ("forest", "某地，樟树"),
        ("boundary", "{}"),
        ("planted_on", "2026-05-31"),
    ];
    assert_eq!(
        codes_of(read(&unit("new_forest", &old))),
        ["planted_on:event_forest_not_new"]
    );
}

#[test]
fn unrecognised_inclusion_and_uncertified_forest_do_not_count() {
    let today = date!(2026 - 08 - 01);
    let own = [("no_self_claim", "yes")];
    let plain = read(&unit("inclusion", &own)).expect("a unit");
    assert_eq!(
        plain.counts(today).map_err(|refusal| refusal.code),
        Err(codes::EVENT_UNIT_NOT_RECOGNISED)
    );
    let recognised = [
        ("no_self_claim", "yes"),
        ("recognised_by", "某省生态环境厅〔2025〕1号"),
    ];
    let recognised = read(&unit("inclusion", &recognised)).expect("a unit");
    assert!(recognised.counts(today).is_ok());
    let forest = [
        ("forest", "某地，樟树，20 亩"),
        ("boundary", "{}"),
        ("planted_on", "2026-06-20"),
        ("cancelled_on", ""),
    ];
    let forest = read(&unit("new_forest", &forest)).expect("a forest");
    assert_eq!(
        forest.counts(today).map_err(|refusal| refusal.code),
        Err(codes::EVENT_FOREST_NOT_CERTIFIED)
    );
    assert_eq!(counted_tonnes([&plain, &recognised, &forest], today), 20);
}

#[test]
fn the_order_of_the_guide_is_advice() {
    use UnitKind::{Allowance, Ccer, Gift, Inclusion, NewForest, OtherMechanism};
    assert!(order_of_preference(&[]).is_empty());
    assert!(order_of_preference(&[Allowance]).is_empty());
    assert_eq!(order_of_preference(&[Ccer]), [Allowance]);
    assert_eq!(
        order_of_preference(&[OtherMechanism, Allowance]),
        [Ccer, Inclusion]
    );
    assert_eq!(
        order_of_preference(&[Gift, OtherMechanism]),
        [Allowance, Ccer],
        "gifts are carbon inclusion"
    );
    assert_eq!(
        order_of_preference(&[NewForest]),
        [Allowance, Ccer, Inclusion, OtherMechanism]
    );
}

/// Four airports on a line, a thousand kilometres apart, one of them in Wuhan; two cities are called 双城.
fn measure(from: &str, to: &str) -> Result<Flight, FlightProblem> {
    let places = [
        ("AAA", "甲", "CN"),
        ("WUH", "武汉", "CN"),
        ("CCC", "丙", "JP"),
        ("DDD", "丁", "GB"),
    ];
    let find = |written: &str, at_origin| {
        let found = places
            .iter()
            .position(|(code, city, _)| [*code, *city].contains(&written));
        found.ok_or_else(|| FlightProblem {
            at_origin,
            choices: if written == "双城" {
                "XXX 双城东, YYY 双城西".to_owned()
            } else {
                String::new()
            },
        })
    };
    let (start, end) = (find(from, true)?, find(to, false)?);
    let end_at = |at: usize| FlightEnd {
        label: places[at].0.to_owned(),
        name_zh: places[at].1.to_owned(),
        name_en: places[at].1.to_owned(),
        country: places[at].2,
    };
    let apart = i64::try_from(start.abs_diff(end)).expect("a small number");
    Ok(Flight {
        km: apart * 1_000,
        from: end_at(start),
        to: end_at(end),
    })
}

fn flight(from: &str, to: &str, people: &str, ways: &str) -> Result<FlightLine, Vec<Refusal>> {
    let typed = form(&[
        ("flight_from", from),
        ("flight_to", to),
        ("flight_people", people),
        ("flight_ways", ways),
    ]);
    FlightLine::read(&typed, measure)
}

#[test]
fn a_flight_makes_a_line_of_passenger_kilometres_without_any_detour() {
    let there_and_back = flight("AAA", "武汉", "12", "return").expect("a flight");
    assert_eq!(there_and_back.passenger_km(), 24_000);
    let line = there_and_back.line("航班 AAA–WUH");
    assert_eq!(
        (line["line.quantity"].as_str(), line["line.unit"].as_str()),
        ("24000", "pkm")
    );
    assert_eq!(line["line.quality"], "estimated");
    // the calculator takes the line as it is
    let text = domain::event::typed_line(&line).expect("a line");
    assert_eq!(
        domain::event::read_inventory(&text).map(|table| table.rows.len()),
        Ok(1)
    );
    let one_way = flight(" AAA ", "WUH", "1", "one_way").expect("a flight");
    assert_eq!(one_way.passenger_km(), 1_000);
    // two cities of the table: between their centres, as in the form for attendees
    let cities = flight("北京", "武汉", "1", "one_way").expect("a flight");
    assert_eq!(
        Some(cities.passenger_km()),
        city_distance_km("北京", "武汉")
    );
    for (from, to, factor) in [
        ("AAA", "WUH", Some("air_china_full")),
        ("AAA", "CCC", Some("air_world_economy")),
        ("DDD", "CCC", Some("air_short_economy")),
        ("北京", "武汉", None),
    ] {
        let found = flight(from, to, "1", "return").expect("a flight").factor();
        assert_eq!(found, factor, "{from}-{to}");
        let known = found.is_none_or(|code| methodologies::event::factor::find(code).is_some());
        assert!(known, "{found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_flight_is_said_at_its_field() {
    for ([from, to, people, ways], expected) in [
        (
            ["", "", "", ""],
            &[
                "flight_from:required",
                "flight_to:required",
                "flight_people:required",
                "flight_ways:required",
            ][..],
        ),
        (
            ["QQQ", "WUH", "1", "return"],
            &["flight_from:event_airport_unknown"],
        ),
        (
            ["AAA", "某镇", "1", "return"],
            &["flight_to:event_airport_unknown"],
        ),
        (
            ["双城", "WUH", "1", "return"],
            &["flight_from:event_airport_ambiguous"],
        ),
        (
            ["AAA", "AAA", "1", "return"],
            &["flight_to:event_flight_same_place"],
        ),
        (
            ["北京", "北京市", "1", "return"],
            &["flight_to:event_flight_same_place"],
        ),
        (
            ["AAA", "WUH", "0", "return"],
            &["flight_people:number_out_of_range"],
        ),
        (
            ["AAA", "WUH", "20001", "return"],
            &["flight_people:number_out_of_range"],
        ),
        (
            ["AAA", "WUH", "1.5", "twice"],
            &["flight_people:number_invalid", "flight_ways:choice_invalid"],
        ),
    ] {
        assert_eq!(
            codes_of(flight(from, to, people, ways)),
            expected,
            "{from}-{to}"
        );
    }
}

#[test]
fn whoever_flies_may_say_the_airport_instead_of_the_city() {
    let table = "reference,mode,origin,km,nights,meals\nA1,air,AAA,,,\nA2,air_long,丙,,,\nA3,air,北京,,,\nA4,air_long,DDD,9000,,\n";
    let answers = read_attendees(table, "武汉", measure).expect("answers");
    let cities = city_distance_km("北京", "武汉").expect("known");
    let told: Vec<_> = answers
        .iter()
        .map(|one| (one.km, one.km_estimated))
        .collect();
    assert_eq!(
        told,
        [(1_000, true), (1_000, true), (cities, true), (9_000, false)]
    );
    // an airport is no city: by rail it says nothing
    for (row, expected) in [
        ("A1,rail,AAA,,,", "attendees.2.km:event_city_unknown"),
        ("A1,air,QQQ,,,", "attendees.2.origin:event_airport_unknown"),
        // a flight from where the event is would be one of no kilometres: by city, by airport
        (
            "A1,air,武汉,,,",
            "attendees.2.origin:event_flight_same_place",
        ),
        (
            "A1,air_long,WUH,,,",
            "attendees.2.origin:event_flight_same_place",
        ),
        (
            "A1,air,双城,,,",
            "attendees.2.origin:event_airport_ambiguous",
        ),
        ("A1,air,,,,", "attendees.2.km:event_city_unknown"),
    ] {
        let table = format!("reference,mode,origin,km,nights,meals\n{row}\n");
        assert_eq!(
            codes_of(read_attendees(&table, "武汉", measure)),
            [expected],
            "{row}"
        );
    }
    // whoever says how far is believed, and by rail nobody has to go far
    let table = "reference,mode,origin,km,nights,meals\nA1,air,武汉,300,,\nA2,rail,武汉,,,\n";
    let answers = read_attendees(table, "武汉", measure).expect("answers");
    assert_eq!((answers[0].km, answers[1].km), (300, 0));
    let own = form(&[("mode", "air"), ("origin", "武汉市")]);
    assert_eq!(
        codes_of(read_answer(&own, "武汉", measure)),
        ["origin:event_flight_same_place"]
    );
    // the names of airports are long
    for (origin, refused) in [
        ("机".repeat(80), "origin:event_airport_unknown"),
        ("机".repeat(81), "origin:text_too_long"),
    ] {
        let long = form(&[("mode", "air"), ("origin", &origin)]);
        assert_eq!(codes_of(read_answer(&long, "武汉", measure)), [refused]);
    }
    // the event is where no airport is known: that is not the attendee's mistake
    let table = "reference,mode,origin,km,nights,meals\nA1,air,AAA,,,\n";
    let refused = read_attendees(table, "某县", measure).expect_err("no airport there");
    assert_eq!(
        codes_of::<()>(Err(refused.clone())),
        ["attendees.2.km:event_airport_unknown"]
    );
    assert_eq!(refused[0].param("place"), Some("某县"));
    assert_eq!(
        codes_of(read_attendees(table, "", measure)),
        ["attendees.2.km:event_city_unknown"]
    );
}

#[test]
fn an_answer_without_kilometres_takes_those_between_the_cities_with_a_detour() {
    let direct = city_distance_km("武汉市", "北京").expect("known");
    assert!((1_045..=1_065).contains(&direct), "{direct}");
    assert_eq!(city_distance_km("北京", "武汉"), Some(direct));
    assert_eq!(city_distance_km("北京", "北京市"), Some(0));
    assert_eq!(city_distance_km("北京", "某镇"), None);
    assert!(city_names().len() >= 70);
    let answer = read_answer(
        &form(&[("mode", "rail"), ("origin", "北京")]),
        "武汉",
        measure,
    )
    .expect("an answer");
    assert_eq!(
        (answer.km, answer.km_estimated),
        ((direct * 125 + 99) / 100, true)
    );
    let told = read_answer(
        &form(&[("mode", "air"), ("origin", "某镇"), ("km", "800")]),
        "武汉",
        measure,
    );
    assert_eq!(
        told.map(|answer| (answer.km, answer.km_estimated)),
        Ok((800, false))
    );
    for (pairs, expected) in [
        (&[][..], "mode:required"),
        (&[("mode", "rocket")][..], "mode:choice_invalid"),
        (&[("mode", "rail")][..], "km:event_city_unknown"),
        (
            &[("mode", "rail"), ("km", "20001")][..],
            "km:number_out_of_range",
        ),
        (
            &[("mode", "walk"), ("nights", "61")][..],
            "nights:number_out_of_range",
        ),
    ] {
        assert_eq!(
            codes_of(read_answer(&form(pairs), "武汉", measure)),
            [expected]
        );
    }
}

#[test]
fn a_table_of_attendees_is_taken_whole_or_reported_by_row() {
    let table = "reference,mode,origin,km,nights,meals\nA1,rail,北京,,1,2\nA2,rocket,,,,\nA1,metro,,10,,\nA4,rail,某镇,,,\nA5,air,,1200,2,3\n";
    let found = codes_of(read_attendees(table, "武汉", measure));
    assert_eq!(
        found,
        ["attendees.3.mode:choice_invalid"],
        "what cannot be read comes first"
    );
    let table = table.replace("rocket", "walk");
    assert_eq!(
        codes_of(read_attendees(&table, "武汉", measure)),
        [
            "attendees.4.reference:event_attendee_twice",
            "attendees.5.km:event_city_unknown"
        ]
    );
    let good = "编号,交通方式,出发城市,单程公里,住宿夜数,用餐份数\nA1,高铁,北京,,1,2\nA2,步行或骑行,,,,1\n";
    let answers = read_attendees(good, "武汉", measure).expect("answers");
    assert_eq!((answers.len(), answers[1].km, answers[1].meals), (2, 0, 1));
    let many: String = (0..26_000).fold("reference,mode,km\n".to_owned(), |all, at| {
        all + &format!("R{at},metro,12\n")
    });
    assert_eq!(
        read_attendees(&many, "武汉", measure).map(|answers| answers.len()),
        Ok(26_000)
    );
}

#[test]
fn answers_make_one_line_per_mode_both_ways() {
    let sums = [
        AttendeeSums {
            mode: "rail".to_owned(),
            people: 2,
            km: 1_000,
            nights: 3,
            meals: 4,
        },
        AttendeeSums {
            mode: "walk".to_owned(),
            people: 1,
            km: 0,
            nights: 0,
            meals: 2,
        },
    ];
    let lines = attendee_lines(&sums, true);
    assert_eq!(
        lines,
        ",hold,,参会者：高铁往返（2 人）,2000,pkm,rail_full,registered,attendee,\n\
         ,hold,,参会者：住宿,3,room_night,hotel_china,registered,attendee,\n\
         ,hold,,参会者：餐饮,6,meal,meal_meat_medium,registered,attendee,\n"
    );
    assert_eq!(attendee_lines(&[], false), "");
}

#[test]
fn one_sender_never_takes_a_form_from_all_others() {
    let answered = |answers, seconds_left| SenderCount {
        answers,
        seconds_left,
    };
    for people in [1, 50, 200, 2_000, 26_000] {
        let limits = FormLimits { people };
        let (hour, day) = (limits.per_sender_and_hour(), limits.per_sender_and_day());
        assert!(
            hour >= 30 && hour <= limits.per_hour() / 2,
            "{people}: {hour}"
        );
        assert!(
            hour <= day && day <= limits.in_all() / 2 + 1,
            "{people}: {day}"
        );
        let none = SenderCount::default();
        assert_eq!(limits.check_sender(none, none), Ok(()));
        let last = answered(hour - 1, 10);
        assert_eq!(limits.check_sender(last, last), Ok(()));
        let refused = limits.check_sender(answered(hour, 61), answered(hour, 80_000));
        if hour < day {
            let refused = refused.expect_err("an hour's worth");
            assert_eq!(
                (refused.code, refused.param("minutes")),
                (codes::EVENT_SENDER_FLOODED, Some("2"))
            );
        }
        // who has to wait for tomorrow is not told to come back in a minute
        let refused = limits.check_sender(answered(hour, 1), answered(day, 7_200));
        assert_eq!(
            refused.expect_err("a day's worth").param("minutes"),
            Some("120")
        );
    }
    // a moment that is over already: at least a minute
    let limits = FormLimits { people: 50 };
    let refused = limits.check_sender(answered(30, -5), SenderCount::default());
    assert_eq!(
        refused.expect_err("an hour's worth").param("minutes"),
        Some("1")
    );
}

#[test]
fn a_form_takes_what_is_expected_and_not_a_flood() {
    let small = FormLimits { people: 50 };
    assert_eq!((small.per_hour(), small.in_all()), (60, 75));
    let large = FormLimits { people: 26_000 };
    assert_eq!((large.per_hour(), large.in_all()), (13_000, 39_000));
    assert!(small.check(74, 59).is_ok());
    assert_eq!(
        small.check(74, 60).map_err(|refusal| refusal.code),
        Err(codes::EVENT_FORM_FLOODED)
    );
    assert_eq!(
        small.check(75, 0).map_err(|refusal| refusal.code),
        Err(codes::EVENT_FORM_FULL)
    );
}
