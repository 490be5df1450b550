//! Calculators: what they take, and running one. Nothing is stored.

use axum::Json;
use axum::extract::{Path, State as Shared};
use domain::Refusal;
use methodologies::{Calculator as Entry, Stage, calculate_with, calculators};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::methodology::Text;
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{Json as JsonBody, List};
use crate::state::State;

/// A calculator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Calculator {
    /// Its code: methodology and stage.
    #[schema(example = "CCER-01-002-V01/ex-ante")]
    pub code: String,
    /// The methodology version.
    pub methodology: String,
    /// `ex-ante` (estimate for the design document), `ex-post` (accounting of a monitoring period) or `estimate` (a rough figure
    /// by assumed formulas, never for a filing).
    pub stage: String,
    /// What it computes.
    pub title: Text,
}

impl From<&Entry> for Calculator {
    fn from(entry: &Entry) -> Self {
        let stage = match entry.stage {
            Stage::ExAnte => "ex-ante",
            Stage::ExPost => "ex-post",
            Stage::Estimate => "estimate",
        };
        Self {
            code: entry.code.to_owned(),
            methodology: entry.methodology.to_owned(),
            stage: stage.to_owned(),
            title: entry.title.into(),
        }
    }
}

/// What a calculator takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalculatorSchema {
    /// Every field with path, type, unit, label, help and range.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// A complete input.
    #[schema(value_type = Object)]
    pub example: Value,
}

/// Every calculator.
#[utoipa::path(get, path = "/calculators", tag = "methodologies", responses((status = 200, body = List<Calculator>)))]
pub async fn calculator_list() -> Json<List<Calculator>> {
    Json(List::complete(
        calculators().iter().map(Calculator::from).collect(),
    ))
}

/// What a calculator takes, with a complete example.
#[utoipa::path(
    get, path = "/calculators/{methodology}/{stage}", tag = "methodologies",
    params(
        ("methodology" = String, Path, description = "The methodology version", example = "CCER-01-002-V01"),
        ("stage" = String, Path, description = "ex-ante or ex-post", example = "ex-ante")
    ),
    responses((status = 200, body = CalculatorSchema), (status = 404, description = "No such calculator", body = Envelope))
)]
pub async fn calculator_get(
    Shared(state): Shared<State>,
    Path((methodology, stage)): Path<(String, String)>,
) -> Result<Json<CalculatorSchema>, Failure> {
    let code = format!("{methodology}/{stage}");
    let set = state.registry.parameters_in_force().await?;
    let (schema, example) = methodologies::schema_with(&code, &set)
        .zip(methodologies::example_with(&code, &set))
        .ok_or_else(Failure::not_found)?;
    Ok(Json(CalculatorSchema { schema, example }))
}

/// Runs a calculator. The body is its input; leaves may be strings. The answer has the result in whole tonnes, a line per
/// year, every step with its clause, every published or assumed number used, and the parameter set in force (`parameter_set`,
/// see `/parameters/{set}`).
#[utoipa::path(
    post, path = "/calculators/{methodology}/{stage}", tag = "methodologies",
    params(
        ("methodology" = String, Path, description = "The methodology version", example = "CCER-01-002-V01"),
        ("stage" = String, Path, description = "ex-ante or ex-post", example = "ex-ante")
    ),
    request_body(content = Object, description = "The input: see the calculator's schema and example"),
    responses(
        (status = 200, description = "Result, year lines, steps, parameters and notes", body = Object),
        (status = 404, description = "No such calculator", body = Envelope),
        (status = 413, description = "The input is too large", body = Envelope),
        (status = 422, description = "Wrong input, each mistake at its field", body = Envelope)
    )
)]
pub async fn calculator_run(
    Shared(state): Shared<State>,
    Path((methodology, stage)): Path<(String, String)>,
    JsonBody(input): JsonBody<Value>,
) -> Result<Json<Value>, Failure> {
    let code = format!("{methodology}/{stage}");
    if methodologies::calculator(&code).is_none() {
        return Err(Failure::not_found());
    }
    let set = state.registry.parameters_in_force().await?;
    let outcome = calculate_with(&code, &input, &set)
        .map_err(|errors| Failure::refused(errors.into_iter().map(Refusal::from).collect()))?;
    Ok(Json(
        serde_json::to_value(outcome).map_err(Failure::internal)?,
    ))
}
