//! The organiser's list of events, and beginning one: in five minutes, or from the full plan.

use axum::extract::{RawQuery, State};
use domain::Act;
use domain::event::{EVENT_KINDS, city_names};
use domain::place::PROVINCES;
use leptos::prelude::*;
use registry::{EventListRow, Fields, PageRequest};

use super::ORGANISERS;
use super::shown::{days, guide_remark, state_tag};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice,
};
use crate::visitor::{Tone, Visitor, query_value};

/// Events on one page.
const PAGE_ROWS: i64 = 50;

/// `GET /desk/events`.
pub async fn list(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let request = PageRequest {
        after: query_value(query.as_deref().unwrap_or_default(), "after"),
        size: PAGE_ROWS,
    };
    let page = host.registry.event_list(&by, &request).await;
    let page = page.or_failed(&host, &visitor)?;
    let asked = host.registry.event_invitations(&by).await;
    let asked = asked.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "event.list_title"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|row| cells(lang, row)).collect();
            let next = page.next.map(|next| format!("/desk/events?after={next}"));
            let columns = ["event.name", "event.days", "event.state", "event.deadline", "event.again"]
                .map(|key| Column::text(t(lang, key)))
                .to_vec();
            view! {
                <Heading title=t(lang, "event.list_title") lead=t(lang, "event.list_lead")/>
                {invitations(lang, &asked)}
                <p class="act-form__buttons">
                    <a class="button" href="/desk/events/new">{t(lang, "event.new_quick")}</a>
                    <a class="button button--secondary" href="/desk/events/new?deep=yes">{t(lang, "event.new_deep")}</a>
                </p>
                <DataTable caption=t(lang, "event.list_title") columns rows empty=t(lang, "event.list_empty") next=next.unwrap_or_default()/>
                {guide_remark(lang)}
            }
        }))
}

/// Questions of others to organise an event with them, which are to be answered.
fn invitations(lang: Lang, asked: &[EventListRow]) -> Option<AnyView> {
    if asked.is_empty() {
        return None;
    }
    let lines: Vec<_> = asked
        .iter()
        .map(|row| {
            let address = format!("/desk/events/{}/organisers", row.id);
            view! { <li><a href=address>{row.name.clone()}</a>" "<code>{row.number.clone()}</code></li> }
        })
        .collect();
    Some(
        view! {
            <Notice tone=Tone::Attention title=t(lang, "event_organisers.asked")><ul>{lines}</ul></Notice>
        }
        .into_any(),
    )
}

fn cells(lang: Lang, row: &EventListRow) -> Vec<AnyView> {
    let address = format!("/desk/events/{}", row.id);
    let copy = format!("/desk/events/new?deep=yes&from={}", row.id);
    vec![
        view! { <a href=address>{row.name.clone()}</a>" "<code>{row.number.clone()}</code> }
            .into_any(),
        days(lang, &row.starts_on, &row.ends_on).into_any(),
        state_tag(lang, row.state),
        format::date_text(lang, &row.deadline).into_any(),
        view! { <a href=copy>{t(lang, "event.copy")}</a> }.into_any(),
    ]
}

/// `GET /desk/events/new`: the short form; `?deep=yes` the profile only, `&from=` a copy of an earlier event.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let query = query.unwrap_or_default();
    let deep = query_value(&query, "deep").is_some();
    let from = query_value(&query, "from").unwrap_or_default();
    let mut stored = Fields::new();
    if !from.is_empty() {
        let earlier = host.registry.event_get(&by, &from).await;
        stored = earlier.or_failed(&host, &visitor)?.fields;
        for day in ["starts_on", "ends_on"] {
            stored.remove(day);
        }
    }
    let form = Form::open(&host, &visitor, Act::EventCreate, stored).await;
    let lang = visitor.lang;
    let title = if deep {
        "event.new_deep"
    } else {
        "event.new_quick"
    };
    Ok(Page::new(&host, &visitor, t(lang, title))
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .view(move || {
            let lead = if deep { "event.new_deep_lead" } else { "event.new_quick_lead" };
            // within the form, whose values the fields show
            let more = move || if deep {
                view! { <Hidden name="from" value=from/>{boundary_fields(lang)} }.into_any()
            } else {
                view! { <Hidden name="quick" value="yes"/>{quick_fields(lang)} }.into_any()
            };
            view! {
                <Heading title=t(lang, title) lead=t(lang, lead)/>
                <ActForm act=Act::EventCreate form submit=t(lang, "event.create_submit") cancel="/desk/events">
                    {profile_fields(lang)}
                    {more()}
                </ActForm>
            }
        }))
}

/// What every event says about itself.
pub fn profile_fields(lang: Lang) -> AnyView {
    let kinds = EVENT_KINDS
        .iter()
        .map(|kind| Choice::new(*kind, t(lang, &format!("event.kind_{kind}"))))
        .collect();
    let provinces: Vec<_> = PROVINCES
        .iter()
        .map(|place| Choice::new(place.name_zh, lang.choose(place.name_zh, place.name_en)))
        .collect();
    let cities = city_names()
        .into_iter()
        .map(|name| Choice::new(name, name))
        .collect();
    view! {
        <Fieldset legend=t(lang, "event.profile")>
            <Field name="name" label=t(lang, "event.name") hint=t(lang, "event.name_hint")/>
            <Field name="kind" label=t(lang, "event.kind") kind=Kind::Select choices=kinds default="meeting"/>
            <Field name="starts_on" label=t(lang, "event.starts_on") kind=Kind::Date/>
            <Field name="ends_on" label=t(lang, "event.ends_on") kind=Kind::Date/>
            <Field name="province" label=t(lang, "event.province") hint=t(lang, "event.province_hint") kind=Kind::Select choices=provinces/>
            <Field name="city" label=t(lang, "event.city") hint=t(lang, "event.city_hint") kind=Kind::Select choices=cities optional=true/>
            <Field name="place" label=t(lang, "event.place") optional=true/>
            <Field name="people" label=t(lang, "event.people") kind=Kind::Decimal/>
        </Fieldset>
    }
    .into_any()
}

fn quick_fields(lang: Lang) -> AnyView {
    let field = move |name: &'static str, key: &str, unit: &str, default: &'static str| {
        let unit = unit.to_owned();
        view! { <Field name label=t(lang, key) kind=Kind::Decimal unit default optional=true/> }
            .into_any()
    };
    view! {
        <Fieldset legend=t(lang, "event.quick_legend") hint=t(lang, "event.quick_hint")>
            {field("rail_people", "event.rail_people", "", "")}
            {field("rail_km", "event.rail_km", "km", "600")}
            {field("air_people", "event.air_people", "", "")}
            {field("air_km", "event.air_km", "km", "1200")}
            {field("nights", "event.nights_all", "", "")}
        </Fieldset>
        {defaults(lang)}
    }
    .into_any()
}

/// What stands in for what was not measured.
fn defaults(lang: Lang) -> AnyView {
    let lines: Vec<_> = domain::event::QUICK_DEFAULTS
        .iter()
        .map(|default| {
            let whole = default.thousandths / 1000;
            let rest = default.thousandths % 1000;
            let value = format::decimal(&format!("{whole}.{rest:03}"));
            let value = value.trim_end_matches('0').trim_end_matches('.').to_owned();
            view! { <li>{t(lang, &format!("event.quick_{}", default.code))}" "{value}" "{default.unit}</li> }
        })
        .collect();
    view! {
        <details class="how">
            <summary class="how__summary">{t(lang, "event.quick_defaults")}</summary>
            <div class="how__body"><p>{t(lang, "event.quick_defaults_text")}</p><ul>{lines}</ul></div>
        </details>
    }
    .into_any()
}

/// Stages, classes left out, measures and method.
pub fn boundary_fields(lang: Lang) -> AnyView {
    let stages: Vec<_> = ["hold", "prepare", "close"]
        .into_iter()
        .map(|stage| {
            let name = format!("stages.{stage}");
            view! { <Field name label=t(lang, &format!("event.stage_{stage}")) kind=Kind::Checkbox/> }
        })
        .collect();
    let classes: Vec<_> = domain::event::required_classes()
        .into_iter()
        .map(|class| {
            let items = methodologies::event::checklist()
                .iter()
                .filter(|item| item.class == class);
            let what: Vec<&str> = items
                .map(|item| lang.choose(item.what.zh, item.what.en))
                .collect();
            let name = format!("left_out.{class}");
            view! { <Field name label=class_label(lang, class) hint=what.join("；") optional=true/> }
        })
        .collect();
    view! {
        <Fieldset legend=t(lang, "event.boundary") hint=t(lang, "event.boundary_hint")>{stages}</Fieldset>
        <Fieldset legend=t(lang, "event.left_out") hint=t(lang, "event.left_out_hint")>{classes}</Fieldset>
        <Fieldset legend=t(lang, "event.plan")>
            <Field name="measures" label=t(lang, "event.measures") hint=t(lang, "event.measures_hint") kind=Kind::Lines optional=true/>
            <Field name="method" label=t(lang, "event.method") hint=t(lang, "event.method_hint") kind=Kind::Lines optional=true/>
        </Fieldset>
    }
    .into_any()
}

/// The name of a class of the inventory.
pub fn class_label(lang: Lang, class: &str) -> String {
    methodologies::event::fields::CLASSES
        .iter()
        .find(|choice| choice.value == class)
        .map_or(class, |choice| lang.choose(choice.text.zh, choice.text.en))
        .to_owned()
}
