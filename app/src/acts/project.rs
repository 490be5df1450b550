//! Projects: one door per act. The hidden field `record` of each form says which one.

use domain::id::ProjectId;
use domain::project::design::kind_of;
use domain::project::{DesignSection, ProjectDesign};
use registry::{Fields, Receipt};

use super::record::{
    Saved, VALIDATION_PARTS, already_saved, confirmed, join_parts, press_line_buttons, record_of,
    revision_of,
};
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Begins a design document with the field `methodology`.
pub async fn project_create(call: ActCall) -> ActAnswer {
    let receipt = call
        .host
        .registry
        .project_create(&call.by()?, &call.fields)
        .await?;
    Ok(Done::to(format!("/desk/projects/{}/edit", receipt.id))
        .flash(Flash::done("desk.done_project_create"))
        .data(receipt))
}

/// Keeps what was typed. `revision` says from which draft the form was made; `then` is the address to go to. Without it: back
/// to the section while something in it is wrong or missing, to the task list once it is complete.
pub async fn project_save(call: ActCall) -> ActAnswer {
    let (project, mut fields) = about(&call);
    let revision = revision_of(&mut fields);
    let then = fields
        .remove("then")
        .filter(|address| super::is_local(address))
        .or_else(|| press_line_buttons(&mut fields, &call.back));
    let by = call.by()?;
    let saved = call
        .host
        .registry
        .project_save(&by, &project, revision, &fields)
        .await;
    let view = call.host.registry.project_get(&by, &project).await?;
    let revision = match saved {
        Ok(receipt) => receipt.revision,
        Err(error) if already_saved(&error, &view.fields, &fields) => view.row.revision,
        Err(error) => return Err(error),
    };
    let next = then.unwrap_or_else(|| {
        let kind = kind_of(&view.fields);
        let sections: Vec<_> = fields
            .keys()
            .filter_map(|name| DesignSection::of_field(name, kind))
            .collect();
        let today = call.visitor.now.beijing_date();
        let refusals = ProjectDesign::read(&view.fields, today, &view.parameters)
            .err()
            .unwrap_or_default();
        let mut open = refusals
            .iter()
            .filter_map(|refusal| DesignSection::of_field(refusal.field.as_deref()?, kind));
        if open.any(|section| sections.contains(&section)) {
            call.back
        } else {
            format!("/desk/projects/{project}/edit")
        }
    });
    Ok(Done::to(next)
        .flash(Flash::done("desk.done_project_save"))
        .data(Saved { revision }))
}

/// Asks the chosen body to validate; the field `validator` names it.
pub async fn project_request_mandate(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_request_mandate(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_request_mandate", receipt))
}

/// The validating body takes the project on, with the reference of its contract.
pub async fn project_confirm_mandate(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_confirm_mandate(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_confirm_mandate", receipt))
}

/// The validating body declines, with a reason.
pub async fn project_decline_mandate(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_decline_mandate(&call.by()?, &project, &fields)
        .await?;
    // who declined is no party any more: the record's page would not be found
    Ok(Done::to("/inbox")
        .flash(Flash::done("desk.done_project_decline_mandate"))
        .data(receipt))
}

/// The owner asks the registry to publish the document.
pub async fn project_request_publicity(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_request_publicity(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_request_publicity", receipt))
}

/// The registry schedules the publicity.
pub async fn project_approve_publicity(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_approve_publicity(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_approve_publicity", receipt))
}

/// The registry sends the request for publicity back, with reasons.
pub async fn project_return(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_return(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_return", receipt))
}

/// The owner gives the application up before publicity.
pub async fn project_withdraw(call: ActCall) -> ActAnswer {
    let (project, mut fields) = about(&call);
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .project_withdraw(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_withdraw", receipt))
}

/// The owner asks to recall the published document.
pub async fn project_request_recall(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_request_recall(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_request_recall", receipt))
}

/// The registry agrees to the recall.
pub async fn project_approve_recall(call: ActCall) -> ActAnswer {
    let (project, mut fields) = about(&call);
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .project_approve_recall(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_approve_recall", receipt))
}

/// The registry refuses the recall.
pub async fn project_refuse_recall(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_refuse_recall(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_refuse_recall", receipt))
}

/// The validating body uploads its positive report.
pub async fn project_validate(call: ActCall) -> ActAnswer {
    let (project, mut fields) = about(&call);
    join_parts(call.visitor.lang, VALIDATION_PARTS, &mut fields)?;
    let receipt = call
        .host
        .registry
        .project_validate(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_validate", receipt))
}

/// The validating body uploads its negative report: the application ends.
pub async fn project_reject(call: ActCall) -> ActAnswer {
    let (project, mut fields) = about(&call);
    join_parts(call.visitor.lang, VALIDATION_PARTS, &mut fields)?;
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .project_reject(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_reject", receipt))
}

/// The owner applies for registration.
pub async fn project_apply_registration(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_apply_registration(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_apply_registration", receipt))
}

/// The registry sends the application for registration back.
pub async fn project_return_registration(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_return_registration(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_return_registration", receipt))
}

/// The registry stops the clock of its review, with questions.
pub async fn project_pause(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_pause(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_pause", receipt))
}

/// The registry takes its review up again.
pub async fn project_resume(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_resume(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_resume", receipt))
}

/// The registry registers the project and allocates its code.
pub async fn project_register(call: ActCall) -> ActAnswer {
    let (project, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .project_register(&call.by()?, &project, &fields)
        .await?;
    Ok(done("desk.done_project_register", receipt))
}

/// Which project, and the fields without that.
fn about(call: &ActCall) -> (ProjectId, Fields) {
    let (id, fields) = record_of(call, "record");
    (ProjectId::new(id), fields)
}

/// Back to the project, with a message.
fn done(message: &str, receipt: Receipt) -> Done {
    let code = receipt.code.clone().unwrap_or_default();
    Done::to(format!("/desk/projects/{}", receipt.id))
        .flash(Flash::done(message).with("code", code))
        .data(receipt)
}
