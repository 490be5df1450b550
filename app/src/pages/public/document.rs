//! The published document of a project or report, as the data it consists of.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::lang::{Lang, t};
use crate::parts::{SummaryList, SummaryRow};

/// Every field of the document, folded.
pub fn document(lang: Lang, fields: &BTreeMap<String, String>) -> AnyView {
    if fields.is_empty() {
        return ().into_any();
    }
    let rows = fields.iter().filter(|(_, value)| !value.trim().is_empty()).map(|(name, value)| SummaryRow::new(name.clone(), value.clone())).collect();
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "public.document_title")}</summary>
            <div class="how__body"><SummaryList rows/></div>
        </details>
    }
    .into_any()
}
