//! What the audit reads: everything, page by page where it grows without bound, and what it compares computed by the database.

use sqlx::{AnyConnection, FromRow};

/// An account whose balance differs from its transfers: id, stored, recomputed.
pub(crate) async fn balances_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT ledger_account.id, balance, moved.total FROM ledger_account JOIN ( \
           SELECT account, CAST(SUM(amount) AS BIGINT) AS total FROM ( \
             SELECT credit_account AS account, amount FROM ledger_transfer \
             UNION ALL SELECT debit_account, -amount FROM ledger_transfer \
             UNION ALL SELECT id, 0 FROM ledger_account \
           ) AS both_sides GROUP BY account \
         ) AS moved ON moved.account = ledger_account.id WHERE balance <> moved.total ORDER BY ledger_account.id LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}

/// An account whose balance differs from the length of its blocks: id, balance, tonnes in blocks.
pub(crate) async fn blocks_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT ledger_account.id, balance, CAST(COALESCE(SUM(serial_end - serial_start + 1), 0) AS BIGINT) \
         FROM ledger_account LEFT JOIN serial_block ON account_id = ledger_account.id WHERE kind <> 'issuance' \
         GROUP BY ledger_account.id, balance HAVING balance <> CAST(COALESCE(SUM(serial_end - serial_start + 1), 0) AS BIGINT) \
         ORDER BY ledger_account.id LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}

/// A class with what is kept and what its accounts hold.
#[derive(FromRow)]
pub(crate) struct ClassSums {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) vintage: i64,
    pub(crate) verified: i64,
    pub(crate) issued: i64,
    pub(crate) issuance: i64,
    pub(crate) held: i64,
    pub(crate) retired: i64,
    /// What the reports of this project and year say was verified and issued.
    pub(crate) verified_in_reports: i64,
    pub(crate) issued_in_reports: i64,
}

pub(crate) async fn class_sums(
    connection: &mut AnyConnection,
) -> Result<Vec<ClassSums>, sqlx::Error> {
    sqlx::query_as(
        "SELECT credit_class.id, credit_class.project_id, vintage, credit_class.verified, credit_class.issued, \
         CAST(COALESCE(SUM(CASE WHEN ledger_account.kind = 'issuance' THEN balance END), 0) AS BIGINT) AS issuance, \
         CAST(COALESCE(SUM(CASE WHEN ledger_account.kind NOT IN ('issuance', 'retired') THEN balance END), 0) AS BIGINT) AS held, \
         CAST(COALESCE(SUM(CASE WHEN ledger_account.kind = 'retired' THEN balance END), 0) AS BIGINT) AS retired, \
         CAST(COALESCE((SELECT SUM(report_line.verified) FROM report_line JOIN record ON record.id = report_id \
           WHERE record.project_id = credit_class.project_id AND report_line.year = vintage AND report_line.issued IS NOT NULL), 0) \
           + COALESCE((SELECT SUM(issued_tonnes) FROM inclusion_batch b WHERE b.class_id = credit_class.id), 0) AS BIGINT) \
           AS verified_in_reports, \
         CAST(COALESCE((SELECT SUM(report_line.issued) FROM report_line JOIN record ON record.id = report_id \
           WHERE record.project_id = credit_class.project_id AND report_line.year = vintage), 0) \
           + COALESCE((SELECT SUM(issued_tonnes) FROM inclusion_batch b WHERE b.class_id = credit_class.id), 0) AS BIGINT) AS issued_in_reports \
         FROM credit_class LEFT JOIN ledger_account ON class_id = credit_class.id \
         GROUP BY credit_class.id, credit_class.project_id, vintage, credit_class.verified, credit_class.issued ORDER BY credit_class.id",
    )
    .fetch_all(connection)
    .await
}

/// The blocks of a class in the order of the numbers: start, end.
pub(crate) async fn blocks(
    connection: &mut AnyConnection,
    class: &str,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT serial_start, serial_end FROM serial_block WHERE class_id = $1 AND serial_start > 0 ORDER BY serial_start")
        .bind(class)
        .fetch_all(connection)
        .await
}

/// A block that is not where the transfer that moved it last put it, or not part of what that moved: class and start, account, account
/// by the transfer.
pub(crate) async fn blocks_misplaced(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT serial_block.class_id || ' ' || CAST(serial_block.serial_start AS TEXT), account_id, \
         COALESCE(credit_account, 'no transfer') \
         FROM serial_block LEFT JOIN ledger_transfer ON ledger_transfer.id = transfer_id \
         AND ledger_transfer.class_id = serial_block.class_id \
         AND ledger_transfer.serial_start <= serial_block.serial_start AND ledger_transfer.serial_end >= serial_block.serial_end \
         WHERE serial_block.serial_start > 0 AND (credit_account IS NULL OR credit_account <> account_id OR credit_kind <> account_kind) \
         ORDER BY 1 LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}

/// A retirement whose rows of the ledger do not sum to its quantity: number, quantity, sum.
pub(crate) async fn retirements_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT retirement.number, quantity, CAST(COALESCE(SUM(amount), 0) AS BIGINT) \
         FROM retirement LEFT JOIN ledger_transfer ON retirement_id = retirement.id AND credit_kind = 'retired' \
         AND credit_holder = holder_id AND ledger_transfer.act_id = retirement.act_id \
         GROUP BY retirement.number, quantity HAVING quantity <> CAST(COALESCE(SUM(amount), 0) AS BIGINT) ORDER BY retirement.number",
    )
    .fetch_all(connection)
    .await
}

/// A record whose state is not the one its last state-changing act left: id, state, state by the acts.
pub(crate) async fn states_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT record.id, record.state, act.state FROM record JOIN act ON act.subject = record.id \
         WHERE act.state IS NOT NULL AND act.sequence = ( \
           SELECT MAX(last.sequence) FROM act last WHERE last.subject = record.id AND last.state IS NOT NULL) \
         AND act.state <> record.state ORDER BY record.id",
    )
    .fetch_all(connection)
    .await
}

/// A transfer or retirement act without its effect: act id, kind, rows. An order that waits for confirmation has none.
pub(crate) async fn acts_without_effect(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT act.id, act.kind, COUNT(ledger_transfer.id) FROM act LEFT JOIN ledger_transfer ON act_id = act.id \
         WHERE act.kind IN ('credits_transfer', 'credits_retire', 'credits_confirm', 'credits_move', 'credits_accept', 'credits_decline', \
           'credits_withdraw', 'credits_offset', 'credits_cancel', 'credits_freeze', 'credits_suspend', 'credits_release', 'credits_enforce', \
           'credits_force_cancel', 'credits_assign', 'credits_surrender', 'credits_refuse_offset', 'credits_expire', 'credits_retire_many', 'credits_offer', 'credits_reserve') AND act.id NOT IN (SELECT act_id FROM credit_order) \
         GROUP BY act.id, act.kind HAVING COUNT(ledger_transfer.id) = 0",
    )
    .fetch_all(connection)
    .await
}

/// Calculator, input, outcome, in the order of the ids; one page after the given id.
pub(crate) async fn calculations(
    connection: &mut AnyConnection,
    after: &str,
    size: i64,
) -> Result<Vec<(String, String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, calculator, input, outcome FROM calculation WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// How many accounts, transfers, blocks.
pub(crate) async fn counts(connection: &mut AnyConnection) -> Result<(i64, i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM ledger_account), (SELECT COUNT(*) FROM ledger_transfer), \
         (SELECT COUNT(*) FROM serial_block WHERE serial_start > 0)",
    )
    .fetch_one(connection)
    .await
}
