//! What an organiser sees of its events.

use domain::event::{
    AttendeeSums, EventState, EventStep, UnitKind, days_left, deadline, order_of_preference,
    settled,
};
use domain::{Act, Instant, Refusal};
use methodologies::event::Footprint;
use serde::Serialize;
use serde_json::json;
use sqlx::AnyConnection;
use time::Date;

use crate::perform::Deed;
use crate::record::{day_of, fields_of};
use crate::store::event::{self as store, EventRow};
use crate::store::event_file;
use crate::{By, Error, Fields, Page, PageRequest, Registry, parameter_set};

use super::attendee::lines_of;
use super::evaluation::{EvaluationStatus, evaluation_status};
use super::footprint::{classes, compute, input_of};
use super::organiser::{SHARED_ACTS, shared};
use super::overlap::{EventOverlapView, counted as counted_sources};
use super::retired::{EventGifts, gifts_of};
use super::unit::{EventUnitView, counted, unit_views};
use super::{profile_of, state_of};

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
    /// Days left until then, where units are still to be retired.
    pub days_left: Option<i64>,
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
    /// What attendees and inventory both told, and which of them counts.
    pub overlaps: Vec<EventOverlapView>,
    /// The units.
    pub units: Vec<EventUnitView>,
    /// Gifts of grams, if the event asks for them.
    pub gifts: Option<EventGifts>,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// Kinds that the guide lists earlier and that were not used: advice.
    pub preferred: Vec<UnitKind>,
    /// `self` or `body`, who, statement and day.
    pub evaluation: Option<(String, String, String, String)>,
    /// What became of asking a body of this platform.
    pub asked: Option<EvaluationStatus>,
    /// Files that prove lines of the inventory.
    pub files: i64,
    /// Published versions.
    pub version: i64,
    /// What the viewer's organisation may do now.
    pub allowed: Vec<Act>,
    /// How many people an imported table tells of, and how many answers of the form were not struck out.
    pub told_by: (i64, i64),
    /// Which of the two counts: `import`, the table alone, or `both`; `None`: nobody decided.
    pub attendee_sources: Option<String>,
    /// Whether the event is the viewer's organisation's own: others that organise it with the owner work on its data only.
    pub own: bool,
}

/// Events of a list of choices at most.
const SHOWN: i64 = 100;

/// What the organiser of an event may do in a state, the straight path first.
const ACTS_OF_STEPS: &[(EventStep, Act)] = &[
    (EventStep::PublishPlan, Act::EventPlanPublish),
    (EventStep::Account, Act::EventAccount),
    (EventStep::Retire, Act::EventRetire),
    (EventStep::Evaluate, Act::EventEvaluate),
    (EventStep::PublishResult, Act::EventPublish),
    (EventStep::Save, Act::EventSave),
    (EventStep::Inventory, Act::EventInventorySave),
    (EventStep::Inventory, Act::EventOverlapDecide),
    (EventStep::Inventory, Act::EventFileAdd),
    (EventStep::Inventory, Act::EventFileRemove),
    (EventStep::Attendees, Act::EventAttendeesImport),
    (EventStep::Attend, Act::EventFormSet),
    (EventStep::Attendees, Act::EventAnswersStrike),
    (EventStep::Attendees, Act::EventAttendeeSources),
    (EventStep::Unit, Act::EventUnitAdd),
    (EventStep::Unit, Act::EventUnitRemove),
    (EventStep::Correct, Act::EventCorrect),
    (EventStep::KeepVersion, Act::EventCorrectWithdraw),
    (EventStep::Withdraw, Act::EventWithdraw),
];

impl Registry {
    /// The events of the viewer's organisation, and those it organises with others, newest first.
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

    /// The events of the viewer's organisation that may ask for gifts of grams and have no call for them yet, newest first: those that
    /// [`Registry::campaign_open`] takes.
    pub async fn events_without_call(&self, by: &By) -> Result<Vec<EventListRow>, Error> {
        Deed::check_role(Act::CampaignOpen, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::without_call(&mut connection, by.organisation.as_str(), SHOWN).await?;
        let today = by.at.beijing_date();
        rows.iter().map(|row| list_row(row, today)).collect()
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
        let row = shared(&mut connection, by, event).await?;
        let set = parameter_set::in_force(&mut connection).await?;
        let sums = store::attendee_sums(&mut connection, &row.id).await?;
        let (profile, today) = (profile_of(&row)?, by.at.beijing_date());
        let counted = counted_sources(&mut connection, &row, &lines_of(&sums)?).await?;
        let mut input = input_of(&counted.row, &profile, &counted.attendee_lines, today)?;
        input["factor_year"] = json!(year);
        Ok(compute(&mut input, &set).ok())
    }

    /// The id of an event of the own organisation, or one that it accepted to organise, by the number that people copy.
    pub async fn event_of_number(&self, by: &By, number: &str) -> Result<String, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let id = store::id_of_number(&mut connection, number).await?;
        let id = id.ok_or(Error::NotFound)?;
        Ok(shared(&mut connection, by, &id).await?.id)
    }

    /// Everything about an event of the own organisation.
    pub async fn event_get(&self, by: &By, event: &str) -> Result<EventView, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        view(&mut connection, by, row).await
    }
}

pub(super) fn list_row(row: &EventRow, today: Date) -> Result<EventListRow, Error> {
    brief_row(
        &Brief {
            id: &row.id,
            number: &row.number,
            name: &row.name,
            state: state_of(row)?,
            starts_on: &row.starts_on,
            ends_on: &row.ends_on,
            has_forest: row.has_forest == 1,
            is_published: row.version > 0,
        },
        today,
    )
}

/// What a list tells of an event.
pub(super) struct Brief<'a> {
    pub(super) id: &'a str,
    pub(super) number: &'a str,
    pub(super) name: &'a str,
    pub(super) state: EventState,
    pub(super) starts_on: &'a str,
    pub(super) ends_on: &'a str,
    pub(super) has_forest: bool,
    pub(super) is_published: bool,
}

pub(super) fn brief_row(brief: &Brief<'_>, today: Date) -> Result<EventListRow, Error> {
    let (state, forest, ends_on) = (brief.state, brief.has_forest, day_of(brief.ends_on)?);
    Ok(EventListRow {
        id: brief.id.to_owned(),
        number: brief.number.to_owned(),
        name: brief.name.to_owned(),
        state: settled(state, today, ends_on, forest, brief.is_published),
        starts_on: brief.starts_on.to_owned(),
        ends_on: brief.ends_on.to_owned(),
        deadline: deadline(ends_on, forest).to_string(),
        days_left: days_left(state, today, ends_on, forest),
    })
}

async fn view(connection: &mut AnyConnection, by: &By, row: EventRow) -> Result<EventView, Error> {
    let today = by.at.beijing_date();
    let set = parameter_set::in_force(connection).await?;
    let profile = profile_of(&row)?;
    let attendees = store::attendee_sums(connection, &row.id).await?;
    let lines = lines_of(&attendees)?;
    let sources = counted_sources(connection, &row, &lines).await?;
    let mut input = input_of(&sources.row, &profile, &sources.attendee_lines, today)?;
    let computed = compute(&mut input, &set);
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
    let owner = row.organisation_id == by.organisation.as_str();
    let allowed = ACTS_OF_STEPS
        .iter()
        .filter(|(step, _)| {
            domain::event::EVENT_ROWS
                .iter()
                .any(|known| known.from == list.state && known.step == *step)
        })
        .map(|(_, act)| *act)
        .filter(|act| owner || SHARED_ACTS.contains(act) && list.state != EventState::Covered)
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
        told_by: store::attendee_sources(connection, &row.id).await?,
        attendee_sources: row.attendee_sources.clone(),
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
        overlaps: sources.overlaps,
        gifts: gifts_of(connection, &row.id).await?,
        preferred: order_of_preference(&kinds),
        units,
        evaluation,
        asked: evaluation_status(connection, &row).await?,
        files: event_file::count(connection, &row.id).await?,
        version: row.version,
        allowed,
        own: owner,
        row: list,
    })
}
