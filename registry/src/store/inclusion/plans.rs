//! What is read by many is read by an index: the databases are asked how they would do it.
//!
//! A table of a test is empty, and an empty table is read whole: PostgreSQL is told not to where it can do otherwise.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

use super::{export, group, ledger};
use crate::{Options, Registry};

/// A statement with a value for each of its parameters, as literals.
fn with_values(sql: &str, values: &[&str]) -> String {
    let filled = (1..)
        .zip(values)
        .fold(sql.to_owned(), |sql, (number, value)| {
            sql.replace(&format!("${number}"), value)
        });
    assert!(!filled.contains('$'), "{filled}");
    filled
}

/// A migrated database in a file of its own, or one in the throw-away cluster.
async fn migrated(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let registry = Registry::connect(url, Options::default())
        .await
        .expect("connect");
    registry.migrate().await.expect("migrate");
    registry.close().await;
    AnyConnection::connect(url)
        .await
        .expect("connect past the registry")
}

async fn steps(connection: &mut AnyConnection, explain: &str, sql: &str) -> String {
    let rows = sqlx::query(AssertSqlSafe(format!("{explain} {sql}")))
        .fetch_all(connection)
        .await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let column = rows[0].len() - 1;
    rows.iter()
        .map(|row| row.get::<String, _>(column))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Each statement, and the index by which it is read, in order: nothing is sorted.
fn statements() -> [(String, &'static str, usize); 4] {
    let region = ["'CN-GD'", "'2026-03'"];
    [
        (
            with_values(group::BOARD_OF_REGION, &[region[0], region[1], "51"]),
            "inclusion_board_entry_in_order",
            1,
        ),
        (
            with_values(
                group::STANDING_IN_REGION,
                &[region[0], region[1], "1000", "10000"],
            ),
            "inclusion_board_entry_in_order",
            3,
        ),
        (
            with_values(
                ledger::FREEZABLE,
                &[
                    "'pool'",
                    "''",
                    "'2026-03-01'",
                    "''",
                    "''",
                    "'2026-03-01'",
                    "'2026-03-31'",
                    "'CN-GD'",
                    "5000",
                ],
            ),
            "inclusion_lot_part_of_place",
            1,
        ),
        (
            with_values(export::FILES_TO_REMOVE, &["1800000000", "200"]),
            "inclusion_activity_by_file",
            1,
        ),
    ]
}

#[tokio::test]
async fn boards_batches_and_photos_are_read_by_an_index_in_its_order_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("huitan_plans_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut connection = migrated(&format!("sqlite://{}", folder.join("plans.db").display())).await;
    for (sql, index, times) in statements() {
        let plan = steps(&mut connection, "EXPLAIN QUERY PLAN", &sql).await;
        assert_eq!(plan.matches(index).count(), times, "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "sorted:\n{plan}");
        // the bounded counts go over what they found, and over no table
        let tables = ["inclusion_board_entry", "e", "p", "a"];
        let whole = plan
            .lines()
            .filter_map(|step| step.trim().strip_prefix("SCAN "));
        let whole = whole.filter(|of| tables.contains(&of.split(' ').next().unwrap_or(of)));
        assert_eq!(whole.count(), 0, "{sql}\n{plan}");
    }
    connection.close().await.expect("closed");
    std::fs::remove_dir_all(&folder).expect("tidied up");
}

#[tokio::test]
async fn boards_batches_and_photos_are_read_by_an_index_in_its_order_on_postgres() {
    let cluster = std::env::var("HUITAN_TEST_POSTGRES")
        .expect("HUITAN_TEST_POSTGRES: the address of a throw-away cluster");
    sqlx::any::install_default_drivers();
    let name = format!("huitan_plans_{}", std::process::id());
    let mut server = AnyConnection::connect(&cluster).await.expect("the cluster");
    for sql in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut server)
            .await
            .expect("a database");
    }
    let (place, _) = cluster.rsplit_once('/').expect("a database in the address");
    let mut connection = migrated(&format!("{place}/{name}")).await;
    sqlx::raw_sql("SET enable_seqscan = off; SET enable_bitmapscan = off")
        .execute(&mut connection)
        .await
        .expect("settings");
    for (sql, index, times) in statements() {
        let plan = steps(&mut connection, "EXPLAIN", &sql).await;
        assert_eq!(plan.matches(index).count(), times, "{sql}\n{plan}");
        assert!(
            !plan.contains("Sort") && !plan.contains("Seq Scan"),
            "{sql}\n{plan}"
        );
    }
    connection.close().await.expect("closed");
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name}")))
        .execute(&mut server)
        .await
        .expect("tidied up");
}
