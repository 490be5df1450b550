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
    Act::ComplaintSubmit,
    Act::MemberAccept,
    Act::EventAttend,
    Act::EventSupply,
    Act::UserSetMail,
    Act::ClockAdvance,
    // the stories of `inclusion` do these, each twice with one key where it matters
    Act::PersonSignUp,
    Act::PersonChange,
    Act::PersonClose,
    Act::ConsentGive,
    Act::ConsentRevoke,
    // the stories of `inclusion_guardians` these
    Act::GuardianAsk,
    Act::GuardianAnswer,
    Act::GuardianRevoke,
    Act::GuardianClose,
    Act::ActivityRecord,
    Act::ActivityAppeal,
    Act::ActivityRelease,
    Act::ActivityVoid,
    Act::MeterLeave,
    Act::GiftGive,
    Act::GoodsOrder,
    Act::GoodsCancel,
    Act::GoodsOffer,
    Act::GoodsChange,
    Act::GoodsEnd,
    Act::GoodsRefuse,
    Act::GoodsFulfil,
    Act::ProviderAdd,
    Act::ProviderEnd,
    // the stories of `inclusion_keys` these
    Act::ProviderRekey,
    Act::ProviderKeyEnd,
    // the stories of `inclusion_people` these
    Act::GroupCreate,
    Act::GroupJoin,
    Act::GroupLeave,
    // the stories of `inclusion_staff` this
    Act::StaffGroupOpen,
    // and the stories of `inclusion_desk` these
    Act::PrecedencePropose,
    Act::PrecedenceApprove,
    Act::PrecedenceReject,
    Act::PrecedenceWithdraw,
    Act::IdentityAsk,
    Act::IdentityWithdraw,
    Act::IdentityGrant,
    Act::IdentityRefuse,
    Act::ActivityRestore,
    Act::ActivityUphold,
    Act::ProviderImport,
    Act::CostEnter,
    Act::CampaignOpen,
    Act::CampaignCancel,
    Act::BatchFreeze,
    Act::BatchAssess,
    Act::BatchIssue,
    Act::BatchReject,
];

/// Does an act about a record, an opinion or the actor's credits; the answer as JSON. In parts, each on the heap: the stack of a
/// test's thread is too small for all acts at once.
pub async fn perform(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Value, Error> {
    if let Some(answer) = Box::pin(projects(registry, act, by, about, fields)).await? {
        return Ok(answer);
    }
    if let Some(answer) = Box::pin(reports(registry, act, by, about, fields)).await? {
        return Ok(answer);
    }
    if let Some(answer) = Box::pin(events(registry, act, by, about, fields)).await? {
        return Ok(answer);
    }
    if let Some(answer) = Box::pin(neutral(registry, act, by, about, fields)).await? {
        return Ok(answer);
    }
    match Box::pin(others(registry, act, by, about, fields)).await? {
        Some(answer) => Ok(answer),
        None => panic!("{} is not done here", act.name()),
    }
}

/// Acts about projects.
async fn projects(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Option<Value>, Error> {
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
        Act::ProjectAbort => json(registry.project_abort(by, &about.into(), fields).await?),
        Act::ProjectRefuseRegistration => json(
            registry
                .project_refuse_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectAppointExperts => json(
            registry
                .project_appoint_experts(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRecordExpert => json(
            registry
                .project_record_expert(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRequestDeregistration => json(
            registry
                .project_request_deregistration(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRefuseDeregistration => json(
            registry
                .project_refuse_deregistration(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectDeregister => json(
            registry
                .project_deregister(by, &about.into(), fields)
                .await?,
        ),
        Act::ProjectRevoke => json(registry.project_revoke(by, &about.into(), fields).await?),
        Act::ProjectExtendPublicity => json(
            registry
                .project_extend_publicity(by, &about.into(), fields)
                .await?,
        ),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// Acts about monitoring reports.
async fn reports(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Option<Value>, Error> {
    let answer = match act {
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
        Act::ReportAbort => json(registry.report_abort(by, &about.into(), fields).await?),
        Act::ReportRefuseRegistration => json(
            registry
                .report_refuse_registration(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportAppointExperts => json(
            registry
                .report_appoint_experts(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportRecordExpert => json(
            registry
                .report_record_expert(by, &about.into(), fields)
                .await?,
        ),
        Act::ReportExtendPublicity => json(
            registry
                .report_extend_publicity(by, &about.into(), fields)
                .await?,
        ),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// Every other act.
async fn others(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Option<Value>, Error> {
    let answer = match act {
        Act::OpinionPublish => json(registry.opinion_publish(by, about).await?),
        Act::OpinionRefuse => json(registry.opinion_refuse(by, about, fields).await?),
        Act::OpinionReply => json(registry.opinion_reply(by, about, fields).await?),
        Act::ExpertAdd => json(registry.expert_add(by, fields).await?),
        Act::ExpertEnd => json(registry.expert_end(by, about).await?),
        Act::EngagementSave => json(
            registry
                .engagement_save(by, registry::RecordKind::Project, about, fields)
                .await?,
        ),
        Act::EngagementMemberAdd => json(
            registry
                .engagement_member_add(by, registry::RecordKind::Project, about, fields)
                .await?,
        ),
        Act::EngagementMemberRemove => json(registry.engagement_member_remove(by, about).await?),
        Act::EngagementVisitAdd => json(
            registry
                .engagement_visit_add(by, registry::RecordKind::Project, about, fields)
                .await?,
        ),
        Act::EngagementVisitRemove => json(registry.engagement_visit_remove(by, about).await?),
        Act::FindingRaise => json(
            registry
                .finding_raise(by, registry::RecordKind::Project, about, fields)
                .await?,
        ),
        Act::FindingAnswer => json(registry.finding_answer(by, about, fields).await?),
        Act::FindingClose => json(registry.finding_close(by, about, fields).await?),
        Act::FindingReturn => json(registry.finding_return(by, about, fields).await?),
        Act::TieAdd => json(registry.tie_add(by, fields).await?),
        Act::TieEnd => json(registry.tie_end(by, about, fields).await?),
        Act::ParametersPropose => json(registry.parameters_propose(by, fields).await?),
        Act::ParametersApprove => json(registry.parameters_approve(by, about).await?),
        Act::ParametersReject => json(registry.parameters_reject(by, about, fields).await?),
        Act::ParametersWithdraw => json(registry.parameters_withdraw(by, about, fields).await?),
        Act::RulePropose => json(registry.rule_propose(by, fields).await?),
        Act::RuleApprove => json(registry.rule_approve(by, about).await?),
        Act::RuleReject => json(registry.rule_reject(by, about, fields).await?),
        Act::RuleWithdraw => json(registry.rule_withdraw(by, about, fields).await?),
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
        Act::AccountApply => json(registry.account_apply(by, fields).await?),
        Act::AccountChange => json(registry.account_change(by, fields).await?),
        Act::AccountRequestRestore => json(registry.account_request_restore(by, fields).await?),
        Act::AccountRequestClosing => json(registry.account_request_closing(by, fields).await?),
        Act::AccountApprove => json(registry.account_approve(by, about).await?),
        Act::AccountRefuse => json(registry.account_refuse(by, about, fields).await?),
        Act::AccountRestrict => json(registry.account_restrict(by, &about.into(), fields).await?),
        Act::MemberInvite => {
            let email = fields.get("email").map_or("", String::as_str);
            json(
                registry
                    .member_invite(by, fields, &format!("hash of {email}"))
                    .await?,
            )
        }
        Act::MemberRevokeInvitation => json(registry.member_revoke_invitation(by, about).await?),
        Act::MemberChangeRole => json(
            registry
                .member_change_role(by, &about.into(), fields)
                .await?,
        ),
        Act::MemberRemove => json(registry.member_remove(by, &about.into()).await?),
        Act::CreditsConfirm => json(registry.credits_confirm(by, about).await?),
        Act::CreditsReject => json(registry.credits_reject(by, about, fields).await?),
        Act::BeneficiaryAdd => json(registry.beneficiary_add(by, fields).await?),
        Act::BeneficiaryChange => json(registry.beneficiary_change(by, about, fields).await?),
        Act::BeneficiaryRemove => json(registry.beneficiary_remove(by, about).await?),
        Act::CreditsRetireMany => json(registry.credits_retire_many(by, fields).await?),
        Act::CreditsOffer => json(registry.credits_offer(by, fields).await?),
        Act::CreditsReserve => json(registry.credits_reserve(by, about, fields).await?),
        Act::CreditsConfirmPayment => json(registry.credits_confirm_payment(by, about).await?),
        Act::CreditsMove => json(registry.credits_move(by, fields).await?),
        Act::CreditsAccept => json(registry.credits_accept(by, about).await?),
        Act::CreditsDecline => json(registry.credits_decline(by, about, fields).await?),
        Act::CreditsWithdraw => json(registry.credits_withdraw(by, about, fields).await?),
        Act::CreditsOffset => json(registry.credits_offset(by, fields).await?),
        Act::CreditsCancel => json(registry.credits_cancel(by, about).await?),
        Act::CreditsFreeze => json(registry.credits_freeze(by, fields).await?),
        Act::CreditsSuspend => json(registry.credits_suspend(by, fields).await?),
        Act::CertificateCorrect => json(registry.certificate_correct(by, about, fields).await?),
        Act::CreditsRelease => json(registry.credits_release(by, about, fields).await?),
        Act::CreditsEnforce => json(registry.credits_enforce(by, about, fields).await?),
        Act::CreditsForceCancel => json(registry.credits_force_cancel(by, about, fields).await?),
        Act::CreditsAssign => json(
            registry
                .credits_assign(by, fields, Some(&crate::harness::paper_file()))
                .await?,
        ),
        Act::CreditsSurrender => json(registry.credits_surrender(by, about, fields).await?),
        Act::CreditsRefuseOffset => json(registry.credits_refuse_offset(by, about, fields).await?),
        Act::NotificationRead => json(
            registry
                .notification_read(
                    by,
                    &Fields::from([("notification".to_owned(), about.to_owned())]),
                )
                .await?,
        ),
        Act::MailRetry => json(registry.mail_retry(by, about).await?),
        Act::AuthorSuspend => json(registry.author_suspend(by, about, fields).await?),
        Act::AuthorRestore => json(registry.author_restore(by, about).await?),
        Act::ComplaintInvestigate => json(registry.complaint_investigate(by, about, fields).await?),
        Act::ComplaintAnswer => json(registry.complaint_answer(by, about, fields).await?),
        Act::CertificateSend => json(registry.certificate_send(by, about, fields).await?),
        Act::CertificateAnswer => json(registry.certificate_answer(by, about, fields).await?),
        Act::ClaimEnter => json(registry.claim_enter(by, fields).await?),
        Act::ClaimEnd => json(registry.claim_end(by, about, fields).await?),
        Act::ChangeRequest => json(registry.change_request(by, &about.into(), fields).await?),
        Act::ChangeAssess => json(registry.change_assess(by, about, fields).await?),
        Act::ChangeApprove => json(registry.change_approve(by, about, fields).await?),
        Act::ChangeRefuse => json(registry.change_refuse(by, about, fields).await?),
        Act::ChangeWithdraw => json(registry.change_withdraw(by, about).await?),
        Act::CreditsTransfer => json(registry.credits_transfer(by, fields).await?),
        Act::CreditsRetire => json(registry.credits_retire(by, fields).await?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// Acts about the neutrality of events.
async fn events(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Option<Value>, Error> {
    let named = |field: &str| fields.get(field).map_or("", String::as_str);
    let (unit, supplier) = (named("unit"), named("supplier"));
    let answer = match act {
        Act::EventCreate => json(registry.event_create(by, fields).await?),
        Act::EventSave => json(registry.event_save(by, about, fields).await?),
        Act::EventPlanPublish => json(registry.event_plan_publish(by, about).await?),
        Act::EventWithdraw => json(registry.event_withdraw(by, about, fields).await?),
        Act::EventInventorySave => json(registry.event_inventory_save(by, about, fields).await?),
        Act::EventAttendeesImport => {
            json(registry.event_attendees_import(by, about, fields).await?)
        }
        Act::EventFormSet => json(
            registry
                .event_form_set(by, about, fields, "a-token")
                .await?,
        ),
        Act::EventAnswersStrike => json(registry.event_answers_strike(by, about, fields).await?),
        Act::EventAttendeeSources => {
            json(registry.event_attendee_sources(by, about, fields).await?)
        }
        Act::EventAccount => json(registry.event_account(by, about).await?),
        Act::EventUnitAdd => json(registry.event_unit_add(by, about, fields).await?),
        Act::EventUnitRemove => json(registry.event_unit_remove(by, about, unit).await?),
        Act::EventRetire => json(registry.event_retire(by, about, fields).await?),
        Act::EventEvaluate => json(registry.event_evaluate(by, about, fields).await?),
        Act::EventPublish => json(registry.event_publish(by, about).await?),
        Act::EventSupplierAdd => {
            let token = "a-supplier";
            json(
                registry
                    .event_supplier_add(by, about, fields, token)
                    .await?,
            )
        }
        Act::EventSupplierClose => json(registry.event_supplier_close(by, about, supplier).await?),
        Act::EventSupplyDecide => json(registry.event_supply_decide(by, about, fields).await?),
        Act::EventCorrect => json(registry.event_correct(by, about, fields).await?),
        Act::EventCorrectWithdraw => json(registry.event_correct_withdraw(by, about).await?),
        Act::EventOverlapDecide => json(registry.event_overlap_decide(by, about, fields).await?),
        Act::EventFileAdd => {
            let file = stored_file(fields);
            json(registry.event_file_add(by, about, fields, &file).await?)
        }
        Act::EventFileRemove => json(registry.event_file_remove(by, about, named("file")).await?),
        Act::EventEvaluationConfirm => {
            json(registry.event_evaluation_confirm(by, about, fields).await?)
        }
        Act::EventEvaluationDecline => {
            json(registry.event_evaluation_decline(by, about, fields).await?)
        }
        Act::EventOrganiserInvite => {
            json(registry.event_organiser_invite(by, about, fields).await?)
        }
        Act::EventOrganiserAnswer => {
            json(registry.event_organiser_answer(by, about, fields).await?)
        }
        Act::EventOrganiserEnd => json(registry.event_organiser_end(by, about, fields).await?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// Acts about claims of neutrality. What they say of their own is the same everywhere, so that it does not meet the fields of others.
async fn neutral(
    registry: &Registry,
    act: Act,
    by: &By,
    about: &str,
    fields: &Fields,
) -> Result<Option<Value>, Error> {
    let mut form = fields.clone();
    for (name, value) in [
        ("kind", "organisation"),
        ("starts_on", "2024-01-01"),
        ("ends_on", "2024-12-31"),
        ("footprint", "0.5"),
        ("standard", "iso14064"),
        ("verified", "self"),
        ("boundary", "范围一、范围二"),
    ] {
        form.insert(name.to_owned(), value.to_owned());
    }
    let answer = match act {
        Act::NeutralCreate => json(registry.neutral_create(by, &form).await?),
        Act::NeutralSave => json(registry.neutral_save(by, about, &form).await?),
        Act::NeutralRetirementAdd => {
            json(registry.neutral_retirement_add(by, about, fields).await?)
        }
        Act::NeutralRetire => json(registry.neutral_retire(by, about, fields).await?),
        Act::NeutralPublish => json(registry.neutral_publish(by, about, fields).await?),
        Act::NeutralCorrect => json(registry.neutral_correct(by, about, fields).await?),
        Act::NeutralWithdraw => json(registry.neutral_withdraw(by, about, fields).await?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
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
