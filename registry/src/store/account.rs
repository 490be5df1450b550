//! Registry accounts: their state and data, applications, members, invitations, and orders that wait for a second member.

use sqlx::{AnyConnection, FromRow};

/// A user's part in the organisation and the state of its account; `None` for somebody who was removed.
pub(crate) async fn standing_of_user(
    connection: &mut AnyConnection,
    user: &str,
) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT member_role, account_state FROM user_account JOIN organisation ON organisation.id = organisation_id \
         WHERE user_account.id = $1 AND removed_at IS NULL",
    )
    .bind(user)
    .fetch_optional(connection)
    .await
}

/// The state of an organisation's account.
pub(crate) async fn state_of(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT account_state FROM organisation WHERE id = $1")
        .bind(organisation)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn state_set(
    connection: &mut AnyConnection,
    organisation: &str,
    state: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE organisation SET account_state = $2 WHERE id = $1")
        .bind(organisation)
        .bind(state)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes what is true from now on, the name included; the first time this opens the account.
pub(crate) async fn data_set(
    connection: &mut AnyConnection,
    organisation: &str,
    name: &str,
    data: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE organisation SET name = $2, account_data = $3, account_opened_at = COALESCE(account_opened_at, $4) WHERE id = $1",
    )
    .bind(organisation)
    .bind(name)
    .bind(data)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// An account in the registry's list.
#[derive(FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) uscc: String,
    pub(crate) role: String,
    pub(crate) account_number: String,
    pub(crate) account_state: String,
    pub(crate) account_data: Option<String>,
    pub(crate) account_opened_at: Option<i64>,
    /// Of the application that waits.
    pub(crate) waiting_kind: Option<String>,
    pub(crate) due_on: Option<String>,
}

const ACCOUNT: &str = "SELECT organisation.id, name, uscc, role, account_number, account_state, account_data, account_opened_at, \
     waiting.kind AS waiting_kind, waiting.due_on \
     FROM organisation LEFT JOIN account_application waiting ON waiting.organisation_id = organisation.id AND waiting.state = 'waiting'";

pub(crate) async fn account(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{ACCOUNT} WHERE organisation.id = $1"
    )))
    .bind(organisation)
    .fetch_optional(connection)
    .await
}

/// Accounts with a waiting application, the oldest application first.
pub(crate) async fn accounts_waiting(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{ACCOUNT} WHERE role NOT IN ('registry_operator', 'individual') AND waiting.received_at IS NOT NULL \
         ORDER BY waiting.received_at, organisation.id LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Every account but the registry's own, the newest organisation first, before a key.
pub(crate) async fn accounts(
    connection: &mut AnyConnection,
    before: &str,
    size: i64,
) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{ACCOUNT} WHERE role NOT IN ('registry_operator', 'individual') AND organisation.id < $1 ORDER BY organisation.id DESC LIMIT $2"
    )))
    .bind(before)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// An application as stored, with the names of both people.
#[derive(Clone, FromRow)]
pub(crate) struct ApplicationRow {
    pub(crate) id: String,
    pub(crate) organisation_id: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) data_before: Option<String>,
    pub(crate) data_after: Option<String>,
    pub(crate) changed_on: Option<String>,
    pub(crate) is_late: i64,
    pub(crate) ground: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) applicant: String,
    pub(crate) received_at: i64,
    pub(crate) due_on: Option<String>,
    pub(crate) decider: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decision_reason: Option<String>,
}

const APPLICATION: &str = "SELECT account_application.id, account_application.organisation_id, kind, state, data_before, data_after, changed_on, is_late, \
     ground, reason, applicant.name AS applicant, received_at, due_on, decider.name AS decider, decided_at, decision_reason \
     FROM account_application JOIN user_account applicant ON applicant.id = applied_by \
     LEFT JOIN user_account decider ON decider.id = decided_by";

pub(crate) async fn application(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ApplicationRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{APPLICATION} WHERE account_application.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The applications and restrictions of an organisation, newest first.
pub(crate) async fn applications(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<ApplicationRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{APPLICATION} WHERE account_application.organisation_id = $1 ORDER BY account_application.id DESC"
    )))
    .bind(organisation)
    .fetch_all(connection)
    .await
}

/// Whether an application of the organisation waits.
pub(crate) async fn application_waits(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM account_application WHERE organisation_id = $1 AND state = 'waiting'",
    )
    .bind(organisation)
    .fetch_one(connection)
    .await?;
    Ok(count > 0)
}

/// An application to write.
pub(crate) struct NewApplication<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) state: &'a str,
    pub(crate) data_before: Option<&'a str>,
    pub(crate) data_after: Option<&'a str>,
    pub(crate) changed_on: Option<&'a str>,
    pub(crate) is_late: bool,
    pub(crate) ground: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) applied_by: &'a str,
    pub(crate) received_at: i64,
    pub(crate) received_on: &'a str,
    pub(crate) due_on: Option<&'a str>,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn application_insert(
    connection: &mut AnyConnection,
    new: &NewApplication<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO account_application (id, organisation_id, kind, state, data_before, data_after, changed_on, is_late, ground, reason, \
         applied_by, received_at, received_on, due_on, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(new.id)
    .bind(new.organisation)
    .bind(new.kind)
    .bind(new.state)
    .bind(new.data_before)
    .bind(new.data_after)
    .bind(new.changed_on)
    .bind(i64::from(new.is_late))
    .bind(new.ground)
    .bind(new.reason)
    .bind(new.applied_by)
    .bind(new.received_at)
    .bind(new.received_on)
    .bind(new.due_on)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Decides a waiting application; how many rows that were waiting.
pub(crate) async fn application_decide(
    connection: &mut AnyConnection,
    id: &str,
    state: &str,
    decided_by: &str,
    at: i64,
    reason: Option<&str>,
) -> Result<u64, sqlx::Error> {
    let decided = sqlx::query(
        "UPDATE account_application SET state = $2, decided_by = $3, decided_at = $4, decision_reason = $5 \
         WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(state)
    .bind(decided_by)
    .bind(at)
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(decided.rows_affected())
}

/// Tonnes held by an organisation.
pub(crate) async fn tonnes_held(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM ledger_account WHERE holder_id = $1 AND kind NOT IN ('issuance', 'retired')",
    )
    .bind(organisation)
    .fetch_one(connection)
    .await
}

/// How many records an organisation has a part in, by kind and state.
pub(crate) async fn records_by_state(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, state, COUNT(*) FROM record WHERE owner_id = $1 OR vvb_id = $1 GROUP BY kind, state",
    )
    .bind(organisation)
    .fetch_all(connection)
    .await
}

/// A member as stored.
#[derive(FromRow)]
pub(crate) struct MemberRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) member_role: String,
    pub(crate) created_at: i64,
}

/// The members of an organisation, oldest first.
pub(crate) async fn members(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<MemberRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, email, member_role, created_at FROM user_account WHERE organisation_id = $1 AND removed_at IS NULL \
         ORDER BY created_at, id",
    )
    .bind(organisation)
    .fetch_all(connection)
    .await
}

pub(crate) async fn member_set_role(
    connection: &mut AnyConnection,
    user: &str,
    member_role: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE user_account SET member_role = $2 WHERE id = $1")
        .bind(user)
        .bind(member_role)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes a member. The address is free again: the row keeps it with the id before it, which no form accepts as an address.
pub(crate) async fn member_remove(
    connection: &mut AnyConnection,
    user: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE user_account SET removed_at = $2, sessions_valid_from = $2, email = 'removed ' || id || ' ' || email WHERE id = $1",
    )
    .bind(user)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// An invitation as stored, with the organisation's name.
#[derive(FromRow)]
pub(crate) struct InvitationRow {
    pub(crate) id: String,
    pub(crate) organisation_id: String,
    pub(crate) organisation_name: String,
    pub(crate) email: String,
    pub(crate) member_role: String,
    pub(crate) expires_at: i64,
}

const INVITATION: &str = "SELECT invitation.id, organisation_id, organisation.name AS organisation_name, email, member_role, expires_at \
     FROM invitation JOIN organisation ON organisation.id = organisation_id WHERE used_by IS NULL AND revoked_at IS NULL";

/// The invitation behind a token's hash, if it may be accepted at `now` and the organisation's account is not on its way out.
pub(crate) async fn invitation_by_hash(
    connection: &mut AnyConnection,
    hash: &str,
    now: i64,
) -> Result<Option<InvitationRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{INVITATION} AND token_hash = $1 AND expires_at > $2 AND account_state NOT IN ('closing', 'closed')"
    )))
    .bind(hash)
    .bind(now)
    .fetch_optional(connection)
    .await
}

/// The invitations of an organisation that may be accepted at `now`, newest first.
pub(crate) async fn invitations(
    connection: &mut AnyConnection,
    organisation: &str,
    now: i64,
) -> Result<Vec<InvitationRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{INVITATION} AND organisation_id = $1 AND expires_at > $2 ORDER BY invitation.id DESC"
    )))
    .bind(organisation)
    .bind(now)
    .fetch_all(connection)
    .await
}

/// An invitation to write.
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) email: &'a str,
    pub(crate) member_role: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) invited_by: &'a str,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

pub(crate) async fn invitation_insert(
    connection: &mut AnyConnection,
    new: &NewInvitation<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO invitation (id, organisation_id, email, member_role, token_hash, invited_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.organisation)
    .bind(new.email)
    .bind(new.member_role)
    .bind(new.token_hash)
    .bind(new.invited_by)
    .bind(new.created_at)
    .bind(new.expires_at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn invitation_use(
    connection: &mut AnyConnection,
    id: &str,
    user: &str,
) -> Result<u64, sqlx::Error> {
    let used = sqlx::query(
        "UPDATE invitation SET used_by = $2 WHERE id = $1 AND used_by IS NULL AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(user)
    .execute(connection)
    .await?;
    Ok(used.rows_affected())
}

/// Withdraws an invitation of an organisation; how many were open.
pub(crate) async fn invitation_revoke(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let revoked = sqlx::query(
        "UPDATE invitation SET revoked_at = $3 WHERE id = $2 AND organisation_id = $1 AND used_by IS NULL AND revoked_at IS NULL",
    )
    .bind(organisation)
    .bind(id)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(revoked.rows_affected())
}

/// How many members with this role an organisation has.
pub(crate) async fn members_with_role(
    connection: &mut AnyConnection,
    organisation: &str,
    member_role: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM user_account WHERE organisation_id = $1 AND member_role = $2 AND removed_at IS NULL",
    )
    .bind(organisation)
    .bind(member_role)
    .fetch_one(connection)
    .await
}

/// An order as stored, with its decision if there is one, and the names of both people.
#[derive(Clone, FromRow)]
pub(crate) struct OrderRow {
    pub(crate) id: String,
    pub(crate) organisation_id: String,
    pub(crate) kind: String,
    pub(crate) fields: String,
    pub(crate) quantity: i64,
    pub(crate) initiated_by: String,
    pub(crate) initiator: String,
    pub(crate) initiated_at: i64,
    pub(crate) outcome: Option<String>,
    pub(crate) decider: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) reason: Option<String>,
}

const ORDER: &str = "SELECT credit_order.id, credit_order.organisation_id, kind, fields, quantity, credit_order.initiated_by, \
     initiator.name AS initiator, initiated_at, outcome, decider.name AS decider, decided_at, reason \
     FROM credit_order JOIN user_account initiator ON initiator.id = credit_order.initiated_by \
     LEFT JOIN credit_order_decision ON order_id = credit_order.id LEFT JOIN user_account decider ON decider.id = decided_by";

pub(crate) async fn order(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<OrderRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{ORDER} WHERE credit_order.id = $1"
    )))
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The orders of an organisation: those that wait first, then the newest.
pub(crate) async fn orders(
    connection: &mut AnyConnection,
    organisation: &str,
    size: i64,
) -> Result<Vec<OrderRow>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{ORDER} WHERE credit_order.organisation_id = $1 \
         ORDER BY CASE WHEN outcome IS NULL THEN 0 ELSE 1 END, credit_order.id DESC LIMIT $2"
    )))
    .bind(organisation)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// How many orders of an organisation wait.
pub(crate) async fn orders_waiting(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM credit_order LEFT JOIN credit_order_decision ON order_id = credit_order.id \
         WHERE credit_order.organisation_id = $1 AND outcome IS NULL",
    )
    .bind(organisation)
    .fetch_one(connection)
    .await
}

/// An order to write.
pub(crate) struct NewOrder<'a> {
    pub(crate) id: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) fields: &'a str,
    pub(crate) quantity: i64,
    pub(crate) initiated_by: &'a str,
    pub(crate) initiated_at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn order_insert(
    connection: &mut AnyConnection,
    new: &NewOrder<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_order (id, organisation_id, kind, fields, quantity, initiated_by, initiated_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.organisation)
    .bind(new.kind)
    .bind(new.fields)
    .bind(new.quantity)
    .bind(new.initiated_by)
    .bind(new.initiated_at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// A decision to write.
pub(crate) struct NewOrderDecision<'a> {
    pub(crate) order: &'a str,
    pub(crate) initiated_by: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) decided_by: &'a str,
    pub(crate) decided_at: i64,
    pub(crate) reason: Option<&'a str>,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn order_decide(
    connection: &mut AnyConnection,
    new: &NewOrderDecision<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_order_decision (order_id, initiated_by, outcome, decided_by, decided_at, reason, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.order)
    .bind(new.initiated_by)
    .bind(new.outcome)
    .bind(new.decided_by)
    .bind(new.decided_at)
    .bind(new.reason)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}
