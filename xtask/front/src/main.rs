//! The heavy tools of the browser build, apart from `xtask` so that commands which do not build the browser part need
//! not wait for them. They are libraries under our own lock file: nothing is installed on the machine.
//!
//! `xtask-front test-runner FILE` is what cargo calls to run a test compiled to WebAssembly (in Node).

mod site;

use anyhow::{Context, Result};
use clap::Parser;
use std::path::{Path, PathBuf};

/// One step of the browser build. Called by `cargo xtask build`; each step can be run by hand.
#[derive(Parser)]
#[command(name = "xtask-front")]
enum Command {
    /// Make the JavaScript module and the `_bg.wasm` that are loaded out of what rustc linked
    Bindgen {
        /// the linked `.wasm`
        wasm: PathBuf,
        /// folder to write to
        folder: PathBuf,
        /// for Node instead of a browser
        #[arg(long)]
        for_node: bool,
        /// name of the files, without ending
        #[arg(long, default_value = "huitan")]
        name: String,
    },
    /// Compile SCSS to one stylesheet
    Styles {
        /// the main `.scss`
        source: PathBuf,
        /// the `.css` to write
        target: PathBuf,
    },
    /// Give every file of a site its versioned address, compress it, and print the sizes
    Finish {
        /// the folder that the server will serve
        site: PathBuf,
        /// no compression (a debug build)
        #[arg(long)]
        plain: bool,
    },
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == "test-runner") {
        let name = std::ffi::OsString::from("test-runner");
        return wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(
            std::iter::once(name).chain(arguments),
        );
    }
    match Command::parse() {
        Command::Bindgen {
            wasm,
            folder,
            for_node,
            name,
        } => bindgen(&wasm, &folder, &name, for_node),
        Command::Styles { source, target } => styles(&source, &target),
        Command::Finish { site, plain } => site::finish(&site, plain),
    }
}

/// Writes `NAME.js` and `NAME_bg.wasm` to `folder`.
fn bindgen(wasm: &Path, folder: &Path, name: &str, for_node: bool) -> Result<()> {
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    if for_node {
        bindgen.nodejs(true)?;
    } else {
        bindgen.web(true)?;
    }
    bindgen
        .input_path(wasm)
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(false)
        .out_name(name)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen on {}", wasm.display()))
}

/// Compiles `source`, which may use files beside it, to `target`.
fn styles(source: &Path, target: &Path) -> Result<()> {
    let options = grass::Options::default().style(grass::OutputStyle::Compressed);
    let css = grass::from_path(source, &options).map_err(|error| anyhow::anyhow!("{error}"))?;
    std::fs::write(target, css).with_context(|| format!("writing {}", target.display()))
}
