//! How Huitan is built, run, tested and measured. `cargo xtask` works from any folder of the project.
//!
//! Nothing has to be installed by hand beyond a Rust toolchain manager, Node and a Debian-like system: each command
//! calls [`setup`] first, which installs what is missing and says so.

mod bench;
mod browser;
mod cleanup;
mod postgres;
mod serve;
mod setup;
mod site;
mod stamp;
mod tally;
mod test;
mod workspace;

use anyhow::Result;
use clap::Parser;
use std::process::ExitCode;

/// Builds, runs, tests and measures Huitan.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Build in release mode, make a demo database, serve on 127.0.0.1:3000. A second start rebuilds nothing
    Run {
        /// make the demo database anew (the old one is deleted)
        #[arg(long)]
        fresh: bool,
    },
    /// Run every test, or the named parts; the last line is `N passed, N failed`
    Test {
        /// only this part; may be repeated
        #[arg(long, value_enum)]
        only: Vec<test::Part>,
        /// browser tests on the release build of the server, which is compiled for it
        #[arg(long)]
        release: bool,
    },
    /// Build the browser part and the server in release mode and print the sizes
    Build {
        /// debug build: quick to make, large, not compressed
        #[arg(long)]
        dev: bool,
    },
    /// Build and serve in debug mode on 127.0.0.1:3000 with its own demo database
    Dev,
    /// Measure: formulas native, in WebAssembly and in JavaScript; acts and records a second on both databases
    Bench {
        /// only this part
        #[arg(long, value_enum)]
        only: Option<bench::Part>,
        /// for the measurement of the platform, such as `--blocks 2000 --clients 1,10`: see `bench/`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Visit every page as each role in Chromium and leave the pictures in `screens/`; fails on any console error
    Screens,
    /// Measure public pages of a demo server with Lighthouse (mobile); prints the scores
    Lighthouse {
        /// addresses without the host
        #[arg(default_value = "/")]
        pages: Vec<String>,
    },
    /// Start the throw-away PostgreSQL cluster of the tests, print how to use it, and stop it on Ctrl-C
    Postgres,
    /// Install what is missing for all other commands
    Setup,
}

fn main() -> ExitCode {
    cleanup::install_signal_handler();
    match dispatch(Command::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run { fresh } => serve::run(fresh)?,
        Command::Dev => serve::dev()?,
        Command::Test { only, release } => return Ok(test::run(&only, release)),
        Command::Build { dev } => {
            setup::for_build()?;
            site::build(if dev {
                site::Mode::Debug
            } else {
                site::Mode::Release
            })?;
        }
        Command::Bench { only, arguments } => bench::run_all(only, &arguments)?,
        Command::Screens => browser::screens()?,
        Command::Lighthouse { pages } => browser::lighthouse(&pages)?,
        Command::Postgres => {
            setup::for_postgres()?;
            postgres::Cluster::start()?.wait_for_interrupt();
        }
        Command::Setup => setup::for_everything()?,
    }
    Ok(ExitCode::SUCCESS)
}
