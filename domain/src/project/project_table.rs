//! The project state machine (Measures ch. 2; registration rules; states as shown by the real public site).

use super::guard::{ProjectFacts, ProjectGuard};
use super::machine::{Actor, Clock, Party, PublicTab, Transition, events, states};
use time::Date;

use crate::act::Act;
use crate::refusal::{Refusal, codes};

states! {
    /// Where a project stands.
    ProjectState {
        /// Being written.
        Draft = "draft", "", "草稿", "Draft", None, Party::Owner, None;
        /// Waiting for the chosen VVB's answer.
        MandateRequested = "mandate_requested", "", "待审定机构确认委托", "Waiting for the validator to accept", None, Party::Vvb, None;
        /// The VVB has taken the validation on.
        VvbConfirmed = "vvb_confirmed", "", "审定机构已确认", "Validator confirmed", None, Party::Owner, None;
        /// The registry checks the publicity request.
        PublicityReview = "publicity_review", "", "公示审核中", "Publicity request under check", None, Party::Operator, None;
        /// Approved; publicity begins on the next working day.
        PublicityScheduled = "publicity_scheduled", "", "待公示", "Publicity scheduled", None, Party::Date, None;
        /// `03`.
        InPublicity = "in_publicity", "03", "公示中", "In publicity", Some(PublicTab::ProjectsInPublicity), Party::Date, Some(Clock::PUBLICITY);
        /// The owner has asked to recall; the window runs on.
        RecallReview = "recall_review", "03", "公示中（撤回审核中）", "In publicity, recall under check", Some(PublicTab::ProjectsInPublicity), Party::Operator, Some(Clock::PUBLICITY);
        /// `06`: the validator works.
        PublicityEnded = "publicity_ended", "06", "待审定机构上传审定附件", "Publicity ended, waiting for the validation report", Some(PublicTab::ProjectsPublicityEnded), Party::Vvb, Some(Clock::VVB_REPORT);
        /// Positive report uploaded; not yet applied for.
        Validated = "validated", "06", "未申请登记", "Validated, registration not applied for", Some(PublicTab::ProjectsPublicityEnded), Party::Owner, None;
        /// `13`.
        RegistrationReview = "registration_review", "13", "申请登记中", "Registration under review", Some(PublicTab::ProjectsPublicityEnded), Party::Operator, Some(Clock::REGISTRATION);
        /// The review waits for answers; its clock stands still.
        RegistrationPaused = "registration_paused", "13", "申请登记中（暂停）", "Registration review paused", Some(PublicTab::ProjectsPublicityEnded), Party::Operator, None;
        /// `14`.
        Registered = "registered", "14", "已登记", "Registered", Some(PublicTab::ProjectsRegistered), Party::Nobody, None;
        /// The crediting period is over; reductions up to its end may still be claimed.
        Expired = "expired", "14", "已登记（计入期届满）", "Registered, crediting period over", Some(PublicTab::ProjectsRegistered), Party::Nobody, None;
        /// The owner has asked to cancel the registration, which holds until the registry decides.
        DeregistrationReview = "deregistration_review", "14", "已登记（注销审核中）", "Registered, deregistration under check", Some(PublicTab::ProjectsRegistered), Party::Operator, None;
        /// Given up before publicity; never public.
        Discarded = "discarded", "", "已放弃", "Given up before publicity", None, Party::Nobody, None;
        /// `97`: recalled during publicity.
        Withdrawn = "withdrawn", "97", "已撤回", "Withdrawn", Some(PublicTab::ProjectsPublicityEnded), Party::Nobody, None;
        /// `99`: ended without registration.
        Terminated = "terminated", "99", "已终止", "Terminated", Some(PublicTab::ProjectsPublicityEnded), Party::Nobody, None;
        /// Registration cancelled at the owner's wish or ex officio; can never be registered again.
        Deregistered = "deregistered", "", "已注销", "Deregistered", Some(PublicTab::ProjectsDeregistered), Party::Nobody, None;
        /// Registration revoked for falsified data.
        Revoked = "revoked", "", "已撤销登记", "Registration revoked", Some(PublicTab::ProjectsDeregistered), Party::Nobody, None;
    }
}

events! {
    /// What can happen to a project.
    ProjectEvent {
        /// The draft is edited.
        Save = "save", Some(Act::ProjectSave);
        /// The owner asks the VVB.
        RequestMandate = "request_mandate", Some(Act::ProjectRequestMandate);
        /// The VVB accepts.
        ConfirmMandate = "confirm_mandate", Some(Act::ProjectConfirmMandate);
        /// The VVB declines.
        DeclineMandate = "decline_mandate", Some(Act::ProjectDeclineMandate);
        /// The owner asks for publicity.
        RequestPublicity = "request_publicity", Some(Act::ProjectRequestPublicity);
        /// The registry approves publicity.
        ApprovePublicity = "approve_publicity", Some(Act::ProjectApprovePublicity);
        /// The window gets a later last day, because the calendar changed.
        ExtendPublicity = "extend_publicity", Some(Act::ProjectExtendPublicity);
        /// The registry returns the request for completion.
        Return = "return", Some(Act::ProjectReturn);
        /// The owner gives up before publicity.
        Withdraw = "withdraw", Some(Act::ProjectWithdraw);
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
        RequestRecall = "request_recall", Some(Act::ProjectRequestRecall);
        /// The registry agrees to the recall.
        ApproveRecall = "approve_recall", Some(Act::ProjectApproveRecall);
        /// The registry refuses the recall.
        RefuseRecall = "refuse_recall", Some(Act::ProjectRefuseRecall);
        /// The day after the last day of publicity has come.
        PublicityEnds = "publicity_ends", None;
        /// Positive validation report.
        Validate = "validate", Some(Act::ProjectValidate);
        /// Negative validation report.
        Reject = "reject", Some(Act::ProjectReject);
        /// The owner gives up after publicity.
        Abort = "abort", Some(Act::ProjectAbort);
        /// The owner applies for registration.
        ApplyRegistration = "apply_registration", Some(Act::ProjectApplyRegistration);
        /// The registry returns the application.
        ReturnRegistration = "return_registration", Some(Act::ProjectReturnRegistration);
        /// The registry ends the application.
        RefuseRegistration = "refuse_registration", Some(Act::ProjectRefuseRegistration);
        /// The review is paused.
        Pause = "pause", Some(Act::ProjectPause);
        /// The review goes on.
        Resume = "resume", Some(Act::ProjectResume);
        /// Experts are drawn for the review.
        AppointExperts = "appoint_experts", Some(Act::ProjectAppointExperts);
        /// An expert's answer is entered.
        RecordExpert = "record_expert", Some(Act::ProjectRecordExpert);
        /// The project is registered.
        Register = "register", Some(Act::ProjectRegister);
        /// The day after the crediting period has come.
        CreditingEnds = "crediting_ends", None;
        /// The owner asks to cancel the registration.
        RequestDeregistration = "request_deregistration", Some(Act::ProjectRequestDeregistration);
        /// The registry does not cancel it.
        RefuseDeregistration = "refuse_deregistration", Some(Act::ProjectRefuseDeregistration);
        /// Registration is cancelled.
        Deregister = "deregister", Some(Act::ProjectDeregister);
        /// Registration is revoked for fraud.
        Revoke = "revoke", Some(Act::ProjectRevoke);
    }
}

type Row = Transition<ProjectState, ProjectEvent, ProjectGuard>;

use ProjectEvent as E;
use ProjectGuard::{D1, G1, G2, G3, G4, G5, G6, G7, G8, G9, G10, O1, P1, P2, V1, X1};
use ProjectState as S;

const fn row(
    from: S,
    event: E,
    actor: Actor,
    to: S,
    guards: &'static [ProjectGuard],
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

/// The eligibility of a project, asked at the publicity request and again at registration (Measures art. 10, 48).
const ELIGIBLE: &[ProjectGuard] = &[P1, P2, G1, G2, G3, G4, G5, G6, G7, G8, G9, G10];
/// The same with the answers of the experts, if any were asked.
const ELIGIBLE_AND_ADVISED: &[ProjectGuard] =
    &[P1, P2, G1, G2, G3, G4, G5, G6, G7, G8, G9, G10, X1];

/// Every allowed pair of state and event. What is not listed is refused.
#[rustfmt::skip]
pub const PROJECT_TRANSITIONS: &[Row] = &[
    row(S::Draft, E::Save, Actor::Owner, S::Draft, &[], "[D]"),
    row(S::Draft, E::RequestMandate, Actor::Owner, S::MandateRequested, &[G6], "CNCA-CCER-01:2023 4.2"),
    row(S::Draft, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::MandateRequested, E::ConfirmMandate, Actor::NamedVvb, S::VvbConfirmed, &[G6], "CNCA-CCER-01:2023 4.2"),
    row(S::MandateRequested, E::DeclineMandate, Actor::NamedVvb, S::Draft, &[], "CNCA-CCER-01:2023 4.2"),
    row(S::MandateRequested, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::VvbConfirmed, E::Save, Actor::Owner, S::VvbConfirmed, &[], "[D]"),
    row(S::VvbConfirmed, E::RequestPublicity, Actor::Owner, S::PublicityReview, ELIGIBLE, "Measures art. 10, 12"),
    row(S::VvbConfirmed, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::PublicityReview, E::ApprovePublicity, Actor::Operator, S::PublicityScheduled, &[], "Measures art. 12"),
    row(S::PublicityReview, E::Return, Actor::Operator, S::VvbConfirmed, &[], "[D]"),
    row(S::PublicityReview, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::PublicityScheduled, E::PublicityStarts, Actor::Date, S::InPublicity, &[], "Measures art. 12; observed: never the day of approval"),
    row(S::PublicityScheduled, E::ExtendPublicity, Actor::Operator, S::PublicityScheduled, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::PublicityScheduled, E::Withdraw, Actor::Owner, S::Discarded, &[], "[D]"),
    row(S::InPublicity, E::SubmitOpinion, Actor::Anyone, S::InPublicity, &[], "Measures art. 12; registration rules art. 19"),
    row(S::InPublicity, E::PublishOpinion, Actor::Operator, S::InPublicity, &[], "registration rules art. 19"),
    row(S::InPublicity, E::RefuseOpinion, Actor::Operator, S::InPublicity, &[], "registration rules art. 19"),
    row(S::InPublicity, E::ReplyToOpinion, Actor::Owner, S::InPublicity, &[], "Measures art. 13"),
    row(S::InPublicity, E::RequestRecall, Actor::Owner, S::RecallReview, &[], "registry task 项目公示期撤回审核"),
    row(S::InPublicity, E::ExtendPublicity, Actor::Operator, S::InPublicity, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::InPublicity, E::PublicityEnds, Actor::Date, S::PublicityEnded, &[], "Measures art. 12"),
    row(S::RecallReview, E::SubmitOpinion, Actor::Anyone, S::RecallReview, &[], "Measures art. 12; registration rules art. 19"),
    row(S::RecallReview, E::PublishOpinion, Actor::Operator, S::RecallReview, &[], "registration rules art. 19"),
    row(S::RecallReview, E::RefuseOpinion, Actor::Operator, S::RecallReview, &[], "registration rules art. 19"),
    row(S::RecallReview, E::ReplyToOpinion, Actor::Owner, S::RecallReview, &[], "Measures art. 13"),
    row(S::RecallReview, E::ApproveRecall, Actor::Operator, S::Withdrawn, &[], "registry task 项目公示期撤回审核; public status 97"),
    row(S::RecallReview, E::RefuseRecall, Actor::Operator, S::InPublicity, &[], "registry task 项目公示期撤回审核"),
    row(S::RecallReview, E::ExtendPublicity, Actor::Operator, S::RecallReview, &[], "observed: registry task of changing the publicity period; [D] only later"),
    row(S::RecallReview, E::PublicityEnds, Actor::Date, S::PublicityEnded, &[], "[D] an undecided recall lapses with the window"),
    row(S::PublicityEnded, E::PublishOpinion, Actor::Operator, S::PublicityEnded, &[], "registration rules art. 19"),
    row(S::PublicityEnded, E::RefuseOpinion, Actor::Operator, S::PublicityEnded, &[], "registration rules art. 19"),
    row(S::PublicityEnded, E::ReplyToOpinion, Actor::Owner, S::PublicityEnded, &[], "Measures art. 13"),
    row(S::PublicityEnded, E::Validate, Actor::NamedVvb, S::Validated, &[G6, V1, O1, D1], "Measures art. 13; CNCA-CCER-01:2023 4.4-4.6"),
    row(S::PublicityEnded, E::Reject, Actor::NamedVvb, S::Terminated, &[], "Measures art. 13"),
    row(S::PublicityEnded, E::Abort, Actor::Owner, S::Terminated, &[], "observed: public status 99"),
    row(S::Validated, E::ApplyRegistration, Actor::Owner, S::RegistrationReview, ELIGIBLE, "Measures art. 14"),
    row(S::Validated, E::Abort, Actor::Owner, S::Terminated, &[], "[D]"),
    row(S::RegistrationReview, E::ReturnRegistration, Actor::Operator, S::Validated, &[], "Measures art. 15; [D] may be handed in again"),
    row(S::RegistrationReview, E::RefuseRegistration, Actor::Operator, S::Terminated, &[], "Measures art. 15"),
    row(S::RegistrationReview, E::Pause, Actor::Operator, S::RegistrationPaused, &[], "registry endpoint pause; [D] stops the clock"),
    row(S::RegistrationReview, E::Register, Actor::Operator, S::Registered, ELIGIBLE_AND_ADVISED, "Measures art. 15"),
    row(S::RegistrationPaused, E::Resume, Actor::Operator, S::RegistrationReview, &[], "registry endpoint pause"),
    row(S::RegistrationReview, E::AppointExperts, Actor::Operator, S::RegistrationReview, &[], "registry task 技术评估; [D] drawn by a recorded seed"),
    row(S::RegistrationReview, E::RecordExpert, Actor::Operator, S::RegistrationReview, &[], "registry task 技术评估"),
    row(S::RegistrationPaused, E::AppointExperts, Actor::Operator, S::RegistrationPaused, &[], "registry task 技术评估; [D] drawn by a recorded seed"),
    row(S::RegistrationPaused, E::RecordExpert, Actor::Operator, S::RegistrationPaused, &[], "registry task 技术评估"),
    row(S::Registered, E::CreditingEnds, Actor::Date, S::Expired, &[], "[D]; Measures art. 8, 17"),
    row(S::Registered, E::RequestDeregistration, Actor::Owner, S::DeregistrationReview, &[], "Measures art. 16; registry task 项目注销申请"),
    row(S::Registered, E::Deregister, Actor::Operator, S::Deregistered, &[], "Measures art. 16"),
    row(S::Registered, E::Revoke, Actor::Authority, S::Revoked, &[], "Measures art. 43"),
    row(S::Expired, E::RequestDeregistration, Actor::Owner, S::DeregistrationReview, &[], "Measures art. 16; registry task 项目注销申请"),
    row(S::Expired, E::Deregister, Actor::Operator, S::Deregistered, &[], "Measures art. 16"),
    row(S::Expired, E::Revoke, Actor::Authority, S::Revoked, &[], "Measures art. 43"),
    row(S::DeregistrationReview, E::Deregister, Actor::Operator, S::Deregistered, &[], "Measures art. 16"),
    row(S::DeregistrationReview, E::RefuseDeregistration, Actor::Operator, S::Registered, &[], "[D]"),
    row(S::DeregistrationReview, E::Revoke, Actor::Authority, S::Revoked, &[], "Measures art. 43"),
];

impl ProjectState {
    /// The row for an event in this state, or `state_does_not_allow`.
    pub fn row(self, event: ProjectEvent) -> Result<&'static Row, Refusal> {
        PROJECT_TRANSITIONS
            .iter()
            .find(|row| row.from == self && row.event == event)
            .ok_or_else(|| {
                Refusal::new(codes::STATE_DOES_NOT_ALLOW)
                    .with("state", self.code())
                    .with("event", event.name())
            })
    }

    /// The next state for an event without guards (dates, returns, refusals, comments), or all refusals.
    /// An event whose row has guards needs [`ProjectState::after`], and is refused here as incomplete.
    pub fn after_unguarded(self, event: ProjectEvent) -> Result<Self, Refusal> {
        let row = self.row(event)?;
        if row.guards.is_empty() {
            Ok(row.to)
        } else {
            Err(Refusal::new(codes::FACTS_MISSING).with("event", event.name()))
        }
    }

    /// The next state, or every reason why the guards of the row refuse it.
    pub fn after(self, event: ProjectEvent, facts: &ProjectFacts) -> Result<Self, Vec<Refusal>> {
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
    /// have several due. `publicity`: first and last day of the window; `crediting_end`: last day of the crediting period.
    pub fn due_event(
        self,
        today: Date,
        publicity: Option<(Date, Date)>,
        crediting_end: Option<Date>,
    ) -> Option<ProjectEvent> {
        let (start, end) = publicity.unzip();
        match self {
            Self::PublicityScheduled if start.is_some_and(|start| start <= today) => {
                Some(ProjectEvent::PublicityStarts)
            }
            Self::InPublicity | Self::RecallReview if end.is_some_and(|end| end < today) => {
                Some(ProjectEvent::PublicityEnds)
            }
            Self::Registered if crediting_end.is_some_and(|end| end < today) => {
                Some(ProjectEvent::CreditingEnds)
            }
            _ => None,
        }
    }

    /// Whether nothing can happen any more.
    pub fn is_terminal(self) -> bool {
        PROJECT_TRANSITIONS.iter().all(|row| row.from != self)
    }

    /// The events that a role can cause in this state, in the order of the table: the buttons of a page.
    pub fn events_for(self, role: crate::role::Role) -> impl Iterator<Item = ProjectEvent> {
        PROJECT_TRANSITIONS
            .iter()
            .filter(move |row| row.from == self && row.actor.role() == Some(role))
            .map(|row| row.event)
    }
}
