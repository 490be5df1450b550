//! Reading what people type: text, dates and whole numbers, with full-width characters understood and
//! everything doubtful refused rather than guessed.

use methodologies::quantity::{NumberError, TonnesCo2e};
use rust_decimal::Decimal;
use time::{Date, Month};

use crate::ledger::QUANTITY_MAX;
use crate::refusal::{Refusal, codes};

/// Full-width ASCII (as typed by Chinese input methods) to plain ASCII, ends trimmed; other characters stay.
pub fn narrow(text: &str) -> String {
    let narrowed: String = text
        .chars()
        .map(methodologies::quantity::half_width)
        .collect();
    narrowed.trim().to_owned()
}

/// A name as names are compared: width, blanks and capitals make no difference.
pub fn plain_name(name: &str) -> String {
    narrow(name)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
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

/// A number of whole tonnes, at least 1 and at most [`QUANTITY_MAX`]. Read as every amount is (digits of
/// any width, well-placed thousands separators, `t` behind it); refused, each with its own reason:
/// empty, fractions, zero, negative, too large, not a number.
pub fn whole_tonnes(field: &str, text: &str) -> Result<i64, Refusal> {
    let amount = match text.parse::<TonnesCo2e>() {
        Ok(amount) => amount.value(),
        Err(NumberError::Empty) => return Err(Refusal::new(codes::REQUIRED).at(field)),
        Err(error) => return Err(Refusal::from(error).at(field)),
    };
    if amount <= Decimal::ZERO {
        return Err(Refusal::new(codes::QUANTITY_NOT_POSITIVE)
            .at(field)
            .with("value", amount));
    }
    if !amount.is_integer() {
        return Err(Refusal::new(codes::QUANTITY_NOT_WHOLE)
            .at(field)
            .with("value", amount));
    }
    match i64::try_from(amount) {
        Ok(tonnes) if tonnes <= QUANTITY_MAX => Ok(tonnes),
        _ => Err(Refusal::new(codes::QUANTITY_OUT_OF_RANGE)
            .at(field)
            .with("value", amount)
            .with("max", QUANTITY_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date as day;

    #[test]
    fn dates_are_read_in_the_ways_people_write_them() {
        let ways = [
            "2026-01-31",
            "2026/1/31",
            "2026.01.31",
            "2026年1月31日",
            " ２０２６－０１－３１ ",
            "２０２６年１月３１日",
        ];
        for typed in ways {
            assert_eq!(date("d", typed), Ok(day!(2026 - 01 - 31)), "{typed}");
        }
    }

    #[test]
    fn what_is_not_a_date_is_refused_at_its_field() {
        let long = "9".repeat(10_000);
        let typed = [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-32",
            "31-01-2026",
            "2026-01",
            "2026-1-1-1",
            "20260131",
            "2026年1月",
            "1月31日",
            "2026-01-3l",
            "-2026-01-31",
            "0026-01-31",
            "9999-01-31",
            "tomorrow",
            "+26-01-31",
            &long,
        ];
        for text in typed {
            let refusal = date("d", text).expect_err(text);
            assert_eq!(
                (refusal.code, refusal.field.as_deref()),
                (codes::DATE_INVALID, Some("d")),
                "{text}"
            );
            assert!(
                refusal
                    .param("value")
                    .is_some_and(|value| value.chars().count() <= 40)
            );
        }
        assert_eq!(
            date("d", " \u{3000}").map_err(|refusal| refusal.code),
            Err(codes::REQUIRED)
        );
    }

    #[test]
    fn tonnes_are_whole_and_positive_and_each_mistake_has_its_reason() {
        let table: &[(&str, Result<i64, &str>)] = &[
            ("", Err(codes::REQUIRED)),
            ("0", Err(codes::QUANTITY_NOT_POSITIVE)),
            ("-5", Err(codes::QUANTITY_NOT_POSITIVE)),
            ("2.5", Err(codes::QUANTITY_NOT_WHOLE)),
            ("0.000001", Err(codes::QUANTITY_NOT_WHOLE)),
            ("1,5", Err("number_ambiguous_separator")),
            ("1e6", Err("number_exponent")),
            ("60 kg", Err("number_wrong_unit")),
            ("六十", Err("number_not_a_number")),
            ("NaN", Err("number_not_a_number")),
            ("1000000000001", Err(codes::QUANTITY_OUT_OF_RANGE)),
            ("9999999999999999999", Err("number_too_many_digits")),
            ("60", Ok(60)),
            ("60.0", Ok(60)),
            ("６０", Ok(60)),
            ("1,655,202", Ok(1_655_202)),
            ("60 t", Ok(60)),
            ("1000000000000", Ok(QUANTITY_MAX)),
        ];
        for (typed, expected) in table {
            let result = whole_tonnes("quantity", typed).map_err(|refusal| {
                assert_eq!(refusal.field.as_deref(), Some("quantity"));
                refusal.code
            });
            assert_eq!(result, *expected, "{typed}");
        }
    }

    #[test]
    fn texts_are_trimmed_counted_in_characters_and_free_of_control_characters() {
        assert_eq!(required_text("t", "  风电 ", 2), Ok("风电".to_owned()));
        assert_eq!(optional_text("t", "   ", 2), Ok(None));
        assert_eq!(required_text("t", "a\nb", 3), Ok("a\nb".to_owned()));
        let code = |result: Result<String, Refusal>| result.map_err(|refusal| refusal.code);
        assert_eq!(code(required_text("t", "", 2)), Err(codes::REQUIRED));
        assert_eq!(
            code(required_text("t", "风电场", 2)),
            Err(codes::TEXT_TOO_LONG)
        );
        assert_eq!(
            code(required_text("t", "a\u{0}b", 9)),
            Err(codes::TEXT_CONTROL_CHARACTER)
        );
        let long = required_text("t", &"x".repeat(10_000_000), 200).expect_err("10 MB");
        assert_eq!(
            (long.param("max"), long.param("length")),
            (Some("200"), Some("10000000"))
        );
    }
}
