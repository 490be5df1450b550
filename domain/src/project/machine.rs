//! What the two state machines share: the shape of a row, who acts, whose turn it is, which clock runs.

use serde::Serialize;
use time::{Date, Duration};

use crate::calendar::Calendar;
use crate::refusal::Refusal;
use crate::role::Role;

/// One row of a table: in state `from`, `actor` may cause `event`, which leads to `to` if no guard refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition<State: 'static, Event: 'static, Guard: 'static> {
    /// The state it starts from.
    pub from: State,
    /// What happens.
    pub event: Event,
    /// Who may cause it.
    pub actor: Actor,
    /// The state it leads to; the same as `from` where only the record's content changes.
    pub to: State,
    /// The conditions, asked in this order; all refusals are reported together.
    pub guards: &'static [Guard],
    /// The clause or observation it rests on; `[D]` marks a design decision of this platform.
    pub source: &'static str,
}

/// Who causes an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The owner of the project.
    Owner,
    /// The VVB named in the document (validator or verifier).
    NamedVvb,
    /// The registry.
    Operator,
    /// Anyone.
    Anyone,
    /// The passing of a date.
    Date,
    /// A provincial or higher ecology and environment department, whose notice the registry enters.
    Authority,
}

impl Actor {
    /// The role a signed-in user needs, or `None` for anyone and for dates.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Owner => Some(Role::ProjectOwner),
            Self::NamedVvb => Some(Role::Vvb),
            Self::Operator | Self::Authority => Some(Role::RegistryOperator),
            Self::Anyone | Self::Date => None,
        }
    }
}

/// Whose turn it is: who must act so that the record goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The owner.
    Owner,
    /// The VVB.
    Vvb,
    /// The registry.
    Operator,
    /// Nobody: it goes on by itself when a date comes.
    Date,
    /// Nobody: it is finished, or rests until somebody wants something.
    Nobody,
}

impl Party {
    /// The stable text in the interface catalogue (`party.<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Vvb => "vvb",
            Self::Operator => "operator",
            Self::Date => "date",
            Self::Nobody => "nobody",
        }
    }
}

/// How a limit counts days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// Working days, first and last counted: a publicity window.
    WorkingWindow(u32),
    /// Working days after the start day, which is not counted.
    Working(u32),
    /// Calendar days after the start day.
    Calendar(u32),
}

/// The day from which a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// The first day of publicity.
    PublicityStart,
    /// The day the registry received the application.
    Received,
}

/// The limit that runs in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// How long.
    pub days: Days,
    /// From which day.
    pub start: ClockStart,
    /// `true`: when it ends the state changes by itself. `false`: a target; nothing is refused after it,
    /// the interface shows that it has passed.
    pub binding: bool,
    /// The clause it rests on.
    pub source: &'static str,
}

impl Clock {
    /// Publicity: 20 working days.
    pub const PUBLICITY: Self = Self {
        days: Days::WorkingWindow(20),
        start: ClockStart::PublicityStart,
        binding: true,
        source: "Measures art. 12, 19",
    };
    /// Validation and verification: 100 calendar days from the start of publicity "in principle".
    pub const VVB_REPORT: Self = Self {
        days: Days::Calendar(100),
        start: ClockStart::PublicityStart,
        binding: false,
        source: "CNCA-CCER-01:2023 4.3.3, 5.3.3",
    };
    /// Review of an application for registration: 15 working days from receipt.
    pub const REGISTRATION: Self = Self {
        days: Days::Working(15),
        start: ClockStart::Received,
        binding: false,
        source: "Measures art. 15, 22",
    };

    /// The last day of the limit. Days during which the review was paused (`paused_days`, calendar days) are
    /// added to a target as calendar days for [`Days::Calendar`] and as working days otherwise. Refused if
    /// the calendar does not reach so far.
    pub fn due(self, calendar: &Calendar, start: Date, paused_days: u32) -> Result<Date, Refusal> {
        match self.days {
            Days::WorkingWindow(days) => calendar.window_end(start, days),
            Days::Working(days) => {
                calendar.add_working_days(start, days.saturating_add(paused_days))
            }
            Days::Calendar(days) => {
                let days = Duration::days(i64::from(days) + i64::from(paused_days));
                Ok(start.checked_add(days).unwrap_or(Date::MAX))
            }
        }
    }
}

/// The publicity window of a request approved on a day: 20 working days, first and last counted, from the next working day.
/// Refused if the window reaches a year whose calendar is not published.
pub fn publicity_window(calendar: &Calendar, approved_on: Date) -> Result<(Date, Date), Refusal> {
    let start = calendar.next_working_day(approved_on)?;
    Ok((start, Clock::PUBLICITY.due(calendar, start, 0)?))
}

/// For how many working days a review that was paused on `since` and taken up again on `resumed` stood still: those after the day on
/// which it stopped, which counted already, up to and with the day on which it goes on. Refused (`calendar_year_unpublished`) where
/// the pause reaches a year whose calendar is not known: a pause is never counted as nothing.
pub fn paused_working_days(
    calendar: &Calendar,
    since: Date,
    resumed: Date,
) -> Result<u32, Refusal> {
    calendar.working_days_between(since.next_day().unwrap_or(since), resumed)
}

/// The lists of the public site, by the real registry's `dataType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum PublicTab {
    /// `1` 公示中项目.
    ProjectsInPublicity,
    /// `1-1` 公示结束项目.
    ProjectsPublicityEnded,
    /// `2` 已登记项目.
    ProjectsRegistered,
    /// `3` 公示中减排量.
    ReductionsInPublicity,
    /// `3-1` 公示结束减排量.
    ReductionsPublicityEnded,
    /// `4` 已登记减排量.
    ReductionsRegistered,
    /// `5` 已签发减排量.
    ReductionsIssued,
    /// `6` 已注销项目.
    ProjectsDeregistered,
}

impl PublicTab {
    /// Every tab, in the order of the public site.
    pub const ALL: &[Self] = &[
        Self::ProjectsInPublicity,
        Self::ProjectsPublicityEnded,
        Self::ProjectsRegistered,
        Self::ReductionsInPublicity,
        Self::ReductionsPublicityEnded,
        Self::ReductionsRegistered,
        Self::ReductionsIssued,
        Self::ProjectsDeregistered,
    ];

    /// The real registry's `dataType`.
    pub const fn data_type(self) -> &'static str {
        match self {
            Self::ProjectsInPublicity => "1",
            Self::ProjectsPublicityEnded => "1-1",
            Self::ProjectsRegistered => "2",
            Self::ReductionsInPublicity => "3",
            Self::ReductionsPublicityEnded => "3-1",
            Self::ReductionsRegistered => "4",
            Self::ReductionsIssued => "5",
            Self::ProjectsDeregistered => "6",
        }
    }

    /// The tab with this `dataType`, if there is one.
    pub fn from_data_type(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|tab| tab.data_type() == text)
    }
}

/// A state enum with its labels. Columns: variant, code, public `applyStatus` or "", Chinese, English, tab, turn, clock.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $status:literal, $zh:literal, $en:literal, $tab:expr, $turn:expr, $clock:expr;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every state, in the order of a life.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable text in the database and in addresses.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The real public site's `applyStatus`, if it has one for this state.
            pub const fn public_status(self) -> Option<&'static str> {
                let status = match self { $(Self::$variant => $status),+ };
                if status.is_empty() { None } else { Some(status) }
            }

            /// The Chinese name: the real public label where there is one.
            pub const fn name_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The English name.
            pub const fn name_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// The public list that shows it; `None`: not public.
            pub const fn public_tab(self) -> Option<PublicTab> {
                match self { $(Self::$variant => $tab),+ }
            }

            /// Whose turn it is.
            pub const fn turn(self) -> Party {
                match self { $(Self::$variant => $turn),+ }
            }

            /// The limit that runs.
            pub const fn clock(self) -> Option<Clock> {
                match self { $(Self::$variant => $clock),+ }
            }

            /// The state with this code, if there is one.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.code() == code)
            }
        }
    };
}
pub(super) use states;

/// An event enum. Columns: variant, name, the act that causes it (or `None`: a date, or the end of the project it belongs to).
macro_rules! events {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $act:expr;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every event.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name, as in refusals and timelines.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The act that causes it; `None` for dates and for what follows from the end of a project.
            pub const fn act(self) -> Option<Act> {
                match self { $(Self::$variant => $act),+ }
            }

            /// The event caused by an act, if the act moves this kind of record.
            pub fn of_act(act: Act) -> Option<Self> {
                Self::ALL.iter().copied().find(|event| event.act() == Some(act))
            }
        }
    };
}
pub(super) use events;
