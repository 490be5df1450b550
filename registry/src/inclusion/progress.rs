//! What has come of it: badges, the rating of a year, and one month with its days and acts.

use domain::Instant;
use domain::inclusion::badge::SceneCount;
use domain::inclusion::rating::{rate, weeks_of};
use domain::inclusion::{Badges, ExpiryKind, Rating, YearFacts};
use methodologies::inclusion as scenes;
use serde::Serialize;
use time::Date;

use super::view::{ActivityView, DayView, view};
use super::{Rules, day_of};
use crate::store::inclusion::{activity, expiry, group as store, person};
use crate::{By, Error, PageRequest, Registry, parameter_set};

/// The rating of a year of the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RatingView {
    /// The year.
    pub year: i32,
    /// Whether the year still runs.
    pub runs: bool,
    /// The years there is something of, the newest first; the year that runs is always among them.
    pub years: Vec<i32>,
    /// What happened in the year.
    pub facts: YearFacts,
    /// The rating.
    pub rating: Rating,
}

/// One month of the viewer: its days, and one page of its acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthView {
    /// The days, by scene.
    pub days: Vec<DayView>,
    /// Acts, the last day first.
    pub acts: Vec<ActivityView>,
    /// Give this as `after` for the next page; `None` when there is none.
    pub next: Option<String>,
}

/// What expires or has expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpiryView {
    /// What.
    pub kind: ExpiryKind,
    /// What is from before this day, `YYYY-MM-DD`.
    pub before: String,
    /// On this day, `YYYY-MM-DD`.
    pub expires_on: String,
    /// Milligrams, or activity points, as there were when it was told.
    pub amount: i64,
    /// When it was told.
    pub noticed_at: Instant,
    /// When it happened; `None`: it lies ahead.
    pub expired_at: Option<Instant>,
}

impl Registry {
    /// The viewer's level and badges, over the whole life of the account.
    pub async fn badges(&self, by: &By) -> Result<Badges, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let rows = store::verified_by_scene(&mut connection, account, "all").await?;
        let counts: Vec<SceneCount> = rows
            .into_iter()
            .map(|(scene, acts, mg)| SceneCount { scene, acts, mg })
            .collect();
        let set = parameter_set::in_force(&mut connection).await?;
        Ok(Badges::of(&counts, &set))
    }

    /// The viewer's rating of a year, by the weights of its last day, or of today in the year that runs. `NotFound` for a year ahead, and
    /// for one before the rules began.
    pub async fn rating(&self, by: &By, year: Option<i32>) -> Result<RatingView, Error> {
        let today = by.at.beijing_date();
        let year = year.unwrap_or(today.year());
        let last = Date::from_calendar_date(year, time::Month::December, 31)
            .ok()
            .filter(|_| year <= today.year())
            .ok_or(Error::NotFound)?;
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let text = format!("{year:04}");
        let by_scene = store::verified_by_scene(&mut connection, account, &text).await?;
        let sums = store::verified(&mut connection, account, &text).await?;
        let (mg, assigned_mg) = sums.unwrap_or_default();
        let (first, end) = (format!("{text}-01-01"), format!("{text}-12-31"));
        let days = store::verified_days(&mut connection, account, &first, &end).await?;
        let days: Vec<Date> = days
            .iter()
            .map(|day| day_of(day))
            .collect::<Result<_, _>>()?;
        let day = last.min(today);
        let rules = Rules::on(&mut connection, day)
            .await
            .map_err(|_| Error::NotFound)?;
        let mut families: Vec<&str> = by_scene
            .iter()
            .filter_map(|(scene, ..)| scenes::scene_known(&rules.set, scene))
            .map(|scene| scene.family)
            .collect();
        families.sort_unstable();
        families.dedup();
        let facts = YearFacts {
            mg,
            assigned_mg,
            weeks: weeks_of(&days),
            families: i64::try_from(families.len()).unwrap_or(i64::MAX),
        };
        let rating = rate(&rules.set, day, &facts)?;
        let mut years: Vec<i32> = store::verified_years(&mut connection, account)
            .await?
            .iter()
            .filter_map(|year| year.parse().ok())
            .collect();
        if !years.contains(&today.year()) {
            years.insert(0, today.year());
        }
        Ok(RatingView {
            year,
            runs: year == today.year(),
            years,
            facts,
            rating,
        })
    }

    /// The viewer's last acts by their day, the last first; what came late stands at its day.
    pub async fn recent_acts(&self, by: &By, size: i64) -> Result<Vec<ActivityView>, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        // smaller and greater than every day
        let (span, after) = (("", "9999-12-31"), ("9999-12-31", "g"));
        let rows = activity::page_by_day(&mut connection, account, span, after, size).await?;
        let names = person::providers(&mut connection).await?;
        rows.into_iter()
            .map(|row| view(row.id.clone(), row, &names))
            .collect()
    }

    /// A month of the viewer's, `first` to `last`: every day, and the acts after the line `page.after` names, the last day first.
    pub async fn month(
        &self,
        by: &By,
        (first, last): (Date, Date),
        page: &PageRequest,
    ) -> Result<MonthView, Error> {
        let mut moment = self.store.snapshot().await?;
        let account = by.organisation.as_str();
        let (first, last) = (first.to_string(), last.to_string());
        let days = activity::days(&mut moment, account, &first, &last).await?;
        let size = page.rows();
        let after = page.after.as_deref().and_then(|key| key.split_once('.'));
        // greater than every line of the month
        let after = after.unwrap_or((&last, "g"));
        let span = (first.as_str(), last.as_str());
        let mut rows = activity::page_by_day(&mut moment, account, span, after, size + 1).await?;
        let names = person::providers(&mut moment).await?;
        moment.commit().await?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more);
        let next = next.map(|row| format!("{}.{}", row.day, row.id));
        let acts: Result<Vec<_>, _> = rows
            .into_iter()
            .map(|row| view(row.id.clone(), row, &names))
            .collect();
        Ok(MonthView {
            days: days
                .into_iter()
                .map(|(day, scene, acts, mg)| DayView {
                    day,
                    scene,
                    acts,
                    mg,
                })
                .collect(),
            acts: acts?,
            next,
        })
    }

    /// What the viewer was told will expire, and what did, the newest first.
    pub async fn expiries(&self, by: &By) -> Result<Vec<ExpiryView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = expiry::of_account(&mut connection, by.organisation.as_str()).await?;
        rows.into_iter()
            .map(|row| {
                Ok(ExpiryView {
                    kind: ExpiryKind::from_code(&row.kind)
                        .ok_or_else(|| Error::Store(format!("kind of expiry {}", row.kind)))?,
                    before: row.before_day,
                    expires_on: row.expires_on,
                    amount: row.amount,
                    noticed_at: Instant(row.noticed_at),
                    expired_at: row.expired_at.map(Instant),
                })
            })
            .collect()
    }
}
