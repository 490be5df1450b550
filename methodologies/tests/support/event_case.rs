//! Cases of the footprint of events: their own expectations, the same two targets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use methodologies::Parameters;
use methodologies::event::{Footprint, footprint, result::Part};
use serde::Deserialize;
use serde_json::Value;

use super::{Refused, digest};

/// A case: an input and what is expected of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    source: String,
    #[serde(default)]
    note: String,
    calculator: String,
    input: Value,
    expected: Option<Expected>,
    #[serde(default)]
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    total_kg: String,
    neutralise_t: i64,
    upper_t: Option<i64>,
    per_head_kg: Option<String>,
    uncertainty_percent: Option<String>,
    location_kg: Option<String>,
    market_kg: Option<String>,
    small_sources: Option<usize>,
    small_kg: Option<String>,
    /// Codes that must be among the notes.
    #[serde(default)]
    notes: Vec<String>,
    /// Codes that must not be among them.
    #[serde(default)]
    without_notes: Vec<String>,
    /// Class -> kg.
    #[serde(default)]
    classes: BTreeMap<String, String>,
    /// Class -> percent.
    #[serde(default)]
    shares: BTreeMap<String, String>,
    /// Boundary -> kg.
    #[serde(default)]
    boundaries: BTreeMap<String, String>,
    /// Line -> kg.
    #[serde(default)]
    lines: BTreeMap<String, String>,
    /// Line -> percent.
    #[serde(default)]
    uncertainties: BTreeMap<String, String>,
    /// Factor -> percent of the source and all smaller ones.
    #[serde(default)]
    cumulative: BTreeMap<String, String>,
}

/// Runs one case; what is wrong, or the digest of its footprint.
pub fn check(text: &str) -> Result<Option<u64>, String> {
    let case: Case = toml::from_str(text).map_err(|error| error.to_string())?;
    if case.title.is_empty() || case.source.is_empty() {
        return Err("a case needs a title and a source".to_owned());
    }
    if !case.note.is_empty() && case.note.len() < 10 {
        return Err("the note says nothing".to_owned());
    }
    assert_eq!(case.calculator, methodologies::event::CALCULATOR);
    match (footprint(&case.input, Parameters::BUILT_IN), &case.expected) {
        (Ok(footprint), Some(expected)) => {
            compare(&footprint, expected)?;
            let json = serde_json::to_string(&footprint).map_err(|error| error.to_string())?;
            let back: Footprint = serde_json::from_str(&json).map_err(|error| error.to_string())?;
            if back != footprint {
                return Err("the footprint changes when it is stored and read back".to_owned());
            }
            Ok(Some(digest(&json)))
        }
        (Err(errors), None) if !case.refused.is_empty() => {
            super::same_refusals(&errors, case.refused)?;
            Ok(None)
        }
        (Ok(footprint), None) => Err(format!(
            "gives {} kg, should be refused",
            footprint.total_kg
        )),
        (Err(errors), _) => Err(format!("refused: {errors:?}")),
    }
}

fn compare(footprint: &Footprint, expected: &Expected) -> Result<(), String> {
    let mut wrong = String::new();
    let mut differ = |what: &str, found: Option<String>, wanted: &str| {
        let found = found.unwrap_or_else(|| "missing".to_owned());
        if found != wanted {
            let _ = write!(wrong, "{what} is {found}, should be {wanted}; ");
        }
    };
    let text = |value: rust_decimal::Decimal| Some(value.to_string());
    differ("total_kg", text(footprint.total_kg), &expected.total_kg);
    differ(
        "neutralise_t",
        Some(footprint.neutralise_t.to_string()),
        &expected.neutralise_t.to_string(),
    );
    if let Some(wanted) = expected.upper_t {
        differ(
            "upper_t",
            Some(footprint.upper_t.to_string()),
            &wanted.to_string(),
        );
    }
    if let Some(wanted) = expected.small_sources {
        differ(
            "small sources",
            Some(footprint.de_minimis.sources.to_string()),
            &wanted.to_string(),
        );
    }
    for (what, found, wanted) in [
        ("per_head_kg", footprint.per_head_kg, &expected.per_head_kg),
        (
            "uncertainty_percent",
            Some(footprint.uncertainty_percent),
            &expected.uncertainty_percent,
        ),
        (
            "location_kg",
            Some(footprint.electricity.location_kg),
            &expected.location_kg,
        ),
        (
            "market_kg",
            Some(footprint.electricity.market_kg),
            &expected.market_kg,
        ),
        (
            "small_kg",
            Some(footprint.de_minimis.kg),
            &expected.small_kg,
        ),
    ] {
        if let Some(wanted) = wanted {
            differ(what, found.and_then(text), wanted);
        }
    }
    let part = |parts: &[Part], code: &str| -> Option<Part> {
        parts.iter().find(|part| part.code == code).cloned()
    };
    for (class, wanted) in &expected.classes {
        let found = part(&footprint.by_class, class).and_then(|part| text(part.kg));
        differ(class, found, wanted);
    }
    for (class, wanted) in &expected.shares {
        let found = part(&footprint.by_class, class).and_then(|part| text(part.share_percent));
        differ(class, found, wanted);
    }
    for (boundary, wanted) in &expected.boundaries {
        let found = part(&footprint.by_boundary, boundary).and_then(|part| text(part.kg));
        differ(boundary, found, wanted);
    }
    let line = |number: &str| {
        footprint
            .lines
            .iter()
            .find(|line| line.line.to_string() == number)
    };
    for (number, wanted) in &expected.lines {
        let found = line(number).and_then(|line| text(line.kg));
        differ(&format!("line {number}"), found, wanted);
    }
    for (number, wanted) in &expected.uncertainties {
        let found = line(number).and_then(|line| text(line.uncertainty_percent));
        differ(&format!("uncertainty of line {number}"), found, wanted);
    }
    for (factor, wanted) in &expected.cumulative {
        let source = footprint
            .sources
            .iter()
            .find(|source| &source.factor == factor);
        differ(
            &format!("{factor} and smaller"),
            source.and_then(|source| text(source.cumulative_percent)),
            wanted,
        );
    }
    let has = |code: &String| footprint.notes.iter().any(|note| &note.code == code);
    for code in &expected.notes {
        differ(
            &format!("note {code}"),
            has(code).then(|| "there".to_owned()),
            "there",
        );
    }
    for code in &expected.without_notes {
        differ(
            &format!("note {code}"),
            Some(if has(code) { "there" } else { "missing" }.to_owned()),
            "missing",
        );
    }
    for note in &footprint.notes {
        let unfilled = note.text.zh.contains('{') || note.text.en.contains('{');
        if unfilled || note.text.zh.is_empty() || note.text.en.is_empty() {
            differ(&note.code, Some(note.text.en.clone()), "a sentence");
        }
    }
    sums(footprint)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Lines, sources and every way of cutting the total add up to it.
fn sums(footprint: &Footprint) -> Result<(), String> {
    let of = |parts: &[Part]| {
        parts
            .iter()
            .map(|part| part.kg)
            .sum::<rust_decimal::Decimal>()
    };
    for (what, sum) in [
        ("lines", footprint.lines.iter().map(|line| line.kg).sum()),
        (
            "sources",
            footprint.sources.iter().map(|source| source.kg).sum(),
        ),
        ("stages", of(&footprint.by_stage)),
        ("classes", of(&footprint.by_class)),
        ("scopes", of(&footprint.by_scope)),
        ("boundaries", of(&footprint.by_boundary)),
        ("gases", of(&footprint.by_gas)),
        ("qualities", of(&footprint.by_quality)),
    ] {
        if sum != footprint.total_kg {
            return Err(format!("the {what} add up to {sum}"));
        }
    }
    Ok(())
}
