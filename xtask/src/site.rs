//! Builds what the browser loads (`target/site`) and the server (`target/release/huitan`).
//!
//! Each step is left out when nothing it reads has changed.

use crate::stamp::{self, Fingerprint};
use crate::workspace::{cargo, npm_tool, root, run, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Features of WebAssembly that rustc uses and every browser of the last years has.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Small and compressed, or quick to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// what is served and tested
    Release,
    /// for work on the pages
    Debug,
}

impl Mode {
    /// The folder that the server serves files from.
    pub fn site(self) -> PathBuf {
        target().join(match self {
            Self::Release => "site",
            Self::Debug => "site-debug",
        })
    }

    /// The server program.
    pub fn server(self) -> PathBuf {
        target().join(match self {
            Self::Release => "release/huitan",
            Self::Debug => "debug/huitan",
        })
    }

    fn stamp(self, step: &str) -> String {
        match self {
            Self::Release => step.to_owned(),
            Self::Debug => format!("{step}-debug"),
        }
    }
}

/// Builds browser part and server; prints the sizes of a release.
pub fn build(mode: Mode) -> Result<()> {
    let begin = Instant::now();
    let sources = source_fingerprint()?;
    let tools = build_tools()?;
    let modules = link_wasm(mode)?;
    make_site(mode, &tools, &modules)?;
    step("server");
    let mut server = cargo();
    server.args(["build", "--package", "server", "--bin", "huitan"]);
    if mode == Mode::Release {
        server.arg("--release");
    }
    run(&mut server)?;
    stamp::set(&mode.stamp("build"), &sources)?;
    println!(
        "built in {} s: {} and {}",
        begin.elapsed().as_secs(),
        mode.server().display(),
        mode.site().display()
    );
    Ok(())
}

/// Only what the browser loads, as in a release, for a server of another build; a second call rebuilds nothing.
pub fn build_browser_part() -> Result<PathBuf> {
    let tools = build_tools()?;
    let modules = link_wasm(Mode::Release)?;
    make_site(Mode::Release, &tools, &modules)?;
    Ok(Mode::Release.site())
}

/// Builds only if a source file has changed since the last build of this mode.
pub fn build_if_changed(mode: Mode) -> Result<()> {
    let there = mode.server().exists() && mode.site().join("assets.json").exists();
    if there && stamp::is_fresh(&mode.stamp("build"), &source_fingerprint()?) {
        return Ok(());
    }
    build(mode)
}

/// Everything that the build reads.
fn source_fingerprint() -> Result<String> {
    let root = root();
    let mut fingerprint = Fingerprint::default();
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "package-lock.json",
        "rust-toolchain.toml",
        ".cargo/config.toml",
        "methodologies",
        "domain",
        "registry",
        "app",
        "server",
        "worker",
        "proofs",
        "documents",
        "boundary",
        "style",
        "public",
        "xtask",
    ] {
        fingerprint = fingerprint.files(&root.join(name))?;
    }
    Ok(fingerprint.finish())
}

/// Builds `xtask-front`: wasm-bindgen, the SCSS compiler and the compressor, at the versions of our own lock file.
pub fn build_tools() -> Result<PathBuf> {
    step("tools of the browser build");
    run(cargo().args([
        "build",
        "--package",
        "xtask-front",
        "--profile",
        "build-tools",
    ]))?;
    Ok(target().join("build-tools/xtask-front"))
}

/// What the browser loads: the islands of a page, and the calculators, which run in a Web Worker and come only to pages
/// with a calculator, and the check of certificates. Each is a WebAssembly module of its own (`docs/decisions/0013`).
const MODULES: [Module; 7] = [
    Module {
        package: "app",
        features: "hydrate",
        name: "huitan",
    },
    calculator("energy", "calculator-energy"),
    calculator("afforestation", "calculator-afforestation"),
    calculator("mangrove", "calculator-mangrove"),
    calculator("event", "calculator-event"),
    calculator("inclusion", "calculator-inclusion"),
    // only on pages that check certificates (docs/decisions/0019)
    Module {
        package: "proofs",
        features: "browser",
        name: "check",
    },
];

/// A WebAssembly module of the browser part.
struct Module {
    /// The crate it is made of.
    package: &'static str,
    /// Features of that crate.
    features: &'static str,
    /// Name of its files in `pkg/`, without ending.
    name: &'static str,
}

/// The calculators that come with a feature of `worker`: `pkg/calculator-FEATURE.js` is what a page asks for.
const fn calculator(feature: &'static str, name: &'static str) -> Module {
    Module {
        package: "worker",
        features: feature,
        name,
    }
}

/// Compiles the browser part; where it put each of [`MODULES`]. A cdylib alone, because rustc leaves link-time
/// optimisation out when it makes an rlib in the same call.
fn link_wasm(mode: Mode) -> Result<Vec<PathBuf>> {
    let (profile, folder) = if mode == Mode::Release {
        ("wasm-release", "wasm-release")
    } else {
        ("dev", "debug")
    };
    let mut linked = Vec::new();
    for module in &MODULES {
        step(&format!("browser part: {}", module.name));
        run(cargo().args([
            "rustc",
            "--package",
            module.package,
            "--lib",
            "--crate-type",
            "cdylib",
            "--features",
            module.features,
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            profile,
        ]))?;
        let folder = target().join("wasm32-unknown-unknown").join(folder);
        let made = folder.join(module.package).with_extension("wasm");
        // the next module of the same crate is put in the same place
        let kept = folder.join("modules").join(module.name);
        fs::create_dir_all(folder.join("modules"))?;
        fs::copy(&made, kept.with_extension("wasm"))
            .with_context(|| format!("keeping {}", made.display()))?;
        linked.push(kept.with_extension("wasm"));
    }
    Ok(linked)
}

/// Puts the folder that is served together, beside the old one, and then takes its place.
fn make_site(mode: Mode, tools: &Path, linked: &[PathBuf]) -> Result<()> {
    let root = root();
    let site = mode.site();
    let mut inputs = Fingerprint::default().files(tools)?;
    for wasm in linked {
        inputs = inputs.files(wasm)?;
    }
    let inputs = inputs
        .files(&root.join("style"))?
        .files(&root.join("public"))?
        .files(&root.join("package-lock.json"))?
        .files(&root.join("xtask/src/site.rs"))?
        .finish();
    if stamp::is_fresh(&mode.stamp("site"), &inputs) && site.join("assets.json").exists() {
        println!(
            "site is up to date; sizes: {}",
            site.join("sizes.txt").display()
        );
        print_sizes(&site);
        return Ok(());
    }
    step("site: wasm-bindgen, styles, optimisation, compression");
    let new = site.with_extension("new");
    let _ = fs::remove_dir_all(&new);
    copy_folder(&root.join("public"), &new)?;
    let package = new.join("pkg");
    fs::create_dir_all(&package)?;
    for (module, wasm) in MODULES.iter().zip(linked) {
        run(Command::new(tools)
            .args(["bindgen", "--name", module.name])
            .arg(wasm)
            .arg(&package))?;
        if mode == Mode::Release {
            shrink(&package, module.name, wasm)?;
        }
    }
    if mode == Mode::Release {
        let _ = fs::remove_dir_all(package.join("snippets"));
        minify_scripts(&new)?;
    }
    run(Command::new(tools)
        .arg("styles")
        .arg(root.join("style/main.scss"))
        .arg(new.join("huitan.css")))?;
    let mut finish = Command::new(tools);
    finish.arg("finish").arg(&new);
    if mode == Mode::Debug {
        finish.arg("--plain");
    }
    let sizes = crate::workspace::output(&mut finish)?;
    fs::write(new.join("sizes.txt"), sizes + "\n")?;
    let _ = fs::remove_dir_all(&site);
    fs::rename(&new, &site).with_context(|| format!("putting {} in place", site.display()))?;
    stamp::set(&mode.stamp("site"), &inputs)?;
    print_sizes(&site);
    Ok(())
}

/// wasm-opt for the WebAssembly, esbuild for the JavaScript (which also takes in any snippet files).
fn shrink(package: &Path, name: &str, linked: &Path) -> Result<()> {
    let wasm = package.join(format!("{name}_bg.wasm"));
    let before = fs::metadata(&wasm)?.len();
    let optimised = package.join("optimised.wasm");
    run(npm_tool("wasm-opt")
        // smaller after compression than -Oz: rebuilding the control flow removes what -Oz leaves
        .args(["--flatten", "--rereloop", "-Os", "-Os"])
        .args(WASM_FEATURES)
        .arg("--strip-debug")
        .args(["--strip-producers", "--strip-target-features"])
        .arg(&wasm)
        .arg("-o")
        .arg(&optimised))?;
    fs::rename(&optimised, &wasm)?;
    println!(
        "{name}: {} bytes linked, {before} after wasm-bindgen, {} after wasm-opt",
        fs::metadata(linked)?.len(),
        fs::metadata(&wasm)?.len()
    );
    let module = package.join(format!("{name}.js"));
    let minified = package.join("minified.js");
    run(npm_tool("esbuild")
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2022",
            "--log-level=warning",
        ])
        .arg(&module)
        .arg(format!("--outfile={}", minified.display())))?;
    fs::rename(&minified, &module)?;
    Ok(())
}

/// esbuild for the scripts written by hand.
fn minify_scripts(site: &Path) -> Result<()> {
    for entry in fs::read_dir(site)? {
        let script = entry?.path();
        if script.extension().is_some_and(|ending| ending == "js") {
            let minified = script.with_extension("minified");
            run(npm_tool("esbuild")
                .args(["--minify", "--log-level=warning"])
                .arg(&script)
                .arg(format!("--outfile={}", minified.display())))?;
            fs::rename(minified, script)?;
        }
    }
    Ok(())
}

fn print_sizes(site: &Path) {
    print!(
        "{}",
        fs::read_to_string(site.join("sizes.txt")).unwrap_or_default()
    );
}

/// Copies a folder with its subfolders; a missing one gives an empty folder.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    if !from.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let goal = to.join(
            path.file_name()
                .context("an entry of a folder has a name")?,
        );
        if path.is_dir() {
            copy_folder(&path, &goal)?;
        } else {
            fs::copy(&path, &goal).with_context(|| format!("copying {}", path.display()))?;
        }
    }
    Ok(())
}

fn step(name: &str) {
    println!("build: {name}");
}
