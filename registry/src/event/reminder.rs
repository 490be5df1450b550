//! Reminders of the last day for neutralising, each once.

use domain::Instant;
use domain::event::{DEADLINE_REMINDERS, DeadlineReminder, deadline, due_reminder};
use time::{Date, Duration, Month};

use crate::perform::{Deed, Done, perform};
use crate::record::day_of;
use crate::store::event as store;
use crate::{Error, Registry};

use super::state_of;

/// Events of one look.
const EVENTS_MAX: i64 = 200;

impl Registry {
    /// Writes every reminder of the last day for neutralising that is due at `now`. Answers with how many. Cheap when nothing is due.
    pub(crate) async fn event_reminders(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date();
        let farthest = DEADLINE_REMINDERS.iter().map(|reminder| reminder.days);
        let until = today.saturating_add(Duration::days(farthest.max().unwrap_or(0)));
        // the last day follows from the last day of the event: one year later, six with a forest; a day more for 29 February
        let window = |years: i32| {
            let from = years_earlier(today, years).saturating_sub(Duration::DAY);
            let to = years_earlier(until, years).saturating_add(Duration::DAY);
            (from.to_string(), to.to_string())
        };
        let (near, forest) = (window(1), window(6));
        let (mut written, mut after) = (0, String::new());
        loop {
            let mut connection = self.store.read().await?;
            let found =
                store::ending_between(&mut connection, &near, &forest, &after, EVENTS_MAX).await?;
            let mut due = Vec::new();
            for row in &found {
                let (ends_on, has_forest) = (day_of(&row.ends_on)?, row.has_forest == 1);
                let reminder = due_reminder(state_of(row)?, today, ends_on, has_forest);
                let Some(reminder) = reminder else { continue };
                let key = reminder.key(&row.id, deadline(ends_on, has_forest));
                if !store::reminded(&mut connection, &key).await? {
                    due.push((row.id.clone(), reminder, key));
                }
            }
            drop(connection);
            for (event, reminder, key) in due {
                written += u64::from(self.remind_of_event(&event, reminder, &key, now).await?);
            }
            match found.last() {
                Some(last) if found.len() == usize::try_from(EVENTS_MAX).unwrap_or(usize::MAX) => {
                    after.clone_from(&last.id);
                }
                _ => return Ok(written),
            }
        }
    }

    /// Writes one reminder, if the event still waits for it.
    async fn remind_of_event(
        &self,
        event: &str,
        reminder: DeadlineReminder,
        key: &str,
        now: Instant,
    ) -> Result<bool, Error> {
        let deed = Deed::by_date(reminder.kind, key, now)?;
        let written: Result<bool, Error> = perform!(self, deed, |tx| {
            let row = store::by_id(tx.connection(), event).await?;
            let row = row.ok_or(Error::NotFound)?;
            let (ends_on, has_forest) = (day_of(&row.ends_on)?, row.has_forest == 1);
            let last = deadline(ends_on, has_forest);
            let still = due_reminder(state_of(&row)?, now.beijing_date(), ends_on, has_forest)
                == Some(reminder)
                && reminder.key(event, last) == key;
            if !still {
                // somebody was faster: there is nothing to remind of any more
                return Err(Error::NotFound);
            }
            Ok(Done {
                subject_kind: "event",
                subject: event.to_owned(),
                state: None,
                note: Some(last.to_string()),
                is_public: false,
                answer: true,
            })
        });
        match written {
            Err(Error::NotFound) => Ok(false),
            other => other,
        }
    }
}

/// The same day some years earlier; 29 February becomes the 28th.
fn years_earlier(day: Date, years: i32) -> Date {
    let year = day.year() - years;
    Date::from_calendar_date(year, day.month(), day.day())
        .or_else(|_| Date::from_calendar_date(year, Month::February, 28))
        .unwrap_or(Date::MIN)
}
