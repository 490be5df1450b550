//! `huitan calc`: any calculator on a JSON input, without a database.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use methodologies::{InputError, Parameters};
use serde::Deserialize;
use serde_json::{Value, json};

use super::print_line;

/// Largest input that is read.
const INPUT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Run a calculator, or ask what it takes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The input is {\"calculator\":\"CCER-01-002-V01/ex-ante\",\"input\":{…}}; its leaves may be strings.\n\
                        huitan calc --example CCER-01-002-V01/ex-ante | huitan calc -",
    group = clap::ArgGroup::new("question").required(true).args(["file", "schema", "example", "list"])
)]
#[group(skip)]
pub struct Calc {
    /// A JSON file, or - for the standard input
    file: Option<PathBuf>,
    /// Use the numbers of this set instead of the built-in ones: JSON as /api/v1/parameters/SET gives it in `parameters`
    #[arg(long, value_name = "FILE", requires = "file")]
    parameters: Option<PathBuf>,
    /// Print what a calculator takes, as JSON
    #[arg(long, value_name = "CODE")]
    schema: Option<String>,
    /// Print a complete input of a calculator
    #[arg(long, value_name = "CODE")]
    example: Option<String>,
    /// List the codes of all calculators
    #[arg(long)]
    list: bool,
}

/// What `calc` reads; nothing else may be in it, so that a misspelt name is noticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    calculator: String,
    input: Value,
}

impl Calc {
    /// Answers on the standard output.
    pub fn run(self) -> Result<()> {
        if self.list {
            return codes().into_iter().try_for_each(print_line);
        }
        let answer = match (self.schema, self.example, self.file) {
            (Some(code), _, _) => methodologies::schema(&code).ok_or_else(|| unknown(&code))?,
            (_, Some(code), _) => {
                let input = methodologies::example(&code).ok_or_else(|| unknown(&code))?;
                json!({ "calculator": code, "input": input })
            }
            (_, _, Some(file)) => calculate(&file, self.parameters.as_deref())?,
            (None, None, None) => bail!("a file, --schema, --example or --list is needed"),
        };
        print_line(&serde_json::to_string_pretty(&answer)?)
    }
}

fn calculate(file: &Path, parameters: Option<&Path>) -> Result<Value> {
    let (name, text) = named(file)?;
    let question: Question = serde_json::from_str(&text)
        .with_context(|| format!("{name} is not {{\"calculator\":\"CODE\",\"input\":{{…}}}}"))?;
    let set = parameters.map(numbers).transpose()?.unwrap_or_default();
    methodologies::answer(&question.calculator, &question.input, &set)
        .map_err(|errors| explain(&errors, "input."))
}

/// The codes of all calculators: those of methodologies, then the scenes of carbon inclusion, then the footprint of an event.
fn codes() -> Vec<&'static str> {
    let methods = methodologies::calculators();
    let scenes = methodologies::inclusion::scenes();
    methods
        .iter()
        .map(|calculator| calculator.code)
        .chain(scenes.iter().map(|scene| scene.calculator))
        .chain([methodologies::event::CALCULATOR])
        .collect()
}

/// The set of numbers in a file, checked as an operator's proposal is.
fn numbers(file: &Path) -> Result<Parameters> {
    let (name, text) = named(file)?;
    let set: Parameters = serde_json::from_str(&text)
        .with_context(|| format!("{name} is not {{\"set\":NUMBER,\"replacements\":[…]}}"))?;
    set.check().map_err(|errors| explain(&errors, ""))?;
    Ok(set)
}

/// A file's name for messages, and its text.
fn named(file: &Path) -> Result<(String, String)> {
    let name = if file == Path::new("-") {
        "the standard input".to_owned()
    } else {
        file.display().to_string()
    };
    let text = read(file).with_context(|| format!("cannot read {name}"))?;
    Ok((name, text))
}

fn read(file: &Path) -> Result<String> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(INPUT_BYTES_MAX)
            .read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?
            .take(INPUT_BYTES_MAX)
            .read_to_string(&mut text)?;
    }
    // files written on Windows may begin with a byte order mark
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Every mistake in one line: `input.lines.0.to: The end … is before the start …`. `before`: what its path begins with.
fn explain(errors: &[InputError], before: &str) -> anyhow::Error {
    let sentences: Vec<String> = errors
        .iter()
        .map(|error| {
            let text = error.text().en;
            if error.path.is_empty() {
                text
            } else {
                format!("{before}{}: {text}", error.path)
            }
        })
        .collect();
    anyhow!("{}", sentences.join(" "))
}

fn unknown(code: &str) -> anyhow::Error {
    anyhow!(
        "there is no calculator {code:?}; there are: {}",
        codes().join(", ")
    )
}
