//! Several organisers of one event: named by the one who began it, they accept, share its inventory and cover it from what they hold.
//!
//! Plan, account, statement and publication stay with the one who began it.

use domain::refusal::codes;
use domain::{Act, Refusal};
use serde::Serialize;
use sqlx::AnyConnection;

use crate::account::account_state_of;
use crate::number::read_account_number;
use crate::organisation::role_of;
use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::event::{self as store, EventRow};
use crate::store::event_organiser as organisers;
use crate::store::people;
use crate::{By, Error, Fields, Registry};

use super::view::list_row;
use super::{EventListRow, EventReceipt, done, open};

/// What the others may do; everything else is the work of the one who began the event.
pub(super) const SHARED_ACTS: &[Act] = &[
    Act::EventInventorySave,
    Act::EventUnitAdd,
    Act::EventUnitRemove,
    Act::EventRetire,
];

/// An organiser beside the one who began the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOrganiserView {
    /// Its name.
    pub name: String,
    /// The number of its account: how it is named.
    pub account: String,
    /// `invited`, `accepted`, `declined` or `ended`.
    pub state: String,
}

/// Who organises an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOrganisers {
    /// Who began it.
    pub lead: String,
    /// Whether that is the viewer's organisation.
    pub is_lead: bool,
    /// The others, as they were named.
    pub others: Vec<EventOrganiserView>,
}

impl Registry {
    /// Who organises an event of the own organisation, or one that it shares.
    pub async fn event_organisers(&self, by: &By, event: &str) -> Result<EventOrganisers, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let lead = people::organisation_by_id(&mut connection, &row.organisation_id).await?;
        let others = organisers::of_event(&mut connection, event).await?;
        Ok(EventOrganisers {
            lead: lead.map(|lead| lead.name).unwrap_or_default(),
            is_lead: row.organisation_id == by.organisation.as_str(),
            others: others
                .into_iter()
                .map(|other| EventOrganiserView {
                    name: other.name,
                    account: other.account_number.unwrap_or_default(),
                    state: other.state,
                })
                .collect(),
        })
    }

    /// The events of others that the viewer's organisation is asked to organise with them (`false`), or does (`true`), newest first.
    pub async fn event_shared(&self, by: &By) -> Result<Vec<(EventListRow, bool)>, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let found = organisers::of_organisation(&mut connection, by.organisation.as_str()).await?;
        let mut rows = Vec::with_capacity(found.len());
        for (event, state) in found {
            if let Some(row) = store::by_id(&mut connection, &event).await? {
                rows.push((list_row(&row, by.at.beijing_date())?, state == "accepted"));
            }
        }
        Ok(rows)
    }

    /// Names another organiser. Reads `account`: the number of an open account that may hold credits.
    pub async fn event_organiser_invite(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOrganiserInvite, by, &(event, fields))?;
        let typed = fields.get("account").map_or("", |text| text.trim());
        if typed.is_empty() {
            return Err(Refusal::new(codes::REQUIRED).at("account").into());
        }
        perform!(self, deed, |tx| {
            let row = open(tx, by, event).await?;
            let unknown = || Refusal::new(codes::EVENT_ORGANISER_UNKNOWN).at("account");
            let number = read_account_number(typed).ok_or_else(unknown)?;
            let found = people::organisation_by_account(tx.connection(), &number).await?;
            let found = found.ok_or_else(unknown)?;
            let is_open = account_state_of(&found.account_state)?.is_active();
            if !is_open || !role_of(&found.role)?.may_hold_credits() {
                return Err(unknown().into());
            }
            let before = organisers::state(tx.connection(), event, &found.id).await?;
            let named = matches!(before.as_deref(), Some("invited" | "accepted"));
            if named || found.id == row.organisation_id {
                return Err(Refusal::new(codes::EVENT_ORGANISER_TWICE)
                    .at("account")
                    .with("name", found.name)
                    .into());
            }
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            organisers::invite(tx.connection(), &id, event, &found.id, at, &act).await?;
            Ok(done(&row, Some(found.name)))
        })
    }

    /// Answers to being named: `answer` = `accept` or `decline`; after accepting, `leave` ends it. What was retired stays with the event.
    pub async fn event_organiser_answer(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOrganiserAnswer, by, &(event, fields))?;
        let answer = fields.get("answer").map_or("", |text| text.trim());
        perform!(self, deed, |tx| {
            let me = by.organisation.as_str();
            let before = organisers::state(tx.connection(), event, me).await?;
            let next = match (before.as_deref(), answer) {
                (None, _) => return Err(Error::NotFound),
                (Some("invited"), "accept") => "accepted",
                (Some("invited"), "decline") => "declined",
                (Some("accepted"), "leave") => "ended",
                _ => return Err(Refusal::new(codes::EVENT_ORGANISER_ANSWERED).into()),
            };
            let row = store::by_id(tx.connection(), event).await?;
            let row = row.ok_or(Error::NotFound)?;
            let at = tx.at.0;
            organisers::set_state(tx.connection(), event, me, next, at).await?;
            Ok(done(&row, Some(next.to_owned())))
        })
    }
}

/// Whether the organisation accepted to organise the event.
async fn has_accepted(
    connection: &mut AnyConnection,
    event: &str,
    organisation: &str,
) -> Result<bool, Error> {
    let state = organisers::state(connection, event, organisation).await?;
    Ok(state.as_deref() == Some("accepted"))
}

/// An event of the own organisation, or one that it accepted to organise.
pub(super) async fn shared(
    connection: &mut AnyConnection,
    by: &By,
    event: &str,
) -> Result<EventRow, Error> {
    let me = by.organisation.as_str();
    let row = store::by_id(connection, event).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.organisation_id == me || has_accepted(connection, event, me).await? {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The same within an act.
pub(super) async fn open_shared(tx: &mut Tx, by: &By, event: &str) -> Result<EventRow, Error> {
    shared(tx.connection(), by, event).await
}
