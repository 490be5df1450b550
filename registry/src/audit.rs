//! Is everything still true? Recomputes what is kept and lists every difference.

use serde::Serialize;

use crate::{Error, Registry};

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which check: `balance`, `block_tiling`, `block_account`, `class_sum`, `issued_within_verified`, `retirement`, `calculation`,
    /// `act_chain`, `act_effect`.
    pub check: &'static str,
    /// What it is about: an account, class, calculation or record.
    pub subject: String,
    /// What it must be.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Ledger accounts recomputed.
    pub accounts: u64,
    /// Transfers read.
    pub transfers: u64,
    /// Serial blocks walked.
    pub blocks: u64,
    /// Calculations run again.
    pub calculations: u64,
    /// Acts whose hash was recomputed.
    pub acts: u64,
    /// Every difference; empty when all is well.
    pub differences: Vec<Difference>,
}

impl Registry {
    /// Recomputes every balance from the transfers, walks every chain of serial blocks, checks the sums of every class, runs every
    /// stored calculation again, and recomputes the hash chain of acts.
    pub async fn audit(&self) -> Result<AuditReport, Error> {
        Err(Error::not_built())
    }
}
