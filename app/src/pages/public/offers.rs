//! Offers: who offers how much of what at which price. No exchange: the page says so.

use axum::extract::{Path, RawQuery, State};
use domain::Act;
use domain::ledger::{total_fen, yuan_text};
use domain::rulebook::LimitCode;
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{Fields, OfferFilter, PublicOffer};

use super::filters::Filters;
use super::shown::{TONNES, class_address, class_kind, methodology_name, project_address};
use crate::form::Form;
use crate::format::{self, decimal, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Heading, Hidden, Kind, Notice, NumberHero, Section,
    SummaryList, SummaryRow,
};
use crate::visitor::{Tone, Visitor};

const LIST: &str = "/offers";
/// The filters that leave something out.
const NARROWING: &[&str] = &["methodology", "vintage"];
const PAGE_ROWS: i64 = 25;

/// `GET /offers`.
pub async fn offers(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let filters = Filters::read(query.as_deref(), &["methodology", "vintage", "after"]);
    let page = host
        .registry
        .public()
        .offers(visitor.now, &filter_of(&filters), &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let days = reservation_days(&host, &visitor).await?;
    let may = visitor
        .role()
        .is_some_and(|role| Act::CreditsOffer.roles().allows(Some(role)));
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "offer.title"))
        .description(t(lang, "offer.lead"))
        .wide()
        .view(move || {
            let rows = page.rows.iter().map(|offer| cells(lang, offer)).collect();
            let columns = vec![
                Column::text(t(lang, "public.project")),
                Column::text(t(lang, "offer.vintage")),
                Column::number(format!("{} {TONNES}", t(lang, "offer.left"))),
                Column::number(t(lang, "offer.price")),
                Column::text(t(lang, "offer.seller")),
                Column::text(t(lang, "offer.last_day")),
            ];
            let (next, first) = filters.pages(LIST, page.next.as_deref());
            let empty = if filters.any(NARROWING) {
                t(lang, "public.nothing_found")
            } else {
                t(lang, "offer.none")
            };
            let own = may.then(|| view! {
                <p><a class="button" href="/desk/offers/new">{t(lang, "act.credits_offer")}</a></p>
            });
            view! {
                <Heading title=t(lang, "offer.title") lead=t(lang, "offer.lead")/>
                {no_exchange(lang, days)}
                {own}
                {filter_form(lang, &filters)}
                <DataTable caption=t(lang, "offer.title") columns rows empty next first
                    json=filters.address("/api/v1/offers", &[("after", "")])/>
            }
        }))
}

/// What the filters say; a vintage that is no year finds nothing.
fn filter_of(filters: &Filters) -> OfferFilter {
    OfferFilter {
        methodology: filters.get("methodology").map(str::to_owned),
        vintage: filters
            .get("vintage")
            .map(|typed| domain::text::narrow(typed).parse().unwrap_or(0)),
    }
}

fn filter_form(lang: Lang, filters: &Filters) -> AnyView {
    let methodologies = methodologies::catalogue()
        .iter()
        .map(|methodology| Choice::new(methodology.code, methodology_name(lang, methodology.code)))
        .collect();
    let clear = filters
        .any(NARROWING)
        .then(|| view! { <a href=LIST>{t(lang, "public.filter_clear")}</a> });
    view! {
        <Provider value=Form::of(filters.fields())>
            <form class="filters" method="get" action=LIST role="search" aria-label=t(lang, "public.filter_label")>
                <Field name="methodology" label=t(lang, "public.methodology") kind=Kind::Select choices=methodologies/>
                <Field name="vintage" label=t(lang, "offer.vintage") hint="2024" kind=Kind::Decimal/>
                <div class="filters__buttons">
                    <button class="button button--secondary" type="submit">{t(lang, "public.filter_submit")}</button>
                    {clear}
                </div>
            </form>
        </Provider>
    }
    .into_any()
}

fn cells(lang: Lang, offer: &PublicOffer) -> Vec<AnyView> {
    let address = format!("{LIST}/{}", offer.id);
    vec![
        view! { <a href=address>{offer.project_name.clone()}</a><span class="table__sub"><code>{offer.project_code.clone()}</code></span> }
            .into_any(),
        offer.vintage.to_string().into_any(),
        whole(offer.quantity).into_any(),
        price(lang, offer.price_fen).into_any(),
        offer.holder.clone().into_any(),
        format::date_text(lang, &offer.last_day).into_any(),
    ]
}

/// A price of one tonne.
pub fn price(lang: Lang, fen: i64) -> String {
    let yuan = decimal(&yuan_text(i128::from(fen)));
    tp(lang, "offer.price_text", &[("yuan", &yuan)])
}

/// What a quantity costs.
pub fn total(lang: Lang, quantity: i64, fen: i64) -> String {
    let yuan = decimal(&yuan_text(total_fen(quantity, fen)));
    tp(lang, "offer.total_text", &[("yuan", &yuan)])
}

/// What this is not, and how long a reservation lasts.
pub fn no_exchange(lang: Lang, days: Option<u32>) -> AnyView {
    let rule = match days {
        Some(days) => tp(lang, "offer.days", &[("days", &days.to_string())]),
        None => t(lang, "refusal.offers_not_open"),
    };
    view! {
        <Notice tone=Tone::Attention title=t(lang, "offer.no_exchange_title")>
            <p>{t(lang, "offer.no_exchange")}</p>
            <p>{rule}" "<a href="/rules">{t(lang, "hold.rules_link")}</a></p>
        </Notice>
    }
    .into_any()
}

async fn reservation_days(
    host: &Host,
    visitor: &Visitor,
) -> Result<Option<u32>, crate::page::Failed> {
    let book = host.registry.rule_book().await.or_failed(host, visitor)?;
    Ok(book.limit_in_force(LimitCode::Reservation, visitor.now.beijing_date()))
}

/// `GET /offers/{id}`: one offer, and the form that reserves from it.
pub async fn offer(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    let offer = host
        .registry
        .public()
        .offer(visitor.now, &id)
        .await
        .or_failed(&host, &visitor)?;
    let days = reservation_days(&host, &visitor).await?;
    let may = visitor
        .role()
        .is_some_and(|role| Act::CreditsReserve.roles().allows(Some(role)));
    let form = Form::open(&host, &visitor, Act::CreditsReserve, Fields::new()).await;
    let lang = visitor.lang;
    let title = tp(
        lang,
        "offer.one_title",
        &[
            ("project", &offer.project_name),
            ("vintage", &offer.vintage.to_string()),
        ],
    );
    Ok(Page::new(&host, &visitor, title.clone())
        .crumb(t(lang, "offer.title"), LIST)
        .view(move || {
            let reserve = if may {
                let id = offer.id.clone();
                view! {
                    <p>{t(lang, "offer.reserve_lead")}</p>
                    <ActForm act=Act::CreditsReserve form submit=t(lang, "act.credits_reserve")>
                        <Hidden name="offer" value=id/>
                        <Field name="quantity" label=t(lang, "credits.quantity") hint=t(lang, "credits.quantity_hint") kind=Kind::Decimal unit=TONNES/>
                    </ActForm>
                }
                .into_any()
            } else {
                view! { <p>{t(lang, "offer.reserve_who")}</p> }.into_any()
            };
            view! {
                <Heading title above=t(lang, "offer.title")/>
                <NumberHero label=t(lang, "offer.left") value=whole(offer.quantity) unit=TONNES note=price(lang, offer.price_fen)/>
                <SummaryList rows=facts(lang, &offer)/>
                {no_exchange(lang, days)}
                <Section title=t(lang, "act.credits_reserve")>{reserve}</Section>
            }
        }))
}

fn facts(lang: Lang, offer: &PublicOffer) -> Vec<SummaryRow> {
    let project = project_address(Some(&offer.project_code), offer.project.as_str());
    let class = class_address(offer.class.as_str());
    let vintage = offer.vintage.to_string();
    vec![
        SummaryRow::new(
            t(lang, "public.project"),
            view! { <a href=project>{offer.project_name.clone()}</a>" "<code>{offer.project_code.clone()}</code> },
        ),
        SummaryRow::new(
            t(lang, "event.class_kind"),
            class_kind(lang, &offer.unit_kind, &offer.recognition),
        ),
        SummaryRow::new(
            t(lang, "offer.vintage"),
            view! { <a href=class>{vintage}</a> },
        ),
        SummaryRow::new(
            t(lang, "offer.total"),
            total(lang, offer.quantity, offer.price_fen),
        ),
        SummaryRow::new(t(lang, "offer.seller"), offer.holder.clone()),
        SummaryRow::new(
            t(lang, "offer.last_day"),
            format::date_text(lang, &offer.last_day),
        ),
        SummaryRow::new(
            t(lang, "offer.placed"),
            format::moment(lang, offer.placed_at),
        ),
    ]
}
