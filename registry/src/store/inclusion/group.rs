//! Groups, boards and what was verified.

use sqlx::{AnyConnection, FromRow};

/// A group with the number of its members.
#[derive(Clone, FromRow)]
pub(crate) struct GroupRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) code: String,
    pub(crate) created_at: i64,
    pub(crate) members: i64,
}

/// A new group.
pub(crate) struct NewGroupRow<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) region: &'a str,
    pub(crate) code: &'a str,
    pub(crate) at: i64,
    pub(crate) act_id: &'a str,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    new: &NewGroupRow<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_group (id, kind, name, region, code, created_at, act_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id)
    .bind(new.kind)
    .bind(new.name)
    .bind(new.region)
    .bind(new.code)
    .bind(new.at)
    .bind(new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The id of the group with a code.
pub(crate) async fn by_code(
    connection: &mut AnyConnection,
    code: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM inclusion_group WHERE code = $1")
        .bind(code)
        .fetch_optional(connection)
        .await
}

/// The groups of an account, the one joined last first.
pub(crate) async fn of_account(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<GroupRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT g.id, g.kind, g.name, g.region, g.code, g.created_at, (SELECT COUNT(*) FROM inclusion_group_member o \
           WHERE o.group_id = g.id AND o.left_at IS NULL) AS members \
         FROM inclusion_group_member m JOIN inclusion_group g ON g.id = m.group_id \
         WHERE m.account_id = $1 AND m.left_at IS NULL ORDER BY m.id DESC",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}

/// How many people are in a group.
pub(crate) async fn members(
    connection: &mut AnyConnection,
    group: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_group_member WHERE group_id = $1 AND left_at IS NULL",
    )
    .bind(group)
    .fetch_one(connection)
    .await
}

pub(crate) async fn join(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    group: &str,
    at: i64,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_group_member (account_id, id, group_id, joined_at, act_id) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(account)
    .bind(id)
    .bind(group)
    .bind(at)
    .bind(act_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a membership; how many ended.
pub(crate) async fn leave(
    connection: &mut AnyConnection,
    account: &str,
    group: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE inclusion_group_member SET left_at = CASE WHEN joined_at > $3 THEN joined_at ELSE $3 END \
         WHERE account_id = $1 AND group_id = $2 AND left_at IS NULL",
    )
    .bind(account)
    .bind(group)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Ends every membership of an account.
pub(crate) async fn leave_all(
    connection: &mut AnyConnection,
    account: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_group_member SET left_at = CASE WHEN joined_at > $2 THEN joined_at ELSE $2 END \
         WHERE account_id = $1 AND left_at IS NULL",
    )
    .bind(account)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A line of a board: account, nickname, verified milligrams.
pub(crate) type BoardLine = (String, String, i64);

/// Those of a group who agreed to boards (to a text since `version`) and have verified grams in a month, the most first.
pub(crate) async fn board_of_group(
    connection: &mut AnyConnection,
    group: &str,
    month: &str,
    version: i64,
    size: i64,
) -> Result<Vec<BoardLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.account_id, p.nickname, v.mg FROM inclusion_group_member m \
         JOIN inclusion_verified v ON v.account_id = m.account_id AND v.period = $2 AND v.scene = '' AND v.mg > 0 \
         JOIN inclusion_account p ON p.id = m.account_id AND p.state <> 'closed' AND p.nickname IS NOT NULL \
         JOIN inclusion_consent c ON c.account_id = m.account_id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $3 \
         WHERE m.group_id = $1 AND m.left_at IS NULL ORDER BY v.mg DESC, v.account_id LIMIT $4",
    )
    .bind(group)
    .bind(month)
    .bind(version)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The same of a region, with the regions within it.
pub(crate) async fn board_of_region(
    connection: &mut AnyConnection,
    region: &str,
    month: &str,
    version: i64,
    size: i64,
) -> Result<Vec<BoardLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.account_id, p.nickname, v.mg FROM inclusion_verified v \
         JOIN inclusion_account p ON p.id = v.account_id AND p.state <> 'closed' AND p.nickname IS NOT NULL \
         JOIN inclusion_consent c ON c.account_id = v.account_id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $3 \
         WHERE v.period = $2 AND v.scene = '' AND v.mg > 0 AND (p.region = $1 OR p.region LIKE $1 || '-%') \
         ORDER BY v.mg DESC, v.account_id LIMIT $4",
    )
    .bind(region)
    .bind(month)
    .bind(version)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Where somebody stands: people on the board, people with more, people with as much (who asks is one of them).
pub(crate) type Standing = (i64, i64, i64);

/// What of one account is on a board of a month: verified milligrams, if it agreed to boards and has any.
pub(crate) async fn board_own(
    connection: &mut AnyConnection,
    account: &str,
    month: &str,
    version: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT v.mg FROM inclusion_verified v \
         JOIN inclusion_account p ON p.id = v.account_id AND p.state <> 'closed' AND p.nickname IS NOT NULL \
         JOIN inclusion_consent c ON c.account_id = v.account_id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $3 \
         WHERE v.account_id = $1 AND v.period = $2 AND v.scene = '' AND v.mg > 0",
    )
    .bind(account)
    .bind(month)
    .bind(version)
    .fetch_optional(connection)
    .await
}

/// The standing with so many milligrams among those of a group: one row for each person on the board is read.
pub(crate) async fn standing_in_group(
    connection: &mut AnyConnection,
    group: &str,
    month: &str,
    version: i64,
    mg: i64,
) -> Result<Standing, sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN v.mg > $4 THEN 1 END), COUNT(CASE WHEN v.mg = $4 THEN 1 END) FROM inclusion_group_member m \
         JOIN inclusion_verified v ON v.account_id = m.account_id AND v.period = $2 AND v.scene = '' AND v.mg > 0 \
         JOIN inclusion_account p ON p.id = m.account_id AND p.state <> 'closed' AND p.nickname IS NOT NULL \
         JOIN inclusion_consent c ON c.account_id = m.account_id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $3 \
         WHERE m.group_id = $1 AND m.left_at IS NULL",
    )
    .bind(group)
    .bind(month)
    .bind(version)
    .bind(mg)
    .fetch_one(connection)
    .await
}

/// The same among those of a region, with the regions within it: by the index of what was verified in a month.
pub(crate) async fn standing_in_region(
    connection: &mut AnyConnection,
    region: &str,
    month: &str,
    version: i64,
    mg: i64,
) -> Result<Standing, sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN v.mg > $4 THEN 1 END), COUNT(CASE WHEN v.mg = $4 THEN 1 END) FROM inclusion_verified v \
         JOIN inclusion_account p ON p.id = v.account_id AND p.state <> 'closed' AND p.nickname IS NOT NULL \
         JOIN inclusion_consent c ON c.account_id = v.account_id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $3 \
         WHERE v.period = $2 AND v.scene = '' AND v.mg > 0 AND (p.region = $1 OR p.region LIKE $1 || '-%')",
    )
    .bind(region)
    .bind(month)
    .bind(version)
    .bind(mg)
    .fetch_one(connection)
    .await
}

/// What was verified in a period, by scene: scene, acts, milligrams. `all` or a year.
pub(crate) async fn verified_by_scene(
    connection: &mut AnyConnection,
    account: &str,
    period: &str,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT scene, acts, mg FROM inclusion_verified WHERE account_id = $1 AND period = $2 AND scene <> '' AND acts > 0 ORDER BY scene",
    )
    .bind(account)
    .bind(period)
    .fetch_all(connection)
    .await
}

/// Milligrams verified and milligrams assigned in a period.
pub(crate) async fn verified(
    connection: &mut AnyConnection,
    account: &str,
    period: &str,
) -> Result<Option<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT mg, assigned_mg FROM inclusion_verified WHERE account_id = $1 AND period = $2 AND scene = ''",
    )
    .bind(account)
    .bind(period)
    .fetch_optional(connection)
    .await
}

/// The days of a year with a verified act: 366 at most.
pub(crate) async fn verified_days(
    connection: &mut AnyConnection,
    account: &str,
    first: &str,
    last: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT period FROM inclusion_verified WHERE account_id = $1 AND period >= $2 AND period <= $3 AND length(period) = 10 \
         AND scene = '' AND acts > 0 ORDER BY period",
    )
    .bind(account)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

/// The years with anything verified, the newest first.
pub(crate) async fn verified_years(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT period FROM inclusion_verified WHERE account_id = $1 AND length(period) = 4 AND scene = '' ORDER BY period DESC LIMIT 100",
    )
    .bind(account)
    .fetch_all(connection)
    .await
}
