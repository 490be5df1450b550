//! The rule book: proposed changes, decisions, the numbered versions that approved changes make, and extended publicity windows.

use sqlx::{AnyConnection, FromRow};

/// A proposed change as stored, with its decision if there is one, and the names of both people.
#[derive(Clone, FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) id: String,
    pub(crate) area: String,
    pub(crate) content: String,
    pub(crate) reason: String,
    pub(crate) proposed_by: String,
    pub(crate) proposed_at: i64,
    pub(crate) proposer: String,
    pub(crate) outcome: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decider: Option<String>,
    pub(crate) decision_reason: Option<String>,
    pub(crate) version: Option<i64>,
}

/// A change to write.
pub(crate) struct NewChange<'a> {
    pub(crate) id: &'a str,
    pub(crate) area: &'a str,
    pub(crate) document: &'a str,
    pub(crate) document_number: &'a str,
    pub(crate) document_address: &'a str,
    pub(crate) effective_from: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) content: &'a str,
    pub(crate) proposed_by: &'a str,
    pub(crate) proposed_at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn change_insert(
    connection: &mut AnyConnection,
    row: &NewChange<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rule_change (id, area, document, document_number, document_address, effective_from, reason, content, \
         proposed_by, proposed_at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id)
    .bind(row.area)
    .bind(row.document)
    .bind(row.document_number)
    .bind(row.document_address)
    .bind(row.effective_from)
    .bind(row.reason)
    .bind(row.content)
    .bind(row.proposed_by)
    .bind(row.proposed_at)
    .bind(row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// A decision to write.
pub(crate) struct NewDecision<'a> {
    pub(crate) change_id: &'a str,
    pub(crate) proposed_by: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) decided_by: &'a str,
    pub(crate) decided_at: i64,
    pub(crate) reason: Option<&'a str>,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn decision_insert(
    connection: &mut AnyConnection,
    row: &NewDecision<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rule_decision (change_id, proposed_by, outcome, decided_by, decided_at, reason, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.change_id)
    .bind(row.proposed_by)
    .bind(row.outcome)
    .bind(row.decided_by)
    .bind(row.decided_at)
    .bind(row.reason)
    .bind(row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn version_insert(
    connection: &mut AnyConnection,
    number: i64,
    change: &str,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO rule_version (number, change_id, at, act_id) VALUES ($1, $2, $3, $4)")
        .bind(number)
        .bind(change)
        .bind(at)
        .bind(act)
        .execute(connection)
        .await?;
    Ok(())
}

/// The content of every version up to a number, oldest first: number and JSON.
pub(crate) async fn contents(
    connection: &mut AnyConnection,
    up_to: i64,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT rule_version.number, rule_change.content FROM rule_version \
         JOIN rule_change ON rule_change.id = rule_version.change_id \
         WHERE rule_version.number <= $1 ORDER BY rule_version.number",
    )
    .bind(up_to)
    .fetch_all(connection)
    .await
}

/// Every change, newest first.
pub(crate) async fn changes(
    connection: &mut AnyConnection,
    most: i64,
) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT rule_change.id, area, content, rule_change.reason, rule_change.proposed_by, proposed_at, proposer.name AS proposer, \
         rule_decision.outcome, rule_decision.decided_at, decider.name AS decider, rule_decision.reason AS decision_reason, \
         rule_version.number AS version \
         FROM rule_change JOIN user_account proposer ON proposer.id = rule_change.proposed_by \
         LEFT JOIN rule_decision ON rule_decision.change_id = rule_change.id \
         LEFT JOIN user_account decider ON decider.id = rule_decision.decided_by \
         LEFT JOIN rule_version ON rule_version.change_id = rule_change.id \
         ORDER BY rule_change.id DESC LIMIT $1",
    )
    .bind(most)
    .fetch_all(connection)
    .await
}

/// One change.
pub(crate) async fn change(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ChangeRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT rule_change.id, area, content, rule_change.reason, rule_change.proposed_by, proposed_at, proposer.name AS proposer, \
         rule_decision.outcome, rule_decision.decided_at, decider.name AS decider, rule_decision.reason AS decision_reason, \
         rule_version.number AS version \
         FROM rule_change JOIN user_account proposer ON proposer.id = rule_change.proposed_by \
         LEFT JOIN rule_decision ON rule_decision.change_id = rule_change.id \
         LEFT JOIN user_account decider ON decider.id = rule_decision.decided_by \
         LEFT JOIN rule_version ON rule_version.change_id = rule_change.id \
         WHERE rule_change.id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// A record with a window or a limit that still runs.
#[derive(Clone, FromRow)]
pub(crate) struct OpenWindowRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    /// The project's name.
    pub(crate) name: String,
    /// The project's code.
    pub(crate) code: Option<String>,
    pub(crate) publicity_start: Option<String>,
    pub(crate) publicity_end: Option<String>,
    pub(crate) calendar_version: Option<String>,
    pub(crate) received_on: Option<String>,
    pub(crate) paused_days: i64,
    pub(crate) due_on: Option<String>,
}

/// Every record in one of the states whose window or limit is counted in working days, oldest first.
pub(crate) async fn open_windows(
    connection: &mut AnyConnection,
) -> Result<Vec<OpenWindowRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.id, record.kind, record.state, COALESCE(project.name, record.name) AS name, \
         COALESCE(project.code, record.code) AS code, record.publicity_start, record.publicity_end, record.calendar_version, \
         record.received_on, record.paused_days, record.due_on \
         FROM record LEFT JOIN record project ON project.id = record.project_id \
         WHERE record.state IN ('publicity_scheduled', 'in_publicity', 'recall_review', 'registration_review', 'registration_paused') \
         ORDER BY record.id",
    )
    .fetch_all(connection)
    .await
}

/// An extended window to write.
pub(crate) struct NewExtension<'a> {
    pub(crate) id: &'a str,
    pub(crate) record_id: &'a str,
    pub(crate) end_before: &'a str,
    pub(crate) calendar_before: &'a str,
    pub(crate) end_after: &'a str,
    pub(crate) calendar_after: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn extension_insert(
    connection: &mut AnyConnection,
    row: &NewExtension<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO publicity_extension (id, record_id, end_before, calendar_before, end_after, calendar_after, reason, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id)
    .bind(row.record_id)
    .bind(row.end_before)
    .bind(row.calendar_before)
    .bind(row.end_after)
    .bind(row.calendar_after)
    .bind(row.reason)
    .bind(row.at)
    .bind(row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}
