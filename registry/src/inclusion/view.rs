//! What a person sees of the own account, and what everybody may know of all: figures behind which enough people stand.

use domain::inclusion::Place;
use domain::inclusion::badge::{LEVELS_MG, Progress};
use domain::{Instant, Role};
use methodologies::inclusion as scenes;
use serde::Serialize;
use time::Date;

use super::activity::{ActivityStatus, again, place_of};
use super::batch::{GramTrace, trace};
use super::{Points, day_of, points_of};
use crate::store::inclusion::activity::{self as store, ActivityRow};
use crate::store::inclusion::{group, guardian, ledger, person};
use crate::{By, Error, Page, PageRequest, Registry, parameter_set};

/// A personal account as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// Code of the region.
    pub region: String,
    /// `waiting` (for a guardian), `open`, `suspended`, `closed`.
    pub state: String,
    /// Last day of a suspension.
    pub suspended_until: Option<String>,
    /// `contact` or `real_name`.
    pub identity_level: String,
    /// Whether the mobile number of the account was not confirmed: the limit for such accounts applies.
    pub is_unconfirmed: bool,
    /// Whether a guardian agrees for somebody under 14.
    pub is_minor: bool,
    /// Whether a guardian has confirmed to be one; an account opened before guardians were asked by mail may have none who did.
    pub has_confirmed_guardian: bool,
    /// The name on the board, if there is one.
    pub nickname: Option<String>,
    /// When it was opened.
    pub opened_at: Instant,
    /// Where the milligrams are, by place.
    pub places: Vec<(Place, i64)>,
    /// Milligrams settled and not void.
    pub settled_mg: i64,
    /// Milligrams of settled acts that can be certified, over the whole life: what levels and badges count.
    pub verified_mg: i64,
    /// Points.
    pub points: Points,
    /// Which level, 0 to 4 ([`domain::inclusion::badge::LEVELS_MG`]).
    pub level: usize,
    /// Milligrams of today, counted or waiting.
    pub today_mg: i64,
    /// Milligrams of this month.
    pub month_mg: i64,
}

impl PersonView {
    /// Milligrams in a place.
    pub fn in_place(&self, place: Place) -> i64 {
        self.places
            .iter()
            .find(|(one, _)| *one == place)
            .map_or(0, |(_, mg)| *mg)
    }
}

/// An act as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActivityView {
    /// Its id.
    pub id: String,
    /// For the operator: account and act with a dot between them; the act alone for its person.
    pub about: String,
    /// Code of the scene.
    pub scene: String,
    /// The provider's name; `None`: recorded by hand.
    pub provider: Option<String>,
    /// `T1` to `T4`.
    pub evidence: String,
    /// Day, `YYYY-MM-DD`.
    pub day: String,
    /// Code of the region.
    pub region: String,
    /// The amount, in the unit of the scene.
    pub quantity: String,
    /// What counts of it under the limits.
    pub counted: String,
    /// Milligrams of CO2e.
    pub mg: i64,
    /// Activity points.
    pub activity_points: i64,
    /// Whether it can be certified.
    pub is_certifiable: bool,
    /// Where it stands.
    pub status: ActivityStatus,
    /// Why it waits or is void.
    pub reason: Option<String>,
    /// What the person said against it.
    pub appeal: Option<String>,
    /// The day of its settlement; none while it waits for its person to agree to a new text.
    pub settle_on: Option<String>,
    /// When it was taken in.
    pub received_at: Instant,
    /// Its begin, where it is a trip; forgotten when the account is closed.
    pub started_at: Option<Instant>,
    /// Its end.
    pub ended_at: Option<Instant>,
    /// Whether there is a photo of it.
    pub has_photo: bool,
}

/// Where milligrams of a lot are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotPlace {
    /// The place.
    pub place: Place,
    /// The event or batch, where it is one.
    pub of: String,
    /// Milligrams.
    pub mg: i64,
}

/// A movement of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotMove {
    /// Its id.
    pub id: String,
    /// The lot.
    pub lot: String,
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// The event or batch it went to.
    pub of: String,
    /// Milligrams.
    pub mg: i64,
    /// When.
    pub at: Instant,
}

/// A movement of points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointMovement {
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
    /// The act, order or gift it is about.
    pub about: String,
    /// When.
    pub at: Instant,
}

impl PointMovement {
    pub(super) fn of(row: ledger::PointRow) -> Self {
        Self {
            id: row.id,
            unit: row.unit,
            from: row.debit_place,
            to: row.credit_place,
            points: row.points,
            about: row.about,
            at: Instant(row.at),
        }
    }
}

/// One scene on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayView {
    /// Day, `YYYY-MM-DD`.
    pub day: String,
    /// Code of the scene.
    pub scene: String,
    /// Acts.
    pub acts: i64,
    /// Milligrams.
    pub mg: i64,
}

/// [`Error::Forbidden`] for everybody but the registry operator.
pub(super) fn operator_only(by: &By) -> Result<(), Error> {
    if by.role == Role::RegistryOperator {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

impl Registry {
    /// The viewer's account.
    pub async fn person(&self, by: &By) -> Result<PersonView, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let row = person::account(&mut connection, account)
            .await?
            .ok_or(Error::NotFound)?;
        let ids = [account.to_owned()];
        let balances = ledger::balances(&mut connection, &ids).await?;
        let places = balances
            .into_iter()
            .map(|(_, place, mg)| Ok((place_of(&place)?, mg)))
            .collect::<Result<Vec<_>, Error>>()?;
        let points = points_of(&mut connection, &ids).await?;
        let today = by.at.beijing_date();
        let first = today.replace_day(1).unwrap_or(today).to_string();
        let days = store::days(&mut connection, account, &first, &today.to_string()).await?;
        let today_text = today.to_string();
        let sum = |wanted: &dyn Fn(&str) -> bool| {
            days.iter()
                .filter(|(day, ..)| wanted(day))
                .map(|(_, _, _, mg)| mg)
                .sum()
        };
        let settled_mg = places
            .iter()
            .filter(|(place, _)| place.is_settled())
            .map(|(_, mg)| mg)
            .sum();
        let verified = group::verified_by_scene(&mut connection, account, "all").await?;
        let verified_mg = verified.iter().map(|(_, _, mg)| mg).sum();
        let guardian = guardian::of_account(&mut connection, account).await?;
        Ok(PersonView {
            has_confirmed_guardian: guardian.is_some_and(|one| one.guardian_confirmed_at.is_some()),
            level: Progress::on(&LEVELS_MG, verified_mg).step,
            verified_mg,
            is_unconfirmed: row.contact == "phone_unconfirmed",
            today_mg: sum(&|day| day == today_text),
            month_mg: sum(&|_| true),
            points: points.get(account).copied().unwrap_or_default(),
            region: row.region,
            state: row.state,
            suspended_until: row.suspended_until,
            identity_level: row.identity_level,
            is_minor: row.is_minor == 1,
            nickname: row.nickname,
            opened_at: Instant(row.opened_at),
            places,
            settled_mg,
        })
    }

    /// The viewer's acts in a span of days, newest first.
    pub async fn activities(
        &self,
        by: &By,
        span: (Date, Date),
        page: &PageRequest,
    ) -> Result<Page<ActivityView>, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let (first, last) = (span.0.to_string(), span.1.to_string());
        let size = page.rows() + 1;
        let rows =
            store::page(&mut connection, account, &first, &last, page.before(), size).await?;
        let names = person::providers(&mut connection).await?;
        let rows: Result<Vec<_>, _> = rows
            .into_iter()
            .map(|row| view(row.id.clone(), row, &names))
            .collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// One act of the viewer, computed again with every step, factor and limit; `None` where it can no longer be.
    pub async fn activity(
        &self,
        by: &By,
        activity: &str,
    ) -> Result<(ActivityView, Option<scenes::Act>), Error> {
        let mut connection = self.store.read().await?;
        let row = store::one(&mut connection, by.organisation.as_str(), activity).await?;
        let row = row.ok_or(Error::NotFound)?;
        let names = person::providers(&mut connection).await?;
        let number = u64::try_from(row.parameter_set).unwrap_or(0);
        let set = parameter_set::of_set(&mut connection, number).await?;
        let act = again(&row, &set);
        Ok((view(row.id.clone(), row, &names)?, act))
    }

    /// Who owns the grams of an act of the viewer now: where each part is, how it came there, and in which tonnes it ended.
    pub async fn activity_grams(
        &self,
        by: &By,
        activity: &str,
    ) -> Result<(Vec<LotPlace>, Vec<LotMove>, Vec<GramTrace>), Error> {
        let mut moment = self.store.snapshot().await?;
        let account = by.organisation.as_str();
        store::one(&mut moment, account, activity)
            .await?
            .ok_or(Error::NotFound)?;
        let parts = ledger::parts_of_lot(&mut moment, account, activity).await?;
        let places = parts
            .into_iter()
            .map(|part| {
                Ok(LotPlace {
                    place: place_of(&part.place)?,
                    of: part.place_ref,
                    mg: part.mg,
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let moves = ledger::moves_of_lot(&mut moment, account, activity).await?;
        let moves = moves
            .into_iter()
            .map(|row| {
                Ok(LotMove {
                    from: place_of(&row.debit_place)?,
                    to: place_of(&row.credit_place)?,
                    id: row.id,
                    lot: row.lot_id,
                    of: row.credit_ref,
                    mg: row.mg,
                    at: Instant(row.at),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let traces = trace(&mut moment, account, activity).await?;
        moment.commit().await?;
        Ok((places, moves, traces))
    }

    /// The viewer's days in a span, by scene.
    pub async fn days(&self, by: &By, span: (Date, Date)) -> Result<Vec<DayView>, Error> {
        let mut connection = self.store.read().await?;
        let (first, last) = (span.0.to_string(), span.1.to_string());
        let rows = store::days(&mut connection, by.organisation.as_str(), &first, &last).await?;
        let views = rows.into_iter().map(|(day, scene, acts, mg)| DayView {
            day,
            scene,
            acts,
            mg,
        });
        Ok(views.collect())
    }

    /// The viewer's movements of points, newest first.
    pub async fn point_movements(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<PointMovement>, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let rows =
            ledger::point_moves(&mut connection, account, page.before(), page.rows() + 1).await?;
        let rows = rows.into_iter().map(PointMovement::of);
        Ok(Page::cut(rows.collect(), page.rows(), |row| row.id.clone()))
    }
}

pub(super) fn view(
    about: String,
    row: ActivityRow,
    names: &[person::ProviderRow],
) -> Result<ActivityView, Error> {
    day_of(&row.day)?;
    let name = names.iter().find(|one| one.id == row.provider_id);
    Ok(ActivityView {
        about,
        provider: name.map(|one| one.name.clone()),
        is_certifiable: row.certifiable == 1,
        status: ActivityStatus::from_code(&row.state)
            .ok_or_else(|| Error::Store(format!("activity state {}", row.state)))?,
        received_at: Instant(row.received_at),
        started_at: row.started_at.map(Instant),
        ended_at: row.ended_at.map(Instant),
        has_photo: row.evidence_file.is_some(),
        id: row.id,
        scene: row.scene,
        evidence: row.evidence,
        day: row.day,
        region: row.region,
        quantity: row.quantity,
        counted: row.counted,
        mg: row.mg,
        activity_points: row.activity_points,
        reason: row.reason,
        appeal: row.appeal,
        settle_on: Some(row.settle_on).filter(|day| day != store::WAITS),
    })
}
