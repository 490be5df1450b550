//! Bodies that were asked to confirm the statement about an event.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// What a body was asked, and what it said.
#[derive(Clone, FromRow)]
pub(crate) struct EvaluationRow {
    pub(crate) id: String,
    pub(crate) event_id: String,
    pub(crate) organisation_id: String,
    pub(crate) body: String,
    pub(crate) version: i64,
    pub(crate) state: String,
    pub(crate) asked_at: i64,
    pub(crate) opinion: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) seen: Option<String>,
}

const EVALUATION: &str = "SELECT event_evaluation.id, event_evaluation.event_id, event_evaluation.organisation_id, organisation.name AS body, \
    event_evaluation.version, event_evaluation.state, event_evaluation.asked_at, event_evaluation.opinion, \
    event_evaluation.decided_at, event_evaluation.seen FROM event_evaluation \
    JOIN organisation ON organisation.id = event_evaluation.organisation_id";

/// A question to write.
pub(crate) struct NewEvaluation<'a> {
    pub(crate) id: &'a str,
    pub(crate) event: &'a str,
    pub(crate) body: &'a str,
    pub(crate) version: i64,
    pub(crate) at: i64,
    pub(crate) act: &'a str,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewEvaluation<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO event_evaluation (id, event_id, organisation_id, version, state, asked_at, act_id) VALUES ($1, $2, $3, $4, 'asked', $5, $6)",
    )
    .bind(new.id)
    .bind(new.event)
    .bind(new.body)
    .bind(new.version)
    .bind(new.at)
    .bind(new.act)
    .execute(connection)
    .await?;
    Ok(())
}

/// What stands of a version of an event, if a body of the platform was named.
pub(crate) async fn of_version(
    connection: &mut AnyConnection,
    event: &str,
    version: i64,
) -> Result<Option<EvaluationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{EVALUATION} WHERE event_evaluation.event_id = $1 AND event_evaluation.version = $2 AND event_evaluation.replaced_at IS NULL"
    )))
    .bind(event)
    .bind(version)
    .fetch_optional(connection)
    .await
}

/// An event that a body was asked about, as a list shows it.
#[derive(FromRow)]
pub(crate) struct AskedEventRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) organiser: String,
    pub(crate) state: String,
    pub(crate) starts_on: String,
    pub(crate) ends_on: String,
    pub(crate) has_forest: i64,
    pub(crate) version: i64,
}

/// The event of a question, without what it holds.
pub(crate) async fn asked_event(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<AskedEventRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event.id, event.number, event.name, organisation.name AS organiser, event.state, event.starts_on, event.ends_on, \
         event.has_forest, event.version FROM event JOIN organisation ON organisation.id = event.organisation_id WHERE event.id = $1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}

/// The newest question to a body about an event that still stands.
pub(crate) async fn of_body(
    connection: &mut AnyConnection,
    event: &str,
    body: &str,
) -> Result<Option<EvaluationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{EVALUATION} WHERE event_evaluation.event_id = $1 AND event_evaluation.organisation_id = $2 \
         AND event_evaluation.replaced_at IS NULL ORDER BY event_evaluation.version DESC LIMIT 1"
    )))
    .bind(event)
    .bind(body)
    .fetch_optional(connection)
    .await
}

/// The versions of an event that a body was asked about, by the questions that still stand.
pub(crate) async fn versions_of_body(
    connection: &mut AnyConnection,
    event: &str,
    body: &str,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT version FROM event_evaluation WHERE event_id = $1 AND organisation_id = $2 AND replaced_at IS NULL ORDER BY version",
    )
    .bind(event)
    .bind(body)
    .fetch_all(connection)
    .await
}

/// The questions to a body before a key, newest first.
pub(crate) async fn list(
    connection: &mut AnyConnection,
    body: &str,
    before: &str,
    size: i64,
) -> Result<Vec<EvaluationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{EVALUATION} WHERE event_evaluation.organisation_id = $1 AND event_evaluation.replaced_at IS NULL \
         AND event_evaluation.id < $2 ORDER BY event_evaluation.id DESC LIMIT $3"
    )))
    .bind(body)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Read by the index of the questions that are open.
const WAITING: &str = "JOIN event ON event.id = event_evaluation.event_id WHERE event_evaluation.organisation_id = $1 \
    AND event_evaluation.replaced_at IS NULL AND event_evaluation.state = 'asked' \
    AND ((event.state = 'evaluated' AND event_evaluation.version = event.version + 1) \
      OR (event.state = 'neutral' AND event_evaluation.version = event.version)) ORDER BY event_evaluation.id LIMIT $2";

/// What a body is asked and has not answered, of versions that stand as they were asked about, oldest first.
pub(crate) async fn waiting(
    connection: &mut AnyConnection,
    body: &str,
    size: i64,
) -> Result<Vec<EvaluationRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{EVALUATION} {WAITING}")))
        .bind(body)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// A decision to write.
pub(crate) struct Decided<'a> {
    pub(crate) id: &'a str,
    pub(crate) state: &'a str,
    pub(crate) seen: &'a str,
    pub(crate) opinion: &'a str,
    pub(crate) at: i64,
    pub(crate) act: &'a str,
}

/// Keeps what a body says, once; `false`: it said something before, or the question was replaced.
pub(crate) async fn decide(
    connection: &mut AnyConnection,
    new: &Decided<'_>,
) -> Result<bool, sqlx::Error> {
    let decided = sqlx::query(
        "UPDATE event_evaluation SET state = $2, seen = $3, opinion = $4, decided_at = $5, decided_act_id = $6 \
         WHERE id = $1 AND state = 'asked' AND replaced_at IS NULL",
    )
    .bind(new.id)
    .bind(new.state)
    .bind(new.seen)
    .bind(new.opinion)
    .bind(new.at)
    .bind(new.act)
    .execute(connection)
    .await?;
    Ok(decided.rows_affected() == 1)
}

/// The statement about a version was replaced before its publication: what was asked about it stands no longer.
pub(crate) async fn replace(
    connection: &mut AnyConnection,
    event: &str,
    version: i64,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE event_evaluation SET replaced_at = $3, replaced_act_id = $4 WHERE event_id = $1 AND version = $2 AND replaced_at IS NULL",
    )
    .bind(event)
    .bind(version)
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// The body that an act asked.
pub(crate) async fn asked_by(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT organisation_id FROM event_evaluation WHERE act_id = $1")
        .bind(act)
        .fetch_optional(connection)
        .await
}

/// The body whose question an act replaced.
pub(crate) async fn replaced_by(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT organisation_id FROM event_evaluation WHERE replaced_act_id = $1")
        .bind(act)
        .fetch_optional(connection)
        .await
}

/// The body that was asked about the newest version of an event of which one was asked.
pub(crate) async fn newest_body(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT organisation_id FROM event_evaluation WHERE event_id = $1 AND replaced_at IS NULL ORDER BY version DESC LIMIT 1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}

/// Confirmations of published versions, for the audit: id, what was seen, the version's footprint and content.
pub(crate) async fn confirmed_after(
    connection: &mut AnyConnection,
    after: &str,
    size: i64,
) -> Result<Vec<(String, String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_evaluation.id, event_evaluation.seen, event_version.footprint_id, event_version.content FROM event_evaluation \
         JOIN event_version ON event_version.event_id = event_evaluation.event_id AND event_version.version = event_evaluation.version \
         WHERE event_evaluation.state = 'confirmed' AND event_evaluation.replaced_at IS NULL AND event_evaluation.id > $1 \
         ORDER BY event_evaluation.id LIMIT $2",
    )
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, Row as _};

    use super::*;
    use crate::{Options, Registry};

    #[tokio::test]
    async fn what_waits_for_a_body_is_read_without_what_it_answered() {
        sqlx::any::install_default_drivers();
        let folder = std::env::temp_dir().join(format!("huitan_waiting_{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let url = format!("sqlite://{}", folder.join("plans.db").display());
        let registry = Registry::connect(&url, Options::default())
            .await
            .expect("connect");
        registry.migrate().await.expect("migrate");
        registry.close().await;
        let mut connection = AnyConnection::connect(&url).await.expect("past it");
        let explained = format!("EXPLAIN QUERY PLAN {EVALUATION} {WAITING}");
        let rows = sqlx::query(AssertSqlSafe(explained))
            .bind("body")
            .bind(50_i64)
            .fetch_all(&mut connection)
            .await
            .expect("a plan");
        let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = steps.join("\n");
        assert!(plan.contains("event_evaluation_waiting"), "{plan}");
        assert!(
            !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
        connection.close().await.expect("closed");
        std::fs::remove_dir_all(&folder).expect("tidied up");
    }
}
