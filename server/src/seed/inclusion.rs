//! The demo commuter: an account, two providers that are played, a week of rides, a gift and an order; all of it through real acts.

use domain::{Instant, Role};
use registry::{By, CallRow, Fields, Registry, Visitor};
use time::Date;
use time::macros::date;

use super::neighbours;
use super::people::People;
use super::staff;
use super::tonnes::{self, Household};
use super::world::demo_now;
use crate::simulator;

/// The first day of the commuter's week: a Monday.
const FIRST: Date = date!(2026 - 02 - 23);
/// Days played.
const DAYS: i64 = 10;

/// Makes the commuter, or what is missing: every act has a key of its own.
pub async fn commuter(
    registry: &Registry,
    people: &People,
    households: &[Household],
    password_hash: &str,
) -> Result<(), registry::Error> {
    let opened = noon(date!(2026 - 02 - 02));
    let operator =
        |at: Instant, key: &str| people.by("operator", at, format!("demo inclusion {key}"));
    let mut providers = Vec::new();
    for player in simulator::PLAYERS {
        let form = fields(&[
            ("name", player.name),
            ("precedence", player.precedence),
            ("evidence", player.evidence),
            ("scenes", player.scenes),
            ("agreement", player.agreement),
        ]);
        let by = operator(opened, player.name);
        providers.push((player, registry.provider_add(&by, &form).await?.id));
    }
    agree(registry, people, opened).await?;
    let form = fields(&[
        ("name", "演示·林小满"),
        ("email", &super::people::email("commuter")),
        ("region", "CN-GD-SZ"),
        ("age", "adult"),
        ("agrees", "yes"),
    ]);
    let visitor = Visitor {
        at: opened,
        key: "demo commuter".to_owned(),
    };
    let receipt = registry
        .person_sign_up(&visitor, &form, password_hash)
        .await?;
    let commuter = |at: Instant, key: &str| By {
        user: receipt.user.clone(),
        organisation: receipt.account.clone(),
        role: Role::Individual,
        at,
        key: format!("demo commuter {key}"),
    };
    let assignment = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
    registry
        .consent_give(&commuter(opened, "assignment"), &assignment)
        .await?;
    for (player, provider) in &providers {
        let mut reference = String::new();
        for scene in player.scenes.split(',') {
            let form = fields(&[
                ("purpose", "source"),
                ("provider", provider),
                ("scene", scene),
                ("agrees", "yes"),
            ]);
            let by = commuter(opened, &format!("{} {scene}", player.name));
            reference = registry
                .consent_give(&by, &form)
                .await?
                .reference
                .unwrap_or(reference);
        }
        for day in 0..DAYS {
            let day = FIRST.saturating_add(time::Duration::days(day));
            let rows: Vec<CallRow> = simulator::day(player, &reference, day);
            let at = Instant::at_start_of(day).plus_seconds(23 * 3600);
            registry
                .call_in(provider, &format!("demo {day}"), at, &rows)
                .await?;
        }
    }
    if let Some((player, provider)) = providers.first() {
        let of = (*player, provider.as_str());
        neighbours::join_in(registry, commuter, of, password_hash).await?;
        tonnes::rides(registry, households, of, FIRST).await?;
        let days = (date!(2026 - 02 - 03), FIRST);
        staff::join_in(registry, people, of, days, password_hash).await?;
    }
    let ride = fields(&[
        ("scene", "shared_bike"),
        ("day", "2026-03-01"),
        ("distance_km", "1.8"),
    ]);
    let sunday = noon(date!(2026 - 03 - 01));
    registry
        .activity_record(&commuter(sunday, "ride"), &ride, None)
        .await?;
    registry.inclusion_tick(noon(date!(2026 - 03 - 06))).await?;
    let last = noon(date!(2026 - 03 - 07));
    let call = fields(&[
        ("title", "演示·滨海马拉松碳中和"),
        ("target_kg", "1500"),
        ("closes_on", "2026-12-31"),
    ]);
    let by = people.by("events", last, "demo inclusion campaign".to_owned());
    let campaign = registry.campaign_open(&by, &call).await?.id;
    let gift = fields(&[("campaign", &campaign), ("points", "300")]);
    registry.gift_give(&commuter(last, "gift"), &gift).await?;
    for (title, unit, price, funding) in [
        ("演示·公交地铁 2 元券", "green", "500", "assignment"),
        ("演示·帆布袋", "green", "2000", "marketing"),
        ("演示·植物种子", "activity", "1", "marketing"),
    ] {
        let form = fields(&[
            ("title", title),
            ("unit", unit),
            ("price", price),
            ("stock", "100"),
            ("month_quota", "2"),
            ("funding", funding),
        ]);
        let goods = registry.goods_offer(&operator(last, title), &form).await?;
        if price == "500" {
            registry
                .goods_order(&commuter(last, "order"), &goods.id)
                .await?;
        }
    }
    registry.inclusion_tick(demo_now()).await?;
    Ok(())
}

/// The second operator agrees to the places that the first one proposed.
pub(super) async fn agree(
    registry: &Registry,
    people: &People,
    at: Instant,
) -> Result<(), registry::Error> {
    let by = |key: String| people.by("operator2", at, format!("demo precedence {key}"));
    for change in registry.precedence_changes(&by(String::new())).await? {
        if change.status == "proposed" {
            let by = by(change.id.clone());
            registry.precedence_approve(&by, &change.id).await?;
        }
    }
    Ok(())
}

pub(super) fn noon(day: Date) -> Instant {
    Instant::at_start_of(day).plus_seconds(12 * 3600)
}

pub(super) fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
