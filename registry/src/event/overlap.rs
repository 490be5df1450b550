//! Attendees and inventory that tell about the same: found, decided, and only what was decided is counted.

use domain::event::{EventStep, OverlapCounts, overlaps, read_overlap, without_subjects};
use domain::refusal::codes;
use domain::{Act, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::event::{self as store, EventRow};
use crate::store::event_overlap::{self as decided, OverlapRow};
use crate::{By, Error, Fields, Registry};

use super::attendee::lines_of;
use super::inventory::{read_lines, write_lines};
use super::organiser::open_shared;
use super::{EventReceipt, bare_facts, done, step};

/// Which of two sources counts, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlapDecision {
    /// A class of the inventory; for travel `travel:<factor>`.
    pub subject: String,
    /// Code of the [`OverlapCounts`].
    pub counts: String,
    /// Why.
    pub reason: String,
}

/// Lines of two sources about the same, for the organisers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventOverlapView {
    /// A class of the inventory; for travel `travel:<factor>`.
    pub subject: String,
    /// The lines of the attendees.
    pub attendees: Vec<String>,
    /// The lines of the inventory with their numbers.
    pub inventory: Vec<(usize, String)>,
    /// Whether a supplier gave one of them.
    pub of_supplier: bool,
    /// What was decided.
    pub decision: Option<OverlapDecision>,
}

/// What of an event is counted.
pub(super) struct Counted {
    /// The event with those lines of its inventory that count.
    pub(super) row: EventRow,
    /// The lines of the attendees that count.
    pub(super) attendee_lines: String,
    /// What both told.
    pub(super) overlaps: Vec<EventOverlapView>,
}

impl Registry {
    /// Decides which of two sources counts. Reads `subject`, `counts` and `reason` ([`read_overlap`]). What was decided before is replaced
    /// and kept.
    pub async fn event_overlap_decide(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOverlapDecide, by, &(event, fields))?;
        let (subject, counts, reason) = read_overlap(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            let found = told_twice(tx, &row).await?;
            if !found.iter().any(|one| one.subject == subject) {
                return Err(Refusal::new(codes::EVENT_OVERLAP_GONE).into());
            }
            let new = OverlapRow {
                id: new_id(),
                subject: subject.clone(),
                counts: counts.code().to_owned(),
                reason: reason.clone(),
            };
            let (at, act) = (tx.at.0, tx.act.clone());
            decided::insert(tx.connection(), event, &new, at, &act).await?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(reason.clone())))
        })
    }
}

/// What holds for each subject of an event.
pub(super) async fn decisions(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<OverlapDecision>, Error> {
    let rows = decided::of_event(connection, event).await?.into_iter();
    Ok(rows
        .map(|row| OverlapDecision {
            subject: row.subject,
            counts: row.counts,
            reason: row.reason,
        })
        .collect())
}

/// Everything that is counted: inventory and attendees without what was decided against.
pub(super) async fn counted(
    connection: &mut AnyConnection,
    row: &EventRow,
    attendee_lines: &str,
) -> Result<Counted, Error> {
    let whole = Counted {
        row: row.clone(),
        attendee_lines: attendee_lines.to_owned(),
        overlaps: Vec::new(),
    };
    if attendee_lines.is_empty() || row.inventory.lines().nth(1).is_none() {
        return Ok(whole);
    }
    let unreadable = |refusals| Error::Store(format!("stored inventory: {refusals:?}"));
    let inventory = read_lines(&row.inventory).map_err(unreadable)?;
    let header = domain::event::inventory_header();
    let told = read_lines(&format!("{header}\n{attendee_lines}")).map_err(unreadable)?;
    let decisions = decisions(connection, &row.id).await?;
    let found: Vec<EventOverlapView> = overlaps(&inventory, &told)
        .into_iter()
        .map(|one| EventOverlapView {
            decision: decisions
                .iter()
                .find(|decision| decision.subject == one.subject)
                .cloned(),
            subject: one.subject,
            attendees: one.attendees,
            inventory: one.inventory,
            of_supplier: one.of_supplier,
        })
        .collect();
    let left_out = |counts: OverlapCounts| -> Vec<&str> {
        let decided = found.iter().filter_map(|one| one.decision.as_ref());
        decided
            .filter(|decision| decision.counts == counts.code())
            .map(|decision| decision.subject.as_str())
            .collect()
    };
    let (of_inventory, of_attendees) = (
        left_out(OverlapCounts::Attendees),
        left_out(OverlapCounts::Inventory),
    );
    let mut counted = whole;
    if !of_inventory.is_empty() {
        counted.row.inventory = write_lines(&without_subjects(&inventory, &of_inventory), false);
    }
    if !of_attendees.is_empty() {
        let kept = write_lines(&without_subjects(&told, &of_attendees), false);
        let lines = kept.split_once('\n').map_or("", |(_, lines)| lines);
        lines.clone_into(&mut counted.attendee_lines);
    }
    counted.overlaps = found;
    Ok(counted)
}

async fn told_twice(tx: &mut Tx, row: &EventRow) -> Result<Vec<EventOverlapView>, Error> {
    let sums = store::attendee_sums(tx.connection(), &row.id).await?;
    let counted = counted(tx.connection(), row, &lines_of(&sums)?).await?;
    Ok(counted.overlaps)
}

/// Refused while attendees and a supplier tell about the same and nobody decided which counts.
pub(super) async fn check_decided(tx: &mut Tx, row: &EventRow) -> Result<(), Error> {
    let open: Vec<String> = told_twice(tx, row)
        .await?
        .into_iter()
        .filter(|one| one.of_supplier && one.decision.is_none())
        .map(|one| one.subject)
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(codes::EVENT_OVERLAP_OPEN)
        .with("subjects", open.join(", "))
        .into())
}
