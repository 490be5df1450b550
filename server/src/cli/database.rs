//! The commands that need a database.

use std::future::Future;

use anyhow::{Context, Result, bail};

use super::print_line;
use crate::config::Config;
use crate::{log, seed, serve as server};

/// Enter what a new registry needs.
#[derive(Debug, clap::Args)]
pub struct Seed {
    /// Enter the demo world: invented organisations, people of each role, projects in every state. Doing it again changes nothing
    #[arg(long)]
    demo: bool,
}

impl Seed {
    /// Migrates, then enters what is missing.
    pub fn run(self) -> Result<()> {
        if !self.demo {
            bail!("only the demo world can be seeded so far: huitan seed --demo");
        }
        let config = Config::from_environment()?;
        log::start(&config);
        block_on(async {
            let registry = server::open(&Config {
                demo: true,
                ..config
            })
            .await?;
            registry
                .migrate()
                .await
                .context("cannot bring the database to this release's schema")?;
            let done = seed::demo(&registry).await?;
            registry.close().await;
            print_line(&done)
        })
    }
}

/// `huitan serve`.
pub fn serve() -> Result<()> {
    let config = Config::from_environment()?;
    log::start(&config);
    block_on(server::serve(config))
}

/// `huitan migrate`.
pub fn migrate() -> Result<()> {
    let config = Config::from_environment()?;
    block_on(async {
        let registry = server::open(&config).await?;
        registry
            .migrate()
            .await
            .context("cannot bring the database to this release's schema")?;
        print_line(&format!(
            "the {} database has this release's schema",
            registry.engine_name()
        ))
    })
}

/// Play a provider.
#[derive(Debug, clap::Args)]
pub struct SimulateProvider {
    /// Name of the provider in the register, one of those of the demo world; with --url its id
    #[arg(long)]
    provider: String,
    /// The name under which the provider knows the person: shown on the page of consents
    #[arg(long, required = true)]
    reference: Vec<String>,
    /// First day, such as 2026-03-02
    #[arg(long, value_parser = super::workday::parse_date)]
    from: time::Date,
    /// How many days
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    #[command(flatten)]
    http: super::simulate::OverHttp,
}

impl SimulateProvider {
    /// One call a day, as the provider would make it in the evening.
    pub fn run(self) -> Result<()> {
        if self.http.is_asked_for() {
            let (provider, references) = (&self.provider, &self.reference);
            return block_on(self.http.play(provider, references, self.from, self.days));
        }
        let config = Config::from_environment()?;
        block_on(async {
            let registry = server::open(&config).await?;
            let player = crate::simulator::PLAYERS
                .iter()
                .find(|player| player.name == self.provider)
                .context("this provider is not played")?;
            let providers = registry.providers().await?;
            let provider = providers.iter().find(|one| one.name == self.provider);
            let provider = provider.context("the provider is not in the register")?;
            for day in 0..i64::from(self.days) {
                let day = self.from.saturating_add(time::Duration::days(day));
                let of_person = |reference: &String| crate::simulator::day(player, reference, day);
                let rows: Vec<_> = self.reference.iter().flat_map(of_person).collect();
                let at = domain::Instant::at_start_of(day).plus_seconds(23 * 3600);
                let nonce = format!("simulated {} {day}", self.reference.join(" "));
                let answer = registry.call_in(&provider.id, &nonce, at, &rows).await?;
                for row in answer.rows {
                    let told = match (&row.accepted, row.refused.first()) {
                        (Some(taken), _) => format!("{} mg, {}", taken.mg, taken.status.code()),
                        (None, Some(refused)) => refused.code.clone(),
                        (None, None) => "no answer".to_owned(),
                    };
                    print_line(&format!("{day} {}: {told}", row.order))?;
                }
            }
            registry.close().await;
            Ok(())
        })
    }
}

/// `huitan audit`: one line per difference, then a summary; fails on any difference.
pub fn audit() -> Result<()> {
    let config = Config::from_environment()?;
    block_on(async {
        let registry = server::open(&config).await?;
        registry.ping().await.map_err(|error| {
            anyhow::anyhow!(
                "the database cannot be audited (is it migrated? huitan migrate): {error}"
            )
        })?;
        let report = registry.audit().await.context("cannot audit")?;
        for difference in &report.differences {
            let (check, subject) = (difference.check, &difference.subject);
            print_line(&format!(
                "{check} {subject}: expected {}, found {}",
                difference.expected, difference.found
            ))?;
        }
        let now = registry.clock_offset().await?;
        let now = crate::state::system_now().plus_seconds(now);
        registry
            .audit_keep(&report, now)
            .await
            .context("cannot keep what was found")?;
        let counted = format!(
            "{} accounts, {} transfers, {} serial blocks, {} calculations, {} acts, {} acts of persons, {} movements of grams and points, {} log entries, {} log heads",
            report.accounts,
            report.transfers,
            report.blocks,
            report.calculations,
            report.acts,
            report.inclusion_acts,
            report.inclusion_moves,
            report.log_entries,
            report.log_heads
        );
        if let Some((size, root, key)) = &report.log_head {
            print_line(&format!(
                "log head: {size} entries, root {root}, signed by {key}"
            ))?;
        }
        match report.differences.len() {
            0 => print_line(&format!("clean: {counted}")),
            1 => bail!("1 difference among {counted}"),
            many => bail!("{many} differences among {counted}"),
        }
    })
}

/// The calendar with the years that operators imported.
pub fn calendar_in_force() -> Result<domain::Calendar> {
    let config = Config::from_environment()?;
    block_on(async {
        let registry = server::open(&config).await?;
        let book = registry.rule_book().await.map_err(|error| {
            anyhow::anyhow!(
                "the calendar cannot be read (is the database migrated? huitan migrate): {error}"
            )
        })?;
        registry.close().await;
        Ok(book.calendar)
    })
}

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Runtime::new()
        .context("cannot start")?
        .block_on(work)
}
