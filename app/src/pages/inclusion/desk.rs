//! The registry's desk: acts being checked, orders, providers, goods, figures.

use axum::extract::State;
use domain::{Act, Role};
use leptos::prelude::*;
use registry::{ActivityView, Fields, InclusionStatistics, OrderView, ProviderView};

use super::account::unit_name;
use super::{figure, grams, scene_name};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Empty, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
use crate::visitor::Visitor;

/// `GET /desk/inclusion`.
pub async fn desk(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let queue = registry.activities_in_review(&by).await;
    let queue = queue.or_failed(&host, &visitor)?;
    let orders = registry.goods_orders_waiting(&by).await;
    let orders = orders.or_failed(&host, &visitor)?;
    let figures = registry.inclusion_statistics(visitor.now).await;
    let figures = figures.or_failed(&host, &visitor)?;
    let mut providers = Vec::new();
    for provider in registry.providers().await.or_failed(&host, &visitor)? {
        let key = registry.provider_key_shown(&by, &provider.id).await.ok();
        providers.push((provider, key.map(|key| key.secret)));
    }
    let add = Form::open(&host, &visitor, Act::ProviderAdd, Fields::new()).await;
    let offer = Form::open(&host, &visitor, Act::GoodsOffer, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.desk")).view(move || {
            let waiting: Vec<_> = queue.iter().map(|act| review(lang, act)).collect();
            let waiting = if waiting.is_empty() {
                view! { <Empty text=t(lang, "personal.review_none")/> }.into_any()
            } else {
                waiting.into_any()
            };
            let orders: Vec<_> = orders.iter().map(|order| fulfil(lang, order)).collect();
            let providers: Vec<_> = providers
                .iter()
                .map(|(provider, key)| shown(lang, provider, key.clone()))
                .collect();
            view! {
                <Heading title=t(lang, "personal.desk")/>
                <Section title=t(lang, "personal.review_queue")>{waiting}</Section>
                <Section title=t(lang, "personal.orders_waiting")>{orders}</Section>
                <Section title=t(lang, "personal.statistics")>{statistics(lang, &figures)}</Section>
                <Section title=t(lang, "personal.providers")>{providers}{provider_form(lang, add)}</Section>
                <Section title=t(lang, "act.goods_offer")>{goods_form(lang, offer)}</Section>
            }
        }),
    )
}

fn review(lang: Lang, act: &ActivityView) -> AnyView {
    let mut rows = vec![
        SummaryRow::new(t(lang, "personal.day"), format::date_text(lang, &act.day)),
        SummaryRow::new(t(lang, "personal.quantity"), act.quantity.clone()),
        SummaryRow::new(t(lang, "personal.grams"), grams(act.mg)),
    ];
    for (key, value) in [("reason", &act.reason), ("appeal", &act.appeal)] {
        if let Some(value) = value {
            rows.push(SummaryRow::new(
                t(lang, &format!("personal.{key}")),
                value.clone(),
            ));
        }
    }
    let (about, again) = (act.about.clone(), act.about.clone());
    let title = scene_name(lang, &act.scene);
    let decide = (act.status.code() == "review").then(|| view! {
        <ActForm act=Act::ActivityRelease submit=t(lang, "act.activity_release")>
            <Hidden name="about" value=about/>
            <Field name="reason" label=t(lang, "personal.reason")/>
        </ActForm>
        <ActForm act=Act::ActivityVoid submit=t(lang, "act.activity_void") ends=true>
            <Hidden name="about" value=again/>
            <Field name="reason" label=t(lang, "personal.reason")/>
            <Field name="suspend" label=t(lang, "personal.suspend") kind=Kind::Checkbox optional=true/>
        </ActForm>
    });
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body"><SummaryList rows/>{decide}</div>
        </details>
    }
    .into_any()
}

fn fulfil(lang: Lang, order: &OrderView) -> AnyView {
    let title = format!(
        "{} · {} {}",
        order.title,
        format::whole(order.points),
        unit_name(lang, order.unit)
    );
    let about = order.about.clone();
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <ActForm act=Act::GoodsFulfil submit=t(lang, "act.goods_fulfil")>
                    <Hidden name="about" value=about/>
                    <Field name="voucher" label=t(lang, "personal.voucher")/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn statistics(lang: Lang, figures: &InclusionStatistics) -> AnyView {
    let count = figures.accounts_min.to_string();
    let rows = figures
        .scenes
        .iter()
        .map(|one| {
            vec![
                scene_name(lang, &one.scene).into_any(),
                one.region.clone().into_any(),
                format::whole(one.accounts).into_any(),
                format::whole(one.acts).into_any(),
                grams(one.mg).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "personal.scene")),
        Column::text(t(lang, "personal.region")),
        Column::number(t(lang, "personal.accounts")),
        Column::number(t(lang, "personal.acts")),
        Column::number(t(lang, "personal.grams")),
    ];
    view! {
        <p>{tp(lang, "personal.statistics_lead", &[("count", &count)])}</p>
        <div class="hero-numbers">
            {figure(&grams(figures.pool_mg), t(lang, "personal.pool"))}
            {figure(&format::whole(figures.points_outstanding), t(lang, "personal.outstanding"))}
        </div>
        <DataTable caption=t(lang, "personal.statistics") columns rows empty=t(lang, "personal.nothing_yet")/>
    }
    .into_any()
}

fn shown(lang: Lang, provider: &ProviderView, key: Option<String>) -> AnyView {
    let mut rows = vec![
        SummaryRow::new(t(lang, "personal.evidence"), provider.evidence.clone()),
        SummaryRow::new(t(lang, "personal.scenes"), provider.scenes.join(", ")),
        SummaryRow::new(t(lang, "personal.agreement"), provider.agreement.clone()),
        SummaryRow::new(t(lang, "personal.provider"), provider.id.clone()),
    ];
    let end = key.map(|key| {
        rows.push(SummaryRow::new(t(lang, "personal.secret"), key));
        let id = provider.id.clone();
        view! {
            <ActForm act=Act::ProviderEnd submit=t(lang, "act.provider_end") ends=true>
                <Hidden name="provider" value=id/>
            </ActForm>
        }
    });
    let title = provider.name.clone();
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body"><SummaryList rows/>{end}</div>
        </details>
    }
    .into_any()
}

fn provider_form(lang: Lang, form: Form) -> AnyView {
    let evidence = ["T1", "T2"].map(|one| Choice::new(one, one)).to_vec();
    view! {
        <ActForm act=Act::ProviderAdd form submit=t(lang, "act.provider_add")>
            <Field name="name" label=t(lang, "personal.provider")/>
            <Field name="precedence" label=t(lang, "personal.precedence") kind=Kind::Decimal/>
            <Field name="evidence" label=t(lang, "personal.evidence") kind=Kind::Select choices=evidence/>
            <Field name="scenes" label=t(lang, "personal.scenes")/>
            <Field name="agreement" label=t(lang, "personal.agreement")/>
        </ActForm>
    }
    .into_any()
}

fn goods_form(lang: Lang, form: Form) -> AnyView {
    let units = vec![
        Choice::new("green", t(lang, "personal.points")),
        Choice::new("activity", t(lang, "personal.activity_points")),
    ];
    let fundings = ["assignment", "marketing"]
        .map(|one| Choice::new(one, t(lang, &format!("personal.funding_{one}"))))
        .to_vec();
    view! {
        <ActForm act=Act::GoodsOffer form submit=t(lang, "act.goods_offer")>
            <Field name="title" label=t(lang, "personal.goods_title")/>
            <Field name="unit" label=t(lang, "personal.unit") kind=Kind::Select choices=units/>
            <Field name="price" label=t(lang, "personal.price") kind=Kind::Decimal/>
            <Field name="stock" label=t(lang, "personal.stock") kind=Kind::Decimal/>
            <Field name="month_quota" label=t(lang, "personal.month_quota") kind=Kind::Decimal/>
            <Field name="funding" label=t(lang, "personal.funding") kind=Kind::Select choices=fundings/>
        </ActForm>
    }
    .into_any()
}
