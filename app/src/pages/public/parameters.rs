//! The numbers of the methodologies for anyone: what was replaced by which document, and what is still assumed.

use axum::extract::State;
use leptos::prelude::*;
use methodologies::inclusion::{Tier, certifiable_changes, has_tier};
use methodologies::replaceable::{InForce, in_force, replaceable};
use methodologies::{Parameters, Replacement};
use registry::PublicParameterSet;

use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::pages::public::scenes::compared;
use crate::parts::{Column, DataTable, Heading, Notice, Section, SummaryList, SummaryRow, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /parameters`.
pub async fn parameters(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let public = host.registry.public();
    let sets = public.parameter_sets().await.or_failed(&host, &visitor)?;
    let set = host
        .registry
        .parameters_in_force()
        .await
        .or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let numbers = in_force(&set, today);
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "parameters.public_title"))
        .description(t(lang, "parameters.public_lead"))
        .wide()
        .view(move || {
            let count = numbers.len().to_string();
            let assumed: Vec<_> = numbers.iter().filter(|number| number.used.assumed).collect();
            let assumed_count = assumed.len().to_string();
            let assumed = numbers_table(lang, t(lang, "parameters.assumed_title"), &assumed, None);
            let now = if set.set == 0 { t(lang, "parameters.set_built_in") } else { set_name(lang, set.set) };
            let summary = tp(lang, "parameters.public_now", &[("set", &now), ("count", &count), ("assumed", &assumed_count)]);
            view! {
                <Heading title=t(lang, "parameters.public_title") lead=t(lang, "parameters.public_lead")/>
                <p>{summary}</p>
                {history(lang, &sets)}
                <Section title=t(lang, "parameters.assumed_title") id="assumed">
                    <p>{t(lang, "parameters.assumed_lead")}</p>
                    {assumed}
                </Section>
                <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/parameters">"JSON"</a></p>
            }
        }))
}

/// Every set, newest first, each beside the one before it.
fn history(lang: Lang, sets: &[PublicParameterSet]) -> AnyView {
    let mut wholes = vec![Parameters::default()];
    for set in sets.iter().rev() {
        let next = wholes.last();
        let next = next.map(|last| last.next(&set.replacements, &set.scenes));
        wholes.extend(next);
    }
    let body = if sets.is_empty() {
        view! { <p class="quiet">{t(lang, "parameters.sets_none")}</p> }.into_any()
    } else {
        sets.iter()
            .zip(wholes.windows(2).rev())
            .map(|(set, wholes)| one_set(lang, set, wholes))
            .collect::<Vec<_>>()
            .into_any()
    };
    view! { <Section title=t(lang, "parameters.sets_title") id="sets">{body}</Section> }.into_any()
}

/// One set; `wholes` is everything in force before it and with it.
fn one_set(lang: Lang, set: &PublicParameterSet, wholes: &[Parameters]) -> AnyView {
    let [before, after] = wholes else {
        return ().into_any();
    };
    let note = certifiable_note(lang, before, after, &set.effective_from);
    let scenes = set.scenes.iter().map(|scene| compared(lang, before, scene));
    let scenes: Vec<_> = scenes.collect();
    let rows = vec![
        SummaryRow::new(
            t(lang, "parameters.document"),
            format!("{} · {}", set.document, set.document_number),
        ),
        SummaryRow::new(
            t(lang, "parameters.effective_from"),
            format::date_text(lang, &set.effective_from),
        ),
        SummaryRow::new(
            t(lang, "parameters.approved_at"),
            format::moment(lang, set.approved_at),
        ),
        SummaryRow::new(t(lang, "parameters.reason"), set.reason.clone()),
    ];
    let numbers = set.replacements.iter().map(|one| {
        let title = replaceable(&one.id, after).map_or_else(
            || one.id.clone(),
            |known| lang.message(&known.title).to_owned(),
        );
        vec![
            named(title, &one.id),
            view! { {value_cell(lang, &one.value.to_string(), &one.unit, one.assumed)}{tier_line(lang, one)} }.into_any(),
            format::date(lang, one.from).into_any(),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "parameters.parameter")),
        Column::number(t(lang, "parameters.value")),
        Column::text(t(lang, "parameters.from")),
    ];
    let name = set_name(lang, set.number);
    let numbers = (!set.replacements.is_empty()).then(|| {
        let (rows, caption) = (
            numbers.collect(),
            tp(lang, "parameters.set_numbers", &[("set", &name)]),
        );
        view! { <DataTable caption columns rows empty=""/> }
    });
    view! {
        <h3 id=format!("set-{}", set.number)>{name.clone()}</h3>
        <SummaryList rows/>
        {note}
        {numbers}
        {scenes}
    }
    .into_any()
}

/// Says plainly which scenes can no longer be certified, or can be from now on, when `after` takes the place of `before`. `None`: none.
pub fn certifiable_note(
    lang: Lang,
    before: &Parameters,
    after: &Parameters,
    from: &str,
) -> Option<AnyView> {
    let of_scenes = |set: &Parameters| {
        let known = set.replacements.iter();
        known.filter(|one| has_tier(&one.id, set)).count() + set.scenes.len()
    };
    if of_scenes(before) == of_scenes(after) {
        return None;
    }
    let changes = certifiable_changes(before, after, methodologies::day::parse(from)?);
    let lines = |certifiable: bool| {
        let lines: Vec<_> = changes
            .iter()
            .filter(|change| change.certifiable == certifiable)
            .map(|change| {
                let name = change.scene.name;
                let regions = if change.is_everywhere() {
                    t(lang, "parameters.certifiable_everywhere")
                } else {
                    let names = change
                        .regions
                        .iter()
                        .map(|region| lang.choose(region.name.zh, region.name.en));
                    names.collect::<Vec<_>>().join(lang.choose("、", ", "))
                };
                view! { <li>{lang.choose(name.zh, name.en)}{lang.choose("：", ": ")}{regions}</li> }
            })
            .collect();
        (!lines.is_empty()).then(|| view! { <ul>{lines}</ul> })
    };
    let lost = lines(false).map(|lines| {
        view! {
            <Notice tone=Tone::Attention title=t(lang, "parameters.certifiable_lost")>
                <p>{t(lang, "parameters.certifiable_lost_text")}</p>
                {lines}
            </Notice>
        }
    });
    let gained = lines(true).map(|lines| {
        view! { <Notice tone=Tone::Note title=t(lang, "parameters.certifiable_gained")>{lines}</Notice> }
    });
    (lost.is_some() || gained.is_some()).then(|| view! { {lost}{gained} }.into_any())
}

/// Where the tier of a number stands under its value. `None`: it has none.
pub fn tier_line(lang: Lang, one: &Replacement) -> Option<AnyView> {
    one.tier
        .map(|tier| view! { <br/><span class="quiet">{tier_name(lang, tier)}</span> }.into_any())
}

/// `中国官方文件（A 级）`.
pub fn tier_name(lang: Lang, tier: Tier) -> String {
    let title = tier.title();
    let params = [
        ("tier", tier.code()),
        ("what", lang.choose(title.zh, title.en)),
    ];
    tp(lang, "parameters.tier_name", &params)
}

/// `参数版本 3`.
pub fn set_name(lang: Lang, number: u64) -> String {
    tp(
        lang,
        "parameters.set_name",
        &[("number", &number.to_string())],
    )
}

/// A table of numbers; with `replace`, each row ends with a link to that address and its id.
pub fn numbers_table(
    lang: Lang,
    caption: String,
    numbers: &[&InForce],
    replace: Option<&str>,
) -> AnyView {
    let rows = numbers.iter().map(|number| {
        let used = &number.used;
        let mut row = vec![
            named(lang.message(&used.title).to_owned(), &used.id),
            value_cell(lang, &used.value.normalize().to_string(), &used.unit, used.assumed),
            format::date(lang, number.from).into_any(),
            origin(lang, number),
        ];
        if let Some(address) = replace {
            let href = format!("{address}?id={}", crate::visitor::encode(&used.id));
            let what = lang.message(&used.title).to_owned();
            row.push(view! { <a href=href>{t(lang, "parameters.replace")}<span class="only-heard">" "{what}</span></a> }.into_any());
        }
        row
    });
    let rows = rows.collect();
    let mut columns = vec![
        Column::text(t(lang, "parameters.parameter")),
        Column::number(t(lang, "parameters.value")),
        Column::text(t(lang, "parameters.from")),
        Column::text(t(lang, "parameters.source")),
    ];
    if replace.is_some() {
        columns.push(Column::text(t(lang, "parameters.change_column")));
    }
    view! { <DataTable caption columns rows empty=t(lang, "parameters.numbers_none")/> }.into_any()
}

/// A title with the id under it.
pub fn named(title: String, id: &str) -> AnyView {
    view! { {title}<br/><code>{id.to_owned()}</code> }.into_any()
}

/// A value with its unit, and the mark of an assumed one.
pub fn value_cell(lang: Lang, value: &str, unit: &str, assumed: bool) -> AnyView {
    let unit = (unit != "1").then(|| unit.to_owned());
    let mark = assumed
        .then(|| view! { " "<Tag text=t(lang, "parameters.assumed") tone=Tone::Attention/> });
    view! { {format::decimal(value)}" "<span class="amount__unit">{unit}</span>{mark} }.into_any()
}

fn origin(lang: Lang, number: &InForce) -> AnyView {
    let mark = number
        .replaced
        .then(|| view! { <Tag text=t(lang, "parameters.replaced") tone=Tone::Done/>" " });
    let source = lang.message(&number.used.source).to_owned();
    view! { {mark}{source}" · "{number.used.clause.clone()} }.into_any()
}
