//! Boundaries of projects.

use sqlx::{AnyConnection, FromRow};

/// A boundary as stored.
#[derive(Clone, FromRow)]
pub(crate) struct BoundaryRow {
    pub(crate) project_id: String,
    pub(crate) geojson: String,
    pub(crate) west: i64,
    pub(crate) south: i64,
    pub(crate) east: i64,
    pub(crate) north: i64,
    pub(crate) area_m2: i64,
    pub(crate) plots: i64,
    pub(crate) points: i64,
    pub(crate) file_kind: String,
    pub(crate) file_name: String,
    pub(crate) file_sha256: String,
    pub(crate) set_at: i64,
    pub(crate) act_id: String,
}

/// Puts a boundary in the place of the one before.
pub(crate) async fn replace(
    connection: &mut AnyConnection,
    row: &BoundaryRow,
) -> Result<(), sqlx::Error> {
    remove(connection, &row.project_id).await?;
    sqlx::query(
        "INSERT INTO boundary (project_id, geojson, west, south, east, north, area_m2, plots, points, file_kind, file_name, \
         file_sha256, set_at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&row.project_id)
    .bind(&row.geojson)
    .bind(row.west)
    .bind(row.south)
    .bind(row.east)
    .bind(row.north)
    .bind(row.area_m2)
    .bind(row.plots)
    .bind(row.points)
    .bind(&row.file_kind)
    .bind(&row.file_name)
    .bind(&row.file_sha256)
    .bind(row.set_at)
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes a boundary; how many there were, 0 or 1.
pub(crate) async fn remove(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM boundary WHERE project_id = $1")
        .bind(project)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn of_project(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Option<BoundaryRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, geojson, west, south, east, north, area_m2, plots, points, file_kind, file_name, file_sha256, \
         set_at, act_id FROM boundary WHERE project_id = $1",
    )
    .bind(project)
    .fetch_optional(connection)
    .await
}

/// Another project whose rectangle meets that of a boundary.
#[derive(FromRow)]
pub(crate) struct NeighbourRow {
    pub(crate) project_id: String,
    pub(crate) code: Option<String>,
    pub(crate) name: String,
    /// The public list that shows it; `None` while it is not public.
    pub(crate) public_tab: Option<String>,
}

/// The other projects whose land is taken and whose rectangle meets that of a boundary, oldest first. What was given up, ended without
/// registration or revoked holds no land; what was deregistered does, since it may never be registered again (Measures, article 16).
pub(crate) async fn neighbours(
    connection: &mut AnyConnection,
    of: &BoundaryRow,
) -> Result<Vec<NeighbourRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT boundary.project_id, record.code, record.name, record.public_tab \
         FROM boundary JOIN record ON record.id = boundary.project_id \
         WHERE boundary.project_id <> $1 AND record.submitted = 1 \
         AND record.state NOT IN ('discarded', 'withdrawn', 'terminated', 'revoked') \
         AND boundary.west <= $2 AND boundary.east >= $3 AND boundary.south <= $4 AND boundary.north >= $5 \
         ORDER BY boundary.project_id",
    )
    .bind(&of.project_id)
    .bind(of.east)
    .bind(of.west)
    .bind(of.north)
    .bind(of.south)
    .fetch_all(connection)
    .await
}
