//! Whose record of a trip is better: a provider has the last place until two operators agreed on another.

use domain::id::UserId;
use domain::parameter_change::{decided_by_another, withdrawn_by_proposer};
use domain::refusal::codes;
use domain::text::required_text;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::reason_of;
use super::view::operator_only;
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::inclusion::person;
use crate::store::inclusion::precedence::{self as store, ChangeRow, NewChange, NewDecision};
use crate::{By, Error, Fields, Registry};

/// Where a provider stands that nobody agreed on.
pub(super) const LAST: i64 = 5;
/// Changes that a page shows.
const SHOWN: i64 = 100;

/// The answer to an act on the place of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecedenceReceipt {
    /// The change.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
}

/// A change of place as operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrecedenceChange {
    /// Its id.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// 1 gates, 2 ride code, 3 payment, 4 navigation, 5 steps.
    pub precedence: i64,
    /// Why.
    pub reason: String,
    /// `proposed`, `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// Name of the person who proposed it.
    pub proposer: String,
    /// When.
    pub proposed_at: Instant,
    /// Name of the person who decided.
    pub decider: Option<String>,
    /// The reason of a rejection or withdrawal.
    pub decision_reason: Option<String>,
    /// What this viewer may do now.
    pub allowed: Vec<Act>,
}

impl Registry {
    /// Proposes another place for a provider. Reads `precedence` (1 to 5, not the one it has) and `reason`. Refuses `precedence_open`
    /// while another proposal waits, and `provider_unknown`.
    pub async fn precedence_propose(
        &self,
        by: &By,
        provider: &str,
        fields: &Fields,
    ) -> Result<PrecedenceReceipt, Error> {
        let deed = Deed::by(Act::PrecedencePropose, by, &(provider, fields))?;
        let place = read_place(fields);
        let reason = required_text(
            "reason",
            fields.get("reason").map_or("", String::as_str),
            300,
        );
        let (place, reason) = match (place, reason) {
            (Ok(place), Ok(reason)) => (place, reason),
            (place, reason) => {
                let refusals = [place.err(), reason.err()];
                return Err(refusals.into_iter().flatten().collect::<Vec<_>>().into());
            }
        };
        perform!(self, deed, |tx| {
            let row = person::provider(tx.connection(), provider).await?;
            let row = row
                .filter(|row| row.state == "active")
                .ok_or_else(|| Refusal::new(codes::PROVIDER_UNKNOWN))?;
            if row.precedence == place {
                return Err(invalid(&place.to_string()).into());
            }
            if store::open_of(tx.connection(), provider).await?.is_some() {
                return Err(Refusal::new(codes::PRECEDENCE_OPEN).into());
            }
            let id = propose(tx, by, provider, place, &reason).await?;
            Ok(done(id, provider, "proposed", None))
        })
    }

    /// Another operator agrees: the provider has its place from now on, for acts that come in. Refuses `four_eyes` for the proposer.
    pub async fn precedence_approve(
        &self,
        by: &By,
        change: &str,
    ) -> Result<PrecedenceReceipt, Error> {
        let deed = Deed::by(Act::PrecedenceApprove, by, &change)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "approved", None).await?;
            store::place_set(tx.connection(), &row.provider_id, row.precedence).await?;
            Ok(done(row.id, &row.provider_id, "approved", None))
        })
    }

    /// Another operator rejects. Reads `reason`.
    pub async fn precedence_reject(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<PrecedenceReceipt, Error> {
        let deed = Deed::by(Act::PrecedenceReject, by, &(change, fields))?;
        let reason = reason_of(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            decided_by_another(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "rejected", Some(&reason)).await?;
            Ok(done(
                row.id,
                &row.provider_id,
                "rejected",
                Some(reason.clone()),
            ))
        })
    }

    /// The proposer withdraws. Reads `reason`.
    pub async fn precedence_withdraw(
        &self,
        by: &By,
        change: &str,
        fields: &Fields,
    ) -> Result<PrecedenceReceipt, Error> {
        let deed = Deed::by(Act::PrecedenceWithdraw, by, &(change, fields))?;
        let reason = reason_of(fields)?;
        perform!(self, deed, |tx| {
            let row = open(tx, change).await?;
            withdrawn_by_proposer(&UserId::from(row.proposed_by.as_str()), &by.user)?;
            decide(tx, by, &row, "withdrawn", Some(&reason)).await?;
            Ok(done(
                row.id,
                &row.provider_id,
                "withdrawn",
                Some(reason.clone()),
            ))
        })
    }

    /// Changes of place, newest first. [`Error::Forbidden`] for others than operators.
    pub async fn precedence_changes(&self, by: &By) -> Result<Vec<PrecedenceChange>, Error> {
        operator_only(by)?;
        let mut connection = self.store.read().await?;
        let rows = store::changes(&mut connection, SHOWN).await?;
        Ok(rows.into_iter().map(|row| view(by, row)).collect())
    }
}

/// Enters a proposal; answers with its id.
pub(super) async fn propose(
    tx: &mut Tx,
    by: &By,
    provider: &str,
    precedence: i64,
    reason: &str,
) -> Result<String, Error> {
    let (id, at, act) = (new_id(), tx.at.0, tx.act.clone());
    let row = NewChange {
        id: &id,
        provider,
        precedence,
        reason,
        proposed_by: by.user.as_str(),
        proposed_at: at,
        act_id: &act,
    };
    store::change_insert(tx.connection(), &row).await?;
    Ok(id)
}

/// `precedence` as typed, 1 to 5.
pub(super) fn read_place(fields: &Fields) -> Result<i64, Refusal> {
    let typed = fields.get("precedence").map_or("", |text| text.trim());
    typed
        .parse::<i64>()
        .ok()
        .filter(|one| (1..=LAST).contains(one))
        .ok_or_else(|| invalid(typed))
}

fn invalid(typed: &str) -> Refusal {
    Refusal::new(codes::CHOICE_INVALID)
        .at("precedence")
        .with("value", typed.chars().take(40).collect::<String>())
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

fn done(id: String, provider: &str, status: &str, note: Option<String>) -> Done<PrecedenceReceipt> {
    Done {
        subject_kind: "provider",
        subject: provider.to_owned(),
        state: None,
        note,
        is_public: false,
        answer: PrecedenceReceipt {
            id,
            provider: provider.to_owned(),
            status: status.to_owned(),
        },
    }
}

fn view(by: &By, row: ChangeRow) -> PrecedenceChange {
    let own = row.proposed_by == by.user.as_str();
    PrecedenceChange {
        allowed: match (&row.outcome, own) {
            (Some(_), _) => Vec::new(),
            (None, true) => vec![Act::PrecedenceWithdraw],
            (None, false) => vec![Act::PrecedenceApprove, Act::PrecedenceReject],
        },
        status: row.outcome.unwrap_or_else(|| "proposed".to_owned()),
        id: row.id,
        provider: row.provider_id,
        precedence: row.precedence,
        reason: row.reason,
        proposer: row.proposer,
        proposed_at: Instant(row.proposed_at),
        decider: row.decider,
        decision_reason: row.decision_reason,
    }
}
