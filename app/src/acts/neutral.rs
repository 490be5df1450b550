//! Claims of neutrality of organisations and products: one door per act. The hidden field `claim` says which one.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Fields, NeutralReceipt};

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Begins a claim.
pub async fn neutral_create(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.neutral_create(&call.by()?, &call.fields).await?;
    Ok(done(&receipt, "neutral.done_create"))
}

/// Keeps what it says.
pub async fn neutral_save(call: ActCall) -> ActAnswer {
    let (claim, fields) = about(&call);
    let registry = &call.host.registry;
    let receipt = registry.neutral_save(&call.by()?, &claim, &fields).await?;
    Ok(done(&receipt, "neutral.done_save"))
}

/// Enters a retirement that names the claim.
pub async fn neutral_retirement_add(call: ActCall) -> ActAnswer {
    let (claim, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .neutral_retirement_add(&call.by()?, &claim, &fields)
        .await?;
    Ok(done(&receipt, "neutral.done_retirement_add"))
}

/// Retires credits for the claim; final.
pub async fn neutral_retire(call: ActCall) -> ActAnswer {
    let (claim, fields) = confirmed(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .neutral_retire(&call.by()?, &claim, &fields)
        .await?;
    Ok(done(&receipt, "neutral.done_retire"))
}

/// Publishes the next version.
pub async fn neutral_publish(call: ActCall) -> ActAnswer {
    let (claim, fields) = confirmed(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .neutral_publish(&call.by()?, &claim, &fields)
        .await?;
    Ok(done(&receipt, "neutral.done_publish"))
}

/// Opens a published claim for a corrected version.
pub async fn neutral_correct(call: ActCall) -> ActAnswer {
    let (claim, fields) = about(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .neutral_correct(&call.by()?, &claim, &fields)
        .await?;
    Ok(done(&receipt, "neutral.done_correct"))
}

/// Gives a claim up.
pub async fn neutral_withdraw(call: ActCall) -> ActAnswer {
    let (claim, fields) = about(&call);
    let registry = &call.host.registry;
    let receipt = registry
        .neutral_withdraw(&call.by()?, &claim, &fields)
        .await?;
    Ok(done(&receipt, "neutral.done_withdraw"))
}

/// Which claim, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "claim")
}

/// The same before what is public or final: the box must be ticked.
fn confirmed(call: &ActCall) -> Result<(String, Fields), Refusal> {
    let (claim, mut fields) = about(call);
    if fields.remove("confirm").is_none_or(|typed| typed != "yes") {
        return Err(Refusal::new(codes::STATEMENT_REQUIRED).at("confirm"));
    }
    fields.insert("statement".to_owned(), "yes".to_owned());
    Ok((claim, fields))
}

fn done(receipt: &NeutralReceipt, text: &str) -> Done {
    Done::to(format!("/desk/neutrality/{}", receipt.id))
        .flash(Flash::done(text))
        .data(receipt)
}
