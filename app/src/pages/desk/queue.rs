//! Where a record stands in the registry's queue, and whether its clock stands still.

use std::collections::BTreeMap;

use leptos::prelude::*;
use registry::QueuePosition;

use crate::lang::{Lang, t, tp};

/// The places of the records of a page, by their ids.
pub type Queue = BTreeMap<String, QueuePosition>;

/// A pause, and how many came earlier; `None` where neither says anything.
pub fn standing(lang: Lang, queue: &Queue, record: &str, paused: bool) -> Option<String> {
    let paused = paused.then(|| t(lang, "notification.paused"));
    let place = queue.get(record).map(|place| match place.before {
        0 => t(lang, "notification.queue_first"),
        before => tp(
            lang,
            "notification.queue_position",
            &[("before", &before.to_string())],
        ),
    });
    let parts: Vec<_> = [paused, place].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The same as a line below the header of a record.
pub fn standing_line(lang: Lang, queue: &Queue, record: &str, paused: bool) -> Option<AnyView> {
    standing(lang, queue, record, paused)
        .map(|text| view! { <p class="quiet" id="queue">{text}</p> }.into_any())
}

/// The same as a second line of a cell.
pub fn standing_cell(lang: Lang, queue: &Queue, record: &str, paused: bool) -> Option<AnyView> {
    standing(lang, queue, record, paused)
        .map(|text| view! { <br/><span class="quiet">{text}</span> }.into_any())
}
