//! Registry accounts: opening, change, restriction, closing; members; and orders that a second member confirms.

use domain::account::{AccountState, ApplicationKind, MemberRole};
use domain::{Act, Role};
use registry::{Error, Fields, Registry, SessionRow, TransferredCredits, Visitor};
use time::macros::date;

use crate::harness::*;

fn why() -> Fields {
    fields(&[("reason", "理由")])
}

fn transfer(to: &Actor, quantity: &str) -> Fields {
    fields(&[("to", &to.account), ("quantity", quantity)])
}

async fn state_of(registry: &Registry, actor: &Actor) -> AccountState {
    registry
        .account_get(&actor.on(DAY_ONE))
        .await
        .expect("account")
        .state
}

both_databases! {
    /// Guards G5 and R11, registration rules art. 5 and 7.
    async fn without_an_open_account_one_drafts_and_nothing_more(database) {
        let mut world = World::new(database).await;
        let holder = world.owner.clone();
        world.owner = sign_up_only(&world.registry, "演示新业主", Role::ProjectOwner).await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        assert_eq!(state_of(registry, owner).await, AccountState::None);
        let (none, yes) = (Fields::new(), fields(&[("statement", "yes")]));
        let project = world.project_drafted(DAY_ONE).await;
        registry.project_request_mandate(&owner.on(DAY_ONE), &project, &none).await.expect("a body may look at it");
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &fields(&[("contract", "1"), ("impartiality", "yes")])).await.expect("confirm");
        let publicity = async || codes(registry.project_request_publicity(&owner.on(DAY_ONE), &project, &yes).await);
        assert_eq!(publicity().await, ["account_not_active"]);
        assert_eq!(codes(registry.credits_transfer(&owner.on(DAY_ONE), &transfer(&holder, "1")).await), ["account_state_does_not_allow"]);

        // the application, with everything that is wrong said at once
        let refused = registry.account_apply(&owner.on(DAY_ONE), &none).await;
        assert_eq!(codes(refused).len(), 10);
        let form = account_form(Role::ProjectOwner);
        let receipt = registry.account_apply(&owner.on(DAY_ONE), &form).await.expect("apply");
        assert_eq!(receipt.account_state, AccountState::InReview);
        assert_eq!(codes(registry.account_apply(&owner.on(DAY_ONE), &form).await), ["account_state_does_not_allow"]);
        assert_eq!(publicity().await, ["account_not_active"]);
        let seen = registry.account_of(&operator.on(DAY_ONE), &owner.organisation).await.expect("operator");
        // received on Monday 2025-03-03: day 1 is Tuesday, day 15 is Monday 2025-03-24
        assert_eq!((seen.applications[0].due_on.as_deref(), seen.applications[0].working_days_left), (Some("2025-03-24"), Some(15)));
        assert_eq!(seen.allowed, [Act::AccountApprove, Act::AccountRefuse]);
        let list = registry.account_waiting(&operator.on(DAY_ONE)).await.expect("list");
        assert_eq!((&list[0].organisation, list[0].waiting), (&owner.organisation, Some(ApplicationKind::Opening)));

        // refused with reasons, handed in again, opened
        assert_eq!(codes(registry.account_refuse(&operator.on(DAY_ONE), &receipt.id, &none).await), ["reason_required"]);
        registry.account_refuse(&operator.on(DAY_ONE), &receipt.id, &why()).await.expect("refuse");
        assert_eq!(state_of(registry, owner).await, AccountState::Refused);
        let view = registry.account_get(&owner.on(DAY_ONE)).await.expect("account");
        assert_eq!((view.applications[0].decision_reason.as_deref(), &view.applications[0].decider), (Some("理由"), &None));
        let again = registry.account_apply(&owner.on(DAY_ONE), &form).await.expect("apply again");
        for decided in [registry.account_approve(&operator.on(DAY_ONE), &receipt.id).await, registry.account_refuse(&operator.on(DAY_ONE), &receipt.id, &why()).await] {
            assert_eq!(codes(decided), ["account_application_decided"]);
        }
        registry.account_approve(&operator.on(DAY_ONE), &again.id).await.expect("open");
        let view = registry.account_get(&owner.on(DAY_ONE)).await.expect("account");
        assert_eq!((view.state, view.opened_at), (AccountState::Open, Some(noon(DAY_ONE))));
        assert_eq!(view.data.map(|data| data.confirmer).as_deref(), Some("演示·确认"));
        registry.project_request_publicity(&owner.on(DAY_ONE), &project, &yes).await.expect("publicity");
        world.assert_audit_clean().await;
    }

    async fn the_registry_reads_all_accounts_in_pages_that_begin_after_a_key(database) {
        let world = World::new(database).await;
        let (registry, operator) = (&world.registry, world.operator.on(DAY_ONE));
        let everything = registry.account_list(&operator, &registry::PageRequest { after: None, size: 200 }).await.expect("all");
        assert!(everything.rows.len() > 2 && everything.next.is_none());
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = registry.account_list(&operator, &registry::PageRequest { after, size: 2 }).await.expect("page");
            seen.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, everything.rows);
    }

    async fn a_foreign_organisation_sees_and_decides_nothing(database) {
        let world = World::new(database).await;
        let (registry, owner) = (&world.registry, &world.owner);
        let receipt = registry.account_change(&owner.on(DAY_ONE), &changed("李四")).await.expect("change");
        for other in [&world.organiser, &world.validator] {
            assert_eq!(codes(registry.account_of(&other.on(DAY_ONE), &owner.organisation).await), ["not found"]);
            assert_eq!(codes(registry.account_waiting(&other.on(DAY_ONE)).await), ["forbidden"]);
            assert_eq!(codes(registry.account_list(&other.on(DAY_ONE), &registry::PageRequest::default()).await), ["forbidden"]);
            assert_eq!(codes(registry.account_approve(&other.on(DAY_ONE), &receipt.id).await), ["forbidden"]);
            assert_eq!(codes(registry.account_restrict(&other.on(DAY_ONE), &owner.organisation, &why()).await), ["forbidden"]);
            assert_eq!(codes(registry.member_remove(&other.on(DAY_ONE), &owner.user).await), ["not found"]);
            assert_eq!(codes(registry.member_change_role(&other.on(DAY_ONE), &owner.user, &fields(&[("member_role", "reader")])).await), ["not found"]);
        }
        let invitation = registry.member_invite(&owner.on(DAY_ONE), &fields(&[("email", "x@demo.example"), ("member_role", "reader")]), "secret").await.expect("invite");
        assert_eq!(codes(registry.member_revoke_invitation(&world.organiser.on(DAY_ONE), &invitation.id).await), ["not found"]);
    }

    /// Registration rules art. 8.
    async fn a_change_keeps_before_and_after_and_a_late_one_is_marked(database) {
        let world = World::new(database).await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let day = date!(2025 - 04 - 14);
        let mut same = account_form(Role::ProjectOwner);
        same.insert("changed_on".to_owned(), "2025-04-14".to_owned());
        assert_eq!(codes(registry.account_change(&owner.on(day), &same).await), ["nothing_changed"]);
        let mut future = changed("李四");
        future.insert("changed_on".to_owned(), "2025-04-15".to_owned());
        assert_eq!(codes(registry.account_change(&owner.on(day), &future).await), ["day_to_come"]);
        let mut form = changed("李四");
        form.insert("name".to_owned(), "演示海上风电集团".to_owned());
        let receipt = registry.account_change(&owner.on(day), &form).await.expect("change");
        assert_eq!(codes(registry.account_change(&owner.on(day), &changed("王五")).await), ["account_application_waits"]);
        assert_eq!(registry.organisation_get(&owner.on(day), &owner.organisation).await.expect("own").name, "演示海上风电有限公司", "not before the decision");
        registry.account_approve(&operator.on(day), &receipt.id).await.expect("approve");
        let view = registry.account_get(&owner.on(day)).await.expect("account");
        let change = &view.applications[0];
        let name = |data: &Option<domain::account::AccountData>| data.as_ref().map(|data| (data.name.clone(), data.initiator.clone()));
        assert_eq!(name(&change.before), Some(("演示海上风电有限公司".to_owned(), "演示·发起".to_owned())));
        assert_eq!(name(&change.after), Some(("演示海上风电集团".to_owned(), "李四".to_owned())));
        assert_eq!((change.is_late, view.name.as_str(), view.state), (true, "演示海上风电集团", AccountState::Open), "changed on 2025-03-03");
        let mut timely = changed("王五");
        timely.insert("changed_on".to_owned(), "2025-04-10".to_owned());
        let receipt = registry.account_change(&owner.on(day), &timely).await.expect("change");
        registry.account_refuse(&operator.on(day), &receipt.id, &why()).await.expect("refuse");
        let view = registry.account_get(&owner.on(day)).await.expect("account");
        assert_eq!((view.applications[0].is_late, view.data.map(|data| data.initiator).as_deref()), (false, Some("李四")));
        world.assert_audit_clean().await;
    }

    /// Registration rules art. 10.
    async fn a_restricted_account_does_nothing_until_it_is_restored(database) {
        let world = World::new(database).await;
        let (_, held) = world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        let restrict = fields(&[("ground", "change_unreported"), ("reason", "法定代表人已变更")]);
        assert_eq!(codes(registry.account_restrict(&operator.on(ISSUED), &owner.organisation, &Fields::new()).await), ["required", "reason_required"]);
        registry.account_restrict(&operator.on(ISSUED), &owner.organisation, &restrict).await.expect("restrict");
        assert_eq!(codes(registry.account_restrict(&operator.on(ISSUED), &owner.organisation, &restrict).await), ["account_state_does_not_allow"]);
        assert_eq!(codes(registry.account_restrict(&operator.on(ISSUED), &operator.organisation, &restrict).await), ["not found"]);
        let stopped = ["account_state_does_not_allow"];
        assert_eq!(codes(registry.credits_transfer(&owner.on(ISSUED), &transfer(&world.organiser, "1")).await), stopped);
        let retire = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        assert_eq!(codes(registry.credits_retire(&owner.on(ISSUED), &retire).await), stopped);
        assert_eq!(codes(registry.project_create(&owner.on(ISSUED), &design(&world.validator)).await), stopped);
        assert_eq!(codes(registry.account_request_closing(&owner.on(ISSUED), &closing()).await), stopped);
        let view = registry.account_get(&owner.on(ISSUED)).await.expect("account");
        assert_eq!((view.applications[0].ground.as_deref(), view.applications[0].reason.as_deref()), (Some("change_unreported"), Some("法定代表人已变更")));
        assert_eq!(view.allowed, [Act::AccountChange, Act::AccountRequestRestore]);
        // nobody sends credits to it either
        restricts(&world, &world.organiser).await;
        let second = sign_up(registry, "演示另一业主", Role::ProjectOwner).await;
        assert_eq!(codes(registry.credits_transfer(&second.on(ISSUED), &transfer(&world.organiser, "1")).await), ["receiver_invalid"]);
        let found = registry.account_lookup(&second.on(ISSUED), &world.organiser.account).await.expect("found");
        assert!(!found.may_hold_credits);

        let receipt = registry.account_request_restore(&owner.on(ISSUED), &why()).await.expect("ask");
        registry.account_refuse(&operator.on(ISSUED), &receipt.id, &why()).await.expect("refuse");
        assert_eq!(state_of(registry, owner).await, AccountState::Restricted);
        let receipt = registry.account_request_restore(&owner.on(ISSUED), &why()).await.expect("ask again");
        registry.account_approve(&operator.on(ISSUED), &receipt.id).await.expect("restore");
        let moved = registry.credits_transfer(&owner.on(ISSUED), &transfer(&second, "1")).await.expect("it can be used again");
        assert!(held > 1 && moved.quantity == 1);
        world.assert_audit_clean().await;
    }

    async fn credits_are_not_issued_into_an_account_that_is_not_open(database) {
        let world = World::new(database).await;
        let project = world.project_registered().await;
        let report = world.report_registered(&project).await;
        restricts(&world, &world.owner).await;
        let issue = world.registry.report_issue(&world.operator.on(ISSUED), &report, &Fields::new()).await;
        assert_eq!(codes(issue), ["owner_account_cannot_receive"]);
    }

    /// Registration rules art. 11.
    async fn closing_comes_after_the_business_and_is_for_good(database) {
        let world = World::new(database).await;
        let (_, _) = world.credits_issued().await;
        let (registry, owner, operator) = (&world.registry, &world.owner, &world.operator);
        registry.project_create(&owner.on(ISSUED), &design(&world.validator)).await.expect("a draft");
        let refused = codes(registry.account_request_closing(&owner.on(ISSUED), &closing()).await);
        assert_eq!(refused, ["account_holds_credits", "account_has_open_records"]);
        let leaver = sign_up(registry, "演示退出者", Role::EventOrganiser).await;
        let receipt = registry.account_request_closing(&leaver.on(ISSUED), &closing()).await.expect("apply");
        assert_eq!(receipt.account_state, AccountState::Closing);
        let stopped = ["account_state_does_not_allow"];
        assert_eq!(codes(registry.credits_transfer(&leaver.on(ISSUED), &transfer(owner, "1")).await), stopped, "unusable during");
        assert_eq!(codes(registry.credits_transfer(&owner.on(ISSUED), &transfer(&leaver, "1")).await), ["receiver_invalid"]);
        registry.account_refuse(&operator.on(ISSUED), &receipt.id, &why()).await.expect("refuse");
        assert_eq!(state_of(registry, &leaver).await, AccountState::Open);
        let receipt = registry.account_request_closing(&leaver.on(ISSUED), &closing()).await.expect("apply");
        registry.account_approve(&operator.on(ISSUED), &receipt.id).await.expect("close");
        assert_eq!(state_of(registry, &leaver).await, AccountState::Closed);
        let apply = registry.account_apply(&leaver.on(ISSUED), &account_form(Role::EventOrganiser)).await;
        assert_eq!(codes(apply), stopped, "closed for good");
        assert_eq!(codes(registry.member_invite(&leaver.on(ISSUED), &fields(&[]), "t").await), stopped);
        world.assert_audit_clean().await;
    }

    async fn an_invitation_is_accepted_once_and_only_while_it_lasts(database) {
        let world = World::new(database).await;
        let (registry, owner) = (&world.registry, &world.owner);
        let form = fields(&[("email", " NEW@demo.example"), ("member_role", "reader")]);
        let invite = async |token: &str| registry.member_invite(&owner.on(DAY_ONE), &form, token).await;
        let accept = async |token: &str, seconds: i64| {
            let visitor = Visitor { at: noon(DAY_ONE).plus_seconds(seconds), key: key() };
            registry.member_accept(&visitor, token, &fields(&[("name", "新人")]), "hash").await
        };
        invite("first").await.expect("invite");
        let second = invite("second").await.expect("invite again");
        assert_eq!((second.email.as_str(), second.organisation_name.as_str()), ("new@demo.example", "演示海上风电有限公司"));
        assert_eq!(codes(accept("first", 0).await), ["invitation_invalid"], "the newest link counts");
        assert_eq!(codes(accept("second", 7 * 24 * 3600).await), ["invitation_invalid"], "over");
        assert_eq!(codes(accept("unknown", 0).await), ["invitation_invalid"]);
        assert_eq!(registry.invitation_get("second", noon(DAY_ONE)).await.expect("read").map(|one| one.id), Some(second.id.clone()));
        // two copies of the server at once
        let (one, other) = (world.database.connect().await, world.database.connect().await);
        let tasks = [one, other].map(|copy| {
            let visitor = Visitor { at: noon(DAY_ONE), key: key() };
            tokio::spawn(async move { copy.member_accept(&visitor, "second", &fields(&[("name", "新人")]), "hash").await })
        });
        let mut accepted = 0;
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(_) => accepted += 1,
                refused => assert_eq!(codes(refused), ["invitation_invalid"]),
            }
        }
        assert_eq!(accepted, 1);
        let list = registry.member_list(&owner.on(DAY_ONE)).await.expect("members");
        assert_eq!((list.members.len(), list.invitations.len(), list.own_role), (2, 0, MemberRole::Administrator));
        assert_eq!(codes(invite("third").await), ["email_taken"]);
        let other = fields(&[("email", "other@demo.example"), ("member_role", "king")]);
        assert_eq!(codes(registry.member_invite(&owner.on(DAY_ONE), &other, "t").await), ["choice_invalid"]);
        // only a hash is kept
        let stored: Vec<String> = sqlx::query_scalar("SELECT token_hash FROM invitation").fetch_all(&mut world.database.raw().await).await.expect("hashes");
        assert!(stored.iter().all(|hash| hash.len() == 64 && !hash.contains("second")));
    }

    async fn a_removed_member_is_out_at_once_and_an_administrator_stays(database) {
        let world = World::new(database).await;
        let (registry, owner) = (&world.registry, &world.owner);
        let reader = joins(registry, owner, "reader").await;
        let draft = registry.project_create(&reader.on(DAY_ONE), &design(&world.validator)).await;
        assert_eq!(codes(draft), ["member_role_not_allowed"]);
        assert_eq!(codes(registry.member_remove(&reader.on(DAY_ONE), &owner.user).await), ["member_role_not_allowed"]);
        let role = |role: &str| fields(&[("member_role", role)]);
        assert_eq!(codes(registry.member_change_role(&owner.on(DAY_ONE), &owner.user, &role("reader")).await), ["last_administrator"]);
        assert_eq!(codes(registry.member_remove(&owner.on(DAY_ONE), &owner.user).await), ["last_administrator"]);
        registry.member_change_role(&owner.on(DAY_ONE), &reader.user, &role("administrator")).await.expect("promote");
        let session = SessionRow { id: "s".to_owned(), user: Some(reader.user.clone()), data: "{}".to_owned(), expires: noon(DAY_ONE).plus_seconds(100) };
        registry.session_save(&session).await.expect("a session");
        registry.user_create_token(&reader.on(DAY_ONE), &fields(&[("name", "程序")]), "token hash").await.expect("a token");
        let email = registry.user_get(&reader.user).await.expect("read").expect("there").email;
        registry.member_remove(&owner.on(DAY_ONE), &reader.user).await.expect("remove");
        assert_eq!(registry.session_load("s", noon(DAY_ONE)).await.expect("load"), None);
        assert_eq!(registry.token_user("token hash", noon(DAY_ONE)).await.expect("read"), None);
        assert_eq!(registry.user_get(&reader.user).await.expect("read"), None);
        assert!(registry.user_by_email(&email).await.expect("read").is_none());
        assert_eq!(codes(registry.project_create(&reader.on(DAY_ONE), &design(&world.validator)).await), ["forbidden"], "an open page does not help");
        let invitation = fields(&[("email", &email), ("member_role", "initiator")]);
        registry.member_invite(&owner.on(DAY_ONE), &invitation, "again").await.expect("the address is free again");
        // two administrators remove each other at once: one stays
        let second = joins(registry, owner, "administrator").await;
        let (one, other) = (world.database.connect().await, world.database.connect().await);
        let pairs = [(one, owner.on(DAY_ONE), second.user.clone()), (other, second.on(DAY_ONE), owner.user.clone())];
        let tasks = pairs.map(|(copy, by, member)| tokio::spawn(async move { copy.member_remove(&by, &member).await }));
        let mut removed = 0;
        for task in tasks {
            removed += usize::from(task.await.expect("no panic").is_ok());
        }
        assert_eq!(removed, 1);
    }

    /// Dual control: the initiating and the confirming representative (opening guide).
    async fn with_a_confirmer_credits_move_only_after_a_second_member_confirms(database) {
        let world = World::new(database).await;
        let (_, held) = world.credits_issued().await;
        let (registry, owner, organiser) = (&world.registry, &world.owner, &world.organiser);
        let direct = registry.credits_transfer(&owner.on(ISSUED), &transfer(organiser, "1")).await.expect("a single user acts directly");
        assert_eq!((direct.order, direct.serials.len()), (None, 1));
        let initiator = joins(registry, owner, "initiator").await;
        let confirmer = joins(registry, owner, "confirmer").await;
        assert!(registry.member_list(&owner.on(ISSUED)).await.expect("members").four_eyes);
        let balance = async || registry.holdings(&owner.on(ISSUED)).await.expect("holdings").iter().map(|one| one.held).sum::<i64>();
        let before = balance().await;
        assert!(before >= held - 1);
        let place = async |by: &Actor, quantity: &str| registry.credits_transfer(&by.on(ISSUED), &transfer(organiser, quantity)).await;
        assert_eq!(codes(place(&initiator, &(before + 1).to_string()).await), ["credits_insufficient"], "checked when initiated");
        assert_eq!(codes(place(&confirmer, "5").await), ["member_role_not_allowed"]);
        let TransferredCredits { order, serials, quantity, .. } = place(&initiator, "10").await.expect("an order");
        let order = order.expect("it waits");
        assert_eq!((serials.len(), quantity, balance().await), (0, 10, before), "nothing moved");

        // who may decide
        for (who, reason) in [(&initiator, "member_role_not_allowed"), (owner, "member_role_not_allowed"), (organiser, "not found")] {
            assert_eq!(codes(registry.credits_confirm(&who.on(ISSUED), &order).await), [reason]);
        }
        let foreign = joins(registry, organiser, "confirmer").await;
        assert_eq!(codes(registry.credits_confirm(&foreign.on(ISSUED), &order).await), ["not found"]);
        assert_eq!(codes(registry.credits_reject(&foreign.on(ISSUED), &order, &why()).await), ["not found"]);
        let list = registry.order_list(&initiator.on(ISSUED)).await.expect("orders");
        assert_eq!((list[0].state.as_str(), list[0].allowed.as_slice()), ("waiting", [Act::CreditsReject].as_slice()));
        assert!(registry.order_list(&foreign.on(ISSUED)).await.expect("orders").is_empty());
        // even an initiator who became confirmer since does not confirm the own order
        let swap = |role: &str| fields(&[("member_role", role)]);
        registry.member_change_role(&owner.on(ISSUED), &initiator.user, &swap("confirmer")).await.expect("change");
        assert_eq!(codes(registry.credits_confirm(&initiator.on(ISSUED), &order).await), ["order_four_eyes"]);
        registry.member_change_role(&owner.on(ISSUED), &initiator.user, &swap("initiator")).await.expect("change back");

        // confirmed, exactly once, and the same key again gives the first answer
        let by = confirmer.on(ISSUED);
        let done = registry.credits_confirm(&by, &order).await.expect("confirm");
        assert_eq!((done.state.as_str(), done.serials.len(), balance().await), ("confirmed", 1, before - 10));
        assert_eq!(registry.credits_confirm(&by, &order).await.expect("the first answer"), done);
        assert_eq!(codes(registry.credits_confirm(&confirmer.on(ISSUED), &order).await), ["order_decided"]);
        assert_eq!(codes(registry.credits_reject(&initiator.on(ISSUED), &order, &why()).await), ["order_decided"]);

        // rejected and withdrawn
        let rejected = place(&initiator, "20").await.expect("an order").order.expect("it waits");
        assert_eq!(codes(registry.credits_reject(&confirmer.on(ISSUED), &rejected, &Fields::new()).await), ["reason_required"]);
        assert_eq!(codes(registry.credits_reject(&owner.on(ISSUED), &rejected, &why()).await), ["member_role_not_allowed"]);
        assert_eq!(registry.credits_reject(&confirmer.on(ISSUED), &rejected, &why()).await.expect("reject").state, "rejected");
        let withdrawn = place(&initiator, "20").await.expect("an order").order.expect("it waits");
        assert_eq!(registry.credits_reject(&initiator.on(ISSUED), &withdrawn, &why()).await.expect("withdraw").state, "withdrawn");
        assert_eq!(balance().await, before - 10);

        // overspending: two orders for everything; the second is refused when it is confirmed, and goes on waiting
        let all = balance().await.to_string();
        let one = place(&initiator, &all).await.expect("an order").order.expect("it waits");
        let other = place(&initiator, &all).await.expect("an order").order.expect("it waits");
        registry.credits_confirm(&confirmer.on(ISSUED), &one).await.expect("the first");
        assert_eq!(codes(registry.credits_confirm(&confirmer.on(ISSUED), &other).await), ["credits_insufficient"]);
        assert_eq!(registry.order_list(&confirmer.on(ISSUED)).await.expect("orders")[0].id, other);
        registry.credits_reject(&confirmer.on(ISSUED), &other, &why()).await.expect("reject");

        // the four eyes are not ended by one: the last confirmer stays, and one of two may go
        assert_eq!(codes(registry.member_remove(&owner.on(ISSUED), &confirmer.user).await), ["last_confirmer"]);
        assert_eq!(codes(registry.member_change_role(&owner.on(ISSUED), &confirmer.user, &swap("reader")).await), ["last_confirmer"]);
        let second = joins(registry, owner, "confirmer").await;
        registry.member_remove(&owner.on(ISSUED), &second.user).await.expect("one of two");

        // a retirement, by the organiser, who has a confirmer too
        let retire = fields(&[("quantity", "7"), ("purpose", "voluntary"), ("beneficiary", "演示受益人"), ("beneficiary_kind", "organisation")]);
        let waits = registry.credits_retire(&organiser.on(ISSUED), &retire).await.expect("an order");
        assert_eq!((waits.number.as_str(), waits.quantity), ("", 7));
        assert!(registry.public().retirements(None, &registry::PageRequest::default()).await.expect("list").rows.is_empty());
        let done = registry.credits_confirm(&foreign.on(ISSUED), &waits.order.expect("it waits")).await.expect("confirm");
        let number = done.number.expect("a certificate");
        assert_eq!(registry.public().certificate(&number).await.expect("public").beneficiary, "演示受益人");
        world.assert_audit_clean().await;
    }

    async fn two_confirmers_at_once_confirm_once(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner, organiser) = (&world.registry, &world.owner, &world.organiser);
        let confirmers = [joins(registry, owner, "confirmer").await, joins(registry, owner, "confirmer").await];
        let copies = [world.database.connect().await, world.database.connect().await];
        for round in 1..=10 {
            let order = registry.credits_transfer(&owner.on(ISSUED), &transfer(organiser, "3")).await.expect("an order").order.expect("it waits");
            let tasks: Vec<_> = confirmers.iter().zip(&copies).map(|(confirmer, copy)| {
                let (copy, by, order) = (copy.clone(), confirmer.on(ISSUED), order.clone());
                tokio::spawn(async move { copy.credits_confirm(&by, &order).await })
            }).collect();
            let mut confirmed = 0;
            for task in tasks {
                match task.await.expect("no panic") {
                    Ok(_) => confirmed += 1,
                    refused => assert_eq!(codes(refused), ["order_decided"]),
                }
            }
            let received: i64 = registry.holdings(&organiser.on(ISSUED)).await.expect("holdings").iter().map(|one| one.held).sum();
            assert_eq!((confirmed, received), (1, round * 3));
        }
        world.assert_audit_clean().await;
    }

    /// The tables themselves refuse what the acts would never write.
    async fn the_database_keeps_four_eyes_on_orders(database) {
        let world = World::new(database).await;
        world.credits_issued().await;
        let (registry, owner) = (&world.registry, &world.owner);
        joins(registry, owner, "confirmer").await;
        registry.credits_transfer(&owner.on(ISSUED), &transfer(&world.organiser, "3")).await.expect("an order");
        let mut raw = world.database.raw().await;
        let own = "INSERT INTO credit_order_decision (order_id, initiated_by, outcome, decided_by, decided_at, act_id) \
                   SELECT id, initiated_by, 'confirmed', initiated_by, 1, act_id FROM credit_order";
        let refused = sqlx::query(own).execute(&mut raw).await.expect_err("four eyes");
        assert!(refused.to_string().contains("credit_order_decision_four_eyes"), "{refused}");
        for (sql, name) in [("UPDATE credit_order SET quantity = 9", "credit_order_never_updated"), ("DELETE FROM credit_order", "credit_order_never_deleted")] {
            let refused = sqlx::query(sql).execute(&mut raw).await.expect_err(sql);
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }
}

/// The harness's application with another initiator, changed on the first day.
fn changed(initiator: &str) -> Fields {
    let mut form = account_form(Role::ProjectOwner);
    form.insert("initiator".to_owned(), initiator.to_owned());
    form.insert("changed_on".to_owned(), DAY_ONE.to_string());
    form
}

fn closing() -> Fields {
    fields(&[
        ("ground", "dissolution"),
        ("reason", "解散"),
        ("confirm", "yes"),
    ])
}

async fn restricts(world: &World, actor: &Actor) {
    let form = fields(&[("ground", "other_breach"), ("reason", "演示")]);
    let restricted = world
        .registry
        .account_restrict(&world.operator.on(ISSUED), &actor.organisation, &form)
        .await;
    assert!(
        !matches!(restricted, Err(Error::Refused(_))),
        "{restricted:?}"
    );
}
