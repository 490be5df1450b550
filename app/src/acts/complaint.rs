//! Complaints, and authors whose right to comment is suspended. The hidden fields `record`, `complaint`, `opinion` and `suspension` say which one.

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Anyone reports wrongdoing about a public project.
pub async fn complaint_submit(call: ActCall) -> ActAnswer {
    let (project, fields) = record_of(&call, "record");
    let receipt = call
        .host
        .registry
        .complaint_submit(&call.stranger(), &project, &fields)
        .await?;
    Ok(Done::to(format!("/projects/{project}"))
        .flash(Flash::done("complaint.done_submit"))
        .data(receipt))
}

/// The registry begins to look into a complaint.
pub async fn complaint_investigate(call: ActCall) -> ActAnswer {
    let (complaint, fields) = record_of(&call, "complaint");
    let receipt = call
        .host
        .registry
        .complaint_investigate(&call.by()?, &complaint, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("complaint.done_investigate"))
        .data(receipt))
}

/// The registry answers a complaint.
pub async fn complaint_answer(call: ActCall) -> ActAnswer {
    let (complaint, fields) = record_of(&call, "complaint");
    let receipt = call
        .host
        .registry
        .complaint_answer(&call.by()?, &complaint, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("complaint.done_answer"))
        .data(receipt))
}

/// The registry suspends the right to comment of an opinion's author.
pub async fn author_suspend(call: ActCall) -> ActAnswer {
    let (opinion, fields) = record_of(&call, "opinion");
    let receipt = call
        .host
        .registry
        .author_suspend(&call.by()?, &opinion, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("complaint.done_suspend"))
        .data(receipt))
}

/// The registry gives an author the right to comment back.
pub async fn author_restore(call: ActCall) -> ActAnswer {
    let (suspension, _) = record_of(&call, "suspension");
    let receipt = call
        .host
        .registry
        .author_restore(&call.by()?, &suspension)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("complaint.done_restore"))
        .data(receipt))
}
