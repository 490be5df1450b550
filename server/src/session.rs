//! Sessions: a random token in a cookie, its hash in the database (`docs/decisions/0005-sessions.md`).
//!
//! Everybody who is shown a form gets a token; a row is written only when somebody signs in. The database keeps the
//! SHA-256 of the token, so that a copy of the database opens no session. The token of forms (`csrf`) is computed from
//! the session's token and the server's secret and needs no storage.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::Instant;
use domain::id::UserId;
use hmac::{Hmac, Mac};
use registry::{Error, Registry, SessionRow, User};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::{Config, Secret};

/// A session that is not used for this long ends.
const IDLE_SECONDS_MAX: i64 = 12 * 3600;
/// A session ends after this long, used or not.
const AGE_SECONDS_MAX: i64 = 7 * 24 * 3600;
/// The row is written again at most this often, not at every request.
const REFRESH_SECONDS_MIN: i64 = 15 * 60;
/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 32;

/// The secret half of a session: in the cookie only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token, or `None` if the system has no randomness to give (then nobody can sign in, which is right).
    pub fn new() -> Option<Self> {
        let mut bytes = [0_u8; TOKEN_BYTES];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(hex::encode(bytes)))
    }

    /// Reads what a cookie says; only texts that could be ours.
    fn from_cookie(text: &str) -> Option<Self> {
        let hexadecimal = text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (text.len() == 2 * TOKEN_BYTES && hexadecimal).then(|| Self(text.to_owned()))
    }

    /// The id of the session in the database.
    pub fn session_id(&self) -> String {
        hex::encode(Sha256::digest(format!("session:{}", self.0)))
    }
}

/// The way sessions are kept: names and flags of the cookie, secret, database.
#[derive(Clone)]
pub struct Sessions {
    registry: Registry,
    secret: Secret,
    /// Whether the cookie travels over TLS only.
    secure: bool,
}

/// What the row says besides the user.
#[derive(Serialize, Deserialize)]
struct SessionData {
    /// By the registry's clock (which may be moved in demo mode): compared with the user's `sessions_valid_from`.
    opened_at: Instant,
    /// By the system's clock: the age of the session.
    opened_at_system: Instant,
}

impl Sessions {
    /// Sessions of this configuration in this database.
    pub fn new(config: &Config, registry: Registry) -> Self {
        Self {
            registry,
            secret: config.secret.clone(),
            secure: !config.cookies_without_tls(),
        }
    }

    /// The token in the request's cookie, if there is one that could be ours.
    pub fn token_of(&self, headers: &HeaderMap) -> Option<Token> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.cookie_name())
            .and_then(|(_, value)| Token::from_cookie(value))
    }

    /// The header that gives the browser this token.
    pub fn cookie(&self, token: &Token) -> Option<HeaderValue> {
        self.cookie_text(&token.0, "")
    }

    /// The header that makes the browser forget its token.
    pub fn cookie_end(&self) -> Option<HeaderValue> {
        self.cookie_text("", "; Max-Age=0")
    }

    fn cookie_text(&self, value: &str, more: &str) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}",
            self.cookie_name()
        ))
        .ok()
    }

    /// With `__Host-` a browser takes the cookie only from this very host and over TLS: no neighbour can plant one.
    fn cookie_name(&self) -> &'static str {
        if self.secure {
            "__Host-huitan"
        } else {
            "huitan"
        }
    }

    /// The token of forms for this session.
    pub fn csrf(&self, token: &Token) -> String {
        self.derive("csrf", &token.0)
    }

    /// A text that stands for an address or an e-mail in records of attempts, without saying which.
    pub fn blind(&self, text: &str) -> String {
        hex::encode(&self.mac("attempt", text).finalize().into_bytes()[..16])
    }

    /// 64 hexadecimal digits that only this server can compute from the text.
    pub fn derive(&self, purpose: &str, text: &str) -> String {
        hex::encode(self.mac(purpose, text).finalize().into_bytes())
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(b":");
        mac.update(text.as_bytes());
        mac
    }

    /// Opens a session for a user under a new token: whatever token the browser had before is worth nothing
    /// afterwards. `now` is the registry's clock, `system_now` the system's.
    pub async fn open(
        &self,
        before: Option<&Token>,
        user: &UserId,
        now: Instant,
        system_now: Instant,
    ) -> Result<Token, Error> {
        if let Some(before) = before {
            self.registry.session_delete(&before.session_id()).await?;
        }
        let token =
            Token::new().ok_or_else(|| Error::Store("the system gave no randomness".to_owned()))?;
        let data = SessionData {
            opened_at: now,
            opened_at_system: system_now,
        };
        self.registry
            .session_create(&SessionRow {
                id: token.session_id(),
                user: Some(user.clone()),
                data: serde_json::to_string(&data)
                    .map_err(|error| Error::Store(error.to_string()))?,
                expires: system_now.plus_seconds(IDLE_SECONDS_MAX),
            })
            .await?;
        Ok(token)
    }

    /// Ends the session of this token.
    pub async fn end(&self, token: &Token) -> Result<(), Error> {
        self.registry.session_delete(&token.session_id()).await
    }

    /// The user signed in with this token; keeps a used session alive.
    pub async fn user(&self, token: &Token, system_now: Instant) -> Result<Option<User>, Error> {
        let id = token.session_id();
        let Some(row) = self.registry.session_load(&id, system_now).await? else {
            return Ok(None);
        };
        let Some(user_id) = row.user.clone() else {
            return Ok(None);
        };
        let Ok(data) = serde_json::from_str::<SessionData>(&row.data) else {
            return Ok(None);
        };
        let too_old = system_now > data.opened_at_system.plus_seconds(AGE_SECONDS_MAX);
        let user = if too_old {
            None
        } else {
            self.registry.user_get(&user_id).await?
        };
        let Some(user) = user.filter(|user| data.opened_at >= user.sessions_valid_from) else {
            self.registry.session_delete(&id).await?;
            return Ok(None);
        };
        let refreshed = system_now.plus_seconds(IDLE_SECONDS_MAX);
        if refreshed.0 - row.expires.0 >= REFRESH_SECONDS_MIN {
            self.registry
                .session_save(&SessionRow {
                    expires: refreshed,
                    ..row
                })
                .await?;
        }
        Ok(Some(user))
    }
}
