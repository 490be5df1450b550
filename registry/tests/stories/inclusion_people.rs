//! The person's side of carbon inclusion: badges and ratings that count verified acts only, boards of those who agreed, groups, expiry that
//! is told first, months of ten thousand acts, and sign-up by mobile number.

use std::sync::Arc;

use domain::inclusion::{Grade, Place, RatingPart};
use registry::{BoardView, CallRow, Error, Fields, PageRequest, Registry, Visitor};
use sqlx::{AssertSqlSafe, Connection as _};
use time::Date;
use time::macros::date;
use tokio::sync::Barrier;

use crate::harness::*;
use crate::inclusion::*;

const MONTH: &str = "2026-03";

/// Agrees to the boards under a nickname; answers with the consent.
async fn board(world: &World, person: &Person, nickname: &str) -> String {
    let form = fields(&[
        ("purpose", "board"),
        ("nickname", nickname),
        ("agrees", "yes"),
    ]);
    let given = world
        .registry
        .consent_give(&person.on(SETTLED), &form)
        .await;
    given.expect("consent to boards").id
}

async fn found(world: &World, person: &Person, name: &str) -> (String, String) {
    let form = fields(&[
        ("name", name),
        ("kind", "community"),
        ("region", "CN-GD-SZ"),
    ]);
    let by = person.on(SETTLED);
    let id = world
        .registry
        .group_create(&by, &form)
        .await
        .expect("group_create")
        .id;
    let groups = world.registry.groups(&by).await.expect("groups");
    let code = groups
        .iter()
        .find(|one| one.id == id)
        .expect("founded")
        .code
        .clone();
    (id, code)
}

async fn join(registry: &Registry, person: &Person, code: &str) -> Result<(), Error> {
    let form = fields(&[("code", code)]);
    registry
        .group_join(&person.on(SETTLED), &form)
        .await
        .map(drop)
}

async fn of_group(world: &World, person: &Person, group: &str) -> BoardView {
    let found = world
        .registry
        .group(&person.on(SETTLED), group, MONTH)
        .await;
    found.expect("group").1
}

async fn of_region(world: &World, person: &Person) -> BoardView {
    let found = world
        .registry
        .board_of_region(&person.on(SETTLED), MONTH)
        .await;
    found.expect("board")
}

fn names(board: &BoardView) -> Vec<&str> {
    board.rows.iter().map(|row| row.nickname.as_str()).collect()
}

/// Messages of one kind to a person.
async fn told(world: &World, person: &Person, kind: &str) -> usize {
    let page = PageRequest {
        after: None,
        size: 200,
    };
    let all = world
        .registry
        .notifications(&person.on(SETTLED), &page)
        .await
        .expect("messages");
    all.rows.iter().filter(|one| one.kind == kind).count()
}

/// A photo of old clothes is counted by half and never certified.
async fn photo(world: &World, person: &Person, day: Date) {
    let form = fields(&[("scene", "clean_plate"), ("day", &day.to_string())]);
    let photo = registry::StoredFile {
        hash: digest_of(&unique()),
        bytes: 900,
        media_type: "image/jpeg".to_owned(),
        file_name: "plate.jpg".to_owned(),
    };
    world
        .registry
        .activity_record(&person.on(day), &form, Some(&photo.clone().into()))
        .await
        .expect("record");
}

fn digest_of(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}

async fn settle(world: &World, day: Date) {
    world
        .registry
        .inclusion_tick(noon(day))
        .await
        .expect("tick");
}

fn phone_form(phone: &str) -> Fields {
    fields(&[
        ("name", "演示手机用户"),
        ("phone", phone),
        ("region", "CN-GD-SZ"),
        ("age", "adult"),
        ("agrees", "yes"),
    ])
}

both_databases! {
    async fn badges_count_what_was_verified_and_a_void_act_takes_its_own_back(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = person(&world.registry, "演示徽章").await;
        let by = || person.on(SETTLED);
        let none = world.registry.badges(&by()).await.expect("badges");
        assert_eq!((none.level.have, none.variety.step), (0, 0));
        let reference = connect(&world, &person, &provider, "metro").await;
        connect(&world, &person, &provider, "bus").await;
        let rows = [ride("b1", &reference, "metro", "12.4", DAY), ride("b2", &reference, "bus", "3.2", DAY)];
        call(&world, &provider, DAY, &rows).await;
        photo(&world, &person, DAY).await;
        assert_eq!(world.registry.badges(&by()).await.expect("badges"), none, "nothing unsettled is verified");
        settle(&world, SETTLED).await;
        let some = world.registry.badges(&by()).await.expect("badges");
        let of = |badges: &domain::inclusion::Badges, family: &str| badges.families.iter().find(|one| one.family == family).map(|one| one.progress.have);
        assert_eq!((some.level.have, of(&some, "travel"), of(&some, "food"), some.variety.have), (665_160, Some(2), Some(0), 2), "a photo is no verified act");
        let view = world.registry.person(&by()).await.expect("person");
        assert_eq!(view.verified_mg, 665_160);
        assert!(view.settled_mg > 665_160, "the photo is settled and not verified");
        let acts = world.registry.activities(&by(), (DAY, DAY), &PageRequest::default()).await.expect("acts");
        let metro = acts.rows.iter().find(|act| act.scene == "metro").expect("metro");
        let about = format!("{}.{}", person.organisation, metro.id);
        let reason = fields(&[("reason", "不实")]);
        world.registry.activity_void(&world.operator.on(SETTLED), &about, &reason).await.expect("void");
        let after = world.registry.badges(&by()).await.expect("badges");
        assert_eq!((after.level.have, of(&after, "travel"), after.variety.have), (86_080, Some(1), 1));
        world.assert_audit_clean().await;
    }

    async fn the_rating_of_a_year_is_the_sum_of_its_parts_and_assigning_changes_no_points(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let by = || person.on(SETTLED);
        let part = |view: &registry::RatingView, part: RatingPart| view.rating.parts.iter().find(|one| one.part == part).map(|one| (one.have, one.points.normalize().to_string())).expect("a part");
        let before = world.registry.rating(&by(), None).await.expect("rating");
        assert_eq!((before.year, before.runs, before.facts.mg, before.facts.weeks, before.facts.families), (2026, true, 665_160, 1, 1));
        assert_eq!(part(&before, RatingPart::Variety), (1, "3".to_owned()));
        assert_eq!(before.facts.assigned_mg, 0);
        assert_eq!(before.rating.grade, Grade::Seed);
        assign(&world, &person).await;
        let goods = goods(&world, "500", "green", "assignment").await;
        let order = world.registry.goods_order(&by(), &goods).await.expect("order").id;
        fulfil(&world, &person, &order).await.expect("fulfil");
        let after = world.registry.rating(&by(), Some(2026)).await.expect("rating");
        assert_eq!((after.facts.assigned_mg, after.rating.points), (500_000, before.rating.points));
        let sum: rust_decimal::Decimal = after.rating.parts.iter().map(|one| one.points).sum();
        assert_eq!(sum, after.rating.points);
        assert!(matches!(world.registry.rating(&by(), Some(2027)).await, Err(Error::NotFound)), "a year ahead has no rating");
        assert!(matches!(world.registry.rating(&by(), Some(1999)).await, Err(Error::NotFound)));
        let empty = world.registry.rating(&by(), Some(2025)).await.expect("a year without acts");
        assert_eq!(empty.rating.points, rust_decimal::Decimal::ZERO);
        world.assert_audit_clean().await;
    }

    async fn a_board_of_fewer_than_five_shows_nothing_and_nobody_is_on_one_without_agreeing(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let mut people = Vec::new();
        for _ in 0..6 {
            people.push(commuter(&world, &provider).await);
        }
        let (group, code) = found(&world, &people[0], "演示小区").await;
        for person in &people[1..] {
            join(&world.registry, person, &code).await.expect("join");
        }
        assert!(of_group(&world, &people[0], &group).await.rows.is_empty(), "six members, nobody agreed");
        let form = fields(&[("purpose", "board"), ("agrees", "yes")]);
        assert_eq!(codes(world.registry.consent_give(&people[0].on(SETTLED), &form).await), ["required"], "no board without a nickname");
        let mut consents = Vec::new();
        for (at, person) in people.iter().take(4).enumerate() {
            consents.push(board(&world, person, &format!("云{at}")).await);
        }
        assert!(of_group(&world, &people[0], &group).await.rows.is_empty(), "four");
        assert!(of_region(&world, &people[0]).await.rows.is_empty());
        consents.push(board(&world, &people[4], "云4").await);
        let five = of_group(&world, &people[0], &group).await;
        assert_eq!(names(&five).len(), 5);
        assert_eq!(five.rows.iter().filter(|row| row.is_you).count(), 1);
        assert!(five.rows.iter().all(|row| row.mg == 665_160));
        assert_eq!(names(&of_region(&world, &people[5]).await).len(), 5, "who is not on it may look at the board of the region");
        let other_month = world.registry.group(&people[0].on(SETTLED), &group, "2026-02").await.expect("group").1;
        assert!(other_month.rows.is_empty());
        // withdrawn, left, closed: gone at once
        world.registry.consent_revoke(&people[4].on(SETTLED), &consents[4]).await.expect("revoke");
        assert!(of_group(&world, &people[0], &group).await.rows.is_empty());
        board(&world, &people[5], "云5").await;
        assert_eq!(names(&of_group(&world, &people[0], &group).await).len(), 5);
        world.registry.group_leave(&people[1].on(SETTLED), &group).await.expect("leave");
        assert!(of_group(&world, &people[0], &group).await.rows.is_empty());
        assert_eq!(names(&of_region(&world, &people[0]).await).len(), 5, "leaving a group is not leaving the region");
        let statement = fields(&[("statement", "yes")]);
        world.registry.person_close(&people[2].on(SETTLED), &statement).await.expect("close");
        assert!(of_region(&world, &people[0]).await.rows.is_empty());
        assert!(matches!(world.registry.group(&people[1].on(SETTLED), &group, MONTH).await, Err(Error::NotFound)), "who left does not see it");
        world.assert_audit_clean().await;
    }

    /// A board follows what its people do: a region and those it lies in, a nickname, grams that come and go.
    async fn the_board_of_a_region_follows_its_people(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let mut people = Vec::new();
        for at in 0..6 {
            let person = commuter(&world, &provider).await;
            board(&world, &person, &format!("云{at}")).await;
            people.push(person);
        }
        let registry = &world.registry;
        let change = async |person: &Person, region: &str, nickname: &str| {
            let form = fields(&[("region", region), ("nickname", nickname)]);
            registry.person_change(&person.on(SETTLED), &form).await.expect("change");
        };
        assert_eq!(of_region(&world, &people[0]).await.people, 6);
        // who lives in the province sees the city, the city does not see who lives in the province
        change(&people[5], "CN-GD", "云5").await;
        assert_eq!(of_region(&world, &people[5]).await.people, 6);
        assert_eq!((of_region(&world, &people[0]).await.people, of_region(&world, &people[0]).await.own.is_some()), (5, true));
        change(&people[5], "CN", "云5").await;
        assert_eq!(of_region(&world, &people[5]).await.people, 6, "the nation");
        change(&people[5], "CN-HB-WH", "云5").await;
        assert!(of_region(&world, &people[5]).await.rows.is_empty(), "too few there");
        change(&people[5], "CN-GD-SZ", "").await;
        assert_eq!(of_region(&world, &people[5]).await.people, 5, "nobody without a nickname");
        change(&people[5], "CN-GD-SZ", "云五").await;
        let back = of_region(&world, &people[5]).await;
        assert_eq!((back.people, names(&back).contains(&"云五")), (6, true));
        world.assert_audit_clean().await;
        // another ride is settled, one is declared void: the first and the last
        let reference = connect(&world, &people[0], &provider, "shared_bike").await;
        let more = call(&world, &provider, DAY, &[ride("more", &reference, "metro", "3", DAY)]).await;
        assert_eq!(more.accepted, 1, "{more:?}");
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let acts = registry.activities(&people[1].on(SETTLED), (DAY, DAY), &PageRequest::default()).await.expect("acts").rows;
        let about = format!("{}.{}", people[1].organisation, acts[0].id);
        let why = fields(&[("reason", "不实")]);
        registry.activity_void(&world.operator.on(SETTLED), &about, &why).await.expect("void");
        let after = of_region(&world, &people[1]).await;
        assert_eq!((after.rows[0].nickname.as_str(), after.rows[5].nickname.as_str()), ("云0", "云1"), "{after:?}");
        assert_eq!(after.own.map(|own| (own.rank, own.is_behind, own.tied)), Some((6, false, 0)));
        world.assert_audit_clean().await;
        // the audit finds who was brought onto a board, or off it, past the registry
        let mut raw = world.database.raw().await;
        sqlx::raw_sql("UPDATE inclusion_board_entry SET mg = mg + 1 WHERE region = 'CN-GD'").execute(&mut raw).await.expect("sql");
        let audit = registry.audit().await.expect("audit");
        assert!(audit.differences.iter().all(|one| one.check == "inclusion_board") && audit.differences.len() == 6, "{:?}", audit.differences);
        sqlx::raw_sql("DELETE FROM inclusion_board_member").execute(&mut raw).await.expect("sql");
        assert_eq!(registry.audit().await.expect("audit").differences.len(), 6 * 3);
    }

    async fn places_on_a_large_board_are_counted_no_further_than_ten_thousand(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        board(&world, &person, "云").await;
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) \
            INSERT INTO inclusion_board_entry (account_id, region, period, mg) \
            SELECT 'nobody ' || n.i, 'CN-GD-SZ', '2026-03', 700000 + n.i FROM n";
        let mut raw = world.database.raw().await;
        let past = if world.database.is_sqlite() { "PRAGMA foreign_keys = OFF" } else { "SET session_replication_role = replica" };
        for sql in [past, many] {
            sqlx::raw_sql(sql).execute(&mut raw).await.expect("sql");
        }
        let found = of_region(&world, &person).await;
        assert_eq!((found.people, found.has_more_people), (10_000, true));
        let own = found.own.expect("on the board");
        assert_eq!((own.rank, own.is_behind, own.tied, own.mg), (10_000, true, 0, 665_160));
    }

    async fn a_group_is_joined_by_its_code_once_and_by_no_more_than_it_takes(database) {
        let world = World::new(database).await;
        let first = person(&world.registry, "演示甲").await;
        let second = person(&world.registry, "演示乙").await;
        for (name, kind, region, code) in [("", "group", "CN-GD-SZ", "required"), ("甲", "club", "CN-GD-SZ", "choice_invalid"), ("甲", "group", "XX", "choice_invalid")] {
            let form = fields(&[("name", name), ("kind", kind), ("region", region)]);
            assert_eq!(codes(world.registry.group_create(&first.on(SETTLED), &form).await), [code]);
        }
        let form = fields(&[("name", "演示小组"), ("kind", "group"), ("region", "CN-GD-SZ")]);
        let again = first.with_key(SETTLED, "found");
        let one = world.registry.group_create(&again, &form).await.expect("found");
        assert_eq!(world.registry.group_create(&again, &form).await.expect("replay"), one);
        let groups = world.registry.groups(&first.on(SETTLED)).await.expect("groups");
        assert_eq!((groups.len(), groups[0].members), (1, 1), "the same key founds one group");
        let code = groups[0].code.clone();
        assert_eq!(codes(join(&world.registry, &first, &code).await), ["group_joined"]);
        assert_eq!(codes(join(&world.registry, &second, "ABCDE-FGHJK").await), ["group_code_unknown"]);
        assert_eq!(codes(join(&world.registry, &second, "nonsense").await), ["group_code_unknown"]);
        let organiser = world.registry.group_join(&world.organiser.on(SETTLED), &fields(&[("code", &code)])).await;
        assert!(matches!(organiser, Err(Error::Forbidden)));
        assert!(matches!(world.registry.group(&second.on(SETTLED), &one.id, MONTH).await, Err(Error::NotFound)), "nobody sees a group from outside");
        // the same person in many tabs comes in once
        let together = Arc::new(Barrier::new(6));
        let tries: Vec<_> = (0..6).map(|_| {
            let (registry, by, together, form) = (world.registry.clone(), second.on(SETTLED), together.clone(), fields(&[("code", &code)]));
            tokio::spawn(async move {
                together.wait().await;
                registry.group_join(&by, &form).await.map(drop)
            })
        }).collect();
        let mut joined = 0;
        for tried in tries {
            match tried.await.expect("no panic") {
                Ok(()) => joined += 1,
                refused => assert_eq!(codes(refused), ["group_joined"]),
            }
        }
        assert_eq!(joined, 1);
        assert_eq!(world.registry.groups(&first.on(SETTLED)).await.expect("groups")[0].members, 2);
        // in and out again
        world.registry.group_leave(&second.on(SETTLED), &one.id).await.expect("leave");
        assert!(matches!(world.registry.group_leave(&second.on(SETTLED), &one.id).await, Err(Error::NotFound)));
        join(&world.registry, &second, &code.to_lowercase()).await.expect("back");
        for at in 0..9 {
            found(&world, &second, &format!("演示{at}")).await;
        }
        let more = fields(&[("name", "演示第十一个"), ("kind", "group"), ("region", "CN-GD-SZ")]);
        assert_eq!(codes(world.registry.group_create(&second.on(SETTLED), &more).await), ["groups_too_many"]);
        world.assert_audit_clean().await;
    }

    async fn what_expires_is_told_once_thirty_days_before_and_certified_grams_never_do(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        photo(&world, &person, DAY).await;
        settle(&world, SETTLED).await;
        let held = registry.person(&person.on(SETTLED)).await.expect("person").in_place(Place::Held);
        assert_eq!(held, 665_160 + 72_000, "the ride, and half of the plate");
        settle(&world, date!(2028 - 03 - 01)).await;
        assert_eq!(told(&world, &person, "inclusion_expiry_notice").await, 0, "31 days before");
        for day in [date!(2028 - 03 - 02), date!(2028 - 03 - 03), date!(2028 - 03 - 31)] {
            settle(&world, day).await;
            settle(&world, day).await;
        }
        assert_eq!(told(&world, &person, "inclusion_expiry_notice").await, 1, "once");
        let ahead = registry.expiries(&person.on(SETTLED)).await.expect("expiries");
        assert_eq!((ahead.len(), ahead[0].amount, ahead[0].expires_on.as_str(), ahead[0].expired_at), (1, 72_000, "2028-04-01", None));
        assert_eq!(registry.person(&person.on(SETTLED)).await.expect("person").in_place(Place::Held), held, "told and not gone");
        let sooner = "UPDATE inclusion_expiry SET expired_at = noticed_at";
        let error = sqlx::raw_sql(sooner).execute(&mut world.database.raw().await).await.expect_err("too early").to_string();
        assert!(error.contains("inclusion_expiry_not_before_its_day"), "{error}");
        let ticks: Vec<_> = (0..4).map(|_| {
            let registry = world.registry.clone();
            tokio::spawn(async move { registry.inclusion_tick(noon(date!(2028-04-01))).await })
        }).collect();
        for tick in ticks {
            tick.await.expect("no panic").expect("tick");
        }
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::Held), view.in_place(Place::VoidExpired), view.points.available), (665_160, 72_000, 665));
        assert_eq!(registry.badges(&person.on(SETTLED)).await.expect("badges").level.have, 665_160, "no level is lost by time");
        settle(&world, date!(2060 - 01 - 01)).await;
        settle(&world, date!(2060 - 03 - 01)).await;
        let view = registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!(view.in_place(Place::Held), 665_160, "certified grams never expire");
        world.assert_audit_clean().await;
    }

    async fn a_month_of_ten_thousand_acts_is_read_page_by_page_without_a_gap(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = person(&world.registry, "演示万次").await;
        let reference = connect(&world, &person, &provider, "metro").await;
        let first = [ride("m0", &reference, "metro", "1", date!(2026 - 03 - 01))];
        call(&world, &provider, date!(2026 - 03 - 01), &first).await;
        // the same act 10,000 times, as no provider could send them: SQL that goes past the limits of a day
        let columns = "scene, source, provider_id, body_hash, evidence, evidence_file, started_at, ended_at, precedence, region, quantity, counted, \
            certifiable, mg, activity_points, campaign_id, consent_id, parameter_set, input, settle_on, reason, appeal, received_at, act_id";
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)";
        let (day, id) = if world.database.is_sqlite() {
            ("'2026-03-' || substr('0' || (1 + i % 28), -2)", "printf('%08x-0000-7000-8000-000000000000', i)")
        } else {
            ("'2026-03-' || lpad(CAST(1 + i % 28 AS TEXT), 2, '0')", "lpad(to_hex(i), 8, '0') || '-0000-7000-8000-000000000000'")
        };
        let sql = format!(
            "{numbers} INSERT INTO inclusion_activity (account_id, id, fingerprint, day, state, {columns}) \
             SELECT a.account_id, {id}, 'copy-' || i, {day}, 'void', {columns} FROM inclusion_activity a CROSS JOIN n"
        );
        // PostgreSQL wants the WITH before the SELECT
        let sql = if world.database.is_sqlite() { sql } else {
            sql.replace(&format!("{numbers} INSERT"), "INSERT").replace(" SELECT a.account_id", &format!(" {numbers} SELECT a.account_id"))
        };
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut world.database.raw().await).await.expect("copies");
        let span = (date!(2026 - 03 - 01), date!(2026 - 03 - 31));
        let by = person.on(date!(2026 - 03 - 31));
        let began = std::time::Instant::now();
        let one = world.registry.month(&by, span, &PageRequest::default()).await.expect("month");
        let took = began.elapsed();
        println!("a month of 10,000 acts: first page after {took:?}");
        assert_eq!(one.days.iter().map(|day| day.acts).sum::<i64>(), 1, "void acts are no grams");
        let (mut seen, mut after, mut last) = (std::collections::BTreeSet::new(), None, String::from("9999"));
        loop {
            let page = PageRequest { after, size: 200 };
            let page = world.registry.month(&by, span, &page).await.expect("month");
            for act in &page.acts {
                assert!(act.day <= last, "the last day first");
                last.clone_from(&act.day);
                assert!(seen.insert(act.id.clone()), "{} twice", act.id);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 10_000);
        let wrong = PageRequest { after: Some("no key".to_owned()), size: 10 };
        assert_eq!(world.registry.month(&by, span, &wrong).await.expect("month").acts.len(), 10, "a key that is none gives the first page");
    }

    async fn a_mobile_number_opens_one_account_with_the_limit_of_an_unconfirmed_one(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let visitor = |key: &str| Visitor { at: noon(date!(2026-01-05)), key: key.to_owned() };
        for (phone, code) in [("12345678901", "mobile_invalid"), ("13800", "mobile_invalid")] {
            assert_eq!(codes(registry.person_sign_up(&visitor(&key()), &phone_form(phone), "hash").await), [code]);
        }
        let mut both = phone_form("13800138000");
        both.insert("email".to_owned(), "a@example.cn".to_owned());
        assert_eq!(codes(registry.person_sign_up(&visitor(&key()), &both, "hash").await), ["contact_required"]);
        assert_eq!(codes(registry.person_sign_up(&visitor(&key()), &phone_form(""), "hash").await), ["required"], "one of the two");
        let one = registry.person_sign_up(&visitor("p1"), &phone_form("138 0013 8000"), "hash").await.expect("sign up");
        assert_eq!(registry.person_sign_up(&visitor("p1"), &phone_form("+86 13800138000"), "hash").await.expect("replay"), one, "one number however it is typed");
        assert_eq!(codes(registry.person_sign_up(&visitor(&key()), &phone_form("13800138000"), "hash").await), ["phone_taken"]);
        for login in ["13800138000", "+8613800138000", "138-0013-8000"] {
            let found = registry.user_by_login(login).await.expect("login").expect("known");
            assert_eq!((found.user.id.clone(), found.user.login()), (one.user.clone(), "+8613800138000"));
        }
        assert!(registry.user_by_login("13800138001").await.expect("login").is_none());
        let person = Actor { user: one.user, organisation: one.account, role: domain::Role::Individual, account: String::new() };
        assert!(registry.person(&person.on(DAY)).await.expect("person").is_unconfirmed);
        // the limit: 20 kg without a look, an account by mail has none of it
        let provider = clothes(&world).await;
        let mailed = self::person(registry, "演示邮箱用户").await;
        for (who, second) in [(&person, "review"), (&mailed, "pending")] {
            let reference = connect(&world, who, &provider, "old_clothes").await;
            for (number, day, state) in [("1", DAY.previous_day().expect("a day"), "pending"), ("2", DAY, second)] {
                let order = format!("{number}-{}", who.organisation);
                let row = CallRow { amounts: fields(&[("mass_kg", "11")]), ..ride(&order, &reference, "old_clothes", "0", day) };
                let answer = call(&world, &provider, DAY, &[row]).await;
                assert_eq!(answer.accepted, 1, "{answer:?}");
                let acts = registry.activities(&who.on(DAY), (day, day), &PageRequest::default()).await.expect("acts");
                assert_eq!(acts.rows[0].status.code(), state, "{number} of {}", who.organisation);
            }
        }
        // no mail goes to a number, and a closed account gives it back
        let mails: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mail WHERE address LIKE 'phone-%'").fetch_one(&mut world.database.raw().await).await.expect("mails");
        assert_eq!(mails, 0);
        let statement = fields(&[("statement", "yes")]);
        registry.person_close(&person.on(DAY), &statement).await.expect("close");
        assert!(registry.user_by_login("13800138000").await.expect("login").is_none());
        registry.person_sign_up(&visitor(&key()), &phone_form("13800138000"), "hash").await.expect("the number is free again");
        world.assert_audit_clean().await;
    }

    async fn a_person_corrects_the_name_and_takes_everything_along(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let registry = &world.registry;
        let form = fields(&[("region", "CN-GD"), ("nickname", "云"), ("name", "演示新名")]);
        registry.person_change(&person.on(SETTLED), &form).await.expect("change");
        let user = registry.user_get(&person.user).await.expect("user").expect("there");
        assert_eq!((user.name.as_str(), user.organisation_name.as_str()), ("演示新名", "演示新名"));
        let wrong = fields(&[("region", "CN-GD"), ("name", " ")]);
        assert_eq!(codes(registry.person_change(&person.on(SETTLED), &wrong).await), ["required"]);
        found(&world, &person, "演示团体").await;
        let export = registry.person_export(&person.on(SETTLED)).await.expect("export");
        assert_eq!((export.groups.len(), export.badges.level.have, export.activities.len()), (1, 665_160, 2));
    }

    async fn the_database_itself_keeps_tallies_and_memberships(database) {
        let world = World::new(database).await;
        let provider = transit(&world).await;
        let person = commuter(&world, &provider).await;
        let (_, code) = found(&world, &person, "演示团体").await;
        let other = commuter(&world, &provider).await;
        join(&world.registry, &other, &code).await.expect("join");
        let mut raw = world.database.raw().await;
        for (what, sql, name) in [
            ("a tally below zero", "UPDATE inclusion_verified SET mg = -1", "inclusion_verified_mg"),
            ("a tally without a trace", "DELETE FROM inclusion_verified", "inclusion_verified_never_deleted"),
            ("a group renamed", "UPDATE inclusion_group SET name = 'x'", "inclusion_group_fixed"),
            ("a member moved", "UPDATE inclusion_group_member SET joined_at = 1", "inclusion_group_member_only_leaves"),
            ("a membership forgotten", "DELETE FROM inclusion_group_member", "inclusion_group_member_never_deleted"),
            ("a number that is none", "UPDATE user_account SET phone = '138'", "user_account_phone_shape"),
        ] {
            let mut transaction = raw.begin().await.expect("begin");
            let error = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await.expect_err(what).to_string();
            assert!(error.contains(name), "{what}: {error}");
        }
    }
}

/// A recycler of old clothes.
async fn clothes(world: &World) -> String {
    provider(world, "演示旧衣回收点", "1", "old_clothes").await
}
