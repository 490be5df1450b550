//! What a formula computes, as a short expression over the names of its symbols: `44 / 12 * b * cf`.
//!
//! Numbers, names, `+ - * /`, `^`, brackets, and the functions `exp`, `sqrt`, `floor` and `max`. Nothing is rounded between.

use rust_decimal::Decimal;

use crate::ccer;
use crate::exact::TooManyDigits;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoValue {
    /// The amounts need more digits than there are, or a logarithm or root has none.
    TooLarge,
    /// Divided by zero.
    DividedByZero,
    /// The expression itself is wrong; the word at which reading stopped. A test computes every formula, so no visitor sees it.
    Malformed(String),
}

impl From<TooManyDigits> for NoValue {
    fn from(_: TooManyDigits) -> Self {
        Self::TooLarge
    }
}

/// The value of an expression; `value_of` gives the value of each name.
pub(super) fn value(
    expression: &str,
    value_of: &dyn Fn(&str) -> Option<Decimal>,
) -> Result<Decimal, NoValue> {
    let words = words(expression);
    let mut reading = Reading {
        words: &words,
        at: 0,
        value_of,
    };
    let value = reading.sum()?;
    match reading.next() {
        None => Ok(value.normalize()),
        Some(word) => Err(NoValue::Malformed(word.to_owned())),
    }
}

fn words(expression: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for character in expression.chars() {
        let part = character.is_ascii_alphanumeric() || character == '_' || character == '.';
        match words.last_mut() {
            Some(word) if part && open => word.push(character),
            _ if character.is_whitespace() => {}
            _ => words.push(character.to_string()),
        }
        open = part;
    }
    words
}

struct Reading<'a> {
    words: &'a [String],
    at: usize,
    value_of: &'a dyn Fn(&str) -> Option<Decimal>,
}

impl<'a> Reading<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    fn taken(&mut self, wanted: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|word| word == wanted);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Result<Decimal, NoValue> {
        let mut sum = self.product()?;
        loop {
            let next = if self.taken("+") {
                self.product()?
            } else if self.taken("-") {
                -self.product()?
            } else {
                return Ok(sum);
            };
            sum = sum.checked_add(next).ok_or(NoValue::TooLarge)?;
        }
    }

    /// Divisions come last: `x × 365 / 366` loses no digit before it must.
    fn product(&mut self) -> Result<Decimal, NoValue> {
        let mut product = self.power()?;
        let mut divisor = Decimal::ONE;
        loop {
            if self.taken("*") {
                product = product
                    .checked_mul(self.power()?)
                    .ok_or(NoValue::TooLarge)?;
            } else if self.taken("/") {
                divisor = divisor
                    .checked_mul(self.power()?)
                    .ok_or(NoValue::TooLarge)?;
            } else if divisor.is_zero() {
                return Err(NoValue::DividedByZero);
            } else if divisor == Decimal::ONE {
                return Ok(product);
            } else {
                return product.checked_div(divisor).ok_or(NoValue::TooLarge);
            }
        }
    }

    fn power(&mut self) -> Result<Decimal, NoValue> {
        let base = self.single()?;
        if self.taken("^") {
            let exponent = self.single()?;
            return Ok(ccer::power(base, exponent)?);
        }
        Ok(base)
    }

    fn single(&mut self) -> Result<Decimal, NoValue> {
        let word = self.next().unwrap_or_default();
        match word {
            "(" => {
                let value = self.sum()?;
                self.close(value)
            }
            "-" => Ok(-self.single()?),
            "exp" | "sqrt" | "floor" if self.taken("(") => {
                let inner = self.sum()?;
                let inner = self.close(inner)?;
                match word {
                    "exp" => Ok(ccer::exponential(inner)?),
                    "sqrt" => Ok(ccer::square_root(inner)?),
                    _ => Ok(inner.floor()),
                }
            }
            "max" if self.taken("(") => {
                let one = self.sum()?;
                if !self.taken(",") {
                    return Err(NoValue::Malformed(word.to_owned()));
                }
                let other = self.sum()?;
                self.close(one.max(other))
            }
            word => word
                .parse()
                .ok()
                .or_else(|| (self.value_of)(word))
                .ok_or_else(|| NoValue::Malformed(word.to_owned())),
        }
    }

    fn close(&mut self, value: Decimal) -> Result<Decimal, NoValue> {
        if self.taken(")") {
            Ok(value)
        } else {
            Err(NoValue::Malformed(")".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(expression: &str) -> Result<Decimal, NoValue> {
        value(expression, &|name| match name {
            "b" => Some(Decimal::from(12)),
            "nothing" => Some(Decimal::ZERO),
            _ => None,
        })
    }

    #[test]
    fn products_bind_before_sums_and_powers_before_products() {
        let number = |text: &str| Ok(text.parse::<Decimal>().unwrap());
        assert_eq!(of("1 + 2 * 3"), number("7"));
        assert_eq!(of("(1 + 2) * 3 - b"), number("-3"));
        assert_eq!(of("2 * 3 ^ 2"), number("18"));
        assert_eq!(of("44 / 12 * b"), number("44"));
        assert_eq!(of("max(0, floor(-1.5))"), number("0"));
        assert_eq!(of("sqrt(b * b) + exp(0)"), number("13"));
    }

    #[test]
    fn nonsense_has_no_value_and_does_not_panic() {
        assert_eq!(of("1 / nothing"), Err(NoValue::DividedByZero));
        for expression in [
            "", "1 +", "(1", "1 2", "unknown", "max(1)", "sqrt", ")", "1 , 2",
        ] {
            assert!(
                matches!(of(expression), Err(NoValue::Malformed(_))),
                "{expression}"
            );
        }
        let large = "9999999999999999999999999999 * 9999999999999999999999999999";
        assert_eq!(of(large), Err(NoValue::TooLarge));
    }
}
