//! Every published project: tabs by state, filters, pages, and the same list as CSV and JSON.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::place::PROVINCES;
use domain::project::{ProjectState, PublicTab};
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{ProjectTab, PublicProjectFilter, PublicProjectRow, Statistics};

use super::csv::{Csv, ROWS_MAX};
use super::filters::Filters;
use super::shown::{
    TONNES, methodology_name, period_cell, project_address, province_name, state_tag,
};
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Failed, OrFailed, Page, PageResult};
use crate::pages::desk::ends::ground_text;
use crate::parts::{Choice, Column, DataTable, Field, Heading, Hidden, Kind, Tab, Tabs};
use crate::visitor::Visitor;

const FILTERS: &[&str] = &["tab", "methodology", "province", "q", "after"];
/// The filters besides the tab.
const NARROWING: &[&str] = &["methodology", "province", "q"];
const PAGE_ROWS: i64 = 25;

/// The tabs by their value in the address, with the states behind each.
const TABS: &[(&str, ProjectTab, PublicTab)] = &[
    (
        "in_publicity",
        ProjectTab::InPublicity,
        PublicTab::ProjectsInPublicity,
    ),
    (
        "publicity_ended",
        ProjectTab::PublicityEnded,
        PublicTab::ProjectsPublicityEnded,
    ),
    (
        "registered",
        ProjectTab::Registered,
        PublicTab::ProjectsRegistered,
    ),
    (
        "deregistered",
        ProjectTab::Deregistered,
        PublicTab::ProjectsDeregistered,
    ),
];

/// `GET /projects`.
pub async fn projects(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let public = host.registry.public();
    let page = public
        .projects(&filter_of(&filters, PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let statistics = public.statistics().await.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "public.projects_title")).description(t(lang, "public.projects_lead")).wide().view(move || {
        let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
        let (next, first) = filters.pages("/projects", page.next.as_deref());
        let empty = if filters.any(NARROWING) { t(lang, "public.nothing_found") } else { t(lang, "public.projects_none") };
        view! {
            <Heading title=t(lang, "public.projects_title") lead=t(lang, "public.projects_lead")/>
            {tabs(lang, &filters, &statistics)}
            {filter_form(lang, &filters)}
            <DataTable caption=t(lang, "public.projects_caption") columns=columns(lang) rows empty next first
                csv=filters.address("/projects.csv", &[("after", "")]) json=filters.address("/api/v1/projects", &[("after", "")])/>
        }
    }))
}

/// `GET /projects.csv`: the same filters, every row.
pub async fn projects_csv(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let filters = Filters::read(query.as_deref(), FILTERS);
    let mut csv = Csv::new(&[
        "id",
        "code",
        "name",
        "owner",
        "methodology",
        "project_type",
        "province",
        "state",
        "expected_year_tonnes",
        "publicity_start",
        "publicity_end",
        "registered_on",
        "ended_on",
        "ended_by",
        "ended_ground",
    ]);
    let mut filter = filter_of(&filters, 200);
    let mut written = 0;
    loop {
        let page = host
            .registry
            .public()
            .projects(&filter)
            .await
            .or_failed(&host, &visitor)?;
        page.rows.iter().for_each(|row| csv.row(&csv_cells(row)));
        written += page.rows.len();
        match page.next {
            Some(next) if written < ROWS_MAX => filter.page.after = Some(next),
            next => {
                let next = next.map(|next| filters.address("/projects.csv", &[("after", &next)]));
                return Ok(csv.response("projects.csv", next.as_deref()));
            }
        }
    }
}

fn filter_of(filters: &Filters, size: i64) -> PublicProjectFilter {
    let text = |name: &str| filters.get(name).map(str::to_owned);
    let tab = filters
        .get("tab")
        .and_then(|code| TABS.iter().find(|(known, _, _)| *known == code))
        .map(|(_, tab, _)| *tab);
    PublicProjectFilter {
        tab,
        methodology: text("methodology"),
        province: text("province"),
        text: text("q"),
        page: filters.page(size),
    }
}

fn tabs(lang: Lang, filters: &Filters, statistics: &Statistics) -> AnyView {
    // the counts are those of the whole registry: with a filter they would promise too much
    let counted = !filters.any(NARROWING);
    let current = filters
        .get("tab")
        .filter(|code| TABS.iter().any(|(known, _, _)| known == code));
    let all = statistics.projects.values().sum();
    let tab = |code: &str, count: i64| Tab {
        label: t(
            lang,
            &format!("public.tab_{}", if code.is_empty() { "all" } else { code }),
        ),
        address: filters.address("/projects", &[("tab", code), ("after", "")]),
        count: counted.then_some(count),
        current: current.unwrap_or_default() == code,
    };
    let count_of = |list: PublicTab| {
        let shown = |code: &str| {
            ProjectState::from_code(code).and_then(ProjectState::public_tab) == Some(list)
        };
        statistics
            .projects
            .iter()
            .filter(|(code, _)| shown(code))
            .map(|(_, count)| count)
            .sum()
    };
    let tabs = std::iter::once(tab("", all))
        .chain(
            TABS.iter()
                .map(|(code, _, list)| tab(code, count_of(*list))),
        )
        .collect();
    view! { <Tabs label=t(lang, "public.tabs_label") tabs/> }.into_any()
}

fn filter_form(lang: Lang, filters: &Filters) -> AnyView {
    let methodologies = methodologies::catalogue()
        .iter()
        .map(|methodology| Choice::new(methodology.code, methodology_name(lang, methodology.code)))
        .collect();
    let provinces = PROVINCES
        .iter()
        .map(|province| Choice::new(province.code, province_name(lang, province.code)))
        .collect();
    let tab = filters
        .get("tab")
        .map(|tab| view! { <Hidden name="tab" value=tab.to_owned()/> });
    let clear = filters.any(NARROWING).then(|| {
        let address = filters.address(
            "/projects",
            &[
                ("methodology", ""),
                ("province", ""),
                ("q", ""),
                ("after", ""),
            ],
        );
        view! { <a href=address>{t(lang, "public.filter_clear")}</a> }
    });
    view! {
        <Provider value=Form::of(filters.fields())>
            <form class="filters" method="get" action="/projects" role="search" aria-label=t(lang, "public.filter_label")>
                {tab}
                <Field name="q" label=t(lang, "public.filter_text")/>
                <Field name="methodology" label=t(lang, "public.methodology") kind=Kind::Select choices=methodologies/>
                <Field name="province" label=t(lang, "public.province") kind=Kind::Select choices=provinces/>
                <div class="filters__buttons">
                    <button class="button button--secondary" type="submit">{t(lang, "public.filter_submit")}</button>
                    {clear}
                </div>
            </form>
        </Provider>
    }
    .into_any()
}

fn columns(lang: Lang) -> Vec<Column> {
    vec![
        Column::text(t(lang, "public.project")),
        Column::text(t(lang, "public.owner")),
        Column::text(t(lang, "public.methodology")),
        Column::text(t(lang, "public.province")),
        Column::text(t(lang, "public.state")),
        Column::number(format!("{} {TONNES}", t(lang, "public.expected_year"))),
        Column::text(t(lang, "public.publicity_or_registered")),
    ]
}

fn cells(lang: Lang, row: &PublicProjectRow) -> Vec<AnyView> {
    let code = row
        .code
        .clone()
        .map(|code| view! { <span class="table__sub">{code}</span> });
    // why and when the registration ended, in the list of cancelled projects
    let ended = row.ending.as_ref().map(|ending| {
        let ground = ending
            .ground
            .as_deref()
            .map(|code| ground_text(lang, code))
            .unwrap_or_default();
        let text = format!("{} · {ground}", format::date_text(lang, &ending.on));
        view! { <span class="table__sub">{text}</span> }
    });
    let when = match row.registered_at {
        Some(at) => format::date(lang, at.beijing_date()).into_any(),
        None => period_cell(
            lang,
            row.publicity_start.as_deref(),
            row.publicity_end.as_deref(),
        ),
    };
    vec![
        view! { <a href=project_address(row.code.as_deref(), &row.id)>{row.name.clone()}</a>{code} }.into_any(),
        row.owner.clone().into_any(),
        methodology_name(lang, &row.methodology).into_any(),
        province_name(lang, &row.province).into_any(),
        view! { {state_tag(lang, &row.state)}{ended} }.into_any(),
        row.expected_year_tonnes.map_or_else(|| "–".to_owned(), whole).into_any(),
        when,
    ]
}

fn csv_cells(row: &PublicProjectRow) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        row.id.clone(),
        text(&row.code),
        row.name.clone(),
        row.owner.clone(),
        row.methodology.clone(),
        row.project_type.clone(),
        row.province.clone(),
        row.state.clone(),
        row.expected_year_tonnes
            .map(|tonnes| tonnes.to_string())
            .unwrap_or_default(),
        text(&row.publicity_start),
        text(&row.publicity_end),
        row.registered_at
            .map(|at| at.beijing_date().to_string())
            .unwrap_or_default(),
        text(&row.ending.as_ref().map(|ending| ending.on.clone())),
        text(&row.ending.as_ref().map(|ending| ending.kind.clone())),
        text(&row.ending.as_ref().and_then(|ending| ending.ground.clone())),
    ]
}
