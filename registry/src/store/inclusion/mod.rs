//! The SQL of carbon inclusion. Everything of a person is asked for by account; many rows are written in one statement.

pub(crate) mod activity;
pub(crate) mod batch;
pub(crate) mod city;
pub(crate) mod desk;
pub(crate) mod expiry;
pub(crate) mod export;
pub(crate) mod group;
pub(crate) mod guardian;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod ledger;
pub(crate) mod person;
#[cfg(test)]
mod plans;
pub(crate) mod precedence;
pub(crate) mod seal;
pub(crate) mod shop;
pub(crate) mod staff;
pub(crate) mod thing;

use std::sync::Arc;

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

use super::many::{in_order, insert_sql, list, values, values_from};

/// Rows of one INSERT: with thirty columns far below what both engines take.
pub(crate) const ROWS_MAX: usize = 200;
/// Values of one list behind IN.
pub(crate) const LIST_MAX: usize = 500;

/// Values of one INSERT: what PostgreSQL and SQLite both take, and few enough to be kept as a prepared statement.
const VALUES_MAX: usize = 6_000;

/// A statement to which the values of its rows are bound.
pub(crate) type Rows = Query<'static, Any, AnyArguments>;

/// Inserts many rows in as few statements as they fit in.
pub(crate) async fn insert_rows<T>(
    connection: &mut AnyConnection,
    (head, columns, tail): (&str, usize, &str),
    rows: &[T],
    bind: impl Fn(Rows, &T) -> Rows,
) -> Result<(), sqlx::Error> {
    let before = format!("INSERT INTO {head} VALUES ");
    with_rows(connection, (&before, columns, tail), rows, bind).await
}

/// Does a statement with many rows, whose text is `before` the rows and `after` them, in as few as they fit in. The values of the next one are put
/// together while the database works on the one before it: they are most of what this process does for a row.
pub(crate) async fn with_rows<T>(
    connection: &mut AnyConnection,
    (before, columns, after): (&str, usize, &str),
    rows: &[T],
    bind: impl Fn(Rows, &T) -> Rows,
) -> Result<(), sqlx::Error> {
    let parts = rows.chunks((VALUES_MAX / columns).max(1));
    // all parts but the last are of one size, so they share a text
    let whole = parts.clone().next().map_or(0, <[T]>::len);
    let [text, last] = [parts.clone().next(), parts.clone().next_back()].map(|part| {
        let values = values(part.map_or(0, <[T]>::len), columns);
        let sql = in_order(connection, format!("{before}{values}{after}"));
        Arc::<str>::from(sql.0)
    });
    let mut queries = parts.map(|part| {
        let text = if part.len() == whole { &text } else { &last };
        part.iter()
            .fold(sqlx::query(AssertSqlSafe(Arc::clone(text))), &bind)
    });
    let mut next = queries.next();
    while let Some(query) = next {
        let (done, after) = tokio::join!(query.execute(&mut *connection), async { queries.next() });
        done?;
        next = after;
    }
    Ok(())
}

/// `WITH wanted (one) AS (VALUES ($1), ($2))`: a list of so many keys to be joined with what is looked for. Behind `IN`, PostgreSQL compares
/// every row that it reads with all of them as soon as it keeps the statement's plan. `FROM wanted CROSS JOIN …` says to SQLite, too: the list
/// first.
pub(crate) fn wanted(count: usize) -> String {
    format!("WITH wanted (one) AS (VALUES {})", values(count, 1))
}

/// `pairs (one, span)`: each of so many keys with each of so many days or periods, both to be looked up together. Behind `IN`, PostgreSQL kept a
/// plan that read everything an account ever had in order to find a few periods of it.
pub(crate) fn wanted_in(count: usize, spans: usize) -> String {
    format!(
        "{}, spans (span) AS (VALUES {}), pairs AS MATERIALIZED (SELECT one, span FROM wanted CROSS JOIN spans)",
        wanted(count),
        values_from(1 + count, spans, 1)
    )
}

/// Each value once: a list that is joined gives a row for each of its values.
pub(crate) fn distinct(values: &[String]) -> Vec<&str> {
    let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
    values.sort_unstable();
    values.dedup();
    values
}
