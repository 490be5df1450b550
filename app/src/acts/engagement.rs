//! A body's desk for one mandate, the findings that the owner answers, and the register of ties. The hidden fields `record_kind` and
//! `record` say which mandate, `member`, `visit`, `finding` or `tie` which one of its parts.

use domain::Refusal;
use domain::refusal::codes;
use registry::{EngagementReceipt, Error, Fields, RecordKind};

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// The body keeps the plan of its mandate.
pub async fn engagement_save(call: ActCall) -> ActAnswer {
    let (kind, record, fields) = about(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .engagement_save(&call.by()?, kind, &record, &fields)
        .await?;
    Ok(done("engagement.done_save", "plan", receipt))
}

/// The body names a member of the team.
pub async fn engagement_member_add(call: ActCall) -> ActAnswer {
    let (kind, record, fields) = about(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .engagement_member_add(&call.by()?, kind, &record, &fields)
        .await?;
    Ok(done("engagement.done_member_add", "team", receipt))
}

/// The body takes a member off the team.
pub async fn engagement_member_remove(call: ActCall) -> ActAnswer {
    let (member, _) = record_of(&call, "member");
    let registry = &call.host.registry;
    let receipt = registry
        .engagement_member_remove(&call.by()?, &member)
        .await?;
    Ok(done("engagement.done_member_remove", "team", receipt))
}

/// The body enters a visit.
pub async fn engagement_visit_add(call: ActCall) -> ActAnswer {
    let (kind, record, fields) = about(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .engagement_visit_add(&call.by()?, kind, &record, &fields)
        .await?;
    Ok(done("engagement.done_visit_add", "visits", receipt))
}

/// The body takes back a visit that was entered wrongly.
pub async fn engagement_visit_remove(call: ActCall) -> ActAnswer {
    let (visit, _) = record_of(&call, "visit");
    let registry = &call.host.registry;
    let receipt = registry
        .engagement_visit_remove(&call.by()?, &visit)
        .await?;
    Ok(done("engagement.done_visit_remove", "visits", receipt))
}

/// The body raises a finding.
pub async fn finding_raise(call: ActCall) -> ActAnswer {
    let (kind, record, fields) = about(&call)?;
    let registry = &call.host.registry;
    let receipt = registry
        .finding_raise(&call.by()?, kind, &record, &fields)
        .await?;
    Ok(done("engagement.done_raise", "findings", receipt))
}

/// The owner answers a finding.
pub async fn finding_answer(call: ActCall) -> ActAnswer {
    let (finding, fields) = record_of(&call, "finding");
    let registry = &call.host.registry;
    let receipt = registry
        .finding_answer(&call.by()?, &finding, &fields)
        .await?;
    Ok(done("engagement.done_answer", "findings", receipt))
}

/// The body accepts the answer.
pub async fn finding_close(call: ActCall) -> ActAnswer {
    let (finding, fields) = record_of(&call, "finding");
    let registry = &call.host.registry;
    let receipt = registry
        .finding_close(&call.by()?, &finding, &fields)
        .await?;
    Ok(done("engagement.done_close", "findings", receipt))
}

/// The body sends the answer back.
pub async fn finding_return(call: ActCall) -> ActAnswer {
    let (finding, fields) = record_of(&call, "finding");
    let registry = &call.host.registry;
    let receipt = registry
        .finding_return(&call.by()?, &finding, &fields)
        .await?;
    Ok(done("engagement.done_return", "findings", receipt))
}

/// A body or the registry enters a tie.
pub async fn tie_add(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.tie_add(&call.by()?, &call.fields).await?;
    Ok(Done::to("/desk/ties")
        .flash(Flash::done("engagement.done_tie_add"))
        .data(receipt))
}

/// A body or the registry enters that a tie has ended.
pub async fn tie_end(call: ActCall) -> ActAnswer {
    let (tie, fields) = record_of(&call, "tie");
    let registry = &call.host.registry;
    let receipt = registry.tie_end(&call.by()?, &tie, &fields).await?;
    Ok(Done::to("/desk/ties")
        .flash(Flash::done("engagement.done_tie_end"))
        .data(receipt))
}

/// Which mandate, and the other fields.
fn about(call: &ActCall) -> Result<(RecordKind, String, Fields), Error> {
    let kind = RecordKind::from_code(call.text("record_kind"))
        .ok_or_else(|| Refusal::new(codes::CHOICE_INVALID).at("record_kind"))?;
    let (record, mut fields) = record_of(call, "record");
    fields.remove("record_kind");
    Ok((kind, record, fields))
}

/// Back to the part of the desk.
fn done(message: &str, part: &str, receipt: EngagementReceipt) -> Done {
    let kind = receipt.record_kind.code();
    let address = format!("/desk/{kind}s/{}/engagement#{part}", receipt.record);
    Done::to(address).flash(Flash::done(message)).data(receipt)
}
