//! A gram is never taken away for nothing: what has none is in no trip's way, and takes no steps away. What became void late may be objected to
//! as long as anything else.

use domain::Instant;
use registry::{ActivityReceipt, ActivityStatus, ActivityView, CallRow, PageRequest};
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

/// The day after the acts: their hours are over, and none of them is settled.
const NEXT: time::Date = date!(2026 - 03 - 11);

/// A ride on a bus by its operator: an hour of [`DAY`], and minutes.
fn bus(order: &str, reference: &str, hour: i64, minutes: i64) -> CallRow {
    timed(
        ride(order, reference, "bus", "3.2", DAY),
        DAY,
        hour,
        minutes,
    )
}

/// A ride on a bus as its person tells it, without proof.
async fn told(
    world: &World,
    person: &Person,
    from: &str,
    to: &str,
) -> Result<ActivityReceipt, registry::Error> {
    let form = fields(&[
        ("scene", "bus"),
        ("day", "2026-03-10"),
        ("distance_km", "3"),
        ("started", from),
        ("ended", to),
    ]);
    world
        .registry
        .activity_record(&person.on(DAY), &form, None)
        .await
}

/// Steps of an hour of [`DAY`].
fn steps(order: &str, reference: &str, hour: i64) -> CallRow {
    CallRow {
        amounts: fields(&[("steps", "1000")]),
        ..timed(untimed(order, reference, "steps", "0", DAY), DAY, hour, 60)
    }
}

async fn acts(world: &World, person: &Person) -> Vec<ActivityView> {
    let page = PageRequest {
        after: None,
        size: 200,
    };
    let by = person.on(SETTLED);
    let found = world.registry.activities(&by, (DAY, DAY), &page).await;
    found.expect("acts").rows
}

/// Scenes and reasons of the void acts.
async fn void(world: &World, person: &Person) -> Vec<(String, String)> {
    let all = acts(world, person).await.into_iter();
    all.filter(|act| act.status == ActivityStatus::Void)
        .map(|act| (act.scene, act.reason.unwrap_or_default()))
        .collect()
}

both_databases! {
    /// Whoever tells of a ride is not worse off than whoever does not: the record of its operator counts all the same.
    async fn a_ride_that_was_told_by_hand_counts_once_its_operator_reports_it(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示乘客").await;
        let reference = connect(&world, &person, &transit, "bus").await;
        // settled: it stays, with its point, and the ride counts beside it
        told(&world, &person, "08:00", "08:30").await.expect("told");
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let answer = call(&world, &transit, SETTLED, &[bus("one", &reference, 8, 30)]).await;
        assert_eq!(refused(&answer), [""]);
        assert!(answer.rows[0].accepted.as_ref().is_some_and(|one| one.mg > 0), "{answer:?}");
        assert!(void(&world, &person).await.is_empty());
        // not settled yet: the record of the operator takes its place
        told(&world, &person, "10:00", "10:30").await.expect("told");
        let answer = call(&world, &transit, SETTLED, &[bus("two", &reference, 10, 30)]).await;
        assert_eq!(refused(&answer), [""]);
        assert_eq!(void(&world, &person).await, [("bus".to_owned(), "better_record".to_owned())]);
        // told of a ride that counts: it would be rewarded twice
        assert_eq!(codes(told(&world, &person, "10:10", "10:20").await), ["trip_overlaps"]);
        world.assert_audit_clean().await;
    }

    /// A day without driving has hours and is no trip: whoever reports it takes no ride of the day away.
    async fn a_day_without_driving_is_in_no_rides_way(database) {
        let world = World::new(database).await;
        let transit = provider(&world, "演示公交", "3", "bus").await;
        let police = provider(&world, "演示停驶", "1", "stop_driving").await;
        let person = person(&world.registry, "演示乘客").await;
        let rides = connect(&world, &person, &transit, "bus").await;
        let stands = connect(&world, &person, &police, "stop_driving").await;
        let whole_day = || timed(untimed("stands", &stands, "stop_driving", "0", DAY), DAY, 0, 1_439);
        assert_eq!(call(&world, &transit, NEXT, &[bus("before", &rides, 8, 30)]).await.accepted, 1);
        let answer = call(&world, &police, NEXT, &[CallRow { amounts: fields(&[]), ..whole_day() }]).await;
        assert_eq!(refused(&answer), [""]);
        assert_eq!(call(&world, &transit, NEXT, &[bus("after", &rides, 10, 30)]).await.accepted, 1);
        assert!(void(&world, &person).await.is_empty());
        world.registry.inclusion_tick(noon(date!(2026 - 03 - 14))).await.expect("settle");
        let settled = acts(&world, &person).await;
        assert!(settled.iter().all(|act| act.status == ActivityStatus::Settled), "{settled:?}");
        assert_eq!(settled.iter().filter(|act| act.mg > 0).count(), 2);
        world.assert_audit_clean().await;
    }

    /// Six rides a day count: the seventh has no gram, and takes none away, neither of the steps inside it nor of the ride that it is.
    async fn a_ride_above_the_limit_of_its_day_takes_nothing_away(database) {
        let world = World::new(database).await;
        let code = provider(&world, "演示乘车码", "3", "bus").await;
        let gates = provider(&world, "演示闸机", "1", "bus").await;
        let phone = provider(&world, "演示计步", "5", "steps").await;
        let person = person(&world.registry, "演示乘客").await;
        let rides = connect(&world, &person, &code, "bus").await;
        let of_gates = connect(&world, &person, &gates, "bus").await;
        let walks = connect(&world, &person, &phone, "steps").await;
        let six: Vec<CallRow> = (0..6).map(|at| bus(&format!("r{at}"), &rides, 6 + at, 30)).collect();
        assert_eq!(call(&world, &code, DAY, &six).await.accepted, 6);
        // steps before the ride above the limit, and after it
        assert_eq!(call(&world, &phone, DAY, &[steps("before", &walks, 13)]).await.accepted, 1);
        let above = call(&world, &code, DAY, &[bus("above", &rides, 13, 60), bus("too", &rides, 15, 60)]).await;
        let of_above: Vec<i64> = above.rows.iter().filter_map(|row| row.accepted.as_ref()).map(|one| one.mg).collect();
        assert_eq!(of_above, [0, 0], "{above:?}");
        let after = call(&world, &phone, DAY, &[steps("after", &walks, 15)]).await;
        assert_eq!(refused(&after), [""]);
        assert_eq!(refused(&call(&world, &phone, DAY, &[steps("inside", &walks, 8)]).await), ["steps_in_trip"], "one that counts does");
        // the better record of a ride that counts would have no gram, since six are counted: that one stays
        let better = call(&world, &gates, DAY, &[bus("better", &of_gates, 7, 30)]).await;
        assert_eq!(refused(&better), ["trip_overlaps"]);
        assert!(void(&world, &person).await.is_empty());
        let counted = acts(&world, &person).await.iter().filter(|act| act.mg > 0).count();
        assert_eq!(counted, 8, "six rides, and steps twice");
        world.assert_audit_clean().await;
    }

    /// Trips of three days are looked at for overlaps: what would touch more is no trip.
    async fn nothing_takes_longer_than_a_day(database) {
        let world = World::new(database).await;
        let phone = provider(&world, "演示计步", "5", "steps").await;
        let person = person(&world.registry, "演示步行者").await;
        let reference = connect(&world, &person, &phone, "steps").await;
        let from = Instant::at_start_of(date!(2026 - 03 - 08)).0;
        let long = |order: &str, seconds| CallRow {
            started_at: Some(from),
            ended_at: Some(from + seconds),
            amounts: fields(&[("steps", "1000")]),
            ..untimed(order, &reference, "steps", "0", date!(2026 - 03 - 08))
        };
        let answer = call(&world, &phone, DAY, &[long("too long", 86_401), long("a week", 604_800), long("a day", 86_400)]).await;
        assert_eq!(refused(&answer), ["date_invalid", "date_invalid", ""]);
        assert_eq!(answer.rows[0].refused[0].field.as_deref(), Some("ended_at"));
    }

    /// A ride that came a month later took settled steps away: the days for an appeal count from then.
    async fn what_became_void_late_may_be_objected_to_from_then_on(database) {
        let world = World::new(database).await;
        let phone = provider(&world, "演示计步", "5", "steps").await;
        let transit = transit(&world).await;
        let person = person(&world.registry, "演示步行者").await;
        let walks = connect(&world, &person, &phone, "steps").await;
        let rides = connect(&world, &person, &transit, "bus").await;
        let walked = call(&world, &phone, DAY, &[steps("in", &walks, 8)]).await;
        let id = walked.rows[0].accepted.as_ref().expect("accepted").activity.clone();
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let late = date!(2026 - 04 - 09);
        assert_eq!(call(&world, &transit, late, &[bus("late", &rides, 8, 30)]).await.accepted, 1);
        assert_eq!(void(&world, &person).await, [("steps".to_owned(), "steps_in_trip".to_owned())]);
        let appeal = async |day| {
            let text = fields(&[("text", "我当时在走路。")]);
            world.registry.activity_appeal(&person.on(day), &id, &text).await
        };
        assert_eq!(codes(appeal(date!(2026 - 05 - 10)).await), ["appeal_too_late"]);
        appeal(date!(2026 - 05 - 09)).await.expect("thirty days after it became void");
        world.assert_audit_clean().await;
    }
}
