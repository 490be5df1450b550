//! What is common: durations sorted into percentiles, memory of a process, and the public things beside which the platform stands.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Durations of the same thing.
#[derive(Debug, Default)]
pub struct Durations(Vec<Duration>);

impl Durations {
    /// One more.
    pub fn push(&mut self, one: Duration) {
        self.0.push(one);
    }

    /// All of another.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// How many.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// The duration below which `percent` of all lie, in microseconds; 0 of none.
    pub fn percentile(&mut self, percent: usize) -> u128 {
        self.0.sort_unstable();
        let at = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(at).map_or(0, Duration::as_micros)
    }
}

/// Milliseconds with two digits behind the point.
pub fn milliseconds(micros: u128) -> String {
    let hundredths = micros / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// `one / other` with two digits behind the point; `-` where the other is nothing.
pub fn ratio(one: u128, other: u128) -> String {
    if other == 0 {
        return "-".to_owned();
    }
    let hundredths = one * 100 / other;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// How many a second, rounded down.
pub fn per_second(count: usize, took: Duration) -> u128 {
    let count = u128::try_from(count).unwrap_or(u128::MAX);
    count * 1_000_000 / took.as_micros().max(1)
}

/// Writes of 4 KiB, each followed by fdatasync, a second: what the disk gives to one who waits for every write.
pub fn synced_writes(folder: &Path, seconds: u64) -> Result<u128> {
    let path = folder.join("raw-writes");
    let mut file = File::create(&path)?;
    let page = [7_u8; 4096];
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < Duration::from_secs(seconds) {
        // as a journal does: in a file that already has its length, from its begin again after 4 MiB
        if count % 1024 == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = per_second(count, begin.elapsed());
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// Transactions a second of pgbench's TPC-B: prepared, 16 clients, scale 10, on the same cluster.
pub fn tpc_b(pgbench: &Path, url: &str, seconds: u64) -> Result<u128> {
    let call = |arguments: &[&str]| -> Result<String> {
        let done = Command::new(pgbench).args(arguments).output()?;
        if !done.status.success() {
            bail!("pgbench: {}", String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    };
    call(&["-i", "-q", "-s", "10", url])?;
    let seconds = seconds.to_string();
    let printed = call(&[
        "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", &seconds, url,
    ])?;
    printed
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(['.', ' ']).next())
        .and_then(|whole| whole.parse().ok())
        .context("pgbench printed no tps")
}

/// Resident memory of a process, MiB.
pub fn resident_mib(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .and_then(|number| number.trim().parse().ok())
        .context("no VmRSS")?;
    Ok(kib / 1024)
}
