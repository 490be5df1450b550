//! What is set aside: holds, their ends, the documents behind them.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// A hold to write, and as stored.
#[derive(Clone, Default, FromRow)]
pub(crate) struct HoldRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) holder_id: String,
    pub(crate) other_id: Option<String>,
    pub(crate) quantity: i64,
    pub(crate) authority: String,
    pub(crate) document_number: String,
    pub(crate) document_date: String,
    pub(crate) ground: String,
    pub(crate) cancel_by: Option<String>,
    pub(crate) offset_market: Option<String>,
    pub(crate) offset_year: Option<i64>,
    pub(crate) offset_due: Option<i64>,
    pub(crate) offset_account: Option<String>,
    pub(crate) price_fen: Option<i64>,
    pub(crate) placed_by: String,
    pub(crate) placed_at: i64,
    pub(crate) last_day: Option<String>,
    pub(crate) offer_id: Option<String>,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &HoldRow,
    account_kind: &str,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_hold (id, kind, holder_id, account_kind, other_id, quantity, authority, document_number, document_date, ground, \
         cancel_by, offset_market, offset_year, offset_due, offset_account, price_fen, placed_by, placed_at, last_day, act_id, offer_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
    )
    .bind(&row.id)
    .bind(&row.kind)
    .bind(&row.holder_id)
    .bind(account_kind)
    .bind(row.other_id.as_deref())
    .bind(row.quantity)
    .bind(&row.authority)
    .bind(&row.document_number)
    .bind(&row.document_date)
    .bind(&row.ground)
    .bind(row.cancel_by.as_deref())
    .bind(row.offset_market.as_deref())
    .bind(row.offset_year)
    .bind(row.offset_due)
    .bind(row.offset_account.as_deref())
    .bind(row.price_fen)
    .bind(&row.placed_by)
    .bind(row.placed_at)
    .bind(row.last_day.as_deref())
    .bind(act)
    .bind(row.offer_id.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

/// How a hold ended, to write.
pub(crate) struct NewHoldEnd<'a> {
    pub(crate) hold: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) ended_by: Option<&'a str>,
    pub(crate) ended_at: i64,
    pub(crate) reason: &'a str,
    pub(crate) document_number: &'a str,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn end_insert(
    connection: &mut AnyConnection,
    new: &NewHoldEnd<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_hold_end (hold_id, kind, authority, outcome, ended_by, ended_at, reason, document_number, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.hold)
    .bind(new.kind)
    .bind(new.authority)
    .bind(new.outcome)
    .bind(new.ended_by)
    .bind(new.ended_at)
    .bind(new.reason)
    .bind(new.document_number)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// A hold with the names around it and its end.
#[derive(Clone, FromRow)]
pub(crate) struct HoldView {
    #[sqlx(flatten)]
    pub(crate) hold: HoldRow,
    pub(crate) holder: String,
    pub(crate) holder_account: String,
    pub(crate) other: Option<String>,
    pub(crate) placer: String,
    pub(crate) outcome: Option<String>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) ender: Option<String>,
    pub(crate) end_reason: Option<String>,
    pub(crate) end_document: Option<String>,
    pub(crate) paid_buyer: i64,
    pub(crate) paid_seller: i64,
}

const VIEW: &str = "SELECT credit_hold.id, credit_hold.kind, holder_id, other_id, quantity, credit_hold.authority, credit_hold.document_number, \
    document_date, ground, cancel_by, offset_market, offset_year, offset_due, offset_account, price_fen, placed_by, placed_at, last_day, offer_id, \
    (SELECT COUNT(*) FROM credit_payment WHERE credit_payment.hold_id = credit_hold.id AND party = 'buyer') AS paid_buyer, \
    (SELECT COUNT(*) FROM credit_payment WHERE credit_payment.hold_id = credit_hold.id AND party = 'seller') AS paid_seller, \
    holder.name AS holder, holder.account_number AS holder_account, other.name AS other, placer.name AS placer, outcome, ended_at, \
    ender.name AS ender, reason AS end_reason, credit_hold_end.document_number AS end_document \
    FROM credit_hold JOIN organisation holder ON holder.id = holder_id JOIN organisation placer ON placer.id = placed_by \
    LEFT JOIN organisation other ON other.id = other_id LEFT JOIN credit_hold_end ON credit_hold_end.hold_id = credit_hold.id \
    LEFT JOIN organisation ender ON ender.id = ended_by";

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<HoldView>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{VIEW} WHERE credit_hold.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The holds for which one of the conditions holds, newest first, before the key `$1`, `$2` of them; those that have not ended, or all. Each
/// condition is asked by its own index and for no more rows than are wanted: who has a long history does not wait for it.
fn newest(open: bool, conditions: &[&str]) -> String {
    let (table, id) = if open {
        ("credit_hold_open", "hold_id")
    } else {
        ("credit_hold", "id")
    };
    let arms: Vec<String> = conditions
        .iter()
        .map(|condition| {
            format!(
                "SELECT {id} FROM (SELECT {id} FROM {table} WHERE {condition} AND {id} < $1 ORDER BY {id} DESC LIMIT $2) arm"
            )
        })
        .collect();
    format!(
        "{VIEW} WHERE credit_hold.id IN ({}) ORDER BY credit_hold.id DESC LIMIT $2",
        arms.join(" UNION ")
    )
}

/// The holds of a party, newest first, before a key; those that have not ended, or all.
pub(crate) async fn of_party(
    connection: &mut AnyConnection,
    party: &str,
    open: bool,
    before: &str,
    size: i64,
) -> Result<Vec<HoldView>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(newest(
        open,
        &["holder_id = $3", "other_id = $3"],
    )))
    .bind(before)
    .bind(size)
    .bind(party)
    .fetch_all(connection)
    .await
}

/// What the registry acts on: freezes, suspensions and offsets, newest first, before a key.
pub(crate) async fn of_operator(
    connection: &mut AnyConnection,
    open: bool,
    before: &str,
    size: i64,
) -> Result<Vec<HoldView>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(newest(
        open,
        &["kind = 'freeze'", "kind = 'suspension'", "kind = 'offset'"],
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// What an order may overtake: the transfers, reservations and offers of a holder that have not ended, the newest first, and after all of
/// these its requests to surrender, the newest first.
pub(crate) async fn overtakable(
    connection: &mut AnyConnection,
    holder: &str,
) -> Result<Vec<HoldView>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{VIEW} WHERE credit_hold.id IN (SELECT hold_id FROM credit_hold_open WHERE holder_id = $1 \
         AND kind IN ('transfer', 'reservation', 'offer', 'offset')) \
         ORDER BY CASE WHEN credit_hold.kind = 'offset' THEN 1 ELSE 0 END, credit_hold.id DESC"
    )))
    .bind(holder)
    .fetch_all(connection)
    .await
}

/// The transfers, reservations and offers of a party, as holder or as the other side, that have not ended: newest first.
pub(crate) async fn in_reach(
    connection: &mut AnyConnection,
    party: &str,
    size: i64,
) -> Result<Vec<HoldView>, sqlx::Error> {
    let parties = "kind IN ('transfer', 'reservation', 'offer')";
    sqlx::query_as(AssertSqlSafe(newest(
        true,
        &[
            &format!("holder_id = $3 AND {parties}"),
            &format!("other_id = $3 AND {parties}"),
        ],
    )))
    .bind(BEHIND_ALL)
    .bind(size)
    .bind(party)
    .fetch_all(connection)
    .await
}

/// Behind every id, which is of hexadecimal digits.
const BEHIND_ALL: &str = "g";

/// Tonnes that a hold has set aside of classes that are nationally or provincially recognised.
pub(crate) async fn recognised_tonnes(
    connection: &mut AnyConnection,
    hold: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(ledger_transfer.amount), 0) AS BIGINT) FROM ledger_transfer \
         JOIN credit_class ON credit_class.id = ledger_transfer.class_id \
         WHERE hold_id = $1 AND credit_kind IN ('reserved', 'in_transfer') AND credit_class.recognition IN ('national', 'provincial')",
    )
    .bind(hold)
    .fetch_one(connection)
    .await
}

/// A block that a hold has set aside: class, vintage, project, start, end, the kind of sub-account it came from.
#[derive(FromRow)]
pub(crate) struct SetAsideRow {
    pub(crate) class_id: String,
    pub(crate) project_id: String,
    pub(crate) vintage: i64,
    pub(crate) serial_start: i64,
    pub(crate) serial_end: i64,
    pub(crate) debit_kind: String,
}

/// What a hold has set aside now. A block that is set aside stays whole, so it begins where its transfer did.
pub(crate) async fn blocks(
    connection: &mut AnyConnection,
    hold: &str,
) -> Result<Vec<SetAsideRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT serial_block.class_id, project_id, vintage, serial_block.serial_start, serial_block.serial_end, debit_kind FROM ledger_transfer \
         JOIN serial_block ON serial_block.class_id = ledger_transfer.class_id \
           AND serial_block.serial_start = ledger_transfer.serial_start AND transfer_id = ledger_transfer.id \
         JOIN credit_class ON credit_class.id = serial_block.class_id \
         WHERE hold_id = $1 AND credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') ORDER BY position",
    )
    .bind(hold)
    .fetch_all(connection)
    .await
}

/// What a hold once set aside: code, vintage, start, end.
pub(crate) async fn serials(
    connection: &mut AnyConnection,
    hold: &str,
) -> Result<Vec<(String, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_code, vintage, serial_start, serial_end FROM ledger_transfer JOIN credit_class ON credit_class.id = class_id \
         WHERE hold_id = $1 AND credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') ORDER BY position",
    )
    .bind(hold)
    .fetch_all(connection)
    .await
}

/// Holds whose last day is before `today` and that have not ended.
pub(crate) async fn expired(
    connection: &mut AnyConnection,
    today: &str,
    size: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT hold_id FROM credit_hold_open WHERE last_day < $1 ORDER BY last_day, hold_id LIMIT $2",
    )
    .bind(today)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// What a holder surrendered in a market for a year, or has waiting: tonnes, and the allowances due that its newest request names.
pub(crate) async fn offset_already(
    connection: &mut AnyConnection,
    holder: &str,
    market: &str,
    year: i64,
) -> Result<(i64, Option<i64>), sqlx::Error> {
    let sum: Option<(i64, i64)> = sqlx::query_as(
        "SELECT tonnes, due FROM credit_offset_sum WHERE holder_id = $1 AND market = $2 AND year = $3 AND tonnes > 0",
    )
    .bind(holder)
    .bind(market)
    .bind(year)
    .fetch_optional(connection)
    .await?;
    Ok(sum.map_or((0, None), |(tonnes, due)| (tonnes, Some(due))))
}

/// Holders, markets and years of which another sum is kept than their requests have: what they have, and what is kept; the audit asks.
pub(crate) async fn offsets_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "WITH asked AS (SELECT holder_id, offset_market AS market, offset_year AS year, CAST(SUM(quantity) AS BIGINT) AS tonnes, \
             MIN(offset_due) AS least, MAX(offset_due) AS most \
           FROM credit_hold LEFT JOIN credit_hold_end ON hold_id = credit_hold.id \
           WHERE offset_market IS NOT NULL AND (outcome IS NULL OR outcome = 'cancelled') GROUP BY holder_id, offset_market, offset_year) \
         SELECT asked.holder_id, asked.tonnes, COALESCE(kept.tonnes, 0) FROM asked LEFT JOIN credit_offset_sum kept \
             ON kept.holder_id = asked.holder_id AND kept.market = asked.market AND kept.year = asked.year \
           WHERE kept.tonnes IS NULL OR kept.tonnes <> asked.tonnes OR kept.due <> asked.least OR kept.due <> asked.most \
         UNION ALL SELECT holder_id, CAST(0 AS BIGINT), tonnes FROM credit_offset_sum kept WHERE tonnes > 0 \
           AND NOT EXISTS (SELECT 1 FROM asked WHERE asked.holder_id = kept.holder_id AND asked.market = kept.market AND asked.year = kept.year) \
         LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}

/// When the first reductions of a class were registered.
pub(crate) async fn class_registered_at(
    connection: &mut AnyConnection,
    class: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT MIN(record.registered_at) FROM credit_class JOIN record ON record.project_id = credit_class.project_id \
         JOIN report_line ON report_id = record.id AND report_line.year = vintage \
         WHERE credit_class.id = $1 AND report_line.issued IS NOT NULL",
    )
    .bind(class)
    .fetch_one(connection)
    .await
}

/// The document behind a transfer that is not a trade.
pub(crate) struct NewDocument<'a> {
    pub(crate) act_id: &'a str,
    pub(crate) ground: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) document_number: &'a str,
    pub(crate) document_date: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) at: i64,
}

pub(crate) async fn document_insert(
    connection: &mut AnyConnection,
    new: &NewDocument<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_document (act_id, ground, authority, document_number, document_date, reason, from_id, to_id, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.act_id)
    .bind(new.ground)
    .bind(new.authority)
    .bind(new.document_number)
    .bind(new.document_date)
    .bind(new.reason)
    .bind(new.from)
    .bind(new.to)
    .bind(new.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Holds that have not ended and are not listed as open, or the other way about; the audit asks.
pub(crate) async fn open_that_differ(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, CAST(0 AS BIGINT) FROM credit_hold WHERE NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = credit_hold.id) \
           AND NOT EXISTS (SELECT 1 FROM credit_hold_open o WHERE o.hold_id = credit_hold.id AND o.kind = credit_hold.kind \
             AND o.holder_id = credit_hold.holder_id AND COALESCE(o.other_id, '') = COALESCE(credit_hold.other_id, '') \
             AND COALESCE(o.last_day, '') = COALESCE(credit_hold.last_day, '')) \
         UNION ALL SELECT hold_id, CAST(1 AS BIGINT) FROM credit_hold_open o \
           WHERE EXISTS (SELECT 1 FROM credit_hold_end e WHERE e.hold_id = o.hold_id) LIMIT 1000",
    )
    .fetch_all(connection)
    .await
}
