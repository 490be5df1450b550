//! Files that prove lines of an event's inventory, and what a body says about an event.

use domain::Refusal;
use domain::refusal::codes;

use super::attachment::{described, put, sent};
use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Adds a file to a line: `line` is the line, `file` the file.
pub async fn event_file_add(mut call: ActCall) -> ActAnswer {
    let file = sent(&mut call).ok_or_else(|| Refusal::new(codes::FILE_MISSING).at("file"))?;
    let (event, fields) = record_of(&call, "event");
    let by = call.by()?;
    let registry = &call.host.registry;
    let described = described(&file).await?;
    registry
        .event_file_may_add(&by, &event, &fields, &described)
        .await?;
    put(&call, file).await?;
    let receipt = registry
        .event_file_add(&by, &event, &fields, &described)
        .await?;
    Ok(Done::to(files_page(&event))
        .flash(Flash::done("event_file.done_add"))
        .data(receipt))
}

/// Takes a file of a line away: `file` is its id.
pub async fn event_file_remove(call: ActCall) -> ActAnswer {
    let (event, _) = record_of(&call, "event");
    let file = call.text("file").to_owned();
    let registry = &call.host.registry;
    let receipt = registry
        .event_file_remove(&call.by()?, &event, &file)
        .await?;
    Ok(Done::to(files_page(&event))
        .flash(Flash::done("event_file.done_remove"))
        .data(receipt))
}

/// The body that a statement names confirms it.
pub async fn event_evaluation_confirm(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_evaluation_confirm(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(evaluation_page(&event))
        .flash(Flash::done("event_evaluation.done_confirm"))
        .data(receipt))
}

/// The body that a statement names declines to confirm it.
pub async fn event_evaluation_decline(call: ActCall) -> ActAnswer {
    let (event, fields) = record_of(&call, "event");
    let registry = &call.host.registry;
    let receipt = registry
        .event_evaluation_decline(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(evaluation_page(&event))
        .flash(Flash::done("event_evaluation.done_decline"))
        .data(receipt))
}

fn files_page(event: &str) -> String {
    format!("/desk/events/{event}/files")
}

fn evaluation_page(event: &str) -> String {
    format!("/desk/evaluations/{event}")
}
