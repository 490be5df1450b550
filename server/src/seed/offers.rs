//! Offers of the demo world: one of which a part was sold and paid, and one that nobody has reserved yet.

use anyhow::{Context, Result};
use domain::Instant;
use registry::{By, Fields, Registry};
use time::Date;
use time::macros::date;

use super::people::People;

/// Who buys in the demo world.
const BUYER: &str = "events";
/// The last day of both offers.
const LAST_DAY: &str = "2026-04-30";

/// Does every act at its day, each under a key of its own.
pub async fn offers(registry: &Registry, people: &People) -> Result<()> {
    let by = |who: &str, day: Date, hour: i64, what: &str| {
        let at = Instant::at_start_of(day).plus_seconds(hour * 3600);
        people.by(who, at, format!("demo offer {what}"))
    };
    let (first, second, third) = (
        date!(2026 - 03 - 04),
        date!(2026 - 03 - 05),
        date!(2026 - 03 - 06),
    );
    let seller = by("owner2", first, 9, "solar thermal");
    let form = offer(registry, &seller, "900", "86.50").await?;
    let partly_sold = registry.credits_offer(&seller, &form).await?.id;
    let quantity = Fields::from([("quantity".to_owned(), "400".to_owned())]);
    let reserved = registry
        .credits_reserve(&by(BUYER, first, 14, "reserve"), &partly_sold, &quantity)
        .await?;
    for (who, day, hour) in [(BUYER, second, 10), ("owner2", third, 9)] {
        let paid = by(who, day, hour, "paid");
        registry
            .credits_confirm_payment(&paid, &reserved.id)
            .await?;
    }
    let seller = by("owner", third, 11, "offshore wind");
    let form = offer(registry, &seller, "1500", "83.00").await?;
    registry.credits_offer(&seller, &form).await?;
    Ok(())
}

/// Credits of the first project of a holder, its newest vintage: the same however often the world is walked.
async fn offer(registry: &Registry, seller: &By, tonnes: &str, price: &str) -> Result<Fields> {
    let mut holdings = registry.holdings(seller).await?;
    holdings.sort_by(|one, other| {
        (&one.project_code, other.vintage).cmp(&(&other.project_code, one.vintage))
    });
    let class = holdings.into_iter().next().context("nothing is held")?;
    let typed = [
        ("class", class.class.as_str()),
        ("from", "holding"),
        ("quantity", tonnes),
        ("price", price),
        ("last_day", LAST_DAY),
    ];
    let typed = typed
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(typed.collect())
}
