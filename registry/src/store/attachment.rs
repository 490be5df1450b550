//! Rows of uploads and attachments.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// An attachment with its upload.
#[derive(FromRow)]
pub(crate) struct AttachmentRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) record_kind: String,
    pub(crate) upload_hash: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) is_public: i64,
    pub(crate) at: i64,
    pub(crate) bytes: i64,
    pub(crate) media_type: String,
}

/// An attachment to write.
pub(crate) struct NewAttachment<'a> {
    pub(crate) id: &'a str,
    pub(crate) record_id: &'a str,
    pub(crate) upload_hash: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) is_public: bool,
    pub(crate) user_id: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

const ATTACHMENT: &str = "SELECT attachment.id, attachment.record_id, record.kind AS record_kind, attachment.upload_hash, \
    attachment.kind, attachment.title, attachment.file_name, attachment.is_public, attachment.at, upload.bytes, upload.media_type \
    FROM attachment JOIN upload ON upload.hash = attachment.upload_hash JOIN record ON record.id = attachment.record_id";

/// Writes what is known of a content, unless it is known already.
pub(crate) async fn upload_insert(
    connection: &mut AnyConnection,
    hash: &str,
    bytes: i64,
    media_type: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO upload (hash, bytes, media_type, at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(hash)
    .bind(bytes)
    .bind(media_type)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewAttachment<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO attachment (id, record_id, upload_hash, kind, title, file_name, is_public, user_id, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(new.record_id)
    .bind(new.upload_hash)
    .bind(new.kind)
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

/// The attachment with this id, unless it was taken away.
pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<AttachmentRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ATTACHMENT} WHERE attachment.id = $1 AND attachment.removed_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The attachments of a record, oldest first, without those taken away.
pub(crate) async fn of_record(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<AttachmentRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ATTACHMENT} WHERE attachment.record_id = $1 AND attachment.removed_at IS NULL ORDER BY attachment.id"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn remove(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE attachment SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL")
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}
