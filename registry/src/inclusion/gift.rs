//! Calls for grams by organisers of events, and gifts to them.

use std::collections::BTreeMap;

use domain::inclusion::points::read_points;
use domain::inclusion::{LotPart, MG_PER_POINT, Place, PointPlace, PointUnit, lot};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::posting::{Postings, To};
use super::shop::{assignment, check_points};
use super::{about_person, day_of, open_account};
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::event as events;
use crate::store::event_gift;
use crate::store::inclusion::batch;
use crate::store::inclusion::ledger::{self, PartRow};
use crate::store::inclusion::shop::{self as store, CampaignRow};
use crate::{By, Error, Fields, Registry};

/// Milligrams in a kilogram.
const KILOGRAM: i64 = 1_000_000;
/// Rows of a list.
const SHOWN: i64 = 100;

/// The answer to a gift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftReceipt {
    /// The gift.
    pub id: String,
    /// Points given: as many grams went with them.
    pub points: i64,
}

/// The answer to an act on a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignReceipt {
    /// The campaign.
    pub id: String,
}

/// A call for grams as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignView {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub organiser: String,
    /// Number of the event that it is for, if it is one of this platform.
    pub event: Option<String>,
    /// For what.
    pub title: String,
    /// Grams asked for, mg.
    pub target_mg: i64,
    /// Grams given and not yet in a batch, mg.
    pub given_mg: i64,
    /// Last day for gifts, `YYYY-MM-DD`.
    pub closes_on: String,
    /// Whether gifts are taken.
    pub is_open: bool,
    /// Whether it was cancelled, and everything went back to those who gave.
    pub is_cancelled: bool,
}

/// A gift as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GiftView {
    /// Its id.
    pub id: String,
    /// The campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// Points and grams.
    pub points: i64,
    /// Whether it came back because the event was cancelled.
    pub is_returned: bool,
    /// When.
    pub at: Instant,
}

impl Registry {
    /// Asks for grams. Reads `title`, `target_kg` (whole kilograms), `closes_on` (not before today) and `event` (an event of the own
    /// organisation that is not neutralised yet and has no call, or a cancelled one; may be left out).
    pub async fn campaign_open(&self, by: &By, fields: &Fields) -> Result<CampaignReceipt, Error> {
        Deed::check_role(Act::CampaignOpen, by)?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let event = Some(typed("event").to_owned()).filter(|event| !event.is_empty());
        let title = required_text("title", typed("title"), 80);
        let target = read_points("target_kg", typed("target_kg"));
        let closes = domain::text::date("closes_on", typed("closes_on"));
        let (title, target, closes) = match (title, target, closes) {
            (Ok(title), Ok(target), Ok(closes)) => (title, target, closes),
            (title, target, closes) => {
                let refusals = [title.err(), target.err(), closes.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        if closes < by.at.beijing_date() {
            return Err(Refusal::new(codes::CAMPAIGN_OVER).at("closes_on").into());
        }
        let deed = Deed::by(
            Act::CampaignOpen,
            by,
            &(&title, target, closes.to_string(), &event),
        )?;
        perform!(self, deed, |tx| {
            if let Some(event) = &event {
                check_event(tx, by, event).await?;
            }
            let row = CampaignRow {
                id: new_id(),
                organisation_id: by.organisation.to_string(),
                organiser: String::new(),
                event_id: event.clone(),
                event_number: None,
                title: title.clone(),
                target_mg: target.saturating_mul(KILOGRAM),
                closes_on: closes.to_string(),
                state: "open".to_owned(),
                opened_at: tx.at.0,
            };
            let act = tx.act.clone();
            store::campaign_insert(tx.connection(), &row, &act).await?;
            Ok(about(row.id))
        })
    }

    /// Cancels a campaign of the viewer's organisation: all grams and points go back to those who gave them. Refused once grams of it are
    /// in a batch.
    pub async fn campaign_cancel(&self, by: &By, campaign: &str) -> Result<CampaignReceipt, Error> {
        let deed = Deed::by(Act::CampaignCancel, by, &campaign)?;
        perform!(self, deed, |tx| {
            let row = store::campaign(tx.connection(), campaign).await?;
            let row = row
                .filter(|row| row.organisation_id == by.organisation.as_str())
                .ok_or(Error::NotFound)?;
            if row.state != "open" {
                return Err(Refusal::new(codes::CAMPAIGN_OVER).into());
            }
            if batch::has_items_of(tx.connection(), campaign).await? {
                return Err(Refusal::new(codes::CAMPAIGN_IN_BATCH).into());
            }
            let mut back: BTreeMap<String, i64> = BTreeMap::new();
            let mut postings = Postings::default();
            for part in ledger::earmarked(tx.connection(), campaign).await? {
                postings.moves(
                    tx,
                    &part,
                    Place::Earmark,
                    To::plain(Place::Held),
                    part.mg,
                    "",
                );
                *back.entry(part.account_id).or_default() += part.mg;
            }
            for (account, given) in store::gifts_of_campaign(tx.connection(), campaign).await? {
                // grams that were declared void meanwhile took their points with them
                let points = given.min(back.get(&account).copied().unwrap_or(0) / MG_PER_POINT);
                let from_to = (PointPlace::SpentGift, PointPlace::Available);
                postings.step(tx, &account, PointUnit::Green, from_to, points, campaign);
            }
            postings.write(tx).await?;
            store::gifts_return(tx.connection(), campaign).await?;
            store::campaign_cancel(tx.connection(), campaign).await?;
            Ok(about(row.id))
        })
    }

    /// Gives points and the grams behind them to an event. Reads `campaign`, `points`. Only grams that can be certified are given, oldest
    /// first, and none of a trip to that event. Refuses `campaign_over`, `assignment_required`, `points_insufficient`,
    /// `grams_insufficient`.
    pub async fn gift_give(&self, by: &By, fields: &Fields) -> Result<GiftReceipt, Error> {
        Deed::check_role(Act::GiftGive, by)?;
        let campaign = fields
            .get("campaign")
            .map_or("", |text| text.trim())
            .to_owned();
        let points = read_points("points", fields.get("points").map_or("", String::as_str))?;
        let deed = Deed::by(Act::GiftGive, by, &(&campaign, points))?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            open_account(tx.connection(), account).await?;
            let row = store::campaign(tx.connection(), &campaign).await?;
            let row = row.ok_or_else(|| Refusal::new(codes::REQUIRED).at("campaign"))?;
            if row.state != "open" || day_of(&row.closes_on)? < tx.at.beijing_date() {
                return Err(Refusal::new(codes::CAMPAIGN_OVER).at("campaign").into());
            }
            let consent = assignment(tx, account)
                .await?
                .ok_or_else(|| Refusal::new(codes::ASSIGNMENT_REQUIRED))?;
            check_points(tx, account, PointUnit::Green, points).await?;
            let rows = ledger::parts(tx.connection(), account, Place::Held.code(), "").await?;
            let calls = calls_with(tx, &row).await?;
            let givable = lot::givable(&lot_parts(&rows)?, &calls);
            let taken = lot::take(&givable, points * MG_PER_POINT)
                .map_err(|refusal| refusal.at("points"))?;
            let id = new_id();
            let mut postings = Postings::default();
            for one in taken {
                let part = part_of(&rows, &one.part.lot)?;
                let to = To {
                    place: Place::Earmark,
                    of: &row.id,
                };
                postings.moves(tx, part, Place::Held, to, one.mg, &consent);
            }
            let from_to = (PointPlace::Available, PointPlace::SpentGift);
            postings.step(tx, account, PointUnit::Green, from_to, points, &id);
            postings.write(tx).await?;
            let at = tx.at.0;
            store::gift_insert(tx.connection(), account, &id, &row.id, points, at).await?;
            Ok(about_person(account, None, GiftReceipt { id, points }))
        })
    }

    /// Every call for grams, newest first.
    pub async fn campaigns(&self, now: Instant) -> Result<Vec<CampaignView>, Error> {
        let mut connection = self.store.read().await?;
        let today = now.beijing_date();
        let mut views = Vec::new();
        for row in store::campaigns(&mut connection, SHOWN).await? {
            views.push(CampaignView {
                given_mg: ledger::total(&mut connection, Place::Earmark.code(), &row.id).await?,
                is_open: row.state == "open" && day_of(&row.closes_on)? >= today,
                is_cancelled: row.state == "cancelled",
                id: row.id,
                organiser: row.organiser,
                event: row.event_number,
                title: row.title,
                target_mg: row.target_mg,
                closes_on: row.closes_on,
            });
        }
        Ok(views)
    }

    /// The calls of the viewer's organisation, newest first.
    pub async fn campaigns_of(&self, by: &By) -> Result<Vec<CampaignView>, Error> {
        let mut connection = self.store.read().await?;
        let own = store::campaigns_of(&mut connection, by.organisation.as_str()).await?;
        drop(connection);
        let mut views = self.campaigns(by.at).await?;
        views.retain(|view| own.contains(&view.id));
        Ok(views)
    }

    /// The viewer's gifts, newest first.
    pub async fn gifts(&self, by: &By) -> Result<Vec<GiftView>, Error> {
        let mut connection = self.store.read().await?;
        gifts_of(&mut connection, by.organisation.as_str(), SHOWN).await
    }
}

/// The newest gifts of an account, at most so many.
pub(super) async fn gifts_of(
    connection: &mut sqlx::AnyConnection,
    account: &str,
    size: i64,
) -> Result<Vec<GiftView>, Error> {
    let rows = store::gifts(connection, account, size).await?;
    let views = rows
        .into_iter()
        .map(|(id, campaign, title, points, state, at)| GiftView {
            id,
            campaign,
            title,
            points,
            is_returned: state == "returned",
            at: Instant(at),
        });
    Ok(views.collect())
}

/// The ids of every call of the event that a call is for, itself among them.
async fn calls_with(tx: &mut Tx, call: &CampaignRow) -> Result<Vec<String>, Error> {
    let mut calls = vec![call.id.clone()];
    if let Some(event) = &call.event_id {
        let of_event = event_gift::calls_of(tx.connection(), event).await?;
        calls.extend(of_event.into_iter().map(|one| one.id));
    }
    Ok(calls)
}

/// Grams are asked for by the owner of an event, until it is neutralised, by one call at a time: every gift to it is then told from every
/// trip to it. A cancelled call is over, and what was given came back.
async fn check_event(tx: &mut Tx, by: &By, event: &str) -> Result<(), Error> {
    let unfit = || Refusal::new(codes::CAMPAIGN_EVENT_UNFIT).at("event");
    let row = events::by_id(tx.connection(), event).await?;
    let row = row
        .filter(|row| row.organisation_id == by.organisation.as_str())
        .ok_or_else(unfit)?;
    let early = ["planned", "published", "held", "accounted"].contains(&row.state.as_str());
    let calls = event_gift::calls_of(tx.connection(), event).await?;
    if !early || calls.iter().any(|call| call.state == "open") {
        return Err(unfit().into());
    }
    Ok(())
}

fn about(id: String) -> Done<CampaignReceipt> {
    Done {
        subject_kind: "campaign",
        subject: id.clone(),
        state: None,
        note: None,
        is_public: false,
        answer: CampaignReceipt { id },
    }
}

/// Stored parts as the rules take them.
pub(super) fn lot_parts(rows: &[PartRow]) -> Result<Vec<LotPart>, Error> {
    rows.iter()
        .map(|row| {
            Ok(LotPart {
                lot: row.lot_id.clone(),
                day: day_of(&row.day)?,
                certifiable: row.certifiable == 1,
                campaign: row.campaign_id.clone(),
                mg: row.mg,
            })
        })
        .collect()
}

/// The stored part of a lot.
pub(super) fn part_of<'a>(rows: &'a [PartRow], lot: &str) -> Result<&'a PartRow, Error> {
    rows.iter()
        .find(|row| row.lot_id == lot)
        .ok_or_else(|| Error::Store(format!("part of {lot}")))
}
