//! The number is the hero: large, with its unit, and one click away from how it came about.

use leptos::prelude::*;

use crate::lang::t;
use crate::page::scene;

/// A number with its unit beside it, never broken over two lines.
#[component]
pub fn Amount(
    /// The number, already grouped ([`crate::format`]).
    #[prop(into)]
    value: String,
    /// Its unit.
    #[prop(into)]
    unit: String,
) -> impl IntoView {
    view! { <span class="amount"><span class="amount__value">{value}</span>" "<span class="amount__unit">{unit}</span></span> }.into_any()
}

/// A large number. Its children are *how it came about*, folded.
#[component]
pub fn NumberHero(
    /// What the number is.
    #[prop(into)]
    label: String,
    /// The number, already grouped.
    #[prop(into)]
    value: String,
    /// Its unit.
    #[prop(into)]
    unit: String,
    /// One line below it: as of when, out of what.
    #[prop(optional, into)]
    note: String,
    /// Title of the folded part; a general one if not given.
    #[prop(optional, into)]
    how: String,
    /// How it came about.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let note = (!note.is_empty()).then(|| view! { <p class="hero-number__note">{note}</p> });
    let how = if how.is_empty() {
        t(scene().lang, "part.how")
    } else {
        how
    };
    let details = children.map(|children| {
        view! {
            <details class="how">
                <summary class="how__summary">{how}</summary>
                <div class="how__body">{children()}</div>
            </details>
        }
    });
    view! {
        <div class="hero-number">
            <p class="hero-number__label">{label}</p>
            <p class="hero-number__figure"><span class="hero-number__value">{value}</span>" "<span class="hero-number__unit">{unit}</span></p>
            {note}
            {details}
        </div>
    }
    .into_any()
}
