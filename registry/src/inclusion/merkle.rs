//! A tree of hashes over the lots of a batch, shaped as in RFC 6962: what was frozen can be shown lot by lot and never changed.

use crate::perform::hash;

/// The leaf of one item: everything about it that must not change.
pub(super) fn leaf(account: &str, lot: &str, origin: (&str, &str), mg: i64, body: &str) -> String {
    let (place, place_ref) = origin;
    hash(&[
        "leaf",
        account,
        lot,
        place,
        place_ref,
        &mg.to_string(),
        body,
    ])
}

/// The root over leaves in their order, taken in one by one: only as many hashes are kept as the tree is high.
#[derive(Default)]
pub(super) struct Root {
    /// Full subtrees with the number of their leaves, the largest first.
    subtrees: Vec<(u64, String)>,
}

impl Root {
    pub(super) fn push(&mut self, leaf: String) {
        let (mut size, mut node) = (1, leaf);
        while let Some((left_size, _)) = self.subtrees.last() {
            if *left_size != size {
                break;
            }
            if let Some((left_size, left)) = self.subtrees.pop() {
                node = join(&left, &node);
                size += left_size;
            }
        }
        self.subtrees.push((size, node));
    }

    /// The root; that of no leaves is the hash of nothing.
    pub(super) fn end(mut self) -> String {
        let Some((_, mut node)) = self.subtrees.pop() else {
            return hash(&[]);
        };
        while let Some((_, left)) = self.subtrees.pop() {
            node = join(&left, &node);
        }
        node
    }
}

fn join(left: &str, right: &str) -> String {
    hash(&["node", left, right])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_the_shape_of_the_standard_and_changes_with_every_leaf() {
        let root = |leaves: &[&str]| {
            let mut root = Root::default();
            for leaf in leaves {
                root.push((*leaf).to_owned());
            }
            root.end()
        };
        let left = join(&join("a", "b"), &join("c", "d"));
        assert_eq!(root(&["a", "b", "c", "d", "e"]), join(&left, "e"));
        assert_eq!(root(&["a", "b", "c"]), join(&join("a", "b"), "c"));
        assert_ne!(root(&["a", "b"]), root(&["b", "a"]));
        assert_ne!(root(&["a", "b", "c"]), root(&["a", "b", "x"]));
        assert_eq!(root(&["a"]), "a");
    }
}
