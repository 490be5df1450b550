//! Personal access tokens.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::people::{USER, UserRow};

/// A token as stored, without its hash.
#[derive(FromRow)]
pub(crate) struct TokenRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    user: &str,
    hash: &str,
    token: &TokenRow,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO access_token (id, user_id, name, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&token.id)
        .bind(user)
        .bind(&token.name)
        .bind(hash)
        .bind(token.created_at)
        .bind(token.expires_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// The tokens of a user that may be used at `now`, newest first. Signing out everywhere and a new password end those made before.
pub(crate) async fn of_user(
    connection: &mut AnyConnection,
    user: &str,
    now: i64,
) -> Result<Vec<TokenRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT access_token.id, access_token.name, access_token.created_at, access_token.expires_at FROM access_token \
         JOIN user_account ON user_account.id = access_token.user_id \
         WHERE access_token.user_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
         AND access_token.created_at >= user_account.sessions_valid_from ORDER BY access_token.id DESC",
    )
    .bind(user)
    .bind(now)
    .fetch_all(connection)
    .await
}

/// The user behind a token that may be used at `now`: not revoked, not expired, not older than the last sign-out everywhere.
pub(crate) async fn user_of(
    connection: &mut AnyConnection,
    hash: &str,
    now: i64,
) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{USER} JOIN access_token ON access_token.user_id = user_account.id \
         WHERE access_token.hash = $1 AND revoked_at IS NULL AND expires_at > $2 \
         AND access_token.created_at >= user_account.sessions_valid_from AND removed_at IS NULL"
    )))
    .bind(hash)
    .bind(now)
    .fetch_optional(connection)
    .await
}

/// Ends every token of a user.
pub(crate) async fn revoke_all(
    connection: &mut AnyConnection,
    user: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE access_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL",
    )
    .bind(user)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a token of a user; how many ended.
pub(crate) async fn revoke(
    connection: &mut AnyConnection,
    user: &str,
    id: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query("UPDATE access_token SET revoked_at = $3 WHERE id = $2 AND user_id = $1 AND revoked_at IS NULL")
        .bind(user)
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(ended.rows_affected())
}
