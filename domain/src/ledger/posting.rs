//! One pure function per business act: what is held and what is wanted in, postings or a refusal out.

use serde::Serialize;

use super::account::{AccountKey, AccountKind, CreditClass, HeldBlock};
use super::{QUANTITY_MAX, RetirementRequest};
use crate::id::{ClassId, OrganisationId};
use crate::refusal::{Refusal, codes};
use crate::serial::SerialBlock;

/// What somebody wants to move: a whole number of tonnes, of one class or of whatever is oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// `None`: any class, oldest vintage first, then in the order of class ids.
    pub class: Option<ClassId>,
    /// Tonnes; must be at least 1.
    pub quantity: i64,
}

/// One row of the ledger: `block` leaves `debit` and enters `credit`. Both accounts have the same class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The account that has less afterwards.
    pub debit: AccountKey,
    /// The account that has more afterwards.
    pub credit: AccountKey,
    /// Tonnes: always `block.quantity()`.
    pub amount: i64,
    /// The numbers that move.
    pub block: SerialBlock,
    /// The block in the debit account from whose tail they were cut (equal to `block` if it moves
    /// whole); `None` for an issue, which makes new numbers.
    pub cut_from: Option<SerialBlock>,
}

impl Transfer {
    /// What stays in the debit account of the block that was cut, if anything.
    pub fn kept(&self) -> Option<SerialBlock> {
        let whole = self.cut_from?;
        SerialBlock::new(whole.start(), self.block.start() - 1).ok()
    }
}

/// The rows of one act, in order; they stand or fall together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {
    /// At least one.
    pub transfers: Vec<Transfer>,
}

impl Posting {
    /// The sum of the rows, tonnes.
    pub fn total(&self) -> i64 {
        self.transfers.iter().map(|transfer| transfer.amount).sum()
    }
}

/// Issues `quantity` new tonnes of a class into the owner's holding account. `issued` is how many tonnes
/// of the class were issued before. Zero is refused: a year without reductions has no issue.
pub fn issue(
    operator: &OrganisationId,
    owner: &OrganisationId,
    class: &CreditClass,
    issued: i64,
    quantity: i64,
) -> Result<Posting, Refusal> {
    check_quantity(quantity)?;
    let block = SerialBlock::issue(issued, quantity)?;
    if block.end() > QUANTITY_MAX {
        return Err(out_of_range(block.end()));
    }
    Ok(Posting {
        transfers: vec![Transfer {
            debit: account(operator, &class.id, AccountKind::Issuance),
            credit: account(owner, &class.id, AccountKind::Holding),
            amount: quantity,
            block,
            cut_from: None,
        }],
    })
}

/// Moves credits from one holder to another. Refused: to oneself, not positive, too large, more than is held.
pub fn transfer(
    from: &OrganisationId,
    to: &OrganisationId,
    held: &[HeldBlock],
    demand: &Demand,
) -> Result<Posting, Refusal> {
    if from == to {
        return Err(Refusal::new(codes::TRANSFER_TO_ONESELF).at("to"));
    }
    take(
        (from, AccountKind::Holding),
        (to, AccountKind::Holding),
        held,
        demand,
    )
}

/// Retires credits of a holder: they enter its own retired account, for the purpose and beneficiary of the
/// request, which has been checked when it was read. Refused as a transfer is.
pub fn retire(
    holder: &OrganisationId,
    held: &[HeldBlock],
    demand: &Demand,
    request: &RetirementRequest,
) -> Result<Posting, Refusal> {
    request.purpose.check_offered()?;
    take(
        (holder, AccountKind::Holding),
        (holder, AccountKind::Retired),
        held,
        demand,
    )
}

/// Takes whole blocks, oldest vintage first, and cuts the last one at its tail.
pub(super) fn take(
    from: (&OrganisationId, AccountKind),
    to: (&OrganisationId, AccountKind),
    held: &[HeldBlock],
    demand: &Demand,
) -> Result<Posting, Refusal> {
    check_quantity(demand.quantity)?;
    let mut blocks: Vec<&HeldBlock> = held
        .iter()
        .filter(|held| {
            demand
                .class
                .as_ref()
                .is_none_or(|class| *class == held.class)
        })
        .collect();
    blocks.sort_by_key(|held| (held.vintage, &held.class, held.block));
    let available = blocks
        .iter()
        .map(|held| held.block.quantity())
        .fold(0, i64::saturating_add);
    if available < demand.quantity {
        return Err(Refusal::new(codes::CREDITS_INSUFFICIENT)
            .at("quantity")
            .with("available", available)
            .with("quantity", demand.quantity));
    }
    let mut wanted = demand.quantity;
    let mut transfers = Vec::new();
    for held in blocks {
        if wanted == 0 {
            break;
        }
        let (_, block) = held.block.take_tail(wanted.min(held.block.quantity()))?;
        wanted -= block.quantity();
        transfers.push(Transfer {
            debit: account(from.0, &held.class, from.1),
            credit: account(to.0, &held.class, to.1),
            amount: block.quantity(),
            block,
            cut_from: Some(held.block),
        });
    }
    Ok(Posting { transfers })
}

fn account(holder: &OrganisationId, class: &ClassId, kind: AccountKind) -> AccountKey {
    AccountKey {
        holder: holder.clone(),
        class: class.clone(),
        kind,
    }
}

fn check_quantity(quantity: i64) -> Result<(), Refusal> {
    if quantity < 1 {
        return Err(Refusal::new(codes::QUANTITY_NOT_POSITIVE)
            .at("quantity")
            .with("value", quantity));
    }
    if quantity > QUANTITY_MAX {
        return Err(out_of_range(quantity));
    }
    Ok(())
}

fn out_of_range(quantity: i64) -> Refusal {
    Refusal::new(codes::QUANTITY_OUT_OF_RANGE)
        .at("quantity")
        .with("value", quantity)
        .with("max", QUANTITY_MAX)
}
