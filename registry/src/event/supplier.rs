//! What suppliers tell by link, and what the organiser makes of it.

use domain::event::{
    EventStep, SUPPLIERS_MAX, SupplierLine, SupplierRequest, at_decision, check,
    check_supplier_limits, read_decision,
};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use methodologies::table::Table;
use serde::{Deserialize, Serialize};

use crate::parameter_set;
use crate::perform::{Deed, Done, hash, new_id, perform};
use crate::store::event::{self as events, EventRow};
use crate::store::people;
use crate::store::supplier::{self as store, SupplierLineRow, SupplierRow};
use crate::{By, Error, Fields, Registry, Visitor};

use super::attendee::HOUR_SECONDS;
use super::footprint::{compute, input_of};
use super::inventory::{read_lines, write_lines};
use super::organiser::{check_reopening, open_shared, shared};
use super::{EventReceipt, bare_facts, done, profile_of, state_of, step};

/// The answer to a supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyReceipt {
    /// The line.
    pub line: String,
}

/// A line as a supplier gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplierLineView {
    /// Its id.
    pub id: String,
    /// Class of the inventory.
    pub class: String,
    /// What it is.
    pub activity: String,
    /// A decimal number as text.
    pub quantity: String,
    /// Its unit.
    pub unit: String,
    /// What it rests on.
    pub note: String,
    /// `sent`, `accepted` or `declined`.
    pub state: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// The line of the inventory with the same class and name: counting both would count twice.
    pub double: Option<usize>,
}

/// A supplier of an event, for its organiser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplierView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Classes that are asked for.
    pub classes: Vec<String>,
    /// Last part of the address of its form, while it is open.
    pub form: Option<String>,
    /// What it gave, oldest first.
    pub lines: Vec<SupplierLineView>,
}

/// The form of a supplier, as anyone with the link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplyForm {
    /// Number of the event.
    pub number: String,
    /// Its name.
    pub event: String,
    /// The organiser.
    pub organiser: String,
    /// The supplier that is asked.
    pub supplier: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Classes that are asked for.
    pub classes: Vec<String>,
    /// The lines given with the same secret, oldest first.
    pub lines: Vec<SupplierLineView>,
}

impl Registry {
    /// The suppliers of an event of the own organisation and what they gave.
    pub async fn event_suppliers(&self, by: &By, event: &str) -> Result<Vec<SupplierView>, Error> {
        Deed::check_role(Act::EventSupplierAdd, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let inventory = inventory_of(&row)?;
        let mut views = Vec::new();
        for supplier in store::of_event(&mut connection, event).await? {
            let lines = store::lines(&mut connection, &supplier.id).await?;
            let lines = lines.into_iter().map(|line| {
                let double = (line.state == "sent")
                    .then(|| double_of(inventory.as_ref(), &line_of(&line)))
                    .flatten();
                line_view(line, double)
            });
            views.push(SupplierView {
                lines: lines.collect(),
                classes: classes_of(&supplier),
                id: supplier.id,
                name: supplier.name,
                form: supplier.form_token,
            });
        }
        Ok(views)
    }

    /// Asks one supplier: opens a form under a link. Reads what [`SupplierRequest::read`] reads. `token` is made by the caller: 1..=100
    /// characters that nobody can guess.
    pub async fn event_supplier_add(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
        token: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventSupplierAdd, by, &(event, fields))?;
        let request = SupplierRequest::read(fields)?;
        perform!(self, deed, |tx| {
            let row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            // asking leaves an account as it is: only lines that are taken in change it
            check(state_of(&row)?, EventStep::Inventory, &facts)?;
            let asked = store::of_event(tx.connection(), &row.id).await?.len();
            if i64::try_from(asked).unwrap_or(i64::MAX) >= SUPPLIERS_MAX {
                return Err(Refusal::new(codes::EVENT_SUPPLIERS_TOO_MANY)
                    .at("name")
                    .with("max", SUPPLIERS_MAX)
                    .into());
            }
            let supplier = SupplierRow {
                id: new_id(),
                event_id: row.id.clone(),
                name: request.name.clone(),
                classes: request.classes.join(","),
                form_token: Some(token.to_owned()),
            };
            let (at, act) = (tx.at.0, tx.act.clone());
            store::insert(tx.connection(), &supplier, at, &act).await?;
            let mut done = done(&row, Some(supplier.name));
            done.answer.form = supplier.form_token;
            done.answer.supplier = Some(supplier.id);
            Ok(done)
        })
    }

    /// Closes the form of a supplier; what it gave stays.
    pub async fn event_supplier_close(
        &self,
        by: &By,
        event: &str,
        supplier: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventSupplierClose, by, &(event, supplier))?;
        perform!(self, deed, |tx| {
            let row = open_shared(tx, by, event).await?;
            let found = store::by_id(tx.connection(), supplier).await?;
            let found = found.filter(|found| found.event_id == row.id);
            let found = found.ok_or(Error::NotFound)?;
            store::close(tx.connection(), &found.id).await?;
            Ok(done(&row, Some(found.name)))
        })
    }

    /// The form behind a link. `secret`: of lines given before.
    pub async fn event_supply_form(
        &self,
        at: Instant,
        token: &str,
        secret: Option<&str>,
    ) -> Result<SupplyForm, Error> {
        let mut connection = self.store.read().await?;
        let supplier = store::by_token(&mut connection, token).await?;
        let supplier = supplier.ok_or(Error::NotFound)?;
        let row = events::by_id(&mut connection, &supplier.event_id).await?;
        let row = row.ok_or(Error::NotFound)?;
        let facts = bare_facts(&row, at)?;
        if check(state_of(&row)?, EventStep::Inventory, &facts).is_err() {
            return Err(Error::NotFound);
        }
        let organiser = people::organisation_by_id(&mut connection, &row.organisation_id).await?;
        let lines = match secret.filter(|secret| !secret.is_empty()) {
            Some(secret) => {
                let own = hash(&[secret]);
                let lines = store::lines(&mut connection, &supplier.id).await?;
                let lines = lines.into_iter().filter(|line| line.secret_hash == own);
                lines.map(|line| line_view(line, None)).collect()
            }
            None => Vec::new(),
        };
        Ok(SupplyForm {
            number: row.number,
            event: row.name,
            organiser: organiser.map(|found| found.name).unwrap_or_default(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            classes: classes_of(&supplier),
            supplier: supplier.name,
            lines,
        })
    }

    /// A supplier gives a line, changes one (`line` is its id) or takes one back (`remove` = `yes`), as long as nothing was decided about
    /// it. Reads what [`SupplierLine::read`] reads, `secret` (made by the page, kept by the supplier's browser) and `website`, which stays
    /// empty: programs fill it in.
    pub async fn event_supply(
        &self,
        visitor: &Visitor,
        token: &str,
        fields: &Fields,
    ) -> Result<SupplyReceipt, Error> {
        let deed = Deed::by_visitor(Act::EventSupply, visitor, &(token, fields))?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let secret = hash(&[&required_text("secret", typed("secret"), 100)?]);
        let closed = || Refusal::new(codes::EVENT_FORM_CLOSED);
        if !typed("website").is_empty() {
            return Err(closed().into());
        }
        let (changed, remove) = (typed("line").to_owned(), typed("remove") == "yes");
        perform!(self, deed, |tx| {
            let supplier = store::by_token(tx.connection(), token).await?;
            let supplier = supplier.ok_or_else(closed)?;
            let row = events::by_id(tx.connection(), &supplier.event_id).await?;
            let row = row.ok_or_else(closed)?;
            let facts = bare_facts(&row, tx.at)?;
            check(state_of(&row)?, EventStep::Inventory, &facts).map_err(|_| vec![closed()])?;
            let known = if changed.is_empty() {
                None
            } else {
                let found = store::line(tx.connection(), &changed).await?;
                let found = found.filter(|found| {
                    found.supplier_id == supplier.id && found.secret_hash == secret
                });
                let found = found.ok_or(Error::NotFound)?;
                if found.state != "sent" {
                    return Err(Refusal::new(codes::EVENT_SUPPLY_DECIDED).into());
                }
                Some(found.id)
            };
            let at = tx.at.0;
            let line = match known {
                Some(id) if remove => {
                    store::line_settle(tx.connection(), &id, "withdrawn", None, None).await?;
                    id
                }
                Some(id) => {
                    let line = SupplierLine::read(fields, &classes_of(&supplier))?;
                    store::line_change(tx.connection(), &id, &line).await?;
                    id
                }
                None => {
                    let line = SupplierLine::read(fields, &classes_of(&supplier))?;
                    let since = at - HOUR_SECONDS;
                    let (in_all, in_hour) =
                        store::lines_given(tx.connection(), &supplier.id, since).await?;
                    check_supplier_limits(in_all, in_hour)?;
                    let id = new_id();
                    store::line_insert(tx.connection(), &id, &supplier.id, &line, &secret, at)
                        .await?;
                    id
                }
            };
            Ok(Done {
                subject_kind: "supplier",
                subject: supplier.id,
                state: None,
                note: None,
                is_public: false,
                answer: SupplyReceipt { line },
            })
        })
    }

    /// The organiser takes a line of a supplier into the inventory (`decision` = `accept`, with `stage`, `factor` and `quality`) or declines
    /// it with a `reason`, which the supplier sees. Reads `line`. A line that has the class and the name of one of the inventory is taken
    /// in only with `despite` = `yes`: it would be counted twice.
    pub async fn event_supply_decide(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventSupplyDecide, by, &(event, fields))?;
        let reason = read_decision(fields)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let (line, despite) = (typed("line").to_owned(), typed("despite") == "yes");
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            let found = store::line(tx.connection(), &line).await?;
            let found = found.ok_or(Error::NotFound)?;
            let supplier = store::by_id(tx.connection(), &found.supplier_id).await?;
            supplier
                .filter(|supplier| supplier.event_id == row.id)
                .ok_or(Error::NotFound)?;
            let decided = Some(tx.at.0);
            if let Some(reason) = &reason {
                let settled = store::line_settle(
                    tx.connection(),
                    &found.id,
                    "declined",
                    Some(reason),
                    decided,
                );
                if !settled.await? {
                    return Err(Refusal::new(codes::EVENT_SUPPLY_DECIDED).into());
                }
                return Ok(done(&row, Some(reason.clone())));
            }
            check_reopening(&row, by)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            let told = line_of(&found);
            let double = double_of(inventory_of(&row)?.as_ref(), &told);
            if let Some(double) = double.filter(|_| !despite) {
                return Err(Refusal::new(codes::EVENT_SUPPLY_DOUBLE)
                    .at("despite")
                    .with("line", double)
                    .into());
            }
            let added = told.inventory_line(&format!("supplier-{}", found.id), fields)?;
            let new = write_lines(&added, false);
            let before = std::mem::take(&mut row.inventory);
            row.inventory = if before.is_empty() {
                new
            } else {
                before + new.split_once('\n').map_or("", |(_, lines)| lines)
            };
            row.revision += 1;
            // what cannot be computed is not kept
            let set = parameter_set::in_force(tx.connection()).await?;
            let profile = profile_of(&row)?;
            let mut input = input_of(&row, &profile, "", tx.at.beijing_date())?;
            if let Err(refusals) = compute(&mut input, &set) {
                let of_lines: Vec<Refusal> = refusals
                    .into_iter()
                    .filter(|refusal| refusal.code != "event_no_holding")
                    .filter(|refusal| {
                        let field = refusal.field.as_deref().unwrap_or_default();
                        field == "lines" || field.starts_with("lines.")
                    })
                    .collect();
                if !of_lines.is_empty() {
                    return Err(at_decision(of_lines).into());
                }
            }
            let settled =
                store::line_settle(tx.connection(), &found.id, "accepted", None, decided).await?;
            if !settled {
                return Err(Refusal::new(codes::EVENT_SUPPLY_DECIDED).into());
            }
            events::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.rows = Some(1);
            Ok(done)
        })
    }
}

/// The inventory as a table; `None`: it has no lines.
fn inventory_of(row: &EventRow) -> Result<Option<Table>, Error> {
    if row.inventory.lines().nth(1).is_none() {
        return Ok(None);
    }
    let table = read_lines(&row.inventory);
    let unreadable = |refusals| Error::Store(format!("stored inventory: {refusals:?}"));
    table.map(Some).map_err(unreadable)
}

/// The line of the inventory that a line of a supplier would double.
fn double_of(inventory: Option<&Table>, told: &SupplierLine) -> Option<usize> {
    told.same_in(inventory?)
}

fn classes_of(supplier: &SupplierRow) -> Vec<String> {
    supplier.classes.split(',').map(str::to_owned).collect()
}

fn line_of(row: &SupplierLineRow) -> SupplierLine {
    SupplierLine {
        class: row.class.clone(),
        activity: row.activity.clone(),
        quantity: row.quantity.clone(),
        unit: row.unit.clone(),
        note: row.note.clone(),
    }
}

fn line_view(row: SupplierLineRow, double: Option<usize>) -> SupplierLineView {
    SupplierLineView {
        id: row.id,
        class: row.class,
        activity: row.activity,
        quantity: row.quantity,
        unit: row.unit,
        note: row.note,
        state: row.state,
        reason: row.reason,
        double,
    }
}
