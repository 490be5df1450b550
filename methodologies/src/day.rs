//! Days: parsing, counting with both ends included, and their text in JSON.

use time::{Date, Month};

/// The day written as `2026-01-31`; full-width digits are accepted, spaces around it too.
pub fn parse(text: &str) -> Option<Date> {
    if text.len() > 64 {
        return None;
    }
    let plain: String = text
        .trim()
        .chars()
        .map(crate::quantity::half_width)
        .collect();
    let bytes = plain.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<u16> {
        let part = plain.get(range)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().ok()
        } else {
            None
        }
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let month = Month::try_from(u8::try_from(digits(5..7)?).ok()?).ok()?;
    Date::from_calendar_date(
        i32::from(digits(0..4)?),
        month,
        u8::try_from(digits(8..10)?).ok()?,
    )
    .ok()
}

/// The day as `2026-01-31`.
pub fn to_text(day: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        day.year(),
        u8::from(day.month()),
        day.day()
    )
}

/// Days from `from` to `to`, both included; 0 if `to` is earlier.
pub fn inclusive(from: Date, to: Date) -> u32 {
    u32::try_from(to.to_julian_day() - from.to_julian_day() + 1).unwrap_or(0)
}

/// 365 or 366.
pub fn in_year(year: i32) -> u16 {
    time::util::days_in_year(year)
}

/// The same month and day `years` later; 29 February becomes 1 March where there is none,
/// so that the day before it is the last day of the period. `None` beyond the year 9999.
pub fn years_later(day: Date, years: i32) -> Option<Date> {
    let year = day.year().checked_add(years)?;
    day.replace_year(year).ok().or_else(|| {
        if day.month() == Month::February && day.day() == 29 {
            Date::from_calendar_date(year, Month::March, 1).ok()
        } else {
            None
        }
    })
}

/// Serde: a day as the text `2026-01-31`.
pub mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use time::Date;

    /// Writes the text.
    pub fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::to_text(*day))
    }

    /// Reads the text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse(&text).ok_or_else(|| Error::custom("not a date; write it as 2026-01-31"))
    }
}
