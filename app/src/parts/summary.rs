//! What was answered, with a way to change each answer: the *check your answers* page, and the facts of a record.

use leptos::prelude::*;

use crate::lang::t;
use crate::page::scene;

/// One line of a summary list.
pub struct SummaryRow {
    /// What it is.
    pub label: String,
    /// Its value: text or a view.
    pub value: AnyView,
    /// Where it can be changed; empty if it cannot.
    pub change: String,
}

impl SummaryRow {
    /// A line that cannot be changed.
    pub fn new(label: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self {
            label: label.into(),
            value: value.into_any(),
            change: String::new(),
        }
    }

    /// The same with a link to where it can be changed.
    #[must_use]
    pub fn change(mut self, address: impl Into<String>) -> Self {
        self.change = address.into();
        self
    }
}

/// A list of labels and values.
#[component]
pub fn SummaryList(
    /// The lines.
    rows: Vec<SummaryRow>,
) -> impl IntoView {
    let lang = scene().lang;
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let change = (!row.change.is_empty()).then(|| {
                view! {
                    <dd class="summary__change">
                        <a href=row.change>{t(lang, "part.change")}<span class="only-heard">" "{row.label.clone()}</span></a>
                    </dd>
                }
            });
            view! { <div class="summary__row"><dt class="summary__label">{row.label}</dt><dd class="summary__value">{row.value}</dd>{change}</div> }
        })
        .collect();
    view! { <dl class="summary">{rows}</dl> }.into_any()
}
