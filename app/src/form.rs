//! What a form shows: the values typed or stored, and what was wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Act, Refusal};
use registry::Fields;
use serde_json::Value;

use crate::host::Host;
use crate::lang::{Lang, refusal_text, t};
use crate::visitor::Visitor;

/// The contents of one form. Cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Form {
    contents: Arc<Contents>,
}

#[derive(Debug, Default)]
struct Contents {
    values: Fields,
    problems: Vec<Problem>,
    /// What the fields with problems are called, for the summary.
    labels: BTreeMap<String, String>,
}

/// One thing that is wrong: at a field, or (without one) with the form as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's name.
    pub field: Option<String>,
    /// The refusal's code.
    pub code: String,
    /// Values for its text.
    pub params: Vec<(String, String)>,
}

impl Problem {
    /// What to do about it, in this language.
    pub fn text(&self, lang: Lang) -> String {
        // a value that comes in both languages (`reason_zh`, `reason_en`) fills `reason`
        let suffix = format!("_{}", lang.code());
        let params: Vec<_> = self
            .params
            .iter()
            .map(|(name, value)| {
                let name = name.strip_suffix(&suffix).unwrap_or(name);
                (name, shown(lang, name, value))
            })
            .collect();
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        refusal_text(lang, &self.code, &params)
    }
}

/// Some values are codes that people know by another name, or need one of the two languages.
fn shown(lang: Lang, name: &str, value: &str) -> String {
    match name {
        "act" | "event" => t(lang, &format!("act.{value}")),
        "state" => crate::parts::event_state_label(lang, value)
            .unwrap_or_else(|| crate::parts::state_label(lang, value)),
        "neutral_state" => t(lang, &format!("neutral.state_{value}")),
        "account_state" => t(lang, &format!("registry_account.state_{value}")),
        "member_role" => t(lang, &format!("registry_account.member_{value}")),
        "outcome" => t(lang, &format!("registry_account.order_{value}")),
        "date" | "start" | "end" | "from" | "to" | "first" | "last" | "earliest" | "today"
        | "after" | "until" | "deadline" => crate::format::date_text(lang, value),
        "grids" => grid_names(lang, value),
        _ => value.to_owned(),
    }
}

/// `South, East` -> `南方、华东`: the names of the regional grids, as the calculators call them.
fn grid_names(lang: Lang, codes: &str) -> String {
    let fields = methodologies::calculators()
        .iter()
        .flat_map(|calculator| calculator.fields);
    let choices = fields.filter_map(|field| match field.kind {
        methodologies::schema::Kind::Choice(choices) if field.path == "grid" => Some(choices),
        _ => None,
    });
    let choices: Vec<_> = choices.flatten().collect();
    let name = |code: &str| {
        let choice = choices.iter().find(|choice| choice.value == code);
        choice
            .map_or(code, |choice| lang.choose(choice.text.zh, choice.text.en))
            .to_owned()
    };
    codes
        .split(", ")
        .map(name)
        .collect::<Vec<_>>()
        .join(lang.choose("、", ", "))
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        Self {
            field: refusal.field.clone(),
            code: refusal.code.to_owned(),
            params: refusal
                .params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        }
    }
}

impl Form {
    /// A form with these values and nothing wrong.
    pub fn of(values: Fields) -> Self {
        Self::with_problems(values, Vec::new())
    }

    /// A form with these values and what is wrong with them.
    pub fn with_problems(values: Fields, problems: Vec<Problem>) -> Self {
        Self {
            contents: Arc::new(Contents {
                values,
                problems,
                labels: BTreeMap::new(),
            }),
        }
    }

    /// The form of `act` as it must be shown now: what was typed and refused, if this page was opened to show that;
    /// otherwise the stored values.
    pub async fn open(host: &Host, visitor: &Visitor, act: Act, stored: Fields) -> Self {
        Self::open_one_of(host, visitor, act, None, stored).await
    }

    /// The same for a page with several forms of one act: only the form whose hidden field `name` says `value` gets
    /// what was typed.
    #[allow(clippy::unused_async)] // one day it may have to ask
    pub async fn open_one_of(
        _host: &Host,
        visitor: &Visitor,
        act: Act,
        which: Option<(&str, &str)>,
        stored: Fields,
    ) -> Self {
        let Some(memory) = &visitor.remembered else {
            return Self::of(stored);
        };
        let another = which.is_some_and(|(name, value)| {
            memory.fields.get(name).map(String::as_str) != Some(value)
        });
        if memory.act != act.name() || another {
            return Self::of(stored);
        }
        Self::with_problems(memory.fields.clone(), problems_from_json(&memory.refusals))
    }

    /// The value of a field; empty if there is none.
    pub fn value(&self, name: &str) -> &str {
        self.contents.values.get(name).map_or("", String::as_str)
    }

    /// All values.
    pub fn values(&self) -> &Fields {
        &self.contents.values
    }

    /// Everything that is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.contents.problems
    }

    /// The same form, its summary of errors naming each field as `label` does.
    #[must_use]
    pub fn labelled(&self, label: impl Fn(&str) -> Option<String>) -> Self {
        let fields = self
            .problems()
            .iter()
            .filter_map(|problem| problem.field.clone());
        let labels = fields
            .filter_map(|field| Some((field.clone(), label(&field)?)))
            .collect();
        let (values, problems) = (self.values().clone(), self.problems().to_vec());
        Self {
            contents: Arc::new(Contents {
                values,
                problems,
                labels,
            }),
        }
    }

    /// What a field with a problem is called, if the page has said so.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.contents.labels.get(name).map(String::as_str)
    }

    /// What is wrong with one field.
    pub fn problems_at<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Problem> {
        self.contents
            .problems
            .iter()
            .filter(move |problem| problem.field.as_deref() == Some(name))
    }
}

/// The id of a field's input: `lines.0.to` -> `field-lines-0-to`. Error summaries link to it.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.replace('.', "-"))
}

/// Reads refusals as the form memory keeps them: `[{code, field, params: {name: value, …}}, …]`.
pub(crate) fn problems_from_json(value: &Value) -> Vec<Problem> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let read = |item: &Value| {
        let params = item["params"].as_object().into_iter().flatten();
        let params = params
            .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
            .collect();
        Some(Problem {
            field: text(&item["field"]),
            code: text(&item["code"])?,
            params,
        })
    };
    value
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(read)
        .collect()
}

/// Fields from pairs; for values that come from stored records.
pub fn fields<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect::<BTreeMap<_, _>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_come_back_from_the_form_memory_as_they_went_in() {
        let refusals = [
            Refusal::new("text_too_long").at("name").with("max", 100),
            Refusal::new("busy"),
        ];
        let kept = serde_json::json!([
            { "code": "text_too_long", "field": "name", "params": { "max": "100" } },
            { "code": "busy", "field": null, "params": {} },
        ]);
        let read = problems_from_json(&kept);
        assert_eq!(read, refusals.iter().map(Problem::from).collect::<Vec<_>>());
        assert!(problems_from_json(&Value::Null).is_empty());
    }

    #[test]
    fn a_value_in_both_languages_is_shown_in_the_one_of_the_page() {
        let refusal = Refusal::new("does_not_apply")
            .with("condition", "1")
            .with("reason_zh", "水深不足")
            .with("reason_en", "too shallow");
        let problem = Problem::from(&refusal);
        assert!(problem.text(Lang::Zh).contains("水深不足"));
        assert!(problem.text(Lang::En).contains("too shallow"));
        let late = Refusal::new("end_before_start")
            .with("start", "2026-02-01")
            .with("end", "2026-01-31");
        assert!(Problem::from(&late).text(Lang::En).contains("31 Jan 2026"));
    }

    #[test]
    fn a_field_finds_its_own_problems_only() {
        let problems = [Refusal::new("required").at("name"), Refusal::new("busy")]
            .iter()
            .map(Problem::from)
            .collect();
        let form = Form::with_problems(fields([("name", "汕尾")]), problems);
        assert_eq!(form.value("name"), "汕尾");
        assert_eq!(form.problems_at("name").count(), 1);
        assert_eq!(form.problems_at("other").count(), 0);
        assert_eq!(field_id("lines.0.to"), "field-lines-0-to");
    }
}
