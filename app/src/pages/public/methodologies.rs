//! The methodologies and the published numbers this registry calculates with: each with its clause, its source and its first day.

use axum::extract::State;
use leptos::prelude::*;
use methodologies::factors::{FactorValue, Margins, Release};
use methodologies::parameter::{Basis, DatedValue, Parameter};
use methodologies::{Methodology, Text, calculator};
use time::Date;

use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Page, PageResult};
use crate::parts::{Column, DataTable, Heading, Section, SummaryList, SummaryRow, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /methodologies`.
pub async fn methodologies(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    Ok(Page::new(&host, &visitor, t(lang, "public.methodologies_title")).description(t(lang, "public.methodologies_lead")).wide().view(move || {
        view! {
            <Heading title=t(lang, "public.methodologies_title") lead=t(lang, "public.methodologies_lead")/>
            {methodologies::catalogue().iter().map(|methodology| one(lang, today, methodology)).collect::<Vec<_>>()}
            {grid_factors(lang)}
            {parameters(lang)}
            <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/methodologies">"JSON"</a></p>
        }
    }))
}

fn said(lang: Lang, text: Text) -> String {
    lang.choose(text.zh, text.en).to_owned()
}

fn one(lang: Lang, today: Date, methodology: &'static Methodology) -> AnyView {
    let in_force = methodology.in_force_from <= today;
    let (state, tone) = if in_force {
        ("public.in_force", Tone::Done)
    } else {
        ("public.not_yet_in_force", Tone::Note)
    };
    let calculators: Vec<_> = methodology
        .calculators
        .iter()
        .filter_map(|code| calculator(code))
        .map(|calculator| view! { <li><a href=format!("/calculators/{}", calculator.code)>{said(lang, calculator.title)}</a></li> })
        .collect();
    let years = tp(
        lang,
        "public.years",
        &[("years", &methodology.crediting_years_max.to_string())],
    );
    let additionality = if methodology.additionality_exempt {
        "public.additionality_exempt"
    } else {
        "public.additionality_argued"
    };
    let rows = vec![
        SummaryRow::new(
            t(lang, "public.state"),
            view! { <Tag text=t(lang, state) tone/> },
        ),
        SummaryRow::new(
            t(lang, "public.in_force_from"),
            format::date(lang, methodology.in_force_from),
        ),
        SummaryRow::new(
            t(lang, "public.publisher"),
            said(lang, methodology.publisher),
        ),
        SummaryRow::new(t(lang, "public.project_type"), methodology.project_type),
        SummaryRow::new(t(lang, "public.crediting_max"), years),
        SummaryRow::new(t(lang, "public.additionality"), t(lang, additionality)),
        SummaryRow::new(
            t(lang, "public.try_it"),
            view! { <ul class="plain-list">{calculators}</ul> },
        ),
    ];
    view! {
        <Section title=format!("{} {}", methodology.code, said(lang, methodology.title)) id=methodology.code>
            <SummaryList rows/>
            <p><a href=format!("/projects?methodology={}", methodology.code)>{t(lang, "public.methodology_projects")}</a></p>
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
    let rows = numbers
        .chain(days)
        .map(|(parameter, value)| parameter.into_iter().chain(value).collect())
        .collect();
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
            <DataTable caption=t(lang, "public.parameters_caption") columns rows empty=t(lang, "public.none")/>
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
        format::date(lang, value.from).into_any(),
        said(lang, value.basis.source()).into_any(),
    ]
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
