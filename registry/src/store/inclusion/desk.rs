//! What the operator does by hand: decisions and appeals, files of rows, costs, and the sums over all accounts.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::{ROWS_MAX, insert_sql};

/// A decision about an act.
pub(crate) struct NewDecision<'a> {
    pub(crate) account: &'a str,
    pub(crate) activity: &'a str,
    pub(crate) decision: &'static str,
    pub(crate) code: &'a str,
    pub(crate) note: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn decision_insert(
    connection: &mut AnyConnection,
    new: &NewDecision<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_decision (account_id, activity_id, act_id, decision, code, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.account)
    .bind(new.activity)
    .bind(new.act_id)
    .bind(new.decision)
    .bind(new.code)
    .bind(new.note)
    .bind(new.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// An appeal.
#[derive(FromRow)]
pub(crate) struct AppealRow {
    pub(crate) state: String,
    pub(crate) restored_id: Option<String>,
}

pub(crate) async fn appeal(
    connection: &mut AnyConnection,
    account: &str,
    activity: &str,
) -> Result<Option<AppealRow>, sqlx::Error> {
    sqlx::query_as("SELECT state, restored_id FROM inclusion_appeal WHERE account_id = $1 AND activity_id = $2")
        .bind(account)
        .bind(activity)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn appeal_insert(
    connection: &mut AnyConnection,
    account: &str,
    activity: &str,
    text: &str,
    at: i64,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_appeal (account_id, activity_id, text, made_at, state, act_id) VALUES ($1, $2, $3, $4, 'open', $5)",
    )
    .bind(account)
    .bind(activity)
    .bind(text)
    .bind(at)
    .bind(act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Decides an appeal: `granted` with the act that takes its place, or `upheld`.
pub(crate) async fn appeal_decide(
    connection: &mut AnyConnection,
    account: &str,
    activity: &str,
    state: &str,
    restored: Option<&str>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_appeal SET state = $3, restored_id = $4, decided_at = $5 WHERE account_id = $1 AND activity_id = $2",
    )
    .bind(account)
    .bind(activity)
    .bind(state)
    .bind(restored)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the points of taking part of an act were given.
pub(crate) async fn took_part(
    connection: &mut AnyConnection,
    account: &str,
    activity: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(CASE WHEN debit_place = 'mint' THEN points WHEN credit_place = 'clawback' THEN -points ELSE 0 END), 0) AS BIGINT) \
         FROM inclusion_point_transfer WHERE account_id = $1 AND about = $2 AND unit = 'activity'",
    )
    .bind(account)
    .bind(activity)
    .fetch_one(connection)
    .await?;
    Ok(count > 0)
}

/// A suspension ends before its day.
pub(crate) async fn suspension_lift(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_account SET state = 'open', suspended_until = NULL WHERE id = $1 AND state = 'suspended'")
        .bind(account)
        .execute(connection)
        .await?;
    Ok(())
}

/// A file of rows of a provider.
#[derive(Clone, FromRow)]
pub(crate) struct ImportRow {
    pub(crate) id: String,
    pub(crate) provider_id: String,
    pub(crate) file_name: String,
    pub(crate) file_hash: String,
    pub(crate) accepted: i64,
    pub(crate) known: i64,
    pub(crate) refused: i64,
    pub(crate) at: i64,
    pub(crate) act_id: String,
}

const IMPORT: &str = "SELECT id, provider_id, file_name, file_hash, accepted, known, refused, at, act_id FROM inclusion_import";

pub(crate) async fn import_insert(
    connection: &mut AnyConnection,
    new: &ImportRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_import (id, provider_id, file_name, file_hash, accepted, known, refused, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&new.id)
    .bind(&new.provider_id)
    .bind(&new.file_name)
    .bind(&new.file_hash)
    .bind(new.accepted)
    .bind(new.known)
    .bind(new.refused)
    .bind(new.at)
    .bind(&new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn import(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ImportRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{IMPORT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The files, newest first, before a key.
pub(crate) async fn imports(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<ImportRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{IMPORT} WHERE id < $1 ORDER BY id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The answer to one line of a file.
#[derive(Clone, FromRow)]
pub(crate) struct ImportLineRow {
    pub(crate) line: i64,
    pub(crate) order_number: String,
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) mg: i64,
}

pub(crate) async fn import_lines_insert(
    connection: &mut AnyConnection,
    import: &str,
    rows: &[ImportLineRow],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_import_row (import_id, line, order_number, outcome, reason, mg)";
    for rows in rows.chunks(ROWS_MAX) {
        let mut query = sqlx::query(insert_sql(connection, head, rows.len(), 6, ""));
        for row in rows {
            query = query
                .bind(import)
                .bind(row.line)
                .bind(&row.order_number)
                .bind(&row.outcome)
                .bind(&row.reason)
                .bind(row.mg);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The answers of a file in the order of its lines, after a line; with an outcome, only those.
pub(crate) async fn import_lines(
    connection: &mut AnyConnection,
    import: &str,
    outcome: &str,
    after: i64,
    size: i64,
) -> Result<Vec<ImportLineRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT line, order_number, outcome, reason, mg FROM inclusion_import_row \
         WHERE import_id = $1 AND line > $2 AND ($3 = '' OR outcome = $3) ORDER BY line LIMIT $4",
    )
    .bind(import)
    .bind(after)
    .bind(outcome)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A cost.
#[derive(Clone, FromRow)]
pub(crate) struct CostRow {
    pub(crate) id: String,
    pub(crate) month: String,
    pub(crate) kind: String,
    pub(crate) fen: i64,
    pub(crate) note: String,
    pub(crate) at: i64,
    pub(crate) act_id: String,
}

pub(crate) async fn cost_insert(
    connection: &mut AnyConnection,
    new: &CostRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_cost (id, month, kind, fen, note, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&new.id)
    .bind(&new.month)
    .bind(&new.kind)
    .bind(new.fen)
    .bind(&new.note)
    .bind(new.at)
    .bind(&new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Costs, newest first, before a key.
pub(crate) async fn costs(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<CostRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, month, kind, fen, note, at, act_id FROM inclusion_cost WHERE id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Costs up to a month by kind: kind, fen.
pub(crate) async fn cost_sums(
    connection: &mut AnyConnection,
    month: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, CAST(SUM(fen) AS BIGINT) FROM inclusion_cost WHERE month <= $1 GROUP BY kind ORDER BY kind",
    )
    .bind(month)
    .fetch_all(connection)
    .await
}

/// Which sums of settled acts to read.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// Of each scene in each region.
    SceneAndRegion,
    /// Of each scene.
    Scene,
    /// Of each region.
    Region,
    /// Of all.
    All,
}

/// Sums of settled acts from a day to another one: scene, region, people, acts, milligrams. What is summed over has an empty text.
pub(crate) async fn sums(
    connection: &mut AnyConnection,
    by: By,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String, i64, i64, i64)>, sqlx::Error> {
    let (scene, region, group) = match by {
        By::SceneAndRegion => (
            "scene",
            "region",
            "GROUP BY scene, region ORDER BY scene, region",
        ),
        By::Scene => ("scene", "''", "GROUP BY scene ORDER BY scene"),
        By::Region => ("''", "region", "GROUP BY region ORDER BY region"),
        By::All => ("''", "''", ""),
    };
    let sql = format!(
        "SELECT {scene}, {region}, COUNT(DISTINCT account_id), COUNT(*), CAST(COALESCE(SUM(mg), 0) AS BIGINT) FROM inclusion_activity \
         WHERE state = 'settled' AND day >= $1 AND day <= $2 {group}"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(first)
        .bind(last)
        .fetch_all(connection)
        .await
}

/// Green points that were spent in the shop, and tonnes that were issued from batches.
pub(crate) async fn spent_and_issued(
    connection: &mut AnyConnection,
) -> Result<(i64, i64), sqlx::Error> {
    let spent = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM inclusion_point_balance WHERE unit = 'green' AND place = 'spent_shop'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let issued = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(issued_tonnes), 0) AS BIGINT) FROM inclusion_batch WHERE state = 'issued'",
    )
    .fetch_one(connection)
    .await?;
    Ok((spent, issued))
}
