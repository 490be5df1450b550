//! Every column is listed as public or private, and what leaves to the public reads public ones only.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row as _;

use crate::harness::*;

/// Tables that only PostgreSQL has.
const ONLY_POSTGRES: &[&str] = &["inclusion_act"];

/// Table -> column -> whether it is public, from the list.
fn listed() -> BTreeMap<String, BTreeMap<String, bool>> {
    let mut tables: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let mut table = String::new();
    for line in include_str!("../../columns.toml").lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            name.clone_into(&mut table);
            continue;
        }
        let (column, value) = line
            .split_once(" = ")
            .unwrap_or_else(|| panic!("columns.toml: {line}"));
        let public = match value {
            "\"public\"" => true,
            "\"private\"" => false,
            other => panic!("columns.toml: {column} is {other}"),
        };
        let twice = tables
            .entry(table.clone())
            .or_default()
            .insert(column.to_owned(), public);
        assert!(twice.is_none(), "columns.toml lists {table}.{column} twice");
    }
    tables
}

both_databases! {
    async fn every_column_is_listed_as_public_or_private(database) {
        let _registry = database.open().await;
        let sql = if database.is_sqlite() {
            "SELECT m.name AS tab, c.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        } else {
            "SELECT CAST(table_name AS TEXT) AS tab, CAST(column_name AS TEXT) AS col FROM information_schema.columns \
             WHERE table_schema = 'public'"
        };
        let rows = sqlx::query(sql).fetch_all(&mut database.raw().await).await.expect("the schema");
        let found: BTreeSet<(String, String)> = rows.iter().map(|row| (row.get("tab"), row.get("col"))).collect();
        // The migrator's own table is the only one that is not ours.
        let found: BTreeSet<_> = found.into_iter().filter(|(table, _)| table != "_sqlx_migrations").collect();
        let listed = listed();
        let listed: BTreeSet<(String, String)> = listed
            .iter()
            .filter(|(table, _)| !(database.is_sqlite() && ONLY_POSTGRES.contains(&table.as_str())))
            .flat_map(|(table, columns)| columns.keys().map(move |column| (table.clone(), column.clone())))
            .collect();
        assert_eq!(found, listed);
    }
}

/// The string literals of a source file.
fn literals(source: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        if character != '"' {
            continue;
        }
        let mut literal = String::new();
        while let Some(character) = characters.next() {
            match character {
                '"' => break,
                '\\' => {
                    literal.push(' ');
                    characters.next();
                }
                other => literal.push(other),
            }
        }
        literals.push(literal);
    }
    literals
}

#[test]
fn what_leaves_to_the_public_is_public() {
    let tables = listed();
    let alias = |name: &str| match name {
        "owner" | "vvb" => "organisation".to_owned(),
        "project" => "record".to_owned(),
        "same" => "credit_class".to_owned(),
        "one" => "serial_block".to_owned(),
        table => table.to_owned(),
    };
    let all_columns: BTreeSet<&String> = tables.values().flat_map(BTreeMap::keys).collect();
    // Comments may hold quotation marks; they hold no SQL.
    let source = concat!(
        include_str!("../../src/store/public.rs"),
        include_str!("../../src/store/public_event.rs"),
        include_str!("../../src/store/public_offer.rs"),
        include_str!("../../src/store/public_neutral.rs"),
        include_str!("../../src/store/public_batch.rs")
    );
    let source = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let source = source.collect::<Vec<_>>().join("\n");
    let mut read = 0;
    for literal in literals(&source) {
        let words: Vec<&str> = literal
            .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '\'')))
            .filter(|word| !word.is_empty())
            .collect();
        for (at, word) in words.iter().enumerate() {
            if let Some((table, column)) = word.split_once('.') {
                let table = alias(table);
                let public = tables.get(&table).and_then(|columns| columns.get(column));
                assert_eq!(
                    public,
                    Some(&true),
                    "{word} is read for the public: {literal}"
                );
                read += 1;
            } else {
                let is_name = at > 0 && matches!(words[at - 1], "AS" | "FROM" | "JOIN")
                    || at > 1 && matches!(words[at - 2], "FROM" | "JOIN");
                let is_bare = !is_name && all_columns.contains(&(*word).to_owned());
                assert!(!is_bare, "{word} must be written with its table: {literal}");
            }
        }
    }
    assert!(read > 100, "{read}");
}
