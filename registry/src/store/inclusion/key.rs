//! The keys that providers sign with.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// Why a key ends.
#[derive(Clone, Copy)]
pub(crate) enum KeyEnd {
    /// Another one takes over.
    Replaced,
    /// Somebody else may have it.
    Leaked,
    /// An operator ended it, or its provider.
    Ended,
}

impl KeyEnd {
    const fn code(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Leaked => "leaked",
            Self::Ended => "ended",
        }
    }
}

/// A key.
#[derive(FromRow)]
pub(crate) struct KeyRow {
    pub(crate) id: String,
    pub(crate) provider_id: String,
    pub(crate) secret: String,
    pub(crate) created_at: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) ended_for: Option<String>,
    pub(crate) last_used_at: Option<i64>,
}

impl KeyRow {
    /// When it ended, if it has by then.
    pub(crate) fn ended_at(&self, now: i64) -> Option<i64> {
        self.valid_until.filter(|until| *until <= now)
    }
}

const KEY: &str = "SELECT id, provider_id, secret, created_at, valid_until, ended_for, last_used_at FROM inclusion_provider_key";

/// A new key.
pub(crate) struct NewKey<'a> {
    pub(crate) id: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewKey<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_provider_key (id, provider_id, secret, created_at, act_id) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.id)
    .bind(new.provider)
    .bind(new.secret)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<KeyRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{KEY} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The keys of a provider that count at a moment, the newest first.
pub(crate) async fn valid(
    connection: &mut AnyConnection,
    provider: &str,
    now: i64,
) -> Result<Vec<KeyRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{KEY} WHERE provider_id = $1 AND (valid_until IS NULL OR valid_until > $2) ORDER BY id DESC"
    )))
    .bind(provider)
    .bind(now)
    .fetch_all(connection)
    .await
}

/// The keys of a provider that have ended by a moment, the newest first.
pub(crate) async fn ended(
    connection: &mut AnyConnection,
    provider: &str,
    now: i64,
    size: i64,
) -> Result<Vec<KeyRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{KEY} WHERE provider_id = $1 AND valid_until <= $2 ORDER BY id DESC LIMIT $3"
    )))
    .bind(provider)
    .bind(now)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The keys of a provider that count now do so until a moment, or an earlier one.
pub(crate) async fn end_all(
    connection: &mut AnyConnection,
    provider: &str,
    now: i64,
    until: i64,
    why: KeyEnd,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_provider_key SET valid_until = CASE WHEN created_at > $3 THEN created_at ELSE $3 END, ended_for = $4 \
         WHERE provider_id = $1 AND (valid_until IS NULL OR (valid_until > $2 AND valid_until > $3))",
    )
    .bind(provider)
    .bind(now)
    .bind(until)
    .bind(why.code())
    .execute(connection)
    .await?;
    Ok(())
}

/// A key ends.
pub(crate) async fn end(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
    why: KeyEnd,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_provider_key SET valid_until = $2, ended_for = $3 WHERE id = $1")
        .bind(id)
        .bind(at)
        .bind(why.code())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether no use of a key was noted since a moment.
pub(crate) async fn unused_since(
    connection: &mut AnyConnection,
    id: &str,
    since: i64,
) -> Result<bool, sqlx::Error> {
    let found: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_provider_key WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2)",
    )
    .bind(id)
    .bind(since)
    .fetch_one(connection)
    .await?;
    Ok(found > 0)
}

/// Notes a use, unless one was noted after a moment.
pub(crate) async fn used(
    connection: &mut AnyConnection,
    id: &str,
    now: i64,
    since: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_provider_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
    )
    .bind(id)
    .bind(now)
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}
