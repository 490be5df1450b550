//! Chromium, driven by Playwright or Lighthouse, against a server that we start on a fresh demo world.
//!
//! The contract with `end2end/`: `HUITAN_BASE_URL` is the address of the server, `HUITAN_CHROMIUM` the browser,
//! `HUITAN_SCREENS_DIR` the folder for the pictures of the tour.

use crate::cleanup::Cleanup;
use crate::serve::{DemoWorlds, Server};
use crate::setup;
use crate::site::{self, Mode};
use crate::tally::{self, Count};
use crate::workspace::{self, npm_tool, root, run};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The projects of `end2end/playwright.config.ts` that are tests. Each gets its own server and its own demo world,
/// since they move the demo clock.
pub const PROJECTS: [&str; 3] = ["js-on", "js-off", "phone"];

/// Runs one project; the report and what failed goes to `folder`.
pub fn playwright(server: &Server, project: &str, folder: &Path) -> Result<Count> {
    let report = folder.join(format!("report-{project}.json"));
    let _ = fs::remove_file(&report);
    let mut playwright = playwright_call(server, project, folder)?
        .arg("--reporter=list,json")
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .spawn()
        .context("starting Playwright")?;
    // when we are told to stop, it must close its browser
    let process = playwright.id().to_string();
    let stop = Cleanup::at_end(move || {
        let _ = Command::new("kill").arg(process).status();
    });
    let status = playwright.wait()?;
    stop.cancel();
    let report = fs::read_to_string(&report).context("Playwright wrote no report")?;
    let mut count = tally::playwright_report(&report)?;
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

fn playwright_call(server: &Server, project: &str, folder: &Path) -> Result<Command> {
    let chromium =
        workspace::headless_chromium().context("chromium-headless-shell is not installed")?;
    let mut call = npm_tool("playwright");
    call.args([
        "test",
        "--config",
        "end2end/playwright.config.ts",
        "--project",
        project,
    ])
    .arg(format!(
        "--output={}",
        folder.join("results").join(project).display()
    ))
    .env("HUITAN_BASE_URL", &server.url)
    .env("HUITAN_CHROMIUM", chromium)
    .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    .stdin(Stdio::null());
    Ok(call)
}

/// `cargo xtask screens`: the tour through all pages; the pictures go to `screens/`.
pub fn screens() -> Result<()> {
    setup::for_build()?;
    setup::for_browser()?;
    site::build_if_changed(Mode::Release)?;
    let worlds = DemoWorlds::prepare("screens", Mode::Release.into())?;
    let server = worlds.serve("tour")?;
    let pictures = root().join("screens");
    let _ = fs::remove_dir_all(&pictures);
    fs::create_dir_all(&pictures)?;
    run(
        playwright_call(&server, "screens", &workspace::target().join("screens"))?
            .arg("--reporter=list")
            .env("HUITAN_SCREENS_DIR", &pictures),
    )?;
    let number = fs::read_dir(&pictures)?.count();
    if number == 0 {
        bail!("the tour made no picture");
    }
    println!("{number} entries in {}", pictures.display());
    Ok(())
}

/// `cargo xtask lighthouse`: the four scores of each page, as a phone sees it.
pub fn lighthouse(pages: &[String]) -> Result<()> {
    setup::for_build()?;
    setup::for_browser()?;
    site::build_if_changed(Mode::Release)?;
    let server = DemoWorlds::prepare("lighthouse", Mode::Release.into())?.serve("lighthouse")?;
    let chromium = workspace::chromium().context("Chromium is not installed")?;
    println!(
        "{:<30} {:>11} {:>13} {:>14} {:>4}",
        "page", "performance", "accessibility", "best practices", "seo"
    );
    for page in pages {
        let report = workspace::output(
            npm_tool("lighthouse")
                .arg(format!("{}{page}", server.url))
                .args([
                    "--quiet",
                    "--output=json",
                    "--output-path=stdout",
                    "--throttling-method=simulate",
                ])
                .arg("--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic")
                .env("CHROME_PATH", &chromium)
                .env("CI", "1"),
        )?;
        let report: Value =
            serde_json::from_str(&report).context("Lighthouse's report is not JSON")?;
        let score = |name: &str| {
            let score = &report["categories"][name]["score"];
            // a share between 0 and 1 with two digits, as text, so that no float is needed
            match score.to_string().as_str() {
                "1" | "1.0" => "100".to_owned(),
                "null" => "none".to_owned(),
                text => format!("{:0<2}", text.trim_start_matches("0.")),
            }
        };
        println!(
            "{page:<30} {:>11} {:>13} {:>14} {:>4}",
            score("performance"),
            score("accessibility"),
            score("best-practices"),
            score("seo")
        );
    }
    Ok(())
}
