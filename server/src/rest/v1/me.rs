//! A person's own carbon account: everything the pages under `/me` show, and the acts that need no file. Nobody reads anybody else's: whose
//! account it is says the token alone.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State as Shared};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::Role;
use domain::inclusion::ConsentStanding;
use methodologies::inclusion as scenes;
use registry::{
    ActivityReceipt, ActivityView, By, ConsentView, DayView, ExpiryView, Fields, GiftView,
    GramTrace, LotMove, LotPlace, OrderView, PointMovement,
};
use serde::{Deserialize, Serialize};
use time::{Date, Month};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::{Caller, Reader};
use crate::rest::extract::{Json as JsonBody, List, Paging, Query, moment, page_request};
use crate::state::State;

/// The person of the token; another account is answered with 403.
pub struct Person(By);

impl FromRequestParts<State> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let Reader(by) = Reader::from_request_parts(parts, state).await?;
        if by.role == Role::Individual {
            Ok(Self(by))
        } else {
            Err(registry::Error::Forbidden.into())
        }
    }
}

/// Days or acts of which month.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MonthQuery {
    /// The month of the days, `YYYY-MM`; leave out for the running one.
    #[param(example = "2026-03")]
    pub month: Option<String>,
    /// The `next` of the page before; leave out for the first page.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

impl MonthQuery {
    /// First and last day.
    fn span(&self, today: Date) -> Result<(Date, Date), Failure> {
        let wrong = || {
            Failure::new(StatusCode::BAD_REQUEST, "query_malformed")
                .with_detail("month must be YYYY-MM")
        };
        let (year, month) = match self.month.as_deref() {
            None => (today.year(), today.month()),
            Some(text) => {
                let (year, month) = text.split_once('-').ok_or_else(wrong)?;
                if year.len() != 4 || month.len() != 2 {
                    return Err(wrong());
                }
                let month: u8 = month.parse().map_err(|_| wrong())?;
                let year = year.parse().map_err(|_| wrong())?;
                (year, Month::try_from(month).map_err(|_| wrong())?)
            }
        };
        let first = Date::from_calendar_date(year, month, 1).map_err(|_| wrong())?;
        let last = Date::from_calendar_date(year, month, month.length(year));
        Ok((first, last.map_err(|_| wrong())?))
    }
}

/// Which year of a rating.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct YearQuery {
    /// The year; leave out for the running one.
    #[param(example = 2026)]
    pub year: Option<i32>,
}

/// A personal carbon account. Reductions are milligrams of CO2e; 1 green point is 1 g of settled reduction.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// `open`, `suspended` or `closed`; `waiting` while a guardian has not answered.
    #[schema(example = "open")]
    pub state: String,
    /// Suspended until this day, if it is.
    pub suspended_until: Option<String>,
    /// Code of the region.
    #[schema(example = "CN-GD-SZ")]
    pub region: String,
    /// `contact` or `real_name`.
    #[schema(example = "contact")]
    pub identity_level: String,
    /// The name on boards, if there is one.
    pub nickname: Option<String>,
    /// When it was opened.
    pub opened_at: String,
    /// Milligrams by place: `pending`, `held`, `pool`, `earmark`, `batch`, `issued`, …
    #[schema(example = json!({"pending": 0, "held": 665_160}))]
    pub mg: BTreeMap<String, i64>,
    /// Milligrams settled and not void.
    pub settled_mg: i64,
    /// Milligrams of settled acts that can be certified, over the whole life.
    pub verified_mg: i64,
    /// Milligrams of today, counted or waiting.
    pub today_mg: i64,
    /// Milligrams of this month.
    pub month_mg: i64,
    /// Green points that can be used.
    pub points: i64,
    /// Green points frozen for orders.
    pub points_frozen: i64,
    /// Green points to be filled first; not above zero.
    pub points_debt: i64,
    /// Activity points that can be used; never carbon.
    pub activity_points: i64,
    /// The level, 0 to 4.
    pub level: usize,
}

/// An act.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAct {
    /// Its id.
    pub id: String,
    /// Code of the scene.
    #[schema(example = "metro")]
    pub scene: String,
    /// The provider's name; none where it was recorded by hand.
    pub provider: Option<String>,
    /// Tier of its evidence, `T1` to `T4`.
    #[schema(example = "T1")]
    pub evidence: String,
    /// Day.
    #[schema(example = "2026-03-02")]
    pub day: String,
    /// Code of the region.
    pub region: String,
    /// The amount, in the unit of the scene.
    #[schema(example = "12.4")]
    pub quantity: String,
    /// What counts of it under the limits.
    pub counted: String,
    /// Milligrams of CO2e.
    #[schema(example = 579_080)]
    pub mg: i64,
    /// Activity points.
    pub activity_points: i64,
    /// Whether it can be certified.
    pub certifiable: bool,
    /// `pending`, `review`, `settled` or `void`.
    #[schema(example = "settled")]
    pub state: String,
    /// Why it waits or is void: a code.
    pub reason: Option<String>,
    /// The day of its settlement.
    pub settle_on: Option<String>,
    /// When it was taken in.
    pub received_at: String,
    /// Begin of a trip.
    pub started_at: Option<String>,
    /// End of a trip.
    pub ended_at: Option<String>,
}

impl From<ActivityView> for OwnAct {
    fn from(act: ActivityView) -> Self {
        Self {
            id: act.id,
            scene: act.scene,
            provider: act.provider,
            evidence: act.evidence,
            day: act.day,
            region: act.region,
            quantity: act.quantity,
            counted: act.counted,
            mg: act.mg,
            activity_points: act.activity_points,
            certifiable: act.is_certifiable,
            state: act.status.code().to_owned(),
            reason: act.reason,
            settle_on: act.settle_on,
            received_at: moment(act.received_at),
            started_at: act.started_at.map(moment),
            ended_at: act.ended_at.map(moment),
        }
    }
}

/// Where grams of an act are now.
#[derive(Debug, Serialize, ToSchema)]
pub struct GramPlace {
    /// The place: `held`, `pool`, `issued`, …
    pub place: String,
    /// Milligrams.
    pub mg: i64,
}

impl From<LotPlace> for GramPlace {
    fn from(part: LotPlace) -> Self {
        Self {
            place: part.place.code().to_owned(),
            mg: part.mg,
        }
    }
}

/// A movement of grams of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct GramMove {
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Milligrams.
    pub mg: i64,
    /// When.
    pub at: String,
}

impl From<LotMove> for GramMove {
    fn from(step: LotMove) -> Self {
        Self {
            from: step.from.code().to_owned(),
            to: step.to.code().to_owned(),
            mg: step.mg,
            at: moment(step.at),
        }
    }
}

/// The tonnes that grams of an act became part of.
#[derive(Debug, Serialize, ToSchema)]
pub struct GramTonnes {
    /// Number of the batch.
    #[schema(example = "PB-2026-00001")]
    pub batch: String,
    /// Milligrams.
    pub mg: i64,
    /// The serial numbers.
    pub serials: String,
    /// Numbers of the retirements that used them.
    pub retirements: Vec<String>,
}

impl From<GramTrace> for GramTonnes {
    fn from(trace: GramTrace) -> Self {
        Self {
            batch: trace.batch,
            mg: trace.mg,
            serials: trace.serials,
            retirements: trace.retirements,
        }
    }
}

/// An act with its working and with who owns its grams now.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnActDetail {
    /// The row of the list.
    #[serde(flatten)]
    pub act: OwnAct,
    /// The act computed again with the numbers of its time: steps with formulas and inputs, factors with version, tier and source, the limit
    /// that cut it, what it may become. None where it can no longer be computed.
    #[schema(value_type = Option<Object>)]
    pub working: Option<scenes::Act>,
    /// Where its grams are now.
    pub places: Vec<GramPlace>,
    /// How they came there, oldest first.
    pub moves: Vec<GramMove>,
    /// The tonnes they became part of.
    pub tonnes: Vec<GramTonnes>,
}

/// One scene on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnDay {
    /// Day.
    pub day: String,
    /// Code of the scene.
    pub scene: String,
    /// Acts that are not void.
    pub acts: i64,
    /// Milligrams.
    pub mg: i64,
}

impl From<DayView> for OwnDay {
    fn from(day: DayView) -> Self {
        Self {
            day: day.day,
            scene: day.scene,
            acts: day.acts,
            mg: day.mg,
        }
    }
}

/// A consent.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnConsent {
    /// Its id.
    pub id: String,
    /// `account`, `source`, `assignment` or `board`.
    #[schema(example = "source")]
    pub purpose: String,
    /// The provider's id, of a source.
    pub provider: Option<String>,
    /// The provider's name, of a source.
    pub provider_name: Option<String>,
    /// Code of the scene, of a source.
    pub scene: Option<String>,
    /// Version of the text that was agreed to.
    pub text_version: i64,
    /// SHA-256 of that text.
    pub text_hash: String,
    /// Whether a guardian agreed for this person.
    pub by_guardian: bool,
    /// When it was given.
    pub granted_at: String,
    /// When it was withdrawn.
    pub revoked_at: Option<String>,
    /// Whether what needs it waits until the person agrees to the text of now.
    pub waits: bool,
}

impl From<ConsentView> for OwnConsent {
    fn from(consent: ConsentView) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            id: consent.id,
            purpose: consent.purpose.code().to_owned(),
            provider: some(consent.provider),
            provider_name: some(consent.provider_name),
            scene: some(consent.scene),
            text_version: consent.text_version,
            text_hash: consent.text_hash,
            by_guardian: consent.by_guardian.is_some(),
            granted_at: moment(consent.granted_at),
            revoked_at: consent.revoked_at.map(moment),
            waits: consent.standing == ConsentStanding::Waits,
        }
    }
}

/// A movement of points.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnPoints {
    /// Its id.
    pub id: String,
    /// `green` or `activity`.
    pub unit: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// How many.
    pub points: i64,
    /// When.
    pub at: String,
}

impl From<PointMovement> for OwnPoints {
    fn from(step: PointMovement) -> Self {
        Self {
            id: step.id,
            unit: step.unit,
            from: step.from,
            to: step.to,
            points: step.points,
            at: moment(step.at),
        }
    }
}

/// An order of the shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnOrder {
    /// Its id.
    pub id: String,
    /// What was ordered.
    pub title: String,
    /// `green` or `activity`.
    pub unit: String,
    /// Points.
    pub points: i64,
    /// `frozen`, `fulfilled` or `cancelled`.
    #[schema(example = "fulfilled")]
    pub state: String,
    /// The voucher, once fulfilled.
    pub voucher: Option<String>,
    /// When it was ordered.
    pub placed_at: String,
    /// Why it was cancelled, if the person did not: a code.
    pub refused_for: Option<String>,
}

impl From<OrderView> for OwnOrder {
    fn from(order: OrderView) -> Self {
        Self {
            id: order.id,
            title: order.title,
            unit: order.unit.code().to_owned(),
            points: order.points,
            state: order.state,
            voucher: order.voucher,
            placed_at: moment(order.placed_at),
            refused_for: order.refused_for,
        }
    }
}

/// A gift to an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnGift {
    /// Its id.
    pub id: String,
    /// The call it answers.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// Points, and as many grams.
    pub points: i64,
    /// Whether it came back because the event was cancelled.
    pub returned: bool,
    /// When.
    pub at: String,
}

impl From<GiftView> for OwnGift {
    fn from(gift: GiftView) -> Self {
        Self {
            id: gift.id,
            campaign: gift.campaign,
            title: gift.title,
            points: gift.points,
            returned: gift.is_returned,
            at: moment(gift.at),
        }
    }
}

/// What expires or has expired.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnExpiry {
    /// `activity`, `certified` or `counted`.
    pub kind: String,
    /// What is from before this day.
    pub before: String,
    /// The day.
    pub expires_on: String,
    /// Milligrams or activity points, as there were when it was told.
    pub amount: i64,
    /// When it happened; none: it lies ahead.
    pub expired_at: Option<String>,
}

impl From<ExpiryView> for OwnExpiry {
    fn from(expiry: ExpiryView) -> Self {
        Self {
            kind: expiry.kind.code().to_owned(),
            before: expiry.before,
            expires_on: expiry.expires_on,
            amount: expiry.amount,
            expired_at: expiry.expired_at.map(moment),
        }
    }
}

/// The rating of a year with its parts, and the badges of the whole life.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnRating {
    /// The year.
    pub year: i32,
    /// Whether it still runs.
    pub runs: bool,
    /// What happened in it, the parts with what there is, what full points take, weight and points, the sum and the grade.
    #[schema(value_type = Object)]
    pub rating: domain::inclusion::Rating,
    /// Level and badges, each with how far it is to the next step.
    #[schema(value_type = Object)]
    pub badges: domain::inclusion::Badges,
}

/// What was recorded or answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// The act.
    pub act: String,
    /// Milligrams of CO2e.
    pub mg: i64,
    /// Activity points.
    pub activity_points: i64,
    /// `pending`, `review`, `settled` or `void`.
    pub state: String,
    /// Why it waits: a code.
    pub reason: Option<String>,
}

impl From<ActivityReceipt> for Recorded {
    fn from(receipt: ActivityReceipt) -> Self {
        Self {
            act: receipt.activity,
            mg: receipt.mg,
            activity_points: receipt.activity_points,
            state: receipt.status.code().to_owned(),
            reason: receipt.reason,
        }
    }
}

/// The fields of the form on the page of the same act, by their names.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = BTreeMap<String, String>, example = json!({"scene": "shared_bike", "day": "2026-03-01", "distance_km": "1.8"}))]
pub struct Typed(BTreeMap<String, String>);

/// A consent that was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentGiven {
    /// Its id.
    pub id: String,
    /// The name under which the provider sends this person's records, of a source.
    pub reference: Option<String>,
    /// Whether nothing is given yet because the guardian is asked first.
    pub asks_guardian: bool,
}

/// An order or a gift that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Spent {
    /// Its id.
    pub id: String,
    /// Points.
    pub points: i64,
}

/// What to order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// The goods.
    pub goods: String,
}

/// One's own account with its balances.
#[utoipa::path(
    get, path = "/me", tag = "me", security(("token" = [])),
    responses(
        (status = 200, body = Account),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_account(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<Account>, Failure> {
    let person = state.registry.person(&by).await?;
    let mg = person.places.iter();
    Ok(Json(Account {
        mg: mg
            .map(|(place, mg)| (place.code().to_owned(), *mg))
            .collect(),
        state: person.state,
        suspended_until: person.suspended_until,
        region: person.region,
        identity_level: person.identity_level,
        nickname: person.nickname,
        opened_at: moment(person.opened_at),
        settled_mg: person.settled_mg,
        verified_mg: person.verified_mg,
        today_mg: person.today_mg,
        month_mg: person.month_mg,
        points: person.points.available,
        points_frozen: person.points.frozen,
        points_debt: person.points.debt,
        activity_points: person.points.activity,
        level: person.level,
    }))
}

/// One's own acts of a month, the last day first.
#[utoipa::path(
    get, path = "/me/acts", tag = "me", params(MonthQuery), security(("token" = [])),
    responses(
        (status = 200, body = List<OwnAct>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_acts(
    Shared(state): Shared<State>,
    Person(by): Person,
    Query(query): Query<MonthQuery>,
) -> Result<Json<List<OwnAct>>, Failure> {
    let span = query.span(by.at.beijing_date())?;
    let page = page_request(query.after, query.limit)?;
    let month = state.registry.month(&by, span, &page).await?;
    Ok(Json(List {
        items: month.acts.into_iter().map(OwnAct::from).collect(),
        next: month.next,
    }))
}

/// One act with its working, evidence and owner.
#[utoipa::path(
    get, path = "/me/acts/{id}", tag = "me", security(("token" = [])),
    params(("id" = String, Path, description = "The act")),
    responses(
        (status = 200, body = OwnActDetail),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 404, description = "No such act of yours", body = Envelope)
    )
)]
pub async fn me_act(
    Shared(state): Shared<State>,
    Person(by): Person,
    Path(id): Path<String>,
) -> Result<Json<OwnActDetail>, Failure> {
    let (act, working) = state.registry.activity(&by, &id).await?;
    let (places, moves, traces) = state.registry.activity_grams(&by, &id).await?;
    Ok(Json(OwnActDetail {
        act: act.into(),
        working,
        places: places.into_iter().map(GramPlace::from).collect(),
        moves: moves.into_iter().map(GramMove::from).collect(),
        tonnes: traces.into_iter().map(GramTonnes::from).collect(),
    }))
}

/// One's own days of a month, by scene: what the chart of the month shows.
#[utoipa::path(
    get, path = "/me/days", tag = "me", params(MonthQuery), security(("token" = [])),
    responses(
        (status = 200, body = List<OwnDay>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_days(
    Shared(state): Shared<State>,
    Person(by): Person,
    Query(query): Query<MonthQuery>,
) -> Result<Json<List<OwnDay>>, Failure> {
    let span = query.span(by.at.beijing_date())?;
    let days = state.registry.days(&by, span).await?;
    Ok(Json(List::complete(
        days.into_iter().map(OwnDay::from).collect(),
    )))
}

/// One's own consents, those withdrawn among them.
#[utoipa::path(
    get, path = "/me/consents", tag = "me", security(("token" = [])),
    responses(
        (status = 200, body = List<OwnConsent>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_consents(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<List<OwnConsent>>, Failure> {
    let consents = state.registry.consents(&by).await?;
    let consents = consents.into_iter().map(OwnConsent::from);
    Ok(Json(List::complete(consents.collect())))
}

/// Movements of one's own points, newest first.
#[utoipa::path(
    get, path = "/me/points", tag = "me", params(Paging), security(("token" = [])),
    responses(
        (status = 200, body = List<OwnPoints>),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_points(
    Shared(state): Shared<State>,
    Person(by): Person,
    Query(query): Query<Paging>,
) -> Result<Json<List<OwnPoints>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let page = state.registry.point_movements(&by, &page).await?;
    Ok(Json(List::of(page, OwnPoints::from)))
}

/// One's own orders, newest first.
#[utoipa::path(
    get, path = "/me/orders", tag = "me", security(("token" = [])),
    responses(
        (status = 200, body = List<OwnOrder>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_orders(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<List<OwnOrder>>, Failure> {
    let orders = state.registry.goods_orders(&by).await?;
    Ok(Json(List::complete(
        orders.into_iter().map(OwnOrder::from).collect(),
    )))
}

/// One's own gifts to events.
#[utoipa::path(
    get, path = "/me/gifts", tag = "me", security(("token" = [])),
    responses(
        (status = 200, body = List<OwnGift>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_gifts(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<List<OwnGift>>, Failure> {
    let gifts = state.registry.gifts(&by).await?;
    Ok(Json(List::complete(
        gifts.into_iter().map(OwnGift::from).collect(),
    )))
}

/// What will expire, and what did.
#[utoipa::path(
    get, path = "/me/expiries", tag = "me", security(("token" = [])),
    responses(
        (status = 200, body = List<OwnExpiry>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_expiries(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<List<OwnExpiry>>, Failure> {
    let expiries = state.registry.expiries(&by).await?;
    let expiries = expiries.into_iter().map(OwnExpiry::from);
    Ok(Json(List::complete(expiries.collect())))
}

/// One's own rating of a year, and badges.
#[utoipa::path(
    get, path = "/me/rating", tag = "me", params(YearQuery), security(("token" = [])),
    responses(
        (status = 200, body = OwnRating),
        (status = 400, description = "A parameter is wrong", body = Envelope),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 404, description = "No rating of this year", body = Envelope)
    )
)]
pub async fn me_rating(
    Shared(state): Shared<State>,
    Person(by): Person,
    Query(query): Query<YearQuery>,
) -> Result<Json<OwnRating>, Failure> {
    let view = state.registry.rating(&by, query.year).await?;
    let badges = state.registry.badges(&by).await?;
    Ok(Json(OwnRating {
        year: view.year,
        runs: view.runs,
        rating: view.rating,
        badges,
    }))
}

/// Everything that is held about oneself, in one document.
#[utoipa::path(
    get, path = "/me/export", tag = "me", security(("token" = [])),
    responses(
        (status = 200, description = "The document that the page of one's data offers as JSON", body = Object),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope)
    )
)]
pub async fn me_export(
    Shared(state): Shared<State>,
    Person(by): Person,
) -> Result<Json<registry::PersonExport>, Failure> {
    Ok(Json(state.registry.person_export(&by).await?))
}

/// Records an act by hand, without a photo: it earns activity points and no gram. The same key with the same body gives the same answer.
#[utoipa::path(
    post, path = "/me/acts", tag = "me", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = Typed,
    responses(
        (status = 200, body = Recorded),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope)
    )
)]
pub async fn me_record(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<Typed>,
) -> Result<Json<Recorded>, Failure> {
    let fields = fields(request);
    let receipt = state.registry.activity_record(&by, &fields, None).await?;
    Ok(Json(receipt.into()))
}

/// Gives a consent: `purpose` (`source`, `assignment`, `board`), `provider` and `scene` of a source, `nickname` of the boards, `agrees` (`yes`).
#[utoipa::path(
    post, path = "/me/consents", tag = "me", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = Typed,
    responses(
        (status = 200, body = ConsentGiven),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope)
    )
)]
pub async fn me_consent_give(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<Typed>,
) -> Result<Json<ConsentGiven>, Failure> {
    let receipt = state.registry.consent_give(&by, &fields(request)).await?;
    Ok(Json(ConsentGiven {
        id: receipt.id,
        reference: receipt.reference,
        asks_guardian: receipt.asks_guardian,
    }))
}

/// Withdraws a consent: nothing new is taken in by it from now on.
#[utoipa::path(
    post, path = "/me/consents/{id}/withdrawal", tag = "me", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The consent"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")
    ),
    responses(
        (status = 200, body = ConsentGiven),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 404, description = "No such consent of yours", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope)
    )
)]
pub async fn me_consent_withdraw(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Caller(by): Caller,
) -> Result<Json<ConsentGiven>, Failure> {
    let receipt = state.registry.consent_revoke(&by, &id).await?;
    Ok(Json(ConsentGiven {
        id: receipt.id,
        reference: receipt.reference,
        asks_guardian: receipt.asks_guardian,
    }))
}

/// Orders goods of the shop: their points are frozen until the order is fulfilled or cancelled.
#[utoipa::path(
    post, path = "/me/orders", tag = "me", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = OrderRequest,
    responses(
        (status = 200, body = Spent),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope)
    )
)]
pub async fn me_order(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<Json<Spent>, Failure> {
    let receipt = state.registry.goods_order(&by, &request.goods).await?;
    Ok(Json(Spent {
        id: receipt.id,
        points: receipt.points,
    }))
}

/// Gives points, and as many grams, to an event: `campaign` and `points`.
#[utoipa::path(
    post, path = "/me/gifts", tag = "me", security(("token" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, 1 to 200 characters")),
    request_body = Typed,
    responses(
        (status = 200, body = Spent),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not a personal account", body = Envelope),
        (status = 409, description = "The key was used with another body", body = Envelope),
        (status = 422, description = "Refused, each reason at its field", body = Envelope)
    )
)]
pub async fn me_gift(
    Shared(state): Shared<State>,
    Caller(by): Caller,
    JsonBody(request): JsonBody<Typed>,
) -> Result<Json<Spent>, Failure> {
    let receipt = state.registry.gift_give(&by, &fields(request)).await?;
    Ok(Json(Spent {
        id: receipt.id,
        points: receipt.points,
    }))
}

fn fields(request: Typed) -> Fields {
    request.0.into_iter().collect()
}
