//! How long each step really takes, beside the limit that the rules set.

use axum::extract::State;
use domain::notification::{Step, StepUnit};
use domain::project::{Clock, Days};
use leptos::prelude::*;
use registry::{RecordKind, StepStatistics};

use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, Heading, Section};
use crate::visitor::Visitor;

/// `GET /statistics/steps`.
pub async fn steps(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let found = host
        .registry
        .public()
        .step_statistics()
        .await
        .or_failed(&host, &visitor)?;
    let book = host.registry.rule_book().await.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let target = move |step: Step| step.target().map(|clock| book.clock(clock, today));
    let lang = visitor.lang;
    let title = t(lang, "notification.steps_title");
    let lead = t(lang, "notification.steps_lead");
    Ok(Page::new(&host, &visitor, title.clone())
        .description(lead.clone())
        .crumb(t(lang, "public.statistics_title"), "/statistics")
        .wide()
        .view(move || {
            let tables: Vec<_> = [RecordKind::Project, RecordKind::Report]
                .into_iter()
                .map(|kind| table(lang, kind, &found, &target))
                .collect();
            view! {
                <Heading title lead/>
                {tables}
                <Section title=t(lang, "notification.steps_how_title") id="how">
                    <p class="prose">{t(lang, "notification.steps_how")}</p>
                    <p class="prose">{t(lang, "notification.steps_targets")}</p>
                </Section>
                <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/statistics/steps">"JSON"</a></p>
            }
        }))
}

/// One row per step and year, the sum of all years first; the target with its source beside it.
fn table(
    lang: Lang,
    kind: RecordKind,
    found: &[StepStatistics],
    target: &impl Fn(Step) -> Option<Clock>,
) -> AnyView {
    let rows: Vec<_> = Step::ALL
        .iter()
        .flat_map(|step| {
            let of_step: Vec<_> = found
                .iter()
                .filter(|row| row.kind == kind && row.step == *step)
                .collect();
            of_step
                .into_iter()
                .map(|row| cells(lang, row, target(row.step)))
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "notification.column_step")),
        Column::text(t(lang, "notification.column_year")),
        Column::number(t(lang, "notification.column_count")),
        Column::number(t(lang, "notification.column_median")),
        Column::number(t(lang, "notification.column_80")),
        Column::text(t(lang, "notification.column_target")),
    ];
    let title = match kind {
        RecordKind::Project => t(lang, "notification.steps_projects"),
        RecordKind::Report => t(lang, "notification.steps_reports"),
    };
    view! {
        <Section title=title.clone()>
            <DataTable caption=title columns rows empty=t(lang, "notification.steps_none")/>
        </Section>
    }
    .into_any()
}

fn cells(lang: Lang, row: &StepStatistics, target: Option<Clock>) -> Vec<AnyView> {
    let year = row.year.map_or_else(
        || t(lang, "notification.all_years"),
        |year| year.to_string(),
    );
    vec![
        t(lang, &format!("notification.step_{}", row.step.code())).into_any(),
        year.into_any(),
        whole(row.count).into_any(),
        days(lang, row.step, row.median_days).into_any(),
        days(lang, row.step, row.percentile_80_days).into_any(),
        target_text(lang, target).into_any(),
    ]
}

/// A number of days in the unit of the step.
fn days(lang: Lang, step: Step, days: i64) -> String {
    let key = match step.unit() {
        StepUnit::WorkingDays => "notification.working_days",
        StepUnit::CalendarDays => "notification.calendar_days",
    };
    tp(lang, key, &[("days", &whole(days))])
}

/// The target in force today and the text that sets it.
fn target_text(lang: Lang, target: Option<Clock>) -> String {
    let Some(Clock { days, source, .. }) = target else {
        return t(lang, "notification.no_target");
    };
    let (key, days) = match days {
        Days::WorkingWindow(days) | Days::Working(days) => ("notification.working_days", days),
        Days::Calendar(days) => ("notification.calendar_days", days),
    };
    let days = tp(lang, key, &[("days", &days.to_string())]);
    tp(
        lang,
        "notification.target",
        &[("days", &days), ("source", source)],
    )
}
