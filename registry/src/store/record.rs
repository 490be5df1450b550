//! Projects and monitoring reports, and what belongs to them: lines, calculations, assessments, opinions.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A record as stored, with the names of its owner and its VVB.
#[derive(Clone, Default, FromRow)]
pub(crate) struct RecordRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) project_id: Option<String>,
    pub(crate) owner_id: String,
    pub(crate) vvb_id: Option<String>,
    pub(crate) appointed_on: Option<String>,
    pub(crate) contract: Option<String>,
    pub(crate) state: String,
    pub(crate) state_since: i64,
    pub(crate) revision: i64,
    pub(crate) created_at: i64,
    pub(crate) created_on: String,
    pub(crate) code: Option<String>,
    pub(crate) number: Option<i64>,
    pub(crate) name: String,
    pub(crate) search: String,
    pub(crate) methodology: String,
    pub(crate) project_type: String,
    pub(crate) province: String,
    pub(crate) fields: String,
    pub(crate) published_fields: Option<String>,
    pub(crate) period_start: Option<String>,
    pub(crate) period_end: Option<String>,
    pub(crate) year_tonnes: Option<i64>,
    pub(crate) total_tonnes: Option<i64>,
    pub(crate) verified_tonnes: Option<i64>,
    pub(crate) issued_tonnes: Option<i64>,
    pub(crate) publicity_start: Option<String>,
    pub(crate) publicity_end: Option<String>,
    pub(crate) calendar_version: Option<String>,
    pub(crate) received_on: Option<String>,
    pub(crate) paused_since: Option<String>,
    pub(crate) paused_days: i64,
    pub(crate) due_on: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) submitted: i64,
    pub(crate) public_tab: Option<String>,
    pub(crate) registered_at: Option<i64>,
    pub(crate) owner_name: String,
    pub(crate) vvb_name: Option<String>,
    pub(crate) project_code: Option<String>,
    pub(crate) project_name: Option<String>,
}

/// Everything of [`RecordRow`]; a report brings the code and the name of its project along.
const SELECT: &str = "SELECT record.id, record.kind, record.project_id, record.owner_id, record.vvb_id, record.appointed_on, record.contract, record.state, \
    record.state_since, record.revision, record.created_at, record.created_on, record.code, record.number, record.name, \
    record.search, record.methodology, record.project_type, record.province, record.fields, record.published_fields, \
    record.period_start, record.period_end, record.year_tonnes, record.total_tonnes, record.verified_tonnes, \
    record.issued_tonnes, record.publicity_start, record.publicity_end, record.calendar_version, record.received_on, \
    record.paused_since, record.paused_days, record.due_on, record.reason, record.submitted, record.public_tab, \
    record.registered_at, owner.name AS owner_name, vvb.name AS vvb_name, project.code AS project_code, \
    project.name AS project_name \
    FROM record JOIN organisation owner ON owner.id = record.owner_id \
    LEFT JOIN organisation vvb ON vvb.id = record.vvb_id LEFT JOIN record project ON project.id = record.project_id";

/// The same for lists: without the text of large documents, which lists do not show.
fn light() -> String {
    const LARGE: &str = "100000";
    let short = |column: &str| {
        format!(
            "CASE WHEN LENGTH(record.{column}) > {LARGE} THEN '{{}}' ELSE record.{column} END AS {column}"
        )
    };
    SELECT
        .replace("record.fields,", &format!("{},", short("fields")))
        .replace(
            "record.published_fields,",
            &format!("{},", short("published_fields")),
        )
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    kind: &str,
    id: &str,
) -> Result<Option<RecordRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE record.id = $1 AND record.kind = $2"
    )))
    .bind(id)
    .bind(kind)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &RecordRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO record (id, kind, project_id, owner_id, state, state_since, revision, created_at, created_on, number, name, \
         search, methodology, project_type, province, fields) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(&row.id)
    .bind(&row.kind)
    .bind(row.project_id.as_deref())
    .bind(&row.owner_id)
    .bind(&row.state)
    .bind(row.state_since)
    .bind(row.revision)
    .bind(row.created_at)
    .bind(&row.created_on)
    .bind(row.number)
    .bind(&row.name)
    .bind(&row.search)
    .bind(&row.methodology)
    .bind(&row.project_type)
    .bind(&row.province)
    .bind(&row.fields)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes everything of a record that can change, if it still has the revision before this one.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    row: &RecordRow,
) -> Result<u64, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE record SET vvb_id = $2, state = $3, state_since = $4, revision = $5, code = $6, name = $7, search = $8, \
         methodology = $9, project_type = $10, province = $11, fields = $12, published_fields = $13, period_start = $14, \
         period_end = $15, year_tonnes = $16, total_tonnes = $17, verified_tonnes = $18, issued_tonnes = $19, \
         publicity_start = $20, publicity_end = $21, calendar_version = $22, received_on = $23, paused_since = $24, \
         paused_days = $25, due_on = $26, reason = $27, submitted = $28, public_tab = $29, registered_at = $30, appointed_on = $31, contract = $32 \
         WHERE id = $1 AND revision = $5 - 1",
    )
    .bind(&row.id)
    .bind(row.vvb_id.as_deref())
    .bind(&row.state)
    .bind(row.state_since)
    .bind(row.revision)
    .bind(row.code.as_deref())
    .bind(&row.name)
    .bind(&row.search)
    .bind(&row.methodology)
    .bind(&row.project_type)
    .bind(&row.province)
    .bind(&row.fields)
    .bind(row.published_fields.as_deref())
    .bind(row.period_start.as_deref())
    .bind(row.period_end.as_deref())
    .bind(row.year_tonnes)
    .bind(row.total_tonnes)
    .bind(row.verified_tonnes)
    .bind(row.issued_tonnes)
    .bind(row.publicity_start.as_deref())
    .bind(row.publicity_end.as_deref())
    .bind(row.calendar_version.as_deref())
    .bind(row.received_on.as_deref())
    .bind(row.paused_since.as_deref())
    .bind(row.paused_days)
    .bind(row.due_on.as_deref())
    .bind(row.reason.as_deref())
    .bind(row.submitted)
    .bind(row.public_tab.as_deref())
    .bind(row.registered_at)
    .bind(row.appointed_on.as_deref())
    .bind(row.contract.as_deref())
    .execute(connection)
    .await?;
    Ok(updated.rows_affected())
}

/// Whose records: each has its own index.
pub(crate) enum Whose<'a> {
    Owner(&'a str),
    Vvb(&'a str),
    Submitted,
}

/// One page of records, newest first; the arguments not given are not asked about.
pub(crate) async fn list(
    connection: &mut AnyConnection,
    whose: Whose<'_>,
    kind: &str,
    state: Option<&str>,
    project: Option<&str>,
    before: &str,
    size: i64,
) -> Result<Vec<RecordRow>, sqlx::Error> {
    let (condition, of) = match whose {
        Whose::Owner(id) => ("record.owner_id = $1", id),
        Whose::Vvb(id) => ("record.vvb_id = $1", id),
        Whose::Submitted => ("record.submitted = 1 AND CAST($1 AS TEXT) = ''", ""),
    };
    let select = light();
    sqlx::query_as(AssertSqlSafe(format!(
        "{select} WHERE {condition} AND record.kind = $2 AND record.id < $3 \
         AND (CAST($4 AS TEXT) IS NULL OR record.state = $4) AND (CAST($5 AS TEXT) IS NULL OR record.project_id = $5) \
         ORDER BY record.id DESC LIMIT $6"
    )))
    .bind(of)
    .bind(kind)
    .bind(before)
    .bind(state)
    .bind(project)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The records in one state that one party must move on, those waiting longest first.
pub(crate) async fn waiting(
    connection: &mut AnyConnection,
    whose: Whose<'_>,
    kind: &str,
    state: &str,
    size: i64,
) -> Result<Vec<RecordRow>, sqlx::Error> {
    let (condition, of) = match whose {
        Whose::Owner(id) => ("record.owner_id = $1", id),
        Whose::Vvb(id) => ("record.vvb_id = $1", id),
        Whose::Submitted => ("record.submitted = 1 AND CAST($1 AS TEXT) = ''", ""),
    };
    let select = light();
    sqlx::query_as(AssertSqlSafe(format!(
        "{select} WHERE {condition} AND record.kind = $2 AND record.state = $3 ORDER BY record.state_since, record.id LIMIT $4"
    )))
    .bind(of)
    .bind(kind)
    .bind(state)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The kinds and ids of records that a date moves by `today`.
pub(crate) async fn due(
    connection: &mut AnyConnection,
    today: &str,
    size: i64,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, id FROM record WHERE state = 'publicity_scheduled' AND publicity_start <= $1 \
         UNION ALL SELECT kind, id FROM record WHERE state IN ('in_publicity', 'recall_review') AND publicity_end < $1 \
         UNION ALL SELECT kind, id FROM record WHERE state = 'registered' AND kind = 'project' AND period_end < $1 LIMIT $2",
    )
    .bind(today)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// How many records a project has of the kind report: the next one's number is one more.
pub(crate) async fn report_count(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) FROM record WHERE project_id = $1")
        .bind(project)
        .fetch_one(connection)
        .await
}

/// Input and outcome of the last accounting of the newest registered report before the one with this number.
pub(crate) async fn last_accounting(
    connection: &mut AnyConnection,
    project: &str,
    before: i64,
) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT calculation.input, calculation.outcome FROM calculation JOIN record ON record.id = calculation.record_id \
         WHERE record.project_id = $1 AND record.number < $2 AND record.state IN ('registered', 'issued') \
         ORDER BY record.period_end DESC, calculation.at DESC, calculation.id DESC LIMIT 1",
    )
    .bind(project)
    .bind(before)
    .fetch_optional(connection)
    .await
}

/// The periods of a project's other reports that count: those handed in, neither given up nor ended without registration.
pub(crate) async fn other_periods(
    connection: &mut AnyConnection,
    project: &str,
    except: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT period_start, period_end FROM record WHERE project_id = $1 AND id <> $2 AND submitted = 1 \
         AND state NOT IN ('discarded', 'withdrawn', 'terminated') AND period_start IS NOT NULL AND period_end IS NOT NULL",
    )
    .bind(project)
    .bind(except)
    .fetch_all(connection)
    .await
}

/// Year, applied, verified, issued.
pub(crate) type LineRow = (i64, i64, Option<i64>, Option<i64>);

pub(crate) async fn lines(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<LineRow>, sqlx::Error> {
    sqlx::query_as("SELECT year, applied, verified, issued FROM report_line WHERE report_id = $1 ORDER BY year")
        .bind(report)
        .fetch_all(connection)
        .await
}

/// Replaces the lines of a report by what is applied for now.
pub(crate) async fn lines_replace(
    connection: &mut AnyConnection,
    report: &str,
    lines: &[(i64, i64)],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM report_line WHERE report_id = $1")
        .bind(report)
        .execute(&mut *connection)
        .await?;
    for (year, applied) in lines {
        sqlx::query("INSERT INTO report_line (report_id, year, applied) VALUES ($1, $2, $3)")
            .bind(report)
            .bind(year)
            .bind(applied)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) async fn line_verify(
    connection: &mut AnyConnection,
    report: &str,
    year: i64,
    tonnes: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE report_line SET verified = $3 WHERE report_id = $1 AND year = $2")
        .bind(report)
        .bind(year)
        .bind(tonnes)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn lines_issue(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE report_line SET issued = verified WHERE report_id = $1")
        .bind(report)
        .execute(connection)
        .await?;
    Ok(())
}

/// A calculation as stored.
#[derive(FromRow)]
pub(crate) struct CalculationRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) stage: String,
    pub(crate) calculator: String,
    pub(crate) version: String,
    pub(crate) parameter_sets: String,
    pub(crate) input: String,
    pub(crate) outcome: String,
    pub(crate) at: i64,
    pub(crate) act_id: String,
}

pub(crate) async fn calculation_insert(
    connection: &mut AnyConnection,
    row: &CalculationRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO calculation (id, record_id, stage, calculator, version, parameter_sets, input, outcome, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(&row.record_id)
    .bind(&row.stage)
    .bind(&row.calculator)
    .bind(&row.version)
    .bind(&row.parameter_sets)
    .bind(&row.input)
    .bind(&row.outcome)
    .bind(row.at)
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn calculations(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<CalculationRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, record_id, stage, calculator, version, parameter_sets, input, outcome, at, act_id FROM calculation \
         WHERE record_id = $1 ORDER BY id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

/// An assessment as stored, with the body's name.
#[derive(FromRow)]
pub(crate) struct AssessmentRow {
    pub(crate) vvb: String,
    pub(crate) conclusion: String,
    pub(crate) report_text: String,
    pub(crate) commitment: String,
    pub(crate) amounts: String,
    pub(crate) at: i64,
}

/// An assessment to write.
pub(crate) struct NewAssessment<'a> {
    pub(crate) id: &'a str,
    pub(crate) record_id: &'a str,
    pub(crate) vvb_id: &'a str,
    pub(crate) conclusion: &'a str,
    pub(crate) report_text: &'a str,
    pub(crate) commitment: &'a str,
    pub(crate) amounts: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn assessment_insert(
    connection: &mut AnyConnection,
    new: &NewAssessment<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO assessment (id, record_id, vvb_id, conclusion, report_text, commitment, amounts, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(new.record_id)
    .bind(new.vvb_id)
    .bind(new.conclusion)
    .bind(new.report_text)
    .bind(new.commitment)
    .bind(new.amounts)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn assessment_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<AssessmentRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT organisation.name AS vvb, conclusion, report_text, commitment, amounts, at \
         FROM assessment JOIN organisation ON organisation.id = vvb_id WHERE record_id = $1",
    )
    .bind(record)
    .fetch_optional(connection)
    .await
}

/// An opinion as stored.
#[derive(FromRow)]
pub(crate) struct OpinionRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) kind: String,
    pub(crate) author: String,
    pub(crate) contact: String,
    pub(crate) body: String,
    pub(crate) at: i64,
    pub(crate) moderation: String,
    pub(crate) moderation_reason: Option<String>,
    pub(crate) reply: Option<String>,
    pub(crate) replied_at: Option<i64>,
    pub(crate) handled: Option<String>,
    pub(crate) authority_note: Option<String>,
}

const OPINION: &str = "SELECT opinion.id, record_id, kind, author, contact, body, opinion.at, moderation, moderation_reason, \
    reply, replied_at, handled, authority_note FROM opinion JOIN record ON record.id = record_id";

pub(crate) async fn opinion_insert(
    connection: &mut AnyConnection,
    id: &str,
    record: &str,
    author: &str,
    contact: &str,
    body: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO opinion (id, record_id, author, contact, body, at, moderation) VALUES ($1, $2, $3, $4, $5, $6, 'submitted')",
    )
    .bind(id)
    .bind(record)
    .bind(author)
    .bind(contact)
    .bind(body)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn opinion_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<OpinionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{OPINION} WHERE opinion.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn opinions_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<OpinionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{OPINION} WHERE record_id = $1 ORDER BY opinion.id"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

/// Opinions to moderate, oldest first.
pub(crate) async fn opinions_submitted(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<OpinionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{OPINION} WHERE moderation = 'submitted' ORDER BY opinion.id LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Published opinions on an owner's records that are not answered, while they can be.
pub(crate) async fn opinions_unanswered(
    connection: &mut AnyConnection,
    owner: &str,
    size: i64,
) -> Result<Vec<OpinionRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{OPINION} WHERE record.owner_id = $1 AND moderation = 'published' AND reply IS NULL \
         AND state IN ('in_publicity', 'recall_review', 'publicity_ended') ORDER BY opinion.id LIMIT $2"
    )))
    .bind(owner)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// How many opinions wait for the registry, and how many published ones for the owner.
pub(crate) async fn opinions_open(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN moderation = 'submitted' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN moderation = 'published' AND reply IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM opinion WHERE record_id = $1",
    )
    .bind(record)
    .fetch_one(connection)
    .await
}

pub(crate) async fn opinion_moderate(
    connection: &mut AnyConnection,
    id: &str,
    moderation: &str,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE opinion SET moderation = $2, moderation_reason = $3 WHERE id = $1")
        .bind(id)
        .bind(moderation)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn opinion_reply(
    connection: &mut AnyConnection,
    id: &str,
    reply: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE opinion SET reply = $2, replied_at = $3 WHERE id = $1")
        .bind(id)
        .bind(reply)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn opinion_handle(
    connection: &mut AnyConnection,
    id: &str,
    handled: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE opinion SET handled = $2 WHERE id = $1")
        .bind(id)
        .bind(handled)
        .execute(connection)
        .await?;
    Ok(())
}
