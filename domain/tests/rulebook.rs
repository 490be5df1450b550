//! The rule book: importing a year, entries by date, approvals begun, ended and corrected, penalties by the day of the act.

use std::collections::BTreeMap;

use domain::Calendar;
use domain::calendar::CalendarYear;
use domain::ledger::OffsetMarket;
use domain::project::Clock;
use domain::refusal::codes;
use domain::rulebook::{
    Approval, ApprovalAction, ApprovalChange, Basis, LimitCode, RuleArea, RuleBook, RuleChange,
    RuleContent, RuleProposal, RuleSource, approval_key, approvals_after,
};
use methodologies::text::Message;
use time::Date;
use time::macros::date;

/// A made-up notice for 2027, shaped like those of other years; not the real one, which was not published.
const YEAR_2027: &str = include_str!("data/made_up_2027.csv");

fn refused(table: &str) -> Vec<(&'static str, Option<String>)> {
    let refusals = CalendarYear::read(2027, table).expect_err("refused");
    refusals
        .into_iter()
        .map(|refusal| {
            assert_eq!(refusal.field.as_deref(), Some("table"));
            (refusal.code, refusal.param("line").map(str::to_owned))
        })
        .collect()
}

/// The made-up year with one more line at its end (line 35).
fn with(line: &str) -> String {
    format!("{}\n{line}\n", YEAR_2027.trim_end())
}

fn source() -> RuleSource {
    RuleSource {
        document: Message {
            zh: "公告".to_owned(),
            en: "notice".to_owned(),
        },
        number: "1".to_owned(),
        address: String::new(),
        basis: Basis::OfficialText,
    }
}

fn change(effective_from: Date, content: RuleContent) -> RuleChange {
    RuleChange {
        effective_from,
        source: source(),
        content,
    }
}

fn imported() -> RuleBook {
    let year = CalendarYear::read(2027, YEAR_2027).expect("a good year");
    let content = RuleContent::Calendar {
        year,
        correction: false,
    };
    RuleBook::initial()
        .clone()
        .with(1, &change(date!(2026 - 11 - 21), content))
}

#[test]
fn the_embedded_years_pass_the_checks_of_an_import() {
    let whole = include_str!("../data/working_days_cn.csv");
    let mut calendar = Calendar::embedded().clone();
    for year in 2023..=2026 {
        let lines = whole
            .lines()
            .enumerate()
            .filter(|(at, line)| *at == 0 || line.starts_with(&format!("{year}-")));
        let table: Vec<&str> = lines.map(|(_, line)| line).collect();
        let read = CalendarYear::read(year, &table.join("\n")).expect("a published year");
        calendar = calendar.with_year(&read);
        assert_eq!(
            calendar.exceptions_of(year).collect::<Vec<_>>(),
            Calendar::embedded().exceptions_of(year).collect::<Vec<_>>()
        );
    }
    assert_eq!(
        calendar.version(),
        "cn-2026-5",
        "each edition has a name of its own"
    );
}

#[test]
fn every_wrong_line_of_an_import_is_named_with_its_line() {
    let line = |number: &str| Some(number.to_owned());
    let last = format!("{}", YEAR_2027.trim_end().lines().count() + 1);
    let cases = [
        ("2027-03-99,holiday,x,s", codes::DATE_INVALID),
        ("2027-03-06,closed,x,s", codes::CALENDAR_TABLE_LINE),
        ("2027-03-06,holiday,x", codes::CALENDAR_TABLE_LINE),
        ("2027-03-08,holiday,x,", codes::REQUIRED),
        ("2028-01-01,holiday,x,s", codes::CALENDAR_DAY_OUTSIDE_YEAR),
        ("2027-01-01,holiday,x,s", codes::CALENDAR_DAY_TWICE),
        (
            "2027-03-08,makeup_workday,x,s",
            codes::CALENDAR_MAKEUP_ON_WEEKDAY,
        ),
        ("2027-03-06,holiday,x,s", codes::CALENDAR_WEEKEND_ALONE),
    ];
    for (text, code) in cases {
        assert_eq!(refused(&with(text)), [(code, line(&last))], "{text}");
    }
    // several wrong lines are named at once
    let both = with("2027-03-06,holiday,x,s\n2027-03-08,makeup_workday,x,s");
    let mut named: Vec<_> = refused(&both).into_iter().map(|(code, _)| code).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            codes::CALENDAR_MAKEUP_ON_WEEKDAY,
            codes::CALENDAR_WEEKEND_ALONE
        ]
    );
    assert_eq!(refused(""), [(codes::REQUIRED, None)]);
    assert_eq!(
        refused("2027-01-01,holiday,x,s"),
        [(codes::CALENDAR_TABLE_HEADER, None)]
    );
    let heading = "date,kind,occasion,source\n";
    let no_new_year = format!("{heading}2027-10-01,holiday,x,s\n");
    assert_eq!(
        refused(&no_new_year),
        [(codes::CALENDAR_NEW_YEAR_MISSING, None)]
    );
    let only_new_year = format!("{heading}2027-01-01,holiday,x,s\n");
    assert_eq!(
        refused(&only_new_year),
        [(codes::CALENDAR_YEAR_IMPLAUSIBLE, None)]
    );
    let long = format!("{heading}{}", "2027-01-01,holiday,x,s\n".repeat(121));
    assert!(
        refused(&long)
            .iter()
            .any(|(code, _)| *code == codes::CALENDAR_TABLE_TOO_LONG)
    );
    // Chinese words, tabs and full-width commas are read, with the mark some programs put at the beginning
    let chinese = format!(
        "\u{feff}{}",
        YEAR_2027
            .replace(",holiday,", "，放假，")
            .replace(",makeup_workday,", "\t上班\t")
    );
    assert_eq!(
        CalendarYear::read(2027, &chinese),
        CalendarYear::read(2027, YEAR_2027)
    );
}

#[test]
fn a_window_across_new_year_is_refused_before_the_import_and_right_after_it() {
    let before = RuleBook::initial();
    let refusal = before
        .publicity_window(date!(2026 - 12 - 16))
        .expect_err("2027 is not published");
    assert_eq!(refusal.code, codes::CALENDAR_YEAR_UNPUBLISHED);
    let after = imported();
    assert_eq!((after.version, after.calendar.version()), (1, "cn-2027-1"));
    // approved on Wednesday: 11 working days in December, 9 in January, New Year's Day not among them
    assert_eq!(
        after.publicity_window(date!(2026 - 12 - 16)),
        Ok((date!(2026 - 12 - 17), date!(2027 - 01 - 14)))
    );
    // over the Spring Festival, with the make-up days on Sunday 2027-01-31 and Saturday 2027-02-13
    assert_eq!(
        after.publicity_window(date!(2027 - 01 - 29)),
        Ok((date!(2027 - 01 - 31), date!(2027 - 03 - 03)))
    );
    // what was computed in 2026 is the same by both
    for day in [
        date!(2026 - 02 - 02),
        date!(2026 - 08 - 14),
        date!(2026 - 11 - 20),
    ] {
        assert_eq!(
            after.publicity_window(day),
            before.publicity_window(day),
            "{day}"
        );
    }
    assert!(
        after
            .calendar
            .is_working_day(date!(2028 - 01 - 03))
            .is_err()
    );
}

#[test]
fn the_real_windows_hold_with_the_limit_of_the_rule_book() {
    let book = imported();
    let mut windows = 0;
    let day = |text: &str| domain::text::date("day", text).expect("a date in the file");
    for line in include_str!("../data/publicity_windows.csv")
        .lines()
        .skip(1)
    {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[3] == "20" {
            windows += 1;
            assert_eq!(
                book.publicity_end(day(cells[0])),
                Ok(day(cells[1])),
                "{line}"
            );
        }
    }
    assert_eq!(windows, 41);
}

#[test]
fn a_correction_is_another_edition_and_a_year_needs_its_predecessor() {
    let book = imported();
    let year = |number: i32, text: &str| CalendarYear::read(number, text).expect("a good year");
    let content = |year: CalendarYear, correction| RuleContent::Calendar { year, correction };
    let check = |content: RuleContent| {
        let refusals = change(date!(2026 - 12 - 01), content).check(&book, &[]);
        refusals
            .into_iter()
            .map(|refusal| refusal.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        check(content(year(2027, YEAR_2027), false)),
        [codes::CALENDAR_YEAR_PUBLISHED]
    );
    assert_eq!(check(content(year(2027, YEAR_2027), true)), [""; 0]);
    let later = YEAR_2027.replace("2027-", "2029-");
    let far = CalendarYear {
        year: 2029,
        days: Vec::new(),
    };
    assert!(
        CalendarYear::read(2029, &later).is_err(),
        "the weekends of another year"
    );
    assert_eq!(
        check(content(far.clone(), false)),
        [codes::CALENDAR_YEAR_LEAVES_GAP]
    );
    assert_eq!(
        check(content(far, true)),
        [codes::CALENDAR_NOTHING_TO_CORRECT]
    );
    let corrected = with("2027-01-04,holiday,x,s");
    let next = book.clone().with(
        2,
        &change(date!(2026 - 12 - 01), content(year(2027, &corrected), true)),
    );
    assert_eq!(next.calendar.version(), "cn-2027-2");
    assert_eq!(
        next.publicity_end(date!(2026 - 12 - 17)),
        Ok(date!(2027 - 01 - 15))
    );
    // an earlier year corrected afterwards keeps the last year in the name
    let third = next.with(
        3,
        &change(
            date!(2026 - 12 - 02),
            content(
                CalendarYear {
                    year: 2026,
                    days: Vec::new(),
                },
                true,
            ),
        ),
    );
    assert_eq!(third.calendar.version(), "cn-2027-3");
}

#[test]
fn a_limit_holds_from_its_day_and_what_began_before_keeps_its_own() {
    let book = RuleBook::initial();
    let table = [
        (LimitCode::Publicity, 20),
        (LimitCode::RegistrationReview, 15),
        (LimitCode::VvbReport, 100),
        (LimitCode::LookBack, 5),
        (LimitCode::Ban, 3),
        (LimitCode::Retention, 10),
        (LimitCode::AccountOpening, 15),
        (LimitCode::AccountChange, 15),
        (LimitCode::TransferAcceptance, 10),
        (LimitCode::Reservation, 5),
        (LimitCode::OffsetShare, 5),
        (LimitCode::OffsetAdmissible, 20_240_122),
        (LimitCode::LocalOffsetShare, 5),
        (LimitCode::LocalOffsetAdmissible, 20_240_122),
    ];
    assert_eq!(table.map(|(limit, _)| limit).as_slice(), LimitCode::ALL);
    for (limit, value) in table {
        for day in [
            date!(2020 - 01 - 01),
            date!(2023 - 10 - 19),
            date!(2026 - 11 - 21),
        ] {
            assert_eq!(book.limit(limit, day), value, "{} on {day}", limit.code());
        }
        assert_eq!(LimitCode::from_code(limit.code()), Some(limit));
        let entry = book
            .limit_entry(limit, date!(2026 - 11 - 21))
            .expect("an entry");
        let assumed = matches!(
            limit,
            LimitCode::TransferAcceptance
                | LimitCode::Reservation
                | LimitCode::OffsetAdmissible
                | LimitCode::LocalOffsetShare
                | LimitCode::LocalOffsetAdmissible
        );
        let basis = if assumed {
            Basis::Assumed
        } else {
            Basis::OfficialText
        };
        assert!(!entry.source.number.is_empty() && entry.source.basis == basis);
    }
    let from = |day, value| {
        let limit = LimitCode::Publicity;
        change(day, RuleContent::TimeLimit { limit, value })
    };
    let changed = book
        .clone()
        .with(1, &from(date!(2026 - 10 - 12), 10))
        .with(2, &from(date!(2026 - 10 - 12), 12));
    let days = |day| changed.limit(LimitCode::Publicity, day);
    assert_eq!(
        (days(date!(2026 - 10 - 11)), days(date!(2026 - 10 - 12))),
        (20, 12)
    );
    assert_eq!(
        changed.publicity_end(date!(2026 - 10 - 10)),
        Ok(date!(2026 - 11 - 05))
    );
    assert_eq!(
        changed.publicity_end(date!(2026 - 10 - 12)),
        Ok(date!(2026 - 10 - 27))
    );
    let codes_of = |change: RuleChange| {
        change
            .check(&changed, &[])
            .into_iter()
            .map(|one| one.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes_of(from(date!(2026 - 10 - 11), 15)),
        [codes::RULE_FROM_TOO_EARLY]
    );
    assert_eq!(codes_of(from(date!(2026 - 10 - 12), 15)), [""; 0]);
    // the clocks of the state tables take their length from the book
    let review = RuleContent::TimeLimit {
        limit: LimitCode::RegistrationReview,
        value: 30,
    };
    let longer = book.clone().with(1, &change(date!(2026 - 03 - 02), review));
    let due = |book: &RuleBook, day| {
        book.clock(Clock::REGISTRATION, day)
            .due(&book.calendar, day, 0)
    };
    assert_eq!(
        due(&longer, date!(2026 - 03 - 02)),
        book.calendar.add_working_days(date!(2026 - 03 - 02), 30)
    );
    assert_eq!(
        due(&longer, date!(2026 - 02 - 27)),
        due(book, date!(2026 - 02 - 27))
    );
    let report = book.clock(Clock::VVB_REPORT, date!(2026 - 03 - 02)).due(
        &book.calendar,
        date!(2026 - 03 - 02),
        0,
    );
    assert_eq!(report, Ok(date!(2026 - 06 - 10)), "100 calendar days");
}

fn approval(from: Date, to: Option<Date>) -> Approval {
    Approval {
        organisation: "body".to_owned(),
        sector: "energy".to_owned(),
        number: "CNCA-1".to_owned(),
        from,
        to,
        source: "2024 no.11".to_owned(),
    }
}

fn approval_change(
    action: ApprovalAction,
    from: Date,
    to: Option<Date>,
    known: Option<Date>,
) -> ApprovalChange {
    ApprovalChange {
        action,
        organisation: "body".to_owned(),
        name: "机构".to_owned(),
        sector: "energy".to_owned(),
        number: "CNCA-2".to_owned(),
        from,
        to,
        known_from: known,
    }
}

#[test]
fn approvals_begin_end_and_are_corrected_and_never_overlap() {
    use ApprovalAction::{Add, Correct, End};
    let (start, later) = (date!(2024 - 06 - 14), date!(2026 - 01 - 01));
    let rows = [approval(start, None)];
    let codes_of = |change: &ApprovalChange| {
        change
            .check(&rows)
            .into_iter()
            .map(|one| one.code)
            .collect::<Vec<_>>()
    };
    let table = [
        (
            approval_change(Add, later, None, None),
            vec![codes::APPROVAL_OVERLAPS],
        ),
        (
            approval_change(
                Add,
                date!(2024 - 01 - 01),
                Some(date!(2024 - 06 - 13)),
                None,
            ),
            vec![],
        ),
        (
            approval_change(Add, later, Some(start), None),
            vec![codes::RULE_DAYS_IN_WRONG_ORDER, codes::APPROVAL_OVERLAPS],
        ),
        (
            approval_change(End, start, Some(later), Some(start)),
            vec![],
        ),
        (
            approval_change(End, start, None, Some(start)),
            vec![codes::REQUIRED],
        ),
        (
            approval_change(End, start, Some(later), Some(later)),
            vec![codes::APPROVAL_UNKNOWN],
        ),
        (
            approval_change(Correct, date!(2024 - 06 - 15), None, Some(start)),
            vec![],
        ),
        (
            approval_change(Correct, start, None, None),
            vec![codes::APPROVAL_UNKNOWN, codes::APPROVAL_OVERLAPS],
        ),
    ];
    for (change, expected) in table {
        assert_eq!(codes_of(&change), expected, "{change:?}");
    }
    let end = approval_change(End, start, Some(later), Some(start));
    let ended = approvals_after(rows.to_vec(), &[(end.clone(), source())]);
    assert_eq!((ended.len(), ended[0].to), (1, Some(later)));
    let again: Vec<_> = end.check(&ended).into_iter().map(|one| one.code).collect();
    assert_eq!(again, [codes::APPROVAL_ENDS_BEFORE]);
    let add = approval_change(Add, date!(2026 - 01 - 02), None, None);
    let both = approvals_after(rows.to_vec(), &[(end, source()), (add, source())]);
    assert_eq!(
        both.iter().map(|row| row.from).collect::<Vec<_>>(),
        [start, date!(2026 - 01 - 02)]
    );
    assert_eq!(approval_key(&both[1]), "body|energy|2026-01-02");
}

#[test]
fn a_methodology_is_admitted_between_the_days_that_operators_gave() {
    let code = "CCER-01-002-V01";
    let book = RuleBook::initial().clone();
    assert!(book.admits(code, date!(2026 - 11 - 21)));
    let admission = |from, to| {
        RuleContent::Methodology(domain::rulebook::Admission {
            methodology: code.to_owned(),
            from,
            to,
        })
    };
    let ended = book.with(
        1,
        &change(
            date!(2026 - 11 - 01),
            admission(None, Some(date!(2026 - 11 - 20))),
        ),
    );
    assert!(
        ended.admits(code, date!(2026 - 11 - 20)) && !ended.admits(code, date!(2026 - 11 - 21))
    );
    assert!(
        ended.admits("CCER-14-001-V01", date!(2026 - 11 - 21)),
        "others stay"
    );
    let again = ended.with(
        2,
        &change(
            date!(2026 - 12 - 01),
            admission(Some(date!(2026 - 12 - 01)), None),
        ),
    );
    assert!(
        !again.admits(code, date!(2026 - 11 - 30)) && again.admits(code, date!(2026 - 12 - 01))
    );
}

#[test]
fn a_penalty_is_the_one_of_the_day_of_the_act() {
    let book = RuleBook::initial();
    assert_eq!(
        book.penalties_on(date!(2023 - 10 - 18)).len(),
        0,
        "before the Measures"
    );
    let today = book.penalties_on(date!(2026 - 11 - 21));
    let fines: BTreeMap<&str, Option<(i64, i64)>> = today
        .iter()
        .map(|one| (one.code.as_str(), one.fine_min_yuan.zip(one.fine_max_yuan)))
        .collect();
    // Measures art. 42-45
    let table = [
        ("inspection_obstructed", Some((10_000, 100_000))),
        ("owner_false_material", Some((10_000, 100_000))),
        ("owner_falsified_data", Some((10_000, 100_000))),
        ("owner_false_credits", Some((50_000, 100_000))),
        ("vvb_scope_or_procedure", Some((50_000, 200_000))),
        ("vvb_false_report", None),
        ("vvb_conflict", None),
        ("trader_manipulation", Some((10_000, 100_000))),
        ("staff_abuse", None),
        ("crime", None),
    ];
    assert_eq!(fines, BTreeMap::from(table));
    let mut newer = today[0].clone();
    newer.fine_max_yuan = Some(500_000);
    let from = date!(2027 - 01 - 01);
    newer.from = from;
    let mut repealed = newer.clone();
    let changed = book
        .clone()
        .with(1, &change(from, RuleContent::Penalty(newer)));
    let most = |book: &RuleBook, day| book.penalties_on(day)[0].fine_max_yuan;
    assert_eq!(
        most(&changed, date!(2026 - 12 - 31)),
        Some(100_000),
        "the rule of the day of the act"
    );
    assert_eq!(most(&changed, from), Some(500_000));
    repealed.repealed = true;
    let gone = changed.with(
        2,
        &change(date!(2028 - 01 - 01), RuleContent::Penalty(repealed)),
    );
    assert_eq!(gone.penalties_on(date!(2028 - 01 - 01)).len(), 9);
    assert_eq!(gone.penalties_on(date!(2027 - 12 - 31)).len(), 10);
}

#[test]
fn what_was_not_found_is_marked_as_assumed() {
    let book = RuleBook::initial();
    let assumed: Vec<_> = book
        .references
        .iter()
        .filter(|one| {
            one.source
                .as_ref()
                .is_some_and(|source| source.basis == Basis::Assumed)
        })
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(
        assumed,
        ["design_guide", "ecological_code", "holidays_2027"]
    );
    let certificates = book
        .references
        .iter()
        .find(|one| one.code == "green_certificates")
        .expect("the notice");
    assert_eq!(
        (certificates.from, certificates.to),
        (date!(2024 - 10 - 01), Some(date!(2026 - 09 - 30)))
    );
}

fn form(area: RuleArea, more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let common = [
        ("area", area.code()),
        ("document", "公告"),
        ("document_number", "第1号"),
        ("document_address", "https://www.gov.cn/1"),
        ("effective_from", "2026-11-21"),
        ("basis", "official_text"),
        ("reason", "按公告"),
    ];
    common
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn every_area_is_read_from_its_form_and_survives_its_storage() {
    let rows = [approval(date!(2024 - 06 - 14), None)];
    let bodies = BTreeMap::from([("body".to_owned(), "机构".to_owned())]);
    let key = approval_key(&rows[0]);
    let forms = [
        form(
            RuleArea::Calendar,
            &[("year", "2027"), ("table", YEAR_2027)],
        ),
        form(
            RuleArea::VvbApproval,
            &[
                ("action", "add"),
                ("organisation", "body"),
                ("sector", "forestry"),
                ("approval_number", "CNCA-9"),
                ("valid_from", "2026-01-01"),
            ],
        ),
        form(
            RuleArea::VvbApproval,
            &[
                ("action", "end"),
                ("approval", &key),
                ("valid_to", "2026-12-31"),
            ],
        ),
        form(
            RuleArea::VvbApproval,
            &[
                ("action", "correct"),
                ("approval", &key),
                ("approval_number", "CNCA-8"),
                ("valid_from", "2024-06-15"),
            ],
        ),
        form(
            RuleArea::Methodology,
            &[
                ("methodology", "CCER-01-002-V01"),
                ("admitted_to", "2026-12-31"),
            ],
        ),
        form(
            RuleArea::TimeLimit,
            &[("limit", "publicity"), ("value", "30")],
        ),
        form(
            RuleArea::Penalty,
            &[
                ("code", "owner_false_material"),
                ("fine_min_yuan", "20000"),
                ("fine_max_yuan", "300000"),
            ],
        ),
        form(
            RuleArea::Penalty,
            &[
                ("code", "new_one"),
                ("who", "a"),
                ("conduct", "b"),
                ("consequence", "c"),
            ],
        ),
        form(
            RuleArea::LegalReference,
            &[
                ("code", "ecological_code"),
                ("title", "法典"),
                ("note", "已找到"),
            ],
        ),
    ];
    for fields in forms {
        let read =
            RuleProposal::read(&fields, RuleBook::initial(), &rows, &bodies).expect("a good form");
        let stored = serde_json::to_string(&read.change).expect("to JSON");
        let back: RuleChange = serde_json::from_str(&stored).expect("from JSON");
        assert_eq!(back, read.change);
        assert_eq!(back.content.area().code(), fields["area"]);
        let next = RuleBook::initial().clone().with(1, &back);
        assert_eq!(next.version, 1);
        assert_ne!(
            &RuleBook { version: 0, ..next },
            RuleBook::initial(),
            "{stored}"
        );
    }
}

#[test]
fn what_is_missing_or_wrong_in_a_form_is_refused_at_its_field() {
    let rows = [approval(date!(2024 - 06 - 14), None)];
    let bodies = BTreeMap::from([("body".to_owned(), "机构".to_owned())]);
    let refused = |fields: &BTreeMap<String, String>| {
        let refusals =
            RuleProposal::read(fields, RuleBook::initial(), &rows, &bodies).expect_err("refused");
        let mut found: Vec<String> = refusals
            .into_iter()
            .map(|one| format!("{} {}", one.field.unwrap_or_default(), one.code))
            .collect();
        found.sort();
        found
    };
    assert_eq!(refused(&BTreeMap::new()), ["area required"]);
    let empty = BTreeMap::from([("area".to_owned(), "time_limit".to_owned())]);
    assert_eq!(
        refused(&empty),
        [
            "basis required",
            "document required",
            "document_number required",
            "effective_from required",
            "limit required",
            "reason required"
        ]
    );
    let cases = [
        (
            form(
                RuleArea::TimeLimit,
                &[("limit", "publicity"), ("value", "0")],
            ),
            "value rule_number_out_of_range",
        ),
        (
            form(
                RuleArea::TimeLimit,
                &[("limit", "publicity"), ("value", "251")],
            ),
            "value rule_number_out_of_range",
        ),
        (
            form(
                RuleArea::TimeLimit,
                &[("limit", "publicity"), ("value", "2.5")],
            ),
            "value rule_number_out_of_range",
        ),
        (
            form(
                RuleArea::TimeLimit,
                &[
                    ("limit", "publicity"),
                    ("value", "20"),
                    ("effective_from", "2023-10-18"),
                ],
            ),
            "effective_from rule_from_too_early",
        ),
        (
            form(
                RuleArea::TimeLimit,
                &[
                    ("limit", "publicity"),
                    ("value", "20"),
                    ("document_address", "javascript:alert(1)"),
                ],
            ),
            "document_address rule_address_invalid",
        ),
        (
            form(
                RuleArea::Calendar,
                &[("year", "2028"), ("table", YEAR_2027)],
            ),
            "table calendar_day_outside_year",
        ),
        (
            form(RuleArea::Calendar, &[("year", "27"), ("table", YEAR_2027)]),
            "year rule_number_out_of_range",
        ),
        (
            form(
                RuleArea::VvbApproval,
                &[
                    ("action", "end"),
                    ("approval", "other"),
                    ("valid_to", "2026-12-31"),
                ],
            ),
            "approval approval_unknown",
        ),
        (
            form(
                RuleArea::VvbApproval,
                &[
                    ("action", "add"),
                    ("organisation", "nobody"),
                    ("sector", "energy"),
                    ("approval_number", "1"),
                    ("valid_from", "2020-01-01"),
                ],
            ),
            "organisation required",
        ),
        (
            form(RuleArea::Methodology, &[("methodology", "CCER-99-001-V01")]),
            "methodology required",
        ),
        (
            form(
                RuleArea::Methodology,
                &[
                    ("methodology", "CCER-01-002-V01"),
                    ("admitted_from", "2027-01-01"),
                    ("admitted_to", "2026-01-01"),
                ],
            ),
            "admitted_to rule_days_in_wrong_order",
        ),
        (
            form(
                RuleArea::Penalty,
                &[
                    ("code", "Owner"),
                    ("who", "a"),
                    ("conduct", "b"),
                    ("consequence", "c"),
                ],
            ),
            "code rule_code_invalid",
        ),
        (
            form(
                RuleArea::Penalty,
                &[
                    ("code", "crime"),
                    ("fine_min_yuan", "2"),
                    ("fine_max_yuan", "1"),
                ],
            ),
            "fine_max_yuan rule_fines_in_wrong_order",
        ),
        (
            form(
                RuleArea::LegalReference,
                &[
                    ("code", "x"),
                    ("title", "t"),
                    ("note", "n"),
                    ("in_force_to", "2020-01-01"),
                ],
            ),
            "in_force_to rule_days_in_wrong_order",
        ),
    ];
    for (fields, expected) in cases {
        let mut found = refused(&fields);
        found.dedup();
        assert_eq!(found, [expected]);
    }
}

#[test]
fn transfers_wait_for_their_receiver_from_the_day_of_the_rule_on() {
    let book = RuleBook::initial();
    let days = |day| book.limit_in_force(LimitCode::TransferAcceptance, day);
    assert_eq!(days(date!(2026 - 02 - 28)), None);
    assert_eq!(days(date!(2026 - 03 - 01)), Some(10));
    // no text of a local market was entered: the national figures are assumed there
    for market in OffsetMarket::ALL {
        let rule = book.offset_rule(*market, date!(2026 - 11 - 21));
        assert_eq!(
            (rule.share_percent, rule.registered_after),
            (5, date!(2024 - 01 - 22))
        );
    }
}
