//! The book of beneficiaries, retirement by file, and offers.

use domain::refusal::codes;
use domain::{Act, Refusal};
use registry::{Error, Fields, HoldReceipt};

use super::record::record_of;
use super::table_file::text_of;
use super::{ActAnswer, ActCall, Done};
use crate::format::whole;
use crate::visitor::Flash;

/// Where the book is.
const BOOK: &str = "/desk/beneficiaries";

/// Keeps a beneficiary.
pub async fn beneficiary_add(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let kept = registry.beneficiary_add(&call.by()?, &call.fields).await?;
    Ok(Done::to(BOOK)
        .flash(Flash::done("offer.done_kept"))
        .data(kept))
}

/// Corrects a beneficiary.
pub async fn beneficiary_change(call: ActCall) -> ActAnswer {
    let (id, fields) = record_of(&call, "beneficiary");
    let registry = &call.host.registry;
    let changed = registry
        .beneficiary_change(&call.by()?, &id, &fields)
        .await?;
    Ok(Done::to(BOOK)
        .flash(Flash::done("offer.done_kept"))
        .data(changed))
}

/// Takes a beneficiary out.
pub async fn beneficiary_remove(call: ActCall) -> ActAnswer {
    let (id, _) = record_of(&call, "beneficiary");
    let registry = &call.host.registry;
    let removed = registry.beneficiary_remove(&call.by()?, &id).await?;
    Ok(Done::to(BOOK)
        .flash(Flash::done("offer.done_removed"))
        .data(removed))
}

/// Retires by the file that was checked before (`kept`), or by one that is sent with it; `confirm` says that it is final.
pub async fn credits_retire_many(call: ActCall) -> ActAnswer {
    if call.text("confirm") != "yes" {
        return Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm").into());
    }
    let fields = checked_file(&call).await?;
    let registry = &call.host.registry;
    let retired = registry.credits_retire_many(&call.by()?, &fields).await?;
    if retired.order.is_some() {
        let flash =
            Flash::done("registry_account.done_waits").with("quantity", whole(retired.quantity));
        return Ok(Done::to("/desk/orders").flash(flash).data(retired));
    }
    let flash = Flash::done("offer.done_file")
        .with("quantity", whole(retired.quantity))
        .with("rows", retired.rows.len().to_string());
    Ok(Done::to("/desk/retirements").flash(flash).data(retired))
}

/// The table of a form: the file, or what was pasted.
pub fn file_fields(call: &ActCall) -> Result<Fields, Refusal> {
    let mut fields = Fields::new();
    let rows = match &call.file {
        Some(file) => text_of(file).map_err(|code| {
            Refusal::new(code)
                .at(file.field.clone())
                .with("limit", "8 MB")
        })?,
        None => call.fields.get("rows").cloned().unwrap_or_default(),
    };
    fields.insert("rows".to_owned(), rows);
    if call.text("personal") == "yes" {
        fields.insert("personal".to_owned(), "yes".to_owned());
    }
    Ok(fields)
}

async fn checked_file(call: &ActCall) -> Result<Fields, Error> {
    let kept = call.text("kept");
    if kept.is_empty() {
        return Ok(file_fields(call)?);
    }
    let memory = call
        .host
        .registry
        .form_recall(&call.visitor.session, kept, call.visitor.system_now)
        .await?;
    let memory = memory.filter(|memory| memory.act == Act::CreditsRetireMany.name());
    Ok(memory.ok_or(Error::NotFound)?.fields)
}

/// Offers credits. The field `source` says from where: `holding:<class>` or `trading:<class>`.
pub async fn credits_offer(call: ActCall) -> ActAnswer {
    let mut fields = call.fields.clone();
    let source = fields.remove("source").unwrap_or_default();
    if let Some((from, class)) = source.trim().split_once(':') {
        fields.insert("from".to_owned(), from.to_owned());
        fields.insert("class".to_owned(), class.to_owned());
    } else {
        return Err(Refusal::new(codes::REQUIRED).at("source").into());
    }
    let registry = &call.host.registry;
    let offered = registry
        .credits_offer(&call.by()?, &fields)
        .await
        .map_err(at_source)?;
    let flash = Flash::done("offer.done_offered").with("quantity", whole(offered.quantity));
    Ok(Done::to(format!("/offers/{}", offered.id))
        .flash(flash)
        .data(offered))
}

/// A refusal at `class` or `from` belongs to the field that chose both.
fn at_source(error: Error) -> Error {
    let Error::Refused(mut refusals) = error else {
        return error;
    };
    for refusal in &mut refusals {
        if matches!(refusal.field.as_deref(), Some("class" | "from")) {
            refusal.field = Some("source".to_owned());
        }
    }
    Error::Refused(refusals)
}

/// Reserves from an offer.
pub async fn credits_reserve(call: ActCall) -> ActAnswer {
    let (offer, fields) = record_of(&call, "offer");
    let registry = &call.host.registry;
    let reserved = registry
        .credits_reserve(&call.by()?, &offer, &fields)
        .await?;
    Ok(to_hold(&reserved, "offer.done_reserved"))
}

/// Buyer or seller confirms the payment.
pub async fn credits_confirm_payment(call: ActCall) -> ActAnswer {
    let (hold, _) = record_of(&call, "hold");
    let registry = &call.host.registry;
    let said = registry.credits_confirm_payment(&call.by()?, &hold).await?;
    let text = if said.state == "delivered" {
        "offer.done_delivered"
    } else {
        "offer.done_confirmed"
    };
    Ok(to_hold(&said, text))
}

fn to_hold(receipt: &HoldReceipt, text: &str) -> Done {
    let flash = Flash::done(text).with("quantity", whole(receipt.quantity));
    Done::to(format!("/desk/holds/{}", receipt.id))
        .flash(flash)
        .data(receipt)
}
