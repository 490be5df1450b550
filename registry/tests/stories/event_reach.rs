//! Units within reach of an event: everything an organiser could come to retire is shown with its place, to those who may see it, and covers
//! nothing before it is retired.

use domain::Role;
use domain::ledger::HoldKind;
use registry::{Fields, Registry, UnitsInReach};
use sqlx::AssertSqlSafe;

use crate::events::{BEFORE, Stage, quick};
use crate::harness::*;

/// Two hundred people for two days: some dozen tonnes.
fn conference(name: &str) -> Fields {
    let mut form = quick();
    form.extend(fields(&[
        ("quick", ""),
        ("template", "conference"),
        ("people", "200"),
        ("name", name),
        ("rail_people", ""),
        ("air_people", ""),
        ("nights", ""),
    ]));
    form
}

async fn reach(registry: &Registry, actor: &Actor, event: &str) -> UnitsInReach {
    let found = registry.event_units_in_reach(&actor.on(ASKED), event).await;
    found.expect("units in reach")
}

/// Own or of others, kind, tonnes, tonnes that may neutralise an event; sorted.
fn places(reach: &UnitsInReach) -> Vec<(bool, &'static str, i64, i64)> {
    let mut places: Vec<_> = reach
        .held
        .iter()
        .map(|one| {
            let hold = &one.hold;
            (hold.own, hold.kind.code(), hold.quantity, one.countable)
        })
        .collect();
    places.sort_unstable();
    places
}

both_databases! {
    async fn everything_that_could_be_retired_is_shown_to_its_party_and_covers_nothing(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (organiser, owner) = (&stage.world.organiser, &stage.world.owner);
        let buyer = sign_up(registry, "另一家单位", Role::EventOrganiser).await;
        let event = stage.create(&conference("演示两百人大会")).await;
        assert_eq!(reach(registry, organiser, &event.id).await, UnitsInReach::default(), "nothing was accounted for");
        stage.account(&event.id, ASKED).await.expect("account");
        let missing = stage.get(&event.id, ASKED).await.accounted.expect("account").tonnes;
        assert!((20..90).contains(&missing), "{missing}");
        let found = reach(registry, organiser, &event.id).await;
        assert_eq!((found.missing, found.trading.len(), found.held.len(), found.offers.len()), (missing, 0, 0, 0));

        let of = |pairs: &[(&str, &str)]| {
            let mut form = fields(&[("class", stage.class.as_str())]);
            form.extend(fields(pairs));
            form
        };
        let last = "2026-03-19";
        let offer = async |actor: &Actor, quantity: i64, price: &str| {
            let form = of(&[("from", "holding"), ("quantity", &quantity.to_string()), ("price", price), ("last_day", last)]);
            registry.credits_offer(&actor.on(ASKED), &form).await.expect("an offer").id
        };
        registry.credits_move(&organiser.on(ASKED), &of(&[("from", "holding"), ("quantity", "10")])).await.expect("to trading");
        let own = offer(organiser, 5, "50").await;
        registry.credits_transfer(&organiser.on(ASKED), &of(&[("to", &owner.account), ("quantity", "7")])).await.expect("sent");
        let sent = registry.credits_transfer(&owner.on(ASKED), &of(&[("to", &organiser.account), ("quantity", "300")])).await.expect("coming");
        let dear = offer(owner, missing + 30, "90").await;
        let cheap = offer(owner, missing, "40").await;
        offer(owner, missing - 1, "1").await;
        let some = |quantity: &str| fields(&[("quantity", quantity)]);
        registry.credits_reserve(&organiser.on(ASKED), &dear, &some("20")).await.expect("bought");
        registry.credits_reserve(&buyer.on(ASKED), &own, &some("2")).await.expect("reserved for a buyer");

        let found = reach(registry, organiser, &event.id).await;
        assert_eq!(found.trading.iter().map(|one| one.trading).collect::<Vec<_>>(), [10]);
        assert_eq!(places(&found), [
            (false, "reservation", 20, 20),
            (false, "transfer", 300, 300),
            (true, "offer", 3, 3),
            (true, "reservation", 2, 2),
            (true, "transfer", 7, 7),
        ]);
        assert!(found.held.iter().all(|one| !one.hold.serials.is_empty()) && !found.more_held);
        // of others' offers those that suffice, the cheapest first; one's own is not among them
        let offers: Vec<_> = found.offers.iter().map(|one| (one.id.as_str(), one.quantity)).collect();
        assert_eq!(offers, [(cheap.as_str(), missing), (dear.as_str(), missing + 10)]);
        // none of it covers anything
        let seen = stage.get(&event.id, ASKED).await;
        assert_eq!(seen.counted_tonnes, 0);
        let nothing = fields(&[("statement", "yes")]);
        assert_eq!(codes(registry.event_retire(&organiser.on(ASKED), &event.id, &nothing).await), ["event_not_covered"]);

        // another organisation sees nothing of this event, and of the units only what it is a party of
        assert_eq!(codes(registry.event_units_in_reach(&buyer.on(ASKED), &event.id).await), ["not found"]);
        let theirs = registry.event_create(&buyer.on(BEFORE), &conference("别家的大会")).await.expect("an event");
        registry.event_account(&buyer.on(ASKED), &theirs.id).await.expect("account");
        let found = reach(registry, &buyer, &theirs.id).await;
        assert!(found.trading.is_empty());
        assert_eq!(places(&found), [(false, "reservation", 2, 2)]);
        assert!(found.held.iter().all(|one| one.hold.kind == HoldKind::Reservation));

        // what was accepted is free and no longer in this list; what is covered needs none
        registry.credits_accept(&organiser.on(ASKED), &sent.hold.expect("a hold")).await.expect("accepted");
        assert_eq!(places(&reach(registry, organiser, &event.id).await).len(), 4);
        stage.retire(&event.id, ASKED, &missing.to_string()).await.expect("retired");
        assert_eq!(reach(registry, organiser, &event.id).await, UnitsInReach::default());
        stage.world.assert_audit_clean().await;
    }

    /// Carbon inclusion without provincial recognition neutralises no event: nobody is led to an offer of it.
    async fn units_that_may_not_neutralise_an_event_are_not_recommended(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (organiser, owner) = (&stage.world.organiser, &stage.world.owner);
        let event = stage.create(&conference("演示两百人大会")).await;
        stage.account(&event.id, ASKED).await.expect("account");
        let of = |pairs: &[(&str, &str)]| {
            let mut form = fields(&[("class", stage.class.as_str())]);
            form.extend(fields(pairs));
            form
        };
        let listed = of(&[("from", "holding"), ("quantity", "100"), ("price", "40"), ("last_day", "2026-03-19")]);
        registry.credits_offer(&owner.on(ASKED), &listed).await.expect("an offer");
        registry.credits_move(&organiser.on(ASKED), &of(&[("from", "holding"), ("quantity", "10")])).await.expect("to trading");
        registry.credits_transfer(&owner.on(ASKED), &of(&[("to", &organiser.account), ("quantity", "5")])).await.expect("coming");
        assert_eq!(reach(registry, organiser, &event.id).await.offers.len(), 1);
        for recognition in ["municipal", "none"] {
            let sql = format!("UPDATE credit_class SET recognition = '{recognition}'");
            let mut raw = stage.world.database.raw().await;
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut raw).await.expect("an inclusion scheme");
            drop(raw);
            let found = reach(registry, organiser, &event.id).await;
            assert!(found.offers.is_empty() && found.trading.is_empty(), "{recognition}");
            assert_eq!(places(&found), [(false, "transfer", 5, 0)], "one's own is shown as what it is");
        }
    }
}
