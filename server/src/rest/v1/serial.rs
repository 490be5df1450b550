//! Serial numbers: where each tonne is now, and where it has been.

use axum::Json;
use axum::extract::{Path, State as Shared};
use registry::{SerialAnswer, SerialMove, SerialPages, SerialPart};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::class::Class;
use crate::failure::{Envelope, Failure};
use crate::rest::extract::{Query, moment};
use crate::state::State;

/// What became of a range of serial numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Serial {
    /// The class.
    pub class: Class,
    /// First number asked about.
    pub start: i64,
    /// Last number asked about.
    pub end: i64,
    /// How many of the numbers are retired; all others are held.
    pub retired: i64,
    /// Where each number is now, in the order of the numbers.
    pub parts: Vec<SerialRange>,
    /// Give this as `parts_after` for the parts that follow; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts_next: Option<String>,
    /// Every movement that touched the range, oldest first.
    pub history: Vec<SerialMovement>,
    /// Give this as `history_after` for the movements that follow; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_next: Option<String>,
}

/// From where on the two lists of the answer are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SerialQuery {
    /// `parts_next` of the answer before.
    pub parts_after: Option<String>,
    /// `history_next` of the answer before.
    pub history_after: Option<String>,
}

/// A part of the range in one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct SerialRange {
    /// The part as a serial number of this platform.
    #[schema(example = "HT-A210001-2024-1-500")]
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// `holding` or `retired`.
    pub state: String,
    /// The certificate, when retired.
    pub retirement: Option<String>,
}

/// A movement of a part of the range.
#[derive(Debug, Serialize, ToSchema)]
pub struct SerialMovement {
    /// When.
    pub at: String,
    /// `issued`, `transferred`, `retired`, or `changed` for another change of state.
    pub movement: String,
    /// The state they left: `issuance`, `holding`, `trading`, `reserved`, `in_transfer`, `pending_offset`, `frozen` or `suspended`.
    pub from_state: String,
    /// The state they entered; also `retired`.
    pub to_state: String,
    /// First number that moved.
    pub start: i64,
    /// Last number that moved.
    pub end: i64,
    /// The certificate, when retired.
    pub retirement: Option<String>,
}

impl From<SerialPart> for SerialRange {
    fn from(part: SerialPart) -> Self {
        Self {
            serial: part.serial,
            start: part.start,
            end: part.end,
            state: part.state,
            retirement: part.retirement,
        }
    }
}

impl From<SerialMove> for SerialMovement {
    fn from(step: SerialMove) -> Self {
        Self {
            at: moment(step.at),
            movement: step.movement,
            from_state: step.from_state,
            to_state: step.to_state,
            start: step.start,
            end: step.end,
            retirement: step.retirement,
        }
    }
}

impl From<SerialAnswer> for Serial {
    fn from(answer: SerialAnswer) -> Self {
        Self {
            class: answer.class.into(),
            start: answer.start,
            end: answer.end,
            retired: answer.retired,
            parts_next: answer.parts.next,
            parts: answer.parts.rows.into_iter().map(Into::into).collect(),
            history_next: answer.history.next,
            history: answer.history.rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// What became of a serial number or a range of them.
#[utoipa::path(
    get, path = "/serials/{serial}", tag = "credits",
    params(("serial" = String, Path, description = "A range or one number", example = "HT-A210001-2024-1-500"), SerialQuery),
    responses(
        (status = 200, body = Serial),
        (status = 404, description = "No such numbers", body = Envelope),
        (status = 422, description = "Not a serial number of this platform", body = Envelope)
    )
)]
pub async fn serial_get(
    Shared(state): Shared<State>,
    Path(serial): Path<String>,
    Query(query): Query<SerialQuery>,
) -> Result<Json<Serial>, Failure> {
    let pages = SerialPages {
        parts_after: query.parts_after,
        history_after: query.history_after,
    };
    let answer = state.registry.public().serial(&serial, &pages).await?;
    Ok(Json(answer.into()))
}
