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

/// How many devices are known as those of an account: their names are not.
pub(crate) async fn devices(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_device WHERE account_id = $1")
        .bind(account)
        .fetch_one(connection)
        .await
}

/// The photos of an account that is being closed are to be removed from the store of files.
pub(crate) async fn photos_to_remove(
    connection: &mut AnyConnection,
    account: &str,
    since: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO file_to_remove (hash, since) SELECT DISTINCT evidence_file, CAST($2 AS BIGINT) FROM inclusion_activity \
         WHERE account_id = $1 AND evidence_file IS NOT NULL ON CONFLICT (hash) DO NOTHING",
    )
    .bind(account)
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}

/// A file that nothing names is to be removed from the store of files; counted from now where it was to be removed before.
pub(crate) async fn file_to_remove(
    connection: &mut AnyConnection,
    hash: &str,
    since: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO file_to_remove (hash, since) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET since = excluded.since",
    )
    .bind(hash)
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}

/// Files that are to be removed since a moment or longer, and whether something names them by now.
pub(super) const FILES_TO_REMOVE: &str = "SELECT f.hash, CAST(CASE WHEN EXISTS (SELECT 1 FROM upload u WHERE u.hash = f.hash) \
     OR EXISTS (SELECT 1 FROM inclusion_activity a WHERE a.evidence_file = f.hash) THEN 1 ELSE 0 END AS BIGINT) \
     FROM file_to_remove f WHERE f.since <= $1 ORDER BY f.hash LIMIT $2";

/// Files to remove: the hash, and whether something names it by now.
pub(crate) async fn files_to_remove(
    connection: &mut AnyConnection,
    until: i64,
    size: i64,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(FILES_TO_REMOVE)
        .bind(until)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// Its bytes are gone, or something else names them.
pub(crate) async fn file_removed(
    connection: &mut AnyConnection,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM file_to_remove WHERE hash = $1")
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
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
