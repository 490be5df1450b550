//! Registry accounts and members: applications of the holder, decisions of the registry, roles within an organisation.

use registry::AccountReceipt;

use super::record::record_of;
use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Applies for opening the account.
pub async fn account_apply(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.account_apply(&call.by()?, &call.fields).await?;
    Ok(to_account("registry_account.done_applied", receipt))
}

/// Applies for a change of data.
pub async fn account_change(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.account_change(&call.by()?, &call.fields).await?;
    Ok(to_account("registry_account.done_applied", receipt))
}

/// Applies for lifting a restriction.
pub async fn account_request_restore(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .account_request_restore(&call.by()?, &call.fields)
        .await?;
    Ok(to_account("registry_account.done_applied", receipt))
}

/// Applies for closing the account.
pub async fn account_request_closing(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .account_request_closing(&call.by()?, &call.fields)
        .await?;
    Ok(to_account("registry_account.done_closing", receipt))
}

fn to_account(message: &str, receipt: AccountReceipt) -> Done {
    Done::to("/account")
        .flash(Flash::done(message))
        .data(receipt)
}

/// The registry grants an application; the hidden field `application` says which.
pub async fn account_approve(call: ActCall) -> ActAnswer {
    let (application, _) = record_of(&call, "application");
    let registry = &call.host.registry;
    let receipt = registry.account_approve(&call.by()?, &application).await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_approved"))
        .data(receipt))
}

/// The registry refuses an application, with reasons.
pub async fn account_refuse(call: ActCall) -> ActAnswer {
    let (application, fields) = record_of(&call, "application");
    let registry = &call.host.registry;
    let receipt = registry
        .account_refuse(&call.by()?, &application, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_refused"))
        .data(receipt))
}

/// The registry restricts an account; the hidden field `organisation` says whose.
pub async fn account_restrict(call: ActCall) -> ActAnswer {
    let (organisation, fields) = record_of(&call, "organisation");
    let registry = &call.host.registry;
    let receipt = registry
        .account_restrict(&call.by()?, &organisation.as_str().into(), &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_restricted"))
        .data(receipt))
}

/// Withdraws an invitation; the hidden field `invitation` says which.
pub async fn member_revoke_invitation(call: ActCall) -> ActAnswer {
    let (invitation, _) = record_of(&call, "invitation");
    let registry = &call.host.registry;
    registry
        .member_revoke_invitation(&call.by()?, &invitation)
        .await?;
    Ok(Done::to(call.back).flash(Flash::done("registry_account.done_revoked")))
}

/// Gives a member another role; the hidden field `member` says whom.
pub async fn member_change_role(call: ActCall) -> ActAnswer {
    let (member, fields) = record_of(&call, "member");
    let registry = &call.host.registry;
    let receipt = registry
        .member_change_role(&call.by()?, &member.as_str().into(), &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_role"))
        .data(receipt))
}

/// Removes a member; the hidden field `member` says whom.
pub async fn member_remove(call: ActCall) -> ActAnswer {
    let (member, _) = record_of(&call, "member");
    let registry = &call.host.registry;
    let receipt = registry
        .member_remove(&call.by()?, &member.as_str().into())
        .await?;
    Ok(Done::to("/account/members")
        .flash(Flash::done("registry_account.done_removed"))
        .data(receipt))
}

/// The confirming member lets an order happen; the hidden field `order` says which.
pub async fn credits_confirm(call: ActCall) -> ActAnswer {
    let (order, _) = record_of(&call, "order");
    let registry = &call.host.registry;
    let receipt = registry.credits_confirm(&call.by()?, &order).await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_confirmed"))
        .data(receipt))
}

/// The confirming member rejects an order, or who initiated it withdraws it.
pub async fn credits_reject(call: ActCall) -> ActAnswer {
    let (order, fields) = record_of(&call, "order");
    let registry = &call.host.registry;
    let receipt = registry
        .credits_reject(&call.by()?, &order, &fields)
        .await?;
    Ok(Done::to(call.back)
        .flash(Flash::done("registry_account.done_rejected"))
        .data(receipt))
}
