//! Planning an event and accounting for it: the steps of the organiser's desk, and what the desk shows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State as Shared};
use domain::Refusal;
use domain::refusal::codes;
use registry::{By, EventReceipt, EventView, HeldUnits, Holding, UnitsInReach, flight_line};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::event::EventUnit;
use super::event_answer::EventDone;
use super::offer::Offer;
use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::{Json as JsonBody, Query, moment};
use crate::state::State;

/// A form as a map: the names of its fields and what is typed into them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormRequest {
    /// The fields by the names that the form on the desk has.
    #[serde(default)]
    #[schema(example = json!({ "name": "季度总结会", "starts_on": "2026-06-20", "ends_on": "2026-06-20", "people": "50" }))]
    pub fields: BTreeMap<String, String>,
}

/// A step of an event: its act without `event_`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventStepName {
    /// Keeps profile and plan; fields as for a new event, without template and `from`.
    Save,
    /// Publishes the plan, before the event or not at all.
    PlanPublish,
    /// Gives the event up. Field `reason`.
    Withdraw,
    /// Changes the inventory: `lines`, a table as CSV text, or the fields of one line.
    InventorySave,
    /// Takes in a table of attendees: `attendees`, CSV text.
    AttendeesImport,
    /// Opens (`open`: `yes`) the form for attendees under a new link, or closes it.
    FormSet,
    /// Accounts for inventory and attendees as they are now.
    Account,
    /// Enters units. Field `kind` and those of the kind.
    UnitAdd,
    /// Takes a unit back that was entered wrongly. Field `unit`, its id.
    UnitRemove,
    /// Publishes the result as its next version.
    Publish,
}

/// What a step did.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventStepped {
    /// The event's number.
    #[schema(example = "E2026-000001-0")]
    pub event: String,
    /// Its state.
    #[schema(example = "held")]
    pub state: String,
    /// Rows that a table brought; null: no table was sent.
    pub rows: Option<i64>,
    /// The last part of the address of the form for attendees (`/attend/…`), where it was opened.
    pub form: Option<String>,
}

impl From<EventReceipt> for EventStepped {
    fn from(done: EventReceipt) -> Self {
        Self {
            event: done.number,
            state: done.state,
            rows: done.rows,
            form: done.form,
        }
    }
}

/// Something that keeps the footprint from being computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryProblem {
    /// Its code.
    pub code: String,
    /// Where: the line and its field.
    #[schema(example = "lines.3.quantity")]
    pub field: Option<String>,
}

/// A unit that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredUnit {
    /// Its id.
    pub id: String,
    /// What the published result will say of it.
    #[serde(flatten)]
    pub unit: EventUnit,
}

/// An account of the footprint.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accounted {
    /// Kilograms CO2e as a decimal in a string.
    #[schema(example = "15420.5")]
    pub total_kg: String,
    /// Whole tonnes to neutralise: the total, rounded up.
    pub tonnes: i64,
    /// When.
    pub at: String,
    /// Whether it is of the inventory as it is now; if not, it is to be made again.
    pub current: bool,
}

/// An event as its organisers see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventDesk {
    /// Its number.
    #[schema(example = "E2026-000001-0")]
    pub number: String,
    /// Its state.
    #[schema(example = "planned")]
    pub state: String,
    /// Profile and plan, by the names of the form's fields.
    pub fields: BTreeMap<String, String>,
    /// The day the plan was published.
    pub plan_published_on: Option<String>,
    /// Last day for neutralising.
    pub deadline: String,
    /// The inventory as a table (CSV).
    pub inventory: String,
    /// The lines that answers and table of the attendees make (CSV).
    pub attendee_lines: String,
    /// Kilograms CO2e of everything as it is now, a decimal in a string; null: it cannot be computed, see `problems`.
    pub footprint_kg: Option<String>,
    /// Its uncertainty in percent (approach 1 of the IPCC guidelines).
    pub uncertainty_percent: Option<String>,
    /// Why it cannot be computed.
    pub problems: Vec<InventoryProblem>,
    /// Classes of sources that are neither counted nor left out with a reason.
    pub open_classes: Vec<String>,
    /// The newest account.
    pub accounted: Option<Accounted>,
    /// The units.
    pub units: Vec<EnteredUnit>,
    /// Tonnes of those that count.
    pub counted_tonnes: i64,
    /// The last part of the address of the form for attendees, while it is open.
    pub form: Option<String>,
    /// Published versions of the result.
    pub version: i64,
    /// What may be done now, by the names of acts.
    #[schema(example = json!(["event_save", "event_inventory_save"]))]
    pub allowed: Vec<String>,
}

impl From<EventView> for EventDesk {
    fn from(view: EventView) -> Self {
        let footprint = view.footprint.as_deref();
        Self {
            footprint_kg: footprint.map(|footprint| footprint.total_kg.to_string()),
            uncertainty_percent: footprint
                .map(|footprint| footprint.uncertainty_percent.to_string()),
            number: view.row.number,
            state: view.row.state.code().to_owned(),
            fields: view.fields,
            plan_published_on: view.plan_published_on,
            deadline: view.row.deadline,
            inventory: view.inventory,
            attendee_lines: view.attendee_lines,
            problems: view.problems.into_iter().map(problem).collect(),
            open_classes: view.open_classes,
            accounted: view.accounted.map(|account| Accounted {
                total_kg: account.total_kg,
                tonnes: account.tonnes,
                at: moment(account.at),
                current: account.current,
            }),
            units: view
                .units
                .into_iter()
                .map(|unit| EnteredUnit {
                    id: unit.id.clone(),
                    unit: unit.into(),
                })
                .collect(),
            counted_tonnes: view.counted_tonnes,
            form: view.form,
            version: view.version,
            allowed: view
                .allowed
                .into_iter()
                .map(|act| act.name().to_owned())
                .collect(),
        }
    }
}

fn problem(refusal: Refusal) -> InventoryProblem {
    InventoryProblem {
        code: refusal.code.to_owned(),
        field: refusal.field,
    }
}

/// Own credits in the trading sub-account.
#[derive(Debug, Serialize, ToSchema)]
pub struct InTrading {
    /// The class.
    pub class: String,
    /// The project's code.
    pub project_code: String,
    /// The year of generation.
    #[schema(example = 2024)]
    pub vintage: i32,
    /// Tonnes that can be moved back to the general sub-account.
    pub quantity: i64,
}

impl From<Holding> for InTrading {
    fn from(holding: Holding) -> Self {
        Self {
            class: holding.class.to_string(),
            project_code: holding.project_code,
            vintage: holding.vintage,
            quantity: holding.trading,
        }
    }
}

/// Credits that are set aside in a transfer, a reservation or an offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetAside {
    /// The id of the transfer, reservation or offer.
    pub hold: String,
    /// Which of them.
    #[schema(example = "reservation")]
    pub kind: String,
    /// Whose credits they are.
    pub holder: String,
    /// Tonnes.
    pub quantity: i64,
    /// Tonnes of it that may neutralise an event.
    pub countable: i64,
    /// The last day on which the other side can act.
    pub last_day: Option<String>,
}

impl From<HeldUnits> for SetAside {
    fn from(held: HeldUnits) -> Self {
        Self {
            hold: held.hold.id,
            kind: held.hold.kind.code().to_owned(),
            holder: held.hold.holder,
            quantity: held.hold.quantity,
            countable: held.countable,
            last_day: held.hold.last_day,
        }
    }
}

/// Units within reach of an event. None of them covers anything before it is retired.
#[derive(Debug, Serialize, ToSchema)]
pub struct InReach {
    /// Tonnes that are missing still; 0: nothing is, or nothing was accounted for.
    pub missing: i64,
    /// Own credits in the trading sub-account that may neutralise an event.
    pub trading: Vec<InTrading>,
    /// The newest transfers, reservations and offers of which the organisation is a party.
    pub held: Vec<SetAside>,
    /// Whether there are more of them.
    pub more_held: bool,
    /// Open offers of others that would suffice alone, the cheapest first.
    pub offers: Vec<Offer>,
}

impl From<UnitsInReach> for InReach {
    fn from(units: UnitsInReach) -> Self {
        Self {
            missing: units.missing,
            trading: units.trading.into_iter().map(InTrading::from).collect(),
            held: units.held.into_iter().map(SetAside::from).collect(),
            more_held: units.more_held,
            offers: units.offers.into_iter().map(Offer::from).collect(),
        }
    }
}

/// Begins an event of the organisation's own. Fields of the plan; `template` (`meeting`, `conference`, `marathon`, `exhibition`, `show`) fills an
/// inventory with estimates, `from` (its number) copies an event of one's own. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events", tag = "events", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = FormRequest,
    responses(
        (status = 200, body = EventDone),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_create(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<FormRequest>,
) -> Result<Json<EventDone>, Failure> {
    let (registry, mut form) = (&state.registry, request.fields);
    if let Some(from) = form.get_mut("from").filter(|from| !from.trim().is_empty()) {
        // the form on the page names it by its id, which programs never see
        let found = registry.event_of_number(&by, from.trim()).await;
        *from = found.map_err(|error| match error {
            registry::Error::NotFound => Refusal::new(codes::CHOICE_INVALID)
                .at("from")
                .with("value", from.chars().take(40).collect::<String>())
                .into(),
            other => other,
        })?;
    }
    let done = registry.event_create(&by, &form).await?;
    Ok(Json(done.into()))
}

/// Does one step of an event. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/events/{number}/steps/{step}", tag = "events", security(("token" = [])),
    params(
        ("number" = String, Path, description = "The event's number", example = "E2026-000001-0"),
        ("step" = EventStepName, Path, description = "Which step"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    request_body = FormRequest,
    responses(
        (status = 200, body = EventStepped),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours, or no such step", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope),
        (status = 429, description = "Too many requests", body = Envelope)
    )
)]
pub async fn event_step(
    Shared(state): Shared<State>,
    Path((number, step)): Path<(String, String)>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<FormRequest>,
) -> Result<Json<EventStepped>, Failure> {
    let step = serde_json::from_value(step.into()).map_err(|_| Failure::not_found())?;
    let event = state.registry.event_of_number(&by, &number).await?;
    let done = stepped(&state, &by, &event, step, &request.fields).await?;
    Ok(Json(done.into()))
}

async fn stepped(
    state: &State,
    by: &By,
    event: &str,
    step: EventStepName,
    fields: &BTreeMap<String, String>,
) -> Result<EventReceipt, registry::Error> {
    let registry = &state.registry;
    match step {
        EventStepName::Save => registry.event_save(by, event, fields).await,
        EventStepName::PlanPublish => registry.event_plan_publish(by, event).await,
        EventStepName::Withdraw => registry.event_withdraw(by, event, fields).await,
        EventStepName::InventorySave => registry.event_inventory_save(by, event, fields).await,
        EventStepName::AttendeesImport => registry.event_attendees_import(by, event, fields).await,
        EventStepName::FormSet => {
            let token = uuid::Uuid::new_v4().simple().to_string();
            registry.event_form_set(by, event, fields, &token).await
        }
        EventStepName::Account => registry.event_account(by, event).await,
        EventStepName::UnitAdd => registry.event_unit_add(by, event, fields).await,
        EventStepName::UnitRemove => {
            let unit = fields.get("unit").map_or("", |text| text.trim());
            if unit.is_empty() {
                return Err(Refusal::new(codes::REQUIRED).at("unit").into());
            }
            registry.event_unit_remove(by, event, unit).await
        }
        EventStepName::Publish => registry.event_publish(by, event).await,
    }
}

/// An event of one's own as its desk shows it: plan, inventory, footprint, units, and what may be done now.
#[utoipa::path(
    get, path = "/events/{number}/desk", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = EventDesk),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_desk(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<EventDesk>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let view = state.registry.event_get(&by, &event).await?;
    Ok(Json(view.into()))
}

/// Units that the organisation could come to retire for an event of its own: in trading, set aside, or on offer.
#[utoipa::path(
    get, path = "/events/{number}/units-in-reach", tag = "events", security(("token" = [])),
    params(("number" = String, Path, description = "The event's number", example = "E2026-000001-0")),
    responses(
        (status = 200, body = InReach),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "The account's role organises no events", body = Envelope),
        (status = 404, description = "No such event of yours", body = Envelope)
    )
)]
pub async fn event_units_in_reach(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
    Reader(by): Reader,
) -> Result<Json<InReach>, Failure> {
    let event = state.registry.event_of_number(&by, &number).await?;
    let units = state.registry.event_units_in_reach(&by, &event).await?;
    Ok(Json(units.into()))
}

/// People on a flight.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FlightQuery {
    /// Where it begins: the code of an airport, its name, or a city.
    #[param(example = "PEK")]
    pub from: Option<String>,
    /// Where it ends.
    #[param(example = "SZX")]
    pub to: Option<String>,
    /// How many people; 1 without it.
    #[param(example = 12)]
    pub people: Option<String>,
    /// `return` or `one_way`, which it is without it.
    #[param(example = "return")]
    pub ways: Option<String>,
}

/// The way of people on a flight.
#[derive(Debug, Serialize, ToSchema)]
pub struct Flight {
    /// The code of the airport where it begins, or the city as it was written.
    #[schema(example = "PEK")]
    pub from: String,
    /// The code of the airport where it ends, or the city as it was written.
    #[schema(example = "SZX")]
    pub to: String,
    /// Kilometres one way as the crow flies, rounded up, without any detour.
    pub km: i64,
    /// Passenger-kilometres of everybody, both ways if they return.
    pub passenger_km: i64,
    /// The factor of the packaged table that is meant for such a flight; null: the table has none.
    pub factor: Option<String>,
}

/// The distance of a flight between two airports or cities of the packaged tables, and the passenger-kilometres of those on it.
#[utoipa::path(
    get, path = "/flights", tag = "events",
    params(FlightQuery),
    responses(
        (status = 200, body = Flight),
        (status = 422, description = "An airport is unknown or there are several of this name, at its field", body = Envelope)
    )
)]
pub async fn flight_get(Query(query): Query<FlightQuery>) -> Result<Json<Flight>, Failure> {
    let typed = [
        ("flight_from", query.from.unwrap_or_default()),
        ("flight_to", query.to.unwrap_or_default()),
        (
            "flight_people",
            query.people.unwrap_or_else(|| "1".to_owned()),
        ),
        (
            "flight_ways",
            query.ways.unwrap_or_else(|| "one_way".to_owned()),
        ),
    ];
    let fields = typed.map(|(name, value)| (name.to_owned(), value)).into();
    let line = flight_line(&fields).map_err(|refusals| Failure::refused(named(refusals)))?;
    Ok(Json(Flight {
        km: line.flight.km,
        passenger_km: line.passenger_km(),
        factor: line.factor().map(str::to_owned),
        from: line.flight.from.label,
        to: line.flight.to.label,
    }))
}

/// The refusals at the names that the query has.
fn named(refusals: Vec<Refusal>) -> Vec<Refusal> {
    let without = |field: String| {
        field
            .strip_prefix("flight_")
            .map_or(field.clone(), str::to_owned)
    };
    refusals
        .into_iter()
        .map(|refusal| Refusal {
            field: refusal.field.map(without),
            ..refusal
        })
        .collect()
}
