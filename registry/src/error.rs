//! Why nothing happened.

use domain::Refusal;
use domain::refusal::codes;

use crate::store::engine;

/// Why an act or a read did not happen. In every case nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules do not allow it; each refusal says what the person can do, most at a form field.
    #[error("refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// This role may not do this at all.
    #[error("this role may not do that")]
    Forbidden,
    /// There is no such thing, or it belongs to somebody else: the answer is the same.
    #[error("not found")]
    NotFound,
    /// The database was too busy. Nothing was written; trying again with the same key is safe.
    #[error("the database is too busy; nothing was written")]
    Busy,
    /// The database failed, or holds something this release cannot read.
    #[error("store: {0}")]
    Store(String),
}

impl Error {
    /// The refusals to show: those of `Refused`, and one refusal of the whole act for the other kinds;
    /// empty for `Store`, which is not the person's business.
    pub fn refusals(&self) -> Vec<Refusal> {
        match self {
            Self::Refused(refusals) => refusals.clone(),
            Self::Forbidden => vec![Refusal::new(codes::ROLE_NOT_ALLOWED)],
            Self::NotFound => vec![Refusal::new(codes::NOT_FOUND)],
            Self::Busy => vec![Refusal::new(codes::BUSY)],
            Self::Store(_) => Vec::new(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Error {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

/// A failed statement: another act was in the way, or the store failed.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if engine::is_passing(&error) {
            Self::Busy
        } else if engine::is_unstorable_text(&error) {
            Self::NotFound
        } else {
            Self::Store(error.to_string())
        }
    }
}
