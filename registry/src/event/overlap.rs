//! Attendees and inventory that tell about the same: found, decided, and only what was decided is counted.

use domain::event::{
    EventStep, Overlap, OverlapCounts, of_subject, overlaps, read_overlap, without_subjects,
};
use domain::refusal::codes;
use domain::{Act, Refusal};
use methodologies::table::Table;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::perform::{Deed, Tx, hash, new_id, perform};
use crate::store::event::{self as store, EventRow};
use crate::store::event_overlap::{self as decided, OverlapRow};
use crate::{By, Error, Fields, Registry};

use super::attendee::lines_of;
use super::inventory::{read_lines, write_lines};
use super::organiser::{check_reopening, open_shared};
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
    /// What was decided about these very lines.
    pub decision: Option<OverlapDecision>,
    /// SHA-256 of the lines of both sources, hex: a decision is taken on these lines and names them.
    pub lines_hash: String,
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
    /// Decides which of two sources counts. Reads `subject`, `counts`, `reason` and `lines` ([`read_overlap`]). What was decided before is
    /// replaced and kept. It holds for the lines of both sources that were shown ([`EventOverlapView::lines_hash`]): `stale_form` if one of
    /// them changed since, and once one of them changes it is to be decided again.
    pub async fn event_overlap_decide(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventOverlapDecide, by, &(event, fields))?;
        let choice = read_overlap(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            check_reopening(&row, by)?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            let mut told = told_twice(tx.connection(), &row).await?.into_iter();
            let found = told.find(|one| one.subject == choice.subject);
            let found = found.ok_or_else(|| Refusal::new(codes::EVENT_OVERLAP_GONE))?;
            if found.lines_hash != choice.lines_hash {
                return Err(Refusal::new(codes::STALE_FORM).into());
            }
            let new = OverlapRow {
                id: new_id(),
                subject: found.subject,
                counts: choice.counts.code().to_owned(),
                reason: choice.reason.clone(),
                lines_hash: found.lines_hash,
            };
            let (at, act) = (tx.at.0, tx.act.clone());
            decided::insert(tx.connection(), event, &new, at, &act).await?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(choice.reason.clone())))
        })
    }
}

/// The decisions that what is counted now rests on.
pub(super) async fn decisions(
    connection: &mut AnyConnection,
    row: &EventRow,
) -> Result<Vec<OverlapDecision>, Error> {
    let found = told_twice(connection, row).await?.into_iter();
    Ok(found.filter_map(|one| one.decision).collect())
}

/// What a decision about one subject is taken on: the lines of both sources, each with everything it says.
fn lines_hash(subject: &str, inventory: &Table, told: &Table) -> String {
    let of = |table: &Table| write_lines(&of_subject(table, subject), false);
    hash(&[&of(inventory), &of(told)])
}

/// An overlap with the decision that was taken on these very lines.
fn overlap_view(
    one: Overlap,
    inventory: &Table,
    told: &Table,
    rows: &[OverlapRow],
) -> EventOverlapView {
    let lines_hash = lines_hash(&one.subject, inventory, told);
    let row = rows
        .iter()
        .find(|row| row.subject == one.subject && row.lines_hash == lines_hash);
    EventOverlapView {
        decision: row.map(|row| OverlapDecision {
            subject: row.subject.clone(),
            counts: row.counts.clone(),
            reason: row.reason.clone(),
        }),
        subject: one.subject,
        attendees: one.attendees,
        inventory: one.inventory,
        of_supplier: one.of_supplier,
        lines_hash,
    }
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
    let rows = decided::of_event(connection, &row.id).await?;
    let found: Vec<EventOverlapView> = overlaps(&inventory, &told)
        .into_iter()
        .map(|one| overlap_view(one, &inventory, &told, &rows))
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

async fn told_twice(
    connection: &mut AnyConnection,
    row: &EventRow,
) -> Result<Vec<EventOverlapView>, Error> {
    let sums = store::attendee_sums(connection, &row.id).await?;
    let counted = counted(connection, row, &lines_of(&sums)?).await?;
    Ok(counted.overlaps)
}

/// Refused while attendees and a supplier tell about the same and nobody decided which counts.
pub(super) async fn check_decided(tx: &mut Tx, row: &EventRow) -> Result<(), Error> {
    let open: Vec<String> = told_twice(tx.connection(), row)
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
