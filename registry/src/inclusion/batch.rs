//! From grams to tonnes: freeze, sample, deduct, publish, issue whole tonnes into the ledger of credits; the rest goes back.

use std::collections::{BTreeSet, HashMap};

use domain::id::OrganisationId;
use domain::inclusion::batch::{Draw, SHARE_WHOLE, read_findings, verdict};
use domain::inclusion::person::read_region;
use domain::inclusion::{Line, LineItem, Origin, Place, SampleVerdict};
use domain::ledger::CreditClass;
use domain::project_code::ProjectCode;
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal, Role};
use methodologies::inclusion::FactorUse;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{Rules, activity, day_of, merkle, reason_of};
use crate::credits::{serial_text, write_posting};
use crate::organisation::role_of;
use crate::perform::{Deed, Done, Tx, hash, new_id, perform};
use crate::store::inclusion::activity::{self as acts, BatchedRow};
use crate::store::inclusion::batch::{
    self as store, BatchRow, ItemRow, ItemStep, MovingAct, NewScheme, Positions,
};
use crate::store::inclusion::ledger::{self, Freezable, FreezableRow};
use crate::store::inclusion::person as providers;
use crate::store::ledger as credits;
use crate::store::people;
use crate::{By, Error, Fields, Registry, engagement, number, parameter_set, rulebook};

/// Lots that are read, entered or moved at a time: a batch may have any number of them, this program never holds more.
const PAGE: i64 = 5_000;
/// Rows of a list.
const SHOWN: i64 = 100;
/// Milligrams in a tonne.
const TONNE: i64 = methodologies::inclusion::MILLIGRAMS_PER_TONNE;

/// The answer to an act on a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchReceipt {
    /// The batch.
    pub id: String,
    /// Its number.
    pub number: String,
    /// `frozen`, `in_notice`, `issued`, `rejected`.
    pub state: String,
    /// Milligrams frozen.
    pub mg: i64,
    /// Whole tonnes, once issued.
    pub tonnes: Option<i64>,
    /// Their serial numbers, once issued.
    pub serials: Vec<String>,
}

/// A batch as the registry and its body see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchView {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Code of its region.
    pub region: String,
    /// First and last day of the acts.
    pub period: (String, String),
    /// `provincial`, `municipal`, `none`.
    pub recognition: String,
    /// `frozen`, `in_notice`, `issued`, `rejected`.
    pub state: String,
    /// Root of the tree of hashes over its lots.
    pub merkle_root: String,
    /// Lots.
    pub lots: i64,
    /// Accounts.
    pub accounts: i64,
    /// Milligrams.
    pub mg: i64,
    /// Acts in the sample, and those of them that were not confirmed.
    pub sample: Option<(i64, i64)>,
    /// The share of the sampled mass that was not confirmed, in ten-thousandths; `None` in batches from before it was drawn by mass.
    pub wrong_share: Option<i64>,
    /// What the recognition rests on; `None` where there is none, or from before it was asked.
    pub basis: Option<RecognitionBasis>,
    /// Whether the viewer froze it, so that another operator must issue it.
    pub is_own: bool,
    /// The body's opinion.
    pub opinion: Option<String>,
    /// Deducted, in ten-thousandths.
    pub haircut_share: Option<i64>,
    /// Deducted, milligrams.
    pub haircut_mg: Option<i64>,
    /// Tonnes issued.
    pub tonnes: Option<i64>,
    /// Milligrams given back.
    pub returned_mg: Option<i64>,
    /// First and last day of the notice.
    pub notice: Option<(String, String)>,
    /// The reason of a rejection.
    pub reason: Option<String>,
    /// When it was frozen.
    pub frozen_at: Instant,
}

/// The document that recognises the tonnes of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecognitionBasis {
    /// Title of the document.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub authority: String,
    /// When, `YYYY-MM-DD`.
    pub on: String,
}

impl RecognitionBasis {
    /// As it is stored: title and number, authority and day.
    pub(crate) fn of(
        (title, number): (Option<String>, Option<String>),
        (authority, on): (Option<String>, Option<String>),
    ) -> Option<Self> {
        Some(Self {
            title: title?,
            number: number?,
            authority: authority?,
            on: on?,
        })
    }
}

/// The sample a body looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchSample {
    /// The acts in the order of the line, drawn by mass at points that the root of the batch gives ([`domain::inclusion::batch::Draw`]): nobody
    /// can choose them. The first one is number 1.
    pub acts: Vec<SampledAct>,
    /// Whether the root over all leaves of the batch, made again now, is the one that was published.
    pub root_holds: bool,
    /// Points of the sample, each of the same weight.
    pub points: i64,
    /// How many of them come to other milligrams when they are computed again.
    pub differ: i64,
    /// How many of them were taken in or assigned without a consent that stood at that moment.
    pub without_consent: i64,
    /// How many of them are wrong in one way or the other, whatever the body finds, or were not confirmed by it.
    pub wrong: i64,
    /// Points that lie in those.
    pub wrong_points: i64,
}

/// An act in a sample: without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SampledAct {
    /// Its leaf in the tree of hashes.
    pub leaf: String,
    /// Whether the leaf is the one that its fields give when it is made again.
    pub leaf_holds: bool,
    /// Points of the sample that lie in it.
    pub points: i64,
    /// Milligrams of it that are in the batch.
    pub in_batch_mg: i64,
    /// Name of the provider that reported it.
    pub provider: String,
    /// Code of the scene.
    pub scene: String,
    /// Code of the region.
    pub region: String,
    /// Day.
    pub day: String,
    /// Evidence.
    pub evidence: String,
    /// The amount.
    pub quantity: String,
    /// Its unit; empty where it could not be computed again.
    pub unit: String,
    /// The factors it was computed with, when computed again.
    pub factors: Vec<FactorUse>,
    /// Milligrams stored.
    pub mg: i64,
    /// Milligrams when computed again.
    pub mg_again: Option<i64>,
    /// Whether a consent to its source stood when it was taken in.
    pub has_consent: bool,
    /// Whether a consent to the assignment stood when its grams were assigned.
    pub is_assigned: bool,
    /// Why the body did not confirm it.
    pub finding: Option<String>,
}

impl SampledAct {
    /// Whether it is an error whatever the body finds: it comes to other milligrams, its leaf is another one, or a consent did not stand.
    fn is_wrong(&self) -> bool {
        self.mg_again != Some(self.mg) || !self.leaf_holds || !self.has_consent || !self.is_assigned
    }
}

/// What became of grams that were issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GramTrace {
    /// Number of the batch.
    pub batch: String,
    /// Milligrams.
    pub mg: i64,
    /// The serial numbers they are part of.
    pub serials: String,
    /// Numbers of the retirements that used them, if any did.
    pub retirements: Vec<String>,
}

/// Part of a tonne: which lot it came from, without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TonneSource {
    /// Number of the batch.
    pub batch: String,
    /// The leaf of the lot in the batch's tree of hashes.
    pub leaf: String,
    /// Its milligrams in this tonne.
    pub mg: i64,
}

impl Registry {
    /// Freezes into a batch what was assigned or given, of acts in a region and span. Reads `region`, `period_start`, `period_end` (of one
    /// year), `holder` (account number that receives the tonnes), `vvb` (the body's id), `recognition` and, unless it is `none`, the document it
    /// rests on (`recognition_title`, `recognition_number`, `recognised_by`, `recognised_on`), `exclusive` (`yes`: not claimed under another
    /// mechanism) and `statement`. The body must have an approval in force (of any sector: no rule at hand names one for carbon inclusion, so
    /// this is *assumed*) and no ties with the receiver. Refuses `batch_empty`, `vvb_not_approved`, `vvb_not_independent`.
    pub async fn batch_freeze(&self, by: &By, fields: &Fields) -> Result<BatchReceipt, Error> {
        Deed::check_role(Act::BatchFreeze, by)?;
        let order = FreezeOrder::read(fields)?;
        let deed = Deed::by(Act::BatchFreeze, by, &order)?.long();
        perform!(self, deed, |tx| {
            let row = freeze(tx, by, &order).await?;
            Ok(about(&row, None, Vec::new()))
        })
    }

    /// The body gives its opinion. Reads `findings` (what it did not confirm, [`domain::inclusion::batch::read_findings`]), `checked` (`yes`:
    /// every other act of the sample was looked at and confirmed), `independent` (`yes`: no interest in the batch) and `opinion`. Acts that
    /// come to other milligrams when computed again count as errors in any case. Too large a share of errors, by mass, rejects the batch;
    /// else it is published for the days of the rule.
    pub async fn batch_assess(
        &self,
        by: &By,
        batch: &str,
        fields: &Fields,
    ) -> Result<BatchReceipt, Error> {
        let deed = Deed::by(Act::BatchAssess, by, &(batch, fields))?.long();
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        for statement in ["checked", "independent"] {
            if typed(statement) != "yes" {
                return Err(Refusal::new(codes::STATEMENT_REQUIRED).at(statement).into());
            }
        }
        let opinion = required_text(
            "opinion",
            fields.get("opinion").map_or("", String::as_str),
            2_000,
        )?;
        perform!(self, deed, |tx| {
            let mut row = at_step(tx, batch, "frozen").await?;
            if row.vvb_id != by.organisation.as_str() {
                return Err(Error::NotFound);
            }
            let today = tx.at.beijing_date();
            let rules = Rules::on(tx.connection(), today).await?;
            let (mut sample, positions) = drawn(tx.connection(), &row).await?;
            let act = tx.act.clone();
            for (number, why) in read_findings(typed("findings"), sample.acts.len())? {
                let position = positions[number - 1];
                store::finding_insert(tx.connection(), &row.id, position, &why, &act).await?;
                sample.acts[number - 1].finding = Some(why);
            }
            sample.count();
            row.sample_size = Some(i64::try_from(sample.acts.len()).unwrap_or(i64::MAX));
            row.sample_errors = Some(sample.wrong);
            row.wrong_share = Some(share_of(sample.wrong_points, sample.points));
            row.opinion = Some(opinion.clone());
            match verdict(&rules.set, today, sample.points, sample.wrong_points)? {
                SampleVerdict::Rejected => {
                    reject(tx, &mut row, "sample").await?;
                }
                SampleVerdict::Deducted(share) => {
                    let book = rulebook::in_force(tx.connection()).await?;
                    let first = book.calendar.next_working_day(today)?;
                    let days = u32::try_from(rules.guards.notice_days).unwrap_or(u32::MAX);
                    let last = book.calendar.window_end(first, days)?;
                    row.haircut_share = Some(share);
                    row.notice_first = Some(first.to_string());
                    row.notice_last = Some(last.to_string());
                    row.calendar_version = Some(book.calendar.version().to_owned());
                    "in_notice".clone_into(&mut row.state);
                    store::update(tx.connection(), &row).await?;
                }
            }
            Ok(about(&row, None, Vec::new()))
        })
    }

    /// Issues the whole tonnes of a batch after its notice, into the holder's account, and gives the rest back. Refuses `four_eyes` for the
    /// operator who froze it, `batch_notice_runs`, `batch_below_a_tonne`.
    pub async fn batch_issue(&self, by: &By, batch: &str) -> Result<BatchReceipt, Error> {
        let deed = Deed::by(Act::BatchIssue, by, &batch)?.long();
        perform!(self, deed, |tx| {
            let mut row = at_step(tx, batch, "in_notice").await?;
            if row.frozen_by.as_deref() == Some(by.user.as_str()) {
                return Err(Refusal::new(codes::FOUR_EYES).into());
            }
            let last = row.notice_last.clone().unwrap_or_default();
            if tx.at.beijing_date() <= day_of(&last)? {
                return Err(Refusal::new(codes::BATCH_NOTICE_RUNS)
                    .with("last", last)
                    .into());
            }
            let serials = issue(tx, by, &mut row).await?;
            Ok(about(&row, None, serials))
        })
    }

    /// Rejects a batch that is not issued: everything goes back to where it came from. Reads `reason`.
    pub async fn batch_reject(
        &self,
        by: &By,
        batch: &str,
        fields: &Fields,
    ) -> Result<BatchReceipt, Error> {
        let deed = Deed::by(Act::BatchReject, by, &(batch, fields))?.long();
        let reason = reason_of(fields)?;
        perform!(self, deed, |tx| {
            let row = store::one(tx.connection(), batch).await?;
            let mut row = row.ok_or(Error::NotFound)?;
            if !matches!(row.state.as_str(), "frozen" | "in_notice") {
                return Err(wrong_step(&row).into());
            }
            reject(tx, &mut row, &reason).await?;
            Ok(about(&row, Some(reason.clone()), Vec::new()))
        })
    }

    /// The batches, newest first: all for the registry, its own for a body.
    pub async fn batches(&self, by: &By) -> Result<Vec<BatchView>, Error> {
        let vvb = match by.role {
            Role::RegistryOperator => "",
            Role::Vvb => by.organisation.as_str(),
            _ => return Err(Error::Forbidden),
        };
        let mut connection = self.store.read().await?;
        let rows = store::all(&mut connection, vvb, SHOWN).await?;
        Ok(rows.into_iter().map(|row| view(by, row)).collect())
    }

    /// The bodies that can be asked to verify a batch, those with an approval in force: id and name.
    pub async fn bodies(&self, by: &By) -> Result<Vec<(String, String)>, Error> {
        let mut connection = self.store.read().await?;
        let today = by.at.beijing_date();
        let mut approved = BTreeSet::new();
        for one in rulebook::approvals(&mut connection, None).await? {
            if is_in_force(&one, today)? {
                approved.insert(one.organisation_id);
            }
        }
        let mut bodies = store::bodies(&mut connection).await?;
        bodies.retain(|(id, _)| approved.contains(id));
        Ok(bodies)
    }

    /// The sample of a batch, for its body and the registry.
    pub async fn batch_sample(&self, by: &By, batch: &str) -> Result<BatchSample, Error> {
        let mut moment = self.store.snapshot().await?;
        let row = store::one(&mut moment, batch).await?;
        let row = row
            .filter(|row| {
                by.role == Role::RegistryOperator || row.vvb_id == by.organisation.as_str()
            })
            .ok_or(Error::NotFound)?;
        let (mut sample, positions) = drawn(&mut moment, &row).await?;
        for (position, why) in store::findings(&mut moment, &row.id).await? {
            if let Some(at) = positions.iter().position(|one| *one == position) {
                sample.acts[at].finding = Some(why);
            }
        }
        sample.count();
        moment.commit().await?;
        Ok(sample)
    }

    /// What a tonne is made of: for the registry and bodies. The serial's project code, vintage and number.
    pub async fn tonne_sources(
        &self,
        by: &By,
        code: &str,
        vintage: i64,
        number: i64,
    ) -> Result<Vec<TonneSource>, Error> {
        if !matches!(by.role, Role::RegistryOperator | Role::Vvb) {
            return Err(Error::Forbidden);
        }
        let mut connection = self.store.read().await?;
        let (batch, name, first) = store::batch_of_tonne(&mut connection, code, vintage, number)
            .await?
            .ok_or(Error::NotFound)?;
        let from = (number - first) * TONNE;
        let to = from + TONNE;
        let items = store::items_on_line(&mut connection, &batch, from, to).await?;
        Ok(items
            .into_iter()
            .map(|(leaf, start, mg)| TonneSource {
                batch: name.clone(),
                leaf,
                mg: (start + mg).min(to) - start.max(from),
            })
            .collect())
    }
}

fn view(by: &By, row: BatchRow) -> BatchView {
    let basis = RecognitionBasis::of(
        (row.recognition_title, row.recognition_number),
        (row.recognised_by, row.recognised_on),
    );
    BatchView {
        wrong_share: row.wrong_share,
        basis,
        is_own: row.frozen_by.as_deref() == Some(by.user.as_str()),
        id: row.id,
        number: row.number,
        region: row.region,
        period: (row.period_start, row.period_end),
        recognition: row.recognition,
        state: row.state,
        merkle_root: row.merkle_root,
        lots: row.lots,
        accounts: row.accounts,
        mg: row.mg,
        sample: row.sample_size.zip(row.sample_errors),
        opinion: row.opinion,
        haircut_share: row.haircut_share,
        haircut_mg: row.haircut_mg,
        tonnes: row.issued_tonnes,
        returned_mg: row.returned_mg,
        notice: row.notice_first.zip(row.notice_last),
        reason: row.reason,
        frozen_at: Instant(row.frozen_at),
    }
}

fn about(row: &BatchRow, note: Option<String>, serials: Vec<String>) -> Done<BatchReceipt> {
    Done {
        subject_kind: "batch",
        subject: row.id.clone(),
        state: Some(row.state.clone()),
        note,
        // the beginning of a notice stands in the public log, as the issue does
        is_public: row.state == "in_notice",
        answer: BatchReceipt {
            id: row.id.clone(),
            number: row.number.clone(),
            state: row.state.clone(),
            mg: row.mg,
            tonnes: row.issued_tonnes,
            serials,
        },
    }
}

fn wrong_step(row: &BatchRow) -> Refusal {
    Refusal::new(codes::BATCH_DOES_NOT_ALLOW).with("state", &row.state)
}

async fn at_step(tx: &mut Tx, batch: &str, state: &str) -> Result<BatchRow, Error> {
    let row = store::one(tx.connection(), batch).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.state == state {
        Ok(row)
    } else {
        Err(wrong_step(&row).into())
    }
}

/// What is to be frozen.
#[derive(Serialize)]
struct FreezeOrder {
    region: String,
    period_start: String,
    period_end: String,
    holder: String,
    vvb: String,
    recognition: String,
    basis: Option<RecognitionBasis>,
    statement: String,
}

/// The document that a recognition rests on; none where nobody recognises the tonnes.
fn read_basis(fields: &Fields) -> Result<Option<RecognitionBasis>, Vec<Refusal>> {
    let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
    if !matches!(typed("recognition"), "provincial" | "municipal") {
        return Ok(None);
    }
    let title = required_text("recognition_title", typed("recognition_title"), 200);
    let number = required_text("recognition_number", typed("recognition_number"), 100);
    let authority = required_text("recognised_by", typed("recognised_by"), 200);
    let on = domain::text::date("recognised_on", typed("recognised_on"));
    match (title, number, authority, on) {
        (Ok(title), Ok(number), Ok(authority), Ok(on)) => Ok(Some(RecognitionBasis {
            title,
            number,
            authority,
            on: on.to_string(),
        })),
        (title, number, authority, on) => {
            let refusals = [title.err(), number.err(), authority.err(), on.err()];
            Err(refusals.into_iter().flatten().collect())
        }
    }
}

impl FreezeOrder {
    fn read(fields: &Fields) -> Result<Self, Vec<Refusal>> {
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let mut refusals = Vec::new();
        let region = read_region(typed("region"));
        let start = domain::text::date("period_start", typed("period_start"));
        let end = domain::text::date("period_end", typed("period_end"));
        let statement = required_text("statement", typed("statement"), 500);
        let holder = number::read_account_number(typed("holder"))
            .ok_or_else(|| Refusal::new(codes::RECEIVER_INVALID).at("holder"));
        let recognition = Some(typed("recognition"))
            .filter(|one| matches!(*one, "provincial" | "municipal" | "none"))
            .ok_or_else(|| Refusal::new(codes::REQUIRED).at("recognition"));
        let basis = read_basis(fields).unwrap_or_else(|wrong| {
            refusals.extend(wrong);
            None
        });
        if typed("exclusive") != "yes" {
            refusals.push(Refusal::new(codes::STATEMENT_REQUIRED).at("exclusive"));
        }
        if typed("vvb").is_empty() {
            refusals.push(Refusal::new(codes::REQUIRED).at("vvb"));
        }
        if let (Ok(start), Ok(end)) = (&start, &end)
            && (start > end || start.year() != end.year())
        {
            refusals.push(Refusal::new(codes::DATE_INVALID).at("period_end"));
        }
        match (region, start, end, statement, holder, recognition) {
            (Ok(region), Ok(start), Ok(end), Ok(statement), Ok(holder), Ok(recognition))
                if refusals.is_empty() =>
            {
                Ok(Self {
                    region,
                    period_start: start.to_string(),
                    period_end: end.to_string(),
                    holder,
                    vvb: typed("vvb").to_owned(),
                    recognition: recognition.to_owned(),
                    basis,
                    statement,
                })
            }
            (region, start, end, statement, holder, recognition) => {
                refusals.extend(
                    [
                        region.err(),
                        start.err(),
                        end.err(),
                        statement.err(),
                        holder.err(),
                        recognition.err(),
                    ]
                    .into_iter()
                    .flatten(),
                );
                Err(refusals)
            }
        }
    }
}

/// Whether an approval holds on a day.
fn is_in_force(approval: &people::ApprovalRow, day: Date) -> Result<bool, Error> {
    let ended = match approval.valid_to.as_deref() {
        Some(last) => day_of(last)? < day,
        None => false,
    };
    Ok(day_of(&approval.valid_from)? <= day && !ended)
}

/// The body has an approval in force, and no ties with whoever receives the tonnes.
async fn check_body(tx: &mut Tx, vvb: &str, holder: &str) -> Result<(), Error> {
    let today = tx.at.beijing_date();
    let mut is_approved = false;
    for one in rulebook::approvals(tx.connection(), Some(vvb)).await? {
        is_approved |= is_in_force(&one, today)?;
    }
    if !is_approved {
        let refusal = Refusal::new(codes::VVB_NOT_APPROVED).at("vvb");
        return Err(refusal.with("sector", "").with("date", today).into());
    }
    if vvb == holder || engagement::is_tied(tx.connection(), vvb, holder, today).await? {
        return Err(Refusal::new(codes::VVB_NOT_INDEPENDENT).at("vvb").into());
    }
    Ok(())
}

async fn freeze(tx: &mut Tx, by: &By, order: &FreezeOrder) -> Result<BatchRow, Error> {
    let holder = people::organisation_by_account(tx.connection(), &order.holder).await?;
    let holder = match holder {
        Some(holder) if role_of(&holder.role)?.may_hold_credits() => holder,
        _ => return Err(Refusal::new(codes::RECEIVER_INVALID).at("holder").into()),
    };
    let vvb = people::organisation_by_id(tx.connection(), &order.vvb).await?;
    let vvb = match vvb {
        Some(vvb) if role_of(&vvb.role)? == Role::Vvb => vvb,
        _ => return Err(Refusal::new(codes::REQUIRED).at("vvb").into()),
    };
    check_body(tx, &vvb.id, &holder.id).await?;
    let found = Found::of(tx, order).await?;
    if found.lots == 0 {
        return Err(Refusal::new(codes::BATCH_EMPTY).into());
    }
    let year = tx.at.beijing_date().year();
    let counter = format!("inclusion-batch-{year}");
    let sequence = people::counter_next(tx.connection(), &counter).await?;
    let basis = order.basis.as_ref();
    let mut row = BatchRow {
        frozen_by: Some(by.user.as_str().to_owned()),
        recognition_title: basis.map(|basis| basis.title.clone()),
        recognition_number: basis.map(|basis| basis.number.clone()),
        recognised_by: basis.map(|basis| basis.authority.clone()),
        recognised_on: basis.map(|basis| basis.on.clone()),
        wrong_share: None,
        number: format!("PB-{year}-{sequence:05}"),
        region: order.region.clone(),
        period_start: order.period_start.clone(),
        period_end: order.period_end.clone(),
        holder_id: holder.id,
        vvb_id: vvb.id,
        recognition: order.recognition.clone(),
        statement: order.statement.clone(),
        state: "frozen".to_owned(),
        merkle_root: found.root,
        lots: found.lots,
        accounts: 0,
        mg: found.mg,
        sample_size: None,
        sample_errors: None,
        opinion: None,
        haircut_share: None,
        haircut_mg: None,
        issued_tonnes: None,
        returned_mg: None,
        notice_first: None,
        notice_last: None,
        calendar_version: None,
        class_id: None,
        serial_start: None,
        serial_end: None,
        reason: None,
        frozen_at: tx.at.0,
        issued_at: None,
        act_id: tx.act.clone(),
        id: new_id(),
    };
    store::insert(tx.connection(), &row).await?;
    items_enter(tx, order, &row.id).await?;
    row.accounts = store::accounts_count(tx.connection(), &row.id).await?;
    store::accounts_set(tx.connection(), &row.id, row.accounts).await?;
    move_items(tx, &row, &[ItemStep::Freeze]).await?;
    Ok(row)
}

/// What can be frozen, page by page in the order of the line: what was given to events, then the pool. Within one transaction it can be read
/// as often as wanted; it is never held as a whole.
struct Freezing<'a> {
    order: &'a FreezeOrder,
    places: &'static [Place],
    after: [String; 4],
}

impl<'a> Freezing<'a> {
    fn new(order: &'a FreezeOrder) -> Self {
        Self {
            order,
            places: &[Place::Earmark, Place::Pool],
            after: Self::first(order),
        }
    }

    /// Before the first part: the pool has no other order than the day.
    fn first(order: &FreezeOrder) -> [String; 4] {
        let nothing = String::new;
        [nothing(), order.period_start.clone(), nothing(), nothing()]
    }

    /// The next page; empty at the end.
    async fn page(&mut self, tx: &mut Tx) -> Result<Vec<FreezableRow>, Error> {
        while let Some((place, others)) = self.places.split_first() {
            let wanted = Freezable {
                place: place.code(),
                region: &self.order.region,
                days: (&self.order.period_start, &self.order.period_end),
            };
            let rows = ledger::freezable(tx.connection(), &wanted, &self.after, PAGE).await?;
            if let Some(last) = rows.last() {
                self.after =
                    [&last.place_ref, &last.day, &last.account_id, &last.lot_id].map(Clone::clone);
                return Ok(rows);
            }
            (self.places, self.after) = (others, Self::first(self.order));
        }
        Ok(Vec::new())
    }
}

/// What there is to be frozen: how many lots and milligrams, and the root of the tree over their leaves.
struct Found {
    lots: i64,
    mg: i64,
    root: String,
}

impl Found {
    async fn of(tx: &mut Tx, order: &FreezeOrder) -> Result<Self, Error> {
        let mut pages = Freezing::new(order);
        let mut root = merkle::Root::default();
        let (mut lots, mut mg) = (0_i64, 0_i64);
        loop {
            let page = pages.page(tx).await?;
            if page.is_empty() {
                let root = root.end();
                return Ok(Self { lots, mg, root });
            }
            for part in page {
                root.push(leaf_of(&part));
                lots += 1;
                mg = mg
                    .checked_add(part.mg)
                    .ok_or_else(|| Refusal::new(codes::BATCH_OUT_OF_RANGE))?;
            }
        }
    }
}

/// Enters the items of a batch in their order.
async fn items_enter(tx: &mut Tx, order: &FreezeOrder, id: &str) -> Result<(), Error> {
    let mut pages = Freezing::new(order);
    let mut next = 0_i64;
    loop {
        let page = pages.page(tx).await?;
        if page.is_empty() {
            return Ok(());
        }
        let items: Vec<_> = (next..)
            .zip(&page)
            .map(|(position, part)| (position, part, leaf_of(part)))
            .collect();
        store::items_insert(tx.connection(), id, &items).await?;
        next += i64::try_from(page.len()).unwrap_or(PAGE);
    }
}

/// Moves the grams of every item, page by page; each step of an item after the one before it.
async fn move_items(tx: &mut Tx, row: &BatchRow, steps: &[ItemStep]) -> Result<(), Error> {
    let (act, at) = (tx.act.clone(), tx.at.0);
    for positions in pages_of(row.lots) {
        for step in steps {
            let by = MovingAct {
                act: &act,
                at,
                id: &new_id(),
            };
            store::items_move(tx.connection(), &row.id, positions, *step, &by).await?;
        }
    }
    Ok(())
}

/// The positions of so many lots, page by page.
pub(super) fn pages_of(lots: i64) -> impl Iterator<Item = Positions> {
    (0..)
        .map(|page| page * PAGE)
        .take_while(move |from| *from < lots)
        .map(|from| Positions {
            from,
            to: from + PAGE,
        })
}

fn leaf_of(part: &FreezableRow) -> String {
    merkle::leaf(
        &hash(&[&part.account_id]),
        &part.lot_id,
        (&part.place, &part.place_ref),
        part.mg,
        &part.body_hash,
    )
}

/// The leaf of an item, made again of its fields and of what the record of its act said.
pub(super) fn leaf_again(item: &ItemRow) -> String {
    merkle::leaf(
        &hash(&[&item.account_id]),
        &item.lot_id,
        (&item.origin_place, &item.origin_ref),
        item.mg,
        &item.body_hash,
    )
}

fn origin_of(place: &str, of: String) -> Origin {
    if place == Place::Earmark.code() {
        Origin::Earmark(of)
    } else {
        Origin::Pool
    }
}

/// The acts drawn, with their positions: as many as the rule of the day of its freeze says, so that what the body was shown is what its verdict
/// is about, whatever the rule says by then. Each is computed again with the parameter set it was computed with. Every mass is looked at, and
/// only what is drawn is kept.
async fn drawn(
    connection: &mut sqlx::AnyConnection,
    row: &BatchRow,
) -> Result<(BatchSample, Vec<i64>), Error> {
    let rules = Rules::on(connection, Instant(row.frozen_at).beijing_date()).await?;
    let seed = hash(&["sample", &row.merkle_root]);
    let mut draw = Draw::new(row.lots, row.mg, rules.guards.sample, &seed);
    let points = draw.points();
    let mut hits: Vec<(i64, i64)> = Vec::new();
    let mut root = merkle::Root::default();
    for positions in pages_of(row.lots) {
        for (position, mg, leaf) in store::masses(connection, &row.id, positions).await? {
            root.push(leaf);
            let points = draw.hits(mg);
            if points > 0 {
                hits.push((position, points));
            }
        }
    }
    let positions: Vec<i64> = hits.iter().map(|one| one.0).collect();
    let mut acts: HashMap<i64, BatchedRow> = acts::of_batch(connection, &row.id, &positions)
        .await?
        .into_iter()
        .map(|one| (one.position, one))
        .collect();
    let items: HashMap<i64, ItemRow> = store::items_listed(connection, &row.id, &positions)
        .await?
        .into_iter()
        .map(|one| (one.position, one))
        .collect();
    let with_consent = store::taken_in_with_consent(connection, &row.id, &positions).await?;
    let unassigned = store::assigned_without_consent(connection, &row.id, &positions).await?;
    let names = providers::providers(connection).await?;
    let sets = parameter_set::every_set(connection).await?;
    let mut sample = BatchSample {
        acts: Vec::with_capacity(hits.len()),
        root_holds: root.end() == row.merkle_root,
        points,
        differ: 0,
        without_consent: 0,
        wrong: 0,
        wrong_points: 0,
    };
    for (position, points) in hits {
        let missing = || Error::Store(format!("item {position}"));
        let BatchedRow { leaf, act, .. } = acts.remove(&position).ok_or_else(missing)?;
        let item = items.get(&position).ok_or_else(missing)?;
        let set = u64::try_from(act.parameter_set)
            .ok()
            .and_then(|number| sets.get(&number));
        let again = set.and_then(|set| activity::again(&act, set));
        let provider = names.iter().find(|one| one.id == act.provider_id);
        let (unit, factors) = again
            .as_ref()
            .map(|again| (again.unit.clone(), again.factors.clone()))
            .unwrap_or_default();
        sample.acts.push(SampledAct {
            leaf_holds: leaf_again(item) == leaf,
            leaf,
            points,
            in_batch_mg: item.mg,
            provider: provider.map(|one| one.name.clone()).unwrap_or_default(),
            has_consent: with_consent.contains(&position),
            is_assigned: !unassigned.contains(&position),
            scene: act.scene,
            region: act.region,
            day: act.day,
            evidence: act.evidence,
            quantity: act.quantity,
            unit,
            factors,
            mg: act.mg,
            mg_again: again.map(|again| again.mg),
            finding: None,
        });
    }
    sample.count();
    Ok((sample, positions))
}

impl BatchSample {
    /// Counts what is wrong.
    fn count(&mut self) {
        (self.differ, self.without_consent) = (0, 0);
        (self.wrong, self.wrong_points) = (0, 0);
        for act in &self.acts {
            self.differ += i64::from(act.mg_again != Some(act.mg));
            self.without_consent += i64::from(!(act.has_consent && act.is_assigned));
            if act.is_wrong() || act.finding.is_some() {
                self.wrong += 1;
                self.wrong_points += act.points;
            }
        }
    }
}

/// A part in ten-thousandths of the whole, rounded up.
fn share_of(part: i64, whole: i64) -> i64 {
    let share = i128::from(part) * i128::from(SHARE_WHOLE);
    let whole = i128::from(whole.max(1));
    i64::try_from((share + whole - 1) / whole).unwrap_or(SHARE_WHOLE)
}

async fn reject(tx: &mut Tx, row: &mut BatchRow, reason: &str) -> Result<(), Error> {
    move_items(tx, row, &[ItemStep::Reject]).await?;
    "rejected".clone_into(&mut row.state);
    row.reason = Some(reason.to_owned());
    store::update(tx.connection(), row).await?;
    Ok(())
}

async fn issue(tx: &mut Tx, by: &By, row: &mut BatchRow) -> Result<Vec<String>, Error> {
    let origins: Vec<LineItem> = store::origins(tx.connection(), &row.id)
        .await?
        .into_iter()
        .map(|(place, of, mg)| LineItem {
            origin: origin_of(&place, of),
            mg,
        })
        .collect();
    let line = Line::of(&origins, row.haircut_share.unwrap_or(0))?;
    if line.tonnes < 1 {
        return Err(Refusal::new(codes::BATCH_BELOW_A_TONNE).into());
    }
    let mut cutter = line.cutter();
    for positions in pages_of(row.lots) {
        let mut cuts = Vec::new();
        for (position, place, of, mg) in store::lines(tx.connection(), &row.id, positions).await? {
            let origin = origin_of(&place, of);
            let cut = cutter.cut(&LineItem { origin, mg })?;
            let (haircut, issued) = (cut.haircut_mg, cut.issued_mg);
            cuts.push((position, cut.line_start, haircut, issued, cut.returned_mg));
        }
        store::items_cut(tx.connection(), &row.id, &cuts).await?;
    }
    let steps = [ItemStep::Deduct, ItemStep::Issue, ItemStep::Return];
    move_items(tx, row, &steps).await?;
    let (class, start, serials) = into_credits(tx, by, row, line.tonnes).await?;
    "issued".clone_into(&mut row.state);
    row.haircut_mg = Some(line.haircut_mg);
    row.issued_tonnes = Some(line.tonnes);
    row.returned_mg = Some(line.returned_mg);
    row.class_id = Some(class);
    row.serial_start = Some(start);
    row.serial_end = Some(start + line.tonnes - 1);
    row.issued_at = Some(tx.at.0);
    store::update(tx.connection(), row).await?;
    Ok(serials)
}

/// Issues the tonnes into the ledger of credits: class, first number, serials.
async fn into_credits(
    tx: &mut Tx,
    by: &By,
    row: &BatchRow,
    tonnes: i64,
) -> Result<(String, i64, Vec<String>), Error> {
    if !crate::account::is_active(tx.connection(), &row.holder_id).await? {
        return Err(Refusal::new(codes::OWNER_ACCOUNT_CANNOT_RECEIVE).into());
    }
    let (scheme, code) = match store::scheme(tx.connection(), &row.region, &row.recognition).await?
    {
        Some(found) => found,
        None => scheme_open(tx, by, row).await?,
    };
    let vintage = i64::from(day_of(&row.period_end)?.year());
    let known = credits::class_by_vintage(tx.connection(), &scheme, vintage).await?;
    let (class, issued) = if let Some(class) = known {
        (class.id, class.issued)
    } else {
        let id = new_id();
        credits::class_open(tx.connection(), &id, &scheme, &code, vintage).await?;
        store::class_kind(tx.connection(), &id, &row.recognition).await?;
        (id, 0)
    };
    credits::class_verify(tx.connection(), &class, tonnes).await?;
    let holder = OrganisationId::from(row.holder_id.as_str());
    let of = CreditClass {
        id: class.as_str().into(),
        project: scheme.as_str().into(),
        vintage: crate::credits::year_of(vintage)?,
    };
    let posting = domain::ledger::issue(&by.organisation, &holder, &of, issued, tonnes)?;
    let serials = write_posting(tx, &posting, None).await?;
    Ok((class, issued + 1, serials))
}

/// A scheme with a code of its own, `P910001`: what stands where a project stands for other credits.
async fn scheme_open(tx: &mut Tx, by: &By, row: &BatchRow) -> Result<(String, String), Error> {
    let sequence = people::counter_next(tx.connection(), "inclusion-scheme").await?;
    let code = ProjectCode::parse(&format!("P91{sequence:04}"))?;
    let id = new_id();
    let region = methodologies::grid_average::region(&row.region);
    let name = region.map_or(row.region.as_str(), |region| region.name.zh);
    let (at, on) = (tx.at.0, tx.at.beijing_date().to_string());
    let new = NewScheme {
        id: &id,
        owner: by.organisation.as_str(),
        code: code.as_str(),
        name: &format!("碳普惠减排量（{name}）"),
        region: &row.region,
        recognition: &row.recognition,
        at,
        on: &on,
    };
    store::scheme_insert(tx.connection(), &new).await?;
    let done = Done {
        subject_kind: "scheme",
        subject: id.clone(),
        state: Some("registered".to_owned()),
        note: None,
        is_public: false,
        answer: (),
    };
    tx.enter_by_date("inclusion_scheme", &id, &done).await?;
    Ok((id, code.to_string()))
}

/// What became of the grams of a lot that were issued.
pub(super) async fn trace(
    connection: &mut sqlx::AnyConnection,
    account: &str,
    lot: &str,
) -> Result<Vec<GramTrace>, Error> {
    let mut traces = Vec::new();
    for (batch, class, serial_start, line_start, mg, code, vintage) in
        store::issues_of_lot(connection, account, lot).await?
    {
        let first = serial_start + line_start / TONNE;
        let last = serial_start + (line_start + mg - 1) / TONNE;
        let mut retirements = BTreeSet::new();
        for (_, _, _, retirement) in store::tonnes(connection, &class, first, last).await? {
            retirements.extend(retirement);
        }
        traces.push(GramTrace {
            batch,
            mg,
            serials: serial_text(&code, vintage, first, last)?,
            retirements: retirements.into_iter().collect(),
        });
    }
    Ok(traces)
}
