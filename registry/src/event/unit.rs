//! The units that neutralise an event: retired in this ledger, cancelled elsewhere, or a new forest.

use domain::event::{EventStep, EventUnit, UnitKind, deadline, read_unit};
use domain::ledger::{ClassDemand, RetirementRequest};
use domain::refusal::codes;
use domain::text::narrow;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::credits::{RetiredCredits, retire_together};
use crate::number::{event_numbers_in, names_retirement, names_serial, read_retirement_number};
use crate::perform::{Deed, Tx, new_id, perform};
use crate::record::day_of;
use crate::store::claim::{self as claims, ClaimRow};
use crate::store::event::{self as store, EventRow, UnitRow};
use crate::store::people;
use crate::{By, Error, Fields, Registry, claim, order};

use super::result::full_facts;
use super::retired::{HERE, units_of_retirement, used_key};
use super::{EventReceipt, bare_facts, done, open, step};

/// A unit of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventUnitView {
    /// Its id.
    pub id: String,
    /// Code of its [`UnitKind`].
    pub kind: String,
    /// The registry that cancelled it.
    pub registry: String,
    /// Serial numbers, or the number of the proof; of a retirement here its number.
    pub reference: String,
    /// Tonnes.
    pub tonnes: i64,
    /// Day of the cancellation; of a forest that of its certificate.
    pub cancelled_on: Option<String>,
    /// The project.
    pub project: String,
    /// By whom inclusion units are recognised.
    pub recognised_by: String,
    /// Details of a forest.
    pub forest: String,
    /// The proof.
    pub evidence: String,
    /// Whether it was retired in this ledger.
    pub here: bool,
    /// Why it does not count: a code of a refusal; `None`: it counts.
    pub not_counted: Option<String>,
}

impl Registry {
    /// Enters units. Reads `kind` and what [`read_unit`] reads; for `ccer`, `gift` and `inclusion` the `reference` is the number of a
    /// retirement in this ledger, for an event, by the own organisation or naming this event; what it consists of says the ledger. What is
    /// typed in as units of another registry cannot be a retirement of this one. The same units serve one event only.
    pub async fn event_unit_add(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventUnitAdd, by, &(event, fields))?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Unit, &facts)?;
            let units = if of_ledger(fields) {
                retired_units(tx, by, &row, fields).await?
            } else {
                check_elsewhere(fields)?;
                let unit = read_unit(fields, &facts)?;
                vec![entered_unit(tx, &mut row, &unit).await?]
            };
            let (at, act) = (tx.at.0, tx.act.clone());
            for unit in &units {
                if let Some(key) = &unit.used_key
                    && store::unit_used(tx.connection(), key).await?
                {
                    return Err(used(&unit.reference).into());
                }
                store::unit_insert(tx.connection(), &row.id, unit, at, &act).await?;
            }
            store::save(tx.connection(), &row).await?;
            let reference = units.into_iter().next().map(|unit| unit.reference);
            Ok(done(&row, reference))
        })
    }

    /// Takes a unit back that was entered wrongly; not what is retired in this ledger, and not a forest.
    pub async fn event_unit_remove(
        &self,
        by: &By,
        event: &str,
        unit: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventUnitRemove, by, &(event, unit))?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Unit, &facts)?;
            let units = store::units(tx.connection(), &row.id).await?;
            let found = units.into_iter().find(|found| found.id == unit);
            let found = found.ok_or(Error::NotFound)?;
            if found.retirement_id.is_some() || found.claim_id.is_some() {
                return Err(Refusal::new(codes::EVENT_UNIT_FINAL).into());
            }
            let at = tx.at.0;
            store::unit_remove(tx.connection(), &found.id, at).await?;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(found.reference)))
        })
    }

    /// Retires credits of the own organisation for the event: `class.<id>` is the tonnes of each class, `block.<id>.<first>-<last>` the blocks
    /// of it that are used ([`ClassDemand::read_all`]), the oldest without a choice; all of them or none. With the units that were entered they
    /// must cover the footprint. Reads `statement` (`yes`: retiring is final). Where a member is confirmer
    /// the credits are retired by an order first, and the retirement is entered as a unit.
    pub async fn event_retire(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventRetire, by, &(event, fields))?;
        let wanted = ClassDemand::read_all(fields)?;
        if fields.get("statement").is_none_or(|typed| typed != "yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let mut facts = full_facts(tx, &row).await?;
            facts.counted_tonnes += wanted.iter().map(|one| one.tonnes).sum::<i64>();
            step(&mut row, EventStep::Retire, &facts)?;
            let mut retirement = None;
            if !wanted.is_empty() {
                if order::needs_confirmation(tx, by).await? {
                    return Err(Refusal::new(codes::EVENT_CONFIRMER_FIRST).into());
                }
                let retired = retire_for(tx, by, &row, &wanted).await?;
                let act = tx.act.clone();
                let id = store::retirement_of_act(tx.connection(), &act).await?;
                let id = id.ok_or(Error::NotFound)?;
                let (number, day) = (&retired.number, tx.at.beijing_date());
                let units = units_of_retirement(tx, &row, &id, number, day, "statement").await?;
                let at = tx.at.0;
                for unit in &units {
                    store::unit_insert(tx.connection(), &row.id, unit, at, &act).await?;
                }
                retirement = Some(retired.number);
            }
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, retirement.clone());
            done.answer.retirement = retirement;
            Ok(done)
        })
    }
}

/// Retires the classes together, for the event and its organiser.
async fn retire_for(
    tx: &mut Tx,
    by: &By,
    row: &EventRow,
    wanted: &[ClassDemand],
) -> Result<RetiredCredits, Error> {
    let own = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
    let own = own.ok_or(Error::NotFound)?;
    let mut form = Fields::new();
    for (name, value) in [
        ("purpose", "event".to_owned()),
        ("beneficiary", own.name),
        ("beneficiary_kind", "organisation".to_owned()),
        (
            "purpose_text",
            format!(
                "{} {} ({} – {})",
                row.number, row.name, row.starts_on, row.ends_on
            ),
        ),
    ] {
        form.insert(name.to_owned(), value);
    }
    let request = RetirementRequest::read(&form)?;
    retire_together(tx, by, wanted, &request).await
}

/// Whether the fields name a retirement in this ledger: credits always, carbon inclusion by the number of one.
fn of_ledger(fields: &Fields) -> bool {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    match typed("kind") {
        "ccer" | "gift" => true,
        "inclusion" => read_retirement_number(typed("reference")).is_some(),
        _ => false,
    }
}

/// Refused where units that are typed in are a retirement of this platform: only the ledger says what one is, and whose.
fn check_elsewhere(fields: &Fields) -> Result<(), Refusal> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let register = narrow(typed("registry")).to_ascii_uppercase();
    let here = [HERE, "惠碳"].iter().any(|name| register.contains(name));
    let told = ["reference", "project"].map(typed);
    let numbered = told
        .iter()
        .any(|text| names_retirement(text) || names_serial(text));
    if here || numbered {
        return Err(Refusal::new(codes::EVENT_UNIT_OF_LEDGER).at("reference"));
    }
    Ok(())
}

fn used(reference: &str) -> Refusal {
    Refusal::new(codes::EVENT_UNIT_USED)
        .at("reference")
        .with("reference", reference)
}

/// Whether the words of a certificate name an event: by its number, or by its `name` where no number of another event is in them.
pub(crate) fn names_event(text: &str, number: &str, name: Option<&str>) -> bool {
    let numbers = event_numbers_in(text);
    if numbers.is_empty() {
        let plain = |text: &str| -> String {
            let narrowed = narrow(text).to_uppercase();
            narrowed.chars().filter(|c| !c.is_whitespace()).collect()
        };
        return name.is_some_and(|name| plain(text).contains(&plain(name)));
    }
    numbers.iter().any(|found| found == number)
}

/// A retirement in this ledger as units, one for each kind: for an event, by the own organisation or naming this event, in time.
async fn retired_units(
    tx: &mut Tx,
    by: &By,
    row: &EventRow,
    fields: &Fields,
) -> Result<Vec<UnitRow>, Error> {
    let unfit = || Refusal::new(codes::EVENT_RETIREMENT_UNFIT).at("reference");
    let typed = fields.get("reference").map_or("", String::as_str);
    let number = read_retirement_number(typed).ok_or_else(unfit)?;
    let found = store::retirement_for_event(tx.connection(), &number).await?;
    let found = found.ok_or_else(unfit)?;
    let is_own = found.holder_id == by.organisation.as_str();
    if !names_event(
        &found.purpose_text,
        &row.number,
        is_own.then_some(&*row.name),
    ) {
        if !is_own {
            return Err(unfit().into());
        }
        // one's own certificate says what it is for, too: the public reads it
        return Err(Refusal::new(codes::EVENT_RETIREMENT_NAMES_OTHER)
            .at("reference")
            .with("text", &found.purpose_text)
            .with("number", &row.number)
            .with("name", &row.name)
            .into());
    }
    if store::unit_used(tx.connection(), &used_key(&number)).await? {
        return Err(used(&number).into());
    }
    let day = Instant(found.at).beijing_date();
    let last = deadline(day_of(&row.ends_on)?, false);
    if day > last && row.version == 0 {
        return Err(Refusal::new(codes::EVENT_TOO_LATE)
            .at("reference")
            .with("deadline", last)
            .into());
    }
    units_of_retirement(tx, row, &found.id, &number, day, "reference").await
}

/// A unit of another registry, or a forest, whose land no other claim may have: it is claimed for good.
async fn entered_unit(tx: &mut Tx, row: &mut EventRow, unit: &EventUnit) -> Result<UnitRow, Error> {
    let mut claim_id = None;
    if unit.kind == UnitKind::NewForest {
        let geojson = claim::read_boundary(&unit.boundary)?;
        if let Some(name) = claim::land_taken_by(tx, &geojson).await? {
            return Err(Refusal::new(codes::EVENT_FOREST_LAND_TAKEN)
                .at("boundary")
                .with("name", name)
                .into());
        }
        let (act, at) = (tx.act.clone(), tx.at);
        let claimed = ClaimRow {
            id: new_id(),
            mechanism: "other".to_owned(),
            key_kind: "boundary".to_owned(),
            key_text: unit.reference.clone(),
            geojson: Some(geojson),
            family: "活动碳中和新建林业".to_owned(),
            valid_from: row.starts_on.clone(),
            reference: row.number.clone(),
            source: unit.evidence.clone(),
            at: at.0,
            ..ClaimRow::default()
        };
        claims::insert(tx.connection(), &claimed, &act).await?;
        claim_id = Some(claimed.id);
        row.has_forest = 1;
    }
    Ok(UnitRow {
        id: new_id(),
        kind: unit.kind.code().to_owned(),
        registry: unit.registry.clone(),
        reference: unit.reference.clone(),
        tonnes: unit.tonnes,
        cancelled_on: unit.cancelled_on.map(|day| day.to_string()),
        project: unit.project.clone(),
        recognised_by: unit.recognised_by.clone(),
        forest: unit.forest.clone(),
        evidence: unit.evidence.clone(),
        retirement_id: None,
        claim_id,
        used_key: Some(format!("{} {}", unit.registry, unit.reference)),
    })
}

fn unit_of(row: &UnitRow) -> Result<EventUnit, Error> {
    Ok(EventUnit {
        kind: UnitKind::from_code(&row.kind)
            .ok_or_else(|| Error::Store(format!("unit kind {}", row.kind)))?,
        registry: row.registry.clone(),
        reference: row.reference.clone(),
        tonnes: row.tonnes,
        cancelled_on: row.cancelled_on.as_deref().map(day_of).transpose()?,
        project: row.project.clone(),
        recognised_by: row.recognised_by.clone(),
        forest: row.forest.clone(),
        boundary: String::new(),
        evidence: row.evidence.clone(),
    })
}

pub(crate) fn unit_views(rows: &[UnitRow], today: Date) -> Result<Vec<EventUnitView>, Error> {
    rows.iter()
        .map(|row| {
            let counts = unit_of(row)?.counts(today);
            Ok(EventUnitView {
                id: row.id.clone(),
                kind: row.kind.clone(),
                registry: row.registry.clone(),
                reference: row.reference.clone(),
                tonnes: row.tonnes,
                cancelled_on: row.cancelled_on.clone(),
                project: row.project.clone(),
                recognised_by: row.recognised_by.clone(),
                forest: row.forest.clone(),
                evidence: row.evidence.clone(),
                here: row.retirement_id.is_some(),
                not_counted: counts.err().map(|refusal| refusal.code.to_owned()),
            })
        })
        .collect()
}

pub(crate) fn counted(units: &[EventUnitView]) -> i64 {
    let counting = units.iter().filter(|unit| unit.not_counted.is_none());
    counting.map(|unit| unit.tonnes).sum()
}
