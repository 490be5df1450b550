//! Credits that are set aside. The hidden field `hold` says which; the field `source` is read as for a transfer.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Error, Fields, HoldReceipt};

use super::attachment;
use super::credits::{at_source, demand_fields};
use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::format::whole;
use crate::visitor::{Flash, encode};

/// Moves credits between the general and the trading sub-account.
pub async fn credits_move(call: ActCall) -> ActAnswer {
    let fields = demand_fields(&call.fields)?;
    let registry = &call.host.registry;
    let moved = registry
        .credits_move(&call.by()?, &fields)
        .await
        .map_err(at_source)?;
    Ok(answer("/desk/holdings", "hold.done_moved", &moved))
}

/// The receiver accepts a transfer.
pub async fn credits_accept(call: ActCall) -> ActAnswer {
    let (hold, _) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry.credits_accept(&call.by()?, &hold).await?;
    Ok(answer("/desk/holdings", "hold.done_accepted", &ended))
}

/// The receiver declines a transfer.
pub async fn credits_decline(call: ActCall) -> ActAnswer {
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_decline(&call.by()?, &hold, &fields)
        .await?;
    Ok(answer(&call.back, "hold.done_declined", &ended))
}

/// Takes back what waits.
pub async fn credits_withdraw(call: ActCall) -> ActAnswer {
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_withdraw(&call.by()?, &hold, &fields)
        .await?;
    Ok(answer(&call.back, "hold.done_withdrawn", &ended))
}

/// Sets credits aside for surrender in an emissions trading scheme.
pub async fn credits_offset(call: ActCall) -> ActAnswer {
    let fields = demand_fields(&call.fields)?;
    let registry = &call.host.registry;
    let begun = registry
        .credits_offset(&call.by()?, &fields)
        .await
        .map_err(at_source)?;
    let page = format!("/desk/holds/{}", begun.id);
    Ok(answer(&page, "hold.done_offset", &begun))
}

/// The owner cancels what it was ordered to cancel.
pub async fn credits_cancel(call: ActCall) -> ActAnswer {
    confirmed(&call)?;
    let (hold, _) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry.credits_cancel(&call.by()?, &hold).await?;
    Ok(retired(&ended))
}

/// The registry freezes credits.
pub async fn credits_freeze(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let begun = registry.credits_freeze(&call.by()?, &call.fields).await?;
    let page = format!("/desk/holds/{}", begun.id);
    Ok(answer(&page, "hold.done_frozen", &begun))
}

/// The registry suspends credits.
pub async fn credits_suspend(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let begun = registry.credits_suspend(&call.by()?, &call.fields).await?;
    let page = format!("/desk/holds/{}", begun.id);
    Ok(answer(&page, "hold.done_suspended", &begun))
}

/// The registry corrects the words of a certificate.
pub async fn certificate_correct(call: ActCall) -> ActAnswer {
    let (number, fields) = record_of(&call, "certificate");
    let registry = &call.host.registry;
    let made = registry
        .certificate_correct(&call.by()?, &number, &fields)
        .await?;
    let page = format!("/retirements/{}", encode(&made.number));
    let flash = Flash::done("certificate.done_corrected").with("version", made.version.to_string());
    Ok(Done::to(page).flash(flash).data(made))
}

/// The registry releases what was frozen or suspended.
pub async fn credits_release(call: ActCall) -> ActAnswer {
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_release(&call.by()?, &hold, &fields)
        .await?;
    Ok(answer(&call.back, "hold.done_released", &ended))
}

/// The registry hands frozen credits to somebody else by a judgment.
pub async fn credits_enforce(call: ActCall) -> ActAnswer {
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_enforce(&call.by()?, &hold, &fields)
        .await?;
    Ok(answer(&call.back, "hold.done_enforced", &ended))
}

/// The registry cancels what the owner did not cancel in time.
pub async fn credits_force_cancel(call: ActCall) -> ActAnswer {
    confirmed(&call)?;
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_force_cancel(&call.by()?, &hold, &without_confirm(fields))
        .await?;
    Ok(retired(&ended))
}

/// The registry moves credits without a trade.
pub async fn credits_assign(mut call: ActCall) -> ActAnswer {
    let file = match attachment::sent(&mut call) {
        Some(file) => Some(attachment::stored(&call, file).await?),
        None => None,
    };
    let registry = &call.host.registry;
    let moved = registry
        .credits_assign(&call.by()?, &call.fields, file.as_ref())
        .await?;
    Ok(answer("/desk/holds/assigned", "hold.done_assigned", &moved))
}

/// The registry enters that a scheme has taken the credits.
pub async fn credits_surrender(call: ActCall) -> ActAnswer {
    confirmed(&call)?;
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_surrender(&call.by()?, &hold, &without_confirm(fields))
        .await?;
    Ok(retired(&ended))
}

/// The registry enters that a scheme has not taken the credits.
pub async fn credits_refuse_offset(call: ActCall) -> ActAnswer {
    let (hold, fields) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let ended = registry
        .credits_refuse_offset(&call.by()?, &hold, &fields)
        .await?;
    Ok(answer(&call.back, "hold.done_refused", &ended))
}

/// Retirement is final: the box that says so was ticked.
fn confirmed(call: &ActCall) -> Result<(), Error> {
    if call.text("confirm") == "yes" {
        return Ok(());
    }
    Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm").into())
}

fn without_confirm(mut fields: Fields) -> Fields {
    fields.remove("confirm");
    fields
}

fn answer(to: &str, message: &str, receipt: &HoldReceipt) -> Done {
    let flash = Flash::done(message).with("quantity", whole(receipt.quantity));
    Done::to(to.to_owned()).flash(flash).data(receipt)
}

fn retired(receipt: &HoldReceipt) -> Done {
    let number = receipt.number.clone().unwrap_or_default();
    let flash = Flash::done("credits.done_retire")
        .with("quantity", whole(receipt.quantity))
        .with("number", number.clone());
    Done::to(format!("/retirements/{}", encode(&number)))
        .flash(flash)
        .data(receipt)
}
