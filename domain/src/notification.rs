//! Who is told of what, and how long each step takes: tables without IO. A test walks every act, every step made by date and every
//! state, so that none is forgotten.

use serde::Serialize;
use time::Date;

use crate::act::Act;
use crate::calendar::Calendar;
use crate::project::{Clock, Party, ProjectState, ReportState};

/// Who receives a message. The organisation that acted never does, unless it is named by [`Recipient::Colleagues`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The owner of the record.
    Owner,
    /// The VVB that the record names.
    Vvb,
    /// Every organisation of the registry operator; of a record only once the registry has received it.
    Operator,
    /// The party whose turn it is in the record's state.
    Holder,
    /// The organisation that the act is about.
    Account,
    /// The organiser of the event.
    Organiser,
    /// The organiser of the event, and whoever the act asked to organise it together, or no longer to.
    Organisers,
    /// The body that was asked about the event last; of a new statement, also the one that it does not ask any more.
    Evaluator,
    /// Whoever was credited by the transfers of the act.
    Receiver,
    /// The other people of the organisation that acted.
    Colleagues,
    /// The same, where nothing has moved yet because one of them must confirm.
    Confirmer,
}

/// What the table says about one act or one step made by date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// These are told.
    These(&'static [Recipient]),
    /// Nobody is told, for this reason.
    Nobody(&'static str),
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name in the record of acts: of an [`Act`], or of a step made by date.
    pub kind: &'static str,
    /// Who is told.
    pub told: Told,
    /// What is expected next, where the record's state does not say it: acts on opinions, on proposals.
    pub next: Option<(Party, Act)>,
}

use Recipient::{
    Account, Colleagues, Confirmer, Evaluator, Holder, Operator, Organiser, Organisers, Owner,
    Receiver, Vvb,
};
use Told::{Nobody, These};

const fn act(act: Act, told: Told) -> Rule {
    let kind = act.name();
    Rule {
        kind,
        told,
        next: None,
    }
}

const fn act_then(act: Act, told: Told, party: Party, next: Act) -> Rule {
    let kind = act.name();
    Rule {
        kind,
        told,
        next: Some((party, next)),
    }
}

const fn dated(kind: &'static str, told: Told) -> Rule {
    Rule {
        kind,
        told,
        next: None,
    }
}

/// The person has just done it and sees the answer; it concerns nobody else.
const OWN_ACCOUNT: Told = Nobody("one's own account: the person who did it sees the answer");
/// Drafts are seen by their owner only until they are handed in.
const OWN_DRAFT: Told = Nobody("a draft is seen by its owner only until it is handed in");

/// What an organiser keeps about its own event.
const OWN_EVENT: Told = Nobody("the organiser's own work; the public sees the plan and the result");

/// What organisers of one event do together: the owner is told of what the others did, and nobody of what the owner did.
const SHARED_EVENT: Told = These(&[Organiser]);

/// What a claimant keeps about its own claim of neutrality.
const OWN_CLAIM: Told = Nobody("the claimant's own work; the public sees what is published");

/// What a VVB keeps about its own work.
const BODYS_FILE: Told = Nobody("the body's own file about its work");
/// What the registry keeps about its own work.
const OWN_REVIEW: Told = Nobody("the registry's own work on its review");

/// Every act, and who is told of it.
#[rustfmt::skip]
pub const ACT_RULES: &[Rule] = &[
    act(Act::UserSignUp, OWN_ACCOUNT),
    act(Act::UserSignIn, OWN_ACCOUNT),
    act(Act::UserSignOut, OWN_ACCOUNT),
    act(Act::UserSignOutEverywhere, OWN_ACCOUNT),
    act(Act::UserChangePassword, OWN_ACCOUNT),
    act(Act::UserCreateToken, OWN_ACCOUNT),
    act(Act::UserRevokeToken, OWN_ACCOUNT),
    act(Act::UserSetMail, OWN_ACCOUNT),

    act(Act::ProjectCreate, OWN_DRAFT),
    act(Act::ProjectSave, OWN_DRAFT),
    act(Act::ProjectBoundarySet, OWN_DRAFT),
    act(Act::ProjectBoundaryRemove, OWN_DRAFT),
    act(Act::ProjectRequestMandate, These(&[Vvb])),
    act(Act::ProjectConfirmMandate, These(&[Owner])),
    act(Act::ProjectDeclineMandate, These(&[Owner])),
    act(Act::ProjectRequestPublicity, These(&[Operator, Vvb])),
    act(Act::ProjectApprovePublicity, These(&[Owner, Vvb])),
    act(Act::ProjectReturn, These(&[Owner, Vvb])),
    act(Act::ProjectWithdraw, These(&[Operator, Vvb])),
    act(Act::ProjectRequestRecall, These(&[Operator, Vvb])),
    act(Act::ProjectApproveRecall, These(&[Owner, Vvb])),
    act(Act::ProjectRefuseRecall, These(&[Owner, Vvb])),
    act(Act::ProjectValidate, These(&[Owner])),
    act(Act::ProjectReject, These(&[Owner, Operator])),
    act(Act::ProjectApplyRegistration, These(&[Operator, Vvb])),
    act(Act::ProjectReturnRegistration, These(&[Owner, Vvb])),
    act(Act::ProjectPause, These(&[Owner, Vvb])),
    act(Act::ProjectResume, These(&[Owner, Vvb])),
    act(Act::ProjectRegister, These(&[Owner, Vvb])),
    act(Act::ProjectExtendPublicity, These(&[Owner, Vvb])),
    act(Act::ProjectAbort, These(&[Operator, Vvb])),
    act(Act::ProjectRefuseRegistration, These(&[Owner, Vvb])),
    act(Act::ProjectAppointExperts, These(&[Owner, Vvb])),
    act(Act::ProjectRecordExpert, OWN_REVIEW),
    act_then(Act::ProjectRequestDeregistration, These(&[Operator, Vvb]), Party::Operator, Act::ProjectDeregister),
    act(Act::ProjectRefuseDeregistration, These(&[Owner, Vvb])),
    act(Act::ProjectDeregister, These(&[Owner, Vvb])),
    act(Act::ProjectRevoke, These(&[Owner, Vvb])),
    act(Act::ExpertAdd, OWN_REVIEW),
    act(Act::ExpertEnd, OWN_REVIEW),

    act_then(Act::OpinionSubmit, These(&[Operator]), Party::Operator, Act::OpinionPublish),
    act_then(Act::OpinionPublish, These(&[Owner, Vvb]), Party::Owner, Act::OpinionReply),
    act(Act::OpinionRefuse, Nobody("its author has no account here; the registry keeps the contact given with the opinion")),
    act(Act::OpinionReply, These(&[Vvb])),
    act(Act::AuthorSuspend, Nobody("authors have no account here")),
    act(Act::AuthorRestore, Nobody("authors have no account here")),

    act_then(Act::ComplaintSubmit, These(&[Operator]), Party::Operator, Act::ComplaintAnswer),
    act(Act::ComplaintInvestigate, Nobody("the registry looks into it before anybody is told")),
    act(Act::ComplaintAnswer, These(&[Owner, Vvb])),
    act(Act::CertificateSend, These(&[Owner])),
    act(Act::CertificateAnswer, These(&[Owner])),
    act(Act::ClaimEnter, Nobody("a register of the registry; it speaks when it stands in the way of a project")),
    act(Act::ClaimEnd, Nobody("a register of the registry; it speaks when it stands in the way of a project")),

    act_then(Act::ChangeRequest, These(&[Operator, Vvb]), Party::Operator, Act::ChangeApprove),
    act_then(Act::ChangeAssess, These(&[Owner, Operator]), Party::Operator, Act::ChangeApprove),
    act(Act::ChangeApprove, These(&[Owner, Vvb])),
    act(Act::ChangeRefuse, These(&[Owner, Vvb])),
    act(Act::ChangeWithdraw, These(&[Operator, Vvb])),

    act(Act::EngagementSave, BODYS_FILE),
    act(Act::EngagementMemberAdd, BODYS_FILE),
    act(Act::EngagementMemberRemove, BODYS_FILE),
    act(Act::EngagementVisitAdd, BODYS_FILE),
    act(Act::EngagementVisitRemove, BODYS_FILE),
    act_then(Act::FindingRaise, These(&[Owner]), Party::Owner, Act::FindingAnswer),
    act_then(Act::FindingAnswer, These(&[Vvb]), Party::Vvb, Act::FindingClose),
    act(Act::FindingClose, These(&[Owner])),
    act_then(Act::FindingReturn, These(&[Owner]), Party::Owner, Act::FindingAnswer),
    act(Act::TieAdd, Nobody("a register; it speaks when it stands in the way of a mandate")),
    act(Act::TieEnd, Nobody("a register; it speaks when it stands in the way of a mandate")),

    act(Act::ReportCreate, OWN_DRAFT),
    act(Act::ReportSave, OWN_DRAFT),
    act(Act::ReportRequestMandate, These(&[Vvb])),
    act(Act::ReportConfirmMandate, These(&[Owner])),
    act(Act::ReportDeclineMandate, These(&[Owner])),
    act(Act::ReportRequestPublicity, These(&[Operator, Vvb])),
    act(Act::ReportApprovePublicity, These(&[Owner, Vvb])),
    act(Act::ReportReturn, These(&[Owner, Vvb])),
    act(Act::ReportWithdraw, These(&[Operator, Vvb])),
    act(Act::ReportRequestRecall, These(&[Operator, Vvb])),
    act(Act::ReportApproveRecall, These(&[Owner, Vvb])),
    act(Act::ReportRefuseRecall, These(&[Owner, Vvb])),
    act(Act::ReportVerify, These(&[Owner])),
    act(Act::ReportReject, These(&[Owner, Operator])),
    act(Act::ReportApplyRegistration, These(&[Operator, Vvb])),
    act(Act::ReportReturnRegistration, These(&[Owner, Vvb])),
    act(Act::ReportPause, These(&[Owner, Vvb])),
    act(Act::ReportResume, These(&[Owner, Vvb])),
    act(Act::ReportRegister, These(&[Owner, Vvb])),
    act(Act::ReportIssue, These(&[Owner, Vvb])),
    act(Act::ReportExtendPublicity, These(&[Owner, Vvb])),
    act(Act::ReportAbort, These(&[Operator, Vvb])),
    act(Act::ReportRefuseRegistration, These(&[Owner, Vvb])),
    act(Act::ReportAppointExperts, These(&[Owner, Vvb])),
    act(Act::ReportRecordExpert, OWN_REVIEW),

    act(Act::EventCreate, OWN_EVENT),
    act(Act::EventSave, SHARED_EVENT),
    act(Act::EventPlanPublish, These(&[Colleagues])),
    act(Act::EventWithdraw, These(&[Colleagues])),
    act(Act::EventInventorySave, SHARED_EVENT),
    act(Act::EventAttendeesImport, SHARED_EVENT),
    act(Act::EventFormSet, SHARED_EVENT),
    act(Act::EventAnswersStrike, SHARED_EVENT),
    act(Act::EventAttendeeSources, SHARED_EVENT),
    act(Act::EventAttend, Nobody("thousands may answer; the event's page counts them")),
    act(Act::EventSupplierAdd, SHARED_EVENT),
    act(Act::EventSupplierClose, SHARED_EVENT),
    act(Act::EventSupply, Nobody("the event's page of suppliers shows it; a message a line would be too many")),
    act(Act::EventSupplyDecide, SHARED_EVENT),
    act(Act::EventAccount, OWN_EVENT),
    act(Act::EventUnitAdd, OWN_EVENT),
    act(Act::EventUnitRemove, OWN_EVENT),
    act(Act::EventRetire, These(&[Colleagues])),
    act_then(Act::EventEvaluate, These(&[Evaluator]), Party::Vvb, Act::EventEvaluationConfirm),
    act(Act::EventEvaluationConfirm, These(&[Organiser])),
    act(Act::EventEvaluationDecline, These(&[Organiser])),
    act(Act::EventPublish, These(&[Colleagues, Evaluator])),
    act(Act::EventCorrect, These(&[Colleagues, Evaluator])),
    act(Act::EventCorrectWithdraw, These(&[Colleagues, Evaluator])),
    act(Act::EventOverlapDecide, SHARED_EVENT),
    act(Act::EventFileAdd, SHARED_EVENT),
    act(Act::EventFileRemove, SHARED_EVENT),
    act(Act::EventOrganiserInvite, These(&[Organisers])),
    act(Act::EventOrganiserAnswer, These(&[Organisers])),
    act(Act::EventOrganiserEnd, These(&[Organisers])),
    act(Act::NeutralCreate, OWN_CLAIM),
    act(Act::NeutralSave, OWN_CLAIM),
    act(Act::NeutralRetirementAdd, OWN_CLAIM),
    act(Act::NeutralRetire, These(&[Colleagues])),
    act(Act::NeutralPublish, These(&[Colleagues])),
    act(Act::NeutralCorrect, These(&[Colleagues])),
    act(Act::NeutralWithdraw, These(&[Colleagues])),

    act_then(Act::ParametersPropose, These(&[Operator, Colleagues]), Party::Operator, Act::ParametersApprove),
    act(Act::ParametersApprove, These(&[Operator, Colleagues])),
    act(Act::ParametersReject, These(&[Operator, Colleagues])),
    act(Act::ParametersWithdraw, These(&[Operator, Colleagues])),

    act_then(Act::RulePropose, These(&[Operator, Colleagues]), Party::Operator, Act::RuleApprove),
    act(Act::RuleApprove, These(&[Operator, Colleagues])),
    act(Act::RuleReject, These(&[Operator, Colleagues])),
    act(Act::RuleWithdraw, These(&[Operator, Colleagues])),

    act(Act::AttachmentAdd, OWN_DRAFT),
    act(Act::AttachmentRemove, OWN_DRAFT),

    act_then(Act::CreditsTransfer, These(&[Receiver, Confirmer]), Party::Owner, Act::CreditsConfirm),
    act_then(Act::CreditsRetire, These(&[Confirmer]), Party::Owner, Act::CreditsConfirm),
    act(Act::CreditsConfirm, These(&[Receiver, Colleagues])),
    act(Act::CreditsReject, These(&[Colleagues])),
    act(Act::CreditsMove, OWN_ACCOUNT),
    act(Act::CreditsAccept, These(&[Account])),
    act(Act::CreditsDecline, These(&[Account])),
    act(Act::CreditsWithdraw, These(&[Account])),
    act(Act::BeneficiaryAdd, OWN_ACCOUNT),
    act(Act::BeneficiaryChange, OWN_ACCOUNT),
    act(Act::BeneficiaryRemove, OWN_ACCOUNT),
    act_then(Act::CreditsRetireMany, These(&[Confirmer]), Party::Owner, Act::CreditsConfirm),
    act(Act::CreditsOffer, OWN_ACCOUNT),
    act(Act::CreditsReserve, These(&[Account])),
    act(Act::CreditsConfirmPayment, These(&[Account, Receiver])),
    act_then(Act::CreditsOffset, These(&[Operator]), Party::Operator, Act::CreditsSurrender),
    act(Act::CreditsCancel, These(&[Operator])),
    act(Act::CreditsFreeze, These(&[Account])),
    act(Act::CreditsSuspend, These(&[Account])),
    act(Act::CertificateCorrect, These(&[Account])),
    act(Act::CreditsRelease, These(&[Account])),
    act(Act::CreditsEnforce, These(&[Account, Receiver])),
    act(Act::CreditsForceCancel, These(&[Account])),
    act(Act::CreditsAssign, These(&[Account, Receiver])),
    act(Act::CreditsSurrender, These(&[Account])),
    act(Act::CreditsRefuseOffset, These(&[Account])),

    act_then(Act::AccountApply, These(&[Operator]), Party::Operator, Act::AccountApprove),
    act_then(Act::AccountChange, These(&[Operator]), Party::Operator, Act::AccountApprove),
    act_then(Act::AccountRequestRestore, These(&[Operator]), Party::Operator, Act::AccountApprove),
    act_then(Act::AccountRequestClosing, These(&[Operator]), Party::Operator, Act::AccountApprove),
    act(Act::AccountApprove, These(&[Account])),
    act(Act::AccountRefuse, These(&[Account])),
    act(Act::AccountRestrict, These(&[Account])),
    act(Act::MemberInvite, Nobody("whoever is invited has no account yet, and gets the link")),
    act(Act::MemberRevokeInvitation, Nobody("whoever was invited has no account")),
    act(Act::MemberAccept, These(&[Account])),
    act(Act::MemberChangeRole, These(&[Colleagues])),
    act(Act::MemberRemove, These(&[Colleagues])),

    act(Act::PersonSignUp, OWN_ACCOUNT),
    act(Act::PersonChange, OWN_ACCOUNT),
    act(Act::PersonClose, OWN_ACCOUNT),
    act(Act::GroupCreate, OWN_ACCOUNT),
    act(Act::GroupJoin, Nobody("membership shows nothing by itself")),
    act(Act::GroupLeave, Nobody("membership shows nothing by itself")),
    act(Act::StaffGroupOpen, Nobody("an empty group shows nothing; its page tells whoever opened it")),
    act(Act::ConsentGive, OWN_ACCOUNT),
    act(Act::ConsentRevoke, OWN_ACCOUNT),
    act(Act::GuardianAsk, Nobody("the letter is written in the act itself: it goes to somebody without an account")),
    act(Act::GuardianAnswer, These(&[Account])),
    act(Act::GuardianRevoke, These(&[Account])),
    act(Act::GuardianClose, Nobody("the account is closed, nobody is left to tell")),
    act(Act::ActivityRecord, OWN_ACCOUNT),
    act(Act::ActivityAppeal, Nobody("the queue of acts in review shows it to the operator")),
    act(Act::ActivityRelease, These(&[Account])),
    act(Act::ActivityVoid, These(&[Account])),
    act(Act::ActivityRestore, These(&[Account])),
    act(Act::ActivityUphold, These(&[Account])),
    act(Act::MeterLeave, OWN_ACCOUNT),
    act(Act::GiftGive, OWN_ACCOUNT),
    act(Act::GoodsOrder, OWN_ACCOUNT),
    act(Act::GoodsCancel, OWN_ACCOUNT),
    act(Act::GoodsOffer, Nobody("the shop shows it")),
    act(Act::GoodsChange, Nobody("the shop shows it")),
    act(Act::GoodsEnd, Nobody("the shop shows it")),
    act(Act::GoodsRefuse, These(&[Account])),
    act(Act::GoodsFulfil, These(&[Account])),
    act(Act::ProviderAdd, Nobody("the operator's own register")),
    act(Act::ProviderEnd, Nobody("the operator's own register")),
    act(Act::ProviderRekey, These(&[Operator, Colleagues])),
    act(Act::ProviderKeyEnd, These(&[Operator, Colleagues])),
    act_then(Act::PrecedencePropose, These(&[Operator, Colleagues]), Party::Operator, Act::PrecedenceApprove),
    act(Act::PrecedenceApprove, These(&[Operator, Colleagues])),
    act(Act::PrecedenceReject, These(&[Operator, Colleagues])),
    act(Act::PrecedenceWithdraw, These(&[Operator, Colleagues])),
    act_then(Act::IdentityAsk, These(&[Operator]), Party::Operator, Act::IdentityGrant),
    act(Act::IdentityWithdraw, OWN_ACCOUNT),
    act(Act::IdentityGrant, These(&[Account])),
    act(Act::IdentityRefuse, These(&[Account])),
    act(Act::ProviderImport, Nobody("the operator's own register")),
    act(Act::CostEnter, Nobody("the operator's own books")),
    act(Act::CampaignOpen, Nobody("the page of gifts shows it")),
    act(Act::CampaignCancel, Nobody("each person's account shows what came back")),
    act(Act::BatchFreeze, Nobody("the page of batches shows it to the body")),
    act(Act::BatchAssess, These(&[Operator])),
    act(Act::BatchIssue, These(&[Receiver])),
    act(Act::BatchReject, Nobody("the page of batches shows it")),

    act(Act::NotificationRead, OWN_ACCOUNT),
    act(Act::MailRetry, Nobody("the operator looks after the outbox itself")),
    act(Act::ClockAdvance, Nobody("a demo only")),
];

/// The steps made by date or by another act, and who is told of them; and the reminders.
#[rustfmt::skip]
pub const DATED_RULES: &[Rule] = &[
    dated("project_publicity_starts", These(&[Owner, Vvb])),
    dated("project_publicity_ends", These(&[Owner, Vvb])),
    dated("project_crediting_ends", These(&[Owner])),
    dated("report_project_lost", These(&[Owner, Vvb])),
    dated("credits_expire", These(&[Account])),
    dated("audit_failed", These(&[Operator])),
    dated("inclusion_expiry_notice", These(&[Account])),
    dated("guardian_expired", These(&[Account])),
    dated("report_publicity_starts", These(&[Owner, Vvb])),
    dated("report_publicity_ends", These(&[Owner, Vvb])),
    dated(Reminder::DueSoon.kind(), These(&[Holder])),
    dated(Reminder::Overdue.kind(), These(&[Holder, Owner])),
    dated(Reminder::PublicityLastDay.kind(), These(&[Owner, Vvb])),
    dated("reminder_event_90", These(&[Organiser])),
    dated("reminder_event_30", These(&[Organiser])),
    dated("reminder_event_7", These(&[Organiser])),
];

/// The line for an entry of the record of acts; `None` for what the seed and the command line enter.
pub fn rule_of(kind: &str) -> Option<&'static Rule> {
    ACT_RULES
        .iter()
        .chain(DATED_RULES)
        .find(|rule| rule.kind == kind)
}

/// A message that a date brings although nothing was done. Design of this platform [D]: no official text asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// At most five working days are left to the due day.
    DueSoon,
    /// The due day has passed.
    Overdue,
    /// Today is the last day of a publicity.
    PublicityLastDay,
}

impl Reminder {
    /// Every reminder.
    pub const ALL: &[Self] = &[Self::DueSoon, Self::Overdue, Self::PublicityLastDay];

    /// How many working days before the due day [`Reminder::DueSoon`] comes.
    pub const WORKING_DAYS_BEFORE: u32 = 5;

    /// The name in the record of acts and in the catalogue of texts.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::DueSoon => "reminder_due_soon",
            Self::Overdue => "reminder_overdue",
            Self::PublicityLastDay => "reminder_publicity_last_day",
        }
    }

    /// The key that lets it come once: for this record and this day.
    pub fn key(self, record: &str, day: &str) -> String {
        format!("{}:{record}:{day}", self.kind())
    }

    /// The last due day that [`Reminder::DueSoon`] speaks of today. Where the calendar of the next year is not published, the last day
    /// of the known ones: what is due later is told as soon as the calendar is there.
    pub fn horizon(calendar: &Calendar, today: Date) -> Date {
        let mut last = today;
        for _ in 0..HORIZON_DAYS_MAX {
            let day = next_after(last);
            match calendar.working_days_between(next_after(today), day) {
                Ok(count) if count <= Self::WORKING_DAYS_BEFORE => last = day,
                _ => break,
            }
        }
        last
    }
}

/// No five working days are spread over more calendar days than this.
const HORIZON_DAYS_MAX: u32 = 40;

fn next_after(day: Date) -> Date {
    day.next_day().unwrap_or(Date::MAX)
}

/// A step of an application whose real length is counted for the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The VVB answers whether it takes the mandate on.
    Mandate,
    /// The registry checks the request for publicity.
    PublicityReview,
    /// Publicity itself.
    Publicity,
    /// The VVB validates or verifies, from the first day of publicity to its report.
    Assessment,
    /// The registry reviews the application for registration, from receipt to its decision, without pauses.
    Registration,
    /// Registered reductions wait for their issue.
    Issuance,
    /// The registry decides on the owner's request to cancel the registration.
    Deregistration,
}

/// How the days of a step are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepUnit {
    /// Chinese working days.
    WorkingDays,
    /// Calendar days.
    CalendarDays,
}

/// The days that a step is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepSpan {
    /// The day on which the record came into the step.
    pub since: Date,
    /// The day on which it left it.
    pub until: Date,
    /// First and last day of publicity, once known.
    pub publicity: Option<(Date, Date)>,
    /// The day the registry received the application for registration.
    pub received_on: Option<Date>,
    /// Working days for which the review stood still.
    pub paused_days: u32,
}

impl Step {
    /// Every step, in the order of a life.
    pub const ALL: &[Self] = &[
        Self::Mandate,
        Self::PublicityReview,
        Self::Publicity,
        Self::Assessment,
        Self::Registration,
        Self::Issuance,
        Self::Deregistration,
    ];

    /// The stable text in the database and in the catalogue of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mandate => "mandate",
            Self::PublicityReview => "publicity_review",
            Self::Publicity => "publicity",
            Self::Assessment => "assessment",
            Self::Registration => "registration",
            Self::Issuance => "issuance",
            Self::Deregistration => "deregistration",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.code() == code)
    }

    /// The step a project is in; `None` in states that are nobody's task or the owner's own.
    pub fn of_project(state: ProjectState) -> Option<Self> {
        Self::of_state(state.code()).filter(|step| *step != Self::Issuance)
    }

    /// The step a monitoring report is in.
    pub fn of_report(state: ReportState) -> Option<Self> {
        Self::of_state(state.code())
    }

    /// Both tables use the same codes for the same steps; `registered` is a step of reports only.
    fn of_state(code: &str) -> Option<Self> {
        match code {
            "mandate_requested" => Some(Self::Mandate),
            "publicity_review" => Some(Self::PublicityReview),
            "in_publicity" | "recall_review" => Some(Self::Publicity),
            "publicity_ended" => Some(Self::Assessment),
            "registration_review" | "registration_paused" | "expert_review" => {
                Some(Self::Registration)
            }
            "registered" => Some(Self::Issuance),
            "deregistration_review" => Some(Self::Deregistration),
            _ => None,
        }
    }

    /// The target that an official text sets; `None`: no text was found that sets one.
    pub const fn target(self) -> Option<Clock> {
        match self {
            Self::Publicity => Some(Clock::PUBLICITY),
            Self::Assessment => Some(Clock::VVB_REPORT),
            Self::Registration => Some(Clock::REGISTRATION),
            Self::Mandate | Self::PublicityReview | Self::Issuance | Self::Deregistration => None,
        }
    }

    /// How its days are counted.
    pub const fn unit(self) -> StepUnit {
        match self {
            Self::Assessment => StepUnit::CalendarDays,
            _ => StepUnit::WorkingDays,
        }
    }

    /// Whether the registry works on it, so that a place in a queue says something.
    pub const fn has_queue(self) -> bool {
        matches!(
            self,
            Self::PublicityReview | Self::Registration | Self::Deregistration
        )
    }

    /// How long it took. Publicity counts its first and its last day; every other step the days after the first one.
    /// `None` where the published calendar does not reach.
    pub fn days(self, calendar: &Calendar, span: &StepSpan) -> Option<u32> {
        let after = |start: Date| {
            calendar
                .working_days_between(next_after(start), span.until)
                .ok()
        };
        match self {
            Self::Publicity => {
                let (first, last) = span.publicity?;
                let last = last.min(span.until);
                calendar.working_days_between(first, last).ok()
            }
            Self::Assessment => {
                let start = span.publicity.map_or(span.since, |(first, _)| first);
                u32::try_from((span.until - start).whole_days()).ok()
            }
            Self::Registration => {
                let days = after(span.received_on.unwrap_or(span.since))?;
                Some(days.saturating_sub(span.paused_days))
            }
            Self::Mandate | Self::PublicityReview | Self::Issuance | Self::Deregistration => {
                after(span.since)
            }
        }
    }
}

/// The smallest number of days within which at least `percent` of 100 steps ended: 50 is the median. `counts`: days and how many
/// steps took so long, in any order. `None` without any step.
pub fn quantile(counts: &[(i64, i64)], percent: i64) -> Option<i64> {
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    if total <= 0 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let mut sum = 0;
    sorted.into_iter().find_map(|(days, count)| {
        sum += count;
        (sum * 100 >= total * percent).then_some(days)
    })
}
