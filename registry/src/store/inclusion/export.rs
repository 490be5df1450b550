//! Everything of one account, to take along: no list of it has an end before its last row.

use sqlx::{AnyConnection, FromRow};

use super::ledger::MoveRow;

/// An appeal of a person.
#[derive(FromRow)]
pub(crate) struct AppealedRow {
    pub(crate) activity_id: String,
    pub(crate) text: String,
    pub(crate) made_at: i64,
    pub(crate) state: String,
    pub(crate) decided_at: Option<i64>,
    pub(crate) restored_id: Option<String>,
}

/// A decision about an act of a person.
#[derive(FromRow)]
pub(crate) struct DecidedRow {
    pub(crate) activity_id: String,
    pub(crate) decision: String,
    pub(crate) code: String,
    pub(crate) note: String,
    pub(crate) at: i64,
}

/// Every movement of every lot of an account, oldest first.
pub(crate) async fn moves(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<MoveRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, lot_id, debit_place, credit_place, credit_ref, mg, at FROM inclusion_transfer WHERE account_id = $1 ORDER BY id",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// Every appeal of an account, oldest first.
pub(crate) async fn appeals(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<AppealedRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT activity_id, text, made_at, state, decided_at, restored_id FROM inclusion_appeal WHERE account_id = $1 \
         ORDER BY made_at, activity_id",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// Every decision about acts of an account, oldest first.
pub(crate) async fn decisions(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<DecidedRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT activity_id, decision, code, note, at FROM inclusion_decision WHERE account_id = $1 ORDER BY at, act_id",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// How many meters and devices are known as those of an account: their numbers are not.
pub(crate) async fn meters_and_devices(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM inclusion_meter WHERE account_id = $1), (SELECT COUNT(*) FROM inclusion_device WHERE account_id = $1)",
    )
    .bind(account)
    .fetch_one(connection)
    .await
}

/// The photos of an account that nothing else in this registry names, by their hashes.
pub(crate) async fn photos(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT DISTINCT a.evidence_file FROM inclusion_activity a WHERE a.account_id = $1 AND a.evidence_file IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.hash = a.evidence_file)",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// The hours and the photos of an account's acts go with the account.
pub(crate) async fn forget_hours_and_photos(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_activity SET started_at = NULL, ended_at = NULL, evidence_file = NULL \
         WHERE account_id = $1 AND (started_at IS NOT NULL OR evidence_file IS NOT NULL)",
    )
    .bind(account)
    .execute(connection)
    .await?;
    Ok(())
}
