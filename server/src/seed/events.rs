//! Events of the demo world: one from its plan to a published result, one that is being planned with its form for attendees open.

use anyhow::Result;
use domain::Instant;
use registry::{Fields, Registry};
use time::Date;
use time::macros::date;

use super::people::People;

/// The organiser of the demo world.
const ORGANISER: &str = "events";
/// The worked example: two hundred people for two days in Wuhan.
const INVENTORY: &str = include_str!("../../../methodologies/cases/event/ev_1.toml");
/// Last part of the address of the open form.
const FORM_TOKEN: &str = "demo-attendees";
/// Last part of the address of the form for the supplier.
const SUPPLIER_TOKEN: &str = "demo-supplier";

/// Does every act at its day, each under a key of its own.
pub async fn events(registry: &Registry, people: &People) -> Result<()> {
    let by = |day: Date, what: &str| {
        let at = Instant::at_start_of(day).plus_seconds(10 * 3600);
        people.by(ORGANISER, at, format!("demo event {what}"))
    };
    let planned = date!(2025 - 11 - 20);
    let event = registry
        .event_create(&by(planned, "create"), &conference())
        .await?;
    let lines = typed(&[("lines", worked_example())]);
    registry
        .event_inventory_save(&by(planned, "inventory"), &event.id, &lines)
        .await?;
    registry
        .event_plan_publish(&by(date!(2025 - 11 - 24), "plan"), &event.id)
        .await?;
    let closing = date!(2026 - 01 - 20);
    registry
        .event_account(&by(closing, "account"), &event.id)
        .await?;
    let view = registry.event_get(&by(closing, "read"), &event.id).await?;
    let needed = view.accounted.map_or(0, |account| account.tonnes);
    let class = registry
        .class_offers(&by(closing, "offers"))
        .await?
        .into_iter()
        .find(|offer| offer.held >= needed);
    // a world that is walked again holds the event already; its key gives the first answer
    if let Some(class) = class {
        let name = format!("class.{}", class.class);
        let form = typed(&[(&name, needed.to_string().as_str()), ("statement", "yes")]);
        if view.counted_tonnes < needed {
            registry
                .event_retire(&by(closing, "retire"), &event.id, &form)
                .await?;
        }
    }
    let statement = typed(&[
        ("evaluation", "self"),
        (
            "evaluation_text",
            "演示：本活动按照《大型活动碳中和实施指南（试行）》完成碳中和，数据真实，凭证可查。",
        ),
        ("statement", "yes"),
    ]);
    let published = date!(2026 - 01 - 26);
    registry
        .event_evaluate(&by(published, "evaluate"), &event.id, &statement)
        .await?;
    registry
        .event_publish(&by(published, "publish"), &event.id)
        .await?;

    let begun = date!(2026 - 03 - 02);
    let next = registry
        .event_create(&by(begun, "create next"), &meeting())
        .await?;
    let open = typed(&[("open", "yes")]);
    registry
        .event_form_set(&by(begun, "form"), &next.id, &open, FORM_TOKEN)
        .await?;
    let venue = typed(&[
        ("name", "演示·会议中心"),
        ("classes.electricity", "yes"),
        ("classes.waste", "yes"),
    ]);
    registry
        .event_supplier_add(&by(begun, "supplier"), &next.id, &venue, SUPPLIER_TOKEN)
        .await?;
    Ok(())
}

/// The lines of the worked example.
fn worked_example() -> &'static str {
    let lines = INVENTORY
        .split("lines = \"\"\"\n")
        .nth(1)
        .unwrap_or_default();
    lines.split("\"\"\"").next().unwrap_or_default()
}

fn typed(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn conference() -> Fields {
    typed(&[
        ("name", "演示·江城低碳论坛"),
        ("kind", "forum"),
        ("starts_on", "2025-12-18"),
        ("ends_on", "2025-12-19"),
        ("province", "湖北省"),
        ("city", "武汉"),
        ("place", "演示会议中心"),
        ("people", "200"),
        ("stages.prepare", "yes"),
        ("stages.hold", "yes"),
        ("stages.close", "yes"),
        (
            "measures",
            "演示：优先高铁出行；不提供瓶装水；展台材料重复使用。",
        ),
        ("method", "演示：注销核证自愿减排量。"),
    ])
}

fn meeting() -> Fields {
    typed(&[
        ("quick", "yes"),
        ("name", "演示·五十人工作会议"),
        ("kind", "meeting"),
        ("starts_on", "2026-04-16"),
        ("ends_on", "2026-04-16"),
        ("province", "湖北省"),
        ("city", "武汉"),
        ("people", "50"),
        ("rail_people", "20"),
        ("rail_km", "500"),
        ("air_people", "5"),
        ("air_km", "1200"),
        ("nights", "10"),
    ])
}
