//! Classes of credits: one project, one year of generation.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::PublicClass;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::{Envelope, Failure};
use crate::rest::extract::{List, Paging, Query, page_request};
use crate::state::State;

/// A class of interchangeable credits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Class {
    /// Opaque id.
    pub id: String,
    /// The project's id.
    pub project: String,
    /// The project's code.
    #[schema(example = "A210001")]
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The methodology.
    pub methodology: String,
    /// `ccer`, or `inclusion`: carbon inclusion.
    #[schema(example = "ccer")]
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`. An event is neutralised with the first two only.
    #[schema(example = "national")]
    pub recognition: String,
    /// The year of generation.
    #[schema(example = 2024)]
    pub vintage: i32,
    /// Tonnes CO2e issued.
    pub issued: i64,
    /// Tonnes CO2e held by anyone.
    pub held: i64,
    /// Tonnes CO2e retired.
    pub retired: i64,
    /// All its serial numbers, in this platform's own form; `null` when nothing was issued.
    #[schema(example = "HT-A210001-2024-1-500")]
    pub serial: Option<String>,
}

impl From<PublicClass> for Class {
    fn from(class: PublicClass) -> Self {
        Self {
            id: class.id,
            project: class.project,
            project_code: class.project_code,
            project_name: class.project_name,
            methodology: class.methodology,
            unit_kind: class.unit_kind,
            recognition: class.recognition,
            vintage: class.vintage,
            issued: class.issued,
            held: class.held,
            retired: class.retired,
            serial: class.serial,
        }
    }
}

/// Every class of which credits were issued, newest first.
#[utoipa::path(
    get, path = "/classes", tag = "credits", params(Paging),
    responses((status = 200, body = List<Class>), (status = 400, description = "A parameter is wrong", body = Envelope))
)]
pub async fn class_list(
    Shared(state): Shared<State>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Class>>, Failure> {
    let page = page_request(paging.after, paging.limit)?;
    Ok(Json(List::of(
        state.registry.public().classes(&page).await?,
        Class::from,
    )))
}

/// One class.
#[utoipa::path(
    get, path = "/classes/{id}", tag = "credits", params(("id" = String, Path, description = "The class's id")),
    responses((status = 200, body = Class), (status = 404, description = "No such class", body = Envelope))
)]
pub async fn class_get(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
) -> Result<Json<Class>, Failure> {
    Ok(Json(state.registry.public().class(&id).await?.into()))
}
