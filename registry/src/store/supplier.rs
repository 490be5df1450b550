//! Suppliers of events and the lines that they give.

use domain::event::SupplierLine;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A supplier as stored.
#[derive(Clone, FromRow)]
pub(crate) struct SupplierRow {
    pub(crate) id: String,
    pub(crate) event_id: String,
    pub(crate) name: String,
    pub(crate) classes: String,
    pub(crate) form_token: Option<String>,
}

const SUPPLIER: &str = "SELECT id, event_id, name, classes, form_token FROM event_supplier";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &SupplierRow,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_supplier (id, event_id, name, classes, form_token, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(&row.event_id)
    .bind(&row.name)
    .bind(&row.classes)
    .bind(row.form_token.as_deref())
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// The suppliers of an event, in the order in which they were asked; never more than the limit of an event.
pub(crate) async fn of_event(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<SupplierRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SUPPLIER} WHERE event_id = $1 ORDER BY id"
    )))
    .bind(event)
    .fetch_all(connection)
    .await
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<SupplierRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SUPPLIER} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The supplier whose form is open under this token.
pub(crate) async fn by_token(
    connection: &mut AnyConnection,
    token: &str,
) -> Result<Option<SupplierRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SUPPLIER} WHERE form_token = $1")))
        .bind(token)
        .fetch_optional(connection)
        .await
}

/// Closes the form of a supplier.
pub(crate) async fn close(connection: &mut AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE event_supplier SET form_token = NULL WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// A line of a supplier as stored.
#[derive(Clone, FromRow)]
pub(crate) struct SupplierLineRow {
    pub(crate) id: String,
    pub(crate) supplier_id: String,
    pub(crate) class: String,
    pub(crate) activity: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
    pub(crate) note: String,
    pub(crate) secret_hash: String,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
}

const LINE: &str = "SELECT id, supplier_id, class, activity, quantity, unit, note, secret_hash, state, reason \
    FROM event_supplier_line";

/// The lines of a supplier that were not taken back, oldest first; never more than the limit of a supplier.
pub(crate) async fn lines(
    connection: &mut AnyConnection,
    supplier: &str,
) -> Result<Vec<SupplierLineRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{LINE} WHERE supplier_id = $1 AND state <> 'withdrawn' ORDER BY id"
    )))
    .bind(supplier)
    .fetch_all(connection)
    .await
}

pub(crate) async fn line(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<SupplierLineRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{LINE} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// How many lines a supplier has given, in all and since a moment; those that were taken back count too.
pub(crate) async fn lines_given(
    connection: &mut AnyConnection,
    supplier: &str,
    since: i64,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN at > $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM event_supplier_line \
         WHERE supplier_id = $1",
    )
    .bind(supplier)
    .bind(since)
    .fetch_one(connection)
    .await
}

pub(crate) async fn line_insert(
    connection: &mut AnyConnection,
    id: &str,
    supplier: &str,
    line: &SupplierLine,
    secret_hash: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_supplier_line (id, supplier_id, class, activity, quantity, unit, note, secret_hash, state, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'sent', $9)",
    )
    .bind(id)
    .bind(supplier)
    .bind(&line.class)
    .bind(&line.activity)
    .bind(&line.quantity)
    .bind(&line.unit)
    .bind(&line.note)
    .bind(secret_hash)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Changes a line that nothing was decided about.
pub(crate) async fn line_change(
    connection: &mut AnyConnection,
    id: &str,
    line: &SupplierLine,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE event_supplier_line SET class = $2, activity = $3, quantity = $4, unit = $5, note = $6 WHERE id = $1 AND state = 'sent'",
    )
    .bind(id)
    .bind(&line.class)
    .bind(&line.activity)
    .bind(&line.quantity)
    .bind(&line.unit)
    .bind(&line.note)
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts a line that nothing was decided about into another state. Answers whether it did.
pub(crate) async fn line_settle(
    connection: &mut AnyConnection,
    id: &str,
    state: &str,
    reason: Option<&str>,
    decided_at: Option<i64>,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE event_supplier_line SET state = $2, reason = $3, decided_at = $4 WHERE id = $1 AND state = 'sent'",
    )
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(decided_at)
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}
