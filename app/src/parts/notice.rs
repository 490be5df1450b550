//! Short messages: after an act, on a page, or in place of an empty list.

use leptos::prelude::*;

use crate::lang::tp;
use crate::page::scene;
use crate::visitor::{Flash, Tone};

/// A message on a page.
#[component]
pub fn Notice(
    /// How it looks.
    tone: Tone,
    /// The message in one line.
    #[prop(into)]
    title: String,
    /// More, if needed.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let body = children.map(|children| view! { <div class="notice__body">{children()}</div> });
    view! { <div class=format!("notice notice--{}", tone.code())><p class="notice__title">{title}</p>{body}</div> }.into_any()
}

/// The message of the last act, at the top of the next page, once.
#[component]
pub fn FlashBanner(
    /// The message.
    flash: Flash,
) -> impl IntoView {
    let params: Vec<_> = flash
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let text = tp(scene().lang, &flash.key, &params);
    view! { <div class=format!("notice notice--{} notice--flash", flash.tone.code()) role="status"><p class="notice__title">{text}</p></div> }.into_any()
}

/// In place of a list without rows: why it is empty, and what to do next.
#[component]
pub fn Empty(
    /// Why there is nothing.
    #[prop(into)]
    text: String,
    /// What to do: a link or button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! { <div class="empty"><p class="empty__text">{text}</p>{children.map(|children| children())}</div> }.into_any()
}
