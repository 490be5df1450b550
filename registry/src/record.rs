//! What projects and monitoring reports have in common: both are records that pass from hand to hand.

use domain::{Act, Instant, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which of the two kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A project application, later the registered project.
    Project,
    /// A monitoring report: the application for the reductions of one period.
    Report,
}

impl RecordKind {
    /// The stable text in the database: `project`, `report`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Report => "report",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Project, Self::Report]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// The answer to an act on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The record.
    pub id: String,
    /// Its state after the act, a code of the state table.
    pub state: String,
    /// Its revision after the act: send it back with the next `*_save`.
    pub revision: i64,
    /// The project code, when the act allocated one.
    pub code: Option<String>,
}

/// Who must act next, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// The role; `None` when only time must pass, or nothing more can happen.
    pub role: Option<Role>,
    /// The organisation, when it is one organisation's turn.
    pub organisation: Option<String>,
    /// The last day, `YYYY-MM-DD`, when there is a limit that the published calendar reaches.
    pub due_on: Option<String>,
    /// Working days from today to that day, today not counted; negative when overdue.
    pub working_days_left: Option<i64>,
    /// The act that is expected, the straight path first.
    pub next: Option<Act>,
}

/// Which records of those the viewer may see.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Only this state (a code of the state table).
    pub state: Option<String>,
    /// Only reports of this project (reports only).
    pub project: Option<String>,
    /// Which page.
    pub page: crate::PageRequest,
}

/// One entry of the record of acts, as the parties of a record see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// The name of the act (`project_register`) or of a step made by date (`project_publicity_begin`).
    pub act: String,
    /// The state after it, if it changed the state.
    pub state: Option<String>,
    /// The organisation that did it; `None` for the public and for steps made by date.
    pub organisation: Option<String>,
    /// The person; only shown to the own organisation and the registry.
    pub person: Option<String>,
    /// The reason or note given.
    pub note: Option<String>,
    /// The hash of this entry in the chain of the record, 64 hexadecimal digits.
    pub hash: String,
}

/// A calculation as it was stored, with everything needed to run it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalculationView {
    /// Its id.
    pub id: String,
    /// When in the life of the record: `publicity`, `validation`, `verification`.
    pub stage: String,
    /// The calculator's code, as for `methodologies::calculate`.
    pub calculator: String,
    /// The methodology version, as the outcome states it.
    pub version: String,
    /// The parameter sets used, as the outcome states them.
    pub parameter_sets: Value,
    /// The complete input.
    pub input: Value,
    /// The complete outcome: result, lines and steps with their clauses.
    pub outcome: Value,
    /// When it was stored.
    pub at: Instant,
}

/// Tonnes of one calendar year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearAmount {
    /// The calendar year (for a validation: the year of the crediting period, 1, 2, …, if below 1000).
    pub year: i32,
    /// Whole tonnes CO2e; never negative.
    pub tonnes: i64,
}

/// A validation or verification report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssessmentView {
    /// The VVB's name.
    pub vvb: String,
    /// `positive` or `negative`.
    pub conclusion: String,
    /// The report's text.
    pub text: String,
    /// The VVB's commitment statement.
    pub commitment: String,
    /// The validated or verified amounts; empty when negative.
    pub amounts: Vec<YearAmount>,
    /// When it was uploaded.
    pub at: Instant,
}
