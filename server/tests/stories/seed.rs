//! The demo world: complete, the same every time, made once.

use std::collections::BTreeSet;

use crate::support::{self, House, both_databases};
use axum::http::StatusCode;
use registry::{ListFilter, PageRequest};

/// Every state that has a screen: each must be there to be seen.
const PROJECT_STATES: &[&str] = &[
    "draft",
    "mandate_requested",
    "vvb_confirmed",
    "publicity_review",
    "publicity_scheduled",
    "in_publicity",
    "recall_review",
    "publicity_ended",
    "validated",
    "registration_review",
    "registration_paused",
    "registered",
    "withdrawn",
    "terminated",
    "deregistered",
    "revoked",
];
const REPORT_STATES: &[&str] = &[
    "draft",
    "mandate_requested",
    "vvb_confirmed",
    "publicity_review",
    "publicity_scheduled",
    "in_publicity",
    "publicity_ended",
    "verified",
    "registration_review",
    "registration_paused",
    "registered",
    "issued",
    "withdrawn",
    "terminated",
];

/// Name, state and code of every record, as its owner sees it.
async fn records(house: &House) -> (Vec<String>, Vec<String>) {
    let everything = ListFilter {
        page: PageRequest {
            after: None,
            size: 200,
        },
        ..ListFilter::default()
    };
    let (mut projects, mut reports) = (Vec::new(), Vec::new());
    for owner in ["owner", "owner2", "owner3"] {
        let known = house
            .registry
            .user_by_email(&format!("{owner}@demo.huitan"))
            .await
            .expect("a read")
            .expect("an owner");
        let by = registry::By {
            user: known.user.id,
            organisation: known.user.organisation,
            role: known.user.role,
            at: server::seed::demo_now(),
            key: String::new(),
        };
        for row in house
            .registry
            .project_list(&by, &everything)
            .await
            .expect("projects")
            .rows
        {
            projects.push(format!("{} {} {:?}", row.state, row.name, row.code));
        }
        for row in house
            .registry
            .report_list(&by, &everything)
            .await
            .expect("reports")
            .rows
        {
            reports.push(format!(
                "{} {} {} {:?}",
                row.state, row.project_name, row.number, row.issued_tonnes
            ));
        }
    }
    (projects, reports)
}

fn states(rows: &[String]) -> BTreeSet<&str> {
    rows.iter()
        .filter_map(|row| row.split(' ').next())
        .collect()
}

both_databases! {
    /// Each state can be seen, everyone can sign in, the books are right, and a second run changes nothing.
    async fn the_demo_world_is_complete_and_made_once(database) {
        let house = House::demo(&database).await;
        let (projects, reports) = records(&house).await;
        for state in PROJECT_STATES {
            assert!(states(&projects).contains(state), "a project in {state}: {projects:?}");
        }
        for state in REPORT_STATES {
            assert!(states(&reports).contains(state), "a report in {state}: {reports:?}");
        }
        let done = server::seed::demo(&house.registry).await.expect("a second run");
        assert!(done.contains("nothing was changed"), "{done}");
        assert_eq!(records(&house).await, (projects, reports));
        assert!(house.registry.audit().await.expect("an audit").differences.is_empty());
        for name in ["owner", "owner2", "vvb1", "vvb2", "operator", "operator2", "events"] {
            let mut browser = house.browser_of(name).await;
            assert_eq!(browser.get("/inbox").await.status, StatusCode::OK, "{name}");
        }
        let text = server::seed::accounts_text("http://127.0.0.1:3000");
        assert!(text.contains(server::seed::PASSWORD) && text.contains("operator2@demo.huitan"));
    }

    /// A run that was interrupted is taken up again and ends in the same world.
    async fn an_interrupted_seed_is_taken_up_again(database) {
        let house = House::demo(&database).await;
        let whole = records(&house).await;
        house.registry.demo_world_mark("4 begun").await.expect("as if interrupted before the end");
        let done = server::seed::demo(&house.registry).await.expect("the second run");
        assert!(done.contains("was made by"), "{done}");
        assert_eq!(records(&house).await, whole);
    }

    /// From the demo's first day there is time for a whole life: publicity, registration, monitoring, publicity, issue.
    async fn the_demo_begins_early_enough_to_walk_the_whole_thread(database) {
        let house = House::empty(&database).await;
        server::seed::demo(&house.registry).await.expect("the demo world");
        let calendar = domain::Calendar::embedded();
        let today = house.state.now().await.expect("the demo clock").beijing_date();
        assert_eq!(today, server::seed::demo_now().beijing_date());
        assert!(calendar.add_working_days(today, 3 * 50).is_ok(), "three times two publicities and what is between");
    }
}

#[tokio::test]
async fn both_databases_hold_the_same_world() {
    let (sqlite, postgres) = (
        support::Database::sqlite(),
        support::Database::postgres().await,
    );
    let (one, other) = (House::demo(&sqlite).await, House::demo(&postgres).await);
    assert_eq!(records(&one).await, records(&other).await);
    let first = one.registry.public().statistics().await.expect("a read");
    assert_eq!(
        first,
        other.registry.public().statistics().await.expect("a read")
    );
}
