//! Tables of what the rules of a body's desk refuse and accept, the refused first.

use domain::engagement::*;
use domain::project::{ProjectState, ReportState};
use domain::refusal::codes;
use domain::{Refusal, Sector};
use time::Date;
use time::macros::date;

const APPOINTED: Date = date!(2025 - 03 - 03);

fn member(name: &str, full_time: bool, sectors: &[Sector], duty: Duty) -> TeamMember {
    TeamMember {
        name: name.to_owned(),
        full_time,
        sectors: sectors.to_vec(),
        duty,
    }
}

fn visit(site: &str, on: Date) -> SiteVisit {
    SiteVisit {
        site: site.to_owned(),
        on,
        persons: vec!["甲".to_owned()],
    }
}

/// A desk against which no rule has anything to say.
fn complete() -> EngagementFacts {
    EngagementFacts {
        methodology: "CCER-01-002-V01".to_owned(),
        sector: Some(Sector::Energy),
        appointed_on: Some(APPOINTED),
        impartiality_stated: true,
        team: vec![
            member("甲", true, &[Sector::Energy], Duty::Leader),
            member("乙", true, &[], Duty::Member),
        ],
        reviewer: Some("丙".to_owned()),
        decision_maker: Some("丁".to_owned()),
        document_reviewed_on: Some(date!(2025 - 03 - 04)),
        sites_total: Some(1),
        sampling_explained: false,
        visits: vec![visit("升压站", date!(2025 - 03 - 05))],
        requests_open: Vec::new(),
    }
}

fn missing(change: impl FnOnce(&mut EngagementFacts)) -> Vec<&'static str> {
    let mut facts = complete();
    change(&mut facts);
    let missing = facts.missing();
    missing.iter().map(|refusal| refusal.code).collect()
}

fn sites(count: u32) -> Vec<SiteVisit> {
    (0..count)
        .map(|at| visit(&format!("场址{at}"), date!(2025 - 03 - 05)))
        .collect()
}

#[test]
fn a_desk_that_was_never_used_lacks_everything_and_says_each() {
    let empty = EngagementFacts {
        impartiality_stated: false,
        team: Vec::new(),
        reviewer: None,
        decision_maker: None,
        document_reviewed_on: None,
        sites_total: None,
        visits: Vec::new(),
        requests_open: vec![1, 3],
        ..complete()
    };
    let codes: Vec<_> = empty.missing().into_iter().map(|one| one.code).collect();
    assert_eq!(
        codes,
        [
            codes::IMPARTIALITY_NOT_STATED,
            codes::TEAM_TOO_SMALL,
            codes::TEAM_NOT_COMPETENT,
            codes::TEAM_LEADER_MISSING,
            codes::SITES_NOT_COUNTED,
            codes::REVIEWER_MISSING,
            codes::DECISION_MAKER_MISSING,
            codes::DOCUMENT_REVIEW_MISSING,
            codes::REQUESTS_OPEN,
        ]
    );
    let open = empty.missing().pop().expect("the open requests");
    assert_eq!(
        (open.param("count"), open.param("numbers")),
        (Some("2"), Some("1, 3"))
    );
}

#[test]
fn a_team_has_two_full_time_members_one_of_the_sector_and_a_leader() {
    let energy = [Sector::Energy];
    let table: &[(Vec<TeamMember>, &[&str])] = &[
        (
            vec![member("甲", true, &energy, Duty::Leader)],
            &[codes::TEAM_TOO_SMALL],
        ),
        (
            vec![
                member("甲", true, &energy, Duty::Leader),
                member("乙", false, &energy, Duty::Member),
                member("戊", false, &energy, Duty::Expert),
            ],
            &[codes::TEAM_TOO_SMALL],
        ),
        (
            vec![
                member("甲", true, &[Sector::Forestry], Duty::Leader),
                member("乙", true, &[], Duty::Member),
            ],
            &[codes::TEAM_NOT_COMPETENT],
        ),
        (
            vec![
                member("甲", true, &energy, Duty::Member),
                member("乙", true, &[], Duty::Member),
            ],
            &[codes::TEAM_LEADER_MISSING],
        ),
        (
            vec![
                member("甲", true, &[], Duty::Leader),
                member("乙", true, &[], Duty::Member),
                // the competence may be an expert's from outside
                member("戊", false, &energy, Duty::Expert),
            ],
            &[],
        ),
    ];
    for (team, expected) in table {
        let team = team.clone();
        assert_eq!(missing(|facts| facts.team = team), *expected);
    }
    assert_eq!(
        missing(|facts| facts.sector = None),
        [codes::TEAM_NOT_COMPETENT],
        "an unknown sector is nobody's"
    );
}

#[test]
fn who_reviews_or_decides_took_no_part_however_the_name_is_typed() {
    for name in ["甲", " 甲 ", "甲　"] {
        let (reviewer, decider) = (Some(name.to_owned()), Some(name.to_owned()));
        assert_eq!(
            missing(|facts| facts.reviewer = reviewer),
            [codes::REVIEWER_TOOK_PART]
        );
        assert_eq!(
            missing(|facts| facts.decision_maker = decider),
            [codes::DECISION_MAKER_TOOK_PART]
        );
    }
    // somebody who left the team has still seen the site
    assert_eq!(
        missing(|facts| facts.visits[0].persons.push("丙".to_owned())),
        [codes::REVIEWER_TOOK_PART]
    );
    assert!(missing(|facts| facts.reviewer = Some("丁".to_owned())).is_empty());
    assert!(same_person("Li Ming", "ＬＩ ming") && !same_person("李明", "李鸣"));
}

#[test]
fn up_to_five_sites_are_all_visited_and_of_more_at_least_five() {
    // sites, visited, explained, what is missing
    let table: &[(u32, u32, bool, &[&str])] = &[
        (1, 0, false, &[codes::SITES_NOT_VISITED]),
        (5, 4, true, &[codes::SITES_NOT_VISITED]),
        (6, 4, true, &[codes::SITES_NOT_VISITED]),
        (6, 5, false, &[codes::SAMPLING_NOT_EXPLAINED]),
        (
            400,
            4,
            false,
            &[codes::SITES_NOT_VISITED, codes::SAMPLING_NOT_EXPLAINED],
        ),
        (5, 5, false, &[]),
        (6, 5, true, &[]),
        (6, 6, false, &[]),
        (400, 5, true, &[]),
    ];
    for (total, visited, explained, expected) in table {
        let found = missing(|facts| {
            facts.sites_total = Some(*total);
            facts.visits = sites(*visited);
            facts.sampling_explained = *explained;
        });
        assert_eq!(found, *expected, "{visited} of {total}");
    }
    let twice = missing(|facts| {
        facts.sites_total = Some(2);
        facts.visits = vec![
            visit("升压站 A", date!(2025 - 03 - 05)),
            visit("升压站Ａ", date!(2025 - 03 - 06)),
        ];
    });
    assert_eq!(
        twice,
        [codes::SITES_NOT_VISITED],
        "one site twice is one site"
    );
}

#[test]
fn a_methodology_may_have_its_own_dated_rule() {
    let general = DESK_RULES[0];
    let rules = [
        general,
        DeskRule {
            methodology: Some("CCER-14-001-V01"),
            from: date!(2026 - 01 - 01),
            sites_all_max: 2,
            sites_sampled_min: 3,
            ..general
        },
    ];
    let of =
        |methodology: &str, on| rule_of(&rules, methodology, on).map(|rule| rule.sites_all_max);
    assert_eq!(of("CCER-14-001-V01", date!(2023 - 12 - 24)), None);
    assert_eq!(of("CCER-14-001-V01", date!(2025 - 12 - 31)), Some(5));
    assert_eq!(of("CCER-14-001-V01", date!(2026 - 01 - 01)), Some(2));
    assert_eq!(of("CCER-01-002-V01", date!(2026 - 01 - 01)), Some(5));
    assert_eq!((rules[1].sites_needed(2), rules[1].sites_needed(3)), (2, 3));
    let mut facts = complete();
    facts.methodology = "CCER-14-001-V01".to_owned();
    facts.appointed_on = Some(date!(2026 - 01 - 01));
    facts.sites_total = Some(4);
    facts.visits = sites(3);
    facts.sampling_explained = true;
    let visits_only = |missing: Vec<Refusal>| {
        missing
            .iter()
            .any(|one| one.code == codes::SITES_NOT_VISITED)
    };
    assert!(!visits_only(facts.missing_by(&rules)));
    assert!(visits_only(facts.missing_by(DESK_RULES)));
}

#[test]
fn the_document_is_reviewed_before_the_first_visit() {
    assert_eq!(
        missing(|facts| facts.document_reviewed_on = None),
        [codes::DOCUMENT_REVIEW_MISSING]
    );
    for reviewed in [date!(2025 - 03 - 05), date!(2025 - 03 - 06)] {
        assert_eq!(
            missing(|facts| facts.document_reviewed_on = Some(reviewed)),
            [codes::VISIT_BEFORE_REVIEW]
        );
    }
    assert!(missing(|_| ()).is_empty());
}

#[test]
fn a_day_of_the_work_is_neither_ahead_nor_before_the_mandate() {
    let today = date!(2025 - 03 - 10);
    let code = |day| {
        day_of_work("visited_on", day, Some(APPOINTED), today).map_err(|refusal| refusal.code)
    };
    assert_eq!(code(date!(2025 - 03 - 11)), Err(codes::DAY_AHEAD));
    assert_eq!(code(date!(2025 - 03 - 02)), Err(codes::DAY_BEFORE_MANDATE));
    for day in [APPOINTED, today] {
        assert_eq!(code(day), Ok(()));
    }
}

#[test]
fn every_pair_of_finding_and_event_is_listed_once_or_refused() {
    use FindingEvent::{Answer, Close, Return};
    let mut allowed = 0;
    for state in FindingState::ALL {
        for event in [Answer, Close, Return] {
            let rows = FINDING_TRANSITIONS
                .iter()
                .filter(|(from, on, _)| from == state && *on == event)
                .count();
            assert!(rows <= 1, "{state:?} x {event:?}");
            allowed += rows;
            match state.after(event) {
                Ok(_) => assert_eq!(rows, 1),
                Err(refusal) => {
                    assert_eq!((rows, refusal.code), (0, codes::FINDING_DOES_NOT_ALLOW));
                }
            }
        }
        assert_eq!(FindingState::from_code(state.code()), Some(*state));
    }
    assert_eq!(allowed, FINDING_TRANSITIONS.len());
    // nothing is closed that the owner has not called settled, and nothing leaves the end
    let closes: Vec<_> = FINDING_TRANSITIONS
        .iter()
        .filter(|(_, _, to)| *to == FindingState::Closed)
        .map(|(from, on, _)| (*from, *on))
        .collect();
    assert_eq!(closes, [(FindingState::Answered, Close)]);
    assert!(
        FINDING_TRANSITIONS
            .iter()
            .all(|(from, _, _)| *from != FindingState::Closed)
    );
    for state in FindingState::ALL {
        assert_eq!(
            state.waits_for_owner(),
            state.after(Answer).is_ok(),
            "{state:?}"
        );
    }
}

#[test]
fn the_desk_is_at_work_from_the_mandate_until_the_report() {
    let projects: Vec<_> = ProjectState::ALL
        .iter()
        .filter(|state| is_validating(**state))
        .map(|state| state.code())
        .collect();
    let reports: Vec<_> = ReportState::ALL
        .iter()
        .filter(|state| is_verifying(**state))
        .map(|state| state.code())
        .collect();
    let expected = [
        "vvb_confirmed",
        "publicity_review",
        "publicity_scheduled",
        "in_publicity",
        "recall_review",
        "publicity_ended",
    ];
    assert_eq!(projects, expected);
    assert_eq!(reports, expected);
}

#[test]
fn codes_are_found_again_and_nothing_else_is() {
    for duty in Duty::ALL {
        assert_eq!(Duty::from_code(duty.code()), Some(*duty));
    }
    for kind in FindingKind::ALL {
        assert_eq!(FindingKind::from_code(kind.code()), Some(*kind));
    }
    for kind in TieKind::ALL {
        assert_eq!(TieKind::from_code(kind.code()), Some(*kind));
    }
    assert_eq!(Duty::from_code("Leader"), None);
    assert_eq!(FindingKind::from_code(""), None);
    assert_eq!(TieKind::from_code("friendship"), None);
}
