//! The plan of an event: profile, boundary, publication before the event.

use domain::event::{EVENT_TEMPLATES, EventProfile, EventState, EventStep, EventTemplate, check};
use domain::refusal::codes;
use domain::{Act, Refusal};

use crate::number::event_number;
use crate::perform::{Deed, new_id, perform};
use crate::record::{fields_of, json_of, reason};
use crate::store::event::{self as store, EventRow};
use crate::store::people;
use crate::{By, Error, Fields, Registry, parameter_set};

use super::footprint::{QUICK_REASON, facts_with_footprint, keep_footprint};
use super::inventory::{read_lines, table_classes, write_lines};
use super::organiser::open_shared;
use super::{EventReceipt, bare_facts, done, open, public, state_of, step};

impl Registry {
    /// Begins an event. Reads the profile ([`EventProfile::read`]); with `template` (its code; `quick` = `yes` is the one of a meeting) an
    /// inventory is made from a few numbers ([`EventTemplate::lines_of`], in English with `language` = `en`), with `from` (an event of the own
    /// organisation) its inventory is copied, each line as an estimate.
    pub async fn event_create(&self, by: &By, fields: &Fields) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventCreate, by, &fields)?;
        let template = template_of(fields)?;
        let english = fields.get("language").is_some_and(|typed| typed == "en");
        let copied = fields
            .get("from")
            .filter(|typed| !typed.is_empty())
            .cloned();
        let mut typed = fields.clone();
        for name in ["quick", "template", "language", "from"] {
            typed.remove(name);
        }
        if template.is_some() {
            for stage in ["prepare", "hold", "close"] {
                typed.insert(format!("stages.{stage}"), "yes".to_owned());
            }
        }
        let profile = EventProfile::read(&typed)?;
        let mut inventory = String::new();
        if let Some(template) = template {
            let lines = template.lines_of(&profile, &typed, english)?;
            // every cell is one of our own: only a quantity can be wrong
            let table = read_lines(&lines)
                .map_err(|_| Refusal::new(codes::EVENT_TEMPLATE_TOO_LARGE).at("people"))?;
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

    /// Keeps profile and plan. Reads them as [`Registry::event_create`] does, without templates and `from`. Once the event is public only its
    /// owner gives it another name.
    pub async fn event_save(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventSave, by, &(event, fields))?;
        let profile = EventProfile::read(fields)?;
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
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
            // the public pages show the name at once
            let is_public = row.plan_published_on.is_some() || row.version > 0;
            let is_owner = row.organisation_id == by.organisation.as_str();
            if is_public && !is_owner && row.name != profile.name {
                return Err(Refusal::new(codes::EVENT_OWNER_ONLY).at("name").into());
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
}

/// The template that a form names; `None`: it names none.
fn template_of(fields: &Fields) -> Result<Option<&'static EventTemplate>, Refusal> {
    let typed = |name: &str| fields.get(name).map_or("", |text| text.trim());
    let code = match typed("template") {
        "" if typed("quick") == "yes" => "meeting",
        "" => return Ok(None),
        code => code,
    };
    let known = EVENT_TEMPLATES.iter().map(|template| template.code);
    let unknown = || {
        Refusal::new(codes::CHOICE_INVALID)
            .at("template")
            .with("choices", known.collect::<Vec<_>>().join(", "))
    };
    EventTemplate::find(code).map(Some).ok_or_else(unknown)
}
