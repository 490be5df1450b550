//! What the public may read of offers: those that anything is left of. Public columns only.

use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// An offer as anyone may see it.
#[derive(FromRow)]
pub(crate) struct PublicOfferStored {
    pub(crate) id: String,
    pub(crate) holder: String,
    pub(crate) class_id: String,
    pub(crate) project_id: String,
    pub(crate) project_code: String,
    pub(crate) project_name: String,
    pub(crate) unit_kind: String,
    pub(crate) recognition: String,
    pub(crate) vintage: i64,
    pub(crate) tonnes: i64,
    pub(crate) price_fen: i64,
    pub(crate) last_day: String,
    pub(crate) placed_at: i64,
}

const OFFER: &str = "SELECT credit_offer.id, owner.name AS holder, credit_offer.class_id, credit_class.project_id, credit_class.project_code, \
    project.name AS project_name, credit_class.unit_kind, credit_class.recognition, credit_class.vintage, credit_hold.quantity AS tonnes, credit_offer.price_fen, credit_offer.last_day, \
    credit_offer.placed_at FROM credit_offer JOIN credit_hold ON credit_hold.offer_id = credit_offer.id \
    JOIN credit_class ON credit_class.id = credit_offer.class_id JOIN record project ON project.id = credit_class.project_id \
    JOIN organisation owner ON owner.id = credit_offer.holder_id WHERE credit_hold.kind = 'offer' AND credit_offer.last_day >= $1 \
    AND NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE credit_hold_end.hold_id = credit_hold.id)";

/// The open offers of a day, newest first, before a key; of this methodology and this vintage, if given.
pub(crate) async fn offers(
    connection: &mut AnyConnection,
    today: &str,
    (methodology, vintage): (Option<&str>, Option<i64>),
    before: &str,
    size: i64,
) -> Result<Vec<PublicOfferStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{OFFER} AND credit_offer.id < $2 AND (CAST($4 AS TEXT) IS NULL OR project.methodology = $4) \
         AND (CAST($5 AS BIGINT) IS NULL OR credit_class.vintage = $5) ORDER BY credit_offer.id DESC LIMIT $3"
    )))
    .bind(today)
    .bind(before)
    .bind(size)
    .bind(methodology)
    .bind(vintage)
    .fetch_all(connection)
    .await
}

/// The open offers of others than `viewer` that hold at least so many tonnes which may neutralise an event: the cheapest first.
pub(crate) async fn offers_for_event(
    connection: &mut AnyConnection,
    today: &str,
    viewer: &str,
    tonnes: i64,
    size: i64,
) -> Result<Vec<PublicOfferStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{OFFER} AND credit_offer.holder_id <> $2 AND credit_class.recognition IN ('national', 'provincial') AND credit_hold.quantity >= $3 \
         ORDER BY credit_offer.price_fen, credit_offer.id LIMIT $4"
    )))
    .bind(today)
    .bind(viewer)
    .bind(tonnes)
    .bind(size)
    .fetch_all(connection)
    .await
}

/// One open offer.
pub(crate) async fn offer(
    connection: &mut AnyConnection,
    today: &str,
    id: &str,
) -> Result<Option<PublicOfferStored>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!("{OFFER} AND credit_offer.id = $2")))
        .bind(today)
        .bind(id)
        .fetch_optional(connection)
        .await
}
