//! Failed attempts to sign in, counted in the database by account and by address, each under a blinded name.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, SignInLimit};

use super::Desk;
use crate::state::system_now;

/// Failures are remembered this long.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Most failures of one account within the window.
const ACCOUNT_FAILURES_MAX: i64 = 8;
/// Most failures of one address within the window: an office may share one.
const ADDRESS_FAILURES_MAX: i64 = 60;

/// Refuses when there were too many failures lately.
pub async fn check(desk: &Desk, email: &str) -> Result<(), Error> {
    let (account, address) = blinded(desk, email);
    let registry = &desk.state.registry;
    let limit = registry
        .sign_in_limit(
            &account,
            &address,
            system_now(),
            WINDOW_SECONDS,
            ACCOUNT_FAILURES_MAX,
            ADDRESS_FAILURES_MAX,
        )
        .await?;
    match limit {
        SignInLimit::Allowed => Ok(()),
        SignInLimit::LimitedUntil(moment) => {
            let seconds = (moment.0 - system_now().0).max(1);
            Err(Refusal::new(codes::SIGN_IN_RATE_LIMITED)
                .with("minutes", (seconds + 59) / 60)
                .into())
        }
    }
}

/// Counts a failure.
pub async fn failed(desk: &Desk, email: &str) -> Result<(), Error> {
    let (account, address) = blinded(desk, email);
    desk.state
        .registry
        .sign_in_failed(&account, &address, system_now())
        .await
}

/// Forgets the failures of the account.
pub async fn succeeded(desk: &Desk, email: &str) -> Result<(), Error> {
    let (account, _) = blinded(desk, email);
    desk.state.registry.sign_in_succeeded(&account).await
}

fn blinded(desk: &Desk, email: &str) -> (String, String) {
    let sessions = &desk.state.sessions;
    (
        sessions.blind(&format!("account {email}")),
        sessions.blind(&format!("address {}", desk.address)),
    )
}
