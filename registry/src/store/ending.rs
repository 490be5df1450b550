//! How lives end: endings, requests to cancel a registration, bars, applications begun again, experts.

use sqlx::{AnyConnection, FromRow};

/// An ending as stored.
#[derive(Clone, Default, FromRow)]
pub(crate) struct EndingRow {
    pub(crate) record_id: String,
    pub(crate) kind: String,
    pub(crate) ground: Option<String>,
    pub(crate) reason: String,
    pub(crate) legal_ground: String,
    pub(crate) investigation: Option<String>,
    pub(crate) authority: Option<String>,
    pub(crate) document_number: Option<String>,
    pub(crate) document_date: Option<String>,
    pub(crate) ended_on: String,
    pub(crate) act_id: String,
}

pub(crate) async fn ending_insert(
    connection: &mut AnyConnection,
    row: &EndingRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ending (record_id, kind, ground, reason, legal_ground, investigation, authority, document_number, \
         document_date, ended_on, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&row.record_id)
    .bind(&row.kind)
    .bind(row.ground.as_deref())
    .bind(&row.reason)
    .bind(&row.legal_ground)
    .bind(row.investigation.as_deref())
    .bind(row.authority.as_deref())
    .bind(row.document_number.as_deref())
    .bind(row.document_date.as_deref())
    .bind(&row.ended_on)
    .bind(&row.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn ending_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<EndingRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record_id, kind, ground, reason, legal_ground, investigation, authority, document_number, document_date, ended_on, \
         act_id FROM ending WHERE record_id = $1",
    )
    .bind(record)
    .fetch_optional(connection)
    .await
}

/// The ids of a project's reports, oldest first.
pub(crate) async fn reports_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM record WHERE project_id = $1 AND kind = 'report' ORDER BY id",
    )
    .bind(project)
    .fetch_all(connection)
    .await
}

/// Whether credits of a project were ever issued.
pub(crate) async fn has_issued(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<bool, sqlx::Error> {
    let classes: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM credit_class WHERE project_id = $1 AND issued > 0",
    )
    .bind(project)
    .fetch_one(connection)
    .await?;
    Ok(classes > 0)
}

/// Owner, name, province and published document of a project that lost its registration.
pub(crate) type LostRow = (String, String, String, Option<String>);

/// Every project whose registration was cancelled or revoked.
pub(crate) async fn lost_projects(
    connection: &mut AnyConnection,
) -> Result<Vec<LostRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT owner_id, name, province, published_fields FROM record WHERE kind = 'project' AND state IN ('deregistered', 'revoked')",
    )
    .fetch_all(connection)
    .await
}

/// The moment of the last registration of a project or of one of its reports.
pub(crate) async fn last_registered_at(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT MAX(registered_at) FROM record WHERE id = $1 OR project_id = $1")
        .bind(project)
        .fetch_one(connection)
        .await
}

/// A request to cancel a registration as stored.
#[derive(Clone, FromRow)]
pub(crate) struct RequestRow {
    pub(crate) reason: String,
    pub(crate) outstanding: String,
    pub(crate) requested_on: String,
    pub(crate) decision: Option<String>,
    pub(crate) decided_on: Option<String>,
    pub(crate) decision_reason: Option<String>,
}

/// A request to write.
pub(crate) struct NewRequest<'a> {
    pub(crate) id: &'a str,
    pub(crate) project_id: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) outstanding: &'a str,
    pub(crate) requested_on: &'a str,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn request_insert(
    connection: &mut AnyConnection,
    new: &NewRequest<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO deregistration_request (id, project_id, reason, outstanding, requested_on, act_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id)
    .bind(new.project_id)
    .bind(new.reason)
    .bind(new.outstanding)
    .bind(new.requested_on)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest request of a project.
pub(crate) async fn request_of(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Option<RequestRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT reason, outstanding, requested_on, decision, decided_on, decision_reason FROM deregistration_request \
         WHERE project_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(project)
    .fetch_optional(connection)
    .await
}

/// Decides the request of a project that is open, if there is one.
pub(crate) async fn request_decide(
    connection: &mut AnyConnection,
    project: &str,
    decision: &str,
    on: &str,
    reason: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE deregistration_request SET decision = $2, decided_on = $3, decision_reason = $4 WHERE project_id = $1 AND decision IS NULL",
    )
    .bind(project)
    .bind(decision)
    .bind(on)
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(())
}

/// A bar as stored, with the code of the project it came from.
#[derive(Clone, FromRow)]
pub(crate) struct BanRow {
    pub(crate) from_day: String,
    pub(crate) permanent: i64,
    pub(crate) ground: String,
    pub(crate) project_id: String,
    pub(crate) project_code: Option<String>,
}

/// A bar to write.
pub(crate) struct NewBan<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation_id: &'a str,
    pub(crate) project_id: &'a str,
    pub(crate) from_day: &'a str,
    pub(crate) permanent: bool,
    pub(crate) ground: &'a str,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn ban_insert(
    connection: &mut AnyConnection,
    new: &NewBan<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO owner_ban (id, organisation_id, project_id, from_day, permanent, ground, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id)
    .bind(new.organisation_id)
    .bind(new.project_id)
    .bind(new.from_day)
    .bind(i64::from(new.permanent))
    .bind(new.ground)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The bars on an organisation, past ones included, oldest first.
pub(crate) async fn bans_of(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<BanRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT owner_ban.from_day, owner_ban.permanent, owner_ban.ground, owner_ban.project_id, record.code AS project_code \
         FROM owner_ban JOIN record ON record.id = owner_ban.project_id WHERE owner_ban.organisation_id = $1 ORDER BY owner_ban.id",
    )
    .bind(organisation)
    .fetch_all(connection)
    .await
}

pub(crate) async fn resubmission_insert(
    connection: &mut AnyConnection,
    record: &str,
    source: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO resubmission (record_id, source_id) VALUES ($1, $2)")
        .bind(record)
        .bind(source)
        .execute(connection)
        .await?;
    Ok(())
}

/// The record that this one began again.
pub(crate) async fn source_of(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT source_id FROM resubmission WHERE record_id = $1")
        .bind(record)
        .fetch_optional(connection)
        .await
}

/// Somebody in the register of experts as stored.
#[derive(Clone, FromRow)]
pub(crate) struct ExpertRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) employer: String,
    pub(crate) sectors: String,
    pub(crate) added_on: String,
    pub(crate) ended_on: Option<String>,
}

pub(crate) async fn expert_insert(
    connection: &mut AnyConnection,
    row: &ExpertRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO expert (id, name, employer, sectors, added_on) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(&row.employer)
    .bind(&row.sectors)
    .bind(&row.added_on)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends an expert's entry, if it is still there; how many rows that changed.
pub(crate) async fn expert_end(
    connection: &mut AnyConnection,
    id: &str,
    on: &str,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query("UPDATE expert SET ended_on = $2 WHERE id = $1 AND ended_on IS NULL")
        .bind(id)
        .bind(on)
        .execute(connection)
        .await?;
    Ok(ended.rows_affected())
}

/// Everybody who ever was in the register, oldest entry first.
pub(crate) async fn experts(connection: &mut AnyConnection) -> Result<Vec<ExpertRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, name, employer, sectors, added_on, ended_on FROM expert ORDER BY id")
        .fetch_all(connection)
        .await
}

/// A drawn expert as stored, with the expert's name and employer.
#[derive(Clone, FromRow)]
pub(crate) struct AppointmentRow {
    pub(crate) id: String,
    pub(crate) record_id: String,
    pub(crate) expert_id: String,
    pub(crate) name: String,
    pub(crate) employer: String,
    pub(crate) seed: String,
    pub(crate) candidates: String,
    pub(crate) appointed_on: String,
    pub(crate) conclusion: Option<String>,
    pub(crate) opinion: Option<String>,
    pub(crate) answered_on: Option<String>,
}

pub(crate) async fn appointment_insert(
    connection: &mut AnyConnection,
    row: &AppointmentRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO expert_appointment (id, record_id, expert_id, seed, candidates, appointed_on) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&row.id)
    .bind(&row.record_id)
    .bind(&row.expert_id)
    .bind(&row.seed)
    .bind(&row.candidates)
    .bind(&row.appointed_on)
    .execute(connection)
    .await?;
    Ok(())
}

/// The experts drawn for a record, oldest first.
pub(crate) async fn appointments(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<AppointmentRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT expert_appointment.id, expert_appointment.record_id, expert_appointment.expert_id, expert.name, expert.employer, \
         expert_appointment.seed, expert_appointment.candidates, expert_appointment.appointed_on, expert_appointment.conclusion, \
         expert_appointment.opinion, expert_appointment.answered_on \
         FROM expert_appointment JOIN expert ON expert.id = expert_appointment.expert_id \
         WHERE expert_appointment.record_id = $1 ORDER BY expert_appointment.id",
    )
    .bind(record)
    .fetch_all(connection)
    .await
}

/// Enters an expert's answer, if there is none; how many rows that changed.
pub(crate) async fn appointment_answer(
    connection: &mut AnyConnection,
    id: &str,
    conclusion: &str,
    opinion: &str,
    on: &str,
) -> Result<u64, sqlx::Error> {
    let answered = sqlx::query(
        "UPDATE expert_appointment SET conclusion = $2, opinion = $3, answered_on = $4 WHERE id = $1 AND conclusion IS NULL",
    )
    .bind(id)
    .bind(conclusion)
    .bind(opinion)
    .bind(on)
    .execute(connection)
    .await?;
    Ok(answered.rows_affected())
}
