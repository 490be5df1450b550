//! Changes of a registered project. No article of the Measures or of the registration rules regulates them, and the text of the design guide
//! (项目设计与实施指南) was not found: this procedure is this platform's own, and its pages say so.

use crate::refusal::{Refusal, codes};

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The owner has another name.
    OwnerName,
    /// Another organisation owns the project.
    OwnerTransfer,
    /// The place was written down wrongly.
    LocationCorrection,
    /// The monitoring plan.
    MonitoringPlan,
    /// The installed capacity or the boundary.
    Capacity,
    /// Another version of the methodology.
    MethodologyVersion,
}

impl ChangeKind {
    /// Every kind, in the order of the form.
    pub const ALL: &[Self] = &[
        Self::OwnerName,
        Self::OwnerTransfer,
        Self::LocationCorrection,
        Self::MonitoringPlan,
        Self::Capacity,
        Self::MethodologyVersion,
    ];

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnerName => "owner_name",
            Self::OwnerTransfer => "owner_transfer",
            Self::LocationCorrection => "location_correction",
            Self::MonitoringPlan => "monitoring_plan",
            Self::Capacity => "capacity",
            Self::MethodologyVersion => "methodology_version",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether a validation and verification body must give its opinion before the registry decides. The monitoring plan is judged by the next
    /// verification instead (CNCA-CCER-01:2023 5.4, 5.5).
    pub const fn needs_opinion(self) -> bool {
        matches!(self, Self::Capacity | Self::MethodologyVersion)
    }

    /// Whether no new reductions may be applied for until it is decided.
    pub const fn blocks_reductions(self) -> bool {
        matches!(self, Self::Capacity)
    }
}

/// How far a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeState {
    /// A body is to give its opinion.
    AwaitingOpinion,
    /// The registry is to decide.
    AwaitingDecision,
    /// It holds.
    Approved,
    /// It does not hold.
    Refused,
    /// The owner took it back.
    Withdrawn,
}

/// What happens to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeEvent {
    /// The body gives its opinion.
    Assess,
    /// The registry approves.
    Approve,
    /// The registry refuses.
    Refuse,
    /// The owner takes it back.
    Withdraw,
}

impl ChangeEvent {
    /// Every event.
    pub const ALL: &[Self] = &[Self::Assess, Self::Approve, Self::Refuse, Self::Withdraw];
}

impl ChangeState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::AwaitingOpinion,
        Self::AwaitingDecision,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Where a change of a kind begins.
    pub const fn first(kind: ChangeKind) -> Self {
        if kind.needs_opinion() {
            Self::AwaitingOpinion
        } else {
            Self::AwaitingDecision
        }
    }

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AwaitingOpinion => "awaiting_opinion",
            Self::AwaitingDecision => "awaiting_decision",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether nothing more can happen.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Approved | Self::Refused | Self::Withdrawn)
    }

    /// The state after an event; `change_decided` once it is over, `change_needs_opinion` if the registry would approve before the body has spoken.
    /// A refusal needs no opinion.
    pub fn after(self, event: ChangeEvent) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::AwaitingOpinion, ChangeEvent::Assess) => Ok(Self::AwaitingDecision),
            (Self::AwaitingDecision, ChangeEvent::Approve) => Ok(Self::Approved),
            (Self::AwaitingOpinion | Self::AwaitingDecision, ChangeEvent::Refuse) => {
                Ok(Self::Refused)
            }
            (Self::AwaitingOpinion | Self::AwaitingDecision, ChangeEvent::Withdraw) => {
                Ok(Self::Withdrawn)
            }
            (Self::AwaitingOpinion, ChangeEvent::Approve) => {
                Err(Refusal::new(codes::CHANGE_NEEDS_OPINION))
            }
            (Self::AwaitingDecision, ChangeEvent::Assess)
            | (Self::Approved | Self::Refused | Self::Withdrawn, _) => {
                Err(Refusal::new(codes::CHANGE_DECIDED).with("state", self.code()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_event_is_considered() {
        use ChangeEvent::{Approve, Assess, Refuse, Withdraw};
        use ChangeState::{Approved, AwaitingDecision, AwaitingOpinion, Refused, Withdrawn};
        let allowed = [
            (AwaitingOpinion, Assess, AwaitingDecision),
            (AwaitingOpinion, Refuse, Refused),
            (AwaitingOpinion, Withdraw, Withdrawn),
            (AwaitingDecision, Approve, Approved),
            (AwaitingDecision, Refuse, Refused),
            (AwaitingDecision, Withdraw, Withdrawn),
        ];
        for from in ChangeState::ALL {
            for event in ChangeEvent::ALL {
                let row = allowed.iter().find(|row| (row.0, row.1) == (*from, *event));
                let after = from.after(*event).ok();
                assert_eq!(after, row.map(|row| row.2), "{from:?} {event:?}");
            }
            assert_eq!(ChangeState::from_code(from.code()), Some(*from));
        }
    }

    #[test]
    fn capacity_and_methodology_need_a_body_and_only_capacity_blocks_reductions() {
        for kind in ChangeKind::ALL {
            assert_eq!(ChangeKind::from_code(kind.code()), Some(*kind));
            let first = ChangeState::first(*kind);
            let needs = matches!(kind, ChangeKind::Capacity | ChangeKind::MethodologyVersion);
            assert_eq!(first == ChangeState::AwaitingOpinion, needs, "{kind:?}");
            assert_eq!(kind.blocks_reductions(), *kind == ChangeKind::Capacity);
        }
    }
}
