//! When an organiser is reminded that the time for neutralising runs out. Design of this platform [D]: no official text asks for it.

use time::Date;

use super::life::{EventState, deadline, settled};

/// A reminder of the last day for neutralising.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineReminder {
    /// It comes when at most this many days are left.
    pub days: i64,
    /// Its name in the record of acts and in the catalogue of texts.
    pub kind: &'static str,
}

/// Every reminder, the earliest first; each comes once for an event and a last day.
pub const DEADLINE_REMINDERS: [DeadlineReminder; 3] = [
    DeadlineReminder {
        days: 90,
        kind: "reminder_event_90",
    },
    DeadlineReminder {
        days: 30,
        kind: "reminder_event_30",
    },
    DeadlineReminder {
        days: 7,
        kind: "reminder_event_7",
    },
];

impl DeadlineReminder {
    /// The reminder with this name.
    pub fn from_kind(kind: &str) -> Option<Self> {
        DEADLINE_REMINDERS
            .into_iter()
            .find(|reminder| reminder.kind == kind)
    }

    /// The key that lets it come once: for this event and this last day.
    pub fn key(self, event: &str, last: Date) -> String {
        format!("{}:{event}:{last}", self.kind)
    }
}

/// Days that are left for neutralising, 0 on the last day; `None` where nothing runs out: the event is not over, its units are retired,
/// it was given up, or it is too late.
pub fn days_left(state: EventState, today: Date, ends_on: Date, forest: bool) -> Option<i64> {
    // nobody is reminded after the last day, so it does not matter whether a version is published
    let settled = settled(state, today, ends_on, forest, false);
    let last = deadline(ends_on, forest);
    let waits = matches!(
        settled,
        EventState::Held | EventState::Accounted | EventState::Corrected
    );
    (waits && today <= last).then(|| (last - today).whole_days())
}

/// The reminder that is due: the latest whose time has come, so that one that was missed does not come together with the next.
pub fn due_reminder(
    state: EventState,
    today: Date,
    ends_on: Date,
    forest: bool,
) -> Option<DeadlineReminder> {
    let left = days_left(state, today, ends_on, forest)?;
    DEADLINE_REMINDERS
        .into_iter()
        .rev()
        .find(|reminder| left <= reminder.days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_reminder_comes_from_its_day_on_and_the_latest_wins() {
        let ends = date!(2025 - 06 - 21);
        let kind = |state, today| due_reminder(state, today, ends, false).map(|found| found.days);
        // the last day is 2026-06-21: 90 days before it is 2026-03-23, 30 days 2026-05-22, 7 days 2026-06-14
        for (today, expected) in [
            (date!(2025 - 06 - 22), None),
            (date!(2026 - 03 - 22), None),
            (date!(2026 - 03 - 23), Some(90)),
            (date!(2026 - 05 - 21), Some(90)),
            (date!(2026 - 05 - 22), Some(30)),
            (date!(2026 - 06 - 13), Some(30)),
            (date!(2026 - 06 - 14), Some(7)),
            (date!(2026 - 06 - 21), Some(7)),
            (date!(2026 - 06 - 22), None),
        ] {
            assert_eq!(kind(EventState::Published, today), expected, "{today}");
        }
    }

    #[test]
    fn nobody_is_reminded_of_what_is_done_or_given_up() {
        let (ends, today) = (date!(2025 - 06 - 21), date!(2026 - 06 - 15));
        for (state, expected) in [
            (EventState::Planned, Some(6)),
            (EventState::Held, Some(6)),
            (EventState::Accounted, Some(6)),
            (EventState::Corrected, Some(6)),
            (EventState::Covered, None),
            (EventState::Evaluated, None),
            (EventState::Neutral, None),
            (EventState::Lapsed, None),
            (EventState::Withdrawn, None),
        ] {
            assert_eq!(days_left(state, today, ends, false), expected, "{state:?}");
            // a new forest has six years
            let forest = expected.map(|_| 6 + 365 * 5 + 1);
            assert_eq!(days_left(state, today, ends, true), forest, "{state:?}");
        }
    }
}
