//! Stamps: a small file in `target/stamps` that says from which inputs something was made, so that it is not made again.

use crate::workspace;
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

/// A fingerprint of everything that was added, in the order it was added. Not cryptographic: it guards against
/// forgetting, not against forgery.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds the names and contents of all files below `path` (or the one file); a missing path counts as empty.
    /// `target`, `node_modules` and hidden names are left out.
    pub fn files(mut self, path: &Path) -> Result<Self> {
        self.add(path)?;
        Ok(self)
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        if path.is_dir() {
            let entries =
                fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
            let mut children = entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>>>()?;
            children.sort();
            for child in children {
                let name = child
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    self.add(&child)?;
                }
            }
        } else if path.is_file() {
            let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            self.0.write(path.to_string_lossy().as_bytes());
            self.0.write_usize(content.len());
            self.0.write(&content);
        }
        Ok(())
    }

    /// The fingerprint as text.
    pub fn finish(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Whether `name` was last made from `fingerprint`.
pub fn is_fresh(name: &str, fingerprint: &str) -> bool {
    fs::read_to_string(file(name)).is_ok_and(|stamp| stamp == fingerprint)
}

/// Remembers that `name` has been made from `fingerprint`.
pub fn set(name: &str, fingerprint: &str) -> Result<()> {
    let file = file(name);
    fs::create_dir_all(file.parent().context("a stamp lies in a folder")?)?;
    fs::write(file, fingerprint).context("writing a stamp")
}

fn file(name: &str) -> std::path::PathBuf {
    workspace::target().join("stamps").join(name)
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn a_fingerprint_changes_with_a_files_content_and_only_then() {
        let folder =
            std::env::temp_dir().join(format!("huitan fingerprint {}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let print = || {
            Fingerprint::default()
                .files(&folder)
                .expect("readable")
                .finish()
        };
        std::fs::write(folder.join("one.rs"), "a").expect("writable");
        let first = print();
        std::fs::write(folder.join("one.rs"), "a").expect("writable");
        assert_eq!(first, print());
        std::fs::write(folder.join("one.rs"), "b").expect("writable");
        assert_ne!(first, print());
        std::fs::remove_dir_all(&folder).expect("removable");
    }
}
