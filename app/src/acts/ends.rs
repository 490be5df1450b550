//! The acts by which applications and registrations end, and those about the experts of a registration review.

use domain::id::{ProjectId, ReportId};
use registry::{Fields, Receipt};

use super::record::{confirmed, record_of};
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// The page with the register of experts.
const EXPERTS: &str = "/desk/experts";

/// The owner gives the application up after publicity.
pub async fn project_abort(call: ActCall) -> ActAnswer {
    let (project, mut fields) = project(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .project_abort(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_abort", receipt))
}

/// The registry refuses registration.
pub async fn project_refuse_registration(call: ActCall) -> ActAnswer {
    let (project, mut fields) = project(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .project_refuse_registration(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_refuse_registration", receipt))
}

/// The registry draws experts.
pub async fn project_appoint_experts(call: ActCall) -> ActAnswer {
    let (project, fields) = project(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .project_appoint_experts(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_appoint_experts", receipt))
}

/// The registry enters an expert's answer.
pub async fn project_record_expert(call: ActCall) -> ActAnswer {
    let (project, fields) = project(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .project_record_expert(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_record_expert", receipt))
}

/// The owner asks to cancel the registration.
pub async fn project_request_deregistration(call: ActCall) -> ActAnswer {
    let (project, mut fields) = project(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .project_request_deregistration(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_request_deregistration", receipt))
}

/// The registry does not cancel the registration.
pub async fn project_refuse_deregistration(call: ActCall) -> ActAnswer {
    let (project, fields) = project(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .project_refuse_deregistration(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_refuse_deregistration", receipt))
}

/// The registry cancels the registration.
pub async fn project_deregister(call: ActCall) -> ActAnswer {
    let (project, mut fields) = project(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .project_deregister(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_deregister", receipt))
}

/// The registry enters the notice by which an authority revokes the registration.
pub async fn project_revoke(call: ActCall) -> ActAnswer {
    let (project, mut fields) = project(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .project_revoke(&call.by()?, &project, &fields)
        .await?;
    Ok(of_project("ends.done_revoke", receipt))
}

/// The owner gives the report up after publicity.
pub async fn report_abort(call: ActCall) -> ActAnswer {
    let (report, mut fields) = report(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry.report_abort(&call.by()?, &report, &fields).await?;
    Ok(of_report("ends.done_abort", receipt))
}

/// The registry refuses registration of the reductions.
pub async fn report_refuse_registration(call: ActCall) -> ActAnswer {
    let (report, mut fields) = report(&call);
    confirmed(&mut fields)?;
    let registry = &call.host.registry;
    let receipt = registry
        .report_refuse_registration(&call.by()?, &report, &fields)
        .await?;
    Ok(of_report("ends.done_refuse_registration", receipt))
}

/// The registry draws experts.
pub async fn report_appoint_experts(call: ActCall) -> ActAnswer {
    let (report, fields) = report(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .report_appoint_experts(&call.by()?, &report, &fields)
        .await?;
    Ok(of_report("ends.done_appoint_experts", receipt))
}

/// The registry enters an expert's answer.
pub async fn report_record_expert(call: ActCall) -> ActAnswer {
    let (report, fields) = report(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .report_record_expert(&call.by()?, &report, &fields)
        .await?;
    Ok(of_report("ends.done_record_expert", receipt))
}

/// Enters somebody into the register of experts.
pub async fn expert_add(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.expert_add(&call.by()?, &call.fields).await?;
    Ok(Done::to(EXPERTS)
        .flash(Flash::done("ends.done_expert_add"))
        .data(receipt))
}

/// Takes somebody out of the register of experts; the field `expert` says who.
pub async fn expert_end(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .expert_end(&call.by()?, call.text("expert"))
        .await?;
    Ok(Done::to(EXPERTS)
        .flash(Flash::done("ends.done_expert_end"))
        .data(receipt))
}

fn project(call: &ActCall) -> (ProjectId, Fields) {
    let (id, fields) = record_of(call, "record");
    (ProjectId::new(id), fields)
}

fn report(call: &ActCall) -> (ReportId, Fields) {
    let (id, fields) = record_of(call, "record");
    (ReportId::new(id), fields)
}

fn of_project(message: &str, receipt: Receipt) -> Done {
    Done::to(format!("/desk/projects/{}", receipt.id))
        .flash(Flash::done(message))
        .data(receipt)
}

fn of_report(message: &str, receipt: Receipt) -> Done {
    Done::to(format!("/desk/reports/{}", receipt.id))
        .flash(Flash::done(message))
        .data(receipt)
}
