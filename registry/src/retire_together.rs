//! Retirements that arrive while others are being written are done together: one transaction, and for each table one statement of many
//! rows. Each stays an act of its own, with its own key, entry, certificate and answer (`docs/decisions/0030`).
//!
//! Only what is plain is done here: a key that is new, a member who may, an account without a second member, one class of which enough is
//! held in a few blocks. Everything else, and everything that is to be refused, is handed back and done by itself. A retirement with a class
//! usually goes this way and no other, so **a rule for retirements must hold here too**: each is one function that both ways ask. If anything
//! goes wrong, all are handed back, so that no act can make another one fail.
//!
//! Nobody's retirement is begun after they have gone: who gave up while still in line is left out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::ledger::{AccountKind, HeldBlock, Posting, Purpose};
use domain::{Act, SerialBlock};
use proofs::{STATEMENT_FORMAT, Statement, StatementLine};
use sqlx::AnyConnection;
use tokio::sync::oneshot;

use crate::account::check_standing;
use crate::credits::{
    RetiredCredits, RetirementOrder, done_by_holder, is_for_events, retirement_counter,
    serial_text, year_of,
};
use crate::log::entry_of_certificate;
use crate::number::retirement_number;
use crate::order::is_confirmed_by_second;
use crate::perform::{Deed, PATIENCE, new_id};
use crate::record::searchable;
use crate::store::ledger::{self, NewRetirement, NewTransfer};
use crate::store::many::PIECE_MAX;
use crate::store::retire_together::{self as store, ClassAccountRow, MemberRow};
use crate::store::{ActTransaction, Company, engine};
use crate::{By, Error, Registry};

/// The most blocks that are looked at of an account.
const BLOCKS_MAX: i64 = 16;
/// How often all are tried together when they met another act.
const TRIES: u32 = 4;
/// How long one try may take: behind a connection that has died without a word, nobody waits longer.
const TRY_LONGEST: Duration = Duration::from_secs(8);

/// What became of a retirement.
pub(crate) enum Outcome {
    /// It is done, and on the disk.
    Done(RetiredCredits),
    /// It has not happened: to be done by itself.
    ByItself(Box<(Deed, RetirementOrder)>),
}

/// A retirement that waits for its turn.
struct Asked {
    by: By,
    deed: Deed,
    order: RetirementOrder,
    since: Instant,
    answer: oneshot::Sender<Outcome>,
}

/// How retirements were done since this copy of the program began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetirementCounts {
    /// Done in a transaction of two and more.
    pub together: u64,
    /// Done in a transaction that could have taken more.
    pub single: u64,
    /// Handed back: not plain, or to be refused.
    pub handed_back: u64,
    /// Left out, because nobody waited for them any more.
    pub left_out: u64,
    /// Transactions that failed for another reason than an act in the way; whoever was in them was handed back.
    pub failed: u64,
}

/// Those that wait. Clones are the same queue.
#[derive(Clone, Default)]
pub(crate) struct Queue {
    waiting: Arc<Mutex<Waiting>>,
    counts: Arc<Mutex<RetirementCounts>>,
}

#[derive(Default)]
struct Waiting {
    asked: VecDeque<Asked>,
    /// Whether somebody is at work.
    at_work: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // nobody leaves it half-changed
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counts(&self) -> MutexGuard<'_, RetirementCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stands in line. Whether somebody has to begin to work.
    fn push(&self, asked: Asked) -> bool {
        let mut waiting = self.lock();
        waiting.asked.push_back(asked);
        !std::mem::replace(&mut waiting.at_work, true)
    }

    /// The next in line; nobody: the work is over.
    fn take(&self) -> Vec<Asked> {
        let mut waiting = self.lock();
        let count = waiting.asked.len().min(PIECE_MAX);
        waiting.at_work = count > 0;
        waiting.asked.drain(..count).collect()
    }
}

/// Works on the queue until nobody waits.
async fn work(registry: Registry) {
    let mut worker = Worker {
        queue: registry.retirements.clone(),
        is_over: false,
    };
    loop {
        let asked = worker.queue.take();
        if asked.is_empty() {
            worker.is_over = true;
            return;
        }
        do_together(&registry, asked).await;
    }
}

/// Whoever works. Stopped in the middle (the runtime ends), those who wait are told, and the next one begins anew.
struct Worker {
    queue: Queue,
    is_over: bool,
}

impl Drop for Worker {
    fn drop(&mut self) {
        if !self.is_over {
            *self.queue.lock() = Waiting::default();
        }
    }
}

impl Registry {
    /// How retirements were done since this copy of the program began.
    #[must_use]
    pub fn retirement_counts(&self) -> RetirementCounts {
        *self.retirements.counts()
    }

    /// Waits until it was done with others, or was found to be one that is done by itself. [`Error::Busy`] where its turn did not come.
    pub(crate) async fn retire_in_line(
        &self,
        by: &By,
        deed: Deed,
        order: RetirementOrder,
    ) -> Result<Outcome, Error> {
        let wanted = &order.wanted;
        if wanted.class.is_none() || wanted.project.is_some() {
            return Ok(Outcome::ByItself(Box::new((deed, order))));
        }
        let (answer, answered) = oneshot::channel();
        let asked = Asked {
            by: by.clone(),
            deed,
            order,
            since: Instant::now(),
            answer,
        };
        if self.retirements.push(asked) {
            // in a task of its own: who asked may go away, the others still wait
            tokio::spawn(work(self.clone()));
        }
        answered.await.map_err(|_| Error::Busy)
    }
}

/// Does as many as can be done together, and answers every one that somebody still waits for.
async fn do_together(registry: &Registry, mut asked: Vec<Asked>) {
    let mut tried = 0;
    let done = loop {
        let stood = asked.len();
        // a retirement is final: who has turned away meanwhile, or was told that it is too busy, does not get one
        asked.retain(Asked::is_waited_for);
        registry.retirements.counts().left_out += count(stood - asked.len());
        if asked.is_empty() {
            return;
        }
        tried += 1;
        // after another act was in the way, alone: as any act does
        let company = match tried {
            1 => Company::Others,
            _ => Company::Nobody,
        };
        let one_try = tokio::time::timeout(TRY_LONGEST, attempt(registry, &asked, company)).await;
        match one_try.unwrap_or(Err(Error::Busy)) {
            Ok(done) => break done,
            Err(Error::Busy) if tried < TRIES => {}
            Err(Error::Busy) => break Vec::new(),
            Err(error) => {
                tracing::warn!(%error, retirements = asked.len(), "not done together");
                registry.retirements.counts().failed += 1;
                break Vec::new();
            }
        }
    };
    let written = done.iter().flatten().count();
    {
        let mut counts = registry.retirements.counts();
        match written {
            1 => counts.single += 1,
            _ => counts.together += count(written),
        }
    }
    let mut done = done.into_iter();
    for one in asked {
        let outcome = match done.next().flatten() {
            Some(answer) => Outcome::Done(answer),
            None if one.answer.is_closed() => {
                registry.retirements.counts().left_out += 1;
                continue;
            }
            None => {
                registry.retirements.counts().handed_back += 1;
                Outcome::ByItself(Box::new((one.deed, one.order)))
            }
        };
        // who has gone while it was written asks again with the same key
        let _ = one.answer.send(outcome);
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// One try: the answers of those that were done, in the order in which they were asked for. An error: nothing was done.
async fn attempt(
    registry: &Registry,
    asked: &[Asked],
    company: Company,
) -> Result<Vec<Option<RetiredCredits>>, Error> {
    let mut tx = registry.store.begin_act(company).await?;
    match write(registry, &mut tx, asked).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(done)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// A holder and a class.
type Place = (String, String);

/// What was read about all of them.
struct Known {
    used: BTreeSet<(String, String)>,
    /// By user and holder.
    members: BTreeMap<(String, String), MemberRow>,
    accounts: BTreeMap<Place, Account>,
}

/// What a holder has of a class.
struct Account {
    holding: ClassAccountRow,
    /// The account of what is retired, once it is open.
    retired: Option<String>,
    /// The first blocks, as they are after those before in line.
    blocks: Vec<HeldBlock>,
}

impl Known {
    async fn of(connection: &mut AnyConnection, asked: &[Asked]) -> Result<Self, Error> {
        let keys: Vec<_> = asked.iter().map(|one| one.deed.key()).collect();
        let used = store::used_keys(connection, &keys).await?;
        let members = store::members(connection, &asked.iter().map(Asked::who).collect()).await?;
        let members = members
            .into_iter()
            .map(|row| ((row.user_id.clone(), row.organisation_id.clone()), row));
        let mut tonnes: BTreeMap<Place, i64> = BTreeMap::new();
        for one in asked {
            let sum = tonnes.entry(one.place()).or_default();
            *sum = sum.saturating_add(one.order.wanted.quantity);
        }
        // a block holds at least one tonne
        let limit = tonnes.values().max().map_or(1, |most| *most);
        let limit = limit.clamp(1, BLOCKS_MAX);
        let places = tonnes.into_keys().collect();
        Ok(Self {
            used,
            members: members.collect(),
            accounts: accounts(connection, &places, limit).await?,
        })
    }

    /// What would be retired, if it is plain; what is taken is taken from those after it in line.
    fn take(&mut self, asked: &Asked) -> Option<Posting> {
        let (by, order) = (&asked.by, &asked.order);
        // a key is new; the second one with the same key is done by itself, after this one
        if !self.used.insert(asked.deed.key()) {
            return None;
        }
        let member = self.members.get(&asked.who())?;
        check_standing(
            Act::CreditsRetire,
            &member.member_role,
            &member.account_state,
        )
        .ok()?;
        if is_confirmed_by_second(member.confirmers) {
            return None;
        }
        let account = self.accounts.get_mut(&asked.place())?;
        if order.request.purpose == Purpose::Event && !is_for_events(&account.holding.recognition) {
            return None;
        }
        let (demand, held) = (order.wanted.demand(), &mut account.blocks);
        let posting =
            domain::ledger::retire(&by.organisation, held, &demand, &order.request).ok()?;
        for transfer in &posting.transfers {
            let taken = transfer.block;
            let at = held.iter().position(|one| one.block.end() == taken.end())?;
            if held[at].block.start() == taken.start() {
                held.remove(at);
            } else {
                held[at].block =
                    SerialBlock::new(held[at].block.start(), taken.start() - 1).ok()?;
            }
        }
        Some(posting)
    }
}

/// What holders have of classes, with the first blocks of each.
async fn accounts(
    connection: &mut AnyConnection,
    places: &BTreeSet<Place>,
    limit: i64,
) -> Result<BTreeMap<Place, Account>, Error> {
    let rows = store::accounts(connection, places).await?;
    let (holding, retired): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.kind == AccountKind::Holding.code());
    let ids: BTreeSet<String> = holding.iter().map(|row| row.id.clone()).collect();
    let mut blocks = store::first_blocks(connection, &ids, limit).await?;
    let mut accounts = BTreeMap::new();
    for holding in holding {
        // an account that comes twice fills the question up: its blocks were given to the first
        let place = (holding.holder_id.clone(), holding.class_id.clone());
        let Some(first) = blocks.remove(&holding.id) else {
            continue;
        };
        let blocks = first.into_iter().map(|(start, end)| {
            Ok(HeldBlock {
                class: holding.class_id.as_str().into(),
                vintage: year_of(holding.vintage)?,
                block: SerialBlock::new(start, end)?,
            })
        });
        let account = Account {
            blocks: blocks.collect::<Result<_, Error>>()?,
            retired: None,
            holding,
        };
        accounts.insert(place, account);
    }
    for row in retired {
        if let Some(account) = accounts.get_mut(&(row.holder_id, row.class_id)) {
            account.retired = Some(row.id);
        }
    }
    Ok(accounts)
}

/// Reads everything, decides, and writes everything.
async fn write(
    registry: &Registry,
    tx: &mut ActTransaction,
    asked: &[Asked],
) -> Result<Vec<Option<RetiredCredits>>, Error> {
    let mut answers: Vec<Option<RetiredCredits>> = asked.iter().map(|_| None).collect();
    engine::look_up(tx.connection()).await?;
    let mut known = Known::of(tx.connection(), asked).await?;
    // certificates are numbered year by year
    let year_of_asked = |one: &Asked| one.by.at.beijing_date().year();
    let year = asked.first().map_or(0, year_of_asked);
    let mut planned = Vec::with_capacity(asked.len());
    for (one, answer) in asked.iter().zip(&mut answers) {
        // the transaction may have waited for its turn
        if !one.answer.is_closed()
            && year_of_asked(one) == year
            && let Some(posting) = known.take(one)
        {
            planned.push(Planned::new(one, posting, answer));
        }
    }
    let count = i64::try_from(planned.len()).unwrap_or(0);
    if count == 0 {
        return Ok(answers);
    }
    let last = store::counter_take(tx.connection(), &retirement_counter(year), count).await?;
    for (number, one) in (last - count + 1..).zip(&mut planned) {
        one.number = retirement_number(year, number);
        one.search = searchable(&[&one.asked.order.request.beneficiary, known.holder(one)?]);
    }
    let retirements: Vec<NewRetirement<'_>> = planned.iter().map(Planned::retirement).collect();
    store::retirements_insert(tx.connection(), &retirements).await?;
    let mut transfers = Vec::with_capacity(planned.len());
    for one in &planned {
        let account = known.accounts.get_mut(&one.asked.place());
        let account = account.ok_or(Error::NotFound)?;
        let credited = match &account.retired {
            Some(open) => open.clone(),
            None => account.open(tx.connection()).await?,
        };
        transfers.extend(one.transfers(&account.holding.id, &credited));
    }
    // the rows of accounts are taken in the order of their ids, as every transfer does: two that wait for each other would both stand still.
    // Those of one account stay in line.
    transfers.sort_by(|one, other| one.debit_account.cmp(&other.debit_account));
    ledger::transfers_insert(tx.connection(), &transfers).await?;
    enter(registry, tx, &known, planned).await?;
    Ok(answers)
}

/// Writes the entries in the record of acts, each after the one before about the same holder, and those in the public log. Nobody is told of a
/// retirement that needed no second member (`domain::notification`).
async fn enter(
    registry: &Registry,
    tx: &mut ActTransaction,
    known: &Known,
    planned: Vec<Planned<'_>>,
) -> Result<(), Error> {
    let mut done = Vec::with_capacity(planned.len());
    for one in &planned {
        let statement = one.statement(registry, known)?;
        let answer = RetiredCredits {
            number: one.number.clone(),
            quantity: statement.quantity,
            serials: statement.serials().map(str::to_owned).collect(),
            order: None,
        };
        let text = serde_json::to_string(&answer)
            .map_err(|error| Error::Store(format!("answer: {error}")))?;
        done.push((done_by_holder(&one.asked.by, answer), text, statement));
    }
    let mut chains: BTreeMap<&str, (i64, String)> = BTreeMap::new();
    let mut entries = Vec::with_capacity(planned.len());
    let mut logged = Vec::with_capacity(planned.len());
    for (one, (done, text, statement)) in planned.iter().zip(&done) {
        let member = known.member(one)?;
        let (sequence, hash) = chains.remove(&*member.organisation_id).unwrap_or_else(|| {
            let hash = member.hash.clone().unwrap_or_default();
            (member.sequence.unwrap_or(0), hash)
        });
        let entry = one
            .asked
            .deed
            .entry(&one.act, done, text, sequence + 1, hash);
        chains.insert(&member.organisation_id, (sequence + 1, entry.hash.clone()));
        logged.push((
            one.act.clone(),
            entry_of_certificate(&entry.recorded(), 0, statement),
        ));
        entries.push(entry);
    }
    store::acts_insert(tx.connection(), &entries).await?;
    store::entries_insert(tx.connection(), &logged).await?;
    drop(entries);
    for (one, (done, ..)) in planned.into_iter().zip(done) {
        *one.answer = Some(done.answer);
    }
    Ok(())
}

impl Known {
    fn member(&self, one: &Planned<'_>) -> Result<&MemberRow, Error> {
        self.members.get(&one.asked.who()).ok_or(Error::NotFound)
    }

    /// The holder's name.
    fn holder(&self, one: &Planned<'_>) -> Result<&str, Error> {
        Ok(&self.member(one)?.name)
    }
}

impl Account {
    /// Opens the account of what is retired.
    async fn open(&mut self, connection: &mut AnyConnection) -> Result<String, Error> {
        let (id, kind) = (new_id(), AccountKind::Retired.code());
        let (holder, class) = (&self.holding.holder_id, &self.holding.class_id);
        ledger::account_open(connection, &id, holder, class, kind).await?;
        self.retired = Some(id.clone());
        Ok(id)
    }
}

impl Asked {
    /// Whether somebody still waits for the answer, and not for too long.
    fn is_waited_for(&self) -> bool {
        !self.answer.is_closed() && self.since.elapsed() < PATIENCE
    }

    /// User and holder.
    fn who(&self) -> (String, String) {
        (self.by.user.to_string(), self.by.organisation.to_string())
    }

    fn place(&self) -> Place {
        let class = self.order.wanted.class.clone().unwrap_or_default();
        (self.by.organisation.to_string(), class)
    }
}

/// A retirement that will be written.
struct Planned<'a> {
    asked: &'a Asked,
    posting: Posting,
    /// The id of its entry in the record of acts.
    act: String,
    id: String,
    number: String,
    search: String,
    answer: &'a mut Option<RetiredCredits>,
}

impl<'a> Planned<'a> {
    fn new(asked: &'a Asked, posting: Posting, answer: &'a mut Option<RetiredCredits>) -> Self {
        Self {
            asked,
            posting,
            act: new_id(),
            id: new_id(),
            number: String::new(),
            search: String::new(),
            answer,
        }
    }

    fn retirement(&self) -> NewRetirement<'_> {
        NewRetirement {
            id: &self.id,
            number: &self.number,
            holder: self.asked.by.organisation.as_str(),
            quantity: self.posting.total(),
            at: self.asked.by.at.0,
            search: &self.search,
            act_id: &self.act,
            position: 0,
            ..NewRetirement::of(&self.asked.order.request)
        }
    }

    /// Its rows of the ledger, from one account to the other.
    fn transfers(&self, debited: &str, credited: &str) -> Vec<NewTransfer> {
        let transfers = self.posting.transfers.iter().zip(0..);
        let transfers = transfers.map(|(transfer, position)| NewTransfer {
            id: new_id(),
            class_id: transfer.debit.class.to_string(),
            debit_account: debited.to_owned(),
            debit_kind: transfer.debit.kind.code(),
            debit_holder: transfer.debit.holder.to_string(),
            credit_account: credited.to_owned(),
            credit_kind: transfer.credit.kind.code(),
            credit_holder: transfer.credit.holder.to_string(),
            amount: transfer.amount,
            serial_start: transfer.block.start(),
            serial_end: transfer.block.end(),
            at: self.asked.by.at.0,
            act_id: self.act.clone(),
            position,
            retirement_id: Some(self.id.clone()),
            hold_id: None,
        });
        transfers.collect()
    }

    /// What the certificate states: the same that is read back from the rows.
    fn statement(&self, registry: &Registry, known: &Known) -> Result<Statement, Error> {
        let account = known.accounts.get(&self.asked.place());
        let (request, class) = (
            &self.asked.order.request,
            &account.ok_or(Error::NotFound)?.holding,
        );
        let lines = self.posting.transfers.iter().map(|transfer| {
            let (start, end) = (transfer.block.start(), transfer.block.end());
            Ok(StatementLine {
                end,
                methodology: class.methodology.clone(),
                project_code: class.project_code.clone(),
                project_name: class.project_name.clone(),
                serial: serial_text(&class.project_code, class.vintage, start, end)?,
                start,
                vintage: year_of(class.vintage)?,
            })
        });
        Ok(Statement {
            act: self.act.clone(),
            at: self.asked.by.at.0,
            beneficiary: request.beneficiary.clone(),
            beneficiary_uscc: request.beneficiary_uscc.as_ref().map(ToString::to_string),
            correction: None,
            demo: registry.options.demo,
            format: STATEMENT_FORMAT.to_owned(),
            holder: known.holder(self)?.to_owned(),
            lines: lines.collect::<Result<_, Error>>()?,
            number: self.number.clone(),
            purpose: request.purpose.code().to_owned(),
            purpose_text: request.purpose_text.clone(),
            quantity: self.posting.total(),
            registry: registry.log_name().to_owned(),
        })
    }
}
