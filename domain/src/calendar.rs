//! Working days (工作日) in China: Monday to Friday, minus the statutory holidays, plus the make-up
//! weekend days of the yearly State Council notice.
//!
//! A year without a published notice is unknown. A calculation that reaches such a year is refused
//! (`calendar_year_unpublished`), never guessed: what looks like a plain weekday may become a holiday.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use time::{Date, Weekday};

use crate::refusal::{Refusal, codes};

/// The longest window or limit that is computed, days.
const DAYS_MAX: u32 = 1000;

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
