//! Files that belong to a project or a monitoring report: which kinds there are and which of them anyone may read.

use crate::refusal::{Refusal, codes};

/// Longest title, characters.
pub const TITLE_MAX: usize = 200;
/// Most files of one record at a time.
pub const COUNT_MAX: i64 = 100;

/// Most bytes of the files of one event together: they are packed into one archive. 100 MiB.
pub const EVENT_BYTES_MAX: i64 = 100 * 1024 * 1024;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachmentKind {
    /// The approval of the project by the authority.
    Approval,
    /// The owner's statement that the project is in no other mechanism.
    Uniqueness,
    /// The calculation sheet.
    Calculation,
    /// Environmental assessment.
    Environment,
    /// Who owns or may use the land or sea; holds personal data.
    Tenure,
    /// Proof of the start: construction log, work order.
    Start,
    /// Acceptance reports and inspection records.
    Acceptance,
    /// Design documents of the works.
    Design,
    /// Boundary and plots as vector files; places of endangered species and the like may be in them.
    Boundary,
    /// Meter records, plot data, sampling sheets.
    Monitoring,
    /// Anything else.
    Other,
}

impl AttachmentKind {
    /// Every kind, in the order of the form.
    pub const ALL: &[Self] = &[
        Self::Approval,
        Self::Uniqueness,
        Self::Calculation,
        Self::Environment,
        Self::Tenure,
        Self::Start,
        Self::Acceptance,
        Self::Design,
        Self::Boundary,
        Self::Monitoring,
        Self::Other,
    ];

    /// The stable text in the database and the interface catalogue (`attachment.kind_<code>`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Uniqueness => "uniqueness",
            Self::Calculation => "calculation",
            Self::Environment => "environment",
            Self::Tenure => "tenure",
            Self::Start => "start",
            Self::Acceptance => "acceptance",
            Self::Design => "design",
            Self::Boundary => "boundary",
            Self::Monitoring => "monitoring",
            Self::Other => "other",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether anyone may read such a file once its record is public. Our own choice, on the careful side: what the
    /// public needs to judge the claim, and nothing that holds persons, contracts or exact places.
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::Approval | Self::Uniqueness | Self::Calculation | Self::Environment
        )
    }

    /// The kind typed into a form.
    pub fn read(typed: &str) -> Result<Self, Refusal> {
        match typed.trim() {
            "" => Err(Refusal::new(codes::REQUIRED).at("kind")),
            typed => {
                Self::from_code(typed).ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at("kind"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_persons_or_places_is_never_public() {
        for kind in [
            AttachmentKind::Tenure,
            AttachmentKind::Boundary,
            AttachmentKind::Monitoring,
            AttachmentKind::Other,
        ] {
            assert!(!kind.is_public(), "{}", kind.code());
        }
    }

    #[test]
    fn every_kind_is_found_by_its_code_and_nothing_else_is() {
        for kind in AttachmentKind::ALL {
            assert_eq!(AttachmentKind::read(kind.code()), Ok(*kind));
        }
        assert!(AttachmentKind::read("").is_err());
        assert!(AttachmentKind::read("Approval").is_err());
    }
}
