//! A scene of carbon inclusion in words: what it earns, by which formula, within which limits and with which factors.

use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::grid_average::region;
use methodologies::inclusion::{
    Counts, Earning, SceneVersion, Unique, definition, families, scene_at,
};
use methodologies::text::{Message, Text};

use super::parameters::tier_name;
use crate::format;
use crate::lang::{Lang, t, tp};
use crate::parts::{Column, DataTable, Section, SummaryList, SummaryRow};

/// Names of scenes in one line; a dash where there is none.
pub fn scene_names(lang: Lang, scenes: &[SceneVersion]) -> String {
    let names: Vec<&str> = scenes
        .iter()
        .map(|scene| lang.message(&scene.name))
        .collect();
    if names.is_empty() {
        "–".to_owned()
    } else {
        names.join(lang.choose("、", ", "))
    }
}

/// A scene that a change defines, beside what it was on that day without the change.
pub fn compared(lang: Lang, before: &Parameters, scene: &SceneVersion) -> AnyView {
    let old = scene_at(before, &scene.code, scene.from).ok();
    let old = old.and_then(|old| definition(before, old, scene.from));
    let old = old.map(|old| facts(lang, &old));
    let rows = facts(lang, scene).into_iter().enumerate();
    let rows = rows.map(|(place, (label, new))| {
        let was = old.as_ref().and_then(|old| old.get(place));
        let was = match was {
            Some((_, was)) => lines(was),
            None => {
                view! { <span class="quiet">{t(lang, "parameters.none_before")}</span> }.into_any()
            }
        };
        vec![label.into_any(), was, lines(&new)]
    });
    let title = tp(
        lang,
        "scene.from_day",
        &[
            ("scene", lang.message(&scene.name)),
            ("day", &format::date(lang, scene.from)),
        ],
    );
    let columns = vec![
        Column::text(t(lang, "scene.what")),
        Column::text(t(lang, "parameters.before")),
        Column::text(t(lang, "parameters.after")),
    ];
    let rows = rows.collect();
    view! {
        <Section title=title.clone()>
            <DataTable caption=title columns rows empty=""/>
        </Section>
    }
    .into_any()
}

/// A scene as a list.
pub fn described(lang: Lang, scene: &SceneVersion) -> AnyView {
    let rows = facts(lang, scene)
        .into_iter()
        .map(|(label, text)| SummaryRow::new(label, lines(&text)))
        .collect::<Vec<_>>();
    view! { <SummaryList rows/> }.into_any()
}

fn lines(lines: &[String]) -> AnyView {
    lines
        .iter()
        .map(|line| view! { <span>{line.clone()}</span><br/> })
        .collect::<Vec<_>>()
        .into_any()
}

/// Each thing a definition says, with what it is called; always as many, in the same order.
fn facts(lang: Lang, scene: &SceneVersion) -> Vec<(String, Vec<String>)> {
    let say = |text: Text| lang.choose(text.zh, text.en).to_owned();
    let both = |message: &Message| lang.message(message).to_owned();
    let none = || vec![t(lang, "parameters.none_before")];
    let family = families().iter().find(|one| one.code == scene.family);
    let earns = match (&scene.why, scene.credit) {
        (Some(why), Earning::Counted | Earning::Engagement) => {
            vec![say(scene.credit.title()), both(why)]
        }
        _ => vec![say(scene.credit.title())],
    };
    let most = scene
        .max_per_act
        .map(|most| format!("{} {}", number(&most), scene.unit));
    let speed = scene
        .speed_max
        .map(|most| format!("{} km/h", number(&most)));
    let limits: Vec<String> = scene
        .limits
        .iter()
        .map(|limit| {
            let unit = match limit.counts {
                Counts::Acts => say(Counts::Acts.title()),
                Counts::Quantity => scene.unit.clone(),
            };
            format!(
                "{} {} {unit}",
                say(limit.period.title()),
                number(&limit.value)
            )
        })
        .collect();
    let factors: Vec<String> = scene
        .factors
        .iter()
        .map(|factor| {
            let place = region(&factor.region).map_or_else(String::new, |region| say(region.name));
            format!(
                "{place} · {} {} · {} · {}",
                say(factor.role.title()),
                number(&factor.value),
                tier_name(lang, factor.tier),
                both(&factor.source)
            )
        })
        .collect();
    let or_none = |lines: Vec<String>| if lines.is_empty() { none() } else { lines };
    let open = if scene.open {
        "scene.open_yes"
    } else {
        "scene.open_no"
    };
    let fact = |key: &str, lines: Vec<String>| (t(lang, key), lines);
    vec![
        fact("scene.name", vec![both(&scene.name)]),
        fact("scene.code", vec![scene.code.clone()]),
        fact("scene.open", vec![t(lang, open)]),
        fact(
            "scene.family",
            family.map_or_else(none, |family| vec![say(family.name)]),
        ),
        fact("scene.credit", earns),
        fact("scene.formula", vec![say(scene.formula.title())]),
        fact(
            "scene.measure",
            vec![format!("{} · {}", say(scene.measure.title()), scene.unit)],
        ),
        fact("scene.evidence", vec![both(&scene.evidence)]),
        fact(
            "scene.unique",
            scene
                .unique
                .map(Unique::title)
                .map_or_else(none, |title| vec![say(title)]),
        ),
        fact("scene.max_per_act", or_none(most.into_iter().collect())),
        fact("scene.speed_max", or_none(speed.into_iter().collect())),
        fact("scene.limits", or_none(limits)),
        fact("scene.factors", or_none(factors)),
    ]
}

fn number(value: &rust_decimal::Decimal) -> String {
    format::decimal(&value.normalize().to_string())
}
