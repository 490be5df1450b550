//! Statements of many rows and values. Where the count differs from call to call ([`padded`], [`pieces`]), texts are made for 1, 2, 4, … 64 rows
//! only, so that a connection knows them all after a short while and none is read and planned anew for each count.

use std::fmt::Write as _;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::engine;

/// The most rows of one statement.
pub(crate) const PIECE_MAX: usize = 64;

/// As many rows as there are texts for: the last one again and again. Only for reading.
pub(crate) fn padded<T: Clone>(rows: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut rows: Vec<T> = rows.into_iter().collect();
    if let Some(last) = rows.last().cloned() {
        rows.resize(rows.len().next_power_of_two(), last);
    }
    rows
}

/// The rows in pieces of as many as there are texts for, in order.
pub(crate) fn pieces<T>(mut rows: &[T]) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    while !rows.is_empty() {
        let size = 1 << rows.len().min(PIECE_MAX).ilog2();
        let (piece, rest) = rows.split_at(size);
        pieces.push(piece);
        rows = rest;
    }
    pieces
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
    values_from(1, rows, columns)
}

/// The same from a number on.
pub(crate) fn values_from(from: usize, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        push_list(&mut text, from + row * columns, columns);
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

fn push_list(sql: &mut String, from: usize, count: usize) {
    for at in 0..count {
        let separator = if at == 0 { "" } else { ", " };
        let _ = write!(sql, "{separator}${}", from + at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_pieces_that_have_a_text() {
        for count in [0, 1, 2, 3, 37, 64, 65, 200] {
            let rows: Vec<usize> = (0..count).collect();
            let pieces = pieces(&rows);
            assert_eq!(pieces.concat(), rows, "in order, each once");
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.len().is_power_of_two() && piece.len() <= PIECE_MAX),
                "{count}"
            );
        }
        assert_eq!(padded(0..37).len(), 64);
        assert_eq!(padded(Vec::<u8>::new()), Vec::<u8>::new());
    }
}
