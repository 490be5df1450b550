//! What may neutralise an event: four kinds of units that are cancelled, and new forest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;

use super::life::{EventFacts, deadline};
use crate::refusal::{Refusal, codes};
use crate::text::{date, narrow, optional_text, required_text, whole_tonnes};

/// The kinds of the guide, in the order in which it lists them. That the order is a preference is advice, not a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Allowances of the national or a regional emissions trading scheme.
    Allowance,
    /// 核证自愿减排量 (CCER).
    Ccer,
    /// Reductions of carbon inclusion, recognised by a provincial or higher authority.
    Inclusion,
    /// The same, of grams that persons gave to the event: read from this ledger.
    Gift,
    /// Reductions of CDM or another mechanism from projects in China.
    OtherMechanism,
    /// A forest planted for the event.
    NewForest,
}

impl UnitKind {
    /// Every kind, in the order of the guide.
    pub const ALL: &[Self] = &[
        Self::Allowance,
        Self::Ccer,
        Self::Inclusion,
        Self::Gift,
        Self::OtherMechanism,
        Self::NewForest,
    ];

    /// The stable text in the database and the interface catalogue (`event.unit_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowance => "allowance",
            Self::Ccer => "ccer",
            Self::Inclusion => "inclusion",
            Self::Gift => "gift",
            Self::OtherMechanism => "other_mechanism",
            Self::NewForest => "new_forest",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// Units that are already cancelled elsewhere, or a forest; read without a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventUnit {
    /// Which kind.
    pub kind: UnitKind,
    /// The registry that cancelled them; for a forest, the body that certified the sink.
    pub registry: String,
    /// Serial numbers or number of the proof; for a forest, its name. With the registry it is used once in all.
    pub reference: String,
    /// Whole tonnes.
    pub tonnes: i64,
    /// The day of the cancellation; for a forest, of the certificate. `None`: a forest that is not certified yet.
    pub cancelled_on: Option<Date>,
    /// The project.
    pub project: String,
    /// Document by which a provincial or higher authority recognised the reductions.
    pub recognised_by: String,
    /// Location, species, area, planting and monitoring plan of a forest.
    pub forest: String,
    /// Boundary of a forest, GeoJSON.
    pub boundary: String,
    /// Where the proof is.
    pub evidence: String,
}

impl EventUnit {
    /// Whether it counts towards neutrality; the refusal says why not. Units that do not count are shown, and only shown.
    pub fn counts(&self, today: Date) -> Result<(), Refusal> {
        match self.kind {
            UnitKind::Inclusion | UnitKind::Gift if self.recognised_by.is_empty() => {
                Err(Refusal::new(codes::EVENT_UNIT_NOT_RECOGNISED).at("recognised_by"))
            }
            UnitKind::NewForest if self.cancelled_on.is_none_or(|day| day > today) => {
                Err(Refusal::new(codes::EVENT_FOREST_NOT_CERTIFIED).at("cancelled_on"))
            }
            _ => Ok(()),
        }
    }
}

/// Tonnes of the units that count.
pub fn counted_tonnes<'a>(units: impl IntoIterator<Item = &'a EventUnit>, today: Date) -> i64 {
    units
        .into_iter()
        .filter(|unit| unit.counts(today).is_ok())
        .map(|unit| unit.tonnes)
        .sum()
}

/// The kinds that the guide lists before the last one used and that are not used: advice to look there first. Empty: no advice.
pub fn order_of_preference(used: &[UnitKind]) -> Vec<UnitKind> {
    let Some(last) = used.iter().max() else {
        return Vec::new();
    };
    UnitKind::ALL
        .iter()
        .copied()
        .filter(|kind| kind < last && *kind != UnitKind::Gift && !used.contains(kind))
        // gifts are carbon inclusion, too
        .filter(|kind| *kind != UnitKind::Inclusion || !used.contains(&UnitKind::Gift))
        .collect()
}

/// Reads `kind`, `registry`, `reference`, `quantity`, `cancelled_on`, `project`, `in_china`, `recognised_by`, `no_self_claim`, `forest`,
/// `boundary`, `planted_on`, `evidence`. The kinds [`UnitKind::Ccer`] and
/// [`UnitKind::Gift`] are read from this ledger and refused here. For the correction of a published result they may be cancelled after the
/// last day; the day is shown.
pub fn read_unit(
    fields: &BTreeMap<String, String>,
    facts: &EventFacts,
) -> Result<EventUnit, Vec<Refusal>> {
    let (today, starts_on, ends_on) = (facts.today, facts.starts_on, facts.ends_on);
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    let kind = match (UnitKind::from_code(typed("kind")), typed("kind")) {
        (Some(kind), _) if ![UnitKind::Ccer, UnitKind::Gift].contains(&kind) => kind,
        (None, "") => return Err(vec![Refusal::new(codes::REQUIRED).at("kind")]),
        _ => {
            return Err(vec![Refusal::new(codes::CHOICE_INVALID).at("kind").with(
                "choices",
                "allowance, inclusion, other_mechanism, new_forest",
            )]);
        }
    };
    let forest = kind == UnitKind::NewForest;
    let mut refusals = Vec::new();
    let mut text = |field: &str, max, required: bool| {
        let read = if required {
            required_text(field, typed(field), max)
        } else {
            optional_text(field, typed(field), max).map(Option::unwrap_or_default)
        };
        read.unwrap_or_else(|refusal| {
            refusals.push(refusal);
            String::new()
        })
    };
    let registry = text("registry", 100, true);
    let reference = text("reference", 200, true);
    let project = text("project", 200, !forest && kind != UnitKind::Allowance);
    let recognised_by = text("recognised_by", 200, false);
    let details = text("forest", 2000, forest);
    let boundary = text("boundary", 1_000_000, forest);
    let evidence = text("evidence", 300, true);
    let tonnes = whole_tonnes("quantity", typed("quantity"));
    let cancelled_on = match typed("cancelled_on") {
        "" if forest => Ok(None),
        typed => date("cancelled_on", typed).map(Some),
    };
    refusals.extend(tonnes.as_ref().err().cloned());
    refusals.extend(cancelled_on.as_ref().err().cloned());
    if kind == UnitKind::OtherMechanism && typed("in_china") != "yes" {
        refusals.push(Refusal::new(codes::EVENT_UNIT_OUTSIDE_CHINA).at("in_china"));
    }
    if kind == UnitKind::Inclusion && typed("no_self_claim") != "yes" {
        refusals.push(Refusal::new(codes::EVENT_UNIT_SELF_CLAIM).at("no_self_claim"));
    }
    if forest {
        match date("planted_on", typed("planted_on")) {
            Ok(planted) if planted < starts_on => refusals.push(
                Refusal::new(codes::EVENT_FOREST_NOT_NEW)
                    .at("planted_on")
                    .with("start", starts_on),
            ),
            Ok(_) => {}
            Err(refusal) => refusals.push(refusal),
        }
    }
    let last = deadline(ends_on, forest);
    if let Ok(Some(day)) = cancelled_on {
        if day > last && !facts.published {
            refusals.push(
                Refusal::new(codes::EVENT_TOO_LATE)
                    .at("cancelled_on")
                    .with("deadline", last),
            );
        } else if day > today {
            refusals.push(
                Refusal::new(codes::EVENT_UNIT_NOT_CANCELLED_YET)
                    .at("cancelled_on")
                    .with("today", today),
            );
        }
    }
    match (tonnes, cancelled_on) {
        (Ok(tonnes), Ok(cancelled_on)) if refusals.is_empty() => Ok(EventUnit {
            kind,
            registry: comparable(&registry),
            reference: comparable(&reference),
            tonnes,
            cancelled_on,
            project,
            recognised_by,
            forest: details,
            boundary,
            evidence,
        }),
        _ => Err(refusals),
    }
}

/// A registry or number as it is compared: half width, capitals, single spaces.
fn comparable(text: &str) -> String {
    let narrowed = narrow(text).to_uppercase();
    narrowed.split_whitespace().collect::<Vec<_>>().join(" ")
}
