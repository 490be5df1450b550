//! A small second truth: who owns each single tonne. It knows nothing of blocks, balances or postings, judges
//! acts by its own simple rules, and follows postings only as far as they agree with it. Tests (also
//! those of the database) play the same acts to both and compare.

use std::collections::BTreeMap;

use super::account::AccountKind;
use super::posting::{Posting, Transfer};
use crate::id::{ClassId, OrganisationId};

/// Every tonne by class and number, with its owner and its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    tonnes: BTreeMap<(ClassId, i64), (OrganisationId, AccountKind)>,
}

impl Model {
    /// No tonne exists.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tonnes of a class (`None`: of all) a holder has free in the general sub-account.
    pub fn held(&self, holder: &OrganisationId, class: Option<&ClassId>) -> i64 {
        self.has(holder, AccountKind::Holding, class)
    }

    /// How many tonnes of a class (`None`: of all) a holder has in a state.
    pub fn has(&self, holder: &OrganisationId, kind: AccountKind, class: Option<&ClassId>) -> i64 {
        self.count(|owner, state| owner == holder && state == kind, class)
    }

    /// How many tonnes of a class (`None`: of all) a holder has retired.
    pub fn retired(&self, holder: &OrganisationId, class: Option<&ClassId>) -> i64 {
        self.has(holder, AccountKind::Retired, class)
    }

    /// How many tonnes of a class exist, retired ones included.
    pub fn issued(&self, class: &ClassId) -> i64 {
        self.count(|_, _| true, Some(class))
    }

    fn count(
        &self,
        matches: impl Fn(&OrganisationId, AccountKind) -> bool,
        class: Option<&ClassId>,
    ) -> i64 {
        let tonnes = self.tonnes.iter().filter(|((of, _), (owner, state))| {
            class.is_none_or(|class| class == of) && matches(owner, *state)
        });
        i64::try_from(tonnes.count()).unwrap_or(i64::MAX)
    }

    /// Whether an issue of so many tonnes should be accepted.
    pub fn accepts_issue(quantity: i64) -> bool {
        quantity > 0
    }

    /// Whether a transfer should be accepted.
    pub fn accepts_transfer(
        &self,
        from: &OrganisationId,
        to: &OrganisationId,
        class: Option<&ClassId>,
        quantity: i64,
    ) -> bool {
        from != to && quantity > 0 && quantity <= self.held(from, class)
    }

    /// Whether a retirement should be accepted.
    pub fn accepts_retire(
        &self,
        holder: &OrganisationId,
        class: Option<&ClassId>,
        quantity: i64,
    ) -> bool {
        quantity > 0 && quantity <= self.held(holder, class)
    }

    /// Whether credits of a sub-account should be moved to the other one, or set aside: `from` says which sub-account.
    pub fn accepts_take(
        &self,
        holder: &OrganisationId,
        from: AccountKind,
        class: Option<&ClassId>,
        quantity: i64,
    ) -> bool {
        from.is_free() && quantity > 0 && quantity <= self.has(holder, from, class)
    }

    /// The owner and the state of one tonne; `None`: it does not exist.
    pub fn state(&self, class: &ClassId, number: i64) -> Option<&(OrganisationId, AccountKind)> {
        self.tonnes.get(&(class.clone(), number))
    }

    /// Follows a posting tonne by tonne, or says which tonne cannot go that way; the model is unchanged then.
    pub fn follow(&mut self, posting: &Posting) -> Result<(), String> {
        let mut before = Vec::new();
        for transfer in &posting.transfers {
            if let Err(error) = self.follow_one(transfer, &mut before) {
                for (place, was) in before.into_iter().rev() {
                    match was {
                        Some(was) => drop(self.tonnes.insert(place, was)),
                        None => drop(self.tonnes.remove(&place)),
                    }
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn follow_one(&mut self, transfer: &Transfer, changed: &mut Vec<Change>) -> Result<(), String> {
        let (debit, credit) = (&transfer.debit, &transfer.credit);
        if debit.class != credit.class || transfer.amount != transfer.block.quantity() {
            return Err(format!("classes or amounts differ within {transfer:?}"));
        }
        let stays = debit.holder == credit.holder;
        let may_enter = match credit.kind {
            AccountKind::Issuance => {
                return Err(format!("{transfer:?} would be unissued"));
            }
            AccountKind::Holding => true,
            AccountKind::Trading | AccountKind::Retired => stays,
            _ => stays && debit.kind.is_free(),
        };
        let first = match debit.kind {
            AccountKind::Issuance => self.issued(&debit.class) + 1,
            _ => 0,
        };
        for (next, number) in (first..).zip(transfer.block.start()..=transfer.block.end()) {
            let place = (debit.class.clone(), number);
            let before = self.tonnes.get(&place).cloned();
            let may_leave = match debit.kind {
                AccountKind::Issuance => {
                    before.is_none() && number == next && credit.kind == AccountKind::Holding
                }
                AccountKind::Retired => false,
                state => before == Some((debit.holder.clone(), state)),
            };
            if !may_leave || !may_enter {
                return Err(format!(
                    "tonne {number} of {} is {before:?}, and cannot go from {debit:?} to {credit:?}",
                    debit.class
                ));
            }
            let entered = (credit.holder.clone(), credit.kind);
            self.tonnes.insert(place.clone(), entered);
            changed.push((place, before));
        }
        Ok(())
    }
}

/// Where a tonne was before: its place, and its owner and state if it existed.
type Change = ((ClassId, i64), Option<(OrganisationId, AccountKind)>);
