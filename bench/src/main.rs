//! How fast the platform is. Every figure stands beside something public that was measured in the same run, on the same disk or the same
//! cluster: one write of 4 KiB with fdatasync, pgbench's TPC-B, a plain insert of the same rows. `cargo xtask bench` calls it; nothing
//! here is a test, and nothing here is part of the product.

mod database;
mod inclusion;
mod ledger;
mod measure;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measures the platform on SQLite and on a PostgreSQL cluster.
#[derive(Debug, Parser)]
struct Call {
    /// The server's program, built with optimisation
    #[arg(long)]
    server: PathBuf,
    /// An empty folder on the disk to be measured
    #[arg(long)]
    folder: PathBuf,
    /// Superuser's address of a cluster that waits for its disk, such as postgres://postgres@127.0.0.1:5432/postgres
    #[arg(long)]
    postgres: String,
    /// The program pgbench of that cluster
    #[arg(long)]
    pgbench: PathBuf,
    /// Sizes of the ledger, blocks of serial numbers
    #[arg(long, value_delimiter = ',', default_values_t = [2_000, 100_000, 1_000_000])]
    blocks: Vec<i64>,
    /// Clients at the same time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 64])]
    clients: Vec<usize>,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Records of carbon inclusion; 0 leaves them out
    #[arg(long, default_value_t = 1_000_000)]
    records: usize,
    /// Leave the ledger out
    #[arg(long)]
    no_ledger: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let call = Call::parse();
    // refused only if there is one already
    let _ = rustls::crypto::ring::default_provider().install_default();
    sqlx::any::install_default_drivers();
    if !call.no_ledger {
        ledger::run(&call).await?;
    }
    if call.records > 0 {
        inclusion::run(&call).await?;
    }
    Ok(())
}
