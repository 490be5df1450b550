//! Whose turn, by when: at the top of every record.

use leptos::prelude::*;

use crate::format;
use crate::lang::{t, tp};
use crate::page::scene;
use crate::visitor::Tone;

/// A short word in a frame: a state, a kind.
#[component]
pub fn Tag(
    /// The word.
    #[prop(into)]
    text: String,
    /// Its colour; the word alone says everything.
    #[prop(default = Tone::Note)]
    tone: Tone,
) -> impl IntoView {
    view! { <span class=format!("tag tag--{}", tone.code())>{text}</span> }.into_any()
}

/// State, whose turn it is, the due day and the one next action of a record.
#[component]
pub fn StatusHeader(
    /// The name of the state ([`state_label`](crate::parts::state_label)).
    #[prop(into)]
    state: String,
    /// Whose turn it is, in words: an organisation, a role, or that only time must pass.
    #[prop(into)]
    turn: String,
    /// It is the viewer's turn: shown in amber.
    #[prop(optional)]
    yours: bool,
    /// The last day, `2026-11-21`; empty when there is no limit.
    #[prop(optional, into)]
    due_on: String,
    /// Working days left to that day; negative when overdue.
    #[prop(optional_no_strip)]
    working_days_left: Option<i64>,
    /// What the next action says; empty when there is none for the viewer.
    #[prop(optional, into)]
    next_label: String,
    /// Where the next action is.
    #[prop(optional, into)]
    next_address: String,
) -> impl IntoView {
    let lang = scene().lang;
    let left = working_days_left.map(|days| {
        let (key, days) = match days {
            ..0 => ("part.days_overdue", days.unsigned_abs()),
            0 => ("part.days_today", 0),
            _ => ("part.days_left", days.unsigned_abs()),
        };
        tp(lang, key, &[("days", &days.to_string())])
    });
    let due = (!due_on.is_empty()).then(|| {
        view! {
            <div class="status__item">
                <dt>{t(lang, "part.due")}</dt>
                <dd>{format::date_text(lang, &due_on)}{left.map(|left| view! { <span class="status__left">{left}</span> })}</dd>
            </div>
        }
    });
    let next = (!next_label.is_empty())
        .then(|| view! { <a class="button status__next" href=next_address>{next_label}</a> });
    let tone = if yours { Tone::Attention } else { Tone::Note };
    view! {
        <div class=crate::parts::class_if("status", "yours", yours)>
            <dl class="status__items">
                <div class="status__item"><dt>{t(lang, "part.state")}</dt><dd><Tag text=state tone/></dd></div>
                <div class="status__item"><dt>{t(lang, "part.turn")}</dt><dd>{turn}</dd></div>
                {due}
            </dl>
            {next}
        </div>
    }
    .into_any()
}
