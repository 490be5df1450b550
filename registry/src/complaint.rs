//! Complaints about public projects, and authors of comments whose right to comment is suspended.
//!
//! Anyone may report wrongdoing at any time (Measures art. 41). What is public: the kind, the day, how far the registry is, and its answer; the
//! text and its author stay with the registry.

use domain::complaint::{ComplaintKind, ComplaintState, comparable_contact};
use domain::refusal::codes;
use domain::text::{date, optional_text, required_text};
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{self, RecordKind, reason};
use crate::store::complaint::{self as store, ComplaintRow, NewComplaint, SuspensionRow};
use crate::store::record as records;
use crate::{By, Error, Fields, Registry, Visitor};

/// The longest name and contact, characters.
const AUTHOR_MAX: usize = 100;
/// The longest complaint, note or answer, characters.
const TEXT_MAX: usize = 4000;
/// Rows on the registry's page.
const LISTED_MAX: i64 = 500;

/// The answer to an act on a complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintReceipt {
    /// The complaint.
    pub id: String,
    /// `received`, `under_investigation` or `answered`.
    pub state: String,
}

/// A complaint as the registry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComplaintView {
    /// Its id.
    pub id: String,
    /// The project.
    pub project: String,
    /// The project's code.
    pub project_code: Option<String>,
    /// The project's name.
    pub project_name: String,
    /// The kind's code.
    pub kind: String,
    /// The name given.
    pub author: String,
    /// How to reach the author.
    pub contact: String,
    /// What is reported.
    pub text: String,
    /// The state's code.
    pub state: String,
    /// The registry's own note.
    pub note: Option<String>,
    /// The public answer.
    pub reply: Option<String>,
    /// When it was answered.
    pub replied_at: Option<Instant>,
    /// When it came in.
    pub at: Instant,
}

/// The answer to suspending or restoring an author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorReceipt {
    /// The suspension.
    pub id: String,
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
}

/// A suspension as the registry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuspendedAuthor {
    /// Its id.
    pub id: String,
    /// The contact, as it is compared.
    pub contact: String,
    /// The last day, `YYYY-MM-DD`.
    pub until: String,
    /// Why.
    pub reason: String,
    /// When it was lifted.
    pub restored_at: Option<Instant>,
    /// When it began.
    pub at: Instant,
}

impl Registry {
    /// Anyone reports wrongdoing about a public project, by its id. Reads `kind`, `author`, `contact` and `text`.
    pub async fn complaint_submit(
        &self,
        visitor: &Visitor,
        project: &str,
        fields: &Fields,
    ) -> Result<ComplaintReceipt, Error> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let kind = match (ComplaintKind::from_code(typed("kind")), typed("kind")) {
            (Some(kind), _) => Ok(kind),
            (None, "") => Err(Refusal::new(codes::REQUIRED).at("kind")),
            (None, _) => Err(Refusal::new(codes::CHOICE_INVALID).at("kind")),
        };
        let author = required_text("author", typed("author"), AUTHOR_MAX);
        let contact = required_text("contact", typed("contact"), AUTHOR_MAX);
        let text = required_text("text", typed("text"), TEXT_MAX);
        let (kind, author, contact, text) = match (kind, author, contact, text) {
            (Ok(kind), Ok(author), Ok(contact), Ok(text)) => (kind, author, contact, text),
            (kind, author, contact, text) => {
                let refusals = [kind.err(), author.err(), contact.err(), text.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        let deed = Deed::by_visitor(
            Act::ComplaintSubmit,
            visitor,
            &(project, kind.code(), &author, &contact, &text),
        )?;
        perform!(self, deed, |tx| {
            let row = records::by_id(tx.connection(), RecordKind::Project.code(), project)
                .await?
                .ok_or(Error::NotFound)?;
            let row = record::settle(tx, row).await?;
            if row.public_tab.is_none() {
                return Err(Error::NotFound);
            }
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            let new = NewComplaint {
                id: &id,
                project_id: &row.id,
                kind: kind.code(),
                author: &author,
                contact: &contact,
                body: &text,
                at,
                act_id: &act,
            };
            store::insert(tx.connection(), &new).await?;
            Ok(done(id, ComplaintState::Received, None))
        })
    }

    /// The registry begins to look into a complaint. Reads `note`, which stays with the registry.
    pub async fn complaint_investigate(
        &self,
        by: &By,
        complaint: &str,
        fields: &Fields,
    ) -> Result<ComplaintReceipt, Error> {
        let deed = Deed::by(Act::ComplaintInvestigate, by, &(complaint, fields))?;
        perform!(self, deed, |tx| {
            let row = step(tx, complaint, ComplaintState::UnderInvestigation).await?;
            let note = fields.get("note").map_or("", String::as_str);
            let note = optional_text("note", note, TEXT_MAX)?;
            store::investigate(tx.connection(), &row.id, note.as_deref()).await?;
            Ok(done(row.id, ComplaintState::UnderInvestigation, note))
        })
    }

    /// The registry answers a complaint; the answer is public. Reads `reply`.
    pub async fn complaint_answer(
        &self,
        by: &By,
        complaint: &str,
        fields: &Fields,
    ) -> Result<ComplaintReceipt, Error> {
        let deed = Deed::by(Act::ComplaintAnswer, by, &(complaint, fields))?;
        perform!(self, deed, |tx| {
            let row = step(tx, complaint, ComplaintState::Answered).await?;
            let reply = fields.get("reply").map_or("", String::as_str);
            let (reply, at) = (required_text("reply", reply, TEXT_MAX)?, tx.at.0);
            store::answer(tx.connection(), &row.id, &reply, at).await?;
            Ok(done(row.id, ComplaintState::Answered, Some(reply)))
        })
    }

    /// Every complaint, open ones first, at most 500. For the registry.
    pub async fn complaints(&self, by: &By) -> Result<Vec<ComplaintView>, Error> {
        Deed::check_role(Act::ComplaintAnswer, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::all(&mut connection, LISTED_MAX).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// One complaint. For the registry.
    pub async fn complaint_get(&self, by: &By, complaint: &str) -> Result<ComplaintView, Error> {
        Deed::check_role(Act::ComplaintAnswer, by)?;
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, complaint).await?;
        row.map(view).ok_or(Error::NotFound)
    }

    /// The registry suspends the right to comment of an opinion's author, by the contact given (registration rules art. 19). Reads `reason` and
    /// `until`, the last day.
    pub async fn author_suspend(
        &self,
        by: &By,
        opinion: &str,
        fields: &Fields,
    ) -> Result<AuthorReceipt, Error> {
        let deed = Deed::by(Act::AuthorSuspend, by, &(opinion, fields))?;
        perform!(self, deed, |tx| {
            let found = records::opinion_by_id(tx.connection(), opinion)
                .await?
                .ok_or(Error::NotFound)?;
            let contact = comparable_contact(&found.contact);
            if contact.is_empty() {
                return Err(Refusal::new(codes::AUTHOR_WITHOUT_CONTACT).into());
            }
            let (until, why) = suspension(tx, fields)?;
            let row = SuspensionRow {
                id: new_id(),
                contact,
                until_day: until.clone(),
                reason: why.clone(),
                restored_at: None,
                at: tx.at.0,
            };
            let act = tx.act.clone();
            store::suspend(tx.connection(), &row, &found.id, &act).await?;
            Ok(author_done(row.id, until, Some(why)))
        })
    }

    /// The registry gives an author the right to comment back.
    pub async fn author_restore(&self, by: &By, suspension: &str) -> Result<AuthorReceipt, Error> {
        let deed = Deed::by(Act::AuthorRestore, by, &suspension)?;
        perform!(self, deed, |tx| {
            let row = store::suspension_by_id(tx.connection(), suspension)
                .await?
                .ok_or(Error::NotFound)?;
            if row.restored_at.is_some() {
                return Err(Refusal::new(codes::STALE_FORM).into());
            }
            let at = tx.at.0;
            store::restore(tx.connection(), &row.id, at).await?;
            Ok(author_done(row.id, row.until_day, None))
        })
    }

    /// The suspended authors, newest first, at most 500. For the registry.
    pub async fn suspended_authors(&self, by: &By) -> Result<Vec<SuspendedAuthor>, Error> {
        Deed::check_role(Act::AuthorSuspend, by)?;
        let mut connection = self.store.read().await?;
        let rows = store::suspensions(&mut connection, LISTED_MAX).await?;
        let rows = rows.into_iter().map(|row| SuspendedAuthor {
            id: row.id,
            contact: row.contact,
            until: row.until_day,
            reason: row.reason,
            restored_at: row.restored_at.map(Instant),
            at: Instant(row.at),
        });
        Ok(rows.collect())
    }
}

/// The last day, not before today, and the reason.
fn suspension(tx: &Tx, fields: &Fields) -> Result<(String, String), Vec<Refusal>> {
    let today = tx.at.beijing_date();
    let until = date("until", fields.get("until").map_or("", String::as_str));
    let until = until.and_then(|until| {
        if until >= today {
            return Ok(until);
        }
        Err(Refusal::new(codes::END_BEFORE_START)
            .at("until")
            .with("start", today)
            .with("end", until))
    });
    match (until, reason(fields)) {
        (Ok(until), Ok(reason)) => Ok((until.to_string(), reason)),
        (until, reason) => Err([until.err(), reason.err()].into_iter().flatten().collect()),
    }
}

/// Refuses a comment of an author whose right is suspended.
pub(crate) async fn check_author(
    connection: &mut AnyConnection,
    contact: &str,
    today: &str,
) -> Result<(), Error> {
    let contact = comparable_contact(contact);
    if contact.is_empty() {
        return Ok(());
    }
    match store::suspended_until(connection, &contact, today).await? {
        None => Ok(()),
        Some(until) => Err(Refusal::new(codes::AUTHOR_SUSPENDED)
            .at("contact")
            .with("until", until)
            .into()),
    }
}

/// The complaint, if the step is one of its next.
async fn step(tx: &mut Tx, id: &str, to: ComplaintState) -> Result<ComplaintRow, Error> {
    let row = store::by_id(tx.connection(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let from = ComplaintState::from_code(&row.state)
        .ok_or_else(|| Error::Store(format!("complaint {id} is {}", row.state)))?;
    from.next(to)?;
    Ok(row)
}

fn done(id: String, state: ComplaintState, note: Option<String>) -> Done<ComplaintReceipt> {
    Done {
        subject_kind: "complaint",
        subject: id.clone(),
        state: None,
        note,
        is_public: false,
        answer: ComplaintReceipt {
            id,
            state: state.code().to_owned(),
        },
    }
}

fn author_done(id: String, until: String, note: Option<String>) -> Done<AuthorReceipt> {
    Done {
        subject_kind: "author",
        subject: id.clone(),
        state: None,
        note,
        is_public: false,
        answer: AuthorReceipt { id, until },
    }
}

fn view(row: ComplaintRow) -> ComplaintView {
    ComplaintView {
        id: row.id,
        project: row.project_id,
        project_code: row.project_code,
        project_name: row.project_name,
        kind: row.kind,
        author: row.author,
        contact: row.contact,
        text: row.body,
        state: row.state,
        note: row.note,
        reply: row.reply,
        replied_at: row.replied_at.map(Instant),
        at: Instant(row.at),
    }
}
