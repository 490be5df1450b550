//! A private PostgreSQL cluster that lives as long as one run of the tests.
//!
//! It listens on a free port of 127.0.0.1 only, trusts every local caller, and for tests does not wait for the disk (its data
//! are thrown away). PostgreSQL refuses to run as root, so under root it runs as the user `postgres` or `nobody`.

use crate::cleanup::Cleanup;
use crate::workspace::{describe, find_program, free_port, output, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Settings of every cluster here.
const OPTIONS: &str = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 \
                       -c shared_buffers=128MB -c log_min_messages=fatal";
/// Settings of a cluster whose data nobody will miss.
const CARELESS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

/// A running cluster; stopped and deleted when dropped or when the command is interrupted.
pub struct Cluster {
    url: String,
    _cleanup: Cleanup,
}

/// The programs of a PostgreSQL installation.
#[derive(Clone)]
pub struct Programs {
    initdb: PathBuf,
    pg_ctl: PathBuf,
    /// Beside the two others; a measurement needs it, a test does not.
    pgbench: Option<PathBuf>,
}

impl Programs {
    /// The program that measures PostgreSQL itself.
    pub fn pgbench(self) -> Result<PathBuf> {
        self.pgbench
            .context("pgbench is not beside PostgreSQL's other programs")
    }
}

/// Finds initdb and pg_ctl on PATH or where Debian puts them (the newest version).
pub fn find_programs() -> Option<Programs> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    folders.sort_by_key(|folder| {
        let version = folder
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        std::cmp::Reverse(version.parse::<u32>().unwrap_or_default())
    });
    let find = |name: &str| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
            .or_else(|| find_program(name))
    };
    Some(Programs {
        initdb: find("initdb")?,
        pg_ctl: find("pg_ctl")?,
        pgbench: find("pgbench"),
    })
}

impl Cluster {
    /// Makes and starts a cluster that does not wait for the disk.
    pub fn start() -> Result<Self> {
        Self::start_with(CARELESS)
    }

    /// Makes and starts one that waits for the disk at every commit: for measurements.
    pub fn start_durable() -> Result<Self> {
        Self::start_with("")
    }

    fn start_with(more: &str) -> Result<Self> {
        let programs = find_programs().context("PostgreSQL (initdb, pg_ctl) is not installed")?;
        let user = cluster_user()?;
        remove_left_over(&programs, user);
        let folder = make_folder(user)?;
        remember(Some(&folder))?;
        let cleanup = Cleanup::at_end({
            let (programs, folder) = (programs.clone(), folder.clone());
            move || stop_and_delete(&programs, user, &folder)
        });
        let data = folder.join("data");
        call(
            as_user(user, &programs.initdb, &folder)
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data),
        )?;
        let port = free_port()?;
        let options = format!("-p {port} {OPTIONS} {more}");
        call(
            as_user(user, &programs.pg_ctl, &folder)
                .args(["start", "--wait", "--timeout=60", "-o", &options, "-D"])
                .arg(&data)
                .arg("--log")
                .arg(folder.join("log")),
        )
        .with_context(|| fs::read_to_string(folder.join("log")).unwrap_or_default())?;
        Ok(Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            _cleanup: cleanup,
        })
    }

    /// For work by hand: says where it is and stays until Ctrl-C.
    pub fn wait_for_interrupt(&self) -> ! {
        println!("export HUITAN_TEST_POSTGRES={}", self.url);
        println!(
            "now `cargo test -p registry` works in a shell with that line; Ctrl-C stops and deletes the cluster"
        );
        loop {
            std::thread::park();
        }
    }

    /// Connection URL of its superuser.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The user to run as when we are root.
fn cluster_user() -> Result<Option<&'static str>> {
    if output(Command::new("id").arg("-u"))? != "0" {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("reading the users of this machine")?;
    let is_there = |name: &str| {
        users
            .lines()
            .any(|line| line.split(':').next() == Some(name))
    };
    match ["postgres", "nobody"]
        .into_iter()
        .find(|name| is_there(name))
    {
        Some(name) => Ok(Some(name)),
        None => bail!(
            "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody"
        ),
    }
}

/// A call as `user`; `folder` is the working folder because that user may not enter ours.
fn as_user(user: Option<&str>, program: &Path, folder: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    };
    command
        .current_dir(folder)
        .env_remove("PGDATA")
        .env_remove("PGPORT")
        .stdin(Stdio::null());
    command
}

/// Runs it with its output in a file (a server that is started would keep a pipe open); shows it on failure.
fn call(command: &mut Command) -> Result<()> {
    let folder = command
        .get_current_dir()
        .context("the call has a folder")?
        .to_owned();
    let log = folder.join("call.log");
    let file = fs::File::create(&log)?;
    command.stdout(file.try_clone()?).stderr(file);
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    if !status.success() {
        bail!(
            "{} failed ({status}): {}",
            describe(command),
            fs::read_to_string(log).unwrap_or_default()
        );
    }
    Ok(())
}

/// A new folder that `user` may write to. Not in `target`, which may lie where that user cannot go. Another one for each cluster of this run: the
/// one before it may still be on its way out.
fn make_folder(user: Option<&str>) -> Result<PathBuf> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    // the process last: by it a later run sees whether the cluster is still used
    let name = format!("huitan-test-postgres-{number}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
    if let Some(user) = user {
        output(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}

fn stop_and_delete(programs: &Programs, user: Option<&str>, folder: &Path) {
    let _ = call(
        as_user(user, &programs.pg_ctl, folder)
            .args(["stop", "--mode=immediate", "--wait", "-D"])
            .arg(folder.join("data")),
    );
    // hundreds of databases lie in it: on a slow disk their removal takes minutes, for which nobody waits
    let removal = Command::new("rm")
        .arg("-rf")
        .arg(folder)
        .stdin(Stdio::null())
        .spawn();
    if removal.is_err() {
        let _ = fs::remove_dir_all(folder);
    }
    let _ = remember(None);
}

/// A run that was killed could not clean up: do it now.
fn remove_left_over(programs: &Programs, user: Option<&str>) {
    if let Ok(folder) = fs::read_to_string(memory()) {
        let folder = PathBuf::from(folder);
        let ours = folder
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("huitan-test-postgres-"));
        let still_used = folder
            .to_string_lossy()
            .rsplit('-')
            .next()
            .is_some_and(|process| {
                Path::new("/proc")
                    .join(process)
                    .join("exe")
                    .read_link()
                    .is_ok_and(|exe| exe.ends_with("xtask"))
            });
        if ours && !still_used && folder.is_dir() {
            println!("postgres: removing the cluster of a run that was killed");
            stop_and_delete(programs, user, &folder);
        }
    }
}

/// Where the folder of the running cluster is written down.
fn memory() -> PathBuf {
    target().join("stamps/postgres-folder")
}

fn remember(folder: Option<&Path>) -> Result<()> {
    let file = memory();
    match folder {
        Some(folder) => {
            fs::create_dir_all(file.parent().context("a file lies in a folder")?)?;
            fs::write(file, folder.to_string_lossy().as_bytes())
                .context("writing down where the cluster is")
        }
        None => fs::remove_file(file).context("forgetting where the cluster was"),
    }
}
