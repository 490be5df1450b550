//! Monitoring reports: one door per act. The hidden field `record` of each form says which one.

use domain::Refusal;
use domain::id::{ProjectId, ReportId};
use domain::project::guard::follows_other_periods;
use domain::project::{MonitoringReport, ReportBasis, ReportSection};
use registry::{Error, Fields, Receipt, ReportView};

use super::record::{
    Saved, VERIFICATION_PARTS, already_saved, confirmed, join_parts, press_line_buttons, record_of,
    revision_of,
};
use super::table_file::take_table;
use super::{ActAnswer, ActCall, Done};
use crate::format::parse_date;
use crate::visitor::Flash;

/// Begins a monitoring report for the project in the field `project`. A period that could never be credited is refused here
/// already, at its fields, although the registry asks again when the report is sent.
pub async fn report_create(call: ActCall) -> ActAnswer {
    let (project, fields) = record_of(&call, "project");
    let (by, project) = (call.by()?, ProjectId::new(project));
    if !fields.contains_key("source") {
        check_period(&call, &project, &fields).await?;
    }
    let receipt = call
        .host
        .registry
        .report_create(&by, &project, &fields)
        .await?;
    Ok(Done::to(format!("/desk/reports/{}/edit", receipt.id))
        .flash(Flash::done("desk.done_report_create"))
        .data(receipt))
}

/// What the guards say about the period of a new report.
async fn check_period(call: &ActCall, project: &ProjectId, fields: &Fields) -> Result<(), Error> {
    let project = call.host.registry.project_get(&call.by()?, project).await?;
    let today = call.visitor.now.beijing_date();
    let design = project.published_fields.unwrap_or(project.fields);
    let Some(basis) = ReportBasis::of_design(&design, today) else {
        return Ok(());
    };
    let refusals = MonitoringReport::read(fields, &basis, today, &project.parameters)
        .err()
        .unwrap_or_default();
    let of_period = |refusal: &Refusal| {
        let field = refusal.field.as_deref();
        field.and_then(|field| ReportSection::of_field(field, Some(basis.kind)))
            == Some(ReportSection::Period)
    };
    let refusals: Vec<_> = refusals.into_iter().filter(of_period).collect();
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let ended = ["discarded", "withdrawn", "terminated"];
    let running = project
        .reports
        .iter()
        .filter(|report| !ended.contains(&report.state.as_str()));
    let day = |text: Option<&String>| parse_date(text?);
    let others: Vec<_> = running
        .filter_map(|report| {
            Some((
                day(report.period_start.as_ref())?,
                day(report.period_end.as_ref())?,
            ))
        })
        .collect();
    let typed = |name: &str| domain::text::date(name, fields.get(name).map_or("", String::as_str));
    Ok(follows_other_periods(
        (typed("period_from")?, typed("period_to")?),
        &others,
    )?)
}

/// Keeps what was typed. `revision` says from which draft the form was made; `then` is the address to go to. Without it: back
/// to the section while something in it is wrong or missing, to the task list once it is complete.
pub async fn report_save(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    take_table(call.file.as_ref(), &mut fields)?;
    let revision = revision_of(&mut fields);
    let then = fields
        .remove("then")
        .filter(|address| super::is_local(address))
        .or_else(|| press_line_buttons(&mut fields, &call.back));
    let by = call.by()?;
    let saved = call
        .host
        .registry
        .report_save(&by, &report, revision, &fields)
        .await;
    let view = call.host.registry.report_get(&by, &report).await?;
    let revision = match saved {
        Ok(receipt) => receipt.revision,
        Err(error) if already_saved(&error, &view.fields, &fields) => view.row.revision,
        Err(error) => return Err(error),
    };
    let next = match then {
        Some(address) => address,
        None if section_is_open(&view, &fields) => call.back,
        None => format!("/desk/reports/{report}/edit"),
    };
    Ok(Done::to(next)
        .flash(Flash::done("desk.done_report_save"))
        .data(Saved { revision }))
}

/// Whether anything is wrong or missing in the sections that these fields belong to.
fn section_is_open(view: &ReportView, fields: &Fields) -> bool {
    let Some(basis) = &view.basis else {
        return true;
    };
    let kind = Some(basis.kind);
    let sections: Vec<_> = fields
        .keys()
        .filter_map(|name| ReportSection::of_field(name, kind))
        .collect();
    let mut open = view
        .open_points
        .iter()
        .filter_map(|refusal| ReportSection::of_field(refusal.field.as_deref()?, kind));
    open.any(|section| sections.contains(&section))
}

/// Asks the chosen body to verify; the field `verifier` names it.
pub async fn report_request_mandate(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_request_mandate(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_request_mandate", receipt))
}

/// The verifying body takes the report on, with the reference of its contract.
pub async fn report_confirm_mandate(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_confirm_mandate(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_confirm_mandate", receipt))
}

/// The verifying body declines, with a reason.
pub async fn report_decline_mandate(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_decline_mandate(&call.by()?, &report, &fields)
        .await?;
    // who declined is no party any more: the record's page would not be found
    Ok(Done::to("/inbox")
        .flash(Flash::done("desk.done_report_decline_mandate"))
        .data(receipt))
}

/// The owner asks the registry to publish the report.
pub async fn report_request_publicity(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_request_publicity(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_request_publicity", receipt))
}

/// The registry schedules the publicity.
pub async fn report_approve_publicity(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_approve_publicity(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_approve_publicity", receipt))
}

/// The registry sends the request for publicity back, with reasons.
pub async fn report_return(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_return(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_return", receipt))
}

/// The owner gives the report up before publicity.
pub async fn report_withdraw(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .report_withdraw(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_withdraw", receipt))
}

/// The owner asks to recall the published report.
pub async fn report_request_recall(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_request_recall(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_request_recall", receipt))
}

/// The registry agrees to the recall.
pub async fn report_approve_recall(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .report_approve_recall(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_approve_recall", receipt))
}

/// The registry refuses the recall.
pub async fn report_refuse_recall(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_refuse_recall(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_refuse_recall", receipt))
}

/// The verifying body uploads its positive report with the verified tonnes of each year.
pub async fn report_verify(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    join_parts(call.visitor.lang, VERIFICATION_PARTS, &mut fields)?;
    let receipt = call
        .host
        .registry
        .report_verify(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_verify", receipt))
}

/// The verifying body uploads its negative report: the application ends.
pub async fn report_reject(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    join_parts(call.visitor.lang, VERIFICATION_PARTS, &mut fields)?;
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .report_reject(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_reject", receipt))
}

/// The owner applies for registration of the reductions.
pub async fn report_apply_registration(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_apply_registration(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_apply_registration", receipt))
}

/// The registry sends the application for registration back.
pub async fn report_return_registration(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_return_registration(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_return_registration", receipt))
}

/// The registry stops the clock of its review, with questions.
pub async fn report_pause(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_pause(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_pause", receipt))
}

/// The registry takes its review up again.
pub async fn report_resume(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_resume(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_resume", receipt))
}

/// The registry registers the reductions.
pub async fn report_register(call: ActCall) -> ActAnswer {
    let (report, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .report_register(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_register", receipt))
}

/// The registry issues the credits of each year to the owner.
pub async fn report_issue(call: ActCall) -> ActAnswer {
    let (report, mut fields) = about(&call);
    confirmed(&mut fields)?;
    let receipt = call
        .host
        .registry
        .report_issue(&call.by()?, &report, &fields)
        .await?;
    Ok(done("desk.done_report_issue", receipt))
}

/// Which report, and the fields without that.
fn about(call: &ActCall) -> (ReportId, Fields) {
    let (id, fields) = record_of(call, "record");
    (ReportId::new(id), fields)
}

/// Back to the report, with a message.
fn done(message: &str, receipt: Receipt) -> Done {
    Done::to(format!("/desk/reports/{}", receipt.id))
        .flash(Flash::done(message))
        .data(receipt)
}
