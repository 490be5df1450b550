//! What was retired in this ledger for an event, by kind: credits, carbon inclusion, and carbon inclusion that persons gave to it.

use std::collections::BTreeMap;

use domain::Refusal;
use domain::event::{UnitKind, gift_tonnes, split_by_gifts};
use domain::refusal::codes;
use serde::Serialize;
use sqlx::AnyConnection;
use time::Date;

use crate::Error;
use crate::credits::serial_text;
use crate::perform::{Tx, new_id};
use crate::store::event::{EventRow, UnitRow};
use crate::store::event_gift::{self as store, GivenStretch, RetiredBlock};
use crate::store::inclusion::ledger;

/// The registry named in the units that are retired here.
pub(super) const HERE: &str = "HUITAN";

/// Gifts of grams to an event, for its organisers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventGifts {
    /// What the call for grams says.
    pub title: String,
    /// Its last day, `YYYY-MM-DD`.
    pub closes_on: String,
    /// Whether it was cancelled, and everything went back: the event may ask again.
    pub is_cancelled: bool,
    /// Milligrams given that are in no batch yet: they cannot neutralise anything.
    pub waiting_mg: i64,
    /// Whole tonnes that were issued of gifts to this event alone, used or not.
    pub issued_tonnes: i64,
}

/// The kind of a unit, with everything that a row of it says.
#[derive(Default)]
struct OfKind {
    tonnes: i64,
    serials: Vec<String>,
    recognised_by: Vec<&'static str>,
}

/// The rows of a retirement: one for each kind, the first of which keeps the retirement from being used again. Refused where a tonne is
/// not recognised, was given to another event, or came of a trip to this one; `field` is where that is said.
pub(super) async fn units_of_retirement(
    tx: &mut Tx,
    row: &EventRow,
    retirement: &str,
    number: &str,
    day: Date,
    field: &str,
) -> Result<Vec<UnitRow>, Error> {
    let mut kinds: BTreeMap<UnitKind, OfKind> = BTreeMap::new();
    for block in store::blocks(tx.connection(), retirement).await? {
        let recognised_by = recognised(&block.recognition)
            .ok_or_else(|| Refusal::new(codes::EVENT_UNIT_NOT_RECOGNISED).at(field))?;
        for (first, last, kind) in parts(tx, row, &block, field).await? {
            let of = kinds.entry(kind).or_default();
            of.tonnes += last - first + 1;
            of.serials.push(serial_text(
                &block.project_code,
                block.vintage,
                first,
                last,
            )?);
            if kind != UnitKind::Ccer && !of.recognised_by.contains(&recognised_by) {
                of.recognised_by.push(recognised_by);
            }
        }
    }
    let rows = kinds
        .into_iter()
        .enumerate()
        .map(|(at, (kind, of))| UnitRow {
            id: new_id(),
            kind: kind.code().to_owned(),
            registry: HERE.to_owned(),
            reference: number.to_owned(),
            tonnes: of.tonnes,
            cancelled_on: Some(day.to_string()),
            project: of.serials.join(", "),
            recognised_by: of.recognised_by.join("；"),
            forest: String::new(),
            evidence: String::new(),
            retirement_id: Some(retirement.to_owned()),
            claim_id: None,
            used_key: Some(if at == 0 {
                used_key(number)
            } else {
                format!("{} {}", used_key(number), kind.code())
            }),
        });
    Ok(rows.collect())
}

/// What keeps a retirement from being used for two events.
pub(super) fn used_key(number: &str) -> String {
    format!("{HERE} {number}")
}

/// By whom a class is recognised so far that its tonnes may neutralise an event.
fn recognised(level: &str) -> Option<&'static str> {
    match level {
        "national" => Some("国家主管部门认可"),
        "provincial" => Some("省级生态环境主管部门认可"),
        _ => None,
    }
}

/// The parts of a block by kind.
async fn parts(
    tx: &mut Tx,
    row: &EventRow,
    block: &RetiredBlock,
    field: &str,
) -> Result<Vec<(i64, i64, UnitKind)>, Error> {
    let (first, last) = (block.serial_start, block.serial_end);
    if block.unit_kind != "inclusion" {
        return Ok(vec![(first, last, UnitKind::Ccer)]);
    }
    if store::trips_to(tx.connection(), &row.id, block).await? > 0 {
        return Err(Refusal::new(codes::EVENT_UNIT_OWN_TRIPS).at(field).into());
    }
    let mut own = Vec::new();
    for (from, to, stretch) in gifts_in(tx, block).await? {
        if stretch.event_id != row.id {
            return Err(of_another(stretch, field).into());
        }
        own.push((from, to));
    }
    let kind = |given| {
        if given {
            UnitKind::Gift
        } else {
            UnitKind::Inclusion
        }
    };
    let parts = split_by_gifts(first, last, &own).into_iter();
    Ok(parts
        .map(|(first, last, given)| (first, last, kind(given)))
        .collect())
}

/// The tonnes of a block that lie in gifts to events: the first and the last of each gift, which may reach beyond the block.
async fn gifts_in(
    tx: &mut Tx,
    block: &RetiredBlock,
) -> Result<Vec<(i64, i64, GivenStretch)>, Error> {
    let (first, last) = (block.serial_start, block.serial_end);
    let given = store::given(tx.connection(), &block.class_id, first, last).await?;
    let gifts = given.into_iter().filter_map(|stretch| {
        let (from, to) = gift_tonnes(stretch.serial_start, stretch.from_mg, stretch.to_mg)?;
        (from <= last && to >= first).then_some((from, to, stretch))
    });
    Ok(gifts.collect())
}

fn of_another(stretch: GivenStretch, field: &str) -> Refusal {
    Refusal::new(codes::EVENT_GIFT_OF_ANOTHER)
        .at(field)
        .with("number", stretch.event_number)
}

/// Refused where a retirement took tonnes that persons gave to an event: they neutralise that event and nothing else. `field` is where
/// that is said.
pub(crate) async fn check_not_given(
    tx: &mut Tx,
    retirement: &str,
    field: &str,
) -> Result<(), Error> {
    for block in store::blocks(tx.connection(), retirement).await? {
        if let Some((_, _, stretch)) = gifts_in(tx, &block).await?.into_iter().next() {
            return Err(of_another(stretch, field).into());
        }
    }
    Ok(())
}

/// The gifts to an event, by its newest call; `None`: it never asked for any.
pub(super) async fn gifts_of(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<EventGifts>, Error> {
    let Some(call) = store::calls_of(connection, event).await?.into_iter().next() else {
        return Ok(None);
    };
    let stretches = store::given_to(connection, event).await?;
    let issued_tonnes = stretches
        .iter()
        .filter_map(|one| gift_tonnes(one.serial_start, one.from_mg, one.to_mg))
        .map(|(first, last)| last - first + 1)
        .sum();
    Ok(Some(EventGifts {
        waiting_mg: ledger::total(
            connection,
            domain::inclusion::Place::Earmark.code(),
            &call.id,
        )
        .await?,
        title: call.title,
        closes_on: call.closes_on,
        is_cancelled: call.state == "cancelled",
        issued_tonnes,
    }))
}
