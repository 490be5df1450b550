//! The guardian of somebody younger than 14: asked by mail for each consent, and heard without an account. The child can sign in meanwhile, and
//! sees only that it waits (Personal Information Protection Law art. 28, 31).

use domain::inclusion::guardian::{ANSWER_SECONDS, LETTERS_A_DAY_MAX};
use domain::inclusion::person::NAME_MAX;
use domain::inclusion::{Purpose, RequestState};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::consent::{self, Granted};
use super::person::close_for_good;
use super::shop::cancel_waiting;
use super::{ConsentView, about_person, open_account};
use crate::link::{LinkKey, hash_of};
use crate::perform::{Deed, Tx, new_id, perform};
use crate::store::inclusion::guardian::{self as store, GuardianRow, NewRequest, RequestRow};
use crate::store::inclusion::person;
use crate::store::notification::{self, NewNotification};
use crate::user::read_email;
use crate::{By, Error, Fields, Registry, Visitor};

/// What a message about a letter to a guardian is about.
pub(crate) const GUARDIAN: &str = "guardian";
/// The link that answers one question.
const ANSWER: &str = "guardian-answer";
/// The link that stays.
const STAYS: &str = "guardian-stays";
/// Seconds of a day.
const DAY: i64 = 24 * 3600;
/// Questions that end in one look.
const BATCH: i64 = 200;

/// The answer to an act of a guardian, or about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianReceipt {
    /// The question, or the consent that was withdrawn; the account where it was closed.
    pub id: String,
    /// What became of it; `None` where it was no question.
    pub state: Option<RequestState>,
}

/// A question to a guardian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardianRequestView {
    /// Its id.
    pub id: String,
    /// What the consent is for.
    pub purpose: Purpose,
    /// The provider; empty where it is no source.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// Code of the scene; empty where it is no source.
    pub scene: String,
    /// When the letter was written.
    pub asked_at: Instant,
    /// Until when it may be answered.
    pub expires_at: Instant,
    /// Where it stands.
    pub state: RequestState,
    /// When it was answered or ended.
    pub ended_at: Option<Instant>,
}

/// The guardian of the own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardianView {
    /// The name that was given.
    pub name: String,
    /// The address; `None` for an account that was opened before guardians were asked by mail.
    pub email: Option<String>,
    /// Since when the guardian is confirmed.
    pub confirmed_at: Option<Instant>,
    /// Until when the account waits for an answer.
    pub waits_until: Option<Instant>,
    /// Every question, the newest first.
    pub requests: Vec<GuardianRequestView>,
}

/// What the link of a letter opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardianQuestion {
    /// What the child is called.
    pub child: String,
    /// The guardian's name, as the child gave it.
    pub guardian: String,
    /// Whether nobody has confirmed to be the guardian yet: the account is closed if this one refuses it.
    pub is_unconfirmed: bool,
    /// Whether the account waits for this answer.
    pub waits: bool,
    /// Whether it may still be answered.
    pub is_open: bool,
    /// The question.
    pub request: GuardianRequestView,
}

/// What the link that stays opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardianAccount {
    /// What the child is called.
    pub child: String,
    /// The guardian's name.
    pub guardian: String,
    /// The consents that live.
    pub consents: Vec<ConsentView>,
}

/// What a letter to a guardian says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardianLetter {
    /// What the child is called.
    pub child: String,
    /// The guardian's name, as the child gave it.
    pub guardian: String,
    /// What the consent is for.
    pub purpose: Purpose,
    /// The provider's name; empty where it is no source.
    pub provider_name: String,
    /// Until when it may be answered.
    pub expires_at: Instant,
    /// The token of the link that answers.
    pub answer_token: String,
    /// The token of the link that stays: that of the letter with which the guardian agreed to the account, or of this one.
    pub stays_token: String,
}

impl Registry {
    /// The guardian of the viewer's account; `NotFound` where it needs none.
    pub async fn guardian(&self, by: &By) -> Result<GuardianView, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let row = store::of_account(&mut connection, account).await?;
        let row = row.filter(|row| row.is_minor == 1).ok_or(Error::NotFound)?;
        let requests = store::requests(&mut connection, account).await?;
        let names = person::providers(&mut connection).await?;
        let requests = requests.into_iter().map(|one| view(one, &names));
        Ok(GuardianView {
            name: row.guardian.unwrap_or_default(),
            email: row.guardian_email,
            confirmed_at: row.guardian_confirmed_at.map(Instant),
            waits_until: row.guardian_until.map(Instant),
            requests: requests.collect::<Result<_, _>>()?,
        })
    }

    /// The child asks again: `request` names an open question of an account whose guardian is confirmed. Without it, whoever `guardian` and
    /// `guardian_email` name is asked to agree to the account, as long as nobody has. An earlier letter's link is worth nothing afterwards. Refuses `guardian_mail_off`,
    /// `guardian_confirmed`, `guardian_email_own`, `guardian_asked_often` and what is wrong with each field.
    pub async fn guardian_ask(&self, by: &By, fields: &Fields) -> Result<GuardianReceipt, Error> {
        Deed::check_role(Act::GuardianAsk, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let request = typed("request").to_owned();
        let named = if request.is_empty() {
            Some(read_guardian(fields)?)
        } else {
            None
        };
        let deed = Deed::by(Act::GuardianAsk, by, &(&request, &named))?;
        perform!(self, deed, |tx| {
            self.check_mail()?;
            let account = by.organisation.as_str();
            let row = store::of_account(tx.connection(), account).await?;
            let row = row
                .filter(|row| row.is_minor == 1 && row.state != "closed")
                .ok_or(Error::NotFound)?;
            let asked = match &named {
                None => {
                    if row.guardian_confirmed_at.is_none() {
                        return Err(Refusal::new(codes::GUARDIAN_REQUIRED).into());
                    }
                    let asked = store::request(tx.connection(), &request).await?;
                    let asked = asked.filter(|one| one.account_id == account);
                    let asked = asked.ok_or(Error::NotFound)?;
                    if asked.state != RequestState::Asked.code() {
                        return Err(Refusal::new(codes::GUARDIAN_LINK_INVALID).into());
                    }
                    Asked::read(&asked)?
                }
                Some((name, email)) => {
                    if row.guardian_confirmed_at.is_some() {
                        return Err(Refusal::new(codes::GUARDIAN_CONFIRMED)
                            .at("guardian_email")
                            .into());
                    }
                    check_not_own(email, &row.child_email)?;
                    let until = row.guardian_until.map(|_| tx.at.0 + ANSWER_SECONDS);
                    store::set(tx.connection(), account, name, email, until).await?;
                    Asked::account()
                }
            };
            let id = self.ask(tx, account, &asked).await?;
            let state = Some(RequestState::Asked);
            Ok(about_person(account, None, GuardianReceipt { id, state }))
        })
    }

    /// The question behind the link of a letter, also when it has ended; `None` for what never was a link.
    pub async fn guardian_question(
        &self,
        token: &str,
        now: Instant,
    ) -> Result<Option<GuardianQuestion>, Error> {
        let mut connection = self.store.read().await?;
        let hashed = hash_of(ANSWER, token);
        let Some(request) = store::request_by_token(&mut connection, &hashed).await? else {
            return Ok(None);
        };
        let row = store::of_account(&mut connection, &request.account_id).await?;
        let row = row.ok_or(Error::NotFound)?;
        let names = person::providers(&mut connection).await?;
        let request = view(request, &names)?;
        Ok(Some(GuardianQuestion {
            child: row.child,
            guardian: row.guardian.unwrap_or_default(),
            is_unconfirmed: row.guardian_confirmed_at.is_none(),
            waits: row.guardian_until.is_some(),
            is_open: request.state == RequestState::Asked && request.expires_at > now,
            request,
        }))
    }

    /// The guardian answers, once, by the link of a letter. Reads `answer` (`agree` or `refuse`); to agree, `is_guardian` (`yes`) and
    /// `text_version` of the text that was shown. Agreeing to the account opens it. Refusing it closes it for good, unless a guardian had agreed
    /// before. Refuses `guardian_link_invalid` for a link that was used, is too old, was replaced or never was one.
    pub async fn guardian_answer(
        &self,
        visitor: &Visitor,
        token: &str,
        fields: &Fields,
    ) -> Result<GuardianReceipt, Error> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let agrees = match typed("answer") {
            "agree" => true,
            "refuse" => false,
            "" => return Err(Refusal::new(codes::REQUIRED).at("answer").into()),
            _ => return Err(Refusal::new(codes::CHOICE_INVALID).at("answer").into()),
        };
        if agrees && typed("is_guardian") != "yes" {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("is_guardian")
                .into());
        }
        let shown = typed("text_version").to_owned();
        let hashed = hash_of(ANSWER, token);
        let deed = Deed::by_visitor(Act::GuardianAnswer, visitor, &(&hashed, agrees, &shown))?;
        perform!(self, deed.long(), |tx| {
            let request = store::request_by_token(tx.connection(), &hashed).await?;
            let at = tx.at.0;
            let request = request
                .filter(|one| one.state == RequestState::Asked.code() && one.expires_at > at)
                .ok_or_else(|| Refusal::new(codes::GUARDIAN_LINK_INVALID))?;
            let account = request.account_id.clone();
            let row = store::of_account(tx.connection(), &account).await?;
            let row = row.ok_or(Error::NotFound)?;
            let asked = Asked::read(&request)?;
            let state = if agrees {
                consent::check_shown(asked.purpose, &shown)?;
                agree(tx, &row, &request, &asked).await?;
                RequestState::Agreed
            } else {
                RequestState::Refused
            };
            store::request_end(tx.connection(), &request.id, state.code(), at).await?;
            if !agrees && asked.purpose == Purpose::Account && row.guardian_confirmed_at.is_none() {
                Box::pin(end_account(tx, &account, &row.user_id)).await?;
            }
            let answer = GuardianReceipt {
                id: request.id,
                state: Some(state),
            };
            Ok(about_person(&account, None, answer))
        })
    }

    /// The account behind the link that stays; `None` where there is none, or it was closed.
    pub async fn guardian_account(&self, token: &str) -> Result<Option<GuardianAccount>, Error> {
        let mut connection = self.store.read().await?;
        let hashed = hash_of(STAYS, token);
        let Some(account) = store::account_by_link(&mut connection, &hashed).await? else {
            return Ok(None);
        };
        let row = store::of_account(&mut connection, &account).await?;
        let row = row.ok_or(Error::NotFound)?;
        let mut consents = consent::views(&mut connection, &account).await?;
        consents.retain(|one| one.revoked_at.is_none());
        Ok(Some(GuardianAccount {
            child: row.child,
            guardian: row.guardian.unwrap_or_default(),
            consents,
        }))
    }

    /// The guardian withdraws a consent of the child at once, by the link that stays. Refuses as [`Registry::consent_revoke`] does, and
    /// `guardian_link_invalid`.
    pub async fn guardian_revoke(
        &self,
        visitor: &Visitor,
        token: &str,
        consent: &str,
    ) -> Result<GuardianReceipt, Error> {
        let hashed = hash_of(STAYS, token);
        let deed = Deed::by_visitor(Act::GuardianRevoke, visitor, &(&hashed, consent))?;
        perform!(self, deed.long(), |tx| {
            let account = account_of_link(tx, &hashed).await?;
            consent::revoke(tx, &account, consent).await?;
            let answer = GuardianReceipt {
                id: consent.to_owned(),
                state: None,
            };
            Ok(about_person(&account, None, answer))
        })
    }

    /// The guardian closes the account of the child for good, by the link that stays: as [`Registry::person_close`], and orders that wait are
    /// cancelled first. Reads `statement` (`yes`). Refuses `guardian_link_invalid`.
    pub async fn guardian_close(
        &self,
        visitor: &Visitor,
        token: &str,
        fields: &Fields,
    ) -> Result<GuardianReceipt, Error> {
        if fields.get("statement").map(String::as_str) != Some("yes") {
            return Err(Refusal::new(codes::STATEMENT_REQUIRED)
                .at("statement")
                .into());
        }
        let hashed = hash_of(STAYS, token);
        let deed = Deed::by_visitor(Act::GuardianClose, visitor, &(&hashed, "yes"))?;
        perform!(self, deed.long(), |tx| {
            let account = account_of_link(tx, &hashed).await?;
            let row = store::of_account(tx.connection(), &account).await?;
            let row = row.ok_or(Error::NotFound)?;
            Box::pin(end_account(tx, &account, &row.user_id)).await?;
            let answer = GuardianReceipt {
                id: account.clone(),
                state: None,
            };
            Ok(about_person(&account, None, answer))
        })
    }

    /// Ends the questions that nobody answered by `now`, and closes the accounts that waited for an answer. Says how many. Cheap when nothing is due.
    pub async fn guardians_tick(&self, now: Instant) -> Result<u64, Error> {
        let mut connection = self.store.read().await?;
        let due = store::requests_due(&mut connection, now.0, BATCH).await?;
        drop(connection);
        let mut ended = 0;
        for request in due {
            ended += u64::from(self.guardian_expire(&request, now).await?);
        }
        Ok(ended)
    }

    async fn guardian_expire(&self, request: &str, now: Instant) -> Result<bool, Error> {
        let deed = Deed::by_date("guardian_expired", request, now)?;
        let ended: Result<bool, Error> = perform!(self, deed, |tx| {
            let found = store::request(tx.connection(), request).await?;
            let found = found.ok_or(Error::NotFound)?;
            let (at, account) = (tx.at.0, found.account_id);
            let state = RequestState::Expired.code();
            if store::request_end(tx.connection(), request, state, at).await? == 0 {
                // somebody was faster
                return Err(Error::NotFound);
            }
            let row = store::of_account(tx.connection(), &account).await?;
            let row = row.ok_or(Error::NotFound)?;
            if found.purpose == Purpose::Account.code() && row.guardian_until.is_some() {
                Box::pin(end_account(tx, &account, &row.user_id)).await?;
            }
            Ok(about_person(&account, None, true))
        });
        match ended {
            Err(Error::NotFound) => Ok(false),
            other => other,
        }
    }

    /// Refused where no mail is sent: a question that nobody gets would wait for ever.
    pub(super) fn check_mail(&self) -> Result<(), Refusal> {
        if self.options.sends_mail {
            Ok(())
        } else {
            Err(Refusal::new(codes::GUARDIAN_MAIL_OFF).at("guardian_email"))
        }
    }

    /// Asks the guardian of an account, and puts the letter into the outbox; an earlier question about the same is replaced.
    pub(super) async fn ask(
        &self,
        tx: &mut Tx,
        account: &str,
        asked: &Asked,
    ) -> Result<String, Error> {
        let row = store::of_account(tx.connection(), account).await?;
        let row = row.ok_or(Error::NotFound)?;
        let required = || Refusal::new(codes::GUARDIAN_REQUIRED).at("agrees");
        let address = row.guardian_email.ok_or_else(required)?;
        let at = tx.at.0;
        let letters = store::letters_since(tx.connection(), account, at - DAY).await?;
        if letters >= LETTERS_A_DAY_MAX {
            return Err(Refusal::new(codes::GUARDIAN_ASKED_OFTEN)
                .with("max", LETTERS_A_DAY_MAX)
                .into());
        }
        for open in store::requests(tx.connection(), account).await? {
            let same = Asked::read(&open)? == *asked;
            // as long as nobody has confirmed to be the guardian, a corrected address replaces every letter to the earlier one
            if same || row.guardian_confirmed_at.is_none() {
                let state = RequestState::Replaced.code();
                store::request_end(tx.connection(), &open.id, state, at).await?;
            }
        }
        let (id, act) = (new_id(), tx.act.clone());
        let key = &self.options.link_key;
        let new = NewRequest {
            id: &id,
            account,
            purpose: asked.purpose.code(),
            provider: &asked.provider,
            scene: &asked.scene,
            token_hash: &hash_of(ANSWER, &key.token(ANSWER, &id)),
            link_hash: &hash_of(STAYS, &key.token(STAYS, &id)),
            asked_at: at,
            expires_at: at + ANSWER_SECONDS,
            act_id: &act,
        };
        store::request_insert(tx.connection(), &new).await?;
        let message = new_id();
        let new = NewNotification {
            id: &message,
            organisation_id: account,
            act_id: &act,
            kind: Act::GuardianAsk.name(),
            at,
            actor_id: Some(account),
            subject_kind: GUARDIAN,
            subject: &id,
            title: "",
            code: None,
            number: None,
            state: None,
            next_party: None,
            next_act: None,
            due_on: None,
            tonnes: None,
        };
        notification::insert(tx.connection(), &new).await?;
        // the child has just done it: nothing new to read
        notification::read_one(tx.connection(), account, &message, at).await?;
        store::letter_insert(tx.connection(), &message, &row.user_id, &address).await?;
        Ok(id)
    }

    /// Asks for a consent of somebody younger than 14: it is given when the guardian agrees. Refuses what giving it would refuse, and
    /// `guardian_required` where nobody has confirmed to be the guardian, `guardian_asked`.
    pub(super) async fn ask_for_consent(
        &self,
        tx: &mut Tx,
        account: &str,
        asked: &Asked,
    ) -> Result<String, Error> {
        self.check_mail()
            .map_err(|refusal| Refusal::new(refusal.code).at("agrees"))?;
        let row = store::of_account(tx.connection(), account).await?;
        if row.is_none_or(|row| row.guardian_confirmed_at.is_none()) {
            return Err(Refusal::new(codes::GUARDIAN_REQUIRED).at("agrees").into());
        }
        consent::check_grantable(tx, account, asked.purpose, asked.source()).await?;
        for open in store::requests(tx.connection(), account).await? {
            if open.state == RequestState::Asked.code() && Asked::read(&open)? == *asked {
                return Err(Refusal::new(codes::GUARDIAN_ASKED).at("agrees").into());
            }
        }
        self.ask(tx, account, asked).await
    }
}

/// What a guardian is asked to agree to.
#[derive(PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    /// Empty where it is no source.
    pub(super) provider: String,
    pub(super) scene: String,
}

impl Asked {
    /// The account itself.
    pub(super) const fn account() -> Self {
        Self {
            purpose: Purpose::Account,
            provider: String::new(),
            scene: String::new(),
        }
    }

    fn read(row: &RequestRow) -> Result<Self, Error> {
        Ok(Self {
            purpose: purpose_of(&row.purpose)?,
            provider: row.provider_id.clone(),
            scene: row.scene.clone(),
        })
    }

    fn source(&self) -> (&str, &str) {
        (&self.provider, &self.scene)
    }
}

/// Name and address of a guardian, each with what is wrong at its field.
pub(super) fn read_guardian(fields: &Fields) -> Result<(String, String), Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let name = required_text("guardian", typed("guardian"), NAME_MAX);
    match (name, read_email("guardian_email", typed("guardian_email"))) {
        (Ok(name), Ok(email)) => Ok((name, email)),
        (name, email) => Err([name.err(), email.err()].into_iter().flatten().collect()),
    }
}

/// Refused where the child's own address is given for the guardian's.
pub(super) fn check_not_own(guardian: &str, child: &str) -> Result<(), Refusal> {
    if guardian == child {
        Err(Refusal::new(codes::GUARDIAN_EMAIL_OWN).at("guardian_email"))
    } else {
        Ok(())
    }
}

/// What a letter says; the same for every try. `None` where the question is not there.
pub(crate) async fn letter(
    connection: &mut AnyConnection,
    key: &LinkKey,
    request: &str,
) -> Result<Option<GuardianLetter>, Error> {
    let Some(row) = store::request(connection, request).await? else {
        return Ok(None);
    };
    let Some(account) = store::of_account(connection, &row.account_id).await? else {
        return Ok(None);
    };
    let names = person::providers(connection).await?;
    let stays = account.guardian_link.as_ref().unwrap_or(&row.id);
    let stays_token = key.token(STAYS, stays);
    let asked = view(row, &names)?;
    Ok(Some(GuardianLetter {
        child: account.child,
        guardian: account.guardian.unwrap_or_default(),
        purpose: asked.purpose,
        provider_name: asked.provider_name,
        expires_at: asked.expires_at,
        answer_token: key.token(ANSWER, &asked.id),
        stays_token,
    }))
}

/// The guardian agreed: the account opens, or one more consent is given.
async fn agree(
    tx: &mut Tx,
    row: &GuardianRow,
    request: &RequestRow,
    asked: &Asked,
) -> Result<(), Error> {
    let (account, at) = (request.account_id.as_str(), tx.at.0);
    if asked.purpose == Purpose::Account {
        store::confirm(tx.connection(), account, &request.id, at).await?;
        let live = person::consent_live(tx.connection(), account, "account", "", "").await?;
        let version = Purpose::Account.text().version;
        if live.is_some_and(|live| live.text_version >= version) {
            // opened before guardians were asked by mail: the consent of then stays as it was recorded
            return Ok(());
        }
    } else {
        open_account(tx.connection(), account).await?;
    }
    let granted = Granted {
        guardian: row.guardian.as_deref(),
        purpose: asked.purpose,
        of: asked.source(),
    };
    consent::grant(tx, account, &granted).await?;
    Ok(())
}

/// Closes an account for its guardian, or because nobody answered: no order stands in the way.
async fn end_account(tx: &mut Tx, account: &str, user: &str) -> Result<(), Error> {
    let next = cancel_waiting(tx, account).await?;
    close_for_good(tx, account, user, next).await
}

/// The account whose guardian has the link that stays.
async fn account_of_link(tx: &mut Tx, hashed: &str) -> Result<String, Error> {
    let account = store::account_by_link(tx.connection(), hashed).await?;
    account.ok_or_else(|| Refusal::new(codes::GUARDIAN_LINK_INVALID).into())
}

fn purpose_of(code: &str) -> Result<Purpose, Error> {
    Purpose::from_code(code).ok_or_else(|| Error::Store(format!("purpose {code}")))
}

fn view(row: RequestRow, names: &[person::ProviderRow]) -> Result<GuardianRequestView, Error> {
    let name = names.iter().find(|one| one.id == row.provider_id);
    Ok(GuardianRequestView {
        purpose: purpose_of(&row.purpose)?,
        provider_name: name.map_or_else(String::new, |one| one.name.clone()),
        state: RequestState::from_code(&row.state)
            .ok_or_else(|| Error::Store(format!("state {}", row.state)))?,
        id: row.id,
        provider: row.provider_id,
        scene: row.scene,
        asked_at: Instant(row.asked_at),
        expires_at: Instant(row.expires_at),
        ended_at: row.ended_at.map(Instant),
    })
}
