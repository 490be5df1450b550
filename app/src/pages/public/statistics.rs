//! What this registry holds now, in numbers that add up.

use axum::extract::State;
use leptos::prelude::*;
use registry::{RecordKind, Statistics};

use super::shown::TONNES;
use crate::format::{percent, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Bar, BarChart, Column, DataTable, Heading, NumberHero, Section, state_label};
use crate::visitor::Visitor;

/// `GET /statistics`.
pub async fn statistics(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let now = host
        .registry
        .public()
        .statistics()
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "public.statistics_title")).description(t(lang, "public.statistics_lead")).wide().view(move || {
        let share = |part: i64| tp(lang, "public.share_of_issued", &[("share", &percent(part, now.issued))]);
        let retirements = tp(lang, "public.statistics_retirements", &[("count", &whole(now.retirements))]);
        view! {
            <Heading title=t(lang, "public.statistics_title") lead=t(lang, "public.statistics_lead")/>
            <div class="hero-numbers">
                <NumberHero label=t(lang, "public.issued") value=whole(now.issued) unit=TONNES>
                    <p>{t(lang, "public.statistics_how")}</p>
                    <p><a href="#vintages">{t(lang, "public.vintages_title")}</a></p>
                </NumberHero>
                <NumberHero label=t(lang, "public.held") value=whole(now.held) unit=TONNES note=share(now.held)/>
                <NumberHero label=t(lang, "public.retired") value=whole(now.retired) unit=TONNES note=share(now.retired)>
                    <p>{retirements}</p>
                    <p><a href="/retirements">{t(lang, "public.retirements_title")}</a></p>
                    <p><a href="/offers">{t(lang, "offer.title")}</a></p>
                </NumberHero>
            </div>
            {vintages(lang, &now)}
            {states_section(lang, &now)}
            <p><a href="/statistics/carbon-inclusion">{t(lang, "identity.city_link")}</a></p>
            <p><a href="/statistics/carbon-inclusion/batches">{t(lang, "batch_notice.title")}</a></p>
            <p><a href="/statistics/steps">{t(lang, "notification.steps_title")}</a></p>
            <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/statistics">"JSON"</a></p>
        }
    }))
}

/// Issued and retired per year of generation: two charts, and one table with the same numbers.
fn vintages(lang: Lang, now: &Statistics) -> AnyView {
    let bars = |of: fn(&registry::YearTotal) -> i64| -> Vec<Bar> {
        now.vintages
            .iter()
            .map(|year| Bar {
                label: year.vintage.to_string(),
                value: of(year),
                text: whole(of(year)),
            })
            .collect()
    };
    let chart = move |title: &str, bars: Vec<Bar>| {
        (!bars.is_empty()).then(|| {
            let title = t(lang, title);
            view! { <figure class="figure"><figcaption class="figure__caption">{title.clone()}" "{TONNES}</figcaption><BarChart title bars/></figure> }
        })
    };
    let rows = now
        .vintages
        .iter()
        .map(|year| {
            vec![
                year.vintage.into_any(),
                whole(year.issued).into_any(),
                whole(year.issued - year.retired).into_any(),
                whole(year.retired).into_any(),
                percent(year.retired, year.issued).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.vintage")),
        Column::number(format!("{} {TONNES}", t(lang, "public.issued"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.held"))),
        Column::number(format!("{} {TONNES}", t(lang, "public.retired"))),
        Column::number(t(lang, "public.retired_share")),
    ];
    let issued = chart("public.chart_issued", bars(|year| year.issued));
    let retired = chart("public.chart_retired", bars(|year| year.retired));
    view! {
        <Section title=t(lang, "public.vintages_title") id="vintages">
            <div class="figures">
                {issued}
                {retired}
            </div>
            <DataTable caption=t(lang, "public.vintages_caption") columns rows empty=t(lang, "public.classes_none")/>
        </Section>
    }
    .into_any()
}

/// How many records are in each state: two tables beside each other.
fn states_section(lang: Lang, now: &Statistics) -> AnyView {
    let (projects, reports) = (
        states(lang, RecordKind::Project, now),
        states(lang, RecordKind::Report, now),
    );
    view! { <Section title=t(lang, "public.states_title") id="states"><div class="figures">{projects}{reports}</div></Section> }.into_any()
}

fn states(lang: Lang, kind: RecordKind, now: &Statistics) -> AnyView {
    let counts = match kind {
        RecordKind::Project => &now.projects,
        RecordKind::Report => &now.reports,
    };
    let rows = counts
        .iter()
        .map(|(state, count)| {
            vec![
                state_label(lang, state).into_any(),
                whole(*count).into_any(),
            ]
        })
        .collect();
    let caption = t(lang, &format!("public.states_{}", kind.code()));
    let columns = vec![
        Column::text(t(lang, "public.state")),
        Column::number(t(lang, "public.count")),
    ];
    view! { <DataTable caption columns rows empty=t(lang, "public.none")/> }.into_any()
}
