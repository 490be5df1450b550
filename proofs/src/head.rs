//! Signed tree heads: checkpoints of C2SP (`c2sp.org/tlog-checkpoint`), which are signed notes (`c2sp.org/signed-note`). Other people's
//! tools read them.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{SigningKey, VerifyingKey};
use signed_note::{Note, NoteError, Signer as _, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Hash};

use crate::Digest;

/// The name of the log in demo mode. Its key is published, so production refuses it.
pub const DEMO_LOG_NAME: &str = "huitan-demo";
/// What a signing key is made from in demo mode: known to everybody.
const DEMO_SEED: [u8; 32] = *b"huitan demo log key, published!!";
/// What C2SP writes in front of an Ed25519 key.
const ED25519: u8 = 1;
/// The line of a head that says when it was made.
const TIME: &str = "time ";

/// What is wrong with a head or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// Not a checkpoint of this platform.
    #[error("this is no tree head")]
    Malformed,
    /// No signature by any of the keys given, or a wrong one.
    #[error("the tree head is not signed by this key")]
    NotSigned,
    /// Not a key of the form `PRIVATE+KEY+<name>+<id>+<base64>` or `<name>+<id>+<base64>`.
    #[error("this is no key of a log")]
    NotAKey,
}

/// The state of the log at one moment, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The name of the log: the first line.
    pub log: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree of that size.
    pub root: Digest,
    /// When it was made, unix seconds.
    pub at: i64,
}

impl Head {
    /// The note: the text and its signature.
    pub fn sign(&self, key: &LogKey) -> Result<String, HeadError> {
        let extension = format!("{TIME}{}\n", self.at);
        let text = Checkpoint::new(&self.log, self.size, Hash(self.root.0), &extension);
        let text = text.map_err(|_| HeadError::Malformed)?.to_bytes();
        let mut note = Note::new(&text, &[]).map_err(|_| HeadError::Malformed)?;
        note.add_sigs(&[&key.signer])
            .map_err(|_| HeadError::NotSigned)?;
        String::from_utf8(note.to_bytes()).map_err(|_| HeadError::Malformed)
    }

    /// Reads a note and checks its signature by one of these keys (`<name>+<id>+<base64>`).
    pub fn verify<'a>(
        note: &str,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, HeadError> {
        let head = Self::read(note)?;
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| HeadError::Malformed)?;
        for key in keys {
            let verifier = StandardVerifier::new(key).map_err(|_| HeadError::NotAKey)?;
            match parsed.verify(&VerifierList::new(vec![Box::new(verifier)])) {
                // a name in the text that is not the signer's would be somebody else's log
                Ok((signed, _)) if signed.iter().any(|one| one.name() == head.log) => {
                    return Ok(head);
                }
                Ok(_) | Err(NoteError::UnverifiedNote) => {}
                Err(_) => return Err(HeadError::NotSigned),
            }
        }
        Err(HeadError::NotSigned)
    }

    /// What a note says, whoever signed it.
    pub fn read(note: &str) -> Result<Self, HeadError> {
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| HeadError::Malformed)?;
        let read = Checkpoint::from_bytes(parsed.text()).map_err(|_| HeadError::Malformed)?;
        let time = read.extension().lines().find_map(|line| {
            let seconds = line.strip_prefix(TIME)?;
            seconds.parse::<i64>().ok()
        });
        Ok(Self {
            log: read.origin().to_owned(),
            size: read.size(),
            root: Digest(read.hash().0),
            at: time.ok_or(HeadError::Malformed)?,
        })
    }
}

/// The key by which the heads of a log are signed. Never appears in a log of the program.
#[derive(Clone)]
pub struct LogKey {
    signer: StandardSigner,
    public: String,
}

impl std::fmt::Debug for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LogKey").field(&self.public).finish()
    }
}

impl LogKey {
    /// Reads `PRIVATE+KEY+<name>+<id>+<base64>`, the form of `c2sp.org/signed-note`.
    pub fn read(text: &str) -> Result<Self, HeadError> {
        let signer = StandardSigner::new(text.trim()).map_err(|_| HeadError::NotAKey)?;
        let seed = seed_of(text.trim()).ok_or(HeadError::NotAKey)?;
        let public = SigningKey::from_bytes(&seed).verifying_key();
        Ok(Self {
            public: signed_note::new_ed25519_verifier_key(signer.name(), &public),
            signer,
        })
    }

    /// The text of the signing key made from 32 random bytes, for a log of this name (no blanks, no `+`).
    pub fn generate(name: &str, seed: [u8; 32]) -> Result<String, HeadError> {
        if !signed_note::is_key_name_valid(name) {
            return Err(HeadError::NotAKey);
        }
        Ok(private_text(name, &seed))
    }

    /// The published key of demo mode.
    pub fn demo() -> Self {
        let text = private_text(DEMO_LOG_NAME, &DEMO_SEED);
        Self::read(&text).unwrap_or_else(|_| unreachable!("the demo key is a key"))
    }

    /// Whether this is the published key of demo mode, under whatever name.
    pub fn is_demo(&self) -> bool {
        let demo = SigningKey::from_bytes(&DEMO_SEED).verifying_key();
        self.public == signed_note::new_ed25519_verifier_key(self.name(), &demo)
    }

    /// The name of the log.
    pub fn name(&self) -> &str {
        self.signer.name()
    }

    /// What others check signatures by: `<name>+<id>+<base64>`.
    pub fn public(&self) -> &str {
        &self.public
    }
}

/// The number of the algorithm in front of a seed, and the seed.
fn seed_of(key: &str) -> Option<[u8; 32]> {
    // the base64 at the end may itself hold the sign that separates the parts
    let bytes = BASE64_STANDARD.decode(key.splitn(5, '+').nth(4)?).ok()?;
    bytes.strip_prefix(&[ED25519])?.try_into().ok()
}

fn private_text(name: &str, seed: &[u8; 32]) -> String {
    let public: VerifyingKey = SigningKey::from_bytes(seed).verifying_key();
    let public = signed_note::new_ed25519_verifier_key(name, &public);
    let id = public.split('+').nth(1).unwrap_or_default();
    let bytes = [&[ED25519][..], seed].concat();
    format!("PRIVATE+KEY+{name}+{id}+{}", BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(log: &str) -> Head {
        Head {
            log: log.to_owned(),
            size: 7,
            root: crate::leaf_digest("x"),
            at: 1_763_724_800,
        }
    }

    #[test]
    fn a_head_is_read_back_and_its_signature_holds() {
        let key = LogKey::demo();
        let note = head(DEMO_LOG_NAME).sign(&key).expect("signed");
        assert!(note.starts_with("huitan-demo\n7\n"), "{note}");
        assert_eq!(Head::verify(&note, [key.public()]), Ok(head(DEMO_LOG_NAME)));
    }

    #[test]
    fn another_text_another_key_and_another_name_are_refused() {
        let key = LogKey::demo();
        let note = head(DEMO_LOG_NAME).sign(&key).expect("signed");
        for other in [
            note.replace("\n7\n", "\n8\n"),
            note.replace("time 1763724800", "time 1763724801"),
        ] {
            assert_eq!(
                Head::verify(&other, [key.public()]),
                Err(HeadError::NotSigned)
            );
        }
        let text = LogKey::generate("registry.example/log", [7; 32]).expect("a name");
        let stranger = LogKey::read(&text).expect("a key");
        assert_eq!(
            Head::verify(&note, [stranger.public()]),
            Err(HeadError::NotSigned)
        );
        // rotation: either key is enough
        assert!(Head::verify(&note, [stranger.public(), key.public()]).is_ok());
        // a signer cannot speak for a log of another name
        let foreign = head(DEMO_LOG_NAME).sign(&stranger).expect("signed");
        assert_eq!(
            Head::verify(&foreign, [stranger.public()]),
            Err(HeadError::NotSigned)
        );
        for nonsense in ["", "x", "a\n1\nb\n\n— a b\n", "\u{0}"] {
            assert_eq!(
                Head::read(nonsense),
                Err(HeadError::Malformed),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn a_key_is_written_read_and_never_shown() {
        for seed in 0..40_u8 {
            let text = LogKey::generate("registry.example/log", [seed; 32]).expect("a name");
            let key = LogKey::read(&text).expect("the same key");
            assert_eq!(key.name(), "registry.example/log");
            assert!(!key.is_demo());
            assert!(!format!("{key:?}").contains("PRIVATE"));
        }
        assert!(LogKey::demo().is_demo());
        let renamed = LogKey::generate("registry.example/log", DEMO_SEED).expect("a name");
        assert!(LogKey::read(&renamed).expect("a key").is_demo());
        assert!(LogKey::generate("two words", [1; 32]).is_err());
        for nonsense in ["", "PRIVATE+KEY", "PRIVATE+KEY+a+00000000+AAAA"] {
            assert!(LogKey::read(nonsense).is_err(), "{nonsense}");
        }
    }
}
