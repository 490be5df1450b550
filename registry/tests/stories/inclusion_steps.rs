//! Steps inside a trip that counts do not count beside it, where the record says when they were taken.

use domain::Instant;
use domain::inclusion::Place;
use registry::{ActivityStatus, CallRow, PageRequest, StoredFile};
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;

/// Milligrams of a thousand steps.
const THOUSAND: i64 = 16_400;

/// Steps of an interval: hour and minute of its begin, minutes long.
fn steps(order: &str, reference: &str, steps: &str, at: Option<(i64, i64, i64)>) -> CallRow {
    let midnight = Instant::at_start_of(DAY).0;
    let from = at.map(|(hour, minute, _)| midnight + hour * 3_600 + minute * 60);
    CallRow {
        amounts: fields(&[("steps", steps)]),
        started_at: from,
        ended_at: from
            .zip(at)
            .map(|(from, (_, _, minutes))| from + minutes * 60),
        ..untimed(order, reference, "steps", "0", DAY)
    }
}

/// A person with a telephone that counts steps, and a bicycle.
async fn walker(world: &World) -> (Person, [String; 2], [String; 2]) {
    let phone = provider(world, "演示计步", "5", "steps").await;
    let bikes = provider(world, "演示单车", "5", "shared_bike").await;
    let person = person(&world.registry, "演示步行者").await;
    let of_phone = connect(world, &person, &phone, "steps").await;
    let of_bikes = connect(world, &person, &bikes, "shared_bike").await;
    (person, [phone, of_phone], [bikes, of_bikes])
}

/// Reasons of the void acts, and milligrams that are not void.
async fn left(world: &World, person: &Person) -> (Vec<String>, i64) {
    let page = PageRequest::default();
    let acts = world
        .registry
        .activities(&person.on(SETTLED), (DAY, DAY), &page)
        .await
        .expect("acts")
        .rows;
    let (void, live): (Vec<_>, Vec<_>) = acts
        .into_iter()
        .partition(|act| act.status == ActivityStatus::Void);
    (
        void.into_iter().filter_map(|act| act.reason).collect(),
        live.iter().map(|act| act.mg).sum(),
    )
}

both_databases! {
    async fn steps_inside_a_ride_are_refused_and_those_beside_it_count(database) {
        let world = World::new(database).await;
        let (person, [phone, walks], [bikes, rides]) = walker(&world).await;
        let ride = timed(ride("r", &rides, "shared_bike", "3", DAY), DAY, 8, 30);
        let ridden = call(&world, &bikes, DAY, std::slice::from_ref(&ride)).await;
        let of_ride = ridden.rows[0].accepted.as_ref().expect("accepted").mg;
        let rows = [
            steps("in", &walks, "1000", Some((8, 5, 10))),
            steps("around", &walks, "5000", Some((7, 0, 180))),
            steps("before", &walks, "1000", Some((7, 30, 32))),
            steps("after", &walks, "1000", Some((8, 30, 60))),
        ];
        let answer = call(&world, &phone, DAY, &rows).await;
        assert_eq!(refused(&answer), ["steps_in_trip", "steps_in_trip", "", ""]);
        assert_eq!(left(&world, &person).await, (vec![], of_ride + 2 * THOUSAND));
        // the same interval again, under another order, is the same steps
        let again = call(&world, &phone, DAY, &[steps("again", &walks, "1000", Some((8, 40, 10)))]).await;
        assert_eq!(refused(&again), ["trip_overlaps"]);
        world.assert_audit_clean().await;
    }

    async fn a_ride_that_comes_later_takes_the_steps_inside_it_away(database) {
        let world = World::new(database).await;
        let (person, [phone, walks], [bikes, rides]) = walker(&world).await;
        let rows = [steps("in", &walks, "2000", Some((8, 0, 60))), steps("beside", &walks, "1000", Some((10, 0, 60)))];
        assert_eq!(call(&world, &phone, DAY, &rows).await.accepted, 2);
        // the providers have the same place: steps give way all the same
        let ride = timed(ride("r", &rides, "shared_bike", "3", DAY), DAY, 8, 30);
        let ridden = call(&world, &bikes, DAY, std::slice::from_ref(&ride)).await;
        assert_eq!(ridden.accepted, 1, "{ridden:?}");
        let of_ride = ridden.rows[0].accepted.as_ref().expect("accepted").mg;
        assert_eq!(left(&world, &person).await, (vec!["steps_in_trip".to_owned()], of_ride + THOUSAND));
        // sent again, the steps are known, and void
        let again = call(&world, &phone, DAY, &rows).await;
        let first = again.rows[0].accepted.as_ref().expect("known");
        assert_eq!((again.known, first.status, first.reason.as_deref()), (2, ActivityStatus::Void, Some("steps_in_trip")));
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        let view = world.registry.person(&person.on(SETTLED)).await.expect("person");
        assert_eq!((view.in_place(Place::Held), view.points.available), (of_ride + THOUSAND, (of_ride + THOUSAND) / 1_000));
        world.assert_audit_clean().await;
    }

    async fn settled_steps_give_way_too_and_their_points_follow(database) {
        let world = World::new(database).await;
        let (person, [phone, walks], [bikes, rides]) = walker(&world).await;
        assert_eq!(call(&world, &phone, DAY, &[steps("in", &walks, "10000", Some((8, 0, 60)))]).await.accepted, 1);
        world.registry.inclusion_tick(noon(SETTLED)).await.expect("settle");
        assert_eq!(standing(&world, &person).await.0, 10 * THOUSAND);
        let ride = timed(ride("r", &rides, "shared_bike", "3", DAY), DAY, 8, 30);
        let ridden = call(&world, &bikes, SETTLED, std::slice::from_ref(&ride)).await;
        let of_ride = ridden.rows[0].accepted.as_ref().expect("accepted").mg;
        assert_eq!(left(&world, &person).await, (vec!["steps_in_trip".to_owned()], of_ride));
        world.registry.inclusion_tick(noon(date!(2026 - 03 - 14))).await.expect("settle");
        let (held, _, points, _) = standing(&world, &person).await;
        assert_eq!((held, points), (of_ride, of_ride / 1_000));
        world.assert_audit_clean().await;
    }

    /// What is told without proof has no gram: it takes nothing away. A photo has some.
    async fn only_a_trip_that_counts_takes_steps_away(database) {
        let world = World::new(database).await;
        let (person, [phone, walks], _) = walker(&world).await;
        assert_eq!(call(&world, &phone, DAY, &[steps("in", &walks, "1000", Some((8, 0, 60)))]).await.accepted, 1);
        let told = fields(&[("scene", "shared_bike"), ("day", "2026-03-10"), ("distance_km", "3"), ("started", "08:00"), ("ended", "08:30")]);
        world.registry.activity_record(&person.on(DAY), &told, None).await.expect("a self-report");
        assert_eq!(left(&world, &person).await, (vec![], THOUSAND));
        let photo = StoredFile { hash: "ab".repeat(32), bytes: 10, media_type: "image/png".to_owned(), file_name: "a.png".to_owned() };
        let mut shown = told.clone();
        shown.insert("started".to_owned(), "08:31".to_owned());
        shown.insert("ended".to_owned(), "08:59".to_owned());
        let shown = world.registry.activity_record(&person.on(DAY), &shown, Some(&photo.clone().into())).await.expect("with a photo");
        assert_eq!(left(&world, &person).await, (vec!["steps_in_trip".to_owned()], shown.mg));
    }

    /// A day's steps without times say nothing about when they were taken: they count beside the rides of the day.
    async fn steps_of_a_whole_day_count_since_nothing_else_is_known(database) {
        let world = World::new(database).await;
        let (person, [phone, walks], [bikes, rides]) = walker(&world).await;
        let ride = timed(ride("r", &rides, "shared_bike", "3", DAY), DAY, 8, 30);
        let ridden = call(&world, &bikes, DAY, std::slice::from_ref(&ride)).await;
        let of_ride = ridden.rows[0].accepted.as_ref().expect("accepted").mg;
        assert_eq!(call(&world, &phone, DAY, &[steps("day", &walks, "6000", None)]).await.accepted, 1);
        assert_eq!(left(&world, &person).await, (vec![], of_ride + 6 * THOUSAND));
    }
}
