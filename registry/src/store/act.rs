//! The record of acts.

use sqlx::{AnyConnection, FromRow};

use crate::perform::hash;

/// An entry to write.
pub(crate) struct NewAct<'a> {
    pub(crate) id: &'a str,
    pub(crate) at: i64,
    pub(crate) kind: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) key: &'a str,
    pub(crate) body_hash: &'a str,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) organisation_id: Option<&'a str>,
    pub(crate) subject_kind: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) sequence: i64,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
    pub(crate) state: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) answer: &'a str,
    pub(crate) is_public: i64,
}

impl NewAct<'_> {
    /// The hash of the entry: of everything in it and of the hash before it.
    pub(crate) fn chain_hash(&self) -> String {
        hash(&[
            &self.previous_hash,
            self.id,
            &self.at.to_string(),
            self.kind,
            self.scope,
            self.key,
            self.body_hash,
            self.user_id.unwrap_or(""),
            self.organisation_id.unwrap_or(""),
            self.subject_kind,
            self.subject,
            &self.sequence.to_string(),
            self.state.unwrap_or(""),
            self.note.unwrap_or(""),
            self.answer,
            &self.is_public.to_string(),
        ])
    }
}

/// An entry as stored.
#[derive(FromRow)]
pub(crate) struct ActRow {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) scope: String,
    pub(crate) key: String,
    pub(crate) body_hash: String,
    pub(crate) user_id: Option<String>,
    pub(crate) organisation_id: Option<String>,
    pub(crate) subject_kind: String,
    pub(crate) subject: String,
    pub(crate) sequence: i64,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
    pub(crate) state: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) answer: String,
    pub(crate) is_public: i64,
}

impl ActRow {
    /// The hash this entry must have, after this one before it.
    pub(crate) fn expected_hash(&self, previous_hash: &str) -> String {
        NewAct {
            id: &self.id,
            at: self.at,
            kind: &self.kind,
            scope: &self.scope,
            key: &self.key,
            body_hash: &self.body_hash,
            user_id: self.user_id.as_deref(),
            organisation_id: self.organisation_id.as_deref(),
            subject_kind: &self.subject_kind,
            subject: &self.subject,
            sequence: self.sequence,
            previous_hash: previous_hash.to_owned(),
            hash: String::new(),
            state: self.state.as_deref(),
            note: self.note.as_deref(),
            answer: &self.answer,
            is_public: self.is_public,
        }
        .chain_hash()
    }
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    act: &NewAct<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO act (id, at, kind, scope, key, body_hash, user_id, organisation_id, subject_kind, subject, sequence, \
         previous_hash, hash, state, note, answer, is_public) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(act.id)
    .bind(act.at)
    .bind(act.kind)
    .bind(act.scope)
    .bind(act.key)
    .bind(act.body_hash)
    .bind(act.user_id)
    .bind(act.organisation_id)
    .bind(act.subject_kind)
    .bind(act.subject)
    .bind(act.sequence)
    .bind(&*act.previous_hash)
    .bind(&*act.hash)
    .bind(act.state)
    .bind(act.note)
    .bind(act.answer)
    .bind(act.is_public)
    .execute(connection)
    .await?;
    Ok(())
}

const COLUMNS: &str = "id, at, kind, scope, key, body_hash, user_id, organisation_id, subject_kind, subject, sequence, previous_hash, hash, state, note, answer, is_public";

/// The entry made with this key.
pub(crate) async fn by_key(
    connection: &mut AnyConnection,
    scope: &str,
    key: &str,
) -> Result<Option<ActRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM act WHERE scope = $1 AND key = $2"
    )))
    .bind(scope)
    .bind(key)
    .fetch_optional(connection)
    .await
}

/// Sequence and hash of the last entry about a subject.
pub(crate) async fn last_of(
    connection: &mut AnyConnection,
    subject: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT sequence, hash FROM act WHERE subject = $1 ORDER BY sequence DESC LIMIT 1",
    )
    .bind(subject)
    .fetch_optional(connection)
    .await
}

/// Every entry, chain by chain; one page of them after the given place.
pub(crate) async fn page(
    connection: &mut AnyConnection,
    after_subject: &str,
    after_sequence: i64,
    size: i64,
) -> Result<Vec<ActRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM act WHERE subject > $1 OR (subject = $1 AND sequence > $2) ORDER BY subject, sequence LIMIT $3"
    )))
    .bind(after_subject)
    .bind(after_sequence)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// An entry with the names of those who did it.
#[derive(FromRow)]
pub(crate) struct TimelineRow {
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) state: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) hash: String,
    pub(crate) organisation_id: Option<String>,
    pub(crate) organisation: Option<String>,
    pub(crate) person: Option<String>,
}

/// What happened to a subject, oldest first, without the savings of drafts.
pub(crate) async fn timeline(
    connection: &mut AnyConnection,
    subject: &str,
) -> Result<Vec<TimelineRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT act.at, act.kind, act.state, act.note, act.hash, act.organisation_id, organisation.name AS organisation, \
         user_account.name AS person \
         FROM act LEFT JOIN organisation ON organisation.id = act.organisation_id \
         LEFT JOIN user_account ON user_account.id = act.user_id \
         WHERE act.subject = $1 AND act.kind NOT IN ('project_save', 'report_save') ORDER BY act.sequence",
    )
    .bind(subject)
    .fetch_all(connection)
    .await
}
