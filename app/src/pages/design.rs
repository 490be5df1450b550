//! Every part in every state, for those who build pages.

use axum::extract::State;
use leptos::prelude::*;

use crate::host::Host;
use crate::lang::t;
use crate::page::{Page, PageResult};
use crate::parts::Heading;
use crate::visitor::Visitor;

/// `GET /design`.
pub async fn design(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "design.title"))
        .wide()
        .view(move || view! { <Heading title=t(lang, "design.title")/> }))
}
