//! Invitations: the link is made here, where the server's secret is, and whoever accepts it gets a session.

use std::sync::{Arc, Mutex, PoisonError};

use app::acts::{ActAnswer, ActCall, Done, pass};
use app::pages::account::member_invited;
use app::visitor::{Visitor, query_value};
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::refusal::codes;
use domain::{Act, Refusal};
use registry::{Error, Invitation, Registry};

use super::{Desk, password, store, typed_password, without_passwords};
use crate::state::State;

/// An invitation that was just made, and its link.
type Made = Arc<Mutex<Option<(Invitation, String)>>>;

/// `POST /acts/member_invite`: answers with the page that shows the link, the only time it is shown. The token is computed from the
/// user, the key of the form and the server's secret: a double click shows the same link, and nothing but its hash is kept.
pub async fn member_invite(Shared(state): Shared<State>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::from_request_parts(&mut parts, &state.host).await {
        Ok(visitor) => visitor,
        Err(status) => return status.into_response(),
    };
    let made = Made::default();
    let (at_work, secrets) = (made.clone(), state.sessions.clone());
    let request = Request::from_parts(parts, body);
    let answer = pass(
        &state.host,
        visitor.clone(),
        Act::MemberInvite,
        request,
        async move |call: ActCall| {
            let by = call.by()?;
            let token = secrets.derive("invitation", &format!("{} {}", by.user, by.key));
            let registry = &call.host.registry;
            let invitation = registry.member_invite(&by, &call.fields, &token).await?;
            let link = format!("{}/join?token={token}", call.host.public_url);
            *at_work.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((invitation.clone(), link));
            Ok(Done::to("/account/members").data(invitation))
        },
    )
    .await;
    let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    match made {
        Some((invitation, link)) => {
            let mut page = member_invited(&state.host, &visitor, &invitation, &link);
            page.headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            page
        }
        None => answer,
    }
}

/// Joins the organisation of an invitation and signs in. The token is in the address of the page the form is on, not among the fields:
/// what is typed into a refused form is kept for a while, and a token does not belong there.
pub(super) async fn accept(call: ActCall, desk: Desk) -> ActAnswer {
    let query = call.back.split_once('?').map_or("", |(_, query)| query);
    let token = query_value(query, "token").unwrap_or_default();
    let registry = &call.host.registry;
    // a double click comes when the invitation is used already: then the stored answer counts
    let invitation = registry.invitation_get(&token, call.visitor.now).await?;
    let typed = typed_password(&call.fields, "password");
    let email = invitation.map(|invitation| invitation.email);
    let mut refusals: Vec<Refusal> = Registry::member_accept_name(&call.fields)
        .err()
        .into_iter()
        .collect();
    refusals.extend(password::refusal(
        "password",
        &typed,
        email.as_deref().unwrap_or_default(),
    ));
    if typed != typed_password(&call.fields, "password_again") {
        refusals.push(Refusal::new(codes::PASSWORDS_DIFFER).at("password_again"));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let hash = password::hash(typed.clone()).await.map_err(store)?;
    let fields = without_passwords(&call.fields);
    let receipt = registry
        .member_accept(&call.stranger(), &token, &fields, &hash)
        .await?;
    // the answer may be the first one again: only whoever knows the password is signed in
    let kept = registry.user_with_hash(&receipt.user).await?;
    if !password::fits(typed, kept.map(|user| user.password_hash))
        .await
        .map_err(store)?
    {
        return Err(Error::from(Refusal::new(codes::SIGN_IN_FAILED)));
    }
    desk.open_session(&receipt.user).await?;
    Ok(Done::to("/inbox").data(receipt))
}
