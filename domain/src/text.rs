//! Reading what people type: text, dates and whole numbers, with full-width characters understood and
//! everything doubtful refused rather than guessed.

use time::{Date, Month};

use crate::refusal::{Refusal, codes};

/// Full-width ASCII (as typed by Chinese input methods) to plain ASCII, ends trimmed; other characters stay.
pub fn narrow(text: &str) -> String {
    let narrowed: String = text
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect();
    narrowed.trim().to_owned()
}

/// A required text of at most `max` characters (not bytes), trimmed. Refused: empty, too long, or with
/// control characters other than line breaks and tabs.
pub fn required_text(field: &str, text: &str, max: usize) -> Result<String, Refusal> {
    match optional_text(field, text, max)? {
        Some(text) => Ok(text),
        None => Err(Refusal::new(codes::REQUIRED).at(field)),
    }
}

/// As [`required_text`], with `None` for an empty text.
pub fn optional_text(field: &str, text: &str, max: usize) -> Result<Option<String>, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if length > max {
        return Err(Refusal::new(codes::TEXT_TOO_LONG)
            .at(field)
            .with("max", max)
            .with("length", length));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(Refusal::new(codes::TEXT_CONTROL_CHARACTER).at(field));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A date written `2026-01-31`, `2026/1/31`, `2026.1.31` or `2026年1月31日`, digits of any width.
/// Refused: empty (`required`), anything else (`date_invalid`), years outside 1900..=2200.
pub fn date(field: &str, text: &str) -> Result<Date, Refusal> {
    let typed = narrow(text);
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    read_date(&typed).ok_or_else(|| {
        let shown: String = typed.chars().take(40).collect();
        Refusal::new(codes::DATE_INVALID)
            .at(field)
            .with("value", shown)
    })
}

fn read_date(typed: &str) -> Option<Date> {
    let parts: Vec<&str> = if let Some(body) = typed.strip_suffix('日') {
        let (year, rest) = body.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        vec![year, month, day]
    } else {
        let separator = ['-', '/', '.'].into_iter().find(|c| typed.contains(*c))?;
        typed.split(separator).collect()
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let digits = |part: &str, most: usize| {
        let part = part.trim();
        let plain = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if plain {
            part.parse::<u16>().ok()
        } else {
            None
        }
    };
    let year = digits(year, 4).filter(|year| (1900..=2200).contains(year))?;
    let month = Month::try_from(u8::try_from(digits(month, 2)?).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(digits(day, 2)?).ok()?).ok()
}

/// A number of whole tonnes, at least 1, digits of any width. Refused, each with its own reason: empty,
/// thousands separators, fractions, zero, negative, too large, not a number.
pub fn whole_tonnes(field: &str, text: &str) -> Result<i64, Refusal> {
    let typed = narrow(text);
    if typed.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let shown: String = typed.chars().take(40).collect();
    let refuse = |code| Err(Refusal::new(code).at(field).with("value", &shown));
    let (negative, digits) = match typed.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, typed.as_str()),
    };
    if digits.contains([',', '，', '\'', '_']) || digits.split_whitespace().count() > 1 {
        return refuse(codes::NUMBER_HAS_SEPARATORS);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return refuse(codes::NUMBER_INVALID);
    }
    if fraction.bytes().any(|b| b != b'0') {
        return refuse(codes::QUANTITY_NOT_WHOLE);
    }
    match whole.parse::<i64>() {
        Ok(0) => refuse(codes::QUANTITY_NOT_POSITIVE),
        Ok(_) if negative => refuse(codes::QUANTITY_NOT_POSITIVE),
        Ok(tonnes) if tonnes <= crate::ledger::QUANTITY_MAX => Ok(tonnes),
        _ => refuse(codes::QUANTITY_OUT_OF_RANGE),
    }
}
