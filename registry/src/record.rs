//! What projects and monitoring reports have in common: both are records that pass from hand to hand.

use domain::engagement::EngagementFacts;
use domain::id::OrganisationId;
use domain::project::{
    Clock, ClockStart, Party, ProjectEvent, ProjectFacts, ProjectState, PublicTab, ReportBasis,
    ReportEvent, ReportFacts, ReportState, VvbApproval, VvbStanding,
};
use domain::refusal::codes;
use domain::rulebook::RuleBook;
use domain::sector::Family;
use domain::{Act, Instant, Refusal, Role};
use methodologies::Parameters;
use time::Date;

use crate::credits::year_of;
use crate::ending;
use crate::engagement;
use crate::organisation::sector_of;
use crate::parameter_set;
use crate::perform::{Done, Tx};
use crate::rulebook;
use crate::store::record::{self as store, RecordRow};
use crate::{By, Error, Fields};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AnyConnection;

/// The longest reason, characters.
const REASON_MAX: usize = 4000;

/// Which of the two kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A project application, later the registered project.
    Project,
    /// A monitoring report: the application for the reductions of one period.
    Report,
}

impl RecordKind {
    /// The stable text in the database: `project`, `report`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Report => "report",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Project, Self::Report]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// The answer to an act on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The record.
    pub id: String,
    /// Its state after the act, a code of the state table.
    pub state: String,
    /// Its revision after the act: send it back with the next `*_save`.
    pub revision: i64,
    /// The project code, when the act allocated one.
    pub code: Option<String>,
}

/// Who must act next, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// The role; `None` when only time must pass, or nothing more can happen.
    pub role: Option<Role>,
    /// The organisation, when it is one organisation's turn.
    pub organisation: Option<String>,
    /// The last day, `YYYY-MM-DD`, when there is a limit that the published calendar reaches.
    pub due_on: Option<String>,
    /// Working days from today to that day, today not counted; negative when overdue.
    pub working_days_left: Option<i64>,
    /// The act that is expected, the straight path first.
    pub next: Option<Act>,
}

/// Which records of those the viewer may see.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Only this state (a code of the state table).
    pub state: Option<String>,
    /// Only reports of this project (reports only).
    pub project: Option<String>,
    /// Which page.
    pub page: crate::PageRequest,
}

/// One entry of the record of acts, as the parties of a record see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// The name of the act (`project_register`) or of a step made by date (`project_publicity_begin`).
    pub act: String,
    /// The state after it, if it changed the state.
    pub state: Option<String>,
    /// The organisation that did it; `None` for the public and for steps made by date.
    pub organisation: Option<String>,
    /// The person; only shown to the own organisation and the registry.
    pub person: Option<String>,
    /// The reason or note given.
    pub note: Option<String>,
    /// The hash of this entry in the chain of the record, 64 hexadecimal digits.
    pub hash: String,
}

/// A calculation as it was stored, with everything needed to run it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalculationView {
    /// Its id.
    pub id: String,
    /// When in the life of the record: `publicity`, `validation`, `verification`.
    pub stage: String,
    /// The calculator's code, as for `methodologies::calculate`.
    pub calculator: String,
    /// The methodology version, as the outcome states it.
    pub version: String,
    /// The parameter sets used, as the outcome states them.
    pub parameter_sets: Value,
    /// The complete input.
    pub input: Value,
    /// The complete outcome: result, lines and steps with their clauses.
    pub outcome: Value,
    /// The parameter set that the outcome names, to run it again.
    #[serde(skip)]
    pub parameters: Parameters,
    /// When it was stored.
    pub at: Instant,
}

/// Tonnes of one calendar year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearAmount {
    /// The calendar year (for a validation: the year of the crediting period, 1, 2, …, if below 1000).
    pub year: i32,
    /// Whole tonnes CO2e; never negative.
    pub tonnes: i64,
}

/// A validation or verification report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssessmentView {
    /// The VVB's name.
    pub vvb: String,
    /// `positive` or `negative`.
    pub conclusion: String,
    /// The report's text.
    pub text: String,
    /// The VVB's commitment statement.
    pub commitment: String,
    /// The validated or verified amounts; empty when negative.
    pub amounts: Vec<YearAmount>,
    /// When it was uploaded.
    pub at: Instant,
}

/// The state of either kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Project(ProjectState),
    Report(ReportState),
}

/// Asks the same question of either table.
macro_rules! either {
    ($state:expr, $known:ident => $answer:expr) => {
        match $state {
            State::Project($known) => $answer,
            State::Report($known) => $answer,
        }
    };
}

impl State {
    /// The state of a stored record.
    pub(crate) fn of(row: &RecordRow) -> Result<Self, Error> {
        let known = match RecordKind::from_code(&row.kind) {
            Some(RecordKind::Project) => ProjectState::from_code(&row.state).map(Self::Project),
            Some(RecordKind::Report) => ReportState::from_code(&row.state).map(Self::Report),
            None => None,
        };
        known.ok_or_else(|| {
            Error::Store(format!(
                "{} {} has the state {}",
                row.kind, row.id, row.state
            ))
        })
    }

    pub(crate) fn code(self) -> &'static str {
        either!(self, state => state.code())
    }

    fn clock(self) -> Option<Clock> {
        either!(self, state => state.clock())
    }

    pub(crate) fn party(self) -> Party {
        either!(self, state => state.turn())
    }

    fn public_tab(self) -> Option<PublicTab> {
        either!(self, state => state.public_tab())
    }

    /// Every state of the kind.
    pub(crate) fn all(kind: RecordKind) -> Vec<Self> {
        match kind {
            RecordKind::Project => ProjectState::ALL
                .iter()
                .copied()
                .map(Self::Project)
                .collect(),
            RecordKind::Report => ReportState::ALL.iter().copied().map(Self::Report).collect(),
        }
    }

    /// Refuses an act that the table does not list for this state.
    fn check_allows(self, act: Act) -> Result<(), Error> {
        match self {
            Self::Project(state) => {
                state.row(ProjectEvent::of_act(act).ok_or(Error::Forbidden)?)?;
            }
            Self::Report(state) => {
                state.row(ReportEvent::of_act(act).ok_or(Error::Forbidden)?)?;
            }
        }
        Ok(())
    }

    /// Refuses an act on an opinion that the table does not list for this state.
    pub(crate) fn check_allows_opinion(self, act: Act) -> Result<(), Error> {
        self.check_allows(act)
    }

    /// The acts a role can do in this state, the straight path first; acts on opinions are not among them.
    pub(crate) fn acts_for(self, role: Role) -> Vec<Act> {
        let mut acts: Vec<Act> = match self {
            Self::Project(state) => state
                .events_for(role)
                .filter_map(ProjectEvent::act)
                .collect(),
            Self::Report(state) => state
                .events_for(role)
                .filter_map(ReportEvent::act)
                .collect(),
        };
        acts.retain(|act| {
            !matches!(
                act,
                Act::OpinionPublish | Act::OpinionRefuse | Act::OpinionReply | Act::OpinionSubmit
            )
        });
        acts.sort_by_key(|act| !is_straight(*act));
        acts
    }
}

/// Whether an act is a step of the straight path, from the draft to the issue.
fn is_straight(act: Act) -> bool {
    matches!(
        act,
        Act::ProjectRequestMandate
            | Act::ProjectConfirmMandate
            | Act::ProjectRequestPublicity
            | Act::ProjectApprovePublicity
            | Act::ProjectApproveRecall
            | Act::ProjectValidate
            | Act::ProjectApplyRegistration
            | Act::ProjectRegister
            | Act::ProjectResume
            | Act::ReportRequestMandate
            | Act::ReportConfirmMandate
            | Act::ReportRequestPublicity
            | Act::ReportApprovePublicity
            | Act::ReportApproveRecall
            | Act::ReportVerify
            | Act::ReportApplyRegistration
            | Act::ReportRegister
            | Act::ReportResume
            | Act::ReportIssue
    )
}

/// A stored day.
pub(crate) fn day_of(text: &str) -> Result<Date, Error> {
    domain::text::date("stored", text).map_err(|_| Error::Store(format!("stored day {text}")))
}

/// The fields of a stored draft.
pub(crate) fn fields_of(text: &str) -> Result<Fields, Error> {
    serde_json::from_str(text).map_err(|error| Error::Store(format!("stored fields: {error}")))
}

/// Any value as stored text.
pub(crate) fn json_of(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Store(format!("to store: {error}")))
}

/// Loads a record for one of its parties, with everything that was due by date done. Others get `NotFound`.
pub(crate) async fn open(
    tx: &mut Tx,
    by: &By,
    kind: RecordKind,
    id: &str,
) -> Result<RecordRow, Error> {
    let row = store::by_id(tx.connection(), kind.code(), id)
        .await?
        .ok_or(Error::NotFound)?;
    check_party(by, &row)?;
    settle(tx, row).await
}

/// The owner, the named VVB, and the registry once it has received the record.
pub(crate) fn check_party(by: &By, row: &RecordRow) -> Result<(), Error> {
    let organisation = by.organisation.as_str();
    let is_party = match by.role {
        Role::ProjectOwner => row.owner_id == organisation,
        Role::Vvb => row.vvb_id.as_deref() == Some(organisation),
        Role::RegistryOperator => row.submitted == 1,
        Role::EventOrganiser | Role::Individual => false,
    };
    if is_party {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// What the public search looks in: name, code and owner.
pub(crate) fn search_text(row: &RecordRow) -> String {
    let code = row.code.as_deref().unwrap_or("");
    searchable(&[&row.name, code, &row.owner_name])
}

/// Texts as the public search compares them: in lower case, and of one width, for `（` and `(` are typed for each other.
pub(crate) fn searchable(texts: &[&str]) -> String {
    domain::text::narrow(&texts.join(" ")).to_lowercase()
}

/// Does what is due by date, each step entered under a key that makes a second time impossible.
pub(crate) async fn settle(tx: &mut Tx, mut row: RecordRow) -> Result<RecordRow, Error> {
    let today = tx.at.beijing_date();
    while let Some(step) = due_step(&row, today)? {
        let done = take_step(tx, &mut row, &step).await?;
        tx.enter_by_date(&step.kind(&row), &step.key(&row), &done)
            .await?;
    }
    Ok(row)
}

/// A step that a date makes.
pub(crate) struct DueStep {
    event: &'static str,
    next: State,
    on: Date,
}

impl DueStep {
    /// The name in the record of acts: `project_publicity_starts`.
    pub(crate) fn kind(&self, row: &RecordRow) -> String {
        format!("{}_{}", row.kind, self.event)
    }

    /// The key that makes it happen once. The crediting period ends a second time where a request to cancel the registration was refused
    /// after its end: since when the project is registered tells the two apart.
    pub(crate) fn key(&self, row: &RecordRow) -> String {
        if self.event == ProjectEvent::CreditingEnds.name() {
            return format!("{}:{}:{}", self.event, row.id, row.state_since);
        }
        format!("{}:{}", self.event, row.id)
    }

    /// The state after it.
    pub(crate) fn next(&self) -> &'static str {
        self.next.code()
    }
}

/// Writes one step that is due, and says what to enter for it.
pub(crate) async fn take_step(
    tx: &mut Tx,
    row: &mut RecordRow,
    step: &DueStep,
) -> Result<Done<()>, Error> {
    let book = rulebook::in_force(tx.connection()).await?;
    enter_state(&book, row, step.next, Instant::at_start_of(step.on))?;
    save(tx, row).await?;
    Ok(Done {
        subject_kind: kind_of(row)?.code(),
        subject: row.id.clone(),
        state: Some(step.next().to_owned()),
        note: None,
        is_public: true,
        answer: (),
    })
}

/// The step that is due by a day, if any.
pub(crate) fn due_step(row: &RecordRow, today: Date) -> Result<Option<DueStep>, Error> {
    let state = State::of(row)?;
    let day = |text: &Option<String>| text.as_deref().map(day_of).transpose();
    let after = |day: Date| day.next_day().unwrap_or(Date::MAX);
    let (event, due) = match state {
        State::Project(ProjectState::PublicityScheduled)
        | State::Report(ReportState::PublicityScheduled) => (
            (ProjectEvent::PublicityStarts, ReportEvent::PublicityStarts),
            day(&row.publicity_start)?,
        ),
        State::Project(ProjectState::InPublicity | ProjectState::RecallReview)
        | State::Report(ReportState::InPublicity | ReportState::RecallReview) => (
            (ProjectEvent::PublicityEnds, ReportEvent::PublicityEnds),
            day(&row.publicity_end)?.map(after),
        ),
        State::Project(ProjectState::Registered) => (
            (ProjectEvent::CreditingEnds, ReportEvent::PublicityEnds),
            day(&row.period_end)?.map(after),
        ),
        _ => return Ok(None),
    };
    let Some(due) = due.filter(|due| *due <= today) else {
        return Ok(None);
    };
    let (event, next) = match state {
        State::Project(state) => (
            event.0.name(),
            State::Project(state.after_unguarded(event.0)?),
        ),
        State::Report(state) => (
            event.1.name(),
            State::Report(state.after_unguarded(event.1)?),
        ),
    };
    Ok(Some(DueStep {
        event,
        next,
        on: due,
    }))
}

/// A record as it is on a day, without writing what is due by then: for pages, which may come before the background work.
pub(crate) fn as_of(mut row: RecordRow, today: Date, book: &RuleBook) -> Result<RecordRow, Error> {
    while let Some(step) = due_step(&row, today)? {
        enter_state(book, &mut row, step.next, Instant::at_start_of(step.on))?;
    }
    Ok(row)
}

/// Puts a record into a state: since when, in which public list, due when.
pub(crate) fn enter_state(
    book: &RuleBook,
    row: &mut RecordRow,
    next: State,
    at: Instant,
) -> Result<(), Error> {
    let is_new = row.state != next.code();
    if is_new {
        row.state_since = at.0;
    }
    next.code().clone_into(&mut row.state);
    row.public_tab = next.public_tab().map(|tab| tab.data_type().to_owned());
    // a day that was computed stays while the record stays where it is, also under another calendar
    if is_new || row.due_on.is_none() || next.clock() == Some(Clock::PUBLICITY) {
        row.due_on = due_on(book, row, next)?;
    }
    Ok(())
}

/// The last day of the limit that runs in a state. `None` without a limit, and where the calendar does not reach so far.
/// A publicity window ends on the day that was computed or extended: it is not computed again.
fn due_on(book: &RuleBook, row: &RecordRow, state: State) -> Result<Option<String>, Error> {
    let Some(clock) = state.clock() else {
        return Ok(None);
    };
    if clock == Clock::PUBLICITY {
        return Ok(row.publicity_end.clone());
    }
    let start = match clock.start {
        ClockStart::PublicityStart => row.publicity_start.as_deref(),
        ClockStart::Received => row.received_on.as_deref(),
    };
    let Some(start) = start else { return Ok(None) };
    let paused = match clock.start {
        ClockStart::Received => u32::try_from(row.paused_days).unwrap_or(0),
        ClockStart::PublicityStart => 0,
    };
    let start = day_of(start)?;
    let due = book.clock(clock, start).due(&book.calendar, start, paused);
    Ok(due.ok().map(|day| day.to_string()))
}

/// Writes a record with its next revision.
pub(crate) async fn save(tx: &mut Tx, row: &mut RecordRow) -> Result<(), Error> {
    row.revision += 1;
    match store::update(tx.connection(), row).await? {
        1 => Ok(()),
        // Somebody else's act came between: begin again.
        _ => Err(Error::Busy),
    }
}

pub(crate) fn kind_of(row: &RecordRow) -> Result<RecordKind, Error> {
    RecordKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("record kind {}", row.kind)))
}

/// The answer and the entry of an act on a record, after it was saved.
pub(crate) fn done(row: &RecordRow, note: Option<String>) -> Result<Done<Receipt>, Error> {
    Ok(Done {
        subject_kind: kind_of(row)?.code(),
        subject: row.id.clone(),
        state: Some(row.state.clone()),
        note,
        is_public: row.public_tab.is_some(),
        answer: Receipt {
            id: row.id.clone(),
            state: row.state.clone(),
            revision: row.revision,
            code: row.code.clone(),
        },
    })
}

/// A reason that must be given.
pub(crate) fn reason(fields: &Fields) -> Result<String, Refusal> {
    let typed = fields.get("reason").map_or("", String::as_str);
    domain::text::required_text("reason", typed, REASON_MAX).map_err(|refusal| match refusal.code {
        codes::REQUIRED => Refusal::new(codes::REASON_REQUIRED).at("reason"),
        _ => refusal,
    })
}

/// Asks the state table with the facts, and puts the record into the next state.
pub(crate) async fn advance(
    tx: &mut Tx,
    row: &mut RecordRow,
    act: Act,
    statement: bool,
) -> Result<(), Error> {
    let next = match State::of(row)? {
        State::Project(state) => {
            let event = ProjectEvent::of_act(act).ok_or(Error::Forbidden)?;
            if state.row(event)?.guards.is_empty() {
                State::Project(state.after_unguarded(event)?)
            } else {
                let facts = project_facts(tx, row, statement).await?;
                State::Project(state.after(event, &facts)?)
            }
        }
        State::Report(state) => {
            let event = ReportEvent::of_act(act).ok_or(Error::Forbidden)?;
            if state.row(event)?.guards.is_empty() {
                State::Report(state.after_unguarded(event)?)
            } else {
                let facts = report_facts(tx, row, statement).await?;
                State::Report(state.after(event, &facts)?)
            }
        }
    };
    let book = rulebook::in_force(tx.connection()).await?;
    enter_state(&book, row, next, tx.at)
}

/// Refuses at once what the state does not allow, before anything else about the act is looked at.
pub(crate) fn check_allows(row: &RecordRow, act: Act) -> Result<(), Error> {
    State::of(row)?.check_allows(act)
}

/// The numbers a record is calculated with: those in force while it is written, those of its last stored calculation once it was
/// submitted. What was handed in does not change because a parameter was replaced later.
pub(crate) async fn parameters_for(
    connection: &mut AnyConnection,
    row: &RecordRow,
) -> Result<Parameters, Error> {
    let is_written = ["draft", "mandate_requested", "vvb_confirmed"].contains(&row.state.as_str());
    if !is_written && let Some(last) = store::calculations(connection, &row.id).await?.pop() {
        let set = parameter_set::set_of_outcome(&last.outcome)?;
        return parameter_set::of_set(connection, set).await;
    }
    parameter_set::in_force(connection).await
}

/// What the table of projects asks about.
async fn project_facts(
    tx: &mut Tx,
    row: &RecordRow,
    statement: bool,
) -> Result<ProjectFacts, Error> {
    let set = parameters_for(tx.connection(), row).await?;
    let mut facts = ProjectFacts::of_draft(&fields_of(&row.fields)?, tx.at.beijing_date(), &set);
    let (undecided, unanswered) = store::opinions_open(tx.connection(), &row.id).await?;
    let book = rulebook::in_force(tx.connection()).await?;
    facts.methodology_in_force &= book.admits(&facts.methodology, facts.today);
    facts.owner_account_active = crate::account::is_active(tx.connection(), &row.owner_id).await?;
    facts.previously_deregistered = ending::lost_before(tx, row).await?;
    facts.owner_bans = ending::bans_of(tx, &row.owner_id).await?;
    facts.experts_unanswered = ending::experts_unanswered(tx, &row.id).await?;
    facts.validator = standing(tx, row).await?;
    facts.statement_made = statement;
    facts.opinions_undecided = u32::try_from(undecided).unwrap_or(u32::MAX);
    facts.opinions_unanswered = u32::try_from(unanswered).unwrap_or(u32::MAX);
    facts.engagement = engagement_facts(tx, row).await?;
    Ok(facts)
}

/// What the table of reports asks about.
async fn report_facts(tx: &mut Tx, row: &RecordRow, statement: bool) -> Result<ReportFacts, Error> {
    let project = project_of(tx, row).await?;
    let basis = basis_of(tx.connection(), row, &project).await?;
    let set = parameters_for(tx.connection(), row).await?;
    let today = tx.at.beijing_date();
    let mut facts = ReportFacts::of_draft(&fields_of(&row.fields)?, &basis, today, &set);
    let (undecided, unanswered) = store::opinions_open(tx.connection(), &row.id).await?;
    facts.project_state = match State::of(&project)? {
        State::Project(state) => state,
        State::Report(_) => {
            return Err(Error::Store(format!(
                "report {} belongs to a report",
                row.id
            )));
        }
    };
    let others = store::other_periods(tx.connection(), &project.id, &row.id).await?;
    let others = others
        .iter()
        .map(|(from, to)| Ok((day_of(from)?, day_of(to)?)));
    facts.other_periods = others.collect::<Result<_, Error>>()?;
    if let (1, Some((_, to))) = (row.submitted, facts.period) {
        // Later periods may be handed in while this report is on its way: they must not overlap it, and do not come before it.
        facts.other_periods.retain(|(from, _)| *from <= to);
    }
    facts.validator = project.vvb_id.as_deref().map(OrganisationId::from);
    facts.verifier = standing(tx, row).await?;
    let lines = store::lines(tx.connection(), &row.id).await?;
    if row.submitted == 1 && !lines.is_empty() {
        facts.applied = amounts(lines.iter().map(|line| (line.0, line.1)))?;
        let verified = lines
            .iter()
            .map(|line| Some((line.0, line.2?)))
            .collect::<Option<Vec<_>>>();
        facts.verified = verified
            .map(|verified| amounts(verified.into_iter()))
            .transpose()?;
    }
    facts.owner_account_active = crate::account::is_active(tx.connection(), &row.owner_id).await?;
    facts.owner_bans = ending::bans_of(tx, &row.owner_id).await?;
    facts.experts_unanswered = ending::experts_unanswered(tx, &row.id).await?;
    facts.statement_made = statement;
    facts.opinions_undecided = u32::try_from(undecided).unwrap_or(u32::MAX);
    facts.opinions_unanswered = u32::try_from(unanswered).unwrap_or(u32::MAX);
    facts.engagement = engagement_facts(tx, row).await?;
    facts.issued = row.issued_tonnes.is_some();
    Ok(facts)
}

fn amounts(
    stored: impl Iterator<Item = (i64, i64)>,
) -> Result<Vec<domain::project::YearAmount>, Error> {
    stored
        .map(|(year, tonnes)| {
            Ok(domain::project::YearAmount {
                year: year_of(year)?,
                tonnes,
            })
        })
        .collect()
}

/// The project of a report, with everything due by date done.
pub(crate) async fn project_of(tx: &mut Tx, report: &RecordRow) -> Result<RecordRow, Error> {
    let id = report.project_id.as_deref().unwrap_or("");
    let row = store::by_id(tx.connection(), RecordKind::Project.code(), id).await?;
    settle(tx, row.ok_or(Error::NotFound)?).await
}

/// What a report takes from its project's published document, and from the last registered report before it.
pub(crate) async fn basis_of(
    connection: &mut AnyConnection,
    report: &RecordRow,
    project: &RecordRow,
) -> Result<ReportBasis, Error> {
    let design = fields_of(
        project
            .published_fields
            .as_deref()
            .unwrap_or(&project.fields),
    )?;
    let basis = ReportBasis::of_design(&design, day_of(&report.created_on)?);
    let basis = basis
        .ok_or_else(|| Error::Store(format!("project {} has no complete document", project.id)))?;
    if basis.kind.family != Family::Land {
        return Ok(basis);
    }
    let Some(last) =
        store::last_accounting(connection, &project.id, report.number.unwrap_or(i64::MAX)).await?
    else {
        return Ok(basis);
    };
    let unreadable = |error| Error::Store(format!("accounting before {}: {error}", report.id));
    let input = serde_json::from_str(&last.0).map_err(unreadable)?;
    let outcome = serde_json::from_str(&last.1).map_err(unreadable)?;
    Ok(basis.after(&input, &outcome))
}

/// Whether the body and the owner were tied when it took the mandate, or are while it works on it. A tie that comes after its report
/// does not undo the report.
async fn tied_to_owner(tx: &mut Tx, row: &RecordRow, vvb: &str) -> Result<bool, Error> {
    let today = tx.at.beijing_date();
    let appointed = row.appointed_on.as_deref().map(day_of).transpose()?;
    let mut days = vec![appointed.unwrap_or(today)];
    if engagement::is_at_work(&row.kind, &row.state) {
        days.push(today);
    }
    for day in days {
        if engagement::is_tied(tx.connection(), vvb, &row.owner_id, day).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the body has done, where its report may be uploaded: nothing else asks.
async fn engagement_facts(tx: &mut Tx, row: &RecordRow) -> Result<Option<EngagementFacts>, Error> {
    let ended = [
        ProjectState::PublicityEnded.code(),
        ReportState::PublicityEnded.code(),
    ];
    if !ended.contains(&row.state.as_str()) {
        return Ok(None);
    }
    Ok(Some(engagement::facts(tx.connection(), row).await?))
}

/// What matters about the chosen VVB.
async fn standing(tx: &mut Tx, row: &RecordRow) -> Result<Option<VvbStanding>, Error> {
    let Some(vvb) = row.vvb_id.as_deref() else {
        return Ok(None);
    };
    let stored = rulebook::approvals(tx.connection(), Some(vvb)).await?;
    let approvals = stored.into_iter().map(|one| {
        Ok(VvbApproval {
            sector: sector_of(&one.sector)?,
            from: day_of(&one.valid_from)?,
            to: one.valid_to.as_deref().map(day_of).transpose()?,
        })
    });
    Ok(Some(VvbStanding {
        organisation: vvb.into(),
        approvals: approvals.collect::<Result<_, Error>>()?,
        appointed_on: row.appointed_on.as_deref().map(day_of).transpose()?,
        tied_to_owner: vvb == row.owner_id || tied_to_owner(tx, row, vvb).await?,
    }))
}
