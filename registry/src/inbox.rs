//! What needs somebody.

use domain::{Act, Instant};
use serde::Serialize;

use crate::{By, Error, RecordKind, Registry};

/// What kind of thing waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxKind {
    /// A project or report whose next step is the viewer's.
    Record,
    /// An opinion to moderate or to answer.
    Opinion,
}

/// One thing that needs the viewer's organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboxItem {
    /// What kind of thing.
    pub kind: InboxKind,
    /// The record it is or belongs to.
    pub record_kind: RecordKind,
    /// That record's id.
    pub record: String,
    /// The opinion's id, if it is one.
    pub opinion: Option<String>,
    /// The project's name.
    pub title: String,
    /// The project's code, if it has one.
    pub code: Option<String>,
    /// The record's state.
    pub state: String,
    /// The organisation on the other side (the owner, for the VVB and the registry).
    pub counterpart: String,
    /// Since when it waits.
    pub since: Instant,
    /// The last day, `YYYY-MM-DD`, when there is a limit.
    pub due_on: Option<String>,
    /// Working days from today to that day; negative when overdue.
    pub working_days_left: Option<i64>,
    /// The act that is expected.
    pub next: Act,
}

impl Registry {
    /// What needs the viewer's organisation, most urgent first, at most 200.
    pub async fn inbox(&self, by: &By) -> Result<Vec<InboxItem>, Error> {
        let _ = by;
        Err(Error::not_built())
    }
}
