//! The embedded calendar against the real publicity windows and the published year totals.

use domain::Calendar;
use domain::refusal::codes;
use time::macros::{date, format_description};
use time::{Date, Weekday};

fn day(text: &str) -> Date {
    Date::parse(text, format_description!("[year]-[month]-[day]")).expect("a date in the file")
}

#[test]
fn real_publicity_windows_are_twenty_working_days_with_one_known_exception() {
    let calendar = Calendar::embedded();
    let (mut windows, mut records, mut exceptions) = (0, 0, Vec::new());
    for line in include_str!("../data/publicity_windows.csv")
        .lines()
        .skip(1)
    {
        let cells: Vec<&str> = line.splitn(5, ',').collect();
        let (start, end) = (day(cells[0]), day(cells[1]));
        let count: u32 = cells[2].parse().expect("a number of records");
        let days: u32 = cells[3].parse().expect("a number of days");
        assert_eq!(
            calendar.working_days_between(start, end),
            Ok(days),
            "{line}"
        );
        if days == 20 {
            windows += 1;
            records += count;
            assert_eq!(calendar.window_end(start, 20), Ok(end), "{line}");
        } else {
            exceptions.push((cells[0].to_owned(), cells[1].to_owned(), days, count));
            assert_ne!(calendar.window_end(start, 20), Ok(end), "{line}");
        }
    }
    assert_eq!((windows, records), (41, 87));
    // Fixed before the notice for 2025 was loaded: it counts 2025-01-01 as a working day.
    assert_eq!(
        exceptions,
        [("2024-12-05".to_owned(), "2025-01-01".to_owned(), 19, 2)]
    );
}

#[test]
fn a_real_window_fixed_before_the_next_notice_counts_one_day_too_many() {
    // 2025-12-17 to 2026-01-15 was fixed before the notice for 2026: it does not count Sunday 2026-01-04,
    // a make-up day, and so has 21 working days. Windows are stored with their calendar version for this reason.
    let calendar = Calendar::embedded();
    assert_eq!(
        calendar.working_days_between(date!(2025 - 12 - 17), date!(2026 - 01 - 15)),
        Ok(21)
    );
    assert_eq!(
        calendar.window_end(date!(2025 - 12 - 17), 20),
        Ok(date!(2026 - 01 - 14))
    );
}

#[test]
fn windows_across_holidays_and_make_up_days_end_on_the_known_day() {
    let table = [
        ("2024-09-04", "2024-10-08"),
        ("2024-09-10", "2024-10-12"),
        ("2024-09-29", "2024-10-30"),
        ("2025-01-20", "2025-02-20"),
        ("2025-01-26", "2025-02-27"),
        ("2025-09-09", "2025-10-11"),
        ("2025-09-30", "2025-11-03"),
        ("2026-01-27", "2026-02-28"),
        ("2026-02-02", "2026-03-05"),
        ("2026-02-14", "2026-03-19"),
        ("2026-08-17", "2026-09-11"),
    ];
    for (start, end) in table {
        assert_eq!(
            Calendar::embedded().window_end(day(start), 20),
            Ok(day(end)),
            "{start}"
        );
    }
}

#[test]
fn the_years_have_their_published_numbers_of_working_days() {
    let calendar = Calendar::embedded();
    let table = [
        (2023, 249, 242),
        (2024, 251, 243),
        (2025, 248, 243),
        (2026, 248, 242),
    ];
    for (year, working, trading) in table {
        let (first, last) = (day(&format!("{year}-01-01")), day(&format!("{year}-12-31")));
        assert_eq!(
            calendar.working_days_between(first, last),
            Ok(working),
            "{year}"
        );
        let mut weekdays = 0;
        let mut at = first;
        while at <= last {
            let weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
            weekdays += u32::from(!weekend && calendar.is_working_day(at) == Ok(true));
            at = at.next_day().expect("a next day");
        }
        assert_eq!(weekdays, trading, "{year}");
    }
    assert_eq!(
        calendar.years().collect::<Vec<_>>(),
        [2023, 2024, 2025, 2026]
    );
}

#[test]
fn a_year_without_a_notice_is_refused_and_never_guessed() {
    let calendar = Calendar::embedded();
    // the last window that ends in 2026, and the first that does not
    assert_eq!(
        calendar.window_end(date!(2026 - 12 - 04), 20),
        Ok(date!(2026 - 12 - 31))
    );
    let refused = [
        calendar.window_end(date!(2026 - 12 - 07), 20),
        calendar.add_working_days(date!(2026 - 12 - 31), 1),
        calendar.next_working_day(date!(2027 - 03 - 01)),
        calendar.window_end(date!(2027 - 03 - 01), 1),
        calendar.add_working_days(date!(2027 - 03 - 01), 1),
    ];
    for result in refused {
        let refusal = result.expect_err("2027 is not published");
        assert_eq!(refusal.code, codes::CALENDAR_YEAR_UNPUBLISHED);
        assert_eq!(refusal.param("year"), Some("2027"));
    }
    let before = calendar
        .is_working_day(date!(2022 - 12 - 30))
        .expect_err("2022 is not in the file");
    assert_eq!(before.param("year"), Some("2022"));
    assert!(
        calendar
            .working_days_between(date!(2026 - 12 - 31), date!(2027 - 01 - 01))
            .is_err()
    );
}

#[test]
fn a_window_begins_on_a_working_day_and_has_one_to_a_thousand_days() {
    let calendar = Calendar::embedded();
    let table = [
        (date!(2026 - 10 - 01), 20, codes::CALENDAR_NOT_A_WORKING_DAY),
        (date!(2026 - 11 - 21), 1, codes::CALENDAR_NOT_A_WORKING_DAY),
        (date!(2026 - 11 - 23), 0, codes::CALENDAR_DAYS_OUT_OF_RANGE),
        (
            date!(2026 - 11 - 23),
            1001,
            codes::CALENDAR_DAYS_OUT_OF_RANGE,
        ),
        (
            date!(2026 - 11 - 23),
            u32::MAX,
            codes::CALENDAR_DAYS_OUT_OF_RANGE,
        ),
    ];
    for (start, days, code) in table {
        assert_eq!(
            calendar
                .window_end(start, days)
                .map_err(|refusal| refusal.code),
            Err(code),
            "{start} {days}"
        );
    }
    assert_eq!(
        calendar.window_end(date!(2026 - 11 - 23), 1),
        Ok(date!(2026 - 11 - 23))
    );
    assert_eq!(
        calendar
            .add_working_days(date!(2026 - 11 - 23), 0)
            .map_err(|r| r.code),
        Err(codes::CALENDAR_DAYS_OUT_OF_RANGE)
    );
}

#[test]
fn limits_do_not_count_their_first_day_and_may_begin_on_a_holiday() {
    let calendar = Calendar::embedded();
    assert_eq!(
        calendar.next_working_day(date!(2026 - 11 - 20)),
        Ok(date!(2026 - 11 - 23))
    );
    assert_eq!(
        calendar.next_working_day(date!(2026 - 11 - 21)),
        Ok(date!(2026 - 11 - 23))
    );
    // Saturday 2026-02-14 is a make-up day; the Spring Festival follows
    assert_eq!(
        calendar.next_working_day(date!(2026 - 02 - 13)),
        Ok(date!(2026 - 02 - 14))
    );
    assert_eq!(
        calendar.next_working_day(date!(2026 - 02 - 14)),
        Ok(date!(2026 - 02 - 24))
    );
    assert_eq!(
        calendar.add_working_days(date!(2026 - 10 - 01), 15),
        Ok(date!(2026 - 10 - 27))
    );
    assert_eq!(
        calendar.working_days_between(date!(2026 - 10 - 02), date!(2026 - 10 - 01)),
        Ok(0)
    );
}

#[test]
fn a_calendar_file_is_read_line_by_line_and_a_bad_line_is_named() {
    let heading = "date,kind,occasion,source\n";
    let good = "2027-01-01,holiday,New Year's Day,a notice\n";
    let calendar =
        Calendar::from_csv("test-2027", &format!("{heading}{good}")).expect("a good file");
    assert_eq!(
        (calendar.version(), calendar.years().collect::<Vec<_>>()),
        ("test-2027", vec![2027])
    );
    assert_eq!(calendar.is_working_day(date!(2027 - 01 - 01)), Ok(false));
    assert_eq!(calendar.is_working_day(date!(2027 - 01 - 04)), Ok(true));
    let bad = [
        "2027-13-01,holiday,x,s",
        "2027-01-02,closed,x,s",
        "2027-01-02,holiday,x,",
        "2027-01-02,holiday",
        "2027-01-01,makeup_workday,twice,s",
    ];
    for line in bad {
        let refusal =
            Calendar::from_csv("test", &format!("{heading}{good}{line}\n")).expect_err(line);
        assert_eq!(
            (refusal.code, refusal.param("line")),
            (codes::CALENDAR_FILE_INVALID, Some("3")),
            "{line}"
        );
    }
    // without New Year's Day a year is not published
    let partial = Calendar::from_csv(
        "test",
        "date,kind,occasion,source\n2027-10-01,holiday,x,s\n",
    )
    .expect("readable");
    assert!(partial.is_working_day(date!(2027 - 10 - 01)).is_err());
}
