//! Figures of whole months for everybody: written once, read by month.

use sqlx::AnyConnection;

use super::{ROWS_MAX, insert_sql};

/// A cell: scene, region (what is summed over has an empty text), people, acts, milligrams; `None`: not shown.
pub(crate) type CityCell = (String, String, Option<i64>, Option<i64>, Option<i64>);

/// The last month that was published.
pub(crate) async fn latest(connection: &mut AnyConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT month FROM inclusion_city_month ORDER BY month DESC LIMIT 1")
        .fetch_optional(connection)
        .await
}

/// The month of the first settled act.
pub(crate) async fn first_settled(
    connection: &mut AnyConnection,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT substr(MIN(day), 1, 7) FROM inclusion_activity WHERE state = 'settled'",
    )
    .fetch_one(connection)
    .await
}

/// The month itself.
pub(crate) async fn month_insert(
    connection: &mut AnyConnection,
    (month, published_on): (&str, &str),
    people_min: i64,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_city_month (month, published_on, people_min, act_id) VALUES ($1, $2, $3, $4)",
    )
    .bind(month)
    .bind(published_on)
    .bind(people_min)
    .bind(act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn cells_insert(
    connection: &mut AnyConnection,
    month: &str,
    cells: &[CityCell],
) -> Result<(), sqlx::Error> {
    let head = "inclusion_city_cell (month, scene, region, people, acts, mg)";
    for cells in cells.chunks(ROWS_MAX) {
        let mut query = sqlx::query(insert_sql(connection, head, cells.len(), 6, ""));
        for (scene, region, people, acts, mg) in cells {
            query = query
                .bind(month)
                .bind(scene)
                .bind(region)
                .bind(*people)
                .bind(*acts)
                .bind(*mg);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The published months in which anybody did anything, the last one first: month, day of publication, fewest people.
pub(crate) async fn months(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.month, m.published_on, m.people_min FROM inclusion_city_month m WHERE EXISTS (SELECT 1 FROM inclusion_city_cell c \
         WHERE c.month = m.month) ORDER BY m.month DESC LIMIT $1",
    )
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The cells of a month.
pub(crate) async fn cells(
    connection: &mut AnyConnection,
    month: &str,
) -> Result<Vec<CityCell>, sqlx::Error> {
    sqlx::query_as(
        "SELECT scene, region, people, acts, mg FROM inclusion_city_cell WHERE month = $1 ORDER BY scene, region",
    )
    .bind(month)
    .fetch_all(connection)
    .await
}
