//! Listings: somebody offers credits at a price until a day, somebody reserves some of them, both confirm that the payment was made outside,
//! and the credits move. No order is matched and no price is formed here, and the platform has no part in the payment.

use domain::id::{ClassId, OrganisationId, ProjectId};
use domain::ledger::{
    Demand, HeldBlock, HoldKind, HoldOutcome, OfferRequest, SetAsideBlock, set_aside,
};
use domain::refusal::codes;
use domain::rulebook::LimitCode;
use domain::text::whole_tonnes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::account::is_active;
use crate::credits::{Part, Wanted, write_parts, year_of};
use crate::hold::{
    End, HoldReceipt, begin, blocks_of, end_by, ending, insert, kind_of, new_hold, not_past, open,
    receipt, write_end,
};
use crate::order;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::day_of;
use crate::store::hold as holds;
use crate::store::hold::HoldRow;
use crate::store::offer::{self as store, OfferRow};
use crate::store::public_offer::{self, PublicOfferStored};
use crate::{By, Error, Fields, Page, PageRequest, Public, Registry};

/// An offer as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicOffer {
    /// Its id.
    pub id: String,
    /// Who offers.
    pub holder: String,
    /// The class.
    pub class: ClassId,
    /// The project.
    pub project: ProjectId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// `ccer`, or `inclusion`: carbon inclusion.
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`.
    pub recognition: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes that nobody has reserved.
    pub quantity: i64,
    /// Yuan times 100 for one tonne.
    pub price_fen: i64,
    /// The last day on which it can be reserved, `YYYY-MM-DD`.
    pub last_day: String,
    /// When it was placed.
    pub placed_at: Instant,
}

/// Which offers are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferFilter {
    /// Only credits of projects of this methodology.
    pub methodology: Option<String>,
    /// Only credits of this year of generation.
    pub vintage: Option<i32>,
}

/// The answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReceipt {
    /// The offer.
    pub id: String,
    /// The hold in which the credits wait.
    pub hold: String,
    /// Tonnes.
    pub quantity: i64,
    /// The numbers.
    pub serials: Vec<String>,
}

impl Registry {
    /// Offers credits. Reads `class`, `from` (`holding` or `trading`), `quantity`, `price` (yuan for one tonne), `last_day`. Refuses
    /// `offers_not_open` while the rule book has no time limit for reservations.
    pub async fn credits_offer(&self, by: &By, fields: &Fields) -> Result<OfferReceipt, Error> {
        let deed = Deed::by(Act::CreditsOffer, by, fields)?;
        let request = OfferRequest::read(fields, by.at.beijing_date())?;
        perform!(self, deed, |tx| {
            reservation_days(tx).await?;
            let wanted = Wanted {
                quantity: request.quantity,
                class: Some(request.class.to_string()),
                project: None,
            };
            let held = wanted.held(tx, &by.organisation, request.from).await?;
            let (kind, demand) = (HoldKind::Offer, wanted.demand());
            let posting = set_aside(&by.organisation, request.from, &held, &demand, kind)?;
            let offer = OfferRow {
                id: new_id(),
                holder_id: by.organisation.to_string(),
                class_id: request.class.to_string(),
                quantity: request.quantity,
                price_fen: request.price_fen,
                last_day: request.last_day.to_string(),
                placed_at: tx.at.0,
            };
            let act = tx.act.clone();
            store::insert(tx.connection(), &offer, &act).await?;
            let row = HoldRow {
                price_fen: Some(offer.price_fen),
                last_day: Some(offer.last_day.clone()),
                offer_id: Some(offer.id.clone()),
                ..new_hold(tx, by, kind, by.organisation.as_str(), posting.total())
            };
            let begun = begin(tx, &row, &posting).await?;
            let answer = OfferReceipt {
                id: offer.id,
                hold: begun.id,
                quantity: begun.quantity,
                serials: begun.serials,
            };
            Ok(done(by.organisation.as_str(), answer))
        })
    }

    /// The hold of what is left of an own offer, or of what was left last: it is withdrawn as any other. `NotFound` for those of others.
    pub async fn offer_hold(&self, by: &By, offer: &str) -> Result<String, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, offer).await?;
        row.filter(|row| row.holder_id == by.organisation.as_str())
            .ok_or(Error::NotFound)?;
        let last = store::last_rest(&mut connection, offer).await?;
        last.ok_or(Error::NotFound)
    }

    /// Reserves from an offer, for as many days as the rule book says. Reads `quantity`. Refuses `offer_is_own`, `hold_ended` where nothing is
    /// left of it or its last day is over, `offer_too_small`, and `other_account_not_open`.
    pub async fn credits_reserve(
        &self,
        by: &By,
        offer: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsReserve, by, &(offer, fields))?;
        perform!(self, deed, |tx| {
            let offer = store::by_id(tx.connection(), offer).await?;
            let offer = offer.ok_or(Error::NotFound)?;
            if offer.holder_id == by.organisation.as_str() {
                return Err(Refusal::new(codes::OFFER_IS_OWN).into());
            }
            let typed = fields.get("quantity").map_or("", String::as_str);
            let quantity = whole_tonnes("quantity", typed)?;
            let today = tx.at.beijing_date();
            let days = reservation_days(tx).await?;
            if today > day_of(&offer.last_day)? {
                return Err(ended(HoldOutcome::Expired));
            }
            check_other(tx, &offer.holder_id).await?;
            let left = store::left(tx.connection(), &offer.id).await?;
            let left = left.ok_or_else(|| ended(HoldOutcome::Reserved))?;
            let listed = holds::by_id(tx.connection(), &left).await?;
            let listed = listed.ok_or(Error::NotFound)?;
            if quantity > listed.hold.quantity {
                return Err(Refusal::new(codes::OFFER_TOO_SMALL)
                    .at("quantity")
                    .with("available", listed.hold.quantity)
                    .with("quantity", quantity)
                    .into());
            }
            // what is listed becomes free within this act, and is set aside again: some for the buyer, the rest as the offer
            let outcome = HoldOutcome::Reserved;
            let blocks = blocks_of(tx, &left).await?;
            let blocks = blocks.into_iter().map(|(_, block)| block).collect();
            let freed = ending(tx, &listed, outcome, None).await?;
            write_end(tx, &listed, &End::by(by, outcome)).await?;
            let seller = OrganisationId::from(offer.holder_id.as_str());
            let (reserved, rest) = split(&seller, blocks, quantity)?;
            let row = HoldRow {
                other_id: Some(by.organisation.to_string()),
                price_fen: Some(offer.price_fen),
                last_day: Some((today + Duration::days(i64::from(days))).to_string()),
                offer_id: Some(offer.id.clone()),
                ..new_hold(tx, by, HoldKind::Reservation, &offer.holder_id, quantity)
            };
            insert(tx, &row).await?;
            let rest_row = HoldRow {
                price_fen: Some(offer.price_fen),
                last_day: Some(offer.last_day.clone()),
                offer_id: Some(offer.id.clone()),
                placed_by: offer.holder_id.clone(),
                ..new_hold(
                    tx,
                    by,
                    HoldKind::Offer,
                    &offer.holder_id,
                    listed.hold.quantity - quantity,
                )
            };
            let mut parts = vec![part(&freed, &left), part(&reserved, &row.id)];
            if let Some(rest) = &rest {
                insert(tx, &rest_row).await?;
                parts.push(part(rest, &rest_row.id));
            }
            let mut serials = write_parts(tx, &parts).await?;
            let serials = serials.swap_remove(1);
            let answer = receipt(&row.id, "waiting", quantity, serials);
            Ok(done(&offer.holder_id, answer))
        })
    }

    /// Buyer or seller confirms that the payment was made outside this platform. The second confirmation moves the credits to the buyer, in the
    /// same act. Where a member of the seller is confirmer, the seller's side is that one's. Refuses `payment_confirmed`, `hold_ended` and
    /// `other_account_not_open`.
    pub async fn credits_confirm_payment(&self, by: &By, hold: &str) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsConfirmPayment, by, &hold)?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, hold).await?;
            let buyer = row.hold.other_id.clone().unwrap_or_default();
            if kind_of(&row)? != HoldKind::Reservation {
                return Err(Error::NotFound);
            }
            not_past(tx, &row)?;
            let me = by.organisation.as_str();
            let (party, other) = if row.hold.holder_id == me {
                if order::needs_confirmation(tx, by).await? {
                    order::check_confirmer(tx.connection(), by).await?;
                }
                ("seller", &buyer)
            } else {
                ("buyer", &row.hold.holder_id)
            };
            check_other(tx, other).await?;
            let said = store::payments(tx.connection(), hold).await?;
            if said.iter().any(|side| side == party) {
                return Err(Refusal::new(codes::PAYMENT_CONFIRMED).into());
            }
            let (at, act) = (tx.at.0, tx.act.clone());
            store::payment_insert(tx.connection(), hold, party, me, at, &act).await?;
            let answer = if said.is_empty() {
                receipt(hold, "waiting", row.hold.quantity, Vec::new())
            } else {
                let end = End::by(by, HoldOutcome::Delivered);
                let buyer = OrganisationId::from(buyer.as_str());
                end_by(tx, &row, &end, Some(&buyer)).await?
            };
            Ok(done(&row.hold.holder_id, answer))
        })
    }
}

impl Public<'_> {
    /// The open offers of a day, newest first.
    pub async fn offers(
        &self,
        now: Instant,
        filter: &OfferFilter,
        page: &PageRequest,
    ) -> Result<Page<PublicOffer>, Error> {
        let mut connection = self.store.read().await?;
        let today = now.beijing_date().to_string();
        let (methodology, vintage) = (filter.methodology.as_deref(), filter.vintage.map(i64::from));
        let wanted = (methodology, vintage);
        let rows = page.rows() + 1;
        let rows =
            public_offer::offers(&mut connection, &today, wanted, page.before(), rows).await?;
        let rows: Result<Vec<_>, Error> = rows.into_iter().map(shown).collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// One open offer; `NotFound` where nothing is left of it or its last day is over.
    pub async fn offer(&self, now: Instant, id: &str) -> Result<PublicOffer, Error> {
        let mut connection = self.store.read().await?;
        let today = now.beijing_date().to_string();
        let found = public_offer::offer(&mut connection, &today, id).await?;
        shown(found.ok_or(Error::NotFound)?)
    }
}

/// What is reserved of the blocks of an offer, and what is left of it, if anything; each from the sub-account it came from.
fn split(
    seller: &OrganisationId,
    blocks: Vec<SetAsideBlock>,
    quantity: i64,
) -> Result<(domain::ledger::Posting, Option<domain::ledger::Posting>), Error> {
    let from = blocks.first().ok_or(Error::NotFound)?.from;
    let held: Vec<HeldBlock> = blocks.into_iter().map(|one| one.held).collect();
    let demand = |quantity| Demand {
        class: None,
        quantity,
    };
    let reserved = set_aside(
        seller,
        from,
        &held,
        &demand(quantity),
        HoldKind::Reservation,
    )?;
    let mut rest = Vec::new();
    for one in held {
        let cut = reserved
            .transfers
            .iter()
            .find(|row| row.debit.class == one.class && row.cut_from == Some(one.block));
        match cut {
            None => rest.push(one),
            Some(cut) => rest.extend(cut.kept().map(|block| HeldBlock { block, ..one })),
        }
    }
    let left: i64 = rest.iter().map(|one| one.block.quantity()).sum();
    let rest = match left {
        0 => None,
        left => Some(set_aside(
            seller,
            from,
            &rest,
            &demand(left),
            HoldKind::Offer,
        )?),
    };
    Ok((reserved, rest))
}

/// For how many days something stays reserved: the rule book's of the day.
async fn reservation_days(tx: &mut Tx) -> Result<u32, Error> {
    let book = crate::rulebook::in_force(tx.connection()).await?;
    let days = book.limit_in_force(LimitCode::Reservation, tx.at.beijing_date());
    days.ok_or_else(|| Refusal::new(codes::OFFERS_NOT_OPEN).into())
}

/// Nothing is agreed with somebody whose account is not open.
async fn check_other(tx: &mut Tx, other: &str) -> Result<(), Error> {
    if is_active(tx.connection(), other).await? {
        return Ok(());
    }
    Err(Refusal::new(codes::OTHER_ACCOUNT_NOT_OPEN).into())
}

fn part<'a>(posting: &'a domain::ledger::Posting, hold: &'a str) -> Part<'a> {
    Part {
        posting,
        retirement: None,
        hold: Some(hold),
    }
}

fn ended(outcome: HoldOutcome) -> Error {
    Refusal::new(codes::HOLD_ENDED)
        .with("outcome", outcome.code())
        .into()
}

/// The chain of acts is the seller's: so the acts about one offer wait for each other.
fn done<A>(seller: &str, answer: A) -> Done<A> {
    Done {
        subject_kind: "organisation",
        subject: seller.to_owned(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}

pub(crate) fn shown(row: PublicOfferStored) -> Result<PublicOffer, Error> {
    Ok(PublicOffer {
        vintage: year_of(row.vintage)?,
        id: row.id,
        holder: row.holder,
        class: row.class_id.into(),
        project: row.project_id.into(),
        project_code: row.project_code,
        project_name: row.project_name,
        unit_kind: row.unit_kind,
        recognition: row.recognition,
        quantity: row.tonnes,
        price_fen: row.price_fen,
        last_day: row.last_day,
        placed_at: Instant(row.placed_at),
    })
}
