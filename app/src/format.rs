//! Numbers, dates and units as people read them. Used on the server and inside islands.

use domain::Instant;
use time::{Date, Month};

use crate::lang::Lang;

/// The true minus sign, as wide as a digit.
const MINUS: char = '−';

/// A whole number with its digits in groups of three: `1,655,202`, `−12`.
pub fn whole(number: i64) -> String {
    decimal(&number.to_string())
}

/// A decimal number given as plain text (`-1655202.5`) with its whole digits in groups of three.
/// Digits are never dropped or rounded; a text that is not a plain number comes back unchanged.
pub fn decimal(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (Some(MINUS), digits),
        None => (None, text),
    };
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !fraction.is_none_or(plain) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + whole.len() / 3 + 2);
    shown.extend(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// A day: `2026年11月21日`, `21 Nov 2026`.
pub fn date(lang: Lang, date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    match lang {
        Lang::Zh => format!("{year}年{}月{day}日", u8::from(month)),
        Lang::En => format!("{day} {} {year}", month_short(month)),
    }
}

/// A day given as `2026-11-21`; a text that is not a day comes back unchanged.
pub fn date_text(lang: Lang, text: &str) -> String {
    parse_date(text).map_or_else(|| text.to_owned(), |day| date(lang, day))
}

/// `2026-11-21` as a day.
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()
}

/// A period: `2024年1月1日至2024年12月31日`, `1 Jan 2024 to 31 Dec 2024`.
pub fn period(lang: Lang, from: Date, to: Date) -> String {
    format!(
        "{}{}{}",
        date(lang, from),
        lang.choose("至", " to "),
        date(lang, to)
    )
}

/// A moment in Beijing time to the minute: `2026年11月21日 19:40`, `21 Nov 2026, 19:40`.
pub fn moment(lang: Lang, at: Instant) -> String {
    let minute = at.0.div_euclid(60) + 8 * 60;
    let (hour, minute) = (minute.div_euclid(60).rem_euclid(24), minute.rem_euclid(60));
    format!(
        "{}{}{hour:02}:{minute:02}",
        date(lang, at.beijing_date()),
        lang.choose(" ", ", ")
    )
}

/// A share of a whole, `12.3 %`, computed in tenths of a percent without floats; `–` when the whole is 0.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (i128::from(part) * 1000 + i128::from(whole) / 2) / i128::from(whole);
    format!("{}.{} %", tenths / 10, (tenths % 10).abs())
}

fn month_short(month: Month) -> &'static str {
    [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][usize::from(u8::from(month)) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date as day;

    #[test]
    fn digits_are_grouped_and_never_changed() {
        assert_eq!(whole(804_345), "804,345");
        assert_eq!(whole(0), "0");
        assert_eq!(whole(-1_000), "−1,000");
        assert_eq!(whole(i64::MIN), "−9,223,372,036,854,775,808");
        assert_eq!(decimal("1655202.500"), "1,655,202.500");
        assert_eq!(decimal("-0.4859"), "−0.4859");
        for odd in ["", "-", "1,000", "abc", "1.", ".5", "1e9"] {
            assert_eq!(decimal(odd), odd);
        }
    }

    #[test]
    fn days_and_moments_are_written_as_each_language_writes_them() {
        assert_eq!(date(Lang::Zh, day!(2026 - 11 - 21)), "2026年11月21日");
        assert_eq!(date(Lang::En, day!(2026 - 01 - 02)), "2 Jan 2026");
        assert_eq!(date_text(Lang::En, "2026-02-30"), "2026-02-30");
        assert_eq!(
            moment(Lang::En, Instant(1_763_725_205)),
            "21 Nov 2025, 19:40"
        );
        assert_eq!(moment(Lang::Zh, Instant(-1)), "1970年1月1日 07:59");
        assert_eq!(
            period(Lang::En, day!(2024 - 01 - 01), day!(2024 - 12 - 31)),
            "1 Jan 2024 to 31 Dec 2024"
        );
    }

    #[test]
    fn shares_are_rounded_to_a_tenth_of_a_percent() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(2, 3), "66.7 %");
        assert_eq!(percent(5, 0), "–");
        assert_eq!(percent(i64::MAX, i64::MAX), "100.0 %");
    }
}
