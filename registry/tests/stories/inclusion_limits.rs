//! What nobody gets without a look, what counts once whoever reports it, and whose a meter is.

use registry::{CallRow, Photo, StoredFile};
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;
use crate::inclusion_desk::all;

/// A row of a scene with these fields.
fn row(order: &str, reference: &str, scene: &str, amounts: &[(&str, &str)]) -> CallRow {
    CallRow {
        amounts: fields(amounts),
        ..untimed(order, reference, scene, "0", DAY)
    }
}

/// What became of a single row: where it stands and why.
async fn taken(world: &World, provider: &str, row: &CallRow) -> (String, String) {
    let answer = call(world, provider, DAY, std::slice::from_ref(row)).await;
    let one = answer.rows.first().expect("an answer");
    match &one.accepted {
        Some(receipt) => (
            receipt.status.code().to_owned(),
            receipt.reason.clone().unwrap_or_default(),
        ),
        None => (
            "refused".to_owned(),
            one.refused.first().map_or("", |one| &one.code).to_owned(),
        ),
    }
}

fn is(state: &str, reason: &str) -> (String, String) {
    (state.to_owned(), reason.to_owned())
}

/// A photo with a content and a look of its own.
fn photo(content: &str, look: &str) -> Photo {
    Photo {
        file: StoredFile {
            hash: content.repeat(32),
            bytes: 1000,
            media_type: "image/jpeg".to_owned(),
            file_name: "a.jpg".to_owned(),
        },
        look: Some(look.to_owned()),
    }
}

both_databases! {
    /// A provider that sends the most it may: whatever is far beyond a household waits for somebody.
    async fn no_row_counts_for_tonnes_without_a_look(database) {
        let world = World::new(database).await;
        let scenes = "rooftop_solar,cans_recycled,paper_recycled,heat_pump_water_heater,second_hand_phone";
        let provider = provider(&world, "演示什么都报", "1", scenes).await;
        let person = person(&world.registry, "演示大户").await;
        let mut references = std::collections::BTreeMap::new();
        for scene in scenes.split(',') {
            references.insert(scene, connect(&world, &person, &provider, scene).await);
        }
        let roof = |order: &str, kwh: &str, mw: &str| CallRow {
            meter: Some(format!("R-{order}")),
            ..row(order, &references["rooftop_solar"], "rooftop_solar", &[("energy_kwh", kwh), ("capacity_mw", mw)])
        };
        assert_eq!(taken(&world, &provider, &roof("million", "1000000", "5.9")).await, is("refused", "act_implausible"));
        assert_eq!(taken(&world, &provider, &roof("sun at night", "3001", "0.012")).await, is("refused", "energy_above_capacity"));
        assert_eq!(taken(&world, &provider, &roof("month", "640", "0.012")).await, is("pending", ""));
        // above a household's month: five thousand in all, and looked at
        assert_eq!(taken(&world, &provider, &roof("many roofs", "9000", "0.1")).await, is("review", "act_large"));
        let cans = |order: &str, kg: &str| row(order, &references["cans_recycled"], "cans_recycled", &[("mass_kg", kg)]);
        assert_eq!(taken(&world, &provider, &cans("ten kilograms", "10")).await, is("review", "act_large"));
        // small ones add up to the line of a day, without what has a line of its own
        let phone = CallRow { item: Some("35 693803 564380 9".to_owned()), ..row("phone", &references["second_hand_phone"], "second_hand_phone", &[]) };
        assert_eq!(taken(&world, &provider, &phone).await, is("review", "other_day"));
        let paper = |order: &str, kg: &str| row(order, &references["paper_recycled"], "paper_recycled", &[("mass_kg", kg)]);
        assert_eq!(taken(&world, &provider, &paper("a little", "1")).await, is("review", "other_day"), "what waits has its place in the sums");
        let heater = CallRow {
            meter: Some("H-1".to_owned()),
            ..row("heater", &references["heat_pump_water_heater"], "heat_pump_water_heater",
                &[("litres_per_day", "120"), ("rise_k", "35"), ("cop", "3.7"), ("days_in_use", "365")])
        };
        assert_eq!(taken(&world, &provider, &heater).await, is("pending", ""), "a year of a heat pump is one act");
        // what waits is not settled before somebody released it
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("tick");
        let held = world.registry.activities_in_review(&world.operator.on(SETTLED), &all()).await.expect("queue").rows;
        assert_eq!(held.len(), 4);
        world.assert_audit_clean().await;
    }

    async fn voiding_one_thing_leaves_the_sums_of_travel_alone(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let station = provider(&world, "演示回收站", "1", "paper_recycled").await;
        let person = person(&world.registry, "演示两样").await;
        let ways = connect(&world, &person, &transit, "metro").await;
        let paper = connect(&world, &person, &station, "paper_recycled").await;
        // 1,868 g of travel, 2,000 g is the line of a day
        assert_eq!(taken(&world, &transit, &ride("far", &ways, "metro", "40", DAY)).await, is("pending", ""));
        let paper = row("paper", &paper, "paper_recycled", &[("mass_kg", "20")]);
        let answer = call(&world, &station, DAY, &[paper]).await;
        let id = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        let about = format!("{}.{id}", person.organisation);
        let void = fields(&[("code", "not_own_act")]);
        world.registry.activity_void(&world.operator.on(DAY), &about, &void).await.expect("void");
        assert_eq!(taken(&world, &transit, &ride("near", &ways, "metro", "4", DAY)).await, is("review", "travel_day"));
        world.assert_audit_clean().await;
    }

    async fn photos_count_a_little_unseen_and_the_rest_after_a_look(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示拍照").await, person(registry, "演示也拍照").await);
        let kilograms = |kg: &str| fields(&[("scene", "paper_recycled"), ("day", "2026-03-10"), ("mass_kg", kg)]);
        // half of 219.7 g for a kilogram
        let big = registry.activity_record(&one.on(DAY), &kilograms("3"), Some(&photo("a0", "big"))).await.expect("photo");
        assert_eq!((big.mg, big.status.code(), big.reason.as_deref()), (329_550, "review", Some("photo")));
        let small = registry.activity_record(&one.on(DAY), &kilograms("1.5"), Some(&photo("a1", "small"))).await.expect("photo");
        assert_eq!((small.mg, small.status.code()), (164_775, "pending"), "494 g on this day");
        let more = registry.activity_record(&one.on(DAY), &kilograms("0.1"), Some(&photo("a2", "more"))).await.expect("photo");
        assert_eq!((more.status.code(), more.reason.as_deref()), ("review", Some("photo")), "above the line of a day");
        // the same picture in another file, from somebody else
        let again = registry.activity_record(&other.on(DAY), &kilograms("0.2"), Some(&photo("b0", "small"))).await.expect("photo");
        assert_eq!((again.status.code(), again.reason.as_deref()), ("review", Some("photo_again")));
        for number in 3..6 {
            let content = format!("a{number}");
            registry.activity_record(&one.on(DAY), &kilograms("0.1"), Some(&photo(&content, &content))).await.expect("photo");
        }
        let seventh = registry.activity_record(&one.on(DAY), &kilograms("0.1"), Some(&photo("a6", "a6"))).await;
        assert_eq!(codes(seventh), ["photo_limit"]);
        assert_eq!(registry.activity_record(&one.on(DAY), &kilograms("0.1"), None).await.expect("without").mg, 0);
        // a picture of an act that is void is none that was shown
        for (person, act) in [(&one, &small.activity), (&other, &again.activity)] {
            let (about, form) = (format!("{}.{act}", person.organisation), fields(&[("code", "evidence_false")]));
            registry.activity_void(&world.operator.on(DAY), &about, &form).await.expect("void");
        }
        let anew = registry.activity_record(&other.on(DAY), &kilograms("0.2"), Some(&photo("b1", "small"))).await.expect("photo");
        assert_eq!(anew.status.code(), "pending");
        world.assert_audit_clean().await;
    }

    /// A phone counts for who gives and for who takes it, and nobody else that year.
    async fn a_thing_counts_once_for_each_side_of_a_deal(database) {
        let world = World::new(database).await;
        let shop = provider(&world, "演示二手", "1", "second_hand_phone").await;
        let registry = &world.registry;
        let mut people = Vec::new();
        for name in ["演示卖方", "演示买方", "演示第三人"] {
            let person = person(registry, name).await;
            let reference = connect(&world, &person, &shop, "second_hand_phone").await;
            people.push((person, reference));
        }
        let deal = |order: &str, who: usize, imei: Option<&str>| CallRow {
            item: imei.map(str::to_owned),
            ..row(order, &people[who].1, "second_hand_phone", &[])
        };
        assert_eq!(taken(&world, &shop, &deal("none", 0, None)).await, is("refused", "item_required"));
        assert_eq!(taken(&world, &shop, &deal("sale", 0, Some("35-693803-564380-9"))).await, is("pending", ""));
        assert_eq!(taken(&world, &shop, &deal("both", 0, Some("356938035643809"))).await, is("refused", "object_counted"), "one person is one side");
        let answer = call(&world, &shop, DAY, &[deal("purchase", 1, Some("356938035643809"))]).await;
        let bought = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        assert_eq!(taken(&world, &shop, &deal("third", 2, Some("356938035643809"))).await, is("refused", "object_counted"));
        // one that is void makes room, and is not credited anew after another took it
        let about = format!("{}.{bought}", people[1].0.organisation);
        let by = || world.operator.on(DAY);
        registry.activity_void(&by(), &about, &fields(&[("code", "not_own_act")])).await.expect("void");
        let text = fields(&[("text", "我有订单。")]);
        registry.activity_appeal(&people[1].0.on(DAY), &bought, &text).await.expect("appeal");
        assert_eq!(taken(&world, &shop, &deal("third", 2, Some("356938035643809"))).await, is("pending", ""));
        let restore = fields(&[("code", "evidence_given")]);
        assert_eq!(codes(registry.activity_restore(&by(), &about, &restore).await), ["object_counted"]);
        world.assert_audit_clean().await;
    }

    async fn what_was_void_takes_its_thing_back_when_it_is_credited_anew(database) {
        let world = World::new(database).await;
        let shop = provider(&world, "演示二手", "1", "second_hand_phone").await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示申诉人").await, person(registry, "演示他人").await);
        let of_one = connect(&world, &one, &shop, "second_hand_phone").await;
        let of_other = connect(&world, &other, &shop, "second_hand_phone").await;
        let deal = |order: &str, reference: &str| CallRow { item: Some("490154203237518".to_owned()), ..row(order, reference, "second_hand_phone", &[]) };
        let answer = call(&world, &shop, DAY, &[deal("a", &of_one), deal("b", &of_other)]).await;
        let id = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        let (about, by) = (format!("{}.{id}", one.organisation), || world.operator.on(DAY));
        registry.activity_void(&by(), &about, &fields(&[("code", "not_own_act")])).await.expect("void");
        registry.activity_appeal(&one.on(DAY), &id, &fields(&[("text", "我有订单。")])).await.expect("appeal");
        registry.activity_restore(&by(), &about, &fields(&[("code", "evidence_given")])).await.expect("restored");
        let third = person(registry, "演示第三人").await;
        let of_third = connect(&world, &third, &shop, "second_hand_phone").await;
        assert_eq!(taken(&world, &shop, &deal("c", &of_third)).await, is("refused", "object_counted"));
        world.assert_audit_clean().await;
    }

    async fn a_bill_counts_once_a_month_whoever_pays_it(database) {
        let world = World::new(database).await;
        let desk = provider(&world, "演示缴费", "1", "utility_bill").await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示租客").await, person(registry, "演示房东").await);
        let of_one = connect(&world, &one, &desk, "utility_bill").await;
        let of_other = connect(&world, &other, &desk, "utility_bill").await;
        let bill = |order: &str, reference: &str, day: &str| CallRow {
            meter: Some(" E-100 ".to_owned()), day: Some(day.to_owned()), ..row(order, reference, "utility_bill", &[])
        };
        assert_eq!(taken(&world, &desk, &row("none", &of_one, "utility_bill", &[])).await, is("refused", "meter_required"));
        assert_eq!(taken(&world, &desk, &bill("february", &of_other, "2026-02-27")).await, is("pending", ""));
        assert_eq!(taken(&world, &desk, &bill("march", &of_one, "2026-03-02")).await, is("pending", ""));
        assert_eq!(taken(&world, &desk, &bill("march again", &of_other, "2026-03-09")).await, is("refused", "object_counted"));
        assert_eq!(taken(&world, &desk, &bill("march", &of_one, "2026-03-02")).await, is("pending", ""), "the same record again is known");
        world.assert_audit_clean().await;
    }

    async fn a_meter_passes_to_who_has_it_next(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "water_saved").await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示旧住户").await, person(registry, "演示新住户").await);
        let of_one = connect(&world, &one, &grid, "water_saved").await;
        let of_other = connect(&world, &other, &grid, "water_saved").await;
        let read = |order: &str, reference: &str, day: &str| CallRow {
            meter: Some("W-8".to_owned()), day: Some(day.to_owned()), ..row(order, reference, "water_saved", &[("water_t", "1")])
        };
        assert_eq!(taken(&world, &grid, &read("a", &of_one, "2026-03-05")).await, is("pending", ""));
        let own = registry.meters(&one.on(DAY)).await.expect("meters");
        let shown = own.iter().map(|one| (one.scene.as_str(), one.provider.as_str(), one.since.as_str())).collect::<Vec<_>>();
        assert_eq!(shown, [("water_saved", "演示供水", "2026-03-05")]);
        assert_eq!(codes(registry.meter_leave(&other.on(DAY), &own[0].id).await), ["meter_not_own"]);
        let left = registry.meter_leave(&one.on(date!(2026 - 03 - 06)), &own[0].id).await.expect("left");
        assert_eq!(left.until, "2026-03-06");
        assert_eq!(codes(registry.meter_leave(&one.on(DAY), &own[0].id).await), ["meter_not_own"]);
        // a late record of the days before is still the old one's, and nobody else's
        assert_eq!(taken(&world, &grid, &read("b", &of_other, "2026-03-06")).await, is("refused", "meter_taken"));
        assert_eq!(taken(&world, &grid, &read("c", &of_one, "2026-03-06")).await, is("pending", ""));
        assert_eq!(taken(&world, &grid, &read("d", &of_other, "2026-03-10")).await, is("pending", ""));
        assert_eq!(taken(&world, &grid, &read("e", &of_one, "2026-03-09")).await, is("refused", "meter_taken"));
        // closing an account gives its meters up as well
        let statement = fields(&[("statement", "yes")]);
        registry.person_close(&other.on(DAY), &statement).await.expect("close");
        let next = date!(2026 - 03 - 11);
        let later = CallRow { day: Some(next.to_string()), ..read("f", &of_one, "") };
        let answer = call(&world, &grid, next, &[later]).await;
        assert_eq!((answer.accepted, answer.refused), (1, 0), "{answer:?}");
        world.assert_audit_clean().await;
    }

    async fn a_meter_that_never_was_theirs_is_taken_away_with_the_act(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "water_saved").await;
        let registry = &world.registry;
        let (thief, owner) = (person(registry, "演示冒领").await, person(registry, "演示户主").await);
        let of_thief = connect(&world, &thief, &grid, "water_saved").await;
        let of_owner = connect(&world, &owner, &grid, "water_saved").await;
        let read = |order: &str, reference: &str, day: &str| CallRow {
            meter: Some("W-9".to_owned()), day: Some(day.to_owned()), ..row(order, reference, "water_saved", &[("water_t", "1")])
        };
        let answer = call(&world, &grid, DAY, &[read("a", &of_thief, "2026-03-08")]).await;
        let id = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        assert_eq!(taken(&world, &grid, &read("b", &of_owner, "2026-03-09")).await, is("refused", "meter_taken"));
        let void = fields(&[("code", "not_own_act"), ("meter", "yes")]);
        let about = format!("{}.{id}", thief.organisation);
        registry.activity_void(&world.operator.on(DAY), &about, &void).await.expect("void");
        assert!(registry.meters(&thief.on(DAY)).await.expect("meters").is_empty());
        assert_eq!(taken(&world, &grid, &read("b", &of_owner, "2026-03-09")).await, is("pending", ""));
        // the day that was claimed falsely is the owner's too, once
        assert_eq!(taken(&world, &grid, &read("c", &of_owner, "2026-03-08")).await, is("pending", ""));
        let again = call(&world, &grid, DAY, &[read("d", &of_owner, "2026-03-08")]).await;
        assert_eq!(again.rows[0].accepted.as_ref().map(|one| one.known), Some(true), "a meter gives one record a day: {again:?}");
        let replayed = call(&world, &grid, DAY, &[read("a", &of_thief, "2026-03-08")]).await;
        let replayed = replayed.rows[0].accepted.as_ref().map(|one| (one.known, one.status.code()));
        assert_eq!(replayed, Some((true, "void")), "the void record stays what it is");
        let mut raw = world.database.raw().await;
        let days: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_activity WHERE state <> 'void'").fetch_one(&mut raw).await.expect("acts");
        assert_eq!(days, 2);
        world.assert_audit_clean().await;
    }

    async fn the_day_of_a_void_act_is_given_to_another_or_credited_anew_and_not_both(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "water_saved").await;
        let registry = &world.registry;
        let (first, second) = (person(registry, "演示先到").await, person(registry, "演示后到").await);
        let of_first = connect(&world, &first, &grid, "water_saved").await;
        let of_second = connect(&world, &second, &grid, "water_saved").await;
        let by = || world.operator.on(DAY);
        let void = fields(&[("code", "not_own_act"), ("meter", "yes")]);
        let (text, restore) = (fields(&[("text", "是我家的表。")]), fields(&[("code", "evidence_given")]));
        for (meter, is_given) in [("W-1", true), ("W-2", false)] {
            let read = |order: &str, reference: &str| CallRow {
                meter: Some(meter.to_owned()), ..row(&format!("{order}-{meter}"), reference, "water_saved", &[("water_t", "1")])
            };
            let answer = call(&world, &grid, DAY, &[read("a", &of_first)]).await;
            let id = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
            let about = format!("{}.{id}", first.organisation);
            registry.activity_void(&by(), &about, &void).await.expect("void");
            registry.activity_appeal(&first.on(DAY), &id, &text).await.expect("appeal");
            if is_given {
                assert_eq!(taken(&world, &grid, &read("b", &of_second)).await, is("pending", ""));
                assert_eq!(codes(registry.activity_restore(&by(), &about, &restore).await), ["activity_duplicate"]);
                let leave = registry.meters(&second.on(DAY)).await.expect("meters").remove(0);
                registry.meter_leave(&second.on(DAY), &leave.id).await.expect("left");
            } else {
                registry.activity_restore(&by(), &about, &restore).await.expect("restored");
                assert_eq!(taken(&world, &grid, &read("b", &of_second)).await, is("refused", "activity_duplicate"));
            }
        }
        world.assert_audit_clean().await;
    }

    async fn the_day_of_a_void_act_is_given_to_one_of_many_that_ask_at_once(database) {
        let world = World::new(database).await;
        let grid = provider(&world, "演示供水", "1", "water_saved").await;
        let registry = &world.registry;
        let thief = person(registry, "演示冒领").await;
        let of_thief = connect(&world, &thief, &grid, "water_saved").await;
        let mut others = Vec::new();
        for _ in 0..4 {
            let one = person(registry, "演示合租").await;
            others.push(connect(&world, &one, &grid, "water_saved").await);
        }
        let read = |order: &str, reference: &str| CallRow {
            meter: Some("W-9".to_owned()), ..row(order, reference, "water_saved", &[("water_t", "1")])
        };
        let answer = call(&world, &grid, DAY, &[read("a", &of_thief)]).await;
        let id = answer.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        let void = fields(&[("code", "not_own_act"), ("meter", "yes")]);
        let about = format!("{}.{id}", thief.organisation);
        registry.activity_void(&world.operator.on(DAY), &about, &void).await.expect("void");
        let rows: Vec<CallRow> = others.iter().enumerate().map(|(number, reference)| read(&format!("b{number}"), reference)).collect();
        let asks = |number: usize| call(&world, &grid, DAY, &rows[number..=number]);
        let answers = tokio::join!(asks(0), asks(1), asks(2), asks(3));
        let answers = [answers.0, answers.1, answers.2, answers.3];
        assert_eq!(answers.iter().map(|one| one.accepted).sum::<u64>(), 1, "{answers:?}");
        world.assert_audit_clean().await;
    }

    async fn only_an_event_that_asks_for_grams_is_named(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示观众").await;
        let reference = connect(&world, &person, &transit, "metro").await;
        let event = campaign(&world).await;
        let to = |order: &str, event: &str| CallRow { campaign: Some(event.to_owned()), ..ride(order, &reference, "metro", "3", DAY) };
        assert_eq!(taken(&world, &transit, &to("a", "张三的婚礼 13800138000")).await, is("refused", "campaign_unknown"));
        assert_eq!(taken(&world, &transit, &to("b", &event)).await, is("pending", ""));
        let told = fields(&[("scene", "own_cup"), ("day", "2026-03-10"), ("campaign", "哪里都没有")]);
        assert_eq!(codes(world.registry.activity_record(&person.on(DAY), &told, None).await), ["campaign_unknown"]);
        let told = fields(&[("scene", "own_cup"), ("day", "2026-03-10"), ("campaign", "")]);
        world.registry.activity_record(&person.on(DAY), &told, None).await.expect("none");
        world.assert_audit_clean().await;
    }
}
