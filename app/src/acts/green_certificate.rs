//! Requests to the certificate authority: noting what the registry did by its own means. The hidden field `request` says which one.

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// The registry notes that a request was sent.
pub async fn certificate_send(call: ActCall) -> ActAnswer {
    let (request, fields) = record_of(&call, "request");
    let receipt = call
        .host
        .registry
        .certificate_send(&call.by()?, &request, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("green_certificate.done_send"))
        .data(receipt))
}

/// The registry notes the answer to a request.
pub async fn certificate_answer(call: ActCall) -> ActAnswer {
    let (request, fields) = record_of(&call, "request");
    let receipt = call
        .host
        .registry
        .certificate_answer(&call.by()?, &request, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("green_certificate.done_answer"))
        .data(receipt))
}
