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

use sqlx::{AnyConnection, AssertSqlSafe};

use super::engine;

/// Rows of one INSERT: with thirty columns far below what both engines take.
pub(crate) const ROWS_MAX: usize = 200;
/// Values of one list behind IN.
pub(crate) const LIST_MAX: usize = 500;

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

/// `WITH wanted (one) AS (VALUES ($1), ($2))`: a list of so many values to be joined with what is looked for. Behind `IN`, PostgreSQL compares
/// every row that it reads with all of them as soon as it keeps the statement's plan; a list of its own is looked up by index or by hash.
/// `FROM wanted CROSS JOIN …` says so to SQLite, too: the list first.
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
