//! Groups, boards and what was verified.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

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
    /// The organisation whose staff it is of.
    pub(crate) staff_of: Option<String>,
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
           WHERE o.group_id = g.id AND o.left_at IS NULL) AS members, \
           (SELECT n.name FROM inclusion_staff_group s JOIN organisation n ON n.id = s.organisation_id WHERE s.group_id = g.id) AS staff_of \
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

/// The top of the board of a region: its index is in this order, so as many rows are read as are wanted.
pub(super) const BOARD_OF_REGION: &str = "SELECT e.account_id, COALESCE(p.nickname, ''), e.mg FROM inclusion_board_entry e \
     JOIN inclusion_account p ON p.id = e.account_id WHERE e.region = $1 AND e.period = $2 AND e.mg > 0 \
     ORDER BY e.mg DESC, e.account_id LIMIT $3";

/// Those on the board of a region, the most verified grams of a month first.
pub(crate) async fn board_of_region(
    connection: &mut AnyConnection,
    region: &str,
    month: &str,
    size: i64,
) -> Result<Vec<BoardLine>, sqlx::Error> {
    sqlx::query_as(BOARD_OF_REGION)
        .bind(region)
        .bind(month)
        .bind(size)
        .fetch_all(connection)
        .await
}

/// Where an account belongs on boards: its region, if it agreed to them (to a text since `version`), has a nickname and is not closed.
pub(crate) async fn board_region(
    connection: &mut AnyConnection,
    account: &str,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT p.region FROM inclusion_account p \
         JOIN inclusion_consent c ON c.account_id = p.id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= $2 \
         WHERE p.id = $1 AND p.state <> 'closed' AND p.nickname IS NOT NULL",
    )
    .bind(account)
    .bind(version)
    .fetch_optional(connection)
    .await
}

/// The regions on whose boards an account is.
pub(crate) async fn board_regions(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT region FROM inclusion_board_member WHERE account_id = $1")
        .bind(account)
        .fetch_all(connection)
        .await
}

/// Enters an account on the board of a region, with all its months.
pub(crate) async fn board_enter(
    connection: &mut AnyConnection,
    account: &str,
    region: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO inclusion_board_member (account_id, region) VALUES ($1, $2)")
        .bind(account)
        .bind(region)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes an account off the board of a region, with all its months.
pub(crate) async fn board_leave(
    connection: &mut AnyConnection,
    account: &str,
    region: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM inclusion_board_member WHERE account_id = $1 AND region = $2")
        .bind(account)
        .bind(region)
        .execute(connection)
        .await?;
    Ok(())
}

/// Who is on a board and should not be, is not and should be, or stands on one with other milligrams than were verified: what it is about,
/// stored, recomputed.
pub(crate) async fn board_differences(
    connection: &mut AnyConnection,
    version: i64,
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    // a region lies in those whose code its own begins with
    let should = format!(
        "SELECT DISTINCT p.id AS account_id, substr(p.region, 1, l.letters) AS region FROM inclusion_account p \
         JOIN inclusion_consent c ON c.account_id = p.id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= {version} \
         CROSS JOIN (SELECT 2 AS letters UNION ALL SELECT 5 UNION ALL SELECT 8) AS l WHERE p.state <> 'closed' AND p.nickname IS NOT NULL"
    );
    let mut found = Vec::new();
    for sql in [
        format!(
            "SELECT m.account_id || ' board ' || m.region, CAST(1 AS BIGINT), CAST(0 AS BIGINT) FROM inclusion_board_member m \
             LEFT JOIN ({should}) AS s ON s.account_id = m.account_id AND s.region = m.region WHERE s.account_id IS NULL ORDER BY 1 LIMIT 1000"
        ),
        format!(
            "SELECT s.account_id || ' board ' || s.region, CAST(0 AS BIGINT), CAST(1 AS BIGINT) FROM ({should}) AS s \
             LEFT JOIN inclusion_board_member m ON m.account_id = s.account_id AND m.region = s.region \
             WHERE m.account_id IS NULL ORDER BY 1 LIMIT 1000"
        ),
        "SELECT m.account_id || ' board ' || v.period, COALESCE(e.mg, -1), v.mg FROM inclusion_board_member m \
         JOIN inclusion_verified v ON v.account_id = m.account_id AND v.scene = '' AND length(v.period) = 7 \
         LEFT JOIN inclusion_board_entry e ON e.account_id = m.account_id AND e.region = m.region AND e.period = v.period \
         WHERE COALESCE(e.mg, -1) <> v.mg ORDER BY 1 LIMIT 1000"
            .to_owned(),
    ] {
        let rows = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
        found.extend(rows);
    }
    Ok(found)
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

/// The same among those of a region. Each number is counted in the index of the board and no further than a bound.
pub(super) const STANDING_IN_REGION: &str = "SELECT \
     (SELECT COUNT(*) FROM (SELECT 1 FROM inclusion_board_entry WHERE region = $1 AND period = $2 AND mg > 0 LIMIT $4) AS people), \
     (SELECT COUNT(*) FROM (SELECT 1 FROM inclusion_board_entry WHERE region = $1 AND period = $2 AND mg > 0 AND mg > $3 LIMIT $4) AS more), \
     (SELECT COUNT(*) FROM (SELECT 1 FROM inclusion_board_entry WHERE region = $1 AND period = $2 AND mg > 0 AND mg = $3 LIMIT $4) AS as_much)";

/// The standing with so many milligrams on the board of a region; no number is above `bound`.
pub(crate) async fn standing_in_region(
    connection: &mut AnyConnection,
    region: &str,
    month: &str,
    mg: i64,
    bound: i64,
) -> Result<Standing, sqlx::Error> {
    sqlx::query_as(STANDING_IN_REGION)
        .bind(region)
        .bind(month)
        .bind(mg)
        .bind(bound)
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
