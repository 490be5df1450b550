//! Offering credits at a price until a day.

use axum::extract::State;
use domain::Act;
use domain::rulebook::LimitCode;
use leptos::prelude::*;
use registry::{Fields, Holding};

use super::source::HOLDERS;
use crate::form::Form;
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::offers::no_exchange;
use crate::pages::public::shown::TONNES;
use crate::parts::{ActForm, Choice, Field, Heading, Kind};
use crate::visitor::Visitor;

/// `GET /desk/offers/new`.
pub async fn offer_new(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let holdings = host
        .registry
        .holdings(&by)
        .await
        .or_failed(&host, &visitor)?;
    let book = host.registry.rule_book().await.or_failed(&host, &visitor)?;
    let days = book.limit_in_force(LimitCode::Reservation, visitor.now.beijing_date());
    let form = Form::open(&host, &visitor, Act::CreditsOffer, Fields::new()).await;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "act.credits_offer"))
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .crumb(t(lang, "offer.title"), "/offers")
        .view(move || {
            let choices = sources(lang, &holdings);
            let body = if choices.is_empty() {
                super::nothing_held(lang)
            } else {
                view! {
                    <ActForm act=Act::CreditsOffer form submit=t(lang, "act.credits_offer") cancel="/desk/holdings">
                        <Field name="source" label=t(lang, "credits.source") kind=Kind::Radios choices/>
                        <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
                        <Field name="price" label=t(lang, "offer.price") hint=t(lang, "offer.price_hint") kind=Kind::Decimal unit=t(lang, "offer.price_unit")/>
                        <Field name="last_day" label=t(lang, "offer.last_day") kind=Kind::Date/>
                    </ActForm>
                }
                .into_any()
            };
            view! {
                <Heading title=t(lang, "act.credits_offer") lead=t(lang, "offer.new_lead")/>
                {no_exchange(lang, days)}
                {body}
            }
        }))
}

/// Each class and sub-account with something free.
fn sources(lang: Lang, holdings: &[Holding]) -> Vec<Choice> {
    let mut choices = Vec::new();
    for holding in holdings {
        for (from, free) in [("trading", holding.trading), ("holding", holding.held)] {
            if free > 0 {
                let params = [
                    ("project", holding.project_name.as_str()),
                    ("vintage", &holding.vintage.to_string()),
                    ("held", &format!("{} {TONNES}", whole(free))),
                ];
                let label = tp(lang, &format!("offer.source_{from}"), &params);
                choices.push(Choice::new(format!("{from}:{}", holding.class), label));
            }
        }
    }
    choices
}
