//! A moment, and the Beijing day it falls on. Every legal date in this system is a Beijing date.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

/// Whole seconds since 1970-01-01T00:00:00Z; negative before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// Beijing is UTC+8 all year round.
const BEIJING_SECONDS: i64 = 8 * 3600;
const DAY_SECONDS: i64 = 24 * 3600;
/// The Julian day number of 1970-01-01.
const UNIX_EPOCH_JULIAN_DAY: i64 = 2_440_588;

impl Instant {
    /// The calendar day in Beijing (UTC+8); a moment beyond the years -9999..9999 gives the nearest day there is.
    pub fn beijing_date(self) -> Date {
        let days = self
            .0
            .saturating_add(BEIJING_SECONDS)
            .div_euclid(DAY_SECONDS);
        i32::try_from(days.saturating_add(UNIX_EPOCH_JULIAN_DAY))
            .ok()
            .and_then(|day| Date::from_julian_day(day).ok())
            .unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
    }

    /// The first second of a Beijing day.
    pub fn at_start_of(date: Date) -> Self {
        let days = i64::from(date.to_julian_day()) - UNIX_EPOCH_JULIAN_DAY;
        Self(days * DAY_SECONDS - BEIJING_SECONDS)
    }

    /// The moment this many seconds later (earlier if negative); stops at the ends of the scale.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// `2026-11-21 19:40:05` in Beijing time, the form shown to people.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self
            .0
            .saturating_add(BEIJING_SECONDS)
            .rem_euclid(DAY_SECONDS);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{} {hour:02}:{minute:02}:{second:02}",
            self.beijing_date()
        )
    }
}

impl From<OffsetDateTime> for Instant {
    fn from(moment: OffsetDateTime) -> Self {
        Self(moment.to_offset(UtcOffset::UTC).unix_timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn the_beijing_day_begins_at_sixteen_hours_utc() {
        assert_eq!(
            Instant::from(datetime!(2026-11-21 15:59:59 UTC)).beijing_date(),
            date!(2026 - 11 - 21)
        );
        assert_eq!(
            Instant::from(datetime!(2026-11-21 16:00:00 UTC)).beijing_date(),
            date!(2026 - 11 - 22)
        );
        assert_eq!(
            Instant::from(datetime!(2026-11-21 16:00:00 UTC)),
            Instant::at_start_of(date!(2026 - 11 - 22))
        );
    }

    #[test]
    fn moments_before_1970_and_beyond_the_calendar_have_a_day() {
        assert_eq!(Instant(-1).beijing_date(), date!(1970 - 01 - 01));
        assert_eq!(Instant(-8 * 3600 - 1).beijing_date(), date!(1969 - 12 - 31));
        assert_eq!(Instant(i64::MAX).beijing_date(), Date::MAX);
        assert_eq!(Instant(i64::MIN).beijing_date(), Date::MIN);
    }

    #[test]
    fn a_moment_is_shown_in_beijing_time() {
        assert_eq!(
            Instant::from(datetime!(2026-11-21 11:40:05 UTC)).to_string(),
            "2026-11-21 19:40:05"
        );
    }
}
