//! Saves a draft by itself: to the server a moment after the last keystroke, and before that into the browser's own
//! storage, so that a crash or a lost connection costs nothing.

use leptos::prelude::*;

use crate::lang::texts;

texts! {
    /// What the autosave says.
    AutosaveTexts {
        /// Without a script, and before the first change.
        waiting = "autosave.waiting",
        /// Typed, not yet saved.
        changed = "autosave.changed",
        /// Saved at `%{time}`.
        saved = "autosave.saved",
        /// The server could not be reached: kept in this browser.
        offline = "autosave.offline",
        /// The server refused: `%{reason}`.
        refused = "autosave.refused",
        /// There is unsaved text of `%{time}`.
        found = "autosave.found",
        /// Take it.
        restore = "autosave.restore",
        /// Drop it.
        discard = "autosave.discard",
    }
}

/// How far the saving is.
#[derive(Clone, Debug, PartialEq, Eq)]
// the server only ever shows the first of these
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
enum State {
    Waiting,
    Changed,
    Saved(String),
    Offline,
    Refused(String),
}

/// Saves the form with this id through the door of its own act, and keeps its hidden field `revision` up to date.
/// `storage_key` names the draft in the browser's storage: the act and the record's id.
#[island]
pub fn Autosave(
    /// The id of the form element.
    form_id: String,
    /// The act's door: `/acts/project_save`.
    address: String,
    /// Names the draft in this browser.
    storage_key: String,
    /// What to say.
    texts: AutosaveTexts,
) -> impl IntoView {
    let state = RwSignal::new(State::Waiting);
    let found = RwSignal::new(None::<String>);
    let hydrated = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let answer = {
        let saver = browser_side::Saver::new(form_id, address, storage_key, state, found);
        Effect::new(move |_| {
            saver.start();
            hydrated.set(true);
        });
        move |restore: bool| {
            if restore {
                saver.restore();
            } else {
                saver.discard();
            }
        }
    };
    // the server renders the buttons and never presses them
    #[cfg(not(feature = "hydrate"))]
    let answer = |_: bool| ();
    #[cfg(not(feature = "hydrate"))]
    let _ = (form_id, address, storage_key);
    let (restore, discard) = (texts.restore.clone(), texts.discard.clone());
    let offer = texts.found.clone();
    let said = move || match state.get() {
        State::Waiting => texts.waiting.clone(),
        State::Changed => texts.changed.clone(),
        State::Saved(time) => texts.saved.replace("%{time}", &time),
        State::Offline => texts.offline.clone(),
        State::Refused(reason) => texts.refused.replace("%{reason}", &reason),
    };
    view! {
        <div class="autosave" data-hydrated=move || hydrated.get().then_some("true")>
            <p class="autosave__state" role="status">{said}</p>
            <div class="notice notice--attention" hidden=move || found.get().is_none()>
                <p class="notice__title">{move || offer.replace("%{time}", &found.get().unwrap_or_default())}</p>
                <div class="notice__body">
                    <button class="button button--small" type="button" on:click=move |_| answer(true)>{restore}</button>
                    <button class="button button--small" type="button" on:click=move |_| answer(false)>{discard}</button>
                </div>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser_side {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::rc::Rc;

    use gloo_storage::{LocalStorage, Storage};
    use leptos::prelude::*;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;

    use super::State;
    use crate::islands::browser;

    /// Pause after a keystroke before saving, in milliseconds.
    const PAUSE_MS: u32 = 1_200;

    /// What is kept in the browser until the server has it.
    #[derive(Serialize, Deserialize)]
    struct Kept {
        time: String,
        fields: BTreeMap<String, String>,
    }

    /// Shared by everything that happens on the page; the island is the only owner, on the only thread there is.
    #[derive(Clone, Copy)]
    pub(super) struct Saver {
        inner: StoredValue<Rc<Inner>, leptos::reactive::owner::LocalStorage>,
    }

    struct Inner {
        form_id: String,
        address: String,
        storage_key: String,
        state: RwSignal<State>,
        found: RwSignal<Option<String>>,
        saves: Cell<u32>,
        running: Cell<bool>,
        again: Cell<bool>,
    }

    impl Saver {
        pub fn new(
            form_id: String,
            address: String,
            storage_key: String,
            state: RwSignal<State>,
            found: RwSignal<Option<String>>,
        ) -> Self {
            let storage_key = format!("huitan draft {storage_key}");
            let (saves, running, again) = (Cell::new(0), Cell::new(false), Cell::new(false));
            let inner = Rc::new(Inner {
                form_id,
                address,
                storage_key,
                state,
                found,
                saves,
                running,
                again,
            });
            Self {
                inner: StoredValue::new_local(inner),
            }
        }

        /// Offers what an earlier visit left unsaved, then listens.
        pub fn start(&self) {
            let inner = self.inner.get_value();
            let Some(form) = browser::form(&inner.form_id) else {
                return;
            };
            if let Ok(kept) = LocalStorage::get::<Kept>(&inner.storage_key) {
                let now = typed(&browser::fields_of(&form));
                if kept.fields == now {
                    LocalStorage::delete(&inner.storage_key);
                } else {
                    inner.found.set(Some(kept.time));
                }
            }
            browser::on_input(&form, PAUSE_MS, move || Rc::clone(&inner).save());
        }

        /// Puts what was kept into the form and saves it.
        pub fn restore(&self) {
            let inner = self.inner.get_value();
            if let (Some(form), Ok(kept)) = (
                browser::form(&inner.form_id),
                LocalStorage::get::<Kept>(&inner.storage_key),
            ) {
                browser::fill(&form, &kept.fields);
            }
            inner.found.set(None);
            inner.save();
        }

        /// Forgets what was kept.
        pub fn discard(&self) {
            let inner = self.inner.get_value();
            LocalStorage::delete(&inner.storage_key);
            inner.found.set(None);
        }
    }

    impl Inner {
        fn save(self: Rc<Self>) {
            if self.running.get() {
                self.again.set(true);
                return;
            }
            let Some(form) = browser::form(&self.form_id) else {
                return;
            };
            let mut fields = browser::fields_of(&form);
            // a full or forbidden storage only costs the net, not the saving
            let _ = LocalStorage::set(
                &self.storage_key,
                Kept {
                    time: browser::time_of_day(),
                    fields: typed(&fields),
                },
            );
            self.state.set(State::Changed);
            // every saving is an act of its own
            self.saves.set(self.saves.get() + 1);
            let key = fields.entry("key".to_owned()).or_default();
            *key = format!("{key}.{}", self.saves.get());
            self.running.set(true);
            leptos::task::spawn_local(async move {
                let answer = browser::post_form(&self.address, &fields).await;
                self.running.set(false);
                self.take_answer(answer.as_deref(), &form);
                if self.again.replace(false) {
                    self.save();
                }
            });
        }

        fn take_answer(&self, answer: Option<&str>, form: &web_sys::HtmlFormElement) {
            let answer = answer.and_then(|text| serde_json::from_str::<Value>(text).ok());
            let next = match answer {
                Some(answer) if answer.get("data").is_some() => {
                    if let Some(revision) = answer["data"]["revision"].as_i64() {
                        browser::fill(
                            form,
                            &BTreeMap::from([("revision".to_owned(), revision.to_string())]),
                        );
                    }
                    if !self.again.get() {
                        LocalStorage::delete(&self.storage_key);
                    }
                    State::Saved(browser::time_of_day())
                }
                Some(answer) if answer.get("refusals").is_some() => {
                    let refusals = answer["refusals"].as_array().cloned().unwrap_or_default();
                    let reasons: Vec<_> = refusals
                        .iter()
                        .filter_map(|refusal| refusal["text"].as_str())
                        .collect();
                    State::Refused(reasons.join(" "))
                }
                _ => State::Offline,
            };
            self.state.set(next);
        }
    }

    /// What a person typed: without what the page put there.
    fn typed(fields: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let of_the_page = ["csrf", "key", "back", "revision"];
        let mut kept = BTreeMap::new();
        for (name, value) in fields {
            if !of_the_page.contains(&name.as_str()) && !name.contains("password") {
                kept.insert(name.clone(), value.clone());
            }
        }
        kept
    }
}
