//! May this project use the methodology? A list of checks with reasons, and what would change each; missing facts leave a
//! check open.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Date;

use crate::catalogue;
use crate::input::{InputError, Reader};
use crate::parameter;
use crate::schema::{Choice, Field, Kind};
use crate::text::{Message, Text, text};

mod afforestation;
mod estimated;
mod mangrove;
mod power;
mod programme;

/// One condition, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id: `W-A1`…`W-A4`, `C-A1`…`C-A3`, `F-SCOPE`, `F-a`…`F-i`, `M-a`…`M-g`, and of the programme `P-START`,
    /// `P-FIRST-DAY`, `P-PERIOD`, `P-LIFE`, `P-TENURE`, `P-ETS`, `P-GREEN`, `P-ADDITIONAL`, `P-UNIQUE`, `P-AGAIN`,
    /// `P-FIVE-YEARS`; of the two
    /// methodologies that have an estimator only `G-…` and `T-…`.
    pub id: String,
    /// Where the condition is written.
    pub clause: String,
    /// The condition as a question.
    pub question: Message,
    /// `Some(true)` met, `Some(false)` not met, `None` facts are missing.
    pub passed: Option<bool>,
    /// Stable code of the reason, for example `distance_over_limit`.
    pub reason_code: String,
    /// The reason.
    pub reason: Message,
    /// What would change the verdict, or which facts are missing; `None` where the condition is met.
    #[serde(default)]
    pub remedy: Option<Message>,
    /// Which documents show it.
    pub evidence: Message,
    /// The wording or a limit of the condition was not read in an official text.
    #[serde(default)]
    pub assumed: bool,
    /// The input fields it was judged by.
    pub fields: Vec<String>,
}

/// Judges every condition of a methodology, and those rules of the programme that a design document answers, by the facts
/// of a project.
///
/// Facts are the fields of [`applicability_schema`]; a missing one leaves its check open, one that cannot be read is
/// an error at its path. Other members of the input are left alone, so the whole project may be passed.
pub fn applicability(code: &str, facts: &Value) -> Result<Vec<Finding>, Vec<InputError>> {
    let conditions = conditions(code)?;
    let mut reader = Reader::lenient(facts, conditions.fields);
    let mut findings = Vec::new();
    (conditions.judge)(&mut reader, &mut findings);
    finish(reader, facts, findings)
}

/// The same and everything else that can be asked before a project exists: whether it is additional, unique, and claimed in
/// time. Facts are the fields of [`precheck_fields`].
pub fn precheck(code: &str, facts: &Value) -> Result<Vec<Finding>, Vec<InputError>> {
    let conditions = conditions(code)?;
    let mut reader = Reader::lenient(facts, conditions.fields);
    let mut findings = Vec::new();
    (conditions.judge)(&mut reader, &mut findings);
    let own = finish(reader, facts, findings);
    let mut reader = Reader::lenient(facts, &programme::PRECHECK_FIELDS);
    let mut more = Vec::new();
    programme::precheck(&mut reader, &mut more);
    match (own, finish(reader, facts, more)) {
        (Ok(mut findings), Ok(more)) => {
            if conditions.exempt {
                findings.push(programme::exempt(&findings, conditions.clause_exempt));
            }
            findings.extend(more);
            Ok(findings)
        }
        (own, more) => {
            let mut errors = own.err().unwrap_or_default();
            errors.extend(more.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// The facts that [`applicability`] judges by, as a form: path, type, unit, label, help. `None`: no such methodology.
pub fn applicability_schema(code: &str) -> Option<Value> {
    let fields = conditions(code).ok()?.fields;
    Some(
        json!({ "methodology": code, "fields": fields.iter().map(Field::to_json).collect::<Vec<_>>() }),
    )
}

/// The facts that [`precheck`] judges by, in the order of a form. `None`: no such methodology.
pub fn precheck_fields(code: &str) -> Option<Vec<&'static Field>> {
    let own = conditions(code).ok()?.fields;
    Some(own.iter().chain(&programme::PRECHECK_FIELDS).collect())
}

/// The conditions of one methodology.
struct Conditions {
    fields: &'static [Field],
    judge: fn(&mut Reader<'_>, &mut Vec<Finding>),
    /// Additionality need not be argued by any project that meets the conditions.
    exempt: bool,
    clause_exempt: &'static str,
}

fn conditions(code: &str) -> Result<Conditions, Vec<InputError>> {
    match code {
        "CCER-01-002-V01" => Ok(Conditions {
            fields: &power::WIND_FIELDS,
            judge: |reader, findings| power::wind(reader, findings, &catalogue::OFFSHORE_WIND),
            exempt: true,
            clause_exempt: "CCER-01-002-V01 额外性论证",
        }),
        "CCER-01-001-V01" => Ok(Conditions {
            fields: &power::SOLAR_FIELDS,
            judge: |reader, findings| power::solar(reader, findings, &catalogue::SOLAR_THERMAL),
            exempt: true,
            clause_exempt: "CCER-01-001-V01 额外性论证",
        }),
        "CCER-14-001-V01" => Ok(Conditions {
            fields: &afforestation::FIELDS,
            judge: afforestation::judge,
            exempt: false,
            clause_exempt: "",
        }),
        "CCER-14-002-V01" => Ok(Conditions {
            fields: &mangrove::FIELDS,
            judge: mangrove::judge,
            exempt: true,
            clause_exempt: "CCER-14-002-V01 额外性论证",
        }),
        "CCER-10-001-V01" => Ok(Conditions {
            fields: &estimated::COAL_MINE_GAS_FIELDS,
            judge: |reader, findings| {
                estimated::coal_mine_gas(reader, &catalogue::COAL_MINE_GAS, findings);
            },
            exempt: true,
            clause_exempt: "CCER-10-001-V01 额外性论证",
        }),
        "CCER-07-001-V01" => Ok(Conditions {
            fields: &estimated::TUNNEL_LIGHTING_FIELDS,
            judge: |reader, findings| {
                estimated::tunnel_lighting(reader, &catalogue::TUNNEL_LIGHTING, findings);
            },
            exempt: true,
            clause_exempt: "CCER-07-001-V01 额外性论证",
        }),
        _ => Err(vec![
            InputError::new("", "methodology_unknown")
                .with("value", code.chars().take(100).collect::<String>()),
        ]),
    }
}

/// What could not be read, or the findings; an open one names the facts that are missing.
fn finish(
    reader: Reader<'_>,
    facts: &Value,
    mut findings: Vec<Finding>,
) -> Result<Vec<Finding>, Vec<InputError>> {
    if !reader.errors.is_empty() {
        // two conditions may read one field
        let mut errors: Vec<InputError> = Vec::new();
        for error in reader.errors {
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
        return Err(errors);
    }
    let labels: BTreeMap<&str, Text> = reader
        .fields()
        .iter()
        .map(|field| (field.path, field.label))
        .collect();
    let written = |path: &str| {
        facts.get(path).is_some_and(|value| {
            !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
        })
    };
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.passed != Some(true) && finding.remedy.is_none())
    {
        let open = finding.passed.is_none();
        let asked: Vec<Text> = finding
            .fields
            .iter()
            .filter(|path| !open || !written(path))
            .filter_map(|path| labels.get(path.as_str()).copied())
            .collect();
        let zh: Vec<&str> = asked.iter().map(|label| label.zh).collect();
        let en: Vec<&str> = asked.iter().map(|label| label.en).collect();
        let (zh, en) = (zh.join("；"), en.join("; "));
        finding.remedy = Some(if open {
            Message {
                zh: format!("请填写：{zh}。"),
                en: format!("Fill in: {en}."),
            }
        } else {
            Message {
                zh: format!("改变这些事实后再检查：{zh}。"),
                en: format!("Change what these facts describe, then check again: {en}."),
            }
        });
    }
    Ok(findings)
}

/// The same facts as a table, in the order of a form; empty if there is no such methodology.
pub fn applicability_fields(code: &str) -> &'static [Field] {
    conditions(code).map_or(&[], |conditions| conditions.fields)
}

static YES_NO: [Choice; 2] = [
    Choice {
        value: "yes",
        text: text("是", "Yes"),
    },
    Choice {
        value: "no",
        text: text("否", "No"),
    },
];

const fn fact(path: &'static str, kind: Kind, label: Text) -> Field {
    Field {
        path,
        kind,
        label,
        help: text("", ""),
        required: false,
    }
}

const fn yes_no(path: &'static str, zh: &'static str, en: &'static str) -> Field {
    fact(path, Kind::Choice(&YES_NO), text(zh, en))
}

const fn number(
    path: &'static str,
    unit: &'static str,
    max: &'static str,
    decimals: u32,
    label: Text,
) -> Field {
    fact(
        path,
        Kind::Number {
            unit,
            min: "0",
            max,
            decimals,
        },
        label,
    )
}

/// A condition before it is judged.
struct Condition {
    id: &'static str,
    clause: &'static str,
    question: Text,
    evidence: Text,
    assumed: bool,
    fields: &'static [&'static str],
}

impl Condition {
    fn judged(self, verdict: Verdict) -> Finding {
        Finding {
            id: self.id.to_owned(),
            clause: self.clause.to_owned(),
            question: self.question.into(),
            passed: verdict.passed,
            reason_code: verdict.code.to_owned(),
            reason: verdict.reason,
            remedy: verdict.remedy,
            evidence: self.evidence.into(),
            assumed: self.assumed,
            fields: self
                .fields
                .iter()
                .map(|field| (*field).to_owned())
                .collect(),
        }
    }
}

/// A judgement: met or not, the code of the reason, the reason, and what would change it.
struct Verdict {
    passed: Option<bool>,
    code: &'static str,
    reason: Message,
    remedy: Option<Message>,
}

impl Verdict {
    fn met(code: &'static str, reason: impl Into<Message>) -> Self {
        Self {
            passed: Some(true),
            code,
            reason: reason.into(),
            remedy: None,
        }
    }

    fn unmet(code: &'static str, reason: impl Into<Message>, remedy: impl Into<Message>) -> Self {
        Self {
            passed: Some(false),
            code,
            reason: reason.into(),
            remedy: Some(remedy.into()),
        }
    }

    fn open() -> Self {
        Self {
            passed: None,
            code: "facts_missing",
            reason: text("尚未填写所需事实。", "The facts needed are not there yet.").into(),
            remedy: None,
        }
    }
}

fn answer(reader: &mut Reader<'_>, path: &str) -> Option<bool> {
    reader.choice(path).map(|answer| answer == "yes")
}

/// A condition that one yes-or-no question decides. `met` and `unmet`: code and reason; `remedy`: what would change it.
fn by_answer(
    reader: &mut Reader<'_>,
    condition: Condition,
    wanted: bool,
    met: (&'static str, Text),
    unmet: (&'static str, Text),
    remedy: Text,
) -> Finding {
    let given = condition
        .fields
        .first()
        .and_then(|path| answer(reader, path));
    condition.judged(match given {
        Some(given) if given == wanted => Verdict::met(met.0, met.1),
        Some(_) => Verdict::unmet(unmet.0, unmet.1, remedy),
        None => Verdict::open(),
    })
}

/// A limit of the rules, newest value.
fn limit(id: &str) -> Option<Decimal> {
    parameter::parameter(id)?
        .values
        .last()
        .map(|value| value.basis.value())
}

/// A whole number of years stated by the rules, newest value.
fn years(id: &str) -> Option<i32> {
    use rust_decimal::prelude::ToPrimitive;
    limit(id)?.to_i32()
}

/// A day stated by the rules, newest value.
fn rule_day(id: &str) -> Option<Date> {
    parameter::days()
        .iter()
        .find(|parameter| parameter.id == id)?
        .values
        .last()
        .map(|value| value.basis.value())
}
