//! What an act looks up while it writes is found by key: no table is read from end to end, however long it has become.
//!
//! On SQLite a statement can be asked for its steps, and those of its triggers and references are among them. PostgreSQL has the same tables,
//! keys and triggers; it does not look for rows that refer to what is inserted.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use crate::harness::*;

/// Tables that may be read whole while another is written: they stay small.
const SMALL: &[(&str, &str)] = &[
    // one row for each key that ever signed
    ("log_key", "log_head"),
];

/// Every table with its columns.
async fn tables(connection: &mut AnyConnection) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations' ORDER BY m.name, c.cid",
    )
    .fetch_all(connection)
    .await
    .expect("the schema");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// Root page -> the table that it, or the index on it, belongs to.
async fn owners(connection: &mut AnyConnection) -> BTreeMap<i64, String> {
    sqlx::query_as("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0")
        .fetch_all(connection)
        .await
        .expect("the pages")
        .into_iter()
        .collect()
}

/// The tables that a statement reads from end to end, its triggers and references included.
async fn read_whole(
    connection: &mut AnyConnection,
    owners: &BTreeMap<i64, String>,
    sql: String,
) -> BTreeSet<String> {
    let steps = sqlx::query(AssertSqlSafe(format!("EXPLAIN {sql}")))
        .fetch_all(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let mut read = BTreeSet::new();
    let mut cursors: BTreeMap<i64, i64> = BTreeMap::new();
    let mut before = -1;
    for step in steps {
        let address: i64 = step.get("addr");
        if address < before {
            // the next program: a trigger
            cursors.clear();
        }
        before = address;
        let (first, second): (i64, i64) = (step.get("p1"), step.get("p2"));
        match step.get::<String, _>("opcode").as_str() {
            "OpenRead" | "OpenWrite" => {
                cursors.insert(first, second);
            }
            "Rewind" => {
                let page = cursors.get(&first);
                read.extend(page.and_then(|page| owners.get(page)).cloned());
            }
            _ => {}
        }
    }
    read
}

#[tokio::test]
async fn writing_a_row_reads_no_table_from_end_to_end() {
    let database = Database::sqlite();
    let _registry = database.open().await;
    let mut connection = database.raw().await;
    let owners = owners(&mut connection).await;
    let mut found = BTreeSet::new();
    for (table, columns) in tables(&mut connection).await {
        let values = vec!["NULL"; columns.len()].join(", ");
        let names = columns.join(", ");
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({values})");
        for other in read_whole(&mut connection, &owners, insert).await {
            if !SMALL.contains(&(table.as_str(), other.as_str())) {
                found.insert(format!("{table} reads {other}"));
            }
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[tokio::test]
async fn a_cut_block_finds_the_block_after_it_by_key() {
    let database = Database::sqlite();
    let _registry = database.open().await;
    let indexes: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT i.name, c.seqno, c.name FROM pragma_index_list('serial_block') i JOIN pragma_index_info(i.name) c ORDER BY i.name, c.seqno",
    )
    .fetch_all(&mut database.raw().await)
    .await
    .expect("the indexes");
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, _, column) in indexes {
        columns.entry(index).or_default().push(column);
    }
    assert!(
        columns
            .values()
            .any(|columns| columns.starts_with(&["class_id".to_owned(), "previous_end".to_owned()])),
        "{columns:?}"
    );
}
