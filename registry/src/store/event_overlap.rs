//! Which of two sources of an event counts.

use sqlx::{AnyConnection, FromRow};

/// A decision as stored.
#[derive(Clone, FromRow)]
pub(crate) struct OverlapRow {
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) counts: String,
    pub(crate) reason: String,
    /// Of the lines of both sources on which it was taken.
    pub(crate) lines_hash: String,
}

/// The newest decision about each subject of an event.
pub(crate) async fn of_event(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<OverlapRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, subject, counts, reason, lines_hash FROM event_overlap WHERE event_id = $1 AND NOT EXISTS (SELECT 1 FROM event_overlap later \
         WHERE later.event_id = event_overlap.event_id AND later.subject = event_overlap.subject AND later.id > event_overlap.id) \
         ORDER BY subject",
    )
    .bind(event)
    .fetch_all(connection)
    .await
}

/// Adds a decision.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    event: &str,
    row: &OverlapRow,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_overlap (id, event_id, subject, counts, reason, lines_hash, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&row.id)
    .bind(event)
    .bind(&row.subject)
    .bind(&row.counts)
    .bind(&row.reason)
    .bind(&row.lines_hash)
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}
