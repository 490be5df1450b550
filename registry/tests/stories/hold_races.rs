//! Every way out of a balance at once, and every way out of what is set aside: one of them happens, and every tonne is in one place.

use domain::Act;
use registry::{Error, Fields, Registry};

use crate::acts::perform;
use crate::harness::*;

/// Where the tonnes of an actor are: free, set aside in any way, retired.
async fn places(registry: &Registry, actor: &Actor) -> (i64, i64, i64) {
    let holdings = registry.holdings(&actor.on(ASKED)).await.expect("holdings");
    holdings
        .iter()
        .fold((0, 0, 0), |(free, aside, retired), one| {
            let waiting = one.reserved + one.in_transfer + one.pending_offset;
            (
                free + one.held + one.trading,
                aside + waiting + one.frozen + one.suspended,
                retired + one.retired,
            )
        })
}

/// Does all at once, each on a copy of the server of its own, and answers with those that were accepted. The others must have been refused
/// with one of the codes.
async fn at_once(
    copies: &[Registry],
    asked: Vec<(Act, Actor, String, Fields)>,
    codes: &[&str],
) -> Vec<(Act, serde_json::Value)> {
    let tasks: Vec<_> = asked
        .into_iter()
        .zip(copies.iter().cycle().cloned())
        .map(|((act, actor, about, form), copy)| {
            let by = actor.on(ASKED);
            tokio::spawn(async move { (act, perform(&copy, act, &by, &about, &form).await) })
        })
        .collect();
    let mut accepted = Vec::new();
    for task in tasks {
        match task.await.expect("no panic") {
            (act, Ok(answer)) => accepted.push((act, answer)),
            (act, Err(Error::Refused(refused))) => {
                assert!(
                    codes.contains(&refused[0].code),
                    "{}: {}",
                    act.name(),
                    refused[0].code
                );
            }
            (act, Err(error)) => panic!("{}: {error}", act.name()),
        }
    }
    accepted
}

async fn copies(world: &World) -> Vec<Registry> {
    let mut copies = Vec::new();
    for _ in 0..4 {
        copies.push(world.database.connect().await);
    }
    copies
}

both_databases! {
    async fn of_all_ways_out_of_a_balance_at_once_one_is_taken(database) {
        let world = World::new(database).await;
        let (class, _) = world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let copies = copies(&world).await;
        for round in 0..rounds(20) {
            let before = places(registry, owner).await;
            let held = registry.holdings(&owner.on(ASKED)).await.expect("holdings");
            let held = held.iter().find(|one| one.class == class).expect("the class").held;
            if held < 10 {
                break;
            }
            // two of them never fit
            let quantity = (held / 2 + 1).to_string();
            let base = [("class", class.as_str()), ("quantity", &quantity)];
            let with = |more: &[(&str, &str)]| {
                let mut form = fields(&base);
                form.extend(fields(more));
                form
            };
            let last_day = (ASKED + time::Duration::days(10)).to_string();
            let mut offset = offset_form(&quantity, "1000000000");
            offset.extend(fields(&base));
            let asked = [
                (Act::CreditsTransfer, with(&[("to", &world.organiser.account)])),
                (Act::CreditsMove, with(&[("from", "holding")])),
                (Act::CreditsOffer, with(&[("from", "holding"), ("price", "40.25"), ("last_day", &last_day)])),
                (Act::CreditsOffset, offset),
            ];
            // a retirement is for ever: only now and then, or little is left to race for
            let retire = (round % 5 == 4).then(|| {
                (Act::CreditsRetire, with(&[("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]))
            });
            let asked = asked
                .into_iter()
                .chain(retire)
                .map(|(act, form)| (act, owner.clone(), String::new(), form))
                .collect();
            let accepted = at_once(&copies, asked, &["credits_insufficient"]).await;
            assert_eq!(accepted.len(), 1, "round {round}");
            let (act, answer) = &accepted[0];
            let moved: i64 = quantity.parse().expect("a number");
            let (free, aside, retired) = places(registry, owner).await;
            let expected = match act {
                Act::CreditsRetire => (before.0 - moved, before.1, before.2 + moved),
                Act::CreditsMove => before,
                _ => (before.0 - moved, before.1 + moved, before.2),
            };
            assert_eq!((free, aside, retired), expected, "{} in round {round}", act.name());
            // back where it was
            match act {
                Act::CreditsRetire => {}
                Act::CreditsMove => {
                    let back = with(&[("from", "trading")]);
                    registry.credits_move(&owner.on(ASKED), &back).await.expect("back");
                }
                _ => {
                    let hold = answer["hold"].as_str().or(answer["id"].as_str()).expect("what waits");
                    registry.credits_withdraw(&owner.on(ASKED), hold, &Fields::new()).await.expect("withdraw");
                }
            }
        }
        world.assert_audit_clean().await;
    }

    async fn of_all_ways_out_of_a_hold_at_once_one_is_taken(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let copies = copies(&world).await;
        let order = order_form(&owner.account, "3");
        let mut ordered = order.clone();
        ordered.insert("cancel_by".to_owned(), ASKED.to_string());
        let mut enforced = release_form();
        enforced.insert("to".to_owned(), world.organiser.account.clone());
        for round in 0..rounds(15) {
            for case in 0..3 {
                let before = (places(registry, owner).await, places(registry, &world.organiser).await.0);
                let (hold, ends) = match case {
                    0 => (
                        registry.credits_freeze(&operator.on(ASKED), &order).await.expect("freeze").id,
                        vec![(Act::CreditsRelease, operator, release_form()), (Act::CreditsEnforce, operator, enforced.clone())],
                    ),
                    1 => (
                        registry.credits_suspend(&operator.on(ASKED), &ordered).await.expect("suspend").id,
                        vec![(Act::CreditsRelease, operator, release_form()), (Act::CreditsCancel, owner, Fields::new())],
                    ),
                    _ => (
                        registry.credits_offset(&owner.on(ASKED), &offset_form("3", "1000000000")).await.expect("offset").id,
                        vec![
                            (Act::CreditsSurrender, operator, release_form()),
                            (Act::CreditsRefuseOffset, operator, release_form()),
                            (Act::CreditsWithdraw, owner, Fields::new()),
                        ],
                    ),
                };
                // each twice, by different keys
                let asked = [ends.clone(), ends]
                    .concat()
                    .into_iter()
                    .map(|(act, actor, form)| (act, actor.clone(), hold.clone(), form))
                    .collect();
                let accepted = at_once(&copies, asked, &["hold_ended"]).await;
                assert_eq!(accepted.len(), 1, "case {case}, round {round}");
                let (free, aside, retired) = before.0;
                let expected = match accepted[0].0 {
                    Act::CreditsEnforce => ((free - 3, aside, retired), before.1 + 3),
                    Act::CreditsCancel | Act::CreditsSurrender => ((free - 3, aside, retired + 3), before.1),
                    _ => before,
                };
                let after = (places(registry, owner).await, places(registry, &world.organiser).await.0);
                assert_eq!(after, expected, "{} in case {case}, round {round}", accepted[0].0.name());
            }
        }
        world.assert_audit_clean().await;
    }

    async fn requests_at_once_offset_no_more_than_the_share(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let copies = copies(&world).await;
        for round in 0..rounds(15) {
            // 5 % of 200 are ten: of four requests for four, two fit
            let asked = (0..4).map(|_| (Act::CreditsOffset, owner.clone(), String::new(), offset_form("4", "200"))).collect();
            let accepted = at_once(&copies, asked, &["offset_share_exceeded"]).await;
            assert_eq!(accepted.len(), 2, "round {round}");
            assert_eq!(places(registry, owner).await.1, 8, "round {round}");
            for (_, answer) in accepted {
                let hold = answer["id"].as_str().expect("what waits");
                registry.credits_withdraw(&owner.on(ASKED), hold, &Fields::new()).await.expect("withdraw");
            }
        }
        world.assert_audit_clean().await;
    }
}
