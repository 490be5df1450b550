//! `cargo xtask bench`: one formula native, in WebAssembly under Node, with decimal.js and with BigInt, and the two longest
//! calculations of a sink; then the platform itself, acts over HTTP and records of carbon inclusion (`bench/`).

use crate::postgres::{Cluster, find_programs};
use crate::workspace::{cargo, command, root, run, target};
use crate::{setup, site};
use anyhow::{Context, Result};
use std::process::Command;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Formulas: native, WebAssembly, JavaScript
    Formulas,
    /// The server and its database
    Platform,
}

/// The named part, or both; `arguments` go to the program that measures the platform.
pub fn run_all(part: Option<Part>, arguments: &[String]) -> Result<()> {
    if part != Some(Part::Platform) {
        formulas()?;
    }
    if part != Some(Part::Formulas) {
        platform(arguments)?;
    }
    Ok(())
}

/// Builds the server with optimisation and measures it on SQLite and on a cluster that waits for its disk.
fn platform(arguments: &[String]) -> Result<()> {
    setup::for_postgres()?;
    // one after the other: together they would be built with other features than for `cargo xtask run`
    for of in [["server", "huitan"], ["bench", "huitan-bench"]] {
        let [package, program] = of;
        run(cargo().args(["build", "--release", "--package", package, "--bin", program]))?;
    }
    let folder = target().join("bench-databases");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let cluster = Cluster::start_durable()?;
    let pgbench = find_programs()
        .context("PostgreSQL is not installed")?
        .pgbench()?;
    let measured = run(Command::new(target().join("release/huitan-bench"))
        .arg("--server")
        .arg(target().join("release/huitan"))
        .arg("--folder")
        .arg(&folder)
        .args(["--postgres", cluster.url()])
        .arg("--pgbench")
        .arg(pgbench)
        .args(arguments));
    std::fs::remove_dir_all(&folder)?;
    measured
}

/// Builds both sides with full optimisation and runs `methodologies/bench/bench.mjs`, which prints the ratios and fails
/// if the totals differ.
fn formulas() -> Result<()> {
    setup::for_build()?;
    run(cargo().args([
        "build",
        "--profile",
        "measured",
        "--package",
        "methodologies-bench",
        "--bin",
        "methodologies-bench",
    ]))?;
    run(cargo().args([
        "rustc",
        "--profile",
        "measured",
        "--package",
        "methodologies-bench",
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    let package = target().join("bench");
    let tools = site::build_tools()?;
    run(Command::new(tools)
        .args(["bindgen", "--for-node", "--name", "methodologies_bench"])
        .arg(target().join("wasm32-unknown-unknown/measured/methodologies_bench.wasm"))
        .arg(&package))?;
    run(command("node")
        .arg(root().join("methodologies/bench/bench.mjs"))
        .arg(&package)
        .arg(target().join("measured/methodologies-bench")))
}
