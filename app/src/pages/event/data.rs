//! The data of an event: profile and plan, inventory, attendees.

use std::fmt::Write as _;

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Act;
use domain::event::ATTENDEE_COLUMNS;
use leptos::prelude::*;
use methodologies::event::fields::{COLUMNS, LINES_MAX, QUALITIES, STAGES};
use methodologies::schema::{Choice as InputChoice, Kind as Type};
use methodologies::table::{Table, parse, template};
use registry::{EventView, Fields};

use super::ORGANISERS;
use super::answers;
use super::desk::{boundary_fields, profile_fields};
use super::flight;
use super::live;
use super::overlap;
use super::shown::qr;
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::live::event::FACTOR_YEAR;
use crate::page::{Failed, OrFailed, Page, PageResult, require, scene};
use crate::parts::{
    ActForm, Choice, Column, CopyableId, DataTable, Field, Fieldset, Heading, Hidden, Kind, Section,
};
use crate::visitor::{Visitor, query_value};

/// Lines that a page shows; the file has them all.
const LINES_SHOWN: usize = 200;

/// An event, and the form of one act on it.
async fn opened(
    host: &Host,
    visitor: &Visitor,
    id: &str,
    act: Act,
    stored: fn(&EventView) -> Fields,
) -> Result<(EventView, Form), Failed> {
    let by = require(host, visitor, ORGANISERS)?;
    let event = host
        .registry
        .event_get(&by, id)
        .await
        .or_failed(host, visitor)?;
    let form = Form::open(host, visitor, act, stored(&event)).await;
    Ok((event, form))
}

fn page<'a>(host: &'a Host, visitor: &'a Visitor, event: &EventView, title: &str) -> Page<'a> {
    let lang = visitor.lang;
    Page::new(host, visitor, t(lang, title))
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .crumb(
            event.row.name.clone(),
            format!("/desk/events/{}", event.row.id),
        )
        .wide()
}

/// `GET /desk/events/{id}/plan`.
pub async fn plan(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let stored = |event: &EventView| event.fields.clone();
    let (event, form) = opened(&host, &visitor, &id, Act::EventSave, stored).await?;
    let lang = visitor.lang;
    let may = event.allowed.contains(&Act::EventSave);
    Ok(page(&host, &visitor, &event, "event.task_plan").view(move || {
        let form = if may {
            view! {
                <ActForm act=Act::EventSave form submit=t(lang, "event.save")>
                    <Hidden name="event" value=event.row.id.clone()/>
                    {profile_fields(lang)}
                    {boundary_fields(lang)}
                    {methods(lang)}
                </ActForm>
            }
            .into_any()
        } else {
            view! { <p>{t(lang, "event.plan_fixed")}</p> }.into_any()
        };
        view! { <Heading title=t(lang, "event.task_plan") lead=t(lang, "event.plan_lead")/>{form} }
    }))
}

/// How electricity and flights are counted.
fn methods(lang: Lang) -> AnyView {
    let choices = move |names: [&'static str; 2]| {
        names
            .map(|name| Choice::new(name, t(lang, &format!("event.method_{name}"))))
            .to_vec()
    };
    view! {
        <Fieldset legend=t(lang, "event.methods")>
            <Field name="electricity_method" label=t(lang, "event.electricity_method") hint=t(lang, "event.electricity_hint") kind=Kind::Radios choices=choices(["location", "market"]) default="location"/>
            <Field name="radiative_forcing" label=t(lang, "event.radiative_forcing") hint=t(lang, "event.radiative_hint") kind=Kind::Radios choices=choices(["include", "exclude"]) default="include"/>
        </Fieldset>
    }
    .into_any()
}

/// `GET /desk/events/{id}/inventory`; `?factor_year=` shows the result with the factors of another year beside it, `?flight_from=` and what
/// belongs to it fill a flight into the form of one line.
pub async fn inventory(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let act = Act::EventInventorySave;
    let (event, form) = opened(&host, &visitor, &id, act, |_| Fields::new()).await?;
    let by = require(&host, &visitor, ORGANISERS)?;
    let basis = host.registry.event_input(&by, &id).await;
    let basis = basis.or_failed(&host, &visitor)?;
    let query = query.unwrap_or_default();
    let year = query_value(&query, FACTOR_YEAR);
    let flown = flight::Asked::read(&query);
    let lang = visitor.lang;
    // what was typed and refused stays before what a flight would fill in
    let form = if form.values().is_empty() {
        Form::of(flown.line(lang))
    } else {
        form
    };
    let decisions = overlap::forms(&host, &visitor, &event).await;
    let may = event.allowed.contains(&act);
    Ok(page(&host, &visitor, &event, "event.task_inventory").view(move || {
        let result = live::result(lang, &event, basis, form.values(), year);
        let single = form.values().keys().any(|name| name.starts_with("line."));
        let (line_form, table_form) = if single {
            (form, Form::default())
        } else {
            (Form::default(), form)
        };
        let forms = may.then(|| {
            let line = line(lang, &event.row.id, line_form);
            let import = import(lang, &event.row.id, table_form);
            view! {
                {flight::section(lang, &event.row.id, flown)}
                <Section title=t(lang, "event.add_line") id="line">{line}</Section>
                <Section title=t(lang, "event.import_lines") id="import">{import}</Section>
            }
        });
        let file = format!("/desk/events/{}/inventory.csv", event.row.id);
        let proofs = format!("/desk/events/{}/files", event.row.id);
        let overlaps = overlap::section(lang, &event, decisions);
        view! {
            <Heading title=t(lang, "event.task_inventory") lead=t(lang, "event.inventory_lead")/>
            {overlaps}
            {lines_table(lang, &event)}
            {result}
            <p><a href=file>{t(lang, "event.download_lines")}</a></p>
            <p><a href=proofs>{t(lang, "event_file.to_files")}</a></p>
            {forms}
        }
    }))
}

/// The lines with what each emits.
pub fn lines_table(lang: Lang, event: &EventView) -> AnyView {
    let table = parse(&event.inventory, "lines", &COLUMNS, LINES_MAX).ok();
    let rows = table
        .as_ref()
        .map_or_else(Vec::new, |table| rows(lang, event, table));
    let more = table
        .map_or(0, |table| table.rows.len())
        .saturating_sub(LINES_SHOWN);
    let more = (more > 0)
        .then(|| view! { <p>{tp(lang, "event.more_lines", &[("more", &more.to_string())])}</p> });
    let columns = vec![
        Column::text(t(lang, "event.activity")),
        Column::text(t(lang, "event.stage")),
        Column::number(t(lang, "event.quantity")),
        Column::text(t(lang, "event.factor")),
        Column::text(t(lang, "event.quality")),
        Column::number("kgCO2e"),
    ];
    view! { <DataTable caption=t(lang, "event.inventory") columns rows empty=t(lang, "event.no_lines")/>{more} }
        .into_any()
}

fn rows(lang: Lang, event: &EventView, table: &Table) -> Vec<Vec<AnyView>> {
    let place = |code: &str| table.place(code);
    let (activity, stage, quantity, unit, factor, quality) = (
        place("activity"),
        place("stage"),
        place("quantity"),
        place("unit"),
        place("factor"),
        place("quality"),
    );
    let amounts = event.footprint.as_deref().map(|found| &found.lines);
    table
        .rows
        .iter()
        .take(LINES_SHOWN)
        .enumerate()
        .map(|(at, row)| {
            let kg = amounts
                .and_then(|lines| lines.get(at))
                .map(|line| line.kg.to_string());
            let number = row
                .number(quantity)
                .map(|number| number.normalize().to_string());
            vec![
                row.text(activity).to_owned().into_any(),
                choice_label(lang, &STAGES, row.text(stage)).into_any(),
                format!(
                    "{} {}",
                    format::decimal(&number.unwrap_or_default()),
                    row.text(unit)
                )
                .into_any(),
                row.text(factor).to_owned().into_any(),
                choice_label(lang, &QUALITIES, row.text(quality)).into_any(),
                kg.map(|kg| format::decimal(&kg))
                    .unwrap_or_default()
                    .into_any(),
            ]
        })
        .collect()
}

fn choice_label(lang: Lang, choices: &[InputChoice], value: &str) -> String {
    choices
        .iter()
        .find(|choice| choice.value == value)
        .map_or(value, |choice| lang.choose(choice.text.zh, choice.text.en))
        .to_owned()
}

/// The form of one line: the columns that most lines need.
fn line(lang: Lang, event: &str, form: Form) -> AnyView {
    const SHOWN: [&str; 12] = [
        "activity",
        "stage",
        "quantity",
        "unit",
        "factor",
        "quality",
        "class",
        "province",
        "certificate_kwh",
        "certificate_proof",
        "reference",
        "evidence",
    ];
    // within the form, whose values the fields show
    let fields = move || -> Vec<_> {
        let shown = SHOWN
            .iter()
            .filter_map(|code| COLUMNS.iter().find(|column| column.code == *code))
            .map(|column| {
                let name = format!("line.{}", column.code);
                let label = lang.choose(column.label.zh, column.label.en).to_owned();
                let hint = lang.choose(column.help.zh, column.help.en).to_owned();
                let (kind, choices) = match column.kind {
                    Type::Choice(choices) => {
                        let choices = choices.iter().map(|choice| {
                            Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en))
                        });
                        (Kind::Select, choices.collect())
                    }
                    Type::Number { .. } => (Kind::Decimal, Vec::new()),
                    _ => (Kind::Text, Vec::new()),
                };
                view! { <Field name label hint kind choices optional=!column.required/> }
            });
        shown.collect()
    };
    let event = event.to_owned();
    view! {
        <ActForm act=Act::EventInventorySave form submit=t(lang, "event.add_line") id=live::LINE_FORM>
            <Hidden name="event" value=event/>
            {fields()}
        </ActForm>
    }
    .into_any()
}

fn import(lang: Lang, event: &str, form: Form) -> AnyView {
    let header = template(&COLUMNS, lang == Lang::Zh);
    let event = event.to_owned();
    let modes = ["no", "yes"]
        .map(|mode| Choice::new(mode, t(lang, &format!("event.append_{mode}"))))
        .to_vec();
    view! {
        <p>{t(lang, "event.import_lead")}</p>
        <p><code>{header}</code></p>
        <ActForm act=Act::EventInventorySave form submit=t(lang, "event.import_submit") quiet=true id=live::TABLE_FORM>
            <Hidden name="event" value=event/>
            <Field name="append" label=t(lang, "event.append") kind=Kind::Radios choices=modes default="no"/>
            <Field name="lines_file" label=t(lang, "event.file") hint=t(lang, "event.file_hint") kind=Kind::File autocomplete=".csv,.xlsx" optional=true/>
            <Field name="lines" label=t(lang, "event.pasted") kind=Kind::Lines rows=6 optional=true/>
        </ActForm>
    }
    .into_any()
}

/// `GET /desk/events/{id}/inventory.csv`: what the organiser and the attendees gave, in the form in which it is computed.
pub async fn inventory_csv(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let by = require(&host, &visitor, ORGANISERS)?;
    let event = host
        .registry
        .event_get(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    Ok(csv(
        &event.inventory,
        &event.attendee_lines,
        &event.row.number,
    ))
}

/// An inventory as a file.
pub fn csv(inventory: &str, more: &str, number: &str) -> Response {
    let mut text = String::from("\u{feff}");
    let _ = write!(text, "{inventory}{more}");
    let name = format!("attachment; filename=\"{number}.csv\"");
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        text,
    )
        .into_response()
}

/// `GET /desk/events/{id}/attendees`.
pub async fn attendees(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let act = Act::EventAttendeesImport;
    let (event, form) = opened(&host, &visitor, &id, act, |_| Fields::new()).await?;
    let open_form = Form::open(&host, &visitor, Act::EventFormSet, Fields::new()).await;
    let answers = answers::load(&host, &visitor, &id, query.as_deref()).await?;
    let lang = visitor.lang;
    let may = event.allowed.contains(&act);
    Ok(page(&host, &visitor, &event, "event.task_attendees").view(move || {
        let rows = event
            .attendees
            .iter()
            .map(|(source, sums)| {
                vec![
                    t(lang, &format!("event.mode_{}", sums.mode)).into_any(),
                    t(lang, &format!("event.from_{source}")).into_any(),
                    whole(sums.people).into_any(),
                    whole(sums.km).into_any(),
                    whole(sums.nights).into_any(),
                    whole(sums.meals).into_any(),
                ]
            })
            .collect();
        let columns = vec![
            Column::text(t(lang, "event.mode")),
            Column::text(t(lang, "event.given_by")),
            Column::number(t(lang, "event.people_short")),
            Column::number("km"),
            Column::number(t(lang, "event.nights")),
            Column::number(t(lang, "event.meals")),
        ];
        let may_open = event.allowed.contains(&Act::EventFormSet);
        let link = link_section(lang, &event, may_open.then_some(open_form));
        let (sources, list) = answers::sections(lang, &event, answers);
        let import = may.then(|| {
            view! {
                <Section title=t(lang, "event.import_attendees") id="import">
                    <p>{t(lang, "event.import_attendees_lead")}</p>
                    <p><code>{template(&ATTENDEE_COLUMNS, lang == Lang::Zh)}</code></p>
                    <ActForm act=Act::EventAttendeesImport form submit=t(lang, "event.import_submit")>
                        <Hidden name="event" value=event.row.id.clone()/>
                        <Field name="attendees_file" label=t(lang, "event.file") hint=t(lang, "event.file_hint") kind=Kind::File autocomplete=".csv,.xlsx" optional=true/>
                        <Field name="attendees" label=t(lang, "event.pasted") kind=Kind::Lines rows=6 optional=true/>
                    </ActForm>
                </Section>
            }
        });
        view! {
            <Heading title=t(lang, "event.task_attendees") lead=t(lang, "event.attendees_lead")/>
            <DataTable caption=t(lang, "event.answers") columns rows empty=t(lang, "event.answers_none")/>
            {sources}
            {link}
            {import}
            {list}
        }
    }))
}

/// The link of the form and its picture, and the buttons that open and close it.
fn link_section(lang: Lang, event: &EventView, form: Option<Form>) -> AnyView {
    let link = event.form.as_ref().map(|token| {
        let address = format!("{}/attend/{token}", scene().public_url);
        let picture = qr(&address, &t(lang, "event.qr"));
        view! { <p><CopyableId text=address/></p>{picture} }
    });
    let is_open = event.form.is_some();
    let forms = form.map(|form| {
        let button = |open: &'static str, key: &str, form: Form| {
            let id = event.row.id.clone();
            view! {
                <ActForm act=Act::EventFormSet form submit=t(lang, key) quiet=true>
                    <Hidden name="event" value=id/>
                    <Hidden name="open" value=open/>
                </ActForm>
            }
        };
        let close = is_open.then(|| button("no", "event.form_close", Form::default()));
        let key = if is_open {
            "event.form_renew"
        } else {
            "event.form_open"
        };
        view! { {button("yes", key, form)}{close} }
    });
    view! {
        <Section title=t(lang, "event.form_title") id="form">
            <p>{t(lang, "event.form_lead")}</p>
            {link}
            {forms}
        </Section>
    }
    .into_any()
}
