//! How an act is done: one transaction, its entry in the record of acts, and the same answer to the same key.

use std::sync::Arc;
use std::time::Duration;

use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use tokio::sync::{Mutex, MutexGuard};

use crate::log::{self, Speaker};
use crate::notification::{self, Entered};
use crate::store::act::{self, ActRow, NewAct};
use crate::store::{ActTransaction, Company};
use crate::{By, Error, Registry, Visitor};

/// Who brings the key: keys of different people never meet.
const VISITOR: &str = "visitor";
/// How long an act is tried again; a person is still waiting for the answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Steps made by date.
const SYSTEM: &str = "system";
/// The seed and the command line.
const SEED: &str = "seed";

/// What is known about an act before it is done.
pub(crate) struct Deed {
    kind: String,
    /// The act, if a signed-in user does it: the account's state and the member's role must allow it.
    act: Option<Act>,
    scope: String,
    key: String,
    at: Instant,
    user: Option<String>,
    organisation: Option<String>,
    /// Whose acts it waits for within this process, if it is done for no organisation.
    lane: Option<String>,
    /// Whether it writes many rows: acts that are done meanwhile do not wait for it.
    is_long: bool,
    body_hash: String,
}

impl Deed {
    /// Whether the entry that was made with this key was made of the same body.
    pub(crate) fn check_repeats(&self, body_hash: &str) -> Result<(), Refusal> {
        if self.body_hash == body_hash {
            Ok(())
        } else {
            Err(Refusal::new(codes::KEY_REUSED))
        }
    }

    /// [`Error::Forbidden`] if the table of acts does not open an act to the role: asked before the form is read.
    pub(crate) fn check_role(act: Act, by: &By) -> Result<(), Error> {
        if act.roles().allows(Some(by.role)) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// An act of a signed-in user; [`Error::Forbidden`] if the table of acts does not open it to the role.
    pub(crate) fn by(act: Act, by: &By, body: &impl Serialize) -> Result<Self, Error> {
        Self::check_role(act, by)?;
        let mut deed = Self::new(act.name(), by.user.as_str(), &by.key, by.at, body)?;
        deed.act = Some(act);
        deed.user = Some(by.user.to_string());
        deed.organisation = Some(by.organisation.to_string());
        Ok(deed)
    }

    /// An act of somebody without a session.
    pub(crate) fn by_visitor(
        act: Act,
        visitor: &Visitor,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        if !act.roles().allows(None) {
            return Err(Error::Forbidden);
        }
        Self::new(act.name(), VISITOR, &visitor.key, visitor.at, body)
    }

    /// A step made by date: `key` names it, so that it happens once.
    pub(crate) fn by_date(kind: &str, key: &str, at: Instant) -> Result<Self, Error> {
        Self::new(kind, SYSTEM, key, at, &())
    }

    /// A call of a provider: its nonce is the key, so that a call that is sent again gets its first answer.
    pub(crate) fn by_provider(
        kind: &str,
        provider: &str,
        nonce: &str,
        at: Instant,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        let mut deed = Self::new(kind, &format!("provider:{provider}"), nonce, at, body)?;
        // calls of one provider wait for each other within this process
        deed.lane = Some(provider.to_owned());
        Ok(deed.long())
    }

    /// An act that writes many rows: it shares its commit with nobody.
    pub(crate) const fn long(mut self) -> Self {
        self.is_long = true;
        self
    }

    /// Who brings the key, and the key.
    pub(crate) fn key(&self) -> (String, String) {
        (self.scope.clone(), self.key.clone())
    }

    /// The entry of this act: the `sequence`-th of its subject, after the one with `previous_hash`.
    pub(crate) fn entry<'a, A>(
        &'a self,
        id: &'a str,
        done: &'a Done<A>,
        answer: &'a str,
        sequence: i64,
        previous_hash: String,
    ) -> NewAct<'a> {
        let mut entry = NewAct {
            id,
            at: self.at.0,
            kind: &self.kind,
            scope: &self.scope,
            key: &self.key,
            body_hash: &self.body_hash,
            user_id: self.user.as_deref(),
            organisation_id: self.organisation.as_deref(),
            subject_kind: done.subject_kind,
            subject: &done.subject,
            sequence,
            previous_hash,
            hash: String::new(),
            state: done.state.as_deref(),
            note: done.note.as_deref(),
            answer,
            is_public: i64::from(done.is_public),
        };
        entry.hash = entry.chain_hash();
        entry
    }

    /// Something the seed or the command line enters.
    pub(crate) fn by_seed(
        kind: &str,
        key: &str,
        at: Instant,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Self::new(kind, SEED, key, at, body)
    }

    fn new(
        kind: &str,
        scope: &str,
        key: &str,
        at: Instant,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        if key.is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
            return Err(Refusal::new(codes::KEY_MISSING).into());
        }
        let body = serde_json::to_string(body)
            .map_err(|error| Error::Store(format!("body of {kind}: {error}")))?;
        Ok(Self {
            kind: kind.to_owned(),
            act: None,
            scope: scope.to_owned(),
            key: key.to_owned(),
            at,
            user: None,
            organisation: None,
            lane: None,
            is_long: false,
            body_hash: hash(&[kind, &body]),
        })
    }
}

/// What an act did, besides its rows: the entry in the chain of its subject, and the answer.
pub(crate) struct Done<A> {
    /// `project`, `report`, `organisation`, `opinion`, `user`, `setting`.
    pub(crate) subject_kind: &'static str,
    /// The subject's id.
    pub(crate) subject: String,
    /// The state after it, if it changed the state.
    pub(crate) state: Option<String>,
    /// The reason given, if any.
    pub(crate) note: Option<String>,
    /// Whether the public may see that it happened.
    pub(crate) is_public: bool,
    /// What the caller gets, now and for the same key later.
    pub(crate) answer: A,
}

/// A running act: its transaction, and the id of the entry it will get.
pub(crate) struct Tx {
    inner: ActTransaction,
    /// The id of the entry in the record of acts, for rows that refer to it.
    pub(crate) act: String,
    /// The moment of the act.
    pub(crate) at: Instant,
    /// Whether the act gave certificates: they enter the public log with it.
    pub(crate) retired: bool,
    /// The name of the public log.
    log: String,
    /// Whether these are demonstration data.
    demo: bool,
}

impl Tx {
    /// The connection, for the store's functions.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        self.inner.connection()
    }

    /// Adds an entry to the chain of a subject within this transaction, and what follows from it: messages, and the steps counted.
    async fn enter<A: Serialize>(
        &mut self,
        id: &str,
        deed: &Deed,
        done: &Done<A>,
    ) -> Result<(), Error> {
        let answer = serde_json::to_string(&done.answer)
            .map_err(|error| Error::Store(format!("answer: {error}")))?;
        let last = act::last_of(self.connection(), &done.subject).await?;
        let (sequence, previous_hash) =
            last.map_or((1, String::new()), |(sequence, hash)| (sequence + 1, hash));
        let entry = deed.entry(id, done, &answer, sequence, previous_hash);
        act::insert(self.connection(), &entry).await?;
        let recorded = entry.recorded();
        // steps by date within the act give no certificates
        let retired = self.retired && id == self.act;
        let speaker = Speaker {
            log: &self.log,
            demo: self.demo,
        };
        log::enter(self.inner.connection(), &recorded, speaker, retired).await?;
        let entered = Entered {
            act: id,
            kind: &deed.kind,
            at: deed.at,
            user: deed.user.as_deref(),
            organisation: deed.organisation.as_deref(),
            subject_kind: done.subject_kind,
            subject: &done.subject,
            has_state: done.state.is_some(),
        };
        notification::follow(self.connection(), &entered).await
    }

    /// Enters a step made by date, in the same transaction as the act that found it due. Its key makes a second time impossible.
    pub(crate) async fn enter_by_date(
        &mut self,
        kind: &str,
        key: &str,
        done: &Done<()>,
    ) -> Result<(), Error> {
        let deed = Deed::by_date(kind, key, self.at)?;
        self.enter(&new_id(), &deed, done).await
    }
}

/// Acts of one organisation wait for each other within this process: they would only meet in the database, where all but one must
/// begin again. This is for speed; what is right is decided by the database, where other processes act too.
#[derive(Clone)]
pub(crate) struct Lanes(Arc<Vec<Mutex<()>>>);

impl Lanes {
    /// So many that two organisations rarely share one.
    const COUNT: usize = 256;

    pub(crate) fn new() -> Self {
        Self(Arc::new((0..Self::COUNT).map(|_| Mutex::new(())).collect()))
    }

    /// Waits for the lane of an organisation.
    async fn enter(&self, organisation: &str) -> MutexGuard<'_, ()> {
        let at = usize::try_from(spread_of(organisation)).unwrap_or(0) % Self::COUNT;
        self.0[at].lock().await
    }
}

/// One act being tried, possibly several times.
pub(crate) struct Attempts<'a> {
    registry: &'a Registry,
    lane: Option<MutexGuard<'a, ()>>,
    deed: Deed,
    tried: u32,
    since: std::time::Instant,
}

/// What beginning an act found.
pub(crate) enum Begun<A> {
    /// The key was used with this content before: this was the answer.
    Replayed(A),
    /// Nothing yet: do it.
    Fresh(Tx),
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(registry: &'a Registry, deed: Deed) -> Self {
        Self {
            registry,
            lane: None,
            deed,
            tried: 0,
            since: std::time::Instant::now(),
        }
    }

    /// Begins the transaction and looks for the key. `None`: another act was in the way, begin again.
    pub(crate) async fn begin<A: DeserializeOwned>(&mut self) -> Result<Option<Begun<A>>, Error> {
        let begun = self.try_begin().await;
        self.or_again(begun).await
    }

    async fn try_begin<A: DeserializeOwned>(&mut self) -> Result<Begun<A>, Error> {
        let lane = self.deed.organisation.as_ref().or(self.deed.lane.as_ref());
        if let (None, Some(lane)) = (&self.lane, lane) {
            self.lane = Some(self.registry.lanes.enter(lane).await);
        }
        let company = match (self.deed.is_long, self.tried % 2) {
            (true, _) => Company::Long,
            (false, 0) => Company::Others,
            (false, _) => Company::Nobody,
        };
        let inner = self.registry.store.begin_act(company).await?;
        let mut tx = Tx {
            inner,
            act: new_id(),
            at: self.deed.at,
            retired: false,
            log: self.registry.log_name().to_owned(),
            demo: self.registry.options.demo,
        };
        // However it goes on, the transaction is ended before anything is answered: others may share it, and what an earlier act of this
        // key wrote may not be on the disk yet.
        match self.known(&mut tx).await {
            Ok(None) => Ok(Begun::Fresh(tx)),
            Ok(Some(answer)) => {
                tx.inner.commit().await?;
                Ok(Begun::Replayed(answer))
            }
            Err(error) => Err(taken_back(tx, error).await),
        }
    }

    /// The answer given to this key before. An error if the key was used with another body, or the user may not do this.
    async fn known<A: DeserializeOwned>(&self, tx: &mut Tx) -> Result<Option<A>, Error> {
        match act::by_key(tx.connection(), &self.deed.scope, &self.deed.key).await? {
            None => {
                if let (Some(act), Some(user)) = (self.deed.act, &self.deed.user) {
                    crate::account::check_member(tx, act, user).await?;
                }
                Ok(None)
            }
            Some(ActRow {
                body_hash, answer, ..
            }) => {
                self.deed.check_repeats(&body_hash)?;
                serde_json::from_str(&answer)
                    .map(Some)
                    .map_err(|error| Error::Store(format!("stored answer: {error}")))
            }
        }
    }

    /// Writes the entry and commits, or rolls back. `None`: another act was in the way, begin again.
    pub(crate) async fn end<A: Serialize>(
        &mut self,
        tx: Tx,
        outcome: Result<Done<A>, Error>,
    ) -> Result<Option<A>, Error> {
        let ended = match outcome {
            Ok(done) => self.try_end(tx, done).await,
            // taken back before the answer is given, so that the connection is free when the caller continues
            Err(error) => Err(taken_back(tx, error).await),
        };
        self.or_again(ended).await
    }

    async fn try_end<A: Serialize>(&mut self, mut tx: Tx, done: Done<A>) -> Result<A, Error> {
        let id = tx.act.clone();
        tx.enter(&id, &self.deed, &done).await?;
        tx.inner.commit().await?;
        Ok(done.answer)
    }

    /// Turns "busy" into another try, after a pause that grows and differs between acts and processes.
    async fn or_again<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Err(Error::Busy)
                if self.tried < self.registry.options.attempts_max
                    && self.since.elapsed() < PATIENCE =>
            {
                self.tried += 1;
                let spread = u64::from(std::process::id()) * 7919
                    + u64::from(self.tried) * 104_729
                    + spread_of(&self.deed.key);
                let ceiling_us = 1_000 << self.tried.min(6);
                tokio::time::sleep(Duration::from_micros(spread % ceiling_us + 200)).await;
                Ok(None)
            }
            Err(error) => Err(error),
            Ok(value) => Ok(Some(value)),
        }
    }
}

/// Takes an act back that met an error; answers with the error, or with "busy" where that was why.
async fn taken_back(tx: Tx, error: Error) -> Error {
    match tx.inner.rollback().await {
        Err(Error::Busy) => Error::Busy,
        _ => error,
    }
}

/// Does an act: begins, runs the block with the transaction, writes the entry, commits; again where another act was in the way.
/// The block gives `Result<Done<A>, Error>` and may use `?`.
macro_rules! perform {
    ($registry:expr, $deed:expr, |$tx:ident| $work:block) => {{
        let mut attempts = $crate::perform::Attempts::new($registry, $deed);
        loop {
            match attempts.begin().await? {
                None => {}
                Some($crate::perform::Begun::Replayed(answer)) => break Ok(answer),
                Some($crate::perform::Begun::Fresh(mut transaction)) => {
                    let outcome: Result<$crate::perform::Done<_>, $crate::Error> = async {
                        let $tx = &mut transaction;
                        $work
                    }
                    .await;
                    if let Some(answer) = attempts.end(transaction, outcome).await? {
                        break Ok(answer);
                    }
                }
            }
        }
    }};
}
pub(crate) use perform;

/// A new id: ordered by the time it was made.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// SHA-256 of the parts, each with its length before it so that no two lists of parts give the same text.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_string().as_bytes());
        sha.update(b":");
        sha.update(part.as_bytes());
    }
    hex::encode(sha.finalize())
}

fn spread_of(key: &str) -> u64 {
    key.bytes().fold(5381, |sum: u64, byte| {
        sum.wrapping_mul(33) ^ u64::from(byte)
    }) % 65_536
}
