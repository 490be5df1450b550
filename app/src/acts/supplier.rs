//! Suppliers of events: the organiser asks and decides, the supplier answers by link.

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::{Flash, encode};

/// Asks a supplier: a form under a new link.
pub async fn event_supplier_add(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let token = uuid::Uuid::new_v4().simple().to_string();
    let registry = &call.host.registry;
    let receipt = registry
        .event_supplier_add(&call.by()?, &event, &fields, &token)
        .await?;
    Ok(Done::to(suppliers_page(&receipt.id))
        .flash(Flash::done("supplier.done_add"))
        .data(receipt))
}

/// Closes the form of a supplier.
pub async fn event_supplier_close(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let supplier = fields.get("supplier").cloned().unwrap_or_default();
    let registry = &call.host.registry;
    let receipt = registry
        .event_supplier_close(&call.by()?, &event, &supplier)
        .await?;
    Ok(Done::to(suppliers_page(&receipt.id))
        .flash(Flash::done("supplier.done_close"))
        .data(receipt))
}

/// A supplier gives, changes or takes back a line; `token` and `secret` come with the form.
pub async fn event_supply(call: ActCall) -> ActAnswer {
    let (token, fields) = record_of(&call, "token");
    let secret = call.text("secret").to_owned();
    let receipt = call
        .host
        .registry
        .event_supply(&call.stranger(), &token, &fields)
        .await?;
    let key = if call.text("remove") == "yes" {
        "supplier.done_remove"
    } else {
        "supplier.done_supply"
    };
    let back = format!("/supply/{}?lines={}", encode(&token), encode(&secret));
    Ok(Done::to(back).flash(Flash::done(key)).data(receipt))
}

/// Takes a line into the inventory, or declines it.
pub async fn event_supply_decide(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let receipt = call
        .host
        .registry
        .event_supply_decide(&call.by()?, &event, &fields)
        .await?;
    let key = if receipt.rows.is_some() {
        "supplier.done_accept"
    } else {
        "supplier.done_decline"
    };
    Ok(Done::to(suppliers_page(&receipt.id))
        .flash(Flash::done(key))
        .data(receipt))
}

fn suppliers_page(event: &str) -> String {
    format!("/desk/events/{event}/suppliers")
}

/// Decides which of two sources counts.
pub async fn event_overlap_decide(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_overlap_decide(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(format!("/desk/events/{}/inventory", receipt.id))
        .flash(Flash::done("event_overlap.done"))
        .data(receipt))
}
