//! The personal carbon account: the vectors of the specification, every gram counted once, and what the database refuses by itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use domain::Instant;
use domain::inclusion::Place;
use registry::{ActivityStatus, CallAnswer, CallRow, Error, Fields, Registry, StoredFile, Visitor};
use sqlx::{AssertSqlSafe, Connection as _};
use time::Date;
use time::macros::date;
use tokio::sync::Barrier;

use crate::harness::*;

/// The day of most acts: a Tuesday.
pub const DAY: Date = date!(2026 - 03 - 10);
/// Two days later they are settled.
pub const SETTLED: Date = date!(2026 - 03 - 12);
/// Another user of a person: no organisation, an actor all the same.
pub type Person = Actor;

/// A personal account, opened on a day.
pub async fn person_on(registry: &Registry, name: &str, day: Date) -> Person {
    let form = person_form(name, &format!("{}@example.cn", unique()));
    let visitor = Visitor {
        at: noon(day),
        key: key(),
    };
    let receipt = registry
        .person_sign_up(&visitor, &form, "hash")
        .await
        .expect("person_sign_up");
    Actor {
        user: receipt.user,
        organisation: receipt.account,
        role: domain::Role::Individual,
        account: String::new(),
    }
}

/// One opened long before the acts, so that the limit for new accounts is over.
pub async fn person(registry: &Registry, name: &str) -> Person {
    person_on(registry, name, date!(2026 - 01 - 05)).await
}

pub fn person_form(name: &str, email: &str) -> Fields {
    fields(&[
        ("name", name),
        ("email", email),
        ("region", "CN-GD-SZ"),
        ("age", "adult"),
        ("agrees", "yes"),
    ])
}

/// The metro and bus operator of Shenzhen.
pub async fn transit(world: &World) -> String {
    provider(world, "演示深圳公交地铁", "1", "metro,bus,shared_bike").await
}

pub async fn provider(world: &World, name: &str, precedence: &str, scenes: &str) -> String {
    let form = fields(&[
        ("name", name),
        ("precedence", precedence),
        ("evidence", "T1"),
        ("scenes", scenes),
        ("agreement", "DEMO-DATA-2026-01"),
    ]);
    let day = date!(2026 - 01 - 05);
    let added = world
        .registry
        .provider_add(&world.operator.on(day), &form)
        .await
        .expect("provider_add");
    agree(world, &second_operator(world).await, day).await;
    added.id
}

/// Another operator than the world's.
pub async fn second_operator(world: &World) -> Actor {
    let role = domain::Role::RegistryOperator;
    seed(&world.registry, "演示登记机构二", role).await
}

/// Agrees to every proposed place.
pub async fn agree(world: &World, second: &Actor, day: Date) {
    let changes = world.registry.precedence_changes(&second.on(day)).await;
    for change in changes.expect("changes") {
        if change.status == "proposed" {
            let by = second.on(day);
            let agreed = world.registry.precedence_approve(&by, &change.id).await;
            agreed.expect("agreed");
        }
    }
}

/// The consent to a source and scene; answers with the reference.
pub async fn connect(world: &World, person: &Person, provider: &str, scene: &str) -> String {
    let form = fields(&[
        ("purpose", "source"),
        ("provider", provider),
        ("scene", scene),
        ("agrees", "yes"),
    ]);
    let receipt = world
        .registry
        .consent_give(&person.on(date!(2026 - 01 - 06)), &form)
        .await
        .expect("consent_give");
    receipt.reference.expect("a reference")
}

pub async fn assign(world: &World, person: &Person) -> String {
    let form = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
    let given = world
        .registry
        .consent_give(&person.on(date!(2026 - 01 - 06)), &form)
        .await;
    given.expect("consent to assignment").id
}

pub fn ride(order: &str, reference: &str, scene: &str, km: &str, day: Date) -> CallRow {
    let times = match scene {
        "metro" | "bus" | "shared_bike" => Some(free_time((reference, day), order, km)),
        _ => None,
    };
    CallRow {
        started_at: times.map(|(from, _)| from),
        ended_at: times.map(|(_, to)| to),
        ..untimed(order, reference, scene, km, day)
    }
}

/// A time of the day that no other ride under this name has; the same order has the same one again.
fn free_time(whose: (&str, Date), order: &str, km: &str) -> (i64, i64) {
    type Taken = BTreeMap<(String, Date), BTreeMap<String, i64>>;
    static TAKEN: Mutex<Taken> = Mutex::new(BTreeMap::new());
    let mut taken = TAKEN.lock().expect("no panic meanwhile");
    let rides = taken.entry((whose.0.to_owned(), whose.1)).or_default();
    let at = i64::try_from(rides.len()).expect("a few");
    let at = *rides.entry(order.to_owned()).or_insert(at);
    let whole = km.split('.').next().unwrap_or_default().parse::<u32>();
    // the long ones by night, the short ones by day
    let (begin, step, minutes) = match whole {
        Ok(6..) => (0, 120, 118),
        _ => (600, 11, 10),
    };
    let from = Instant::at_start_of(whose.1).0 + 60 * (begin + step * at);
    (from, from + 60 * minutes)
}

/// A ride whose times nobody says.
pub fn untimed(order: &str, reference: &str, scene: &str, km: &str, day: Date) -> CallRow {
    CallRow {
        order: order.to_owned(),
        reference: reference.to_owned(),
        scene: scene.to_owned(),
        day: Some(day.to_string()),
        started_at: None,
        ended_at: None,
        region: "CN-GD-SZ".to_owned(),
        meter: None,
        item: None,
        campaign: None,
        amounts: fields(&[("distance_km", km)]),
    }
}

/// A ride with its times: hours after midnight, minutes long.
pub fn timed(row: CallRow, day: Date, hour: i64, minutes: i64) -> CallRow {
    let from = Instant::at_start_of(day).0 + hour * 3600;
    CallRow {
        started_at: Some(from),
        ended_at: Some(from + minutes * 60),
        ..row
    }
}

pub async fn call(world: &World, provider: &str, day: Date, rows: &[CallRow]) -> CallAnswer {
    world
        .registry
        .call_in(provider, &key(), noon(day).plus_seconds(11 * 3600), rows)
        .await
        .expect("a call")
}

/// The operator looks at everything that waits, and lets it count.
pub async fn let_count(world: &World, day: Date) {
    let release = fields(&[("code", "evidence_seen")]);
    loop {
        let queue = world
            .registry
            .activities_in_review(&world.operator.on(day), &registry::PageRequest::default())
            .await;
        let queue = queue.expect("queue").rows;
        if queue.is_empty() {
            return;
        }
        for act in queue {
            let released = world
                .registry
                .activity_release(&world.operator.on(day), &act.about, &release)
                .await;
            released.expect("released");
        }
    }
}

/// The codes of the refusals of a call, row by row.
pub fn refused(answer: &CallAnswer) -> Vec<&str> {
    answer
        .rows
        .iter()
        .map(|row| row.refused.first().map_or("", |one| one.code.as_str()))
        .collect()
}

/// Person u1 of the vectors: metro 12.4 km and bus 3.2 km in Shenzhen, settled.
pub async fn commuter(world: &World, provider: &str) -> Person {
    let person = person(&world.registry, "演示通勤者").await;
    let reference = connect(world, &person, provider, "metro").await;
    connect(world, &person, provider, "bus").await;
    let (metro, bus) = (format!("m-{}", unique()), format!("b-{}", unique()));
    let rows = [
        ride(&metro, &reference, "metro", "12.4", DAY),
        ride(&bus, &reference, "bus", "3.2", DAY),
    ];
    let answer = call(world, provider, DAY, &rows).await;
    assert_eq!((answer.accepted, answer.refused), (2, 0), "{answer:?}");
    world
        .registry
        .inclusion_tick(noon(SETTLED))
        .await
        .expect("settle");
    person
}

/// Held, in the pool, available points, spent points.
pub async fn standing(world: &World, person: &Person) -> (i64, i64, i64, i64) {
    let view = world
        .registry
        .person(&person.on(SETTLED))
        .await
        .expect("person");
    (
        view.in_place(Place::Held),
        view.in_place(Place::Pool),
        view.points.available,
        view.points.spent_shop,
    )
}

pub async fn goods(world: &World, price: &str, unit: &str, funding: &str) -> String {
    let form = fields(&[
        ("title", "演示乘车券"),
        ("unit", unit),
        ("price", price),
        ("stock", "2"),
        ("month_quota", "2"),
        ("funding", funding),
    ]);
    world
        .registry
        .goods_offer(&world.operator.on(SETTLED), &form)
        .await
        .expect("goods_offer")
        .id
}

pub async fn fulfil(world: &World, person: &Person, order: &str) -> Result<(), Error> {
    let about = format!("{}.{order}", person.organisation);
    let voucher = fields(&[("voucher", &format!("DEMO-{}", unique()))]);
    let by = world.operator.on(SETTLED);
    let done = world.registry.goods_fulfil(&by, &about, &voucher).await;
    done.map(drop)
}

pub async fn campaign(world: &World) -> String {
    let form = fields(&[
        ("title", "演示马拉松"),
        ("target_kg", "1500"),
        ("closes_on", "2026-12-31"),
    ]);
    world
        .registry
        .campaign_open(&world.organiser.on(SETTLED), &form)
        .await
        .expect("campaign_open")
        .id
}

pub async fn give(
    world: &World,
    person: &Person,
    campaign: &str,
    points: &str,
) -> Result<(), Error> {
    let form = fields(&[("campaign", campaign), ("points", points)]);
    world
        .registry
        .gift_give(&person.on(SETTLED), &form)
        .await
        .map(drop)
}

both_databases! {
    /// Vectors L-1 to L-5.
    async fn a_commuter_earns_redeems_and_gives(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assert_eq!(standing(&world, &person).await, (665_160, 0, 665, 0), "L-1");
        let reference = connect(&world, &person, &provider, "shared_bike").await;
        let taken = call(&world, &provider, DAY, &[ride("again", &reference, "metro", "5", DAY)]).await;
        assert_eq!(taken.accepted, 1);
        let again = call(&world, &provider, DAY, &[ride("again", &reference, "metro", "5", DAY), ride("again", &reference, "metro", "50", DAY)]).await;
        assert_eq!((again.known, again.refused), (1, 1), "L-2: the same record is known, another one under its number is refused");
        assert_eq!(refused(&again), ["", "activity_duplicate"]);
        assert_eq!(standing(&world, &person).await, (665_160, 0, 665, 0), "L-2: balances unchanged");
        assign(&world, &person).await;
        let goods = goods(&world, "500", "green", "assignment").await;
        let order = world.registry.goods_order(&person.on(SETTLED), &goods).await.expect("order").id;
        assert_eq!(standing(&world, &person).await, (665_160, 0, 165, 0), "an order freezes points and moves no gram");
        fulfil(&world, &person, &order).await.expect("fulfil");
        assert_eq!(standing(&world, &person).await, (165_160, 500_000, 165, 500), "L-3");
        let event = campaign(&world).await;
        let refused = give(&world, &person, &event, "200").await;
        assert_eq!(codes(refused), ["points_insufficient"], "L-4");
        give(&world, &person, &event, "165").await.expect("L-5");
        let view = world.registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::Earmark), view.in_place(Place::Held), view.points.available), (165_000, 160, 0), "L-5");
        let acts = world.registry.activities(&person.on(SETTLED), (DAY, DAY), &registry::PageRequest::default()).await.expect("acts");
        let metro = acts.rows.iter().find(|act| act.scene == "metro" && act.quantity == "12.4").expect("the metro ride");
        let (places, moves, _) = world.registry.activity_grams(&person.on(SETTLED), &metro.id).await.expect("grams");
        let of = |place| places.iter().filter(|part| part.place == place).map(|part| part.mg).sum::<i64>();
        assert_eq!((of(Place::Pool), of(Place::Earmark), of(Place::Held)), (500_000, 79_080, 0), "the metro lot first");
        assert_eq!(moves.len(), 4, "source, settlement, pool, event");
        world.assert_audit_clean().await;
    }

    /// Vectors L-10 and L-12.
    async fn without_consent_no_gram_is_assigned(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let paid = goods(&world, "100", "green", "assignment").await;
        let free = goods(&world, "100", "green", "marketing").await;
        let by = || person.on(SETTLED);
        assert_eq!(codes(world.registry.goods_order(&by(), &paid).await), ["assignment_required"]);
        let event = campaign(&world).await;
        assert_eq!(codes(give(&world, &person, &event, "10").await), ["assignment_required"]);
        let consent = assign(&world, &person).await;
        let order = world.registry.goods_order(&by(), &paid).await.expect("order").id;
        world.registry.consent_revoke(&by(), &consent).await.expect("revoke");
        assert_eq!(codes(fulfil(&world, &person, &order).await), ["goods_decided"], "withdrawn meanwhile, and cancelled with it");
        assert_eq!(standing(&world, &person).await, (665_160, 0, 665, 0), "L-10: nothing but the points had moved");
        assert_eq!(codes(world.registry.goods_cancel(&by(), &order).await), ["goods_decided"]);
        let order = world.registry.goods_order(&by(), &free).await.expect("order").id;
        fulfil(&world, &person, &order).await.expect("fulfil");
        let view = world.registry.person(&by()).await.expect("person");
        assert_eq!((view.in_place(Place::Unassigned), view.in_place(Place::Pool), view.points.available), (100_000, 0, 565), "L-12");
        assert_eq!(codes(world.registry.consent_revoke(&by(), &consent).await), ["consent_not_live"]);
        world.assert_audit_clean().await;
    }

    /// Restocked, ended, refused: points come back, orders placed keep their price, and whoever ordered reads why.
    async fn goods_are_changed_and_ended_and_an_order_is_refused(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let registry = &world.registry;
        let (by, operator) = (|| person.on(SETTLED), || world.operator.on(SETTLED));
        let id = goods(&world, "200", "green", "marketing").await;
        let change = |price: &str, stock: &str, quota: &str| fields(&[("goods", &id), ("price", price), ("stock", stock), ("month_quota", quota)]);
        assert_eq!(codes(registry.goods_change(&operator(), &change("0", "-1", "viele")).await), ["points_invalid"; 3]);
        assert!(matches!(registry.goods_change(&by(), &change("1", "1", "1")).await, Err(Error::Forbidden)));
        let unknown = fields(&[("goods", "nothing"), ("price", "1"), ("stock", "1"), ("month_quota", "1")]);
        assert_eq!(codes(registry.goods_change(&operator(), &unknown).await), ["goods_not_offered"]);
        let order = registry.goods_order(&by(), &id).await.expect("order").id;
        // what is left is out of stock; then there are more, at another price
        registry.goods_change(&operator(), &change("300", "0", "5")).await.expect("none left");
        assert_eq!(codes(registry.goods_order(&by(), &id).await), ["goods_not_offered"]);
        registry.goods_change(&operator(), &change("300", "7", "5")).await.expect("more");
        let second = registry.goods_order(&by(), &id).await.expect("order").id;
        let points = registry.person(&by()).await.expect("person").points;
        assert_eq!((points.available, points.frozen), (665 - 500, 500), "the first one keeps its price");
        let about = format!("{}.{order}", person.organisation);
        let refuse = |code: &str, reason: &str| fields(&[("code", code), ("reason", reason)]);
        assert_eq!(codes(registry.goods_refuse(&operator(), &about, &refuse("mood", "")).await), ["choice_invalid"]);
        assert_eq!(codes(registry.goods_refuse(&operator(), &about, &refuse("other", "")).await), ["required"]);
        let once = world.operator.with_key(SETTLED, "refuse once");
        let refused = registry.goods_refuse(&once, &about, &refuse("sold_out", "")).await.expect("refused");
        assert_eq!(registry.goods_refuse(&once, &about, &refuse("sold_out", "")).await.expect("again"), refused);
        assert_eq!(codes(registry.goods_refuse(&operator(), &about, &refuse("sold_out", "")).await), ["goods_decided"]);
        assert_eq!(codes(fulfil(&world, &person, &order).await), ["goods_decided"]);
        let points = registry.person(&by()).await.expect("person").points;
        assert_eq!((points.available, points.frozen), (665 - 300, 300));
        let orders = registry.goods_orders(&by()).await.expect("orders");
        let shown = orders.iter().find(|one| one.id == order).expect("the order");
        assert_eq!((shown.state.as_str(), shown.refused_for.as_deref()), ("cancelled", Some("sold_out")));
        let all = registry.goods_all(&operator()).await.expect("goods");
        assert_eq!((all[0].stock, all[0].price, all[0].month_quota), (7, 300, 5), "what was ordered twice and came back once");
        // ended: not ordered any more, what was placed is fulfilled all the same
        registry.goods_end(&operator(), &id).await.expect("ended");
        assert_eq!(codes(registry.goods_end(&operator(), &id).await), ["goods_not_offered"]);
        assert_eq!(codes(registry.goods_change(&operator(), &change("1", "1", "1")).await), ["goods_not_offered"]);
        assert_eq!(codes(registry.goods_order(&by(), &id).await), ["goods_not_offered"]);
        assert!(registry.goods().await.expect("shop").iter().all(|one| one.id != id));
        fulfil(&world, &person, &second).await.expect("fulfilled");
        world.assert_audit_clean().await;
    }

    /// What assigned reductions pay for ends with the consent to the assignment, and an account with an order that waits is told so.
    async fn orders_end_with_the_consent_that_pays_for_them(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let registry = &world.registry;
        let by = || person.on(SETTLED);
        let consent = assign(&world, &person).await;
        let paid = goods(&world, "200", "green", "assignment").await;
        let free = goods(&world, "100", "green", "marketing").await;
        let order = registry.goods_order(&by(), &paid).await.expect("order").id;
        registry.goods_order(&by(), &free).await.expect("order");
        let close = fields(&[("statement", "yes")]);
        assert_eq!(codes(registry.person_close(&by(), &close).await), ["orders_wait"]);
        registry.consent_revoke(&by(), &consent).await.expect("withdrawn");
        let points = registry.person(&by()).await.expect("person").points;
        assert_eq!((points.available, points.frozen), (665 - 100, 100), "the other one waits");
        let orders = registry.goods_orders(&by()).await.expect("orders");
        let ended = orders.iter().find(|one| one.id == order).expect("the order");
        assert_eq!((ended.state.as_str(), ended.refused_for.as_deref()), ("cancelled", Some("assignment_withdrawn")));
        world.assert_audit_clean().await;
    }

    /// Vectors L-7, L-8, L-9: the batch ends in retired tonnes, and both ways lead from one to the other.
    async fn grams_become_retired_tonnes_that_are_traced_both_ways(database) {
        let world = World::new(database).await;
        let provider = provider(&world, "演示旧衣回收", "1", "old_clothes").await;
        let event = campaign(&world).await;
        let mut people = Vec::new();
        for number in 0..40 {
            let person = person(&world.registry, "演示居民").await;
            let reference = connect(&world, &person, &provider, "old_clothes").await;
            assign(&world, &person).await;
            let row = CallRow { amounts: fields(&[("mass_kg", "28")]), ..ride(&format!("{number}"), &reference, "old_clothes", "0", DAY) };
            let answer = call(&world, &provider, DAY, &[row]).await;
            assert_eq!(answer.accepted, 1, "{answer:?}");
            people.push(person);
        }
        let_count(&world, DAY).await;
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        // 40 x 35,840 g: everybody gives all of it
        for person in &people {
            give(&world, person, &event, "35840").await.expect("gift");
        }
        let body = world.verifier.organisation.to_string();
        let mut form = fields(&[
            ("region", "CN-GD"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &body), ("recognition", "provincial"), ("recognition_title", "演示认可文件"), ("recognition_number", "演示〔2026〕1号"), ("recognised_by", "演示省级主管部门"), ("recognised_on", "2026-01-30"), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let registry = &world.registry;
        let bodies = registry.bodies(&world.operator.on(SETTLED)).await.expect("bodies");
        assert!(bodies.iter().any(|(id, _)| *id == body), "{bodies:?}");
        let before_any = registry.bodies(&world.operator.on(date!(2001 - 01 - 01))).await.expect("bodies");
        assert!(before_any.is_empty(), "nobody had an approval then: {before_any:?}");
        let batch = registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze");
        assert_eq!((batch.mg, batch.state.as_str()), (40 * 35_840_000, "frozen"));
        assert_eq!(codes(registry.batch_freeze(&world.operator.on(SETTLED), &form).await), ["batch_empty"], "L-9: no gram is in two batches");
        assert_eq!(codes(registry.campaign_cancel(&world.organiser.on(SETTLED), &event).await), ["campaign_in_batch"]);
        let lot = registry.activities(&people[0].on(SETTLED), (DAY, DAY), &registry::PageRequest::default()).await.expect("acts").rows[0].id.clone();
        let about = format!("{}.{lot}", people[0].organisation);
        let reason = fields(&[("reason", "不实")]);
        assert_eq!(codes(registry.activity_void(&world.operator.on(SETTLED), &about, &reason).await), ["lot_in_batch"]);
        let opinion = fields(&[("checked", "yes"), ("independent", "yes"), ("opinion", "抽样复算一致。")]);
        let other = registry.batch_assess(&world.validator.on(SETTLED), &batch.id, &opinion).await;
        assert!(matches!(other, Err(Error::NotFound)), "another body's batch is not there");
        let sample = registry.batch_sample(&world.verifier.on(SETTLED), &batch.id).await.expect("sample");
        assert_eq!((sample.acts.len(), sample.differ, sample.root_holds), (40, 0, true));
        registry.batch_assess(&world.verifier.on(SETTLED), &batch.id, &opinion).await.expect("assess");
        let view = registry.batches(&world.operator.on(SETTLED)).await.expect("batches").remove(0);
        assert_eq!(view.notice, Some(("2026-03-13".to_owned(), "2026-03-23".to_owned())), "seven working days");
        let second = second_operator(&world).await;
        assert_eq!(codes(registry.batch_issue(&second.on(date!(2026-03-23)), &batch.id).await), ["batch_notice_runs"]);
        let late = date!(2026 - 03 - 24);
        assert_eq!(codes(registry.batch_issue(&world.operator.on(late), &batch.id).await), ["four_eyes"], "who froze it");
        // in a batch from before it was kept who froze it, the entry in the record of acts says so
        let mut raw = world.database.raw().await;
        sqlx::query("UPDATE inclusion_batch SET frozen_by = NULL").execute(&mut raw).await.expect("as it was before");
        assert_eq!(codes(registry.batch_issue(&world.operator.on(late), &batch.id).await), ["four_eyes"], "who froze it");
        let issued = registry.batch_issue(&second.on(late), &batch.id).await.expect("issue");
        assert_eq!(issued.tonnes, Some(1));
        assert_eq!(issued.serials, ["HT-P910001-2026-1-1"]);
        assert_eq!(codes(registry.batch_reject(&world.operator.on(late), &batch.id, &reason).await), ["batch_does_not_allow"]);
        let held = registry.holdings(&world.organiser.on(late)).await.expect("holdings");
        assert_eq!(held.iter().map(|one| one.held).sum::<i64>(), 1);
        // where the links to a project lead: there is none, but a scheme
        let scheme = registry.public().scheme("P910001").await.expect("the scheme");
        assert_eq!((scheme.classes.len(), scheme.classes[0].unit_kind.as_str()), (1, "inclusion"));
        let of_batch = &scheme.batches[0];
        assert_eq!((scheme.batches.len(), &of_batch.number, of_batch.tonnes), (1, &batch.number, Some(1)));
        assert_eq!(of_batch.basis.is_some(), of_batch.recognition != "none", "what it is recognised by is public");
        for same in [scheme.id.as_str(), "p910001", "Ｐ910001", scheme.classes[0].project.as_str()] {
            assert_eq!(registry.public().scheme(same).await.expect("the same scheme"), scheme, "{same}");
        }
        assert_eq!(codes(registry.public().scheme("P910002").await), ["not found"]);
        assert_eq!(codes(registry.public().project("P910001").await), ["not found"]);
        // the retirement, twice with the same key
        let retire = fields(&[("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示马拉松"), ("beneficiary_kind", "organisation")]);
        let by = world.organiser.with_key(late, "retire-once");
        let first = registry.credits_retire(&by, &retire).await.expect("retire");
        assert_eq!(registry.credits_retire(&by, &retire).await.expect("L-7"), first, "L-7");
        let again = registry.credits_retire(&world.organiser.on(late), &retire).await;
        assert_eq!(codes(again), ["credits_insufficient"], "L-8: a retired tonne is not there any more");
        let (places, _, traces) = registry.activity_grams(&people[0].on(late), &lot).await.expect("grams");
        assert_eq!(traces[0].retirements, std::slice::from_ref(&first.number), "from the gram to the certificate");
        assert_eq!(traces[0].serials, "HT-P910001-2026-1-1");
        assert_eq!(places.iter().map(|part| part.mg).sum::<i64>(), 35_840_000, "every milligram of the lot is somewhere");
        let sources = registry.tonne_sources(&world.operator.on(late), "P910001", 2026, 1).await.expect("sources");
        assert_eq!(sources.iter().map(|part| part.mg).sum::<i64>(), 1_000_000_000, "from the tonne to its grams");
        let refused = registry.tonne_sources(&people[0].on(late), "P910001", 2026, 1).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        // what was not enough for a tonne is the event's again
        form.insert("period_end".to_owned(), "2026-12-31".to_owned());
        let rest = registry.batch_freeze(&world.operator.on(late), &form).await.expect("the rest").mg;
        assert_eq!(rest, 40 * 35_840_000 - 71_680_000 - 1_000_000_000);
        world.assert_audit_clean().await;
    }

    async fn a_rejected_batch_gives_everything_back(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let event = campaign(&world).await;
        give(&world, &person, &event, "600").await.expect("gift");
        let body = world.verifier.organisation.to_string();
        let form = fields(&[
            ("region", "CN-GD-SZ"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &body), ("recognition", "none"), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let registry = &world.registry;
        let freeze = || async { registry.batch_freeze(&world.operator.on(SETTLED), &form).await.expect("freeze").id };
        let batch = freeze().await;
        let opinion = fields(&[("findings", "1 一笔不实"), ("checked", "yes"), ("independent", "yes"), ("opinion", "两笔中一笔不实。")]);
        let receipt = registry.batch_assess(&world.verifier.on(SETTLED), &batch, &opinion).await.expect("assess");
        assert_eq!(receipt.state, "rejected", "half of the sample is wrong");
        let batch = freeze().await;
        let fine = fields(&[("checked", "yes"), ("independent", "yes"), ("opinion", "一致。")]);
        registry.batch_assess(&world.verifier.on(SETTLED), &batch, &fine).await.expect("assess");
        let late = date!(2026 - 03 - 24);
        assert_eq!(codes(registry.batch_issue(&second_operator(&world).await.on(late), &batch).await), ["batch_below_a_tonne"], "nothing is rounded up from nothing");
        let reason = fields(&[("reason", "不足一吨")]);
        registry.batch_reject(&world.operator.on(late), &batch, &reason).await.expect("reject");
        let view = registry.person(&person.on(late)).await.expect("person");
        assert_eq!((view.in_place(Place::Batch), view.in_place(Place::Earmark)), (0, 600_000));
        // the event is cancelled: grams and points are the person's again
        let stranger = sign_up(registry, "演示另一组委会", domain::Role::EventOrganiser).await;
        assert!(matches!(registry.campaign_cancel(&stranger.on(late), &event).await, Err(Error::NotFound)));
        registry.campaign_cancel(&world.organiser.on(late), &event).await.expect("cancel");
        assert_eq!(standing(&world, &person).await, (665_160, 0, 665, 0));
        assert_eq!(codes(give(&world, &person, &event, "1").await), ["campaign_over"]);
        world.assert_audit_clean().await;
    }

    async fn fraud_is_taken_back_wherever_the_grams_are(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let free = goods(&world, "500", "green", "marketing").await;
        let registry = &world.registry;
        let order = registry.goods_order(&person.on(SETTLED), &free).await.expect("order").id;
        fulfil(&world, &person, &order).await.expect("fulfil");
        let acts = registry.activities(&person.on(SETTLED), (DAY, DAY), &registry::PageRequest::default()).await.expect("acts").rows;
        let metro = acts.iter().find(|act| act.scene == "metro").expect("metro");
        let about = format!("{}.{}", person.organisation, metro.id);
        let reason = fields(&[("reason", "与闸机记录不符"), ("suspend", "yes")]);
        assert!(matches!(registry.activity_void(&person.on(SETTLED), &about, &reason).await, Err(Error::Forbidden)));
        registry.activity_void(&world.operator.on(SETTLED), &about, &reason).await.expect("void");
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!(view.in_place(Place::Void), 579_080, "out of the pool and out of the account");
        assert_eq!((view.settled_mg, view.points.available, view.points.debt), (86_080, 0, -414), "86 of 500 spent points are covered");
        assert_eq!(view.state, "suspended");
        assert_eq!(codes(registry.activity_void(&world.operator.on(SETTLED), &about, &reason).await), ["activity_does_not_allow"]);
        assert_eq!(codes(registry.goods_order(&person.on(SETTLED), &free).await), ["person_not_open"]);
        let appeal = fields(&[("text", "我确实乘坐了。")]);
        registry.activity_appeal(&person.on(SETTLED), &metro.id, &appeal).await.expect("appeal");
        assert_eq!(registry.activities_appealed(&world.operator.on(SETTLED), &registry::PageRequest::default()).await.expect("queue").rows.len(), 1);
        assert_eq!(codes(registry.activity_appeal(&person.on(date!(2026-05-01)), &metro.id, &appeal).await), ["appeal_too_late"]);
        // after the suspension the next points fill the debt first
        let later = date!(2026 - 06 - 15);
        registry.inclusion_tick(noon(later)).await.expect("tick");
        let reference = registry.links(&person.on(later)).await.expect("links")[0].reference.clone();
        let answer = call(&world, &provider, later, &[ride("later", &reference, "metro", "10", later)]).await;
        assert_eq!(answer.accepted, 1, "{answer:?}");
        registry.inclusion_tick(noon(date!(2026-06-17))).await.expect("settle");
        let view = registry.person(&person.on(later)).await.expect("person");
        assert_eq!((view.points.available, view.points.debt), (53, 0));
        world.assert_audit_clean().await;
    }

    /// Late, early, out of order, too fast, overlapping, without consent, for somebody unknown, at the edge of a limit.
    async fn every_row_of_a_call_is_answered_by_itself(database) {
        let world = World::new(database).await;
        let gates = transit(&world).await;
        let wallet = provider(&world, "演示钱包", "3", "metro,bus").await;
        let person = person(&world.registry, "演示通勤者").await;
        let at_gates = connect(&world, &person, &gates, "metro").await;
        let at_wallet = connect(&world, &person, &wallet, "metro").await;
        let stranger = person_on(&world.registry, "演示新用户", DAY).await;
        let of_stranger = connect(&world, &stranger, &gates, "metro").await;
        let rows = [
            ride("ahead", &at_gates, "metro", "5", SETTLED),
            ride("late", &at_gates, "metro", "5", date!(2026 - 02 - 01)),
            ride("bus", &at_gates, "bus", "5", DAY),
            ride("charging", &at_gates, "own_ev", "5", DAY),
            ride("unknown", "nobody", "metro", "5", DAY),
            timed(ride("far", &at_gates, "metro", "500", DAY), DAY, 0, 600),
            ride("none", &at_gates, "metro", "0", DAY),
            timed(ride("fast", &at_gates, "metro", "50", DAY), DAY, 8, 10),
            ride("", &at_gates, "metro", "5", DAY),
            ride("words", &at_gates, "metro", "ten", DAY),
            CallRow { region: "XX".to_owned(), ..ride("region", &at_gates, "metro", "5", DAY) },
        ];
        let answer = call(&world, &gates, DAY, &rows).await;
        assert_eq!(
            refused(&answer),
            ["activity_ahead", "activity_too_late", "consent_not_live", "scene_not_of_provider", "link_unknown", "implausible_quantity",
             "number_out_of_range", "trip_too_fast", "required", "number_not_a_number", "choice_invalid"].map(|code| match code {
                "implausible_quantity" => answer.rows[5].refused[0].code.as_str(),
                "number_out_of_range" => answer.rows[6].refused[0].code.as_str(),
                "number_not_a_number" => answer.rows[9].refused[0].code.as_str(),
                code => code,
            }),
        );
        assert_eq!((answer.accepted, answer.refused), (0, 11));
        // the wallet's record of a ride comes first; that of the gates takes its place, and the wallet's comes too late afterwards
        let weak = call(&world, &wallet, DAY, &[timed(ride("w-1", &at_wallet, "metro", "9", DAY), DAY, 8, 30)]).await;
        assert_eq!(weak.accepted, 1);
        let better = call(&world, &gates, DAY, &[timed(ride("g-1", &at_gates, "metro", "10", DAY), DAY, 8, 31)]).await;
        assert_eq!(better.accepted, 1, "{better:?}");
        let late = call(&world, &wallet, DAY, &[timed(ride("w-2", &at_wallet, "metro", "9", DAY), DAY, 8, 29)]).await;
        assert_eq!(refused(&late), ["trip_overlaps"]);
        let span = (DAY, DAY);
        let page = registry::PageRequest::default();
        let acts = world.registry.activities(&person.on(DAY), span, &page).await.expect("acts").rows;
        assert_eq!(acts.iter().map(|act| act.status).collect::<Vec<_>>(), [ActivityStatus::Pending, ActivityStatus::Void]);
        assert_eq!(acts[1].reason.as_deref(), Some("better_record"));
        // six rides a day count, the seventh is taken in with nothing
        let many: Vec<CallRow> = (0..7).map(|number| ride(&format!("edge-{number}"), &of_stranger, "metro", "1", DAY)).collect();
        let answer = call(&world, &gates, DAY, &many).await;
        let mg: Vec<i64> = answer.rows.iter().map(|row| row.accepted.as_ref().map_or(-1, |one| one.mg)).collect();
        assert_eq!(mg, [46_700, 46_700, 46_700, 46_700, 46_700, 46_700, 0]);
        // a new account may have five kilograms without a look
        let day = date!(2026 - 03 - 11);
        let far = call(&world, &gates, day, &[ride("far-1", &of_stranger, "metro", "110", day)]).await;
        assert_eq!(far.rows[0].accepted.as_ref().map(|one| (one.status, one.reason.clone())), Some((ActivityStatus::Review, Some("new_account".to_owned()))));
        world.registry.inclusion_tick(noon(date!(2026-03-20))).await.expect("tick");
        let queue = world.registry.activities_in_review(&world.operator.on(day), &registry::PageRequest::default()).await.expect("queue").rows;
        assert_eq!(queue.len(), 1, "what is in review is not settled");
        let reason = fields(&[("reason", "核实无误")]);
        world.registry.activity_release(&world.operator.on(day), &queue[0].about, &reason).await.expect("release");
        world.registry.inclusion_tick(noon(date!(2026-03-21))).await.expect("tick");
        let view = world.registry.person(&stranger.on(day)).await.expect("person");
        assert_eq!(view.settled_mg, 6 * 46_700 + 110 * 46_700);
        world.assert_audit_clean().await;
    }

    async fn nothing_is_taken_in_after_a_consent_ends_or_an_account_closes(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let registry = &world.registry;
        let reference = registry.links(&person.on(SETTLED)).await.expect("links")[0].reference.clone();
        let consents = registry.consents(&person.on(SETTLED)).await.expect("consents");
        let metro = consents.iter().find(|one| one.scene == "metro").expect("metro");
        registry.consent_revoke(&person.on(SETTLED), &metro.id).await.expect("revoke");
        let account = consents.iter().find(|one| one.purpose.code() == "account").expect("account");
        assert_eq!(codes(registry.consent_revoke(&person.on(SETTLED), &account.id).await), ["consent_of_account"]);
        let rows = [ride("after", &reference, "metro", "5", SETTLED), ride("bus", &reference, "bus", "5", SETTLED)];
        let answer = call(&world, &provider, SETTLED, &rows).await;
        assert_eq!(refused(&answer), ["consent_not_live", ""]);
        let other = self::person(registry, "演示他人").await;
        assert!(matches!(registry.consent_revoke(&other.on(SETTLED), &metro.id).await, Err(Error::NotFound)), "another one's consent is not there");
        let act = registry.activities(&person.on(SETTLED), (DAY, SETTLED), &registry::PageRequest::default()).await.expect("acts").rows[0].id.clone();
        assert!(matches!(registry.activity(&other.on(SETTLED), &act).await, Err(Error::NotFound)));
        assert!(matches!(registry.activity_grams(&other.on(SETTLED), &act).await, Err(Error::NotFound)));
        assert!(registry.activities(&other.on(SETTLED), (DAY, SETTLED), &registry::PageRequest::default()).await.expect("acts").rows.is_empty());
        let close = fields(&[("statement", "yes")]);
        registry.person_close(&person.on(SETTLED), &close).await.expect("close");
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::Held), view.in_place(Place::Pending), view.points.available), (0, 0, 0));
        assert_eq!(view.in_place(Place::VoidClosed), 665_160 + 134_500);
        let answer = call(&world, &provider, SETTLED, &[ride("closed", &reference, "bus", "5", SETTLED)]).await;
        assert_eq!(refused(&answer), ["person_not_open"]);
        let user = registry.user_get(&person.user).await.expect("user").expect("the row stays");
        assert!(user.name.is_empty() && !user.email.contains('@'), "name and address are forgotten");
        assert_eq!(codes(registry.person_close(&person.on(SETTLED), &close).await), ["person_not_open"]);
        world.assert_audit_clean().await;
    }

    async fn what_a_person_records_by_hand_is_never_certified(database) {
        let world = World::new(database).await;
        let person = person(&world.registry, "演示步行者").await;
        let registry = &world.registry;
        let mut form = fields(&[("scene", "shared_bike"), ("day", "2026-03-10"), ("distance_km", "3")]);
        let told = registry.activity_record(&person.on(DAY), &form, None).await.expect("self-report");
        assert_eq!((told.mg, told.activity_points), (0, 1));
        let photo = StoredFile { hash: "ab".repeat(32), bytes: 1000, media_type: "image/jpeg".to_owned(), file_name: "a.jpg".to_owned() };
        form.extend(fields(&[("started", "08:10"), ("ended", "08:30")]));
        let shown = registry.activity_record(&person.on(DAY), &form, Some(&photo.clone().into())).await.expect("photo");
        assert_eq!((shown.mg, shown.activity_points), (60_000, 0), "half of 3 x 40 g");
        let other = self::person(registry, "演示他人").await;
        assert_eq!(codes(registry.activity_record(&other.on(DAY), &form, Some(&photo.clone().into())).await), ["activity_duplicate"], "one photo, one act, in the whole world");
        for (field, value, code) in [("scene", "flying", "choice_invalid"), ("day", "2026-03-11", "activity_ahead"), ("day", "", "required")] {
            let mut wrong = form.clone();
            wrong.insert(field.to_owned(), value.to_owned());
            assert_eq!(codes(registry.activity_record(&person.on(DAY), &wrong, None).await), [code]);
        }
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        assign(&world, &person).await;
        let event = campaign(&world).await;
        assert_eq!(codes(give(&world, &person, &event, "60").await), ["grams_insufficient"], "a photo is no carbon for an event");
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.points.available, view.points.activity), (60, 1));
        // activity points buy what costs activity points, and expire after twelve months; grams of a photo after twenty-four; both told first
        let tick = registry.inclusion_tick(noon(date!(2027-03-20))).await.expect("tick");
        assert_eq!(tick.expired, 0);
        assert_eq!(registry.person(&person.on(SETTLED)).await.expect("person").points.activity, 1, "told and still there");
        let tick = registry.inclusion_tick(noon(date!(2027-04-19))).await.expect("tick");
        assert_eq!(tick.expired, 1);
        assert_eq!(registry.person(&person.on(SETTLED)).await.expect("person").points.activity, 0);
        let free = goods(&world, "25", "green", "marketing").await;
        let order = registry.goods_order(&person.on(SETTLED), &free).await.expect("order").id;
        fulfil(&world, &person, &order).await.expect("fulfil");
        let tick = registry.inclusion_tick(noon(date!(2028-03-20))).await.expect("tick");
        assert_eq!(tick.expired, 0, "told");
        let tick = registry.inclusion_tick(noon(date!(2028-04-19))).await.expect("tick");
        assert_eq!(tick.expired, 1);
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::VoidExpired), view.in_place(Place::Unassigned), view.points.available), (35_000, 25_000, 0), "L-11: what is left of the lot");
        world.assert_audit_clean().await;
    }

    async fn a_person_under_fourteen_needs_a_guardian(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let mut form = person_form("演示少年", "young@example.cn");
        form.insert("age".to_owned(), "minor".to_owned());
        let visitor = || Visitor { at: noon(DAY), key: key() };
        assert_eq!(codes(registry.person_sign_up(&visitor(), &form, "hash").await), ["required", "required"]);
        form.extend(fields(&[("guardian", "演示家长"), ("guardian_email", "parent@example.cn")]));
        let receipt = registry.person_sign_up(&visitor(), &form, "hash").await.expect("sign up");
        assert_eq!(codes(registry.person_sign_up(&visitor(), &form, "hash").await), ["email_taken"]);
        let young = Actor { user: receipt.user, organisation: receipt.account, role: domain::Role::Individual, account: String::new() };
        let consent = fields(&[("purpose", "assignment"), ("agrees", "yes")]);
        assert_eq!(codes(registry.consent_give(&young.on(DAY), &consent).await), ["person_not_open"]);
        form.insert("agrees".to_owned(), String::new());
        form.insert("email".to_owned(), "other@example.cn".to_owned());
        assert_eq!(codes(registry.person_sign_up(&visitor(), &form, "hash").await), ["consent_required"]);
        // a person is no registry account, and nobody finds one by a number
        let number = registry.user_get(&young.user).await.expect("user").expect("a user").account_number;
        assert!(matches!(registry.account_lookup(&world.owner.on(DAY), &number).await, Err(Error::NotFound)));
        let operator = world.operator.on(DAY);
        assert!(matches!(registry.account_of(&operator, &young.organisation).await, Err(Error::NotFound)));
        assert!(matches!(registry.organisation_get(&operator, &young.organisation).await, Err(Error::NotFound)));
        assert!(registry.account_list(&operator, &registry::PageRequest { after: None, size: 200 }).await.expect("accounts").rows.iter().all(|row| row.role != domain::Role::Individual));
        let invite = fields(&[("email", "friend@example.cn"), ("member_role", "reader")]);
        assert_eq!(codes(registry.member_invite(&young.on(DAY), &invite, "token").await), ["member_role_not_allowed"]);
    }

    /// The same call eight times at once on eight copies of the server; eight different calls with one order in common; eight orders for
    /// one point too few; eight gifts of everything.
    async fn at_once_every_gram_is_still_counted_once(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let reference = world.registry.links(&person.on(SETTLED)).await.expect("links")[0].reference.clone();
        let mut copies = Vec::new();
        for _ in 0..8 {
            copies.push(world.database.connect().await);
        }
        let at = noon(SETTLED).plus_seconds(3600);
        for round in 0..6 {
            let rows = vec![ride(&format!("race-{round}"), &reference, "metro", "1", SETTLED)];
            let nonce = key();
            let together = Arc::new(Barrier::new(8));
            let calls = copies.iter().enumerate().map(|(number, copy)| {
                let (copy, provider, rows, together) = (copy.clone(), provider.clone(), rows.clone(), together.clone());
                // half of them are the same call, the others bring the same record in a call of their own
                let nonce = if number < 4 { nonce.clone() } else { key() };
                tokio::spawn(async move {
                    together.wait().await;
                    copy.call_in(&provider, &nonce, at, &rows).await
                })
            });
            let mut accepted = std::collections::BTreeSet::new();
            for call in calls.collect::<Vec<_>>() {
                let answer = call.await.expect("no panic").expect("an answer");
                assert_eq!(answer.refused, 0, "{answer:?}");
                accepted.extend(answer.rows.iter().filter_map(|row| row.accepted.as_ref().map(|one| one.activity.clone())));
            }
            assert_eq!(accepted.len(), 1, "one record, one act");
        }
        // settling at once on eight copies
        let ticks: Vec<_> = copies.iter().map(|copy| {
            let copy = copy.clone();
            tokio::spawn(async move { copy.inclusion_tick(noon(date!(2026-03-14))).await })
        }).collect();
        for tick in ticks {
            tick.await.expect("no panic").expect("a tick");
        }
        let (held, _, available, _) = standing(&world, &person).await;
        assert_eq!((held, available), (665_160 + 6 * 46_700, 945));
        let event = campaign(&world).await;
        let together = Arc::new(Barrier::new(8));
        let gifts: Vec<_> = copies.iter().map(|copy| {
            let (copy, by, together) = (copy.clone(), person.on(SETTLED), together.clone());
            let form = fields(&[("campaign", &event), ("points", "500")]);
            tokio::spawn(async move {
                together.wait().await;
                copy.gift_give(&by, &form).await.map(drop)
            })
        }).collect();
        let mut given = 0;
        for gift in gifts {
            match gift.await.expect("no panic") {
                Ok(()) => given += 1,
                refused => assert_eq!(codes(refused), ["points_insufficient"]),
            }
        }
        assert_eq!(given, 1);
        world.assert_audit_clean().await;
    }

    /// The same key gives the first answer, with another body it is refused.
    async fn the_same_key_is_the_same_act(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let registry = &world.registry;
        let reference = registry.links(&person.on(SETTLED)).await.expect("links")[0].reference.clone();
        let rows = [ride("nonce", &reference, "metro", "5", DAY)];
        let first = registry.call_in(&provider, "nonce-1", noon(DAY), &rows).await.expect("call");
        assert_eq!(registry.call_in(&provider, "nonce-1", noon(DAY), &rows).await.expect("replay"), first);
        let other = [ride("nonce-b", &reference, "metro", "5", DAY)];
        assert_eq!(codes(registry.call_in(&provider, "nonce-1", noon(DAY), &other).await), ["key_reused"]);
        assert_eq!(codes(registry.call_in("nobody", "nonce-2", noon(DAY), &rows).await), ["provider_unknown"]);
        let long = vec![rows[0].clone(); 2_001];
        assert_eq!(codes(registry.call_in(&provider, "nonce-3", noon(DAY), &long).await), ["call_too_long"]);
        assign(&world, &person).await;
        let event = campaign(&world).await;
        let (ten, twenty) = (fields(&[("campaign", &event), ("points", "10")]), fields(&[("campaign", &event), ("points", "20")]));
        let by = || person.with_key(SETTLED, "gift-1");
        let gift = registry.gift_give(&by(), &ten).await.expect("gift");
        assert_eq!(registry.gift_give(&by(), &ten).await.expect("replay"), gift);
        assert_eq!(codes(registry.gift_give(&by(), &twenty).await), ["key_reused"]);
        registry.provider_end(&world.operator.on(SETTLED), &provider).await.expect("end");
        assert_eq!(codes(registry.call_in(&provider, "nonce-4", noon(DAY), &rows).await), ["provider_unknown"]);
        world.assert_audit_clean().await;
    }

    /// SQL that goes past the registry: what must never be is refused by name.
    async fn the_database_itself_refuses_what_must_never_be(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        assign(&world, &person).await;
        let event = campaign(&world).await;
        give(&world, &person, &event, "100").await.expect("gift");
        let mut raw = world.database.raw().await;
        let forged = |changes: &[(&str, &str)]| {
            let columns = ["account_id", "id", "lot_id", "lot_day", "certifiable", "campaign_id", "debit_place", "debit_ref", "credit_place",
                "credit_ref", "mg", "consent_id", "shard", "at", "act_id", "position"];
            let values: Vec<String> = columns.iter().map(|column| {
                let changed = changes.iter().find(|(name, _)| name == column).map(|(_, value)| *value);
                changed.unwrap_or(match *column { "id" => "'forged'", "position" => "99", other => other }).to_owned()
            }).collect();
            format!("INSERT INTO inclusion_transfer ({}) SELECT {} FROM inclusion_transfer WHERE credit_place = 'earmark'", columns.join(", "), values.join(", "))
        };
        // an act that nothing has begun with yet
        let activity = |changes: &[(&str, &str)]| {
            let columns = ["account_id", "id", "scene", "source", "provider_id", "fingerprint", "body_hash", "evidence", "day", "precedence", "region",
                "quantity", "counted", "certifiable", "mg", "activity_points", "campaign_id", "consent_id", "parameter_set", "input", "state", "settle_on",
                "received_at", "act_id"];
            let values: Vec<&str> = columns.iter().map(|column| {
                let changed = changes.iter().find(|(name, _)| name == column).map(|(_, value)| *value);
                changed.unwrap_or(if *column == "id" { "'forged'" } else { column })
            }).collect();
            format!("INSERT INTO inclusion_activity ({}) SELECT {} FROM inclusion_activity LIMIT 1;", columns.join(", "), values.join(", "))
        };
        let begun = |changes: &[(&str, &str)]| {
            let lot = [("lot_id", "'forged'"), ("debit_place", "'source'"), ("debit_ref", "''"), ("credit_place", "'pending'"), ("credit_ref", "''")];
            format!("{} {}", activity(&[]), forged(&[&lot, changes].concat()))
        };
        let attempts = [
            ("more than there is", forged(&[("mg", "999999999")]), "inclusion_transfer_moves_what_is_there"),
            ("a lot twice", forged(&[("debit_place", "'source'"), ("debit_ref", "''"), ("credit_place", "'pending'"), ("credit_ref", "''"), ("mg", "579080")]), "inclusion_transfer_lot_begins_once"),
            ("more than the act", begun(&[("mg", "579081")]), "inclusion_transfer_begins_with_the_lot"),
            ("on another day than the act", begun(&[("mg", "579080"), ("lot_day", "'2026-03-01'")]), "inclusion_transfer_lot_day"),
            ("out of an event into a tonne", forged(&[("debit_place", "'earmark'"), ("debit_ref", "credit_ref"), ("credit_place", "'issued'"), ("credit_ref", "'b'")]), "inclusion_transfer_movement"),
            ("nothing", forged(&[("mg", "0")]), "inclusion_transfer_positive"),
            ("a debt", forged(&[("mg", "-5")]), "inclusion_transfer_positive"),
            ("without consent", forged(&[("consent_id", "''")]), "inclusion_transfer_consent_is_live"),
            ("with a consent to something else", forged(&[("consent_id", "'other'")]), "inclusion_transfer_consent_is_live"),
            ("a replay", forged(&[("position", "position")]), "inclusion_transfer_once"),
            ("as another lot's kind", forged(&[("certifiable", "0"), ("credit_place", "'unassigned'"), ("credit_ref", "''")]), "inclusion_transfer_lot"),
            ("to an event that has no name", forged(&[("credit_ref", "''")]), "inclusion_transfer_credit_named"),
            ("a changed row", "UPDATE inclusion_transfer SET mg = 1".to_owned(), "inclusion_transfer_never_updated"),
            ("a deleted row", "DELETE FROM inclusion_transfer".to_owned(), "inclusion_transfer_never_deleted"),
            ("an overdrawn part", "UPDATE inclusion_lot_part SET mg = -1".to_owned(), "inclusion_lot_part_never_overdrawn"),
            ("an overdrawn account", "UPDATE inclusion_balance SET mg = -1".to_owned(), "inclusion_balance_never_overdrawn"),
            ("more grams of an act", "UPDATE inclusion_activity SET mg = mg * 2".to_owned(), "inclusion_activity_fixed"),
            ("an act without a trace", "DELETE FROM inclusion_activity".to_owned(), "inclusion_activity_never_deleted"),
            ("a record used again", "DELETE FROM inclusion_fingerprint".to_owned(), "inclusion_fingerprint_never_deleted"),
            ("a record of no act", "INSERT INTO inclusion_fingerprint (fingerprint, account_id, activity_id) \
                SELECT 'forged', account_id, 'nobody' FROM inclusion_fingerprint LIMIT 1".to_owned(), "inclusion_fingerprint_activity"),
            ("grams of no act", "INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg) \
                SELECT account_id, 'nobody', place, place_ref, day, certifiable, 0 FROM inclusion_lot_part LIMIT 1".to_owned(), "inclusion_lot_part_lot"),
            ("an act without a consent", activity(&[("consent_id", "'nobody'")]), "inclusion_activity_consent"),
            ("an act that is not in the record of acts", activity(&[("act_id", "'nobody'")]), "inclusion_act_entry"),
            ("a movement that is not in the record of acts", forged(&[("debit_place", "'earmark'"), ("debit_ref", "credit_ref"), ("credit_place", "'held'"),
                ("credit_ref", "''"), ("act_id", "'nobody'")]), "inclusion_act_entry"),
            ("an act of another entry", "UPDATE inclusion_activity SET act_id = 'nobody'".to_owned(), "inclusion_activity_keeps_its_entry"),
            ("a record given to another act", "UPDATE inclusion_fingerprint SET activity_id = activity_id || '-other'".to_owned(), "inclusion_fingerprint_keeps_its_act"),
            ("grams given to another act", "UPDATE inclusion_lot_part SET lot_id = lot_id || '-other'".to_owned(), "inclusion_lot_part_keeps_its_lot"),
            ("an act for another event", "UPDATE inclusion_activity SET campaign_id = 'other'".to_owned(), "inclusion_activity_fixed"),
            ("a consent without a trace", "DELETE FROM inclusion_consent".to_owned(), "inclusion_consent_never_deleted"),
            ("a consent under another number", "UPDATE inclusion_consent SET id = id || '-other', revoked_at = 1".to_owned(), "inclusion_consent_only_ends"),
            ("another person's consent", "UPDATE inclusion_consent SET account_id = 'other', revoked_at = 1".to_owned(), "inclusion_consent_only_ends"),
            ("an act under another consent", "UPDATE inclusion_activity SET consent_id = 'other'".to_owned(), "inclusion_activity_fixed"),
            ("an act under another number", "UPDATE inclusion_activity SET id = id || '-other'".to_owned(), "inclusion_activity_fixed"),
            ("an act of another person", "UPDATE inclusion_activity SET account_id = 'other'".to_owned(), "inclusion_activity_fixed"),
            ("a record given to another person", "UPDATE inclusion_fingerprint SET account_id = 'other'".to_owned(), "inclusion_fingerprint_keeps_its_act"),
            ("grams given to another person", "UPDATE inclusion_lot_part SET account_id = 'other'".to_owned(), "inclusion_lot_part_keeps_its_lot"),
            ("points from nowhere", "UPDATE inclusion_point_transfer SET points = 9".to_owned(), "inclusion_point_transfer_never_updated"),
            ("points below zero", "UPDATE inclusion_point_balance SET points = -1 WHERE place = 'available'".to_owned(), "inclusion_point_balance_never_overdrawn"),
            ("points to another person's account", "INSERT INTO inclusion_point_transfer (account_id, id, unit, debit_place, credit_place, points, about, at, act_id, position) \
                SELECT account_id, 'forged', unit, 'spent_gift', 'mint', 1, '', at, act_id, 99 FROM inclusion_point_transfer WHERE credit_place = 'spent_gift'".to_owned(), "inclusion_point_transfer_movement"),
            ("activity points as a gift", "INSERT INTO inclusion_point_transfer (account_id, id, unit, debit_place, credit_place, points, about, at, act_id, position) \
                SELECT account_id, 'forged', 'activity', 'available', 'spent_gift', 1, '', at, act_id, 99 FROM inclusion_point_transfer WHERE credit_place = 'spent_gift'".to_owned(), "inclusion_point_transfer_activity_is_no_carbon"),
            ("a withdrawn consent that lives again", "UPDATE inclusion_consent SET revoked_at = NULL".to_owned(), "inclusion_consent_only_ends"),
            ("a minor without a guardian", "UPDATE inclusion_account SET is_minor = 1".to_owned(), "inclusion_account_minor_has_guardian"),
            ("an unknown role", "UPDATE organisation SET role = 'king'".to_owned(), "organisation_role"),
        ];
        // only PostgreSQL empties a table at once
        let emptied = ["consent", "activity", "fingerprint", "lot_part", "act"].map(|table| {
            (format!("TRUNCATE inclusion_{table} CASCADE"), format!("inclusion_{table}_never_truncated"))
        });
        let emptied = emptied.iter().filter(|_| !world.database.is_sqlite()).map(|(sql, name)| ("an emptied table", sql.clone(), name.as_str()));
        for (what, sql, name) in attempts.into_iter().chain(emptied) {
            let mut transaction = raw.begin().await.expect("begin");
            let tried = async {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
                transaction.commit().await
            };
            let error = tried.await.expect_err(what).to_string();
            // SQLite names checks and triggers, but neither keys nor foreign keys
            let named = error.contains(name)
                || world.database.is_sqlite() && (error.contains("UNIQUE constraint failed: inclusion_transfer") || error.contains("FOREIGN KEY"));
            assert!(named, "{what}: {error}");
        }
        // its own trip is no gift to an event
        let own = world.registry.links(&person.on(SETTLED)).await.expect("links")[0].reference.clone();
        let row = CallRow { campaign: Some(event.clone()), ..ride("to-the-event", &own, "metro", "20", SETTLED) };
        let answer = call(&world, &provider, SETTLED, &[row]).await;
        assert_eq!(answer.accepted, 1);
        world.registry.inclusion_tick(noon(date!(2026-03-14))).await.expect("settle");
        let everything = give(&world, &person, &event, "1400").await;
        assert_eq!(codes(everything), ["grams_insufficient"]);
        world.assert_audit_clean().await;
    }

    async fn an_export_says_whose_it_is_and_holds_every_act_and_consent(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let one = commuter(&world, &provider).await;
        let export = world.registry.person_export(&one.on(SETTLED)).await.expect("export");
        let user = world.registry.user_get(&one.user).await.expect("user").expect("a user");
        assert_eq!((export.name, export.login.as_str()), (user.name.clone(), user.login()));
        assert_eq!((export.activities.len(), export.consents.len()), (2, 3));
    }
}
