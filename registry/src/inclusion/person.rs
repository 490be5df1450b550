//! Opening, correcting and closing a personal account.

use domain::Act;
use domain::account::{AccountState, MemberRole};
use domain::id::{OrganisationId, UserId};
use domain::inclusion::guardian::ANSWER_SECONDS;
use domain::inclusion::person::{NAME_MAX, read_region};
use domain::inclusion::phone;
use domain::inclusion::{NewPerson, Place, PointPlace, PointUnit, Purpose};
use domain::refusal::codes;
use domain::text::{optional_text, required_text};
use domain::{Refusal, Role};
use serde::{Deserialize, Serialize};

use super::group::boards_follow;
use super::guardian::{Asked, check_not_own};
use super::posting::{Postings, To};
use super::thing::release_meters;
use super::{about_person, consent, identity, open_account, points_of};
use crate::number;
use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::inclusion::person::{self as store, NewAccount};
use crate::store::inclusion::{activity, export, group, guardian, ledger};
use crate::store::people::{self, NewUser, OrganisationRow};
use crate::store::{session, token};
use crate::user::read_email;
use crate::{By, Error, Fields, Registry, Visitor};

/// The longest nickname, characters.
pub(super) const NICKNAME_MAX: usize = 20;

/// The answer to an act on a personal account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonReceipt {
    /// The user.
    pub user: UserId,
    /// The account: the party that the person is.
    pub account: OrganisationId,
}

impl Registry {
    /// Opens a personal account for a new user. Reads `phone` or `email`, one of them, and what [`NewPerson::read`] reads; passwords must
    /// not be among the fields; `text_version` as in [`Registry::consent_give`]. A mobile number is not confirmed by a message: the limit for
    /// unconfirmed accounts applies. Of somebody younger than 14 it reads `guardian_email` as well: that address gets a letter, and until the
    /// guardian has agreed by its link the account waits and no consent lives (PIPL art. 31). Refuses `email_taken`, `phone_taken`,
    /// `contact_required`, `guardian_email_own`, `guardian_mail_off`, `consent_required`, `stale_form` and what is wrong with each field.
    pub async fn person_sign_up(
        &self,
        visitor: &Visitor,
        fields: &Fields,
        password_hash: &str,
    ) -> Result<PersonReceipt, Error> {
        let SignUp {
            person,
            contact,
            guardian_email,
        } = read(fields)?;
        let shown = fields.get("text_version").map_or("", |text| text.trim());
        let body = (&person, contact.login());
        let deed = match (shown, &guardian_email) {
            ("", None) => Deed::by_visitor(Act::PersonSignUp, visitor, &body)?,
            (shown, None) => Deed::by_visitor(Act::PersonSignUp, visitor, &(body, shown))?,
            (shown, email) => Deed::by_visitor(Act::PersonSignUp, visitor, &(body, shown, email))?,
        };
        perform!(self, deed, |tx| {
            consent::check_shown(Purpose::Account, shown)?;
            if guardian_email.is_some() {
                self.check_mail()?;
            }
            let (taken, refusal) = match &contact {
                Contact::Email(email) => (
                    people::user_by_email(tx.connection(), email).await?,
                    Refusal::new(codes::EMAIL_TAKEN).at("email"),
                ),
                Contact::Phone(phone) => (
                    people::user_by_phone(tx.connection(), phone).await?,
                    Refusal::new(codes::PHONE_TAKEN).at("phone"),
                ),
            };
            if taken.is_some() {
                return Err(refusal.into());
            }
            let email = guardian_email.as_deref();
            let receipt = insert(tx, &person, &contact, email, password_hash).await?;
            let account = receipt.account.to_string();
            if person.is_minor {
                // what the child agreed to on the form opens nothing: the guardian is asked
                self.ask(tx, &account, &Asked::account()).await?;
            } else {
                let given = consent::Given {
                    purpose: Purpose::Account,
                    of: ("", ""),
                    covered_from: None,
                };
                consent::give(tx, &account, None, &given).await?;
            }
            Ok(about_person(&account, None, receipt))
        })
    }

    /// What is wrong with the fields of a sign-up, without touching the database.
    pub fn person_sign_up_refusals(fields: &Fields) -> Vec<Refusal> {
        read(fields).err().unwrap_or_default()
    }

    /// Corrects the region, the nickname (empty: none) and, where it is among the fields, the name to be called by. Reads `region`,
    /// `nickname`, `name`.
    pub async fn person_change(&self, by: &By, fields: &Fields) -> Result<PersonReceipt, Error> {
        Deed::check_role(Act::PersonChange, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let region = read_region(typed("region"));
        let nickname = optional_text("nickname", typed("nickname"), NICKNAME_MAX);
        let name = fields
            .get("name")
            .map(|name| required_text("name", name, NAME_MAX))
            .transpose();
        let (region, nickname, name) = match (region, nickname, name) {
            (Ok(region), Ok(nickname), Ok(name)) => (region, nickname, name),
            (region, nickname, name) => {
                let refusals = [name.err(), region.err(), nickname.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        let deed = match &name {
            None => Deed::by(Act::PersonChange, by, &(&region, &nickname))?,
            Some(name) => Deed::by(Act::PersonChange, by, &(&region, &nickname, name))?,
        };
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            open_account(tx.connection(), account).await?;
            store::account_change(tx.connection(), account, &region, nickname.as_deref()).await?;
            if let Some(name) = &name {
                store::name_set(tx.connection(), account, name).await?;
            }
            boards_follow(tx, account).await?;
            Ok(about_person(account, None, receipt_of(by)))
        })
    }

    /// Closes the account for good: what is pending or held becomes void, points and consents end, name and address are forgotten, every
    /// session ends. What was assigned, given or issued stays under its number. Reads `statement` (`yes`). Refuses while an order waits.
    pub async fn person_close(&self, by: &By, fields: &Fields) -> Result<PersonReceipt, Error> {
        Deed::check_role(Act::PersonClose, by)?;
        if fields.get("statement").map(String::as_str) != Some("yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        let deed = Deed::by(Act::PersonClose, by, &"yes")?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let row = store::account(tx.connection(), account)
                .await?
                .ok_or(Error::NotFound)?;
            if row.state == "closed" {
                return Err(Refusal::new(codes::PERSON_NOT_OPEN)
                    .with("state", &row.state)
                    .into());
            }
            close_for_good(tx, account, by.user.as_str(), 0).await?;
            Ok(about_person(account, None, receipt_of(by)))
        })
    }
}

/// Closes an account and ends the sessions and tokens of its user. `from`: the first free position in the record act.
pub(super) async fn close_for_good(
    tx: &mut Tx,
    account: &str,
    user: &str,
    from: i64,
) -> Result<(), Error> {
    close(tx, account, from).await?;
    let at = tx.at.0;
    people::user_end_sessions(tx.connection(), user, at).await?;
    token::revoke_all(tx.connection(), user, at).await?;
    session::delete_of_user(tx.connection(), user, "").await?;
    Ok(())
}

/// Voids what is not assigned, expires the points, ends the consents and forgets the name, and who the guardian is.
async fn close(tx: &mut Tx, account: &str, from: i64) -> Result<(), Error> {
    let points = points_of(tx.connection(), &[account.to_owned()]).await?;
    let points = points.get(account).copied().unwrap_or_default();
    if points.frozen + points.activity_frozen > 0 {
        return Err(Refusal::new(codes::ORDERS_WAIT).into());
    }
    let mut postings = Postings::starting(from);
    for place in [Place::Pending, Place::Held] {
        for part in ledger::parts(tx.connection(), account, place.code(), "").await? {
            postings.moves(tx, &part, place, To::plain(Place::VoidClosed), part.mg, "");
        }
    }
    for (unit, available) in [
        (PointUnit::Green, points.available),
        (PointUnit::Activity, points.activity),
    ] {
        let from_to = (PointPlace::Available, PointPlace::Expired);
        postings.step(tx, account, unit, from_to, available, "closed");
    }
    postings.write(tx).await?;
    let at = tx.at.0;
    activity::void_unsettled(tx.connection(), account, "account_closed", at).await?;
    export::photos_to_remove(tx.connection(), account, at).await?;
    export::forget_hours_and_photos(tx.connection(), account).await?;
    store::consents_end(tx.connection(), account, at).await?;
    group::leave_all(tx.connection(), account, at).await?;
    let today = tx.at.beijing_date();
    release_meters(tx, account, None, Some(today)).await?;
    identity::end(tx, account).await?;
    crate::store::inclusion::identity::forget_notes(tx.connection(), account).await?;
    guardian::forget(tx.connection(), account, at).await?;
    store::account_close(tx.connection(), account, at).await?;
    boards_follow(tx, account).await?;
    store::forget_name(tx.connection(), account).await?;
    Ok(())
}

fn receipt_of(by: &By) -> PersonReceipt {
    PersonReceipt {
        user: by.user.clone(),
        account: by.organisation.clone(),
    }
}

/// What a person signs in with.
enum Contact {
    /// An e-mail address, in lower case.
    Email(String),
    /// A mobile number, `+8613800138000`.
    Phone(String),
}

impl Contact {
    fn login(&self) -> &str {
        match self {
            Self::Email(login) | Self::Phone(login) => login,
        }
    }
}

/// What the form of a sign-up says.
struct SignUp {
    person: NewPerson,
    contact: Contact,
    /// The address of the guardian, of somebody younger than 14.
    guardian_email: Option<String>,
}

fn read(fields: &Fields) -> Result<SignUp, Vec<Refusal>> {
    let contact = read_contact(fields);
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    // what is typed about a guardian of somebody older is not looked at
    let guardian_email = (typed("age") == "minor")
        .then(|| {
            let email = read_email("guardian_email", typed("guardian_email"))?;
            let own = contact.as_ref().map_or("", Contact::login);
            check_not_own(&email, own)?;
            Ok(email)
        })
        .transpose();
    match (NewPerson::read(fields), contact, guardian_email) {
        (Ok(person), Ok(contact), Ok(guardian_email)) => Ok(SignUp {
            person,
            contact,
            guardian_email,
        }),
        (person, contact, guardian_email) => {
            let mut refusals = person.err().unwrap_or_default();
            refusals.extend(contact.err());
            refusals.extend(guardian_email.err());
            Err(refusals)
        }
    }
}

/// One of the two: with both, it would not be plain which of them opens the account.
fn read_contact(fields: &Fields) -> Result<Contact, Refusal> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    match (typed("phone"), typed("email")) {
        ("", email) => read_email("email", email).map(Contact::Email),
        (phone, "") => phone::read("phone", phone).map(Contact::Phone),
        _ => Err(Refusal::new(codes::CONTACT_REQUIRED).at("phone")),
    }
}

/// Writes the party, its user and its account.
async fn insert(
    tx: &mut Tx,
    person: &NewPerson,
    contact: &Contact,
    guardian_email: Option<&str>,
    password_hash: &str,
) -> Result<PersonReceipt, Error> {
    let at = tx.at.0;
    let sequence = people::counter_next(tx.connection(), "account").await?;
    let id = new_id();
    let organisation = OrganisationRow {
        // a person has no credit code; the column is unique
        uscc: format!("person-{id}"),
        id,
        name: person.name.clone(),
        role: Role::Individual.code().to_owned(),
        account_number: number::account_number(sequence),
        account_state: AccountState::Open.code().to_owned(),
    };
    people::organisation_insert(tx.connection(), &organisation, at).await?;
    let user = new_id();
    let (email, phone, kind) = match contact {
        Contact::Email(email) => (email.clone(), None, "email"),
        // the column is unique and nobody's address; no mail goes to it
        Contact::Phone(phone) => (format!("phone-{user}"), Some(phone), "phone_unconfirmed"),
    };
    let new = NewUser {
        id: &user,
        organisation: &organisation.id,
        name: &person.name,
        email: &email,
        password_hash,
        // a person invites nobody into the own account
        member_role: MemberRole::Initiator.code(),
        at,
    };
    people::user_insert(tx.connection(), &new).await?;
    if let Some(phone) = phone {
        people::user_set_phone(tx.connection(), &user, phone).await?;
    }
    let new = NewAccount {
        id: &organisation.id,
        user: &user,
        region: &person.region,
        is_minor: person.is_minor,
        guardian: person.guardian.as_deref(),
        guardian_email,
        guardian_until: guardian_email.map(|_| at + ANSWER_SECONDS),
        contact: kind,
        at,
    };
    store::account_insert(tx.connection(), &new).await?;
    Ok(PersonReceipt {
        user: user.into(),
        account: organisation.id.into(),
    })
}
