//! Today of a personal account, and the ways from here.

use axum::extract::State;
use domain::inclusion::{ConsentStanding, ExpiryKind, Place};
use leptos::prelude::*;
use registry::{ActivityView, ConsentView, ExpiryView, PersonView};

use super::badges::to_next_level;
use super::consents::outdated;
use super::guardian::missing;
use super::{PERSON, figure, grams, scene_name};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{Column, DataTable, Heading, Notice, Section, Tag};
use crate::visitor::{Tone, Visitor};

/// How many acts are shown; the months have all of them.
const RECENT: i64 = 20;

/// `GET /me`.
pub async fn today(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let acts = registry.recent_acts(&by, RECENT).await;
    let acts = acts.or_failed(&host, &visitor)?;
    let consents = registry.consents(&by).await.or_failed(&host, &visitor)?;
    let badges = registry.badges(&by).await.or_failed(&host, &visitor)?;
    let expiries = registry.expiries(&by).await.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.today")).numbers(set).view(move || {
            view! {
                <Heading title=t(lang, "personal.today") lead=t(lang, "personal.points_hint")/>
                {figures(lang, &person)}
                {to_next_level(lang, badges.level)}
                {(person.is_minor && !person.has_confirmed_guardian).then(|| missing(lang))}
                {texts_changed(lang, &consents)}
                {ahead(lang, &expiries)}
                <p class="button-row"><a class="button" href="/me/record">{t(lang, "personal.record")}</a>
                    <a class="button button--secondary" href="/me/consents">{t(lang, "personal.connect")}</a></p>
                {unconfirmed(lang, &person)}
                {tiles(lang)}
                <Section title=t(lang, "personal.recent")>{table(lang, &acts)}<p><a href="/me/month">{t(lang, "personal.all_by_month")}</a></p></Section>
            }
        }),
    )
}

/// Where one can go from here, each as large as a thumb.
fn tiles(lang: Lang) -> AnyView {
    let places = [
        ("month", "/me/month"),
        ("badges", "/me/badges"),
        ("rating", "/me/rating"),
        ("boards", "/me/boards"),
        ("give", "/me/give"),
        ("shop", "/me/shop"),
        ("consents", "/me/consents"),
        ("help", "/me/help"),
    ];
    let tiles: Vec<_> = places
        .iter()
        .map(|(name, address)| {
            let title = t(lang, &format!("personal.{name}"));
            let note = t(lang, &format!("personal.tile_{name}"));
            view! { <li class="tiles__tile"><a class="tiles__link" href=*address>{title}</a><p class="tiles__note">{note}</p></li> }
        })
        .collect();
    view! { <ul class="tiles">{tiles}</ul> }.into_any()
}

/// Texts that were agreed to and have changed since: what waits for an answer is said first.
fn texts_changed(lang: Lang, given: &[ConsentView]) -> AnyView {
    let changed: Vec<_> = outdated(given).collect();
    if changed.is_empty() {
        return ().into_any();
    }
    let count = changed.len().to_string();
    let waits = changed
        .iter()
        .any(|one| one.standing == ConsentStanding::Waits)
        .then(|| view! { <p>{t(lang, "consent.today_waits")}</p> });
    view! {
        <Notice tone=Tone::Attention title=tp(lang, "consent.today", &[("count", &count)])>
            {waits}
            <p><a href="/me/consents">{t(lang, "consent.see")}</a></p>
        </Notice>
    }
    .into_any()
}

/// What will expire, and when: told once and kept here until the day.
fn ahead(lang: Lang, expiries: &[ExpiryView]) -> AnyView {
    let lines: Vec<_> = expiries
        .iter()
        .filter(|one| one.expired_at.is_none())
        .map(|one| {
            let amount = match one.kind {
                ExpiryKind::Activity => format::whole(one.amount),
                ExpiryKind::Certified | ExpiryKind::Counted => grams(one.amount),
            };
            let params = [
                ("amount", amount),
                ("before", format::date_text(lang, &one.before)),
                ("date", format::date_text(lang, &one.expires_on)),
            ];
            let params: Vec<_> = params
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let key = format!("personal.expires_{}", one.kind.code());
            view! { <p>{tp(lang, &key, &params)}</p> }
        })
        .collect();
    (!lines.is_empty())
        .then(|| view! { <Notice tone=Tone::Attention title=t(lang, "personal.expires_title")>{lines}</Notice> })
        .into_any()
}

/// What holds for an account whose number nobody confirmed.
pub(super) fn unconfirmed(lang: Lang, person: &PersonView) -> AnyView {
    person
        .is_unconfirmed
        .then(|| view! { <p class="prose">{t(lang, "personal.phone_unconfirmed")}</p> })
        .into_any()
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
    view! { <div class="hero-numbers hero-numbers--many">{all}</div> }.into_any()
}

/// Acts as a table, each with its way to the details.
fn table(lang: Lang, acts: &[ActivityView]) -> AnyView {
    table_paged(lang, acts, String::new(), String::new())
}

/// The same with the addresses of the next page and of the first one, where there are such.
pub(super) fn table_paged(
    lang: Lang,
    acts: &[ActivityView],
    next: String,
    first: String,
) -> AnyView {
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
    let empty = label("nothing_yet");
    view! { <DataTable caption=label("acts_caption") columns rows empty next first/> }.into_any()
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
