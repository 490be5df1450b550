//! A claim of neutrality of the demo world: a product of the event organiser, from its figure to a published version.

use anyhow::Result;
use domain::Instant;
use registry::{Fields, Registry};
use time::Date;
use time::macros::date;

use super::people::People;

/// Who claims in the demo world.
const CLAIMANT: &str = "events";

/// Does every act at its day, each under a key of its own. The claim stays a draft if nothing is left to retire.
pub async fn neutral(registry: &Registry, people: &People) -> Result<()> {
    let by = |day: Date, what: &str| {
        let at = Instant::at_start_of(day).plus_seconds(11 * 3600);
        people.by(CLAIMANT, at, format!("demo neutral {what}"))
    };
    let begun = date!(2026 - 03 - 03);
    let claim = registry
        .neutral_create(&by(begun, "create"), &souvenirs())
        .await?;
    let view = registry.neutral_get(&by(begun, "read"), &claim.id).await?;
    let needed = view.row.tonnes;
    let class = registry
        .class_offers(&by(begun, "offers"))
        .await?
        .into_iter()
        .find(|offer| offer.held >= needed);
    // a world that is walked again has retired already; the keys of what follows give the first answers
    let covered = view.covered_tonnes >= needed;
    if let (Some(class), false) = (class, covered) {
        let name = format!("class.{}", class.class);
        let form = typed(&[(&name, needed.to_string().as_str()), ("statement", "yes")]);
        registry
            .neutral_retire(&by(begun, "retire"), &claim.id, &form)
            .await?;
    }
    let now = registry
        .neutral_get(&by(begun, "read again"), &claim.id)
        .await?;
    if now.covered_tonnes >= needed {
        let yes = typed(&[("statement", "yes")]);
        registry
            .neutral_publish(&by(begun, "publish"), &claim.id, &yes)
            .await?;
    }
    Ok(())
}

fn typed(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn souvenirs() -> Fields {
    typed(&[
        ("kind", "product"),
        ("name", "演示·论坛纪念帆布袋"),
        ("functional_unit", "1 个帆布袋，从摇篮到坟墓"),
        ("covered_output", "2025 年制作的 900 个"),
        ("starts_on", "2025-01-01"),
        ("ends_on", "2025-12-31"),
        ("footprint", "1.35"),
        ("standard", "gbt24067"),
        ("verified", "self"),
        (
            "boundary",
            "演示：原料、纺织、印制、运输、使用和废弃；不含资本货物。",
        ),
        ("measures", "演示：改用再生棉；取消独立包装。"),
    ])
}
