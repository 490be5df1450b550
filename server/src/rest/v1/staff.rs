//! What an organisation may know of its staff: sums of whole months, with nothing in them that stands for too few people.

use axum::Json;
use axum::extract::State as Shared;
use domain::inclusion::crowd::Cell;
use registry::StaffMonth;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::{Envelope, Failure};
use crate::rest::authorisation::Reader;
use crate::rest::extract::List;
use crate::state::State;

/// Sums; all three are `null` where they are not shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSum {
    /// People who did anything, each counted once.
    pub people: Option<i64>,
    /// Acts that are settled.
    pub acts: Option<i64>,
    /// Verified milligrams of CO2e.
    pub mg: Option<i64>,
}

impl From<Option<Cell>> for StaffSum {
    fn from(cell: Option<Cell>) -> Self {
        Self {
            people: cell.map(|cell| cell.people),
            acts: cell.map(|cell| cell.acts),
            mg: cell.map(|cell| cell.mg),
        }
    }
}

/// The sums of a family of scenes.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffFamily {
    /// Code of the family.
    #[schema(example = "travel")]
    pub family: String,
    /// Its sums.
    pub sum: StaffSum,
}

/// A published month of the staff of one's organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMonthView {
    /// The month, `YYYY-MM`.
    #[schema(example = "2026-02")]
    pub month: String,
    /// The day of publication, `YYYY-MM-DD`; nothing is changed afterwards.
    pub published_on: String,
    /// Fewest people behind a figure that is shown.
    pub people_min: i64,
    /// Members who are counted; `null`: too few.
    pub members: Option<i64>,
    /// Milligrams for each of them, rounded down; `null`: not shown.
    pub mg_per_member: Option<i64>,
    /// The families in which anybody did anything.
    pub families: Vec<StaffFamily>,
    /// Everything together.
    pub total: StaffSum,
}

impl From<StaffMonth> for StaffMonthView {
    fn from(month: StaffMonth) -> Self {
        Self {
            mg_per_member: month.mg_per_member(),
            month: month.month,
            published_on: month.published_on,
            people_min: month.people_min,
            members: month.members,
            families: month
                .families
                .into_iter()
                .map(|(family, cell)| StaffFamily {
                    family,
                    sum: cell.into(),
                })
                .collect(),
            total: month.total.into(),
        }
    }
}

/// The published months of the group of one's organisation's staff, the last one first; none where it has no group. Sums only: no person
/// and no day can be asked for.
#[utoipa::path(
    get, path = "/staff/months", tag = "statistics", security(("token" = [])),
    responses(
        (status = 200, body = List<StaffMonthView>),
        (status = 401, description = "No valid token", body = Envelope),
        (status = 403, description = "Not an organisation that has staff here", body = Envelope)
    )
)]
pub async fn staff_months(
    Shared(state): Shared<State>,
    Reader(by): Reader,
) -> Result<Json<List<StaffMonthView>>, Failure> {
    let group = state.registry.staff_group(&by).await?;
    let months = group.map(|group| group.months).unwrap_or_default();
    let rows = months.into_iter().map(StaffMonthView::from).collect();
    Ok(Json(List::complete(rows)))
}
