//! Moving credits to another holder: a form, then a page that shows who would receive what, then the act.

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use domain::Act;
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{AccountTarget, ClassOffer, Fields};

use super::preview::{self, Preview, blocks_table};
use super::source::{self, HOLDERS};
use crate::acts::{ActAnswer, ActCall, Done, pass, see_other};
use crate::form::{Form, Problem};
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::shown::TONNES;
use crate::parts::{
    ActForm, ErrorSummary, Field, Heading, Hidden, Kind, NumberHero, SummaryList, SummaryRow,
};
use crate::visitor::{Visitor, encode, query_value};

const FORM: &str = "/desk/transfers/new";
const CHECK: &str = "/desk/transfers/check";
/// What the form asks, and the check page sends on.
const FIELDS: [&str; 3] = ["to", "quantity", "source"];

/// `GET /desk/transfers/new`; `?source=` chooses the class, `?typed=` brings back what was typed.
pub async fn transfer_new(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let offers = host
        .registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let stored = super::stored(&host, &visitor, query.as_deref(), Act::CreditsTransfer).await;
    let form = Form::open(&host, &visitor, Act::CreditsTransfer, stored).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "credits.transfer_title")).crumb(t(lang, "credits.holdings_title"), "/desk/holdings").view(move || {
        let body = if offers.is_empty() { super::nothing_held(lang) } else { form_view(lang, &offers, form) };
        view! { <Heading title=t(lang, "credits.transfer_title") lead=t(lang, "credits.transfer_lead")/>{body} }
    }))
}

fn form_view(lang: Lang, offers: &[ClassOffer], form: Form) -> AnyView {
    let choices = source::choices(lang, offers);
    view! {
        <ActForm act=Act::CreditsTransfer form submit=t(lang, "credits.to_check") action=CHECK cancel="/desk/holdings">
            <Field name="to" label=t(lang, "credits.to") hint=t(lang, "credits.to_hint")/>
            <Field name="source" label=t(lang, "credits.source") hint=t(lang, "credits.source_hint") kind=Kind::Radios choices/>
            <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
        </ActForm>
    }
    .into_any()
}

/// `POST /desk/transfers/check`: reads the form and keeps it for the check page; nothing moves yet.
pub async fn transfer_check_post(
    State(host): State<Host>,
    visitor: Visitor,
    request: Request,
) -> Response {
    pass(&host, visitor, Act::CreditsTransfer, request, check).await
}

async fn check(call: ActCall) -> ActAnswer {
    preview::transfer(&call.host.registry, &call.by()?, &call.fields).await?;
    let kept = super::keep(&call, Act::CreditsTransfer).await?;
    Ok(Done::to(format!("{CHECK}?typed={}", encode(&kept))))
}

/// `GET /desk/transfers/check?typed=…`: what would happen, and the button that does it.
pub async fn transfer_check(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let stored = super::stored(&host, &visitor, query.as_deref(), Act::CreditsTransfer).await;
    let form = Form::open(&host, &visitor, Act::CreditsTransfer, stored).await;
    if form.value("to").is_empty() {
        return Ok(see_other(FORM));
    }
    let typed = visitor
        .again
        .clone()
        .or_else(|| query_value(query.as_deref().unwrap_or_default(), "typed"))
        .unwrap_or_default();
    let offers = host
        .registry
        .class_offers(&by)
        .await
        .or_failed(&host, &visitor)?;
    let fields: Fields = form.values().clone();
    let (form, found) = match preview::transfer(&host.registry, &by, &fields).await {
        Ok(found) => (form, Some(found)),
        Err(registry::Error::Refused(refusals)) => (
            Form::with_problems(fields, refusals.iter().map(Problem::from).collect()),
            None,
        ),
        Err(error) => return Err(error).or_failed(&host, &visitor),
    };
    let lang = visitor.lang;
    Ok(
        Page::new(&host, &visitor, t(lang, "credits.transfer_check_title"))
            .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
            .crumb(t(lang, "credits.transfer_title"), FORM)
            .view(move || check_view(lang, &offers, &typed, form, found)),
    )
}

fn check_view(
    lang: Lang,
    offers: &[ClassOffer],
    typed: &str,
    form: Form,
    found: Option<(Preview, AccountTarget)>,
) -> AnyView {
    let change = format!("{FORM}?typed={}", encode(typed));
    let Some((preview, target)) = found else {
        return view! {
            <Heading title=t(lang, "credits.transfer_check_title")/>
            <Provider value=form><ErrorSummary/></Provider>
            <p><a class="button button--secondary" href=change>{t(lang, "credits.back_to_form")}</a></p>
        }
        .into_any();
    };
    let left = tp(
        lang,
        "credits.left_after",
        &[("left", &whole(preview.held_before - preview.quantity))],
    );
    let rows = vec![
        SummaryRow::new(t(lang, "credits.receiver"), view! { <strong>{target.name.clone()}</strong>" "<code>{target.account_number.clone()}</code> })
            .change(change.clone()),
        SummaryRow::new(t(lang, "credits.quantity"), format!("{} {TONNES}", whole(preview.quantity))).change(change.clone()),
        SummaryRow::new(t(lang, "credits.source"), source::label(lang, offers, form.value("source"))).change(change.clone()),
    ];
    let hidden: Vec<_> = FIELDS
        .iter()
        .map(|name| view! { <Hidden name=*name value=form.value(name).to_owned()/> })
        .collect();
    let key = format!("check-{typed}");
    view! {
        <Heading title=t(lang, "credits.transfer_check_title") lead=tp(lang, "credits.transfer_check_lead", &[("receiver", &target.name)])/>
        <NumberHero label=t(lang, "credits.transfer_moves") value=whole(preview.quantity) unit=TONNES note=left/>
        <SummaryList rows/>
        {blocks_table(lang, &preview)}
        <p class="remark">{t(lang, "credits.preview_remark")}</p>
        <ActForm act=Act::CreditsTransfer form submit=t(lang, "credits.transfer_submit") key cancel=change>{hidden}</ActForm>
    }
    .into_any()
}
