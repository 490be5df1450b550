//! The two ledgers of carbon inclusion. A row is inserted; the triggers of the migration move parts, balances and totals with it.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::{LIST_MAX, distinct, in_order, insert_rows, wanted};

/// A movement of milligrams to write.
#[derive(Clone)]
pub(crate) struct NewMove {
    pub(crate) account: String,
    pub(crate) id: String,
    pub(crate) lot: String,
    pub(crate) lot_day: String,
    pub(crate) certifiable: i64,
    pub(crate) campaign: String,
    pub(crate) from: &'static str,
    pub(crate) from_ref: String,
    pub(crate) to: &'static str,
    pub(crate) to_ref: String,
    pub(crate) mg: i64,
    pub(crate) consent: String,
    pub(crate) shard: i64,
    pub(crate) at: i64,
    pub(crate) act_id: String,
    pub(crate) position: i64,
}

pub(crate) async fn moves_insert(
    connection: &mut AnyConnection,
    rows: &[NewMove],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_transfer (account_id, id, lot_id, lot_day, certifiable, campaign_id, debit_place, debit_ref, credit_place, \
                    credit_ref, mg, consent_id, shard, at, act_id, position)";
    insert_rows(connection, (head, 16, ""), rows, |query, row| {
        query
            .bind(row.account.as_str())
            .bind(row.id.as_str())
            .bind(row.lot.as_str())
            .bind(row.lot_day.as_str())
            .bind(row.certifiable)
            .bind(row.campaign.as_str())
            .bind(row.from)
            .bind(row.from_ref.as_str())
            .bind(row.to)
            .bind(row.to_ref.as_str())
            .bind(row.mg)
            .bind(row.consent.as_str())
            .bind(row.shard)
            .bind(row.at)
            .bind(row.act_id.as_str())
            .bind(row.position)
    })
    .await
}

/// A movement of points to write.
#[derive(Clone)]
pub(crate) struct NewPoints {
    pub(crate) account: String,
    pub(crate) id: String,
    pub(crate) unit: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) points: i64,
    pub(crate) about: String,
    pub(crate) at: i64,
    pub(crate) act_id: String,
    pub(crate) position: i64,
}

pub(crate) async fn points_insert(
    connection: &mut AnyConnection,
    rows: &[NewPoints],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_point_transfer (account_id, id, unit, debit_place, credit_place, points, about, at, act_id, position)";
    insert_rows(connection, (head, 10, ""), rows, |query, row| {
        query
            .bind(row.account.as_str())
            .bind(row.id.as_str())
            .bind(row.unit)
            .bind(row.from)
            .bind(row.to)
            .bind(row.points)
            .bind(row.about.as_str())
            .bind(row.at)
            .bind(row.act_id.as_str())
            .bind(row.position)
    })
    .await
}

/// What some accounts have: account, place, milligrams.
pub(crate) async fn balances(
    connection: &mut AnyConnection,
    accounts: &[String],
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT account_id, place, mg FROM wanted CROSS JOIN inclusion_balance WHERE account_id = wanted.one",
            wanted(accounts.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// The points of some accounts: account, unit, place, points.
pub(crate) async fn points(
    connection: &mut AnyConnection,
    accounts: &[String],
) -> Result<Vec<(String, String, String, i64)>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT account_id, unit, place, points FROM wanted CROSS JOIN inclusion_point_balance WHERE account_id = wanted.one",
            wanted(accounts.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// A part of a lot.
#[derive(Clone, FromRow)]
pub(crate) struct PartRow {
    pub(crate) account_id: String,
    pub(crate) lot_id: String,
    pub(crate) place: String,
    pub(crate) place_ref: String,
    pub(crate) day: String,
    pub(crate) certifiable: i64,
    pub(crate) campaign_id: String,
    pub(crate) mg: i64,
}

pub(super) const PART: &str = "SELECT p.account_id, p.lot_id, p.place, p.place_ref, p.day, p.certifiable, a.campaign_id, p.mg \
     FROM inclusion_lot_part p JOIN inclusion_activity a ON a.account_id = p.account_id AND a.id = p.lot_id";

/// What an account has in a place, oldest day first.
pub(crate) async fn parts(
    connection: &mut AnyConnection,
    account: &str,
    place: &str,
    place_ref: &str,
) -> Result<Vec<PartRow>, sqlx::Error> {
    // what is pending is not in the index of what can be used
    let usable = if place == "pending" {
        ""
    } else {
        " AND p.place <> 'pending'"
    };
    let sql = format!(
        "{PART} WHERE p.account_id = $1 AND p.place = $2 AND p.place_ref = $3{usable} AND p.mg > 0 ORDER BY p.day, p.lot_id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(place)
        .bind(place_ref)
        .fetch_all(connection)
        .await
}

/// Where the milligrams of a lot are.
pub(crate) async fn parts_of_lot(
    connection: &mut AnyConnection,
    account: &str,
    lot: &str,
) -> Result<Vec<PartRow>, sqlx::Error> {
    let sql = format!(
        "{PART} WHERE p.account_id = $1 AND p.lot_id = $2 AND p.mg > 0 ORDER BY p.place, p.place_ref"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(lot)
        .fetch_all(connection)
        .await
}

/// A part that can be put into a batch, with what the record of its act said.
#[derive(FromRow)]
pub(crate) struct FreezableRow {
    pub(crate) account_id: String,
    pub(crate) lot_id: String,
    pub(crate) place: String,
    pub(crate) place_ref: String,
    pub(crate) day: String,
    pub(crate) mg: i64,
    pub(crate) body_hash: String,
}

/// Which parts can be put into a batch.
pub(crate) struct Freezable<'a> {
    /// `pool`, or `earmark`: given to an event.
    pub(crate) place: &'a str,
    /// The region of their acts, with those inside it.
    pub(crate) region: &'a str,
    /// First and last day of their acts.
    pub(crate) days: (&'a str, &'a str),
}

/// A page of [`freezable`].
pub(super) const FREEZABLE: &str = "SELECT p.account_id, p.lot_id, p.place, p.place_ref, p.day, p.mg, a.body_hash FROM inclusion_lot_part p \
     JOIN inclusion_activity a ON a.account_id = p.account_id AND a.id = p.lot_id \
     WHERE p.place = $1 AND p.place <> 'pending' AND p.place <> 'held' AND p.mg > 0 \
       AND (p.place_ref, p.day, p.account_id, p.lot_id) > ($2, $3, $4, $5) AND p.day >= $6 AND p.day <= $7 \
       AND (a.region = $8 OR a.region LIKE $8 || '-%') ORDER BY p.place_ref, p.day, p.account_id, p.lot_id LIMIT $9";

/// What can be put into a batch after a part (the event it was given to, day, account, lot), in this order: it is that of the index, so a page
/// costs what it holds. Ids have one shape, so every engine has them in the order in which they were made.
pub(crate) async fn freezable(
    connection: &mut AnyConnection,
    wanted: &Freezable<'_>,
    after: &[String; 4],
    size: i64,
) -> Result<Vec<FreezableRow>, sqlx::Error> {
    let [of, day, account, lot] = after;
    sqlx::query_as(FREEZABLE)
        .bind(wanted.place)
        .bind(of)
        .bind(day)
        .bind(account)
        .bind(lot)
        .bind(wanted.days.0)
        .bind(wanted.days.1)
        .bind(wanted.region)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// What an event was given and is not in a batch.
pub(crate) async fn earmarked(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<Vec<PartRow>, sqlx::Error> {
    let sql = format!(
        "{PART} WHERE p.place = 'earmark' AND p.place <> 'pending' AND p.place <> 'held' AND p.place_ref = $1 AND p.mg > 0 ORDER BY p.account_id, p.lot_id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(campaign)
        .fetch_all(connection)
        .await
}

/// What is in a shared place: sixteen rows at most.
pub(crate) async fn total(
    connection: &mut AnyConnection,
    place: &str,
    place_ref: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(mg), 0) AS BIGINT) FROM inclusion_total WHERE place = $1 AND place_ref = $2",
    )
    .bind(place)
    .bind(place_ref)
    .fetch_one(connection)
    .await
}

/// A movement of an account.
#[derive(FromRow)]
pub(crate) struct MoveRow {
    pub(crate) id: String,
    pub(crate) lot_id: String,
    pub(crate) debit_place: String,
    pub(crate) credit_place: String,
    pub(crate) credit_ref: String,
    pub(crate) mg: i64,
    pub(crate) at: i64,
}

/// The movements of a lot, oldest first.
pub(crate) async fn moves_of_lot(
    connection: &mut AnyConnection,
    account: &str,
    lot: &str,
) -> Result<Vec<MoveRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, lot_id, debit_place, credit_place, credit_ref, mg, at FROM inclusion_transfer \
         WHERE account_id = $1 AND lot_id = $2 ORDER BY id",
    )
    .bind(account)
    .bind(lot)
    .fetch_all(connection)
    .await
}

/// A movement of points.
#[derive(FromRow)]
pub(crate) struct PointRow {
    pub(crate) id: String,
    pub(crate) unit: String,
    pub(crate) debit_place: String,
    pub(crate) credit_place: String,
    pub(crate) points: i64,
    pub(crate) about: String,
    pub(crate) at: i64,
}

/// The movements of points of an account, newest first, before a key.
pub(crate) async fn point_moves(
    connection: &mut AnyConnection,
    account: &str,
    before: &str,
    size: i64,
) -> Result<Vec<PointRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, unit, debit_place, credit_place, points, about, at FROM inclusion_point_transfer \
         WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(account)
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// A part, balance or total that differs from its movements: what it is, stored, recomputed.
pub(crate) async fn differences(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    let mut found = Vec::new();
    for sql in [
        // every part is what went in less what went out
        "SELECT COALESCE(p.account_id, m.account_id) || ' ' || COALESCE(p.lot_id, m.lot_id) || ' ' || COALESCE(p.place, m.place), \
           COALESCE(p.mg, 0), COALESCE(m.mg, 0) FROM ( \
           SELECT account_id, lot_id, place, place_ref, CAST(SUM(mg) AS BIGINT) AS mg FROM ( \
             SELECT account_id, lot_id, credit_place AS place, credit_ref AS place_ref, mg FROM inclusion_transfer \
             UNION ALL SELECT account_id, lot_id, debit_place, debit_ref, -mg FROM inclusion_transfer WHERE debit_place <> 'source' \
           ) AS sides GROUP BY account_id, lot_id, place, place_ref) AS m \
         LEFT JOIN inclusion_lot_part p ON p.account_id = m.account_id AND p.lot_id = m.lot_id AND p.place = m.place \
           AND p.place_ref = m.place_ref WHERE COALESCE(p.mg, 0) <> m.mg ORDER BY 1 LIMIT 1000",
        // every part has a movement
        "SELECT p.account_id || ' ' || p.lot_id || ' ' || p.place, p.mg, CAST(0 AS BIGINT) FROM inclusion_lot_part p \
         WHERE p.mg <> 0 AND NOT EXISTS (SELECT 1 FROM inclusion_transfer t WHERE t.account_id = p.account_id AND t.lot_id = p.lot_id \
           AND t.credit_place = p.place AND t.credit_ref = p.place_ref) ORDER BY 1 LIMIT 1000",
        // a lot is all of its milligrams, once
        "SELECT a.account_id || ' ' || a.id || ' lot', a.mg, CAST(COALESCE(SUM(p.mg), 0) AS BIGINT) FROM inclusion_activity a \
         LEFT JOIN inclusion_lot_part p ON p.account_id = a.account_id AND p.lot_id = a.id \
         GROUP BY a.account_id, a.id, a.mg HAVING a.mg <> CAST(COALESCE(SUM(p.mg), 0) AS BIGINT) ORDER BY 1 LIMIT 1000",
        "SELECT b.account_id || ' ' || b.place, b.mg, CAST(COALESCE(SUM(p.mg), 0) AS BIGINT) FROM inclusion_balance b \
         LEFT JOIN inclusion_lot_part p ON p.account_id = b.account_id AND p.place = b.place \
         GROUP BY b.account_id, b.place, b.mg HAVING b.mg <> CAST(COALESCE(SUM(p.mg), 0) AS BIGINT) ORDER BY 1 LIMIT 1000",
        "SELECT s.place || ' ' || s.place_ref, s.mg, COALESCE(p.mg, 0) FROM ( \
           SELECT place, place_ref, CAST(SUM(mg) AS BIGINT) AS mg FROM inclusion_total GROUP BY place, place_ref) AS s \
         LEFT JOIN (SELECT place, place_ref, CAST(SUM(mg) AS BIGINT) AS mg FROM inclusion_lot_part GROUP BY place, place_ref) AS p \
           ON p.place = s.place AND p.place_ref = s.place_ref WHERE s.mg <> COALESCE(p.mg, 0) ORDER BY 1 LIMIT 1000",
        "SELECT b.account_id || ' ' || b.unit || ' ' || b.place, b.points, COALESCE(m.points, 0) FROM inclusion_point_balance b LEFT JOIN ( \
           SELECT account_id, unit, place, CAST(SUM(points) AS BIGINT) AS points FROM ( \
             SELECT account_id, unit, credit_place AS place, points FROM inclusion_point_transfer \
             UNION ALL SELECT account_id, unit, debit_place, -points FROM inclusion_point_transfer \
           ) AS sides GROUP BY account_id, unit, place) AS m ON m.account_id = b.account_id AND m.unit = b.unit AND m.place = b.place \
         WHERE b.points <> COALESCE(m.points, 0) ORDER BY 1 LIMIT 1000",
        // green points are one for every full gram that was settled
        "SELECT s.account_id || ' green', COALESCE(p.points, 0), s.mg / 1000 FROM ( \
           SELECT account_id, CAST(SUM(mg) AS BIGINT) AS mg FROM inclusion_balance \
           WHERE place IN ('held', 'pool', 'earmark', 'batch', 'haircut', 'issued', 'unassigned') GROUP BY account_id) AS s \
         LEFT JOIN (SELECT account_id, CAST(SUM(points) AS BIGINT) AS points FROM inclusion_point_balance \
           WHERE unit = 'green' AND place IN ('available', 'frozen', 'spent_shop', 'spent_gift', 'debt') GROUP BY account_id) AS p \
           ON p.account_id = s.account_id WHERE s.mg / 1000 <> COALESCE(p.points, 0) ORDER BY 1 LIMIT 1000",
        // what was verified in a life is the settled acts that can be certified
        "SELECT v.account_id || ' verified ' || v.scene, v.mg, COALESCE(a.mg, 0) FROM inclusion_verified v LEFT JOIN ( \
           SELECT account_id, scene, CAST(SUM(mg) AS BIGINT) AS mg FROM inclusion_activity \
           WHERE state = 'settled' AND certifiable = 1 GROUP BY account_id, scene) AS a \
           ON a.account_id = v.account_id AND a.scene = v.scene \
         WHERE v.period = 'all' AND v.mg <> COALESCE(a.mg, 0) ORDER BY 1 LIMIT 1000",
        // what was assigned is what left the person's hands and did not come back
        "SELECT v.account_id || ' assigned ' || v.period, v.assigned_mg, COALESCE(p.mg, 0) FROM inclusion_verified v LEFT JOIN ( \
           SELECT account_id, substr(day, 1, 4) AS year, CAST(SUM(mg) AS BIGINT) AS mg FROM inclusion_lot_part \
           WHERE certifiable = 1 AND place IN ('pool', 'earmark', 'batch', 'haircut', 'issued') GROUP BY account_id, substr(day, 1, 4)) AS p \
           ON p.account_id = v.account_id AND p.year = v.period \
         WHERE v.scene = '' AND length(v.period) = 4 AND v.assigned_mg <> COALESCE(p.mg, 0) ORDER BY 1 LIMIT 1000",
        // whatever is named is there: PostgreSQL guards some of it by triggers, which a restored database may have come in without
        "SELECT f.account_id || ' ' || f.activity_id || ' record', CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_fingerprint f \
         WHERE NOT EXISTS (SELECT 1 FROM inclusion_activity a WHERE a.account_id = f.account_id AND a.id = f.activity_id) ORDER BY 1 LIMIT 1000",
        "SELECT p.account_id || ' ' || p.lot_id || ' act', CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_lot_part p \
         WHERE NOT EXISTS (SELECT 1 FROM inclusion_activity a WHERE a.account_id = p.account_id AND a.id = p.lot_id) ORDER BY 1 LIMIT 1000",
        "SELECT a.account_id || ' ' || a.id || ' consent', CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_activity a \
         WHERE NOT EXISTS (SELECT 1 FROM inclusion_consent c WHERE c.account_id = a.account_id AND c.id = a.consent_id) ORDER BY 1 LIMIT 1000",
        "SELECT a.account_id || ' ' || a.id || ' entry', CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_activity a \
         WHERE NOT EXISTS (SELECT 1 FROM act WHERE act.id = a.act_id) ORDER BY 1 LIMIT 1000",
        "SELECT t.account_id || ' ' || t.id || ' entry', CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_transfer t \
         WHERE NOT EXISTS (SELECT 1 FROM act WHERE act.id = t.act_id) ORDER BY 1 LIMIT 1000",
        // an issued batch is exactly the milligrams that were issued to it
        "SELECT b.number, b.issued_tonnes * 1000000000, CAST(COALESCE(SUM(t.mg), 0) AS BIGINT) FROM inclusion_batch b \
         LEFT JOIN inclusion_total t ON t.place = 'issued' AND t.place_ref = b.id WHERE b.state = 'issued' \
         GROUP BY b.number, b.issued_tonnes HAVING b.issued_tonnes * 1000000000 <> CAST(COALESCE(SUM(t.mg), 0) AS BIGINT) \
         ORDER BY 1 LIMIT 1000",
    ] {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(sql).fetch_all(&mut *connection).await?;
        found.extend(rows);
    }
    Ok(found)
}

/// How much there is: activities, movements of milligrams, movements of points.
pub(crate) async fn counts(connection: &mut AnyConnection) -> Result<(i64, i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM inclusion_activity), (SELECT COUNT(*) FROM inclusion_transfer), \
         (SELECT COUNT(*) FROM inclusion_point_transfer)",
    )
    .fetch_one(connection)
    .await
}

/// Green points that may still be redeemed: how many accounts have any, and how many points.
pub(crate) async fn points_outstanding(
    connection: &mut AnyConnection,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(DISTINCT account_id), CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM inclusion_point_balance \
         WHERE unit = 'green' AND place IN ('available', 'frozen') AND points > 0",
    )
    .fetch_one(connection)
    .await
}

/// Whether every gram of an act is void.
pub(crate) async fn is_gone(
    connection: &mut AnyConnection,
    account: &str,
    lot: &str,
) -> Result<bool, sqlx::Error> {
    let left: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_lot_part WHERE account_id = $1 AND lot_id = $2 AND place <> 'void' AND mg > 0",
    )
    .bind(account)
    .bind(lot)
    .fetch_one(connection)
    .await?;
    Ok(left == 0)
}
