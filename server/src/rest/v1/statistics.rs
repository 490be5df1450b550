//! What this registry holds now.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Shared;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::state::State;

/// Counts and tonnes of everything public.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    /// How many published projects are in each state.
    pub projects: BTreeMap<String, i64>,
    /// How many published monitoring reports are in each state.
    pub reports: BTreeMap<String, i64>,
    /// Tonnes CO2e issued.
    pub issued: i64,
    /// Tonnes CO2e held by anyone.
    pub held: i64,
    /// Tonnes CO2e retired.
    pub retired: i64,
    /// How many retirements.
    pub retirements: i64,
    /// By year of generation, oldest first.
    pub vintages: Vec<VintageTonnes>,
}

/// Tonnes of one year of generation.
#[derive(Debug, Serialize, ToSchema)]
pub struct VintageTonnes {
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes CO2e issued.
    pub issued: i64,
    /// Tonnes CO2e retired.
    pub retired: i64,
}

/// What this registry holds now.
#[utoipa::path(get, path = "/statistics", tag = "statistics", responses((status = 200, body = Statistics)))]
pub async fn statistics_get(Shared(state): Shared<State>) -> Result<Json<Statistics>, Failure> {
    let found = state.registry.public().statistics().await?;
    let vintages = found.vintages.into_iter();
    Ok(Json(Statistics {
        projects: found.projects,
        reports: found.reports,
        issued: found.issued,
        held: found.held,
        retired: found.retired,
        retirements: found.retirements,
        vintages: vintages
            .map(|year| VintageTonnes {
                vintage: year.vintage,
                issued: year.issued,
                retired: year.retired,
            })
            .collect(),
    }))
}
