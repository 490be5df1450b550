//! The published document of a project or of a monitoring report, as the data it consists of.

use std::collections::BTreeMap;

use domain::project::{DesignSection, ReportSection};
use domain::sector::project_type_of;
use leptos::prelude::*;

use crate::lang::{Lang, t};
use crate::pages::desk::document::Document;
use crate::parts::SummaryList;

/// The design document, section by section, folded.
pub fn design_document(
    lang: Lang,
    methodology: &str,
    validator: Option<&str>,
    fields: &BTreeMap<String, String>,
) -> AnyView {
    let document = Document::design(lang, methodology, Vec::new(), validator.map(str::to_owned));
    let kind = project_type_of(methodology.trim());
    let sections = DesignSection::ALL
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    folded(lang, &document, sections, fields)
}

/// The monitoring report, section by section, folded.
pub fn report_document(
    lang: Lang,
    methodology: &str,
    verifier: Option<&str>,
    fields: &BTreeMap<String, String>,
) -> AnyView {
    let document = Document::report(lang, methodology, Vec::new(), verifier.map(str::to_owned));
    let kind = project_type_of(methodology.trim());
    let sections = ReportSection::of_kind(kind)
        .iter()
        .map(|section| (section.code(), section.fields(kind)));
    folded(lang, &document, sections, fields)
}

fn folded(
    lang: Lang,
    document: &Document,
    sections: impl Iterator<Item = (&'static str, Vec<&'static str>)>,
    fields: &BTreeMap<String, String>,
) -> AnyView {
    let shown: Vec<_> = sections
        .filter_map(|(code, names)| {
            let rows = document.rows(&names, fields, None);
            (!rows.is_empty()).then(
                || view! { <h3>{t(lang, &format!("desk.section_{code}"))}</h3><SummaryList rows/> },
            )
        })
        .collect();
    if shown.is_empty() {
        return ().into_any();
    }
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "public.document_title")}</summary>
            <div class="how__body">{shown}</div>
        </details>
    }
    .into_any()
}
