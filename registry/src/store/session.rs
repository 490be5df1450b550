//! Sessions, failures to sign in, and what was typed into refused forms. Not part of the record of acts.

use sqlx::{AnyConnection, FromRow};

/// A session as stored.
#[derive(FromRow)]
pub(crate) struct SessionStored {
    pub(crate) id: String,
    pub(crate) user_id: Option<String>,
    pub(crate) data: String,
    pub(crate) expires_at: i64,
}

/// Stores a session; with `replace`, also over the one with this id. How many rows were written.
pub(crate) async fn put(
    connection: &mut AnyConnection,
    session: &SessionStored,
    replace: bool,
) -> Result<u64, sqlx::Error> {
    let sql = if replace {
        "INSERT INTO session (id, user_id, data, expires_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET user_id = $2, data = $3, expires_at = $4"
    } else {
        "INSERT INTO session (id, user_id, data, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"
    };
    let written = sqlx::query(sql)
        .bind(&session.id)
        .bind(session.user_id.as_deref())
        .bind(&session.data)
        .bind(session.expires_at)
        .execute(connection)
        .await?;
    Ok(written.rows_affected())
}

pub(crate) async fn get(
    connection: &mut AnyConnection,
    id: &str,
    now: i64,
) -> Result<Option<SessionStored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, data, expires_at FROM session WHERE id = $1 AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn delete(connection: &mut AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM session WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn delete_of_user(
    connection: &mut AnyConnection,
    user: &str,
    keep: &str,
) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query("DELETE FROM session WHERE user_id = $1 AND id <> $2")
        .bind(user)
        .bind(keep)
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected())
}

/// Removes what is over by `now`; failures to sign in older than `failures_before`. How many sessions.
pub(crate) async fn delete_expired(
    connection: &mut AnyConnection,
    now: i64,
    failures_before: i64,
) -> Result<u64, sqlx::Error> {
    let sessions = sqlx::query("DELETE FROM session WHERE expires_at <= $1")
        .bind(now)
        .execute(&mut *connection)
        .await?;
    for sql in [
        "DELETE FROM form_memory WHERE expires_at <= $1",
        "DELETE FROM flash WHERE expires_at <= $1",
    ] {
        sqlx::query(sql).bind(now).execute(&mut *connection).await?;
    }
    sqlx::query("DELETE FROM sign_in_failure WHERE at < $1")
        .bind(failures_before)
        .execute(connection)
        .await?;
    Ok(sessions.rows_affected())
}

pub(crate) async fn failure_insert(
    connection: &mut AnyConnection,
    id: &str,
    email: &str,
    address: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO sign_in_failure (id, email, address, at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(email)
        .bind(address)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn failures_forget(
    connection: &mut AnyConnection,
    email: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sign_in_failure WHERE email = $1")
        .bind(email)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many failures since a moment, and the earliest of them: for the e-mail, and for the address.
pub(crate) async fn failures_since(
    connection: &mut AnyConnection,
    email: &str,
    address: &str,
    since: i64,
) -> Result<[(i64, Option<i64>); 2], sqlx::Error> {
    let of_email = sqlx::query_as(
        "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE email = $1 AND at > $2",
    )
    .bind(email)
    .bind(since)
    .fetch_one(&mut *connection)
    .await?;
    let of_address = sqlx::query_as(
        "SELECT COUNT(*), MIN(at) FROM sign_in_failure WHERE address = $1 AND at > $2",
    )
    .bind(address)
    .bind(since)
    .fetch_one(connection)
    .await?;
    Ok([of_email, of_address])
}

pub(crate) async fn form_insert(
    connection: &mut AnyConnection,
    id: &str,
    session: &str,
    act: &str,
    fields: &str,
    refusals: &str,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO form_memory (id, session_id, act, fields, refusals, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(session)
        .bind(act)
        .bind(fields)
        .bind(refusals)
        .bind(expires_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Act, fields and refusals.
pub(crate) async fn form_get(
    connection: &mut AnyConnection,
    id: &str,
    session: &str,
    now: i64,
) -> Result<Option<(String, String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT act, fields, refusals FROM form_memory WHERE id = $1 AND session_id = $2 AND expires_at > $3")
        .bind(id)
        .bind(session)
        .bind(now)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn flash_insert(
    connection: &mut AnyConnection,
    id: &str,
    session: &str,
    message: &str,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO flash (id, session_id, message, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(session)
        .bind(message)
        .bind(expires_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether there is anything to take: most pages have nothing, and should not write.
pub(crate) async fn flash_waits(
    connection: &mut AnyConnection,
    session: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM flash WHERE session_id = $1")
        .bind(session)
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

/// Takes the messages of a session: id, text, end.
pub(crate) async fn flash_take(
    connection: &mut AnyConnection,
    session: &str,
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as("DELETE FROM flash WHERE session_id = $1 RETURNING id, message, expires_at")
        .bind(session)
        .fetch_all(connection)
        .await
}
