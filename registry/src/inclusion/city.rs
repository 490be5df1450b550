//! What everybody may know of all accounts: figures of a whole month by scene and region, made once after its end. What comes later (a late
//! record, an appeal) is in no published figure, so that no two readings can be subtracted.

use domain::Instant;
use domain::inclusion::crowd::{Cell, PEOPLE_FLOOR};
use time::{Date, Duration};

use super::statistics::{CrowdTable, crowd_between};
use super::{Rules, day_of};
use crate::perform::{Deed, Done, Tx, perform};
use crate::public::Public;
use crate::store::inclusion::city::{self as store, CityCell};
use crate::{Error, Registry};

/// Months that are listed.
const SHOWN: i64 = 120;

/// A published month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityMonth {
    /// `2026-03`.
    pub month: String,
    /// The day of its publication, `YYYY-MM-DD`.
    pub published_on: String,
    /// The table; its `last` is the last day of the month.
    pub table: CrowdTable,
}

impl Registry {
    /// Publishes each month that is over and settled by `now` and was not published yet; how many.
    pub(super) async fn publish_months(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date();
        let mut count = 0;
        loop {
            let mut connection = self.store.read().await?;
            let rules = Rules::on(&mut connection, today).await;
            let Ok(rules) = rules else {
                // before the first day of the rules there is nothing to publish
                return Ok(count);
            };
            let closed = closed(today, &rules);
            let next = match store::latest(&mut connection).await? {
                Some(latest) => after(day_of(&format!("{latest}-01"))?),
                None => match store::first_settled(&mut connection).await? {
                    Some(first) => day_of(&format!("{first}-01"))?.min(closed),
                    None => return Ok(count),
                },
            };
            drop(connection);
            if next > closed {
                return Ok(count);
            }
            let month = month_text(next);
            let deed = Deed::by_date("inclusion_month", &month, now)?.long();
            let done: Result<String, Error> = perform!(self, deed, |tx| {
                publish(tx, next, &month, rules.guards.accounts_min).await?;
                Ok(Done {
                    subject_kind: "inclusion",
                    subject: tx.act.clone(),
                    state: None,
                    note: None,
                    is_public: false,
                    answer: month.clone(),
                })
            });
            done?;
            count += 1;
        }
    }
}

impl Public<'_> {
    /// The published months, the last one first.
    pub async fn city_months(&self) -> Result<Vec<String>, Error> {
        let mut connection = self.store.read().await?;
        let months = store::months(&mut connection, SHOWN).await?;
        Ok(months.into_iter().map(|(month, ..)| month).collect())
    }

    /// A published month; `NotFound` where it is not published.
    pub async fn city_month(&self, month: &str) -> Result<CityMonth, Error> {
        let mut connection = self.store.read().await?;
        let months = store::months(&mut connection, SHOWN).await?;
        let found = months.into_iter().find(|(one, ..)| one == month);
        let (month, published_on, people_min) = found.ok_or(Error::NotFound)?;
        let cells = store::cells(&mut connection, &month).await?;
        let first = day_of(&format!("{month}-01"))?;
        let named = |of: fn(&CityCell) -> &String| -> Vec<String> {
            let mut names: Vec<String> = cells.iter().map(|cell| of(cell).clone()).collect();
            names.sort_unstable();
            names.dedup();
            names.retain(|name| !name.is_empty());
            names
        };
        let scenes = named(|cell| &cell.0);
        let regions = named(|cell| &cell.1);
        let mut shown = vec![vec![Some(Cell::default()); regions.len() + 1]; scenes.len() + 1];
        for (scene, region, people, acts, mg) in &cells {
            // the empty text of a sum is found nowhere: its place is behind the others
            let row = scenes.binary_search(scene).unwrap_or(scenes.len());
            let column = regions.binary_search(region).unwrap_or(regions.len());
            shown[row][column] = match (people, acts, mg) {
                (Some(people), Some(acts), Some(mg)) => Some(Cell {
                    people: *people,
                    acts: *acts,
                    mg: *mg,
                }),
                _ => None,
            };
        }
        Ok(CityMonth {
            month,
            published_on,
            table: CrowdTable {
                people_min,
                last: before(after(first)),
                scenes,
                regions,
                cells: shown,
            },
        })
    }
}

/// Writes the table of a month, with what must not be shown taken out before it is written.
async fn publish(tx: &mut Tx, first: Date, month: &str, people_min: i64) -> Result<(), Error> {
    let people_min = people_min.max(PEOPLE_FLOOR);
    let last = before(after(first));
    let from = first.to_string();
    let table = crowd_between(tx.connection(), &from, last, people_min).await?;
    let (act, today) = (tx.act.clone(), tx.at.beijing_date().to_string());
    store::month_insert(tx.connection(), (month, &today), people_min, &act).await?;
    if table.scenes.is_empty() {
        return Ok(());
    }
    let mut cells: Vec<CityCell> = Vec::new();
    for (row, line) in table.cells.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            cells.push((
                table.scenes.get(row).cloned().unwrap_or_default(),
                table.regions.get(column).cloned().unwrap_or_default(),
                cell.map(|cell| cell.people),
                cell.map(|cell| cell.acts),
                cell.map(|cell| cell.mg),
            ));
        }
    }
    Ok(store::cells_insert(tx.connection(), month, &cells).await?)
}

/// The first day of the last month whose acts are all settled.
pub(super) fn closed(today: Date, rules: &Rules) -> Date {
    let settled = today - Duration::days(rules.guards.settlement_days + 1);
    first_of(before(first_of(settled)))
}

/// The month of a day, `2026-03`.
pub(super) fn month_text(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), u8::from(day.month()))
}

/// The day before.
pub(super) fn before(day: Date) -> Date {
    day.previous_day().unwrap_or(day)
}

fn first_of(day: Date) -> Date {
    day.replace_day(1).unwrap_or(day)
}

/// The first day of the month after that of a day.
pub(super) fn after(day: Date) -> Date {
    first_of(first_of(day) + Duration::days(31))
}
