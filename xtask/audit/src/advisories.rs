//! Published security advisories.
//!
//! For crates they are in the RustSec database, a git repository that is part of no package registry. It is used where
//! it is present: the folder named by `HUITAN_ADVISORY_DB`, or `~/.cargo/advisory-db`, where cargo-audit keeps its copy.
//! For the npm tools (none is shipped) `npm audit` asks the npm registry, if that answers such questions.

use crate::Finding;
use anyhow::{Context, Result};
use rustsec::{Database, Lockfile, database::Query};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compares the lock file with the RustSec database, where there is one.
pub fn of_crates(lock_file: &Path, ignore: &[String]) -> Result<Finding> {
    let Some(folder) = database_folder() else {
        return Ok(Finding::NotRun(
            "there is no copy of the RustSec advisory database here (CONTRIBUTING.md says how to get one)".to_owned(),
        ));
    };
    compare(&folder, lock_file, ignore)
}

/// Informational advisories (an unmaintained crate) are printed only.
fn compare(folder: &Path, lock_file: &Path, ignore: &[String]) -> Result<Finding> {
    let database = Database::open(folder)
        .with_context(|| format!("the advisory database {}", folder.display()))?;
    let lock_file = Lockfile::load(lock_file).context("reading Cargo.lock")?;
    let is_ignored = |id: &str| ignore.iter().any(|ignored| ignored == id);
    for note in
        database.query_vulnerabilities(&lock_file, &Query::crate_scope().informational(true))
    {
        if note.advisory.informational.is_some() && !is_ignored(note.advisory.id.as_str()) {
            println!(
                "  note: {} {}: {} {}",
                note.package.name, note.package.version, note.advisory.id, note.advisory.title
            );
        }
    }
    let faults: Vec<String> = database
        .vulnerabilities(&lock_file)
        .into_iter()
        .filter(|found| !is_ignored(found.advisory.id.as_str()))
        .map(|found| {
            format!(
                "{} {}: {} {}",
                found.package.name, found.package.version, found.advisory.id, found.advisory.title
            )
        })
        .collect();
    let size = database.iter().count();
    Ok(if faults.is_empty() {
        Finding::Passed(format!("{size} advisories"))
    } else {
        Finding::Failed(faults)
    })
}

fn database_folder() -> Option<PathBuf> {
    let named = std::env::var_os("HUITAN_ADVISORY_DB").map(PathBuf::from);
    let usual = std::env::home_dir().map(|home| home.join(".cargo/advisory-db"));
    [named, usual]
        .into_iter()
        .flatten()
        .find(|folder| folder.join("crates").is_dir())
}

/// `npm audit` of the tools in `package-lock.json`.
pub fn of_npm_tools(root: &Path) -> Result<Finding> {
    let output = Command::new("npm")
        .args([
            "audit",
            "--json",
            "--package-lock-only",
            "--fetch-retries=0",
            "--fetch-timeout=20000",
        ])
        .current_dir(root)
        .output()
        .context("starting npm audit")?;
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let Some(total) = answer["metadata"]["vulnerabilities"]["total"].as_u64() else {
        let status = answer["statusCode"]
            .as_u64()
            .map_or_else(|| "no answer".to_owned(), |code| format!("status {code}"));
        return Ok(Finding::NotRun(format!(
            "the npm registry reached from here does not answer `npm audit` ({status})"
        )));
    };
    if total == 0 {
        let number = answer["metadata"]["dependencies"]["total"]
            .as_u64()
            .unwrap_or_default();
        return Ok(Finding::Passed(format!("{number} packages")));
    }
    let names = answer["vulnerabilities"]
        .as_object()
        .map(|found| found.keys().cloned().collect())
        .unwrap_or_default();
    Ok(Finding::Failed(names))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::Finding;
    use std::path::PathBuf;

    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"sample\"\ndate = \"2026-01-01\"\n\n\
                            [versions]\npatched = [\">= 1.2.0\"]\n```\n\n# sample forgets to check\n\nA made-up advisory.\n";

    /// A database with the one advisory above and a lock file with `sample` at `version`.
    fn sample(name: &str, version: &str) -> (PathBuf, PathBuf) {
        let folder =
            std::env::temp_dir().join(format!("huitan advisories {name} {}", std::process::id()));
        let crates = folder.join("crates/sample");
        std::fs::create_dir_all(&crates).expect("a temporary folder");
        std::fs::write(crates.join("RUSTSEC-2026-9999.md"), ADVISORY).expect("writable");
        let lock_file = folder.join("Cargo.lock");
        let source = "registry+https://github.com/rust-lang/crates.io-index";
        let text = format!(
            "version = 4\n\n[[package]]\nname = \"sample\"\nversion = \"{version}\"\nsource = \"{source}\"\n"
        );
        std::fs::write(&lock_file, text).expect("writable");
        (folder, lock_file)
    }

    #[test]
    fn a_crate_with_an_advisory_fails_until_it_is_patched_or_ignored() {
        let ignored = ["RUSTSEC-2026-9999".to_owned()];
        let (folder, lock_file) = sample("affected", "1.1.0");
        let found = compare(&folder, &lock_file, &[]).expect("readable");
        assert!(
            matches!(found, Finding::Failed(faults) if faults[0].contains("RUSTSEC-2026-9999"))
        );
        let found = compare(&folder, &lock_file, &ignored).expect("readable");
        assert!(matches!(found, Finding::Passed(_)));
        std::fs::remove_dir_all(folder).expect("removable");

        let (folder, lock_file) = sample("patched", "1.2.0");
        let found = compare(&folder, &lock_file, &[]).expect("readable");
        assert!(matches!(found, Finding::Passed(what) if what == "1 advisories"));
        std::fs::remove_dir_all(folder).expect("removable");
    }
}
