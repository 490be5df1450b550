//! Identities: one type per kind of thing, so that a project id cannot be passed as a report id.
//!
//! An id is an opaque text made by the caller (a version 7 UUID in practice). Nothing here reads
//! meaning from it, except that it is ordered, so that equal inputs give equal outputs.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text of an id; any text is taken as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as stored and as written in addresses.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

ids! {
    /// A person who signs in; belongs to one organisation.
    UserId;
    /// A legal person or other organisation; has one role.
    OrganisationId;
    /// An application for a project and, later, the registered project.
    ProjectId;
    /// A monitoring report: the application for the reductions of one period.
    ReportId;
    /// One entry of the append-only record of acts.
    ActId;
    /// A class of interchangeable credits: one project and one year of generation.
    ClassId;
    /// A ledger account: one holder, one class, one kind.
    LedgerAccountId;
    /// A ledger transfer: one debit account, one credit account, one amount.
    LedgerTransferId;
    /// A block of consecutive serial numbers of one class, in one account.
    SerialBlockId;
    /// A retirement, and the certificate that shows it.
    RetirementId;
    /// A comment made by the public during publicity.
    OpinionId;
    /// A stored calculation: methodology version, parameters, inputs, steps and result.
    CalculationId;
    /// A signed-in session.
    SessionId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_text_in_display_and_in_json() {
        let id = ProjectId::new("p-1");
        assert_eq!(id.to_string(), "p-1");
        assert_eq!(serde_json::to_string(&id).ok().as_deref(), Some("\"p-1\""));
        assert_eq!(ProjectId::from("p-1"), id);
    }
}
