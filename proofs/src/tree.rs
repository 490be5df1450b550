//! The tree of RFC 6962: what is stored for it, and its proofs. The arithmetic is that of `tlog_tiles`; here is only what a database
//! needs, which must know the places to read before it reads them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use tlog_tiles::{
    Error, Hash, HashReader, check_record, check_tree, prove_record, prove_tree, record_hash,
    stored_hash_count, stored_hash_index, stored_hashes_for_record_hash, sub_tree_index, tree_hash,
};

/// Most entries a log may have here: far more than there will be, and far from where the arithmetic ends.
const SIZE_MAX: u64 = 1 << 48;
/// Most hashes of a proof: one per level of the largest tree, and one.
const PROOF_MAX: usize = 49;

/// A hash of the tree, 32 bytes; written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Digest {
    type Err = TreeError;

    fn from_str(text: &str) -> Result<Self, TreeError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| TreeError::NotAHash)?;
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What is wrong with a tree or a proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// Not 64 hexadecimal digits.
    #[error("a hash has 64 hexadecimal digits")]
    NotAHash,
    /// An entry or a size that the tree does not have.
    #[error("the tree has no such entry or size")]
    OutOfRange,
    /// The hashes of the proof do not lead to the head.
    #[error("the proof does not lead to the head")]
    Wrong,
    /// The tree lacks a hash it must have stored.
    #[error("the tree lacks the hash at place {0}")]
    Missing(u64),
}

/// The hash of an entry: SHA-256 of a zero byte and the text.
pub fn leaf_digest(text: &str) -> Digest {
    Digest(record_hash(text.as_bytes()).0)
}

/// Whether the entry with this number and hash is in the tree of this size and root.
pub fn check_inclusion(
    proof: &[Digest],
    size: u64,
    root: Digest,
    number: u64,
    leaf: Digest,
) -> Result<(), TreeError> {
    if number >= size || size > SIZE_MAX || proof.len() > PROOF_MAX {
        return Err(TreeError::OutOfRange);
    }
    let proof = proof.iter().map(|digest| Hash(digest.0)).collect();
    check_record(&proof, size, Hash(root.0), number, Hash(leaf.0)).map_err(|_| TreeError::Wrong)
}

/// Whether the tree of the larger size begins with the tree of the smaller one: nothing was changed or taken out in between.
pub fn check_consistency(
    proof: &[Digest],
    smaller: (u64, Digest),
    larger: (u64, Digest),
) -> Result<(), TreeError> {
    let in_range = smaller.0 >= 1 && smaller.0 <= larger.0 && larger.0 <= SIZE_MAX;
    if !in_range || proof.len() > PROOF_MAX {
        return Err(TreeError::OutOfRange);
    }
    let proof = proof.iter().map(|digest| Hash(digest.0)).collect();
    let (new, old) = (Hash(larger.1.0), Hash(smaller.1.0));
    check_tree(&proof, larger.0, new, smaller.0, old).map_err(|_| TreeError::Wrong)
}

/// Which stored hashes something needs; read them, then ask again with [`Places::with`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    what: What,
    /// Where the hashes lie, at most twice the logarithm of the size.
    pub places: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Root(u64),
    Inclusion(u64, u64),
    Consistency(u64, u64),
    Append(u64),
}

impl Places {
    /// For the root of the tree of this size.
    pub fn root(size: u64) -> Result<Self, TreeError> {
        Self::of(What::Root(size), size)
    }

    /// For the proof that an entry is in the tree of this size.
    pub fn inclusion(size: u64, number: u64) -> Result<Self, TreeError> {
        if number >= size {
            return Err(TreeError::OutOfRange);
        }
        Self::of(What::Inclusion(size, number), size)
    }

    /// For the proof that the tree of the larger size begins with that of the smaller one.
    pub fn consistency(smaller: u64, larger: u64) -> Result<Self, TreeError> {
        if smaller == 0 || smaller > larger {
            return Err(TreeError::OutOfRange);
        }
        Self::of(What::Consistency(smaller, larger), larger)
    }

    /// For adding entries to the tree of this size.
    pub fn append(size: u64) -> Result<Self, TreeError> {
        if size > SIZE_MAX {
            return Err(TreeError::OutOfRange);
        }
        let places = if size == 0 {
            Vec::new()
        } else {
            sub_tree_index(0, size, Vec::new())
        };
        Ok(Self {
            what: What::Append(size),
            places,
        })
    }

    fn of(what: What, size: u64) -> Result<Self, TreeError> {
        if size > SIZE_MAX {
            return Err(TreeError::OutOfRange);
        }
        let noted = Noting::default();
        what.read(&noted).map_err(|_| TreeError::OutOfRange)?;
        Ok(Self {
            what,
            places: noted.0.into_inner(),
        })
    }

    /// The root, or the hashes of the proof, from the hashes at the places.
    pub fn with(&self, stored: &HashMap<u64, Digest>) -> Result<Vec<Digest>, TreeError> {
        if let Some(missing) = self.places.iter().find(|place| !stored.contains_key(place)) {
            return Err(TreeError::Missing(*missing));
        }
        let found = self.what.read(&Stored(stored));
        let found = found.map_err(|_| TreeError::OutOfRange)?;
        Ok(found.into_iter().map(|hash| Digest(hash.0)).collect())
    }
}

impl What {
    fn read<R: HashReader>(self, reader: &R) -> Result<Vec<Hash>, Error> {
        match self {
            Self::Root(size) => Ok(vec![tree_hash(size, reader)?]),
            Self::Inclusion(size, number) => prove_record(size, number, reader),
            Self::Consistency(smaller, larger) => prove_tree(larger, smaller, reader),
            Self::Append(_) => Ok(Vec::new()),
        }
    }
}

/// Notes what is asked for and answers with zeros.
#[derive(Default)]
struct Noting(RefCell<Vec<u64>>);

impl HashReader for Noting {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        self.0.borrow_mut().extend_from_slice(indexes);
        Ok(vec![Hash::default(); indexes.len()])
    }
}

/// Answers with hashes that were read before.
struct Stored<'a>(&'a HashMap<u64, Digest>);

impl HashReader for Stored<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let found = indexes
            .iter()
            .map(|place| self.0.get(place).map(|digest| Hash(digest.0)));
        found
            .collect::<Option<Vec<_>>>()
            .ok_or(Error::IndexesNotInTree)
    }
}

/// Entries that are being added to a tree.
#[derive(Clone, Debug)]
pub struct Batch {
    size: u64,
    known: HashMap<u64, Digest>,
    added: Vec<(u64, Digest)>,
}

impl Batch {
    /// On top of the tree of this size; `stored` holds the hashes that [`Places::append`] names.
    pub fn new(size: u64, stored: HashMap<u64, Digest>) -> Self {
        Self {
            size,
            known: stored,
            added: Vec::new(),
        }
    }

    /// How many entries the tree has now.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the entry with this text; its number.
    pub fn push(&mut self, text: &str) -> Result<u64, TreeError> {
        let number = self.size;
        let leaf = Hash(leaf_digest(text).0);
        let new = stored_hashes_for_record_hash(number, leaf, &Stored(&self.known));
        let new = new.map_err(|_| TreeError::Missing(stored_hash_count(number)))?;
        for (place, hash) in (stored_hash_index(0, number)..).zip(new) {
            self.known.insert(place, Digest(hash.0));
            self.added.push((place, Digest(hash.0)));
        }
        self.size += 1;
        Ok(number)
    }

    /// The root of the tree as it is now.
    pub fn root(&self) -> Result<Digest, TreeError> {
        let needed = Places::root(self.size)?;
        let found = needed.with(&self.known)?;
        found.first().copied().ok_or(TreeError::OutOfRange)
    }

    /// The same tree without what was added: only the hashes that further entries need are kept.
    pub fn settled(&self) -> Result<Self, TreeError> {
        let needed = Places::append(self.size)?.places.into_iter();
        let kept = needed.map(|place| {
            let hash = self.known.get(&place).ok_or(TreeError::Missing(place))?;
            Ok((place, *hash))
        });
        Ok(Self::new(self.size, kept.collect::<Result<_, _>>()?))
    }

    /// What is to be stored: place and hash, in the order of the places; about two for each entry.
    pub fn added(&self) -> &[(u64, Digest)] {
        &self.added
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(count: u64) -> (HashMap<u64, Digest>, Vec<Digest>) {
        let mut batch = Batch::new(0, HashMap::new());
        let mut roots = vec![batch.root().expect("the empty tree has a root")];
        for number in 0..count {
            assert_eq!(batch.push(&format!("entry {number}")), Ok(number));
            roots.push(batch.root().expect("a root"));
        }
        (batch.added().iter().copied().collect(), roots)
    }

    #[test]
    fn the_tree_is_that_of_rfc_6962() {
        let (_, roots) = tree(2);
        assert_eq!(
            roots[0].to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(roots[1], leaf_digest("entry 0"));
        let both = [
            &[1][..],
            &leaf_digest("entry 0").0,
            &leaf_digest("entry 1").0,
        ]
        .concat();
        assert_eq!(roots[2].0[..], sha2_of(&both));
    }

    fn sha2_of(bytes: &[u8]) -> [u8; 32] {
        use sha2::Digest as _;
        sha2::Sha256::digest(bytes).into()
    }

    #[test]
    fn every_entry_of_every_tree_is_proven_and_no_other_text_is() {
        const COUNT: u64 = 20;
        let (stored, roots) = tree(COUNT);
        for (size, root) in (0..=COUNT).zip(&roots).skip(1) {
            for number in 0..size {
                let places = Places::inclusion(size, number).expect("in range");
                let proof = places.with(&stored).expect("stored");
                let leaf = leaf_digest(&format!("entry {number}"));
                assert_eq!(check_inclusion(&proof, size, *root, number, leaf), Ok(()));
                let other = leaf_digest("another");
                assert!(check_inclusion(&proof, size, *root, number, other).is_err());
                assert!(check_inclusion(&proof, size, roots[0], number, leaf).is_err());
            }
            assert!(Places::inclusion(size, size).is_err());
        }
    }

    #[test]
    fn every_tree_begins_with_every_smaller_one_and_with_no_other() {
        const COUNT: u64 = 20;
        let (stored, roots) = tree(COUNT);
        for (larger, new) in (0..=COUNT).zip(&roots).skip(1) {
            for (smaller, old) in (0..=larger).zip(&roots).skip(1) {
                let places = Places::consistency(smaller, larger).expect("in range");
                let proof = places.with(&stored).expect("stored");
                assert_eq!(
                    check_consistency(&proof, (smaller, *old), (larger, *new)),
                    Ok(())
                );
                let wrong = check_consistency(&proof, (smaller, roots[0]), (larger, *new));
                assert_eq!(wrong, Err(TreeError::Wrong));
            }
        }
    }

    #[test]
    fn a_batch_continues_a_stored_tree() {
        let (whole, roots) = tree(13);
        for size in 0..13_u64 {
            let at = usize::try_from(size).expect("small");
            let needed = Places::append(size).expect("in range").places;
            let stored = needed.iter().map(|place| (*place, whole[place])).collect();
            let mut batch = Batch::new(size, stored);
            batch.push(&format!("entry {size}")).expect("added");
            assert_eq!(batch.root(), Ok(roots[at + 1]));
        }
        assert!(Batch::new(3, HashMap::new()).push("entry 3").is_err());
    }

    #[test]
    fn numbers_and_proofs_from_outside_never_panic() {
        let zero = Digest([0; 32]);
        for (size, number) in [(0, 0), (1, 1), (u64::MAX, 0), (u64::MAX, u64::MAX), (5, 4)] {
            for length in [0, 1, 3, 60] {
                let proof = vec![zero; length];
                assert!(check_inclusion(&proof, size, zero, number, zero).is_err() || size == 1);
                let _ = check_consistency(&proof, (number, zero), (size, zero));
            }
        }
        assert!("zz".parse::<Digest>().is_err());
    }
}
