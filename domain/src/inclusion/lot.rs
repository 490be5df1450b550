//! Taking milligrams from lots, oldest day first.

use serde::Serialize;
use time::Date;

use crate::refusal::{Refusal, codes};

/// What is left of a lot in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotPart {
    /// The lot: the id of the act it came from.
    pub lot: String,
    /// Beijing day of the act.
    #[serde(with = "methodologies::day::as_text")]
    pub day: Date,
    /// Whether it can be certified.
    pub certifiable: bool,
    /// The event this trip led to, empty for none.
    pub campaign: String,
    /// What is left, mgCO2e; above zero.
    pub mg: i64,
}

/// What is taken of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The part it is taken from.
    pub part: LotPart,
    /// How much of it, mgCO2e; above zero.
    pub mg: i64,
}

/// Takes `wanted` milligrams, oldest day first, then in the order of the lots. Refused `grams_insufficient` with what there is.
pub fn take(parts: &[LotPart], wanted: i64) -> Result<Vec<Taken>, Refusal> {
    let mut order: Vec<&LotPart> = parts.iter().filter(|part| part.mg > 0).collect();
    order.sort_by(|one, other| (one.day, &one.lot).cmp(&(other.day, &other.lot)));
    let available = order
        .iter()
        .fold(0_i64, |sum, part| sum.saturating_add(part.mg));
    if wanted < 1 || available < wanted {
        return Err(Refusal::new(codes::GRAMS_INSUFFICIENT)
            .with("available", available / super::MG_PER_POINT)
            .with("wanted", wanted / super::MG_PER_POINT));
    }
    let mut left = wanted;
    let mut taken = Vec::new();
    for part in order {
        if left == 0 {
            break;
        }
        let mg = left.min(part.mg);
        left -= mg;
        taken.push(Taken {
            part: part.clone(),
            mg,
        });
    }
    Ok(taken)
}

/// The parts that may be given to an event: certifiable, and not from a trip to that event (a trip to it already lowers the event's
/// own footprint). `campaigns`: every call of the event, a cancelled one too: a trip named the call that was open then.
pub fn givable(parts: &[LotPart], campaigns: &[String]) -> Vec<LotPart> {
    parts
        .iter()
        .filter(|part| part.certifiable && !campaigns.contains(&part.campaign))
        .cloned()
        .collect()
}
