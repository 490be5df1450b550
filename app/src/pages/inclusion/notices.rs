//! Batches of personal reductions in public notice and after it: what will become tonnes, who verified it, and how to object.

use axum::extract::{Path, RawQuery, State};
use leptos::prelude::*;
use registry::{PublicBatch, PublicBatchPage};

use super::{grams, region_name};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::public::filters::Filters;
use crate::parts::{Column, DataTable, Heading, Section, SummaryList, SummaryRow};
use crate::visitor::Visitor;

const ADDRESS: &str = "/statistics/carbon-inclusion/batches";
const FILTERS: &[&str] = &["after"];
const PAGE_ROWS: i64 = 25;

/// `GET /statistics/carbon-inclusion/batches`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let page = filters.page(PAGE_ROWS);
    let batches = host.registry.public().inclusion_batches(&page).await;
    let batches = batches.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "batch_notice.title"))
        .wide()
        .crumb(t(lang, "public.statistics_title"), "/statistics")
        .crumb(
            t(lang, "identity.city_title"),
            "/statistics/carbon-inclusion",
        )
        .view(move || {
            let rows = batches
                .rows
                .iter()
                .map(|batch| cells(lang, batch))
                .collect();
            let (next, first) = filters.pages(ADDRESS, batches.next.as_deref());
            let columns = vec![
                Column::text(t(lang, "batch_notice.number")),
                Column::text(t(lang, "batch_notice.region")),
                Column::text(t(lang, "batch_notice.acts_of")),
                Column::text(t(lang, "batch_notice.state")),
                Column::text(t(lang, "batch_notice.notice")),
                Column::number(t(lang, "batch_notice.grams")),
                Column::number(t(lang, "batch_notice.tonnes")),
            ];
            view! {
                <Heading title=t(lang, "batch_notice.title") lead=t(lang, "batch_notice.lead")/>
                <DataTable
                    caption=t(lang, "batch_notice.title")
                    columns
                    rows
                    empty=t(lang, "batch_notice.none")
                    next
                    first
                    json="/api/v1/inclusion-batches"
                />
                {objecting(lang)}
            }
        }))
}

fn cells(lang: Lang, batch: &PublicBatch) -> Vec<AnyView> {
    let address = format!("{ADDRESS}/{}", batch.number);
    vec![
        view! { <a href=address>{batch.number.clone()}</a> }.into_any(),
        region_name(lang, &batch.region).into_any(),
        span(lang, &batch.starts_on, &batch.ends_on).into_any(),
        state(lang, batch).into_any(),
        span(lang, &batch.notice_first, &batch.notice_last).into_any(),
        batch.mg.map_or_else(|| "–".to_owned(), grams).into_any(),
        batch
            .tonnes
            .map_or_else(|| "–".to_owned(), whole)
            .into_any(),
    ]
}

/// `GET /statistics/carbon-inclusion/batches/{number}`.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> PageResult {
    let found = host.registry.public().inclusion_batch(&number).await;
    let found = found.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, found.batch.number.clone())
        .crumb(t(lang, "public.statistics_title"), "/statistics")
        .crumb(t(lang, "batch_notice.title"), ADDRESS)
        .view(move || {
            view! {
                <Heading title=found.batch.number.clone() lead=state(lang, &found.batch)/>
                <SummaryList rows=facts(lang, &found)/>
                {objecting(lang)}
            }
        }))
}

fn facts(lang: Lang, found: &PublicBatchPage) -> Vec<SummaryRow> {
    let batch = &found.batch;
    let label = |key: &str| t(lang, &format!("batch_notice.{key}"));
    let people_min = batch.people_min.to_string();
    let shown = |sum: Option<i64>, text: fn(i64) -> String| {
        sum.map_or_else(
            || tp(lang, "batch_notice.too_few", &[("people", &people_min)]),
            text,
        )
    };
    let mut rows = vec![
        SummaryRow::new(label("region"), region_name(lang, &batch.region)),
        SummaryRow::new(
            label("acts_of"),
            span(lang, &batch.starts_on, &batch.ends_on),
        ),
        SummaryRow::new(
            label("notice"),
            span(lang, &batch.notice_first, &batch.notice_last),
        ),
        SummaryRow::new(
            label("recognition"),
            t(lang, &format!("personal.recognition_{}", batch.recognition)),
        ),
        SummaryRow::new(
            t(lang, "personal.recognition_basis"),
            super::batches::basis(lang, batch.basis.as_ref(), &batch.recognition),
        ),
        SummaryRow::new(label("grams"), shown(batch.mg, grams)),
        SummaryRow::new(label("acts"), shown(batch.acts, whole)),
        SummaryRow::new(label("people"), shown(batch.people, whole)),
        SummaryRow::new(label("verifier"), batch.verifier.clone()),
    ];
    if let Some((size, errors)) = batch.sample.zip(batch.sample_errors) {
        rows.push(SummaryRow::new(
            label("sample"),
            format!("{} / {}", whole(errors), whole(size)),
        ));
    }
    let shares = [
        (t(lang, "personal.wrong_share"), batch.wrong_share),
        (label("haircut"), batch.haircut_share),
    ];
    for (name, share) in shares {
        if let Some(share) = share {
            rows.push(SummaryRow::new(name, super::batches::percent(share)));
        }
    }
    if let Some(tonnes) = batch.tonnes {
        rows.push(SummaryRow::new(
            label("tonnes"),
            format!("{} t", whole(tonnes)),
        ));
    }
    if let Some(serials) = &batch.serials {
        rows.push(SummaryRow::new(label("serials"), serials.clone()));
    }
    if let Some(at) = batch.issued_at {
        rows.push(SummaryRow::new(
            label("issued_at"),
            format::moment(lang, at),
        ));
    }
    if !found.campaigns.is_empty() {
        rows.push(SummaryRow::new(
            label("campaigns"),
            found.campaigns.join(lang.choose("、", ", ")),
        ));
    }
    rows.push(SummaryRow::new(label("root"), batch.merkle_root.clone()));
    rows
}

fn state(lang: Lang, batch: &PublicBatch) -> String {
    t(lang, &format!("personal.batch_{}", batch.state))
}

fn span(lang: Lang, first: &str, last: &str) -> String {
    let day = |text: &str| format::date_text(lang, text);
    format!("{} – {}", day(first), day(last))
}

/// How to object, and how to check that nothing was changed.
fn objecting(lang: Lang) -> AnyView {
    view! {
        <Section title=t(lang, "batch_notice.object_title")>
            <p>{t(lang, "batch_notice.object")}</p>
            <p>{t(lang, "batch_notice.log")}" "<a href="/log">{t(lang, "batch_notice.log_link")}</a></p>
        </Section>
    }
    .into_any()
}
