//! Complaints, and authors whose right to comment is suspended.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A complaint as stored, with its project.
#[derive(Clone, FromRow)]
pub(crate) struct ComplaintRow {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) kind: String,
    pub(crate) author: String,
    pub(crate) contact: String,
    pub(crate) body: String,
    pub(crate) state: String,
    pub(crate) note: Option<String>,
    pub(crate) reply: Option<String>,
    pub(crate) replied_at: Option<i64>,
    pub(crate) at: i64,
    pub(crate) project_name: String,
    pub(crate) project_code: Option<String>,
}

/// A complaint to write.
pub(crate) struct NewComplaint<'a> {
    pub(crate) id: &'a str,
    pub(crate) project_id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) author: &'a str,
    pub(crate) contact: &'a str,
    pub(crate) body: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

const SELECT: &str = "SELECT complaint.id, complaint.project_id, complaint.kind, author, contact, body, complaint.state, note, reply, replied_at, \
    complaint.at, record.name AS project_name, record.code AS project_code FROM complaint JOIN record ON record.id = complaint.project_id";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewComplaint<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO complaint (id, project_id, kind, author, contact, body, state, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, 'received', $7, $8)",
    )
    .bind(new.id)
    .bind(new.project_id)
    .bind(new.kind)
    .bind(new.author)
    .bind(new.contact)
    .bind(new.body)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ComplaintRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SELECT} WHERE complaint.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Those that are open first, the oldest of them first.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<ComplaintRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} ORDER BY CASE complaint.state WHEN 'received' THEN 0 WHEN 'under_investigation' THEN 1 ELSE 2 END, complaint.id LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn investigate(
    connection: &mut AnyConnection,
    id: &str,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE complaint SET state = 'under_investigation', note = $2 WHERE id = $1")
        .bind(id)
        .bind(note)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn answer(
    connection: &mut AnyConnection,
    id: &str,
    reply: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE complaint SET state = 'answered', reply = $2, replied_at = $3 WHERE id = $1",
    )
    .bind(id)
    .bind(reply)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A suspension as stored.
#[derive(Clone, FromRow)]
pub(crate) struct SuspensionRow {
    pub(crate) id: String,
    pub(crate) contact: String,
    pub(crate) until_day: String,
    pub(crate) reason: String,
    pub(crate) restored_at: Option<i64>,
    pub(crate) at: i64,
}

const SUSPENSION: &str = "SELECT suspended_author.id, suspended_author.contact, until_day, reason, restored_at, suspended_author.at FROM suspended_author";

pub(crate) async fn suspend(
    connection: &mut AnyConnection,
    row: &SuspensionRow,
    opinion: &str,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO suspended_author (id, contact, until_day, reason, opinion_id, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(&row.contact)
    .bind(&row.until_day)
    .bind(&row.reason)
    .bind(opinion)
    .bind(row.at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn restore(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE suspended_author SET restored_at = $2 WHERE id = $1")
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn suspension_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<SuspensionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SUSPENSION} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The last day of the suspension of a contact that reaches furthest beyond a day, if there is one.
pub(crate) async fn suspended_until(
    connection: &mut AnyConnection,
    contact: &str,
    today: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT MAX(until_day) FROM suspended_author WHERE contact = $1 AND until_day >= $2 AND restored_at IS NULL",
    )
    .bind(contact)
    .bind(today)
    .fetch_one(connection)
    .await
}

/// The newest first.
pub(crate) async fn suspensions(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<SuspensionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SUSPENSION} ORDER BY id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Notes to which authority a refused comment was reported.
pub(crate) async fn note_authority(
    connection: &mut AnyConnection,
    opinion: &str,
    note: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE opinion SET authority_note = $2 WHERE id = $1")
        .bind(opinion)
        .bind(note)
        .execute(connection)
        .await?;
    Ok(())
}
