//! The operator's dated rule book: the calendar, the approvals of bodies, which methodologies are admitted, time limits, penalties
//! and legal references. What this program brings along is version 0; every change that two operators approved makes the next
//! version. Version N is version 0 and the changes 1 to N in that order, so every copy of the server reads the same.

pub mod approval;
pub mod limit;
pub mod penalty;
pub mod proposal;

use std::sync::LazyLock;

use methodologies::text::Message;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::calendar::{Calendar, CalendarYear};
use crate::ledger::{OffsetMarket, OffsetRule};
use crate::project::{Clock, Days};
pub use approval::{Approval, ApprovalAction, ApprovalChange, approvals_after};
pub use limit::{LimitCode, LimitEntry, LimitUnit};
pub use penalty::{LegalReference, PenaltyEntry};
pub use proposal::{RuleProposal, approval_key};

/// How sure a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The official text was read.
    OfficialText,
    /// Seen in what the real registry published.
    Observed,
    /// Neither: chosen for this platform, until a text is found.
    Assumed,
}

impl Basis {
    /// Every one, the surest first.
    pub const ALL: &[Self] = &[Self::OfficialText, Self::Observed, Self::Assumed];

    /// The stable text in forms and in the catalogue: `official_text`, `observed`, `assumed`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OfficialText => "official_text",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|basis| basis.code() == code)
    }
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSource {
    /// Name of the document, in both languages where it was built in; as typed in both where an operator entered it.
    pub document: Message,
    /// Its number or reference, with the clause.
    pub number: String,
    /// Its address on the web; may be empty.
    pub address: String,
    /// How sure it is.
    pub basis: Basis,
}

/// The parts of the rule book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleArea {
    /// Working days.
    Calendar,
    /// Approvals of validation and verification bodies by sector.
    VvbApproval,
    /// From when to when a methodology is admitted.
    Methodology,
    /// Time limits.
    TimeLimit,
    /// Penalties.
    Penalty,
    /// Laws and rules.
    LegalReference,
}

impl RuleArea {
    /// Every part, in the order of the page.
    pub const ALL: &[Self] = &[
        Self::Calendar,
        Self::VvbApproval,
        Self::Methodology,
        Self::TimeLimit,
        Self::Penalty,
        Self::LegalReference,
    ];

    /// The stable text in the database, in addresses and in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::VvbApproval => "vvb_approval",
            Self::Methodology => "methodology",
            Self::TimeLimit => "time_limit",
            Self::Penalty => "penalty",
            Self::LegalReference => "legal_reference",
        }
    }

    /// The part with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|area| area.code() == code)
    }
}

/// What a change says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleContent {
    /// A year of working days; `correction` where the year was published before.
    Calendar {
        /// The year.
        year: CalendarYear,
        /// Whether it replaces an edition that is in force.
        correction: bool,
    },
    /// An approval begins, ends, or is written anew.
    VvbApproval(ApprovalChange),
    /// When a methodology is admitted.
    Methodology(Admission),
    /// A time limit from a day on.
    TimeLimit {
        /// Which.
        limit: LimitCode,
        /// How long, in the unit of the limit.
        value: u32,
    },
    /// A penalty from a day on.
    Penalty(PenaltyEntry),
    /// A law or rule.
    LegalReference(LegalReference),
}

impl RuleContent {
    /// Which part it belongs to.
    pub const fn area(&self) -> RuleArea {
        match self {
            Self::Calendar { .. } => RuleArea::Calendar,
            Self::VvbApproval(_) => RuleArea::VvbApproval,
            Self::Methodology(_) => RuleArea::Methodology,
            Self::TimeLimit { .. } => RuleArea::TimeLimit,
            Self::Penalty(_) => RuleArea::Penalty,
            Self::LegalReference(_) => RuleArea::LegalReference,
        }
    }
}

/// From when to when a methodology is admitted for new applications; beside the dates of the methodology itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The methodology, `CCER-01-002-V01`.
    pub methodology: String,
    /// The first day; `None`: as the methodology says.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub from: Option<Date>,
    /// The last day; `None`: no end.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub to: Option<Date>,
}

/// A change with its day and its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// The first day on which it holds.
    #[serde(with = "crate::calendar::iso_day")]
    pub effective_from: Date,
    /// Where it is written.
    pub source: RuleSource,
    /// What it says.
    pub content: RuleContent,
}

/// Everything in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBook {
    /// 0: as built in; otherwise the number of the last approved change.
    pub version: u64,
    /// Working days. Never ask [`Calendar::embedded`] where an imported year counts.
    pub calendar: Calendar,
    /// Every entry of every limit, oldest first.
    pub limits: Vec<LimitEntry>,
    /// Approvals that operators entered, with their source, in the order of their approval.
    pub approvals: Vec<(ApprovalChange, RuleSource)>,
    /// Dates of methodologies, in the order of their approval: the last one of a methodology holds.
    pub admissions: Vec<(Admission, RuleSource)>,
    /// Every entry of every penalty, oldest first.
    pub penalties: Vec<PenaltyEntry>,
    /// Laws and rules; an operator's entry replaces the one with the same code.
    pub references: Vec<LegalReference>,
}

static INITIAL: LazyLock<RuleBook> = LazyLock::new(|| RuleBook {
    version: 0,
    calendar: Calendar::embedded().clone(),
    limits: limit::initial(),
    approvals: Vec::new(),
    admissions: Vec::new(),
    penalties: penalty::initial(),
    references: penalty::initial_references(),
});

impl OffsetMarket {
    /// The entries of the rule book about surrender in this market: the share, and the day after which reductions must have been registered.
    pub const fn limits(self) -> [LimitCode; 2] {
        match self {
            Self::National => [LimitCode::OffsetShare, LimitCode::OffsetAdmissible],
            Self::Local => [
                LimitCode::LocalOffsetShare,
                LimitCode::LocalOffsetAdmissible,
            ],
        }
    }
}

impl RuleBook {
    /// What this program brings along: version 0.
    pub fn initial() -> &'static Self {
        &INITIAL
    }

    /// The next version: this one with one more approved change.
    #[must_use]
    pub fn with(mut self, version: u64, change: &RuleChange) -> Self {
        self.version = version;
        match &change.content {
            RuleContent::Calendar { year, .. } => self.calendar = self.calendar.with_year(year),
            RuleContent::VvbApproval(approval) => {
                self.approvals
                    .push((approval.clone(), change.source.clone()));
            }
            RuleContent::Methodology(admission) => {
                self.admissions
                    .push((admission.clone(), change.source.clone()));
            }
            RuleContent::TimeLimit { limit, value } => self.limits.push(LimitEntry {
                limit: *limit,
                value: *value,
                from: change.effective_from,
                source: change.source.clone(),
            }),
            RuleContent::Penalty(entry) => self.penalties.push(PenaltyEntry {
                from: change.effective_from,
                source: Some(change.source.clone()),
                ..entry.clone()
            }),
            RuleContent::LegalReference(reference) => {
                self.references.retain(|known| known.code != reference.code);
                self.references.push(LegalReference {
                    from: change.effective_from,
                    source: Some(change.source.clone()),
                    ..reference.clone()
                });
            }
        }
        self
    }

    /// How long a limit is for something that begins on a day: the entry that began last; of two that began on the same day, the one
    /// approved last. Before the first entry, that one.
    pub fn limit(&self, limit: LimitCode, on: Date) -> u32 {
        self.limit_entry(limit, on)
            .map_or_else(|| limit.initial_value(), |entry| entry.value)
    }

    /// How long a limit is on a day; `None` before its first entry: the rule did not exist.
    pub fn limit_in_force(&self, limit: LimitCode, on: Date) -> Option<u32> {
        self.limit_entry(limit, on)
            .filter(|entry| entry.from <= on)
            .map(|entry| entry.value)
    }

    /// What may be surrendered in a market by a request of a day: share, and the day after which reductions must have been registered. An entry
    /// that is no day counts as the first one.
    pub fn offset_rule(&self, market: OffsetMarket, on: Date) -> OffsetRule {
        let day = |value: u32| {
            let year = i32::try_from(value / 10_000).ok()?;
            let month = u8::try_from(value / 100 % 100).ok()?;
            let day = u8::try_from(value % 100).ok()?;
            Date::from_calendar_date(year, time::Month::try_from(month).ok()?, day).ok()
        };
        let [share, admissible] = market.limits();
        OffsetRule {
            share_percent: self.limit(share, on),
            registered_after: day(self.limit(admissible, on))
                .or_else(|| day(admissible.initial_value()))
                .unwrap_or(Date::MAX),
        }
    }

    /// The entry of a limit that holds on a day.
    pub fn limit_entry(&self, limit: LimitCode, on: Date) -> Option<&LimitEntry> {
        let entries = || self.limits.iter().filter(move |one| one.limit == limit);
        entries()
            .filter(|entry| entry.from <= on)
            .max_by_key(|entry| entry.from)
            .or_else(|| entries().min_by_key(|entry| entry.from))
    }

    /// A clock of the state tables with the length that holds for something that begins on a day.
    #[must_use]
    pub fn clock(&self, clock: Clock, on: Date) -> Clock {
        let days = if clock == Clock::PUBLICITY {
            Days::WorkingWindow(self.limit(LimitCode::Publicity, on))
        } else if clock == Clock::REGISTRATION {
            Days::Working(self.limit(LimitCode::RegistrationReview, on))
        } else if clock == Clock::VVB_REPORT {
            Days::Calendar(self.limit(LimitCode::VvbReport, on))
        } else {
            clock.days
        };
        Clock { days, ..clock }
    }

    /// The publicity window of a request approved on a day, by this calendar and this limit. Refused if it reaches a year whose
    /// calendar is not published.
    pub fn publicity_window(&self, approved_on: Date) -> Result<(Date, Date), crate::Refusal> {
        let start = self.calendar.next_working_day(approved_on)?;
        Ok((start, self.publicity_end(start)?))
    }

    /// The last day of a publicity window with this first day. Refused as [`RuleBook::publicity_window`].
    pub fn publicity_end(&self, start: Date) -> Result<Date, crate::Refusal> {
        self.calendar
            .window_end(start, self.limit(LimitCode::Publicity, start))
    }

    /// What an operator last decided about a methodology.
    pub fn admission(&self, methodology: &str) -> Option<&(Admission, RuleSource)> {
        let mut decided = self.admissions.iter().rev();
        decided.find(|(one, _)| one.methodology == methodology)
    }

    /// Whether operators admit a methodology on a day; the methodology's own dates are a second condition.
    pub fn admits(&self, methodology: &str, on: Date) -> bool {
        self.admission(methodology).is_none_or(|(one, _)| {
            one.from.is_none_or(|from| from <= on) && one.to.is_none_or(|to| on <= to)
        })
    }

    /// The penalties for an act of a day (the day of the act decides, Ecological and Environmental Code art. 1057), in the order in
    /// which they were first entered; repealed ones are not among them.
    pub fn penalties_on(&self, day: Date) -> Vec<&PenaltyEntry> {
        let mut codes: Vec<&str> = Vec::new();
        for entry in &self.penalties {
            if !codes.contains(&entry.code.as_str()) {
                codes.push(&entry.code);
            }
        }
        let held = codes.into_iter().filter_map(|code| {
            let of_code = self.penalties.iter().filter(|entry| entry.code == code);
            // of two that began on the same day the one approved last
            of_code
                .filter(|entry| entry.from <= day)
                .max_by_key(|entry| entry.from)
        });
        held.filter(|entry| !entry.repealed).collect()
    }
}
