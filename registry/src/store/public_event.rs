//! What the public may read of events: from the publication of a plan or of a result. Public columns only.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// An event as anyone may see it.
#[derive(FromRow)]
pub(crate) struct PublicEventStored {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) organiser: String,
    pub(crate) state: String,
    pub(crate) starts_on: String,
    pub(crate) ends_on: String,
    pub(crate) published_profile: Option<String>,
    pub(crate) plan_published_on: Option<String>,
    pub(crate) has_forest: i64,
    pub(crate) version: i64,
}

const EVENT: &str = "SELECT event.id, event.number, event.name, organisation.name AS organiser, event.state, event.starts_on, event.ends_on, \
    event.published_profile, event.plan_published_on, event.has_forest, event.version FROM event \
    JOIN organisation ON organisation.id = event.organisation_id \
    WHERE (event.plan_published_on IS NOT NULL OR event.version > 0)";

pub(crate) async fn events(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<PublicEventStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{EVENT} AND event.id < $1 ORDER BY event.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn event(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<PublicEventStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{EVENT} AND event.number = $1")))
        .bind(number)
        .fetch_optional(connection)
        .await
}

/// The estimate that the published plan rests on: outcome, kilograms, tonnes.
pub(crate) async fn estimate(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Option<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_footprint.outcome, event_footprint.total_kg, event_footprint.tonnes FROM event_footprint \
         JOIN event ON event.id = event_footprint.event_id WHERE event_footprint.event_id = $1 AND event_footprint.purpose = 'estimate' \
         AND event.plan_published_on IS NOT NULL ORDER BY event_footprint.id DESC LIMIT 1",
    )
    .bind(event)
    .fetch_optional(connection)
    .await
}

/// A published version with its footprint.
#[derive(FromRow)]
pub(crate) struct PublicVersionStored {
    pub(crate) version: i64,
    pub(crate) footprint_id: String,
    pub(crate) content: String,
    pub(crate) correction: Option<String>,
    pub(crate) published_on: String,
    pub(crate) input: String,
    pub(crate) outcome: String,
    pub(crate) total_kg: String,
    pub(crate) tonnes: i64,
}

const VERSION: &str = "SELECT event_version.version, event_version.footprint_id, event_version.content, event_version.correction, \
    event_version.published_on, event_footprint.input, event_footprint.outcome, event_footprint.total_kg, event_footprint.tonnes \
    FROM event_version JOIN event_footprint ON event_footprint.id = event_version.footprint_id WHERE event_version.event_id = $1";

/// The published versions of an event, newest first.
pub(crate) async fn versions(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<PublicVersionStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{VERSION} ORDER BY event_version.version DESC"
    )))
    .bind(event)
    .fetch_all(connection)
    .await
}

/// One published version of an event.
pub(crate) async fn version(
    connection: &mut AnyConnection,
    event: &str,
    version: i64,
) -> Result<Option<PublicVersionStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{VERSION} AND event_version.version = $2"
    )))
    .bind(event)
    .bind(version)
    .fetch_optional(connection)
    .await
}

/// What a body of the platform says about a published version. Its words are public if it confirms.
#[derive(FromRow)]
pub(crate) struct PublicEvaluationStored {
    pub(crate) version: i64,
    pub(crate) body: String,
    pub(crate) state: String,
    pub(crate) decided_at: Option<i64>,
    pub(crate) opinion: Option<String>,
    pub(crate) seen: Option<String>,
}

/// What bodies of the platform say about the published versions of an event.
pub(crate) async fn evaluations(
    connection: &mut AnyConnection,
    event: &str,
) -> Result<Vec<PublicEvaluationStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_evaluation.version, organisation.name AS body, event_evaluation.state, event_evaluation.decided_at, \
         CASE WHEN event_evaluation.state = 'confirmed' THEN event_evaluation.opinion END AS opinion, event_evaluation.seen \
         FROM event_evaluation JOIN organisation ON organisation.id = event_evaluation.organisation_id \
         JOIN event_version ON event_version.event_id = event_evaluation.event_id AND event_version.version = event_evaluation.version \
         WHERE event_evaluation.event_id = $1 AND event_evaluation.replaced_at IS NULL ORDER BY event_evaluation.version",
    )
    .bind(event)
    .fetch_all(connection)
    .await
}

/// A file of a line that a published version names and that anyone may have.
#[derive(FromRow)]
pub(crate) struct PublicFileStored {
    pub(crate) id: String,
    pub(crate) upload_hash: String,
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) at: i64,
    pub(crate) bytes: i64,
    pub(crate) media_type: String,
}

pub(crate) async fn file(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<PublicFileStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT event_file.id, event_file.upload_hash, event_file.title, event_file.file_name, event_file.at, upload.bytes, upload.media_type \
         FROM event_file JOIN upload ON upload.hash = event_file.upload_hash \
         WHERE event_file.id = $1 AND event_file.is_public = 1 AND event_file.published_version IS NOT NULL",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}
