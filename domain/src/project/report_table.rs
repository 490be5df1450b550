//! The state machine of a monitoring report, the application for the reductions of one period (Measures ch. 3).

use super::guard::{ReportFacts, ReportGuard};
use super::machine::{Actor, Clock, Party, PublicTab, Transition, events, states};
use time::Date;

use crate::act::Act;
use crate::refusal::{Refusal, codes};

states! {
    /// Where a monitoring report stands.
    ReportState {
        /// Being written.
        Draft = "draft", "", "草稿", "Draft", None, Party::Owner, None;
        /// Waiting for the chosen VVB's answer.
        MandateRequested = "mandate_requested", "", "待核查机构确认委托", "Waiting for the verifier to accept", None, Party::Vvb, None;
        /// The VVB has taken the verification on.
        VvbConfirmed = "vvb_confirmed", "", "核查机构已确认", "Verifier confirmed", None, Party::Owner, None;
        /// The registry checks the publicity request.
        PublicityReview = "publicity_review", "", "公示审核中", "Publicity request under check", None, Party::Operator, None;
        /// Approved; publicity begins on the next working day.
        PublicityScheduled = "publicity_scheduled", "", "待公示", "Publicity scheduled", None, Party::Date, None;
        /// `03`.
        InPublicity = "in_publicity", "03", "公示中", "In publicity", Some(PublicTab::ReductionsInPublicity), Party::Date, Some(Clock::PUBLICITY);
        /// The owner has asked to recall; the window runs on.
        RecallReview = "recall_review", "03", "公示中（撤回审核中）", "In publicity, recall under check", Some(PublicTab::ReductionsInPublicity), Party::Operator, Some(Clock::PUBLICITY);
        /// `06`: the verifier works.
        PublicityEnded = "publicity_ended", "06", "待核查机构上传核查附件", "Publicity ended, waiting for the verification report", Some(PublicTab::ReductionsPublicityEnded), Party::Vvb, Some(Clock::VVB_REPORT);
        /// Positive report uploaded; not yet applied for.
        Verified = "verified", "06", "未申请登记", "Verified, registration not applied for", Some(PublicTab::ReductionsPublicityEnded), Party::Owner, None;
        /// `13`.
        RegistrationReview = "registration_review", "13", "申请登记中", "Registration under review", Some(PublicTab::ReductionsPublicityEnded), Party::Operator, Some(Clock::REGISTRATION);
        /// The review waits for answers; its clock stands still.
        RegistrationPaused = "registration_paused", "13", "申请登记中（暂停）", "Registration review paused", Some(PublicTab::ReductionsPublicityEnded), Party::Operator, None;
        /// `14`.
        Registered = "registered", "14", "已登记", "Registered", Some(PublicTab::ReductionsRegistered), Party::Operator, None;
        /// The credits are in the owner's account.
        Issued = "issued", "14", "已签发", "Issued", Some(PublicTab::ReductionsIssued), Party::Nobody, None;
        /// Given up before publicity; never public.
        Discarded = "discarded", "", "已放弃", "Given up before publicity", None, Party::Nobody, None;
        /// `97`: recalled during publicity.
        Withdrawn = "withdrawn", "97", "已撤回", "Withdrawn", Some(PublicTab::ReductionsPublicityEnded), Party::Nobody, None;
        /// `99`: ended without registration.
        Terminated = "terminated", "99", "已终止", "Terminated", Some(PublicTab::ReductionsPublicityEnded), Party::Nobody, None;
    }
}

events! {
    /// What can happen to a monitoring report.
    ReportEvent {
        /// The draft is edited.
        Save = "save", Some(Act::ReportSave);
        /// The owner asks the VVB.
        RequestMandate = "request_mandate", Some(Act::ReportRequestMandate);
        /// The VVB accepts.
        ConfirmMandate = "confirm_mandate", Some(Act::ReportConfirmMandate);
        /// The VVB declines.
        DeclineMandate = "decline_mandate", Some(Act::ReportDeclineMandate);
        /// The owner asks for publicity.
        RequestPublicity = "request_publicity", Some(Act::ReportRequestPublicity);
        /// The registry approves publicity.
        ApprovePublicity = "approve_publicity", Some(Act::ReportApprovePublicity);
        /// The window gets a later last day, because the calendar changed.
        ExtendPublicity = "extend_publicity", Some(Act::ReportExtendPublicity);
        /// The registry returns the request for completion.
        Return = "return", Some(Act::ReportReturn);
        /// The owner gives up before publicity.
        Withdraw = "withdraw", Some(Act::ReportWithdraw);
        /// The first day of publicity has come.
        PublicityStarts = "publicity_starts", None;
        /// Somebody comments.
        SubmitOpinion = "submit_opinion", Some(Act::OpinionSubmit);
        /// The registry publishes a comment.
        PublishOpinion = "publish_opinion", Some(Act::OpinionPublish);
        /// The registry refuses a comment.
        RefuseOpinion = "refuse_opinion", Some(Act::OpinionRefuse);
        /// The owner answers a comment.
        ReplyToOpinion = "reply_to_opinion", Some(Act::OpinionReply);
        /// The owner asks to recall.
        RequestRecall = "request_recall", Some(Act::ReportRequestRecall);
        /// The registry agrees to the recall.
        ApproveRecall = "approve_recall", Some(Act::ReportApproveRecall);
        /// The registry refuses the recall.
        RefuseRecall = "refuse_recall", Some(Act::ReportRefuseRecall);
        /// The day after the last day of publicity has come.
        PublicityEnds = "publicity_ends", None;
        /// Positive verification report.
        Verify = "verify", Some(Act::ReportVerify);
        /// Negative verification report.
        Reject = "reject", Some(Act::ReportReject);
        /// The owner gives up after publicity.
        Abort = "abort", Some(Act::ReportAbort);
        /// The owner applies for registration.
        ApplyRegistration = "apply_registration", Some(Act::ReportApplyRegistration);
        /// The registry returns the application.
        ReturnRegistration = "return_registration", Some(Act::ReportReturnRegistration);
        /// The registry ends the application.
        RefuseRegistration = "refuse_registration", Some(Act::ReportRefuseRegistration);
        /// The review is paused.
        Pause = "pause", Some(Act::ReportPause);
        /// The review goes on.
        Resume = "resume", Some(Act::ReportResume);
        /// Experts are drawn for the review.
        AppointExperts = "appoint_experts", Some(Act::ReportAppointExperts);
        /// An expert's answer is entered.
        RecordExpert = "record_expert", Some(Act::ReportRecordExpert);
        /// The reductions are registered.
        Register = "register", Some(Act::ReportRegister);
        /// The credits are issued.
        Issue = "issue", Some(Act::ReportIssue);
        /// The project was deregistered or revoked while the application was open.
        ProjectLost = "project_lost", None;
    }
}

type Row = Transition<ReportState, ReportEvent, ReportGuard>;

use ReportEvent as E;
use ReportGuard::{D1, I1, O1, P3, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, V1, X1};
use ReportState as S;

const fn row(
    from: S,
    event: E,
    actor: Actor,
    to: S,
    guards: &'static [ReportGuard],
    source: &'static str,
) -> Row {
    Transition {
        from,
        event,
        actor,
        to,
        guards,
        source,
    }
}

/// The conditions of reductions, asked at the publicity request (Measures art. 17-19).
const CREDITABLE: &[ReportGuard] = &[R1, R2, P3, R3, R4, R5, R6, R7, R9, R10, R11];
/// The same with the verified amounts, asked at the application and at registration (Measures art. 21, 22).
const CREDITABLE_AND_VERIFIED: &[ReportGuard] = &[R1, R2, P3, R3, R4, R5, R6, R7, R8, R9, R10, R11];

/// The same with the answers of the experts, if any were asked.
const CREDITABLE_VERIFIED_AND_ADVISED: &[ReportGuard] =
    &[R1, R2, P3, R3, R4, R5, R6, R7, R8, R9, R10, R11, X1];

/// Every allowed pair of state and event. What is not listed is refused.
#[rustfmt::skip]
pub const REPORT_TRANSITIONS: &[Row] = &[
    row(S::Draft, E::Save, Actor::Owner, S::Draft, &[], "[D]"),
    row(S::Draft, E::RequestMandate, Actor::Owner, S::MandateRequested, &[R1, R6, R7], "CNCA-CCER-01:2023 5.2"),
    row(S::Draft, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::Draft, E::ProjectLost, Actor::Operator, S::Discarded, &[], "Measures art. 16, 17, 43"),
    row(S::MandateRequested, E::ConfirmMandate, Actor::NamedVvb, S::VvbConfirmed, &[R6, R7], "CNCA-CCER-01:2023 5.2"),
    row(S::MandateRequested, E::DeclineMandate, Actor::NamedVvb, S::Draft, &[], "CNCA-CCER-01:2023 5.2"),
    row(S::MandateRequested, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::MandateRequested, E::ProjectLost, Actor::Operator, S::Discarded, &[], "Measures art. 16, 17, 43"),
    row(S::VvbConfirmed, E::Save, Actor::Owner, S::VvbConfirmed, &[], "[D]"),
    row(S::VvbConfirmed, E::RequestPublicity, Actor::Owner, S::PublicityReview, CREDITABLE, "Measures art. 17-19"),
    row(S::VvbConfirmed, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::VvbConfirmed, E::ProjectLost, Actor::Operator, S::Discarded, &[], "Measures art. 16, 17, 43"),
    row(S::PublicityReview, E::ApprovePublicity, Actor::Operator, S::PublicityScheduled, &[], "Measures art. 19"),
    row(S::PublicityReview, E::Return, Actor::Operator, S::VvbConfirmed, &[], "[D]"),
    row(S::PublicityReview, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::PublicityReview, E::ProjectLost, Actor::Operator, S::Discarded, &[], "Measures art. 16, 17, 43"),
    row(S::PublicityScheduled, E::PublicityStarts, Actor::Date, S::InPublicity, &[], "Measures art. 19; observed: never the day of approval"),
    row(S::PublicityScheduled, E::ExtendPublicity, Actor::Operator, S::PublicityScheduled, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::PublicityScheduled, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::PublicityScheduled, E::ProjectLost, Actor::Operator, S::Discarded, &[], "Measures art. 16, 17, 43"),
    row(S::InPublicity, E::SubmitOpinion, Actor::Anyone, S::InPublicity, &[], "Measures art. 19; registration rules art. 19"),
    row(S::InPublicity, E::PublishOpinion, Actor::Operator, S::InPublicity, &[], "registration rules art. 19"),
    row(S::InPublicity, E::RefuseOpinion, Actor::Operator, S::InPublicity, &[], "registration rules art. 19"),
    row(S::InPublicity, E::ReplyToOpinion, Actor::Owner, S::InPublicity, &[], "Measures art. 20"),
    row(S::InPublicity, E::RequestRecall, Actor::Owner, S::RecallReview, &[], "registry task 核证公示期撤回审核"),
    row(S::InPublicity, E::ExtendPublicity, Actor::Operator, S::InPublicity, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::InPublicity, E::PublicityEnds, Actor::Date, S::PublicityEnded, &[], "Measures art. 19"),
    row(S::InPublicity, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::RecallReview, E::SubmitOpinion, Actor::Anyone, S::RecallReview, &[], "Measures art. 19; registration rules art. 19"),
    row(S::RecallReview, E::PublishOpinion, Actor::Operator, S::RecallReview, &[], "registration rules art. 19"),
    row(S::RecallReview, E::RefuseOpinion, Actor::Operator, S::RecallReview, &[], "registration rules art. 19"),
    row(S::RecallReview, E::ReplyToOpinion, Actor::Owner, S::RecallReview, &[], "Measures art. 20"),
    row(S::RecallReview, E::ApproveRecall, Actor::Operator, S::Withdrawn, &[], "registry task 核证公示期撤回审核; public status 97"),
    row(S::RecallReview, E::RefuseRecall, Actor::Operator, S::InPublicity, &[], "registry task 核证公示期撤回审核"),
    row(S::RecallReview, E::ExtendPublicity, Actor::Operator, S::RecallReview, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::RecallReview, E::PublicityEnds, Actor::Date, S::PublicityEnded, &[], "[D] an undecided recall lapses with the window"),
    row(S::RecallReview, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::PublicityEnded, E::PublishOpinion, Actor::Operator, S::PublicityEnded, &[], "registration rules art. 19"),
    row(S::PublicityEnded, E::RefuseOpinion, Actor::Operator, S::PublicityEnded, &[], "registration rules art. 19"),
    row(S::PublicityEnded, E::ReplyToOpinion, Actor::Owner, S::PublicityEnded, &[], "Measures art. 20"),
    row(S::PublicityEnded, E::Verify, Actor::NamedVvb, S::Verified, &[R1, R6, R7, V1, O1, D1], "Measures art. 20; CNCA-CCER-01:2023 5.4-5.6"),
    row(S::PublicityEnded, E::Reject, Actor::NamedVvb, S::Terminated, &[], "Measures art. 20"),
    row(S::PublicityEnded, E::Abort, Actor::Owner, S::Terminated, &[], "observed: public status 99"),
    row(S::PublicityEnded, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::Verified, E::ApplyRegistration, Actor::Owner, S::RegistrationReview, CREDITABLE_AND_VERIFIED, "Measures art. 21"),
    row(S::Verified, E::Abort, Actor::Owner, S::Terminated, &[], "[D]"),
    row(S::Verified, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::RegistrationReview, E::ReturnRegistration, Actor::Operator, S::Verified, &[], "Measures art. 22; [D] may be handed in again"),
    row(S::RegistrationReview, E::RefuseRegistration, Actor::Operator, S::Terminated, &[], "Measures art. 22"),
    row(S::RegistrationReview, E::Pause, Actor::Operator, S::RegistrationPaused, &[], "registry endpoint pause; [D] stops the clock"),
    row(S::RegistrationReview, E::Register, Actor::Operator, S::Registered, CREDITABLE_VERIFIED_AND_ADVISED, "Measures art. 22"),
    row(S::RegistrationReview, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::RegistrationReview, E::AppointExperts, Actor::Operator, S::RegistrationReview, &[], "registry task 技术评估; [D] drawn by a recorded seed"),
    row(S::RegistrationReview, E::RecordExpert, Actor::Operator, S::RegistrationReview, &[], "registry task 技术评估"),
    row(S::RegistrationPaused, E::AppointExperts, Actor::Operator, S::RegistrationPaused, &[], "registry task 技术评估; [D] drawn by a recorded seed"),
    row(S::RegistrationPaused, E::RecordExpert, Actor::Operator, S::RegistrationPaused, &[], "registry task 技术评估"),
    row(S::RegistrationPaused, E::Resume, Actor::Operator, S::RegistrationReview, &[], "registry endpoint pause"),
    row(S::RegistrationPaused, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
    row(S::Registered, E::Issue, Actor::Operator, S::Issued, &[R1, R8, I1], "registry task 减排量签发"),
    row(S::Registered, E::ProjectLost, Actor::Operator, S::Terminated, &[], "Measures art. 16, 17, 43"),
];

impl ReportState {
    /// The row for an event in this state, or `state_does_not_allow`.
    pub fn row(self, event: ReportEvent) -> Result<&'static Row, Refusal> {
        REPORT_TRANSITIONS
            .iter()
            .find(|row| row.from == self && row.event == event)
            .ok_or_else(|| {
                Refusal::new(codes::STATE_DOES_NOT_ALLOW)
                    .with("state", self.code())
                    .with("event", event.name())
            })
    }

    /// The next state for an event without guards (dates, returns, refusals, comments), or all refusals.
    /// An event whose row has guards needs [`ReportState::after`], and is refused here as incomplete.
    pub fn after_unguarded(self, event: ReportEvent) -> Result<Self, Refusal> {
        let row = self.row(event)?;
        if row.guards.is_empty() {
            Ok(row.to)
        } else {
            Err(Refusal::new(codes::FACTS_MISSING).with("event", event.name()))
        }
    }

    /// The next state, or every reason why the guards of the row refuse it.
    pub fn after(self, event: ReportEvent, facts: &ReportFacts) -> Result<Self, Vec<Refusal>> {
        let row = self.row(event).map_err(|refusal| vec![refusal])?;
        let refusals: Vec<Refusal> = row
            .guards
            .iter()
            .flat_map(|guard| guard.check(facts))
            .collect();
        if refusals.is_empty() {
            Ok(row.to)
        } else {
            Err(refusals)
        }
    }

    /// The event that the passing of dates has brought, if any. Apply it and ask again: a record that was left alone for long may
    /// have several due. `publicity`: first and last day of the window.
    pub fn due_event(self, today: Date, publicity: Option<(Date, Date)>) -> Option<ReportEvent> {
        let (start, end) = publicity?;
        match self {
            Self::PublicityScheduled if start <= today => Some(ReportEvent::PublicityStarts),
            Self::InPublicity | Self::RecallReview if end < today => {
                Some(ReportEvent::PublicityEnds)
            }
            _ => None,
        }
    }

    /// Whether nothing can happen any more.
    pub fn is_terminal(self) -> bool {
        REPORT_TRANSITIONS.iter().all(|row| row.from != self)
    }

    /// The events that a role can cause in this state, in the order of the table: the buttons of a page.
    pub fn events_for(self, role: crate::role::Role) -> impl Iterator<Item = ReportEvent> {
        REPORT_TRANSITIONS
            .iter()
            .filter(move |row| row.from == self && row.actor.role() == Some(role))
            .map(|row| row.event)
    }
}
