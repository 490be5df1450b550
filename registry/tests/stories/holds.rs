//! Credits that are set aside: nobody else uses them, they leave once, and only whoever may end the hold ends it.

use domain::ledger::HoldOutcome;
use domain::{Act, Role};
use registry::{Error, Fields, Holding, PageRequest, Registry};
use time::Date;

use crate::acts::perform;
use crate::harness::*;

/// What an actor has: free in the general sub-account, in transfer, frozen and suspended together, retired.
async fn has(registry: &Registry, actor: &Actor) -> (i64, i64, i64, i64) {
    let holdings = registry.holdings(&actor.on(ASKED)).await.expect("holdings");
    let sum = |of: fn(&Holding) -> i64| holdings.iter().map(of).sum::<i64>();
    (
        sum(|one| one.held),
        sum(|one| one.in_transfer),
        sum(|one| one.frozen + one.suspended),
        sum(|one| one.retired),
    )
}

/// Sends some tonnes to the organiser and answers with the hold.
async fn sent(world: &World, quantity: &str, day: Date) -> String {
    let form = fields(&[("to", &world.organiser.account), ("quantity", quantity)]);
    let sent = world
        .registry
        .credits_transfer(&world.owner.on(day), &form)
        .await
        .expect("a transfer");
    assert_eq!(
        sent.last_day.as_deref(),
        Some((day + time::Duration::days(10)).to_string().as_str())
    );
    sent.hold.expect("it waits")
}

both_databases! {
    async fn a_transfer_moves_when_its_receiver_accepts_and_not_before(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, organiser) = (&world.registry, &world.owner, &world.organiser);
        let all = has(registry, owner).await.0;
        let hold = sent(&world, "100", ASKED).await;
        assert_eq!(has(registry, owner).await, (all - 100, 100, 0, 0));
        assert_eq!(has(registry, organiser).await, (0, 0, 0, 0));
        // It is not the sender's to use, nor anybody else's to accept.
        let everything = fields(&[("to", &organiser.account), ("quantity", &all.to_string())]);
        assert_eq!(codes(registry.credits_transfer(&owner.on(ASKED), &everything).await), ["credits_insufficient"]);
        let stranger = sign_up(registry, "别的单位", Role::EventOrganiser).await;
        assert_eq!(codes(registry.hold_get(&stranger.on(ASKED), &hold).await), ["not found"]);
        assert_eq!(codes(registry.hold_get(&world.operator.on(ASKED), &hold).await), ["not found"]);
        assert_eq!(codes(registry.credits_accept(&stranger.on(ASKED), &hold).await), ["not found"]);
        assert_eq!(codes(registry.credits_accept(&owner.on(ASKED), &hold).await), ["not found"]);
        let none = Fields::new();
        assert_eq!(codes(registry.credits_withdraw(&organiser.on(ASKED), &hold, &none).await), ["not found"]);
        let told = registry.notifications(&organiser.on(ASKED), &PageRequest::default()).await.expect("messages");
        let expected = ("credits_transfer", Some(100), Some(Act::CreditsAccept));
        assert_eq!((told.rows[0].kind.as_str(), told.rows[0].tonnes, told.rows[0].next_act), expected);
        let view = registry.hold_get(&organiser.on(ASKED), &hold).await.expect("the hold");
        assert_eq!((view.allowed.as_slice(), view.serials.len()), ([Act::CreditsAccept, Act::CreditsDecline].as_slice(), 1));
        let accepted = registry.credits_accept(&organiser.on(ASKED), &hold).await.expect("accept");
        assert_eq!((accepted.state.as_str(), accepted.quantity), ("accepted", 100));
        assert_eq!(has(registry, owner).await, (all - 100, 0, 0, 0));
        assert_eq!(has(registry, organiser).await, (100, 0, 0, 0));
        assert_eq!(codes(registry.credits_decline(&organiser.on(ASKED), &hold, &none).await), ["hold_ended"]);
        // Declined and withdrawn: everything is back, in the same numbers.
        for (actor, act) in [(organiser, Act::CreditsDecline), (owner, Act::CreditsWithdraw)] {
            let hold = sent(&world, "7", ASKED).await;
            perform(registry, act, &actor.on(ASKED), &hold, &none).await.expect("back");
            assert_eq!(has(registry, owner).await, (all - 100, 0, 0, 0), "{}", act.name());
        }
        let listed = registry.hold_list(&owner.on(ASKED), false, &PageRequest::default()).await.expect("list");
        assert_eq!(listed.rows.len(), 3);
        let open = registry.hold_list(&owner.on(ASKED), true, &PageRequest::default()).await.expect("list");
        assert!(open.rows.is_empty());
        world.assert_audit_clean().await;
    }

    async fn before_the_rule_a_transfer_moves_at_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let form = fields(&[("to", &world.organiser.account), ("quantity", "5")]);
        let sent = world.registry.credits_transfer(&world.owner.on(ISSUED), &form).await.expect("a transfer");
        assert_eq!((sent.hold, sent.last_day), (None, None));
        assert_eq!(has(&world.registry, &world.organiser).await.0, 5);
    }

    async fn what_is_open_is_listed_apart_page_by_page_and_the_audit_compares(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, organiser) = (&world.registry, &world.owner, &world.organiser);
        let mut holds = Vec::new();
        for quantity in ["1", "2", "3"] {
            holds.push(sent(&world, quantity, ASKED).await);
        }
        registry.credits_decline(&organiser.on(ASKED), &holds[1], &Fields::new()).await.expect("decline");
        let one = PageRequest { after: None, size: 1 };
        for actor in [owner, organiser] {
            for (open, expected) in [(true, vec![&holds[2], &holds[0]]), (false, vec![&holds[2], &holds[1], &holds[0]])] {
                let (mut found, mut page) = (Vec::new(), one.clone());
                loop {
                    let rows = registry.hold_list(&actor.on(ASKED), open, &page).await.expect("a page");
                    found.extend(rows.rows.into_iter().map(|row| row.id));
                    match rows.next {
                        Some(next) => page.after = Some(next),
                        None => break,
                    }
                }
                assert_eq!(found.iter().collect::<Vec<_>>(), expected, "open: {open}");
            }
        }
        for actor in [&world.operator, &sign_up(registry, "别的单位", Role::EventOrganiser).await] {
            assert!(registry.hold_list(&actor.on(ASKED), false, &PageRequest::default()).await.expect("nothing").rows.is_empty());
        }
        world.assert_audit_clean().await;
        let mut connection = world.database.raw().await;
        for (sql, expected) in [
            ("DELETE FROM credit_hold_open", 2),
            ("INSERT INTO credit_hold_open SELECT id, kind, holder_id, other_id, last_day FROM credit_hold", 1),
        ] {
            sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
            let found = registry.audit().await.expect("audit").differences;
            assert_eq!(found.iter().map(|one| one.check).collect::<Vec<_>>(), vec!["open_hold"; expected], "{sql}");
        }
    }

    async fn a_transfer_nobody_accepts_goes_back_once_after_its_last_day(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, organiser) = (&world.registry, &world.owner, &world.organiser);
        let all = has(registry, owner).await.0;
        let (hold, in_time) = (sent(&world, "100", ASKED).await, sent(&world, "3", ASKED).await);
        let last = ASKED + time::Duration::days(10);
        let after = last.next_day().expect("a day");
        assert_eq!(registry.clock_tick(noon(last)).await.expect("tick").holds_ended, 0);
        registry.credits_accept(&organiser.on(last), &in_time).await.expect("on the last day");
        assert_eq!(codes(registry.credits_accept(&organiser.on(after), &hold).await), ["hold_ended"]);
        // Eight copies of the server tick at once.
        let mut ticks = Vec::new();
        for _ in 0..8 {
            let copy = world.database.connect().await;
            ticks.push(tokio::spawn(async move { copy.clock_tick(noon(after)).await }));
        }
        for tick in ticks {
            tick.await.expect("no panic").expect("a tick");
        }
        assert_eq!(has(registry, owner).await, (all - 3, 0, 0, 0));
        let times: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM act WHERE kind = 'credits_expire'")
            .fetch_one(&mut world.database.raw().await).await.expect("acts");
        assert_eq!(times, 1);
        let view = registry.hold_get(&owner.on(after), &hold).await.expect("the hold");
        assert_eq!((view.outcome, view.ended_by), (Some(HoldOutcome::Expired), None));
        world.assert_audit_clean().await;
    }

    async fn only_the_court_that_froze_releases(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let all = has(registry, owner).await.0;
        let everything = order_form(&owner.account, &all.to_string());
        let hold = registry.credits_freeze(&operator.on(ASKED), &everything).await.expect("freeze").id;
        assert_eq!(has(registry, owner).await, (0, 0, all, 0));
        let retire = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        assert_eq!(codes(registry.credits_retire(&owner.on(ASKED), &retire).await), ["credits_insufficient"]);
        assert_eq!(codes(registry.credits_withdraw(&owner.on(ASKED), &hold, &Fields::new()).await), ["not found"]);
        assert_eq!(codes(registry.credits_cancel(&owner.on(ASKED), &hold).await), ["not found"]);
        assert_eq!(codes(registry.account_request_closing(&owner.on(ASKED), &fields(&[("ground", "dissolution"), ("reason", "解散")])).await)[0], "account_holds_credits");
        let mut other = release_form();
        other.insert("authority".to_owned(), "另一个法院".to_owned());
        assert_eq!(codes(registry.credits_release(&operator.on(ASKED), &hold, &other).await), ["authority_differs"]);
        assert_eq!(codes(registry.credits_enforce(&operator.on(ASKED), &hold, &other).await), ["authority_differs", "required"]);
        assert_eq!(codes(registry.credits_surrender(&operator.on(ASKED), &hold, &release_form()).await), ["not found"]);
        assert_eq!(codes(registry.credits_release(&operator.on(ASKED), &hold, &Fields::new()).await), ["required", "required", "reason_required"]);
        registry.credits_release(&operator.on(ASKED), &hold, &release_form()).await.expect("release");
        assert_eq!(has(registry, owner).await, (all, 0, 0, 0));
        assert_eq!(codes(registry.credits_release(&operator.on(ASKED), &hold, &release_form()).await), ["hold_ended"]);
        assert_eq!(codes(registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, &(all + 1).to_string())).await), ["credits_insufficient"]);
        let empty = codes(registry.credits_suspend(&operator.on(ASKED), &fields(&[("cancel_by", "2020-01-01")])).await);
        assert_eq!(empty.len(), 7, "{empty:?}");
        world.assert_audit_clean().await;
    }

    async fn an_order_goes_before_transfers_that_wait(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let all = has(registry, owner).await.0;
        registry.credits_move(&owner.on(ASKED), &fields(&[("from", "holding"), ("quantity", "50")])).await.expect("move");
        let first = sent(&world, "10", ASKED).await;
        let second = sent(&world, &(all - 80).to_string(), ASKED).await;
        // 20 in the general sub-account, 50 in the trading one; 75 need the newer transfer.
        let frozen = registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, "75")).await.expect("freeze");
        assert_eq!((frozen.overtaken, frozen.quantity), (1, 75));
        let ended = registry.hold_get(&owner.on(ASKED), &second).await.expect("the second");
        assert_eq!(ended.outcome, Some(HoldOutcome::Overtaken));
        let waits = registry.hold_get(&owner.on(ASKED), &first).await.expect("the first");
        assert_eq!(waits.outcome, None);
        let holdings = registry.holdings(&owner.on(ASKED)).await.expect("holdings");
        let trading: i64 = holdings.iter().map(|one| one.trading).sum();
        assert_eq!((has(registry, owner).await, trading), ((all - 135, 10, 75, 0), 50));
        registry.credits_release(&operator.on(ASKED), &frozen.id, &release_form()).await.expect("release");
        assert_eq!(has(registry, owner).await, (all - 60, 10, 0, 0));
        world.assert_audit_clean().await;
    }

    /// Who asks for a surrender of everything has not put it out of a court's reach.
    async fn an_order_goes_before_what_waits_for_surrender_last_of_all(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let all = has(registry, owner).await.0;
        let older = registry.credits_offset(&owner.on(ASKED), &offset_form("40", "1000000000")).await.expect("offset").id;
        let newer = registry.credits_offset(&owner.on(ASKED), &offset_form(&(all - 100).to_string(), "1000000000")).await.expect("offset").id;
        let transfer = sent(&world, "60", ASKED).await;
        assert_eq!(has(registry, owner).await, (0, 60, 0, 0));
        // the transfer goes first, though a request to surrender is older; and more than there is, is not there
        assert_eq!(codes(registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, &(all + 1).to_string())).await), ["credits_insufficient"]);
        let frozen = registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, "60")).await.expect("freeze");
        assert_eq!((frozen.overtaken, has(registry, owner).await), (1, (0, 0, 60, 0)));
        assert_eq!(registry.hold_get(&owner.on(ASKED), &transfer).await.expect("it").outcome, Some(HoldOutcome::Overtaken));
        assert_eq!(registry.hold_get(&owner.on(ASKED), &newer).await.expect("it").outcome, None);
        // then the newest request ends for it, whole; what the order does not need is free
        let by = operator.with_key(ASKED, "all but fifty");
        let suspended = registry.credits_suspend(&by, &order_form(&owner.account, &(all - 110).to_string())).await.expect("suspend");
        assert_eq!((suspended.overtaken, has(registry, owner).await), (1, (10, 0, all - 50, 0)));
        assert_eq!(registry.credits_suspend(&by, &order_form(&owner.account, &(all - 110).to_string())).await.expect("the first answer"), suspended);
        let ended = registry.hold_get(&owner.on(ASKED), &newer).await.expect("it");
        assert_eq!((ended.outcome, ended.allowed.len(), ended.offset_total), (Some(HoldOutcome::Overtaken), 0, Some(40)));
        let last = registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, "50")).await.expect("freeze");
        assert_eq!((last.overtaken, has(registry, owner).await), (1, (0, 0, all, 0)));
        let told = registry.notifications(&owner.on(ASKED), &PageRequest::default()).await.expect("messages");
        assert_eq!(told.rows[0].kind, "credits_freeze", "the holder is told");
        // nobody ends it again: neither the holder, who would have everything back, nor the scheme
        for hold in [&older, &newer] {
            assert_eq!(codes(registry.credits_withdraw(&owner.on(ASKED), hold, &Fields::new()).await), ["hold_ended"]);
            assert_eq!(codes(registry.credits_surrender(&operator.on(ASKED), hold, &release_form()).await), ["hold_ended"]);
            assert_eq!(codes(registry.credits_refuse_offset(&operator.on(ASKED), hold, &release_form()).await), ["hold_ended"]);
        }
        assert_eq!(has(registry, owner).await, (0, 0, all, 0));
        world.assert_audit_clean().await;
        // what is released is free, and may be asked for again: what was overtaken counts for no share
        registry.credits_release(&operator.on(ASKED), &last.id, &release_form()).await.expect("release");
        registry.credits_offset(&owner.on(ASKED), &offset_form("50", "1000")).await.expect("the share is whole");
        world.assert_audit_clean().await;
    }

    /// What the registry surrenders is retired for good: where credits need a second member, the request is that one's.
    async fn with_a_confirmer_surrender_is_asked_for_by_that_one_alone(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let form = offset_form("5", "1000");
        registry.credits_offset(&owner.on(ASKED), &form).await.expect("a single user acts directly");
        let initiator = joins(registry, owner, "initiator").await;
        let reader = joins(registry, owner, "reader").await;
        registry.credits_offset(&initiator.on(ASKED), &form).await.expect("nobody is confirmer yet");
        for who in [owner, &initiator] {
            assert_eq!(registry.offset_askers(&who.on(ASKED)).await.expect("nobody else"), None);
        }
        let confirmer = joins(registry, owner, "confirmer").await;
        let asks = vec!["演示·同事".to_owned()];
        for (who, asked_of) in [(owner, Some(&asks)), (&initiator, Some(&asks)), (&reader, Some(&asks)), (&confirmer, None)] {
            assert_eq!(registry.offset_askers(&who.on(ASKED)).await.expect("who asks").as_ref(), asked_of);
        }
        let before = has(registry, owner).await;
        for who in [owner, &initiator] {
            let refused = registry.credits_offset(&who.on(ASKED), &form).await.expect_err("four eyes").refusals().remove(0);
            assert_eq!((refused.code, refused.field), ("offset_by_confirmer", None));
        }
        assert_eq!(codes(registry.credits_offset(&reader.on(ASKED), &form).await), ["member_role_not_allowed"]);
        assert_eq!(has(registry, owner).await, before, "nothing was set aside");
        let asked = registry.credits_offset(&confirmer.on(ASKED), &form).await.expect("the confirmer");
        // the registry sees what counts together
        let view = registry.hold_get(&world.operator.on(ASKED), &asked.id).await.expect("the hold");
        assert_eq!((view.offset_due, view.offset_total), (Some(1000), Some(15)));
        world.assert_audit_clean().await;
    }

    /// Whoever could name years to come would have the share of each of them now.
    async fn a_compliance_year_that_has_not_begun_is_refused(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        let last = time::macros::date!(2026 - 12 - 31);
        let mut form = offset_form("5", "1000");
        for (year, day, accepted) in [
            ("2027", ASKED, false), ("2100", ASKED, false), ("2027", last, false), ("2020", last, false),
            ("2026", ASKED, true), ("2025", last, true), ("2027", last.next_day().expect("a day"), true),
        ] {
            form.insert("year".to_owned(), year.to_owned());
            let answer = registry.credits_offset(&owner.on(day), &form).await;
            if accepted {
                answer.expect(year);
                continue;
            }
            let refused = answer.expect_err(year).refusals().remove(0);
            assert_eq!((refused.code, refused.field.as_deref()), ("offset_year_unknown", Some("year")));
            assert_eq!(refused.param("last"), Some("2026"));
        }
        world.assert_audit_clean().await;
    }

    async fn a_judgment_gives_frozen_credits_to_somebody_else(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let hold = registry.credits_freeze(&operator.on(ASKED), &order_form(&owner.account, "9")).await.expect("freeze").id;
        // what an order can name is shown to the registry alone
        let shown = registry.account_holdings(&operator.on(ASKED), &owner.account).await.expect("holdings");
        assert_eq!((shown.account.as_str(), shown.holdings.iter().map(|one| one.frozen).sum::<i64>()), (owner.account.as_str(), 9));
        assert_eq!(shown.holdings, registry.holdings(&owner.on(ASKED)).await.expect("its own"));
        for wrong in ["", "HT-9999-9999-9", "x"] {
            let refused = registry.account_holdings(&operator.on(ASKED), wrong).await.expect_err(wrong).refusals().remove(0);
            assert_eq!((refused.code, refused.field.as_deref()), ("receiver_invalid", Some("account")));
        }
        assert_eq!(codes(registry.account_holdings(&world.organiser.on(ASKED), &owner.account).await), ["forbidden"]);
        // a class that nobody issued, or that the account never had, is no empty account
        for class in ["abc", "00000000-0000-7000-8000-000000000000"] {
            let mut order = order_form(&owner.account, "1");
            order.insert("class".to_owned(), class.to_owned());
            assert_eq!(codes(registry.credits_freeze(&operator.on(ASKED), &order).await), ["choice_invalid"]);
            assert_eq!(codes(registry.credits_suspend(&operator.on(ASKED), &order).await), ["choice_invalid"]);
        }
        let mut judgment = release_form();
        for (to, code) in [(owner.account.as_str(), "transfer_to_oneself"), ("HT-9999-9999-9", "receiver_invalid")] {
            judgment.insert("to".to_owned(), to.to_owned());
            assert_eq!(codes(registry.credits_enforce(&operator.on(ASKED), &hold, &judgment).await), [code]);
        }
        judgment.insert("to".to_owned(), world.organiser.account.clone());
        let enforced = registry.credits_enforce(&operator.on(ASKED), &hold, &judgment).await.expect("enforce");
        assert_eq!((enforced.state.as_str(), has(registry, &world.organiser).await.0), ("enforced", 9));
        let mut assign = order_form(&world.organiser.account, "4");
        assign.extend(fields(&[("to", &owner.account), ("cause", "gift")]));
        let paper = paper_file();
        assert_eq!(codes(registry.credits_assign(&operator.on(ASKED), &assign, Some(&paper)).await), ["choice_invalid"]);
        assign.insert("cause".to_owned(), "bankruptcy".to_owned());
        // without its document nothing moves
        assert_eq!(codes(registry.credits_assign(&operator.on(ASKED), &assign, None).await), ["file_missing"]);
        assert_eq!(has(registry, &world.organiser).await.0, 9);
        let by = operator.with_key(ASKED, "assign");
        registry.credits_assign(&by, &assign, Some(&paper)).await.expect("assign");
        registry.credits_assign(&by, &assign, Some(&paper)).await.expect("the first answer again");
        // who lost them is told how many, and on whose paper; who received them the same, with what was credited
        let all = PageRequest { size: 200, ..PageRequest::default() };
        for (who, debited, credited) in [(&world.organiser, Some(4), None), (owner, None, Some(4))] {
            let messages = registry.notifications(&who.on(ASKED), &all).await.expect("messages").rows;
            let told: Vec<_> = messages.into_iter().filter(|one| one.kind == "credits_assign").collect();
            assert_eq!((told.len(), told[0].debited, told[0].tonnes), (1, debited, credited));
            assert_eq!(told[0].authority.as_deref(), Some("演示市中级人民法院"));
            assert_eq!(told[0].document_number.as_deref(), Some("（2026）演01执1号"));
        }
        let other = registry::StoredFile { hash: "ef".repeat(32), ..paper.clone() };
        assert_eq!(codes(registry.credits_assign(&by, &assign, Some(&other)).await), ["key_reused"]);
        assert_eq!(has(registry, &world.organiser).await.0, 5);
        // both parties and the registry see it; its document only the receiver and the registry
        let page = PageRequest::default();
        let seen = registry.assigned_list(&operator.on(ASKED), &page).await.expect("list").rows;
        assert_eq!((seen.len(), seen[0].quantity, seen[0].cause.as_str()), (1, 4, "bankruptcy"));
        assert_eq!(registry.assigned_list(&owner.on(ASKED), &page).await.expect("list").rows, seen);
        let lost = registry.assigned_list(&world.organiser.on(ASKED), &page).await.expect("list").rows;
        assert_eq!((lost.len(), lost[0].quantity, lost[0].document_number.as_str()), (1, 4, seen[0].document_number.as_str()));
        assert!(lost[0].withheld && lost[0].file.is_none());
        assert!(registry.assigned_list(&world.verifier.on(ASKED), &page).await.expect("list").rows.is_empty());
        for (reader, may) in [(operator, true), (owner, true), (&world.organiser, false), (&world.verifier, false)] {
            let document = registry.assigned_document(&reader.on(ASKED), &seen[0].act).await;
            assert_eq!(document.is_ok_and(|file| file == paper), may);
        }
        // its hash stands in the act, and the database keeps it as it is
        let mut connection = world.database.raw().await;
        let note: String = sqlx::query_scalar("SELECT note FROM act WHERE id = $1").bind(&seen[0].act).fetch_one(&mut connection).await.expect("the act");
        assert!(note.contains(&paper.hash), "{note}");
        let refused = sqlx::query("UPDATE credit_document_file SET file_name = 'x'").execute(&mut connection).await;
        assert!(refused.expect_err("refused").to_string().contains("credit_document_file_never_updated"));
        drop(connection);
        world.assert_audit_clean().await;
    }

    async fn what_was_ordered_is_cancelled_by_the_owner_or_by_force_after_the_day(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let all = has(registry, owner).await.0;
        let plain = order_form(&owner.account, "20");
        let mut ordered = plain.clone();
        ordered.insert("cancel_by".to_owned(), ASKED.to_string());
        let after = ASKED.next_day().expect("a day");
        let unordered = registry.credits_suspend(&operator.on(ASKED), &plain).await.expect("suspend").id;
        assert_eq!(codes(registry.credits_cancel(&owner.on(ASKED), &unordered).await), ["cancel_not_ordered"]);
        assert_eq!(codes(registry.credits_force_cancel(&operator.on(after), &unordered, &release_form()).await), ["cancel_not_ordered"]);
        let by_owner = registry.credits_suspend(&operator.on(ASKED), &ordered).await.expect("suspend").id;
        assert_eq!(codes(registry.credits_force_cancel(&operator.on(ASKED), &by_owner, &release_form()).await), ["cancel_by_not_passed"]);
        let cancelled = registry.credits_cancel(&owner.on(ASKED), &by_owner).await.expect("cancel");
        let by_force = registry.credits_suspend(&operator.on(ASKED), &ordered).await.expect("suspend").id;
        let forced = registry.credits_force_cancel(&operator.on(after), &by_force, &release_form()).await.expect("force");
        for (done, purpose) in [(cancelled, "ordered"), (forced, "forced")] {
            let certificate = registry.public().certificate(&done.number.expect("a number")).await.expect("a certificate");
            assert_eq!((certificate.purpose.as_str(), certificate.quantity), (purpose, 20));
            assert_eq!(certificate.beneficiary, certificate.holder);
        }
        assert_eq!(has(registry, owner).await, (all - 60, 0, 20, 40));
        world.assert_audit_clean().await;
    }

    async fn no_more_than_the_share_of_the_allowances_due_is_surrendered(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let offset = |quantity: &str| offset_form(quantity, "1999");
        assert_eq!(codes(registry.credits_offset(&owner.on(ASKED), &offset("100")).await), ["offset_share_exceeded"]);
        let first = registry.credits_offset(&owner.on(ASKED), &offset("60")).await.expect("offset").id;
        assert_eq!(codes(registry.credits_offset(&owner.on(ASKED), &offset("40")).await), ["offset_share_exceeded"]);
        let second = registry.credits_offset(&owner.on(ASKED), &offset("39")).await.expect("offset").id;
        assert_eq!(codes(registry.credits_surrender(&owner.on(ASKED), &first, &release_form()).await), ["forbidden"]);
        let taken = registry.credits_surrender(&operator.on(ASKED), &first, &release_form()).await.expect("surrender");
        let certificate = registry.public().certificate(&taken.number.expect("a number")).await.expect("a certificate");
        assert_eq!(certificate.purpose, "national_ets");
        // the account in the scheme and the paper are nobody else's business
        assert_eq!(certificate.purpose_text, "2025");
        // who names more allowances each time has no limit
        assert_eq!(codes(registry.credits_offset(&owner.on(ASKED), &offset_form("1", "100000")).await), ["offset_due_differs"]);
        assert_eq!(codes(registry.credits_offset(&owner.on(ASKED), &offset("1")).await), ["offset_share_exceeded"]);
        registry.credits_withdraw(&owner.on(ASKED), &second, &Fields::new()).await.expect("withdraw");
        registry.credits_offset(&owner.on(ASKED), &offset("39")).await.expect("what was taken back is free again");
        // From a day on, the scheme admits only what was registered later: the rule book says so.
        let rule = fields(&[
            ("area", "time_limit"), ("document", "通知"), ("document_number", "1"), ("effective_from", "2026-04-01"), ("basis", "official_text"),
            ("reason", "理由"), ("limit", "offset_admissible"), ("value", "20260101"),
        ]);
        let change = perform(registry, Act::RulePropose, &operator.on(ASKED), "", &rule).await.expect("propose");
        let second = joins(registry, operator, "administrator").await;
        registry.rule_approve(&second.on(ASKED), change["id"].as_str().expect("an id")).await.expect("approve");
        let later = time::macros::date!(2026 - 04 - 01);
        let mut small = offset_form("1", "100000");
        small.insert("year".to_owned(), "2026".to_owned());
        assert_eq!(codes(registry.credits_offset(&owner.on(later), &small).await), ["offset_not_admissible"]);
        registry.credits_offset(&owner.on(ASKED), &small).await.expect("before that day");
        // a local market has a rule of its own
        small.insert("market".to_owned(), "local".to_owned());
        let local = registry.credits_offset(&owner.on(later), &small).await.expect("no later day was entered for local markets").id;
        let taken = registry.credits_surrender(&operator.on(later), &local, &release_form()).await.expect("surrender");
        let certificate = registry.public().certificate(&taken.number.expect("a number")).await.expect("a certificate");
        assert_eq!((certificate.purpose.as_str(), certificate.quantity), ("local_ets", 1));
        world.assert_audit_clean().await;
        // the sums that requests are held against, and the audit holds them against the requests
        let mut connection = world.database.raw().await;
        let kept: Vec<(String, i64, i64, i64)> =
            sqlx::query_as("SELECT market, year, tonnes, due FROM credit_offset_sum ORDER BY market, year").fetch_all(&mut connection).await.expect("sums");
        let expected = [("local", 2026, 1, 100_000), ("national", 2025, 99, 1999), ("national", 2026, 1, 100_000)];
        assert_eq!(kept, expected.map(|(market, year, tonnes, due)| (market.to_owned(), year, tonnes, due)));
        for (sql, expected) in [
            ("UPDATE credit_offset_sum SET tonnes = tonnes - 1 WHERE year = 2025", 1),
            ("UPDATE credit_offset_sum SET due = due + 1 WHERE year = 2026", 3),
            ("DELETE FROM credit_offset_sum", 3),
        ] {
            sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
            let found = registry.audit().await.expect("audit").differences;
            assert_eq!(found.iter().map(|one| one.check).collect::<Vec<_>>(), vec!["offset_sum"; expected], "{sql}");
        }
    }

    /// Whoever may end a hold, all at once: it ends once, and every tonne is in one place.
    async fn a_hold_ends_once_whoever_comes_at_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let all = has(&world.registry, &world.owner).await.0;
        let mut copies = Vec::new();
        for _ in 0..4 {
            copies.push(world.database.connect().await);
        }
        let rounds = rounds(25);
        let mut received = 0;
        for round in 0..rounds {
            let hold = sent(&world, "1", ASKED).await;
            let tasks: Vec<_> = [Act::CreditsAccept, Act::CreditsDecline, Act::CreditsWithdraw, Act::CreditsFreeze]
                .into_iter()
                .zip(&copies)
                .map(|(act, copy)| {
                    let (copy, hold) = (copy.clone(), hold.clone());
                    let (actor, form) = match act {
                        Act::CreditsWithdraw => (&world.owner, Fields::new()),
                        // everything there is: it needs the transfer that waits
                        Act::CreditsFreeze => (&world.operator, order_form(&world.owner.account, &(all - received).to_string())),
                        _ => (&world.organiser, Fields::new()),
                    };
                    let by = actor.on(ASKED);
                    tokio::spawn(async move { (act, perform(&copy, act, &by, &hold, &form).await) })
                })
                .collect();
            let mut ended = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    (Act::CreditsFreeze, Ok(frozen)) => {
                        ended += i32::from(frozen["overtaken"] == 1);
                        let id = frozen["id"].as_str().expect("an id");
                        world.registry.credits_release(&world.operator.on(ASKED), id, &release_form()).await.expect("release");
                    }
                    (act, Ok(_)) => {
                        ended += 1;
                        received += i64::from(act == Act::CreditsAccept);
                    }
                    (act, Err(Error::Refused(refused))) => {
                        let code = refused[0].code;
                        assert!(matches!(code, "hold_ended" | "credits_insufficient"), "{} {code}, round {round}", act.name());
                    }
                    (act, Err(error)) => panic!("{}: {error}", act.name()),
                }
            }
            assert_eq!(ended, 1, "round {round}");
            let (held, waiting, frozen, _) = has(&world.registry, &world.owner).await;
            assert_eq!((held, waiting, frozen), (all - received, 0, 0), "round {round}");
            assert_eq!(has(&world.registry, &world.organiser).await.0, received, "round {round}");
        }
        world.assert_audit_clean().await;
    }
}
