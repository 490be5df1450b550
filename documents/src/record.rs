//! What a document is made from: one project or one monitoring report, as plain data in Chinese.

use methodologies::{Finding, Outcome};
use serde_json::Value;

/// One project or monitoring report. The caller brings every text as people read it; nothing is looked up here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The project's name.
    pub name: String,
    /// The project code; empty before registration.
    pub code: String,
    /// The number of the monitoring report within its project; `None` for a project.
    pub number: Option<i64>,
    /// The owner.
    pub owner: String,
    /// The validation and verification body; empty if none is named.
    pub body: String,
    /// Where it stands, as people read it.
    pub state: String,
    /// Whether the reader sees the published version or the owner's draft: `已公示的版本`, `编制中的版本`.
    pub version: String,
    /// The methodology: `CCER-01-002-V01`.
    pub methodology: String,
    /// The methodology's name.
    pub methodology_title: String,
    /// The period the document is about (crediting period, monitoring period); may be empty.
    pub period: String,
    /// Whether the data are those of a demonstration.
    pub demo: bool,
    /// What was filled in, in the order of the form. Dotted names (`lines.0.to`) are lines of a list.
    pub answers: Vec<Answer>,
    /// The conditions of the methodology, judged; empty if they were not.
    pub findings: Vec<Finding>,
    /// The calculation; `None` as long as something for it is missing.
    pub outcome: Option<Outcome>,
    /// The input of that calculation.
    pub input: Option<Value>,
    /// What the design document expected for the same years: year and whole tonnes; for monitoring reports.
    pub expected: Vec<(i32, i64)>,
    /// The files that belong to it.
    pub attached: Vec<Attached>,
    /// SHA-256 of the stored data, 64 hexadecimal digits: printed at the foot of every page.
    pub input_hash: String,
}

/// One answer of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The field's name: `summary`, `lines.0.to`.
    pub name: String,
    /// The page of the form it was asked on: `basics`.
    pub page: String,
    /// What was asked.
    pub label: String,
    /// What was answered, with its unit, as people read it.
    pub value: String,
}

/// A file that belongs to the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// What kind of file it is: `权属证明`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its name.
    pub file_name: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub hash: String,
    /// When it was added: `2026-11-21`.
    pub added_on: String,
}

impl Record {
    /// Whether it is a sink (forestry, mangroves): such documents have sections of their own.
    pub fn is_sink(&self) -> bool {
        self.methodology.starts_with("CCER-14-")
    }
}
