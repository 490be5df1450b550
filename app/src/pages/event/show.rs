//! One event for its organiser: where it is, what it emits, what is next.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::event::{DEADLINE_REMINDERS, EventState};
use leptos::prelude::*;
use methodologies::event::Footprint;
use registry::{EvaluationStatus, EvaluatorChoice, EventListRow, EventView, Fields};

use super::ORGANISERS;
use super::desk::class_label;
use super::shown::{TONNES, footprint_view, guide_remark, state_label, units_table};
use crate::form::{Form, Problem};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::shown::prose;
use crate::parts::{
    ActForm, Choice, Field, Heading, Hidden, Irreversible, Kind, Notice, Section, StatusHeader,
    SummaryList, SummaryRow, Task, TaskList, TaskStatus,
};
use crate::visitor::{Tone, Visitor, query_value};

/// Years whose factors can be tried beside those that apply.
pub const FACTOR_YEARS: [&str; 5] = ["2021", "2022", "2023", "2024", "2025"];

/// The forms of the page, each with what was typed into it.
struct Forms {
    publish_plan: Form,
    account: Form,
    evaluate: Form,
    /// Bodies of the platform that may be named.
    evaluators: Vec<EvaluatorChoice>,
    publish: Form,
    correct: Form,
    keep_version: Form,
    withdraw: Form,
}

/// `GET /desk/events/{id}`; `?factor_year=` shows the result with the factors of another year beside it.
pub async fn show(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let registry = &host.registry;
    let event = registry
        .event_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let year = query_value(query.as_deref().unwrap_or_default(), "factor_year");
    let other = match year.as_deref().filter(|year| is_year(year)) {
        Some(year) => {
            let other = registry.event_of_factor_year(&by, &id, year).await;
            other
                .or_failed(&host, &visitor)?
                .map(|found| (year.to_owned(), found))
        }
        None => None,
    };
    let evaluators = if event.allowed.contains(&Act::EventEvaluate) {
        let found = registry.event_evaluators(&by, &id).await;
        found.or_failed(&host, &visitor)?
    } else {
        Vec::new()
    };
    let open = |act| Form::open(&host, &visitor, act, Fields::new());
    let forms = Forms {
        publish_plan: open(Act::EventPlanPublish).await,
        account: open(Act::EventAccount).await,
        evaluate: open(Act::EventEvaluate).await,
        evaluators,
        publish: open(Act::EventPublish).await,
        correct: open(Act::EventCorrect).await,
        keep_version: open(Act::EventCorrectWithdraw).await,
        withdraw: open(Act::EventWithdraw).await,
    };
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, event.row.name.clone())
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .wide()
        .view(move || body(lang, &event, other, forms)))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn body(
    lang: Lang,
    event: &EventView,
    other: Option<(String, Footprint)>,
    forms: Forms,
) -> AnyView {
    let row = &event.row;
    let public = (event.plan_published_on.is_some() || event.version > 0).then(|| {
        let address = format!("/events/{}", row.number);
        view! { <p><a href=address>{t(lang, "event.public_page")}</a></p> }
    });
    let no_plan = (event.plan_published_on.is_none() && row.state != EventState::Planned)
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "event.no_plan")/> });
    let left = days_left(lang, row);
    view! {
        <Heading above=row.number.clone() title=row.name.clone() lead=super::shown::days(lang, &row.starts_on, &row.ends_on)/>
        <StatusHeader state=state_label(lang, row.state) turn=t(lang, &format!("event.next_{}", row.state.code()))
            yours=!event.allowed.is_empty() due_on=row.deadline.clone() working_days_left=None/>
        {left}
        {public}
        {no_plan}
        {tasks(lang, event)}
        {problems(lang, event)}
        {result(lang, event, other)}
        {event.asked.as_ref().map(|asked| asked_section(lang, asked, event.version))}
        {next_forms(lang, event, forms)}
        {guide_remark(lang)}
    }
    .into_any()
}

/// How long there is left for neutralising, from the first reminder on.
fn days_left(lang: Lang, row: &EventListRow) -> Option<AnyView> {
    let left = row.days_left?;
    let first = DEADLINE_REMINDERS.iter().map(|reminder| reminder.days);
    if left > first.max().unwrap_or(0) {
        return None;
    }
    let title = tp(
        lang,
        "event.days_left",
        &[
            ("days", &whole(left)),
            ("date", &format::date_text(lang, &row.deadline)),
        ],
    );
    Some(
        view! { <Notice tone=Tone::Attention title><p>{t(lang, "event.days_left_text")}</p></Notice> }
            .into_any(),
    )
}

fn tasks(lang: Lang, event: &EventView) -> AnyView {
    let base = format!("/desk/events/{}", event.row.id);
    let lines = event.inventory.lines().count().saturating_sub(1);
    let people: i64 = event.attendees.iter().map(|(_, sums)| sums.people).sum();
    let task = |key: &str, hint: String, address: &str, complete: bool| Task {
        title: t(lang, key),
        hint,
        address: format!("{base}/{address}"),
        status: if complete {
            TaskStatus::Complete
        } else {
            TaskStatus::Begun
        },
    };
    let accounted = event.accounted.as_ref().filter(|account| account.current);
    let needed = accounted.map_or(0, |account| account.tonnes);
    let covered = tp(
        lang,
        "event.covered_of",
        &[
            ("covered", &whole(event.counted_tonnes)),
            ("needed", &whole(needed)),
        ],
    );
    let mut tasks = vec![
        task(
            "event.task_plan",
            String::new(),
            "plan",
            event.open_classes.is_empty(),
        ),
        task(
            "event.task_inventory",
            tp(lang, "event.lines_count", &[("lines", &lines.to_string())]),
            "inventory",
            lines > 0,
        ),
        task(
            "event.task_attendees",
            tp(lang, "event.people_count", &[("people", &whole(people))]),
            "attendees",
            people > 0,
        ),
    ];
    tasks.insert(
        3,
        Task {
            title: t(lang, "supplier.task"),
            hint: String::new(),
            address: format!("{base}/suppliers"),
            status: TaskStatus::Begun,
        },
    );
    tasks.push(task(
        "event_file.title",
        tp(lang, "event_file.count", &[("files", &whole(event.files))]),
        "files",
        event.files > 0,
    ));
    tasks.push(Task {
        title: t(lang, "event_organisers.task"),
        hint: String::new(),
        address: format!("{base}/organisers"),
        status: TaskStatus::Begun,
    });
    if accounted.is_some() && event.own {
        let done = needed <= event.counted_tonnes;
        tasks.push(task("event.task_cover", covered, "cover", done));
    }
    view! { <TaskList tasks/> }.into_any()
}

/// What keeps the footprint from being computed, and what the boundary still lacks.
fn problems(lang: Lang, event: &EventView) -> AnyView {
    let base = format!("/desk/events/{}", event.row.id);
    let of_inventory = (!event.problems.is_empty() && !event.inventory.is_empty()).then(|| {
        let lines: Vec<_> = event
            .problems
            .iter()
            .take(20)
            .map(|refusal| {
                let field = refusal.field.clone().unwrap_or_default();
                view! { <li><code>{field}</code>" "{Problem::from(refusal).text(lang)}</li> }
            })
            .collect();
        view! { <Notice tone=Tone::Refused title=t(lang, "event.problems")><ul>{lines}</ul></Notice> }
    });
    let open = (!event.open_classes.is_empty() && event.footprint.is_some()).then(|| {
        let names: Vec<_> = event
            .open_classes
            .iter()
            .map(|class| class_label(lang, class))
            .collect();
        let address = format!("{base}/plan");
        view! {
            <Notice tone=Tone::Attention title=t(lang, "event.open_classes")>
                <p>{names.join("、")}</p><p><a href=address>{t(lang, "event.task_plan")}</a></p>
            </Notice>
        }
    });
    view! { {of_inventory}{open} }.into_any()
}

fn result(lang: Lang, event: &EventView, other: Option<(String, Footprint)>) -> AnyView {
    let accounted = event.accounted.as_ref().map(|account| {
        let kilograms = format::decimal(&account.total_kg);
        let key = if account.current {
            "event.accounted_line"
        } else {
            "event.accounted_old"
        };
        let text = tp(
            lang,
            key,
            &[("kg", &kilograms), ("tonnes", &whole(account.tonnes))],
        );
        view! { <p><strong>{text}</strong></p> }
    });
    let shown = event.footprint.as_deref().map(|footprint| {
        let label = if event
            .accounted
            .as_ref()
            .is_some_and(|account| account.current)
        {
            "event.total_accounted"
        } else {
            "event.total_estimate"
        };
        footprint_view(lang, footprint, t(lang, label))
    });
    let side = other.map(|(year, other)| {
        let rows = vec![
            SummaryRow::new(
                t(lang, "event.year_own"),
                amount(event.footprint.as_deref()),
            ),
            SummaryRow::new(
                tp(lang, "event.year_other", &[("year", &year)]),
                amount(Some(&other)),
            ),
        ];
        view! { <SummaryList rows/> }
    });
    let years: Vec<_> = FACTOR_YEARS
        .into_iter()
        .map(|year| {
            let address = format!("/desk/events/{}?factor_year={year}#years", event.row.id);
            view! { <li><a href=address>{year}</a></li> }
        })
        .collect();
    view! {
        <Section title=t(lang, "event.result") id="result">{accounted}{shown}</Section>
        <Section title=t(lang, "event.years") id="years">
            <p>{t(lang, "event.years_lead")}</p>
            <ul class="plain-list event-years">{years}</ul>
            {side}
        </Section>
    }
    .into_any()
}

fn amount(footprint: Option<&Footprint>) -> String {
    footprint.map_or_else(String::new, |footprint| {
        format!(
            "{} kgCO2e · {} {TONNES}",
            format::decimal(&footprint.total_kg.to_string()),
            whole(footprint.neutralise_t)
        )
    })
}

/// What became of asking a body of the platform.
fn asked_section(lang: Lang, asked: &EvaluationStatus, published: i64) -> AnyView {
    let mut rows = vec![
        SummaryRow::new(t(lang, "event.evaluator"), asked.body.clone()),
        SummaryRow::new(t(lang, "event.version"), asked.version.to_string()),
        SummaryRow::new(
            t(lang, "event_evaluation.state"),
            super::evaluation::state_tag(lang, &asked.state),
        ),
    ];
    if let Some(day) = &asked.decided_on {
        let day = format::date_text(lang, day);
        rows.push(SummaryRow::new(t(lang, "event_evaluation.decided_on"), day));
    }
    if let Some(opinion) = &asked.opinion {
        rows.push(SummaryRow::new(
            t(lang, "event_evaluation.opinion"),
            prose(opinion),
        ));
    }
    let declined = (asked.state == "declined").then(|| {
        let next = if asked.version > published {
            "event_evaluation.declined_next"
        } else {
            "event_evaluation.declined_published"
        };
        view! { <Notice tone=Tone::Attention title=t(lang, next)/> }
    });
    view! {
        <Section title=t(lang, "event_evaluation.asked") id="asked">{declined}<SummaryList rows/></Section>
    }
    .into_any()
}

/// What the organiser may do now, the straight path first.
fn next_forms(lang: Lang, event: &EventView, forms: Forms) -> AnyView {
    let may = |act: Act| event.allowed.contains(&act);
    let which = || view! { <Hidden name="event" value=event.row.id.clone()/> }.into_any();
    let units = || units_table(lang, &event.units);
    let plan = may(Act::EventPlanPublish).then(|| {
        let hidden = which();
        view! {
            <Section title=t(lang, "act.event_plan_publish") id="publish-plan">
                <ActForm act=Act::EventPlanPublish form=forms.publish_plan submit=t(lang, "act.event_plan_publish")>
                    {hidden}
                    <Irreversible title=t(lang, "event.plan_final") confirm=t(lang, "event.plan_confirm")>
                        <p>{t(lang, "event.plan_public")}</p>
                    </Irreversible>
                </ActForm>
            </Section>
        }
    });
    let account = may(Act::EventAccount).then(|| {
        let hidden = which();
        view! {
            <Section title=t(lang, "act.event_account") id="account">
                <p>{t(lang, "event.account_lead")}</p>
                <ActForm act=Act::EventAccount form=forms.account submit=t(lang, "act.event_account")>{hidden}</ActForm>
            </Section>
        }
    });
    let cover = may(Act::EventRetire).then(|| {
        let address = format!("/desk/events/{}/cover", event.row.id);
        let units = units();
        view! {
            <Section title=t(lang, "event.task_cover") id="cover">
                {units}
                <p><a class="button" href=address>{t(lang, "event.to_cover")}</a></p>
            </Section>
        }
    });
    let evaluate = may(Act::EventEvaluate).then(|| {
        let kinds = ["self", "body"]
            .map(|kind| Choice::new(kind, t(lang, &format!("event.evaluation_{kind}"))))
            .to_vec();
        let bodies: Vec<_> = forms
            .evaluators
            .iter()
            .map(|body| Choice::new(body.organisation.to_string(), body.name.clone()))
            .collect();
        let hidden = which();
        view! {
            <Section title=t(lang, "act.event_evaluate") id="evaluate">
                <p>{t(lang, "event.evaluate_lead")}</p>
                <ActForm act=Act::EventEvaluate form=forms.evaluate submit=t(lang, "act.event_evaluate")>
                    {hidden}
                    <Field name="evaluation" label=t(lang, "event.evaluation") kind=Kind::Radios choices=kinds default="self"/>
                    <Field name="evaluator_body" label=t(lang, "event_evaluation.body") hint=t(lang, "event_evaluation.body_hint") kind=Kind::Select choices=bodies optional=true/>
                    <Field name="evaluator" label=t(lang, "event_evaluation.other_body") hint=t(lang, "event.evaluator_hint") optional=true/>
                    <Field name="evaluation_text" label=t(lang, "event.evaluation_text") kind=Kind::Lines default=t(lang, "event.evaluation_default")/>
                    <Field name="statement" label=t(lang, "event.evaluation_statement") kind=Kind::Checkbox/>
                </ActForm>
            </Section>
        }
    });
    let publish = may(Act::EventPublish).then(|| {
        let (hidden, units) = (which(), units());
        view! {
            <Section title=t(lang, "act.event_publish") id="publish">
                <ActForm act=Act::EventPublish form=forms.publish submit=t(lang, "act.event_publish")>
                    {hidden}
                    <Irreversible title=t(lang, "event.publish_final") confirm=t(lang, "event.publish_confirm")>
                        <p>{t(lang, "event.publish_public")}</p>
                        {units}
                    </Irreversible>
                </ActForm>
            </Section>
        }
    });
    let reason = |act: Act, form: Form, lead: String| {
        let hidden = which();
        view! {
            <Section title=t(lang, &format!("act.{}", act.name()))>
                <p>{lead}</p>
                <ActForm act form submit=t(lang, &format!("act.{}", act.name())) ends=true>
                    {hidden}
                    <Field name="reason" label=t(lang, "event.reason") kind=Kind::Lines/>
                </ActForm>
            </Section>
        }
    };
    let correct = may(Act::EventCorrect).then(|| {
        reason(
            Act::EventCorrect,
            forms.correct,
            t(lang, "event.correct_lead"),
        )
    });
    let keep_version = may(Act::EventCorrectWithdraw).then(|| {
        let hidden = which();
        view! {
            <Section title=t(lang, "act.event_correct_withdraw") id="keep-version">
                <p>{t(lang, "event.keep_version_lead")}</p>
                <ActForm act=Act::EventCorrectWithdraw form=forms.keep_version submit=t(lang, "act.event_correct_withdraw")>{hidden}</ActForm>
            </Section>
        }
    });
    let withdraw = may(Act::EventWithdraw).then(|| {
        reason(
            Act::EventWithdraw,
            forms.withdraw,
            t(lang, "event.withdraw_lead"),
        )
    });
    view! { {plan}{account}{cover}{evaluate}{publish}{correct}{keep_version}{withdraw} }.into_any()
}
