//! Numbers that people copy from paper: account numbers and retirement numbers, each with a check digit (ISO 7064, MOD 11,10),
//! which finds every single wrong digit and nearly every exchange of two.

use domain::text::narrow;

/// Account numbers begin after this, so that all have eight digits.
const ACCOUNT_BASE: i64 = 10_000_000;

/// The `sequence`-th account number: `HT-1000-0001-` and its check digit.
pub(crate) fn account_number(sequence: i64) -> String {
    let digits = (ACCOUNT_BASE + sequence).to_string();
    let (first, last) = digits.split_at(digits.len() - 4);
    format!("HT-{first}-{last}-{}", check_digit(&digits))
}

/// An account number as typed, in its normal form; `None` if it cannot be one.
pub(crate) fn read_account_number(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let digits = plain.strip_prefix("HT")?;
    let (body, check) = checked(digits)?;
    let (first, last) = body.split_at_checked(body.len().checked_sub(4)?)?;
    (body.len() >= 8).then(|| format!("HT-{first}-{last}-{check}"))
}

/// The `sequence`-th retirement of a year: `HTR-2026-000001-` and its check digit.
pub(crate) fn retirement_number(year: i32, sequence: i64) -> String {
    let digits = format!("{year:04}{sequence:06}");
    let (first, last) = digits.split_at(4);
    format!("HTR-{first}-{last}-{}", check_digit(&digits))
}

/// A retirement number as typed, in its normal form; `None` if it cannot be one.
pub(crate) fn read_retirement_number(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let digits = plain.strip_prefix("HTR")?;
    let (body, check) = checked(digits)?;
    let (year, sequence) = body.split_at_checked(4)?;
    (sequence.len() >= 6).then(|| format!("HTR-{year}-{sequence}-{check}"))
}

/// Whether a text holds a retirement number, alone or among other words.
pub(crate) fn names_retirement(text: &str) -> bool {
    let letters: String = narrow(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let letters = letters.to_ascii_uppercase();
    letters.match_indices("HTR").any(|(at, _)| {
        let digits = &letters[at + "HTR".len()..];
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let digits = &digits[..end.unwrap_or(digits.len())];
        // a year, six digits and the check digit, where other digits follow
        [Some(digits), digits.get(..11)]
            .into_iter()
            .flatten()
            .any(|digits| read_retirement_number(&format!("HTR{digits}")).is_some())
    })
}

/// Whether a text names serial numbers of this ledger in any way of writing them: `HT`, a project's code, a year and a number.
pub(crate) fn names_serial(text: &str) -> bool {
    let letters: Vec<char> = narrow(text)
        .to_ascii_uppercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    letters.windows(14).any(|found| {
        let (head, digits) = found.split_at(3);
        head[..2] == ['H', 'T']
            && head[2].is_ascii_uppercase()
            && digits.iter().all(char::is_ascii_digit)
            // after the six digits of the code comes a year
            && matches!(digits[6..8], ['1', '9'] | ['2', '0'])
    })
}

/// The `sequence`-th event of a year: `E2026-000001-` and its check digit.
pub(crate) fn event_number(year: i32, sequence: i64) -> String {
    let digits = format!("{year:04}{sequence:06}");
    let (first, last) = digits.split_at(4);
    format!("E{first}-{last}-{}", check_digit(&digits))
}

/// An event number as typed, in its normal form; `None` if it cannot be one.
pub(crate) fn read_event_number(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let digits = plain.strip_prefix('E')?;
    let (body, check) = checked(digits)?;
    let (year, sequence) = body.split_at_checked(4)?;
    (sequence.len() >= 6).then(|| format!("E{year}-{sequence}-{check}"))
}

/// The numbers of events in a text, in their normal form, however they are written.
pub(crate) fn event_numbers_in(text: &str) -> Vec<String> {
    let letters: String = narrow(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let letters = letters.to_ascii_uppercase();
    let mut numbers: Vec<String> = Vec::new();
    for (at, _) in letters.match_indices('E') {
        let digits = &letters[at + 1..];
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let digits = &digits[..end.unwrap_or(digits.len())];
        // a year, six digits and the check digit, where other digits follow
        let found = [Some(digits), digits.get(..11)].into_iter().flatten();
        let found = found.filter_map(|digits| read_event_number(&format!("E{digits}")));
        numbers.extend(found);
    }
    numbers.dedup();
    numbers
}

/// The `sequence`-th claim of neutrality of a year: `N2026-000001-` and its check digit.
pub(crate) fn neutral_number(year: i32, sequence: i64) -> String {
    let digits = format!("{year:04}{sequence:06}");
    let (first, last) = digits.split_at(4);
    format!("N{first}-{last}-{}", check_digit(&digits))
}

/// A number of a claim of neutrality as typed, in its normal form; `None` if it cannot be one.
pub(crate) fn read_neutral_number(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let digits = plain.strip_prefix('N')?;
    let (body, check) = checked(digits)?;
    let (year, sequence) = body.split_at_checked(4)?;
    (sequence.len() >= 6).then(|| format!("N{year}-{sequence}-{check}"))
}

/// Capital letters and digits only, of any width.
fn plain(typed: &str) -> String {
    let plain: String = narrow(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(40)
        .collect();
    plain.to_ascii_uppercase()
}

/// Splits the check digit off, if it fits.
fn checked(digits: &str) -> Option<(&str, char)> {
    let check = digits.chars().last().filter(char::is_ascii_digit)?;
    let body = &digits[..digits.len() - 1];
    let fits = !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_digit())
        && check_digit(body) == check;
    fits.then_some((body, check))
}

fn check_digit(digits: &str) -> char {
    proofs::check_digit(digits).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_back_however_it_is_typed() {
        let account = account_number(1);
        assert!(account.starts_with("HT-1000-0001-"), "{account}");
        for typed in [
            account.clone(),
            account.to_lowercase(),
            account.replace('-', ""),
            format!("  {}", account.replace('-', " ")),
        ] {
            assert_eq!(
                read_account_number(&typed),
                Some(account.clone()),
                "{typed}"
            );
        }
        let retirement = retirement_number(2026, 1);
        assert_eq!(
            read_retirement_number(&retirement.to_lowercase()),
            Some(retirement.clone())
        );
        assert_eq!(read_account_number(&retirement), None);
        assert_eq!(read_retirement_number(&account), None);
        for nonsense in ["", "HT", "HT-", "HTR-1", "HT-1000-0001", "HT-一千", "🀄"] {
            assert_eq!(read_account_number(nonsense), None, "{nonsense}");
            assert_eq!(read_retirement_number(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_retirement_number_is_found_among_other_words() {
        let number = retirement_number(2026, 7);
        for text in [
            number.clone(),
            number.to_lowercase(),
            number.replace('-', " "),
            format!("注销编号：{number}（2 吨）"),
            format!("{number} 2 t"),
            format!("HTR {number}"),
        ] {
            assert!(names_retirement(&text), "{text}");
        }
        for text in ["", "HTR", "PHCER 7-16", "HTR-2026", "HTR-一千", "🀄"] {
            assert!(!names_retirement(text), "{text}");
        }
    }

    #[test]
    fn serial_numbers_of_this_ledger_are_found_among_other_words() {
        for text in [
            "HT-P910001-2026-1-100",
            "ht a210001 2024 7–7",
            "编号（HT-A210001-2024-15-20）共 6 吨",
        ] {
            assert!(names_serial(text), "{text}");
        }
        for text in [
            "",
            "HT",
            "HT-1000-0001-7",
            "PHCER-910001-2026-1",
            "HT-A21-2024-1",
            "🀄",
        ] {
            assert!(!names_serial(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_events_are_found_however_they_are_written() {
        let (one, other) = (event_number(2026, 1), event_number(2026, 12));
        let spaced = one.replace('-', " ").to_lowercase();
        for text in [one.clone(), format!("捐赠予（{one}），谢谢"), spaced] {
            assert_eq!(
                event_numbers_in(&text),
                std::slice::from_ref(&one),
                "{text}"
            );
        }
        assert_eq!(event_numbers_in(&format!("{one}和{other}")), [one, other]);
        for text in [
            "",
            "E",
            "E2026",
            "The event of 2026-06-20",
            "E2026-000001-0E",
        ] {
            assert!(event_numbers_in(text).len() <= 1, "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let account = account_number(123_456);
        for (at, digit) in account.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for wrong in ('0'..='9').filter(|wrong| *wrong != digit) {
                let mut typed = account.clone();
                typed.replace_range(at..=at, &wrong.to_string());
                assert_eq!(read_account_number(&typed), None, "{typed}");
            }
        }
    }
}
