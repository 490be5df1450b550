//! Goods, orders, calls for grams and gifts.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// Goods.
#[derive(Clone, FromRow)]
pub(crate) struct GoodsRow {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) price: i64,
    pub(crate) stock: i64,
    pub(crate) month_quota: i64,
    pub(crate) funding: String,
    pub(crate) state: String,
    pub(crate) act_id: String,
}

const GOODS: &str = "SELECT id, title, unit, price, stock, month_quota, funding, state, act_id FROM inclusion_goods";

pub(crate) async fn goods_insert(
    connection: &mut AnyConnection,
    new: &GoodsRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_goods (id, title, unit, price, stock, month_quota, funding, state, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&new.id)
    .bind(&new.title)
    .bind(&new.unit)
    .bind(new.price)
    .bind(new.stock)
    .bind(new.month_quota)
    .bind(&new.funding)
    .bind(&new.state)
    .bind(&new.act_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn goods(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<GoodsRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{GOODS} WHERE id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

pub(crate) async fn all_goods(
    connection: &mut AnyConnection,
) -> Result<Vec<GoodsRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{GOODS} WHERE state = 'offered' ORDER BY unit DESC, price, id"
    )))
    .fetch_all(connection)
    .await
}

/// Every one of the goods that ever was, those offered first.
pub(crate) async fn goods_ever(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<GoodsRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{GOODS} ORDER BY state DESC, unit DESC, price, id LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Stock, price, quota and state of goods, as they are from now on.
pub(crate) async fn goods_set(
    connection: &mut AnyConnection,
    row: &GoodsRow,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_goods SET stock = $2, price = $3, month_quota = $4, state = $5 WHERE id = $1")
        .bind(&row.id)
        .bind(row.stock)
        .bind(row.price)
        .bind(row.month_quota)
        .bind(&row.state)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes one from the stock, or puts one back.
pub(crate) async fn stock_change(
    connection: &mut AnyConnection,
    id: &str,
    by: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_goods SET stock = stock + $2 WHERE id = $1")
        .bind(id)
        .bind(by)
        .execute(connection)
        .await?;
    Ok(())
}

/// An order.
#[derive(Clone, FromRow)]
pub(crate) struct OrderRow {
    pub(crate) account_id: String,
    pub(crate) id: String,
    pub(crate) goods_id: String,
    pub(crate) title: String,
    pub(crate) funding: String,
    pub(crate) unit: String,
    pub(crate) points: i64,
    pub(crate) state: String,
    pub(crate) voucher: Option<String>,
    pub(crate) placed_at: i64,
    pub(crate) refused_for: Option<String>,
    pub(crate) refusal_note: Option<String>,
}

const ORDER: &str = "SELECT o.account_id, o.id, o.goods_id, g.title, g.funding, o.unit, o.points, o.state, o.voucher, o.placed_at, \
     o.refused_for, o.refusal_note FROM inclusion_order o JOIN inclusion_goods g ON g.id = o.goods_id";

pub(crate) async fn order_insert(
    connection: &mut AnyConnection,
    new: &OrderRow,
    month: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_order (account_id, id, goods_id, unit, points, state, month, placed_at) \
         VALUES ($1, $2, $3, $4, $5, 'frozen', $6, $7)",
    )
    .bind(&new.account_id)
    .bind(&new.id)
    .bind(&new.goods_id)
    .bind(&new.unit)
    .bind(new.points)
    .bind(month)
    .bind(new.placed_at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn order(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
) -> Result<Option<OrderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ORDER} WHERE o.account_id = $1 AND o.id = $2"
    )))
    .bind(account)
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The orders of an account, newest first.
pub(crate) async fn orders(
    connection: &mut AnyConnection,
    account: &str,
    size: i64,
) -> Result<Vec<OrderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ORDER} WHERE o.account_id = $1 ORDER BY o.id DESC LIMIT $2"
    )))
    .bind(account)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The orders that wait, oldest first.
pub(crate) async fn orders_waiting(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<OrderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ORDER} WHERE o.state = 'frozen' ORDER BY o.id LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// The orders of an account that wait for what assigned reductions pay.
pub(crate) async fn orders_of_assignment(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<OrderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ORDER} WHERE o.account_id = $1 AND o.state = 'frozen' AND g.funding = 'assignment' ORDER BY o.id"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// The orders of an account that wait.
pub(crate) async fn orders_frozen(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<Vec<OrderRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ORDER} WHERE o.account_id = $1 AND o.state = 'frozen' ORDER BY o.id"
    )))
    .bind(account)
    .fetch_all(connection)
    .await
}

/// Orders of an account for goods in a month, without cancelled ones.
pub(crate) async fn orders_of_month(
    connection: &mut AnyConnection,
    account: &str,
    goods: &str,
    month: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM inclusion_order WHERE account_id = $1 AND goods_id = $2 AND month = $3 AND state <> 'cancelled'",
    )
    .bind(account)
    .bind(goods)
    .bind(month)
    .fetch_one(connection)
    .await
}

pub(crate) async fn voucher_used(
    connection: &mut AnyConnection,
    voucher: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_order WHERE voucher = $1")
        .bind(voucher)
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

pub(crate) async fn order_decide(
    connection: &mut AnyConnection,
    order: &OrderRow,
    state: &str,
    voucher: Option<&str>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_order SET state = $3, voucher = $4, decided_at = $5, refused_for = $6, refusal_note = $7 \
         WHERE account_id = $1 AND id = $2",
    )
    .bind(&order.account_id)
    .bind(&order.id)
    .bind(state)
    .bind(voucher)
    .bind(at)
    .bind(order.refused_for.as_deref())
    .bind(order.refusal_note.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

/// A call for grams.
#[derive(Clone, FromRow)]
pub(crate) struct CampaignRow {
    pub(crate) id: String,
    pub(crate) organisation_id: String,
    pub(crate) organiser: String,
    pub(crate) event_id: Option<String>,
    pub(crate) event_number: Option<String>,
    pub(crate) title: String,
    pub(crate) target_mg: i64,
    pub(crate) closes_on: String,
    pub(crate) state: String,
    pub(crate) opened_at: i64,
}

const CAMPAIGN: &str = "SELECT c.id, c.organisation_id, o.name AS organiser, c.event_id, e.number AS event_number, c.title, c.target_mg, c.closes_on, c.state, \
     c.opened_at FROM inclusion_campaign c JOIN organisation o ON o.id = c.organisation_id LEFT JOIN event e ON e.id = c.event_id";

pub(crate) async fn campaign_insert(
    connection: &mut AnyConnection,
    new: &CampaignRow,
    act_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_campaign (id, organisation_id, title, target_mg, closes_on, state, opened_at, act_id, event_id) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)",
    )
    .bind(&new.id)
    .bind(&new.organisation_id)
    .bind(&new.title)
    .bind(new.target_mg)
    .bind(&new.closes_on)
    .bind(new.opened_at)
    .bind(act_id)
    .bind(new.event_id.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn campaign(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<CampaignRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{CAMPAIGN} WHERE c.id = $1")))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Campaigns, newest first.
pub(crate) async fn campaigns(
    connection: &mut AnyConnection,
    size: i64,
) -> Result<Vec<CampaignRow>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CAMPAIGN} ORDER BY c.id DESC LIMIT $1"
    )))
    .bind(size)
    .fetch_all(connection)
    .await
}

/// Ids of the campaigns of an organisation.
pub(crate) async fn campaigns_of(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM inclusion_campaign WHERE organisation_id = $1")
        .bind(organisation)
        .fetch_all(connection)
        .await
}

pub(crate) async fn campaign_cancel(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inclusion_campaign SET state = 'cancelled' WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn gift_insert(
    connection: &mut AnyConnection,
    account: &str,
    id: &str,
    campaign: &str,
    points: i64,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inclusion_gift (account_id, id, campaign_id, points, state, at) VALUES ($1, $2, $3, $4, 'given', $5)",
    )
    .bind(account)
    .bind(id)
    .bind(campaign)
    .bind(points)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Points given to a campaign and not returned: account, points.
pub(crate) async fn gifts_of_campaign(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT account_id, CAST(SUM(points) AS BIGINT) FROM inclusion_gift WHERE campaign_id = $1 AND state = 'given' \
         GROUP BY account_id ORDER BY account_id",
    )
    .bind(campaign)
    .fetch_all(connection)
    .await
}

pub(crate) async fn gifts_return(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE inclusion_gift SET state = 'returned' WHERE campaign_id = $1 AND state = 'given'",
    )
    .bind(campaign)
    .execute(connection)
    .await?;
    Ok(())
}

/// The gifts of an account, newest first: id, campaign, title, points, state, at.
pub(crate) async fn gifts(
    connection: &mut AnyConnection,
    account: &str,
    size: i64,
) -> Result<Vec<(String, String, String, i64, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT g.id, g.campaign_id, c.title, g.points, g.state, g.at FROM inclusion_gift g \
         JOIN inclusion_campaign c ON c.id = g.campaign_id WHERE g.account_id = $1 ORDER BY g.id DESC LIMIT $2",
    )
    .bind(account)
    .bind(size)
    .fetch_all(connection)
    .await
}
