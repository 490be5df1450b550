//! A holder's book of beneficiaries.

use sqlx::{AnyConnection, FromRow};

/// An entry of the book.
#[derive(FromRow)]
pub(crate) struct BeneficiaryRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) uscc: Option<String>,
    pub(crate) note: String,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    organisation: &str,
    row: &BeneficiaryRow,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO beneficiary (id, organisation_id, kind, name, uscc, note, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(organisation)
    .bind(&row.kind)
    .bind(&row.name)
    .bind(row.uscc.as_deref())
    .bind(&row.note)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes an entry over; whether there was one.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    organisation: &str,
    row: &BeneficiaryRow,
    at: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE beneficiary SET kind = $3, name = $4, uscc = $5, note = $6, changed_at = $7 WHERE id = $1 AND organisation_id = $2",
    )
    .bind(&row.id)
    .bind(organisation)
    .bind(&row.kind)
    .bind(&row.name)
    .bind(row.uscc.as_deref())
    .bind(&row.note)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes an entry out; whether there was one.
pub(crate) async fn delete(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM beneficiary WHERE id = $1 AND organisation_id = $2")
        .bind(id)
        .bind(organisation)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
) -> Result<Option<BeneficiaryRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, name, uscc, note FROM beneficiary WHERE id = $1 AND organisation_id = $2",
    )
    .bind(id)
    .bind(organisation)
    .fetch_optional(connection)
    .await
}

/// The entries of a holder, newest first, before a key.
pub(crate) async fn list(
    connection: &mut AnyConnection,
    organisation: &str,
    before: &str,
    size: i64,
) -> Result<Vec<BeneficiaryRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, name, uscc, note FROM beneficiary WHERE organisation_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(organisation)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}
