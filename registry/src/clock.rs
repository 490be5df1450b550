//! The demo clock, and the steps that happen by date.

use domain::Instant;
use serde::{Deserialize, Serialize};

use domain::refusal::codes;
use domain::{Act, Refusal};

use crate::perform::{Deed, Done, perform};
use crate::record::{due_step, take_step};
use crate::store::{people, record as store};
use crate::{By, Error, Registry};

/// The setting that keeps the offset.
pub(crate) const OFFSET: &str = "clock_offset";
/// The longest step of the demo clock, days.
const DAYS_MAX: i64 = 400;
/// How many records one tick looks at between two questions to the database.
const BATCH: i64 = 100;

/// What the passing of days moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Records whose publicity began.
    pub publicity_begun: u64,
    /// Records whose publicity ended.
    pub publicity_ended: u64,
    /// Projects whose crediting period ended.
    pub expired: u64,
    /// Transfers and reservations whose last day passed.
    #[serde(default)]
    pub holds_ended: u64,
}

impl Registry {
    /// Seconds to add to the system clock: 0 unless in demo mode and moved.
    pub async fn clock_offset(&self) -> Result<i64, Error> {
        if !self.options.demo {
            return Ok(0);
        }
        let mut connection = self.store.read().await?;
        let stored = people::setting_get(&mut connection, OFFSET).await?;
        Ok(stored.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Moves the demo clock forward by 1..=400 days and lets everything due by then happen; answers with the new offset.
    /// Refuses `demo_only` and `clock_step_out_of_range`.
    pub async fn clock_advance(&self, by: &By, days: i64) -> Result<i64, Error> {
        if !self.options.demo {
            return Err(Refusal::new(codes::DEMO_ONLY).into());
        }
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(Refusal::new(codes::CLOCK_STEP_OUT_OF_RANGE)
                .at("days")
                .with("max", DAYS_MAX)
                .into());
        }
        let deed = Deed::by(Act::ClockAdvance, by, &days)?;
        let offset: Result<i64, Error> = perform!(self, deed, |tx| {
            let stored = people::setting_get(tx.connection(), OFFSET).await?;
            let offset = stored
                .and_then(|text| text.parse::<i64>().ok())
                .unwrap_or(0)
                + days * 86_400;
            people::setting_put(tx.connection(), OFFSET, &offset.to_string()).await?;
            Ok(Done {
                subject_kind: "setting",
                subject: OFFSET.to_owned(),
                state: None,
                note: None,
                is_public: false,
                answer: offset,
            })
        });
        let offset = offset?;
        let now = by.at.plus_seconds(days * 86_400);
        self.clock_tick(now).await?;
        self.reminders_tick(now).await?;
        self.inclusion_tick(now).await?;
        Ok(offset)
    }

    /// Sets the demo clock's offset, also backwards: for the seed and for tests, never behind a page. Refuses `demo_only`.
    pub async fn clock_set(&self, offset_seconds: i64) -> Result<(), Error> {
        if !self.options.demo {
            return Err(Refusal::new(codes::DEMO_ONLY).into());
        }
        let mut connection = self.store.write().await?;
        Ok(people::setting_put(&mut connection, OFFSET, &offset_seconds.to_string()).await?)
    }

    /// Lets everything that is due by date at `now` happen, each exactly once, each recorded. Cheap when nothing is due.
    pub async fn clock_tick(&self, now: Instant) -> Result<Tick, Error> {
        let mut tick = Tick::default();
        loop {
            let mut connection = self.store.read().await?;
            let due = store::due(&mut connection, &now.beijing_date().to_string(), BATCH).await?;
            drop(connection);
            if due.is_empty() {
                tick.holds_ended = self.holds_tick(now).await?;
                return Ok(tick);
            }
            for (kind, id) in &due {
                self.settle_one(kind, id, now, &mut tick).await?;
            }
        }
    }
}

impl Registry {
    /// Lets what is due for one record happen, each step in a transaction of its own.
    async fn settle_one(
        &self,
        kind: &str,
        id: &str,
        now: Instant,
        tick: &mut Tick,
    ) -> Result<(), Error> {
        loop {
            let mut connection = self.store.read().await?;
            let row = store::by_id(&mut connection, kind, id)
                .await?
                .ok_or(Error::NotFound)?;
            drop(connection);
            let Some(due) = due_step(&row, now.beijing_date())? else {
                return Ok(());
            };
            let deed = Deed::by_date(&due.kind(&row), &due.key(&row), now)?;
            let done: Result<(), Error> = perform!(self, deed, |tx| {
                let mut row = store::by_id(tx.connection(), kind, id)
                    .await?
                    .ok_or(Error::NotFound)?;
                // Something else moved the record since it was read.
                let due = due_step(&row, now.beijing_date())?.ok_or(Error::Busy)?;
                take_step(tx, &mut row, &due).await
            });
            done?;
            tick.count(&row.state, due.next());
        }
    }
}

impl Tick {
    fn count(&mut self, before: &str, after: &str) {
        self.publicity_begun += u64::from(before == "publicity_scheduled");
        self.publicity_ended += u64::from(after == "publicity_ended");
        self.expired += u64::from(after == "expired");
    }
}
