//! Batches: freezing, the body's sample and opinion, notice, issue.

use axum::extract::{Path, State};
use domain::{Act, Role};
use leptos::prelude::*;
use methodologies::inclusion::FactorUse;
use registry::{BatchSample, BatchView, Fields, RecognitionBasis, SampledAct};

use super::act::evidence_name;
use super::{grams, regions, scene_name};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
use crate::visitor::Visitor;

const READERS: &[Role] = &[Role::Vvb, Role::RegistryOperator];

/// `GET /desk/batches`.
pub async fn batches(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, READERS)?;
    let batches = host
        .registry
        .batches(&by)
        .await
        .or_failed(&host, &visitor)?;
    let bodies = host.registry.bodies(&by).await.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::BatchFreeze, Fields::new()).await;
    let (lang, freezes) = (visitor.lang, by.role == Role::RegistryOperator);
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.batches")).view(move || {
            let rows = batches
                .iter()
                .map(|batch| {
                    let address = format!("/desk/batches/{}", batch.id);
                    vec![
                        view! { <a href=address>{batch.number.clone()}</a> }.into_any(),
                        super::region_name(lang, &batch.region).into_any(),
                        grams(batch.mg).into_any(),
                        t(lang, &format!("personal.batch_{}", batch.state)).into_any(),
                    ]
                })
                .collect();
            let columns = vec![
                Column::text(t(lang, "personal.batches")),
                Column::text(t(lang, "personal.region")),
                Column::number(t(lang, "personal.grams")),
                Column::text(t(lang, "personal.status")),
            ];
            let freeze = freezes.then(|| freeze_form(lang, &bodies, form));
            view! {
                <Heading title=t(lang, "personal.batches")/>
                <DataTable caption=t(lang, "personal.batches") columns rows empty=t(lang, "personal.no_batches")/>
                {freeze}
            }
        }),
    )
}

fn freeze_form(lang: Lang, bodies: &[(String, String)], form: Form) -> AnyView {
    let bodies = bodies
        .iter()
        .map(|(id, name)| Choice::new(id.clone(), name.clone()))
        .collect();
    let recognitions = ["provincial", "municipal", "none"]
        .map(|one| Choice::new(one, t(lang, &format!("personal.recognition_{one}"))))
        .to_vec();
    view! {
        <Section title=t(lang, "act.batch_freeze")>
            <p>{t(lang, "personal.freeze_lead")}</p>
            <ActForm act=Act::BatchFreeze form submit=t(lang, "act.batch_freeze")>
                <Field name="region" label=t(lang, "personal.region") kind=Kind::Select choices=regions(lang)/>
                <Field name="period_start" label=t(lang, "personal.period_start") kind=Kind::Date/>
                <Field name="period_end" label=t(lang, "personal.period_end") kind=Kind::Date/>
                <Field name="holder" label=t(lang, "personal.holder")/>
                <Field name="vvb" label=t(lang, "personal.vvb") kind=Kind::Select choices=bodies/>
                <Field name="recognition" label=t(lang, "personal.recognition") kind=Kind::Select choices=recognitions/>
                <Field name="recognition_title" label=t(lang, "personal.recognition_title") hint=t(lang, "personal.recognition_hint") optional=true/>
                <Field name="recognition_number" label=t(lang, "personal.recognition_number") optional=true/>
                <Field name="recognised_by" label=t(lang, "personal.recognised_by") optional=true/>
                <Field name="recognised_on" label=t(lang, "personal.recognised_on") kind=Kind::Date optional=true/>
                <Field name="exclusive" label=t(lang, "personal.exclusive") kind=Kind::Checkbox/>
                <Field name="statement" label=t(lang, "personal.statement") kind=Kind::Lines/>
            </ActForm>
        </Section>
    }
    .into_any()
}

/// `GET /desk/batches/{id}`.
pub async fn batch(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, READERS)?;
    let batches = host
        .registry
        .batches(&by)
        .await
        .or_failed(&host, &visitor)?;
    let batch = batches.into_iter().find(|batch| batch.id == id);
    let batch = batch.or_failed(&host, &visitor)?;
    let sample = host.registry.batch_sample(&by, &id).await;
    let sample = sample.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let assess = Form::open(&host, &visitor, Act::BatchAssess, Fields::new()).await;
    let reject = Form::open(&host, &visitor, Act::BatchReject, Fields::new()).await;
    let (lang, role) = (visitor.lang, by.role);
    Ok(Page::new(&host, &visitor, batch.number.clone())
        .crumb(t(lang, "personal.batches"), "/desk/batches")
        .wide()
        .numbers(set)
        .view(move || {
            let [of_opinion, of_issue, of_rejection] = [batch.id.clone(), batch.id.clone(), batch.id.clone()];
            let opinion = (role == Role::Vvb && batch.state == "frozen").then(|| view! {
                <Section title=t(lang, "act.batch_assess")>
                    <ActForm act=Act::BatchAssess form=assess submit=t(lang, "act.batch_assess")>
                        <Hidden name="batch" value=of_opinion/>
                        <Field name="findings" label=t(lang, "personal.findings") hint=t(lang, "personal.findings_hint") kind=Kind::Lines optional=true/>
                        <Field name="checked" label=t(lang, "personal.checked") kind=Kind::Checkbox/>
                        <Field name="independent" label=t(lang, "personal.independent") kind=Kind::Checkbox/>
                        <Field name="opinion" label=t(lang, "personal.opinion") kind=Kind::Lines/>
                    </ActForm>
                </Section>
            });
            let operator = role == Role::RegistryOperator;
            let issue = (operator && batch.state == "in_notice").then(|| {
                if batch.is_own {
                    return view! { <p>{t(lang, "personal.issue_by_another")}</p> }.into_any();
                }
                view! {
                    <ActForm act=Act::BatchIssue submit=t(lang, "act.batch_issue")><Hidden name="batch" value=of_issue/></ActForm>
                }
                .into_any()
            });
            let reject = (operator && matches!(batch.state.as_str(), "frozen" | "in_notice")).then(|| view! {
                <Section title=t(lang, "act.batch_reject")>
                    <ActForm act=Act::BatchReject form=reject submit=t(lang, "act.batch_reject") ends=true>
                        <Hidden name="batch" value=of_rejection/>
                        <Field name="reason" label=t(lang, "personal.reason")/>
                    </ActForm>
                </Section>
            });
            view! {
                <Heading title=batch.number.clone() lead=t(lang, &format!("personal.batch_{}", batch.state))/>
                <SummaryList rows=facts(lang, &batch)/>
                <Section title=t(lang, "personal.sample")>{sampled(lang, &sample)}</Section>
                {opinion}{issue}{reject}
            }
        }))
}

fn facts(lang: Lang, batch: &BatchView) -> Vec<SummaryRow> {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let day = |text: &str| format::date_text(lang, text);
    let mut rows = vec![
        SummaryRow::new(label("region"), batch.region.clone()),
        SummaryRow::new(label("period_start"), day(&batch.period.0)),
        SummaryRow::new(label("period_end"), day(&batch.period.1)),
        SummaryRow::new(
            label("recognition"),
            label(&format!("recognition_{}", batch.recognition)),
        ),
        SummaryRow::new(
            label("recognition_basis"),
            basis(lang, batch.basis.as_ref(), &batch.recognition),
        ),
        SummaryRow::new(label("lots"), format::whole(batch.lots)),
        SummaryRow::new(label("accounts"), format::whole(batch.accounts)),
        SummaryRow::new(label("grams"), grams(batch.mg)),
        SummaryRow::new(label("root"), batch.merkle_root.clone()),
    ];
    let more = [
        (
            "sample",
            batch
                .sample
                .map(|(size, errors)| format!("{errors} / {size}")),
        ),
        ("wrong_share", batch.wrong_share.map(percent)),
        ("opinion", batch.opinion.clone()),
        (
            "notice",
            batch
                .notice
                .as_ref()
                .map(|(first, last)| format!("{} – {}", day(first), day(last))),
        ),
        ("haircut", batch.haircut_mg.map(grams)),
        (
            "issued",
            batch
                .tonnes
                .map(|tonnes| format!("{} t", format::whole(tonnes))),
        ),
        ("returned_mg", batch.returned_mg.map(grams)),
        ("reason", batch.reason.clone()),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            rows.push(SummaryRow::new(label(key), value));
        }
    }
    rows
}

/// Ten-thousandths as a percentage.
pub(super) fn percent(share: i64) -> String {
    format!("{}.{:02} %", share / 100, share % 100)
}

/// The document that a recognition rests on, in a line.
pub(crate) fn basis(lang: Lang, basis: Option<&RecognitionBasis>, recognition: &str) -> String {
    let Some(basis) = basis else {
        let key = if recognition == "none" {
            "none"
        } else {
            "not_asked"
        };
        return t(lang, &format!("personal.recognition_basis_{key}"));
    };
    let day = format::date_text(lang, &basis.on);
    format!(
        "{} · {} · {} · {day}",
        basis.title, basis.number, basis.authority
    )
}

fn sampled(lang: Lang, sample: &BatchSample) -> AnyView {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let stood = |stood: bool| {
        label(if stood {
            "sample_stood"
        } else {
            "sample_not_stood"
        })
    };
    let share = |points: i64| {
        let whole = i128::from(sample.points.max(1));
        let share = i128::from(points) * 10_000 / whole;
        percent(i64::try_from(share).unwrap_or(0))
    };
    let found = [
        SummaryRow::new(
            label("sample_acts"),
            format::whole(i64::try_from(sample.acts.len()).unwrap_or(i64::MAX)),
        ),
        SummaryRow::new(
            label("sample_root"),
            label(if sample.root_holds {
                "sample_root_holds"
            } else {
                "sample_root_differs"
            }),
        ),
        SummaryRow::new(label("sample_differ_count"), format::whole(sample.differ)),
        SummaryRow::new(
            label("sample_without_consent"),
            format::whole(sample.without_consent),
        ),
        SummaryRow::new(label("sample_wrong"), format::whole(sample.wrong)),
        SummaryRow::new(label("wrong_share"), share(sample.wrong_points)),
    ];
    let said = |key: &str, what: String| {
        let name = label(key);
        tp(
            lang,
            "personal.sample_said",
            &[("name", &name), ("what", &what)],
        )
    };
    // each factor once, under a number that the lines name
    let mut used: Vec<String> = Vec::new();
    let mut factors_of = |act: &SampledAct| {
        let numbers: Vec<String> = act
            .factors
            .iter()
            .map(|one| {
                let text = factor(lang, one);
                let at = used.iter().position(|known| *known == text);
                let at = at.unwrap_or_else(|| {
                    used.push(text);
                    used.len() - 1
                });
                format!("{} {} [{}]", one.value.normalize(), one.unit, at + 1)
            })
            .collect();
        numbers.join(lang.choose("；", "; "))
    };
    let rows: Vec<_> = (1..)
        .zip(&sample.acts)
        .map(|(number, act)| {
            let again = match act.mg_again {
                Some(again) if again == act.mg => label("sample_same"),
                Some(again) => grams(again),
                None => label("sample_not_computed"),
            };
            let factors = factors_of(act);
            let day = format::date_text(lang, &act.day);
            let region = super::region_name(lang, &act.region);
            let leaf = if act.leaf_holds {
                "sample_leaf_holds"
            } else {
                "sample_leaf_differs"
            };
            vec![
                format::whole(number).into_any(),
                lines(scene_name(lang, &act.scene), vec![day, region]),
                lines(
                    act.provider.clone(),
                    vec![evidence_name(lang, &act.evidence)],
                ),
                lines(format!("{} {}", act.quantity, act.unit), vec![factors]),
                lines(grams(act.mg), vec![said("sample_again", again)]),
                share(act.points).into_any(),
                lines(
                    said("sample_consent", stood(act.has_consent)),
                    vec![
                        said("sample_assigned", stood(act.is_assigned)),
                        said("sample_leaf", label(leaf)),
                    ],
                ),
                act.finding.clone().unwrap_or_default().into_any(),
            ]
        })
        .collect();
    let used = (1..)
        .zip(used)
        .map(|(number, text)| SummaryRow::new(format!("[{number}]"), text));
    let used: Vec<_> = used.collect();
    let columns = vec![
        Column::number(label("sample_number")),
        Column::text(label("scene")),
        Column::text(label("source")),
        Column::number(label("quantity")),
        Column::number(label("grams")),
        Column::number(label("sample_weight")),
        Column::text(label("sample_held")),
        Column::text(label("sample_finding")),
    ];
    view! {
        <p class="prose">{label("sample_method")}</p>
        <SummaryList rows=Vec::from(found)/>
        <DataTable caption=label("sample") columns rows empty=label("no_batches")/>
        <h3>{label("sample_factors")}</h3>
        <SummaryList rows=used/>
    }
    .into_any()
}

/// A cell with its main line and quieter ones below it.
fn lines(main: String, below: Vec<String>) -> AnyView {
    let below: Vec<_> = below
        .into_iter()
        .map(|line| view! { <span class="table__sub">{line}</span> })
        .collect();
    view! { {main}{below} }.into_any()
}

/// A factor with its tier, day and source.
fn factor(lang: Lang, used: &FactorUse) -> String {
    let tier = crate::pages::public::parameters::tier_name(lang, used.tier);
    let day = format::date_text(lang, &used.from.to_string());
    let source = lang.message(&used.source);
    let params = [
        ("value", used.value.normalize().to_string()),
        ("unit", used.unit.clone()),
        ("date", day),
        ("tier", tier),
        ("source", source.to_owned()),
    ];
    let params: Vec<_> = params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    tp(lang, "personal.sample_factor_of", &params)
}
