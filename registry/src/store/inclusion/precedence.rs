//! Changes of the place of a provider, and the decisions about them.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A proposed change as stored, with its decision if there is one, and the names of both people.
#[derive(Clone, FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) id: String,
    pub(crate) provider_id: String,
    pub(crate) precedence: i64,
    pub(crate) reason: String,
    pub(crate) proposed_by: String,
    pub(crate) proposed_at: i64,
    pub(crate) proposer: String,
    pub(crate) outcome: Option<String>,
    pub(crate) decider: Option<String>,
    pub(crate) decision_reason: Option<String>,
}

const CHANGE: &str = "SELECT c.id, c.provider_id, c.precedence, c.reason, c.proposed_by, c.proposed_at, p.name AS proposer, d.outcome, \
     u.name AS decider, d.reason AS decision_reason FROM inclusion_precedence_change c \
     JOIN user_account p ON p.id = c.proposed_by LEFT JOIN inclusion_precedence_decision d ON d.change_id = c.id \
     LEFT JOIN user_account u ON u.id = d.decided_by";

/// A change to write.
pub(crate) struct NewChange<'a> {
    pub(crate) id: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) precedence: i64,
    pub(crate) reason: &'a str,
    pub(crate) proposed_by: &'a str,
    pub(crate) proposed_at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn change_insert(
    connection: &mut AnyConnection,
    new: &NewChange<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_precedence_change (id, provider_id, precedence, reason, proposed_by, proposed_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id)
    .bind(new.provider)
    .bind(new.precedence)
    .bind(new.reason)
    .bind(new.proposed_by)
    .bind(new.proposed_at)
    .bind(new.act_id)
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
    new: &NewDecision<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_precedence_decision (change_id, proposed_by, outcome, decided_by, decided_at, reason, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.change_id)
    .bind(new.proposed_by)
    .bind(new.outcome)
    .bind(new.decided_by)
    .bind(new.decided_at)
    .bind(new.reason)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The place that two operators agreed on.
pub(crate) async fn place_set(
    connection: &mut AnyConnection,
    provider: &str,
    precedence: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_provider SET precedence = $2 WHERE id = $1")
        .bind(provider)
        .bind(precedence)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn change(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{CHANGE} WHERE c.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The change of a provider that waits for a decision.
pub(crate) async fn open_of(
    connection: &mut AnyConnection,
    provider: &str,
) -> Result<Option<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CHANGE} WHERE c.provider_id = $1 AND d.outcome IS NULL ORDER BY c.id LIMIT 1"
    )))
    .bind(provider)
    .fetch_optional(connection)
    .await
}

/// Changes, newest first.
pub(crate) async fn changes(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CHANGE} ORDER BY c.id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}
