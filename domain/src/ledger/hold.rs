//! Credits that are set aside: why, how it may end, and who may end it. One table; the database keeps the same one as constraints.

use serde::{Deserialize, Serialize};

use super::account::{AccountKey, AccountKind, HeldBlock};
use super::posting::{Demand, Posting, Transfer, take};
use crate::id::OrganisationId;
use crate::refusal::{Refusal, codes};
use crate::text::narrow;

/// Why credits are set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// A transfer that its receiver has not answered.
    Transfer,
    /// A listing that a buyer has reserved.
    Reservation,
    /// Surrender in an emissions trading scheme that the scheme has not confirmed.
    Offset,
    /// A court's order (registration rules art. 16).
    Freeze,
    /// An authority's order (Measures art. 43).
    Suspension,
    /// A listing, or what is left of it, that nobody has reserved.
    Offer,
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldOutcome {
    /// The receiver accepted the transfer.
    Accepted,
    /// The receiver declined the transfer; the scheme declined the surrender.
    Declined,
    /// Whoever began it took it back.
    Withdrawn,
    /// The last day passed.
    Expired,
    /// Of a listing: somebody reserved from it; what is left is listed by a hold of its own.
    Reserved,
    /// A freeze or suspension needed the credits first.
    Overtaken,
    /// Buyer and seller confirmed the payment.
    Delivered,
    /// The credits were retired: surrendered, or cancelled as ordered.
    Cancelled,
    /// The authority released the credits.
    Released,
    /// An effective judgment gave the credits to somebody else.
    Enforced,
    /// The registry cancelled the credits, because the owner did not in time.
    Forced,
}

/// Who ends a hold in some way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ender {
    /// Whose credits they are.
    Holder,
    /// The receiver or the buyer.
    Other,
    /// Holder and buyer together: the act of the second one.
    Both,
    /// The registry; for a freeze or suspension, on paper of the authority that ordered it.
    Operator,
    /// The calendar.
    Date,
    /// The registry, by another order that goes first.
    Order,
}

/// Where the credits go when a hold ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Back to the holder, into the sub-account they came from.
    Back,
    /// To the receiver or buyer, or whom a judgment names.
    Other,
    /// Retired.
    Retired,
}

use Destination::{Back, Retired};
use Ender::{Both, Date, Holder, Operator, Order, Other};
use HoldKind::{Freeze, Offer, Offset, Reservation, Suspension, Transfer as Sent};
use HoldOutcome::{
    Accepted, Cancelled, Declined, Delivered, Enforced, Expired, Forced, Overtaken, Released,
    Reserved, Withdrawn,
};

/// Every way in which every hold may end. What is not here is refused.
pub const HOLD_ENDS: &[(HoldKind, HoldOutcome, Ender, Destination)] = &[
    (Sent, Accepted, Other, Destination::Other),
    (Sent, Declined, Other, Back),
    (Sent, Withdrawn, Holder, Back),
    (Sent, Expired, Date, Back),
    (Sent, Overtaken, Order, Back),
    (Offer, Reserved, Other, Back),
    (Offer, Withdrawn, Holder, Back),
    (Offer, Expired, Date, Back),
    (Offer, Overtaken, Order, Back),
    (Reservation, Delivered, Both, Destination::Other),
    (Reservation, Withdrawn, Other, Back),
    (Reservation, Expired, Date, Back),
    (Reservation, Overtaken, Order, Back),
    (Offset, Cancelled, Operator, Retired),
    (Offset, Declined, Operator, Back),
    (Offset, Withdrawn, Holder, Back),
    (Offset, Overtaken, Order, Back),
    (Freeze, Released, Operator, Back),
    (Freeze, Enforced, Operator, Destination::Other),
    (Suspension, Released, Operator, Back),
    (Suspension, Cancelled, Holder, Retired),
    (Suspension, Forced, Operator, Retired),
];

impl HoldKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Sent, Reservation, Offset, Freeze, Suspension, Offer];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Reservation => "reservation",
            Self::Offset => "offset",
            Self::Freeze => "freeze",
            Self::Suspension => "suspension",
            Self::Offer => "offer",
        }
    }

    /// The kind with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The account the credits wait in.
    pub const fn account(self) -> AccountKind {
        match self {
            Self::Transfer => AccountKind::InTransfer,
            Self::Reservation | Self::Offer => AccountKind::Reserved,
            Self::Offset => AccountKind::PendingOffset,
            Self::Freeze => AccountKind::Frozen,
            Self::Suspension => AccountKind::Suspended,
        }
    }

    /// Whether it was ordered, and only the authority that ordered it releases it.
    pub const fn is_ordered(self) -> bool {
        matches!(self, Self::Freeze | Self::Suspension)
    }

    /// Where the credits go when it ends in this way, and who ends it; `state_does_not_allow` for a way that the table does not know.
    pub fn ends(self, outcome: HoldOutcome) -> Result<(Ender, Destination), Refusal> {
        HOLD_ENDS
            .iter()
            .find(|(kind, end, ..)| *kind == self && *end == outcome)
            .map(|(_, _, ender, destination)| (*ender, *destination))
            .ok_or_else(|| {
                Refusal::new(codes::STATE_DOES_NOT_ALLOW)
                    .with("state", self.code())
                    .with("event", outcome.code())
            })
    }
}

impl HoldOutcome {
    /// Every outcome.
    pub const ALL: &[Self] = &[
        Accepted, Declined, Withdrawn, Expired, Reserved, Overtaken, Delivered, Cancelled,
        Released, Enforced, Forced,
    ];

    /// The stable text in the database and in the interface catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Reserved => "reserved",
            Self::Overtaken => "overtaken",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Released => "released",
            Self::Enforced => "enforced",
            Self::Forced => "forced",
        }
    }

    /// The outcome with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|end| end.code() == code)
    }
}

/// A block that a hold has set aside, and the sub-account it came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAsideBlock {
    /// The block.
    pub held: HeldBlock,
    /// [`AccountKind::Holding`] or [`AccountKind::Trading`].
    pub from: AccountKind,
}

/// Sets credits of a holder aside. `held` is what is in `from`. Refused as a transfer is.
pub fn set_aside(
    holder: &OrganisationId,
    from: AccountKind,
    held: &[HeldBlock],
    demand: &Demand,
    kind: HoldKind,
) -> Result<Posting, Refusal> {
    check_free(from)?;
    take((holder, from), (holder, kind.account()), held, demand)
}

/// Moves credits between the general and the trading sub-account of a holder. Refused as a transfer is.
pub fn move_between(
    holder: &OrganisationId,
    from: AccountKind,
    held: &[HeldBlock],
    demand: &Demand,
) -> Result<Posting, Refusal> {
    check_free(from)?;
    let to = match from {
        AccountKind::Trading => AccountKind::Holding,
        _ => AccountKind::Trading,
    };
    take((holder, from), (holder, to), held, demand)
}

/// Ends a hold: everything it has set aside leaves, whole, to where the table says. `other` is needed where the table says so; the credits
/// enter its general sub-account.
pub fn end_hold(
    holder: &OrganisationId,
    kind: HoldKind,
    outcome: HoldOutcome,
    other: Option<&OrganisationId>,
    blocks: &[SetAsideBlock],
) -> Result<Posting, Refusal> {
    let (_, destination) = kind.ends(outcome)?;
    if blocks.is_empty() {
        return Err(Refusal::new(codes::CREDITS_INSUFFICIENT)
            .with("available", 0)
            .with("quantity", 1));
    }
    let other = match destination {
        Destination::Other => {
            let other = other.ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at("to"))?;
            if other == holder {
                return Err(Refusal::new(codes::TRANSFER_TO_ONESELF).at("to"));
            }
            other
        }
        Back | Retired => holder,
    };
    let transfers = blocks.iter().map(|one| {
        let into = match destination {
            Back => one.from,
            Retired => AccountKind::Retired,
            Destination::Other => AccountKind::Holding,
        };
        let key = |holder: &OrganisationId, kind| AccountKey {
            holder: holder.clone(),
            class: one.held.class.clone(),
            kind,
        };
        Transfer {
            debit: key(holder, kind.account()),
            credit: key(other, into),
            amount: one.held.block.quantity(),
            block: one.held.block,
            cut_from: Some(one.held.block),
        }
    });
    Ok(Posting {
        transfers: transfers.collect(),
    })
}

/// Only the authority that ordered a freeze or suspension has it released: `authority_differs` for any other. Width and case of letters and
/// blanks do not count.
pub fn check_authority(ordered_by: &str, released_by: &str) -> Result<(), Refusal> {
    let plain = |name: &str| -> String {
        narrow(name)
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .concat()
    };
    if plain(ordered_by) == plain(released_by) {
        return Ok(());
    }
    Err(Refusal::new(codes::AUTHORITY_DIFFERS)
        .at("authority")
        .with("authority", ordered_by))
}

fn check_free(from: AccountKind) -> Result<(), Refusal> {
    if from.is_free() {
        return Ok(());
    }
    Err(Refusal::new(codes::CHOICE_INVALID)
        .at("from")
        .with("choices", "holding, trading"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serial::SerialBlock;

    fn organisation(name: &str) -> OrganisationId {
        OrganisationId::from(name)
    }

    fn block(start: i64, end: i64) -> HeldBlock {
        HeldBlock {
            class: "a-2024".into(),
            vintage: 2024,
            block: SerialBlock::new(start, end).expect("a block"),
        }
    }

    fn aside(start: i64, end: i64, from: AccountKind) -> SetAsideBlock {
        SetAsideBlock {
            held: block(start, end),
            from,
        }
    }

    #[test]
    fn every_kind_and_every_outcome_is_in_the_table_and_no_pair_twice() {
        for (at, (kind, outcome, ..)) in HOLD_ENDS.iter().enumerate() {
            let before = &HOLD_ENDS[..at];
            assert!(!before.iter().any(|(k, o, ..)| (k, o) == (kind, outcome)));
        }
        for kind in HoldKind::ALL {
            assert!(HOLD_ENDS.iter().any(|(of, ..)| of == kind));
            assert_eq!(HoldKind::from_code(kind.code()), Some(*kind));
            assert!(kind.account().is_set_aside() && !kind.account().is_free());
            for outcome in HoldOutcome::ALL {
                let known = HOLD_ENDS.iter().any(|(k, o, ..)| (k, o) == (kind, outcome));
                assert_eq!(kind.ends(*outcome).is_ok(), known);
            }
        }
        for outcome in HoldOutcome::ALL {
            assert!(HOLD_ENDS.iter().any(|(_, end, ..)| end == outcome));
            assert_eq!(HoldOutcome::from_code(outcome.code()), Some(*outcome));
        }
    }

    #[test]
    fn what_is_ordered_never_ends_by_date_or_by_the_other_party() {
        for (kind, outcome, ender, _) in HOLD_ENDS {
            if kind.is_ordered() {
                let by_holder = *ender == Ender::Holder;
                assert!(
                    *ender == Ender::Operator || (by_holder && *outcome == HoldOutcome::Cancelled)
                );
            }
        }
    }

    #[test]
    fn what_is_set_aside_goes_back_to_the_sub_account_it_came_from() {
        let blocks = [
            aside(1, 5, AccountKind::Holding),
            aside(9, 9, AccountKind::Trading),
        ];
        let back = end_hold(
            &organisation("alice"),
            HoldKind::Freeze,
            HoldOutcome::Released,
            None,
            &blocks,
        )
        .expect("a posting");
        let into: Vec<_> = back.transfers.iter().map(|row| row.credit.kind).collect();
        assert_eq!(into, [AccountKind::Holding, AccountKind::Trading]);
        assert!(
            back.transfers
                .iter()
                .all(|row| row.debit.kind == AccountKind::Frozen && row.kept().is_none())
        );
    }

    #[test]
    fn an_accepted_transfer_needs_a_receiver_who_is_not_the_sender() {
        let blocks = [aside(1, 5, AccountKind::Holding)];
        let alice = organisation("alice");
        let accept = |other: Option<&OrganisationId>| {
            end_hold(
                &alice,
                HoldKind::Transfer,
                HoldOutcome::Accepted,
                other,
                &blocks,
            )
        };
        assert_eq!(
            accept(None).map_err(|refusal| refusal.code),
            Err(codes::RECEIVER_INVALID)
        );
        assert_eq!(
            accept(Some(&alice)).map_err(|refusal| refusal.code),
            Err(codes::TRANSFER_TO_ONESELF)
        );
        let bob = organisation("bob");
        let posting = accept(Some(&bob)).expect("a posting");
        assert_eq!(posting.transfers[0].credit.holder, bob);
        assert_eq!(posting.transfers[0].credit.kind, AccountKind::Holding);
        let nothing = end_hold(&alice, HoldKind::Transfer, HoldOutcome::Declined, None, &[]);
        assert_eq!(
            nothing.map_err(|refusal| refusal.code),
            Err(codes::CREDITS_INSUFFICIENT)
        );
        let wrong = end_hold(
            &alice,
            HoldKind::Transfer,
            HoldOutcome::Forced,
            None,
            &blocks,
        );
        assert_eq!(
            wrong.map_err(|refusal| refusal.code),
            Err(codes::STATE_DOES_NOT_ALLOW)
        );
    }

    #[test]
    fn only_free_credits_are_set_aside_or_moved() {
        let alice = organisation("alice");
        let demand = Demand {
            class: None,
            quantity: 3,
        };
        let held = [block(1, 5)];
        for from in AccountKind::ALL {
            let set = set_aside(&alice, *from, &held, &demand, HoldKind::Offset);
            let moved = move_between(&alice, *from, &held, &demand);
            assert_eq!(
                (set.is_ok(), moved.is_ok()),
                (from.is_free(), from.is_free())
            );
        }
        let moved = move_between(&alice, AccountKind::Trading, &held, &demand).expect("a posting");
        assert_eq!(moved.transfers[0].credit.kind, AccountKind::Holding);
        assert_eq!(moved.transfers[0].block, block(3, 5).block);
    }

    #[test]
    fn another_authority_does_not_release() {
        assert_eq!(
            check_authority("汕尾市中级人民法院", "汕尾市中级人民法院 "),
            Ok(())
        );
        assert_eq!(
            check_authority("汕尾市中级人民法院", "广州市中级人民法院")
                .map_err(|refusal| refusal.code),
            Err(codes::AUTHORITY_DIFFERS)
        );
    }
}
