//! What keeps carbon inclusion honest: an audit that makes the leaves of a batch again, places of providers that two operators agree on,
//! ranks beyond the first fifty, one account for one document, and months that are published once.

use domain::inclusion::crowd::Cell;
use registry::{CallRow, Error, IdentityAsked, PageRequest, Registry};
use sqlx::{AssertSqlSafe, Connection as _};
use time::Date;
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

/// The checks that find a difference, each once, in order.
async fn found(registry: &Registry) -> Vec<&'static str> {
    let report = registry.audit().await.expect("audit");
    let mut checks: Vec<_> = report.differences.iter().map(|one| one.check).collect();
    checks.sort_unstable();
    checks.dedup();
    checks
}

/// A statement that a trigger of this name refuses.
pub async fn refused_by_the_database(world: &World, sql: &str, name: &str) {
    let mut raw = world.database.raw().await;
    let mut transaction = raw.begin().await.expect("begin");
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *transaction)
        .await;
    let error = done.expect_err(name).to_string();
    assert!(error.contains(name), "{error}");
}

/// A batch of one commuter's gift to the pool.
async fn frozen(world: &World) -> Person {
    let provider = transit(world).await;
    let person = commuter(world, &provider).await;
    assign(world, &person).await;
    let goods = goods(world, "500", "green", "assignment").await;
    let ordered = world
        .registry
        .goods_order(&person.on(SETTLED), &goods)
        .await;
    let order = ordered.expect("order");
    fulfil(world, &person, &order.id).await.expect("fulfilled");
    let form = fields(&[
        ("region", "CN-GD-SZ"),
        ("period_start", "2026-03-01"),
        ("period_end", "2026-03-31"),
        ("holder", &world.organiser.account),
        ("vvb", world.verifier.organisation.as_str()),
        ("recognition", "none"),
        ("exclusive", "yes"),
        ("statement", "未在其他机制主张"),
    ]);
    let frozen = world
        .registry
        .batch_freeze(&world.operator.on(SETTLED), &form)
        .await;
    assert_eq!(frozen.expect("freeze").mg, 500_000);
    person
}

fn place(precedence: &str) -> registry::Fields {
    fields(&[("precedence", precedence), ("reason", "演示：数据质量复核")])
}

fn document(digest: &str) -> IdentityAsked {
    IdentityAsked {
        kind: "resident_id".to_owned(),
        digest: digest.repeat(64),
        last_two: "3X".to_owned(),
        name: "演示乘客".to_owned(),
    }
}

async fn about_of(world: &World, person: &Person, day: Date) -> String {
    let own = world
        .registry
        .identities(&person.on(day))
        .await
        .expect("own");
    own[0].about.clone()
}

both_databases! {
    async fn an_altered_leaf_of_a_batch_is_found_by_the_audit(database) {
        let world = World::new(database).await;
        frozen(&world).await;
        world.assert_audit_clean().await;
        past_the_guards(&world.database, "UPDATE inclusion_batch_item SET leaf = 'x'").await;
        assert_eq!(found(&world.registry).await, ["inclusion_batch_leaf"], "the root is that of the leaves made again");
    }

    async fn what_is_used_of_a_limit_is_no_less_than_what_counted(database) {
        let world = World::new(database).await;
        frozen(&world).await;
        past_the_guards(&world.database, "UPDATE inclusion_tally SET quantity = quantity - 1 WHERE scene = 'metro' AND period = '2026-03'").await;
        assert_eq!(found(&world.registry).await, ["inclusion_limit"]);
        past_the_guards(&world.database, "DELETE FROM inclusion_tally").await;
        assert_eq!(found(&world.registry).await, ["inclusion_limit"]);
    }

    async fn an_altered_item_is_found_by_its_leaf_by_the_root_and_by_the_ledger(database) {
        let world = World::new(database).await;
        frozen(&world).await;
        past_the_guards(&world.database, "UPDATE inclusion_batch_item SET mg = mg - 1").await;
        assert_eq!(found(&world.registry).await, ["inclusion_batch", "inclusion_batch_item", "inclusion_batch_leaf", "inclusion_batch_sum"]);
    }

    async fn a_batch_has_an_approved_body_without_ties_and_a_document_for_its_recognition(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let stranger = seed(registry, "演示未获批机构", domain::Role::Vvb).await;
        let form = |vvb: &Actor, recognition: &str| fields(&[
            ("region", "CN-GD-SZ"), ("period_start", "2026-03-01"), ("period_end", "2026-03-31"), ("holder", &world.organiser.account),
            ("vvb", &vvb.organisation.to_string()), ("recognition", recognition), ("exclusive", "yes"), ("statement", "未在其他机制主张"),
        ]);
        let by = || world.operator.on(SETTLED);
        let refused = registry.batch_freeze(&by(), &form(&world.verifier, "provincial")).await.expect_err("no document");
        let at: Vec<_> = refused.refusals().iter().map(|one| one.field.clone().unwrap_or_default()).collect();
        assert_eq!(at, ["recognition_title", "recognition_number", "recognised_by", "recognised_on"]);
        assert_eq!(codes(registry.batch_freeze(&by(), &form(&stranger, "none")).await), ["vvb_not_approved"]);
        let code = crate::engagement::code_of(&world, &world.organiser).await;
        registry.tie_add(&by(), &crate::engagement::tie(&world.verifier, &code)).await.expect("a tie");
        assert_eq!(codes(registry.batch_freeze(&by(), &form(&world.verifier, "none")).await), ["vvb_not_independent"]);
    }

    async fn an_altered_lot_of_a_batch_is_found_by_the_audit(database) {
        let world = World::new(database).await;
        frozen(&world).await;
        past_the_guards(&world.database, "UPDATE inclusion_activity SET body_hash = 'x' WHERE scene = 'metro'").await;
        assert_eq!(found(&world.registry).await, ["inclusion_batch", "inclusion_batch_leaf"], "what the record said");
        past_the_guards(&world.database, "UPDATE inclusion_activity SET quantity = '1' WHERE scene = 'bus'").await;
        assert!(found(&world.registry).await.contains(&"inclusion_act_fields"));
        past_the_guards(&world.database, "UPDATE inclusion_activity SET day = '2026-03-11' WHERE scene = 'metro'").await;
        assert!(found(&world.registry).await.contains(&"inclusion_act_fields"));
    }

    async fn the_place_of_a_provider_is_agreed_by_two_operators(database) {
        let world = World::new(database).await;
        let gates = fields(&[("name", "演示闸机"), ("precedence", "1"), ("evidence", "T1"), ("scenes", "metro"), ("agreement", "D-1")]);
        let registry = &world.registry;
        let operator = || world.operator.on(DAY);
        let id = registry.provider_add(&operator(), &gates).await.expect("provider").id;
        let place_now = || async {
            let all = registry.providers().await.expect("providers");
            all.into_iter().find(|one| one.id == id).expect("it").precedence
        };
        assert_eq!(place_now().await, 5, "the last place until somebody else agreed");
        let change = registry.precedence_changes(&operator()).await.expect("changes").remove(0);
        assert_eq!((change.precedence, change.status.as_str()), (1, "proposed"));
        // the same person does not decide
        assert_eq!(codes(registry.precedence_approve(&operator(), &change.id).await), ["four_eyes"]);
        assert_eq!(codes(registry.precedence_reject(&operator(), &change.id, &fields(&[("reason", "x")])).await), ["four_eyes"]);
        assert_eq!(codes(registry.precedence_propose(&operator(), &id, &place("2")).await), ["precedence_open"]);
        let second = second_operator(&world).await;
        assert_eq!(codes(registry.precedence_withdraw(&second.on(DAY), &change.id, &fields(&[("reason", "x")])).await), ["only_proposer_withdraws"]);
        assert!(matches!(registry.precedence_approve(&world.owner.on(DAY), &change.id).await, Err(Error::Forbidden)));
        // agreed once: the same key again gives the same answer, another one is refused
        let by = second.with_key(DAY, "agree-once");
        let agreed = registry.precedence_approve(&by, &change.id).await.expect("agreed");
        assert_eq!(registry.precedence_approve(&by, &change.id).await.expect("replay"), agreed);
        assert_eq!(codes(registry.precedence_approve(&second.on(DAY), &change.id).await), ["parameters_decided"]);
        assert_eq!(place_now().await, 1);
        // what cannot be proposed
        assert_eq!(codes(registry.precedence_propose(&operator(), &id, &place("1")).await), ["choice_invalid"], "it has it");
        assert_eq!(codes(registry.precedence_propose(&operator(), &id, &place("6")).await), ["choice_invalid"]);
        assert_eq!(codes(registry.precedence_propose(&operator(), &id, &fields(&[("precedence", "2")])).await), ["required"]);
        assert_eq!(codes(registry.precedence_propose(&operator(), "nobody", &place("2")).await), ["provider_unknown"]);
        // withdrawn: nothing changes, and nobody can agree to it any more
        let by = world.operator.with_key(DAY, "propose-once");
        let proposed = registry.precedence_propose(&by, &id, &place("3")).await.expect("proposed");
        assert_eq!(registry.precedence_propose(&by, &id, &place("3")).await.expect("replay"), proposed);
        assert_eq!(codes(registry.precedence_propose(&by, &id, &place("4")).await), ["key_reused"]);
        registry.precedence_withdraw(&operator(), &proposed.id, &fields(&[("reason", "误填")])).await.expect("withdrawn");
        assert_eq!(codes(registry.precedence_approve(&second.on(DAY), &proposed.id).await), ["parameters_decided"]);
        let rejected = registry.precedence_propose(&operator(), &id, &place("2")).await.expect("proposed");
        registry.precedence_reject(&second.on(DAY), &rejected.id, &fields(&[("reason", "无依据")])).await.expect("rejected");
        assert_eq!(place_now().await, 1);
        let shown = registry.precedence_changes(&operator()).await.expect("changes");
        assert_eq!(shown.iter().map(|one| one.status.as_str()).collect::<Vec<_>>(), ["rejected", "withdrawn", "approved"]);
        // the database itself
        for (sql, name) in [
            ("UPDATE inclusion_provider SET precedence = 4", "inclusion_provider_precedence_agreed"),
            ("UPDATE inclusion_precedence_decision SET outcome = 'approved'", "inclusion_precedence_decision_never_updated"),
            ("DELETE FROM inclusion_precedence_change", "inclusion_precedence_change_never_deleted"),
        ] {
            refused_by_the_database(&world, sql, name).await;
        }
        world.assert_audit_clean().await;
    }

    /// Until two people agreed, the record of a new provider does not take the place of another one's.
    async fn a_place_counts_from_the_agreement_on(database) {
        let world = World::new(database).await;
        let code = provider(&world, "演示乘车码", "2", "metro").await;
        let registry = &world.registry;
        let form = fields(&[("name", "演示闸机"), ("precedence", "1"), ("evidence", "T1"), ("scenes", "metro"), ("agreement", "D-1")]);
        let gates = registry.provider_add(&world.operator.on(DAY), &form).await.expect("provider").id;
        let person = person(registry, "演示乘客").await;
        let of_code = connect(&world, &person, &code, "metro").await;
        let of_gates = connect(&world, &person, &gates, "metro").await;
        let trip = |order: &str, reference: &str| timed(ride(order, reference, "metro", "12", DAY), DAY, 8, 30);
        assert_eq!(call(&world, &code, DAY, &[trip("c", &of_code)]).await.accepted, 1);
        assert_eq!(refused(&call(&world, &gates, DAY, &[trip("g1", &of_gates)]).await), ["trip_overlaps"]);
        agree(&world, &second_operator(&world).await, DAY).await;
        assert_eq!(call(&world, &gates, DAY, &[trip("g2", &of_gates)]).await.accepted, 1, "now it takes its place");
        world.assert_audit_clean().await;
    }

    async fn a_rank_beyond_the_first_fifty_is_told_to_its_person_and_equals_share_one(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let registry = &world.registry;
        let mut people = Vec::new();
        let mut rows: Vec<CallRow> = Vec::new();
        for at in 0..54_i64 {
            let person = person(registry, &format!("演示{at}")).await;
            let reference = connect(&world, &person, &transit, "metro").await;
            // the last two rode as far as each other
            let tenths = 160 - at.min(52);
            let km = format!("{}.{}", tenths / 10, tenths % 10);
            rows.push(ride(&format!("r{at}"), &reference, "metro", &km, DAY));
            people.push(person);
        }
        assert_eq!(call(&world, &transit, DAY, &rows).await.accepted, 54);
        registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        for (at, person) in people.iter().enumerate().skip(1) {
            let form = fields(&[("purpose", "board"), ("nickname", &format!("云{at}")), ("agrees", "yes")]);
            registry.consent_give(&person.on(SETTLED), &form).await.expect("board");
        }
        let board = async |at: usize| registry.board_of_region(&people[at].on(SETTLED), "2026-03").await;
        let of = |board: &registry::BoardView| board.own.map(|own| (own.rank, own.tied));
        let outside = board(0).await.expect("board");
        assert_eq!((outside.people, of(&outside)), (53, None), "who did not agree has no rank");
        assert_eq!(outside.rows.len(), 50);
        assert!(!outside.rows.iter().any(|row| row.is_you));
        let first = board(1).await.expect("board");
        assert_eq!((of(&first), first.rows[0].rank, first.rows[0].is_you), (Some((1, 0)), 1, true));
        let last = board(53).await.expect("board");
        assert_eq!((last.people, of(&last)), (53, Some((52, 1))), "beyond the fifty, with one who has as much");
        assert!(!last.rows.iter().any(|row| row.is_you));
        assert_eq!(last.own.map(|own| own.mg), Some(504_360));
        // whoever withdraws is counted no more
        let consents = registry.consents(&people[52].on(SETTLED)).await.expect("consents");
        let on_board = consents.iter().find(|one| one.purpose == domain::inclusion::Purpose::Board).expect("board");
        registry.consent_revoke(&people[52].on(SETTLED), &on_board.id).await.expect("revoke");
        let left = board(53).await.expect("board");
        assert_eq!((left.people, of(&left)), (52, Some((52, 0))));
        let other_month = registry.board_of_region(&people[1].on(SETTLED), "2026-02").await.expect("board");
        assert_eq!((other_month.people, other_month.own), (0, None));
    }

    async fn one_document_is_behind_one_account_and_is_forgotten_when_the_level_ends(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let (one, other) = (person(registry, "演示乘客").await, person(registry, "演示乘客").await);
        let operator = || world.operator.on(DAY);
        let asked = registry.identity_ask(&one.with_key(DAY, "ask-once"), &document("a")).await.expect("asked");
        assert_eq!(registry.identity_ask(&one.with_key(DAY, "ask-once"), &document("a")).await.expect("replay"), asked);
        // the record of acts stays for ever and knows nothing of a document: the same key has the same answer, whatever the document
        assert_eq!(registry.identity_ask(&one.with_key(DAY, "ask-once"), &document("b")).await.expect("the first answer"), asked);
        assert_eq!(codes(registry.identity_ask(&one.on(DAY), &document("b")).await), ["identity_asked"]);
        // a question blocks nobody: only what was granted does
        registry.identity_ask(&other.on(DAY), &document("a")).await.expect("asked too");
        let queue = registry.identities_asked(&operator(), &PageRequest::default()).await.expect("queue").rows;
        assert_eq!(queue.iter().map(|row| (row.last_two.as_deref(), row.name_agrees)).collect::<Vec<_>>(), [(Some("3X"), true), (Some("3X"), true)]);
        assert!(registry.identities_asked(&one.on(DAY), &PageRequest::default()).await.is_err());
        let (of_one, of_other) = (about_of(&world, &one, DAY).await, about_of(&world, &other, DAY).await);
        assert!(matches!(registry.identity_grant(&one.on(DAY), &of_one).await, Err(Error::Forbidden)), "nobody grants it to themselves");
        registry.identity_grant(&operator(), &of_one).await.expect("granted");
        assert_eq!(codes(registry.identity_grant(&operator(), &of_one).await), ["identity_not_open"]);
        assert_eq!(codes(registry.identity_grant(&operator(), &of_other).await), ["identity_taken"]);
        assert_eq!(codes(registry.identity_refuse(&operator(), &of_other, &fields(&[("code", "other")])).await), ["required"]);
        registry.identity_refuse(&operator(), &of_other, &fields(&[("code", "check_failed")])).await.expect("refused");
        assert_eq!(codes(registry.identity_ask(&other.on(DAY), &document("a")).await), ["identity_taken"], "whose it is nobody says");
        assert_eq!(registry.person(&one.on(DAY)).await.expect("person").identity_level, "real_name");
        let export = registry.person_export(&one.on(DAY)).await.expect("export");
        assert_eq!((export.identities[0].state.as_str(), export.identities[0].last_two.as_deref()), ("granted", Some("3X")));
        // the database itself
        for (sql, name) in [
            ("UPDATE inclusion_account SET identity_level = 'real_name'", "inclusion_account_real_name_was_granted"),
            ("UPDATE inclusion_identity SET document_digest = 'b' WHERE state = 'granted'", "inclusion_identity_only_ends"),
            ("UPDATE inclusion_identity SET state = 'granted' WHERE state = 'refused'", "inclusion_identity_only_ends"),
            ("DELETE FROM inclusion_identity", "inclusion_identity_never_deleted"),
        ] {
            refused_by_the_database(&world, sql, name).await;
        }
        // given up: forgotten, and free for the other account
        registry.identity_withdraw(&one.on(DAY)).await.expect("given up");
        assert_eq!(codes(registry.identity_withdraw(&one.on(DAY)).await), ["identity_not_open"]);
        let own = registry.identities(&one.on(DAY)).await.expect("own");
        assert_eq!((own[0].state.as_str(), own[0].last_two.clone()), ("withdrawn", None));
        assert_eq!(registry.person(&one.on(DAY)).await.expect("person").identity_level, "contact");
        registry.identity_ask(&other.on(DAY), &document("a")).await.expect("free again");
        registry.identity_grant(&operator(), &about_of(&world, &other, DAY).await).await.expect("granted");
        // closing forgets it as well
        registry.person_close(&other.on(DAY), &fields(&[("statement", "yes")])).await.expect("close");
        let mut raw = world.database.raw().await;
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_identity WHERE document_digest IS NOT NULL OR last_two IS NOT NULL")
            .fetch_one(&mut raw).await.expect("count");
        assert_eq!(left, 0);
        assert_eq!(codes(registry.identity_ask(&other.on(DAY), &document("c")).await), ["person_not_open"]);
        world.assert_audit_clean().await;
    }

    async fn the_real_name_level_raises_the_limit_of_a_new_account(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let transit = transit(&world).await;
        let mut shown = Vec::new();
        for granted in [false, true] {
            let person = person_on(registry, "演示乘客", date!(2026 - 03 - 05)).await;
            let reference = connect(&world, &person, &transit, "metro").await;
            if granted {
                registry.identity_ask(&person.on(DAY), &document("d")).await.expect("asked");
                let about = about_of(&world, &person, DAY).await;
                registry.identity_grant(&world.operator.on(DAY), &about).await.expect("granted");
            }
            let rows: Vec<CallRow> = (0..5).map(|at| {
                ride(&format!("n-{granted}-{at}"), &reference, "metro", "30", DAY - time::Duration::days(at))
            }).collect();
            assert_eq!(call(&world, &transit, DAY, &rows).await.accepted, 5);
            let queue = registry.activities_in_review(&world.operator.on(DAY), &PageRequest::default()).await.expect("queue");
            let of_person = |row: &&registry::ActivityView| row.about.starts_with(person.organisation.as_str());
            shown.push(queue.rows.iter().filter(of_person).count());
        }
        assert!(shown[0] > 0, "7 kg are beyond the 5 kg of a new account");
        assert_eq!(shown[1], 0, "and within the limit of somebody who showed a document");
    }

    /// A month is published once after its end and settlement; what comes later is in no published figure.
    async fn a_month_is_published_once_for_everybody(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        for _ in 0..10 {
            commuter(&world, &transit).await;
        }
        let registry = &world.registry;
        let other = person(registry, "演示旅客").await;
        let reference = connect(&world, &other, &transit, "metro").await;
        let row = CallRow { region: "CN-GD-GZ".to_owned(), ..ride("gz", &reference, "metro", "5", DAY) };
        assert_eq!(call(&world, &transit, DAY, &[row]).await.accepted, 1);
        registry.inclusion_tick(noon(date!(2026-03-31))).await.expect("tick");
        let public = registry.public();
        assert!(public.city_months().await.expect("months").is_empty(), "the month runs");
        registry.inclusion_tick(noon(date!(2026-04-02))).await.expect("tick");
        assert!(public.city_months().await.expect("months").is_empty(), "its last day is not settled");
        let tick = registry.inclusion_tick(noon(date!(2026-04-04))).await.expect("tick");
        assert_eq!((tick.published, public.city_months().await.expect("months")), (1, vec!["2026-03".to_owned()]));
        let first = public.city_month("2026-03").await.expect("month");
        assert_eq!((first.published_on.as_str(), first.table.last), ("2026-04-04", date!(2026-03-31)));
        assert_eq!(first.table.scenes, ["bus", "metro"]);
        assert_eq!(first.table.cells[1][0], None, "one person");
        assert!(first.table.cells[1][1].is_none() || first.table.cells[1][2].is_none(), "nor by the difference");
        assert_eq!(first.table.cells[0][1], Some(Cell { people: 10, acts: 10, mg: 860_800 }));
        // a late record of March is settled in April: the figures stay
        let late = ride("late", &reference, "metro", "9", date!(2026 - 03 - 30));
        let at = noon(date!(2026 - 04 - 05));
        let taken = registry.call_in(&transit, &key(), at, &[late]).await.expect("call");
        assert_eq!(taken.accepted, 1);
        let tick = registry.inclusion_tick(noon(date!(2026-04-20))).await.expect("tick");
        assert_eq!((tick.settled, tick.published), (1, 0));
        assert_eq!(public.city_month("2026-03").await.expect("month"), first);
        assert!(matches!(public.city_month("2026-04").await, Err(Error::NotFound)));
        refused_by_the_database(&world, "UPDATE inclusion_city_cell SET people = 10", "inclusion_city_cell_never_updated").await;
        refused_by_the_database(&world, "DELETE FROM inclusion_city_month", "inclusion_city_month_never_deleted").await;
        // two copies of the server at once publish April once
        let copies = [world.database.connect().await, world.database.connect().await];
        let may = noon(date!(2026 - 05 - 10));
        let (one, two) = tokio::join!(copies[0].inclusion_tick(may), copies[1].inclusion_tick(may));
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        assert_eq!(public.city_months().await.expect("months"), ["2026-03"], "nobody rode in April");
        let mut raw = world.database.raw().await;
        let months: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inclusion_city_month WHERE month = '2026-04'")
            .fetch_one(&mut raw).await.expect("count");
        assert_eq!(months, 1);
        world.assert_audit_clean().await;
    }
}
