//! Recording an act by hand, and everything about one act: how it came about, and who owns its grams now.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::inclusion::Guards;
use leptos::prelude::*;
use methodologies::Parameters;
use methodologies::inclusion as scenes;
use methodologies::schema::Kind as FieldKind;
use registry::{ActivityView, Fields, GramTrace, LotMove, LotPlace};
use time::Date;

use super::{PERSON, grams, named_scene, place_name, reason, region_name, scene_name, today};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::islands::calculator::{CalculatorTexts, LiveResult};
use crate::lang::{Lang, t, tp};
use crate::live::inclusion::InclusionSetup;
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
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
    Ok(Page::new(&host, &visitor, title.clone())
        .numbers(set)
        .crumb(t(lang, "personal.today"), "/me")
        .view(move || {
            let steps = outcome.as_ref().map(|outcome| steps(lang, outcome));
            let photo = act.has_photo.then(|| {
                let to = format!("/me/acts/{}/photo", act.id);
                view! { <p><a href=to>{t(lang, "personal.photo_shown")}</a></p> }
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
                <SummaryList rows=facts(lang, &act)/>
                {photo}
                {reason::explained(lang, &act, days, &appeal)}
                <Section title=t(lang, "personal.owner")>{owners(lang, &places, &traces)}</Section>
                {steps}
                <Section title=t(lang, "personal.moves")>{moved(lang, &moves)}</Section>
                {objection}
            }
        }))
}

fn facts(lang: Lang, act: &ActivityView) -> Vec<SummaryRow> {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let certifiable = if act.is_certifiable {
        "certifiable"
    } else {
        "not_certifiable"
    };
    let mut rows = vec![
        SummaryRow::new(label("status"), today::status(lang, act)),
        SummaryRow::new(label("day"), format::date_text(lang, &act.day)),
        SummaryRow::new(label("hours"), hours(lang, act)),
        SummaryRow::new(
            label("source"),
            act.provider.clone().unwrap_or_else(|| label("by_hand")),
        ),
        SummaryRow::new(
            label("evidence"),
            format!("{} · {}", act.evidence, label(certifiable)),
        ),
        SummaryRow::new(label("quantity"), act.quantity.clone()),
        SummaryRow::new(label("counted"), act.counted.clone()),
        SummaryRow::new(
            label("settle_on"),
            act.settle_on
                .as_deref()
                .map_or_else(|| "–".to_owned(), |day| format::date_text(lang, day)),
        ),
    ];
    if let Some(reason) = &act.reason {
        let text = super::desk::reason_text(lang, reason);
        rows.push(SummaryRow::new(label("reason"), text));
    }
    rows
}

/// Begin and end of a trip.
fn hours(lang: Lang, act: &ActivityView) -> String {
    match act.started_at.zip(act.ended_at) {
        Some((from, to)) => format!(
            "{} – {}",
            format::moment(lang, from),
            format::moment(lang, to)
        ),
        None => "–".to_owned(),
    }
}

/// The working of an act: each step, and each factor with its tier and source.
fn steps(lang: Lang, outcome: &scenes::Act) -> AnyView {
    let label = move |key: &str| t(lang, &format!("personal.{key}"));
    let steps: Vec<_> = outcome
        .steps
        .iter()
        .map(|step| {
            let title = lang.message(&step.title).to_owned();
            let line = format!(
                "{} = {} {}",
                step.formula,
                step.value.normalize(),
                step.unit
            );
            view! { <li><strong>{title}</strong>" "<code>{line}</code></li> }
        })
        .collect();
    let rows = outcome
        .factors
        .iter()
        .map(|factor| {
            let tier = serde_json::to_value(factor.tier).ok();
            let tier = tier.and_then(|tier| tier.as_str().map(str::to_owned));
            vec![
                factor.id.clone().into_any(),
                format!("{} {}", factor.value.normalize(), factor.unit).into_any(),
                tier.unwrap_or_default().into_any(),
                format::date(lang, factor.from).into_any(),
                lang.message(&factor.source).to_owned().into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(label("factors")),
        Column::number(label("value")),
        Column::text(label("tier")),
        Column::text(label("from")),
        Column::text(label("from_source")),
    ];
    view! {
        <Section title=label("steps")>
            <ol class="steps">{steps}</ol>
            <DataTable caption=label("factors") columns rows empty=label("nothing_yet")/>
        </Section>
    }
    .into_any()
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
