//! Organisations, users, approvals of VVBs, counters and settings.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// An organisation as stored.
#[derive(FromRow)]
pub(crate) struct OrganisationRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) uscc: String,
    pub(crate) role: String,
    pub(crate) account_number: String,
    pub(crate) account_state: String,
}

/// Selects a [`UserRow`].
pub(crate) const USER: &str = "SELECT user_account.id, user_account.name, email, phone, password_hash, sessions_valid_from, organisation_id, \
     organisation.name AS organisation_name, role, account_number, account_state, member_role, \
     CASE WHEN role = 'individual' THEN (SELECT inclusion_account.guardian_until FROM inclusion_account \
       WHERE inclusion_account.id = organisation_id) END AS guardian_until \
     FROM user_account JOIN organisation ON organisation.id = organisation_id";

/// A user with the organisation, as stored.
#[derive(FromRow)]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: Option<String>,
    pub(crate) password_hash: String,
    pub(crate) sessions_valid_from: i64,
    pub(crate) organisation_id: String,
    pub(crate) organisation_name: String,
    pub(crate) role: String,
    pub(crate) account_number: String,
    pub(crate) account_state: String,
    pub(crate) member_role: String,
    /// Until when a personal account waits for the answer of a guardian.
    pub(crate) guardian_until: Option<i64>,
}

/// An approval as stored, with the body's name.
#[derive(FromRow)]
pub(crate) struct ApprovalRow {
    pub(crate) organisation_id: String,
    pub(crate) organisation_name: String,
    pub(crate) sector: String,
    pub(crate) approval_number: String,
    pub(crate) valid_from: String,
    pub(crate) valid_to: Option<String>,
    pub(crate) source: String,
}

/// The next number of a sequence, from 1.
pub(crate) async fn counter_next(
    connection: &mut AnyConnection,
    name: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO counter (name, value) VALUES ($1, 1) \
         ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
    )
    .bind(name)
    .fetch_one(connection)
    .await
}

pub(crate) async fn organisation_insert(
    connection: &mut AnyConnection,
    organisation: &OrganisationRow,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO organisation (id, name, uscc, role, account_number, account_state, created_at) VALUES ($1, $2, $3, $4, $5, $7, $6)")
        .bind(&organisation.id)
        .bind(&organisation.name)
        .bind(&organisation.uscc)
        .bind(&organisation.role)
        .bind(&organisation.account_number)
        .bind(at)
        .bind(&organisation.account_state)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn organisation_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<OrganisationRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, uscc, role, account_number, account_state FROM organisation WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn organisation_by_account(
    connection: &mut AnyConnection,
    account_number: &str,
) -> Result<Option<OrganisationRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, uscc, role, account_number, account_state FROM organisation WHERE account_number = $1 AND role <> 'individual'",
    )
    .bind(account_number)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn organisation_uscc_taken(
    connection: &mut AnyConnection,
    uscc: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM organisation WHERE uscc = $1")
        .bind(uscc)
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

/// A user to enter.
pub(crate) struct NewUser<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) password_hash: &'a str,
    pub(crate) member_role: &'a str,
    pub(crate) at: i64,
}

pub(crate) async fn user_insert(
    connection: &mut AnyConnection,
    new: &NewUser<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO user_account (id, organisation_id, name, email, password_hash, member_role, sessions_valid_from, created_at) \
         VALUES ($1, $2, $3, $4, $5, $7, 0, $6)",
    )
    .bind(new.id)
    .bind(new.organisation)
    .bind(new.name)
    .bind(new.email)
    .bind(new.password_hash)
    .bind(new.at)
    .bind(new.member_role)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn user_by_email(
    connection: &mut AnyConnection,
    email: &str,
) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{USER} WHERE email = $1 AND removed_at IS NULL"
    )))
    .bind(email)
    .fetch_optional(connection)
    .await
}

/// The user who signs in with a mobile number.
pub(crate) async fn user_by_phone(
    connection: &mut AnyConnection,
    phone: &str,
) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{USER} WHERE phone = $1 AND removed_at IS NULL"
    )))
    .bind(phone)
    .fetch_optional(connection)
    .await
}

/// Gives a user a mobile number to sign in with.
pub(crate) async fn user_set_phone(
    connection: &mut AnyConnection,
    id: &str,
    phone: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE user_account SET phone = $2 WHERE id = $1")
        .bind(id)
        .bind(phone)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn user_by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{USER} WHERE user_account.id = $1 AND removed_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn user_set_password(
    connection: &mut AnyConnection,
    id: &str,
    password_hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE user_account SET password_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(password_hash)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn user_end_sessions(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE user_account SET sessions_valid_from = $2 WHERE id = $1")
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn approval_put(
    connection: &mut AnyConnection,
    organisation: &str,
    sector: &str,
    number: &str,
    from: &str,
    to: Option<&str>,
    source: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO vvb_approval (organisation_id, sector, approval_number, valid_from, valid_to, source) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation_id, sector, valid_from) \
         DO UPDATE SET approval_number = $3, valid_to = $5, source = $6",
    )
    .bind(organisation)
    .bind(sector)
    .bind(number)
    .bind(from)
    .bind(to)
    .bind(source)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every approval entered by the seed or the command line. Operators' changes come on top: [`crate::rulebook::approvals`].
pub(crate) async fn approvals_entered(
    connection: &mut AnyConnection,
) -> Result<Vec<ApprovalRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT organisation_id, organisation.name AS organisation_name, sector, approval_number, valid_from, valid_to, source \
         FROM vvb_approval JOIN organisation ON organisation.id = organisation_id \
         ORDER BY organisation.name, sector, valid_from",
    )
    .fetch_all(connection)
    .await
}

/// Every body with the role of a VVB, with its latest approval in a sector that has begun by a day, if any.
pub(crate) async fn vvb_all(
    connection: &mut AnyConnection,
) -> Result<Vec<OrganisationRow>, sqlx::Error> {
    sqlx::query_as("SELECT id, name, uscc, role, account_number, account_state FROM organisation WHERE role = 'vvb' ORDER BY name")
        .fetch_all(connection)
        .await
}

pub(crate) async fn setting_get(
    connection: &mut AnyConnection,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM setting WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn setting_put(
    connection: &mut AnyConnection,
    name: &str,
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
        .bind(name)
        .bind(value)
        .execute(connection)
        .await?;
    Ok(())
}
