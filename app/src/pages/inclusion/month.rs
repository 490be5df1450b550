//! One month of a personal account: its days as bars, and its acts page by page, however many there are.

use axum::extract::{RawQuery, State};
use leptos::prelude::*;
use registry::{DayView, MonthView, PageRequest};
use time::Date;

use super::boards::{month_of, months_around};
use super::{PERSON, figure, grams, scene_name, today};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{Bar, BarChart, Column, DataTable, Heading, Section};
use crate::visitor::{Visitor, encode, query_value};

/// Acts on a page: a phone scrolls through them in a moment.
const ROWS: i64 = 50;

/// `GET /me/month?month=&after=`.
pub async fn month(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let today = visitor.now.beijing_date();
    let (month, first, last) = month_of(query.as_deref(), today);
    let page = PageRequest {
        after: query_value(query.as_deref().unwrap_or_default(), "after"),
        size: ROWS,
    };
    let is_first = page.after.is_none();
    let view = host.registry.month(&by, (first, last), &page).await;
    let view = view.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "personal.month"))
        .crumb(t(lang, "personal.today"), "/me")
        .numbers(set)
        .view(move || {
            let around = months_around(lang, "/me/month", first, today);
            let head = is_first.then(|| summary(lang, first, last.min(today), &view.days));
            let first_page = if is_first { String::new() } else { format!("/me/month?month={month}") };
            view! {
                <Heading title=t(lang, "personal.month")/>
                {around}
                {head}
                <Section title=t(lang, "personal.acts_of_month")>{acts(lang, &month, &view, first_page)}</Section>
            }
        }))
}

/// The sum, a bar for every day with something, and the same by scene as a table.
fn summary(lang: Lang, first: Date, last: Date, days: &[DayView]) -> AnyView {
    let sum: i64 = days.iter().map(|day| day.mg).sum();
    let mut bars = Vec::new();
    let mut day = Some(first);
    while let Some(now) = day.filter(|day| *day <= last) {
        let text = now.to_string();
        let of_day = days.iter().filter(|one| one.day == text);
        let mg: i64 = of_day.map(|one| one.mg).sum();
        bars.push(Bar {
            label: now.day().to_string(),
            value: mg,
            text: grams(mg),
        });
        day = now.next_day();
    }
    let by_scene = by_scene(lang, days);
    view! {
        <div class="hero-numbers">
            {figure(&grams(sum), t(lang, "personal.grams"))}
            {figure(&format::whole(days.iter().map(|day| day.acts).sum()), t(lang, "personal.acts"))}
        </div>
        <Section title=t(lang, "personal.by_day")><BarChart title=t(lang, "personal.by_day") bars/></Section>
        <Section title=t(lang, "personal.by_scene")>{by_scene}</Section>
    }
    .into_any()
}

fn by_scene(lang: Lang, days: &[DayView]) -> AnyView {
    let mut scenes: Vec<(&str, i64, i64)> = Vec::new();
    for day in days {
        match scenes.iter_mut().find(|(scene, ..)| *scene == day.scene) {
            Some((_, acts, mg)) => {
                *acts += day.acts;
                *mg += day.mg;
            }
            None => scenes.push((&day.scene, day.acts, day.mg)),
        }
    }
    scenes.sort_by_key(|(_, _, mg)| -mg);
    let rows = scenes
        .into_iter()
        .map(|(scene, acts, mg)| {
            vec![
                scene_name(lang, scene).into_any(),
                format::whole(acts).into_any(),
                grams(mg).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "personal.scene")),
        Column::number(t(lang, "personal.acts")),
        Column::number(t(lang, "personal.grams")),
    ];
    let empty = t(lang, "personal.nothing_yet");
    view! { <DataTable caption=t(lang, "personal.by_scene") columns rows empty/> }.into_any()
}

fn acts(lang: Lang, month: &str, view: &MonthView, first: String) -> AnyView {
    let next = view
        .next
        .as_ref()
        .map(|next| format!("/me/month?month={month}&after={}", encode(next)));
    today::table_paged(lang, &view.acts, next.unwrap_or_default(), first)
}
