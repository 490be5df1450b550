//! What the sinks share: powers and roots, sampling, the deductions, and year lines of removals.
//!
//! Stocks come from measurements, means and growth curves, which no decimal holds exactly. They are kept to 28 digits while
//! they are computed and to twelve decimals where they are kept; the one rounding that counts is that of the year line.

pub(super) mod fields;
pub(super) mod non_permanence;
pub(super) mod real;
pub(super) mod uncertainty;
pub(super) mod year_lines;

use rust_decimal::Decimal;

use crate::exact::TooManyDigits;

/// An amount as it is kept: twelve decimals.
pub(super) fn amount(value: Decimal) -> Decimal {
    value.round_dp(12).normalize()
}

/// The sum, to 28 digits.
pub(super) fn sum(one: Decimal, other: Decimal) -> Result<Decimal, TooManyDigits> {
    one.checked_add(other).ok_or(TooManyDigits)
}

/// The product of all factors, to 28 digits.
pub(super) fn product(factors: &[Decimal]) -> Result<Decimal, TooManyDigits> {
    factors
        .iter()
        .try_fold(Decimal::ONE, |product, factor| product.checked_mul(*factor))
        .ok_or(TooManyDigits)
}

/// The quotient, to 28 digits. A denominator of zero is refused.
pub(super) fn divide(one: Decimal, other: Decimal) -> Result<Decimal, TooManyDigits> {
    one.checked_div(other).ok_or(TooManyDigits)
}

/// Carbon as carbon dioxide: × 44/12.
pub(super) fn carbon_dioxide(carbon: Decimal) -> Result<Decimal, TooManyDigits> {
    divide(product(&[carbon, Decimal::from(44)])?, Decimal::from(12))
}
