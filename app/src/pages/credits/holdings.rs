//! What the organisation holds and has retired, by project and vintage; the numbers on demand.

use axum::extract::{RawQuery, State};
use leptos::prelude::*;
use registry::{Holding, HoldingBlock};

use super::source::HOLDERS;
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::shown::{
    TONNES, class_address, class_kind, project_address, serial_link, serial_remark,
};
use crate::parts::{Column, CopyableId, DataTable, Empty, Heading, NumberHero, Section};
use crate::visitor::{Visitor, encode, query_value};

/// `GET /desk/holdings`; `?blocks=<class>` shows the numbers of one class.
pub async fn holdings(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let holdings = host
        .registry
        .holdings(&by)
        .await
        .or_failed(&host, &visitor)?;
    let account = host
        .registry
        .organisation_get(&by, &by.organisation)
        .await
        .or_failed(&host, &visitor)?
        .account_number;
    let open = query_value(query.as_deref().unwrap_or_default(), "blocks");
    let open = holdings
        .iter()
        .find(|holding| Some(holding.class.as_str()) == open.as_deref())
        .cloned();
    let blocks = match &open {
        Some(holding) => host
            .registry
            .holding_blocks(&by, &holding.class)
            .await
            .or_failed(&host, &visitor)?,
        None => Vec::new(),
    };
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "credits.holdings_title")).wide().view(move || {
        let held: i64 = holdings.iter().map(|holding| holding.held).sum();
        let retired: i64 = holdings.iter().map(|holding| holding.retired).sum();
        let buttons = (held > 0).then(|| {
            view! {
                <div class="button-row">
                    <a class="button" href="/desk/transfers/new">{t(lang, "credits.transfer_title")}</a>
                    <a class="button button--secondary" href="/desk/retirements/new">{t(lang, "credits.retire_title")}</a>
                    <a class="button button--secondary" href="/desk/retirements/file">{t(lang, "offer.file_title")}</a>
                    <a class="button button--secondary" href="/desk/offers/new">{t(lang, "act.credits_offer")}</a>
                    <a class="button button--secondary" href="/desk/offsets/new">{t(lang, "act.credits_offset")}</a>
                    <a class="button button--secondary" href="/desk/holdings/move">{t(lang, "act.credits_move")}</a>
                </div>
            }
        });
        view! {
            <Heading title=t(lang, "credits.holdings_title") lead=t(lang, "credits.holdings_lead")/>
            <div class="hero-numbers">
                <NumberHero label=t(lang, "credits.held") value=whole(held) unit=TONNES>
                    <p>{t(lang, "credits.held_how")}</p>
                    <p><a href="/desk/holdings/transfers">{t(lang, "credits.transfers_title")}</a></p>
                    <p><a href="/desk/holds">{t(lang, "hold.title")}</a></p>
                    <p><a href="/desk/orders">{t(lang, "registry_account.orders_title")}</a></p>
                </NumberHero>
                <NumberHero label=t(lang, "credits.retired") value=whole(retired) unit=TONNES>
                    <p>{t(lang, "credits.retired_how")}</p>
                    <p><a href="/desk/retirements">{t(lang, "credits.retirements_title")}</a></p>
                    <p><a href="/desk/beneficiaries">{t(lang, "offer.book_title")}</a></p>
                    <p><a href="/offers">{t(lang, "offer.title")}</a></p>
                </NumberHero>
            </div>
            <p>{t(lang, "credits.account_number")}" "<CopyableId text=account/>" "<span class="quiet">{t(lang, "credits.account_number_hint")}</span></p>
            {buttons}
            {projects(lang, &holdings, open.as_ref(), &blocks)}
        }
    }))
}

fn projects(
    lang: Lang,
    holdings: &[Holding],
    open: Option<&Holding>,
    blocks: &[HoldingBlock],
) -> AnyView {
    if holdings.is_empty() {
        return view! { <Empty text=t(lang, "credits.holdings_none")><p><a href="/help#credit">{t(lang, "credits.holdings_none_help")}</a></p></Empty> }.into_any();
    }
    let mut groups: Vec<Vec<&Holding>> = Vec::new();
    for holding in holdings {
        match groups
            .iter_mut()
            .find(|group| group[0].project == holding.project)
        {
            Some(group) => group.push(holding),
            None => groups.push(vec![holding]),
        }
    }
    groups
        .into_iter()
        .map(|group| project(lang, &group, open, blocks))
        .collect::<Vec<_>>()
        .into_any()
}

fn project(
    lang: Lang,
    group: &[&Holding],
    open: Option<&Holding>,
    blocks: &[HoldingBlock],
) -> AnyView {
    let first = group[0];
    let address = project_address(Some(&first.project_code), first.project.as_str());
    let rows = group.iter().map(|holding| cells(lang, holding)).collect();
    let columns = vec![
        Column::text(t(lang, "public.vintage")),
        Column::number(format!("{} {TONNES}", t(lang, "credits.held"))),
        Column::number(format!("{} {TONNES}", t(lang, "credits.retired"))),
        Column::text(t(lang, "credits.what_next")),
    ];
    let caption = tp(
        lang,
        "credits.project_caption",
        &[("project", &first.project_name)],
    );
    let opened = open
        .filter(|open| open.project == first.project)
        .map(|holding| blocks_view(lang, holding, blocks));
    view! {
        <Section title=format!("{} {}", first.project_code, first.project_name)>
            <p><a href=address>{t(lang, "credits.project_public")}</a></p>
            <DataTable caption columns rows empty=t(lang, "public.none")/>
            {opened}
        </Section>
    }
    .into_any()
}

fn cells(lang: Lang, holding: &Holding) -> Vec<AnyView> {
    let class = encode(holding.class.as_str());
    let vintage = holding.vintage.to_string();
    let link = |address: String, key: &str| {
        let heard = tp(lang, "credits.of_vintage", &[("vintage", &vintage)]);
        view! { <a class="table__action" href=address>{t(lang, key)}<span class="only-heard">" "{heard}</span></a> }
    };
    let acts = (holding.held > 0).then(|| {
        view! {
            {link(format!("/desk/holdings?blocks={class}#numbers"), "credits.show_numbers")}
            {link(format!("/desk/transfers/new?source=class%3A{class}"), "credits.transfer_short")}
            {link(format!("/desk/retirements/new?source=class%3A{class}"), "credits.retire_short")}
        }
    });
    let aside: Vec<_> = [
        ("hold.state_trading", holding.trading),
        ("hold.state_reserved", holding.reserved),
        ("hold.state_in_transfer", holding.in_transfer),
        ("hold.state_pending_offset", holding.pending_offset),
        ("hold.state_frozen", holding.frozen),
        ("hold.state_suspended", holding.suspended),
    ]
    .into_iter()
    .filter(|(_, tonnes)| *tonnes > 0)
    .map(|(key, tonnes)| {
        view! { <span class="table__sub">{t(lang, key)}" "{whole(tonnes)}</span> }
    })
    .collect();
    vec![
        view! {
            <a href=class_address(holding.class.as_str())>{holding.vintage}</a>
            <span class="table__sub">{class_kind(lang, &holding.unit_kind, &holding.recognition)}</span>
        }
        .into_any(),
        view! { {whole(holding.held)}{aside} }.into_any(),
        whole(holding.retired).into_any(),
        view! { {acts} }.into_any(),
    ]
}

fn blocks_view(lang: Lang, holding: &Holding, blocks: &[HoldingBlock]) -> AnyView {
    let rows = blocks
        .iter()
        .map(|block| {
            vec![
                serial_link(&block.serial),
                format!("{}–{}", whole(block.start), whole(block.end)).into_any(),
                whole(block.quantity).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.serial")),
        Column::text(t(lang, "public.numbers")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
    ];
    let caption = tp(
        lang,
        "credits.blocks_caption",
        &[
            ("project", &holding.project_name),
            ("vintage", &holding.vintage.to_string()),
        ],
    );
    view! { <div id="numbers"><DataTable caption columns rows empty=t(lang, "public.none")/>{serial_remark(lang)}</div> }.into_any()
}
