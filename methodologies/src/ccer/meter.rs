//! Conservative correction of meter readings, before netting (clause 7.3.4): exports down, imports and fuels up.

use rust_decimal::Decimal;
use time::Date;

use super::working::{StepText, Working};
use crate::exact;
use crate::input::{InputError, Reader};
use crate::quantity::Percent;
use crate::text::{Text, text};

/// Whether a reading earns reductions or costs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Export: corrected downwards.
    Credit,
    /// Import, fuel: corrected upwards.
    Debit,
}

/// The state of the meter of one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meter {
    InOrder,
    /// The actual basic error in percent, without sign.
    OutsideClass(Decimal),
    /// The id of the parameter with the largest error of its class.
    Uncalibrated(&'static str),
}

/// A reading with what its step is called.
pub(super) struct Reading {
    pub symbol: &'static str,
    pub title: Text,
    pub side: Side,
    pub amount: Decimal,
    pub unit: &'static str,
    pub meter: Meter,
}

/// Where the three fields of a meter are.
pub(super) struct MeterPaths {
    pub status: String,
    pub class: String,
    pub error: String,
}

/// Reads an electricity meter's state. `needed`: an empty status is an error.
pub(super) fn read_electricity_meter(
    reader: &mut Reader<'_>,
    paths: &MeterPaths,
    needed: bool,
) -> Option<Meter> {
    let class = reader.choice(&paths.class);
    read_meter(reader, paths, needed, |reader| match class {
        Some("0.2S") => Some("meter_mpe_0_2s"),
        Some("0.5S") => Some("meter_mpe_0_5s"),
        Some("1.0") => Some("meter_mpe_1_0"),
        _ => {
            if !reader.has(&paths.class) {
                reader.error(InputError::new(
                    paths.class.as_str(),
                    "meter_class_required",
                ));
            }
            None
        }
    })
}

/// Reads a fuel flow meter's state: class 2.0, the worst the methodology admits.
pub(super) fn read_flow_meter(
    reader: &mut Reader<'_>,
    paths: &MeterPaths,
    needed: bool,
) -> Option<Meter> {
    read_meter(reader, paths, needed, |_| Some("flow_meter_mpe_2_0"))
}

fn read_meter(
    reader: &mut Reader<'_>,
    paths: &MeterPaths,
    needed: bool,
    class: impl Fn(&mut Reader<'_>) -> Option<&'static str>,
) -> Option<Meter> {
    let status = reader.choice(&paths.status);
    let error: Option<Percent> = reader.quantity(&paths.error);
    match status {
        Some("in_order") => Some(Meter::InOrder),
        Some("outside_class") => {
            if error.is_none() && !reader.has(&paths.error) {
                reader.error(InputError::new(
                    paths.error.as_str(),
                    "meter_error_required",
                ));
            }
            Some(Meter::OutsideClass(error?.value().abs()))
        }
        Some(_) => class(reader).map(Meter::Uncalibrated),
        None => {
            if needed
                && !reader.has(&paths.status)
                && !reader.errors.iter().any(|e| e.path == paths.status)
            {
                reader.error(InputError::new(paths.status.as_str(), "required"));
            }
            None
        }
    }
}

/// The reading as it counts, with its step if it was corrected.
pub(super) fn corrected(
    reading: &Reading,
    line: &str,
    methodology: &str,
    on: Date,
    working: &mut Working<'_>,
) -> Result<Decimal, InputError> {
    let (percent, what) = match reading.meter {
        Meter::InOrder => return Ok(reading.amount),
        Meter::OutsideClass(error) => (error, "|e|"),
        Meter::Uncalibrated(id) => (working.number(id, on, "as_of")?, "MPE"),
    };
    let share = exact::multiply(percent, Decimal::new(1, 2))?;
    let (factor, sign) = match reading.side {
        Side::Credit => (exact::subtract(Decimal::ONE, share)?, '−'),
        Side::Debit => (exact::add(Decimal::ONE, share)?, '+'),
    };
    let value = exact::multiply(reading.amount, factor)?;
    Ok(working.step(
        line,
        StepText {
            symbol: reading.symbol,
            title: text(
                "{what}（按计量误差保守修正）",
                "{what}, corrected for the meter's error",
            )
            .naming("what", reading.title),
            clause: format!("{methodology} §7.3.4"),
            formula: format!("{} × (1 {sign} {what})", reading.symbol),
            unit: reading.unit,
        },
        &[
            (reading.symbol, reading.amount, reading.unit),
            (what, percent, "%"),
        ],
        value,
    ))
}
