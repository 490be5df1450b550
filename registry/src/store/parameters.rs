//! Parameter sets: proposed changes, decisions, and the numbered sets that approved changes make.

use sqlx::{AnyConnection, FromRow};

/// A proposed change as stored, with its decision if there is one, and the names of both people.
#[derive(Clone, FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) id: String,
    pub(crate) document: String,
    pub(crate) document_number: String,
    pub(crate) effective_from: String,
    pub(crate) reason: String,
    pub(crate) replacements: String,
    pub(crate) scenes: String,
    pub(crate) proposed_by: String,
    pub(crate) proposed_at: i64,
    pub(crate) proposer: String,
    pub(crate) outcome: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decider: Option<String>,
    pub(crate) decision_reason: Option<String>,
    pub(crate) set_number: Option<i64>,
}

/// A change to write.
pub(crate) struct NewChange<'a> {
    pub(crate) id: &'a str,
    pub(crate) document: &'a str,
    pub(crate) document_number: &'a str,
    pub(crate) effective_from: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) replacements: &'a str,
    pub(crate) scenes: &'a str,
    pub(crate) proposed_by: &'a str,
    pub(crate) proposed_at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn change_insert(
    connection: &mut AnyConnection,
    row: &NewChange<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO parameter_change (id, document, document_number, effective_from, reason, replacements, scenes, proposed_by, proposed_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.id)
    .bind(row.document)
    .bind(row.document_number)
    .bind(row.effective_from)
    .bind(row.reason)
    .bind(row.replacements)
    .bind(row.scenes)
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
        "INSERT INTO parameter_decision (change_id, proposed_by, outcome, decided_by, decided_at, reason, act_id) \
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

pub(crate) async fn set_insert(
    connection: &mut AnyConnection,
    number: i64,
    change: &str,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO parameter_set (number, change_id, at, act_id) VALUES ($1, $2, $3, $4)",
    )
    .bind(number)
    .bind(change)
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// What every set up to a number added, oldest set first: number, replacements and scenes as JSON.
pub(crate) async fn changes_of_sets(
    connection: &mut AnyConnection,
    up_to: i64,
) -> Result<Vec<(i64, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT parameter_set.number, parameter_change.replacements, parameter_change.scenes FROM parameter_set \
         JOIN parameter_change ON parameter_change.id = parameter_set.change_id \
         WHERE parameter_set.number <= $1 ORDER BY parameter_set.number",
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
        "SELECT parameter_change.id, document, document_number, effective_from, parameter_change.reason, replacements, scenes, \
         parameter_change.proposed_by, proposed_at, proposer.name AS proposer, parameter_decision.outcome, \
         parameter_decision.decided_at, decider.name AS decider, parameter_decision.reason AS decision_reason, \
         parameter_set.number AS set_number \
         FROM parameter_change JOIN user_account proposer ON proposer.id = parameter_change.proposed_by \
         LEFT JOIN parameter_decision ON parameter_decision.change_id = parameter_change.id \
         LEFT JOIN user_account decider ON decider.id = parameter_decision.decided_by \
         LEFT JOIN parameter_set ON parameter_set.change_id = parameter_change.id \
         ORDER BY parameter_change.id DESC LIMIT $1",
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
        "SELECT parameter_change.id, document, document_number, effective_from, parameter_change.reason, replacements, scenes, \
         parameter_change.proposed_by, proposed_at, proposer.name AS proposer, parameter_decision.outcome, \
         parameter_decision.decided_at, decider.name AS decider, parameter_decision.reason AS decision_reason, \
         parameter_set.number AS set_number \
         FROM parameter_change JOIN user_account proposer ON proposer.id = parameter_change.proposed_by \
         LEFT JOIN parameter_decision ON parameter_decision.change_id = parameter_change.id \
         LEFT JOIN user_account decider ON decider.id = parameter_decision.decided_by \
         LEFT JOIN parameter_set ON parameter_set.change_id = parameter_change.id \
         WHERE parameter_change.id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}
