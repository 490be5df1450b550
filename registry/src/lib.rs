//! What happened: one method per act, one transaction per act, the SQL, the migrations.
//!
//! Everything goes through [`Registry`]. An act is a method named as in [`domain::Act`], noun first. It takes
//! [`By`] (who, when, and the caller's key) and answers with a small receipt or with an [`Error`]; it has
//! happened completely or not at all. The same key with the same content gives the first answer again.
//! What the public may see leaves through [`Public`] only.

mod account;
mod assigned;
mod attachment;
mod audit;
mod audit_daily;
mod audit_log;
mod beneficiary;
mod boundary;
mod by;
mod certificate;
mod claim;
mod clock;
mod complaint;
mod conservation;
mod correction;
mod credits;
mod demo;
mod draft;
mod ending;
mod engagement;
mod error;
mod event;
mod green_certificate;
mod hold;
mod inbox;
mod inclusion;
mod link;
mod log;
mod mail;
mod member;
mod neutral;
mod notification;
mod number;
mod offer;
mod opinion;
mod order;
mod organisation;
mod page;
mod parameter_set;
mod perform;
mod project;
mod project_change;
mod public;
mod public_batch;
mod public_event;
mod public_neutral;
mod record;
mod report;
mod retire_many;
mod retire_together;
mod rulebook;
mod session;
mod show;
mod step;
mod store;
mod token;
mod user;

use std::collections::BTreeMap;

pub use self::boundary::{BoundaryFile, BoundaryView, OverlapOther, OverlapView};
pub use account::{AccountApplication, AccountListRow, AccountReceipt, AccountView};
pub use assigned::AssignedCredits;
pub use attachment::{AttachmentReceipt, AttachmentView, StoredFile};
pub use audit::{AuditReport, Difference};
pub use audit_daily::{AUDIT_LEASE_SECONDS, DailyAudit};
pub use beneficiary::{BeneficiaryReceipt, BeneficiaryView};
pub use by::{By, Visitor};
pub use claim::{ClaimReceipt, ClaimView};
pub use clock::Tick;
pub use complaint::{AuthorReceipt, ComplaintReceipt, ComplaintView, SuspendedAuthor};
pub use conservation::{AuditRun, ClassConservation, KindTonnes};
pub use correction::CertificateVersionReceipt;
pub use credits::{
    AccountHoldings, ClassOffer, Holding, HoldingBlock, Movement, MovementDirection,
    RetiredCredits, RetirementRow, TransferredCredits,
};
pub use ending::{
    DeregistrationRequestView, Ending, Ends, ExpertAppointment, ExpertEntry, ExpertReceipt,
    OwnerBan,
};
pub use engagement::{
    EngagementReceipt, EngagementView, FindingStep, FindingView, MemberView, TieBody, TieReceipt,
    TieView, VisitView,
};
pub use error::Error;
pub use event::{
    AccountedView, AttendForm, AttendReceipt, EvaluationListRow, EvaluationStatus, EvaluationView,
    EvaluatorChoice, EventAnswerView, EventBlock, EventContent, EventDossier, EventEvidence,
    EventFileView, EventGifts, EventListRow, EventOrganiserView, EventOrganisers, EventOverlapView,
    EventReceipt, EventUnitView, EventView, HeldUnits, OverlapDecision, SupplierLineView,
    SupplierView, SupplyForm, SupplyReceipt, UnitsInReach, flight_line,
};
pub use green_certificate::{CertificateReceipt, CertificateRequest, ClaimedMonth};
pub use hold::{CreditHold, HoldReceipt};
pub use inbox::{InboxItem, InboxKind};
pub use inclusion::{
    ActivityReceipt, ActivityStatus, ActivityView, AppealView, BatchReceipt, BatchSample,
    BatchView, BoardRow, BoardView, COST_KINDS, CallAnswer, CallRow, CampaignReceipt, CampaignView,
    CityMonth, ConsentReceipt, ConsentView, CostReceipt, CostView, CrowdTable, DayView,
    DecisionView, Economics, ExpiryView, GiftReceipt, GiftView, GoodsReceipt, GoodsView, GramTrace,
    GroupReceipt, GroupView, GuardianAccount, GuardianLetter, GuardianQuestion, GuardianReceipt,
    GuardianRequestView, GuardianView, IMPORT_COLUMNS, IdentityAsked, IdentityReceipt,
    IdentityView, ImportLine, ImportReceipt, ImportView, InclusionTick, KEY_OVERLAP_DAYS, LinkView,
    LotMove, LotPlace, LotTonnes, MeterReceipt, MeterView, MonthView, ORDER_REASONS, OrderView,
    OwnRank, PersonExport, PersonReceipt, PersonView, Photo, PointMovement, Points,
    PrecedenceChange, PrecedenceReceipt, ProviderKey, ProviderKeyView, ProviderReceipt,
    ProviderView, RatingView, RecognitionBasis, RowAnswer, RowRefusal, SampledAct, StaffGroupView,
    StaffMonth, TonneSource,
};
pub use link::LinkKey;
pub use log::{LogHead, LogInclusion, LogItem, LogPublicKey};
pub use mail::{
    MAIL_ATTEMPTS_MAX, MAIL_LEASE_SECONDS, MailChoice, Outbox, OutgoingMail, TroubledMail,
};
pub use member::{Invitation, Member, MemberReceipt, Members};
pub use neutral::{NeutralContent, NeutralListRow, NeutralReceipt, NeutralUnitView, NeutralView};
pub use notification::{Notification, QueuePosition, UNREAD_MAX};
pub use offer::{OfferFilter, OfferReceipt, PublicOffer};
pub use opinion::{OpinionReceipt, OpinionView};
pub use order::{CreditOrder, OrderKind, OrderReceipt};
pub use organisation::{
    AccountTarget, Organisation, OrganisationSeed, VvbApproval, VvbApprovalSeed, VvbChoice,
};
pub use page::{Page, PageRequest};
pub use parameter_set::{ParameterChange, ParameterReceipt, PublicParameterSet};
pub use project::{ProjectRow, ProjectView};
pub use project_change::{ChangeReceipt, ChangeView};
pub use public::{
    Certificate, CertificateLine, CertificateVersion, ProjectTab, Public, PublicAct,
    PublicAssessment, PublicBoundary, PublicCertificateRequest, PublicChange, PublicClaim,
    PublicClass, PublicComplaint, PublicEngagement, PublicFinding, PublicMember, PublicOpinion,
    PublicProject, PublicProjectFilter, PublicProjectRow, PublicReport, PublicReportRow,
    PublicRetirementRow, PublicScheme, PublicVisit, SerialAnswer, SerialMove, SerialPages,
    SerialPart, Statistics, StepStatistics, YearTotal,
};
pub use public_batch::{PublicBatch, PublicBatchPage};
pub use public_event::{
    PublicCorrection, PublicEvaluation, PublicEvent, PublicEventRow, PublicEventVersion,
};
pub use public_neutral::{PublicNeutral, PublicNeutralRow, PublicNeutralVersion};
pub use record::{
    AssessmentView, CalculationView, ListFilter, Receipt, RecordKind, TimelineEntry, Turn,
    YearAmount,
};
pub use report::{ReportLine, ReportRow, ReportView};
pub use retire_many::{RetiredMany, RetiredRow, RetirementFileRow};
pub use retire_together::RetirementCounts;
pub use rulebook::{
    ChangedWindow, PublicRuleVersion, PublicityExtension, RuleChangeView, RuleReceipt, WindowKind,
    book_after, moves_windows,
};
pub use session::{FormMemory, SessionRow, SignInLimit};
pub use token::AccessToken;
pub use user::{SignUpReceipt, User, UserWithHash};

use store::Store;

/// What a form sent: dotted field name -> the text as typed.
pub type Fields = BTreeMap<String, String>;

/// How to open the database.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether this is a demo: only then may the clock be moved.
    pub demo: bool,
    /// How many connections may read at the same time (and, on PostgreSQL, write), 1..=100.
    pub connections: u32,
    /// How often an act is tried again when it met another one or shared a commit that failed, before it is answered with [`Error::Busy`].
    pub attempts_max: u32,
    /// The key that signs the heads of the public log.
    pub log_key: proofs::LogKey,
    /// What the tokens of links in mail are computed with.
    pub link_key: LinkKey,
    /// Whether mail leaves this installation: where it does not, nobody is asked by mail.
    pub sends_mail: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            demo: false,
            connections: 8,
            attempts_max: 40,
            log_key: proofs::LogKey::demo(),
            link_key: LinkKey::default(),
            sends_mail: true,
        }
    }
}

/// The registry: a handle on one database. Cloning it is cheap and shares the connections.
#[derive(Clone)]
pub struct Registry {
    store: Store,
    lanes: perform::Lanes,
    /// Retirements that wait to be done together.
    retirements: retire_together::Queue,
    options: Options,
}

impl Registry {
    /// Opens `sqlite://path/to/file.db` (made if missing) or `postgres://…`. Does not migrate.
    pub async fn connect(url: &str, options: Options) -> Result<Self, Error> {
        Ok(Self {
            store: Store::connect(url, &options).await?,
            lanes: perform::Lanes::new(),
            retirements: retire_together::Queue::default(),
            options,
        })
    }

    /// Brings the schema to this release's version; does nothing if it is there. Safe to call from several copies at once.
    pub async fn migrate(&self) -> Result<(), Error> {
        self.store.migrate().await?;
        self.seal_make().await?;
        self.log_backfill().await
    }

    /// Whether the database answers and its schema is the one this release needs.
    pub async fn ping(&self) -> Result<(), Error> {
        self.store.ping().await
    }

    /// Whether demo mode is on.
    pub fn is_demo(&self) -> bool {
        self.options.demo
    }

    /// `sqlite` or `postgresql`: for logs and the health page.
    pub fn engine_name(&self) -> &'static str {
        self.store.engine().name()
    }

    /// What anyone may see.
    pub fn public(&self) -> Public<'_> {
        Public::new(&self.store)
    }

    /// Closes every connection, waiting for the acts that are running.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
