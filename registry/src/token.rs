//! Personal access tokens: how a program acts for a user through the REST interface.

use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::perform::{Deed, Done, new_id, perform};
use crate::store::token::{self, TokenRow};
use crate::{By, Error, Fields, Registry, User};

/// Longest name of a token, characters.
const NAME_MAX: usize = 60;
/// Most tokens of a user at the same time.
const TOKENS_MAX: usize = 10;
/// A token ends after this long.
const AGE_SECONDS: i64 = 365 * 24 * 3600;

/// A token as its owner sees it: never the token itself, which is shown once when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Its id, to revoke it.
    pub id: String,
    /// The name its owner gave.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

impl From<TokenRow> for AccessToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: Instant(row.created_at),
            expires_at: Instant(row.expires_at),
        }
    }
}

impl Registry {
    /// Keeps a new token of the user by its hash. Reads `name`. Refuses `tokens_too_many` when there are 10.
    pub async fn user_create_token(
        &self,
        by: &By,
        fields: &Fields,
        token_hash: &str,
    ) -> Result<AccessToken, Error> {
        let name = required_text(
            "name",
            fields.get("name").map_or("", String::as_str),
            NAME_MAX,
        )?;
        let deed = Deed::by(Act::UserCreateToken, by, &(&name, token_hash))?;
        perform!(self, deed, |tx| {
            let user = by.user.as_str();
            let (created_at, expires_at) = (tx.at.0, tx.at.plus_seconds(AGE_SECONDS).0);
            if token::of_user(tx.connection(), user, created_at)
                .await?
                .len()
                >= TOKENS_MAX
            {
                return Err(Refusal::new(codes::TOKENS_TOO_MANY)
                    .with("max", TOKENS_MAX)
                    .into());
            }
            let row = TokenRow {
                id: new_id(),
                name: name.clone(),
                created_at,
                expires_at,
            };
            token::insert(tx.connection(), user, token_hash, &row).await?;
            Ok(about(by, AccessToken::from(row)))
        })
    }

    /// Ends a token of the user at once. `NotFound` if it is not the user's, or ended before.
    pub async fn user_revoke_token(&self, by: &By, id: &str) -> Result<(), Error> {
        let deed = Deed::by(Act::UserRevokeToken, by, &id)?;
        perform!(self, deed, |tx| {
            let at = tx.at.0;
            match token::revoke(tx.connection(), by.user.as_str(), id, at).await? {
                0 => Err(Error::NotFound),
                _ => Ok(about(by, ())),
            }
        })
    }

    /// The user's tokens that may be used now, newest first.
    pub async fn user_tokens(&self, by: &By) -> Result<Vec<AccessToken>, Error> {
        let mut connection = self.store.read().await?;
        let rows = token::of_user(&mut connection, by.user.as_str(), by.at.0).await?;
        Ok(rows.into_iter().map(AccessToken::from).collect())
    }

    /// The user behind a token's hash, if the token may be used at `now`.
    pub async fn token_user(&self, token_hash: &str, now: Instant) -> Result<Option<User>, Error> {
        let mut connection = self.store.read().await?;
        let user = token::user_of(&mut connection, token_hash, now.0).await?;
        Ok(user
            .map(crate::user::user_of)
            .transpose()?
            .map(|found| found.user))
    }
}

fn about<A>(by: &By, answer: A) -> Done<A> {
    Done {
        subject_kind: "user",
        subject: by.user.to_string(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}
