//! Changes of registered projects. The hidden field `project` names the project of a new one, `change` says which one otherwise.

use domain::id::ProjectId;
use registry::Fields;

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// The owner applies for a change.
pub async fn change_request(call: ActCall) -> ActAnswer {
    let (project, fields) = record_of(&call, "project");
    let receipt = call
        .host
        .registry
        .change_request(&call.by()?, &ProjectId::new(project), &fields)
        .await?;
    Ok(Done::to(format!("/desk/changes/{}", receipt.id))
        .flash(Flash::done("project_change.done_request"))
        .data(receipt))
}

/// The body gives its opinion.
pub async fn change_assess(call: ActCall) -> ActAnswer {
    let (change, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .change_assess(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("project_change.done_assess"))
        .data(receipt))
}

/// The registry approves, with a reason.
pub async fn change_approve(call: ActCall) -> ActAnswer {
    let (change, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .change_approve(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("project_change.done_approve"))
        .data(receipt))
}

/// The registry refuses, with a reason.
pub async fn change_refuse(call: ActCall) -> ActAnswer {
    let (change, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .change_refuse(&call.by()?, &change, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("project_change.done_refuse"))
        .data(receipt))
}

/// The owner takes a change back.
pub async fn change_withdraw(call: ActCall) -> ActAnswer {
    let (change, _) = about(&call);
    let receipt = call
        .host
        .registry
        .change_withdraw(&call.by()?, &change)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("project_change.done_withdraw"))
        .data(receipt))
}

/// Which change, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "change")
}
