//! What happened to a record, newest first.

use domain::Instant;
use leptos::prelude::*;

use crate::format;
use crate::page::scene;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub title: String,
    /// Who; may be empty.
    pub who: String,
    /// The reason or note given; may be empty.
    pub note: String,
}

/// What happened, in the order given.
#[component]
pub fn Timeline(
    /// The entries.
    events: Vec<Event>,
) -> impl IntoView {
    let lang = scene().lang;
    let events: Vec<_> = events
        .into_iter()
        .map(|event| {
            let who = (!event.who.is_empty()).then(|| view! { <p class="timeline__who">{event.who}</p> });
            let note = (!event.note.is_empty()).then(|| view! { <p class="timeline__note">{event.note}</p> });
            view! {
                <li class="timeline__event">
                    <p class="timeline__at">{format::moment(lang, event.at)}</p>
                    <div class="timeline__what"><p class="timeline__title">{event.title}</p>{who}{note}</div>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{events}</ol> }.into_any()
}
