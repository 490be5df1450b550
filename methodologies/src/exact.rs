//! Exact fractions: amounts times days divided by days of the year must not lose a digit before they are rounded down.

use rust_decimal::Decimal;

/// The amounts need more digits than 28: computing on would round where nobody sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDigits;

/// A decimal over a small whole denominator. Its 38 digits are ten more than a [`Decimal`] has: a fuel with the values of a design
/// document, spread over days and taken from electricity, needs some thirty.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    /// The value is `mantissa / 10^scale / denominator`.
    mantissa: i128,
    scale: u32,
    denominator: u32,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self {
        mantissa: 0,
        scale: 0,
        denominator: 1,
    };

    /// `numerator / denominator`; a denominator of 0 is taken as 1.
    pub fn new(numerator: Decimal, denominator: u32) -> Self {
        let numerator = numerator.normalize();
        Self {
            mantissa: numerator.mantissa(),
            scale: numerator.scale(),
            denominator: denominator.max(1),
        }
    }

    /// The sum, exact.
    pub fn plus(self, other: Self) -> Result<Self, TooManyDigits> {
        let denominator = least_common_multiple(self.denominator, other.denominator)?;
        let scale = self.scale.max(other.scale);
        let mantissa = |one: Self| {
            power_of_ten(scale - one.scale)?
                .checked_mul(i128::from(denominator / one.denominator))
                .and_then(|factor| factor.checked_mul(one.mantissa))
        };
        let sum = mantissa(self)
            .zip(mantissa(other))
            .and_then(|(one, other)| one.checked_add(other));
        Ok(Self {
            mantissa: sum.ok_or(TooManyDigits)?,
            scale,
            denominator,
        })
    }

    /// The difference, exact.
    pub fn minus(self, other: Self) -> Result<Self, TooManyDigits> {
        self.plus(Self {
            mantissa: other.mantissa.checked_neg().ok_or(TooManyDigits)?,
            ..other
        })
    }

    /// The product with a fraction of whole numbers, exact.
    pub fn times(self, numerator: u32, denominator: u32) -> Result<Self, TooManyDigits> {
        if numerator == denominator {
            return Ok(self);
        }
        let mantissa = self.mantissa.checked_mul(i128::from(numerator));
        let denominator = self.denominator.checked_mul(denominator.max(1));
        Ok(Self {
            mantissa: mantissa.ok_or(TooManyDigits)?,
            scale: self.scale,
            denominator: denominator.ok_or(TooManyDigits)?,
        })
    }

    /// The largest whole number that is not larger. The only place where a result is rounded.
    pub fn round_down(self) -> Result<i64, TooManyDigits> {
        // 10^28 times the largest denominator is far below the largest i128
        let divisor = power_of_ten(self.scale)
            .and_then(|unit| unit.checked_mul(i128::from(self.denominator)))
            .ok_or(TooManyDigits)?;
        i64::try_from(self.mantissa.div_euclid(divisor)).map_err(|_| TooManyDigits)
    }

    /// The value to 28 significant digits, for display.
    pub fn to_decimal(self) -> Decimal {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        let numerator = loop {
            match Decimal::try_from_i128_with_scale(mantissa, scale) {
                Ok(numerator) => break numerator.normalize(),
                Err(_) if scale == 0 => break Decimal::MAX,
                Err(_) => (mantissa, scale) = (mantissa / 10, scale - 1),
            }
        };
        numerator
            .checked_div(Decimal::from(self.denominator))
            .unwrap_or(numerator)
            .normalize()
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// The product, or an error where a digit would be lost.
pub fn multiply(one: Decimal, other: Decimal) -> Result<Decimal, TooManyDigits> {
    if one.is_zero() || other.is_zero() {
        return Ok(Decimal::ZERO);
    }
    // a product whose scale is the sum of the scales was not rounded
    let exact = |one: Decimal, other: Decimal| {
        one.checked_mul(other)
            .filter(|product| product.scale() == one.scale() + other.scale())
    };
    exact(one, other)
        .or_else(|| exact(one.normalize(), other.normalize()))
        .ok_or(TooManyDigits)
}

/// The sum, or an error where a digit would be lost.
pub fn add(one: Decimal, other: Decimal) -> Result<Decimal, TooManyDigits> {
    let (one, other) = (one.normalize(), other.normalize());
    let sum = one.checked_add(other).ok_or(TooManyDigits)?;
    let back = sum.checked_sub(other).ok_or(TooManyDigits)?;
    if back == one && sum.checked_sub(one).ok_or(TooManyDigits)? == other {
        Ok(sum.normalize())
    } else {
        Err(TooManyDigits)
    }
}

/// The difference, or an error where a digit would be lost.
pub fn subtract(one: Decimal, other: Decimal) -> Result<Decimal, TooManyDigits> {
    add(one, -other)
}

fn least_common_multiple(one: u32, other: u32) -> Result<u32, TooManyDigits> {
    let (mut larger, mut smaller) = (one, other);
    while smaller != 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    (one / larger.max(1))
        .checked_mul(other)
        .ok_or(TooManyDigits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_put_together_from_parts_is_not_a_hair_short() {
        let part = Exact::new(Decimal::from(1000), 1).times(275, 365).unwrap();
        let rest = Exact::new(Decimal::from(1000), 1).times(90, 365).unwrap();
        assert_eq!(part.plus(rest).unwrap().round_down(), Ok(1000));
    }

    #[test]
    fn rounding_goes_down_also_below_zero() {
        assert_eq!(Exact::new(Decimal::new(-1, 1), 1).round_down(), Ok(-1));
        assert_eq!(Exact::new(Decimal::from(-1), 3).round_down(), Ok(-1));
        assert_eq!(Exact::new(Decimal::from(-3), 3).round_down(), Ok(-1));
        assert_eq!(Exact::new(Decimal::new(19, 1), 1).round_down(), Ok(1));
    }

    #[test]
    fn a_fuel_with_many_decimals_is_spread_over_days_without_losing_one() {
        let carbon = Decimal::from_i128_with_scale(1_234_567_890_123_456_789_012_345, 21);
        let burnt = Exact::new(carbon, 1)
            .times(11, 3)
            .unwrap()
            .times(302, 366)
            .unwrap();
        let baseline = Exact::new(Decimal::new(2_480_751_773_860_768, 10), 1)
            .times(302, 366)
            .unwrap();
        let reductions = baseline.minus(burnt).unwrap();
        // (248075.1773860768 - 1234.567890123456789012345 * 11/3) * 302/366, in whole numbers
        assert_eq!(reductions.round_down(), Ok(200_960));
        assert!(
            reductions
                .to_decimal()
                .to_string()
                .starts_with("200960.72511912")
        );
    }

    #[test]
    fn a_lost_digit_is_an_error_not_a_rounding() {
        let fine = Decimal::from_i128_with_scale(1, 20);
        assert_eq!(multiply(fine, fine), Err(TooManyDigits));
        assert_eq!(
            multiply(Decimal::MAX, Decimal::new(11, 1)),
            Err(TooManyDigits)
        );
        assert_eq!(add(Decimal::MAX, Decimal::new(1, 1)), Err(TooManyDigits));
        assert_eq!(add(Decimal::MAX, Decimal::ONE), Err(TooManyDigits));
    }

    #[test]
    fn lines_agree_with_whole_number_arithmetic() {
        // a small deterministic sequence instead of chance: the same inputs on every run and target
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 20) % below
        };
        for _ in 0..20_000 {
            let (energy, factor) = (next(10_000_000_000_000), next(200_000));
            let days_in_year = if next(4) == 0 { 366 } else { 365 };
            let days = u32::try_from(next(days_in_year) + 1).unwrap();
            let sign = if next(5) == 0 { -1 } else { 1 };
            let by_hand =
                (i128::from(sign) * i128::from(energy) * i128::from(factor) * i128::from(days))
                    .div_euclid(i128::from(days_in_year) * 100_000_000_000);
            let energy = Decimal::from_i128_with_scale(i128::from(sign) * i128::from(energy), 6);
            let factor = Decimal::from_i128_with_scale(i128::from(factor), 5);
            let line = Exact::new(multiply(energy, factor).unwrap(), 1)
                .times(days, u32::try_from(days_in_year).unwrap())
                .unwrap();
            assert_eq!(i128::from(line.round_down().unwrap()), by_hand);
        }
    }
}
