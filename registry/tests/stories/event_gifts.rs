//! What persons gave to an event: grams become tonnes, tonnes neutralise it on a line of their own, once, and nobody else.

use domain::Role;
use registry::{CallRow, Fields};
use time::Date;
use time::macros::date;

use crate::events::*;
use crate::harness::*;
use crate::inclusion::*;

/// The batch is issued, and the events are over.
const ISSUED_ON: Date = date!(2026 - 03 - 25);

/// Forty people collect clothes, each 35,840 g; `campaign`: the event that their way led to. They give all of it to a call.
async fn forty_give(stage: &Stage, provider: &str, to: &str, campaign: Option<&str>) {
    let world = &stage.world;
    let mut people = Vec::new();
    for number in 0..40 {
        let person = person(&world.registry, "演示居民").await;
        let reference = connect(world, &person, provider, "old_clothes").await;
        assign(world, &person).await;
        let row = CallRow {
            amounts: fields(&[("mass_kg", "28")]),
            campaign: campaign.map(str::to_owned),
            ..ride(
                &format!("{to}-{number}"),
                &reference,
                "old_clothes",
                "0",
                DAY,
            )
        };
        let answer = call(world, provider, DAY, &[row]).await;
        assert_eq!(answer.accepted, 1, "{answer:?}");
        people.push(person);
    }
    let_count(world, DAY).await;
    world
        .registry
        .inclusion_tick(noon(SETTLED))
        .await
        .expect("settle");
    let form = fields(&[("campaign", to), ("points", "35840")]);
    for person in &people {
        world
            .registry
            .gift_give(&person.on(SETTLED), &form)
            .await
            .expect("gift");
    }
}

/// Everything that was given becomes one batch of the organiser.
async fn issue(stage: &Stage) {
    let (world, registry) = (&stage.world, stage.registry());
    let body = world.verifier.organisation.to_string();
    let form = fields(&[
        ("region", "CN-GD"),
        ("period_start", "2026-03-01"),
        ("period_end", "2026-03-31"),
        ("holder", &world.organiser.account),
        ("vvb", &body),
        ("recognition", "provincial"),
        ("recognition_title", "演示认可文件"),
        ("recognition_number", "演示〔2026〕1号"),
        ("recognised_by", "演示省级主管部门"),
        ("recognised_on", "2026-01-30"),
        ("exclusive", "yes"),
        ("statement", "未在其他机制主张"),
    ]);
    let batch = registry
        .batch_freeze(&world.operator.on(SETTLED), &form)
        .await
        .expect("freeze");
    let opinion = fields(&[
        ("checked", "yes"),
        ("independent", "yes"),
        ("opinion", "抽样复算一致。"),
    ]);
    registry
        .batch_assess(&world.verifier.on(SETTLED), &batch.id, &opinion)
        .await
        .expect("assess");
    let issued = registry
        .batch_issue(&second_operator(world).await.on(ISSUED_ON), &batch.id)
        .await
        .expect("issue");
    assert_eq!(issued.tonnes, Some(2), "2.8672 t less the deduction");
}

fn march() -> Fields {
    let mut form = quick();
    form.extend(fields(&[
        ("starts_on", "2026-03-20"),
        ("ends_on", "2026-03-21"),
    ]));
    form
}

fn call_form(event: &str) -> Fields {
    fields(&[
        ("title", "演示马拉松"),
        ("target_kg", "1500"),
        ("closes_on", "2026-12-31"),
        ("event", event),
    ])
}

both_databases! {
    /// One act retires credits and a tonne of gifts: each is a line of its own. The gift serves its event only, and a trip to the event never
    /// serves it.
    async fn gifts_neutralise_their_event_on_a_line_of_their_own(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let (one, other) = (stage.create(&march()).await, stage.create(&march()).await);
        let rival = sign_up(registry, "演示另一主办方", Role::EventOrganiser).await;
        let theirs = registry.event_create(&rival.on(BEFORE), &march()).await.expect("create").id;
        // a call is for an event of one's own, once
        assert_eq!(codes(registry.campaign_open(&organiser.on(SETTLED), &call_form(&theirs)).await), ["campaign_event_unfit"]);
        let to_one = registry.campaign_open(&organiser.on(SETTLED), &call_form(&one.id)).await.expect("a call").id;
        assert_eq!(codes(registry.campaign_open(&organiser.on(SETTLED), &call_form(&one.id)).await), ["campaign_event_unfit"]);
        let to_other = registry.campaign_open(&organiser.on(SETTLED), &call_form(&other.id)).await.expect("a call").id;
        let shown = registry.campaigns(noon(SETTLED)).await.expect("calls");
        assert!(shown.iter().any(|call| call.event.as_deref() == Some(one.number.as_str())));
        let provider = provider(&stage.world, "演示旧衣回收", "1", "old_clothes").await;
        forty_give(&stage, &provider, &to_one, None).await;
        // these came to the first event and give to the second
        forty_give(&stage, &provider, &to_other, Some(&one.number)).await;
        issue(&stage).await;

        let third = stage.create(&march()).await;
        for event in [&one, &other, &third] {
            stage.account(&event.id, ISSUED_ON).await.expect("account");
        }
        let seen = stage.get(&one.id, ISSUED_ON).await;
        let gifts = seen.gifts.expect("gifts");
        assert_eq!((gifts.issued_tonnes, stage.get(&other.id, ISSUED_ON).await.gifts.expect("gifts").issued_tonnes), (1, 0));
        let needed = seen.accounted.expect("account").tonnes;
        let holdings = registry.holdings(&organiser.on(ISSUED_ON)).await.expect("holdings");
        let inclusion = holdings.iter().find(|held| held.class.to_string() != stage.class).expect("the tonnes").class.to_string();
        let form = |credits: i64, given: i64| {
            fields(&[
                (&format!("class.{}", stage.class), &credits.to_string()),
                (&format!("class.{inclusion}"), &given.to_string()),
                ("statement", "yes"),
            ])
        };
        let by = || organiser.on(ISSUED_ON);
        // the first tonne is the gift to the first event; the second one, which leaves the block first, holds grams of trips to it
        assert_eq!(codes(registry.event_retire(&by(), &other.id, &form(needed - 2, 2)).await), ["event_gift_of_another"]);
        for given in [1, 2] {
            assert_eq!(codes(registry.event_retire(&by(), &one.id, &form(needed - given, given)).await), ["event_unit_own_trips"]);
        }
        let held = registry.holdings(&by()).await.expect("holdings");
        assert_eq!(held.iter().map(|held| held.held).sum::<i64>(), 202, "all or nothing");
        // the tonne that is no whole gift is carbon inclusion as any other
        registry.event_retire(&by(), &other.id, &form(needed - 1, 1)).await.expect("the other tonne");
        let units = stage.get(&other.id, ISSUED_ON).await.units;
        let lines: Vec<_> = units.iter().map(|unit| (unit.kind.as_str(), unit.tonnes)).collect();
        assert_eq!(lines, [("ccer", needed - 1), ("inclusion", 1)]);
        assert!(units[1].recognised_by.contains("省级") && units[1].project.contains("P910001"), "{units:?}");
        let once = organiser.with_key(ISSUED_ON, "retire the gift");
        let first = registry.event_retire(&once, &one.id, &form(needed - 1, 1)).await.expect("retire");
        assert_eq!(registry.event_retire(&once, &one.id, &form(needed - 1, 1)).await.expect("again"), first);
        let units = stage.get(&one.id, ISSUED_ON).await.units;
        let lines: Vec<_> = units.iter().map(|unit| (unit.kind.as_str(), unit.tonnes, unit.not_counted.is_none())).collect();
        assert_eq!(lines, [("ccer", needed - 1, true), ("gift", 1, true)]);
        assert_eq!(units[0].reference, units[1].reference, "one certificate");
        assert_eq!(registry.public().certificate(&units[0].reference).await.expect("certificate").quantity, needed);
        // the number of that retirement serves no other event, under no kind
        for kind in ["ccer", "inclusion", "gift"] {
            let again = fields(&[("kind", kind), ("reference", &units[0].reference)]);
            assert_eq!(codes(stage.unit(&third.id, ISSUED_ON, &again).await), ["event_retirement_names_other"], "{kind}");
        }
        stage.evaluate(&one.id, ISSUED_ON).await.expect("evaluate");
        stage.publish(&one.id, ISSUED_ON).await.expect("publish");
        let shown = stage.public(&one.number, ISSUED_ON).await;
        let content = &shown.versions[0].content;
        assert_eq!((content.counted_tonnes, content.units.len()), (needed, 2));
        // a neutralised event asks for nothing more
        assert_eq!(codes(registry.campaign_open(&by(), &call_form(&one.id)).await), ["campaign_event_unfit"]);
        stage.world.assert_audit_clean().await;
    }

    /// Of several blocks of a class the organiser chooses which are retired; without a choice the lowest numbers go first. What is not held as
    /// it was shown is refused, and nothing is retired.
    async fn an_organiser_chooses_the_blocks_that_are_retired(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let more = fields(&[("to", &organiser.account), ("class", &stage.class), ("quantity", "100")]);
        registry.credits_transfer(&stage.world.owner.on(AFTER), &more).await.expect("another block");
        let (one, other) = (stage.create(&quick()).await, stage.create(&quick()).await);
        for event in [&one, &other] {
            stage.account(&event.id, AFTER).await.expect("account");
        }
        let by = || organiser.on(AFTER);
        let blocks = registry.event_blocks(&by(), &one.id).await.expect("blocks");
        assert_eq!(blocks.iter().map(|block| (block.tonnes, block.given)).collect::<Vec<_>>(), [(100, 0), (200, 0)]);
        let chosen = &blocks[1];
        let form = |tonnes: &str, numbers: &str| {
            fields(&[
                (&format!("class.{}", stage.class), tonnes),
                (&format!("block.{}.{numbers}", stage.class), "yes"),
                ("statement", "yes"),
            ])
        };
        let numbers = format!("{}-{}", chosen.start, chosen.end);
        let cut = format!("{}-{}", chosen.start, chosen.end - 1);
        for (tonnes, numbers, refused) in [
            ("201", &numbers, "credits_insufficient"),
            ("", &numbers, "required"),
            ("60", &cut, "stale_form"),
            ("60", &"1-5".to_owned(), "stale_form"),
        ] {
            assert_eq!(codes(registry.event_retire(&by(), &one.id, &form(tonnes, numbers)).await), [refused], "{tonnes} of {numbers}");
        }
        let once = organiser.with_key(AFTER, "retire the chosen block");
        let first = registry.event_retire(&once, &one.id, &form("60", &numbers)).await.expect("retire");
        assert_eq!(registry.event_retire(&once, &one.id, &form("60", &numbers)).await.expect("again"), first);
        let unit = &stage.get(&one.id, AFTER).await.units[0];
        assert!(unit.project.ends_with(&format!("-{}-{}", chosen.end - 59, chosen.end)), "{}", unit.project);
        // the block is another one now: who chose it before sees so
        assert_eq!(codes(registry.event_retire(&by(), &other.id, &form("60", &numbers)).await), ["stale_form"]);
        stage.retire(&other.id, AFTER, "60").await.expect("the lowest numbers");
        let unit = &stage.get(&other.id, AFTER).await.units[0];
        assert!(unit.project.ends_with(&format!("-{}-{}", blocks[0].end - 59, blocks[0].end)), "{}", unit.project);
        assert!(matches!(registry.event_blocks(&stage.world.owner.on(AFTER), &one.id).await, Err(registry::Error::NotFound)));
        stage.world.assert_audit_clean().await;
    }

    /// A cancelled call leaves its event free: everything goes back, the page says so, and another call may follow. Trips that named the
    /// cancelled call stay trips to the event: they are given to no call of it.
    async fn a_cancelled_call_leaves_its_event_free_for_another(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let event = stage.create(&march()).await;
        let by = || organiser.on(SETTLED);
        let first = registry.campaign_open(&by(), &call_form(&event.id)).await.expect("a call").id;
        let provider = provider(&stage.world, "演示旧衣回收", "1", "old_clothes").await;
        let giver = person(registry, "演示居民").await;
        let traveller = person(registry, "演示参会居民").await;
        for (one, campaign) in [(&giver, None), (&traveller, Some(first.clone()))] {
            let reference = connect(&stage.world, one, &provider, "old_clothes").await;
            assign(&stage.world, one).await;
            let row = ride(&reference, &reference, "old_clothes", "0", DAY);
            let row = CallRow { amounts: fields(&[("mass_kg", "5")]), campaign, ..row };
            assert_eq!(call(&stage.world, &provider, DAY, &[row]).await.accepted, 1);
        }
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let gift = |to: &str| fields(&[("campaign", to), ("points", "1000")]);
        registry.gift_give(&giver.on(SETTLED), &gift(&first)).await.expect("gift");
        assert_eq!(stage.get(&event.id, SETTLED).await.gifts.expect("gifts").waiting_mg, 1_000_000);

        let once = organiser.with_key(SETTLED, "cancel the call");
        let cancelled = registry.campaign_cancel(&once, &first).await.expect("cancel");
        assert_eq!(registry.campaign_cancel(&once, &first).await.expect("again"), cancelled);
        let gifts = stage.get(&event.id, SETTLED).await.gifts.expect("what happened is told");
        assert_eq!((gifts.is_cancelled, gifts.waiting_mg, gifts.issued_tonnes), (true, 0, 0));
        assert!(registry.gifts(&giver.on(SETTLED)).await.expect("gifts")[0].is_returned);
        assert_eq!(codes(registry.gift_give(&giver.on(SETTLED), &gift(&first)).await), ["campaign_over"]);

        // both at once: one of them is the call of the event
        let form = call_form(&event.id);
        let (here, there) = (by(), by());
        let (one, other) = tokio::join!(registry.campaign_open(&here, &form), registry.campaign_open(&there, &form));
        let second = match (one, other) {
            (Ok(call), Err(refused)) | (Err(refused), Ok(call)) => {
                assert_eq!(refused.refusals()[0].code, "campaign_event_unfit");
                call.id
            }
            both => panic!("one call at a time: {both:?}"),
        };
        let gifts = stage.get(&event.id, SETTLED).await.gifts.expect("the second call");
        assert!(!gifts.is_cancelled);
        registry.gift_give(&giver.on(SETTLED), &gift(&second)).await.expect("given anew");
        assert_eq!(codes(registry.gift_give(&traveller.on(SETTLED), &gift(&second)).await), ["grams_insufficient"], "a trip to the event");
        assert_eq!(stage.get(&event.id, SETTLED).await.gifts.expect("gifts").waiting_mg, 1_000_000);
        // a retirement that waits for its confirming member holds no event: it names one once it is done
        registry.campaign_cancel(&by(), &second).await.expect("cancel");
        registry.campaign_open(&by(), &call_form(&event.id)).await.expect("a third call");
        stage.world.assert_audit_clean().await;
    }

    /// A retirement of this ledger is no unit of another registry: typed in as one it would serve a second event, or keep its owner from using it.
    async fn a_retirement_of_this_ledger_is_never_typed_in(database) {
        let stage = Stage::new(database).await;
        let registry = stage.registry();
        let rival = sign_up(registry, "演示另一主办方", Role::EventOrganiser).await;
        let one = stage.create(&quick()).await;
        let theirs = registry.event_create(&rival.on(BEFORE), &quick()).await.expect("create").id;
        stage.account(&one.id, AFTER).await.expect("account");
        registry.event_account(&rival.on(AFTER), &theirs).await.expect("account");
        let form = fields(&[
            ("class", &stage.class),
            ("quantity", "9"),
            ("purpose", "event"),
            ("beneficiary", "演示赛事组委会"),
            ("beneficiary_kind", "organisation"),
            ("purpose_text", &format!("捐赠予 {}", one.number)),
        ]);
        let number = registry.credits_retire(&stage.world.owner.on(AFTER), &form).await.expect("retire").number;
        let spelled = [number.clone(), number.to_lowercase(), number.replace('-', " "), format!("注销编号 {number}")];
        for kind in ["allowance", "other_mechanism", "new_forest"] {
            for reference in &spelled {
                let refused = registry.event_unit_add(&rival.on(AFTER), &theirs, &unit(kind, reference, "9")).await.expect_err("refused");
                let told: Vec<_> = refused.refusals().into_iter().map(|one| (one.code, one.field)).collect();
                assert_eq!(told, [("event_unit_of_ledger", Some("reference".to_owned()))], "{kind} {reference}");
            }
        }
        // as carbon inclusion it is looked up, with other words it is refused
        assert_eq!(codes(registry.event_unit_add(&rival.on(AFTER), &theirs, &unit("inclusion", &number, "9")).await), ["event_retirement_unfit"]);
        assert_eq!(codes(registry.event_unit_add(&rival.on(AFTER), &theirs, &unit("inclusion", &spelled[3], "9")).await), ["event_unit_of_ledger"]);
        // nor are tonnes of this ledger, named by their serial numbers
        for serials in ["HT-P910001-2026-1-9", "惠碳 ht a210001 2024 1–9"] {
            let theirs_too = registry.event_unit_add(&rival.on(AFTER), &theirs, &unit("inclusion", serials, "9")).await;
            assert_eq!(codes(theirs_too), ["event_unit_of_ledger"], "{serials}");
        }
        for named in ["HUITAN", " huitan ", "ＨＵＩＴＡＮ", "惠碳平台", "Huitan registry"] {
            let mut here = unit("allowance", "A 1-20", "20");
            here.insert("registry".to_owned(), named.to_owned());
            assert_eq!(codes(registry.event_unit_add(&rival.on(AFTER), &theirs, &here).await), ["event_unit_of_ledger"], "{named}");
        }
        stage.unit(&one.id, AFTER, &fields(&[("kind", "ccer"), ("reference", &number)])).await.expect("nobody took its place");
        stage.world.assert_audit_clean().await;
    }

    /// What persons gave to an event serves no claim of neutrality: neither by retiring for the claim nor by naming a retirement.
    async fn gifts_to_an_event_serve_no_claim_of_neutrality(database) {
        let stage = Stage::new(database).await;
        let (registry, organiser) = (stage.registry(), &stage.world.organiser);
        let event = stage.create(&march()).await;
        let to_event = registry.campaign_open(&organiser.on(SETTLED), &call_form(&event.id)).await.expect("a call").id;
        let to_none = registry.campaign_open(&organiser.on(SETTLED), &call_form("")).await.expect("a call").id;
        let provider = provider(&stage.world, "演示旧衣回收", "1", "old_clothes").await;
        forty_give(&stage, &provider, &to_event, None).await;
        forty_give(&stage, &provider, &to_none, None).await;
        issue(&stage).await;
        let by = || organiser.on(ISSUED_ON);
        let holdings = registry.holdings(&by()).await.expect("holdings");
        let inclusion = holdings.iter().find(|held| held.class.to_string() != stage.class).expect("the tonnes").class.to_string();
        let claim = fields(&[
            ("kind", "organisation"),
            ("name", "演示科技有限公司（总部）"),
            ("starts_on", "2024-01-01"),
            ("ends_on", "2024-12-31"),
            ("footprint", "2"),
            ("standard", "iso14064"),
            ("verified", "self"),
            ("boundary", "运行控制权；范围一、范围二"),
        ]);
        let claim = registry.neutral_create(&by(), &claim).await.expect("a claim");
        let tonnes = |tonnes: &str| fields(&[(&format!("class.{inclusion}"), tonnes), ("statement", "yes")]);
        let refused = registry.neutral_retire(&by(), &claim.id, &tonnes("2")).await.expect_err("the first tonne is a gift").refusals();
        assert_eq!(refused[0].code, "event_gift_of_another");
        let held = registry.holdings(&by()).await.expect("holdings");
        assert_eq!(held.iter().map(|held| held.held).sum::<i64>(), 202, "all or nothing");
        // the second tonne, which leaves the block first, is no whole gift
        registry.neutral_retire(&by(), &claim.id, &tonnes("1")).await.expect("the other tonne");
        let form = fields(&[
            ("class", &inclusion),
            ("quantity", "1"),
            ("purpose", "organisation"),
            ("beneficiary", "演示科技有限公司"),
            ("beneficiary_kind", "organisation"),
            ("purpose_text", &format!("碳中和 {}", claim.number)),
        ]);
        let number = registry.credits_retire(&by(), &form).await.expect("retire").number;
        let named = registry.neutral_retirement_add(&by(), &claim.id, &fields(&[("reference", &number)])).await;
        assert_eq!(codes(named), ["event_gift_of_another"]);
        assert_eq!(registry.neutral_get(&by(), &claim.id).await.expect("the claim").units.len(), 1);
        stage.world.assert_audit_clean().await;
    }
}
