//! Several organisers of one event: asked by its owner, they accept, and then work on its plan, inventory, attendees and suppliers.
//!
//! Account, retirement, statement and publication stay with the owner. Once a result is published its organisers stay.

use domain::event::EventState;
use domain::refusal::codes;
use domain::{Act, Refusal};
use serde::Serialize;
use sqlx::AnyConnection;

use crate::account::account_state_of;
use crate::number::read_account_number;
use crate::organisation::role_of;
use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::event::{self as store, EventRow};
use crate::store::event_organiser::{self as organisers, Changed};
use crate::store::people::{self, OrganisationRow};
use crate::{By, Error, Fields, Registry};

use super::view::list_row;
use super::{EventListRow, EventReceipt, done, open};

/// Organisations that an event may ask.
const ORGANISERS_MAX: usize = 50;

/// What those who accepted may do until units cover the event; everything else is the owner's.
pub(super) const SHARED_ACTS: &[Act] = &[
    Act::EventSave,
    Act::EventInventorySave,
    Act::EventAttendeesImport,
    Act::EventFormSet,
    Act::EventAnswersStrike,
    Act::EventAttendeeSources,
    Act::EventSupplierAdd,
    Act::EventSupplierClose,
    Act::EventSupplyDecide,
    Act::EventOverlapDecide,
    Act::EventFileAdd,
    Act::EventFileRemove,
];

/// An organisation that was asked to organise an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOrganiserView {
    /// Its name.
    pub name: String,
    /// The number of its account: how it is named.
    pub account: String,
    /// `invited`, `accepted`, `declined`, `left` or `removed`.
    pub state: String,
    /// Whether it is the viewer's organisation.
    pub own: bool,
}

/// Who organises an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOrganisers {
    /// The event.
    pub row: EventListRow,
    /// Its owner.
    pub owner: String,
    /// Whether that is the viewer's organisation.
    pub is_owner: bool,
    /// Whether organisers still come and go: until a result is published or the event is given up.
    pub open: bool,
    /// Those who were asked, in that order. Who has not accepted sees its own line only.
    pub others: Vec<EventOrganiserView>,
}

impl Registry {
    /// Who organises an event: for its owner, and for everybody who was asked.
    pub async fn event_organisers(&self, by: &By, event: &str) -> Result<EventOrganisers, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let me = by.organisation.as_str();
        let row = store::by_id(&mut connection, event).await?;
        let row = row.ok_or(Error::NotFound)?;
        let others = organisers::of_event(&mut connection, event).await?;
        let is_owner = row.organisation_id == me;
        // who declined, left or was removed has no more to do with it
        let own = others
            .iter()
            .find(|other| other.organisation_id == me && is_part(&other.state));
        if !is_owner && own.is_none() {
            return Err(Error::NotFound);
        }
        let sees_all = is_owner || own.is_some_and(|own| own.state == "accepted");
        let owner = people::organisation_by_id(&mut connection, &row.organisation_id).await?;
        Ok(EventOrganisers {
            row: list_row(&row, by.at.beijing_date())?,
            owner: owner.map(|owner| owner.name).unwrap_or_default(),
            is_owner,
            open: is_open(&row),
            others: others
                .into_iter()
                .filter(|other| sees_all || other.organisation_id == me)
                .map(|other| {
                    let own = other.organisation_id == me;
                    // whoever is asked by name does not give its number away by it
                    let is_told = own || other.state == "accepted";
                    EventOrganiserView {
                        own,
                        name: other.name,
                        account: other.account_number.filter(|_| is_told).unwrap_or_default(),
                        state: other.state,
                    }
                })
                .collect(),
        })
    }

    /// Events of others that the viewer's organisation is asked to organise with them and has not answered about, newest first.
    pub async fn event_invitations(&self, by: &By) -> Result<Vec<EventListRow>, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let asked = store::inviting(&mut connection, by.organisation.as_str()).await?;
        let today = by.at.beijing_date();
        asked.iter().map(|row| list_row(row, today)).collect()
    }

    /// Asks another organisation to organise the event together. Reads `organisation`: the number of its account, or its whole name. It
    /// must have an open account that may have events of its own.
    pub async fn event_organiser_invite(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOrganiserInvite, by, &(event, fields))?;
        let typed = fields.get("organisation").map_or("", |text| text.trim());
        perform!(self, deed, |tx| {
            let row = open(tx, by, event).await?;
            check_open(&row)?;
            if typed.is_empty() {
                return Err(Refusal::new(codes::REQUIRED).at("organisation").into());
            }
            let found = meant(tx, typed).await?;
            let asked = organisers::of_event(tx.connection(), event).await?;
            let before = asked.iter().find(|one| one.organisation_id == found.id);
            let twice = before.is_some_and(|one| is_part(&one.state));
            if twice || found.id == row.organisation_id {
                return Err(Refusal::new(codes::EVENT_ORGANISER_TWICE)
                    .at("organisation")
                    .with("name", found.name)
                    .into());
            }
            if before.is_none() && asked.len() >= ORGANISERS_MAX {
                return Err(Refusal::new(codes::EVENT_ORGANISERS_TOO_MANY)
                    .at("organisation")
                    .with("max", ORGANISERS_MAX)
                    .into());
            }
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            organisers::invite(tx.connection(), &id, event, &found.id, at, &act).await?;
            Ok(done(&row, Some(found.name)))
        })
    }

    /// Answers to being asked. Reads `answer`: `accept` or `decline`.
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
            let before = before.ok_or(Error::NotFound)?;
            let row = store::by_id(tx.connection(), event).await?;
            let row = row.ok_or(Error::NotFound)?;
            let to = match answer {
                "accept" => "accepted",
                "decline" => "declined",
                "" => return Err(Refusal::new(codes::REQUIRED).at("answer").into()),
                _ => {
                    let refusal = Refusal::new(codes::CHOICE_INVALID).at("answer");
                    return Err(refusal.with("choices", "accept, decline").into());
                }
            };
            if before != "invited" {
                return Err(Refusal::new(codes::EVENT_ORGANISER_ANSWERED).into());
            }
            if to == "accepted" {
                check_open(&row)?;
            }
            change(tx, event, me, &before, to).await?;
            Ok(done(&row, Some(to.to_owned())))
        })
    }

    /// Ends an organiser's part in the event before a result is published: the owner removes one (`organisation`: the number of its
    /// account), or whoever accepted leaves (without that field). What they wrote stays.
    pub async fn event_organiser_end(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOrganiserEnd, by, &(event, fields))?;
        let typed = fields.get("organisation").map_or("", |text| text.trim());
        perform!(self, deed, |tx| {
            let me = by.organisation.as_str();
            let row = shared(tx.connection(), by, event).await?;
            let asked = organisers::of_event(tx.connection(), event).await?;
            let is_owner = row.organisation_id == me;
            let number = read_account_number(typed);
            let found = asked.into_iter().find(|one| {
                if is_owner {
                    number.is_some() && one.account_number == number
                } else {
                    typed.is_empty() && one.organisation_id == me
                }
            });
            let found = found
                .ok_or_else(|| Refusal::new(codes::EVENT_ORGANISER_UNKNOWN).at("organisation"))?;
            if !is_part(&found.state) {
                return Err(Refusal::new(codes::EVENT_ORGANISER_ANSWERED).into());
            }
            check_open(&row)?;
            let to = if is_owner { "removed" } else { "left" };
            change(tx, event, &found.organisation_id, &found.state, to).await?;
            Ok(done(&row, Some(found.name)))
        })
    }
}

/// Whether an organisation in this state is asked or organises.
fn is_part(state: &str) -> bool {
    ["invited", "accepted"].contains(&state)
}

/// Organisers come and go until a result is published: from then on its page names them.
fn is_open(row: &EventRow) -> bool {
    row.version == 0 && row.state != "withdrawn"
}

fn check_open(row: &EventRow) -> Result<(), Refusal> {
    if is_open(row) {
        Ok(())
    } else {
        Err(Refusal::new(codes::EVENT_ORGANISERS_FIXED))
    }
}

async fn change(
    tx: &mut Tx,
    event: &str,
    organisation: &str,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let (at, act) = (tx.at.0, tx.act.clone());
    let new = Changed {
        event,
        organisation,
        from,
        to,
        at,
        act: &act,
    };
    if organisers::change(tx.connection(), &new).await? {
        Ok(())
    } else {
        Err(Refusal::new(codes::EVENT_ORGANISER_ANSWERED).into())
    }
}

/// The organisation with this account number, or the only one with this name, if its account is open and it may have events.
async fn meant(tx: &mut Tx, typed: &str) -> Result<OrganisationRow, Error> {
    let unknown = || Refusal::new(codes::EVENT_ORGANISER_UNKNOWN).at("organisation");
    let number = match read_account_number(typed) {
        Some(number) => number,
        None => match &*organisers::accounts_named(tx.connection(), typed).await? {
            [one] => one.clone(),
            [] => return Err(unknown().into()),
            _ => {
                return Err(Refusal::new(codes::EVENT_ORGANISER_AMBIGUOUS)
                    .at("organisation")
                    .into());
            }
        },
    };
    let found = people::organisation_by_account(tx.connection(), &number).await?;
    let found = found.ok_or_else(unknown)?;
    let may = Act::EventCreate.roles().allows(Some(role_of(&found.role)?));
    if may && account_state_of(&found.account_state)?.is_active() {
        Ok(found)
    } else {
        Err(unknown().into())
    }
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
    if row.organisation_id == me {
        return Ok(row);
    }
    let state = organisers::state(connection, event, me).await?;
    if state.as_deref() == Some("accepted") {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The same within an act.
pub(super) async fn open_shared(tx: &mut Tx, by: &By, event: &str) -> Result<EventRow, Error> {
    shared(tx.connection(), by, event).await
}

/// Once units cover an event only its owner sends it back to be accounted for again: what was retired is the owner's.
pub(super) fn check_reopening(row: &EventRow, by: &By) -> Result<(), Refusal> {
    let covered = row.state == EventState::Covered.code();
    if covered && row.organisation_id != by.organisation.as_str() {
        Err(Refusal::new(codes::EVENT_OWNER_ONLY))
    } else {
        Ok(())
    }
}
