//! The report of a check as HTML, the same from the server and from WebAssembly. The texts come from the catalogue of the pages.

use serde::{Deserialize, Serialize};

use crate::check::{Finding, Found, Report, Unanswered, Verdict};
use crate::statement::{Statement, beijing_time};

/// What the report says, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckWords {
    /// Nothing failed.
    pub passed: String,
    /// Nothing failed, but whose key signed the file is not known.
    pub undecided: String,
    /// Something failed.
    pub failed: String,
    /// It is the PDF for printing: nothing of it was checked.
    pub pdf: String,
    /// The registry could not be reached.
    pub no_connection: String,
    /// The registry was asked too often in a short time.
    pub too_often: String,
    /// The registry was reached and did not answer.
    pub refused: String,
    /// Heads what the file states.
    pub states: String,
    /// What is stated, by its name: `number`, `version`, `retired`, `corrected`, `quantity`, `beneficiary`, `purpose`, `holder`, `projects`,
    /// `serials`.
    pub facts: std::collections::BTreeMap<String, String>,
    /// The purposes, by their code.
    pub purposes: std::collections::BTreeMap<String, String>,
    /// It is a demonstration.
    pub demo: String,
    /// One line for each question, by its code, when it holds.
    pub holds: std::collections::BTreeMap<String, String>,
    /// The same when it fails.
    pub fails: std::collections::BTreeMap<String, String>,
    /// The same when it was not looked at.
    pub not_checked: std::collections::BTreeMap<String, String>,
    /// What no check can say.
    pub limits: String,
    /// A later version of the wording is in force; `{version}` stands for its number.
    pub superseded: String,
    /// Nothing failed but this: another sentence than `failed`, since nothing was altered.
    pub outdated: String,
}

/// The report as a piece of HTML.
pub fn html(report: &Report, words: &CheckWords) -> String {
    let mut html = String::new();
    let superseded = report
        .superseded_by
        .filter(|_| !words.superseded.is_empty());
    if let Some(statement) = &report.statement {
        facts(&mut html, statement, words);
    }
    let (class, verdict) = match (report.verdict(), superseded) {
        (Verdict::Holds, _) => ("check__passed", &words.passed),
        (Verdict::Undecided, _) if report.is_pdf() => ("check__undecided", &words.pdf),
        (Verdict::Undecided, _) => ("check__undecided", &words.undecided),
        (Verdict::Fails, Some(_)) if only_outdated(report) => ("check__failed", &words.outdated),
        (Verdict::Fails, _) => ("check__failed", &words.failed),
    };
    paragraph(&mut html, class, verdict);
    if let Some(version) = superseded {
        let text = words.superseded.replace("{version}", &version.to_string());
        paragraph(&mut html, "check__superseded", &text);
    }
    if let Some(unanswered) = report.unanswered {
        let why = match unanswered {
            Unanswered::NoConnection => &words.no_connection,
            Unanswered::TooOften => &words.too_often,
            Unanswered::Refused => &words.refused,
        };
        paragraph(&mut html, "check__unanswered", why);
    }
    if report.demo {
        paragraph(&mut html, "check__not", &words.demo);
    }
    html.push_str("<ul class=\"check__lines\">");
    for (finding, found) in &report.findings {
        let (class, sign, texts) = match found {
            Found::Holds => ("check__line", "✓ ", &words.holds),
            Found::Fails => ("check__line--failed", "✗ ", &words.fails),
            Found::NotChecked => ("check__line--open", "– ", &words.not_checked),
        };
        let code = code(*finding);
        html.push_str(&format!("<li class=\"{class}\" data-finding=\"{code}\">"));
        html.push_str(sign);
        let text = texts.get(&code).map_or(code.as_str(), String::as_str);
        escape(&mut html, text);
        html.push_str("</li>");
    }
    html.push_str("</ul>");
    paragraph(&mut html, "check__not", &words.limits);
    html
}

/// What the file states: a sound file beside a paper with other words proves nothing about the paper.
fn facts(html: &mut String, statement: &Statement, words: &CheckWords) {
    paragraph(html, "check__states", &words.states);
    let serials: Vec<&str> = statement.serials().collect();
    let mut projects: Vec<String> = Vec::new();
    for line in &statement.lines {
        let project = format!(
            "{} {} · {} · {}",
            line.project_code, line.project_name, line.methodology, line.vintage
        );
        if !projects.contains(&project) {
            projects.push(project);
        }
    }
    let code = &statement.purpose;
    let purpose = words.purposes.get(code).unwrap_or(code);
    let corrected = statement.correction.as_ref();
    let corrected = corrected.map(|one| format!("{} {}", beijing_time(one.at), one.reason));
    let uscc = statement.beneficiary_uscc.as_deref().unwrap_or_default();
    let rows = [
        ("number", statement.number.clone()),
        ("version", statement.version().to_string()),
        ("retired", beijing_time(statement.at)),
        ("corrected", corrected.unwrap_or_default()),
        ("quantity", format!("{} tCO2e", statement.quantity)),
        ("beneficiary", format!("{} {uscc}", statement.beneficiary)),
        ("purpose", format!("{purpose} {}", statement.purpose_text)),
        ("holder", statement.holder.clone()),
        ("projects", projects.join("; ")),
        ("serials", serials.join(", ")),
    ];
    html.push_str("<dl class=\"check__facts\">");
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        html.push_str("<dt>");
        escape(html, words.facts.get(name).map_or(name, String::as_str));
        html.push_str(&format!("</dt><dd data-fact=\"{name}\">"));
        escape(html, value.trim());
        html.push_str("</dd>");
    }
    html.push_str("</dl>");
}

/// Whether the only thing wrong with a file is that a later version took its place.
fn only_outdated(report: &Report) -> bool {
    let mut failed = report
        .findings
        .iter()
        .filter(|(_, found)| *found == Found::Fails);
    failed.all(|(finding, _)| *finding == Finding::Current)
}

impl Finding {
    /// Every question, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Form,
        Self::Sum,
        Self::Entry,
        Self::Inclusion,
        Self::Signature,
        Self::Key,
        Self::Consistency,
        Self::Ledger,
        Self::Current,
    ];

    /// The stable code: `inclusion`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Sum => "sum",
            Self::Entry => "entry",
            Self::Inclusion => "inclusion",
            Self::Signature => "signature",
            Self::Key => "key",
            Self::Consistency => "consistency",
            Self::Ledger => "ledger",
            Self::Current => "current",
        }
    }
}

fn code(finding: Finding) -> String {
    finding.code().to_owned()
}

fn paragraph(html: &mut String, class: &str, text: &str) {
    html.push_str(&format!("<p class=\"{class}\">"));
    escape(html, text);
    html.push_str("</p>");
}

fn escape(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{check, tests::sound};

    #[test]
    fn every_question_has_a_line_and_no_text_becomes_markup() {
        let (file, mut evidence) = sound();
        evidence.ledger = Some("other".to_owned());
        evidence.head = None;
        let mut words = CheckWords {
            passed: "ok".to_owned(),
            failed: "<b>".to_owned(),
            ..CheckWords::default()
        };
        words
            .fails
            .insert("ledger".to_owned(), "altered & wrong".to_owned());
        let shown = html(&check(&file.text(), &evidence), &words);
        assert!(
            shown.contains("<p class=\"check__failed\">&lt;b&gt;</p>"),
            "{shown}"
        );
        let number = "<dd data-fact=\"number\">HTR-2026-000001-7</dd>";
        assert!(shown.contains(number), "{shown}");
        assert!(
            shown.contains("data-finding=\"ledger\">✗ altered &amp; wrong</li>"),
            "{shown}"
        );
        assert!(
            shown.contains("data-finding=\"consistency\">– consistency</li>"),
            "{shown}"
        );
        assert_eq!(shown.matches("<li").count(), Finding::ALL.len());
    }

    #[test]
    fn why_the_registry_said_nothing_is_told_and_a_pdf_has_a_headline_of_its_own() {
        let (file, mut evidence) = sound();
        let words = CheckWords {
            undecided: "undecided".to_owned(),
            pdf: "take the file out".to_owned(),
            no_connection: "offline".to_owned(),
            too_often: "later".to_owned(),
            refused: "no answer".to_owned(),
            ..CheckWords::default()
        };
        for (unanswered, said) in [
            (Unanswered::NoConnection, "offline"),
            (Unanswered::TooOften, "later"),
            (Unanswered::Refused, "no answer"),
        ] {
            evidence.unanswered = Some(unanswered);
            let shown = html(&check(&file.text(), &evidence), &words);
            let line = format!("<p class=\"check__unanswered\">{said}</p>");
            assert!(shown.contains(&line), "{shown}");
        }
        evidence.unanswered = None;
        let shown = html(&check(&file.text(), &evidence), &words);
        assert!(!shown.contains("check__unanswered"), "{shown}");
        assert!(shown.contains("data-fact=\"version\">1</dd>"), "{shown}");
        assert!(
            shown.contains("data-fact=\"retired\">1970-01-01"),
            "{shown}"
        );
        let shown = html(&check("%PDF-1.7", &evidence), &words);
        assert!(
            shown.contains("<p class=\"check__undecided\">take the file out</p>"),
            "{shown}"
        );
    }

    #[test]
    fn a_superseded_version_is_named_and_not_called_altered_unless_it_was() {
        let (file, mut evidence) = sound();
        evidence.current_version = Some(3);
        let words = CheckWords {
            failed: "altered".to_owned(),
            outdated: "old".to_owned(),
            superseded: "see {version}".to_owned(),
            ..CheckWords::default()
        };
        let shown = html(&check(&file.text(), &evidence), &words);
        let begins = "<p class=\"check__failed\">old</p><p class=\"check__superseded\">see 3</p>";
        assert!(shown.contains(begins), "{shown}");
        evidence.ledger = Some("other".to_owned());
        let shown = html(&check(&file.text(), &evidence), &words);
        assert!(
            shown.contains(
                "<p class=\"check__failed\">altered</p><p class=\"check__superseded\">see 3</p>"
            ),
            "{shown}"
        );
    }
}
