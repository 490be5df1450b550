//! Replacing numbers of the methodologies: proposing a change, deciding on it. The hidden field `change` says which one.

use registry::Fields;

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Proposes a change.
pub async fn parameters_propose(call: ActCall) -> ActAnswer {
    let receipt = call
        .host
        .registry
        .parameters_propose(&call.by()?, &call.fields)
        .await?;
    Ok(Done::to(format!("/desk/parameters/{}", receipt.id))
        .flash(Flash::done("parameters.done_propose"))
        .data(receipt))
}

/// Another operator puts a change in force.
pub async fn parameters_approve(call: ActCall) -> ActAnswer {
    let (change, _) = about(&call);
    let receipt = call
        .host
        .registry
        .parameters_approve(&call.by()?, &change)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("parameters.done_approve"))
        .data(receipt))
}

/// Another operator rejects a change, with a reason.
pub async fn parameters_reject(call: ActCall) -> ActAnswer {
    let (change, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .parameters_reject(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("parameters.done_reject"))
        .data(receipt))
}

/// The proposer withdraws a change, with a reason.
pub async fn parameters_withdraw(call: ActCall) -> ActAnswer {
    let (change, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .parameters_withdraw(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("parameters.done_withdraw"))
        .data(receipt))
}

/// Which change, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "change")
}
