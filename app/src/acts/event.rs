//! Events: one door per act. The hidden field `event` says which one.

use domain::Refusal;
use domain::refusal::codes;
use registry::{EventReceipt, Fields};

use super::record::record_of;
use super::table_file::text_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::{Flash, encode};

/// Begins an event; with `quick` its inventory is estimated at once.
pub async fn event_create(call: ActCall) -> ActAnswer {
    let receipt = call
        .host
        .registry
        .event_create(&call.by()?, &call.fields)
        .await?;
    Ok(done(&receipt, "event.done_create"))
}

/// Keeps profile and plan.
pub async fn event_save(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_save(&call.by()?, &event, &fields)
        .await?;
    Ok(done(&receipt, "event.done_save"))
}

/// Publishes the plan.
pub async fn event_plan_publish(call: ActCall) -> ActAnswer {
    let (event, _) = about(&call);
    check_confirmed(&call)?;
    let receipt = call
        .host
        .registry
        .event_plan_publish(&call.by()?, &event)
        .await?;
    Ok(done(&receipt, "event.done_plan_publish"))
}

/// The event does not take place.
pub async fn event_withdraw(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_withdraw(&call.by()?, &event, &fields)
        .await?;
    Ok(done(&receipt, "event.done_withdraw"))
}

/// Changes the inventory: one line, a pasted table, or a file.
pub async fn event_inventory_save(call: ActCall) -> ActAnswer {
    let (event, mut fields) = about(&call);
    take_file(&call, "lines", &mut fields)?;
    let receipt = call
        .host
        .registry
        .event_inventory_save(&call.by()?, &event, &fields)
        .await?;
    let rows = receipt.rows.unwrap_or_default().to_string();
    let flash = Flash::done("event.done_inventory").with("rows", rows);
    Ok(Done::to(format!("/desk/events/{}/inventory", receipt.id))
        .flash(flash)
        .data(receipt))
}

/// Takes in a table of attendees.
pub async fn event_attendees_import(call: ActCall) -> ActAnswer {
    let (event, mut fields) = about(&call);
    take_file(&call, "attendees", &mut fields)?;
    let receipt = call
        .host
        .registry
        .event_attendees_import(&call.by()?, &event, &fields)
        .await?;
    let rows = receipt.rows.unwrap_or_default().to_string();
    let flash = Flash::done("event.done_attendees").with("rows", rows);
    Ok(Done::to(format!("/desk/events/{}/attendees", receipt.id))
        .flash(flash)
        .data(receipt))
}

/// Opens the form for attendees under a new link, or closes it.
pub async fn event_form_set(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let token = uuid::Uuid::new_v4().simple().to_string();
    let registry = &call.host.registry;
    let receipt = registry
        .event_form_set(&call.by()?, &event, &fields, &token)
        .await?;
    let key = if receipt.form.is_some() {
        "event.done_form_open"
    } else {
        "event.done_form_closed"
    };
    Ok(Done::to(format!("/desk/events/{}/attendees", receipt.id))
        .flash(Flash::done(key))
        .data(receipt))
}

/// An attendee answers by link; `token` and `secret` come with the form.
pub async fn event_attend(call: ActCall) -> ActAnswer {
    let (token, fields) = record_of(&call, "token");
    let secret = call.text("secret").to_owned();
    let sender = call.visitor.sender.as_deref();
    let receipt = call
        .host
        .registry
        .event_attend(&call.stranger(), sender, &token, &fields)
        .await?;
    let flash = Flash::done("event.done_attend").with("km", receipt.km.to_string());
    let back = format!("/attend/{}?answer={}", encode(&token), encode(&secret));
    Ok(Done::to(back).flash(flash).data(receipt))
}

/// Strikes answers of the form out, or takes them in again.
pub async fn event_answers_strike(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_answers_strike(&call.by()?, &event, &fields)
        .await?;
    let rows = receipt.rows.unwrap_or_default().to_string();
    let flash = Flash::done("event.done_answers").with("rows", rows);
    Ok(Done::to(format!("/desk/events/{}/attendees", receipt.id))
        .flash(flash)
        .data(receipt))
}

/// Says whether the table stands for everybody.
pub async fn event_attendee_sources(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_attendee_sources(&call.by()?, &event, &fields)
        .await?;
    Ok(Done::to(format!("/desk/events/{}/attendees", receipt.id))
        .flash(Flash::done("event.done_sources"))
        .data(receipt))
}

/// Computes the actual footprint.
pub async fn event_account(call: ActCall) -> ActAnswer {
    let (event, _) = about(&call);
    let receipt = call
        .host
        .registry
        .event_account(&call.by()?, &event)
        .await?;
    Ok(done(&receipt, "event.done_account"))
}

/// Enters units that were cancelled elsewhere, a retirement here, or a forest.
pub async fn event_unit_add(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_unit_add(&call.by()?, &event, &fields)
        .await?;
    Ok(to_cover(&receipt, "event.done_unit_add"))
}

/// Takes an entered unit back.
pub async fn event_unit_remove(call: ActCall) -> ActAnswer {
    let (event, _) = about(&call);
    let unit = call.text("unit").to_owned();
    let receipt = call
        .host
        .registry
        .event_unit_remove(&call.by()?, &event, &unit)
        .await?;
    Ok(to_cover(&receipt, "event.done_unit_remove"))
}

/// Retires credits for the event; final.
pub async fn event_retire(call: ActCall) -> ActAnswer {
    let (event, mut fields) = about(&call);
    check_confirmed(&call)?;
    fields.remove("confirm");
    fields.insert("statement".to_owned(), "yes".to_owned());
    let receipt = call
        .host
        .registry
        .event_retire(&call.by()?, &event, &fields)
        .await?;
    Ok(done(&receipt, "event.done_retire"))
}

/// The statement of the organiser or of a body.
pub async fn event_evaluate(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_evaluate(&call.by()?, &event, &fields)
        .await?;
    Ok(done(&receipt, "event.done_evaluate"))
}

/// Publishes the result.
pub async fn event_publish(call: ActCall) -> ActAnswer {
    let (event, _) = about(&call);
    check_confirmed(&call)?;
    let receipt = call
        .host
        .registry
        .event_publish(&call.by()?, &event)
        .await?;
    Ok(done(&receipt, "event.done_publish"))
}

/// Opens a published result for a corrected version.
pub async fn event_correct(call: ActCall) -> ActAnswer {
    let (event, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .event_correct(&call.by()?, &event, &fields)
        .await?;
    Ok(done(&receipt, "event.done_correct"))
}

/// Gives a correction up; the published version stands.
pub async fn event_correct_withdraw(call: ActCall) -> ActAnswer {
    let (event, _) = about(&call);
    let receipt = call
        .host
        .registry
        .event_correct_withdraw(&call.by()?, &event)
        .await?;
    Ok(done(&receipt, "event.done_correct_withdraw"))
}

/// Which event, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "event")
}

/// Before what is public or final: the box must be ticked.
fn check_confirmed(call: &ActCall) -> Result<(), Refusal> {
    if call.text("confirm") == "yes" {
        Ok(())
    } else {
        Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm"))
    }
}

/// The table of a sent file takes the place of a pasted one.
fn take_file(call: &ActCall, table: &str, fields: &mut Fields) -> Result<(), Refusal> {
    if let Some(file) = &call.file {
        let text = text_of(file).map_err(|code| {
            Refusal::new(code)
                .at(file.field.clone())
                .with("limit", "8 MB")
        })?;
        fields.insert(table.to_owned(), text);
    }
    fields.remove(&format!("{table}_file"));
    Ok(())
}

fn done(receipt: &EventReceipt, text: &str) -> Done {
    Done::to(format!("/desk/events/{}", receipt.id))
        .flash(Flash::done(text))
        .data(receipt)
}

fn to_cover(receipt: &EventReceipt, text: &str) -> Done {
    Done::to(format!("/desk/events/{}/cover", receipt.id))
        .flash(Flash::done(text))
        .data(receipt)
}
