//! Carbon inclusion: a personal carbon account in which every gram is counted once (docs/decisions/0020).
//!
//! A person is a party of its own: every read asks for [`By::organisation`](crate::By), so that nobody sees another one's account.
//! Grams and points move only through the two ledgers in `store::inclusion::ledger`; their triggers and constraints hold whatever
//! happens here.

mod activity;
mod audit;
mod batch;
mod call;
mod city;
mod consent;
mod expire;
mod export;
mod gift;
mod group;
mod guardian;
mod identity;
mod import;
mod merkle;
mod person;
mod posting;
mod precedence;
mod progress;
mod provider;
mod review;
mod seal;
mod settle;
mod shop;
mod staff;
mod statistics;
mod thing;
mod view;

use std::collections::HashMap;

use domain::inclusion::{Guards, PointPlace, PointUnit};
use domain::refusal::codes;
use domain::{Instant, Refusal};
use methodologies::Parameters;
use serde::Serialize;
use sqlx::AnyConnection;
use time::Date;

pub use activity::{ActivityReceipt, ActivityStatus, Photo};
pub use batch::{
    BatchReceipt, BatchSample, BatchView, GramTrace, RecognitionBasis, SampledAct, TonneSource,
};
pub use call::{CallAnswer, CallRow, RowAnswer, RowRefusal};
pub use city::CityMonth;
pub use consent::{ConsentReceipt, ConsentView, LinkView};
pub use export::{AppealView, DecisionView, LotTonnes, PersonExport};
pub use gift::{CampaignReceipt, CampaignView, GiftReceipt, GiftView};
pub use group::{BoardRow, BoardView, GroupReceipt, GroupView, OwnRank};
pub use guardian::{
    GuardianAccount, GuardianLetter, GuardianQuestion, GuardianReceipt, GuardianRequestView,
    GuardianView,
};
pub use identity::{IdentityAsked, IdentityReceipt, IdentityView};
pub use import::{IMPORT_COLUMNS, ImportLine, ImportReceipt, ImportView};
pub use person::PersonReceipt;
pub use precedence::{PrecedenceChange, PrecedenceReceipt};
pub use progress::{ExpiryView, MonthView, RatingView};
pub use provider::{KEY_OVERLAP_DAYS, ProviderKey, ProviderKeyView, ProviderReceipt, ProviderView};
pub use settle::InclusionTick;
pub use shop::{GoodsReceipt, GoodsView, ORDER_REASONS, OrderView};
pub use staff::{StaffGroupView, StaffMonth};
pub use statistics::{COST_KINDS, CostReceipt, CostView, CrowdTable, Economics};
pub use thing::{MeterReceipt, MeterView};
pub use view::{ActivityView, DayView, LotMove, LotPlace, PersonView, PointMovement};

pub(crate) use audit::check as check_audit;
pub(crate) use guardian::{GUARDIAN, letter};

use crate::perform::Done;
use crate::store::inclusion::ledger;
use crate::store::inclusion::person::{self as people, AccountRow};
use crate::{Error, parameter_set};

/// Shards of the totals of shared places.
const SHARDS: u64 = 16;

/// The numbers in force and the thresholds of a day.
pub(crate) struct Rules {
    pub(crate) set: Parameters,
    pub(crate) guards: Guards,
}

impl Rules {
    pub(crate) async fn on(connection: &mut AnyConnection, day: Date) -> Result<Self, Error> {
        let set = parameter_set::in_force(connection).await?;
        let guards = Guards::on(&set, day)?;
        Ok(Self { set, guards })
    }
}

/// The account if it is open; `person_not_open` otherwise, `NotFound` where there is none.
pub(crate) async fn open_account(
    connection: &mut AnyConnection,
    account: &str,
) -> Result<AccountRow, Error> {
    let row = people::account(connection, account)
        .await?
        .ok_or(Error::NotFound)?;
    check_open(&row)?;
    Ok(row)
}

fn check_open(row: &AccountRow) -> Result<(), Refusal> {
    if row.state == "open" {
        Ok(())
    } else {
        Err(Refusal::new(codes::PERSON_NOT_OPEN).with("state", &row.state))
    }
}

/// Which of the sixteen rows of a total an account writes to.
pub(crate) fn shard_of(account: &str) -> i64 {
    let sum = account
        .bytes()
        .fold(5381_u64, |sum, byte| sum.wrapping_mul(33) ^ u64::from(byte));
    i64::try_from(sum % SHARDS).unwrap_or(0)
}

/// The points of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Points {
    /// Green points that can be used: 1 point = 1 g of settled reduction.
    pub available: i64,
    /// Green points frozen for orders.
    pub frozen: i64,
    /// Green points spent in the shop.
    pub spent_shop: i64,
    /// Green points given to events.
    pub spent_gift: i64,
    /// Green points to be filled first, not above zero.
    pub debt: i64,
    /// Activity points that can be used; never carbon.
    pub activity: i64,
    /// Activity points frozen for orders.
    pub activity_frozen: i64,
}

impl Points {
    pub(crate) fn standing(&self) -> domain::inclusion::Standing {
        domain::inclusion::Standing {
            available: self.available,
            frozen: self.frozen,
            spent: self.spent_shop + self.spent_gift,
            debt: self.debt,
        }
    }

    fn set(&mut self, unit: &str, place: &str, points: i64) {
        let slot = match (PointUnit::from_code(unit), PointPlace::from_code(place)) {
            (Some(PointUnit::Green), Some(PointPlace::Available)) => &mut self.available,
            (Some(PointUnit::Green), Some(PointPlace::Frozen)) => &mut self.frozen,
            (Some(PointUnit::Green), Some(PointPlace::SpentShop)) => &mut self.spent_shop,
            (Some(PointUnit::Green), Some(PointPlace::SpentGift)) => &mut self.spent_gift,
            (Some(PointUnit::Green), Some(PointPlace::Debt)) => &mut self.debt,
            (Some(PointUnit::Activity), Some(PointPlace::Available)) => &mut self.activity,
            (Some(PointUnit::Activity), Some(PointPlace::Frozen)) => &mut self.activity_frozen,
            _ => return,
        };
        *slot = points;
    }
}

/// The points of some accounts.
pub(crate) async fn points_of(
    connection: &mut AnyConnection,
    accounts: &[String],
) -> Result<HashMap<String, Points>, Error> {
    let mut found: HashMap<String, Points> = HashMap::new();
    for (account, unit, place, points) in ledger::points(connection, accounts).await? {
        found.entry(account).or_default().set(&unit, &place, points);
    }
    Ok(found)
}

/// What an act of a person leaves in the record of acts.
pub(crate) fn about_person<A>(account: &str, note: Option<String>, answer: A) -> Done<A> {
    Done {
        subject_kind: "organisation",
        subject: account.to_owned(),
        state: None,
        note,
        is_public: false,
        answer,
    }
}

/// A stored day.
pub(crate) fn day_of(text: &str) -> Result<Date, Error> {
    methodologies::day::parse(text).ok_or_else(|| Error::Store(format!("day {text}")))
}

/// A day so many days later.
pub(crate) fn days_after(day: Date, days: i64) -> Date {
    day.saturating_add(time::Duration::days(days))
}

/// A reason as typed: required, of at most 300 characters.
pub(crate) fn reason_of(fields: &crate::Fields) -> Result<String, Refusal> {
    domain::text::required_text(
        "reason",
        fields.get("reason").map_or("", String::as_str),
        300,
    )
}

/// The moment a day begins.
pub(crate) fn start_of(day: Date) -> Instant {
    Instant::at_start_of(day)
}
