//! Acts of persons, and what was counted for the limits.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::{
    LIST_MAX, Rows, VALUES_MAX, distinct, in_order, insert_rows, list, values, wanted, wanted_in,
    with_rows,
};

/// An act as stored.
#[derive(Clone, FromRow)]
pub(crate) struct ActivityRow {
    pub(crate) account_id: String,
    pub(crate) id: String,
    pub(crate) scene: String,
    pub(crate) source: String,
    pub(crate) provider_id: String,
    pub(crate) fingerprint: String,
    pub(crate) body_hash: String,
    pub(crate) evidence: String,
    pub(crate) evidence_file: Option<String>,
    pub(crate) day: String,
    pub(crate) started_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) precedence: i64,
    pub(crate) region: String,
    pub(crate) quantity: String,
    pub(crate) counted: String,
    pub(crate) certifiable: i64,
    pub(crate) mg: i64,
    pub(crate) activity_points: i64,
    pub(crate) campaign_id: String,
    pub(crate) consent_id: String,
    pub(crate) parameter_set: i64,
    pub(crate) input: String,
    pub(crate) state: String,
    pub(crate) settle_on: String,
    pub(crate) reason: Option<String>,
    pub(crate) appeal: Option<String>,
    pub(crate) received_at: i64,
    pub(crate) act_id: String,
}

const COLUMNS: &str = "account_id, id, scene, source, provider_id, fingerprint, body_hash, evidence, evidence_file, day, started_at, ended_at, \
     precedence, region, quantity, counted, certifiable, mg, activity_points, campaign_id, consent_id, parameter_set, input, state, \
     settle_on, reason, appeal, received_at, act_id";

/// Acts of one INSERT.
pub(crate) const AT_ONCE: usize = VALUES_MAX / COLUMN_COUNT;
const COLUMN_COUNT: usize = 29;

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    rows: &[ActivityRow],
) -> Result<(), sqlx::Error> {
    let head = format!("inclusion_activity ({COLUMNS})");
    insert_rows(connection, (&head, COLUMN_COUNT, ""), rows, |query, row| {
        query
            .bind(row.account_id.as_str())
            .bind(row.id.as_str())
            .bind(row.scene.as_str())
            .bind(row.source.as_str())
            .bind(row.provider_id.as_str())
            .bind(row.fingerprint.as_str())
            .bind(row.body_hash.as_str())
            .bind(row.evidence.as_str())
            .bind(row.evidence_file.as_deref())
            .bind(row.day.as_str())
            .bind(row.started_at)
            .bind(row.ended_at)
            .bind(row.precedence)
            .bind(row.region.as_str())
            .bind(row.quantity.as_str())
            .bind(row.counted.as_str())
            .bind(row.certifiable)
            .bind(row.mg)
            .bind(row.activity_points)
            .bind(row.campaign_id.as_str())
            .bind(row.consent_id.as_str())
            .bind(row.parameter_set)
            .bind(row.input.as_str())
            .bind(row.state.as_str())
            .bind(row.settle_on.as_str())
            .bind(row.reason.as_deref())
            .bind(row.appeal.as_deref())
            .bind(row.received_at)
            .bind(row.act_id.as_str())
    })
    .await
}

/// Claims fingerprints: fingerprint, account, activity.
pub(crate) async fn fingerprints_insert(
    connection: &mut AnyConnection,
    rows: &[(&str, &str, &str)],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_fingerprint (fingerprint, account_id, activity_id)";
    insert_rows(connection, (head, 3, ""), rows, |query, row| {
        let (fingerprint, account, activity) = row;
        query.bind(*fingerprint).bind(*account).bind(*activity)
    })
    .await
}

/// Calls for grams that are not cancelled, by their id or by the number of their event: id, number. Of two of one event the newer is last.
pub(crate) async fn calls_named(
    connection: &mut AnyConnection,
    named: &[&str],
) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    let mut rows = Vec::new();
    for named in named.chunks(LIST_MAX) {
        let wanted = list(1, named.len());
        let sql = format!(
            "SELECT c.id, e.number FROM inclusion_campaign c LEFT JOIN event e ON e.id = c.event_id \
             WHERE c.state <> 'cancelled' AND (c.id IN ({wanted}) OR c.event_id IN (SELECT id FROM event WHERE number IN ({wanted}))) \
             ORDER BY c.id"
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for name in named {
            query = query.bind(*name);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// Whether a photo that looks like this was shown for an act that is not void.
pub(crate) async fn look_shown(
    connection: &mut AnyConnection,
    look: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM inclusion_photo_look l JOIN inclusion_activity a ON a.account_id = l.account_id AND a.id = l.activity_id \
         WHERE l.look = $1 AND a.state <> 'void' LIMIT 1",
    )
    .bind(look)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Notes what the photo of an act looks like.
pub(crate) async fn look_insert(
    connection: &mut AnyConnection,
    look: &str,
    account: &str,
    activity: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_photo_look (look, account_id, activity_id) VALUES ($1, $2, $3)",
    )
    .bind(look)
    .bind(account)
    .bind(activity)
    .execute(connection)
    .await?;
    Ok(())
}

/// An act that used a record.
#[derive(FromRow)]
pub(crate) struct UsedRow {
    pub(crate) fingerprint: String,
    pub(crate) account_id: String,
    pub(crate) activity_id: String,
    pub(crate) body_hash: String,
    pub(crate) mg: i64,
    pub(crate) activity_points: i64,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
}

/// Those of the fingerprints that are used, with the act as it stands now.
pub(crate) async fn fingerprints_used(
    connection: &mut AnyConnection,
    fingerprints: &[String],
) -> Result<Vec<UsedRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for fingerprints in distinct(fingerprints).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT f.fingerprint, f.account_id, f.activity_id, a.body_hash, a.mg, a.activity_points, a.state, a.reason FROM wanted \
             CROSS JOIN inclusion_fingerprint f CROSS JOIN inclusion_activity a \
             WHERE f.fingerprint = wanted.one AND a.account_id = f.account_id AND a.id = f.activity_id",
            wanted(fingerprints.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for fingerprint in fingerprints {
            query = query.bind(*fingerprint);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// A trip of an account.
#[derive(FromRow)]
pub(crate) struct TripRow {
    pub(crate) account_id: String,
    pub(crate) id: String,
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    pub(crate) precedence: i64,
    pub(crate) state: String,
    pub(crate) scene: String,
    pub(crate) evidence: String,
    pub(crate) mg: i64,
}

/// The trips of some accounts that touch the days from `first` to `last`, without those that are void. Each account comes with the days:
/// PostgreSQL expects no acts on the newest days, since it has not counted any yet, and would begin with these days instead of the accounts.
pub(crate) async fn trips(
    connection: &mut AnyConnection,
    accounts: &[String],
    first: &str,
    last: &str,
) -> Result<Vec<TripRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "WITH wanted (one, first, last) AS (VALUES {}) \
             SELECT a.account_id, a.id, a.started_at, a.ended_at, a.precedence, a.state, a.scene, a.evidence, a.mg FROM wanted \
             CROSS JOIN inclusion_activity a \
             WHERE a.account_id = wanted.one AND a.day >= wanted.first AND a.day <= wanted.last AND a.started_at IS NOT NULL AND a.state <> 'void'",
            values(accounts.len(), 3)
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account).bind(first).bind(last);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// Whose records count on some days in some scenes: account, scene, day, provider (empty: the person). Void ones and self-reports do not.
pub(crate) async fn sources(
    connection: &mut AnyConnection,
    accounts: &[String],
    days: &[String],
    scenes: &[&str],
) -> Result<Vec<(String, String, String, String)>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT DISTINCT a.account_id, a.scene, a.day, a.provider_id FROM pairs CROSS JOIN inclusion_activity a \
             WHERE a.account_id = pairs.one AND a.day = pairs.span AND a.scene IN ({}) AND a.state <> 'void' AND a.evidence <> 'T4'",
            wanted_in(accounts.len(), days.len()),
            list(1 + accounts.len() + days.len(), scenes.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account);
        }
        for day in days {
            query = query.bind(day);
        }
        for scene in scenes {
            query = query.bind(*scene);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// What some accounts had counted in some periods: account, scene, period, acts, quantity.
pub(crate) async fn tallies(
    connection: &mut AnyConnection,
    accounts: &[String],
    periods: &[String],
) -> Result<Vec<TallyRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT t.account_id, t.scene, t.period, t.acts, t.quantity FROM pairs CROSS JOIN inclusion_tally t \
             WHERE t.account_id = pairs.one AND t.period = pairs.span",
            wanted_in(accounts.len(), periods.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account);
        }
        for period in periods {
            query = query.bind(period);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// Everything an account had counted: scene, period, acts, quantity.
pub(crate) async fn tallies_of(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<(String, String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT scene, period, acts, quantity FROM inclusion_tally WHERE account_id = $1",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// A tally: account, scene, period, acts, quantity.
pub(crate) type TallyRow = (String, String, String, i64, i64);

/// Begins tallies and sets those that there are, each key once.
pub(crate) async fn tallies_put(
    connection: &mut AnyConnection,
    begun: &[TallyRow],
    grown: &[TallyRow],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_tally (account_id, scene, period, acts, quantity)";
    insert_rows(connection, (head, 5, ""), begun, tally_bind).await?;
    let before = "UPDATE inclusion_tally AS tally SET acts = counted.column4, quantity = counted.column5 FROM (VALUES ";
    let after = ") AS counted WHERE tally.account_id = counted.column1 AND tally.scene = counted.column2 AND tally.period = counted.column3";
    with_rows(connection, (before, 5, after), grown, tally_bind).await
}

fn tally_bind(query: Rows, row: &TallyRow) -> Rows {
    let (account, scene, period, acts, quantity) = row;
    query
        .bind(account.as_str())
        .bind(scene.as_str())
        .bind(period.as_str())
        .bind(*acts)
        .bind(*quantity)
}

pub(crate) async fn one(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
) -> Result<Option<ActivityRow>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM inclusion_activity WHERE account_id = $1 AND id = $2");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// An act that is in a batch.
#[derive(FromRow)]
pub(crate) struct BatchedRow {
    pub(crate) position: i64,
    pub(crate) leaf: String,
    #[sqlx(flatten)]
    pub(crate) act: ActivityRow,
}

/// The acts at some positions of a batch.
pub(crate) async fn of_batch(
    connection: &mut AnyConnection,
    batch: &str,
    positions: &[i64],
) -> Result<Vec<BatchedRow>, sqlx::Error> {
    let columns = COLUMNS.replace(", ", ", a.");
    let mut rows = Vec::new();
    for positions in positions.chunks(LIST_MAX) {
        let sql = format!(
            "SELECT i.position, i.leaf, a.{columns} FROM inclusion_batch_item i \
             JOIN inclusion_activity a ON a.account_id = i.account_id AND a.id = i.lot_id WHERE i.batch_id = $1 AND i.position IN ({})",
            list(2, positions.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql)).bind(batch);
        for position in positions {
            query = query.bind(*position);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// The acts of an account in a span of days, newest first, before a key.
pub(crate) async fn page(
    connection: &mut AnyConnection,
    account: &str,
    first: &str,
    last: &str,
    before: &str,
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inclusion_activity WHERE account_id = $1 AND day >= $2 AND day <= $3 AND id < $4 \
         ORDER BY id DESC LIMIT $5"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(first)
        .bind(last)
        .bind(before)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// The acts of an account in a span of days, the last day first, after the line with this day and id.
pub(crate) async fn page_by_day(
    connection: &mut AnyConnection,
    account: &str,
    (first, last): (&str, &str),
    (day, id): (&str, &str),
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inclusion_activity WHERE account_id = $1 AND day >= $2 AND day <= $3 AND (day, id) < ($4, $5) \
         ORDER BY day DESC, id DESC LIMIT $6"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(first)
        .bind(last)
        .bind(day)
        .bind(id)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// Grams of each day of an account: day, scene, acts, milligrams; void ones left out.
pub(crate) async fn days(
    connection: &mut AnyConnection,
    account: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT day, scene, COUNT(*), CAST(SUM(mg) AS BIGINT) FROM inclusion_activity \
         WHERE account_id = $1 AND day >= $2 AND day <= $3 AND state <> 'void' GROUP BY day, scene ORDER BY day, scene",
    )
    .bind(account)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

/// The acts in review after a key, oldest first.
pub(crate) async fn in_review(
    connection: &mut AnyConnection,
    after: &str,
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inclusion_activity WHERE state = 'review' AND id > $1 ORDER BY id LIMIT $2"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(after)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// The void acts after a key that somebody objects to and nobody has decided about, oldest first.
pub(crate) async fn appealed(
    connection: &mut AnyConnection,
    after: &str,
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let columns = COLUMNS.replace(", ", ", a.");
    let sql = format!(
        "SELECT a.{columns} FROM inclusion_appeal o JOIN inclusion_activity a ON a.account_id = o.account_id AND a.id = o.activity_id \
         WHERE o.state = 'open' AND o.activity_id > $1 ORDER BY o.activity_id LIMIT $2"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(after)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// What is due to be settled by a day, of accounts that are open.
pub(crate) async fn due(
    connection: &mut AnyConnection,
    today: &str,
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let columns = COLUMNS.replace(", ", ", a.");
    let sql = format!(
        "SELECT a.{columns} FROM inclusion_activity a JOIN inclusion_account p ON p.id = a.account_id \
         WHERE a.state = 'pending' AND a.settle_on <= $1 AND p.state = 'open' ORDER BY a.settle_on, a.account_id, a.id LIMIT $2"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(today)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// The day on which an act is settled that waits for its person to agree to a new text: none.
pub(crate) const WAITS: &str = "9999-12-31";

/// What was taken in under a consent and waits for a new one is settled by a day.
pub(crate) async fn consent_renewed(
    connection: &mut AnyConnection,
    account: &str,
    consent: &str,
    settle_on: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_activity SET settle_on = $3, reason = CASE state WHEN 'pending' THEN NULL ELSE reason END \
         WHERE account_id = $1 AND consent_id = $2 AND settle_on = $4 AND state IN ('pending', 'review')",
    )
    .bind(account)
    .bind(consent)
    .bind(settle_on)
    .bind(WAITS)
    .execute(connection)
    .await?;
    Ok(())
}

/// What was taken in under a consent and waits for a new one.
pub(crate) async fn waiting_for_consent(
    connection: &mut AnyConnection,
    account: &str,
    consent: &str,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inclusion_activity WHERE account_id = $1 AND consent_id = $2 AND settle_on = $3 AND state IN ('pending', 'review') \
         ORDER BY id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(consent)
        .bind(WAITS)
        .fetch_all(connection)
        .await
}

/// An act becomes void.
pub(crate) async fn set_void(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    reason: Option<&str>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_activity SET state = 'void', reason = $3, voided_at = $4 WHERE account_id = $1 AND id = $2",
    )
    .bind(account)
    .bind(id)
    .bind(reason)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// When an act became void; `None` where it is not, or where nobody noted it.
pub(crate) async fn voided_at(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT voided_at FROM inclusion_activity WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .fetch_one(connection)
        .await
}

/// An act takes its next step, but for [`set_void`].
pub(crate) async fn set_state(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    state: &str,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_activity SET state = $3, reason = $4 WHERE account_id = $1 AND id = $2",
    )
    .bind(account)
    .bind(id)
    .bind(state)
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(())
}

/// Settles many acts.
pub(crate) async fn settle(
    connection: &mut AnyConnection,
    rows: &[ActivityRow],
) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(LIST_MAX) {
        let sql = format!(
            "WITH due (account_id, id) AS (VALUES {}) UPDATE inclusion_activity SET state = 'settled' \
             WHERE (account_id, id) IN (SELECT account_id, id FROM due)",
            values(rows.len(), 2)
        );
        let mut query = sqlx::query(in_order(connection, sql));
        for row in rows {
            query = query.bind(&row.account_id).bind(&row.id);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

pub(crate) async fn set_appeal(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    appeal: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_activity SET appeal = $3 WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .bind(appeal)
        .execute(connection)
        .await?;
    Ok(())
}

/// Everything unsettled of an account becomes void.
pub(crate) async fn void_unsettled(
    connection: &mut AnyConnection,
    account: &str,
    reason: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_activity SET state = 'void', reason = $2, voided_at = $3 WHERE account_id = $1 AND state IN ('pending', 'review')",
    )
    .bind(account)
    .bind(reason)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every act after a key, for the audit.
pub(crate) async fn after(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    size: i64,
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inclusion_activity WHERE account_id > $1 OR (account_id = $1 AND id > $2) ORDER BY account_id, id LIMIT $3"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account)
        .bind(id)
        .bind(size)
        .fetch_all(connection)
        .await
}
