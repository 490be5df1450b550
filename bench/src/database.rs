//! Databases that live as long as one measurement.

use std::process::Command;

use anyhow::{Context, Result, bail};
use registry::{Options, Registry};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::Call;

/// Which engine is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// The cluster of the call.
    Postgres,
}

/// Both.
pub const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

impl Engine {
    /// As it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// An empty database with its address.
pub struct Database {
    /// The engine.
    pub engine: Engine,
    /// What the server is given as `DATABASE_URL`.
    pub url: String,
    name: String,
}

impl Database {
    /// A new one; `name` is a plain word.
    pub async fn new(call: &Call, engine: Engine, name: &str) -> Result<Self> {
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}/{name}.db", call.folder.display()),
            Engine::Postgres => {
                let mut admin = AnyConnection::connect(&call.postgres).await?;
                // what a run that was stopped left behind goes first
                for statement in [
                    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    format!("CREATE DATABASE {name}"),
                ] {
                    sqlx::query(AssertSqlSafe(statement))
                        .execute(&mut admin)
                        .await?;
                }
                admin.close().await?;
                let (server, _) = call
                    .postgres
                    .rsplit_once('/')
                    .context("the cluster's address names a database")?;
                format!("{server}/{name}")
            }
        };
        Ok(Self {
            engine,
            url,
            name: name.to_owned(),
        })
    }

    /// Runs a command of the server's program on it.
    pub fn command(&self, call: &Call, arguments: &[&str]) -> Result<()> {
        let done = self.program(call).args(arguments).output()?;
        if !done.status.success() {
            bail!(
                "huitan {arguments:?}: {}",
                String::from_utf8_lossy(&done.stderr)
            );
        }
        Ok(())
    }

    /// The server's program with this database as its environment.
    pub fn program(&self, call: &Call) -> Command {
        let mut command = Command::new(&call.server);
        command
            .env("DATABASE_URL", &self.url)
            .env("HUITAN_DEMO", "1")
            .env("HUITAN_LOG", "error")
            .env("HUITAN_MAIL", "off")
            .env("HUITAN_TRUST_PROXY", "1")
            .env("HUITAN_FILES", call.folder.join("files"));
        command
    }

    /// The registry on it, in demo mode.
    pub async fn registry(&self) -> Result<Registry> {
        let options = Options {
            demo: true,
            ..Options::default()
        };
        Ok(Registry::connect(&self.url, options).await?)
    }

    /// One connection of its own.
    pub async fn connect(&self) -> Result<AnyConnection> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        if self.engine == Engine::Sqlite {
            // as the registry opens the one it writes with (registry/src/store/engine.rs): no side has a larger cache
            sqlx::raw_sql(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 15000; \
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -20480; PRAGMA wal_autocheckpoint = 4096;",
            )
            .execute(&mut connection)
            .await?;
        }
        Ok(connection)
    }

    /// Deletes it.
    pub async fn remove(self, call: &Call) -> Result<()> {
        match self.engine {
            Engine::Sqlite => {
                for end in ["", "-wal", "-shm"] {
                    let _ =
                        std::fs::remove_file(call.folder.join(format!("{}.db{end}", self.name)));
                }
            }
            Engine::Postgres => {
                let mut admin = AnyConnection::connect(&call.postgres).await?;
                sqlx::query(AssertSqlSafe(format!(
                    "DROP DATABASE {} WITH (FORCE)",
                    self.name
                )))
                .execute(&mut admin)
                .await?;
            }
        }
        Ok(())
    }
}
