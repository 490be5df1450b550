//! The calculators in a Web Worker. `public/worker.js` loads this module and hands it every question; the page's side is
//! `app/src/islands/calculator.rs`.
//!
//! The crate becomes several modules, one for the pages of each kind: its features say what a module can compute.
//!
//! A question is `[number, setup, entries]`: `setup` is the text of an [`app::live::Setup`], an [`app::live::event::EventSetup`] or an
//! [`app::live::inclusion::InclusionSetup`] as the server wrote it into the page, `entries` are the pairs of the form, files among them. Answers are `[number, percent, phase]` while a long
//! calculation goes on, and at its end `[number, [html, …], [[field, error], …]]`. Cancelling is the page's business: it
//! ends the whole worker, which interrupts a calculation at any place.

use std::collections::BTreeMap;

use app::live::{FILE_PREFIX, Shown};
use js_sys::Array;
use methodologies::progress::{Phase, Progress, watched};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File, FileReaderSync};

/// A calculation shorter than this is not shown to be going on, milliseconds.
const SHOWN_FROM_MS: u32 = 150;
/// Pause between two messages about progress, milliseconds.
const PAUSE_MS: u32 = 80;

/// Answers one question.
///
/// # Errors
///
/// Outside a worker, and for a setup that is not of this version or for another module: the page then leaves the calculation to the
/// server.
#[wasm_bindgen]
pub fn answer(question: &Array) -> Result<(), JsValue> {
    let scope = js_sys::global()
        .dyn_into::<DedicatedWorkerGlobalScope>()
        .map_err(JsValue::from)?;
    let number = question.get(0);
    let setup = question.get(1).as_string().unwrap_or_default();
    let show = calculation(&setup).ok_or("no calculation of this module")?;
    let begin = js_sys::Date::now();
    let fields = fields_of(&Array::from(&question.get(2)));
    let shown = watched(
        Told::new(scope.clone(), number.clone(), begin).watcher(),
        || show(&fields),
    );
    post(&scope, &number, &shown);
    Ok(())
}

/// What computes with the fields of a form.
type Calculation = Box<dyn Fn(&BTreeMap<String, String>) -> Shown>;

/// The calculation that a text sets up, if this module has it. The setups have no field in common that all of them need, so a text is
/// one of them or none.
fn calculation(setup: &str) -> Option<Calculation> {
    #[cfg(feature = "projects")]
    if let Ok(setup) = serde_json::from_str::<app::live::Setup>(setup) {
        return Some(Box::new(move |fields| setup.show(fields)));
    }
    #[cfg(feature = "event")]
    if let Ok(setup) = serde_json::from_str::<app::live::event::EventSetup>(setup) {
        return Some(Box::new(move |fields| setup.show(fields)));
    }
    #[cfg(feature = "inclusion")]
    if let Ok(setup) = serde_json::from_str::<app::live::inclusion::InclusionSetup>(setup) {
        return Some(Box::new(move |fields| setup.show(fields)));
    }
    // a build without features computes nothing
    let _ = setup;
    None
}

fn post(scope: &DedicatedWorkerGlobalScope, number: &JsValue, shown: &Shown) {
    let text = |text: &String| JsValue::from_str(text);
    let pieces: Array = shown.pieces.iter().map(text).collect();
    let errors = shown.errors.iter();
    let errors: Array = errors
        .map(|(name, error)| Array::of2(&text(name), &text(error)))
        .collect();
    // a page that is gone listens no more
    let _ = scope.post_message(&Array::of3(number, &pieces, &errors));
}

/// The fields of a form. The text of a file takes the place of what was typed into the field it stands for; a file that was not
/// chosen counts for nothing. Of a name that comes twice the last value counts, as on the server.
fn fields_of(entries: &Array) -> BTreeMap<String, String> {
    let (mut fields, mut files) = (BTreeMap::new(), BTreeMap::new());
    for entry in entries.iter() {
        let entry = Array::from(&entry);
        let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
        let of_file = name
            .strip_prefix(FILE_PREFIX)
            .or_else(|| name.strip_suffix(FILE_SUFFIX));
        if let (Some(field), Some(file)) = (of_file, value.dyn_ref::<File>()) {
            if let Some(text) = text_of(file) {
                files.insert(field.to_owned(), text);
            }
        } else if let Some(text) = value.as_string() {
            fields.insert(name, text);
        }
    }
    fields.extend(files);
    fields
}

/// What the name of a file field of an act ends with: `lines_file` is the file of the table `lines`.
const FILE_SUFFIX: &str = "_file";

/// A text in UTF-8 or, as spreadsheets in China save it, in GB 18030. `None`: no file was chosen, or it cannot be read.
fn text_of(file: &File) -> Option<String> {
    let name = file.name();
    // the server reads workbooks
    let workbook = name.to_ascii_lowercase();
    if name.is_empty() || workbook.rsplit('.').next() == Some("xlsx") {
        return None;
    }
    let reader = FileReaderSync::new().ok()?;
    let text = reader.read_as_text(file).ok()?;
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return reader.read_as_text_with_encoding(file, "gb18030").ok();
    }
    Some(text).filter(|text| !text.trim().is_empty())
}

/// What the page has been told about a calculation.
struct Told {
    scope: DedicatedWorkerGlobalScope,
    number: JsValue,
    /// When the next message may be sent, in milliseconds of the clock.
    next: f64,
}

impl Told {
    fn new(scope: DedicatedWorkerGlobalScope, number: JsValue, begin: f64) -> Self {
        Self {
            scope,
            number,
            next: later(begin, SHOWN_FROM_MS),
        }
    }

    fn watcher(mut self) -> impl FnMut(Progress) + 'static {
        move |progress| {
            let now = js_sys::Date::now();
            if now >= self.next {
                self.next = later(now, PAUSE_MS);
                let message = Array::of3(
                    &self.number,
                    &percent(progress).into(),
                    &progress.phase.code().into(),
                );
                let _ = self.scope.post_message(&message);
            }
        }
    }
}

/// A clock reading is no amount.
#[allow(clippy::float_arithmetic)]
fn later(milliseconds: f64, by: u32) -> f64 {
    milliseconds + f64::from(by)
}

/// 0 to 100: every phase has an equal share of the whole.
fn percent(progress: Progress) -> u32 {
    let phases = Phase::ALL.len();
    let at = Phase::ALL
        .iter()
        .position(|phase| *phase == progress.phase)
        .unwrap_or_default();
    let within = (progress.done.min(progress.of) * 100)
        .checked_div(progress.of)
        .unwrap_or(0);
    u32::try_from((at * 100 + within) / phases).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_runs_from_nothing_to_all_through_every_phase() {
        let mut before = 0;
        for phase in Phase::ALL {
            for done in [0, 1, 500, 1000] {
                let now = percent(Progress {
                    phase,
                    done,
                    of: 1000,
                });
                assert!(now >= before && now <= 100, "{phase:?} {done}: {now}");
                before = now;
            }
        }
        assert_eq!(before, 100);
        let nothing = Progress {
            phase: Phase::Reading,
            done: 3,
            of: 0,
        };
        assert_eq!(percent(nothing), 0);
    }
}
