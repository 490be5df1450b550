//! Approvals of validation and verification bodies by sector: begun, ended, written anew; never deleted.

use serde::{Deserialize, Serialize};
use time::Date;

use super::RuleSource;
use crate::refusal::{Refusal, codes};

/// An approval of a body for a sector. A body, a sector and a first day name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// The body's organisation id.
    pub organisation: String,
    /// The sector's code.
    pub sector: String,
    /// The approval number.
    pub number: String,
    /// The first day.
    #[serde(with = "crate::calendar::iso_day")]
    pub from: Date,
    /// The last day; `None`: no end.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub to: Option<Date>,
    /// The announcement that says so.
    pub source: String,
}

/// What happens to an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalAction {
    /// A new one begins.
    Add,
    /// One gets a last day.
    End,
    /// One was entered wrongly: its number and its days are written anew.
    Correct,
}

impl ApprovalAction {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Add, Self::End, Self::Correct];

    /// The stable text in forms and in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::End => "end",
            Self::Correct => "correct",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// A change of one approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalChange {
    /// What happens.
    pub action: ApprovalAction,
    /// The body's organisation id.
    pub organisation: String,
    /// The body's name when it was proposed.
    pub name: String,
    /// The sector's code.
    pub sector: String,
    /// The approval number; as it was, when an approval ends.
    pub number: String,
    /// The first day; as it was, when an approval ends.
    #[serde(with = "crate::calendar::iso_day")]
    pub from: Date,
    /// The last day; `None`: no end.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub to: Option<Date>,
    /// The first day by which the approval that ends or is corrected was known.
    #[serde(with = "crate::calendar::iso_day::option")]
    pub known_from: Option<Date>,
}

impl ApprovalChange {
    fn is_about(&self, row: &Approval) -> bool {
        row.organisation == self.organisation
            && row.sector == self.sector
            && self.known_from == Some(row.from)
    }

    /// Refuses what does not fit the approvals in force: one that is not there, days in the wrong order, an end later than the one
    /// known, two approvals of one body and sector at the same time.
    pub fn check(&self, rows: &[Approval]) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.to.is_some_and(|to| to < self.from) {
            refusals.push(
                Refusal::new(codes::RULE_DAYS_IN_WRONG_ORDER)
                    .at("valid_to")
                    .with("from", self.from),
            );
        }
        let known = rows.iter().find(|row| self.is_about(row));
        match (self.action, known) {
            (ApprovalAction::End | ApprovalAction::Correct, None) => {
                refusals.push(Refusal::new(codes::APPROVAL_UNKNOWN).at("approval"));
            }
            (ApprovalAction::End, Some(known)) => match (self.to, known.to) {
                (None, _) => refusals.push(Refusal::new(codes::REQUIRED).at("valid_to")),
                (Some(to), Some(last)) if to >= last => refusals.push(
                    Refusal::new(codes::APPROVAL_ENDS_BEFORE)
                        .at("valid_to")
                        .with("date", last),
                ),
                _ => {}
            },
            _ => {}
        }
        let overlaps = |row: &&Approval| {
            row.organisation == self.organisation
                && row.sector == self.sector
                && !self.is_about(row)
                && self.to.is_none_or(|to| row.from <= to)
                && row.to.is_none_or(|to| self.from <= to)
        };
        if self.action != ApprovalAction::End
            && let Some(other) = rows.iter().find(overlaps)
        {
            refusals.push(
                Refusal::new(codes::APPROVAL_OVERLAPS)
                    .at("valid_from")
                    .with("from", other.from),
            );
        }
        refusals
    }
}

/// The approvals in force: those known at first, and the changes in the order of their approval.
pub fn approvals_after(
    mut rows: Vec<Approval>,
    changes: &[(ApprovalChange, RuleSource)],
) -> Vec<Approval> {
    for (change, source) in changes {
        let next = Approval {
            organisation: change.organisation.clone(),
            sector: change.sector.clone(),
            number: change.number.clone(),
            from: change.from,
            to: change.to,
            source: format!("{} {}", source.document.zh, source.number),
        };
        match rows.iter_mut().find(|row| change.is_about(row)) {
            Some(row) if change.action != ApprovalAction::Add => *row = next,
            _ => rows.push(next),
        }
    }
    rows
}
