//! What happens without anybody asking: steps that are due by date, and forgetting what is over.

use std::time::Duration;

use registry::DailyAudit;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::layers::limits::Limits;
use crate::state::{State, system_now};

/// How often dates are looked at. A publicity begins and ends with a Beijing day; acts settle their own record anyway.
const CLOCK_SECONDS: u64 = 60;
/// Every so many looks at the clock, what is over is forgotten.
const LOOKS_PER_CLEANING: u64 = 10;

/// Runs until the task is aborted. Several copies of the server may do this at once: each step happens exactly once.
pub async fn run(state: State, limits: Limits) {
    let mut ticks = interval(Duration::from_secs(CLOCK_SECONDS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for look in 0_u64.. {
        ticks.tick().await;
        step_by_date(&state).await;
        remind(&state).await;
        remove_files(&state).await;
        if look % LOOKS_PER_CLEANING == 0 {
            limits.forget_quiet_addresses();
            forget_senders(&state).await;
            match state.registry.session_delete_expired(system_now()).await {
                Ok(ended) if ended > 0 => {
                    tracing::info!(ended, "sessions that were over were removed");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "sessions that are over could not be removed"),
            }
        }
    }
}

/// How often entries of the public log that wait get their numbers.
const SEQUENCE_SECONDS: u64 = 1;

/// Numbers the entries of the public log and signs its heads, until the task is aborted. Copies of the server take turns.
pub async fn sequence(state: State) {
    let mut ticks = interval(Duration::from_secs(SEQUENCE_SECONDS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let numbered = match state.now().await {
            Ok(now) => state.registry.log_sequence(now).await,
            Err(error) => Err(error),
        };
        match numbered {
            Ok(0) => {}
            Ok(numbered) => tracing::debug!(numbered, "entries of the public log were numbered"),
            Err(error) => tracing::warn!(%error, "the public log was put off"),
        }
    }
}

/// How often it is looked whether the audit of the day was run. The first look is that long after the start.
const AUDIT_SECONDS: u64 = 600;

/// Runs the audit of each day, until the task is aborted. Of several copies of the server one does it.
pub async fn audit(state: State) {
    let period = Duration::from_secs(AUDIT_SECONDS);
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let audited = match state.now().await {
            Ok(now) => state.registry.audit_daily(now).await,
            Err(error) => Err(error),
        };
        match audited {
            Ok(DailyAudit::Taken) => {}
            Ok(DailyAudit::Ran(0)) => tracing::info!("the audit of the day found no difference"),
            Ok(DailyAudit::Ran(differences)) => {
                tracing::error!(
                    differences,
                    "the audit of the day found differences; run huitan audit"
                );
            }
            Err(error) => tracing::error!(%error, "the audit of the day could not be finished"),
        }
    }
}

async fn remind(state: &State) {
    let written = match state.now().await {
        Ok(now) => state.registry.reminders_tick(now).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(0) => {}
        Ok(written) => tracing::info!(written, "reminders were written"),
        Err(error) => tracing::warn!(%error, "reminders were put off"),
    }
}

/// Senders of answers, after a day.
async fn forget_senders(state: &State) {
    let forgotten = match state.now().await {
        Ok(now) => state.registry.answer_senders_forget(now).await,
        Err(error) => Err(error),
    };
    if let Err(error) = forgotten {
        tracing::warn!(%error, "senders of answers could not be forgotten");
    }
}

/// The photos of closed accounts and of acts that were refused.
async fn remove_files(state: &State) {
    if let Err(error) = try_remove_files(state).await {
        tracing::warn!(%error, "photos that nothing names could not be removed");
    }
}

async fn try_remove_files(state: &State) -> anyhow::Result<()> {
    for hash in state.registry.files_to_remove(state.now().await?).await? {
        state.host.files.remove(&hash).await?;
        state.registry.file_removed(&hash).await?;
    }
    Ok(())
}

async fn step_by_date(state: &State) {
    let moved = match state.now().await {
        Ok(now) => state.registry.clock_tick(now).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(tick) if tick == registry::Tick::default() => {}
        Ok(tick) => tracing::info!(
            publicity_begun = tick.publicity_begun,
            publicity_ended = tick.publicity_ended,
            expired = tick.expired,
            "moved by date"
        ),
        Err(error) => tracing::warn!(%error, "steps by date were put off"),
    }
    let settled = match state.now().await {
        Ok(now) => state.registry.inclusion_tick(now).await,
        Err(error) => Err(error),
    };
    match settled {
        Ok(tick) if tick == registry::InclusionTick::default() => {}
        Ok(tick) => {
            tracing::info!(
                settled = tick.settled,
                expired = tick.expired,
                "grams were settled"
            );
        }
        Err(error) => tracing::warn!(%error, "the settlement of grams was put off"),
    }
}
