//! Offers, and the payments that buyer and seller confirmed.

use sqlx::{AnyConnection, FromRow};

/// An offer to write, and as stored.
#[derive(FromRow)]
pub(crate) struct OfferRow {
    pub(crate) id: String,
    pub(crate) holder_id: String,
    pub(crate) class_id: String,
    pub(crate) quantity: i64,
    pub(crate) price_fen: i64,
    pub(crate) last_day: String,
    pub(crate) placed_at: i64,
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    row: &OfferRow,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_offer (id, holder_id, class_id, quantity, price_fen, last_day, placed_at, act_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&row.id)
    .bind(&row.holder_id)
    .bind(&row.class_id)
    .bind(row.quantity)
    .bind(row.price_fen)
    .bind(&row.last_day)
    .bind(row.placed_at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn by_id(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<OfferRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, holder_id, class_id, quantity, price_fen, last_day, placed_at FROM credit_offer WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await
}

/// The hold of what is left of an offer, if anything is.
pub(crate) async fn left(
    connection: &mut AnyConnection,
    offer: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM credit_hold WHERE offer_id = $1 AND kind = 'offer' \
         AND NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = credit_hold.id) ORDER BY id DESC LIMIT 1",
    )
    .bind(offer)
    .fetch_optional(connection)
    .await
}

/// The last hold of what was left of an offer, ended or not.
pub(crate) async fn last_rest(
    connection: &mut AnyConnection,
    offer: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM credit_hold WHERE offer_id = $1 AND kind = 'offer' ORDER BY id DESC LIMIT 1",
    )
    .bind(offer)
    .fetch_optional(connection)
    .await
}

/// The sides that have confirmed the payment of a reservation.
pub(crate) async fn payments(
    connection: &mut AnyConnection,
    hold: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT party FROM credit_payment WHERE hold_id = $1")
        .bind(hold)
        .fetch_all(connection)
        .await
}

pub(crate) async fn payment_insert(
    connection: &mut AnyConnection,
    hold: &str,
    party: &str,
    by: &str,
    at: i64,
    act: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_payment (hold_id, party, confirmed_by, confirmed_at, act_id) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(hold)
    .bind(party)
    .bind(by)
    .bind(at)
    .bind(act)
    .execute(connection)
    .await?;
    Ok(())
}
