//! A body's desk for one mandate: plan, team, visits, findings; and the register of ties that keep a body from a mandate.
//!
//! Everything here happens between the mandate and the body's report. What the public sees of it is read by [`crate::Public`] once the
//! report is there.

use domain::engagement::{
    DESK_RULES, DeskRule, Duty, EngagementFacts, FindingEvent, FindingKind, FindingState,
    SiteVisit, TeamMember, TieKind, day_of_work, is_validating, is_verifying, rule_of, same_person,
};
use domain::id::OrganisationId;
use domain::project::{DesignSection, ProjectState, ReportSection, ReportState};
use domain::refusal::codes;
use domain::sector::project_type_of;
use domain::text::{date, narrow, optional_text, required_text};
use domain::{Act, Instant, Refusal, Role, Sector, Uscc};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{self, State, check_party, day_of, json_of, kind_of, reason};
use crate::store::attachment;
use crate::store::engagement::{
    self as store, EngagementRow, FindingRow, MemberRow, NewTie, StepRow, TieRow, VisitRow,
};
use crate::store::people;
use crate::store::record::{self as records, RecordRow};
use crate::{By, Error, Fields, RecordKind, Registry};

/// The longest name of a person, a site or a company, and the longest contact, characters.
const NAME_MAX: usize = 100;
/// The longest text of a finding, an answer, a reason or a way of sampling, characters.
const TEXT_MAX: usize = 4000;
/// The longest reference to a source or to evidence, characters.
const SOURCE_MAX: usize = 500;
/// Most sites of a project.
const SITES_MAX: i64 = 100_000;
/// Most members, visits or findings of a mandate.
const ROWS_MAX: usize = 300;
/// Most ties that a list shows.
const TIES_MAX: i64 = 500;

/// The answer to an act at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementReceipt {
    /// The member, the visit, the finding, or the record for its plan.
    pub id: String,
    /// Which kind of record the mandate is about.
    pub record_kind: RecordKind,
    /// The record.
    pub record: String,
}

/// The answer to an act on a tie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieReceipt {
    /// The tie.
    pub id: String,
}

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberView {
    /// Its id.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// Whether the body employs the person full-time.
    pub full_time: bool,
    /// The sectors the person is competent in.
    pub sectors: Vec<Sector>,
    /// What the person does in the team.
    pub duty: Duty,
    /// How to reach the person: for the body and the registry only.
    pub contact: Option<String>,
}

/// A visit to a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitView {
    /// Its id.
    pub id: String,
    /// The site.
    pub site: String,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
    /// The names of those who went there.
    pub persons: Vec<String>,
}

/// What was said about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingStep {
    /// `answer`, `close` or `return`.
    pub event: String,
    /// The answer, the reason, or the closing remark (which may be empty).
    pub text: String,
    /// What the document should say, if the owner corrects it.
    pub corrected: Option<String>,
    /// Where the evidence is; never public.
    pub evidence: Option<String>,
    /// When.
    pub at: Instant,
}

/// A finding with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// Its id.
    pub id: String,
    /// Its number within the record.
    pub number: i64,
    /// What kind.
    pub kind: FindingKind,
    /// Where it stands.
    pub state: FindingState,
    /// The field of the document it is pinned to.
    pub field: Option<String>,
    /// The file it is pinned to: id and title.
    pub attachment: Option<(String, String)>,
    /// What was found.
    pub text: String,
    /// When it was raised.
    pub at: Instant,
    /// What was said since, oldest first.
    pub steps: Vec<FindingStep>,
    /// Whether it goes on with an open observation of an earlier record of the project.
    pub carried: bool,
    /// What was said about that one.
    pub earlier: Vec<FindingStep>,
}

/// A body's desk for one mandate, for one viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngagementView {
    /// Which kind of record.
    pub record_kind: RecordKind,
    /// The record.
    pub record: String,
    /// The record's owner.
    pub owner: String,
    /// The body.
    pub vvb: Option<String>,
    /// The day of the mandate, `YYYY-MM-DD`; `None` before it.
    pub appointed_on: Option<String>,
    /// Whether the desk is at work: from the mandate until the report.
    pub at_work: bool,
    /// Whether this viewer may change it: the body, while it is at work.
    pub may_change: bool,
    /// Whether this viewer may answer findings: the owner, while it is at work.
    pub may_answer: bool,
    /// When the body stated its impartiality.
    pub impartial_at: Option<Instant>,
    /// When the review of the document was finished, `YYYY-MM-DD`.
    pub document_reviewed_on: Option<String>,
    /// How many sites there are.
    pub sites_total: Option<i64>,
    /// How many different sites were visited.
    pub sites_visited: u32,
    /// How the visited sites were chosen.
    pub sampling: Option<String>,
    /// Who reviews the report.
    pub reviewer: Option<String>,
    /// Who decides on it.
    pub decision_maker: Option<String>,
    /// The team, in the order in which it was named.
    pub members: Vec<MemberView>,
    /// The visits, the earliest first.
    pub visits: Vec<VisitView>,
    /// The findings, by number.
    pub findings: Vec<FindingView>,
    /// The rule that the mandate is held to.
    #[serde(skip)]
    pub rule: DeskRule,
    /// Everything that keeps a positive report from being uploaded.
    pub missing: Vec<Refusal>,
}

impl EngagementView {
    /// How many findings wait for the owner.
    pub fn waiting_for_owner(&self) -> usize {
        let waits = |finding: &&FindingView| finding.state.waits_for_owner();
        self.findings.iter().filter(waits).count()
    }

    /// How many findings wait for the body.
    pub fn waiting_for_body(&self) -> usize {
        let waits = |finding: &&FindingView| finding.state == FindingState::Answered;
        self.findings.iter().filter(waits).count()
    }
}

/// A tie between a body and a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieView {
    /// Its id.
    pub id: String,
    /// The body.
    pub vvb: String,
    /// The company's unified social credit code.
    pub uscc: String,
    /// The company's name.
    pub company: String,
    /// What ties them.
    pub kind: TieKind,
    /// The first day, `YYYY-MM-DD`.
    pub since: String,
    /// The last day, if it has one.
    pub until: Option<String>,
    /// The document that says so.
    pub source: String,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub at: Instant,
    /// Why it is said to have ended.
    pub ended: Option<String>,
    /// Whether this viewer may enter its end.
    pub may_end: bool,
}

/// A body that ties can be entered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieBody {
    /// The body.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
}

impl Registry {
    /// The desk of a record's mandate, for the parties of the record.
    pub async fn engagement_get(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
    ) -> Result<EngagementView, Error> {
        let mut connection = self.store.read().await?;
        let row = records::by_id(&mut connection, kind.code(), record)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        view(&mut connection, by, &row).await
    }

    /// Keeps the plan of a mandate. Reads `document_reviewed_on`, `sites_total`, `sampling`, `reviewer`, `decision_maker`, each of which
    /// may be empty, and `impartiality` (`yes`) for a mandate that was taken before it was asked for.
    pub async fn engagement_save(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::EngagementSave, by, &(kind, record, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, kind, record).await?;
            let mut plan = plan_of(tx.connection(), &row).await?;
            read_plan(&mut plan, fields, &row, tx.at.beijing_date())?;
            let agreed = fields.get("impartiality").is_some_and(|text| text == "yes");
            if plan.impartial_at.is_none() && agreed {
                plan.impartial_at = Some(tx.at.0);
            }
            store::engagement_put(tx.connection(), &plan).await?;
            done(&row, row.id.clone(), None)
        })
    }

    /// Names a member of the team. Reads `name`, `full_time` (`yes`), `sectors.<code>` (`yes`), `duty`, `contact`.
    pub async fn engagement_member_add(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::EngagementMemberAdd, by, &(kind, record, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, kind, record).await?;
            let mut member = read_member(fields)?;
            let there = store::members_of(tx.connection(), &row.id).await?;
            check_room(there.len())?;
            if there
                .iter()
                .any(|known| same_person(&known.name, &member.name))
            {
                let twice = Refusal::new(codes::MEMBER_TWICE).at("name");
                return Err(twice.with("name", &member.name).into());
            }
            member.id = new_id();
            member.record_id.clone_from(&row.id);
            member.act_id.clone_from(&tx.act);
            store::member_insert(tx.connection(), &member).await?;
            done(&row, member.id, Some(member.name))
        })
    }

    /// Takes a member off the team.
    pub async fn engagement_member_remove(
        &self,
        by: &By,
        member: &str,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::EngagementMemberRemove, by, &member)?;
        perform!(self, deed, |tx| {
            let found = store::member_by_id(tx.connection(), member).await?;
            let found = found.ok_or(Error::NotFound)?;
            let row = open_any(tx, by, &found.record_id).await?;
            let at = tx.at.0;
            store::member_remove(tx.connection(), &found.id, at).await?;
            done(&row, found.id, Some(found.name))
        })
    }

    /// Enters a visit to a site. Reads `site`, `visited_on` and `persons.<member>` (`yes`), at least one.
    pub async fn engagement_visit_add(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::EngagementVisitAdd, by, &(kind, record, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, kind, record).await?;
            let team = store::members_of(tx.connection(), &row.id).await?;
            let (site, on, persons) = read_visit(fields, &team, &row, tx.at.beijing_date())?;
            check_room(store::visits_of(tx.connection(), &row.id).await?.len())?;
            let visit = VisitRow {
                id: new_id(),
                record_id: row.id.clone(),
                visited_on: on.to_string(),
                persons: json_of(&persons)?,
                act_id: tx.act.clone(),
                site,
            };
            store::visit_insert(tx.connection(), &visit).await?;
            done(&row, visit.id, Some(visit.site))
        })
    }

    /// Takes back a visit that was entered wrongly.
    pub async fn engagement_visit_remove(
        &self,
        by: &By,
        visit: &str,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::EngagementVisitRemove, by, &visit)?;
        perform!(self, deed, |tx| {
            let found = store::visit_by_id(tx.connection(), visit).await?;
            let found = found.ok_or(Error::NotFound)?;
            let row = open_any(tx, by, &found.record_id).await?;
            let at = tx.at.0;
            store::visit_remove(tx.connection(), &found.id, at).await?;
            done(&row, found.id, Some(found.site))
        })
    }

    /// Raises a finding. Reads `kind` (`request`, `observation`), `place` (empty, `field:<name>` or `attachment:<id>`) and `text`.
    pub async fn finding_raise(
        &self,
        by: &By,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::FindingRaise, by, &(kind, record, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, kind, record).await?;
            let mut finding = read_finding(tx, fields, &row).await?;
            let there = store::findings_of(tx.connection(), &row.id).await?;
            check_room(there.len())?;
            finding.number = there.last().map_or(1, |last| last.number + 1);
            finding.at = tx.at.0;
            finding.act_id.clone_from(&tx.act);
            store::finding_insert(tx.connection(), &finding).await?;
            let note = Some(note_of(&finding));
            done(&row, finding.id, note)
        })
    }

    /// The owner says that a finding is settled. Reads `answer`, and if there is any `corrected` and `evidence`.
    pub async fn finding_answer(
        &self,
        by: &By,
        finding: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::FindingAnswer, by, &(finding, fields))?;
        perform!(self, deed, |tx| {
            let (row, mut found, next) =
                open_finding(tx, by, finding, FindingEvent::Answer).await?;
            let typed = |field: &str| fields.get(field).map_or("", String::as_str);
            let answer = required_text("answer", typed("answer"), TEXT_MAX);
            let corrected = optional_text("corrected", typed("corrected"), TEXT_MAX);
            let evidence = optional_text("evidence", typed("evidence"), SOURCE_MAX);
            let (answer, corrected, evidence) = match (answer, corrected, evidence) {
                (Ok(answer), Ok(corrected), Ok(evidence)) => (answer, corrected, evidence),
                (answer, corrected, evidence) => {
                    let refusals = [answer.err(), corrected.err(), evidence.err()];
                    return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
                }
            };
            found.answered_at = Some(tx.at.0);
            let step = step(tx, &found, "answer", answer, corrected, evidence);
            advance(tx, &row, found, next, &step).await
        })
    }

    /// The body accepts the answer: both agree, the finding is closed. Reads `remark`, which may be empty.
    pub async fn finding_close(
        &self,
        by: &By,
        finding: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::FindingClose, by, &(finding, fields))?;
        perform!(self, deed, |tx| {
            let (row, mut found, next) = open_finding(tx, by, finding, FindingEvent::Close).await?;
            let remark = fields.get("remark").map_or("", String::as_str);
            let remark = optional_text("remark", remark, TEXT_MAX)?.unwrap_or_default();
            found.closed_at = Some(tx.at.0);
            let step = step(tx, &found, "close", remark, None, None);
            advance(tx, &row, found, next, &step).await
        })
    }

    /// The body sends the answer back. Reads `reason`.
    pub async fn finding_return(
        &self,
        by: &By,
        finding: &str,
        fields: &Fields,
    ) -> Result<EngagementReceipt, Error> {
        let deed = Deed::by(Act::FindingReturn, by, &(finding, fields))?;
        perform!(self, deed, |tx| {
            let (row, found, next) = open_finding(tx, by, finding, FindingEvent::Return).await?;
            let step = step(tx, &found, "return", reason(fields)?, None, None);
            advance(tx, &row, found, next, &step).await
        })
    }

    /// Enters a tie. Reads `uscc`, `company`, `kind`, `since`, `until` (may be empty), `source`, and from the registry `vvb` (a body
    /// enters its own ties only).
    pub async fn tie_add(&self, by: &By, fields: &Fields) -> Result<TieReceipt, Error> {
        let deed = Deed::by(Act::TieAdd, by, fields)?;
        perform!(self, deed, |tx| {
            let tie = read_tie(fields)?;
            let typed = fields.get("vvb").map_or("", |text| text.trim());
            let vvb = match by.role {
                Role::Vvb => by.organisation.to_string(),
                _ => typed.to_owned(),
            };
            let body = people::organisation_by_id(tx.connection(), &vvb).await?;
            if body.is_none_or(|body| body.role != Role::Vvb.code()) {
                return Err(Refusal::new(codes::CHOICE_INVALID).at("vvb").into());
            }
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            let (since, until) = (tie.since.to_string(), tie.until.map(|day| day.to_string()));
            let new = NewTie {
                id: &id,
                vvb_id: &vvb,
                uscc: tie.uscc.as_str(),
                company: &tie.company,
                kind: tie.kind.code(),
                since: &since,
                until: until.as_deref(),
                source: &tie.source,
                entered_by: by.organisation.as_str(),
                at,
                act_id: &act,
            };
            store::tie_insert(tx.connection(), &new).await?;
            Ok(tie_done(vvb, id, None))
        })
    }

    /// Enters that a tie has ended. Reads `until` and `reason`. A body ends only what it has entered itself.
    pub async fn tie_end(&self, by: &By, tie: &str, fields: &Fields) -> Result<TieReceipt, Error> {
        let deed = Deed::by(Act::TieEnd, by, &(tie, fields))?;
        perform!(self, deed, |tx| {
            let found = store::tie_by_id(tx.connection(), tie).await?;
            let found = found.ok_or(Error::NotFound)?;
            if !may_end(by, &found) {
                return Err(Error::NotFound);
            }
            if found.until.is_some() {
                return Err(Refusal::new(codes::STALE_FORM).into());
            }
            let until = date("until", fields.get("until").map_or("", String::as_str));
            let (until, why) = match (until, reason(fields)) {
                (Ok(until), Ok(why)) => (until, why),
                (until, why) => {
                    let refusals = [until.err(), why.err()].into_iter().flatten();
                    return Err(refusals.collect::<Vec<_>>().into());
                }
            };
            in_order(day_of(&found.since)?, until)?;
            store::tie_end(tx.connection(), &found.id, &until.to_string(), &why).await?;
            Ok(tie_done(found.vvb_id, found.id, Some(why)))
        })
    }

    /// The ties of the viewer's body, or all for the registry, the latest first, at most 500.
    pub async fn tie_list(&self, by: &By) -> Result<Vec<TieView>, Error> {
        Deed::check_role(Act::TieAdd, by)?;
        let own = (by.role == Role::Vvb).then_some(by.organisation.as_str());
        let mut connection = self.store.read().await?;
        let rows = store::ties(&mut connection, own, TIES_MAX).await?;
        rows.into_iter().map(|row| tie_view(by, row)).collect()
    }

    /// The bodies that ties can be entered for.
    pub async fn tie_bodies(&self, by: &By) -> Result<Vec<TieBody>, Error> {
        Deed::check_role(Act::TieAdd, by)?;
        let mut connection = self.store.read().await?;
        let rows = people::vvb_all(&mut connection).await?;
        let own = |id: &str| by.role != Role::Vvb || id == by.organisation.as_str();
        let bodies = rows.into_iter().filter(|row| own(&row.id));
        let bodies = bodies.map(|row| TieBody {
            organisation: row.id.into(),
            name: row.name,
        });
        Ok(bodies.collect())
    }
}

/// What taking a mandate on enters: the statement of impartiality, and for a verification the open observations of the project.
pub(crate) async fn begin(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let vvb_id = row.vvb_id.clone().unwrap_or_default();
    let plan = EngagementRow {
        record_id: row.id.clone(),
        vvb_id,
        impartial_at: Some(tx.at.0),
        ..EngagementRow::default()
    };
    store::engagement_put(tx.connection(), &plan).await?;
    carry_observations(tx, row).await
}

/// Open observations of the project's finished records go to this verification, each once.
async fn carry_observations(tx: &mut Tx, row: &RecordRow) -> Result<(), Error> {
    let Some(project) = row.project_id.as_deref() else {
        return Ok(());
    };
    let there = store::findings_of(tx.connection(), &row.id).await?;
    let mut number = there.last().map_or(0, |last| last.number);
    for (open, kind, state) in store::observations_open(tx.connection(), project).await? {
        if open.record_id == row.id || is_at_work(&kind, &state) {
            continue;
        }
        number += 1;
        let carried = FindingRow {
            id: new_id(),
            record_id: row.id.clone(),
            number,
            // the place was in another document
            field: None,
            attachment_id: None,
            state: FindingState::Raised.code().to_owned(),
            at: tx.at.0,
            answered_at: None,
            closed_at: None,
            carried_from: Some(open.id),
            act_id: tx.act.clone(),
            kind: open.kind,
            body: open.body,
        };
        store::finding_insert(tx.connection(), &carried).await?;
    }
    Ok(())
}

/// Whether a body is at work on a record of this kind and state.
pub(crate) fn is_at_work(kind: &str, state: &str) -> bool {
    match RecordKind::from_code(kind) {
        Some(RecordKind::Project) => ProjectState::from_code(state).is_some_and(is_validating),
        Some(RecordKind::Report) => ReportState::from_code(state).is_some_and(is_verifying),
        None => false,
    }
}

/// What the rules about a mandate ask about.
pub(crate) async fn facts(
    connection: &mut AnyConnection,
    row: &RecordRow,
) -> Result<EngagementFacts, Error> {
    let plan = plan_of(connection, row).await?;
    let members = store::members_of(connection, &row.id).await?;
    let team = members.into_iter().map(|member| {
        let view = member_view(member)?;
        Ok(TeamMember {
            name: view.name,
            full_time: view.full_time,
            sectors: view.sectors,
            duty: view.duty,
        })
    });
    let visits = store::visits_of(connection, &row.id).await?;
    let visits = visits.into_iter().map(|visit| {
        let view = visit_view(visit)?;
        Ok(SiteVisit {
            on: day_of(&view.on)?,
            site: view.site,
            persons: view.persons,
        })
    });
    let findings = store::findings_of(connection, &row.id).await?;
    let open = |finding: &&FindingRow| {
        finding.kind == FindingKind::Request.code() && finding.state != FindingState::Closed.code()
    };
    let methodology = row.methodology.as_str();
    Ok(EngagementFacts {
        sector: project_type_of(methodology).map(|kind| kind.sector),
        methodology: methodology.to_owned(),
        appointed_on: row.appointed_on.as_deref().map(day_of).transpose()?,
        impartiality_stated: plan.impartial_at.is_some(),
        team: team.collect::<Result<_, Error>>()?,
        reviewer: plan.reviewer,
        decision_maker: plan.decision_maker,
        document_reviewed_on: plan
            .document_reviewed_on
            .as_deref()
            .map(day_of)
            .transpose()?,
        sites_total: plan
            .sites_total
            .map(|total| u32::try_from(total).unwrap_or(u32::MAX)),
        sampling_explained: plan.sampling.is_some(),
        visits: visits.collect::<Result<_, Error>>()?,
        requests_open: findings.iter().filter(open).map(|one| one.number).collect(),
    })
}

/// Whether a body and the owner of a record are tied on a day.
pub(crate) async fn is_tied(
    connection: &mut AnyConnection,
    vvb: &str,
    owner: &str,
    on: Date,
) -> Result<bool, Error> {
    Ok(store::is_tied(connection, vvb, owner, &on.to_string()).await?)
}

/// The record, for the body that is at work on it or its owner.
async fn open(tx: &mut Tx, by: &By, kind: RecordKind, id: &str) -> Result<RecordRow, Error> {
    let row = record::open(tx, by, kind, id).await?;
    if is_at_work(&row.kind, &row.state) {
        Ok(row)
    } else {
        Err(Refusal::new(codes::ENGAGEMENT_NOT_AT_WORK)
            .with("state", State::of(&row)?.code())
            .into())
    }
}

/// The record a member, a visit or a finding belongs to.
async fn open_any(tx: &mut Tx, by: &By, id: &str) -> Result<RecordRow, Error> {
    for kind in [RecordKind::Project, RecordKind::Report] {
        match open(tx, by, kind, id).await {
            Err(Error::NotFound) => {}
            other => return other,
        }
    }
    Err(Error::NotFound)
}

/// A finding with its record, and the state after an event.
async fn open_finding(
    tx: &mut Tx,
    by: &By,
    finding: &str,
    event: FindingEvent,
) -> Result<(RecordRow, FindingRow, FindingState), Error> {
    let found = store::finding_by_id(tx.connection(), finding).await?;
    let found = found.ok_or(Error::NotFound)?;
    let row = open_any(tx, by, &found.record_id).await?;
    let next = finding_state(&found.state)?.after(event)?;
    Ok((row, found, next))
}

fn step(
    tx: &Tx,
    finding: &FindingRow,
    event: &str,
    body: String,
    corrected: Option<String>,
    evidence: Option<String>,
) -> StepRow {
    StepRow {
        id: new_id(),
        finding_id: finding.id.clone(),
        event: event.to_owned(),
        body,
        corrected,
        evidence,
        at: tx.at.0,
        act_id: tx.act.clone(),
    }
}

/// Writes a step of a finding and its next state.
async fn advance(
    tx: &mut Tx,
    row: &RecordRow,
    mut finding: FindingRow,
    next: FindingState,
    step: &StepRow,
) -> Result<Done<EngagementReceipt>, Error> {
    next.code().clone_into(&mut finding.state);
    store::finding_move(tx.connection(), &finding).await?;
    store::step_insert(tx.connection(), step).await?;
    let note = note_of(&finding);
    done(row, finding.id, Some(note))
}

/// `#3`: which finding an entry is about.
fn note_of(finding: &FindingRow) -> String {
    format!("#{}", finding.number)
}

/// The plan as stored, or an empty one.
async fn plan_of(connection: &mut AnyConnection, row: &RecordRow) -> Result<EngagementRow, Error> {
    let stored = store::engagement_of(connection, &row.id).await?;
    Ok(stored.unwrap_or_else(|| EngagementRow {
        record_id: row.id.clone(),
        vvb_id: row.vvb_id.clone().unwrap_or_default(),
        ..EngagementRow::default()
    }))
}

fn read_plan(
    plan: &mut EngagementRow,
    fields: &Fields,
    row: &RecordRow,
    today: Date,
) -> Result<(), Error> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let appointed = row.appointed_on.as_deref().map(day_of).transpose()?;
    let reviewed = match typed("document_reviewed_on").trim() {
        "" => Ok(None),
        text => date("document_reviewed_on", text).and_then(|day| {
            day_of_work("document_reviewed_on", day, appointed, today).map(|()| Some(day))
        }),
    };
    let sites = match narrow(typed("sites_total")).as_str() {
        "" => Ok(None),
        text => match text.parse::<i64>() {
            Ok(total) if (1..=SITES_MAX).contains(&total) => Ok(Some(total)),
            _ => Err(Refusal::new(codes::NUMBER_OUT_OF_RANGE)
                .at("sites_total")
                .with("min", 1)
                .with("max", SITES_MAX)),
        },
    };
    let sampling = optional_text("sampling", typed("sampling"), TEXT_MAX);
    let reviewer = optional_text("reviewer", typed("reviewer"), NAME_MAX);
    let decider = optional_text("decision_maker", typed("decision_maker"), NAME_MAX);
    match (reviewed, sites, sampling, reviewer, decider) {
        (Ok(reviewed), Ok(sites), Ok(sampling), Ok(reviewer), Ok(decider)) => {
            plan.document_reviewed_on = reviewed.map(|day| day.to_string());
            plan.sites_total = sites;
            plan.sampling = sampling;
            plan.reviewer = reviewer;
            plan.decision_maker = decider;
            Ok(())
        }
        (reviewed, sites, sampling, reviewer, decider) => {
            let refusals = [
                reviewed.err(),
                sites.err(),
                sampling.err(),
                reviewer.err(),
                decider.err(),
            ];
            Err(refusals.into_iter().flatten().collect::<Vec<_>>().into())
        }
    }
}

fn read_member(fields: &Fields) -> Result<MemberRow, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let name = required_text("name", typed("name"), NAME_MAX);
    let contact = optional_text("contact", typed("contact"), NAME_MAX);
    let duty = choice("duty", typed("duty"), Duty::from_code);
    let sectors: Vec<&str> = Sector::ALL
        .iter()
        .map(|sector| sector.code())
        .filter(|code| typed(&format!("sectors.{code}")) == "yes")
        .collect();
    match (name, contact, duty) {
        (Ok(name), Ok(contact), Ok(duty)) => Ok(MemberRow {
            id: String::new(),
            record_id: String::new(),
            name,
            full_time: i64::from(typed("full_time") == "yes"),
            sectors: sectors.join(" "),
            duty: duty.code().to_owned(),
            contact,
            act_id: String::new(),
        }),
        (name, contact, duty) => Err([name.err(), contact.err(), duty.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}

/// One of a few choices.
fn choice<T>(field: &str, typed: &str, of: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    match typed.trim() {
        "" => Err(Refusal::new(codes::REQUIRED).at(field)),
        typed => of(typed).ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at(field)),
    }
}

/// Site, day, and who of the team was there.
fn read_visit(
    fields: &Fields,
    team: &[MemberRow],
    row: &RecordRow,
    today: Date,
) -> Result<(String, Date, Vec<String>), Error> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let appointed = row.appointed_on.as_deref().map(day_of).transpose()?;
    let site = required_text("site", typed("site"), NAME_MAX);
    let on = date("visited_on", typed("visited_on"))
        .and_then(|day| day_of_work("visited_on", day, appointed, today).map(|()| day));
    let there = |member: &&MemberRow| typed(&format!("persons.{}", member.id)) == "yes";
    let persons: Vec<String> = team
        .iter()
        .filter(there)
        .map(|one| one.name.clone())
        .collect();
    let nobody = persons
        .is_empty()
        .then(|| Refusal::new(codes::REQUIRED).at("persons"));
    match (site, on, nobody) {
        (Ok(site), Ok(on), None) => Ok((site, on, persons)),
        (site, on, nobody) => {
            let refusals = [site.err(), on.err(), nobody];
            Err(refusals.into_iter().flatten().collect::<Vec<_>>().into())
        }
    }
}

/// A finding as typed, without its number.
async fn read_finding(tx: &mut Tx, fields: &Fields, row: &RecordRow) -> Result<FindingRow, Error> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let kind = choice("kind", typed("kind"), FindingKind::from_code);
    let text = required_text("text", typed("text"), TEXT_MAX);
    let wrong = || Refusal::new(codes::CHOICE_INVALID).at("place");
    let (mut field, mut file, mut misplaced) = (None, None, None);
    match typed("place").split_once(':') {
        None if typed("place").is_empty() => {}
        Some(("field", name)) if is_of_document(row, name)? => field = Some(name.to_owned()),
        Some(("attachment", id)) => match attachment::by_id(tx.connection(), id).await? {
            Some(found) if found.record_id == row.id => file = Some(found.id),
            _ => misplaced = Some(wrong()),
        },
        _ => misplaced = Some(wrong()),
    }
    match (kind, text, misplaced) {
        (Ok(kind), Ok(body), None) => Ok(FindingRow {
            id: new_id(),
            record_id: row.id.clone(),
            number: 0,
            kind: kind.code().to_owned(),
            field,
            attachment_id: file,
            body,
            state: FindingState::Raised.code().to_owned(),
            at: 0,
            answered_at: None,
            closed_at: None,
            carried_from: None,
            act_id: String::new(),
        }),
        (kind, text, misplaced) => {
            let refusals = [kind.err(), text.err(), misplaced];
            Err(refusals.into_iter().flatten().collect::<Vec<_>>().into())
        }
    }
}

/// Whether a field belongs to the document of the record.
fn is_of_document(row: &RecordRow, name: &str) -> Result<bool, Error> {
    let kind = project_type_of(&row.methodology);
    Ok(match kind_of(row)? {
        RecordKind::Project => DesignSection::of_field(name, kind).is_some(),
        RecordKind::Report => ReportSection::of_field(name, kind).is_some(),
    })
}

fn check_room(there: usize) -> Result<(), Refusal> {
    if there < ROWS_MAX {
        Ok(())
    } else {
        Err(Refusal::new(codes::ENGAGEMENT_TOO_MANY).with("max", ROWS_MAX))
    }
}

/// A tie as typed.
struct TypedTie {
    uscc: Uscc,
    company: String,
    kind: TieKind,
    since: Date,
    until: Option<Date>,
    source: String,
}

fn read_tie(fields: &Fields) -> Result<TypedTie, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", String::as_str);
    let uscc = Uscc::parse("uscc", typed("uscc"));
    let company = required_text("company", typed("company"), NAME_MAX);
    let kind = choice("kind", typed("kind"), TieKind::from_code);
    let since = date("since", typed("since"));
    let until = match typed("until").trim() {
        "" => Ok(None),
        text => date("until", text).and_then(|until| match since {
            Ok(since) => in_order(since, until).map(|()| Some(until)),
            Err(_) => Ok(Some(until)),
        }),
    };
    let source = required_text("source", typed("source"), SOURCE_MAX);
    match (uscc, company, kind, since, until, source) {
        (Ok(uscc), Ok(company), Ok(kind), Ok(since), Ok(until), Ok(source)) => Ok(TypedTie {
            uscc,
            company,
            kind,
            since,
            until,
            source,
        }),
        (uscc, company, kind, since, until, source) => Err([
            uscc.err(),
            company.err(),
            kind.err(),
            since.err(),
            until.err(),
            source.err(),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}

fn in_order(since: Date, until: Date) -> Result<(), Refusal> {
    if since <= until {
        return Ok(());
    }
    Err(Refusal::new(codes::END_BEFORE_START)
        .at("until")
        .with("start", since)
        .with("end", until))
}

/// The registry ends any tie, a body those it has entered itself.
fn may_end(by: &By, tie: &TieRow) -> bool {
    by.role == Role::RegistryOperator
        || (tie.vvb_id == by.organisation.as_str() && tie.entered_by == by.organisation.as_str())
}

/// Entered in the chain of the record; never public.
fn done(
    row: &RecordRow,
    id: String,
    note: Option<String>,
) -> Result<Done<EngagementReceipt>, Error> {
    let kind = kind_of(row)?;
    Ok(Done {
        subject_kind: kind.code(),
        subject: row.id.clone(),
        state: None,
        note,
        is_public: false,
        answer: EngagementReceipt {
            id,
            record_kind: kind,
            record: row.id.clone(),
        },
    })
}

/// Entered in the chain of the body.
fn tie_done(vvb: String, id: String, note: Option<String>) -> Done<TieReceipt> {
    Done {
        subject_kind: "organisation",
        subject: vvb,
        state: None,
        note,
        is_public: false,
        answer: TieReceipt { id },
    }
}

async fn view(
    connection: &mut AnyConnection,
    by: &By,
    row: &RecordRow,
) -> Result<EngagementView, Error> {
    let plan = plan_of(connection, row).await?;
    let facts = facts(connection, row).await?;
    let at_work = is_at_work(&row.kind, &row.state);
    let private = matches!(by.role, Role::Vvb | Role::RegistryOperator);
    let members = store::members_of(connection, &row.id).await?;
    let members = members.into_iter().map(|member| {
        let mut view = member_view(member)?;
        view.contact = view.contact.filter(|_| private);
        Ok(view)
    });
    let visits = store::visits_of(connection, &row.id).await?;
    let on = facts.appointed_on.unwrap_or_else(|| by.at.beijing_date());
    let rule = rule_of(DESK_RULES, &facts.methodology, on);
    Ok(EngagementView {
        record_kind: kind_of(row)?,
        record: row.id.clone(),
        owner: row.owner_name.clone(),
        vvb: row.vvb_name.clone(),
        appointed_on: row.appointed_on.clone(),
        at_work,
        may_change: at_work && by.role == Role::Vvb,
        may_answer: at_work && by.role == Role::ProjectOwner,
        impartial_at: plan.impartial_at.map(Instant),
        document_reviewed_on: plan.document_reviewed_on,
        sites_total: plan.sites_total,
        sites_visited: facts.sites_visited(),
        sampling: plan.sampling,
        reviewer: plan.reviewer,
        decision_maker: plan.decision_maker,
        members: members.collect::<Result<_, Error>>()?,
        visits: visits
            .into_iter()
            .map(visit_view)
            .collect::<Result<_, _>>()?,
        findings: finding_views(connection, &row.id).await?,
        rule: *rule.unwrap_or(&DESK_RULES[0]),
        missing: facts.missing(),
    })
}

async fn finding_views(
    connection: &mut AnyConnection,
    record: &str,
) -> Result<Vec<FindingView>, Error> {
    let files = attachment::of_record(connection, record).await?;
    let steps = store::steps_of(connection, record).await?;
    let mut views = Vec::new();
    for row in store::findings_of(connection, record).await? {
        let own = steps.iter().filter(|step| step.finding_id == row.id);
        let own = own.map(step_view).collect();
        let earlier = earlier_steps(connection, row.carried_from.as_deref()).await?;
        let file = row.attachment_id.as_deref();
        let file = file.and_then(|id| files.iter().find(|file| file.id == id));
        views.push(FindingView {
            attachment: file.map(|file| (file.id.clone(), file.title.clone())),
            kind: finding_kind(&row.kind)?,
            state: finding_state(&row.state)?,
            carried: row.carried_from.is_some(),
            earlier,
            steps: own,
            id: row.id,
            number: row.number,
            field: row.field,
            text: row.body,
            at: Instant(row.at),
        });
    }
    Ok(views)
}

/// What was said about the observations that one goes on with, oldest first. Where the evidence is stays with those who were told.
async fn earlier_steps(
    connection: &mut AnyConnection,
    from: Option<&str>,
) -> Result<Vec<FindingStep>, Error> {
    let mut earlier = Vec::new();
    let mut from = from.map(str::to_owned);
    while let Some(id) = from.take() {
        let Some(row) = store::finding_by_id(connection, &id).await? else {
            break;
        };
        let steps = store::steps_of(connection, &row.record_id).await?;
        let own = steps.iter().filter(|step| step.finding_id == row.id);
        let own = own.map(|step| FindingStep {
            evidence: None,
            ..step_view(step)
        });
        let later = std::mem::take(&mut earlier);
        earlier = own.chain(later).collect();
        from = row.carried_from;
    }
    Ok(earlier)
}

fn step_view(row: &StepRow) -> FindingStep {
    FindingStep {
        event: row.event.clone(),
        text: row.body.clone(),
        corrected: row.corrected.clone(),
        evidence: row.evidence.clone(),
        at: Instant(row.at),
    }
}

fn member_view(row: MemberRow) -> Result<MemberView, Error> {
    let duty = Duty::from_code(&row.duty)
        .ok_or_else(|| Error::Store(format!("member {} is {}", row.id, row.duty)))?;
    Ok(MemberView {
        sectors: sectors_of(&row.sectors),
        id: row.id,
        name: row.name,
        full_time: row.full_time == 1,
        duty,
        contact: row.contact,
    })
}

/// The sectors of a stored list.
pub(crate) fn sectors_of(stored: &str) -> Vec<Sector> {
    stored.split(' ').filter_map(Sector::from_code).collect()
}

fn visit_view(row: VisitRow) -> Result<VisitView, Error> {
    Ok(VisitView {
        persons: persons_of(&row.persons)?,
        id: row.id,
        site: row.site,
        on: row.visited_on,
    })
}

/// The names of a stored list.
pub(crate) fn persons_of(stored: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(stored).map_err(|error| Error::Store(format!("persons: {error}")))
}

pub(crate) fn finding_kind(code: &str) -> Result<FindingKind, Error> {
    FindingKind::from_code(code).ok_or_else(|| Error::Store(format!("finding kind {code}")))
}

pub(crate) fn finding_state(code: &str) -> Result<FindingState, Error> {
    FindingState::from_code(code).ok_or_else(|| Error::Store(format!("finding state {code}")))
}

fn tie_view(by: &By, row: TieRow) -> Result<TieView, Error> {
    let kind = TieKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("tie {} is {}", row.id, row.kind)))?;
    Ok(TieView {
        may_end: row.until.is_none() && may_end(by, &row),
        id: row.id,
        vvb: row.vvb,
        uscc: row.uscc,
        company: row.company,
        kind,
        since: row.since,
        until: row.until,
        source: row.source,
        entered_by: row.entered,
        at: Instant(row.at),
        ended: row.ended,
    })
}
