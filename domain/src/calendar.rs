//! Working days (工作日) in China: Monday to Friday, minus the statutory holidays, plus the make-up
//! weekend days of the yearly State Council notice.
//!
//! A year without a published notice is unknown. A calculation that reaches such a year is refused
//! (`calendar_year_unpublished`), never guessed: what looks like a plain weekday may become a holiday.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use time::{Date, Month, Weekday};

use crate::refusal::{Refusal, codes};

/// The longest window or limit that is computed, days.
const DAYS_MAX: u32 = 1000;
/// Lines of an imported year; the notices of 2023 to 2026 need 33 to 37.
const LINES_MAX: usize = 120;
/// Longest occasion or source of a line, characters.
const CELL_MAX: usize = 200;
/// How many working days a year can believably have: the years 2023 to 2026 have 248 to 251.
const WORKING_DAYS_OF_A_YEAR: std::ops::RangeInclusive<u32> = 240..=256;

/// The version of the calendar that travels with this program: the last year it covers and its edition.
pub const EMBEDDED_VERSION: &str = "cn-2026-1";

static EMBEDDED: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::from_csv(
        EMBEDDED_VERSION,
        include_str!("../data/working_days_cn.csv"),
    )
    .expect("the embedded file is read by a test")
});

/// A versioned working-day calendar. Store [`Calendar::version`] beside every deadline computed with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    version: String,
    /// Days that differ from the plain week: `true` for a working weekend day, `false` for a holiday.
    exceptions: BTreeMap<Date, bool>,
    years: BTreeSet<i32>,
}

impl Calendar {
    /// The calendar that travels with this program: 2023 to 2026.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a calendar from lines `date,kind,occasion,source` below a heading line, `kind` being `holiday` or
    /// `makeup_workday`. A year is published if New Year's Day of it is listed. Refused with the line's
    /// number (`calendar_file_invalid`) if a line cannot be read or a day is listed twice.
    pub fn from_csv(version: &str, text: &str) -> Result<Self, Refusal> {
        let mut exceptions = BTreeMap::new();
        let mut years = BTreeSet::new();
        for (at, line) in text
            .lines()
            .enumerate()
            .skip(1)
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let invalid = || Refusal::new(codes::CALENDAR_FILE_INVALID).with("line", at + 1);
            let cells: Vec<&str> = line.split(',').collect();
            let [day, kind, _occasion, source] = cells.as_slice() else {
                return Err(invalid());
            };
            let day = crate::text::date("date", day).map_err(|_| invalid())?;
            let works = match *kind {
                "holiday" => false,
                "makeup_workday" => true,
                _ => return Err(invalid()),
            };
            if source.trim().is_empty() || exceptions.insert(day, works).is_some() {
                return Err(invalid());
            }
            if day.ordinal() == 1 {
                years.insert(day.year());
            }
        }
        Ok(Self {
            version: version.to_owned(),
            exceptions,
            years,
        })
    }

    /// The calendar with one more year, or with another edition of a year it has: every day of that year is taken from `year`.
    /// Its version is named after the last year covered and the edition of that: `cn-2027-1`, corrected `cn-2027-2`.
    #[must_use]
    pub fn with_year(&self, year: &CalendarYear) -> Self {
        let mut next = self.clone();
        next.exceptions.retain(|day, _| day.year() != year.year);
        next.exceptions
            .extend(year.days.iter().map(|day| (day.date, day.works)));
        next.years.insert(year.year);
        let last = |calendar: &Self| calendar.years.last().copied().unwrap_or_default();
        let edition = if last(&next) == last(self) {
            self.edition() + 1
        } else {
            1
        };
        next.version = format!("cn-{}-{edition}", last(&next));
        next
    }

    /// The number at the end of the version.
    fn edition(&self) -> u32 {
        let number = self.version.rsplit('-').next().map(str::parse);
        number.and_then(Result::ok).unwrap_or(1)
    }

    /// Whether the year's notice is known.
    pub fn covers(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The days of a year that differ from the plain week, in order, each with whether people work.
    pub fn exceptions_of(&self, year: i32) -> impl Iterator<Item = (Date, bool)> + '_ {
        let days = self.exceptions.iter();
        days.filter(move |(day, _)| day.year() == year)
            .map(|(day, works)| (*day, *works))
    }

    /// The version to store beside each deadline.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years whose notice is known, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Whether people work on the day; `calendar_year_unpublished` if its year's notice is not known.
    pub fn is_working_day(&self, date: Date) -> Result<bool, Refusal> {
        if !self.years.contains(&date.year()) {
            return Err(Refusal::new(codes::CALENDAR_YEAR_UNPUBLISHED).with("year", date.year()));
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.exceptions.get(&date).copied().unwrap_or(!weekend))
    }

    /// The last day of a window of `days` working days whose first day is `start`, first and last both
    /// counted: the rule of publicity (Measures art. 12, 19; observed in 275 of 278 real windows). Refused if
    /// `start` is not a working day, `days` is not 1..=1000, or an unpublished year is reached.
    pub fn window_end(&self, start: Date, days: u32) -> Result<Date, Refusal> {
        if !self.is_working_day(start)? {
            return Err(Refusal::new(codes::CALENDAR_NOT_A_WORKING_DAY).with("date", start));
        }
        check_days(days)?;
        self.advance(start, days - 1)
    }

    /// The day `days` working days after `date`, which itself is not counted and need not be a working
    /// day: the rule of limits "within n working days of receipt" (Civil Code art. 201). Refused as above.
    pub fn add_working_days(&self, date: Date, days: u32) -> Result<Date, Refusal> {
        check_days(days)?;
        self.is_working_day(date)?;
        self.advance(date, days)
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Result<Date, Refusal> {
        self.add_working_days(date, 1)
    }

    /// How many working days lie in `start..=end`, both counted; 0 if `end` is before `start`.
    pub fn working_days_between(&self, start: Date, end: Date) -> Result<u32, Refusal> {
        let mut count = 0;
        let mut day = start;
        while day <= end {
            count += u32::from(self.is_working_day(day)?);
            match day.next_day() {
                Some(next) => day = next,
                None => break,
            }
        }
        Ok(count)
    }

    /// The `steps`-th working day after `day` (`day` itself for 0 steps).
    fn advance(&self, mut day: Date, mut steps: u32) -> Result<Date, Refusal> {
        while steps > 0 {
            day = day.next_day().ok_or_else(|| {
                Refusal::new(codes::CALENDAR_YEAR_UNPUBLISHED).with("year", day.year())
            })?;
            steps -= u32::from(self.is_working_day(day)?);
        }
        Ok(day)
    }
}

fn check_days(days: u32) -> Result<(), Refusal> {
    if (1..=DAYS_MAX).contains(&days) {
        Ok(())
    } else {
        Err(Refusal::new(codes::CALENDAR_DAYS_OUT_OF_RANGE)
            .with("days", days)
            .with("max", DAYS_MAX))
    }
}

/// One day of an imported year that differs from the plain week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The day, in JSON `YYYY-MM-DD`.
    #[serde(with = "crate::calendar::iso_day")]
    pub date: Date,
    /// `true` for a working weekend day, `false` for a day off.
    pub works: bool,
    /// What for, as typed.
    pub occasion: String,
    /// The notice that says so.
    pub source: String,
}

/// One year of the State Council's notice, read from a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarYear {
    /// The calendar year.
    pub year: i32,
    /// The days that differ from the plain week, in order.
    pub days: Vec<CalendarDay>,
}

impl CalendarYear {
    /// Reads a year from a table with the heading `date,kind,occasion,source`, `kind` being `holiday` (放假) or `makeup_workday`
    /// (上班), separated by commas or tabs. Everything wrong is refused at the field `table`, each with its `line`:
    /// what cannot be read, days of other years, a day twice, a make-up workday from Monday to Friday, a day off at a weekend that
    /// belongs to no holiday, New Year's Day missing, and a number of working days that no year has.
    pub fn read(year: i32, table: &str) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let mut days: BTreeMap<Date, (usize, CalendarDay)> = BTreeMap::new();
        let wrong = |code| Refusal::new(code).at("table");
        let lines = table.lines().enumerate().map(|(at, line)| (at + 1, line));
        let mut lines = lines.filter(|(_, line)| !line.trim().is_empty());
        let heading = lines.next().map(|(_, line)| cells(line).join(","));
        match heading.as_deref().map(str::to_lowercase).as_deref() {
            None => return Err(vec![wrong(codes::REQUIRED)]),
            Some("date,kind,occasion,source") => {}
            Some(_) => return Err(vec![wrong(codes::CALENDAR_TABLE_HEADER)]),
        }
        for (read, (line, text)) in lines.enumerate() {
            if read >= LINES_MAX {
                refusals.push(wrong(codes::CALENDAR_TABLE_TOO_LONG).with("max", LINES_MAX));
                break;
            }
            match read_day(year, text) {
                Err(refusal) => refusals.push(refusal.at("table").with("line", line)),
                Ok(day) => match days.get(&day.date) {
                    Some((first, _)) => refusals.push(
                        wrong(codes::CALENDAR_DAY_TWICE)
                            .with("line", line)
                            .with("first", first)
                            .with("date", day.date),
                    ),
                    None => {
                        days.insert(day.date, (line, day));
                    }
                },
            }
        }
        refusals.extend(lonely_weekends(&days));
        if refusals.is_empty() {
            refusals.extend(whole_year(year, &days).err());
        }
        if refusals.is_empty() {
            let days = days.into_values().map(|(_, day)| day).collect();
            Ok(Self { year, days })
        } else {
            refusals.sort_by_key(|refusal| {
                let line = refusal.param("line").map(str::parse::<usize>);
                line.and_then(Result::ok).unwrap_or(usize::MAX)
            });
            Err(refusals)
        }
    }
}

/// One line of an imported year.
fn read_day(year: i32, line: &str) -> Result<CalendarDay, Refusal> {
    let cells = cells(line);
    let [date, kind, occasion, source] = cells.as_slice() else {
        return Err(Refusal::new(codes::CALENDAR_TABLE_LINE));
    };
    let date = crate::text::date("table", date)?;
    let works = match kind.as_str() {
        "holiday" | "放假" => false,
        "makeup_workday" | "上班" => true,
        _ => return Err(Refusal::new(codes::CALENDAR_TABLE_LINE)),
    };
    let source = crate::text::required_text("table", source, CELL_MAX)?;
    let occasion = crate::text::required_text("table", occasion, CELL_MAX)?;
    if date.year() != year {
        return Err(Refusal::new(codes::CALENDAR_DAY_OUTSIDE_YEAR)
            .with("date", date)
            .with("year", year));
    }
    if works && !is_weekend(date) {
        return Err(Refusal::new(codes::CALENDAR_MAKEUP_ON_WEEKDAY).with("date", date));
    }
    Ok(CalendarDay {
        date,
        works,
        occasion,
        source,
    })
}

/// A weekend is free anyway. It is listed where it belongs to a holiday: in one run of days off with a day from Monday to Friday, or
/// with a holiday of the year before or after.
fn lonely_weekends(days: &BTreeMap<Date, (usize, CalendarDay)>) -> Vec<Refusal> {
    let is_off = |day: Option<Date>| {
        let known = day.and_then(|day| days.get(&day));
        known.filter(|(_, day)| !day.works).map(|(_, day)| day.date)
    };
    let touches = |from: Date, step: fn(Date) -> Option<Date>| {
        let mut at = from;
        loop {
            if !is_weekend(at)
                || at.ordinal() == 1
                || (at.month(), at.day()) == (Month::December, 31)
            {
                return true;
            }
            match is_off(step(at)) {
                Some(next) => at = next,
                None => return false,
            }
        }
    };
    days.values()
        .filter(|(_, day)| !day.works && is_weekend(day.date))
        .filter(|(_, day)| {
            !touches(day.date, Date::next_day) && !touches(day.date, Date::previous_day)
        })
        .map(|(line, day)| {
            Refusal::new(codes::CALENDAR_WEEKEND_ALONE)
                .at("table")
                .with("line", line)
                .with("date", day.date)
        })
        .collect()
}

/// New Year's Day is off in every year, and the number of working days is one that a year has.
fn whole_year(year: i32, days: &BTreeMap<Date, (usize, CalendarDay)>) -> Result<(), Refusal> {
    let missing = || {
        Refusal::new(codes::CALENDAR_NEW_YEAR_MISSING)
            .at("table")
            .with("year", year)
    };
    let first = Date::from_ordinal_date(year, 1).map_err(|_| missing())?;
    if days.get(&first).is_none_or(|(_, day)| day.works) {
        return Err(missing());
    }
    let mut working = 0;
    let mut at = Some(first);
    while let Some(day) = at.filter(|day| day.year() == year) {
        working += u32::from(
            days.get(&day)
                .map_or(!is_weekend(day), |(_, day)| day.works),
        );
        at = day.next_day();
    }
    if WORKING_DAYS_OF_A_YEAR.contains(&working) {
        Ok(())
    } else {
        Err(Refusal::new(codes::CALENDAR_YEAR_IMPLAUSIBLE)
            .at("table")
            .with("year", year)
            .with("days", working))
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn cells(line: &str) -> Vec<String> {
    line.split([',', '\t', '，'])
        .map(|cell| cell.trim().trim_matches(['"', '\u{feff}']).to_owned())
        .collect()
}

/// A day in JSON: `2026-11-21`.
pub(crate) mod iso_day {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Date;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the shape that serde asks for"
    )]
    pub(crate) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let text = String::deserialize(from)?;
        crate::text::date("day", &text).map_err(serde::de::Error::custom)
    }

    /// The same for a day that may be missing.
    pub(crate) mod option {
        use super::{Date, Deserialize, Deserializer, Serializer};

        #[expect(
            clippy::ref_option,
            clippy::trivially_copy_pass_by_ref,
            reason = "the shape that serde asks for"
        )]
        pub(crate) fn serialize<S: Serializer>(
            day: &Option<Date>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match day {
                Some(day) => to.collect_str(day),
                None => to.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Date>, D::Error> {
            let text = Option::<String>::deserialize(from)?;
            text.map(|text| crate::text::date("day", &text))
                .transpose()
                .map_err(serde::de::Error::custom)
        }
    }
}
