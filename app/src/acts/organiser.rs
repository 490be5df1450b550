//! Several organisers of an event: one is asked, answers, leaves or is removed.

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Asks another organisation to organise the event together.
pub async fn event_organiser_invite(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_organiser_invite(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(organisers_page(&event))
        .flash(Flash::done("event_organisers.done_invite"))
        .data(receipt))
}

/// Accepts or declines.
pub async fn event_organiser_answer(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_organiser_answer(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(organisers_page(&event))
        .flash(Flash::done("event_organisers.done_answer"))
        .data(receipt))
}

/// The owner removes an organiser, or one leaves.
pub async fn event_organiser_end(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_organiser_end(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(organisers_page(&event))
        .flash(Flash::done("event_organisers.done_end"))
        .data(receipt))
}

fn organisers_page(event: &str) -> String {
    format!("/desk/events/{event}/organisers")
}
