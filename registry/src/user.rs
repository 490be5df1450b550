//! Users, and signing up.

use domain::account::{AccountState, MemberRole};
use domain::id::{OrganisationId, UserId};
use domain::{Instant, Role};
use serde::{Deserialize, Serialize};

use domain::refusal::codes;
use domain::text::{narrow, required_text};
use domain::{Act, Refusal, Uscc};

use crate::account::{account_state_of, member_role_of};
use crate::number;
use crate::organisation::role_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::people::{self, NewUser, OrganisationRow, UserRow};
use crate::store::session;
use crate::{By, Error, Fields, Registry, Visitor};

/// The longest name of a person or an organisation, characters.
pub(crate) const NAME_MAX: usize = 100;
/// The longest e-mail address, characters (RFC 5321).
const EMAIL_MAX: usize = 254;

/// A user with the organisation acted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The e-mail address, in lower case; no address where there is a mobile number.
    pub email: String,
    /// The mobile number under which a person signs in, `+8613800138000`.
    pub phone: Option<String>,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// The organisation's role.
    pub role: Role,
    /// The organisation's account number, `HT-1000-0001-7`.
    pub account_number: String,
    /// Where the organisation's account stands.
    pub account_state: AccountState,
    /// What the user may do for the organisation.
    pub member_role: MemberRole,
    /// Whether it is a personal account that waits for the answer of a guardian.
    pub waits_for_guardian: bool,
    /// Sessions opened before this moment are no longer good.
    pub sessions_valid_from: Instant,
}

impl User {
    /// What the user signs in with: the mobile number, or else the e-mail address.
    pub fn login(&self) -> &str {
        self.phone.as_deref().unwrap_or(&self.email)
    }
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
    /// Enters an organisation and its first user; its registry account is applied for afterwards. Reads `organisation_name`, `uscc`, `role`
    /// (`project_owner` or `event_organiser`), `name`, `email`; passwords must not be among the fields.
    /// Refuses `email_taken`, `uscc_taken`, `role_invalid` and what is wrong with each field.
    pub async fn user_sign_up(
        &self,
        visitor: &Visitor,
        fields: &Fields,
        password_hash: &str,
    ) -> Result<SignUpReceipt, Error> {
        let new = NewOrganisation::read(fields)?;
        let deed = Deed::by_visitor(Act::UserSignUp, visitor, &new)?;
        perform!(self, deed, |tx| {
            new.insert(tx, password_hash, AccountState::None).await
        })
    }

    /// What is wrong with the fields of a sign-up, without touching the database: so that the door can say it together
    /// with what is wrong with the password.
    pub fn user_sign_up_refusals(fields: &Fields) -> Vec<Refusal> {
        NewOrganisation::read(fields).err().unwrap_or_default()
    }

    /// The user with this e-mail address, in any case, with the hash; `None` if there is none.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserWithHash>, Error> {
        let mut connection = self.store.read().await?;
        let row = people::user_by_email(&mut connection, &normal_email(email)).await?;
        row.map(user_of).transpose()
    }

    /// The user who signs in with this: an e-mail address in any case, or a mobile number however it is typed; `None` if there is none.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<UserWithHash>, Error> {
        let Some(phone) = domain::inclusion::phone::normal(login) else {
            return self.user_by_email(login).await;
        };
        let mut connection = self.store.read().await?;
        let row = people::user_by_phone(&mut connection, &phone).await?;
        row.map(user_of).transpose()
    }

    /// The user with this id.
    pub async fn user_get(&self, user: &UserId) -> Result<Option<User>, Error> {
        Ok(self.user_with_hash(user).await?.map(|found| found.user))
    }

    /// The user with this id, with the hash: to check the current password before a change.
    pub async fn user_with_hash(&self, user: &UserId) -> Result<Option<UserWithHash>, Error> {
        let mut connection = self.store.read().await?;
        let row = people::user_by_id(&mut connection, user.as_str()).await?;
        row.map(user_of).transpose()
    }

    /// Keeps a new password hash and ends the user's sessions, except `keep_session` if given; without one the access tokens end as well.
    pub async fn user_change_password(
        &self,
        by: &By,
        password_hash: &str,
        keep_session: Option<&str>,
    ) -> Result<(), Error> {
        // the hash belongs to what was sent: the same form with another password is not answered as done
        let deed = Deed::by(Act::UserChangePassword, by, &password_hash)?;
        perform!(self, deed, |tx| {
            people::user_set_password(tx.connection(), by.user.as_str(), password_hash).await?;
            if keep_session.is_none() {
                people::user_end_sessions(tx.connection(), by.user.as_str(), by.at.0).await?;
            }
            session::delete_of_user(
                tx.connection(),
                by.user.as_str(),
                keep_session.unwrap_or(""),
            )
            .await?;
            Ok(about_user(by))
        })
    }

    /// Ends every session and every access token of the user.
    pub async fn user_sign_out_everywhere(&self, by: &By) -> Result<(), Error> {
        let deed = Deed::by(Act::UserSignOutEverywhere, by, &())?;
        perform!(self, deed, |tx| {
            people::user_end_sessions(tx.connection(), by.user.as_str(), by.at.0).await?;
            session::delete_of_user(tx.connection(), by.user.as_str(), "").await?;
            Ok(about_user(by))
        })
    }
}

fn about_user(by: &By) -> Done<()> {
    Done {
        subject_kind: "user",
        subject: by.user.to_string(),
        state: None,
        note: None,
        is_public: false,
        answer: (),
    }
}

/// A new organisation with its first user, checked.
#[derive(Serialize)]
pub(crate) struct NewOrganisation {
    pub(crate) name: String,
    pub(crate) uscc: Uscc,
    pub(crate) role: Role,
    pub(crate) person: String,
    pub(crate) email: String,
}

impl NewOrganisation {
    /// Reads the sign-up form, or says everything that is wrong with it.
    fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let role = match typed("role") {
            "" => Err(Refusal::new(codes::REQUIRED).at("role")),
            code => Role::from_code(code)
                .filter(|role| role.may_hold_credits())
                .ok_or_else(|| Refusal::new(codes::ROLE_INVALID).at("role")),
        };
        Self::checked(
            role,
            ("organisation_name", typed("organisation_name")),
            ("uscc", typed("uscc")),
            ("name", typed("name")),
            ("email", typed("email")),
        )
    }

    /// Checks each part under the name of its field.
    pub(crate) fn checked(
        role: Result<Role, Refusal>,
        name: (&str, &str),
        uscc: (&str, &str),
        person: (&str, &str),
        email: (&str, &str),
    ) -> Result<Self, Vec<Refusal>> {
        let name = required_text(name.0, name.1, NAME_MAX);
        let uscc = if narrow(uscc.1).is_empty() {
            Err(Refusal::new(codes::REQUIRED).at(uscc.0))
        } else {
            Uscc::parse(uscc.0, uscc.1)
        };
        let person = required_text(person.0, person.1, NAME_MAX);
        let email = read_email(email.0, email.1);
        match (name, uscc, role, person, email) {
            (Ok(name), Ok(uscc), Ok(role), Ok(person), Ok(email)) => Ok(Self {
                name,
                uscc,
                role,
                person,
                email,
            }),
            (name, uscc, role, person, email) => {
                let refusals = [
                    name.err(),
                    uscc.err(),
                    role.err(),
                    person.err(),
                    email.err(),
                ];
                Err(refusals.into_iter().flatten().collect())
            }
        }
    }

    /// Writes the organisation, its account number and its first user, who is its administrator; refuses what is taken.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        password_hash: &str,
        account_state: AccountState,
    ) -> Result<Done<SignUpReceipt>, Error> {
        let mut taken = Vec::new();
        if people::organisation_uscc_taken(tx.connection(), self.uscc.as_str()).await? {
            taken.push(Refusal::new(codes::USCC_TAKEN).at("uscc"));
        }
        if people::user_by_email(tx.connection(), &self.email)
            .await?
            .is_some()
        {
            taken.push(Refusal::new(codes::EMAIL_TAKEN).at("email"));
        }
        if !taken.is_empty() {
            return Err(taken.into());
        }
        let at = tx.at.0;
        let sequence = people::counter_next(tx.connection(), "account").await?;
        let organisation = OrganisationRow {
            id: new_id(),
            name: self.name.clone(),
            uscc: self.uscc.to_string(),
            role: self.role.code().to_owned(),
            account_number: number::account_number(sequence),
            account_state: account_state.code().to_owned(),
        };
        people::organisation_insert(tx.connection(), &organisation, at).await?;
        let user = new_id();
        let (name, email) = (&self.person, &self.email);
        let new = NewUser {
            id: &user,
            organisation: &organisation.id,
            name,
            email,
            password_hash,
            member_role: MemberRole::Administrator.code(),
            at,
        };
        people::user_insert(tx.connection(), &new).await?;
        Ok(Done {
            subject_kind: "organisation",
            subject: organisation.id.clone(),
            state: None,
            note: None,
            is_public: false,
            answer: SignUpReceipt {
                user: user.into(),
                organisation: organisation.id.into(),
                account_number: organisation.account_number,
            },
        })
    }
}

/// One spelling for one address.
fn normal_email(email: &str) -> String {
    narrow(email).to_lowercase()
}

/// An e-mail address: something, `@`, a host with a dot; no white space. Whether it works only a letter can tell.
pub(crate) fn read_email(field: &str, typed: &str) -> Result<String, Refusal> {
    let email = normal_email(typed);
    if email.is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let plain = email.chars().count() <= EMAIL_MAX
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    let shaped = email.split_once('@').is_some_and(|(name, host)| {
        let host_is_a_host = host.contains('.') && host.split('.').all(|part| !part.is_empty());
        !name.is_empty() && !host.contains('@') && host_is_a_host
    });
    if plain && shaped {
        Ok(email)
    } else {
        Err(Refusal::new(codes::EMAIL_INVALID).at(field))
    }
}

pub(crate) fn user_of(row: UserRow) -> Result<UserWithHash, Error> {
    Ok(UserWithHash {
        user: User {
            id: row.id.into(),
            name: row.name,
            email: row.email,
            phone: row.phone,
            organisation: row.organisation_id.into(),
            organisation_name: row.organisation_name,
            role: role_of(&row.role)?,
            account_number: row.account_number,
            account_state: account_state_of(&row.account_state)?,
            member_role: member_role_of(&row.member_role)?,
            waits_for_guardian: row.guardian_until.is_some(),
            sessions_valid_from: Instant(row.sessions_valid_from),
        },
        password_hash: row.password_hash,
    })
}
