//! The SQL of carbon inclusion. Everything of a person is asked for by account; many rows are written in one statement.

pub(crate) mod activity;
pub(crate) mod batch;
pub(crate) mod city;
pub(crate) mod desk;
pub(crate) mod expiry;
pub(crate) mod group;
pub(crate) mod identity;
pub(crate) mod ledger;
pub(crate) mod person;
pub(crate) mod precedence;
pub(crate) mod shop;

use std::fmt::Write as _;

/// Rows of one INSERT: with twenty-five columns far below what both engines take.
pub(crate) const ROWS_MAX: usize = 200;
/// Values of one list behind IN.
pub(crate) const LIST_MAX: usize = 500;

/// `INSERT INTO … VALUES ($1, …), …` for so many rows.
pub(crate) fn insert_sql(head: &str, rows: usize, columns: usize, tail: &str) -> String {
    let mut sql = format!("INSERT INTO {head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        push_list(&mut sql, row * columns + 1, columns);
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}

/// `$3, $4, $5`: so many placeholders from a number on.
pub(crate) fn list(from: usize, count: usize) -> String {
    let mut text = String::new();
    push_list(&mut text, from, count);
    text
}

fn push_list(sql: &mut String, from: usize, count: usize) {
    for at in 0..count {
        let separator = if at == 0 { "" } else { ", " };
        let _ = write!(sql, "{separator}${}", from + at);
    }
}
