//! `huitan serve`: check, listen, answer, and stop in good order.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use registry::{LinkKey, Options, Registry};
use tokio::net::TcpListener;

use crate::config::{Config, MailPlace};
use crate::layers::limits::Limits;
use crate::mail::{self, Mailer};
use crate::state::State;
use crate::{background, router, seed};

/// How long open requests may take to end after the signal to stop.
const LAST_ANSWERS_SECONDS: u64 = 20;

/// Opens the database of this configuration, making the folder of a SQLite file if needed.
pub async fn open(config: &Config) -> Result<Registry> {
    make_folder_of(&config.database_url)?;
    let options = Options {
        demo: config.demo,
        log_key: config.log_key.clone(),
        link_key: LinkKey::new(config.secret.as_bytes()),
        sends_mail: !matches!(config.mail, MailPlace::Off),
        ..Options::default()
    };
    Registry::connect(&config.database_url, options)
        .await
        .context("cannot open the database")
}

/// SQLite makes a file but not its folder.
fn make_folder_of(database_url: &str) -> Result<()> {
    let Some(path) = database_url
        .strip_prefix("sqlite://")
        .or_else(|| database_url.strip_prefix("sqlite:"))
    else {
        return Ok(());
    };
    let path = std::path::Path::new(path.split('?').next().unwrap_or_default());
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display())),
        None => Ok(()),
    }
}

/// Serves until told to stop.
pub async fn serve(config: Config) -> Result<()> {
    config.check_for_serving()?;
    crate::files::check(&config.files)?;
    let registry = open(&config).await?;
    registry
        .migrate()
        .await
        .context("cannot bring the database to this release's schema")?;
    check_database(&config, &registry).await?;
    let state = State::new(config, registry.clone());
    let limits = Limits::new(&state.config);
    let address = state.config.address;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let seeded = registry.demo_world().await?.is_some();
    announce(&state, listener.local_addr()?, seeded);
    let background = tokio::spawn(background::run(state.clone(), limits.clone()));
    let sequencer = tokio::spawn(background::sequence(state.clone()));
    let auditor = tokio::spawn(background::audit(state.clone()));
    let post =
        Mailer::open(&state.config)?.map(|mailer| tokio::spawn(mail::run(state.clone(), mailer)));
    let service =
        router::router(state, &limits).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        told_to_stop().await;
        tracing::info!("stopping: no new connections");
        let _ = stopping.send(());
    });
    let server = tokio::spawn(server.into_future());
    let ended = tokio::select! {
        ended = server => ended.context("the server task failed")?.context("the server failed"),
        () = last_answers(stopped) => {
            tracing::warn!(LAST_ANSWERS_SECONDS, "some requests were given up");
            Ok(())
        }
    };
    background.abort();
    sequencer.abort();
    auditor.abort();
    if let Some(post) = post {
        post.abort();
    }
    registry.close().await;
    tracing::info!("stopped");
    ended
}

/// Resolves when the server was told to stop and had its time for the last answers.
async fn last_answers(stopped: tokio::sync::oneshot::Receiver<()>) {
    if stopped.await.is_ok() {
        tokio::time::sleep(Duration::from_secs(LAST_ANSWERS_SECONDS)).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// In production: no demo accounts, no demo clock. In demo mode: nothing is forbidden.
async fn check_database(config: &Config, registry: &Registry) -> Result<()> {
    if config.demo {
        return Ok(());
    }
    if registry.demo_world().await?.is_some() {
        bail!(
            "the database holds demo accounts with a published password: production needs a database of its own (DATABASE_URL)"
        );
    }
    if registry.demo_clock_was_moved().await? {
        bail!(
            "the demo clock of this database was moved: production needs a database whose clock was never moved (DATABASE_URL)"
        );
    }
    Ok(())
}

/// In demo mode the address and the accounts are printed for the person at the terminal; production only logs.
fn announce(state: &State, address: SocketAddr, seeded: bool) {
    let (demo, engine) = (state.config.demo, state.registry.engine_name());
    tracing::info!(%address, demo, engine, "listening");
    let url = format!("http://{address}");
    match (demo, seeded) {
        (true, true) => println!("{}", seed::accounts_text(&url)),
        (true, false) => {
            println!(
                "惠碳 Huitan, demo without a demo world (huitan seed --demo makes one): {url}"
            );
        }
        (false, _) => {}
    }
}

/// Resolves at Ctrl-C or SIGTERM.
async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be heard");
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
