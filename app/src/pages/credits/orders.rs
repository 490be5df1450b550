//! Orders about credits that a second member confirms.

use axum::extract::{Path, State};
use domain::Act;
use leptos::prelude::*;
use registry::{CreditOrder, Fields, OrderKind};

use super::source::HOLDERS;
use crate::form::Form;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::retirements::purpose_label;
use crate::pages::public::shown::TONNES;
use crate::parts::{
    ActForm, Empty, Field, Heading, Hidden, Kind, Notice, Section, SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/orders`.
pub async fn orders(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let orders = host
        .registry
        .order_list(&by)
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "registry_account.orders_title"))
            .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
            .view(move || {
                let body: Vec<_> = orders
                    .iter()
                    .map(|order| in_list(lang, order))
                    .collect();
                let body = if body.is_empty() {
                    view! { <Empty text=t(lang, "registry_account.orders_none")/> }.into_any()
                } else {
                    body.into_any()
                };
                view! {
                    <Heading title=t(lang, "registry_account.orders_title") lead=t(lang, "registry_account.orders_lead")/>
                    <Notice tone=Tone::Note title=t(lang, "registry_account.orders_reserve")/>
                    {body}
                }
            }),
    )
}

fn in_list(lang: Lang, order: &CreditOrder) -> AnyView {
    let (title, rows) = (title_of(lang, order), facts(lang, order));
    let address = format!("/desk/orders/{}", order.id);
    let decide = (!order.allowed.is_empty()).then(|| {
        view! { <p><a class="button" href=address>{t(lang, "registry_account.order_open")}<span class="only-heard">" "{title.clone()}</span></a></p> }
    });
    view! { <Section title=title.clone()><SummaryList rows/>{decide}</Section> }.into_any()
}

fn title_of(lang: Lang, order: &CreditOrder) -> String {
    tp(
        lang,
        &format!("registry_account.order_title_{}", order.kind.code()),
        &[("quantity", &whole(order.quantity))],
    )
}

/// `GET /desk/orders/{id}`: one order, and the decision of whoever may decide.
pub async fn order(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let orders = host
        .registry
        .order_list(&by)
        .await
        .or_failed(&host, &visitor)?;
    let order = orders
        .into_iter()
        .find(|order| order.id == id)
        .or_failed(&host, &visitor)?;
    let confirm = Form::open(&host, &visitor, Act::CreditsConfirm, Fields::new()).await;
    let reject = Form::open(&host, &visitor, Act::CreditsReject, Fields::new()).await;
    let lang = visitor.lang;
    let title = title_of(lang, &order);
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .crumb(t(lang, "registry_account.orders_title"), "/desk/orders")
        .view(move || {
            let (rows, decision) = (facts(lang, &order), decision(lang, &order, (confirm, reject)));
            view! {
                <Heading title above=t(lang, "registry_account.orders_title") lead=t(lang, "registry_account.orders_reserve")/>
                <SummaryList rows/>
                {decision}
            }
        }))
}

fn facts(lang: Lang, order: &CreditOrder) -> Vec<SummaryRow> {
    let tone = match order.state.as_str() {
        "waiting" => Tone::Attention,
        "confirmed" => Tone::Done,
        "rejected" => Tone::Refused,
        _ => Tone::Note,
    };
    let field = |name: &str| order.fields.get(name).cloned().unwrap_or_default();
    let state = t(lang, &format!("registry_account.order_{}", order.state));
    let mut rows = vec![
        SummaryRow::new(
            t(lang, "registry_account.state"),
            view! { <Tag text=state tone/> },
        ),
        SummaryRow::new(
            t(lang, "credits.quantity"),
            format!("{} {TONNES}", whole(order.quantity)),
        ),
    ];
    match order.kind {
        OrderKind::Transfer => rows.push(SummaryRow::new(t(lang, "credits.receiver"), field("to"))),
        OrderKind::Retirement if order.fields.contains_key("rows") => {
            // what it would retire is the file: its lines, as they were sent
            rows.push(SummaryRow::new(
                t(lang, "offer.rows_title"),
                view! { <pre class="log__note">{field("rows")}</pre> },
            ));
        }
        OrderKind::Retirement => {
            rows.push(SummaryRow::new(
                t(lang, "public.beneficiary"),
                field("beneficiary"),
            ));
            rows.push(SummaryRow::new(
                t(lang, "public.purpose"),
                purpose_label(lang, &field("purpose")),
            ));
        }
    }
    let who = |name: &str, at| format!("{name} · {}", format::moment(lang, at));
    rows.push(SummaryRow::new(
        t(lang, "registry_account.order_initiator"),
        who(&order.initiator, order.initiated_at),
    ));
    if let (Some(decider), Some(at)) = (&order.decider, order.decided_at) {
        rows.push(SummaryRow::new(
            t(lang, "registry_account.decision"),
            who(decider, at),
        ));
    }
    if let Some(reason) = &order.reason {
        rows.push(SummaryRow::new(
            t(lang, "registry_account.reason"),
            reason.clone(),
        ));
    }
    rows
}

fn decision(lang: Lang, order: &CreditOrder, forms: (Form, Form)) -> AnyView {
    let (confirm, reject) = forms;
    let may = |act| order.allowed.contains(&act);
    let own = may(Act::CreditsReject) && !may(Act::CreditsConfirm);
    let (id, again) = (order.id.clone(), order.id.clone());
    let retirement = order.kind == OrderKind::Retirement;
    let confirm = may(Act::CreditsConfirm).then(|| {
        let last = retirement.then(|| view! { <p>{t(lang, "credits.final_text")}</p> });
        view! {
            <ActForm act=Act::CreditsConfirm form=confirm submit=t(lang, "act.credits_confirm") ends=retirement>
                <Hidden name="order" value=id/>
                {last}
            </ActForm>
        }
    });
    let open = !reject.problems().is_empty();
    let key = if own {
        "registry_account.order_withdraw"
    } else {
        "act.credits_reject"
    };
    let reject = may(Act::CreditsReject).then(|| {
        view! {
            <details class="how" open=open>
                <summary class="how__summary">{t(lang, key)}</summary>
                <div class="how__body">
                    <ActForm act=Act::CreditsReject form=reject submit=t(lang, key) ends=true>
                        <Hidden name="order" value=again/>
                        <Field name="reason" label=t(lang, "registry_account.reason") kind=Kind::Lines/>
                    </ActForm>
                </div>
            </details>
        }
    });
    view! { {confirm}{reject} }.into_any()
}
