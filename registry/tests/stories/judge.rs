//! A small second truth: random acts from a printed seed are judged by `domain::ledger::model`, and both must agree on every answer.
//!
//! Not judged here, but by stories and races of their own: retirement by file (`retire_many`), and offers, reservations and payments (`offers`).
//!
//! The suite does a few hundred. `HUITAN_TEST_ACTS=1000000 cargo test -p registry --test stories -- judge --nocapture` does as many as one
//! likes, on both databases (`judge::` followed by the name and `sqlite` or `postgres` does one); `HUITAN_TEST_SEED` tells a story again.

use std::collections::VecDeque;

use domain::id::{ClassId, OrganisationId};
use domain::ledger::model::Model;
use domain::ledger::{AccountKey, AccountKind, HoldKind, Posting, Transfer};
use domain::serial::SerialNumber;
use domain::{Act, Role};
use registry::{Error, Fields, Registry};
use serde_json::Value;

use crate::acts::perform;
use crate::harness::*;

/// How many acts on each database, unless `HUITAN_TEST_ACTS` says more.
const ACTS: u64 = 600;

/// A plain generator of numbers (splitmix64): the seed gives the whole story again.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }

    fn index(&mut self, length: usize) -> usize {
        let below = u64::try_from(length).expect("few");
        usize::try_from(self.next(below)).expect("small")
    }

    fn up_to(&mut self, most: i64) -> i64 {
        let below = u64::try_from(most.max(1)).expect("positive");
        i64::try_from(self.next(below)).expect("small") + 1
    }
}

fn number_of(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The seed: from the environment to tell a story again, otherwise from the clock.
fn seed() -> u64 {
    number_of("HUITAN_TEST_SEED").unwrap_or_else(|| {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("a clock after 1970");
        u64::from(now.subsec_nanos()) ^ now.as_secs()
    })
}

/// A hold that has not ended, as the judge remembers it.
struct Waiting {
    id: String,
    kind: HoldKind,
    holder: usize,
    other: Option<usize>,
    ordered: bool,
    /// Each block: class, first and last number, and the sub-account it came from.
    blocks: Vec<(ClassId, i64, i64, AccountKind)>,
}

/// The story: the registry, the model, and what the judge remembers beside it.
struct Judge<'a> {
    world: &'a World,
    registry: &'a Registry,
    holders: Vec<Actor>,
    classes: Vec<(i32, ClassId)>,
    model: Model,
    /// Newest first.
    waiting: VecDeque<Waiting>,
    numbers: Numbers,
    seed: u64,
    accepted: u64,
    refused: u64,
    /// One in so many acts retires for good, so that there is something left to the end.
    retires_one_in: u64,
}

/// What the judge expects of an act.
struct Play {
    act: Act,
    actor: Actor,
    about: String,
    form: Fields,
    expected: bool,
    /// Where the numbers of the answer go, if it is accepted.
    effect: Effect,
}

/// What an accepted act does.
enum Effect {
    /// The numbers go to this owner and state.
    To(usize, AccountKind),
    /// They are set aside, for the receiver if there is one, with or without an order to cancel; orders may overtake.
    Aside(HoldKind, usize, Option<usize>, bool, i64),
    /// The hold at this place ends: back, to somebody else, or retired.
    Back(usize),
    EndsTo(usize, usize, AccountKind),
}

const SET_ASIDE: [Act; 12] = [
    Act::CreditsAccept,
    Act::CreditsDecline,
    Act::CreditsWithdraw,
    Act::CreditsRelease,
    Act::CreditsEnforce,
    Act::CreditsCancel,
    Act::CreditsForceCancel,
    Act::CreditsSurrender,
    Act::CreditsRefuseOffset,
    Act::CreditsAccept,
    Act::CreditsRelease,
    Act::CreditsRefuseOffset,
];

impl Judge<'_> {
    fn has(&self, holder: usize, kind: AccountKind) -> i64 {
        self.model
            .has(&self.holders[holder].organisation, kind, None)
    }

    /// A quantity that should be accepted, or one that should not.
    fn quantity(&mut self, available: i64, good: bool) -> i64 {
        if good && available > 0 {
            self.numbers.up_to(available.min(40))
        } else if self.numbers.next(4) == 0 {
            0
        } else {
            available + self.numbers.up_to(9)
        }
    }

    /// The next act: a third is planned to be refused.
    fn draw(&mut self) -> Play {
        let good = self.numbers.next(3) != 0;
        let retires = self.numbers.next(self.retires_one_in) == 0;
        let ends = !self.waiting.is_empty() && self.numbers.next(5) < 2;
        if retires {
            return self.takes(Act::CreditsRetire, good);
        }
        if ends || self.waiting.len() > 30 {
            return self.ends(good);
        }
        let takes = [
            Act::CreditsTransfer,
            Act::CreditsTransfer,
            Act::CreditsMove,
            Act::CreditsMove,
            Act::CreditsOffset,
            Act::CreditsFreeze,
            Act::CreditsSuspend,
            Act::CreditsAssign,
        ];
        let act = takes[self.numbers.index(takes.len())];
        self.takes(act, good)
    }

    /// An act that takes credits of a holder's sub-account.
    fn takes(&mut self, act: Act, good: bool) -> Play {
        let holder = self.numbers.index(self.holders.len());
        let others = self.holders.len() - 1;
        let other = (holder + 1 + self.numbers.index(others)) % self.holders.len();
        let trading = act == Act::CreditsMove && self.numbers.next(2) == 0;
        let from = if trading {
            AccountKind::Trading
        } else {
            AccountKind::Holding
        };
        let ordered = matches!(act, Act::CreditsFreeze | Act::CreditsSuspend);
        let mut available = self.has(holder, from);
        if ordered {
            available += self.has(holder, AccountKind::Trading);
            // orders go before transfers that wait, and before requests to surrender
            available += self.has(holder, AccountKind::InTransfer);
            available += self.has(holder, AccountKind::PendingOffset);
        }
        let quantity = self.quantity(available, good);
        let account = self.holders[holder].account.clone();
        let mut form = fields(&[("quantity", &quantity.to_string())]);
        // in one of the classes only, now and then: then the model counts that class
        let to = if !good && self.numbers.next(3) == 0 {
            holder
        } else {
            other
        };
        let to_account = self.holders[to].account.clone();
        let expected = quantity > 0
            && quantity <= available
            && !(to == holder && matches!(act, Act::CreditsTransfer | Act::CreditsAssign));
        let mut actor = self.holders[holder].clone();
        let effect = match act {
            Act::CreditsRetire => {
                form.extend(fields(&[
                    ("purpose", "voluntary"),
                    ("beneficiary", "演示"),
                    ("beneficiary_kind", "organisation"),
                ]));
                Effect::To(holder, AccountKind::Retired)
            }
            Act::CreditsMove => {
                form.extend(fields(&[("from", from.code())]));
                let into = if trading {
                    AccountKind::Holding
                } else {
                    AccountKind::Trading
                };
                Effect::To(holder, into)
            }
            Act::CreditsTransfer => {
                form.extend(fields(&[("to", &to_account)]));
                Effect::Aside(HoldKind::Transfer, holder, Some(to), false, quantity)
            }
            Act::CreditsOffset => {
                form.extend(offset_form(&quantity.to_string(), "1000000000000"));
                Effect::Aside(HoldKind::Offset, holder, None, false, quantity)
            }
            Act::CreditsAssign => {
                form.extend(order_form(&account, &quantity.to_string()));
                form.extend(fields(&[("to", &to_account), ("cause", "succession")]));
                actor = self.world.operator.clone();
                Effect::To(to, AccountKind::Holding)
            }
            _ => {
                form.extend(order_form(&account, &quantity.to_string()));
                actor = self.world.operator.clone();
                let cancel = act == Act::CreditsSuspend && self.numbers.next(2) == 0;
                if cancel {
                    form.insert("cancel_by".to_owned(), ASKED.to_string());
                }
                let kind = if act == Act::CreditsFreeze {
                    HoldKind::Freeze
                } else {
                    HoldKind::Suspension
                };
                Effect::Aside(kind, holder, None, cancel, quantity)
            }
        };
        Play {
            act,
            actor,
            about: String::new(),
            form,
            expected,
            effect,
        }
    }

    /// An act that ends a hold: of the right kind by the right party, or not.
    fn ends(&mut self, good: bool) -> Play {
        let at = self.numbers.index(self.waiting.len());
        let hold = &self.waiting[at];
        let (holder, other, kind, ordered) = (hold.holder, hold.other, hold.kind, hold.ordered);
        let id = hold.id.clone();
        let retiring = self.numbers.next(self.retires_one_in / 4 + 1) == 0;
        let fitting: Vec<Act> = match kind {
            HoldKind::Transfer => vec![
                Act::CreditsAccept,
                Act::CreditsDecline,
                Act::CreditsWithdraw,
            ],
            HoldKind::Offset if retiring => vec![Act::CreditsSurrender],
            HoldKind::Offset => vec![Act::CreditsRefuseOffset, Act::CreditsWithdraw],
            HoldKind::Freeze => vec![Act::CreditsRelease, Act::CreditsEnforce],
            HoldKind::Suspension if ordered && retiring => {
                vec![Act::CreditsCancel, Act::CreditsForceCancel]
            }
            _ => vec![Act::CreditsRelease],
        };
        let act = if good {
            fitting[self.numbers.index(fitting.len())]
        } else {
            SET_ASIDE[self.numbers.index(SET_ASIDE.len())]
        };
        let final_act = matches!(
            act,
            Act::CreditsSurrender | Act::CreditsCancel | Act::CreditsForceCancel
        );
        let to = self.numbers.index(self.holders.len());
        let mut form = Fields::new();
        let mut right;
        let actor = match act {
            Act::CreditsAccept | Act::CreditsDecline => {
                right = kind == HoldKind::Transfer;
                let party = if good { other.unwrap_or(to) } else { to };
                right &= Some(party) == other;
                self.holders[party].clone()
            }
            Act::CreditsWithdraw | Act::CreditsCancel => {
                right = if act == Act::CreditsCancel {
                    kind == HoldKind::Suspension && ordered
                } else {
                    matches!(kind, HoldKind::Transfer | HoldKind::Offset)
                };
                let party = if good { holder } else { to };
                right &= party == holder;
                self.holders[party].clone()
            }
            _ => {
                form = release_form();
                right = match act {
                    Act::CreditsRelease => kind.is_ordered(),
                    Act::CreditsEnforce => kind == HoldKind::Freeze && to != holder,
                    Act::CreditsForceCancel => kind == HoldKind::Suspension && ordered,
                    _ => kind == HoldKind::Offset,
                };
                if act == Act::CreditsEnforce {
                    form.insert("to".to_owned(), self.holders[to].account.clone());
                }
                if !good && kind.is_ordered() {
                    form.insert("authority".to_owned(), "另一个法院".to_owned());
                    right = false;
                }
                self.world.operator.clone()
            }
        };
        // what would be final by chance is made wrong instead: there must be something left to the end
        if final_act && !retiring && right {
            return Play {
                act: Act::CreditsAccept,
                actor: self.world.operator.clone(),
                about: id,
                form: Fields::new(),
                expected: false,
                effect: Effect::Back(at),
            };
        }
        let effect = match act {
            Act::CreditsAccept => Effect::EndsTo(at, other.unwrap_or(to), AccountKind::Holding),
            Act::CreditsEnforce => Effect::EndsTo(at, to, AccountKind::Holding),
            _ if final_act => Effect::EndsTo(at, holder, AccountKind::Retired),
            _ => Effect::Back(at),
        };
        Play {
            act,
            actor,
            about: id,
            form,
            expected: right,
            effect,
        }
    }

    /// The numbers of an answer: class, first, last.
    fn blocks(&self, answer: &Value) -> Vec<(ClassId, i64, i64)> {
        let serials = answer["serials"].as_array().expect("serials");
        serials
            .iter()
            .map(|serial| {
                let serial =
                    SerialNumber::parse(serial.as_str().expect("a text")).expect("a serial");
                let class = self
                    .classes
                    .iter()
                    .find(|(vintage, _)| *vintage == serial.vintage);
                let class = class.expect("its class").1.clone();
                (class, serial.block.start(), serial.block.end())
            })
            .collect()
    }

    /// Lets the model follow numbers to an owner and state; from where, the model knows. Answers with the state each block left.
    fn follow(
        &mut self,
        blocks: &[(ClassId, i64, i64)],
        owner: usize,
        kind: AccountKind,
    ) -> Vec<AccountKind> {
        let owner = self.holders[owner].organisation.clone();
        let mut left = Vec::new();
        let mut transfers = Vec::new();
        for (class, start, end) in blocks {
            let (holder, state) = self
                .model
                .state(class, *start)
                .expect("an issued tonne")
                .clone();
            let key = |holder: &OrganisationId, kind| AccountKey {
                holder: holder.clone(),
                class: class.clone(),
                kind,
            };
            let block = domain::SerialBlock::new(*start, *end).expect("a block");
            transfers.push(Transfer {
                debit: key(&holder, state),
                credit: key(&owner, kind),
                amount: block.quantity(),
                block,
                cut_from: None,
            });
            left.push(state);
        }
        let seed = self.seed;
        let followed = self.model.follow(&Posting { transfers });
        followed.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        left
    }

    /// Gives back what a hold has set aside.
    fn back(&mut self, hold: &Waiting) {
        for (class, start, end, from) in &hold.blocks {
            self.follow(&[(class.clone(), *start, *end)], hold.holder, *from);
        }
    }

    /// What the registry did, the model must be able to follow.
    fn accept(&mut self, play: &Play, answer: &Value) {
        let blocks = self.blocks(answer);
        match play.effect {
            Effect::To(owner, kind) => drop(self.follow(&blocks, owner, kind)),
            Effect::Aside(kind, holder, other, ordered, quantity) => {
                let mut overtaken = 0;
                if kind.is_ordered() {
                    let free = |judge: &Self| {
                        judge.has(holder, AccountKind::Holding)
                            + judge.has(holder, AccountKind::Trading)
                    };
                    while free(self) < quantity {
                        let newest = |kind: HoldKind| {
                            let mut waiting = self.waiting.iter();
                            waiting.position(|hold| hold.holder == holder && hold.kind == kind)
                        };
                        let at = newest(HoldKind::Transfer).or_else(|| newest(HoldKind::Offset));
                        let hold = self.waiting.remove(at.expect("something that waits"));
                        self.back(&hold.expect("it was there"));
                        overtaken += 1;
                    }
                    assert_eq!(answer["overtaken"], overtaken, "seed {}", self.seed);
                }
                let left = self.follow(&blocks, holder, kind.account());
                let id = if kind == HoldKind::Transfer {
                    "hold"
                } else {
                    "id"
                };
                let id = answer[id].as_str().expect("a hold").to_owned();
                let blocks = blocks.into_iter().zip(left);
                self.waiting.push_front(Waiting {
                    id,
                    kind,
                    holder,
                    other,
                    ordered,
                    blocks: blocks
                        .map(|((class, start, end), from)| (class, start, end, from))
                        .collect(),
                });
            }
            Effect::Back(at) => {
                let hold = self.waiting.remove(at).expect("the hold");
                self.back(&hold);
            }
            Effect::EndsTo(at, owner, kind) => {
                self.waiting.remove(at);
                self.follow(&blocks, owner, kind);
            }
        }
    }

    /// One act, judged.
    async fn judge(&mut self, number: u64) {
        let play = self.draw();
        let day = match play.act {
            Act::CreditsForceCancel => ASKED.next_day().expect("a day"),
            _ => ASKED,
        };
        let by = play.actor.on(day);
        let seed = self.seed;
        let said = format!(
            "act {number} {}, seed {seed}: {:?}",
            play.act.name(),
            play.form
        );
        match perform(self.registry, play.act, &by, &play.about, &play.form).await {
            Ok(answer) => {
                assert!(play.expected, "accepted: {said}");
                self.accepted += 1;
                self.accept(&play, &answer);
                if self.numbers.next(8) == 0 {
                    let again =
                        perform(self.registry, play.act, &by, &play.about, &play.form).await;
                    assert_eq!(again.expect("the first answer again"), answer, "{said}");
                }
            }
            Err(Error::Refused(_) | Error::NotFound | Error::Forbidden) => {
                assert!(!play.expected, "refused: {said}");
                self.refused += 1;
            }
            Err(error) => panic!("{said}: {error}"),
        }
        // Now and then the days pass for the transfers that nobody accepts.
        if self.numbers.next(150) == 0 {
            let past = ASKED + time::Duration::days(11);
            let ended = self
                .registry
                .clock_tick(noon(past))
                .await
                .expect("tick")
                .holds_ended;
            let (expired, kept): (VecDeque<_>, VecDeque<_>) = self
                .waiting
                .drain(..)
                .partition(|hold| hold.kind == HoldKind::Transfer);
            self.waiting = kept;
            assert_eq!(ended, u64::try_from(expired.len()).expect("few"), "{said}");
            for hold in &expired {
                self.back(hold);
            }
        }
    }

    /// Every sum of every holder, state and class.
    async fn compare(&self) {
        for holder in &self.holders {
            for one in self
                .registry
                .holdings(&holder.on(ASKED))
                .await
                .expect("holdings")
            {
                let states = [
                    (AccountKind::Holding, one.held),
                    (AccountKind::Trading, one.trading),
                    (AccountKind::Reserved, one.reserved),
                    (AccountKind::InTransfer, one.in_transfer),
                    (AccountKind::PendingOffset, one.pending_offset),
                    (AccountKind::Frozen, one.frozen),
                    (AccountKind::Suspended, one.suspended),
                    (AccountKind::Retired, one.retired),
                ];
                for (kind, stored) in states {
                    let by_model = self.model.has(&holder.organisation, kind, Some(&one.class));
                    assert_eq!(stored, by_model, "{}, seed {}", kind.code(), self.seed);
                }
            }
        }
    }
}

both_databases! {
    async fn the_ledger_agrees_with_the_model(database) {
        let (seed, acts) = (seed(), number_of("HUITAN_TEST_ACTS").unwrap_or(ACTS));
        println!("{acts} acts; the same story again: HUITAN_TEST_SEED={seed}");
        let mut world = World::new(database).await;
        world.exports = ["1400.5", "2600.25"];
        world.credits_issued().await;
        let registry = &world.registry;
        let mut holders = vec![world.owner.clone(), world.organiser.clone()];
        for role in [Role::EventOrganiser, Role::ProjectOwner] {
            holders.push(sign_up(registry, "演示持有人", role).await);
        }
        let issued = registry.holdings(&world.owner.on(ISSUED)).await.expect("holdings");
        let classes: Vec<(i32, ClassId)> = issued.iter().map(|one| (one.vintage, one.class.clone())).collect();
        let mut model = Model::new();
        for one in &issued {
            for block in registry.holding_blocks(&world.owner.on(ISSUED), &one.class).await.expect("blocks") {
                let block = domain::SerialBlock::new(block.start, block.end).expect("a block");
                let key = |holder: &Actor, kind| AccountKey { holder: holder.organisation.clone(), class: one.class.clone(), kind };
                let issue = Transfer {
                    debit: key(&world.operator, AccountKind::Issuance),
                    credit: key(&world.owner, AccountKind::Holding),
                    amount: block.quantity(),
                    block,
                    cut_from: None,
                };
                model.follow(&Posting { transfers: vec![issue] }).expect("the issue");
            }
        }
        let mut judge = Judge {
            world: &world,
            registry,
            holders,
            classes,
            model,
            waiting: VecDeque::new(),
            numbers: Numbers(seed),
            seed,
            accepted: 0,
            refused: 0,
            retires_one_in: (acts / 40).max(8),
        };
        for number in 0..acts {
            judge.judge(number).await;
            if number % 10_000 == 9_999 {
                println!("{} acts: {} accepted, {} refused", number + 1, judge.accepted, judge.refused);
                judge.compare().await;
            }
        }
        judge.compare().await;
        println!("{acts} acts: {} accepted, {} refused, no difference", judge.accepted, judge.refused);
        assert!(judge.accepted > acts / 4 && judge.refused > acts / 5, "{} and {} of {acts}, seed {seed}", judge.accepted, judge.refused);
        world.assert_audit_clean().await;
    }
}
