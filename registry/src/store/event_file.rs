//! Files of lines of an event's inventory.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A file with its upload.
#[derive(FromRow)]
pub(crate) struct EventFileRow {
    pub(crate) id: String,
    pub(crate) event_id: String,
    pub(crate) line: String,
    pub(crate) upload_hash: String,
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) is_public: i64,
    pub(crate) at: i64,
    pub(crate) published_version: Option<i64>,
    pub(crate) bytes: i64,
    pub(crate) media_type: String,
}

/// A file to write.
pub(crate) struct NewEventFile<'a> {
    pub(crate) id: &'a str,
    pub(crate) event_id: &'a str,
    pub(crate) line: &'a str,
    pub(crate) upload_hash: &'a str,
    pub(crate) title: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) is_public: bool,
    pub(crate) user_id: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

const FILE: &str = "SELECT event_file.id, event_file.event_id, event_file.line, event_file.upload_hash, event_file.title, \
    event_file.file_name, event_file.is_public, event_file.at, event_file.published_version, upload.bytes, upload.media_type \
    FROM event_file JOIN upload ON upload.hash = event_file.upload_hash WHERE event_file.removed_at IS NULL";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewEventFile<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_file (id, event_id, line, upload_hash, title, file_name, is_public, user_id, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(new.event_id)
    .bind(new.line)
    .bind(new.upload_hash)
    .bind(new.title)
    .bind(new.file_name)
    .bind(i64::from(new.is_public))
    .bind(new.user_id)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The files of an event, oldest first, without those taken away. There are at most as many as an event may have.
pub(crate) async fn of_event(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<EventFileRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{FILE} AND event_file.event_id = $1 ORDER BY event_file.id"
    )))
    .bind(event)
    .fetch_all(connection)
    .await
}

/// How many files an event has, without those taken away.
pub(crate) async fn count(connection: &mut AnyConnection, event: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM event_file WHERE event_id = $1 AND removed_at IS NULL")
        .bind(event)
        .fetch_one(connection)
        .await
}

/// How many files of an event were taken away, and their bytes: the store keeps them.
pub(crate) async fn removed(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(upload.bytes), 0) AS BIGINT) FROM event_file \
         JOIN upload ON upload.hash = event_file.upload_hash WHERE event_file.event_id = $1 AND event_file.removed_at IS NOT NULL",
    )
    .bind(event)
    .fetch_one(connection)
    .await
}

/// The file with this id, unless it was taken away.
pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<EventFileRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{FILE} AND event_file.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Takes a file away that no published version names; `false`: one does, or it is gone already.
pub(crate) async fn remove(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query(
        "UPDATE event_file SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL AND published_version IS NULL",
    )
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// A published version names a file: from now on it stays.
pub(crate) async fn publish(
    connection: &mut AnyConnection,
    id: &str,
    version: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE event_file SET published_version = $2 WHERE id = $1 AND published_version IS NULL",
    )
    .bind(id)
    .bind(version)
    .execute(connection)
    .await?;
    Ok(())
}
