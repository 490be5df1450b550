//! Recording an act by hand.

use axum::extract::{RawQuery, State};
use domain::Act;
use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::inclusion as scenes;
use methodologies::schema::Kind as FieldKind;
use registry::Fields;
use time::Date;

use super::{PERSON, region_name, scene_name};
use crate::form::Form;
use crate::host::Host;
use crate::islands::calculator::{CalculatorTexts, LiveResult};
use crate::lang::{Lang, t, tp};
use crate::live::inclusion::InclusionSetup;
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{ActForm, Choice, Field, Heading, Hidden, Kind, Section};
use crate::result::ResultTexts;
use crate::result::saving::SavingTexts;
use crate::visitor::{Visitor, query_value};

/// Fields of the calculators that the record fills in itself.
const OURS: &[&str] = &["day", "region", "evidence", "unvetted", "purpose"];

/// Id of the form, which the live calculation listens to.
const RECORD_FORM: &str = "record-form";

/// `GET /me/record?scene=`: first the scene, then what it takes.
pub async fn record(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let person = host.registry.person(&by).await.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::ActivityRecord, Fields::new()).await;
    let chosen = query_value(query.as_deref().unwrap_or_default(), "scene");
    let parameters = host.registry.parameters_in_force().await;
    let parameters = parameters.or_failed(&host, &visitor)?;
    let today = visitor.now.beijing_date();
    let chosen = chosen.and_then(|code| scenes::scene_at(&parameters, &code, today).ok());
    let (lang, day) = (visitor.lang, today.to_string());
    let page = Page::new(&host, &visitor, t(lang, "personal.record"));
    Ok(page.numbers(parameters.clone()).view(move || {
        let body = match chosen {
            None => choose(lang, &parameters, &person.region, today),
            Some(scene) => {
                let saving = saving(lang, scene, parameters, &form, (&day, &person.region));
                let form = fill(lang, scene, form, (day, person.region));
                view! { {form}{saving} }.into_any()
            }
        };
        view! {
            <Heading title=t(lang, "personal.record") lead=t(lang, "personal.record_lead")/>
            {body}
        }
    }))
}

/// The scenes by their families; those that nothing can be computed for in the region are named below and cannot be chosen.
fn choose(lang: Lang, set: &Parameters, region: &str, today: Date) -> AnyView {
    let all = scenes::scenes_on(set, today);
    let (usable, others): (Vec<&scenes::Scene>, Vec<_>) = all
        .into_iter()
        .partition(|scene| is_usable(scene, set, region, today));
    let name = |scene: &scenes::Scene| lang.choose(scene.name.zh, scene.name.en).to_owned();
    let choices = scenes::families()
        .iter()
        .flat_map(|family| {
            let of_family = usable.iter().filter(|scene| scene.family == family.code);
            of_family.map(|scene| {
                let group = lang.choose(family.name.zh, family.name.en);
                Choice::new(scene.code, name(scene)).under(group)
            })
        })
        .collect();
    let others: Vec<String> = others.into_iter().map(name).collect();
    let others = (!others.is_empty()).then(|| {
        let names = others.join(lang.choose("、", ", "));
        let region = region_name(lang, region);
        let parts = [("region", region.as_str()), ("scenes", names.as_str())];
        view! { <p class="remark">{tp(lang, "personal.not_in_region", &parts)}</p> }
    });
    view! {
        <form method="get" action="/me/record">
            <Field name="scene" label=t(lang, "personal.choose_scene") kind=Kind::Select choices/>
            <div class="act-form__buttons">
                <button class="button" type="submit">{t(lang, "personal.next")}</button>
            </div>
        </form>
        {others}
    }
    .into_any()
}

/// Whether the region has the factors that a scene needs, of a tier that counts.
fn is_usable(scene: &scenes::Scene, set: &Parameters, region: &str, today: Date) -> bool {
    const MISSING: &[&str] = &[
        "factor_not_for_region",
        "factor_unvetted",
        "parameter_not_in_force",
    ];
    let Some(mut input) = scenes::example(scene.code, set) else {
        return false;
    };
    if let Some(fields) = input.as_object_mut() {
        fields.remove("unvetted");
        fields.insert("day".to_owned(), today.to_string().into());
        fields.insert("region".to_owned(), region.into());
    }
    match scenes::act(scene.code, &input, set) {
        Ok(_) => true,
        Err(errors) => errors.iter().all(|error| !MISSING.contains(&error.code)),
    }
}

/// Rows of a list of the form, such as the passengers of a car: those left empty are none.
const LIST_ROWS: usize = 4;

/// The fields that a field of a calculator is filled in with: one, or some rows of a list.
fn rows_of(path: &str) -> Vec<(String, Option<usize>)> {
    if path.contains('*') {
        let row = |at: usize| (path.replacen('*', &at.to_string(), 1), Some(at));
        (0..LIST_ROWS).map(row).collect()
    } else {
        vec![(path.to_owned(), None)]
    }
}

fn fill(
    lang: Lang,
    scene: &'static scenes::Scene,
    form: Form,
    (day, region): (String, String),
) -> AnyView {
    let asked = scenes::scene_fields(scene);
    // within the form, whose values the fields show
    let fields = move || -> Vec<_> {
        let asked = asked.iter().filter(|field| {
            !OURS.contains(&field.path)
                && !field.path.starts_with("before.")
                && !matches!(field.kind, FieldKind::List { .. })
        });
        let rows =
            asked.flat_map(|field| rows_of(field.path).into_iter().map(move |row| (field, row)));
        rows.map(|(field, (name, row))| {
            let mut label = lang.choose(field.label.zh, field.label.en).to_owned();
            if let Some(row) = row {
                label = format!("{label} {}", row + 1);
            }
            let optional = row.is_some_and(|row| row > 0);
            let hint = match row {
                Some(1..) => String::new(),
                _ => lang.choose(field.help.zh, field.help.en).to_owned(),
            };
            match field.kind {
                FieldKind::Choice(choices) => {
                    let choices = choices
                        .iter()
                        .map(|choice| {
                            Choice::new(choice.value, lang.choose(choice.text.zh, choice.text.en))
                        })
                        .collect();
                    view! { <Field name label hint kind=Kind::Select choices optional/> }.into_any()
                }
                FieldKind::Number { unit, .. } => {
                    let unit = if unit == "1" { "" } else { unit };
                    view! { <Field name label hint unit=unit kind=Kind::Decimal optional/> }
                        .into_any()
                }
                _ => view! { <Field name label hint optional/> }.into_any(),
            }
        })
        .collect()
    };
    let evidence = lang.choose(scene.evidence.zh, scene.evidence.en).to_owned();
    view! {
        <p><strong>{scene_name(lang, scene.code)}</strong>" · "{evidence}</p>
        <ActForm act=Act::ActivityRecord form submit=t(lang, "act.activity_record") cancel="/me/record" id=RECORD_FORM>
            <Hidden name="scene" value=scene.code/>
            <Hidden name="region" value=region/>
            <Field name="day" label=t(lang, "personal.day") kind=Kind::Date default=day/>
            {fields()}
            <Field name="started" label=t(lang, "personal.started") kind=Kind::Time optional=true/>
            <Field name="ended" label=t(lang, "personal.ended") kind=Kind::Time optional=true/>
            <Field name="photo" label=t(lang, "personal.photo") kind=Kind::File autocomplete=".jpg,.jpeg,.png,.pdf" optional=true/>
        </ActForm>
    }
    .into_any()
}

/// What the act would save, with what is in the form: computed by the server for the page, and again in the browser.
fn saving(
    lang: Lang,
    scene: &'static scenes::Scene,
    parameters: Parameters,
    form: &Form,
    (day, region): (&str, &str),
) -> AnyView {
    let setup = InclusionSetup {
        scene: scene.code.to_owned(),
        parameters,
        lang,
        texts: CalculatorTexts::load(lang),
        saving_texts: SavingTexts::load(lang),
        result_texts: ResultTexts::load(lang),
    };
    let mut fields = form.values().clone();
    for (name, value) in [("day", day), ("region", region)] {
        let field = fields.entry(name.to_owned()).or_default();
        if field.is_empty() {
            value.clone_into(field);
        }
    }
    let shown = setup.show(&fields);
    let setup = serde_json::to_string(&setup).unwrap_or_default();
    view! {
        <Section title=t(lang, "live_event.saving_title") id="saving">
            <div class="live">
                <LiveResult setup module="inclusion" form_id=RECORD_FORM.to_owned() lang shown/>
            </div>
        </Section>
    }
    .into_any()
}
