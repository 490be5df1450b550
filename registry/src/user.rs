//! Users, and signing up.

use domain::id::{OrganisationId, UserId};
use domain::{Instant, Role};
use serde::{Deserialize, Serialize};

use crate::{By, Error, Fields, Registry, Visitor};

/// A user with the organisation acted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// The organisation's role.
    pub role: Role,
    /// The organisation's account number, `HT-1000-0001-7`.
    pub account_number: String,
    /// Sessions opened before this moment are no longer good.
    pub sessions_valid_from: Instant,
}

/// A user with the hash of the password: for the sign-in only.
#[derive(Clone)]
pub struct UserWithHash {
    /// The user.
    pub user: User,
    /// The password hash, in the text form of the hashing library.
    pub password_hash: String,
}

/// The answer to signing up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpReceipt {
    /// The new user.
    pub user: UserId,
    /// The new organisation.
    pub organisation: OrganisationId,
    /// The new account's number.
    pub account_number: String,
}

impl Registry {
    /// Opens an account for an organisation and its first user. Reads `organisation_name`, `uscc`, `role`
    /// (`project_owner` or `event_organiser`), `name`, `email`; passwords must not be among the fields.
    /// Refuses `email_taken`, `uscc_taken`, `role_invalid` and what is wrong with each field.
    pub async fn user_sign_up(
        &self,
        visitor: &Visitor,
        fields: &Fields,
        password_hash: &str,
    ) -> Result<SignUpReceipt, Error> {
        let _ = (visitor, fields, password_hash);
        Err(Error::not_built())
    }

    /// The user with this e-mail address, in any case, with the hash; `None` if there is none.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserWithHash>, Error> {
        let _ = email;
        Err(Error::not_built())
    }

    /// The user with this id.
    pub async fn user_get(&self, user: &UserId) -> Result<Option<User>, Error> {
        let _ = user;
        Err(Error::not_built())
    }

    /// The user with this id, with the hash: to check the current password before a change.
    pub async fn user_with_hash(&self, user: &UserId) -> Result<Option<UserWithHash>, Error> {
        let _ = user;
        Err(Error::not_built())
    }

    /// Keeps a new password hash and ends the user's sessions, except `keep_session` if given.
    pub async fn user_change_password(
        &self,
        by: &By,
        password_hash: &str,
        keep_session: Option<&str>,
    ) -> Result<(), Error> {
        let _ = (by, password_hash, keep_session);
        Err(Error::not_built())
    }

    /// Ends every session of the user.
    pub async fn user_sign_out_everywhere(&self, by: &By) -> Result<(), Error> {
        let _ = by;
        Err(Error::not_built())
    }
}
