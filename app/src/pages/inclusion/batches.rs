//! Batches: freezing, the body's sample and opinion, notice, issue.

use axum::extract::{Path, State};
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{BatchSample, BatchView, Fields};

use super::{grams, regions, scene_name};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
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
    let bodies = host.registry.bodies().await.or_failed(&host, &visitor)?;
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
                        batch.region.clone().into_any(),
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
        .numbers(set)
        .view(move || {
            let [of_opinion, of_issue, of_rejection] = [batch.id.clone(), batch.id.clone(), batch.id.clone()];
            let opinion = (role == Role::Vvb && batch.state == "frozen").then(|| view! {
                <Section title=t(lang, "act.batch_assess")>
                    <ActForm act=Act::BatchAssess form=assess submit=t(lang, "act.batch_assess")>
                        <Hidden name="batch" value=of_opinion/>
                        <Field name="sample_errors" label=t(lang, "personal.sample_errors") kind=Kind::Decimal/>
                        <Field name="opinion" label=t(lang, "personal.opinion") kind=Kind::Lines/>
                    </ActForm>
                </Section>
            });
            let operator = role == Role::RegistryOperator;
            let issue = (operator && batch.state == "in_notice").then(|| view! {
                <ActForm act=Act::BatchIssue submit=t(lang, "act.batch_issue")><Hidden name="batch" value=of_issue/></ActForm>
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

fn sampled(lang: Lang, sample: &BatchSample) -> AnyView {
    let label = |key: &str| t(lang, &format!("personal.{key}"));
    let stood = |stood: bool| {
        label(if stood {
            "sample_stood"
        } else {
            "sample_not_stood"
        })
    };
    let found = [
        ("sample_differ_count", sample.differ),
        ("sample_without_consent", sample.without_consent),
    ];
    let found = found.map(|(key, count)| SummaryRow::new(label(key), format::whole(count)));
    let rows = sample
        .acts
        .iter()
        .map(|act| {
            let again = act.mg_again.map_or_else(|| "–".to_owned(), grams);
            vec![
                scene_name(lang, &act.scene).into_any(),
                format::date_text(lang, &act.day).into_any(),
                act.evidence.clone().into_any(),
                act.quantity.clone().into_any(),
                grams(act.mg).into_any(),
                again.into_any(),
                stood(act.has_consent).into_any(),
                stood(act.is_assigned).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(label("scene")),
        Column::text(label("day")),
        Column::text(label("evidence")),
        Column::number(label("quantity")),
        Column::number(label("grams")),
        Column::number(label("sample_differ")),
        Column::text(label("sample_consent")),
        Column::text(label("sample_assigned")),
    ];
    view! {
        <SummaryList rows=Vec::from(found)/>
        <DataTable caption=label("sample") columns rows empty=label("no_batches")/>
    }
    .into_any()
}
