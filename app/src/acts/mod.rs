//! The only door for changes: every act is a `POST /acts/<name>`.
//!
//! [`ACTS`] is the complete list. The door checks, in this order: the act exists; the body is a form of reasonable
//! size (with a file, for the acts that take one: [`multipart`]); there is a session and its role may do this; the security token is the session's; the idempotency key is
//! there. Then it calls the act's function, about five lines that hand the fields to one method of the registry.
//!
//! What comes back: done -> `303` to the next page with a message; refused -> what was typed and why is kept for
//! the session, `303` back to the form (`?again=<id>`), which shows both. A caller that accepts `application/json`
//! (the autosave) gets the same as JSON: `200 {"data": …}` or `422 {"refusals": [{"field","code","text"}]}`.

use std::future::Future;
use std::pin::Pin;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::refusal::codes;
use domain::{Act, Refusal};
use registry::{By, Error, Fields};
use serde_json::{Value, json};

use self::multipart::{ACTS_WITH_FILE, FormWithFile, SentFile};
use crate::form::Problem;
use crate::host::Host;
use crate::page::{error_page, sign_in_first};
use crate::pages::inclusion::keys::made as key_made;
use crate::visitor::{Flash, Visitor, decode_form, encode, mark_flash};

pub mod account;
pub mod attachment;
pub mod boundary;
pub mod claim;
pub mod clock;
pub mod complaint;
pub mod credits;
pub mod ends;
pub mod engagement;
pub mod evaluation;
pub mod event;
pub mod green_certificate;
pub mod guardian;
pub mod hold;
pub mod inclusion;
pub mod multipart;
pub mod neutral;
pub mod notification;
pub mod offer;
pub mod opinion;
pub mod organiser;
pub mod parameters;
pub mod project;
pub mod project_change;
pub mod provider;
pub mod record;
pub mod report;
pub mod rulebook;
pub mod supplier;
pub mod table_file;

/// One act and the function behind it.
pub struct Door {
    /// The act: its name is the last part of the address, its roles are checked by the door.
    pub act: Act,
    /// Parses and calls one method of the registry.
    pub run: fn(ActCall) -> ActFuture,
}

/// What an act's function returns, boxed so that all of them fit one table.
pub type ActFuture = Pin<Box<dyn Future<Output = ActAnswer> + Send>>;
/// Done, or why not.
pub type ActAnswer = Result<Done, Error>;

macro_rules! doors {
    ($($act:ident => $function:path),+ $(,)?) => {
        &[$(Door { act: Act::$act, run: |call| Box::pin($function(call)) }),+]
    };
}

/// Every act that has a door here. The acts that begin, change or end a session have theirs in the server, which
/// owns sessions; they pass through the same [`pass`].
pub const ACTS: &[Door] = doors![
    ProjectCreate => project::project_create,
    ProjectSave => project::project_save,
    ProjectBoundarySet => boundary::project_boundary_set,
    ProjectBoundaryRemove => boundary::project_boundary_remove,
    ProjectRequestMandate => project::project_request_mandate,
    ProjectConfirmMandate => project::project_confirm_mandate,
    ProjectDeclineMandate => project::project_decline_mandate,
    ProjectRequestPublicity => project::project_request_publicity,
    ProjectApprovePublicity => project::project_approve_publicity,
    ProjectReturn => project::project_return,
    ProjectWithdraw => project::project_withdraw,
    ProjectRequestRecall => project::project_request_recall,
    ProjectApproveRecall => project::project_approve_recall,
    ProjectRefuseRecall => project::project_refuse_recall,
    ProjectValidate => project::project_validate,
    ProjectReject => project::project_reject,
    ProjectApplyRegistration => project::project_apply_registration,
    ProjectReturnRegistration => project::project_return_registration,
    ProjectPause => project::project_pause,
    ProjectResume => project::project_resume,
    ProjectRegister => project::project_register,
    OpinionSubmit => opinion::opinion_submit,
    OpinionPublish => opinion::opinion_publish,
    OpinionRefuse => opinion::opinion_refuse,
    OpinionReply => opinion::opinion_reply,
    AuthorSuspend => complaint::author_suspend,
    AuthorRestore => complaint::author_restore,
    ComplaintSubmit => complaint::complaint_submit,
    ComplaintInvestigate => complaint::complaint_investigate,
    ComplaintAnswer => complaint::complaint_answer,
    CertificateSend => green_certificate::certificate_send,
    CertificateAnswer => green_certificate::certificate_answer,
    ClaimEnter => claim::claim_enter,
    ClaimEnd => claim::claim_end,
    ChangeRequest => project_change::change_request,
    ChangeAssess => project_change::change_assess,
    ChangeApprove => project_change::change_approve,
    ChangeRefuse => project_change::change_refuse,
    ChangeWithdraw => project_change::change_withdraw,
    ReportCreate => report::report_create,
    ReportSave => report::report_save,
    ReportRequestMandate => report::report_request_mandate,
    ReportConfirmMandate => report::report_confirm_mandate,
    ReportDeclineMandate => report::report_decline_mandate,
    ReportRequestPublicity => report::report_request_publicity,
    ReportApprovePublicity => report::report_approve_publicity,
    ReportReturn => report::report_return,
    ReportWithdraw => report::report_withdraw,
    ReportRequestRecall => report::report_request_recall,
    ReportApproveRecall => report::report_approve_recall,
    ReportRefuseRecall => report::report_refuse_recall,
    ReportVerify => report::report_verify,
    ReportReject => report::report_reject,
    ReportApplyRegistration => report::report_apply_registration,
    ReportReturnRegistration => report::report_return_registration,
    ReportPause => report::report_pause,
    ReportResume => report::report_resume,
    ReportRegister => report::report_register,
    ReportIssue => report::report_issue,
    ProjectAbort => ends::project_abort,
    ProjectRefuseRegistration => ends::project_refuse_registration,
    ProjectAppointExperts => ends::project_appoint_experts,
    ProjectRecordExpert => ends::project_record_expert,
    ProjectRequestDeregistration => ends::project_request_deregistration,
    ProjectRefuseDeregistration => ends::project_refuse_deregistration,
    ProjectDeregister => ends::project_deregister,
    ProjectRevoke => ends::project_revoke,
    ReportAbort => ends::report_abort,
    ReportRefuseRegistration => ends::report_refuse_registration,
    ReportAppointExperts => ends::report_appoint_experts,
    ReportRecordExpert => ends::report_record_expert,
    ExpertAdd => ends::expert_add,
    ExpertEnd => ends::expert_end,
    EngagementSave => engagement::engagement_save,
    EngagementMemberAdd => engagement::engagement_member_add,
    EngagementMemberRemove => engagement::engagement_member_remove,
    EngagementVisitAdd => engagement::engagement_visit_add,
    EngagementVisitRemove => engagement::engagement_visit_remove,
    FindingRaise => engagement::finding_raise,
    FindingAnswer => engagement::finding_answer,
    FindingClose => engagement::finding_close,
    FindingReturn => engagement::finding_return,
    TieAdd => engagement::tie_add,
    TieEnd => engagement::tie_end,
    ParametersPropose => parameters::parameters_propose,
    ParametersApprove => parameters::parameters_approve,
    ParametersReject => parameters::parameters_reject,
    ParametersWithdraw => parameters::parameters_withdraw,
    RulePropose => rulebook::rule_propose,
    RuleApprove => rulebook::rule_approve,
    RuleReject => rulebook::rule_reject,
    RuleWithdraw => rulebook::rule_withdraw,
    ProjectExtendPublicity => rulebook::project_extend_publicity,
    ReportExtendPublicity => rulebook::report_extend_publicity,
    AttachmentAdd => attachment::attachment_add,
    AttachmentRemove => attachment::attachment_remove,
    CreditsTransfer => credits::credits_transfer,
    CreditsRetire => credits::credits_retire,
    CreditsConfirm => account::credits_confirm,
    CreditsReject => account::credits_reject,
    BeneficiaryAdd => offer::beneficiary_add,
    BeneficiaryChange => offer::beneficiary_change,
    BeneficiaryRemove => offer::beneficiary_remove,
    CreditsRetireMany => offer::credits_retire_many,
    CreditsOffer => offer::credits_offer,
    CreditsReserve => offer::credits_reserve,
    CreditsConfirmPayment => offer::credits_confirm_payment,
    CreditsMove => hold::credits_move,
    CreditsAccept => hold::credits_accept,
    CreditsDecline => hold::credits_decline,
    CreditsWithdraw => hold::credits_withdraw,
    CreditsOffset => hold::credits_offset,
    CreditsCancel => hold::credits_cancel,
    CreditsFreeze => hold::credits_freeze,
    CreditsSuspend => hold::credits_suspend,
    CertificateCorrect => hold::certificate_correct,
    CreditsRelease => hold::credits_release,
    CreditsEnforce => hold::credits_enforce,
    CreditsForceCancel => hold::credits_force_cancel,
    CreditsAssign => hold::credits_assign,
    CreditsSurrender => hold::credits_surrender,
    CreditsRefuseOffset => hold::credits_refuse_offset,
    AccountApply => account::account_apply,
    AccountChange => account::account_change,
    AccountRequestRestore => account::account_request_restore,
    AccountRequestClosing => account::account_request_closing,
    AccountApprove => account::account_approve,
    AccountRefuse => account::account_refuse,
    AccountRestrict => account::account_restrict,
    MemberRevokeInvitation => account::member_revoke_invitation,
    MemberChangeRole => account::member_change_role,
    MemberRemove => account::member_remove,
    EventCreate => event::event_create,
    EventSave => event::event_save,
    EventPlanPublish => event::event_plan_publish,
    EventWithdraw => event::event_withdraw,
    EventInventorySave => event::event_inventory_save,
    EventAttendeesImport => event::event_attendees_import,
    EventFormSet => event::event_form_set,
    EventAttend => event::event_attend,
    EventSupplierAdd => supplier::event_supplier_add,
    EventSupplierClose => supplier::event_supplier_close,
    EventSupply => supplier::event_supply,
    EventSupplyDecide => supplier::event_supply_decide,
    EventAnswersStrike => event::event_answers_strike,
    EventAttendeeSources => event::event_attendee_sources,
    EventAccount => event::event_account,
    EventUnitAdd => event::event_unit_add,
    EventUnitRemove => event::event_unit_remove,
    EventRetire => event::event_retire,
    EventEvaluate => event::event_evaluate,
    EventPublish => event::event_publish,
    EventCorrect => event::event_correct,
    EventCorrectWithdraw => event::event_correct_withdraw,
    EventOverlapDecide => supplier::event_overlap_decide,
    EventFileAdd => evaluation::event_file_add,
    EventFileRemove => evaluation::event_file_remove,
    EventEvaluationConfirm => evaluation::event_evaluation_confirm,
    EventEvaluationDecline => evaluation::event_evaluation_decline,
    EventOrganiserInvite => organiser::event_organiser_invite,
    EventOrganiserAnswer => organiser::event_organiser_answer,
    EventOrganiserEnd => organiser::event_organiser_end,
    NeutralCreate => neutral::neutral_create,
    NeutralSave => neutral::neutral_save,
    NeutralRetirementAdd => neutral::neutral_retirement_add,
    NeutralRetire => neutral::neutral_retire,
    NeutralPublish => neutral::neutral_publish,
    NeutralCorrect => neutral::neutral_correct,
    NeutralWithdraw => neutral::neutral_withdraw,
    NotificationRead => notification::notification_read,
    UserSetMail => notification::user_set_mail,
    MailRetry => notification::mail_retry,
    PersonChange => inclusion::person_change,
    PersonClose => inclusion::person_close,
    GroupCreate => inclusion::group_create,
    GroupJoin => inclusion::group_join,
    GroupLeave => inclusion::group_leave,
    StaffGroupOpen => inclusion::staff_group_open,
    ConsentGive => inclusion::consent_give,
    ConsentRevoke => inclusion::consent_revoke,
    GuardianAsk => guardian::guardian_ask,
    GuardianAnswer => guardian::guardian_answer,
    GuardianRevoke => guardian::guardian_revoke,
    GuardianClose => guardian::guardian_close,
    ActivityRecord => inclusion::activity_record,
    ActivityAppeal => inclusion::activity_appeal,
    ActivityRelease => inclusion::activity_release,
    ActivityVoid => inclusion::activity_void,
    ActivityRestore => provider::activity_restore,
    ActivityUphold => provider::activity_uphold,
    GiftGive => inclusion::gift_give,
    GoodsOrder => inclusion::goods_order,
    GoodsCancel => inclusion::goods_cancel,
    GoodsOffer => inclusion::goods_offer,
    GoodsChange => inclusion::goods_change,
    GoodsEnd => inclusion::goods_end,
    GoodsRefuse => inclusion::goods_refuse,
    GoodsFulfil => inclusion::goods_fulfil,
    MeterLeave => inclusion::meter_leave,
    ProviderAdd => inclusion::provider_add,
    ProviderEnd => inclusion::provider_end,
    ProviderRekey => provider::provider_rekey,
    ProviderKeyEnd => provider::provider_key_end,
    PrecedencePropose => provider::precedence_propose,
    PrecedenceApprove => provider::precedence_approve,
    PrecedenceReject => provider::precedence_reject,
    PrecedenceWithdraw => provider::precedence_withdraw,
    IdentityWithdraw => provider::identity_withdraw,
    IdentityGrant => provider::identity_grant,
    IdentityRefuse => provider::identity_refuse,
    ProviderImport => provider::provider_import,
    CostEnter => provider::cost_enter,
    CampaignOpen => inclusion::campaign_open,
    CampaignCancel => inclusion::campaign_cancel,
    BatchFreeze => inclusion::batch_freeze,
    BatchAssess => inclusion::batch_assess,
    BatchIssue => inclusion::batch_issue,
    BatchReject => inclusion::batch_reject,
    ClockAdvance => clock::clock_advance,
];

/// The acts whose doors are in the server.
pub const ACTS_OF_THE_SERVER: &[Act] = &[
    Act::UserSignUp,
    Act::UserSignIn,
    Act::UserSignOut,
    Act::UserSignOutEverywhere,
    Act::UserChangePassword,
    Act::UserCreateToken,
    Act::UserRevokeToken,
    Act::MemberInvite,
    Act::MemberAccept,
    Act::PersonSignUp,
    Act::IdentityAsk,
];

/// An act that came through the door: who, what was typed, with which key.
pub struct ActCall {
    /// The registry and the rest of the house.
    pub host: Host,
    /// Who calls.
    pub visitor: Visitor,
    /// What the form sent, without `csrf`, `key` and `back`.
    pub fields: Fields,
    /// The file it sent, for the acts of [`multipart::ACTS_WITH_FILE`].
    pub file: Option<SentFile>,
    /// The idempotency key of the form.
    pub key: String,
    /// The page the form is on.
    pub back: String,
}

impl ActCall {
    /// Who acts, for a method that needs a signed-in user.
    pub fn by(&self) -> Result<By, Error> {
        self.visitor
            .by(&self.key)
            .ok_or_else(|| Refusal::new(codes::SIGN_IN_REQUIRED).into())
    }

    /// Who acts, for a method that is open to the public.
    pub fn stranger(&self) -> registry::Visitor {
        registry::Visitor {
            at: self.visitor.now,
            key: self.key.clone(),
        }
    }

    /// The value of a field without blanks around it; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }
}

/// What to do after an act.
#[derive(Clone, Debug)]
pub struct Done {
    to: String,
    flash: Option<Flash>,
    /// The session that gets the message, if it is not the one that called.
    session: Option<String>,
    data: Value,
    shown: Option<ShownOnce>,
}

/// A key that was made: the answer to the act shows it, the only time that it is shown.
#[derive(Clone)]
pub struct ShownOnce {
    /// Whose it is.
    pub owner: String,
    /// Its id.
    pub id: String,
    /// The key itself.
    pub secret: String,
}

impl ShownOnce {
    /// What a receipt tells; `None` where it tells no key.
    pub fn of(owner: &str, receipt: &registry::ProviderReceipt) -> Option<Self> {
        Some(Self {
            owner: owner.to_owned(),
            id: receipt.key.clone()?,
            secret: receipt.secret.clone()?,
        })
    }
}

/// Without the key: what is printed may be kept.
impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownOnce")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Done {
    /// Goes to this address of ours.
    pub fn to(address: impl Into<String>) -> Self {
        Self {
            to: address.into(),
            flash: None,
            session: None,
            data: Value::Null,
            shown: None,
        }
    }

    /// Shows a key that was made, instead of going on to the next page.
    #[must_use]
    pub fn show(mut self, shown: Option<ShownOnce>) -> Self {
        self.shown = shown;
        self
    }

    /// Shows a message there, once.
    #[must_use]
    pub fn flash(mut self, flash: Flash) -> Self {
        self.flash = Some(flash);
        self
    }

    /// Shows the message in this session: for an act that ends the one it was called from and opens another.
    #[must_use]
    pub fn in_session(mut self, session: Option<String>) -> Self {
        self.session = session;
        self
    }

    /// The receipt, for callers that asked for JSON.
    #[must_use]
    pub fn data(mut self, receipt: impl serde::Serialize) -> Self {
        self.data = serde_json::to_value(receipt).unwrap_or_default();
        self
    }
}

/// `POST /acts/{name}`.
pub async fn act_post(
    State(host): State<Host>,
    visitor: Visitor,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let Some(door) = ACTS.iter().find(|door| door.act.name() == name) else {
        return error_page(&host, &visitor, StatusCode::NOT_FOUND);
    };
    pass(&host, visitor, door.act, request, door.run).await
}

/// Largest form that is accepted.
const FORM_BYTES_MAX: usize = 1024 * 1024;
/// Largest body that is read at all: a paste of 10 MB still gets its page instead of a broken connection.
const BODY_BYTES_MAX: usize = 12 * 1024 * 1024;
/// Longest idempotency key.
const KEY_CHARACTERS_MAX: usize = 200;

/// The door itself, also for the acts of the server: checks everything there is to check about the request, then
/// calls `run`.
pub async fn pass<Run, Answer>(
    host: &Host,
    visitor: Visitor,
    act: Act,
    request: Request,
    run: Run,
) -> Response
where
    Run: FnOnce(ActCall) -> Answer,
    Answer: Future<Output = ActAnswer>,
{
    if act.demo_only() && !host.demo {
        return error_page(host, &visitor, StatusCode::NOT_FOUND);
    }
    let (parts, body) = request.into_parts();
    let wants_json = header_has(&parts.headers, header::ACCEPT, "application/json");
    let with_file = multipart::is_multipart(&parts.headers) && ACTS_WITH_FILE.contains(&act);
    let form_only = header_has(
        &parts.headers,
        header::CONTENT_TYPE,
        "application/x-www-form-urlencoded",
    );
    if !with_file && !form_only {
        return error_page(host, &visitor, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    if with_file && !act.roles().allows(visitor.role()) {
        // before 20 MB are read for nothing
        return match visitor.role() {
            None => sign_in_first("/inbox"),
            Some(_) => error_page(host, &visitor, StatusCode::FORBIDDEN),
        };
    }
    let read = if with_file {
        multipart::read(&parts.headers, body).await
    } else {
        read_form(body).await
    };
    let FormWithFile {
        mut fields,
        file,
        refusals: file_refusals,
    } = match read {
        Ok(form) => form,
        Err(status) => return error_page(host, &visitor, status),
    };
    let csrf = fields.remove("csrf").unwrap_or_default();
    let key = fields.remove("key").unwrap_or_default();
    let back = fields
        .remove("back")
        .filter(|back| is_local(back))
        .unwrap_or_else(|| "/".to_owned());

    if !act.roles().allows(visitor.role()) {
        return match (visitor.role(), wants_json) {
            (None, false) => sign_in_first(&back),
            (None, true) => refusals_as_json(
                &visitor,
                StatusCode::UNAUTHORIZED,
                &[Refusal::new(codes::SIGN_IN_REQUIRED)],
            ),
            (Some(_), false) => error_page(host, &visitor, StatusCode::FORBIDDEN),
            (Some(_), true) => refusals_as_json(
                &visitor,
                StatusCode::FORBIDDEN,
                &[Refusal::new(codes::ROLE_NOT_ALLOWED)],
            ),
        };
    }
    let form = Refused {
        host,
        visitor: &visitor,
        act,
        fields: &fields,
        back: &back,
        wants_json,
    };
    if !equal_in_constant_time(csrf.as_bytes(), visitor.csrf.as_bytes()) {
        return form
            .answer(StatusCode::FORBIDDEN, &[Refusal::new(codes::CSRF_FAILED)])
            .await;
    }
    if !(1..=KEY_CHARACTERS_MAX).contains(&key.chars().count()) {
        return form
            .answer(
                StatusCode::UNPROCESSABLE_ENTITY,
                &[Refusal::new(codes::KEY_MISSING)],
            )
            .await;
    }
    if !file_refusals.is_empty() {
        return form
            .answer(StatusCode::UNPROCESSABLE_ENTITY, &file_refusals)
            .await;
    }
    let call = ActCall {
        host: host.clone(),
        visitor: visitor.clone(),
        fields: fields.clone(),
        file,
        key,
        back: back.clone(),
    };
    match run(call).await {
        Ok(done) if wants_json => axum::Json(json!({ "data": done.data })).into_response(),
        Ok(done) => done_response(host, &visitor, done).await,
        Err(Error::NotFound) if !wants_json => error_page(host, &visitor, StatusCode::NOT_FOUND),
        Err(Error::Forbidden) if !wants_json => error_page(host, &visitor, StatusCode::FORBIDDEN),
        Err(Error::Store(reason)) => {
            tracing::error!(act = act.name(), reason, "the store failed");
            error_page(host, &visitor, StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => {
            let status = match error {
                Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
                Error::NotFound => StatusCode::NOT_FOUND,
                Error::Forbidden => StatusCode::FORBIDDEN,
                Error::Refused(_) | Error::Store(_) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            form.answer(status, &error.refusals()).await
        }
    }
}

/// A form that was refused, and how to answer it.
struct Refused<'a> {
    host: &'a Host,
    visitor: &'a Visitor,
    act: Act,
    fields: &'a Fields,
    back: &'a str,
    wants_json: bool,
}

impl Refused<'_> {
    /// JSON with this status, or the way back to the form that shows what was typed and what is wrong with it.
    async fn answer(&self, status: StatusCode, refusals: &[Refusal]) -> Response {
        if self.wants_json {
            return refusals_as_json(self.visitor, status, refusals);
        }
        let registry = &self.host.registry;
        let kept = registry
            .form_remember(
                &self.visitor.session,
                self.act.name(),
                self.fields,
                refusals,
                self.visitor.system_now,
            )
            .await;
        match kept {
            Ok(id) => see_other(&with_again(self.back, &id)),
            Err(error) => {
                tracing::error!(act = self.act.name(), %error, "what was typed could not be kept");
                error_page(self.host, self.visitor, StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }
}

async fn done_response(host: &Host, visitor: &Visitor, done: Done) -> Response {
    if let Some(shown) = &done.shown {
        return key_made(host, visitor, shown);
    }
    let mut response = see_other(&done.to);
    if let Some(flash) = done.flash {
        let message = serde_json::to_value(flash).unwrap_or_default();
        let session = done.session.as_ref().unwrap_or(&visitor.session);
        match host
            .registry
            .flash_put(session, &message, visitor.system_now)
            .await
        {
            Ok(()) => mark_flash(response.headers_mut(), host),
            Err(error) => tracing::warn!(%error, "a message could not be kept"),
        }
    }
    response
}

fn refusals_as_json(visitor: &Visitor, status: StatusCode, refusals: &[Refusal]) -> Response {
    let list: Vec<_> = refusals
        .iter()
        .map(|refusal| json!({ "field": refusal.field, "code": refusal.code, "text": Problem::from(refusal).text(visitor.lang) }))
        .collect();
    (status, axum::Json(json!({ "refusals": list }))).into_response()
}

/// `303 See Other` to an address of ours.
pub fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

async fn read_form(body: Body) -> Result<FormWithFile, StatusCode> {
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    if bytes.len() > FORM_BYTES_MAX {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(FormWithFile {
        fields: decode_form(&bytes),
        ..FormWithFile::default()
    })
}

fn header_has(headers: &HeaderMap, name: header::HeaderName, value: &str) -> bool {
    headers
        .get(name)
        .and_then(|text| text.to_str().ok())
        .is_some_and(|text| text.contains(value))
}

/// An address on this site, safe to go back to.
pub fn is_local(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && address.chars().all(|c| c.is_ascii_graphic())
}

fn with_again(back: &str, id: &str) -> String {
    let address = back.split('#').next().unwrap_or_default();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}again={}#errors", encode(id))
}

/// Compares without telling by its duration where the first difference is.
fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    !right.is_empty()
        && left.len() == right.len()
        && left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_act_has_two_doors() {
        for (at, door) in ACTS.iter().enumerate() {
            assert!(
                ACTS[..at].iter().all(|other| other.act != door.act),
                "{}",
                door.act.name()
            );
            assert!(
                !ACTS_OF_THE_SERVER.contains(&door.act),
                "{}",
                door.act.name()
            );
        }
    }

    #[test]
    fn the_way_back_never_leaves_the_site() {
        for bad in [
            "",
            "projects",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/惠",
            "/a\r\nx: y",
        ] {
            assert!(!is_local(bad), "{bad:?}");
        }
        assert!(is_local("/projects?state=a%20b"));
        assert_eq!(with_again("/p?x=1#here", "7"), "/p?x=1&again=7#errors");
        assert_eq!(with_again("/p", "a b"), "/p?again=a%20b#errors");
    }

    #[test]
    fn an_empty_token_never_matches() {
        assert!(!equal_in_constant_time(b"", b""));
        assert!(!equal_in_constant_time(b"abc", b"abd"));
        assert!(!equal_in_constant_time(b"ab", b"abc"));
        assert!(equal_in_constant_time(b"abc", b"abc"));
    }
}
