//! Everything about one act in plain words: what it is, how its grams came about, and who owns them now.

use axum::extract::{Path, State};
use domain::Act;
use domain::inclusion::Guards;
use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::inclusion as scenes;
use methodologies::inclusion::{Counts, Evidence, Measure, Scene, Standing};
use registry::{ActivityView, Fields, GramTrace, LotMove, LotPlace};
use rust_decimal::Decimal;

use super::{PERSON, grams, named_scene, photo, place_name, reason, today};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::parameters::tier_name;
use crate::parts::{ActForm, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow};
use crate::visitor::Visitor;

/// `GET /me/acts/{id}`.
pub async fn activity(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let (act, outcome) = registry
        .activity(&by, &id)
        .await
        .or_failed(&host, &visitor)?;
    let grams_of = registry.activity_grams(&by, &id).await;
    let (places, moves, traces) = grams_of.or_failed(&host, &visitor)?;
    let appeal = registry.activity_appeal_of(&by, &id).await;
    let appeal = appeal.or_failed(&host, &visitor)?;
    let set = registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let days = Guards::on(&set, visitor.now.beijing_date()).map_or(0, |guards| guards.appeal_days);
    let form = Form::open(&host, &visitor, Act::ActivityAppeal, Fields::new()).await;
    let lang = visitor.lang;
    let title = named_scene(lang, &set, &act.scene);
    let scene = scenes::scene_known(&set, &act.scene);
    Ok(Page::new(&host, &visitor, title.clone())
        .numbers(set)
        .crumb(t(lang, "personal.today"), "/me")
        .view(move || {
            let worked = outcome.as_ref().map(|outcome| worked(lang, &crate::page::scene().numbers, scene, outcome));
            let photo = act.has_photo.then(|| {
                let to = format!("/me/acts/{}/photo", act.id);
                photo::shown(lang, to)
            });
            let objection = (appeal.is_none() && matches!(act.status.code(), "review" | "void")).then(|| {
                let id = act.id.clone();
                view! {
                    <Section title=t(lang, "personal.object")>
                        <ActForm act=Act::ActivityAppeal form submit=t(lang, "act.activity_appeal") quiet=true>
                            <Hidden name="activity" value=id/>
                            <Field name="text" label=t(lang, "personal.text") kind=Kind::Lines/>
                        </ActForm>
                    </Section>
                }
            });
            view! {
                <Heading title lead=grams(act.mg)/>
                <SummaryList rows=facts(lang, &act, scene)/>
                {photo}
                {reason::explained(lang, &act, days, &appeal)}
                <Section title=t(lang, "personal.owner")>{owners(lang, &places, &traces)}</Section>
                {worked}
                <Section title=t(lang, "personal.moves")>{moved(lang, &moves)}</Section>
                {objection}
            }
        }))
}

fn facts(lang: Lang, act: &ActivityView, scene: Option<&Scene>) -> Vec<SummaryRow> {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let date = |day: &str| format::date_text(lang, day);
    let mut rows = vec![
        SummaryRow::new(label("status"), today::status(lang, act)),
        SummaryRow::new(label("day"), date(&act.day)),
    ];
    if let Some((from, to)) = act.started_at.zip(act.ended_at) {
        let (from, to) = (format::moment(lang, from), format::moment(lang, to));
        rows.push(SummaryRow::new(label("hours"), format!("{from} – {to}")));
    }
    let source = act.provider.clone().unwrap_or_else(|| label("by_hand"));
    rows.push(SummaryRow::new(label("source"), source));
    rows.push(SummaryRow::new(
        label("evidence"),
        evidence_name(lang, &act.evidence),
    ));
    let certifiable = if act.is_certifiable {
        "certifiable"
    } else {
        "not_certifiable"
    };
    rows.push(SummaryRow::new(label("certified"), label(certifiable)));
    if let Some(scene) = scene.filter(|scene| scene.measure != Measure::Acts) {
        let amount = amount(lang, scene, &act.quantity);
        rows.push(SummaryRow::new(label("quantity"), amount));
    }
    if let Some(day) = &act.settle_on {
        rows.push(SummaryRow::new(label("settle_on"), date(day)));
    }
    if let Some(reason) = &act.reason {
        let text = super::desk::reason_text(lang, reason);
        rows.push(SummaryRow::new(label("reason"), text));
    }
    rows
}

/// What a tier of evidence (`T1` to `T4`) is, in words.
pub(super) fn evidence_name(lang: Lang, code: &str) -> String {
    let known = Evidence::ALL.into_iter().find(|one| one.code() == code);
    known.map_or_else(
        || code.to_owned(),
        |one| lang.choose(one.title().zh, one.title().en).to_owned(),
    )
}

/// `12.4 公里`: an amount with the words of what the scene measures.
pub(super) fn amount(lang: Lang, scene: &Scene, quantity: &str) -> String {
    let unit = match scene.measure {
        Measure::Acts => "acts",
        Measure::Kilometres => "kilometres",
        Measure::Kilograms => "kilograms",
        Measure::Tonnes => "tonnes",
        Measure::KilowattHours => "kilowatt_hours",
        Measure::Sheets => "sheets",
        Measure::Steps => "steps",
    };
    let quantity = format::decimal(quantity);
    tp(
        lang,
        &format!("personal.amount_{unit}"),
        &[("amount", &quantity)],
    )
}

/// How the grams of an act came about: the story in words, each step with its value, the formulas for who wants them, and each factor with
/// its version, tier and source.
fn worked(lang: Lang, set: &Parameters, scene: Option<&Scene>, outcome: &scenes::Act) -> AnyView {
    let label = move |key: &str| t(lang, &format!("personal.{key}"));
    let told = told(lang, scene, outcome);
    let steps = outcome.steps.iter().map(|step| {
        let value = format::decimal(&step.value.normalize().to_string());
        let title = lang.message(&step.title).to_owned();
        SummaryRow::new(title, format!("{value} {}", unit_of(&step.unit)))
    });
    let rows: Vec<_> = steps.collect();
    let formulas: Vec<_> = outcome
        .steps
        .iter()
        .map(|step| {
            let inputs: Vec<String> = step
                .inputs
                .iter()
                .map(|input| {
                    let value = input.value.normalize();
                    format!("{} = {value} {}", input.symbol, unit_of(&input.unit))
                })
                .collect();
            let line = format!("{} = {}", step.symbol, step.formula);
            let inputs = inputs.join("; ");
            view! { <li><code>{line}</code><br/><span class="quiet">{inputs}</span></li> }
        })
        .collect();
    let factors = factors(lang, set, outcome);
    view! {
        <Section title=label("steps")>
            {told}
            <SummaryList rows/>
            <details class="how">
                <summary class="how__summary">{label("formulas")}</summary>
                <div class="how__body"><ol class="steps">{formulas}</ol></div>
            </details>
            {factors}
        </Section>
    }
    .into_any()
}

/// A unit as it is read; a plain number has none.
fn unit_of(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}

/// The story of an act: what was recorded and what counts of it, by which limit, what its evidence is worth, and why it cannot be certified.
fn told(lang: Lang, scene: Option<&Scene>, outcome: &scenes::Act) -> AnyView {
    let mut told = Vec::new();
    if let Some(scene) = scene {
        let words = |number: Decimal| amount(lang, scene, &number.normalize().to_string());
        let counted = words(outcome.counted);
        let key = if outcome.counted == outcome.quantity {
            "personal.told_whole"
        } else {
            "personal.told_part"
        };
        let recorded = words(outcome.quantity);
        let all = [
            ("recorded", recorded.as_str()),
            ("counted", counted.as_str()),
        ];
        told.push(tp(lang, key, &all));
        if let Some(cap) = &outcome.cap {
            let times = |number: Decimal| {
                let number = format::decimal(&number.normalize().to_string());
                tp(lang, "personal.amount_acts", &[("amount", &number)])
            };
            let (limit, before) = match cap.counts {
                Counts::Acts => (times(cap.limit), times(cap.before)),
                Counts::Quantity => (words(cap.limit), words(cap.before)),
            };
            let period = cap.period.limit_title();
            let all = [
                ("title", lang.choose(period.zh, period.en)),
                ("limit", limit.as_str()),
                ("before", before.as_str()),
            ];
            told.push(tp(lang, "personal.told_cap", &all));
        }
    }
    match outcome.evidence {
        Evidence::T1 | Evidence::T2 => {}
        Evidence::T3 => told.push(t(lang, "personal.told_photo")),
        Evidence::T4 => told.push(t(lang, "personal.told_self")),
    }
    match &outcome.standing {
        Standing::Certifiable { .. } => told.push(t(lang, "personal.told_certifiable")),
        Standing::NotCertifiable { reasons } => {
            let reasons = reasons.iter().map(|reason| {
                let text = reason.text();
                lang.choose(text.zh, text.en).to_owned()
            });
            told.extend(reasons);
        }
        Standing::Engagement => told.push(t(lang, "personal.told_engagement")),
    }
    let notes = outcome.notes.iter();
    told.extend(notes.map(|note| lang.message(&note.text).to_owned()));
    let told: Vec<_> = told
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    view! { <ul class="prose">{told}</ul> }.into_any()
}

/// Each factor with its name and value, then its version, day and tier, then its source.
fn factors(lang: Lang, set: &Parameters, outcome: &scenes::Act) -> AnyView {
    let rows: Vec<_> = outcome
        .factors
        .iter()
        .map(|factor| {
            let name = methodologies::replaceable::replaceable(&factor.id, set).map_or_else(
                || factor.id.clone(),
                |known| lang.message(&known.title).to_owned(),
            );
            let (version, key) = factor.version.map_or_else(
                || (String::new(), "personal.factor_by_set"),
                |version| (version.to_string(), "personal.factor_of"),
            );
            let date = format::date_text(lang, &factor.from.to_string());
            let tier = tier_name(lang, factor.tier);
            let all = [
                ("version", version.as_str()),
                ("date", date.as_str()),
                ("tier", tier.as_str()),
            ];
            let of = tp(lang, key, &all);
            let source = lang.message(&factor.source).to_owned();
            let value = format::decimal(&factor.value.normalize().to_string());
            let value = format!("{value} {}", unit_of(&factor.unit));
            SummaryRow::new(
                name,
                view! { <strong>{value}</strong><br/>{of}<br/><span class="quiet">{source}</span> },
            )
        })
        .collect();
    if rows.is_empty() {
        return view! { <p>{t(lang, "personal.no_factors")}</p> }.into_any();
    }
    view! { <h3>{t(lang, "personal.factors")}</h3><SummaryList rows/> }.into_any()
}

fn owners(lang: Lang, places: &[LotPlace], traces: &[GramTrace]) -> AnyView {
    let mut rows: Vec<SummaryRow> = places
        .iter()
        .map(|part| SummaryRow::new(place_name(lang, part.place), grams(part.mg)))
        .collect();
    for trace in traces {
        let links: Vec<_> = trace
            .retirements
            .iter()
            .map(|number| {
                let address = format!("/retirements/{number}");
                view! { <a href=address>{number.clone()}</a>" " }
            })
            .collect();
        let retired = if links.is_empty() {
            t(lang, "personal.not_retired").into_any()
        } else {
            links.into_any()
        };
        rows.push(SummaryRow::new(
            t(lang, "personal.tonnes"),
            format!("{} · {}", trace.serials, trace.batch),
        ));
        rows.push(SummaryRow::new(t(lang, "personal.retired_by"), retired));
    }
    view! { <SummaryList rows/> }.into_any()
}

fn moved(lang: Lang, moves: &[LotMove]) -> AnyView {
    let rows: Vec<_> = moves
        .iter()
        .map(|step| {
            let what = format!(
                "{} → {} · {}",
                place_name(lang, step.from),
                place_name(lang, step.to),
                grams(step.mg)
            );
            SummaryRow::new(format::moment(lang, step.at), what)
        })
        .collect();
    view! { <SummaryList rows/> }.into_any()
}
