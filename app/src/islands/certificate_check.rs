//! *Check this certificate*: fetches the certificate's data and does its sums again in the reader's own browser.

// the server shows the button; the checking itself happens in the browser and in the tests
#![cfg_attr(not(feature = "hydrate"), allow(dead_code))]

use leptos::prelude::*;
use serde_json::Value;

use crate::lang::texts;
use crate::result::html::Html;

texts! {
    /// What the check says.
    CheckTexts {
        /// The button.
        check = "check.check",
        /// While the data are on their way.
        fetching = "check.fetching",
        /// The data could not be read.
        unreadable = "check.unreadable",
        /// Everything fits.
        passed = "check.passed",
        /// Something does not fit.
        failed = "check.failed",
        /// The total printed is the total in the data.
        total_printed = "check.total_printed",
        /// The blocks add up to the total.
        sum = "check.sum",
        /// Each block holds as many numbers as it says.
        lengths = "check.lengths",
        /// No serial number occurs twice.
        disjoint = "check.disjoint",
        /// Each serial is written as its block.
        serials = "check.serials",
        /// The hash printed is the hash in the data.
        hash = "check.hash",
        /// The digest printed is the SHA-256 of what the data state.
        digest = "check.digest",
        /// This browser computes no SHA-256 here.
        no_digest = "check.no_digest",
        /// What this check cannot say.
        not_checked = "check.not_checked",
    }
}

/// What of the certificate's data is looked at.
#[derive(Clone, Debug)]
struct Data {
    quantity: i64,
    act_hash: String,
    lines: Vec<Line>,
    /// The text that the digest is of.
    canonical: String,
    /// Whether that text states the same facts as the data.
    canonical_agrees: bool,
}

/// One block.
#[derive(Clone, Debug)]
struct Line {
    project_code: String,
    vintage: i64,
    start: i64,
    end: i64,
    quantity: i64,
    serial: String,
}

impl Data {
    /// Reads the data as the API gives them; `None` if something is missing.
    fn read(text: &str) -> Option<Self> {
        let certificate: Value = serde_json::from_str(text).ok()?;
        let words = |value: &Value| value.as_str().map(str::to_owned);
        let mut lines = Vec::new();
        for line in certificate["lines"].as_array()? {
            lines.push(Line {
                project_code: words(&line["project_code"])?,
                vintage: line["vintage"].as_i64()?,
                start: line["start"].as_i64()?,
                end: line["end"].as_i64()?,
                quantity: line["quantity"].as_i64()?,
                serial: words(&line["serial"])?,
            });
        }
        let canonical = words(&certificate["canonical"])?;
        let canonical_agrees = agrees(
            &serde_json::from_str(&canonical).ok()?,
            &certificate,
            &lines,
        );
        let (quantity, act_hash) = (
            certificate["quantity"].as_i64()?,
            words(&certificate["act_hash"])?,
        );
        Some(Self {
            quantity,
            act_hash,
            lines,
            canonical,
            canonical_agrees,
        })
    }
}

/// Whether the text that was hashed says the same as the data, fact by fact.
fn agrees(canonical: &Value, certificate: &Value, lines: &[Line]) -> bool {
    let facts = [
        "number",
        "holder",
        "beneficiary",
        "beneficiary_uscc",
        "purpose",
        "purpose_text",
        "quantity",
        "act_hash",
    ];
    let serials: Option<Vec<&str>> = canonical["serials"]
        .as_array()
        .and_then(|list| list.iter().map(Value::as_str).collect());
    facts
        .iter()
        .all(|fact| canonical[fact] == certificate[fact])
        && serials.is_some_and(|serials| {
            serials
                .iter()
                .copied()
                .eq(lines.iter().map(|line| line.serial.as_str()))
        })
}

/// What is printed on the page.
#[derive(Clone, Debug)]
struct Printed {
    quantity: i64,
    hash: String,
    digest: String,
}

/// The checks in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one answer per check, each shown on a line of its own"
)]
struct Findings {
    total_printed: bool,
    sum: bool,
    lengths: bool,
    disjoint: bool,
    serials: bool,
    hash: bool,
    /// `None`: this browser could not compute it.
    digest: Option<bool>,
}

impl Findings {
    /// `computed` is the SHA-256 of the canonical text as this browser computes it.
    fn of(data: &Data, printed: &Printed, computed: Option<&str>) -> Self {
        let lines = &data.lines;
        let overlap = |(at, line): (usize, &Line)| {
            lines[..at].iter().any(|other| {
                other.project_code == line.project_code
                    && other.vintage == line.vintage
                    && other.start <= line.end
                    && line.start <= other.end
            })
        };
        Self {
            total_printed: data.quantity == printed.quantity,
            sum: lines
                .iter()
                .map(|line| i128::from(line.quantity))
                .sum::<i128>()
                == i128::from(data.quantity),
            lengths: lines.iter().all(|line| {
                line.start >= 1
                    && i128::from(line.end) - i128::from(line.start) + 1
                        == i128::from(line.quantity)
            }),
            disjoint: !lines.iter().enumerate().any(overlap),
            serials: lines.iter().all(|line| {
                line.serial
                    == format!(
                        "HT-{}-{}-{}-{}",
                        line.project_code, line.vintage, line.start, line.end
                    )
            }),
            hash: data.act_hash == printed.hash && data.act_hash.len() == 64,
            digest: computed.map(|computed| data.canonical_agrees && computed == printed.digest),
        }
    }

    /// Each check with what it says; the digest only where it could be computed.
    fn list(self, texts: &CheckTexts) -> Vec<(&str, bool)> {
        let checks = [
            (&texts.total_printed, Some(self.total_printed)),
            (&texts.sum, Some(self.sum)),
            (&texts.lengths, Some(self.lengths)),
            (&texts.disjoint, Some(self.disjoint)),
            (&texts.serials, Some(self.serials)),
            (&texts.hash, Some(self.hash)),
            (&texts.digest, self.digest),
        ];
        checks
            .into_iter()
            .filter_map(|(text, passed)| Some((text.as_str(), passed?)))
            .collect()
    }
}

/// How far the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Fetching,
    Unreadable,
    Checked(Findings),
}

/// The button and, after a click, what was checked and what was not. Put it inside an element with
/// `data-load="click"`: the WebAssembly comes with the first click. Without a script the button is a link to the data.
#[island]
pub fn CertificateCheck(
    /// Where the data are: `/api/v1/retirements/<number>`.
    address: String,
    /// The total as printed on the page, in tonnes.
    printed_quantity: i64,
    /// The hash of the act as printed on the page.
    printed_hash: String,
    /// The digest of the certificate as printed on the page.
    printed_digest: String,
    /// What to say.
    texts: CheckTexts,
) -> impl IntoView {
    let state = RwSignal::new(State::Waiting);
    let (href, label) = (address.clone(), texts.check.clone());
    let printed = Printed {
        quantity: printed_quantity,
        hash: printed_hash,
        digest: printed_digest,
    };
    let click = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        state.set(State::Fetching);
        #[cfg(feature = "hydrate")]
        {
            use crate::islands::browser::{get_text, sha256};
            let (address, printed) = (address.clone(), printed.clone());
            leptos::task::spawn_local(async move {
                let Some(data) = get_text(&address).await.and_then(|text| Data::read(&text)) else {
                    return state.set(State::Unreadable);
                };
                let computed = sha256(&data.canonical).await;
                state.set(State::Checked(Findings::of(
                    &data,
                    &printed,
                    computed.as_deref(),
                )));
            });
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (&address, &printed);
    };
    view! {
        <div class="check">
            <a class="button button--secondary" href=href data-load-trigger="" on:click=click>{label}</a>
            <div class="check__answer" aria-live="polite" inner_html=move || answer(&texts, state.get()).into_string()></div>
        </div>
    }
}

fn answer(texts: &CheckTexts, state: State) -> Html {
    let mut html = Html::default();
    match state {
        State::Waiting => {}
        State::Fetching => {
            html.raw("<p>").text(&texts.fetching).raw("</p>");
        }
        State::Unreadable => {
            html.raw("<p class=\"check__failed\">")
                .text(&texts.unreadable)
                .raw("</p>");
        }
        State::Checked(findings) => {
            let checks = findings.list(texts);
            if checks.iter().all(|(_, passed)| *passed) {
                html.raw("<p class=\"check__passed\">").text(&texts.passed);
            } else {
                html.raw("<p class=\"check__failed\">").text(&texts.failed);
            }
            html.raw("</p><ul class=\"check__lines\">");
            for (text, passed) in checks {
                html.raw(if passed {
                    "<li>✓ "
                } else {
                    "<li class=\"check__line--failed\">✗ "
                })
                .text(text)
                .raw("</li>");
            }
            html.raw("</ul>");
            if findings.digest.is_none() {
                html.raw("<p class=\"check__not\">")
                    .text(&texts.no_digest)
                    .raw("</p>");
            }
            html.raw("<p class=\"check__not\">")
                .text(&texts.not_checked)
                .raw("</p>");
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> Data {
        let line = |start: i64, end: i64| Line {
            project_code: "A210001".to_owned(),
            vintage: 2024,
            start,
            end,
            quantity: end - start + 1,
            serial: format!("HT-A210001-2024-{start}-{end}"),
        };
        Data {
            quantity: 150,
            act_hash: "a".repeat(64),
            lines: vec![line(1, 100), line(301, 350)],
            canonical: "{}".to_owned(),
            canonical_agrees: true,
        }
    }

    fn failures_with(data: &Data, computed: Option<&str>) -> Vec<usize> {
        let printed = Printed {
            quantity: 150,
            hash: "a".repeat(64),
            digest: "d".repeat(64),
        };
        let findings = Findings::of(data, &printed, computed);
        let list: Vec<_> = findings
            .list(&CheckTexts::default())
            .into_iter()
            .map(|(_, passed)| passed)
            .collect();
        (0..list.len()).filter(|at| !list[*at]).collect()
    }

    fn failures(data: &Data) -> Vec<usize> {
        failures_with(data, Some(&"d".repeat(64)))
    }

    #[test]
    fn a_sound_certificate_passes_every_check() {
        assert!(failures(&certificate()).is_empty());
    }

    #[test]
    fn the_data_are_read_as_the_interface_sends_them() {
        let text = r#"{"number":"HTR-1","quantity":100,"act_hash":"ab","holder":"x","lines":[{"transfer":"t",
            "project_code":"A210001","vintage":2024,"start":1,"end":100,"quantity":100,"serial":"HT-A210001-2024-1-100"}],
            "canonical":"{\"act_hash\":\"ab\",\"at\":1,\"holder\":\"x\",\"number\":\"HTR-1\",\"quantity\":100,\"serials\":[\"HT-A210001-2024-1-100\"]}"}"#;
        let data = Data::read(text).expect("complete data");
        assert_eq!(
            (data.quantity, data.lines.len(), data.lines[0].end),
            (100, 1, 100)
        );
        assert!(data.canonical_agrees);
        let other_holder = text.replacen("\"holder\":\"x\"", "\"holder\":\"y\"", 1);
        assert!(
            !Data::read(&other_holder)
                .expect("complete data")
                .canonical_agrees
        );
        for broken in [
            "",
            "[]",
            "{}",
            "<html>",
            r#"{"quantity":"100","act_hash":"ab","lines":[]}"#,
        ] {
            assert!(Data::read(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn the_digest_is_compared_where_it_can_be_computed() {
        let mut data = certificate();
        assert!(failures_with(&data, None).is_empty());
        assert_eq!(failures_with(&data, Some("other")), [6]);
        data.canonical_agrees = false;
        assert_eq!(failures(&data), [6]);
    }

    #[test]
    fn each_kind_of_damage_is_found_by_its_check() {
        let damage = |change: fn(&mut Data)| {
            let mut data = certificate();
            change(&mut data);
            failures(&data)
        };
        assert_eq!(damage(|data| data.quantity = 151), [0, 1]);
        assert_eq!(damage(|data| data.lines[1].quantity = 51), [1, 2]);
        assert_eq!(damage(|data| data.lines[0].serial.push('0')), [4]);
        assert_eq!(damage(|data| data.act_hash.replace_range(..1, "b")), [5]);
        assert_eq!(
            damage(|data| (data.lines[1].start, data.lines[1].end) = (100, 149)),
            [3, 4]
        );
        // the same numbers of another year are other credits
        assert_eq!(
            damage(|data| (
                data.lines[1].start,
                data.lines[1].end,
                data.lines[1].vintage
            ) = (51, 100, 2025)),
            [4]
        );
    }
}
