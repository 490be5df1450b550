//! Levels and badges, and the rating of a year: what each takes and how far one has come. No day has to be kept, nothing is lost.

use axum::extract::{RawQuery, State};
use domain::inclusion::badge::{FAMILY_ACTS, LEVELS_MG, VARIETY_SCENES};
use domain::inclusion::{Badges, Progress, RatedPart, RatingPart};
use leptos::prelude::*;
use methodologies::inclusion as scenes;
use registry::RatingView;
use rust_decimal::Decimal;

use super::{PERSON, grams};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{Heading, Section, Tab, Tabs};
use crate::visitor::{Visitor, query_value};

/// `GET /me/badges`.
pub async fn badges(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let badges = host.registry.badges(&by).await.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    let page = Page::new(&host, &visitor, t(lang, "personal.badges"));
    let page = page.crumb(t(lang, "personal.today"), "/me");
    Ok(page.view(move || all(lang, &badges)))
}

fn all(lang: Lang, badges: &Badges) -> AnyView {
    let level = level(lang, badges);
    let families = families(lang, badges);
    let name = t(lang, "personal.badge_variety");
    let variety = badges.variety;
    let variety = badge(
        lang,
        name.clone(),
        variety,
        &VARIETY_SCENES,
        "personal.badge_scenes",
    );
    view! {
        <Heading title=t(lang, "personal.badges") lead=t(lang, "personal.badges_lead")/>
        <Section title=t(lang, "personal.level")>{level}</Section>
        <Section title=t(lang, "personal.badges_by_kind")>
            <p class="prose">{t(lang, "personal.badges_by_kind_lead")}</p>
            <ul class="badges">{families}</ul>
        </Section>
        <Section title=name>
            <p class="prose">{t(lang, "personal.badge_variety_lead")}</p>
            <ul class="badges">{variety}</ul>
        </Section>
        <p class="prose"><a href="/me/rating">{t(lang, "personal.rating")}</a></p>
    }
    .into_any()
}

fn level(lang: Lang, badges: &Badges) -> AnyView {
    let reached = badges.level.step;
    let steps: Vec<_> = LEVELS_MG
        .iter()
        .enumerate()
        .map(|(at, mg)| {
            let name = t(lang, &format!("personal.level_{at}"));
            let takes = tp(lang, "personal.level_takes", &[("grams", &grams(*mg))]);
            let mark = mark(lang, at <= reached);
            let class = crate::parts::class_if("ladder__step", "reached", at <= reached);
            view! { <li class=class><strong>{name}</strong>" "<span>{takes}</span>{mark}</li> }
        })
        .collect();
    view! {
        <p class="hero-line">{t(lang, &format!("personal.level_{reached}"))}</p>
        {to_next_level(lang, badges.level)}
        <ol class="ladder">{steps}</ol>
    }
    .into_any()
}

/// The way to the next level: its bar, and in words.
pub(super) fn to_next_level(lang: Lang, level: Progress) -> AnyView {
    let next = level.next.map(|next| {
        let left = grams((next - level.have).max(0) + 999);
        tp(lang, "personal.level_left", &[("grams", &left)])
    });
    let next = next.unwrap_or_else(|| t(lang, "personal.level_last"));
    view! {
        {bar(t(lang, "personal.level"), level)}
        <p>{tp(lang, "personal.level_have", &[("grams", &grams(level.have))])}" "{next}</p>
    }
    .into_any()
}

/// Says that a step was reached, in words: a colour alone says nothing.
fn mark(lang: Lang, reached: bool) -> Option<AnyView> {
    reached.then(|| {
        view! { <span class="ladder__mark">{t(lang, "personal.reached")}</span> }.into_any()
    })
}

/// How far it is to the next step, as the browser's own meter.
pub(super) fn bar(label: String, progress: Progress) -> AnyView {
    let most = progress.next.unwrap_or(progress.have).max(1);
    let have = progress.have.min(most);
    view! { <progress class="progress" max=most.to_string() value=have.to_string() aria-label=label></progress> }.into_any()
}

fn families(lang: Lang, badges: &Badges) -> Vec<AnyView> {
    badges
        .families
        .iter()
        .map(|one| {
            let family = scenes::families()
                .iter()
                .find(|family| family.code == one.family);
            let name = family.map_or(one.family, |family| {
                lang.choose(family.name.zh, family.name.en)
            });
            let name = name.to_owned();
            badge(
                lang,
                name,
                one.progress,
                &FAMILY_ACTS,
                "personal.badge_acts",
            )
        })
        .collect()
}

fn badge(lang: Lang, name: String, progress: Progress, steps: &[i64], key: &str) -> AnyView {
    let step = t(lang, &format!("personal.badge_step_{}", progress.step));
    let have = tp(lang, key, &[("count", &format::whole(progress.have))]);
    let next = progress.next.map_or_else(
        || t(lang, "personal.badge_all"),
        |next| {
            let step = t(lang, &format!("personal.badge_step_{}", progress.step + 1));
            let count = format::whole(next);
            tp(
                lang,
                "personal.badge_next",
                &[("count", &count), ("step", &step)],
            )
        },
    );
    let class = crate::parts::class_if("badges__badge", "reached", progress.step > 0);
    let dots: String = (1..steps.len())
        .map(|at| if at <= progress.step { '●' } else { '○' })
        .collect();
    view! {
        <li class=class>
            <p class="badges__name">{name.clone()}<span class="badges__dots" aria-hidden="true">{dots}</span></p>
            <p class="badges__step">{step}</p>
            {bar(name, progress)}
            <p class="badges__note">{have}" "{next}</p>
        </li>
    }
    .into_any()
}

/// `GET /me/rating?year=`.
pub async fn rating(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let year = query_value(query.as_deref().unwrap_or_default(), "year");
    let year = year.and_then(|year| year.parse().ok());
    let rating = host.registry.rating(&by, year).await;
    let rating = rating.or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "personal.rating"))
        .crumb(t(lang, "personal.today"), "/me")
        .view(move || rated(lang, &rating)))
}

fn rated(lang: Lang, view: &RatingView) -> AnyView {
    let tabs = view
        .years
        .iter()
        .map(|year| Tab {
            label: year.to_string(),
            address: format!("/me/rating?year={year}"),
            count: None,
            current: *year == view.year,
        })
        .collect();
    let parts: Vec<_> = view
        .rating
        .parts
        .iter()
        .map(|part| rated_part(lang, part))
        .collect();
    let runs = view
        .runs
        .then(|| view! { <p>{t(lang, "personal.rating_runs")}</p> });
    let grade = t(
        lang,
        &format!("personal.grade_{}", view.rating.grade.code()),
    );
    let sum = format!(
        "{} / {}",
        plain(view.rating.points),
        plain(view.rating.whole)
    );
    let assigned = grams(view.facts.assigned_mg);
    let assigned = tp(lang, "personal.rating_assigned", &[("grams", &assigned)]);
    view! {
        <Heading title=t(lang, "personal.rating") lead=t(lang, "personal.rating_lead")/>
        <Tabs label=t(lang, "personal.year") tabs/>
        <div class="hero-numbers">{super::figure(&sum, format!("{} · {grade}", view.year))}</div>
        {runs}
        <Section title=t(lang, "personal.rating_parts")>
            <ul class="badges">{parts}</ul>
            <p class="prose">{assigned}</p>
        </Section>
        <Section title=t(lang, "personal.rating_basis")>
            <p class="prose">{t(lang, "personal.rating_basis_text")}</p>
            <p class="prose">{t(lang, "personal.rating_yours")}</p>
        </Section>
    }
    .into_any()
}

fn rated_part(lang: Lang, part: &RatedPart) -> AnyView {
    let name = t(lang, &format!("personal.part_{}", part.part.code()));
    let amount = |number: i64| match part.part {
        RatingPart::Amount => grams(number),
        RatingPart::Regularity | RatingPart::Variety => format::whole(number),
    };
    let (have, full) = (amount(part.have), amount(part.full));
    let text = t(lang, &format!("personal.part_{}_text", part.part.code()));
    let of = tp(
        lang,
        "personal.part_of",
        &[("have", &have), ("full", &full)],
    );
    let points = format!("{} / {}", plain(part.points), plain(part.weight));
    let progress = Progress {
        step: 0,
        have: part.have,
        next: Some(part.full),
    };
    view! {
        <li class="badges__badge">
            <p class="badges__name">{name.clone()}<span class="badges__points">{points}</span></p>
            {bar(name, progress)}
            <p class="badges__note">{of}</p>
            <p class="badges__note">{text}</p>
        </li>
    }
    .into_any()
}

fn plain(number: Decimal) -> String {
    format::decimal(&number.normalize().to_string())
}
