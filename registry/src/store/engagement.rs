//! What a body does for a mandate: plan, team, visits, findings; and the ties between bodies and companies.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// The plan of a mandate.
#[derive(Clone, Default, FromRow)]
pub(crate) struct EngagementRow {
    pub(crate) record_id: String,
    pub(crate) vvb_id: String,
    pub(crate) impartial_at: Option<i64>,
    pub(crate) document_reviewed_on: Option<String>,
    pub(crate) sites_total: Option<i64>,
    pub(crate) sampling: Option<String>,
    pub(crate) reviewer: Option<String>,
    pub(crate) decision_maker: Option<String>,
}

/// A member of a team.
#[derive(Clone, FromRow)]
pub(crate) struct MemberRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) name: String,
    pub(crate) full_time: i64,
    pub(crate) sectors: String,
    pub(crate) duty: String,
    pub(crate) contact: Option<String>,
    pub(crate) act_id: String,
}

/// A visit to a site.
#[derive(Clone, FromRow)]
pub(crate) struct VisitRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) site: String,
    pub(crate) visited_on: String,
    pub(crate) persons: String,
    pub(crate) act_id: String,
}

/// A finding.
#[derive(Clone, FromRow)]
pub(crate) struct FindingRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) field: Option<String>,
    pub(crate) attachment_id: Option<String>,
    pub(crate) body: String,
    pub(crate) state: String,
    pub(crate) at: i64,
    pub(crate) answered_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) carried_from: Option<String>,
    pub(crate) act_id: String,
}

/// What was said about a finding.
#[derive(Clone, FromRow)]
pub(crate) struct StepRow {
    pub(crate) id: String,
    pub(crate) finding_id: String,
    pub(crate) event: String,
    pub(crate) body: String,
    pub(crate) corrected: Option<String>,
    pub(crate) evidence: Option<String>,
    pub(crate) at: i64,
    pub(crate) act_id: String,
}

/// A tie, with the names of the body and of who entered it.
#[derive(Clone, FromRow)]
pub(crate) struct TieRow {
    pub(crate) id: String,
    pub(crate) vvb_id: String,
    pub(crate) vvb: String,
    pub(crate) uscc: String,
    pub(crate) company: String,
    pub(crate) kind: String,
    pub(crate) since: String,
    pub(crate) until: Option<String>,
    pub(crate) source: String,
    pub(crate) entered_by: String,
    pub(crate) entered: String,
    pub(crate) at: i64,
    pub(crate) ended: Option<String>,
}

/// A tie to write.
pub(crate) struct NewTie<'a> {
    pub(crate) id: &'a str,
    pub(crate) vvb_id: &'a str,
    pub(crate) uscc: &'a str,
    pub(crate) company: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) since: &'a str,
    pub(crate) until: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) entered_by: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

/// The plan of a record's mandate.
pub(crate) async fn engagement_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<EngagementRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record_id, vvb_id, impartial_at, document_reviewed_on, sites_total, sampling, reviewer, decision_maker \
         FROM engagement WHERE record_id = $1",
    )
    .bind(record)
    .fetch_optional(connection)
    .await
}

/// Writes the plan of a record's mandate, in the place of the one before.
pub(crate) async fn engagement_put(
    connection: &mut AnyConnection,
    row: &EngagementRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO engagement (record_id, vvb_id, impartial_at, document_reviewed_on, sites_total, sampling, reviewer, decision_maker) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (record_id) DO UPDATE SET vvb_id = $2, impartial_at = $3, \
         document_reviewed_on = $4, sites_total = $5, sampling = $6, reviewer = $7, decision_maker = $8",
    )
    .bind(&row.record_id)
    .bind(&row.vvb_id)
    .bind(row.impartial_at)
    .bind(row.document_reviewed_on.as_deref())
    .bind(row.sites_total)
    .bind(row.sampling.as_deref())
    .bind(row.reviewer.as_deref())
    .bind(row.decision_maker.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

const MEMBER: &str = "SELECT id, record_id, name, full_time, sectors, duty, contact, act_id FROM engagement_member WHERE removed_at IS NULL";

/// The team of a record, in the order in which it was named.
pub(crate) async fn members_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<MemberRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{MEMBER} AND record_id = $1 ORDER BY id"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

/// One member, unless taken off.
pub(crate) async fn member_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<MemberRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{MEMBER} AND id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn member_insert(
    connection: &mut AnyConnection,
    row: &MemberRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO engagement_member (id, record_id, name, full_time, sectors, duty, contact, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&row.id)
    .bind(&row.record_id)
    .bind(&row.name)
    .bind(row.full_time)
    .bind(&row.sectors)
    .bind(&row.duty)
    .bind(row.contact.as_deref())
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn member_remove(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE engagement_member SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

const VISIT: &str = "SELECT id, record_id, site, visited_on, persons, act_id FROM engagement_visit WHERE removed_at IS NULL";

/// The visits of a record, the earliest first.
pub(crate) async fn visits_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<VisitRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{VISIT} AND record_id = $1 ORDER BY visited_on, id"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

/// One visit, unless taken back.
pub(crate) async fn visit_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<VisitRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{VISIT} AND id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn visit_insert(
    connection: &mut AnyConnection,
    row: &VisitRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO engagement_visit (id, record_id, site, visited_on, persons, act_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&row.id)
    .bind(&row.record_id)
    .bind(&row.site)
    .bind(&row.visited_on)
    .bind(&row.persons)
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn visit_remove(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE engagement_visit SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL")
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

const FINDING: &str = "SELECT finding.id, finding.record_id, finding.number, finding.kind, finding.field, finding.attachment_id, \
    finding.body, finding.state, finding.at, finding.answered_at, finding.closed_at, finding.carried_from, finding.act_id FROM finding";

/// The findings of a record, in the order of their numbers.
pub(crate) async fn findings_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<FindingRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{FINDING} WHERE finding.record_id = $1 ORDER BY finding.number"
    )))
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn finding_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<FindingRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{FINDING} WHERE finding.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The observations of a project and of its reports that are not closed and that no later record goes on with, with the record's kind
/// and state.
pub(crate) async fn observations_open(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<(FindingRow, String, String)>, sqlx::Error> {
    let rows: Vec<FindingRow> = sqlx::query_as(AssertSqlSafe(format!(
        "{FINDING} JOIN record ON record.id = finding.record_id WHERE (record.id = $1 OR record.project_id = $1) \
         AND finding.kind = 'observation' AND finding.state <> 'closed' \
         AND NOT EXISTS (SELECT 1 FROM finding later WHERE later.carried_from = finding.id) ORDER BY finding.id"
    )))
    .bind(project)
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let of: Option<(String, String)> =
            sqlx::query_as("SELECT kind, state FROM record WHERE id = $1")
                .bind(&row.record_id)
                .fetch_optional(&mut *connection)
                .await?;
        if let Some((kind, state)) = of {
            found.push((row, kind, state));
        }
    }
    Ok(found)
}

pub(crate) async fn finding_insert(
    connection: &mut AnyConnection,
    row: &FindingRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO finding (id, record_id, number, kind, field, attachment_id, body, state, at, answered_at, closed_at, carried_from, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&row.id)
    .bind(&row.record_id)
    .bind(row.number)
    .bind(&row.kind)
    .bind(row.field.as_deref())
    .bind(row.attachment_id.as_deref())
    .bind(&row.body)
    .bind(&row.state)
    .bind(row.at)
    .bind(row.answered_at)
    .bind(row.closed_at)
    .bind(row.carried_from.as_deref())
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the state of a finding and its days.
pub(crate) async fn finding_move(
    connection: &mut AnyConnection,
    row: &FindingRow,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE finding SET state = $2, answered_at = $3, closed_at = $4 WHERE id = $1")
        .bind(&row.id)
        .bind(&row.state)
        .bind(row.answered_at)
        .bind(row.closed_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Everything that was said about the findings of a record, in its order.
pub(crate) async fn steps_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<StepRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT finding_step.id, finding_id, event, finding_step.body, corrected, evidence, finding_step.at, finding_step.act_id \
         FROM finding_step JOIN finding ON finding.id = finding_id WHERE record_id = $1 ORDER BY finding_step.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

pub(crate) async fn step_insert(
    connection: &mut AnyConnection,
    row: &StepRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO finding_step (id, finding_id, event, body, corrected, evidence, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&row.id)
    .bind(&row.finding_id)
    .bind(&row.event)
    .bind(&row.body)
    .bind(row.corrected.as_deref())
    .bind(row.evidence.as_deref())
    .bind(row.at)
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

const TIE: &str = "SELECT tie.id, tie.vvb_id, vvb.name AS vvb, tie.uscc, tie.company, tie.kind, tie.since, tie.until, tie.source, \
    tie.entered_by, entered.name AS entered, tie.at, tie.ended FROM tie JOIN organisation vvb ON vvb.id = tie.vvb_id \
    JOIN organisation entered ON entered.id = tie.entered_by";

/// The ties of one body, or of all, the latest first; at most `size`.
pub(crate) async fn ties(
    connection: &mut AnyConnection,
    vvb: Option<&str>,
    size: i64,
) -> Result<Vec<TieRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{TIE} WHERE CAST($1 AS TEXT) IS NULL OR tie.vvb_id = $1 ORDER BY tie.id DESC LIMIT $2"
    )))
    .bind(vvb)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn tie_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<TieRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{TIE} WHERE tie.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn tie_insert(
    connection: &mut AnyConnection,
    row: &NewTie<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tie (id, vvb_id, uscc, company, kind, since, until, source, entered_by, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id)
    .bind(row.vvb_id)
    .bind(row.uscc)
    .bind(row.company)
    .bind(row.kind)
    .bind(row.since)
    .bind(row.until)
    .bind(row.source)
    .bind(row.entered_by)
    .bind(row.at)
    .bind(row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn tie_end(
    connection: &mut AnyConnection,
    id: &str,
    until: &str,
    ended: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tie SET until = $2, ended = $3 WHERE id = $1")
        .bind(id)
        .bind(until)
        .bind(ended)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a body and an organisation are tied on a day.
pub(crate) async fn is_tied(
    connection: &mut AnyConnection,
    vvb: &str,
    owner: &str,
    on: &str,
) -> Result<bool, sqlx::Error> {
    let found: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM tie JOIN organisation ON organisation.uscc = tie.uscc \
         WHERE tie.vvb_id = $1 AND organisation.id = $2 AND tie.since <= $3 AND (tie.until IS NULL OR tie.until >= $3)",
    )
    .bind(vvb)
    .bind(owner)
    .bind(on)
    .fetch_one(connection)
    .await?;
    Ok(found > 0)
}
