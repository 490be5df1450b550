//! The live calculator: recomputes while somebody types, with the code the server uses.

use std::collections::BTreeMap;

use domain::project::{MonitoringReport, ProjectDesign, ReportBasis};
use leptos::prelude::*;
use methodologies::{InputError, Outcome, day};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lang::{Lang, texts};
use crate::result::{ResultTexts, outcome_view};

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
            fields.extend(form.clone());
            fields
        };
        let found = match self {
            Self::Form { code, prefix } => {
                let own: BTreeMap<String, String> = form
                    .iter()
                    .filter_map(|(name, value)| {
                        Some((
                            name.strip_prefix(prefix.as_str())?.to_owned(),
                            value.clone(),
                        ))
                    })
                    .filter(|(_, value)| !value.trim().is_empty())
                    .collect();
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

/// The result of a calculator, beside the form it reads.
#[island]
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
    let state = RwSignal::new(compute(&source, &fields));
    let hydrated = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    {
        let live = browser_side::Live {
            source,
            form_id,
            lang,
            state,
            hydrated,
        };
        Effect::new(move |_| live.clone().start());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (source, form_id);
    let live_note = texts.live.clone();
    view! {
        <div class="live" aria-live="polite" data-hydrated=move || hydrated.get().then_some("true")>
            {move || match state.get() {
                State::Empty => view! { <p class="live__hint">{texts.empty.clone()}</p> }.into_any(),
                State::Unfinished { missing, wrong } => view! {
                    <p class="live__hint">{counted(&texts, missing, &wrong)}</p>
                    <ul class="live__errors">{general(lang, &wrong)}</ul>
                }.into_any(),
                State::Done(outcome) => outcome_view(lang, &result_texts, &outcome),
            }}
            {move || hydrated.get().then(|| view! { <p class="live__note">{live_note.clone()}</p> })}
        </div>
    }
}

fn counted(texts: &CalculatorTexts, missing: usize, wrong: &[InputError]) -> String {
    let mut parts = Vec::new();
    if !wrong.is_empty() {
        parts.push(texts.wrong.replace("%{count}", &wrong.len().to_string()));
    }
    if missing > 0 {
        parts.push(texts.missing.replace("%{count}", &missing.to_string()));
    }
    parts.join(" ")
}

/// Errors that belong to no field.
fn general(lang: Lang, wrong: &[InputError]) -> Vec<AnyView> {
    let own = wrong.iter().filter(|error| error.path.is_empty());
    own.map(|error| view! { <li>{lang.message(&error.text()).to_owned()}</li> }.into_any())
        .collect()
}

#[cfg(feature = "hydrate")]
mod browser_side {
    use super::{Lang, Source, State, compute};
    use crate::islands::browser;
    use leptos::prelude::*;

    /// Pause after a keystroke before computing, in milliseconds.
    const PAUSE_MS: u32 = 120;

    #[derive(Clone)]
    pub(super) struct Live {
        pub source: Source,
        pub form_id: String,
        pub lang: Lang,
        pub state: RwSignal<State>,
        pub hydrated: RwSignal<bool>,
    }

    impl Live {
        /// Listens to the form from now on.
        pub fn start(self) {
            let Some(form) = browser::form(&self.form_id) else {
                return;
            };
            let hydrated = self.hydrated;
            browser::on_input(&form.clone(), PAUSE_MS, move || {
                let next = compute(&self.source, &browser::fields_of(&form));
                let wrong = if let State::Unfinished { wrong, .. } = &next {
                    wrong.as_slice()
                } else {
                    &[]
                };
                let texts = wrong.iter().map(|error| {
                    (
                        self.source.name_of(&error.path),
                        self.lang.message(&error.text()).to_owned(),
                    )
                });
                browser::show_errors(&form, &texts.collect());
                self.state.set(next);
            });
            hydrated.set(true);
        }
    }
}
