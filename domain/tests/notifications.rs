//! Who is told of what: every act and every step made by date is considered, and every step of a record is measured.

use domain::Act;
use domain::calendar::Calendar;
use domain::notification::{
    ACT_RULES, DATED_RULES, Recipient, Reminder, Step, StepSpan, Told, quantile, rule_of,
};
use domain::project::{
    Actor, PROJECT_TRANSITIONS, Party, ProjectState, REPORT_TRANSITIONS, ReportState,
};
use time::macros::date;

#[test]
fn every_act_tells_somebody_or_says_why_not_and_none_twice() {
    let missing: Vec<_> = Act::ALL
        .iter()
        .filter(|act| ACT_RULES.iter().all(|rule| rule.kind != act.name()))
        .map(|act| act.name())
        .collect();
    assert!(
        missing.is_empty(),
        "add to domain::notification::ACT_RULES who is told of {missing:?}"
    );
    let all: Vec<_> = ACT_RULES.iter().chain(DATED_RULES).collect();
    for (at, rule) in all.iter().enumerate() {
        assert!(
            all[..at].iter().all(|other| other.kind != rule.kind),
            "{} is there twice",
            rule.kind
        );
        match rule.told {
            Told::These(whom) => assert!(!whom.is_empty(), "{}", rule.kind),
            Told::Nobody(why) => assert!(!why.is_empty(), "{}", rule.kind),
        }
    }
}

#[test]
fn every_step_without_an_act_of_its_own_is_considered() {
    let projects = PROJECT_TRANSITIONS
        .iter()
        .filter(|row| row.event.act().is_none())
        .map(|row| format!("project_{}", row.event.name()));
    let reports = REPORT_TRANSITIONS
        .iter()
        .filter(|row| row.event.act().is_none())
        .map(|row| format!("report_{}", row.event.name()));
    for kind in projects.chain(reports) {
        assert!(rule_of(&kind).is_some(), "nobody considered {kind}");
    }
    for reminder in Reminder::ALL {
        assert!(rule_of(reminder.kind()).is_some(), "{}", reminder.kind());
    }
    for reminder in domain::event::DEADLINE_REMINDERS {
        assert!(rule_of(reminder.kind).is_some(), "{}", reminder.kind);
    }
}

/// An act of one party that makes it another party's turn must reach that party.
#[test]
fn whoever_must_act_next_is_told() {
    let recipient = |party: Party| match party {
        Party::Owner => Some(Recipient::Owner),
        Party::Vvb => Some(Recipient::Vvb),
        Party::Operator => Some(Recipient::Operator),
        Party::Date | Party::Nobody => None,
    };
    let acting = |actor: Actor| match actor {
        Actor::Owner => Some(Recipient::Owner),
        Actor::NamedVvb => Some(Recipient::Vvb),
        Actor::Operator | Actor::Authority => Some(Recipient::Operator),
        Actor::Anyone | Actor::Date => None,
    };
    let projects = PROJECT_TRANSITIONS
        .iter()
        .filter_map(|row| Some((row.event.act()?, row.actor, row.from.turn(), row.to.turn())));
    let reports = REPORT_TRANSITIONS
        .iter()
        .filter_map(|row| Some((row.event.act()?, row.actor, row.from.turn(), row.to.turn())));
    for (act, actor, before, after) in projects.chain(reports) {
        let Some(next) = recipient(after) else {
            continue;
        };
        if before == after || acting(actor) == Some(next) {
            continue;
        }
        let told = rule_of(act.name()).map(|rule| rule.told);
        assert!(
            matches!(told, Some(Told::These(whom)) if whom.contains(&next) || whom.contains(&Recipient::Holder)),
            "{} makes it the turn of {next:?}, who is not told",
            act.name()
        );
    }
}

/// Whatever waits for a VVB or for the registry is a step whose length is counted.
#[test]
fn every_state_that_waits_for_a_body_or_the_registry_is_a_measured_step() {
    let waits = |party: Party| matches!(party, Party::Vvb | Party::Operator);
    let projects = ProjectState::ALL
        .iter()
        .filter(|state| waits(state.turn()))
        .map(|state| (state.code(), Step::of_project(*state)));
    let reports = ReportState::ALL
        .iter()
        .filter(|state| waits(state.turn()))
        .map(|state| (state.code(), Step::of_report(*state)));
    for (state, step) in projects.chain(reports) {
        assert!(step.is_some(), "{state} is in no step");
    }
    assert_eq!(Step::of_project(ProjectState::Registered), None);
    for step in Step::ALL {
        assert_eq!(Step::from_code(step.code()), Some(*step));
    }
}

#[test]
fn steps_count_as_their_limits_do() {
    let calendar = Calendar::embedded();
    let span = StepSpan {
        since: date!(2025 - 12 - 01),
        until: date!(2026 - 01 - 15),
        publicity: None,
        received_on: None,
        paused_days: 0,
    };
    // publicity across New Year, first and last day counted (registry rules j.5: 2025-01-20 to 2025-02-20 are 20 days)
    let publicity = StepSpan {
        publicity: Some((date!(2025 - 01 - 20), date!(2025 - 02 - 20))),
        until: date!(2025 - 02 - 21),
        ..span
    };
    assert_eq!(Step::Publicity.days(calendar, &publicity), Some(20));
    // validation: calendar days from the first day of publicity
    assert_eq!(Step::Assessment.days(calendar, &publicity), Some(32));
    // registration: working days after receipt, make-up Sunday 2026-01-04 counted, less the pause
    let review = StepSpan {
        received_on: Some(date!(2025 - 12 - 31)),
        until: date!(2026 - 01 - 05),
        ..span
    };
    assert_eq!(Step::Registration.days(calendar, &review), Some(2));
    let paused = StepSpan {
        paused_days: 1,
        ..review
    };
    assert_eq!(Step::Registration.days(calendar, &paused), Some(1));
    // a year without a published calendar is not counted
    let beyond = StepSpan {
        until: date!(2031 - 01 - 05),
        ..span
    };
    assert_eq!(Step::Mandate.days(calendar, &beyond), None);
}

#[test]
fn five_working_days_ahead_are_counted_by_the_calendar() {
    let calendar = Calendar::embedded();
    // Monday: five working days after it end on the Monday after
    let horizon = |day| Reminder::horizon(calendar, day);
    assert_eq!(horizon(date!(2025 - 03 - 03)), date!(2025 - 03 - 10));
    // across the National Day holiday of 2025 (1 to 8 October, Saturday 11 October is worked)
    assert_eq!(horizon(date!(2025 - 09 - 30)), date!(2025 - 10 - 14));
}

#[test]
fn medians_and_percentiles_are_days_that_occurred() {
    assert_eq!(quantile(&[], 50), None);
    assert_eq!(quantile(&[(7, 1)], 50), Some(7));
    let counts = [(30, 1), (10, 2), (20, 2)];
    assert_eq!(quantile(&counts, 50), Some(20));
    assert_eq!(quantile(&counts, 80), Some(20));
    assert_eq!(quantile(&counts, 81), Some(30));
    assert_eq!(quantile(&counts, 40), Some(10));
}
