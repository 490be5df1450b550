//! The outbox: mail is written where a message is written, and sent later by whoever claims it first.

use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use crate::inclusion::{self, GUARDIAN};
use crate::notification::about_user;
use crate::perform::{Deed, Done, perform};
use crate::store::notification as store;
use crate::{By, Error, Fields, GuardianLetter, Notification, Registry};

/// How long a process may take to send one mail before another one takes it over, seconds.
pub const MAIL_LEASE_SECONDS: i64 = 120;
/// How often a mail is tried before it is given up.
pub const MAIL_ATTEMPTS_MAX: i64 = 8;
/// The pause after the first failure, seconds; each further one is four times as long, up to a day.
const PAUSE_SECONDS: i64 = 60;
/// The longest pause.
const PAUSE_SECONDS_MAX: i64 = 86_400;
/// How many mails one look takes up.
const BATCH: i64 = 50;
/// How much is kept of what a mail server said, characters.
const ERROR_MAX: usize = 500;
/// How many mails that failed the operator sees.
const TROUBLED_MAX: i64 = 200;

/// Whether a person wants mail, and in which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailChoice {
    /// Mail for every message to the organisation.
    pub wants_mail: bool,
    /// `zh` or `en`.
    pub language: String,
}

/// A mail that this process has claimed and must send now.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// Its id: the local part of its Message-ID, and its file name in a folder. The same for every try.
    pub id: String,
    /// To whom.
    pub address: String,
    /// `zh` or `en`.
    pub language: String,
    /// What it says.
    pub notification: Notification,
    /// What it asks a guardian, if it is a letter to one.
    pub letter: Option<GuardianLetter>,
    /// How often it has been tried, this time included.
    pub attempts: i64,
}

/// A mail that failed at least once, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TroubledMail {
    /// Its id.
    pub id: String,
    /// To whom.
    pub address: String,
    /// `waiting`, `sending` or `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong the last time.
    pub error: String,
    /// The message it carries.
    pub notification: Notification,
}

/// The outbox, as the operator sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outbox {
    /// Not tried yet, or waiting for another try.
    pub waiting: i64,
    /// Claimed by a process.
    pub sending: i64,
    /// Sent.
    pub sent: i64,
    /// Given up.
    pub dead: i64,
    /// Those that failed at least once and are not sent, newest first, at most 200.
    pub troubled: Vec<TroubledMail>,
}

impl Registry {
    /// What the user has chosen about mail; by default mail in Chinese.
    pub async fn mail_choice(&self, by: &By) -> Result<MailChoice, Error> {
        let mut connection = self.store.read().await?;
        let chosen = store::mail_choice(&mut connection, by.user.as_str()).await?;
        Ok(chosen.map_or_else(
            || MailChoice {
                wants_mail: true,
                language: "zh".to_owned(),
            },
            |(wants_mail, language)| MailChoice {
                wants_mail: wants_mail == 1,
                language,
            },
        ))
    }

    /// Chooses whether the user gets mail (`wants_mail`: `yes` or `no`) and in which language (`language`: `zh` or `en`).
    pub async fn user_set_mail(&self, by: &By, fields: &Fields) -> Result<MailChoice, Error> {
        Deed::check_role(Act::UserSetMail, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let wants_mail = match typed("wants_mail") {
            "yes" => Ok(true),
            "no" => Ok(false),
            "" => Err(Refusal::new(codes::REQUIRED).at("wants_mail")),
            _ => Err(Refusal::new(codes::CHOICE_INVALID).at("wants_mail")),
        };
        let language = match typed("language") {
            known @ ("zh" | "en") => Ok(known.to_owned()),
            "" => Err(Refusal::new(codes::REQUIRED).at("language")),
            _ => Err(Refusal::new(codes::CHOICE_INVALID).at("language")),
        };
        let (wants_mail, language) = match (wants_mail, language) {
            (Ok(wants_mail), Ok(language)) => (wants_mail, language),
            (wants_mail, language) => {
                let refusals: Vec<Refusal> = [wants_mail.err(), language.err()]
                    .into_iter()
                    .flatten()
                    .collect();
                return Err(refusals.into());
            }
        };
        let deed = Deed::by(Act::UserSetMail, by, &(wants_mail, &language))?;
        perform!(self, deed, |tx| {
            let user = by.user.as_str();
            store::mail_choose(tx.connection(), user, wants_mail, &language).await?;
            let language = language.clone();
            Ok(about_user(
                by,
                MailChoice {
                    wants_mail,
                    language,
                },
            ))
        })
    }

    /// Claims the next mail for this process (`claimant`, unique to it); `None` when nothing waits. `now` is the system's clock, which
    /// the demo clock does not move. Several processes may ask at once: each mail is given to one of them. One that was claimed and
    /// neither sent nor failed within [`MAIL_LEASE_SECONDS`] is given away again.
    pub async fn mail_claim(
        &self,
        claimant: &str,
        now: Instant,
    ) -> Result<Option<OutgoingMail>, Error> {
        let mut connection = self.store.read().await?;
        let due = store::mail_due(&mut connection, now.0, BATCH).await?;
        drop(connection);
        for row in due {
            let until = now.0 + MAIL_LEASE_SECONDS;
            let mut connection = self.store.write().await?;
            let claimed =
                store::mail_claim(&mut connection, &row.id, claimant, now.0, until).await?;
            if !claimed {
                continue;
            }
            let notification = store::by_id(&mut connection, &row.notification_id)
                .await?
                .ok_or(Error::NotFound)?;
            let letter = match notification.subject_kind.as_str() {
                GUARDIAN => {
                    let key = &self.options.link_key;
                    inclusion::letter(&mut connection, key, &notification.subject).await?
                }
                _ => None,
            };
            return Ok(Some(OutgoingMail {
                letter,
                id: row.id,
                address: row.address,
                language: row.language,
                notification: Notification::of_row(notification)?,
                attempts: row.attempts + 1,
            }));
        }
        Ok(None)
    }

    /// Says that a claimed mail was sent. `false`: it is not this process's any more.
    pub async fn mail_sent(&self, id: &str, claimant: &str, now: Instant) -> Result<bool, Error> {
        let mut connection = self.store.write().await?;
        Ok(store::mail_sent(&mut connection, id, claimant, now.0).await?)
    }

    /// Says that a claimed mail could not be sent. It is tried again after a pause that grows, or, if `final_failure` or after
    /// [`MAIL_ATTEMPTS_MAX`] tries, given up: a dead letter, which the operator sees.
    pub async fn mail_failed(
        &self,
        mail: &OutgoingMail,
        claimant: &str,
        now: Instant,
        error: &str,
        final_failure: bool,
    ) -> Result<(), Error> {
        let is_dead = final_failure || mail.attempts >= MAIL_ATTEMPTS_MAX;
        let doubled = u32::try_from((mail.attempts - 1).clamp(0, 10)).unwrap_or(10) * 2;
        let pause = (PAUSE_SECONDS << doubled).min(PAUSE_SECONDS_MAX);
        let state = if is_dead { "dead" } else { "waiting" };
        let error: String = error
            .chars()
            .filter(|c| *c != '\0')
            .take(ERROR_MAX)
            .collect();
        let mut connection = self.store.write().await?;
        let not_before = now.0 + pause;
        Ok(store::mail_failed(
            &mut connection,
            &mail.id,
            claimant,
            state,
            not_before,
            &error,
        )
        .await?)
    }

    /// The outbox; for the registry operator.
    pub async fn outbox(&self, by: &By) -> Result<Outbox, Error> {
        Deed::check_role(Act::MailRetry, by)?;
        let mut connection = self.store.read().await?;
        let mut outbox = Outbox::default();
        for (state, count) in store::mail_counts(&mut connection).await? {
            match state.as_str() {
                "waiting" => outbox.waiting = count,
                "sending" => outbox.sending = count,
                "sent" => outbox.sent = count,
                _ => outbox.dead = count,
            }
        }
        for row in store::mail_troubled(&mut connection, "g", TROUBLED_MAX).await? {
            let notification = store::by_id(&mut connection, &row.notification_id)
                .await?
                .ok_or(Error::NotFound)?;
            outbox.troubled.push(TroubledMail {
                id: row.id,
                address: row.address,
                state: row.state,
                attempts: row.attempts,
                error: row.error.unwrap_or_default(),
                notification: Notification::of_row(notification)?,
            });
        }
        Ok(outbox)
    }

    /// Lets a dead letter be tried again. Others are not found.
    pub async fn mail_retry(&self, by: &By, mail: &str) -> Result<(), Error> {
        let deed = Deed::by(Act::MailRetry, by, &mail)?;
        perform!(self, deed, |tx| {
            if !store::mail_revive(tx.connection(), mail).await? {
                return Err(Error::NotFound);
            }
            Ok(Done {
                subject_kind: "mail",
                subject: mail.to_owned(),
                state: None,
                note: None,
                is_public: false,
                answer: (),
            })
        })
    }
}
