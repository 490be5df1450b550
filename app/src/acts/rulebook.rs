//! The operator's rule book: proposing a change, deciding on it, and extending a publicity window. The hidden field `rule` says which
//! change.

use registry::Fields;

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Proposes a change.
pub async fn rule_propose(call: ActCall) -> ActAnswer {
    let receipt = call
        .host
        .registry
        .rule_propose(&call.by()?, &call.fields)
        .await?;
    Ok(Done::to(format!("/desk/rules/{}", receipt.id))
        .flash(Flash::done("rulebook.done_propose"))
        .data(receipt))
}

/// Another operator puts a change in force.
pub async fn rule_approve(call: ActCall) -> ActAnswer {
    let (rule, _) = about(&call);
    let receipt = call.host.registry.rule_approve(&call.by()?, &rule).await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("rulebook.done_approve"))
        .data(receipt))
}

/// Another operator rejects a change, with a reason.
pub async fn rule_reject(call: ActCall) -> ActAnswer {
    let (rule, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .rule_reject(&call.by()?, &rule, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("rulebook.done_reject"))
        .data(receipt))
}

/// The proposer withdraws a change, with a reason.
pub async fn rule_withdraw(call: ActCall) -> ActAnswer {
    let (rule, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .rule_withdraw(&call.by()?, &rule, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("rulebook.done_withdraw"))
        .data(receipt))
}

/// The registry gives the publicity of a project a later last day.
pub async fn project_extend_publicity(call: ActCall) -> ActAnswer {
    let (id, fields) = record_of(&call, "record");
    let receipt = call
        .host
        .registry
        .project_extend_publicity(&call.by()?, &id.as_str().into(), &fields)
        .await?;
    Ok(Done::to(format!("/desk/projects/{}", receipt.id))
        .flash(Flash::done("desk.done_project_extend_publicity"))
        .data(receipt))
}

/// The registry gives the publicity of a monitoring report a later last day.
pub async fn report_extend_publicity(call: ActCall) -> ActAnswer {
    let (id, fields) = record_of(&call, "record");
    let receipt = call
        .host
        .registry
        .report_extend_publicity(&call.by()?, &id.as_str().into(), &fields)
        .await?;
    Ok(Done::to(format!("/desk/reports/{}", receipt.id))
        .flash(Flash::done("desk.done_report_extend_publicity"))
        .data(receipt))
}

/// Which change, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "rule")
}
