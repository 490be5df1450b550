//! Guardians: who is asked, for what, and what came of it.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// What an account knows of its guardian.
#[derive(Clone, FromRow)]
pub(crate) struct GuardianRow {
    pub(crate) user_id: String,
    /// What the child is called.
    pub(crate) child: String,
    /// What the child signs in with, where it is an address.
    pub(crate) child_email: String,
    pub(crate) guardian: Option<String>,
    pub(crate) guardian_email: Option<String>,
    pub(crate) guardian_confirmed_at: Option<i64>,
    pub(crate) guardian_until: Option<i64>,
    pub(crate) guardian_link: Option<String>,
    pub(crate) is_minor: i64,
    pub(crate) state: String,
}

/// The guardian of an account.
pub(crate) async fn of_account(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Option<GuardianRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.user_id, u.name AS child, u.email AS child_email, a.guardian, a.guardian_email, a.guardian_confirmed_at, a.guardian_until, \
         a.guardian_link, a.is_minor, a.state FROM inclusion_account a JOIN user_account u ON u.id = a.user_id WHERE a.id = $1",
    )
    .bind(account)
    .fetch_optional(connection)
    .await
}

/// Sets who the guardian is and, for an account that waits, until when.
pub(crate) async fn set(
    connection: &mut AnyConnection,
    account: &str,
    name: &str,
    email: &str,
    until: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_account SET guardian = $2, guardian_email = $3, guardian_until = $4 WHERE id = $1",
    )
    .bind(account)
    .bind(name)
    .bind(email)
    .bind(until)
    .execute(connection)
    .await?;
    Ok(())
}

/// The guardian has agreed to the account; the link of that letter stays, unless an earlier one does.
pub(crate) async fn confirm(
    connection: &mut AnyConnection,
    account: &str,
    request: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_account SET guardian_until = NULL, guardian_confirmed_at = COALESCE(guardian_confirmed_at, $3), \
         guardian_link = COALESCE(guardian_link, $2) WHERE id = $1",
    )
    .bind(account)
    .bind(request)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A question to a guardian.
#[derive(Clone, FromRow)]
pub(crate) struct RequestRow {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) purpose: String,
    pub(crate) provider_id: String,
    pub(crate) scene: String,
    pub(crate) asked_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) state: String,
    pub(crate) ended_at: Option<i64>,
}

const REQUEST: &str = "SELECT id, account_id, purpose, provider_id, scene, asked_at, expires_at, state, ended_at FROM inclusion_guardian_request";

/// A new question.
pub(crate) struct NewRequest<'a> {
    pub(crate) id: &'a str,
    pub(crate) account: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) scene: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) link_hash: &'a str,
    pub(crate) asked_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn request_insert(
    connection: &mut AnyConnection,
    new: &NewRequest<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_guardian_request (id, account_id, purpose, provider_id, scene, token_hash, link_hash, asked_at, expires_at, state, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked', $10)",
    )
    .bind(new.id)
    .bind(new.account)
    .bind(new.purpose)
    .bind(new.provider)
    .bind(new.scene)
    .bind(new.token_hash)
    .bind(new.link_hash)
    .bind(new.asked_at)
    .bind(new.expires_at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// A question by its id.
pub(crate) async fn request(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<RequestRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{REQUEST} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// The question that a letter's link answers.
pub(crate) async fn request_by_token(
    connection: &mut AnyConnection,
    token_hash: &str,
) -> Result<Option<RequestRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{REQUEST} WHERE token_hash = $1")))
        .bind(token_hash)
        .fetch_optional(connection)
        .await
}

/// The account whose guardian has the link that stays.
pub(crate) async fn account_by_link(
    connection: &mut AnyConnection,
    link_hash: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT a.id FROM inclusion_guardian_request r JOIN inclusion_account a ON a.guardian_link = r.id WHERE r.link_hash = $1",
    )
    .bind(link_hash)
    .fetch_optional(connection)
    .await
}

/// Every question of an account, the newest first.
pub(crate) async fn requests(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<RequestRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{REQUEST} WHERE account_id = $1 ORDER BY id DESC"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// How many letters of an account were written since a moment.
pub(crate) async fn letters_since(
    connection: &mut AnyConnection,
    account: &str,
    since: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_guardian_request WHERE account_id = $1 AND asked_at > $2",
    )
    .bind(account)
    .bind(since)
    .fetch_one(connection)
    .await
}

/// An open question ends; nothing happens to one that has.
pub(crate) async fn request_end(
    connection: &mut AnyConnection,
    id: &str,
    state: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE inclusion_guardian_request SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'asked'",
    )
    .bind(id)
    .bind(state)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// The open questions of which the time is over.
pub(crate) async fn requests_due(
    connection: &mut AnyConnection,
    now: i64,
    size: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM inclusion_guardian_request WHERE state = 'asked' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
    )
    .bind(now)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Puts a letter to a guardian into the outbox; it is in both languages, Chinese first.
pub(crate) async fn letter_insert(
    connection: &mut AnyConnection,
    notification: &str,
    user: &str,
    address: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail (id, notification_id, user_id, address, language, state, attempts, not_before) \
         VALUES ($1, $2, $3, $4, 'zh', 'waiting', 0, 0)",
    )
    .bind(format!("{notification}.guardian"))
    .bind(notification)
    .bind(user)
    .bind(address)
    .execute(connection)
    .await?;
    Ok(())
}

/// For the audit: live consents of somebody younger than 14 that no guardian gave, although one is waited for or had confirmed before.
pub(crate) async fn differences(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, c.id FROM inclusion_account a JOIN inclusion_consent c ON c.account_id = a.id \
         WHERE a.is_minor = 1 AND c.revoked_at IS NULL AND (a.guardian_until IS NOT NULL OR \
           (c.by_guardian IS NULL AND a.guardian_confirmed_at IS NOT NULL AND c.granted_at > a.guardian_confirmed_at)) ORDER BY a.id, c.id",
    )
    .fetch_all(connection)
    .await
}

/// An account is closed: its open questions end, the letters go with the address that they carry, and consents forget who agreed. Its consents
/// must have ended before.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    account: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_guardian_request SET state = 'withdrawn', ended_at = $2 WHERE account_id = $1 AND state = 'asked'",
    )
    .bind(account)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE inclusion_consent SET by_guardian = '' WHERE account_id = $1 AND by_guardian <> ''",
    )
    .bind(account)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM mail WHERE notification_id IN (SELECT id FROM notification WHERE organisation_id = $1 AND subject_kind = 'guardian')",
    )
    .bind(account)
    .execute(connection)
    .await?;
    Ok(())
}
