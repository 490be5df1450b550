//! Structured logs: one JSON object per line in production, lines for people in demo mode.

use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging to the error output. A filter that cannot be read is answered by its own complaint and `info`.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log_filter);
    let complaint = filter.as_ref().err().map(ToString::to_string);
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if config.log_json {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    } else {
        builder.with_target(false).compact().try_init()
    };
    if let Some(complaint) = complaint {
        tracing::warn!(complaint, "HUITAN_LOG cannot be read; using info");
    }
    if started.is_err() {
        // a second server in one process (tests): the first one's log serves both
        tracing::debug!("logging was started before");
    }
}
