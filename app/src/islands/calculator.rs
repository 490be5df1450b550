//! The live calculator: recomputes while somebody types, with the code the server uses.

use std::collections::BTreeMap;

use domain::project::{MonitoringReport, ProjectDesign, ReportBasis};
use leptos::prelude::*;
use methodologies::{InputError, Outcome, day};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lang::{Lang, texts};
use crate::result::html::Html;
use crate::result::{ResultTexts, outcome_html};

texts! {
    /// What the live calculator says beside the result itself.
    CalculatorTexts {
        /// Nothing was filled in yet.
        empty = "calculator.empty",
        /// `%{count}` fields are missing.
        missing = "calculator.missing",
        /// `%{count}` fields are wrong.
        wrong = "calculator.wrong",
        /// Computed in this browser.
        live = "calculator.live",
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
                for (name, value) in form {
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

    /// The name in the form of a field that is at this path of the input.
    fn name_of(&self, path: &str) -> String {
        match self {
            Self::Form { prefix, .. } => format!("{prefix}{path}"),
            Self::Design { .. } | Self::Report { .. } => path.to_owned(),
        }
    }
}

/// Computes with what is in the form.
fn compute(source: &Source, form: &BTreeMap<String, String>) -> State {
    let Some((code, input)) = source.input(form) else {
        return State::Empty;
    };
    match methodologies::calculate(&code, &input) {
        Ok(outcome) => State::Done(Box::new(outcome)),
        Err(errors) => {
            // a field that is still empty is not a mistake while somebody types
            let typed = |path: &str| {
                form.get(&source.name_of(path))
                    .is_some_and(|value| !value.trim().is_empty())
            };
            let (wrong, missing): (Vec<_>, Vec<_>) = errors
                .into_iter()
                .partition(|error| error.path.is_empty() || typed(&error.path));
            State::Unfinished {
                missing: missing.len(),
                wrong,
            }
        }
    }
}

/// What is shown for a state of the calculation.
fn state_html(
    lang: Lang,
    texts: &CalculatorTexts,
    result_texts: &ResultTexts,
    state: &State,
) -> Html {
    let mut html = Html::default();
    match state {
        State::Empty => {
            html.raw("<p class=\"live__hint\">")
                .text(&texts.empty)
                .raw("</p>");
        }
        State::Unfinished { missing, wrong } => {
            html.raw("<p class=\"live__hint\">");
            for (text, count) in [(&texts.wrong, wrong.len()), (&texts.missing, *missing)] {
                if count > 0 {
                    html.text(&text.replace("%{count}", &count.to_string()))
                        .raw(" ");
                }
            }
            html.raw("</p><ul class=\"live__errors\">");
            // errors that belong to no field
            for error in wrong.iter().filter(|error| error.path.is_empty()) {
                html.raw("<li>")
                    .text(lang.message(&error.text()))
                    .raw("</li>");
            }
            html.raw("</ul>");
        }
        State::Done(outcome) => {
            html.html(outcome_html(lang, result_texts, outcome));
        }
    }
    html
}

/// The result of a calculator, beside the form it reads: computed by the server for the page, and again by
/// [`LiveCalculator`] whenever the form changes.
#[cfg(feature = "ssr")]
#[component]
pub fn Calculator(
    /// Which calculator, and what it takes besides the form.
    source: Source,
    /// The id of the form element.
    form_id: String,
    /// The language of units, dates and errors.
    lang: Lang,
    /// What is in the form now.
    fields: BTreeMap<String, String>,
    /// What to say beside the result.
    texts: CalculatorTexts,
    /// The words of the result.
    result_texts: ResultTexts,
) -> impl IntoView {
    let now = state_html(lang, &texts, &result_texts, &compute(&source, &fields)).into_string();
    let result_id = format!("{form_id}-result");
    view! {
        <div class="result" id=result_id.clone() aria-live="polite" inner_html=now></div>
        <LiveCalculator source form_id result_id lang texts result_texts/>
    }
    .into_any()
}

/// Computes again whenever the form changes, and shows what is wrong at its fields.
#[island]
pub fn LiveCalculator(
    /// Which calculator, and what it takes besides the form.
    source: Source,
    /// The id of the form element.
    form_id: String,
    /// The id of the element with the result.
    result_id: String,
    /// The language of units, dates and errors.
    lang: Lang,
    /// What to say beside the result.
    texts: CalculatorTexts,
    /// The words of the result.
    result_texts: ResultTexts,
) -> impl IntoView {
    let live = texts.live.clone();
    let note_id = format!("{result_id}-live");
    #[cfg(feature = "hydrate")]
    browser_side::Listener {
        source,
        form_id,
        result_id,
        note_id: note_id.clone(),
        lang,
        texts,
        result_texts,
    }
    .start();
    #[cfg(not(feature = "hydrate"))]
    let _ = (source, form_id, result_id, lang, result_texts);
    view! { <p class="live__note" id=note_id hidden>{live}</p> }
}

#[cfg(feature = "hydrate")]
mod browser_side {
    use std::collections::BTreeMap;

    use super::{CalculatorTexts, Lang, ResultTexts, Source, State, compute, state_html};
    use crate::islands::browser;

    /// Pause after a keystroke before computing, in milliseconds.
    const PAUSE_MS: u32 = 120;

    pub(super) struct Listener {
        pub source: Source,
        pub form_id: String,
        pub result_id: String,
        pub note_id: String,
        pub lang: Lang,
        pub texts: CalculatorTexts,
        pub result_texts: ResultTexts,
    }

    impl Listener {
        /// Listens to the form from now on.
        pub fn start(self) {
            let Some(form) = browser::form(&self.form_id) else {
                return;
            };
            browser::show_ready(&self.note_id);
            browser::on_input(&form.clone(), PAUSE_MS, move || {
                let state = compute(&self.source, &browser::fields_of(&form));
                let mut errors = BTreeMap::new();
                if let State::Unfinished { wrong, .. } = &state {
                    for error in wrong {
                        let text = self.lang.message(&error.text()).to_owned();
                        errors.insert(self.source.name_of(&error.path), text);
                    }
                }
                browser::show_errors(&form, &errors);
                let html = state_html(self.lang, &self.texts, &self.result_texts, &state);
                browser::replace_contents(&self.result_id, &html.into_string());
            });
        }
    }
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
        assert_eq!(compute(&source, &BTreeMap::new()), State::Empty);
        let typed = BTreeMap::from([(
            format!("c.{}", calculator.fields[0].path),
            "twelve".to_owned(),
        )]);
        let State::Unfinished { missing, wrong } = compute(&source, &typed) else {
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
}
