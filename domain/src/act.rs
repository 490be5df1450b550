//! Every act: what a person can do to the state of the system, and who may do it.
//!
//! One act has one name everywhere: the door `/acts/<name>`, the registry method, the record of
//! acts, the test. Noun first, so that searching the noun lists all that can happen to it.

use serde::Serialize;

use crate::role::Role;
use Role::{EventOrganiser, Individual, ProjectOwner, RegistryOperator, Vvb};

/// Who may do an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Access {
    /// Anyone, with or without a session.
    Public,
    /// Any signed-in user.
    SignedIn,
    /// Signed-in users of an organisation with one of these roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether somebody with this role (`None`: no session) may come in. Ownership of the record is a
    /// further question that only the registry can answer.
    pub fn allows(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Public, _) | (Self::SignedIn, Some(_)) => true,
            (Self::Roles(roles), Some(role)) => roles.contains(&role),
            (Self::SignedIn | Self::Roles(_), None) => false,
        }
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $access:expr;)+) => {
        /// One thing a person can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Act {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Act {
            /// Every act, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name, noun first: `project_create`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Who may do it.
            pub const fn roles(self) -> Access {
                match self { $(Self::$variant => $access),+ }
            }
        }
    };
}

/// The owner of a project.
const OWNER: Access = Access::Roles(&[ProjectOwner]);
/// A validation and verification body.
const BODY: Access = Access::Roles(&[Vvb]);
/// The registry.
const OPERATOR: Access = Access::Roles(&[RegistryOperator]);
/// Those who may own credits.
const HOLDERS: Access = Access::Roles(&[ProjectOwner, EventOrganiser]);
/// Those who organise events: whoever may own credits.
const ORGANISERS: Access = HOLDERS;
/// Those whose account is applied for or appointed: everybody but the registry itself.
const ACCOUNTS: Access = Access::Roles(&[ProjectOwner, Vvb, EventOrganiser]);

/// Those in whose name a program may act: everybody who has an account. It may do no more than they may.
const PROGRAMS: Access = Access::Roles(&[
    ProjectOwner,
    Vvb,
    EventOrganiser,
    RegistryOperator,
    Individual,
]);
/// A person with a personal carbon account.
const PERSON: Access = Access::Roles(&[Individual]);

acts! {
    /// Opens an account for a user and an organisation.
    UserSignUp = "user_sign_up", Access::Public;
    /// Begins a session.
    UserSignIn = "user_sign_in", Access::Public;
    /// Ends this session.
    UserSignOut = "user_sign_out", Access::SignedIn;
    /// Ends every session of the user.
    UserSignOutEverywhere = "user_sign_out_everywhere", Access::SignedIn;
    /// Changes the password and ends the other sessions.
    UserChangePassword = "user_change_password", Access::SignedIn;
    /// Makes a personal access token for the REST interface.
    UserCreateToken = "user_create_token", PROGRAMS;
    /// Ends a personal access token.
    UserRevokeToken = "user_revoke_token", PROGRAMS;

    /// Begins a project design document.
    ProjectCreate = "project_create", OWNER;
    /// Keeps what was typed into the design document.
    ProjectSave = "project_save", OWNER;
    /// Sets the boundary of the project, from a file.
    ProjectBoundarySet = "project_boundary_set", OWNER;
    /// Removes the boundary of the project.
    ProjectBoundaryRemove = "project_boundary_remove", OWNER;
    /// Asks the chosen VVB to validate.
    ProjectRequestMandate = "project_request_mandate", OWNER;
    /// The VVB takes the validation on.
    ProjectConfirmMandate = "project_confirm_mandate", BODY;
    /// The VVB declines the validation, with a reason.
    ProjectDeclineMandate = "project_decline_mandate", BODY;
    /// Asks the registry to publish the design document.
    ProjectRequestPublicity = "project_request_publicity", OWNER;
    /// The registry schedules the publicity.
    ProjectApprovePublicity = "project_approve_publicity", OPERATOR;
    /// The registry gives a publicity window a later last day, because the calendar changed.
    ProjectExtendPublicity = "project_extend_publicity", OPERATOR;
    /// The registry returns the publicity request for completion, with reasons.
    ProjectReturn = "project_return", OPERATOR;
    /// The owner gives the application up before publicity.
    ProjectWithdraw = "project_withdraw", OWNER;
    /// The owner asks to recall a document that is in publicity.
    ProjectRequestRecall = "project_request_recall", OWNER;
    /// The registry agrees to the recall.
    ProjectApproveRecall = "project_approve_recall", OPERATOR;
    /// The registry refuses the recall.
    ProjectRefuseRecall = "project_refuse_recall", OPERATOR;

    /// Anyone comments during publicity.
    OpinionSubmit = "opinion_submit", Access::Public;
    /// The registry publishes a comment.
    OpinionPublish = "opinion_publish", OPERATOR;
    /// The registry refuses to publish a comment, with a reason.
    OpinionRefuse = "opinion_refuse", OPERATOR;
    /// The owner answers a published comment.
    OpinionReply = "opinion_reply", OWNER;

    /// Suspends the right to comment of an author who writes off topic again and again.
    AuthorSuspend = "author_suspend", OPERATOR;
    /// Gives an author the right to comment back.
    AuthorRestore = "author_restore", OPERATOR;

    /// Anyone reports wrongdoing about a public project.
    ComplaintSubmit = "complaint_submit", Access::Public;
    /// The registry begins to look into a complaint.
    ComplaintInvestigate = "complaint_investigate", OPERATOR;
    /// The registry answers a complaint; the answer is public.
    ComplaintAnswer = "complaint_answer", OPERATOR;

    /// Notes that a request to the certificate authority was sent.
    CertificateSend = "certificate_send", OPERATOR;
    /// Notes the answer of the certificate authority.
    CertificateAnswer = "certificate_answer", OPERATOR;

    /// Enters a claim of another mechanism.
    ClaimEnter = "claim_enter", OPERATOR;
    /// Ends a claim of another mechanism.
    ClaimEnd = "claim_end", OPERATOR;

    /// Applies for a change of a registered project.
    ChangeRequest = "change_request", OWNER;
    /// The body gives its opinion on a change.
    ChangeAssess = "change_assess", BODY;
    /// The registry approves a change.
    ChangeApprove = "change_approve", OPERATOR;
    /// The registry refuses a change, with a reason.
    ChangeRefuse = "change_refuse", OPERATOR;
    /// The owner takes a change back.
    ChangeWithdraw = "change_withdraw", OWNER;

    /// The VVB uploads a positive validation report.
    ProjectValidate = "project_validate", BODY;
    /// The VVB uploads a negative validation report: the application ends.
    ProjectReject = "project_reject", BODY;
    /// The owner applies for registration.
    ProjectApplyRegistration = "project_apply_registration", OWNER;
    /// The registry returns the application for registration, with reasons.
    ProjectReturnRegistration = "project_return_registration", OPERATOR;
    /// The registry stops the clock of the registration review, with questions.
    ProjectPause = "project_pause", OPERATOR;
    /// The registry takes the review up again.
    ProjectResume = "project_resume", OPERATOR;
    /// The registry registers the project and allocates its code.
    ProjectRegister = "project_register", OPERATOR;

    /// The owner gives the application up after publicity; final.
    ProjectAbort = "project_abort", OWNER;
    /// The registry refuses registration, with reasons and the clause; final.
    ProjectRefuseRegistration = "project_refuse_registration", OPERATOR;
    /// The registry draws experts for its review.
    ProjectAppointExperts = "project_appoint_experts", OPERATOR;
    /// The registry enters an expert's answer.
    ProjectRecordExpert = "project_record_expert", OPERATOR;
    /// The owner asks to cancel the registration.
    ProjectRequestDeregistration = "project_request_deregistration", OWNER;
    /// The registry does not cancel the registration.
    ProjectRefuseDeregistration = "project_refuse_deregistration", OPERATOR;
    /// The registry cancels the registration, at the owner's request or by itself; final.
    ProjectDeregister = "project_deregister", OPERATOR;
    /// The registry enters the notice by which an authority revokes the registration; final.
    ProjectRevoke = "project_revoke", OPERATOR;
    /// Enters somebody into the register of experts.
    ExpertAdd = "expert_add", OPERATOR;
    /// Takes somebody out of the register of experts: not drawn any more.
    ExpertEnd = "expert_end", OPERATOR;

    /// Begins a monitoring report for a registered project.
    ReportCreate = "report_create", OWNER;
    /// Keeps what was typed into the monitoring report.
    ReportSave = "report_save", OWNER;
    /// Asks the chosen VVB to verify.
    ReportRequestMandate = "report_request_mandate", OWNER;
    /// The VVB takes the verification on.
    ReportConfirmMandate = "report_confirm_mandate", BODY;
    /// The VVB declines the verification, with a reason.
    ReportDeclineMandate = "report_decline_mandate", BODY;
    /// Asks the registry to publish the monitoring report.
    ReportRequestPublicity = "report_request_publicity", OWNER;
    /// The registry schedules the publicity.
    ReportApprovePublicity = "report_approve_publicity", OPERATOR;
    /// The registry gives a publicity window a later last day, because the calendar changed.
    ReportExtendPublicity = "report_extend_publicity", OPERATOR;
    /// The registry returns the publicity request for completion, with reasons.
    ReportReturn = "report_return", OPERATOR;
    /// The owner gives the report up before publicity.
    ReportWithdraw = "report_withdraw", OWNER;
    /// The owner asks to recall a report that is in publicity.
    ReportRequestRecall = "report_request_recall", OWNER;
    /// The registry agrees to the recall.
    ReportApproveRecall = "report_approve_recall", OPERATOR;
    /// The registry refuses the recall.
    ReportRefuseRecall = "report_refuse_recall", OPERATOR;
    /// The VVB uploads a positive verification report with the verified amount of each year.
    ReportVerify = "report_verify", BODY;
    /// The VVB uploads a negative verification report: the application ends.
    ReportReject = "report_reject", BODY;
    /// The owner applies for registration of the reductions.
    ReportApplyRegistration = "report_apply_registration", OWNER;
    /// The registry returns the application for registration, with reasons.
    ReportReturnRegistration = "report_return_registration", OPERATOR;
    /// The registry stops the clock of the registration review, with questions.
    ReportPause = "report_pause", OPERATOR;
    /// The registry takes the review up again.
    ReportResume = "report_resume", OPERATOR;
    /// The registry registers the reductions.
    ReportRegister = "report_register", OPERATOR;
    /// The registry issues the credits of a registered report.
    ReportIssue = "report_issue", OPERATOR;

    /// The owner gives the report up after publicity; final.
    ReportAbort = "report_abort", OWNER;
    /// The registry refuses registration, with reasons and the clause; final.
    ReportRefuseRegistration = "report_refuse_registration", OPERATOR;
    /// The registry draws experts for its review.
    ReportAppointExperts = "report_appoint_experts", OPERATOR;
    /// The registry enters an expert's answer.
    ReportRecordExpert = "report_record_expert", OPERATOR;

    /// The VVB keeps the plan of a mandate: document review, sites, reviewer, decision-maker.
    EngagementSave = "engagement_save", BODY;
    /// The VVB names a member of the team.
    EngagementMemberAdd = "engagement_member_add", BODY;
    /// The VVB takes a member off the team.
    EngagementMemberRemove = "engagement_member_remove", BODY;
    /// The VVB enters a visit to a site.
    EngagementVisitAdd = "engagement_visit_add", BODY;
    /// The VVB takes back a visit that was entered wrongly.
    EngagementVisitRemove = "engagement_visit_remove", BODY;
    /// The VVB raises a finding.
    FindingRaise = "finding_raise", BODY;
    /// The owner answers a finding.
    FindingAnswer = "finding_answer", OWNER;
    /// The VVB accepts the answer to a finding.
    FindingClose = "finding_close", BODY;
    /// The VVB sends the answer to a finding back, with a reason.
    FindingReturn = "finding_return", BODY;
    /// The VVB or the registry enters a tie between a VVB and a company.
    TieAdd = "tie_add", Access::Roles(&[Vvb, RegistryOperator]);
    /// The VVB or the registry enters that a tie has ended.
    TieEnd = "tie_end", Access::Roles(&[Vvb, RegistryOperator]);

    /// Proposes to replace numbers of the methodologies by those of a document.
    ParametersPropose = "parameters_propose", OPERATOR;
    /// Another operator puts a proposed change in force: it makes the next parameter set.
    ParametersApprove = "parameters_approve", OPERATOR;
    /// Another operator rejects a proposed change, with a reason.
    ParametersReject = "parameters_reject", OPERATOR;
    /// The proposer withdraws a change that is not decided yet.
    ParametersWithdraw = "parameters_withdraw", OPERATOR;

    /// Proposes a change of the rule book: calendar, approval of a body, methodology, time limit, penalty, legal reference.
    RulePropose = "rule_propose", OPERATOR;
    /// Another operator puts a proposed rule in force.
    RuleApprove = "rule_approve", OPERATOR;
    /// Another operator rejects a proposed rule, with a reason.
    RuleReject = "rule_reject", OPERATOR;
    /// The proposer withdraws a rule that is not decided yet.
    RuleWithdraw = "rule_withdraw", OPERATOR;

    /// Adds a file to a record that is being edited.
    AttachmentAdd = "attachment_add", OWNER;
    /// Takes a file away from a record that is being edited.
    AttachmentRemove = "attachment_remove", OWNER;

    /// Applies for opening the registry account, or again after a refusal.
    AccountApply = "account_apply", HOLDERS;
    /// Applies for a change of what the registry holds about the holder.
    AccountChange = "account_change", ACCOUNTS;
    /// Applies for lifting a restriction.
    AccountRequestRestore = "account_request_restore", ACCOUNTS;
    /// Applies for closing the account; it cannot be used from then on.
    AccountRequestClosing = "account_request_closing", ACCOUNTS;
    /// The registry grants an application about an account.
    AccountApprove = "account_approve", OPERATOR;
    /// The registry refuses an application about an account, with reasons.
    AccountRefuse = "account_refuse", OPERATOR;
    /// The registry restricts an account, with a ground.
    AccountRestrict = "account_restrict", OPERATOR;
    /// Invites somebody into the organisation.
    MemberInvite = "member_invite", Access::SignedIn;
    /// Withdraws an invitation.
    MemberRevokeInvitation = "member_revoke_invitation", Access::SignedIn;
    /// Joins an organisation by the link of an invitation.
    MemberAccept = "member_accept", Access::Public;
    /// Gives a member another role in the organisation.
    MemberChangeRole = "member_change_role", Access::SignedIn;
    /// Removes a member: the sessions and tokens end at once.
    MemberRemove = "member_remove", Access::SignedIn;

    /// Moves credits to another holder.
    CreditsTransfer = "credits_transfer", HOLDERS;
    /// Retires credits for one purpose and one beneficiary; final.
    CreditsRetire = "credits_retire", HOLDERS;
    /// The confirming member lets a waiting order about credits happen.
    CreditsConfirm = "credits_confirm", HOLDERS;
    /// The confirming member rejects a waiting order, or who initiated it withdraws it.
    CreditsReject = "credits_reject", HOLDERS;

    /// Moves credits between the general and the trading sub-account.
    CreditsMove = "credits_move", HOLDERS;
    /// The receiver accepts a transfer that waits.
    CreditsAccept = "credits_accept", HOLDERS;
    /// The receiver declines a transfer that waits.
    CreditsDecline = "credits_decline", HOLDERS;
    /// Whoever set credits aside takes it back before the other side has acted.
    CreditsWithdraw = "credits_withdraw", HOLDERS;
    /// Keeps a beneficiary in the holder's book.
    BeneficiaryAdd = "beneficiary_add", HOLDERS;
    /// Corrects a beneficiary in the book; what is public already stays as it is.
    BeneficiaryChange = "beneficiary_change", HOLDERS;
    /// Takes a beneficiary out of the book.
    BeneficiaryRemove = "beneficiary_remove", HOLDERS;
    /// Retires credits by a file: each row a certificate, all of them or none; final.
    CreditsRetireMany = "credits_retire_many", HOLDERS;
    /// Offers credits at a price until a day.
    CreditsOffer = "credits_offer", HOLDERS;
    /// Reserves from an offer.
    CreditsReserve = "credits_reserve", HOLDERS;
    /// Buyer or seller confirms that the payment was made outside; the second one moves the credits.
    CreditsConfirmPayment = "credits_confirm_payment", HOLDERS;
    /// Sets credits aside for surrender in an emissions trading scheme.
    CreditsOffset = "credits_offset", HOLDERS;
    /// The owner cancels what an authority ordered it to cancel; final.
    CreditsCancel = "credits_cancel", HOLDERS;
    /// The registry freezes credits by order of a court.
    CreditsFreeze = "credits_freeze", OPERATOR;
    /// The registry suspends credits by order of an authority, with or without an order to cancel them.
    CreditsSuspend = "credits_suspend", OPERATOR;
    /// The registry corrects the words of a certificate, at the holder's request: a further version of it.
    CertificateCorrect = "certificate_correct", OPERATOR;
    /// The registry releases frozen or suspended credits, on paper of the authority that ordered it.
    CreditsRelease = "credits_release", OPERATOR;
    /// The registry hands frozen credits to somebody else by an effective judgment.
    CreditsEnforce = "credits_enforce", OPERATOR;
    /// The registry cancels what the owner did not cancel in time; final.
    CreditsForceCancel = "credits_force_cancel", OPERATOR;
    /// The registry moves credits without a trade: succession, merger, bankruptcy, enforcement.
    CreditsAssign = "credits_assign", OPERATOR;
    /// The registry enters that a scheme has taken credits for surrender; final.
    CreditsSurrender = "credits_surrender", OPERATOR;
    /// The registry enters that a scheme has not taken credits for surrender.
    CreditsRefuseOffset = "credits_refuse_offset", OPERATOR;
    /// Begins an event: its profile and its inventory; `from` copies an earlier one.
    EventCreate = "event_create", ORGANISERS;
    /// Keeps what was typed into the profile and the plan of an event.
    EventSave = "event_save", ORGANISERS;
    /// Publishes the plan of an event.
    EventPlanPublish = "event_plan_publish", ORGANISERS;
    /// Gives the event up before it takes place.
    EventWithdraw = "event_withdraw", ORGANISERS;
    /// Changes the inventory of an event, by hand or from a file.
    EventInventorySave = "event_inventory_save", ORGANISERS;
    /// Takes in a table of attendees.
    EventAttendeesImport = "event_attendees_import", ORGANISERS;
    /// Opens the form for attendees under a new link, or closes it.
    EventFormSet = "event_form_set", ORGANISERS;
    /// An attendee tells the way to the event, by link.
    EventAttend = "event_attend", Access::Public;
    /// Asks a supplier for lines of the inventory, by link.
    EventSupplierAdd = "event_supplier_add", ORGANISERS;
    /// Closes the form of a supplier.
    EventSupplierClose = "event_supplier_close", ORGANISERS;
    /// A supplier gives, changes or takes back a line, by link.
    EventSupply = "event_supply", Access::Public;
    /// Takes a line of a supplier into the inventory, or declines it.
    EventSupplyDecide = "event_supply_decide", ORGANISERS;
    /// Strikes answers of the form for attendees out, or takes them in again.
    EventAnswersStrike = "event_answers_strike", ORGANISERS;
    /// Says whether an imported table of attendees stands for everybody, or the form tells of others.
    EventAttendeeSources = "event_attendee_sources", ORGANISERS;
    /// Computes the actual footprint of an event.
    EventAccount = "event_account", ORGANISERS;
    /// Enters units that another registry cancelled, a retirement of somebody else, or a new forest.
    EventUnitAdd = "event_unit_add", ORGANISERS;
    /// Takes an entered unit back.
    EventUnitRemove = "event_unit_remove", ORGANISERS;
    /// Retires credits for an event, of several classes at once, until everything is covered; final.
    EventRetire = "event_retire", ORGANISERS;
    /// Declares the neutrality of an event, or enters the statement of a body.
    EventEvaluate = "event_evaluate", ORGANISERS;
    /// Publishes the result of an event.
    EventPublish = "event_publish", ORGANISERS;
    /// Opens a published result for a corrected version.
    EventCorrect = "event_correct", ORGANISERS;
    /// Gives a correction up that was opened by mistake: the published version stands.
    EventCorrectWithdraw = "event_correct_withdraw", ORGANISERS;
    /// Decides which of two sources counts, where attendees and others told the same.
    EventOverlapDecide = "event_overlap_decide", ORGANISERS;
    /// Adds a file to a line of an event's inventory.
    EventFileAdd = "event_file_add", ORGANISERS;
    /// Takes a file of a line away that no published version names.
    EventFileRemove = "event_file_remove", ORGANISERS;
    /// The body that the statement names confirms it, about the version that it saw.
    EventEvaluationConfirm = "event_evaluation_confirm", BODY;
    /// The body that the statement names declines to confirm it.
    EventEvaluationDecline = "event_evaluation_decline", BODY;
    /// Asks another organisation to organise the event together, by its account number or name.
    EventOrganiserInvite = "event_organiser_invite", ORGANISERS;
    /// Accepts or declines to organise an event with its owner.
    EventOrganiserAnswer = "event_organiser_answer", ORGANISERS;
    /// The owner removes an organiser, or one leaves.
    EventOrganiserEnd = "event_organiser_end", ORGANISERS;

    /// Begins a claim of neutrality of an organisation in a period, or of a product.
    NeutralCreate = "neutral_create", HOLDERS;
    /// Keeps what a claim of neutrality says.
    NeutralSave = "neutral_save", HOLDERS;
    /// Enters a retirement that names the claim.
    NeutralRetirementAdd = "neutral_retirement_add", HOLDERS;
    /// Retires credits for the claim, of several classes at once; final.
    NeutralRetire = "neutral_retire", HOLDERS;
    /// Publishes a version of the claim that retirements cover.
    NeutralPublish = "neutral_publish", HOLDERS;
    /// Opens a published claim for a corrected version.
    NeutralCorrect = "neutral_correct", HOLDERS;
    /// Gives a claim up; what was published stays visible.
    NeutralWithdraw = "neutral_withdraw", HOLDERS;
    /// Opens a personal carbon account for a person.
    PersonSignUp = "person_sign_up", Access::Public;
    /// The person corrects what the account says about them.
    PersonChange = "person_change", PERSON;
    /// The person closes the account; what was not assigned becomes void.
    PersonClose = "person_close", PERSON;
    /// The person founds a group and is its first member.
    GroupCreate = "group_create", PERSON;
    /// The person joins a group by its code.
    GroupJoin = "group_join", PERSON;
    /// The person leaves a group; at once.
    GroupLeave = "group_leave", PERSON;
    /// An organisation opens a group for its staff: it sees sums of whole months of those who join, never a person.
    StaffGroupOpen = "staff_group_open", HOLDERS;
    /// The person agrees to one purpose, of one source and scene.
    ConsentGive = "consent_give", PERSON;
    /// The person withdraws a consent; at once.
    ConsentRevoke = "consent_revoke", PERSON;
    /// A person younger than 14 asks the guardian again, or another address of the guardian.
    GuardianAsk = "guardian_ask", PERSON;
    /// The guardian agrees or refuses, by the link of a letter.
    GuardianAnswer = "guardian_answer", Access::Public;
    /// The guardian withdraws a consent, by the link that stays.
    GuardianRevoke = "guardian_revoke", Access::Public;
    /// The guardian closes the account, by the link that stays.
    GuardianClose = "guardian_close", Access::Public;
    /// The person records an act by hand.
    ActivityRecord = "activity_record", PERSON;
    /// The person objects to a decision about an act.
    ActivityAppeal = "activity_appeal", PERSON;
    /// The operator lets an act in review count.
    ActivityRelease = "activity_release", OPERATOR;
    /// The operator declares an act void, before or after its settlement, with a reason.
    ActivityVoid = "activity_void", OPERATOR;
    /// The operator grants an appeal: the void act is credited anew.
    ActivityRestore = "activity_restore", OPERATOR;
    /// The operator refuses an appeal: the act stays void.
    ActivityUphold = "activity_uphold", OPERATOR;
    /// The person gives up a meter, after moving say.
    MeterLeave = "meter_leave", PERSON;
    /// The person gives points and the grams behind them to an event.
    GiftGive = "gift_give", PERSON;
    /// The person orders goods: the points are frozen.
    GoodsOrder = "goods_order", PERSON;
    /// The person cancels an order that was not fulfilled yet.
    GoodsCancel = "goods_cancel", PERSON;
    /// The operator offers goods for points.
    GoodsOffer = "goods_offer", OPERATOR;
    /// The operator changes price, stock and quota of goods, for orders from now on.
    GoodsChange = "goods_change", OPERATOR;
    /// The operator ends goods: nobody orders them any more.
    GoodsEnd = "goods_end", OPERATOR;
    /// The operator refuses an order: the points go back.
    GoodsRefuse = "goods_refuse", OPERATOR;
    /// The operator fulfils an order with a voucher.
    GoodsFulfil = "goods_fulfil", OPERATOR;
    /// The operator admits a provider of records.
    ProviderAdd = "provider_add", OPERATOR;
    /// The operator ends a provider: nothing more is taken in from it.
    ProviderEnd = "provider_end", OPERATOR;
    /// The operator makes a new key for a provider; those of before end after a time, or at once if one leaked.
    ProviderRekey = "provider_rekey", OPERATOR;
    /// The operator ends one key of a provider at once.
    ProviderKeyEnd = "provider_key_end", OPERATOR;
    /// The operator proposes how good a provider's records are beside those of others.
    PrecedencePropose = "precedence_propose", OPERATOR;
    /// Another operator agrees: the provider has its place.
    PrecedenceApprove = "precedence_approve", OPERATOR;
    /// Another operator rejects a proposed place.
    PrecedenceReject = "precedence_reject", OPERATOR;
    /// The proposer withdraws a proposed place.
    PrecedenceWithdraw = "precedence_withdraw", OPERATOR;
    /// The person asks for the real-name level.
    IdentityAsk = "identity_ask", PERSON;
    /// The person gives the real-name level up, or the question for it.
    IdentityWithdraw = "identity_withdraw", PERSON;
    /// The operator grants the real-name level.
    IdentityGrant = "identity_grant", OPERATOR;
    /// The operator refuses the real-name level.
    IdentityRefuse = "identity_refuse", OPERATOR;
    /// The operator brings a file of rows in for a provider; each row is answered by itself.
    ProviderImport = "provider_import", OPERATOR;
    /// The operator enters what the operation of carbon inclusion costs.
    CostEnter = "cost_enter", OPERATOR;
    /// An organiser asks for grams for an event.
    CampaignOpen = "campaign_open", ORGANISERS;
    /// An organiser cancels an event: grams and points that are in no batch go back.
    CampaignCancel = "campaign_cancel", ORGANISERS;
    /// The operator freezes assigned grams into a batch.
    BatchFreeze = "batch_freeze", OPERATOR;
    /// The body gives its opinion on a batch after its sample.
    BatchAssess = "batch_assess", BODY;
    /// The operator issues the whole tonnes of a batch after its notice.
    BatchIssue = "batch_issue", OPERATOR;
    /// The operator rejects a batch: the grams go back.
    BatchReject = "batch_reject", OPERATOR;

    /// Marks messages to the organisation as read.
    NotificationRead = "notification_read", Access::SignedIn;
    /// Chooses whether the user gets mail, and in which language.
    UserSetMail = "user_set_mail", Access::SignedIn;
    /// Tries again to send a mail that could not be delivered.
    MailRetry = "mail_retry", OPERATOR;

    /// Moves the demo clock forward; refused where demo mode is off.
    ClockAdvance = "clock_advance", Access::SignedIn;
}

impl Act {
    /// The act with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.name() == name)
    }

    /// Whether the act is offered in demo mode only.
    pub const fn demo_only(self) -> bool {
        matches!(self, Self::ClockAdvance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_one_name_noun_first_and_is_found_by_it() {
        let nouns = [
            "notification",
            "mail",
            "user",
            "project",
            "expert",
            "opinion",
            "report",
            "parameters",
            "rule",
            "credits",
            "clock",
            "attachment",
            "engagement",
            "finding",
            "tie",
            "account",
            "member",
            "author",
            "complaint",
            "certificate",
            "claim",
            "change",
            "event",
            "neutral",
            "person",
            "group",
            "staff",
            "consent",
            "guardian",
            "activity",
            "meter",
            "gift",
            "goods",
            "provider",
            "precedence",
            "identity",
            "beneficiary",
            "cost",
            "campaign",
            "batch",
        ];
        for (at, act) in Act::ALL.iter().enumerate() {
            assert_eq!(Act::from_name(act.name()), Some(*act));
            let (noun, verb) = act.name().split_once('_').unwrap_or_default();
            assert!(nouns.contains(&noun), "{}", act.name());
            assert!(!verb.is_empty());
            assert!(
                Act::ALL[..at]
                    .iter()
                    .all(|earlier| earlier.name() != act.name())
            );
        }
        assert_eq!(Act::from_name("project_delete"), None);
    }

    #[test]
    fn the_public_may_sign_up_sign_in_and_comment_and_nothing_else() {
        let open: Vec<_> = Act::ALL
            .iter()
            .filter(|act| act.roles().allows(None))
            .map(|act| act.name())
            .collect();
        assert_eq!(
            open,
            [
                "user_sign_up",
                "user_sign_in",
                "opinion_submit",
                "complaint_submit",
                "member_accept",
                "event_attend",
                "event_supply",
                "person_sign_up",
                "guardian_answer",
                "guardian_revoke",
                "guardian_close"
            ]
        );
    }

    #[test]
    fn bodies_and_the_registry_move_no_credits() {
        for act in [Act::CreditsTransfer, Act::CreditsRetire] {
            for role in Role::ALL {
                assert_eq!(act.roles().allows(Some(*role)), role.may_hold_credits());
            }
        }
    }
}
