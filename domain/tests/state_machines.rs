//! Walks the two tables: every pair of state and event, every state, every actor.

use std::collections::BTreeSet;

use domain::act::{Access, Act};
use domain::engagement::{Duty, EngagementFacts, TeamMember};
use domain::id::OrganisationId;
use domain::project::{
    Actor, GreenCertificateChoice, PROJECT_TRANSITIONS, Party, ProjectEvent, ProjectFacts,
    ProjectState, PublicTab, REPORT_TRANSITIONS, ReportEvent, ReportFacts, ReportState,
    VvbApproval, VvbStanding, YearAmount,
};
use domain::refusal::codes;
use domain::{Role, Sector};
use time::macros::date;

fn body(name: &str) -> VvbStanding {
    VvbStanding {
        organisation: OrganisationId::from(name),
        approvals: vec![VvbApproval {
            sector: Sector::Energy,
            from: date!(2024 - 06 - 20),
            to: None,
        }],
        tied_to_owner: false,
        appointed_on: None,
    }
}

/// The complete work of a body on a mandate.
fn desk() -> EngagementFacts {
    let member = |name: &str, duty| TeamMember {
        name: name.to_owned(),
        full_time: true,
        sectors: vec![Sector::Energy],
        duty,
    };
    EngagementFacts {
        methodology: "CCER-01-002-V01".to_owned(),
        sector: Some(Sector::Energy),
        appointed_on: Some(date!(2025 - 03 - 03)),
        impartiality_stated: true,
        team: vec![member("a", Duty::Leader), member("b", Duty::Member)],
        reviewer: Some("c".to_owned()),
        decision_maker: Some("d".to_owned()),
        document_reviewed_on: Some(date!(2025 - 03 - 04)),
        sites_total: Some(0),
        sampling_explained: false,
        visits: Vec::new(),
        requests_open: Vec::new(),
    }
}

/// A project against which no guard has anything to say.
fn good_project() -> ProjectFacts {
    ProjectFacts {
        today: date!(2026 - 03 - 02),
        methodology: "CCER-01-002-V01".to_owned(),
        methodology_in_force: true,
        commencement: Some(date!(2020 - 05 - 01)),
        crediting: Some((date!(2021 - 04 - 01), date!(2031 - 03 - 31))),
        no_legal_obligation: true,
        outside_quota_management: true,
        no_other_mechanism: true,
        green_certificates: Some(GreenCertificateChoice::Reductions),
        owner_account_active: true,
        owner_bans: Vec::new(),
        previously_deregistered: false,
        validator: Some(body("validator")),
        incomplete_sections: Vec::new(),
        statement_made: true,
        opinions_undecided: 0,
        opinions_unanswered: 0,
        experts_unanswered: 0,
        engagement: Some(desk()),
    }
}

/// A project against which every guard has something to say.
fn bad_project() -> ProjectFacts {
    ProjectFacts {
        methodology: "CCER-01-099-V01".to_owned(),
        methodology_in_force: false,
        commencement: None,
        crediting: None,
        no_legal_obligation: false,
        outside_quota_management: false,
        no_other_mechanism: false,
        green_certificates: None,
        owner_account_active: false,
        owner_bans: vec![domain::project::Ban {
            from: date!(2025 - 01 - 01),
            permanent: true,
        }],
        previously_deregistered: true,
        validator: None,
        incomplete_sections: vec!["place"],
        statement_made: false,
        experts_unanswered: 1,
        opinions_undecided: 1,
        opinions_unanswered: 1,
        engagement: None,
        ..good_project()
    }
}

fn good_report() -> ReportFacts {
    ReportFacts {
        today: date!(2026 - 03 - 02),
        created_on: date!(2026 - 02 - 02),
        project_state: ProjectState::Registered,
        sector: Some(Sector::Energy),
        crediting: Some((date!(2021 - 04 - 01), date!(2031 - 03 - 31))),
        period: Some((date!(2021 - 04 - 01), date!(2025 - 12 - 31))),
        other_periods: Vec::new(),
        validator: Some(OrganisationId::from("validator")),
        verifier: Some(body("verifier")),
        applied: vec![YearAmount {
            year: 2021,
            tonnes: 5,
        }],
        verified: Some(vec![YearAmount {
            year: 2021,
            tonnes: 5,
        }]),
        no_traded_certificates: true,
        owner_account_active: true,
        owner_bans: Vec::new(),
        incomplete_sections: Vec::new(),
        statement_made: true,
        opinions_undecided: 0,
        opinions_unanswered: 0,
        experts_unanswered: 0,
        engagement: Some(desk()),
        issued: false,
    }
}

fn bad_report() -> ReportFacts {
    ReportFacts {
        project_state: ProjectState::Revoked,
        period: None,
        verifier: None,
        verified: None,
        no_traded_certificates: false,
        owner_account_active: false,
        incomplete_sections: vec!["period"],
        statement_made: false,
        experts_unanswered: 1,
        opinions_undecided: 1,
        engagement: None,
        issued: true,
        ..good_report()
    }
}

macro_rules! walks {
    ($module:ident, $State:ident, $Event:ident, $table:ident, $good:ident, $bad:ident, $nouns:expr, $terminal:expr, $doorless:expr) => {
        mod $module {
            use super::*;

            #[test]
            fn every_pair_of_state_and_event_is_listed_once_or_refused() {
                let mut allowed = 0;
                for state in $State::ALL {
                    for event in $Event::ALL {
                        let rows = $table
                            .iter()
                            .filter(|row| row.from == *state && row.event == *event)
                            .count();
                        assert!(rows <= 1, "{state:?} x {event:?} is listed {rows} times");
                        allowed += rows;
                        if rows == 1 {
                            assert!(state.row(*event).is_ok());
                            continue;
                        }
                        let refusal = state.row(*event).expect_err("a pair that is not listed");
                        assert_eq!(refusal.code, codes::STATE_DOES_NOT_ALLOW);
                        assert_eq!(refusal.param("state"), Some(state.code()));
                        assert_eq!(refusal.param("event"), Some(event.name()));
                        assert_eq!(state.after(*event, &$good()), Err(vec![refusal.clone()]));
                        assert_eq!(state.after_unguarded(*event), Err(refusal));
                    }
                }
                assert_eq!(allowed, $table.len());
            }

            #[test]
            fn a_listed_pair_leads_to_its_target_and_its_guards_can_stop_it() {
                for row in $table {
                    assert_eq!(row.from.after(row.event, &$good()), Ok(row.to), "{row:?}");
                    if row.guards.is_empty() {
                        assert_eq!(row.from.after_unguarded(row.event), Ok(row.to));
                        continue;
                    }
                    let refusal = row
                        .from
                        .after_unguarded(row.event)
                        .expect_err("facts are needed");
                    assert_eq!(refusal.code, codes::FACTS_MISSING);
                    let refusals = row
                        .from
                        .after(row.event, &$bad())
                        .expect_err("every guard refuses");
                    assert!(refusals.len() >= row.guards.len(), "{row:?}: {refusals:?}");
                    for guard in row.guards {
                        assert!(!guard.check(&$bad()).is_empty(), "{guard:?}");
                        assert_eq!(guard.check(&$good()), Vec::new());
                    }
                }
            }

            #[test]
            fn every_state_can_be_reached_from_the_draft() {
                let mut reached = BTreeSet::from([$State::Draft]);
                for _ in $State::ALL {
                    for row in $table {
                        if reached.contains(&row.from) {
                            reached.insert(row.to);
                        }
                    }
                }
                assert_eq!(reached, $State::ALL.iter().copied().collect());
            }

            #[test]
            fn terminal_states_absorb_and_every_other_state_can_be_left() {
                let terminal: Vec<_> = $State::ALL
                    .iter()
                    .copied()
                    .filter(|state| state.is_terminal())
                    .collect();
                assert_eq!(terminal, $terminal);
                for state in $State::ALL {
                    let leaves = $table
                        .iter()
                        .any(|row| row.from == *state && row.to != *state);
                    assert_eq!(leaves, !state.is_terminal(), "{state:?}");
                }
            }

            #[test]
            fn whoever_has_the_turn_can_take_the_record_on() {
                for state in $State::ALL {
                    let actor = match state.turn() {
                        Party::Owner => Actor::Owner,
                        Party::Vvb => Actor::NamedVvb,
                        Party::Operator => Actor::Operator,
                        Party::Date => Actor::Date,
                        Party::Nobody => continue,
                    };
                    let goes_on = $table
                        .iter()
                        .any(|row| row.from == *state && row.actor == actor && row.to != *state);
                    assert!(goes_on, "{state:?}");
                }
            }

            #[test]
            fn the_actor_of_a_row_may_do_the_act_of_its_event() {
                for row in $table {
                    match (row.event.act().map(Act::roles), row.actor.role()) {
                        (Some(Access::Roles(roles)), Some(role)) => {
                            assert_eq!(roles, [role], "{row:?}")
                        }
                        (Some(access), None) => {
                            assert_eq!((access, row.actor), (Access::Public, Actor::Anyone))
                        }
                        (None, _) => {
                            assert!($doorless.contains(&row.event.name()), "{row:?} has no door")
                        }
                        other => panic!("{row:?}: {other:?}"),
                    }
                }
            }

            #[test]
            fn every_act_on_a_record_moves_it_and_every_event_is_used() {
                for event in $Event::ALL {
                    assert!($table.iter().any(|row| row.event == *event), "{event:?}");
                }
                for act in Act::ALL.iter().filter(|act| {
                    $nouns
                        .iter()
                        .any(|noun: &&str| act.name().starts_with(noun))
                }) {
                    // these make a record, or add to it without moving it
                    let beside = act.name().ends_with("_create")
                        || act.name().starts_with("project_boundary_");
                    assert_eq!($Event::of_act(*act).is_none(), beside, "{}", act.name());
                }
            }

            #[test]
            fn what_was_public_once_stays_public_and_nothing_is_before_its_publicity() {
                for row in $table {
                    if row.from.public_tab().is_some() {
                        assert!(row.to.public_tab().is_some(), "{row:?}");
                    } else if row.to.public_tab().is_some() {
                        assert_eq!(row.event, $Event::PublicityStarts, "{row:?}");
                    }
                }
            }

            #[test]
            fn codes_names_and_sources_are_there_and_distinct() {
                for (at, state) in $State::ALL.iter().enumerate() {
                    assert_eq!($State::from_code(state.code()), Some(*state));
                    assert!(!state.name_zh().is_empty() && !state.name_en().is_empty());
                    for other in &$State::ALL[..at] {
                        assert!(other.code() != state.code() && other.name_zh() != state.name_zh());
                        assert_ne!(other.name_en(), state.name_en());
                    }
                }
                for (at, event) in $Event::ALL.iter().enumerate() {
                    assert!(
                        $Event::ALL[..at]
                            .iter()
                            .all(|other| other.name() != event.name())
                    );
                }
                assert!($table.iter().all(|row| !row.source.is_empty()));
                assert_eq!($State::from_code("lost"), None);
            }

            #[test]
            fn buttons_for_a_role_are_the_rows_of_that_role() {
                for state in $State::ALL {
                    for role in Role::ALL {
                        for event in state.events_for(*role) {
                            let row = state.row(event).expect("an offered event is listed");
                            assert_eq!(row.actor.role(), Some(*role));
                        }
                    }
                    assert_eq!(state.events_for(Role::EventOrganiser).count(), 0);
                }
            }
        }
    };
}

walks!(
    projects,
    ProjectState,
    ProjectEvent,
    PROJECT_TRANSITIONS,
    good_project,
    bad_project,
    ["project_", "opinion_"],
    [
        ProjectState::Discarded,
        ProjectState::Withdrawn,
        ProjectState::Terminated,
        ProjectState::Deregistered,
        ProjectState::Revoked
    ],
    ["publicity_starts", "publicity_ends", "crediting_ends"]
);

walks!(
    reports,
    ReportState,
    ReportEvent,
    REPORT_TRANSITIONS,
    good_report,
    bad_report,
    ["report_", "opinion_"],
    [
        ReportState::Issued,
        ReportState::Discarded,
        ReportState::Withdrawn,
        ReportState::Terminated
    ],
    ["publicity_starts", "publicity_ends", "project_lost"]
);

#[test]
fn public_status_codes_are_those_of_the_real_site() {
    let expected = [
        (ProjectState::InPublicity, "03"),
        (ProjectState::PublicityEnded, "06"),
        (ProjectState::RegistrationReview, "13"),
        (ProjectState::Registered, "14"),
        (ProjectState::Withdrawn, "97"),
        (ProjectState::Terminated, "99"),
    ];
    for (state, status) in expected {
        assert_eq!(state.public_status(), Some(status));
        assert!(state.public_tab().is_some());
    }
    for state in ProjectState::ALL
        .iter()
        .filter(|state| state.public_tab().is_none())
    {
        assert_eq!(state.public_status(), None, "{state:?}");
    }
    assert_eq!(
        PublicTab::from_data_type("3-1"),
        Some(PublicTab::ReductionsPublicityEnded)
    );
    assert_eq!(PublicTab::from_data_type("7"), None);
    for tab in PublicTab::ALL {
        let shown = ProjectState::ALL
            .iter()
            .any(|state| state.public_tab() == Some(*tab))
            || ReportState::ALL
                .iter()
                .any(|state| state.public_tab() == Some(*tab));
        assert!(shown, "{tab:?} shows no state");
    }
}

#[test]
fn the_straight_path_of_a_project_ends_registered() {
    use ProjectEvent as E;
    let path = [
        E::Save,
        E::RequestMandate,
        E::ConfirmMandate,
        E::RequestPublicity,
        E::Return,
        E::RequestPublicity,
        E::ApprovePublicity,
        E::PublicityStarts,
        E::SubmitOpinion,
        E::RequestRecall,
        E::RefuseRecall,
        E::PublicityEnds,
        E::Validate,
        E::ApplyRegistration,
        E::ReturnRegistration,
        E::ApplyRegistration,
        E::Pause,
        E::Resume,
        E::Register,
    ];
    let end = path.iter().try_fold(ProjectState::Draft, |state, event| {
        state.after(*event, &good_project())
    });
    assert_eq!(end, Ok(ProjectState::Registered));
}

#[test]
fn the_straight_path_of_a_report_ends_issued() {
    use ReportEvent as E;
    let path = [
        E::Save,
        E::RequestMandate,
        E::ConfirmMandate,
        E::RequestPublicity,
        E::ApprovePublicity,
        E::PublicityStarts,
        E::PublicityEnds,
        E::Verify,
        E::ApplyRegistration,
        E::Register,
        E::Issue,
    ];
    let end = path.iter().try_fold(ReportState::Draft, |state, event| {
        state.after(*event, &good_report())
    });
    assert_eq!(end, Ok(ReportState::Issued));
}

#[test]
fn clocks_run_where_the_rules_set_a_limit() {
    let calendar = domain::Calendar::embedded();
    let due = |state: ProjectState, start, paused| {
        state
            .clock()
            .expect("a clock")
            .due(calendar, start, paused)
            .expect("a due date")
    };
    assert_eq!(
        due(ProjectState::InPublicity, date!(2026 - 08 - 17), 0),
        date!(2026 - 09 - 11)
    );
    // 100 calendar days after the first day of publicity, plus the days the owner was late
    assert_eq!(
        due(ProjectState::PublicityEnded, date!(2026 - 01 - 01), 0),
        date!(2026 - 04 - 11)
    );
    assert_eq!(
        due(ProjectState::PublicityEnded, date!(2026 - 01 - 01), 5),
        date!(2026 - 04 - 16)
    );
    // received on a Friday: Monday is day 1
    assert_eq!(
        due(ProjectState::RegistrationReview, date!(2026 - 03 - 06), 0),
        date!(2026 - 03 - 27)
    );
    let binding: Vec<_> = ProjectState::ALL
        .iter()
        .filter(|state| state.clock().is_some_and(|clock| clock.binding))
        .collect();
    assert_eq!(
        binding,
        [&ProjectState::InPublicity, &ProjectState::RecallReview]
    );
}

#[test]
fn a_window_begins_on_the_working_day_after_approval_and_never_reaches_an_unpublished_year() {
    let window = |day| domain::project::publicity_window(domain::Calendar::embedded(), day);
    assert_eq!(
        window(date!(2026 - 08 - 14)),
        Ok((date!(2026 - 08 - 17), date!(2026 - 09 - 11)))
    );
    // approved on a Saturday, and on the eve of a make-up Saturday
    assert_eq!(
        window(date!(2026 - 08 - 15)),
        Ok((date!(2026 - 08 - 17), date!(2026 - 09 - 11)))
    );
    assert_eq!(
        window(date!(2026 - 02 - 13)),
        Ok((date!(2026 - 02 - 14), date!(2026 - 03 - 19)))
    );
    assert_eq!(
        window(date!(2026 - 12 - 03)),
        Ok((date!(2026 - 12 - 04), date!(2026 - 12 - 31)))
    );
    let refused = window(date!(2026 - 12 - 04)).expect_err("it would end in 2027");
    assert_eq!(
        (refused.code, refused.param("year")),
        (codes::CALENDAR_YEAR_UNPUBLISHED, Some("2027"))
    );
}

#[test]
fn dates_move_a_record_on_their_day_and_not_before() {
    let window = Some((date!(2026 - 08 - 17), date!(2026 - 09 - 11)));
    let crediting_end = Some(date!(2031 - 03 - 31));
    let table = [
        (
            ProjectState::PublicityScheduled,
            date!(2026 - 08 - 16),
            None,
        ),
        (
            ProjectState::PublicityScheduled,
            date!(2026 - 08 - 17),
            Some(ProjectEvent::PublicityStarts),
        ),
        (
            ProjectState::PublicityScheduled,
            date!(2027 - 08 - 17),
            Some(ProjectEvent::PublicityStarts),
        ),
        (ProjectState::InPublicity, date!(2026 - 09 - 11), None),
        (
            ProjectState::InPublicity,
            date!(2026 - 09 - 12),
            Some(ProjectEvent::PublicityEnds),
        ),
        (
            ProjectState::RecallReview,
            date!(2026 - 09 - 12),
            Some(ProjectEvent::PublicityEnds),
        ),
        (ProjectState::Registered, date!(2031 - 03 - 31), None),
        (
            ProjectState::Registered,
            date!(2031 - 04 - 01),
            Some(ProjectEvent::CreditingEnds),
        ),
        (ProjectState::Draft, date!(2031 - 04 - 01), None),
    ];
    for (state, today, event) in table {
        assert_eq!(
            state.due_event(today, window, crediting_end),
            event,
            "{state:?} {today}"
        );
        assert_eq!(state.due_event(today, None, None), None);
        if let Some(event) = event {
            assert!(state.after_unguarded(event).is_ok(), "{state:?} {event:?}");
        }
    }
    for state in ReportState::ALL {
        let event = state.due_event(date!(2026 - 09 - 12), window);
        assert_eq!(
            event.is_some(),
            state.turn() == Party::Date || *state == ReportState::RecallReview,
            "{state:?}"
        );
        if let Some(event) = event {
            assert!(state.after_unguarded(event).is_ok(), "{state:?} {event:?}");
        }
    }
}

// --- every pair, considered ------------------------------------------------------------------

/// Why a pair of state and event is refused, by its letter in the tables below. `>` is allowed.
const WHY_NOT: &[(char, &str)] = &[
    ('e', "too early: a step before this one is still to come"),
    ('p', "past: that step lies behind"),
    ('w', "waits: somebody's answer or decision comes first"),
    ('f', "final: nothing happens any more"),
];

/// States from left to right: draft, mandate_requested, vvb_confirmed, publicity_review, publicity_scheduled, in_publicity, recall_review, publicity_ended, validated, registration_review, registration_paused, registered, expired, deregistration_review, discarded, withdrawn, terminated, deregistered, revoked.
#[rustfmt::skip]
const PROJECT_PAIRS: &[(&str, &str)] = &[
    ("save", ">w>pppppppppppfffff"),
    ("request_mandate", ">wppppppppppppfffff"),
    ("confirm_mandate", "e>ppppppppppppfffff"),
    ("decline_mandate", "e>ppppppppppppfffff"),
    ("request_publicity", "ee>pppppppppppfffff"),
    ("approve_publicity", "eee>ppppppppppfffff"),
    ("extend_publicity", "eeee>>>pppppppfffff"),
    ("return", "eee>ppppppppppfffff"),
    ("withdraw", ">>>>>pppppppppfffff"),
    ("publicity_starts", "eeee>pppppppppfffff"),
    ("submit_opinion", "eeeee>>pppppppfffff"),
    ("publish_opinion", "eeeee>>>ppppppfffff"),
    ("refuse_opinion", "eeeee>>>ppppppfffff"),
    ("reply_to_opinion", "eeeee>>>ppppppfffff"),
    ("request_recall", "eeeee>wpppppppfffff"),
    ("approve_recall", "eeeeee>pppppppfffff"),
    ("refuse_recall", "eeeeee>pppppppfffff"),
    ("publicity_ends", "eeeee>>pppppppfffff"),
    ("validate", "eeeeeee>ppppppfffff"),
    ("reject", "eeeeeee>ppppppfffff"),
    ("abort", "eeeeeee>>pppppfffff"),
    ("apply_registration", "eeeeeeee>pppppfffff"),
    ("return_registration", "eeeeeeeee>wpppfffff"),
    ("refuse_registration", "eeeeeeeee>wpppfffff"),
    ("pause", "eeeeeeeee>wpppfffff"),
    ("resume", "eeeeeeeeee>pppfffff"),
    ("appoint_experts", "eeeeeeeee>>pppfffff"),
    ("record_expert", "eeeeeeeee>>pppfffff"),
    ("register", "eeeeeeeee>wpppfffff"),
    ("crediting_ends", "eeeeeeeeeee>pwfffff"),
    ("request_deregistration", "eeeeeeeeeee>>wfffff"),
    ("refuse_deregistration", "eeeeeeeeeeeee>fffff"),
    ("deregister", "eeeeeeeeeee>>>fffff"),
    ("revoke", "eeeeeeeeeee>>>fffff"),
];

/// States from left to right: draft, mandate_requested, vvb_confirmed, publicity_review, publicity_scheduled, in_publicity, recall_review, publicity_ended, verified, registration_review, registration_paused, registered, issued, discarded, withdrawn, terminated.
#[rustfmt::skip]
const REPORT_PAIRS: &[(&str, &str)] = &[
    ("save", ">w>pppppppppffff"),
    ("request_mandate", ">wppppppppppffff"),
    ("confirm_mandate", "e>ppppppppppffff"),
    ("decline_mandate", "e>ppppppppppffff"),
    ("request_publicity", "ee>pppppppppffff"),
    ("approve_publicity", "eee>ppppppppffff"),
    ("extend_publicity", "eeee>>>pppppffff"),
    ("return", "eee>ppppppppffff"),
    ("withdraw", ">>>>>pppppppffff"),
    ("publicity_starts", "eeee>pppppppffff"),
    ("submit_opinion", "eeeee>>pppppffff"),
    ("publish_opinion", "eeeee>>>ppppffff"),
    ("refuse_opinion", "eeeee>>>ppppffff"),
    ("reply_to_opinion", "eeeee>>>ppppffff"),
    ("request_recall", "eeeee>wpppppffff"),
    ("approve_recall", "eeeeee>pppppffff"),
    ("refuse_recall", "eeeeee>pppppffff"),
    ("publicity_ends", "eeeee>>pppppffff"),
    ("verify", "eeeeeee>ppppffff"),
    ("reject", "eeeeeee>ppppffff"),
    ("abort", "eeeeeee>>pppffff"),
    ("apply_registration", "eeeeeeee>pppffff"),
    ("return_registration", "eeeeeeeee>wpffff"),
    ("refuse_registration", "eeeeeeeee>wpffff"),
    ("pause", "eeeeeeeee>wpffff"),
    ("resume", "eeeeeeeeee>pffff"),
    ("appoint_experts", "eeeeeeeee>>pffff"),
    ("record_expert", "eeeeeeeee>>pffff"),
    ("register", "eeeeeeeee>wpffff"),
    ("issue", "eeeeeeeeeee>ffff"),
    ("project_lost", ">>>>>>>>>>>>ffff"),
];

#[test]
fn every_pair_of_state_and_event_is_allowed_or_refused_for_a_stated_reason() {
    fn walk<State: Copy, Event: Copy>(
        pairs: &[(&str, &str)],
        states: &[State],
        events: &[Event],
        name: impl Fn(Event) -> &'static str,
        allowed: impl Fn(State, Event) -> bool,
        is_final: impl Fn(State) -> bool,
    ) {
        assert_eq!(pairs.len(), events.len(), "one line for each event");
        for event in events.iter().copied() {
            let line = pairs.iter().find(|(known, _)| *known == name(event));
            let letters: Vec<char> = line
                .unwrap_or_else(|| panic!("{} has no line", name(event)))
                .1
                .chars()
                .collect();
            assert_eq!(letters.len(), states.len(), "{}", name(event));
            for (state, letter) in states.iter().copied().zip(letters) {
                let about = format!("{} {letter}", name(event));
                assert_eq!(letter == '>', allowed(state, event), "{about}");
                assert_eq!(letter == 'f', is_final(state), "{about}");
                assert!(
                    letter == '>' || WHY_NOT.iter().any(|(known, _)| *known == letter),
                    "{about}"
                );
            }
        }
    }
    walk(
        PROJECT_PAIRS,
        ProjectState::ALL,
        ProjectEvent::ALL,
        ProjectEvent::name,
        |state, event| state.row(event).is_ok(),
        ProjectState::is_terminal,
    );
    walk(
        REPORT_PAIRS,
        ReportState::ALL,
        ReportEvent::ALL,
        ReportEvent::name,
        |state, event| state.row(event).is_ok(),
        ReportState::is_terminal,
    );
}

#[test]
fn every_event_has_an_act_a_date_or_follows_from_another_act() {
    let without: Vec<_> = ProjectEvent::ALL
        .iter()
        .filter(|event| event.act().is_none())
        .map(|event| event.name())
        .collect();
    assert_eq!(
        without,
        ["publicity_starts", "publicity_ends", "crediting_ends"]
    );
    let without: Vec<_> = ReportEvent::ALL
        .iter()
        .filter(|event| event.act().is_none())
        .map(|event| event.name())
        .collect();
    // the last one happens in the transaction in which the project is deregistered or revoked
    assert_eq!(
        without,
        ["publicity_starts", "publicity_ends", "project_lost"]
    );
}
