//! The documents behind transfers that are not trades.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A document file to write. Its content is stored already.
pub(crate) struct NewDocumentFile<'a> {
    pub(crate) act_id: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) file_name: &'a str,
}

pub(crate) async fn file_insert(
    connection: &mut AnyConnection,
    new: &NewDocumentFile<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_document_file (act_id, upload_hash, file_name) VALUES ($1, $2, $3)",
    )
    .bind(new.act_id)
    .bind(new.hash)
    .bind(new.file_name)
    .execute(connection)
    .await?;
    Ok(())
}

/// A transfer that was no trade, with its document.
#[derive(FromRow)]
pub(crate) struct AssignedRow {
    pub(crate) act_id: String,
    pub(crate) ground: String,
    pub(crate) authority: String,
    pub(crate) document_number: String,
    pub(crate) document_date: String,
    pub(crate) from_name: String,
    pub(crate) to_id: String,
    pub(crate) to_name: String,
    pub(crate) at: i64,
    pub(crate) quantity: i64,
    /// Transfers from before documents were uploaded have none.
    pub(crate) hash: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) bytes: Option<i64>,
    pub(crate) media_type: Option<String>,
}

const ASSIGNED: &str = "SELECT credit_document.act_id, credit_document.ground, credit_document.authority, credit_document.document_number, \
    credit_document.document_date, giver.name AS from_name, credit_document.to_id, receiver.name AS to_name, credit_document.at, \
    CAST((SELECT COALESCE(SUM(ledger_transfer.amount), 0) FROM ledger_transfer WHERE ledger_transfer.act_id = credit_document.act_id) AS BIGINT) \
      AS quantity, credit_document_file.upload_hash AS hash, credit_document_file.file_name, upload.bytes, upload.media_type \
    FROM credit_document JOIN organisation giver ON giver.id = credit_document.from_id \
    JOIN organisation receiver ON receiver.id = credit_document.to_id \
    LEFT JOIN credit_document_file ON credit_document_file.act_id = credit_document.act_id \
    LEFT JOIN upload ON upload.hash = credit_document_file.upload_hash";

/// Newest first, before a key: those of one holder, who gave or received, or all.
pub(crate) async fn assigned(
    connection: &mut AnyConnection,
    party: Option<&str>,
    before: &str,
    size: i64,
) -> Result<Vec<AssignedRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ASSIGNED} WHERE (CAST($1 AS TEXT) IS NULL OR credit_document.to_id = $1 OR credit_document.from_id = $1) AND credit_document.act_id < $2 \
         ORDER BY credit_document.act_id DESC LIMIT $3"
    )))
    .bind(party)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The transfer of one act.
pub(crate) async fn assigned_by(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Option<AssignedRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ASSIGNED} WHERE credit_document.act_id = $1"
    )))
    .bind(act)
    .fetch_optional(connection)
    .await
}
