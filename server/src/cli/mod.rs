//! The command line. One clear line on the error output, and an exit code: 0 done, 1 failed, 2 used wrongly, 3 undecided (`check` only).

mod calc;
mod database;
mod log;
mod simulate;
mod workday;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use time::Date;

/// Exit code of a command that was understood and failed.
const FAILED: u8 = 1;
/// Exit code of a command line that was not understood.
const USED_WRONGLY: u8 = 2;
/// Exit code of a check that found nothing wrong and yet proves nothing.
const UNDECIDED: u8 = 3;

/// An end with an exit code of its own.
#[derive(Debug)]
struct Ended {
    code: u8,
    said: String,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.said)
    }
}

impl std::error::Error for Ended {}

impl Ended {
    fn error(code: u8, said: String) -> anyhow::Error {
        Self { code, said }.into()
    }
}

const ENVIRONMENT_HELP: &str = "Environment:
  DATABASE_URL         sqlite://path or postgres://… for every command that needs a database [sqlite://data/huitan.db]
  HUITAN_ADDR          where to listen [127.0.0.1:3000]
  HUITAN_DEMO          1: demo mode, on a loopback address only [off]
  HUITAN_SECRET        at least 32 characters; required unless in demo mode
  HUITAN_LOG_KEY       signs the public log (huitan log-key <name>); required unless in demo mode
  HUITAN_SITE          folder with the built style sheet, scripts and WebAssembly [target/site]
  HUITAN_PUBLIC_URL    the address people use [http://<HUITAN_ADDR>]
  HUITAN_MAIL          where mail goes: folder:<path>, smtp://…, smtps://… or off [mail beside the SQLite database]
  HUITAN_TRUST_PROXY   1: a proxy in front writes X-Forwarded-For [off]
  HUITAN_LOG           filter of the log [info]
  HUITAN_LOG_FORMAT    json or human [json; human in demo mode]

Exit codes: 0 done, 1 failed, 2 used wrongly; of check also 3: undecided.";

/// Huitan (惠碳): a registry of voluntary emission reductions.
#[derive(Debug, Parser)]
#[command(name = "huitan", version, after_help = ENVIRONMENT_HELP, propagate_version = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen and answer
    Serve,
    /// Bring the database to this release's schema
    Migrate,
    /// Enter what a new registry needs; with --demo, a believable demo world
    Seed(database::Seed),
    /// Run a calculator on a JSON input; print result, year lines and steps as JSON
    Calc(calc::Calc),
    /// Recompute every balance, serial block, stored calculation, hash and the public log; fail on any difference
    Audit,
    /// Check the file of a certificate without a connection; 0 it holds, 1 it is wrong, 2 used wrongly, 3 undecided
    Check(log::Check),
    /// Make a new key that signs the public log: print it (for HUITAN_LOG_KEY) and its public part
    LogKey(log::NewKey),
    /// Play a provider: into the database, or with --url as signed calls to a running server; prints what was answered
    SimulateProvider(database::SimulateProvider),
    /// Print the OpenAPI document of the REST interface
    Openapi,
    /// Count Chinese working days
    Workday {
        #[command(subcommand)]
        question: Workday,
    },
}

#[derive(Debug, Subcommand)]
enum Workday {
    /// The last day of a window of DAYS working days; the first day START and the last are both counted
    End {
        /// First day, a working day, such as 2026-01-27
        #[arg(value_parser = workday::parse_date)]
        start: Date,
        /// How many working days, 1 to 1000
        #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
        days: u32,
        /// Count with the calendar in force in the database, imported years included, instead of the built-in one
        #[arg(long)]
        database: bool,
    },
    /// The day DAYS working days after DATE, which itself is not counted
    Add {
        /// The day from which to count, such as 2026-01-27
        #[arg(value_parser = workday::parse_date)]
        date: Date,
        /// How many working days, 1 to 1000
        #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
        days: u32,
        /// Count with the calendar in force in the database, imported years included, instead of the built-in one
        #[arg(long)]
        database: bool,
    },
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(answer) if !answer.use_stderr() => {
            // --help and --version: nothing can be done about a closed output
            let _ = answer.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return refuse(&usage_in_one_line(&error), USED_WRONGLY),
    };
    match run(command_line.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error
                .downcast_ref::<Ended>()
                .map_or(FAILED, |ended| ended.code);
            refuse(&format!("{error:#}").replace('\n', " "), code)
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve => database::serve(),
        Command::Migrate => database::migrate(),
        Command::Seed(seed) => seed.run(),
        Command::Audit => database::audit(),
        Command::Check(check) => check.run(),
        Command::LogKey(key) => key.run(),
        Command::SimulateProvider(play) => play.run(),
        Command::Openapi => print_line(&crate::rest::openapi().to_pretty_json()?),
        Command::Calc(calc) => calc.run(),
        Command::Workday {
            question:
                Workday::End {
                    start,
                    days,
                    database,
                },
        } => workday::end(start, days, database),
        Command::Workday {
            question:
                Workday::Add {
                    date,
                    days,
                    database,
                },
        } => workday::add(date, days, database),
    }
}

fn refuse(message: &str, code: u8) -> ExitCode {
    eprintln!("huitan: {message}");
    ExitCode::from(code)
}

/// clap explains itself on several lines: the first paragraph says what is wrong, the last line where help is.
fn usage_in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let wrong: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let wrong = wrong.join(" ");
    let wrong = wrong.strip_prefix("error: ").unwrap_or(&wrong);
    if wrong.is_empty() || wrong.starts_with("Huitan") {
        // no subcommand at all: clap answers with the help text
        return "a command is missing; try huitan --help".to_owned();
    }
    format!("{wrong}; try huitan --help")
}

/// Prints one line; a reader that went away (`huitan … | head`) is no failure.
fn print_line(text: &str) -> Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
