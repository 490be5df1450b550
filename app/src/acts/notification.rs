//! Messages and mail: reading messages, choosing about mail, trying a dead letter again.

use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Marks messages to the organisation as read: the field `notification` names one, `up_to` the newest of many.
pub async fn notification_read(call: ActCall) -> ActAnswer {
    let count = call
        .host
        .registry
        .notification_read(&call.by()?, &call.fields)
        .await?;
    let done = Done::to(call.back.clone()).data(count);
    Ok(done.flash(Flash::done("notification.done_read").with("count", count.to_string())))
}

/// Chooses whether the user gets mail, and in which language.
pub async fn user_set_mail(call: ActCall) -> ActAnswer {
    let choice = call
        .host
        .registry
        .user_set_mail(&call.by()?, &call.fields)
        .await?;
    let done = Done::to(call.back.clone()).data(choice);
    Ok(done.flash(Flash::done("notification.done_mail")))
}

/// Lets a dead letter be tried again: the field `mail` names it.
pub async fn mail_retry(call: ActCall) -> ActAnswer {
    let mail = call.text("mail").to_owned();
    call.host.registry.mail_retry(&call.by()?, &mail).await?;
    Ok(Done::to(call.back).flash(Flash::done("notification.done_retry")))
}
