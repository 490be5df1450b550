//! Requests to the certificate authority.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A request as stored, with the project's name and code and the number of the report.
#[derive(Clone, FromRow)]
pub(crate) struct RequestRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) project_id: String,
    pub(crate) report_id: Option<String>,
    pub(crate) archive_code: String,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) months: String,
    pub(crate) state: String,
    pub(crate) sent_on: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) answered_on: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) at: i64,
    pub(crate) project_name: String,
    pub(crate) project_code: Option<String>,
    pub(crate) report_number: Option<i64>,
}

/// A request to write.
pub(crate) struct NewRequest<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) project_id: &'a str,
    pub(crate) report_id: Option<&'a str>,
    pub(crate) archive_code: &'a str,
    pub(crate) first_day: &'a str,
    pub(crate) last_day: &'a str,
    pub(crate) months: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

const SELECT: &str = "SELECT certificate_request.id, certificate_request.kind, certificate_request.project_id, certificate_request.report_id, \
    archive_code, first_day, last_day, months, certificate_request.state, sent_on, reference, answered_on, answer, certificate_request.at, \
    project.name AS project_name, project.code AS project_code, report.number AS report_number \
    FROM certificate_request JOIN record project ON project.id = certificate_request.project_id \
    LEFT JOIN record report ON report.id = certificate_request.report_id";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewRequest<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO certificate_request (id, kind, project_id, report_id, archive_code, first_day, last_day, months, state, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'to_send', $9, $10)",
    )
    .bind(new.id)
    .bind(new.kind)
    .bind(new.project_id)
    .bind(new.report_id)
    .bind(new.archive_code)
    .bind(new.first_day)
    .bind(new.last_day)
    .bind(new.months)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<RequestRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE certificate_request.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// Those that are open first, then the newest.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<RequestRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} ORDER BY CASE certificate_request.state WHEN 'to_send' THEN 0 WHEN 'sent' THEN 1 ELSE 2 END, certificate_request.id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn mark_sent(
    connection: &mut AnyConnection,
    id: &str,
    day: &str,
    reference: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE certificate_request SET state = 'sent', sent_on = $2, reference = $3 WHERE id = $1",
    )
    .bind(id)
    .bind(day)
    .bind(reference)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn mark_answered(
    connection: &mut AnyConnection,
    id: &str,
    day: &str,
    answer: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE certificate_request SET state = 'answered', answered_on = $2, answer = $3 WHERE id = $1")
        .bind(id)
        .bind(day)
        .bind(answer)
        .execute(connection)
        .await?;
    Ok(())
}

/// The documents of a project's other reports that count: those handed in, neither given up nor ended without registration.
pub(crate) async fn other_reports(
    connection: &mut AnyConnection,
    project: &str,
    except: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT fields FROM record WHERE project_id = $1 AND id <> $2 AND submitted = 1 \
         AND state NOT IN ('discarded', 'withdrawn', 'terminated')",
    )
    .bind(project)
    .bind(except)
    .fetch_all(connection)
    .await
}
