//! Today and the month of a personal account.

use axum::extract::State;
use domain::inclusion::Place;
use leptos::prelude::*;
use registry::{ActivityView, DayView, PageRequest, PersonView};
use time::Date;

use super::{PERSON, figure, grams, scene_name};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{Column, DataTable, Heading, Section, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /me`.
pub async fn today(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let page = PageRequest {
        after: None,
        size: 20,
    };
    let first = Date::from_ordinal_date(2000, 1).unwrap_or(Date::MIN);
    let acts = registry.activities(&by, (first, Date::MAX), &page).await;
    let acts = acts.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.today")).view(move || {
            view! {
                <Heading title=t(lang, "personal.today") lead=t(lang, "personal.points_hint")/>
                {figures(lang, &person)}
                <p><a class="button" href="/me/record">{t(lang, "personal.record")}</a>" "
                    <a class="button button--secondary" href="/me/consents">{t(lang, "personal.connect")}</a></p>
                <Section title=t(lang, "personal.recent")>{table(lang, &acts.rows)}</Section>
            }
        }),
    )
}

fn figures(lang: Lang, person: &PersonView) -> AnyView {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let mut all = vec![
        figure(&grams(person.today_mg), label("today_mg")),
        figure(&grams(person.in_place(Place::Held)), label("held")),
        figure(&format::whole(person.points.available), label("points")),
        figure(
            &format::whole(person.points.activity),
            label("activity_points"),
        ),
        figure(&grams(person.month_mg), label("month_mg")),
        figure(&grams(person.in_place(Place::Pending)), label("pending")),
        figure(&grams(person.settled_mg), label("settled")),
        figure(&label(&format!("level_{}", person.level)), label("level")),
    ];
    if person.points.debt < 0 {
        all.push(figure(&format::whole(-person.points.debt), label("debt")));
    }
    view! { <div class="hero-numbers">{all}</div> }.into_any()
}

/// Acts as a table, each with its way to the details.
pub(super) fn table(lang: Lang, acts: &[ActivityView]) -> AnyView {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let rows = acts
        .iter()
        .map(|act| {
            let address = format!("/me/acts/{}", act.id);
            let name = scene_name(lang, &act.scene);
            vec![
                view! { <a href=address>{name}</a> }.into_any(),
                format::date_text(lang, &act.day).into_any(),
                grams(act.mg).into_any(),
                status(lang, act),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(label("scene")),
        Column::text(label("day")),
        Column::number(label("grams")),
        Column::text(label("status")),
    ];
    view! { <DataTable caption=label("recent") columns rows empty=label("nothing_yet")/> }
        .into_any()
}

/// Where an act stands, as a tag.
pub(super) fn status(lang: Lang, act: &ActivityView) -> AnyView {
    let tone = match act.status.code() {
        "settled" => Tone::Done,
        "review" => Tone::Attention,
        "void" => Tone::Refused,
        _ => Tone::Note,
    };
    let text = t(lang, &format!("personal.status_{}", act.status.code()));
    view! { <Tag text tone/> }.into_any()
}

/// `GET /me/month`.
pub async fn month(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let today = visitor.now.beijing_date();
    let first = today.replace_day(1).unwrap_or(today);
    let days = host.registry.days(&by, (first, today)).await;
    let days = days.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.month")).view(move || {
            let sum: i64 = days.iter().map(|day| day.mg).sum();
            view! {
                <Heading title=t(lang, "personal.month")/>
                <div class="hero-numbers">{figure(&grams(sum), t(lang, "personal.month_mg"))}</div>
                {by_day(lang, &days)}
            }
        }),
    )
}

fn by_day(lang: Lang, days: &[DayView]) -> AnyView {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let rows = days
        .iter()
        .rev()
        .map(|day| {
            vec![
                format::date_text(lang, &day.day).into_any(),
                scene_name(lang, &day.scene).into_any(),
                format::whole(day.acts).into_any(),
                grams(day.mg).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(label("day")),
        Column::text(label("scene")),
        Column::number(label("acts")),
        Column::number(label("grams")),
    ];
    view! { <DataTable caption=label("month") columns rows empty=label("nothing_yet")/> }.into_any()
}
