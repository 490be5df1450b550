//! Groups of an organisation's staff: whoever joins agrees first, the organisation sees sums of whole months only, and nothing of few.

use domain::inclusion::crowd::Cell;
use registry::{CallRow, Error, Registry, StaffGroupView};
use time::Date;
use time::macros::date;

use crate::harness::*;
use crate::inclusion::*;
use crate::inclusion_rules::refused_by_the_database;

const JANUARY: Date = date!(2026 - 01 - 07);
const MARCH: Date = date!(2026 - 03 - 10);
/// March is over and settled.
const APRIL: Date = date!(2026 - 04 - 04);

async fn opened(world: &World) -> StaffGroupView {
    let form = fields(&[("name", "演示·员工团体"), ("region", "CN-GD-SZ")]);
    let by = world.owner.on(JANUARY);
    world
        .registry
        .staff_group_open(&by, &form)
        .await
        .expect("staff_group_open");
    seen(world, &world.owner).await.expect("a group")
}

async fn seen(world: &World, organisation: &Actor) -> Option<StaffGroupView> {
    let found = world.registry.staff_group(&organisation.on(APRIL)).await;
    found.expect("staff_group")
}

async fn join(
    registry: &Registry,
    person: &Person,
    day: Date,
    code: &str,
) -> Result<String, Error> {
    let form = fields(&[
        ("code", code),
        ("agrees_to_sums", "yes"),
        ("text_version", "1"),
    ]);
    registry
        .group_join(&person.on(day), &form)
        .await
        .map(|receipt| receipt.id)
}

/// So many people who ride the metro once in March; whether they join first.
async fn riders(world: &World, transit: &str, count: usize, code: Option<&str>) -> Vec<Person> {
    let mut people = Vec::new();
    let mut rows: Vec<CallRow> = Vec::new();
    for at in 0..count {
        let one = person(&world.registry, &format!("演示·员工 {at}")).await;
        let reference = connect(world, &one, transit, "metro").await;
        if let Some(code) = code {
            join(&world.registry, &one, JANUARY, code)
                .await
                .expect("join");
        }
        rows.push(ride(&unique(), &reference, "metro", "10", MARCH));
        people.push(one);
    }
    let taken = call(world, transit, MARCH, &rows).await;
    assert_eq!(
        usize::try_from(taken.accepted).expect("a count"),
        count,
        "{:?}",
        refused(&taken)
    );
    people
}

both_databases! {
    async fn an_organisation_sees_sums_of_whole_months_and_nothing_of_few(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let group = opened(&world).await;
        let staff = riders(&world, &transit, 11, Some(&group.code)).await;
        riders(&world, &transit, 10, None).await;
        // one who joins in March is counted from April on
        let late = person(&world.registry, "演示·晚到").await;
        join(&world.registry, &late, MARCH, &group.code).await.expect("join");
        world.registry.inclusion_tick(noon(date!(2026 - 04 - 02))).await.expect("tick");
        let early = seen(&world, &world.owner).await.expect("a group");
        assert_eq!(early.months.first().map(|month| month.month.as_str()), Some("2026-02"), "March is not settled");
        assert_eq!(early.months[0].members, Some(11));
        assert_eq!(early.months[0].total, Some(Cell::default()), "nobody did anything");
        let tick = world.registry.inclusion_tick(noon(APRIL)).await.expect("tick");
        assert_eq!(tick.staff_published, 1);
        let march = seen(&world, &world.owner).await.expect("a group").months.remove(0);
        assert_eq!((march.month.as_str(), march.members), ("2026-03", Some(11)));
        let total = march.total.expect("shown");
        assert_eq!((total.people, total.acts), (11, 11));
        assert_eq!(march.families, [("travel".to_owned(), Some(total))]);
        assert_eq!(march.mg_per_member(), Some(total.mg / 11));
        // a published month stays; of later ones whoever left is no part: ten and the late one are left, then nine and the late one
        for one in &staff[..2] {
            world.registry.group_leave(&one.on(APRIL), &group.id).await.expect("leave");
        }
        world.registry.inclusion_tick(noon(date!(2026 - 05 - 04))).await.expect("tick");
        let months = seen(&world, &world.owner).await.expect("a group").months;
        assert_eq!((months[0].month.as_str(), months[0].members), ("2026-04", Some(10)));
        assert_eq!(months[1], march);
        world.registry.group_leave(&late.on(date!(2026 - 05 - 05)), &group.id).await.expect("leave");
        world.registry.inclusion_tick(noon(date!(2026 - 06 - 04))).await.expect("tick");
        let may = seen(&world, &world.owner).await.expect("a group").months.remove(0);
        assert_eq!((may.members, may.total, may.families.len()), (None, None, 0), "nine people");
        refused_by_the_database(&world, "UPDATE inclusion_staff_cell SET people = 10", "inclusion_staff_cell_never_updated").await;
        refused_by_the_database(&world, "DELETE FROM inclusion_staff_month", "inclusion_staff_month_never_deleted").await;
        world.assert_audit_clean().await;
    }

    async fn a_figure_that_would_leave_few_others_is_not_shown(database) {
        let world = World::new(database).await;
        let transit = transit(&world).await;
        let group = opened(&world).await;
        riders(&world, &transit, 11, Some(&group.code)).await;
        // three strangers: the figures of all less those of the staff would be theirs
        riders(&world, &transit, 3, None).await;
        world.registry.inclusion_tick(noon(APRIL)).await.expect("tick");
        let march = seen(&world, &world.owner).await.expect("a group").months.remove(0);
        assert_eq!((march.members, march.total), (Some(11), None));
        assert_eq!(march.families, [("travel".to_owned(), None)]);
        assert_eq!(march.mg_per_member(), None);
    }

    async fn nobody_joins_a_group_of_staff_without_agreeing_first(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let group = opened(&world).await;
        let one = person(registry, "演示·员工").await;
        let form = |agrees: &str, version: &str| {
            fields(&[("code", &group.code), ("agrees_to_sums", agrees), ("text_version", version)])
        };
        assert_eq!(codes(registry.group_join(&one.on(JANUARY), &form("", "1")).await), ["staff_consent_required"]);
        assert_eq!(codes(registry.group_join(&one.on(JANUARY), &form("yes", "7")).await), ["stale_form"]);
        let by = one.on(JANUARY);
        let joined = registry.group_join(&by, &form("yes", "1")).await.expect("join");
        assert_eq!(registry.group_join(&by, &form("yes", "1")).await.expect("replay"), joined);
        assert_eq!(codes(registry.group_join(&one.on(JANUARY), &form("yes", "1")).await), ["group_joined"]);
        let own = registry.groups(&one.on(JANUARY)).await.expect("groups");
        assert!(own[0].staff_of.is_some(), "it says whose staff it is of");
        // who left and comes back agrees again
        registry.group_leave(&one.on(JANUARY), &group.id).await.expect("leave");
        assert_eq!(codes(registry.group_join(&one.on(JANUARY), &form("", "")).await), ["staff_consent_required"]);
        registry.group_join(&one.on(JANUARY), &form("yes", "")).await.expect("join");
        world.assert_audit_clean().await;
        // nobody under 14, also with the consent of a guardian
        registry.group_leave(&one.on(JANUARY), &group.id).await.expect("leave");
        let sql = format!("UPDATE inclusion_account SET is_minor = 1, guardian = '演示·家长' WHERE id = '{}'", one.organisation);
        past_the_guards(&world.database, &sql).await;
        assert_eq!(codes(registry.group_join(&one.on(JANUARY), &form("yes", "1")).await), ["staff_group_of_adults"]);
    }

    async fn only_organisations_open_a_group_of_staff_and_each_sees_its_own(database) {
        let world = World::new(database).await;
        let registry = &world.registry;
        let form = fields(&[("name", "演示·员工团体"), ("region", "CN-GD-SZ")]);
        let one = person(registry, "演示·员工").await;
        for other in [&one, &world.operator] {
            assert!(matches!(registry.staff_group_open(&other.on(JANUARY), &form).await, Err(Error::Forbidden)));
            assert!(matches!(registry.staff_group(&other.on(JANUARY)).await, Err(Error::Forbidden)));
        }
        for (field, value, code) in [("name", "", "required"), ("region", "CN-XX", "choice_invalid")] {
            let mut wrong = form.clone();
            wrong.insert(field.to_owned(), value.to_owned());
            assert_eq!(codes(registry.staff_group_open(&world.owner.on(JANUARY), &wrong).await), [code]);
        }
        assert!(seen(&world, &world.owner).await.is_none());
        let by = world.owner.on(JANUARY);
        let first = registry.staff_group_open(&by, &form).await.expect("staff_group_open");
        assert_eq!(registry.staff_group_open(&by, &form).await.expect("replay"), first);
        assert_eq!(codes(registry.staff_group_open(&world.owner.on(JANUARY), &form).await), ["staff_group_open"]);
        let organiser = seed(registry, "演示活动方二", domain::Role::EventOrganiser).await;
        assert!(seen(&world, &organiser).await.is_none(), "not that of another organisation");
    }
}
