//! The operator's dated rule book: proposed, decided by another operator, and read by every act that counts days or asks for an
//! approval.
//!
//! Nothing is kept in the process: several copies of the server read the same few rows, an act in its own transaction. A deadline that
//! was computed stays as it is when the calendar changes; the operator sees which windows differ and extends each as an act.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::parameter_change::{decided_by_another, withdrawn_by_proposer};
use domain::project::Clock;
use domain::refusal::codes;
use domain::rulebook::{
    Approval, RuleArea, RuleBook, RuleChange, RuleContent, RuleProposal, approvals_after,
};
use domain::{Act, Instant, Refusal, Role};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use time::Date;

use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::{RecordKind, day_of, json_of, reason};
use crate::store::people::{self, ApprovalRow};
use crate::store::public::{StoredExtension, StoredRuleVersion};
use crate::store::record::RecordRow;
use crate::store::rulebook::{self as store, ChangeRow, NewChange, NewDecision, OpenWindowRow};
use crate::{By, Error, Fields, Registry};

/// The chain of acts that all changes share: one after the other, so two approvals cannot both make the next version.
const SUBJECT: &str = "rulebook";
/// More changes than pages show.
const CHANGES_MAX: i64 = 500;

/// The answer to an act on a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReceipt {
    /// The change.
    pub id: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// The version it made; `None` unless approved.
    pub version: Option<u64>,
}

/// A change as registry operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChangeView {
    /// Its id.
    pub id: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// The change.
    pub change: RuleChange,
    /// Why.
    pub reason: String,
    /// Name of the person who proposed it.
    pub proposer: String,
    /// When.
    pub proposed_at: Instant,
    /// Name of the person who decided.
    pub decider: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The reason of a rejection or withdrawal.
    pub decision_reason: Option<String>,
    /// The version it made.
    pub version: Option<u64>,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

/// A version of the rule book as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRuleVersion {
    /// Its number, 1 and up.
    pub number: u64,
    /// What it changed.
    pub change: RuleChange,
    /// Why.
    pub reason: String,
    /// When it was approved.
    pub approved_at: Instant,
}

/// A publicity window that was given a later last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicityExtension {
    /// The last day before, `YYYY-MM-DD`.
    pub end_before: String,
    /// The calendar by which it was computed.
    pub calendar_before: String,
    /// The last day now.
    pub end_after: String,
    /// The calendar in force when it was extended.
    pub calendar_after: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// What of a record would have another last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// The publicity window: the operator extends it.
    Publicity,
    /// The target day of a review: nothing is refused after it.
    Review,
}

/// A record whose window or target day differs from what a calendar gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedWindow {
    /// Project or report.
    pub kind: RecordKind,
    /// The record's id.
    pub record: String,
    /// The project's name.
    pub name: String,
    /// The project's code, if it has one.
    pub code: Option<String>,
    /// The record's state.
    pub state: String,
    /// Which of its days.
    pub window: WindowKind,
    /// The day as it was computed; `None` where the calendar did not reach so far.
    pub before: Option<String>,
    /// The day by the calendar asked about.
    pub after: String,
    /// The calendar by which it was computed, where that is kept.
    pub calendar: Option<String>,
    /// What the operator can do about it now; `None` where the day would be earlier, which is never done, or where it is a target.
    pub act: Option<Act>,
}

impl Registry {
    /// Everything in force now. The calendar in it is the one to count working days with.
    pub async fn rule_book(&self) -> Result<RuleBook, Error> {
        let mut connection = self.store.read().await?;
        in_force(&mut connection).await
    }

    /// The rule book of a version; 0 is the built-in one. `NotFound` if there is none.
    pub async fn rule_book_of(&self, version: u64) -> Result<RuleBook, Error> {
        let mut connection = self.store.read().await?;
        let up_to = i64::try_from(version).map_err(|_| Error::NotFound)?;
        let book = assembled(&store::contents(&mut connection, up_to).await?)?;
        if book.version == version {
            Ok(book)
        } else {
            Err(Error::NotFound)
        }
    }

    /// Every change, newest first. [`Error::Forbidden`] for others than registry operators.
    pub async fn rule_changes(&self, by: &By) -> Result<Vec<RuleChangeView>, Error> {
        check_operator(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::changes(&mut connection, CHANGES_MAX).await?;
        rows.into_iter().map(|row| change_view(by, row)).collect()
    }

    /// One change. [`Error::Forbidden`] for others than registry operators.
    pub async fn rule_change(&self, by: &By, id: &str) -> Result<RuleChangeView, Error> {
        check_operator(by)?;
        let mut connection = self.store.read().await?;
        let row = store::change(&mut connection, id).await?;
        change_view(by, row.ok_or(Error::NotFound)?)
    }

    /// The approvals of every body, as the rule book has them: what a form of an approval chooses from.
    pub async fn rule_approvals(&self) -> Result<Vec<Approval>, Error> {
        let mut connection = self.store.read().await?;
        let book = in_force(&mut connection).await?;
        known_approvals(&mut connection, &book).await
    }

    /// The organisations that are bodies: id and name, by name.
    pub async fn rule_bodies(&self) -> Result<Vec<(String, String)>, Error> {
        let mut connection = self.store.read().await?;
        let rows = people::vvb_all(&mut connection).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The open windows and target days that differ from what a book's calendar gives, oldest record first. With the book in force:
    /// what is still to be extended. [`Error::Forbidden`] for others than registry operators.
    pub async fn rule_windows(
        &self,
        by: &By,
        book: &RuleBook,
    ) -> Result<Vec<ChangedWindow>, Error> {
        check_operator(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::open_windows(&mut connection).await?;
        let mut changed = Vec::new();
        for row in rows {
            changed.extend(changed_window(row, book)?);
        }
        Ok(changed)
    }

    /// Proposes a change. Reads what [`RuleProposal::read`] reads; refuses at once what could never be approved.
    pub async fn rule_propose(&self, by: &By, fields: &Fields) -> Result<RuleReceipt, Error> {
        let deed = Deed::by(Act::RulePropose, by, fields)?;
        perform!(self, deed, |tx| {
            let book = in_force(tx.connection()).await?;
            let approvals = known_approvals(tx.connection(), &book).await?;
            let bodies = people::vvb_all(tx.connection()).await?;
            let bodies: BTreeMap<_, _> = bodies.into_iter().map(|row| (row.id, row.name)).collect();
            let proposal = RuleProposal::read(fields, &book, &approvals, &bodies)?;
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            let content = json_of(&proposal.change)?;
            let source = &proposal.change.source;
            let row = NewChange {
                id: &id,
                area: proposal.change.content.area().code(),
                document: &source.document.zh,
                document_number: &source.number,
                document_address: &source.address,
                effective_from: &proposal.change.effective_from.to_string(),
                reason: &proposal.reason,
                content: &content,
                proposed_by: by.user.as_str(),
                proposed_at: at,
                act_id: &act,
            };
            store::change_insert(tx.connection(), &row).await?;
            Ok(done(&id, "proposed", None, None))
        })
    }

    /// Another operator approves: the change makes the next version. Refuses `four_eyes` for the proposer, and what no longer fits
    /// what is in force.
    pub async fn rule_approve(&self, by: &By, change: &str) -> Result<RuleReceipt, Error> {
        let deed = Deed::by(Act::RuleApprove, by, &change)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            let book = in_force(tx.connection()).await?;
            let approvals = known_approvals(tx.connection(), &book).await?;
            let refusals = change_of(&row.content)?.check(&book, &approvals);
            if !refusals.is_empty() {
                let of_the_act = refusals.into_iter().map(|refusal| Refusal {
                    field: None,
                    ..refusal
                });
                return Err(of_the_act.collect::<Vec<_>>().into());
            }
            decide(tx, by, &row, "approved", None).await?;
            let version = book.version + 1;
            let number = i64::try_from(version).unwrap_or(i64::MAX);
            let (at, act) = (tx.at.0, tx.act.clone());
            store::version_insert(tx.connection(), number, &row.id, at, &act).await?;
            Ok(done(&row.id, "approved", Some(version), None))
        })
    }

    /// Another operator rejects. Reads `reason`.
    pub async fn rule_reject(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<RuleReceipt, Error> {
        let deed = Deed::by(Act::RuleReject, by, &(change, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "rejected", Some(&reason)).await?;
            Ok(done(&row.id, "rejected", None, Some(reason.clone())))
        })
    }

    /// The proposer withdraws. Reads `reason`.
    pub async fn rule_withdraw(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<RuleReceipt, Error> {
        let deed = Deed::by(Act::RuleWithdraw, by, &(change, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            withdrawn_by_proposer(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "withdrawn", Some(&reason)).await?;
            Ok(done(&row.id, "withdrawn", None, Some(reason.clone())))
        })
    }
}

impl PublicRuleVersion {
    /// A stored version as anyone may see it.
    pub(crate) fn of_stored(row: StoredRuleVersion) -> Result<Self, Error> {
        Ok(Self {
            number: number_of(row.number)?,
            change: change_of(&row.content)?,
            reason: row.reason,
            approved_at: Instant(row.at),
        })
    }
}

impl PublicityExtension {
    /// A stored extension as anyone may see it.
    pub(crate) fn of_stored(row: StoredExtension) -> Self {
        Self {
            end_before: row.end_before,
            calendar_before: row.calendar_before,
            end_after: row.end_after,
            calendar_after: row.calendar_after,
            reason: row.reason,
            at: Instant(row.at),
        }
    }
}

/// Everything in force, in the transaction of an act or for a page.
pub(crate) async fn in_force(connection: &mut AnyConnection) -> Result<RuleBook, Error> {
    assembled(&store::contents(connection, i64::MAX).await?)
}

/// Every approval in force, of one body if given, by the body's name, sector and first day.
pub(crate) async fn approvals(
    connection: &mut AnyConnection,
    organisation: Option<&str>,
) -> Result<Vec<ApprovalRow>, Error> {
    let stored = people::approvals_entered(connection).await?;
    let book = in_force(connection).await?;
    let mut names: BTreeMap<String, String> = book
        .approvals
        .iter()
        .map(|(change, _)| (change.organisation.clone(), change.name.clone()))
        .collect();
    for row in &stored {
        names.insert(row.organisation_id.clone(), row.organisation_name.clone());
    }
    let known = stored
        .into_iter()
        .map(approval_of)
        .collect::<Result<_, _>>()?;
    let mut rows: Vec<ApprovalRow> = approvals_after(known, &book.approvals)
        .into_iter()
        .filter(|row| organisation.is_none_or(|wanted| wanted == row.organisation))
        .map(|row| ApprovalRow {
            organisation_name: names.get(&row.organisation).cloned().unwrap_or_default(),
            organisation_id: row.organisation,
            sector: row.sector,
            approval_number: row.number,
            valid_from: row.from.to_string(),
            valid_to: row.to.map(|day| day.to_string()),
            source: row.source,
        })
        .collect();
    rows.sort_by(|one, other| {
        let key = |row: &ApprovalRow| {
            (
                row.organisation_name.clone(),
                row.sector.clone(),
                row.valid_from.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    Ok(rows)
}

/// Gives a publicity window a later last day. Reads `publicity_end` and `reason`. Refused: a day that is not later than the one the
/// window has, or that is not a working day of the calendar in force.
pub(crate) async fn extend_publicity(
    tx: &mut Tx,
    row: &mut RecordRow,
    fields: &Fields,
) -> Result<String, Error> {
    let typed = fields.get("publicity_end").map_or("", String::as_str);
    let mut refusals = Vec::new();
    let why = reason(fields)
        .map_err(|refusal| refusals.push(refusal))
        .ok();
    let book = in_force(tx.connection()).await?;
    let before = row.publicity_end.clone().unwrap_or_default();
    let read = domain::text::date("publicity_end", typed).and_then(|end| {
        let at_field = |refusal: Refusal| refusal.at("publicity_end");
        if end.to_string() <= before {
            return Err(at_field(
                Refusal::new(codes::PUBLICITY_NOT_LATER).with("end", &before),
            ));
        }
        if !book.calendar.is_working_day(end).map_err(at_field)? {
            return Err(at_field(
                Refusal::new(codes::CALENDAR_NOT_A_WORKING_DAY).with("date", end),
            ));
        }
        Ok(end)
    });
    let end = read.map_err(|refusal| refusals.push(refusal)).ok();
    let (Some(end), Some(why)) = (end, why) else {
        return Err(refusals.into());
    };
    let end = end.to_string();
    let calendar_before = row.calendar_version.clone().unwrap_or_default();
    let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
    let extension = store::NewExtension {
        id: &id,
        record_id: &row.id,
        end_before: &before,
        calendar_before: &calendar_before,
        end_after: &end,
        calendar_after: book.calendar.version(),
        reason: &why,
        at,
        act_id: &act,
    };
    store::extension_insert(tx.connection(), &extension).await?;
    row.publicity_end = Some(end.clone());
    row.calendar_version = Some(book.calendar.version().to_owned());
    Ok(format!("{before} → {end}: {why}"))
}

/// The record's day that differs from what the book gives, if one does.
fn changed_window(row: OpenWindowRow, book: &RuleBook) -> Result<Option<ChangedWindow>, Error> {
    let kind = RecordKind::from_code(&row.kind)
        .ok_or_else(|| Error::Store(format!("record kind {}", row.kind)))?;
    let start = row.publicity_start.as_deref().map(day_of).transpose()?;
    let received = row.received_on.as_deref().map(day_of).transpose()?;
    let in_review = row.state.starts_with("registration");
    let (window, before, after) = if in_review {
        let paused = u32::try_from(row.paused_days).unwrap_or(0);
        let due = |day: Date| {
            let clock = book.clock(Clock::REGISTRATION, day);
            clock.due(&book.calendar, day, paused).ok()
        };
        (WindowKind::Review, row.due_on, received.and_then(due))
    } else {
        let end = |day: Date| book.publicity_end(day).ok();
        (
            WindowKind::Publicity,
            row.publicity_end,
            start.and_then(end),
        )
    };
    let Some(after) = after.map(|day| day.to_string()) else {
        return Ok(None);
    };
    if before.as_ref() == Some(&after) {
        return Ok(None);
    }
    let later = before.as_ref().is_none_or(|before| *before < after);
    let act = match (window, kind) {
        (WindowKind::Publicity, RecordKind::Project) if later => Some(Act::ProjectExtendPublicity),
        (WindowKind::Publicity, RecordKind::Report) if later => Some(Act::ReportExtendPublicity),
        _ => None,
    };
    Ok(Some(ChangedWindow {
        kind,
        record: row.id,
        name: row.name,
        code: row.code,
        state: row.state,
        window,
        before,
        after,
        calendar: row.calendar_version.filter(|_| !in_review),
        act,
    }))
}

/// The approvals entered at first and by operators.
async fn known_approvals(
    connection: &mut AnyConnection,
    book: &RuleBook,
) -> Result<Vec<Approval>, Error> {
    let stored = people::approvals_entered(connection).await?;
    let known = stored
        .into_iter()
        .map(approval_of)
        .collect::<Result<_, _>>()?;
    Ok(approvals_after(known, &book.approvals))
}

fn approval_of(row: ApprovalRow) -> Result<Approval, Error> {
    Ok(Approval {
        from: day_of(&row.valid_from)?,
        to: row.valid_to.as_deref().map(day_of).transpose()?,
        organisation: row.organisation_id,
        sector: row.sector,
        number: row.approval_number,
        source: row.source,
    })
}

fn assembled(rows: &[(i64, String)]) -> Result<RuleBook, Error> {
    let mut book = RuleBook::initial().clone();
    for (number, content) in rows {
        book = book.with(number_of(*number)?, &change_of(content)?);
    }
    Ok(book)
}

fn number_of(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|_| Error::Store(format!("rule version {stored}")))
}

fn change_of(json: &str) -> Result<RuleChange, Error> {
    serde_json::from_str(json).map_err(|error| Error::Store(format!("rule change: {error}")))
}

fn check_operator(by: &By) -> Result<(), Error> {
    if by.role == Role::RegistryOperator {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// A change that is not decided yet.
async fn open(tx: &mut Tx, change: &str) -> Result<ChangeRow, Error> {
    let row = store::change(tx.connection(), change)
        .await?
        .ok_or(Error::NotFound)?;
    match &row.outcome {
        None => Ok(row),
        Some(outcome) => Err(Refusal::new(codes::RULE_DECIDED)
            .with("state", outcome)
            .into()),
    }
}

async fn decide(
    tx: &mut Tx,
    by: &By,
    row: &ChangeRow,
    outcome: &str,
    reason: Option<&str>,
) -> Result<(), Error> {
    let (decided_at, act) = (tx.at.0, tx.act.clone());
    let decision = NewDecision {
        change_id: &row.id,
        proposed_by: &row.proposed_by,
        outcome,
        decided_by: by.user.as_str(),
        decided_at,
        reason,
        act_id: &act,
    };
    Ok(store::decision_insert(tx.connection(), &decision).await?)
}

fn done(id: &str, status: &str, version: Option<u64>, note: Option<String>) -> Done<RuleReceipt> {
    Done {
        subject_kind: "rulebook",
        subject: SUBJECT.to_owned(),
        state: None,
        note,
        is_public: false,
        answer: RuleReceipt {
            id: id.to_owned(),
            status: status.to_owned(),
            version,
        },
    }
}

fn change_view(by: &By, row: ChangeRow) -> Result<RuleChangeView, Error> {
    let own = row.proposed_by == by.user.as_str();
    let allowed = match (&row.outcome, own) {
        (Some(_), _) => Vec::new(),
        (None, true) => vec![Act::RuleWithdraw],
        (None, false) => vec![Act::RuleApprove, Act::RuleReject],
    };
    let change = change_of(&row.content)?;
    if RuleArea::from_code(&row.area) != Some(change.content.area()) {
        return Err(Error::Store(format!(
            "rule change {} is no {}",
            row.id, row.area
        )));
    }
    Ok(RuleChangeView {
        status: row.outcome.unwrap_or_else(|| "proposed".to_owned()),
        change,
        version: row.version.map(number_of).transpose()?,
        id: row.id,
        reason: row.reason,
        proposer: row.proposer,
        proposed_at: Instant(row.proposed_at),
        decider: row.decider,
        decided_at: row.decided_at.map(Instant),
        decision_reason: row.decision_reason,
        allowed,
    })
}

/// What a proposed change would make of the book in force: for the page that shows before and after.
pub fn book_after(book: &RuleBook, change: &RuleChange) -> RuleBook {
    book.clone().with(book.version + 1, change)
}

/// Whether a change touches the windows that are counted in working days.
pub fn moves_windows(change: &RuleChange) -> bool {
    matches!(
        change.content,
        RuleContent::Calendar { .. } | RuleContent::TimeLimit { .. }
    )
}
