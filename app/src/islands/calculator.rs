//! The live calculator: recomputes while somebody types, with the code the server uses.

use std::collections::BTreeMap;

use leptos::prelude::*;
use methodologies::{InputError, Outcome};

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

/// Computes with what is in the form, of which only names beginning with `prefix` belong to the calculator.
fn compute(code: &str, prefix: &str, form: &BTreeMap<String, String>) -> State {
    let own: BTreeMap<String, String> = form
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect();
    if own.is_empty() {
        return State::Empty;
    }
    match methodologies::calculate(code, &methodologies::fields_to_json(&own)) {
        Ok(outcome) => State::Done(Box::new(outcome)),
        Err(errors) => {
            // a field that is still empty is not a mistake while somebody types
            let (wrong, missing): (Vec<_>, Vec<_>) = errors
                .into_iter()
                .partition(|error| error.path.is_empty() || own.contains_key(&error.path));
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
    /// The calculator's code.
    code: String,
    /// The id of the form element.
    form_id: String,
    /// What the names of the calculator's fields begin with in that form; may be empty.
    prefix: String,
    /// The language of units, dates and errors.
    lang: Lang,
    /// What is in the form now.
    fields: BTreeMap<String, String>,
    /// What to say beside the result.
    texts: CalculatorTexts,
    /// The words of the result.
    result_texts: ResultTexts,
) -> impl IntoView {
    let state = RwSignal::new(compute(&code, &prefix, &fields));
    let hydrated = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    {
        let live = browser_side::Live {
            code,
            form_id,
            prefix,
            lang,
            state,
            hydrated,
        };
        Effect::new(move |_| live.clone().start());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = form_id;
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
    use super::{Lang, State, compute};
    use crate::islands::browser;
    use leptos::prelude::*;

    /// Pause after a keystroke before computing, in milliseconds.
    const PAUSE_MS: u32 = 120;

    #[derive(Clone)]
    pub(super) struct Live {
        pub code: String,
        pub form_id: String,
        pub prefix: String,
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
                let next = compute(&self.code, &self.prefix, &browser::fields_of(&form));
                let wrong = if let State::Unfinished { wrong, .. } = &next {
                    wrong.as_slice()
                } else {
                    &[]
                };
                let texts = wrong.iter().map(|error| {
                    (
                        format!("{}{}", self.prefix, error.path),
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
