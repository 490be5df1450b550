//! Plays an operator of metro, buses, bicycles or charging posts against a running server: signed calls over HTTP, in order or not, once
//! or twice, with a clock that is right or wrong. Everything follows from a seed that is printed, so that a run can be had again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use domain::Instant;
use registry::{CallAnswer, CallRow, Fields};
use sha2::{Digest, Sha256};
use time::{Date, Weekday};

use super::print_line;
use crate::rest::v1::provider::sign;
use crate::state::system_now;

/// How often a call is sent again that the server was too busy for.
const PATIENCE: u32 = 30;
/// Days that a late record lies back: more than any threshold allows.
const LATE_DAYS: i64 = 400;

/// Who is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Rides through gates: to work and back, sometimes in the evening
    Metro,
    /// Ride codes in buses
    Bus,
    /// Shared bicycles
    Bike,
    /// Charging posts: what a car drove on what it charged, on two days of three
    Charging,
}

/// What is sent over HTTP.
#[allow(clippy::struct_excessive_bools)] // independent switches of a command line, not a state
#[derive(Debug, clap::Args)]
pub struct OverHttp {
    /// Address of a running server, such as http://127.0.0.1:3000; without it the records go into the database of the environment
    #[arg(long, requires = "key_file")]
    url: Option<String>,
    /// File with the provider's key, as the desk shows it
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// Who is played
    #[arg(long, value_enum, default_value = "metro")]
    kind: Kind,
    /// The same seed sends the same records; without it, the time
    #[arg(long)]
    seed: Option<u64>,
    /// Send every record twice: in one call, and in a call of its own
    #[arg(long)]
    duplicates: bool,
    /// Send every call again with its nonce, then other rows under that nonce
    #[arg(long)]
    replay: bool,
    /// Send the days from the last to the first
    #[arg(long)]
    out_of_order: bool,
    /// Add a record to each call that lies 400 days back
    #[arg(long)]
    late: bool,
    /// Seconds by which the provider's clock is ahead; below zero: behind
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    skew: i64,
}

impl OverHttp {
    /// Whether a server is played against.
    pub const fn is_asked_for(&self) -> bool {
        self.url.is_some()
    }

    /// Plays `days` days from `first` on and prints how often which answer was given.
    pub async fn play(
        &self,
        provider: &str,
        references: &[String],
        first: Date,
        days: u16,
    ) -> Result<()> {
        let url = self.url.as_deref().context("--url is missing")?;
        let key = self.key_file.as_ref().context("--key-file is missing")?;
        let key = std::fs::read_to_string(key).context("the key cannot be read")?;
        let seed = self
            .seed
            .unwrap_or_else(|| u64::try_from(system_now().0).unwrap_or_default());
        print_line(&format!("seed {seed}"))?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Server {
            client: reqwest::Client::builder()
                .timeout(Duration::from_mins(1))
                .build()
                .context("no client for HTTP")?,
            address: format!("{}/api/v1/provider-calls", url.trim_end_matches('/')),
            provider: provider.to_owned(),
            key: key.trim().to_owned(),
            skew: self.skew,
        };
        let mut order: Vec<i64> = (0..i64::from(days)).collect();
        if self.out_of_order {
            order.reverse();
        }
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for at in order {
            let day = first.saturating_add(time::Duration::days(at));
            let mut rows: Vec<CallRow> = references
                .iter()
                .flat_map(|reference| day_of(self.kind, seed, reference, day))
                .collect();
            if self.late {
                rows.extend(rows.first().cloned().map(|row| late(row, day)));
            }
            if rows.is_empty() {
                continue;
            }
            if self.duplicates {
                rows.extend(rows.clone());
            }
            let nonce = format!("{seed}-{day}");
            let answer = server.send(&nonce, &rows).await?;
            count(&mut counts, &answer);
            if self.replay {
                let again = server.send(&nonce, &rows).await?;
                let same = if again == answer {
                    "the same answer to a replay"
                } else {
                    "ANOTHER ANSWER TO A REPLAY"
                };
                *counts.entry(same.to_owned()).or_default() += 1;
                rows.truncate(1);
                rows.extend(rows.first().cloned().map(|row| CallRow {
                    order: format!("{}-other", row.order),
                    ..row
                }));
                count(&mut counts, &server.send(&nonce, &rows).await?);
            }
            if self.duplicates {
                count(
                    &mut counts,
                    &server.send(&format!("{nonce}-again"), &rows).await?,
                );
            }
        }
        for (code, number) in counts {
            print_line(&format!("{number:>8} {code}"))?;
        }
        Ok(())
    }
}

/// The answer of a server: rows, or a status with a code.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Rows(CallAnswer),
    Refused(String),
}

fn count(counts: &mut BTreeMap<String, u64>, told: &Told) {
    let mut add = |code: String| *counts.entry(code).or_default() += 1;
    match told {
        Told::Refused(code) => add(code.clone()),
        Told::Rows(answer) => {
            for row in &answer.rows {
                match (&row.accepted, row.refused.first()) {
                    (Some(one), _) if one.known => add("known".to_owned()),
                    (Some(one), _) => add(format!("accepted, {}", one.status.code())),
                    (None, Some(why)) => add(format!("refused, {}", why.code)),
                    (None, None) => add("a row without an answer".to_owned()),
                }
            }
        }
    }
}

struct Server {
    client: reqwest::Client,
    address: String,
    provider: String,
    key: String,
    skew: i64,
}

impl Server {
    /// Sends one call; again, while the server is too busy for it.
    async fn send(&self, nonce: &str, rows: &[CallRow]) -> Result<Told> {
        let body = serde_json::to_vec(rows)?;
        for _ in 0..PATIENCE {
            let at = system_now().0.saturating_add(self.skew);
            let answer = self
                .client
                .post(&self.address)
                .header("content-type", "application/json")
                .header("x-huitan-provider", &self.provider)
                .header("x-huitan-timestamp", at.to_string())
                .header("x-huitan-nonce", nonce)
                .header("x-huitan-signature", sign(&self.key, at, nonce, &body))
                .body(body.clone())
                .send()
                .await
                .context("the server does not answer")?;
            let status = answer.status().as_u16();
            let text = answer.bytes().await.context("half an answer")?;
            match status {
                200 => return Ok(Told::Rows(serde_json::from_slice(&text)?)),
                429 | 503 => tokio::time::sleep(Duration::from_secs(1)).await,
                _ => {
                    let said: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
                    let code = said.pointer("/error/code").and_then(|code| code.as_str());
                    let code = code.unwrap_or("no code");
                    return Ok(Told::Refused(format!("HTTP {status}, {code}")));
                }
            }
        }
        bail!("the server stays too busy")
    }
}

/// A record of the same kind, too long ago.
fn late(row: CallRow, day: Date) -> CallRow {
    CallRow {
        order: format!("{}-late", row.order),
        day: Some(
            day.saturating_sub(time::Duration::days(LATE_DAYS))
                .to_string(),
        ),
        started_at: None,
        ended_at: None,
        ..row
    }
}

/// A number below `below` that follows from the seed, a name and a place.
fn chance(seed: u64, name: &str, below: u64) -> i64 {
    let hash = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(name.as_bytes())
        .finalize();
    let number = hash
        .iter()
        .take(7)
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    i64::try_from(number % below.max(1)).unwrap_or_default()
}

/// The records of one person on one day.
fn day_of(kind: Kind, seed: u64, reference: &str, day: Date) -> Vec<CallRow> {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let midnight = Instant::at_start_of(day).0;
    let short: String = reference.chars().take(8).collect();
    let draw =
        |what: &str, below: u64| chance(seed, &format!("{kind:?} {reference} {day} {what}"), below);
    let row = |number: i64, scene: &str, times: Option<(i64, i64)>, kilometres: String| CallRow {
        order: format!("SIM-{seed}-{day}-{number}-{short}"),
        reference: reference.to_owned(),
        scene: scene.to_owned(),
        day: Some(day.to_string()),
        started_at: times.map(|(from, _)| midnight + from * 60),
        ended_at: times.map(|(from, length)| midnight + (from + length) * 60),
        region: "CN-GD-SZ".to_owned(),
        meter: None,
        item: None,
        campaign: None,
        amounts: Fields::from([("distance_km".to_owned(), kilometres)]),
    };
    // hundreds of metres, and minutes at a speed in hundreds of metres a minute
    let ride = |number: i64, scene: &str, begin: i64, (least, more, pace): (i64, u64, i64)| {
        let hundreds = least + draw(&format!("{number} length"), more);
        let length = (hundreds + pace - 1) / pace + 1;
        let distance = format!("{}.{}", hundreds / 10, hundreds % 10);
        let begin = begin + draw(&format!("{number} begin"), 40);
        row(number, scene, Some((begin, length)), distance)
    };
    match (kind, weekend) {
        (Kind::Metro, false) => vec![
            ride(0, "metro", 7 * 60 + 30, (40, 180, 5)),
            ride(1, "metro", 17 * 60 + 30, (40, 180, 5)),
        ],
        (Kind::Metro, true) => vec![ride(0, "metro", 13 * 60, (30, 100, 5))],
        (Kind::Bus, false) => vec![
            ride(0, "bus", 12 * 60, (20, 40, 3)),
            ride(1, "bus", 20 * 60, (20, 70, 3)),
        ],
        (Kind::Bus, true) => vec![ride(0, "bus", 10 * 60, (20, 70, 3))],
        (Kind::Bike, _) => vec![
            ride(0, "shared_bike", 6 * 60 + 40, (8, 30, 2)),
            ride(1, "shared_bike", 19 * 60, (8, 40, 2)),
        ],
        // charged every day it would be a taxi
        (Kind::Charging, _) if draw("rests", 3) == 0 => Vec::new(),
        (Kind::Charging, _) => {
            let hundreds = 60 + draw("driven", 240);
            let distance = format!("{}.{}", hundreds / 10, hundreds % 10);
            let mut charged = row(0, "own_ev", None, distance);
            let used = format!("1{}.5", 2 + draw("used", 6));
            charged.amounts.insert("kwh_per_100km".to_owned(), used);
            vec![charged]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_same_seed_sends_the_same_records_at_speeds_that_are_possible() {
        let day = date!(2026 - 03 - 10);
        for kind in [Kind::Metro, Kind::Bus, Kind::Bike, Kind::Charging] {
            for seed in 0..200 {
                let rows = day_of(kind, seed, "reference", day);
                assert_eq!(rows, day_of(kind, seed, "reference", day));
                assert!(kind == Kind::Charging || !rows.is_empty());
                for row in rows {
                    let (Some(from), Some(to)) = (row.started_at, row.ended_at) else {
                        continue;
                    };
                    let kilometres: rust_decimal::Decimal =
                        row.amounts["distance_km"].parse().expect("a number");
                    let hours =
                        rust_decimal::Decimal::from(to - from) / rust_decimal::Decimal::from(3600);
                    let most = match kind {
                        Kind::Metro => 32,
                        Kind::Bus => 20,
                        Kind::Bike | Kind::Charging => 14,
                    };
                    assert!(
                        kilometres <= hours * rust_decimal::Decimal::from(most),
                        "{row:?}"
                    );
                }
            }
        }
        assert_ne!(
            day_of(Kind::Bus, 1, "a", day),
            day_of(Kind::Bus, 2, "a", day)
        );
    }
}
