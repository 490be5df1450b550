//! Where the project lies and how other programs are called.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root folder of the project, wherever the command was called from.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), Path::to_owned)
}

/// The folder of everything that is built: the one cargo uses for this project.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A call of `program` with the project root as its working folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// A call of the cargo that called us.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // what `cargo run` sets for us must not look like a setting for the children: a build script that reads it would
    // run again, and everything after it would be compiled again, whenever cargo is called by hand
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text == "CARGO_PRIMARY_PACKAGE"
        {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// A program installed by `npm ci` in the project, run by the Node of this machine.
pub fn npm_tool(name: &str) -> Command {
    command(root().join("node_modules/.bin").join(name))
}

/// Runs it with its output on the screen; an error says which call failed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs it and returns what it printed, trimmed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    if !output.status.success() {
        bail!(
            "{} failed ({}): {}",
            describe(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The call as one would type it.
pub fn describe(command: &Command) -> String {
    let mut text = format!(
        "`{}",
        Path::new(command.get_program())
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
    );
    for argument in command.get_args() {
        let _ = write!(text, " {}", argument.to_string_lossy());
    }
    text + "`"
}

/// Where a program lies, if it is on PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A TCP port of 127.0.0.1 that nobody listens on.
pub fn free_port() -> Result<u16> {
    let listener =
        std::net::TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Debian's Chromium without a window of its own: pages open in half the time, because no browser is drawn around them.
pub fn headless_chromium() -> Option<PathBuf> {
    find_program("chromium-headless-shell")
}

/// A Chromium on this machine: Debian's, or another's name for it.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| find_program(name))
}
