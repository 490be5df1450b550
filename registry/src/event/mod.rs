//! Events: plan, inventory, attendees, footprint, units, statement, published versions.
//!
//! The state table of [`domain::event`] decides what may happen; the footprint is computed by `methodologies`, here and nowhere else.
//! Only an account of the inventory as it is now, and units that cover it, lead to a published result.

mod answer;
mod attendee;
mod block;
mod evaluation;
mod file;
mod flight;
mod footprint;
mod inventory;
mod live;
mod organiser;
mod overlap;
mod plan;
mod reach;
mod reminder;
mod result;
mod retired;
mod supplier;
mod unit;
mod view;

use domain::Instant;
use domain::event::{EventFacts, EventProfile, EventState, EventStep, check};
use serde::{Deserialize, Serialize};

use crate::perform::{Done, Tx};
use crate::record::{day_of, fields_of};
use crate::store::event::{self as store, EventRow};
use crate::{By, Error};

pub use answer::EventAnswerView;
pub use attendee::{AttendForm, AttendReceipt};
pub use block::EventBlock;
pub(crate) use evaluation::confirmations_that_differ;
pub use evaluation::{
    EvaluationListRow, EvaluationStatus, EvaluationView, EvaluatorChoice, EventDossier,
};
pub(crate) use file::event_file;
pub use file::{EventEvidence, EventFileView};
pub use flight::flight_line;
pub(crate) use footprint::run_again;
pub use organiser::{EventOrganiserView, EventOrganisers};
pub use overlap::{EventOverlapView, OverlapDecision};
pub use reach::{HeldUnits, UnitsInReach};
pub use result::EventContent;
pub use retired::EventGifts;
pub(crate) use retired::check_not_given;
pub use supplier::{SupplierLineView, SupplierView, SupplyForm, SupplyReceipt};
pub use unit::EventUnitView;
pub(crate) use unit::{counted, names_event, unit_views};
pub use view::{AccountedView, EventListRow, EventView};

/// The answer to an act on an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReceipt {
    /// The event.
    pub id: String,
    /// Its number, `E2026-000001-7`.
    pub number: String,
    /// Its state after the act.
    pub state: String,
    /// Number of the retirement that the act made.
    #[serde(default)]
    pub retirement: Option<String>,
    /// How many rows a table brought.
    #[serde(default)]
    pub rows: Option<i64>,
    /// Last part of the address of the form for attendees, when it was opened.
    #[serde(default)]
    pub form: Option<String>,
    /// The supplier that was asked.
    #[serde(default)]
    pub supplier: Option<String>,
}

fn done(row: &EventRow, note: Option<String>) -> Done<EventReceipt> {
    Done {
        subject_kind: "event",
        subject: row.id.clone(),
        state: Some(row.state.clone()),
        note,
        is_public: false,
        answer: EventReceipt {
            id: row.id.clone(),
            number: row.number.clone(),
            state: row.state.clone(),
            retirement: None,
            rows: None,
            form: None,
            supplier: None,
        },
    }
}

fn public(done: Done<EventReceipt>) -> Done<EventReceipt> {
    Done {
        is_public: true,
        ..done
    }
}

/// An event of the own organisation.
async fn open(tx: &mut Tx, by: &By, event: &str) -> Result<EventRow, Error> {
    let row = store::by_id(tx.connection(), event).await?;
    row.filter(|row| row.organisation_id == by.organisation.as_str())
        .ok_or(Error::NotFound)
}

fn state_of(row: &EventRow) -> Result<EventState, Error> {
    EventState::from_code(&row.state)
        .ok_or_else(|| Error::Store(format!("event state {}", row.state)))
}

fn profile_of(row: &EventRow) -> Result<EventProfile, Error> {
    EventProfile::read(&fields_of(&row.profile)?)
        .map_err(|refusals| Error::Store(format!("stored profile: {refusals:?}")))
}

/// Puts the event into its next state, or says why not.
fn step(row: &mut EventRow, step: EventStep, facts: &EventFacts) -> Result<(), Error> {
    let next = check(state_of(row)?, step, facts)?;
    next.code().clone_into(&mut row.state);
    Ok(())
}

/// What steps without guards look at.
fn bare_facts(row: &EventRow, at: Instant) -> Result<EventFacts, Error> {
    Ok(EventFacts {
        today: at.beijing_date(),
        starts_on: day_of(&row.starts_on)?,
        ends_on: day_of(&row.ends_on)?,
        holding: false,
        open_classes: Vec::new(),
        estimated: false,
        accounted_tonnes: None,
        counted_tonnes: 0,
        forest: row.has_forest == 1,
        published: row.version > 0,
        unchanged: false,
    })
}
