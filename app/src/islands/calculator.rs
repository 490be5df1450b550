//! The live calculator: has a worker compute again while somebody types, with the code the server uses.
//!
//! The page only hands over what is in the form and puts what comes back into its place, so it never waits for a
//! calculation, however long. The formulas are in the worker's own WebAssembly (`worker/`), not in that of the islands.

#[cfg(feature = "ssr")]
use std::collections::BTreeMap;

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use methodologies::{InputError, Outcome, Parameters};

#[cfg(feature = "ssr")]
use crate::lang::Lang;
use crate::lang::texts;
#[cfg(feature = "ssr")]
pub use crate::live::{CalculatorTexts, Source};
#[cfg(feature = "ssr")]
use crate::live::{Setup, Shown};
#[cfg(feature = "ssr")]
use crate::result::ResultTexts;

texts! {
    /// What the live calculator says about its own work.
    LiveTexts {
        /// Computed in this browser.
        live = "calculator.live",
        /// A long calculation goes on.
        computing = "calculator.computing",
        /// Rows of a table are read.
        reading = "calculator.phase_reading",
        /// Measurements are worked through.
        measurements = "calculator.phase_measurements",
        /// Strata are worked through.
        strata = "calculator.phase_strata",
        /// Years are put together.
        years = "calculator.phase_years",
        /// Stop it.
        cancel = "calculator.cancel",
        /// It was stopped.
        cancelled = "calculator.cancelled",
        /// This browser cannot compute.
        failed = "calculator.failed",
    }
}

/// A calculation that was done for the form; `None` if nothing was filled in.
#[cfg(feature = "ssr")]
pub type Computed = Option<Result<Outcome, Vec<InputError>>>;

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
    /// The numbers it computes with; the built-in ones if not given.
    #[prop(optional)]
    parameters: Parameters,
    /// The calculation, if the page has done it; otherwise it is done here. The inner `None`: nothing was filled in.
    #[prop(optional)]
    computed: Option<Computed>,
) -> impl IntoView {
    let module = source.module();
    let setup = Setup {
        source,
        parameters,
        lang,
        texts,
        result_texts,
    };
    let shown = match computed {
        Some(computed) => setup.show_computed(&fields, computed),
        None => setup.show(&fields),
    };
    let setup = serde_json::to_string(&setup).unwrap_or_default();
    view! { <LiveResult setup module form_id lang shown/> }.into_any()
}

/// A result that the server computed for the page, and that [`LiveCalculator`] has computed again whenever its forms change.
#[cfg(feature = "ssr")]
#[component]
pub fn LiveResult(
    /// What the calculation needs besides the forms, as the module reads it.
    setup: String,
    /// The WebAssembly module with its formulas: a feature of the crate `worker`.
    module: &'static str,
    /// The id of the form element; of several forms all of them, with spaces between.
    form_id: String,
    /// The language of what is said about the work.
    lang: Lang,
    /// The result for what is in the forms now.
    shown: Shown,
) -> impl IntoView {
    let Shown { pieces, .. } = shown;
    let first = form_id.split(' ').next().unwrap_or_default();
    let result_id = format!("{first}-result");
    let running_id = format!("{result_id}-running");
    let texts = LiveTexts::load(lang);
    let (computing, cancel) = (texts.computing.clone(), texts.cancel.clone());
    view! {
        <div class="live__running" id=running_id hidden>
            <p class="live__hint" role="status">{computing.clone()}</p>
            <progress class="live__progress" max="100" aria-label=computing></progress>
            <button class="button button--small" type="button">{cancel}</button>
        </div>
        <div data-formulas=module class="result" id=result_id.clone() aria-live="polite" inner_html=pieces.concat()></div>
        <LiveCalculator setup form_id result_id texts/>
    }
    .into_any()
}

/// Has a worker compute again whenever the form changes, and shows what is wrong at its fields.
#[island]
pub fn LiveCalculator(
    /// What the calculation needs besides the form; handed to the worker unread.
    setup: String,
    /// The id of the form element; of several forms all of them, with spaces between.
    form_id: String,
    /// The id of the element with the result.
    result_id: String,
    /// What to say about the work.
    texts: LiveTexts,
) -> impl IntoView {
    let live = texts.live.clone();
    let note_id = format!("{result_id}-live");
    #[cfg(feature = "hydrate")]
    browser_side::start(setup, &form_id, result_id, note_id.clone(), texts);
    #[cfg(not(feature = "hydrate"))]
    let _ = (setup, form_id, result_id);
    view! { <p class="live__note" id=note_id hidden>{live}</p> }
}

#[cfg(feature = "hydrate")]
mod browser_side {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use js_sys::Array;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{HtmlFormElement, MessageEvent, Worker};

    use super::LiveTexts;
    use crate::islands::browser;

    /// Pause after a keystroke before computing, in milliseconds.
    const PAUSE_MS: u32 = 120;

    /// Listens to the form from now on.
    pub(super) fn start(
        setup: String,
        form_id: &str,
        result_id: String,
        note_id: String,
        texts: LiveTexts,
    ) {
        let forms = browser::forms(form_id);
        if forms.is_empty() {
            return;
        }
        let live = Rc::new(Live {
            setup,
            forms: forms.clone(),
            running_id: format!("{result_id}-running"),
            result_id,
            note_id,
            texts,
            worker: RefCell::default(),
            asked: Cell::new(0),
            state: Cell::new(State::Idle),
        });
        // loaded now, so that the first keystroke need not wait for it
        live.start_worker();
        let cancel = Rc::clone(&live);
        browser::on_click(&format!("#{} button", live.running_id), move || {
            cancel.cancel();
        });
        for form in &forms {
            let changed = Rc::clone(&live);
            browser::on_input(form, PAUSE_MS, move || changed.changed());
        }
        browser::show_ready(&live.note_id);
    }

    /// What the worker is doing, as far as the page knows.
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        /// Nothing.
        Idle,
        /// A calculation.
        Busy,
        /// A calculation, and the form has changed since.
        Outdated,
        /// A calculation that takes long enough to be shown.
        Long,
        /// It does not run in this browser: the server computes when the form is sent.
        Failed,
    }

    struct Live {
        setup: String,
        forms: Vec<HtmlFormElement>,
        running_id: String,
        result_id: String,
        note_id: String,
        texts: LiveTexts,
        worker: RefCell<Option<Worker>>,
        /// Number of the last question; answers to earlier ones are dropped.
        asked: Cell<u32>,
        state: Cell<State>,
    }

    impl Live {
        fn start_worker(self: &Rc<Self>) {
            let Some(worker) = browser::calculator_worker() else {
                self.fail();
                return;
            };
            let live = Rc::clone(self);
            let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                live.heard(&Array::from(&event.data()));
            });
            worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            let live = Rc::clone(self);
            let failed = Closure::<dyn Fn()>::new(move || live.fail());
            worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
            // they last as long as the page; a cancelled worker leaves two small closures behind
            heard.forget();
            failed.forget();
            *self.worker.borrow_mut() = Some(worker);
        }

        /// The form has changed.
        fn changed(self: &Rc<Self>) {
            match self.state.get() {
                State::Failed => {}
                State::Busy | State::Outdated => self.state.set(State::Outdated),
                State::Long => {
                    self.stop();
                    self.ask();
                }
                State::Idle => self.ask(),
            }
        }

        /// Sends what is in the form; files go along unread.
        fn ask(self: &Rc<Self>) {
            if self.worker.borrow().is_none() {
                self.start_worker();
            }
            let number = self.asked.get() + 1;
            self.asked.set(number);
            let question = Array::of3(
                &number.into(),
                &self.setup.as_str().into(),
                &browser::entries_of(&self.forms),
            );
            if let Some(worker) = self.worker.borrow().as_ref()
                && worker.post_message(&question).is_ok()
            {
                self.state.set(State::Busy);
                // instead of what was said about an earlier one
                browser::set_text(&self.note_id, &self.texts.live);
                for form in &self.forms {
                    let _ = form.set_attribute("data-computing", "true");
                }
            }
        }

        /// `[number, percent, phase]` while it computes, `[number, [html, …], [[field, error], …]]` when it is done.
        fn heard(self: &Rc<Self>, message: &Array) {
            if message.get(0).as_f64() != Some(f64::from(self.asked.get())) {
                return;
            }
            if let Some(phase) = message.get(2).as_string() {
                if self.state.get() == State::Outdated {
                    self.stop();
                    self.ask();
                    return;
                }
                self.state.set(State::Long);
                let text = match phase.as_str() {
                    "reading" => &self.texts.reading,
                    "measurements" => &self.texts.measurements,
                    "strata" => &self.texts.strata,
                    "years" => &self.texts.years,
                    _ => &self.texts.computing,
                };
                browser::show_progress(&self.running_id, text, &message.get(1));
                return;
            }
            let outdated = self.state.get() == State::Outdated;
            self.finished();
            let mut errors = Vec::new();
            for pair in Array::from(&message.get(2)).iter() {
                let pair = Array::from(&pair);
                let text = |at| pair.get(at).as_string().unwrap_or_default();
                errors.push((text(0), text(1)));
            }
            for form in &self.forms {
                browser::show_changed_errors(form, &errors);
            }
            browser::replace_in_pieces(&self.result_id, &Array::from(&message.get(1)));
            if outdated {
                self.ask();
            }
        }

        fn finished(&self) {
            self.state.set(State::Idle);
            browser::hide(&self.running_id);
            for form in &self.forms {
                let _ = form.remove_attribute("data-computing");
            }
        }

        /// Ends the calculation at once, whatever the worker is doing.
        fn stop(&self) {
            if let Some(worker) = self.worker.take() {
                worker.set_onmessage(None);
                worker.set_onerror(None);
                worker.terminate();
            }
            self.finished();
        }

        fn cancel(self: &Rc<Self>) {
            self.stop();
            browser::set_text(&self.note_id, &self.texts.cancelled);
        }

        fn fail(&self) {
            self.stop();
            self.state.set(State::Failed);
            browser::set_text(&self.note_id, &self.texts.failed);
        }
    }
}
