//! The numbers the calculators use: the sets that replaced built-in ones, and each set as a whole.

use axum::Json;
use axum::extract::{Path, State as Shared};
use methodologies::inclusion::{SceneVersion, Tier};
use methodologies::replaceable::{self, InForce};
use methodologies::{Parameters, Replacement};
use registry::PublicParameterSet;
use serde::Serialize;
use utoipa::ToSchema;

use super::methodology::Text;
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, moment};
use crate::state::State;

/// An approved set: what it replaced, by which document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterSet {
    /// Its number; 0 is the built-in set and is not listed.
    pub number: u64,
    /// Title of the document it rests on.
    pub document: String,
    /// Its number or reference.
    pub document_number: String,
    /// First day on which its numbers hold.
    pub effective_from: String,
    /// Why the numbers were replaced.
    pub reason: String,
    /// When it was approved: it serves calculations made from then on.
    pub approved_at: String,
    /// The numbers it replaced.
    pub replacements: Vec<ParameterReplacement>,
    /// The scenes of carbon inclusion it defined, each whole: code, from, open, family, name, formula, measure, unit, credit, why, evidence,
    /// unique, max_per_act, speed_max, limits, factors with region, role, value, tier and source.
    #[schema(value_type = Vec<Object>)]
    pub scenes: Vec<SceneVersion>,
}

/// A number that takes the place of a built-in one from a day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterReplacement {
    /// Id of the parameter.
    #[schema(example = "grid.South.2025.om")]
    pub id: String,
    /// The value, as text so that no digit is lost.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// First day on which it holds.
    pub from: String,
    /// The document that gives it.
    pub source: Text,
    /// No official text gives it.
    pub assumed: bool,
    /// How good it is, `A` to `E` or `X`; only of factors of scenes and average grid factors, and not of those entered before it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "C")]
    pub tier: Option<&'static str>,
}

/// A set as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterSetWhole {
    /// Its number; 0 is the built-in set.
    pub number: u64,
    /// Everything replaced up to this set, as `huitan calc --parameters` takes it.
    #[schema(value_type = Object)]
    pub parameters: Parameters,
    /// Every number as it holds today under this set: id, title, value, unit, source, clause, assumed, from, replaced.
    #[schema(value_type = Vec<Object>)]
    pub in_force: Vec<InForce>,
}

/// The approved parameter sets, newest first.
#[utoipa::path(get, path = "/parameters", tag = "methodologies", responses((status = 200, body = List<ParameterSet>)))]
pub async fn parameter_set_list(
    Shared(state): Shared<State>,
) -> Result<Json<List<ParameterSet>>, Failure> {
    let sets = state.registry.public().parameter_sets().await?;
    Ok(Json(List::complete(
        sets.into_iter().map(ParameterSet::from).collect(),
    )))
}

/// One parameter set with every number as it holds today; set 0 is the built-in one.
#[utoipa::path(
    get, path = "/parameters/{set}", tag = "methodologies",
    params(("set" = u64, Path, description = "The number of the set", example = 0)),
    responses((status = 200, body = ParameterSetWhole), (status = 404, description = "No such set", body = Envelope))
)]
pub async fn parameter_set_get(
    Shared(state): Shared<State>,
    Path(set): Path<u64>,
) -> Result<Json<ParameterSetWhole>, Failure> {
    let parameters = state.registry.parameters_of_set(set).await?;
    let today = state.now().await?.beijing_date();
    Ok(Json(ParameterSetWhole {
        number: parameters.set,
        in_force: replaceable::in_force(&parameters, today),
        parameters,
    }))
}

impl From<PublicParameterSet> for ParameterSet {
    fn from(set: PublicParameterSet) -> Self {
        Self {
            number: set.number,
            document: set.document,
            document_number: set.document_number,
            effective_from: set.effective_from,
            reason: set.reason,
            approved_at: moment(set.approved_at),
            replacements: set
                .replacements
                .into_iter()
                .map(ParameterReplacement::from)
                .collect(),
            scenes: set.scenes,
        }
    }
}

impl From<Replacement> for ParameterReplacement {
    fn from(one: Replacement) -> Self {
        Self {
            id: one.id,
            value: one.value.to_string(),
            unit: one.unit,
            from: methodologies::day::to_text(one.from),
            source: Text {
                zh: one.source.zh,
                en: one.source.en,
            },
            assumed: one.assumed,
            tier: one.tier.map(Tier::code),
        }
    }
}
