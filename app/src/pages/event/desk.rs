//! The organiser's list of events, and beginning one: in five minutes, or from the full plan.

use axum::extract::{RawQuery, State};
use domain::Act;
use domain::event::{EVENT_KINDS, EVENT_TEMPLATES, EventTemplate, city_names};
use domain::place::PROVINCES;
use leptos::prelude::*;
use registry::{EventListRow, Fields, PageRequest};

use super::ORGANISERS;
use super::shown::{days, guide_remark, state_tag};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice, Section,
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
                    <a class="button button--secondary" href="/desk/events/new#templates">{t(lang, "event_template.choose")}</a>
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

/// `GET /desk/events/new`: the short form of a meeting; `?template=` that of another template, `?deep=yes` the profile only, `&from=` a copy
/// of an earlier event.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, ORGANISERS)?;
    let query = query.unwrap_or_default();
    let deep = query_value(&query, "deep").is_some();
    let from = query_value(&query, "from").unwrap_or_default();
    let named = query_value(&query, "template").and_then(|code| EventTemplate::find(&code));
    let template = named.unwrap_or(&EVENT_TEMPLATES[0]);
    let mut stored = Fields::new();
    if !from.is_empty() {
        let earlier = host.registry.event_get(&by, &from).await;
        stored = earlier.or_failed(&host, &visitor)?.fields;
        for day in ["starts_on", "ends_on"] {
            stored.remove(day);
        }
    } else if !deep {
        stored.insert("kind".to_owned(), template.kind.to_owned());
        stored.insert("people".to_owned(), template.people.to_string());
    }
    let form = Form::open(&host, &visitor, Act::EventCreate, stored).await;
    let lang = visitor.lang;
    let title = if deep {
        t(lang, "event.new_deep")
    } else if named.is_none() {
        t(lang, "event.new_quick")
    } else {
        let name = t(lang, &format!("event_template.{}", template.code));
        tp(lang, "event_template.title", &[("name", &name)])
    };
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "event.list_title"), "/desk/events")
        .view(move || {
            let lead = match (deep, named) {
                (true, _) => "event.new_deep_lead",
                (false, None) => "event.new_quick_lead",
                (false, Some(_)) => "event_template.lead",
            };
            // within the form, whose values the fields show
            let more = move || if deep {
                view! { <Hidden name="from" value=from/>{boundary_fields(lang)} }.into_any()
            } else {
                view! {
                    <Hidden name="template" value=template.code/>
                    <Hidden name="language" value=lang.code()/>
                    {travel_fields(lang, template)}
                }
                .into_any()
            };
            let others = (!deep).then(|| templates(lang, template));
            view! {
                <Heading title lead=t(lang, lead)/>
                {others}
                <ActForm act=Act::EventCreate form submit=t(lang, "event.create_submit") cancel="/desk/events">
                    {profile_fields(lang)}
                    {more()}
                </ActForm>
            }
        }))
}

/// The other templates.
fn templates(lang: Lang, chosen: &EventTemplate) -> AnyView {
    let others = EVENT_TEMPLATES
        .iter()
        .filter(|template| template.code != chosen.code);
    let lines: Vec<_> = others
        .map(|template| {
            let address = format!("/desk/events/new?template={}", template.code);
            let name = t(lang, &format!("event_template.{}", template.code));
            let what = t(lang, &format!("event_template.{}_what", template.code));
            let (people, days) = (format::whole(template.people), template.days.to_string());
            let usual = [("people", people.as_str()), ("days", days.as_str())];
            let usual = tp(lang, "event_template.usual", &usual);
            view! {
                <li><a href=address>{name}</a><span class="table__sub">{usual}" · "{what}</span></li>
            }
        })
        .collect();
    view! {
        <Section title=t(lang, "event_template.choose") id="templates">
            <p>{t(lang, "event_template.choose_lead")}</p>
            <ul>{lines}</ul>
        </Section>
    }
    .into_any()
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

/// How people come; what stays empty is taken from the template.
fn travel_fields(lang: Lang, template: &EventTemplate) -> AnyView {
    let travel = template.travel;
    let field = move |name: &'static str, key: &str, unit: &str, default: String, hint: String| {
        let unit = unit.to_owned();
        view! { <Field name label=t(lang, key) hint kind=Kind::Decimal unit default optional=true/> }
            .into_any()
    };
    let share = move |key: &str, permille: i64| {
        if permille == 0 {
            return String::new();
        }
        tp(lang, key, &[("percent", &shown(permille * 100))])
    };
    let of_people = move |permille| share("event_template.share_people", permille);
    let rail = of_people(travel.rail_permille);
    let air = of_people(travel.air_permille);
    let nights = share("event_template.share_nights", travel.nights_permille);
    let (rail_km, air_km) = (travel.rail_km.to_string(), travel.air_km.to_string());
    let none = String::new;
    view! {
        <Fieldset legend=t(lang, "event.quick_legend") hint=t(lang, "event.quick_hint")>
            {field("rail_people", "event.rail_people", "", none(), rail)}
            {field("rail_km", "event.rail_km", "km", rail_km, none())}
            {field("air_people", "event.air_people", "", none(), air)}
            {field("air_km", "event.air_km", "km", air_km, none())}
            {field("nights", "event.nights_all", "", none(), nights)}
        </Fieldset>
        {assumptions(lang, template)}
    }
    .into_any()
}

/// What stands in for what was not measured.
fn assumptions(lang: Lang, template: &EventTemplate) -> AnyView {
    let lines: Vec<_> = template
        .lines
        .iter()
        .map(|line| {
            let activity = lang.choose(line.activity.zh, line.activity.en);
            let per = t(lang, &format!("event_template.per_{}", line.per.code()));
            let value = shown(line.thousandths);
            view! { <li>{activity}" "{value}" "{line.unit}" "{per}</li> }
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

/// Thousandths as people read them.
fn shown(thousandths: i64) -> String {
    let value = format::decimal(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000));
    value.trim_end_matches('0').trim_end_matches('.').to_owned()
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
