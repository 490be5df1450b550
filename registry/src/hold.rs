//! Credits that are set aside: transfers that wait for their receiver, surrender in an emissions trading scheme, freezes and suspensions by
//! order; and transfers that are not trades. What a hold is and how it may end is `domain::ledger`'s table.

use domain::id::{OrganisationId, ProjectId};
use domain::ledger::{
    AccountKind, AssignGround, BeneficiaryKind, HeldBlock, HoldKind, HoldOutcome, OffsetMarket,
    OffsetRequest, OrderPaper, Posting, Purpose, RetirementRequest, SetAsideBlock, cancel_by,
    check_authority, end_hold, move_between, order_text, set_aside, short_reason,
};
use domain::refusal::codes;
use domain::rulebook::LimitCode;
use domain::{Act, Instant, Refusal, Role, SerialBlock, Uscc};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::{Date, Duration};

use crate::account::{account_state_of, is_active};
use crate::credits::{Part, Wanted, retire, serial_text, write_parts, write_posting, year_of};
use crate::number;
use crate::order;
use crate::organisation::role_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{day_of, reason};
use crate::store::attachment;
use crate::store::credit_document::{self, NewDocumentFile};
use crate::store::hold::{self as store, HoldRow, HoldView, NewDocument, NewHoldEnd, SetAsideRow};
use crate::store::ledger;
use crate::store::people::{self, OrganisationRow};
use crate::{By, Error, Fields, Page, PageRequest, Registry, StoredFile};

/// How many holds one tick looks at between two questions to the database.
const BATCH: i64 = 100;

/// Credits that are, or were, set aside, as a party or the registry sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditHold {
    /// Its id.
    pub id: String,
    /// Why they are set aside.
    pub kind: HoldKind,
    /// Whose credits they are.
    pub holder: String,
    /// The holder's account number.
    pub holder_account: String,
    /// Whether the viewer is the holder.
    pub own: bool,
    /// The receiver or buyer.
    pub other: Option<String>,
    /// Tonnes.
    pub quantity: i64,
    /// The numbers, `HT-A210001-2024-1-500`.
    pub serials: Vec<String>,
    /// The court or authority that ordered it; empty for what parties agreed.
    pub authority: String,
    /// The number of the order.
    pub document_number: String,
    /// The day of the order, `YYYY-MM-DD`.
    pub document_date: String,
    /// The legal ground, and why.
    pub ground: String,
    /// Of a suspension with an order to cancel: the last day for doing so.
    pub cancel_by: Option<String>,
    /// Of an offset: the scheme, `national` or `local`.
    pub offset_market: Option<String>,
    /// Of an offset: the compliance year.
    pub offset_year: Option<i64>,
    /// Of an offset: allowances due.
    pub offset_due: Option<i64>,
    /// Of an offset: the account in the scheme's registry.
    pub offset_account: Option<String>,
    /// Of an offset that is looked at by itself: what the holder surrendered in this market for this year, or has waiting, this one included.
    pub offset_total: Option<i64>,
    /// Of a reservation: the price of one tonne, yuan times 100.
    pub price_fen: Option<i64>,
    /// Who set them aside.
    pub placed_by: String,
    /// When.
    pub placed_at: Instant,
    /// The last day on which the other side can act, `YYYY-MM-DD`.
    pub last_day: Option<String>,
    /// How it ended; `None` while it lasts.
    pub outcome: Option<HoldOutcome>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// Who ended it; `None`: the calendar.
    pub ended_by: Option<String>,
    /// The reason of the end.
    pub end_reason: Option<String>,
    /// The document of the end.
    pub end_document: Option<String>,
    /// Of an offer or a reservation: the offer.
    pub offer: Option<String>,
    /// Of a reservation: whether the buyer has confirmed the payment.
    pub paid_buyer: bool,
    /// Of a reservation: whether the seller has.
    pub paid_seller: bool,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

/// The answer to an act about credits that are set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldReceipt {
    /// The hold; empty for a transfer that is not a trade and for a move between sub-accounts.
    pub id: String,
    /// `waiting`, or how it ended; `moved` where nothing was set aside.
    pub state: String,
    /// Tonnes.
    pub quantity: i64,
    /// The numbers that moved.
    pub serials: Vec<String>,
    /// The certificate's number, if the credits were retired.
    pub number: Option<String>,
    /// Transfers, reservations, offers and requests to surrender of the holder that ended for this.
    #[serde(default)]
    pub overtaken: u32,
}

impl Registry {
    /// The holds the viewer is a party of, or for the registry every freeze, suspension and offset: newest first. With `open`, only those that
    /// have not ended.
    pub async fn hold_list(
        &self,
        by: &By,
        open: bool,
        page: &PageRequest,
    ) -> Result<Page<CreditHold>, Error> {
        let mut connection = self.store.read().await?;
        let (before, size) = (page.before(), page.rows() + 1);
        let rows = if by.role == Role::RegistryOperator {
            store::of_operator(&mut connection, open, before, size).await?
        } else {
            let me = by.organisation.as_str();
            store::of_party(&mut connection, me, open, before, size).await?
        };
        let cut = Page::cut(rows, page.rows(), |row| row.hold.id.clone());
        let mut rows = Vec::with_capacity(cut.rows.len());
        for row in cut.rows {
            rows.push(view(by, row, Vec::new())?);
        }
        Ok(Page {
            rows,
            next: cut.next,
        })
    }

    /// One hold with its numbers; `NotFound` for whoever is neither a party nor the registry.
    pub async fn hold_get(&self, by: &By, id: &str) -> Result<CreditHold, Error> {
        let mut connection = self.store.read().await?;
        let row = store::by_id(&mut connection, id).await?;
        let row = row.filter(|row| sees(by, row)).ok_or(Error::NotFound)?;
        let serials = serials_of(&mut connection, id).await?;
        let of_year = (&row.hold.offset_market, row.hold.offset_year);
        let total = match of_year {
            (Some(market), Some(year)) => {
                let holder = &row.hold.holder_id;
                let (tonnes, _) =
                    store::offset_already(&mut connection, holder, market, year).await?;
                Some(tonnes)
            }
            _ => None,
        };
        Ok(CreditHold {
            offset_total: total,
            ..view(by, row, serials)?
        })
    }

    /// Moves credits between the general and the trading sub-account. Reads `from` (`holding` or `trading`), `quantity`, `class` or `project`.
    pub async fn credits_move(&self, by: &By, fields: &Fields) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsMove, by, fields)?;
        let wanted = Wanted::read(fields)?;
        let typed = fields.get("from").map_or("", |text| text.trim());
        let from = AccountKind::from_code(typed)
            .filter(|kind| kind.is_free())
            .ok_or_else(|| {
                Refusal::new(codes::CHOICE_INVALID)
                    .at("from")
                    .with("choices", "holding, trading")
            })?;
        perform!(self, deed, |tx| {
            let held = wanted.held(tx, &by.organisation, from).await?;
            let posting = move_between(&by.organisation, from, &held, &wanted.demand())?;
            let serials = write_posting(tx, &posting, None).await?;
            Ok(done(
                by.organisation.as_str(),
                None,
                receipt("", "moved", posting.total(), serials),
            ))
        })
    }

    /// The receiver accepts a transfer that waits. Refuses `hold_ended`, and `account_not_active` where the sender's account is not open any more.
    pub async fn credits_accept(&self, by: &By, hold: &str) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsAccept, by, &hold)?;
        perform!(self, deed, |tx| {
            let row = of_other(tx, by, hold, HoldKind::Transfer).await?;
            not_past(tx, &row)?;
            if !is_active(tx.connection(), &row.hold.holder_id).await? {
                return Err(Refusal::new(codes::ACCOUNT_NOT_ACTIVE).into());
            }
            let end = End::by(by, HoldOutcome::Accepted);
            let receipt = end_by(tx, &row, &end, Some(&by.organisation)).await?;
            Ok(done(&row.hold.holder_id, None, receipt))
        })
    }

    /// The receiver declines a transfer that waits. Reads `reason`, which may be left out.
    pub async fn credits_decline(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsDecline, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_other(tx, by, hold, HoldKind::Transfer).await?;
            let end = End {
                reason: short_reason(fields)?,
                ..End::by(by, HoldOutcome::Declined)
            };
            let receipt = end_by(tx, &row, &end, None).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// Takes back what waits: the sender a transfer, the holder a surrender or what is left of an offer, the buyer a reservation. Reads `reason`, which may be left out.
    pub async fn credits_withdraw(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsWithdraw, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, hold).await?;
            let me = by.organisation.as_str();
            let mine = match kind_of(&row)? {
                HoldKind::Transfer | HoldKind::Offset | HoldKind::Offer => row.hold.holder_id == me,
                HoldKind::Reservation => row.hold.other_id.as_deref() == Some(me),
                HoldKind::Freeze | HoldKind::Suspension => false,
            };
            if !mine {
                return Err(Error::NotFound);
            }
            let end = End {
                reason: short_reason(fields)?,
                ..End::by(by, HoldOutcome::Withdrawn)
            };
            let receipt = end_by(tx, &row, &end, None).await?;
            let told = match (&row.hold.other_id, row.hold.holder_id == me) {
                (Some(other), true) => other.clone(),
                _ => row.hold.holder_id.clone(),
            };
            Ok(done(&told, Some(end.reason), receipt))
        })
    }

    /// Sets credits aside for surrender in an emissions trading scheme. Reads `quantity`, `class` or `project`, and `market`, `year`, `due`,
    /// `account`. Refuses more than the share of the allowances due (`offset_share_exceeded`, with what the holder offset for the year
    /// already), other allowances due than in its other requests for the year (`offset_due_differs`), a year that has not begun
    /// (`offset_year_unknown`) and credits whose reductions were registered too early (`offset_not_admissible`), by the rule book of the
    /// day. Where a member is confirmer, the request is that one's (`offset_by_confirmer`): what is surrendered is retired for good.
    pub async fn credits_offset(&self, by: &By, fields: &Fields) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsOffset, by, fields)?;
        let request = OffsetRequest::read(fields, by.at.beijing_date());
        let (wanted, request) = match (Wanted::read(fields), request) {
            (Ok(wanted), Ok(request)) => (wanted, request),
            (wanted, request) => {
                let mut refusals: Vec<Refusal> = wanted.err().into_iter().collect();
                refusals.extend(request.err().unwrap_or_default());
                return Err(refusals.into());
            }
        };
        perform!(self, deed, |tx| {
            if order::needs_confirmation(tx, by).await? {
                let confirms = order::check_confirmer(tx.connection(), by).await;
                confirms.map_err(|error| match error {
                    Error::Refused(_) => Refusal::new(codes::OFFSET_BY_CONFIRMER).into(),
                    other => other,
                })?;
            }
            let rule = crate::rulebook::in_force(tx.connection())
                .await?
                .offset_rule(request.market, tx.at.beijing_date());
            let (market, year) = (request.market.code(), i64::from(request.year));
            let me = by.organisation.as_str();
            let (already, due) = store::offset_already(tx.connection(), me, market, year).await?;
            request.check_due(due)?;
            request.check_share(rule, already, wanted.quantity)?;
            let from = AccountKind::Holding;
            let held = wanted.held(tx, &by.organisation, from).await?;
            let kind = HoldKind::Offset;
            let posting = set_aside(&by.organisation, from, &held, &wanted.demand(), kind)?;
            check_admissible(tx, &posting, rule.registered_after).await?;
            let row = HoldRow {
                offset_market: Some(market.to_owned()),
                offset_year: Some(year),
                offset_due: Some(request.due),
                offset_account: Some(request.account.clone()),
                ..new_hold(tx, by, kind, me, posting.total())
            };
            let receipt = begin(tx, &row, &posting).await?;
            Ok(done(me, None, receipt))
        })
    }

    /// The registry enters that the scheme has taken the credits: they are retired. Reads `document_number` and `reason`.
    pub async fn credits_surrender(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsSurrender, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_operator(tx, by, hold, &[HoldKind::Offset]).await?;
            let paper = EndPaper::read(fields, None)?;
            let end = paper.end(by, HoldOutcome::Cancelled);
            let code = row.hold.offset_market.as_deref().unwrap_or_default();
            let market = OffsetMarket::from_code(code)
                .ok_or_else(|| Error::Store(format!("unknown market {code}")))?;
            // the certificate is public: the account and the paper stay with the parties
            let text = row.hold.offset_year.unwrap_or_default().to_string();
            let receipt = end_retired(tx, &row, &end, market.purpose(), text).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// The registry enters that the scheme has not taken the credits: they are free again. Reads `document_number` and `reason`.
    pub async fn credits_refuse_offset(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsRefuseOffset, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_operator(tx, by, hold, &[HoldKind::Offset]).await?;
            let end = EndPaper::read(fields, None)?.end(by, HoldOutcome::Declined);
            let receipt = end_by(tx, &row, &end, None).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// The registry freezes credits by order of a court (registration rules art. 16). Reads `holder` (account number), `quantity`, `class` or
    /// `project`, and `authority`, `document_number`, `document_date`, `ground`. What is free goes first; then the holder's waiting
    /// transfers, reservations and offers end for it, the newest first; last its requests to surrender.
    pub async fn credits_freeze(&self, by: &By, fields: &Fields) -> Result<HoldReceipt, Error> {
        self.order(by, Act::CreditsFreeze, HoldKind::Freeze, fields)
            .await
    }

    /// The registry suspends credits by order of an authority (Measures art. 43). Reads what a freeze reads, and `cancel_by` where the holder
    /// is ordered to cancel them.
    pub async fn credits_suspend(&self, by: &By, fields: &Fields) -> Result<HoldReceipt, Error> {
        self.order(by, Act::CreditsSuspend, HoldKind::Suspension, fields)
            .await
    }

    async fn order(
        &self,
        by: &By,
        act: Act,
        kind: HoldKind,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(act, by, fields)?;
        let mut refusals = Vec::new();
        let wanted = Wanted::read(fields).map_err(|one| refusals.push(one));
        let account = account_in(fields, "holder").map_err(|one| refusals.push(one));
        let paper =
            OrderPaper::read(fields, by.at.beijing_date()).map_err(|all| refusals.extend(all));
        let last = if kind == HoldKind::Suspension {
            cancel_by(fields, by.at.beijing_date()).map_err(|one| refusals.push(one))
        } else {
            Ok(None)
        };
        let (Ok(wanted), Ok(account), Ok(paper), Ok(last)) = (wanted, account, paper, last) else {
            return Err(refusals.into());
        };
        perform!(self, deed, |tx| {
            let holder = people::organisation_by_account(tx.connection(), &account).await?;
            let holder =
                holder.ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at("holder"))?;
            let holder_id = OrganisationId::from(holder.id.as_str());
            check_class(tx, &holder.id, &wanted).await?;
            let gathered = gather(tx, &holder_id, &wanted, kind).await?;
            let row = HoldRow {
                authority: paper.authority.clone(),
                document_number: paper.document_number.clone(),
                document_date: paper.document_date.to_string(),
                ground: paper.ground.clone(),
                cancel_by: last.map(|day| day.to_string()),
                ..new_hold(tx, by, kind, &holder.id, wanted.quantity)
            };
            let mut receipt = gathered.write(tx, &row).await?;
            receipt.overtaken = u32::try_from(gathered.overtaken.len()).unwrap_or(u32::MAX);
            Ok(done(&holder.id, Some(paper.ground.clone()), receipt))
        })
    }

    /// The registry releases what was frozen or suspended, on paper of the same authority: `authority_differs` for any other. Reads `authority`,
    /// `document_number`, `reason`.
    pub async fn credits_release(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsRelease, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_operator(tx, by, hold, &[HoldKind::Freeze, HoldKind::Suspension]).await?;
            let paper = EndPaper::read(fields, Some(&row.hold.authority))?;
            let end = paper.end(by, HoldOutcome::Released);
            let receipt = end_by(tx, &row, &end, None).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// The registry hands frozen credits to somebody else by an effective judgment of the court that froze them (registration rules art. 16).
    /// Reads `to` (account number), `authority`, `document_number`, `reason`.
    pub async fn credits_enforce(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsEnforce, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_operator(tx, by, hold, &[HoldKind::Freeze]).await?;
            let account = account_in(fields, "to");
            let paper = EndPaper::read(fields, Some(&row.hold.authority));
            let (account, paper) = match (account, paper) {
                (Ok(account), Ok(paper)) => (account, paper),
                (account, paper) => {
                    let mut refusals = paper.err().unwrap_or_default();
                    refusals.extend(account.err());
                    return Err(refusals.into());
                }
            };
            let to = receiver(tx, &account, "to").await?;
            let to = OrganisationId::from(to.id.as_str());
            let end = paper.end(by, HoldOutcome::Enforced);
            let receipt = end_by(tx, &row, &end, Some(&to)).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// The owner cancels what an authority ordered it to cancel: the suspended credits are retired, for good. Refuses `cancel_not_ordered`.
    pub async fn credits_cancel(&self, by: &By, hold: &str) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsCancel, by, &hold)?;
        perform!(self, deed, |tx| {
            let row = open(tx, by, hold).await?;
            let own = row.hold.holder_id == by.organisation.as_str();
            if !own || kind_of(&row)? != HoldKind::Suspension {
                return Err(Error::NotFound);
            }
            if row.hold.cancel_by.is_none() {
                return Err(Refusal::new(codes::CANCEL_NOT_ORDERED).into());
            }
            let end = End::by(by, HoldOutcome::Cancelled);
            let text = order_text(&row.hold.authority, &row.hold.document_number);
            let receipt = end_retired(tx, &row, &end, Purpose::Ordered, text).await?;
            Ok(done(&row.hold.holder_id, None, receipt))
        })
    }

    /// The registry cancels what the owner did not cancel in time (Measures art. 43), on paper of the authority that ordered it. Reads
    /// `authority`, `document_number`, `reason`. Refuses `cancel_not_ordered` and `cancel_by_not_passed`.
    pub async fn credits_force_cancel(
        &self,
        by: &By,
        hold: &str,
        fields: &Fields,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsForceCancel, by, &(hold, fields))?;
        perform!(self, deed, |tx| {
            let row = of_operator(tx, by, hold, &[HoldKind::Suspension]).await?;
            let last = row.hold.cancel_by.as_deref();
            let last = last.ok_or_else(|| Refusal::new(codes::CANCEL_NOT_ORDERED))?;
            if tx.at.beijing_date() <= day_of(last)? {
                return Err(Refusal::new(codes::CANCEL_BY_NOT_PASSED)
                    .with("cancel_by", last)
                    .into());
            }
            let paper = EndPaper::read(fields, Some(&row.hold.authority))?;
            let end = paper.end(by, HoldOutcome::Forced);
            let text = order_text(&row.hold.authority, &end.document_number);
            let receipt = end_retired(tx, &row, &end, Purpose::Forced, text).await?;
            Ok(done(&row.hold.holder_id, Some(end.reason), receipt))
        })
    }

    /// The registry moves credits without a trade, on a proof document (registration rules art. 14, 16). Reads `holder` and `to` (account
    /// numbers), `quantity`, `class` or `project`, `cause`, `authority`, `document_number`, `document_date`, `ground`.
    pub async fn credits_assign(
        &self,
        by: &By,
        fields: &Fields,
        file: Option<&StoredFile>,
    ) -> Result<HoldReceipt, Error> {
        let deed = Deed::by(Act::CreditsAssign, by, &(fields, file))?;
        let mut refusals = Vec::new();
        let wanted = Wanted::read(fields).map_err(|one| refusals.push(one));
        let from = account_in(fields, "holder").map_err(|one| refusals.push(one));
        let to = account_in(fields, "to").map_err(|one| refusals.push(one));
        let cause = AssignGround::read(fields).map_err(|one| refusals.push(one));
        let paper =
            OrderPaper::read(fields, by.at.beijing_date()).map_err(|all| refusals.extend(all));
        let missing = || Refusal::new(codes::FILE_MISSING).at("file");
        let file = file.ok_or_else(missing).map_err(|one| refusals.push(one));
        let (Ok(wanted), Ok(from), Ok(to), Ok(cause), Ok(paper), Ok(file)) =
            (wanted, from, to, cause, paper, file)
        else {
            return Err(refusals.into());
        };
        perform!(self, deed, |tx| {
            let holder = people::organisation_by_account(tx.connection(), &from).await?;
            let holder =
                holder.ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at("holder"))?;
            let to = receiver(tx, &to, "to").await?;
            let (from_id, to_id) = (
                OrganisationId::from(holder.id.as_str()),
                OrganisationId::from(to.id.as_str()),
            );
            check_class(tx, &holder.id, &wanted).await?;
            let held = wanted.held(tx, &from_id, AccountKind::Holding).await?;
            let posting = domain::ledger::transfer(&from_id, &to_id, &held, &wanted.demand())?;
            let (act, at) = (tx.act.clone(), tx.at.0);
            let new = NewDocument {
                act_id: &act,
                ground: cause.code(),
                authority: &paper.authority,
                document_number: &paper.document_number,
                document_date: &paper.document_date.to_string(),
                reason: &paper.ground,
                from: &holder.id,
                to: &to.id,
                at,
            };
            store::document_insert(tx.connection(), &new).await?;
            keep_document(tx, file).await?;
            let serials = write_posting(tx, &posting, None).await?;
            let receipt = receipt("", "moved", posting.total(), serials);
            // the chain vouches for the document
            let note = format!(
                "{} · {} · SHA-256 {}",
                paper.ground, file.file_name, file.hash
            );
            Ok(done(&holder.id, Some(note), receipt))
        })
    }

    /// Lets every transfer and reservation whose last day is past end, each exactly once; answers with how many.
    pub(crate) async fn holds_tick(&self, now: Instant) -> Result<u64, Error> {
        let mut ended = 0;
        loop {
            let today = now.beijing_date().to_string();
            let mut connection = self.store.read().await?;
            let due = store::expired(&mut connection, &today, BATCH).await?;
            drop(connection);
            if due.is_empty() {
                return Ok(ended);
            }
            for id in &due {
                ended += u64::from(self.expire(id, now).await?);
            }
        }
    }

    async fn expire(&self, id: &str, now: Instant) -> Result<bool, Error> {
        let deed = Deed::by_date("credits_expire", &format!("expire:{id}"), now)?;
        let outcome: Result<HoldReceipt, Error> = perform!(self, deed, |tx| {
            let row = store::by_id(tx.connection(), id)
                .await?
                .ok_or(Error::NotFound)?;
            if row.outcome.is_some() {
                return Err(Refusal::new(codes::HOLD_ENDED).into());
            }
            let end = End {
                outcome: HoldOutcome::Expired,
                by: None,
                reason: String::new(),
                document_number: String::new(),
            };
            let receipt = end_by(tx, &row, &end, None).await?;
            Ok(done(&row.hold.holder_id, None, receipt))
        });
        match outcome {
            Ok(_) => Ok(true),
            // somebody acted on it between the question and this
            Err(Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Sets a transfer aside for its receiver, if the rule book of the day asks the receiver: serials, hold, last day. `None`: it moves at once.
pub(crate) async fn begin_transfer(
    tx: &mut Tx,
    by: &By,
    receiver: &str,
    wanted: &Wanted,
) -> Result<Option<(Vec<String>, String, String)>, Error> {
    let today = tx.at.beijing_date();
    let book = crate::rulebook::in_force(tx.connection()).await?;
    let Some(days) = book.limit_in_force(LimitCode::TransferAcceptance, today) else {
        return Ok(None);
    };
    let last_day = (today + Duration::days(i64::from(days))).to_string();
    let from = AccountKind::Holding;
    let held = wanted.held(tx, &by.organisation, from).await?;
    let kind = HoldKind::Transfer;
    let posting = set_aside(&by.organisation, from, &held, &wanted.demand(), kind)?;
    let row = HoldRow {
        other_id: Some(receiver.to_owned()),
        last_day: Some(last_day.clone()),
        ..new_hold(tx, by, kind, by.organisation.as_str(), posting.total())
    };
    let receipt = begin(tx, &row, &posting).await?;
    Ok(Some((receipt.serials, receipt.id, last_day)))
}

/// A hold that begins now, with what every kind has.
pub(crate) fn new_hold(tx: &Tx, by: &By, kind: HoldKind, holder: &str, quantity: i64) -> HoldRow {
    HoldRow {
        id: new_id(),
        kind: kind.code().to_owned(),
        holder_id: holder.to_owned(),
        quantity,
        placed_by: by.organisation.to_string(),
        placed_at: tx.at.0,
        ..HoldRow::default()
    }
}

/// Writes a hold and the posting that sets its credits aside.
pub(crate) async fn begin(
    tx: &mut Tx,
    row: &HoldRow,
    posting: &Posting,
) -> Result<HoldReceipt, Error> {
    insert(tx, row).await?;
    let part = Part {
        posting,
        retirement: None,
        hold: Some(&row.id),
    };
    let serials = write_parts(tx, &[part]).await?;
    let serials = serials.into_iter().flatten().collect();
    Ok(receipt(&row.id, "waiting", row.quantity, serials))
}

/// Writes a hold; what it sets aside is posted by the caller.
pub(crate) async fn insert(tx: &mut Tx, row: &HoldRow) -> Result<(), Error> {
    let kind = HoldKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("unknown hold {}", row.kind)))?;
    let act = tx.act.clone();
    Ok(store::insert(tx.connection(), row, kind.account().code(), &act).await?)
}

/// How a hold ends, and on what paper.
pub(crate) struct End {
    pub(crate) outcome: HoldOutcome,
    pub(crate) by: Option<String>,
    pub(crate) reason: String,
    pub(crate) document_number: String,
}

impl End {
    /// An end by a party, without paper.
    pub(crate) fn by(by: &By, outcome: HoldOutcome) -> Self {
        Self {
            outcome,
            by: Some(by.organisation.to_string()),
            reason: String::new(),
            document_number: String::new(),
        }
    }
}

/// The paper on which the registry ends a hold.
struct EndPaper {
    document_number: String,
    reason: String,
}

impl EndPaper {
    /// Reads `authority` (where the hold was ordered: the same one), `document_number` and `reason`.
    fn read(fields: &Fields, ordered_by: Option<&str>) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", String::as_str);
        let needed = |field: &str| domain::text::required_text(field, typed(field), 200);
        let authority = match ordered_by {
            None => Ok(()),
            Some(ordered_by) => {
                needed("authority").and_then(|typed| check_authority(ordered_by, &typed))
            }
        };
        let reason = reason(fields);
        match (authority, needed("document_number"), reason) {
            (Ok(()), Ok(document_number), Ok(reason)) => Ok(Self {
                document_number,
                reason,
            }),
            (authority, number, reason) => Err([authority.err(), number.err(), reason.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }

    fn end(self, by: &By, outcome: HoldOutcome) -> End {
        End {
            reason: self.reason,
            document_number: self.document_number,
            ..End::by(by, outcome)
        }
    }
}

/// Ends a hold: the row that says how, and the posting of everything it has set aside.
pub(crate) async fn end_by(
    tx: &mut Tx,
    row: &HoldView,
    end: &End,
    other: Option<&OrganisationId>,
) -> Result<HoldReceipt, Error> {
    let posting = ending(tx, row, end.outcome, other).await?;
    write_end(tx, row, end).await?;
    let part = Part {
        posting: &posting,
        retirement: None,
        hold: Some(&row.hold.id),
    };
    let serials = write_parts(tx, &[part]).await?;
    let serials = serials.into_iter().flatten().collect();
    let total = posting.total();
    Ok(receipt(&row.hold.id, end.outcome.code(), total, serials))
}

/// Notes which content is the document of this act; its bytes are stored already.
async fn keep_document(tx: &mut Tx, file: &StoredFile) -> Result<(), Error> {
    let (at, act) = (tx.at.0, tx.act.clone());
    let (hash, kind) = (&file.hash, &file.media_type);
    attachment::upload_insert(tx.connection(), hash, file.bytes, kind, at).await?;
    let new = NewDocumentFile {
        act_id: &act,
        hash: &file.hash,
        file_name: &file.file_name,
    };
    Ok(credit_document::file_insert(tx.connection(), &new).await?)
}

/// Ends a hold by retiring what it has set aside, for the holder itself.
async fn end_retired(
    tx: &mut Tx,
    row: &HoldView,
    end: &End,
    purpose: Purpose,
    purpose_text: String,
) -> Result<HoldReceipt, Error> {
    let posting = ending(tx, row, end.outcome, None).await?;
    write_end(tx, row, end).await?;
    let holder = people::organisation_by_id(tx.connection(), &row.hold.holder_id).await?;
    let holder = holder.ok_or(Error::NotFound)?;
    let request = RetirementRequest {
        purpose,
        beneficiary: holder.name,
        beneficiary_kind: BeneficiaryKind::Organisation,
        beneficiary_uscc: Uscc::parse("beneficiary_uscc", &holder.uscc).ok(),
        purpose_text,
    };
    let (holder, hold) = (&row.hold.holder_id, Some(row.hold.id.as_str()));
    let retired = retire(tx, holder, &request, &posting, hold).await?;
    Ok(HoldReceipt {
        number: Some(retired.number),
        ..receipt(
            &row.hold.id,
            end.outcome.code(),
            retired.quantity,
            retired.serials,
        )
    })
}

/// The posting that ends a hold.
pub(crate) async fn ending(
    tx: &mut Tx,
    row: &HoldView,
    outcome: HoldOutcome,
    other: Option<&OrganisationId>,
) -> Result<Posting, Error> {
    let blocks = blocks_of(tx, &row.hold.id).await?;
    let blocks: Vec<SetAsideBlock> = blocks.into_iter().map(|(_, block)| block).collect();
    let holder = OrganisationId::from(row.hold.holder_id.as_str());
    Ok(end_hold(&holder, kind_of(row)?, outcome, other, &blocks)?)
}

/// Writes how a hold ended; what leaves it is posted by the caller.
pub(crate) async fn write_end(tx: &mut Tx, row: &HoldView, end: &End) -> Result<(), Error> {
    let (ended_at, act) = (tx.at.0, tx.act.clone());
    let new = NewHoldEnd {
        hold: &row.hold.id,
        kind: &row.hold.kind,
        authority: &row.hold.authority,
        outcome: end.outcome.code(),
        ended_by: end.by.as_deref(),
        ended_at,
        reason: &end.reason,
        document_number: &end.document_number,
        act_id: &act,
    };
    Ok(store::end_insert(tx.connection(), &new).await?)
}

/// What an order sets aside: from both sub-accounts, after ending what it overtakes.
struct Gathered {
    overtaken: Vec<(HoldView, Posting)>,
    postings: Vec<Posting>,
}

impl Gathered {
    async fn write(&self, tx: &mut Tx, row: &HoldRow) -> Result<HoldReceipt, Error> {
        for (hold, _) in &self.overtaken {
            let end = End {
                outcome: HoldOutcome::Overtaken,
                by: Some(row.placed_by.clone()),
                reason: row.ground.clone(),
                document_number: row.document_number.clone(),
            };
            write_end(tx, hold, &end).await?;
        }
        insert(tx, row).await?;
        let mut parts = Vec::new();
        for (hold, posting) in &self.overtaken {
            parts.push(Part {
                posting,
                retirement: None,
                hold: Some(&hold.hold.id),
            });
        }
        for posting in &self.postings {
            parts.push(Part {
                posting,
                retirement: None,
                hold: Some(&row.id),
            });
        }
        let serials = write_parts(tx, &parts).await?;
        let serials = serials
            .into_iter()
            .skip(self.overtaken.len())
            .flatten()
            .collect();
        Ok(receipt(&row.id, "waiting", row.quantity, serials))
    }
}

/// Refuses `choice_invalid` for a class that is not known, or that the holder never had; says which ones it has or had.
async fn check_class(tx: &mut Tx, holder: &str, wanted: &Wanted) -> Result<(), Error> {
    let Some(class) = wanted.class.as_deref() else {
        return Ok(());
    };
    let had = ledger::holdings(tx.connection(), holder).await?;
    if had.iter().any(|row| row.class_id == class) {
        return Ok(());
    }
    let choices: Vec<String> = had
        .iter()
        .map(|row| format!("{} {} ({})", row.project_code, row.vintage, row.class_id))
        .collect();
    let choices = match choices.as_slice() {
        [] => "–".to_owned(),
        some => some.join(", "),
    };
    Err(Refusal::new(codes::CHOICE_INVALID)
        .at("class")
        .with("choices", choices)
        .into())
}

/// Finds what an order wants: free credits first, general before trading; then what waits in transfers, reservations and offers, the newest
/// first; last what was set aside for surrender.
async fn gather(
    tx: &mut Tx,
    holder: &OrganisationId,
    wanted: &Wanted,
    kind: HoldKind,
) -> Result<Gathered, Error> {
    let mut free = [
        wanted.held(tx, holder, AccountKind::Holding).await?,
        wanted.held(tx, holder, AccountKind::Trading).await?,
    ];
    let sum = |blocks: &[HeldBlock]| {
        blocks
            .iter()
            .map(|held| held.block.quantity())
            .fold(0, i64::saturating_add)
    };
    let mut overtaken = Vec::new();
    if sum(&free[0]).saturating_add(sum(&free[1])) < wanted.quantity {
        for hold in store::overtakable(tx.connection(), holder.as_str()).await? {
            let blocks = blocks_of(tx, &hold.hold.id).await?;
            if !blocks
                .iter()
                .any(|(project, one)| fits(wanted, project, one))
            {
                continue;
            }
            let posting = ending(tx, &hold, HoldOutcome::Overtaken, None).await?;
            overtaken.push((hold, posting));
            for (project, one) in blocks {
                if fits(wanted, &project, &one) {
                    free[usize::from(one.from == AccountKind::Trading)].push(one.held);
                }
            }
            if sum(&free[0]).saturating_add(sum(&free[1])) >= wanted.quantity {
                break;
            }
        }
    }
    let general = sum(&free[0]).min(wanted.quantity);
    let available = sum(&free[0]).saturating_add(sum(&free[1]));
    if available < wanted.quantity {
        return Err(Refusal::new(codes::CREDITS_INSUFFICIENT)
            .at("quantity")
            .with("available", available)
            .with("quantity", wanted.quantity)
            .into());
    }
    let mut postings = Vec::new();
    for (from, quantity, held) in [
        (AccountKind::Holding, general, &free[0]),
        (AccountKind::Trading, wanted.quantity - general, &free[1]),
    ] {
        let demand = domain::ledger::Demand {
            quantity,
            ..wanted.demand()
        };
        if quantity > 0 || wanted.quantity < 1 {
            postings.push(set_aside(holder, from, held, &demand, kind)?);
        }
    }
    Ok(Gathered {
        overtaken,
        postings,
    })
}

fn fits(wanted: &Wanted, project: &ProjectId, one: &SetAsideBlock) -> bool {
    let class = wanted.class.as_deref();
    let of_project = wanted.project.as_deref();
    class.is_none_or(|class| class == one.held.class.as_str())
        && of_project.is_none_or(|wanted| wanted == project.as_str())
}

/// What a hold has set aside.
pub(crate) async fn blocks_of(
    tx: &mut Tx,
    hold: &str,
) -> Result<Vec<(ProjectId, SetAsideBlock)>, Error> {
    let rows = store::blocks(tx.connection(), hold).await?;
    rows.into_iter().map(block_of).collect()
}

fn block_of(row: SetAsideRow) -> Result<(ProjectId, SetAsideBlock), Error> {
    let from = AccountKind::from_code(&row.debit_kind)
        .ok_or_else(|| Error::Store(format!("account kind {}", row.debit_kind)))?;
    let held = HeldBlock {
        class: row.class_id.into(),
        vintage: year_of(row.vintage)?,
        block: SerialBlock::new(row.serial_start, row.serial_end)?,
    };
    Ok((row.project_id.into(), SetAsideBlock { held, from }))
}

/// Every class of the posting was registered after the day from which the scheme admits reductions.
async fn check_admissible(tx: &mut Tx, posting: &Posting, after: Date) -> Result<(), Error> {
    for row in &posting.transfers {
        let class = row.debit.class.as_str();
        let registered = store::class_registered_at(tx.connection(), class).await?;
        let late_enough = registered.is_some_and(|at| Instant(at).beijing_date() > after);
        if !late_enough {
            return Err(Refusal::new(codes::OFFSET_NOT_ADMISSIBLE)
                .at("class")
                .with("from", after)
                .into());
        }
    }
    Ok(())
}

/// A hold that the viewer may see and that has not ended.
pub(crate) async fn open(tx: &mut Tx, by: &By, id: &str) -> Result<HoldView, Error> {
    let row = store::by_id(tx.connection(), id).await?;
    let row = row.filter(|row| sees(by, row)).ok_or(Error::NotFound)?;
    match &row.outcome {
        None => Ok(row),
        Some(outcome) => Err(Refusal::new(codes::HOLD_ENDED)
            .with("outcome", outcome)
            .into()),
    }
}

/// The same, of a kind, where the viewer is the receiver or buyer.
pub(crate) async fn of_other(
    tx: &mut Tx,
    by: &By,
    id: &str,
    kind: HoldKind,
) -> Result<HoldView, Error> {
    let row = open(tx, by, id).await?;
    let other = row.hold.other_id.as_deref() == Some(by.organisation.as_str());
    if other && kind_of(&row)? == kind {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

async fn of_operator(
    tx: &mut Tx,
    by: &By,
    id: &str,
    kinds: &[HoldKind],
) -> Result<HoldView, Error> {
    let row = open(tx, by, id).await?;
    if kinds.contains(&kind_of(&row)?) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// Refuses `hold_ended` after the last day, also before the clock has come by.
pub(crate) fn not_past(tx: &Tx, row: &HoldView) -> Result<(), Error> {
    match row.hold.last_day.as_deref() {
        Some(last) if tx.at.beijing_date() > day_of(last)? => Err(Refusal::new(codes::HOLD_ENDED)
            .with("outcome", HoldOutcome::Expired.code())
            .into()),
        _ => Ok(()),
    }
}

fn sees(by: &By, row: &HoldView) -> bool {
    let me = by.organisation.as_str();
    let party = row.hold.holder_id == me || row.hold.other_id.as_deref() == Some(me);
    let ordered = matches!(row.hold.kind.as_str(), "freeze" | "suspension" | "offset");
    party || (by.role == Role::RegistryOperator && ordered)
}

pub(crate) fn kind_of(row: &HoldView) -> Result<HoldKind, Error> {
    HoldKind::from_code(&row.hold.kind)
        .ok_or_else(|| Error::Store(format!("unknown hold {}", row.hold.kind)))
}

/// An organisation that can receive credits: its account is open, and its role may hold them.
async fn receiver(tx: &mut Tx, account: &str, field: &str) -> Result<OrganisationRow, Error> {
    let found = people::organisation_by_account(tx.connection(), account).await?;
    let invalid = || Refusal::new(codes::RECEIVER_INVALID).at(field);
    let found = found.ok_or_else(invalid)?;
    let open = account_state_of(&found.account_state)?.is_active();
    if !open || !role_of(&found.role)?.may_hold_credits() {
        return Err(invalid().into());
    }
    Ok(found)
}

fn account_in(fields: &Fields, field: &str) -> Result<String, Refusal> {
    match fields.get(field).map_or("", |typed| typed.trim()) {
        "" => Err(Refusal::new(codes::REQUIRED).at(field)),
        typed => number::read_account_number(typed)
            .ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at(field)),
    }
}

pub(crate) fn receipt(id: &str, state: &str, quantity: i64, serials: Vec<String>) -> HoldReceipt {
    HoldReceipt {
        id: id.to_owned(),
        state: state.to_owned(),
        quantity,
        serials,
        number: None,
        overtaken: 0,
    }
}

fn done(subject: &str, note: Option<String>, answer: HoldReceipt) -> Done<HoldReceipt> {
    Done {
        subject_kind: "organisation",
        subject: subject.to_owned(),
        state: None,
        note: note.filter(|note| !note.is_empty()),
        is_public: false,
        answer,
    }
}

/// The numbers that a hold set aside.
pub(crate) async fn serials_of(
    connection: &mut AnyConnection,
    hold: &str,
) -> Result<Vec<String>, Error> {
    let serials = store::serials(connection, hold).await?;
    serials
        .into_iter()
        .map(|(code, vintage, start, end)| serial_text(&code, vintage, start, end))
        .collect()
}

pub(crate) fn view(by: &By, row: HoldView, serials: Vec<String>) -> Result<CreditHold, Error> {
    let kind = kind_of(&row)?;
    let me = by.organisation.as_str();
    let own = row.hold.holder_id == me;
    let operator = by.role == Role::RegistryOperator;
    let allowed = match (&row.outcome, kind) {
        (None, HoldKind::Transfer | HoldKind::Offer | HoldKind::Offset) if own => {
            vec![Act::CreditsWithdraw]
        }
        (None, HoldKind::Transfer) => vec![Act::CreditsAccept, Act::CreditsDecline],
        (None, HoldKind::Reservation) => {
            let said = if own { row.paid_seller } else { row.paid_buyer } > 0;
            let confirm = (!said).then_some(Act::CreditsConfirmPayment);
            let withdraw = (!own).then_some(Act::CreditsWithdraw);
            confirm.into_iter().chain(withdraw).collect()
        }
        (None, HoldKind::Offset) if operator => {
            vec![Act::CreditsSurrender, Act::CreditsRefuseOffset]
        }
        (None, HoldKind::Freeze) if operator => vec![Act::CreditsRelease, Act::CreditsEnforce],
        (None, HoldKind::Suspension) if operator && row.hold.cancel_by.is_some() => {
            vec![Act::CreditsRelease, Act::CreditsForceCancel]
        }
        (None, HoldKind::Suspension) if operator => vec![Act::CreditsRelease],
        (None, HoldKind::Suspension) if own && row.hold.cancel_by.is_some() => {
            vec![Act::CreditsCancel]
        }
        _ => vec![],
    };
    let outcome = row.outcome.as_deref().map(|code| {
        HoldOutcome::from_code(code).ok_or_else(|| Error::Store(format!("unknown end {code}")))
    });
    Ok(CreditHold {
        kind,
        own,
        serials,
        allowed,
        outcome: outcome.transpose()?,
        id: row.hold.id,
        holder: row.holder,
        holder_account: row.holder_account,
        other: row.other,
        quantity: row.hold.quantity,
        authority: row.hold.authority,
        document_number: row.hold.document_number,
        document_date: row.hold.document_date,
        ground: row.hold.ground,
        cancel_by: row.hold.cancel_by,
        offset_market: row.hold.offset_market,
        offset_year: row.hold.offset_year,
        offset_due: row.hold.offset_due,
        offset_account: row.hold.offset_account,
        offset_total: None,
        price_fen: row.hold.price_fen,
        offer: row.hold.offer_id,
        paid_buyer: row.paid_buyer > 0,
        paid_seller: row.paid_seller > 0,
        placed_by: row.placer,
        placed_at: Instant(row.hold.placed_at),
        last_day: row.hold.last_day,
        ended_at: row.ended_at.map(Instant),
        ended_by: row.ender,
        end_reason: row.end_reason,
        end_document: row.end_document,
    })
}
