//! Batches of carbon inclusion in public notice and after it: figures, and no count of few people.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{PublicBatch, PublicBatchPage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Query, moment, page_request};
use crate::state::State;

/// Which batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InclusionBatchQuery {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// A batch of personal reductions.
#[derive(Debug, Serialize, ToSchema)]
pub struct InclusionBatchRow {
    /// Its number.
    #[schema(example = "PB-2026-00001")]
    pub number: String,
    /// Code of the region of its acts.
    #[schema(example = "CN-GD")]
    pub region: String,
    /// First day of its acts.
    #[schema(example = "2026-03-01")]
    pub starts_on: String,
    /// Last day of its acts.
    pub ends_on: String,
    /// Who recognises its tonnes: `provincial`, `municipal` or `none`.
    pub recognition: String,
    /// Title of the document it rests on; null: none, or not asked then.
    pub recognition_title: Option<String>,
    /// Its number.
    pub recognition_number: Option<String>,
    /// Who issued it.
    pub recognised_by: Option<String>,
    /// When, `YYYY-MM-DD`.
    pub recognised_on: Option<String>,
    /// `in_notice`, `issued`, or `rejected` after its notice had begun.
    #[schema(example = "in_notice")]
    pub state: String,
    /// First day of the notice.
    pub notice_first: String,
    /// Last day of the notice: nothing is issued before it is over.
    pub notice_last: String,
    /// Milligrams of CO2e frozen in it; null: of too few people to be shown.
    pub mg: Option<i64>,
    /// Acts in it; null: of too few people to be shown.
    pub acts: Option<i64>,
    /// People behind it; null: too few to be shown.
    pub people: Option<i64>,
    /// Fewest people behind a count that is shown.
    pub people_min: i64,
    /// Acts in the sample of the verifier.
    pub sample: Option<i64>,
    /// Those of them that were not confirmed.
    pub sample_errors: Option<i64>,
    /// The share of the sampled mass that was not confirmed, in ten-thousandths; null: from before it was drawn by mass.
    pub wrong_share: Option<i64>,
    /// Deducted, in ten-thousandths.
    pub haircut_share: Option<i64>,
    /// Whole tonnes issued.
    pub tonnes: Option<i64>,
    /// Their serial numbers.
    pub serials: Option<String>,
    /// When they were issued.
    pub issued_at: Option<String>,
    /// The body that verified it.
    pub verifier: String,
    /// Root of the tree of hashes over its lots, hexadecimal.
    pub merkle_root: String,
}

impl From<PublicBatch> for InclusionBatchRow {
    fn from(row: PublicBatch) -> Self {
        Self {
            number: row.number,
            region: row.region,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            recognition: row.recognition,
            recognition_title: row.basis.as_ref().map(|basis| basis.title.clone()),
            recognition_number: row.basis.as_ref().map(|basis| basis.number.clone()),
            recognised_by: row.basis.as_ref().map(|basis| basis.authority.clone()),
            recognised_on: row.basis.map(|basis| basis.on),
            state: row.state,
            notice_first: row.notice_first,
            notice_last: row.notice_last,
            mg: row.mg,
            acts: row.acts,
            people: row.people,
            people_min: row.people_min,
            sample: row.sample,
            sample_errors: row.sample_errors,
            wrong_share: row.wrong_share,
            haircut_share: row.haircut_share,
            tonnes: row.tonnes,
            serials: row.serials,
            issued_at: row.issued_at.map(moment),
            verifier: row.verifier,
            merkle_root: row.merkle_root,
        }
    }
}

/// A batch with the events that reductions were given to.
#[derive(Debug, Serialize, ToSchema)]
pub struct InclusionBatch {
    /// The row of the list.
    #[serde(flatten)]
    pub row: InclusionBatchRow,
    /// Titles of the events to which enough people gave what is in it.
    pub campaigns: Vec<String>,
}

impl From<PublicBatchPage> for InclusionBatch {
    fn from(page: PublicBatchPage) -> Self {
        Self {
            row: page.batch.into(),
            campaigns: page.campaigns,
        }
    }
}

/// Batches of carbon inclusion whose notice has begun, newest first.
#[utoipa::path(
    get, path = "/inclusion-batches", tag = "statistics", params(InclusionBatchQuery),
    responses((status = 200, body = List<InclusionBatchRow>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn inclusion_batch_list(
    Shared(state): Shared<State>,
    Query(query): Query<InclusionBatchQuery>,
) -> Result<Json<List<InclusionBatchRow>>, Failure> {
    let page = page_request(query.after, query.limit)?;
    let batches = state.registry.public().inclusion_batches(&page).await?;
    Ok(Json(List::of(batches, InclusionBatchRow::from)))
}

/// One batch of carbon inclusion.
#[utoipa::path(
    get, path = "/inclusion-batches/{number}", tag = "statistics",
    params(("number" = String, Path, description = "The batch's number", example = "PB-2026-00001")),
    responses((status = 200, body = InclusionBatch), (status = 404, description = "No such batch, or its notice has not begun", body = Envelope))
)]
pub async fn inclusion_batch_get(
    Shared(state): Shared<State>,
    Path(number): Path<String>,
) -> Result<Json<InclusionBatch>, Failure> {
    let batch = state.registry.public().inclusion_batch(&number).await?;
    Ok(Json(batch.into()))
}
