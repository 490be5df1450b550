//! How lives end: what each ending act reads and writes, the bars that follow from a revocation, the reports that end with their
//! project, applications begun again, and the experts of a registration review.

use domain::project::ending::{
    Deregistration, DeregistrationGround, DeregistrationRequest, Expert, ExpertOpinion, Identity,
    RefusedRegistration, Revocation, draw_experts, experts_wanted, retain_until,
};
use domain::project::guard::{BAN_YEARS, after_years};
use domain::project::{Ban, ProjectState, ReportEvent};
use domain::refusal::codes;
use domain::sector::project_type_of;
use domain::text::narrow;
use domain::{Act, Instant, Refusal, Role, Sector};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use crate::organisation::sector_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{self, RecordKind, State, day_of, fields_of, json_of};
use crate::store::act;
use crate::store::ending::{
    self as store, AppointmentRow, EndingRow, ExpertRow, NewBan, NewRequest,
};
use crate::store::record::{self as records, RecordRow};
use crate::{By, Error, Fields, Registry};

/// The clause by which a registration is cancelled.
const DEREGISTRATION_CLAUSE: &str = "Measures art. 16";
/// The clause by which a registration is revoked.
const REVOCATION_CLAUSE: &str = "Measures art. 43";
/// The clause by which a report ends with the registration of its project.
const LOSS_CLAUSE: &str = "Measures art. 16, 17, 43";

/// How an application or a registration ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// `aborted`, `registration_refused`, `deregistered`, `revoked`, or `project_lost` for a report that ended with its project.
    pub kind: String,
    /// Of a deregistration or a revocation: a code of `domain::project::ending`.
    pub ground: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// The clause; empty where the owner gave up of its own will.
    pub legal_ground: String,
    /// What the registry's investigation found, when it acted by itself.
    pub investigation: Option<String>,
    /// The authority that had the registration revoked.
    pub authority: Option<String>,
    /// The number of its document.
    pub document_number: Option<String>,
    /// The day of its document, `YYYY-MM-DD`.
    pub document_date: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
}

/// The owner's last request to cancel the registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeregistrationRequestView {
    /// Why.
    pub reason: String,
    /// What is to become of open reports and of reductions not applied for.
    pub outstanding: String,
    /// The day, `YYYY-MM-DD`.
    pub requested_on: String,
    /// `granted`, `refused`, or `overtaken` by a revocation; `None` while it is open.
    pub decision: Option<String>,
    /// The day of the decision.
    pub decided_on: Option<String>,
    /// Its reason.
    pub decision_reason: Option<String>,
}

/// A bar on an owner's applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerBan {
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The first day on which applications are accepted again; `None`: never.
    pub free_on: Option<String>,
    /// What the authority found: a code of `domain::project::ending::RevocationGround`.
    pub ground: String,
    /// The code of the project that was revoked, or its id.
    pub project: String,
    /// Whether it holds today.
    pub in_force: bool,
}

/// An expert drawn for a registration review, as the registry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpertAppointment {
    /// Its id: what an answer names.
    pub id: String,
    /// The expert.
    pub name: String,
    /// Where the expert works.
    pub employer: String,
    /// The hash from which the draw began, 64 hexadecimal digits.
    pub seed: String,
    /// Out of how many the draw was made.
    pub candidates: usize,
    /// The day, `YYYY-MM-DD`.
    pub appointed_on: String,
    /// A code of `domain::project::ending::ExpertConclusion`; `None` while there is no answer.
    pub conclusion: Option<String>,
    /// The opinion.
    pub opinion: Option<String>,
    /// The day of the answer.
    pub answered_on: Option<String>,
}

/// What a desk page shows about the ends of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// How it ended.
    pub ending: Option<Ending>,
    /// The owner's last request to cancel the registration.
    pub request: Option<DeregistrationRequestView>,
    /// Until when the files must be kept, `YYYY-MM-DD`; `None` before registration.
    pub retain_until: Option<String>,
    /// The experts of the review; empty for others than the registry.
    pub experts: Vec<ExpertAppointment>,
    /// The record that this one began again.
    pub source: Option<String>,
    /// The bars on the owner, past ones included; empty for others than the owner and the registry.
    pub bans: Vec<OwnerBan>,
}

impl Ends {
    /// Leaves out what the state allows but nothing is there for: an answer when no expert is asked.
    pub(crate) fn keep_possible(&self, allowed: &mut Vec<Act>) {
        let asked = self.experts.iter().any(|one| one.conclusion.is_none());
        allowed.retain(|act| {
            asked || !matches!(act, Act::ProjectRecordExpert | Act::ReportRecordExpert)
        });
    }
}

/// Somebody in the register of experts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpertEntry {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where the expert works.
    pub employer: String,
    /// The sectors.
    pub sectors: Vec<Sector>,
    /// Since when, `YYYY-MM-DD`.
    pub added_on: String,
    /// Until when; `None` while the expert may be drawn.
    pub ended_on: Option<String>,
}

/// The answer to an act on the register of experts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertReceipt {
    /// The expert.
    pub id: String,
    /// Whether the expert may be drawn now.
    pub active: bool,
}

impl Registry {
    /// Enters somebody into the register of experts. Reads `name`, `employer` and `sector.<code>`.
    pub async fn expert_add(&self, by: &By, fields: &Fields) -> Result<ExpertReceipt, Error> {
        let deed = Deed::by(Act::ExpertAdd, by, fields)?;
        let expert = Expert::read(fields)?;
        perform!(self, deed, |tx| {
            let sectors: Vec<&str> = expert.sectors.iter().map(|one| one.code()).collect();
            let row = ExpertRow {
                id: new_id(),
                name: expert.name.clone(),
                employer: expert.employer.clone(),
                sectors: sectors.join(" "),
                added_on: tx.at.beijing_date().to_string(),
                ended_on: None,
            };
            store::expert_insert(tx.connection(), &row).await?;
            Ok(expert_done(&row.id, true))
        })
    }

    /// Takes somebody out of the register: not drawn any more. `NotFound` if there is no such entry, or it was ended before.
    pub async fn expert_end(&self, by: &By, expert: &str) -> Result<ExpertReceipt, Error> {
        let deed = Deed::by(Act::ExpertEnd, by, &expert)?;
        perform!(self, deed, |tx| {
            let today = tx.at.beijing_date().to_string();
            match store::expert_end(tx.connection(), expert, &today).await? {
                0 => Err(Error::NotFound),
                _ => Ok(expert_done(expert, false)),
            }
        })
    }

    /// The register of experts, oldest entry first. [`Error::Forbidden`] for others than the registry.
    pub async fn experts(&self, by: &By) -> Result<Vec<ExpertEntry>, Error> {
        if by.role != Role::RegistryOperator {
            return Err(Error::Forbidden);
        }
        let mut connection = self.store.read().await?;
        let rows = store::experts(&mut connection).await?;
        rows.into_iter()
            .map(|row| {
                Ok(ExpertEntry {
                    sectors: sectors_of(&row)?,
                    id: row.id,
                    name: row.name,
                    employer: row.employer,
                    added_on: row.added_on,
                    ended_on: row.ended_on,
                })
            })
            .collect()
    }
}

fn expert_done(id: &str, active: bool) -> Done<ExpertReceipt> {
    Done {
        subject_kind: "expert",
        subject: id.to_owned(),
        state: None,
        note: None,
        is_public: false,
        answer: ExpertReceipt {
            id: id.to_owned(),
            active,
        },
    }
}

fn sectors_of(row: &ExpertRow) -> Result<Vec<Sector>, Error> {
    row.sectors.split(' ').map(sector_of).collect()
}

/// What an ending act read from its form.
pub(crate) enum Prepared {
    Aborted(String),
    RegistrationRefused(RefusedRegistration),
    DeregistrationRequested(DeregistrationRequest),
    DeregistrationRefused(String),
    Deregistered(Deregistration),
    Revoked(Revocation),
    ExpertsDrawn(Vec<AppointmentRow>),
    ExpertAnswered(ExpertOpinion),
}

impl Prepared {
    /// The reason that the entry of the act and the record keep.
    pub(crate) fn note(&self) -> Option<String> {
        match self {
            Self::Aborted(reason) | Self::DeregistrationRefused(reason) => Some(reason.clone()),
            Self::RegistrationRefused(refused) => Some(refused.reason.clone()),
            Self::DeregistrationRequested(request) => Some(request.reason.clone()),
            Self::Deregistered(deregistration) => Some(deregistration.reason.clone()),
            Self::Revoked(revocation) => Some(revocation.reason.clone()),
            Self::ExpertsDrawn(drawn) => drawn.first().map(|one| format!("seed {}", one.seed)),
            Self::ExpertAnswered(_) => None,
        }
    }

    /// Whether the record shows the note as the reason for which it waits or ended.
    pub(crate) const fn is_reason(&self) -> bool {
        !matches!(self, Self::ExpertsDrawn(_) | Self::ExpertAnswered(_))
    }
}

/// Reads the form of an ending act; `None` for every other act.
pub(crate) async fn prepare(
    tx: &mut Tx,
    row: &RecordRow,
    act: Act,
    fields: &Fields,
) -> Result<Option<Prepared>, Error> {
    Ok(Some(match act {
        Act::ProjectAbort | Act::ReportAbort => Prepared::Aborted(record::reason(fields)?),
        Act::ProjectRefuseRegistration | Act::ReportRefuseRegistration => {
            Prepared::RegistrationRefused(RefusedRegistration::read(fields)?)
        }
        Act::ProjectRequestDeregistration => {
            Prepared::DeregistrationRequested(DeregistrationRequest::read(fields)?)
        }
        Act::ProjectRefuseDeregistration => {
            Prepared::DeregistrationRefused(record::reason(fields)?)
        }
        Act::ProjectDeregister => {
            let requested = row.state == ProjectState::DeregistrationReview.code();
            Prepared::Deregistered(Deregistration::read(fields, requested)?)
        }
        Act::ProjectRevoke => {
            let issued = store::has_issued(tx.connection(), &row.id).await?;
            Prepared::Revoked(Revocation::read(fields, tx.at.beijing_date(), issued)?)
        }
        Act::ProjectAppointExperts | Act::ReportAppointExperts => {
            Prepared::ExpertsDrawn(draw(tx, row, fields).await?)
        }
        Act::ProjectRecordExpert | Act::ReportRecordExpert => {
            let opinion = ExpertOpinion::read(fields)?;
            let appointed = store::appointments(tx.connection(), &row.id).await?;
            let one = appointed.iter().find(|one| one.id == opinion.appointment);
            match one {
                None => return Err(Refusal::new(codes::CHOICE_INVALID).at("appointment").into()),
                Some(one) if one.conclusion.is_some() => {
                    return Err(Refusal::new(codes::EXPERT_ANSWERED)
                        .at("appointment")
                        .into());
                }
                Some(_) => Prepared::ExpertAnswered(opinion),
            }
        }
        _ => return Ok(None),
    }))
}

/// Writes what an ending act brings besides the new state.
pub(crate) async fn conclude(
    tx: &mut Tx,
    row: &RecordRow,
    prepared: &Prepared,
) -> Result<(), Error> {
    let today = tx.at.beijing_date().to_string();
    let ending = ending_row(tx, row, prepared);
    if let Some(ending) = &ending {
        store::ending_insert(tx.connection(), ending).await?;
    }
    let act_id = tx.act.clone();
    match prepared {
        Prepared::Aborted(_) | Prepared::RegistrationRefused(_) => {}
        Prepared::DeregistrationRequested(request) => {
            let new = NewRequest {
                id: &new_id(),
                project_id: &row.id,
                reason: &request.reason,
                outstanding: &request.outstanding,
                requested_on: &today,
                act_id: &act_id,
            };
            store::request_insert(tx.connection(), &new).await?;
        }
        Prepared::DeregistrationRefused(reason) => {
            store::request_decide(tx.connection(), &row.id, "refused", &today, reason).await?;
        }
        Prepared::Deregistered(deregistration) => {
            let decision = match deregistration.ground {
                DeregistrationGround::OwnerRequest => "granted",
                _ => "overtaken",
            };
            let reason = &deregistration.reason;
            store::request_decide(tx.connection(), &row.id, decision, &today, reason).await?;
            end_reports(tx, row, reason).await?;
        }
        Prepared::Revoked(revocation) => {
            let reason = &revocation.reason;
            store::request_decide(tx.connection(), &row.id, "overtaken", &today, reason).await?;
            let ban = revocation.ground.ban(tx.at.beijing_date());
            let new = NewBan {
                id: &new_id(),
                organisation_id: &row.owner_id,
                project_id: &row.id,
                from_day: &today,
                permanent: ban.permanent,
                ground: revocation.ground.code(),
                act_id: &act_id,
            };
            store::ban_insert(tx.connection(), &new).await?;
            end_reports(tx, row, reason).await?;
        }
        Prepared::ExpertsDrawn(drawn) => {
            for one in drawn {
                store::appointment_insert(tx.connection(), one).await?;
            }
        }
        Prepared::ExpertAnswered(answer) => {
            let entered = store::appointment_answer(
                tx.connection(),
                &answer.appointment,
                answer.conclusion.code(),
                &answer.text,
                &today,
            )
            .await?;
            if entered == 0 {
                return Err(Error::Busy);
            }
        }
    }
    Ok(())
}

/// The row that says how the record ended, if the act ends it.
fn ending_row(tx: &Tx, row: &RecordRow, prepared: &Prepared) -> Option<EndingRow> {
    let base = EndingRow {
        record_id: row.id.clone(),
        ended_on: tx.at.beijing_date().to_string(),
        act_id: tx.act.clone(),
        ..EndingRow::default()
    };
    let ended = |kind: &str, reason: &str, clause: &str| EndingRow {
        kind: kind.to_owned(),
        reason: reason.to_owned(),
        legal_ground: clause.to_owned(),
        ..base.clone()
    };
    match prepared {
        Prepared::Aborted(reason) => Some(ended("aborted", reason, "")),
        Prepared::RegistrationRefused(refused) => Some(ended(
            "registration_refused",
            &refused.reason,
            &refused.legal_ground,
        )),
        Prepared::Deregistered(deregistration) => Some(EndingRow {
            ground: Some(deregistration.ground.code().to_owned()),
            investigation: deregistration.investigation.clone(),
            ..ended(
                "deregistered",
                &deregistration.reason,
                DEREGISTRATION_CLAUSE,
            )
        }),
        Prepared::Revoked(revocation) => Some(EndingRow {
            ground: Some(revocation.ground.code().to_owned()),
            authority: Some(revocation.authority.clone()),
            document_number: Some(revocation.document_number.clone()),
            document_date: Some(revocation.document_date.to_string()),
            ..ended("revoked", &revocation.reason, REVOCATION_CLAUSE)
        }),
        _ => None,
    }
}

/// Ends every open report of a project that has lost its registration, in the same transaction. What was issued stays.
async fn end_reports(tx: &mut Tx, project: &RecordRow, reason: &str) -> Result<(), Error> {
    for id in store::reports_of(tx.connection(), &project.id).await? {
        let report = records::by_id(tx.connection(), RecordKind::Report.code(), &id).await?;
        let mut report = record::settle(tx, report.ok_or(Error::NotFound)?).await?;
        let State::Report(state) = State::of(&report)? else {
            continue;
        };
        let Ok(next) = state.after_unguarded(ReportEvent::ProjectLost) else {
            continue;
        };
        report.reason = Some(reason.to_owned());
        let book = crate::rulebook::in_force(tx.connection()).await?;
        record::enter_state(&book, &mut report, State::Report(next), tx.at)?;
        record::save(tx, &mut report).await?;
        let ending = EndingRow {
            record_id: id.clone(),
            kind: "project_lost".to_owned(),
            reason: reason.to_owned(),
            legal_ground: LOSS_CLAUSE.to_owned(),
            ended_on: tx.at.beijing_date().to_string(),
            act_id: tx.act.clone(),
            ..EndingRow::default()
        };
        store::ending_insert(tx.connection(), &ending).await?;
        let done = Done {
            subject_kind: RecordKind::Report.code(),
            subject: id.clone(),
            state: Some(report.state.clone()),
            note: Some(reason.to_owned()),
            is_public: report.public_tab.is_some(),
            answer: (),
        };
        tx.enter_by_date("report_project_lost", &format!("project_lost:{id}"), &done)
            .await?;
    }
    Ok(())
}

/// Draws the experts. The seed is the hash of the record's last entry in the record of acts: it was fixed before the draw, and anyone who
/// sees the timeline can repeat it. Nobody is drawn for a project of the own employer, of a body that the employer is, or twice.
async fn draw(tx: &mut Tx, row: &RecordRow, fields: &Fields) -> Result<Vec<AppointmentRow>, Error> {
    let count = experts_wanted(fields)?;
    let sector = project_type_of(&row.methodology).map(|kind| kind.sector);
    let known = store::appointments(tx.connection(), &row.id).await?;
    let is_party = |employer: &str| {
        let employer = narrow(employer);
        employer == narrow(&row.owner_name)
            || row
                .vvb_name
                .as_deref()
                .is_some_and(|vvb| employer == narrow(vvb))
    };
    let mut candidates = Vec::new();
    for expert in store::experts(tx.connection()).await? {
        let fits = expert.ended_on.is_none()
            && sector
                .is_some_and(|sector| expert.sectors.split(' ').any(|one| one == sector.code()))
            && !is_party(&expert.employer)
            && known.iter().all(|one| one.expert_id != expert.id);
        if fits {
            candidates.push(expert.id);
        }
    }
    let last = act::last_of(tx.connection(), &row.id).await?;
    let seed = last.map(|(_, hash)| hash).unwrap_or_default();
    let drawn = draw_experts(&seed, &candidates, count)?;
    let candidates = json_of(&candidates)?;
    Ok(drawn
        .into_iter()
        .map(|expert_id| AppointmentRow {
            id: new_id(),
            record_id: row.id.clone(),
            expert_id,
            name: String::new(),
            employer: String::new(),
            seed: seed.clone(),
            candidates: candidates.clone(),
            appointed_on: tx.at.beijing_date().to_string(),
            conclusion: None,
            opinion: None,
            answered_on: None,
        })
        .collect())
}

/// How many experts of a record have not answered.
pub(crate) async fn experts_unanswered(tx: &mut Tx, record: &str) -> Result<u32, Error> {
    let appointed = store::appointments(tx.connection(), record).await?;
    let open = appointed
        .iter()
        .filter(|one| one.conclusion.is_none())
        .count();
    Ok(u32::try_from(open).unwrap_or(u32::MAX))
}

/// The bars on an owner, for the guards.
pub(crate) async fn bans_of(tx: &mut Tx, owner: &str) -> Result<Vec<Ban>, Error> {
    let rows = store::bans_of(tx.connection(), owner).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Ban {
                from: day_of(&row.from_day)?,
                permanent: row.permanent == 1,
            })
        })
        .collect()
}

/// Whether the project of this document lost its registration before, under whatever owner: by plant code, or by name with owner or
/// province. Overlapping land is looked for with the boundaries.
pub(crate) async fn lost_before(tx: &mut Tx, row: &RecordRow) -> Result<bool, Error> {
    let own = Identity::of_document(&row.owner_id, &fields_of(&row.fields)?);
    for (owner, name, province, published) in store::lost_projects(tx.connection()).await? {
        let mut document = match published.as_deref() {
            Some(published) => fields_of(published)?,
            None => Fields::new(),
        };
        document.entry("name".to_owned()).or_insert(name);
        document.entry("province".to_owned()).or_insert(province);
        if own.is_same_project(&Identity::of_document(&owner, &document)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The content of an application that had ended, with what was typed now put over it, for a new one. Refuses `source_not_ended`, and
/// `deregistered_before` for a project whose registration was cancelled or revoked. `NotFound` for what is not the own organisation's.
pub(crate) async fn begun_again(
    tx: &mut Tx,
    by: &By,
    kind: RecordKind,
    source: &str,
    typed: &Fields,
) -> Result<Fields, Error> {
    let row = record::open(tx, by, kind, source).await?;
    match row.state.as_str() {
        "discarded" | "withdrawn" | "terminated" => {}
        "deregistered" | "revoked" => {
            return Err(Refusal::new(codes::DEREGISTERED_BEFORE).into());
        }
        state => {
            return Err(Refusal::new(codes::SOURCE_NOT_ENDED)
                .with("state", state)
                .into());
        }
    }
    let mut fields = fields_of(&row.fields)?;
    fields.extend(typed.clone());
    fields.remove("source");
    Ok(fields)
}

/// The id of the application to begin again, if the form names one.
pub(crate) fn source_in(fields: &Fields) -> Option<&str> {
    fields
        .get("source")
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

/// What the desk shows about the ends of a record.
pub(crate) async fn ends_of(
    connection: &mut AnyConnection,
    by: &By,
    row: &RecordRow,
    today: Date,
) -> Result<Ends, Error> {
    let own = row.owner_id == by.organisation.as_str();
    let registry = by.role == Role::RegistryOperator;
    let mut ends = Ends {
        ending: store::ending_of(connection, &row.id)
            .await?
            .map(ending_view),
        source: store::source_of(connection, &row.id)
            .await?
            .filter(|_| own || registry),
        ..Ends::default()
    };
    let project = row.project_id.as_deref().unwrap_or(&row.id);
    ends.retain_until = retained_until(connection, project).await?;
    if registry {
        let rows = store::appointments(connection, &row.id).await?;
        ends.experts = rows.into_iter().map(appointment_view).collect();
    }
    if own || registry {
        ends.bans = ban_views(connection, &row.owner_id, today).await?;
        ends.request = store::request_of(connection, &row.id)
            .await?
            .map(|request| DeregistrationRequestView {
                reason: request.reason,
                outstanding: request.outstanding,
                requested_on: request.requested_on,
                decision: request.decision,
                decided_on: request.decided_on,
                decision_reason: request.decision_reason,
            });
    }
    Ok(ends)
}

/// Until when the files of a project must be kept; `None` before its registration.
pub(crate) async fn retained_until(
    connection: &mut AnyConnection,
    project: &str,
) -> Result<Option<String>, Error> {
    let last = store::last_registered_at(connection, project).await?;
    Ok(last.map(|at| retain_until(Instant(at).beijing_date()).to_string()))
}

fn ending_view(row: EndingRow) -> Ending {
    Ending {
        kind: row.kind,
        ground: row.ground,
        reason: row.reason,
        legal_ground: row.legal_ground,
        investigation: row.investigation,
        authority: row.authority,
        document_number: row.document_number,
        document_date: row.document_date,
        on: row.ended_on,
    }
}

fn appointment_view(row: AppointmentRow) -> ExpertAppointment {
    let candidates: Vec<String> = serde_json::from_str(&row.candidates).unwrap_or_default();
    ExpertAppointment {
        id: row.id,
        name: row.name,
        employer: row.employer,
        seed: row.seed,
        candidates: candidates.len(),
        appointed_on: row.appointed_on,
        conclusion: row.conclusion,
        opinion: row.opinion,
        answered_on: row.answered_on,
    }
}

async fn ban_views(
    connection: &mut AnyConnection,
    owner: &str,
    today: Date,
) -> Result<Vec<OwnerBan>, Error> {
    let rows = store::bans_of(connection, owner).await?;
    rows.into_iter()
        .map(|row| {
            let from = day_of(&row.from_day)?;
            let free_on = (row.permanent == 0).then(|| after_years(from, BAN_YEARS));
            Ok(OwnerBan {
                from: row.from_day,
                in_force: from <= today && free_on.is_none_or(|free| today < free),
                free_on: free_on.map(|day| day.to_string()),
                ground: row.ground,
                project: row.project_code.unwrap_or(row.project_id),
            })
        })
        .collect()
}
