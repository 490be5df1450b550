//! What the demo world has about uniqueness: a claim of another mechanism, a change that waits for its decision, a complaint that was answered and
//! one that was not, and a request to the certificate authority that was sent.

use std::collections::HashMap;

use anyhow::{Context, Result};
use domain::Instant;
use domain::id::ProjectId;
use registry::{By, Fields, Registry, Visitor};

use super::people::People;

/// Registered projects of the world that these are about.
const CHANGED: (&str, &str) = ("jiaziwan-1", "owner");
const COMPLAINED_ABOUT: &str = "gebi-100";
const OPERATOR: &str = "operator";

/// Does these acts at a moment, each under a key of its own, so that walking again changes nothing.
pub async fn claims(
    registry: &Registry,
    people: &People,
    ids: &HashMap<&'static str, String>,
    at: Instant,
) -> Result<()> {
    let by = |name: &str, what: &str| people.by(name, at, format!("demo claims {what}"));
    let id = |plan: &str| ids.get(plan).with_context(|| format!("no {plan}"));
    registry
        .claim_enter(&by(OPERATOR, "claim"), &elsewhere())
        .await?;
    let (plan, owner) = CHANGED;
    let project = ProjectId::from(id(plan)?.as_str());
    registry
        .change_request(&by(owner, "change"), &project, &new_plan())
        .await?;
    complaints(registry, id(COMPLAINED_ABOUT)?, at, by).await?;
    let operator = by(OPERATOR, "certificate");
    let requests = registry.certificate_requests(&operator).await?;
    // the oldest: the same one however often the world is walked
    if let Some(request) = requests.iter().min_by(|one, other| one.id.cmp(&other.id)) {
        let day = at.beijing_date().to_string();
        let noted = typed(&[("date", &day), ("reference", "演示函〔2026〕1号")]);
        registry
            .certificate_send(&operator, &request.id, &noted)
            .await?;
    }
    Ok(())
}

async fn complaints(
    registry: &Registry,
    project: &str,
    at: Instant,
    by: impl Fn(&str, &str) -> By,
) -> Result<()> {
    for (number, kind, text) in [
        ("1", "harm", "演示：进场道路扬尘影响牧民。"),
        ("2", "other", "演示：想知道监测报告在哪里看。"),
    ] {
        let visitor = Visitor {
            at,
            key: format!("demo complaint {number}"),
        };
        let form = typed(&[
            ("kind", kind),
            ("author", "演示·牧民"),
            ("contact", "herder@demo.huitan"),
            ("text", text),
        ]);
        let complaint = registry.complaint_submit(&visitor, project, &form).await?;
        if number == "1" {
            let reply = typed(&[(
                "reply",
                "演示：已请业主洒水降尘并硬化道路，一周后复查已改善。",
            )]);
            registry
                .complaint_answer(&by(OPERATOR, "answer"), &complaint.id, &reply)
                .await?;
        }
    }
    Ok(())
}

fn typed(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn elsewhere() -> Fields {
    typed(&[
        ("mechanism", "vcs"),
        ("key_kind", "plant"),
        ("activity_key", "PWS0000000000000X"),
        ("family", "并网发电"),
        ("from", "2016-01-01"),
        ("to", "2025-12-31"),
        ("reference", "VCS 演示-0001"),
        ("source", "演示：公开登记簿，2026-02-20 查询"),
    ])
}

fn new_plan() -> Fields {
    typed(&[
        ("kind", "monitoring_plan"),
        ("before", "关口电能表每年校准一次。"),
        ("after", "关口电能表每半年校准一次，并增设一块备用表。"),
        ("reason", "演示：提高数据可靠性。"),
        ("evidence", "演示：修订后的监测计划 V2"),
    ])
}
