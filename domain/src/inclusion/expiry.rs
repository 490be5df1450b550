//! Expiry with notice. Grams that can be certified never expire as long as their months are 0, the value in force. What does expire goes
//! by whole months, on the first day of a month, and never before its person was told so many days ahead. Design of this platform.

use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// What can expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryKind {
    /// Grams that can be certified; by default never.
    Certified,
    /// Grams that are counted and cannot be certified: of photos.
    Counted,
    /// Activity points.
    Activity,
}

impl ExpiryKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Certified, Self::Counted, Self::Activity];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certified => "certified",
            Self::Counted => "counted",
            Self::Activity => "activity",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// One planned expiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The month on whose first day it is due, `2028-04`: a person is told once for each kind and month.
    pub period: String,
    /// What is from before this day expires.
    pub before: Date,
    /// The day of expiry: the first of the month, or later where the notice was late.
    pub expires_on: Date,
}

/// What is to be announced today: the expiry of the month that begins within `notice_days`, so that nobody has fewer days than that.
/// `None` where the kind never expires (`months` 0).
pub fn plan(today: Date, months: i64, notice_days: i64) -> Option<Plan> {
    if months < 1 {
        return None;
    }
    let soonest = today.saturating_add(Duration::days(notice_days.max(0)));
    let first = soonest.replace_day(1).ok()?;
    Some(Plan {
        period: format!("{:04}-{:02}", first.year(), u8::from(first.month())),
        before: months_earlier(first, months)?,
        expires_on: soonest,
    })
}

/// The first day of the month so many months before a first day.
fn months_earlier(first: Date, months: i64) -> Option<Date> {
    let count = i64::from(first.year()) * 12 + i64::from(u8::from(first.month())) - 1 - months;
    let year = i32::try_from(count.div_euclid(12)).ok()?;
    let month = time::Month::try_from(u8::try_from(count.rem_euclid(12) + 1).ok()?).ok()?;
    Date::from_calendar_date(year, month, 1).ok()
}
