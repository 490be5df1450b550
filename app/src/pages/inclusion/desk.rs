//! The registry's desk: acts being checked, orders, providers, goods, figures.

use axum::extract::{Query, State};
use domain::inclusion::Decision;
use domain::inclusion::review::all_reasons;
use domain::{Act, Role};
use leptos::prelude::*;
use methodologies::inclusion::{self as scenes, Unique};
use registry::{
    ActivityView, Fields, GoodsView, ORDER_REASONS, OrderView, Page as Rows, PageRequest,
    ProviderView,
};
use serde::Deserialize;
use time::Date;

use super::account::unit_name;
use super::act::{amount, evidence_name};
use super::keys::KEYS;
use super::{grams, photo, scene_name};
use crate::form::{Form, fields};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{self, OrFailed, Page, PageResult, require};
use crate::parts::{
    ActForm, Choice, Empty, Field, Heading, Hidden, Kind, Section, SummaryList, SummaryRow,
};
use crate::visitor::{Visitor, encode};

/// Which list of the queue, and from where.
#[derive(Debug, Default, Deserialize)]
pub struct QueueQuery {
    queue: Option<String>,
    after: Option<String>,
}

const DESK: &str = "/desk/inclusion";

/// `GET /desk/inclusion`.
pub async fn desk(
    State(host): State<Host>,
    visitor: Visitor,
    Query(query): Query<QueueQuery>,
) -> PageResult {
    let by = require(&host, &visitor, &[Role::RegistryOperator])?;
    let registry = &host.registry;
    let appeals = query.queue.as_deref() == Some("appeals");
    let page = PageRequest {
        after: query.after,
        size: 25,
    };
    let queue = if appeals {
        registry.activities_appealed(&by, &page).await
    } else {
        registry.activities_in_review(&by, &page).await
    };
    let queue = queue.or_failed(&host, &visitor)?;
    let orders = registry.goods_orders_waiting(&by).await;
    let orders = orders.or_failed(&host, &visitor)?;
    let providers = registry.providers().await.or_failed(&host, &visitor)?;
    let add = Form::open(&host, &visitor, Act::ProviderAdd, Fields::new()).await;
    let offer = Form::open(&host, &visitor, Act::GoodsOffer, Fields::new()).await;
    let goods = registry.goods_all(&by).await.or_failed(&host, &visitor)?;
    let refuse = Form::open(&host, &visitor, Act::GoodsRefuse, Fields::new()).await;
    let change = Form::open(&host, &visitor, Act::GoodsChange, Fields::new()).await;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    let set = host.registry.parameters_in_force().await;
    let set = set.or_failed(&host, &visitor)?;
    Ok(
        Page::new(&host, &visitor, t(lang, "personal.desk")).numbers(set).view(move || {
            let orders = if orders.is_empty() {
                view! { <Empty text=t(lang, "personal.no_orders_waiting")/> }.into_any()
            } else {
                let orders: Vec<_> = orders.iter().map(|order| fulfil(lang, order, &refuse)).collect();
                orders.into_any()
            };
            let goods: Vec<_> = goods.iter().map(|one| of_shop(lang, one, &change)).collect();
            let providers: Vec<_> = providers
                .iter()
                .map(|provider| shown(lang, provider))
                .collect();
            view! {
                <Heading title=t(lang, "personal.desk")/>
                <p class="button-row">
                    <a class="button button--secondary" href="/desk/inclusion/imports">{t(lang, "provider.imports_title")}</a>
                    <a class="button button--secondary" href=KEYS>{t(lang, "provider_key.title")}</a>
                    <a class="button button--secondary" href="/desk/inclusion/precedence">{t(lang, "identity.precedence_title")}</a>
                    <a class="button button--secondary" href="/desk/inclusion/identities">{t(lang, "identity.asked_title")}</a>
                    <a class="button button--secondary" href="/desk/inclusion/statistics">{t(lang, "provider.statistics_title")}</a>
                    <a class="button button--secondary" href="/desk/parameters">{t(lang, "shell.parameters")}</a>
                    <a class="button button--secondary" href="/desk/scenes">{t(lang, "scene.title")}</a>
                </p>
                <Section title=t(lang, if appeals { "provider.appeals" } else { "personal.review_queue" })>
                    {waiting(lang, appeals, &page, &queue)}
                </Section>
                <Section title=t(lang, "personal.orders_waiting")>{orders}</Section>
                <Section title=t(lang, "personal.providers")>{providers}{provider_form(lang, add, today)}</Section>
                <Section title=t(lang, "personal.goods_all")>{goods}</Section>
                <Section title=t(lang, "act.goods_offer")>{goods_form(lang, offer)}</Section>
            }
        }),
    )
}

/// An address with parameters; empty ones are left out.
pub(super) fn address(path: &str, params: &[(&str, &str)]) -> String {
    params.iter().filter(|(_, value)| !value.is_empty()).fold(
        path.to_owned(),
        |address, (name, value)| {
            let sign = if address.contains('?') { '&' } else { '?' };
            format!("{address}{sign}{name}={}", encode(value))
        },
    )
}

/// What was written as the reason of a decision: a code as its text, with the words behind it.
pub(super) fn reason_text(lang: Lang, reason: &str) -> String {
    let (code, words) = reason.split_once(": ").unwrap_or((reason, ""));
    if !all_reasons().contains(&code) {
        return reason.to_owned();
    }
    let text = t(lang, &format!("provider.reason_{code}"));
    if words.is_empty() {
        text
    } else {
        format!("{text} · {words}")
    }
}

/// The list with its pages, and the way to the other one.
fn waiting(lang: Lang, appeals: bool, page: &PageRequest, queue: &Rows<ActivityView>) -> AnyView {
    let name = if appeals { "appeals" } else { "" };
    let rows: Vec<_> = queue.rows.iter().map(|act| review(lang, act)).collect();
    let rows = if rows.is_empty() {
        view! { <Empty text=t(lang, "personal.review_none")/> }.into_any()
    } else {
        rows.into_any()
    };
    let (other, to) = if appeals {
        ("personal.review_queue", DESK.to_owned())
    } else {
        ("provider.appeals", address(DESK, &[("queue", "appeals")]))
    };
    let first = page.after.as_ref().map(|_| {
        let to = address(DESK, &[("queue", name)]);
        view! { <a class="table__link" href=to>{t(lang, "part.first_page")}</a>" " }
    });
    let next = queue.next.as_deref().map(|key| {
        let to = address(DESK, &[("queue", name), ("after", key)]);
        view! { <a class="table__link" href=to rel="next">{t(lang, "part.next_page")}</a>" " }
    });
    view! {
        <p><a href=to>{t(lang, other)}</a></p>
        {rows}
        <p>{first}{next}</p>
    }
    .into_any()
}

fn review(lang: Lang, act: &ActivityView) -> AnyView {
    let quantity = scenes::scene_known(&page::scene().numbers, &act.scene).map_or_else(
        || act.quantity.clone(),
        |scene| amount(lang, scene, &act.quantity),
    );
    let mut rows = vec![
        SummaryRow::new(t(lang, "personal.day"), format::date_text(lang, &act.day)),
        SummaryRow::new(t(lang, "personal.quantity"), quantity),
        SummaryRow::new(t(lang, "personal.grams"), grams(act.mg)),
        SummaryRow::new(
            t(lang, "personal.source"),
            act.provider
                .clone()
                .unwrap_or_else(|| t(lang, "personal.by_hand")),
        ),
        SummaryRow::new(
            t(lang, "personal.evidence"),
            evidence_name(lang, &act.evidence),
        ),
    ];
    if let Some(reason) = &act.reason {
        let text = reason_text(lang, reason);
        rows.push(SummaryRow::new(t(lang, "personal.reason"), text));
    }
    if let Some(appeal) = &act.appeal {
        rows.push(SummaryRow::new(t(lang, "personal.appeal"), appeal.clone()));
    }
    let title = scene_name(lang, &act.scene);
    let photo = act.has_photo.then(|| {
        let to = format!("/desk/inclusion/photos/{}", encode(&act.about));
        photo::shown(lang, to)
    });
    let is_metered = scenes::scene_known(&page::scene().numbers, &act.scene)
        .and_then(|scene| scene.unique)
        == Some(Unique::Meter);
    let of_void: &[&str] = if is_metered && act.provider.is_some() {
        &["suspend", "meter"]
    } else {
        &["suspend"]
    };
    let decisions: [(Act, Decision, &[&str]); 2] = match act.status.code() {
        "review" => [
            (Act::ActivityRelease, Decision::Release, &[]),
            (Act::ActivityVoid, Decision::Void, of_void),
        ],
        _ => [
            (Act::ActivityRestore, Decision::Restore, &["lift"]),
            (Act::ActivityUphold, Decision::Uphold, &[]),
        ],
    };
    let forms: Vec<_> = decisions
        .iter()
        .map(|(act_of, decision, ticks)| decide(lang, *act_of, *decision, ticks, act.about.clone()))
        .collect();
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body"><SummaryList rows/>{photo}{forms}</div>
        </details>
    }
    .into_any()
}

/// The form of one decision: a code, words, and the boxes there are.
fn decide(
    lang: Lang,
    act: Act,
    decision: Decision,
    ticks: &[&'static str],
    about: String,
) -> AnyView {
    let choices: Vec<Choice> = decision
        .reasons()
        .iter()
        .map(|code| Choice::new(*code, reason_text(lang, code)))
        .collect();
    let ticks: Vec<_> = ticks
        .iter()
        .map(|tick| {
            let label = match *tick {
                "suspend" => t(lang, "personal.suspend"),
                "meter" => t(lang, "personal.release_meter"),
                _ => t(lang, "provider.lift"),
            };
            view! { <Field name=*tick label kind=Kind::Checkbox optional=true/> }
        })
        .collect();
    let ends = act == Act::ActivityVoid;
    view! {
        <ActForm act submit=t(lang, &format!("act.{}", act.name())) ends>
            <Hidden name="about" value=about/>
            <Field name="code" label=t(lang, "provider.code") kind=Kind::Select choices/>
            <Field name="reason" label=t(lang, "provider.words") hint=t(lang, "provider.words_hint") optional=true/>
            {ticks}
        </ActForm>
    }
    .into_any()
}

/// The form of an act about one of several things: what was typed and refused stands in the form it was typed in.
fn form_about(form: &Form, field: &str, value: &str) -> Form {
    let of_this = form.values().get(field).map(String::as_str) == Some(value);
    Some(form).filter(|_| of_this).cloned().unwrap_or_default()
}

/// The form that changes goods, with what holds now.
fn change_form(change: &Form, goods: &GoodsView) -> Form {
    if change.values().get("goods") == Some(&goods.id) {
        return change.clone();
    }
    Form::of(fields([
        ("price", &goods.price.to_string()),
        ("stock", &goods.stock.to_string()),
        ("month_quota", &goods.month_quota.to_string()),
    ]))
}

/// Goods with their stock, to be changed or ended while they are offered.
fn of_shop(lang: Lang, goods: &GoodsView, change: &Form) -> AnyView {
    let state = t(lang, &format!("personal.goods_{}", goods.state));
    let title = format!("{} · {state} · {}", goods.title, format::whole(goods.stock));
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
        SummaryRow::new(
            t(lang, "personal.month_quota"),
            format::whole(goods.month_quota),
        ),
    ];
    let acts = (goods.state == "offered").then(|| {
        let form = change_form(change, goods);
        let (of_change, of_end) = (goods.id.clone(), goods.id.clone());
        let hint = t(lang, "personal.goods_change_hint");
        view! {
            <ActForm act=Act::GoodsChange form submit=t(lang, "act.goods_change")>
                <Hidden name="goods" value=of_change/>
                <Field name="price" label=t(lang, "personal.price") kind=Kind::Decimal hint/>
                <Field name="stock" label=t(lang, "personal.stock") kind=Kind::Decimal/>
                <Field name="month_quota" label=t(lang, "personal.month_quota") kind=Kind::Decimal/>
            </ActForm>
            <ActForm act=Act::GoodsEnd submit=t(lang, "act.goods_end") ends=true>
                <Hidden name="goods" value=of_end/>
            </ActForm>
        }
    });
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body"><SummaryList rows/>{acts}</div>
        </details>
    }
    .into_any()
}

fn fulfil(lang: Lang, order: &OrderView, refuse: &Form) -> AnyView {
    let title = format!(
        "{} · {} {}",
        order.title,
        format::whole(order.points),
        unit_name(lang, order.unit)
    );
    let (about, of_refusal) = (order.about.clone(), order.about.clone());
    let form = form_about(refuse, "about", &order.about);
    let reasons: Vec<Choice> = ORDER_REASONS
        .iter()
        .map(|code| Choice::new(*code, t(lang, &format!("personal.order_reason_{code}"))))
        .collect();
    view! {
        <details class="how">
            <summary class="how__summary">{title}</summary>
            <div class="how__body">
                <ActForm act=Act::GoodsFulfil submit=t(lang, "act.goods_fulfil")>
                    <Hidden name="about" value=about/>
                    <Field name="voucher" label=t(lang, "personal.voucher")/>
                </ActForm>
                <ActForm act=Act::GoodsRefuse form submit=t(lang, "act.goods_refuse") ends=true>
                    <Hidden name="about" value=of_refusal/>
                    <Field name="code" label=t(lang, "provider.code") kind=Kind::Select choices=reasons/>
                    <Field name="reason" label=t(lang, "provider.words") hint=t(lang, "provider.words_hint") optional=true/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn shown(lang: Lang, provider: &ProviderView) -> AnyView {
    let scenes: Vec<String> = provider
        .scenes
        .iter()
        .map(|code| scene_name(lang, code))
        .collect();
    let scenes = scenes.join(lang.choose("、", ", "));
    let rows = vec![
        SummaryRow::new(
            t(lang, "identity.place"),
            super::precedence::place(lang, provider.precedence),
        ),
        SummaryRow::new(
            t(lang, "personal.evidence"),
            evidence_name(lang, &provider.evidence),
        ),
        SummaryRow::new(t(lang, "personal.scenes"), scenes),
        SummaryRow::new(t(lang, "personal.agreement"), provider.agreement.clone()),
        SummaryRow::new(t(lang, "personal.provider"), provider.id.clone()),
    ];
    let end = provider.is_active.then(|| {
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

fn provider_form(lang: Lang, form: Form, today: Date) -> AnyView {
    let evidence = ["T1", "T2"]
        .map(|one| Choice::new(one, evidence_name(lang, one)))
        .to_vec();
    let places: Vec<Choice> = (1..=5)
        .map(|one| Choice::new(one.to_string(), super::precedence::place(lang, one)))
        .collect();
    let numbers = &page::scene().numbers;
    let scenes: Vec<Choice> = scenes::scenes_on(numbers, today)
        .into_iter()
        .map(|scene| Choice::new(scene.code, lang.choose(scene.name.zh, scene.name.en)))
        .collect();
    view! {
        <ActForm act=Act::ProviderAdd form submit=t(lang, "act.provider_add")>
            <Field name="name" label=t(lang, "personal.provider")/>
            <Field name="precedence" label=t(lang, "personal.precedence") kind=Kind::Select choices=places/>
            <Field name="evidence" label=t(lang, "personal.evidence") kind=Kind::Select choices=evidence/>
            <Field name="scenes" label=t(lang, "personal.scenes") kind=Kind::Boxes choices=scenes/>
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
