//! The guardian of somebody younger than 14. A token is in the address of the page a form is on, never among the fields: what is typed into a
//! refused form is kept for a while, and a token does not belong there.

use super::{ActAnswer, ActCall, Done};
use crate::visitor::{Flash, query_value};

/// The token in the address of the page that the form is on.
fn token_of(call: &ActCall) -> String {
    let query = call.back.split_once('?').map_or("", |(_, query)| query);
    query_value(query, "token").unwrap_or_default()
}

/// The child asks the guardian again, or another address.
pub async fn guardian_ask(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry.guardian_ask(&call.by()?, &call.fields).await?;
    let back = match call.text("request") {
        "" => "/me/guardian",
        _ => "/me/consents",
    };
    Ok(Done::to(back)
        .flash(Flash::done("guardian.done_asked"))
        .data(receipt))
}

/// The guardian agrees or refuses. The page that is shown afterwards says what became of it.
pub async fn guardian_answer(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .guardian_answer(&call.stranger(), &token_of(&call), &call.fields)
        .await?;
    Ok(Done::to(call.back.clone()).data(receipt))
}

/// The guardian withdraws a consent.
pub async fn guardian_revoke(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .guardian_revoke(&call.stranger(), &token_of(&call), call.text("consent"))
        .await?;
    Ok(Done::to(call.back.clone())
        .flash(Flash::done("guardian.done_revoked"))
        .data(receipt))
}

/// The guardian closes the account of the child.
pub async fn guardian_close(call: ActCall) -> ActAnswer {
    let registry = &call.host.registry;
    let receipt = registry
        .guardian_close(&call.stranger(), &token_of(&call), &call.fields)
        .await?;
    Ok(Done::to(call.back.clone())
        .flash(Flash::done("guardian.done_closed"))
        .data(receipt))
}
