//! What retirements that are done together read and write: each table once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::MemberRole;
use sqlx::{AnyConnection, FromRow};

use super::act::NewAct;
use super::ledger::NewRetirement;
use super::log::NewEntry;
use super::many::{in_order, insert_sql, padded, pieces, values};

/// Somebody who retires, and the account it is done for.
#[derive(Clone, FromRow)]
pub(crate) struct MemberRow {
    pub(crate) user_id: String,
    pub(crate) organisation_id: String,
    /// The holder's name.
    pub(crate) name: String,
    pub(crate) member_role: String,
    pub(crate) account_state: String,
    /// How many members must confirm what others begin.
    pub(crate) confirmers: i64,
    /// Sequence and hash of the last entry about the holder.
    pub(crate) sequence: Option<i64>,
    pub(crate) hash: Option<String>,
}

/// An account of a holder, with what its class is called.
#[derive(Clone, FromRow)]
pub(crate) struct ClassAccountRow {
    pub(crate) id: String,
    pub(crate) holder_id: String,
    pub(crate) class_id: String,
    pub(crate) kind: String,
    pub(crate) vintage: i64,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) methodology: String,
    pub(crate) recognition: String,
}

/// The keys among these that were used: scope and key.
pub(crate) async fn used_keys(
    connection: &mut AnyConnection,
    keys: &[(String, String)],
) -> Result<BTreeSet<(String, String)>, sqlx::Error> {
    let keys = padded(keys.iter().cloned());
    // CROSS JOIN: on SQLite the asked ones are gone through, and each is looked up
    let sql = format!(
        "SELECT act.scope, act.key FROM (VALUES {}) AS asked CROSS JOIN act WHERE act.scope = asked.column1 AND act.key = asked.column2",
        values(keys.len(), 2)
    );
    let mut query = sqlx::query_as(in_order(connection, sql));
    for (scope, key) in keys {
        query = query.bind(scope).bind(key);
    }
    let found: Vec<(String, String)> = query.fetch_all(connection).await?;
    Ok(found.into_iter().collect())
}

/// Who these users are, each with the holder for which they act; who was removed is not found.
pub(crate) async fn members(
    connection: &mut AnyConnection,
    asked: &BTreeSet<(String, String)>,
) -> Result<Vec<MemberRow>, sqlx::Error> {
    let asked = padded(asked.iter().cloned());
    let sql = format!(
        "SELECT user_account.id AS user_id, holder.id AS organisation_id, holder.name, user_account.member_role, own.account_state, \
         (SELECT COUNT(*) FROM user_account other WHERE other.organisation_id = holder.id AND other.member_role = '{}' \
           AND other.removed_at IS NULL) AS confirmers, \
         (SELECT act.sequence FROM act WHERE act.subject = holder.id ORDER BY act.sequence DESC LIMIT 1) AS sequence, \
         (SELECT act.hash FROM act WHERE act.subject = holder.id ORDER BY act.sequence DESC LIMIT 1) AS hash \
         FROM (VALUES {}) AS asked CROSS JOIN user_account JOIN organisation own ON own.id = user_account.organisation_id \
         JOIN organisation holder ON holder.id = asked.column2 \
         WHERE user_account.id = asked.column1 AND user_account.removed_at IS NULL",
        MemberRole::Confirmer.code(),
        values(asked.len(), 2)
    );
    let mut query = sqlx::query_as(in_order(connection, sql));
    for (user, organisation) in asked {
        query = query.bind(user).bind(organisation);
    }
    query.fetch_all(connection).await
}

/// What holders have of classes: the general sub-account and that of what is retired, as far as they are open. `asked`: holder and class.
pub(crate) async fn accounts(
    connection: &mut AnyConnection,
    asked: &BTreeSet<(String, String)>,
) -> Result<Vec<ClassAccountRow>, sqlx::Error> {
    let asked = padded(asked.iter().cloned());
    let sql = format!(
        "SELECT ledger_account.id, ledger_account.holder_id, ledger_account.class_id, ledger_account.kind, credit_class.vintage, \
         credit_class.project_code, record.name AS project_name, record.methodology, credit_class.recognition \
         FROM (VALUES {}) AS asked CROSS JOIN ledger_account JOIN credit_class ON credit_class.id = ledger_account.class_id \
         JOIN record ON record.id = credit_class.project_id \
         WHERE ledger_account.holder_id = asked.column1 AND ledger_account.class_id = asked.column2 \
         AND ledger_account.kind IN ('holding', 'retired')",
        values(asked.len(), 2)
    );
    let mut query = sqlx::query_as(in_order(connection, sql));
    for (holder, class) in asked {
        query = query.bind(holder).bind(class);
    }
    query.fetch_all(connection).await
}

/// The first blocks of accounts, at most `limit` of each: first and last number, lowest first.
pub(crate) async fn first_blocks(
    connection: &mut AnyConnection,
    accounts: &BTreeSet<String>,
    limit: i64,
) -> Result<BTreeMap<String, Vec<(i64, i64)>>, sqlx::Error> {
    let accounts = padded(accounts.iter().cloned());
    if accounts.is_empty() {
        return Ok(BTreeMap::new());
    }
    // up to the last of the first so many; an account with fewer is read to its end
    let sql = format!(
        "SELECT asked.column1, serial_block.serial_start, serial_block.serial_end \
         FROM (VALUES {}) AS asked CROSS JOIN serial_block WHERE serial_block.account_id = asked.column1 \
         AND serial_block.serial_start <= COALESCE((SELECT later.serial_start FROM serial_block later \
           WHERE later.account_id = asked.column1 ORDER BY later.serial_start LIMIT 1 OFFSET ${}), 9223372036854775807) \
         ORDER BY asked.column1, serial_block.serial_start",
        values(accounts.len(), 1),
        accounts.len() + 1,
    );
    let mut query = sqlx::query_as(in_order(connection, sql));
    for account in accounts {
        query = query.bind(account);
    }
    let found: Vec<(String, i64, i64)> = query.bind(limit - 1).fetch_all(connection).await?;
    let mut blocks: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    for (account, start, end) in found {
        let of_account = blocks.entry(account).or_default();
        // an account that was asked for twice only to fill the text up
        if of_account.last().is_none_or(|(last, _)| *last < start) {
            of_account.push((start, end));
        }
    }
    Ok(blocks)
}

/// Takes so many numbers of a sequence; answers with the last of them.
pub(crate) async fn counter_take(
    connection: &mut AnyConnection,
    name: &str,
    count: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO counter (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = counter.value + $2 RETURNING value",
    )
    .bind(name)
    .bind(count)
    .fetch_one(connection)
    .await
}

pub(crate) async fn retirements_insert(
    connection: &mut AnyConnection,
    rows: &[NewRetirement<'_>],
) -> Result<(), sqlx::Error> {
    const HEAD: &str = "retirement (id, number, holder_id, purpose, purpose_text, beneficiary, beneficiary_uscc, quantity, at, search, act_id, position)";
    for piece in pieces(rows) {
        let mut query = sqlx::query(insert_sql(connection, HEAD, piece.len(), 12, ""));
        for row in piece {
            query = query
                .bind(row.id)
                .bind(row.number)
                .bind(row.holder)
                .bind(row.purpose)
                .bind(row.purpose_text)
                .bind(row.beneficiary)
                .bind(row.beneficiary_uscc)
                .bind(row.quantity)
                .bind(row.at)
                .bind(row.search)
                .bind(row.act_id)
                .bind(row.position);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes entries of the record of acts, in order.
pub(crate) async fn acts_insert(
    connection: &mut AnyConnection,
    rows: &[NewAct<'_>],
) -> Result<(), sqlx::Error> {
    const HEAD: &str = "act (id, at, kind, scope, key, body_hash, user_id, organisation_id, subject_kind, subject, sequence, \
                        previous_hash, hash, state, note, answer, is_public)";
    for piece in pieces(rows) {
        let mut query = sqlx::query(insert_sql(connection, HEAD, piece.len(), 17, ""));
        for row in piece {
            query = query
                .bind(row.id)
                .bind(row.at)
                .bind(row.kind)
                .bind(row.scope)
                .bind(row.key)
                .bind(row.body_hash)
                .bind(row.user_id)
                .bind(row.organisation_id)
                .bind(row.subject_kind)
                .bind(row.subject)
                .bind(row.sequence)
                .bind(&*row.previous_hash)
                .bind(&*row.hash)
                .bind(row.state)
                .bind(row.note)
                .bind(row.answer)
                .bind(row.is_public);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes entries of the public log, each of one act.
pub(crate) async fn entries_insert(
    connection: &mut AnyConnection,
    rows: &[(String, NewEntry)],
) -> Result<(), sqlx::Error> {
    const HEAD: &str = "log_entry (act_id, position, leaf, certificate, statement)";
    for piece in pieces(rows) {
        let mut query = sqlx::query(insert_sql(connection, HEAD, piece.len(), 5, ""));
        for (act, entry) in piece {
            let certificate = entry.certificate.as_ref();
            query = query
                .bind(&**act)
                .bind(entry.position)
                .bind(&*entry.leaf)
                .bind(certificate.map(|(number, _)| number.as_str()))
                .bind(certificate.map(|(_, statement)| statement.as_str()));
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
