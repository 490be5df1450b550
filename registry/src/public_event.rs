//! Events as anyone may see them: the plan from its publication, every published version of the result, newest first.

use domain::Instant;
use domain::event::{EventState, deadline, settled};
use methodologies::event::Footprint;
use serde::Serialize;
use sqlx::AnyConnection;
use time::Date;

use crate::event::{counted, unit_views};
use crate::number::read_event_number;
use crate::record::{day_of, fields_of};
use crate::store::event::{self as events, EventRow};
use crate::store::public_event::{
    self as store, PublicEvaluationStored, PublicEventStored, PublicVersionStored,
};
use crate::store::{event_organiser, people};
use crate::{Error, EventContent, Fields, Page, PageRequest, Public};

/// An event in the public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicEventRow {
    /// Its number, `E2026-000001-7`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who organises it.
    pub organiser: String,
    /// Its state on the day of the reader.
    pub state: EventState,
    /// Whether it may be called carbon neutral.
    pub neutral: bool,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// The day its plan was published; `None`: the plan was not published before the event.
    pub plan_published_on: Option<String>,
    /// Last day for neutralising.
    pub deadline: String,
    /// Published versions of its result.
    pub version: i64,
}

/// A published version of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicEventVersion {
    /// 1, 2, 3, …
    pub version: i64,
    /// The day.
    pub published_on: String,
    /// Why the version before was not right.
    pub correction: Option<String>,
    /// Kilograms of CO2 equivalent.
    pub total_kg: String,
    /// Whole tonnes to neutralise.
    pub tonnes: i64,
    /// Profile, statement and units as published.
    pub content: EventContent,
    /// What a body of this platform says about it, if the statement names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<PublicEvaluation>,
    /// The footprint with its working.
    pub footprint: Box<Footprint>,
    /// The input of the calculation: the inventory is its member `lines`.
    #[serde(skip)]
    pub input: serde_json::Value,
}

impl PublicEventVersion {
    /// What the body of this platform says that has confirmed the statement of this version.
    pub fn confirmed(&self) -> Option<&PublicEvaluation> {
        self.evaluation
            .as_ref()
            .filter(|one| one.state == "confirmed")
    }
}

/// What a body of this platform says about a version whose statement names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicEvaluation {
    /// The body.
    pub body: String,
    /// `asked`, `confirmed` or `declined`.
    pub state: String,
    /// The day of its answer, `YYYY-MM-DD`.
    pub decided_on: Option<String>,
    /// What it says, if it confirms.
    pub opinion: Option<String>,
    /// SHA-256 over what it had before it.
    pub seen: Option<String>,
}

/// A correction of the published result that is under way: until its version is published the event claims nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicCorrection {
    /// The day it was opened, `YYYY-MM-DD`.
    pub opened_on: String,
    /// Why.
    pub reason: String,
    /// Whole tonnes of the corrected account; `None`: not accounted for again yet.
    pub tonnes: Option<i64>,
    /// Tonnes of the units that count so far.
    pub counted_tonnes: i64,
    /// Whether the units that count cover the corrected account; `None`: not accounted for again yet.
    pub covered: Option<bool>,
}

/// Everything anyone may see about an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicEvent {
    /// The row of the list.
    #[serde(flatten)]
    pub row: PublicEventRow,
    /// Who organises it with its owner.
    pub organisers: Vec<String>,
    /// The plan as it was published.
    pub plan: Option<Fields>,
    /// The estimate of the plan.
    pub estimate: Option<Box<Footprint>>,
    /// The correction that is under way.
    pub correction: Option<PublicCorrection>,
    /// Every version, newest first.
    pub versions: Vec<PublicEventVersion>,
}

impl Public<'_> {
    /// Events whose plan or result is published, newest first.
    pub async fn events(
        &self,
        page: &PageRequest,
        today: Date,
    ) -> Result<Page<PublicEventRow>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::events(&mut connection, page.before(), page.rows() + 1).await?;
        let cut = Page::cut(rows, page.rows(), |row| row.id.clone());
        let rows: Result<Vec<_>, Error> = cut.rows.iter().map(|row| row_of(row, today)).collect();
        Ok(Page {
            rows: rows?,
            next: cut.next,
        })
    }

    /// One event by its number.
    pub async fn event(&self, number: &str, today: Date) -> Result<PublicEvent, Error> {
        let number = read_event_number(number).ok_or(Error::NotFound)?;
        let mut connection = self.store.read().await?;
        let stored = store::event(&mut connection, &number).await?;
        let stored = stored.ok_or(Error::NotFound)?;
        let estimate = store::estimate(&mut connection, &stored.id).await?;
        let versions = store::versions(&mut connection, &stored.id).await?;
        let mut evaluations = store::evaluations(&mut connection, &stored.id).await?;
        let row = row_of(&stored, today)?;
        let correction = if stored.version > 0 && !row.neutral {
            Some(correction_of(&mut connection, &stored, row.state, today).await?)
        } else {
            None
        };
        Ok(PublicEvent {
            row,
            correction,
            organisers: event_organiser::names(&mut connection, &stored.id).await?,
            plan: stored
                .published_profile
                .as_deref()
                .map(fields_of)
                .transpose()?,
            estimate: estimate
                .map(|(outcome, ..)| footprint_of(&outcome))
                .transpose()?,
            versions: versions
                .into_iter()
                .map(|stored| version_of(stored, &mut evaluations).map(for_anyone))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A version as anyone reads it: files that are not public are named by their SHA-256, and by nothing that leads to them.
fn for_anyone(mut version: PublicEventVersion) -> PublicEventVersion {
    let files = version.content.files.iter_mut();
    for file in files.filter(|file| !file.is_public) {
        file.id.clear();
    }
    version
}

/// An event for those who may read it before anything of it is public; without plan, estimate and versions.
pub(crate) async fn as_it_is(
    connection: &mut AnyConnection,
    row: &EventRow,
    today: Date,
) -> Result<PublicEvent, Error> {
    let owner = people::organisation_by_id(connection, &row.organisation_id).await?;
    let stored = PublicEventStored {
        id: row.id.clone(),
        number: row.number.clone(),
        name: row.name.clone(),
        organiser: owner.map(|owner| owner.name).unwrap_or_default(),
        state: row.state.clone(),
        starts_on: row.starts_on.clone(),
        ends_on: row.ends_on.clone(),
        published_profile: None,
        plan_published_on: row.plan_published_on.clone(),
        has_forest: row.has_forest,
        version: row.version,
    };
    Ok(PublicEvent {
        row: row_of(&stored, today)?,
        organisers: event_organiser::names(connection, &row.id).await?,
        plan: None,
        estimate: None,
        correction: None,
        versions: Vec::new(),
    })
}

/// A published version with the id of its footprint.
pub(crate) async fn version(
    connection: &mut AnyConnection,
    event: &str,
    number: i64,
) -> Result<Option<(String, PublicEventVersion)>, Error> {
    let Some(stored) = store::version(connection, event, number).await? else {
        return Ok(None);
    };
    let mut evaluations = store::evaluations(connection, event).await?;
    let footprint = stored.footprint_id.clone();
    Ok(Some((footprint, version_of(stored, &mut evaluations)?)))
}

/// The version that is about to be published, with the id of its footprint; its day is empty.
pub(crate) async fn account(
    connection: &mut AnyConnection,
    event: &str,
    number: i64,
    content: EventContent,
) -> Result<Option<(String, PublicEventVersion)>, Error> {
    let Some(account) = events::account_whole(connection, event).await? else {
        return Ok(None);
    };
    let unreadable = |error: serde_json::Error| Error::Store(format!("stored input: {error}"));
    let version = PublicEventVersion {
        version: number,
        published_on: String::new(),
        correction: None,
        total_kg: account.total_kg,
        tonnes: account.tonnes,
        content,
        evaluation: None,
        footprint: footprint_of(&account.outcome)?,
        input: serde_json::from_str(&account.input).map_err(unreadable)?,
    };
    Ok(Some((account.id, version)))
}

/// What is to be told of a correction that is under way.
async fn correction_of(
    connection: &mut AnyConnection,
    stored: &PublicEventStored,
    state: EventState,
    today: Date,
) -> Result<PublicCorrection, Error> {
    let (at, reason) = events::correction(connection, &stored.id)
        .await?
        .unwrap_or_default();
    let units = events::units(connection, &stored.id).await?;
    let counted_tonnes = counted(&unit_views(&units, today)?);
    let account = events::footprint_newest(connection, &stored.id, "account").await?;
    let tonnes = account
        .filter(|_| state != EventState::Corrected)
        .map(|account| account.tonnes);
    Ok(PublicCorrection {
        opened_on: Instant(at).beijing_date().to_string(),
        reason,
        tonnes,
        counted_tonnes,
        covered: tonnes.map(|tonnes| counted_tonnes >= tonnes),
    })
}

fn row_of(stored: &PublicEventStored, today: Date) -> Result<PublicEventRow, Error> {
    let state = EventState::from_code(&stored.state)
        .ok_or_else(|| Error::Store(format!("event state {}", stored.state)))?;
    let (ends_on, forest) = (day_of(&stored.ends_on)?, stored.has_forest == 1);
    let state = settled(state, today, ends_on, forest, stored.version > 0);
    Ok(PublicEventRow {
        number: stored.number.clone(),
        name: stored.name.clone(),
        organiser: stored.organiser.clone(),
        neutral: state.may_claim(),
        state,
        starts_on: stored.starts_on.clone(),
        ends_on: stored.ends_on.clone(),
        plan_published_on: stored.plan_published_on.clone(),
        deadline: deadline(ends_on, forest).to_string(),
        version: stored.version,
    })
}

fn version_of(
    stored: PublicVersionStored,
    evaluations: &mut Vec<PublicEvaluationStored>,
) -> Result<PublicEventVersion, Error> {
    let unreadable = |error: serde_json::Error| Error::Store(format!("stored version: {error}"));
    let evaluation = evaluations
        .iter()
        .position(|one| one.version == stored.version)
        .map(|at| evaluation_of(evaluations.swap_remove(at)));
    Ok(PublicEventVersion {
        evaluation,
        footprint: footprint_of(&stored.outcome)?,
        input: serde_json::from_str(&stored.input).map_err(unreadable)?,
        content: serde_json::from_str(&stored.content).map_err(unreadable)?,
        version: stored.version,
        published_on: stored.published_on,
        correction: stored.correction,
        total_kg: stored.total_kg,
        tonnes: stored.tonnes,
    })
}

fn evaluation_of(stored: PublicEvaluationStored) -> PublicEvaluation {
    PublicEvaluation {
        body: stored.body,
        state: stored.state,
        decided_on: stored
            .decided_at
            .map(|at| Instant(at).beijing_date().to_string()),
        opinion: stored.opinion,
        seen: stored.seen,
    }
}

fn footprint_of(outcome: &str) -> Result<Box<Footprint>, Error> {
    serde_json::from_str(outcome)
        .map_err(|error| Error::Store(format!("stored footprint: {error}")))
}
