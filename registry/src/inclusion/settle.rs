//! What the passing of days does: settlement after two days, ends of suspensions, expiry.

use std::collections::HashMap;

use domain::Instant;
use domain::inclusion::{Place, PointPlace};
use serde::{Deserialize, Serialize};

use super::activity::{PARTICIPATION, lot_of};
use super::points_of;
use super::posting::{Postings, To, follow, settled};
use crate::perform::{Deed, Done, Tx, perform};
use crate::store::inclusion::activity::{self as store, ActivityRow};
use crate::store::inclusion::{ledger, person};
use crate::{Error, Registry};

/// Acts settled in one transaction.
const CHUNK: i64 = 500;

/// What the passing of days moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionTick {
    /// Acts settled.
    pub settled: u64,
    /// Lots of which something expired.
    pub expired: u64,
    /// Months whose figures were published.
    pub published: u64,
    /// Months of groups of staff whose figures were published.
    #[serde(default)]
    pub staff_published: u64,
}

impl Registry {
    /// Settles what is due by `now`, each act once; ends suspensions that are over; and once a day tells what will expire and lets expire
    /// what was told (`expire.rs`): grams that cannot be certified, activity points, and grams that can be certified only if a parameter
    /// says so; publishes the figures of months that are over, of all and of each organisation's staff; and ends what waited for a guardian in vain. Cheap when nothing is due.
    pub async fn inclusion_tick(&self, now: Instant) -> Result<InclusionTick, Error> {
        let mut tick = InclusionTick::default();
        let today = now.beijing_date().to_string();
        let mut connection = self.store.write().await?;
        person::suspensions_end(&mut connection, &today).await?;
        drop(connection);
        loop {
            let mut connection = self.store.read().await?;
            let due = store::due(&mut connection, &today, 1).await?;
            drop(connection);
            let Some(first) = due.first() else {
                break;
            };
            let key = format!("{today}:{}", first.id);
            let deed = Deed::by_date("inclusion_settle", &key, now)?.long();
            let count: Result<u64, Error> = perform!(self, deed, |tx| {
                let count = settle(tx, &today).await?;
                Ok(by_date(tx, count))
            });
            tick.settled += count?;
        }
        tick.expired = self.expire_by_day(now).await?;
        tick.published = self.publish_months(now).await?;
        tick.staff_published = self.publish_staff_months(now).await?;
        self.guardians_tick(now).await?;
        Ok(tick)
    }
}

fn by_date(tx: &Tx, answer: u64) -> Done<u64> {
    Done {
        subject_kind: "inclusion",
        subject: tx.act.clone(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}

/// Settles one chunk: the grams become held, and points follow on the cumulative sum of each account.
async fn settle(tx: &mut Tx, today: &str) -> Result<u64, Error> {
    let rows = store::due(tx.connection(), today, CHUNK).await?;
    let mut by_account: HashMap<&str, Vec<&ActivityRow>> = HashMap::new();
    for row in &rows {
        by_account.entry(&row.account_id).or_default().push(row);
    }
    let mut accounts: Vec<String> = by_account.keys().map(|id| (*id).to_owned()).collect();
    accounts.sort_unstable();
    let points = points_of(tx.connection(), &accounts).await?;
    let mut places: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for (account, place, mg) in ledger::balances(tx.connection(), &accounts).await? {
        places.entry(account).or_default().push((place, mg));
    }
    let mut postings = Postings::default();
    for account in &accounts {
        let acts = &by_account[account.as_str()];
        let mut more = 0_i64;
        for row in acts {
            postings.moves(
                tx,
                &lot_of(row),
                Place::Pending,
                To::plain(Place::Held),
                row.mg,
                "",
            );
            let (unit, from_to) = PARTICIPATION;
            postings.step(tx, account, unit, from_to, row.activity_points, &row.id);
            more += row.mg;
        }
        let before = places.get(account).map_or(&[][..], Vec::as_slice);
        let total = settled(before.iter().map(|(place, mg)| (place.as_str(), *mg))) + more;
        let of_account = points.get(account).copied().unwrap_or_default();
        let back = PointPlace::Clawback;
        follow(
            &mut postings,
            tx,
            account,
            total,
            &of_account,
            back,
            "settled",
        )?;
    }
    postings.write(tx).await?;
    store::settle(tx.connection(), &rows).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(0))
}
