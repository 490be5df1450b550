//! What the public may read of batches of carbon inclusion: from the first day of their notice. Public columns only.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A batch in notice, issued, or rejected after its notice began.
#[derive(FromRow)]
pub(crate) struct PublicBatchStored {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) region: String,
    pub(crate) period_start: String,
    pub(crate) period_end: String,
    pub(crate) recognition: String,
    pub(crate) recognition_title: Option<String>,
    pub(crate) recognition_number: Option<String>,
    pub(crate) recognised_by: Option<String>,
    pub(crate) recognised_on: Option<String>,
    pub(crate) wrong_share: Option<i64>,
    pub(crate) state: String,
    pub(crate) merkle_root: String,
    pub(crate) lots: i64,
    pub(crate) accounts: i64,
    pub(crate) mg: i64,
    pub(crate) sample_size: Option<i64>,
    pub(crate) sample_errors: Option<i64>,
    pub(crate) haircut_share: Option<i64>,
    pub(crate) issued_tonnes: Option<i64>,
    pub(crate) notice_first: String,
    pub(crate) notice_last: String,
    pub(crate) frozen_at: i64,
    pub(crate) issued_at: Option<i64>,
    pub(crate) serial_start: Option<i64>,
    pub(crate) serial_end: Option<i64>,
    pub(crate) verifier: String,
    pub(crate) code: Option<String>,
    pub(crate) vintage: Option<i64>,
}

const BATCH: &str = "SELECT inclusion_batch.id, inclusion_batch.number, inclusion_batch.region, inclusion_batch.period_start, \
    inclusion_batch.period_end, inclusion_batch.recognition, inclusion_batch.recognition_title, inclusion_batch.recognition_number, \
    inclusion_batch.recognised_by, inclusion_batch.recognised_on, inclusion_batch.wrong_share, inclusion_batch.state, inclusion_batch.merkle_root, inclusion_batch.lots, \
    inclusion_batch.accounts, inclusion_batch.mg, inclusion_batch.sample_size, inclusion_batch.sample_errors, inclusion_batch.haircut_share, \
    inclusion_batch.issued_tonnes, inclusion_batch.notice_first, inclusion_batch.notice_last, inclusion_batch.frozen_at, \
    inclusion_batch.issued_at, inclusion_batch.serial_start, inclusion_batch.serial_end, vvb.name AS verifier, \
    credit_class.project_code AS code, credit_class.vintage FROM inclusion_batch JOIN organisation AS vvb ON vvb.id = inclusion_batch.vvb_id \
    LEFT JOIN credit_class ON credit_class.id = inclusion_batch.class_id WHERE inclusion_batch.notice_first IS NOT NULL";

/// Newest first, before a key.
pub(crate) async fn batches(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<PublicBatchStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{BATCH} AND inclusion_batch.id < $1 ORDER BY inclusion_batch.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Those that the tonnes of a scheme were issued from, newest first.
pub(crate) async fn of_scheme(
    connection: &mut AnyConnection,
    scheme: &str,
    size: i64,
) -> Result<Vec<PublicBatchStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{BATCH} AND inclusion_batch.state = 'issued' AND credit_class.project_id = $1 ORDER BY inclusion_batch.id DESC LIMIT $2"
    )))
    .bind(scheme)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// One by its number.
pub(crate) async fn batch(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<PublicBatchStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{BATCH} AND inclusion_batch.number = $1"
    )))
    .bind(number)
    .fetch_optional(connection)
    .await
}
