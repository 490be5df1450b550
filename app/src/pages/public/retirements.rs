//! Every retirement: who retired how much, for whom, for what.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{PageRequest, PublicRetirementRow};

use super::csv::{Csv, ROWS_MAX};
use super::filters::Filters;
use super::shown::TONNES;
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, Field, Heading};
use crate::visitor::{Visitor, encode};

const FILTERS: &[&str] = &["q", "after"];
const PAGE_ROWS: i64 = 25;

/// `GET /retirements`. A certificate's number in the search leads to the certificate.
pub async fn retirements(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), FILTERS);
    if let Some(number) = filters.get("q").filter(|text| is_number(text)) {
        return Ok(crate::acts::see_other(&certificate_address(number)));
    }
    let page = host
        .registry
        .public()
        .retirements(filters.get("q"), &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "public.retirements_title")).description(t(lang, "public.retirements_lead")).wide().view(move || {
        let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
        let (next, first) = filters.pages("/retirements", page.next.as_deref());
        let empty = if filters.any(&["q"]) { t(lang, "public.nothing_found") } else { t(lang, "public.retirements_none") };
        let clear = filters.any(&["q"]).then(|| view! { <a href="/retirements">{t(lang, "public.filter_clear")}</a> });
        view! {
            <Heading title=t(lang, "public.retirements_title") lead=t(lang, "public.retirements_lead")/>
            <Provider value=Form::of(filters.fields())>
                <form class="filters" method="get" action="/retirements" role="search" aria-label=t(lang, "public.filter_label")>
                    <Field name="q" label=t(lang, "public.retirement_filter")/>
                    <div class="filters__buttons"><button class="button button--secondary" type="submit">{t(lang, "public.filter_submit")}</button>{clear}</div>
                </form>
            </Provider>
            <DataTable caption=t(lang, "public.retirements_caption") columns=columns(lang) rows empty next first
                csv=filters.address("/retirements.csv", &[("after", "")]) json=filters.address("/api/v1/retirements", &[("after", "")])/>
        }
    }))
}

/// `GET /retirements.csv`: the same filters, every row.
pub async fn retirements_csv(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let mut csv = Csv::new(&[
        "number",
        "at",
        "holder",
        "beneficiary",
        "purpose",
        "quantity_tco2e",
    ]);
    let mut request = PageRequest {
        size: 200,
        ..filters.page(200)
    };
    let mut written = 0;
    loop {
        let page = host
            .registry
            .public()
            .retirements(filters.get("q"), &request)
            .await
            .or_failed(&host, &visitor)?;
        page.rows.iter().for_each(|row| csv.row(&csv_cells(row)));
        written += page.rows.len();
        match page.next {
            Some(next) if written < ROWS_MAX => request.after = Some(next),
            next => {
                let next =
                    next.map(|next| filters.address("/retirements.csv", &[("after", &next)]));
                return Ok(csv.response("retirements.csv", next.as_deref()));
            }
        }
    }
}

/// The address of a certificate.
pub fn certificate_address(number: &str) -> String {
    format!("/retirements/{}", encode(number))
}

/// The name of a purpose; an unknown code shows itself.
pub fn purpose_label(lang: Lang, code: &str) -> String {
    match domain::ledger::Purpose::from_code(code) {
        Some(purpose) => t(lang, &format!("public.purpose_{}", purpose.code())),
        None => code.to_owned(),
    }
}

/// Whether the text looks like a certificate's number, `HTR-2026-000001-5`.
fn is_number(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    text.starts_with("HTR-") && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn columns(lang: Lang) -> Vec<Column> {
    vec![
        Column::text(t(lang, "public.certificate")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.beneficiary")),
        Column::text(t(lang, "public.purpose")),
        Column::text(t(lang, "public.holder")),
        Column::text(t(lang, "public.when")),
    ]
}

fn cells(lang: Lang, row: &PublicRetirementRow) -> Vec<AnyView> {
    vec![
        view! { <a class="serial" href=certificate_address(&row.number)><code>{row.number.clone()}</code></a> }.into_any(),
        whole(row.quantity).into_any(),
        row.beneficiary.clone().into_any(),
        purpose_label(lang, &row.purpose).into_any(),
        row.holder.clone().into_any(),
        format::moment(lang, row.at).into_any(),
    ]
}

fn csv_cells(row: &PublicRetirementRow) -> Vec<String> {
    vec![
        row.number.clone(),
        row.at.to_string(),
        row.holder.clone(),
        row.beneficiary.clone(),
        row.purpose.clone(),
        row.quantity.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_number_is_told_from_a_name() {
        assert!(is_number(" htr-2026-000001-5 "));
        assert!(!is_number("HTR 集团") && !is_number("HTR-集团") && !is_number("2026"));
    }
}
