//! What the attendees answer: by a table that the organiser brings, or by a form behind a link.

use domain::event::{
    AttendeeSums, EventStep, FormLimits, LINES_HEADER, SenderCount, attendee_lines, check,
    read_answer, read_attendees,
};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::perform::{Deed, Done, Tx, hash, new_id, perform};
use crate::store::event::{self as store};
use crate::store::people;
use crate::{By, Error, Fields, Registry, Visitor};

use super::flight::measure;
use super::inventory::{read_lines, write_lines};
use super::organiser::open_shared;
use super::{EventReceipt, bare_facts, done, profile_of, state_of, step};

/// Answers are counted over this many seconds.
pub(super) const HOUR_SECONDS: i64 = 3600;
/// Senders are remembered so long, and then forgotten.
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// The answer to an attendee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendReceipt {
    /// Kilometres one way that were counted.
    pub km: i64,
    /// Whether they come from the table of distances.
    pub km_estimated: bool,
}

/// The form for attendees, as anyone with the link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendForm {
    /// Number of the event.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The organiser.
    pub organiser: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Where it is.
    pub city: String,
    /// An answer given before with the same secret, as form fields.
    pub answer: Option<Fields>,
}

impl Registry {
    /// Takes in a table of attendees ([`domain::event::ATTENDEE_COLUMNS`]) in `attendees`; it replaces the one imported before.
    pub async fn event_attendees_import(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventAttendeesImport, by, &(event, fields))?.long();
        let typed = fields.get("attendees").map_or("", String::as_str);
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            step(&mut row, EventStep::Attendees, &facts)?;
            let answers = read_attendees(typed, &profile_of(&row)?.city, measure)?;
            let count = i64::try_from(answers.len()).unwrap_or(i64::MAX);
            let answers: Vec<_> = answers
                .into_iter()
                .map(|answer| (new_id(), answer))
                .collect();
            store::attendees_remove_imported(tx.connection(), &row.id).await?;
            // whether the new table stands for everybody is to be said again
            row.attendee_sources = None;
            let at = tx.at.0;
            store::attendees_insert(tx.connection(), &row.id, &answers, at).await?;
            row.revision += 1;
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.rows = Some(count);
            Ok(done)
        })
    }

    /// Opens the form for attendees under a new link (`open` = `yes`), or closes it. A new link makes the old one useless. `token` is
    /// made by the caller: 1..=100 characters that nobody can guess.
    pub async fn event_form_set(
        &self,
        by: &By,
        event: &str,
        fields: &Fields,
        token: &str,
    ) -> Result<EventReceipt, Error> {
        let deed = Deed::by(Act::EventFormSet, by, &(event, fields))?;
        let opened = fields.get("open").is_some_and(|typed| typed == "yes");
        perform!(self, deed, |tx| {
            let mut row = open_shared(tx, by, event).await?;
            let facts = bare_facts(&row, tx.at)?;
            // opening and closing leaves an account as it is: only answers change it
            let what = if opened {
                EventStep::Attend
            } else {
                EventStep::Attendees
            };
            check(state_of(&row)?, what, &facts)?;
            row.form_token = opened.then(|| token.to_owned());
            store::save(tx.connection(), &row).await?;
            let mut done = done(&row, None);
            done.answer.form.clone_from(&row.form_token);
            Ok(done)
        })
    }

    /// The form behind a link. `secret`: of an answer given before.
    pub async fn event_form(
        &self,
        at: Instant,
        token: &str,
        secret: Option<&str>,
    ) -> Result<AttendForm, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_form(&mut connection, token).await?;
        let row = row.ok_or(Error::NotFound)?;
        let facts = bare_facts(&row, at)?;
        if check(state_of(&row)?, EventStep::Attend, &facts).is_err() {
            return Err(Error::NotFound);
        }
        let organiser = people::organisation_by_id(&mut connection, &row.organisation_id).await?;
        let answer = match secret.filter(|secret| !secret.is_empty()) {
            Some(secret) => {
                store::attendee_by_secret(&mut connection, &row.id, &hash(&[secret])).await?
            }
            None => None,
        };
        let profile = profile_of(&row)?;
        Ok(AttendForm {
            number: row.number,
            name: row.name,
            organiser: organiser.map(|found| found.name).unwrap_or_default(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            city: profile.city,
            answer: answer.map(|(mode, origin, km, estimated, nights, meals)| {
                let km = if estimated == 1 {
                    String::new()
                } else {
                    km.to_string()
                };
                [
                    ("mode", mode),
                    ("origin", origin),
                    ("km", km),
                    ("nights", nights.to_string()),
                    ("meals", meals.to_string()),
                ]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
            }),
        })
    }

    /// An attendee answers, or changes an answer with its secret. Reads `mode`, `origin`, `km`, `nights`, `meals`, `secret` (made by the
    /// page, kept by the attendee's browser) and `website`, which stays empty: programs fill it in. `sender` is what the door made of the
    /// address that sent it, a keyed hash: its answers are counted for a day apart from what they say. `None`: no sender is counted. Changes of
    /// an answer are counted, too.
    pub async fn event_attend(
        &self,
        visitor: &Visitor,
        sender: Option<&str>,
        token: &str,
        fields: &Fields,
    ) -> Result<AttendReceipt, Error> {
        let deed = Deed::by_visitor(Act::EventAttend, visitor, &(token, fields))?;
        let secret = fields.get("secret").map_or("", |text| text.trim());
        let secret = required_text("secret", secret, 100)?;
        if fields.get("website").is_some_and(|text| !text.is_empty()) {
            return Err(Refusal::new(codes::EVENT_FORM_CLOSED).into());
        }
        perform!(self, deed, |tx| {
            let closed = || Refusal::new(codes::EVENT_FORM_CLOSED);
            let row = store::by_form(tx.connection(), token).await?;
            let row = row.ok_or_else(closed)?;
            let facts = bare_facts(&row, tx.at)?;
            check(state_of(&row)?, EventStep::Attend, &facts).map_err(|_| vec![closed()])?;
            let answer = read_answer(fields, &profile_of(&row)?.city, measure)?;
            let secret_hash = hash(&[&secret]);
            let known =
                store::attendee_id_by_secret(tx.connection(), &row.id, &secret_hash).await?;
            if known.is_some() {
                // counted for each answer, whoever sends it
                let changes = hash(&["changes", &secret_hash, &row.id]);
                FormLimits::check_changes(sent(tx, &changes, HOUR_SECONDS).await?)?;
                let at = tx.at.0;
                store::sender_insert(tx.connection(), &new_id(), &changes, at).await?;
            } else {
                let since = tx.at.0 - HOUR_SECONDS;
                let (in_all, in_hour) =
                    store::attendees_by_form(tx.connection(), &row.id, since).await?;
                let limits = FormLimits { people: row.people };
                limits.check(in_all, in_hour)?;
                if let Some(sender) = sender {
                    // another name at every event: nothing leads from one to the other
                    let sender = hash(&[sender, &row.id]);
                    let hour = sent(tx, &sender, HOUR_SECONDS).await?;
                    let day = sent(tx, &sender, DAY_SECONDS).await?;
                    limits.check_sender(hour, day)?;
                    let at = tx.at.0;
                    store::sender_insert(tx.connection(), &new_id(), &sender, at).await?;
                }
            }
            let (id, at) = (known.unwrap_or_else(new_id), tx.at.0);
            store::attendee_put(tx.connection(), &id, &row.id, &answer, &secret_hash, at).await?;
            // each answer is a chain of its own: thousands at once do not wait for each other
            Ok(Done {
                subject_kind: "attendee",
                subject: id,
                state: None,
                note: None,
                is_public: false,
                answer: AttendReceipt {
                    km: answer.km,
                    km_estimated: answer.km_estimated,
                },
            })
        })
    }

    /// Forgets senders of answers after a day; how many rows.
    pub async fn answer_senders_forget(&self, now: Instant) -> Result<u64, Error> {
        let mut connection = self.store.write().await?;
        Ok(store::senders_forget(&mut connection, now.0 - DAY_SECONDS).await?)
    }
}

/// What a sender answered within so many seconds.
async fn sent(tx: &mut Tx, sender: &str, seconds: i64) -> Result<SenderCount, Error> {
    let now = tx.at.0;
    let (answers, earliest) = store::sent_since(tx.connection(), sender, now - seconds).await?;
    Ok(SenderCount {
        answers,
        seconds_left: earliest.map_or(0, |earliest| earliest + seconds - now),
    })
}

/// Lines of the answers in the columns of the inventory, without a header.
pub(super) fn lines_of(sums: &[(String, AttendeeSums)]) -> Result<String, Error> {
    let mut lines = String::new();
    for (source, registered) in [("import", true), ("form", false)] {
        let of_source: Vec<AttendeeSums> = sums
            .iter()
            .filter(|(found, _)| found == source)
            .map(|(_, sums)| sums.clone())
            .collect();
        lines += &attendee_lines(&of_source, registered);
    }
    if lines.is_empty() {
        return Ok(lines);
    }
    let table = read_lines(&format!("{LINES_HEADER}\n{lines}"))?;
    let text = write_lines(&table, false);
    Ok(text
        .split_once('\n')
        .map_or("", |(_, lines)| lines)
        .to_owned())
}
