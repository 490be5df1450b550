//! What this registry holds now.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Shared;
use serde::Serialize;
use utoipa::ToSchema;

use domain::notification::StepUnit;

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

/// How long one step really took.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepLength {
    /// `project` or `report`.
    pub kind: String,
    /// `mandate`, `publicity_review`, `publicity`, `assessment`, `registration` or `issuance`.
    pub step: String,
    /// The year in which the steps ended; none for all years together.
    pub year: Option<i32>,
    /// `working_days` or `calendar_days`.
    pub unit: String,
    /// How many ended.
    pub count: i64,
    /// Days within which half of them ended.
    pub median_days: i64,
    /// Days within which four of five ended.
    pub percentile_80_days: i64,
    /// The text that sets a limit for the step, if one was found.
    pub target_source: Option<String>,
}

/// How long each step really took, by kind, step and year.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepLengths {
    /// One entry per kind, step and year; those of all years first.
    pub items: Vec<StepLength>,
}

/// How long each step really took.
#[utoipa::path(get, path = "/statistics/steps", tag = "statistics", responses((status = 200, body = StepLengths)))]
pub async fn statistics_steps(Shared(state): Shared<State>) -> Result<Json<StepLengths>, Failure> {
    let found = state.registry.public().step_statistics().await?;
    let items = found.into_iter().map(|row| StepLength {
        kind: row.kind.code().to_owned(),
        step: row.step.code().to_owned(),
        year: row.year,
        unit: match row.step.unit() {
            StepUnit::WorkingDays => "working_days".to_owned(),
            StepUnit::CalendarDays => "calendar_days".to_owned(),
        },
        count: row.count,
        median_days: row.median_days,
        percentile_80_days: row.percentile_80_days,
        target_source: row.step.target().map(|target| target.source.to_owned()),
    });
    Ok(Json(StepLengths {
        items: items.collect(),
    }))
}
