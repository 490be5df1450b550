//! How lives end: what each form must say, the bars, retention, sameness of projects, the draw of experts, and pauses in working days.

use std::collections::BTreeMap;

use domain::Calendar;
use domain::project::ending::{
    Deregistration, DeregistrationGround, DeregistrationRequest, Expert, ExpertConclusion,
    ExpertOpinion, Identity, RefusedRegistration, Revocation, RevocationGround, draw_experts,
    experts_wanted, retain_until,
};
use domain::project::guard::not_barred;
use domain::project::{Clock, paused_working_days, publicity_window};
use domain::refusal::codes;
use time::Date;
use time::macros::date;

fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn places<T: std::fmt::Debug>(result: Result<T, Vec<domain::Refusal>>) -> Vec<String> {
    let refusals = result.expect_err("something is missing");
    refusals
        .iter()
        .map(|refusal| {
            format!(
                "{}:{}",
                refusal.field.as_deref().unwrap_or(""),
                refusal.code
            )
        })
        .collect()
}

#[test]
fn an_empty_form_is_refused_at_each_of_its_fields() {
    let empty = form(&[]);
    assert_eq!(
        places(DeregistrationRequest::read(&empty)),
        ["reason:reason_required", "outstanding:required"]
    );
    assert_eq!(
        places(RefusedRegistration::read(&empty)),
        ["reason:reason_required", "legal_ground:required"]
    );
    assert_eq!(
        places(Deregistration::read(&empty, true)),
        ["ground:required", "reason:reason_required"]
    );
    assert_eq!(
        places(Revocation::read(&empty, date!(2026 - 03 - 02), true)),
        [
            "ground:required",
            "reason:reason_required",
            "authority:required",
            "document_number:required",
            "document_date:required"
        ]
    );
    assert_eq!(
        places(Expert::read(&empty)),
        [
            "name:required",
            "employer:required",
            "sector.energy:required"
        ]
    );
    assert_eq!(
        places(ExpertOpinion::read(&empty)),
        [
            "appointment:required",
            "conclusion:required",
            "opinion:required",
            "no_conflict:statement_required"
        ]
    );
}

#[test]
fn acting_by_itself_the_registry_says_what_it_found_and_never_names_a_request() {
    let asked = form(&[("ground", "owner_request"), ("reason", "r")]);
    let read = Deregistration::read(&asked, true).expect("the owner asked");
    assert_eq!(read.ground, DeregistrationGround::OwnerRequest);
    assert_eq!(read.investigation, None);
    assert_eq!(
        places(Deregistration::read(&asked, false)),
        ["ground:choice_invalid"]
    );
    for ground in ["owner_extinct", "project_gone"] {
        let mut by_itself = form(&[("ground", ground), ("reason", "r")]);
        assert_eq!(
            places(Deregistration::read(&by_itself, false)),
            ["investigation:required"]
        );
        by_itself.insert("investigation".to_owned(), "found".to_owned());
        let read = Deregistration::read(&by_itself, true).expect("complete");
        assert_eq!(read.investigation.as_deref(), Some("found"));
    }
}

#[test]
fn a_bar_lasts_three_years_to_the_day_and_for_good_where_credits_were_issued() {
    let from = date!(2025 - 04 - 16);
    let three = RevocationGround::FalsifiedData.ban(from);
    let table = [
        (date!(2025 - 04 - 15), None),
        (from, Some(codes::OWNER_BARRED)),
        (date!(2028 - 04 - 15), Some(codes::OWNER_BARRED)),
        (date!(2028 - 04 - 16), None),
    ];
    for (today, code) in table {
        let refused = not_barred(std::slice::from_ref(&three), today).err();
        assert_eq!(refused.map(|refusal| refusal.code), code, "{today}");
    }
    // begun on 29 February, it is over on 1 March of a common year (Civil Code art. 202)
    let leap = RevocationGround::FalsifiedData.ban(date!(2028 - 02 - 29));
    assert!(not_barred(std::slice::from_ref(&leap), date!(2031 - 02 - 28)).is_err());
    assert!(not_barred(&[leap], date!(2031 - 03 - 01)).is_ok());
    for ground in [
        RevocationGround::FalseCredits,
        RevocationGround::FailureToCancel,
    ] {
        let bars = [three.clone(), ground.ban(from)];
        let refused = not_barred(&bars, date!(2099 - 01 - 01)).expect_err("for good");
        assert_eq!(refused.code, codes::OWNER_BARRED_FOR_GOOD);
    }
}

#[test]
fn issued_credits_are_not_claimed_where_there_are_none() {
    let notice = |ground| {
        form(&[
            ("ground", ground),
            ("reason", "r"),
            ("authority", "a"),
            ("document_number", "1"),
            ("document_date", "2026-03-02"),
        ])
    };
    let today = date!(2026 - 03 - 02);
    for ground in ["false_credits", "failure_to_cancel"] {
        assert_eq!(
            places(Revocation::read(&notice(ground), today, false)),
            ["ground:no_credits_issued"]
        );
        assert!(Revocation::read(&notice(ground), today, true).is_ok());
    }
    assert!(Revocation::read(&notice("falsified_data"), today, false).is_ok());
    assert_eq!(
        places(Revocation::read(
            &notice("falsified_data"),
            date!(2026 - 03 - 01),
            false
        )),
        ["document_date:day_in_future"]
    );
}

#[test]
fn files_are_kept_ten_years_after_the_last_registration() {
    assert_eq!(retain_until(date!(2025 - 06 - 03)), date!(2035 - 06 - 03));
    assert_eq!(retain_until(date!(2028 - 02 - 29)), date!(2038 - 03 - 01));
}

#[test]
fn the_same_project_is_known_by_plant_code_or_by_name_with_owner_or_province() {
    let document = |owner: &str, name: &str, province: &str, code: &str| {
        let typed = form(&[
            ("name", name),
            ("province", province),
            ("archive_code", code),
        ]);
        Identity::of_document(owner, &typed)
    };
    let lost = document("a", "甲湾 海上风电（一期）", "440000", "PWS1812320623003L");
    let same = [
        document("b", "另一名称", "320000", "ｐws1812320623003l"),
        document("a", "甲湾海上风电(一期)", "320000", ""),
        document("b", "甲湾海上风电（一期）", "440000", ""),
    ];
    for other in same {
        assert!(lost.is_same_project(&other), "{other:?}");
    }
    let different = [
        document("b", "甲湾海上风电（一期）", "320000", "PWS1812320623004L"),
        document("a", "甲湾海上风电（二期）", "440000", ""),
        document("a", "", "440000", ""),
    ];
    for other in different {
        assert!(!lost.is_same_project(&other), "{other:?}");
    }
    assert!(!document("a", "", "", "").is_same_project(&document("a", "", "", "")));
}

#[test]
fn a_draw_is_repeated_by_its_seed_and_does_not_depend_on_the_order_of_the_candidates() {
    let names = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let candidates = names(&["a", "b", "c", "d", "e"]);
    let backwards = names(&["e", "d", "c", "b", "a", "a"]);
    let seeds: Vec<String> = (0..200_u64)
        .map(|number| format!("{:016x}", number.wrapping_mul(0x0123_4567_89AB_CDEF)))
        .collect();
    let mut first = BTreeMap::new();
    for seed in &seeds {
        let drawn = draw_experts(seed, &candidates, 2).expect("enough");
        assert_eq!(draw_experts(seed, &backwards, 2), Ok(drawn.clone()));
        assert_ne!(drawn[0], drawn[1]);
        *first.entry(drawn[0].clone()).or_insert(0) += 1;
    }
    // everybody is drawn about as often: 40 times each would be even
    assert_eq!(first.len(), 5);
    assert!(
        first.values().all(|times| (20..=60).contains(times)),
        "{first:?}"
    );
    let refused = draw_experts(&seeds[0], &candidates, 6).expect_err("too few");
    assert_eq!(
        (refused.code, refused.param("available")),
        (codes::EXPERTS_TOO_FEW, Some("5"))
    );
    for (typed, fits) in [
        ("1", true),
        ("９", true),
        ("0", false),
        ("10", false),
        ("x", false),
    ] {
        assert_eq!(
            experts_wanted(&form(&[("count", typed)])).is_ok(),
            fits,
            "{typed}"
        );
    }
}

#[test]
fn an_expert_with_a_conflict_can_only_decline() {
    let answer = |conclusion: &str, stated: &str| {
        ExpertOpinion::read(&form(&[
            ("appointment", "1"),
            ("conclusion", conclusion),
            ("opinion", "o"),
            ("no_conflict", stated),
        ]))
    };
    for conclusion in ExpertConclusion::ALL {
        assert!(answer(conclusion.code(), "yes").is_ok());
        let declines = *conclusion == ExpertConclusion::Declined;
        assert_eq!(
            answer(conclusion.code(), "").is_ok(),
            declines,
            "{conclusion:?}"
        );
    }
}

/// Stopped on, taken up again on, working days lost.
const PAUSES: &[(Date, Date, u32)] = &[
    // the same day; over a weekend; stopped on a Saturday
    (date!(2026 - 03 - 06), date!(2026 - 03 - 06), 0),
    (date!(2026 - 03 - 06), date!(2026 - 03 - 09), 1),
    (date!(2026 - 03 - 07), date!(2026 - 03 - 09), 1),
    // over New Year: 1 to 3 January are off, Sunday the 4th is a make-up day
    (date!(2025 - 12 - 31), date!(2026 - 01 - 04), 1),
    (date!(2025 - 12 - 31), date!(2026 - 01 - 05), 2),
    // up to the make-up Saturday before the Spring Festival, and past it
    (date!(2026 - 02 - 13), date!(2026 - 02 - 14), 1),
    (date!(2026 - 02 - 13), date!(2026 - 02 - 24), 2),
    (date!(2026 - 02 - 13), date!(2026 - 02 - 28), 6),
];

#[test]
fn a_pause_is_the_working_days_after_the_stop_and_an_unknown_year_is_refused() {
    let calendar = Calendar::embedded();
    for (since, resumed, lost) in PAUSES {
        assert_eq!(
            paused_working_days(calendar, *since, *resumed),
            Ok(*lost),
            "{since} {resumed}"
        );
        // the target moves by exactly the days that were lost
        let due = |paused| Clock::REGISTRATION.due(calendar, date!(2025 - 12 - 01), paused);
        let moved = calendar.working_days_between(
            due(0).expect("known").next_day().expect("a day"),
            due(*lost).expect("known"),
        );
        assert_eq!(moved, Ok(*lost));
    }
    let refused = paused_working_days(calendar, date!(2026 - 12 - 30), date!(2027 - 01 - 05))
        .expect_err("2027 is not published");
    assert_eq!(
        (refused.code, refused.param("year")),
        (codes::CALENDAR_YEAR_UNPUBLISHED, Some("2027"))
    );
}

/// Real windows: first and last day, both counted, 20 working days.
const WINDOWS: &[(Date, Date)] = &[
    (date!(2024 - 09 - 04), date!(2024 - 10 - 08)),
    (date!(2024 - 09 - 10), date!(2024 - 10 - 12)),
    (date!(2024 - 09 - 29), date!(2024 - 10 - 30)),
    (date!(2025 - 01 - 20), date!(2025 - 02 - 20)),
    (date!(2025 - 01 - 26), date!(2025 - 02 - 27)),
    (date!(2025 - 09 - 09), date!(2025 - 10 - 11)),
    (date!(2025 - 09 - 30), date!(2025 - 11 - 03)),
    (date!(2026 - 01 - 27), date!(2026 - 02 - 28)),
    (date!(2026 - 02 - 02), date!(2026 - 03 - 05)),
    (date!(2026 - 02 - 14), date!(2026 - 03 - 19)),
    (date!(2026 - 08 - 17), date!(2026 - 09 - 11)),
];

#[test]
fn a_window_approved_the_day_before_is_the_real_one_and_over_new_year_it_is_right() {
    let calendar = Calendar::embedded();
    for (first, last) in WINDOWS {
        let approved = first.previous_day().expect("a day");
        assert_eq!(publicity_window(calendar, approved), Ok((*first, *last)));
    }
    // over New Year 2025 and 2026, by the final calendars
    assert_eq!(
        publicity_window(calendar, date!(2024 - 12 - 04)),
        Ok((date!(2024 - 12 - 05), date!(2025 - 01 - 02)))
    );
    assert_eq!(
        publicity_window(calendar, date!(2025 - 12 - 16)),
        Ok((date!(2025 - 12 - 17), date!(2026 - 01 - 14)))
    );
    // the limit of 15 working days over New Year and a make-up Sunday
    assert_eq!(
        Clock::REGISTRATION.due(calendar, date!(2025 - 12 - 26), 0),
        Ok(date!(2026 - 01 - 19))
    );
}
