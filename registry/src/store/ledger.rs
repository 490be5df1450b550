//! The ledger. A transfer is inserted; the triggers of the migration move balances and blocks with it. Many rows are taken in one statement.

use sqlx::{AnyConnection, FromRow};

use super::many::{insert_sql, pieces};

/// A block in a holding account.
#[derive(FromRow)]
pub(crate) struct HeldBlockRow {
    pub(crate) class_id: String,
    pub(crate) vintage: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
}

/// Blocks of one look at an account.
const BLOCKS_MAX: i64 = 500;

/// The blocks one holder can use in one of its sub-accounts, in the order in which they are used: oldest vintage, lowest numbers first. Only
/// as many as are needed for `quantity` tonnes: who has thousands of blocks does not wait for all of them.
pub(crate) async fn held_blocks(
    connection: &mut AnyConnection,
    holder: &str,
    kind: &str,
    class: Option<&str>,
    project: Option<&str>,
    quantity: i64,
) -> Result<Vec<HeldBlockRow>, sqlx::Error> {
    let accounts: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT ledger_account.id, class_id, vintage \
         FROM ledger_account JOIN credit_class ON credit_class.id = ledger_account.class_id \
         WHERE holder_id = $1 AND kind = $4 AND balance > 0 \
         AND (CAST($2 AS TEXT) IS NULL OR ledger_account.class_id = $2) \
         AND (CAST($3 AS TEXT) IS NULL OR project_id = $3) \
         ORDER BY vintage, class_id",
    )
    .bind(holder)
    .bind(class)
    .bind(project)
    .bind(kind)
    .fetch_all(&mut *connection)
    .await?;
    let mut blocks = Vec::new();
    let mut missing = quantity;
    for (account, class_id, vintage) in accounts {
        let mut after = 0;
        while missing > 0 {
            // each holds at least one tonne
            let limit = missing.min(BLOCKS_MAX);
            let part = blocks_of(connection, &account, after, limit).await?;
            let is_last = i64::try_from(part.len()).is_ok_and(|found| found < limit);
            for (serial_start, serial_end) in part {
                missing -= serial_end - serial_start + 1;
                after = serial_start;
                blocks.push(HeldBlockRow {
                    class_id: class_id.clone(),
                    vintage,
                    serial_start,
                    serial_end,
                });
            }
            if is_last {
                break;
            }
        }
    }
    Ok(blocks)
}

/// The block that somebody can use and that begins with this number.
pub(crate) async fn held_block_at(
    connection: &mut AnyConnection,
    holder: &str,
    class: &str,
    first: i64,
) -> Result<Option<HeldBlockRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT credit_class.id AS class_id, credit_class.vintage, serial_start, serial_end FROM ledger_account \
         JOIN credit_class ON credit_class.id = ledger_account.class_id \
         JOIN serial_block ON serial_block.account_id = ledger_account.id AND serial_start = $3 \
         WHERE holder_id = $1 AND kind = 'holding' AND ledger_account.class_id = $2",
    )
    .bind(holder)
    .bind(class)
    .bind(first)
    .fetch_optional(connection)
    .await
}

/// The first blocks of each class that somebody can use, oldest vintage and lowest numbers first; at most `limit` of each class.
pub(crate) async fn first_blocks(
    connection: &mut AnyConnection,
    holder: &str,
    limit: i64,
) -> Result<Vec<HeldBlockRow>, sqlx::Error> {
    let accounts: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT ledger_account.id, class_id, vintage FROM ledger_account \
         JOIN credit_class ON credit_class.id = ledger_account.class_id \
         WHERE holder_id = $1 AND kind = 'holding' AND balance > 0 ORDER BY vintage, class_id",
    )
    .bind(holder)
    .fetch_all(&mut *connection)
    .await?;
    let mut rows = Vec::new();
    for (account, class_id, vintage) in accounts {
        let blocks = blocks_of(connection, &account, 0, limit).await?;
        rows.extend(
            blocks
                .into_iter()
                .map(|(serial_start, serial_end)| HeldBlockRow {
                    class_id: class_id.clone(),
                    vintage,
                    serial_start,
                    serial_end,
                }),
        );
    }
    Ok(rows)
}

/// The next blocks of an account after a serial number: first and last number of each.
async fn blocks_of(
    connection: &mut AnyConnection,
    account: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT serial_start, serial_end FROM serial_block WHERE account_id = $1 AND serial_start > $2 \
         ORDER BY serial_start LIMIT $3",
    )
    .bind(account)
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await
}

/// An account.
#[derive(FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: String,
    pub(crate) holder_id: String,
    pub(crate) kind: String,
}

/// The accounts of some holders in one class.
pub(crate) async fn accounts_of(
    connection: &mut AnyConnection,
    class: &str,
    one: &str,
    other: &str,
) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, holder_id, kind FROM ledger_account WHERE class_id = $1 AND holder_id IN ($2, $3)")
        .bind(class)
        .bind(one)
        .bind(other)
        .fetch_all(connection)
        .await
}

pub(crate) async fn account_open(
    connection: &mut AnyConnection,
    id: &str,
    holder: &str,
    class: &str,
    kind: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO ledger_account (id, holder_id, class_id, kind, balance) VALUES ($1, $2, $3, $4, 0)")
        .bind(id)
        .bind(holder)
        .bind(class)
        .bind(kind)
        .execute(connection)
        .await?;
    Ok(())
}

/// A transfer to write.
pub(crate) struct NewTransfer {
    pub(crate) id: String,
    pub(crate) class_id: String,
    pub(crate) debit_account: String,
    pub(crate) debit_kind: &'static str,
    pub(crate) debit_holder: String,
    pub(crate) credit_account: String,
    pub(crate) credit_kind: &'static str,
    pub(crate) credit_holder: String,
    pub(crate) amount: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
    pub(crate) at: i64,
    pub(crate) act_id: String,
    pub(crate) position: i64,
    pub(crate) retirement_id: Option<String>,
    pub(crate) hold_id: Option<String>,
}

/// Writes transfers, in order, in as few statements as possible. The constraints hold or nothing is written.
pub(crate) async fn transfers_insert(
    connection: &mut AnyConnection,
    transfers: &[NewTransfer],
) -> Result<(), sqlx::Error> {
    const HEAD: &str = "ledger_transfer (id, class_id, debit_account, debit_kind, debit_holder, credit_account, credit_kind, \
                        credit_holder, amount, serial_start, serial_end, at, act_id, position, retirement_id, hold_id)";
    for rows in pieces(transfers) {
        let mut query = sqlx::query(insert_sql(connection, HEAD, rows.len(), 16, ""));
        for row in rows {
            query = query
                .bind(&row.id)
                .bind(&row.class_id)
                .bind(&row.debit_account)
                .bind(row.debit_kind)
                .bind(&row.debit_holder)
                .bind(&row.credit_account)
                .bind(row.credit_kind)
                .bind(&row.credit_holder)
                .bind(row.amount)
                .bind(row.serial_start)
                .bind(row.serial_end)
                .bind(row.at)
                .bind(&row.act_id)
                .bind(row.position)
                .bind(row.retirement_id.as_deref())
                .bind(row.hold_id.as_deref());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A class with what people call it.
#[derive(FromRow)]
pub(crate) struct ClassRow {
    pub(crate) id: String,
    pub(crate) project_code: String,
    pub(crate) vintage: i64,
    pub(crate) issued: i64,
}

pub(crate) async fn class_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ClassRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, project_code, vintage, issued FROM credit_class WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The class of a registered project's code and a year.
pub(crate) async fn class_id_of(
    connection: &mut AnyConnection,
    project_code: &str,
    vintage: i64,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM credit_class WHERE project_code = $1 AND vintage = $2")
        .bind(project_code)
        .bind(vintage)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn class_by_vintage(
    connection: &mut AnyConnection,
    project: &str,
    vintage: i64,
) -> Result<Option<ClassRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, project_code, vintage, issued FROM credit_class WHERE project_id = $1 AND vintage = $2")
        .bind(project)
        .bind(vintage)
        .fetch_optional(connection)
        .await
}

/// Opens a class with nothing verified and nothing issued, and the sentinel before its first number.
pub(crate) async fn class_open(
    connection: &mut AnyConnection,
    id: &str,
    project: &str,
    project_code: &str,
    vintage: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_class (id, project_id, project_code, vintage, unit, verified, issued) \
         VALUES ($1, $2, $3, $4, 'tCO2e', 0, 0)",
    )
    .bind(id)
    .bind(project)
    .bind(project_code)
    .bind(vintage)
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO serial_block (class_id, serial_start, serial_end) VALUES ($1, 0, 0)")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Raises what is verified of a class.
pub(crate) async fn class_verify(
    connection: &mut AnyConnection,
    id: &str,
    tonnes: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE credit_class SET verified = verified + $2 WHERE id = $1")
        .bind(id)
        .bind(tonnes)
        .execute(connection)
        .await?;
    Ok(())
}

/// A retirement to write.
#[derive(Default)]
pub(crate) struct NewRetirement<'a> {
    pub(crate) id: &'a str,
    pub(crate) number: &'a str,
    pub(crate) holder: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) purpose_text: &'a str,
    pub(crate) beneficiary: &'a str,
    pub(crate) beneficiary_uscc: Option<&'a str>,
    pub(crate) quantity: i64,
    pub(crate) at: i64,
    pub(crate) search: &'a str,
    pub(crate) act_id: &'a str,
    pub(crate) position: i64,
}

pub(crate) async fn retirement_insert(
    connection: &mut AnyConnection,
    new: &NewRetirement<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO retirement (id, number, holder_id, purpose, purpose_text, beneficiary, beneficiary_uscc, quantity, at, search, act_id, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.id)
    .bind(new.number)
    .bind(new.holder)
    .bind(new.purpose)
    .bind(new.purpose_text)
    .bind(new.beneficiary)
    .bind(new.beneficiary_uscc)
    .bind(new.quantity)
    .bind(new.at)
    .bind(new.search)
    .bind(new.act_id)
    .bind(new.position)
    .execute(connection)
    .await?;
    Ok(())
}

/// What one holder has of a class.
#[derive(FromRow)]
pub(crate) struct HoldingRow {
    pub(crate) class_id: String,
    pub(crate) project_id: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) vintage: i64,
    pub(crate) held: i64,
    pub(crate) unit_kind: String,
    pub(crate) recognition: String,
    pub(crate) trading: i64,
    pub(crate) reserved: i64,
    pub(crate) in_transfer: i64,
    pub(crate) pending_offset: i64,
    pub(crate) frozen: i64,
    pub(crate) suspended: i64,
    pub(crate) retired: i64,
}

pub(crate) async fn holdings(
    connection: &mut AnyConnection,
    holder: &str,
) -> Result<Vec<HoldingRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT class_id, credit_class.project_id, project_code, record.name AS project_name, vintage, \
         credit_class.unit_kind, credit_class.recognition, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'holding' THEN balance ELSE 0 END) AS BIGINT) AS held, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'trading' THEN balance ELSE 0 END) AS BIGINT) AS trading, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'reserved' THEN balance ELSE 0 END) AS BIGINT) AS reserved, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'in_transfer' THEN balance ELSE 0 END) AS BIGINT) AS in_transfer, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'pending_offset' THEN balance ELSE 0 END) AS BIGINT) AS pending_offset, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'frozen' THEN balance ELSE 0 END) AS BIGINT) AS frozen, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'suspended' THEN balance ELSE 0 END) AS BIGINT) AS suspended, \
         CAST(SUM(CASE WHEN ledger_account.kind = 'retired' THEN balance ELSE 0 END) AS BIGINT) AS retired \
         FROM ledger_account JOIN credit_class ON credit_class.id = class_id JOIN record ON record.id = credit_class.project_id \
         WHERE holder_id = $1 AND ledger_account.kind <> 'issuance' \
         GROUP BY class_id, credit_class.project_id, project_code, record.name, vintage, credit_class.unit_kind, credit_class.recognition \
         ORDER BY project_code, vintage",
    )
    .bind(holder)
    .fetch_all(connection)
    .await
}

/// The blocks of one holding: code, vintage, first, last number, kind of account.
pub(crate) async fn holding_blocks(
    connection: &mut AnyConnection,
    holder: &str,
    class: &str,
) -> Result<Vec<(String, i64, i64, i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_code, vintage, serial_start, serial_end, kind \
         FROM ledger_account JOIN credit_class ON credit_class.id = ledger_account.class_id \
         JOIN serial_block ON serial_block.account_id = ledger_account.id \
         WHERE holder_id = $1 AND ledger_account.class_id = $2 AND kind NOT IN ('issuance', 'retired') ORDER BY serial_start",
    )
    .bind(holder)
    .bind(class)
    .fetch_all(connection)
    .await
}

/// A row of the ledger with the names around it.
#[derive(FromRow)]
pub(crate) struct MovementRow {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) debit_kind: String,
    pub(crate) debit_holder: String,
    pub(crate) credit_kind: String,
    pub(crate) credit_holder: String,
    pub(crate) hold_id: Option<String>,
    pub(crate) debit_name: String,
    pub(crate) credit_name: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) vintage: i64,
    pub(crate) amount: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
    pub(crate) retirement: Option<String>,
}

/// The rows that touch one holder, newest first, before a key.
pub(crate) async fn movements(
    connection: &mut AnyConnection,
    holder: &str,
    before: &str,
    size: i64,
) -> Result<Vec<MovementRow>, sqlx::Error> {
    sqlx::query_as(
        "WITH mine AS ( \
           SELECT id FROM (SELECT id FROM ledger_transfer WHERE debit_holder = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS given \
           UNION \
           SELECT id FROM (SELECT id FROM ledger_transfer WHERE credit_holder = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS got \
         ) \
         SELECT t.id, t.at, debit_kind, debit_holder, credit_kind, credit_holder, hold_id, giver.name AS debit_name, getter.name AS credit_name, \
         project_code, record.name AS project_name, vintage, amount, serial_start, serial_end, retirement.number AS retirement \
         FROM mine JOIN ledger_transfer t ON t.id = mine.id \
         JOIN organisation giver ON giver.id = debit_holder JOIN organisation getter ON getter.id = credit_holder \
         JOIN credit_class ON credit_class.id = t.class_id JOIN record ON record.id = credit_class.project_id \
         LEFT JOIN retirement ON retirement.id = t.retirement_id ORDER BY t.id DESC LIMIT $3",
    )
    .bind(holder)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A retirement in a list.
#[derive(FromRow)]
pub(crate) struct RetirementListRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) at: i64,
    pub(crate) beneficiary: String,
    pub(crate) purpose: String,
    pub(crate) purpose_text: String,
    pub(crate) quantity: i64,
}

pub(crate) async fn retirements_of(
    connection: &mut AnyConnection,
    holder: &str,
    before: &str,
    size: i64,
) -> Result<Vec<RetirementListRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, number, at, COALESCE((SELECT later.beneficiary FROM certificate_version later WHERE later.retirement_id = retirement.id \
           ORDER BY later.version DESC LIMIT 1), beneficiary) AS beneficiary, purpose, \
         COALESCE((SELECT later.purpose_text FROM certificate_version later WHERE later.retirement_id = retirement.id \
           ORDER BY later.version DESC LIMIT 1), purpose_text) AS purpose_text, quantity FROM retirement \
         WHERE holder_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(holder)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Tonnes of a retirement whose class is nationally or provincially recognised.
pub(crate) async fn recognised_tonnes(
    connection: &mut AnyConnection,
    retirement: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(ledger_transfer.amount), 0) AS BIGINT) FROM ledger_transfer \
         JOIN credit_class ON credit_class.id = ledger_transfer.class_id \
         WHERE ledger_transfer.retirement_id = $1 AND credit_class.recognition IN ('national', 'provincial')",
    )
    .bind(retirement)
    .fetch_one(connection)
    .await
}

/// The code and year of a class, and the level of its recognition.
pub(crate) async fn class_recognition(
    connection: &mut AnyConnection,
    class: &str,
) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_code || ' ' || CAST(vintage AS TEXT), recognition FROM credit_class WHERE id = $1",
    )
    .bind(class)
    .fetch_optional(connection)
    .await
}
