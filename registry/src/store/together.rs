//! Acts that share one commit. SQLite has one writer, and every commit waits for the disk. Acts that arrive while another one is at work enter
//! the same transaction, each in a savepoint of its own, and all are answered after the one commit: nobody is told of an act that a crash
//! could still take back. An act that is refused takes back its own savepoint only. An act that is given up in the middle takes the whole
//! transaction with it; the others are told to try again, each alone (`docs/decisions/0028`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::Error;

/// The most acts of one commit, those that were refused among them.
const ACTS_MAX: usize = 64;
/// After so long it is looked whether the act that was to make the commit has gone.
const GONE: Duration = Duration::from_millis(5);

/// The one writer of a SQLite database.
#[derive(Clone)]
pub(crate) struct Together {
    pool: AnyPool,
    batch: Arc<Mutex<Batch>>,
    /// Acts that stand in line for the batch.
    in_line: Arc<AtomicUsize>,
    /// How many transactions have begun: which one is open.
    begun: Arc<AtomicU64>,
}

/// The acts between two commits. Whoever holds the lock is at work on it.
#[derive(Default)]
struct Batch {
    /// Open while there are acts to commit.
    transaction: Option<Transaction<'static, Any>>,
    /// Those who have done their act and wait for the commit.
    done: Vec<oneshot::Sender<Result<(), Error>>>,
    /// Acts that began in this transaction, however they ended.
    entered: usize,
}

impl Batch {
    /// Ends the transaction and tells everybody. If it fails, nothing of it has happened: one act is told why, many are told to try again.
    /// Given up in the middle, the channels close, which everybody reads as "try again".
    async fn commit(&mut self) {
        let done = std::mem::take(&mut self.done);
        self.entered = 0;
        let Some(transaction) = self.transaction.take() else {
            return;
        };
        let mut error = transaction.commit().await.err().map(Error::from);
        let alone = done.len() == 1;
        for one in done {
            let answer = match &mut error {
                None => Ok(()),
                Some(error) if alone => Err(std::mem::replace(error, Error::Busy)),
                Some(_) => Err(Error::Busy),
            };
            // who has gone asks again with the same key
            let _ = one.send(answer);
        }
    }
}

impl Together {
    pub(crate) fn new(pool: AnyPool) -> Self {
        Self {
            pool,
            batch: Arc::default(),
            in_line: Arc::default(),
            begun: Arc::default(),
        }
    }

    /// Waits for its turn and begins an act. `alone`: with a commit of its own, because it is long or because a common one failed.
    pub(crate) async fn begin(&self, begin: &'static str, alone: bool) -> Result<Shared, Error> {
        let mut batch = self.turn().await;
        if alone {
            batch = Self::commit(batch).await.ok_or(Error::Busy)?;
        }
        let open = batch.transaction.take();
        // the first can take the whole transaction back: a savepoint would keep in memory what each page was before it
        let has_savepoint = open.is_some();
        batch.entered += 1;
        let place = Place(Some(batch));
        let transaction = if let Some(open) = open {
            open
        } else {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.pool.begin_with(begin).await?
        };
        let mut shared = Shared {
            transaction,
            place,
            writer: self.clone(),
            alone,
            has_savepoint,
        };
        if has_savepoint {
            sqlx::query("SAVEPOINT act")
                .execute(shared.connection())
                .await?;
        }
        Ok(shared)
    }

    /// Stands in line.
    async fn turn(&self) -> OwnedMutexGuard<Batch> {
        let _in_line = InLine::new(&self.in_line);
        self.batch.clone().lock_owned().await
    }

    /// Commits in a task of its own: whoever asked for it may go away in the middle. Hands the place back, so that nobody comes between.
    async fn commit(mut batch: OwnedMutexGuard<Batch>) -> Option<OwnedMutexGuard<Batch>> {
        let commits = tokio::spawn(async move {
            batch.commit().await;
            batch
        });
        // were the task to end early, the channels close
        commits.await.ok()
    }

    /// Leaves the transaction to the next in line, or commits it.
    async fn leave(&self, batch: OwnedMutexGuard<Batch>, alone: bool) {
        let next = self.in_line.load(Ordering::SeqCst) > 0;
        if !next || alone || batch.entered >= ACTS_MAX {
            Self::commit(batch).await;
        } else if batch.done.len() == 1 {
            self.watch();
        }
    }

    /// Commits the open transaction if everybody who might have done so has gone away.
    fn watch(&self) {
        let (writer, open) = (self.clone(), self.begun.load(Ordering::SeqCst));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(GONE).await;
                if writer.begun.load(Ordering::SeqCst) != open {
                    return;
                }
                if let Ok(batch) = writer.batch.clone().try_lock_owned() {
                    Self::commit(batch).await;
                    return;
                }
            }
        });
    }
}

/// Counts somebody as standing in line.
struct InLine<'a>(&'a AtomicUsize);

impl<'a> InLine<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The place at work. Left in the middle, the transaction is gone: those who waited for its commit are told to try again.
struct Place(Option<OwnedMutexGuard<Batch>>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(batch) = &mut self.0 {
            batch.entered = 0;
            for one in batch.done.drain(..) {
                let _ = one.send(Err(Error::Busy));
            }
        }
    }
}

/// An act in a common transaction.
pub(crate) struct Shared {
    // before the place: the transaction is taken back before the next in line begins
    transaction: Transaction<'static, Any>,
    place: Place,
    writer: Together,
    alone: bool,
    /// Whether others were in the transaction before it.
    has_savepoint: bool,
}

impl Shared {
    /// The connection of the act.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Ends the act well: answers after the commit that it shares with others.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        if self.has_savepoint {
            sqlx::query("RELEASE act")
                .execute(self.connection())
                .await?;
        }
        let (sender, committed) = oneshot::channel();
        let Some(mut batch) = self.place.0.take() else {
            return Err(Error::Busy);
        };
        batch.transaction = Some(self.transaction);
        batch.done.push(sender);
        self.writer.leave(batch, self.alone).await;
        committed.await.unwrap_or(Err(Error::Busy))
    }

    /// Takes the act back; the connection is free, or with the next in line, when the caller goes on.
    pub(crate) async fn rollback(mut self) -> Result<(), Error> {
        if self.has_savepoint {
            sqlx::raw_sql("ROLLBACK TO act; RELEASE act")
                .execute(self.connection())
                .await?;
        }
        let Some(mut batch) = self.place.0.take() else {
            return Err(Error::Busy);
        };
        if batch.done.is_empty() {
            batch.entered = 0;
            self.transaction.rollback().await?;
            return Ok(());
        }
        batch.transaction = Some(self.transaction);
        self.writer.leave(batch, self.alone).await;
        Ok(())
    }
}
