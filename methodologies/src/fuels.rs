//! Default values of fossil fuels. All of them are assumed; a design document may fix its own.

use rust_decimal::Decimal;
use serde::Serialize;
use time::Date;

use crate::parameter::Assumed;
use crate::text::Text;

/// A fuel with its defaults.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fuel {
    /// Its code, for example `natural_gas`.
    pub code: &'static str,
    /// Its name.
    pub name: Text,
    /// Unit of the amount: `t` or `10^4 Nm3`.
    pub unit: &'static str,
    /// First day on which the defaults may be used.
    #[serde(with = "crate::day::as_text")]
    pub from: Date,
    /// Net calorific value, GJ per unit of the amount.
    pub ncv: Assumed<Decimal>,
    /// Carbon content, tC/GJ.
    pub cc: Assumed<Decimal>,
    /// Oxidation rate, a fraction of one.
    pub of: Assumed<Decimal>,
}

/// Every fuel.
pub fn fuels() -> &'static [Fuel] {
    crate::generated::FUELS
}

/// The fuel with this code.
pub fn fuel(code: &str) -> Option<&'static Fuel> {
    fuels().iter().find(|fuel| fuel.code == code)
}
