//! Offers: nobody gets what another has, credits move when both have confirmed and not before, and every tonne is in one place.

use domain::ledger::HoldOutcome;
use domain::{Act, Role};
use registry::{Error, Fields, Holding, PageRequest, Registry};
use sqlx::AssertSqlSafe;
use time::Date;

use crate::acts::perform;
use crate::harness::*;

/// What an actor has: free, set aside for an offer or a buyer.
async fn has(registry: &Registry, actor: &Actor) -> (i64, i64) {
    let holdings = registry.holdings(&actor.on(ASKED)).await.expect("holdings");
    let sum = |of: fn(&Holding) -> i64| holdings.iter().map(of).sum::<i64>();
    (sum(|one| one.held + one.trading), sum(|one| one.reserved))
}

/// Offers tonnes of 2024 from the general sub-account at 40.25 yuan until ten days later.
async fn offered(world: &World, quantity: i64, day: Date) -> String {
    let (registry, owner) = (&world.registry, &world.owner);
    let holdings = registry.holdings(&owner.on(day)).await.expect("holdings");
    let class = holdings
        .iter()
        .find(|one| one.vintage == 2024)
        .expect("a class");
    let form = offer_form(class.class.as_str(), quantity, day);
    registry
        .credits_offer(&owner.on(day), &form)
        .await
        .expect("an offer")
        .id
}

fn offer_form(class: &str, quantity: i64, day: Date) -> Fields {
    let last = (day + time::Duration::days(10)).to_string();
    fields(&[
        ("class", class),
        ("from", "holding"),
        ("quantity", &quantity.to_string()),
        ("price", "40.25"),
        ("last_day", &last),
    ])
}

async fn reserved(world: &World, buyer: &Actor, offer: &str, quantity: i64) -> String {
    let form = fields(&[("quantity", &quantity.to_string())]);
    world
        .registry
        .credits_reserve(&buyer.on(ASKED), offer, &form)
        .await
        .expect("a reservation")
        .id
}

/// How many tonnes anyone can still reserve.
async fn left(registry: &Registry, offer: &str) -> Option<i64> {
    match registry.public().offer(noon(ASKED), offer).await {
        Ok(offer) => Some(offer.quantity),
        Err(Error::NotFound) => None,
        Err(error) => panic!("{error}"),
    }
}

both_databases! {
    async fn credits_move_when_both_have_confirmed_the_payment_and_not_before(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let (registry, owner, buyer) = (&world.registry, &world.owner, &world.organiser);
        let all = has(registry, owner).await.0;
        let early = offer_form(class.as_str(), 5, ISSUED);
        assert_eq!(codes(registry.credits_offer(&owner.on(ISSUED), &early).await), ["offers_not_open"]);
        let mut wrong = offer_form(class.as_str(), 5, ASKED);
        wrong.insert("price".to_owned(), "40.255".to_owned());
        assert_eq!(codes(registry.credits_offer(&owner.on(ASKED), &wrong).await), ["price_invalid"]);
        let unknown = offer_form("nothing", 5, ASKED);
        assert_eq!(codes(registry.credits_offer(&owner.on(ASKED), &unknown).await), ["credits_insufficient"]);
        let offer = offered(&world, 100, ASKED).await;
        assert_eq!((has(registry, owner).await, left(registry, &offer).await), ((all - 100, 100), Some(100)));
        let shown = registry.public().offers(noon(ASKED), &registry::OfferFilter::default(), &PageRequest::default()).await.expect("offers");
        assert_eq!((shown.rows.len(), shown.rows[0].price_fen, shown.rows[0].vintage), (1, 4_025, 2024));

        let form = fields(&[("quantity", "101")]);
        assert_eq!(codes(registry.credits_reserve(&buyer.on(ASKED), &offer, &form).await), ["offer_too_small"]);
        assert_eq!(codes(registry.credits_reserve(&owner.on(ASKED), &offer, &form).await), ["offer_is_own"]);
        assert_eq!(codes(registry.credits_reserve(&buyer.on(ASKED), "nothing", &form).await), ["not found"]);
        let hold = reserved(&world, buyer, &offer, 30).await;
        assert_eq!((has(registry, owner).await, left(registry, &offer).await), ((all - 100, 100), Some(70)));
        let stranger = sign_up(registry, "别的单位", Role::EventOrganiser).await;
        for act in [Act::CreditsConfirmPayment, Act::CreditsWithdraw] {
            assert_eq!(codes(perform(registry, act, &stranger.on(ASKED), &hold, &Fields::new()).await), ["not found"]);
        }
        // The seller cannot take back what is reserved.
        assert_eq!(codes(registry.credits_withdraw(&owner.on(ASKED), &hold, &Fields::new()).await), ["not found"]);
        let view = registry.hold_get(&buyer.on(ASKED), &hold).await.expect("the hold");
        assert_eq!((view.price_fen, view.last_day.as_deref()), (Some(4_025), Some("2026-03-14")));
        assert_eq!(view.allowed, [Act::CreditsConfirmPayment, Act::CreditsWithdraw]);
        let said = registry.credits_confirm_payment(&buyer.on(ASKED), &hold).await.expect("the buyer");
        assert_eq!((said.state.as_str(), has(registry, buyer).await.0), ("waiting", 0));
        assert_eq!(codes(registry.credits_confirm_payment(&buyer.on(ASKED), &hold).await), ["payment_confirmed"]);
        // The database itself delivers nothing for one confirmation, and changes nothing that was said.
        let delivered = format!(
            "INSERT INTO credit_hold_end (hold_id, kind, authority, outcome, ended_by, ended_at, reason, document_number, act_id) \
             SELECT id, kind, authority, 'delivered', holder_id, 1, '', '', act_id FROM credit_hold WHERE id = '{hold}'"
        );
        for (sql, name) in [
            (delivered.as_str(), "credit_hold_end_paid"),
            ("UPDATE credit_offer SET price_fen = 1", "credit_offer_never_updated"),
            ("DELETE FROM credit_payment", "credit_payment_never_deleted"),
        ] {
            let mut raw = world.database.raw().await;
            let error = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut raw).await.expect_err(sql).to_string();
            assert!(error.contains(name), "{sql}: {error}");
        }
        let done = registry.credits_confirm_payment(&owner.on(ASKED), &hold).await.expect("the seller");
        assert_eq!((done.state.as_str(), done.quantity), ("delivered", 30));
        assert_eq!((has(registry, buyer).await, has(registry, owner).await), ((30, 0), (all - 100, 70)));
        assert_eq!(codes(registry.credits_confirm_payment(&owner.on(ASKED), &hold).await), ["hold_ended"]);
        // The whole rest, in one piece; then nothing is left to reserve.
        let rest = reserved(&world, buyer, &offer, 70).await;
        assert_eq!(left(registry, &offer).await, None);
        assert_eq!(codes(registry.credits_reserve(&buyer.on(ASKED), &offer, &form).await), ["hold_ended"]);
        registry.credits_withdraw(&buyer.on(ASKED), &rest, &Fields::new()).await.expect("the buyer gives it up");
        assert_eq!(has(registry, owner).await, (all - 30, 0));
        world.assert_audit_clean().await;
    }

    async fn what_is_not_reserved_is_withdrawn_and_what_is_over_comes_back(database) {
        let world = World::new(database).await;
        let (class, of_2024) = world.credits_issued().await;
        let (registry, owner, buyer) = (&world.registry, &world.owner, &world.organiser);
        let all = has(registry, owner).await.0;
        let offer = offered(&world, 50, ASKED).await;
        let hold = reserved(&world, buyer, &offer, 20).await;
        let open = registry.hold_list(&owner.on(ASKED), true, &PageRequest::default()).await.expect("holds");
        let rest = open.rows.iter().find(|one| one.offer.as_deref() == Some(offer.as_str()) && one.other.is_none()).expect("the rest");
        assert_eq!((rest.quantity, rest.allowed.as_slice()), (30, [Act::CreditsWithdraw].as_slice()));
        registry.credits_withdraw(&owner.on(ASKED), &rest.id, &Fields::new()).await.expect("withdrawn");
        assert_eq!((has(registry, owner).await, left(registry, &offer).await), ((all - 20, 20), None));
        // Nobody pays: after the last day the reservation is over, once, whoever ticks.
        let after = time::macros::date!(2026 - 03 - 15);
        assert_eq!(codes(registry.credits_confirm_payment(&buyer.on(after), &hold).await), ["hold_ended"]);
        assert_eq!(registry.clock_tick(noon(after)).await.expect("tick").holds_ended, 1);
        assert_eq!(registry.clock_tick(noon(after)).await.expect("tick").holds_ended, 0);
        assert_eq!(has(registry, owner).await, (all, 0));
        // An offer ends by its own day too.
        let offer = offered(&world, 50, ASKED).await;
        let late = ASKED + time::Duration::days(11);
        let form = fields(&[("quantity", "1")]);
        assert_eq!(codes(registry.credits_reserve(&buyer.on(late), &offer, &form).await), ["hold_ended"]);
        assert_eq!(registry.clock_tick(noon(late)).await.expect("tick").holds_ended, 1);
        assert_eq!(has(registry, owner).await, (all, 0));
        // A court goes before an offer.
        let offer = offered(&world, of_2024, ASKED).await;
        let mut order = order_form(&owner.account, "3");
        order.insert("class".to_owned(), class.to_string());
        let frozen = registry.credits_freeze(&world.operator.on(ASKED), &order).await.expect("freeze");
        assert_eq!((frozen.quantity, frozen.overtaken), (3, 1));
        assert_eq!((left(registry, &offer).await, has(registry, owner).await), (None, (all - 3, 0)));
        world.assert_audit_clean().await;
    }

    async fn where_a_member_confirms_the_seller_s_side_is_that_one_s(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, buyer) = (&world.registry, &world.owner, &world.organiser);
        let offer = offered(&world, 10, ASKED).await;
        let hold = reserved(&world, buyer, &offer, 10).await;
        let confirmer = joins(registry, owner, "confirmer").await;
        registry.credits_confirm_payment(&buyer.on(ASKED), &hold).await.expect("the buyer");
        assert!(registry.credits_confirm_payment(&owner.on(ASKED), &hold).await.is_err());
        assert_eq!(has(registry, buyer).await.0, 0);
        registry.credits_confirm_payment(&confirmer.on(ASKED), &hold).await.expect("the confirmer");
        assert_eq!(has(registry, buyer).await.0, 10);
        world.assert_audit_clean().await;
    }

    /// Two buyers, four requests, seven tonnes: never more than there are.
    async fn two_buyers_never_get_the_same_last_tonnes(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let registry = &world.registry;
        let second = sign_up(registry, "第二买方", Role::EventOrganiser).await;
        let mut copies = Vec::new();
        for _ in 0..4 {
            copies.push(world.database.connect().await);
        }
        let all = has(registry, &world.owner).await.0;
        for round in 0..rounds(12) {
            let offer = offered(&world, 7, ASKED).await;
            let tasks: Vec<_> = copies.iter().enumerate().map(|(at, copy)| {
                let buyer = if at % 2 == 0 { &world.organiser } else { &second };
                let (copy, by, offer) = (copy.clone(), buyer.on(ASKED), offer.clone());
                let form = fields(&[("quantity", "4")]);
                tokio::spawn(async move { copy.credits_reserve(&by, &offer, &form).await.map(|hold| (at, hold.id)) })
            }).collect();
            let mut got = Vec::new();
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(hold) => got.push(hold),
                    Err(Error::Refused(refused)) => assert_eq!(refused[0].code, "offer_too_small", "round {round}"),
                    Err(error) => panic!("{error}, round {round}"),
                }
            }
            assert_eq!((got.len(), left(registry, &offer).await), (1, Some(3)), "round {round}");
            let buyer = if got[0].0 % 2 == 0 { &world.organiser } else { &second };
            registry.credits_withdraw(&buyer.on(ASKED), &got[0].1, &Fields::new()).await.expect("given up");
            let listed = registry.hold_list(&world.owner.on(ASKED), true, &PageRequest::default()).await.expect("holds");
            registry.credits_withdraw(&world.owner.on(ASKED), &listed.rows[0].id, &Fields::new()).await.expect("withdrawn");
            assert_eq!(has(registry, &world.owner).await, (all, 0), "round {round}");
        }
        world.assert_audit_clean().await;
    }

    /// Both confirm, the buyer gives up and the clock comes by, all at once: it ends once.
    async fn a_reservation_ends_once_whoever_comes_at_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let registry = &world.registry;
        let mut copies = Vec::new();
        for _ in 0..4 {
            copies.push(world.database.connect().await);
        }
        let last = time::macros::date!(2026 - 03 - 14);
        let after = last.next_day().expect("a day");
        let (all, mut delivered) = (has(registry, &world.owner).await.0, 0);
        for round in 0..rounds(12) {
            let offer = offered(&world, 2, ASKED).await;
            let hold = reserved(&world, &world.organiser, &offer, 2).await;
            let mut tasks = Vec::new();
            for (at, copy) in copies.iter().enumerate() {
                let (copy, hold) = (copy.clone(), hold.clone());
                let (seller, buyer) = (world.owner.on(last), world.organiser.on(last));
                tasks.push(tokio::spawn(async move {
                    match at {
                        0 => copy.credits_confirm_payment(&seller, &hold).await.map(drop),
                        1 => copy.credits_confirm_payment(&buyer, &hold).await.map(drop),
                        // every third round nobody gives up
                        2 if round % 3 == 0 => Ok(()),
                        2 => copy.credits_withdraw(&buyer, &hold, &Fields::new()).await.map(drop),
                        _ => copy.clock_tick(noon(after)).await.map(drop),
                    }
                }));
            }
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(()) => {}
                    Err(Error::Refused(refused)) => assert_eq!(refused[0].code, "hold_ended", "round {round}"),
                    Err(error) => panic!("{error}, round {round}"),
                }
            }
            registry.clock_tick(noon(after)).await.expect("tick");
            let view = registry.hold_get(&world.owner.on(after), &hold).await.expect("the hold");
            match view.outcome.expect("it ended") {
                HoldOutcome::Delivered => {
                    assert!(view.paid_buyer && view.paid_seller);
                    delivered += 2;
                }
                HoldOutcome::Withdrawn | HoldOutcome::Expired => {}
                other => panic!("{other:?}"),
            }
            assert_eq!(has(registry, &world.owner).await, (all - delivered, 0), "round {round}");
            assert_eq!(has(registry, &world.organiser).await, (delivered, 0), "round {round}");
        }
        world.assert_audit_clean().await;
    }
}
