//! The demo clock.

use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;
use domain::Refusal;
use domain::refusal::codes;

/// Moves the demo clock forward by the field `days` and lets what is due by then happen.
pub async fn clock_advance(call: ActCall) -> ActAnswer {
    let days = call.text("days").parse().map_err(|_| {
        Refusal::new(codes::CLOCK_STEP_OUT_OF_RANGE)
            .at("days")
            .with("max", 400)
    })?;
    call.host.registry.clock_advance(&call.by()?, days).await?;
    Ok(Done::to(call.back.clone())
        .flash(Flash::done("flash.clock_advanced").with("days", days.to_string())))
}
