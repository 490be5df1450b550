//! Titles, sections, tabs, explained terms and ids.

use leptos::prelude::*;

use crate::lang::t;
use crate::page::scene;

/// The title of a page, once per page.
#[component]
pub fn Heading(
    /// The title.
    #[prop(into)]
    title: String,
    /// A short line above it: what kind of thing this is.
    #[prop(optional, into)]
    above: String,
    /// One or two sentences below it.
    #[prop(optional, into)]
    lead: String,
) -> impl IntoView {
    let above = (!above.is_empty()).then(|| view! { <p class="heading__above">{above}</p> });
    let lead = (!lead.is_empty()).then(|| view! { <p class="heading__lead">{lead}</p> });
    view! { <div class="heading">{above}<h1 class="heading__title">{title}</h1>{lead}</div> }
        .into_any()
}

/// A part of a page under a second-level title.
#[component]
pub fn Section(
    /// The title.
    #[prop(into)]
    title: String,
    /// Id, for links to it.
    #[prop(optional, into)]
    id: String,
    /// The contents.
    children: Children,
) -> impl IntoView {
    let id = (!id.is_empty()).then_some(id);
    view! { <section class="section" id=id><h2 class="section__title">{title}</h2>{children()}</section> }.into_any()
}

/// One tab: a link to an address of its own.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub address: String,
    /// How many things are there, if that is known.
    pub count: Option<i64>,
    /// The one being looked at.
    pub current: bool,
}

/// Tabs: links, so that each has its address and the back button works.
#[component]
pub fn Tabs(
    /// What the tabs choose between, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
) -> impl IntoView {
    let tabs: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            let count = tab.count.map(|count| view! { <span class="tabs__count">{crate::format::whole(count)}</span> });
            let current = tab.current.then_some("page");
            view! { <li><a class="tabs__tab" href=tab.address aria-current=current>{tab.label}{count}</a></li> }
        })
        .collect();
    view! { <nav class="tabs" aria-label=label><ul class="tabs__list">{tabs}</ul></nav> }.into_any()
}

/// A term of the field with a short explanation on demand.
#[component]
pub fn Term(
    /// The term.
    #[prop(into)]
    term: String,
    /// What it means.
    #[prop(into)]
    meaning: String,
) -> impl IntoView {
    view! { <details class="term"><summary class="term__word">{term}</summary><p class="term__meaning">{meaning}</p></details> }.into_any()
}

/// An id, code, serial or hash: easy to select, and with a button to copy it where scripts run.
#[component]
pub fn CopyableId(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let lang = scene().lang;
    let copied = t(lang, "part.copied");
    view! {
        <span class="copyable">
            <code class="copyable__text">{text.clone()}</code>
            <button class="copyable__button" type="button" data-copy=text data-copied=copied hidden>{t(lang, "part.copy")}</button>
        </span>
    }
    .into_any()
}
