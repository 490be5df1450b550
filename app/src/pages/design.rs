//! Every part in every state, for those who build pages. Nothing here is real.

use axum::extract::State;
use domain::{Act, Instant, Refusal};
use leptos::context::Provider;
use leptos::prelude::*;
use time::macros::date;

use crate::form::{Form, Problem, fields};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{Page, PageResult};
use crate::pages::public::check::check_words;
use crate::parts::{
    ActForm, Amount, Bar, BarChart, Choice, Column, CopyableId, DataTable, Empty, ErrorSummary,
    Event, Field, Fieldset, FlashBanner, Heading, Irreversible, Kind, Notice, NumberHero, Section,
    StatusHeader, SummaryList, SummaryRow, Tab, Tabs, Tag, Task, TaskList, TaskStatus, Term,
    Timeline,
};
use crate::result::{ResultTexts, outcome_view};
use crate::visitor::{Flash, Tone, Visitor};

/// `GET /design`.
pub async fn design(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let lang = visitor.lang;
    let page = Page::new(&host, &visitor, t(lang, "design.title"))
        .crumb(t(lang, "design.crumb"), "/")
        .wide();
    Ok(page.view(move || {
        view! {
            <Heading title=t(lang, "design.title") above=t(lang, "design.above") lead=t(lang, "design.lead")/>
            {colours(lang)}
            {numbers(lang)}
            {turns(lang)}
            {form_parts(lang)}
            {lists(lang)}
            {messages(lang)}
            {calculation(lang)}
            {checked(lang)}
        }
    }))
}

const COLOURS: &[&str] = &[
    "paper",
    "surface",
    "ink",
    "muted",
    "hairline",
    "edge",
    "action",
    "needs-you",
    "needs-you-paper",
    "refused",
    "refused-paper",
    "done-paper",
];

fn colours(lang: Lang) -> AnyView {
    let swatches: Vec<_> =
        COLOURS.iter().map(|name| view! { <li class=format!("swatches__swatch swatches__swatch--{name}")>{*name}</li> }).collect();
    view! { <Section title=t(lang, "design.colours")><ul class="swatches">{swatches}</ul></Section> }.into_any()
}

fn numbers(lang: Lang) -> AnyView {
    let bars = [
        (2021, 812_004),
        (2022, 804_345),
        (2023, -120_400),
        (2024, 0),
        (2025, 398_112),
    ]
    .map(|(year, value)| Bar {
        label: year.to_string(),
        value,
        text: format::whole(value),
    })
    .to_vec();
    view! {
        <Section title=t(lang, "design.numbers")>
            <NumberHero label=t(lang, "design.reductions") value="804,345" unit="tCO₂e" note=format::period(lang, date!(2024 - 01 - 01), date!(2024 - 12 - 31))>
                <p>{t(lang, "design.how_text")}</p>
            </NumberHero>
            <p>{t(lang, "design.in_text")}" "<Amount value="1,655,202" unit="MWh"/></p>
            <BarChart title=t(lang, "design.chart") bars/>
        </Section>
    }
    .into_any()
}

fn turns(lang: Lang) -> AnyView {
    let tabs = [
        ("design.tab_all", 12, true),
        ("design.tab_open", 3, false),
        ("design.tab_done", 9, false),
    ]
    .map(|(key, count, current)| Tab {
        label: t(lang, key),
        address: "/design".to_owned(),
        count: Some(count),
        current,
    })
    .to_vec();
    let tags = [Tone::Note, Tone::Done, Tone::Attention, Tone::Refused]
        .map(|tone| view! { <Tag text=tone.code() tone/>" " }.into_any());
    view! {
        <Section title=t(lang, "design.turns")>
            <StatusHeader state=crate::parts::state_label(lang, "draft") turn=t(lang, "design.you") yours=true due_on="2026-12-04"
                working_days_left=Some(10) next_label=t(lang, "design.next") next_address="/design"/>
            <StatusHeader state=crate::parts::state_label(lang, "publicity_review") turn=crate::parts::role_label(lang, domain::Role::RegistryOperator)
                due_on="2026-11-19" working_days_left=Some(-2)/>
            <StatusHeader state=crate::parts::state_label(lang, "publicity_scheduled") turn=t(lang, "design.time_only")/>
            <Tabs label=t(lang, "design.tabs") tabs/>
            <p>{tags.into_iter().collect::<Vec<_>>()}</p>
            <p><Term term=t(lang, "design.term") meaning=t(lang, "design.term_meaning")/></p>
            <p><CopyableId text="HT-A210001-2024-1-500"/></p>
        </Section>
    }
    .into_any()
}

fn form_parts(lang: Lang) -> AnyView {
    let typed = fields([
        ("wrong_number", "1.655.202,5"),
        ("wrong_choice", "other"),
        ("name", "汕尾甲子一期海上风电项目（演示）"),
        ("note", "第一行\n第二行"),
        ("grid", "South"),
        ("grid_unfolded", "South"),
        ("fixed", "HT-1000-0001-7"),
        ("agree", "yes"),
    ]);
    let problems = [
        Refusal::new("number_ambiguous_separator").at("wrong_number"),
        Refusal::new("required").at("wrong_date"),
        Refusal::new("statement_required").at("wrong_box"),
        Refusal::new("stale_form"),
    ];
    let form = Form::with_problems(typed, problems.iter().map(Problem::from).collect());
    let grids = move || {
        ["North", "South"]
            .map(|grid| Choice::new(grid, grid))
            .to_vec()
    };
    let explained = move || {
        grids()
            .into_iter()
            .map(|choice| choice.hint(t(lang, "design.choice_hint")))
            .collect::<Vec<_>>()
    };
    let label = move |key: &str| t(lang, key);
    view! {
        <Section title=t(lang, "design.form")>
            <Provider value=form>
                <ErrorSummary/>
                <Field name="wrong_number" label=label("design.number") hint=label("design.number_hint") unit="MWh" kind=Kind::Decimal/>
                <Field name="wrong_date" label=label("design.date") kind=Kind::Date/>
                <Field name="wrong_box" label=label("design.box") kind=Kind::Checkbox/>
                <Fieldset legend=label("design.fieldset") hint=label("design.fieldset_hint")>
                    <Field name="name" label=label("design.text") optional=true/>
                    <Field name="note" label=label("design.lines") kind=Kind::Lines/>
                    <Field name="grid" label=label("design.select") kind=Kind::Select choices=grids()/>
                    <Field name="grid_unfolded" label=label("design.radios") kind=Kind::Radios choices=explained()/>
                    <Field name="agree" label=label("design.box") kind=Kind::Checkbox/>
                    <Field name="mail" label=label("design.mail") kind=Kind::Email/>
                    <Field name="secret" label=label("design.password") kind=Kind::NewPassword/>
                    <Field name="fixed" label=label("design.read_only") read_only=true/>
                </Fieldset>
            </Provider>
        </Section>
        <Section title=t(lang, "design.act")>
            <ActForm act=Act::CreditsRetire submit=label("design.retire") cancel="/design">
                <Field name="quantity" label=label("design.quantity") unit="tCO₂e" kind=Kind::Decimal/>
                <Irreversible title=label("design.final") confirm=label("design.final_confirm")>
                    <ul><li>{label("design.final_one")}</li><li>{label("design.final_two")}</li></ul>
                </Irreversible>
            </ActForm>
            <ActForm act=Act::ProjectWithdraw submit=label("design.quiet") quiet=true/>
            <ActForm act=Act::ProjectWithdraw submit=label("design.ends") ends=true/>
        </Section>
    }
    .into_any()
}

fn lists(lang: Lang) -> AnyView {
    let statuses = [
        TaskStatus::Complete,
        TaskStatus::Begun,
        TaskStatus::Wrong,
        TaskStatus::NotStarted,
        TaskStatus::Later,
    ];
    let tasks = statuses
        .map(|status| Task {
            title: t(lang, "design.task"),
            hint: t(lang, "design.task_hint"),
            address: "/design".to_owned(),
            status,
        })
        .to_vec();
    let rows = vec![
        SummaryRow::new(t(lang, "design.text"), "汕尾甲子一期海上风电项目（演示）")
            .change("/design"),
        SummaryRow::new(
            t(lang, "design.number"),
            view! { <Amount value="1,655,202" unit="MWh"/> },
        )
        .change("/design"),
        SummaryRow::new(
            t(lang, "design.date"),
            format::date(lang, date!(2026 - 11 - 21)),
        ),
    ];
    let at = Instant::at_start_of(date!(2026 - 11 - 21)).plus_seconds(9 * 3600);
    let events = [
        ("design.event_two", "design.event_note"),
        ("design.event_one", ""),
    ]
    .map(|(title, note)| Event {
        at,
        title: t(lang, title),
        who: t(lang, "design.who"),
        note: if note.is_empty() {
            String::new()
        } else {
            t(lang, note)
        },
    })
    .to_vec();
    let columns = move || {
        vec![
            Column::text(t(lang, "design.text")),
            Column::text(t(lang, "design.date")),
            Column::number("tCO₂e"),
        ]
    };
    let cells = |name: &'static str, quantity: i64| {
        vec![
            name.into_any(),
            format::date(lang, date!(2026 - 11 - 21)).into_any(),
            format::whole(quantity).into_any(),
        ]
    };
    let table_rows = vec![
        cells("A210001", 804_345),
        cells("A210002", 12),
        cells("A110001", 1_655_202),
    ];
    view! {
        <Section title=t(lang, "design.lists")>
            <TaskList tasks/>
            <SummaryList rows/>
            <DataTable caption=t(lang, "design.table") columns=columns() rows=table_rows empty=t(lang, "design.empty") next="/design" json="/design" csv="/design"/>
            <DataTable caption=t(lang, "design.table") columns=columns() rows=Vec::new() empty=t(lang, "design.empty")/>
            <Timeline events/>
        </Section>
    }
    .into_any()
}

/// Every answer that the check of a certificate can give.
fn checked(lang: Lang) -> AnyView {
    use proofs::{Finding, Found, Report};
    let answers = [Found::Holds, Found::Fails, Found::NotChecked].map(|found| {
        let report = Report {
            findings: Finding::ALL.map(|finding| (finding, found)).to_vec(),
            number: None,
            demo: true,
            size: None,
            version: None,
            superseded_by: None,
            statement: None,
            unanswered: None,
        };
        let html = proofs::html(&report, &check_words(lang));
        view! { <div class="check__answer" inner_html=html></div> }
    });
    view! { <Section title=t(lang, "check.title")>{answers.into_iter().collect::<Vec<_>>()}</Section> }.into_any()
}

fn messages(lang: Lang) -> AnyView {
    let notices = [Tone::Done, Tone::Note, Tone::Attention, Tone::Refused]
        .map(|tone| view! { <Notice tone title=t(lang, "design.notice")><p>{t(lang, "design.notice_text")}</p></Notice> }.into_any());
    view! {
        <Section title=t(lang, "design.messages")>
            <FlashBanner flash=Flash::done("flash.clock_advanced").with("days", "7")/>
            {notices.into_iter().collect::<Vec<_>>()}
            <Empty text=t(lang, "design.empty")><a class="button" href="/design">{t(lang, "design.next")}</a></Empty>
        </Section>
    }
    .into_any()
}

/// A complete outcome from a calculator's own example.
fn calculation(lang: Lang) -> AnyView {
    let outcome = methodologies::calculators().iter().find_map(|calculator| {
        let input = methodologies::example(calculator.code)?;
        methodologies::calculate(calculator.code, &input).ok()
    });
    let shown = outcome.map(|outcome| outcome_view(lang, &ResultTexts::load(lang), &outcome));
    view! {
        <Section title=t(lang, "design.calculation")>
            {shown}
        </Section>
    }
    .into_any()
}
