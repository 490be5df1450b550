//! Groups of an organisation's staff: who is counted in a month, the sums, and what was published.

use sqlx::{AnyConnection, FromRow};

use super::insert_rows;

/// Members whose acts of a month are counted; `$1` the group, `$2` the first day of the month.
macro_rules! counted {
    () => {
        "inclusion_group_member m JOIN inclusion_staff_consent c ON c.account_id = m.account_id AND c.member_id = m.id \
         WHERE m.group_id = $1 AND m.left_at IS NULL AND c.from_day <= $2"
    };
}

/// The group of an organisation's staff.
#[derive(Clone, FromRow)]
pub(crate) struct StaffGroupRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) code: String,
    pub(crate) opened_at: i64,
}

/// A published month.
#[derive(Clone, FromRow)]
pub(crate) struct StaffMonthRow {
    pub(crate) month: String,
    pub(crate) published_on: String,
    pub(crate) people_min: i64,
    pub(crate) members: Option<i64>,
}

/// A figure of a month: family (empty: the sum), people, acts, milligrams; `None`: not shown.
pub(crate) type StaffCell = (String, Option<i64>, Option<i64>, Option<i64>);

pub(crate) async fn open(
    connection: &mut AnyConnection,
    (organisation, group): (&str, &str),
    at: i64,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO inclusion_staff_group (organisation_id, group_id, opened_at, act_id) VALUES ($1, $2, $3, $4)")
        .bind(organisation)
        .bind(group)
        .bind(at)
        .bind(act_id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn of_organisation(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Option<StaffGroupRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT g.id, g.name, g.region, g.code, s.opened_at FROM inclusion_staff_group s JOIN inclusion_group g ON g.id = s.group_id \
         WHERE s.organisation_id = $1",
    )
    .bind(organisation)
    .fetch_optional(connection)
    .await
}

/// Whether a group is of an organisation's staff.
pub(crate) async fn is_of_staff(
    connection: &mut AnyConnection,
    group: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT organisation_id FROM inclusion_staff_group WHERE group_id = $1")
            .bind(group)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// What a new member agreed to, and the first day that is counted.
pub(crate) async fn consent_insert(
    connection: &mut AnyConnection,
    (account, member): (&str, &str),
    (text_version, text_hash): (i64, &str),
    from_day: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_staff_consent (account_id, member_id, text_version, text_hash, from_day) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(account)
    .bind(member)
    .bind(text_version)
    .bind(text_hash)
    .bind(from_day)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every group of staff: its id, when it was opened, and the month published last.
pub(crate) async fn all(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, i64, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.group_id, s.opened_at, (SELECT MAX(m.month) FROM inclusion_staff_month m WHERE m.group_id = s.group_id) \
         FROM inclusion_staff_group s ORDER BY s.group_id",
    )
    .fetch_all(connection)
    .await
}

/// How many members are counted in the month that begins on a day.
pub(crate) async fn counted(
    connection: &mut AnyConnection,
    group: &str,
    first: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(concat!("SELECT COUNT(*) FROM ", counted!()))
        .bind(group)
        .bind(first)
        .fetch_one(connection)
        .await
}

/// The settled acts of those who are counted: account, scene, region, acts, milligrams.
pub(crate) async fn sums(
    connection: &mut AnyConnection,
    group: &str,
    (first, last): (&str, &str),
) -> Result<Vec<(String, String, String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT a.account_id, a.scene, a.region, COUNT(*), CAST(COALESCE(SUM(a.mg), 0) AS BIGINT) FROM inclusion_activity a \
         WHERE a.state = 'settled' AND a.day >= $2 AND a.day <= $3 AND a.account_id IN (SELECT m.account_id FROM ",
        counted!(),
        ") GROUP BY a.account_id, a.scene, a.region"
    ))
    .bind(group)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

/// Everybody else with settled acts of that time: scene, region, people.
pub(crate) async fn others(
    connection: &mut AnyConnection,
    group: &str,
    (first, last): (&str, &str),
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT a.scene, a.region, COUNT(DISTINCT a.account_id) FROM inclusion_activity a \
         WHERE a.state = 'settled' AND a.day >= $2 AND a.day <= $3 AND a.account_id NOT IN (SELECT m.account_id FROM ",
        counted!(),
        ") GROUP BY a.scene, a.region"
    ))
    .bind(group)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
}

pub(crate) async fn month_insert(
    connection: &mut AnyConnection,
    group: &str,
    month: &StaffMonthRow,
    cells: &[StaffCell],
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_staff_month (group_id, month, published_on, people_min, members, act_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(group)
    .bind(&month.month)
    .bind(&month.published_on)
    .bind(month.people_min)
    .bind(month.members)
    .bind(act_id)
    .execute(&mut *connection)
    .await?;
    let head = "inclusion_staff_cell (group_id, month, family, people, acts, mg)";
    insert_rows(
        connection,
        (head, 6, ""),
        cells,
        |query, (family, people, acts, mg)| {
            query
                .bind(group.to_owned())
                .bind(month.month.clone())
                .bind(family.clone())
                .bind(*people)
                .bind(*acts)
                .bind(*mg)
        },
    )
    .await
}

/// The published months of a group, the last one first.
pub(crate) async fn months(
    connection: &mut AnyConnection,
    group: &str,
    size: i64,
) -> Result<Vec<StaffMonthRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT month, published_on, people_min, members FROM inclusion_staff_month WHERE group_id = $1 ORDER BY month DESC LIMIT $2",
    )
    .bind(group)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Every figure of a group from a month on: month, then as [`StaffCell`].
pub(crate) async fn cells(
    connection: &mut AnyConnection,
    group: &str,
    since: &str,
) -> Result<Vec<(String, String, Option<i64>, Option<i64>, Option<i64>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT month, family, people, acts, mg FROM inclusion_staff_cell WHERE group_id = $1 AND month >= $2 ORDER BY month, family",
    )
    .bind(group)
    .bind(since)
    .fetch_all(connection)
    .await
}
