//! `cargo xtask test`: every test of the project, in the order in which a mistake is cheapest to find.

use crate::postgres::Cluster;
use crate::serve::{Build, DemoWorlds};
use crate::site::{self, Mode};
use crate::tally::{self, Count, Tally};
use crate::workspace::{cargo, target};
use crate::{browser, setup};
use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The crates of the product. All native tests are built by one call with all of them, because another selection
/// would mean other features of shared crates and compiling those again.
const ROOMS: [&str; 10] = [
    "methodologies",
    "domain",
    "registry",
    "app",
    "server",
    "worker",
    "proofs",
    "boundary",
    "documents",
    "typesetter",
];
/// The crates of the build itself.
const TOOLS: [&str; 3] = ["xtask", "xtask-front", "xtask-audit"];

/// Browser tests that run side by side.
const BROWSERS_AT_ONCE: usize = 2;

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// formatting and clippy, native and for the browser
    Lint,
    /// licences, sources and advisories of dependencies
    Deny,
    /// tests of domain, app and the tools of the build, and the examples in the documentation
    Unit,
    /// methodologies: formulas and worked cases, native
    Cases,
    /// methodologies: the same in WebAssembly
    Wasm,
    /// registry: stories on SQLite and PostgreSQL
    Registry,
    /// server: REST, sessions, command line
    Rest,
    /// browser tests with JavaScript on and off, desktop and phone
    E2e,
}

/// Runs the parts (all if none is named) and prints the sum; `release`: the browser tests on a server built as a release.
pub fn run(only: &[Part], release: bool) -> ExitCode {
    let wanted = |part: Part| only.is_empty() || only.contains(&part);
    let with_database = wanted(Part::Registry) || wanted(Part::Rest);
    let mut tally = Tally::default();
    if let Err(error) = install(with_database || wanted(Part::E2e), wanted(Part::E2e)) {
        tally.part("setup", |_| Err(error));
        tally.print_summary();
        return ExitCode::FAILURE;
    }
    if wanted(Part::Lint) {
        tally.part("lint", |_| lint());
    }
    if wanted(Part::Deny) {
        tally.part("deny: licences, sources, advisories", dependencies);
    }
    if [Part::Unit, Part::Cases, Part::Registry, Part::Rest]
        .into_iter()
        .any(wanted)
    {
        native(&mut tally, &wanted, with_database);
    }
    if wanted(Part::Wasm) {
        tally.part("wasm: methodologies in WebAssembly", |_| wasm());
    }
    if wanted(Part::E2e) {
        browser_parts(&mut tally, release);
    }
    if tally.print_summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What is missing for the wanted parts. A database or browser that cannot be had fails the run; nothing is skipped.
fn install(with_database: bool, with_browser: bool) -> Result<()> {
    setup::for_build()?;
    if with_database {
        setup::for_postgres()?;
    }
    if with_browser {
        setup::for_browser()?;
    }
    Ok(())
}

/// Formatting, and clippy without a single warning, for the native crates and for the browser part.
fn lint() -> Result<Count> {
    let mut count = tally::check("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    let mut clippy = cargo();
    clippy.args(["clippy", "--quiet", "--all-targets"]);
    for package in ROOMS.into_iter().chain(["methodologies-bench", "bench"]) {
        clippy.args(["--package", package]);
    }
    count += tally::check("clippy: rooms", clippy.args(["--", "-D", "warnings"]))?;
    let mut clippy = cargo();
    clippy.args([
        "clippy",
        "--quiet",
        "--all-targets",
        "--profile",
        "build-tools",
    ]);
    for package in TOOLS {
        clippy.args(["--package", package]);
    }
    count += tally::check(
        "clippy: tools of the build",
        clippy.args(["--", "-D", "warnings"]),
    )?;
    // the modules with a part of the calculators, each alone: what only one of them has must not be missed by another
    for (package, features) in [
        ("app", "hydrate"),
        ("worker", "energy"),
        ("worker", "afforestation"),
        ("worker", "mangrove"),
        ("worker", "event"),
        ("worker", "inclusion"),
        ("proofs", "browser"),
    ] {
        count += tally::check(
            &format!("clippy: browser part, {package} {features}"),
            cargo().args([
                "clippy",
                "--quiet",
                "--package",
                package,
                "--features",
                features,
                "--target",
                "wasm32-unknown-unknown",
                "--",
                "-D",
                "warnings",
            ]),
        )?;
    }
    Ok(count)
}

/// `xtask-audit` prints one line per check: `passed: …`, `failed: …` or `not run: …`.
fn dependencies(not_run: &mut Vec<String>) -> Result<Count> {
    let output = cargo()
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask-audit",
            "--profile",
            "build-tools",
        ])
        .stderr(Stdio::inherit())
        .output()
        .context("starting xtask-audit")?;
    let mut count = Count::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        println!("{line}");
        if line.starts_with("passed: ") {
            count.passed += 1;
        } else if line.starts_with("failed: ") {
            count.failed += 1;
        } else if let Some(reason) = line.strip_prefix("not run: ") {
            not_run.push(reason.to_owned());
        }
    }
    if !output.status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// A compiled test program and the crate it belongs to.
struct TestProgram {
    package: String,
    folder: PathBuf,
    name: String,
    program: PathBuf,
}

/// Builds all native test programs once and runs them, grouped into parts.
fn native(tally: &mut Tally, wanted: &impl Fn(Part) -> bool, with_database: bool) {
    tally.headline("building the native tests");
    let programs = match build_test_programs() {
        Ok(programs) => programs,
        Err(error) => {
            tally.part("native tests", |_| Err(error));
            return;
        }
    };
    let run = |packages: &[&str], postgres: Option<&str>| -> Result<Count> {
        let mut count = Count::default();
        for program in programs
            .iter()
            .filter(|program| packages.contains(&program.package.as_str()))
        {
            println!("\n{}: {}", program.package, program.name);
            // as `cargo test` does it
            let mut command = Command::new(&program.program);
            command
                .current_dir(&program.folder)
                .env("CARGO_MANIFEST_DIR", &program.folder);
            if let Some(url) = postgres {
                command.env("HUITAN_TEST_POSTGRES", url);
            }
            count += tally::rust_tests(&mut command)?;
        }
        Ok(count)
    };
    if wanted(Part::Unit) {
        tally.part("unit: domain, app, documents, tools, documentation", |_| {
            let rooms = ["domain", "app", "worker", "proofs"];
            let parts = ["boundary", "documents", "typesetter"];
            let mut count = run(&[rooms.as_slice(), &parts].concat(), None)?;
            count += tally::rust_tests(cargo().args([
                "test",
                "--quiet",
                "--profile",
                "build-tools",
                "--package",
                "xtask",
                "--package",
                "xtask-audit",
            ]))?;
            let mut documentation = cargo();
            documentation.args(["test", "--quiet", "--doc"]);
            for package in ROOMS {
                documentation.args(["--package", package]);
            }
            count += tally::documentation_tests(&mut documentation)?;
            Ok(count)
        });
    }
    if wanted(Part::Cases) {
        tally.part("cases: methodologies, native", |_| {
            run(&["methodologies"], None)
        });
    }
    if !with_database {
        return;
    }
    let cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(error) => {
            tally.part("registry and rest on PostgreSQL", |_| Err(error));
            return;
        }
    };
    println!("\nPostgreSQL for the tests: {}", cluster.url());
    if wanted(Part::Registry) {
        tally.part("registry: SQLite and PostgreSQL", |_| {
            run(&["registry"], Some(cluster.url()))
        });
    }
    if wanted(Part::Rest) {
        tally.part("rest: server", |_| run(&["server"], Some(cluster.url())));
    }
}

/// One `cargo test --no-run` for all rooms; its messages name the programs.
fn build_test_programs() -> Result<Vec<TestProgram>> {
    let mut build = cargo();
    build.args([
        "test",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    for package in ROOMS {
        build.args(["--package", package]);
    }
    let output = build
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo")?;
    anyhow::ensure!(output.status.success(), "the tests do not compile");
    let mut programs = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let is_test =
            message["reason"] == "compiler-artifact" && message["profile"]["test"] == true;
        if let (true, Some(program), Some(manifest)) = (
            is_test,
            message["executable"].as_str(),
            message["manifest_path"].as_str(),
        ) {
            let folder = PathBuf::from(manifest)
                .parent()
                .context("a manifest lies in a folder")?
                .to_owned();
            programs.push(TestProgram {
                package: folder
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                folder,
                name: message["target"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                program: PathBuf::from(program),
            });
        }
    }
    Ok(programs)
}

/// The tests of methodologies compiled to WebAssembly and run by Node.
fn wasm() -> Result<Count> {
    let runner = site::build_tools()?;
    // cargo splits a runner at spaces; a list in a configuration value is taken as it is
    let runner = format!(
        "target.wasm32-unknown-unknown.runner=[{:?}, \"test-runner\"]",
        runner.display().to_string()
    );
    tally::rust_tests(
        cargo()
            .args([
                "--config",
                &runner,
                "test",
                "--package",
                "methodologies",
                "--target",
                "wasm32-unknown-unknown",
                "--tests",
            ])
            .env("WASM_BINDGEN_TEST_ONLY_NODE", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
            // whoever has set this one means another runner than ours
            .env_remove("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER"),
    )
}

/// The pages in Chromium: each project of the Playwright configuration on its own demo world, the one without JavaScript
/// on PostgreSQL. Two projects at a time: one leaves a core idle half of the time.
///
/// The server is the one that the native tests were built with, unless `release` is asked for: compiling everything once
/// more would double the time of a run. What the browser loads is that of a release in both cases.
fn browser_parts(tally: &mut Tally, release: bool) {
    tally.headline("browser part and demo world for the browser tests");
    let build = if release {
        site::build_if_changed(Mode::Release).map(|()| Build::from(Mode::Release))
    } else {
        server_of_native_tests()
    };
    let worlds = match build.and_then(|build| DemoWorlds::prepare("end2end", build)) {
        Ok(worlds) => worlds,
        Err(error) => {
            tally.part("e2e: build", |_| Err(error));
            return;
        }
    };
    tally.headline("e2e");
    let waiting = Mutex::new(browser::PROJECTS.iter());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
            .copied()
    };
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..BROWSERS_AT_ONCE {
            scope.spawn(|| {
                while let Some(project) = next() {
                    let begin = Instant::now();
                    let count = browser_project(&worlds, project);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((
                        project,
                        count,
                        begin.elapsed(),
                    ));
                }
            });
        }
    });
    for (project, count, duration) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        tally.finished(&format!("e2e: {project}"), count, duration);
    }
}

/// One project of the Playwright configuration, with a server and a demo world of its own.
fn browser_project(worlds: &DemoWorlds, project: &str) -> Result<Count> {
    // one of them on the other engine
    let cluster = (project == "js-off").then(Cluster::start).transpose()?;
    let server = match &cluster {
        Some(cluster) => worlds.serve_on_postgres(project, cluster.url())?,
        None => worlds.serve(project)?,
    };
    let count = browser::playwright(&server, project, &target().join("end2end"))?;
    if count.failed > 0 {
        println!(
            "the server's log: {}; pictures: {}",
            server.log.display(),
            target().join("end2end/results").display()
        );
    }
    Ok(count)
}

/// The server that `cargo test` has built beside its test programs, and the browser part of a release.
fn server_of_native_tests() -> Result<Build> {
    build_test_programs()?;
    Ok(Build {
        server: Mode::Debug.server(),
        site: site::build_browser_part()?,
    })
}
