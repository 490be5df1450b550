//! What the public may read of claims of neutrality: from the first published version. Public columns only.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A claim with its newest published version.
#[derive(FromRow)]
pub(crate) struct PublicClaimStored {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) claimant: String,
    pub(crate) kind: String,
    pub(crate) starts_on: String,
    pub(crate) ends_on: String,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) version: i64,
    pub(crate) content: String,
    pub(crate) tonnes: i64,
    pub(crate) covered_tonnes: i64,
    pub(crate) published_on: String,
}

const CLAIM: &str = "SELECT neutral_claim.id, neutral_claim.number, organisation.name AS claimant, neutral_claim.kind, \
    neutral_claim.starts_on, neutral_claim.ends_on, neutral_claim.state, neutral_claim.reason, neutral_claim.version, neutral_version.content, \
    neutral_version.tonnes, neutral_version.covered_tonnes, neutral_version.published_on FROM neutral_claim \
    JOIN organisation ON organisation.id = neutral_claim.organisation_id \
    JOIN neutral_version ON neutral_version.claim_id = neutral_claim.id AND neutral_version.version = neutral_claim.version \
    WHERE neutral_claim.version >= 1";

pub(crate) async fn claims(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<PublicClaimStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CLAIM} AND neutral_claim.id < $1 ORDER BY neutral_claim.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

pub(crate) async fn claim(
    connection: &mut AnyConnection,
    number: &str,
) -> Result<Option<PublicClaimStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CLAIM} AND neutral_claim.number = $1"
    )))
    .bind(number)
    .fetch_optional(connection)
    .await
}

/// A published version.
#[derive(FromRow)]
pub(crate) struct PublicVersionStored {
    pub(crate) version: i64,
    pub(crate) content: String,
    pub(crate) footprint: String,
    pub(crate) tonnes: i64,
    pub(crate) covered_tonnes: i64,
    pub(crate) correction: Option<String>,
    pub(crate) published_on: String,
}

/// The published versions of a claim, newest first.
pub(crate) async fn versions(
    connection: &mut AnyConnection,
    claim: &str,
) -> Result<Vec<PublicVersionStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT neutral_version.version, neutral_version.content, neutral_version.footprint, neutral_version.tonnes, \
         neutral_version.covered_tonnes, neutral_version.correction, neutral_version.published_on FROM neutral_version \
         WHERE neutral_version.claim_id = $1 ORDER BY neutral_version.version DESC",
    )
    .bind(claim)
    .fetch_all(connection)
    .await
}
