//! The SQL. One text serves SQLite and PostgreSQL; what must differ is in [`engine`].

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod attachment;
pub(crate) mod audit;
pub(crate) mod beneficiary;
pub(crate) mod boundary;
pub(crate) mod certificate_version;
pub(crate) mod claim;
pub(crate) mod complaint;
pub(crate) mod credit_document;
pub(crate) mod ending;
pub(crate) mod engagement;
pub(crate) mod engine;
pub(crate) mod event;
pub(crate) mod event_evaluation;
pub(crate) mod event_file;
pub(crate) mod event_gift;
pub(crate) mod event_organiser;
pub(crate) mod event_overlap;
pub(crate) mod green_certificate;
pub(crate) mod hold;
pub(crate) mod inclusion;
pub(crate) mod ledger;
pub(crate) mod log;
pub(crate) mod many;
pub(crate) mod neutral;
pub(crate) mod notification;
pub(crate) mod offer;
pub(crate) mod parameters;
pub(crate) mod people;
pub(crate) mod project_change;
pub(crate) mod public;
pub(crate) mod public_batch;
pub(crate) mod public_event;
pub(crate) mod public_neutral;
pub(crate) mod public_offer;
pub(crate) mod record;
pub(crate) mod retire_together;
pub(crate) mod rulebook;
pub(crate) mod session;
pub(crate) mod supplier;
pub(crate) mod together;
pub(crate) mod token;

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection as _, Transaction};

pub(crate) use engine::Engine;
use together::{Shared, Together};
use tokio::sync::Mutex;

use crate::{Error, Options};

/// The connections to one database.
#[derive(Clone)]
pub(crate) struct Store {
    engine: Engine,
    /// For reads that need no transaction of their own.
    read: AnyPool,
    /// For acts: one connection on SQLite (one writer), as many as `read` on PostgreSQL. Who reads does not wait for who acts.
    write: AnyPool,
    /// On PostgreSQL, acts that want to act alone.
    next: Arc<Mutex<()>>,
    /// On SQLite, acts share commits.
    together: Option<Together>,
}

/// With whom an act is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// With others who act at the same time.
    Others,
    /// It writes many rows: others act meanwhile, and do not wait for it.
    Long,
    /// It met another act before: nobody who acts with others acts meanwhile. So under any load every act is soon done.
    Nobody,
}

/// After so long without use it is looked whether a connection still is one.
const RESTED: Duration = Duration::from_secs(5);

/// On PostgreSQL, those who act with others hold the same lock together.
const WITH_OTHERS: &str = "LOCK TABLE act_turn IN ROW SHARE MODE";
/// Who met another act holds it alone, and is then in nobody's way. It does not wait long, neither for its turn nor in it (for a row that an
/// act of many rows holds): behind it everybody waits.
const ALONE: &str = "SET LOCAL lock_timeout = '1s'; LOCK TABLE act_turn IN EXCLUSIVE MODE";

/// The transaction of an act.
pub(crate) enum ActTransaction {
    /// Its own.
    Own(Transaction<'static, Any>),
    /// One that it shares with other acts.
    Shared(Shared),
}

impl ActTransaction {
    /// Where its statements go.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        match self {
            Self::Own(transaction) => transaction,
            Self::Shared(shared) => shared.connection(),
        }
    }

    /// Answers once what the act wrote is on the disk.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Own(transaction) => Ok(transaction.commit().await?),
            Self::Shared(shared) => shared.commit().await,
        }
    }

    /// Takes back what the act wrote.
    pub(crate) async fn rollback(self) -> Result<(), Error> {
        match self {
            Self::Own(transaction) => Ok(transaction.rollback().await?),
            Self::Shared(shared) => shared.rollback().await,
        }
    }
}

/// The migrations of each folder: what [`Store::ping`] expects to find.
static COMMON: sqlx::migrate::Migrator = sqlx::migrate!("migrations/common");
static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

impl Store {
    /// Opens the connections; fails within ten seconds if the database cannot be reached.
    pub(crate) async fn connect(url: &str, options: &Options) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of_url(url)?;
        let connect: AnyConnectOptions = engine
            .complete_url(url)
            .parse()
            .map_err(|_| Error::Store("the database address cannot be read".into()))?;
        let connect = connect.disable_statement_logging();
        let pool = |connections: u32, acts: bool| {
            AnyPoolOptions::new()
                .max_connections(connections.clamp(1, 100))
                .acquire_timeout(Duration::from_secs(20))
                // a connection that was used a moment ago is asked for nothing before it is used again
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        if meta.idle_for > RESTED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        engine.prepare(connection).await?;
                        if acts {
                            engine.prepare_for_acts(connection).await?;
                        }
                        Ok(())
                    })
                })
        };
        // The writer first: on SQLite it makes the file and sets its journal mode before anyone reads.
        let (read, write) = match engine {
            Engine::Sqlite => {
                let write = pool(1, true).connect_with(connect.clone()).await;
                let write = write?;
                (
                    pool(options.connections, false).connect_lazy_with(connect),
                    write,
                )
            }
            Engine::Postgres => {
                let write = pool(options.connections, true)
                    .connect_with(connect.clone())
                    .await?;
                (
                    pool(options.connections, false).connect_lazy_with(connect),
                    write,
                )
            }
        };
        let together = (engine == Engine::Sqlite).then(|| Together::new(write.clone()));
        Ok(Self {
            engine,
            read,
            write,
            next: Arc::default(),
            together,
        })
    }

    pub(crate) const fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs the migrations that are not there yet: the common ones, then the engine's own.
    pub(crate) async fn migrate(&self) -> Result<(), Error> {
        for migrator in [&COMMON, self.own_migrations()] {
            let migrator = sqlx::migrate::Migrator {
                migrations: migrator.migrations.clone(),
                ignore_missing: true,
                ..sqlx::migrate::Migrator::DEFAULT
            };
            migrator
                .run(&self.write)
                .await
                .map_err(|error| Error::Store(format!("migration: {error}")))?;
        }
        Ok(())
    }

    fn own_migrations(&self) -> &'static sqlx::migrate::Migrator {
        match self.engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        }
    }

    /// Whether the database answers and holds this release's migrations.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let needed = [&COMMON, self.own_migrations()]
            .into_iter()
            .map(|migrator| migrator.iter().count());
        let needed = i64::try_from(needed.sum::<usize>()).unwrap_or(i64::MAX);
        // Only the number is read: the migrator's table has a column of a type that SQLite cannot hand over here.
        let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations")
            .fetch_one(&self.read)
            .await?;
        if found >= needed {
            return Ok(());
        }
        Err(Error::Store(
            "the schema is older than this release; run the migrations".to_owned(),
        ))
    }

    /// A connection for reads; each statement sees what was committed before it.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Any>, Error> {
        Ok(self.read.acquire().await?)
    }

    /// A transaction that only reads and sees one moment.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(self.read.begin_with(self.engine.begin_snapshot()).await?)
    }

    /// The transaction of an act.
    pub(crate) async fn begin_act(&self, company: Company) -> Result<ActTransaction, Error> {
        let begin = self.engine.begin_act();
        if let Some(together) = &self.together {
            let alone = company != Company::Others;
            return Ok(ActTransaction::Shared(together.begin(begin, alone).await?));
        }
        // within this process one waits for the lock, the others without a connection
        let _next = match company {
            Company::Nobody => Some(self.next.lock().await),
            Company::Others | Company::Long => None,
        };
        let mut transaction = self.write.begin_with(begin).await?;
        // before everything else: what the act sees is what was committed when its turn came
        match company {
            Company::Others => {
                sqlx::query(WITH_OTHERS).execute(&mut *transaction).await?;
            }
            Company::Nobody => {
                sqlx::raw_sql(ALONE).execute(&mut *transaction).await?;
            }
            Company::Long => {}
        }
        Ok(ActTransaction::Own(transaction))
    }

    /// The transaction in which the sequencer of the public log takes its turn.
    pub(crate) async fn begin_turn(&self) -> Result<Transaction<'static, Any>, Error> {
        Ok(self.write.begin_with(self.engine.begin_turn()).await?)
    }

    /// A connection for what is written without an entry in the record of acts: sessions, remembered forms.
    pub(crate) async fn write(&self) -> Result<PoolConnection<Any>, Error> {
        Ok(self.write.acquire().await?)
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Behind whoever has its turn alone everybody waits: it waits for no row longer than for its turn.
    #[tokio::test]
    async fn who_acts_alone_never_waits_longer_than_a_second() {
        let cluster = std::env::var("HUITAN_TEST_POSTGRES")
            .expect("HUITAN_TEST_POSTGRES: the address of a throw-away cluster");
        sqlx::any::install_default_drivers();
        let name = format!("huitan_alone_{}", std::process::id());
        let mut server = <AnyConnection as sqlx::Connection>::connect(&cluster)
            .await
            .expect("the cluster");
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name}"),
        ] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut server)
                .await
                .expect("a database");
        }
        let (place, _) = cluster.rsplit_once('/').expect("a database in the address");
        let store = Store::connect(&format!("{place}/{name}"), &Options::default())
            .await
            .expect("connect");
        sqlx::raw_sql("CREATE TABLE act_turn (turn BIGINT)")
            .execute(&mut *store.write().await.expect("a connection"))
            .await
            .expect("the table of turns");
        for (company, expected) in [(Company::Nobody, "1s"), (Company::Others, "10s")] {
            let mut turn = store.begin_act(company).await.expect("a turn");
            let waits: String = sqlx::query_scalar("SELECT current_setting('lock_timeout')")
                .fetch_one(turn.connection())
                .await
                .expect("a setting");
            assert_eq!(waits, expected, "{company:?}");
            turn.rollback().await.expect("taken back");
        }
        store.close().await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP DATABASE {name}")))
            .execute(&mut server)
            .await
            .expect("tidied up");
    }
}
