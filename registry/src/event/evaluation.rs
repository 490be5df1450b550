//! Bodies of the platform that confirm the statement about an event: named by its owner, asked once for each version, and bound to what they
//! had before them. A correction is a new version, about which they are asked anew.

use domain::event::EventState;
use domain::id::OrganisationId;
use domain::refusal::codes;
use domain::text::{plain_name, required_text};
use domain::{Act, Instant, Refusal};
use serde::Serialize;
use sqlx::AnyConnection;
use time::Date;

use crate::account::account_state_of;
use crate::engagement::is_tied;
use crate::number::{read_account_number, read_event_number};
use crate::perform::{Deed, Tx, new_id, perform};
use crate::public_event::{self, PublicEvent, PublicEventVersion};
use crate::store::event::{self as events, EventRow};
use crate::store::event_evaluation::{self as store, Decided, EvaluationRow, NewEvaluation};
use crate::store::people::{self, OrganisationRow};
use crate::store::{event_organiser, supplier};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

use super::organiser::shared;
use super::result::{EventContent, STATEMENT_MAX, content_of};
use super::view::{Brief, brief_row};
use super::{EventListRow, EventReceipt, done, public, state_of};

/// Questions of one look at most.
const WAITING_MAX: i64 = 50;

/// A body that may be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluatorChoice {
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
}

/// What the organiser sees of the body that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationStatus {
    /// The body.
    pub body: String,
    /// The version that it was asked about.
    pub version: i64,
    /// `asked`, `confirmed`, `declined` or `outdated`: not answered, and no longer to be answered.
    pub state: String,
    /// The day of its answer.
    pub decided_on: Option<String>,
    /// What it said.
    pub opinion: Option<String>,
}

/// An event that a body was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationListRow {
    /// The event.
    pub event: EventListRow,
    /// Its owner.
    pub organiser: String,
    /// When the body was asked.
    pub asked_at: Instant,
    /// What stands.
    pub status: EvaluationStatus,
}

/// Everything that a version of a result rests on, published or about to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventDossier {
    /// The event's id.
    pub id: String,
    /// The event.
    pub event: PublicEvent,
    /// The version; not published yet if its day is empty.
    pub version: PublicEventVersion,
    /// SHA-256 over what an answer is bound to.
    pub seen: String,
}

/// What a body reads and answers about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvaluationView {
    /// The row of the list.
    pub row: EvaluationListRow,
    /// What it is asked about; `None`: it never came to be published.
    pub dossier: Option<EventDossier>,
    /// Whether it may be answered now.
    pub may_answer: bool,
}

impl Registry {
    /// The bodies that may be named as evaluators of an event of the own organisation: none that organises or supplies it, or is tied to
    /// whoever organises it.
    pub async fn event_evaluators(
        &self,
        by: &By,
        event: &str,
    ) -> Result<Vec<EvaluatorChoice>, Error> {
        Deed::check_role(Act::EventEvaluate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let today = by.at.beijing_date();
        let mut choices = Vec::new();
        for body in people::vvb_all(&mut connection).await? {
            let open = account_state_of(&body.account_state)?.is_active();
            let fits = open
                && dependence(&mut connection, &row, &body, today)
                    .await?
                    .is_none();
            if fits {
                choices.push(EvaluatorChoice {
                    organisation: body.id.into(),
                    name: body.name,
                });
            }
        }
        Ok(choices)
    }

    /// The events that the viewer's body was asked about, newest first.
    pub async fn evaluations(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<EvaluationListRow>, Error> {
        Deed::check_role(Act::EventEvaluationConfirm, by)?;
        let mut connection = self.store.read().await?;
        let body = by.organisation.as_str();
        let size = page.rows() + 1;
        let rows = store::list(&mut connection, body, page.before(), size).await?;
        let cut = Page::cut(rows, page.rows(), |row| row.id.clone());
        Ok(Page {
            rows: list_rows(&mut connection, by, cut.rows).await?,
            next: cut.next,
        })
    }

    /// What waits for an answer of the viewer's body, oldest first; nothing for others than bodies.
    pub async fn evaluations_waiting(&self, by: &By) -> Result<Vec<EvaluationListRow>, Error> {
        if Deed::check_role(Act::EventEvaluationConfirm, by).is_err() {
            return Ok(Vec::new());
        }
        let mut connection = self.store.read().await?;
        let body = by.organisation.as_str();
        let rows = store::waiting(&mut connection, body, WAITING_MAX).await?;
        list_rows(&mut connection, by, rows).await
    }

    /// The id of an event that the viewer's body was asked about, by the number that people copy.
    pub async fn evaluation_of_number(&self, by: &By, number: &str) -> Result<String, Error> {
        Deed::check_role(Act::EventEvaluationConfirm, by)?;
        let mut connection = self.store.read().await?;
        let number = read_event_number(number).ok_or(Error::NotFound)?;
        let id = events::id_of_number(&mut connection, &number).await?;
        let id = id.ok_or(Error::NotFound)?;
        asked(&mut connection, by, &id).await?;
        Ok(id)
    }

    /// An event that the viewer's body was asked about: inventory, evidence, units and statement of the version in question.
    pub async fn event_evaluation(&self, by: &By, event: &str) -> Result<EvaluationView, Error> {
        Deed::check_role(Act::EventEvaluationConfirm, by)?;
        let mut connection = self.store.read().await?;
        let (row, question) = asked(&mut connection, by, event).await?;
        let today = by.at.beijing_date();
        let dossier = dossier_of(&mut connection, &row, question.version, today).await?;
        let may_answer = question.state == "asked" && is_current(&row, question.version)?;
        let mut rows = list_rows(&mut connection, by, vec![question]).await?;
        Ok(EvaluationView {
            row: rows.pop().ok_or(Error::NotFound)?,
            dossier,
            may_answer,
        })
    }

    /// Everything that the newest version of an event rests on, for its organisers: the one that is about to be published, or that is.
    pub async fn event_dossier(&self, by: &By, event: &str) -> Result<EventDossier, Error> {
        Deed::check_role(Act::EventCreate, by)?;
        let mut connection = self.store.read().await?;
        let row = shared(&mut connection, by, event).await?;
        let version = if state_of(&row)? == EventState::Evaluated {
            row.version + 1
        } else {
            row.version
        };
        let today = by.at.beijing_date();
        let dossier = dossier_of(&mut connection, &row, version, today).await?;
        dossier.ok_or(Error::NotFound)
    }

    /// The body confirms the statement about the version that it was asked about. Reads `opinion`, `statement` (`yes`) and `seen`
    /// ([`EventDossier::seen`], as it was read): `stale_form` if something of it changed since. Once.
    pub async fn event_evaluation_confirm(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventEvaluationConfirm, by, &(event, fields))?;
        let opinion = read_opinion(fields, true)?;
        perform!(self, deed, |tx| {
            answer(tx, by, event, fields, ("confirmed", &opinion)).await
        })
    }

    /// The body declines to confirm. Reads `opinion`, which the organisers read, and `seen`. Once.
    pub async fn event_evaluation_decline(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventEvaluationDecline, by, &(event, fields))?;
        let opinion = read_opinion(fields, false)?;
        perform!(self, deed, |tx| {
            answer(tx, by, event, fields, ("declined", &opinion)).await
        })
    }
}

fn read_opinion(fields: &Fields, confirms: bool) -> Result<String, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let opinion = required_text("opinion", typed("opinion"), STATEMENT_MAX);
    let stated = !confirms || typed("statement") == "yes";
    match opinion {
        Ok(opinion) if stated => Ok(opinion),
        opinion => {
            let unstated =
                (!stated).then(|| Refusal::new(codes::STATEMENT_REQUIRED).at("statement"));
            Err([opinion.err(), unstated].into_iter().flatten().collect())
        }
    }
}

/// What a body says, about what it has read, once.
async fn answer(
    tx: &mut Tx,
    by: &By,
    event: &str,
    fields: &Fields,
    (state, opinion): (&str, &str),
) -> Result<crate::perform::Done<EventReceipt>, Error> {
    let (row, question) = asked(tx.connection(), by, event).await?;
    if question.state != "asked" {
        return Err(Refusal::new(codes::EVENT_EVALUATION_DECIDED).into());
    }
    if !is_current(&row, question.version)? {
        return Err(Refusal::new(codes::EVENT_EVALUATION_OUTDATED).into());
    }
    let today = tx.at.beijing_date();
    if state == "confirmed" {
        let body = people::organisation_by_id(tx.connection(), &question.organisation_id).await?;
        let body = body.ok_or(Error::NotFound)?;
        if let Some(refusal) = dependence(tx.connection(), &row, &body, today).await? {
            return Err(refusal.into());
        }
    }
    let dossier = dossier_of(tx.connection(), &row, question.version, today).await?;
    let dossier = dossier.ok_or(Error::NotFound)?;
    if fields.get("seen").map(|typed| typed.trim()) != Some(dossier.seen.as_str()) {
        return Err(Refusal::new(codes::STALE_FORM).into());
    }
    let (at, act) = (tx.at.0, tx.act.clone());
    let new = Decided {
        id: &question.id,
        state,
        seen: &dossier.seen,
        opinion,
        at,
        act: &act,
    };
    if !store::decide(tx.connection(), &new).await? {
        return Err(Refusal::new(codes::EVENT_EVALUATION_DECIDED).into());
    }
    let done = done(&row, Some(opinion.to_owned()));
    // about what is not published yet nothing is said in public
    Ok(if question.version <= row.version {
        public(done)
    } else {
        done
    })
}

/// The event, and what the viewer's body was asked about it last.
async fn asked(
    connection: &mut AnyConnection,
    by: &By,
    event: &str,
) -> Result<(EventRow, EvaluationRow), Error> {
    let body = by.organisation.as_str();
    let question = store::of_body(connection, event, body).await?;
    let question = question.ok_or(Error::NotFound)?;
    let row = events::by_id(connection, event).await?;
    Ok((row.ok_or(Error::NotFound)?, question))
}

/// Whether the event stands as it is in a version: about to be published, or published and not being corrected.
fn is_current(row: &EventRow, version: i64) -> Result<bool, Error> {
    Ok(stands_in(state_of(row)?, row.version, version))
}

fn stands_in(state: EventState, published: i64, version: i64) -> bool {
    match state {
        EventState::Evaluated => version == published + 1,
        EventState::Neutral => version == published,
        _ => false,
    }
}

/// What is told of a question; `is_current`: whether it may still be answered.
fn status_of(question: EvaluationRow, is_current: bool) -> EvaluationStatus {
    let outdated = question.state == "asked" && !is_current;
    EvaluationStatus {
        body: question.body,
        version: question.version,
        state: if outdated {
            "outdated".to_owned()
        } else {
            question.state
        },
        decided_on: question
            .decided_at
            .map(|at| Instant(at).beijing_date().to_string()),
        opinion: question.opinion,
    }
}

/// What the organisers see of the body that the newest statement named.
pub(super) async fn evaluation_status(
    connection: &mut AnyConnection,
    row: &EventRow,
) -> Result<Option<EvaluationStatus>, Error> {
    let next = store::of_version(connection, &row.id, row.version + 1).await?;
    let question = match next {
        Some(next) => Some(next),
        None => store::of_version(connection, &row.id, row.version).await?,
    };
    question
        .map(|question| {
            let is_current = is_current(row, question.version)?;
            Ok(status_of(question, is_current))
        })
        .transpose()
}

async fn list_rows(
    connection: &mut AnyConnection,
    by: &By,
    questions: Vec<EvaluationRow>,
) -> Result<Vec<EvaluationListRow>, Error> {
    let mut rows = Vec::new();
    for question in questions {
        let event = store::asked_event(connection, &question.event_id).await?;
        let event = event.ok_or(Error::NotFound)?;
        let state = EventState::from_code(&event.state)
            .ok_or_else(|| Error::Store(format!("event state {}", event.state)))?;
        let brief = Brief {
            id: &event.id,
            number: &event.number,
            name: &event.name,
            state,
            starts_on: &event.starts_on,
            ends_on: &event.ends_on,
            has_forest: event.has_forest == 1,
            is_published: event.version > 0,
        };
        let is_current = stands_in(state, event.version, question.version);
        rows.push(EvaluationListRow {
            event: brief_row(&brief, by.at.beijing_date())?,
            organiser: event.organiser,
            asked_at: Instant(question.asked_at),
            status: status_of(question, is_current),
        });
    }
    Ok(rows)
}

/// A version of an event: as it was published, or as the event is while it is about to be. `None`: it is neither.
async fn dossier_of(
    connection: &mut AnyConnection,
    row: &EventRow,
    version: i64,
    today: Date,
) -> Result<Option<EventDossier>, Error> {
    let event = public_event::as_it_is(connection, row, today).await?;
    if version <= row.version {
        let found = public_event::version(connection, &row.id, version).await?;
        return found
            .map(|(footprint, version)| {
                Ok(EventDossier {
                    id: row.id.clone(),
                    seen: version.content.seen(&footprint)?,
                    event,
                    version,
                })
            })
            .transpose();
    }
    if state_of(row)? != EventState::Evaluated || version != row.version + 1 {
        return Ok(None);
    }
    let content = content_of(connection, row, today).await?;
    let account = public_event::account(connection, &row.id, version, content).await?;
    let (footprint, version) = account.ok_or(Error::NotFound)?;
    Ok(Some(EventDossier {
        id: row.id.clone(),
        seen: version.content.seen(&footprint)?,
        event,
        version,
    }))
}

/// The body that is meant, if it may evaluate the event.
pub(super) async fn evaluator_named(
    tx: &mut Tx,
    row: &EventRow,
    typed: &str,
) -> Result<OrganisationRow, Error> {
    let (number, name) = (read_account_number(typed), plain_name(typed));
    let bodies = people::vvb_all(tx.connection()).await?;
    let mut meant = bodies.into_iter().filter(|body| {
        body.id == typed
            || plain_name(&body.name) == name
            || number.as_ref() == Some(&body.account_number)
    });
    let unknown = || Refusal::new(codes::EVENT_EVALUATOR_UNKNOWN).at("evaluator_body");
    let (Some(body), None) = (meant.next(), meant.next()) else {
        return Err(unknown().into());
    };
    if !account_state_of(&body.account_state)?.is_active() {
        return Err(unknown().into());
    }
    let today = tx.at.beijing_date();
    match dependence(tx.connection(), row, &body, today).await? {
        Some(refusal) => Err(refusal.at("evaluator_body").into()),
        None => Ok(body),
    }
}

/// What keeps a body from evaluating an event: it organises or supplies it, or is tied to whoever organises it.
async fn dependence(
    connection: &mut AnyConnection,
    row: &EventRow,
    body: &OrganisationRow,
    on: Date,
) -> Result<Option<Refusal>, Error> {
    let of_body = |code| Some(Refusal::new(code).with("name", &body.name));
    let others = event_organiser::of_event(connection, &row.id).await?;
    let others = others
        .into_iter()
        .filter(|other| ["invited", "accepted"].contains(&other.state.as_str()));
    let mut organisers = vec![row.organisation_id.clone()];
    organisers.extend(others.map(|other| other.organisation_id));
    if organisers.contains(&body.id) {
        return Ok(of_body(codes::EVENT_EVALUATOR_OWN));
    }
    let name = plain_name(&body.name);
    let suppliers = supplier::of_event(connection, &row.id).await?;
    if suppliers.iter().any(|one| plain_name(&one.name) == name) {
        return Ok(of_body(codes::EVENT_EVALUATOR_OWN));
    }
    for organiser in &organisers {
        if is_tied(connection, &body.id, organiser, on).await? {
            return Ok(of_body(codes::EVENT_EVALUATOR_TIED));
        }
    }
    Ok(None)
}

/// The statement names a body of this platform, or none: what was asked about the version before stands no longer.
pub(super) async fn ask(
    tx: &mut Tx,
    row: &EventRow,
    body: Option<&OrganisationRow>,
) -> Result<(), Error> {
    let (id, at, act, version) = (new_id(), tx.at.0, tx.act.clone(), row.version + 1);
    store::replace(tx.connection(), &row.id, version, at, &act).await?;
    if let Some(body) = body {
        let new = NewEvaluation {
            id: &id,
            event: &row.id,
            body: &body.id,
            version,
            at,
            act: &act,
        };
        store::insert(tx.connection(), &new).await?;
    }
    Ok(())
}

/// Refused: the body that the statement names has declined, does not stand apart from the event any more, or has confirmed something else than
/// what is about to be published.
pub(super) async fn check_publishable(
    tx: &mut Tx,
    row: &EventRow,
    (footprint, content): (&str, &EventContent),
) -> Result<(), Error> {
    let question = store::of_version(tx.connection(), &row.id, row.version + 1).await?;
    let Some(question) = question else {
        return Ok(());
    };
    if question.state == "declined" {
        return Err(Refusal::new(codes::EVENT_EVALUATION_DECLINED)
            .with("name", question.body)
            .into());
    }
    let today = tx.at.beijing_date();
    let body = people::organisation_by_id(tx.connection(), &question.organisation_id).await?;
    let body = body.ok_or(Error::NotFound)?;
    // others may have come to organise or supply the event since the body was named, and ties may have been registered
    if let Some(refusal) = dependence(tx.connection(), row, &body, today).await? {
        return Err(refusal.into());
    }
    if question.state == "confirmed" && question.seen != Some(content.seen(footprint)?) {
        return Err(Refusal::new(codes::EVENT_EVALUATION_CHANGED)
            .with("name", question.body)
            .into());
    }
    Ok(())
}

/// Refused: a typed name that is that of a body of this platform, which is asked or not named at all.
pub(super) async fn check_not_here(tx: &mut Tx, evaluator: &str) -> Result<(), Error> {
    let name = plain_name(evaluator);
    let bodies = people::vvb_all(tx.connection()).await?;
    let here = bodies
        .into_iter()
        .find(|body| plain_name(&body.name) == name);
    match here {
        Some(body) => Err(Refusal::new(codes::EVENT_EVALUATOR_IS_HERE)
            .at("evaluator")
            .with("name", body.name)
            .into()),
        None => Ok(()),
    }
}

/// Confirmations of published versions whose content is not what was seen: id, what it must be, what was seen.
pub(crate) async fn confirmations_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, String)>, Error> {
    let (mut wrong, mut after) = (Vec::new(), String::new());
    loop {
        let page = store::confirmed_after(connection, &after, 100).await?;
        let Some((last, ..)) = page.last() else {
            return Ok(wrong);
        };
        after.clone_from(last);
        for (id, seen, footprint, content) in page {
            let content: EventContent = serde_json::from_str(&content)
                .map_err(|error| Error::Store(format!("stored version: {error}")))?;
            let published = content.seen(&footprint)?;
            if published != seen {
                wrong.push((id, published, seen));
            }
        }
    }
}
