//! The methodologies of the national voluntary greenhouse gas reduction programme (CCER), one file each.

pub mod offshore_wind;
pub mod solar_thermal;

mod estimate;
mod fields;
mod fuel_use;
mod grid_factor;
mod lines;
mod meter;
mod monitoring;
mod period;
mod working;
mod year_line;
