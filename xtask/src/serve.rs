//! Starts the server: for people (`run`, `dev`) and for the browser tests (a fresh demo world on a free port).

use crate::cleanup::Cleanup;
use crate::setup;
use crate::site::{self, Mode};
use crate::workspace::{command, free_port, root, run as run_command, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a server may take from its start to its first answer.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// `cargo xtask run`.
pub fn run(fresh: bool) -> Result<()> {
    setup::for_build()?;
    site::build_if_changed(Mode::Release)?;
    serve_for_people(Mode::Release, "demo", fresh)
}

/// `cargo xtask dev`.
pub fn dev() -> Result<()> {
    setup::for_build()?;
    site::build(Mode::Debug)?;
    serve_for_people(Mode::Debug, "dev", false)
}

/// A server program and the folder with what it gives the browser.
#[derive(Clone)]
pub struct Build {
    /// the program `huitan`
    pub server: PathBuf,
    /// its static files
    pub site: PathBuf,
}

impl From<Mode> for Build {
    fn from(mode: Mode) -> Self {
        Self {
            server: mode.server(),
            site: mode.site(),
        }
    }
}

/// Makes the database `data/NAME.db` if it is missing and becomes the server.
fn serve_for_people(mode: Mode, name: &str, fresh: bool) -> Result<()> {
    let build = Build::from(mode);
    let file = PathBuf::from("data").join(format!("{name}.db"));
    let there = root().join(&file).exists();
    if fresh || !there {
        make_demo_database(&build, &file)?;
    } else {
        // an older database gets the tables of this version; nothing happens if it has them
        run_command(huitan(&build, &sqlite_url(&file)).arg("migrate"))?;
    }
    let mut serve = huitan(&build, &sqlite_url(&file));
    serve.arg("serve").env(
        "HUITAN_ADDR",
        std::env::var("HUITAN_ADDR").unwrap_or_else(|_| "127.0.0.1:3000".to_owned()),
    );
    Err(serve.exec()).context("starting the server")
}

/// Fills a new database with the demo world, and puts it in place only when that is complete.
/// `file` is relative to the project root.
fn make_demo_database(build: &Build, file: &Path) -> Result<()> {
    println!("run: making the demo database {}", file.display());
    let new = file.with_extension("new.db");
    let folder = root().join(file.parent().context("a database lies in a folder")?);
    fs::create_dir_all(&folder)?;
    remove_database(&new);
    run_command(huitan(build, &sqlite_url(&new)).arg("migrate"))?;
    run_command(huitan(build, &sqlite_url(&new)).args(["seed", "--demo"]))?;
    with_database_files(&new, file, |from, to| fs::rename(from, to))
}

/// The files of an SQLite database, given relative to the project root: itself, and what it keeps beside it when it was
/// not closed in order.
fn database_files(file: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = root().join(file).into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn remove_database(file: &Path) {
    for file in database_files(file) {
        let _ = fs::remove_file(file);
    }
}

/// Does `action` (copy or rename) with each file there is.
fn with_database_files<T>(
    from: &Path,
    to: &Path,
    action: impl Fn(&Path, &Path) -> std::io::Result<T>,
) -> Result<()> {
    remove_database(to);
    for (from, to) in database_files(from).iter().zip(&database_files(to)) {
        if from.exists() {
            action(from, to).with_context(|| format!("putting {} in place", to.display()))?;
        }
    }
    Ok(())
}

/// URL of a database file given relative to the project root, which is the server's working folder. So a space in the
/// path of the project needs no escaping.
fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// A call of our program in demo mode.
fn huitan(build: &Build, database_url: &str) -> Command {
    let mut huitan = command(&build.server);
    huitan
        .env("DATABASE_URL", database_url)
        .env("HUITAN_DEMO", "1")
        .env("HUITAN_SITE", &build.site)
        .env_remove("HUITAN_SECRET");
    huitan
}

/// Fresh demo worlds for browser tests: seeded once, then copied.
pub struct DemoWorlds {
    folder: PathBuf,
    build: Build,
}

impl DemoWorlds {
    /// Seeds one in `target/NAME`.
    pub fn prepare(name: &str, build: Build) -> Result<Self> {
        let folder = target()
            .strip_prefix(root())
            .map_or_else(|_| target(), Path::to_owned)
            .join(name);
        let _ = fs::remove_dir_all(root().join(&folder));
        let worlds = Self { folder, build };
        make_demo_database(&worlds.build, &worlds.seeded())?;
        Ok(worlds)
    }

    /// Starts a server on a demo world of its own in an empty PostgreSQL database.
    pub fn serve_on_postgres(&self, name: &str, database_url: &str) -> Result<Server> {
        run_command(huitan(&self.build, database_url).arg("migrate"))?;
        run_command(huitan(&self.build, database_url).args(["seed", "--demo"]))?;
        Server::start(&self.build, database_url, &self.log(name))
    }

    fn log(&self, name: &str) -> PathBuf {
        root().join(&self.folder).join(format!("server-{name}.log"))
    }

    fn seeded(&self) -> PathBuf {
        self.folder.join("seeded.db")
    }

    /// Starts a server on its own copy of the seeded world.
    pub fn serve(&self, name: &str) -> Result<Server> {
        let file = self.folder.join(format!("{name}.db"));
        with_database_files(&self.seeded(), &file, |from, to| fs::copy(from, to))?;
        Server::start(&self.build, &sqlite_url(&file), &self.log(name))
    }
}

/// A running server of a test; stopped when dropped or when the command is interrupted.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// where its output goes
    pub log: PathBuf,
    _cleanup: Cleanup,
}

impl Server {
    /// Starts it on a free port and waits until it answers.
    pub fn start(build: &Build, database_url: &str, log: &Path) -> Result<Self> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let output = fs::File::create(log).with_context(|| format!("writing {}", log.display()))?;
        let child = huitan(build, database_url)
            .arg("serve")
            .env("HUITAN_ADDR", &address)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("starting the server")?;
        let child = Arc::new(Mutex::new(child));
        let cleanup = Cleanup::at_end({
            let child = Arc::clone(&child);
            move || {
                let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = child.kill();
                let _ = child.wait();
            }
        });
        let begin = Instant::now();
        while !is_ready(&address) {
            let ended = child
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_wait()?;
            if ended.is_some() || begin.elapsed() > READY_WITHIN {
                bail!(
                    "the server did not become ready; its output:\n{}",
                    fs::read_to_string(log).unwrap_or_default()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Self {
            url: format!("http://{address}"),
            log: log.to_owned(),
            _cleanup: cleanup,
        })
    }
}

/// Whether `/readyz` answers with 200.
fn is_ready(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )?;
        let mut first = [0; 12];
        stream.read_exact(&mut first)?;
        Ok(String::from_utf8_lossy(&first).into_owned())
    };
    ask().is_ok_and(|line| line == "HTTP/1.1 200")
}
