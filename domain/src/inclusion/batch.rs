//! From grams to tonnes: the verdict on a sample, and how a batch is cut into what is deducted, issued and given back.

use methodologies::Parameters;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use time::Date;

use super::guard::number;
use crate::refusal::{Refusal, codes};

/// Shares are counted in ten-thousandths.
pub const SHARE_WHOLE: i64 = 10_000;
/// Milligrams in a tonne.
const TONNE: i64 = methodologies::inclusion::MILLIGRAMS_PER_TONNE;

/// What a verifier's sample leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SampleVerdict {
    /// Too many errors: the batch goes back.
    Rejected,
    /// This share is deducted, in ten-thousandths.
    Deducted(i64),
}

/// The verdict on `errors` of `sample` acts: above the highest error rate the batch goes back; else the error rate times a factor is
/// deducted, and never less than the smallest share. Deductions are rounded up. Refused `sample_invalid`: an empty sample, or more errors
/// than acts.
pub fn verdict(
    set: &Parameters,
    day: Date,
    sample: i64,
    errors: i64,
) -> Result<SampleVerdict, Refusal> {
    let invalid = || Refusal::new(codes::SAMPLE_INVALID).at("sample_errors");
    if sample < 1 || errors < 0 || errors > sample {
        return Err(invalid());
    }
    let whole = Decimal::from(SHARE_WHOLE);
    let rate = Decimal::from(errors)
        .checked_mul(whole)
        .and_then(|errors| errors.checked_div(Decimal::from(sample)))
        .ok_or_else(invalid)?;
    let share = |name: &str| Ok::<_, Refusal>(number(set, name, day)?.saturating_mul(whole));
    if rate > share("batch.error_reject")? {
        return Ok(SampleVerdict::Rejected);
    }
    let deducted = rate
        .saturating_mul(number(set, "batch.haircut_factor", day)?)
        .max(share("batch.haircut_min")?)
        .ceil()
        .to_i64()
        .unwrap_or(SHARE_WHOLE);
    Ok(SampleVerdict::Deducted(deducted.clamp(0, SHARE_WHOLE)))
}

/// Where the milligrams of a batch came from, and go back to if nothing becomes of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Origin {
    /// Given to an event.
    Earmark(String),
    /// Assigned to the platform.
    Pool,
}

/// Milligrams of one lot from one origin, in a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineItem {
    /// Where they came from.
    pub origin: Origin,
    /// How many, above zero.
    pub mg: i64,
}

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CutItem {
    /// Milligrams of the line before this item: number `line_start / 10^9 + 1` is the tonne its first milligram is in.
    pub line_start: i64,
    /// Deducted.
    pub haircut_mg: i64,
    /// Issued in whole tonnes.
    pub issued_mg: i64,
    /// Back to where they came from.
    pub returned_mg: i64,
}

/// A batch cut into tonnes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The items in the order given.
    pub items: Vec<CutItem>,
    /// Deducted in all.
    pub haircut_mg: i64,
    /// Whole tonnes.
    pub tonnes: i64,
    /// Given back in all: less than a tonne.
    pub returned_mg: i64,
    /// What each event is entitled to after the deduction, in the order of the items.
    pub entitlements: Vec<(String, i64)>,
}

/// Cuts a batch. The items stand in one line, those of events before those of the pool. Of each origin the deduction is taken from every
/// item in proportion (on the cumulative sum, so that nothing is lost by rounding): rounded up for an event, down for the pool. What is
/// left is filled into tonnes one after the other; the last, unfilled one goes back. Refused `batch_not_in_order`, and
/// `batch_out_of_range` beyond whole numbers.
pub fn cut(items: &[LineItem], haircut_share: i64) -> Result<Line, Refusal> {
    if items
        .windows(2)
        .any(|pair| pair[0].origin > pair[1].origin || pair[0].mg < 1)
    {
        return Err(Refusal::new(codes::BATCH_NOT_IN_ORDER));
    }
    let mut line = Line {
        items: Vec::with_capacity(items.len()),
        haircut_mg: 0,
        tonnes: 0,
        returned_mg: 0,
        entitlements: Vec::new(),
    };
    let mut origin: Option<&Origin> = None;
    let (mut of_origin, mut deducted_of_origin, mut net) = (0_i128, 0_i128, 0_i128);
    for item in items {
        if origin != Some(&item.origin) {
            (origin, of_origin, deducted_of_origin) = (Some(&item.origin), 0, 0);
            if let Origin::Earmark(event) = &item.origin {
                line.entitlements.push((event.clone(), 0));
            }
        }
        of_origin += i128::from(item.mg);
        let deducted = deduction(of_origin, haircut_share, item.origin != Origin::Pool);
        let haircut = deducted - deducted_of_origin;
        deducted_of_origin = deducted;
        let kept = i128::from(item.mg) - haircut;
        line.items.push(CutItem {
            line_start: whole(net)?,
            haircut_mg: whole(haircut)?,
            issued_mg: whole(kept)?,
            returned_mg: 0,
        });
        if let (Origin::Earmark(_), Some((_, entitled))) =
            (&item.origin, line.entitlements.last_mut())
        {
            *entitled += whole(kept)?;
        }
        line.haircut_mg = whole(i128::from(line.haircut_mg) + haircut)?;
        net += kept;
    }
    let net = whole(net)?;
    line.tonnes = net / TONNE;
    line.returned_mg = net % TONNE;
    let mut back = line.returned_mg;
    for item in line.items.iter_mut().rev() {
        if back == 0 {
            break;
        }
        let returned = back.min(item.issued_mg);
        item.issued_mg -= returned;
        item.returned_mg = returned;
        back -= returned;
    }
    Ok(line)
}

fn deduction(mg: i128, share: i64, up: bool) -> i128 {
    let exact = mg * i128::from(share);
    let whole = i128::from(SHARE_WHOLE);
    exact / whole + i128::from(up && exact % whole != 0)
}

fn whole(number: i128) -> Result<i64, Refusal> {
    i64::try_from(number).map_err(|_| Refusal::new(codes::BATCH_OUT_OF_RANGE))
}
