//! The methodologies of the national voluntary greenhouse gas reduction programme (CCER), one file each.

pub mod afforestation;
pub mod coal_mine_gas;
pub mod mangrove;
pub mod offshore_wind;
pub mod sampling;
pub mod solar_thermal;
pub mod tunnel_lighting;

mod estimate;
mod estimator;
pub(crate) mod fields;
mod fuel_use;
mod grid_factor;
mod lines;
mod meter;
mod monitoring;
mod period;
mod sink;
pub(crate) mod working;
mod year_line;

use rust_decimal::Decimal;

use crate::exact::TooManyDigits;

/// The power as the calculators compute it, for formulas tried alone.
pub(crate) fn power(base: Decimal, exponent: Decimal) -> Result<Decimal, TooManyDigits> {
    sink::real::power(base, exponent)
}

/// The exponential as the calculators compute it.
pub(crate) fn exponential(exponent: Decimal) -> Result<Decimal, TooManyDigits> {
    sink::real::exponential(exponent)
}

/// The square root as the calculators compute it.
pub(crate) fn square_root(number: Decimal) -> Result<Decimal, TooManyDigits> {
    sink::real::square_root(number)
}
