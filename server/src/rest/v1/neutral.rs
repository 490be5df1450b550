//! Claims of neutrality of organisations and products: every published version and the retirements that cover it.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{NeutralUnitView, PublicNeutral, PublicNeutralRow, PublicNeutralVersion};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, page_request};
use crate::state::State;

/// Which claims.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NeutralQuery {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A claim in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeutralRow {
    /// Its number.
    #[schema(example = "N2026-000001-0")]
    pub number: String,
    /// `organisation` or `product`.
    #[schema(example = "organisation")]
    pub kind: String,
    /// Its subject.
    pub name: String,
    /// Who claims.
    pub claimant: String,
    /// First day of the period.
    #[schema(example = "2025-01-01")]
    pub starts_on: String,
    /// Last day of the period.
    pub ends_on: String,
    /// `published`, `corrected` or `withdrawn`.
    pub state: String,
    /// What may be said: `neutral`, `period_not_over`, `not_covered`, `corrected` or `withdrawn`.
    #[schema(example = "neutral")]
    pub says: String,
    /// Whether the words "carbon neutral" may stand beside the subject and the period.
    pub neutral: bool,
    /// Whole tonnes CO2e of the newest version: its figure, rounded up.
    #[schema(example = 1235)]
    pub tonnes: i64,
    /// Tonnes of its retirements that count.
    pub covered_tonnes: i64,
    /// The day of the newest version.
    pub published_on: String,
    /// Published versions.
    pub version: i64,
    /// Why it is being corrected, or was withdrawn.
    pub reason: Option<String>,
}

impl From<PublicNeutralRow> for NeutralRow {
    fn from(row: PublicNeutralRow) -> Self {
        Self {
            number: row.number,
            kind: row.kind,
            name: row.name,
            claimant: row.claimant,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            state: row.state.code().to_owned(),
            says: row.says.code().to_owned(),
            neutral: row.says == domain::neutral::NeutralStatement::Neutral,
            tonnes: row.tonnes,
            covered_tonnes: row.covered_tonnes,
            published_on: row.published_on,
            version: row.version,
            reason: row.reason,
        }
    }
}

/// A claim with its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeutralClaim {
    /// The row of the list.
    #[serde(flatten)]
    pub row: NeutralRow,
    /// Every published version, newest first.
    pub versions: Vec<NeutralVersion>,
}

/// A published version of a claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeutralVersion {
    /// 1, 2, 3, …
    pub version: i64,
    /// The day.
    pub published_on: String,
    /// Why the version before was not right.
    pub correction: Option<String>,
    /// The footprint of the period, tonnes CO2e as a decimal in a string.
    #[schema(example = "1234.5")]
    pub footprint: String,
    /// The same, rounded up to whole tonnes.
    pub tonnes: i64,
    /// Tonnes of the retirements that count.
    pub covered_tonnes: i64,
    /// What it said, by the names of the form's fields: subject, standard, verification, boundary, measures.
    pub said: std::collections::BTreeMap<String, String>,
    /// The retirements.
    pub retirements: Vec<NeutralRetirement>,
}

/// A retirement that covers a claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeutralRetirement {
    /// The certificate's number.
    #[schema(example = "HTR-2026-000001-5")]
    pub number: String,
    /// Whose credits they were.
    pub holder: String,
    /// Tonnes retired.
    pub tonnes: i64,
    /// Those that count.
    pub counted_tonnes: i64,
    /// The day.
    pub retired_on: String,
}

impl From<NeutralUnitView> for NeutralRetirement {
    fn from(unit: NeutralUnitView) -> Self {
        Self {
            number: unit.number,
            holder: unit.holder,
            tonnes: unit.tonnes,
            counted_tonnes: unit.counted_tonnes,
            retired_on: unit.retired_on,
        }
    }
}

impl From<PublicNeutralVersion> for NeutralVersion {
    fn from(version: PublicNeutralVersion) -> Self {
        let units = version.content.units.into_iter();
        Self {
            version: version.version,
            published_on: version.published_on,
            correction: version.correction,
            footprint: version.footprint,
            tonnes: version.tonnes,
            covered_tonnes: version.covered_tonnes,
            said: version.content.profile,
            retirements: units.map(NeutralRetirement::from).collect(),
        }
    }
}

impl From<PublicNeutral> for NeutralClaim {
    fn from(claim: PublicNeutral) -> Self {
        Self {
            row: claim.row.into(),
            versions: claim
                .versions
                .into_iter()
                .map(NeutralVersion::from)
                .collect(),
        }
    }
}

/// Published claims of neutrality of organisations and products, newest first.
#[utoipa::path(
    get, path = "/neutrality", tag = "neutrality", params(NeutralQuery),
    responses((status = 200, body = List<NeutralRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn neutral_list(
    Shared(state): Shared<State>,
    Query(query): Query<NeutralQuery>,
) -> Result<Json<List<NeutralRow>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let claims = state.registry.public().neutral_claims(&page).await?;
    Ok(Json(List::of(claims, NeutralRow::from)))
}

/// One claim with every published version.
#[utoipa::path(
    get, path = "/neutrality/{number}", tag = "neutrality",
    params(("number" = String, Path, description = "The claim's number", example = "N2026-000001-0")),
    responses((status = 200, body = NeutralClaim), (status = 404, description = "No such claim, or nothing of it is published", body = Envelope))
)]
pub async fn neutral_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
) -> Result<Json<NeutralClaim>, Failure> {
    let claim = state.registry.public().neutral_claim(&number).await?;
    Ok(Json(claim.into()))
}
