//! The key of this installation for digests of what somebody could find out by trying.

use sqlx::AnyConnection;

/// The key, and whether there were digests without it. `None` before the schema was brought up.
pub(crate) async fn key(
    connection: &mut AnyConnection,
) -> Result<Option<(String, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT secret, has_older FROM installation_key WHERE name = 'digests'")
        .fetch_optional(connection)
        .await
}

/// Keeps the key, once: whether this one was kept.
pub(crate) async fn key_insert(
    connection: &mut AnyConnection,
    secret: &str,
    has_older: bool,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO installation_key (name, secret, has_older) VALUES ('digests', $1, $2) ON CONFLICT (name) DO NOTHING",
    )
    .bind(secret)
    .bind(i64::from(has_older))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every digest of a meter.
pub(crate) async fn meters(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT meter FROM inclusion_meter")
        .fetch_all(connection)
        .await
}

/// Every digest of a device, once.
pub(crate) async fn devices(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT DISTINCT device FROM inclusion_device")
        .fetch_all(connection)
        .await
}

pub(crate) async fn meter_set(
    connection: &mut AnyConnection,
    before: &str,
    after: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_meter SET meter = $2 WHERE meter = $1")
        .bind(before)
        .bind(after)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn device_set(
    connection: &mut AnyConnection,
    before: &str,
    after: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_device SET device = $2 WHERE device = $1")
        .bind(before)
        .bind(after)
        .execute(connection)
        .await?;
    Ok(())
}
