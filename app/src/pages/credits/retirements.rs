//! What the organisation has retired, newest first.

use axum::extract::{RawQuery, State};
use leptos::prelude::*;
use registry::RetirementRow;

use super::source::HOLDERS;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::retirements::{certificate_address, purpose_label};
use crate::pages::public::shown::TONNES;
use crate::parts::{Column, DataTable, Heading};
use crate::visitor::Visitor;

const PAGE_ROWS: i64 = 25;

/// `GET /desk/retirements`.
pub async fn retirements(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let filters = Filters::read(query.as_deref(), &["after"]);
    let page = host
        .registry
        .retirements(&by, &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "credits.retirements_title")).crumb(t(lang, "credits.holdings_title"), "/desk/holdings").wide().view(move || {
        let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
        let columns = vec![
            Column::text(t(lang, "public.certificate")),
            Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
            Column::text(t(lang, "public.beneficiary")),
            Column::text(t(lang, "public.purpose")),
            Column::text(t(lang, "public.when")),
        ];
        let (next, first) = filters.pages("/desk/retirements", page.next.as_deref());
        view! {
            <Heading title=t(lang, "credits.retirements_title") lead=t(lang, "credits.retirements_lead")/>
            <p><a class="button" href="/desk/retirements/new">{t(lang, "credits.retire_title")}</a>" "<a class="button button--secondary" href="/desk/retirements/file">{t(lang, "offer.file_title")}</a></p>
            <DataTable caption=t(lang, "credits.retirements_title") columns rows empty=t(lang, "credits.retirements_none") next first/>
        }
    }))
}

fn cells(lang: Lang, row: &RetirementRow) -> Vec<AnyView> {
    let text = (!row.purpose_text.is_empty())
        .then(|| view! { <span class="table__sub">{row.purpose_text.clone()}</span> });
    vec![
        view! { <a class="serial" href=certificate_address(&row.number)><code>{row.number.clone()}</code></a> }.into_any(),
        whole(row.quantity).into_any(),
        row.beneficiary.clone().into_any(),
        view! { {purpose_label(lang, &row.purpose)}{text} }.into_any(),
        format::moment(lang, row.at).into_any(),
    ]
}
