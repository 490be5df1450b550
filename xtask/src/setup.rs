//! Installs what is missing, at the versions written here and in `package-lock.json`, and says what it installs.

use crate::stamp::{self, Fingerprint};
use crate::workspace::{self, command, find_program, output, run};
use anyhow::{Context, Result, bail};
use std::path::Path;

const BROWSER_TARGET: &str = "wasm32-unknown-unknown";
const NODE_MAJOR_MIN: u32 = 20;
/// Documents are printed with it, and Chinese text in screenshots needs it.
const CHINESE_FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// What building and serving need: a C compiler (SQLite is compiled in), the font of printed documents, the browser
/// target, the npm tools.
pub fn for_build() -> Result<()> {
    let mut packages = Vec::new();
    if find_program("cc").is_none() {
        packages.push("build-essential");
    }
    if !Path::new(CHINESE_FONT).exists() {
        packages.push("fonts-noto-cjk");
    }
    install_debian_packages(&packages)?;
    install_browser_target()?;
    install_npm_tools()
}

/// What the tests with a database need.
pub fn for_postgres() -> Result<()> {
    if crate::postgres::find_programs().is_none() {
        install_debian_packages(&["postgresql"])?;
    }
    Ok(())
}

/// What the tests with a browser need.
pub fn for_browser() -> Result<()> {
    let mut packages = Vec::new();
    if workspace::chromium().is_none() {
        packages.push("chromium");
    }
    if workspace::headless_chromium().is_none() {
        packages.push("chromium-headless-shell");
    }
    install_debian_packages(&packages)
}

/// All of it.
pub fn for_everything() -> Result<()> {
    for_build()?;
    for_postgres()?;
    for_browser()?;
    println!("setup: everything is there");
    Ok(())
}

/// By apt-get, as root or through sudo.
fn install_debian_packages(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if find_program("apt-get").is_none() {
        bail!(
            "missing on this machine: {list} (Debian's names). There is no apt-get here; install them and run the command again"
        );
    }
    let as_root = output(command("id").arg("-u"))? == "0";
    if !as_root && find_program("sudo").is_none() {
        bail!("missing on this machine: {list}. Install them as root: apt-get install {list}");
    }
    println!("setup: installing {list} by apt-get");
    let apt = |arguments: &[&str]| {
        let mut call = if as_root {
            command("apt-get")
        } else {
            command("sudo")
        };
        if !as_root {
            call.args([
                "--non-interactive",
                "--preserve-env=DEBIAN_FRONTEND",
                "apt-get",
            ]);
        }
        run(call
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments))
    };
    apt(&["update"])?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    apt(&install).with_context(|| format!("apt-get could not install {list}"))
}

/// The standard library for WebAssembly, from the toolchain manager.
fn install_browser_target() -> Result<()> {
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(BROWSER_TARGET)
        .join("lib");
    if library.is_dir() {
        return Ok(());
    }
    println!("setup: installing the Rust target {BROWSER_TARGET} by rustup");
    let installed = run(command("rustup").args(["target", "add", BROWSER_TARGET]));
    if installed.is_err() || !library.is_dir() {
        bail!(
            "the Rust target {BROWSER_TARGET} is missing and `rustup target add {BROWSER_TARGET}` did not bring it. \
             It is needed to build the browser part; add it to the toolchain in {sysroot}"
        );
    }
    Ok(())
}

/// The programs of `package.json`, exactly as in `package-lock.json`.
fn install_npm_tools() -> Result<()> {
    let version = output(command("node").arg("--version"))
        .context("Node is needed for the tools of the browser build")?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) {
        bail!("Node {NODE_MAJOR_MIN} or newer is needed; this is {version}");
    }
    let root = workspace::root();
    let lock = Fingerprint::default()
        .files(&root.join("package-lock.json"))?
        .finish();
    if stamp::is_fresh("npm", &lock) && root.join("node_modules/.bin/wasm-opt").exists() {
        return Ok(());
    }
    println!("setup: installing the npm tools of package-lock.json");
    // no install scripts: none of these tools needs one, and a script could fetch from elsewhere
    run(command("npm").args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    stamp::set("npm", &lock)
}
