//! A scheme of carbon inclusion: what the links to a project lead to where there is none.

use leptos::prelude::*;
use registry::PublicScheme;

use super::shown::{INCLUSION, TONNES, class_address, class_kind, methodology_name, serial_link};
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::inclusion::batches::basis;
use crate::parts::{Column, DataTable, Heading, Section, SummaryList, SummaryRow};
use crate::visitor::Visitor;

/// `GET /projects/{code of a scheme}`.
pub async fn scheme(host: Host, visitor: Visitor, code: &str) -> PageResult {
    let found = host.registry.public().scheme(code).await;
    let scheme = found.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, scheme.name.clone())
        .description(t(lang, "event.scheme_lead"))
        .crumb(t(lang, "public.projects_title"), "/projects")
        .wide()
        .view(move || body(lang, &scheme)))
}

fn body(lang: Lang, scheme: &PublicScheme) -> AnyView {
    let above = format!("{} {}", t(lang, "event.scheme"), scheme.code);
    let facts = vec![
        SummaryRow::new(t(lang, "event.scheme_region"), scheme.region.clone()),
        SummaryRow::new(
            t(lang, "public.methodology"),
            methodology_name(lang, INCLUSION),
        ),
        SummaryRow::new(
            t(lang, "event.class_kind"),
            class_kind(lang, INCLUSION, &scheme.recognition),
        ),
    ];
    let rows = scheme
        .classes
        .iter()
        .map(|class| {
            let serial = class.serial.as_deref();
            vec![
                view! { <a href=class_address(&class.id)>{class.vintage}</a> }.into_any(),
                whole(class.issued).into_any(),
                whole(class.retired).into_any(),
                serial.map_or_else(|| "–".into_any(), serial_link),
            ]
        })
        .collect();
    let batches: Vec<_> = scheme
        .batches
        .iter()
        .map(|batch| {
            let address = format!("/statistics/carbon-inclusion/batches/{}", batch.number);
            let tonnes = batch.tonnes.map_or_else(|| "–".to_owned(), whole);
            vec![
                view! { <a href=address>{batch.number.clone()}</a> }.into_any(),
                tonnes.into_any(),
                basis(lang, batch.basis.as_ref(), &batch.recognition).into_any(),
            ]
        })
        .collect();
    let of_batches = vec![
        Column::text(t(lang, "batch_notice.number")),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
        Column::text(t(lang, "personal.recognition_basis")),
    ];
    let columns = vec![
        Column::text(t(lang, "public.vintage")),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.retired"))),
        Column::text(t(lang, "public.serials")),
    ];
    view! {
        <Heading above=above title=scheme.name.clone() lead=t(lang, "event.scheme_lead")/>
        <SummaryList rows=facts/>
        <Section title=t(lang, "public.serials") id="reports">
            <DataTable caption=t(lang, "public.serials") columns rows empty=t(lang, "public.none")/>
        </Section>
        <Section title=t(lang, "batch_notice.of_scheme")>
            <DataTable caption=t(lang, "batch_notice.of_scheme") columns=of_batches rows=batches empty=t(lang, "public.none")/>
        </Section>
        <p><a href="/statistics/carbon-inclusion">{t(lang, "event.scheme_statistics")}</a></p>
    }
    .into_any()
}
