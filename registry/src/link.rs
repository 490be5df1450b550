//! Links that are sent by mail: their tokens are computed from the id of what they open and a secret of the server, so that the outbox needs to
//! keep none and a mail is the same each time it is sent.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::perform::hash;

/// What tokens of links are computed with: a secret of the server, never in the database.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

impl LinkKey {
    /// The key that follows from a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    /// 64 hexadecimal digits that only this server can compute from the id.
    pub(crate) fn token(&self, purpose: &str, id: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in ["link", ":", purpose, ":", id] {
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

/// Known to everybody: for tests and tools that send nothing.
impl Default for LinkKey {
    fn default() -> Self {
        Self::new(b"huitan-links-of-tests")
    }
}

/// Without the key: what is printed may be kept.
impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// What the database keeps of a token.
pub(crate) fn hash_of(purpose: &str, token: &str) -> String {
    hash(&["link", purpose, token])
}
