//! Numbers and days as documents write them.

use methodologies::text::Message;
use methodologies::{Finding, ParameterUse};
use rust_decimal::Decimal;

/// Decimals shown in tables; the spreadsheet has all of them.
const TABLE_DECIMALS: u32 = 4;
/// Decimals shown in steps.
const STEP_DECIMALS: u32 = 8;

/// A number in a table: at most four decimals, thousands grouped.
pub(crate) fn in_table(value: Decimal) -> String {
    grouped(value.round_dp(TABLE_DECIMALS).normalize())
}

/// A number in a step: at most eight decimals.
pub(crate) fn in_step(value: Decimal, unit: &str) -> String {
    let number = grouped(value.round_dp(STEP_DECIMALS).normalize());
    match unit {
        "" | "1" => number,
        unit => format!("{number} {unit}"),
    }
}

/// Whole tonnes.
pub(crate) fn tonnes(value: i64) -> String {
    grouped(Decimal::from(value))
}

/// `1234567.5` -> `1,234,567.5`.
fn grouped(value: Decimal) -> String {
    let text = value.to_string();
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !decimals.is_empty() {
        grouped.push('.');
        grouped.push_str(decimals);
    }
    grouped
}

/// The Chinese text.
pub(crate) fn zh(message: &Message) -> String {
    message.zh.clone()
}

/// Whether a condition is met.
pub(crate) fn judged(finding: &Finding) -> &'static str {
    match finding.passed {
        Some(true) => "符合",
        Some(false) => "不符合",
        None => "资料不足",
    }
}

/// What must be known about a parameter: assumed, or no longer current.
pub(crate) fn standing(parameter: &ParameterUse) -> String {
    match (parameter.assumed, parameter.stale) {
        (true, true) => "假定值；已有更新的公布值".to_owned(),
        (true, false) => "假定值".to_owned(),
        (false, true) => "已有更新的公布值".to_owned(),
        (false, false) => "公布值".to_owned(),
    }
}

/// `1.5 MB`, `20 KB`, `17 B`; decimal units, one decimal for megabytes.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        1_000_000.. => {
            let tenths = bytes / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
        1_000.. => format!("{} KB", bytes / 1_000),
        _ => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shortened_for_reading_only() {
        let number = |text: &str| text.parse::<Decimal>().expect("a number");
        assert_eq!(in_table(number("1234567.123456")), "1,234,567.1235");
        assert_eq!(in_table(number("-1234.50")), "−1,234.5");
        assert_eq!(in_step(number("0.8042"), "tCO2/MWh"), "0.8042 tCO2/MWh");
        assert_eq!(in_step(number("12"), "1"), "12");
        assert_eq!(tonnes(-100), "−100");
    }

    #[test]
    fn sizes_are_read_in_the_unit_that_fits() {
        assert_eq!(size(17), "17 B");
        assert_eq!(size(20_480), "20 KB");
        assert_eq!(size(20_971_520), "20.9 MB");
    }
}
