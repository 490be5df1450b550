//! A calculation beside its form: from what is typed to what is shown. The server runs this for the page, and the worker
//! (`worker/`) runs it again in the browser, away from the page, whenever the form changes.

pub mod event;
pub mod inclusion;

use std::collections::BTreeMap;

use domain::project::{MonitoringReport, ProjectDesign, ReportBasis};
use methodologies::{InputError, Message, Outcome, Parameters, day};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lang::{Lang, texts};
use crate::result::html::Html;
use crate::result::{ResultTexts, outcome_pieces};

texts! {
    /// What is said instead of a result.
    CalculatorTexts {
        /// Nothing was filled in yet.
        empty = "calculator.empty",
        /// `%{count}` fields are missing.
        missing = "calculator.missing",
        /// `%{count}` fields are wrong.
        wrong = "calculator.wrong",
        /// The file with the whole input is no JSON object.
        file_unreadable = "calculator.file_unreadable",
    }
}

/// What the name of a file input begins with; the rest is the field whose text the file holds.
pub const FILE_PREFIX: &str = "file.";

/// The name of the form field that takes the whole input as a file: JSON as `huitan calc` reads it.
pub const INPUT_FILE: &str = "input_file";

/// Everything a calculation needs besides the form. The server writes it into the page as text; only the worker reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Which calculator, and what it takes besides the form.
    pub source: Source,
    /// The numbers it computes with.
    pub parameters: Parameters,
    /// The language of units, dates and errors.
    pub lang: Lang,
    /// What is said instead of a result.
    pub texts: CalculatorTexts,
    /// The words of the result.
    pub result_texts: ResultTexts,
}

/// What a calculation shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The result, or what is missing, as pieces of HTML that follow one another.
    pub pieces: Vec<String>,
    /// What is wrong, by the name of the form field.
    pub errors: BTreeMap<String, String>,
}

impl Setup {
    /// Computes with what is in the form.
    pub fn show(&self, form: &BTreeMap<String, String>) -> Shown {
        self.said(&compute(&self.source, &self.parameters, form))
    }

    /// The same where the calculation was done already; `None` if nothing was filled in.
    #[cfg(feature = "ssr")]
    pub fn show_computed(
        &self,
        form: &BTreeMap<String, String>,
        computed: Option<Result<Outcome, Vec<InputError>>>,
    ) -> Shown {
        let unreadable = form
            .get(INPUT_FILE)
            .is_some_and(|text| !text.trim().is_empty() && input_of_file(text).is_none());
        let state = match computed {
            _ if unreadable => State::FileUnreadable,
            None => State::Empty,
            Some(result) => state_of(&self.source, form, result),
        };
        self.said(&state)
    }

    fn said(&self, state: &State) -> Shown {
        let mut errors = BTreeMap::new();
        if let State::Unfinished { wrong, .. } = state {
            for error in wrong {
                let place = TablePlace::of(error);
                let text = self
                    .lang
                    .message(&text_of(error, place.as_ref()))
                    .to_owned();
                let path = place.map_or(error.path.as_str(), |place| place.table);
                errors.entry(self.source.name_of(path)).or_insert(text);
            }
        }
        let pieces = state_html(self.lang, &self.texts, &self.result_texts, state)
            .into_iter()
            .map(Html::into_string)
            .collect();
        Shown { pieces, errors }
    }
}

/// What the calculation came to.
#[derive(Clone, Debug, PartialEq)]
enum State {
    /// Nothing was filled in.
    Empty,
    /// Something is missing or wrong.
    Unfinished {
        missing: usize,
        wrong: Vec<InputError>,
    },
    /// The file with the whole input cannot be read.
    FileUnreadable,
    /// Computed.
    Done(Box<Outcome>),
}

/// Where the calculation takes its input from, besides the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// The form holds everything, under names that begin with `prefix` (may be empty).
    Form {
        /// The calculator's code.
        code: String,
        /// What the names of its fields begin with.
        prefix: String,
    },
    /// The form is one section of a design document.
    Design {
        /// The draft as stored, with the other sections.
        draft: BTreeMap<String, String>,
        /// Today, `2026-11-21`: emission factors must be published by then.
        as_of: String,
    },
    /// The form is one section of a monitoring report.
    Report {
        /// The draft as stored, with the other sections.
        draft: BTreeMap<String, String>,
        /// The project's registered design document.
        design: BTreeMap<String, String>,
        /// The day on which the report was created.
        created_on: String,
        /// Today.
        as_of: String,
    },
}

impl Source {
    /// The calculator and its input with what is in the form; `None` while nothing can be computed.
    fn input(&self, form: &BTreeMap<String, String>) -> Option<(String, Value)> {
        let over = |draft: &BTreeMap<String, String>| {
            let mut fields = draft.clone();
            for (name, value) in form {
                fields.insert(name.clone(), value.clone());
            }
            fields
        };
        let found = match self {
            Self::Form { code, prefix } => {
                // inserting one by one, here and below: collecting would bring a sorting algorithm along
                let mut own = BTreeMap::new();
                for (name, value) in form.iter().filter(|(name, _)| *name != INPUT_FILE) {
                    if let Some(path) = name.strip_prefix(prefix.as_str())
                        && !value.trim().is_empty()
                    {
                        own.insert(path.to_owned(), value.clone());
                    }
                }
                if own.is_empty() {
                    return None;
                }
                return Some((code.clone(), methodologies::fields_to_json(&own)));
            }
            Self::Design { draft, as_of } => {
                ProjectDesign::estimate_input(&over(draft), day::parse(as_of)?)
            }
            Self::Report {
                draft,
                design,
                created_on,
                as_of,
            } => {
                let basis = ReportBasis::of_design(design, day::parse(created_on)?)?;
                MonitoringReport::accounting_input(&over(draft), &basis, day::parse(as_of)?)
            }
        };
        found.map(|(code, input)| (code.to_owned(), input))
    }

    /// The WebAssembly module that has its formulas: a feature of `methodologies` (`docs/decisions/0013`). Of a document whose
    /// methodology is not chosen yet, any: there is nothing to compute.
    #[cfg(feature = "ssr")]
    pub fn module(&self) -> &'static str {
        let code = match self {
            Self::Form { code, .. } => Some(code),
            Self::Design { draft, .. } => draft.get("methodology"),
            Self::Report { design, .. } => design.get("methodology"),
        };
        code.and_then(|code| methodologies::feature_of(code.trim()))
            .unwrap_or("energy")
    }

    /// The name in the form of a field that is at this path of the input.
    fn name_of(&self, path: &str) -> String {
        match self {
            Self::Form { prefix, .. } => format!("{prefix}{path}"),
            Self::Design { .. } | Self::Report { .. } => path.to_owned(),
        }
    }
}

/// Computes with what is in the form.
fn compute(source: &Source, set: &Parameters, form: &BTreeMap<String, String>) -> State {
    let found = match (source, form.get(INPUT_FILE)) {
        (Source::Form { code, .. }, Some(text)) if !text.trim().is_empty() => {
            match input_of_file(text) {
                Some(input) => Some((code.clone(), input)),
                None => return State::FileUnreadable,
            }
        }
        _ => source.input(form),
    };
    let Some((code, input)) = found else {
        return State::Empty;
    };
    let result = methodologies::calculate_with(&code, &input, set);
    state_of(source, form, result)
}

/// What a result is in a form.
fn state_of(
    source: &Source,
    form: &BTreeMap<String, String>,
    result: Result<Outcome, Vec<InputError>>,
) -> State {
    match result {
        Ok(outcome) => State::Done(Box::new(outcome)),
        Err(errors) => {
            // a field that is still empty is not a mistake while somebody types
            let typed = |path: &str| {
                form.get(&source.name_of(path))
                    .is_some_and(|value| !value.trim().is_empty())
            };
            let from_file = form.get(INPUT_FILE).is_some_and(|text| !text.is_empty());
            let (wrong, missing): (Vec<_>, Vec<_>) = errors.into_iter().partition(|error| {
                from_file
                    || error.path.is_empty()
                    || typed(&error.path)
                    || TablePlace::of(error).is_some()
            });
            State::Unfinished {
                missing: missing.len(),
                wrong,
            }
        }
    }
}

/// Where in a table an error is: `trees.17.dbh_cm` is in line 17 of the table `trees`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TablePlace<'a> {
    /// The field of the table.
    pub table: &'a str,
    /// The line in the text; the header is line 1.
    pub line: &'a str,
    /// The code of the column; empty if it is the whole line.
    pub column: &'a str,
}

impl<'a> TablePlace<'a> {
    /// `None` if the error is not in a line of a table.
    pub fn of(error: &'a InputError) -> Option<Self> {
        let (table, rest) = error.path.split_once('.')?;
        let (line, column) = rest.split_once('.').unwrap_or((rest, ""));
        let is_table = |field: &methodologies::schema::Field| {
            field.path == table && matches!(field.kind, methodologies::schema::Kind::Table { .. })
        };
        methodologies::calculators()
            .iter()
            .any(|calculator| calculator.fields.iter().any(is_table))
            .then_some(Self {
                table,
                line,
                column,
            })
    }
}

/// What an error says, with its place in a table.
pub fn text_of(error: &InputError, place: Option<&TablePlace<'_>>) -> Message {
    let Some(place) = place else {
        return error.text();
    };
    let inner = error.text();
    let frame = |text: String| {
        InputError::new("", "table_line")
            .with("line", place.line)
            .with("column", place.column)
            .with("text", text)
            .text()
    };
    Message {
        zh: frame(inner.zh).zh,
        en: frame(inner.en).en,
    }
}

/// The input in a file: a JSON object, or the `input` of `{"calculator":…,"input":{…}}`, as the command line and the REST
/// interface take it. `None` if it is neither.
pub fn input_of_file(text: &str) -> Option<Value> {
    let mut value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    if value.get("calculator").is_some_and(Value::is_string) {
        value = value.get_mut("input")?.take();
    }
    value.is_object().then_some(value)
}

/// What is shown for a state of the calculation.
fn state_html(
    lang: Lang,
    texts: &CalculatorTexts,
    result_texts: &ResultTexts,
    state: &State,
) -> Vec<Html> {
    let mut html = Html::default();
    match state {
        State::Empty => {
            html.raw("<p class=\"live__hint\">")
                .text(&texts.empty)
                .raw("</p>");
        }
        State::FileUnreadable => {
            html.raw("<p class=\"live__errors\">")
                .text(&texts.file_unreadable)
                .raw("</p>");
        }
        State::Unfinished { missing, wrong } => {
            let mut listed = Vec::new();
            for error in wrong {
                let place = TablePlace::of(error);
                if error.path.is_empty() || place.is_some() {
                    listed.push(lang.message(&text_of(error, place.as_ref())).to_owned());
                }
            }
            html = hints(texts, wrong.len(), *missing, &listed);
        }
        State::Done(outcome) => return outcome_pieces(lang, result_texts, outcome).into(),
    }
    vec![html]
}

/// How many fields are wrong and missing, and the errors that belong to no field or are of a table.
fn hints(texts: &CalculatorTexts, wrong: usize, missing: usize, listed: &[String]) -> Html {
    let mut html = Html::default();
    html.raw("<p class=\"live__hint\">");
    for (text, count) in [(&texts.wrong, wrong), (&texts.missing, missing)] {
        if count > 0 {
            html.text(&text.replace("%{count}", &count.to_string()))
                .raw(" ");
        }
    }
    html.raw("</p><ul class=\"live__errors\">");
    for error in listed {
        html.raw("<li>").text(error).raw("</li>");
    }
    html.raw("</ul>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_shown_as_text_only() {
        let errors = vec![InputError::new("", "calculator_unknown").with("value", "<img src=x>")];
        let state = State::Unfinished {
            missing: 0,
            wrong: errors,
        };
        let html = state_html(
            Lang::En,
            &CalculatorTexts::default(),
            &ResultTexts::default(),
            &state,
        )
        .remove(0)
        .into_string();
        assert!(
            html.contains("&lt;img src=x&gt;") && !html.contains("<img"),
            "{html}"
        );
    }

    #[test]
    fn a_field_that_is_still_empty_is_missing_and_not_wrong() {
        let calculator = methodologies::calculators()
            .first()
            .expect("there is a calculator");
        let source = Source::Form {
            code: calculator.code.to_owned(),
            prefix: "c.".to_owned(),
        };
        assert_eq!(
            compute(&source, Parameters::BUILT_IN, &BTreeMap::new()),
            State::Empty
        );
        let typed = BTreeMap::from([(
            format!("c.{}", calculator.fields[0].path),
            "twelve".to_owned(),
        )]);
        let State::Unfinished { missing, wrong } = compute(&source, Parameters::BUILT_IN, &typed)
        else {
            panic!("one field is not enough")
        };
        assert!(missing > 0);
        assert_eq!(
            wrong
                .iter()
                .map(|error| error.path.as_str())
                .collect::<Vec<_>>(),
            [calculator.fields[0].path]
        );
    }

    #[test]
    fn a_file_holds_the_input_alone_or_as_the_command_line_takes_it() {
        let plain = input_of_file(r#"{"grid":"East"}"#);
        assert_eq!(plain, Some(serde_json::json!({ "grid": "East" })));
        let named = "\u{feff}{\"calculator\":\"X\",\"input\":{\"grid\":\"East\"}}";
        assert_eq!(input_of_file(named), plain);
        for wrong in ["", "[]", "{", r#"{"calculator":"X"}"#, "7"] {
            assert_eq!(input_of_file(wrong), None, "{wrong}");
        }
    }
}
