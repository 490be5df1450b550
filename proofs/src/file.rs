//! The file of a certificate: everything a stranger needs to check it without a connection.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// The version of the form below.
pub const FILE_FORMAT: &str = "huitan-certificate-file-1";

/// A certificate with its entry in the public log, the proof that it is there, and the signed head that the proof leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateFile {
    /// [`FILE_FORMAT`].
    pub format: String,
    /// The address of the certificate's page.
    pub address: String,
    /// The statement in its canonical text ([`crate::Statement`]).
    pub statement: String,
    /// The entry of the log in its canonical text ([`crate::Leaf`]).
    pub entry: String,
    /// The number of the entry, from 0.
    pub entry_number: u64,
    /// The hashes from the entry to the root, from the leaf upwards.
    pub proof: Vec<Digest>,
    /// The signed head of the log, a checkpoint.
    pub head: String,
    /// The public key that signed it.
    pub key: String,
}

impl CertificateFile {
    /// Reads a file; `None` if it has another form.
    pub fn read(text: &str) -> Option<Self> {
        let file: Self = serde_json::from_str(text).ok()?;
        (file.format == FILE_FORMAT).then_some(file)
    }

    /// As it is handed over: JSON for people to look at too.
    pub fn text(&self) -> String {
        // a struct of texts and numbers always has a JSON form
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
