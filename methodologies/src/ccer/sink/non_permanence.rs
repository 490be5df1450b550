//! The deduction because stored carbon may be lost again.

use rust_decimal::Decimal;

use super::product;
use crate::exact::TooManyDigits;

/// What is deducted from the net removals of a line at the rate K_RISK (0 to 1): never negative. A loss stays a whole loss.
pub(in crate::ccer) fn deduction(net: Decimal, k_risk: Decimal) -> Result<Decimal, TooManyDigits> {
    if net <= Decimal::ZERO {
        return Ok(Decimal::ZERO);
    }
    product(&[net, k_risk])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_not_made_smaller() {
        let tenth = Decimal::new(1, 1);
        assert_eq!(deduction(Decimal::from(50), tenth), Ok(Decimal::from(5)));
        assert_eq!(deduction(Decimal::ZERO, tenth), Ok(Decimal::ZERO));
        assert_eq!(deduction(Decimal::from(-50), tenth), Ok(Decimal::ZERO));
    }
}
