//! The SQL of things behind records: meters that belong to accounts, and what counts as often as its scene says. Only digests are kept.

use sqlx::AnyConnection;

use super::super::many::{in_order, list};
use super::{LIST_MAX, insert_rows};

/// A meter that an account has.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct MeterRow {
    pub(crate) meter: String,
    pub(crate) account_id: String,
    pub(crate) scene: String,
    pub(crate) provider_id: String,
    pub(crate) since_day: String,
}

/// A place of a thing that counts, with the act it counts for.
#[derive(Clone, Debug)]
pub(crate) struct ObjectRow {
    pub(crate) object: String,
    pub(crate) account_id: String,
    pub(crate) activity_id: String,
    /// Whether there is a row of it, of an act that is void.
    pub(crate) is_there: bool,
}

/// Whose the meters are that are somebody's: meter, account.
pub(crate) async fn meter_owners(
    connection: &mut AnyConnection,
    meters: &[String],
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let sql = "SELECT meter, account_id FROM inclusion_meter WHERE meter IN";
    listed(connection, sql, meters).await
}

/// Whose the meters were before: meter, account, the last day it was theirs.
pub(crate) async fn meters_left(
    connection: &mut AnyConnection,
    meters: &[String],
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    let sql = "SELECT meter, account_id, until_day FROM inclusion_meter_left WHERE meter IN";
    listed(connection, sql, meters).await
}

/// What counts or counted: object, account, the state of its act.
pub(crate) async fn objects(
    connection: &mut AnyConnection,
    objects: &[String],
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    let sql = "SELECT o.object, o.account_id, a.state FROM inclusion_object o \
         JOIN inclusion_activity a ON a.account_id = o.account_id AND a.id = o.activity_id WHERE o.object IN";
    listed(connection, sql, objects).await
}

/// Rows by the values of a list, which stands behind the text.
async fn listed<Row>(
    connection: &mut AnyConnection,
    before: &str,
    values: &[String],
) -> Result<Vec<Row>, sqlx::Error>
where
    Row: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow>,
{
    let mut rows = Vec::new();
    for values in values.chunks(LIST_MAX) {
        let sql = format!("{before} ({})", list(1, values.len()));
        let mut query = sqlx::query_as(in_order(connection, sql));
        for value in values {
            query = query.bind(value);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// Meters become those of accounts, each meter once.
pub(crate) async fn meters_claim(
    connection: &mut AnyConnection,
    claimed: &[MeterRow],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_meter (meter, account_id, scene, provider_id, since_day)";
    insert_rows(connection, (head, 5, ""), claimed, |query, row| {
        query
            .bind(row.meter.clone())
            .bind(row.account_id.clone())
            .bind(row.scene.clone())
            .bind(row.provider_id.clone())
            .bind(row.since_day.clone())
    })
    .await
}

/// Places become those of acts; one with a void act only while it still is that act's.
pub(crate) async fn objects_claim(
    connection: &mut AnyConnection,
    claimed: &[ObjectRow],
) -> Result<(), sqlx::Error> {
    for row in claimed {
        if row.is_there {
            sqlx::query("DELETE FROM inclusion_object WHERE object = $1 AND EXISTS (SELECT 1 FROM inclusion_activity a \
                 WHERE a.account_id = inclusion_object.account_id AND a.id = inclusion_object.activity_id AND a.state = 'void')")
                .bind(row.object.as_str())
                .execute(&mut *connection)
                .await?;
        }
    }
    let head = "inclusion_object (object, account_id, activity_id)";
    insert_rows(connection, (head, 3, ""), claimed, |query, row| {
        query
            .bind(row.object.clone())
            .bind(row.account_id.clone())
            .bind(row.activity_id.clone())
    })
    .await
}

/// The places that an act has.
pub(crate) async fn objects_of(
    connection: &mut AnyConnection,
    account: &str,
    activity: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT object FROM inclusion_object WHERE account_id = $1 AND activity_id = $2 ORDER BY object")
        .bind(account)
        .bind(activity)
        .fetch_all(connection)
        .await
}

/// The meters of an account.
pub(crate) async fn meters_of(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<MeterRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT meter, account_id, scene, provider_id, since_day FROM inclusion_meter WHERE account_id = $1 ORDER BY meter",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// A meter is nobody's any more; `until_day`: the last day of which a record of it is that account's, empty for none.
pub(crate) async fn meter_leave(
    connection: &mut AnyConnection,
    row: &MeterRow,
    until_day: &str,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM inclusion_meter WHERE meter = $1 AND account_id = $2")
        .bind(row.meter.as_str())
        .bind(row.account_id.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO inclusion_meter_left (meter, account_id, until_day, act_id) VALUES ($1, $2, $3, $4)")
        .bind(row.meter.as_str())
        .bind(row.account_id.as_str())
        .bind(until_day)
        .bind(act)
        .execute(connection)
        .await?;
    Ok(())
}
