//! What the doors need to remember: sessions, sign-in attempts, and what was typed into a refused form.

use domain::id::UserId;
use domain::{Instant, Refusal};
use serde::Serialize;
use serde_json::Value;

use crate::perform::new_id;
use crate::store::session::{self, SessionStored};
use crate::{Error, Fields, Registry};

/// How long a refused form and a message are kept, seconds.
const FORM_SECONDS: i64 = 3600;
/// How long a failure to sign in is kept at least, seconds.
const FAILURE_SECONDS: i64 = 24 * 3600;

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
        let mut connection = self.store.write().await?;
        session::put(&mut connection, &stored(session), true).await?;
        Ok(())
    }

    /// Stores a new session; `false` if the id is taken and nothing was written.
    pub async fn session_create(&self, session: &SessionRow) -> Result<bool, Error> {
        let mut connection = self.store.write().await?;
        Ok(session::put(&mut connection, &stored(session), false).await? == 1)
    }

    /// The session with this id if it has not ended at `now`.
    pub async fn session_load(&self, id: &str, now: Instant) -> Result<Option<SessionRow>, Error> {
        let mut connection = self.store.read().await?;
        let found = session::get(&mut connection, id, now.0).await?;
        Ok(found.map(|row| SessionRow {
            id: row.id,
            user: row.user_id.map(UserId::from),
            data: row.data,
            expires: Instant(row.expires_at),
        }))
    }

    /// Ends a session.
    pub async fn session_delete(&self, id: &str) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        Ok(session::delete(&mut connection, id).await?)
    }

    /// Ends every session of a user, except one if given; how many ended.
    pub async fn session_delete_all_of_user(
        &self,
        user: &UserId,
        keep: Option<&str>,
    ) -> Result<u64, Error> {
        let mut connection = self.store.write().await?;
        Ok(session::delete_of_user(&mut connection, user.as_str(), keep.unwrap_or("")).await?)
    }

    /// Removes sessions, form memories and sign-in attempts that are over; how many sessions.
    pub async fn session_delete_expired(&self, now: Instant) -> Result<u64, Error> {
        let mut connection = self.store.write().await?;
        Ok(session::delete_expired(&mut connection, now.0, now.0 - FAILURE_SECONDS).await?)
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
        let mut connection = self.store.read().await?;
        let since = system_now.0.saturating_sub(window_seconds);
        let email = email.trim().to_lowercase();
        let failures = session::failures_since(&mut connection, &email, address, since).await?;
        let until = failures
            .into_iter()
            .zip([per_email_max, per_address_max])
            .filter(|((count, _), max)| count >= max);
        let until = until.filter_map(|((_, earliest), _)| earliest).max();
        Ok(until.map_or(SignInLimit::Allowed, |earliest| {
            SignInLimit::LimitedUntil(Instant(earliest.saturating_add(window_seconds)))
        }))
    }

    /// Records a failed attempt to sign in.
    pub async fn sign_in_failed(
        &self,
        email: &str,
        address: &str,
        system_now: Instant,
    ) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        let email = email.trim().to_lowercase();
        Ok(
            session::failure_insert(&mut connection, &new_id(), &email, address, system_now.0)
                .await?,
        )
    }

    /// Forgets the failures of this e-mail after a success.
    pub async fn sign_in_succeeded(&self, email: &str) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        Ok(session::failures_forget(&mut connection, &email.trim().to_lowercase()).await?)
    }

    /// Keeps what was typed into a refused form for one hour and answers with the id for `?again=`. Fields whose
    /// name contains `password` or begins with `identity_` are left out here, whatever the caller sends.
    pub async fn form_remember(
        &self,
        session: &str,
        act: &str,
        fields: &Fields,
        refusals: &[Refusal],
        now: Instant,
    ) -> Result<String, Error> {
        let kept: Fields = fields
            .iter()
            .filter(|(name, _)| !is_secret(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let refusals: Vec<Value> = refusals
            .iter()
            .map(|refusal| {
                let params: serde_json::Map<String, Value> =
                    refusal.params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
                serde_json::json!({ "code": refusal.code, "field": refusal.field, "params": params })
            })
            .collect();
        let id = uuid::Uuid::new_v4().to_string();
        let (kept, refusals) = (text_of(&kept)?, text_of(&refusals)?);
        let mut connection = self.store.write().await?;
        session::form_insert(
            &mut connection,
            &id,
            session,
            act,
            &kept,
            &refusals,
            now.0 + FORM_SECONDS,
        )
        .await?;
        Ok(id)
    }

    /// What was kept under this id for this session, while it lasts; may be read again (reload).
    pub async fn form_recall(
        &self,
        session: &str,
        id: &str,
        now: Instant,
    ) -> Result<Option<FormMemory>, Error> {
        let mut connection = self.store.read().await?;
        let Some((act, fields, refusals)) =
            session::form_get(&mut connection, id, session, now.0).await?
        else {
            return Ok(None);
        };
        let unreadable = |error: serde_json::Error| Error::Store(format!("form {id}: {error}"));
        Ok(Some(FormMemory {
            act,
            fields: serde_json::from_str(&fields).map_err(unreadable)?,
            refusals: serde_json::from_str(&refusals).map_err(unreadable)?,
        }))
    }

    /// Keeps a message to show on the next page of this session.
    pub async fn flash_put(
        &self,
        session: &str,
        message: &Value,
        now: Instant,
    ) -> Result<(), Error> {
        let mut connection = self.store.write().await?;
        let message = message.to_string();
        Ok(session::flash_insert(
            &mut connection,
            &new_id(),
            session,
            &message,
            now.0 + FORM_SECONDS,
        )
        .await?)
    }

    /// Takes the messages to show, oldest first; each is given once.
    pub async fn flash_take(&self, session: &str, now: Instant) -> Result<Vec<Value>, Error> {
        let mut connection = self.store.read().await?;
        if !session::flash_waits(&mut connection, session).await? {
            return Ok(Vec::new());
        }
        drop(connection);
        let mut connection = self.store.write().await?;
        let mut taken = session::flash_take(&mut connection, session).await?;
        taken.sort();
        let lasting = taken.iter().filter(|(_, _, expires)| *expires > now.0);
        Ok(lasting
            .filter_map(|(_, message, _)| serde_json::from_str(message).ok())
            .collect())
    }
}

/// Passwords, and what somebody's document says: never kept as they were typed.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("password") || name.starts_with("identity_")
}

fn stored(session: &SessionRow) -> SessionStored {
    SessionStored {
        id: session.id.clone(),
        user_id: session.user.as_ref().map(ToString::to_string),
        data: session.data.clone(),
        expires_at: session.expires.0,
    }
}

fn text_of(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Store(format!("form: {error}")))
}
