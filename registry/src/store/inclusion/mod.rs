//! The SQL of carbon inclusion. Everything of a person is asked for by account; many rows are written in one statement.

pub(crate) mod activity;
pub(crate) mod batch;
pub(crate) mod city;
pub(crate) mod desk;
pub(crate) mod expiry;
pub(crate) mod export;
pub(crate) mod group;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod ledger;
pub(crate) mod person;
#[cfg(test)]
mod plans;
pub(crate) mod precedence;
pub(crate) mod seal;
pub(crate) mod shop;

use std::fmt::Write as _;
use std::sync::Arc;

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

use super::engine;

/// Rows of one INSERT: with thirty columns far below what both engines take.
pub(crate) const ROWS_MAX: usize = 200;
/// Values of one list behind IN.
pub(crate) const LIST_MAX: usize = 500;

/// Values of one INSERT: what PostgreSQL and SQLite both take, and few enough to be kept as a prepared statement.
const VALUES_MAX: usize = 6_000;

/// An INSERT to which the values of its rows are bound.
pub(crate) type Insert = Query<'static, Any, AnyArguments>;

/// Inserts many rows in as few statements as they fit in. The values of the next one are put together while the database works on the one
/// before it: they are most of what this process does for an insert.
pub(crate) async fn insert_rows<T>(
    connection: &mut AnyConnection,
    (head, columns, tail): (&str, usize, &str),
    rows: &[T],
    bind: impl Fn(Insert, &T) -> Insert,
) -> Result<(), sqlx::Error> {
    let parts = rows.chunks((VALUES_MAX / columns).max(1));
    // all parts but the last are of one size, so they share a text
    let texts = [parts.clone().next(), parts.clone().next_back()].map(|part| {
        let rows = part.map_or(0, <[T]>::len);
        let text = insert_sql(connection, head, rows, columns, tail);
        (rows, Arc::<str>::from(text.0))
    });
    let mut queries = parts.filter_map(|part| {
        let (_, text) = texts.iter().find(|(size, _)| *size == part.len())?;
        Some(
            part.iter()
                .fold(sqlx::query(AssertSqlSafe(Arc::clone(text))), &bind),
        )
    });
    let mut next = queries.next();
    while let Some(query) = next {
        let (done, after) = tokio::join!(query.execute(&mut *connection), async { queries.next() });
        done?;
        next = after;
    }
    Ok(())
}

/// `INSERT INTO … VALUES ($1, …), …` for so many rows.
pub(crate) fn insert_sql(
    connection: &AnyConnection,
    head: &str,
    rows: usize,
    columns: usize,
    tail: &str,
) -> AssertSqlSafe<String> {
    let values = values(rows, columns);
    in_order(
        connection,
        format!("INSERT INTO {head} VALUES {values}{tail}"),
    )
}

/// A text with many values, each behind the one before it, as the engine reads it fastest.
pub(crate) fn in_order(connection: &AnyConnection, sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(engine::in_order(connection, sql))
}

/// `($1, $2), ($3, $4)`: so many rows of so many placeholders.
pub(crate) fn values(rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        push_list(&mut text, row * columns + 1, columns);
        text.push(')');
    }
    text
}

/// `$3, $4, $5`: so many placeholders from a number on.
pub(crate) fn list(from: usize, count: usize) -> String {
    let mut text = String::new();
    push_list(&mut text, from, count);
    text
}

/// `WITH wanted (one) AS (VALUES ($1), ($2))`: a list of so many keys to be joined with what is looked for. Behind `IN`, PostgreSQL compares
/// every row that it reads with all of them as soon as it keeps the statement's plan. `FROM wanted CROSS JOIN …` says to SQLite, too: the list
/// first.
pub(crate) fn wanted(count: usize) -> String {
    format!("WITH wanted (one) AS (VALUES {})", values(count, 1))
}

/// Each value once: a list that is joined gives a row for each of its values.
pub(crate) fn distinct(values: &[String]) -> Vec<&str> {
    let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn push_list(sql: &mut String, from: usize, count: usize) {
    for at in 0..count {
        let separator = if at == 0 { "" } else { ", " };
        let _ = write!(sql, "{separator}${}", from + at);
    }
}
