//! `cargo xtask bench`: one formula native, in WebAssembly under Node, with decimal.js and with BigInt; and the two longest
//! calculations of a sink.

use crate::workspace::{cargo, command, root, run, target};
use crate::{setup, site};
use anyhow::Result;
use std::process::Command;

/// Builds both sides with full optimisation and runs `methodologies/bench/bench.mjs`, which prints the ratios and fails
/// if the totals differ.
pub fn run_all() -> Result<()> {
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
