//! Against fraud and double counting: thresholds with a day, overlap of trips, speed.

use methodologies::Parameters;
use methodologies::inclusion::{Credit, Scene};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use time::Date;

use crate::refusal::{Refusal, codes};

/// The thresholds as they hold on a day; each is a parameter that two operators can replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Guards {
    /// Days from acceptance to settlement.
    pub settlement_days: i64,
    /// Seconds by which two trips of a person may overlap.
    pub overlap_seconds: i64,
    /// Days after which an act is not taken in any more.
    pub late_days: i64,
    /// Days for which an account is new.
    pub new_account_days: i64,
    /// Milligrams that a new account may have without a look.
    pub new_account_mg: i64,
    /// Milligrams of travel in a day above which an act waits for a look.
    pub travel_day_mg: i64,
    /// Milligrams of travel in a month above which an act waits for a look.
    pub travel_month_mg: i64,
    /// Milligrams other than travel in a day above which an act waits for a look.
    pub other_day_mg: i64,
    /// Milligrams other than travel in a month above which an act waits for a look.
    pub other_month_mg: i64,
    /// Milligrams of one act above which it waits for a look, unless its scene has a line of its own: [`own_act_line`].
    pub act_mg: i64,
    /// Milligrams of one act shown by a photo above which it waits for a look.
    pub photo_act_mg: i64,
    /// Milligrams shown by photos in a day above which an act waits for a look.
    pub photo_day_mg: i64,
    /// Milligrams shown by photos in a month above which an act waits for a look.
    pub photo_month_mg: i64,
    /// Acts shown by photos that one may hand in for a day.
    pub photo_day_acts: i64,
    /// Accounts on one device.
    pub accounts_per_device: i64,
    /// Devices of one account.
    pub devices_per_account: i64,
    /// Days within which one may appeal.
    pub appeal_days: i64,
    /// Days of suspension after fraud.
    pub suspension_days: i64,
    /// Months after which grams that cannot be certified expire.
    pub counted_months: i64,
    /// Months after which activity points expire.
    pub activity_months: i64,
    /// Activity points of one act of taking part.
    pub engagement_points: i64,
    /// Working days for which a batch is published.
    pub notice_days: i64,
    /// Acts in a verifier's sample.
    pub sample: i64,
    /// Fewest accounts behind a figure that is shown.
    pub accounts_min: i64,
    /// Milligrams that an account whose address or number nobody confirmed may have without a look.
    pub unconfirmed_mg: i64,
    /// Milligrams that a new or unconfirmed account with the real-name level may have without a look.
    pub real_name_mg: i64,
    /// Fewest people on a board that is shown.
    pub board_min: i64,
    /// Most people in a group.
    pub group_members_max: i64,
    /// Most groups of one person.
    pub groups_max: i64,
    /// Months after which grams that can be certified expire; 0: never.
    pub certified_months: i64,
    /// Days between the notice of an expiry and the expiry, at least.
    pub notice_before_expiry: i64,
}

impl Guards {
    /// The thresholds on a day. Refused `parameter_not_in_force` where one has no value yet: there is no default.
    pub fn on(set: &Parameters, day: Date) -> Result<Self, Refusal> {
        let grams = methodologies::inclusion::MILLIGRAMS_PER_GRAM;
        let whole = |name: &str| whole(set, name, day);
        let milligrams = |name: &str| whole(name).map(|one: i64| one.saturating_mul(grams));
        Ok(Self {
            settlement_days: whole("settlement.days")?,
            overlap_seconds: whole("guard.overlap")?,
            late_days: whole("guard.late_days")?,
            new_account_days: whole("guard.new_account_days")?,
            new_account_mg: milligrams("guard.new_account_grams")?,
            travel_day_mg: milligrams("guard.travel_day_grams")?,
            travel_month_mg: milligrams("guard.travel_month_grams")?,
            other_day_mg: milligrams("guard.other_day_grams")?,
            other_month_mg: milligrams("guard.other_month_grams")?,
            act_mg: milligrams("guard.act_grams")?,
            photo_act_mg: milligrams("guard.photo_act_grams")?,
            photo_day_mg: milligrams("guard.photo_day_grams")?,
            photo_month_mg: milligrams("guard.photo_month_grams")?,
            photo_day_acts: whole("guard.photo_day_acts")?,
            accounts_per_device: whole("guard.accounts_per_device")?,
            devices_per_account: whole("guard.devices_per_account")?,
            appeal_days: whole("guard.appeal_days")?,
            suspension_days: whole("guard.suspension_days")?,
            counted_months: whole("expiry.counted_months")?,
            activity_months: whole("expiry.activity_months")?,
            engagement_points: whole("points.engagement")?,
            notice_days: whole("batch.notice_days")?,
            sample: whole("batch.sample")?,
            accounts_min: whole("statistics.accounts_min")?,
            unconfirmed_mg: milligrams("guard.unconfirmed_grams")?,
            real_name_mg: milligrams("guard.real_name_grams")?,
            board_min: whole("board.people_min")?,
            group_members_max: whole("group.members_max")?,
            groups_max: whole("group.of_person_max")?,
            certified_months: whole("expiry.certified_months")?,
            notice_before_expiry: whole("expiry.notice_days")?,
        })
    }

    /// Why an act with these milligrams waits for a look, if it does, after what was counted before it: one act, a day and a month have a
    /// line each, for travel, for everything else, and a narrower one for what only a photo shows. A scene with a line of its own
    /// (`own_mg`: few and large, as a meter read once a month) stays outside the sums.
    pub fn line_crossed(&self, act: Weighed, own_mg: Option<i64>) -> Option<&'static str> {
        if act.mg <= 0 {
            return None;
        }
        let above = |before: i64, line: i64| before.saturating_add(act.mg) > line;
        if act.by_photo {
            let of_photos = [
                (0, self.photo_act_mg),
                (act.photos.0, self.photo_day_mg),
                (act.photos.1, self.photo_month_mg),
            ];
            if of_photos
                .into_iter()
                .any(|(before, line)| above(before, line))
            {
                return Some("photo");
            }
        }
        if above(0, own_mg.unwrap_or(self.act_mg)) {
            return Some("act_large");
        }
        if own_mg.is_some() {
            return None;
        }
        let (day, month) = if act.is_travel {
            (
                (self.travel_day_mg, "travel_day"),
                (self.travel_month_mg, "travel_month"),
            )
        } else {
            (
                (self.other_day_mg, "other_day"),
                (self.other_month_mg, "other_month"),
            )
        };
        if above(act.family.0, day.0) {
            Some(day.1)
        } else if above(act.family.1, month.0) {
            Some(month.1)
        } else {
            None
        }
    }
}

/// The line of one act that a scene has of its own, in milligrams. `None`: the general one holds, [`Guards::act_mg`].
pub fn own_act_line(set: &Parameters, scene: &str, day: Date) -> Option<i64> {
    let line = set.on(&format!("inclusion.guard.act_grams_{scene}"), day)?;
    let milligrams = Decimal::from(methodologies::inclusion::MILLIGRAMS_PER_GRAM);
    line.value.checked_mul(milligrams)?.to_i64()
}

/// An act beside what was counted before it, in milligrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What the act would count.
    pub mg: i64,
    /// Whether it is travel; everything else has sums of its own.
    pub is_travel: bool,
    /// Whether only a photo or receipt shows it.
    pub by_photo: bool,
    /// Of travel, or of everything else, counted before: on the same day, in the same month.
    pub family: (i64, i64),
    /// Shown by photos before: on the same day, in the same month.
    pub photos: (i64, i64),
}

/// A number of the inclusion rules by its name, as it holds on a day.
pub fn number(set: &Parameters, name: &str, day: Date) -> Result<Decimal, Refusal> {
    let id = format!("inclusion.{name}");
    let used = set.on(&id, day).ok_or_else(|| {
        Refusal::new(codes::INCLUSION_RULE_NOT_IN_FORCE)
            .with("parameter", &id)
            .with("on", methodologies::day::to_text(day))
    })?;
    Ok(used.value)
}

fn whole(set: &Parameters, name: &str, day: Date) -> Result<i64, Refusal> {
    let value = number(set, name, day)?;
    value.to_i64().filter(|one| *one >= 0).ok_or_else(|| {
        Refusal::new(codes::INCLUSION_RULE_NOT_IN_FORCE)
            .with("parameter", name)
            .with("on", methodologies::day::to_text(day))
    })
}

/// Refuses `trip_too_fast` where the distance was not possible in the time. Scenes without a highest speed, of their definition or of the rules, are not asked; neither is a trip
/// without times.
pub fn check_speed(
    set: &Parameters,
    scene: &str,
    day: Date,
    kilometres: Decimal,
    seconds: i64,
) -> Result<(), Refusal> {
    let Some(most) = methodologies::inclusion::speed_max(set, scene, day) else {
        return Ok(());
    };
    // km <= km/h * s / 3600, without dividing
    let travelled = kilometres.checked_mul(Decimal::from(3600));
    let possible = most.value.checked_mul(Decimal::from(seconds.max(0)));
    if travelled
        .zip(possible)
        .is_some_and(|(one, other)| one <= other)
    {
        return Ok(());
    }
    Err(Refusal::new(codes::TRIP_TOO_FAST).with("max", most.value.normalize()))
}

/// What keeps an act of travel from being counted a second time when another source reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TravelRecord {
    /// No travel, or travel that never has a gram: nothing could be counted twice.
    NotCounted,
    /// One trip: with its begin and its end, so that it is seen where two overlap and whether its speed was possible.
    Trip,
    /// What was driven or walked in a day, read from a meter or a charging post: one source counts for a scene and day.
    Day,
}

/// The scene of steps: they are counted by whoever walks, and by whoever sits in a bus with a telephone in the hand.
pub const STEPS: &str = "steps";

/// Scenes of travel whose record covers a day rather than a trip.
pub const DAY_RECORDS: [&str; 2] = ["own_ev", STEPS];

/// How a record of this scene is kept from being counted twice.
pub fn travel_record(scene: &Scene) -> TravelRecord {
    if scene.family != "travel" || matches!(scene.credit, Credit::Engagement { .. }) {
        TravelRecord::NotCounted
    } else if DAY_RECORDS.contains(&scene.code) {
        TravelRecord::Day
    } else {
        TravelRecord::Trip
    }
}

/// What a record of travel with times is, beside others at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TripKind {
    /// A trip that counts.
    Counted,
    /// Steps of an interval. Those inside a trip that counts do not count beside it, whoever reports them and whichever comes first; and
    /// since nobody knows how many of an interval's steps lie inside, none of them does (*assumed*, as the careful reading).
    Steps,
    /// A trip with no gram behind it, such as a self-report or a ride above the limit of its day: it takes no gram away from anything.
    Uncounted,
}

impl TripKind {
    /// What a record of this scene with so many milligrams is; `is_proven`: by more than the person's word. `None`: it is no trip (a day
    /// without driving, a ticket bought online), so that it is in no trip's way, whatever hours it names.
    pub fn of(scene: &Scene, is_proven: bool, mg: i64) -> Option<Self> {
        match travel_record(scene) {
            TravelRecord::NotCounted => None,
            _ if is_proven && scene.code == STEPS => Some(Self::Steps),
            _ if is_proven && mg > 0 => Some(Self::Counted),
            _ => Some(Self::Uncounted),
        }
    }
}

/// A trip with its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trip {
    /// The act.
    pub activity: String,
    /// Begin, unix seconds.
    pub from: i64,
    /// End, unix seconds.
    pub to: i64,
    /// The better the record, the lower: 1 gate record of an operator, 2 ride code, 3 payment, 4 navigation, 5 steps.
    pub precedence: i64,
    /// Whether it is still unsettled, so that a better record may take its place.
    pub replaceable: bool,
    /// What it is.
    pub kind: TripKind,
}

/// What a new trip meets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Overlap {
    /// Nothing.
    Free,
    /// A trip with a record at least as good, or one that is settled.
    Refused,
    /// Steps, inside a trip that counts.
    StepsInTrip,
    /// These, with weaker records, give way.
    Replaces(Vec<String>),
}

/// Whether a new trip of the same person overlaps with those there are by more than `allowed_seconds`. Between trips that count, and between
/// those that do not, the better record stays. A trip that counts takes the place of one without a gram, however good its record, and
/// counts beside it once that one is settled; one without a gram is refused beside one that counts, also with a better record: the same
/// ride would be rewarded twice, and a gram is never taken away for nothing. Steps give way to every trip that counts, also once they are
/// settled.
pub fn overlap(new: &Trip, others: &[Trip], allowed_seconds: i64) -> Overlap {
    let mut give_way = Vec::new();
    for other in others {
        let shared = new.to.min(other.to) - new.from.max(other.from);
        // a short trip that lies within another one overlaps wholly, however short it is
        let within = new.from >= other.from && new.to <= other.to
            || other.from >= new.from && other.to <= new.to;
        if shared <= allowed_seconds && !(within && shared >= 0) {
            continue;
        }
        match (new.kind, other.kind) {
            (TripKind::Steps, TripKind::Counted) => return Overlap::StepsInTrip,
            (TripKind::Steps, TripKind::Uncounted) | (TripKind::Uncounted, TripKind::Steps) => {
                continue;
            }
            (TripKind::Counted, TripKind::Uncounted) if !other.replaceable => continue,
            (TripKind::Counted, TripKind::Steps | TripKind::Uncounted) => {}
            (TripKind::Uncounted, TripKind::Counted) => return Overlap::Refused,
            _ if other.replaceable && other.precedence > new.precedence => {}
            _ => return Overlap::Refused,
        }
        give_way.push(other.activity.clone());
    }
    if give_way.is_empty() {
        Overlap::Free
    } else {
        Overlap::Replaces(give_way)
    }
}
