//! Claims on activities.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A claim as stored, with what its project says about itself.
#[derive(Clone, Default, FromRow)]
pub(crate) struct ClaimRow {
    pub(crate) id: String,
    pub(crate) mechanism: String,
    pub(crate) key_kind: String,
    pub(crate) key_text: String,
    pub(crate) geojson: Option<String>,
    pub(crate) family: String,
    pub(crate) valid_from: String,
    pub(crate) valid_to: Option<String>,
    pub(crate) reference: String,
    pub(crate) source: String,
    pub(crate) project_id: Option<String>,
    pub(crate) ended_reason: Option<String>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) at: i64,
    pub(crate) project_name: Option<String>,
    pub(crate) project_code: Option<String>,
    pub(crate) public_tab: Option<String>,
    /// 1 while the claim holds.
    pub(crate) holds: i64,
}

/// What holds: entered and not ended, or of a project that is registered or applied for, or that was deregistered and may never be registered
/// again.
const HOLDS: &str = "ended_at IS NULL AND (claim.project_id IS NULL OR (record.submitted = 1 \
    AND record.state NOT IN ('discarded', 'withdrawn', 'terminated', 'revoked')))";

/// The rows of [`ClaimRow`], with what follows `FROM`.
fn select(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT claim.id, mechanism, key_kind, key_text, geojson, family, valid_from, valid_to, reference, source, \
         claim.project_id, ended_reason, ended_at, claim.at, record.name AS project_name, record.code AS project_code, record.public_tab, \
         CAST(CASE WHEN {HOLDS} THEN 1 ELSE 0 END AS BIGINT) AS holds \
         FROM claim LEFT JOIN record ON record.id = claim.project_id {rest}"
    ))
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &ClaimRow,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO claim (id, mechanism, key_kind, key_text, geojson, family, valid_from, valid_to, reference, source, project_id, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&row.id)
    .bind(&row.mechanism)
    .bind(&row.key_kind)
    .bind(&row.key_text)
    .bind(row.geojson.as_deref())
    .bind(&row.family)
    .bind(&row.valid_from)
    .bind(row.valid_to.as_deref())
    .bind(&row.reference)
    .bind(&row.source)
    .bind(row.project_id.as_deref())
    .bind(row.at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the claims of a project away, before it makes them anew.
pub(crate) async fn remove_of_project(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM claim WHERE project_id = $1")
        .bind(project)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ClaimRow>, sqlx::Error> {
    sqlx::query_as(select("WHERE claim.id = $1"))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The claims of others on a key that hold, oldest first.
pub(crate) async fn on_key(
    connection: &mut AnyConnection,
    kind: &str,
    key: &str,
    except: &str,
) -> Result<Vec<ClaimRow>, sqlx::Error> {
    sqlx::query_as(select(&format!("WHERE key_kind = $1 AND key_text = $2 AND COALESCE(claim.project_id, '') <> $3 AND {HOLDS} ORDER BY claim.id")))
    .bind(kind)
    .bind(key)
    .bind(except)
    .fetch_all(connection)
    .await
}

/// The land that other mechanisms have, oldest first.
pub(crate) async fn land_elsewhere(
    connection: &mut AnyConnection,
) -> Result<Vec<ClaimRow>, sqlx::Error> {
    sqlx::query_as(select(&format!(
        "WHERE key_kind = 'boundary' AND geojson IS NOT NULL AND {HOLDS} ORDER BY claim.id"
    )))
    .fetch_all(connection)
    .await
}

/// Every claim, the newest first.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<ClaimRow>, sqlx::Error> {
    sqlx::query_as(select("ORDER BY claim.id DESC LIMIT $1"))
        .bind(size)
        .fetch_all(connection)
        .await
}

pub(crate) async fn end(
    connection: &mut AnyConnection,
    id: &str,
    reason: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE claim SET ended_reason = $2, ended_at = $3 WHERE id = $1")
        .bind(id)
        .bind(reason)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}
