//! The same source told by attendees and by a supplier: found, decided with a reason, and counted once.

use domain::Act;
use registry::Fields;
use time::Date;

use crate::events::*;
use crate::harness::*;

/// The form as the page shows it on a day: with the lines that it shows; for what was not told twice with no lines at all.
async fn form(stage: &Stage, event: &str, day: Date, said: [&str; 3]) -> Fields {
    let [subject, counts, reason] = said;
    let shown = stage.get(event, day).await.overlaps.into_iter();
    let mut shown = shown.filter(|one| one.subject == subject);
    let lines = shown
        .next()
        .map_or_else(|| "none".to_owned(), |one| one.lines_hash);
    fields(&[
        ("subject", subject),
        ("counts", counts),
        ("reason", reason),
        ("lines", &lines),
    ])
}

both_databases! {
    /// A hotel that a supplier bills and attendees declare: no account until somebody decides, and then only one of them counts.
    async fn a_hotel_told_by_supplier_and_attendees_counts_once(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let mut profile = quick();
        profile.extend(fields(&[("nights", ""), ("rail_people", ""), ("air_people", "")]));
        let event = stage.create(&profile).await;
        let by = || organiser.on(BEFORE);
        registry.event_form_set(&by(), &event.id, &fields(&[("open", "yes")]), "a-form").await.expect("the form");
        let told = fields(&[("mode", "coach"), ("km", "30"), ("nights", "4"), ("secret", "s1")]);
        registry.event_attend(&visitor(BEFORE), None, "a-form", &told).await.expect("an answer");
        let asked = fields(&[("name", "演示会议酒店"), ("classes.lodging", "yes"), ("classes.travel", "yes")]);
        registry.event_supplier_add(&by(), &event.id, &asked, "a-hotel").await.expect("a supplier");
        for (class, activity, quantity, unit, factor) in [("lodging", "会议酒店", "6", "room_night", "hotel_china"), ("travel", "接驳大巴", "90", "pkm", "coach")] {
            let given = fields(&[
                ("line.class", class), ("line.activity", activity), ("line.quantity", quantity), ("line.unit", unit), ("line.evidence", "账单"), ("secret", "s"),
            ]);
            let line = registry.event_supply(&visitor(BEFORE), "a-hotel", &given).await.expect("a line").line;
            let accept = fields(&[("line", &line), ("decision", "accept"), ("stage", "hold"), ("factor", factor), ("quality", "invoiced")]);
            registry.event_supply_decide(&by(), &event.id, &accept).await.expect("accepted");
        }
        let seen = stage.get(&event.id, BEFORE).await;
        let subjects: Vec<_> = seen.overlaps.iter().filter(|one| one.of_supplier).map(|one| one.subject.as_str()).collect();
        assert_eq!(subjects, ["lodging", "travel:coach"]);
        let whole = seen.footprint.expect("both are counted until then").total_kg;
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_overlap_open"]);

        let decide = async |subject: &str, counts: &str, reason: &str| form(&stage, &event.id, BEFORE, [subject, counts, reason]).await;
        let mut blind = decide("lodging", "inventory", "以酒店账单为准").await;
        blind.remove("lines");
        for (form, refused) in [
            (decide("lodging", "inventory", "").await, "required"),
            (decide("lodging", "", "以酒店账单为准").await, "required"),
            (blind, "required"),
            (decide("lodging", "neither", "以酒店账单为准").await, "choice_invalid"),
            (decide("water", "inventory", "以账单为准").await, "event_overlap_gone"),
        ] {
            assert_eq!(codes(registry.event_overlap_decide(&by(), &event.id, &form).await), [refused]);
        }
        let hotel = decide("lodging", "inventory", "以酒店账单为准").await;
        assert_eq!(codes(registry.event_overlap_decide(&stage.world.owner.on(BEFORE), &event.id, &hotel).await), ["not found"]);
        let once = organiser.with_key(BEFORE, "decide once");
        let first = registry.event_overlap_decide(&once, &event.id, &hotel).await.expect("decided");
        assert_eq!(registry.event_overlap_decide(&once, &event.id, &hotel).await.expect("again"), first);
        let seen = stage.get(&event.id, BEFORE).await;
        // four nights at 53.5 kg are left out
        assert_eq!((whole - seen.footprint.expect("a footprint").total_kg).normalize().to_string(), "214");
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_overlap_open"], "the shuttle is still open");
        // another decision replaces the first: six nights instead
        registry.event_overlap_decide(&by(), &event.id, &decide("lodging", "attendees", "酒店账单含其他客人").await).await.expect("decided anew");
        assert_eq!((whole - stage.get(&event.id, BEFORE).await.footprint.expect("a footprint").total_kg).normalize().to_string(), "321");
        registry.event_overlap_decide(&by(), &event.id, &hotel).await.expect("back to the bill");
        registry.event_overlap_decide(&by(), &event.id, &decide("travel:coach", "both", "接驳与往返不同").await).await.expect("different sources");
        stage.account(&event.id, AFTER).await.expect("account");
        let seen = stage.get(&event.id, AFTER).await;
        let accounted = seen.accounted.expect("an account");
        assert_eq!(accounted.total_kg, (whole - rust_decimal::Decimal::from(214)).to_string());
        // a decision after the account needs another account
        registry.event_overlap_decide(&organiser.on(AFTER), &event.id, &hotel).await.expect("decided");
        assert_eq!(codes(stage.retire(&event.id, AFTER, "50").await), ["event_not_accounted"]);
        stage.account(&event.id, AFTER).await.expect("account");
        stage.retire(&event.id, AFTER, "50").await.expect("retire");
        stage.evaluate(&event.id, AFTER).await.expect("evaluate");
        stage.publish(&event.id, AFTER).await.expect("publish");
        let shown = stage.public(&event.number, AFTER).await;
        let decided: Vec<_> = shown.versions[0].content.overlaps.iter().map(|one| (one.subject.as_str(), one.counts.as_str())).collect();
        assert_eq!(decided, [("lodging", "inventory"), ("travel:coach", "both")]);
        assert!(!stage.get(&event.id, AFTER).await.allowed.contains(&Act::EventOverlapDecide));
        stage.world.assert_audit_clean().await;
    }

    /// A decision is about the lines it was taken on: another bill of the hotel counts, too, until it is decided again.
    async fn a_decision_holds_for_the_lines_it_was_taken_on(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let mut profile = quick();
        profile.extend(fields(&[("nights", ""), ("rail_people", ""), ("air_people", "")]));
        let event = stage.create(&profile).await;
        let by = || organiser.on(BEFORE);
        registry.event_form_set(&by(), &event.id, &fields(&[("open", "yes")]), "a-form").await.expect("the form");
        let told = fields(&[("mode", "coach"), ("km", "30"), ("nights", "4"), ("secret", "s1")]);
        registry.event_attend(&visitor(BEFORE), None, "a-form", &told).await.expect("an answer");
        let asked = fields(&[("name", "演示会议酒店"), ("classes.lodging", "yes")]);
        registry.event_supplier_add(&by(), &event.id, &asked, "a-hotel").await.expect("a supplier");
        let bill = async |activity: &str, quantity: &str| {
            let given = fields(&[
                ("line.class", "lodging"), ("line.activity", activity), ("line.quantity", quantity), ("line.unit", "room_night"), ("line.evidence", "账单"), ("secret", "s"),
            ]);
            let line = registry.event_supply(&visitor(BEFORE), "a-hotel", &given).await.expect("a line").line;
            let accept = fields(&[("line", &line), ("decision", "accept"), ("stage", "hold"), ("factor", "hotel_china"), ("quality", "invoiced")]);
            registry.event_supply_decide(&by(), &event.id, &accept).await.expect("accepted");
        };
        let total = async || stage.get(&event.id, BEFORE).await.footprint.expect("a footprint").total_kg.normalize().to_string();
        bill("会议酒店", "6").await;
        let both = total().await;
        let decide = async |counts: &str, reason: &str| form(&stage, &event.id, BEFORE, ["lodging", counts, reason]).await;
        let attendees = decide("attendees", "酒店账单含其他客人").await;
        registry.event_overlap_decide(&by(), &event.id, &attendees).await.expect("decided");
        assert_ne!(total().await, both);
        // a second bill: the decision did not know it
        bill("会议酒店加房", "2").await;
        let seen = stage.get(&event.id, BEFORE).await;
        let lodging = seen.overlaps.iter().find(|one| one.subject == "lodging").expect("told twice");
        assert!(lodging.decision.is_none() && lodging.inventory.len() == 2);
        assert_ne!(total().await, both, "all of it counts until then");
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_overlap_open"]);
        let bills = decide("inventory", "以两张账单为准").await;
        registry.event_overlap_decide(&by(), &event.id, &bills).await.expect("decided again");
        // and so is another answer
        let told = fields(&[("mode", "coach"), ("km", "30"), ("nights", "1"), ("secret", "s2")]);
        registry.event_attend(&visitor(BEFORE), None, "a-form", &told).await.expect("an answer");
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_overlap_open"]);
        // the form that was open meanwhile showed other lines: nothing is decided by it
        assert_eq!(codes(registry.event_overlap_decide(&by(), &event.id, &bills).await), ["stale_form"]);
        assert_eq!(codes(stage.account(&event.id, AFTER).await), ["event_overlap_open"]);
        let bills = decide("inventory", "以两张账单为准").await;
        registry.event_overlap_decide(&by(), &event.id, &bills).await.expect("decided again");
        stage.account(&event.id, AFTER).await.expect("account");
        stage.world.assert_audit_clean().await;
    }

    /// Somebody changes the inventory while another organiser has the form open: the choice between other lines is refused, whatever it was,
    /// and the same lines again make the form good again.
    async fn a_choice_between_lines_that_are_no_longer_so_is_refused(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let event = stage.create(&quick()).await;
        let by = || organiser.on(BEFORE);
        registry.event_form_set(&by(), &event.id, &fields(&[("open", "yes")]), "a-form").await.expect("the form");
        let told = fields(&[("mode", "coach"), ("km", "30"), ("nights", "4"), ("secret", "s1")]);
        registry.event_attend(&visitor(BEFORE), None, "a-form", &told).await.expect("an answer");
        let seen = stage.get(&event.id, BEFORE).await;
        assert!(seen.overlaps.iter().any(|one| one.subject == "lodging"), "the estimate and the answer tell of nights");
        let inventory = fields(&[("lines", &seen.inventory)]);
        let open = form(&stage, &event.id, BEFORE, ["lodging", "attendees", "以参会者填报为准"]).await;
        let changed = seen.inventory.replace(",25,room_night,", ",26,room_night,");
        assert_ne!(changed, seen.inventory);
        registry.event_inventory_save(&by(), &event.id, &fields(&[("lines", &changed)])).await.expect("other lines");
        for counts in ["attendees", "inventory", "both"] {
            let mut choice = open.clone();
            choice.insert("counts".to_owned(), counts.to_owned());
            assert_eq!(codes(registry.event_overlap_decide(&by(), &event.id, &choice).await), ["stale_form"], "{counts}");
        }
        assert!(stage.get(&event.id, BEFORE).await.overlaps.iter().all(|one| one.decision.is_none()));
        registry.event_inventory_save(&by(), &event.id, &inventory).await.expect("as it was");
        registry.event_overlap_decide(&by(), &event.id, &open).await.expect("the lines that were shown");
        stage.world.assert_audit_clean().await;
    }
}
