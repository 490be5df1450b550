//! Complaints (举报): anyone may report wrongdoing about a public project at any time (Measures art. 41). The steps of their handling are this
//! platform's own; no official procedure was found.

use crate::refusal::{Refusal, codes};

/// What a complaint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintKind {
    /// Facts in the documents are false.
    FalseMaterial,
    /// The same reductions are claimed twice.
    DoubleClaim,
    /// Harm to people or nature.
    Harm,
    /// The conduct of a validation or verification body.
    BodyConduct,
    /// Anything else.
    Other,
}

impl ComplaintKind {
    /// Every kind, in the order of the form.
    pub const ALL: &[Self] = &[
        Self::FalseMaterial,
        Self::DoubleClaim,
        Self::Harm,
        Self::BodyConduct,
        Self::Other,
    ];

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FalseMaterial => "false_material",
            Self::DoubleClaim => "double_claim",
            Self::Harm => "harm",
            Self::BodyConduct => "body_conduct",
            Self::Other => "other",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// How far the registry is with a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintState {
    /// It came in.
    Received,
    /// The registry looks into it.
    UnderInvestigation,
    /// Answered; the answer is public.
    Answered,
}

impl ComplaintState {
    /// Every state, in their order.
    pub const ALL: &[Self] = &[Self::Received, Self::UnderInvestigation, Self::Answered];

    /// The stable text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::UnderInvestigation => "under_investigation",
            Self::Answered => "answered",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Forward only; an answer may come at once.
    pub fn next(self, to: Self) -> Result<Self, Refusal> {
        match (self, to) {
            (Self::Received, Self::UnderInvestigation | Self::Answered)
            | (Self::UnderInvestigation, Self::Answered) => Ok(to),
            _ => Err(Refusal::new(codes::STALE_FORM)),
        }
    }
}

/// Contacts as they are compared: an author who is suspended writes from the same address or number, whatever its case and spaces.
pub fn comparable_contact(typed: &str) -> String {
    crate::text::narrow(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_goes_forward_and_its_answer_is_the_end() {
        use ComplaintState::{Answered, Received, UnderInvestigation};
        for from in ComplaintState::ALL {
            for to in ComplaintState::ALL {
                let allowed = matches!(
                    (from, to),
                    (Received, UnderInvestigation | Answered) | (UnderInvestigation, Answered)
                );
                assert_eq!(from.next(*to).is_ok(), allowed, "{from:?} {to:?}");
            }
            assert_eq!(ComplaintState::from_code(from.code()), Some(*from));
        }
        for kind in ComplaintKind::ALL {
            assert_eq!(ComplaintKind::from_code(kind.code()), Some(*kind));
        }
    }

    #[test]
    fn a_contact_is_known_however_it_is_written() {
        assert_eq!(
            comparable_contact(" Wang＠Demo.Huitan "),
            comparable_contact("wang@demo.huitan")
        );
        assert_eq!(
            comparable_contact("138-0000 0000"),
            comparable_contact("13800000000")
        );
    }
}
