//! The scenes of carbon inclusion as the registry has them, and the form in which an operator proposes another definition of one, or a new
//! one. The proposal is a change of parameters: another operator decides on it.

use axum::extract::{RawQuery, State};
use domain::parameter_change::{FACTOR_ROWS, LIMIT_ROWS, scene_form};
use domain::{Act, Role};
use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::grid_average::regions;
use methodologies::inclusion::{
    Counts, Earning, Formula, Measure, Period, Role as FactorRole, SceneVersion, Unique,
    definition, families, scene_at, scenes, scenes_on,
};
use methodologies::text::Text;
use registry::Fields;
use time::Date;

use super::parameters::tier_choices;
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::scenes::described;
use crate::parts::{ActForm, Choice, Field, Fieldset, Heading, Kind, Section};
use crate::visitor::{Visitor, encode, query_value};

const LIST: &str = "/desk/scenes";
const NEW: &str = "/desk/scenes/new";
/// Rows of a list that are shown unfolded beside those that are filled in.
const SPARE_ROWS: usize = 1;

/// `GET /desk/scenes`: every scene in force with its limits and factors, and those that have ended.
pub async fn list(State(host): State<Host>, visitor: Visitor) -> PageResult {
    require(&host, &visitor, &[Role::RegistryOperator])?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    Ok(
        Page::new(&host, &visitor, t(lang, "scene.title"))
            .crumb(t(lang, "parameters.desk_title"), "/desk/parameters")
            .view(move || {
                let groups: Vec<_> = families()
                    .iter()
                    .map(|family| {
                        let members = scenes_on(&set, today)
                            .into_iter()
                            .filter(|scene| scene.family == family.code)
                            .filter_map(|scene| {
                                let whole = definition(&set, scene, today)?;
                                Some(folded(lang, &set, &whole))
                            })
                            .collect::<Vec<_>>();
                        view! { <Section title=lang.choose(family.name.zh, family.name.en)>{members}</Section> }
                    })
                    .collect();
                let others = others(&set, today);
                let others = (!others.is_empty()).then(|| {
                    let others: Vec<_> = others
                        .iter()
                        .map(|version| folded(lang, &set, version))
                        .collect();
                    view! { <Section title=t(lang, "scene.others")>{others}</Section> }
                });
                view! {
                    <Heading title=t(lang, "scene.title") lead=t(lang, "scene.lead")/>
                    <p><a class="button" href=NEW>{t(lang, "scene.new_title")}</a></p>
                    {groups}
                    {others}
                }
            }),
    )
}

/// The newest definitions of scenes that take no acts of today: ended, or not begun.
fn others(set: &Parameters, today: Date) -> Vec<SceneVersion> {
    let mut found: Vec<SceneVersion> = Vec::new();
    for version in set.scenes.iter().rev() {
        let is_known = found.iter().any(|one| one.code == version.code);
        if !is_known && scene_at(set, &version.code, today).is_err() {
            found.push(version.clone());
        }
    }
    found
}

fn folded(lang: Lang, set: &Parameters, scene: &SceneVersion) -> AnyView {
    let href = format!("{NEW}?scene={}", encode(&scene.code));
    let name = lang.message(&scene.name).to_owned();
    let of_operators = set.versions(&scene.code).max_by_key(|one| one.from);
    let since = of_operators.map(|version| {
        let day = format::date(lang, version.from);
        view! { <p class="quiet">{tp(lang, "scene.defined_from", &[("day", &day)])}</p> }
    });
    view! {
        <details class="how">
            <summary class="how__summary">{name.clone()}</summary>
            <div class="how__body">
                {since}
                {described(lang, scene)}
                <p><a href=href>{t(lang, "scene.version")}<span class="only-heard">" "{name}</span></a></p>
            </div>
        </details>
    }
    .into_any()
}

/// `GET /desk/scenes/new?scene=`: the form, with the definition of a scene in it or empty.
pub async fn new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    require(&host, &visitor, &[Role::RegistryOperator])?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let code = query_value(query.as_deref().unwrap_or_default(), "scene");
    let chosen = match &code {
        None => None,
        Some(code) => Some(newest(&set, code, today).or_failed(&host, &visitor)?),
    };
    let stored = match &chosen {
        Some(chosen) => scene_form(chosen),
        None => Fields::from([("scenes.0.open".to_owned(), "yes".to_owned())]),
    };
    let form = Form::open(&host, &visitor, Act::ParametersPropose, stored).await;
    let lang = visitor.lang;
    let title = match &chosen {
        Some(chosen) => tp(
            lang,
            "scene.version_title",
            &[("scene", lang.message(&chosen.name))],
        ),
        None => t(lang, "scene.new_title"),
    };
    let own_formula = code.and_then(|code| scenes().iter().find(|scene| scene.code == code));
    let own_formula = own_formula.map(|scene| scene.formula);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "parameters.desk_title"), "/desk/parameters")
        .crumb(t(lang, "scene.title"), LIST)
        .view(move || {
            view! {
                <Heading title lead=t(lang, "scene.new_lead")/>
                {proposal(lang, form, own_formula)}
            }
        }))
}

/// A scene as it is defined for today; as it was or will be where it takes no acts today.
fn newest(set: &Parameters, code: &str, today: Date) -> Option<SceneVersion> {
    let open = scene_at(set, code, today).ok();
    open.and_then(|scene| definition(set, scene, today))
        .or_else(|| set.versions(code).max_by_key(|one| one.from).cloned())
}

fn label(field: &str) -> &'static str {
    match field.rsplit('.').next().unwrap_or_default() {
        "document" => "parameters.document",
        "document_number" => "parameters.document_number",
        "effective_from" => "parameters.effective_from",
        "reason" => "parameters.reason",
        "code" => "scene.code",
        "open" => "scene.open",
        "family" => "scene.family",
        "name_zh" => "scene.name_zh",
        "name_en" => "scene.name_en",
        "formula" => "scene.formula",
        "measure" => "scene.measure",
        "unit" => "scene.unit",
        "credit" => "scene.credit",
        "why_zh" => "scene.why_zh",
        "why_en" => "scene.why_en",
        "evidence_zh" => "scene.evidence_zh",
        "evidence_en" => "scene.evidence_en",
        "unique" => "scene.unique",
        "max_per_act" => "scene.max_per_act",
        "speed_max" => "scene.speed_max",
        "period" => "scene.period",
        "counts" => "scene.counts",
        "region" => "scene.region",
        "role" => "scene.role",
        "tier" => "parameters.tier",
        "source_zh" => "scene.source_zh",
        "source_en" => "scene.source_en",
        _ => "scene.value",
    }
}

/// Codes with their titles as choices.
fn choices(lang: Lang, all: impl IntoIterator<Item = (&'static str, Text)>) -> Vec<Choice> {
    all.into_iter()
        .map(|(code, title)| Choice::new(code, lang.choose(title.zh, title.en)))
        .collect()
}

fn proposal(lang: Lang, form: Form, own_formula: Option<Formula>) -> AnyView {
    let form = form.labelled(move |field| Some(t(lang, label(field))));
    let filled = |list: &str, rows: usize| {
        let last = (0..rows).rev().find(|row| {
            let name = format!("scenes.0.{list}.{row}.value");
            form.values()
                .get(&name)
                .is_some_and(|text| !text.is_empty())
        });
        last.map_or(0, |row| row + 1)
    };
    let shown = (filled("limits", LIMIT_ROWS), filled("factors", FACTOR_ROWS));
    view! {
        <ActForm act=Act::ParametersPropose form submit=t(lang, "act.parameters_propose") cancel=LIST>
            {document(lang)}
            {about(lang, own_formula)}
            <Fieldset legend=t(lang, "scene.limits") hint=t(lang, "scene.limits_hint")>
                {rows(lang, LIMIT_ROWS, shown.0, limit_row)}
            </Fieldset>
            <Fieldset legend=t(lang, "scene.factors") hint=t(lang, "scene.factors_hint")>
                {rows(lang, FACTOR_ROWS, shown.1, factor_row)}
            </Fieldset>
        </ActForm>
    }
    .into_any()
}

fn document(lang: Lang) -> AnyView {
    view! {
        <Fieldset legend=t(lang, "parameters.document_title")>
            <Field name="document" label=t(lang, "parameters.document") hint=t(lang, "parameters.document_hint")/>
            <Field name="document_number" label=t(lang, "parameters.document_number") hint=t(lang, "parameters.document_number_hint")/>
            <Field name="effective_from" label=t(lang, "parameters.effective_from") hint=t(lang, "scene.from_hint") kind=Kind::Date/>
            <Field name="reason" label=t(lang, "parameters.reason") hint=t(lang, "parameters.reason_hint") kind=Kind::Lines/>
        </Fieldset>
    }
    .into_any()
}

fn about(lang: Lang, own_formula: Option<Formula>) -> AnyView {
    let of_families = families().iter().map(|family| (family.code, family.name));
    let of_families = choices(lang, of_families);
    let formulas = Formula::ALL
        .into_iter()
        .filter(|formula| formula.is_free() || Some(*formula) == own_formula);
    let formulas = choices(lang, formulas.map(|one| (one.code(), one.title())));
    let measures = choices(lang, Measure::ALL.map(|one| (one.code(), one.title())));
    let credits = choices(lang, Earning::ALL.map(|one| (one.code(), one.title())));
    let things = choices(lang, Unique::ALL.map(|one| (one.code(), one.title())));
    let open = vec![
        Choice::new("yes", t(lang, "scene.open_yes")),
        Choice::new("no", t(lang, "scene.open_no")),
    ];
    view! {
        <Fieldset legend=t(lang, "scene.about")>
            <Field name="scenes.0.code" label=t(lang, "scene.code") hint=t(lang, "scene.code_hint")/>
            <Field name="scenes.0.open" label=t(lang, "scene.open") kind=Kind::Radios choices=open/>
            <Field name="scenes.0.family" label=t(lang, "scene.family") kind=Kind::Select choices=of_families/>
            <Field name="scenes.0.name_zh" label=t(lang, "scene.name_zh")/>
            <Field name="scenes.0.name_en" label=t(lang, "scene.name_en")/>
            <Field name="scenes.0.formula" label=t(lang, "scene.formula") kind=Kind::Select choices=formulas/>
            <Field name="scenes.0.measure" label=t(lang, "scene.measure") kind=Kind::Select choices=measures/>
            <Field name="scenes.0.unit" label=t(lang, "scene.unit") hint=t(lang, "scene.unit_hint")/>
            <Field name="scenes.0.credit" label=t(lang, "scene.credit") kind=Kind::Select choices=credits/>
            <Field name="scenes.0.why_zh" label=t(lang, "scene.why_zh") hint=t(lang, "scene.why_hint") optional=true/>
            <Field name="scenes.0.why_en" label=t(lang, "scene.why_en") optional=true/>
            <Field name="scenes.0.evidence_zh" label=t(lang, "scene.evidence_zh")/>
            <Field name="scenes.0.evidence_en" label=t(lang, "scene.evidence_en")/>
            <Field name="scenes.0.unique" label=t(lang, "scene.unique") kind=Kind::Select choices=things optional=true/>
            <Field name="scenes.0.max_per_act" label=t(lang, "scene.max_per_act") hint=t(lang, "scene.max_per_act_hint") kind=Kind::Decimal optional=true/>
            <Field name="scenes.0.speed_max" label=t(lang, "scene.speed_max") hint=t(lang, "scene.speed_max_hint") unit="km/h" kind=Kind::Decimal optional=true/>
        </Fieldset>
    }
    .into_any()
}

/// The rows of a list: those filled in and one more, the others folded. Called inside the form.
fn rows(lang: Lang, most: usize, filled: usize, row: fn(Lang, usize) -> AnyView) -> AnyView {
    let unfolded = (filled + SPARE_ROWS).min(most);
    let first: Vec<_> = (0..unfolded).map(|number| row(lang, number)).collect();
    let more = (unfolded < most).then(|| {
        let more: Vec<_> = (unfolded..most).map(|number| row(lang, number)).collect();
        view! {
            <details class="how">
                <summary class="how__summary">{t(lang, "scene.more_rows")}</summary>
                <div class="how__body">{more}</div>
            </details>
        }
    });
    view! { {first}{more} }.into_any()
}

/// `上限 2：时段`.
fn numbered(lang: Lang, key: &str, row: usize, what: &str) -> String {
    let number = (row + 1).to_string();
    tp(lang, key, &[("row", &number), ("what", &t(lang, what))])
}

fn limit_row(lang: Lang, row: usize) -> AnyView {
    let at = |name: &str| format!("scenes.0.limits.{row}.{name}");
    let label = |what: &str| numbered(lang, "scene.limit_row", row, what);
    let periods = choices(lang, Period::ALL.map(|one| (one.code(), one.title())));
    let counts = choices(lang, Counts::ALL.map(|one| (one.code(), one.title())));
    view! {
        <Field name=at("period") label=label("scene.period") kind=Kind::Select choices=periods optional=true/>
        <Field name=at("counts") label=label("scene.counts") kind=Kind::Select choices=counts optional=true/>
        <Field name=at("value") label=label("scene.value") kind=Kind::Decimal optional=true/>
    }
    .into_any()
}

fn factor_row(lang: Lang, row: usize) -> AnyView {
    let at = |name: &str| format!("scenes.0.factors.{row}.{name}");
    let label = |what: &str| numbered(lang, "scene.factor_row", row, what);
    let places = choices(lang, regions().iter().map(|one| (one.code, one.name)));
    let roles = choices(lang, FactorRole::ALL.map(|one| (one.code(), one.title())));
    view! {
        <Field name=at("region") label=label("scene.region") kind=Kind::Select choices=places optional=true/>
        <Field name=at("role") label=label("scene.role") kind=Kind::Select choices=roles optional=true/>
        <Field name=at("value") label=label("scene.value") kind=Kind::Decimal optional=true/>
        <Field name=at("tier") label=label("parameters.tier") kind=Kind::Select choices=tier_choices(lang) optional=true/>
        <Field name=at("source_zh") label=label("scene.source_zh") optional=true/>
        <Field name=at("source_en") label=label("scene.source_en") optional=true/>
    }
    .into_any()
}
