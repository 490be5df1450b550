//! Comments of the public during publicity.

use domain::Instant;
use serde::{Deserialize, Serialize};

use crate::{By, Error, Fields, RecordKind, Registry, Visitor};

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
        let _ = (visitor, kind, record, fields);
        Err(Error::not_built())
    }

    /// The registry publishes a comment.
    pub async fn opinion_publish(&self, by: &By, opinion: &str) -> Result<OpinionReceipt, Error> {
        let _ = (by, opinion);
        Err(Error::not_built())
    }

    /// The registry refuses to publish a comment. Reads `reason`.
    pub async fn opinion_refuse(
        &self,
        by: &By,
        opinion: &str,
        fields: &Fields,
    ) -> Result<OpinionReceipt, Error> {
        let _ = (by, opinion, fields);
        Err(Error::not_built())
    }

    /// The owner answers a published comment. Reads `reply`.
    pub async fn opinion_reply(
        &self,
        by: &By,
        opinion: &str,
        fields: &Fields,
    ) -> Result<OpinionReceipt, Error> {
        let _ = (by, opinion, fields);
        Err(Error::not_built())
    }

    /// One opinion, as its parties see it.
    pub async fn opinion_get(&self, by: &By, opinion: &str) -> Result<OpinionView, Error> {
        let _ = (by, opinion);
        Err(Error::not_built())
    }
}
