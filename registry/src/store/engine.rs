//! Everything in which the two engines differ, in one place. All other SQL is one text for both.

use sqlx::AnyConnection;

use crate::Error;

/// Which engine is behind the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server; any number of copies of this program.
    Postgres,
}

impl Engine {
    /// The engine an address names; anything else is an error that says so.
    pub(crate) fn of_url(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres)
        } else {
            Err(Error::Store(
                "the database address must begin with sqlite:// or postgres://".to_owned(),
            ))
        }
    }

    /// The name people know.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }

    /// The address with what every connection needs: a missing SQLite file is made.
    pub(crate) fn complete_url(self, url: &str) -> String {
        match self {
            Self::Sqlite if !url.contains("mode=") && !url.contains(":memory:") => {
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}mode=rwc")
            }
            Self::Sqlite | Self::Postgres => url.to_owned(),
        }
    }

    /// What begins the transaction of an act. SQLite takes the write lock at once, so that an act never fails half-way
    /// for want of it; PostgreSQL checks at the commit that the acts could have happened one after the other.
    pub(crate) const fn begin_act(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }

    /// What begins a turn of the public log's sequencer. It waits for its turn at a locked row and must then see what the turn before it
    /// committed; and acts that write entries meanwhile must not fail because it reads them.
    pub(crate) const fn begin_turn(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// What begins a transaction that only reads, and sees one moment.
    pub(crate) const fn begin_snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Settings of each new connection for acts, besides those of every one. The one writer of SQLite keeps more of the file in memory than each of
    /// the many who read. On PostgreSQL an act finds its rows by key: plans are kept, and those that were made while a table was small read
    /// all of it long after it has grown, so it is told not to.
    pub(crate) async fn prepare_for_acts(
        self,
        connection: &mut AnyConnection,
    ) -> Result<(), sqlx::Error> {
        let settings = match self {
            Self::Sqlite => "PRAGMA cache_size = -20480",
            // what cannot be found by key looks very expensive then, but is not worth compiling
            Self::Postgres => "SET enable_seqscan = off; SET jit = off;",
        };
        sqlx::raw_sql(settings).execute(connection).await?;
        Ok(())
    }

    /// Settings of each new connection.
    pub(crate) async fn prepare(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite => {
                // a page that many acts write goes from the log into the file once in 16 MiB of it, not once in 4
                sqlx::raw_sql(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA busy_timeout = 15000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048; \
                     PRAGMA wal_autocheckpoint = 4096;",
                )
                .execute(connection)
                .await?;
            }
            Self::Postgres => {
                sqlx::raw_sql(
                    "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';",
                )
                .execute(connection)
                .await?;
            }
        }
        Ok(())
    }
}

/// From here to the end of the transaction, each key of a list is looked up by index, as SQLite does anyway. PostgreSQL decides by the rows
/// that a table had when they were counted last, and keeps the decision with the statement: it goes on reading all of an index that was small
/// a million rows ago (whole tables no act reads: [`Engine::prepare_for_acts`]).
pub(crate) async fn look_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    if connection.backend_name() == "PostgreSQL" {
        sqlx::raw_sql("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// A text with many values `$1`, `$2`, …, each used once and in this order, as the engine reads it fastest. SQLite keeps the values that have
/// a number in a list that it searches for every one of them, so that thousands take as long as millions; those without one it counts.
pub(crate) fn in_order(connection: &AnyConnection, sql: String) -> String {
    if connection.backend_name() == "SQLite" {
        without_numbers(&sql).unwrap_or(sql)
    } else {
        sql
    }
}

/// `?` for each `$n`; `None` where they are not 1, 2, 3 and so on.
fn without_numbers(sql: &str) -> Option<String> {
    let mut parts = sql.split('$');
    let mut text = parts.next()?.to_owned();
    for (before, part) in parts.enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        if number.parse() != Ok(before + 1) {
            return None;
        }
        text.push('?');
        text.push_str(rest);
    }
    Some(text)
}

/// Whether a statement may do better at the next try: it failed only because of another act that ran at the same time, or because its connection
/// is gone (a server that began anew has cut all of them). The codes of the engines differ in shape, so no engine needs to be known.
pub(crate) fn is_passing(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    let code = code.as_deref().unwrap_or("");
    // SQLite: busy and its extended codes, locked.
    let on_sqlite = matches!(code, "5" | "261" | "517" | "773" | "6" | "262");
    // PostgreSQL: serialization failure, deadlock, lock timeout; and two acts that made the same unique value at once.
    let on_postgres = matches!(code, "40001" | "40P01" | "55P03" | "23505");
    // PostgreSQL: shut down by somebody, crashed, or not ready yet.
    let is_cut = matches!(code, "57P01" | "57P02" | "57P03");
    on_sqlite
        || on_postgres
        || is_cut
        || matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))
}

/// Whether a text was sent that the engine cannot hold, so that nothing can be stored under it: PostgreSQL knows no zero character.
pub(crate) fn is_unstorable_text(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.as_deref() == Some("22021")
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn values_lose_their_numbers_only_where_each_comes_after_the_one_before() {
        for (sql, expected) in [
            ("SELECT 1", Some("SELECT 1")),
            (
                "VALUES ($1, $2), ($3, $4) ON CONFLICT",
                Some("VALUES (?, ?), (?, ?) ON CONFLICT"),
            ),
            ("a = $1 AND b = $1", None),
            ("a = $2 AND b = $1", None),
            ("a = '$' AND b = $1", None),
        ] {
            assert_eq!(without_numbers(sql).as_deref(), expected, "{sql}");
        }
    }
}
