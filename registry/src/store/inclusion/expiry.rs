//! What expires, and who was told.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::ledger::{PART, PartRow};

/// A planned expiry.
#[derive(Clone, FromRow)]
pub(crate) struct ExpiryRow {
    pub(crate) account_id: String,
    pub(crate) kind: String,
    pub(crate) period: String,
    pub(crate) before_day: String,
    pub(crate) expires_on: String,
    pub(crate) amount: i64,
    pub(crate) noticed_at: i64,
    pub(crate) expired_at: Option<i64>,
}

const COLUMNS: &str =
    "account_id, kind, period, before_day, expires_on, amount, noticed_at, expired_at";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &ExpiryRow,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_expiry (account_id, kind, period, before_day, expires_on, amount, noticed_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&row.account_id)
    .bind(&row.kind)
    .bind(&row.period)
    .bind(&row.before_day)
    .bind(&row.expires_on)
    .bind(row.amount)
    .bind(row.noticed_at)
    .bind(act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn one(
    connection: &mut AnyConnection,
    account: &str,
    kind: &str,
    period: &str,
) -> Result<Option<ExpiryRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM inclusion_expiry WHERE account_id = $1 AND kind = $2 AND period = $3"
    )))
    .bind(account)
    .bind(kind)
    .bind(period)
    .fetch_optional(connection)
    .await
}

/// What an account was told of, the newest first.
pub(crate) async fn of_account(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<ExpiryRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM inclusion_expiry WHERE account_id = $1 ORDER BY expires_on DESC, kind LIMIT 50"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// What is due by a day.
pub(crate) async fn due(
    connection: &mut AnyConnection,
    today: &str,
    size: i64,
) -> Result<Vec<ExpiryRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM inclusion_expiry WHERE expired_at IS NULL AND expires_on <= $1 \
         ORDER BY expires_on, account_id, kind, period LIMIT $2"
    )))
    .bind(today)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn end(
    connection: &mut AnyConnection,
    row: &ExpiryRow,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_expiry SET expired_at = $4 WHERE account_id = $1 AND kind = $2 AND period = $3")
        .bind(&row.account_id)
        .bind(&row.kind)
        .bind(&row.period)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Accounts after a key with held grams from before a day that were not told of for a period: account, milligrams.
pub(crate) async fn grams_to_tell(
    connection: &mut AnyConnection,
    kind: &str,
    period: &str,
    before: &str,
    after: &str,
    size: i64,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.account_id, CAST(SUM(p.mg) AS BIGINT) FROM inclusion_lot_part p \
         JOIN inclusion_account a ON a.id = p.account_id AND a.state <> 'closed' \
         WHERE p.place = 'held' AND p.mg > 0 AND p.certifiable = $1 AND p.day < $4 AND p.account_id > $5 \
         AND NOT EXISTS (SELECT 1 FROM inclusion_expiry e WHERE e.account_id = p.account_id AND e.kind = $2 AND e.period = $3) \
         GROUP BY p.account_id ORDER BY p.account_id LIMIT $6",
    )
    .bind(i64::from(kind == "certified"))
    .bind(kind)
    .bind(period)
    .bind(before)
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Accounts after a key with activity points that were not told of for a period.
pub(crate) async fn activity_to_tell(
    connection: &mut AnyConnection,
    period: &str,
    after: &str,
    size: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT b.account_id FROM inclusion_point_balance b JOIN inclusion_account a ON a.id = b.account_id AND a.state <> 'closed' \
         WHERE b.unit = 'activity' AND b.place = 'available' AND b.points > 0 AND b.account_id > $2 \
         AND NOT EXISTS (SELECT 1 FROM inclusion_expiry e WHERE e.account_id = b.account_id AND e.kind = 'activity' AND e.period = $1) \
         ORDER BY b.account_id LIMIT $3",
    )
    .bind(period)
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Activity points an account received before a moment, less all that left since the beginning: what is old of them, if above zero.
pub(crate) async fn activity_points_old(
    connection: &mut AnyConnection,
    account: &str,
    before: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(CASE WHEN credit_place = 'available' AND debit_place = 'mint' AND at < $2 THEN points \
           WHEN credit_place IN ('spent_shop', 'expired', 'clawback') THEN -points ELSE 0 END), 0) AS BIGINT) \
         FROM inclusion_point_transfer WHERE account_id = $1 AND unit = 'activity'",
    )
    .bind(account)
    .bind(before)
    .fetch_one(connection)
    .await
}

/// The held grams of an account from before a day.
pub(crate) async fn expiring(
    connection: &mut AnyConnection,
    account: &str,
    certifiable: bool,
    before: &str,
) -> Result<Vec<PartRow>, sqlx::Error> {
    let sql = format!(
        "{PART} WHERE p.account_id = $1 AND p.place = 'held' AND p.place <> 'pending' AND p.place_ref = '' AND p.certifiable = $2 AND p.mg > 0 AND p.day < $3 \
         ORDER BY p.day, p.lot_id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(i64::from(certifiable))
        .bind(before)
        .fetch_all(connection)
        .await
}
