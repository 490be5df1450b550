//! What the doors need to remember: sessions, sign-in attempts, and what was typed into a refused form.

use domain::id::UserId;
use domain::{Instant, Refusal};
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Fields, Registry};

/// A session as the session layer stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The session layer's id.
    pub id: String,
    /// The signed-in user, if any: so that all sessions of a user can be ended.
    pub user: Option<UserId>,
    /// The session layer's data, as text.
    pub data: String,
    /// When it ends.
    pub expires: Instant,
}

/// Whether one more attempt to sign in is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInLimit {
    /// Go on.
    Allowed,
    /// Too many failures; try again after this moment.
    LimitedUntil(Instant),
}

/// What was typed into a form that was refused, and why; or a message to show once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormMemory {
    /// The act.
    pub act: String,
    /// What was typed, without passwords.
    pub fields: Fields,
    /// The refusals, as JSON objects `{code, field, params}`.
    pub refusals: Value,
}

impl Registry {
    /// Stores a session, replacing the one with this id.
    pub async fn session_save(&self, session: &SessionRow) -> Result<(), Error> {
        let _ = session;
        Err(Error::not_built())
    }

    /// Stores a new session; `false` if the id is taken and nothing was written.
    pub async fn session_create(&self, session: &SessionRow) -> Result<bool, Error> {
        let _ = session;
        Err(Error::not_built())
    }

    /// The session with this id if it has not ended at `now`.
    pub async fn session_load(&self, id: &str, now: Instant) -> Result<Option<SessionRow>, Error> {
        let _ = (id, now);
        Err(Error::not_built())
    }

    /// Ends a session.
    pub async fn session_delete(&self, id: &str) -> Result<(), Error> {
        let _ = id;
        Err(Error::not_built())
    }

    /// Ends every session of a user, except one if given; how many ended.
    pub async fn session_delete_all_of_user(
        &self,
        user: &UserId,
        keep: Option<&str>,
    ) -> Result<u64, Error> {
        let _ = (user, keep);
        Err(Error::not_built())
    }

    /// Removes sessions, form memories and sign-in attempts that are over; how many sessions.
    pub async fn session_delete_expired(&self, now: Instant) -> Result<u64, Error> {
        let _ = now;
        Err(Error::not_built())
    }

    /// Whether this address may try to sign in as this e-mail: at most `per_email_max` failures for the e-mail and
    /// `per_address_max` for the address within the last `window_seconds`. `system_now` is the real clock, not the demo one.
    pub async fn sign_in_limit(
        &self,
        email: &str,
        address: &str,
        system_now: Instant,
        window_seconds: i64,
        per_email_max: i64,
        per_address_max: i64,
    ) -> Result<SignInLimit, Error> {
        let _ = (
            email,
            address,
            system_now,
            window_seconds,
            per_email_max,
            per_address_max,
        );
        Err(Error::not_built())
    }

    /// Records a failed attempt to sign in.
    pub async fn sign_in_failed(
        &self,
        email: &str,
        address: &str,
        system_now: Instant,
    ) -> Result<(), Error> {
        let _ = (email, address, system_now);
        Err(Error::not_built())
    }

    /// Forgets the failures of this e-mail after a success.
    pub async fn sign_in_succeeded(&self, email: &str) -> Result<(), Error> {
        let _ = email;
        Err(Error::not_built())
    }

    /// Keeps what was typed into a refused form for one hour and answers with the id for `?again=`. Fields whose
    /// name contains `password` are left out here, whatever the caller sends.
    pub async fn form_remember(
        &self,
        session: &str,
        act: &str,
        fields: &Fields,
        refusals: &[Refusal],
        now: Instant,
    ) -> Result<String, Error> {
        let _ = (session, act, fields, refusals, now);
        Err(Error::not_built())
    }

    /// What was kept under this id for this session, while it lasts; may be read again (reload).
    pub async fn form_recall(
        &self,
        session: &str,
        id: &str,
        now: Instant,
    ) -> Result<Option<FormMemory>, Error> {
        let _ = (session, id, now);
        Err(Error::not_built())
    }

    /// Keeps a message to show on the next page of this session.
    pub async fn flash_put(
        &self,
        session: &str,
        message: &Value,
        now: Instant,
    ) -> Result<(), Error> {
        let _ = (session, message, now);
        Err(Error::not_built())
    }

    /// Takes the messages to show, oldest first; each is given once.
    pub async fn flash_take(&self, session: &str, now: Instant) -> Result<Vec<Value>, Error> {
        let _ = (session, now);
        Err(Error::not_built())
    }
}
