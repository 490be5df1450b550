//! Messages to organisations: written where an act is entered, so that no act can forget them; read by those they are for. The same
//! place counts how long the steps of a record take.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{DeadlineReminder, deadline};
use domain::notification::{Recipient, Reminder, Step, StepSpan, Told, rule_of};
use domain::project::{Party, ProjectState, ReportState};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal, Role};
use serde::Serialize;
use sqlx::AnyConnection;

use crate::organisation::role_of;
use crate::perform::{Deed, Done, new_id, perform};
use crate::record::{RecordKind, State, day_of};
use crate::store::notification::{self as store, NewNotification, NotificationRow, SubjectRow};
use crate::store::record::Whose;
use crate::store::{event_evaluation, event_organiser};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// More unread messages than this are shown as "more than".
pub const UNREAD_MAX: i64 = 99;
/// How many records one look for reminders takes up.
const REMINDERS_MAX: i64 = 500;
/// How many records a page asks the queue about.
const QUEUE_MAX: usize = 200;

/// A message to an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// Its id, ordered by the time it was written.
    pub id: String,
    /// The name of the act, of the step made by date, or of the reminder.
    pub kind: String,
    /// When it happened.
    pub at: Instant,
    /// The organisation that did it; `None`: the public, or a date.
    pub actor: Option<String>,
    /// The role of the organisation it is for.
    pub reader: Role,
    /// What it is about: `project`, `report`, `organisation`, or another subject of the record of acts.
    pub subject_kind: String,
    /// The id of that subject.
    pub subject: String,
    /// The project's name at that time; empty where it is about no record.
    pub title: String,
    /// The project's code at that time, if it had one.
    pub code: Option<String>,
    /// The number of the monitoring report within its project, if it is about one.
    pub number: Option<i64>,
    /// The record's state after it.
    pub state: Option<String>,
    /// Whose turn it was after it.
    pub next_party: Option<Party>,
    /// The act that was expected then.
    pub next_act: Option<Act>,
    /// The last day for that, `YYYY-MM-DD`, if there was a limit.
    pub due_on: Option<String>,
    /// Tonnes that the act credited to the organisation.
    pub tonnes: Option<i64>,
    /// Tonnes that the act took from the organisation: a transfer that was no trade.
    pub debited: Option<i64>,
    /// Of such a transfer: who issued the document it rests on.
    pub authority: Option<String>,
    /// And the number of that document.
    pub document_number: Option<String>,
    /// Whether somebody of the organisation has read it.
    pub read: bool,
}

impl Notification {
    /// Which kind of record it is about, if it is about one.
    pub fn record_kind(&self) -> Option<RecordKind> {
        RecordKind::from_code(&self.subject_kind)
    }

    pub(crate) fn of_row(row: NotificationRow) -> Result<Self, Error> {
        Ok(Self {
            reader: role_of(&row.role)?,
            next_party: row.next_party.as_deref().and_then(party_of),
            next_act: row.next_act.as_deref().and_then(Act::from_name),
            at: Instant(row.at),
            read: row.read_at.is_some(),
            id: row.id,
            kind: row.kind,
            actor: row.actor,
            subject_kind: row.subject_kind,
            subject: row.subject,
            title: row.title,
            code: row.code,
            number: row.number,
            state: row.state,
            due_on: row.due_on,
            tonnes: row.tonnes,
            debited: row.debited,
            authority: row.authority,
            document_number: row.document_number,
        })
    }
}

/// Where a record stands in the registry's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueuePosition {
    /// The step it waits in.
    pub step: Step,
    /// How many records of the same kind came into this step earlier and are still in it.
    pub before: i64,
}

fn party_of(code: &str) -> Option<Party> {
    [
        Party::Owner,
        Party::Vvb,
        Party::Operator,
        Party::Date,
        Party::Nobody,
    ]
    .into_iter()
    .find(|party| party.code() == code)
}

/// An entry of the record of acts, as far as messages and steps need it.
#[derive(Clone, Copy)]
pub(crate) struct Entered<'a> {
    pub(crate) act: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) at: Instant,
    pub(crate) user: Option<&'a str>,
    pub(crate) organisation: Option<&'a str>,
    pub(crate) subject_kind: &'a str,
    pub(crate) subject: &'a str,
    /// Whether the entry says in which state the record is.
    pub(crate) has_state: bool,
}

/// Writes what follows from an entry, in its transaction: who is told, and where the record is on its way.
pub(crate) async fn follow(
    connection: &mut AnyConnection,
    entered: &Entered<'_>,
) -> Result<(), Error> {
    let rule = rule_of(entered.kind);
    let told = match rule.map(|rule| rule.told) {
        Some(Told::These(told)) => told,
        Some(Told::Nobody(_)) | None => &[],
    };
    // a complaint is told as one about its project
    let project = match entered.subject_kind {
        "complaint" => store::project_of_complaint(connection, entered.subject).await?,
        _ => None,
    };
    let of_project = project.as_ref().map(|project| Entered {
        subject_kind: RecordKind::Project.code(),
        subject: project,
        ..*entered
    });
    let entered = of_project.as_ref().unwrap_or(entered);
    let is_record = RecordKind::from_code(entered.subject_kind).is_some();
    if told.is_empty() && !(is_record && entered.has_state) {
        return Ok(());
    }
    let record = if is_record {
        store::subject(connection, entered.subject).await?
    } else {
        None
    };
    if let (Some(record), true) = (&record, entered.has_state) {
        follow_step(connection, entered, record).await?;
    }
    if told.is_empty() {
        return Ok(());
    }
    let mut credited: BTreeMap<String, i64> = BTreeMap::new();
    let mut awaited: BTreeMap<String, i64> = BTreeMap::new();
    if told.contains(&Recipient::Receiver) || entered.kind == Act::ReportIssue.name() {
        credited.extend(store::credited(connection, entered.act).await?);
        awaited.extend(store::awaited(connection, entered.act).await?);
        credited.extend(awaited.clone());
    }
    // the due day is that of the state: it is no limit for what the rule expects beside it
    let (next, due_on) = match rule.and_then(|rule| rule.next) {
        Some((party, act)) => (Some((party, Some(act))), None),
        None => (
            record.as_ref().map(next_of).transpose()?,
            record.as_ref().and_then(|record| record.due_on.as_deref()),
        ),
    };
    let event = match entered.subject_kind {
        "event" => store::event(connection, entered.subject).await?,
        _ => None,
    };
    let last_day = match (&event, DeadlineReminder::from_kind(entered.kind)) {
        (Some(event), Some(_)) => {
            Some(deadline(day_of(&event.ends_on)?, event.has_forest == 1).to_string())
        }
        _ => None,
    };
    let due_on = due_on.or(last_day.as_deref());
    // of the bodies that a statement concerns, only the one that it names has something to do
    let of_statement = entered.kind == Act::EventEvaluate.name();
    let asked = if of_statement {
        event_evaluation::asked_by(connection, entered.act).await?
    } else {
        None
    };
    let recipients = recipients(connection, entered, told, record.as_ref(), &credited).await?;
    for organisation in recipients {
        let id = new_id();
        // a credit that was moved is complete: nothing is expected of the receiver
        let tonnes = credited.get(&organisation).copied();
        let next = next.filter(|_| is_record || tonnes.is_none());
        let next = next.filter(|_| !of_statement || asked.as_ref() == Some(&organisation));
        // what was set aside for somebody waits for that one to accept it
        let waits = awaited.contains_key(&organisation);
        let next = if waits {
            Some((Party::Owner, Some(Act::CreditsAccept)))
        } else {
            next
        };
        let new = NewNotification {
            id: &id,
            organisation_id: &organisation,
            act_id: entered.act,
            kind: entered.kind,
            at: entered.at.0,
            actor_id: entered.organisation,
            subject_kind: entered.subject_kind,
            subject: entered.subject,
            title: match (&record, &event) {
                (Some(record), _) => &record.name,
                (None, Some(event)) => &event.name,
                (None, None) => "",
            },
            code: match (&record, &event) {
                (Some(record), _) => record.code.as_deref(),
                (None, event) => event.as_ref().map(|event| event.number.as_str()),
            },
            number: record.as_ref().and_then(|record| record.number),
            state: record.as_ref().map(|record| record.state.as_str()),
            next_party: next.map(|(party, _)| party.code()),
            next_act: next.and_then(|(_, act)| act).map(Act::name),
            due_on,
            tonnes,
        };
        store::insert(connection, &new).await?;
        store::mail_insert(
            connection,
            &id,
            &organisation,
            entered.user.unwrap_or_default(),
        )
        .await?;
    }
    Ok(())
}

/// The organisations behind the recipients of a rule: nobody who may not see the record, and not the one that acted.
async fn recipients(
    connection: &mut AnyConnection,
    entered: &Entered<'_>,
    told: &[Recipient],
    record: Option<&SubjectRow>,
    credited: &BTreeMap<String, i64>,
) -> Result<BTreeSet<String>, Error> {
    let mut others = BTreeSet::new();
    let mut colleagues = false;
    for recipient in told {
        match recipient {
            Recipient::Owner => others.extend(record.map(|record| record.owner_id.clone())),
            Recipient::Vvb => others.extend(record.and_then(|record| record.vvb_id.clone())),
            Recipient::Operator => {
                if record.is_none_or(|record| record.submitted == 1) {
                    others.extend(store::operators(connection).await?);
                }
            }
            Recipient::Holder => {
                let party = record.map(next_of).transpose()?.map(|(party, _)| party);
                match (party, record) {
                    (Some(Party::Owner), Some(record)) => {
                        others.insert(record.owner_id.clone());
                    }
                    (Some(Party::Vvb), Some(record)) => others.extend(record.vvb_id.clone()),
                    (Some(Party::Operator), Some(record)) if record.submitted == 1 => {
                        others.extend(store::operators(connection).await?);
                    }
                    _ => {}
                }
            }
            Recipient::Account => {
                others.extend(store::organisation(connection, entered.subject).await?);
            }
            Recipient::Organiser => {
                let event = store::event(connection, entered.subject).await?;
                others.extend(event.map(|event| event.organisation_id));
            }
            Recipient::Organisers => {
                let event = store::event(connection, entered.subject).await?;
                others.extend(event.map(|event| event.organisation_id));
                others.extend(event_organiser::of_act(connection, entered.act).await?);
            }
            Recipient::Evaluator if entered.kind == Act::EventEvaluate.name() => {
                others.extend(event_evaluation::asked_by(connection, entered.act).await?);
                others.extend(event_evaluation::replaced_by(connection, entered.act).await?);
            }
            Recipient::Evaluator => {
                others.extend(event_evaluation::newest_body(connection, entered.subject).await?);
            }
            Recipient::Receiver => others.extend(credited.keys().cloned()),
            Recipient::Colleagues => colleagues = true,
            Recipient::Confirmer => {
                colleagues = !store::has_transfers(connection, entered.act).await?;
            }
        }
    }
    if let Some(own) = entered.organisation {
        others.remove(own);
        if colleagues {
            others.insert(own.to_owned());
        }
    }
    Ok(others)
}

/// Whose turn it is in the record's state, and what is expected.
fn next_of(record: &SubjectRow) -> Result<(Party, Option<Act>), Error> {
    let state = state_of(record)?;
    let party = state.party();
    let role = match party {
        Party::Owner => Some(Role::ProjectOwner),
        Party::Vvb => Some(Role::Vvb),
        Party::Operator => Some(Role::RegistryOperator),
        Party::Date | Party::Nobody => None,
    };
    let act = role.and_then(|role| state.acts_for(role).first().copied());
    // a draft is completed before it is sent
    let act = match (record.state.as_str(), act) {
        ("draft", Some(_)) if record.kind == RecordKind::Report.code() => Some(Act::ReportSave),
        ("draft", Some(_)) => Some(Act::ProjectSave),
        (_, act) => act,
    };
    Ok((party, act))
}

fn state_of(record: &SubjectRow) -> Result<State, Error> {
    let known = if record.kind == RecordKind::Report.code() {
        ReportState::from_code(&record.state).map(State::Report)
    } else {
        ProjectState::from_code(&record.state).map(State::Project)
    };
    known.ok_or_else(|| Error::Store(format!("{} has the state {}", record.kind, record.state)))
}

/// Ends the step a record was in if it has left it, counts how long it took, and begins the next one.
async fn follow_step(
    connection: &mut AnyConnection,
    entered: &Entered<'_>,
    record: &SubjectRow,
) -> Result<(), Error> {
    let step = match state_of(record)? {
        State::Project(state) => Step::of_project(state),
        State::Report(state) => Step::of_report(state),
    };
    let open = store::step_of(connection, entered.subject).await?;
    if open.as_ref().map(|(code, _)| code.as_str()) == step.map(Step::code) {
        return Ok(());
    }
    let ended = open.and_then(|(code, since)| Some((Step::from_code(&code)?, Instant(since))));
    if let Some((ended, since)) = ended {
        let until = entered.at.beijing_date();
        let day = |text: &Option<String>| text.as_deref().map(day_of).transpose();
        let span = StepSpan {
            since: since.beijing_date(),
            until,
            publicity: day(&record.publicity_start)?.zip(day(&record.publicity_end)?),
            received_on: day(&record.received_on)?,
            paused_days: u32::try_from(record.paused_days).unwrap_or(0),
        };
        let calendar = crate::rulebook::in_force(connection).await?.calendar;
        if let Some(days) = ended.days(&calendar, &span) {
            let (year, days) = (i64::from(until.year()), i64::from(days));
            store::step_count(connection, &record.kind, ended.code(), year, days).await?;
        }
    }
    match step {
        Some(step) => {
            let (kind, since) = (&record.kind, entered.at.0);
            store::step_begin(connection, entered.subject, kind, step.code(), since).await?;
        }
        None => store::step_leave(connection, entered.subject).await?,
    }
    Ok(())
}

impl Registry {
    /// One page of the messages to the viewer's organisation, newest first.
    pub async fn notifications(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<Notification>, Error> {
        let mut connection = self.store.read().await?;
        let organisation = by.organisation.as_str();
        let rows = store::list(
            &mut connection,
            organisation,
            page.before(),
            page.rows() + 1,
        )
        .await?;
        let rows = rows
            .into_iter()
            .map(Notification::of_row)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(rows, page.rows(), |row| row.id.clone()))
    }

    /// How many messages nobody of the organisation has read; more than [`UNREAD_MAX`] are counted as one more than that.
    pub async fn notifications_unread(
        &self,
        organisation: &domain::id::OrganisationId,
    ) -> Result<i64, Error> {
        let mut connection = self.store.read().await?;
        Ok(store::unread(&mut connection, organisation.as_str(), UNREAD_MAX + 1).await?)
    }

    /// Marks messages to the viewer's organisation as read, for all its people: `notification`, one of them; or `up_to`, that one and
    /// every older one. Answers with how many messages it found; those of others are not found.
    pub async fn notification_read(&self, by: &By, fields: &Fields) -> Result<u64, Error> {
        let chosen = |field: &str| fields.get(field).map_or("", |text| text.trim()).to_owned();
        let (one, up_to) = (chosen("notification"), chosen("up_to"));
        if one.is_empty() && up_to.is_empty() {
            return Err(Refusal::new(codes::REQUIRED).at("notification").into());
        }
        let deed = Deed::by(Act::NotificationRead, by, &(&one, &up_to))?;
        let organisation = by.organisation.as_str();
        perform!(self, deed, |tx| {
            let at = tx.at.0;
            let found = if up_to.is_empty() {
                store::read_one(tx.connection(), organisation, &one, at).await?
            } else {
                store::read_up_to(tx.connection(), organisation, &up_to, at).await?
            };
            if found == 0 && up_to.is_empty() {
                return Err(Error::NotFound);
            }
            Ok(about_user(by, found))
        })
    }

    /// Writes every reminder that is due at `now`, each once. Answers with how many. Cheap when nothing is due.
    pub async fn reminders_tick(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date();
        let calendar = self.rule_book().await?.calendar;
        let horizon = Reminder::horizon(&calendar, today).to_string();
        let (today, yesterday) = (
            today.to_string(),
            today.previous_day().unwrap_or(today).to_string(),
        );
        let mut written = 0;
        for reminder in Reminder::ALL {
            let mut connection = self.store.read().await?;
            let (kind, size) = (reminder.kind(), REMINDERS_MAX);
            let due = match reminder {
                Reminder::DueSoon => {
                    store::reminders_by_due_day(&mut connection, kind, &today, &horizon, size)
                        .await?
                }
                Reminder::Overdue => {
                    store::reminders_by_due_day(&mut connection, kind, "", &yesterday, size).await?
                }
                Reminder::PublicityLastDay => {
                    store::reminders_by_publicity_end(&mut connection, kind, &today, size).await?
                }
            };
            drop(connection);
            for (record, state, day) in due {
                written += u64::from(self.remind(*reminder, &record, &state, &day, now).await?);
            }
        }
        Ok(written + self.event_reminders(now).await?)
    }

    /// Writes one reminder, if the record still is where it was seen.
    async fn remind(
        &self,
        reminder: Reminder,
        record: &str,
        state: &str,
        day: &str,
        now: Instant,
    ) -> Result<bool, Error> {
        let deed = Deed::by_date(reminder.kind(), &reminder.key(record, day), now)?;
        let written: Result<bool, Error> = perform!(self, deed, |tx| {
            let found = store::subject(tx.connection(), record).await?;
            let found = found.ok_or(Error::NotFound)?;
            let still = found.state == state
                && [&found.due_on, &found.publicity_end]
                    .into_iter()
                    .any(|known| known.as_deref() == Some(day));
            if !still {
                // somebody was faster: there is nothing to remind of any more
                return Err(Error::NotFound);
            }
            Ok(Done {
                subject_kind: RecordKind::from_code(&found.kind)
                    .unwrap_or(RecordKind::Project)
                    .code(),
                subject: record.to_owned(),
                state: None,
                note: Some(day.to_owned()),
                is_public: false,
                answer: true,
            })
        });
        match written {
            Err(Error::NotFound) => Ok(false),
            other => other,
        }
    }

    /// Where these records stand in the registry's queues. Records that the viewer may not see, and those that wait for nothing of
    /// the registry, have no place in the answer.
    pub async fn queue_positions(
        &self,
        by: &By,
        records: &[String],
    ) -> Result<BTreeMap<String, QueuePosition>, Error> {
        let organisation = by.organisation.as_str();
        let whose = match by.role {
            Role::ProjectOwner => Whose::Owner(organisation),
            Role::Vvb => Whose::Vvb(organisation),
            Role::RegistryOperator => Whose::Submitted,
            Role::EventOrganiser | Role::Individual => return Ok(BTreeMap::new()),
        };
        let asked = &records[..records.len().min(QUEUE_MAX)];
        if asked.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut connection = self.store.read().await?;
        let rows = store::queue(&mut connection, &whose, asked).await?;
        let known = rows.into_iter().filter_map(|(record, step, before)| {
            let step = Step::from_code(&step)?;
            Some((record, QueuePosition { step, before }))
        });
        Ok(known.collect())
    }
}

/// An act of a user that concerns nobody else.
pub(crate) fn about_user<A>(by: &By, answer: A) -> Done<A> {
    Done {
        subject_kind: "user",
        subject: by.user.to_string(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}
