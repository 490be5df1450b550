//! The real-name level: who asked for it, and what was decided.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A question for the level, as stored.
#[derive(Clone, FromRow)]
pub(crate) struct IdentityRow {
    pub(crate) account_id: String,
    pub(crate) id: String,
    pub(crate) document_kind: String,
    pub(crate) document_digest: Option<String>,
    pub(crate) last_two: Option<String>,
    pub(crate) name_agrees: i64,
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) note: String,
    pub(crate) asked_at: i64,
    pub(crate) decided_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) act_id: String,
}

const IDENTITY: &str = "SELECT account_id, id, document_kind, document_digest, last_two, name_agrees, state, code, note, asked_at, decided_at, \
     ended_at, act_id FROM inclusion_identity";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &IdentityRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_identity (account_id, id, document_kind, document_digest, last_two, name_agrees, state, code, note, asked_at, \
         act_id) VALUES ($1, $2, $3, $4, $5, $6, 'asked', '', '', $7, $8)",
    )
    .bind(&new.account_id)
    .bind(&new.id)
    .bind(&new.document_kind)
    .bind(&new.document_digest)
    .bind(&new.last_two)
    .bind(new.name_agrees)
    .bind(new.asked_at)
    .bind(&new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every question of an account, newest first.
pub(crate) async fn of_account(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<IdentityRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{IDENTITY} WHERE account_id = $1 ORDER BY id DESC LIMIT 100"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// What waits for a decision, the newest first, before a key.
pub(crate) async fn asked(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<IdentityRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{IDENTITY} WHERE state = 'asked' AND id < $1 ORDER BY id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The account behind which a document stands.
pub(crate) async fn granted_to(
    connection: &mut AnyConnection,
    digest: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT account_id FROM inclusion_identity WHERE document_digest = $1 AND state = 'granted'",
    )
    .bind(digest)
    .fetch_optional(connection)
    .await
}

/// What was decided, or that it was given up. The digest is in the row or it is forgotten.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    row: &IdentityRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_identity SET state = $3, document_digest = $4, last_two = $5, code = $6, note = $7, decided_at = $8, \
         ended_at = $9 WHERE account_id = $1 AND id = $2",
    )
    .bind(&row.account_id)
    .bind(&row.id)
    .bind(&row.state)
    .bind(&row.document_digest)
    .bind(&row.last_two)
    .bind(&row.code)
    .bind(&row.note)
    .bind(row.decided_at)
    .bind(row.ended_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// `contact` or `real_name`.
pub(crate) async fn level_set(
    connection: &mut AnyConnection,
    account: &str,
    level: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_account SET identity_level = $2 WHERE id = $1")
        .bind(account)
        .bind(level)
        .execute(connection)
        .await?;
    Ok(())
}

/// Empties what operators wrote in words about the questions of an account: a name may be in it.
pub(crate) async fn forget_notes(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_identity SET note = '' WHERE account_id = $1 AND note <> ''")
        .bind(account)
        .execute(connection)
        .await?;
    Ok(())
}
