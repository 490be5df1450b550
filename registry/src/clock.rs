//! The demo clock, and the steps that happen by date.

use domain::Instant;
use serde::{Deserialize, Serialize};

use crate::{By, Error, Registry};

/// What the passing of days moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Records whose publicity began.
    pub publicity_begun: u64,
    /// Records whose publicity ended.
    pub publicity_ended: u64,
    /// Projects whose crediting period ended.
    pub expired: u64,
}

impl Registry {
    /// Seconds to add to the system clock: 0 unless in demo mode and moved.
    pub async fn clock_offset(&self) -> Result<i64, Error> {
        Err(Error::not_built())
    }

    /// Moves the demo clock forward by 1..=400 days and lets everything due by then happen; answers with the new offset.
    /// Refuses `demo_only` and `clock_step_out_of_range`.
    pub async fn clock_advance(&self, by: &By, days: i64) -> Result<i64, Error> {
        let _ = (by, days);
        Err(Error::not_built())
    }

    /// Sets the demo clock's offset, also backwards: for the seed and for tests, never behind a page. Refuses `demo_only`.
    pub async fn clock_set(&self, offset_seconds: i64) -> Result<(), Error> {
        let _ = offset_seconds;
        Err(Error::not_built())
    }

    /// Lets everything that is due by date at `now` happen, each exactly once, each recorded. Cheap when nothing is due.
    pub async fn clock_tick(&self, now: Instant) -> Result<Tick, Error> {
        let _ = now;
        Err(Error::not_built())
    }
}
