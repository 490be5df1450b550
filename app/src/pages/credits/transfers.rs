//! Every movement of the organisation's credits, newest first.

use axum::extract::{RawQuery, State};
use leptos::prelude::*;
use registry::{Movement, MovementDirection};

use super::source::HOLDERS;
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::{OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::pages::public::retirements::certificate_address;
use crate::pages::public::serial::state_change;
use crate::pages::public::shown::{TONNES, serial_link};
use crate::parts::{Column, DataTable, Heading};
use crate::visitor::Visitor;

const PAGE_ROWS: i64 = 25;

/// `GET /desk/holdings/transfers`.
pub async fn transfers(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let filters = Filters::read(query.as_deref(), &["after"]);
    let page = host
        .registry
        .movements(&by, &filters.page(PAGE_ROWS))
        .await
        .or_failed(&host, &visitor)?;
    let lang = visitor.lang;
    Ok(Page::new(&host, &visitor, t(lang, "credits.transfers_title")).crumb(t(lang, "credits.holdings_title"), "/desk/holdings").wide().view(move || {
        let rows = page.rows.iter().map(|movement| cells(lang, movement)).collect();
        let columns = vec![
            Column::text(t(lang, "public.when")),
            Column::text(t(lang, "public.movement")),
            Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
            Column::text(t(lang, "credits.counterpart")),
            Column::text(t(lang, "public.project")),
            Column::text(t(lang, "public.serial")),
        ];
        let (next, first) = filters.pages("/desk/holdings/transfers", page.next.as_deref());
        view! {
            <Heading title=t(lang, "credits.transfers_title") lead=t(lang, "credits.transfers_lead")/>
            <DataTable caption=t(lang, "credits.transfers_title") columns rows empty=t(lang, "credits.transfers_none") next first/>
        }
    }))
}

fn cells(lang: Lang, movement: &Movement) -> Vec<AnyView> {
    let (key, sign) = match movement.direction {
        MovementDirection::Issued => ("credits.direction_issued", "+"),
        MovementDirection::Received => ("credits.direction_received", "+"),
        MovementDirection::Sent => ("credits.direction_sent", "−"),
        MovementDirection::Retired => ("credits.direction_retired", "−"),
        MovementDirection::Moved => ("credits.direction_moved", ""),
    };
    let counterpart = match &movement.retirement {
        Some(number) => {
            view! { <a href=certificate_address(number)>{number.clone()}</a> }.into_any()
        }
        None if movement.direction == MovementDirection::Moved => {
            state_change(lang, &movement.from_state, &movement.to_state).into_any()
        }
        None => movement
            .counterpart
            .clone()
            .unwrap_or_else(|| "–".to_owned())
            .into_any(),
    };
    vec![
        format::moment(lang, movement.at).into_any(),
        t(lang, key).into_any(),
        format!("{sign}{}", whole(movement.quantity)).into_any(),
        counterpart,
        view! { {movement.project_name.clone()}<span class="table__sub">{movement.vintage}</span> }
            .into_any(),
        serial_link(&movement.serial),
    ]
}
