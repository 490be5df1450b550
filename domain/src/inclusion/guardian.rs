//! The consent of a guardian: asked of the guardian by mail, never of the child.
//!
//! Personal information of somebody younger than 14 is sensitive (Personal Information Protection Law art. 28), and handling it needs the
//! consent of a parent or another guardian (art. 31) [K: the law is quoted from general knowledge]. A link that only the mailbox of the
//! guardian gets is the means; it shows that somebody who reads that mailbox agreed, not who that is.

use serde::{Deserialize, Serialize};

/// How long a guardian may answer, seconds. A choice of this platform.
pub const ANSWER_SECONDS: i64 = 7 * 24 * 3600;
/// How many letters an account may have sent to a guardian within a day: nobody's mailbox is filled by somebody else's form.
pub const LETTERS_A_DAY_MAX: i64 = 10;

/// What became of a question to a guardian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// The guardian may answer.
    Asked,
    /// The guardian agreed.
    Agreed,
    /// The guardian refused.
    Refused,
    /// The same was asked again: the link of the newer letter counts.
    Replaced,
    /// Nobody answered in time.
    Expired,
    /// The account was closed before an answer.
    Withdrawn,
}

impl RequestState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Asked,
        Self::Agreed,
        Self::Refused,
        Self::Replaced,
        Self::Expired,
        Self::Withdrawn,
    ];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}
