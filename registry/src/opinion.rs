//! Comments of the public during publicity.

use domain::refusal::codes;
use domain::text::{optional_text, required_text};
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::complaint::check_author;
use crate::perform::{Deed, Done, Tx, perform};
use crate::record::{self, State, check_party, reason};
use crate::show::{may_see, opinion_view};
use crate::store::complaint::note_authority;
use crate::store::record::{self as store, OpinionRow, RecordRow};
use crate::{By, Error, Fields, RecordKind, Registry, Visitor};

/// The longest name and contact of an author, characters.
const AUTHOR_MAX: usize = 100;
/// The longest comment or answer, characters.
const TEXT_MAX: usize = 4000;

/// The answer to an act on an opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionReceipt {
    /// The opinion.
    pub id: String,
    /// `submitted`, `published` or `refused`.
    pub moderation: String,
}

/// An opinion as the owner, the VVB and the registry see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpinionView {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub kind: RecordKind,
    /// The record.
    pub record: String,
    /// The name the author gave.
    pub author: String,
    /// How to reach the author; for the registry only, `None` for others.
    pub contact: Option<String>,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Instant,
    /// `submitted`, `published` or `refused`.
    pub moderation: String,
    /// Why it was refused.
    pub moderation_reason: Option<String>,
    /// The owner's answer.
    pub reply: Option<String>,
    /// When the owner answered.
    pub replied_at: Option<Instant>,
    /// How the VVB says it was handled.
    pub handled: Option<String>,
    /// To which authority it was reported; for the registry only, `None` for others.
    pub authority_note: Option<String>,
}

impl Registry {
    /// Anyone comments on a record in publicity. Reads `author`, `contact`, `text`.
    pub async fn opinion_submit(
        &self,
        visitor: &Visitor,
        kind: RecordKind,
        record: &str,
        fields: &Fields,
    ) -> Result<OpinionReceipt, Error> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let author = required_text("author", typed("author"), AUTHOR_MAX);
        let contact = optional_text("contact", typed("contact"), AUTHOR_MAX);
        let text = required_text("text", typed("text"), TEXT_MAX);
        let (author, contact, text) = match (author, contact, text) {
            (Ok(author), Ok(contact), Ok(text)) => (author, contact.unwrap_or_default(), text),
            (author, contact, text) => {
                let refusals = [author.err(), contact.err(), text.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        let deed = Deed::by_visitor(
            Act::OpinionSubmit,
            visitor,
            &(kind, record, &author, &contact, &text),
        )?;
        perform!(self, deed, |tx| {
            let row = store::by_id(tx.connection(), kind.code(), record)
                .await?
                .ok_or(Error::NotFound)?;
            let row = record::settle(tx, row).await?;
            if row.public_tab.is_none() {
                return Err(Error::NotFound);
            }
            State::of(&row)?.check_allows_opinion(Act::OpinionSubmit)?;
            let today = tx.at.beijing_date().to_string();
            check_author(tx.connection(), &contact, &today).await?;
            let (id, at) = (crate::perform::new_id(), tx.at.0);
            store::opinion_insert(tx.connection(), &id, &row.id, &author, &contact, &text, at)
                .await?;
            Ok(done(&row, id, "submitted", None))
        })
    }

    /// The registry publishes a comment.
    pub async fn opinion_publish(&self, by: &By, opinion: &str) -> Result<OpinionReceipt, Error> {
        let deed = Deed::by(Act::OpinionPublish, by, &opinion)?;
        perform!(self, deed, |tx| {
            let (row, found) = open(tx, by, Act::OpinionPublish, opinion).await?;
            check_moderation(&found, "submitted")?;
            store::opinion_moderate(tx.connection(), &found.id, "published", None).await?;
            Ok(done(&row, found.id, "published", None))
        })
    }

    /// The registry refuses to publish a comment. Reads `reason`, and `authority`: to whom it was reported as illegal or harmful, if it was
    /// (registration rules art. 19); that note stays with the registry.
    pub async fn opinion_refuse(
        &self,
        by: &By,
        opinion: &str,
        fields: &Fields,
    ) -> Result<OpinionReceipt, Error> {
        let deed = Deed::by(Act::OpinionRefuse, by, &(opinion, fields))?;
        let reason = reason(fields)?;
        let authority = fields.get("authority").map_or("", String::as_str);
        let authority = optional_text("authority", authority, TEXT_MAX)?;
        perform!(self, deed, |tx| {
            let (row, found) = open(tx, by, Act::OpinionRefuse, opinion).await?;
            check_moderation(&found, "submitted")?;
            store::opinion_moderate(tx.connection(), &found.id, "refused", Some(&reason)).await?;
            if let Some(note) = &authority {
                note_authority(tx.connection(), &found.id, note).await?;
            }
            Ok(done(&row, found.id, "refused", Some(reason.clone())))
        })
    }

    /// The owner answers a published comment. Reads `reply`.
    pub async fn opinion_reply(
        &self,
        by: &By,
        opinion: &str,
        fields: &Fields,
    ) -> Result<OpinionReceipt, Error> {
        let deed = Deed::by(Act::OpinionReply, by, &(opinion, fields))?;
        let reply = required_text(
            "reply",
            fields.get("reply").map_or("", String::as_str),
            TEXT_MAX,
        )?;
        perform!(self, deed, |tx| {
            let (row, found) = open(tx, by, Act::OpinionReply, opinion).await?;
            if !may_see(by, &found) {
                return Err(Error::NotFound);
            }
            if found.reply.is_some() {
                return Err(Refusal::new(codes::STALE_FORM).into());
            }
            let at = tx.at.0;
            store::opinion_reply(tx.connection(), &found.id, &reply, at).await?;
            Ok(done(&row, found.id, "published", None))
        })
    }

    /// One opinion, as its parties see it.
    pub async fn opinion_get(&self, by: &By, opinion: &str) -> Result<OpinionView, Error> {
        let mut connection = self.store.read().await?;
        let found = store::opinion_by_id(&mut connection, opinion)
            .await?
            .ok_or(Error::NotFound)?;
        let row = store::by_id(&mut connection, &found.kind, &found.record_id)
            .await?
            .ok_or(Error::NotFound)?;
        check_party(by, &row)?;
        if may_see(by, &found) {
            opinion_view(by, found)
        } else {
            Err(Error::NotFound)
        }
    }
}

/// An opinion with its record, for a party of the record, if the state allows the act.
async fn open(
    tx: &mut Tx,
    by: &By,
    act: Act,
    opinion: &str,
) -> Result<(RecordRow, OpinionRow), Error> {
    let found = store::opinion_by_id(tx.connection(), opinion)
        .await?
        .ok_or(Error::NotFound)?;
    let kind = RecordKind::from_code(&found.kind).ok_or(Error::NotFound)?;
    let row = record::open(tx, by, kind, &found.record_id).await?;
    State::of(&row)?.check_allows_opinion(act)?;
    Ok((row, found))
}

/// A decision on a comment is made once.
fn check_moderation(opinion: &OpinionRow, expected: &str) -> Result<(), Refusal> {
    if opinion.moderation == expected {
        Ok(())
    } else {
        Err(Refusal::new(codes::STALE_FORM))
    }
}

/// Entered in the chain of the record; the public sees the opinion itself once it is published.
fn done(
    row: &RecordRow,
    id: String,
    moderation: &str,
    note: Option<String>,
) -> Done<OpinionReceipt> {
    Done {
        subject_kind: if row.project_id.is_some() {
            "report"
        } else {
            "project"
        },
        subject: row.id.clone(),
        state: None,
        note,
        is_public: false,
        answer: OpinionReceipt {
            id,
            moderation: moderation.to_owned(),
        },
    }
}
