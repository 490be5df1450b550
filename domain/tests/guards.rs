//! Tables of what each guard accepts and refuses, the refused first.

use domain::id::OrganisationId;
use domain::project::ProjectState;
use domain::project::guard::*;
use domain::refusal::codes;
use domain::{Refusal, Sector};
use time::Date;
use time::macros::date;

fn code(result: Result<(), Refusal>) -> &'static str {
    result.err().map_or("", |refusal| refusal.code)
}

#[test]
fn construction_begins_after_the_eighth_of_november_2012() {
    let table: &[(Date, &str)] = &[
        (date!(2012 - 11 - 08), codes::COMMENCED_TOO_EARLY),
        (date!(2005 - 02 - 16), codes::COMMENCED_TOO_EARLY),
        (date!(2012 - 11 - 09), ""),
        (date!(2020 - 05 - 01), ""),
    ];
    for (day, expected) in table {
        assert_eq!(code(commenced_after_cutoff(*day)), *expected, "{day}");
    }
}

#[test]
fn nothing_before_the_twenty_third_of_september_2020_is_credited() {
    assert_eq!(
        code(creditable_from(date!(2020 - 09 - 22))),
        codes::BEFORE_FIRST_CREDITABLE_DAY
    );
    assert_eq!(code(creditable_from(date!(2020 - 09 - 23))), "");
}

#[test]
fn five_years_back_to_the_same_day_are_accepted_and_one_day_more_is_not() {
    let table: &[(Date, Date, &str)] = &[
        // created, period from
        (
            date!(2026 - 06 - 04),
            date!(2021 - 06 - 03),
            codes::OLDER_THAN_FIVE_YEARS,
        ),
        (date!(2026 - 06 - 04), date!(2021 - 06 - 04), ""),
        (date!(2026 - 03 - 30), date!(2021 - 04 - 01), ""),
        (
            date!(2028 - 02 - 29),
            date!(2023 - 02 - 27),
            codes::OLDER_THAN_FIVE_YEARS,
        ),
        (date!(2028 - 02 - 29), date!(2023 - 02 - 28), ""),
        (
            date!(2029 - 02 - 28),
            date!(2024 - 02 - 27),
            codes::OLDER_THAN_FIVE_YEARS,
        ),
        (date!(2029 - 02 - 28), date!(2024 - 02 - 28), ""),
        (
            date!(2029 - 03 - 01),
            date!(2024 - 02 - 29),
            codes::OLDER_THAN_FIVE_YEARS,
        ),
    ];
    for (created, from, expected) in table {
        assert_eq!(
            code(within_look_back(*from, *created)),
            *expected,
            "{created} {from}"
        );
    }
}

#[test]
fn a_period_lies_inside_the_crediting_period() {
    let crediting = Some((date!(2021 - 04 - 01), date!(2031 - 03 - 31)));
    let table: &[(Date, Date, &str)] = &[
        (
            date!(2021 - 03 - 31),
            date!(2021 - 12 - 31),
            codes::OUTSIDE_CREDITING_PERIOD,
        ),
        (
            date!(2030 - 01 - 01),
            date!(2031 - 04 - 01),
            codes::OUTSIDE_CREDITING_PERIOD,
        ),
        (
            date!(2031 - 04 - 01),
            date!(2031 - 04 - 01),
            codes::OUTSIDE_CREDITING_PERIOD,
        ),
        (
            date!(2022 - 01 - 02),
            date!(2022 - 01 - 01),
            codes::END_BEFORE_START,
        ),
        (date!(2021 - 04 - 01), date!(2031 - 03 - 31), ""),
        (date!(2022 - 01 - 01), date!(2022 - 01 - 01), ""),
    ];
    for (from, to, expected) in table {
        assert_eq!(
            code(inside_crediting_period((*from, *to), crediting)),
            *expected,
            "{from} {to}"
        );
    }
    assert_eq!(
        code(inside_crediting_period(
            (date!(2022 - 01 - 01), date!(2022 - 01 - 02)),
            None
        )),
        codes::REQUIRED
    );
    let end = inside_crediting_period((date!(2022 - 01 - 02), date!(2022 - 01 - 01)), crediting);
    assert_eq!(
        end.err().and_then(|refusal| refusal.field).as_deref(),
        Some("period_to")
    );
}

#[test]
fn a_crediting_period_of_power_is_at_most_ten_years() {
    let table: &[(Option<(Date, Date)>, &str)] = &[
        (None, codes::REQUIRED),
        (
            Some((date!(2022 - 04 - 01), date!(2022 - 03 - 31))),
            codes::END_BEFORE_START,
        ),
        (
            Some((date!(2020 - 09 - 22), date!(2030 - 09 - 21))),
            codes::BEFORE_FIRST_CREDITABLE_DAY,
        ),
        (
            Some((date!(2022 - 04 - 01), date!(2032 - 04 - 01))),
            codes::CREDITING_PERIOD_TOO_LONG,
        ),
        (
            Some((date!(2024 - 02 - 29), date!(2034 - 03 - 01))),
            codes::CREDITING_PERIOD_TOO_LONG,
        ),
        (Some((date!(2024 - 02 - 29), date!(2034 - 02 - 28))), ""),
        (Some((date!(2022 - 04 - 01), date!(2032 - 03 - 31))), ""),
        (Some((date!(2020 - 09 - 23), date!(2020 - 09 - 23))), ""),
    ];
    for (crediting, expected) in table {
        assert_eq!(
            code(crediting_period_fits(*crediting, "CCER-01-002-V01")),
            *expected,
            "{crediting:?}"
        );
    }
}

#[test]
fn a_later_period_begins_after_every_earlier_one_has_ended() {
    let others = [
        (date!(2021 - 04 - 01), date!(2023 - 12 - 31)),
        (date!(2024 - 01 - 01), date!(2024 - 12 - 31)),
    ];
    let table: &[(Date, Date, &str)] = &[
        (
            date!(2024 - 12 - 31),
            date!(2025 - 12 - 31),
            codes::PERIOD_OVERLAPS,
        ),
        (
            date!(2020 - 10 - 01),
            date!(2021 - 04 - 01),
            codes::PERIOD_OVERLAPS,
        ),
        (
            date!(2022 - 01 - 01),
            date!(2022 - 12 - 31),
            codes::PERIOD_OVERLAPS,
        ),
        (
            date!(2020 - 10 - 01),
            date!(2025 - 12 - 31),
            codes::PERIOD_OVERLAPS,
        ),
        (
            date!(2020 - 10 - 01),
            date!(2021 - 03 - 31),
            codes::PERIOD_BEFORE_EARLIER_ONE,
        ),
        (date!(2025 - 01 - 01), date!(2025 - 12 - 31), ""),
        (date!(2025 - 02 - 01), date!(2025 - 12 - 31), ""),
    ];
    for (from, to, expected) in table {
        assert_eq!(
            code(follows_other_periods((*from, *to), &others)),
            *expected,
            "{from} {to}"
        );
    }
    assert_eq!(
        code(follows_other_periods(
            (date!(2021 - 04 - 01), date!(2021 - 04 - 01)),
            &[]
        )),
        ""
    );
}

#[test]
fn a_period_is_accounted_for_when_it_is_over() {
    assert_eq!(
        code(period_is_over(date!(2026 - 03 - 02), date!(2026 - 03 - 02))),
        codes::PERIOD_NOT_OVER
    );
    assert_eq!(
        code(period_is_over(date!(2026 - 03 - 01), date!(2026 - 03 - 02))),
        ""
    );
}

fn standing(approvals: &[(Sector, Date, Option<Date>)], tied_to_owner: bool) -> VvbStanding {
    let approvals = approvals.iter().map(|(sector, from, to)| VvbApproval {
        sector: *sector,
        from: *from,
        to: *to,
    });
    VvbStanding {
        organisation: OrganisationId::from("body"),
        approvals: approvals.collect(),
        tied_to_owner,
        appointed_on: None,
    }
}

#[test]
fn a_body_is_approved_for_the_sector_on_the_day_and_independent() {
    let until = Some(date!(2026 - 06 - 30));
    let energy = (Sector::Energy, date!(2024 - 06 - 20), until);
    let forest = (Sector::Forestry, date!(2024 - 06 - 20), None);
    let day = date!(2026 - 03 - 02);
    let table: &[(Option<VvbStanding>, Date, &str)] = &[
        (None, day, codes::REQUIRED),
        (Some(standing(&[], false)), day, codes::VVB_NOT_APPROVED),
        (
            Some(standing(&[forest], false)),
            day,
            codes::VVB_NOT_APPROVED,
        ),
        (
            Some(standing(&[energy], false)),
            date!(2024 - 06 - 19),
            codes::VVB_NOT_APPROVED,
        ),
        (
            Some(standing(&[energy], false)),
            date!(2026 - 07 - 01),
            codes::VVB_NOT_APPROVED,
        ),
        (
            Some(standing(&[energy], true)),
            day,
            codes::VVB_NOT_INDEPENDENT,
        ),
        (Some(standing(&[energy], false)), date!(2024 - 06 - 20), ""),
        (
            Some(standing(&[forest, energy], false)),
            date!(2026 - 06 - 30),
            "",
        ),
    ];
    for (body, on, expected) in table {
        let result = vvb_approved(body.as_ref(), Some(Sector::Energy), *on, "validator");
        assert_eq!(code(result), *expected, "{body:?} {on}");
    }
    assert_eq!(
        code(vvb_approved(
            Some(&standing(&[energy], false)),
            None,
            day,
            "validator"
        )),
        codes::VVB_NOT_APPROVED
    );
}

#[test]
fn the_verifier_is_another_body_than_the_validator() {
    let body = standing(&[], false);
    let same = OrganisationId::from("body");
    let other = OrganisationId::from("other");
    assert_eq!(
        code(verifier_is_not_validator(Some(&body), Some(&same))),
        codes::VERIFIER_IS_VALIDATOR
    );
    assert_eq!(
        code(verifier_is_not_validator(None, Some(&other))),
        codes::REQUIRED
    );
    assert_eq!(
        code(verifier_is_not_validator(Some(&body), Some(&other))),
        ""
    );
}

fn amounts(pairs: &[(i32, i64)]) -> Vec<YearAmount> {
    pairs
        .iter()
        .map(|(year, tonnes)| YearAmount {
            year: *year,
            tonnes: *tonnes,
        })
        .collect()
}

#[test]
fn applied_amounts_equal_verified_ones_year_by_year() {
    type Years = &'static [(i32, i64)];
    /// Year, applied, verified as shown.
    type Shown = Option<(&'static str, &'static str, &'static str)>;
    let table: &[(Years, Years, Shown)] = &[
        (&[(2021, 10)], &[(2021, 9)], Some(("2021", "10", "9"))),
        (
            &[(2021, 10), (2022, 5)],
            &[(2021, 11), (2022, 4)],
            Some(("2021", "10", "11")),
        ),
        (
            &[(2021, 10)],
            &[(2021, 10), (2022, 0)],
            Some(("2022", "-", "0")),
        ),
        (&[], &[(2021, 1)], Some(("2021", "-", "1"))),
        (
            &[(2021, 10), (2021, 10)],
            &[(2021, 10)],
            Some(("2021", "10+10", "10")),
        ),
        (&[(2021, 10), (2022, 0)], &[(2022, 0), (2021, 10)], None),
    ];
    for (applied, verified, expected) in table {
        let refusal = applied_equals_verified(&amounts(applied), &amounts(verified)).err();
        let shown = refusal.as_ref().map(|refusal| {
            let param = |name| refusal.param(name).unwrap_or("");
            (param("year"), param("applied"), param("verified"))
        });
        assert_eq!(shown, *expected, "{applied:?} {verified:?}");
    }
}

#[test]
fn a_bar_lasts_three_years_or_for_good() {
    let three = [Ban {
        from: date!(2024 - 02 - 29),
        permanent: false,
    }];
    let good = [Ban {
        from: date!(2024 - 02 - 29),
        permanent: true,
    }];
    let table: &[(&[Ban], Date, &str)] = &[
        (&three, date!(2024 - 02 - 29), codes::OWNER_BARRED),
        (&three, date!(2027 - 02 - 28), codes::OWNER_BARRED),
        (&good, date!(2040 - 01 - 01), codes::OWNER_BARRED_FOR_GOOD),
        (&three, date!(2027 - 03 - 01), ""),
        (&three, date!(2024 - 02 - 28), ""),
        (&good, date!(2024 - 02 - 28), ""),
        (&[], date!(2024 - 02 - 28), ""),
    ];
    for (bans, today, expected) in table {
        assert_eq!(
            code(not_barred(bans, *today)),
            *expected,
            "{bans:?} {today}"
        );
    }
}

#[test]
fn reductions_belong_to_registered_or_expired_projects() {
    for state in ProjectState::ALL {
        // a registration that the owner asked to cancel holds until the registry decides
        let creditable = matches!(
            state,
            ProjectState::Registered | ProjectState::Expired | ProjectState::DeregistrationReview
        );
        assert_eq!(project_creditable(*state).is_ok(), creditable, "{state:?}");
    }
}

#[test]
fn a_methodology_is_known_and_in_force() {
    assert_eq!(
        code(methodology_covers("CCER-01-003-V01", true)),
        codes::METHODOLOGY_UNKNOWN
    );
    assert_eq!(
        code(methodology_covers("CCER-01-002-V01", false)),
        codes::METHODOLOGY_NOT_IN_FORCE
    );
    assert_eq!(code(methodology_covers("CCER-01-002-V01", true)), "");
}

#[test]
fn whole_years_are_counted_to_the_same_day_and_leap_days_have_a_neighbour() {
    assert_eq!(after_years(date!(2024 - 02 - 29), 4), date!(2028 - 02 - 29));
    assert_eq!(after_years(date!(2024 - 02 - 29), 3), date!(2027 - 03 - 01));
    assert_eq!(
        after_years(date!(2025 - 12 - 31), 10),
        date!(2035 - 12 - 31)
    );
    assert_eq!(
        years_before(date!(2024 - 02 - 29), 5),
        date!(2019 - 02 - 28)
    );
    assert_eq!(
        years_before(date!(2026 - 06 - 04), 5),
        date!(2021 - 06 - 04)
    );
}
