//! Events: the plan and every published version of the result.

use app::pages::event::{evidence_pack, zip_response};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use registry::{
    EventUnitView, OverlapDecision, PublicCorrection, PublicEvent, PublicEventRow,
    PublicEventVersion,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::event_evaluation::{BodysAnswer, EvidenceFile};
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, page_request};
use crate::state::State;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// An event in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventRow {
    /// Its number.
    #[schema(example = "E2026-000001-0")]
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who organises it.
    pub organiser: String,
    /// Its state today.
    #[schema(example = "neutral")]
    pub state: String,
    /// Whether it may be called carbon neutral today.
    pub neutral: bool,
    /// First day.
    #[schema(example = "2026-06-20")]
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// The day its plan was published; null: it was not published before the event.
    pub plan_published_on: Option<String>,
    /// Last day for neutralising.
    pub deadline: String,
    /// Published versions of its result.
    pub version: i64,
}

impl From<PublicEventRow> for EventRow {
    fn from(row: PublicEventRow) -> Self {
        Self {
            number: row.number,
            name: row.name,
            organiser: row.organiser,
            state: row.state.code().to_owned(),
            neutral: row.neutral,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            plan_published_on: row.plan_published_on,
            deadline: row.deadline,
            version: row.version,
        }
    }
}

/// An event with its plan and results.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// The row of the list.
    #[serde(flatten)]
    pub row: EventRow,
    /// Who organises it with its owner.
    pub organisers: Vec<String>,
    /// The plan as it was published, by the names of the form's fields.
    pub plan: Option<std::collections::BTreeMap<String, String>>,
    /// The estimate of the plan, kilograms CO2e as a decimal in a string.
    #[schema(example = "4321.5")]
    pub estimate_kg: Option<String>,
    /// The correction of the published result that is under way; null: there is none.
    pub correction: Option<EventCorrection>,
    /// Every published version, newest first.
    pub versions: Vec<EventVersion>,
}

/// A correction that is under way: until its version is published the event claims nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventCorrection {
    /// The day it was opened.
    #[schema(example = "2026-08-01")]
    pub opened_on: String,
    /// Why.
    pub reason: String,
    /// Whole tonnes of the corrected account; null: not accounted for again yet.
    pub tonnes: Option<i64>,
    /// Tonnes of the units that count so far.
    pub counted_tonnes: i64,
    /// Whether the units cover the corrected account; null: not accounted for again yet.
    pub covered: Option<bool>,
}

impl From<PublicCorrection> for EventCorrection {
    fn from(correction: PublicCorrection) -> Self {
        Self {
            opened_on: correction.opened_on,
            reason: correction.reason,
            tonnes: correction.tonnes,
            counted_tonnes: correction.counted_tonnes,
            covered: correction.covered,
        }
    }
}

/// A published version of a result.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventVersion {
    /// 1, 2, 3, …
    pub version: i64,
    /// The day.
    pub published_on: String,
    /// Why the version before was not right.
    pub correction: Option<String>,
    /// Kilograms CO2e as a decimal in a string.
    #[schema(example = "66713.203664")]
    pub total_kg: String,
    /// Whole tonnes to neutralise: the total, rounded up.
    #[schema(example = 67)]
    pub tonnes: i64,
    /// Tonnes of the units that count.
    pub counted_tonnes: i64,
    /// Tonnes among them that the organiser stated and that this platform has not checked in the registry that is named.
    pub unchecked_tonnes: i64,
    /// `self` or `body`.
    pub evaluation: String,
    /// Who evaluated, as the organiser stated it.
    pub evaluator: String,
    /// Whether who evaluated confirmed this version here: the organiser by its own declaration, a body of this platform by its answer.
    pub evaluator_confirmed: bool,
    /// What the body says that the statement names; null: an own declaration, or a body that is not on this platform.
    pub answer: Option<BodysAnswer>,
    /// The statement.
    pub evaluation_text: String,
    /// Who organised it with its owner.
    pub organisers: Vec<String>,
    /// Where attendees and the inventory told the same: which counts, and why.
    pub overlaps: Vec<EventOverlap>,
    /// The units.
    pub units: Vec<EventUnit>,
    /// The files that prove lines of the inventory.
    pub files: Vec<EvidenceFile>,
    /// The footprint with every line, factor and step.
    #[schema(value_type = Object)]
    pub footprint: serde_json::Value,
}

/// Which of two sources counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventOverlap {
    /// A class of the inventory; for travel with its factor.
    #[schema(example = "lodging")]
    pub subject: String,
    /// `attendees`, `inventory` or `both`.
    pub counts: String,
    /// Why.
    pub reason: String,
}

impl From<OverlapDecision> for EventOverlap {
    fn from(decision: OverlapDecision) -> Self {
        Self {
            subject: decision.subject,
            counts: decision.counts,
            reason: decision.reason,
        }
    }
}

/// A unit of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventUnit {
    /// `allowance`, `ccer`, `inclusion`, `gift` (carbon inclusion that persons gave to the event), `other_mechanism` or `new_forest`.
    #[schema(example = "ccer")]
    pub kind: String,
    /// The registry that cancelled it.
    pub registry: String,
    /// Serial numbers or the number of the proof; of a retirement here its number.
    #[schema(example = "HTR-2026-000001-5")]
    pub reference: String,
    /// Tonnes CO2e.
    pub tonnes: i64,
    /// Day of the cancellation.
    pub cancelled_on: Option<String>,
    /// Why it does not count, a code of a refusal; null: it counts.
    pub not_counted: Option<String>,
    /// Whether it was retired in this ledger; false: stated by the organiser, not checked by this platform.
    pub checked: bool,
}

impl From<EventUnitView> for EventUnit {
    fn from(unit: EventUnitView) -> Self {
        Self {
            kind: unit.kind,
            registry: unit.registry,
            reference: unit.reference,
            tonnes: unit.tonnes,
            cancelled_on: unit.cancelled_on,
            not_counted: unit.not_counted,
            checked: unit.here,
        }
    }
}

impl From<PublicEventVersion> for EventVersion {
    fn from(version: PublicEventVersion) -> Self {
        let confirmed = version.confirmed().is_some();
        let content = version.content;
        Self {
            version: version.version,
            published_on: version.published_on,
            correction: version.correction,
            total_kg: version.total_kg,
            tonnes: version.tonnes,
            counted_tonnes: content.counted_tonnes,
            unchecked_tonnes: content.unchecked_tonnes(),
            evaluator_confirmed: content.evaluation == "self" || confirmed,
            answer: version.evaluation.map(BodysAnswer::from),
            evaluation: content.evaluation,
            evaluator: content.evaluator,
            evaluation_text: content.evaluation_text,
            organisers: content.organisers,
            overlaps: content
                .overlaps
                .into_iter()
                .map(EventOverlap::from)
                .collect(),
            units: content.units.into_iter().map(EventUnit::from).collect(),
            files: content.files.into_iter().map(EvidenceFile::from).collect(),
            footprint: serde_json::to_value(&version.footprint).unwrap_or_default(),
        }
    }
}

impl From<PublicEvent> for Event {
    fn from(event: PublicEvent) -> Self {
        Self {
            row: event.row.into(),
            organisers: event.organisers,
            plan: event.plan,
            correction: event.correction.map(EventCorrection::from),
            estimate_kg: event.estimate.map(|estimate| estimate.total_kg.to_string()),
            versions: event.versions.into_iter().map(EventVersion::from).collect(),
        }
    }
}

/// Events whose plan or result is published, newest first.
#[utoipa::path(
    get, path = "/events", tag = "events", params(EventQuery),
    responses((status = 200, body = List<EventRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn event_list(
    Shared(state): Shared<State>,
    Query(query): Query<EventQuery>,
) -> Result<Json<List<EventRow>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let today = state.now().await?.beijing_date();
    let events = state.registry.public().events(&page, today).await?;
    Ok(Json(List::of(events, EventRow::from)))
}

/// One event with its plan and every published version.
#[utoipa::path(
    get, path = "/events/{number}", tag = "events",
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses((status = 200, body = Event), (status = 404, description = "No such event, or nothing of it is published", body = Envelope))
)]
pub async fn event_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
) -> Result<Json<Event>, Failure> {
    let today = state.now().await?.beijing_date();
    let event = state.registry.public().event(&number, today).await?;
    Ok(Json(event.into()))
}

/// Which version of the evidence.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EvidenceQuery {
    /// A published version; the newest without it.
    pub version: Option<String>,
}

/// What a published result rests on, as one ZIP archive: report, inventory, factors, calculation, certificates and the public files of lines,
/// with a manifest of hashes that also names the files that are not public. The same bytes as on the page of the event.
#[utoipa::path(
    get, path = "/events/{number}/evidence", tag = "events", params(EvidenceQuery,
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 404, description = "No such event, or no such version", body = Envelope)
    )
)]
pub async fn event_evidence(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Query(query): Query<EvidenceQuery>,
) -> Result<Response, Failure> {
    let now = state.now().await?;
    let pack = evidence_pack(&state.host, now, &number, query.version.as_deref()).await?;
    Ok(zip_response(pack))
}
