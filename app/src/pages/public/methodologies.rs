//! The methodologies and the published numbers this registry calculates with: each with its clause, its source and its first day.

use axum::extract::State;
use leptos::prelude::*;
use methodologies::catalogue::listed;
use methodologies::factors::{FactorValue, Margins, Release};
use methodologies::parameter::{Basis, Confidence, DatedValue, Parameter};
use methodologies::{Text, calculator};

use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Page, PageResult};
use crate::parts::{Column, DataTable, Heading, Section, Tag};
use crate::visitor::{Tone, Visitor};

use super::methodologies_show::is_complete;

/// `GET /methodologies`.
pub async fn methodologies(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "public.methodologies_title")).description(t(lang, "public.methodologies_lead")).wide().view(move || {
        view! {
            <Heading title=t(lang, "public.methodologies_title") lead=t(lang, "public.methodologies_lead")/>
            {complete(lang)}
            {others(lang)}
            {grid_factors(lang)}
            {parameters(lang)}
            <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/methodologies">"JSON"</a></p>
        }
    }))
}

/// A text of a methodology in the language of the page.
pub fn said(lang: Lang, text: Text) -> String {
    lang.choose(text.zh, text.en).to_owned()
}

/// The methodologies whose every formula is here.
fn complete(lang: Lang) -> AnyView {
    let entries: Vec<_> = listed()
        .iter()
        .filter_map(|entry| Some((entry, entry.code.filter(|code| is_complete(code))?)))
        .map(|(entry, code)| {
            let title = said(lang, entry.title);
            let scope = entry.scope.map(|scope| view! { <p>{said(lang, scope)}</p> });
            let calculators: Vec<_> = entry
                .calculators
                .iter()
                .filter_map(|code| calculator(code))
                .map(|calculator| view! { <li><a href=format!("/calculators/{}", calculator.code)>{said(lang, calculator.title)}</a></li> })
                .collect();
            view! {
                <section class="section" id=code>
                    <h2 class="section__title"><a href=format!("/methodologies/{code}")>{code}" "{title}</a></h2>
                    {scope}
                    <p class="remark">{said(lang, entry.status.text())}" · "{tp(lang, "methodology.published_on", &[("date", entry.published)])}</p>
                    <ul class="plain-list">
                        <li><a href=format!("/precheck/{code}")>{t(lang, "methodology.check_project")}<span class="only-heard">" "{code}</span></a></li>
                        {calculators}
                    </ul>
                </section>
            }
        })
        .collect();
    entries.into_any()
}

/// The rest of the public catalogue.
fn others(lang: Lang) -> AnyView {
    let rows = listed()
        .iter()
        .filter(|entry| !entry.code.is_some_and(is_complete))
        .map(|entry| {
            let title = said(lang, entry.title);
            let name = match entry.code {
                Some(code) => view! { <a href=format!("/methodologies/{code}")>{title}</a> }.into_any(),
                None => title.into_any(),
            };
            let unsure = (entry.confidence != Confidence::High)
                .then(|| view! { " "<Tag text=t(lang, "methodology.inferred") tone=Tone::Attention/> });
            let remark = said(lang, entry.remark);
            let remark = (!remark.is_empty()).then(|| view! { <span class="table__sub">{remark}</span> });
            let scope = entry.scope.map_or_else(|| t(lang, "methodology.scope_unknown"), |scope| said(lang, scope));
            vec![
                view! { {name}{unsure}<span class="table__sub">{entry.code.unwrap_or_default()}</span> }.into_any(),
                view! { {scope}{remark} }.into_any(),
                entry.published.into_any(),
                said(lang, entry.status.text()).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.methodology")),
        Column::text(t(lang, "methodology.scope")),
        Column::text(t(lang, "methodology.published")),
        Column::text(t(lang, "public.state")),
    ];
    view! {
        <Section title=t(lang, "methodology.others") id="others">
            <p>{t(lang, "methodology.others_lead")}</p>
            <DataTable caption=t(lang, "methodology.others") columns rows empty=t(lang, "public.none")/>
        </Section>
    }
    .into_any()
}

/// Every published set of grid factors, newest first.
fn grid_factors(lang: Lang) -> AnyView {
    let mut releases: Vec<&Release> = methodologies::factors::releases().iter().collect();
    releases.sort_by_key(|release| std::cmp::Reverse(release.label));
    let tables: Vec<_> = releases
        .into_iter()
        .map(|release| release_table(lang, release))
        .collect();
    view! {
        <Section title=t(lang, "public.factors_title") id="grid-factors">
            <p>{t(lang, "public.factors_lead")}</p>
            {tables}
        </Section>
    }
    .into_any()
}

fn release_table(lang: Lang, release: &'static Release) -> AnyView {
    let grids = methodologies::factors::grids();
    let rows: Vec<Vec<AnyView>> = methodologies::factors::values()
        .iter()
        .filter(|value| value.label == release.label)
        .map(|value| {
            let name = grids
                .iter()
                .find(|grid| grid.code == value.grid)
                .map_or_else(|| value.grid.to_owned(), |grid| said(lang, grid.name));
            let assumed = margins_assumed(&value.margins)
                .then(|| view! { " "<Tag text=t(lang, "public.assumed") tone=Tone::Attention/> });
            let [om, bm, cm] = margins_text(value);
            vec![
                name.into_any(),
                om.into_any(),
                bm.into_any(),
                view! { {cm}{assumed} }.into_any(),
            ]
        })
        .collect();
    let label = release.label.to_string();
    let day = format::date(lang, release.published_on);
    let assumed = release
        .published_on_assumed
        .then(|| view! { " "<Tag text=t(lang, "public.assumed") tone=Tone::Attention/> });
    let caption = tp(
        lang,
        "public.factors_caption",
        &[
            ("label", &label),
            ("year", &release.data_year().to_string()),
        ],
    );
    let columns = vec![
        Column::text(t(lang, "public.grid")),
        Column::number(t(lang, "public.factor_om")),
        Column::number(t(lang, "public.factor_bm")),
        Column::number(t(lang, "public.factor_cm")),
    ];
    view! {
        <details class="how" id=format!("factors-{label}")>
            <summary class="how__summary">{caption.clone()}</summary>
            <div class="how__body">
                <p>{tp(lang, "public.factors_published", &[("date", &day)])}{assumed}" "{said(lang, release.source)}</p>
                <DataTable caption columns rows empty=t(lang, "public.factors_none")/>
            </div>
        </details>
    }
    .into_any()
}

/// Every number and day that the rules state.
fn parameters(lang: Lang) -> AnyView {
    let numbers = methodologies::parameter::parameters()
        .iter()
        .flat_map(|parameter| {
            parameter.values.iter().map(move |value| {
                (
                    parameter_cells(lang, parameter),
                    value_cells(
                        lang,
                        value,
                        format::decimal(&value.basis.value().to_string()),
                        parameter.unit,
                    ),
                )
            })
        });
    let days = methodologies::parameter::days()
        .iter()
        .flat_map(|parameter| {
            parameter.values.iter().map(move |value| {
                (
                    parameter_cells(lang, parameter),
                    value_cells(lang, value, format::date(lang, value.basis.value()), ""),
                )
            })
        });
    let rows: Vec<Vec<AnyView>> = numbers
        .chain(days)
        .map(|(parameter, value)| parameter.into_iter().chain(value).collect())
        .collect();
    let count = rows.len().to_string();
    let columns = vec![
        Column::text(t(lang, "public.parameter")),
        Column::text(t(lang, "public.clause")),
        Column::number(t(lang, "public.value")),
        Column::text(t(lang, "public.from_day")),
        Column::text(t(lang, "public.source")),
    ];
    view! {
        <Section title=t(lang, "public.parameters_title") id="parameters">
            <p>{t(lang, "public.parameters_lead")}</p>
            <p>{t(lang, "methodology.parameters_now")}" "<a href="/parameters">{t(lang, "parameters.public_title")}</a></p>
            <details class="how">
                <summary class="how__summary">{tp(lang, "methodology.all_parameters", &[("count", &count)])}</summary>
                <div class="how__body">
                    <DataTable caption=t(lang, "public.parameters_caption") columns rows empty=t(lang, "public.none")/>
                </div>
            </details>
        </Section>
    }
    .into_any()
}

fn parameter_cells<T>(lang: Lang, parameter: &Parameter<T>) -> Vec<AnyView> {
    vec![
        said(lang, parameter.title).into_any(),
        parameter.clause.into_any(),
    ]
}

fn value_cells<T: Copy>(
    lang: Lang,
    value: &DatedValue<T>,
    shown: String,
    unit: &'static str,
) -> Vec<AnyView> {
    let unit = if matches!(unit, "1" | "date") {
        ""
    } else {
        unit
    };
    let assumed = matches!(value.basis, Basis::Assumed(_))
        .then(|| view! { " "<Tag text=t(lang, "public.assumed") tone=Tone::Attention/> });
    vec![
        view! { {shown}" "<span class="amount__unit">{unit}</span>{assumed} }.into_any(),
        view! { <span class="table__day">{format::date(lang, value.from)}</span> }.into_any(),
        said(lang, value.basis.source()).into_any(),
    ]
}

/// One value of a number or day: name, value, first day, source and clause.
pub fn parameter_row<T: Copy>(
    lang: Lang,
    title: Text,
    id: &'static str,
    clause: &'static str,
    unit: &'static str,
    value: &DatedValue<T>,
    shown: String,
) -> Vec<AnyView> {
    let mut row =
        vec![view! { {said(lang, title)}<span class="table__sub">{id}</span> }.into_any()];
    row.extend(value_cells(lang, value, shown, unit));
    row.push(clause.into_any());
    row
}

fn margins_assumed(margins: &Margins) -> bool {
    matches!(margins, Margins::Solved { .. })
}

/// Operating, build and combined margin, as far as they are known. The combined margin is the one the calculators use.
fn margins_text(value: &FactorValue) -> [String; 3] {
    let cm = methodologies::factors::ef_named(value.grid, value.label, value.label, None)
        .map(|factor| factor.cm.to_string());
    let cm = cm.map_or_else(|_| "–".to_owned(), |cm| format::decimal(&cm));
    match value.margins {
        Margins::Table { om, bm } => [
            format::decimal(&om.to_string()),
            format::decimal(&bm.to_string()),
            cm,
        ],
        Margins::Solved { .. } => ["–".to_owned(), "–".to_owned(), cm],
    }
}
