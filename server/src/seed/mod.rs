//! The demo world: invented organisations, people of each role, projects and monitoring reports in every state that has screens,
//! credits that were moved and retired. All of it made through the same acts as people use, at moments of the past.

mod claims;
mod events;
mod fields;
mod inclusion;
mod messages;
mod neighbours;
mod neutral;
mod offers;
mod people;
mod schedule;
mod staff;
mod tonnes;
mod walk;
mod world;

use anyhow::{Context, Result};
use registry::Registry;

use crate::account::password;
use crate::state::system_now;

pub use world::demo_now;

/// The password of every demo account. Published: production refuses to start where it works.
pub const PASSWORD: &str = "demo-huitan-2026";
/// The version of the world: another one is another world, in another database.
const VERSION: &str = "4";
/// The mark while the world is being made: a run that was interrupted is taken up again, act by act, by their keys.
const BEGUN: &str = "4 begun";

/// Makes the demo world, or what is missing of it, and sets the demo clock to its beginning. Says what was done.
pub async fn demo(registry: &Registry) -> Result<String> {
    match registry.demo_world().await?.as_deref() {
        Some(VERSION) => {
            return Ok("the demo world is there already; nothing was changed".to_owned());
        }
        Some(BEGUN) | None => {}
        Some(other) => anyhow::bail!(
            "this database holds version {other:?} of the demo world, not {VERSION:?}: make it anew, with `cargo xtask run --fresh` or in an empty database"
        ),
    }
    registry.demo_world_mark(BEGUN).await?;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let steps = walk::walk(registry, &hash)
        .await
        .context("the demo world could not be made")?;
    registry
        .clock_set(demo_now().0 - system_now().0)
        .await
        .context("the demo clock could not be set")?;
    registry
        .log_sequence(demo_now())
        .await
        .context("the public log could not be numbered")?;
    // the operator's page shows when everything was recomputed last
    let report = registry.audit().await?;
    registry.audit_keep(&report, demo_now()).await?;
    registry.demo_world_mark(VERSION).await?;
    Ok(format!(
        "the demo world was made by {steps} acts; it begins on {}",
        demo_now().beijing_date()
    ))
}

/// The address and the accounts, for the person at the terminal.
pub fn accounts_text(address: &str) -> String {
    let mut lines = vec![
        format!("惠碳 Huitan, demo: {address}"),
        format!("Every demo account has the password {PASSWORD}"),
    ];
    lines.push(format!(
        "  {:<24} 演示·林小满 (individual)",
        people::email("commuter")
    ));
    for person in people::PEOPLE {
        lines.push(format!(
            "  {:<24} {} ({})",
            people::email(person.name),
            person.organisation,
            person.role.code()
        ));
    }
    lines.join("\n")
}
