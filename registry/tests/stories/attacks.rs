//! SQL that goes past the registry: what must never be is refused by the database itself, by name.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use crate::harness::*;

/// Runs statements as one transaction and gives the error of a statement or of the commit.
async fn attack(connection: &mut AnyConnection, sql: &str) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// A row of the ledger made from the retirement's row, with some columns replaced.
fn forged(replaced: &[(&str, &str)]) -> String {
    const COLUMNS: &[&str] = &[
        "id",
        "class_id",
        "debit_account",
        "debit_kind",
        "debit_holder",
        "credit_account",
        "credit_kind",
        "credit_holder",
        "amount",
        "serial_start",
        "serial_end",
        "at",
        "act_id",
        "position",
        "retirement_id",
    ];
    let value = |column: &&str| {
        let named = replaced
            .iter()
            .rev()
            .find(|(name, _)| name == column)
            .map(|(_, value)| *value);
        let fresh = match *column {
            "id" => "'forged'",
            "position" => "99",
            other => other,
        };
        named.unwrap_or(fresh).to_owned()
    };
    let values: Vec<String> = COLUMNS.iter().map(value).collect();
    let (columns, values) = (COLUMNS.join(", "), values.join(", "));
    format!(
        "INSERT INTO ledger_transfer ({columns}) SELECT {values} FROM ledger_transfer WHERE credit_kind = 'retired'"
    )
}

/// A tail of ten tonnes that the organiser really has, right before what was retired.
const TAIL: [(&str, &str); 3] = [
    ("amount", "10"),
    ("serial_start", "serial_start - 10"),
    ("serial_end", "serial_start - 1"),
];

/// What is tried, and the name under which it is refused: on PostgreSQL, on SQLite (which names checks and triggers, but not keys).
fn attempts() -> Vec<(&'static str, String, &'static str, &'static str)> {
    let with_tail = |more: &[(&'static str, &'static str)]| {
        let mut replaced = TAIL.to_vec();
        replaced.extend_from_slice(more);
        forged(&replaced)
    };
    let mut attempts = vec![
        (
            "overdraft of a balance",
            "UPDATE ledger_account SET balance = balance - 100000000 WHERE kind = 'holding'".to_owned(),
            "ledger_account_never_overdrawn",
            "ledger_account_never_overdrawn",
        ),
        (
            "overdraft by a transfer of more than the block has",
            forged(&[("amount", "61"), ("serial_start", "serial_start - 61"), ("serial_end", "serial_start - 1")]),
            "ledger_transfer_moves_a_held_block",
            "ledger_transfer_moves_a_held_block",
        ),
        (
            "spending the same numbers twice",
            forged(&[]),
            "ledger_transfer_moves_a_held_block",
            "ledger_transfer_moves_a_held_block",
        ),
        ("a replayed row", forged(&[("position", "position")]), "ledger_transfer_once", "ledger_transfer_once"),
        (
            "a negative amount",
            with_tail(&[("amount", "-10"), ("serial_start", "serial_start"), ("serial_end", "serial_start - 11")]),
            "ledger_transfer_amount_positive",
            "ledger_transfer_amount_positive",
        ),
        (
            "more tonnes than numbers",
            with_tail(&[("amount", "11")]),
            "ledger_transfer_amount_is_serials",
            "ledger_transfer_amount_is_serials",
        ),
        (
            "another class on the other side",
            with_tail(&[
                (
                    "credit_account",
                    "(SELECT id FROM ledger_account other WHERE other.kind = 'holding' AND other.class_id <> ledger_transfer.class_id)",
                ),
                (
                    "credit_holder",
                    "(SELECT holder_id FROM ledger_account other WHERE other.kind = 'holding' AND other.class_id <> ledger_transfer.class_id)",
                ),
                ("credit_kind", "'holding'"),
                ("retirement_id", "NULL"),
            ]),
            "ledger_transfer_credit",
            "serial_block_account_of_its_class",
        ),
        (
            "another unit",
            "UPDATE credit_class SET unit = 'kWh'".to_owned(),
            "credit_class_unit",
            "credit_class_unit",
        ),
        (
            "un-retirement",
            forged(&[
                ("debit_account", "credit_account"),
                ("debit_kind", "'retired'"),
                ("credit_account", "debit_account"),
                ("credit_kind", "'holding'"),
                ("retirement_id", "NULL"),
            ]),
            "ledger_transfer_retired_is_final",
            "ledger_transfer_retired_is_final",
        ),
        (
            "un-retirement under a false name",
            forged(&[
                ("debit_account", "credit_account"),
                ("credit_account", "debit_account"),
                ("credit_kind", "'holding'"),
                ("retirement_id", "NULL"),
            ]),
            "ledger_transfer_debit",
            "ledger_account_retired_only_grows",
        ),
        (
            "a retired block taken back",
            "UPDATE serial_block SET account_kind = 'holding', account_id = (SELECT id FROM ledger_account a \
             WHERE a.class_id = serial_block.class_id AND a.kind = 'holding' ORDER BY id LIMIT 1) WHERE account_kind = 'retired'"
                .to_owned(),
            "serial_block_retired_is_final",
            "serial_block_retired_is_final",
        ),
        (
            "a retired balance taken back",
            "UPDATE ledger_account SET balance = balance - 1 WHERE kind = 'retired'".to_owned(),
            "ledger_account_retired_only_grows",
            "ledger_account_retired_only_grows",
        ),
        (
            "retired without a retirement",
            with_tail(&[("retirement_id", "NULL")]),
            "ledger_transfer_retirement_named",
            "ledger_transfer_retirement_named",
        ),
        (
            "an overlapping block",
            "INSERT INTO serial_block SELECT class_id, 5, 10, 4, account_id, account_kind, transfer_id FROM serial_block \
             WHERE serial_start = 1"
                .to_owned(),
            "serial_block_follows",
            "FOREIGN KEY constraint failed",
        ),
        (
            "a second block at the same number",
            "INSERT INTO serial_block SELECT class_id, serial_start, serial_start, previous_end, account_id, account_kind, \
             transfer_id FROM serial_block WHERE serial_start = 1"
                .to_owned(),
            "serial_block_start",
            "serial_block_overlaps",
        ),
        (
            "a block after the last issued number",
            "INSERT INTO serial_block SELECT class_id, serial_end + 1, serial_end + 9, serial_end, account_id, account_kind, \
             transfer_id FROM serial_block WHERE account_kind = 'retired'"
                .to_owned(),
            "serial_block_within_issued",
            "serial_block_within_issued",
        ),
        (
            "a block that grows",
            "UPDATE serial_block SET serial_end = serial_end + 1 WHERE account_kind = 'holding'".to_owned(),
            "serial_block_only_shrinks",
            "serial_block_only_shrinks",
        ),
        (
            "a gap",
            "UPDATE serial_block SET serial_end = serial_end - 1 WHERE account_kind = 'holding' AND serial_start = 1".to_owned(),
            "serial_block_follows",
            "FOREIGN KEY constraint failed",
        ),
        (
            "issued beyond verified",
            "UPDATE credit_class SET issued = verified + 1".to_owned(),
            "credit_class_issued_within_verified",
            "credit_class_issued_within_verified",
        ),
        (
            "verified other than applied for",
            "UPDATE report_line SET verified = verified + 1, issued = NULL".to_owned(),
            "report_line_verified_is_applied",
            "report_line_verified_is_applied",
        ),
        (
            "an act under a used key",
            "INSERT INTO act SELECT 'forged', at, kind, scope, key, body_hash, user_id, organisation_id, subject_kind, subject, \
             sequence + 1000, previous_hash, hash, state, note, answer, is_public FROM act WHERE kind = 'credits_retire'"
                .to_owned(),
            "act_key",
            "act_never_replaced",
        ),
        (
            "a fork of a chain of acts",
            "INSERT INTO act SELECT 'forged', at, kind, scope, 'forged', body_hash, user_id, organisation_id, subject_kind, subject, \
             sequence, previous_hash, hash, state, note, answer, is_public FROM act WHERE kind = 'credits_retire'"
                .to_owned(),
            "act_chain",
            "act_never_replaced",
        ),
        (
            "a balance from nowhere",
            "INSERT INTO ledger_account SELECT 'forged', holder_id, class_id, 'retired', 5 FROM ledger_account \
             WHERE kind = 'issuance'"
                .to_owned(),
            "ledger_account_begins_empty",
            "ledger_account_begins_empty",
        ),
    ];
    for (what, sql, name) in [
        (
            "a changed transfer",
            "UPDATE ledger_transfer SET amount = amount",
            "ledger_transfer_never_updated",
        ),
        (
            "a deleted transfer",
            "DELETE FROM ledger_transfer",
            "ledger_transfer_never_deleted",
        ),
        (
            "a changed act",
            "UPDATE act SET note = 'x'",
            "act_never_updated",
        ),
        ("a deleted act", "DELETE FROM act", "act_never_deleted"),
        (
            "a changed retirement",
            "UPDATE retirement SET beneficiary = 'x'",
            "retirement_never_updated",
        ),
        (
            "a deleted retirement",
            "DELETE FROM retirement",
            "retirement_never_deleted",
        ),
        (
            "a changed calculation",
            "UPDATE calculation SET outcome = '{}'",
            "calculation_never_updated",
        ),
        (
            "a deleted calculation",
            "DELETE FROM calculation",
            "calculation_never_deleted",
        ),
        (
            "a changed report of a VVB",
            "UPDATE assessment SET report_text = 'x'",
            "assessment_never_updated",
        ),
        (
            "a deleted report of a VVB",
            "DELETE FROM assessment",
            "assessment_never_deleted",
        ),
        (
            "a deleted block",
            "DELETE FROM serial_block",
            "serial_block_never_deleted",
        ),
        (
            "a deleted account",
            "DELETE FROM ledger_account",
            "ledger_account_never_deleted",
        ),
        (
            "a deleted class",
            "DELETE FROM credit_class",
            "credit_class_never_deleted",
        ),
        (
            "an account of another holder",
            "UPDATE ledger_account SET kind = 'holding' WHERE kind = 'retired'",
            "ledger_account_identity_fixed",
        ),
    ] {
        attempts.push((what, sql.to_owned(), name, name));
    }
    attempts
}

both_databases! {
    async fn the_database_itself_refuses_what_must_never_be(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let transfer = fields(&[("to", &world.organiser.account), ("class", class.as_str()), ("quantity", "100")]);
        world.registry.credits_transfer(&world.owner.on(ISSUED), &transfer).await.expect("transfer");
        let retire = fields(&[("quantity", "40"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        world.registry.credits_retire(&world.organiser.on(ISSUED), &retire).await.expect("retire");
        let mut connection = world.database.raw().await;
        for (what, sql, on_postgres, on_sqlite) in attempts() {
            let error = attack(&mut connection, &sql).await;
            let error = error.expect_err(&format!("{what} was accepted")).to_string();
            let name = if world.database.is_sqlite() { on_sqlite } else { on_postgres };
            assert!(error.contains(name), "{what} must be refused as {name}: {error}");
        }
        let engine_only: &[(&str, &str)] = if world.database.is_sqlite() {
            &[
                ("INSERT OR REPLACE INTO ledger_transfer SELECT * FROM ledger_transfer", "ledger_transfer_once"),
                ("INSERT OR REPLACE INTO act SELECT * FROM act", "act_never_replaced"),
                ("INSERT OR REPLACE INTO retirement SELECT * FROM retirement", "retirement_never_replaced"),
            ]
        } else {
            &[
                ("TRUNCATE act CASCADE", "_never_truncated"),
                ("TRUNCATE ledger_transfer CASCADE", "_never_truncated"),
                ("TRUNCATE retirement CASCADE", "_never_truncated"),
            ]
        };
        for (sql, name) in engine_only {
            let error = attack(&mut connection, sql).await.expect_err(sql).to_string();
            assert!(error.contains(name), "{sql} must be refused as {name}: {error}");
        }
        world.assert_audit_clean().await;
        // The honest form of the forged row is accepted: the attacks failed for what was wrong with them.
        let honest = fields(&[("to", &world.owner.account), ("quantity", "10")]);
        world.registry.credits_transfer(&world.organiser.on(ISSUED), &honest).await.expect("an honest transfer");
        world.assert_audit_clean().await;
    }

    /// What constraints cannot see, the audit does.
    async fn the_audit_finds_what_was_changed_behind_the_registry(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        world.assert_audit_clean().await;
        let mut connection = world.database.raw().await;
        for (sql, check) in [
            ("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'holding'", "balance"),
            ("UPDATE credit_class SET verified = verified + 7, issued = issued + 7", "class_sum"),
            ("UPDATE record SET state = 'registered' WHERE state = 'issued'", "act_effect"),
        ] {
            sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
            let report = world.registry.audit().await.expect("audit");
            let found: Vec<_> = report.differences.iter().map(|difference| difference.check).collect();
            assert!(found.contains(&check), "{sql}: {found:?}");
        }
        // The chain of acts: an entry that was never made, with a hash that does not fit.
        let forged = "INSERT INTO act SELECT 'forged', at, kind, 'forged', 'forged', body_hash, user_id, organisation_id, subject_kind, \
             subject, sequence + 1, hash, hash, state, note, answer, is_public FROM act WHERE kind = 'report_issue'";
        sqlx::raw_sql(forged).execute(&mut connection).await.expect("a forged entry");
        let report = world.registry.audit().await.expect("audit");
        assert!(report.differences.iter().any(|difference| difference.check == "act_chain" && difference.subject == "forged"));
    }
}
