//! Powers, exponentials and roots: the only floats of this crate.
//!
//! Growth curves and biomass equations have exponents such as 1.97; no decimal can hold their results exactly. They are computed by
//! `libm`, plain Rust that does the same operations natively and in WebAssembly, and every result is cut to
//! [`SIGNIFICANT_DIGITS`] digits before anything else happens to it, so what leaves this file is a [`Decimal`] with the
//! same digits everywhere.
#![allow(
    clippy::float_arithmetic,
    reason = "irrational functions exist for floats only; results are rounded to fewer digits than a float keeps"
)]

use rust_decimal::Decimal;

use crate::exact::TooManyDigits;

/// Digits of a result. A float keeps 15 to 17; the last ones are left out.
const SIGNIFICANT_DIGITS: i32 = 12;

/// `base` to the power of `exponent`. Refused: a negative base, zero to a negative power, results of 10^18 or more.
pub fn power(base: Decimal, exponent: Decimal) -> Result<Decimal, TooManyDigits> {
    if base.is_sign_negative() && !base.is_zero() {
        return Err(TooManyDigits);
    }
    rounded(libm::pow(float(base)?, float(exponent)?))
}

/// e to the power of `exponent`. Refused: results of 10^18 or more.
pub fn exponential(exponent: Decimal) -> Result<Decimal, TooManyDigits> {
    rounded(libm::exp(float(exponent)?))
}

/// The square root. Refused: negative numbers.
pub fn square_root(number: Decimal) -> Result<Decimal, TooManyDigits> {
    rounded(libm::sqrt(float(number)?))
}

/// The nearest float: through its text, because that conversion is exactly rounded.
fn float(number: Decimal) -> Result<f64, TooManyDigits> {
    number.to_string().parse().map_err(|_| TooManyDigits)
}

/// The float as a decimal of [`SIGNIFICANT_DIGITS`] digits. Below 10^-17 it is zero.
fn rounded(number: f64) -> Result<Decimal, TooManyDigits> {
    if !number.is_finite() {
        return Err(TooManyDigits);
    }
    // "-1.23456789012e-5"
    let text = format!("{number:.11e}");
    let (digits, exponent) = text.split_once('e').ok_or(TooManyDigits)?;
    let digits: i128 = digits.replace('.', "").parse().map_err(|_| TooManyDigits)?;
    let exponent: i32 = exponent.parse().map_err(|_| TooManyDigits)?;
    let scale = SIGNIFICANT_DIGITS - 1 - exponent;
    if exponent >= 18 {
        return Err(TooManyDigits);
    }
    match u32::try_from(scale) {
        Ok(scale) if scale > 28 => Ok(Decimal::ZERO),
        Ok(scale) => Decimal::try_from_i128_with_scale(digits, scale)
            .map(|decimal| decimal.normalize())
            .map_err(|_| TooManyDigits),
        Err(_) => {
            let zeros = 10_i128.pow(scale.unsigned_abs());
            Decimal::try_from_i128_with_scale(digits * zeros, 0).map_err(|_| TooManyDigits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn results_have_twelve_digits() {
        // compared with a calculator of 50 digits
        for (found, wanted) in [
            (power(number("2"), number("0.5")), "1.41421356237"),
            (power(number("12.4"), number("1.9699831")), "142.568060321"),
            (power(number("0"), number("2")), "0"),
            (power(number("7"), number("0")), "1"),
            (exponential(number("1")), "2.71828182846"),
            (exponential(number("-30")), "0.0000000000000935762296884"),
            (square_root(number("24")), "4.89897948557"),
            (exponential(number("-60")), "0"),
            (power(number("10"), number("15")), "1000000000000000"),
        ] {
            assert_eq!(found.map(|found| found.to_string()), Ok(wanted.to_owned()));
        }
    }

    #[test]
    fn what_has_no_result_is_an_error() {
        for refused in [
            power(number("-2"), number("0.5")),
            power(number("0"), number("-1")),
            power(number("10"), number("18")),
            exponential(number("1000")),
            square_root(number("-1")),
        ] {
            assert_eq!(refused, Err(TooManyDigits));
        }
    }
}
