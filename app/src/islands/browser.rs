//! What the islands need from the page around them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams, Worker,
    WorkerOptions, WorkerType,
};

/// The form with this id.
pub fn form(id: &str) -> Option<HtmlFormElement> {
    web_sys::window()?
        .document()?
        .get_element_by_id(id)?
        .dyn_into()
        .ok()
}

/// The forms with these ids, which stand in one text with spaces between them; those that are not on the page are left out.
pub fn forms(ids: &str) -> Vec<HtmlFormElement> {
    ids.split(' ').filter_map(form).collect()
}

/// What is typed into a form now; of a name that comes twice the last value counts, as on the server.
pub fn fields_of(form: &HtmlFormElement) -> BTreeMap<String, String> {
    let Ok(data) = FormData::new_with_form(form) else {
        return BTreeMap::new();
    };
    let Ok(Some(pairs)) = js_sys::try_iter(&data) else {
        return BTreeMap::new();
    };
    let mut fields = BTreeMap::new();
    for pair in pairs.flatten() {
        let pair = js_sys::Array::from(&pair);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            fields.insert(name, value);
        }
    }
    fields
}

/// What is in forms now as a list of pairs, for another thread: files are handed on without being read.
pub fn entries_of(forms: &[HtmlFormElement]) -> js_sys::Array {
    let mut entries = js_sys::Array::new();
    for form in forms {
        if let Ok(data) = FormData::new_with_form(form) {
            entries = entries.concat(&js_sys::Array::from(&data));
        }
    }
    entries
}

/// The worker that computes; `None` where there is none.
pub fn calculator_worker() -> Option<Worker> {
    let loader = element("loader")?;
    let script = loader.get_attribute("data-worker")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    // its name tells the script which module to load
    options.set_name(&loader.get_attribute("data-calculator")?);
    Worker::new_with_options(&script, &options).ok()
}

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// Replaces the text of the element with this id.
pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
        let _ = element.remove_attribute("hidden");
    }
}

/// Hides the element with this id.
pub fn hide(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.set_attribute("hidden", "");
    }
}

/// Shows how far a long calculation is: a text, and a bar from 0 to 100 (without a number: not known).
pub fn show_progress(id: &str, text: &str, percent: &wasm_bindgen::JsValue) {
    let Some(running) = element(id) else {
        return;
    };
    let _ = running.remove_attribute("hidden");
    if let Ok(Some(says)) = running.query_selector("p")
        && says.text_content().as_deref() != Some(text)
    {
        says.set_text_content(Some(text));
    }
    if let Ok(Some(bar)) = running.query_selector("progress") {
        let _ = js_sys::Reflect::set(&bar, &"value".into(), percent);
    }
}

/// Calls `then` at every click on the first element that matches. Lasts as long as the page.
pub fn on_click(selector: &str, then: impl Fn() + 'static) {
    let found = web_sys::window()
        .and_then(|window| window.document()?.query_selector(selector).ok().flatten());
    if let Some(found) = found {
        let clicked = Closure::<dyn Fn()>::new(then);
        let _ = found.add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref());
        clicked.forget();
    }
}

/// Shows a note that was hidden until scripts run, and marks it `data-hydrated` for the browser tests.
pub fn show_ready(id: &str) {
    if let Some(note) =
        web_sys::window().and_then(|window| window.document()?.get_element_by_id(id))
    {
        let _ = note.remove_attribute("hidden");
        let _ = note.set_attribute("data-hydrated", "true");
    }
}

/// Replaces what is inside the element with this id by pieces of HTML, one in each turn of the browser, so that a long result
/// never holds the page up. The first fold stays open if one was open.
pub fn replace_in_pieces(id: &str, pieces: &js_sys::Array) {
    let Some(element) = element(id) else {
        return;
    };
    let open = matches!(element.query_selector("details[open]"), Ok(Some(_)));
    let first = pieces.shift().as_string().unwrap_or_default();
    element.set_inner_html(&first);
    // a later answer takes the place of the pieces still to come
    let turn = next_turn();
    let _ = element.set_attribute("data-turn", &turn);
    add_pieces(element, pieces.clone(), open, turn);
}

fn add_pieces(element: Element, pieces: js_sys::Array, open: bool, turn: String) {
    if open && let Ok(Some(details)) = element.query_selector("details") {
        let _ = details.set_attribute("open", "");
    }
    let Some(piece) = pieces.shift().as_string() else {
        return;
    };
    Timeout::new(0, move || {
        if element.get_attribute("data-turn").as_ref() != Some(&turn) {
            return;
        }
        let _ = element.insert_adjacent_html("beforeend", &piece);
        add_pieces(element, pieces, open, turn);
    })
    .forget();
}

/// A text that was not given before on this page.
fn next_turn() -> String {
    thread_local! { static TURNS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) } }
    TURNS.set(TURNS.get().wrapping_add(1));
    TURNS.get().to_string()
}

/// Calls `then` whenever the form was quiet for `pause_ms` after a change. Lasts as long as the page.
pub fn on_input(form: &HtmlFormElement, pause_ms: u32, then: impl Fn() + 'static) {
    let then = Rc::new(then);
    let pending: Rc<RefCell<Option<Timeout>>> = Rc::default();
    let changed = Closure::<dyn Fn()>::new(move || {
        let then = Rc::clone(&then);
        // replacing the timeout cancels the one before
        *pending.borrow_mut() = Some(Timeout::new(pause_ms, move || then()));
    });
    for event in ["input", "change"] {
        // a browser that refuses a listener leaves a page that works without it
        let _ = form.add_event_listener_with_callback(event, changed.as_ref().unchecked_ref());
    }
    changed.forget();
}

/// Shows these errors, `(field, text)`, at their fields, and removes those of fields that are right now. Fields that were and
/// stay right are not touched: a form may have thousands.
pub fn show_changed_errors(form: &HtmlFormElement, errors: &[(String, String)]) {
    let mut shown = Vec::new();
    for (name, text) in errors {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        let place = form.query_selector(&format!("[data-error-for=\"{quoted}\"]"));
        if let Ok(Some(place)) = place {
            show_error(&place, Some(text));
            shown.push(name);
        }
    }
    let Ok(places) = form.query_selector_all("[data-error-for]:not([hidden])") else {
        return;
    };
    for place in (0..places.length()).filter_map(|at| places.item(at)?.dyn_into::<Element>().ok()) {
        let name = place.get_attribute("data-error-for").unwrap_or_default();
        if !shown.contains(&&name) {
            show_error(&place, None);
        }
    }
}

/// Shows an error in its place, or none, and marks the field around it.
fn show_error(place: &Element, error: Option<&str>) {
    place.set_text_content(error);
    let wrong = error.is_some();
    let _ = place.toggle_attribute_with_force("hidden", !wrong);
    let Ok(Some(field)) = place.closest(".field") else {
        return;
    };
    let _ = field.class_list().toggle_with_force("field--wrong", wrong);
    if let Ok(Some(input)) = field.query_selector("input, select, textarea") {
        let _ = if wrong {
            input.set_attribute("aria-invalid", "true")
        } else {
            input.remove_attribute("aria-invalid")
        };
    }
}

/// Puts values into the fields of a form: text into inputs, choices into radios and boxes.
pub fn fill(form: &HtmlFormElement, values: &BTreeMap<String, String>) {
    let Ok(inputs) = form.query_selector_all("input[name], select[name], textarea[name]") else {
        return;
    };
    for input in (0..inputs.length()).filter_map(|at| inputs.item(at)?.dyn_into::<Element>().ok()) {
        let name = input.get_attribute("name").unwrap_or_default();
        let Some(value) = values.get(&name) else {
            continue;
        };
        match input.get_attribute("type").as_deref() {
            Some("radio" | "checkbox") => {
                let chosen = input.get_attribute("value").as_ref() == Some(value);
                let _ = js_sys::Reflect::set(&input, &"checked".into(), &chosen.into());
            }
            _ => {
                let _ = js_sys::Reflect::set(&input, &"value".into(), &value.as_str().into());
            }
        }
    }
}

/// Posts fields as a form that asks for JSON; the text of the answer, whatever its status. `None`: no answer.
pub async fn post_form(address: &str, fields: &BTreeMap<String, String>) -> Option<String> {
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let headers = Headers::new().ok()?;
    headers.set("Accept", "application/json").ok()?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(&body);
    fetch(address, &options).await
}

async fn fetch(address: &str, options: &RequestInit) -> Option<String> {
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(address, options))
        .await
        .ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// `19:40`, on the clock of this computer.
pub fn time_of_day() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}
