//! Checks what we depend on against `deny.toml`, for `cargo xtask test --only deny`.
//!
//! Prints one line per check: `passed: …`, `failed: …`, or `not run: …` with the reason, when a check needs something
//! that this machine cannot have. A check that did not run is never shown as passed.

mod advisories;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The part of `deny.toml` that is read here; cargo-deny reads the same file.
#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    sources: Sources,
    bans: Bans,
    advisories: Advisories,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    /// the crate is welcome, two versions of it are not
    #[serde(default)]
    deny_multiple_versions: bool,
    reason: String,
}

#[derive(Deserialize)]
struct Advisories {
    ignore: Vec<String>,
}

/// A crate as `cargo metadata` describes it.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// where it comes from; none for a crate of this workspace
    source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// What a check found: nothing wrong, a list of faults, or the reason why it could not be made.
enum Finding {
    Passed(String),
    Failed(Vec<String>),
    NotRun(String),
}

fn main() -> Result<ExitCode> {
    let root = project_root()?;
    let rules = std::fs::read_to_string(root.join("deny.toml")).context("reading deny.toml")?;
    let rules: Rules = toml::from_str(&rules).context("deny.toml")?;
    let packages = packages(&root)?;
    let findings = [
        ("licences", licences(&packages, &rules.licenses)?),
        ("sources", sources(&packages, &rules.sources)),
        ("banned crates", banned(&packages, &rules.bans)),
        (
            "advisories of Rust crates",
            advisories::of_crates(&root.join("Cargo.lock"), &rules.advisories.ignore)?,
        ),
        ("advisories of npm tools", advisories::of_npm_tools(&root)?),
    ];
    let mut failed = false;
    for (name, finding) in findings {
        match finding {
            Finding::Passed(what) => println!("passed: {name} ({what})"),
            Finding::NotRun(reason) => println!("not run: {name}: {reason}"),
            Finding::Failed(faults) => {
                failed = true;
                println!("failed: {name}");
                for fault in &faults {
                    println!("  {fault}");
                }
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn project_root() -> Result<PathBuf> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .map(Path::to_owned)
        .context("xtask/audit lies two folders below the project root")
}

/// Every crate in the lock file, for all platforms.
fn packages(root: &Path) -> Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--all-features",
        ])
        .current_dir(root)
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("the answer of cargo metadata")?;
    Ok(metadata.packages)
}

/// Every crate must be usable under the licences of the list.
fn licences(packages: &[Package], rules: &Licences) -> Result<Finding> {
    let allowed = rules
        .allow
        .iter()
        .map(|name| {
            spdx::Licensee::parse(name)
                .with_context(|| format!("{name} in deny.toml is not an SPDX licence"))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut faults = Vec::new();
    for package in packages {
        let Some(licence) = &package.license else {
            faults.push(format!(
                "{} {} states no licence",
                package.name, package.version
            ));
            continue;
        };
        // the old form "MIT/Apache-2.0" means OR
        match spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX) {
            Ok(expression) => {
                if !expression.evaluate(|required| {
                    allowed.iter().any(|licensee| licensee.satisfies(required))
                }) {
                    faults.push(format!(
                        "{} {}: {licence} is not in the list",
                        package.name, package.version
                    ));
                }
            }
            Err(error) => faults.push(format!(
                "{} {}: {licence} cannot be read: {}",
                package.name, package.version, error.reason
            )),
        }
    }
    Ok(finding(faults, packages.len()))
}

/// Every crate must come from a registry of the list or from this workspace.
fn sources(packages: &[Package], rules: &Sources) -> Finding {
    let is_allowed = |source: &str| {
        source
            .strip_prefix("registry+")
            .or_else(|| source.strip_prefix("sparse+"))
            .is_some_and(|address| {
                rules
                    .allow_registry
                    .iter()
                    .any(|allowed| allowed == address)
            })
    };
    let faults = packages
        .iter()
        .filter_map(|package| {
            let source = package.source.as_deref()?;
            (!is_allowed(source))
                .then(|| format!("{} {} comes from {source}", package.name, package.version))
        })
        .collect();
    finding(faults, packages.len())
}

/// No crate of the list may be in the lock file, or, where the list says so, in one version only.
fn banned(packages: &[Package], rules: &Bans) -> Finding {
    let mut faults = Vec::new();
    for banned in &rules.deny {
        let versions: Vec<&str> = packages
            .iter()
            .filter(|package| package.name == banned.name)
            .map(|package| package.version.as_str())
            .collect();
        if versions.len() > usize::from(banned.deny_multiple_versions) {
            faults.push(format!(
                "{} {}: {}",
                banned.name,
                versions.join(", "),
                banned.reason
            ));
        }
    }
    finding(faults, packages.len())
}

fn finding(faults: Vec<String>, number: usize) -> Finding {
    if faults.is_empty() {
        Finding::Passed(format!("{number} crates"))
    } else {
        Finding::Failed(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::{Banned, Bans, Finding, Licences, Package, Sources, banned, licences, sources};

    fn package(license: Option<&str>, source: Option<&str>) -> [Package; 1] {
        [Package {
            name: "sample".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        }]
    }

    fn licence_holds(license: Option<&str>) -> bool {
        let rules = Licences {
            allow: vec!["MIT".to_owned(), "Zlib".to_owned()],
        };
        matches!(
            licences(&package(license, None), &rules).expect("the list is valid"),
            Finding::Passed(_)
        )
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough() {
        assert!(licence_holds(Some("MIT OR GPL-3.0-only")));
        assert!(licence_holds(Some("MIT/Apache-2.0")));
    }

    #[test]
    fn all_licences_of_a_conjunction_are_needed() {
        assert!(licence_holds(Some("MIT AND Zlib")));
        assert!(!licence_holds(Some("MIT AND GPL-3.0-only")));
    }

    #[test]
    fn an_unknown_or_missing_licence_fails() {
        assert!(!licence_holds(Some("GPL-3.0-only")));
        assert!(!licence_holds(Some("ask us")));
        assert!(!licence_holds(None));
    }

    #[test]
    fn a_crate_from_elsewhere_fails() {
        let rules = Sources {
            allow_registry: vec!["https://registry.example/index".to_owned()],
        };
        let holds = |source| matches!(sources(&package(None, source), &rules), Finding::Passed(_));
        assert!(holds(None));
        assert!(holds(Some("registry+https://registry.example/index")));
        assert!(!holds(Some("registry+https://other.example/index")));
        assert!(!holds(Some("git+https://registry.example/index")));
    }

    #[test]
    fn a_banned_crate_fails_and_so_does_a_second_version_where_there_may_be_one() {
        let holds = |deny_multiple_versions, number: usize| {
            let packages: Vec<Package> = std::iter::repeat_with(|| package(None, None))
                .take(number)
                .flatten()
                .collect();
            let rule = Banned {
                name: "sample".to_owned(),
                deny_multiple_versions,
                reason: "a reason".to_owned(),
            };
            matches!(
                banned(&packages, &Bans { deny: vec![rule] }),
                Finding::Passed(_)
            )
        };
        assert!(holds(false, 0) && !holds(false, 1));
        assert!(holds(true, 0) && holds(true, 1) && !holds(true, 2));
    }
}
