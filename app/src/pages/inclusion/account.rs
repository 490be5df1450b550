//! What a person does with points, and what they take along.

use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use domain::inclusion::{MG_PER_POINT, PointUnit, Progress};
use domain::{Act, Instant};
use leptos::prelude::*;
use registry::{CampaignView, Fields, GiftView, GoodsView, OrderView, PersonExport};

use super::badges::bar;
use super::{PERSON, figure, grams, kilograms, named_scene};
use crate::form::Form;
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::csv::Csv;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Empty, Field, Heading, Hidden, Kind, Section, SummaryList,
    SummaryRow,
};
use crate::visitor::{Visitor, query_value};

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
                gift_form(lang, &open, form, person.points.available)
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

fn gift_form(lang: Lang, campaigns: &[CampaignView], form: Form, points: i64) -> AnyView {
    let choices = campaigns
        .iter()
        .map(|one| Choice::new(one.id.clone(), format!("{} · {}", one.title, one.organiser)))
        .collect();
    let rows = campaigns
        .iter()
        .map(|one| {
            let all = [
                ("given", kilograms(one.given_mg)),
                ("target", kilograms(one.target_mg)),
                ("date", format::date_text(lang, &one.closes_on)),
            ];
            let all: Vec<_> = all
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let text = tp(lang, "personal.given_of", &all);
            let progress = Progress {
                step: 0,
                have: one.given_mg,
                next: Some(one.target_mg),
            };
            let bar = bar(one.title.clone(), progress);
            SummaryRow::new(one.title.clone(), view! { {bar}{text} })
        })
        .collect();
    let points = format::whole(points.max(0));
    let hint = tp(lang, "personal.points_to_give_hint", &[("points", &points)]);
    view! {
        <SummaryList rows/>
        <ActForm act=Act::GiftGive form submit=t(lang, "act.gift_give")>
            <Field name="campaign" label=t(lang, "personal.campaign_title") kind=Kind::Select choices/>
            <Field name="points" label=t(lang, "personal.points_to_give") hint kind=Kind::Decimal/>
        </ActForm>
    }
    .into_any()
}

fn given(lang: Lang, gifts: &[GiftView]) -> AnyView {
    let rows = gifts
        .iter()
        .map(|gift| {
            let grams = grams(gift.points * MG_PER_POINT);
            let all = [("grams", grams.as_str()), ("title", gift.title.as_str())];
            let mut text = tp(lang, "personal.gift_of", &all);
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
            let why = order.refused_for.as_ref().map(|code| {
                let why = t(lang, &format!("personal.order_reason_{code}"));
                let note = order.refusal_note.clone().unwrap_or_default();
                view! { <br/>{why}" "{note} }
            });
            let voucher = order.voucher.clone().unwrap_or_default();
            vec![
                order.title.clone().into_any(),
                format::whole(order.points).into_any(),
                view! { {state}{why}{cancel} }.into_any(),
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

/// The tables of an export as CSV.
pub const EXPORT_TABLES: &[&str] = &[
    "acts",
    "moves",
    "tonnes",
    "points",
    "orders",
    "gifts",
    "consents",
    "links",
    "appeals",
    "decisions",
];

/// `GET /me/export.csv?table=`: one table of what is held about the person; the acts where none is named.
pub async fn export_csv(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, PERSON)?;
    let export = host.registry.person_export(&by).await;
    let export = export.or_failed(&host, &visitor)?;
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    let asked = query_value(query.as_deref().unwrap_or_default(), "table").unwrap_or_default();
    let name = |scene: &str| named_scene(visitor.lang, &set, scene);
    let (file, table) = match asked.as_str() {
        "moves" => ("moves.csv", moves_table(&export)),
        "tonnes" => ("tonnes.csv", tonnes_table(&export)),
        "points" => ("points.csv", points_table(&export)),
        "orders" => ("orders.csv", orders_table(&export)),
        "gifts" => ("gifts.csv", gifts_table(&export)),
        "consents" => ("consents.csv", consents_table(&export)),
        "links" => ("links.csv", links_table(&export)),
        "appeals" => ("appeals.csv", appeals_table(&export)),
        "decisions" => ("decisions.csv", decisions_table(&export)),
        _ => ("acts.csv", acts_table(&export, name)),
    };
    Ok(table.response(file, None))
}

fn when(at: Option<Instant>) -> String {
    at.map_or_else(String::new, |at| at.to_string())
}

fn acts_table(export: &PersonExport, name: impl Fn(&str) -> String) -> Csv {
    let mut table = Csv::new(&[
        "id",
        "day",
        "started_at",
        "ended_at",
        "scene",
        "source",
        "region",
        "evidence",
        "quantity",
        "counted",
        "mg",
        "activity_points",
        "certifiable",
        "status",
        "reason",
        "received_at",
        "scene_name",
    ]);
    for act in &export.activities {
        table.row(&[
            act.id.clone(),
            act.day.clone(),
            when(act.started_at),
            when(act.ended_at),
            act.scene.clone(),
            act.provider.clone().unwrap_or_default(),
            act.region.clone(),
            act.evidence.clone(),
            act.quantity.clone(),
            act.counted.clone(),
            act.mg.to_string(),
            act.activity_points.to_string(),
            act.is_certifiable.to_string(),
            act.status.code().to_owned(),
            act.reason.clone().unwrap_or_default(),
            act.received_at.to_string(),
            name(&act.scene),
        ]);
    }
    table
}

fn moves_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["id", "activity", "from", "to", "of", "mg", "at"]);
    for step in &export.moves {
        table.row(&[
            step.id.clone(),
            step.lot.clone(),
            step.from.code().to_owned(),
            step.to.code().to_owned(),
            step.of.clone(),
            step.mg.to_string(),
            step.at.to_string(),
        ]);
    }
    table
}

fn tonnes_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["activity", "batch", "mg", "serials", "retirements"]);
    for one in &export.tonnes {
        table.row(&[
            one.activity.clone(),
            one.trace.batch.clone(),
            one.trace.mg.to_string(),
            one.trace.serials.clone(),
            one.trace.retirements.join(" "),
        ]);
    }
    table
}

fn points_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["id", "unit", "from", "to", "points", "about", "at"]);
    for step in &export.points {
        table.row(&[
            step.id.clone(),
            step.unit.clone(),
            step.from.clone(),
            step.to.clone(),
            step.points.to_string(),
            step.about.clone(),
            step.at.to_string(),
        ]);
    }
    table
}

fn orders_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&[
        "id",
        "title",
        "unit",
        "points",
        "state",
        "voucher",
        "placed_at",
    ]);
    for order in &export.orders {
        table.row(&[
            order.id.clone(),
            order.title.clone(),
            order.unit.code().to_owned(),
            order.points.to_string(),
            order.state.clone(),
            order.voucher.clone().unwrap_or_default(),
            order.placed_at.to_string(),
        ]);
    }
    table
}

fn gifts_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["id", "campaign", "title", "points", "returned", "at"]);
    for gift in &export.gifts {
        table.row(&[
            gift.id.clone(),
            gift.campaign.clone(),
            gift.title.clone(),
            gift.points.to_string(),
            gift.is_returned.to_string(),
            gift.at.to_string(),
        ]);
    }
    table
}

fn consents_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&[
        "id",
        "purpose",
        "source",
        "scene",
        "text_version",
        "text_hash",
        "by_guardian",
        "granted_at",
        "revoked_at",
    ]);
    for consent in &export.consents {
        table.row(&[
            consent.id.clone(),
            consent.purpose.code().to_owned(),
            consent.provider_name.clone(),
            consent.scene.clone(),
            consent.text_version.to_string(),
            consent.text_hash.clone(),
            consent.by_guardian.clone().unwrap_or_default(),
            consent.granted_at.to_string(),
            when(consent.revoked_at),
        ]);
    }
    table
}

fn links_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["provider", "reference"]);
    for link in &export.links {
        table.row(&[link.provider.clone(), link.reference.clone()]);
    }
    table
}

fn appeals_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&[
        "activity",
        "text",
        "made_at",
        "state",
        "decided_at",
        "restored",
    ]);
    for appeal in &export.appeals {
        table.row(&[
            appeal.activity.clone(),
            appeal.text.clone(),
            appeal.made_at.to_string(),
            appeal.state.clone(),
            when(appeal.decided_at),
            appeal.restored.clone().unwrap_or_default(),
        ]);
    }
    table
}

fn decisions_table(export: &PersonExport) -> Csv {
    let mut table = Csv::new(&["activity", "decision", "code", "note", "at"]);
    for decision in &export.decisions {
        table.row(&[
            decision.activity.clone(),
            decision.decision.clone(),
            decision.code.clone(),
            decision.note.clone(),
            decision.at.to_string(),
        ]);
    }
    table
}
