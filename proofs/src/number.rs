//! The numbers of certificates: `HTR-`, a year, a running number of at least six digits, and a check digit.

/// The check digit of digits, by ISO 7064 MOD 11,10; `None` if something else is among them.
pub fn check_digit(digits: &str) -> Option<char> {
    let mut product = 10;
    for digit in digits.chars() {
        let sum = (digit.to_digit(10)? + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    char::from_digit((11 - product) % 10, 10)
}

/// Whether a text is the number of a certificate as it is written in its file: nothing else may become part of an address.
pub fn is_certificate_number(text: &str) -> bool {
    let mut parts = text.split('-');
    let (head, year, sequence) = (parts.next(), parts.next(), parts.next());
    let (check, end) = (parts.next(), parts.next());
    let (Some("HTR"), Some(year), Some(sequence), Some(check), None) =
        (head, year, sequence, check, end)
    else {
        return false;
    };
    year.len() == 4
        && (6..=18).contains(&sequence.len())
        && check.len() == 1
        && check_digit(&format!("{year}{sequence}")) == check.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_with_its_check_digit_is_one() {
        assert!(is_certificate_number("HTR-2026-000001-7"));
        for wrong in [
            "",
            "..",
            "HTR-2026-000001-4",
            "HTR-2026-000001-7 ",
            "htr-2026-000001-5",
            "HTR-2026-000001-7-1",
            "HTR-2026-1-5",
            "HTR-2026-00000１-7",
            "../HTR-2026-000001-7",
        ] {
            assert!(!is_certificate_number(wrong), "{wrong}");
        }
    }
}
