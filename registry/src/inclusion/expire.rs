//! Expiry: told first, at least so many days ahead and once; then the day comes and the points and grams go.

use domain::Instant;
use domain::inclusion::expiry::{Plan, plan};
use domain::inclusion::{ExpiryKind, Guards, Place, PointPlace, PointUnit};

use super::posting::{Postings, To, follow, settled_of};
use super::{Rules, about_person, day_of, points_of, start_of};
use crate::perform::{Deed, Done, Tx, perform};
use crate::store::act;
use crate::store::inclusion::expiry::{self as store, ExpiryRow};
use crate::{Error, Registry};

/// Accounts looked at in one read.
const CHUNK: i64 = 500;

/// How long each kind lasts, in months; 0: for ever.
const fn months(kind: ExpiryKind, guards: &Guards) -> i64 {
    match kind {
        ExpiryKind::Certified => guards.certified_months,
        ExpiryKind::Counted => guards.counted_months,
        ExpiryKind::Activity => guards.activity_months,
    }
}

impl Registry {
    /// Once a day: tells those of whom something expires within the days of notice, then lets expire what is due, each once. Answers with
    /// the number of expiries.
    pub(super) async fn expire_by_day(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date();
        let key = format!("expiry:{today}");
        let mut connection = self.store.read().await?;
        let done = act::by_key(&mut connection, "system", &key).await?;
        if done.is_some() {
            return Ok(0);
        }
        let rules = Rules::on(&mut connection, today).await?;
        drop(connection);
        for kind in ExpiryKind::ALL {
            let notice = rules.guards.notice_before_expiry;
            if let Some(plan) = plan(today, months(*kind, &rules.guards), notice) {
                self.tell(*kind, &plan, now).await?;
            }
        }
        let expired = self.expire_due(now).await?;
        let deed = Deed::by_date("inclusion_expire", &key, now)?.long();
        let answer: Result<u64, Error> = perform!(self, deed, |tx| {
            Ok(Done {
                subject_kind: "inclusion",
                subject: tx.act.clone(),
                state: None,
                note: None,
                is_public: false,
                answer: expired,
            })
        });
        answer
    }

    /// Tells every account that has something of this kind and was not told yet.
    async fn tell(&self, kind: ExpiryKind, plan: &Plan, now: Instant) -> Result<(), Error> {
        let before = plan.before.to_string();
        let mut last = String::new();
        loop {
            let mut connection = self.store.read().await?;
            let found = match kind {
                ExpiryKind::Activity => {
                    let accounts =
                        store::activity_to_tell(&mut connection, &plan.period, &last, CHUNK)
                            .await?;
                    let mut found = Vec::new();
                    for account in accounts {
                        let moment = start_of(plan.before).0;
                        let old = store::activity_points_old(&mut connection, &account, moment);
                        let old = old.await?;
                        found.push((account, old));
                    }
                    found
                }
                ExpiryKind::Certified | ExpiryKind::Counted => {
                    store::grams_to_tell(
                        &mut connection,
                        kind.code(),
                        &plan.period,
                        &before,
                        &last,
                        CHUNK,
                    )
                    .await?
                }
            };
            drop(connection);
            let Some((account, _)) = found.last() else {
                return Ok(());
            };
            last.clone_from(account);
            for (account, amount) in found.into_iter().filter(|(_, amount)| *amount > 0) {
                let row = ExpiryRow {
                    account_id: account,
                    kind: kind.code().to_owned(),
                    period: plan.period.clone(),
                    before_day: before.clone(),
                    expires_on: plan.expires_on.to_string(),
                    amount,
                    noticed_at: now.0,
                    expired_at: None,
                };
                self.tell_one(&row, now).await?;
            }
        }
    }

    async fn tell_one(&self, row: &ExpiryRow, now: Instant) -> Result<(), Error> {
        let key = format!("notice:{}:{}:{}", row.account_id, row.kind, row.period);
        let deed = Deed::by_date("inclusion_expiry_notice", &key, now)?.long();
        let told: Result<(), Error> = perform!(self, deed, |tx| {
            let act = tx.act.clone();
            store::insert(tx.connection(), row, &act).await?;
            Ok(about_person(&row.account_id, None, ()))
        });
        told
    }

    async fn expire_due(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date().to_string();
        let mut expired = 0;
        loop {
            let mut connection = self.store.read().await?;
            let due = store::due(&mut connection, &today, CHUNK).await?;
            drop(connection);
            if due.is_empty() {
                return Ok(expired);
            }
            for row in due {
                let key = format!("expire:{}:{}:{}", row.account_id, row.kind, row.period);
                let deed = Deed::by_date("inclusion_expire", &key, now)?.long();
                let done: Result<u64, Error> = perform!(self, deed, |tx| {
                    let lots = expire_one(tx, &row).await?;
                    Ok(about_person(&row.account_id, None, lots))
                });
                expired += done?;
            }
        }
    }
}

/// Lets one announced expiry happen: what is still there of it. Answers with the number of lots, or 1 for activity points.
async fn expire_one(tx: &mut Tx, row: &ExpiryRow) -> Result<u64, Error> {
    let account = row.account_id.as_str();
    // the plan as it is now: something else may have ended it
    let now = store::one(tx.connection(), account, &row.kind, &row.period).await?;
    let still = now.filter(|now| now.expired_at.is_none());
    let (Some(_), Some(kind)) = (still, ExpiryKind::from_code(&row.kind)) else {
        return Ok(0);
    };
    let lots = match kind {
        ExpiryKind::Activity => activity_points(tx, row).await?,
        ExpiryKind::Certified => grams(tx, row, true).await?,
        ExpiryKind::Counted => grams(tx, row, false).await?,
    };
    let at = tx.at.0;
    store::end(tx.connection(), row, at).await?;
    Ok(lots)
}

async fn grams(tx: &mut Tx, row: &ExpiryRow, certifiable: bool) -> Result<u64, Error> {
    let account = row.account_id.as_str();
    let before = row.before_day.as_str();
    let parts = store::expiring(tx.connection(), account, certifiable, before).await?;
    let mut postings = Postings::default();
    let mut gone = 0;
    for part in &parts {
        let to = To::plain(Place::VoidExpired);
        postings.moves(tx, part, Place::Held, to, part.mg, "");
        gone += part.mg;
    }
    let total = settled_of(tx, account).await? - gone;
    let points = points_of(tx.connection(), std::slice::from_ref(&row.account_id)).await?;
    let points = points.get(account).copied().unwrap_or_default();
    let back = PointPlace::Expired;
    follow(&mut postings, tx, account, total, &points, back, "expired")?;
    postings.write(tx).await?;
    Ok(u64::try_from(parts.len()).unwrap_or(0))
}

async fn activity_points(tx: &mut Tx, row: &ExpiryRow) -> Result<u64, Error> {
    let account = row.account_id.as_str();
    let moment = start_of(day_of(&row.before_day)?).0;
    let old = store::activity_points_old(tx.connection(), account, moment).await?;
    let points = points_of(tx.connection(), std::slice::from_ref(&row.account_id)).await?;
    let available = points.get(account).map_or(0, |points| points.activity);
    let from_to = (PointPlace::Available, PointPlace::Expired);
    let mut postings = Postings::default();
    let gone = old.min(available);
    postings.step(tx, account, PointUnit::Activity, from_to, gone, "expired");
    postings.write(tx).await?;
    Ok(u64::from(gone > 0))
}
