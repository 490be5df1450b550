//! Cases of carbon inclusion: one act, its milligrams and what they may become.

use methodologies::inclusion::{self, Act, SceneVersion, Standing};
use methodologies::{Parameters, Replacement};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, digest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    source: String,
    #[serde(default)]
    note: String,
    calculator: String,
    input: Value,
    #[serde(default)]
    replacements: Vec<Replacement>,
    #[serde(default)]
    scenes: Vec<SceneVersion>,
    expected: Option<Expected>,
    #[serde(default)]
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    mg: i64,
    counted: Option<String>,
    /// `certifiable C`, `not_certifiable factor_unvetted evidence_weak` or `engagement`.
    standing: String,
    /// Id of the limit that cut the act; none if it is not named.
    cap: Option<String>,
    /// Milligrams that had been settled, and points issued, before this act.
    #[serde(default)]
    settled_before: i64,
    #[serde(default)]
    points_before: i64,
    /// Points that become due with it.
    points: Option<i64>,
    /// Codes that must be among the notes.
    #[serde(default)]
    notes: Vec<String>,
}

/// Runs one case; what is wrong, or the digest of its act.
pub fn check(text: &str) -> Result<Option<u64>, String> {
    let case: Case = toml::from_str(text).map_err(|error| error.to_string())?;
    if case.title.is_empty() || case.source.is_empty() || (1..10).contains(&case.note.len()) {
        return Err("a case needs a title, a source and a note that says something".to_owned());
    }
    let set = Parameters {
        set: u64::from(!case.replacements.is_empty() || !case.scenes.is_empty()),
        replacements: case.replacements,
        scenes: case.scenes,
    };
    set.check().map_err(|errors| format!("{errors:?}"))?;
    match (
        inclusion::act(&case.calculator, &case.input, &set),
        case.expected,
    ) {
        (Ok(act), Some(expected)) => {
            compare(&act, &expected)?;
            let json = serde_json::to_string(&act).map_err(|error| error.to_string())?;
            let back: Act = serde_json::from_str(&json).map_err(|error| error.to_string())?;
            if back != act {
                return Err("the act changes when it is stored and read back".to_owned());
            }
            Ok(Some(digest(&json)))
        }
        (Err(errors), None) if !case.refused.is_empty() => {
            let mut found: Vec<Refused> = errors
                .iter()
                .map(|error| Refused {
                    path: error.path.clone(),
                    code: error.code.to_owned(),
                })
                .collect();
            let mut wanted = case.refused;
            found.sort();
            wanted.sort();
            if found == wanted {
                Ok(None)
            } else {
                Err(format!("refused {found:?}, wanted {wanted:?}"))
            }
        }
        (Ok(act), None) => Err(format!("gives {} mg, should be refused", act.mg)),
        (Err(errors), _) => Err(format!("refused: {errors:?}")),
    }
}

fn standing(act: &Act) -> String {
    match &act.standing {
        Standing::Certifiable { factors, .. } => format!("certifiable {factors:?}"),
        Standing::NotCertifiable { reasons } => {
            let reasons: Vec<String> = reasons
                .iter()
                .map(|reason| json!(reason).as_str().unwrap_or_default().to_owned())
                .collect();
            format!("not_certifiable {}", reasons.join(" "))
        }
        Standing::Engagement => "engagement".to_owned(),
    }
}

fn compare(act: &Act, expected: &Expected) -> Result<(), String> {
    let mut wrong = Vec::new();
    if act.mg != expected.mg {
        wrong.push(format!("{} mg, should be {}", act.mg, expected.mg));
    }
    let counted = act.counted.to_string();
    if expected
        .counted
        .as_ref()
        .is_some_and(|wanted| *wanted != counted)
    {
        wrong.push(format!("counted {counted}"));
    }
    let found = standing(act);
    if found != expected.standing {
        wrong.push(format!("{found}, should be {}", expected.standing));
    }
    let cap = act.cap.as_ref().map(|cap| cap.id.clone());
    if cap != expected.cap {
        wrong.push(format!("limit {cap:?}, should be {:?}", expected.cap));
    }
    let due = inclusion::points_due(expected.settled_before + act.mg, expected.points_before);
    if expected.points.is_some() && due != expected.points {
        wrong.push(format!("{due:?} points"));
    }
    for code in &expected.notes {
        if act.notes.iter().all(|note| &note.code != code) {
            wrong.push(format!("no note {code}"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("; "))
    }
}
