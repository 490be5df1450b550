//! What needs somebody.

use domain::{Act, Calendar, Instant};
use serde::Serialize;

use domain::Role;
use domain::project::Party;

use crate::record::State;
use crate::show::{title_of, working_days_left};
use crate::store::record::{self as store, OpinionRow, RecordRow, Whose};
use crate::{By, Error, RecordKind, Registry};

/// How many items an inbox shows.
const ITEMS_MAX: usize = 200;
/// The same, for the statements.
const ROWS_MAX: i64 = 200;

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
        let party = match by.role {
            Role::ProjectOwner => Party::Owner,
            Role::Vvb => Party::Vvb,
            Role::RegistryOperator => Party::Operator,
            Role::EventOrganiser | Role::Individual => return Ok(Vec::new()),
        };
        let organisation = by.organisation.as_str();
        let mut connection = self.store.read().await?;
        let calendar = crate::rulebook::in_force(&mut connection).await?.calendar;
        let mut items = Vec::new();
        for kind in [RecordKind::Project, RecordKind::Report] {
            for state in State::all(kind)
                .into_iter()
                .filter(|state| state.party() == party)
            {
                let whose = match by.role {
                    Role::ProjectOwner => Whose::Owner(organisation),
                    Role::Vvb => Whose::Vvb(organisation),
                    _ => Whose::Submitted,
                };
                let Some(next) = state.acts_for(by.role).first().copied() else {
                    continue;
                };
                for row in
                    store::waiting(&mut connection, whose, kind.code(), state.code(), ROWS_MAX)
                        .await?
                {
                    items.push(record_item(by, &calendar, kind, row, next)?);
                }
            }
        }
        let (opinions, next) = match by.role {
            Role::RegistryOperator => (
                store::opinions_submitted(&mut connection, ROWS_MAX).await?,
                Act::OpinionPublish,
            ),
            Role::ProjectOwner => (
                store::opinions_unanswered(&mut connection, organisation, ROWS_MAX).await?,
                Act::OpinionReply,
            ),
            _ => (Vec::new(), Act::OpinionReply),
        };
        for opinion in opinions {
            let row = store::by_id(&mut connection, &opinion.kind, &opinion.record_id)
                .await?
                .ok_or(Error::NotFound)?;
            items.push(opinion_item(by, &calendar, row, opinion, next)?);
        }
        // With a limit first, the nearest first; then those that wait longest.
        items.sort_by(|one, other| {
            let key = |item: &InboxItem| (item.due_on.is_none(), item.due_on.clone(), item.since);
            key(one).cmp(&key(other))
        });
        items.truncate(ITEMS_MAX);
        Ok(items)
    }
}

fn record_item(
    by: &By,
    calendar: &Calendar,
    kind: RecordKind,
    row: RecordRow,
    next: Act,
) -> Result<InboxItem, Error> {
    let (title, code) = title_of(&row)?;
    let counterpart = match by.role {
        Role::ProjectOwner => row.vvb_name.clone().unwrap_or_default(),
        _ => row.owner_name.clone(),
    };
    Ok(InboxItem {
        kind: InboxKind::Record,
        record_kind: kind,
        record: row.id,
        opinion: None,
        title,
        code,
        state: row.state,
        counterpart,
        since: Instant(row.state_since),
        working_days_left: row
            .due_on
            .as_deref()
            .and_then(|due| working_days_left(calendar, due, by.at.beijing_date())),
        due_on: row.due_on,
        next,
    })
}

fn opinion_item(
    by: &By,
    calendar: &Calendar,
    row: RecordRow,
    opinion: OpinionRow,
    next: Act,
) -> Result<InboxItem, Error> {
    let kind = crate::record::kind_of(&row)?;
    let mut item = record_item(by, calendar, kind, row, next)?;
    item.kind = InboxKind::Opinion;
    item.opinion = Some(opinion.id);
    item.counterpart = opinion.author;
    item.since = Instant(opinion.at);
    Ok(item)
}
