//! The operator's dated rule book: what holds, with its sources, and what was changed by which document.

use axum::Json;
use axum::extract::State as Shared;
use domain::rulebook::{LegalReference, LimitEntry, PenaltyEntry};
use registry::{PublicRuleVersion, VvbApproval};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::state::State;

/// Everything in force. Each rule has its source with `basis`: `official_text`, `observed` or `assumed`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleBook {
    /// 0: as built in; otherwise the number of the last approved change.
    pub version: u64,
    /// Working days.
    pub calendar: RuleCalendar,
    /// Every entry of every time limit, oldest first: limit, value, from, source.
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<LimitEntry>,
    /// Every entry of every penalty, oldest first; the one of the day of the act holds.
    #[schema(value_type = Vec<Object>)]
    pub penalties: Vec<PenaltyEntry>,
    /// Laws and rules, also those that were not found.
    #[schema(value_type = Vec<Object>)]
    pub references: Vec<LegalReference>,
    /// Approvals of validation and verification bodies by sector.
    #[schema(value_type = Vec<Object>)]
    pub approvals: Vec<VvbApproval>,
    /// The approved changes, newest first.
    #[schema(value_type = Vec<Object>)]
    pub changes: Vec<PublicRuleVersion>,
}

/// The calendar in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleCalendar {
    /// Its version, kept with each publicity window.
    #[schema(example = "cn-2026-1")]
    pub version: String,
    /// The years whose notice is known; a window that reaches another year is refused.
    pub years: Vec<i32>,
    /// The days that differ from the plain week.
    pub days: Vec<RuleCalendarDay>,
}

/// A day that differs from the plain week.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleCalendarDay {
    /// The day.
    #[schema(example = "2026-10-01")]
    pub date: String,
    /// Whether people work.
    pub works: bool,
}

/// The rule book in force and how it came about.
#[utoipa::path(get, path = "/rules", tag = "methodologies", responses((status = 200, body = RuleBook)))]
pub async fn rule_book_get(Shared(state): Shared<State>) -> Result<Json<RuleBook>, Failure> {
    let book = state.registry.rule_book().await?;
    let approvals = state.registry.vvb_approval_list().await?;
    let changes = state.registry.public().rule_versions().await?;
    let years: Vec<i32> = book.calendar.years().collect();
    let days = years.iter().flat_map(|year| {
        let days = book.calendar.exceptions_of(*year);
        days.map(|(date, works)| RuleCalendarDay {
            date: date.to_string(),
            works,
        })
    });
    let calendar = RuleCalendar {
        version: book.calendar.version().to_owned(),
        days: days.collect(),
        years,
    };
    Ok(Json(RuleBook {
        version: book.version,
        calendar,
        limits: book.limits,
        penalties: book.penalties,
        references: book.references,
        approvals,
        changes,
    }))
}
