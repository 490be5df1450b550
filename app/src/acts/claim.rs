//! Claims of other mechanisms: entering one, ending one. The hidden field `claim` says which one.

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// The registry enters a claim of another mechanism.
pub async fn claim_enter(call: ActCall) -> ActAnswer {
    let receipt = call
        .host
        .registry
        .claim_enter(&call.by()?, &call.fields)
        .await?;
    Ok(Done::to("/desk/claims")
        .flash(Flash::done("claim.done_enter"))
        .data(receipt))
}

/// The registry ends a claim of another mechanism, with a reason.
pub async fn claim_end(call: ActCall) -> ActAnswer {
    let (claim, fields) = record_of(&call, "claim");
    let receipt = call
        .host
        .registry
        .claim_end(&call.by()?, &claim, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("claim.done_end"))
        .data(receipt))
}
