//! The versions of certificates: what corrections wrote.

use sqlx::{AnyConnection, FromRow};

/// A version to write.
pub(crate) struct NewVersion<'a> {
    pub(crate) retirement_id: &'a str,
    pub(crate) version: i64,
    pub(crate) beneficiary: &'a str,
    pub(crate) beneficiary_uscc: Option<&'a str>,
    pub(crate) purpose_text: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) request_number: &'a str,
    pub(crate) request_date: &'a str,
    pub(crate) search: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewVersion<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO certificate_version (retirement_id, version, previous_version, beneficiary, beneficiary_uscc, purpose_text, reason, \
         request_number, request_date, search, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.retirement_id)
    .bind(new.version)
    .bind((new.version > 2).then_some(new.version - 1))
    .bind(new.beneficiary)
    .bind(new.beneficiary_uscc)
    .bind(new.purpose_text)
    .bind(new.reason)
    .bind(new.request_number)
    .bind(new.request_date)
    .bind(new.search)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The retirement with this number: id, holder as it is called now, purpose, moment.
#[derive(FromRow)]
pub(crate) struct RetirementOf {
    pub(crate) id: String,
    pub(crate) holder_id: String,
    pub(crate) holder_name: String,
    pub(crate) holder_uscc: String,
    pub(crate) purpose: String,
    pub(crate) at: i64,
}

pub(crate) async fn retirement(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<RetirementOf>, sqlx::Error> {
    sqlx::query_as(
        "SELECT retirement.id, holder_id, organisation.name AS holder_name, organisation.uscc AS holder_uscc, purpose, at \
         FROM retirement JOIN organisation ON organisation.id = retirement.holder_id WHERE number = $1",
    )
        .bind(number)
        .fetch_optional(connection)
        .await
}

/// What the audit finds about versions: the certificate's number, the act, what is wrong. A version belongs to an act that corrects and
/// has its entry in the log, and each such act wrote one.
pub(crate) async fn versions_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT retirement.number, 'act ' || certificate_version.act_id AS wrong FROM certificate_version \
         JOIN retirement ON retirement.id = certificate_version.retirement_id \
         WHERE NOT EXISTS (SELECT 1 FROM act WHERE act.id = certificate_version.act_id AND act.kind = 'certificate_correct' \
           AND act.subject = retirement.holder_id AND act.at = certificate_version.at) \
         OR NOT EXISTS (SELECT 1 FROM log_entry WHERE log_entry.act_id = certificate_version.act_id \
           AND log_entry.certificate = retirement.number) \
         UNION ALL SELECT act.id, 'no version' AS wrong FROM act WHERE act.kind = 'certificate_correct' \
         AND NOT EXISTS (SELECT 1 FROM certificate_version WHERE certificate_version.act_id = act.id)",
    )
    .fetch_all(connection)
    .await
}

/// A published event or claim of neutrality that a retirement covers.
#[derive(FromRow)]
pub(crate) struct Covered {
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) organisation: String,
}

/// What is public and rests on a retirement.
pub(crate) async fn covered_by(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<Option<Covered>, sqlx::Error> {
    sqlx::query_as(
        "SELECT 'event' AS kind, event.number, event.name, organisation.name AS organisation FROM event_unit \
         JOIN event ON event.id = event_unit.event_id JOIN organisation ON organisation.id = event.organisation_id \
         WHERE event_unit.retirement_id = $1 AND event_unit.removed_at IS NULL AND event.version > 0 \
         UNION ALL SELECT 'claim' AS kind, neutral_claim.number, neutral_claim.name, organisation.name AS organisation FROM neutral_unit \
         JOIN neutral_claim ON neutral_claim.id = neutral_unit.claim_id JOIN organisation ON organisation.id = neutral_claim.organisation_id \
         WHERE neutral_unit.retirement_id = $1 AND neutral_claim.version > 0 LIMIT 1",
    )
    .bind(retirement)
    .fetch_optional(connection)
    .await
}
