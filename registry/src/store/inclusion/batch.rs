//! Batches: what was frozen, what became of it, and which tonne a gram is in.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::ledger::FreezableRow;
use super::{LIST_MAX, ROWS_MAX, in_order, insert_sql, list, values};

/// A batch.
#[derive(Clone, FromRow)]
pub(crate) struct BatchRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) region: String,
    pub(crate) period_start: String,
    pub(crate) period_end: String,
    pub(crate) holder_id: String,
    pub(crate) vvb_id: String,
    pub(crate) recognition: String,
    pub(crate) statement: String,
    pub(crate) state: String,
    pub(crate) merkle_root: String,
    pub(crate) lots: i64,
    pub(crate) accounts: i64,
    pub(crate) mg: i64,
    pub(crate) sample_size: Option<i64>,
    pub(crate) sample_errors: Option<i64>,
    pub(crate) opinion: Option<String>,
    pub(crate) haircut_share: Option<i64>,
    pub(crate) haircut_mg: Option<i64>,
    pub(crate) issued_tonnes: Option<i64>,
    pub(crate) returned_mg: Option<i64>,
    pub(crate) notice_first: Option<String>,
    pub(crate) notice_last: Option<String>,
    pub(crate) calendar_version: Option<String>,
    pub(crate) class_id: Option<String>,
    pub(crate) serial_start: Option<i64>,
    pub(crate) serial_end: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) frozen_at: i64,
    pub(crate) issued_at: Option<i64>,
    pub(crate) act_id: String,
    pub(crate) frozen_by: Option<String>,
    pub(crate) recognition_title: Option<String>,
    pub(crate) recognition_number: Option<String>,
    pub(crate) recognised_by: Option<String>,
    pub(crate) recognised_on: Option<String>,
    pub(crate) wrong_share: Option<i64>,
}

const BATCH: &str = "SELECT id, number, region, period_start, period_end, holder_id, vvb_id, recognition, statement, state, merkle_root, \
     lots, accounts, mg, sample_size, sample_errors, opinion, haircut_share, haircut_mg, issued_tonnes, returned_mg, notice_first, \
     notice_last, calendar_version, class_id, serial_start, serial_end, reason, frozen_at, issued_at, act_id, \
     COALESCE(frozen_by, (SELECT act.user_id FROM act WHERE act.id = inclusion_batch.act_id)) AS frozen_by, \
     recognition_title, recognition_number, recognised_by, recognised_on, wrong_share FROM inclusion_batch";

const ITEM: &str = "SELECT i.position, i.account_id, i.lot_id, i.origin_place, i.origin_ref, i.mg, i.leaf, a.body_hash \
     FROM inclusion_batch_item i JOIN inclusion_activity a ON a.account_id = i.account_id AND a.id = i.lot_id WHERE i.batch_id = $1";

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &BatchRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_batch (id, number, region, period_start, period_end, holder_id, vvb_id, recognition, statement, state, \
         merkle_root, lots, accounts, mg, frozen_at, act_id, frozen_by, recognition_title, recognition_number, recognised_by, recognised_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'frozen', $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(&new.id)
    .bind(&new.number)
    .bind(&new.region)
    .bind(&new.period_start)
    .bind(&new.period_end)
    .bind(&new.holder_id)
    .bind(&new.vvb_id)
    .bind(&new.recognition)
    .bind(&new.statement)
    .bind(&new.merkle_root)
    .bind(new.lots)
    .bind(new.accounts)
    .bind(new.mg)
    .bind(new.frozen_at)
    .bind(&new.act_id)
    .bind(&new.frozen_by)
    .bind(&new.recognition_title)
    .bind(&new.recognition_number)
    .bind(&new.recognised_by)
    .bind(&new.recognised_on)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<BatchRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{BATCH} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Batches, newest first; of one body if given.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    vvb: &str,
    size: i64,
) -> Result<Vec<BatchRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{BATCH} WHERE $1 = '' OR vvb_id = $1 ORDER BY id DESC LIMIT $2"
    )))
    .bind(vvb)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Every validation and verification body: id, name.
pub(crate) async fn bodies(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, name FROM organisation WHERE role = 'vvb' ORDER BY name, id")
        .fetch_all(connection)
        .await
}

/// The state and what was found out.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    row: &BatchRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_batch SET state = $2, sample_size = $3, sample_errors = $4, opinion = $5, haircut_share = $6, haircut_mg = $7, \
         issued_tonnes = $8, returned_mg = $9, notice_first = $10, notice_last = $11, calendar_version = $12, class_id = $13, \
         serial_start = $14, serial_end = $15, reason = $16, issued_at = $17, wrong_share = $18 WHERE id = $1",
    )
    .bind(&row.id)
    .bind(&row.state)
    .bind(row.sample_size)
    .bind(row.sample_errors)
    .bind(&row.opinion)
    .bind(row.haircut_share)
    .bind(row.haircut_mg)
    .bind(row.issued_tonnes)
    .bind(row.returned_mg)
    .bind(&row.notice_first)
    .bind(&row.notice_last)
    .bind(&row.calendar_version)
    .bind(&row.class_id)
    .bind(row.serial_start)
    .bind(row.serial_end)
    .bind(&row.reason)
    .bind(row.issued_at)
    .bind(row.wrong_share)
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of the items whose act was taken in while the consent to its source had been given and not yet withdrawn; one that was credited
/// anew after an appeal was taken in when the void one was.
pub(crate) async fn taken_in_with_consent(
    connection: &mut AnyConnection,
    batch: &str,
    positions: &[i64],
) -> Result<Vec<i64>, sqlx::Error> {
    let sql = "SELECT i.position FROM inclusion_batch_item i JOIN inclusion_activity n ON n.account_id = i.account_id AND n.id = i.lot_id \
         JOIN inclusion_consent c ON c.account_id = n.account_id AND c.id = n.consent_id AND c.purpose = 'source' \
         LEFT JOIN inclusion_appeal o ON o.account_id = n.account_id AND o.restored_id = n.id \
         LEFT JOIN inclusion_activity b ON b.account_id = o.account_id AND b.id = o.activity_id \
         WHERE i.batch_id = $1 AND c.granted_at <= COALESCE(b.received_at, n.received_at) \
         AND (c.revoked_at IS NULL OR c.revoked_at >= COALESCE(b.received_at, n.received_at))";
    of_positions(connection, sql, batch, positions).await
}

/// Those of the items that have a movement out of their person's hands to the pool or an event that names no consent to the assignment
/// that stood then.
pub(crate) async fn assigned_without_consent(
    connection: &mut AnyConnection,
    batch: &str,
    positions: &[i64],
) -> Result<Vec<i64>, sqlx::Error> {
    let sql = "SELECT DISTINCT i.position FROM inclusion_batch_item i \
         JOIN inclusion_transfer t ON t.account_id = i.account_id AND t.lot_id = i.lot_id \
           AND t.debit_place = 'held' AND t.credit_place IN ('pool', 'earmark') \
         LEFT JOIN inclusion_consent c ON c.account_id = t.account_id AND c.id = t.consent_id \
           AND c.purpose = 'assignment' AND c.granted_at <= t.at AND (c.revoked_at IS NULL OR c.revoked_at >= t.at) \
         WHERE i.batch_id = $1 AND c.id IS NULL";
    of_positions(connection, sql, batch, positions).await
}

/// What a question about the items of a batch answers for some positions.
async fn of_positions(
    connection: &mut AnyConnection,
    question: &str,
    batch: &str,
    positions: &[i64],
) -> Result<Vec<i64>, sqlx::Error> {
    let mut found = Vec::new();
    for positions in positions.chunks(LIST_MAX) {
        let sql = format!(
            "{question} AND i.position IN ({})",
            list(2, positions.len())
        );
        let sql = in_order(connection, sql);
        let mut query = sqlx::query_scalar::<_, i64>(sql).bind(batch);
        for position in positions {
            query = query.bind(*position);
        }
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

/// Titles of the events to which at least so many people gave what is in a batch, by name.
pub(crate) async fn campaigns_of(
    connection: &mut AnyConnection,
    batch: &str,
    people_min: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT c.title FROM inclusion_campaign c JOIN inclusion_batch_item i ON i.origin_ref = c.id AND i.origin_place = 'earmark' \
         WHERE i.batch_id = $1 GROUP BY c.id, c.title HAVING COUNT(DISTINCT i.account_id) >= $2 ORDER BY c.title, c.id",
    )
    .bind(batch)
    .bind(people_min)
    .fetch_all(connection)
    .await
}

/// An item of a batch with what the record of its act said.
#[derive(FromRow)]
pub(crate) struct ItemRow {
    pub(crate) position: i64,
    pub(crate) account_id: String,
    pub(crate) lot_id: String,
    pub(crate) origin_place: String,
    pub(crate) origin_ref: String,
    pub(crate) mg: i64,
    pub(crate) leaf: String,
    /// Hash of what the record of the act said.
    pub(crate) body_hash: String,
}

/// Enters items of a batch: position, part, leaf.
pub(crate) async fn items_insert(
    connection: &mut AnyConnection,
    batch: &str,
    items: &[(i64, &FreezableRow, String)],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_batch_item (batch_id, position, account_id, lot_id, origin_place, origin_ref, mg, leaf)";
    for items in items.chunks(ROWS_MAX) {
        let mut query = sqlx::query(insert_sql(connection, head, items.len(), 8, ""));
        for (position, part, leaf) in items {
            query = query
                .bind(batch)
                .bind(*position)
                .bind(&part.account_id)
                .bind(&part.lot_id)
                .bind(&part.place)
                .bind(&part.place_ref)
                .bind(part.mg)
                .bind(leaf);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// How many people the items of a batch come from.
pub(crate) async fn accounts_count(
    connection: &mut AnyConnection,
    batch: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT DISTINCT account_id FROM inclusion_batch_item WHERE batch_id = $1) AS people",
    )
    .bind(batch)
    .fetch_one(connection)
    .await
}

pub(crate) async fn accounts_set(
    connection: &mut AnyConnection,
    batch: &str,
    accounts: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_batch SET accounts = $2 WHERE id = $1")
        .bind(batch)
        .bind(accounts)
        .execute(connection)
        .await?;
    Ok(())
}

/// Positions of a batch: from the first one on, up to the last one and without it.
#[derive(Clone, Copy)]
pub(crate) struct Positions {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// The items at some positions, in the order of their line.
pub(crate) async fn items(
    connection: &mut AnyConnection,
    batch: &str,
    at: Positions,
) -> Result<Vec<ItemRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ITEM} AND i.position >= $2 AND i.position < $3 ORDER BY i.position"
    )))
    .bind(batch)
    .bind(at.from)
    .bind(at.to)
    .fetch_all(connection)
    .await
}

/// The items at the positions of a list, in no order.
pub(crate) async fn items_listed(
    connection: &mut AnyConnection,
    batch: &str,
    positions: &[i64],
) -> Result<Vec<ItemRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for positions in positions.chunks(LIST_MAX) {
        let sql = format!("{ITEM} AND i.position IN ({})", list(2, positions.len()));
        let mut query = sqlx::query_as(in_order(connection, sql)).bind(batch);
        for position in positions {
            query = query.bind(*position);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// What the body did not confirm: position, why.
pub(crate) async fn findings(
    connection: &mut AnyConnection,
    batch: &str,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, note FROM inclusion_batch_finding WHERE batch_id = $1 ORDER BY position",
    )
    .bind(batch)
    .fetch_all(connection)
    .await
}

/// Notes what the body did not confirm.
pub(crate) async fn finding_insert(
    connection: &mut AnyConnection,
    batch: &str,
    position: i64,
    note: &str,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO inclusion_batch_finding (batch_id, position, note, act_id) VALUES ($1, $2, $3, $4)")
        .bind(batch)
        .bind(position)
        .bind(note)
        .bind(act)
        .execute(connection)
        .await?;
    Ok(())
}

/// The milligrams at some positions: position, milligrams.
pub(crate) async fn masses(
    connection: &mut AnyConnection,
    batch: &str,
    at: Positions,
) -> Result<Vec<(i64, i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, mg, leaf FROM inclusion_batch_item WHERE batch_id = $1 AND position >= $2 AND position < $3 ORDER BY position",
    )
    .bind(batch)
    .bind(at.from)
    .bind(at.to)
    .fetch_all(connection)
    .await
}

/// What is to be cut at some positions: position, origin, the event it was given to, milligrams.
pub(crate) async fn lines(
    connection: &mut AnyConnection,
    batch: &str,
    at: Positions,
) -> Result<Vec<(i64, String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, origin_place, origin_ref, mg FROM inclusion_batch_item \
         WHERE batch_id = $1 AND position >= $2 AND position < $3 ORDER BY position",
    )
    .bind(batch)
    .bind(at.from)
    .bind(at.to)
    .fetch_all(connection)
    .await
}

/// What each origin gave to a batch, in the order of its line: origin, the event it was given to, milligrams.
pub(crate) async fn origins(
    connection: &mut AnyConnection,
    batch: &str,
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT origin_place, origin_ref, CAST(SUM(mg) AS BIGINT) FROM inclusion_batch_item WHERE batch_id = $1 \
         GROUP BY origin_place, origin_ref ORDER BY origin_place, origin_ref",
    )
    .bind(batch)
    .fetch_all(connection)
    .await
}

/// Milligrams that the ledger moved into a batch for the items at some positions: position, milligrams.
pub(crate) async fn frozen(
    connection: &mut AnyConnection,
    batch: &str,
    at: Positions,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.position, CAST(SUM(t.mg) AS BIGINT) FROM inclusion_batch_item i \
         JOIN inclusion_transfer t ON t.account_id = i.account_id AND t.lot_id = i.lot_id AND t.credit_place = 'batch' \
           AND t.credit_ref = i.batch_id AND t.debit_place = i.origin_place AND t.debit_ref = i.origin_ref \
         WHERE i.batch_id = $1 AND i.position >= $2 AND i.position < $3 GROUP BY i.position",
    )
    .bind(batch)
    .bind(at.from)
    .bind(at.to)
    .fetch_all(connection)
    .await
}

/// What becomes of items: position, begin on the line, deducted, issued, given back.
pub(crate) async fn items_cut(
    connection: &mut AnyConnection,
    batch: &str,
    cuts: &[(i64, i64, i64, i64, i64)],
) -> Result<(), sqlx::Error> {
    for cuts in cuts.chunks(ROWS_MAX) {
        let sql = format!(
            "WITH cut (at, line_start, haircut_mg, issued_mg, returned_mg) AS (VALUES {}) UPDATE inclusion_batch_item \
             SET line_start = cut.line_start, haircut_mg = cut.haircut_mg, issued_mg = cut.issued_mg, returned_mg = cut.returned_mg \
             FROM cut WHERE inclusion_batch_item.position = cut.at AND inclusion_batch_item.batch_id = ${}",
            values(cuts.len(), 5),
            cuts.len() * 5 + 1
        );
        let mut query = sqlx::query(in_order(connection, sql));
        for (position, line_start, haircut, issued, returned) in cuts {
            query = query
                .bind(*position)
                .bind(*line_start)
                .bind(*haircut)
                .bind(*issued)
                .bind(*returned);
        }
        query.bind(batch).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What is done with the grams of many items at once.
#[derive(Clone, Copy)]
pub(crate) enum ItemStep {
    /// From their origin into the batch.
    Freeze,
    /// Back to their origin: the batch was rejected.
    Reject,
    /// What is deducted.
    Deduct,
    /// What is issued.
    Issue,
    /// What is left over goes back to its origin.
    Return,
}

impl ItemStep {
    /// Debit, its reference, credit, its reference, milligrams, and the position of the movement in its act.
    const fn sql(self) -> &'static str {
        match self {
            Self::Freeze => "i.origin_place, i.origin_ref, 'batch', i.batch_id, i.mg, i.position",
            Self::Reject => "'batch', i.batch_id, i.origin_place, i.origin_ref, i.mg, i.position",
            Self::Deduct => {
                "'batch', i.batch_id, 'haircut', i.batch_id, i.haircut_mg, i.position * 3"
            }
            Self::Issue => {
                "'batch', i.batch_id, 'issued', i.batch_id, i.issued_mg, i.position * 3 + 1"
            }
            Self::Return => {
                "'batch', i.batch_id, i.origin_place, i.origin_ref, i.returned_mg, i.position * 3 + 2"
            }
        }
    }

    /// Which items have something to move.
    const fn filter(self) -> &'static str {
        match self {
            Self::Freeze | Self::Reject => "i.mg > 0",
            Self::Deduct => "i.haircut_mg > 0",
            Self::Issue => "i.issued_mg > 0",
            Self::Return => "i.returned_mg > 0",
        }
    }
}

/// The act that moves items.
pub(crate) struct MovingAct<'a> {
    /// The act.
    pub(crate) act: &'a str,
    /// Its moment.
    pub(crate) at: i64,
    /// A new id: those of the movements begin with it.
    pub(crate) id: &'a str,
}

/// Moves what the items at some positions say, in one statement. What a lot is, and in which row of the totals its account writes, stands in
/// the movement it began with.
pub(crate) async fn items_move(
    connection: &mut AnyConnection,
    batch: &str,
    at: Positions,
    step: ItemStep,
    by: &MovingAct<'_>,
) -> Result<(), sqlx::Error> {
    let (sides, filter) = (step.sql(), step.filter());
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO inclusion_transfer (account_id, id, lot_id, lot_day, certifiable, campaign_id, debit_place, debit_ref, credit_place, \
           credit_ref, mg, position, consent_id, shard, at, act_id) \
         SELECT i.account_id, $4 || '-' || CAST(i.position AS TEXT), i.lot_id, s.lot_day, s.certifiable, s.campaign_id, {sides}, '', s.shard, \
           $5, $6 FROM inclusion_batch_item i \
         JOIN inclusion_transfer s ON s.account_id = i.account_id AND s.lot_id = i.lot_id AND s.debit_place = 'source' \
         WHERE i.batch_id = $1 AND i.position >= $2 AND i.position < $3 AND {filter} ORDER BY i.position"
    )))
    .bind(batch)
    .bind(at.from)
    .bind(at.to)
    .bind(by.id)
    .bind(by.at)
    .bind(by.act)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether grams given to a campaign are in a batch that was not rejected.
pub(crate) async fn has_items_of(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_batch_item i JOIN inclusion_batch b ON b.id = i.batch_id \
         WHERE i.origin_place = 'earmark' AND i.origin_ref = $1 AND b.state <> 'rejected'",
    )
    .bind(campaign)
    .fetch_one(connection)
    .await?;
    Ok(count > 0)
}

/// The issued items of a lot: batch number, class, first serial of the batch, line start, milligrams, project code, vintage.
pub(crate) async fn issues_of_lot(
    connection: &mut AnyConnection,
    account: &str,
    lot: &str,
) -> Result<Vec<(String, String, i64, i64, i64, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.number, b.class_id, b.serial_start, i.line_start, i.issued_mg, c.project_code, c.vintage FROM inclusion_batch_item i \
         JOIN inclusion_batch b ON b.id = i.batch_id JOIN credit_class c ON c.id = b.class_id \
         WHERE i.account_id = $1 AND i.lot_id = $2 AND i.issued_mg > 0 ORDER BY i.batch_id, i.position",
    )
    .bind(account)
    .bind(lot)
    .fetch_all(connection)
    .await
}

/// Where some tonnes of a class are: first, last, kind of account, number of the retirement.
pub(crate) async fn tonnes(
    connection: &mut AnyConnection,
    class: &str,
    first: i64,
    last: i64,
) -> Result<Vec<(i64, i64, String, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.serial_start, s.serial_end, s.account_kind, r.number FROM serial_block s \
         LEFT JOIN ledger_transfer t ON t.id = s.transfer_id LEFT JOIN retirement r ON r.id = t.retirement_id \
         WHERE s.class_id = $1 AND s.serial_start > 0 AND s.serial_start <= $3 AND s.serial_end >= $2 ORDER BY s.serial_start",
    )
    .bind(class)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

/// The batch that issued a tonne: id, number, its first serial.
pub(crate) async fn batch_of_tonne(
    connection: &mut AnyConnection,
    code: &str,
    vintage: i64,
    number: i64,
) -> Result<Option<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.id, b.number, b.serial_start FROM inclusion_batch b JOIN credit_class c ON c.id = b.class_id \
         WHERE c.project_code = $1 AND c.vintage = $2 AND b.serial_start <= $3 AND b.serial_end >= $3",
    )
    .bind(code)
    .bind(vintage)
    .bind(number)
    .fetch_optional(connection)
    .await
}

/// The items with milligrams on a stretch of the line of a batch: leaf, line start, issued.
pub(crate) async fn items_on_line(
    connection: &mut AnyConnection,
    batch: &str,
    from: i64,
    to: i64,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT leaf, line_start, issued_mg FROM inclusion_batch_item \
         WHERE batch_id = $1 AND issued_mg > 0 AND line_start < $3 AND line_start + issued_mg > $2 ORDER BY line_start",
    )
    .bind(batch)
    .bind(from)
    .bind(to)
    .fetch_all(connection)
    .await
}

/// The scheme behind the tonnes of a region and recognition, as the ledger of credits needs one.
pub(crate) async fn scheme(
    connection: &mut AnyConnection,
    region: &str,
    recognition: &str,
) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, code FROM record WHERE methodology = 'inclusion' AND province = $1 AND project_type = $2",
    )
    .bind(region)
    .bind(recognition)
    .fetch_optional(connection)
    .await
}

/// A new scheme.
pub(crate) struct NewScheme<'a> {
    pub(crate) id: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) code: &'a str,
    pub(crate) name: &'a str,
    pub(crate) region: &'a str,
    pub(crate) recognition: &'a str,
    pub(crate) at: i64,
    pub(crate) on: &'a str,
}

/// Enters a scheme as a registered record that no list shows.
pub(crate) async fn scheme_insert(
    connection: &mut AnyConnection,
    new: &NewScheme<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO record (id, kind, owner_id, state, state_since, revision, created_at, created_on, code, name, search, methodology, \
         project_type, province, fields) VALUES ($1, 'project', $2, 'registered', $3, 0, $3, $4, $5, $6, '', 'inclusion', $7, $8, '{}')",
    )
    .bind(new.id)
    .bind(new.owner)
    .bind(new.at)
    .bind(new.on)
    .bind(new.code)
    .bind(new.name)
    .bind(new.recognition)
    .bind(new.region)
    .execute(connection)
    .await?;
    Ok(())
}

/// What kind of unit a class is.
pub(crate) async fn class_kind(
    connection: &mut AnyConnection,
    class: &str,
    recognition: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE credit_class SET unit_kind = 'inclusion', recognition = $2 WHERE id = $1")
        .bind(class)
        .bind(recognition)
        .execute(connection)
        .await?;
    Ok(())
}
