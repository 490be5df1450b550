//! Changes of registered projects.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A change as stored, with the names around it.
#[derive(Clone, Default, FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) before_text: String,
    pub(crate) after_text: String,
    pub(crate) fields: String,
    pub(crate) reason: String,
    pub(crate) evidence: String,
    pub(crate) state: String,
    pub(crate) vvb_id: Option<String>,
    pub(crate) vvb_opinion: Option<String>,
    pub(crate) vvb_positive: Option<i64>,
    pub(crate) new_owner_id: Option<String>,
    pub(crate) decision_reason: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) at: i64,
    pub(crate) project_name: String,
    pub(crate) project_code: Option<String>,
    pub(crate) owner_id: String,
    pub(crate) vvb_name: Option<String>,
}

const SELECT: &str = "SELECT project_change.id, project_change.project_id, project_change.number, project_change.kind, before_text, after_text, \
    project_change.fields, project_change.reason, evidence, project_change.state, project_change.vvb_id, vvb_opinion, vvb_positive, new_owner_id, \
    decision_reason, decided_at, project_change.at, record.name AS project_name, record.code AS project_code, record.owner_id, \
    vvb.name AS vvb_name FROM project_change JOIN record ON record.id = project_change.project_id \
    LEFT JOIN organisation vvb ON vvb.id = project_change.vvb_id";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &ChangeRow,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO project_change (id, project_id, number, kind, before_text, after_text, fields, reason, evidence, state, vvb_id, new_owner_id, \
         at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&row.id)
    .bind(&row.project_id)
    .bind(row.number)
    .bind(&row.kind)
    .bind(&row.before_text)
    .bind(&row.after_text)
    .bind(&row.fields)
    .bind(&row.reason)
    .bind(&row.evidence)
    .bind(&row.state)
    .bind(row.vvb_id.as_deref())
    .bind(row.new_owner_id.as_deref())
    .bind(row.at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE project_change.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The changes of one project, oldest first.
pub(crate) async fn of_project(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE project_change.project_id = $1 ORDER BY project_change.number"
    )))
    .bind(project)
    .fetch_all(connection)
    .await
}

/// The changes of an owner's projects, those that name a body, or (with both empty) all; open ones first, then the newest.
pub(crate) async fn list(
    connection: &mut AnyConnection,
    owner: &str,
    vvb: &str,
    size: i64,
) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE ($1 = '' OR record.owner_id = $1) AND ($2 = '' OR project_change.vvb_id = $2) \
         ORDER BY CASE WHEN decided_at IS NULL THEN 0 ELSE 1 END, project_change.id DESC LIMIT $3"
    )))
    .bind(owner)
    .bind(vvb)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Keeps the body's opinion and the state after it.
pub(crate) async fn assess(
    connection: &mut AnyConnection,
    id: &str,
    state: &str,
    opinion: &str,
    positive: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE project_change SET state = $2, vvb_opinion = $3, vvb_positive = $4 WHERE id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(opinion)
    .bind(i64::from(positive))
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a change.
pub(crate) async fn decide(
    connection: &mut AnyConnection,
    id: &str,
    state: &str,
    reason: Option<&str>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE project_change SET state = $2, decision_reason = $3, decided_at = $4 WHERE id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives a project to another owner.
pub(crate) async fn set_owner(
    connection: &mut AnyConnection,
    project: &str,
    owner: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE record SET owner_id = $2 WHERE id = $1 AND kind = 'project'")
        .bind(project)
        .bind(owner)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many reports of a project are on their way: begun, and neither issued nor ended.
pub(crate) async fn reports_open(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM record WHERE project_id = $1 AND state NOT IN ('discarded', 'withdrawn', 'terminated', 'issued')",
    )
    .bind(project)
    .fetch_one(connection)
    .await
}
