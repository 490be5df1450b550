//! Tables of data: with a caption, with pages that begin after a key, and with the same data as JSON and CSV.

use leptos::prelude::*;

use crate::lang::t;
use crate::page::scene;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading, with the unit if it has one.
    pub label: String,
    /// Numbers: aligned to the right, digits of equal width.
    pub number: bool,
}

impl Column {
    /// A column of texts.
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            number: false,
        }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            number: true,
        }
    }
}

/// A table. Without rows it shows `empty` instead. On a phone it scrolls sideways inside its frame.
#[component]
pub fn DataTable(
    /// What the table shows.
    #[prop(into)]
    caption: String,
    /// The columns.
    columns: Vec<Column>,
    /// The rows, each with one cell per column; the first cell is the row's heading.
    rows: Vec<Vec<AnyView>>,
    /// Shown when there are no rows.
    #[prop(into)]
    empty: String,
    /// Address of the next page; empty if this is the last.
    #[prop(optional, into)]
    next: String,
    /// Address of the first page; empty if this is it.
    #[prop(optional, into)]
    first: String,
    /// Address of the same data as JSON.
    #[prop(optional, into)]
    json: String,
    /// Address of the same data as CSV.
    #[prop(optional, into)]
    csv: String,
) -> impl IntoView {
    let lang = scene().lang;
    let body = if rows.is_empty() {
        view! { <div class="empty"><p class="empty__text">{empty}</p></div> }.into_any()
    } else {
        let class_of = |number: bool| {
            if number {
                "table__number"
            } else {
                "table__text"
            }
        };
        let head: Vec<_> = columns.iter().map(|column| view! { <th scope="col" class=class_of(column.number)>{column.label.clone()}</th> }).collect();
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let cells: Vec<_> = row
                    .into_iter()
                    .enumerate()
                    .map(|(at, cell)| {
                        let class = class_of(columns.get(at).is_some_and(|column| column.number));
                        if at == 0 {
                            view! { <th scope="row" class=class>{cell}</th> }.into_any()
                        } else {
                            view! { <td class=class>{cell}</td> }.into_any()
                        }
                    })
                    .collect();
                view! { <tr>{cells}</tr> }
            })
            .collect();
        view! {
            <div class="table__scroll" tabindex="0" role="region" aria-label=caption.clone()>
                <table class="table">
                    <caption class="table__caption">{caption.clone()}</caption>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let link = |address: String, label: String, rel: Option<&'static str>| {
        (!address.is_empty())
            .then(|| view! { <a class="table__link" href=address rel=rel>{label}</a> })
    };
    let paging = (!next.is_empty() || !first.is_empty()).then(|| {
        view! {
            <nav class="table__pages" aria-label=t(lang, "part.pages")>
                {link(first, t(lang, "part.first_page"), None)}
                {link(next, t(lang, "part.next_page"), Some("next"))}
            </nav>
        }
    });
    let files = (!json.is_empty() || !csv.is_empty()).then(|| {
        view! {
            <p class="table__files">
                {t(lang, "part.same_data")}" "{link(json, "JSON".to_owned(), None)}{link(csv, "CSV".to_owned(), None)}
            </p>
        }
    });
    view! { <div class="data-table">{body}<div class="table__foot">{paging}{files}</div></div> }
        .into_any()
}
