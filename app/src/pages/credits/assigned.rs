//! Transfers that were no trades, with the documents they rest on: for the registry all of them, for a holder those it
//! gave or received.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use leptos::prelude::*;
use registry::AssignedCredits;

use super::holds::PARTIES;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::pages::attachment::{handed_over, size};
use crate::pages::public::filters::Filters;
use crate::pages::public::shown::TONNES;
use crate::parts::{Column, DataTable, Heading};
use crate::visitor::{Visitor, encode};

const LIST: &str = "/desk/holds/assigned";
const PAGE_ROWS: i64 = 25;

/// `GET /desk/holds/assigned`.
pub async fn assigned(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PARTIES)?;
    let filters = Filters::read(query.as_deref(), &["after"]);
    let page = host
        .registry
        .assigned_list(&by, &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let title = t(lang, "hold.assigned_title");
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "hold.title"), "/desk/holds")
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|one| cells(lang, one)).collect();
            let columns = vec![
                Column::text(t(lang, "public.when")),
                Column::text(t(lang, "hold.cause")),
                Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
                Column::text(t(lang, "hold.parties")),
                Column::text(t(lang, "hold.paper")),
                Column::text(t(lang, "hold.document")),
            ];
            let (next, first) = filters.pages(LIST, page.next.as_deref());
            view! {
                <Heading title=title.clone() lead=t(lang, "hold.assigned_lead")/>
                <DataTable caption=title columns rows empty=t(lang, "hold.assigned_none") next first/>
            }
        }))
}

fn cells(lang: Lang, one: &AssignedCredits) -> Vec<AnyView> {
    let day = format::date_text(lang, &one.document_date);
    let number = one.document_number.clone();
    let document = one.file.as_ref().map(|file| {
        let address = format!("{LIST}/{}/document", encode(&one.act));
        view! {
            <a href=address download="">{file.file_name.clone()}</a>" "<span class="quiet">{size(file.bytes)}</span>
            <span class="table__sub"><code class="hash">{file.hash.clone()}</code></span>
        }
    });
    vec![
        format::moment(lang, one.at).into_any(),
        t(lang, &format!("hold.cause_{}", one.cause)).into_any(),
        whole(one.quantity).into_any(),
        view! { {one.from.clone()}<span class="table__sub">"→ "{one.to.clone()}</span> }.into_any(),
        view! { {one.authority.clone()}<span class="table__sub">{number}" · "{day}</span> }
            .into_any(),
        match document {
            Some(document) => document.into_any(),
            None if one.withheld => t(lang, "hold.document_withheld").into_any(),
            None => t(lang, "hold.no_document").into_any(),
        },
    ]
}

/// `GET /desk/holds/assigned/{act}/document`: for the registry and for who received the credits.
pub async fn document(
    State(host): State<Host>,
    visitor: Visitor,
    Path(act): Path<String>,
) -> Result<Response, Failed> {
    let by = require(&host, &visitor, PARTIES)?;
    let file = host.registry.assigned_document(&by, &act).await;
    let file = file.or_failed(&host, &visitor)?;
    Ok(handed_over(
        &host,
        &visitor,
        &file.hash,
        &file.media_type,
        &file.file_name,
        false,
    )
    .await)
}
