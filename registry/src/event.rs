//! Events: plan, inventory, attendees, footprint, units, statement, published versions.
//!
//! The state table of [`domain::event`] decides what may happen; the footprint is computed by `methodologies`, here and nowhere else.
//! Only an account of the inventory as it is now, and units that cover it, lead to a published result.

use std::collections::BTreeMap;

use domain::event::{
    AttendeeSums, EventFacts, EventProfile, EventState, EventStep, EventUnit, FormLimits,
    LINES_HEADER, UnitKind, attendee_lines, check, deadline, order_of_preference, quick_lines,
    read_answer, read_attendees, read_unit, settled,
};
use domain::id::ClassId;
use domain::ledger::RetirementRequest;
use domain::refusal::codes;
use domain::text::{optional_text, required_text, whole_tonnes};
use domain::{Act, Instant, Refusal};
use methodologies::event::fields::{COLUMNS, LINES_MAX};
use methodologies::event::{Footprint, footprint};
use methodologies::table::{Cell, Table, parse};
use methodologies::{InputError, Parameters};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::AnyConnection;
use time::Date;

use crate::credits::{RetiredCredits, retire_together};
use crate::number::{event_number, read_retirement_number};
use crate::order;
use crate::parameter_set;
use crate::perform::{Deed, Done, Tx, hash, new_id, perform};
use crate::record::{day_of, fields_of, json_of, reason};
use crate::store::claim::{self as claims, ClaimRow};
use crate::store::event::{self as store, EventRow, NewFootprint, NewVersion, UnitRow};
use crate::store::people;
use crate::{By, Error, Fields, Page, PageRequest, Registry, Visitor, claim};

/// The registry named in the units that are retired here.
const HERE: &str = "HUITAN";
/// Longest statement of an evaluation, characters.
const STATEMENT_MAX: usize = 4000;
/// Answers are counted over this many seconds.
const HOUR_SECONDS: i64 = 3600;
/// What a class is left out with on the quick path: honest about nobody having looked yet.
const QUICK_REASON: &str =
    "快速估算未涉及，待主办方核实 / not part of the quick estimate, to be checked by the organiser";

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
}

/// The answer to an attendee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendReceipt {
    /// Kilometres one way that were counted.
    pub km: i64,
    /// Whether they come from the table of distances.
    pub km_estimated: bool,
}

/// An event in the list of its organiser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventListRow {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its state on the day of the reader.
    pub state: EventState,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Last day for neutralising.
    pub deadline: String,
}

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

/// What stands for a published result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventContent {
    /// Profile and plan as typed.
    pub profile: Fields,
    /// `self` or `body`.
    pub evaluation: String,
    /// Who evaluated.
    pub evaluator: String,
    /// The statement.
    pub evaluation_text: String,
    /// When.
    pub evaluated_on: String,
    /// The units.
    pub units: Vec<EventUnitView>,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
}

/// An accounted footprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountedView {
    /// Kilograms.
    pub total_kg: String,
    /// Whole tonnes to neutralise.
    pub tonnes: i64,
    /// When.
    pub at: Instant,
    /// Whether it is of the inventory as it is now.
    pub current: bool,
}

/// Everything about an event, for its organiser.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventView {
    /// The row of the list.
    pub row: EventListRow,
    /// Profile and plan as typed.
    pub fields: Fields,
    /// The day the plan was published.
    pub plan_published_on: Option<String>,
    /// The organiser's inventory.
    pub inventory: String,
    /// The lines that the attendees' answers make.
    pub attendee_lines: String,
    /// Answers by source (`form`, `import`) and mode.
    pub attendees: Vec<(String, AttendeeSums)>,
    /// Last part of the address of the form, while it is open.
    pub form: Option<String>,
    /// The footprint of everything as it is now; `None` if it cannot be computed, for the reasons in `problems`.
    pub footprint: Option<Box<Footprint>>,
    /// Why the footprint cannot be computed.
    pub problems: Vec<Refusal>,
    /// Classes that are neither counted nor left out with a reason.
    pub open_classes: Vec<String>,
    /// The newest account.
    pub accounted: Option<AccountedView>,
    /// The units.
    pub units: Vec<EventUnitView>,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// Kinds that the guide lists earlier and that were not used: advice.
    pub preferred: Vec<UnitKind>,
    /// `self` or `body`, who, statement and day.
    pub evaluation: Option<(String, String, String, String)>,
    /// Published versions.
    pub version: i64,
    /// What the organiser may do now.
    pub allowed: Vec<Act>,
}

/// The form for attendees, as anyone with the link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendForm {
    /// Number of the event.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The organiser.
    pub organiser: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Where it is.
    pub city: String,
    /// An answer given before with the same secret, as form fields.
    pub answer: Option<Fields>,
}

impl Registry {
    /// The events of the viewer's organisation, newest first.
    pub async fn event_list(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<EventListRow>, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::of_organisation(
            &mut connection,
            by.organisation.as_str(),
            page.before(),
            page.rows() + 1,
        )
        .await?;
        let today = by.at.beijing_date();
        let rows: Result<Vec<_>, Error> = rows.iter().map(|row| list_row(row, today)).collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// The footprint of an event of the own organisation with the factors of another year, to be shown beside the one that counts.
    /// `None` where it cannot be computed.
    pub async fn event_of_factor_year(
        &self,
        by: &By,
        event: &str,
        year: &str,
    ) -> Result<Option<Footprint>, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, event).await?;
        let row = row
            .filter(|row| row.organisation_id == by.organisation.as_str())
            .ok_or(Error::NotFound)?;
        let set = parameter_set::in_force(&mut connection).await?;
        let sums = store::attendee_sums(&mut connection, &row.id).await?;
        let (profile, today) = (profile_of(&row)?, by.at.beijing_date());
        let mut input = input_of(&row, &profile, &lines_of(&sums)?, today)?;
        input["factor_year"] = json!(year);
        Ok(compute(&mut input, &set).ok())
    }

    /// Everything about an event of the own organisation.
    pub async fn event_get(&self, by: &By, event: &str) -> Result<EventView, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, event).await?;
        let row = row
            .filter(|row| row.organisation_id == by.organisation.as_str())
            .ok_or(Error::NotFound)?;
        view(&mut connection, by, row).await
    }

    /// Begins an event. Reads the profile ([`EventProfile::read`]); with `quick` = `yes` an inventory is made from a few numbers
    /// ([`quick_lines`]), with `from` (an event of the own organisation) its inventory is copied, each line as an estimate.
    pub async fn event_create(&self, by: &By, fields: &Fields) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventCreate, by, &fields)?;
        let quick = fields.get("quick").is_some_and(|typed| typed == "yes");
        let copied = fields
            .get("from")
            .filter(|typed| !typed.is_empty())
            .cloned();
        let mut typed = fields.clone();
        typed.remove("quick");
        typed.remove("from");
        if quick {
            for stage in ["prepare", "hold", "close"] {
                typed.insert(format!("stages.{stage}"), "yes".to_owned());
            }
        }
        let profile = EventProfile::read(&typed)?;
        let mut inventory = String::new();
        if quick {
            let table = read_lines(&quick_lines(&profile, &typed)?)?;
            let used = table_classes(&table);
            for class in profile.open_classes(&used) {
                typed.insert(format!("left_out.{class}"), QUICK_REASON.to_owned());
            }
            inventory = write_lines(&table, false);
        }
        perform!(self, deed, |tx| {
            let mut typed = typed.clone();
            let mut inventory = inventory.clone();
            if let Some(from) = &copied {
                let earlier = open(tx, by, from).await?;
                if !earlier.inventory.is_empty() {
                    inventory = write_lines(&read_lines(&earlier.inventory)?, true);
                }
                for (name, value) in fields_of(&earlier.profile)? {
                    if name.starts_with("left_out.") || ["measures", "method"].contains(&&*name) {
                        typed.entry(name).or_insert(value);
                    }
                }
            }
            let year = tx.at.beijing_date().year();
            let sequence = people::counter_next(tx.connection(), &format!("event-{year}")).await?;
            let row = EventRow {
                id: new_id(),
                number: event_number(year, sequence),
                organisation_id: by.organisation.to_string(),
                name: profile.name.clone(),
                state: EventState::Planned.code().to_owned(),
                starts_on: profile.starts_on.to_string(),
                ends_on: profile.ends_on.to_string(),
                profile: json_of(&typed)?,
                inventory,
                people: profile.people,
                at: tx.at.0,
                ..EventRow::default()
            };
            let act = tx.act.clone();
            store::insert(tx.connection(), &row, &act).await?;
            Ok(done(&row, None))
        })
    }

    /// Keeps profile and plan. Reads them as [`Registry::event_create`] does, without `quick` and `from`.
    pub async fn event_save(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventSave, by, &(event, fields))?;
        let profile = EventProfile::read(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Save, &facts)?;
            let same_days =
                (profile.starts_on, profile.ends_on) == (facts.starts_on, facts.ends_on);
            if row.state != EventState::Planned.code() && !same_days {
                // moving the last day would move the time for neutralising
                return Err(Refusal::new(codes::EVENT_DAYS_FIXED)
                    .at("starts_on")
                    .with("start", facts.starts_on)
                    .with("end", facts.ends_on)
                    .into());
            }
            row.name.clone_from(&profile.name);
            row.starts_on = profile.starts_on.to_string();
            row.ends_on = profile.ends_on.to_string();
            row.people = profile.people;
            row.profile = json_of(fields)?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// Publishes the plan: boundary, estimate, measures and method; before the event or not at all.
    pub async fn event_plan_publish(&self, by: &By, event: &str) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventPlanPublish, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let set = parameter_set::in_force(tx.connection()).await?;
            let (facts, computed) = facts_with_footprint(tx, &row, &set).await?;
            if check(state_of(&row)?, EventStep::PublishPlan, &facts).is_ok() {
                // an inventory that cannot be computed says why
                computed.as_ref().map_err(Clone::clone)?;
            }
            step(&mut row, EventStep::PublishPlan, &facts)?;
            if let Ok((input, computed)) = &computed {
                keep_footprint(tx, &row, "estimate", input, computed).await?;
            }
            row.plan_published_on = Some(tx.at.beijing_date().to_string());
            row.published_profile = Some(row.profile.clone());
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, None)))
        })
    }

    /// Gives the event up before it takes place. Reads `reason`.
    pub async fn event_withdraw(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventWithdraw, by, &(event, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Withdraw, &facts)?;
            row.form_token = None;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(reason.clone())))
        })
    }

    /// Changes the inventory. Reads `lines` (a table; replaces the inventory, or is added to it with `append` = `yes`) or one line in
    /// `line.<column>`. Every mistake is said by line and column, and then nothing is kept.
    pub async fn event_inventory_save(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventInventorySave, by, &(event, fields))?;
        Deed::check_role(Act::EventInventorySave, by)?;
        let typed = fields.get("lines").map_or("", String::as_str);
        let single = single_line(fields);
        let added = match &single {
            Some(line) => read_lines(line).map_err(at_line_fields)?,
            None => read_lines(typed)?,
        };
        let append = single.is_some() || fields.get("append").is_some_and(|text| text == "yes");
        let rows = i64::try_from(added.rows.len()).unwrap_or(i64::MAX);
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Inventory, &facts)?;
            let new = write_lines(&added, false);
            let before = std::mem::take(&mut row.inventory);
            row.inventory = if append && !before.is_empty() {
                before + new.split_once('\n').map_or("", |(_, lines)| lines)
            } else {
                new
            };
            row.revision += 1;
            // what cannot be computed is not kept
            let set = parameter_set::in_force(tx.connection()).await?;
            let profile = profile_of(&row)?;
            let mut input = input_of(&row, &profile, "", tx.at.beijing_date())?;
            if let Err(refusals) = compute(&mut input, &set) {
                // that lines of holding are missing, or left out beside lines, is said where the plan or the account asks
                let of_lines: Vec<Refusal> = refusals
                    .into_iter()
                    .filter(|refusal| refusal.code != "event_no_holding")
                    .filter(|refusal| {
                        let field = refusal.field.as_deref().unwrap_or_default();
                        field == "lines" || field.starts_with("lines.")
                    })
                    .collect();
                if !of_lines.is_empty() {
                    let of_lines = if single.is_some() {
                        at_line_fields(of_lines)
                    } else {
                        of_lines
                    };
                    return Err(of_lines.into());
                }
            }
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.rows = Some(rows);
            Ok(done)
        })
    }

    /// Takes in a table of attendees ([`domain::event::ATTENDEE_COLUMNS`]) in `attendees`; it replaces the one imported before.
    pub async fn event_attendees_import(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAttendeesImport, by, &(event, fields))?;
        let typed = fields.get("attendees").map_or("", String::as_str);
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Attendees, &facts)?;
            let answers = read_attendees(typed, &profile_of(&row)?.city)?;
            let count = i64::try_from(answers.len()).unwrap_or(i64::MAX);
            let answers: Vec<_> = answers
                .into_iter()
                .map(|answer| (new_id(), answer))
                .collect();
            store::attendees_remove_imported(tx.connection(), &row.id).await?;
            let at = tx.at.0;
            store::attendees_insert(tx.connection(), &row.id, &answers, at).await?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.rows = Some(count);
            Ok(done)
        })
    }

    /// Opens the form for attendees under a new link (`open` = `yes`), or closes it. A new link makes the old one useless. `token` is
    /// made by the caller: 1..=100 characters that nobody can guess.
    pub async fn event_form_set(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
        token: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventFormSet, by, &(event, fields))?;
        let opened = fields.get("open").is_some_and(|typed| typed == "yes");
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            // opening and closing leaves an account as it is: only answers change it
            check(state_of(&row)?, EventStep::Attendees, &facts)?;
            row.form_token = opened.then(|| token.to_owned());
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.form.clone_from(&row.form_token);
            Ok(done)
        })
    }

    /// The form behind a link. `secret`: of an answer given before.
    pub async fn event_form(
        &self,
        at: Instant,
        token: &str,
        secret: Option<&str>,
    ) -> Result<AttendForm, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_form(&mut connection, token).await?;
        let row = row.ok_or(Error::NotFound)?;
        let facts = bare_facts(&row, at)?;
        if check(state_of(&row)?, EventStep::Attend, &facts).is_err() {
            return Err(Error::NotFound);
        }
        let organiser = people::organisation_by_id(&mut connection, &row.organisation_id).await?;
        let answer = match secret.filter(|secret| !secret.is_empty()) {
            Some(secret) => {
                store::attendee_by_secret(&mut connection, &row.id, &hash(&[secret])).await?
            }
            None => None,
        };
        let profile = profile_of(&row)?;
        Ok(AttendForm {
            number: row.number,
            name: row.name,
            organiser: organiser.map(|found| found.name).unwrap_or_default(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            city: profile.city,
            answer: answer.map(|(mode, origin, km, estimated, nights, meals)| {
                let km = if estimated == 1 {
                    String::new()
                } else {
                    km.to_string()
                };
                [
                    ("mode", mode),
                    ("origin", origin),
                    ("km", km),
                    ("nights", nights.to_string()),
                    ("meals", meals.to_string()),
                ]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
            }),
        })
    }

    /// An attendee answers, or changes an answer with its secret. Reads `mode`, `origin`, `km`, `nights`, `meals`, `secret` (made by the
    /// page, kept by the attendee's browser) and `website`, which stays empty: programs fill it in.
    pub async fn event_attend(
        &self,
        visitor: &Visitor,
        token: &str,
        fields: &Fields,
    ) -> Result<AttendReceipt, Error> {
        let deed = Deed::by_visitor(Act::EventAttend, visitor, &(token, fields))?;
        let secret = fields.get("secret").map_or("", |text| text.trim());
        let secret = required_text("secret", secret, 100)?;
        if fields.get("website").is_some_and(|text| !text.is_empty()) {
            return Err(Refusal::new(codes::EVENT_FORM_CLOSED).into());
        }
        perform!(self, deed, |tx| {
            let closed = || Refusal::new(codes::EVENT_FORM_CLOSED);
            let row = store::by_form(tx.connection(), token).await?;
            let row = row.ok_or_else(closed)?;
            let facts = bare_facts(&row, tx.at)?;
            check(state_of(&row)?, EventStep::Attend, &facts).map_err(|_| vec![closed()])?;
            let answer = read_answer(fields, &profile_of(&row)?.city)?;
            let secret_hash = hash(&[&secret]);
            let known = store::attendee_by_secret(tx.connection(), &row.id, &secret_hash).await?;
            if known.is_none() {
                let since = tx.at.0 - HOUR_SECONDS;
                let (in_all, in_hour) =
                    store::attendees_by_form(tx.connection(), &row.id, since).await?;
                let limits = FormLimits { people: row.people };
                limits.check(in_all, in_hour)?;
            }
            let (id, at) = (new_id(), tx.at.0);
            store::attendee_put(tx.connection(), &id, &row.id, &answer, &secret_hash, at).await?;
            // each answer is a chain of its own: thousands at once do not wait for each other
            Ok(Done {
                subject_kind: "attendee",
                subject: id,
                state: None,
                note: None,
                is_public: false,
                answer: AttendReceipt {
                    km: answer.km,
                    km_estimated: answer.km_estimated,
                },
            })
        })
    }

    /// Computes the actual footprint of the inventory and the attendees as they are now, and keeps it.
    pub async fn event_account(&self, by: &By, event: &str) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAccount, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let set = parameter_set::in_force(tx.connection()).await?;
            let (facts, computed) = facts_with_footprint(tx, &row, &set).await?;
            if check(state_of(&row)?, EventStep::Account, &facts).is_ok() {
                computed.as_ref().map_err(Clone::clone)?;
            }
            step(&mut row, EventStep::Account, &facts)?;
            let (input, computed) = computed?;
            keep_footprint(tx, &row, "account", &input, &computed).await?;
            row.form_token = None;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// Enters units. Reads `kind` and what [`read_unit`] reads; for `ccer` the `reference` is the number of a retirement in this ledger,
    /// for an event, by the own organisation or naming this event. The same units serve one event only.
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
            let of_ledger = fields.get("kind").is_some_and(|kind| kind.trim() == "ccer");
            let unit = if of_ledger {
                retired_unit(tx, by, &row, fields).await?
            } else {
                let unit = read_unit(fields, facts.today, facts.starts_on, facts.ends_on)?;
                entered_unit(tx, &mut row, &unit).await?
            };
            if let Some(key) = &unit.used_key
                && store::unit_used(tx.connection(), key).await?
            {
                return Err(Refusal::new(codes::EVENT_UNIT_USED)
                    .at("reference")
                    .with("reference", &unit.reference)
                    .into());
            }
            let (at, act) = (tx.at.0, tx.act.clone());
            store::unit_insert(tx.connection(), &row.id, &unit, at, &act).await?;
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, Some(unit.reference)))
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

    /// Retires credits of the own organisation for the event: `class.<id>` is the tonnes of each class; all of them or none. With the
    /// units that were entered they must cover the footprint. Reads `statement` (`yes`: retiring is final). Where a member is confirmer
    /// the credits are retired by an order first, and the retirement is entered as a unit.
    pub async fn event_retire(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventRetire, by, &(event, fields))?;
        let wanted = wanted_classes(fields)?;
        if fields.get("statement").is_none_or(|typed| typed != "yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let mut facts = full_facts(tx, &row).await?;
            facts.counted_tonnes += wanted.iter().map(|(_, tonnes)| tonnes).sum::<i64>();
            step(&mut row, EventStep::Retire, &facts)?;
            let mut retirement = None;
            if !wanted.is_empty() {
                if order::needs_confirmation(tx, by).await? {
                    return Err(Refusal::new(codes::EVENT_CONFIRMER_FIRST).into());
                }
                let retired = retire_for(tx, by, &row, &wanted).await?;
                let act = tx.act.clone();
                let id = store::retirement_of_act(tx.connection(), &act).await?;
                let unit = ledger_unit(
                    &retired.number,
                    id,
                    retired.quantity,
                    tx.at.beijing_date(),
                    retired.serials.join(", "),
                );
                let at = tx.at.0;
                store::unit_insert(tx.connection(), &row.id, &unit, at, &act).await?;
                retirement = Some(retired.number);
            }
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, retirement.clone());
            done.answer.retirement = retirement;
            Ok(done)
        })
    }

    /// The statement. Reads `evaluation` (`self` or `body`), `evaluator` (for a body), `evaluation_text` and `statement` (`yes`).
    pub async fn event_evaluate(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventEvaluate, by, &(event, fields))?;
        let (kind, evaluator, text) = read_evaluation(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = full_facts(tx, &row).await?;
            step(&mut row, EventStep::Evaluate, &facts)?;
            let own = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
            row.evaluation = Some(kind.clone());
            row.evaluator = Some(if kind == "self" {
                own.map(|own| own.name).unwrap_or_default()
            } else {
                evaluator.clone()
            });
            row.evaluation_text = Some(text.clone());
            row.evaluated_on = Some(tx.at.beijing_date().to_string());
            store::save(tx.connection(), &row).await?;
            Ok(done(&row, None))
        })
    }

    /// Publishes the result as the next version.
    pub async fn event_publish(&self, by: &By, event: &str) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventPublish, by, &event)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = full_facts(tx, &row).await?;
            step(&mut row, EventStep::PublishResult, &facts)?;
            let account = store::footprint_newest(tx.connection(), &row.id, "account").await?;
            let account = account.ok_or(Error::NotFound)?;
            let stored = store::units(tx.connection(), &row.id).await?;
            let units = unit_views(&stored, facts.today)?;
            let content = EventContent {
                profile: fields_of(&row.profile)?,
                evaluation: row.evaluation.clone().unwrap_or_default(),
                evaluator: row.evaluator.clone().unwrap_or_default(),
                evaluation_text: row.evaluation_text.clone().unwrap_or_default(),
                evaluated_on: row.evaluated_on.clone().unwrap_or_default(),
                counted_tonnes: facts.counted_tonnes,
                units,
            };
            let correction = if row.version == 0 {
                None
            } else {
                let kind = Act::EventCorrect.name();
                store::newest_note(tx.connection(), &row.id, kind).await?
            };
            row.version += 1;
            let (content, published_on) = (json_of(&content)?, facts.today.to_string());
            let act = tx.act.clone();
            let new = NewVersion {
                event_id: &row.id,
                version: row.version,
                footprint_id: &account.id,
                content: &content,
                correction: correction.as_deref(),
                published_on: &published_on,
                at: tx.at.0,
                act_id: &act,
            };
            store::version_insert(tx.connection(), &new).await?;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, correction.clone())))
        })
    }

    /// Opens a published result for a corrected version; the published one stays. Reads `reason`, which the public sees.
    pub async fn event_correct(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventCorrect, by, &(event, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Correct, &facts)?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            Ok(public(done(&row, Some(reason.clone()))))
        })
    }
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
    })
}

/// What the steps after the account look at.
async fn full_facts(tx: &mut Tx, row: &EventRow) -> Result<EventFacts, Error> {
    let mut facts = bare_facts(row, tx.at)?;
    let account = store::footprint_newest(tx.connection(), &row.id, "account").await?;
    facts.accounted_tonnes = account
        .filter(|account| account.revision == row.revision)
        .map(|account| account.tonnes);
    let units = store::units(tx.connection(), &row.id).await?;
    facts.counted_tonnes = counted(&unit_views(&units, facts.today)?);
    Ok(facts)
}

type Computed = Result<(Value, Footprint), Vec<Refusal>>;

/// What plan and account look at, and the footprint of everything as it is now.
async fn facts_with_footprint(
    tx: &mut Tx,
    row: &EventRow,
    set: &Parameters,
) -> Result<(EventFacts, Computed), Error> {
    let mut facts = bare_facts(row, tx.at)?;
    let profile = profile_of(row)?;
    let sums = store::attendee_sums(tx.connection(), &row.id).await?;
    let mut input = input_of(row, &profile, &lines_of(&sums)?, facts.today)?;
    let computed = compute(&mut input, set);
    facts.holding = profile.stages.contains(&"hold");
    facts.estimated = !row.inventory.is_empty() || !sums.is_empty();
    if let Ok(footprint) = &computed {
        facts.open_classes = profile.open_classes(&classes(footprint));
    }
    Ok((facts, computed.map(|footprint| (input, footprint))))
}

fn classes(footprint: &Footprint) -> Vec<String> {
    footprint
        .by_class
        .iter()
        .map(|part| part.code.clone())
        .collect()
}

/// The classes of the lines of a table.
fn table_classes(table: &Table) -> Vec<String> {
    let (class, factor) = (table.place("class"), table.place("factor"));
    table
        .rows
        .iter()
        .map(|row| match row.choice(class) {
            Some(class) => class.to_owned(),
            None => class_of_factor(row.choice(factor).unwrap_or_default()),
        })
        .collect()
}

fn class_of_factor(code: &str) -> String {
    if code.starts_with("grid_") {
        return "electricity".to_owned();
    }
    methodologies::event::factor::find(code)
        .map_or("", |found| found.class)
        .to_owned()
}

/// The footprint of an input. What the quick path left out because nobody had looked yet gives way to lines that are counted.
fn compute(input: &mut Value, set: &Parameters) -> Result<Footprint, Vec<Refusal>> {
    let refusals = |errors: Vec<InputError>, input: &Value| -> Vec<Refusal> {
        errors
            .into_iter()
            .map(|error| at_form_field(error, input))
            .collect()
    };
    let errors = match footprint(input, set) {
        Ok(footprint) => return Ok(footprint),
        Err(errors) => refusals(errors, input),
    };
    let counted: Vec<&str> = errors
        .iter()
        .filter(|refusal| refusal.code == "event_left_out_counted")
        .filter_map(|refusal| refusal.field.as_deref()?.strip_prefix("left_out."))
        .collect();
    let Some(left_out) = input["left_out"].as_array_mut() else {
        return Err(errors);
    };
    let before = left_out.len();
    left_out.retain(|entry| {
        let class = entry["class"].as_str().unwrap_or_default();
        entry["reason"] != QUICK_REASON || !counted.contains(&class)
    });
    if left_out.len() == before {
        return Err(errors);
    }
    footprint(input, set).map_err(|errors| refusals(errors, input))
}

/// The list of what is left out has the class in its place: the field of the form is named after the class.
fn at_form_field(error: InputError, input: &Value) -> Refusal {
    let mut refusal = Refusal::from(error);
    let field = refusal.field.clone().unwrap_or_default();
    if let Some(at) = field
        .strip_prefix("left_out.")
        .and_then(|rest| rest.split('.').next())
    {
        let class = at
            .parse::<usize>()
            .ok()
            .and_then(|at| input["left_out"][at]["class"].as_str());
        if let Some(class) = class {
            refusal.field = Some(format!("left_out.{class}"));
        }
    }
    refusal
}

/// Lines of the answers in the columns of the inventory, without a header.
fn lines_of(sums: &[(String, AttendeeSums)]) -> Result<String, Error> {
    let mut lines = String::new();
    for (source, registered) in [("import", true), ("form", false)] {
        let of_source: Vec<AttendeeSums> = sums
            .iter()
            .filter(|(found, _)| found == source)
            .map(|(_, sums)| sums.clone())
            .collect();
        lines += &attendee_lines(&of_source, registered);
    }
    if lines.is_empty() {
        return Ok(lines);
    }
    let table = read_lines(&format!("{LINES_HEADER}\n{lines}"))?;
    let text = write_lines(&table, false);
    Ok(text
        .split_once('\n')
        .map_or("", |(_, lines)| lines)
        .to_owned())
}

/// What the calculator takes.
fn input_of(
    row: &EventRow,
    profile: &EventProfile,
    attendee_lines: &str,
    today: Date,
) -> Result<Value, Error> {
    let header = header();
    let inventory = if row.inventory.is_empty() {
        header + "\n"
    } else {
        row.inventory.clone()
    };
    let mut input = json!({
        "from": row.starts_on,
        "to": row.ends_on,
        "accounted_on": today.to_string(),
        "province": profile.province,
        "people": profile.people.to_string(),
        "left_out": profile.left_out.iter().map(|left| json!({"class": left.class, "reason": left.reason})).collect::<Vec<_>>(),
        "lines": inventory + attendee_lines,
    });
    let typed = fields_of(&row.profile)?;
    for name in [
        "factor_year",
        "electricity_method",
        "radiative_forcing",
        "mixed_boundaries",
    ] {
        if let Some(value) = typed.get(name).filter(|value| !value.trim().is_empty()) {
            input[name] = json!(value);
        }
    }
    Ok(input)
}

fn header() -> String {
    COLUMNS
        .iter()
        .map(|column| column.code)
        .collect::<Vec<_>>()
        .join(",")
}

/// A table of the inventory, every mistake by line and column.
fn read_lines(text: &str) -> Result<Table, Vec<Refusal>> {
    parse(text, "lines", &COLUMNS, LINES_MAX)
        .map_err(|errors| errors.into_iter().map(Refusal::from).collect())
}

/// A table in the one form in which it is kept: every column, named by its code. `as_estimate`: for another event, so that what proves
/// the quantities of this one stays behind.
fn write_lines(table: &Table, as_estimate: bool) -> String {
    let mut text = header();
    text.push('\n');
    for row in &table.rows {
        for (at, (cell, column)) in row.cells().iter().zip(&COLUMNS).enumerate() {
            if at > 0 {
                text.push(',');
            }
            let left_behind = [
                "reference",
                "evidence",
                "certificate_kwh",
                "certificate_proof",
                "activity_year",
                "u_activity",
            ];
            let value = match (as_estimate, column.code) {
                (true, "quality") => "estimated".to_owned(),
                (true, code) if left_behind.contains(&code) => String::new(),
                _ => cell_text(cell),
            };
            if value.contains([',', '"', '\n', '\r', ';', '\t']) {
                text.push('"');
                text += &value.replace('"', "\"\"");
                text.push('"');
            } else {
                text += &value;
            }
        }
        text.push('\n');
    }
    text
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(number) => number.normalize().to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Choice(choice) => (*choice).to_owned(),
        Cell::Day(day) => day.to_string(),
    }
}

/// One line typed into fields, as a table.
fn single_line(fields: &Fields) -> Option<String> {
    fields.keys().find(|name| name.starts_with("line."))?;
    let values: Vec<String> = COLUMNS
        .iter()
        .map(|column| {
            let typed = fields.get(&format!("line.{}", column.code));
            format!(
                "\"{}\"",
                typed.map_or("", |text| text.trim()).replace('"', "\"\"")
            )
        })
        .collect();
    Some(format!("{}\n{}\n", header(), values.join(",")))
}

/// What is wrong with a line typed into fields, at those fields.
fn at_line_fields(refusals: Vec<Refusal>) -> Vec<Refusal> {
    refusals
        .into_iter()
        .map(|mut refusal| {
            let column = refusal
                .field
                .as_deref()
                .and_then(|field| field.rsplit('.').next())
                .filter(|column| *column != "lines");
            refusal.field = Some(column.map_or_else(
                || "line.activity".to_owned(),
                |column| format!("line.{column}"),
            ));
            refusal
        })
        .collect()
}

async fn keep_footprint(
    tx: &mut Tx,
    row: &EventRow,
    purpose: &str,
    input: &Value,
    computed: &Footprint,
) -> Result<(), Error> {
    let (id, act) = (new_id(), tx.act.clone());
    let (input, outcome) = (json_of(input)?, json_of(computed)?);
    let total_kg = computed.total_kg.to_string();
    let new = NewFootprint {
        id: &id,
        event_id: &row.id,
        purpose,
        revision: row.revision,
        input: &input,
        outcome: &outcome,
        total_kg: &total_kg,
        tonnes: computed.neutralise_t,
        at: tx.at.0,
        act_id: &act,
    };
    Ok(store::footprint_insert(tx.connection(), &new).await?)
}

/// Tonnes of each class that is to be retired; empty fields are none.
fn wanted_classes(fields: &Fields) -> Result<Vec<(ClassId, i64)>, Vec<Refusal>> {
    let mut wanted = Vec::new();
    let mut refusals = Vec::new();
    for (name, typed) in fields {
        let Some(class) = name.strip_prefix("class.") else {
            continue;
        };
        if ["", "0"].contains(&typed.trim()) {
            continue;
        }
        match whole_tonnes(name, typed) {
            Ok(tonnes) => wanted.push((ClassId::from(class), tonnes)),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() {
        Ok(wanted)
    } else {
        Err(refusals)
    }
}

/// Retires the classes together, for the event and its organiser.
async fn retire_for(
    tx: &mut Tx,
    by: &By,
    row: &EventRow,
    wanted: &[(ClassId, i64)],
) -> Result<RetiredCredits, Error> {
    let own = people::organisation_by_id(tx.connection(), by.organisation.as_str()).await?;
    let own = own.ok_or(Error::NotFound)?;
    let mut form = Fields::new();
    for (name, value) in [
        ("purpose", "event".to_owned()),
        ("beneficiary", own.name),
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

fn ledger_unit(
    number: &str,
    retirement: Option<String>,
    tonnes: i64,
    day: Date,
    serials: String,
) -> UnitRow {
    UnitRow {
        id: new_id(),
        kind: UnitKind::Ccer.code().to_owned(),
        registry: HERE.to_owned(),
        reference: number.to_owned(),
        tonnes,
        cancelled_on: Some(day.to_string()),
        project: serials,
        recognised_by: String::new(),
        forest: String::new(),
        evidence: String::new(),
        retirement_id: retirement,
        claim_id: None,
        used_key: Some(format!("{HERE} {number}")),
    }
}

/// A retirement in this ledger as a unit: for an event, by the own organisation or naming this event, in time.
async fn retired_unit(
    tx: &mut Tx,
    by: &By,
    row: &EventRow,
    fields: &Fields,
) -> Result<UnitRow, Error> {
    let unfit = || Refusal::new(codes::EVENT_RETIREMENT_UNFIT).at("reference");
    let typed = fields.get("reference").map_or("", String::as_str);
    let number = read_retirement_number(typed).ok_or_else(unfit)?;
    let found = store::retirement_for_event(tx.connection(), &number).await?;
    let found = found.ok_or_else(unfit)?;
    if found.holder_id != by.organisation.as_str() && !found.purpose_text.contains(&row.number) {
        return Err(unfit().into());
    }
    let day = Instant(found.at).beijing_date();
    let last = deadline(day_of(&row.ends_on)?, false);
    if day > last {
        return Err(Refusal::new(codes::EVENT_TOO_LATE)
            .at("reference")
            .with("deadline", last)
            .into());
    }
    Ok(ledger_unit(
        &number,
        Some(found.id),
        found.quantity,
        day,
        String::new(),
    ))
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

fn read_evaluation(fields: &Fields) -> Result<(String, String, String), Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let mut refusals = Vec::new();
    let kind = typed("evaluation");
    if !["self", "body"].contains(&kind) {
        let code = if kind.is_empty() {
            codes::REQUIRED
        } else {
            codes::CHOICE_INVALID
        };
        refusals.push(
            Refusal::new(code)
                .at("evaluation")
                .with("choices", "self, body"),
        );
    }
    let evaluator = if kind == "body" {
        required_text("evaluator", typed("evaluator"), 200)
    } else {
        optional_text("evaluator", typed("evaluator"), 200).map(Option::unwrap_or_default)
    };
    let text = required_text("evaluation_text", typed("evaluation_text"), STATEMENT_MAX);
    if typed("statement") != "yes" {
        refusals.push(Refusal::new(codes::STATEMENT_REQUIRED).at("statement"));
    }
    match (evaluator, text) {
        (Ok(evaluator), Ok(text)) if refusals.is_empty() => Ok((kind.to_owned(), evaluator, text)),
        (evaluator, text) => {
            refusals.extend([evaluator.err(), text.err()].into_iter().flatten());
            Err(refusals)
        }
    }
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

fn unit_views(rows: &[UnitRow], today: Date) -> Result<Vec<EventUnitView>, Error> {
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

fn counted(units: &[EventUnitView]) -> i64 {
    let counting = units.iter().filter(|unit| unit.not_counted.is_none());
    counting.map(|unit| unit.tonnes).sum()
}

fn list_row(row: &EventRow, today: Date) -> Result<EventListRow, Error> {
    let (ends_on, forest) = (day_of(&row.ends_on)?, row.has_forest == 1);
    Ok(EventListRow {
        id: row.id.clone(),
        number: row.number.clone(),
        name: row.name.clone(),
        state: settled(state_of(row)?, today, ends_on, forest),
        starts_on: row.starts_on.clone(),
        ends_on: row.ends_on.clone(),
        deadline: deadline(ends_on, forest).to_string(),
    })
}

/// What the organiser of an event may do in a state, the straight path first.
const ACTS_OF_STEPS: &[(EventStep, Act)] = &[
    (EventStep::PublishPlan, Act::EventPlanPublish),
    (EventStep::Account, Act::EventAccount),
    (EventStep::Retire, Act::EventRetire),
    (EventStep::Evaluate, Act::EventEvaluate),
    (EventStep::PublishResult, Act::EventPublish),
    (EventStep::Save, Act::EventSave),
    (EventStep::Inventory, Act::EventInventorySave),
    (EventStep::Attendees, Act::EventAttendeesImport),
    (EventStep::Attendees, Act::EventFormSet),
    (EventStep::Unit, Act::EventUnitAdd),
    (EventStep::Unit, Act::EventUnitRemove),
    (EventStep::Correct, Act::EventCorrect),
    (EventStep::Withdraw, Act::EventWithdraw),
];

async fn view(connection: &mut AnyConnection, by: &By, row: EventRow) -> Result<EventView, Error> {
    let today = by.at.beijing_date();
    let set = parameter_set::in_force(connection).await?;
    let profile = profile_of(&row)?;
    let attendees = store::attendee_sums(connection, &row.id).await?;
    let lines = lines_of(&attendees)?;
    let computed = compute(&mut input_of(&row, &profile, &lines, today)?, &set);
    let used = computed.as_ref().map(classes).unwrap_or_default();
    let open_classes = profile.open_classes(&used);
    let account = store::footprint_newest(connection, &row.id, "account").await?;
    let stored = store::units(connection, &row.id).await?;
    let units = unit_views(&stored, today)?;
    let kinds: Vec<UnitKind> = units
        .iter()
        .filter_map(|unit| UnitKind::from_code(&unit.kind))
        .collect();
    let list = list_row(&row, today)?;
    let allowed = ACTS_OF_STEPS
        .iter()
        .filter(|(step, _)| {
            domain::event::EVENT_ROWS
                .iter()
                .any(|known| known.from == list.state && known.step == *step)
        })
        .map(|(_, act)| *act)
        .collect();
    let (footprint, problems) = match computed {
        Ok(footprint) => (Some(Box::new(footprint)), Vec::new()),
        Err(problems) => (None, problems),
    };
    let evaluation = match (
        &row.evaluation,
        &row.evaluator,
        &row.evaluation_text,
        &row.evaluated_on,
    ) {
        (Some(kind), Some(who), Some(text), Some(on)) => {
            Some((kind.clone(), who.clone(), text.clone(), on.clone()))
        }
        _ => None,
    };
    Ok(EventView {
        fields: fields_of(&row.profile)?,
        plan_published_on: row.plan_published_on.clone(),
        inventory: row.inventory.clone(),
        attendee_lines: lines,
        attendees,
        form: row.form_token.clone(),
        footprint,
        problems,
        open_classes: open_classes.into_iter().map(str::to_owned).collect(),
        accounted: account.map(|account| AccountedView {
            current: account.revision == row.revision,
            total_kg: account.total_kg,
            tonnes: account.tonnes,
            at: Instant(account.at),
        }),
        counted_tonnes: counted(&units),
        preferred: order_of_preference(&kinds),
        units,
        evaluation,
        version: row.version,
        allowed,
        row: list,
    })
}

/// A stored footprint, computed again with the set that its outcome names, as text.
pub(crate) fn run_again(
    sets: &BTreeMap<u64, Parameters>,
    input: &str,
    outcome: &str,
) -> Result<String, String> {
    let stored: Footprint = serde_json::from_str(outcome).map_err(|error| error.to_string())?;
    let set = sets
        .get(&stored.parameter_set)
        .ok_or_else(|| format!("there is no parameter set {}", stored.parameter_set))?;
    let input: Value = serde_json::from_str(input).map_err(|error| error.to_string())?;
    let again = footprint(&input, set).map_err(|errors| format!("{errors:?}"))?;
    serde_json::to_string(&again).map_err(|error| error.to_string())
}
