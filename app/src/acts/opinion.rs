//! Opinions of the public: handing one in, moderating it, answering it. The hidden field `opinion` says which one.

use domain::Refusal;
use domain::refusal::codes;
use registry::{Fields, RecordKind};

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Anyone comments on a record in publicity: `kind` is `project` or `report`, `record` its id.
pub async fn opinion_submit(call: ActCall) -> ActAnswer {
    let kind = RecordKind::from_code(call.text("kind"))
        .ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at("kind"))?;
    let (record, mut fields) = record_of(&call, "record");
    fields.remove("kind");
    let receipt = call
        .host
        .registry
        .opinion_submit(&call.stranger(), kind, &record, &fields)
        .await?;
    Ok(Done::to(format!("/{}s/{record}", kind.code()))
        .flash(Flash::done("desk.done_opinion_submit"))
        .data(receipt))
}

/// The registry publishes an opinion.
pub async fn opinion_publish(call: ActCall) -> ActAnswer {
    let (opinion, _) = about(&call);
    let receipt = call
        .host
        .registry
        .opinion_publish(&call.by()?, &opinion)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("desk.done_opinion_publish"))
        .data(receipt))
}

/// The registry refuses to publish an opinion, with a reason.
pub async fn opinion_refuse(call: ActCall) -> ActAnswer {
    let (opinion, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .opinion_refuse(&call.by()?, &opinion, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("desk.done_opinion_refuse"))
        .data(receipt))
}

/// The owner answers a published opinion.
pub async fn opinion_reply(call: ActCall) -> ActAnswer {
    let (opinion, fields) = about(&call);
    let receipt = call
        .host
        .registry
        .opinion_reply(&call.by()?, &opinion, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("desk.done_opinion_reply"))
        .data(receipt))
}

/// Which opinion, and the fields without that.
fn about(call: &ActCall) -> (String, Fields) {
    record_of(call, "opinion")
}
