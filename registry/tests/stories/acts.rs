//! Every act with a session by its name, so that a story can go through the table of acts.

use domain::Act;
use registry::{By, Error, Fields, Registry};
use serde_json::Value;

/// The acts that are not reached through [`perform`]: of sessions and tokens, of visitors, and of the demo clock.
pub const ELSEWHERE: &[Act] = &[
    Act::UserSignUp,
    Act::UserSignIn,
    Act::UserSignOut,
    Act::UserSignOutEverywhere,
    Act::UserChangePassword,
    Act::UserCreateToken,
    Act::UserRevokeToken,
    Act::OpinionSubmit,
    Act::ClockAdvance,
];

/// Does an act about a record, an opinion or the actor's credits; the answer as JSON.
pub async fn perform(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Value, Error> {
    let answer = match act {
        Act::ProjectCreate => json(registry.project_create(by, fields).await?),
        Act::ProjectSave => json(
            registry
                .project_save(by, &about.into(), revision(fields), fields)
                .await?,
        ),
        Act::ProjectBoundarySet => json(
            registry
                .project_boundary_set(by, &about.into(), boundary())
                .await?,
        ),
        Act::ProjectBoundaryRemove => {
            json(registry.project_boundary_remove(by, &about.into()).await?)
        }
        Act::ProjectRequestMandate => json(
            registry
                .project_request_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectConfirmMandate => json(
            registry
                .project_confirm_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectDeclineMandate => json(
            registry
                .project_decline_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRequestPublicity => json(
            registry
                .project_request_publicity(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectApprovePublicity => json(
            registry
                .project_approve_publicity(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectReturn => json(registry.project_return(by, &about.into(), fields).await?),
        Act::ProjectWithdraw => json(registry.project_withdraw(by, &about.into(), fields).await?),
        Act::ProjectRequestRecall => json(
            registry
                .project_request_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectApproveRecall => json(
            registry
                .project_approve_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRefuseRecall => json(
            registry
                .project_refuse_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::OpinionPublish => json(registry.opinion_publish(by, about).await?),
        Act::OpinionRefuse => json(registry.opinion_refuse(by, about, fields).await?),
        Act::OpinionReply => json(registry.opinion_reply(by, about, fields).await?),
        Act::ProjectValidate => json(registry.project_validate(by, &about.into(), fields).await?),
        Act::ProjectReject => json(registry.project_reject(by, &about.into(), fields).await?),
        Act::ProjectApplyRegistration => json(
            registry
                .project_apply_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectReturnRegistration => json(
            registry
                .project_return_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectPause => json(registry.project_pause(by, &about.into(), fields).await?),
        Act::ProjectResume => json(registry.project_resume(by, &about.into(), fields).await?),
        Act::ProjectRegister => json(registry.project_register(by, &about.into(), fields).await?),
        Act::ReportCreate => json(registry.report_create(by, &about.into(), fields).await?),
        Act::ReportSave => json(
            registry
                .report_save(by, &about.into(), revision(fields), fields)
                .await?,
        ),
        Act::ReportRequestMandate => json(
            registry
                .report_request_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportConfirmMandate => json(
            registry
                .report_confirm_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportDeclineMandate => json(
            registry
                .report_decline_mandate(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportRequestPublicity => json(
            registry
                .report_request_publicity(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportApprovePublicity => json(
            registry
                .report_approve_publicity(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportReturn => json(registry.report_return(by, &about.into(), fields).await?),
        Act::ReportWithdraw => json(registry.report_withdraw(by, &about.into(), fields).await?),
        Act::ReportRequestRecall => json(
            registry
                .report_request_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportApproveRecall => json(
            registry
                .report_approve_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportRefuseRecall => json(
            registry
                .report_refuse_recall(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportVerify => json(registry.report_verify(by, &about.into(), fields).await?),
        Act::ReportReject => json(registry.report_reject(by, &about.into(), fields).await?),
        Act::ReportApplyRegistration => json(
            registry
                .report_apply_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportReturnRegistration => json(
            registry
                .report_return_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportPause => json(registry.report_pause(by, &about.into(), fields).await?),
        Act::ReportResume => json(registry.report_resume(by, &about.into(), fields).await?),
        Act::ReportRegister => json(registry.report_register(by, &about.into(), fields).await?),
        Act::ReportIssue => json(registry.report_issue(by, &about.into(), fields).await?),
        Act::ParametersPropose => json(registry.parameters_propose(by, fields).await?),
        Act::ParametersApprove => json(registry.parameters_approve(by, about).await?),
        Act::ParametersReject => json(registry.parameters_reject(by, about, fields).await?),
        Act::ParametersWithdraw => json(registry.parameters_withdraw(by, about, fields).await?),
        Act::AttachmentAdd => json(
            registry
                .attachment_add(
                    by,
                    registry::RecordKind::Report,
                    about,
                    fields,
                    &stored_file(fields),
                )
                .await?,
        ),
        Act::AttachmentRemove => json(registry.attachment_remove(by, about).await?),
        Act::CreditsTransfer => json(registry.credits_transfer(by, fields).await?),
        Act::CreditsRetire => json(registry.credits_retire(by, fields).await?),
        other => panic!("{} is not done here", other.name()),
    };
    Ok(answer)
}

/// A small boundary off Shanwei.
fn boundary() -> registry::BoundaryFile {
    let ring = "[116.100000,22.500000],[116.110000,22.500000],[116.110000,22.510000],[116.100000,22.500000]";
    registry::BoundaryFile {
        name: "boundary.geojson".to_owned(),
        bytes: format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#).into_bytes(),
    }
}

/// A file whose bytes are stored already; its content differs with its title.
pub fn stored_file(fields: &Fields) -> registry::StoredFile {
    let title = fields.get("title").map_or("", String::as_str);
    registry::StoredFile {
        hash: format!("{:0>64}", title.len()),
        bytes: 1000,
        media_type: "application/pdf".to_owned(),
        file_name: "附件.pdf".to_owned(),
    }
}

fn json(answer: impl serde::Serialize) -> Value {
    serde_json::to_value(answer).expect("an answer is JSON")
}

/// The revision a draft's form was made from travels in a field of the story.
fn revision(fields: &Fields) -> i64 {
    fields
        .get("revision")
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}
