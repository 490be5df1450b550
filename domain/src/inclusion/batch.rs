//! From grams to tonnes: the verdict on a sample, and how a batch is cut into what is deducted, issued and given back.

use std::collections::BTreeMap;

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

/// The verdict on a sample, `errors` of whose `sample` points lie in acts that were not confirmed ([`Draw`]: so this is the share of the
/// mass): above the highest error rate the batch goes back; else the error rate times a factor is deducted, and never less than the smallest
/// share. Deductions are rounded up. Refused `sample_invalid`: an empty sample, or more errors than points.
pub fn verdict(
    set: &Parameters,
    day: Date,
    sample: i64,
    errors: i64,
) -> Result<SampleVerdict, Refusal> {
    let invalid = || Refusal::new(codes::SAMPLE_INVALID).at("findings");
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

/// What is drawn from a batch: by mass, so that no large lot hides behind many small ones (monetary-unit sampling, here of milligrams). The
/// lots stand in one line; points stand on it at equal distances, the first one where the root of the batch says: for a given batch nobody can
/// choose it. A lot is drawn if a point lies in it, so that every lot as large as the distance is drawn for certain. Where there are no more
/// lots than the sample has acts, every milligram is a point and every lot is looked at. The share of points in wrong lots estimates the share
/// of the mass. The method is a design of this platform; the rules at hand ask for a sample and do not say how it is drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    points: i128,
    mg: i128,
    start: i128,
    line: i128,
}

impl Draw {
    /// For so many lots and milligrams, of which at most `acts` are drawn. `seed`: hexadecimal digits that the root of the batch gives.
    pub fn new(lots: i64, mg: i64, acts: i64, seed: &str) -> Self {
        let (mg, acts) = (mg.max(1), acts.max(1));
        let points = if lots <= acts { mg } else { acts.min(mg) };
        let digits = seed.get(..15).unwrap_or(seed);
        let number = i64::from_str_radix(digits, 16).unwrap_or_default();
        Self {
            points: i128::from(points),
            mg: i128::from(mg),
            start: i128::from(number.rem_euclid(mg)),
            line: 0,
        }
    }

    /// How many points there are in all.
    pub fn points(&self) -> i64 {
        i64::try_from(self.points).unwrap_or(i64::MAX)
    }

    /// How many points lie in the next lot of the line; 0: it is not drawn.
    pub fn hits(&mut self, mg: i64) -> i64 {
        let before = self.below(self.line);
        self.line += i128::from(mg.max(0));
        i64::try_from(self.below(self.line) - before).unwrap_or(i64::MAX)
    }

    /// Points below a place on the line: point k is the whole part of (start + k x mg) / points.
    fn below(&self, place: i128) -> i128 {
        let above = place * self.points - self.start;
        let count = (above + self.mg - 1).div_euclid(self.mg);
        count.clamp(0, self.points)
    }
}

/// What a body did not confirm: one line for each act, its number in the sample and why (`3 the order was cancelled`). Refused
/// `finding_invalid` with the line where a number is none of the sample, is there twice, or has no reason of 2 to 300 characters.
pub fn read_findings(typed: &str, sample: usize) -> Result<BTreeMap<usize, String>, Refusal> {
    let mut found = BTreeMap::new();
    for (at, line) in typed.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let invalid = || {
            Refusal::new(codes::FINDING_INVALID)
                .at("findings")
                .with("line", at + 1)
                .with("most", sample)
        };
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (number, why) = line.split_at(digits);
        let number: usize = number.parse().map_err(|_| invalid())?;
        let why = why
            .trim_start_matches([' ', '\t', ':', '：', '.', '、', ',', '，'])
            .trim();
        let is_there = (1..=sample).contains(&number);
        if !is_there || !(2..=300).contains(&why.chars().count()) {
            return Err(invalid());
        }
        if found.insert(number, why.to_owned()).is_some() {
            return Err(invalid());
        }
    }
    Ok(found)
}

/// Where the milligrams of a batch came from, and go back to if nothing becomes of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Origin {
    /// Given to an event.
    Earmark(String),
    /// Assigned to the platform.
    Pool,
}

/// Milligrams from one origin: of one lot in a batch, or of all of them.
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

/// A batch cut into tonnes, known from what each origin gave: no item has to be seen for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Deducted in all.
    pub haircut_mg: i64,
    /// Whole tonnes.
    pub tonnes: i64,
    /// Given back in all: less than a tonne.
    pub returned_mg: i64,
    /// What each event is entitled to after the deduction, in the order of the origins.
    pub entitlements: Vec<(String, i64)>,
    share: i64,
}

impl Line {
    /// Cuts a batch of so many milligrams from each origin. The items stand in one line, those of events before those of the pool. Of each
    /// origin the deduction is taken from every item in proportion (on the cumulative sum, so that nothing is lost by rounding): rounded up
    /// for an event, down for the pool. What is left is filled into tonnes one after the other; the last, unfilled one goes back. Refused
    /// `batch_not_in_order`, and `batch_out_of_range` beyond whole numbers.
    pub fn of(origins: &[LineItem], haircut_share: i64) -> Result<Self, Refusal> {
        if origins
            .windows(2)
            .any(|pair| pair[0].origin >= pair[1].origin)
        {
            return Err(Refusal::new(codes::BATCH_NOT_IN_ORDER));
        }
        let mut entitlements = Vec::new();
        let (mut haircut, mut net) = (0_i128, 0_i128);
        for LineItem { origin, mg } in origins {
            let mg = i128::from(*mg);
            let deducted = deduction(mg, haircut_share, *origin != Origin::Pool);
            haircut += deducted;
            net += mg - deducted;
            if let Origin::Earmark(event) = origin {
                entitlements.push((event.clone(), whole(mg - deducted)?));
            }
        }
        let net = whole(net)?;
        Ok(Self {
            haircut_mg: whole(haircut)?,
            tonnes: net / TONNE,
            returned_mg: net % TONNE,
            entitlements,
            share: haircut_share,
        })
    }

    /// What cuts the items of this line, one after the other.
    pub fn cutter(&self) -> Cutter {
        Cutter {
            share: self.share,
            issued: i128::from(self.tonnes) * i128::from(TONNE),
            origin: None,
            of_origin: 0,
            deducted_of_origin: 0,
            net: 0,
        }
    }
}

/// Cuts the items of a line in their order; it remembers sums, not items.
#[derive(Clone, Debug)]
pub struct Cutter {
    share: i64,
    /// Milligrams of the line that are issued: all of its whole tonnes.
    issued: i128,
    origin: Option<Origin>,
    of_origin: i128,
    deducted_of_origin: i128,
    net: i128,
}

impl Cutter {
    /// What becomes of the next item. Refused `batch_not_in_order`, `batch_out_of_range`.
    pub fn cut(&mut self, item: &LineItem) -> Result<CutItem, Refusal> {
        if item.mg < 1
            || self
                .origin
                .as_ref()
                .is_some_and(|before| *before > item.origin)
        {
            return Err(Refusal::new(codes::BATCH_NOT_IN_ORDER));
        }
        if self.origin.as_ref() != Some(&item.origin) {
            self.origin = Some(item.origin.clone());
            (self.of_origin, self.deducted_of_origin) = (0, 0);
        }
        self.of_origin += i128::from(item.mg);
        let deducted = deduction(self.of_origin, self.share, item.origin != Origin::Pool);
        let haircut = deducted - self.deducted_of_origin;
        self.deducted_of_origin = deducted;
        let (line_start, kept) = (self.net, i128::from(item.mg) - haircut);
        self.net += kept;
        // behind the last whole tonne everything goes back
        let issued = kept.min((self.issued - line_start).max(0));
        Ok(CutItem {
            line_start: whole(line_start)?,
            haircut_mg: whole(haircut)?,
            issued_mg: whole(issued)?,
            returned_mg: whole(kept - issued)?,
        })
    }
}

fn deduction(mg: i128, share: i64, up: bool) -> i128 {
    let exact = mg * i128::from(share);
    let whole = i128::from(SHARE_WHOLE);
    exact / whole + i128::from(up && exact % whole != 0)
}

fn whole(number: i128) -> Result<i64, Refusal> {
    i64::try_from(number).map_err(|_| Refusal::new(codes::BATCH_OUT_OF_RANGE))
}
