//! The footprint of an event: what the calculator takes, and what is kept of its answer.

use std::collections::BTreeMap;

use domain::Refusal;
use domain::event::{EventFacts, EventProfile};
use methodologies::Parameters;
use methodologies::event::{Footprint, footprint};
use serde_json::{Value, json};
use time::Date;

use crate::Error;
use crate::perform::{Tx, new_id};
use crate::record::{fields_of, json_of};
use crate::store::event::{self as store, EventRow, NewFootprint};

pub(super) use domain::event::{QUICK_REASON, event_footprint as compute};

use super::attendee::lines_of;
use super::inventory::header;
use super::overlap::counted;
use super::{bare_facts, profile_of};

type Computed = Result<(Value, Footprint), Vec<Refusal>>;

/// What plan and account look at, and the footprint of everything as it is now.
pub(super) async fn facts_with_footprint(
    tx: &mut Tx,
    row: &EventRow,
    set: &Parameters,
) -> Result<(EventFacts, Computed), Error> {
    let mut facts = bare_facts(row, tx.at)?;
    let profile = profile_of(row)?;
    let sums = store::attendee_sums(tx.connection(), &row.id).await?;
    let counted = counted(tx.connection(), row, &lines_of(&sums)?).await?;
    let mut input = input_of(&counted.row, &profile, &counted.attendee_lines, facts.today)?;
    let computed = compute(&mut input, set);
    facts.holding = profile.stages.contains(&"hold");
    facts.estimated = !row.inventory.is_empty() || !sums.is_empty();
    if let Ok(footprint) = &computed {
        facts.open_classes = profile.open_classes(&classes(footprint));
    }
    Ok((facts, computed.map(|footprint| (input, footprint))))
}

/// What the calculator takes.
pub(super) fn input_of(
    row: &EventRow,
    profile: &EventProfile,
    attendee_lines: &str,
    today: Date,
) -> Result<Value, Error> {
    let header = header();
    let inventory = if row.inventory.is_empty() {
        header + "\n"
    } else {
        row.inventory.clone()
    };
    let mut input = json!({
        "from": row.starts_on,
        "to": row.ends_on,
        "accounted_on": today.to_string(),
        "province": profile.province,
        "people": profile.people.to_string(),
        "left_out": profile.left_out.iter().map(|left| json!({"class": left.class, "reason": left.reason})).collect::<Vec<_>>(),
        "lines": inventory + attendee_lines,
    });
    let typed = fields_of(&row.profile)?;
    for name in [
        "factor_year",
        "electricity_method",
        "radiative_forcing",
        "mixed_boundaries",
    ] {
        if let Some(value) = typed.get(name).filter(|value| !value.trim().is_empty()) {
            input[name] = json!(value);
        }
    }
    Ok(input)
}

pub(super) fn classes(footprint: &Footprint) -> Vec<String> {
    footprint
        .by_class
        .iter()
        .map(|part| part.code.clone())
        .collect()
}

pub(super) async fn keep_footprint(
    tx: &mut Tx,
    row: &EventRow,
    purpose: &str,
    input: &Value,
    computed: &Footprint,
) -> Result<(), Error> {
    let (id, act) = (new_id(), tx.act.clone());
    let (input, outcome) = (json_of(input)?, json_of(computed)?);
    let total_kg = computed.total_kg.to_string();
    let new = NewFootprint {
        id: &id,
        event_id: &row.id,
        purpose,
        revision: row.revision,
        input: &input,
        outcome: &outcome,
        total_kg: &total_kg,
        tonnes: computed.neutralise_t,
        at: tx.at.0,
        act_id: &act,
    };
    Ok(store::footprint_insert(tx.connection(), &new).await?)
}

/// A stored footprint, computed again with the set that its outcome names, as text.
pub(crate) fn run_again(
    sets: &BTreeMap<u64, Parameters>,
    input: &str,
    outcome: &str,
) -> Result<String, String> {
    let stored: Footprint = serde_json::from_str(outcome).map_err(|error| error.to_string())?;
    let set = sets
        .get(&stored.parameter_set)
        .ok_or_else(|| format!("there is no parameter set {}", stored.parameter_set))?;
    let input: Value = serde_json::from_str(input).map_err(|error| error.to_string())?;
    let again = footprint(&input, set).map_err(|errors| format!("{errors:?}"))?;
    serde_json::to_string(&again).map_err(|error| error.to_string())
}
