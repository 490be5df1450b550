//! Claims of neutrality.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A claim as stored.
#[derive(Clone, Default, FromRow)]
pub(crate) struct ClaimRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) organisation_id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) starts_on: String,
    pub(crate) ends_on: String,
    pub(crate) state: String,
    pub(crate) profile: String,
    pub(crate) tonnes: i64,
    pub(crate) version: i64,
    pub(crate) reason: Option<String>,
    pub(crate) at: i64,
}

const SELECT: &str = "SELECT id, number, organisation_id, kind, name, starts_on, ends_on, state, profile, tonnes, version, reason, at \
    FROM neutral_claim";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &ClaimRow,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO neutral_claim (id, number, organisation_id, kind, name, starts_on, ends_on, state, profile, tonnes, version, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)",
    )
    .bind(&row.id)
    .bind(&row.number)
    .bind(&row.organisation_id)
    .bind(&row.kind)
    .bind(&row.name)
    .bind(&row.starts_on)
    .bind(&row.ends_on)
    .bind(&row.state)
    .bind(&row.profile)
    .bind(row.tonnes)
    .bind(row.at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes everything that may change.
pub(crate) async fn save(
    connection: &mut AnyConnection,
    row: &ClaimRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE neutral_claim SET kind = $2, name = $3, starts_on = $4, ends_on = $5, state = $6, profile = $7, tonnes = $8, version = $9, \
         reason = $10 WHERE id = $1",
    )
    .bind(&row.id)
    .bind(&row.kind)
    .bind(&row.name)
    .bind(&row.starts_on)
    .bind(&row.ends_on)
    .bind(&row.state)
    .bind(&row.profile)
    .bind(row.tonnes)
    .bind(row.version)
    .bind(row.reason.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ClaimRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The claims of an organisation, newest first.
pub(crate) async fn of_organisation(
    connection: &mut AnyConnection,
    organisation: &str,
    before: &str,
    size: i64,
) -> Result<Vec<ClaimRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} WHERE organisation_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    )))
    .bind(organisation)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A retirement that covers a claim: number of the certificate, tonnes, those that count, holder, moment.
#[derive(Clone, FromRow)]
pub(crate) struct UnitRow {
    pub(crate) number: String,
    pub(crate) tonnes: i64,
    pub(crate) counted_tonnes: i64,
    pub(crate) holder: String,
    pub(crate) at: i64,
}

/// The retirements of a claim, in the order in which they were entered.
pub(crate) async fn units(
    connection: &mut AnyConnection,
    claim: &str,
) -> Result<Vec<UnitRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT retirement.number, neutral_unit.tonnes, neutral_unit.counted_tonnes, organisation.name AS holder, retirement.at \
         FROM neutral_unit JOIN retirement ON retirement.id = neutral_unit.retirement_id \
         JOIN organisation ON organisation.id = retirement.holder_id WHERE neutral_unit.claim_id = $1 ORDER BY neutral_unit.id",
    )
    .bind(claim)
    .fetch_all(connection)
    .await
}

/// A retirement as it may cover a claim.
#[derive(FromRow)]
pub(crate) struct RetirementRow {
    pub(crate) id: String,
    pub(crate) purpose: String,
    pub(crate) purpose_text: String,
    pub(crate) quantity: i64,
}

pub(crate) async fn retirement_by_number(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<RetirementRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, purpose, purpose_text, quantity FROM retirement WHERE number = $1")
        .bind(number)
        .fetch_optional(connection)
        .await
}

/// Whether the retirement covers a claim already.
pub(crate) async fn is_used(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM neutral_unit WHERE retirement_id = $1")
            .bind(retirement)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// What a new unit is stored with.
pub(crate) struct NewUnit<'a> {
    pub(crate) id: &'a str,
    pub(crate) claim_id: &'a str,
    pub(crate) retirement_id: &'a str,
    pub(crate) tonnes: i64,
    pub(crate) counted_tonnes: i64,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn unit_insert(
    connection: &mut AnyConnection,
    new: &NewUnit<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO neutral_unit (id, claim_id, retirement_id, tonnes, counted_tonnes, at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id)
    .bind(new.claim_id)
    .bind(new.retirement_id)
    .bind(new.tonnes)
    .bind(new.counted_tonnes)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// What a new version is stored with.
pub(crate) struct NewVersion<'a> {
    pub(crate) claim_id: &'a str,
    pub(crate) version: i64,
    pub(crate) content: &'a str,
    pub(crate) footprint: &'a str,
    pub(crate) tonnes: i64,
    pub(crate) covered_tonnes: i64,
    pub(crate) correction: Option<&'a str>,
    pub(crate) published_on: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn version_insert(
    connection: &mut AnyConnection,
    new: &NewVersion<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO neutral_version (claim_id, version, content, footprint, tonnes, covered_tonnes, correction, published_on, at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.claim_id)
    .bind(new.version)
    .bind(new.content)
    .bind(new.footprint)
    .bind(new.tonnes)
    .bind(new.covered_tonnes)
    .bind(new.correction)
    .bind(new.published_on)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}
