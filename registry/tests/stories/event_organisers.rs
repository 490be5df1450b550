//! Several organisers of one event: who may ask, answer, work, leave and be removed, and what never becomes theirs.

use std::sync::Arc;

use domain::{Act, Role};
use registry::{Error, EventReceipt, Fields, PageRequest};
use tokio::sync::Barrier;

use crate::events::*;
use crate::harness::*;

/// The organisations of the stories: the owner of the event is `organiser`, the owner of the project is asked.
async fn invite(stage: &Stage, event: &str, named: &str) -> Result<EventReceipt, Error> {
    let form = fields(&[("organisation", named)]);
    let by = stage.world.organiser.on(BEFORE);
    stage
        .registry()
        .event_organiser_invite(&by, event, &form)
        .await
}

async fn answer(
    stage: &Stage,
    actor: &Actor,
    event: &str,
    with: &str,
) -> Result<EventReceipt, Error> {
    let form = fields(&[("answer", with)]);
    stage
        .registry()
        .event_organiser_answer(&actor.on(BEFORE), event, &form)
        .await
}

async fn end(
    stage: &Stage,
    actor: &Actor,
    event: &str,
    account: &str,
) -> Result<EventReceipt, Error> {
    let form = fields(&[("organisation", account)]);
    stage
        .registry()
        .event_organiser_end(&actor.on(BEFORE), event, &form)
        .await
}

fn a_line(activity: &str) -> Fields {
    fields(&[
        ("line.stage", "hold"),
        ("line.activity", activity),
        ("line.quantity", "100"),
        ("line.unit", "kWh"),
        ("line.factor", "grid_province"),
        ("line.quality", "invoiced"),
    ])
}

both_databases! {
    /// Asked by number or name, accepted, works on the data, never retires or publishes, and is named with the result.
    async fn organisers_work_together_and_the_owner_answers_for_the_result(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (lead, other) = (&stage.world.organiser, &stage.world.owner);
        let event = stage.create(&quick()).await;
        let line = a_line("分会场用电");
        // who is meant
        for (named, refused) in [("", "required"), ("HT-0000-0000-0", "event_organiser_unknown"), ("没有这个单位", "event_organiser_unknown")] {
            assert_eq!(codes(invite(&stage, &event.id, named).await), [refused], "{named}");
        }
        assert_eq!(codes(invite(&stage, &event.id, &lead.account).await), ["event_organiser_twice"]);
        assert_eq!(codes(invite(&stage, &event.id, &stage.world.validator.account).await), ["event_organiser_unknown"], "a body has no events");
        assert_eq!(codes(answer(&stage, other, &event.id, "accept").await), ["not found"], "nobody asked");
        assert_eq!(codes(registry.event_organisers(&other.on(BEFORE), &event.id).await), ["not found"]);
        let themselves = registry.event_organiser_invite(&other.on(BEFORE), &event.id, &fields(&[("organisation", &other.account)])).await;
        assert_eq!(codes(themselves), ["not found"], "nobody names themselves");
        // a name that two have is not enough
        for name in ["演示同名单位", "演示同名单位"] {
            sign_up(registry, name, Role::EventOrganiser).await;
        }
        assert_eq!(codes(invite(&stage, &event.id, "演示同名单位").await), ["event_organiser_ambiguous"]);
        let alone = sign_up(registry, "演示独名单位", Role::EventOrganiser).await;
        invite(&stage, &event.id, "演示独名单位").await.expect("by its whole name");
        assert_eq!(codes(answer(&stage, &alone, &event.id, "perhaps").await), ["choice_invalid"]);
        answer(&stage, &alone, &event.id, "decline").await.expect("declined");
        assert_eq!(codes(answer(&stage, &alone, &event.id, "accept").await), ["event_organiser_answered"]);

        invite(&stage, &event.id, &other.account).await.expect("by its number");
        assert_eq!(codes(invite(&stage, &event.id, &other.account).await), ["event_organiser_twice"]);
        assert_eq!(registry.event_invitations(&other.on(BEFORE)).await.expect("asked")[0].id, event.id);
        // asked is not accepted
        assert_eq!(codes(registry.event_get(&other.on(BEFORE), &event.id).await), ["not found"]);
        assert_eq!(codes(registry.event_inventory_save(&other.on(BEFORE), &event.id, &line).await), ["not found"]);
        let seen = registry.event_organisers(&other.on(BEFORE), &event.id).await.expect("its own line");
        assert_eq!((seen.others.len(), seen.others[0].own, seen.is_owner), (1, true, false));
        let told = registry.notifications(&other.on(BEFORE), &PageRequest { after: None, size: 20 }).await.expect("messages");
        assert!(told.rows.iter().any(|message| message.kind == Act::EventOrganiserInvite.name()), "it is told");
        answer(&stage, other, &event.id, "accept").await.expect("accepted");
        assert!(registry.event_invitations(&other.on(BEFORE)).await.expect("asked").is_empty());
        let list = registry.event_list(&other.on(BEFORE), &PageRequest { after: None, size: 20 }).await.expect("list");
        assert!(list.rows.iter().any(|row| row.id == event.id));

        // plan, inventory and suppliers are theirs, too
        registry.event_inventory_save(&other.on(BEFORE), &event.id, &line).await.expect("a line");
        let mut plan = stage.get(&event.id, BEFORE).await.fields;
        plan.insert("measures".to_owned(), "共享班车".to_owned());
        registry.event_save(&other.on(BEFORE), &event.id, &plan).await.expect("the plan");
        let asked = fields(&[("name", "演示会展中心"), ("classes.electricity", "yes")]);
        registry.event_supplier_add(&other.on(BEFORE), &event.id, &asked, "their-supplier").await.expect("a supplier");
        registry.event_form_set(&other.on(BEFORE), &event.id, &fields(&[("open", "yes")]), "their-form").await.expect("the form");
        assert_eq!(registry.event_suppliers(&lead.on(BEFORE), &event.id).await.expect("suppliers").len(), 1);
        // what is answered for in public is not
        let none = fields(&[("reason", "理由"), ("statement", "yes")]);
        let by = || other.on(BEFORE);
        assert_eq!(codes(registry.event_plan_publish(&by(), &event.id).await), ["not found"]);
        assert_eq!(codes(registry.event_withdraw(&by(), &event.id, &none).await), ["not found"]);
        assert_eq!(codes(invite(&stage, &event.id, &other.account).await), ["event_organiser_twice"]);
        registry.event_plan_publish(&lead.on(BEFORE), &event.id).await.expect("the owner publishes");
        assert_eq!(stage.public(&event.number, BEFORE).await.organisers, ["演示海上风电有限公司"], "named with the plan");
        let by = || other.on(AFTER);
        assert_eq!(codes(registry.event_account(&by(), &event.id).await), ["not found"]);
        stage.account(&event.id, AFTER).await.expect("account");
        let seen = registry.event_get(&by(), &event.id).await.expect("everything is seen");
        assert!(!seen.own && !seen.allowed.contains(&Act::EventRetire) && seen.allowed.contains(&Act::EventInventorySave));
        let needed = seen.accounted.expect("account").tonnes;
        assert_eq!(codes(registry.event_retire(&by(), &event.id, &none).await), ["not found"]);
        assert_eq!(codes(registry.event_unit_add(&by(), &event.id, &unit("allowance", "A 1", "20")).await), ["not found"]);
        stage.retire(&event.id, AFTER, &needed.to_string()).await.expect("retire");
        let declare = fields(&[("evaluation", "self"), ("evaluation_text", "声明"), ("statement", "yes")]);
        assert_eq!(codes(registry.event_evaluate(&by(), &event.id, &declare).await), ["not found"]);
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        assert_eq!(codes(registry.event_publish(&by(), &event.id).await), ["not found"]);
        stage.publish(&event.id, AFTER).await.expect("publish");
        let shown = stage.public(&event.number, AFTER).await;
        assert_eq!(shown.versions[0].content.organisers, ["演示海上风电有限公司"]);
        // once published nobody comes or goes
        assert_eq!(codes(end(&stage, other, &event.id, "").await), ["event_organisers_fixed"]);
        assert_eq!(codes(end(&stage, lead, &event.id, &other.account).await), ["event_organisers_fixed"]);
        assert_eq!(codes(invite(&stage, &event.id, &alone.account).await), ["event_organisers_fixed"]);
        stage.world.assert_audit_clean().await;
    }

    /// Leaving and being removed end what was allowed; the same key gives the same answer; asked again it may begin anew.
    async fn an_organiser_leaves_or_is_removed_before_publication(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (lead, other) = (&stage.world.organiser, &stage.world.owner);
        let stranger = sign_up(registry, "演示路人单位", Role::EventOrganiser).await;
        let event = stage.create(&quick()).await;
        invite(&stage, &event.id, &other.account).await.expect("asked");
        let accept = fields(&[("answer", "accept")]);
        let once = other.with_key(BEFORE, "accept once");
        let first = registry.event_organiser_answer(&once, &event.id, &accept).await.expect("accepted");
        assert_eq!(registry.event_organiser_answer(&once, &event.id, &accept).await.expect("again"), first);
        let decline = fields(&[("answer", "decline")]);
        assert_eq!(codes(registry.event_organiser_answer(&once, &event.id, &decline).await), ["key_reused"], "the same key with another answer");
        // strangers, and organisers among themselves
        assert_eq!(codes(end(&stage, &stranger, &event.id, &other.account).await), ["not found"]);
        assert_eq!(codes(end(&stage, other, &event.id, &other.account).await), ["event_organiser_unknown"], "only the owner removes by number");
        assert_eq!(codes(end(&stage, lead, &event.id, "").await), ["event_organiser_unknown"], "the owner does not leave");
        assert_eq!(codes(end(&stage, lead, &event.id, &stranger.account).await), ["event_organiser_unknown"]);
        end(&stage, other, &event.id, "").await.expect("left");
        assert_eq!(codes(registry.event_get(&other.on(BEFORE), &event.id).await), ["not found"]);
        assert_eq!(codes(end(&stage, other, &event.id, "").await), ["not found"]);
        invite(&stage, &event.id, &other.account).await.expect("asked again");
        end(&stage, lead, &event.id, &other.account).await.expect("taken back before the answer");
        assert_eq!(codes(answer(&stage, other, &event.id, "accept").await), ["event_organiser_answered"]);
        invite(&stage, &event.id, &other.account).await.expect("asked again");
        answer(&stage, other, &event.id, "accept").await.expect("accepted");
        end(&stage, lead, &event.id, &other.account).await.expect("removed");
        let line = a_line("分会场用电");
        assert_eq!(codes(registry.event_inventory_save(&other.on(BEFORE), &event.id, &line).await), ["not found"]);
        let states: Vec<_> = registry.event_organisers(&lead.on(BEFORE), &event.id).await.expect("organisers").others.into_iter().map(|one| one.state).collect();
        assert_eq!(states, ["removed"]);
        // an event that was given up takes nobody in
        registry.event_withdraw(&lead.on(BEFORE), &event.id, &fields(&[("reason", "取消")])).await.expect("given up");
        assert_eq!(codes(invite(&stage, &event.id, &other.account).await), ["event_organisers_fixed"]);
        stage.world.assert_audit_clean().await;
    }

    /// The answer and the removal meet on two copies of the server: one of them is what is true, and the other is told.
    async fn an_answer_and_a_removal_at_once_have_one_outcome(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (lead, other) = (&stage.world.organiser, &stage.world.owner);
        let copies = [stage.world.database.connect().await, stage.world.database.connect().await];
        for round in 0..6 {
            let event = stage.create(&quick()).await;
            invite(&stage, &event.id, &other.account).await.expect("asked");
            let barrier = Arc::new(Barrier::new(2));
            let accepting = {
                let (copy, barrier, by, event) = (copies[0].clone(), barrier.clone(), other.on(BEFORE), event.id.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    copy.event_organiser_answer(&by, &event, &fields(&[("answer", "decline")])).await
                })
            };
            let removing = {
                let (copy, by, event) = (copies[1].clone(), lead.on(BEFORE), event.id.clone());
                let form = fields(&[("organisation", other.account.as_str())]);
                tokio::spawn(async move {
                    barrier.wait().await;
                    copy.event_organiser_end(&by, &event, &form).await
                })
            };
            let (answered, removed) = (accepting.await.expect("no panic"), removing.await.expect("no panic"));
            let state = registry.event_organisers(&lead.on(BEFORE), &event.id).await.expect("organisers").others[0].state.clone();
            match (answered.is_ok(), removed.is_ok()) {
                (true, false) => assert_eq!((state.as_str(), codes(removed)), ("declined", vec!["event_organiser_answered".to_owned()]), "round {round}"),
                (false, true) => assert_eq!((state.as_str(), codes(answered)), ("removed", vec!["event_organiser_answered".to_owned()]), "round {round}"),
                both => panic!("round {round}: {both:?}"),
            }
        }
        stage.world.assert_audit_clean().await;
    }

    /// Once the owner has retired for the event, nobody else sends it back; once the plan is public, nobody else gives it another name. The
    /// owner is told of what the others did.
    async fn organisers_leave_to_the_owner_what_the_owner_answers_for(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let (lead, other) = (&stage.world.organiser, &stage.world.owner);
        let event = stage.create(&quick()).await;
        invite(&stage, &event.id, &other.account).await.expect("asked");
        answer(&stage, other, &event.id, "accept").await.expect("accepted");
        registry.event_inventory_save(&other.on(BEFORE), &event.id, &a_line("分会场用电")).await.expect("a line");
        let page = || PageRequest { after: None, size: 50 };
        let told = registry.notifications(&lead.on(BEFORE), &page()).await.expect("messages").rows;
        let saved = |rows: &[registry::Notification]| rows.iter().filter(|message| message.kind == Act::EventInventorySave.name()).count();
        assert_eq!(saved(&told), 1, "the owner is told");
        registry.event_inventory_save(&lead.on(BEFORE), &event.id, &a_line("主会场用电")).await.expect("a line");
        let told = registry.notifications(&lead.on(BEFORE), &page()).await.expect("messages").rows;
        assert_eq!(saved(&told), 1, "not of its own acts");

        let mut plan = stage.get(&event.id, BEFORE).await.fields;
        registry.event_plan_publish(&lead.on(BEFORE), &event.id).await.expect("the plan");
        registry.event_save(&other.on(AFTER), &event.id, &plan).await.expect("the same name");
        plan.insert("name".to_owned(), "演示另一个名称".to_owned());
        assert_eq!(codes(registry.event_save(&other.on(AFTER), &event.id, &plan).await), ["event_owner_only"]);
        registry.event_save(&lead.on(AFTER), &event.id, &plan).await.expect("the owner names it");

        stage.account(&event.id, AFTER).await.expect("account");
        let needed = stage.get(&event.id, AFTER).await.accounted.expect("account").tonnes;
        stage.retire(&event.id, AFTER, &needed.to_string()).await.expect("retire");
        let late = a_line("遗漏的用电");
        assert_eq!(codes(registry.event_inventory_save(&other.on(AFTER), &event.id, &late).await), ["event_owner_only"]);
        let decide = fields(&[("subject", "lodging"), ("counts", "both"), ("reason", "不同来源"), ("lines", "0f")]);
        assert_eq!(codes(registry.event_overlap_decide(&other.on(AFTER), &event.id, &decide).await), ["event_owner_only"]);
        assert!(registry.event_get(&other.on(AFTER), &event.id).await.expect("seen").allowed.is_empty());
        let seen = stage.get(&event.id, AFTER).await;
        assert!(seen.allowed.contains(&Act::EventEvaluate) && seen.accounted.expect("account").current, "nothing has moved");
        registry.event_inventory_save(&lead.on(AFTER), &event.id, &late).await.expect("the owner may");
        stage.world.assert_audit_clean().await;
    }
}
