//! What a person does with points, and what they take along.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Act;
use domain::inclusion::PointUnit;
use leptos::prelude::*;
use registry::{CampaignView, Fields, GiftView, GoodsView, OrderView};

use super::{PERSON, figure, grams};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Empty, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
use crate::visitor::Visitor;

/// `GET /me/give`.
pub async fn give(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let campaigns = registry.campaigns(visitor.now).await;
    let campaigns = campaigns.or_failed(&host, &visitor)?;
    let gifts = registry.gifts(&by).await.or_failed(&host, &visitor)?;
    let form = Form::open(&host, &visitor, Act::GiftGive, Fields::new()).await;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.give")).view(move || {
            let open: Vec<_> = campaigns.into_iter().filter(|one| one.is_open).collect();
            let body = if open.is_empty() {
                view! { <Empty text=t(lang, "personal.no_campaigns")/> }.into_any()
            } else {
                gift_form(lang, &open, form)
            };
            view! {
                <Heading title=t(lang, "personal.give") lead=t(lang, "personal.points_hint")/>
                <div class="hero-numbers">{figure(&format::whole(person.points.available), t(lang, "personal.points"))}</div>
                {body}
                <Section title=t(lang, "personal.my_gifts")>{given(lang, &gifts)}</Section>
            }
        }),
    )
}

fn gift_form(lang: Lang, campaigns: &[CampaignView], form: Form) -> AnyView {
    let choices = campaigns
        .iter()
        .map(|one| Choice::new(one.id.clone(), format!("{} · {}", one.title, one.organiser)))
        .collect();
    let rows = campaigns
        .iter()
        .map(|one| {
            let text = format!(
                "{} {} / {} · {} {}",
                t(lang, "personal.given"),
                grams(one.given_mg),
                grams(one.target_mg),
                t(lang, "personal.closes_on"),
                format::date_text(lang, &one.closes_on)
            );
            SummaryRow::new(one.title.clone(), text)
        })
        .collect();
    view! {
        <SummaryList rows/>
        <ActForm act=Act::GiftGive form submit=t(lang, "act.gift_give")>
            <Field name="campaign" label=t(lang, "personal.campaign_title") kind=Kind::Select choices/>
            <Field name="points" label=t(lang, "personal.points_to_give") kind=Kind::Decimal/>
        </ActForm>
    }
    .into_any()
}

fn given(lang: Lang, gifts: &[GiftView]) -> AnyView {
    let rows = gifts
        .iter()
        .map(|gift| {
            let mut text = format!("{} · {}", format::whole(gift.points), gift.title);
            if gift.is_returned {
                text = format!("{text} · {}", t(lang, "personal.returned"));
            }
            SummaryRow::new(format::moment(lang, gift.at), text)
        })
        .collect();
    view! { <SummaryList rows/> }.into_any()
}

/// The name of a kind of points.
pub(super) fn unit_name(lang: Lang, unit: PointUnit) -> String {
    match unit {
        PointUnit::Green => t(lang, "personal.points"),
        PointUnit::Activity => t(lang, "personal.activity_points"),
    }
}

/// `GET /me/shop`.
pub async fn shop(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let registry = &host.registry;
    let person = registry.person(&by).await.or_failed(&host, &visitor)?;
    let goods = registry.goods().await.or_failed(&host, &visitor)?;
    let orders = registry
        .goods_orders(&by)
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.shop")).view(move || {
            let offered: Vec<_> = goods.iter().map(|one| offer(lang, one)).collect();
            let offered = if offered.is_empty() {
                view! { <Empty text=t(lang, "personal.no_goods")/> }.into_any()
            } else {
                offered.into_any()
            };
            view! {
                <Heading title=t(lang, "personal.shop") lead=t(lang, "personal.points_hint")/>
                <div class="hero-numbers">
                    {figure(&format::whole(person.points.available), t(lang, "personal.points"))}
                    {figure(&format::whole(person.points.activity), t(lang, "personal.activity_points"))}
                </div>
                {offered}
                <Section title=t(lang, "personal.orders")>{ordered(lang, &orders)}</Section>
            }
        }),
    )
}

fn offer(lang: Lang, goods: &GoodsView) -> AnyView {
    let rows = vec![
        SummaryRow::new(
            t(lang, "personal.price"),
            format!(
                "{} {}",
                format::whole(goods.price),
                unit_name(lang, goods.unit)
            ),
        ),
        SummaryRow::new(t(lang, "personal.stock"), format::whole(goods.stock)),
    ];
    let (title, id) = (goods.title.clone(), goods.id.clone());
    view! {
        <Section title>
            <SummaryList rows/>
            <ActForm act=Act::GoodsOrder submit=t(lang, "act.goods_order")>
                <Hidden name="goods" value=id/>
            </ActForm>
        </Section>
    }
    .into_any()
}

fn ordered(lang: Lang, orders: &[OrderView]) -> AnyView {
    let rows = orders
        .iter()
        .map(|order| {
            let cancel = (order.state == "frozen").then(|| {
                let id = order.id.clone();
                view! {
                    <ActForm act=Act::GoodsCancel submit=t(lang, "act.goods_cancel") quiet=true>
                        <Hidden name="order" value=id/>
                    </ActForm>
                }
            });
            let state = t(lang, &format!("personal.order_{}", order.state));
            let voucher = order.voucher.clone().unwrap_or_default();
            vec![
                order.title.clone().into_any(),
                format::whole(order.points).into_any(),
                view! { {state}{cancel} }.into_any(),
                voucher.into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "personal.goods_title")),
        Column::number(t(lang, "personal.price")),
        Column::text(t(lang, "personal.status")),
        Column::text(t(lang, "personal.voucher")),
    ];
    view! { <DataTable caption=t(lang, "personal.orders") columns rows empty=t(lang, "personal.nothing_yet")/> }.into_any()
}

/// `GET /me/export.json`: everything about the person.
pub async fn export_json(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let export = host.registry.person_export(&by).await;
    let export = export.or_failed(&host, &visitor)?;
    Ok(axum::Json(export).into_response())
}

/// `GET /me/export.csv`: the person's acts.
pub async fn export_csv(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let export = host.registry.person_export(&by).await;
    let export = export.or_failed(&host, &visitor)?;
    let mut text = String::from("id,day,scene,region,evidence,quantity,counted,mg,status\r\n");
    for act in &export.activities {
        let cells = [
            act.id.as_str(),
            &act.day,
            &act.scene,
            &act.region,
            &act.evidence,
            &act.quantity,
            &act.counted,
            &act.mg.to_string(),
            act.status.code(),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    Ok(csv(text))
}

fn csv(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}
