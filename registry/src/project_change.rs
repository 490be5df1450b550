//! Changes of registered projects: the owner applies with reason and evidence, a body gives its opinion where one is needed, the registry decides.
//!
//! No official procedure was found (see `domain::project_change`). What was before and what is after stays, and is public. An approved capacity or
//! location replaces the fields of the published document, so that later reports count with it; an approved transfer gives the project to its new
//! owner, while credits that were issued stay where they are.

use domain::id::ProjectId;
use domain::place::coordinates;
use domain::project::ProjectState;
use domain::project::guard::{VvbApproval, VvbStanding, project_creditable, vvb_approved};
use domain::project_change::{ChangeEvent, ChangeKind, ChangeState};
use domain::refusal::codes;
use domain::sector::project_type_of;
use domain::text::{narrow, required_text};
use domain::{Act, Instant, Refusal, Role};
use methodologies::quantity::Megawatts;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::organisation::sector_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{self, RecordKind, day_of, fields_of, json_of, reason};
use crate::store::people;
use crate::store::project_change::{self as store, ChangeRow};
use crate::store::record::RecordRow;
use crate::{By, Error, Fields, Registry};

/// The longest text of a change, characters.
const TEXT_MAX: usize = 4000;
/// Changes on one page.
const LISTED_MAX: i64 = 200;

/// The answer to an act on a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeReceipt {
    /// The change.
    pub id: String,
    /// Its state after the act.
    pub state: String,
}

/// A change as its parties see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Its id.
    pub id: String,
    /// The project.
    pub project: ProjectId,
    /// The project's code.
    pub project_code: Option<String>,
    /// The project's name.
    pub project_name: String,
    /// 1, 2, 3, … within the project.
    pub number: i64,
    /// The kind's code.
    pub kind: String,
    /// What was before.
    pub before: String,
    /// What is to be.
    pub after: String,
    /// Why.
    pub reason: String,
    /// What shows it: documents by name and number.
    pub evidence: String,
    /// The state's code.
    pub state: String,
    /// The name of the body, where one is asked.
    pub vvb: Option<String>,
    /// Its opinion.
    pub opinion: Option<String>,
    /// Whether it agrees.
    pub positive: Option<bool>,
    /// Why the registry decided as it did.
    pub decision_reason: Option<String>,
    /// When it ended.
    pub decided_at: Option<Instant>,
    /// When it was applied for.
    pub at: Instant,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

impl Registry {
    /// The owner applies for a change of a registered project. Reads `kind`, `reason`, `evidence`, and what is to be: `after` (and `before` for the
    /// monitoring plan), `location`, `longitude` and `latitude`, `capacity_mw`, or `account_number` of the new owner; `vvb` where a body must give
    /// its opinion.
    pub async fn change_request(
        &self,
        by: &By,
        project: &ProjectId,
        fields: &Fields,
    ) -> Result<ChangeReceipt, Error> {
        let deed = Deed::by(Act::ChangeRequest, by, &(project.as_str(), fields))?;
        perform!(self, deed, |tx| {
            let row = record::open(tx, by, RecordKind::Project, project.as_str()).await?;
            let state = ProjectState::from_code(&row.state)
                .ok_or_else(|| Error::Store(format!("project {} is {}", row.id, row.state)))?;
            project_creditable(state)?;
            let mut change = read(tx, &row, fields).await?;
            let others = store::of_project(tx.connection(), &row.id).await?;
            let open = |other: &&ChangeRow| other.decided_at.is_none() && other.kind == change.kind;
            if others.iter().any(|other| open(&other)) {
                return Err(Refusal::new(codes::CHANGE_PENDING).at("kind").into());
            }
            change.number = others.iter().map(|other| other.number).max().unwrap_or(0) + 1;
            change.id = new_id();
            change.at = tx.at.0;
            let act = tx.act.clone();
            store::insert(tx.connection(), &change, &act).await?;
            let state = change.state.clone();
            Ok(done(&change, &state, Some(change.reason.clone())))
        })
    }

    /// The body gives its opinion. Reads `positive` (`yes` or `no`) and `opinion`.
    pub async fn change_assess(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<ChangeReceipt, Error> {
        let deed = Deed::by(Act::ChangeAssess, by, &(change, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, change).await?;
            let state = state_of(&row)?.after(ChangeEvent::Assess)?.code();
            let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
            let positive = match typed("positive") {
                "yes" => Ok(true),
                "no" => Ok(false),
                "" => Err(Refusal::new(codes::REQUIRED).at("positive")),
                _ => Err(Refusal::new(codes::CHOICE_INVALID).at("positive")),
            };
            let (opinion, positive) = both(
                required_text("opinion", typed("opinion"), TEXT_MAX),
                positive,
            )?;
            store::assess(tx.connection(), &row.id, state, &opinion, positive).await?;
            Ok(done(&row, state, Some(opinion)))
        })
    }

    /// The registry approves a change, and it holds from now on. Reads `reason`.
    pub async fn change_approve(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<ChangeReceipt, Error> {
        let deed = Deed::by(Act::ChangeApprove, by, &(change, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, change).await?;
            let state = state_of(&row)?.after(ChangeEvent::Approve)?.code();
            let (why, at) = (reason(fields)?, tx.at.0);
            take_effect(tx, by, &row).await?;
            store::decide(tx.connection(), &row.id, state, Some(&why), at).await?;
            Ok(done(&row, state, Some(why)))
        })
    }

    /// The registry refuses a change. Reads `reason`.
    pub async fn change_refuse(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<ChangeReceipt, Error> {
        let deed = Deed::by(Act::ChangeRefuse, by, &(change, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, change).await?;
            let state = state_of(&row)?.after(ChangeEvent::Refuse)?.code();
            let (why, at) = (reason(fields)?, tx.at.0);
            store::decide(tx.connection(), &row.id, state, Some(&why), at).await?;
            Ok(done(&row, state, Some(why)))
        })
    }

    /// The owner takes a change back.
    pub async fn change_withdraw(&self, by: &By, change: &str) -> Result<ChangeReceipt, Error> {
        let deed = Deed::by(Act::ChangeWithdraw, by, &change)?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, change).await?;
            let state = state_of(&row)?.after(ChangeEvent::Withdraw)?.code();
            let at = tx.at.0;
            store::decide(tx.connection(), &row.id, state, None, at).await?;
            Ok(done(&row, state, None))
        })
    }

    /// The changes of the viewer's projects (owner), those that ask the viewer (VVB), or all (registry), open ones first, at most 200.
    pub async fn change_list(&self, by: &By) -> Result<Vec<ChangeView>, Error> {
        let organisation = by.organisation.as_str();
        let (owner, vvb) = match by.role {
            Role::ProjectOwner => (organisation, ""),
            Role::Vvb => ("", organisation),
            Role::RegistryOperator => ("", ""),
            Role::EventOrganiser | Role::Individual => return Err(Error::Forbidden),
        };
        let mut connection = self.store.read().await?;
        let rows = store::list(&mut connection, owner, vvb, LISTED_MAX).await?;
        rows.into_iter().map(|row| view(by, row)).collect()
    }

    /// One change, for its parties. `NotFound` for others.
    pub async fn change_get(&self, by: &By, change: &str) -> Result<ChangeView, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, change)
            .await?
            .ok_or(Error::NotFound)?;
        check_change_party(by, &row)?;
        view(by, row)
    }
}

/// The owner of the project, the body that is asked, and the registry.
fn check_change_party(by: &By, row: &ChangeRow) -> Result<(), Error> {
    let organisation = by.organisation.as_str();
    let is_party = match by.role {
        Role::ProjectOwner => row.owner_id == organisation,
        Role::Vvb => row.vvb_id.as_deref() == Some(organisation),
        Role::RegistryOperator => true,
        Role::EventOrganiser | Role::Individual => false,
    };
    if is_party {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

async fn open(tx: &mut Tx, by: &By, change: &str) -> Result<ChangeRow, Error> {
    let row = store::by_id(tx.connection(), change)
        .await?
        .ok_or(Error::NotFound)?;
    check_change_party(by, &row)?;
    Ok(row)
}

fn state_of(row: &ChangeRow) -> Result<ChangeState, Error> {
    ChangeState::from_code(&row.state)
        .ok_or_else(|| Error::Store(format!("change {} is {}", row.id, row.state)))
}

fn kind_of(row: &ChangeRow) -> Result<ChangeKind, Error> {
    ChangeKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("change {} is a {}", row.id, row.kind)))
}

/// Entered in the chain of the project; the public sees that it happened, and the change itself on the project's page.
fn done(row: &ChangeRow, state: &str, note: Option<String>) -> Done<ChangeReceipt> {
    Done {
        subject_kind: "project",
        subject: row.project_id.clone(),
        state: None,
        note,
        is_public: true,
        answer: ChangeReceipt {
            id: row.id.clone(),
            state: state.to_owned(),
        },
    }
}

fn view(by: &By, row: ChangeRow) -> Result<ChangeView, Error> {
    let state = state_of(&row)?;
    let allowed = match by.role {
        _ if state.is_decided() => Vec::new(),
        Role::ProjectOwner => vec![Act::ChangeWithdraw],
        Role::Vvb if state == ChangeState::AwaitingOpinion => vec![Act::ChangeAssess],
        Role::RegistryOperator if state == ChangeState::AwaitingDecision => {
            vec![Act::ChangeApprove, Act::ChangeRefuse]
        }
        Role::RegistryOperator => vec![Act::ChangeRefuse],
        Role::Vvb | Role::EventOrganiser | Role::Individual => Vec::new(),
    };
    Ok(ChangeView {
        id: row.id,
        project: row.project_id.into(),
        project_code: row.project_code,
        project_name: row.project_name,
        number: row.number,
        kind: row.kind,
        before: row.before_text,
        after: row.after_text,
        reason: row.reason,
        evidence: row.evidence,
        state: row.state,
        vvb: row.vvb_name,
        opinion: row.vvb_opinion,
        positive: row.vvb_positive.map(|positive| positive == 1),
        decision_reason: row.decision_reason,
        decided_at: row.decided_at.map(Instant),
        at: Instant(row.at),
        allowed,
    })
}

fn both<A, B>(one: Result<A, Refusal>, other: Result<B, Refusal>) -> Result<(A, B), Vec<Refusal>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err([one.err(), other.err()].into_iter().flatten().collect()),
    }
}

/// What the form says, with what the registry has now as the state before.
async fn read(tx: &mut Tx, row: &RecordRow, fields: &Fields) -> Result<ChangeRow, Error> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let Some(kind) = ChangeKind::from_code(typed("kind")) else {
        let code = match typed("kind") {
            "" => codes::REQUIRED,
            _ => codes::CHOICE_INVALID,
        };
        return Err(Refusal::new(code).at("kind").into());
    };
    let design = fields_of(row.published_fields.as_deref().unwrap_or(&row.fields))?;
    let mut change = ChangeRow {
        project_id: row.id.clone(),
        kind: kind.code().to_owned(),
        state: ChangeState::first(kind).code().to_owned(),
        ..ChangeRow::default()
    };
    let mut refusals = Vec::new();
    for (field, kept) in [
        ("reason", &mut change.reason),
        ("evidence", &mut change.evidence),
    ] {
        match required_text(field, typed(field), TEXT_MAX) {
            Ok(text) => *kept = text,
            Err(refusal) => refusals.push(refusal),
        }
    }
    let now = |field: &str| design.get(field).cloned().unwrap_or_default();
    let replaced = match kind {
        ChangeKind::OwnerName => {
            change.before_text.clone_from(&row.owner_name);
            after_text(typed("after"))
        }
        ChangeKind::OwnerTransfer => {
            change.before_text.clone_from(&row.owner_name);
            match new_owner(tx, row, typed("account_number")).await? {
                Ok((id, name)) => {
                    change.new_owner_id = Some(id);
                    Ok((name, Fields::new()))
                }
                Err(refusal) => Err(vec![refusal]),
            }
        }
        ChangeKind::LocationCorrection => {
            change.before_text = place_text(&now("location"), &now("longitude"), &now("latitude"));
            new_place(typed)
        }
        ChangeKind::MonitoringPlan => {
            match required_text("before", typed("before"), TEXT_MAX) {
                Ok(before) => change.before_text = before,
                Err(refusal) => refusals.push(refusal),
            }
            after_text(typed("after"))
        }
        ChangeKind::Capacity => {
            change.before_text = format!("{} MW", now("capacity_mw"));
            new_capacity(typed("capacity_mw"))
        }
        ChangeKind::MethodologyVersion => {
            change.before_text.clone_from(&row.methodology);
            after_text(typed("after"))
        }
    };
    match replaced {
        Ok((after, replaced)) => {
            change.after_text = after;
            change.fields = json_of(&replaced)?;
        }
        Err(refused) => refusals.extend(refused),
    }
    if kind.needs_opinion() {
        match body(tx, row, typed("vvb")).await? {
            Ok(vvb) => change.vvb_id = Some(vvb),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() && change.before_text == change.after_text {
        refusals.push(Refusal::new(codes::CHANGE_WITHOUT_DIFFERENCE).at("after"));
    }
    if refusals.is_empty() {
        Ok(change)
    } else {
        Err(refusals.into())
    }
}

/// What is to be, in words, and the fields of the document that it replaces.
type After = Result<(String, Fields), Vec<Refusal>>;

fn after_text(typed: &str) -> After {
    let after = required_text("after", typed, TEXT_MAX).map_err(|refusal| vec![refusal])?;
    Ok((after, Fields::new()))
}

fn place_text(location: &str, longitude: &str, latitude: &str) -> String {
    format!("{location} ({longitude}, {latitude})")
}

fn new_place<'a>(typed: impl Fn(&str) -> &'a str) -> After {
    let location = required_text("location", typed("location"), TEXT_MAX);
    let point = coordinates(typed("longitude"), typed("latitude"));
    match (location, point) {
        (Ok(location), Ok((longitude, latitude))) => {
            let (longitude, latitude) = (longitude.to_string(), latitude.to_string());
            let after = place_text(&location, &longitude, &latitude);
            let fields = [
                ("location", location),
                ("longitude", longitude),
                ("latitude", latitude),
            ];
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            Ok((after, fields.collect()))
        }
        (location, point) => {
            let mut refusals: Vec<_> = location.err().into_iter().collect();
            refusals.extend(point.err().into_iter().flatten());
            Err(refusals)
        }
    }
}

fn new_capacity(typed: &str) -> After {
    let at = |refusal: Refusal| vec![refusal.at("capacity_mw")];
    if typed.is_empty() {
        return Err(at(Refusal::new(codes::REQUIRED)));
    }
    let capacity = typed
        .parse::<Megawatts>()
        .map_err(|error| at(Refusal::from(error)))?
        .value()
        .normalize();
    if capacity <= Decimal::ZERO || capacity > Decimal::from(100_000) {
        return Err(at(Refusal::new(codes::NUMBER_OUT_OF_RANGE)
            .with("min", 0)
            .with("max", 100_000)));
    }
    let fields = [("capacity_mw".to_owned(), capacity.to_string())];
    Ok((format!("{capacity} MW"), fields.into()))
}

/// Another project owner, by its account number.
async fn new_owner(
    tx: &mut Tx,
    row: &RecordRow,
    typed: &str,
) -> Result<Result<(String, String), Refusal>, Error> {
    if typed.is_empty() {
        return Ok(Err(Refusal::new(codes::REQUIRED).at("account_number")));
    }
    let number = narrow(typed);
    let found = people::organisation_by_account(tx.connection(), &number).await?;
    let found =
        found.filter(|found| found.role == Role::ProjectOwner.code() && found.id != row.owner_id);
    Ok(found
        .map(|found| (found.id, found.name))
        .ok_or_else(|| Refusal::new(codes::CHANGE_OWNER_UNKNOWN).at("account_number")))
}

/// A body that is approved for the sector today and is not the owner.
async fn body(
    tx: &mut Tx,
    row: &RecordRow,
    chosen: &str,
) -> Result<Result<String, Refusal>, Error> {
    if chosen.is_empty() {
        return Ok(Err(Refusal::new(codes::REQUIRED).at("vvb")));
    }
    let today = tx.at.beijing_date();
    let stored = crate::rulebook::approvals(tx.connection(), Some(chosen)).await?;
    let approvals = stored.into_iter().map(|one| {
        Ok(VvbApproval {
            sector: sector_of(&one.sector)?,
            from: day_of(&one.valid_from)?,
            to: one.valid_to.as_deref().map(day_of).transpose()?,
        })
    });
    let standing = VvbStanding {
        organisation: chosen.into(),
        approvals: approvals.collect::<Result<_, Error>>()?,
        appointed_on: None,
        tied_to_owner: chosen == row.owner_id,
    };
    let sector = project_type_of(&row.methodology).map(|kind| kind.sector);
    Ok(vvb_approved(Some(&standing), sector, today, "vvb").map(|()| chosen.to_owned()))
}

/// What an approval does to the project.
async fn take_effect(tx: &mut Tx, by: &By, change: &ChangeRow) -> Result<(), Error> {
    let replaced = fields_of(&change.fields)?;
    if !replaced.is_empty() {
        let mut row = record::open(tx, by, RecordKind::Project, &change.project_id).await?;
        let mut published = fields_of(row.published_fields.as_deref().unwrap_or(&row.fields))?;
        published.extend(replaced);
        row.published_fields = Some(json_of(&published)?);
        record::save(tx, &mut row).await?;
    }
    if let Some(owner) = change.new_owner_id.as_deref() {
        let open = store::reports_open(tx.connection(), &change.project_id).await?;
        if open > 0 {
            return Err(Refusal::new(codes::CHANGE_REPORTS_OPEN)
                .with("count", open)
                .into());
        }
        store::set_owner(tx.connection(), &change.project_id, owner).await?;
    }
    Ok(())
}

/// No new reductions while a change of capacity waits for its decision.
pub(crate) async fn check_reductions_open(tx: &mut Tx, project: &str) -> Result<(), Error> {
    for change in store::of_project(tx.connection(), project).await? {
        if change.decided_at.is_none() && kind_of(&change)?.blocks_reductions() {
            return Err(Refusal::new(codes::CAPACITY_CHANGE_PENDING).into());
        }
    }
    Ok(())
}
