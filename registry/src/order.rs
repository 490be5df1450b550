//! Orders about credits that a second member confirms: the initiating representative begins, the confirming representative decides.
//!
//! Nothing is taken aside for a waiting order. What is held is checked when it is initiated, and again when it is confirmed: an order
//! that cannot be filled any more is refused then and goes on waiting, until it can be or is rejected or withdrawn.

use domain::account::{MemberRole, confirmed_by_another};
use domain::id::UserId;
use domain::ledger::BeneficiaryKind;
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::credits::{RetirementOrder, TransferOrder};
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::reason;
use crate::retire_many::FileOrder;
use crate::store::account::{self as store, NewOrder, NewOrderDecision, OrderRow};
use crate::{By, Error, Fields, Registry};

/// More orders than a page shows.
const ORDERS_MAX: i64 = 200;

/// What an order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// A transfer to another holder.
    Transfer,
    /// A retirement: final once confirmed.
    Retirement,
}

impl OrderKind {
    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Retirement => "retirement",
        }
    }

    fn of(code: &str) -> Result<Self, Error> {
        [Self::Transfer, Self::Retirement]
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| Error::Store(format!("unknown order {code}")))
    }
}

/// An order of the viewer's organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditOrder {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub kind: OrderKind,
    /// Tonnes.
    pub quantity: i64,
    /// What was typed: `rows` of a retirement by file, or `to`, `class`, `project`, `purpose`, `purpose_text`, `beneficiary`, `beneficiary_uscc`.
    pub fields: Fields,
    /// `waiting`, `confirmed`, `rejected` or `withdrawn`.
    pub state: String,
    /// Name of the person who initiated it.
    pub initiator: String,
    /// When.
    pub initiated_at: Instant,
    /// Name of the person who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The reason of a rejection or withdrawal.
    pub reason: Option<String>,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

/// The answer to a decision on an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReceipt {
    /// The order.
    pub id: String,
    /// `confirmed`, `rejected` or `withdrawn`.
    pub state: String,
    /// What it asked for.
    pub kind: OrderKind,
    /// Tonnes.
    pub quantity: i64,
    /// The certificate's number, for a confirmed retirement that is not by file.
    pub number: Option<String>,
    /// The blocks that moved, if it was confirmed.
    pub serials: Vec<String>,
}

impl Registry {
    /// The orders of the viewer's organisation: those that wait first, then the newest; at most 200.
    pub async fn order_list(&self, by: &By) -> Result<Vec<CreditOrder>, Error> {
        let mut connection = self.store.read().await?;
        let member = store::standing_of_user(&mut connection, by.user.as_str()).await?;
        let member = crate::account::member_role_of(&member.ok_or(Error::NotFound)?.0)?;
        let rows = store::orders(&mut connection, by.organisation.as_str(), ORDERS_MAX).await?;
        rows.into_iter()
            .map(|row| order_view(by, member, row))
            .collect()
    }

    /// Who of the viewer's organisation asks for surrender instead of the viewer: the names of its confirmers. `None`: the viewer does.
    pub async fn offset_askers(&self, by: &By) -> Result<Option<Vec<String>>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::members(&mut connection, by.organisation.as_str()).await?;
        let confirms = MemberRole::Confirmer.code();
        let confirmers = rows.into_iter().filter(|row| row.member_role == confirms);
        let names: Vec<String> = confirmers.map(|row| row.name).collect();
        let confirmed = is_confirmed_by_second(i64::try_from(names.len()).unwrap_or(i64::MAX));
        if !confirmed {
            return Ok(None);
        }
        match check_confirmer(&mut connection, by).await {
            Ok(()) => Ok(None),
            Err(Error::Refused(_)) => Ok(Some(names)),
            Err(error) => Err(error),
        }
    }

    /// The confirming member lets a waiting order happen: the same checks as for an order without a second member, now. Refuses
    /// `order_four_eyes` for whoever initiated it, and `order_decided`.
    pub async fn credits_confirm(&self, by: &By, order: &str) -> Result<OrderReceipt, Error> {
        let mut deed = Deed::by(Act::CreditsConfirm, by, &order)?;
        if self.is_by_file(by, order).await? {
            deed = deed.long();
        }
        perform!(self, deed, |tx| {
            let row = waiting(tx, by, order).await?;
            check_confirmer(tx.connection(), by).await?;
            confirmed_by_another(&UserId::from(row.initiated_by.as_str()), &by.user)?;
            let fields = fields_of(&row.fields)?;
            let kind = OrderKind::of(&row.kind)?;
            let (number, serials) = match kind {
                OrderKind::Transfer => {
                    let moved = TransferOrder::read(&fields)?.fill(tx, by).await?;
                    (None, moved.serials)
                }
                OrderKind::Retirement if FileOrder::is_one(&fields) => {
                    let (_, serials) = FileOrder::read(&fields)?.fill(tx, by).await?;
                    (None, serials)
                }
                OrderKind::Retirement => {
                    let mut fields = fields;
                    // an order from before the kind was asked for: it was read as an organisation then
                    let kind = fields.entry("beneficiary_kind".to_owned());
                    kind.or_insert_with(|| BeneficiaryKind::Organisation.code().to_owned());
                    let retired = RetirementOrder::read(&fields)?.fill(tx, by).await?;
                    (Some(retired.number), retired.serials)
                }
            };
            decide(tx, by, &row, "confirmed", None).await?;
            Ok(done(by, &row, kind, "confirmed", number, serials, None))
        })
    }

    /// Whether an order of the own organisation writes a certificate for each row of a file: others do not wait for that.
    async fn is_by_file(&self, by: &By, order: &str) -> Result<bool, Error> {
        let mut connection = self.store.read().await?;
        let row = store::order(&mut connection, order).await?;
        let own = row.filter(|row| row.organisation_id == by.organisation.as_str());
        own.map_or(Ok(false), |row| {
            Ok(FileOrder::is_one(&fields_of(&row.fields)?))
        })
    }

    /// The confirming member rejects a waiting order; whoever initiated it withdraws it. Reads `reason`.
    pub async fn credits_reject(
        &self,
        by: &By,
        order: &str,
        fields: &Fields,
    ) -> Result<OrderReceipt, Error> {
        let deed = Deed::by(Act::CreditsReject, by, &(order, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = waiting(tx, by, order).await?;
            let outcome = if row.initiated_by == by.user.as_str() {
                "withdrawn"
            } else {
                check_confirmer(tx.connection(), by).await?;
                "rejected"
            };
            decide(tx, by, &row, outcome, Some(&reason)).await?;
            let kind = OrderKind::of(&row.kind)?;
            let note = Some(reason.clone());
            Ok(done(by, &row, kind, outcome, None, Vec::new(), note))
        })
    }
}

/// Whether orders of the organisation wait for a second member: as soon as a member is its confirmer.
pub(crate) async fn needs_confirmation(tx: &mut Tx, by: &By) -> Result<bool, Error> {
    let (organisation, confirmer) = (by.organisation.as_str(), MemberRole::Confirmer.code());
    let confirmers = store::members_with_role(tx.connection(), organisation, confirmer).await?;
    Ok(is_confirmed_by_second(confirmers))
}

/// Whether orders wait for a second member where so many members are confirmers.
pub(crate) const fn is_confirmed_by_second(confirmers: i64) -> bool {
    confirmers > 0
}

/// Keeps an order until it is decided; answers with its id.
pub(crate) async fn place(
    tx: &mut Tx,
    by: &By,
    kind: OrderKind,
    fields: &Fields,
    quantity: i64,
) -> Result<String, Error> {
    let fields =
        serde_json::to_string(fields).map_err(|error| Error::Store(format!("order: {error}")))?;
    let (id, initiated_at, act) = (new_id(), tx.at.0, tx.act.clone());
    let new = NewOrder {
        id: &id,
        organisation: by.organisation.as_str(),
        kind: kind.code(),
        fields: &fields,
        quantity,
        initiated_by: by.user.as_str(),
        initiated_at,
        act_id: &act,
    };
    store::order_insert(tx.connection(), &new).await?;
    Ok(id)
}

/// An order of the own organisation that is not decided yet.
async fn waiting(tx: &mut Tx, by: &By, order: &str) -> Result<OrderRow, Error> {
    let row = store::order(tx.connection(), order).await?;
    let row = row
        .filter(|row| row.organisation_id == by.organisation.as_str())
        .ok_or(Error::NotFound)?;
    match &row.outcome {
        None => Ok(row),
        Some(outcome) => Err(Refusal::new(codes::ORDER_DECIDED)
            .with("outcome", outcome)
            .into()),
    }
}

/// Confirming, and rejecting somebody else's order, is the confirmer's.
pub(crate) async fn check_confirmer(connection: &mut AnyConnection, by: &By) -> Result<(), Error> {
    let standing = store::standing_of_user(connection, by.user.as_str()).await?;
    let role = crate::account::member_role_of(&standing.ok_or(Error::Forbidden)?.0)?;
    Ok(role.check_act(Act::CreditsConfirm)?)
}

async fn decide(
    tx: &mut Tx,
    by: &By,
    row: &OrderRow,
    outcome: &str,
    reason: Option<&str>,
) -> Result<(), Error> {
    let (decided_at, act) = (tx.at.0, tx.act.clone());
    let new = NewOrderDecision {
        order: &row.id,
        initiated_by: &row.initiated_by,
        outcome,
        decided_by: by.user.as_str(),
        decided_at,
        reason,
        act_id: &act,
    };
    Ok(store::order_decide(tx.connection(), &new).await?)
}

fn fields_of(stored: &str) -> Result<Fields, Error> {
    serde_json::from_str(stored).map_err(|error| Error::Store(format!("order: {error}")))
}

fn done(
    by: &By,
    row: &OrderRow,
    kind: OrderKind,
    outcome: &str,
    number: Option<String>,
    serials: Vec<String>,
    note: Option<String>,
) -> Done<OrderReceipt> {
    Done {
        subject_kind: "organisation",
        subject: by.organisation.to_string(),
        state: None,
        note,
        is_public: false,
        answer: OrderReceipt {
            id: row.id.clone(),
            state: outcome.to_owned(),
            kind,
            quantity: row.quantity,
            number,
            serials,
        },
    }
}

fn order_view(by: &By, member: MemberRole, row: OrderRow) -> Result<CreditOrder, Error> {
    let own = row.initiated_by == by.user.as_str();
    let allowed = match (&row.outcome, own, member) {
        (None, true, _) => vec![Act::CreditsReject],
        (None, false, MemberRole::Confirmer) => vec![Act::CreditsConfirm, Act::CreditsReject],
        _ => Vec::new(),
    };
    Ok(CreditOrder {
        kind: OrderKind::of(&row.kind)?,
        fields: fields_of(&row.fields)?,
        state: row.outcome.unwrap_or_else(|| "waiting".to_owned()),
        id: row.id,
        quantity: row.quantity,
        initiator: row.initiator,
        initiated_at: Instant(row.initiated_at),
        decider: row.decider,
        decided_at: row.decided_at.map(Instant),
        reason: row.reason,
        allowed,
    })
}
