//! Accounts, consents, providers and what links them.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

use super::{LIST_MAX, distinct, in_order, wanted};

/// A personal account.
#[derive(Clone, FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: String,
    pub(crate) region: String,
    pub(crate) identity_level: String,
    pub(crate) is_minor: i64,
    pub(crate) state: String,
    pub(crate) suspended_until: Option<String>,
    pub(crate) nickname: Option<String>,
    pub(crate) opened_at: i64,
    pub(crate) contact: String,
}

/// An account whose guardian has not answered yet is `waiting`: open to nobody.
const ACCOUNT_COLUMNS: &str = "id, region, identity_level, is_minor, \
    CASE WHEN guardian_until IS NULL THEN state ELSE 'waiting' END AS state, suspended_until, nickname, opened_at, contact";

/// A new personal account.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: &'a str,
    pub(crate) user: &'a str,
    pub(crate) region: &'a str,
    pub(crate) is_minor: bool,
    pub(crate) guardian: Option<&'a str>,
    /// The guardian's address, and until when the account waits for an answer.
    pub(crate) guardian_email: Option<&'a str>,
    pub(crate) guardian_until: Option<i64>,
    pub(crate) contact: &'a str,
    pub(crate) at: i64,
}

pub(crate) async fn account_insert(
    connection: &mut AnyConnection,
    new: &NewAccount<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_account (id, user_id, region, identity_level, is_minor, guardian, state, opened_at, contact, \
         guardian_email, guardian_until) VALUES ($1, $2, $3, 'contact', $4, $5, 'open', $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(new.user)
    .bind(new.region)
    .bind(i64::from(new.is_minor))
    .bind(new.guardian)
    .bind(new.at)
    .bind(new.contact)
    .bind(new.guardian_email)
    .bind(new.guardian_until)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn account(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {ACCOUNT_COLUMNS} FROM inclusion_account WHERE id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// Many accounts at once; those that are not there are left out.
pub(crate) async fn accounts(
    connection: &mut AnyConnection,
    ids: &[String],
) -> Result<Vec<AccountRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for ids in distinct(ids).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT {ACCOUNT_COLUMNS} FROM wanted CROSS JOIN inclusion_account WHERE id = wanted.one",
            wanted(ids.len())
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for id in ids {
            query = query.bind(*id);
        }
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

pub(crate) async fn account_change(
    connection: &mut AnyConnection,
    id: &str,
    region: &str,
    nickname: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_account SET region = $2, nickname = $3 WHERE id = $1")
        .bind(id)
        .bind(region)
        .bind(nickname)
        .execute(connection)
        .await?;
    Ok(())
}

/// Sets the name on a board.
pub(crate) async fn nickname_set(
    connection: &mut AnyConnection,
    id: &str,
    nickname: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_account SET nickname = $2 WHERE id = $1")
        .bind(id)
        .bind(nickname)
        .execute(connection)
        .await?;
    Ok(())
}

/// Corrects what the person is called.
pub(crate) async fn name_set(
    connection: &mut AnyConnection,
    account: &str,
    name: &str,
) -> Result<(), sqlx::Error> {
    for sql in [
        "UPDATE organisation SET name = $2 WHERE id = $1",
        "UPDATE user_account SET name = $2 WHERE organisation_id = $1",
    ] {
        sqlx::query(sql)
            .bind(account)
            .bind(name)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) async fn account_close(
    connection: &mut AnyConnection,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_account SET state = 'closed', closed_at = $2, suspended_until = NULL, nickname = NULL, \
         guardian_email = NULL, guardian_until = NULL, guardian_link = NULL, guardian = \
         CASE WHEN guardian IS NULL THEN NULL ELSE '' END WHERE id = $1",
    )
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The person's name and address go; the row stays, since acts refer to it.
pub(crate) async fn forget_name(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE organisation SET name = '' WHERE id = $1")
        .bind(account)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "UPDATE user_account SET name = '', email = 'closed-' || id, phone = NULL, password_hash = '' WHERE organisation_id = $1",
    )
    .bind(account)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn account_suspend(
    connection: &mut AnyConnection,
    id: &str,
    until: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_account SET state = 'suspended', suspended_until = $2 WHERE id = $1 AND state <> 'closed'")
        .bind(id)
        .bind(until)
        .execute(connection)
        .await?;
    Ok(())
}

/// Suspensions that are over by a day end.
pub(crate) async fn suspensions_end(
    connection: &mut AnyConnection,
    today: &str,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE inclusion_account SET state = 'open', suspended_until = NULL WHERE state = 'suspended' AND suspended_until <= $1",
    )
    .bind(today)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// A consent.
#[derive(Clone, FromRow)]
pub(crate) struct ConsentRow {
    pub(crate) id: String,
    pub(crate) purpose: String,
    pub(crate) provider_id: String,
    pub(crate) scene: String,
    pub(crate) text_version: i64,
    pub(crate) text_hash: String,
    pub(crate) by_guardian: Option<String>,
    pub(crate) granted_at: i64,
    pub(crate) revoked_at: Option<i64>,
    /// Since when it has been agreed to without a gap, where it took the place of an earlier one.
    pub(crate) covered_from: Option<i64>,
}

const CONSENT: &str = "SELECT id, purpose, provider_id, scene, text_version, text_hash, by_guardian, granted_at, revoked_at, covered_from \
     FROM inclusion_consent";

/// A new consent.
pub(crate) struct NewConsent<'a> {
    pub(crate) account: &'a str,
    pub(crate) id: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) scene: &'a str,
    pub(crate) text_version: i64,
    pub(crate) text_hash: &'a str,
    pub(crate) by_guardian: Option<&'a str>,
    pub(crate) at: i64,
    pub(crate) covered_from: Option<i64>,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn consent_insert(
    connection: &mut AnyConnection,
    new: &NewConsent<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_consent (account_id, id, purpose, provider_id, scene, text_version, text_hash, by_guardian, granted_at, covered_from, \
         act_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new.account)
    .bind(new.id)
    .bind(new.purpose)
    .bind(new.provider)
    .bind(new.scene)
    .bind(new.text_version)
    .bind(new.text_hash)
    .bind(new.by_guardian)
    .bind(new.at)
    .bind(new.covered_from)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every consent of an account, the newest first.
pub(crate) async fn consents(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<ConsentRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CONSENT} WHERE account_id = $1 ORDER BY id DESC"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// The live consent for a purpose, source and scene.
pub(crate) async fn consent_live(
    connection: &mut AnyConnection,
    account: &str,
    purpose: &str,
    provider: &str,
    scene: &str,
) -> Result<Option<ConsentRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CONSENT} WHERE account_id = $1 AND purpose = $2 AND provider_id = $3 AND scene = $4 AND revoked_at IS NULL"
    )))
    .bind(account)
    .bind(purpose)
    .bind(provider)
    .bind(scene)
    .fetch_optional(connection)
    .await
}

pub(crate) async fn consent_revoke(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_consent SET revoked_at = $3 WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn consents_end(
    connection: &mut AnyConnection,
    account: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_consent SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL",
    )
    .bind(account)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The live consents of a provider for some accounts: account, scene, id, since when it has been agreed to, version of the text.
pub(crate) async fn consents_of_provider(
    connection: &mut AnyConnection,
    provider: &str,
    accounts: &[String],
) -> Result<Vec<(String, String, String, i64, i64)>, sqlx::Error> {
    let mut rows = Vec::new();
    for accounts in distinct(accounts).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT account_id, scene, id, COALESCE(covered_from, granted_at), text_version FROM wanted CROSS JOIN inclusion_consent \
             WHERE account_id = wanted.one AND purpose = 'source' AND provider_id = ${} AND revoked_at IS NULL",
            wanted(accounts.len()),
            accounts.len() + 1
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for account in accounts {
            query = query.bind(*account);
        }
        query = query.bind(provider);
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// A provider.
#[derive(Clone, FromRow)]
pub(crate) struct ProviderRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) precedence: i64,
    pub(crate) evidence: String,
    pub(crate) scenes: String,
    pub(crate) agreement: String,
    /// What the fingerprints of its orders were made with before there was a key of the installation; empty: there are none.
    pub(crate) earlier_secret: String,
    pub(crate) state: String,
    pub(crate) added_at: i64,
    pub(crate) act_id: String,
}

const PROVIDER: &str = "SELECT id, name, precedence, evidence, scenes, agreement, earlier_secret, state, added_at, act_id FROM inclusion_provider";

pub(crate) async fn provider_insert(
    connection: &mut AnyConnection,
    new: &ProviderRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_provider (id, name, precedence, evidence, scenes, agreement, state, added_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&new.id)
    .bind(&new.name)
    .bind(new.precedence)
    .bind(&new.evidence)
    .bind(&new.scenes)
    .bind(&new.agreement)
    .bind(&new.state)
    .bind(new.added_at)
    .bind(&new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn provider(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ProviderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{PROVIDER} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn provider_named(
    connection: &mut AnyConnection,
    name: &str,
) -> Result<Option<ProviderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{PROVIDER} WHERE name = $1")))
        .bind(name)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn providers(
    connection: &mut AnyConnection,
) -> Result<Vec<ProviderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{PROVIDER} ORDER BY id")))
        .fetch_all(connection)
        .await
}

/// A provider that had ended sends again: what is agreed on now.
pub(crate) async fn provider_again(
    connection: &mut AnyConnection,
    row: &ProviderRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_provider SET evidence = $2, scenes = $3, agreement = $4, state = 'active' WHERE id = $1 AND state = 'ended'",
    )
    .bind(&row.id)
    .bind(&row.evidence)
    .bind(&row.scenes)
    .bind(&row.agreement)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn provider_end(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_provider SET state = 'ended' WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// The references of an account: provider, reference.
pub(crate) async fn links(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT provider_id, reference FROM inclusion_link WHERE account_id = $1")
        .bind(account)
        .fetch_all(connection)
        .await
}

pub(crate) async fn link_insert(
    connection: &mut AnyConnection,
    provider: &str,
    reference: &str,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_link (provider_id, reference, account_id) VALUES ($1, $2, $3)",
    )
    .bind(provider)
    .bind(reference)
    .bind(account)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whom a provider means: reference, account.
pub(crate) async fn linked(
    connection: &mut AnyConnection,
    provider: &str,
    references: &[String],
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let mut rows = Vec::new();
    for references in distinct(references).chunks(LIST_MAX) {
        let sql = format!(
            "{} SELECT reference, account_id FROM wanted CROSS JOIN inclusion_link WHERE provider_id = ${} AND reference = wanted.one",
            wanted(references.len()),
            references.len() + 1
        );
        let mut query = sqlx::query_as(in_order(connection, sql));
        for reference in references {
            query = query.bind(*reference);
        }
        query = query.bind(provider);
        rows.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// Devices of an account.
pub(crate) async fn devices(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT device FROM inclusion_device WHERE account_id = $1")
        .bind(account)
        .fetch_all(connection)
        .await
}

/// How many accounts use a device.
pub(crate) async fn accounts_of_device(
    connection: &mut AnyConnection,
    device: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_device WHERE device = $1")
        .bind(device)
        .fetch_one(connection)
        .await
}

pub(crate) async fn device_insert(
    connection: &mut AnyConnection,
    device: &str,
    account: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO inclusion_device (device, account_id) VALUES ($1, $2)")
        .bind(device)
        .bind(account)
        .execute(connection)
        .await?;
    Ok(())
}
