//! What a stranger can check about this registry, without trusting it: the tree of the public log, its signed heads, the statement of a
//! certificate and the file it is handed over in (`docs/decisions/0019`, `docs/public-log.md`).
//!
//! No IO, no clock, no randomness: the server, the command line and the browser run the same code. A text that somebody hands in is never
//! trusted and never makes anything panic.

mod check;
mod file;
mod head;
mod leaf;
mod number;
mod show;
mod statement;
mod tree;

#[cfg(feature = "browser")]
mod browser;

pub use check::{
    Asked, Evidence, Finding, Found, Report, Unanswered, Verdict, asks, check, check_file,
};
pub use file::{CertificateFile, FILE_FORMAT};
pub use head::{DEMO_LOG_NAME, Head, HeadError, LogKey};
pub use leaf::{LEAF_VERSION, Leaf, LeafCertificate};
pub use number::{check_digit, is_certificate_number};
pub use show::{CheckWords, html};
pub use statement::{
    STATEMENT_FORMAT, Statement, StatementCorrection, StatementLine, beijing_time, digest_of,
};
pub use tree::{Batch, Digest, Places, TreeError, check_consistency, check_inclusion, leaf_digest};
