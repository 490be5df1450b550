//! `cargo xtask bench`: the calculators native, in WebAssembly and in JavaScript.
use anyhow::Result;

/// Runs the benchmark.
pub fn run() -> Result<()> {
    anyhow::bail!("no benchmark yet")
}
