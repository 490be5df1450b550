//! What every handler shares.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use app::host::Host;
use axum::extract::FromRef;
use domain::Instant;
use registry::{Error, Registry};

use crate::config::Config;
use crate::session::Sessions;
use crate::site::Site;

/// The state of the router. Cloning it is cheap.
#[derive(Clone)]
pub struct State {
    /// The registry.
    pub registry: Registry,
    /// What was chosen outside the program.
    pub config: Arc<Config>,
    /// The way sessions are kept.
    pub sessions: Sessions,
    /// The static files.
    pub site: Arc<Site>,
    /// What pages share.
    pub host: Host,
}

impl State {
    /// The state of a server with this configuration on this database.
    pub fn new(config: Config, registry: Registry) -> Self {
        let site = Site::read(&config.site);
        let host = Host {
            registry: registry.clone(),
            assets: Arc::new(site.assets()),
            files: crate::files::open(&config.files),
            printer: crate::print::printer(config.fonts.clone()),
            demo: config.demo,
            public_url: config.public_url.as_str().into(),
            cookies_without_tls: config.cookies_without_tls(),
        };
        Self {
            sessions: Sessions::new(&config, registry.clone()),
            site: Arc::new(site),
            host,
            config: Arc::new(config),
            registry,
        }
    }

    /// Now, by the registry's clock: the system's, moved by the demo clock in demo mode.
    pub async fn now(&self) -> Result<Instant, Error> {
        let offset_seconds = if self.config.demo {
            self.registry.clock_offset().await?
        } else {
            0
        };
        Ok(system_now().plus_seconds(offset_seconds))
    }
}

impl FromRef<State> for Host {
    fn from_ref(state: &State) -> Self {
        state.host.clone()
    }
}

/// Now, by the system's clock: for sessions and limits, which the demo clock must not move.
pub fn system_now() -> Instant {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Instant(i64::try_from(seconds).unwrap_or(i64::MAX))
}
