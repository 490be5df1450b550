//! The public log: entries, hashes of the tree, heads.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::many::{in_order, insert_sql, pieces, values};

/// How many places one statement asks for.
const ROWS: usize = 100;

/// An entry to write.
pub(crate) struct NewEntry {
    pub(crate) position: i64,
    pub(crate) leaf: String,
    /// Number and statement of the certificate it is about.
    pub(crate) certificate: Option<(String, String)>,
}

pub(crate) async fn entry_insert(
    connection: &mut AnyConnection,
    act: &str,
    entry: &NewEntry,
) -> Result<(), sqlx::Error> {
    let certificate = entry.certificate.as_ref();
    sqlx::query("INSERT INTO log_entry (act_id, position, leaf, certificate, statement) VALUES ($1, $2, $3, $4, $5)")
        .bind(act)
        .bind(entry.position)
        .bind(&*entry.leaf)
        .bind(certificate.map(|(number, _)| number.as_str()))
        .bind(certificate.map(|(_, statement)| statement.as_str()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether an entry waits for its number.
pub(crate) async fn is_waiting(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT position FROM log_entry WHERE number IS NULL LIMIT 1")
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// Takes the turn: every other copy of the server waits here until this transaction ends.
pub(crate) async fn take_turn(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE log_sequencer SET turns = turns + 1 WHERE id = 1")
        .execute(connection)
        .await?;
    Ok(())
}

/// Entries that wait, those of older acts first: act, position, leaf.
pub(crate) async fn waiting(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<(String, i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT act_id, position, leaf FROM log_entry WHERE number IS NULL ORDER BY act_id, position LIMIT $1",
    )
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Gives entries their numbers: act, position, number.
pub(crate) async fn entries_number(
    connection: &mut AnyConnection,
    numbered: &[(&str, i64, i64)],
) -> Result<(), sqlx::Error> {
    for piece in pieces(numbered) {
        let sql = format!(
            "UPDATE log_entry SET number = given.column3 FROM (VALUES {}) AS given \
             WHERE log_entry.act_id = given.column1 AND log_entry.position = given.column2",
            values(piece.len(), 3)
        );
        let mut query = sqlx::query(in_order(connection, sql));
        for (act, position, number) in piece {
            query = query.bind(*act).bind(*position).bind(*number);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The stored hashes at these places; a place that is not there is missing from the answer.
pub(crate) async fn nodes(
    connection: &mut AnyConnection,
    places: &[i64],
) -> Result<HashMap<i64, String>, sqlx::Error> {
    let mut found = HashMap::with_capacity(places.len());
    for some in places.chunks(ROWS) {
        let marks: Vec<String> = (1..=some.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT place, hash FROM log_node WHERE place IN ({})",
            marks.join(", ")
        );
        let mut query = sqlx::query_as::<_, (i64, String)>(AssertSqlSafe(sql));
        for place in some {
            query = query.bind(*place);
        }
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

pub(crate) async fn nodes_insert(
    connection: &mut AnyConnection,
    nodes: &[(i64, String)],
) -> Result<(), sqlx::Error> {
    for some in pieces(nodes) {
        let mut query = sqlx::query(insert_sql(
            connection,
            "log_node (place, hash)",
            some.len(),
            2,
            "",
        ));
        for (place, hash) in some {
            query = query.bind(*place).bind(&**hash);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A signed head.
#[derive(Clone, FromRow)]
pub(crate) struct HeadRow {
    pub(crate) size: i64,
    pub(crate) root: String,
    pub(crate) at: i64,
    pub(crate) key: String,
    pub(crate) note: String,
}

pub(crate) async fn head_insert(
    connection: &mut AnyConnection,
    head: &HeadRow,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO log_head (size, root, at, key, note) VALUES ($1, $2, $3, $4, $5)")
        .bind(head.size)
        .bind(&*head.root)
        .bind(head.at)
        .bind(&*head.key)
        .bind(&*head.note)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a key signs from this head on, unless it is known.
pub(crate) async fn key_note(
    connection: &mut AnyConnection,
    key: &str,
    since_size: i64,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO log_key (key, since_size, at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM log_key WHERE key = $1)",
    )
    .bind(key)
    .bind(since_size)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// An entry with the act it records.
#[derive(FromRow)]
pub(crate) struct EntryRow {
    pub(crate) number: i64,
    pub(crate) act_id: String,
    pub(crate) leaf: String,
    pub(crate) statement: Option<String>,
    pub(crate) certificate: Option<String>,
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) subject_kind: String,
    pub(crate) subject: String,
    pub(crate) hash: String,
    pub(crate) state: Option<String>,
    pub(crate) is_public: i64,
}

/// The numbered entries after a number, in their order.
pub(crate) async fn entries(
    connection: &mut AnyConnection,
    after: i64,
    size: i64,
) -> Result<Vec<EntryRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT log_entry.number, log_entry.act_id, log_entry.leaf, log_entry.statement, log_entry.certificate, \
         act.at, act.kind, act.subject_kind, act.subject, act.hash, act.state, act.is_public \
         FROM log_entry JOIN act ON act.id = log_entry.act_id WHERE log_entry.number > $1 ORDER BY log_entry.number LIMIT $2",
    )
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Every head in the order of the sizes; one page after the given size.
pub(crate) async fn heads_after(
    connection: &mut AnyConnection,
    after: i64,
    size: i64,
) -> Result<Vec<HeadRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT size, root, at, key, note FROM log_head WHERE size > $1 ORDER BY size LIMIT $2",
    )
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The hashes of the tree after a place, in their order: the audit compares each with what it computes.
pub(crate) async fn nodes_after(
    connection: &mut AnyConnection,
    after: i64,
    size: i64,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT place, hash FROM log_node WHERE place > $1 ORDER BY place LIMIT $2")
        .bind(after)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// What an act put into the ledger from the issuance account: project code, vintage, first and last number, in the order of the rows.
pub(crate) async fn issued_by(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Vec<(String, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT credit_class.project_code, credit_class.vintage, ledger_transfer.serial_start, ledger_transfer.serial_end \
         FROM ledger_transfer JOIN credit_class ON credit_class.id = ledger_transfer.class_id \
         WHERE ledger_transfer.act_id = $1 AND ledger_transfer.debit_kind = 'issuance' ORDER BY ledger_transfer.position",
    )
    .bind(act)
    .fetch_all(connection)
    .await
}

/// The numbers of the certificates that an act gave or corrected, in their order.
pub(crate) async fn retired_by(
    connection: &mut AnyConnection,
    act: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT number FROM (SELECT number, id FROM retirement WHERE act_id = $1 UNION ALL \
         SELECT retirement.number, retirement.id FROM certificate_version JOIN retirement ON retirement.id = certificate_version.retirement_id \
         WHERE certificate_version.act_id = $1) AS given ORDER BY id",
    )
    .bind(act)
    .fetch_all(connection)
    .await
}

/// Acts that must be in the log and are not: id. `kinds` are acts that are public although their record in the chain is not.
pub(crate) async fn acts_without_entry(
    connection: &mut AnyConnection,
    kinds: &[&str],
    size: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let list: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
    let sql = format!(
        "SELECT act.id FROM act WHERE (act.is_public = 1 OR act.kind IN ({}) \
         OR EXISTS (SELECT 1 FROM retirement WHERE retirement.act_id = act.id) \
         OR EXISTS (SELECT 1 FROM certificate_version WHERE certificate_version.act_id = act.id)) \
         AND NOT EXISTS (SELECT 1 FROM log_entry WHERE log_entry.act_id = act.id) ORDER BY act.id LIMIT $1",
        list.join(", ")
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(size)
        .fetch_all(connection)
        .await
}

/// Certificates without an entry: number.
pub(crate) async fn certificates_without_entry(
    connection: &mut AnyConnection,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT retirement.number FROM retirement WHERE NOT EXISTS ( \
           SELECT 1 FROM log_entry WHERE log_entry.certificate = retirement.number) ORDER BY retirement.number LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}

/// An act that is to be entered afterwards.
pub(crate) async fn act(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<EntryRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(-1 AS BIGINT) AS number, id AS act_id, '' AS leaf, CAST(NULL AS TEXT) AS statement, \
         CAST(NULL AS TEXT) AS certificate, at, kind, subject_kind, subject, hash, state, is_public FROM act WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// Whether the log has no entry at all.
pub(crate) async fn is_empty(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT position FROM log_entry LIMIT 1")
        .fetch_optional(connection)
        .await?;
    Ok(found.is_none())
}

/// One audit that was run.
#[derive(FromRow)]
pub(crate) struct AuditRow {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) accounts: i64,
    pub(crate) transfers: i64,
    pub(crate) blocks: i64,
    pub(crate) calculations: i64,
    pub(crate) acts: i64,
    pub(crate) log_entries: i64,
    pub(crate) differences: i64,
    pub(crate) found: String,
}

pub(crate) async fn audit_insert(
    connection: &mut AnyConnection,
    row: &AuditRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit_run (id, at, accounts, transfers, blocks, calculations, acts, log_entries, differences, found) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&*row.id)
    .bind(row.at)
    .bind(row.accounts)
    .bind(row.transfers)
    .bind(row.blocks)
    .bind(row.calculations)
    .bind(row.acts)
    .bind(row.log_entries)
    .bind(row.differences)
    .bind(&*row.found)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the audit of a day: whether nobody has run it, and nobody has been at it since `stale`.
pub(crate) async fn audit_day_take(
    connection: &mut AnyConnection,
    day: &str,
    at: i64,
    stale: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO audit_day (day, taken_at) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET taken_at = excluded.taken_at \
         WHERE audit_day.ended_at IS NULL AND audit_day.taken_at <= $3",
    )
    .bind(day)
    .bind(at)
    .bind(stale)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that the audit of a day came to an end.
pub(crate) async fn audit_day_end(
    connection: &mut AnyConnection,
    day: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE audit_day SET ended_at = $2 WHERE day = $1 AND ended_at IS NULL AND taken_at <= $2",
    )
    .bind(day)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The latest audits, newest first.
pub(crate) async fn audits(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<AuditRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, at, accounts, transfers, blocks, calculations, acts, log_entries, differences, found FROM audit_run \
         ORDER BY at DESC, id DESC LIMIT $1",
    )
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Where the tonnes of each class are: class, project, its code and name, vintage, issued, kind of account, balance.
pub(crate) async fn tonnes_by_kind(
    connection: &mut AnyConnection,
    after: &str,
    classes: i64,
) -> Result<Vec<ClassTonnes>, sqlx::Error> {
    sqlx::query_as(
        "SELECT class.id, class.project_id, class.project_code, record.name AS project_name, class.vintage, class.issued, \
         ledger_account.kind, CAST(SUM(ledger_account.balance) AS BIGINT) AS balance \
         FROM (SELECT id, project_id, project_code, vintage, issued FROM credit_class WHERE id > $1 ORDER BY id LIMIT $2) AS class \
         JOIN record ON record.id = class.project_id JOIN ledger_account ON ledger_account.class_id = class.id \
         GROUP BY class.id, class.project_id, class.project_code, record.name, class.vintage, class.issued, ledger_account.kind \
         ORDER BY class.id, ledger_account.kind",
    )
    .bind(after)
    .bind(classes)
    .fetch_all(connection)
    .await
}

/// The tonnes of one class in accounts of one kind.
#[derive(FromRow)]
pub(crate) struct ClassTonnes {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) vintage: i64,
    pub(crate) issued: i64,
    pub(crate) kind: String,
    pub(crate) balance: i64,
}
