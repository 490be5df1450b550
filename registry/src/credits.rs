//! Credits: who holds what, moving them, and retiring them for good.

use domain::Instant;
use domain::id::{ClassId, OrganisationId, ProjectId};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::ledger::{
    AccountKey, AccountKind, BeneficiaryKind, ClassDemand, Demand, HeldBlock, Posting, Purpose,
    RetirementRequest, Transfer,
};
use domain::project_code::ProjectCode;
use domain::refusal::codes;
use domain::serial::SerialNumber;
use domain::text::whole_tonnes;
use domain::{Act, Refusal, Role, SerialBlock};

use crate::account::account_state_of;
use crate::beneficiary;
use crate::hold;
use crate::number;
use crate::order::{self, OrderKind};
use crate::organisation::role_of;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::searchable;
use crate::retire_together::Outcome;
use crate::store::ledger::{self, HoldingRow, NewRetirement, NewTransfer};
use crate::store::people::{self, OrganisationRow};
use crate::{By, Error, Fields, Page, PageRequest, Registry};

/// What one organisation holds of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The class: one project and one year of generation.
    pub class: ClassId,
    /// The project.
    pub project: ProjectId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// `ccer`, or `inclusion`: carbon inclusion.
    pub unit_kind: String,
    /// By whom it is recognised: `national`, `provincial`, `municipal` or `none`. An event is neutralised with the first two only.
    pub recognition: String,
    /// Tonnes in the general sub-account: can be moved or retired.
    pub held: i64,
    /// Tonnes in the trading sub-account: can be offered, or moved back.
    pub trading: i64,
    /// Tonnes reserved for a buyer.
    pub reserved: i64,
    /// Tonnes on the way to a receiver who has not accepted yet.
    pub in_transfer: i64,
    /// Tonnes that wait for surrender in an emissions trading scheme.
    pub pending_offset: i64,
    /// Tonnes frozen by order of a court.
    pub frozen: i64,
    /// Tonnes suspended by order of an authority.
    pub suspended: i64,
    /// Tonnes this organisation has retired of the class.
    pub retired: i64,
}

/// What one account holds, for the registry's forms about orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountHoldings {
    /// The account's number.
    pub account: String,
    /// Whose it is.
    pub name: String,
    /// What it holds, by project and vintage.
    pub holdings: Vec<Holding>,
}

/// A block of serial numbers of a holding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldingBlock {
    /// `HT-A210001-2024-1-500`.
    pub serial: String,
    /// First number.
    pub start: i64,
    /// Last number.
    pub end: i64,
    /// Tonnes.
    pub quantity: i64,
    /// The state: a code of `domain::ledger::AccountKind`.
    pub state: String,
}

/// A class as a choice in a form: with what the viewer holds of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassOffer {
    /// The class: the value of the form field.
    pub class: ClassId,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// `ccer`, or `inclusion`: carbon inclusion.
    pub unit_kind: String,
    /// By whom it is recognised, as in [`Holding::recognition`].
    pub recognition: String,
    /// Tonnes held.
    pub held: i64,
}

/// Which way credits went, seen from the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementDirection {
    /// Issued to the viewer.
    Issued,
    /// Received from another holder.
    Received,
    /// Sent to another holder.
    Sent,
    /// Retired by the viewer.
    Retired,
    /// Moved between the viewer's own accounts: a sub-account, or what is set aside.
    Moved,
}

/// One row of the ledger, seen from one holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// The transfer's id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Which way.
    pub direction: MovementDirection,
    /// The other organisation's name, when there is one.
    pub counterpart: Option<String>,
    /// The project's code.
    pub project_code: String,
    /// The project's name.
    pub project_name: String,
    /// The year of generation.
    pub vintage: i32,
    /// Tonnes.
    pub quantity: i64,
    /// The numbers that moved, `HT-A210001-2024-1-500`.
    pub serial: String,
    /// The retirement's number, if it is one.
    pub retirement: Option<String>,
    /// The state it left: a code of `domain::ledger::AccountKind`.
    pub from_state: String,
    /// The state it entered.
    pub to_state: String,
    /// The hold that it began or ended.
    pub hold: Option<String>,
}

/// The answer to a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferredCredits {
    /// The act's id.
    pub act: String,
    /// The receiver's name.
    pub to: String,
    /// Tonnes moved, or to move.
    pub quantity: i64,
    /// The blocks that moved; none while the order waits.
    pub serials: Vec<String>,
    /// The order that waits for the confirming member, if nothing moved yet.
    #[serde(default)]
    pub order: Option<String>,
    /// The hold in which the credits wait for the receiver to accept them, if they have not moved to it yet.
    #[serde(default)]
    pub hold: Option<String>,
    /// The last day for accepting, `YYYY-MM-DD`.
    #[serde(default)]
    pub last_day: Option<String>,
}

/// The answer to a retirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredCredits {
    /// The certificate's number, `HTR-2026-000001-5`; empty while the order waits.
    pub number: String,
    /// Tonnes retired, or to retire.
    pub quantity: i64,
    /// The blocks that were retired; none while the order waits.
    pub serials: Vec<String>,
    /// The order that waits for the confirming member, if nothing was retired yet.
    #[serde(default)]
    pub order: Option<String>,
}

/// A retirement in the holder's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetirementRow {
    /// The certificate's number.
    pub number: String,
    /// When.
    pub at: Instant,
    /// For whom.
    pub beneficiary: String,
    /// The purpose's code.
    pub purpose: String,
    /// For what.
    pub purpose_text: String,
    /// Tonnes.
    pub quantity: i64,
}

fn holding_of(row: HoldingRow) -> Result<Holding, Error> {
    Ok(Holding {
        class: row.class_id.into(),
        project: row.project_id.into(),
        project_code: row.project_code,
        project_name: row.project_name,
        vintage: year_of(row.vintage)?,
        unit_kind: row.unit_kind,
        recognition: row.recognition,
        held: row.held,
        trading: row.trading,
        reserved: row.reserved,
        in_transfer: row.in_transfer,
        pending_offset: row.pending_offset,
        frozen: row.frozen,
        suspended: row.suspended,
        retired: row.retired,
    })
}

impl Registry {
    /// Moves credits to another holder. Reads `to` (account number), `quantity` (whole tonnes) and either `class` (one class) or
    /// `project` (oldest vintage first); with neither, everything held may be used, oldest vintage first.
    /// Refuses `credits_insufficient`, `transfer_to_oneself`, an account that is unknown or not open, and quantities that are not whole
    /// and positive. Where a member is confirmer, it becomes an order that waits ([`TransferredCredits::order`]). While the rule book has a limit
    /// for it, the credits wait for the receiver to accept them ([`TransferredCredits::hold`]).
    pub async fn credits_transfer(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<TransferredCredits, Error> {
        Deed::check_role(Act::CreditsTransfer, by)?;
        let order = TransferOrder::read(fields)?;
        let deed = Deed::by(Act::CreditsTransfer, by, &(&order.wanted, &order.to))?;
        perform!(self, deed, |tx| {
            let answer = if order::needs_confirmation(tx, by).await? {
                let (receiver, posting) = order.posting(tx, by).await?;
                let quantity = posting.total();
                let typed = order.fields();
                let waits = order::place(tx, by, OrderKind::Transfer, &typed, quantity).await?;
                TransferredCredits {
                    act: tx.act.clone(),
                    to: receiver.name,
                    quantity,
                    serials: Vec::new(),
                    order: Some(waits),
                    hold: None,
                    last_day: None,
                }
            } else {
                order.fill(tx, by).await?
            };
            Ok(done_by_holder(by, answer))
        })
    }

    /// Retires credits, for good. Reads `quantity`, `class` or `project` as a transfer does, and `purpose`, `purpose_text`, `beneficiary`,
    /// `beneficiary_kind`, `beneficiary_uscc`, or `beneficiary_id` from the holder's book. For a person, `personal` must say `yes`. Where a member is confirmer, it becomes an order that waits ([`RetiredCredits::order`]).
    pub async fn credits_retire(&self, by: &By, fields: &Fields) -> Result<RetiredCredits, Error> {
        Deed::check_role(Act::CreditsRetire, by)?;
        // what is chosen from the book is read when it happens: the same key gives its first answer also after the book has changed
        if beneficiary::is_chosen(fields) {
            let deed = Deed::by(Act::CreditsRetire, by, fields)?;
            return perform!(self, deed, |tx| {
                let filled = beneficiary::fill(tx.connection(), by, fields).await?;
                let order = RetirementOrder::read(&filled)?;
                Ok(done_by_holder(by, order.begin(tx, by).await?))
            });
        }
        let order = RetirementOrder::read(fields)?;
        let deed = Deed::by(Act::CreditsRetire, by, &(&order.wanted, &order.request))?;
        let (deed, order) = match self.retire_in_line(by, deed, order).await? {
            Outcome::Done(answer) => return Ok(answer),
            Outcome::ByItself(it) => *it,
        };
        perform!(self, deed, |tx| {
            Ok(done_by_holder(by, order.begin(tx, by).await?))
        })
    }

    /// What the viewer's organisation holds or has retired, by project and vintage.
    pub async fn holdings(&self, by: &By) -> Result<Vec<Holding>, Error> {
        let mut connection = self.store.read().await?;
        let rows = ledger::holdings(&mut connection, by.organisation.as_str()).await?;
        rows.into_iter().map(holding_of).collect()
    }

    /// What the account with this number holds, for the registry alone: what an order can name. Refuses `receiver_invalid` at `account` for
    /// what is no account, as the act would.
    pub async fn account_holdings(&self, by: &By, account: &str) -> Result<AccountHoldings, Error> {
        if by.role != Role::RegistryOperator {
            return Err(Error::Forbidden);
        }
        let unknown = || Refusal::new(codes::RECEIVER_INVALID).at("account");
        let number = number::read_account_number(account).ok_or_else(unknown)?;
        let mut connection = self.store.read().await?;
        let found = people::organisation_by_account(&mut connection, &number).await?;
        let found = found.ok_or_else(unknown)?;
        let rows = ledger::holdings(&mut connection, &found.id).await?;
        Ok(AccountHoldings {
            account: number,
            name: found.name,
            holdings: rows.into_iter().map(holding_of).collect::<Result<_, _>>()?,
        })
    }

    /// The blocks of one holding, in the order of the numbers.
    pub async fn holding_blocks(
        &self,
        by: &By,
        class: &ClassId,
    ) -> Result<Vec<HoldingBlock>, Error> {
        let mut connection = self.store.read().await?;
        let rows =
            ledger::holding_blocks(&mut connection, by.organisation.as_str(), class.as_str())
                .await?;
        rows.into_iter()
            .map(|(code, vintage, start, end, state)| {
                let serial = serial_text(&code, vintage, start, end)?;
                Ok(HoldingBlock {
                    serial,
                    state,
                    start,
                    end,
                    quantity: end - start + 1,
                })
            })
            .collect()
    }

    /// The classes of which the viewer holds anything: choices for the transfer and retirement forms.
    pub async fn class_offers(&self, by: &By) -> Result<Vec<ClassOffer>, Error> {
        let holdings = self.holdings(by).await?;
        let offers = holdings
            .into_iter()
            .filter(|holding| holding.held > 0)
            .map(|holding| ClassOffer {
                class: holding.class,
                project_code: holding.project_code,
                project_name: holding.project_name,
                vintage: holding.vintage,
                unit_kind: holding.unit_kind,
                recognition: holding.recognition,
                held: holding.held,
            });
        Ok(offers.collect())
    }

    /// Every movement of the viewer's organisation, newest first.
    pub async fn movements(&self, by: &By, page: &PageRequest) -> Result<Page<Movement>, Error> {
        let mut connection = self.store.read().await?;
        let me = by.organisation.as_str();
        let rows = ledger::movements(&mut connection, me, page.before(), page.rows() + 1).await?;
        let rows: Result<Vec<Movement>, Error> = rows
            .into_iter()
            .map(|row| {
                let (direction, counterpart) = if row.debit_kind == AccountKind::Issuance.code() {
                    (MovementDirection::Issued, None)
                } else if row.credit_kind == AccountKind::Retired.code() {
                    (MovementDirection::Retired, None)
                } else if row.debit_holder == row.credit_holder {
                    (MovementDirection::Moved, None)
                } else if row.debit_holder == me {
                    (MovementDirection::Sent, Some(row.credit_name))
                } else {
                    (MovementDirection::Received, Some(row.debit_name))
                };
                Ok(Movement {
                    serial: serial_text(
                        &row.project_code,
                        row.vintage,
                        row.serial_start,
                        row.serial_end,
                    )?,
                    id: row.id,
                    at: Instant(row.at),
                    direction,
                    counterpart,
                    project_code: row.project_code,
                    project_name: row.project_name,
                    vintage: year_of(row.vintage)?,
                    quantity: row.amount,
                    retirement: row.retirement,
                    from_state: row.debit_kind,
                    to_state: row.credit_kind,
                    hold: row.hold_id,
                })
            })
            .collect();
        Ok(Page::cut(rows?, page.rows(), |row| row.id.clone()))
    }

    /// The retirements of the viewer's organisation, newest first.
    pub async fn retirements(
        &self,
        by: &By,
        page: &PageRequest,
    ) -> Result<Page<RetirementRow>, Error> {
        let mut connection = self.store.read().await?;
        let me = by.organisation.as_str();
        let rows =
            ledger::retirements_of(&mut connection, me, page.before(), page.rows() + 1).await?;
        let cut = Page::cut(rows, page.rows(), |row| row.id.clone());
        let rows = cut.rows.into_iter().map(|row| RetirementRow {
            number: row.number,
            at: Instant(row.at),
            beneficiary: row.beneficiary,
            purpose: row.purpose,
            purpose_text: row.purpose_text,
            quantity: row.quantity,
        });
        Ok(Page {
            rows: rows.collect(),
            next: cut.next,
        })
    }
}

/// A transfer that was read without a mistake.
pub(crate) struct TransferOrder {
    wanted: Wanted,
    to: String,
}

impl TransferOrder {
    /// Reads the form of a transfer, or says everything that is wrong with it.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        let to = match fields.get("to").map_or("", |typed| typed.trim()) {
            "" => Err(Refusal::new(codes::REQUIRED).at("to")),
            typed => number::read_account_number(typed)
                .ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at("to")),
        };
        match (Wanted::read(fields), to) {
            (Ok(wanted), Ok(to)) => Ok(Self { wanted, to }),
            (wanted, to) => Err([wanted.err(), to.err()].into_iter().flatten().collect()),
        }
    }

    /// The same as a form, to be read again when it is confirmed.
    fn fields(&self) -> Fields {
        let mut fields = self.wanted.fields();
        fields.insert("to".to_owned(), self.to.clone());
        fields
    }

    /// Who would receive what, now. The receiver's account must be open and may hold credits.
    async fn posting(&self, tx: &mut Tx, by: &By) -> Result<(OrganisationRow, Posting), Error> {
        let receiver = people::organisation_by_account(tx.connection(), &self.to).await?;
        let invalid = || Refusal::new(codes::RECEIVER_INVALID).at("to");
        let receiver = receiver.ok_or_else(invalid)?;
        let open = account_state_of(&receiver.account_state)?.is_active();
        if !open || !role_of(&receiver.role)?.may_hold_credits() {
            return Err(invalid().into());
        }
        let held = self
            .wanted
            .held(tx, &by.organisation, AccountKind::Holding)
            .await?;
        let to_id = receiver.id.as_str().into();
        let posting =
            domain::ledger::transfer(&by.organisation, &to_id, &held, &self.wanted.demand())?;
        Ok((receiver, posting))
    }

    /// Moves the credits, or sets them aside until the receiver accepts them, as the rule book of the day says.
    pub(crate) async fn fill(&self, tx: &mut Tx, by: &By) -> Result<TransferredCredits, Error> {
        let (receiver, posting) = self.posting(tx, by).await?;
        let quantity = posting.total();
        let waits = hold::begin_transfer(tx, by, &receiver.id, &self.wanted).await?;
        let (serials, hold, last_day) = match waits {
            Some((serials, hold, last_day)) => (serials, Some(hold), Some(last_day)),
            None => (write_posting(tx, &posting, None).await?, None, None),
        };
        Ok(TransferredCredits {
            act: tx.act.clone(),
            to: receiver.name,
            quantity,
            serials,
            order: None,
            hold,
            last_day,
        })
    }
}

/// A retirement that was read without a mistake.
pub(crate) struct RetirementOrder {
    pub(crate) wanted: Wanted,
    pub(crate) request: RetirementRequest,
}

impl RetirementOrder {
    /// Reads the form of a retirement, or says everything that is wrong with it.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        match (Wanted::read(fields), RetirementRequest::read(fields)) {
            (Ok(wanted), Ok(request)) => Ok(Self { wanted, request }),
            (wanted, request) => {
                let mut refusals: Vec<Refusal> = wanted.err().into_iter().collect();
                refusals.extend(request.err().unwrap_or_default());
                Err(refusals)
            }
        }
    }

    /// The same as a form, to be read again when it is confirmed.
    fn fields(&self) -> Fields {
        let request = &self.request;
        let uscc = request.beneficiary_uscc.as_ref().map(domain::Uscc::as_str);
        let mut fields = self.wanted.fields();
        let personal = match request.beneficiary_kind {
            BeneficiaryKind::Person => "yes",
            BeneficiaryKind::Organisation => "",
        };
        for (name, value) in [
            ("purpose", request.purpose.code()),
            ("purpose_text", &request.purpose_text),
            ("beneficiary", &request.beneficiary),
            ("beneficiary_kind", request.beneficiary_kind.code()),
            // it was read: a person has agreed
            ("personal", personal),
            ("beneficiary_uscc", uscc.unwrap_or_default()),
        ] {
            fields.insert(name.to_owned(), value.to_owned());
        }
        fields
    }

    /// What would be retired, now.
    async fn posting(&self, tx: &mut Tx, by: &By) -> Result<Posting, Error> {
        let held = self
            .wanted
            .held(tx, &by.organisation, AccountKind::Holding)
            .await?;
        let demand = self.wanted.demand();
        let posting = domain::ledger::retire(&by.organisation, &held, &demand, &self.request)?;
        let transfers = posting.transfers.iter();
        let classes = transfers.map(|one| (one.debit.class.clone(), "purpose".to_owned()));
        check_for_events(tx.connection(), self.request.purpose, classes.collect()).await?;
        Ok(posting)
    }

    /// Retires the credits, or lets the order wait for the confirming member.
    async fn begin(&self, tx: &mut Tx, by: &By) -> Result<RetiredCredits, Error> {
        if !order::needs_confirmation(tx, by).await? {
            return self.fill(tx, by).await;
        }
        let quantity = self.posting(tx, by).await?.total();
        let typed = self.fields();
        let waits = order::place(tx, by, OrderKind::Retirement, &typed, quantity).await?;
        Ok(RetiredCredits {
            number: String::new(),
            quantity,
            serials: Vec::new(),
            order: Some(waits),
        })
    }

    /// Retires the credits and gives the certificate its number.
    pub(crate) async fn fill(&self, tx: &mut Tx, by: &By) -> Result<RetiredCredits, Error> {
        let posting = self.posting(tx, by).await?;
        retire(tx, by.organisation.as_str(), &self.request, &posting, None).await
    }
}

/// Whether tonnes of a class with this level of recognition can neutralise an event.
pub(crate) fn is_for_events(recognition: &str) -> bool {
    ["national", "provincial"].contains(&recognition)
}

/// Refused where credits are to be retired for an event that no event can be neutralised with: a retirement is final. `classes` with the
/// field at which that is said.
pub(crate) async fn check_for_events(
    connection: &mut AnyConnection,
    purpose: Purpose,
    classes: Vec<(ClassId, String)>,
) -> Result<(), Error> {
    if purpose != Purpose::Event {
        return Ok(());
    }
    let mut known: BTreeMap<ClassId, Option<String>> = BTreeMap::new();
    let mut refusals: Vec<Refusal> = Vec::new();
    for (class, field) in classes {
        if !known.contains_key(&class) {
            let found = ledger::class_recognition(connection, class.as_str()).await?;
            let unfit = found.filter(|(_, recognition)| !is_for_events(recognition));
            known.insert(class.clone(), unfit.map(|(name, _)| name));
        }
        if let Some(Some(name)) = known.get(&class)
            && !refusals
                .iter()
                .any(|one| one.field.as_deref() == Some(&field))
        {
            refusals.push(
                Refusal::new(codes::CLASS_NOT_FOR_EVENTS)
                    .at(field)
                    .with("class", name),
            );
        }
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals.into())
    }
}

/// Retires tonnes of several classes as one retirement: all of them or none.
pub(crate) async fn retire_together(
    tx: &mut Tx,
    by: &By,
    wanted: &[ClassDemand],
    request: &RetirementRequest,
) -> Result<RetiredCredits, Error> {
    let mut together = Posting {
        transfers: Vec::new(),
    };
    for demand in wanted {
        let class = &demand.class;
        let wanted = Wanted {
            quantity: demand.tonnes,
            class: Some(class.to_string()),
            project: None,
        };
        let held = if demand.blocks.is_empty() {
            wanted
                .held(tx, &by.organisation, AccountKind::Holding)
                .await?
        } else {
            held_as_chosen(tx, &by.organisation, demand).await?
        };
        let held = demand.among(held)?;
        let posting = domain::ledger::retire(&by.organisation, &held, &wanted.demand(), request)
            .map_err(|refusal| refusal.at(format!("class.{class}")))?;
        together.transfers.extend(posting.transfers);
    }
    retire(tx, by.organisation.as_str(), request, &together, None).await
}

/// The blocks that begin where the chosen ones begin, as they are held now.
async fn held_as_chosen(
    tx: &mut Tx,
    holder: &OrganisationId,
    demand: &ClassDemand,
) -> Result<Vec<HeldBlock>, Error> {
    let mut held = Vec::new();
    for block in &demand.blocks {
        let (holder, class) = (holder.as_str(), demand.class.as_str());
        let found = ledger::held_block_at(tx.connection(), holder, class, block.start()).await?;
        if let Some(row) = found {
            held.push(HeldBlock {
                class: row.class_id.into(),
                vintage: year_of(row.vintage)?,
                block: SerialBlock::new(row.serial_start, row.serial_end)?,
            });
        }
    }
    Ok(held)
}

/// Writes a retirement and its rows; `hold` is what the credits leave, if they were set aside.
pub(crate) async fn retire(
    tx: &mut Tx,
    holder: &str,
    request: &RetirementRequest,
    posting: &Posting,
    hold: Option<&str>,
) -> Result<RetiredCredits, Error> {
    let holder = people::organisation_by_id(tx.connection(), holder).await?;
    let holder = holder.ok_or(Error::NotFound)?;
    let (id, number) = record_retirement(tx, &holder, request, posting.total(), 0).await?;
    let part = Part {
        posting,
        retirement: Some(&id),
        hold,
    };
    let serials = write_parts(tx, &[part]).await?;
    Ok(RetiredCredits {
        number,
        quantity: posting.total(),
        serials: serials.into_iter().flatten().collect(),
        order: None,
    })
}

/// Writes what a certificate says and gives it its number; answers with its id and number. `position`: its place within the act. The caller
/// posts its rows.
pub(crate) async fn record_retirement(
    tx: &mut Tx,
    holder: &OrganisationRow,
    request: &RetirementRequest,
    quantity: i64,
    position: i64,
) -> Result<(String, String), Error> {
    let year = tx.at.beijing_date().year();
    let sequence = people::counter_next(tx.connection(), &retirement_counter(year)).await?;
    let number = number::retirement_number(year, sequence);
    let id = new_id();
    let (at, act) = (tx.at.0, tx.act.clone());
    let search = searchable(&[&request.beneficiary, &holder.name]);
    let new = NewRetirement {
        id: &id,
        number: &number,
        holder: &holder.id,
        quantity,
        at,
        search: &search,
        act_id: &act,
        position,
        ..NewRetirement::of(request)
    };
    ledger::retirement_insert(tx.connection(), &new).await?;
    Ok((id, number))
}

/// The sequence of the numbers of certificates of a year.
pub(crate) fn retirement_counter(year: i32) -> String {
    format!("retirement-{year}")
}

impl<'a> NewRetirement<'a> {
    /// What was asked for; everything else is still empty.
    pub(crate) fn of(request: &'a RetirementRequest) -> Self {
        Self {
            purpose: request.purpose.code(),
            purpose_text: &request.purpose_text,
            beneficiary: &request.beneficiary,
            beneficiary_uscc: request.beneficiary_uscc.as_ref().map(domain::Uscc::as_str),
            ..Self::default()
        }
    }
}

/// How much of what: the part that transfers and retirements have in common.
#[derive(Serialize)]
pub(crate) struct Wanted {
    pub(crate) quantity: i64,
    pub(crate) class: Option<String>,
    pub(crate) project: Option<String>,
}

impl Wanted {
    pub(crate) fn read(fields: &Fields) -> Result<Self, Refusal> {
        let chosen = |field: &str| {
            domain::text::optional_text(field, fields.get(field).map_or("", String::as_str), 100)
        };
        Ok(Self {
            quantity: whole_tonnes(
                "quantity",
                fields.get("quantity").map_or("", String::as_str),
            )?,
            class: chosen("class")?,
            project: chosen("project")?,
        })
    }

    fn fields(&self) -> Fields {
        let pairs = [
            ("quantity", Some(self.quantity.to_string())),
            ("class", self.class.clone()),
            ("project", self.project.clone()),
        ];
        let typed = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        typed.collect()
    }

    pub(crate) fn demand(&self) -> Demand {
        Demand {
            class: self.class.as_deref().map(ClassId::from),
            quantity: self.quantity,
        }
    }

    /// The blocks of a sub-account that may be used: all of them, or as many as can be needed.
    pub(crate) async fn held(
        &self,
        tx: &mut Tx,
        holder: &OrganisationId,
        kind: AccountKind,
    ) -> Result<Vec<HeldBlock>, Error> {
        let (class, project) = (self.class.as_deref(), self.project.as_deref());
        let (holder, quantity) = (holder.as_str(), self.quantity);
        let connection = tx.connection();
        let rows =
            ledger::held_blocks(connection, holder, kind.code(), class, project, quantity).await?;
        rows.into_iter()
            .map(|row| {
                Ok(HeldBlock {
                    class: row.class_id.into(),
                    vintage: year_of(row.vintage)?,
                    block: SerialBlock::new(row.serial_start, row.serial_end)?,
                })
            })
            .collect()
    }
}

pub(crate) fn done_by_holder<A>(by: &By, answer: A) -> Done<A> {
    Done {
        subject_kind: "organisation",
        subject: by.organisation.to_string(),
        state: None,
        note: None,
        is_public: false,
        answer,
    }
}

/// Writes the rows of a posting, opening accounts where needed; answers with the serial numbers that moved.
pub(crate) async fn write_posting(
    tx: &mut Tx,
    posting: &Posting,
    retirement: Option<&str>,
) -> Result<Vec<String>, Error> {
    let part = Part {
        posting,
        retirement,
        hold: None,
    };
    let serials = write_parts(tx, &[part]).await?;
    Ok(serials.into_iter().flatten().collect())
}

/// The rows of an act that belong to the same retirement or hold.
pub(crate) struct Part<'a> {
    pub(crate) posting: &'a Posting,
    pub(crate) retirement: Option<&'a str>,
    pub(crate) hold: Option<&'a str>,
}

/// Writes everything an act posts, in order, opening accounts where needed; answers with the serial numbers that moved, part by part.
pub(crate) async fn write_parts(
    tx: &mut Tx,
    parts: &[Part<'_>],
) -> Result<Vec<Vec<String>>, Error> {
    tx.retired |= parts.iter().any(|part| part.retirement.is_some());
    let mut accounts: HashMap<AccountKey, String> = HashMap::new();
    let mut classes = HashMap::new();
    let mut asked = HashSet::new();
    let mut rows = Vec::new();
    let mut serials = Vec::with_capacity(parts.len());
    for part in parts {
        let mut moved = Vec::with_capacity(part.posting.transfers.len());
        for transfer in &part.posting.transfers {
            let class = transfer.debit.class.as_str();
            if !classes.contains_key(class) {
                let found = ledger::class_by_id(tx.connection(), class)
                    .await?
                    .ok_or(Error::NotFound)?;
                classes.insert(class.to_owned(), found);
            }
            find_accounts(tx, transfer, &mut asked, &mut accounts).await?;
            let (start, end) = (transfer.block.start(), transfer.block.end());
            let named = &classes[class];
            moved.push(serial_text(&named.project_code, named.vintage, start, end)?);
            rows.push(NewTransfer {
                id: new_id(),
                class_id: class.to_owned(),
                debit_account: accounts[&transfer.debit].clone(),
                debit_kind: transfer.debit.kind.code(),
                debit_holder: transfer.debit.holder.to_string(),
                credit_account: accounts[&transfer.credit].clone(),
                credit_kind: transfer.credit.kind.code(),
                credit_holder: transfer.credit.holder.to_string(),
                amount: transfer.amount,
                serial_start: start,
                serial_end: end,
                at: tx.at.0,
                act_id: tx.act.clone(),
                position: i64::try_from(rows.len()).unwrap_or(i64::MAX),
                retirement_id: part.retirement.map(str::to_owned),
                hold_id: part.hold.map(str::to_owned),
            });
        }
        serials.push(moved);
    }
    ledger::transfers_insert(tx.connection(), &rows).await?;
    Ok(serials)
}

/// Finds both accounts of a row, or opens them.
async fn find_accounts(
    tx: &mut Tx,
    transfer: &Transfer,
    asked: &mut HashSet<(String, String, String)>,
    accounts: &mut HashMap<AccountKey, String>,
) -> Result<(), Error> {
    let class = transfer.debit.class.as_str();
    let (one, other) = (
        transfer.debit.holder.as_str(),
        transfer.credit.holder.as_str(),
    );
    if asked.insert((class.to_owned(), one.to_owned(), other.to_owned())) {
        for account in ledger::accounts_of(tx.connection(), class, one, other).await? {
            let kind = AccountKind::from_code(&account.kind);
            let kind =
                kind.ok_or_else(|| Error::Store(format!("account kind {}", account.kind)))?;
            let key = AccountKey {
                holder: account.holder_id.into(),
                class: class.into(),
                kind,
            };
            accounts.insert(key, account.id);
        }
    }
    for key in [&transfer.debit, &transfer.credit] {
        if !accounts.contains_key(key) {
            let id = new_id();
            ledger::account_open(
                tx.connection(),
                &id,
                key.holder.as_str(),
                class,
                key.kind.code(),
            )
            .await?;
            accounts.insert(key.clone(), id);
        }
    }
    Ok(())
}

/// A serial number of this platform's format.
pub(crate) fn serial_text(code: &str, vintage: i64, start: i64, end: i64) -> Result<String, Error> {
    let serial = SerialNumber {
        project: ProjectCode::parse(code)?,
        vintage: year_of(vintage)?,
        block: SerialBlock::new(start, end)?,
    };
    Ok(serial.to_string())
}

/// A stored year.
pub(crate) fn year_of(stored: i64) -> Result<i32, Error> {
    i32::try_from(stored).map_err(|_| Error::Store(format!("year {stored}")))
}
