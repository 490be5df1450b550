//! What everybody may know of carbon inclusion: published months by scene and region.

use axum::extract::{RawQuery, State};
use leptos::prelude::*;
use registry::Error;

use super::figures::crowd;
use crate::format;
use crate::host::Host;
use crate::lang::{t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Empty, Heading, Section};
use crate::visitor::{Visitor, query_value};

/// `GET /statistics/carbon-inclusion?month=`: the last published month, or the one asked for.
pub async fn city(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let public = host.registry.public();
    let months = public.city_months().await.or_failed(&host, &visitor)?;
    let asked = query_value(query.as_deref().unwrap_or_default(), "month");
    let chosen = asked.or_else(|| months.first().cloned());
    let shown = match chosen {
        None => None,
        Some(month) => match public.city_month(&month).await {
            Err(Error::NotFound) if months.is_empty() => None,
            found => Some(found.or_failed(&host, &visitor)?),
        },
    };
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "identity.city_title"))
        .wide()
        .crumb(t(lang, "public.statistics_title"), "/statistics")
        .numbers(set)
        .view(move || {
            let Some(shown) = shown else {
                return view! {
                    <Heading title=t(lang, "identity.city_title")/>
                    <Empty text=t(lang, "identity.city_none")/>
                }
                .into_any();
            };
            let people = shown.table.people_min.to_string();
            let day = format::date_text(lang, &shown.published_on);
            let parts = [("month", shown.month.as_str()), ("day", &day), ("people", &people)];
            let others: Vec<_> = months
                .iter()
                .filter(|month| **month != shown.month)
                .map(|month| {
                    let to = format!("/statistics/carbon-inclusion?month={month}");
                    view! { <a class="months__link" href=to>{month.clone()}</a>" " }
                })
                .collect();
            let others = (!others.is_empty()).then(|| {
                view! { <nav class="months" aria-label=t(lang, "identity.city_months")>{others}</nav> }
            });
            view! {
                <Heading title=t(lang, "identity.city_title") lead=tp(lang, "identity.city_lead", &parts)/>
                <Section title=shown.month.clone()>{crowd(lang, &shown.table)}</Section>
                {others}
            }
            .into_any()
        }))
}
