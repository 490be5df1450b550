//! The audit of the day: the server runs it by itself, one copy of it once a day, and tells the operators if anything differs.

use domain::Instant;

use crate::perform::{Deed, Done, perform};
use crate::store::log as store;
use crate::{Error, Registry};

/// The day of an audit begins at this hour, Beijing time: when few people act.
const BEGINS_SECONDS: i64 = 3 * 3_600;
/// How long a copy of the server may take before another one takes the day over, seconds.
pub const AUDIT_LEASE_SECONDS: i64 = 6 * 3_600;
/// The step by date that tells the operators.
const TOLD: &str = "audit_failed";

/// What became of the audit of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DailyAudit {
    /// It was run before, or another copy of the server is at it.
    Taken,
    /// It was run now, with so many differences.
    Ran(usize),
}

impl Registry {
    /// Runs the audit of the day, if nobody has. What it finds is kept for the audit page; of differences the operators are told, and also of
    /// an audit that could not be brought to an end: then the error is the answer, and it is tried again when the time for it is over.
    pub async fn audit_daily(&self, now: Instant) -> Result<DailyAudit, Error> {
        let day = now.plus_seconds(-BEGINS_SECONDS).beijing_date().to_string();
        let stale = now.plus_seconds(-AUDIT_LEASE_SECONDS).0;
        let mut connection = self.store.write().await?;
        let taken = store::audit_day_take(&mut connection, &day, now.0, stale).await?;
        drop(connection);
        if !taken {
            return Ok(DailyAudit::Taken);
        }
        let report = match Box::pin(self.audit()).await {
            Ok(report) => report,
            Err(error) => {
                self.tell_of_audit(&day, "unfinished", now).await?;
                return Err(error);
            }
        };
        self.audit_keep(&report, now).await?;
        let found = report.differences.len();
        if found > 0 {
            self.tell_of_audit(&day, "differs", now).await?;
        }
        let mut connection = self.store.write().await?;
        store::audit_day_end(&mut connection, &day, now.0).await?;
        Ok(DailyAudit::Ran(found))
    }

    /// Tells the operators, once for each day and outcome.
    async fn tell_of_audit(&self, day: &str, outcome: &str, now: Instant) -> Result<(), Error> {
        let deed = Deed::by_date(TOLD, &format!("{TOLD}:{outcome}:{day}"), now)?;
        perform!(self, deed, |_tx| {
            Ok(Done {
                subject_kind: "audit",
                subject: day.to_owned(),
                state: None,
                note: Some(outcome.to_owned()),
                is_public: false,
                answer: (),
            })
        })
    }
}
