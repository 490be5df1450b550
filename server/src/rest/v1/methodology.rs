//! Methodologies.

use axum::Json;
use axum::extract::Path;
use methodologies::{Methodology as Entry, catalogue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::{Envelope, Failure};
use crate::rest::extract::List;

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<methodologies::Text> for Text {
    fn from(text: methodologies::Text) -> Self {
        Self {
            zh: text.zh.to_owned(),
            en: text.en.to_owned(),
        }
    }
}

/// One version of a methodology.
#[derive(Debug, Serialize, ToSchema)]
pub struct Methodology {
    /// Its code with the version.
    #[schema(example = "CCER-01-002-V01")]
    pub code: String,
    /// Its title.
    pub title: Text,
    /// Who publishes it.
    pub publisher: Text,
    /// First day in force.
    #[schema(example = "2023-10-24")]
    pub in_force_from: String,
    /// The project type it is for.
    #[schema(example = "A0201")]
    pub project_type: String,
    /// Longest crediting period in years.
    pub crediting_years_max: u16,
    /// The codes of its calculators.
    pub calculators: Vec<String>,
}

impl From<&Entry> for Methodology {
    fn from(entry: &Entry) -> Self {
        Self {
            code: entry.code.to_owned(),
            title: entry.title.into(),
            publisher: entry.publisher.into(),
            in_force_from: entry.in_force_from.to_string(),
            project_type: entry.project_type.to_owned(),
            crediting_years_max: entry.crediting_years_max,
            calculators: entry
                .calculators
                .iter()
                .map(|code| (*code).to_owned())
                .collect(),
        }
    }
}

/// Every methodology version, by code.
#[utoipa::path(get, path = "/methodologies", tag = "methodologies", responses((status = 200, body = List<Methodology>)))]
pub async fn methodology_list() -> Json<List<Methodology>> {
    Json(List::complete(
        catalogue().iter().map(Methodology::from).collect(),
    ))
}

/// One methodology version.
#[utoipa::path(
    get, path = "/methodologies/{code}", tag = "methodologies",
    params(("code" = String, Path, description = "The code with the version", example = "CCER-01-002-V01")),
    responses((status = 200, body = Methodology), (status = 404, description = "No such methodology", body = Envelope))
)]
pub async fn methodology_get(Path(code): Path<String>) -> Result<Json<Methodology>, Failure> {
    catalogue()
        .iter()
        .find(|entry| entry.code == code)
        .map(|entry| Json(entry.into()))
        .ok_or_else(Failure::not_found)
}
