//! The public log from the command line: checking the file of a certificate, and making a key.

use std::io::Read as _;

use anyhow::{Context, Result};
use app::lang::Lang;
use app::pages::public::retirements::purpose_label;
use proofs::{Evidence, Finding, Found, LogKey, Statement, Verdict, beijing_time};

use super::{Ended, FAILED, UNDECIDED, USED_WRONGLY, print_line};

/// Largest certificate file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Check the file of a certificate. Exit codes: 0 it holds, 1 it is wrong or was altered, 2 used wrongly (also: no such file), 3 undecided.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The file, or - for the standard input
    file: String,
    /// A public key of the registry that you trust (<name>+<id>+<base64>); without one, nothing is decided
    #[arg(long)]
    key: Vec<String>,
}

impl Check {
    /// One line for each question, then what the file states; an error with an exit code of its own unless the certificate holds.
    pub fn run(self) -> Result<()> {
        let mut bytes = Vec::new();
        let read = if self.file == "-" {
            std::io::stdin()
                .take(FILE_BYTES_MAX)
                .read_to_end(&mut bytes)
        } else {
            let file = std::fs::File::open(&self.file);
            file.and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
        };
        if let Err(error) = read {
            return Err(Ended::error(
                USED_WRONGLY,
                format!("cannot read {}: {error}", self.file),
            ));
        }
        if bytes.starts_with(b"%PDF") {
            let pdf = "this is the PDF for printing, and nothing of it was checked; take certificate.json out of its attachments and check that";
            return Err(Ended::error(UNDECIDED, pdf.to_owned()));
        }
        let text = String::from_utf8_lossy(&bytes);
        let evidence = Evidence {
            keys: self.key,
            ..Evidence::default()
        };
        let report = proofs::check(&text, &evidence);
        for (finding, found) in &report.findings {
            print_line(&format!("{} {}", sign(*found), question(*finding)))?;
        }
        if let Some(file) = proofs::CertificateFile::read(&text) {
            print_line(&format!("signed by {}", printable(&file.key)))?;
        }
        if let Some(stated) = &report.statement {
            print_line("it states (compare it with the certificate in your hand):")?;
            for (name, value) in facts(stated) {
                print_line(&format!("  {name:<12}{}", printable(&value)))?;
            }
        }
        let number = printable(report.number.as_deref().unwrap_or("the file"));
        let size = report.size.unwrap_or(0);
        match report.verdict() {
            Verdict::Holds => {}
            Verdict::Undecided => {
                let undecided = format!(
                    "{number} is undecided: nothing is wrong in itself, but anybody can make such a file; give the registry's key with --key \
                     (its page /log, or /api/v1/log/keys)"
                );
                return Err(Ended::error(UNDECIDED, undecided));
            }
            Verdict::Fails => {
                return Err(Ended::error(
                    FAILED,
                    format!("{number} is wrong or was altered"),
                ));
            }
        }
        let demo = if report.demo {
            "; demonstration data, without any effect"
        } else {
            ""
        };
        let version = report.version.unwrap_or(1);
        print_line(&format!(
            "{number}, version {version}, holds by the log as it was with {size} entries; whether its words were corrected later cannot be \
             known from the file{demo}"
        ))
    }
}

/// What a file states, each with its name, to be compared with the paper in hand.
fn facts(stated: &Statement) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("certificate", stated.number.clone()),
        ("version", stated.version().to_string()),
        ("retired at", beijing_time(stated.at)),
    ];
    if let Some(correction) = &stated.correction {
        let corrected = format!("{}: {}", beijing_time(correction.at), correction.reason);
        facts.push(("corrected", corrected));
    }
    facts.push(("tonnes", format!("{} tCO2e", stated.quantity)));
    facts.push(("beneficiary", stated.beneficiary.clone()));
    if let Some(code) = &stated.beneficiary_uscc {
        facts.push(("its code", code.clone()));
    }
    facts.push(("purpose", purpose_label(Lang::En, &stated.purpose)));
    facts.push(("for", stated.purpose_text.clone()));
    facts.push(("retired by", stated.holder.clone()));
    for line in &stated.lines {
        let project = format!("{} {}", line.project_code, line.project_name);
        facts.push((
            "project",
            format!("{project}, {}, {}", line.methodology, line.vintage),
        ));
        facts.push(("serials", line.serial.clone()));
    }
    facts
}

/// Words of a file on one line of a terminal: nobody writes a line of this report by a certificate.
fn printable(text: &str) -> String {
    let shown = text
        .chars()
        .map(|one| if one.is_control() { '\u{fffd}' } else { one });
    shown.collect()
}

fn sign(found: Found) -> &'static str {
    match found {
        Found::Holds => "holds      ",
        Found::Fails => "FAILS      ",
        Found::NotChecked => "not checked",
    }
}

fn question(finding: Finding) -> &'static str {
    match finding {
        Finding::Form => "the file has the form of a certificate file",
        Finding::Sum => "the blocks add up to the total and share no number",
        Finding::Entry => {
            "the entry of the log names the digest of this statement, its total and its serial numbers"
        }
        Finding::Inclusion => "the entry is in the log",
        Finding::Signature => "the head of the log is signed",
        Finding::Key => "the signing key is one that you trust (--key)",
        Finding::Consistency => {
            "the log published now continues this one (needs a connection: the page /check, or docs/follow-log.mjs)"
        }
        Finding::Ledger => "the ledger says the same now (needs a connection: the page /check)",
        Finding::Current => {
            "no later version has taken its place (a file cannot know of later corrections; needs a connection: the page /check)"
        }
    }
}

/// Make a key.
#[derive(Debug, clap::Args)]
pub struct NewKey {
    /// The name of the log: the host of the registry and a path, such as registry.example.org/log; without blanks and +
    name: String,
}

impl NewKey {
    /// The key on the first line, its public part on the second.
    pub fn run(self) -> Result<()> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let text = LogKey::generate(&self.name, seed)
            .context("the name of a log has no blanks and no +")?;
        let key = LogKey::read(&text)?;
        print_line(&text)?;
        print_line(key.public())
    }
}
