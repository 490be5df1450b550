//! Retired tonnes of an event by what they are: credits, carbon inclusion, or carbon inclusion that persons gave to it.

use sqlx::{AnyConnection, FromRow};

/// Consecutive tonnes of one class that a retirement took.
#[derive(Clone, FromRow)]
pub(crate) struct RetiredBlock {
    pub(crate) class_id: String,
    /// `ccer` or `inclusion`.
    pub(crate) unit_kind: String,
    pub(crate) recognition: String,
    pub(crate) project_code: String,
    pub(crate) vintage: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
}

/// What a retirement took, by class and number.
pub(crate) async fn blocks(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<Vec<RetiredBlock>, sqlx::Error> {
    sqlx::query_as(
        "SELECT class_id, credit_class.unit_kind, credit_class.recognition, credit_class.project_code, credit_class.vintage, \
         serial_start, serial_end FROM ledger_transfer JOIN credit_class ON credit_class.id = class_id \
         WHERE ledger_transfer.retirement_id = $1 ORDER BY credit_class.project_code, credit_class.vintage, serial_start",
    )
    .bind(retirement)
    .fetch_all(connection)
    .await
}

/// Where the grams given to an event lie on the line of a batch.
#[derive(Clone, FromRow)]
pub(crate) struct GivenStretch {
    pub(crate) event_id: String,
    pub(crate) event_number: String,
    /// Number of the batch's first tonne.
    pub(crate) serial_start: i64,
    pub(crate) from_mg: i64,
    pub(crate) to_mg: i64,
}

/// The stretches given to events among some tonnes of a class.
pub(crate) async fn given(
    connection: &mut AnyConnection,
    class: &str,
    first: i64,
    last: i64,
) -> Result<Vec<GivenStretch>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event.id AS event_id, event.number AS event_number, b.serial_start, MIN(i.line_start) AS from_mg, \
         MAX(i.line_start + i.issued_mg) AS to_mg FROM inclusion_batch b \
         JOIN inclusion_batch_item i ON i.batch_id = b.id AND i.origin_place = 'earmark' AND i.issued_mg > 0 \
         JOIN inclusion_campaign c ON c.id = i.origin_ref JOIN event ON event.id = c.event_id \
         WHERE b.class_id = $1 AND b.serial_start <= $3 AND b.serial_end >= $2 GROUP BY event.id, event.number, b.id, b.serial_start",
    )
    .bind(class)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

/// The stretches given to one event, of every class.
pub(crate) async fn given_to(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<GivenStretch>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event.id AS event_id, event.number AS event_number, b.serial_start, MIN(i.line_start) AS from_mg, \
         MAX(i.line_start + i.issued_mg) AS to_mg FROM inclusion_campaign c JOIN event ON event.id = c.event_id \
         JOIN inclusion_batch_item i ON i.origin_ref = c.id AND i.origin_place = 'earmark' AND i.issued_mg > 0 \
         JOIN inclusion_batch b ON b.id = i.batch_id AND b.class_id IS NOT NULL \
         WHERE c.event_id = $1 GROUP BY event.id, event.number, b.id, b.serial_start",
    )
    .bind(event)
    .fetch_all(connection)
    .await
}

/// How many acts behind some tonnes of a class were trips to the event.
pub(crate) async fn trips_to(
    connection: &mut AnyConnection,
    event: &str,
    block: &RetiredBlock,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_batch b JOIN inclusion_batch_item i ON i.batch_id = b.id AND i.issued_mg > 0 \
         JOIN inclusion_activity a ON a.account_id = i.account_id AND a.id = i.lot_id \
         JOIN inclusion_campaign c ON c.id = a.campaign_id \
         WHERE b.class_id = $1 AND b.serial_start <= $3 AND b.serial_end >= $2 AND c.event_id = $4 \
         AND b.serial_start + i.line_start / 1000000000 <= $3 \
         AND b.serial_start + (i.line_start + i.issued_mg - 1) / 1000000000 >= $2",
    )
    .bind(&block.class_id)
    .bind(block.serial_start)
    .bind(block.serial_end)
    .bind(event)
    .fetch_one(connection)
    .await
}

/// A call for grams of an event.
#[derive(Clone, FromRow)]
pub(crate) struct CallOfEvent {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) closes_on: String,
    /// `open` or `cancelled`.
    pub(crate) state: String,
}

/// Every call for grams of an event, newest first: one that is not cancelled, and those that are.
pub(crate) async fn calls_of(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<CallOfEvent>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, title, closes_on, state FROM inclusion_campaign WHERE event_id = $1 ORDER BY id DESC",
    )
    .bind(event)
    .fetch_all(connection)
    .await
}
