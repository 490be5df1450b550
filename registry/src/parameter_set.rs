//! Parameter sets: numbers of the methodologies that the registry operator replaces, and scenes it defines, four eyes.
//!
//! The newest set serves every calculation made after its approval. A stored calculation names its set in its outcome and is run
//! again with that one. Nothing is kept in the process: several copies of the server read the same few rows.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::parameter_change::{ParameterProposal, decided_by_another, withdrawn_by_proposer};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal, Role};
use methodologies::inclusion::SceneVersion;
use methodologies::{Outcome, Parameters, Replacement};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::record::reason;
use crate::store::parameters::{self as store, ChangeRow, NewChange, NewDecision};
use crate::store::public::StoredParameterSet;
use crate::{By, Error, Fields, Registry};

/// The chain of acts that all changes share: one after the other, so two approvals cannot both make the next set.
const SUBJECT: &str = "parameters";
/// More changes than pages show.
const CHANGES_MAX: i64 = 500;

/// The answer to an act on a parameter change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterReceipt {
    /// The change.
    pub id: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// The set it made; `None` unless approved.
    pub set: Option<u64>,
}

/// A change as registry operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterChange {
    /// Its id.
    pub id: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// Title of the document.
    pub document: String,
    /// Its number or reference.
    pub document_number: String,
    /// First day on which the numbers hold, `YYYY-MM-DD`.
    pub effective_from: String,
    /// Why.
    pub reason: String,
    /// The numbers.
    pub replacements: Vec<Replacement>,
    /// The scenes.
    pub scenes: Vec<SceneVersion>,
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
    /// The set it made.
    pub set: Option<u64>,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

/// A set as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicParameterSet {
    /// Its number, 1 and up.
    pub number: u64,
    /// Title of the document it rests on.
    pub document: String,
    /// Its number or reference.
    pub document_number: String,
    /// First day on which its numbers hold, `YYYY-MM-DD`.
    pub effective_from: String,
    /// Why the numbers were replaced.
    pub reason: String,
    /// The numbers this set replaced (those of earlier sets still hold beside them).
    pub replacements: Vec<Replacement>,
    /// The scenes this set defined.
    pub scenes: Vec<SceneVersion>,
    /// When it was approved: it serves calculations made from then on.
    pub approved_at: Instant,
}

impl Registry {
    /// The set that serves calculations made now.
    pub async fn parameters_in_force(&self) -> Result<Parameters, Error> {
        let mut connection = self.store.read().await?;
        in_force(&mut connection).await
    }

    /// The set with this number; 0 is the built-in one. `NotFound` if there is none.
    pub async fn parameters_of_set(&self, number: u64) -> Result<Parameters, Error> {
        let mut connection = self.store.read().await?;
        of_set(&mut connection, number).await
    }

    /// Every change, newest first. [`Error::Forbidden`] for others than registry operators.
    pub async fn parameter_changes(&self, by: &By) -> Result<Vec<ParameterChange>, Error> {
        check_operator(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::changes(&mut connection, CHANGES_MAX).await?;
        rows.into_iter().map(|row| change_view(by, row)).collect()
    }

    /// One change. [`Error::Forbidden`] for others than registry operators.
    pub async fn parameter_change(&self, by: &By, id: &str) -> Result<ParameterChange, Error> {
        check_operator(by)?;
        let mut connection = self.store.read().await?;
        let row = store::change(&mut connection, id).await?;
        change_view(by, row.ok_or(Error::NotFound)?)
    }

    /// Proposes a change. Reads what [`ParameterProposal::read`] reads; refuses at once what could never be approved.
    pub async fn parameters_propose(
        &self,
        by: &By,
        fields: &Fields,
    ) -> Result<ParameterReceipt, Error> {
        let deed = Deed::by(Act::ParametersPropose, by, fields)?;
        perform!(self, deed, |tx| {
            let set = in_force(tx.connection()).await?;
            let proposal = ParameterProposal::read(fields, &set)?;
            let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
            let replacements = serde_json::to_string(&proposal.replacements)
                .map_err(|error| Error::Store(format!("replacements: {error}")))?;
            let scenes = serde_json::to_string(&proposal.scenes)
                .map_err(|error| Error::Store(format!("scenes: {error}")))?;
            let row = NewChange {
                id: &id,
                document: &proposal.document,
                document_number: &proposal.document_number,
                effective_from: &methodologies::day::to_text(proposal.effective_from),
                reason: &proposal.reason,
                replacements: &replacements,
                scenes: &scenes,
                proposed_by: by.user.as_str(),
                proposed_at: at,
                act_id: &act,
            };
            store::change_insert(tx.connection(), &row).await?;
            Ok(done(&id, "proposed", None, None))
        })
    }

    /// Another operator approves: the change makes the next set. Refuses `four_eyes` for the proposer, and what no longer fits the
    /// set in force.
    pub async fn parameters_approve(
        &self,
        by: &By,
        change: &str,
    ) -> Result<ParameterReceipt, Error> {
        let deed = Deed::by(Act::ParametersApprove, by, &change)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            let set = in_force(tx.connection()).await?;
            let next = set.next(
                &replacements_of(&row.replacements)?,
                &scenes_of(&row.scenes)?,
            );
            next.check().map_err(|errors| {
                let refusals = errors.into_iter().map(|error| {
                    let mut refusal = Refusal::from(error);
                    refusal.field = None;
                    refusal
                });
                refusals.collect::<Vec<_>>()
            })?;
            decide(tx, by, &row, "approved", None).await?;
            let number = i64::try_from(next.set).unwrap_or(i64::MAX);
            let (at, act) = (tx.at.0, tx.act.clone());
            store::set_insert(tx.connection(), number, &row.id, at, &act).await?;
            Ok(done(&row.id, "approved", Some(next.set), None))
        })
    }

    /// Another operator rejects. Reads `reason`.
    pub async fn parameters_reject(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<ParameterReceipt, Error> {
        let deed = Deed::by(Act::ParametersReject, by, &(change, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "rejected", Some(&reason)).await?;
            Ok(done(&row.id, "rejected", None, Some(reason.clone())))
        })
    }

    /// The proposer withdraws. Reads `reason`.
    pub async fn parameters_withdraw(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<ParameterReceipt, Error> {
        let deed = Deed::by(Act::ParametersWithdraw, by, &(change, fields))?;
        let reason = reason(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            withdrawn_by_proposer(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "withdrawn", Some(&reason)).await?;
            Ok(done(&row.id, "withdrawn", None, Some(reason.clone())))
        })
    }
}

impl PublicParameterSet {
    /// A stored set as anyone may see it.
    pub(crate) fn of_stored(row: StoredParameterSet) -> Result<Self, Error> {
        Ok(Self {
            number: number_of(row.number)?,
            replacements: replacements_of(&row.replacements)?,
            scenes: scenes_of(&row.scenes)?,
            document: row.document,
            document_number: row.document_number,
            effective_from: row.effective_from,
            reason: row.reason,
            approved_at: Instant(row.at),
        })
    }
}

/// The newest set, in the transaction of an act or for a page.
pub(crate) async fn in_force(connection: &mut AnyConnection) -> Result<Parameters, Error> {
    let rows = store::changes_of_sets(connection, i64::MAX).await?;
    assembled(&rows)
}

/// The set with this number.
pub(crate) async fn of_set(
    connection: &mut AnyConnection,
    number: u64,
) -> Result<Parameters, Error> {
    let up_to = i64::try_from(number).map_err(|_| Error::NotFound)?;
    let rows = store::changes_of_sets(connection, up_to).await?;
    let set = assembled(&rows)?;
    if set.set == number {
        Ok(set)
    } else {
        Err(Error::NotFound)
    }
}

/// Every set by number, for the audit.
pub(crate) async fn every_set(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u64, Parameters>, Error> {
    let rows = store::changes_of_sets(connection, i64::MAX).await?;
    let sets = (0..=rows.len()).map(|count| {
        let set = assembled(&rows[..count])?;
        Ok((set.set, set))
    });
    sets.collect()
}

/// The set that a stored outcome names.
pub(crate) fn set_of_outcome(outcome: &str) -> Result<u64, Error> {
    serde_json::from_str::<Outcome>(outcome)
        .map(|outcome| outcome.parameter_set)
        .map_err(|error| Error::Store(format!("stored outcome: {error}")))
}

fn assembled(rows: &[(i64, String, String)]) -> Result<Parameters, Error> {
    let mut set = Parameters::default();
    for (number, replacements, scenes) in rows {
        set.add(replacements_of(replacements)?, scenes_of(scenes)?);
        set.set = number_of(*number)?;
    }
    Ok(set)
}

fn number_of(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|_| Error::Store(format!("parameter set {stored}")))
}

fn replacements_of(json: &str) -> Result<Vec<Replacement>, Error> {
    serde_json::from_str(json).map_err(|error| Error::Store(format!("replacements: {error}")))
}

fn scenes_of(json: &str) -> Result<Vec<SceneVersion>, Error> {
    serde_json::from_str(json).map_err(|error| Error::Store(format!("scenes: {error}")))
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
        Some(outcome) => Err(Refusal::new(codes::PARAMETERS_DECIDED)
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

fn done(id: &str, status: &str, set: Option<u64>, note: Option<String>) -> Done<ParameterReceipt> {
    Done {
        subject_kind: "parameters",
        subject: SUBJECT.to_owned(),
        state: None,
        note,
        is_public: false,
        answer: ParameterReceipt {
            id: id.to_owned(),
            status: status.to_owned(),
            set,
        },
    }
}

fn change_view(by: &By, row: ChangeRow) -> Result<ParameterChange, Error> {
    let own = row.proposed_by == by.user.as_str();
    let allowed = match (&row.outcome, own) {
        (Some(_), _) => Vec::new(),
        (None, true) => vec![Act::ParametersWithdraw],
        (None, false) => vec![Act::ParametersApprove, Act::ParametersReject],
    };
    Ok(ParameterChange {
        status: row.outcome.unwrap_or_else(|| "proposed".to_owned()),
        replacements: replacements_of(&row.replacements)?,
        scenes: scenes_of(&row.scenes)?,
        set: row.set_number.map(number_of).transpose()?,
        id: row.id,
        document: row.document,
        document_number: row.document_number,
        effective_from: row.effective_from,
        reason: row.reason,
        proposer: row.proposer,
        proposed_at: Instant(row.proposed_at),
        decider: row.decider,
        decided_at: row.decided_at.map(Instant),
        decision_reason: row.decision_reason,
        allowed,
    })
}
